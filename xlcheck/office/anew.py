"""What a cut or a parted merge did to the template's own, written anew: formulas, names, merges, conditions.

A cell that is cut takes along all that looks at it, and what it is pasted over is lost to those who looked
there. The clean workbook, opened beside it in the same program, says how everything was.
"""

import itertools
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import xlwings as xw

from xlcheck.core.form import Form
from xlcheck.core.grid import a1, box, rc
from xlcheck.core.marks import entry_roles
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.office import office
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.office import locks, native
from xlcheck.office.openbook import OpenBook
from xlcheck.office.record import text
from xlcheck.template.clean import clean_workbook
from xlcheck.template.heights import text_entry
from xlcheck.workbook.archive import Package
from xlcheck.workbook.reading import DIGITS
from xlcheck.workbook.structure import identity, printed

# Where a formula looks, with the sheet before it, as either program writes it; of a cell pasted over, #REF!
REFERENCE = re.compile(r"(?:\$?(?:'[^']+'|\w+)[!.])?(?:\$?[A-Z]{1,3}\$?\d+|#REF!)")


def write_anew(opened: OpenBook) -> str:
    """Write anew what looks elsewhere, merge what was parted, part what a paste merged; told, or nothing.

    Only what looks elsewhere than the template's is touched, so a county's own words stay. Nothing typed is
    lost: what stands in a parted merge is put together. Raises Refused for what is no workbook of ours.
    """
    edition, _ = identity(opened)
    form, say = edition.form, office().say
    parted, brought = list(_parted(opened, form)), opened.merged(form)
    moved = bool(opened.strays(form)) and _is_todays(opened, edition)
    if not (parted or brought or moved):
        return ""
    with native.drawing_held(opened.book), locks.unlocked(opened.book, form.sheets.values()):
        for field, area in brought:
            opened.sheets[form.where(field)[0]].range(area).unmerge()
        for sheet, address in parted:
            _merge(opened, sheet, address)
        if moved:
            _look_as_the_template(opened, edition)
    told = say.merged.format(n=len(parted), cell="!".join(parted[0])) if parted else ""
    told += say.parted.format(n=len(brought), area=brought[0][1]) if brought else ""
    return told + (say.looks_again if moved else "")


def _parted(opened: OpenBook, form: Form) -> Iterator[tuple[str, str]]:
    """The merges of white cells that are there no more, by sheet and address."""
    for sheet, addresses in white_merges(form).items():
        there = opened.page(sheet).merges
        yield from ((sheet, address) for address in addresses if address not in there)


def white_merges(form: Form) -> dict[str, list[str]]:
    """The merged ranges that are filled in, by sheet: a paste can part them under the lock."""
    roles, found = entry_roles(form), {}
    for table in form.tables:
        sheet = form.sheets[table]
        found[sheet] = sorted(m for m in printed(form, table)[1] if (sheet, m.partition(":")[0]) in roles)
    last = workbook().on_cover.entry.partition(":")[2]
    found[form.sheets["cover"]] = [f"{cell}:{last}{rc(cell)[0]}" for cell in form.cover.values()]
    tall = {cell: len(text_entry(key).rows) for key, cell in form.texts.items()}
    found[form.sheets["text"]] = [f"{c}:{a1(rc(c)[0] + n - 1, rc(c)[1])}" for c, n in tall.items() if n > 1]
    return found


def _merge(opened: OpenBook, name: str, address: str) -> None:
    """Merge cells again, what was typed into any of them put together in the first, a line each."""
    sheet = opened.sheets[name]
    block = box(address)
    assert block is not None
    (top, left), (bottom, right) = block
    cells = [a1(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
    for merge in {sheet.range(cell).merge_area.address for cell in cells}:
        sheet.range(merge).unmerge()
    typed = {cell: sheet.range(cell).value for cell in cells}
    there = {cell: value for cell, value in typed.items() if value is not None}
    if there.keys() - {cells[0]}:
        whole = next(iter(there.values())) if len(there) == 1 else "\n".join(map(_written, there.values()))
        for cell in cells[1:]:
            sheet.range(cell).clear_contents()
        sheet.range(cells[0]).value = text(whole)
    sheet.range(address).merge()


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_todays(opened: OpenBook, edition: Edition) -> bool:
    """Whether fields, cases and rules stand on the rows where the template has them today."""
    at, hidden = hidden_sheet(), edition.form.sheets["hidden"]
    columns = {at.field.name, at.case.rule, at.case.at, at.rule.rule, at.counted.name}

    def named(cells: Mapping[str, object]) -> dict[str, str]:
        return {c: getattr(raw, "text", "") for c, raw in cells.items() if c.rstrip(DIGITS) in columns}

    clean = Package(clean_workbook(edition), edition.form.edition)
    return named(opened.page(hidden).cells) == named(clean.page(hidden).cells)


def _look_as_the_template(opened: OpenBook, edition: Edition) -> None:
    """Let every formula, name and condition look where the template's does."""
    with clean_beside(opened, edition) as clean:
        for name in edition.form.sheets.values():
            _formulas(opened.sheets[name], clean.sheets[name])
            native.copy_conditions(clean.sheets[name], opened.sheets[name])
        theirs = opened.book.names
        for name in edition.form.names:
            place = str(clean.names[name].refers_to)
            if name in theirs and theirs[name].refers_to != place:
                theirs[name].refers_to = place


@contextmanager
def clean_beside(opened: OpenBook, edition: Edition) -> Iterator[xw.Book]:
    """The clean workbook of an edition, open in the same program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{edition.form.edition}.xlsx")
        path.write_bytes(clean_workbook(edition))
        with native.beside(opened.book, path) as clean:
            yield clean


def _formulas(sheet: xw.Sheet, clean: xw.Sheet) -> None:
    last = clean.used_range.last_cell
    theirs, ours = (native.formulas(one.range((1, 1), (last.row, last.column))) for one in (sheet, clean))
    for row, col in itertools.product(range(last.row), range(last.column)):
        wanted, there = ours[row][col], theirs[row][col]
        if wanted.startswith("=") and wanted != there and looks(wanted) != looks(there):
            native.put_formula(sheet.range((row + 1, col + 1)), wanted)


def looks(formula: str) -> frozenset[str]:
    """Where a formula looks."""
    return frozenset(REFERENCE.findall(formula))
