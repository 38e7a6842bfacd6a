"""What a document is made of before anything is understood: lines in reading order, and grids of cells."""

from collections.abc import Mapping
from typing import NamedTuple

from xlcheck.core.filing import Filing
from xlcheck.data.importing import DoubtKind
from xlcheck.editions import Edition

# doubts about what was taken over all the same
ASIDE = ("nil", "remark", "disguised", "heading", "meaning", "moved", "named")


class Line(NamedTuple):
    """A line outside the grids, or a row of one; ``where`` is its place in the clerk's words.

    ``xs`` are the middles of its words on the page, where the source knows them, and ``uprights`` the
    lines of a table between which it lies.
    """

    text: str
    where: str
    row: bool = False
    xs: tuple[float, ...] = ()
    uprights: tuple[float, ...] = ()


class Slot(NamedTuple):
    """A place in a grid: the cell that covers it, by its corner, and its text."""

    text: str
    row: int
    col: int


class Words(NamedTuple):
    """What the eye reads in a cell or a paragraph, and what stands there that is no part of it."""

    text: str
    unread: str = ""


class Grid(NamedTuple):
    """A table with its merges laid open: every place knows the cell that covers it; None lies in no cell."""

    rows: tuple[tuple[Slot | None, ...], ...]
    where: str
    first: int = 1
    at: tuple[tuple[str, ...], ...] = ()


class Disguise(NamedTuple):
    """What stands in a cell but is not of it: struck out, hidden, a note's mark; and what the eye reads."""

    where: str
    text: str
    unread: str


class Document(NamedTuple):
    """Lines in reading order with the rows of grids among them, and the grids themselves.

    ``flowing`` says that a line of the source is a piece of a paragraph cut at the page's width; ``sheets``
    are the names of those the grids stand on.
    """

    name: str
    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()
    flowing: bool = False
    disguises: tuple[Disguise, ...] = ()
    sheets: tuple[str, ...] = ()
    notes: tuple[Line, ...] = ()  # at the foot of the pages: of no section and of no table
    pictures: int = 0  # large ones, of which nobody reads a word
    untried: bool = False  # by a reader that has not been tried on files of others


class Evidence(NamedTuple):
    """Where a value comes from: place, the row's text as it stands, and how it was taken from it."""

    where: str
    text: str
    how: str = ""


class Doubt(NamedTuple):
    """Something that was not taken over: what kind, where, the text, the fields, and the ways to read it."""

    kind: DoubtKind
    where: str
    text: str
    fields: tuple[str, ...] = ()
    ways: tuple[tuple[str, ...], ...] = ()


class Imported(NamedTuple):
    """A document read into a filing: evidence by field, text and cover entry; what is missing, what open."""

    edition: Edition
    filing: Filing
    evidence: Mapping[str, Evidence]
    missing: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    left: tuple[Evidence, ...] = ()  # what went into no text and no table
