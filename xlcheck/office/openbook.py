"""The open workbook read as a closed one is: a sheet's values in one call, and for figures their formulas."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any

import xlwings as xw

from xlcheck import data
from xlcheck.core.check_code import checked_words
from xlcheck.core.form import Form
from xlcheck.core.grid import a1, column, rc
from xlcheck.core.marks import entry_roles
from xlcheck.data.hidden_sheet import HiddenLayout, hidden_sheet
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.office import native
from xlcheck.workbook.archive import SheetContent
from xlcheck.workbook.damage import merged_entry
from xlcheck.workbook.reading import DIGITS, rows_of
from xlcheck.workbook.xml import Raw

MORE = 60  # rows beside those of the longest list
DATED = 1  # the style number of a cell shown as a date
EPOCH = dt.datetime(1899, 12, 30)
EMPTY = Raw("str", "", None, 0)


class OpenBook:
    """An open workbook that workbook/reading can read like a file; every sheet is asked once and kept."""

    def __init__(self, book: xw.Book) -> None:
        self.book, self.name = book, book.name
        self.pages: dict[str, SheetContent] = {}

    @cached_property
    def sheets(self) -> Mapping[str, xw.Sheet]:
        return {sheet.name: sheet for sheet in self.book.sheets}

    def page(self, sheet: str, last_row: int = 0, columns: Sequence[str] = ()) -> SheetContent:
        """One sheet's cells; parts of a sheet are for closed files, here it is read once and whole."""
        if sheet not in self.pages:
            there = self.sheets[sheet]
            cells = dict(self._cells(there, sheet))
            for at, formula in self._formulas(there, sheet, cells):
                cells[at] = cells.get(at, EMPTY)._replace(formula=formula.removeprefix("="))
            locked = native.is_protected(there)
            white = {cell for name, cell in entry_roles(self.form) if name == sheet} if self.form else set()
            self.pages[sheet] = SheetContent(cells, Merges(there, white if locked else None), locked)
        return self.pages[sheet]

    def date_styles(self) -> frozenset[int]:
        return frozenset({DATED})

    def share_styles(self) -> frozenset[int]:
        """A program hands over the figure; the button puts the format back before it reads."""
        return frozenset()

    @property
    def from_1904(self) -> bool:
        """A program hands over days, and ``raw`` counts them."""
        return False

    def _cells(self, sheet: xw.Sheet, name: str) -> Iterator[tuple[str, Raw]]:
        values = sheet.range((1, 1), self._corner(name)).options(ndim=2, err_to_str=True).value
        for row, line in enumerate(values, 1):
            for col, value in enumerate(line, 1):
                if value is not None:
                    yield a1(row, col), raw(value)

    def _formulas(self, sheet: xw.Sheet, name: str, cells: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
        """The formulas among a table's figures; a text that only looks like one equals its own formula."""
        form = self.form
        fields = [f.cell for f in form.fields.values() if f.sheet == name] if form else []
        if fields:
            (top, left), last = corners(fields)
            found = sheet.range((top, left), last).formula
            for row, line in enumerate(found, top):
                for col, text in enumerate(line, left):
                    at = a1(row, col)
                    if str(text).startswith("=") and cells.get(at, EMPTY).text != text:
                        yield at, text

    def strays(self, form: Form) -> int:
        """How many entries the hidden sheet's formulas look for in another place: a cut takes them along.

        Each figure has a formula of its own; the words all stand in the one that says whether any changed.
        """
        hidden, at = form.sheets["hidden"], hidden_sheet()
        rows = rows_of(self.page(hidden).cells, at.field.name)
        column, last = at.field.entry, max(rows.values(), default=at.first_row)
        formulas = [
            line[0] for line in native.formulas(self.sheets[hidden].range(f"{column}1:{column}{last}"))
        ]
        known = {name: formulas[row - 1] for name, row in rows.items() if name in form.fields}
        if (whole := formulas[rc(at.cell.unchanged)[0] - 1]).startswith("="):  # older workbooks have none
            known |= dict.fromkeys(checked_words(form), whole)
        return sum(not looks_at(formula, *form.where(name)) for name, formula in known.items())

    def merged(self, form: Form) -> tuple[tuple[str, str], ...]:
        """The figures' cells that are merged with others, each with the range: a paste can bring that."""
        found: dict[str, tuple[str, str]] = {}
        for table in form.tables:
            fields = {f.cell for f in form.fields.values() if f.table == table}
            (top, left), last = corners(fields)
            sheet = self.sheets[form.sheets[table]]
            if native.any_merged(sheet.range((top, left), last)):
                areas = (sheet.range(cell).merge_area.address.replace("$", "") for cell in sorted(fields))
                merges = (hit for area in areas if ":" in area and (hit := merged_entry(form, table, area)))
                found |= {area: (at, area) for at, area in merges}
        return tuple(found.values())

    @property
    def form(self) -> Form | None:
        """The edition's form once the hidden sheet is read; it says where the figures lie."""
        hidden = self.pages.get(workbook().sheets.hidden.name)
        name = hidden.cells.get(hidden_sheet().cell.edition) if hidden else None
        return edition_named(name.text).form if name and name.text in data.editions() else None

    def _corner(self, sheet: str) -> tuple[int, int]:
        """The last cell of a sheet that can matter."""
        layout = workbook()
        if sheet == layout.sheets.hidden.name:
            return hidden_end(hidden_sheet())
        key = next((k for k, name in self.form.sheets.items() if name == sheet), "") if self.form else ""
        if self.form is None or key not in ("cover", "text", "check", *self.form.tables):
            return 1, 1
        cells = {"cover": self.form.cover, "text": self.form.texts}.get(key)
        if cells is not None:
            return corners(cells.values())[1]
        if key == "check":
            listed = rows_of(self.pages[layout.sheets.hidden.name].cells, hidden_sheet().rule.rule)
            return MORE + 2 * len(listed), column(hidden_sheet().answers.rule)
        return corners(self._of_table(key))[1]

    def _of_table(self, table: str) -> list[str]:
        form = self.form
        assert form is not None
        place = form.places[table]
        return [a1(place.last_row, place.last_col)] + [
            o.cell for o in form.options if o.sheet == form.sheets[table]
        ]


class Merges:
    """Which ranges are merged. Under the lock a paste can part only those that begin with a white cell.

    So of a locked sheet no others are asked; None of them is white where the whole sheet lies open.
    """

    def __init__(self, sheet: xw.Sheet, white: Collection[str] | None) -> None:
        self.sheet, self.white = sheet, white
        self.asked: dict[str, str] = {}

    def __contains__(self, address: object) -> bool:
        text = str(address)
        first = text.partition(":")[0]
        if self.white is not None and first not in self.white:
            return True
        if first not in self.asked:
            self.asked[first] = self.sheet.range(first).merge_area.address.replace("$", "")
        return self.asked[first] == text


def hidden_end(at: HiddenLayout) -> tuple[int, int]:
    """How far down and to the right the hidden sheet can be filled, in any edition."""
    blocks = (at.field, at.case, at.rule, at.found, at.first, at.mark, at.counted, at.sample, at.log)
    columns = [
        rc(f"{c}1")[1]
        for c in (at.last_text, at.pressed_word, at.pressed_entry, *chain.from_iterable(blocks))
    ]
    made = [edition_named(name) for name in data.editions()]
    rows = max(max(len(m.form.fields), len(m.rules.rules)) for m in made)
    return at.first_row + rows + MORE, max(columns)


def looks_at(formula: str, sheet: str, cell: str) -> bool:
    """Whether a formula names this cell, as any program writes it."""
    letters = cell.rstrip(DIGITS)
    place = rf"{re.escape(sheet)}'?[!.]\${letters}\${cell[len(letters) :]}(?!\d)"
    return bool(re.search(place, formula))


def corners(cells: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last corner of the smallest rectangle that holds these cells."""
    rows, columns = zip(*map(rc, cells), strict=True)
    return (min(rows), min(columns)), (max(rows), max(columns))


def raw(value: Any) -> Raw:
    """A value as a program hands it over, in the words of a closed file."""
    match value:
        case bool():
            return Raw("b", str(int(value)), None, 0)
        case dt.datetime():
            days = (value.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)
            return Raw("n", _number(round(days, 9)), None, DATED)
        case int() | float() | Decimal():
            return Raw("n", _number(value), None, 0)
    return Raw("str", str(value).replace("\r\n", "\n").replace("\r", "\n"), None, 0)


def _number(value: float | Decimal) -> str:
    """A number with the 15 digits that Excel and LibreOffice keep of what is typed; the rest is dust."""
    return f"{Decimal(f'{value:.15g}'):f}"
