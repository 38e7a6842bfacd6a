"""An OFD (GB/T 33190, a page format like PDF) as a document: the words of its pages by where they stand."""

import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lxml import etree

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Line
from xlcheck.importing.readers.docx import TEXT
from xlcheck.importing.readers.packed import TORN, refuse_bomb
from xlcheck.importing.readers.page_edges import PrintedLine, without_heads
from xlcheck.importing.readers.plaintext import is_page_number
from xlcheck.importing.uprights import Upright, crossed

PAGES = 150
NEAR = 0.4  # of a letter's size: how far one line's letters lie apart in height
APART, DIGITS_APART = 0.7, 0.25  # and two words in width; figures of narrow cells lie nearer
THIN = 0.7  # millimetres; a line that parts cells is no thicker
BEHIND = ("Background",)  # layers of watermarks
WHITE = "255 255 255"
MAIN, TEMPLATE = "OFD.xml", "{*}TemplatePage"
USUAL = 4.0  # millimetres; the size of letters where none is said


class Page(NamedTuple):
    """The letters of a page, the upright lines of its tables, and how many pictures it shows."""

    signs: list["PageSign"]
    uprights: list[Upright]
    pictures: int


class PageSign(NamedTuple):
    """A letter of a page: where it begins, its base line and size, in millimetres."""

    sign: str
    x: float
    y: float
    size: float


def read(path: Path) -> Document:
    """The lines of every page; no report that an office published in this format has been read with it."""
    try:
        with zipfile.ZipFile(path) as packed:
            refuse_bomb(path, packed.infolist())
            pages = [page for root in _documents(packed) for page in _pages(packed, root)]
            lines = list(without_heads([list(_lines(page, n)) for n, page in enumerate(pages[:PAGES], 1)]))
    except (*TORN, etree.XMLSyntaxError) as wrong:
        raise Refused(messages().bad_ofd.format(file=path.name)) from wrong
    if sum(len(line.text) for line in lines) < 40:
        raise Refused(messages().scanned.format(file=path.name))
    pictures = sum(page.pictures for page in pages)
    return Document(path.name, tuple(lines), flowing=True, untried=True, pictures=pictures)


def _documents(packed: zipfile.ZipFile) -> Iterator[str]:
    for root in _tree(packed, MAIN).iter("{*}DocRoot"):
        yield _part(MAIN, root.text or "")


def _pages(packed: zipfile.ZipFile, root: str) -> Iterator[Page]:
    """Each page with what stands on the templates that it is laid over."""
    document = _tree(packed, root)
    templates = {one.get("ID"): _part(root, one.get("BaseLoc") or "") for one in document.iter(TEMPLATE)}
    for place in document.iterfind(".//{*}Pages/{*}Page"):
        page = _tree(packed, _part(root, place.get("BaseLoc") or ""))
        under = [templates.get(one.get("TemplateID")) for one in page.iterfind("{*}Template")]
        trees = (*(_tree(packed, part) for part in under if part), page)
        signs = [sign for tree in trees for sign in _letters(tree)]
        pictures = sum(1 for _ in page.iter("{*}ImageObject"))
        yield Page(signs, sorted(line for tree in trees for line in _uprights(tree)), pictures)


def _uprights(page: etree._Element) -> Iterator[Upright]:
    for one in page.iter("{*}PathObject"):
        left, top, wide, high = (*_numbers(one.get("Boundary")), 0, 0, 0, 0)[:4]
        if wide <= THIN < high:
            yield Upright(left + wide / 2, top, top + high)


