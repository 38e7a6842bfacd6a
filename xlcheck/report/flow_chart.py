"""Requests as a flow: where they come from, how many there are, what became of them, as one drawing."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from xlcheck.core.filing import figure_text
from xlcheck.data.picture import picture_words
from xlcheck.report.amounts import Amount, PictureFigures

# Words that cross a band stay readable by a white rim.
LINE = Markup(
    '<text x="{}" y="{:.1f}" text-anchor="{}" font-size="{}" fill="{}" paint-order="stroke" stroke="#fff" '
    'stroke-width="3" stroke-linejoin="round">{}</text>\n'
)


class Stop(NamedTuple):
    """A node of the flow: what it stands for, where it begins, how high it is, and its colours."""

    amount: Amount
    top: float
    high: float
    colour: str
    band: str


def flow_chart(figures: PictureFigures, heading: str = "") -> Markup:
    """Where requests come from, left; all of them, in the middle; what became of them, right.

    Nothing where there were none.
    """
    words, at = picture_words().flow, picture_words().drawing
    come = [one for name, label in words.sources if (one := figures.amount(name, label)).figure]
    done = [*figures.parts(words.results, words.cells)]
    left = [one for name, label in words.left if (one := figures.amount(name, label)).figure]
    if not come:
        return Markup("")
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
    parts = picture_words().comma.join(one.counted for one in (*done, *left))
    said = picture_words().spoken.format(whole=whole.counted, parts=parts)
    return svg(round(max(high, middle.top + middle.high)) + at.gap, said, drawn, heading)


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
    figure, label = figure_text(stop.amount.figure), stop.amount.label
    if anchor == "middle":
        said = Markup('{} <tspan font-weight="700">{}</tspan>').format(label, figure)
        return drawn + LINE.format(words_at, stop.top - at.gap, anchor, at.letter, colours.ink, said)
    first = stop.top + at.letter
    bold = Markup('<tspan font-weight="700">{}</tspan> <tspan font-size="{}" fill="{}">{}</tspan>')
    said = bold.format(figure, at.small, colours.second, stop.amount.before)
    drawn += LINE.format(words_at, first, anchor, at.letter, colours.ink, label)
    return drawn + LINE.format(words_at, first + at.letter + 2, anchor, at.letter, colours.ink, said)


def svg(high: int, said: str, drawn: Iterable[Markup], heading: str = "") -> Markup:
    """A drawing as wide as all are, with what it says for those who hear it; a heading stands above it."""
    whole = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" font-family="{2}" role="img" '
        'aria-label="{3}">\n{4}</svg>\n'
    )
    at, inside = picture_words().drawing, Markup("").join(drawn)
    if heading:
        title = LINE.format(0, at.letter + 2, "start", at.letter + 1, picture_words().colours.come, heading)
        inside = title + Markup('<g transform="translate(0 {})">\n{}</g>\n').format(at.slot, inside)
    return whole.format(at.width, high + at.slot * bool(heading), at.font, said, inside)
