"""The rules as a system: all can be met, none is idle, each can fail alone, no advice contradicts another.

Sums, limits and conditions are an integer programme (``programme.py``), for every edition and every kind of
unit; what the solver finds is tried by the real check. Rules about words, dates and the file are tried by a
generated filing each, and advice by obeying it (``obeying.py``).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import test_claims
from by_name import judge
from cases import SEEN, cases, edited
from obeying import Clerk
from programme import Bounds, Programme, follows

from xlcheck import data
from xlcheck.core.check import check
from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.finding import Finding
from xlcheck.core.rulebook import read_rules
from xlcheck.data.rules import rules as catalogue
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named, rulebook

EDITIONS = data.editions()
KINDS = workbook().cover["kind"].choices
EVERYWHERE = [(name, kind) for name in EDITIONS for kind in KINDS]
RAW = tomllib.loads(Path(__file__).with_name("rule_system.toml").read_text(encoding="utf-8"))
BREAKS: dict[str, dict[str, Any]] = {raw["rule"]: raw for raw in RAW["break"]}
FALSE, TRUE = (0, 0), (1, 1)

# What follows from other rules and stands all the same, with its reason.
REDUNDANT_RULES = {
    "R101": "a blank is no number either (R102); but what is not yet filled in is not yet wrong",
}
REDUNDANT_EQUATIONS = {
    ("R302", "t3.sum.total"): "the column of totals adds up where all rows (R301) and other columns do",
    ("R303", "t3.sum.total"): "the same; both stay so that a wrong total is seen, and found, at the total",
}
# Asked of the unit's name, which no solution has; cases.toml tries it.
OF_NAMES = {"R115"}
# Advice that cannot all be followed, with the reason why it stands.
CONTRARY = {
    ("R209", "R214"): "a unit without such powers that had decisions last year hears one or other hint",
}
# Advice that does not settle a case, with the reason.
UNSETTLED = {
    ("上年结转下来 2 件，今年的上年结转填了 1 件", "R304"): "the case's last year does not add up in itself",
}

Tried = list[tuple[str, str, set[str]]]  # the filing, the rule, and what comes back once it was obeyed
Findings = Sequence[Finding]
Equations = Mapping[tuple[str, str], Mapping[str, float]]


class Made(NamedTuple):
    """What the solver found, as a filing and last year's; ``true`` are the columns that are 1."""

    filing: Filing
    last: Filing
    true: frozenset[int]

    def of(self, kind: str) -> "Made":
        """The same figures from another kind of unit."""
        return self._replace(filing=self.filing._replace(kind=kind))


@cache
def programme(name: str, sound: bool = True) -> Programme:
    made = edition_named(name)
    return Programme(made.form, made.rules, KINDS, sound)


def planted(**rule: Any) -> Programme:
    """The catalogue of the latest edition with one rule more."""
    form, book = edition_named(EDITIONS[-1]).form, rulebook()
    model = next(r for r in book.rule if r.test)
    new = model._replace(
        **{
            "each": {},
            "silences": False,
            "unfilled": False,
            "together": "",
            "message": "",
            "id": "R999",
            **rule,
        }
    )
    return Programme(form, read_rules(book._replace(rule=(*book.rule, new)), form), KINDS, sound=True)


def about(model: Programme, *severities: str) -> list[str]:
    """The rules with a test, all or of some severities; the others ask what no figure says."""
    asked = (r for r in model.rules.rules if r.test and r.id not in OF_NAMES)
    return [r.id for r in asked if not severities or r.severity in severities]


def errors(model: Programme) -> list[str]:
    return about(model, "error")


def reminders(model: Programme) -> list[str]:
    return about(model, "warning", "info")


def held(model: Programme, rules: Iterable[str]) -> Bounds:
    return {model.rule_fails[rule]: FALSE for rule in rules}


