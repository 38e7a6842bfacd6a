"""The cover of the workbook: who reports what year, and how far each sheet is filled."""

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.grid import rc
from xlcheck.data.entries import CoverEntry
from xlcheck.data.rules import Severity
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.template.hidden import HiddenSheet, count, excel_text
from xlcheck.template.proportions import table_sheet
from xlcheck.template.styles import begins_with, dxf, frame, on_row, put, when
from xlcheck.template.tables import choose

TITLE_HEIGHT, EDITION_HEIGHT, LINE_HEIGHT = 58, 24, 27
FURTHEST = 2099  # a year that Excel is told to accept where the edition has no last one


def write_cover(sheet: Worksheet, engine: HiddenSheet) -> None:
    """Who reports what year, and how far each sheet is filled."""
    layout, at, words = workbook(), workbook().on_cover, workbook().words
    title = put(sheet, at.title, words.title, "cover_ttl")
    sheet.row_dimensions[title.row].height = TITLE_HEIGHT
    named = words.edition.format(notice=engine.form.notice, edition=engine.form.edition)
    edition = put(sheet, at.edition, named, "subtitle")
    sheet.row_dimensions[edition.row].height = EDITION_HEIGHT
    for key, entry in layout.cover.items():
        row, _ = rc(entry.cell)
        put(sheet, on_row(at.label, row), entry.label, "cover_lbl")
        put(sheet, on_row(at.entry, row), None, "cover_in")
        put(sheet, on_row(at.hint, row), entry.hint, "hint")
        sheet.row_dimensions[row].height = entry.height
        if entry.choices:
            choose(sheet, entry.cell, entry.choices)
        elif key == "year":
            _years_only(sheet, entry, engine)
    frame(sheet, *at.frame.split(":"))
    last = _progress(sheet, engine)
    put(sheet, on_row(at.white.sample, last + 2), None, "sample")
    put(sheet, on_row(at.white.text, last + 2), words.white, "hint")
    sheet.row_dimensions[last + 2].height = LINE_HEIGHT
    sheet.print_area = at.printed.format(last=last + 3)


def _years_only(sheet: Worksheet, entry: CoverEntry, engine: HiddenSheet) -> None:
    """Refuse a year that is not the edition's."""
    words = workbook().refuse
    first, last = engine.form.first_year, min(engine.form.last_year, FURTHEST)
    rule = DataValidation(type="whole", operator="between", allow_blank=True, sqref=entry.cell)
    rule.formula1, rule.formula2 = str(first), str(last)
    rule.errorTitle = words.title
    rule.error = words.year.format(first=first, last=last)
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)


def _progress(sheet: Worksheet, engine: HiddenSheet) -> int:
    """A line for each sheet that is filled in; the last of them is given back."""
    at, words, head = workbook().on_cover, workbook().words, workbook().on_cover.progress_row
    columns, signs = at.progress, styles().sign
    heads = {columns.name: words.progress, columns.filled: words.filled}
    heads |= {columns.errors: words.errors, columns.warnings: words.warnings}
    for column in at.progress_head:
        role = "progress" if column == columns.name else "progress_c"
        put(
            sheet, on_row(column, head), heads.get(column), "progress" if role == "progress" else "progress_c"
        )
    sheet.row_dimensions[head].height = LINE_HEIGHT
    for row, key in enumerate(engine.count_row, head + 1):
        _progress_line(sheet, row, key, engine)
    last = head + len(engine.count_row)
    for column, sign in ((columns.errors, signs.error), (columns.warnings, signs.warning)):
        first = on_row(column, head + 1)
        when(sheet, f"{first}:{on_row(column, last)}", dxf(sign.colour), begins_with(first, sign.sign))
    return last


def _progress_line(sheet: Worksheet, row: int, key: str, engine: HiddenSheet) -> None:
    """How much of one sheet is filled, and what is wrong on it."""
    columns, signs, words = workbook().on_cover.progress, styles().sign, workbook().words
    name, shared = engine.form.sheets[key], workbook().sheets._asdict().get(key)
    about = shared.about if shared else table_sheet(engine.form, key).about
    sheet.row_dimensions[row].height = LINE_HEIGHT
    link = f"#'{name}'!{workbook().head.to}"
    put(sheet, on_row(columns.name, row), f'=HYPERLINK("{link}","{name}")', "list_link")
    put(sheet, on_row(columns.about, row), about, "guide")
    done, of = _filled(engine, key)
    put(sheet, on_row(columns.filled, row), f'={done}&" / {of}"', "guide_mid")
    # No formula can read a text; of a table that is not filled none can say that it is right.
    none, current = excel_text(words.none), engine.meta(engine.at.cell.current)
    if key == "text":
        none = f"IF({current},{none},{excel_text(words.unread)})"
    elif key in engine.form.tables:
        none = f"IF({done}={of},{none},{excel_text(words.unfilled)})"
    counted: tuple[tuple[str, Severity, str], ...] = (
        (columns.errors, "error", signs.error.sign),
        (columns.warnings, "warning", signs.warning.sign),
    )
    for column, severity, sign in counted:
        number = engine.cell(getattr(engine.at.counted, f"{severity}s"), engine.count_row[key])
        text = f'=IF({number}=0,{none},"{sign} "&{engine.told_number(number, severity, key)})'
        put(sheet, on_row(column, row), text, "guide_mid")


def _filled(engine: HiddenSheet, key: str) -> tuple[str, int]:
    """How many of a sheet's places hold something, and how many there are."""
    if key not in engine.form.tables:
        words = engine.form.cover if key == "cover" else engine.form.texts
        return "(" + "+".join(f"(LEN({engine.word(w)})>0)" for w in words) + ")", len(words)
    rows = [engine.field_row[f.name] for f in engine.form.fields.values() if f.table == key]
    codes = engine.column(engine.at.field.code, rows)
    return f"({len(rows)}-{count(codes, excel_text(engine.rules.unfilled))})", len(rows)
