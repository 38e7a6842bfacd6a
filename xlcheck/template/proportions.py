"""How wide and high an official table is on its sheet: as its form says, else as its rows and columns ask."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from math import ceil
from typing import Literal

from xlcheck.core.form import Form
from xlcheck.core.grid import Cell, a1
from xlcheck.data.form import TableLayout
from xlcheck.data.workbook import SheetLayout, TableKind, workbook

NOTHING = TableLayout()
LEAST = 3  # columns of a sheet: the banner and two links lie over them


def own_layout(form: Form, table: str) -> TableLayout:
    """What the edition's own file says of a table's sheet."""
    return form.file.layout.get(table, NOTHING)


def kind_of(form: Form, table: str) -> TableKind:
    """How wide and high a table of this one's kind is."""
    kind: TableKind = getattr(workbook().kind, kind_name(form, table))
    return kind


@cache
def kind_name(form: Form, table: str) -> Literal["plain", "tall", "wide"]:
    """A table whose headings have one level is plain, one without named rows is wide, others are tall."""
    if form.is_rowless(table):
        return "wide"
    heads = max(len(_head_rows(block)) for block in _blocks(form.tables[table]))
    return "tall" if form.places[table].side > 1 or heads > 1 else "plain"


@cache
def table_sheet(form: Form, table: str) -> SheetLayout:
    """A table's sheet: its columns, and what lies over them in the first row."""
    plan, own, place = workbook().table, own_layout(form, table), form.places[table]
    kind, heading = kind_of(form, table), form.sections[table]
    widths = own.widths or tuple(_widths(form, table))
    values = place.last_col - place.col - place.side + 1
    printed = sum(widths[place.col - 1 : place.last_col])
    across = printed > plan.landscape and values > len(_figure_rows(form.tables[table]))
    back, onward = _links(widths, place.col + place.side)
    before = next((n for n, w in enumerate(accumulate(widths[1:]), 2) if w >= plan.banner), len(widths))
    return SheetLayout(
        name=place.sheet,
        widths=widths,
        tab=own.tab or plan.tab,
        banner=f"{workbook().head.banner}:{a1(1, min(before, back - 1))}",
        back=f"{a1(1, back)}:{a1(1, onward - 1)}",
        onward=f"{a1(1, onward)}:{a1(1, len(widths) - 1)}",
        about=own.about or heading.partition(plan.numbered)[2] or heading,
        code=a1(place.row - 1, place.last_col),
        freeze=a1(first_figure(form, table), place.col + place.side) if kind.freeze else "",
        landscape=across if own.landscape is None else own.landscape,
    )


def row_heights(form: Form, table: str) -> dict[int, float]:
    """The height of each row of a table; one whose words need more lines than fit is higher."""
    place, kind, cells = form.places[table], kind_of(form, table), form.tables[table]
    figures, widths = _figure_rows(cells), table_sheet(form, table).widths
    heights: dict[int, float] = {}
    for cell in cells:
        last = cell.row + 1 in figures
        plain = kind.row if cell.row in figures else kind.last_header if last else kind.header
        plain = kind.caption if cell.role == "caption" else plain
        room = sum(widths[place.col - 1 + cell.col : place.col - 1 + cell.col + cell.cols])
        wanted = _wanted(cell, plain, room, form, table) if cell.rows == 1 else plain
        heights[place.row + cell.row] = max(wanted, heights.get(place.row + cell.row, 0))
    return heights


def groups(cells: Sequence[Cell]) -> list[tuple[int, int]]:
    """The first and last column of each group of figures: what the lowest heading over several spans."""
    figures = {c.col for c in cells if c.role == "value"}
    heads = [c for c in cells if c.role == "header" and c.cols > 1]
    lowest = {col: max((h for h in heads if h.col <= col < h.col + h.cols), default=None) for col in figures}
    return sorted({(head.col, head.col + head.cols - 1) for head in lowest.values() if head})


def first_figure(form: Form, table: str) -> int:
    """The row of the sheet where a table's figures begin."""
    return form.places[table].row + min(_figure_rows(form.tables[table]))


def _figure_rows(cells: Sequence[Cell]) -> set[int]:
    return {c.row for c in cells if c.role == "value"}


def _blocks(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """The cells of each block: headings, then figures."""
    block: list[Cell] = []
    for cell in sorted(cells, key=lambda c: c.row):
        if cell.role in ("caption", "header", "corner") and any(c.role == "value" for c in block):
            yield block
            block = []
        block.append(cell)
    yield block


def _head_rows(block: Sequence[Cell]) -> set[int]:
    return {c.row + r for c in block if c.role in ("header", "corner") for r in range(c.rows)}


def _widths(form: Form, table: str) -> Iterator[float]:
    """Fewer columns of figures are wider, and what is still left goes to the last column of row headings."""
    plan, kind, place = workbook().table, kind_of(form, table), form.places[table]
    count = place.last_col - place.col - place.side + 1
    room = kind.value * max(count, kind.columns)
    value = max(kind.value, min(plan.widest, room / count))
    yield kind.margin
    if place.side:
        known = kind.side[:-1]
        more = place.side - 1 - len(known)
        narrow = (*known[:1] * more, *known[max(0, -more) :])
        yield from narrow
        yield sum(kind.side) - sum(narrow) + room - value * count
    yield from [value] * (count if place.side else max(count, LEAST))
    yield from (width for width in (kind.after.gap, kind.after.beside, kind.after.end) if width)


def _links(widths: Sequence[float], first_figure: int) -> tuple[int, int]:
    """The columns where the links to the sheets before and after begin; the second ends before the margin."""
    plan = workbook().table
    least = max(first_figure, 3)  # before it, the banner
    onward = len(widths) - 1
    while onward > least + 1 and sum(widths[onward - 1 : -1]) <= plan.onward:
        onward -= 1
    back = onward - 1
    while back > least and sum(widths[back - 1 : onward - 1]) <= plan.back:
        back -= 1
    return back, onward


def _wanted(cell: Cell, plain: float, room: float, form: Form, table: str) -> float:
    """How high a row must be for one of its cells."""
    known = {**workbook().heights, **own_layout(form, table).heights}
    if cell.text in known:
        return max(plain, known[cell.text])
    plan = workbook().table
    letters = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in cell.text)
    lines = ceil(letters * plan.half_letter / room)
    fitting = 1 + int((plain - plan.line) / plan.line)
    return plain + max(0, lines - fitting) * plan.line
