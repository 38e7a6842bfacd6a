"""The year as one picture, 图解: requests as a flow, applicants, reviews and suits, what was disclosed.

Every number is a cell's own or the sum of a heading's; its words stand beside it, colour only repeats them.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from xlcheck import data
from xlcheck.core.blocks import printable
from xlcheck.core.filing import Filing, entry_text, figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import plain_label, table_called
from xlcheck.core.formula import Entry
from xlcheck.core.grid import Node
from xlcheck.core.heading_parts import parts_there
from xlcheck.data.picture import picture_words

PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    '<main class="sheet">\n{draft}<header><h1>{title}</h1><p>{about}</p></header>\n'
    '<div class="columns">\n<div>{flow}</div>\n<div>{applicants}{cases}</div>\n</div>\n{disclosed}'
    "<footer><span>{source}</span><span>{code}</span></footer>\n</main>\n</body>\n</html>\n"
)


LONGEST = 55  # hundredths of the room that a bar and its figures have


class Amount(NamedTuple):
    """Something counted: what it is called, how much, and how much the year before, where that is known."""

    label: str
    figure: Decimal
    last: Decimal | None = None


class PictureFigures:
    """This year's cells and last year's, and what stands under a heading of the form."""

    def __init__(self, form: Form, filing: Filing, last: Filing | None) -> None:
        self.form, self.now = form, stated_values(form, filing)
        self.units = {o.beside: filing.options.get(o.id, "") for o in form.options if o.beside}
        self.last = stated_values(form, last) if last and last.edition == form.edition else None

    def amount(self, name: str, label: str) -> Amount:
        """What a cell holds, or the cells of a heading together."""
        members = self.form.members(name)
        last = _sum(self.last, members) if self.last else None
        return Amount(label, _sum(self.now, members) or Decimal(0), last)

    def parts(self, heading: str, cells: str, *, leaves: bool = False) -> Iterator[Amount]:
        """The parts of a heading that are not 0; of those with parts of their own these, if ``leaves``."""
        for part in parts_there(self.form, heading, partial(self._now, cells), leaves=leaves):
            yield self.amount(cells.format(part=part.name), part.label)

    def _now(self, cells: str, part: str) -> Decimal:
        return self.amount(cells.format(part=part), "").figure


def _sum(entries: dict[str, Entry], members: Sequence[str]) -> Decimal | None:
    figures = [entry for name in members if isinstance(entry := entries.get(name), Decimal)]
    return sum(figures, Decimal(0)) if figures else None


def picture_html(form: Form, filing: Filing, last: Filing | None, *, draft: str = "", code: str = "") -> str:
    """The page, self-contained and fetching nothing; it fits one sheet of A4, and a phone."""
    words, figures = picture_words(), PictureFigures(form, filing, last)
    unit, year = printable(filing.unit or ""), printable(entry_text(filing.year))
    source = words.source_last if figures.last else words.source
    tables = words.between.join(table_called(form, table) for table in form.tables)
    return PAGE.format(
        policy=Markup("default-src 'none'; style-src 'unsafe-inline'"),
        title=words.title,
        about=words.about.format(unit=unit, year=year),
        style=Markup((data.HERE / "picture.css").read_text(encoding="utf-8")),
        draft=Markup('<p class="draft">{}</p>\n').format(draft) if draft else "",
        flow=_section(words.flow.heading, _flow(figures)),
        applicants=_section(words.applicants.heading, _applicants(figures)),
        cases=_section(words.cases.heading, _cases(figures)),
        disclosed=_section(words.disclosed.heading, _disclosed(figures)),
        source=source.format(tables=tables, year=year),
        code=code,
    )


def _section(heading: str, inside: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>\n{}</section>\n").format(heading, inside)


def _none(sentence: str) -> Markup:
    return Markup('<p class="none">{}</p>\n').format(sentence)


# ---------------------------------------------------------------- bars and rows


def _applicants(figures: PictureFigures) -> Markup:
    words = picture_words().applicants
    who = [*figures.parts(words.of, words.cells, leaves=True)]
    return _bars([(one, ()) for one in who]) if who else _none(words.none)


def _cases(figures: PictureFigures) -> Markup:
    words, rows = picture_words().cases, []
    for name, label in words.groups:
        ends = tuple(figures.parts(name, words.cells))
        rows.append((figures.amount(name, label), ends))
    return _bars(rows) if any(one.figure for one, _ in rows) else _none(words.none)


def _bars(rows: Sequence[tuple[Amount, Sequence[Amount]]]) -> Markup:
    """A bar for each, as long as its figure, with what it consists of under it."""
    most = max(one.figure for one, _ in rows)
    bar = Markup('<span class="bar">{}<b>{}</b>{}</span>')
    long = Markup('<i style="width:{}%"></i>')
    item, under = Markup("<li><span>{}</span>{}{}</li>\n"), Markup('<span class="ends">{}</span>')
    items = []
    for one, ends in rows:
        drawn = long.format(round(one.figure * LONGEST / most, 1)) if one.figure else ""
        said = picture_words().between.join(map(_count, ends))
        drawn = bar.format(drawn, figure_text(one.figure), _last(one))
        items.append(item.format(one.label, drawn, under.format(said) if said else ""))
    return Markup('<ul class="bars">\n{}</ul>\n').format(_joined(items))


def _count(one: Amount) -> str:
    return picture_words().item.format(label=one.label, figure=figure_text(one.figure))


def _last(one: Amount) -> Markup:
    if one.last is None:
        return Markup("")
    return Markup("<small>{}</small>").format(picture_words().last.format(figure=figure_text(one.last)))


def _disclosed(figures: PictureFigures) -> Markup:
    """A table's rows that are not 0 throughout, each figure with its heading."""
    words, form = picture_words().disclosed, figures.form
    rows = [
        (plain_label(form, node), [_of_row(figures, node, column) for column in columns])
        for of, nodes, columns in form.axes
        for node in nodes
        if of == words.table
    ]
    there = [(label, told) for label, told in rows if any(one.figure or one.last for one in told)]
    if not there:
        return _none(words.none)
    wide = max(len(told) for _, told in there)
    row, cell = Markup("<tr><th>{}</th>{}</tr>\n"), Markup("<td>{} <b>{}</b>{}</td>")
    lines = []
    for label, told in there:
        cells = [cell.format(one.label, figure_text(one.figure), _last(one)) for one in told]
        lines.append(row.format(label, _joined([*cells, *[Markup("<td></td>")] * (wide - len(told))])))
    return Markup("<table>\n{}</table>\n").format(_joined(lines))


