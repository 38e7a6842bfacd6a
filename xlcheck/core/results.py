"""What the formulas of a workbook come to, so that it shows them before any program works them out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from xlcheck.core.cell_formula import NOTHING, Area, Key, Offset, area_values, cell_formula, result_of
from xlcheck.core.cell_functions import CellError, Unknown, Value
from xlcheck.core.grid import rc

DEEPEST = 40  # formulas that stand on one another; ours are a dozen
MOST = 20_000  # formulas of a workbook; ours has 2,000


class StoredFormula(NamedTuple):
    """A formula as a workbook holds it; ``shift`` is from the cell that a shared one was written for."""

    formula: str
    shift: Offset = Offset()


StoredValues = Callable[
    [Key], Value | CellError
]  # what stands in a cell; beside a formula, what it came to last


def formula_results(
    formulas: Mapping[Key, StoredFormula], stored: StoredValues
) -> dict[Key, Value | CellError]:
    """What each formula comes to; one that is not understood is left out, and is taken to be as it was."""
    return dict(_Calculation(formulas, stored).worked_out()) if len(formulas) <= MOST else {}


class _Calculation:
    """Works each formula out once, those it stands on first."""

    def __init__(self, formulas: Mapping[Key, StoredFormula], stored: StoredValues) -> None:
        self.formulas, self.stored = formulas, stored
        self.values: dict[Key | Area, Any] = {}
        self.understood: set[Key] = set()
        self.depth = 0

    def worked_out(self) -> Iterator[tuple[Key, Value | CellError]]:
        for key in self.formulas:
            value = self._at(key)
            if key in self.understood and value is not NOTHING:
                yield key, 0.0 if value is None else value

    def _at(self, place: Key | Area) -> Any:
        """What stands in a place; in a cell that stands on itself, nothing."""
        if place not in self.values:
            self.values[place] = NOTHING
            self.values[place] = self._value(place)
        return self.values[place]

    def _value(self, place: Key | Area) -> Any:
        if isinstance(place, Area):
            return self._of_area(place)
        written = self.formulas.get(place)
        if written is None:
            return self.stored(place)
        formula = cell_formula(written.formula, place[0], written.shift)
        if formula is None:
            was = self.stored(place)
            return NOTHING if was is None else was
        self.understood.add(place)
        try:
            return result_of(formula, self._all(formula.places))
        except Unknown:
            return NOTHING

    def _all(self, places: Sequence[Key | Area]) -> tuple[Any, ...]:
        """What stands in all these places. Raises Unknown."""
        try:  # most were asked for before, and a call costs more than looking
            return tuple(map(self.values.__getitem__, places))
        except KeyError:
            pass
        if self.depth > DEEPEST:
            raise Unknown
        self.depth += 1
        try:
            return tuple(map(self._at, places))
        finally:
            self.depth -= 1

    def _of_area(self, area: Area) -> Any:
        match area.asked:
            case "ROW":
                rows = [float(rc(at)[0]) for _, at in area.keys]
                return area_values(rows) if len(rows) > 1 else rows[0]
            case "_xlfn.ISFORMULA":
                return area.keys[0] in self.formulas
        values = self._all(area.keys)
        return NOTHING if NOTHING in values else area_values(values)
