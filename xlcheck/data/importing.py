"""The shape of importing.toml: how an existing report is read, and what is said of what it gave."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from xlcheck import data

DoubtKind = Literal[
    "ways", "split", "fewer", "more_cells", "columns", "merged", "order", "twice", "foreign", "nil", "remark"
]
DamageKind = Literal[
    "moved", "sheet_missing", "sheet_extra", "sheet_renamed", "rows_moved", "cols_moved", "label_lost",
    "label_doubled", "unprotected", "unwatched", "unmerged", "merged", "locked_entry", "hole", "converted",
    "hidden_missing", "version", "edition_said", "names_lost", "names_broken", "unlocked_book",
]  # fmt: skip
LeftKind = Literal[
    "sheet", "deleted", "elsewhere", "label", "torn", "hole", "merged", "formula", "dated", "stray"
]


class LetterRules(NamedTuple):
    """What does not count in a text, and which letter stands for which."""

    dropped: str
    traditional: str
    simplified: str
    same: Mapping[str, str]


class HeadingRules(NamedTuple):
    """How the heading of a section is known; ``words`` by section, for those that reports word freely."""

    number: str
    unnumbered: str
    numerals: tuple[str, ...]
    longest: int
    words: Mapping[str, str]


class ProseRules(NamedTuple):
    """Patterns of the words around the tables."""

    title: str
    title_year: str
    title_after: str
    title_plain: str
    year_said: tuple[str, ...]
    organ: str
    date: str
    furniture: str
    page_number: str
    ended: str
    table_lead: str


class FigureRules(NamedTuple):
    """How a figure is written; ``nil`` are marks for nothing."""

    number: str
    unit: str
    nil: tuple[str, ...]
    remark: str


class NumberSigns(NamedTuple):
    """How a label's number N may be written: a figure, in brackets, or in Chinese before a comma."""

    figure: str
    inner: str
    outer: str


class LabelRules(NamedTuple):
    """How a row's label is known where it is cut or numbered otherwise."""

    numbered: NumberSigns
    nearly: int
    rule: str
    most_ways: int
    number: str


class ImportSentences(NamedTuple):
    """What is said of an import, by what stayed open."""

    none: str
    list: str
    way: str
    summary: str
    were_split: str
    more: str
    missing: str
    doubt: Mapping[DoubtKind, str]


class RepairSentences(NamedTuple):
    """What is said of a repair: of each damage, and of each entry that was not moved."""

    list: str
    summary: str
    moved: str
    found: Mapping[DamageKind, str]
    left: Mapping[LeftKind, str]


class ImportRules(NamedTuple):
    """The whole file."""

    letters: LetterRules
    heading: HeadingRules
    prose: ProseRules
    figure: FigureRules
    label: LabelRules
    say: ImportSentences
    repair: RepairSentences


@cache
def importing() -> ImportRules:
    """How reports are read, as data/importing.toml has it."""
    return data.load("importing", ImportRules)
