"""How cells of the summary look and how a value is put into one: data/styles.toml by XlsxWriter."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlcheck.core.check_code import UNSEEN
from xlcheck.core.grid import a1, rc
from xlcheck.data.styles import CellStyle, Role, SignStyle, styles
from xlcheck.data.summary import summary
from xlcheck.workbook.archive import LETTERS

SheetValue = str | int | float | Decimal | datetime | None
Edge = Literal["left", "right", "top", "bottom"]
THIN, MEDIUM = 1, 2  # lines, by the numbers that Excel has for them
CHINESE = 134  # the character set of a font that has no western name
WESTERN = "Times New Roman"
EDGES: dict[str, tuple[Edge, ...]] = {"grid": ("left", "right", "top", "bottom")}  # others: below alone


class CellFormats:
    """The formats of one workbook, each made up once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Role, str, frozenset[Edge]], Format] = {}

    def of(self, role: Role, number: str = "", frame: frozenset[Edge] = frozenset()) -> Format:
        """A role's format, with a number format of its own, with the line of a frame on some edges."""
        key = role, number, frame
        if key not in self.made:
            self.made[key] = self.book.add_format(_properties(styles().style[role], number, frame))
        return self.made[key]

    def of_sign(self, spec: SignStyle, *, bold: bool = False) -> Format:
        """What a condition makes of a cell that begins with a sign."""
        ink: dict[str, Any] = {"font_color": hex_colour(spec.colour)}
        ground = {"bg_color": hex_colour(spec.fill)} if spec.fill else {}
        return self.book.add_format(ink | ground | ({"bold": True} if bold else {}))


class FigureRun(NamedTuple):
    """The cells of figures side by side, as they stand in the file."""

    xml: str


class FigureSheet(Worksheet):  # type: ignore[misc]  # the library ships no types
    """A sheet whose rows are written from above, and which takes figures side by side at once.

    The figures of the units are nine of ten cells of the summary; one by one they take most of its time.
    """

    def put_figures(self, row: int, col: int, figures: Sequence[Decimal]) -> None:
        """Put figures without a look of their own in a row, the first in this column; both count from 0."""
        self._check_dimensions(row, col + len(figures) - 1)
        if row > self.previous_row:
            self._write_single_row(row)
        places = zip(map(_letters, range(col, col + len(figures))), map(_number, figures), strict=True)
        xml = "".join([f'<c r="{letters}{row + 1}"><v>{number}</v></c>' for letters, number in places])
        self.table[row][col] = FigureRun(xml)

    def _write_cell(self, row: int, col: int, cell: object) -> None:
        """As XlsxWriter asks for each cell of a row; those of a run are written already."""
        if isinstance(cell, FigureRun):
            self.fh.write(cell.xml)
        else:
            super()._write_cell(row, col, cell)


@cache
def _letters(col: int) -> str:
    return a1(1, col + 1)[:-1]


@lru_cache(4096)  # nearly all figures are small, and most are 0
def _number(figure: Decimal) -> str:
    """A figure as XlsxWriter has it: no program keeps more digits."""
    return f"{figure:.16g}"


class SummaryPage(NamedTuple):
    """A sheet and the formats of its workbook. Rows are written from above: one that was left is closed."""

    sheet: FigureSheet
    formats: CellFormats

    def put(self, at: str, value: SheetValue, role: Role) -> None:
        """Put a value in a cell by its address."""
        row, col = rc(at)
        self.put_in(row - 1, col - 1, value, role)

    def put_in(self, row: int, col: int, value: SheetValue, role: Role) -> None:
        """Put a value in a cell; row and column count from 0. A text is a text, however it begins."""
        number = summary().moment if isinstance(value, datetime) else ""
        put_value(self.sheet, row, col, value, self.formats.of(role, number))


@contextmanager
def summary_pages(path: Path, names: Sequence[str], as_of: datetime) -> Iterator[dict[str, SummaryPage]]:
    """The sheets of a new workbook by name; each row is written as soon as the next one begins."""
    with Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"author": "xlcheck", "created": as_of})
        formats = CellFormats(book)
        yield {name: SummaryPage(book.add_worksheet(name, FigureSheet), formats) for name in names}


def put_value(sheet: Worksheet, row: int, col: int, value: SheetValue, look: Format | None = None) -> None:
    """Put a value in a cell of a sheet; of a text what no workbook holds is left out."""
    match value:
        case None:
            sheet.write_blank(row, col, None, look)
        case str():
            sheet.write_string(row, col, UNSEEN.sub("", value)[:LETTERS], look)
        case datetime():
            sheet.write_datetime(row, col, value, look)
        case _:
            sheet.write_number(row, col, value, look)


def hex_colour(name: str) -> str:
    """A colour of the palette, or one that stands for itself, as XlsxWriter has it."""
    return f"#{styles().rgb(name)}"


def _properties(spec: CellStyle, number: str, frame: frozenset[Edge]) -> dict[str, Any]:
    looks: dict[str, Any] = {
        "font_name": spec.font, "font_size": spec.size, "font_color": hex_colour(spec.colour),
        "bold": bool(spec.bold), "text_wrap": bool(spec.wrap), "indent": spec.indent,
        "valign": "top" if spec.top else "vcenter", "num_format": number or spec.format or "General",
    }  # fmt: skip
    if spec.font != WESTERN:
        looks["font_charset"] = CHINESE
    if spec.align:
        looks["align"] = spec.align
    if spec.fill:
        looks["bg_color"] = hex_colour(spec.fill)
    return looks | _lines(spec.border, frame)


def _lines(kind: str, frame: frozenset[Edge]) -> dict[str, Any]:
    """The lines of a cell: those of its role, and over them the line of a frame."""
    line, looks = styles().line, dict[str, Any]()
    for edge in EDGES.get(kind, ("bottom",)) if kind else ():
        looks |= {edge: MEDIUM if kind == "heavy" else THIN, f"{edge}_color": hex_colour(getattr(line, kind))}
    for edge in frame:
        looks |= {edge: MEDIUM, f"{edge}_color": hex_colour(line.frame)}
    return looks
