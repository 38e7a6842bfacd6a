"""The year as one picture, 图解: requests as a flow, applicants, reviews and suits, what was disclosed.

Every number is a cell's own or the sum of a heading's; its words stand beside it, colour only repeats them.
"""

from collections.abc import Iterable

from markupsafe import Markup

from xlcheck import data
from xlcheck.core.blocks import printable
from xlcheck.core.filing import Filing, entry_text, figure_text
from xlcheck.core.form import Form
from xlcheck.core.form_words import plain_label, table_called
from xlcheck.data.picture import picture_words
from xlcheck.report.amounts import Amount, PictureFigures
from xlcheck.report.bar_chart import bar_charts, bars_of_year
from xlcheck.report.flow_chart import flow_chart

PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    '<main class="sheet">\n{draft}<header><h1>{title}</h1><p>{about}</p></header>\n'
    '<div class="columns">\n<div>{flow}</div>\n<div>{bars}</div>\n</div>\n{disclosed}'
    "<footer><span>{source}</span><span>{code}</span></footer>\n</main>\n</body>\n</html>\n"
)


def picture_html(form: Form, filing: Filing, last: Filing | None, *, draft: str = "", code: str = "") -> str:
    """The page, self-contained and fetching nothing; it fits one sheet of A4, and a phone."""
    words, figures = picture_words(), PictureFigures(form, filing, last)
    unit, year = printable(filing.unit or ""), printable(entry_text(filing.year))
    every = bars_of_year(figures)
    bars = zip(every, bar_charts(every), strict=True)
    source = words.source_last if figures.last else words.source
    tables = words.between.join(table_called(form, table) for table in form.tables)
    return PAGE.format(
        policy=Markup("default-src 'none'; style-src 'unsafe-inline'"),
        title=words.title,
        about=words.about.format(unit=unit, year=year),
        style=Markup((data.HERE / "picture.css").read_text(encoding="utf-8")),
        draft=Markup('<p class="draft">{}</p>\n').format(draft) if draft else "",
        flow=_section(words.flow.heading, flow_chart(figures) or _none(words.flow.none)),
        bars=_joined(_section(one.heading, chart or _none(one.none)) for one, chart in bars),
        disclosed=_section(words.disclosed.heading, _disclosed(figures)),
        source=source.format(tables=tables, year=year),
        code=code,
    )


def _section(heading: str, inside: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>\n{}</section>\n").format(heading, inside)


def _none(sentence: str) -> Markup:
    return Markup('<p class="none">{}</p>\n').format(sentence)


def _disclosed(figures: PictureFigures) -> Markup:
    """A table's rows that are not 0 throughout, each cell's figure large over what it is."""
    words = picture_words().disclosed
    rows = [_tiles(plain_label(figures.form, row), cells) for row, cells in figures.rows(words.table)]
    return Markup('<dl class="rows">\n{}</dl>\n').format(_joined(rows)) if rows else _none(words.none)


def _tiles(label: str, cells: Iterable[Amount]) -> Markup:
    tile = Markup("<span><b>{}</b> {}{}<i>{}</i></span>")
    last = Markup("<small>{}</small>")
    tiles = (
        tile.format(
            figure_text(one.figure), one.unit, last.format(one.before) if one.before else "", _bare(one.label)
        )
        for one in cells
    )
    return Markup("<div><dt>{}</dt><dd>{}</dd></div>\n").format(label, _joined(tiles))


def _bare(label: str) -> str:
    """A column's label without the unit in brackets: that stands beside the figure."""
    return label.partition(picture_words().disclosed.bracket)[0]


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
