"""Two charts of the year as pictures for the Word document: requests as a flow, and amounts as bars."""

from typing import NamedTuple

from markupsafe import Markup

from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.data.picture import picture_words
from xlcheck.editions import Refused
from xlcheck.report.amounts import PictureFigures
from xlcheck.report.bar_chart import bars_of_year, one_bar_chart
from xlcheck.report.flow_chart import flow_chart

LETTER = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
    '<text y="18" font-family="{}">{}</text></svg>'
)


class ChartPicture(NamedTuple):
    """A chart as PNG, how high it is for its width, and what it shows for those who cannot see it."""

    content: bytes
    ratio: float
    said: str


def chart_pictures(form: Form, filing: Filing, last: Filing | None) -> tuple[ChartPicture, ...]:
    """The charts that have something to show.

    Raises Refused where there is none, the library that draws them is missing, or the computer has no
    Chinese letters.
    """
    words, figures = picture_words(), PictureFigures(form, filing, last)
    bars = bars_of_year(figures)
    flow = flow_chart(figures, words.flow.heading)
    amounts = one_bar_chart(bars)
    each = (
        (flow, words.flow.heading),
        (amounts, words.between.join(one.heading for one in bars if one.rows)),
    )
    if not any(drawn for drawn, _ in each):
        raise Refused(words.no_figures)
    return tuple(_picture(drawn, said) for drawn, said in each if drawn)


def _picture(drawn: Markup, said: str) -> ChartPicture:
    content = _png(drawn)
    wide, high = (
        int.from_bytes(content[at : at + 4], "big") for at in (16, 20)
    )  # as the head of a PNG has it
    return ChartPicture(content, high / wide, said)


def _png(drawn: Markup) -> bytes:
    try:
        import resvg_py
    except ImportError as missing:
        raise Refused(picture_words().no_library) from missing
    at = picture_words().drawing
    two = {bytes(resvg_py.svg_to_bytes(LETTER.format(at.font, one))) for one in picture_words().title[:2]}
    if len(two) == 1:  # no letters, or the same empty box for both
        raise Refused(picture_words().no_letters)
    return bytes(resvg_py.svg_to_bytes(svg_string=str(drawn), zoom=at.zoom, background=at.ground))
