"""The shape of form_YYYY.toml: one edition of the official form, its labels to the letter."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck import data
from xlcheck.data.rules import Rule, RuleBook
from xlcheck.data.vocabulary import Vocabulary

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

FigureKind = Literal["count", "signed", "amount"]


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
    good: str
    bad: str
    below: int = 0
    group: bool = False
    label: str = ""


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
        from xlcheck.data.checking import Misfit

        yield from RuleBook(self.rule).misfits()
        of_tables = ((part, self.table) for part in ("sheets", "begins", "layout"))
        for part, known in (("table", self.sections), *of_tables):
            for key in getattr(self, part):
                if key not in known:
                    yield Misfit((part, key), key, list(known))
        for table, blocks in self.table.items():
            for n, block in enumerate(blocks):
                yield from _ungrouped(("table", table, n, "rows"), block.rows)
                yield from _ungrouped(("table", table, n, "columns"), block.columns)
        for n, option in enumerate(self.option):
            for part in ("sheet", "cell"):
                if getattr(option, part):
                    yield Misfit(("option", n, part), part, ("beside", "under"))
            for part in ("under", "nil"):
                if (said := getattr(option, part)) and said not in self.table:
                    yield Misfit(("option", n, part), said, list(self.table))
            if option.beside and option.beside not in (names := list(_fields(self.table))):
                yield Misfit(("option", n, "beside"), option.beside, names)


@cache
def form_file(edition: str) -> FormFile:
    """An edition's form, as its data file has it."""
    return data.load(f"form_{edition}", FormFile)


def _ungrouped(at: tuple[str | int, ...], headings: Sequence[FormHeading]) -> Iterator["Misfit"]:
    """Headings whose group does not come before them, and those whose id another has already."""
    from xlcheck.data.checking import Misfit

    for n, heading in enumerate(headings):
        known = [h.id for h in headings[:n]]
        if heading.id in known:
            yield Misfit((*at, n, "id"), heading.id, (), "stands twice")
        if heading.group and heading.group not in known:
            yield Misfit((*at, n, "group"), heading.group, known)


def _fields(tables: Mapping[str, tuple[FormBlock, ...]]) -> Iterator[str]:
    for table, blocks in tables.items():
        for block in blocks:
            for row in block.rows:
                for column in block.columns:
                    yield ".".join(filter(None, (table, row.id, column.id)))
