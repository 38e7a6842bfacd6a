"""A PDF with text as a document: the lines of its pages, with where their words stand."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # ships none

from xlcheck.data.importing import importing
from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Disguise, Document, Line
from xlcheck.importing.readers.page_edges import PrintedLine, without_heads
from xlcheck.importing.readers.pdf_signs import large_pictures, page_text, unread_signs, uprights
from xlcheck.importing.readers.plaintext import LIMIT, is_page_number
from xlcheck.importing.uprights import crossed

PAGES = 150  # a report has some ten
LETTERS = 60_000  # of one page; a dense one has 2,000
FAR = 2.0  # heights of a letter; what lies farther off is on another line
HALF = 0.6  # of a digit's height; on one line two are nearer
PASSWORD = 4  # FPDF_ERR_PASSWORD


def read(path: Path) -> Document:
    """The text of every page; Refused where there is none, as in a scan."""
    if path.stat().st_size > 5 * LIMIT:
        size, limit = path.stat().st_size // 1_000_000, 5 * LIMIT // 1_000_000
        raise Refused(messages().too_big.format(file=path.name, size=size, limit=limit))
    try:
        book = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as wrong:
        locked = getattr(wrong, "err_code", 0) == PASSWORD or "assword" in str(wrong)
        sentence = messages().locked_pdf if locked else messages().bad_pdf
        raise Refused(sentence.format(file=path.name)) from wrong
    try:
        if len(book) > PAGES:
            raise Refused(messages().long_pdf.format(file=path.name, n=len(book), limit=PAGES))
        pages = [list(_page(book, number, path.name)) for number in range(len(book))]
        lines, pictures = list(without_heads(pages)), sum(large_pictures(page) for page in book)
    except pypdfium2.PdfiumError as wrong:
        raise Refused(messages().bad_pdf.format(file=path.name)) from wrong
    finally:
        book.close()
    if sum(len(line.text) for line in lines) < 40:
        raise Refused(messages().scanned.format(file=path.name))
    return Document(
        path.name, tuple(lines), (), flowing=True, disguises=tuple(_disguises(pages)), pictures=pictures
    )


def _disguises(pages: Sequence[Sequence[PrintedLine]]) -> Iterator[Disguise]:
    """The lines that hold digits which are not read; in a sentence such are the marks of notes."""
    for one in (one for page in pages for one in page if one.unread):
        if not re.search(importing().prose.sentence, one.line.text):
            yield Disguise(one.line.where, one.line.text, one.unread)


def _page(book: pypdfium2.PdfDocument, number: int, name: str) -> Iterator[PrintedLine]:
    page = book[number]
    try:
        layer = page.get_textpage()
        count = layer.count_chars()
        if count > LETTERS:
            raise Refused(messages().bad_pdf.format(file=name))
        text = page_text(layer)
        known = len(text) == count
        unseen = unread_signs(page, layer, text) if known else frozenset[int]()
        drawn = uprights(page) if known else ()
        for n, spots in enumerate(_rows(layer if known else None, text, unseen), 1):
            y = _height(layer, spots[-1]) if known and spots else 0.0
            figures = known and any(text[spot].isdigit() for spot in spots)
            between = crossed(drawn, y) if figures else ()
            spots = list(_parted(layer, text, spots, between)) if figures else spots
            words = "".join(" " if spot in unseen or spot < 0 else text[spot] for spot in spots)
            xs = tuple(_middles(layer, words, spots)) if figures else ()
            if words.strip() and not is_page_number(words):
                where = messages().page_line.format(page=number + 1, n=n)
                unread = "".join(text[spot] for spot in spots if spot in unseen and text[spot].isdigit())
                yield PrintedLine(Line(words.strip(), where, xs=xs, uprights=between), y, unread)
    finally:
        page.close()


def _rows(layer: pypdfium2.PdfTextPage | None, text: str, unseen: frozenset[int]) -> Iterator[list[int]]:
    """The places of each line's letters; one that goes on far off is two: a page's head or foot behind it."""
    at = 0
    for line in text.split("\n"):
        spots = list(range(at, at + len(line.rstrip("\r"))))
        seen = [n for n, spot in enumerate(spots) if not text[spot].isspace() and spot not in unseen]
        cuts = [n for m, n in pairwise(seen) if n > m + 1 and layer and _is_away(layer, spots[m], spots[n])]
        for first, last in pairwise((0, *cuts, len(spots))):
            yield spots[first:last]
        at += len(line) + 1


def _height(layer: pypdfium2.PdfTextPage, at: int) -> float:
    """The middle of a letter's height on the page."""
    bottom, top = layer.get_charbox(at, loose=True)[1::2]
    return float(bottom + top) / 2


def _parted(
    layer: pypdfium2.PdfTextPage, text: str, spots: Sequence[int], drawn: Sequence[float]
) -> Iterator[int]:
    """The places of a line's letters, with one that is none between two figures.

    A drawn line parts them, or that one stands above the other.
    """
    for before, spot in pairwise((spots[0], *spots)):
        if text[before].isdigit() and text[spot].isdigit() and spot > before:
            left, right = layer.get_charbox(before)[2], layer.get_charbox(spot)[0]
            if bisect_right(drawn, right) > bisect_left(drawn, left) or _is_above(layer, before, spot):
                yield -1
        yield spot


def _is_above(layer: pypdfium2.PdfTextPage, one: int, other: int) -> bool:
    """Whether two digits stand one above the other, as in two lines of a narrow cell."""
    left, bottom, right, top = layer.get_charbox(one)
    box = layer.get_charbox(other)
    return bool(box[0] < right and left < box[2] and abs(box[1] - bottom) > HALF * (top - bottom))


def _is_away(layer: pypdfium2.PdfTextPage, one: int, other: int) -> bool:
    """Whether two letters lie several lines apart."""
    bottom, top = layer.get_charbox(one, loose=True)[1::2]
    return bool(abs(layer.get_charbox(other, loose=True)[1] - bottom) > FAR * max(top - bottom, 1.0))


def _middles(layer: pypdfium2.PdfTextPage, line: str, spots: Sequence[int]) -> Iterator[float]:
    """The middle of each word of a line, in points from the page's left edge."""
    start = None
    for n, sign in enumerate(line + " "):
        if not sign.isspace():
            start = n if start is None else start
        elif start is not None:
            left, right = layer.get_charbox(spots[start])[0], layer.get_charbox(spots[n - 1])[2]
            yield (left + right) / 2
            start = None
