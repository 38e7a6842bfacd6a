"""Find which figures are wrong and what they should be, from the sums that do not hold.

The smallest set of wrong figures is sought first (Fellegi and Holt 1976), exactly and by sparse lookups
instead of a solver: a broken sum holds a wrong figure, which takes up all the sum is off by.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.diagnosis.equations import Code, Equation, Figures, Group, Residual, System, Terms, without
from xlcheck.core.diagnosis.slips import Change, Explanation, NoSlip, Slips, stories
from xlcheck.core.filing import Values
from xlcheck.core.formula import PLACES
from xlcheck.data.diagnosis import Slip

DeltaMap = Mapping[str, Decimal]
Story = tuple[Slip | NoSlip, DeltaMap]  # what moved the figures together, where one act did
SURE = 3  # up to three figures the search leaves no set out; see ``_Search._branches``


class Fault(NamedTuple):
    """What is wrong in one group of equations: those broken, and the explanations, likeliest first.

    ``certain``: no other set as small would do. ``complete``: the search found one in its budget.
    ``stated``: the text of the report agrees with the first more than with any other.
    ``unfillable`` are sums that nothing typed into the blanks makes hold, ``refused`` the blanks that would
    have to hold what no rule lets stand in them; both only where nothing is certain.
    """

    broken: tuple[Equation, ...]
    explanations: tuple[Explanation, ...]
    certain: bool
    complete: bool
    stated: bool = False
    unfillable: tuple[tuple[Equation, ...], ...] = ()
    refused: Figures = {}

    @property
    def blanks(self) -> dict[str, Decimal]:
        """What is certain of the blanks."""
        changes = self.explanations[0].changes if self.certain else ()
        return {c.field: c.to for c in changes if c.was is None}


def locate(code: Code, values: Values, pins: Figures | None = None) -> list[Fault]:
    """Explain every group of equations that does not hold, and solve the blanks that its sums determine.

    ``pins`` are figures known from elsewhere (last year's 结转, the text): one that stands as known is
    beyond suspicion. Anything in ``values`` but a figure is unknown.
    """
    figures = {n: v for n in code.at if isinstance(v := values.get(n), Decimal)}
    figures = {
        n: v if v == v.to_integral_value() else v.quantize(PLACES).normalize() for n, v in figures.items()
    }
    slips = Slips(code, figures, pins or {})
    return [f for group in code.groups for f in _fault(slips, group)]


def _fault(slips: Slips, group: Group) -> Iterator[Fault]:
    known = slips.figures
    hidden = group.system.columns.keys() - known.keys()
    checks, blanks = without(group.system, hidden) if hidden else (group.system, {})
    residual = checks.residual(known)
    if residual or hidden:
        search = _Search(slips, checks, blanks)
        told: dict[object, Story] = {frozenset(m.items()): ("", m) for m in search.smallest(residual)}
        if residual and not hidden and search.size > 1:
            tales = stories(group, known, residual)
            told |= {frozenset(m.items()): (tale, m) for tale, m in tales if search.allows(m)}
        seen = group.equations if hidden else [group.equations[n] for n in residual]
        broken = tuple(e for e in seen if e.terms.keys() <= known.keys() and e.off(known))
        fault = _judged(slips, search, broken, list(told.values()))
        yield _with_blanks(slips, group, fault) if hidden else fault


def _with_blanks(slips: Slips, group: Group, fault: Fault) -> Fault:
    """What is certain, with every blank that can hold but one figure; else why the blanks have no way."""
    from xlcheck.core.diagnosis.forced import forced  # few filings have blanks

    code, one = slips.code, fault.explanations[0] if fault.certain else Explanation((), "", 0)
    moved = tuple(c for c in one.changes if c.was is not None)
    found = forced(code, group.system, {**slips.figures, **{c.field: c.to for c in moved}})
    refused = {n: to for n, to in (found or {}).items() if not code.is_possible(n, to)}
    if not fault.certain or found is None or refused:
        return _unfillable(slips, group, fault, refused)
    blanks = (Change(name, None, found[name]) for name in code.at if name in found)
    return fault._replace(explanations=(one._replace(changes=(*moved, *blanks)),))


def _unfillable(slips: Slips, group: Group, fault: Fault, refused: Figures) -> Fault:
    """Nothing is certain: of what may be wrong only that after which the blanks can be filled in."""
    from xlcheck.core.diagnosis.forced import can_hold, unfillable

    code, known = slips.code, slips.figures
    sums = [tuple(group.equations[n] for n in some) for some in unfillable(code, group.system, known)]
    fits = tuple(
        e
        for e in fault.explanations
        if e.changes
        and can_hold(code, group.system.equations, {**known, **{c.field: c.to for c in e.changes}})
    )
    complete = fault.complete or not fault.broken
    return Fault(fault.broken, fits, False, complete, unfillable=tuple(sums), refused=refused)


def _judged(slips: Slips, search: "_Search", broken: tuple[Equation, ...], told: list[Story]) -> Fault:
    """Order the explanations: the smallest set, if it is the only one, else by cost. Certain is one alone."""
    explained = []
    for story, moved in told:
        one = slips.explain(moved, story)
        explained.append(one._replace(changes=(*one.changes, *search.filled(moved))))
    totals = slips.code.totals  # between two equal stories, a part goes astray more easily than a total
    explained.sort(key=lambda e: (e.cost, sum(c.field in totals for c in e.changes)))
    fewest = min((len(e.changes) for e in explained), default=0)
    smallest = [e for e in explained if len(e.changes) == fewest]
    if len(smallest) == 1:
        explained.sort(key=lambda e: len(e.changes) > fewest)
    kept = tuple(explained[: slips.code.words.limits.explanations])
    complete = search.left >= 0 and bool(kept)
    return Fault(broken, kept, len(explained) == 1 and search.exact, complete)


class _Search:
    """Look for the smallest sets of changed figures that mend a residual; ``left`` counts the work down."""

    def __init__(self, slips: Slips, group: System, blanks: Mapping[str, Terms]) -> None:
        self.figures, self.group, self.blanks = slips.figures, group, blanks
        self.code = slips.code
        self.limits = slips.code.words.limits
        self.fixed = {n for n, pin in slips.pins.items() if slips.figures.get(n) == pin}
        self.left = self.limits.steps
        self.size, self.exact = 0, True
        self.found: dict[frozenset[tuple[str, Decimal]], DeltaMap] = {}

    def smallest(self, residual: Residual) -> list[DeltaMap]:
        """All the smallest sets, as field -> what to add; none if the budget or the size limit is reached."""
        if not residual:
            return [{}] if self.allows({}) else []
        while not self.found and self.left >= 0 and self.size < self.limits.figures:
            self.size += 1
            self._descend(residual, self.size, {})
        tight = bool(self._tight(residual, self.size))
        self.exact = self.left >= 0 and self.size <= (1 if self.blanks else 99 if tight else SURE)
        return list(self.found.values())

    def allows(self, moved: DeltaMap) -> bool:
        """Whether every figure stays possible: a count whole, and none that is known touched."""
        figures = [*((n, self.figures[n] + d) for n, d in moved.items())]
        figures += [(c.field, c.to) for c in self.filled(moved)]
        return not self.fixed & moved.keys() and all(self.code.is_possible(n, to) for n, to in figures)

    def filled(self, moved: DeltaMap) -> list[Change]:
        """What the blanks must be once the figures are changed."""
        sums = {
            name: -sum((c * (self.figures[n] + moved.get(n, 0)) for n, c in terms.items() if n != name),
                       Decimal(0)) / terms[name]
            for name, terms in self.blanks.items()
        }  # fmt: skip
        return [Change(name, None, to + 0) for name, to in sums.items()]

    def _descend(self, residual: Residual, room: int, moved: DeltaMap) -> None:
        self.left -= 1
        if self.left < 0 or not residual:
            return
        if room == 1:
            self._last(residual, moved)
            return
        if all(count <= room * self.group.load[kind] for kind, count in self._wrong(residual).items()):
            for field, delta in self._branches(residual, room):
                if field not in moved and self._possible(field, delta):
                    self._descend(self.group.after(residual, field, delta), room - 1, {**moved, field: delta})

    def _last(self, residual: Residual, moved: DeltaMap) -> None:
        first, *others = sorted(residual)
        for field in self.group.alone.get((first, *others), ()):
            signs = dict(self.group.columns[field])
            delta = -residual[first] / signs[first]
            if field not in moved and all(residual[n] == -signs[n] * delta for n in others):
                whole = {**moved, field: delta}
                if self.allows(whole):
                    self.found[frozenset(whole.items())] = whole

    def _wrong(self, residual: Residual) -> Counter[str]:
        return Counter(self.group.kinds[n] for n in residual)

    def _tight(self, residual: Residual, room: int) -> list[int]:
        wrong = self._wrong(residual)
        kinds = [k for k, count in wrong.items() if count == room and self.group.load[k] == 1]
        return [n for n in residual if self.group.kinds[n] in kinds]

    def _branches(self, residual: Residual, room: int) -> Iterator[tuple[str, Decimal]]:
        """The figures of one broken sum, each with what it may be off by.

        Where as many sums of a kind are broken as figures may still change, each of these sums holds just
        one of them. Otherwise two figures of one sum may both be wrong; then one of them stands alone in
        another of its sums, which tells what it is off by: always so for up to three figures.
        """
        tight = self._tight(residual, room)
        number = min(tight or residual, key=lambda n: len(self.group.equations[n]))
        for field, sign in self.group.equations[number].items():
            if tight:
                yield field, -residual[number] / sign
            else:
                touched = ((n, s) for n, s in self.group.columns[field] if n in residual)
                yield from dict.fromkeys((field, -residual[n] / s) for n, s in touched)

    def _possible(self, field: str, delta: Decimal) -> bool:
        return field not in self.fixed and self.code.is_possible(field, self.figures[field] + delta)