def _lines(page: Page, number: int) -> Iterator[PrintedLine]:
    """The letters of a page in lines from above, each from the left; a gap parts two words."""
    lines: list[list[PageSign]] = []
    for one in sorted(page.signs, key=lambda one: (one.y, one.x)):
        if lines and abs(lines[-1][0].y - one.y) <= NEAR * one.size:
            lines[-1].append(one)
        else:
            lines.append([one])
    for n, line in enumerate(lines, 1):
        between = crossed(page.uprights, line[0].y - line[0].size / 3, 2 * THIN)
        words = list(_words(sorted(line, key=lambda one: one.x), between))
        text = " ".join("".join(one.sign for one in word) for word in words)
        xs = tuple((word[0].x + word[-1].x + word[-1].size / 2) / 2 for word in words)
        if not is_page_number(text):
            where = messages().page_line.format(page=number, n=n)
            yield PrintedLine(Line(text, where, xs=xs, uprights=between), line[0].y)


def _words(line: Sequence[PageSign], between: Sequence[float]) -> Iterator[list[PageSign]]:
    """The words of a line, which a gap parts; a drawn line parts two figures."""
    word: list[PageSign] = []
    for one in line:
        figures = word and word[-1].sign.isdigit() and one.sign.isdigit()
        drawn = figures and bisect_left(between, word[-1].x) < bisect_left(between, one.x + one.size / 4)
        if word and (drawn or _is_apart(word[-1], one)):
            yield word
            word = []
        word.append(one)
    if word:
        yield word


def _is_apart(before: PageSign, one: PageSign) -> bool:
    """Whether a gap parts two letters; a Chinese one is as wide as it is high, others half of that."""
    gap = (one.x - before.x) / one.size - (0.5 if before.sign.isascii() else 1.0)
    return gap > (DIGITS_APART if before.sign.isdigit() and one.sign.isdigit() else APART)


def _letters(page: etree._Element) -> Iterator[PageSign]:
    """The letters of the layers in front that are seen."""
    for one in page.iter("{*}TextObject"):
        layer = next(one.iterancestors("{*}Layer"), None)
        behind = layer is not None and layer.get("Type") in BEHIND
        colour = one.find("{*}FillColor")
        white = colour is not None and (colour.get("Value") == WHITE or colour.get("Alpha") == "0")
        turned = len(matrix := _numbers(one.get("CTM"))) == 6 and bool(matrix[1] or matrix[2])
        if not (behind or white or turned or one.get("Visible") == "false" or one.get("Alpha") == "0"):
            yield from _object(one, matrix if len(matrix) == 6 else [1, 0, 0, 1, 0, 0])


def _object(one: etree._Element, matrix: Sequence[float]) -> Iterator[PageSign]:
    """The letters of one object; a line of it may go on in the next, further down."""
    left, top = (*_numbers(one.get("Boundary")), 0, 0)[:2]
    size = (*_numbers(one.get("Size")), USUAL)[0]
    x = y = 0.0
    for code in one.iterfind("{*}TextCode"):
        x = (*_numbers(code.get("X")), x)[0]
        y = (*_numbers(code.get("Y")), y)[0]
        across, down = (_steps(code.get(name) or "") for name in ("DeltaX", "DeltaY"))
        for sign in code.text or "":
            if not sign.isspace():
                at = left + x * matrix[0] + matrix[4], top + y * matrix[3] + matrix[5]
                yield PageSign(sign, *at, size * abs(matrix[3]))
            x += next(across, size / 2 if sign.isascii() else size)
            y += next(down, 0.0)


def _steps(text: str) -> Iterator[float]:
    """How far each letter goes on; "g 3 4.2" stands for three steps of 4.2."""
    signs = iter(text.split())
    for sign in signs:
        if sign == "g":
            count, step = next(signs, "0"), next(signs, "0")
            yield from _numbers(step) * min(int(count) if count.isdecimal() else 0, TEXT)
        else:
            yield from _numbers(sign)


def _numbers(text: str | None) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?", text or "")]


def _part(base: str, place: str) -> str:
    """A part named from the root, or from where it is named."""
    return place.lstrip("/") if place.startswith("/") else str(PurePosixPath(base).parent / place)


def _tree(packed: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with packed.open(packed.getinfo(part)) as file:
        return etree.fromstring(file.read(TEXT), parser)
