"""The shape of diagnosis.toml: what is said of a wrong figure, and how likely each slip is."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from xlcheck import data

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
    say: str


class SideWords(NamedTuple):
    """What stands on the other side of a sum, and how the figure follows from it."""

    other: str
    why: str


class EquationWords(NamedTuple):
    """The words for a figure on the side of the total, and for one on the other side."""

    left: SideWords
    right: SideWords


class AnyEquation(NamedTuple):
    """The words for a sum that has none of its own: its other side, and how the figure follows."""

    cell: str
    sum: str
    alone: str
    among: str


class DiagnosisSentences(NamedTuple):
    joint: str
    then: str
    places: tuple[str, ...]
    one: str
    several: str
    against: str
    why: str
    slip: str
    change: str
    change_slip: str
    placed: str
    blank: str
    blanks: str
    blank_placed: str
    more: str
    fact: str
    facts_more: str
    mend: str
    mend_slip: str
    likeliest: str
    likeliest_slip: str
    ways: str
    unfinished: str


class Diagnosis(NamedTuple):
    """Everything the search for the wrong figure is told: limits, costs, words."""

    limits: SearchLimits
    slip: Mapping[Slip, SlipWords]
    equation: Mapping[str, EquationWords]  # by the rule whose sum it is
    any_equation: AnyEquation
    say: DiagnosisSentences

    def misfits(self) -> "Iterator[Misfit]":
        """A slip without its words, words for a rule that there is not."""
        from xlcheck.data.checking import Misfit
        from xlcheck.data.rules import rules

        missing = set(get_args(Slip)) - self.slip.keys()
        yield from (Misfit(("slip",), name, (), "is missing") for name in sorted(missing))
        known = [rule.id for rule in rules().rule]
        yield from (Misfit(("equation", n), n, known) for n in self.equation if n not in known)


@cache
def diagnosis() -> Diagnosis:
    """The words and limits of the search, as data/diagnosis.toml has them."""
    return data.load("diagnosis", Diagnosis)
