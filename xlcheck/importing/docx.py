"""A Word document as a document: its paragraphs and tables, read from the one part that holds them."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Grid, Line
from xlcheck.importing.unmerge import SpanCell, grid, lines_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MEGABYTE = 1024 * 1024
LIMIT, RATIO = 50 * MEGABYTE, 100
TEXT = 12 * MEGABYTE  # of the part with the words, whose tree takes ten times that
# fmt: off
TORN = (  # what unpacking a zip may end in
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, EOFError, OSError, RuntimeError, ValueError,
    NotImplementedError,
)
# fmt: on
PART, RELATIONS = "word/document.xml", "_rels/.rels"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
SKIPPED = frozenset(f"{W}{tag}" for tag in ("del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "tblGrid"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(path: Path) -> Document:
    """A .docx, its changes taken as accepted."""
    body = _body(path)
    lines: list[Line] = []
    grids: list[Grid] = []
    paragraphs = 0
    for block in _blocks(body):
        if block.tag == f"{W}p":
            for text in _said(block).split("\n"):
                paragraphs += 1
                lines.append(Line(text.strip(), messages().paragraph.format(n=paragraphs)))
        else:
            one = grid(_rows(block), messages().table.format(n=len(grids) + 1), len(lines))
            grids.append(one)
            lines += lines_of(one, len(grids))
    return Document(path.name, tuple(line for line in lines if line.text), tuple(grids))


def _body(path: Path) -> etree._Element:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
            if size > LIMIT or size > RATIO * max(path.stat().st_size, MEGABYTE // 10):
                raise Refused(
                    messages().report_bomb.format(
                        file=path.name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE
                    )
                )
            words = packed.getinfo(_main_part(packed))
            if words.file_size > TEXT:
                raise Refused(
                    messages().report_bomb.format(
                        file=path.name, size=size // MEGABYTE, limit=TEXT // MEGABYTE
                    )
                )
            root = _parsed(packed, words)
    except (*TORN, etree.XMLSyntaxError) as wrong:
        raise Refused(messages().bad_docx.format(file=path.name)) from wrong
    if _doctype(root) or (body := root.find(f"{W}body")) is None:
        raise Refused(messages().bad_docx.format(file=path.name))
    return body


def _main_part(packed: zipfile.ZipFile) -> str:
    """The part with the words, by its relation: not every program calls it by the same name."""
    if RELATIONS not in packed.namelist():
        return PART
    relations = _parsed(packed, packed.getinfo(RELATIONS))
    targets = (r.get("Target") for r in relations if (r.get("Type") or "").endswith("/officeDocument"))
    return str(next(targets, None) or PART).lstrip("/")


def _parsed(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> etree._Element:
    """The tree of a part; Strict Open XML in the namespace of the other kind."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with packed.open(info) as part:
        return etree.fromstring(part.read(TEXT + 1).replace(STRICT, W[1:-1].encode()), parser)


def _doctype(root: etree._Element) -> bool:
    tree: Any = root.getroottree()
    return bool(tree.docinfo.doctype)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order; a table that holds another is only a frame."""
    for child in parent:
        if child.tag == f"{W}p":
            yield child
            yield from _boxes(child)
        elif child.tag == f"{W}tbl" and child.find(f".//{W}tc//{W}tbl") is None:
            yield child
        elif child.tag not in SKIPPED and isinstance(child.tag, str):
            yield from _blocks(child)


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    """What stands in the text boxes of a paragraph; one that lies in another comes with that one."""
    for child in node:
        if child.tag == f"{W}txbxContent":
            yield from _blocks(child)
        elif child.tag != FALLBACK:
            yield from _boxes(child)


def _said(node: etree._Element) -> str:
    words: list[str] = []
    for child in node:
        if child.tag == f"{W}t":
            words.append(child.text or "")
        elif child.tag in (f"{W}br", f"{W}cr"):
            words.append("\n")
        elif child.tag == f"{W}tab":
            words.append(" ")
        elif child.tag == f"{W}noBreakHyphen":
            words.append("-")
        elif child.tag not in SKIPPED and child.tag not in (FALLBACK, f"{W}txbxContent"):
            words.append(_said(child))
            words.append("\n" if child.tag == f"{W}p" else "")
    return "".join(words)


def _rows(table: etree._Element) -> list[list[SpanCell]]:
    """The rows as HTML would tell them: a cell that goes on downward is told once, with its height."""
    rows = [list(_cells(row)) for row in table.iter(f"{W}tr")]
    told: list[list[SpanCell]] = []
    for r, cells in enumerate(rows):
        pieces = []
        for at, cols, merge, text in cells:
            if merge == "continue":
                continue
            height = _height(rows, r, at) if merge == "restart" else 1
            pieces.append(SpanCell(text, height, cols))
        told.append(pieces)
    return told


def _height(rows: list[list[tuple[int, int, str, str]]], row: int, at: int) -> int:
    height = 1
    for below in rows[row + 1 :]:
        if not any(c[0] == at and c[2] == "continue" for c in below):
            return height
        height += 1
    return height


def _cells(row: etree._Element) -> Iterator[tuple[int, int, str, str]]:
    """Each cell: its first column, how many it spans, whether it goes on from above, its text."""
    before = row.find(f"{W}trPr/{W}gridBefore")
    at = _count(before, 0)
    if at:
        yield 0, at, "", ""
    for cell in row.iter(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        cols = max(1, _count(span, 1))
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        kind = "" if merge is None else merge.get(f"{W}val", "continue")
        text = " ".join(_said(cell).split())
        yield at, cols, kind, text
        at += cols


def _count(element: etree._Element | None, usual: int) -> int:
    """A small number that stands in an element; another program may have written anything there."""
    found = None if element is None else re.fullmatch(r"\d{1,3}", element.get(f"{W}val") or "", re.ASCII)
    return int(found[0]) if found else usual
