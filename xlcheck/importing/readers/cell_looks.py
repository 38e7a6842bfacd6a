"""How the styles of a foreign workbook make letters look: their colour, their ground, their format."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from xlcheck.importing.readers.colours import BLACK, WHITE, are_alike, of_parts
from xlcheck.importing.readers.number_format import BUILT_IN
from xlcheck.workbook.xml import FALSE, Reader

THEME = {"0": WHITE, "1": BLACK}  # of the others only their number is known
INDEXED = {"64": BLACK, "65": WHITE} | {  # the first sixteen of the old palette are eight colours twice
    str(n): colour
    for n, colour in enumerate(
        2 * (BLACK, WHITE, "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
    )
}  # fmt: skip
EXTREME = 0.95  # a tint that leaves nothing of a colour
RAISED = ("superscript", "subscript")
PLAIN = ("none", "")
SMALLEST = 2.0  # points; smaller letters nobody reads
SIGNS = ("wingdings", "webdings")  # fonts whose digits are pictures


class CellLook(NamedTuple):
    """How the letters of a cell or of a run look; ``gone`` are those struck out, raised, tiny, pictures."""

    gone: bool = False
    colour: str = BLACK
    ground: str = WHITE

    @property
    def unseen(self) -> bool:
        return self.gone or are_alike(self.colour, self.ground)


class Differential(NamedTuple):
    """What a conditional format changes of a cell's look; nothing where it says nothing."""

    gone: bool = False
    colour: str = ""
    ground: str = ""
    code: str = ""


def cell_colour(attributes: Mapping[str, str]) -> str:
    """A colour by its parts, or a name for one of which only the theme knows them."""
    tint = float(attributes.get("tint", 0))
    if "theme" in attributes:
        plain = THEME.get(attributes["theme"], "")
        if not plain:
            return f"theme {attributes['theme']} {tint:.2f}" if abs(tint) < EXTREME else _tinted(BLACK, tint)
        return _tinted(plain, tint)
    if "indexed" in attributes:
        return INDEXED.get(attributes["indexed"], f"indexed {attributes['indexed']}")
    parts = attributes.get("rgb", "")[-6:].upper()
    return parts if re.fullmatch(r"[\dA-F]{6}", parts) else BLACK


def _tinted(plain: str, tint: float) -> str:
    """A colour made darker by a tint below nothing, lighter by one above."""
    parts = [int(plain[n : n + 2], 16) for n in (0, 2, 4)]
    made = [part * (1 + tint) if tint < 0 else part * (1 - tint) + 255 * tint for part in parts]
    return of_parts(made)


class StyleLooks(Reader):
    """The looks and the formats of a workbook's styles, and what its conditional formats change."""

    def __init__(self) -> None:
        self.looks: list[CellLook] = []
        self.codes: dict[int, str] = {}
        self.filling: set[int] = set()  # that repeat a cell's words as often as they fit in
        self.differentials: list[Differential] = []
        self.formats = dict(BUILT_IN)
        self.fonts: list[CellLook] = []
        self.fills: list[str] = []
        self.solid = False
        self.within = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "numFmts" | "fonts" | "fills" | "cellXfs" | "cellStyleXfs" | "dxfs":
                self.within = tag
            case "numFmt" if self.within == "dxfs":
                self._change(code=attributes.get("formatCode", ""))
            case "numFmt":
                self.formats[attributes["numFmtId"]] = attributes.get("formatCode", "")
            case "dxf":
                self.differentials.append(Differential())
            case "xf" if self.within == "cellXfs":
                self._style(attributes)
            case "alignment" if self.within == "cellXfs":
                if attributes.get("horizontal") == "fill":
                    self.filling.add(len(self.looks) - 1)
            case _ if self.within == "fonts":
                self._font(tag, attributes)
            case _ if self.within == "fills":
                self._fill(tag, attributes)
            case _ if self.within == "dxfs":
                self._differential(tag, attributes)

    def _font(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "font":
            self.fonts.append(CellLook())
        elif tag == "color":
            self.fonts[-1] = self.fonts[-1]._replace(colour=cell_colour(attributes))
        elif is_gone(tag, attributes):
            self.fonts[-1] = self.fonts[-1]._replace(gone=True)

    def _fill(self, tag: str, attributes: dict[str, str]) -> None:
        """A ground by its colour; one of a pattern or of several colours is none that letters can have."""
        if tag in ("patternFill", "gradientFill"):
            kind = attributes.get("patternType", "") if tag == "patternFill" else tag
            self.solid = kind == "solid"
            self.fills.append(WHITE if kind in PLAIN else kind)
        elif tag == "fgColor" and self.solid:
            self.fills[-1] = cell_colour(attributes)

    def _style(self, attributes: dict[str, str]) -> None:
        if code := self.formats.get(attributes.get("numFmtId", ""), ""):
            self.codes[len(self.looks)] = code
        font, fill = (int(attributes.get(name, 0)) for name in ("fontId", "fillId"))
        look = self.fonts[font] if font < len(self.fonts) else CellLook()
        self.looks.append(look._replace(ground=self.fills[fill] if fill < len(self.fills) else WHITE))

    def _differential(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "color":
            self._change(colour=cell_colour(attributes))
        elif tag == "bgColor":
            self._change(ground=cell_colour(attributes))
        elif is_gone(tag, attributes):
            self._change(gone=True)

    def _change(self, **said: object) -> None:
        if self.differentials:
            self.differentials[-1] = self.differentials[-1]._replace(**said)  # type: ignore[arg-type]


def is_gone(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element of a font leaves nothing of a figure to read."""
    value = attributes.get("val", "")
    match tag:
        case "strike":
            return value not in FALSE
        case "vertAlign":
            return value in RAISED
        case "sz":
            return float(value or SMALLEST) < SMALLEST
        case "name" | "rFont":
            return value.lower().startswith(SIGNS)
        case _:
            return False
