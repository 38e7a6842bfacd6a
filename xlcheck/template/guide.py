"""填报说明: three steps, what the signs mean, where people slip, and on what it all rests."""

from collections.abc import Iterator
from contextlib import suppress

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.form import Form
from xlcheck.core.form_words import in_form_words
from xlcheck.core.grid import NotInForm
from xlcheck.data.guide import GuideBlock, GuideSample, guide
from xlcheck.data.styles import MarkStyle, styles
from xlcheck.data.workbook import workbook
from xlcheck.template.heights import height as text_height
from xlcheck.template.hidden import HiddenSheet
from xlcheck.template.styles import on_row, paint_mark, put

TITLE_HEIGHT, BLOCK_HEIGHT, LINE_HEIGHT = 34, 27, 26
OPEN_ENDED = 9000  # a last year past this is none


def write_guide(sheet: Worksheet, engine: HiddenSheet) -> None:
    """Three steps, what the signs mean, where people slip, and on what it all rests."""
    at = guide().at
    title = put(sheet, at.title, workbook().sheets.guide.name, "title")
    sheet.row_dimensions[title.row].height = TITLE_HEIGHT
    row = at.first_row
    for block in guide().block:
        put(sheet, on_row(at.block, row), block.title, "caption")
        sheet.row_dimensions[row].height = BLOCK_HEIGHT
        row = _block(sheet, row + 1, block, engine.form) + 1
    sheet.print_area = at.printed.format(last=row - 2)


def _block(sheet: Worksheet, row: int, block: GuideBlock, form: Form) -> int:
    """The lines or samples of a part; the row after them is given back."""
    at = guide().at
    words = {"notice": form.notice, "title": form.title, "years": _years(form)}
    lines = [tuple(part.format(**words) for part in line) for line in _lines(block, form)]
    lines += [("", sample.name, sample.meaning) for sample in block.samples]
    for n, (name, what, how) in enumerate(lines):
        sheet.row_dimensions[row + n].height = max(
            LINE_HEIGHT, text_height(how, workbook().sheets.guide, at.how, "guide")
        )
        if block.samples:
            _sample(sheet, on_row(at.name, row + n), block.samples[n])
        else:
            put(sheet, on_row(at.name, row + n), name, "guide_mid")
        put(sheet, on_row(at.what, row + n), what, "guide_bold")
        put(sheet, on_row(at.how, row + n), how, "guide")
    return row + len(lines)


def _lines(block: GuideBlock, form: Form) -> Iterator[tuple[str, ...]]:
    """The lines of a part in the form's words; one about what this edition has not is left out."""
    for line in block.lines:
        with suppress(NotInForm):
            yield tuple(in_form_words(form, part) for part in line)


def _years(form: Form) -> str:
    words = workbook().words
    years = words.years_open if form.last_year > OPEN_ENDED else words.years
    return years.format(first=form.first_year, last=form.last_year)


def _sample(sheet: Worksheet, cell: str, sample: GuideSample) -> None:
    """A real cell as the clerk will meet it, painted as the button paints."""
    if sample.text:
        put(sheet, cell, sample.text, "group")
        return
    there: Cell = put(sheet, cell, sample.sample, "sample")
    if mark := _mark(sample):
        paint_mark(there, mark)


def _mark(sample: GuideSample) -> MarkStyle | None:
    match sample.kind:
        case "broken":
            return styles().live.broken
        case "entry" | "label":
            return None
        case kind:
            return styles().mark[kind]
