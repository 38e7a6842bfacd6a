"""How a cell looks: the roles of data/look.toml as openpyxl styles."""

from copy import copy
from functools import cache
from typing import Any, Literal

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import a1


def paint(cell: Cell, role: str) -> None:
    """Dress a cell in a role: font, fill, border, alignment, number format, lock."""
    font, fill, align, border, protection, number_format = _style(role)
    cell.font, cell.fill, cell.alignment, cell.border = font, fill, align, border
    cell.protection = protection
    if number_format:
        cell.number_format = number_format


def put(sheet: Worksheet, address: str, value: Any, role: str, to: str = "") -> Cell:
    """Write a value in a role; ``to`` merges the cells up to there, each dressed so that borders print."""
    first: Cell = sheet[address]
    for row in sheet[f"{address}:{to}"] if to and to != address else ((first,),):
        for cell in row:
            paint(cell, role)
    if to and to != address:
        sheet.merge_cells(f"{address}:{to}")
    first.value = value
    return first


def paint_mark(cell: Cell, mark: dict[str, Any]) -> None:
    """Paint a cell as the button does: fill, figure and sign, nothing else."""
    if mark.get("fill"):
        cell.fill = solid(mark["fill"])
    if mark.get("colour"):
        font: Any = copy(cell.font)
        font.color, font.b = Color(colour(mark["colour"])), mark.get("bold")
        cell.font = font
    if mark.get("format"):
        cell.number_format = mark["format"]


def colour(name: str) -> str:
    return "FF" + str(data.toml("look")["colour"].get(name, name))


def solid(name: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour(name), bgColor=colour(name)) if name else PatternFill()


def dxf(spec: dict[str, Any], *, filled: bool = False) -> DifferentialStyle:
    """A conditional style; ``filled`` only where no button paints."""
    style = DifferentialStyle(font=Font(color=colour(spec["colour"]), bold=spec.get("bold")))
    if spec.get("format"):
        style.numFmt = NumberFormat(numFmtId=200, formatCode=spec["format"])
    if filled and spec.get("fill"):
        style.fill = solid(spec["fill"])
    return style


def frame(sheet: Worksheet, first: str, last: str, width: Literal["medium", "thin"] = "medium") -> None:
    """Draw the outer line round a range, keeping the inner lines."""
    rows = list(sheet[f"{first}:{last}"])
    side = Side(width, color=colour("outer"))
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            old = cell.border
            cell.border = Border(
                left=side if m == 0 else old.left,
                right=side if m == len(row) - 1 else old.right,
                top=side if n == 0 else old.top,
                bottom=side if n == len(rows) - 1 else old.bottom,
            )


def span(row: int, col: int, rows: int = 1, cols: int = 1) -> tuple[str, str]:
    """The first and last address of a block of cells."""
    return a1(row, col), a1(row + rows - 1, col + cols - 1)


@cache
def _style(role: str) -> tuple[Font, PatternFill, Alignment, Border, Protection, str]:
    spec = data.toml("look")["style"][role]
    font = Font(name=spec["font"], size=spec["size"], bold=spec.get("bold"), color=colour(spec["colour"]))
    font.charset = 134 if spec["font"] != "Times New Roman" else None
    align = Alignment(
        horizontal=spec.get("align"),
        vertical="top" if spec.get("top") else "center",
        wrap_text=spec.get("wrap"),
        indent=spec.get("indent", 0),
    )
    lines = _border(spec.get("border", ""))
    return (
        font, solid(spec.get("fill", "")), align, lines,
        Protection(locked=not spec.get("open")), spec.get("format", ""),
    )  # fmt: skip


def _border(kind: str) -> Border:
    inner, thin = Side("thin", color=colour("inner")), Side("thin", color=colour("rule"))
    match kind:
        case "grid":
            return Border(left=inner, right=inner, top=inner, bottom=inner)
        case "row":
            return Border(bottom=thin)
        case "heavy":
            return Border(bottom=Side("medium", color=colour("outer")))
        case "foot":
            return Border(bottom=inner)
    return Border()
