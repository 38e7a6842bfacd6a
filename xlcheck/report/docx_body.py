"""The report's blocks as WordprocessingML, one string a block; every text goes through ``run_xml``."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from xlcheck.core.blocks import (
    Block,
    Heading,
    Paragraph,
    Remark,
    Remarks,
    Report,
    Run,
    Signature,
    Table,
    Title,
)
from xlcheck.core.grid import Cell
from xlcheck.data.picture import picture_words
from xlcheck.data.report import report as facts
from xlcheck.report.chart_pictures import ChartPicture
from xlcheck.report.layout import (
    MM,
    broken,
    characters,
    figure_size,
    head_rows,
    own_page,
    remark_line,
    room,
    table_style,
    twips,
    vertical,
    widths,
)

DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
EMU = 36000  # in a millimetre
BREAK = "<w:r><w:br/></w:r>"
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def body(report: Report, draft: bool, charts: Sequence[ChartPicture] = ()) -> str:
    """The blocks one after another, the charts of a year at the end of the first section."""
    marks = report.marks() if draft else {}
    blocks = [_block(block, marks, draft, _start(report, n)) for n, block in enumerate(report.blocks)]
    heads = [n for n, block in enumerate(report.blocks) if isinstance(block, Heading)]
    blocks[heads[1] : heads[1]] = [charts_xml(charts)] if charts else []
    return "".join(blocks) + (_annex(report) if draft else "")


def paragraph(style: str, runs: str, extra: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{runs}</w:p>'


def run_xml(text: str, style: str = "", extra: str = "") -> str:
    """One run of text; the hint makes Word take quotation marks for Chinese ones."""
    kind = f'<w:rStyle w:val="{style}"/>' if style else ""
    look = f'<w:rPr>{kind}<w:rFonts w:hint="eastAsia"/>{extra}</w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def _start(report: Report, n: int) -> str:
    """How a heading starts: on a new page about a table that has one of its own, else after a gap.

    A sentence above a table stays with it.
    """
    before, mine = report.blocks[n - 1] if n else None, report.blocks[n]
    if isinstance(mine, Paragraph) and isinstance(report.blocks[n + 1], Table):
        return "<w:keepNext/>"
    if not isinstance(mine, Heading):
        return ""
    if own_page(mine.id) or (isinstance(before, Table) and own_page(before.id)):
        return "<w:pageBreakBefore/>"
    gap = twips(facts().page.gap)
    return f'<w:spacing w:before="{gap}"/>' if isinstance(before, Table) else ""


def _block(block: Block, marks: Remarks, draft: bool, start: str) -> str:
    match block:
        case Title():
            return paragraph("Title", BREAK.join(map(run_xml, block.lines)))
        case Heading():
            return paragraph("Heading1", run_xml(block.text), start)
        case Paragraph():
            return paragraph("BodyText", "".join(map(_run, block.runs if draft else block.plain)), start)
        case Table():
            return _table(block, marks) + "".join(paragraph("Note", run_xml(note)) for note in block.notes)
        case Signature():
            return signature(block)


def _run(run: Run) -> str:
    if run.remark:
        fill = facts().colour.severity.of(run.remark.severity)
        kind = "double" if run.remark.severity == "error" else "dash"
        return run_xml(run.text, extra=f'<w:u w:val="{kind}"/>{shade(fill)}')
    return run_xml(run.text, "Lead" if run.lead else "")


def signature(block: Signature, end: str = "") -> str:
    """Unit over date, each centred on the other, the date 4 characters from the right (GB/T 9704, 7.3.5).

    ``end`` is what the last paragraph's properties bear besides: a section that ends with it.
    """
    unit, date = characters(block.unit), characters(block.date)
    right = max(4 + (date - unit) / 2, 2)
    lines = ((block.unit, right, 56, ""), (block.date, right + (unit - date) / 2, 0, end))
    size = facts().style.Signature.size
    return "".join(
        paragraph(
            "Signature",
            run_xml(text),
            f'<w:keepNext w:val="{int(before > 0)}"/><w:keepLines/><w:spacing w:before="{twips(before)}"/>'
            f'<w:ind w:rightChars="{round(chars * 100)}" w:right="{twips(chars * size)}"/>{more}',
        )
        for text, chars, before, more in lines
    )


def charts_xml(charts: Sequence[ChartPicture]) -> str:
    """Pictures side by side on a line of their own, each the part picture1, picture2 … of the package."""
    width = round(picture_words().drawing.printed * EMU)
    runs = (_chart(n, one, width, round(width * one.ratio)) for n, one in enumerate(charts, 1))
    alone = '<w:spacing w:before="240" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>'
    return paragraph("BodyText", "".join(runs), alone + '<w:jc w:val="center"/>')


def _chart(n: int, chart: ChartPicture, width: int, height: int) -> str:
    size = f'cx="{width}" cy="{height}"'
    named = f'id="{n}" name="picture{n}" descr="{escape(chart.said)}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{DRAWN}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent {size}/><wp:docPr {named}/><a:graphic xmlns:a="{DRAWN}/main"><a:graphicData '
        f'uri="{DRAWN}/picture"><pic:pic xmlns:pic="{DRAWN}/picture"><pic:nvPicPr><pic:cNvPr {named}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="picture{n}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _annex(report: Report) -> str:
    if not report.remarks:
        return ""
    title = paragraph("AnnexTitle", run_xml(facts().marks.annex))
    return title + "".join(paragraph("Annex", run_xml(remark_line(r))) for r in report.remarks)


def _table(table: Table, marks: Remarks) -> str:
    columns = widths(table)
    return framed(columns, table.heading, _rows(table, columns, marks))


def framed(columns: list[float], caption: str, rows: str) -> str:
    """A table of ruled rows over columns as wide as given in mm; the caption is for who cannot see it."""
    look = (
        f'<w:tblPr><w:tblW w:w="{twips(sum(columns) * MM)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_lines()}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{_margins()}</w:tblCellMar><w:tblCaption w:val="{escape(caption)}"/></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{twips(width * MM)}"/>' for width in columns)
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _lines() -> str:
    return "".join(f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>' for side in SIDES)


def _margins() -> str:
    padding = twips(facts().figure.padding * MM)
    return "".join(f'<w:{side} w:w="{padding}" w:type="dxa"/>' for side in ("left", "right"))


def _rows(table: Table, columns: list[float], marks: Remarks) -> str:
    """Every row in full: a cell merged over rows stands in each of them, with words in the first."""
    parts = sorted((c.row + i, c.col, c) for c in table.cells for i in range(c.rows))
    height, head, last = twips(facts().table(table.id).row * MM), head_rows(table), parts[-1][0]
    rows = []
    for row, group in groupby(parts, lambda part: part[0]):
        cells = [cell for *_, cell in group]
        # Every row keeps with the next, so that no table is split; one with its own page needs no keeping.
        keep = not own_page(table.id) and (row < last or bool(table.notes))
        inside = "".join(_cell(table, c, columns, marks, c.row == row, keep) for c in cells)
        repeat = "<w:tblHeader/>" if row < head else ""
        look = f'<w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeat}'
        rows.append(f"<w:tr><w:trPr>{look}</w:trPr>{inside}</w:tr>")
    return "".join(rows)


def _cell(table: Table, cell: Cell, columns: list[float], marks: Remarks, first: bool, keep: bool) -> str:
    look = (
        f'<w:tcW w:w="{twips(sum(columns[cell.col : cell.col + cell.cols]) * MM)}" w:type="dxa"/>',
        f'<w:gridSpan w:val="{cell.cols}"/>' if cell.cols > 1 else "",
        f'<w:vMerge w:val="{"restart" if first else "continue"}"/>' if cell.rows > 1 else "",
        _paint(cell, marks.get(cell.field)),
        '<w:textDirection w:val="tbRlV"/>' if vertical(table, cell) else "",
        '<w:vAlign w:val="center"/>',
    )
    place = f"{'<w:keepNext/>' if keep else ''}{_align(table, cell)}"
    inside = _inside(table, cell, columns, marks) if first else ""
    return (
        f"<w:tc><w:tcPr>{''.join(look)}</w:tcPr>{paragraph(table_style(table.id)[0], inside, place)}</w:tc>"
    )


def _align(table: Table, cell: Cell) -> str:
    """Figures, headers and merged labels stand centred; captions and other labels to the left."""
    corner = cell.role == "header" and cell.col == 0 and cell.rows == cell.cols == 1
    if corner or cell.role in ("caption", "corner") or (cell.role == "label" and cell.rows == 1):
        return f'<w:ind w:left="{twips(facts().table(table.id).indent * MM)}"/><w:jc w:val="left"/>'
    return '<w:jc w:val="center"/>'


def _paint(cell: Cell, remark: Remark | None) -> str:
    """A band's fill, and in a draft that of a cell to blame."""
    colour = facts().colour
    if remark:
        return shade(colour.severity.of(remark.severity))
    return shade(colour.band) if cell.role == "caption" else ""


def shade(fill: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'


def _inside(table: Table, cell: Cell, columns: list[float], marks: Remarks) -> str:
    if cell.role == "value":
        return _figure(cell, figure_size(table, cell, columns), marks.get(cell.field))
    style = "Band" if cell.role == "caption" else ""
    fits = characters(cell.text) * table_style(table.id)[1].size <= room(table, cell, columns)
    parts = [cell.text] if fits or vertical(table, cell) else broken(cell.text)
    return BREAK.join(run_xml(part, style) for part in parts)


def _figure(cell: Cell, size: float, remark: Remark | None) -> str:
    """The figure, small where the cell is; in a draft with what it should be below it."""
    struck = "<w:strike/>" if remark and remark.certain else ""
    small = f'<w:sz w:val="{round(size * 2)}"/>' if size < facts().figure.size else ""
    below = f"{BREAK}{run_xml(remark.short, 'AnnexShort')}" if remark else ""
    return (run_xml(cell.text, "Figure", struck + small) if cell.text else "") + below
