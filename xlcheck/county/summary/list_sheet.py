"""Lay a list out on a sheet of the summary: head, rows, links within the workbook, what can be decided."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xlcheck.core.grid import a1
from xlcheck.county.summary.cell_formats import SheetValue, SummaryPage, hex_colour
from xlcheck.data.county import Status, county
from xlcheck.data.styles import styles
from xlcheck.data.summary import ColumnKey, ListSheet, summary
from xlcheck.data.workbook import workbook
from xlcheck.report.layout import characters

A4 = 9  # the number of a paper that Excel has for it


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


def list_head(page: SummaryPage, sheet: ListSheet, title: str, *lines: str) -> None:
    """Name, sentences, the titles of the columns, and how it prints."""
    at = summary().lists
    page.sheet.set_row(0, 30)
    page.put(at.title, title, "title")
    for n, (cell, line) in enumerate(zip(at.notes, lines, strict=False)):
        page.put(cell, line, "aside" if n else "lead")
    page.sheet.set_row(at.head_row - 1, 24)
    for n, (key, column) in enumerate(sheet.columns.items()):
        page.put_in(at.head_row - 1, n, column.title, "list_head")
        page.sheet.set_column(n, n, column.width, None, {"hidden": bool(sheet.decisions) and key in HIDDEN})
    page.sheet.freeze_panes(sheet.freeze)
    print_setup(page.sheet, (1, at.head_row), sheet.tab)


def print_setup(sheet: Worksheet, repeat: tuple[int, int] | None, tab: str) -> None:
    """A4 across, as wide as the page, the head's rows on every page."""
    sheet.set_tab_color(hex_colour(tab))
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if repeat:
        sheet.repeat_rows(repeat[0] - 1, repeat[1] - 1)
    sheet.set_footer(f"&C&9{summary().foot}")


def write_rows(page: SummaryPage, sheet: ListSheet, rows: Iterable[SheetRow], none: str = "") -> int:
    """Write the rows and give back how many, or a sentence where there is none; decisions are chosen from a
    list."""
    keys, head = list(sheet.columns), head_row()
    last = head
    for last, row in enumerate(rows, head + 1):
        page.sheet.set_row(last - 1, _height(row, sheet))
        for n, key in enumerate(keys):
            _write(page, last - 1, n, decision(row) if key == "written" else row.get(key), key)
    if last > head:
        page.sheet.autofilter(head - 1, 0, last - 1, len(keys) - 1)
        if sheet.decisions:
            _choices(
                page.sheet, _below(sheet, "verdict", last), [county().verdict[v] for v in sheet.decisions]
            )
        if "status" in keys:
            _colour_states(page, _below(sheet, "status", last))
    elif none:
        page.put(a1(head + 1, 1), none, "aside")
    # What is decided on the screen would make the print too small to read, and nobody reads a long one.
    width = keys.index("verdict") if sheet.decisions else len(keys)
    end = min(max(last, head + 1), head + summary().print_most)
    page.sheet.print_area(f"{summary().lists.title}:{a1(end, width)}")
    return last - head


def decision(row: Mapping[ColumnKey, object]) -> str:
    """The decision of a line in one text: what is read back and still says this was not decided anew."""
    return "|".join(str(row.get(key) or "").strip() for key in DECIDED)


def status_of(status: Status) -> str:
    """A state with its sign: nothing is told by colour alone."""
    return f"{summary().sign[status]} {county().status[status]}"


def _write(page: SummaryPage, row: int, col: int, value: SheetValue | Link, key: ColumnKey) -> None:
    if isinstance(value, Link):
        look = page.formats.of("list_link")
        page.sheet.write_url(row, col, f"internal:'{value.sheet}'!{value.cell}", look, str(value.text))
        page.put_in(row, col, value.text, "list_link")  # over the text that the library writes: a figure
    else:
        page.put_in(row, col, value, "answer" if key in DECIDED else "list")


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


def _colour_states(page: SummaryPage, where: str) -> None:
    """Colour the states by the sign that stands before each word."""
    first = where.partition(":")[0]
    for spec in styles().sign:
        test = "=" + summary().lists.state.format(cell=first, sign=spec.sign)
        style = page.formats.of_sign(spec, bold=True)
        page.sheet.conditional_format(where, {"type": "formula", "criteria": test, "format": style})


def _choices(sheet: Worksheet, where: str, some: Sequence[str]) -> None:
    """The decisions to choose from; on a finding fewer than on a return."""
    refuse = workbook().refuse
    said = {"error_title": refuse.title, "error_message": refuse.choice}
    sheet.data_validation(where, {"validate": "list", "source": list(some), **said})
