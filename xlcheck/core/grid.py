"""Headings as trees, and a table as printed: cells with their spans, counted from the table's corner."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xlcheck.data import ADDRESS
from xlcheck.data.form import FigureKind, FormBlock, FormHeading

RowCol = tuple[int, int]  # of a cell, both counted from 1


LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet in Excel
is_address = re.compile(ADDRESS).fullmatch  # E6, and neither 6E6 nor e6 nor E06


class FormError(ValueError):
    """The form's own data are wrong, or something asked of the form is not in it."""


class NotInForm(FormError):
    """A place that this form does not have, by its ``name``; another edition's may."""

    def __init__(self, edition: str, name: str) -> None:
        super().__init__(f"the {edition} edition has no '{name}'")
        self.name = name


class OnlyElsewhere(NotInForm):
    """A place that this form does not have and another edition's does."""


class Node(NamedTuple):
    """A row or column heading; ``first`` and ``span`` say which leaves lie under it."""

    id: str
    label: str
    depth: int
    first: int
    span: int
    leaf: bool
    total: bool = False
    kind: FigureKind = "count"
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


def a1(row: int, col: int) -> str:
    """Write a cell's address: (6, 5) is E6."""
    return f"{column_name(col)}{row}"


def rc(address: str) -> RowCol:
    """Read a cell's address: E6 is (6, 5)."""
    name = address.rstrip("0123456789")
    return int(address[len(name) :]), column(name)


def box(area: str) -> tuple[RowCol, RowCol] | None:
    """The first and the last cell of an area: B2:C9, B2, whole columns B:C, whole rows 2:9; None for none."""
    first, _, last = area.replace("$", "").partition(":")
    (left, top), (right, bottom) = _letters_and_digits(first), _letters_and_digits(last or first)
    if not (left or top) or bool(left) != bool(right) or bool(top) != bool(bottom):
        return None
    if not (last or (left and top)):
        return None
    rows = (int(top), int(bottom)) if top else (1, LAST_ROW)
    cols = (column(left), column(right)) if left else (1, LAST_COLUMN)
    return (min(rows), min(cols)), (max(rows), max(cols))


def _letters_and_digits(corner: str) -> tuple[str, str]:
    """A corner's column and row, either of which may be left out; both empty for what is no corner."""
    name = corner.rstrip("0123456789")
    digits = corner[len(name) :]
    letters = not name or (name.isascii() and name.isalpha() and name.isupper() and len(name) <= 3)
    return (name, digits) if letters and len(digits) <= 7 else ("", "")


def column_name(col: int) -> str:
    """Write a column's name: 5 is E."""
    name = ""
    while col > 0:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def column(name: str) -> int:
    """Read a column's name: E is 5."""
    col = 0
    for letter in name:
        col = col * 26 + ord(letter) - 64
    return col


def axis(headings: Sequence[FormHeading]) -> tuple[Node, ...]:
    """Lay a flat list of headings out as a tree: each says in which group it stands."""
    groups = {heading.group for heading in headings if heading.group}
    nodes: list[Node] = []
    leaves = 0
    for said in headings:
        parent = next((n for n in nodes if n.id == said.group), None) if said.group else None
        if said.group and parent is None:
            raise FormError(f"'{said.id}' stands in '{said.group}', which does not come before it")
        above = (*parent.above, parent.short or parent.label) if parent else ()
        leaf = said.id not in groups
        depth = parent.depth + 1 if parent else 0
        nodes.append(
            Node(
                said.id, said.label, depth, leaves, 1, leaf, said.total, said.kind, said.unit,
                said.hint, said.short, said.aliases, above,
            )
        )  # fmt: skip
        leaves += leaf
    return tuple(n if n.leaf else n._replace(span=_span(n, nodes)) for n in nodes)


def _span(group: Node, nodes: list[Node]) -> int:
    path = (*group.above, group.short or group.label)
    return sum(n.leaf and n.above[: len(path)] == path for n in nodes)


def under(node: Node, nodes: tuple[Node, ...]) -> list[Node]:
    """The leaves under a heading; a total is not a part of its own group."""
    if node.leaf:
        return [node]
    inside = [n for n in nodes if n.leaf and node.first <= n.first < node.first + node.span]
    return [n for n in inside if not n.total]


def printed_cells(table: str, blocks: Sequence[FormBlock]) -> Iterator[Cell]:
    """Lay the table out as printed; blocks of fewer columns stretch their last one."""
    width = max(sum(n.leaf for n in axis(b.columns)) for b in blocks)
    row = 0
    for block in blocks:
        rows, columns = axis(block.rows), axis(block.columns)
        side = max(n.depth for n in rows) + 1 if block.corner else 0
        if block.caption:
            yield Cell(row, 0, 1, side + width, block.caption, "caption")
            row += 1
        depth = max(n.depth for n in columns) + 1
        if side:
            yield Cell(row, 0, depth, side, block.corner, "corner" if depth > 1 else "header")
        spread = width - sum(n.leaf for n in columns)
        for node in columns:
            yield _heading(node, row, side, depth, _stretch(node, columns, spread))
        row += depth
        for node in rows if side else ():
            yield _side(node, row, side)
        for r, c in pairs([n for n in rows if n.leaf], [n for n in columns if n.leaf]):
            name, total = join(table, r.id, c.id), r.total or c.total
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


def join(*parts: str) -> str:
    return ".".join(filter(None, parts))


def pairs(rows: Iterable[Node], columns: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    columns = tuple(columns)
    return ((r, c) for r in rows for c in columns)
