"""Tables told in grids: a row by its label, a figure's column by the headings above it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xlcheck.core.filing import entry_text
from xlcheck.core.form import Form
from xlcheck.data.messages import messages
from xlcheck.importing.cell_figure import CellFigure, is_figure, read_figure
from xlcheck.importing.document import Document, Doubt, Evidence, Grid, Slot
from xlcheck.importing.labels import Forms, are_foreign, find, row_fields
from xlcheck.importing.normal_text import normal, spread


class GridRow(NamedTuple):
    """A row of a grid: its table and name, the slots after its label, and its place."""

    table: str
    row: str
    slots: tuple[Slot, ...]
    at: int
    seen: Evidence


class PlacedRow(NamedTuple):
    """A row whose cells are known: one figure a field; ``beside`` are those in columns the form has not."""

    fields: tuple[str, ...]
    figures: tuple[CellFigure, ...]
    seen: Evidence
    beside: tuple[str, ...] = ()


class ColumnHeads(NamedTuple):
    """Which field's column stands at which place, as the headings say, and how wide the grid was."""

    by_column: Mapping[int, str]
    wide: int


def read_grids(document: Document, forms: Forms) -> tuple[list[PlacedRow], list[Doubt], frozenset[str]]:
    """The rows of the tables that stand in grids, and which tables those are."""
    form = forms[0]
    placed: list[PlacedRow] = []
    doubts: list[Doubt] = []
    tables: set[str] = set()
    before: dict[str, ColumnHeads] = {}
    for number, grid in enumerate(document.grids, 1):
        rows = (*_rows(grid, number, forms), *_rowless(grid, number, form))
        for row in rows:
            tables.add(row.table)
            found = _place(grid, row, forms, before)
            (placed if isinstance(found, PlacedRow) else doubts).append(found)  # type: ignore[arg-type]
        doubts += _strange(grid, number, {row.at for row in rows}) if tables else ()
    return placed, doubts, frozenset(tables)


def _rows(grid: Grid, number: int, forms: Forms) -> Iterator[GridRow]:
    for r, row in enumerate(grid.rows):
        slots = [slot for c, slot in enumerate(row) if slot and slot.col == c]
        labelled = [(n, hit) for n, slot in enumerate(slots) if (hit := _label(slot.text, forms))]
        if not labelled:
            continue
        n, (table, name) = labelled[-1]
        after = tuple(slots[n + 1 :])
        if after and (row_fields(forms[0], table, name) or any(is_figure(s.text) for s in after)):
            yield GridRow(table, name, after, r, _seen(grid, number, r))


def _strange(grid: Grid, number: int, known: set[int]) -> Iterator[Doubt]:
    """Rows of figures under a name that is no form's: below rows of ours, or in a table of their own."""
    for r in range(min(known, default=0), len(grid.rows)):
        slots = [slot for c, slot in enumerate(grid.rows[r]) if slot and slot.col == c and slot.text.strip()]
        names = [slot for slot in slots if slot.row == r and not is_figure(slot.text)]
        figures = [slot for slot in slots if is_figure(slot.text)]
        if r not in known and names and figures and names[-1].col < figures[0].col:
            seen = _seen(grid, number, r)
            yield Doubt("strange", seen.where, seen.text, (), (tuple(slot.text for slot in figures),))


def _is_number(figure: CellFigure) -> bool:
    return isinstance(figure.entry, Decimal)


@cache
def _label(text: str, forms: Forms) -> tuple[str, str] | None:
    """The row that a cell names from its first letter on."""
    if not text.strip() or is_figure(text):
        return None
    one = spread([text])
    tables = dict.fromkeys(table for form in forms for table in form.tables)
    marks = [m for table in tables for m in find(one, 0, len(one.text), table, forms)]
    return next(((m.table, m.row) for m in marks if m.start == 0), None)


