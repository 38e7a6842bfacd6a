"""How high a row must be for its words to be seen whole, also where a machine has another font than ours."""

import unicodedata
from math import ceil

from xlcheck.data.styles import NoteMeasures, RowMeasures


def text_height(text: str, width: float, size: float, measures: RowMeasures) -> float:
    """The height in points of a text of that size, broken over a column of that width."""
    room = letters_a_line(width, size, measures)
    lines = sum(max(1, ceil(_halves(line) / (2 * room))) for line in text.split("\n"))
    return round(lines * size * measures.line + measures.free, 1)


def letters_a_line(width: float, size: float, measures: RowMeasures) -> int:
    """How many whole letters of Chinese a line of a column has."""
    return max(1, int((width * measures.unit - measures.inside) / size))


def lines_at_most(rows: int, size: float, measures: RowMeasures) -> int:
    """How many lines are seen in so many rows, each as high as a program lets it be."""
    return int((rows * measures.most - measures.free) / (size * measures.line))


def note_size(text: str, measures: NoteMeasures) -> tuple[float, float]:
    """Width and height in points of the box of a note that shows all of its text."""
    room = int((measures.width - measures.inside) / measures.size)
    lines = sum(max(1, ceil(_halves(line) / (2 * room))) for line in text.split("\n"))
    return measures.width, min(
        measures.highest, max(measures.lowest, lines * measures.line + measures.inside)
    )


def _halves(line: str) -> int:
    """How wide a line is, in halves of a Chinese letter."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)
