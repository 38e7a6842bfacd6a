"""The rules of an edition as an integer programme: a solver looks for a filing, or proves there is none.

Every test of the catalogue becomes rows over columns of 0 and 1: whether a cell is blank or a number, how a
comparison comes out, whether a case fails, whether the check tells it. Figures are tried in halves, up to
well beyond the largest constant that they are compared with. What the solver finds is written as a filing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

import highspy

from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.core.formula import Call, CellRef, Entry, Term, TextLiteral
from xlcheck.core.rules import LAST, Case, Rules

INFINITE = highspy.kHighsInf
LEAST = 200  # how far a figure is tried at least
COMMON = 1_000_000  # a constant from here on limits what a cell may hold, not what is plausible
FRACTION = Decimal("0.5")
# Which ways a comparison may come out, less, equal or greater, to be true.
TRUE_FOR = {"Eq": "=", "NotEq": "<>", "LtE": "<=", "Lt": "<", "GtE": "=>", "Gt": ">"}

Bounds = Mapping[int, tuple[float, float]]
Solution = Sequence[float]


class Sum(NamedTuple):
    """Columns with their weights and a constant; a truth is a sum that is 0 or 1 in every solution."""

    terms: tuple[tuple[int, float], ...] = ()
    constant: float = 0.0

    def plus(self, other: "Sum", times: float = 1) -> "Sum":
        terms = dict(self.terms)
        for column, weight in other.terms:
            terms[column] = terms.get(column, 0) + times * weight
        kept = tuple((column, weight) for column, weight in sorted(terms.items()) if weight)
        return Sum(kept, self.constant + times * other.constant)

    @property
    def opposite(self) -> "Sum":
        return YES.plus(self, -1)


YES, NO = Sum((), 1), Sum()
Ways = tuple[Sum, Sum, Sum]  # less, equal, greater: exactly one is true


class Figure(NamedTuple):
    """The columns of a number cell; ``far`` say that it is beyond any limit, above or below."""

    blank: Sum
    number: Sum
    fraction: Sum
    value: Sum
    far: tuple[int, ...]

    def odd(self, kind: str) -> list[int]:
        """The columns that say a cell of this kind holds what it may not; a text has no column of its own."""
        parts = [self.blank, *([] if kind == "amount" else [self.fraction])]
        return [column for part in parts for column, _ in part.terms] + list(self.far)


class Programme:
    """One edition's catalogue; whose kind of unit it is stays open until a question fixes it.

    A ``sound`` one looks only at filings whose number cells hold what such a cell may; it is much smaller.
    """

    def __init__(self, form: Form, rules: Rules, kinds: Sequence[str], sound: bool = False) -> None:
        self.form, self.rules, self.sound = form, rules, sound
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[float, float, tuple[tuple[int, float], ...]]] = []
        self.compared: dict[Sum, Ways] = {}
        self.figures: dict[str, Figure] = {}
        self.words: dict[str, Sum] = {}
        lists = {"kind": tuple(kinds)} | {o.id: o.choices for o in form.options}
        self.picked = {name: {c: self._truth() for c in choices} for name, choices in lists.items()}
        for columns in self.picked.values():
            self._row(0, 1, sum_of(columns.values()))
        self.usual, self.limits = _usual(rules), _limits(rules)
        self.reach = 2 * (max(self.usual.values()) + LEAST)
        self.fails = [self._case(case) for case in rules.cases]
        self.told = self._told()
        self.rule_fails, self.rule_told = self._by_rule(self.fails), self._by_rule(self.told)
        self._nil_returns()
        self.solver = _solver(self)

    def column(self, name: str) -> int:
        """The column of a cell's figure."""
        return self._figure(name).value.terms[0][0]

    def known_last(self) -> list[int]:
        """The columns that say a figure of last year is known."""
        return [f.number.terms[0][0] for name, f in self.figures.items() if name.startswith(LAST)]

    def of_kind(self, kind: str) -> Bounds:
        return {column: (float(k == kind),) * 2 for k, column in self.picked["kind"].items()}

    def kinds_alike(self, rules: Collection[str]) -> list[tuple[str, ...]]:
        """The kinds of unit in groups that none of these rules tells apart."""
        cases = [case for case in self.rules.cases if case.rule.id in rules]
        asked = {frozenset(map(_word, words)) for case in cases for words in _about_kind(case)}
        groups: dict[tuple[bool, ...], list[str]] = {}
        for kind in self.picked["kind"]:
            groups.setdefault(tuple(kind in words for words in asked), []).append(kind)
        return list(map(tuple, groups.values()))

    def solve(
        self, bounds: Bounds, most: Collection[int] = (), fewest: Collection[int] = ()
    ) -> Solution | None:
        """A solution within bounds, with many of the columns ``most`` true, or the fewest of ``fewest``.

        None if there is no solution.
        """
        for column, (low, high) in bounds.items():
            self.solver.changeColBounds(column, low, high)
        for columns, cost in ((most, -1.0), (fewest, 1.0)):
            for column in columns:
                self.solver.changeColCost(column, cost)
        self.solver.setOptionValue("mip_rel_gap", 0.3 if most else 0.0)
        self.solver.run()
        status = self.solver.getModelStatus()
        assert status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible), status
        found = status == highspy.HighsModelStatus.kOptimal
        answer = list(self.solver.getSolution().col_value) if found else None
        for column in bounds:
            self.solver.changeColBounds(column, self.low[column], self.high[column])
        for column in (*most, *fewest):
            self.solver.changeColCost(column, 0.0)
        return answer

    def asked(self, case: Case) -> Iterator[int]:
        """The columns of what a case asks: each outcome of its comparisons, each choice it looks at."""
        for term in _parts_of(case):
            match term:
                case Call(name, (_, _)) if name in TRUE_FOR:
                    yield from (way.terms[0][0] for way in self._ways_of(term))
                case CellRef(name) if name in self.picked and name != "kind":
                    yield from self.picked[name].values()

    def differences(self, case: Case) -> Iterator[tuple[Mapping[str, float], float]]:
        """Each comparison of a case as cells with their weights and a constant: left side less right side."""
        names = {f.value.terms[0][0]: name for name, f in self.figures.items() if f.value.terms}
        for term in _parts_of(case):
            if isinstance(term, Call) and term.name in TRUE_FOR:
                sides = self._number(term.args[0]).plus(self._number(term.args[1]), -1)
                yield {names[column]: weight for column, weight in sides.terms}, sides.constant

    def equations(self) -> dict[tuple[str, str], Mapping[str, float]]:
        """The sums that an error rule says are 0, by rule and place: cells and weights."""
        equal = [
            case for case in self.rules.cases if case.rule.severity == "error" and not case.is_input
            and isinstance(case.test.term, Call) and case.test.term.name == "Eq"
        ]  # fmt: skip
        sums = {(case.rule.id, case.at): next(self.differences(case)) for case in equal}
        return {key: terms for key, (terms, constant) in sums.items() if not constant}

    # ------------------------------------------------------------ what a solution says
    def filing(self, solution: Solution, texts: Mapping[str, str]) -> tuple[Filing, Filing]:
        """The filing and last year's; ``texts`` are the words of what is not blank, by entry."""
        entries = {name: self._entry(name, solution) for name in self.figures}
        chosen = {name: _chosen(columns, solution) for name, columns in self.picked.items()}
        words = {n: w for n, w in texts.items() if n not in self.words or not _true(self.words[n], solution)}
        values = {n: entries[n] for n in self.form.fields if n in entries}
        before = {n.removeprefix(LAST): v for n, v in entries.items() if n.startswith(LAST)}
        now = Filing(
            self.form.edition, entries.get("year"), words.pop("unit", None), chosen.pop("kind"),
            values=values, texts=words, options={n: c for n, c in chosen.items() if c},
        )  # fmt: skip
        return now, Filing(self.form.edition, values=before)

    def _entry(self, name: str, solution: Solution) -> Entry:
        figure = self.figures[name]
        if not _true(figure.number, solution):
            return None if _true(figure.blank, solution) else "无"
        if figure.far and any(solution[column] > 0.5 for column in figure.far):
            return (self.limits[name] + 1) * (1 if solution[figure.far[0]] > 0.5 else -1)
        return Decimal(round(2 * solution[figure.value.terms[0][0]])) / 2

    # ------------------------------------------------------------ columns and rows
    def _column(self, low: float, high: float, whole: bool) -> int:
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.low) - 1

    def _truth(self) -> int:
        return self._column(0, 1, True)

    def _row(self, low: float, high: float, terms: Sum) -> None:
        self.rows.append((low - terms.constant, high - terms.constant, terms.terms))

    def _named(self, truth: Sum) -> int:
        """One column for a truth."""
        column = self._truth()
        self._row(0, 0, truth.plus(one(column), -1))
        return column

    def _all(self, truths: Iterable[Sum]) -> Sum:
        parts = [t for t in dict.fromkeys(truths) if t != YES]
        if NO in parts:
            return NO
        if len(parts) < 2:
            return parts[0] if parts else YES
        every, total = one(self._truth()), NO
        for part in parts:
            self._row(0, INFINITE, part.plus(every, -1))
            total = total.plus(part)
        self._row(-INFINITE, len(parts) - 1, total.plus(every, -1))
        return every

    def _any(self, truths: Iterable[Sum]) -> Sum:
        return self._all(t.opposite for t in truths).opposite

    # ------------------------------------------------------------ cells
    def _figure(self, name: str) -> Figure:
        if name not in self.figures:
            sound = self.sound and name in self.form.fields
            self.figures[name] = self._sound(name) if sound else self._anything(name)
        return self.figures[name]

    def _sound(self, name: str) -> Figure:
        most, kind = self.usual.get(name, LEAST), self.form.fields[name].kind
        count = one(self._column(-most if kind == "signed" else 0, most, True))
        if kind != "amount":
            return Figure(NO, YES, NO, count, ())
        fraction, value = one(self._truth()), one(self._column(0, most + 1, False))
        self._row(0, 0, count.plus(fraction, float(FRACTION)).plus(value, -1))
        return Figure(NO, YES, fraction, value, ())

    def _anything(self, name: str) -> Figure:
        """A cell that may be blank, hold a text, a fraction, or a figure beyond any limit."""
        most = self.usual.get(name, LEAST)
        blank, number, fraction = (one(self._truth()) for _ in range(3))
        far = (self._truth(), self._truth()) if name in self.limits else ()
        reach = self.reach if far else most + 1
        count, value = one(self._column(-most, most, True)), one(self._column(-reach, reach, False))
        beyond = NO if not far else one(far[0]).plus(one(far[1]), -1)
        near = number.plus(sum_of(far), -1)
        self._row(0, 0, count.plus(fraction, float(FRACTION)).plus(beyond, self.reach).plus(value, -1))
        self._row(0, 1, blank.plus(number))
        self._row(0, 1, near)
        self._row(0, 1, near.plus(fraction, -1))
        self._row(0, INFINITE, NO.plus(near, most).plus(count, -1))
        self._row(0, INFINITE, NO.plus(near, most).plus(count))
        return Figure(blank, number, fraction, value, far)

    def _blank(self, name: str) -> Sum:
        if name in self.picked:
            return sum_of(self.picked[name].values()).opposite
        if name.removeprefix(LAST) in self.form.fields:
            return self._figure(name).blank
        if name not in self.words:
            self.words[name] = one(self._truth())
        return self.words[name]

    # ------------------------------------------------------------ the language of the rules
    def _number(self, term: Term) -> Sum:
        match term:
            case Decimal():
                return Sum((), float(term))
            case CellRef(name) | Call("given", (CellRef(name),)):
                return self._figure(name).value
            case Call("USub", (only,)):
                return NO.plus(self._number(only), -1)
            case Call("Sub", (left, right)):
                return self._number(left).plus(self._number(right), -1)
            case Call("Mult", (Decimal() as times, right)):
                return NO.plus(self._number(right), float(times))
            case Call("Add" | "sum", args):
                total = NO
                for arg in args:
                    total = total.plus(self._number(arg))
                return total
        raise NotImplementedError(f"not linear: {term}")

    def _truth_of(self, term: Term) -> Sum:
        match term:
            case Call(sign, (_, _)) if sign in TRUE_FOR:
                ways, total = dict(zip("<=>", self._ways_of(term), strict=True)), NO
                for way in TRUE_FOR[sign]:
                    total = total.plus(ways[way])
                return total
            case Call("And", args):
                return self._all(map(self._truth_of, args))
            case Call("Or", args):
                return self._any(map(self._truth_of, args))
            case Call("Not", (only,)):
                return self._truth_of(only).opposite
            case Call("implies", (if_, then)):
                return self._any((self._truth_of(if_).opposite, self._truth_of(then)))
            case Call("any_of" | "same", (CellRef(name), *words)):
                asked = set(map(_word, words))
                return sum_of(column for choice, column in self.picked[name].items() if choice in asked)
            case Call("whole", (CellRef(name),)):
                return self._figure(name).fraction.opposite
            case Call("number", (CellRef(name),)):
                return self._figure(name).number
            case Call("ends" | "says", _):
                return NO  # no name and no text of a solution does
            case Call("blank", (CellRef(name),)):
                return self._blank(name)
        raise NotImplementedError(f"not a truth: {term}")

    def _ways_of(self, test: Call) -> Ways:
        """How a comparison comes out."""
        left, right = test.args
        return self._ways(self._number(left).plus(self._number(right), -1))

    def _ways(self, sides: Sum) -> Ways:
        if len(sides.terms) == 1:  # a limit lies between what is usual and what is beyond it
            edge = abs(sides.terms[0][1]) * self.reach / 2
            sides = sides._replace(constant=max(-edge, min(edge, sides.constant)))
        if sides not in self.compared:
            least = sides.constant + sum(w * (self.low if w > 0 else self.high)[c] for c, w in sides.terms)
            most = sides.constant + sum(w * (self.high if w > 0 else self.low)[c] for c, w in sides.terms)
            less, same, more = (one(self._truth()) for _ in range(3))
            self._row(1, 1, less.plus(same).plus(more))
            self._row(-INFINITE, 0, sides.plus(less, float(FRACTION)).plus(more, -most))
            self._row(0, INFINITE, sides.plus(more, -float(FRACTION)).plus(less, -least))
            self.compared[sides] = (less, same, more)
        return self.compared[sides]

    # ------------------------------------------------------------ cases
    def _case(self, case: Case) -> int:
        """Whether a case fails: what it needs is there, it applies, and its test does not hold."""
        term, needs = case.test.term, case.needs
        if case.is_input and self.sound:
            return self._named(NO)
        if case.is_input:  # its formulas name another cell of the same kind
            term, needs = _about(term, case.at), (case.at,) * bool(needs)
        when = self._truth_of(case.when.term) if case.when else YES
        there = (self._figure(name).number for name in needs)
        return self._named(self._all((*there, when, self._truth_of(term).opposite)))

    def _told(self) -> list[int]:
        """Of a cell's own cases the check tells the first that fails; sums over a refused cell do not run."""
        told: dict[int, Sum] = {}
        refused: dict[str, list[Sum]] = {}
        for at, asked in self.rules.inputs.items():
            before: list[Sum] = []
            for n in asked.numbers:
                told[n] = self._all((one(self.fails[n]), *(b.opposite for b in before)))
                before.append(one(self.fails[n]))
                if self.rules.cases[n].rule.silences:
                    refused.setdefault(at, []).append(told[n])
        for n in self.rules.between:
            known = (r.opposite for name in self.rules.cases[n].needs for r in refused.get(name, ()))
            told[n] = self._all((one(self.fails[n]), *known))
        return [self._named(told[n]) for n in range(len(told))]

    def _by_rule(self, columns: Sequence[int]) -> dict[str, int]:
        """For each rule whether any of its cases is so."""
        mine: dict[str, list[int]] = {}
        for case, column in zip(self.rules.cases, columns, strict=True):
            mine.setdefault(case.rule.id, []).append(column)
        found = {rule: self._truth() for rule in mine}
        for rule, cases in mine.items():
            self._row(0, INFINITE, sum_of(cases).plus(one(found[rule]), -1))
            self._row(-INFINITE, 0, sum_of(cases).plus(one(found[rule]), -len(cases)))
        return found

    def _nil_returns(self) -> None:
        """Under a ticked nil return a blank cell of its table stands for 0, so none is left blank."""
        for option in self.form.options:
            for name in self.form.groups[option.nil] if option.nil else ():
                self._row(0, 1, self._figure(name).blank.plus(sum_of(self.picked[option.id].values())))


