"""What a damaged workbook carries besides its entries: the clerk's 说明, last year's figures and 说明."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from xlcheck.core.filing import Filing, entry_text
from xlcheck.core.formula import Entry
from xlcheck.core.grid import column, rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.editions import Edition
from xlcheck.repair.damaged import DamagedSheet


def answers(sheet: DamagedSheet, rules: Collection[str]) -> Iterator[tuple[str, str]]:
    """The clerk's 说明: left of a rule's id, wherever the list has gone.

    Where ids stand that are known, others are of rules that this program does not know.
    """
    columns = {col for (_, col), spot in sheet.cells.items() if spot.entry in rules}
    for (row, col), spot in sheet.cells.items():
        if col in columns and isinstance(spot.entry, str) and spot.entry != hidden_sheet().answers.head:
            answer = sheet.cells.get((row, col - 1))
            if answer and answer.entry is not None and not answer.formula:
                yield spot.entry, entry_text(answer.entry)


def read_last_year(hidden: DamagedSheet | None, edition: Edition) -> Mapping[str, Any]:
    """Last year's figures and what the answers were given for, by their names on the hidden sheet."""
    form, at = edition.form, hidden_sheet()
    if hidden is None:
        return {}
    year = hidden.cells.get(rc(at.cell.last_year))
    answered = _beside(hidden, at.rule.rule, at.rule.record, edition.rules.by_id)
    records = {rule: entry_text(record) for rule, record in answered.items()}
    if not year or not isinstance(year.entry, Decimal):
        return {"records": records}
    values = _beside(hidden, at.field.name, at.field.last, form.fields)
    before = _beside(hidden, at.rule.rule, at.rule.last_answer, edition.rules.by_id)
    last = Filing(form.edition, year.entry, values=values)
    return {
        "records": records,
        "last": last._replace(answers={rule: entry_text(answer) for rule, answer in before.items()}),
    }


def _beside(hidden: DamagedSheet, name: str, value: str, names: Collection[str]) -> dict[str, Entry]:
    """What one column of the hidden sheet says of the names in another."""
    found: dict[str, Entry] = {}
    for (row, at), spot in hidden.cells.items():
        if at == column(name) and spot.entry in names:
            beside = hidden.cells.get((row, column(value)))
            if beside and beside.entry is not None:
                found[str(spot.entry)] = beside.entry
    return found
