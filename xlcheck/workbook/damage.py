"""Damage that does not hide where a figure belongs: noted on reading, for the rules that name it."""

from collections.abc import Mapping
from functools import cache, lru_cache

from xlcheck.core.form import Form
from xlcheck.core.grid import RowCol, box, rc
from xlcheck.workbook.archive import Package, SheetContent
from xlcheck.workbook.structure import sheet_and_cell

KEPT = 1024  # merged ranges remembered
Notes = dict[str, list[tuple[str, str]]]


def damage(package: Package, form: Form, pages: Mapping[str, SheetContent]) -> Notes:
    """What is noted: names lost or pointing elsewhere, merges over entries, structure open to change.

    ``pages`` are the sheets of the tables by their key, as read for the entries.
    """
    names = package.book.names
    notes: Notes = {"renamed": [], "merged_entries": [], "open_structure": []}
    strays = sum(
        names.get(name) != place and sheet_and_cell(names.get(name, "")) != sheet_and_cell(place)
        for name, place in _named(form).items()
    )
    if strays:
        notes["renamed"].append(("unit", str(strays)))
    for table in form.tables:
        notes["merged_entries"] += _merged(form, table, pages[table])
    if not package.book.locked:
        notes["open_structure"].append(("unit", ""))
    return notes


@cache
def _named(form: Form) -> dict[str, str]:
    """Every field's defined name and where it points."""
    return {n.replace(".", "_"): _written(f.sheet, f.cell) for n, f in form.fields.items()}


def _merged(form: Form, table: str, page: SheetContent) -> list[tuple[str, str]]:
    """Entries merged with their neighbours: the first of each, with the cells merged."""
    merges = sorted(page.merges) if isinstance(page.merges, frozenset) else ()
    return [hit for merge in merges if (hit := merged_entry(form, table, merge))]


@lru_cache(KEPT)
def merged_entry(form: Form, table: str, merge: str) -> tuple[str, str] | None:
    """The first entry that a merged range takes with others, and the range; None where it takes none so."""
    found = box(merge)
    if found is None:  # no range of a sheet: no program merges anything there
        return None
    (top, left), (bottom, right) = found
    sheet = form.sheets[table]
    cells, (last_row, last_column) = _entries(form, sheet)
    if top > last_row or left > last_column:
        return None
    hit = [cell for cell, (r, c) in cells.items() if top <= r <= bottom and left <= c <= right]
    if len(hit) > 1 or (hit and cells[hit[0]] != (top, left)):
        return form.addresses[sheet, min(hit, key=cells.__getitem__)], merge
    return None


@lru_cache
def _entries(form: Form, sheet: str) -> tuple[dict[str, RowCol], RowCol]:
    """Where a sheet's entries lie, and the last row and column that any lies in."""
    cells = {cell: rc(cell) for there, cell in form.addresses if there == sheet}
    rows, columns = zip(*cells.values(), strict=True)
    return cells, (max(rows), max(columns))


def _written(sheet: str, cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"'{sheet}'!${letters}${cell[len(letters) :]}"