def made(
    model: Programme, bounds: Bounds, most: Iterable[int] = (), fewest: Iterable[int] = ()
) -> Made | None:
    """What the solver makes within bounds, where the check must tell what the programme says it does.

    Texts are there or not; what they say comes later.
    """
    solution = model.solve(bounds, tuple(most), tuple(fewest))
    if solution is None:
        return None
    filing, last = model.filing(solution, {"unit": "-"} | RAW["sound"])
    this = Made(filing, last, frozenset(n for n, value in enumerate(solution) if value > 0.5))
    assert told(model, this) == {rule for rule, column in model.rule_told.items() if column in this.true}
    return this


def told(model: Programme, this: Made) -> set[str]:
    """The rules that the check finds broken."""
    return {r.rule for r in check(model.form, model.rules, this.filing, this.last).ran if r.failed}


# ---------------------------------------------------------------- all can be met
def conflict(model: Programme, bounds: Bounds, rules: Iterable[str]) -> tuple[str, ...]:
    """The fewest of some rules that no filing within bounds meets together; none where all can be met."""
    left = list(rules)
    if model.solve({**bounds, **held(model, left)}):
        return ()
    for rule in reversed(left):
        fewer = [r for r in left if r != rule]
        if not model.solve({**bounds, **held(model, fewer)}):
            left = fewer
    return tuple(left)


@cache
def sound(name: str, kind: str) -> Made:
    """Figures that meet every rule, something behind each that is spoken of, and texts that tell them."""
    model = programme(name)
    bounds = {model.column(field): (least, 99) for field, least in RAW["least"].items()}
    bounds |= {model.column("year"): (model.form.first_year + 1,) * 2, **model.of_kind(kind)}
    bounds |= dict.fromkeys(model.known_last(), TRUE)
    this = made(model, {**bounds, **held(model, about(model))})
    assert this, conflict(model, bounds, about(model))
    filing = this.filing._replace(unit=RAW["unit"][kind][0], notes=SEEN)
    texts = {at: filled(text, filing) for at, text in RAW["sound"].items()}
    return this._replace(filing=filing._replace(texts=texts))


def stands(kind: str | None) -> set[str]:
    """The rules that such a unit breaks whatever it reports."""
    return {rule for rule, raw in BREAKS.items() if kind in raw.get("stands", ())}


@pytest.mark.parametrize(("name", "kind"), EVERYWHERE)
def test_all_rules_can_be_met_together(name: str, kind: str) -> None:
    this = sound(name, kind)
    found = {f.rule for last in (this.last, None) for f in judge(this.filing, last).findings}
    assert found == stands(kind)


def test_rules_that_cannot_be_met_together_are_noticed() -> None:
    model = planted(severity="error", test="t3.sum.natural > t3.new.natural + t3.carry_in.natural")
    assert conflict(model, {}, errors(model)) == ("R303", "R999")


@pytest.mark.parametrize("name", EDITIONS)
def test_the_sound_programme_leaves_out_only_what_errors_forbid(name: str) -> None:
    """Blanks, texts, fractions of a count and figures beyond the limits."""
    model = programme(name, sound=False)
    cells = [(field, model.figures[field.name]) for field in model.form.fields.values()]
    numbers = [cell.number.terms[0][0] for _, cell in cells]
    odd = [column for field, cell in cells for column in cell.odd(field.kind)]
    bounds = held(model, errors(model))
    most, fewest = made(model, bounds, most=odd), made(model, bounds, fewest=numbers)
    assert most
    assert fewest
    assert (most.true & set(odd), set(numbers) - fewest.true) == (set(), set())


# ---------------------------------------------------------------- none is idle, each can be told alone
def redundant(model: Programme, rules: Iterable[str]) -> set[str]:
    """Which of some error rules follow from all others, for some kind of unit or for every one."""
    found = set()
    for kinds in model.kinds_alike(errors(model)):
        for rule in rules:
            others = held(model, (r for r in errors(model) if r != rule))
            if not model.solve({**model.of_kind(kinds[0]), **others, model.rule_fails[rule]: TRUE}):
                found.add(rule)
    return found


def idle(equations: Equations) -> set[tuple[str, str]]:
    """The equations that follow from others, those listed aside."""
    rest = equations.keys() - REDUNDANT_EQUATIONS.keys()
    return {
        key for key, terms in equations.items() if follows(terms, [equations[k] for k in rest if k != key])
    }


