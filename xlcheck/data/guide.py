"""The shape of guide.toml: 填报说明, where things lie on it and what it says."""

from functools import cache
from typing import Literal, NamedTuple

from xlcheck import data


class GuidePlaces(NamedTuple):
    """Where things lie on 填报说明."""

    title: str
    first_row: int
    block: str
    name: str
    what: str
    how: str
    printed: str


class GuideSample(NamedTuple):
    """A cell as she will meet it: a figure, or the text of a label."""

    kind: Literal["entry", "label", "broken", "blamed", "evidence", "warned", "answered"]
    name: str
    meaning: str
    sample: float = 0
    text: str = ""


class GuideBlock(NamedTuple):
    """A part of 填报说明: lines of three cells, or samples."""

    title: str
    lines: tuple[tuple[str, str, str], ...] = ()
    samples: tuple[GuideSample, ...] = ()


class GuideContent(NamedTuple):
    """The sheet: its places, its parts from above."""

    at: GuidePlaces
    block: tuple[GuideBlock, ...]


@cache
def guide() -> GuideContent:
    """填报说明, as data/guide.toml has it."""
    return data.load("guide", GuideContent)
