"""How cells of a workbook open in LibreOffice look, and what their notes say, as xlwings asks for it."""

from collections.abc import Callable, Iterator
from typing import Any

from xlcheck.core.grid import a1
from xlcheck.office.libreoffice import bridge

Colour = tuple[int, int, int]
PARTS = ("CellBackColor", "CharColor", "CharWeight", "NumberFormat")
COMPARED = (  # what a paste may bring
    *PARTS, "CellProtection", "CharHeight", "CharPosture", "CharStrikeout", "CharUnderline",
    "HoriJustify", "IsTextWrapped", "ParaIndent", "ShrinkToFit", "VertJustify",
)  # fmt: skip
NAME, ASIAN_NAME = "CharFontName", "CharFontNameAsian"
DRESS = tuple(sorted((*COMPARED, NAME, ASIAN_NAME, "CharHeightAsian", "CharWeightAsian")))
BOLD, PLAIN = 150.0, 100.0
NONE = -1  # no colour
MM = 2540 / 72  # hundredths of a millimetre in a point


class Font:
    def __init__(self, cells: Any) -> None:
        self.cells = cells

    @property
    def color(self) -> Colour | None:
        return rgb_of_number(self.cells.api.CharColor)

    @color.setter
    def color(self, colour: Any) -> None:
        self.cells.dress(CharColor=number_of(colour))

    @property
    def bold(self) -> bool:
        return bool(self.cells.api.CharWeight > PLAIN)

    @bold.setter
    def bold(self, bold: bool) -> None:
        self.cells.dress(CharWeight=BOLD if bold else PLAIN)


class CellNote:
    def __init__(self, sheet: Any, note: Any) -> None:
        self.sheet, self.found = sheet, note

    author = property(lambda self: str(self.found.Author))

    @property
    def text(self) -> str:
        return str(self.found.String)

    @text.setter
    def text(self, text: str) -> None:
        self.sheet.guard(self.location.api)
        self.found.String = text

    @property
    def location(self) -> Any:
        at = self.found.Position
        return self.sheet.range((at.Row + 1, at.Column + 1))

    def size(self, width: float, height: float) -> None:
        """Give its box a width and a height in points."""
        self.sheet.guard(self.location.api)
        self.found.AnnotationShape.setSize(
            bridge.struct("awt.Size", *(round(n * MM) for n in (width, height)))
        )

    def delete(self) -> None:
        self.sheet.guard(self.location.api)
        at, notes = self.found.Position, self.sheet.sheet.Annotations
        places = [notes.getByIndex(n).Position for n in range(notes.Count)]
        notes.removeByIndex([(p.Row, p.Column) for p in places].index((at.Row, at.Column)))


def rgb_of_number(number: int) -> Colour | None:
    return None if number == NONE else (number >> 16 & 255, number >> 8 & 255, number & 255)


def number_of(colour: Any) -> int:
    if colour is None:
        return NONE
    red, green, blue = bytes.fromhex(colour.lstrip("#")) if isinstance(colour, str) else colour
    return int(red) << 16 | int(green) << 8 | int(blue)


def looks_of_block(block: Any, code: Any) -> dict[str, tuple[Colour | None, Colour | None, bool, str]]:
    """Fill, ink, weight and number format of every cell of a block, by groups of cells that look the same.

    ``code`` gives a format's code by its number.
    """
    groups = block.getUniqueCellFormatRanges()
    found: dict[str, tuple[Colour | None, Colour | None, bool, str]] = {}
    for n in range(groups.Count):
        group = groups.getByIndex(n)
        fill, ink, weight, key = group.getPropertyValues(PARTS)
        look = (rgb_of_number(fill), rgb_of_number(ink), weight > PLAIN, code(key))
        found |= {a1(*cell): look for cell in cells_of(group.RangeAddresses)}
    return found


def dresses_of_block(block: Any) -> dict[str, dict[str, Any]]:
    """All that a paste brings of every cell of a block, as the office holds it: by property."""
    groups = block.getUniqueCellFormatRanges()
    found: dict[str, dict[str, Any]] = {}
    for n in range(groups.Count):
        group = groups.getByIndex(n)
        dress = dict(zip(DRESS, group.getPropertyValues(DRESS), strict=True))
        found |= {a1(*cell): dress for cell in cells_of(group.RangeAddresses)}
    return found


def dressed_alike(
    one: dict[str, Any], other: dict[str, Any], code: Callable[[int], str], *, marked: bool
) -> bool:
    """Whether two cells are dressed the same; of a marked one the mark's own properties are not asked.

    ``code`` gives a format's code by its number: one code may have several numbers.
    """

    def plain(name: str, value: Any) -> object:
        if name == "NumberFormat":
            return code(value)
        return getattr(value, "IsLocked", getattr(value, "value", value))  # structures by their parts

    # Of a Chinese text the office saves its Asian font as the cell's only one.
    if one[NAME] not in (other[NAME], other[ASIAN_NAME]):
        return False
    asked = (p for p in COMPARED if not (marked and p in PARTS))
    return all(one[p] == other[p] or plain(p, one[p]) == plain(p, other[p]) for p in asked)


def cells_of(places: Any) -> Iterator[tuple[int, int]]:
    """Row and column, counted from 1, of every cell at these addresses."""
    for at in places:
        for row in range(at.StartRow, at.EndRow + 1):
            for column in range(at.StartColumn, at.EndColumn + 1):
                yield row + 1, column + 1