def _of_row(figures: PictureFigures, row: Node, column: Node) -> Amount:
    name = f"{picture_words().disclosed.table}.{row.id}.{column.id}"
    unit, usual = figures.units.get(name) or figures.form.fields[name].unit, picture_words().disclosed.unit
    unit = "" if unit == usual or unit in column.label else unit
    label = (
        picture_words().disclosed.with_unit.format(label=column.label, unit=unit) if unit else column.label
    )
    return figures.amount(name, label)


# ---------------------------------------------------------------- the flow


class Stop(NamedTuple):
    """A node of the flow: what it stands for, where it begins, how high it is, and its colours."""

    amount: Amount
    top: float
    high: float
    colour: str
    band: str


def _flow(figures: PictureFigures) -> Markup:
    """Where requests come from, left; all of them, in the middle; what became of them, right."""
    words, at = picture_words().flow, picture_words().drawing
    come = [one for name, label in words.sources if (one := figures.amount(name, label)).figure]
    done = [*figures.parts(words.results, words.cells)]
    left = [one for name, label in words.left if (one := figures.amount(name, label)).figure]
    if not come:
        return _none(words.none)
    whole = Amount(words.whole, sum((one.figure for one in come), Decimal(0)))
    scale = at.tall / float(max(whole.figure, sum((one.figure for one in (*done, *left)), Decimal(0))))
    from_left = _stops([(one, "come") for one in come], scale)
    to_right = _stops([*((one, "done") for one in done), *((one, "left") for one in left)], scale)
    high = max(stop.top + max(stop.high, at.slot) for stop in (*from_left, *to_right))
    (middle,) = _stops([(whole, "come")], scale)
    middle = middle._replace(top=max((high - middle.high) / 2, at.letter + at.gap))
    drawn = [*_bands(middle, from_left, at.start), *_bands(middle, to_right, at.end)]
    drawn += [_node(stop, at.start, "end", at.start - at.gap) for stop in from_left]
    drawn += [_node(stop, at.end, "start", at.end + at.node + at.gap) for stop in to_right]
    drawn.append(_node(middle, at.middle, "middle", at.middle + at.node / 2))
    parts = picture_words().comma.join(map(_count, (*done, *left)))
    said = picture_words().spoken.format(whole=_count(whole), parts=parts)
    svg = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">\n{}</svg>\n')
    return svg.format(at.width, round(max(high, middle.top + middle.high)) + at.gap, said, _joined(drawn))


