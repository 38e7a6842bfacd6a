"""The shape of summary.toml: the county's workbook, its sheets, where things stand, its words."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OF_FORM, CellAddress, HexColour, Row
from xlcheck.data.county import StatusKey, VerdictKey
from xlcheck.data.form import SectionName
from xlcheck.data.rules import Severity

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

ColumnKey = Literal[
    "n", "unit", "kind", "counted", "region", "status", "errors", "warnings", "first", "came", "newest",
    "times", "late", "verdict", "reason", "note", "key", "written", "severity", "rule", "title", "place",
    "cell", "was", "to", "message", "answer", "units", "count", "path", "received", "outcome", "said",
    "older", "newer", "now", "section", "length", "opening", "points", "source",
]  # fmt: skip


class ListColumn(NamedTuple):
    """A column of a list: its title, and its width in characters."""

    title: str
    width: int


class ListSheet(NamedTuple):
    """A list on a sheet of its own; ``freeze`` is the cell above and left of which nothing moves.

    ``decisions`` are what may be chosen for a line, nothing where nothing is decided in the list.
    """

    name: str
    tab: HexColour
    freeze: CellAddress
    columns: Annotated[Mapping[ColumnKey, ListColumn], ...]
    decisions: tuple[VerdictKey, ...] = ()


class TotalSheets(NamedTuple):
    """The official tables with the county's totals, named by their numbers.

    ``total`` is a cell's formula, ``short`` the condition of one that is not complete.
    """

    name: Annotated[str, "number"]
    tab: HexColour
    title: CellAddress
    title_row: Row
    total: Annotated[str, "fields", "filled", "incomplete", "sum"]
    short: Annotated[str, "cell"]


class FieldSheet(NamedTuple):
    """Units by fields, with formulas for how many units are counted, a sum, and how many have a figure.

    ``odd`` is the condition of an entry that is no figure where one is counted, ``unprinted`` a blank cell.
    """

    name: str
    tab: HexColour
    title: CellAddress
    hint: CellAddress
    wanted_name: CellAddress
    wanted: CellAddress
    unprinted: CellAddress
    sum_row: Row
    filled_row: Row
    head_row: Row
    count_formula: Annotated[str, "first", "last", "yes"]
    sum_formula: Annotated[str, "column", "first", "last", "yes"]
    filled_formula: Annotated[str, "column", "first", "last", "yes"]
    odd: Annotated[str, "corner", "first", "yes"]
    columns: Annotated[Mapping[ColumnKey, ListColumn], ...]


class SummarySheets(NamedTuple):
    """The sheets, in the workbook's order."""

    units: ListSheet
    findings: ListSheet
    totals: TotalSheets
    fields: FieldSheet
    rules: ListSheet
    arrivals: ListSheet
    changes: ListSheet
    alike: ListSheet


class ListLayout(NamedTuple):
    """Where a list's title, sentences and column titles stand; ``state`` finds a state by its sign."""

    title: CellAddress
    notes: tuple[CellAddress, ...]
    head_row: Row
    state: Annotated[str, "cell", "sign"]


class ChartPlaces(NamedTuple):
    """Where the two charts hang, and the last cell that is printed at least."""

    rules: CellAddress
    states: CellAddress
    corner: CellAddress


class AlikeFacts(NamedTuple):
    """Which sections are compared, from how many letters on, and how much of one is shown."""

    sections: tuple[SectionName, ...]
    least: int
    opening: int


class SummaryLead(NamedTuple):
    """The sentences at the head: how far the collection is, and who is in the totals."""

    progress: Annotated[str, "accepted", "reported", "units"]
    missing: Annotated[str, "missing"]
    before: Annotated[str, "days", "due.day", "due.month"]
    today: str
    after: Annotated[str, "days", "due"]
    done: Annotated[str, "units"]
    as_of: Annotated[str, "at", "at.day", "at.month"]
    counted: Annotated[str, "counted", "left"]
    whole: str
    wanting: Annotated[str, "missing", "names"]
    blanks: str
    faulty: Annotated[str, "faulty", "names"]
    unsettled: Annotated[str, "open"]
    others: str


class SummaryWords(NamedTuple):
    """The other words on the sheets."""

    sum: str
    filled: str
    wanted: str
    hint_fields: Annotated[str, OF_FORM]
    hint_units: str
    hint_findings: str
    hint_changes: str
    hint_arrivals: str
    hint_alike: Annotated[str, "notice"]
    no_alike: str
    no_arrivals: str
    no_changes: str
    no_findings: str
    severity: Mapping[Severity, str]
    first: Annotated[str, "message", "place"]
    either: str
    perhaps: Annotated[str, "figures"]
    look: str
    own_text: str
    blank: str
    chart_rules: str
    chart_status: str
    chart_units: str
    status_head: str


class SummaryFacts(NamedTuple):
    """The workbook as a whole."""

    file: str
    most: int
    print_most: int
    title: Annotated[str, "county", "year"]
    beside: Annotated[str, "one", "other"]
    foot: str
    incomplete: str
    moment: str
    yes: str
    no: str
    sign: Mapping[StatusKey, str]
    lists: ListLayout
    charts: ChartPlaces
    sheets: SummarySheets
    alike: AlikeFacts
    lead: SummaryLead
    words: SummaryWords

    def misfits(self) -> "Iterator[Misfit]":
        """A sheet's name given twice, a state's sign too."""
        from xlcheck.data.checking import doubled

        sheets = self.sheets._asdict().items()
        yield from doubled((("sheets", key, "name"), sheet.name) for key, sheet in sheets)
        yield from doubled((("sign", key), sign) for key, sign in self.sign.items())


@cache
def summary() -> SummaryFacts:
    """The workbook's words and places, as data/summary.toml has them."""
    return data.load("summary", SummaryFacts)
