"""Read a filing from a workbook of ours, and refuse one whose structure is no longer the template's."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlcheck.core.filing import TYPED_DAYS, Filing, figure_text
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.workbook.archive import Package, SheetContent, Source
from xlcheck.workbook.damage import Notes, damage
from xlcheck.workbook.structure import (
    as_quoted,
    identity,
    named_rows,
    raw_text,
    same_structure,
    stored_figure,
    whole_year,
)
from xlcheck.workbook.xml import Raw

DIGITS = "0123456789"
LOGICAL = {"1": "TRUE", "0": "FALSE"}
DAY, DAY_LETTERS = "d", 10  # a cell that holds a day as 2025-01-31, as Strict Open XML has it
SHORT = 255  # letters of an entry on the cover


def read(path: Path) -> Filing:
    """Read the entries of a workbook; formulas are never believed, cells never guessed.

    Raises Refused with a sentence for anything but a sound workbook of ours.
    """
    return read_from(Package.at(path))


def read_bytes(content: bytes, name: str) -> Filing:
    """Read a workbook already in memory; ``name`` is what a message calls it. Raises Refused."""
    return read_from(Package(content, name))


def read_from(package: Source) -> Filing:
    """Read the entries of a workbook, closed or open. Raises Refused."""
    edition, head = identity(package)
    form = edition.form
    pages = {key: package.page(form.sheets[key]) for key in ("cover", *form.tables, "text", "check")}
    for table in form.tables:
        same_structure(table, form, pages[table], package.name)
    notes: Notes = {"typed_formula": [], "dated": [], "unprotected": [], **_damage(package, form, pages)}
    dated = package.date_styles()
    values = {n: _entry(n, pages[f.table].cells.get(f.cell), dated, notes) for n, f in form.fields.items()}
    if open_sheets := [form.sheets[key] for key, page in pages.items() if not page.protected]:
        notes["unprotected"].append(("unit", messages().comma.join(open_sheets)))
    answers = dict(_answers(pages["check"]))
    year = _number(head.cells.get(hidden_sheet().cell.last_year))
    kept = _kept(package, form) if answers or isinstance(year, Decimal) else {}
    return Filing(
        edition=form.edition,
        **_cover(form, pages["cover"], package.name),
        values=values,
        texts=_texts(form, pages["text"]),
        options=_options(form, pages),
        answers=answers,
        records=_records(kept) if answers else {},
        last=_last(form, year, kept) if isinstance(year, Decimal) else None,
        notes={check: tuple(found) for check, found in notes.items()},
    )


def _damage(package: Source, form: Form, pages: Mapping[str, SheetContent]) -> Notes:
    """What only a closed file shows; not the structure lock, which LibreOffice drops on saving."""
    found = damage(package, form, pages) if isinstance(package, Package) else {}
    return {check: found[check] for check in ("renamed", "merged_entries") if check in found}


def _cover(form: Form, page: SheetContent, file: str) -> dict[str, Any]:
    """The cover's entries; the year as a figure, the others as text. Refused where one is no entry."""
    cells = {key: page.cells.get(cell) for key, cell in form.cover.items()}
    for key, raw in cells.items():
        if raw and len(raw.text) > SHORT:
            cell = messages().at.format(sheet=form.sheets["cover"], cell=form.cover[key])
            said = messages().too_long.format(cell=cell, n=len(raw.text), limit=SHORT)
            raise Refused(messages().inside.format(file=file, why=said))
    return {
        key: whole_year(_number(raw)) if key == "year" else raw_text(raw) or None
        for key, raw in cells.items()
    }


def _kept(package: Source, form: Form) -> Mapping[str, Raw]:
    """What the hidden sheet keeps: last year's filing, and for what each answer was given."""
    at = hidden_sheet()
    columns = (at.field.name, at.field.last, at.last_text, at.rule.rule, at.rule.record)
    return package.page(form.sheets["hidden"], columns=columns).cells


def _last(form: Form, year: Decimal, kept: Mapping[str, Raw]) -> Filing:
    """Last year's figures and texts that ``new --last`` carried into the workbook."""
    at = hidden_sheet()
    rows = rows_of(kept, at.field.name)
    entries = {n: kept.get(f"{at.field.last}{rows[n]}") for n in form.fields if n in rows}
    said = {n: kept.get(f"{at.last_text}{row}") for row, n in enumerate(form.texts, at.first_row)}
    texts = {name: raw.text for name, raw in said.items() if raw}
    return Filing(form.edition, year, values={n: _number(raw) for n, raw in entries.items()}, texts=texts)


def _records(kept: Mapping[str, Raw]) -> dict[str, str]:
    """For what each answer was given, by rule, as the last check wrote it down."""
    at = hidden_sheet().rule
    rows = rows_of(kept, at.rule)
    found = {rule: raw_text(kept.get(f"{at.record}{row}")) for rule, row in rows.items()}
    return {rule: record for rule, record in found.items() if record}


def rows_of(cells: Mapping[str, Raw], column: str) -> dict[str, int]:
    """The row of each name in a column of the hidden sheet."""
    mine = ((at, raw) for at, raw in cells.items() if at.rstrip(DIGITS) == column)
    return named_rows((int(at[len(column) :]), raw.text) for at, raw in mine)


def _entry(name: str, raw: Raw | None, dated: frozenset[int], notes: Notes) -> Entry:
    if raw is None:
        return None
    if raw.formula is not None:
        notes["typed_formula"].append((name, as_quoted(f"={raw.formula}")))
        return None
    if raw.kind == DAY:
        notes["dated"].append((name, as_quoted(raw.text)[:DAY_LETTERS]))
        return None
    entry = _number(raw)
    if isinstance(entry, Decimal) and raw.style in dated and TYPED_DAYS[0] <= entry < TYPED_DAYS[1]:
        notes["dated"].append((name, _day(entry)))
        return None
    return entry


def _number(raw: Raw | None) -> Entry:
    """A figure where the cell holds one, else the text as typed; nothing at all is a blank."""
    if raw is None or not raw.text:
        return None
    entry = stored_figure(raw.text) if raw.kind == "n" else raw.text
    if isinstance(entry, Decimal):
        return entry
    return as_quoted(LOGICAL.get(entry, entry) if raw.kind == "b" else entry)


def _texts(form: Form, page: SheetContent) -> dict[str, str]:
    found = {key: _prose(page.cells.get(cell)) for key, cell in form.texts.items()}
    return {key: text for key, text in found.items() if text.strip()}


def _prose(raw: Raw | None) -> str:
    return raw.text if raw and raw.kind != "n" else raw_text(raw)


def _day(serial: Decimal) -> str:
    from datetime import date, timedelta  # a start should not pay for a module that few filings need

    try:
        return str(date(1899, 12, 30) + timedelta(days=int(serial)))
    except OverflowError:
        return figure_text(serial)


def _options(form: Form, pages: Mapping[str, SheetContent]) -> dict[str, str]:
    by_sheet = {form.sheets[key]: page for key, page in pages.items()}
    found = {o.id: raw_text(by_sheet[o.sheet].cells.get(o.cell)) for o in form.options}
    return {name: choice for name, choice in found.items() if choice}


def _answers(page: SheetContent) -> Iterator[tuple[str, str]]:
    """The clerk's 说明, by the rule whose line it stands on."""
    columns = hidden_sheet().answers
    for at, raw in page.cells.items():
        if at.rstrip(DIGITS) == columns.rule and raw.text != columns.head:
            answer = raw_text(page.cells.get(columns.answer + at[len(columns.rule) :]))
            if answer:
                yield raw.text, answer
