"""Whether a workbook is still the template's: its edition, its sheets, every label in its place."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from math import isfinite
from typing import Any

from xlcheck import data
from xlcheck.core.filing import TYPED_DAYS, figure_text
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.grid import a1, rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.messages import messages
from xlcheck.editions import Edition, Refused, edition_named, newest_edition
from xlcheck.workbook.archive import SheetContent, Source
from xlcheck.workbook.xml import Raw

QUOTE = "'"
SHIFT_1904 = 1462  # days from the one beginning to the other
LONGEST, QUOTED, NAMED = 400, 200, 9  # letters of a number, letters of a quoted text, sheets named
KEPT = 4096  # figures and labels remembered: most entries are 0, and every file has the same labels


def identity(package: Source) -> tuple[Edition, SheetContent]:
    """Which edition's workbook this is, by the head of its hidden sheet, given back too.

    Every sheet must be there by its name. Raises Refused.
    """
    layout = hidden_sheet()
    if layout.sheet not in package.sheets:
        raise _incomplete(package, newest_edition().form)
    hidden = package.page(layout.sheet, last_row=layout.first_row - 1)
    name, version = (
        as_quoted(raw_text(hidden.cells.get(at))) for at in (layout.cell.edition, layout.cell.version)
    )
    known = name in data.editions()
    edition = edition_named(name) if known else newest_edition()
    if any(sheet not in package.sheets for sheet in edition.form.sheets.values()):
        raise _incomplete(package, edition.form, known=known)
    if not known:
        raise Refused(messages().other_edition.format(file=package.name, edition=name or messages().unknown))
    if version not in layout.accepted:
        raise Refused(
            messages().other_version.format(file=package.name, version=version or messages().unknown)
        )
    return edition, hidden


def _incomplete(package: Source, form: Form, *, known: bool = False) -> Refused:
    """What is said where sheets are missing: where most are, that the workbook is none of ours.

    ``known`` says that the hidden sheet speaks for it, so that what is left of it may be repaired.
    """
    missing = [sheet for sheet in form.sheets.values() if sheet not in package.sheets]
    if not known and len(missing) * 2 > len(form.sheets):
        return Refused(messages().not_ours.format(file=package.name))
    others = [as_quoted(sheet) for sheet in package.sheets if sheet not in form.sheets.values()][:NAMED]
    found = messages().instead.format(names=messages().comma.join(others)) if others else ""
    names = messages().comma.join(missing)
    return Refused(messages().no_sheet.format(file=package.name, names=names, found=found))


def same_structure(table: str, form: Form, page: SheetContent, file: str) -> None:
    """Every label must stand where the template has it, or a figure could be read in another's place."""
    labels, merges = printed(form, table)
    for at, label in labels.items():
        raw = page.cells.get(at)
        if raw is not None and raw.text == label:
            continue
        found = as_quoted(raw_text(raw))
        if bare_label(found) != bare_label(label):
            said = {
                "sheet": form.sheets[table],
                "cell": at,
                "label": label,
                "found": found or messages().empty,
            }
            raise Refused(messages().moved.format(file=file, **said))
    if missing := sorted(m for m in merges if m not in page.merges):
        raise Refused(messages().unmerged.format(file=file, sheet=form.sheets[table], cell=missing[0]))


@cache
def printed(form: Form, table: str) -> tuple[dict[str, str], frozenset[str]]:
    """A table's labels by address and its merged ranges, as the template has them."""
    place = form.places[table]
    labels, merges = {}, set()
    for cell in form.tables[table]:
        row, col = place.row + cell.row, place.col + cell.col
        at = a1(row, col)
        if cell.text:
            labels[at] = cell.text
        if cell.rows > 1 or cell.cols > 1:
            merges.add(f"{at}:{a1(row + cell.rows - 1, col + cell.cols - 1)}")
    return labels, frozenset(merges)


def named_rows(names: Iterator[tuple[int, object]]) -> dict[str, int]:
    """The row of each name in a column of the hidden sheet: what belongs to it is written there."""
    first = hidden_sheet().first_row
    return {str(name): row for row, name in names if name is not None and row >= first}


@lru_cache(KEPT)
def bare_label(text: str) -> str:
    """A label without what does not count: spaces, line breaks, widths."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def raw_text(raw: Raw | None) -> str:
    """What a cell shows, as text; a number as a clerk would write it."""
    if raw is None or not raw.text:
        return ""
    number = stored_figure(raw.text) if raw.kind == "n" else raw.text
    return figure_text(number) if isinstance(number, Decimal) else number.strip()


def stored_figure(text: str) -> Decimal | str:
    """A stored number as it was typed: Excel writes 17 digits, of which it shows and means 15.

    What no program stores as a number is a text: Python alone takes 1_0, nan or figures of other scripts.
    """
    return _figure(text) if len(text) <= LONGEST else text


@lru_cache(KEPT)
def _figure(text: str) -> Decimal | str:
    if "_" in text or not text.isascii():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return (Decimal(f"{number:.15g}") or Decimal(0)) if isfinite(number) else text  # 0 has no sign


def texts_by_row(page: SheetContent) -> dict[int, dict[int, str]]:
    """What a sheet shows, row by row and column by column, both counted from 1; nothing for a blank."""
    rows: dict[int, dict[int, str]] = {}
    for at, raw in page.cells.items():
        if text := raw_text(raw):
            row, col = rc(at)
            rows.setdefault(row, {})[col] = text
    return dict(sorted(rows.items()))


def whole_year(year: Entry) -> Entry:
    """A year as a figure; one with a fraction is none, whatever the cell shows of it."""
    return year if not isinstance(year, Decimal) or year == year.to_integral_value() else figure_text(year)


def is_day(serial: Decimal, *, from_1904: bool) -> bool:
    """Whether a day of these years was typed: a 5 in a cell that shows days is no day of 1900, but a 5."""
    return TYPED_DAYS[0] <= serial + (SHIFT_1904 if from_1904 else 0) < TYPED_DAYS[1]


def day_of(serial: Decimal, *, from_1904: bool) -> str:
    """The day that a figure shows, counted as a workbook counts them (ECMA-376 Part 1, 18.17.4.1)."""
    from datetime import date, timedelta  # a start should not pay for a module that few filings need

    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)  # 1900 had no 29 February, but for Excel
    try:
        return str(first + timedelta(days=int(serial)))
    except OverflowError:
        return figure_text(serial)


def sheet_and_cell(place: str) -> tuple[str, str]:
    """The parts of a place, the sheet without its quotes, which some programs leave out."""
    sheet, _, cell = place.strip().rpartition("!")
    return sheet.strip(QUOTE).replace(QUOTE * 2, QUOTE), cell


def as_quoted(text: str) -> str:
    """A text as it is quoted: of one longer than any entry its beginning, and how long it is."""
    return text if len(text) <= QUOTED else messages().cut.format(text=text[:QUOTED], n=len(text))


def formula_text(formula: str) -> str:
    """A formula as it is typed; of one that several cells share only the first has it written."""
    return f"={formula}" if formula else messages().shared_formula


def cell_text(value: Any) -> str:
    """A cell's value as a clerk would write it."""
    from datetime import date, datetime  # a check never asks

    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return figure_text(Decimal(f"{value:.15g}"))
        case datetime() | date():
            return str(value)[:10]
    return str(value).strip()
