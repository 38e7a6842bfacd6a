"""How the report's tables lie on the page, whatever program writes them."""

from functools import cache

from xlcheck.core.blocks import Remark, Table
from xlcheck.core.grid import Cell
from xlcheck.data.report import TextStyle
from xlcheck.data.report import report as facts

MM = 72 / 25.4  # points in a millimetre
OTHER_TABLE = "OtherTable"  # the style of a table that has none of its own


def twips(points: float) -> int:
    return round(points * 20)


def table_style(table: str) -> tuple[str, TextStyle]:
    """The style of a table's labels: its name in the docx, and what it is."""
    whole = facts()
    return table if table in whole.tables else OTHER_TABLE, whole.table(table).style


def widths(table: Table) -> list[float]:
    """The columns' widths in mm: those left of the figures as set, the rest alike.

    A form with other columns than the settings foresee has all its columns alike.
    """
    page, side = facts().page, facts().table(table.id).side
    count = max(c.col + c.cols for c in table.cells)
    whole = page.width - page.left - page.right
    if len(side) != min(c.col for c in table.cells if c.field):
        side = ()
    return [*side, *[(whole - sum(side)) / (count - len(side))] * (count - len(side))]


def head_rows(table: Table) -> int:
    """How many rows head the whole table; none where it is a stack of blocks, each with its own."""
    if any(c.role == "caption" for c in table.cells):
        return 0
    return min(c.row for c in table.cells if c.role in ("value", "label"))


def own_page(table: str) -> bool:
    return facts().table(table).own_page


def vertical(table: Table, cell: Cell) -> bool:
    """A merged label in a column too narrow for its words runs downward."""
    return cell.role == "label" and cell.rows > 1 and cell.col in facts().table(table.id).vertical


def broken(text: str) -> list[str]:
    """A label cut where it may break."""
    return _breaks().get(text, [text])


@cache
def _breaks() -> dict[str, list[str]]:
    return {label.replace("|", ""): label.split("|") for label in facts().breaks.label}


def room(table: Table, cell: Cell, columns: list[float]) -> float:
    """How many points of text a cell holds on one line; ``columns`` are the table's widths."""
    inside = sum(columns[cell.col : cell.col + cell.cols]) - 2 * facts().figure.padding
    return (inside - facts().table(table.id).indent) * MM


def figure_size(table: Table, cell: Cell, columns: list[float]) -> float:
    """The size in points at which a figure fits its cell on one line, at most the usual one."""
    figure = facts().figure
    fits = room(table, cell, columns) / max(1, len(cell.text)) / figure.narrow
    return max(figure.least, min(figure.size, int(fits * 2) / 2))


def characters(text: str) -> float:
    """A text's width in characters; a Latin letter or figure is half of one."""
    return len(text) - 0.5 * len(text.encode("latin-1", "ignore"))


def remark_line(remark: Remark) -> str:
    marks = facts().marks
    return marks.remark.format(**remark._asdict() | {"severity": marks.severity.of(remark.severity)})
