"""Lay a list out on a sheet of the summary: head, rows, links within the workbook, what can be decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import a1
from xlcheck.county.submission import Status
from xlcheck.report.layout import characters
from xlcheck.template.styles import colour, dxf, paint, put
from xlcheck.workbook.writing import LONGEST, set_cell

HEAD = 5  # the row of titles; above it a title, a sentence or two
Shown = str | int | float | Decimal | datetime | None


class Link(NamedTuple):
    """A text that leads to a cell of this workbook; never out of it."""

    text: Shown
    sheet: str
    cell: str


SheetRow = Mapping[str, "Shown | Link"]
LOW, STEP = 20.0, 15.0  # points of a row of one line, and of each further line
KEY, CHOICE, FREE = "key", "verdict", ("reason", "note")
UNSEEN = (KEY, "written")  # what a line is about, and the decision that stood in it when it was written


def words() -> dict[str, str]:
    found: dict[str, str] = data.toml("summary")["words"]
    return found


def sheet_name(key: str) -> str:
    """What a sheet is called."""
    return str(data.toml("summary")["sheets"][key])


def list_columns(key: str) -> list[str]:
    return list(data.toml("summary")["columns"][key])


def column(key: str, which: str) -> str:
    """The letter of a column."""
    return a1(1, list_columns(key).index(which) + 1)[:-1]


def list_head(sheet: Worksheet, key: str, title: str, *lines: str) -> None:
    """Name, sentences, the titles of the columns, and how it prints."""
    put(sheet, "A1", title, "title")
    sheet.row_dimensions[1].height = 30
    for n, line in enumerate(lines):
        put(sheet, f"A{n + 2}", line, "lead" if n == 0 else "aside")
    for n, (title_of, width) in enumerate(data.toml("summary")["columns"][key].values(), 1):
        put(sheet, a1(HEAD, n), title_of, "list_head")
        sheet.column_dimensions[a1(1, n)[:-1]].width = width
    sheet.row_dimensions[HEAD].height = 24
    sheet.freeze_panes = f"A{HEAD + 1}" if key != "units" else f"C{HEAD + 1}"
    print_setup(sheet, f"1:{HEAD}", data.toml("summary")["tab"][key])


def print_setup(sheet: Worksheet, repeat: str, tab: str) -> None:
    """A4 across, as wide as the page, the head on every page."""
    sheet.sheet_properties.tabColor = colour(tab)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = repeat
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="— &P —", size=9))


def write_rows(sheet: Worksheet, key: str, rows: Iterable[SheetRow]) -> int:
    """Write the rows and give back how many; decisions are chosen from a list, the key is not shown."""
    names = list_columns(key)
    last = HEAD
    for last, row in enumerate(rows, HEAD + 1):
        for n, name in enumerate(names, 1):
            value = decision(row) if name == "written" else row.get(name)
            _write(sheet[a1(last, n)], value, name)
        sheet.row_dimensions[last].height = _height(row, key)
    if CHOICE in names:  # what is decided on the screen would make the print too small to read
        sheet.print_area = f"A1:{a1(max(last, HEAD), names.index(CHOICE))}"
    if last > HEAD:
        sheet.auto_filter.ref = f"A{HEAD}:{a1(last, len(names))}"
    if CHOICE in names and last > HEAD:
        _choices(sheet, f"{column(key, CHOICE)}{HEAD + 1}:{column(key, CHOICE)}{last}", key)
    if "status" in names and last > HEAD:
        signs(sheet, f"{column(key, 'status')}{HEAD + 1}:{column(key, 'status')}{last}")
    for name in (name for name in UNSEEN if name in names):
        sheet.column_dimensions[column(key, name)].hidden = True
    return last - HEAD


def decision(row: Mapping[str, object]) -> str:
    """The decision of a line in one text: what is read back and still says this was not decided anew."""
    return "|".join(str(row.get(name) or "").strip() for name in (CHOICE, *FREE))


def signs(sheet: Worksheet, where: str) -> None:
    """Colour the states by the sign that stands before each word."""
    first = where.partition(":")[0]
    for sign, spec in data.toml("look")["sign"].items():
        style = dxf({**spec, "bold": True}, filled=True)
        test = [f'LEFT({first},1)="{sign}"']
        sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=test))


def status_of(status: Status) -> str:
    """A state with its sign: nothing is told by colour alone."""
    return f"{data.toml('summary')['sign'][status]} {data.toml('county')['status'][status]}"


def write_cell(cell: Cell, value: Shown) -> None:
    """Put a value in a cell: text of any length and beginning is text and nothing else."""
    if isinstance(value, datetime):
        cell.value = value
        cell.number_format = data.toml("summary")["moment"]
    elif isinstance(value, str):
        set_cell(cell, value[:LONGEST])
    else:
        cell.value = value


def _write(cell: Cell, value: Shown | Link, name: str) -> None:
    paint(cell, "answer" if name in (CHOICE, *FREE) else "list_link" if isinstance(value, Link) else "list")
    if isinstance(value, Link):
        write_cell(cell, value.text)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{value.sheet}'!{value.cell}")
    else:
        write_cell(cell, value)


def _height(row: SheetRow, key: str) -> float:
    """High enough for the longest text of the row: no program works that out for a file it did not write."""
    lines = 1
    for name, (_, width) in data.toml("summary")["columns"][key].items():
        value = row.get(name)
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str) and name not in UNSEEN:
            lines = max(lines, ceil(characters(text) * 1.95 / (width - 2)))
    return min(LOW + STEP * (lines - 1), 400)


def _choices(sheet: Worksheet, where: str, key: str) -> None:
    """On a finding only its explanation can be accepted; on a return everything can be decided."""
    choices: Sequence[str] = data.toml("summary")["decisions"]
    some = choices if key == "units" else choices[-1:]
    rule = DataValidation(type="list", formula1=f'"{",".join(some)}"', allow_blank=True, sqref=where)
    refuse = data.toml("workbook")["refuse"]
    rule.errorTitle, rule.error, rule.showErrorMessage = refuse["title"], refuse["choice"], True
    sheet.add_data_validation(rule)
