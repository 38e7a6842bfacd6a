"""What the eye makes of a PDF's page: which letters it does not read, and which lines part the cells."""

import ctypes
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import atan2, hypot, pi
from typing import Any, NamedTuple

import pypdfium2  # type: ignore[import-untyped]  # ships none
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.normal_text import UNREADABLE
from xlcheck.importing.readers.pdf_ink import inkless, is_unpainted
from xlcheck.importing.uprights import Upright

WHITE = 240  # of 255 in each colour
ASLANT = 0.05  # radians; a watermark lies at an angle
THIN = 2.0  # points; a line that strikes letters through is no thicker
MIDDLE = (0.2, 0.75)  # of a letter's height, where a line strikes it through and does not underline it
SPACE = 0x20
SPACES = 3  # signs that may stand for the gap before a raised one
SMALL = 0.9  # of the size of the letters beside it; a mark is smaller, in a browser by a sixth
LIFTED, OFF = (
    0.05,
    0.15,
)  # of that size, beside a figure or a letter: in the middle of a cell small ones lie so
HALF = 0.6  # of that size; what lies farther off is on another line
HIDES = 0.6  # of a digit's width and height that another covers
LARGE = 100.0  # points on its shorter side, of a picture that may hold a table
DRAWN = 5000  # objects of a page that are looked at


class Stroke(NamedTuple):
    """A line of a page that strikes letters through where it lies level or aslant over them, in points."""

    left: float
    right: float
    low: float
    high: float

    def crosses(self, middle: float, low: float, high: float) -> bool:
        """Whether it passes between two heights at a place; which way it slants may be either."""
        part = (middle - self.left) / max(self.right - self.left, THIN)
        ways = (self.low + (self.high - self.low) * share for share in (part, 1 - part))
        return self.left <= middle <= self.right and any(low <= y <= high for y in ways)


def uprights(page: pypdfium2.PdfPage) -> tuple[Upright, ...]:
    """The lines that part the cells of a page's tables, from the left."""
    bounds = (drawn.get_bounds() for drawn in _drawn(page, pdfium.FPDF_PAGEOBJ_PATH))
    thin = (box for box in bounds if box[2] - box[0] <= THIN < box[3] - box[1])
    return tuple(sorted(Upright((left + right) / 2, low, high) for left, low, right, high in thin))


def large_pictures(page: pypdfium2.PdfPage) -> int:
    """How many pictures of a page are large enough to hold a table."""
    boxes = (drawn.get_bounds() for drawn in _drawn(page, pdfium.FPDF_PAGEOBJ_IMAGE))
    return sum(min(right - left, top - bottom) > LARGE for left, bottom, right, top in boxes)


def page_text(layer: pypdfium2.PdfTextPage) -> str:
    """The letters of a page; where a font keeps no code for one, PDFium leaves it out or guesses another."""
    count = layer.count_chars()
    lost = {at for at in range(count) if pdfium.FPDFText_HasUnicodeMapError(layer.raw, at) == 1}
    if not lost:
        return layer.get_text_range() if count else ""
    codes = (pdfium.FPDFText_GetUnicode(layer.raw, at) for at in range(count))
    return "".join(UNREADABLE if at in lost else chr(code or SPACE) for at, code in enumerate(codes))


def unread_signs(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, text: str) -> frozenset[int]:
    """The places of a page's letters that are not read."""
    strokes = tuple(_strokes(page))
    raw, white_page = layer.raw, not _has_grounds(page)
    unread = frozenset(
        at for at, sign in enumerate(text) if not sign.isspace() and (
            _is_invisible(raw, at, white_page)
            or is_unpainted(layer, at)
            or (strokes and _is_struck(layer, at, strokes))
            or (sign.isdigit() and _is_lifted(raw, layer, text, at))
        )
    )  # fmt: skip
    all_digits = frozenset(at for at, sign in enumerate(text) if sign.isdigit())
    digits = all_digits - unread
    digits -= inkless(page, layer, text, digits)
    digits -= frozenset(_overprinted(layer, text, digits))
    return unread | (all_digits - digits) | _alone(layer, text, digits)


