"""A marked copy of a workbook: colours, notes and the list, taken off again exactly as they were put on."""

from collections.abc import Iterable
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import fromstring, tostring

from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.core.form import Form
from xlcheck.core.marks import Mark, Unmarked, plan_marks, read_unmarked, unmarked_text
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.saving import save
from xlcheck.template.styles import colour, paint_mark, solid
from xlcheck.workbook.findings import check_record, stamp_cells
from xlcheck.workbook.writing import put_foot, rule_rows

AUTHOR = "xlcheck"


def mark(edition: Edition, source: Path, filing: Filing, result: Result, target: Path, pressed: str) -> None:
    """Write a copy of a workbook with what was found painted, noted and listed; the source stays as it is.

    Marking a marked copy gives the same copy. ``pressed`` is the moment of the check, as text.
    """
    book = load_workbook(source, rich_text=True)
    form = edition.form
    unmark(book, form)
    for one in plan_marks(form, edition.rules, result.findings, workbook().note).values():
        _paint(book, form, one)
    _list(edition, book, filing, result, pressed)
    save(book, target)


def unmark(book: Workbook, form: Form) -> None:
    """Take our own marks off, and put back what stood under them; the clerk's colours and notes stay."""
    hidden, at = book[form.sheets["hidden"]], hidden_sheet()
    for row in range(at.first_row, hidden.max_row + 1):
        where, before = (hidden[f"{column}{row}"] for column in at.mark)
        if where.value:
            sheet, _, cell = str(where.value).rpartition("!")
            _restore(book[sheet][cell], read_unmarked(str(before.value)))
            where.value = before.value = None
        for column in (*at.found, *at.first):
            hidden[f"{column}{row}"].value = None
    for cell in stamp_cells():
        hidden[cell].value = None
    _show_errors(book, form, 0)


def _paint(book: Workbook, form: Form, one: Mark) -> None:
    sheet, address = form.where(one.at)
    cell, at = book[sheet][address], hidden_sheet()
    hidden, (where, before) = book[form.sheets["hidden"]], at.mark
    row = next(r for r in count(at.first_row) if not hidden[f"{where}{r}"].value)
    hidden[f"{where}{row}"].value = f"{sheet}!{address}"
    hidden[f"{before}{row}"].value = unmarked_text(_before(cell))
    paint_mark(cell, styles().mark[one.kind])
    if one.note:
        hers = f"{cell.comment.text}\n\n" if cell.comment else ""
        cell.comment = Comment(hers + one.note, AUTHOR, height=150, width=250)


def _before(cell: Cell) -> Unmarked:
    """What a mark covers: fill, font, number format and note, exactly, and in the button's words."""
    note, filled = cell.comment, cell.fill.patternType == "solid"
    return Unmarked(
        fill=_rgb(cell.fill.fgColor) if filled else "",
        ink=_rgb(cell.font.color),
        bold=bool(cell.font.b),
        format=cell.number_format,
        note=(note.text, note.author, note.height, note.width) if note else None,
        exact=(tostring(cell.fill.to_tree("fill")).decode(), tostring(cell.font.to_tree("font")).decode()),
    )


def _rgb(found: Color | None) -> str:
    """A colour as RRGGBB; one of the theme's is left to ``exact``."""
    return str(found.rgb)[-6:] if found is not None and found.type == "rgb" else ""


def _restore(cell: Cell, before: Unmarked) -> None:
    if before.exact:
        trees: list[Any] = [fromstring(part) for part in before.exact]
        painted = PatternFill.from_tree(trees[0])
        cell.fill = painted if isinstance(painted, PatternFill) else PatternFill()
        cell.font = Font.from_tree(trees[1])
    else:
        cell.fill = solid(before.fill)
        font: Any = copy(cell.font)
        font.color, font.b = Color("FF" + before.ink) if before.ink else None, before.bold
        cell.font = font
    cell.number_format = before.format
    note = before.note
    cell.comment = Comment(note[0], note[1], height=int(note[2]), width=int(note[3])) if note else None


def _list(edition: Edition, book: Workbook, filing: Filing, result: Result, pressed: str) -> None:
    """Hand the findings to the 校验 sheet; it shows them until an entry changes."""
    form = edition.form
    hidden, at = book[form.sheets["hidden"]], hidden_sheet()
    rows = rule_rows(hidden)
    told = check_record(edition, filing, result, pressed, rows)
    for at_cell, value in zip(stamp_cells(), told.stamp, strict=True):
        hidden[at_cell].value = value
    for rule, row in rows.items():
        _tell(hidden, row, at.found, told.rules[rule])
        _tell(hidden, row, (at.rule.record,), (told.records.get(rule, ""),))
    for row, word in enumerate(told.words, at.first_row):
        _tell(hidden, row, (at.pressed_word,), (word,))
    for row, line in enumerate(told.first, at.first_row):
        _tell(hidden, row, at.first, line)
    _show_errors(book, form, told.stamp.errors)


def _tell(hidden: Worksheet, row: int, columns: Iterable[str], texts: Iterable[str]) -> None:
    for column, text in zip(columns, texts, strict=True):
        cell = hidden[f"{column}{row}"]
        cell.value = text or None
        if text:
            cell.data_type = "s"


def _show_errors(book: Workbook, form: Form, errors: int) -> None:
    """While errors stand, the list's tab is red and every printed page says draft."""
    sheet = workbook().sheets.check
    tab = sheet.tab_errors if errors else sheet.tab
    book[form.sheets["check"]].sheet_properties.tabColor = colour(tab)
    text = workbook().words.page_foot_draft.format(n=errors) if errors else None
    put_foot(book, "right", text)
