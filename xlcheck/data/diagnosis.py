"""The shape of diagnosis.toml: what is said of a wrong figure, and how likely each slip is."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OF_FORM

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Slip = Literal[
    "known", "sign", "point", "transposed", "unfilled", "digit_missing", "digit_extra", "key_beside", "unit",
    "omitted", "digit_wrong", "from_left", "from_right", "from_above", "from_below", "near", "added_wrong",
    "other", "totals_unfilled", "misplaced", "swapped", "shift_right", "shift_left", "shift_down", "shift_up",
    "rows_swapped", "columns_swapped", "omitted_carried", "carried", "misplaced_far", "swapped_far",
    "totals_stale", "totals_and_line",
]  # fmt: skip


class SearchLimits(NamedTuple):
    steps: int
    figures: int
    explanations: int
    named: int


class SlipWords(NamedTuple):
    cost: int
    say: Annotated[str, "to", "was"]


class SideWords(NamedTuple):
    """What stands on the other side of a sum, and how the figure follows from it."""

    other: Annotated[str, OF_FORM]
    why: Annotated[str, OF_FORM, "other", "rest"]


class EquationWords(NamedTuple):
    """The words for a figure on the side of the total, and for one on the other side."""

    left: SideWords
    right: SideWords


class AnyEquation(NamedTuple):
    """The words for a sum that has none of its own: its other side, and how the figure follows."""

    cell: Annotated[str, "place"]
    sum: str
    alone: Annotated[str, "name", "other", "rest"]
    among: Annotated[str, "name", "other", "rest"]


class DiagnosisSentences(NamedTuple):
    joint: str
    then: str
    places: tuple[str, ...]
    one: Annotated[str, "against", "was"]
    several: Annotated[str, "against", "was"]
    against: Annotated[str, "name", "value"]
    against_less: Annotated[str, "name", "rest", "value"]
    why: Annotated[str, "because", "places", "to"]
    slip: Annotated[str, "slip"]
    change: Annotated[str, "to"]
    change_slip: Annotated[str, "slip", "to"]
    placed: Annotated[str, "place", "to", "was"]
    from_sums: str
    from_last: str
    both: str
    blank: Annotated[str, "by", "to"]
    blanks: Annotated[str, "by", "placed"]
    blanks_zero: Annotated[str, "by", "count"]
    blank_placed: Annotated[str, "place", "to"]
    elsewhere: Annotated[str, "blanks", "place"]
    too_much: Annotated[str, "whole", "sum", "parts", "more"]
    not_after_last: Annotated[str, "placed", "whole", "sum", "parts", "more"]
    sum_of: Annotated[str, "place"]
    at_odds: Annotated[str, "places"]
    refused: Annotated[str, "place", "to"]
    more: Annotated[str, "count"]
    fact: Annotated[str, "message", "place"]
    facts_more: Annotated[str, "count"]
    mend: Annotated[str, "placed"]
    mend_slip: Annotated[str, "placed", "slip"]
    likeliest: Annotated[str, "placed"]
    likeliest_slip: Annotated[str, "placed", "slip"]
    stated: str
    ways: Annotated[str, "count"]
    unfinished: str


class Diagnosis(NamedTuple):
    """Everything the search for the wrong figure is told: limits, costs, words."""

    limits: SearchLimits
    slip: Mapping[Slip, SlipWords]
    equation: Mapping[str, EquationWords]  # by the rule whose sum it is
    any_equation: AnyEquation
    say: DiagnosisSentences

    def misfits(self) -> "Iterator[Misfit]":
        """Words for a rule that there is not."""
        from xlcheck.data.checking import Misfit
        from xlcheck.data.rules import rules

        known = [rule.id for rule in rules().rule]
        yield from (Misfit(("equation", n), n, known) for n in self.equation if n not in known)


@cache
def diagnosis() -> Diagnosis:
    """The words and limits of the search, as data/diagnosis.toml has them."""
    return data.load("diagnosis", Diagnosis)
