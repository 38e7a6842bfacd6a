"""Write a filing into a workbook, and begin a new year's workbook from last year's."""

import re
from collections.abc import Container, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.core.check_code import UNSEEN
from xlcheck.core.filing import Filing, entry_text
from xlcheck.core.formula import Entry
from xlcheck.core.rules import LAST
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.messages import messages
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition, Refused
from xlcheck.saving import atomically
from xlcheck.template.clean import clean_workbook
from xlcheck.workbook import reading
from xlcheck.workbook.archive import LETTERS, Package
from xlcheck.workbook.copying import WorkbookCopy, whole_or_not_at_all
from xlcheck.workbook.dressing import dress_as_template
from xlcheck.workbook.list_rows import raise_texts
from xlcheck.workbook.markup import storable

if TYPE_CHECKING:  # a filled copy needs none of it, and starts in a third of the time
    from openpyxl.cell.cell import Cell

FOOT_CODES = r'(?:&"[^"]{0,60}"|&[0-9]{1,3} ?){0,9}'  # the font and the size of a printed foot
FOOT_LINE, FOOT_LINES = 24, 4  # letters before the number of the page; a longer name goes over more lines
LONGEST_UNIT = FOOT_LINE * FOOT_LINES
FOOT_UNIT = rf"(?:[^\n]{{1,{FOOT_LINE}}}\n){{0,{FOOT_LINES}}}[^\n]{{0,{LONGEST_UNIT}}}"
FOOT_YEAR = r"[^\n]{0,24}"


def fill_workbook(
    edition: Edition, source: Path, filing: Filing, target: Path, *, over: bool = True
) -> Mapping[str, str]:
    """Put a filing's entries into a copy of a workbook of ours; what it leaves out becomes blank.

    All else stays as it was. Returns the 说明, by rule, that the workbook has no place for: it was handed out
    before the rule was made. ``over`` as of ``atomically``. Raises Refused where the workbook is not sound or
    is of another edition.
    """
    package = Package.at(source)
    there = reading.read_from(package).edition
    if there != filing.edition:
        raise Refused(
            messages().edition_differs.format(file=source.name, there=there, edition=filing.edition)
        )
    with whole_or_not_at_all(source.name):
        copy = WorkbookCopy(package)
        homeless = _fill(edition, copy, filing)
        content = copy.content()
    atomically(target, lambda to: to.write_bytes(content), over=over)
    return homeless


def _fill(edition: Edition, copy: WorkbookCopy, filing: Filing) -> Mapping[str, str]:
    """Put every entry into the copy; returns the 说明 there is no place for."""
    form = edition.form
    dress_as_template(copy, form, filing.texts)
    check = form.sheets["check"]
    lines = copy.rows(check, hidden_sheet().answers.rule)
    answers = {rule: f"{hidden_sheet().answers.answer}{row}" for rule, row in lines.items()}
    cells, styles = copy.cells(check), copy.styles
    open_ones = {rule: at for rule, at in answers.items() if styles.is_open(cells.style(at))}
    for (sheet, at), entry in entries(edition, filing, open_ones, _records(edition, copy)).items():
        copy.put(sheet, at, fit(entry, sheet, at))
    raise_texts(copy, form, filing.texts)
    foot = re.compile(FOOT_CODES + workbook().words.page_foot.format(unit=FOOT_UNIT, year=FOOT_YEAR))
    for key, sheet in form.sheets.items():
        if key != "hidden":
            copy.foot(sheet, "L", unit_foot(filing), foot)
    return _homeless(filing, open_ones)


def fresh_workbook(edition: Edition, filing: Filing, notes: Mapping[str, tuple[str, str]]) -> bytes:
    """A clean workbook with a filing's entries and what it knows of last year.

    ``notes`` are what the clerk noted at an entry, by its name, and who did.
    """
    form = edition.form
    package = Package(clean_workbook(edition), form.edition)
    with whole_or_not_at_all(form.edition):
        copy = WorkbookCopy(package)
        _fill(edition, copy, filing)
        if filing.last:
            rows = (copy.rows(form.sheets["hidden"], hidden_sheet().field.name), _records(edition, copy))
            for (sheet, at), entry in last_entries(edition, filing.last, *rows).items():
                copy.put(sheet, at, fit(entry, sheet, at))
        for name, (text, author) in notes.items():
            sheet, cell = form.where(name)
            copy.notes(sheet).add(cell, UNSEEN.sub("", text), UNSEEN.sub("", author))
        return copy.content()


def _records(edition: Edition, copy: WorkbookCopy) -> Mapping[str, int]:
    """Where each rule has its line in this very workbook; another workbook may have other rules."""
    return copy.rows(edition.form.sheets["hidden"], hidden_sheet().rule.rule)


def _homeless(filing: Filing, answers: Container[str]) -> Mapping[str, str]:
    return {rule: text for rule, text in filing.answers.items() if rule not in answers}


