"""Read a written report back as it stands in the file: its lines and its tables, cell by cell."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree, html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Placed(NamedTuple):
    """A cell of a table in the file, counted from the table's corner."""

    row: int
    col: int
    rows: int
    cols: int
    text: str


class Written(NamedTuple):
    """A report as a file holds it; what only a draft shows is left out."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[Placed, ...], ...]


def reread_docx(path: Path) -> Written:
    """Read a .docx of ours. Raises KeyError, BadZipFile or XMLSyntaxError for a file that is not."""
    with zipfile.ZipFile(path) as package:
        source = package.read("word/document.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    body = etree.fromstring(source, parser)[0]
    lines = (_line(p) for p in body.iterchildren(f"{W}p"))
    tables = (tuple(_word_cells(t)) for t in body.iterchildren(f"{W}tbl"))
    return Written(tuple(filter(None, lines)), tuple(tables))


def reread_html(path: Path) -> Written:
    """Read an .html of ours: what stands in its main part. Raises ParserError or IndexError if not."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    main = html.fromstring(path.read_bytes(), parser=parser).findall(".//main")[0]
    lines = (_said(e) for e in main.iter("h1", "h2", "p"))
    tables = (tuple(_page_cells(t)) for t in main.iter("table"))
    return Written(tuple(filter(None, lines)), tuple(tables))


def _line(paragraph: Any) -> str:
    """A paragraph's text; the annex's styles belong to the draft, not to the report."""
    return "" if _of_draft(paragraph.find(f"{W}pPr/{W}pStyle")) else _text(paragraph)


def _text(element: Any) -> str:
    runs = (r for r in element.iter(f"{W}r") if not _of_draft(r.find(f"{W}rPr/{W}rStyle")))
    return "".join(t.text or "" for run in runs for t in run.iterchildren(f"{W}t"))


def _of_draft(style: Any) -> bool:
    return style is not None and str(style.get(f"{W}val")).startswith("Annex")


def _word_cells(table: Any) -> Iterator[Placed]:
    """A merged cell is written once a row: its first says restart, those below say nothing."""
    open_cells: dict[int, Placed] = {}
    for r, row in enumerate(table.iterchildren(f"{W}tr")):
        col = 0
        for cell in row.iterchildren(f"{W}tc"):
            span, merge = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
            cols = int(span.get(f"{W}val")) if span is not None else 1
            if merge is not None and merge.get(f"{W}val") != "restart" and col in open_cells:
                open_cells[col] = open_cells[col]._replace(rows=open_cells[col].rows + 1)
            else:
                if col in open_cells:
                    yield open_cells.pop(col)
                open_cells[col] = Placed(r, col, 1, cols, _text(cell))
            col += cols
    yield from open_cells.values()


def _page_cells(table: Any) -> Iterator[Placed]:
    """A browser's own way: each cell goes to the first place in its row that none above covers."""
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(table.iter("tr")):
        col = 0
        for cell in row.iterchildren("td", "th"):
            while (r, col) in covered:
                col += 1
            rows, cols = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            covered |= {(r + i, col + j) for i in range(rows) for j in range(cols)}
            yield Placed(r, col, rows, cols, _said(cell))


def _said(element: Any) -> str:
    """An element's text without what a draft adds to it."""
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child.tag in ("ins", "sup") else _said(child), child.tail or ""]
    return "".join(parts)
