"""What the declarations of a style do to letters: hide them, colour them, or show them none knows how."""

import re
from collections.abc import Mapping

from xlcheck.importing.readers.colours import BLACK, WHITE, of_parts

Style = Mapping[str, str]  # of each property the value that stands

CLEAR = "transparent"
OUTER = ("inherit", "initial", "unset", "revert", "none", "auto")  # says nothing of its own
NUMBER = r"(-?\d{0,6}\.?\d{1,6})"
MEASURE = NUMBER + "(px|pt|r?em|ch|ex|%|v[wh]|cm|mm|in)?"
PIXELS = {  # of each measure; of a letter's size and of a window as they usually are
    "px": 1.0, "pt": 1.3, "em": 16.0, "rem": 16.0, "ch": 8.0, "ex": 8.0, "cm": 38.0, "mm": 3.8, "in": 96.0,
    "%": 0.16, "vw": 12.0, "vh": 8.0,
}  # fmt: skip
LIFTED = 2.0  # pixels above its line, where a mark is
TINY, FAINT = 2.0, 0.1  # pixels of a letter; a share of its ink or size
FAR = 100.0  # pixels to the left or upward of its place; farther away a letter is off the page
FARTHER = 3000.0  # to the right or downward, or by margins, which also bring a page to the middle
SIDES = ("left", "top", "right", "bottom", "inset", "text-indent", "translate")
MARGINS = ("margin", "margin-left", "margin-top")
NOTHING = r"0(?:\.0+)?[a-z%]*|(?:0?\.\d+|1)(?:px|pt)"  # a side of a box that shows nothing of what it holds
BOXES = ("width", "height", "max-width", "max-height")
HIDES = {  # values that leave nothing to read
    "display": "none", "content-visibility": "hidden",
    "text-decoration": ".*line-through.*", "clip": r"rect\((?:[01](?:px)?[ ,]*)+\)",
    "clip-path": r"inset\([^)]*(?:[5-9]\d|100)%.*|circle\(0.*|ellipse\(0.*|polygon\((?:0(?:px|%)?[ ,]*)+\)",
    "transform": r".*(?:rotate[xy]\(-?90deg\)|matrix\(0,0,0,0.*)",
    "mask": r".*gradient\((?:transparent,?)+\).*",
}  # fmt: skip
HARMLESS = {  # values that leave letters where and as they are; of others nobody knows what is seen
    "position": "static|relative|sticky", "float": "none|left", "order": "0", "flex-direction": "row|column",
    "unicode-bidi": "normal|embed|isolate|plaintext", "clip": "auto", "clip-path": "none", "mask": "none",
    "transform": r"none|translate(?:3d|[xyz])?\((?:-?\d{1,2}(?:px|%)?(?:,|(?=\))))+\)",
    "rotate": "none|0deg", "translate": r"none|-?\d{1,2}(?:px|%)?(?: -?\d{1,2}(?:px|%)?)?", "scale": "none|1",
    "filter": r"none|(?:grayscale|sepia|drop-shadow)\([^)]*\)", "mix-blend-mode": "normal",
    "letter-spacing": r"normal|[\d.].*|-0?\.[0-2]\d*r?em|-0?\.\d+(?:px|pt)|-[012](?:\.\d+)?(?:px|pt)",
    "text-security": "none", "background-image": "(?!.*gradient).*", "background": "(?!.*gradient).*",
}  # fmt: skip
HIDING = ("display", "visibility", "opacity", "font-size", "color", "zoom", "scale")
RECKONED = re.compile(r"(?:var|calc|min|max|clamp|env)\(")  # a value that only a browser reckons
NAMED = {
    "white": WHITE, "snow": "FFFAFA", "ivory": "FFFFF0", "whitesmoke": "F5F5F5", "ghostwhite": "F8F8FF",
    "floralwhite": "FFFAF0", "mintcream": "F5FFFA", "azure": "F0FFFF", "aliceblue": "F0F8FF",
    "honeydew": "F0FFF0", "seashell": "FFF5EE", "black": BLACK, "red": "FF0000", "lime": "00FF00",
    "blue": "0000FF", "yellow": "FFFF00", "aqua": "00FFFF", "cyan": "00FFFF", "fuchsia": "FF00FF",
    "magenta": "FF00FF", "silver": "C0C0C0", "gray": "808080", "grey": "808080", "maroon": "800000",
    "green": "008000", "navy": "000080", "olive": "808000", "purple": "800080", "teal": "008080",
    "lightgray": "D3D3D3", "lightgrey": "D3D3D3", "darkgray": "A9A9A9", "darkgrey": "A9A9A9",
    "gainsboro": "DCDCDC", "darkred": "8B0000", "darkblue": "00008B",
}  # fmt: skip
LOOKS = re.compile(  # all that is asked of a style
    r"(?:^|;)(?:display|visibility|content|text-|-webkit-text-|(?:max-)?(?:height|width)|line-height|overflow"
    r"|opacity|font|left|top|right|bottom|inset|margin|clip|transform|rotate|translate|scale|zoom|filter|mask"
    r"|color|background|vertical-align|position|float|order|flex|direction|unicode-bidi|letter-spacing"
    r"|mix-blend)"
)


def hides(style: Style) -> bool:
    """Whether a style leaves nothing of an element's letters to read."""
    if any(re.fullmatch(HIDES[name], value) for name, value in style.items() if name in HIDES):
        return True
    shares = (style.get("opacity"), style.get("scale"), style.get("zoom"))
    functions = f"{style.get('filter')} {style.get('transform')}"
    drawn = re.findall(r"(?:opacity|scale(?:3d|[xy])?)\(([^),]+)", functions)
    faint = any(_share(one) <= FAINT for one in (*filter(None, shares), *drawn))
    return faint or _is_away(style) or _is_boxed_in(style)


