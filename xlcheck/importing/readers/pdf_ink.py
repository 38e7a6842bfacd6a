"""Which digits of a PDF's page leave ink: none that is covered, cut off, clear, or of its ground's colour."""

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped]  # ships none
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

SCALE, LONGEST = 2.0, 2400.0  # points of the picture to one of the page; and on its longer side at most
FAINT = 24  # of 255 between the lightest and the darkest point of a digit
WITHIN = 0.1  # of a digit's box, that lies at its edge, where a drawn line may touch it
LEAST = 0.6  # points; what is narrower or lower is no digit to the eye
UNSEEN_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


class Picture(NamedTuple):
    """A page as it is painted, in greys, row by row."""

    width: int
    height: int
    rows: Sequence[bytes]


def inkless(
    page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, text: str, digits: Iterable[int]
) -> frozenset[int]:
    """The places of the digits that leave no ink.

    A font that leaves none anywhere and is not in the file is one this machine has not: it proves nothing.
    """
    inks = _inks(page, layer, digits)
    fonts = {at: (_font(layer, at), text[at].isascii()) for at in inks}  # wide digits may be wanting alone
    proven = {font for at, font in fonts.items() if inks[at]}
    return frozenset(
        at for at, ink in inks.items() if not ink and (fonts[at] in proven or _is_embedded(layer, at))
    )


def is_unpainted(layer: pypdfium2.PdfTextPage, at: int) -> bool:
    """Whether a letter is set to be found and not to be seen, as those behind a scanned picture are."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(pdfium.FPDFText_GetTextObject(layer.raw, at))
    return mode in UNSEEN_MODES


def _inks(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, digits: Iterable[int]) -> Mapping[int, bool]:
    places = list(digits)
    if not places:
        return {}
    picture = _painted(page)
    return {at: _has_ink(page, picture, layer.get_charbox(at)) for at in places}


def _painted(page: pypdfium2.PdfPage) -> Picture:
    scale = min(SCALE, LONGEST / max(*page.get_size(), 1.0))
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    try:
        whole, wide = bytes(bitmap.buffer), bitmap.stride
        rows = [whole[n * wide : n * wide + bitmap.width] for n in range(bitmap.height)]
        return Picture(bitmap.width, bitmap.height, rows)
    finally:
        bitmap.close()


def _has_ink(page: pypdfium2.PdfPage, picture: Picture, box: Sequence[float]) -> bool:
    left, bottom, right, top = box
    if min(right - left, top - bottom) < LEAST:
        return False
    aside, above = (right - left) * WITHIN, (top - bottom) * WITHIN
    corners = ((left + aside, bottom + above), (right - aside, top - above))
    (x, y), (x2, y2) = (_point(page, picture, *corner) for corner in corners)
    low, high = sorted((y, y2))
    first, last = sorted((x, x2))
    parts = [row[max(first, 0) : last + 1] for row in picture.rows[max(low, 0) : high + 1]]
    points = b"".join(parts) if last >= 0 and high >= 0 else b""
    return bool(points) and max(points) - min(points) > FAINT


def _point(page: pypdfium2.PdfPage, picture: Picture, x: float, y: float) -> tuple[int, int]:
    """Where a point of the page is painted."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(
        page.raw, 0, 0, picture.width, picture.height, 0, x, y, ctypes.byref(across), ctypes.byref(down)
    )
    return across.value, down.value


def _font(layer: pypdfium2.PdfTextPage, at: int) -> int:
    """Which font a letter is of."""
    font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(layer.raw, at))
    return ctypes.cast(font, ctypes.c_void_p).value or 0


def _is_embedded(layer: pypdfium2.PdfTextPage, at: int) -> bool:
    font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(layer.raw, at))
    return bool(pdfium.FPDFFont_GetIsEmbedded(font) == 1)
