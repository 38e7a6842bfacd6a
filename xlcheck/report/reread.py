"""Read a report of ours back as it stands in its file: its lines, and its tables cell by cell."""

import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, TreeBuilder

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONE = ("meta", "col", "wbr")  # elements of our pages that have no end


class TableCell(NamedTuple):
    """A cell of a table in the file, counted from the table's corner."""

    row: int
    col: int
    rows: int
    cols: int
    text: str


class FileContent(NamedTuple):
    """A report as a file holds it; what only a draft shows is left out."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[TableCell, ...], ...]


def reread_docx(path: Path) -> FileContent:
    """Read a .docx of ours. Raises KeyError, BadZipFile, ParseError or IndexError for a file that is not."""
    with zipfile.ZipFile(path) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))[0]
    lines = tuple(filter(None, map(_line, body.findall(f"{W}p"))))
    return FileContent(lines, tuple(tuple(_word_cells(table)) for table in body.findall(f"{W}tbl")))


def reread_html(path: Path) -> FileContent:
    """Read an .html of ours: what stands in its main part. Raises ValueError or IndexError if not."""
    page = PageReader()
    page.feed(path.read_text(encoding="utf-8"))
    main = page.tree.close().findall(".//main")[0]
    lines = tuple(filter(None, (_said(e) for e in main.iter() if e.tag in ("h1", "h2", "p"))))
    return FileContent(lines, tuple(tuple(_page_cells(table)) for table in main.iter("table")))


class PageReader(HTMLParser):
    """One of our pages as a tree; every element must end where it should, as a browser would not ask."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in LONE:
            self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.tree.end(tag).tag != tag:
            raise ValueError(f"</{tag}> ends another element")

    def handle_data(self, data: str) -> None:
        self.tree.data(data)


def _line(paragraph: Element) -> str:
    """A paragraph's text; the annex's styles belong to the draft, not to the report."""
    return "" if _of_draft(paragraph.find(f"{W}pPr/{W}pStyle")) else _text(paragraph)


def _text(element: Element) -> str:
    runs = (r for r in element.iter(f"{W}r") if not _of_draft(r.find(f"{W}rPr/{W}rStyle")))
    return "".join(t.text or "" for run in runs for t in run.findall(f"{W}t"))


def _of_draft(style: Element | None) -> bool:
    return style is not None and str(style.get(f"{W}val")).startswith("Annex")


def _word_cells(table: Element) -> Iterator[TableCell]:
    """A merged cell is written once a row: its first says restart, those below say nothing."""
    open_cells: dict[int, TableCell] = {}
    for r, row in enumerate(table.findall(f"{W}tr")):
        col = 0
        for cell in row.findall(f"{W}tc"):
            span, merge = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
            cols = int(span.get(f"{W}val", "")) if span is not None else 1
            if merge is not None and merge.get(f"{W}val") != "restart" and col in open_cells:
                open_cells[col] = open_cells[col]._replace(rows=open_cells[col].rows + 1)
            else:
                if col in open_cells:
                    yield open_cells.pop(col)
                open_cells[col] = TableCell(r, col, 1, cols, _text(cell))
            col += cols
    yield from open_cells.values()


def _page_cells(table: Element) -> Iterator[TableCell]:
    """A browser's own way: each cell goes to the first place in its row that none above covers."""
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(table.iter("tr")):
        col = 0
        for cell in row:
            while (r, col) in covered:
                col += 1
            rows, cols = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            covered |= {(r + i, col + j) for i in range(rows) for j in range(cols)}
            yield TableCell(r, col, rows, cols, _said(cell))


def _said(element: Element) -> str:
    """An element's text without what a draft adds to it."""
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child.tag in ("ins", "sup") else _said(child), child.tail or ""]
    return "".join(parts)
