"""Merged cells laid open: every place of a grid knows the cell that covers it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlcheck.data.messages import messages
from xlcheck.importing.document import Disguise, Grid, Line, Slot

WIDEST, LONGEST = 200, 3000  # places of a grid; a report's widest table has 15
SMALL = 2  # cells of a table that only frames a figure inside of another's cell


class SpanCell(NamedTuple):
    """A cell as the source tells it: text, and over how many rows and columns it lies."""

    text: str
    rows: int = 1
    cols: int = 1
    unread: str = ""


def grid(rows: Sequence[Sequence[SpanCell]], where: str, first: int = 0) -> Grid:
    """Lay a table of spans open, as HTML does: a cell takes the next free places of its row."""
    places: dict[tuple[int, int], Slot] = {}
    wide = 0
    for r, pieces in enumerate(rows[:LONGEST]):
        c = 0
        for piece in pieces:
            while (r, c) in places:
                c += 1
            if c >= WIDEST:
                break
            slot = Slot(piece.text, r, c)
            for y in range(r, min(r + piece.rows, len(rows), LONGEST)):
                for x in range(c, min(c + piece.cols, WIDEST)):
                    places.setdefault((y, x), slot)
            c += piece.cols
        wide = max(wide, min(c, WIDEST))
    table = tuple(tuple(places.get((r, c)) for c in range(wide)) for r in range(min(len(rows), LONGEST)))
    return Grid(table, where, first)


def disguises(rows: Sequence[Sequence[SpanCell]], number: int) -> Iterator[Disguise]:
    """The cells that hold figures which are not read."""
    for r, cells in enumerate(rows, 1):
        where = messages().table_row.format(table=number, n=r)
        for cell in cells:
            if any(sign.isdigit() for sign in cell.unread):
                yield Disguise(where, cell.text, cell.unread)


def lines_of(one: Grid, number: int) -> Iterator[Line]:
    """A grid's rows as lines: cells parted by bars, a cell of several rows told in its first only.

    A row of one cell alone is a line of its own: a heading, or a paragraph in a frame.
    """
    for r, row in enumerate(one.rows):
        cells = [slot for c, slot in enumerate(row) if slot and slot.col == c]
        said = [slot.text if slot.row == r else "" for slot in cells]
        alone = [text for text in said if text]
        text = " | ".join(said) + " |" if len(cells) > 1 else "".join(said)
        yield Line(text, messages().table_row.format(table=number, n=r + 1), len(cells) > 1 or len(alone) > 1)
