"""Wholes and their parts, checked against each other: 共 N 条，其中 a、b、c.

其中 need not name every part, so a sum below the whole is no fault, unless the last part is 其他; a sum
above it is. Parts of a part (其中…内有…) are left out, and so is a list whose end is not clear.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from xlcheck.core.text.numbers import Figure, LaidOutText, Sentence
from xlcheck.data.claims import PartsGrammar


class BadSum(NamedTuple):
    """A whole that its parts do not make; ``start:end`` spans both, in the words as laid out."""

    start: int
    end: int
    whole: Decimal
    parts: tuple[Decimal, ...]
    unit: str


MOST = 60  # parts in one list; a longer one is not read to its end


def bad_sums(reading: LaidOutText, how: PartsGrammar) -> Iterator[BadSum]:
    """Every whole of a text whose parts come to more, or with 其他 to less."""
    before: Sentence | None = None
    for sentence in reading.sentences:
        goes_on = reading.words.startswith(how.opens, sentence.start)
        figures = (*(before.figures[-3:] if before and goes_on else ()), *sentence.figures)
        for n, (whole, following) in enumerate(pairwise(figures)):
            if _counts(whole, how) and _opened(reading.words, whole, following, how):
                after = figures[n + 1 : n + 1 + MOST]
                yield from _compare(reading.words, min(sentence.end, after[-1].end + 1), whole, after, how)
        before = sentence


def _counts(figure: Figure, how: PartsGrammar) -> bool:
    return bool(figure.exact and figure.unit in how.units and not figure.prior)


def _opened(words: str, figure: Figure, following: Figure, how: PartsGrammar) -> bool:
    """Whether a list begins right behind a figure: in its own clause, or with the next."""
    gap = words[figure.end : following.start]
    starts = [n for word in how.opens if (n := gap.find(word)) >= 0]
    lead = gap[: min(starts, default=0)]
    return bool(starts) and lead.count(",") < 2 and set(lead).isdisjoint(how.closes)


def _compare(
    words: str, end: int, whole: Figure, after: tuple[Figure, ...], how: PartsGrammar
) -> Iterator[BadSum]:
    end = _end(words, whole, end)
    parts = list(_parts(words, whole, [f for f in after if f.end <= end], how))
    sums = list(accumulate(f.value for f in parts))
    if whole.value in sums or len(parts) < 2:
        return
    total = sums[-1]
    closed = bool(how.rest.match(_item(words, parts[-1], how)))
    if total > whole.value or (closed and total < whole.value):
        values = tuple(f.value for f in parts)
        yield BadSum(whole.start, parts[-1].end, whole.value, values, whole.unit)


def _end(words: str, whole: Figure, end: int) -> int:
    """A list in brackets ends with them; another with the sentence, or at its first semicolon."""
    if words[whole.end : whole.end + 1] == "(":
        close = words.find(")", whole.end, end)
        return close if close >= 0 else end
    semicolon = words.find(";", whole.end, end)
    # Items may be parted by semicolons themselves, and then only the whole sentence is the list.
    return end if semicolon < 0 or _listed(words, whole.end, semicolon) else semicolon


def _listed(words: str, start: int, semicolon: int) -> bool:
    return ":" in words[start:semicolon]


def _parts(words: str, whole: Figure, after: list[Figure], how: PartsGrammar) -> Iterator[Figure]:
    inner, last = False, whole.end
    for n, figure in enumerate(after):
        clause = _item(words, figure, how)
        inner = inner and ";" not in words[last : figure.start]
        if clause.startswith(how.ends):
            return
        if figure.unit == whole.unit and not inner:
            if figure.prior or figure.year != whole.year or not figure.exact or how.beside.search(clause):
                return
            yield figure
        following = words[figure.end : after[n + 1].start] if n + 1 < len(after) else ""
        inner = inner or any(word in following for word in how.opens)
        last = figure.end


def _item(words: str, figure: Figure, how: PartsGrammar) -> str:
    """The words of a figure's item, back to the sign before it."""
    return _item_before(words, figure.start, how.item_ends)


@lru_cache(4 * MOST)  # each of many wholes beside each other looks at the same figures
def _item_before(words: str, end: int, signs: str) -> str:
    text = words[max(end - 60, 0) : end]
    return text[max(text.rfind(sign) for sign in signs) + 1 :]
