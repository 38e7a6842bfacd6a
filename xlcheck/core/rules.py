"""The rules in force for one edition, and their cases: one for every row or field that ``each`` names."""

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from xlcheck.core.formula import Call, Entry, Formula, Lookup
from xlcheck.data.policy import Reminding
from xlcheck.data.rules import Mistyped, Rule

COVER = ("unit", "year", "kind", "contact")
LAST = "last."
KEPT = 4096  # entries remembered: most are 0


class Case(NamedTuple):
    """One rule at one place: its formulas, the place to blame, and the words of its message.

    A rule about number cells by themselves (``is_input``) is parsed once: whatever cell its formulas name,
    they are asked about the one at ``at``.
    """

    rule: Rule
    at: str
    test: Formula
    when: Formula | None
    say: Mapping[str, Formula]  # what the message's placeholders stand for
    labels: Mapping[str, str]
    needs: tuple[str, ...]  # the cells without whose figures it cannot run, of this year and of last year
    is_input: bool  # whether it looks at one number cell alone, before any sum
    compared: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of this year that the test compares."""
        return (self.at,) if self.is_input else self.compared


NEVER = Formula("0 == 1", Call("Eq", (Decimal(0), Decimal(1))), (), ())


class CellChecks(NamedTuple):
    """The cases that look at one number cell alone, by their place among all cases, in order.

    ``first`` says which of them an entry breaks first; it is asked the same of most cells, so it remembers.
    """

    numbers: tuple[int, ...]
    first: Callable[[Entry], int | None]


class Rules:
    """The catalogue for one edition: its rules in order, and their cases. An id is only a name."""

    def __init__(
        self,
        rules: tuple[Rule, ...],
        cases: tuple[Case, ...],
        typed: tuple[Mistyped, ...],
        off: frozenset[str] = frozenset(),
    ) -> None:
        self.rules, self.cases, self.typed, self.off = rules, cases, typed, off

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each rule in the catalogue, by id."""
        return {rule.id: n for n, rule in enumerate(self.rules)}

    @cached_property
    def inputs(self) -> Mapping[str, CellChecks]:
        """What is asked of each number cell by itself."""
        numbers: dict[str, list[int]] = {}
        for n, case in enumerate(self.cases):
            if case.is_input:
                numbers.setdefault(case.at, []).append(n)
        return {
            at: CellChecks(tuple(mine), _asking(*(self.cases[n].test.value for n in mine)))
            for at, mine in numbers.items()
        }

    @cached_property
    def between(self) -> tuple[int, ...]:
        """The places of the cases that are about more than one number cell."""
        return tuple(n for n, case in enumerate(self.cases) if not case.is_input)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many cases each rule has."""
        return Counter(case.rule.id for case in self.cases)

    @property
    def unfilled(self) -> str:
        """The rule that a cell not yet filled breaks, and nothing else does."""
        return next(r.id for r in self.rules if r.unfilled)

    def of(self, rule_id: str) -> Rule:
        return self.by_id[rule_id]

    def before(self, one: str, other: str) -> bool:
        """Whether one rule stands before another in the catalogue."""
        return self.order[one] < self.order[other]

    def leads(self, rule: Rule) -> bool:
        """Whether it is the first of the rules that break from the same cause."""
        return not any(self.before(other, rule.id) for other in rule.beside)

    def under(self, severity: Mapping[str, Reminding], titles: Mapping[str, str] = {}) -> "Rules":
        """The same catalogue with a county's reminders, by rule; one that is off applies nowhere.

        An error stays one: who reads the policy refuses another word for it. ``titles``, by check, are of
        what asks for more than it says.
        """
        given = {r.id: severity[r.id] for r in self.rules if r.id in severity and r.severity != "error"}
        off = frozenset(i for i, word in given.items() if word == "off")
        named = [r._replace(title=titles[r.check]) if r.check in titles else r for r in self.rules]
        rules = {r.id: _given(r, given.get(r.id, "off")) for r in named}
        cases = (case._replace(rule=rules[case.rule.id]) for case in self.cases)
        quiet = tuple(c._replace(when=NEVER, needs=()) if c.rule.id in off else c for c in cases)
        return Rules(tuple(rules.values()), quiet, self.typed, off)


def _given(rule: Rule, word: Reminding) -> Rule:
    return rule if word == "off" else rule._replace(severity=word)


@cache
def _asking(*tests: Callable[[Lookup], Any]) -> Callable[[Entry], int | None]:
    """Which test an entry breaks first; each asks about one cell only, whatever name it calls it by."""

    @lru_cache(KEPT)
    def first(entry: Entry) -> int | None:
        return next((n for n, test in enumerate(tests) if not test(lambda _: entry)), None)

    return first
