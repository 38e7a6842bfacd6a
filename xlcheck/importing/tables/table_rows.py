"""Every row of every table: from the grids where the document has them, else from its lines."""

from collections.abc import Iterator
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.importing.document import Document, Doubt
from xlcheck.importing.labels import find, row_fields
from xlcheck.importing.normal_text import NormalText
from xlcheck.importing.sections.headings import Heads, begin, between
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.tables.grid_tables import PlacedRow, read_grids
from xlcheck.importing.tables.row_order import in_column_order, in_row_order
from xlcheck.importing.tables.rowless import rowless_rows
from xlcheck.importing.tables.text_tables import TableRows, TextRow, text_rows


class ReportRows(NamedTuple):
    """The rows of a report's tables.

    ``taken`` are the lines that those told in lines took; ``first`` is where the first heading stands, or the
    first row where there is none.
    """

    in_grids: list[PlacedRow]
    in_lines: TableRows
    doubts: list[Doubt]
    taken: frozenset[int]
    first: int


def table_rows(layout: ReportLayout) -> ReportRows:
    """Find the rows: in a grid by its columns' headings, in lines by the order of their figures."""
    form, text = layout.form, layout.text
    placed, foreign, read = read_grids(layout.document, layout.forms)
    rows = [
        (row_fields(form, table, row.mark.row), row)
        for table in form.tables if table not in read
        for row in _rows_in_lines(layout, table)
    ]  # fmt: skip
    rows, turned = in_column_order(layout, rows)
    rows, away = in_row_order(form, rows)
    doubts = [*turned, *away, *foreign]
    doubts += [_foreign(row) for names, row in rows if not names and row.figures]
    doubts += [_strange(row) for _, row in rows if row.beyond]
    taken = frozenset(n for _, row in rows for n in range(row.line, row.last + 1))
    first = min((row.mark.start for _, row in rows), default=_grid_start(layout.document, text))
    return ReportRows(placed, rows, doubts, taken, layout.begin if layout.heads else first)


def _rows_in_lines(layout: ReportLayout, table: str) -> Iterator[TextRow]:
    """The rows of one table as the text tells them."""
    form, text = layout.form, layout.text
    start, end = between(form, layout.heads, table, len(text.text))
    if form.is_rowless(table):
        yield from rowless_rows(layout, table, start, end)
        return
    if start < 0:
        start, end = _without_heading(form, text, layout.heads, table)
    marks = find(text, start, end, table, layout.forms)
    yield from text_rows(layout.document.lines, text, marks, end, layout.forms)


def _without_heading(form: Form, text: NormalText, found: Heads, table: str) -> tuple[int, int]:
    """Where a table lies whose heading is not there: from its first words to the next heading or table."""
    start = begin(form, table, text)
    if start < 0:
        return 0, 0
    order = tuple(form.tables)
    others = [begin(form, other, text, start) for other in order[order.index(table) + 1 :]]
    after = [h.start for h in found.values() if h.start > start] + [at for at in others if at > 0]
    return start, min([*after, len(text.text)])


def _grid_start(document: Document, text: NormalText) -> int:
    """Where the first row of a grid begins."""
    return next((at for at, line in enumerate(text.line) if document.lines[line].row), 0)


def _foreign(told: TextRow) -> Doubt:
    ways = (tuple(str(f.entry) for f in told.figures if f.entry is not None),)
    return Doubt("foreign", told.where, told.text, (), ways)


def _strange(told: TextRow) -> Doubt:
    name, *figures = told.beyond
    return Doubt("strange", told.where, name, (), (tuple(figures),))