def are_veiled(style: Style, outer: bool) -> bool:
    """Whether letters are not painted; what stands within others can be painted again."""
    return {"hidden": True, "collapse": True, "visible": False}.get(style.get("visibility", ""), outer)


def are_tiny(style: Style, outer: bool) -> bool:
    """Whether letters are too small to read, by a size of their own or by that of those around them."""
    short = re.search(rf"{MEASURE}(?=/)|(?<![\d.]){MEASURE}(?= )", style.get("font", ""))
    size = style.get("font-size", "") or (short[0] if short else "")
    found = re.match(MEASURE, size)
    if not found:
        return outer and not re.fullmatch(r"(?:xx?-)?(?:small|large)|medium", size)
    return _pixels(size) < TINY or (outer and found[2] in ("em", "%"))


def shows_otherwise(style: Style) -> bool:
    """Whether a style may show letters in another order, place or shape than they are written."""
    reckoned = any(RECKONED.search(value) for name, value in style.items() if name in HIDING)
    return reckoned or any(
        value not in OUTER and not re.fullmatch(HARMLESS[name], value)
        for name, value in style.items() if name in HARMLESS
    )  # fmt: skip


def lifts(style: Style) -> bool:
    """Whether a style lifts or lowers letters off their line, as the marks of notes are."""
    up = max(-_pixels(style.get("top", "")), _pixels(style.get("bottom", "")))
    moved = style.get("position") == "relative" and up > LIFTED
    fonts = f"{style.get('font-variant-position')} {style.get('font-variant')}"
    aligned = re.match(r"su[bp]|text-top|-?0?\.?[1-9]", style.get("vertical-align", ""))
    return moved or bool(aligned) or bool(re.search(r"\b(?:super|sub)\b", fonts))


def css_colour(said: str | None, outer: str) -> str:
    """A colour by its parts, or by a name nobody knows; ``outer`` where none is said."""
    words = " ".join((said or "").lower().split())
    if not words or words in OUTER:
        return outer
    if words == CLEAR:
        return CLEAR
    digits = words.removeprefix("#")
    if re.fullmatch(r"[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8}", digits):
        parts = digits if len(digits) > 4 else "".join(2 * sign for sign in digits)
        return CLEAR if len(parts) == 8 and int(parts[6:], 16) <= 255 * FAINT else parts[:6].upper()
    if found := re.fullmatch(r"(rgb|hsl)a?\((.*)\)", words):
        return _mixed(found[1], re.split(r"[,/ ]+", found[2].strip()), words)
    return NAMED.get(words, words)


def _mixed(kind: str, parts: list[str], words: str) -> str:
    """A colour by three parts and how much of it covers."""
    numbers = [re.fullmatch(NUMBER + "(%|deg)?", part) for part in parts]
    known = [
        float(found[1]) * (2.55 if kind == "rgb" and found[2] == "%" else 1) for found in numbers if found
    ]
    if len(known) < 3 or len(known) != len(parts):
        return words
    if len(parts) > 3 and _share(parts[3]) <= FAINT:
        return CLEAR
    if kind == "hsl":
        return WHITE if known[2] >= 97 else BLACK if known[2] <= 3 else words
    return of_parts(known[:3])


def css_ground(style: Style, colour: str, outer: str) -> str:
    """The ground an element lays under its letters; on a picture alone they are seen."""
    ground = outer
    for name in ("background", "background-color", "background-image"):
        if said := style.get(name):
            words = re.findall(r"[\w#%.-]+(?:\([^()]*\))?", said)
            colours = [colour if word == "currentcolor" else css_colour(word, "") for word in words]
            plain = [one for one in colours if one == CLEAR or re.fullmatch(r"[\dA-F]{6}", one)]
            pictured = re.search(r"url\(|gradient\(", said)
            ground = plain[0] if plain else said if pictured else ground
    return ground


def _share(text: str) -> float:
    """A part of a whole, as 0.5 or 50%; the whole where it cannot be read."""
    found = re.fullmatch(NUMBER + "(%?)", text.strip())
    return float(found[1]) / (100 if found[2] else 1) if found else 1.0


def _pixels(text: str) -> float:
    """A measure in pixels; none where it cannot be read."""
    found = re.match(MEASURE, text)
    return float(found[1]) * PIXELS[found[2] or "px"] if found else 0.0


def _is_away(style: Style) -> bool:
    """Whether letters lie off the page."""
    moves = [style[side] for side in SIDES if side in style]
    moves += re.findall(r"translate(?:3d|[xyz])?\(([^)]*)", style.get("transform", ""))
    margins = [style[side] for side in MARGINS if side in style]
    far = [_pixels(said) for move in moves for said in re.split(r"[ ,]+", move)]
    farther = [_pixels(said) for move in margins for said in move.split()]
    wide = any(re.search(r"-100(?:%|v[wh])", move) for move in moves)
    return wide or any(n <= -FAR or n >= FARTHER for n in far) or any(abs(n) >= FARTHER for n in farther)


def _is_boxed_in(style: Style) -> bool:
    """Whether letters lie in a box of no size that lets nothing out."""
    closed = any(
        re.search("hidden|clip", style.get(name, "")) for name in ("overflow", "overflow-x", "overflow-y")
    )
    return closed and any(re.fullmatch(NOTHING, style.get(name, "")) for name in BOXES)
