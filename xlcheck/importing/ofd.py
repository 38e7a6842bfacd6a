"""An OFD (GB/T 33190, a page format like PDF) as a document: the words of its pages by where they stand."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lxml import etree

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Line
from xlcheck.importing.docx import TEXT
from xlcheck.importing.packed import TORN, refuse_bomb
from xlcheck.importing.plaintext import is_page_number

PAGES = 150
NEAR, APART = (
    0.4,
    0.7,
)  # of a letter's size: how far apart one line's letters lie in height, two words in width
BEHIND = ("Background",)  # layers of watermarks
WHITE = "255 255 255"
MAIN = "OFD.xml"


class PageSign(NamedTuple):
    """A letter of a page: where it begins, its base line and size, in millimetres."""

    sign: str
    x: float
    y: float
    size: float


def read(path: Path) -> Document:
    """The lines of every page; nobody has checked this reader with files that we did not make."""
    try:
        with zipfile.ZipFile(path) as packed:
            refuse_bomb(path, packed.infolist())
            pages = [page for root in _documents(packed) for page in _pages(packed, root)]
            lines = [line for n, page in enumerate(pages[:PAGES], 1) for line in _lines(packed, page, n)]
    except (*TORN, etree.XMLSyntaxError) as wrong:
        raise Refused(messages().bad_ofd.format(file=path.name)) from wrong
    if sum(len(line.text) for line in lines) < 40:
        raise Refused(messages().scanned.format(file=path.name))
    return Document(path.name, tuple(lines), flowing=True, untried=True)


def _documents(packed: zipfile.ZipFile) -> Iterator[str]:
    for root in _tree(packed, MAIN).iter("{*}DocRoot"):
        yield _part(MAIN, root.text or "")


def _pages(packed: zipfile.ZipFile, root: str) -> Iterator[str]:
    for page in _tree(packed, root).iterfind(".//{*}Pages/{*}Page"):
        yield _part(root, page.get("BaseLoc") or "")


def _lines(packed: zipfile.ZipFile, part: str, page: int) -> Iterator[Line]:
    """The letters of a page in lines from above, each from the left; a gap parts two words."""
    letters = sorted(_letters(_tree(packed, part)), key=lambda one: (one.y, one.x))
    lines: list[list[PageSign]] = []
    for one in letters:
        if lines and abs(lines[-1][0].y - one.y) <= NEAR * one.size:
            lines[-1].append(one)
        else:
            lines.append([one])
    for n, line in enumerate(lines, 1):
        words = list(_words(sorted(line, key=lambda one: one.x)))
        text = " ".join("".join(one.sign for one in word) for word in words)
        xs = tuple((word[0].x + word[-1].x + word[-1].size / 2) / 2 for word in words)
        if not is_page_number(text):
            yield Line(text, messages().page_line.format(page=page, n=n), xs=xs)


def _words(line: Sequence[PageSign]) -> Iterator[list[PageSign]]:
    word: list[PageSign] = []
    for one in line:
        wide = 1.0 if word and not word[-1].sign.isascii() else 0.5
        if word and one.x - word[-1].x > (wide + APART) * one.size:
            yield word
            word = []
        word.append(one)
    if word:
        yield word


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
    left, top = (*_numbers(one.get("Boundary")), 0, 0)[:2]
    size = (*_numbers(one.get("Size")), 4)[0] * (matrix[3] or 1)
    x = y = 0.0
    for code in one.iterfind("{*}TextCode"):
        x = (*_numbers(code.get("X")), x)[0]
        y = (*_numbers(code.get("Y")), y)[0]
        steps = iter(_steps(code.get("DeltaX") or ""))
        at = x
        for sign in code.text or "":
            if not sign.isspace():
                yield PageSign(sign, left + at * matrix[0] + matrix[4], top + y * matrix[3] + matrix[5], size)
            at += next(steps, size / 2)


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