@pytest.mark.parametrize("name", EDITIONS)
def test_no_error_follows_from_the_others(name: str) -> None:
    model, any_cells = programme(name), programme(name, sound=False)
    cells = {case.rule.id for case in model.rules.cases if case.is_input}
    found = redundant(any_cells, cells) | redundant(model, set(errors(model)) - cells)
    assert found == set(REDUNDANT_RULES)


@pytest.mark.parametrize("name", EDITIONS)
def test_no_equation_follows_from_the_others(name: str) -> None:
    shared = {
        rule.id for rule in catalogue().rule
    }  # an edition's own sums may check each other, to name a cell
    assert {(r, at) for r, at in idle(programme(name).equations()) if r in shared} == set(REDUNDANT_EQUATIONS)


def test_a_redundant_rule_is_noticed() -> None:
    model = planted(severity="error", test="t3.granted.natural <= t3.sum.natural")
    assert redundant(model, ["R302", "R303", "R999"]) == {"R999"}


def test_a_redundant_equation_is_noticed() -> None:
    test = "t3.sum.natural - t3.carry_in.natural == t3.new.natural - t3.carry_out.natural"
    found = idle(planted(severity="error", test=test).equations())
    assert found - set(REDUNDANT_EQUATIONS) == {("R303", "t3.sum.natural"), ("R999", "t3.sum.natural")}


def dead(model: Programme, rules: Iterable[str]) -> set[tuple[str, str]]:
    """The cases of some rules that hold wherever all other rules do: asked at that place for nothing."""
    found = set()
    for rule in rules:
        mine = {model.fails[n]: model.rules.cases[n] for n in model.rules.between}
        mine = {column: case for column, case in mine.items() if case.rule.id == rule}
        others = held(model, (r for r in about(model) if r != rule))
        left = set(mine).difference(*(this.true for this in covered(model, others, set(mine))))
        found |= {(rule, mine[column].at) for column in left}
    return found


@pytest.mark.parametrize("name", EDITIONS)
def test_no_rule_between_figures_is_asked_anywhere_for_nothing(name: str) -> None:
    model = programme(name)
    assert dead(model, about(model)) == set()


def test_a_question_for_nothing_is_noticed() -> None:
    each = {"row": ["granted", "carry_in"]}
    model = planted(severity="warning", each=each, test="t3.{row}.natural <= t3.sum.natural")
    assert dead(model, ["R999"]) == {("R999", "t3.granted.natural")}


def alone(model: Programme, rule: str, among: Iterable[str], kind: str = "") -> Made | None:
    """A filing of which the check tells this rule and no other among some; of any kind if none is named."""
    bounds = {model.rule_told[r]: TRUE if r == rule else FALSE for r in among}
    return made(model, bounds | (model.of_kind(kind) if kind else {}))


@pytest.mark.parametrize(("name", "rule"), [(n, rule) for n in EDITIONS for rule in errors(programme(n))])
def test_each_error_can_be_told_alone(name: str, rule: str) -> None:
    """By the check itself, for every kind of unit."""
    model = programme(name, sound=False)
    for kinds in model.kinds_alike(errors(model)):
        this = alone(model, rule, errors(model), kinds[0])
        assert this
        found = [told(model, this.of(kind)) & set(errors(model)) for kind in kinds]
        assert found == [{rule}] * len(kinds)


@pytest.mark.parametrize(("name", "rule"), [(n, rule) for n in EDITIONS for rule in reminders(programme(n))])
def test_each_reminder_can_be_all_there_is_to_tell(name: str, rule: str) -> None:
    model = programme(name)
    this = alone(model, rule, about(model))
    assert this
    assert told(model, this) == {rule}


def test_an_error_that_never_comes_alone_is_noticed() -> None:
    model = planted(severity="error", test="t3.granted.natural <= t3.sum.natural")
    assert alone(model, "R999", errors(model)) is None


# ---------------------------------------------------------------- no advice contradicts another
def covered(model: Programme, bounds: Bounds, wanted: set[int]) -> Iterator[Made]:
    """Filings within bounds in which every one of these columns is true that can be."""
    while wanted and (new := made(model, bounds, most=wanted)) and new.true & wanted:
        yield new
        wanted = wanted - new.true


