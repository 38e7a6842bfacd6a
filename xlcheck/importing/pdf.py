"""A PDF with text as a document: the lines of its pages, with where their words stand."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # ships none

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Line
from xlcheck.importing.pdf_signs import unread_signs
from xlcheck.importing.plaintext import LIMIT, is_page_number

PAGES = 150  # a report has some ten
LETTERS = 60_000  # of one page; a dense one has 2,000
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
        lines = [line for number in range(len(book)) for line in _page(book, number, path.name)]
    except pypdfium2.PdfiumError as wrong:
        raise Refused(messages().bad_pdf.format(file=path.name)) from wrong
    finally:
        book.close()
    if sum(len(line.text) for line in lines) < 40:
        raise Refused(messages().scanned.format(file=path.name))
    return Document(path.name, tuple(lines), (), flowing=True)


def _page(book: pypdfium2.PdfDocument, number: int, name: str) -> Iterator[Line]:
    page = book[number]
    try:
        layer = page.get_textpage()
        count = layer.count_chars()
        if count > LETTERS:
            raise Refused(messages().bad_pdf.format(file=name))
        text = layer.get_text_range() if count else ""
        known = len(text) == count
        unseen = unread_signs(page, layer, text) if known else frozenset[int]()
        at = 0
        for n, line in enumerate(text.split("\n"), 1):
            spots = [at + k for k in range(len(line.rstrip("\r"))) if at + k not in unseen]
            words = "".join(text[spot] for spot in spots)
            xs = tuple(_middles(layer, words, spots)) if known and any(c.isdigit() for c in words) else ()
            if words.strip() and not is_page_number(words):
                yield Line(words.strip(), messages().page_line.format(page=number + 1, n=n), xs=xs)
            at += len(line) + 1
    finally:
        page.close()


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
