"""Cells of a workbook open in LibreOffice, as xlwings asks for them: one call of the office a property."""

import datetime as dt
import re
from collections.abc import Collection
from itertools import product
from typing import Any

from xlwings import XlwingsError

from xlcheck.core.grid import a1
from xlcheck.office.libreoffice import bridge
from xlcheck.office.libreoffice.looks import (
    ASIAN_NAME,
    MM,
    NAME,
    CellNote,
    Colour,
    Font,
    dressed_alike,
    dresses_of_block,
    looks_of_block,
    number_of,
    rgb_of_number,
)
from xlcheck.office.libreoffice.values import DATE, EPOCH, ERRORS, Error, calc_value, has_number, kinds

Box = tuple[int, int, int, int]  # first row and column, last row and column, counted from 1
GENERAL = "General"
PLAIN, WHOLE = 0, 1  # numbers of formats: the plain one, and that of whole numbers
LINES = ("BottomBorder2", "LeftBorder2", "RightBorder2", "TopBorder2")
CONTENTS = 1 | 2 | 4 | 16
SAME_SHEET = re.compile(r":\$?(?:'[^']+'|\w+)\.")  # of a range's end, which the office adds where it likes


class Range:
    """One rectangle of cells, or several; values and formulas are of the first, as in Excel."""

    max_cells_per_read = max_cells_per_write = None
    has_array = False

    def __init__(self, sheet: Any, boxes: tuple[Box, ...]) -> None:
        self.sheet, self.boxes = sheet, boxes
        self.options: dict[str, Any] = {}  # xlwings keeps a reader's options here

    # ---------------------------------------------------------------- where
    row = property(lambda self: self.boxes[0][0])
    column = property(lambda self: self.boxes[0][1])
    coords = property(lambda self: (self.sheet.name, self.row, self.column, *self.shape))
    address = property(lambda self: self.get_address(True, True))

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.boxes[0]
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in self.boxes)

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        return self.sheet.range((self.row + row - 1, self.column + column - 1))  # type: ignore[no-any-return]

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool = False) -> str:
        cells = ",".join(":".join(dict.fromkeys((a1(*box[:2]), a1(*box[2:])))) for box in self.boxes)
        if row_absolute and col_absolute:
            cells = _fixed(cells)
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{cells}" if external else cells

    @property
    def api(self) -> Any:
        """The office's own object: a range, or a set of ranges where there are several."""
        if len(self.boxes) == 1:
            top, left, bottom, right = self.boxes[0]
            return self.sheet.sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)
        number = self.sheet.number
        places = [
            bridge.struct("table.CellRangeAddress", number, left - 1, top - 1, right - 1, bottom - 1)
            for top, left, bottom, right in self.boxes
        ]
        ranges = self.sheet.book.api.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddresses(tuple(places), False)
        return ranges

    # ---------------------------------------------------------------- values
    @property
    def raw_value(self) -> list[list[Any]]:
        """Numbers as float, dates as datetime, errors as Error, blanks as ''.

        The date of a formula comes as its number: only what was typed is looked at for its format.
        """
        cells = self.api
        found = [list(row) for row in cells.getDataArray()]
        for row, column, kind in kinds(cells, self.sheet) if has_number(found) else ():
            old = found[row][column]
            if isinstance(old, float):
                found[row][column] = EPOCH + dt.timedelta(days=old) if kind & DATE else bool(old)
        for r, row_values in enumerate(found):
            for c, value in enumerate(row_values):
                if value is None:
                    row_values[c] = Error(ERRORS.get(cells.getCellByPosition(c, r).getError(), "#N/A"))
        return found

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        """Write in one call; a text stays the text it is, only one that begins with = is a formula."""
        rows, columns = self.shape
        if not isinstance(data, list | tuple):
            data = [[data] * columns for _ in range(rows)]
        if any(isinstance(v, dt.date) for row in data for v in row):
            raise XlwingsError("dates are not written by this engine")
        lines = tuple(tuple(calc_value(v) for v in row) for row in data)
        try:
            if self.shape == (1, 1):
                self._put(lines[0][0])
            else:
                self.api.setDataArray(lines)
        except bridge.office_failures() as wrong:
            raise XlwingsError(f"cannot write {self.sheet.name}!{self.address}: it is protected") from wrong
        for r, row in enumerate(data):
            for c, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    self.api.getCellByPosition(c, r).setFormula(value)

    def _put(self, value: float | str) -> None:
        """Write one cell so that the office can undo it, which it cannot with an array."""
        cell = self.api.getCellByPosition(0, 0)
        if cell.CellProtection.IsLocked:
            self.sheet.guard()
        if isinstance(value, str):
            cell.String = value
        else:
            cell.Value = value

    @property
    def formula(self) -> Any:
        """Formulas in Excel's own writing; a constant as it is typed."""
        cells = self.api
        found = [[v.removeprefix("'") for v in row] for row in cells.getFormulaArray()]
        for r, row in enumerate(found):
            for c, text in enumerate(row):
                if text.startswith("="):
                    row[c] = self._in_excel(cells.getCellByPosition(c, r), text)
        return found[0][0] if self.shape == (1, 1) else tuple(map(tuple, found))

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    def _in_excel(self, cell: Any, text: str) -> str:
        if cell.Type.value != "FORMULA":
            return text
        parser = self.sheet.book.api.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish, parser.FormulaConvention = True, 1  # AddressConvention.XL_A1
        printed = parser.printFormula(cell.getTokens(), cell.CellAddress)
        return "=" + re.sub(r"(\"[^\"]*\"|'[^']*')|;", lambda m: m[1] or ",", printed)

    def own_formulas(self) -> list[list[str]]:
        """Formulas in the office's own writing, in one call; what is both ends' sheet is named once."""
        return [[SAME_SHEET.sub(":", text) for text in row] for row in self.api.getFormulaArray()]

    def put_formula(self, formula: str) -> None:
        self.sheet.guard()
        self.api.getCellByPosition(0, 0).setFormula(formula)

    def clear_contents(self) -> None:
        self.sheet.guard()
        self.api.clearContents(CONTENTS)

    # ---------------------------------------------------------------- looks
    @property
    def color(self) -> Colour | None:
        return rgb_of_number(self.api.CellBackColor)

    @color.setter
    def color(self, colour: Any) -> None:
        self.dress(CellBackColor=number_of(colour))

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def number_format(self) -> str | None:
        """Excel's code, or None where the cells differ."""
        cells = self.api
        if cells.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE":
            return None
        return self.format_code(cells.NumberFormat)

    @number_format.setter
    def number_format(self, code: str) -> None:
        formats = self.sheet.book.api.NumberFormats
        english, own = (bridge.struct("lang.Locale", *of) for of in (("en", "US", ""), ("", "", "")))
        if code == GENERAL:
            key = formats.getStandardIndex(own)
        else:  # a format of the workbook's own is in the office's own language
            key = formats.queryKey(code, own, False)
            key = formats.queryKey(code, english, False) if key == -1 else key
            key = formats.addNew(code, english) if key == -1 else key
        self.dress(NumberFormat=key)

    def format_code(self, key: int) -> str:
        """A format's code; key 0 is the plain one, whose name differs from language to language."""
        return str(self.sheet.book.api.NumberFormats.getByKey(key).FormatString) if key else GENERAL

    def dress(self, **wanted: Any) -> None:
        """Set properties of every cell in one call. Raises XlwingsError where one is locked."""
        self.sheet.guard(self.api)
        cells = self.api
        # Asked for its plain format where cells have several, the office takes them for plain already.
        if wanted.get("NumberFormat") == PLAIN and self.number_format is None:
            cells.NumberFormat = WHOLE
        for name, value in wanted.items():
            setattr(cells, name, value)

    def looks(self) -> dict[str, tuple[Colour | None, Colour | None, bool, str]]:
        """How every cell between the first and the last of these looks, by its address."""
        return looks_of_block(self._whole().api, self.format_code)

    def _whole(self) -> "Range":
        """All cells between the first and the last of these."""
        tops, lefts, bottoms, rights = zip(*self.boxes, strict=True)
        return Range(self.sheet, ((min(tops), min(lefts), max(bottoms), max(rights)),))

    def unlike(self, sample: "Range", marked: Collection[str]) -> list[str]:
        """Which of these cells are not dressed as the sample."""
        wanted = dresses_of_block(sample.api)[a1(sample.row, sample.column)]
        there = dresses_of_block(self._whole().api)
        mine = [
            a1(row, column)
            for top, left, bottom, right in self.boxes
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        code = self.format_code
        return [at for at in mine if not dressed_alike(there[at], wanted, code, marked=at in marked)]

    def dress_as(self, sample: "Range") -> None:
        """Dress these cells as the sample. Raises XlwingsError on a protected sheet."""
        wanted = dresses_of_block(sample.api)[a1(sample.row, sample.column)]
        wanted = {**wanted, ASIAN_NAME: wanted[NAME]}
        self.dress(NumberFormat=wanted["NumberFormat"])
        self.api.setPropertyValues(tuple(wanted), tuple(wanted.values()))

    def take_lines(self, clean: "Range") -> None:
        """Draw the lines that this cell, and all that are merged with it, have on a clean sheet."""
        self.sheet.guard(self.api)
        for top, left, bottom, right in clean.merge_area.boxes:
            for row, col in product(range(top - 1, bottom), range(left - 1, right)):
                lines = clean.sheet.sheet.getCellByPosition(col, row).getPropertyValues(LINES)
                self.sheet.sheet.getCellByPosition(col, row).setPropertyValues(LINES, lines)

    def select(self) -> None:
        window = self.sheet.book.api.CurrentController
        if window:
            window.select(self.api)

    @property
    def merge_area(self) -> "Range":
        cursor = self.sheet.sheet.createCursorByRange(self.api)
        cursor.collapseToMergedArea()
        return self.sheet.whole(cursor)  # type: ignore[no-any-return]

    def merge(self, across: bool = False) -> None:
        self.sheet.guard()
        self.api.merge(True)

    def unmerge(self) -> None:
        self.sheet.guard()
        self.api.merge(False)

    @property
    def row_height(self) -> float:
        """The height of the first row in points, 0 where it is hidden."""
        row = self.api.Rows.getByIndex(0)
        return row.Height / MM if row.IsVisible else 0.0

    @row_height.setter
    def row_height(self, points: float) -> None:
        """Make every row as high as this; 0 hides it. The lock of our sheets leaves rows free."""
        for top, left, bottom, right in self.boxes:
            rows = Range(self.sheet, ((top, left, bottom, right),)).api.Rows
            rows.IsVisible = bool(points)  # never asked before: the office answers for the first row alone
            if points:
                rows.Height = round(points * MM)

    # ---------------------------------------------------------------- notes
    @property
    def note(self) -> CellNote | None:
        found = self.api.getCellByPosition(0, 0).Annotation
        return CellNote(self.sheet, found) if found is not None and found.String else None

    def add_note(self, text: str) -> CellNote:
        self.sheet.guard(self.api)
        at = bridge.struct("table.CellAddress", self.sheet.number, self.column - 1, self.row - 1)
        self.sheet.sheet.Annotations.insertNew(at, text)
        return CellNote(self.sheet, self.api.getCellByPosition(0, 0).Annotation)


def _fixed(cells: str) -> str:
    return re.sub(r"([A-Z]{1,3})(\d+)", r"$\1$\2", cells)
