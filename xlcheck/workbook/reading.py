"""Read a filing from a workbook of ours, and refuse one whose structure is no longer the template's."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.workbook.archive import SHORT, Package, SheetContent, Source
from xlcheck.workbook.damage import Notes, damage
from xlcheck.workbook.structure import (
    as_quoted,
    day_of,
    formula_text,
    identity,
    is_day,
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


class Dates(NamedTuple):
    """The styles that show a figure as a date, from when it counts the days, and those of percentages."""

    styles: frozenset[int]
    from_1904: bool
    shares: frozenset[int] = frozenset()


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
    seen: Notes = {check: [] for check in ("typed_formula", "dated", "shown_otherwise", "unprotected")}
    notes = seen | _damage(package, form, pages)
    dates = Dates(package.date_styles(), package.from_1904, package.share_styles())
    values = {n: _entry(n, pages[f.table].cells.get(f.cell), dates, notes) for n, f in form.fields.items()}
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
        records=_of_rules(kept, hidden_sheet().rule.record) if answers else {},
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
    of_rule = at.rule.rule, at.rule.record, at.rule.last_answer
    columns = (at.field.name, at.field.last, at.last_text, *of_rule)
    return package.page(form.sheets["hidden"], columns=columns).cells


def _last(form: Form, year: Decimal, kept: Mapping[str, Raw]) -> Filing:
    """Last year's figures, texts and answers that ``new --last`` carried into the workbook."""
    at = hidden_sheet()
    rows = rows_of(kept, at.field.name)
    entries = {n: kept.get(f"{at.field.last}{rows[n]}") for n in form.fields if n in rows}
    said = {n: kept.get(f"{at.last_text}{row}") for row, n in enumerate(form.texts, at.first_row)}
    texts = {name: raw.text for name, raw in said.items() if raw}
    values = {n: _number(raw) for n, raw in entries.items()}
    answers = _of_rules(kept, at.rule.last_answer)
    return Filing(form.edition, year, values=values, texts=texts, answers=answers)


def _of_rules(kept: Mapping[str, Raw], column: str) -> dict[str, str]:
    """What the hidden sheet keeps in a column of each rule's line: its record, last year's answer."""
    rows = rows_of(kept, hidden_sheet().rule.rule)
    found = {rule: raw_text(kept.get(f"{column}{row}")) for rule, row in rows.items()}
    return {rule: text for rule, text in found.items() if text}


def rows_of(cells: Mapping[str, Raw], column: str) -> dict[str, int]:
    """The row of each name in a column of the hidden sheet."""
    mine = ((at, raw) for at, raw in cells.items() if at.rstrip(DIGITS) == column)
    return named_rows((int(at[len(column) :]), raw.text) for at, raw in mine)


def _entry(name: str, raw: Raw | None, dates: Dates, notes: Notes) -> Entry:
    if raw is None:
        return None
    if raw.formula is not None:
        notes["typed_formula"].append((name, as_quoted(formula_text(raw.formula))))
        return None
    if raw.kind == DAY:
        notes["dated"].append((name, as_quoted(raw.text)[:DAY_LETTERS]))
        return None
    entry = _number(raw)
    if isinstance(entry, Decimal) and raw.style in dates.styles and is_day(entry, from_1904=dates.from_1904):
        notes["dated"].append((name, day_of(entry, from_1904=dates.from_1904)))
        return None
    if isinstance(entry, Decimal) and entry and raw.style in dates.styles | dates.shares:
        sentence = messages().shown_as_day if raw.style in dates.styles else messages().shown_as_share
        shown = sentence.format(n=figure_text(entry), share=figure_text(100 * entry))
        notes["shown_otherwise"].append((name, shown))
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


def _options(form: Form, pages: Mapping[str, SheetContent]) -> dict[str, str]:
    by_sheet = {form.sheets[key]: page for key, page in pages.items()}
    found = {o.id: raw_text(by_sheet[o.sheet].cells.get(o.cell)) for o in form.options}
    return {name: choice for name, choice in found.items() if choice}


def _answers(page: SheetContent) -> Iterator[tuple[str, str]]:
    """The clerk's 说明, by the rule whose line it stands on."""
    columns = hidden_sheet().answers
    for at, raw in page.cells.items():
        if at.startswith(columns.rule) and at.rstrip(DIGITS) == columns.rule and raw.text != columns.head:
            answer = raw_text(page.cells.get(columns.answer + at[len(columns.rule) :]))
            if answer:
                yield raw.text, answer
