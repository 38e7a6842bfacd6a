"""An open workbook for the tests of the buttons: LibreOffice behind xlwings, its calls counted."""

import re
from collections import Counter
from contextlib import contextmanager
from typing import NamedTuple

import office
from by_name import fill_workbook

from xlcheck.office.libreoffice import bridge, engine
from xlcheck.office.libreoffice.looks import CellNote, Font
from xlcheck.office.libreoffice.ranges import Range

LOOK = ("CellBackColor", "CharColor", "CharFontName", "CharWeight", "NumberFormat")
READS, WRITES = ("raw_value", "formula"), ("color", "number_format", "raw_value", "formula")


class Open(NamedTuple):
    """A workbook open in the office: as xlwings has it, as the office has it."""

    book: object
    document: object


def attach(desktop):
    """Make the running office the one that xlwings speaks to."""

    class Context:
        class ServiceManager:
            @staticmethod
            def createInstanceWithContext(name, _):
                return desktop

    bridge.load_uno()
    return engine.attach(Context())


@contextmanager
def opened(desktop, path):
    document = office.opened(desktop, path)
    try:
        app = attach(desktop)
        book = next(b for b in app.books if b.impl.api.URL == document.URL)
        yield Open(book, document)
    finally:
        document.setModified(False)
        document.close(True)


def filled(template, filing, path):
    fill_workbook(template, filing, path)
    return path


def looks(document):
    """Every cell of every sheet as it is and looks: text, fill, ink, weight, format, lock; and the notes."""
    found = {}
    for sheet in document.Sheets:
        if sheet.Name == "xlcheck":
            continue
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        block = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        groups = block.getUniqueCellFormatRanges()
        for n in range(groups.Count):
            group = groups.getByIndex(n)
            look = (*group.getPropertyValues(LOOK), group.CellProtection.IsLocked)
            for at in group.RangeAddresses:
                for row in range(at.StartRow, at.EndRow + 1):
                    for column in range(at.StartColumn, at.EndColumn + 1):
                        found[sheet.Name, row, column] = look
        notes = sheet.Annotations
        for n in range(notes.Count):
            note = notes.getByIndex(n)
            found[sheet.Name, "note", note.Position.Row, note.Position.Column] = note.String
        found[sheet.Name, "values"] = tuple(block.getFormulaArray()) if sheet.Name != "校验" else ()
        found[sheet.Name, "locked"] = sheet.isProtected()
    return found


class Calls:
    """What was asked of the office: reads, writes and notes by sheet."""

    def __init__(self):
        self.reads, self.writes, self.notes = Counter(), Counter(), Counter()
        self.fills = {}


@contextmanager
def counted(monkeypatch):
    """Count the engine's calls by sheet while the button works; what is counted still happens."""
    calls = Calls()

    def watch(owner, name, sheet_of):
        prop = getattr(owner, name)

        def get(self):
            if name in READS and owner is Range:
                calls.reads[sheet_of(self), name] += 1
            return prop.fget(self)

        def put(self, value):
            calls.writes[sheet_of(self)] += 1
            if name == "color":
                calls.fills.setdefault(sheet_of(self), set()).add((owner.__name__, value))
            prop.fset(self, value)

        monkeypatch.setattr(owner, name, property(get, put))

    for name in WRITES:
        watch(Range, name, lambda r: r.sheet.name)
    for name in ("color", "bold"):
        watch(Font, name, lambda f: f.cells.sheet.name)
    add, delete, text = Range.add_note, CellNote.delete, CellNote.text

    def noted(act, sheet_of):
        def call(self, *args):
            calls.notes[sheet_of(self)] += 1
            return act(self, *args)

        return call

    monkeypatch.setattr(Range, "add_note", noted(add, lambda r: r.sheet.name))
    monkeypatch.setattr(CellNote, "delete", noted(delete, lambda n: n.sheet.name))
    monkeypatch.setattr(CellNote, "text", property(text.fget, noted(text.fset, lambda n: n.sheet.name)))
    yield calls


def plain(sentence):
    return re.sub(r"\s", "", sentence)
