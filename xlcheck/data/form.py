"""The shape of form_YYYY.toml: one edition of the official form, its labels to the letter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import FORM_PLACE, OF_FORM
from xlcheck.data.rules import Rule, RuleBook
from xlcheck.data.vocabulary import Vocabulary

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit, Place

FigureKind = Literal["count", "signed", "amount"]


SectionName = Literal["preface", "texts", "s1", "s5", "s6", "sign", "date"]
NEVER = 9999  # the last year of an edition that is still in force


class FormHeading(NamedTuple):
    """A row or a column; ``group`` is the heading it stands under. A group is a heading as well."""

    id: str
    label: str
    group: str = ""
    kind: FigureKind = "count"
    unit: str = ""
    total: bool = False
    hint: str = ""
    short: str = ""
    aliases: tuple[str, ...] = ()


class FormBlock(NamedTuple):
    """A tree of columns over a tree of rows; a block that names no rows has one, without a name."""

    columns: tuple[FormHeading, ...]
    rows: tuple[FormHeading, ...] = (FormHeading("", ""),)
    caption: str = ""
    corner: str = ""


class Option(NamedTuple):
    """A choice asked beside a field or under a table; ``nil`` names the table whose blanks it makes 0.

    ``sheet`` and ``cell`` are where the workbook asks it: they follow from the form, no file says them.
    """

    id: str
    label: str
    choices: tuple[str, ...]
    beside: str = ""
    under: str = ""
    nil: str = ""
    sheet: str = ""
    cell: str = ""


class CheckLine(NamedTuple):
    """What a rule's cases say beside the table, or rows ``below`` it; ``group`` spans a group's columns."""

    role: Literal["check", "check_num", "hint_right"]  # one of those in styles.toml
    good: Annotated[str, ...]  # names of the rule's message, or sums of them
    bad: Annotated[str, ...]
    below: int = 0
    group: bool = False
    label: Annotated[str, OF_FORM] = ""


class TableLayout(NamedTuple):
    """What a table has its own way in the workbook; what it leaves out follows from its rows and columns."""

    about: str = ""
    tab: str = ""
    widths: tuple[float, ...] = ()
    landscape: bool | None = None
    heights: Mapping[str, float] = {}
    breaks: Mapping[str, str] = {}
    check: Mapping[str, CheckLine] = {}
    reminder: Mapping[str, int] = {}

    def misfits(self, at: "Place", known: Sequence[str]) -> Iterator["Misfit"]:
        """Labels that are none, or not the official words when broken; rules and names that are none."""
        from xlcheck.data.checking import Misfit, rule_names
        from xlcheck.data.rules import placeholders

        for part in ("heights", "breaks"):
            strange = (label for label in getattr(self, part) if label not in known)
            yield from (Misfit((*at, part, label), label, known) for label in strange)
        for label, broken in self.breaks.items():
            if broken.replace("\n", "") != label:
                yield Misfit((*at, "breaks", label), broken, (), "is not the label in other lines")
        rules = rule_names()
        for part in ("check", "reminder"):
            strange = (rule for rule in getattr(self, part) if rule not in rules)
            yield from (Misfit((*at, part, rule), rule, list(rules)) for rule in strange)
        for rule, line in self.check.items():
            for key, text in (("good", line.good), ("bad", line.bad)):
                used = re.findall(r"\w+", " ".join(placeholders(re.sub(FORM_PLACE, "", text))))
                place, names = (*at, "check", rule, key), rules.get(rule, ())
                yield from (Misfit(place, name, names) for name in used if name not in names)


class FormFile(NamedTuple):
    """One edition: a section that has a table is one, any other is a text.

    ``sheets`` names a table's sheet of the workbook, its heading where it does not. ``begins`` has the words
    that tell where a table begins, in a report that leaves its heading out. ``vocabulary`` has the words for
    what this edition alone counts, as claims.toml has those for all, and ``rule`` what it alone must satisfy.
    """

    edition: str
    title: str
    notice: str
    issuer: str
    first_year: int
    sections: Mapping[str, str]
    table: Mapping[str, tuple[FormBlock, ...]]
    last_year: int = NEVER
    sheets: Mapping[str, str] = {}
    begins: Mapping[str, str] = {}
    option: tuple[Option, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    layout: Mapping[str, TableLayout] = {}
    rule: tuple[Rule, ...] = ()

    def misfits(self) -> Iterator["Misfit"]:
        """What one part of the file says of another that is not so."""
        from xlcheck.data.checking import Misfit, doubled

        yield from RuleBook(self.rule).misfits()
        if not 1900 < self.first_year <= self.last_year <= NEVER:
            yield Misfit(("first_year",), str(self.first_year), (), f"is no year up to {self.last_year}")
        of_tables = ((part, self.table) for part in ("sheets", "begins", "layout"))
        for part, known in (("table", self.sections), *of_tables):
            for key in getattr(self, part):
                if key not in known:
                    yield Misfit((part, key), key, list(known))
        yield from doubled((("sheets", table), name) for table, name in self.sheets.items())
        for table, blocks in self.table.items():
            for n, block in enumerate(blocks):
                yield from _ungrouped(("table", table, n, "rows"), block.rows)
                yield from _ungrouped(("table", table, n, "columns"), block.columns)
        for table, layout in self.layout.items():
            yield from layout.misfits(("layout", table), labels(self.table))
        yield from doubled((("option", n, "id"), option.id) for n, option in enumerate(self.option))
        for n, option in enumerate(self.option):
            yield from self._odd_option(("option", n), option)

    def _odd_option(self, at: "Place", option: Option) -> Iterator["Misfit"]:
        from xlcheck.data.checking import Misfit

        if not option.choices:
            yield Misfit((*at, "choices"), option.id, (), "has no choices")
        for part in ("sheet", "cell"):
            if getattr(option, part):
                yield Misfit((*at, part), part, ("beside", "under"))
        for part in ("under", "nil"):
            if (said := getattr(option, part)) and said not in self.table:
                yield Misfit((*at, part), said, list(self.table))
        if option.beside and option.beside not in (names := list(field_names(self.table))):
            yield Misfit((*at, "beside"), option.beside, names)


@cache
def form_file(edition: str) -> FormFile:
    """An edition's form, as its data file has it."""
    read = data.load(f"form_{edition}", FormFile)
    if read.edition != edition:
        from xlcheck.data.checking import DataError

        raise DataError(
            f"form_{edition}.toml, edition: '{read.edition}' is not '{edition}' as its file's name"
        )
    return read


def _ungrouped(at: tuple[str | int, ...], headings: Sequence[FormHeading]) -> Iterator["Misfit"]:
    """Headings whose group does not come before them, and those whose id another has already."""
    from xlcheck.data.checking import Misfit, doubled

    yield from doubled(((*at, n, "id"), heading.id) for n, heading in enumerate(headings))
    for n, heading in enumerate(headings):
        known = [h.id for h in headings[:n]]
        if heading.group and heading.group not in known:
            yield Misfit((*at, n, "group"), heading.group, known)


def field_names(tables: Mapping[str, tuple[FormBlock, ...]]) -> Iterator[str]:
    """The names of fields, and of what their groups come to."""
    for table, blocks in tables.items():
        for block in blocks:
            for row in block.rows:
                for column in block.columns:
                    yield ".".join(filter(None, (table, row.id, column.id)))


def labels(*forms: Mapping[str, tuple[FormBlock, ...]]) -> list[str]:
    """The words of the tables: captions, corners, and what rows and columns are called."""
    blocks = [block for tables in forms for some in tables.values() for block in some]
    named = (heading.label for block in blocks for heading in (*block.rows, *block.columns))
    return list(dict.fromkeys((*(text for b in blocks for text in (b.caption, b.corner)), *named)))
