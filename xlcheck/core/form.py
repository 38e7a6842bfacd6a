"""One edition of the official form: its tables as trees of rows and columns, and where each cell lies.

A table is a stack of blocks; a block is a tree of columns over a tree of rows. 表三 is one block of
25 rows × 7 columns (2019: 23 × 7), 表四 one block of 1 × 15, 表二 five blocks one under another.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from xlcheck.core.grid import FormError, Node, a1, axis, join, pairs, printed_cells, rc, under

TABLES = ("t2", "t3", "t4")
TEXTS = ("preface", "s1", "s5", "s6", "sign", "date")


class Field(NamedTuple):
    """A number the unit reports. ``kind`` is count (≥ 0, whole), signed (whole) or amount (≥ 0)."""

    name: str
    table: str
    kind: str
    unit: str
    row: Node
    column: Node
    place: str
    sheet: str
    cell: str


class Option(NamedTuple):
    """A choice the workbook asks for beside a table; ``nil`` names a table that a tick states to be nil."""

    id: str
    label: str
    choices: tuple[str, ...]
    beside: str = ""
    under: str = ""
    nil: str = ""
    sheet: str = ""
    cell: str = ""


class Form:
    """One edition: identity, sections, tables as printed, and its fields in reading order."""

    def __init__(self, raw: Mapping[str, Any], layout: Mapping[str, Any]) -> None:
        self.edition: str = raw["edition"]
        self.title: str = raw["title"]
        self.notice: str = raw["notice"]
        self.first_year: int = raw["first_year"]
        self.last_year: int = raw.get("last_year", 9999)
        self.sections: dict[str, str] = raw["sections"]
        self.sheets: dict[str, str] = {key: sheet["name"] for key, sheet in layout["sheets"].items()}
        self.tables = {table: tuple(printed_cells(table, raw[table])) for table in TABLES}
        self.groups: dict[str, tuple[str, ...]] = {}  # tables at once, others when asked for
        self.axes: list[tuple[str, tuple[Node, ...], tuple[Node, ...]]] = []
        self.fields: dict[str, Field] = {}
        for table in TABLES:
            self._name(table, raw[table], layout["sheets"][table])
        self.options = tuple(self._option(o, layout["sheets"]) for o in raw.get("option", ()))
        self.texts: dict[str, str] = {t: layout["texts"][t]["cell"] for t in TEXTS}
        self.labels = _labels(layout) | self.sections | {o.id: o.label for o in self.options}
        self.cover: dict[str, str] = {c: layout["cover"][c]["cell"] for c in layout["cover"]}

    def covers(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year

    def where(self, at: str) -> tuple[str, str]:
        """The sheet and cell of a field, a text, a cover entry or an option."""
        if at in self.fields:
            return self.fields[at].sheet, self.fields[at].cell
        for option in self.options:
            if option.id == at:
                return option.sheet, option.cell
        sheet, cells = ("text", self.texts) if at in self.texts else ("cover", self.cover)
        return self.sheets[sheet], cells[at]

    def members(self, name: str) -> tuple[str, ...]:
        """The fields a group's name stands for: the leaves under it, totals left out.

        ``t3.denied.natural`` is eight cells, ``t3.new.org`` five, ``t4`` all fifteen. A field's own
        name is that field. Raises FormError when the edition has no such thing.
        """
        if name in self.fields:
            return (name,)
        if name not in self.groups:
            self.groups[name] = self._group(name)
        return self.groups[name]

    @cached_property
    def addresses(self) -> dict[tuple[str, str], str]:
        """Which field lies at (sheet, cell)."""
        return {(f.sheet, f.cell): f.name for f in self.fields.values()}

    def _name(self, table: str, blocks: list[Mapping[str, Any]], sheet: Mapping[str, Any]) -> None:
        placed = {c.field: c for c in self.tables[table] if c.field}
        for block in blocks:
            rows, columns = axis(block["rows"]), axis(block["columns"])
            for row, column in pairs([n for n in rows if n.leaf], [n for n in columns if n.leaf]):
                name = join(table, row.id, column.id)
                cell = placed[name]
                address = a1(sheet["row"] + cell.row, sheet["col"] + cell.col)
                self.fields[name] = Field(
                    name, table, column.kind, column.unit, row, column,
                    _place(row, column), sheet["name"], address,
                )  # fmt: skip
            self.axes.append((table, rows, columns))
        self.groups[table] = tuple(n for n, f in self.fields.items() if f.table == table)

    def _group(self, name: str) -> tuple[str, ...]:
        everything = Node("", "", -1, 0, 10_000, False)
        for table, rows, columns in self.axes:
            for row in (*rows, everything) if name.startswith(f"{table}.") else ():
                head = join(table, row.id)
                for column in (*columns, everything) if name.startswith(head) else ():
                    if join(head, column.id) == name:
                        leaves = pairs(under(row, rows), under(column, columns))
                        return tuple(join(table, r.id, c.id) for r, c in leaves)
        raise FormError(f"the {self.edition} edition has no '{name}'")

    def _option(self, raw: Mapping[str, Any], sheets: Mapping[str, Any]) -> Option:
        option = Option(**{**raw, "choices": tuple(raw["choices"])})
        if option.beside:
            field = self.fields[option.beside]
            row, _ = rc(field.cell)
            return option._replace(sheet=field.sheet, cell=a1(row, sheets[field.table]["beside"]))
        sheet = sheets[option.under]
        last = max(c.row + c.rows for c in self.tables[option.under])
        return option._replace(
            sheet=sheet["name"], cell=a1(sheet["row"] + last + sheet["under"], sheet["option_col"])
        )


def _labels(layout: Mapping[str, Any]) -> dict[str, str]:
    """What the entries outside the tables are called; a section's own title comes from the edition."""
    entries = {**layout["cover"], **layout["texts"]}
    return {key: entry["label"] for key, entry in entries.items() if "label" in entry}


def _place(row: Node, column: Node) -> str:
    """Say where a cell is in the form's own words: （三）不予公开 1.属于国家秘密 · 自然人."""
    side = [*row.above[1:], row.short or row.label]
    top = column.above[-1:] if not row.label else ()
    return " · ".join(filter(None, (" ".join(side), *top, column.short or column.label)))
