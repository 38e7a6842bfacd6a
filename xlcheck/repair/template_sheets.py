"""Which sheet of a damaged workbook is which of the template's: by what stands on it, before its title."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.grid import RowCol
from xlcheck.editions import Edition, forms
from xlcheck.repair.damaged import DamagedBook, DamagedSheet, of
from xlcheck.repair.shifts import texts_at
from xlcheck.template.clean import clean_workbook
from xlcheck.workbook.archive import Package

HALF = 0.5  # of an edition's labels must be met in the tables of a workbook that is one of ours


class FoundSheet(NamedTuple):
    """The sheet that is one of the template's, and ``rivals``: others of which the same may be said."""

    sheet: DamagedSheet
    rivals: tuple[DamagedSheet, ...] = ()


FoundSheets = Mapping[str, FoundSheet]  # by the sheet's key; one that is not there has none


def find_sheets(
    book: DamagedBook, edition: Edition, hidden: DamagedSheet | None, named: Mapping[str, str]
) -> FoundSheets:
    """The sheets of the template that are there, the hidden one being known.

    ``named`` is where most names of a sheet's entries point. A sheet is known by half of its words. Where
    several are alike, the title says which one it is, unless the names speak of another: a copy may have
    been put into the place of the original, or she may have gone on in the copy.
    """
    titles = {key: title for key, title in edition.form.sheets.items() if key != "hidden"}
    there = {name: texts_at(sheet).keys() for name, sheet in book.sheets.items() if sheet is not hidden}
    words = {key: sheet_words(edition, key).keys() for key in titles}
    like = {key: [name for name in there if _is_like(words[key], there[name])] for key in titles}
    right = {titles[key] for key, names in like.items() if titles[key] in names}
    taken = {name for names in like.values() for name in names}
    found = {"hidden": FoundSheet(hidden)} if hidden else {}
    for key, title in titles.items():
        pointed = named.get(key)
        might = [name for name in like[key] if name == title or name not in right]
        might.sort(key=lambda n: (n != title, n != pointed, -len(words[key] & there[n])))
        if not might and title in there.keys() - taken:
            might = [title]  # half of its words are gone, and it is no other sheet either
        if might:
            first, *others = (book.sheets[name] for name in might)
            sure = first.name == title and (pointed == title or pointed not in there)
            found[key] = FoundSheet(first, () if sure else tuple(others))
    return found


def is_ours(edition: Edition, sheets: FoundSheets) -> bool:
    """Whether a workbook is one of ours: by its hidden sheet or half of its sheets, as a check has it.

    Or by half of the tables' labels: of others nothing is left.
    """
    form = edition.form
    if "hidden" in sheets or len(sheets) * 2 >= len(form.sheets):
        return True
    tables = {key: found for key, found in sheets.items() if key in form.tables}
    met = sum(
        len(sheet_words(edition, key).keys() & texts_at(one.sheet).keys()) for key, one in tables.items()
    )
    return met >= HALF * sum(len(sheet_words(edition, key)) for key in form.tables)


@cache
def sheet_words(edition: Edition, key: str) -> Mapping[str, list[RowCol]]:
    """The words a sheet of the template is known by, and where they stand."""
    return texts_at(template(edition).sheets[edition.form.sheets[key]], _printed(edition.form, key))


@cache
def template(edition: Edition) -> DamagedBook:
    """The clean workbook of an edition, as the damaged one is read, but for the hidden sheet."""
    name = edition.form.edition
    return of(Package(clean_workbook(edition), name), edition.form.sheets["hidden"])


def hidden_sheet_of(book: DamagedBook, title: str) -> DamagedSheet | None:
    """The hidden sheet by the figures' names on it, else by its title: so it is known before the edition."""
    fields = [form.fields.keys() for form in forms()]
    names, least = frozenset[str]().union(*fields), min(map(len, fields))
    met = {
        sheet.name: len(names.intersection(cell.entry for cell in sheet.cells.values()))
        for sheet in book.sheets.values()
    }
    best = max(met, key=lambda name: met[name], default="")
    return book.sheets[best] if best and met[best] * 2 >= least else book.sheets.get(title)


def _is_like(words: Collection[str], there: Collection[str]) -> bool:
    met = sum(word in there for word in words)
    return met > 0 and met * 2 >= len(words)


@cache
def _printed(form: Form, key: str) -> frozenset[RowCol]:
    """The cells of the official table on a sheet: what stands beside it says nothing about its rows."""
    if key not in form.tables:
        return frozenset()
    place = form.places[key]
    return frozenset((place.row + c.row, place.col + c.col) for c in form.tables[key] if c.text)
