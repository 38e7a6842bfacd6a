"""What the formulas of a workbook come to, so that it shows them before any program works them out."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from xlcheck.core.cell_formula import Key, Shift, cell_formula
from xlcheck.core.cell_functions import Fault, Unknown, Value

DEEPEST = 40  # formulas that stand on one another; ours are a dozen
MOST = 20_000  # formulas of a workbook; ours has 2,000


class Stored(NamedTuple):
    """A formula as a workbook holds it, and what it came to when it was last worked out, if that is known.

    ``shift`` is from the cell that a shared formula was written for.
    """

    formula: str
    was: Value | Fault = None
    shift: Shift = Shift()


Cells = Mapping[Key, Value | Fault | Stored]


def results(cells: Cells) -> dict[Key, Value | Fault]:
    """What each formula comes to; one that is not understood is left out, and is taken to be as it was."""
    formulas = {key: cell for key, cell in cells.items() if isinstance(cell, Stored)}
    if len(formulas) > MOST:
        return {}
    return dict(_Calculation(cells).worked_out(formulas))


class _Calculation:
    """Works each formula out once, those it stands on first."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.values: dict[Key, Any] = {}
        self.unsure: set[Key] = set()
        self.depth = 0

    def worked_out(self, formulas: Mapping[Key, Stored]) -> Iterator[tuple[Key, Value | Fault]]:
        for key in formulas:
            try:
                value = self.look(key)
            except (Unknown, RecursionError):
                continue
            if key not in self.unsure:
                yield key, 0.0 if value is None else value

    def look(self, key: Key) -> Any:
        """The value of a cell. Raises Unknown."""
        try:
            return self.values[key]
        except KeyError:
            cell = self.cells.get(key)
        value = self._value(key, cell) if cell.__class__ is Stored else cell
        self.values[key] = value
        return value

    def _value(self, key: Key, cell: Any) -> Any:
        work = cell_formula(cell.formula, key[0], cell.shift)
        if work is None:
            self.unsure.add(key)
            if cell.was is None:
                raise Unknown
            return cell.was
        if key in self.unsure or self.depth > DEEPEST:  # it stands on itself, or on too many
            raise Unknown
        self.unsure.add(key)
        self.depth += 1
        try:
            value = work(self.look)
        except Fault as fault:
            value = fault
        finally:
            self.depth -= 1
        if value.__class__ is list:
            raise Unknown
        self.unsure.discard(key)
        return value
