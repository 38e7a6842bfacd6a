"""Write a filing into a workbook, and begin a new year's workbook from last year's."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.header_footer import _HeaderFooterPart
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.filing import Filing, entry_text
from xlcheck.core.formula import Entry
from xlcheck.core.grid import column
from xlcheck.core.rules import LAST
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.messages import messages
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition, Refused
from xlcheck.saving import save
from xlcheck.template.build import build_template
from xlcheck.workbook import reading
from xlcheck.workbook.structure import named_rows

LONGEST = 32767  # characters in a cell
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # no workbook can hold these
FOOT = 100  # of a unit's name in the printed foot, which Excel limits to 255 in all


def fill_workbook(edition: Edition, source: Path, filing: Filing, target: Path) -> Mapping[str, str]:
    """Put a filing's entries into a copy of a workbook of ours; what it leaves out becomes blank.

    Returns the 说明, by rule, that the workbook has no place for: it was handed out before the rule was made.
    Raises Refused where the workbook is not sound or is of another edition.
    """
    there = reading.read(source).edition
    if there != filing.edition:
        raise Refused(
            messages().edition_differs.format(file=source.name, there=there, edition=filing.edition)
        )
    book = load_workbook(source, rich_text=True)
    homeless = write_filing(edition, book, filing)
    save(book, target)
    return homeless


def new_workbook(edition: Edition, year: int | None, unit: str | None, last: Filing | None) -> Workbook:
    """A fresh workbook, with what last year's filing settles already in it. Raises Refused."""
    if year and not edition.form.covers(year):
        raise Refused(messages().year_not_covered.format(year=year, edition=edition.form.edition))
    if last is not None and last.year != (year or 0) - 1:
        raise Refused(
            messages().not_last_year.format(
                last=entry_text(last.year) or messages().unknown, year=entry_text(year) or messages().unknown
            )
        )
    book = build_template(edition)
    carried = carry(edition, last) if last else {}
    filing = Filing(
        edition.form.edition,
        year=Decimal(year) if year else None,
        unit=unit or (last.unit if last else None),
        kind=last.kind if last else None,
        contact=last.contact if last else None,
        values=carried,
    )
    write_filing(edition, book, filing)
    if last:
        _remember(book, edition, last)
    return book


def carry(edition: Edition, last: Filing) -> dict[str, Entry]:
    """What last year's filing settles for this year: the right side of the rules that carry over."""
    before = {LAST + name: entry for name, entry in last.values.items() if isinstance(entry, Decimal)}
    cases = [case for case in edition.rules.cases if case.rule.carries]
    known = [case for case in cases if all(n in before for n in case.needs if n != case.at)]
    return {case.at: case.test.settles(before.get) for case in known}


def _remember(book: Workbook, edition: Edition, last: Filing) -> None:
    """Keep last year's figures, texts and answers on the hidden sheet: the rules across years need them."""
    hidden, at = book[edition.form.sheets["hidden"]], hidden_sheet()
    hidden[at.cell.last_year].value = last.year if isinstance(last.year, Decimal) else None
    for name, row in _rows(hidden, at.field.name).items():
        entry = last.values.get(name)
        set_cell(hidden[f"{at.field.last}{row}"], entry if isinstance(entry, Decimal) else None)
    for row, name in enumerate(edition.form.texts, at.first_row):
        set_cell(hidden[f"{at.last_text}{row}"], last.texts.get(name))
    for rule, row in rule_rows(hidden).items():
        set_cell(hidden[f"{at.rule.last_answer}{row}"], last.answers.get(rule))


def write_filing(edition: Edition, book: Workbook, filing: Filing) -> Mapping[str, str]:
    """Set every entry of the workbook to the filing's, in place; returns the 说明 there is no place for."""
    form = edition.form
    for name, field in form.fields.items():
        set_cell(book[field.sheet][field.cell], filing.values.get(name))
    for key, cell in form.cover.items():
        set_cell(book[form.sheets["cover"]][cell], filing.word(key))
    for key, cell in form.texts.items():
        set_cell(book[form.sheets["text"]][cell], filing.texts.get(key))
    for option in form.options:
        set_cell(book[option.sheet][option.cell], filing.options.get(option.id))
    answered = frozenset(_answer(edition, book, filing))
    _record(edition, book, filing)
    foot = workbook().words.page_foot.format(
        unit=UNSEEN.sub("", filing.unit or "")[:FOOT], year=entry_text(filing.year)
    )
    put_foot(book, "left", foot if filing.unit else None)
    return {rule: text for rule, text in filing.answers.items() if rule not in answered}


def put_foot(book: Workbook, side: str, text: str | None) -> None:
    """Write one side of every sheet's printed foot."""
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.HeaderFooter.oddFooter:
            part = _HeaderFooterPart(text=text.replace("&", "&&") if text else None, size=9)
            setattr(sheet.HeaderFooter.oddFooter, side, part)


def _answer(edition: Edition, book: Workbook, filing: Filing) -> Iterator[str]:
    """Write each 说明 beside its rule's id; the rules that have a place for one."""
    sheet = book[edition.form.sheets["check"]]
    columns = hidden_sheet().answers
    for rule in sheet[columns.rule]:
        if isinstance(rule.value, str):  # an id, beside a cell that she may write in
            cell = sheet[f"{columns.answer}{rule.row}"]
            if isinstance(cell, Cell) and not cell.protection.locked:
                set_cell(cell, filing.answers.get(rule.value))
                yield rule.value


def _record(edition: Edition, book: Workbook, filing: Filing) -> None:
    """For what the answers were given travels with them."""
    at = hidden_sheet().rule
    hidden = book[edition.form.sheets["hidden"]]
    for rule, row in rule_rows(hidden).items():
        set_cell(hidden[f"{at.record}{row}"], filing.records.get(rule))


def rule_rows(hidden: Worksheet) -> dict[str, int]:
    """Where each rule has its line in this very workbook; another workbook may have other rules."""
    return _rows(hidden, hidden_sheet().rule.rule)


def _rows(hidden: Worksheet, letters: str) -> dict[str, int]:
    # what openpyxl is asked for it makes, and empty cells would be saved
    there, wanted = hidden._cells.items(), column(letters)
    return named_rows((row, cell.value) for (row, col), cell in there if col == wanted)


def set_cell(cell: Cell, entry: Entry) -> None:
    """Put an entry into a cell; text that starts with = stays text, what no workbook holds is left out."""
    if isinstance(entry, str):
        entry = UNSEEN.sub("", entry)
        if len(entry) > LONGEST:
            at = f"{cell.parent.title}!{cell.coordinate}"
            raise Refused(messages().too_long.format(cell=at, n=len(entry), limit=LONGEST))
        cell.value = entry
        cell.data_type = "s"
    else:
        cell.value = entry