def _place(grid: Grid, row: GridRow, forms: Forms, before: dict[str, ColumnHeads]) -> PlacedRow | Doubt:
    form, fields = forms[0], row_fields(forms[0], row.table, row.row)
    if not fields:
        said = tuple(s.text for s in row.slots if s.text)
        return Doubt("foreign", row.seen.where, row.seen.text, (), (said,))
    figures = {s.col: read_figure(s.text) for s in row.slots}
    if any(s.row != row.at for s in row.slots if s.text):
        return Doubt("merged", row.seen.where, row.seen.text, fields)
    heads = _heads(grid, row, fields, form)
    if not form.is_stacked(row.table):
        last = before.get(row.table)
        if not heads and last and last.wide == len(grid.rows[0]):
            heads = dict(last.by_column) if figures.keys() <= last.by_column.keys() else {}
        if len(heads) == len(fields):
            before[row.table] = ColumnHeads(heads, len(grid.rows[0]))
    if not heads and _is_headed_otherwise(grid, row, forms):
        figured = tuple(entry_text(one.entry) for one in figures.values() if _is_number(one))
        return Doubt("columns", row.seen.where, row.seen.text, fields, (figured,))
    return _by_heads(row, fields, heads, figures)


def _is_headed_otherwise(grid: Grid, row: GridRow, forms: Forms) -> bool:
    """Whether the columns are headed by years, quarters or places."""
    columns = [slot.col for slot in row.slots if is_figure(slot.text)]
    above = [[slot.text for r in range(row.at - 1, -1, -1) if (slot := grid.rows[r][c])] for c in columns]
    named = [next((normal(text) for text in texts if _is_heading(text)), "") for texts in above]
    return are_foreign(named, forms)


def _is_heading(text: str) -> bool:
    """Whether a cell holds words, or a year; a mark for nothing is neither."""
    figure = read_figure(text)
    return isinstance(figure.entry, str) or bool(re.fullmatch(r"20\d\d", normal(text)))


def _by_heads(
    row: GridRow, fields: tuple[str, ...], heads: Mapping[int, str], figures: Mapping[int, CellFigure]
) -> PlacedRow | Doubt:
    """By the headings where they name every field; by order where none of them says otherwise."""
    mine = {heads[c]: f for c, f in figures.items() if c in heads}
    if mine.keys() == set(fields):
        beside = tuple(entry_text(f.entry) for c, f in figures.items() if c not in heads and _is_number(f))
        return PlacedRow(fields, tuple(mine[n] for n in fields), row.seen, beside)
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
                alike = sum(form.fields[other].column.label == field.column.label for other in fields)
                if alike == 1 or normal(field.column.above[-1]) in above[n + 1 :]:
                    return name
    return ""


def _rowless(grid: Grid, number: int, form: Form) -> Iterator[GridRow]:
    """A table without labels at its side, as 表四: its row is the first under most of its headings."""
    for table in (t for t in form.tables if form.is_rowless(t)):
        columns = [normal(form.fields[name].column.label) for name in form.groups[table]]
        heads = [r for r, row in enumerate(grid.rows) if _heads_most([s.text for s in row if s], columns)]
        for r in range(heads[-1] + 1, len(grid.rows)) if heads else ():
            slots = tuple(s for c, s in enumerate(grid.rows[r]) if s and s.col == c)
            if any(_has_figure(s.text) for s in slots) or not any(s.text for s in slots):
                yield GridRow(table, "", slots, r, _seen(grid, number, r))
                break


def _has_figure(text: str) -> bool:
    """Whether a cell holds a figure, or one with words beside it."""
    return _is_number(read_figure(text)) or bool(re.match(r"[\W_]*\d", text))


def _heads_most(texts: list[str], columns: list[str]) -> bool:
    """Whether two thirds of a table's columns, and of their different names, are met."""
    met = [text for text in map(normal, texts) if text in columns]
    return len(met) * 3 >= len(columns) * 2 and len(set(met)) * 3 >= len(set(columns)) * 2


def _seen(grid: Grid, number: int, r: int) -> Evidence:
    row = grid.rows[r]
    said = " | ".join(s.text for c, s in enumerate(row) if s and s.col == c)
    where = grid.at[r][0] if grid.at else messages().table_row.format(table=number, n=r + 1)
    return Evidence(where, said[:300])
