"""Which unit, and which of its cells, explains that a county's own figure is not the sum of its units.

First whole units: one left out, counted twice, counted though the roster says not, or by another return than
the one that counts. A unit explains what its figures, as one vector over all fields, take away from the
difference; two together are found by adding up a random weight of every field. What is left is explained cell
by cell.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from random import Random
from typing import NamedTuple

from xlcheck.core.diagnosis.slips import typing_slip
from xlcheck.core.filing import figure_text
from xlcheck.core.formula import Entry
from xlcheck.data.sums import OtherSource, ReasonKind, StoryKind, sum_facts

UnitFigures = Mapping[str, Decimal]
LEAST = 3  # cells by which a whole unit has to lessen the difference, that it is no chance
MOST = 4  # whole units that are looked for
SEED = 2019  # any: the weights are the same in every run


class CountedUnit(NamedTuple):
    """A unit, to be added up or not; ``others`` are figures of it that might have been taken instead."""

    name: str
    counted: bool
    figures: UnitFigures
    others: tuple[tuple[OtherSource, UnitFigures], ...] = ()


class SumReason(NamedTuple):
    """Why a cell differs: which unit's figure ``value`` was counted as ``counted``; no unit for the county's
    own slip."""

    kind: ReasonKind
    unit: str
    counted: Decimal
    value: Decimal


class WholeReason(NamedTuple):
    """A unit that explains the difference in many cells at once."""

    kind: StoryKind
    unit: str
    cells: int


class SumDeviation(NamedTuple):
    """A cell in which the county has another figure than its units; ``reasons`` the likeliest first.

    ``whole`` says that the units told as a whole explain it.
    """

    field: str
    stands: Entry
    sum: Decimal
    reasons: tuple[SumReason, ...] = ()
    whole: bool = False

    @property
    def delta(self) -> Decimal:
        return (self.stands if isinstance(self.stands, Decimal) else Decimal(0)) - self.sum


class SumCheck(NamedTuple):
    """What explains as a whole, and every cell that differs."""

    whole: tuple[WholeReason, ...]
    deviations: tuple[SumDeviation, ...]


class _Story(NamedTuple):
    """What one unit would add to the difference, had it been counted so."""

    kind: StoryKind
    unit: CountedUnit
    adds: UnitFigures


def check_sums(stated: Mapping[str, Entry], units: Sequence[CountedUnit]) -> SumCheck:
    """Compare the county's figures with the sum of its units, and explain what differs."""
    sums = {n: sum((u.figures.get(n, Decimal(0)) for u in units if u.counted), Decimal(0)) for n in stated}
    every = [SumDeviation(n, entry, sums[n]) for n, entry in stated.items() if entry != sums[n]]
    delta = {one.field: one.delta for one in every if isinstance(one.stands, Decimal)}
    whole, left = _whole_units(delta, units)
    explained = delta.keys() - left.keys()
    reasons = _cell_reasons(left, stated, sums, units)
    told = tuple(
        one._replace(reasons=tuple(reasons.get(one.field, ())), whole=one.field in explained) for one in every
    )
    return SumCheck(tuple(whole), told)


# ---------------------------------------------------------------- whole units


def _whole_units(delta: UnitFigures, units: Sequence[CountedUnit]) -> tuple[list[WholeReason], UnitFigures]:
    """The units that explain many cells, and what they leave of the difference."""
    stories = [story for unit in units for story in _stories(unit) if len(story.adds) >= LEAST]
    left, whole = delta, list[WholeReason]()
    while left and len(whole) < MOST:
        found = _exactly(left, stories) or _best(left, stories)
        if not found:
            break
        for story in found:
            touched = left.keys() | story.adds.keys()
            left = _without(left, story.adds)
            whole.append(WholeReason(story.kind, story.unit.name, len(touched - left.keys())))
            stories.remove(story)
    return whole, left


def _stories(unit: CountedUnit) -> Iterator[_Story]:
    """What may have happened to a whole unit."""
    there = {name: value for name, value in unit.figures.items() if value}
    if not unit.counted:
        yield _Story("uncounted", unit, there)
        return
    yield _Story("left_out", unit, {name: -value for name, value in there.items()})
    yield _Story("twice", unit, there)
    for source, figures in unit.others:
        if source in ("earlier", "last"):
            adds = {n: to - unit.figures[n] for n, to in figures.items() if n in unit.figures}
            yield _Story(source, unit, {n: more for n, more in adds.items() if more})


