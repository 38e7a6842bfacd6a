"""The shape of summary.toml: the county's workbook, its sheets, where things stand, its words."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from xlcheck import data
from xlcheck.data.county import StatusKey, VerdictKey
from xlcheck.data.rules import Severity

ColumnKey = Literal[
    "n", "unit", "kind", "counted", "region", "status", "errors", "warnings", "first", "came", "newest",
    "times", "late", "verdict", "reason", "note", "key", "written", "severity", "rule", "title", "place",
    "cell", "was", "to", "message", "answer", "units", "count", "path", "received", "outcome", "said",
    "older", "newer", "now", "section", "length", "opening",
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
    tab: str
    freeze: str
    columns: Mapping[ColumnKey, ListColumn]
    decisions: tuple[VerdictKey, ...] = ()


class TotalSheets(NamedTuple):
    """The official tables with the county's totals, named by their numbers.

    ``total`` is a cell's formula, ``short`` the condition of one that is not complete.
    """

    name: str
    tab: str
    title: str
    title_row: int
    total: str
    short: str


class FieldSheet(NamedTuple):
    """Units by fields, with formulas for how many units are counted, a sum, and how many have a figure.

    ``odd`` is the condition of an entry that is no figure where one is counted.
    """

    name: str
    tab: str
    title: str
    hint: str
    wanted_name: str
    wanted: str
    sum_row: int
    filled_row: int
    head_row: int
    names: str
    count_formula: str
    sum_formula: str
    filled_formula: str
    odd: str
    columns: Mapping[ColumnKey, ListColumn]


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

    title: str
    notes: tuple[str, ...]
    head_row: int
    state: str


class ChartPlaces(NamedTuple):
    """Where the two charts hang."""

    rules: str
    states: str


class AlikeFacts(NamedTuple):
    """Which sections are compared, from how many letters on, and how much of one is shown."""

    sections: tuple[str, ...]
    least: int
    opening: int


class SummaryLead(NamedTuple):
    """The sentences at the head: how far the collection is, and who is in the totals."""

    progress: str
    missing: str
    before: str
    today: str
    after: str
    done: str
    as_of: str
    counted: str
    whole: str
    wanting: str
    blanks: str
    faulty: str
    unsettled: str
    others: str


class SummaryWords(NamedTuple):
    """The other words on the sheets."""

    sum: str
    filled: str
    wanted: str
    hint_fields: str
    hint_units: str
    hint_findings: str
    hint_changes: str
    hint_arrivals: str
    hint_alike: str
    no_alike: str
    no_changes: str
    no_findings: str
    severity: Mapping[Severity, str]
    first: str
    perhaps: str
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
    title: str
    beside: str
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


@cache
def summary() -> SummaryFacts:
    """The workbook's words and places, as data/summary.toml has them."""
    return data.load("summary", SummaryFacts)
