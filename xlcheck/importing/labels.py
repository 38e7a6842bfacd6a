"""The rows' labels of the official tables, as they are met: numbered otherwise, cut short, said otherwise."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.grid import Node
from xlcheck.data.importing import importing
from xlcheck.importing.normal_text import NormalText, normal

LONGEST = 60  # letters of a printed label
N = "N"  # stands for the number in data/importing.toml
Forms = tuple[Form, ...]  # a document's own form, then the others, for rows that are not its own


class Label(NamedTuple):
    """A row of a table as it is told in one edition: its whole wordings, and what of it is enough."""

    table: str
    row: str
    whole: re.Pattern[str]
    nearly: re.Pattern[str] | None
    wordings: tuple[str, ...]


class LabelAt(NamedTuple):
    """Where a row's label stands in a text."""

    table: str
    row: str
    start: int
    end: int
    whole: bool


@cache
def row_labels(form: Form, table: str) -> tuple[Label, ...]:
    """The rows of a table that have names, in their order."""
    rows = {f.row.id: f.row for f in form.fields.values() if f.table == table and f.row.label}
    return tuple(_label(table, row) for row in rows.values())


def row_fields(form: Form, table: str, row: str) -> tuple[str, ...]:
    """The fields of one row, in order."""
    return tuple(n for n, f in form.fields.items() if f.table == table and f.row.id == row)


def _label(table: str, row: Node) -> Label:
    wordings = [normal(w) for w in (row.label, row.short, *row.aliases) if w]
    wordings = sorted(set(wordings), key=len, reverse=True)
    whole = "|".join(_pattern(w) for w in wordings)
    near = [p for p in map(_beginning, wordings) if p]
    nearly = re.compile("|".join(near)) if near else None
    return Label(table, row.id, re.compile(whole), nearly, tuple(wordings))


def unnumbered(wording: str) -> str:
    """A label without its number."""
    found = numbered().match(wording)
    return wording[found.end() :] if found else wording


@cache
def numbered() -> re.Pattern[str]:
    """How a label's number is written in the form: in brackets, before a comma, or a figure and a point."""
    return re.compile(importing().label.number)


def _pattern(wording: str) -> str:
    core = re.escape(unnumbered(wording))
    number = _number(wording)
    return f"(?:{number}){'' if len(unnumbered(wording)) < 4 else '?'}{core}" if number else core


def _number(wording: str) -> str:
    found = numbered().match(wording)
    if not found:
        return ""
    inner, outer, figure = found.groups()
    signs = importing().label.numbered
    if figure:
        return signs.figure.replace(N, figure)
    return signs.inner.replace(N, inner) if inner else signs.outer.replace(N, outer)


def _beginning(wording: str) -> str:
    """The number and the first letters of a long label, where a line's end or a slip cut the rest."""
    core, enough = unnumbered(wording), importing().label.nearly
    number = _number(wording)
    if not number or len(core) <= enough:
        return ""
    return f"(?:{number}){re.escape(core[:enough])}"


def find(text: NormalText, start: int, end: int, table: str, forms: Forms) -> list[LabelAt]:
    """Where the rows of a table are named between two places, in order; the longest wording wins.

    Of two forms' rows of one wording it is the first form's.
    """
    found = [
        m
        for form in forms
        for label in row_labels(form, table)
        for m in _marks(label, text, start, end, printed_words(forms))
    ]
    found.sort(key=lambda m: (m.start - m.end, m.start))
    taken: list[LabelAt] = []
    for mark in found:
        if all(mark.end <= t.start or mark.start >= t.end for t in taken):
            taken.append(mark)
    return sorted(taken, key=lambda m: m.start)


def _marks(label: Label, text: NormalText, start: int, end: int, words: tuple[str, ...]) -> Iterator[LabelAt]:
    deep = depth(text.text)
    for pattern, whole in ((label.whole, True), (label.nearly, False)):
        hits = pattern.finditer(text.text, start, end) if pattern else ()
        good = [
            m for m in hits
            if not deep[m.start()] and _begins(text, m.start(), words) and _ends(text, m, words)
        ]  # fmt: skip
        yield from (LabelAt(label.table, label.row, m.start(), m.end(), whole) for m in good)
        if good:
            return


def _begins(text: NormalText, at: int, words: tuple[str, ...]) -> bool:
    """A label begins a cell, has its number, or follows a figure or other words of the form's."""
    if at == 0 or text.parted[at] or numbered().match(text.text, at):
        return True
    before = text.text[max(0, at - 30) : at]
    return before[-1].isdigit() or before.endswith(words)


def _ends(text: NormalText, found: re.Match[str], words: tuple[str, ...]) -> bool:
    """A label without a number is all of what it stands in: 规章制度 is no 规章."""
    at = found.end()
    if at >= len(text.text) or text.parted[at] or numbered().match(found[0]):
        return True
    rest = text.text[at : at + LONGEST]
    return not rest[0].isalpha() or rest.startswith(words) or bool(numbered().match(rest))


@cache
def printed_words(forms: Forms) -> tuple[str, ...]:
    """All the words printed in the forms' tables, and those of labels without their numbers."""
    tables = [table for form in forms for table in form.tables.values()]
    words = {normal(cell.text) for table in tables for cell in table if cell.text}
    return tuple(words | {unnumbered(word) for word in words})


def are_foreign(heads: Sequence[str], forms: Forms) -> bool:
    """Whether several heads name years, quarters or places: no form prints two letters of them."""
    pairs = (one + other for name in heads for one, other in pairwise(name) if not (one + other).isdecimal())
    printed = "|".join(printed_words(forms))
    return len(set(heads)) > 1 and all(heads) and not any(pair in printed for pair in pairs)


@cache
def depth(text: str) -> tuple[int, ...]:
    """How many brackets are open before each letter; one that is never closed is not counted."""
    deep, opened = [0] * len(text), []
    for at, sign in enumerate(text):
        if sign in "([":
            opened.append(at)
        elif sign in ")]" and opened:
            first = opened.pop()
            if not opened and at - first > 5 and at - first < 200:
                deep[first + 1 : at + 1] = [1] * (at - first)
    return tuple(deep)
