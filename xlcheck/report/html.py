"""The report as one web page: read on a desk or a phone, printed on A4, with nothing fetched.

Every text enters through a ``Markup`` with a place for it, which escapes what is no markup itself.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from xlcheck import data
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
from xlcheck.data.report import report as facts
from xlcheck.report.layout import (
    broken,
    figure_size,
    head_rows,
    own_page,
    remark_line,
    vertical,
    widths,
)
from xlcheck.report.proof import save_report

LONG_UNIT = 14  # letters, above which the signature moves to the right

PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body{kind}>\n{body}</body>\n</html>\n"
)
STRIP = Markup(
    '<div class="strip" role="note"><b>{draft}</b> <span>{counts}</span>{link}'
    '<span class="key">{key}</span></div>\n<div class="water" aria-hidden="true"></div>\n'
)
TABLE = Markup(
    '<div class="scroll{long}" id="{id}" role="region" tabindex="0" {name}>\n<table {name}>\n'
    "<colgroup>{columns}</colgroup>\n{head}<tbody>\n{rows}</tbody>\n</table>\n</div>\n{notes}"
)


def write_html(report: Report, path: Path, draft: str = "", *, over: bool = True) -> None:
    """Write the report as one self-contained page, checked against the report before it is kept.

    ``draft`` is what is still open, in words; it stands on every page, and the cells to blame are
    marked. ``over``, and Refused, as of ``save_report``.
    """
    save_report(report, path, report_html(report, draft).encode("utf-8"), draft, over=over)


def report_html(report: Report, draft: str = "") -> str:
    """The page; its policy forbids it to fetch anything at all, whatever text it holds."""
    marks = report.marks() if draft else {}
    blocks = _joined(_block(block, marks, bool(draft)) for block in report.blocks)
    body = Markup('<main class="sheet">\n{}</main>\n').format(blocks)
    if report.code:
        body += Markup('<footer class="code">{}</footer>\n').format(report.code)
    return PAGE.format(
        policy=Markup("default-src 'none'; style-src 'unsafe-inline'"),
        title=report.title,
        style=_style(draft, report.code),
        kind=Markup(' class="draft"') if draft else "",
        body=_strip(report, draft) + body + _annex(report) if draft else body,
    )


def _style(draft: str, code: str) -> Markup:
    """The style sheet, and what stands in the margin of every printed page, where a browser prints there."""
    sheet = (data.HERE / "report.css").read_text(encoding="utf-8")
    if code:
        sheet += f'@page {{ @bottom-left {{ content: "{_css(code)}"; }} }}\n'
    if draft:
        marks = facts().marks
        line = _css(marks.head.format(draft=marks.draft, counts=draft))
        sheet += f'@page {{ @top-center {{ content: "{line}"; border: 0.75pt solid; }} }}\n'
        sheet += f'.draft .water::before {{ content: "{_css(marks.water)}"; }}\n'
    return Markup(sheet)


def _css(text: str) -> str:
    """A text inside a style sheet's quotes: all but letters and figures as code points."""
    return "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text)


def _strip(report: Report, draft: str) -> Markup:
    marks = facts().marks
    link = Markup(' <a href="#annex">{}</a>').format(marks.list) if report.remarks else ""
    sample = Markup('<span><mark class="{}">{}</mark> {}</span>')
    key = _joined(sample.format(kind, marks.sample, meaning) for kind, meaning in marks.key)
    return STRIP.format(draft=marks.draft, counts=draft, link=link, key=key)


def _annex(report: Report) -> Markup:
    item = Markup('<li id="r{}">{}</li>\n')
    items = _joined(item.format(r.number, remark_line(r)) for r in report.remarks)
    whole = Markup('<aside class="annex" id="annex">\n<h2>{}</h2>\n<ol>\n{}</ol>\n</aside>\n')
    return whole.format(facts().marks.annex, items) if items else items


