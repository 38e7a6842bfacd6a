"""A report is written whole or not at all, and only after the file says what the filing says."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from xlcheck.core.blocks import Report, Table
from xlcheck.core.grid import Cell
from xlcheck.data.report import report as facts
from xlcheck.editions import Refused, reason
from xlcheck.report.reread import FileContent, TableCell, reread_docx, reread_html
from xlcheck.saving import atomically

READERS = {".docx": reread_docx, ".html": reread_html, ".htm": reread_html}


def save_report(report: Report, path: Path, content: bytes, draft: str, *, over: bool = True) -> None:
    """Write beside the file, read it back, compare, and only then put it in the file's place.

    Raises Refused where a figure is blank in a final report, the file cannot be written, or what was
    written is not what was reported; then nothing is left behind and an older file stays as it was. Without
    ``over`` an older file stays in any case.
    """
    _known(path)
    if not draft:
        _complete(report)

    def write(beside: Path) -> None:
        beside.write_bytes(content)
        _compare(report, reread(beside), path.name)

    try:
        atomically(path, write, over=over)
    except OSError as error:
        raise Refused(facts().say.unwritten.format(file=path.name, reason=reason(error))) from error


def reread(path: Path) -> FileContent:
    try:
        return READERS[path.suffix.lower()](path)
    except (OSError, KeyError, IndexError, ValueError, zipfile.BadZipFile, ParseError) as error:
        raise Refused(facts().say.unread.format(file=path.name)) from error


def _known(path: Path) -> None:
    if path.suffix.lower() not in READERS:
        raise Refused(facts().say.kind.format(file=path.name))


def _complete(report: Report) -> None:
    for table in report.tables:
        for cell in table.cells:
            if cell.field and not cell.text:
                raise Refused(facts().say.blank.format(place=report.places[cell.field]))


def _compare(report: Report, written: FileContent, file: str) -> None:
    say = facts().say
    if len(written.tables) > len(report.tables):
        raise Refused(say.unread.format(file=file))
    missing = [()] * (len(report.tables) - len(written.tables))
    for table, found in zip(report.tables, (*written.tables, *missing), strict=True):
        for cell, other in _differences(table, found):
            words = {"file": file, "table": table.heading, "found": other.text, "expected": cell.text}
            if cell.field:
                raise Refused(say.figure.format(place=report.places[cell.field], **words))
            raise Refused(say.label.format(**words))
    if report.paragraphs != written.paragraphs:
        expected, other_line = _first_other(report.paragraphs, written.paragraphs)
        raise Refused(say.text.format(file=file, expected=expected, found=other_line))


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
