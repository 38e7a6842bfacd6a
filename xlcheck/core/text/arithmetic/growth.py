"""A change told beside the two figures it lies between: 95 件，较上年的 120 件减少 25 件，下降 20.8%.

What it is of need stand in no table: the figures of the text are laid against each other alone.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.text.words.numbers import Figure, LaidOutText, Sentence, rounded
from xlcheck.data.claims import ChangeGrammar

ROUNDED, WHOLE_PERCENT = Decimal("0.11"), Decimal("0.6")
TIMES, HALF = Decimal("0.1"), Decimal("0.5")


class BadChange(NamedTuple):
    """A change that the figures it lies between do not make; ``start:end`` spans all three."""

    start: int
    end: int
    now: Decimal
    before: Decimal
    told: Decimal
    in_percent: bool


def lies_between(now: Decimal, before: Decimal, told: Decimal, unit: str, times: str) -> bool:
    """Whether a change told (percent, ``times``, or a number) is that from one figure to the other."""
    if unit not in ("%", times):
        return abs(now - before - told) <= sum(map(rounded, (now, before, told)), Decimal(0))
    if not before:
        return True
    made = (now - before) / before
    if unit == times:  # 是上年的 1.5 倍, and 增长 1.5 倍 that means either
        return any(abs(abs(x) - abs(told)) <= (TIMES if told % 1 else HALF) for x in (made, made + 1))
    return abs(100 * made - told) <= (ROUNDED if told % 1 else WHOLE_PERCENT)


class _Compared(NamedTuple):
    """What has been told so far: this year's figure, the other year's, and the change between them."""

    start: int = 0
    now: Figure | None = None
    text: str = ""
    before: Figure | None = None
    change: Figure | None = None
    grown: Decimal = Decimal(0)
    fresh: bool = False


def bad_changes(reading: LaidOutText, year: int | None, how: ChangeGrammar) -> Iterator[BadChange]:
    """Every change of a text that does not lie between the two figures told with it."""
    for sentence in reading.sentences:
        if len(sentence.figures) > 2:
            yield from _of_sentence(reading.words, sentence, year, how)


def _of_sentence(words: str, sentence: Sentence, year: int | None, how: ChangeGrammar) -> Iterator[BadChange]:
    end, here = sentence.start, _Compared()
    outside: list[_Compared] = []
    for figure in sentence.figures:
        text, end = words[end : figure.start], figure.end
        here = _in_brackets(text, here, outside)
        if any(word in text for word in how.apart):
            here = _Compared()
        text = how.parted.split(text)[-1]
        sign = _sign(text, how)
        if (sign or figure.unit == how.times) and figure.exact:
            yield from _judged(here, figure, sign or 1, how)
            here = here._replace(
                change=figure, grown=sign * figure.value, fresh=here.fresh and here.now is None
            )
        elif figure.unit not in how.units or not figure.exact or how.apart_from.search(text):
            here = _Compared()
        elif figure.prior or (year is not None and figure.year == year - 1):
            here = _with_before(here, figure, text, how)
            if here.change:
                yield from _judged(here, here.change, 1 if here.grown > 0 else -1, how, figure.end)
        else:
            before, here = here, _with_now(here, figure, text, how)
            if before.change and here.change:  # 较上年的 20 件增长 15%，达 23 件
                yield from _judged(here, before.change, 1 if here.grown > 0 else -1, how, figure.end)


def _in_brackets(text: str, here: _Compared, outside: list[_Compared]) -> _Compared:
    """What a bracket tells stays in it, but for the other year's figure of what stands before it."""
    for sign in re.findall("[()]", text):
        if sign == "(":
            outside.append(here)
        elif outside:
            before = outside.pop()
            here = here if before.now and here.now == before.now else before
    return here


def _alike(one: Figure, other: Figure, how: ChangeGrammar) -> bool:
    return one.unit == other.unit or {one.unit, other.unit} <= {*how.alike}


def _sign(text: str, how: ChangeGrammar) -> int:
    return bool(how.up.search(text)) - bool(how.down.search(text))


def _with_before(here: _Compared, figure: Figure, text: str, how: ChangeGrammar) -> _Compared:
    if here.now is None or here.before is not None or not _alike(here.now, figure, how):
        return _Compared(figure.start - len(text), None, text, figure, fresh=True)
    return here._replace(before=figure)


def _with_now(here: _Compared, figure: Figure, text: str, how: ChangeGrammar) -> _Compared:
    """A figure of this year's; the one before it is of the same thing only where nothing else is named."""
    own = how.time.sub("", text)
    same = here.fresh and here.before and _alike(here.before, figure, how) and here.now is None
    if same and (own in here.text or how.reached.search(text)):
        return here._replace(now=figure, fresh=False)
    return _Compared(figure.start - len(text), figure, own)


def _judged(
    here: _Compared, figure: Figure, sign: int, how: ChangeGrammar, end: int = 0
) -> Iterator[BadChange]:
    now, told = here.now, figure.value * sign
    if now is None and here.before and here.change and figure.unit == "%":  # 较上年的 4 件增加 2 件，增长 50%
        grown = here.before.value + here.grown
        now = here.before._replace(value=grown) if _alike(here.before, here.change, how) else None
    if now is None or (here.before is None and (here.change is None or not _alike(here.change, now, how))):
        return
    before = here.before.value if here.before else now.value - here.grown
    in_percent = figure.unit in ("%", how.times)
    if not before or (not in_percent and not _alike(figure, now, how)):
        return
    if not lies_between(now.value, before, told, figure.unit, how.times):
        yield BadChange(here.start, max(end, figure.end), now.value, before, told, in_percent)
