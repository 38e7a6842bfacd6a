"""The cells in a sheet's XML: each is kept as its bytes, and only what is put in is written anew."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from math import isfinite
from typing import NamedTuple

from xlcheck.core.cell_functions import CellError, Value
from xlcheck.core.filing import figure_text
from xlcheck.core.formula import Entry
from xlcheck.core.grid import column, column_name, is_address, rc
from xlcheck.core.results import StoredFormula
from xlcheck.workbook.formula_cells import FormulaCell, formula_cell, shared_formula
from xlcheck.workbook.markup import (
    ATTRIBUTES,
    Unchangeable,
    attribute,
    children,
    opened,
    text_tag,
    well_formed,
    with_attribute,
)
from xlcheck.workbook.xml import Raw, SheetReader, walk

HIDING = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?.*?\?>", re.DOTALL)  # what may hide a tag
TAG = re.compile(ATTRIBUTES + b">")
LETTERS = re.compile("[A-Z]+")
KEPT, ROWS, LONGEST = 8192, 1024, 1 << 15  # cells and rows remembered, bytes of a row that is
LONG = 10  # digits that no row and no style has
DEEP, MANY = 4096, 1 << 17  # rows below which none of ours lies, bytes of rows that are many
OF_ITS_OWN = ("t", "cm", "vm")  # what a cell says of the value in it


class RowXml:
    """A row: its open tag, its cells by address, each from its first attribute on, and its close tag.

    ``formulas`` are the cells that had one when it was read; ``whole`` is the row as it was, while it is so.
    """

    def __init__(
        self,
        opened: bytes,
        closed: bytes,
        cells: dict[str, bytes],
        formulas: Sequence[str] = (),
        whole: bytes = b"",
    ) -> None:
        self.opened, self.closed, self.cells = opened, closed, cells
        self.formulas, self.whole = formulas, whole


class RowLook(NamedTuple):
    """How high a row is, as it is stored: height in points, whether somebody set it, whether it is hidden."""

    ht: str | None = None
    customHeight: str | None = None
    hidden: str | None = None


class StoredRow(NamedTuple):
    """A row as a sheet has it: its number if it says one, its tags and cells, and where those lie."""

    number: int | None
    opened: bytes
    places: list[str]
    cells: list[bytes]
    closed: bytes
    formulas: Sequence[int]


class SheetCells:
    """The cells of one sheet by address; what is not touched keeps every byte. Raises Unchangeable."""

    def __init__(self, xml: bytes) -> None:
        root, data = opened(xml, "worksheet"), opened(xml, "sheetData")
        if not root or not data or root[1] != data[1]:
            raise Unchangeable
        self.prefix = data[1]
        self.tag, self.sign = b"<%bc" % data[1], b"<%brow" % data[1]
        start, close = data.end(), b"</" + data[1] + b"sheetData>"
        end = start if data[0].endswith(b"/>") else xml.rfind(close[:-1])
        if end < start or xml.find(b"sheetData", start, end) > 0:
            raise Unchangeable
        well_formed(xml[:start] + xml[end:])  # each row is looked at when it is met
        self.head = xml[: data.start()]
        self.frame = (data[0].replace(b"/>", b">"), close) if start == end else (data[0], b"")
        self.tail = xml[end:]
        self.rows: dict[int, RowXml] = {}
        self.where: dict[str, RowXml] = {}
        self.met: dict[str, FormulaCell] = {}
        self.unordered: set[int] = set()  # rows that got cells at their end
        body = HIDING.sub(_bare, xml[start:end]) if HIDING.search(xml, start, end) else xml[start:end]
        cut = _only_looks(data[1], body)
        self._read(body[:cut])
        self.below = body[cut:]  # rows that stay as they are

    # ---------------------------------------------------------------- reading
    def _read(self, body: bytes) -> None:
        self.blank, *rows = _sign(self.prefix, b"row").split(body)
        if self.blank.strip():
            raise Unchangeable
        number = 0
        for piece in rows:
            there = _row(self.prefix, piece) if len(piece) < LONGEST else _row_once(self.prefix, piece)
            number = number + 1 if there.number is None else there.number
            if number in self.rows:
                raise Unchangeable
            opened, places, cells = there.opened, there.places, there.cells
            if there.number is None:
                opened = b'<%brow r="%d"%b' % (self.prefix, number, opened.partition(b"row")[2])
            whole = self.sign + piece if there.number else b""
            if len(places) != len(cells):  # where some lie is not said first, or not at all
                whole = b""
                cells = [*_placed(cells, number)]
                places = _places(cells)
            formulas = [places[n] for n in there.formulas]
            mine = dict(zip(places, cells, strict=True))
            row = self.rows[number] = RowXml(opened, there.closed, mine, formulas, whole)
            self.where.update(dict.fromkeys(places, row))

    def raw(self, at: str) -> Raw | None:
        """A cell as it is stored; one without anything in it is none."""
        there = self._piece(at)
        return _raw(self.prefix, there) if there else None

    def style(self, at: str) -> int:
        """The number of a cell's style."""
        there = self._piece(at)
        return _int(attribute(_tag(there), "s") or "0") if there else 0

    def formulas(self) -> Iterator[tuple[str, StoredFormula]]:
        """Every formula, those that several cells share from the cell they were written for."""
        shared: dict[str, tuple[str, str]] = {}
        for row in self.rows.values():
            for at in row.formulas:
                if found := formula_cell(self.prefix, row.cells.get(at, b"")):
                    self.met[at] = found
                    yield at, found.written if found.number is None else shared_formula(at, found, shared)

    def after_rows(self) -> dict[str, int]:
        """Where in what follows the rows each child of the sheet begins, by its name."""
        root = b"<%bworksheet><%bsheetData>" % (self.prefix, self.prefix) + self.frame[1]
        return {name: start - len(root) for name, start in children(root + self.tail) if start >= len(root)}

    # ---------------------------------------------------------------- writing
    def put(self, at: str, entry: Entry) -> None:
        """Write a figure, a text or nothing into a cell; its look stays."""
        if entry is None and at not in self.where:
            return
        p = self.prefix
        match entry:
            case None:
                self._write(at, None, b"")
            case Decimal():
                self._write(at, None, b"<%bv>%b</%bv>" % (p, figure_text(entry).encode(), p))
            case _:
                self._write(at, "inlineStr", b"<%bis>%b</%bis>" % (p, text_tag(p, entry), p))

    def dress(self, at: str, style: int) -> None:
        """Give a cell another style; one that is nothing but its place is taken away."""
        there = self._piece(at) or self._new(at)
        tag = _tag(there)
        dressed = with_attribute(tag, "s", str(style) if style else None) + there[len(tag) :]
        self._replace(at, dressed)

    def row_look(self, number: int) -> RowLook:
        """How high a row is stored to be."""
        row = self.rows.get(number)
        return _row_look(row.opened) if row else RowLook()

    def dress_row(self, number: int, look: RowLook) -> None:
        """Make a row as high as this; one that is not stored stays so."""
        row = self.rows.get(number)
        if row is None:
            return
        row.opened, row.whole = _dressed_row(row.opened, look), b""

    def result(self, at: str, value: Value | CellError) -> None:
        """Write what a formula that was met comes to beside it, where it is not what stands there."""
        there = self.met[at].with_result(self.prefix, value)
        if there is not None:
            self._replace(at, there)

    def xml(self) -> bytes:
        """The sheet as it is now."""
        parts = [self.head, self.frame[0], self.blank]
        for number, row in self.rows.items():
            if row.whole:
                parts.append(row.whole)
                continue
            parts.append(row.opened)
            cells = row.cells
            for at in sorted(cells, key=_column) if number in self.unordered else cells:
                parts += (self.tag, cells[at])
            parts.append(row.closed)
        return b"".join((*parts, self.below, self.frame[1], self.tail))

    def _piece(self, at: str) -> bytes:
        row = self.where.get(at)
        return row.cells[at] if row else b""

    def _new(self, at: str) -> bytes:
        return b' r="%b"/>' % at.encode()

    def _write(self, at: str, kind: str | None, inner: bytes) -> None:
        there = self._piece(at) or self._new(at)
        tag = _tag(there)
        if not inner and tag.endswith(b"/>"):
            return
        after = _after(there, tag, self.prefix)
        bare = _typed(tag, kind).removesuffix(b"/>").removesuffix(b">")
        whole = b"%b>%b</%bc>" % (bare, inner, self.prefix) if inner else bare + b"/>"
        self._replace(at, whole + after)

    def _replace(self, at: str, piece: bytes) -> None:
        if self.below and rc(at)[0] > DEEP:
            raise Unchangeable
        row = self.where.get(at) or self._place(at)
        row.whole = b""
        if at not in row.cells:
            row.cells[at] = piece
            self.where[at] = row
        elif piece == self._new(at):
            self._remove(at, row)
        else:
            row.cells[at] = piece

    def _place(self, at: str) -> RowXml:
        """Where a new cell goes: its row, made where there is none; its place in the row comes at the end."""
        number, _ = rc(at)
        if number not in self.rows:
            p = self.prefix
            self.rows[number] = RowXml(b'<%brow r="%d">' % (p, number), b"</%brow>" % p, {})
            self.rows = dict(sorted(self.rows.items()))
        row = self.rows[number]
        if row.opened.rstrip().endswith(b"/>") and not row.closed:
            row.opened = row.opened.rstrip()[:-2] + b">"
            row.closed = b"</%brow>" % self.prefix
        self.unordered.add(number)
        return row

    def _remove(self, at: str, row: RowXml) -> None:
        del row.cells[at], self.where[at]
        number, _ = rc(at)
        if not row.cells and row.opened == b'<%brow r="%d">' % (self.prefix, number):
            del self.rows[number]


