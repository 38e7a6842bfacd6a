"""What the eye reads in a foreign workbook: nothing hidden, struck out, or raised as a note's mark."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xlcheck.core.grid import RowCol, rc
from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.document import Words
from xlcheck.importing.readers.unmerge import LONGEST
from xlcheck.workbook.archive import Package
from xlcheck.workbook.xml import FALSE, TRUE, Enough, Reader, unescape

UNSEEN = (";;;", ";;;;")  # number formats that show nothing
PERCENT = ("9", "10")  # those of every workbook that show a hundredfold
ROUNDED = {"1": 0, "2": 2, "3": 0, "4": 2}  # those that show so many decimals
DECIMALS = re.compile(r"[#,]*0(?:\.(0+))?")
SCALED = re.compile(r"%|[0#?],+(?![0#?,])")  # that, or in thousands
HIDDEN = ("hidden", "veryHidden")
WHITE = re.compile(r"(?:FF|00)?[F][\dA-F][F][\dA-F][F][\dA-F]", re.IGNORECASE)  # or nearly so
RAISED = ("superscript", "subscript")
PLAIN = ("none", "")
DUST = Decimal("0.000001")  # what binary arithmetic leaves of a sum
WIDEST = 1000  # columns that one element may hide


class Sight(NamedTuple):
    """Which rows and columns of a sheet are hidden, and the cells that do not read as they are stored."""

    rows: frozenset[int]
    columns: frozenset[int]
    cells: Mapping[RowCol, Words]


class BookSight(NamedTuple):
    """The sheets that are hidden, the styles whose letters are not read, and the strings that have such."""

    hidden: frozenset[str]
    styles: frozenset[int]
    decimals: Mapping[int, int]  # that a style shows
    strings: Mapping[int, Words]


def book_sight(package: Package) -> BookSight:
    """What of a whole workbook is not read. Raises Refused."""
    sheets = package.walk_part(package.main, HiddenSheets()).names
    styles = package.walk_part(package.part_of("styles"), FontStyles())
    strings = package.walk_part(package.part_of("sharedStrings"), RichStrings()).found
    return BookSight(frozenset(sheets), frozenset(styles.unseen), styles.decimals, strings)


def sheet_sight(package: Package, sheet: str, book: BookSight) -> Sight:
    """What of one sheet is not read."""
    found = package.walk_sheet(sheet, CellSights(book))
    return Sight(frozenset(found.rows), frozenset(found.columns), found.cells)


class HiddenSheets(Reader):
    """The names of the sheets that are not shown."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("state") in HIDDEN:
            self.names.add(attributes["name"])


