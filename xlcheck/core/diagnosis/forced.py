"""What blanks must hold, whoever fills them in: the figures that all ways of filling them have in common.

A way gives every blank a figure of 0 or more, so that all sums hold. Some blanks are 0 in every way; one that
is not is more than 0 at some corner of what is possible, and the simplex method (Dantzig 1951, with Bland's
rule of 1977 so that it ends) walks to it. With those known, the sums alone determine the others that are
forced. Whole numbers throughout: nothing is rounded, and nothing is only likely.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from math import lcm

from xlcheck.core.diagnosis.equations import Code, Figures, System, Terms, cleared
from xlcheck.core.formula import DIGITS

RIGHT = ""  # under this name the terms of a row, blanks with their coefficients, have what they come to
MILLION = 10**DIGITS  # what they come to is counted in millionths


def forced(code: Code, system: System, figures: Figures) -> dict[str, Decimal] | None:
    """Each blank of a system that can hold but one figure, with it; None where no way makes all sums hold.

    The figure is what the sums ask for, be it one that may not stand there.
    """
    zeros, corner = _begun((_row(terms, figures) for terms in system.equations), code.signed)
    return dict.fromkeys(zeros, Decimal(0)) | corner.fixed() if corner.reach() else None


def can_hold(code: Code, sums: Iterable[Terms], figures: Figures) -> bool:
    """Whether there is a way to fill the blanks so that these sums hold."""
    return _begun((_row(terms, figures) for terms in sums), code.signed)[1].reach()


def unfillable(code: Code, system: System, figures: Figures) -> tuple[tuple[int, ...], ...]:
    """The sums, by number, that no way of filling the blanks makes hold.

    Each that fails by itself; where none does, some that fail together, and would not without any of them.
    """
    sums = system.equations
    alone = tuple((n,) for n, terms in enumerate(sums) if not can_hold(code, [terms], figures))
    if alone or can_hold(code, sums, figures):
        return alone
    left = list(range(len(sums)))
    for number in range(len(sums)):
        fewer = [n for n in left if n != number]
        if not can_hold(code, [sums[n] for n in fewer], figures):
            left = fewer
    return (tuple(left),)


def _begun(rows: Iterable[Terms], signed: frozenset[str]) -> tuple[set[str], "_Corner"]:
    """What is 0 at first sight, and a corner of the rest from which to walk."""
    rows = list(rows)
    zeros = _plain_zeros(rows, signed)
    return zeros, _Corner(({n: c for n, c in row.items() if n not in zeros} for row in rows), signed)


def _row(terms: Terms, figures: Figures) -> Terms:
    right = -sum((c * figures[n] for n, c in terms.items() if n in figures), Decimal(0))
    return {n: c for n, c in terms.items() if n not in figures} | {RIGHT: int(right * MILLION)}


def _plain_zeros(rows: Iterable[Terms], signed: frozenset[str]) -> set[str]:
    """What adds up to 0, over and over: no walk is needed for these, and mostly there are no others."""
    left = [row for row in rows if not row[RIGHT]]
    zeros = set[str]()
    while True:
        blanks = [{n: c > 0 for n, c in row.items() if n != RIGHT and n not in zeros} for row in left]
        more = {n for row in blanks if len(set(row.values())) == 1 and signed.isdisjoint(row) for n in row}
        if not more:
            return zeros
        zeros |= more


class _Corner:
    """A way in which as few blanks as there are sums are more than 0: each row is solved for its ``own``.

    A row reads: own and others, by their coefficients, come to its right side; own has a coefficient above 0,
    the right side is 0 or more, and all others are 0. A row without own still lacks its right side. A row
    solved for a blank that may be negative is bound by nothing, and only follows.
    """

    def __init__(self, rows: Iterable[Terms], signed: frozenset[str]) -> None:
        self.rows: list[Terms] = [{n: c for n, c in row.items() if c} for row in rows]
        self.own = [RIGHT] * len(self.rows)
        self.signed = signed
        for name in sorted(signed & {n for row in self.rows for n in row}):
            free = next((n for n, row in enumerate(self.rows) if not self.own[n] and name in row), None)
            if free is not None:
                self._turn(free, name)
        for n, row in enumerate(self.rows):
            if not self.own[n] and row.get(RIGHT, 0) < 0:
                self.rows[n] = {name: -c for name, c in row.items()}

    def reach(self) -> bool:
        """Walk until no row lacks anything; False where none can be found for one."""
        lacking: Terms = {}
        for row, own in zip(self.rows, self.own, strict=True):
            lacking = lacking if own else _added(lacking, row)
        while lacking.get(RIGHT):
            entering = min((n for n, c in lacking.items() if c > 0 and n != RIGHT), default=None)
            if entering is None:
                return False
            lacking = cleared(lacking, self._turn(self._tightest(entering), entering), entering)
        for number in range(len(self.rows)):  # each turn changes the rows after it
            if not self.own[number] and self.rows[number]:
                self._turn(number, min(self.rows[number]))
        return True

    def fixed(self) -> dict[str, Decimal]:
        """What is the same at every corner, and so in every way: what is always 0, and what then follows."""
        zeros = self._zeros()
        for number, own in enumerate(self.own):
            others = self.rows[number].keys() - zeros if own in zeros else ()
            if others:
                self._turn(number, min(others))
        alone = [
            (own, row) for own, row in zip(self.own, self.rows, strict=True)
            if row.keys() <= zeros | {own, RIGHT} and own not in zeros and own
        ]  # fmt: skip
        follow = {own: Decimal(row.get(RIGHT, 0)) / (row[own] * MILLION) for own, row in alone}
        return dict.fromkeys(zeros, Decimal(0)) | follow

    def _zeros(self) -> set[str]:
        """The blanks that are 0 at every corner that can be walked to from here.

        Only rows that come to 0 hold anything down, and none does once its own blank may be more than 0.
        """
        held = {n for n, row in enumerate(self.rows) if not row.get(RIGHT) and self.own[n] not in self.signed}
        left = {n for row in self.rows for n in row} - self.signed - {RIGHT}
        left -= {own for n, own in enumerate(self.own) if n not in held}
        while True:
            self._rise(left, held)
            entering = min((n for n, c in self._goal(left, held).items() if c > 0), default=None)
            if entering is None:
                return left
            holding = (n for n in held if self.rows[n].get(entering, 0) > 0)
            self._turn(min(holding, key=lambda n: self.own[n]), entering)

    def _rise(self, left: set[str], held: set[int]) -> None:
        """Take away the blanks that may be more than 0 from here, and the rows whose own are so then."""
        while True:
            free = left - {n for number in held for n, c in self.rows[number].items() if c > 0}
            loose = {n for n in held if any(self.rows[n].get(name, 0) < 0 for name in free)}
            left -= free | {self.own[n] for n in loose}
            held -= loose
            if not loose:
                return

    def _goal(self, names: Collection[str], held: Collection[int]) -> Terms:
        """By how much the sum of these blanks, all 0 here, grows with each that is no row's own."""
        goal: Terms = dict.fromkeys(names, 1)
        for n in held:
            goal = cleared(goal, self.rows[n], self.own[n])
        return goal

    def _tightest(self, name: str) -> int:
        """The row that lets a blank grow least."""
        held = {n: row[name] for n, row in enumerate(self.rows) if row.get(name, 0) > 0}
        held = {n: c for n, c in held.items() if self.own[n] not in self.signed}
        whole = lcm(*held.values())
        room = {n: self.rows[n].get(RIGHT, 0) * (whole // c) for n, c in held.items()}
        return min(held, key=lambda n: (room[n], self.own[n]))

    def _turn(self, number: int, name: str) -> Terms:
        """Solve a row for another blank, and take it out of all others."""
        pivot = self.rows[number]
        pivot = pivot if pivot[name] > 0 else {n: -c for n, c in pivot.items()}
        self.rows = [cleared(row, pivot, name) if name in row else row for row in self.rows]
        self.rows[number], self.own[number] = pivot, name
        return pivot


def _added(one: Terms, other: Mapping[str, int]) -> Terms:
    return {n: one.get(n, 0) + other.get(n, 0) for n in {**one, **other}}
