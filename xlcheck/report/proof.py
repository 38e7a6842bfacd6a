"""A report is written whole or not at all, and only after the file says what the filing says."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree, html

from xlcheck import data
from xlcheck.core.blocks import Report, Table
from xlcheck.core.grid import Cell
from xlcheck.editions import Refused, reason
from xlcheck.saving import atomically

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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
    """Read a .docx of ours. Raises KeyError, BadZipFile or XMLSyntaxError for a file that is not."""
    with zipfile.ZipFile(path) as package:
        source = package.read("word/document.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    body = etree.fromstring(source, parser)[0]
    lines = (_line(p) for p in body.iterchildren(f"{W}p"))
    tables = (tuple(_word_cells(t)) for t in body.iterchildren(f"{W}tbl"))
    return FileContent(tuple(filter(None, lines)), tuple(tables))


def reread_html(path: Path) -> FileContent:
    """Read an .html of ours: what stands in its main part. Raises ParserError or IndexError if not."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    main = html.fromstring(path.read_bytes(), parser=parser).findall(".//main")[0]
    lines = (_said(e) for e in main.iter("h1", "h2", "p"))
    tables = (tuple(_page_cells(t)) for t in main.iter("table"))
    return FileContent(tuple(filter(None, lines)), tuple(tables))


def _line(paragraph: Any) -> str:
    """A paragraph's text; the annex's styles belong to the draft, not to the report."""
    return "" if _of_draft(paragraph.find(f"{W}pPr/{W}pStyle")) else _text(paragraph)


def _text(element: Any) -> str:
    runs = (r for r in element.iter(f"{W}r") if not _of_draft(r.find(f"{W}rPr/{W}rStyle")))
    return "".join(t.text or "" for run in runs for t in run.iterchildren(f"{W}t"))


def _of_draft(style: Any) -> bool:
    return style is not None and str(style.get(f"{W}val")).startswith("Annex")


def _word_cells(table: Any) -> Iterator[TableCell]:
    """A merged cell is written once a row: its first says restart, those below say nothing."""
    open_cells: dict[int, TableCell] = {}
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
                open_cells[col] = TableCell(r, col, 1, cols, _text(cell))
            col += cols
    yield from open_cells.values()


def _page_cells(table: Any) -> Iterator[TableCell]:
    """A browser's own way: each cell goes to the first place in its row that none above covers."""
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(table.iter("tr")):
        col = 0
        for cell in row.iterchildren("td", "th"):
            while (r, col) in covered:
                col += 1
            rows, cols = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            covered |= {(r + i, col + j) for i in range(rows) for j in range(cols)}
            yield TableCell(r, col, rows, cols, _said(cell))


def _said(element: Any) -> str:
    """An element's text without what a draft adds to it."""
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child.tag in ("ins", "sup") else _said(child), child.tail or ""]
    return "".join(parts)


READERS = {".docx": reread_docx, ".html": reread_html, ".htm": reread_html}


def save_report(report: Report, path: Path, content: bytes, draft: str) -> None:
    """Write beside the file, read it back, compare, and only then put it in the file's place.

    Raises Refused where a figure is blank in a final report, the file cannot be written, or what was
    written is not what was reported; then nothing is left behind and an older file stays as it was.
    """
    _known(path)
    if not draft:
        _complete(report)

    def write(beside: Path) -> None:
        beside.write_bytes(content)
        _compare(report, reread(beside), path.name)

    try:
        atomically(path, write)
    except OSError as error:
        raise Refused(_say("unwritten", file=path.name, reason=reason(error))) from error


def verify(report: Report, path: Path) -> None:
    """Compare every figure, label and line in the file with the report's; Refused at the first other."""
    _known(path)
    _compare(report, reread(path), path.name)


def reread(path: Path) -> FileContent:
    try:
        return READERS[path.suffix.lower()](path)
    except (OSError, KeyError, IndexError, ValueError, zipfile.BadZipFile, etree.LxmlError) as error:
        raise Refused(_say("unread", file=path.name)) from error


def _known(path: Path) -> None:
    if path.suffix.lower() not in READERS:
        raise Refused(_say("kind", file=path.name))


def _complete(report: Report) -> None:
    for table in report.tables:
        for cell in table.cells:
            if cell.field and not cell.text:
                raise Refused(_say("blank", place=report.places[cell.field]))


def _compare(report: Report, written: FileContent, file: str) -> None:
    for table, found in zip(report.tables, _padded(written, len(report.tables)), strict=True):
        for cell, other in _differences(table, found):
            words = {"file": file, "table": table.heading, "found": other.text, "expected": cell.text}
            if cell.field:
                raise Refused(_say("figure", place=report.places[cell.field], **words))
            raise Refused(_say("label", **words))
    if report.paragraphs != written.paragraphs:
        expected, other_line = _first_other(report.paragraphs, written.paragraphs)
        raise Refused(_say("text", file=file, expected=expected, found=other_line))


def _padded(written: FileContent, count: int) -> tuple[tuple[TableCell, ...], ...]:
    return (*written.tables, *[()] * count)[: max(count, len(written.tables))]


def _differences(table: Table, found: tuple[TableCell, ...]) -> Iterator[tuple[Cell, TableCell]]:
    """Cells that are not where, as large as, or what they should be; and cells that should not be."""
    there = {(p.row, p.col): p for p in found}
    for cell in table.cells:
        other = there.pop((cell.row, cell.col), TableCell(cell.row, cell.col, 0, 0, ""))
        if other != (cell.row, cell.col, cell.rows, cell.cols, cell.text):
            yield cell, other
    for row, col in there:
        yield Cell(row, col, 0, 0, "", "value"), there[row, col]


def _first_other(expected: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, str]:
    """The first two lines that differ, cut to what a message can hold."""
    size = max(len(expected), len(found))
    lines = zip(*[(*lines, *[""] * size)[:size] for lines in (expected, found)], strict=True)
    one, other = next((a, b) for a, b in lines if a != b)
    start = max(0, next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0) - 8)
    return one[start : start + 24], other[start : start + 24]


def _say(name: str, **words: object) -> str:
    sentence: str = data.toml("report")["say"][name]
    return sentence.format(**words)