def _exactly(left: UnitFigures, stories: Sequence[_Story]) -> list[_Story]:
    """One story, or two together, that leave nothing."""
    weights = _weights({*left, *(name for story in stories for name in story.adds)})
    wanted = _weigh(left, weights)
    by_weight = defaultdict(list)
    for story in stories:
        by_weight[_weigh(story.adds, weights)].append(story)
    for story in by_weight.get(wanted, ()):
        if not _without(left, story.adds):
            return [story]
    for one in (story for story in stories if _is_visible(left, story)):
        for other in by_weight.get(wanted - _weigh(one.adds, weights), ()):
            apart = one.unit is not other.unit and _is_visible(left, other)
            if apart and not _without(_without(left, one.adds), other.adds):
                return [one, other]
    return []


def _is_visible(left: UnitFigures, story: _Story) -> bool:
    """Whether most of what a story adds is seen: two that hide one another explain anything."""
    return 2 * len(left.keys() & story.adds.keys()) > len(story.adds)


def _weights(names: Iterable[str]) -> Mapping[str, int]:
    chance = Random(SEED)
    return {name: chance.randrange(1, 1 << 40) for name in sorted(names)}


def _weigh(figures: UnitFigures, weights: Mapping[str, int]) -> Decimal:
    return sum((value * weights[name] for name, value in figures.items()), Decimal(0))


def _best(left: UnitFigures, stories: Sequence[_Story]) -> list[_Story]:
    """The one story that lessens the cells that differ the most, by more than chance would."""
    gains = ((len(left) - len(_without(left, story.adds)), -n) for n, story in enumerate(stories))
    gain, place = max(gains, default=(0, 0))
    return [stories[-place]] if gain >= LEAST else []


def _without(left: UnitFigures, adds: UnitFigures) -> dict[str, Decimal]:
    """The difference without what a story adds; what comes to nothing is gone."""
    none = Decimal(0)
    both = {n: left.get(n, none) - adds.get(n, none) for n in left.keys() | adds.keys()}
    return {name: value for name, value in both.items() if value}


# ---------------------------------------------------------------- cell by cell


def _cell_reasons(
    delta: UnitFigures, stated: Mapping[str, Entry], sums: UnitFigures, units: Sequence[CountedUnit]
) -> dict[str, list[SumReason]]:
    """By cell, what explains it, the likeliest first: what explains other cells as well before all."""
    found: dict[str, list[SumReason]] = defaultdict(list)
    for name, more in delta.items():
        found[name] += (r for unit in units for r in _of_unit(unit, name, more))
        found[name] += _own_slip(stated[name], sums[name])
    for a, b in combinations(delta, 2):
        if delta[a] == -delta[b]:
            for name, reason in _swapped(a, b, delta, sums, units):
                found[name].append(reason)
    often = Counter(who for some in found.values() for who in {(r.kind, r.unit) for r in some})
    cost = {kind: words.cost for kind, words in sum_facts().reason.items()}
    return {
        name: sorted(some, key=lambda r: (1 - often[r.kind, r.unit] if r.unit else 0, cost[r.kind], r.value))
        for name, some in found.items()
    }  # fmt: skip


def _of_unit(unit: CountedUnit, name: str, more: Decimal) -> Iterator[SumReason]:
    """What in one unit's cell makes exactly this difference."""
    if name not in unit.figures:
        return
    value = unit.figures[name]
    if not unit.counted:
        if value == more:
            yield SumReason("uncounted", unit.name, value, Decimal(0))
        return
    counted = value + more
    for source, figures in unit.others:
        if figures.get(name) == counted:
            yield SumReason(source, unit.name, counted, value)
    if counted == 0:
        yield SumReason("left_out", unit.name, counted, value)
    elif counted == 2 * value:
        yield SumReason("twice", unit.name, counted, value)
    elif value and typing_slip(counted, value) in sum_facts().slips:
        yield SumReason("slip", unit.name, counted, value)


def _own_slip(stands: Entry, total: Decimal) -> Iterator[SumReason]:
    """The county's own figure rounded or mistyped."""
    if not (isinstance(stands, Decimal) and stands and total):
        return
    places = len(figure_text(stands).partition(".")[2])
    if total.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) == stands:
        yield SumReason("rounded", "", stands, total)
    elif typing_slip(stands, total) in sum_facts().slips:
        yield SumReason("county_slip", "", stands, total)


def _swapped(
    a: str, b: str, delta: UnitFigures, sums: UnitFigures, units: Sequence[CountedUnit]
) -> Iterator[tuple[str, SumReason]]:
    """Two cells that stand in each other's place, the county's own or one unit's."""
    if delta[a] == sums[b] - sums[a]:
        yield a, SumReason("county_swapped", "", sums[b], sums[a])
        yield b, SumReason("county_swapped", "", sums[a], sums[b])
    for unit in (u for u in units if u.counted):
        here, there = unit.figures.get(a), unit.figures.get(b)
        if here is not None and there is not None and there - here == delta[a]:
            yield a, SumReason("swapped", unit.name, there, here)
            yield b, SumReason("swapped", unit.name, here, there)
