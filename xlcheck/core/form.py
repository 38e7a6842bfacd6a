"""One edition of the official form: its tables as trees of rows and columns, and where each cell lies.

A table is a stack of blocks; a block is a tree of columns over a tree of rows. 表三 is one block of
25 rows × 7 columns (2019: 23 × 7), 表四 one block of 1 × 15, 表二 five blocks one under another.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

TABLES = ("t2", "t3", "t4")
TEXTS = ("preface", "s1", "s5", "s6", "sign", "date")


class FormError(ValueError):
    """The form's own data are wrong, or something asked of the form is not in it."""


class Node(NamedTuple):
    """A row or column heading; ``first`` and ``span`` say which leaves lie under it."""

    id: str
    label: str
    depth: int
    first: int
    span: int
    leaf: bool
    total: bool = False
    kind: str = "count"
    unit: str = ""
    hint: str = ""
    short: str = ""
    aliases: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


class Cell(NamedTuple):
    """A cell of the printed table, counted from the table's corner; merged over ``rows`` × ``cols``."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    role: str  # caption, corner, header, label or value
    field: str = ""
    total: bool = False
    depth: int = 0


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
        self.tables = {table: tuple(_table(table, raw[table])) for table in TABLES}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.fields: dict[str, Field] = {}
        for table in TABLES:
            self._name(table, raw[table], layout["sheets"][table])
        self.options = tuple(self._option(o, layout["sheets"]) for o in raw.get("option", ()))
        self.texts: dict[str, str] = {t: layout["texts"][t]["cell"] for t in TEXTS}
        self.cover: dict[str, str] = {c: layout["cover"][c]["cell"] for c in layout["cover"]}

    def covers(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year

    def members(self, name: str) -> tuple[str, ...]:
        """The fields a group's name stands for: the leaves under it, totals left out.

        ``t3.denied.natural`` is eight cells, ``t3.new.org`` five, ``t4`` all fifteen. A field's own
        name is that field. Raises FormError when the edition has no such thing.
        """
        if name in self.fields:
            return (name,)
        if name not in self.groups:
            raise FormError(f"the {self.edition} edition has no '{name}'")
        return self.groups[name]

    @cached_property
    def addresses(self) -> dict[tuple[str, str], str]:
        """Which field lies at (sheet, cell)."""
        return {(f.sheet, f.cell): f.name for f in self.fields.values()}

    def _name(self, table: str, blocks: list[Mapping[str, Any]], sheet: Mapping[str, Any]) -> None:
        placed = {c.field: c for c in self.tables[table] if c.field}
        for block in blocks:
            rows, columns = _axis(block["rows"]), _axis(block["columns"])
            for row, column in _pairs([n for n in rows if n.leaf], [n for n in columns if n.leaf]):
                name = _join(table, row.id, column.id)
                cell = placed[name]
                address = a1(sheet["row"] + cell.row, sheet["col"] + cell.col)
                self.fields[name] = Field(
                    name, table, column.kind, column.unit, row, column,
                    _place(row, column), sheet["name"], address,
                )  # fmt: skip
            self._group(table, rows, columns)
        self.groups[table] = tuple(n for n, f in self.fields.items() if f.table == table)

    def _group(self, table: str, rows: tuple[Node, ...], columns: tuple[Node, ...]) -> None:
        everything = Node("", "", -1, 0, 10_000, False)
        for row, column in _pairs((*rows, everything), (*columns, everything)):
            name = _join(table, row.id, column.id)
            if name != table and name not in self.fields:
                leaves = _pairs(_under(row, rows), _under(column, columns))
                self.groups[name] = tuple(_join(table, r.id, c.id) for r, c in leaves)

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


def a1(row: int, col: int) -> str:
    """Write a cell's address: (6, 5) is E6."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def rc(address: str) -> tuple[int, int]:
    """Read a cell's address: E6 is (6, 5)."""
    letters = address.rstrip("0123456789")
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return int(address[len(letters) :]), col


