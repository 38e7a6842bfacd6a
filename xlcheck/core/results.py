"""What the formulas of a workbook come to, so that it shows them before any program works them out."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from xlcheck.core.cell_formula import Work, cell_formula, result_of
from xlcheck.core.cell_functions import CellError, Unknown, Value
from xlcheck.core.cell_places import NOTHING, CellArea, FormulaPlace, Key, Offset, area_values

MOST = 20_000  # formulas of a workbook; ours has 2,300
MOST_CELLS = 500_000  # that all areas together have; ours have 25,000


class StoredFormula(NamedTuple):
    """A formula as a workbook holds it; ``shift`` is from the cell that a shared one was written for."""

    formula: str
    shift: Offset = Offset()


# What stands in a cell; beside a formula, what it came to last
StoredValues = Callable[[Key], Value | CellError]


class Step(NamedTuple):
    """What is worked out for one place, from the values of others by their numbers; an area has no work."""

    number: int
    work: Work | None
    places: tuple[int, ...]


def formula_results(
    formulas: Mapping[Key, StoredFormula], stored: StoredValues
) -> dict[Key, Value | CellError]:
    """What each formula comes to; one that is not understood is left out, and is taken to be as it was."""
    return dict(_calculation(_Formulas(formulas)).results(stored)) if len(formulas) <= MOST else {}


class _Formulas(dict[Key, StoredFormula]):
    """Formulas by their cells, to be known again: to compare 2,000 is quicker than to hash them."""

    def __hash__(self) -> int:  # type: ignore[override]
        return len(self)


@lru_cache(2)
def _calculation(formulas: _Formulas) -> "_Calculation":
    return _Calculation(formulas)


class _Calculation:
    """Formulas in an order in which each comes after those it stands on, and what they came to last.

    The next workbook has the same formulas: only what stands on a cell that differs is worked out again.
    """

    def __init__(self, formulas: Mapping[Key, StoredFormula]) -> None:
        self.formulas = formulas
        self.cells: dict[Key, int] = {}  # cells that are read, by their number
        self.worked_out: dict[Key, int] = {}
        self.steps: list[Step] = []
        self.start: list[Any] = [NOTHING]  # values by number; the first is that of what stands on itself
        self.last: list[Any] = []
        self.left = MOST_CELLS
        numbers: dict[FormulaPlace, int] = {}
        for key in formulas:
            self._order(key, numbers)

    def results(self, stored: StoredValues) -> Iterator[tuple[Key, Value | CellError]]:
        """What each formula comes to that is understood."""
        last = self.last
        values, changed = [*(last or self.start)], set[int]()
        for key, n in self.cells.items():
            value: Any = stored(key)
            if value is None and key in self.formulas:
                value = NOTHING
            if not last or _differ(value, values[n]):
                values[n] = value
                changed.add(n)
        for n, work, places in self.steps:
            if last and changed.isdisjoint(places):
                continue
            value = _value(work, tuple([values[place] for place in places]))
            if _differ(value, values[n]):
                values[n] = value
                changed.add(n)
        self.last = values
        for key, n in self.worked_out.items():
            if values[n] is not NOTHING:
                yield key, 0.0 if values[n] is None else values[n]

    def _order(self, first: Key, numbers: dict[FormulaPlace, int]) -> None:
        """Number a place after all that it stands on."""
        waiting: list[FormulaPlace] = [first]
        begun: dict[FormulaPlace, tuple[Work | None, tuple[FormulaPlace, ...]]] = {}
        while waiting:
            place = waiting[-1]
            if place in numbers:
                waiting.pop()
                continue
            more = []
            if place not in begun:
                begun[place] = self._stands_on(place)
                more = [one for one in begun[place][1] if one not in numbers and one not in begun]
            if more:
                waiting += more
                continue
            waiting.pop()
            numbers[place] = self._number(place, *begun[place], numbers)

    def _stands_on(self, place: FormulaPlace) -> tuple[Work | None, tuple[FormulaPlace, ...]]:
        if isinstance(place, CellArea):
            self.left -= 0 if place.asked else place.size
            return None, () if place.asked or self.left < 0 else place.keys
        written = self.formulas.get(place)
        formula = cell_formula(written.formula, place[0], written.shift) if written else None
        return formula or (None, ())

    def _number(
        self,
        place: FormulaPlace,
        work: Work | None,
        places: tuple[FormulaPlace, ...],
        numbers: Mapping[FormulaPlace, int],
    ) -> int:
        n = len(self.start)
        self.start.append(NOTHING)
        if work or (isinstance(place, CellArea) and places):
            self.steps.append(Step(n, work, tuple([numbers.get(one, 0) for one in places])))
        if not isinstance(place, CellArea):
            (self.worked_out if work else self.cells)[place] = n
        elif place.asked:
            self.start[n] = place.answer(self.formulas)
        return n


def _value(work: Work | None, values: tuple[Any, ...]) -> Any:
    if work is None:
        return NOTHING if NOTHING in values else area_values(values)
    try:
        return result_of(work, values)
    except Unknown:
        return NOTHING


def _differ(one: Any, other: Any) -> bool:
    """Whether two values are not the same; true and 1 are equal in Python."""
    return one is not other and (one.__class__ is not other.__class__ or one != other)
