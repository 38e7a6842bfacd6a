"""What stands in cells of a workbook open in LibreOffice, in the words of Excel: dates, TRUE, errors."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xlcheck.office.libreoffice.looks import cells_of

CONSTANTS = 1 | 2  # com.sun.star.sheet.CellFlags VALUE and DATETIME
DATE, LOGICAL = 2 | 4, 1024  # com.sun.star.util.NumberFormat
EPOCH = dt.datetime(1899, 12, 30)
ERRORS = {532: "#DIV/0!", 502: "#VALUE!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 503: "#NUM!"}


class Error(str):
    """An error value in a cell, as Excel writes it: #N/A."""


def kinds(cells: Any, sheet: Any) -> Iterator[tuple[int, int, int]]:
    """Which typed numbers are shown as a date or as TRUE: row and column from the corner of the cells."""
    typed, corner = cells.queryContentCells(CONSTANTS), cells.RangeAddress
    places, formats = typed.RangeAddresses, sheet.book.api.NumberFormats
    if not places:
        return
    one = typed.getPropertyState("NumberFormat").value != "AMBIGUOUS_VALUE"
    if one and not _kind(formats, typed.NumberFormat):
        return
    for at in places:
        block = sheet.sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
        groups = block.getUniqueCellFormatRanges()
        for n in range(groups.Count):
            group = groups.getByIndex(n)
            if kind := _kind(formats, group.NumberFormat):
                for row, column in cells_of(group.RangeAddresses):
                    yield row - 1 - corner.StartRow, column - 1 - corner.StartColumn, kind


def _kind(formats: Any, key: int) -> int:
    return int(formats.getByKey(key).Type) & (DATE | LOGICAL) if key else 0


def calc_value(value: Any) -> float | str:
    """A value as the office takes it; the apostrophe that keeps a text a text is not part of it."""
    if isinstance(value, str):
        return value.removeprefix("'")
    return "" if value is None else float(value)


def has_number(rows: list[list[Any]]) -> bool:
    return any(isinstance(value, float) for row in rows for value in row)
