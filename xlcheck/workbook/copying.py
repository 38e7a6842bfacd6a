"""A copy of a workbook in which some cells are written and dressed: all else in it stays as it was."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cached_property
from html import escape, unescape

from xlcheck.core.cell_functions import CellError, Value, as_double
from xlcheck.core.cell_places import Key
from xlcheck.core.formula import Entry
from xlcheck.core.results import StoredFormula, formula_results
from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.workbook.archive import Package
from xlcheck.workbook.cell_styles import PLAIN_PART, STYLES_KIND, CellStyles, highest_style, plain_styles
from xlcheck.workbook.cells import SheetCells, stored_value
from xlcheck.workbook.markup import (
    Unchangeable,
    attribute,
    children,
    element,
    namespace,
    opened,
    with_attribute,
)
from xlcheck.workbook.notes import SheetNotes
from xlcheck.workbook.parts import PackageParts
from xlcheck.workbook.reading import rows_of
from xlcheck.workbook.structure import stored_figure
from xlcheck.workbook.xml import Raw

SIDES = re.compile(r"(&&|&[LCR])")  # of a printed foot; && is one that is printed
FOOT, SMALL_FOOT = 9, 7  # points; small is a foot that would take three lines of a page that lies across
LONG_FOOT = 40  # letters
LONGEST_FOOT = 255  # letters of a printed foot, as Excel allows
LATER = (  # what follows the settings for calculation in a workbook, ECMA-376 Part 1, 18.2.27
    "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


class WorkbookCopy:
    """What becomes of a workbook: its sheets, styles and notes, each read when it is first asked for."""

    def __init__(self, package: Package) -> None:
        self.package, self.parts = package, PackageParts(package)
        self.pages: dict[str, SheetCells] = {}
        self.noted: dict[str, SheetNotes] = {}
        self.had: dict[str, Mapping[str, Raw]] = {}
        self.written: dict[Key, Value] = {}
        self.unordered = False  # whether the order of the formulas names one that went

    def raw(self, sheet: str, at: str) -> Raw | None:
        """A cell as it is now."""
        raw = self.cells(sheet).raw(at)
        return self.stored(sheet).get(at) if raw and raw.kind == "s" else raw

    def rows(self, sheet: str, column: str) -> dict[str, int]:
        """The row of each name in a column: another workbook may have other rules."""
        cells = self.cells(sheet)
        mine = (at for row in cells.rows if (at := f"{column}{row}") in cells.where)
        return rows_of({at: raw for at in mine if (raw := self.raw(sheet, at))}, column)

    def stored(self, sheet: str) -> Mapping[str, Raw]:
        """All cells of a sheet as the workbook had them."""
        if sheet not in self.had:
            self.had[sheet] = self.package.page(sheet).cells
        return self.had[sheet]

    def cells(self, sheet: str) -> SheetCells:
        if sheet not in self.pages:
            self.pages[sheet] = SheetCells(self.parts.read(self.parts.spelling(self.package.sheets[sheet])))
        return self.pages[sheet]

    def notes(self, sheet: str) -> SheetNotes:
        if sheet not in self.noted:
            self.noted[sheet] = SheetNotes(self.parts, self.parts.spelling(self.package.sheets[sheet]))
        return self.noted[sheet]

    @cached_property
    def styles(self) -> CellStyles:
        return CellStyles(self.parts.read(self._styles_part()))

    def _styles_part(self) -> str:
        """The part for styles; a workbook that has none is given the plain one that programs show it in."""
        main = self.parts.main.part
        found = self.parts.related(main, "styles")
        part = found[0].part if found else PLAIN_PART
        if part not in self.parts:
            sheets = (self.parts.read(self.parts.spelling(name)) for name in self.package.sheets.values())
            count = 1 + max((highest_style(sheet) for sheet in sheets), default=0)
            self.parts.write(part, plain_styles(namespace(self.parts.read(main)), count))
            self.parts.declare(part, STYLES_KIND)
        if not found:
            self.parts.relate(main, "styles", part)
        return part

    def put(self, sheet: str, at: str, entry: Entry) -> None:
        """Write an entry into a cell, in whatever look it has; one that is there already stays as it is."""
        raw = self.raw(sheet, at)
        if _holds(raw, entry) if raw else entry is None:
            return
        if raw and raw.formula is not None:
            self.unordered = True
        self.cells(sheet).put(at, entry)
        self.written[sheet, at] = as_double(entry) if isinstance(entry, Decimal) else entry

    def foot(self, sheet: str, side: str, text: str, ours: re.Pattern[str]) -> None:
        """Write one side of a sheet's printed foot, where it has one; what is not ours there stays."""
        page = self.cells(sheet)
        views = b"customSheetView" in page.tail  # which have feet of their own
        start = page.after_rows().get("headerFooter") if views else 0
        place = element(page.tail, "oddFooter", start) if start is not None else None
        tag = opened(page.tail, "oddFooter", place[0]) if place else None
        if not place or not tag or tag[0].endswith(b"/>"):
            return
        end = page.tail.rindex(b"</", *place)
        parts = _sides(unescape(page.tail[tag.end() : end].decode()))
        parts[side] = ours.sub("", parts[side])
        size = FOOT if len(text) <= LONG_FOOT else SMALL_FOOT
        parts[side] += f"&{size} {text.replace('&', '&&')}" if text else ""
        whole = "".join(f"&{name}{said}" for name, said in parts.items() if said)
        if len(whole) > LONGEST_FOOT:
            return
        page.tail = page.tail[: tag.end()] + escape(whole, quote=False).encode() + page.tail[end:]

    def tab(self, sheet: str, change: dict[str, str]) -> None:
        """Give a sheet's tab another colour, by the one that it has."""
        page = self.cells(sheet)
        found = opened(page.head, "tabColor")
        new = change.get(attribute(found[0], "rgb") or "") if found else None
        if found and new:
            page.head = (
                page.head[: found.start()] + with_attribute(found[0], "rgb", new) + page.head[found.end() :]
            )

    def content(self) -> bytes:
        """The whole workbook as it is now, every formula with what it comes to."""
        results = formula_results(self._formulas(), self._value)  # with which every sheet is read
        for (sheet, at), result in results.items():
            self.pages[sheet].result(at, result)
        for sheet, notes in self.noted.items():
            notes.leave(self.cells(sheet))
        for sheet, page in self.pages.items():
            self._change(self.parts.spelling(self.package.sheets[sheet]), page.xml())
        if "styles" in self.__dict__:
            self._change(self._styles_part(), self.styles.changed())
        self._recalculated()
        return self.parts.packed()

    def _formulas(self) -> dict[Key, StoredFormula]:
        return {
            (sheet, at): formula
            for sheet in self.package.sheets
            for at, formula in self.cells(sheet).formulas()
        }

    def _value(self, key: Key) -> Value | CellError:
        """What stands in a cell."""
        if key in self.written:
            return self.written[key]
        raw = self.raw(*key) if key[0] in self.package.sheets else None
        return stored_value(raw.kind, raw.text) if raw and raw.text else None

    def _change(self, part: str, body: bytes) -> None:
        if body != self.parts.read(part):
            self.parts.write(part, body)

    def _recalculated(self) -> None:
        """Ask the next program to work all out anew; an order of formulas that names one that went, goes."""
        main = self.parts.main.part
        xml = self.parts.read(main)
        tag = opened(xml, "calcPr")
        if tag:
            xml = xml[: tag.start()] + with_attribute(tag[0], "fullCalcOnLoad", "1") + xml[tag.end() :]
        else:
            root = opened(xml, "workbook")
            there = dict(reversed(children(xml)))
            end = min((there[name] for name in LATER if name in there), default=xml.rindex(b"</"))
            new = b'<%bcalcPr fullCalcOnLoad="1"/>' % (root[1] if root else b"")
            xml = xml[:end] + new + xml[end:]
        self._change(main, xml)
        for order in self.parts.related(main, "calcChain") if self.unordered else ():
            self.parts.unrelate(main, order)
            if order.part in self.parts:
                self.parts.drop(order.part)


def _holds(raw: Raw, entry: Entry) -> bool:
    """Whether a cell holds just this entry."""
    if raw.formula is not None or entry is None:
        return False
    if isinstance(entry, str):
        return raw.kind in ("s", "str", "inlineStr") and raw.text == entry
    return raw.kind == "n" and stored_figure(raw.text) == entry


def _sides(foot: str) -> dict[str, str]:
    """The three sides of a printed foot; what no side is named for stands in the middle."""
    found, side = {"L": "", "C": "", "R": ""}, "C"
    for part in SIDES.split(foot):
        if part[:1] == "&" and part[1:] in found:
            side = part[1:]
        else:
            found[side] += part
    return found


@contextmanager
def whole_or_not_at_all(file: str) -> Iterator[None]:
    """Say so, where a workbook is written in a way that might lose something when it is changed."""
    try:
        yield
    except Unchangeable as wrong:
        raise Refused(messages().unfit.format(file=file)) from wrong