def _block(block: Block, marks: Remarks, draft: bool) -> Markup:
    match block:
        case Title():
            return Markup("<h1>{}</h1>\n").format(_joined(map(_title_line, block.lines)))
        case Heading():
            own = Markup(' class="own-page"') if own_page(block.id) else ""
            return Markup('<h2 id="{}-title"{}>{}</h2>\n').format(block.id, own, block.text)
        case Paragraph():
            runs = _joined(map(_run, block.runs if draft else block.plain))
            return Markup("<p>{}</p>\n").format(runs)
        case Table():
            return _table(block, marks)
        case Signature():
            long = " long" if len(block.unit) > LONG_UNIT else ""
            whole = Markup('<footer class="signature{}"><p>{}</p>\n<p>{}</p></footer>\n')
            return whole.format(long, block.unit, block.date)


def _title_line(line: str) -> Markup:
    """A line of the title; a long one breaks before the words that every title ends with."""
    words = facts().breaks.title
    return Markup("<span>{}</span>").format(Markup("<wbr>{}").format(words).join(line.split(words)))


def _run(run: Run) -> Markup:
    if run.lead:
        return Markup('<span class="lead" role="heading" aria-level="3">{}</span>').format(run.text)
    if run.agreed:
        return Markup('<span class="agreed" title="{}">{}</span>').format(run.agreed, run.text)
    if run.remark:
        marked = Markup('<mark class="{0}">{1}<sup><a href="#r{2}">{2}</a></sup></mark>')
        return marked.format(run.remark.severity, run.text, run.remark.number)
    return Markup.escape(run.text)


def _table(table: Table, marks: Remarks) -> Markup:
    """The table in a region of its own, which a narrow screen may scroll when a figure is long."""
    columns, head = widths(table), head_rows(table)
    by_row = groupby(sorted(table.cells, key=lambda c: (c.row, c.col)), lambda c: c.row)
    rows = [_row(table, list(cells), columns, marks) for _, cells in by_row]
    column, note = Markup('<col style="--w:{:.2%}">'), Markup('<p class="note">{}</p>\n')
    return TABLE.format(
        long=" wide" if any(len(c.text) > 4 for c in table.cells if c.field) else "",
        id=table.id,
        name=Markup('aria-labelledby="{}-title"').format(table.id),
        columns=_joined(column.format(width / sum(columns)) for width in columns),
        head=Markup("<thead>\n{}</thead>\n").format(_joined(rows[:head])) if head else "",
        rows=_joined(rows[head:]),
        notes=_joined(map(note.format, table.notes)),
    )


def _row(table: Table, cells: list[Cell], columns: list[float], marks: Remarks) -> Markup:
    kind = Markup(' class="band"') if cells[0].role == "caption" else ""
    inside = _joined(_cell(table, cell, columns, marks) for cell in cells)
    return Markup("<tr{}>{}</tr>\n").format(kind, inside)


def _cell(table: Table, cell: Cell, columns: list[float], marks: Remarks) -> Markup:
    spans = (("row", cell.rows), ("col", cell.cols))
    span = _joined(Markup(' {}span="{}"').format(side, n) for side, n in spans if n > 1)
    if cell.field:
        return _figure(cell, span, figure_size(table, cell, columns), marks.get(cell.field))
    words = Markup("<wbr>").join(broken(cell.text))
    group = cell.rows > 1 if cell.role == "label" else cell.cols > 1
    scope = ("row" if cell.role == "label" else "col") + ("group" if group else "")
    kinds = [cell.role, *(["vertical"] if vertical(table, cell) else ()), *(["group"] if group else ())]
    head = Markup('<th{} scope="{}" class="{}"><span>{}</span></th>')
    return head.format(span, scope, " ".join(kinds), words)


def _figure(cell: Cell, span: Markup, size: float, remark: Remark | None) -> Markup:
    small = Markup(' style="font-size:{}pt"').format(size) if size < facts().figure.size else ""
    kind = Markup(' class="{}"').format(remark.severity) if remark else ""
    short = Markup("<ins>{}</ins>").format(remark.short) if remark else ""
    struck = remark and remark.certain and cell.text
    text = Markup("<del>{}</del>").format(cell.text) if struck else cell.text
    figure = Markup('<td{}{}{} data-field="{}">{}{}</td>')
    return figure.format(span, kind, small, cell.field, text, short)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
