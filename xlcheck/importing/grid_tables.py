"""Tables told in grids: a row by its label, a figure's column by the headings above it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from xlcheck import data
from xlcheck.core.filing import entry_text
from xlcheck.core.form import Form
from xlcheck.data.messages import messages
from xlcheck.importing.document import Document, Doubt, Evidence, Grid, Slot
from xlcheck.importing.figures import CellFigure, is_figure, read_figure
from xlcheck.importing.labels import find, row_fields
from xlcheck.importing.normal_text import normal, spread
from xlcheck.importing.placement import PlacedRow


class GridRow(NamedTuple):
    """A row of a grid: its table and name, the slots after its label, and its place."""

    table: str
    row: str
    slots: tuple[Slot, ...]
    at: int
    seen: Evidence


class Heads(NamedTuple):
    """Which field's column stands at which place, as the headings say, and how wide the grid was."""

    by_column: Mapping[int, str]
    wide: int


def read_grids(document: Document, form: Form) -> tuple[list[PlacedRow], list[Doubt], frozenset[str]]:
    """The rows of the tables that stand in grids, and which tables those are."""
    placed: list[PlacedRow] = []
    doubts: list[Doubt] = []
    tables: set[str] = set()
    before: dict[str, Heads] = {}
    for number, grid in enumerate(document.grids, 1):
        for row in (*_rows(grid, number, form), *_last_table(grid, number, form)):
            tables.add(row.table)
            found = _place(grid, row, form, before)
            (placed if isinstance(found, PlacedRow) else doubts).append(found)  # type: ignore[arg-type]
    return placed, doubts, frozenset(tables)


def _rows(grid: Grid, number: int, form: Form) -> Iterator[GridRow]:
    names = (form.edition, *(n for n in data.editions() if n != form.edition))
    for r, row in enumerate(grid.rows):
        slots = [slot for c, slot in enumerate(row) if slot and slot.col == c]
        labelled = [(n, hit) for n, slot in enumerate(slots) if (hit := _label(slot.text, names))]
        if not labelled:
            continue
        n, (table, name) = labelled[-1]
        after = tuple(slots[n + 1 :])
        if after and (row_fields(form, table, name) or any(is_figure(s.text) for s in after)):
            yield GridRow(table, name, after, r, _seen(grid, number, r))


@cache
def _label(text: str, names: tuple[str, ...]) -> tuple[str, str] | None:
    """The row that a cell names from its first letter on."""
    if not text.strip() or is_figure(text):
        return None
    one = spread([text])
    marks = [m for table in ("t2", "t3") for m in find(one, 0, len(one.text), table, names)]
    return next(((m.table, m.row) for m in marks if m.start == 0), None)


def _place(grid: Grid, row: GridRow, form: Form, before: dict[str, Heads]) -> PlacedRow | Doubt:
    fields = row_fields(form, row.table, row.row) if row.table != "t4" else form.groups["t4"]
    if not fields:
        said = tuple(s.text for s in row.slots if s.text)
        return Doubt("foreign", row.seen.where, row.seen.text, (), (said,))
    figures = {s.col: read_figure(s.text) for s in row.slots}
    if any(s.row != row.at for s in row.slots if s.text):
        return Doubt("merged", row.seen.where, row.seen.text, fields)
    heads = _heads(grid, row, fields, form)
    if row.table != "t2":
        last = before.get(row.table)
        if len(heads) < len(fields) and not heads and last and last.wide == len(grid.rows[0]):
            heads = dict(last.by_column)
        if len(heads) == len(fields):
            before[row.table] = Heads(heads, len(grid.rows[0]))
    return _by_heads(row, fields, heads, figures)


def _by_heads(
    row: GridRow, fields: tuple[str, ...], heads: Mapping[int, str], figures: Mapping[int, CellFigure]
) -> PlacedRow | Doubt:
    """By the headings where they name every field; by order where none of them says otherwise."""
    mine = {heads[c]: f for c, f in figures.items() if c in heads}
    if len(mine) == len(fields):
        return PlacedRow(fields, tuple(mine[n] for n in fields), row.seen)
    order = dict(zip(sorted(figures), fields, strict=False))
    agree = all(order.get(c) == name for c, name in heads.items() if c in figures)
    if len(figures) == len(fields) and agree:
        return PlacedRow(fields, tuple(figures[c] for c in sorted(figures)), row.seen)
    filled = tuple(f.nil or entry_text(f.entry) for f in figures.values() if f.entry is not None or f.nil)
    if not filled:
        return PlacedRow(fields, (CellFigure(None),) * len(fields), row.seen)
    return Doubt("columns", row.seen.where, row.seen.text, fields, (filled,))


def _heads(grid: Grid, row: GridRow, fields: tuple[str, ...], form: Form) -> dict[int, str]:
    """For each column to the right of the label, the field whose heading is the nearest above."""
    found: dict[int, str] = {}
    for slot in row.slots:
        above = [s for r in range(row.at - 1, -1, -1) if (s := grid.rows[r][slot.col]) and s.text]
        name = _headed([normal(s.text) for s in above], fields, form)
        if name and name not in found.values():
            found[slot.col] = name
    return found


def _headed(above: list[str], fields: tuple[str, ...], form: Form) -> str:
    """The field whose column's words are met first, its group's words above them."""
    for n, said in enumerate(above):
        for name in fields:
            field = form.fields[name]
            if said == normal(field.column.label) or said in map(normal, field.column.aliases):
                group = normal(field.column.above[-1]) if field.table == "t4" else ""
                if not group or group in above[n + 1 :]:
                    return name
    return ""


def _last_table(grid: Grid, number: int, form: Form) -> Iterator[GridRow]:
    """表四 has no labels at its side: its row is the first under its headings."""
    words = {normal(f.column.label) for n, f in form.fields.items() if f.table == "t4"}
    heads = [r for r, row in enumerate(grid.rows) if sum(normal(s.text) in words for s in row if s) >= 10]
    for r in range(heads[-1] + 1, len(grid.rows)) if heads else ():
        slots = tuple(s for c, s in enumerate(grid.rows[r]) if s and s.col == c)
        if any(is_figure(s.text) for s in slots) or not any(s.text for s in slots):
            yield GridRow("t4", "", slots, r, _seen(grid, number, r))
            return


def _seen(grid: Grid, number: int, r: int) -> Evidence:
    row = grid.rows[r]
    said = " | ".join(s.text for c, s in enumerate(row) if s and s.col == c)
    where = grid.at[r][0] if grid.at else messages().table_row.format(table=number, n=r + 1)
    return Evidence(where, said[:300])
