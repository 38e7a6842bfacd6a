"""How letters of a Word document look: what their properties and styles say of colour, size and hiding."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from xlcheck.importing.readers.colours import WHITE, are_alike

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
ON, OFF = ("1", "true", "on"), ("0", "false", "off", "none")
RAISED = ("superscript", "subscript")
SMALLEST = 4  # half points; smaller letters nobody reads
LIFTED = 4  # half points off its line
NARROWEST = 10  # percent of a letter's width
CLEAR = 95_000  # of 100,000 that shine through
LIGHT = ("background1", "light1", "bg1", "lt1")  # the paper's colour in every theme
PICTURES = ("wingdings", "webdings")  # fonts whose digits are pictures
HIGHLIGHTS = {
    "black": "000000", "white": WHITE, "red": "FF0000", "green": "00FF00", "blue": "0000FF",
    "yellow": "FFFF00", "cyan": "00FFFF", "magenta": "FF00FF", "darkBlue": "000080", "darkCyan": "008080",
    "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000",
    "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip


class LetterLook(NamedTuple):
    """How letters look: None where properties leave it to the style below."""

    struck: bool | None = None
    doubled: bool | None = None
    hidden: bool | None = None
    hidden_on_web: bool | None = None
    with_paragraph_mark: bool | None = None
    clear: bool | None = None
    pictures: bool | None = None
    small: bool | None = None
    narrow: bool | None = None
    raised: bool | None = None
    lifted: bool | None = None
    colour: str | None = None
    ground: str | None = None

    def over(self, below: "LetterLook") -> "LetterLook":
        return below._replace(**{name: said for name, said in self._asdict().items() if said is not None})

    @property
    def unseen(self) -> bool:
        return any(self[: len(HIDING)]) or bool(self.colour and are_alike(self.colour, self.ground or WHITE))

    @property
    def off_line(self) -> bool:
        return bool(self.raised or self.lifted)


HIDING = LetterLook._fields[: LetterLook._fields.index("raised")]  # each of these leaves nothing to read


class WordStyles(NamedTuple):
    """How letters look that say nothing themselves, and those of each style; of tables also their ground."""

    usual: LetterLook = LetterLook()
    paragraph: LetterLook = LetterLook()
    table: LetterLook = LetterLook()
    named: Mapping[str, LetterLook] = {}


def word_styles(root: etree._Element) -> WordStyles:
    """The look of every style by its id, with what it takes from the one it is based on."""
    styles = {style.get(f"{W}styleId") or "": style for style in root.iter(f"{W}style")}

    def look(name: str, depth: int = 0) -> LetterLook:
        style = styles.get(name)
        if style is None or depth > len(styles):
            return LetterLook()
        below = style.find(f"{W}basedOn")
        base = LetterLook() if below is None else look(below.get(f"{W}val") or "", depth + 1)
        mine = letter_look(style.find(f"{W}rPr"))
        grounds = [] if style.get(f"{W}type") == "character" else [*style.iter(f"{W}shd")]
        coloured = any((ground_of(shade) or WHITE) != WHITE for shade in grounds)
        return (mine._replace(ground="style") if coloured else mine).over(base)

    named = {name: look(name) for name in styles}
    usual = {
        style.get(f"{W}type"): named[name] for name, style in styles.items() if style.get(f"{W}default") in ON
    }
    defaults = letter_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    return WordStyles(defaults, usual.get("paragraph", LetterLook()), usual.get("table", LetterLook()), named)


def style_look(
    node: etree._Element, properties: str, kind: str, named: Mapping[str, LetterLook], usual: LetterLook
) -> LetterLook:
    """How the style of a node looks, by the properties that name it."""
    style = node.find(f"{W}{properties}/{W}{kind}")
    return usual if style is None else named.get(style.get(f"{W}val") or "", usual)


def letter_look(properties: etree._Element | None) -> LetterLook:
    """What run properties say themselves."""
    if properties is None:
        return LetterLook()
    size, wide, align, lift = (_value(properties, tag) for tag in ("sz", "w", "vertAlign", "position"))
    fonts = properties.find(f"{W}rFonts")
    kinds = () if fonts is None else (fonts.get(f"{W}{kind}") for kind in ("ascii", "hAnsi"))
    names = [name.lower() for name in kinds if name]
    return LetterLook(
        struck=_on(properties, "strike"),
        doubled=_on(properties, "dstrike"),
        hidden=_on(properties, "vanish"),
        hidden_on_web=_on(properties, "webHidden"),
        with_paragraph_mark=_on(properties, "specVanish"),
        clear=_clear(properties),
        pictures=any(name.startswith(PICTURES) for name in names) if names else None,
        small=None if size is None else 0 < small_number(size) < SMALLEST,
        narrow=None if wide is None else 0 < small_number(wide) < NARROWEST,
        raised=None if align is None else align in RAISED,
        lifted=None if lift is None else abs(small_number(lift)) >= LIFTED,
        colour=_colour(properties),
        ground=HIGHLIGHTS.get(_value(properties, "highlight") or "") or ground_of(properties.find(f"{W}shd")),
    )


def ground_of(said: etree._Element | None) -> str | None:
    """The colour of a ground; None where it lets the one below through."""
    if said is None:
        return None
    kind = said.get(f"{W}val") or ""
    if kind in ("clear", "nil", ""):
        return _parts(said.get(f"{W}fill"))
    return _parts(said.get(f"{W}color")) if kind == "solid" else "pattern"


def small_number(text: str | None) -> int:
    """A measure as it is written; another program may have written anything there."""
    return int(text) if text and re.fullmatch(r"-?\d{1,5}", text, re.ASCII) else 0


def _on(properties: etree._Element, tag: str) -> bool | None:
    said = properties.find(f"{W}{tag}")
    return None if said is None else said.get(f"{W}val", "1") not in OFF


def _clear(properties: etree._Element) -> bool | None:
    """Whether letters have no filling, or one that can be looked through."""
    filling = properties.find(f"{W14}textFill")
    if filling is None:
        return None
    alpha = next(filling.iter(f"{W14}alpha"), None)
    through = 0 if alpha is None else int(re.sub(r"\D", "", alpha.get(f"{W14}val") or "")[:6] or 0)
    return filling.find(f"{W14}noFill") is not None or through >= CLEAR


def _colour(properties: etree._Element) -> str | None:
    """The colour of letters; an automatic one goes by its ground, and is always seen."""
    filling = properties.find(f"{W14}textFill")
    for part in () if filling is None else filling.iterfind(f"{W14}solidFill/*"):
        paper = part.get(f"{W14}val") in LIGHT and not len(part)  # nor made darker
        return _parts(part.get(f"{W14}val")) or (WHITE if paper else "theme")
    said = properties.find(f"{W}color")
    if said is None:
        return None
    plain = not any(said.get(f"{W}{name}") for name in ("themeShade", "themeTint"))
    light = WHITE if plain and said.get(f"{W}themeColor") in LIGHT else ""
    return _parts(said.get(f"{W}val")) or light or "auto"


def _parts(colour: str | None) -> str | None:
    return colour.upper() if colour and re.fullmatch(r"[\dA-Fa-f]{6}", colour, re.ASCII) else None


def _value(properties: etree._Element, tag: str) -> str | None:
    said = properties.find(f"{W}{tag}")
    return None if said is None else said.get(f"{W}val")
