"""The published pages as one page of html: the two lists, for whoever has no spreadsheet at hand."""

from datetime import date, datetime
from pathlib import Path

from markupsafe import Markup

from xlcheck import data
from xlcheck.county.ledger.register import Register
from xlcheck.county.published.published_book import PublishedLists
from xlcheck.county.summary.cell_formats import SheetValue
from xlcheck.county.summary.list_sheet import Link, SheetRow
from xlcheck.data.published import published_facts
from xlcheck.data.summary import ListSheet
from xlcheck.report.page_style import hash_source, palettes
from xlcheck.saving import atomically

PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src {allowed}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{stand}</p>\n"
    "{lists}</body>\n</html>\n"
)
LIST = Markup("<h2>{name}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
SHORT = 14  # letters in a column that is not to be broken


def write_published_page(register: Register, lists: PublishedLists, target: Path, due: date) -> None:
    """Write the two lists as a page, atomically; it fetches nothing."""
    facts, say = published_facts(), published_facts().say
    style = _style()
    drawn = (_list(*one) for one in zip((facts.units, facts.differences), lists, strict=True))
    text = PAGE.format(
        allowed=hash_source(style), title=say.title.format(**register.campaign._asdict()), style=style,
        stand=say.stand.format(due=due), lists=Markup().join(drawn),
    )  # fmt: skip
    atomically(target, lambda to: to.write_text(text, encoding="utf-8"))


def _style() -> Markup:
    return Markup(palettes() + (data.HERE / "published.css").read_text(encoding="utf-8"))


def _list(sheet: ListSheet, rows: tuple[SheetRow, ...]) -> Markup:
    head = Markup().join(Markup("<th>{}</th>").format(column.title) for column in sheet.columns.values())
    lines = Markup().join(_row(sheet, row) for row in rows)
    return LIST.format(name=sheet.name, head=head, rows=lines)


def _row(sheet: ListSheet, row: SheetRow) -> Markup:
    cells = (_cell(row.get(key), column.width) for key, column in sheet.columns.items())
    return Markup("<tr>{}</tr>\n").format(Markup().join(cells))


def _cell(value: SheetValue | Link, width: float) -> Markup:
    """A cell; what its narrow column was made for, a day or a figure, is never broken."""
    text = str(value.date()) if isinstance(value, datetime) else "" if value is None else str(value)
    return Markup('<td class="short">{}</td>' if width <= SHORT else "<td>{}</td>").format(text)
