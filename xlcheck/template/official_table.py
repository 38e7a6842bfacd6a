"""An official table as it is printed: what stands in which cells, in which role, framed how."""

from collections.abc import Iterator
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.grid import Cell, a1
from xlcheck.data.styles import Role
from xlcheck.data.workbook import workbook
from xlcheck.template.proportions import groups, kind_of, own_layout


class PlacedCell(NamedTuple):
    """A cell of a table, or several merged: the first and the last address, its text and its role."""

    first: str
    last: str
    text: str
    role: Role


def placed_cells(form: Form, table: str) -> Iterator[PlacedCell]:
    """A table's title, then its cells, the figures blank."""
    place, own = form.places[table], own_layout(form, table)
    breaks, heights = {**workbook().breaks, **own.breaks}, {**workbook().heights, **own.heights}
    title = a1(place.row - 1, place.col)
    yield PlacedCell(title, title, form.sections[table], "title")
    for cell in form.tables[table]:
        first, last = span(place.row + cell.row, place.col + cell.col, cell.rows, cell.cols)
        low = cell.role == "label" and cell.rows == 1 and cell.text not in heights
        yield PlacedCell(first, last, cell.text if low else breaks.get(cell.text, cell.text), _role(cell))


def framed_ranges(form: Form, table: str) -> Iterator[tuple[str, str]]:
    """The ranges with a line round them: the table, and where its kind has it each group of figures."""
    place, cells = form.places[table], form.tables[table]
    yield a1(place.row, place.col), a1(place.last_row, place.last_col)
    for left, right in groups(cells) if kind_of(form, table).frames else ():
        yield a1(place.row, place.col + left), a1(place.last_row, place.col + right)


def span(row: int, col: int, rows: int = 1, cols: int = 1) -> tuple[str, str]:
    """The first and last address of a block of cells."""
    return a1(row, col), a1(row + rows - 1, col + cols - 1)


def _role(cell: Cell) -> Role:
    match cell.role:
        case "value":
            return "entry_sum" if cell.total else "entry"
        case "label" if cell.rows > 1:
            return "group"
        case "label" if cell.total or (cell.depth == 0 and cell.cols > 1):
            return "label_sum"
        case "label":
            return "label"
        case "caption":
            return "caption"
        case "corner":
            return "corner"
    return "header"
