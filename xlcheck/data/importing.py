"""The shape of importing.toml: how an existing report is read, and what is said of what it gave."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OneLetter, Regex, form

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

DoubtKind = Literal[
    "ways",
    "split",
    "fewer",
    "more_cells",
    "columns",
    "merged",
    "order",
    "twice",
    "foreign",
    "strange",
    "words",
    "unreadable",
    "below",
    "disguised",
    "moved",
    "heading",
    "meaning",
    "named",
    "row_order",
    "sums",
    "untried",
    "nil",
    "remark",
]
DamageKind = Literal[
    "sheet_missing", "sheet_other", "sheet_extra", "sheet_renamed", "rows_moved", "cols_moved", "label_lost",
    "label_doubled", "unprotected", "unwatched", "unmerged", "merged", "locked_entry", "hole", "converted",
    "hidden_missing", "version", "edition_said", "names_lost", "names_broken",
]  # fmt: skip
LeftKind = Literal[
    "sheet", "deleted", "elsewhere", "label", "torn", "in_part", "hole", "merged", "formula", "dated",
    "void", "copies", "stray", "answer",
]  # fmt: skip


class LetterRules(NamedTuple):
    """What does not count in a text, which signs bound a figure, and which letter stands for which."""

    dropped: str
    bound: Regex
    traditional: str
    simplified: str
    bounds: Mapping[OneLetter, OneLetter]
    same: Mapping[OneLetter, OneLetter]


class HeadingRules(NamedTuple):
    """How the heading of a section is known; ``words`` by section, for those that reports word freely.

    ``meanings`` is how a section's first paragraph begins, for one whose heading is lost.
    """

    number: Annotated[str, "n"]
    any_number: Regex
    stray: int
    stops: str
    unnumbered: Regex
    numerals: tuple[str, ...]
    longest: int
    words: Mapping[str, Regex]
    meanings: Mapping[str, Regex]


class ProseRules(NamedTuple):
    """Patterns of the words around the tables."""

    title: Regex
    title_year: Regex
    title_aside: Regex
    title_unit: Regex
    no_unit: Regex
    sentence: Regex
    year_said: tuple[Regex, ...]
    organ: Regex
    date: Regex
    furniture: Regex
    code: Regex
    page_number: Regex
    struck: Regex
    ended: Regex
    clause: Regex
    table_note: Regex
    table_lead: Regex


class FigureRules(NamedTuple):
    """How a figure is written; ``nil`` are marks for nothing, ``note`` the mark of a note beside it."""

    number: Regex
    numeral: Regex
    unit: Regex
    head_unit: Regex
    nil: tuple[str, ...]
    unread: Regex
    note: Regex
    draft: Regex
    remark: Regex


class NumberSigns(NamedTuple):
    """How a label's number N may be written: a figure, in brackets, or in Chinese before a comma."""

    figure: Regex
    inner: Regex
    outer: Regex


class LabelRules(NamedTuple):
    """How a row's label is known where it is cut or numbered otherwise."""

    numbered: NumberSigns
    nearly: int
    rule: Regex
    bars: str
    most_ways: int
    number: Regex


class OtherRules(NamedTuple):
    """How a document is known that holds our labels and is no report of one unit and one year.

    ``own`` is what this tool makes, by name, with the words that its first lines hold.
    """

    comparison: Regex
    notice: Regex
    years: Regex
    twice: int
    own: Mapping[str, Regex]


class ImportSentences(NamedTuple):
    """What is said of an import, by what stayed open."""

    none: str
    list: str
    way: str
    summary: Annotated[str, "edition", "file", "filled", "of", "texts", "unit", "year"]
    were_split: Annotated[str, "n"]
    were_settled: Annotated[str, "n"]
    more: Annotated[str, "n"]
    missing: Annotated[str, "n", "names"]
    offered: Annotated[str, "list", "n"]
    offered_zero: Annotated[str, "n"]
    offered_one: Annotated[str, "place", "to"]
    left_out: Annotated[str, "n"]
    left_line: Annotated[str, "text", "where"]
    doubt: Mapping[DoubtKind, Annotated[str, "place", "text", "ways", "where"]]


class RepairSentences(NamedTuple):
    """What is said of a repair: of each damage, and of each entry that was not moved."""

    list: str
    summary: Annotated[str, "edition", "file", "filled", "of"]
    moved: Annotated[str, "at", "n", "words"]
    found: Mapping[DamageKind, Annotated[str, "at", "words"]]
    left: Mapping[LeftKind, Annotated[str, "at", "words"]]


class ImportRules(NamedTuple):
    """The whole file."""

    letters: LetterRules
    heading: HeadingRules
    prose: ProseRules
    figure: FigureRules
    label: LabelRules
    other: OtherRules
    say: ImportSentences
    repair: RepairSentences

    def misfits(self) -> "Iterator[Misfit]":
        """A letter without its counterpart, a section that no edition has."""
        from xlcheck.data.checking import Misfit

        letters = self.letters
        if len(letters.traditional) != len(letters.simplified):
            yield Misfit(("letters", "simplified"), letters.simplified, (), "is shorter or longer")
        forms, heading = [form.form_file(edition).sections for edition in data.editions()], self.heading
        known = sorted({section for sections in forms for section in sections})
        for key, sections in (("words", heading.words), ("meanings", heading.meanings)):
            strange = (section for section in sections if section not in known)
            yield from (Misfit(("heading", key, section), section, known) for section in strange)
        if len(heading.numerals) < max(map(len, forms)):
            yield Misfit(("heading", "numerals"), heading.numerals[-1], (), "is not enough for all sections")
        try:
            re.compile(heading.number.format(n=""))
        except re.error as wrong:
            yield Misfit(("heading", "number"), heading.number, (), f"is no pattern ({wrong})")


@cache
def importing() -> ImportRules:
    """How reports are read, as data/importing.toml has it."""
    return data.load("importing", ImportRules)
