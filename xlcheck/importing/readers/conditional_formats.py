"""Which numbers of a sheet a conditional format hides: white letters for nothing, bars for figures."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.grid import RowCol, box
from xlcheck.importing.readers.cell_looks import CellLook, Differential
from xlcheck.importing.readers.number_format import COMPARED, displayed
from xlcheck.workbook.xml import FALSE, Reader

MOST = 100  # conditions of a sheet that are looked at
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
OF_ITSELF = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}\s*(=|<>|<=|>=|<|>)\s*(-?\d{1,15})", re.ASCII)
OF_NO_NUMBER = re.compile(r"IS(?:ERROR|ERR|NA|BLANK|TEXT)\(\$?[A-Z]{1,3}\$?\d{1,7}\)", re.ASCII)
OPERATORS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "equal": operator.eq, "notEqual": operator.ne, "lessThan": operator.lt, "lessThanOrEqual": operator.le,
    "greaterThan": operator.gt, "greaterThanOrEqual": operator.ge,
}  # fmt: skip


class ShownNumber(NamedTuple):
    """A number as its cell stores it, and how its letters look there."""

    stored: str
    look: CellLook


class Condition(NamedTuple):
    """A conditional format: the corners of its areas, what it asks, and what it changes."""

    areas: tuple[tuple[RowCol, RowCol], ...]
    kind: str
    compares: str
    change: int
    formulas: tuple[str, ...] = ()
    pictured: bool = False

    def covers(self, at: RowCol) -> bool:
        return any(
            top <= at[0] <= bottom and left <= at[1] <= right for (top, left), (bottom, right) in self.areas
        )


class Conditions(Reader):
    """The conditional formats of a sheet."""

    def __init__(self) -> None:
        self.found: list[Condition] = []
        self.areas: tuple[tuple[RowCol, RowCol], ...] = ()
        self.formula: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "conditionalFormatting":
                self.areas = tuple(filter(None, map(box, attributes.get("sqref", "").split())))
            case "cfRule":
                kind, change = attributes.get("type", ""), int(attributes.get("dxfId", -1))
                self.found.append(Condition(self.areas, kind, attributes.get("operator", ""), change))
            case "dataBar" | "iconSet" if self.found and attributes.get("showValue", "1") in FALSE:
                self.found[-1] = self.found[-1]._replace(pictured=True)
            case "formula" if self.found:
                self.formula = []

    def end(self, tag: str) -> None:
        if tag == "formula" and self.formula is not None:
            last = self.found[-1]
            self.found[-1] = last._replace(formulas=(*last.formulas, "".join(self.formula)))
            self.formula = None

    def text(self, text: str) -> None:
        if self.formula is not None:
            self.formula.append(text)


def hidden_numbers(
    conditions: Sequence[Condition], changes: Sequence[Differential], numbers: Mapping[RowCol, ShownNumber]
) -> Iterator[RowCol]:
    """The cells whose number a condition hides or may hide: not every one can be tried here."""
    for one in conditions[:MOST]:
        change = changes[one.change] if 0 <= one.change < len(changes) else Differential()
        for at, number in numbers.items():
            if one.covers(at) and (one.pictured or _hides(change, number)) and _may_hold(one, number.stored):
                yield at


def _hides(change: Differential, number: ShownNumber) -> bool:
    look = number.look._replace(
        gone=change.gone,
        colour=change.colour or number.look.colour,
        ground=change.ground or number.look.ground,
    )
    said = displayed(number.stored, change.code) if change.code else number.stored
    return look.unseen or said != number.stored


def _may_hold(one: Condition, stored: str) -> bool:
    """Whether a condition holds of a number, as far as it compares it with figures; else it may."""
    value = Decimal(stored)
    figures = [Decimal(said.strip()) for said in one.formulas if NUMBER.fullmatch(said.strip())]
    if one.kind == "cellIs" and len(figures) == len(one.formulas):
        if one.compares in ("between", "notBetween") and len(figures) == 2:
            return (min(figures) <= value <= max(figures)) == (one.compares == "between")
        if one.compares in OPERATORS and len(figures) == 1:
            return OPERATORS[one.compares](value, figures[0])
    if one.kind == "expression" and one.formulas:
        if said := OF_ITSELF.fullmatch(one.formulas[0].strip()):
            return COMPARED[said[1]](value, Decimal(said[2]))
        return not OF_NO_NUMBER.fullmatch(one.formulas[0].strip())
    return one.kind not in ("containsBlanks", "containsErrors")
