"""The shape of importing.toml: how an existing report is read, and what is said of what it gave."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from xlcheck import data
from xlcheck.data import Regex, form

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
    "nil",
    "remark",
]
DamageKind = Literal[
    "sheet_missing", "sheet_extra", "sheet_renamed", "rows_moved", "cols_moved", "label_lost",
    "label_doubled", "unprotected", "unwatched", "unmerged", "merged", "locked_entry", "hole", "converted",
    "hidden_missing", "version", "edition_said", "names_lost", "names_broken", "unlocked_book",
]  # fmt: skip
LeftKind = Literal[
    "sheet", "deleted", "elsewhere", "label", "torn", "in_part", "hole", "merged", "formula", "dated", "stray"
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
    unnumbered: Regex
    numerals: tuple[str, ...]
    longest: int
    words: Mapping[str, Regex]


class ProseRules(NamedTuple):
    """Patterns of the words around the tables."""

    title: Regex
    title_year: Regex
    title_after: Regex
    title_plain: Regex
    year_said: tuple[Regex, ...]
    organ: Regex
    date: Regex
    furniture: Regex
    page_number: Regex
    ended: Regex
    table_lead: Regex


class FigureRules(NamedTuple):
    """How a figure is written; ``nil`` are marks for nothing."""

    number: Regex
    unit: Regex
    nil: tuple[str, ...]
    remark: Regex


class NumberSigns(NamedTuple):
    """How a label's number N may be written: a figure, in brackets, or in Chinese before a comma."""

    figure: str
    inner: str
    outer: str


class LabelRules(NamedTuple):
    """How a row's label is known where it is cut or numbered otherwise."""

    numbered: NumberSigns
    nearly: int
    rule: Regex
    most_ways: int
    number: Regex


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

    def misfits(self) -> "Iterator[Misfit]":
        """What has no counterpart: a sentence for everything that may be said, a letter for every letter."""
        from xlcheck.data.checking import Misfit

        for at, said, kinds in (
            (("say", "doubt"), self.say.doubt, DoubtKind),
            (("repair", "found"), self.repair.found, DamageKind),
            (("repair", "left"), self.repair.left, LeftKind),
        ):
            for kind in get_args(kinds):
                if kind not in said:
                    yield Misfit(at, kind, (), "has no sentence")
        letters = self.letters
        if len(letters.traditional) != len(letters.simplified):
            yield Misfit(("letters", "simplified"), letters.simplified, (), "is shorter or longer")
        for section in self.heading.words:
            if section not in (known := {s for e in data.editions() for s in form.form_file(e).sections}):
                yield Misfit(("heading", "words", section), section, sorted(known))


@cache
def importing() -> ImportRules:
    """How reports are read, as data/importing.toml has it."""
    return data.load("importing", ImportRules)
