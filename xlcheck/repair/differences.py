"""What is wrong with a workbook's structure, in the clerk's words."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.grid import a1, column_name, rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.importing import DamageKind, importing
from xlcheck.repair.damaged import DamagedBook, DamagedSheet
from xlcheck.repair.shifts import Shift, steps
from xlcheck.repair.template_sheets import FoundSheets


class Damage(NamedTuple):
    """A damage of the structure: its kind, where, and what was found there."""

    kind: DamageKind
    at: str
    words: str = ""


SheetPair = tuple[DamagedSheet, Shift]  # a damaged sheet, and where the template's cells went in it
SheetPairs = Mapping[str, SheetPair | None]  # by the sheet's key; None where none is it


def structural_damage(
    book: DamagedBook, form: Form, sheets: FoundSheets, pairs: SheetPairs, clean: DamagedBook
) -> Iterator[Damage]:
    """Every difference in structure between a workbook and the clean one, whatever its entries."""
    for key, name in form.sheets.items():
        found = sheets.get(key)
        if found and found.sheet.name != name:
            yield Damage("sheet_renamed", name, found.sheet.name)
        elif not found and name in book.sheets:
            yield Damage("sheet_other", name)
        elif not found and (book.whole or key in pairs):
            yield Damage("hidden_missing" if key == "hidden" else "sheet_missing", name)
    for key, pair in pairs.items():
        if pair is None:
            continue
        name = form.sheets[key]
        yield from _moved(name, pair[1])
        if book.whole:
            yield from _looks(name, pair[0], clean.sheets[name])
            yield from _locked_inputs(key, form, pair)
    if not book.whole:
        yield Damage("converted", "")
        return
    yield from _book(book, form, sheets, clean)


def _moved(name: str, shift: Shift) -> Iterator[Damage]:
    if (first := _first_moved(shift.rows)) is not None:
        yield Damage("rows_moved", name, str(first))
    if (first := _first_moved(shift.cols)) is not None:
        yield Damage("cols_moved", name, column_name(first))
    for said, (row, col) in shift.lost:
        yield Damage("label_lost", f"{name}!{a1(row, col)}", said)
    for said, (row, col) in shift.doubled:
        yield Damage("label_doubled", f"{name}!{a1(row, col)}", said)


def _first_moved(votes: Mapping[int, frozenset[int]]) -> int | None:
    """The first row or column that is not where the template has it."""
    if any(step for step in steps(votes)) or any(len(to) > 1 for to in votes.values()):
        return min(place for place, to in votes.items() if to != {place})
    return None


def _looks(name: str, sheet: DamagedSheet, clean: DamagedSheet) -> Iterator[Damage]:
    if not sheet.protected:
        yield Damage("unprotected", name)
    if sheet.watched < clean.watched:
        yield Damage("unwatched", name, str(clean.watched - sheet.watched))
    if len(sheet.merges) < len(clean.merges):
        yield Damage("unmerged", name, str(len(clean.merges) - len(sheet.merges)))
    if len(sheet.merges) > len(clean.merges):
        yield Damage("merged", name, str(len(sheet.merges) - len(clean.merges)))


def _locked_inputs(key: str, form: Form, pair: SheetPair) -> Iterator[Damage]:
    """Entries that were locked by a format pasted over them."""
    sheet, shift = pair
    if any(len(to) > 1 or to != {place} for place, to in shift.rows.items()) or key not in form.tables:
        return
    cells = [f.cell for f in form.fields.values() if f.table == key]
    locked = [c for c in cells if (spot := sheet.cells.get(rc(c))) and spot.locked and spot.entry is not None]
    if locked:
        yield Damage("locked_entry", form.sheets[key], importing().repair.list.join(locked[:6]))


def _book(book: DamagedBook, form: Form, sheets: FoundSheets, clean: DamagedBook) -> Iterator[Damage]:
    at = hidden_sheet()
    if hidden := sheets.get("hidden"):
        version, name = (hidden.sheet.cells.get(rc(cell)) for cell in (at.cell.version, at.cell.edition))
        said = str(version.entry) if version and version.entry is not None else ""
        if said not in at.accepted:
            yield Damage("version", "", said)
        if not name or str(name.entry) != form.edition:
            yield Damage("edition_said", "", str(name.entry) if name else "")
    lost = [n for n in clean.names if n not in book.names]
    if lost:
        yield Damage("names_lost", "", str(len(lost)))
    if broken := [n for n in clean.names if n in book.names and book.names[n] is None]:
        yield Damage("names_broken", "", str(len(broken)))
    known = {found.sheet.name for found in sheets.values()} | {*form.sheets.values()}
    if strange := [name for name in book.sheets if name not in known]:
        yield Damage("sheet_extra", importing().repair.list.join(strange))
