"""Amounts as bars on one scale, each with its figure, last year's, and what it consists of."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from xlcheck.core.filing import figure_text
from xlcheck.data.picture import picture_words
from xlcheck.report.amounts import Amount, PictureFigures
from xlcheck.report.flow_chart import svg
from xlcheck.report.layout import characters

TEXT = Markup('<text x="{}" y="{:.1f}" font-size="{}" fill="{}">{}</text>\n')
FIGURE = Markup('<tspan font-weight="700">{}</tspan> <tspan font-size="{}" fill="{}">{}</tspan>')
BAR = Markup('<rect x="{}" y="{:.1f}" width="{}" height="{}" fill="{}"/>\n')


class Bars(NamedTuple):
    """Amounts of one kind under a heading, each with its parts; what is said where there are none."""

    heading: str
    rows: tuple[tuple[Amount, tuple[Amount, ...]], ...]
    none: str


def bars_of_year(figures: PictureFigures) -> tuple[Bars, ...]:
    """Who asked, what was answered, how reviews and suits ended."""
    words = picture_words()
    who, done, cases = words.applicants, words.outcomes, words.cases
    groups = (
        (figures.amount(name, label), tuple(figures.parts(name, cases.cells))) for name, label in cases.groups
    )
    held = tuple(groups)
    return (
        Bars(
            who.heading, tuple((one, ()) for one in figures.parts(who.of, who.cells, leaves=True)), who.none
        ),
        Bars(done.heading, tuple(figures.parts_and_theirs(done.of, done.cells)), done.none),
        Bars(cases.heading, held if any(one.figure for one, _ in held) else (), cases.none),
    )


def bar_charts(each: Sequence[Bars]) -> list[Markup]:
    """A drawing of each, all on one scale; nothing where there are no rows."""
    most = _most(each)
    return [_chart([bars], most) if bars.rows else Markup("") for bars in each]


def one_bar_chart(each: Sequence[Bars]) -> Markup:
    """All in one drawing, each under its heading; nothing where there are no rows at all."""
    there = [bars for bars in each if bars.rows]
    return _chart(there, _most(each), headed=True) if there else Markup("")


def _most(each: Sequence[Bars]) -> Decimal:
    return max((one.figure for bars in each for one, _ in bars.rows), default=Decimal(0))


def _chart(each: Sequence[Bars], most: Decimal, *, headed: bool = False) -> Markup:
    at, colours = picture_words().drawing, picture_words().colours
    drawn, top = [], 0.0
    for bars in each:
        if headed:
            drawn.append(TEXT.format(0, top + at.letter + 2, at.letter + 1, colours.come, bars.heading))
            top += at.slot - at.gap
        for one, inner in bars.rows:
            drawn += _row(one, top, most)
            lines = [*_lines(inner, at.width - at.bar)]
            for line in lines:
                top += at.small + 4
                drawn.append(TEXT.format(at.bar, top + at.letter, at.small, colours.second, line))
            top += at.letter + at.gap * 2
        top += at.gap if headed else 0
    said = picture_words().between.join(one.counted for bars in each for one, _ in bars.rows)
    return svg(round(top), said, drawn)


def _row(one: Amount, top: float, most: Decimal) -> Iterator[Markup]:
    """An amount on a line: what it is, its bar, its figure, last year's."""
    at, colours = picture_words().drawing, picture_words().colours
    long = round(one.figure * at.longest / most, 1)
    yield TEXT.format(0, top + at.letter, at.letter, colours.ink, one.label)
    if one.figure:
        yield BAR.format(at.bar, top + 2, max(long, 1), at.letter, colours.come)
    figure = FIGURE.format(figure_text(one.figure), at.small, colours.second, one.before)
    yield TEXT.format(float(at.bar + long) + at.gap, top + at.letter, at.letter, colours.ink, figure)


def _lines(amounts: Sequence[Amount], wide: float) -> Iterator[str]:
    """What an amount consists of, in as many lines as it needs."""
    between, line = picture_words().between, ""
    for one in amounts:
        longer = between.join(filter(None, (line, one.counted)))
        if line and characters(longer) * picture_words().drawing.small > wide:
            yield line + between
            longer = one.counted
        line = longer
    if line:
        yield line
