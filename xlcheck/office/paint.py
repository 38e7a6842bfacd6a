"""Marks in the open workbook: put on, changed and taken off in as few calls as there are colours."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import xlwings as xw

from xlcheck.core.form import Form
from xlcheck.core.marks import (
    GENERAL,
    Mark,
    Unmarked,
    entry_roles,
    label_cell,
    painted_cell,
    read_unmarked,
    unmarked_text,
)
from xlcheck.core.row_heights import note_size
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.office import locks, native
from xlcheck.office.libreoffice.looks import Colour
from xlcheck.office.native import MarkLook
from xlcheck.office.openbook import OpenBook

AUTHOR_SIZE = (79.0, 144.0)  # height and width of a note whose box nobody has drawn
Stood = dict[tuple[str, str], Unmarked]  # by sheet and cell


class SheetChange(NamedTuple):
    """One sheet's cells as they look, as they shall look, and what stood there before any mark."""

    sheet: xw.Sheet
    now: Mapping[str, MarkLook]
    goal: Mapping[str, MarkLook]
    notes: Mapping[str, xw.main.Note]
    said: Mapping[str, str]
    labels: bool  # whether locked cells are among them


def stood(opened: OpenBook, form: Form) -> Stood:
    """What our marks cover now, from the hidden sheet."""
    at, cells = hidden_sheet(), opened.page(form.sheets["hidden"]).cells
    where, before = at.mark
    rows = [c[len(where) :] for c in cells if c.rstrip("0123456789") == where]
    found: Stood = {}
    for row in rows:
        sheet, _, cell = cells[where + row].text.rpartition("!")
        kept = cells.get(before + row)
        if int(row) >= at.first_row and kept and (known := read_unmarked(kept.text)):
            found[sheet, cell] = known
    return found


def with_forgotten(opened: OpenBook, form: Form, known: Stood) -> Stood:
    """What our marks cover, and the labels whose sign an earlier press left and nothing tells of any more."""
    name, label = form.sheets["text"], workbook().on_text.label
    sheet, cells = opened.sheets[name], [label_cell(cell, label) for cell in form.texts.values()]
    signed = {
        c: look for c, look in native.cell_looks(sheet, cells).items() if styles().is_signed(look.format)
    }
    forgotten = {c: look for c, look in signed.items() if (name, c) not in known}
    notes = _notes(sheet) if forgotten else {}
    found = known | {(name, c): _before(look, notes.get(c)) for c, look in forgotten.items()}
    wrong = {place: one for place, one in found.items() if styles().is_signed(one.format)}
    return found | {place: one._replace(format=GENERAL) for place, one in wrong.items()}


def plan(
    opened: OpenBook, form: Form, marks: Mapping[str, Mark], old: Stood
) -> tuple[Stood, list[SheetChange]]:
    """What every touched cell shall look like, and what is to be remembered of it."""
    label, white = workbook().on_text.label, entry_roles(form)
    wanted = {painted_cell(form, mark, label): mark for mark in marks.values()}
    remembered: Stood = {}
    changes = []
    for name in sorted({sheet for sheet, _ in (*old, *wanted)} & opened.sheets.keys()):
        cells = [c for s, c in dict.fromkeys((*old, *wanted)) if s == name]
        sheet = opened.sheets[name]
        now = native.cell_looks(sheet, cells)
        notes = _notes(sheet)
        before = {c: old.get((name, c)) or _before(now[c], notes.get(c)) for c in cells}
        mine = {c: wanted.get((name, c)) for c in cells}
        goal = {c: _painted(_look(before[c], now[c]), mine[c]) for c in cells}
        said = {c: _said(before[c], mine[c]) for c in cells}
        labels = any((name, cell) not in white for cell in cells)
        changes.append(SheetChange(sheet, now, goal, notes, said, labels))
        remembered |= {(name, c): before[c] for c in cells if mine[c]}
    return remembered, changes


def apply(change: SheetChange) -> None:
    """Write what differs: one call a colour, one for each weight and sign, one for each note that changed."""
    with locks.unlocked(change.sheet.book, [change.sheet.name], looks=change.labels):
        for part, value, cells in _differences(change):
            for area in native.areas(change.sheet, cells):
                _set(area, part, value)
        for cell, text in change.said.items():
            _note(change.sheet, cell, change.notes.get(cell), text)


def _differences(change: SheetChange) -> Iterator[tuple[str, object, list[str]]]:
    found: dict[tuple[str, object], list[str]] = {}
    for cell, goal in change.goal.items():
        for part, old, new in zip(MarkLook._fields, change.now[cell], goal, strict=True):
            if old != new:
                found.setdefault((part, new), []).append(cell)
    for (part, value), cells in found.items():
        yield part, value, cells


def _set(area: xw.Range, part: str, value: Any) -> None:
    match part:
        case "fill":
            area.color = value
        case "ink":
            area.font.color = value
        case "bold":
            area.font.bold = bool(value)
        case _:
            area.number_format = str(value)


def _note(sheet: xw.Sheet, cell: str, there: xw.main.Note | None, text: str) -> None:
    if there is None and text:
        native.size_note(sheet, sheet.range(cell).add_note(text), *note_size(text, styles().note))
    elif there is not None and not text:
        there.delete()
    elif there is not None and there.text != text:
        there.text = text
        native.size_note(sheet, there, *note_size(text, styles().note))


def _notes(sheet: xw.Sheet) -> dict[str, xw.main.Note]:
    return {note.location.address.replace("$", ""): note for note in sheet.notes}


def _before(now: MarkLook, note: xw.main.Note | None) -> Unmarked:
    hers = (note.text, note.author or "", *AUTHOR_SIZE) if note else None
    return unmarked(now)._replace(note=hers)


def unmarked(look: MarkLook) -> Unmarked:
    """A look as it is remembered."""
    return Unmarked(_hex(look.fill), _hex(look.ink), look.bold, look.format)


def _look(before: Unmarked, now: MarkLook) -> MarkLook:
    """The look to come back to; a colour of the theme, which only the file knows, is left as it is."""
    fill = rgb_of_hex(before.fill) if before.fill or not before.exact else None
    ink = rgb_of_hex(before.ink) if before.ink or not before.exact else now.ink
    return MarkLook(fill, ink, before.bold, before.format)


def _painted(look: MarkLook, mark: Mark | None) -> MarkLook:
    if mark is None:
        return look
    spec, rgb = styles().mark[mark.kind], styles().rgb
    ink = rgb_of_hex(rgb(spec.colour)) if spec.colour else look.ink
    bold = bool(spec.bold) if spec.colour else look.bold
    return MarkLook(rgb_of_hex(rgb(spec.fill)), ink, bold, spec.format or look.format)


def _said(before: Unmarked, mark: Mark | None) -> str:
    """The clerk's own note, and ours under it."""
    hers = before.note[0] if before.note else ""
    return "\n\n".join(filter(None, (hers, mark.note if mark else "")))


def rgb_of_hex(text: str) -> Colour | None:
    return (int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)) if text else None


def _hex(colour: Colour | None) -> str:
    return "{:02X}{:02X}{:02X}".format(*colour) if colour else ""


def mark_lines(remembered: Stood) -> list[tuple[str, str]]:
    """What the hidden sheet keeps of the marks: where, and what was there before."""
    return [(f"{sheet}!{cell}", unmarked_text(before)) for (sheet, cell), before in remembered.items()]
