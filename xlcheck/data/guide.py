"""The shape of guide.toml: 填报说明, where things lie on it and what it says."""

from functools import cache
from typing import Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OF_FORM, CellAddress, Column, Columns, Printed, Row

GuideText = Annotated[str, OF_FORM, "notice", "title", "years"]


class GuidePlaces(NamedTuple):
    """Where things lie on 填报说明."""

    title: CellAddress
    first_row: Row
    block: Columns
    name: Column
    what: Column
    how: Column
    printed: Printed


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
    lines: tuple[tuple[GuideText, GuideText, GuideText], ...] = ()
    samples: tuple[GuideSample, ...] = ()


class GuideContent(NamedTuple):
    """The sheet: its places, its parts from above."""

    at: GuidePlaces
    block: tuple[GuideBlock, ...]


@cache
def guide() -> GuideContent:
    """填报说明, as data/guide.toml has it."""
    return data.load("guide", GuideContent)
