"""What the eye reads in a foreign workbook: nothing hidden, struck out, or raised as a note's mark."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.grid import RowCol, box, rc
from xlcheck.data.importing import importing
from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.document import Words
from xlcheck.importing.readers.cell_looks import RAISED, CellLook, StyleLooks, cell_colour, is_gone
from xlcheck.importing.readers.conditional_formats import Conditions, ShownNumber, hidden_numbers
from xlcheck.importing.readers.number_format import displayed
from xlcheck.importing.readers.unmerge import LONGEST
from xlcheck.workbook.archive import Package
from xlcheck.workbook.xml import FALSE, TRUE, Enough, Reader, unescape

HIDDEN = ("hidden", "veryHidden")
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,30})?", re.ASCII)
DUST = Decimal("0.000001")  # what binary arithmetic leaves of a sum
WIDEST = 1000  # columns that one element may hide
LEAST = {"ht": 3.0, "width": 1.0}  # points and letters; in less nothing can be read
USUAL = 8.43  # letters, of a column that says nothing
SHORT = 30  # letters of a text that may be a figure


class Sight(NamedTuple):
    """Which rows and columns of a sheet are hidden, and the cells that do not read as they are stored."""

    rows: frozenset[int]
    columns: frozenset[int]
    cells: Mapping[RowCol, Words]


class BookSight(NamedTuple):
    """The sheets that are hidden, how styles look, the strings in runs or with figures, the dates."""

    hidden: frozenset[str]
    styles: StyleLooks
    strings: "Mapping[int, RichText]"
    dated: frozenset[int]


def book_sight(package: Package) -> BookSight:
    """What of a whole workbook is not read. Raises Refused."""
    sheets = package.walk_part(package.main, HiddenSheets()).names
    styles = package.walk_part(package.part_of("styles"), StyleLooks())
    strings = package.walk_part(package.part_of("sharedStrings"), RichStrings()).found
    return BookSight(frozenset(sheets), styles, strings, package.date_styles())


def sheet_sight(package: Package, sheet: str, book: BookSight) -> Sight:
    """What of one sheet is not read."""
    found = package.walk_sheet(sheet, CellSights(book))
    hidden = {
        *hidden_numbers(found.conditions.found, book.styles.differentials, found.numbers)
    } | found.too_wide()
    cells = found.cells | {at: Words("", found.numbers[at].stored) for at in hidden}
    return Sight(frozenset(found.rows), frozenset(found.columns), cells)


class HiddenSheets(Reader):
    """The names of the sheets that are not shown."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("state") in HIDDEN:
            self.names.add(attributes["name"])


