"""The sums that bind a form's figures, read out of its rules as linear equations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from math import gcd
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.formula import DIGITS, Call, CellRef, Formula, Term
from xlcheck.core.rules import LAST, Rules
from xlcheck.data.diagnosis import Diagnosis
from xlcheck.data.rules import Rule

Terms = Mapping[str, int]
Figures = Mapping[str, Decimal]
Residual = dict[int, Decimal]


class Equation(NamedTuple):
    """One case of a rule as a sum that must be 0; ``at`` is the total the rule asks about."""

    rule: str
    at: str
    terms: Terms

    def off(self, figures: Figures) -> Decimal:
        """Left side less right side; 0 where the equation holds."""
        return sum((c * figures[n] for n, c in self.terms.items()), Decimal(0))


class System(NamedTuple):
    """Equations that share figures, and the same seen from each figure: which it touches, with what sign.

    ``alone`` finds the figures that touch exactly these equations; ``load`` says how many equations of
    one kind a figure touches at most, so n broken ones of a kind need n / load wrong figures or more.
    """

    equations: tuple[Terms, ...]
    kinds: tuple[str, ...]
    columns: Mapping[str, tuple[tuple[int, int], ...]]
    alone: Mapping[tuple[int, ...], tuple[str, ...]]
    load: Mapping[str, int]

    def residual(self, figures: Figures) -> Residual:
        """By how much each equation that does not hold is off: left side less right side."""
        sums = {}
        for number, terms in enumerate(self.equations):
            off = sum((figures[n] if c == 1 else c * figures[n] for n, c in terms.items()), Decimal(0))
            if off:
                sums[number] = off
        return sums

    def after(self, residual: Residual, field: str, delta: Decimal) -> Residual:
        """The residual once a figure has been changed by ``delta``."""
        changed = dict(residual)
        for number, sign in self.columns[field]:
            off = changed.get(number, 0) + sign * delta
            if off:
                changed[number] = Decimal(off)
            else:
                changed.pop(number, None)
        return changed


class RowOrColumn(NamedTuple):
    """A row or a column; ``touch`` are its equations, ``cross`` those that hold just one of its figures."""

    down: bool
    fields: tuple[str, ...]
    cross: tuple[tuple[int, ...], ...]
    touch: frozenset[int]

    def total(self, equations: Sequence[Equation]) -> frozenset[str]:
        """The figures that sum up this line itself."""
        return frozenset(e.at for e in equations if e.terms.keys() <= set(self.fields))


class Group(NamedTuple):
    """Equations that share no figure with any other group: 表三, or one block of 表四."""

    equations: tuple[Equation, ...]
    system: System
    lines: tuple[RowOrColumn, ...]


class Code:
    """The equations of one edition, worked out when a figure has to be found and not before.

    Read as an error-locating code (Fellegi and Holt 1976; Scholtus 2009): 表三 has 175 figures in 39
    equations of rank 37, and no three figures depend on each other, so one wrong figure is always found.
    ``words`` is the wording, with the cost of each slip and the limits of the search.
    """

    def __init__(self, form: Form, rules: Rules, words: Diagnosis) -> None:
        self.form, self.rules, self.words = form, rules, words

    def is_possible(self, field: str, figure: Decimal) -> bool:
        """Whether a figure may stand in a field: no rule refuses it there, and it has six places at most."""
        return self.rules.inputs[field].first(figure) is None and figure == round(figure, DIGITS)

    @cached_property
    def signed(self) -> frozenset[str]:
        """The fields that may be negative."""
        return frozenset(name for name, field in self.form.fields.items() if field.kind == "signed")

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        return tuple(_equations(self.form, self.rules))

    @cached_property
    def totals(self) -> frozenset[str]:
        return frozenset(e.at for e in self.equations)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The rules that look at one cell alone, before any sum."""
        return frozenset(r.id for r in self.rules.rules if r.of_one_cell)

    @cached_property
    def mute(self) -> frozenset[str]:
        """The rules that make a cell unknown to all others."""
        return frozenset(r.id for r in self.rules.rules if r.silences)

    @cached_property
    def unfillable(self) -> Rule:
        """The rule that blanks break which no figure can fill."""
        return next(r for r in self.rules.rules if r.check == "unfillable")

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        groups: list[list[Equation]] = []
        for equation in self.equations:
            near = [g for g in groups if any(e.terms.keys() & equation.terms.keys() for e in g)]
            groups = [g for g in groups if g not in near] + [[*(e for g in near for e in g), equation]]
        systems = [system([e.terms for e in g], [e.rule for e in g]) for g in groups]
        return tuple(Group(tuple(g), s, _lines(s, self.at)) for g, s in zip(groups, systems, strict=True))

    @cached_property
    def at(self) -> Mapping[str, tuple[str, int, int]]:
        """Where each field stands: table, row, column."""
        return {f.name: (f.table, f.row.first, f.column.first) for f in self.form.fields.values()}

    @cached_property
    def by_place(self) -> Mapping[tuple[str, int, int], str]:
        return {place: name for name, place in self.at.items()}

    @cached_property
    def ties(self) -> Mapping[tuple[str, str], Terms]:
        """The sums that bind this year's figures to last year's, by rule and place."""
        cases = (c for c in self.rules.cases if any(n.startswith(LAST) for n in c.test.cells))
        return {(c.rule.id, c.at): terms for c in cases if (terms := linear(c.test))}

    @cached_property
    def pins(self) -> Mapping[str, Terms]:
        """Figures that an error rule ties to last year's alone: their value as a sum of last year's."""
        found = {}
        for (rule, at), terms in self.ties.items():
            mine = [n for n in terms if n in self.form.fields]
            if mine == [at] and self.rules.of(rule).severity == "error":
                found[at] = {n: -terms[at] * c for n, c in terms.items() if n != at}
        return found


