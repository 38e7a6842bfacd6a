"""What xlwings has no word for, each thing behind one function: locks, undo steps, looks of many cells."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import xlwings as xw

from xlcheck.core.grid import a1, rc
from xlcheck.data.office import office
from xlcheck.data.styles import styles
from xlcheck.editions import forms
from xlcheck.office.libreoffice import bridge
from xlcheck.office.libreoffice.looks import Colour

LONGEST = 250  # letters Excel takes in one address
ALIGNED = ("api.Locked", "api.HorizontalAlignment", "api.VerticalAlignment", "api.IndentLevel")
UNMARKED = (  # of what a paste brings, no mark's; the Mac has other names for the rest
    *("font.name", "font.size", "font.italic", "wrap_text"),
    *(ALIGNED if sys.platform != "darwin" else ()),
)
DRESS = (*UNMARKED, "number_format", "color", "font.color", "font.bold")


class MarkLook(NamedTuple):
    """What a mark may change of a cell."""

    fill: Colour | None
    ink: Colour | None
    bold: bool
    format: str


def in_calc(book: xw.Book) -> bool:
    return bool(book.app.engine.name == "calc")


# ---------------------------------------------------------------- locks
def is_protected(sheet: xw.Sheet) -> bool:
    if sys.platform == "darwin" and not in_calc(sheet.book):
        return bool(sheet.api.protect_contents.get())
    return bool(sheet.api.ProtectContents)


def unprotect(sheet: xw.Sheet) -> None:
    """Take our lock off a sheet; another password than ours is an error of the program's."""
    password = styles().password
    if sys.platform == "darwin" and not in_calc(sheet.book):
        sheet.api.unprotect(password=password)
    else:
        sheet.api.Unprotect(password)


def protect(sheet: xw.Sheet) -> None:
    """Lock a sheet again with everything that the template allows on it."""
    password, facts = styles().password, office()
    if sys.platform == "darwin" and not in_calc(sheet.book):
        sheet.api.protect_worksheet(password=password, **facts.protect_mac._asdict())
    else:
        sheet.api.Protect(Password=password, **facts.protect._asdict())


# ---------------------------------------------------------------- the workbook
def is_read_only(book: xw.Book) -> bool:
    """Whether nothing can be painted; Excel paints a read-only workbook, LibreOffice does not."""
    return bool(book.api.isReadonly()) if in_calc(book) else False


def is_editing(book: xw.Book) -> bool:
    """Whether a cell is being typed in; Excel answers no call then, LibreOffice answers with what was."""
    return in_calc(book) and bool(book.impl.editing)


def is_saved(book: xw.Book) -> bool | None:
    """Whether the file on disk holds what the window shows; None where there is no file yet."""
    if in_calc(book):
        return None if not book.api.URL else not book.api.isModified()
    if sys.platform == "darwin":
        return bool(book.api.saved.get()) if "/" in book.fullname else None
    return bool(book.api.Saved) if book.api.Path else None


@contextmanager
def drawing_held(book: xw.Book) -> Iterator[None]:
    """Paint without flicker; in LibreOffice marks are kept out of the clerk's undo list."""
    if in_calc(book):
        while book.api.UndoManager.isLocked():  # by a press that was killed: she could undo nothing more
            book.api.UndoManager.unlock()
        undo, before = book.api.UndoManager, book.api.UndoManager.getAllUndoActionTitles()
        book.api.lockControllers()
        try:
            with _texts_in_front(book):
                undo.lock()
                try:
                    yield
                finally:
                    undo.unlock()
        finally:
            book.api.unlockControllers()
            # Should the office unlock the list by itself after all: a lock that she could undo is worse than
            # an empty list.
            if undo.getAllUndoActionTitles() != before:
                undo.clear()
        return
    before = book.app.screen_updating
    book.app.screen_updating = False
    try:
        yield
    finally:
        book.app.screen_updating = before


@contextmanager
def _texts_in_front(book: xw.Book) -> Iterator[None]:
    """Have the sheet of the texts in front, unseen while nothing is drawn, and what was there again.

    With the cover or the list in front, whose lines change with every figure, LibreOffice unlocks its undo
    list at each change (seen in 7.4).
    """
    window, sheets = book.api.CurrentController, book.api.Sheets
    front, texts = window.ActiveSheet, {form.sheets["text"] for form in forms()}
    window.setActiveSheet(next((sheets.getByName(n) for n in texts if sheets.hasByName(n)), front))
    try:
        yield
    finally:
        window.setActiveSheet(front)


@contextmanager
def one_step(book: xw.Book, title: str) -> Iterator[None]:
    """What is written inside can be undone at once; Excel forgets its undo list when a program writes."""
    if not in_calc(book):
        yield
        return
    undo = book.api.UndoManager
    undo.enterUndoContext(title)
    try:
        yield
    finally:
        undo.leaveUndoContext()


def size_note(sheet: xw.Sheet, note: xw.main.Note, width: float, height: float) -> None:
    """Give the box of a note a size in points; Excel on the Mac does not tell of its boxes."""
    if in_calc(sheet.book):
        note.impl.size(width, height)
    elif sys.platform == "win32":
        note.api.Shape.Width, note.api.Shape.Height = width, height


