"""A share told behind its part and its whole: 工单 356 件，其中咨询类 200 件，占 56.2%.

What it is of need stand in no table: the figures of the text are laid against each other alone.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from xlcheck.core.text.claims.claim import is_share
from xlcheck.core.text.words.numbers import Figure, LaidOutText
from xlcheck.data.claims import PartsGrammar


class BadShare(NamedTuple):
    """A share, told at ``start:end``, that its part is not of its whole."""

    start: int
    end: int
    part: Decimal
    whole: Decimal


def bad_shares(reading: LaidOutText, how: PartsGrammar) -> Iterator[BadShare]:
    """Every share behind a part of an opened list that is of no figure told before it."""
    for sentence in reading.sentences:
        figures = sentence.figures if len(sentence.figures) > 2 else ()
        for n, (part, share) in enumerate(pairwise(figures)):
            if (
                share.exact
                and how.share.fullmatch(reading.words, part.end, share.end)
                and _counted(part, how)
            ):
                before = [f for f in figures[:n] if _counted(f, how) and _alike(f, part, how)]
                whole = _opened(reading.words, before, part, how)
                if whole and not any(is_share(part.value, f.value, share.value) for f in before):
                    yield BadShare(part.start, share.end, part.value, whole.value)


def _counted(figure: Figure, how: PartsGrammar) -> bool:
    return bool(figure.exact and figure.unit in how.units and not figure.prior and figure.value)


def _alike(one: Figure, other: Figure, how: PartsGrammar) -> bool:
    return one.unit == other.unit or {one.unit, other.unit} <= {*how.alike}


def _opened(words: str, before: Sequence[Figure], part: Figure, how: PartsGrammar) -> Figure | None:
    """The last figure that a list of parts begins behind; None where another list has begun since."""
    opened = (f for f in reversed(before) if how.listed.match(words, f.end))
    whole = next(opened, None)
    return whole if whole and words.find(how.closes[0], whole.end, part.start) < 0 else None
