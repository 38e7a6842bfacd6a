"""One figure as it is written in a cell: 22（其中修订16件）, 251000元, +2, a dash for nothing."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

from xlcheck.core.formula import Entry
from xlcheck.core.text.words.numbers import Numerals, numerals, value_of
from xlcheck.data.importing import importing
from xlcheck.data.text import figure_writing
from xlcheck.importing.normal_text import normal


class CellFigure(NamedTuple):
    """What a cell says: the entry, the unit and the remark beside it; ``nil`` is a mark for nothing."""

    entry: Entry
    unit: str = ""
    remark: str = ""
    nil: str = ""


BLANK = CellFigure(None)
NOT_ONE = re.compile(r"\d\s+\d")  # two figures in a cell, or one that a space parts: nobody knows


def read_figure(text: str) -> CellFigure:
    """Read a cell's text; what is no figure stays the text it is, a mark for nothing is blank."""
    said = normal(text)
    if not said:
        return BLANK
    if said in importing().figure.nil:
        return CellFigure(None, nil=text.strip())
    found = None if NOT_ONE.search(normalize("NFKC", text)) else _whole().fullmatch(said)
    if not found:
        return CellFigure(" ".join(text.split()))
    remark = found["remark"] or found["before"] or ""
    return CellFigure(number(found["number"]), found["unit"] or "", remark)


def number(text: str) -> Decimal:
    """A figure as it is written: 1,234, or 十二."""
    digits = any(map(str.isdecimal, text))
    return Decimal(text.replace(",", "")) if digits else value_of(text, _numerals())


def is_figure(text: str) -> bool:
    """Whether a text is one figure; of a numeral alone, which may number a row, nobody knows."""
    return isinstance(read_figure(text).entry, Decimal) and any(map(str.isdecimal, text))


@cache
def _numerals() -> Numerals:
    return numerals(figure_writing())


def are_figures(line: str) -> bool:
    """Whether a line holds figures and nothing else."""
    cells = [cell for cell in re.split(r"[|\s]+", line) if cell]
    return bool(cells) and all(map(is_figure, cells))


def is_note(raised: str) -> bool:
    """Whether raised letters are a note's mark, not the exponent of a measure."""
    return bool(_note().fullmatch(raised.strip()))


@cache
def _whole() -> re.Pattern[str]:
    rules = importing().figure
    remark = f"{rules.remark}|{rules.draft}"
    return re.compile(
        f"(?P<before>(?:{rules.remark})?)(?P<number>{rules.number}|{rules.numeral})(?P<unit>{rules.unit})?"
        f"(?P<remark>(?:{remark})*)"
    )


@cache
def _note() -> re.Pattern[str]:
    return re.compile(importing().figure.note)


@cache
def tokens() -> re.Pattern[str]:
    """What stands in a row of a text: figures, unreadable ones, remarks, marks for nothing, other words."""
    rules = importing().figure
    nil = "|".join(map(re.escape, sorted(rules.nil, key=len, reverse=True)))
    return re.compile(
        f"(?P<unread>[+-]?[\\d.,]*{rules.unread}(?:[\\d.,]|{rules.unread})*)"
        f"|(?P<number>{rules.number})(?P<unit>{rules.unit})?(?P<remark>(?:{rules.remark}|{rules.draft})*)"
        f"|(?P<nil>(?:(?<=[ |\\n])|^)(?:{nil})(?=[ |\\n]|$))"
        f"|(?P<bracket>{rules.remark})|(?P<word>(?:(?!{rules.unread})[^\\d\\s|()+-])+|[()+-])"
    )