class RichText(Reader):
    """A text in runs: what of it is read, and what not; a phonetic guide is neither."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.unread: list[str] = []
        self.unseen = self.raised = self.guide = self.inside = self.rich = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "r":
                self.unseen, self.raised, self.rich = False, False, True
            case "strike":
                self.unseen |= attributes.get("val", "1") not in FALSE
            case "color":
                self.unseen |= _is_white(attributes)
            case "vertAlign":
                self.raised = attributes.get("val") in RAISED
            case "rPh":
                self.guide = True
            case "t":
                self.inside = not self.guide

    def end(self, tag: str) -> None:
        self.inside &= tag != "t"
        self.guide &= tag != "rPh"
        if tag == "r":
            self.unseen = self.raised = False

    def text(self, text: str) -> None:
        if self.inside:
            away = self.unseen or (self.raised and is_note(text))
            (self.unread if away else self.read).append(text)

    def words(self) -> Words:
        return Words(unescape("".join(self.read)), unescape("".join(self.unread)))


class RichStrings(Reader):
    """The shared strings that hold letters which are not read, by their number."""

    def __init__(self) -> None:
        self.found: dict[int, Words] = {}
        self.number = -1
        self.string = RichText()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.number, self.string = self.number + 1, RichText()
        self.string.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.string.end(tag)
        if tag == "si" and self.string.rich:
            self.found[self.number] = self.string.words()

    def text(self, text: str) -> None:
        self.string.text(text)


class FontStyles(Reader):
    """The styles of cells whose letters are not read, and how many decimals the others show."""

    def __init__(self) -> None:
        self.unseen: set[int] = set()
        self.decimals: dict[int, int] = {}
        self.formats = {*PERCENT}
        self.rounded = dict(ROUNDED)
        self.struck: list[bool] = []
        self.white: list[bool] = []
        self.filled: list[bool] = []
        self.within = ""
        self.style = -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "numFmt":
                self._format(attributes["numFmtId"], _bare(attributes.get("formatCode", "")))
            case "fonts" | "fills" | "cellXfs" | "cellStyleXfs" | "dxfs":
                self.within = tag
            case "font" if self.within == "fonts":
                self.struck.append(False)
                self.white.append(False)
            case "strike" if self.within == "fonts":
                self.struck[-1] |= attributes.get("val", "1") not in FALSE
            case "vertAlign" if self.within == "fonts":
                self.struck[-1] |= attributes.get("val") in RAISED
            case "color" if self.within == "fonts":
                self.white[-1] = _is_white(attributes)
            case "patternFill" if self.within == "fills":
                self.filled.append(attributes.get("patternType", "") not in PLAIN)
            case "gradientFill" if self.within == "fills":
                self.filled.append(True)
            case "xf" if self.within == "cellXfs":
                self._style(attributes)

    def _format(self, number: str, code: str) -> None:
        if code in UNSEEN or SCALED.search(code):
            self.formats.add(number)
        if whole := DECIMALS.fullmatch(code.partition(";")[0]):
            self.rounded[number] = len(whole[1] or "")

    def _style(self, attributes: dict[str, str]) -> None:
        self.style += 1
        if (number := attributes.get("numFmtId", "")) in self.rounded:
            self.decimals[self.style] = self.rounded[number]
        font, fill = (int(attributes.get(name, 0)) for name in ("fontId", "fillId"))
        white = font < len(self.white) and self.white[font]
        blank = white and not (fill < len(self.filled) and self.filled[fill])
        if blank or (font < len(self.struck) and self.struck[font]) or number in self.formats:
            self.unseen.add(self.style)


class CellSights(Reader):
    """The hidden rows and columns of a sheet, and its cells that hold letters which are not read."""

    def __init__(self, book: BookSight) -> None:
        self.book = book
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.cells: dict[RowCol, Words] = {}
        self.row = 0
        self.at: RowCol = (0, 0)
        self.pointing = self.unseen = self.value = False
        self.style = 0
        self.said: list[str] = []
        self.string = RichText()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "row":
                self.row, self.at = int(attributes.get("r", self.row + 1)), (0, 0)
                if self.row > LONGEST:
                    raise Enough
                if _is_hidden(attributes, "ht"):
                    self.rows.add(self.row)
            case "col" if _is_hidden(attributes, "width"):
                last = min(int(attributes["max"]), int(attributes["min"]) + WIDEST)
                self.columns.update(range(int(attributes["min"]), last + 1))
            case "c":
                self.at = rc(attributes["r"]) if "r" in attributes else (self.row, self.at[1] + 1)
                self.pointing = attributes.get("t") == "s"
                self.style = int(attributes.get("s", 0))
                self.unseen = self.style in self.book.styles
                self.said, self.string = [], RichText()
            case "v":
                self.value = True
        self.string.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.string.end(tag)
        self.value &= tag != "v"
        if tag == "c":
            self._end_cell("".join(self.said))

    def text(self, text: str) -> None:
        if self.value:
            self.said.append(text)
        self.string.text(text)

    def _end_cell(self, said: str) -> None:
        """Take note of a cell that does not read as it is stored; runs say themselves how they look."""
        words, rich = self.string.words(), self.string.rich
        number = int(said) if self.pointing and said.strip().isdecimal() else -1
        if number in self.book.strings:
            words, rich = self.book.strings[number], True
        if rich:
            self.cells[self.at] = words
        elif self.unseen:
            self.cells[self.at] = Words("", words.text or ("" if self.pointing else said))
        elif self.style in self.book.decimals and (shown := _rounded(said, self.book.decimals[self.style])):
            self.cells[self.at] = Words(shown, said)


def _bare(code: str) -> str:
    """A number format without the words, colours and gaps in it."""
    return re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|\s', "", code)


def _rounded(stored: str, decimals: int) -> str:
    """What a cell shows of a number with more decimals; nothing where it shows all of it."""
    if not re.fullmatch(r"-?\d{1,15}\.\d{1,30}", stored):
        return ""
    shown = Decimal(stored).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return "" if abs(shown - Decimal(stored)) < DUST else str(shown)


def _is_white(colour: Mapping[str, str]) -> bool:
    """Whether a colour is the paper's, by its parts, its place in the theme or in the old palette."""
    plain = "tint" not in colour and (colour.get("theme") == "0" or colour.get("indexed") in ("1", "9"))
    return plain or bool(WHITE.fullmatch(colour.get("rgb", "")))


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    return attributes.get("hidden") in TRUE or attributes.get(size) in ("0", "0.0")
