"""What a unit changed from one return to the next, cell by cell."""

from collections.abc import Iterator
from itertools import pairwise

from xlcheck import data
from xlcheck.core.filing import entry_text
from xlcheck.county.register import Register
from xlcheck.county.submission import Return
from xlcheck.editions import edition_named


def changed_cells(register: Register) -> Iterator[dict[str, str]]:
    """A line for every cell, choice and text in which two returns of a unit, one after the other, differ."""
    for unit, sent in register.sent.items():
        if unit in register.units and len(sent) > 1:
            returns = register.returns({unit: sent})[unit]
            for older, newer in pairwise(returns):
                names = {"older": _called(older), "newer": _called(newer)}
                for change in differences(older, newer):
                    yield {"unit": register.units[unit].name, **names, **change}


def differences(older: Return, newer: Return) -> Iterator[dict[str, str]]:
    """Where they differ: the place in the form's words, the cell, what stood there and what stands now."""
    words = data.toml("summary")["words"]
    edition = edition_named(newer.filing.edition)
    form = edition.form
    labels = {name: field.place for name, field in form.fields.items()} | form.labels
    before, now = older.filing, newer.filing
    names = [n for n in form.fields if before.values.get(n) != now.values.get(n)]
    for name in names:
        was, is_ = (entry_text(filing.values.get(name)) or words["blank"] for filing in (before, now))
        yield {"place": labels[name], "cell": edition.cell_of(name), "was": was, "now": is_}
    spoken = ("kind", "contact", *(option.id for option in form.options))
    for name in (n for n in spoken if (before.word(n) or "") != (now.word(n) or "")):
        was, is_ = (entry_text(filing.word(name)) or words["blank"] for filing in (before, now))
        yield {"place": labels[name], "cell": edition.cell_of(name), "was": was, "now": is_}
    for name in (n for n in form.texts if before.texts.get(n) != now.texts.get(n)):
        yield {"place": labels[name], "cell": edition.cell_of(name), "was": "", "now": words["own_text"]}


def _called(one: Return) -> str:
    return f"{one.name} {one.received:%m-%d %H:%M}"