@lru_cache
def _sign(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<%b%b(?=[\s/>])" % (prefix, name))


def _only_looks(prefix: bytes, body: bytes) -> int:
    """Where the rows begin that lie deep below ours and hold nothing but looks, by the hundred thousand.

    Somebody formatted whole columns. Such rows are not parted: they must be well-formed and in their order.
    """
    if len(body) < MANY:
        return len(body)
    held = max(body.rfind(b"<%b%b" % (prefix, name)) for name in (b"v", b"f", b"is"))
    sign = re.compile(rb'''<%brow\sr="([0-9]{1,7})"''' % prefix)
    cut = next((row.start() for row in sign.finditer(body, held + 1) if int(row[1]) > DEEP), len(body))
    numbers = [int(number) for number in sign.findall(body)]
    every = len(_sign(prefix, b"row").findall(body)) == len(numbers)
    if len(body) - cut < MANY or not every or sorted({*numbers}) != numbers:
        return len(body)
    well_formed(b"<rows>%b</rows>" % body[cut:])
    return cut


def _row_once(prefix: bytes, piece: bytes) -> StoredRow:
    well_formed(b"<%brow%b" % (prefix, piece))
    tag = _tag(piece)
    end = piece.rfind(b"</%brow" % prefix)
    inner, closed = (piece[len(tag) :], b"") if end < 0 else (piece[len(tag) : end], piece[end:])
    first, *cells = _sign(prefix, b"c").split(inner)
    number = attribute(tag, "r")
    opened = b"<%brow%b%b" % (prefix, tag, first)
    formulas = [n for n, cell in enumerate(cells) if b"<%bf" % prefix in cell]
    return StoredRow(_int(number) if number else None, opened, _places(cells), cells, closed, formulas)


_row = lru_cache(ROWS)(_row_once)  # files of one template share most of them


@lru_cache(ROWS)
def _row_look(opened: bytes) -> RowLook:
    return RowLook(*(attribute(opened, name) for name in RowLook._fields))


@lru_cache(ROWS)
def _dressed_row(opened: bytes, look: RowLook) -> bytes:
    start, end = opened.index(b"<"), opened.index(b">") + 1
    tag = opened[start:end]
    for name, value in look._asdict().items():
        tag = with_attribute(tag, name, value)
    return opened[:start] + tag + opened[end:]


def _places(cells: list[bytes]) -> list[str]:
    """Where those cells lie that say so first."""
    places = [piece[4 : piece.find(b'"', 4)] for piece in cells if piece.startswith(b' r="')]
    return b" ".join(places).decode().split()


def _placed(cells: list[bytes], number: int) -> Iterator[bytes]:
    """The cells of a row, each with its place said first: where it was not said, it is the next."""
    col = 0
    for piece in cells:
        tag = _tag(piece)
        at = attribute(tag, "r") or f"{column_name(col + 1)}{number}"
        if not is_address(at):
            raise Unchangeable
        col = _column(at)
        yield b' r="%b"' % at.encode() + with_attribute(tag, "r", None) + piece[len(tag) :]


def _int(text: str) -> int:
    if not (text.isdecimal() and len(text) < LONG):
        raise Unchangeable
    return int(text)


def _tag(piece: bytes) -> bytes:
    """The rest of the open tag that a piece begins with."""
    end = piece.find(b">") + 1
    if end and not piece.count(b'"', 0, end) % 2 and b"'" not in piece[:end]:  # not one in quotes
        return piece[:end]
    found = TAG.match(piece)
    if not found:
        raise Unchangeable
    return found[0]


@lru_cache(KEPT)
def _typed(tag: bytes, kind: str | None) -> bytes:
    """A cell's open tag for a value of a kind."""
    for name in OF_ITS_OWN:
        tag = with_attribute(tag, name, None)
    return with_attribute(tag, "t", kind)


def _after(piece: bytes, tag: bytes, prefix: bytes) -> bytes:
    """What stands behind a cell, before the next."""
    if tag.endswith(b"/>"):
        return piece[len(tag) :]
    end = piece.rfind(b"</%bc" % prefix)
    if end < 0:
        raise Unchangeable
    return piece[piece.index(b">", end) + 1 :]


@lru_cache(KEPT)
def _raw(prefix: bytes, piece: bytes) -> Raw | None:
    """What one cell holds; most are the same in the next workbook."""
    tags = tuple(prefix + name for name in (b"worksheet", b"sheetData", b"row"))
    before, after = (b"".join(b"<%b>" % t for t in tags), b"".join(b"</%b>" % t for t in reversed(tags)))
    found = walk(SheetReader(0), (before, b"<%bc" % prefix, piece, after)).cells
    return next(iter(found.values()), None)


def stored_value(kind: str, text: str) -> Value | CellError:
    """What a cell of a type holds; a figure that is none is a text."""
    match kind:
        case "b":
            return text in ("1", "true")
        case "e":
            return CellError(text)
        case "n" | "":
            return _figure(text)
    return text


@lru_cache(KEPT)
def _figure(text: str) -> float | str | None:
    try:
        figure = float(text) if text else None
    except ValueError:
        return text
    return text if figure is not None and not isfinite(figure) else figure


@lru_cache(KEPT)
def _column(at: str) -> int:
    letters = LETTERS.match(at)
    return column(letters[0]) if letters else 0


def _bare(found: re.Match[bytes]) -> bytes:
    """What was put as it is, in the usual way; comments and instructions go."""
    return escape((found[1] or b"").decode(), quote=False).encode()
