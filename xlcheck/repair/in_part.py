"""Rows and columns that moved only in part: where their figures may stand in two places, none is taken."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from xlcheck.core.diagnosis.equations import Equation
from xlcheck.core.grid import RowCol
from xlcheck.repair.damaged import DamagedBook
from xlcheck.repair.entry_place import EntryPlace, Places

Cells = Mapping[str, RowCol]  # where the template has each entry


def left_by_names(cells: Cells, places: Places) -> set[str]:
    """Entries whose labels moved and whose names stayed, where others of their line took their names along.

    A program moves the names of all cells it moves, or of none: these cells did not go with their labels.
    """
    along = {
        line for name, place in places.items() if place.by == "both" for line in _lines(name, cells, place)
    }
    return {
        name
        for name, place in places.items()
        if place.by == "labels" and not along.isdisjoint(_lines(name, cells, place))
    }


def torn_by_sums(
    equations: Iterable[Equation], cells: Cells, places: Places, book: DamagedBook
) -> Iterator[str]:
    """Entries that labels alone moved, in a sum that holds only if some of them stayed where they were."""
    for equation in equations:
        moved = [name for name in equation.terms if not places[name].why and places[name].by == "labels"]
        there = {name: _figure(book, places[name], places[name].at) for name in equation.terms}
        before = {name: _figure(book, places[name], cells[name]) for name in moved}
        if not moved or None in there.values() or not _off(equation, there):
            continue
        if any(not _off(equation, {**there, **stayed}) for stayed in _parts(moved, before)):
            yield from moved


def _parts(moved: list[str], before: Mapping[str, Decimal | None]) -> Iterator[dict[str, Decimal | None]]:
    """The figures that may have stayed: those up to a cell, those from a cell on, or one of them."""
    for n in range(len(moved)):
        for stayed in (moved[: n + 1], moved[n:], moved[n : n + 1]):
            yield {name: before[name] for name in stayed}


def _off(equation: Equation, figures: Mapping[str, Decimal | None]) -> bool:
    known = {name: figure for name, figure in figures.items() if figure is not None}
    return len(known) < len(equation.terms) or bool(equation.off(known))


def _figure(book: DamagedBook, place: EntryPlace, at: RowCol) -> Decimal | None:
    spot = book.sheets[place.sheet].cells.get(at) if place.sheet else None
    return spot.entry if spot and isinstance(spot.entry, Decimal) else None


def _lines(name: str, cells: Cells, place: EntryPlace) -> Iterator[tuple[str, str, int]]:
    """The row and the column of the template that moved, as far as this entry shows it."""
    (row, col), (to_row, to_col) = cells[name], place.at
    if row != to_row:
        yield place.sheet, "row", row
    if col != to_col:
        yield place.sheet, "column", col
