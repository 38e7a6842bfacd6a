"""One figure as it is written in a cell: 22（其中修订16件）, 251000元, +2, a dash for nothing."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xlcheck import data
from xlcheck.core.formula import Entry
from xlcheck.importing.letters import plain


class Figure(NamedTuple):
    """What a cell says: the entry, the unit and the remark beside it; ``nil`` is a mark for nothing."""

    entry: Entry
    unit: str = ""
    remark: str = ""
    nil: str = ""


BLANK = Figure(None)


def figure(text: str) -> Figure:
    """Read a cell's text; what is no figure stays the text it is, a mark for nothing is blank."""
    said = plain(text)
    if not said:
        return BLANK
    if said in data.toml("intake")["figure"]["nil"]:
        return Figure(None, nil=text.strip())
    found = _whole().fullmatch(said)
    if not found:
        return Figure(" ".join(text.split()))
    remark = found["remark"] or found["before"] or ""
    return Figure(number(found["number"]), found["unit"] or "", remark)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def is_figure(text: str) -> bool:
    return isinstance(figure(text).entry, Decimal)


@cache
def _whole() -> re.Pattern[str]:
    words = data.toml("intake")["figure"]
    remark = words["remark"]
    return re.compile(
        f"(?P<before>(?:{remark})?)(?P<number>{words['number']})(?P<unit>{words['unit']})?(?P<remark>(?:{remark})*)"
    )


@cache
def marks() -> re.Pattern[str]:
    """What stands in a row of a text: figures, remarks, marks for nothing, other words."""
    words = data.toml("intake")["figure"]
    nil = "|".join(map(re.escape, sorted(words["nil"], key=len, reverse=True)))
    return re.compile(
        f"(?P<number>{words['number']})(?P<unit>{words['unit']})?(?P<remark>(?:{words['remark']})*)"
        f"|(?P<nil>(?:(?<=[ |\\n])|^)(?:{nil})(?=[ |\\n]|$))"
        f"|(?P<bracket>{words['remark']})|(?P<word>[^\\d\\s|()+-]+|[()+-])"
    )
