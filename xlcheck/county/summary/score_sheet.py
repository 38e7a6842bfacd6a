"""The 考核表 as a sheet: of each unit its points, and under them every item with what it comes from."""

from collections.abc import Iterator, Mapping

from xlcheck.county.assessment import Score
from xlcheck.county.summary.cell_formats import SummaryPage
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.data.assessment import assessment


def write_scores(page: SummaryPage, scored: Mapping[str, Score], title: str, stand: str) -> None:
    """A line a unit, and a line an item."""
    list_head(page, assessment().sheet, title, assessment().say.hint, stand)
    rows = (row for unit, score in scored.items() for row in _unit(unit, score))
    write_rows(page, assessment().sheet, ({"n": n, **row} for n, row in enumerate(rows, 1)))


def _unit(unit: str, score: Score) -> Iterator[SheetRow]:
    yield {"unit": unit, "title": assessment().say.total, "points": score.total}
    for item in score.items:
        yield {
            "unit": unit, "title": item.title, "count": item.times, "points": item.points,
            "source": assessment().source[item.source], "said": item.said,
        }  # fmt: skip