class DrawnWords(Reader):
    """The paragraphs of the boxes that are drawn on a sheet."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.said: list[str] = []
        self.inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.inside = tag == "t"

    def end(self, tag: str) -> None:
        self.inside = False
        if tag == "p" and (text := "".join(self.said).strip()):
            self.found.append(text)
        self.said = [] if tag == "p" else self.said

    def text(self, text: str) -> None:
        if self.inside:
            self.said.append(text)


class RichRun(NamedTuple):
    """A piece of a text: its letters, and how they look where it says so itself."""

    text: str
    styled: bool = False
    gone: bool = False
    raised: bool = False
    colour: str = ""


class RichText(Reader):
    """A text in runs; a phonetic guide is none of it."""

    def __init__(self) -> None:
        self.runs: list[RichRun] = []
        self.run = RichRun("")
        self.guide = self.inside = self.rich = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "r":
                self.run, self.rich = RichRun(""), True
            case "rPr":
                self.run = self.run._replace(styled=True)
            case "color":
                self.run = self.run._replace(colour=cell_colour(attributes))
            case "vertAlign":
                self.run = self.run._replace(raised=attributes.get("val") in RAISED)
            case "rPh":
                self.guide = True
            case "t":
                self.inside = not self.guide
            case _ if is_gone(tag, attributes):
                self.run = self.run._replace(gone=True)

    def end(self, tag: str) -> None:
        self.inside &= tag != "t"
        self.guide &= tag != "rPh"
        if tag == "r":
            self.run = RichRun("")

    def text(self, text: str) -> None:
        if self.inside:
            self.runs.append(self.run._replace(text=text))

    def words(self, cell: CellLook) -> Words:
        """What of it is read in a cell, and what not; a run that says nothing looks as its cell does."""
        parts: tuple[list[str], list[str]] = [], []
        for run in self.runs:
            look = CellLook(run.gone, run.colour or CellLook().colour, cell.ground) if run.styled else cell
            away = look.unseen or (run.raised and is_note(run.text))
            parts[away].append(run.text)
        return Words(*(unescape("".join(part)) for part in parts))


class RichStrings(Reader):
    """The shared strings that are in runs or hold a figure, by their number."""

    def __init__(self) -> None:
        self.found: dict[int, RichText] = {}
        self.number = -1
        self.string = RichText()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.number, self.string = self.number + 1, RichText()
        self.string.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.string.end(tag)
        if tag == "si":
            text = "".join(run.text for run in self.string.runs[:SHORT])
            if self.string.rich or (len(text) <= SHORT and any(map(str.isdigit, text))):
                self.found[self.number] = self.string

    def text(self, text: str) -> None:
        self.string.text(text)


class CellSights(Reader):
    """The hidden rows and columns of a sheet, and its cells that do not read as they are stored."""

    def __init__(self, book: BookSight) -> None:
        self.book = book
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.cells: dict[RowCol, Words] = {}
        self.row = 0
        self.at: RowCol = (0, 0)
        self.kind = ""
        self.value = False
        self.zeros, self.formulas = True, False
        self.numbers: dict[RowCol, ShownNumber] = {}  # that are read as they are stored
        self.conditions = Conditions()
        self.widths: dict[int, float] = {}
        self.width = USUAL
        self.merged: set[RowCol] = set()
        self.look = CellLook()
        self.style = 0
        self.said: list[str] = []
        self.string = RichText()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "sheetView":
                self.zeros = attributes.get("showZeros") not in FALSE
                self.formulas = attributes.get("showFormulas") in TRUE
            case "sheetFormatPr":
                self.width = float(attributes.get("defaultColWidth", USUAL))
            case "row":
                self.row, self.at = int(attributes.get("r", self.row + 1)), (0, 0)
                if self.row > LONGEST:
                    raise Enough
                if _is_hidden(attributes, "ht"):
                    self.rows.add(self.row)
            case "col":
                last = min(int(attributes["max"]), int(attributes["min"]) + WIDEST)
                columns = range(int(attributes["min"]), last + 1)
                self.columns.update(columns if _is_hidden(attributes, "width") else ())
                self.widths |= dict.fromkeys(columns, float(attributes.get("width", USUAL)))
            case "c":
                self._begin_cell(attributes)
            case "f" if self.formulas:
                self.look = self.look._replace(gone=True)
            case "v":
                self.value = True
            case "mergeCell":
                self.merged |= {area[0] for area in (box(attributes.get("ref", "")),) if area}
        self.string.start(tag, attributes)
        self.conditions.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.string.end(tag)
        self.conditions.end(tag)
        self.value &= tag != "v"
        if tag == "c":
            self._end_cell("".join(self.said))

    def text(self, text: str) -> None:
        if self.value:
            self.said.append(text)
        self.string.text(text)
        self.conditions.text(text)

    def too_wide(self) -> set[RowCol]:
        """The numbers that their column has no place for: it shows signs for them."""
        return {
            at for at, number in self.numbers.items()
            if at not in self.merged
            and len(number.stored.partition(".")[0]) > self.widths.get(at[1], self.width) + 1
        }  # fmt: skip

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.at = rc(attributes["r"]) if "r" in attributes else (self.row, self.at[1] + 1)
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        looks = self.book.styles.looks
        self.look = looks[self.style] if self.style < len(looks) else CellLook()
        self.said, self.string = [], RichText()

    def _end_cell(self, said: str) -> None:
        """Take note of a cell that does not read as it is stored; runs say themselves how they look."""
        string = self.string
        if self.kind == "s":
            string = self.book.strings.get(int(said) if said.strip().isdecimal() else -1, RichText())
        words = string.words(self.look)
        if string.rich:
            self.cells[self.at] = words
        elif self.look.unseen:
            self.cells[self.at] = Words("", words.unread or ("" if self.kind == "s" else said))
        elif (read := self._formatted(words.text or ("" if self.kind == "s" else said))) is not None:
            self.cells[self.at] = read
        elif self.kind == "n" and NUMBER.fullmatch(said) and self.style not in self.book.dated:
            self.numbers[self.at] = ShownNumber(said, self.look)

    def _formatted(self, stored: str) -> Words | None:
        """What its format makes of a cell; None where it is read as it is stored."""
        number = self.kind == "n" and bool(NUMBER.fullmatch(stored))
        if number and not self.zeros and not Decimal(stored):
            return Words("", stored)
        if number and self.style in self.book.styles.filling:
            return Words("", stored)
        code = "" if self.style in self.book.dated else self.book.styles.codes.get(self.style, "")
        if not code or not stored or not (number or self.kind in ("s", "str", "inlineStr")):
            return None
        read = displayed(stored, code, text=not number)
        if number and not Decimal(stored) and read in importing().figure.nil:
            return None  # a dash that its format shows for 0
        if read is None or _differ(read, stored):
            return Words(read or "", stored)
        return None if read == stored else Words(read)


def _differ(shown: str, stored: str) -> bool:
    """Whether a cell shows another figure than it stores, but for what binary arithmetic leaves."""
    one, other = (re.findall(r"-?[\d.]+", text) for text in (shown, stored))
    if NUMBER.fullmatch(stored) and len(one) == 1 and NUMBER.fullmatch(one[0]):
        return abs(Decimal(one[0]) - Decimal(stored)) >= DUST
    return one != other


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    small = float(attributes.get(size, LEAST[size])) < LEAST[size]
    return attributes.get("hidden") in TRUE or small
