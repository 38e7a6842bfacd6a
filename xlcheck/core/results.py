"""What the formulas of a workbook come to, so that it shows them before any program works them out."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from xlcheck.core.cell_formula import Key, Offset, cell_formula
from xlcheck.core.cell_functions import CellError, Unknown, Value

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
        self.values: dict[Key, Any] = {}
        self.unsure: set[Key] = set()
        self.parts: dict[Hashable, Any] = {}
        self.ranges: dict[int, tuple[tuple[Key, ...], list[Any]]] = {}
        self.depth = 0

    def worked_out(self) -> Iterator[tuple[Key, Value | CellError]]:
        for key in self.formulas:
            try:
                value = self(key)
            except (Unknown, RecursionError):
                continue
            if key not in self.unsure:
                yield key, 0.0 if value is None else value

    def __call__(self, key: Key) -> Any:
        """The value of a cell. Raises Unknown."""
        if key not in self.values:
            formula = self.formulas.get(key)
            self.values[key] = self._value(key, formula) if formula else self.stored(key)
        return self.values[key]

    def range(self, keys: tuple[Key, ...]) -> list[Any]:
        """The values of a range, which many formulas ask for. Raises Unknown."""
        if id(keys) not in self.ranges:  # kept beside its values, so that no other range has its number
            self.ranges[id(keys)] = keys, [self(key) for key in keys]
        return self.ranges[id(keys)][1]

    def _value(self, key: Key, cell: StoredFormula) -> Any:
        work = cell_formula(cell.formula, key[0], cell.shift)
        if work is None:
            self.unsure.add(key)
            was = self.stored(key)
            if was is None:
                raise Unknown
            return was
        if key in self.unsure or self.depth > DEEPEST:  # it stands on itself, or on too many
            raise Unknown
        self.depth += 1
        try:
            value = work(self)
        except CellError as fault:
            value = fault
        except Unknown:
            self.unsure.add(key)
            raise
        finally:
            self.depth -= 1
        if value.__class__ is list:
            self.unsure.add(key)
            raise Unknown
        return value
