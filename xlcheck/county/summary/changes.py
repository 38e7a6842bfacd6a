"""What a unit changed from one return to the next, cell by cell."""

from collections.abc import Iterator
from itertools import pairwise

from xlcheck.core.filing import entry_text
from xlcheck.core.form_words import place_of
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Return
from xlcheck.county.summary.cell_formats import SummaryPage
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.data.summary import ColumnKey, summary


def write_changes(page: SummaryPage, register: Register, title: str, stand: str) -> None:
    """What changed between two returns of a unit."""
    sheet, words = summary().sheets.changes, summary().words
    list_head(page, sheet, title, words.hint_changes, stand)
    write_rows(page, sheet, changed_cells(register), words.no_changes)


def changed_cells(register: Register) -> Iterator[SheetRow]:
    """A line for every cell, choice and text in which two returns of a unit, one after the other, differ."""
    for unit, sent in register.sent.items():
        if unit in register.units and len(sent) > 1:
            returns = register.returns({unit: sent})[unit]
            for older, newer in pairwise(returns):
                names: SheetRow = {
                    "unit": register.units[unit].name, "older": _called(older), "newer": _called(newer),
                }  # fmt: skip
                yield from ({**names, **change} for change in differences(older, newer))


def differences(older: Return, newer: Return) -> Iterator[dict[ColumnKey, str]]:
    """Where they differ: the place in the form's words, the cell, what stood there and what stands now."""
    edition, before, now = newer.edition, older.filing, newer.filing
    form, words = edition.form, summary().words

    def change(name: str, was: str, is_: str) -> dict[ColumnKey, str]:
        return {"place": place_of(form, name), "cell": edition.cell_of(name), "was": was, "now": is_}

    for name in (n for n in form.fields if before.values.get(n) != now.values.get(n)):
        was, is_ = (entry_text(filing.values.get(name)) or words.blank for filing in (before, now))
        yield change(name, was, is_)
    spoken = ("kind", "contact", *(option.id for option in form.options))
    for name in (n for n in spoken if (before.word(n) or "") != (now.word(n) or "")):
        was, is_ = (entry_text(filing.word(name)) or words.blank for filing in (before, now))
        yield change(name, was, is_)
    for name in (n for n in form.texts if before.texts.get(n) != now.texts.get(n)):
        yield change(name, "", words.own_text)


def _called(one: Return) -> str:
    return f"{one.name} {one.received:%m-%d %H:%M}"
