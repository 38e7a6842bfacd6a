"""The blocks a report is told in: title, heading, paragraph, table, signature, and a paragraph's runs."""

import re
from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

from xlcheck.core.grid import Cell

# What XML cannot carry, and marks that would turn the direction of what is read.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


class Remark(NamedTuple):
    """A finding as a draft shows it: numbered, with the few words that fit into a cell."""

    number: int
    severity: str
    at: str
    field: str
    place: str
    message: str
    advice: str
    short: str
    certain: bool
    quote: str = ""


Remarks = dict[str, Remark]  # by field, one each


class Run(NamedTuple):
    """A stretch of a paragraph; ``lead`` is a second-level heading run in with its paragraph."""

    text: str
    lead: bool = False
    remark: Remark | None = None
    agreed: str = ""  # a figure that agrees with the cells named here


class Agreed(NamedTuple):
    """A figure of the text that agrees with the tables: the clause it stands in, and its cells."""

    at: str
    quote: str
    figure: str
    cells: str


class Title(NamedTuple):
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.lines)


class Heading(NamedTuple):
    id: str
    text: str


class Paragraph(NamedTuple):
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def plain(self) -> tuple[Run, ...]:
        """The runs of the final report, which knows no remarks."""
        groups = groupby(self.runs, lambda run: run.lead)
        return tuple(Run("".join(run.text for run in runs), lead) for lead, runs in groups)


class Table(NamedTuple):
    """An official table as printed; a value's ``text`` is its figure, a blank one's is empty."""

    id: str
    heading: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


class Signature(NamedTuple):
    unit: str
    date: str


Block = Title | Heading | Paragraph | Table | Signature


class Report(NamedTuple):
    """The report as blocks in reading order; ``places`` names each field in the form's own words.

    ``code`` is the filing's code as the foot of the final report gives it, empty where it has none.
    """

    edition: str
    blocks: tuple[Block, ...]
    places: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()
    counts: str = ""
    code: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def title(self) -> str:
        return next(block.text for block in self.blocks if isinstance(block, Title))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Every line outside the tables, blank ones left out."""
        return tuple(filter(None, (line for block in self.blocks for line in _lines(block))))

    def marks(self) -> dict[str, Remark]:
        """Which remark a cell bears: its first, errors before warnings."""
        return {r.field: r for r in reversed(self.remarks) if r.field}


def printable(text: str) -> str:
    """One line of text without what cannot be printed; a line break becomes a space."""
    return UNPRINTABLE.sub("", " ".join(text.splitlines()).replace("\t", " ")).strip()


def _lines(block: Block) -> tuple[str, ...]:
    match block:
        case Table():
            return block.notes
        case Signature():
            return block
        case _:
            return (block.text,)
