"""How a cell looks: the roles of data/styles.toml as openpyxl styles."""

from copy import copy
from functools import cache
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.data.styles import CellStyle, MarkStyle, Role, styles

WESTERN = "Times New Roman"
CHINESE = 134  # the character set of a font that has no western name
LIVE_FORMAT = 200  # the number of a number format that a condition brings


def paint(cell: Cell, role: Role) -> None:
    """Dress a cell in a role: font, fill, border, alignment, number format, lock."""
    font, fill, align, border, protection, number_format = _style(role)
    cell.font, cell.fill, cell.alignment, cell.border = font, fill, align, border
    cell.protection = protection
    if number_format:
        cell.number_format = number_format


def put(sheet: Worksheet, where: str, value: Any, role: Role, to: str = "") -> Cell:
    """Write a value in a role at a cell, or merged over a range, each cell dressed so that borders print.

    The range is ``where`` itself, B2:G2, or goes from there ``to``.
    """
    address, _, last = where.partition(":")
    last = to or last or address
    first: Cell = sheet[address]
    for row in sheet[f"{address}:{last}"] if last != address else ((first,),):
        for cell in row:
            paint(cell, role)
    if last != address:
        sheet.merge_cells(f"{address}:{last}")
    first.value = value
    return first


def on_row(columns: str, row: int) -> str:
    """A row's part of one column or of a pair: F:G in row 5 is F5:G5."""
    return ":".join(f"{letters}{row}" for letters in columns.split(":"))


def paint_mark(cell: Cell, mark: MarkStyle) -> None:
    """Paint a cell as the button does: fill, figure and sign, nothing else."""
    if mark.fill:
        cell.fill = solid(mark.fill)
    if mark.colour:
        font: Any = copy(cell.font)
        font.color, font.b = Color(colour(mark.colour)), mark.bold
        cell.font = font
    if mark.format:
        cell.number_format = mark.format


def colour(name: str) -> str:
    return "FF" + styles().rgb(name)


def solid(name: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour(name), bgColor=colour(name)) if name else PatternFill()


def dxf(ink: str, *, bold: bool | None = None, fill: str = "", number: str = "") -> DifferentialStyle:
    """A conditional style; with a fill only where no button paints."""
    style = DifferentialStyle(font=Font(color=colour(ink), bold=bold))
    if number:
        style.numFmt = NumberFormat(numFmtId=LIVE_FORMAT, formatCode=number)
    if fill:
        style.fill = solid(fill)
    return style


def live(mark: MarkStyle) -> DifferentialStyle:
    """What a formula alone changes of a figure."""
    return dxf(mark.colour, bold=mark.bold, number=mark.format)


def when(sheet: Worksheet, where: str, style: DifferentialStyle, test: str) -> None:
    """Dress cells in a style while a formula holds."""
    sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=[test]))


def begins_with(cell: str, sign: str) -> str:
    """Whether a cell begins with a sign, as a formula."""
    return f'LEFT({cell},1)="{sign}"'


def reminder_coloured(sheet: Worksheet, where: str) -> None:
    """Give signs of a reminder its own colour: red is what is wrong."""
    sign = styles().sign.warning
    when(sheet, where, dxf(sign.colour), begins_with(where.partition(":")[0], sign.sign))


def frame(sheet: Worksheet, first: str, last: str) -> None:
    """Draw the outer line round a range, keeping the inner lines."""
    rows = list(sheet[f"{first}:{last}"])
    side = Side("medium", color=colour(styles().line.frame))
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            old = cell.border
            cell.border = Border(
                left=side if m == 0 else old.left,
                right=side if m == len(row) - 1 else old.right,
                top=side if n == 0 else old.top,
                bottom=side if n == len(rows) - 1 else old.bottom,
            )


def plain_font() -> Font:
    """The font of a cell that has no role."""
    return _font(styles().style["plain"])


@cache
def _style(role: Role) -> tuple[Font, PatternFill, Alignment, Border, Protection, str]:
    spec = styles().style[role]
    align = Alignment(
        horizontal=spec.align,
        vertical="top" if spec.top else "center",
        wrap_text=spec.wrap,
        indent=spec.indent,
        shrink_to_fit=spec.shrink,
    )
    protection = Protection(locked=not spec.open)
    return _font(spec), solid(spec.fill), align, _border(spec.border), protection, spec.format


def _font(spec: CellStyle) -> Font:
    font = Font(name=spec.font, size=spec.size, bold=spec.bold, color=colour(spec.colour))
    font.charset = CHINESE if spec.font != WESTERN else None
    return font


def _border(kind: str) -> Border:
    line = styles().line
    match kind:
        case "grid":
            inner = Side("thin", color=colour(line.grid))
            return Border(left=inner, right=inner, top=inner, bottom=inner)
        case "row":
            return Border(bottom=Side("thin", color=colour(line.row)))
        case "heavy":
            return Border(bottom=Side("medium", color=colour(line.heavy)))
        case "foot":
            return Border(bottom=Side("thin", color=colour(line.foot)))
    return Border()
