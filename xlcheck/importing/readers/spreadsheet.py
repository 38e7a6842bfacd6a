"""A home-made table in a workbook as a document: .xlsx, .xls, .ods, each sheet a grid."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import python_calamine as calamine

from xlcheck.core.grid import RowCol, column_name, rc
from xlcheck.data.messages import messages
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused
from xlcheck.importing.document import Disguise, Document, Grid, Line, Words
from xlcheck.importing.readers.packed import refuse_bomb
from xlcheck.importing.readers.unmerge import LONGEST, WIDEST, SpanCell, disguises, grid, lines_of
from xlcheck.importing.readers.visible_cells import DrawnWords, Sight, book_sight, sheet_sight
from xlcheck.workbook.archive import LIMIT, MEGABYTE, UNREADABLE, Package
from xlcheck.workbook.structure import cell_text, formula_text, raw_text
from xlcheck.workbook.xml import Raw

MERGE = re.compile(r"\$?([A-Z]{0,3})\$?(\d{0,7}):\$?([A-Z]{0,3})\$?(\d{0,7})", re.ASCII)
FIRST = column_name(1)
CANNOT_READ = (calamine.CalamineError, OSError, ValueError)
PANIC = "PanicException"  # what Rust ends with has no name to import; its parser does on cut files


def read(path: Path) -> Document:
    """Every visible sheet, its merged cells laid open; figures as they were last shown."""
    lines: list[Line] = []
    grids: list[Grid] = []
    unread: list[Disguise] = []
    found = list(sheets(path))
    for name, rows in found:
        one = grid(rows, name, len(lines))
        places = tuple((messages().sheet_row.format(sheet=name, n=r + 1),) for r in range(len(one.rows)))
        grids.append(one._replace(at=places))
        written = lines_of(one, len(grids))
        lines += [_alone(line)._replace(where=place[0]) for line, place in zip(written, places, strict=True)]
        unread += disguises(rows, len(grids))
    full = tuple(line for line in lines if line.text.strip(" |"))
    names = tuple(name for name, _ in found)
    return Document(path.name, full, tuple(grids), False, tuple(unread), names, tuple(_drawn(path, names)))


def _drawn(path: Path, names: Sequence[str]) -> Iterator[Line]:
    """The words of the boxes that lie over the cells of the sheets."""
    package = Package.at(path) if _is_xlsx(path) else None
    for name in names if package else ():
        for text in package.walk_related(name, "drawing", DrawnWords()).found if package else ():
            yield Line(text, messages().drawn.format(sheet=name))


def _alone(line: Line) -> Line:
    """What stands alone in its row is a line of words: a title, a heading, a paragraph."""
    filled = [cell.strip() for cell in line.text.split("|") if cell.strip()]
    return Line(filled[0], line.where) if line.row and len(filled) == 1 else line


def sheets(path: Path) -> Iterator[tuple[str, list[list[SpanCell]]]]:
    """The visible sheets by name, as rows of cells with their spans."""
    _refuse_large(path)
    if _is_xlsx(path):
        yield from _streamed(path)
        return
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for meta in book.sheets_metadata:
                if (
                    meta.visible == calamine.SheetVisibleEnum.Visible
                    and meta.typ == calamine.SheetTypeEnum.WorkSheet
                ):
                    yield meta.name, _pieces(book.get_sheet_by_name(meta.name))
    except BaseException as wrong:
        if isinstance(wrong, CANNOT_READ) or type(wrong).__name__ == PANIC:
            raise Refused(messages().bad_sheet.format(file=path.name)) from wrong
        raise


def _is_xlsx(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        return "xl/workbook.xml" in packed.namelist()


def _streamed(path: Path) -> Iterator[tuple[str, list[list[SpanCell]]]]:
    """An .xlsx by our own reader: calamine holds the whole used rectangle, which one far cell makes huge."""
    package = Package.at(path)
    book, dated = book_sight(package), package.date_styles()
    for name in package.sheets:
        if name in book.hidden or name == workbook().sheets.hidden.name:
            continue
        page, sight = package.page(name, last_row=LONGEST), sheet_sight(package, name, book)
        cells = {rc(at): Words(_raw(raw, dated)) for at, raw in page.cells.items()} | dict(sight.cells)
        merges = page.merges if isinstance(page.merges, frozenset) else frozenset()
        spans = dict(filter(None, (_span(str(merge)) for merge in merges)))
        yield name, _laid(cells, spans, sight)


def _span(merge: str) -> tuple[RowCol, RowCol] | None:
    """The corners of a merged range, also of whole columns or rows; None for what is no range."""
    found = MERGE.fullmatch(merge)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    return rc(f"{left or FIRST}{top or 1}"), rc(f"{right or column_name(WIDEST)}{bottom or LONGEST}")


def _laid(
    cells: Mapping[RowCol, Words], spans: Mapping[RowCol, RowCol], sight: Sight
) -> list[list[SpanCell]]:
    """Rows of cells from the first row on, without what a merge covers and without hidden columns.

    A hidden row stays as an empty place, so that every cell is told by its own row.
    """
    deep = min(max((r for r, _ in cells), default=0), LONGEST)
    wide = min(max((c for _, c in cells), default=0), WIDEST)
    small = {at: end for at, end in spans.items() if at[0] <= deep and at[1] <= wide}
    columns = [c for c in range(1, wide + 1) if c not in sight.columns]
    covered: dict[RowCol, RowCol] = {}
    for at, (bottom, right) in small.items():
        across = [c for c in columns if at[1] <= c <= right]
        rows = range(at[0], min(bottom, deep) + 1)
        covered |= {(r, c): at for r in rows for c in across if (r, c) != (at[0], across[0])}
        cells = {**cells, (at[0], across[0]): cells.get(at, Words(""))} if across else cells
        small = {**small, (at[0], across[0]): (bottom, right)} if across else small
    shown = {at: words for at, words in cells.items() if not _is_away(at, small.get(at, at), sight)}
    return [
        [_piece(shown, small, (r, c), columns) for c in columns if (r, c) not in covered]
        for r in range(1, deep + 1)
    ]


def _is_away(at: RowCol, end: RowCol, sight: Sight) -> bool:
    """Whether all rows of a cell are hidden."""
    return sight.rows.issuperset(range(at[0], end[0] + 1))


def _piece(
    cells: Mapping[RowCol, Words], spans: Mapping[RowCol, RowCol], at: RowCol, columns: Sequence[int]
) -> SpanCell:
    bottom, right = spans.get(at, at)
    words = cells.get(at, Words(""))
    wide = sum(at[1] <= c <= right for c in columns) if right > at[1] else 1
    return SpanCell(words.text.strip(), bottom - at[0] + 1, wide, words.unread)


def _raw(raw: Raw, dated: frozenset[int]) -> str:
    """A stored cell as a clerk would write it; of a date its number stays, marked so that it is no figure.

    A formula that no program has worked out stands for itself.
    """
    if raw.formula is not None and not raw.text:
        return formula_text(raw.formula)
    if raw.kind == "b":
        return cell_text(raw.text == "1")
    if raw.kind not in ("n", ""):
        return raw.text.strip()
    number = raw_text(raw)
    return messages().dated.format(n=number) if raw.style in dated and number else number


def _refuse_large(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > LIMIT:
            size, limit = path.stat().st_size // MEGABYTE, LIMIT // MEGABYTE
            raise Refused(messages().too_big.format(file=path.name, size=size, limit=limit))
        return
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except UNREADABLE as wrong:
        raise Refused(messages().bad_sheet.format(file=path.name)) from wrong
    refuse_bomb(path, parts)


def _pieces(sheet: calamine.CalamineSheet) -> list[list[SpanCell]]:
    rows = sheet.to_python(skip_empty_area=False, nrows=LONGEST)
    spans, covered = {}, set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        spans[top, left] = (bottom - top + 1, right - left + 1)
        if (bottom - top) * (right - left) < LONGEST * 10:
            covered |= {
                (r, c)
                for r in range(top, min(bottom + 1, LONGEST))
                for c in range(left, min(right + 1, WIDEST))
            }
            covered.discard((top, left))
    return [
        [
            SpanCell(cell_text(v), *spans.get((r, c), (1, 1)))
            for c, v in enumerate(row[:WIDEST])
            if (r, c) not in covered
        ]
        for r, row in enumerate(rows)
    ]
