"""Statistics of the findings by rule and of the units by state, with charts that Excel draws itself."""

from collections import Counter
from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import a1
from xlcheck.county.submission import Status, Submission
from xlcheck.county.summary.list_sheet import (
    HEAD,
    SheetRow,
    list_columns,
    list_head,
    status_of,
    words,
    write_rows,
)
from xlcheck.editions import edition_named
from xlcheck.template.styles import colour, put

BARS = 12  # rules in the chart; the list has them all


def write_statistics(
    page: Worksheet, edition_name: str, standings: Sequence[Submission], title: str, lead: str
) -> None:
    """A line a rule that found something open, most units first; beside it the units by state."""
    list_head(page, "rules", title, lead)
    units: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for standing in (s for s in standings if s.current):
        found = [f.rule for f in standing.current.findings if f.open] if standing.current else []
        places.update(found)
        units.update(set(found))
    rules = edition_named(edition_name).rules
    told = data.toml("summary")["words"]["severity"]
    lines: list[SheetRow] = [
        {"rule": rule, "title": rules.of(rule).title, "severity": told[rules.of(rule).severity],
         "units": count, "count": places[rule]}
        for rule, count in sorted(units.items(), key=lambda pair: (-pair[1], rules.order[pair[0]]))
    ]  # fmt: skip
    rows = write_rows(page, "rules", lines)
    if rows:
        _bars(page, "chart_rules", (1, 4), HEAD + 1, HEAD + min(rows, BARS), "G5")
    _states(page, Counter(s.status for s in standings))


def _states(page: Worksheet, counts: Counter[Status]) -> None:
    """The five states in a small table of their own, far to the right of the list, under its chart."""
    at = len(list_columns("rules")) + 12
    put(page, a1(HEAD, at), words()["status_head"], "list_head")
    put(page, a1(HEAD, at + 1), words()["chart_units"], "list_head")
    for n, status in enumerate(Status, HEAD + 1):
        put(page, a1(n, at), status_of(status), "list")
        put(page, a1(n, at + 1), counts[status], "list")
    page.column_dimensions[a1(1, at)[:-1]].width = 14
    _bars(page, "chart_status", (at, at + 1), HEAD + 1, HEAD + len(Status), "G24")


def _bars(page: Worksheet, title: str, pair: tuple[int, int], first: int, last: int, at: str) -> None:
    """Lying bars, the longest on top, each with its number."""
    chart = BarChart()
    chart.type, chart.style, chart.title, chart.legend = "bar", 10, words()[title], None
    chart.add_data(Reference(page, min_col=pair[1], min_row=first, max_row=last))
    chart.set_categories(Reference(page, min_col=pair[0], min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.y_axis.numFmt, chart.y_axis.scaling.min = "0", 0
    chart.gapWidth = 40
    chart.width, chart.height = 17, 9
    (series,) = chart.series
    series.graphicalProperties.solidFill = colour("link")[2:]
    quiet = dict.fromkeys(("showSerName", "showCatName", "showLegendKey", "showPercent"), False)
    series.dLbls = DataLabelList(showVal=True, **quiet)
    page.add_chart(chart, at)
