"""A damaged workbook's sheets as they are: every cell with its formula, its lock and its note."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.core.formula import Entry
from xlcheck.core.grid import RowCol, box, rc
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.repair.appearance import AppearanceReader, CommentsReader
from xlcheck.workbook.archive import Package
from xlcheck.workbook.reading import DAY, DAY_LETTERS, LOGICAL, Dates
from xlcheck.workbook.structure import day_of, formula_text, sheet_and_cell, stored_figure
from xlcheck.workbook.xml import Raw

MERGED = 100_000  # places of the merged ranges of a sheet; ours have some hundred
ZIP = b"PK\x03\x04"
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis"  # how its zip begins, by OpenDocument 1.3 Part 2, 3.3
FIRST_BYTES = 80
VOID = ("b", "e")  # the types of a truth and of an error, by ECMA-376 Part 1, 18.18.11
SHOWN_VOID = re.compile(r"TRUE|FALSE|#[A-Z0-9/]+[!?]?")  # the same where only what is shown is known
PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?")
Merge = tuple[int, int, int, int]  # first row and column, last row and column


class DamagedCell(NamedTuple):
    """A cell: its entry, or in its place a formula, a date, or what is ``void``: TRUE, #REF!.

    Also whether it is locked, and a clerk's note.
    """

    entry: Entry
    formula: str = ""
    dated: str = ""
    void: str = ""
    locked: bool = False
    note: tuple[str, str] | None = None


class DamagedSheet(NamedTuple):
    """A sheet: its cells, its merged ranges, whether it is protected and how many cells it watches.

    ``covered`` are the cells that a merge hides: no program shows them, but it does not always empty them.
    """

    name: str
    cells: Mapping[RowCol, DamagedCell]
    merges: frozenset[Merge]
    protected: bool
    watched: int
    covered: Mapping[RowCol, DamagedCell]


class DamagedBook(NamedTuple):
    """A workbook: sheets in order, where its names point; ``whole`` says that formats could be seen.

    Nothing is said of the lock of its structure: LibreOffice drops it whenever it saves.
    """

    sheets: Mapping[str, DamagedSheet]
    names: Mapping[str, tuple[str, RowCol] | None]
    whole: bool


def read_damaged(path: Path) -> DamagedBook:
    """Read .xlsx with everything, .xls and .ods by their values; Refused for what is hostile or broken."""
    try:
        with ordinary(path).open("rb") as file:
            begins = file.read(FIRST_BYTES)
    except OSError as wrong:
        raise Refused(messages().no_access.format(file=path, reason=reason(wrong))) from None
    if begins.startswith(ZIP) and OPEN_DOCUMENT not in begins and path.suffix.lower() != ".ods":
        return of(Package.at(path))  # refuses bombs, macros, links, what is no workbook
    from xlcheck.importing.readers.spreadsheet import (
        sheets,  # its libraries are wanted for other formats alone
    )

    found = {name: _plain(name, rows) for name, rows in sheets(path)}
    return DamagedBook(found, {}, whole=False)


def of(package: Package, but: str = "") -> DamagedBook:
    """A workbook as it is, but for one sheet where it is named. Raises Refused."""
    dates = Dates(package.date_styles(), package.from_1904)
    return DamagedBook(
        {sheet: _sheet(package, sheet, dates) for sheet in package.sheets if sheet != but},
        {name: _one(place) for name, place in package.book.names.items()},
        whole=True,
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
                void = piece.text if SHOWN_VOID.fullmatch(piece.text) else ""
                cells[r, c] = DamagedCell(None if void else _figure(piece.text), void=void)
            taken |= {(y, x) for y in range(r, r + piece.rows) for x in range(c, c + piece.cols)}
            c += piece.cols
    return DamagedSheet(name, cells, frozenset(), protected=True, watched=0, covered={})


def _figure(text: str) -> Entry:
    try:
        return Decimal(text) if text.isascii() else text
    except ArithmeticError:
        return text


def _sheet(package: Package, name: str, dates: Dates) -> DamagedSheet:
    page, looks = package.page(name), package.walk_sheet(name, AppearanceReader())
    notes = package.walk_related(name, "comments", CommentsReader()).notes
    unlocked = package.open_styles()
    cells = {
        rc(at): _cell(page.cells.get(at), dates, locked=style not in unlocked, note=notes.get(at))
        for at, style in looks.styles.items()
    }
    merges = frozenset(_merges(package.name, name, looks.merges))
    hidden = _hidden(merges, cells)
    return DamagedSheet(
        name,
        {at: cell for at, cell in cells.items() if at not in hidden},
        merges, bool(page.protected), sum(map(_size, looks.watched)),
        {at: cells[at] for at in hidden},
    )  # fmt: skip


def _cell(raw: Raw | None, dates: Dates, *, locked: bool, note: tuple[str, str] | None) -> DamagedCell:
    entry: Entry = None
    formula, dated, void = "", "", ""
    if raw and raw.formula is not None:
        formula = formula_text(raw.formula)
    elif raw and raw.kind == DAY:
        dated = raw.text[:DAY_LETTERS]
    elif raw and raw.kind in VOID:
        void = LOGICAL.get(raw.text, raw.text)
    elif raw and raw.text:
        entry = stored_figure(raw.text) if raw.kind == "n" else raw.text
        if isinstance(entry, Decimal) and raw.style in dates.styles:
            dated = day_of(entry, from_1904=dates.from_1904)
            entry = None
    return DamagedCell(entry, formula, dated, void, locked, note)


def _merges(file: str, sheet: str, merges: Iterable[str]) -> Iterator[Merge]:
    """The merged ranges. Refused where they cover half a sheet: every place of theirs is looked at."""
    places = 0
    for merge in sorted(merges):
        found = box(merge)
        if found is None:  # no range of a sheet: no program merges anything there
            continue
        (top, left), (bottom, right) = found
        places += (bottom - top + 1) * (right - left + 1)
        if places > MERGED:
            raise Refused(messages().far_merge.format(file=file, sheet=sheet, cell=merge))
        yield top, left, bottom, right


def _size(area: str) -> int:
    """How many cells an area has."""
    (top, left), (bottom, right) = box(area) or ((1, 1), (0, 0))
    return (bottom - top + 1) * (right - left + 1)


def _hidden(merges: Iterable[Merge], cells: Mapping[RowCol, DamagedCell]) -> set[RowCol]:
    """The cells that a merge hides: all but the first of each."""
    return {
        (row, col)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for col in range(left, right + 1)
        if (row, col) != (top, left) and (row, col) in cells
    }


def _one(place: str) -> tuple[str, RowCol] | None:
    """The first cell of the one place a name points to; None where that was deleted, or is none."""
    sheet, address = sheet_and_cell(place)
    found = PLACE.fullmatch(address)
    return (sheet, rc(found[1] + found[2])) if sheet and found else None
