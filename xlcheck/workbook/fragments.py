"""The long parts of a workbook read in pieces, each read once: files of one template share most of them.

Cut where its items end, a part falls into pieces that begin and end inside the same open elements. An end tag
stands as bytes only where it is one, or in a comment, an instruction or CDATA, and a piece that ends within
such is not well-formed. So where each piece is well-formed between these elements, the part is, and each
tells there what it tells in its place. What cannot be cut like that is read whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

from xlcheck.editions import Refused
from xlcheck.workbook.xml import BookReader, Raw, SheetReader, StringsReader, walk

T = TypeVar("T")
KEPT, LONGEST, MOST = 2048, 1 << 15, 1 << 14  # pieces remembered, bytes of one, pieces of a part
LARGE = 1 << 17  # bytes of what is long in every file: formats, names, what follows the rows
DECLARED = re.compile(
    rb"""(?:<\?xml\ version=(["'])1\.0\1 (?:\ encoding=(["'])(?i:utf-8)\2)?
         (?:\ standalone=(["'])(?:yes|no)\3)? \ ?\?>\s*)?""",
    re.VERBOSE,
)
UNSURE = rb'<(?:[!?]|c(?! r="))'  # what may hide a tag, a cell that does not begin with its place
NUMBERED = rb'\s*<row r="([0-9]{1,9})"'
ROWS, AFTER = b"<worksheet><sheetData>", b"</sheetData></worksheet>"


class Unfit(Exception):
    """This cannot be read in pieces."""


class SheetPart(NamedTuple):
    """What a sheet or a piece of it holds; ``pointing`` are the cells whose text is a shared string.

    ``blank`` are the places of cells in which nothing stands.
    """

    cells: dict[str, Raw]
    blank: frozenset[str]
    pointing: tuple[str, ...]
    merges: tuple[str, ...]
    protected: bool | None


class BookPart(NamedTuple):
    """What xl/workbook.xml or a piece of it holds."""

    sheets: tuple[tuple[str, str], ...]
    names: dict[str, str]
    locked: bool | None
    from_1904: bool | None


def remembering(function: Callable[..., T], count: int) -> Callable[..., T]:
    """A function of bytes that remembers the last answers; what is longer than usual is not kept."""
    kept = lru_cache(count)(function)
    return lambda *parts: kept(*parts) if sum(map(len, parts)) < LARGE else function(*parts)


def sheet(xml: bytes) -> SheetPart:
    """The cells, merges and protection of a sheet. Raises Refused."""
    try:
        head, rows, tail = _split(xml, b"<row ", b"</row>")
        rest, foot, unit = tail.partition(b"<headerFooter")  # the printed foot names the unit
        found = [
            _cells(b"", head, AFTER),
            *(_row(row) if len(row) < LONGEST else _row_once(row) for row in rows),
            _cells(ROWS, rest, b"</worksheet>" if foot else b""),
            *([_cells_once(b"<worksheet>", foot + unit, b"")] if foot else ()),
        ]
        return _joined(found)
    except (Unfit, Refused):
        return as_sheet_part(walk(SheetReader(0), [xml]))


def top(chunks: Iterator[bytes], last_row: int) -> SheetPart:
    """A sheet down to a row, with no more of it unpacked than that takes. Raises Refused."""
    unpacked, rows = [], 0
    while rows <= last_row and (chunk := next(chunks, b"")):
        unpacked.append(chunk)
        rows += chunk.count(b"</row>")
    xml = b"".join(unpacked)
    try:
        return _above(xml, last_row)
    except (Unfit, Refused):
        return as_sheet_part(walk(SheetReader(last_row), chain([xml], chunks)))


def some_columns(xml: bytes, letters: Sequence[str]) -> SheetPart:
    """The cells of these columns at least, and nothing else of a sheet; the rest is not judged.

    Raises Refused.
    """
    cell = rb'<c r="(?:%b)[0-9]+"[^<>]*?(?:/>|>.*?</c>)' % "|".join(letters).encode()
    first, end = xml.find(b"<row "), xml.rfind(b"</c>") + 4  # so each cell has its end: time stays linear
    try:
        if not 0 < first < end or re.compile(UNSURE).search(xml, first, end):
            raise Unfit
        _cells(b"", xml[_root(xml) : first], AFTER)
        wanted = b"".join(re.compile(cell, re.DOTALL).findall(xml, first, end))
        return _cells_once(ROWS + b'<row r="1">', wanted, b"</row>" + AFTER)
    except (Unfit, Refused):
        return sheet(xml)


def strings(xml: bytes) -> list[str]:
    """The shared strings. Raises Refused."""
    try:
        head, items, tail = _split(xml, b"<si>", b"</si>")
        found = [
            _strings(b"", head, b"</sst>"),
            *(_string(item) if len(item) < LONGEST else _string_once(item) for item in items),
            _strings(b"<sst>", tail, b""),
        ]
    except (Unfit, Refused):
        return walk(StringsReader(), [xml]).strings
    return list(chain.from_iterable(found))


def book(xml: bytes) -> BookPart:
    """The sheets of a workbook, its names, what it says of its lock and of its days. Raises Refused."""
    try:
        head, names, tail = _split(xml, b"<definedNames>", b"</definedNames>")
        found = [
            _bound(b"", head, b"</workbook>"),
            *(_bound(b"<workbook>", block, b"</definedNames></workbook>") for block in names),
            _bound(b"<workbook>", tail, b""),
        ]
    except (Unfit, Refused):
        return _as_bound(walk(BookReader(), [xml]))
    sheets = tuple(chain.from_iterable(piece.sheets for piece in found))
    names_of = {name: place for piece in found for name, place in piece.names.items()}
    locked, from_1904 = (_last(said) for said in zip(*((p.locked, p.from_1904) for p in found), strict=True))
    return BookPart(sheets, names_of, locked, from_1904)


def _above(xml: bytes, last_row: int) -> SheetPart:
    """The rows before the first whose number is past the last wanted; Unfit where none is."""
    head, rows, _ = _split(xml, b"<row ", b"</row>")
    found = [_cells(b"", head, AFTER)]
    for row in rows:
        numbered = re.match(NUMBERED, row)
        if not numbered or row.count(b"<row") > 1:
            raise Unfit
        if int(numbered[1]) > last_row:
            _row_once(row[: row.find(b">") + 1])  # the tag that ends the reading is read too
            return _joined(found)
        found.append(_row(row) if len(row) < LONGEST else _row_once(row))
    raise Unfit


def _joined(found: Sequence[SheetPart]) -> SheetPart:
    """What the pieces hold together; Unfit where two have a cell in one place, be one of them blank."""
    cells: dict[str, Raw] = {}
    for piece in found:
        cells.update(piece.cells)
    blank = frozenset().union(*(piece.blank for piece in found))
    if len(cells) < sum(len(piece.cells) for piece in found) or not blank.isdisjoint(cells):
        raise Unfit
    said = dict.fromkeys(chain.from_iterable(piece.pointing for piece in found))
    pointing = tuple(at for at in said if _points(cells[at]))
    merges = tuple(chain.from_iterable(piece.merges for piece in found))
    protected = _last(piece.protected for piece in found)
    return SheetPart(cells, blank, pointing, merges, protected)


def as_sheet_part(reader: SheetReader) -> SheetPart:
    pointing = tuple(at for at, raw in reader.cells.items() if _points(raw))
    return SheetPart(reader.cells, frozenset(reader.blank), pointing, tuple(reader.merges), reader.protected)


def _points(raw: Raw) -> bool:
    return raw.kind == "s" and bool(raw.text)


def _as_bound(reader: BookReader) -> BookPart:
    return BookPart(tuple(reader.sheets), reader.names, reader.locked, reader.from_1904)


def _split(xml: bytes, start: bytes, end: bytes) -> tuple[bytes, list[bytes], bytes]:
    """What comes before the first item, the items without the end tag of each, and what comes after."""
    *items, tail = xml.split(end, MOST)
    first = items[0].find(start) if items else -1
    if first < 0:
        raise Unfit
    return xml[_root(xml) : first], [items[0][first:], *items[1:]], tail


def _root(xml: bytes) -> int:
    """Where the part begins past its declaration, which must not name another encoding than UTF-8."""
    declared = DECLARED.match(xml)
    if not declared or xml.startswith(b"<?", declared.end()):
        raise Unfit
    return declared.end()


def _cells_once(opened: bytes, piece: bytes, closed: bytes) -> SheetPart:
    reader = walk(SheetReader(0), (opened, piece, closed))
    if reader.guessed:  # where a cell lies depends on what lies before it
        raise Unfit
    return as_sheet_part(reader)


def _row_once(row: bytes) -> SheetPart:
    return _cells_once(ROWS, row, b"</row>" + AFTER)


def _string_once(item: bytes) -> tuple[str, ...]:
    return tuple(walk(StringsReader(), (b"<sst>", item, b"</si></sst>")).strings)


_row, _string = lru_cache(KEPT)(_row_once), lru_cache(KEPT)(_string_once)
_cells = remembering(_cells_once, 128)


def _strings(opened: bytes, piece: bytes, closed: bytes) -> tuple[str, ...]:
    return tuple(walk(StringsReader(), (opened, piece, closed)).strings)


def _bound_once(opened: bytes, piece: bytes, closed: bytes) -> BookPart:
    return _as_bound(walk(BookReader(), (opened, piece, closed)))


_bound = remembering(_bound_once, 16)


def _last(said: Iterable[bool | None]) -> bool | None:
    """What was said last, where anything was."""
    return next((one for one in reversed([*said]) if one is not None), None)
