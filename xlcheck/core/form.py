"""One edition of the official form: its tables as trees of rows and columns, and where each cell lies.

A table is a stack of blocks; a block is a tree of columns over a tree of rows. 表三 is one block of
25 rows × 7 columns (2019: 23 × 7), 表四 one block of 1 × 15, 表二 five blocks one under another.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from xlcheck.core.grid import Cell, Node, NotInForm, a1, axis, join, pairs, printed_cells, rc, under
from xlcheck.data.form import FigureKind, FormBlock, FormFile, Option

if TYPE_CHECKING:  # only where the edition is compiled anew
    from xlcheck.data.workbook import TablePlan, WorkbookLayout

TELLING = 8  # letters of a corner that is no other table's
LONGEST_NAME = 31  # letters of a sheet's name in Excel
UNNAMEABLE = re.compile(r"[\[\]:*?/\\']")  # what no sheet's name may hold


class Field(NamedTuple):
    """A number the unit reports. ``kind`` is count (≥ 0, whole), signed (whole) or amount (≥ 0)."""

    name: str
    table: str
    kind: FigureKind
    unit: str
    row: Node
    column: Node
    place: str
    sheet: str
    cell: str


class TablePlace(NamedTuple):
    """Where a table lies on its sheet: its first cell and its last; ``side`` columns name its rows."""

    sheet: str
    row: int
    col: int
    last_row: int
    last_col: int
    side: int
    beside: int  # the column of what is said beside it


class Form:
    """One edition: identity, sections, tables as printed, and its fields in reading order.

    ``layout`` is what all editions' workbooks share.
    """

    def __init__(self, file: FormFile, layout: "WorkbookLayout") -> None:
        self.file = file
        self.edition, self.title, self.notice = file.edition, file.title, file.notice
        self.first_year, self.last_year = file.first_year, file.last_year
        self.sections = file.sections
        self.blocks = {s: file.table[s] for s in file.sections if s in file.table}
        self.begins = {t: file.begins.get(t) or _beginning(blocks[0]) for t, blocks in self.blocks.items()}
        self.tables = {t: tuple(printed_cells(t, blocks)) for t, blocks in self.blocks.items()}
        self.sheets = dict(_sheets(file, layout))
        self.places = {t: self._table_place(t, layout.table) for t in self.tables}
        self.groups: dict[str, tuple[str, ...]] = {}  # tables at once, others when asked for
        self.between, self.words = layout.words.between, layout.form_words
        self.axes: list[tuple[str, tuple[Node, ...], tuple[Node, ...]]] = []
        self.fields: dict[str, Field] = {}
        for table in self.tables:
            self._name(table)
        self.options = tuple(self._option(o, layout.table.under) for o in file.option)
        self.texts = dict(_texts(file, layout))
        self.labels = _labels(layout) | dict(self.sections) | {o.id: o.label for o in self.options}
        self.cover: dict[str, str] = {c: entry.cell for c, entry in layout.cover.items()}

    def covers(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year

    def is_rowless(self, table: str) -> bool:
        """Whether the table's rows have no names, as the only one of 表四."""
        return self.places[table].side == 0

    def is_stacked(self, table: str) -> bool:
        """Whether the table is made of blocks one under another, each with headings of its own."""
        return len(self.blocks[table]) > 1

    def where(self, at: str) -> tuple[str, str]:
        """The sheet and cell of a field, a text, a cover entry or an option."""
        if at in self.fields:
            return self.fields[at].sheet, self.fields[at].cell
        for option in self.options:
            if option.id == at:
                return option.sheet, option.cell
        sheet, cells = ("text", self.texts) if at in self.texts else ("cover", self.cover)
        return self.sheets[sheet], cells[at]

    def has(self, name: str) -> bool:
        """Whether a name a rule may use stands for something here."""
        if name in self.tables or name in self.texts or any(name == option.id for option in self.options):
            return True
        try:
            return bool(self.members(name))
        except NotInForm:
            return False

    def members(self, name: str) -> tuple[str, ...]:
        """The fields a group's name stands for: the leaves under it, totals left out.

        ``t3.denied.natural`` is eight cells, ``t3.new.org`` five, ``t4`` all fifteen. A field's own
        name is that field. Raises NotInForm when the edition has no such thing.
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

    @cached_property
    def names(self) -> dict[str, tuple[str, str]]:
        """The defined name of everything that is filled in, for other programs, and where it points."""
        names = {field.replace(".", "_"): field for field in self.fields}
        names |= {f"cover_{entry}": entry for entry in self.cover} | {
            f"text_{key}": key for key in self.texts
        }
        names |= {f"option_{option.id}": option.id for option in self.options}
        return {name: self.where(at) for name, at in names.items()}

    def _name(self, table: str) -> None:
        placed = {c.field: c for c in self.tables[table] if c.field}
        place = self.places[table]
        for block in self.blocks[table]:
            rows, columns = axis(block.rows), axis(block.columns)
            for row, column in pairs([n for n in rows if n.leaf], [n for n in columns if n.leaf]):
                name = join(table, row.id, column.id)
                address = a1(place.row + placed[name].row, place.col + placed[name].col)
                self.fields[name] = Field(
                    name, table, column.kind, column.unit, row, column,
                    _place(row, column, self.between), place.sheet, address,
                )  # fmt: skip
            self.axes.append((table, rows, columns))
        self.groups[table] = tuple(n for n, f in self.fields.items() if f.table == table)

    def _table_place(self, table: str, plan: "TablePlan") -> TablePlace:
        row, col = plan.row, plan.col
        cells = self.tables[table]
        last_row, last_col = row + max(c.row + c.rows for c in cells) - 1, col + _width(cells) - 1
        side = min(c.col for c in cells if c.field)
        return TablePlace(self.sheets[table], row, col, last_row, last_col, side, last_col + plan.gap)

    def _group(self, name: str) -> tuple[str, ...]:
        everything = Node("", "", -1, 0, 10_000, False)
        for table, rows, columns in self.axes:
            for row in (*rows, everything) if name.startswith(f"{table}.") else ():
                head = join(table, row.id)
                for column in (*columns, everything) if name.startswith(head) else ():
                    if join(head, column.id) == name:
                        leaves = pairs(under(row, rows), under(column, columns))
                        return tuple(join(table, r.id, c.id) for r, c in leaves)
        raise NotInForm(self.edition, name)

    def _option(self, option: Option, under: int) -> Option:
        """Where the workbook asks it: in the column of hints, or below a table."""
        if option.beside:
            field = self.fields[option.beside]
            return option._replace(
                sheet=field.sheet, cell=a1(rc(field.cell)[0], self.places[field.table].beside)
            )
        place = self.places[option.under]
        cell = a1(place.last_row + 1 + under, place.col + place.side)
        return option._replace(sheet=place.sheet, cell=cell)


def _width(cells: tuple[Cell, ...]) -> int:
    return max(c.col + c.cols for c in cells)


def _sheets(file: FormFile, layout: "WorkbookLayout") -> Iterator[tuple[str, str]]:
    """The workbook's sheets in their order: the cover, a sheet a table, then the others all editions have."""
    shared = {key: sheet.name for key, sheet in layout.sheets._asdict().items()}
    cover, *others = shared
    yield cover, shared[cover]
    for section, heading in file.sections.items():
        if section in file.table:
            yield section, file.sheets.get(section, UNNAMEABLE.sub("", heading)[:LONGEST_NAME])
    yield from ((key, shared[key]) for key in others)