def _overprinted(layer: pypdfium2.PdfTextPage, text: str, digits: frozenset[int]) -> Iterator[int]:
    """The figures of which a digit stands on another: the eye can tell neither."""
    boxes = sorted((*layer.get_charbox(at), at) for at in digits)
    found = set[int]()
    for n, one in enumerate(boxes):
        for other in islice(boxes, n + 1, None):
            if other[0] >= one[2]:
                break
            if text[one[4]] != text[other[4]] and _hides(one, other):
                found |= {one[4], other[4]}
    for figure in re.finditer(r"\d+", text) if found else ():
        if not found.isdisjoint(range(*figure.span())):
            yield from range(*figure.span())


def _hides(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes lie more than half on each other, in width and in height."""
    return all(
        min(one[high], other[high]) - max(one[low], other[low])
        > HIDES * min(one[high] - one[low], other[high] - other[low])
        for low, high in ((0, 2), (1, 3))
    )


def _strokes(page: pypdfium2.PdfPage) -> Iterator[Stroke]:
    """The thin level lines, those of two points that slant, and the marks of a reader who struck out."""
    for drawn in _drawn(page, pdfium.FPDF_PAGEOBJ_PATH):
        left, bottom, right, top = drawn.get_bounds()
        thin = top - bottom <= THIN
        if right - left > THIN and (thin or _is_line(drawn)):
            yield Stroke(left, right, *((bottom, top) if not thin else 2 * ((top + bottom) / 2,)))
    for note in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        yield from _struck_by_hand(page, note)


def _is_line(drawn: pypdfium2.PdfObject) -> bool:
    """Whether a path is one straight line: from a point to another, painted no wider than letters bear."""
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(drawn.raw, ctypes.byref(width))
    return bool(pdfium.FPDFPath_CountSegments(drawn.raw) == 2 and width.value <= 3 * THIN)


def _struck_by_hand(page: pypdfium2.PdfPage, number: int) -> Iterator[Stroke]:
    note, box = pdfium.FPDFPage_GetAnnot(page.raw, number), pdfium.FS_RECTF()
    if pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_STRIKEOUT:
        pdfium.FPDFAnnot_GetRect(note, ctypes.byref(box))
        yield Stroke(box.left, box.right, *2 * ((box.top + box.bottom) / 2,))
    pdfium.FPDFPage_CloseAnnot(note)


def _has_grounds(page: pypdfium2.PdfPage) -> bool:
    """Whether the page has coloured surfaces, on which white letters can be read."""
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    for drawn in _drawn(page, *kinds):
        left, bottom, right, top = drawn.get_bounds()
        large = top - bottom > 3 * THIN and right - left > 3 * THIN
        if large and not _is_white(pdfium.FPDFPageObj_GetFillColor, drawn.raw):
            return True
    return False


def _drawn(page: pypdfium2.PdfPage, *kinds: int) -> Iterator[pypdfium2.PdfObject]:
    return islice(page.get_objects(filter=kinds, max_depth=3), DRAWN)


def _is_invisible(raw: object, at: int, white_page: bool) -> bool:
    laid = _matrix(raw, at)
    if ASLANT < atan2(laid.b, laid.a) % (pi / 2) < pi / 2 - ASLANT or laid.a * laid.d < laid.b * laid.c:
        return True  # by its base line: letters that lean are italics; then those that are mirrored
    return white_page and _is_white(pdfium.FPDFText_GetFillColor, raw, at)


def _is_white(ask: object, *of: object) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    known = ask(*of, *map(ctypes.byref, parts))  # type: ignore[operator]
    return bool(known) and (min(p.value for p in parts[:3]) >= WHITE or parts[3].value == 0)


def _is_struck(layer: pypdfium2.PdfTextPage, at: int, strokes: Sequence[Stroke]) -> bool:
    left, bottom, right, top = layer.get_charbox(at, loose=True)
    middle, low, high = (left + right) / 2, *(bottom + (top - bottom) * part for part in MIDDLE)
    return any(stroke.crosses(middle, low, high) for stroke in strokes)


def _is_lifted(raw: object, layer: pypdfium2.PdfTextPage, text: str, at: int) -> bool:
    """A digit smaller than the letter that it follows and not on its line, maybe with a gap between."""
    first = _first_digit(raw, text, at)
    before = len(text[:first].rstrip()) - 1
    near = before >= max(0, first - SPACES) and is_note(text[first : at + 1])
    return near and _is_beside(raw, layer, before, first) and _is_mark(raw, text, before, at)


def _is_beside(raw: object, layer: pypdfium2.PdfTextPage, before: int, at: int) -> bool:
    return bool(layer.get_charbox(at)[0] - layer.get_charbox(before)[2] < _size(raw, before))


def _alone(layer: pypdfium2.PdfTextPage, text: str, digits: frozenset[int]) -> frozenset[int]:
    """Marks in a cell of their own: beside nothing, but smaller than the others at their height and lifted.

    Figures that are merely set small are so elsewhere on the page as well.
    """
    raw, letters = layer.raw, [at for at, sign in enumerate(text) if sign.isalnum()]
    largest = max((_size(raw, at) for at in letters), default=0.0)
    small = [at for at in digits if _size(raw, at) < SMALL * largest and _is_apart(layer, text, at)]
    heights = {at: _baseline(raw, at) for at in letters if small}
    found = {at for at in small if _is_mark(raw, text, _largest_beside(raw, text, heights, at), at)}
    usual = {round(_size(raw, at), 1) for at in digits - found}
    return frozenset(at for at in found if round(_size(raw, at), 1) not in usual)


def _largest_beside(raw: object, text: str, heights: Mapping[int, float], at: int) -> int:
    """The largest digit at a sign's height; where there is no larger one, the largest letter."""
    beside = [n for n, y in heights.items() if abs(y - heights[at]) < HALF * _size(raw, n)]
    digits = [n for n in beside if text[n].isdigit() and _size(raw, n) > _size(raw, at)]
    return max(digits or beside, key=lambda n: _size(raw, n))


def _is_apart(layer: pypdfium2.PdfTextPage, text: str, at: int) -> bool:
    """Whether no letter stands right behind digits, as behind the number of a row."""
    last = next((n for n in range(at + 1, len(text)) if not text[n].isdigit()), len(text))
    behind = text[last : last + 1].strip()
    return not behind or layer.get_charbox(last)[0] - layer.get_charbox(last - 1)[2] > _size(layer.raw, at)


def _first_digit(raw: object, text: str, at: int) -> int:
    """Where the digits begin that end at a place and are no larger than the one there."""
    while at and text[at - 1].isdigit() and _size(raw, at - 1) <= _size(raw, at):
        at -= 1
    return at


def _is_mark(raw: object, text: str, beside: int, at: int) -> bool:
    """Whether a sign is smaller than another and stands higher or lower."""
    size, least = _size(raw, beside), LIFTED if text[beside].isdigit() else OFF
    away = abs(_baseline(raw, at) - _baseline(raw, beside))
    return _size(raw, at) < SMALL * size and least * size < away < size


def _baseline(raw: object, at: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(raw, at, ctypes.byref(x), ctypes.byref(y))
    return y.value


def _matrix(raw: object, at: int) -> Any:
    laid = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, at, ctypes.byref(laid))
    return laid


def _size(raw: object, at: int) -> float:
    """A letter's size in points; what a font is set in may be any unit."""
    laid = _matrix(raw, at)
    return float(pdfium.FPDFText_GetFontSize(raw, at)) * hypot(laid.c, laid.d)
