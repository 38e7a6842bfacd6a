"""The upright lines that part the cells of a printed table, and which of its cells a figure stands in."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

BESIDE = 4.0  # points; two lines that lie nearer are one, drawn for the cells on both its sides


class Upright(NamedTuple):
    """A thin line that stands upright, from one height of the page to another."""

    x: float
    low: float
    high: float


def crossed(lines: Sequence[Upright], y: float, beside: float = BESIDE) -> tuple[float, ...]:
    """Where the lines stand, told from the left, that cross a height; of those side by side one."""
    found: list[float] = []
    for line in lines:
        if line.low <= y <= line.high and (not found or line.x - found[-1] > beside):
            found.append(line.x)
    return tuple(found)


def cells_between(lines: Sequence[float], count: int, xs: Sequence[float]) -> tuple[int, ...]:
    """In which of the last ``count`` cells each figure stands; nothing where two share one."""
    drawn = lines[-count - 1 :]
    places = tuple(bisect_right(drawn, x) - 1 for x in xs)
    sound = len(drawn) > count and all(0 <= at < count for at in places)
    return places if sound and len(set(places)) == len(places) else ()
