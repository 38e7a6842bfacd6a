"""Lay a list out on a sheet of the summary: head, rows, links within the workbook, what can be decided."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.grid import a1
from xlcheck.data.county import Status, county
from xlcheck.data.styles import Role, styles
from xlcheck.data.summary import ColumnKey, ListSheet, summary
from xlcheck.data.workbook import workbook
from xlcheck.report.layout import characters
from xlcheck.template.styles import colour, dxf, paint, put
from xlcheck.workbook.archive import LETTERS
from xlcheck.workbook.writing import set_cell

SheetValue = str | int | float | Decimal | datetime | None


class Link(NamedTuple):
    """A text that leads to a cell of this workbook; never out of it."""

    text: SheetValue
    sheet: str
    cell: str


SheetRow = Mapping[ColumnKey, SheetValue | Link]
LOW, STEP = 20.0, 15.0  # points of a row of one line, and of each further line
DECIDED: tuple[ColumnKey, ...] = ("verdict", "reason", "note")
HIDDEN: tuple[ColumnKey, ...] = (
    "key",
    "written",
)  # what a line is about, what was decided when it was written


def head_row() -> int:
    """The row of titles; above it a title, a sentence or two."""
    return summary().lists.head_row


def column_number(sheet: ListSheet, key: ColumnKey) -> int:
    """Where a column stands, counted from 1."""
    return list(sheet.columns).index(key) + 1


def list_head(page: Worksheet, sheet: ListSheet, title: str, *lines: str) -> None:
    """Name, sentences, the titles of the columns, and how it prints."""
    at = summary().lists
    put(page, at.title, title, "title")
    page.row_dimensions[1].height = 30
    for n, (cell, line) in enumerate(zip(at.notes, lines, strict=False)):
        put(page, cell, line, "aside" if n else "lead")
    for n, column in enumerate(sheet.columns.values(), 1):
        put(page, a1(at.head_row, n), column.title, "list_head")
        page.column_dimensions[get_column_letter(n)].width = column.width
    page.row_dimensions[at.head_row].height = 24
    page.freeze_panes = sheet.freeze
    print_setup(page, (1, at.head_row), sheet.tab)


def print_setup(page: Worksheet, repeat: tuple[int, int], tab: str) -> None:
    """A4 across, as wide as the page, the head's rows on every page."""
    page.sheet_properties.tabColor = colour(tab)
    page.sheet_view.showGridLines = False
    page.page_setup.paperSize, page.page_setup.orientation = 9, "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{repeat[0]}:{repeat[1]}"
    page.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text=summary().foot, size=9))


def write_rows(page: Worksheet, sheet: ListSheet, rows: Iterable[SheetRow]) -> int:
    """Write the rows and give back how many; decisions are chosen from a list, the key is not shown."""
    keys, head, looks = list(sheet.columns), head_row(), Looks()
    last = head
    for last, row in enumerate(rows, head + 1):
        for n, key in enumerate(keys, 1):
            entry = decision(row) if key == "written" else row.get(key)
            cell: Any = page.cell(last, n)
            _write(cell, entry, key, looks)
        page.row_dimensions[last].height = _height(row, sheet)
    # What is decided on the screen would make the print too small to read, and nobody reads a long one.
    width = keys.index("verdict") if sheet.decisions else len(keys)
    page.print_area = f"{summary().lists.title}:{a1(min(last, head + summary().print_most), width)}"
    if last > head:
        page.auto_filter.ref = f"{a1(head, 1)}:{a1(last, len(keys))}"
        if sheet.decisions:
            _choices(page, _below(sheet, "verdict", last), [county().verdict[v] for v in sheet.decisions])
        if "status" in keys:
            _colour_states(page, _below(sheet, "status", last))
    for key in HIDDEN if sheet.decisions else ():
        page.column_dimensions[get_column_letter(column_number(sheet, key))].hidden = True
    return last - head


def write_note(page: Worksheet, note: str) -> None:
    """A sentence where the first line would stand."""
    page[a1(head_row() + 1, 1)].value = note


def decision(row: Mapping[ColumnKey, object]) -> str:
    """The decision of a line in one text: what is read back and still says this was not decided anew."""
    return "|".join(str(row.get(key) or "").strip() for key in DECIDED)


def status_of(status: Status) -> str:
    """A state with its sign: nothing is told by colour alone."""
    return f"{summary().sign[status]} {county().status[status]}"


def write_cell(cell: Cell, value: SheetValue) -> None:
    """Put a value in a cell: text of any length and beginning is text and nothing else."""
    if isinstance(value, datetime):
        cell.value = value
        cell.number_format = summary().moment
    elif isinstance(value, str):
        set_cell(cell, value[:LETTERS])
    else:
        cell.value = value


class Looks:
    """Dresses cells of one workbook: a role's style is made up once, and then copied as it is stored."""

    def __init__(self) -> None:
        self.stored: dict[Role, StyleArray] = {}

    def dress(self, cell: Any, role: Role) -> None:
        if role not in self.stored:
            paint(cell, role)
            self.stored[role] = copy(cell._style)
        cell._style = copy(self.stored[role])


def _write(cell: Cell, value: SheetValue | Link, key: ColumnKey, looks: Looks) -> None:
    looks.dress(cell, "answer" if key in DECIDED else "list_link" if isinstance(value, Link) else "list")
    if isinstance(value, Link):
        write_cell(cell, value.text)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{value.sheet}'!{value.cell}")
    else:
        write_cell(cell, value)


def _height(row: SheetRow, sheet: ListSheet) -> float:
    """High enough for the longest text of the row: no program works that out for a file it did not write."""
    lines = 1
    for key, column in sheet.columns.items():
        value = row.get(key)
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str) and key not in HIDDEN:
            lines = max(lines, ceil(characters(text) * 1.95 / (column.width - 2)))
    return min(LOW + STEP * (lines - 1), 400)


def _below(sheet: ListSheet, key: ColumnKey, last: int) -> str:
    """A column's cells below its title."""
    n = column_number(sheet, key)
    return f"{a1(head_row() + 1, n)}:{a1(last, n)}"


def _colour_states(page: Worksheet, where: str) -> None:
    """Colour the states by the sign that stands before each word."""
    first = where.partition(":")[0]
    for spec in styles().sign:
        style = dxf(spec.colour, bold=True, fill=spec.fill)
        test = [summary().lists.state.format(cell=first, sign=spec.sign)]
        page.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=test))


def _choices(page: Worksheet, where: str, some: Sequence[str]) -> None:
    """The decisions to choose from; on a finding fewer than on a return."""
    rule = DataValidation(type="list", formula1=f'"{",".join(some)}"', allow_blank=True, sqref=where)
    refuse = workbook().refuse
    rule.errorTitle, rule.error, rule.showErrorMessage = refuse.title, refuse.choice, True
    page.add_data_validation(rule)