def _stops(amounts: Iterable[tuple[Amount, str]], scale: float) -> list[Stop]:
    """Nodes one under another, each with room for its words."""
    at, colours, top, stops = picture_words().drawing, picture_words().colours._asdict(), 0.0, []
    for amount, kind in amounts:
        high = max(float(amount.figure) * scale, at.least)
        stops.append(Stop(amount, top, high, colours[kind], colours[f"{kind}_band"]))
        top += max(high, at.slot) + at.gap
    return stops


def _bands(middle: Stop, stops: Sequence[Stop], side: int) -> Iterator[Markup]:
    """A band from the middle to each node of a side, as wide as its figure at both ends."""
    at, top = picture_words().drawing, middle.top
    near, far = (at.middle, side + at.node) if side < at.middle else (at.middle + at.node, side)
    whole = sum(stop.high for stop in stops)
    path = Markup('<path d="M{0} {1}C{2} {1} {2} {3} {4} {3}V{5}C{2} {5} {2} {6} {0} {6}Z" fill="{7}"/>\n')
    for stop in stops:
        wide = stop.high * middle.high / whole
        edges = (round(top, 1), round(stop.top, 1), round(stop.top + stop.high, 1), round(top + wide, 1))
        yield path.format(near, edges[0], (near + far) / 2, edges[1], far, edges[2], edges[3], stop.band)
        top += wide


def _node(stop: Stop, x: float, anchor: str, words_at: float) -> Markup:
    """A node with its figure and its words, in two lines beside it; above it, where it is the middle one."""
    at, colours = picture_words().drawing, picture_words().colours
    rect = Markup('<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}" fill="{}"/>\n')
    drawn = rect.format(x, stop.top, at.node, stop.high, stop.colour)
    figure, last = figure_text(stop.amount.figure), stop.amount.last
    label = stop.amount.label
    line = Markup('<text x="{}" y="{:.1f}" text-anchor="{}" font-size="{}" fill="{}">{}</text>\n')
    if anchor == "middle":
        said = Markup('{} <tspan font-weight="700">{}</tspan>').format(label, figure)
        return drawn + line.format(words_at, stop.top - at.gap, anchor, at.letter, colours.ink, said)
    under = picture_words().last.format(figure=figure_text(last)) if last is not None else ""
    first = stop.top + at.letter
    bold = Markup('<tspan font-weight="700">{}</tspan> <tspan font-size="{}" fill="{}">{}</tspan>')
    said = bold.format(figure, at.small, colours.second, under)
    drawn += line.format(words_at, first, anchor, at.letter, colours.ink, label)
    return drawn + line.format(words_at, first + at.letter + 2, anchor, at.letter, colours.ink, said)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
