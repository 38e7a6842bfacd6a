"""What is handed an edition, for tests that have only its name, or a filing that says it."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.header_footer import _HeaderFooterPart

from xlcheck import judge as judging
from xlcheck import report
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.core.grid import column
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.editions import edition_for, edition_named
from xlcheck.report import console
from xlcheck.template import build
from xlcheck.template.heights import rows_of_texts
from xlcheck.workbook import findings, json, marking, writing
from xlcheck.workbook.list_rows import PLAIN
from xlcheck.workbook.structure import named_rows


def judge(filing: Filing, last: Filing | None = None) -> Result:
    return judging.judge(edition_named(filing.edition), filing, last)


def agreed(filing: Filing, result: Result) -> Any:
    return judging.agreed(edition_named(filing.edition), filing, result)


def code(name: str) -> Any:
    return judging.code(edition_named(name))


def build_template(name: str) -> Any:
    return build.build_template(edition_named(name))


def fill_workbook(source: Path, filing: Filing, target: Path) -> None:
    writing.fill_workbook(edition_named(filing.edition), source, filing, target)


def write_filing(book: Any, filing: Filing) -> None:
    """Set a filing's entries in a workbook that openpyxl holds, as another program would."""
    edition, at = edition_named(filing.edition), hidden_sheet()
    form = edition.form
    records = lines(book[form.sheets["hidden"]], at.rule.rule)
    check = book[form.sheets["check"]]
    answers = {rule: f"{at.answers.answer}{row}" for rule, row in lines(check, at.answers.rule).items()}
    answers = {rule: cell for rule, cell in answers.items() if not check[cell].protection.locked}
    for (sheet, cell), entry in writing.entries(edition, filing, answers, records).items():
        writing.set_cell(book[sheet][cell], entry)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.HeaderFooter.oddFooter:
            foot = writing.unit_foot(filing).replace("&", "&&") or None
            sheet.HeaderFooter.oddFooter.left = _HeaderFooterPart(text=foot, size=9)
    rows = book[form.sheets["text"]].row_dimensions
    for row, high in rows_of_texts(form, filing.texts, lambda n: rows[n].height or PLAIN).items():
        rows[row].height = high


def lines(sheet: Any, letters: str) -> dict[str, int]:
    """Where each rule has its line, by the names in a column."""
    there = sheet._cells.items()  # what openpyxl is asked for it makes
    return named_rows((row, cell.value) for (row, col), cell in there if col == column(letters))


def new_workbook(name: str | None, year: int | None, unit: str | None, last: Filing | None) -> Any:
    """As the command makes it, held by openpyxl: the year after last year's, in the edition for it."""
    year = year or (int(last.year) + 1 if last and isinstance(last.year, Decimal) else None)
    content = writing.new_workbook(edition_for(name, year), year, unit, last)
    return openpyxl.load_workbook(BytesIO(content))


def mark(source: Path, filing: Filing, result: Result, target: Path, pressed: str) -> None:
    marking.mark(edition_named(filing.edition), source, filing, result, target, pressed)


def check_record(filing: Filing, result: Result, pressed: str) -> Any:
    edition = edition_named(filing.edition)
    listed = [rule.id for rule in edition.rules.rules]
    return findings.check_record(edition, filing, result, pressed, listed)


def dump_filing(filing: Filing) -> str:
    return json.dump_filing(edition_named(filing.edition).form, filing)


def finding_lines(file: str, filing: Filing, result: Result) -> Any:
    return console.finding_lines(edition_named(filing.edition), file, filing, result)


def write_report(filing: Filing, result: Result, path: Path, *, draft: bool) -> None:
    report.write_report(edition_named(filing.edition), filing, result, path, draft=draft)


def cell_of(filing: Filing, at: str) -> str:
    return edition_named(filing.edition).cell_of(at)
