"""The report as one web page: read on a desk or a phone, printed on A4, with nothing fetched."""

from html import escape
from itertools import groupby
from pathlib import Path

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
from xlcheck.report.layout import (
    broken,
    facts,
    figure_size,
    head_rows,
    own_page,
    remark_line,
    vertical,
    widths,
)
from xlcheck.report.proof import save_report

GAP = "\u3000\u3000"


def write_html(report: Report, path: Path, draft: str = "") -> None:
    """Write the report as one self-contained page, checked against the report before it is kept.

    ``draft`` is what is still open, in words; it stands on every page, and the cells to blame are
    marked. Raises Refused as ``proof.save`` does.
    """
    save_report(report, path, report_html(report, draft).encode("utf-8"), draft)


def report_html(report: Report, draft: str = "") -> str:
    marks = report.marks() if draft else {}
    kind = ' class="draft"' if draft else ""
    blocks = "".join(_block(block, marks, bool(draft)) for block in report.blocks)
    body = f'<main class="sheet">\n{blocks}</main>\n'
    if draft:
        body = f"{_strip(report, draft)}{body}{_annex(report)}"
    return f"{_head(report.title, draft)}<body{kind}>\n{body}</body>\n</html>\n"


def _head(title: str, draft: str) -> str:
    """The policy forbids the page to fetch anything at all, whatever text it holds."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_style(draft)}</style>\n</head>\n"
    )


def _style(draft: str) -> str:
    """The style sheet, and for a draft the words in the margin of every printed page."""
    sheet = (data.HERE / "report.css").read_text(encoding="utf-8")
    if not draft:
        return sheet
    marks = facts()["marks"]
    head = f'content: "{_css(marks["draft"] + GAP + draft)}"; border: 0.75pt solid;'
    water = f'.draft .water::before {{ content: "{_css(marks["water"])}"; }}'
    return f"{sheet}@page {{ @top-center {{ {head} }} }}\n{water}\n"


def _css(text: str) -> str:
    """A text inside a style sheet's quotes: all but letters and figures as code points."""
    return "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text)


def _strip(report: Report, draft: str) -> str:
    marks = facts()["marks"]
    link = f' <a href="#annex">{marks["list"]}</a>' if report.remarks else ""
    key = "".join(f'<span><mark class="{kind}">12</mark> {said}</span>' for kind, said in marks["key"])
    words = f'<b>{marks["draft"]}</b> <span>{escape(draft)}</span>{link}<span class="key">{key}</span>'
    return f'<div class="strip" role="note">{words}</div>\n<div class="water" aria-hidden="true"></div>\n'


def _annex(report: Report) -> str:
    words = facts()["marks"]
    items = "".join(f'<li id="r{r.number}">{escape(remark_line(r))}</li>\n' for r in report.remarks)
    if not items:
        return ""
    return f'<aside class="annex" id="annex">\n<h2>{words["annex"]}</h2>\n<ol>\n{items}</ol>\n</aside>\n'


def _block(block: Block, marks: Remarks, draft: bool) -> str:
    match block:
        case Title():
            cut = facts()["marks"]["title_break"]
            lines = (f"<span>{escape(x).replace(cut, f'<wbr>{cut}')}</span>" for x in block.lines)
            return f"<h1>{''.join(lines)}</h1>\n"
        case Heading():
            own = ' class="own-page"' if own_page(block.id) else ""
            return f'<h2 id="{block.id}-title"{own}>{escape(block.text)}</h2>\n'
        case Paragraph():
            return f"<p>{''.join(map(_run, block.runs if draft else block.plain))}</p>\n"
        case Table():
            return _table(block, marks)
        case Signature():
            long = ' class="signature long"' if len(block.unit) > 14 else ' class="signature"'
            return f"<footer{long}><p>{escape(block.unit)}</p>\n<p>{escape(block.date)}</p></footer>\n"


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.lead:
        return f'<span class="lead" role="heading" aria-level="3">{text}</span>'
    if run.agreed:
        return f'<span class="agreed" title="{escape(run.agreed)}">{text}</span>'
    if run.remark:
        link = f'<sup><a href="#r{run.remark.number}">{run.remark.number}</a></sup>'
        return f'<mark class="{run.remark.severity}">{text}{link}</mark>'
    return text


def _table(table: Table, marks: Remarks) -> str:
    """The table in a region of its own, which a narrow screen may scroll when a figure is long."""
    columns, head = widths(table), head_rows(table)
    cols = "".join(f'<col style="--w:{width / sum(columns):.2%}">' for width in columns)
    rows = [
        _row(table, list(cells), columns, marks) for _, cells in groupby(_ordered(table), lambda c: c.row)
    ]
    top = f"<thead>\n{''.join(rows[:head])}</thead>\n" if head else ""
    long = " wide" if any(len(c.text) > 4 for c in table.cells if c.field) else ""
    notes = "".join(f'<p class="note">{escape(note)}</p>\n' for note in table.notes)
    name = f'aria-labelledby="{table.id}-title"'
    return (
        f'<div class="scroll{long}" id="{table.id}" role="region" tabindex="0" {name}>\n<table {name}>\n'
        f"<colgroup>{cols}</colgroup>\n{top}<tbody>\n{''.join(rows[head:])}</tbody>\n</table>\n</div>\n{notes}"
    )


def _ordered(table: Table) -> list[Cell]:
    return sorted(table.cells, key=lambda c: (c.row, c.col))


def _row(table: Table, cells: list[Cell], columns: list[float], marks: Remarks) -> str:
    kind = ' class="band"' if cells[0].role == "caption" else ""
    return f"<tr{kind}>{''.join(_cell(table, cell, columns, marks) for cell in cells)}</tr>\n"


def _cell(table: Table, cell: Cell, columns: list[float], marks: Remarks) -> str:
    span = "".join(f' {k}span="{n}"' for k, n in (("row", cell.rows), ("col", cell.cols)) if n > 1)
    if cell.field:
        return _figure(cell, span, figure_size(table, cell, columns), marks.get(cell.field))
    words = "<wbr>".join(map(escape, broken(cell.text)))
    group = cell.rows > 1 if cell.role == "label" else cell.cols > 1
    scope = ("row" if cell.role == "label" else "col") + ("group" if group else "")
    kinds = [cell.role, *(["vertical"] if vertical(table, cell) else ()), *(["group"] if group else ())]
    return f'<th{span} scope="{scope}" class="{" ".join(kinds)}"><span>{words}</span></th>'


def _figure(cell: Cell, span: str, size: float, remark: Remark | None) -> str:
    small = f' style="font-size:{size}pt"' if size < facts()["figure"]["size"] else ""
    kind = f' class="{remark.severity}"' if remark else ""
    short = f"<ins>{escape(remark.short)}</ins>" if remark else ""
    text = escape(cell.text)
    was = f"<del>{text}</del>" if remark and remark.certain and text else text
    return f'<td{span}{kind}{small} data-field="{cell.field}">{was}{short}</td>'