def contradictions(model: Programme, rules: Iterable[str]) -> set[tuple[str, ...]]:
    """Reminders that can each be met where something is so, say where a fee was charged, but not together.

    Every outcome of every comparison in these rules, and every choice they ask about, is looked for in a
    filing that meets all rules, for every kind of unit. Where there is none, one reminder alone must forbid
    it; or else what several advise is contrary.
    """
    asked = {c for case in model.rules.cases if case.rule.id in set(rules) for c in model.asked(case)}
    possible = asked & {c for this in covered(model, held(model, errors(model)), asked) for c in this.true}
    pool: list[Made] = []
    found: dict[int, tuple[str, ...]] = {}
    for kind, *_ in model.kinds_alike(about(model)):
        pool = [this.of(kind) for this in pool]
        left = possible.difference(*(this.true for this in pool if not told(model, this)))
        new = list(covered(model, {**model.of_kind(kind), **held(model, about(model))}, left))
        pool += new
        for column in left.difference(*(this.true for this in new)):
            known = [rules for c, rules in found.items() if c == column or len(rules) > 1]
            found[column] = forbidding(model, {**model.of_kind(kind), column: TRUE}, known)
    return {rules for rules in found.values() if len(rules) > 1}


def forbidding(model: Programme, bounds: Bounds, known: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The fewest reminders that forbid what is so beside the errors: some of those known, one, or several."""
    here = {**bounds, **held(model, errors(model))}
    for rules in dict.fromkeys(known):
        if not model.solve({**here, **held(model, rules)}):
            return rules
    few = made(model, here, fewest=held(model, reminders(model)))
    assert few, "what errors forbid is not asked"
    for rule in (r for r in reminders(model) if model.rule_fails[r] in few.true):
        if not model.solve({**here, **held(model, [rule])}):
            return (rule,)
    return conflict(model, here, reminders(model))


def test_no_advice_contradicts_another() -> None:
    models = map(programme, EDITIONS)
    assert set().union(*(contradictions(model, reminders(model)) for model in models)) == set(CONTRARY)


def test_contradicting_advice_is_noticed() -> None:
    test = "t2.normative.valid < t2.normative.made - t2.normative.repealed"
    model = planted(severity="warning", when="t2.fees.amount > 0", test=test)
    assert contradictions(model, ["R999"]) == {("R202", "R999")}


# ---------------------------------------------------------------- words, dates and the file
def filled(text: str, filing: Filing) -> str:
    return re.sub(r"\{([^{}]+)\}", lambda found: word(found[1], filing), text)


def word(name: str, filing: Filing) -> str:
    """What a placeholder stands for: a word of the filing, or the sum of a cell's or group's figures."""
    form, year, kind = edition_named(filing.edition).form, int(str(filing.year)), str(filing.kind)
    others = (edition_named(e).form.notice for e in EDITIONS if e != filing.edition)
    known = {
        "year": year, "next": year + 1, "before": year - 1, "far": 987654, "unit": filing.unit,
        "self": RAW["unit"][kind][1], "another": RAW["another"].get(kind, RAW["another"][""]),
        "notice": form.notice, "other_notice": next(others), "long": RAW["another"]["long"] * 200,
    }  # fmt: skip
    if name in known:
        return str(known[name])
    figures = (Decimal(str(filing.values[cell])) for cell in form.members(name.removesuffix("+")))
    return figure_text(sum(figures, Decimal(name.endswith("+"))))


def broken(this: Made, raw: Mapping[str, Any]) -> Made:
    """The filing with the edit that breaks a rule."""
    filing, texts = this.filing, dict(this.filing.texts)
    edit: dict[str, Any] = {}
    for place, new in raw.get("edit", {}).items():
        at, _, old = (filled(part, filing) for part in place.partition(":"))
        new = filled(new, filing) if isinstance(new, str) else new
        assert old in texts.get(at, ""), place
        edit[at] = edit.get(at, texts[at]).replace(old, new) if old else new
    notes = {check: (tuple(found),) for check, found in raw.get("note", {}).items()}
    last = this.last._replace(texts=texts if raw.get("copied") else {})
    return this._replace(filing=edited(filing._replace(notes=SEEN | notes), edit), last=last)


def generated(rule: str) -> Iterator[Made]:
    """A filing with the edit that breaks a rule, of every edition that has it and every kind of unit."""
    for name, kind in EVERYWHERE:
        if rule in {r.id for r in edition_named(name).rules.rules}:
            yield broken(sound(name, kind), BREAKS[rule])


@pytest.mark.parametrize("name", EDITIONS)
def test_every_rule_without_a_test_is_broken_by_a_generated_filing(name: str) -> None:
    assert {r.id for r in edition_named(name).rules.rules if not r.test} <= set(BREAKS)


def due(rule: str, kind: str | None) -> set[str]:
    """What is found in the filing that breaks a rule."""
    raw = BREAKS[rule]
    return stands(kind) | ({rule, *raw.get("with", ())} if kind not in raw.get("never", ()) else set())


@pytest.mark.parametrize("rule", BREAKS)
def test_each_rule_about_words_dates_and_the_file_can_be_broken(rule: str) -> None:
    filings = [(this.filing, this.last) for this in generated(rule)]
    found = [(f.edition, f.kind, {g.rule for g in judge(f, last).findings}) for f, last in filings]
    assert found == [(f.edition, f.kind, due(rule, f.kind)) for f, _ in filings]


# ---------------------------------------------------------------- advice, obeyed
def clerk(name: str, how: Mapping[str, Any] = RAW["obey"]) -> Clerk:
    return Clerk(
        programme(name), how, RAW["unit"], RAW["body"], lambda filing, at: filled(RAW["sound"][at], filing)
    )


def tried(why: str, filing: Filing, last: Filing | None, by: Clerk) -> Tried:
    """Each piece of advice for a filing, followed, and then whatever else is advised until nothing is."""
    findings = judge(filing, last).findings
    return [
        (why, finding.rule, least(followed(way, last, by, [finding]) for way in ways))
        for finding in findings
        for ways in [*by.ways(filing, last, finding, findings)] or [[]]
    ]


def followed(filing: Filing, last: Filing | None, by: Clerk, before: Findings) -> set[str]:
    """What comes back although its advice was followed: then some other advice is contrary to it."""
    found = [f for f in judge(filing, last).findings if not f.answer]
    again = {f"{f.rule} {f.at}" for f in found} & {f"{f.rule} {f.at}" for f in before}
    if again or not found:
        return again
    ways = next(by.ways(filing, last, found[0], found), [])
    return least(followed(way, last, by, [*before, found[0]]) for way in ways)


def least(outcomes: Iterable[set[str]]) -> set[str]:
    """The best of several ways; the first that leaves nothing is enough."""
    best = {"no way is told"}
    for outcome in outcomes:
        best = outcome
        if not outcome:
            break
    return best


@cache
def obeyed() -> Tried:
    """The advice for every case of the catalogue and of the texts, and for some of the filings made here."""
    given = [(case.why, case.filing, case.last) for case in cases()]
    given += [(raw["why"], test_claims.report(raw.get("edit", {})), None) for raw in test_claims.CASES]
    given += [(raw["why"], test_claims.report({}, raw), None) for raw in test_claims.COVERS]
    for n, rule in enumerate(BREAKS):
        given += [(rule, this.filing, this.last) for this in islice(generated(rule), n % 5, None, 5)]
    return [one for why, filing, last in given for one in tried(why, filing, last, clerk(filing.edition))]


def test_what_is_advised_can_be_done_and_brings_nothing_contrary() -> None:
    assert {(why, rule) for why, rule, wrong in obeyed() if wrong} == set(UNSETTLED)


def test_all_advice_is_tried() -> None:
    assert len(obeyed()) >= 393


def test_advice_that_brings_its_own_finding_is_noticed() -> None:
    this = broken(sound(EDITIONS[-1], KINDS[0]), BREAKS["R646"])
    contrary = clerk(EDITIONS[-1], {**RAW["obey"], "R646": RAW["wrong"]})
    assert tried("", this.filing, None, contrary) == [("", "R646", {"R646 s5"})]
