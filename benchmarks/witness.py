"""What another reader finds in a workbook, in a process of its own: its memory is none of ours."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

from xlcheck.editions import edition_named

SECONDS, MEGABYTES = 60, 1000


def wrong_values(content: bytes, filing: Any) -> list[str] | None:
    """The fields where openpyxl and we have different figures; None where it does not read the file."""
    try:
        cells = dict(openpyxl_cells(content, filing.edition))
    except Exception:  # whatever it raises, there is nothing to compare with
        return None
    told = {name for found in filing.notes.values() for name, _ in found}
    read = {sheet for sheet, _ in cells}  # of one whose root lost its namespace openpyxl reads no cell
    wrong = []
    for name, field in edition_named(filing.edition).form.fields.items():
        if field.sheet not in read:
            continue
        theirs, ours = cells.get((field.sheet, field.cell)), filing.values.get(name)
        number = isinstance(theirs, int | float) and not isinstance(theirs, bool)
        if number and not (isinstance(ours, str) or name in told):
            if not isinstance(ours, Decimal) or not same(ours, theirs):
                wrong.append(f"{name}: {ours} for {str(theirs)[:40]}")
        elif isinstance(ours, Decimal) and not number:
            wrong.append(f"{name}: {ours} for {str(theirs)[:40]!r}")
    return wrong


def same(ours: Decimal, theirs: Any) -> bool:
    """Equal in the 15 digits that a spreadsheet keeps."""
    try:
        return ours == Decimal(f"{float(theirs):.15g}")
    except OverflowError:
        return False


def openpyxl_cells(content: bytes, edition: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """The cells of the tables as openpyxl's own parser reads them, the last of a place."""
    form = edition_named(edition).form
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    dated = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
    for table in form.tables:
        sheet = book[form.sheets[table]]
        with sheet._get_source() as source:
            for _, row in WorkSheetParser(source, sheet._shared_strings, epoch=book.epoch, **dated).parse():
                for cell in row:
                    yield (sheet.title, f"{get_column_letter(cell['column'])}{cell['row']}"), cell["value"]