def _texts(file: FormFile, layout: "WorkbookLayout") -> Iterator[tuple[str, str]]:
    """The texts in their order and where each begins; those without a label are the sections' own.

    One under another they take as many rows as the layout gives them, a section it does not know one row.
    """
    row, col = rc(layout.on_text.first)
    frame = [key for key, text in layout.texts.items() if text.label]
    first = next(iter(layout.texts))
    for key in (first, *(s for s in file.sections if s not in file.table), *frame[1:]):
        yield key, a1(row, col)
        row += len(layout.texts.get(key, layout.other_text).rows)


def _beginning(block: FormBlock) -> str:
    """What stands at a table's head and in no other's; a short corner may stand in many."""
    return block.caption or (block.corner if len(block.corner) >= TELLING else "")


def _labels(layout: "WorkbookLayout") -> dict[str, str]:
    """What the entries outside the tables are called; a section's own title comes from the edition."""
    labels: dict[str, str] = {key: entry.label for key, entry in layout.cover.items()}
    return labels | {key: text.label for key, text in layout.texts.items() if text.label}


def _place(row: Node, column: Node, between: str) -> str:
    """Say where a cell is in the form's own words: （三）不予公开 1.属于国家秘密 · 自然人."""
    side = [*row.above[1:], row.short or row.label]
    top = column.above[-1:] if not row.label else ()
    return between.join(filter(None, (" ".join(side), *top, column.short or column.label)))
