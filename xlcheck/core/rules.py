"""Rules as data, and their cases: a rule with ``each`` is one case for every row, column or field."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import Any, NamedTuple

from xlcheck.core.form import TABLES, TEXTS, Form
from xlcheck.core.formula import Entry, Formula, FormulaError, Lookup, parse
from xlcheck.core.grid import FormError

COVER = ("unit", "year", "kind", "contact")
LAST = "last."
KEPT = 4096  # entries remembered: most are 0


class Rule(NamedTuple):
    """One check: what must hold, what the clerk reads when it does not, and why (STYLE §11)."""

    id: str
    title: str
    severity: str
    sheet: str
    where: str
    sound: str
    message: str
    advice: str
    why: str
    legal: str
    test: str = ""
    check: str = ""
    when: str = ""
    each: Mapping[str, str | list[str]] = {}
    let: Mapping[str, str] = {}
    together: str = ""
    beside: tuple[str, ...] = ()
    open: bool | str = False
    silences: bool = False
    carries: bool = False
    explainable: bool = False
    needs: str = ""
    since: int = 0
    until: int = 9999

    @property
    def takes_answer(self) -> bool:
        """Whether a 说明 settles it: always for a warning, for an error only where practice allows it."""
        return self.severity != "error" or self.explainable


class Mistyped(NamedTuple):
    """What is often typed where a number belongs, and what to type instead."""

    pattern: str
    advice: str
    number: bool = False
    zero: bool = False
    unless: str = ""


class Case(NamedTuple):
    """One rule at one place: its formulas, the place to blame, and the words of its message.

    A rule about number cells by themselves (``is_input``) is parsed once: whatever cell its formulas name,
    they are asked about the one at ``at``.
    """

    rule: Rule
    at: str
    test: Formula
    when: Formula | None
    speak: Callable[[], Mapping[str, Formula]]
    labels: Mapping[str, str]
    needs: tuple[str, ...]  # the cells without whose figures it cannot run, of this year and of last year
    is_input: bool  # whether it looks at one number cell alone, before any sum

    @property
    def say(self) -> Mapping[str, Formula]:
        """What the message's placeholders stand for; read only when there is something to say."""
        return self.speak()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of this year that the test compares."""
        if self.is_input:
            return (self.at,)
        return tuple(c for c in self.test.cells if c.startswith(TABLES))


class CellChecks(NamedTuple):
    """The cases that look at one number cell alone, by their place among all cases, in order.

    ``first`` says which of them an entry breaks first; it is asked the same of most cells, so it remembers.
    """

    numbers: tuple[int, ...]
    first: Callable[[Entry], int | None]


class Rules:
    """The catalogue for one edition: its rules in order, and their cases."""

    def __init__(self, rules: tuple[Rule, ...], cases: tuple[Case, ...], typed: tuple[Mistyped, ...]) -> None:
        self.rules, self.cases, self.typed = rules, cases, typed

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
        return next(r.id for r in self.rules if r.open and r.silences)

    def of(self, rule_id: str) -> Rule:
        return next(r for r in self.rules if r.id == rule_id)


@cache
def _asking(*tests: Callable[[Lookup], Any]) -> Callable[[Entry], int | None]:
    """Which test an entry breaks first; each asks about one cell only, whatever name it calls it by."""

    @lru_cache(KEPT)
    def first(entry: Entry) -> int | None:
        return next((n for n, test in enumerate(tests) if not test(lambda _: entry)), None)

    return first


def read_rules(raw: Mapping[str, Any], form: Form) -> Rules:
    """Expand the catalogue for one edition; refuse what the language or the form does not have.

    Raises FormulaError or FormError.
    """
    rules = tuple(rule_of(r) for r in raw["rule"])
    mine = tuple(r for r in rules if r.since <= form.last_year and form.first_year <= r.until)
    words = {name: tuple(kinds) for name, kinds in raw["words"].items()}
    cases = tuple(case for rule in mine if rule.test for case in _cases(rule, form, words))
    return Rules(mine, cases, tuple(Mistyped(**t) for t in raw["typed"]))


def rule_of(raw: Mapping[str, Any]) -> Rule:
    return Rule(**{**raw, "beside": tuple(raw.get("beside", ()))})


def _cases(rule: Rule, form: Form, words: Mapping[str, tuple[str, ...]]) -> Iterator[Case]:
    names = list(rule.each)
    if names == ["x"] and (asked := _each(rule.each["x"], form))[0] in form.fields:
        # The same question asked of many number cells is read once, and asked of each as it stands.
        first = _case(rule, form, {"x": asked[0]}, words)
        yield from (first._replace(at=x) for x in asked)
        return
    for choice in product(*(_each(rule.each[n], form) for n in names)):
        bound = dict(zip(names, choice, strict=True))
        try:
            yield _case(rule, form, bound, words)
        except (FormulaError, FormError, SyntaxError) as wrong:
            raise FormulaError(f"{rule.id}: {wrong}") from wrong


def _case(
    rule: Rule,
    form: Form,
    bound: dict[str, str],
    words: Mapping[str, tuple[str, ...]],
) -> Case:
    let = {name: _fill(text, bound) for name, text in rule.let.items()} | bound | _years(form)
    spoken = frozenset((*COVER, *TEXTS, *(o.id for o in form.options)))

    def read(text: str) -> Formula:
        return parse(_fill(text, bound), _members(form), spoken, let, words)

    @cache
    def speak() -> dict[str, Formula]:
        return {name: read(name) for name in _placeholders(rule.message) if name in let or name in spoken}

    test = read(rule.test)
    labels = {f"{n}_label": form.labels.get(v, v) for n, v in bound.items()} | {"edition": form.edition}
    at = next((c for c in test.cells if not c.startswith(LAST)), "")
    when = read(text) if (text := _when(rule, form)) else None
    needs = tuple(dict.fromkeys((*test.needs, *(when.needs if when else ()))))
    return Case(rule, at, test, when, speak, labels, needs, "x" in rule.each and at.startswith(TABLES))


def _when(rule: Rule, form: Form) -> str:
    """When the rule applies; one that came or went within the edition only in its years."""
    if form.first_year >= rule.since and rule.until >= form.last_year:
        return rule.when
    years = f"given(year) == 0 or given(year) >= {rule.since} and given(year) <= {rule.until}"
    return f"({rule.when}) and ({years})" if rule.when else years


def _years(form: Form) -> dict[str, str]:
    return {"first_year": str(form.first_year), "last_year": str(form.last_year)}


def _members(form: Form) -> Callable[[str], tuple[str, ...]]:
    def members(name: str) -> tuple[str, ...]:
        if name.startswith(LAST):
            return tuple(LAST + n for n in form.members(name.removeprefix(LAST)))
        return form.members(name)

    return members


def _each(spec: str | list[str], form: Form) -> list[str]:
    """``t3.rows`` and ``t3.columns`` are the table's leaves; other words are kinds of fields."""
    if isinstance(spec, list):
        return spec
    if spec == "fields":
        return list(form.fields)
    if spec.startswith(TABLES):
        table, _, axis = spec.partition(".")
        mine = [f for f in form.fields.values() if f.table == table]
        return list(dict.fromkeys(f.row.id if axis == "rows" else f.column.id for f in mine))
    kinds = {word.removesuffix("s") for word in spec.split()}
    return [f.name for f in form.fields.values() if f.kind in kinds]


def _fill(text: str, bound: Mapping[str, str]) -> str:
    for name, value in bound.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _placeholders(message: str) -> list[str]:
    return [part.partition("}")[0] for part in message.split("{")[1:]]
