"""Statistics of the findings by rule and of the units by state, with charts that Excel draws itself."""

from collections import Counter
from collections.abc import Sequence

from xlcheck.core.grid import rc
from xlcheck.county.submission import Submission
from xlcheck.county.summary.cell_formats import SummaryPage, hex_colour
from xlcheck.county.summary.list_sheet import SheetRow, head_row, list_head, status_of, write_rows
from xlcheck.data.county import Status
from xlcheck.data.summary import summary
from xlcheck.editions import Edition

BARS = 12  # rules in the chart; the list has them all
SIZE = {"width": 620, "height": 270}  # pixels of a chart


def write_statistics(
    page: SummaryPage, edition: Edition, standings: Sequence[Submission], title: str, lead: str
) -> None:
    """A line a rule that found something open, most units first; below it the units by state."""
    sheet, words, head = summary().sheets.rules, summary().words, head_row()
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
    rows = write_rows(page, sheet, (row(*pair) for pair in ordered), words.no_findings)
    if rows:
        shown = [(name, count) for name, count in ordered[:BARS]]
        _bars(page, words.chart_rules, (head, 0, 3), shown, summary().charts.rules)
    below = _states(page, head + max(rows, 1) + 1, Counter(s.status for s in standings))
    corner = summary().charts.corner
    page.sheet.print_area(0, 0, max(below, rc(corner)[0]) - 1, rc(corner)[1] - 1)


def _states(page: SummaryPage, head: int, counts: Counter[Status]) -> int:
    """The five states in a small table of their own under the list, beside it their chart; the last row."""
    words = summary().words
    shown = [(status_of(status), counts[status]) for status in Status]
    for column, text in enumerate((words.status_head, "", words.chart_units), 1):
        page.put_in(head, column, text, "list_head")
    for n, (name, count) in enumerate(shown, head + 1):
        page.put_in(n, 1, name, "list")
        page.put_in(n, 2, None, "list")
        page.put_in(n, 3, count, "list")
    _bars(page, words.chart_status, (head + 1, 1, 3), shown, summary().charts.states)
    return head + 1 + len(shown)


def _bars(
    page: SummaryPage, title: str, at: tuple[int, int, int], shown: Sequence[tuple[str, int]], where: str
) -> None:
    """Lying bars, the longest on top, each with its number; ``at`` is their first row, the columns of their
    names and of their figures."""
    row, name, figure = at
    last, sheet = row + len(shown) - 1, page.sheet.name
    chart = page.formats.book.add_chart({"type": "bar"})
    chart.add_series({
        "categories": [sheet, row, name, last, name], "categories_data": [n for n, _ in shown],
        "values": [sheet, row, figure, last, figure], "values_data": [count for _, count in shown],
        "fill": {"color": hex_colour("link")}, "gap": 40, "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_title({"name": title})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "0", "min": 0, "major_gridlines": {"visible": False}})
    chart.set_size(SIZE)
    page.sheet.insert_chart(where, chart)
