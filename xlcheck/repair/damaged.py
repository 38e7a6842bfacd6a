"""A damaged workbook's sheets as they are: every cell with its formula, its lock and its note."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell

from xlcheck.core.formula import Entry
from xlcheck.core.grid import RowCol, box
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.workbook.archive import Package
from xlcheck.workbook.structure import cell_text

MERGED = 100_000  # places of one merged range; the widest of ours has 11
# fmt: off
BROKEN = (  # what openpyxl ends in over odd parts; what its parsers raise, either of them, is a SyntaxError
    KeyError, ValueError, TypeError, IndexError, AttributeError, BadZipFile, OSError, EOFError, SyntaxError,
    RuntimeError, NotImplementedError, zlib.error,
)
# fmt: on


class DamagedCell(NamedTuple):
    """A cell: its entry, the formula or the date in its place, whether it is locked, a clerk's note."""

    entry: Entry
    formula: str = ""
    dated: str = ""
    locked: bool = False
    note: tuple[str, str] | None = None


class DamagedSheet(NamedTuple):
    """A sheet: its cells, its merged ranges, whether it is protected and how many cells it watches."""

    name: str
    cells: Mapping[RowCol, DamagedCell]
    merges: frozenset[tuple[int, int, int, int]]
    protected: bool
    watched: int


class DamagedBook(NamedTuple):
    """A workbook: sheets in order, where its names point; ``whole`` says that formats could be seen."""

    sheets: Mapping[str, DamagedSheet]
    names: Mapping[str, tuple[str, RowCol] | None]
    whole: bool
    locked: bool


def read_damaged(path: Path) -> DamagedBook:
    """Read .xlsx with everything, .xls and .ods by their values; Refused for what is hostile or broken."""
    try:
        with ordinary(path).open("rb") as file:
            packed = file.read(4) == b"PK\x03\x04"
    except OSError as wrong:
        raise Refused(messages().no_access.format(file=path, reason=reason(wrong))) from None
    if path.suffix.lower() in (".xls", ".ods", ".et") or not packed:
        from xlcheck.importing.spreadsheet import sheets  # its libraries are wanted for old formats alone

        found = {name: _plain(name, rows) for name, rows in sheets(path)}
        return DamagedBook(found, {}, whole=False, locked=False)
    package = Package.at(path)  # refuses bombs, macros, links, what is no workbook
    package.unpack_all()
    _refuse_far_merges(package)
    try:
        book = load_workbook(path)
    except BROKEN as wrong:
        raise Refused(messages().bad_sheet.format(file=path.name)) from wrong
    return of(book)


def _refuse_far_merges(package: Package) -> None:
    """Refuse a merge over half a sheet: openpyxl makes a cell for every place of it."""
    for sheet in package.sheets:
        merges = package.page(sheet).merges
        for merge in merges if isinstance(merges, frozenset) else ():
            (top, left), (bottom, right) = box(merge) or ((1, 1), (1, 1))
            if (bottom - top + 1) * (right - left + 1) > MERGED:
                raise Refused(messages().far_merge.format(file=package.name, sheet=sheet, cell=merge))


def of(book: Workbook) -> DamagedBook:
    """An open workbook as it is."""
    security = book.security
    return DamagedBook(
        {sheet.title: _sheet(sheet) for sheet in book.worksheets},
        dict(_names(book)), whole=True, locked=bool(security and security.lockStructure),
    )  # fmt: skip


def _plain(name: str, rows: Iterable[Iterable[Any]]) -> DamagedSheet:
    cells: dict[RowCol, DamagedCell] = {}
    taken: set[RowCol] = set()
    for r, pieces in enumerate(rows, 1):
        c = 1
        for piece in pieces:
            while (r, c) in taken:
                c += 1
            if piece.text:
                cells[r, c] = DamagedCell(_figure(piece.text))
            taken |= {(y, x) for y in range(r, r + piece.rows) for x in range(c, c + piece.cols)}
            c += piece.cols
    return DamagedSheet(name, cells, frozenset(), protected=True, watched=0)


def _figure(text: str) -> Entry:
    try:
        return Decimal(text) if text.isascii() else text
    except ArithmeticError:
        return text


def _sheet(sheet: Any) -> DamagedSheet:
    # iter_rows would make every cell of the used rectangle, which a format in the last row makes huge.
    held = [cell for cell in sheet._cells.values() if not isinstance(cell, MergedCell)]
    cells = {(cell.row, cell.column): _spot(cell) for cell in held}
    merges = frozenset((m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges)
    watched = sum(len(list(v.sqref.ranges)) for v in sheet.data_validations.dataValidation)
    return DamagedSheet(sheet.title, cells, merges, bool(sheet.protection.sheet), watched)


def _spot(cell: Any) -> DamagedCell:
    value, formula, dated = cell.value, "", ""
    entry: Entry = None
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value) or "=")
    elif isinstance(value, datetime | date | time):
        dated = cell_text(value)
    elif isinstance(value, bool):
        entry = str(value).upper()
    elif isinstance(value, int | float):
        entry = Decimal(f"{value:.15g}")
    elif value is not None:
        entry = str(value)
    note = (cell.comment.text, cell.comment.author) if cell.comment else None
    return DamagedCell(entry, formula, dated, bool(cell.protection.locked), note)


def _names(book: Workbook) -> Iterator[tuple[str, tuple[str, RowCol] | None]]:
    """Where each name points: one cell, or None where its cell was deleted."""
    for name, defined in book.defined_names.items():
        places = [] if "#REF" in (defined.attr_text or "#REF") else list(defined.destinations)
        yield name, _one(*places[0]) if len(places) == 1 else None


def _one(sheet: str, address: str) -> tuple[str, RowCol] | None:
    from openpyxl.utils.cell import range_boundaries

    try:
        left, top, _, _ = range_boundaries(address)
    except ValueError:
        return None
    return (sheet, (int(top), int(left))) if top and left else None