def linear(formula: Formula) -> dict[str, int] | None:
    """Read ``a == b`` as figure -> coefficient of a sum that must be 0; None for any other test.

    ``total == sum(parts)`` is {total: 1, part: -1, …}. A product, a constant, a condition is not linear.
    """
    match formula.term:
        case Call("Eq", (left, right)):
            sums = _sum(left, 1), _sum(right, -1)
            if None in sums:
                return None
            total: Counter[str] = Counter()
            for part in sums:
                for name, sign in part or ():
                    total[name] += sign
            return {name: sign for name, sign in total.items() if sign}
    return None


def system(equations: Sequence[Terms], kinds: Sequence[str]) -> System:
    columns: dict[str, list[tuple[int, int]]] = {}
    for number, terms in enumerate(equations):
        for name, sign in terms.items():
            columns.setdefault(name, []).append((number, sign))
    alone: dict[tuple[int, ...], list[str]] = {}
    load: Counter[str] = Counter()
    for name, column in columns.items():
        alone.setdefault(tuple(n for n, _ in column), []).append(name)
        load |= Counter(kinds[n] for n, _ in column)
    frozen = {support: tuple(names) for support, names in alone.items()}
    return System(tuple(equations), tuple(kinds), {n: tuple(c) for n, c in columns.items()}, frozen, load)


def without(group: System, unknown: Iterable[str]) -> tuple[System, dict[str, Terms]]:
    """Eliminate unknown figures: the equations left between the known, and what determines each unknown.

    Gauss and Jordan over whole numbers; an unknown that two others could stand for is not determined.
    """
    rest = list(zip(group.equations, group.kinds, strict=True))
    solved: dict[str, Terms] = {}
    hidden = frozenset(unknown)
    for name in sorted(hidden & group.columns.keys()):
        pivot = next((row for row in rest if name in row[0]), None)
        if pivot:
            terms = pivot[0]
            rest = [(cleared(t, terms, name), k) for t, k in rest if t is not terms]
            solved = {n: cleared(t, terms, name) for n, t in solved.items()} | {name: terms}
    checks = [(t, k) for t, k in rest if t]
    determined = {n: t for n, t in solved.items() if hidden & t.keys() == {n}}
    return system([t for t, _ in checks], [k for _, k in checks]), determined


def _equations(form: Form, rules: Rules) -> Iterator[Equation]:
    for case in rules.cases:
        if case.rule.severity == "error" and not case.when and not case.is_input:
            terms = linear(case.test)
            if terms and len(terms) > 1 and terms.keys() <= form.fields.keys():
                yield Equation(case.rule.id, case.at, terms)


def _sum(term: Term, sign: int) -> list[tuple[str, int]] | None:
    match term:
        case CellRef(name):
            return [(name, sign)]
        case Call("USub", (one,)):
            return _sum(one, -sign)
        case Call("sum" | "Add" | "Sub" as name, args):
            signs = [sign, -sign] if name == "Sub" else [sign] * len(args)
            parts = [_sum(arg, s) for arg, s in zip(args, signs, strict=True)]
            return None if None in parts else [pair for part in parts for pair in part or ()]
    return [] if term == 0 else None


def cleared(terms: Terms, pivot: Terms, name: str) -> Terms:
    """The equation with ``name`` taken out by a multiple of the pivot equation."""
    ours = terms.get(name, 0)
    if not ours:
        return terms
    theirs = pivot[name]
    if theirs in (1, -1):  # so it is in the sums of every form, and only what the pivot holds changes
        changed, times = dict(terms), ours * theirs
        for n, c in pivot.items():
            left = changed.get(n, 0) - times * c
            if left:
                changed[n] = left
            else:
                changed.pop(n, None)
        return changed
    mixed = {n: theirs * terms.get(n, 0) - ours * pivot.get(n, 0) for n in (terms | pivot)}  # type: ignore[operator]
    common = gcd(*mixed.values()) or 1
    return {n: c // common for n, c in mixed.items() if c}


def _lines(group: System, places: Mapping[str, tuple[str, int, int]]) -> tuple[RowOrColumn, ...]:
    """The rows, then the columns, of three figures or more, in the table's order."""
    lines: dict[tuple[bool, str, int], list[str]] = {}
    for name in sorted(group.columns, key=places.__getitem__):
        table, row, column = places[name]
        lines.setdefault((False, table, row), []).append(name)
        lines.setdefault((True, table, column), []).append(name)
    return tuple(_line(key[0], fields, group) for key, fields in sorted(lines.items()) if len(fields) > 2)


def _line(down: bool, fields: list[str], group: System) -> RowOrColumn:
    held = Counter(n for f in fields for n, _ in group.columns[f])
    cross = tuple(tuple(n for n, _ in group.columns[f] if held[n] == 1) for f in fields)
    return RowOrColumn(down, tuple(fields), cross, frozenset(held))
