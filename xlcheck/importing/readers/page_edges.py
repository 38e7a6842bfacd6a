"""What stands at one height of several pages is their head or foot, and no line of the report."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlcheck.importing.document import Line

EDGE, WORDS = 4, 4  # lines at a page's edge that may be its head or foot; letters of such a line
NUMBER = r"\d{1,3}"  # of a page, alone on its line
LEVEL = 3.0  # points, or millimetres, between the heights of a head on two pages


class PrintedLine(NamedTuple):
    """A line of a page, how high on the page it stands, and the digits in it that are not read."""

    line: Line
    y: float
    unread: str = ""


def without_heads(pages: Sequence[Sequence[PrintedLine]]) -> Iterator[Line]:
    """The lines of all pages without the words that stand at one height of several; numbers may differ."""
    heights: dict[str, list[float]] = {}
    for number, page in enumerate(pages):
        for said, y in {_edge(one, number): one.y for one in (*page[:EDGE], *page[-EDGE:])}.items():
            heights.setdefault(said, []).append(y)
    for number, one in ((n, one) for n, page in enumerate(pages) for one in page):
        beside = sum(abs(y - one.y) <= LEVEL for y in heights.get(_edge(one, number), ()))
        if not _edge(one, number) or beside < max(2, len(pages) / 2):
            yield one.line


def _edge(one: PrintedLine, page: int) -> str:
    """What a line says on every page that has it, or how far its number is from the page's; else nothing."""
    whole = "".join(one.line.text.split())
    if re.fullmatch(NUMBER, whole):
        return f"#{int(whole) - page}"
    said = re.sub(r"\d+", "#", whole)
    return said if sum(map(str.isalpha, said)) >= WORDS else ""
