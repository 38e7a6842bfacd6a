"""Statistics of the findings by rule and of the units by state, with charts that Excel draws itself."""

from collections import Counter
from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.grid import a1
from xlcheck.county.submission import Submission
from xlcheck.county.summary.list_sheet import SheetRow, head_row, list_head, status_of, write_rows
from xlcheck.data.county import Status
from xlcheck.data.summary import summary
from xlcheck.editions import Edition
from xlcheck.template.styles import colour, put

BARS = 12  # rules in the chart; the list has them all


def write_statistics(
    page: Worksheet, edition: Edition, standings: Sequence[Submission], title: str, lead: str
) -> None:
    """A line a rule that found something open, most units first; beside it the units by state."""
    sheet, words = summary().sheets.rules, summary().words
    list_head(page, sheet, title, lead)
    units: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for current in (s.current for s in standings if s.current):
        found = [f.rule for f in current.findings if f.open]
        places.update(found)
        units.update(set(found))

    def row(name: str, count: int) -> SheetRow:
        rule = edition.rules.of(name)
        return {
            "rule": name, "title": rule.title, "severity": words.severity[rule.severity],
            "units": count, "count": places[name],
        }  # fmt: skip

    ordered = sorted(units.items(), key=lambda pair: (-pair[1], edition.rules.order[pair[0]]))
    rows = write_rows(page, sheet, (row(*pair) for pair in ordered))
    if rows:
        _bars(page, words.chart_rules, (1, 4), min(rows, BARS), summary().charts.rules)
    _states(page, Counter(s.status for s in standings))


def _states(page: Worksheet, counts: Counter[Status]) -> None:
    """The five states in a small table of their own, far to the right of the list, under its chart."""
    at, head, words = len(summary().sheets.rules.columns) + 12, head_row(), summary().words
    put(page, a1(head, at), words.status_head, "list_head")
    put(page, a1(head, at + 1), words.chart_units, "list_head")
    for n, status in enumerate(Status, head + 1):
        put(page, a1(n, at), status_of(status), "list")
        put(page, a1(n, at + 1), counts[status], "list")
    page.column_dimensions[get_column_letter(at)].width = 14
    _bars(page, words.chart_status, (at, at + 1), len(Status), summary().charts.states)


def _bars(page: Worksheet, title: str, pair: tuple[int, int], count: int, at: str) -> None:
    """Lying bars, the longest on top, each with its number."""
    first, last = head_row() + 1, head_row() + count
    chart = BarChart()
    chart.type, chart.style, chart.title, chart.legend = "bar", 10, title, None
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
