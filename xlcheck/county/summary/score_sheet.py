"""The 考核表 as a sheet: first every unit's points, then of each unit every item with what it comes from."""

from collections.abc import Iterator, Mapping
from itertools import chain

from xlcheck.county.assessment import Score
from xlcheck.county.summary.cell_formats import SummaryPage
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.data.assessment import assessment


def write_scores(page: SummaryPage, scored: Mapping[str, Score], title: str, stand: str) -> None:
    """A line a unit, then a line an item: of a long list only the beginning is printed."""
    list_head(page, assessment().sheet, title, assessment().say.hint, stand)
    total = assessment().say.total
    points: Iterator[SheetRow] = (
        {"unit": unit, "title": total, "points": score.total} for unit, score in scored.items()
    )
    items = (row for unit, score in scored.items() for row in _items(unit, score))
    write_rows(page, assessment().sheet, ({"n": n, **row} for n, row in enumerate(chain(points, items), 1)))


def _items(unit: str, score: Score) -> Iterator[SheetRow]:
    for item in score.items:
        yield {
            "unit": unit, "title": item.title, "count": item.times, "points": item.points,
            "source": assessment().source[item.source], "said": item.said,
        }  # fmt: skip