def _axis(items: list[Mapping[str, Any]]) -> tuple[Node, ...]:
    """Lay a flat list of headings out as a tree: each says in which group it stands."""
    groups = {item["in"] for item in items if "in" in item}
    nodes: list[Node] = []
    leaves = 0
    for item in items:
        parent = next((n for n in nodes if n.id == item.get("in")), None)
        if "in" in item and parent is None:
            raise FormError(f"'{item['id']}' stands in '{item['in']}', which does not come before it")
        above = (*parent.above, parent.short or parent.label) if parent else ()
        extra = {k: v for k, v in item.items() if k not in ("in", "aliases")}
        leaf = item["id"] not in groups
        depth = parent.depth + 1 if parent else 0
        aliases = tuple(item.get("aliases", ()))
        nodes.append(
            Node(**extra, depth=depth, first=leaves, span=1, leaf=leaf, aliases=aliases, above=above)
        )
        leaves += leaf
    return tuple(n if n.leaf else n._replace(span=_span(n, nodes)) for n in nodes)


def _span(group: Node, nodes: list[Node]) -> int:
    path = (*group.above, group.short or group.label)
    return sum(n.leaf and n.above[: len(path)] == path for n in nodes)


def _under(node: Node, nodes: tuple[Node, ...]) -> list[Node]:
    """The leaves under a heading; a total is not a part of its own group."""
    if node.leaf:
        return [node]
    inside = [n for n in nodes if n.leaf and node.first <= n.first < node.first + node.span]
    return [n for n in inside if not n.total]


def _table(table: str, blocks: list[Mapping[str, Any]]) -> Iterator[Cell]:
    """Lay the table out as printed; blocks of fewer columns stretch their last one."""
    width = max(sum(n.leaf for n in _axis(b["columns"])) for b in blocks)
    row = 0
    for block in blocks:
        rows, columns = _axis(block["rows"]), _axis(block["columns"])
        side = max(n.depth for n in rows) + 1 if block.get("corner") else 0
        if block.get("caption"):
            yield Cell(row, 0, 1, side + width, block["caption"], "caption")
            row += 1
        depth = max(n.depth for n in columns) + 1
        if side:
            yield Cell(row, 0, depth, side, block["corner"], "corner" if depth > 1 else "header")
        spread = width - sum(n.leaf for n in columns)
        for node in columns:
            yield _heading(node, row, side, depth, _stretch(node, columns, spread))
        row += depth
        for node in rows if side else ():
            yield _side(node, row, side)
        for r, c in _pairs([n for n in rows if n.leaf], [n for n in columns if n.leaf]):
            name, total = _join(table, r.id, c.id), r.total or c.total
            yield Cell(
                row + r.first, side + c.first, 1, _stretch(c, columns, spread), "", "value", name, total
            )
        row += sum(n.leaf for n in rows)


def _stretch(node: Node, columns: tuple[Node, ...], spread: int) -> int:
    return node.span + (spread if node is columns[-1] else 0)


def _heading(node: Node, row: int, side: int, depth: int, cols: int) -> Cell:
    rows = depth - node.depth if node.leaf else 1
    return Cell(row + node.depth, side + node.first, rows, cols, node.label, "header", total=node.total)


def _side(node: Node, row: int, side: int) -> Cell:
    cols = side - node.depth if node.leaf else 1
    return Cell(
        row + node.first, node.depth, node.span, cols, node.label, "label", total=node.total, depth=node.depth
    )


def _place(row: Node, column: Node) -> str:
    """Say where a cell is in the form's own words: （三）不予公开 1.属于国家秘密 · 自然人."""
    side = [*row.above[1:], row.short or row.label]
    top = column.above[-1:] if not row.label else ()
    return " · ".join(filter(None, (" ".join(side), *top, column.short or column.label)))


def _join(*parts: str) -> str:
    return ".".join(filter(None, parts))


def _pairs(rows: Any, columns: Any) -> Iterator[tuple[Node, Node]]:
    return ((r, c) for r in rows for c in columns)
