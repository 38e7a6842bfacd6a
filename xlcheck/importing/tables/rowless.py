"""表四, whose row has no name: under its headings, in three small tables, or alone where its sums hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlcheck.core.form import Form
from xlcheck.editions import Edition
from xlcheck.importing.cell_figure import CellFigure, are_figures, read_figure
from xlcheck.importing.document import Line
from xlcheck.importing.labels import LabelAt
from xlcheck.importing.normal_text import normal
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.tables.text_tables import LONG, TextRow, cell_row, stream
from xlcheck.judge import code


def rowless_rows(layout: ReportLayout, table: str, start: int, end: int) -> Iterator[TextRow]:
    """The row of such a table between its heading and the next section."""
    if start < 0 or start >= end:
        return
    form, lines, at = layout.form, layout.document.lines, layout.text.line
    below = range(at[start - 1] + 1, at[end - 1] + 1)
    figures = {n: row for n in below if (row := _figures(lines[n].text))}
    found = _in_blocks(form, lines, figures, below.start, table)
    found = found or _under_heads(layout, table, start, end)
    found = found or _by_sums(layout.edition, lines, figures, table)
    if found:
        yield found


def _figures(line: str) -> tuple[CellFigure, ...]:
    """The figures of a line that holds nothing else."""
    cells = [cell for cell in re.split(r"[|\s]+", line) if cell]
    return tuple(map(read_figure, cells)) if len(cells) > 1 and are_figures(line) else ()


def _in_blocks(
    form: Form, lines: Sequence[Line], figures: Mapping[int, tuple[CellFigure, ...]], first: int, table: str
) -> TextRow | None:
    """A row put together from several, each under the name of its block of columns."""
    blocks: dict[str, list[str]] = {}
    for name in form.groups[table]:
        blocks.setdefault(normal(form.fields[name].column.above[-1]), []).append(name)
    values: dict[str, CellFigure] = {}
    rows = []
    for n, row in figures.items():
        above = "".join(normal(line.text) for line in lines[first:n])
        named = [block for block in blocks if block in above]
        if len(named) == 1 and len(row) == len(blocks[named[0]]):
            values |= dict(zip(blocks[named[0]], row, strict=True))
            rows.append(n)
        first = n + 1
    if len(rows) < 2 or len(values) != sum(len(figures[n]) for n in rows):
        return None
    whole = tuple(values.get(name, CellFigure(None)) for name in form.groups[table])
    return _row(lines, table, rows, whole)


def _under_heads(layout: ReportLayout, table: str, start: int, end: int) -> TextRow | None:
    """The figures that follow the last of the headings."""
    form, lines, text = layout.form, layout.document.lines, layout.text
    last = normal(form.fields[form.groups[table][-1]].column.label)
    at = text.text.rfind(last, start, end)
    if at < 0:
        return None
    at += len(last)
    mark = LabelAt(table, "", at, at, True)
    below = [n for n in range(text.line[at - 1] + 1, text.line[end - 1] + 1) if lines[n].row]
    rows = [row for n in below if (row := cell_row(lines, n, mark)) and len(row.figures) > 1]
    return rows[0] if rows else stream(lines, text, mark, end, layout.forms)


def _by_sums(
    edition: Edition, lines: Sequence[Line], figures: Mapping[int, tuple[CellFigure, ...]], table: str
) -> TextRow | None:
    """The one row with a figure a column whose sums all hold; nobody names it."""
    names = edition.form.groups[table]
    mine = [equation for equation in code(edition).equations if set(equation.terms) <= set(names)]
    fit = []
    for n, row in figures.items():
        values = {name: f.entry for name, f in zip(names, row, strict=False) if isinstance(f.entry, Decimal)}
        if len(row) == len(values) == len(names) and all(equation.off(values) == 0 for equation in mine):
            fit.append(n)
    return _row(lines, table, fit, figures[fit[0]]) if len(fit) == 1 and mine else None


def _row(lines: Sequence[Line], table: str, rows: Sequence[int], figures: tuple[CellFigure, ...]) -> TextRow:
    said = " ".join(lines[n].text.strip() for n in rows)[:LONG]
    mark = LabelAt(table, "", 0, 0, True)
    return TextRow(mark, lines[rows[0]].where, said, figures, True, rows[0], last=rows[-1])
