"""A Word document as a document: its paragraphs and tables, read from the one part that holds them."""

import re
import zipfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Disguise, Document, Grid, Line, Words
from xlcheck.importing.readers.docx_looks import W, WordStyles, word_styles
from xlcheck.importing.readers.docx_runs import BOX, SKIPPED, is_deleted, is_other_choice, words_of
from xlcheck.importing.readers.packed import TORN, refuse_bomb
from xlcheck.importing.readers.unmerge import SMALL, SpanCell, disguises, grid, lines_of
from xlcheck.workbook.archive import MEGABYTE

TEXT = 12 * MEGABYTE  # of the part with the words, whose tree takes ten times that
PART, RELATIONS = "word/document.xml", "_rels/.rels"
NOTES = ("footnotes", "endnotes")
PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def read(path: Path) -> Document:
    """A .docx, its changes taken as accepted."""
    body, looks, notes = _body(path)
    lines: list[Line] = []
    grids: list[Grid] = []
    unread: list[Disguise] = []
    paragraphs = 0
    for block in _blocks(body):
        if block.tag == f"{W}p":
            for text in words_of(_framed(block), looks).text.split("\n"):
                paragraphs += 1
                lines.append(Line(text.strip(), messages().paragraph.format(n=paragraphs)))
        else:
            rows = _rows(block, looks)
            one = grid(rows, messages().table.format(n=len(grids) + 1), len(lines))
            grids.append(one)
            lines += lines_of(one, len(grids))
            unread += disguises(rows, len(grids))
    lines = [line for line in lines if line.text]
    pictures = sum(1 for node in body.iter(*PICTURES) if not is_other_choice(node))
    return Document(path.name, tuple(lines), tuple(grids), False, tuple(unread), (), notes, pictures)


def _framed(paragraph: etree._Element) -> etree._Element:
    """A paragraph under a node of its own, so that its style counts as that of one inside of a cell."""
    frame = etree.Element("frame")
    frame.append(copy(paragraph))
    return frame


def _body(path: Path) -> tuple[etree._Element, WordStyles, tuple[Line, ...]]:
    """The body of the text, how its styles look, and the notes at the foot of its pages."""
    try:
        with zipfile.ZipFile(path) as packed:
            refuse_bomb(path, packed.infolist())
            words = packed.getinfo(_main_part(packed))
            refuse_bomb(path, [words], TEXT)
            root, looks = _parsed(packed, words), _looks(packed, words.filename)
            notes = tuple(_notes(packed, words.filename, looks))
    except (*TORN, etree.XMLSyntaxError) as wrong:
        raise Refused(messages().bad_docx.format(file=path.name)) from wrong
    if _doctype(root) or (body := root.find(f"{W}body")) is None:
        raise Refused(messages().bad_docx.format(file=path.name))
    return body, looks, notes


def _notes(packed: zipfile.ZipFile, main: str, looks: WordStyles) -> Iterator[Line]:
    """The notes at the foot of the pages or at the end, without the lines that part them from the text."""
    for part in (f"{main.rpartition('/')[0]}/{kind}.xml" for kind in NOTES):
        there = part in packed.namelist() and packed.getinfo(part).file_size <= TEXT
        for note in _parsed(packed, packed.getinfo(part)) if there else ():
            text = " ".join(words_of(note, looks).text.split())
            if text and note.get(f"{W}type", "normal") == "normal":
                yield Line(text, messages().foot_note)


def _looks(packed: zipfile.ZipFile, main: str) -> WordStyles:
    """How the styles beside the part with the words look; none where there are no styles."""
    part = f"{main.rpartition('/')[0]}/styles.xml"
    there = part in packed.namelist() and packed.getinfo(part).file_size <= TEXT
    return word_styles(_parsed(packed, packed.getinfo(part))) if there else WordStyles()


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
        elif child.tag == f"{W}tbl" and not _is_frame(child):
            yield child
        elif child.tag not in SKIPPED and isinstance(child.tag, str) and not is_other_choice(child):
            yield from _blocks(child)


def _is_frame(table: etree._Element) -> bool:
    """Whether a table holds another that is more than a frame around a figure."""
    return any(sum(1 for _ in inner.iter(f"{W}tc")) > SMALL for inner in table.iterfind(f".//{W}tc//{W}tbl"))


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    """What stands in the text boxes of a paragraph; one that lies in another comes with that one."""
    for child in node:
        if child.tag == BOX:
            yield from _blocks(child)
        elif not is_other_choice(child):
            yield from _boxes(child)


class _Cell(NamedTuple):
    """A cell as a row has it: its first column, how many it spans, whether it goes on from above."""

    at: int
    cols: int
    merge: str
    words: Words


def _rows(table: etree._Element, looks: WordStyles) -> list[list[SpanCell]]:
    """The rows as HTML would tell them: a cell that goes on downward stands once, with its height."""
    rows = [list(_cells(row, looks)) for row in _under(table, "tr") if not is_deleted(row)]
    return [
        [
            SpanCell(
                cell.words.text, _height(rows, r, cell.at) if cell.merge == "restart" else 1, cell.cols,
                cell.words.unread,
            )
            for cell in cells if cell.merge != "continue"
        ]
        for r, cells in enumerate(rows)
    ]  # fmt: skip


def _under(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, not those of a table inside of them."""
    for child in node:
        if child.tag == f"{W}{tag}":
            yield child
        elif child.tag not in (f"{W}tbl", f"{W}tc", f"{W}tr") and isinstance(child.tag, str):
            yield from _under(child, tag)


def _height(rows: list[list[_Cell]], row: int, at: int) -> int:
    height = 1
    for below in rows[row + 1 :]:
        if not any(cell.at == at and cell.merge == "continue" for cell in below):
            return height
        height += 1
    return height


def _cells(row: etree._Element, looks: WordStyles) -> Iterator[_Cell]:
    at = _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
    if at:
        yield _Cell(0, at, "", Words(""))
    for cell in (one for one in _under(row, "tc") if one.find(f"{W}tcPr/{W}cellDel") is None):
        cols = max(1, _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        kind = "" if merge is None else merge.get(f"{W}val", "continue")
        words = words_of(cell, looks)
        yield _Cell(at, cols, kind, words._replace(text=" ".join(words.text.split())))
        at += cols


def _count(element: etree._Element | None, usual: int) -> int:
    """A small number that stands in an element; another program may have written anything there."""
    found = None if element is None else re.fullmatch(r"\d{1,3}", element.get(f"{W}val") or "", re.ASCII)
    return int(found[0]) if found else usual
