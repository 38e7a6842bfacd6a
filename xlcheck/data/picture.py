"""The shape of picture.toml: what the picture of a year says, and how it is drawn."""

from functools import cache
from typing import Annotated, NamedTuple

from xlcheck import data
from xlcheck.data import PageColour

NamedCells = tuple[tuple[str, str], ...]  # cells or headings, each with what it is called


class FlowWords(NamedTuple):
    """Where requests come from and what becomes of them: the results of a heading, then what is left."""

    heading: str
    sources: NamedCells
    whole: str
    results: str
    cells: Annotated[str, "part"]
    left: NamedCells
    none: str


class PartsWords(NamedTuple):
    """The parts of a heading: who asked, what was answered."""

    heading: str
    of: str
    cells: Annotated[str, "part"]
    none: str


class CaseWords(NamedTuple):
    """Reviews and suits: of each group how they ended."""

    heading: str
    groups: NamedCells
    cells: Annotated[str, "part"]
    none: str


class DisclosedWords(NamedTuple):
    """A table told row by row."""

    heading: str
    table: str
    bracket: str
    none: str


class Drawing(NamedTuple):
    """Places and sizes of the drawings, in pixels."""

    font: str

    width: int
    start: int
    middle: int
    end: int
    node: int
    tall: int
    least: int
    slot: int
    gap: int
    letter: int
    small: int
    bar: int
    longest: int
    zoom: int
    ground: PageColour
    printed: int


class PictureColours(NamedTuple):
    """Of words, and of nodes and the bands between them: what comes, what is done, what is left."""

    ink: PageColour
    second: PageColour
    come: PageColour
    come_band: PageColour
    done: PageColour
    done_band: PageColour
    left: PageColour
    left_band: PageColour


class PictureWords(NamedTuple):
    """All that the picture of a year says."""

    title: str
    about: Annotated[str, "unit", "year"]
    source: Annotated[str, "tables", "year"]
    source_last: Annotated[str, "tables", "year"]
    last: Annotated[str, "figure"]
    blank: Annotated[str, "cell"]
    no_library: str
    no_figures: str
    no_letters: str
    spoken: Annotated[str, "parts", "whole"]
    item: Annotated[str, "figure", "label"]
    comma: str
    between: str
    flow: FlowWords
    applicants: PartsWords
    outcomes: PartsWords
    cases: CaseWords
    disclosed: DisclosedWords
    drawing: Drawing
    colours: PictureColours


@cache
def picture_words() -> PictureWords:
    """What the picture says, as data/picture.toml has it."""
    return data.load("picture", PictureWords)