def one(column: int) -> Sum:
    return Sum(((column, 1.0),))


def sum_of(columns: Iterable[int]) -> Sum:
    return Sum(tuple((column, 1.0) for column in columns))


def follows(equation: Mapping[str, float], others: Iterable[Mapping[str, float]]) -> bool:
    """Whether an equation holds wherever the others do, for figures of any size that are not negative.

    The solver is asked for figures that break it, by 1 upwards or by 1 downwards.
    """
    cells = {name: n for n, name in enumerate(dict.fromkeys(n for e in (equation, *others) for n in e))}
    solver = silent()
    for _ in cells:
        solver.addVar(0, INFINITE)
    for terms, low, high in ((equation, 1, INFINITE), *((e, 0, 0) for e in others)):
        solver.addRow(low, high, len(terms), [cells[n] for n in terms], list(terms.values()))
    ended = []
    for low, high in ((1, INFINITE), (-INFINITE, -1)):
        solver.changeRowBounds(0, low, high)
        solver.run()
        ended.append(solver.getModelStatus())
    return ended == [highspy.HighsModelStatus.kInfeasible] * 2


def silent() -> Any:
    """A solver that prints nothing; one thread, as HiGHS refuses a second number of threads in a process."""
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    return solver


def _solver(programme: Programme) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(programme.low), len(programme.rows)
    lp.col_cost_ = [0.0] * lp.num_col_
    lp.col_lower_, lp.col_upper_ = programme.low, programme.high
    lp.row_lower_, lp.row_upper_ = ([row[side] for row in programme.rows] for side in (0, 1))
    kind = highspy.HighsVarType
    lp.integrality_ = [kind.kInteger if whole else kind.kContinuous for whole in programme.whole]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    terms = [row[2] for row in programme.rows]
    lp.a_matrix_.start_ = [0, *accumulate(map(len, terms))]
    lp.a_matrix_.index_ = [column for row in terms for column, _ in row]
    lp.a_matrix_.value_ = [weight for row in terms for _, weight in row]
    solver = silent()
    # A comparison's columns weigh up to the largest sum: the usual 0.000001 of that would be a figure.
    solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
    solver.passModel(lp)
    return solver