def new_workbook(edition: Edition, year: int | None, unit: str | None, last: Filing | None) -> bytes:
    """A fresh workbook, with what last year's filing settles already in it. Raises Refused."""
    if year and not edition.form.covers(year):
        raise Refused(messages().year_not_covered.format(year=year, edition=edition.form.edition))
    if last is not None and last.year != (year or 0) - 1:
        raise Refused(
            messages().not_last_year.format(
                last=entry_text(last.year) or messages().unknown, year=entry_text(year) or messages().unknown
            )
        )
    filing = Filing(
        edition.form.edition,
        year=Decimal(year) if year else None,
        unit=unit or (last.unit if last else None),
        kind=(last.kind if last else None) or kind_of_unit(unit or ""),
        contact=last.contact if last else None,
        values=carry(edition, last) if last else {},
        last=last,
    )
    return fresh_workbook(edition, filing, {})


def kind_of_unit(unit: str) -> str | None:
    """What kind of unit a name leaves no doubt of, or None."""
    named = workbook().cover["kind"].named.items()
    return next((kind for kind, pattern in named if re.search(pattern, unit.strip())), None)


def carry(edition: Edition, last: Filing) -> dict[str, Entry]:
    """What last year's filing settles for this year: the right side of the rules that carry over."""
    before = {LAST + name: entry for name, entry in last.values.items() if isinstance(entry, Decimal)}
    cases = [case for case in edition.rules.cases if case.rule.carries]
    known = [case for case in cases if all(n in before for n in case.needs if n != case.at)]
    return {case.at: case.test.settles(before.get) for case in known}


def last_entries(
    edition: Edition, last: Filing, fields: Mapping[str, int], rules: Mapping[str, int]
) -> dict[tuple[str, str], Entry]:
    """Every cell of the hidden sheet that keeps last year, by sheet and address.

    ``fields`` and ``rules`` are their lines there.
    """
    sheet, at = edition.form.sheets["hidden"], hidden_sheet()
    figures = {name: entry for name, entry in last.values.items() if isinstance(entry, Decimal)}
    found: dict[str, Entry] = {at.cell.last_year: last.year if isinstance(last.year, Decimal) else None}
    found |= {f"{at.field.last}{row}": figures.get(name) for name, row in fields.items()}
    texts = enumerate(edition.form.texts, at.first_row)
    found |= {f"{at.last_text}{row}": last.texts.get(name) for row, name in texts}
    found |= {f"{at.rule.last_answer}{row}": last.answers.get(rule) for rule, row in rules.items()}
    return {(sheet, cell): entry for cell, entry in found.items()}


def entries(
    edition: Edition, filing: Filing, answers: Mapping[str, str], records: Mapping[str, int]
) -> dict[tuple[str, str], Entry]:
    """Every cell that a filing fills, by sheet and address.

    ``answers`` are the cells for the 说明 of each rule, ``records`` each rule's line on the hidden sheet:
    for what an answer was given travels with it.
    """
    form, sheets = edition.form, edition.form.sheets
    found: dict[tuple[str, str], Entry] = {
        (field.sheet, field.cell): filing.values.get(name) for name, field in form.fields.items()
    }
    found |= {(sheets["cover"], cell): filing.word(key) for key, cell in form.cover.items()}
    found |= {(sheets["text"], cell): filing.texts.get(key) for key, cell in form.texts.items()}
    found |= {(option.sheet, option.cell): filing.options.get(option.id) for option in form.options}
    found |= {(sheets["check"], cell): filing.answers.get(rule) for rule, cell in answers.items()}
    record = hidden_sheet().rule.record
    return found | {
        (sheets["hidden"], f"{record}{row}"): filing.records.get(rule) for rule, row in records.items()
    }


def unit_foot(filing: Filing) -> str:
    """What is printed at the foot of every page: whose it is, and of what year."""
    unit = " ".join(UNSEEN.sub("", filing.unit or "").split())[:LONGEST_UNIT]
    lines = [unit[at : at + FOOT_LINE] for at in range(0, len(unit), FOOT_LINE)]
    if lines and len(_unit_and_year(lines[-1], filing)) > FOOT_LINE:
        lines.append("")
    return _unit_and_year("\n".join(lines), filing) if unit else ""


def _unit_and_year(unit: str, filing: Filing) -> str:
    return workbook().words.page_foot.format(unit=unit, year=entry_text(filing.year))


def set_cell(cell: "Cell", entry: Entry) -> None:
    """Put an entry into a cell; text that starts with = stays text, what no workbook holds is left out."""
    entry = fit(entry, cell.parent.title, cell.coordinate)
    if isinstance(entry, str):
        cell.value = storable(entry)
        cell.data_type = "s"
    else:
        cell.value = entry


def fit(entry: Entry, sheet: str, at: str) -> Entry:
    """An entry without what no workbook holds. Raises Refused for a text too long for a cell."""
    if not isinstance(entry, str):
        return entry
    text = UNSEEN.sub("", entry)
    if len(text) > LETTERS:
        raise Refused(messages().too_long.format(cell=f"{sheet}!{at}", n=len(text), limit=LETTERS))
    return text
