"""Sheets and names of a workbook open in LibreOffice, as xlwings asks for them."""

import re
from collections.abc import Iterator
from typing import Any

from xlwings import NoSuchObjectError, XlwingsError

from xlcheck.core.grid import rc
from xlcheck.office.libreoffice import conditions
from xlcheck.office.libreoffice.looks import CellNote
from xlcheck.office.libreoffice.ranges import Range


class Sheets:
    def __init__(self, book: Any) -> None:
        self.book, self.api = book, book.api.Sheets

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator["Sheet"]:
        return (Sheet(self.book, self.api.getByName(name)) for name in self.api.ElementNames)

    def __contains__(self, name: str) -> bool:
        return bool(self.api.hasByName(name))

    def __call__(self, key: str | int) -> "Sheet":
        names = self.api.ElementNames
        name = key if isinstance(key, str) else names[key - 1] if 1 <= key <= len(names) else None
        if name not in names:
            raise NoSuchObjectError(f"there is no sheet {key!r}")
        return Sheet(self.book, self.api.getByName(name))

    @property
    def active(self) -> "Sheet":
        window = self.book.api.CurrentController
        return Sheet(self.book, window.ActiveSheet if window else self.api.getByIndex(0))


class SheetApi:
    """The few names of Excel's own sheet object that the buttons use, so that one line serves both."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet

    def Protect(self, Password: str = "", **_: object) -> None:
        """Protect again; the office keeps the allow-options that the sheet had before (seen in 7.4)."""
        self.sheet.protect(Password)

    def Unprotect(self, Password: str = "") -> None:
        """Take the protection off; raises XlwingsError for a wrong password."""
        self.sheet.unprotect(Password)
        if self.sheet.isProtected():
            raise XlwingsError(f"wrong password for sheet {self.sheet.Name}")

    @property
    def ProtectContents(self) -> bool:
        return bool(self.sheet.isProtected())


class Sheet:
    def __init__(self, book: Any, sheet: Any) -> None:
        self.book, self.sheet = book, sheet

    api = property(lambda self: SheetApi(self.sheet))
    name = property(lambda self: str(self.sheet.Name))
    visible = property(lambda self: bool(self.sheet.IsVisible))
    names = property(lambda self: Names(self.book, self))

    @property
    def index(self) -> int:
        return self.number + 1

    @property
    def number(self) -> int:
        """The sheet's place counted from 0, as UNO addresses want it."""
        return int(self.sheet.RangeAddress.Sheet)

    def guard(self, cells: Any = None) -> None:
        """Refuse to dress or note a locked cell of a protected sheet: UNO would do nothing and say nothing.

        Of ``cells`` that are all open nothing is refused: the office lets programs dress those under a lock.
        """
        if self.sheet.isProtected() and (cells is None or not is_open(cells)):
            raise XlwingsError(f"sheet {self.name} is protected")

    def range(self, first: Any, last: Any = None) -> Range:
        """A range by A1 address, by several joined with commas, by (row, column) or by two of these."""
        if isinstance(first, str) and last is None:
            return Range(self, tuple(_box(part) for part in first.replace("$", "").split(",")))
        corners = [_corners(first), _corners(last if last is not None else first)]
        return Range(self, ((*corners[0][:2], *corners[1][2:]),))

    def whole(self, cells: Any) -> Range:
        """A range for what the office itself points at."""
        at = cells.RangeAddress
        return Range(self, ((at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1),))

    @property
    def used_range(self) -> Range:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return self.range((1, 1), (cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1))

    def take_conditions(self, clean: "Sheet") -> None:
        """Let this sheet, a copy of the clean one, have its conditional formats again where any differs."""
        self.guard()
        conditions.copy(self.book.api, clean.sheet.ConditionalFormats, self.sheet.ConditionalFormats)

    @property
    def notes(self) -> list[CellNote]:
        found = self.sheet.Annotations
        return [CellNote(self, found.getByIndex(n)) for n in range(found.Count)]

    def activate(self) -> None:
        if self.book.api.CurrentController:
            self.book.api.CurrentController.setActiveSheet(self.sheet)

    select = activate


class Names:
    """The defined names."""

    def __init__(self, book: Any, sheet: Sheet | None = None) -> None:
        self.book, self.sheet = book, sheet
        self.found = (sheet.sheet if sheet else book.api).NamedRanges

    def __len__(self) -> int:
        return int(self.found.Count)

    def contains(self, name: str) -> bool:
        return bool(self.found.hasByName(name))

    def __call__(self, key: str | int) -> "Name":
        name = key if isinstance(key, str) else self.found.ElementNames[key - 1]
        if not self.contains(name):
            raise KeyError(key)
        return Name(self.book, self.found.getByName(name))


class Name:
    def __init__(self, book: Any, name: Any) -> None:
        self.book, self.found = book, name

    name = property(lambda self: str(self.found.Name))

    @property
    def refers_to_range(self) -> Range | None:
        cells = self.found.getReferredCells()
        return Sheet(self.book, cells.Spreadsheet).whole(cells) if cells is not None else None

    @property
    def refers_to(self) -> str:
        cells = self.refers_to_range
        return f"='{cells.sheet.name}'!{cells.address}" if cells else f"={self.found.Content}"

    @refers_to.setter
    def refers_to(self, place: str) -> None:
        """Let it mean one range of a sheet: ='封面'!$C$5."""
        self.found.Content = "$" + place.removeprefix("=").replace("!", ".")


def _box(text: str) -> tuple[int, int, int, int]:
    if not re.fullmatch(r"[A-Za-z]{1,3}[1-9]\d*(:[A-Za-z]{1,3}[1-9]\d*)?", text):
        raise NoSuchObjectError(f"there is no range {text!r}")
    first, _, last = text.upper().partition(":")
    return (*rc(first), *rc(last or first))


def _corners(cell: Any) -> tuple[int, int, int, int]:
    if isinstance(cell, str):
        return _box(cell.replace("$", ""))
    if isinstance(cell, Range):
        return cell.boxes[0]
    row, column = cell
    return (row, column, row, column)


def is_open(cells: Any) -> bool:
    """Whether none of these cells is locked; of cells with several answers the office gives none."""
    one_answer = cells.getPropertyState("CellProtection").value != "AMBIGUOUS_VALUE"
    return bool(one_answer and not cells.CellProtection.IsLocked)