def _true(truth: Sum, solution: Solution) -> bool:
    return truth.constant + sum(weight * solution[column] for column, weight in truth.terms) > 0.5


def _chosen(columns: Mapping[str, int], solution: Solution) -> str | None:
    return next((choice for choice, column in columns.items() if solution[column] > 0.5), None)


def _about(term: Term, name: str) -> Term:
    """The same expression about another cell."""
    match term:
        case CellRef():
            return CellRef(name)
        case Call(meaning, args):
            return Call(meaning, tuple(_about(arg, name) for arg in args))
    return term


def _usual(rules: Rules) -> dict[str, float]:
    """How far each cell is tried: well beyond the largest constant in a comparison that names it."""
    found: dict[str, float] = {}
    for term in (term for case in rules.cases for term in _parts_of(case)):
        if isinstance(term, Call) and term.name in TRUE_FOR:
            parts = list(_parts(term))
            constants = (abs(part) for part in parts if isinstance(part, Decimal))
            most = max((n + min(n, LEAST) for n in constants if n < COMMON), default=0)
            for name in (part.name for part in parts if isinstance(part, CellRef)):
                found[name] = float(max(found.get(name, LEAST), most))
    return found


def _limits(rules: Rules) -> dict[str, Decimal]:
    """The largest figure that a cell's own cases name, where it is a limit."""
    found: dict[str, Decimal] = {}
    for case in rules.cases:
        if case.is_input:
            found[case.at] = max(found.get(case.at, Decimal(0)), *_constants(case), Decimal(0))
    return {name: limit for name, limit in found.items() if limit >= COMMON}


def _parts_of(case: Case) -> Iterator[Term]:
    for formula in (case.test, *((case.when,) if case.when else ())):
        yield from _parts(formula.term)


def _parts(term: Term) -> Iterator[Term]:
    yield term
    for arg in term.args if isinstance(term, Call) else ():
        yield from _parts(arg)


def _about_kind(case: Case) -> Iterator[tuple[Term, ...]]:
    """The words that a case compares the kind of unit with."""
    for term in _parts_of(case):
        match term:
            case Call(_, (CellRef("kind"), *words)) if words:
                yield tuple(words)


def _word(term: Term) -> str:
    assert isinstance(term, TextLiteral)
    return term.text


def _constants(case: Case) -> list[Decimal]:
    return [abs(part) for part in _parts_of(case) if isinstance(part, Decimal)]
