"""What blanks must hold, whoever fills them in: the figures that all ways of filling them have in common.

A way gives every blank a figure of 0 or more, so that all sums hold. Some blanks are 0 in every way; one that
is not is more than 0 at some corner of what is possible, and the simplex method (Dantzig 1951, with Bland's
rule of 1977 so that it ends) walks to it. With those known, the sums alone determine the others that are
forced. Whole numbers throughout: nothing is rounded, and nothing is only likely.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from math import lcm

from xlcheck.core.diagnosis.equations import Code, Figures, System, Terms, cleared, without
from xlcheck.core.formula import DIGITS

Row = Terms  # the blanks of a sum, each with its coefficient; under RIGHT what they come to, in millionths
RIGHT = ""


def forced(code: Code, system: System, figures: Figures) -> dict[str, Decimal] | None:
    """Each blank of a system that can hold but one figure, with it; None where no way makes all sums hold."""
    signed = {name for name, field in code.form.fields.items() if field.kind == "signed"}
    found = _zeros([_row(terms, figures) for terms in system.equations], signed)
    if found is None:
        return None
    zeros = dict.fromkeys(found, Decimal(0))
    known = {**figures, **zeros}
    _, determined = without(system, system.columns.keys() - known.keys())
    sums = {
        name: -sum((c * known[n] for n, c in terms.items() if n != name), Decimal(0)) / terms[name] + 0
        for name, terms in determined.items()
    }
    return zeros | sums if all(code.is_possible(*one) for one in sums.items()) else None


def _row(terms: Terms, figures: Figures) -> Row:
    right = -sum((c * figures[n] for n, c in terms.items() if n in figures), Decimal(0))
    return {n: c for n, c in terms.items() if n not in figures} | {RIGHT: int(right.scaleb(DIGITS))}


def _zeros(rows: Iterable[Row], signed: set[str]) -> set[str] | None:
    """The blanks that are 0 in every way; None where there is no way. What may be negative bounds nothing."""
    rows, found = list(rows), set[str]()
    for name in signed & {n for row in rows for n in row}:
        pivot = next((row for row in rows if name in row), None)
        rows = [cleared(row, pivot, name) for row in rows if row is not pivot] if pivot else rows
    while plain := {n for row in rows if not row.get(RIGHT) and _is_one_sided(row) for n in row} - {RIGHT}:
        found |= plain
        rows = [{n: c for n, c in row.items() if n not in plain} for row in rows]
    rows = [row for row in rows if row.keys() != {RIGHT} or row[RIGHT]]
    corner = _Corner(rows)
    return found | corner.zeros() if corner.reach() else None


def _is_one_sided(row: Row) -> bool:
    """Whether all blanks of a sum stand on one side, so that they add up."""
    return len({c > 0 for n, c in row.items() if n != RIGHT}) == 1


class _Corner:
    """A way in which as few blanks as there are sums are more than 0: each row is solved for its ``own``.

    A row reads: own and others, by their coefficients, come to its right side; own has a coefficient above 0,
    the right side is 0 or more, and all others are 0. A row with no own yet lacks its right side.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        signs = ((row, -1 if row.get(RIGHT, 0) < 0 else 1) for row in rows)
        self.rows: list[Row] = [{n: c * sign for n, c in row.items() if c} for row, sign in signs]
        self.own = [RIGHT] * len(self.rows)

    def reach(self) -> bool:
        """Walk until no row lacks anything; False where none can be found for one."""
        lacking: Row = {}
        for row in self.rows:
            lacking = _added(lacking, row)
        while lacking.get(RIGHT):
            entering = min((n for n, c in lacking.items() if c > 0 and n != RIGHT), default=None)
            if entering is None:
                return False
            lacking = cleared(lacking, self._turn(self._tightest(entering), entering), entering)
        for number in range(len(self.rows)):  # each turn changes the rows after it
            if not self.own[number] and self.rows[number]:
                self._turn(number, min(self.rows[number]))
        kept = [n for n, own in enumerate(self.own) if own]
        self.rows, self.own = [self.rows[n] for n in kept], [self.own[n] for n in kept]
        return True

    def zeros(self) -> set[str]:
        """The blanks that are 0 at every corner that can be walked to from here."""
        at = dict(zip(self.own, self.rows, strict=True))
        left = (
            {n for row in self.rows for n in row} - {RIGHT} - {n for n, row in at.items() if row.get(RIGHT)}
        )
        for name in sorted(left - at.keys()):
            left -= self._risen(name)
        goal = self._goal(left)
        while entering := min((n for n, c in goal.items() if c > 0), default=RIGHT):
            if risen := self._risen(entering):
                left -= risen
                goal = self._goal(left)
            else:
                goal = cleared(goal, self._turn(self._tightest(entering), entering), entering)
        return left

    def _goal(self, names: Collection[str]) -> Row:
        """By how much the sum of these blanks, all 0 here, grows with each that is no row's own."""
        goal: Row = dict.fromkeys(names, 1)
        for own, row in zip(self.own, self.rows, strict=True):
            goal = cleared(goal, row, own)
        return goal

    def _risen(self, name: str) -> set[str]:
        """What is more than 0 once this blank is; nothing where a row that comes to 0 holds it down."""
        touched = [(n, row) for n, row in enumerate(self.rows) if name in row]
        if any(row[name] > 0 and not row.get(RIGHT) for _, row in touched):
            return set()
        return {name, *(self.own[n] for n, row in touched if row[name] < 0)}

    def _tightest(self, name: str) -> int:
        """The row that lets a blank grow least."""
        held = [n for n, row in enumerate(self.rows) if row.get(name, 0) > 0]
        whole = lcm(*(self.rows[n][name] for n in held))
        room = {n: self.rows[n].get(RIGHT, 0) * (whole // self.rows[n][name]) for n in held}
        return min(held, key=lambda n: (room[n], self.own[n]))

    def _turn(self, number: int, name: str) -> Row:
        """Solve a row for another blank, and take it out of all others."""
        pivot = self.rows[number]
        pivot = pivot if pivot[name] > 0 else {n: -c for n, c in pivot.items()}
        self.rows = [cleared(row, pivot, name) for row in self.rows]
        self.rows[number], self.own[number] = pivot, name
        return pivot


def _added(one: Row, other: Row) -> Row:
    return {n: one.get(n, 0) + other.get(n, 0) for n in {**one, **other}}
