"""Two filings of different editions side by side: field by field, and what has no counterpart."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.core.language import Entry
from xlcheck.files.catalogue import edition


class Pair(NamedTuple):
    """The same thing in two filings: its place in each form's words, its figure; "" where it is not asked.

    ``parts`` names the fields that one edition splits what the other asks as one; its figure is their sum.
    """

    name: str
    place: str
    one: Entry
    other_place: str
    other: Entry
    parts: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        return not self.place or not self.other_place


def side_by_side(one: Filing, other: Filing) -> tuple[Pair, ...]:
    """Lay two filings beside each other, in the first one's order, then what only the second asks."""
    a, b = edition(one.edition).form, edition(other.edition).form
    pairs = [_pair(name, a, b, one, other) for name in a.fields if name not in _parts_of(a, b)]
    known = {n for pair in pairs for n in (pair.name, *pair.parts)}
    return (*pairs, *_rest(a, b, one, other, known))


def _pair(name: str, a: Form, b: Form, one: Filing, other: Filing) -> Pair:
    if name in b.fields:
        return Pair(
            name, a.fields[name].place, one.values.get(name), b.fields[name].place, other.values.get(name)
        )
    parts = _split(name, b)
    place = a.fields[name].place
    if not parts:
        return Pair(name, place, one.values.get(name), "", None)
    return Pair(name, place, one.values.get(name), place, _sum(other, parts), parts)


def _rest(a: Form, b: Form, one: Filing, other: Filing, known: set[str]) -> Iterator[Pair]:
    for name in b.fields:
        if name in known:
            continue
        parts = _split(name, a)
        place = b.fields[name].place
        if parts:
            yield Pair(name, place, _sum(one, parts), place, other.values.get(name), parts)
        else:
            yield Pair(name, "", None, place, other.values.get(name))


def _split(name: str, form: Form) -> tuple[str, ...]:
    """The fields that another edition splits a field into, as the data say."""
    row, _, column = name.rpartition(".")
    rows: list[str] = data.toml("intake")["split_rows"].get(row, [])
    parts = tuple(f"{part}.{column}" for part in rows)
    return parts if parts and all(part in form.fields for part in parts) else ()


def _parts_of(a: Form, b: Form) -> set[str]:
    return {part for name in b.fields if name not in a.fields for part in _split(name, a)}


def _sum(filing: Filing, parts: tuple[str, ...]) -> Entry:
    """The sum of figures; blank where one of them is no figure."""
    figures = [v for p in parts if isinstance(v := filing.values.get(p), Decimal)]
    return sum(figures, Decimal(0)) if len(figures) == len(parts) else None
