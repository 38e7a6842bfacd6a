"""What the eye makes of a PDF's page: which letters it does not read, and which lines part the cells."""

import ctypes
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped]  # ships none
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.normal_text import UNREADABLE
from xlcheck.importing.uprights import Upright

WHITE = 240  # of 255 in each colour
ASLANT = 0.05  # radians; a watermark lies at an angle
THIN = 2.0  # points; a line that strikes letters through is no thicker
MIDDLE = (0.2, 0.75)  # of a letter's height, where a line strikes it through and does not underline it
SPACE = 0x20
SPACES = 3  # signs that may stand for the gap before a raised one
SMALL = 0.9  # of the size of the letters beside it; a mark is smaller, in a browser by a sixth
DRAWN = 5000  # objects of a page that are looked at


class Stroke(NamedTuple):
    """A thin level line of a page, in points."""

    left: float
    right: float
    y: float


def uprights(page: pypdfium2.PdfPage) -> tuple[Upright, ...]:
    """The lines that part the cells of a page's tables, from the left."""
    bounds = (drawn.get_bounds() for drawn in _drawn(page, pdfium.FPDF_PAGEOBJ_PATH))
    thin = (box for box in bounds if box[2] - box[0] <= THIN < box[3] - box[1])
    return tuple(sorted(Upright((left + right) / 2, low, high) for left, low, right, high in thin))


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
    return frozenset(
        at for at, sign in enumerate(text) if not sign.isspace() and (
            _is_invisible(raw, at, white_page)
            or (strokes and _is_struck(layer, at, strokes))
            or (sign.isdigit() and _is_raised(raw, layer, text, at))
        )
    )  # fmt: skip


def _strokes(page: pypdfium2.PdfPage) -> Iterator[Stroke]:
    for drawn in _drawn(page, pdfium.FPDF_PAGEOBJ_PATH):
        left, bottom, right, top = drawn.get_bounds()
        if top - bottom <= THIN and right - left > THIN:
            yield Stroke(left, right, (top + bottom) / 2)


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
    angle = pdfium.FPDFText_GetCharAngle(raw, at)
    if ASLANT < angle % 1.5707963 < 1.5707963 - ASLANT:
        return True
    return white_page and _is_white(pdfium.FPDFText_GetFillColor, raw, at)


def _is_white(ask: object, *of: object) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    known = ask(*of, *map(ctypes.byref, parts))  # type: ignore[operator]
    return bool(known) and (min(p.value for p in parts[:3]) >= WHITE or parts[3].value == 0)


def _is_struck(layer: pypdfium2.PdfTextPage, at: int, strokes: Sequence[Stroke]) -> bool:
    left, bottom, right, top = layer.get_charbox(at, loose=True)
    middle, low, high = (left + right) / 2, *(bottom + (top - bottom) * part for part in MIDDLE)
    return any(s.left <= middle <= s.right and low <= s.y <= high for s in strokes)


def _is_raised(raw: object, layer: pypdfium2.PdfTextPage, text: str, at: int) -> bool:
    """A digit smaller and higher than the letter that it follows, maybe with a gap or a line between."""
    first = at
    while first and text[first - 1].isdigit() and _size(raw, first - 1) <= _size(raw, at):
        first -= 1
    before = len(text[:first].rstrip()) - 1
    if before < max(0, first - SPACES) or not is_note(text[first : at + 1]):
        return False
    smaller, size = _size(raw, at) < SMALL * _size(raw, before), _size(raw, before)
    one, other = layer.get_charbox(before), layer.get_charbox(first)
    return smaller and other[0] - one[2] < size and 0 < other[1] - one[1] < size


def _size(raw: object, at: int) -> float:
    return float(pdfium.FPDFText_GetFontSize(raw, at))