# ---------------------------------------------------------------- the clean workbook beside it
@contextmanager
def beside(book: xw.Book, path: Path) -> Iterator[xw.Book]:
    """Another workbook open in the same program while it is asked; LibreOffice does not show it."""
    app = book.app
    if in_calc(book):
        app.impl.visible = False
    other = app.books.open(str(path))
    try:
        yield other
    finally:
        other.close()
        if in_calc(book):
            app.impl.visible = True
        else:
            book.activate()


def formulas(cells: xw.Range) -> Sequence[Sequence[str]]:
    """What stands in many cells, formulas in the program's own writing, in one call."""
    if in_calc(cells.sheet.book):
        found: Sequence[Sequence[str]] = cells.impl.own_formulas()
        return found
    return [[str(text) for text in row] for row in cells.formula]


def any_merged(cells: xw.Range) -> bool:
    """Whether any of these cells is merged; Excel says neither yes nor no where only some are."""
    if in_calc(cells.sheet.book):
        return bool(cells.api.getIsMerged())
    return cells.merge_cells is not False


def put_formula(cell: xw.Range, formula: str) -> None:
    """Write a formula in the program's own writing."""
    if in_calc(cell.sheet.book):
        cell.impl.put_formula(formula)
    else:
        cell.formula = formula


def copy_conditions(clean: xw.Sheet, sheet: xw.Sheet) -> None:
    """Let conditional formats lie over the cells where the clean sheet has them.

    Not in Excel: it breaks them into pieces, which no call puts together again; the formulas tell the same.
    """
    if in_calc(sheet.book):
        sheet.impl.take_conditions(clean.impl)


# ---------------------------------------------------------------- many cells
def cell_looks(sheet: xw.Sheet, cells: Iterable[str]) -> dict[str, MarkLook]:
    """How cells look now: in LibreOffice by groups of the same look, in Excel one by one."""
    wanted = list(cells)
    if wanted and in_calc(sheet.book):
        found: Mapping[str, Any] = sheet.range(",".join(wanted)).impl.looks()
        return {cell: MarkLook(*found[cell]) for cell in wanted}
    return {cell: _look(sheet.range(cell)) for cell in wanted}


def _look(cell: xw.Range) -> MarkLook:
    return MarkLook(cell.color, cell.font.color, bool(cell.font.bold), str(cell.number_format))


def areas(sheet: xw.Sheet, cells: Iterable[str]) -> Iterator[xw.Range]:
    """Scattered cells as few ranges: one in LibreOffice; in Excel as many as its addresses' length asks."""
    longest = sys.maxsize if in_calc(sheet.book) else LONGEST
    address = ""
    for run in row_ranges(cells):
        if address and len(address) + len(run) + 1 > longest:
            yield sheet.range(address)
            address = ""
        address += ("," if address else "") + run
    if address:
        yield sheet.range(address)


# ---------------------------------------------------------------- the template's look
def unlike(sheet: xw.Sheet, cells: Sequence[str], sample: xw.Range, marked: Collection[str]) -> list[str]:
    """Which cells are not dressed as the sample; of a marked one what a mark changes is not asked.

    In Excel, where each question is slow, all are asked at once, and halves of them only where some differ.
    """
    if not cells or in_calc(sheet.book):
        return list(sheet.range(",".join(cells)).impl.unlike(sample.impl, marked)) if cells else []
    plain = [cell for cell in cells if cell not in marked]
    kept = [cell for cell in cells if cell in marked]
    return [*_unlike(sheet, plain, sample, DRESS), *_unlike(sheet, kept, sample, UNMARKED)]


def _unlike(sheet: xw.Sheet, cells: Sequence[str], sample: xw.Range, parts: Sequence[str]) -> list[str]:
    wanted = [attrgetter(part)(sample) for part in parts]
    if all([attrgetter(part)(area) for part in parts] == wanted for area in areas(sheet, cells)):
        return []
    if len(cells) == 1:
        return list(cells)
    half = len(cells) // 2
    return [found for part in (cells[:half], cells[half:]) for found in _unlike(sheet, part, sample, parts)]


def dress_as(sheet: xw.Sheet, cells: Sequence[str], sample: xw.Range) -> None:
    """Dress cells as the sample: number format, font, fill, alignment, lock."""
    for area in areas(sheet, cells):
        if in_calc(sheet.book):
            area.impl.dress_as(sample.impl)
            continue
        for part in DRESS:
            owner, _, name = part.rpartition(".")
            setattr(attrgetter(owner)(area) if owner else area, name, attrgetter(part)(sample))


def row_ranges(cells: Iterable[str]) -> Iterator[str]:
    """Neighbours in a row as one address: E6, F6 and G6 are E6:G6."""
    first = last = (0, 0)
    for row, col in [*sorted(map(rc, cells)), (0, 0)]:
        if (row, col - 1) == last:
            last = (row, col)
            continue
        if first != (0, 0):
            yield a1(*first) if first == last else f"{a1(*first)}:{a1(*last)}"
        first = last = (row, col)


def program_failures() -> tuple[type[Exception], ...]:
    """What the program behind xlwings may raise when it is busy or a cell is being edited."""
    found: list[type[Exception]] = [xw.XlwingsError, *bridge.office_failures()]
    if "pywintypes" in sys.modules:
        found.append(sys.modules["pywintypes"].com_error)
    if "appscript.reference" in sys.modules:
        found.append(sys.modules["appscript.reference"].CommandError)
    return tuple(found)
