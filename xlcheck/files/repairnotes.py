"""Damage that does not hide where a figure belongs: noted on reading, for the rules that name it."""

from collections.abc import Mapping

from xlcheck.core.form import Form
from xlcheck.core.grid import a1, rc
from xlcheck.files.package import Package, Page
from xlcheck.files.sheetxml import Reader, read

Notes = dict[str, list[tuple[str, str]]]


class Book(Reader):
    """The names of a workbook and whether its structure is locked, from xl/workbook.xml."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.locked = False
        self.name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.name = attributes.get("name", "") if tag == "definedName" else ""
        if tag == "workbookProtection":
            self.locked = attributes.get("lockStructure") in ("1", "true")

    def text(self, text: str) -> None:
        if self.name:
            self.names[self.name] = self.names.get(self.name, "") + text


def damage(package: Package, form: Form, pages: Mapping[str, Page]) -> Notes:
    """What is noted: names lost or pointing elsewhere, merges over entries, structure open to change.

    ``pages`` are the sheets of the tables by their key, as read for the entries.
    """
    book = read(Book(), package.zip.read("xl/workbook.xml"))
    notes: Notes = {"renamed": [], "merged_entries": [], "open_structure": []}
    strays = [
        n for n, f in form.fields.items() if book.names.get(n.replace(".", "_")) != _written(f.sheet, f.cell)
    ]
    if strays:
        notes["renamed"].append(("unit", str(len(strays))))
    for table in form.tables:
        notes["merged_entries"] += _merged(form, table, pages[table])
    if not book.locked:
        notes["open_structure"].append(("unit", ""))
    return notes


def _merged(form: Form, table: str, page: Page) -> list[tuple[str, str]]:
    """Entries merged with their neighbours: the first of each, with the cells merged."""
    clean = {f.cell for f in form.fields.values() if f.table == table}
    found = []
    for merge in sorted(page.merges) if isinstance(page.merges, frozenset) else ():
        first, _, last = merge.partition(":")
        (top, left), (bottom, right) = rc(first), rc(last)
        inside = {
            a1(r, c)
            for r in range(top, min(bottom, top + 99) + 1)
            for c in range(left, min(right, left + 99) + 1)
        }
        hit = [c for c in clean if c in inside]
        if len(hit) > 1 or (hit and hit[0] != first):
            found.append((form.addresses[form.sheets[table], sorted(hit, key=rc)[0]], merge))
    return found


def _written(sheet: str, cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"'{sheet}'!${letters}${cell[len(letters) :]}"
