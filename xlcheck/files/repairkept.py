"""What a damaged workbook remembers beside its entries: the clerk's 说明, last year's figures."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from xlcheck import data
from xlcheck.core.filing import Filing, show
from xlcheck.core.form import Form
from xlcheck.core.grid import rc
from xlcheck.core.language import Entry
from xlcheck.files.catalogue import edition
from xlcheck.files.repairsheets import Book, Sheet


def answers(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The clerk's 说明: left of a rule's id, wherever the list has gone."""
    for (row, col), spot in sheet.cells.items():
        if isinstance(spot.entry, str) and re.fullmatch(r"R\d{3}", spot.entry):
            answer = sheet.cells.get((row, col - 1))
            if answer and answer.entry is not None and not answer.formula:
                yield spot.entry, show(answer.entry)


def remembered(book: Book, form: Form) -> dict[str, Any]:
    """Last year's figures and what the answers were given for, by their names on the hidden sheet."""
    hidden, at = book.sheets.get(form.sheets["hidden"]), data.toml("workbook")["hidden"]
    if hidden is None:
        return {}
    year = hidden.cells.get(rc(at["last_year"]))
    values = _beside(hidden, at["field"]["name"], at["field"]["last"], set(form.fields))
    rules = {rule.id for rule in edition(form.edition).rules.rules}
    records = {
        k: show(v) for k, v in _beside(hidden, at["rule"]["rule"], at["rule"]["record"], rules).items()
    }
    if not year or not isinstance(year.entry, Decimal):
        return {"records": records}
    return {"records": records, "last": Filing(form.edition, year.entry, values=values)}


def _beside(hidden: Sheet, name: str, value: str, names: set[str]) -> dict[str, Entry]:
    """What one column of the hidden sheet says of the names in another."""
    found: dict[str, Entry] = {}
    _, col = rc(f"{name}1")
    for (row, at), spot in hidden.cells.items():
        if at == col and spot.entry in names:
            beside = hidden.cells.get((row, rc(f"{value}1")[1]))
            if beside and beside.entry is not None:
                found[str(spot.entry)] = beside.entry
    return found
