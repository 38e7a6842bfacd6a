"""The catalogue: every case is exact, every rule can fail, every sentence stands on its test."""

import re

import pytest
from cases import cases, run

from xlcheck import data
from xlcheck.core.formula import FormulaError
from xlcheck.core.grid import FormError
from xlcheck.core.rules import read_rules, rule_of
from xlcheck.editions import edition_named, raw_rules

CASES = cases()
RULES = [rule_of(raw) for raw in raw_rules()]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.why)
def test_a_case_finds_exactly_what_it_says(case):
    assert sorted(f"{f.rule} {f.at}" for f in run(case).findings) == sorted(case.expect)


@pytest.mark.parametrize("case", [c for c in CASES if c.advice or c.fix is not None], ids=lambda c: c.why)
def test_a_case_is_told_what_to_type(case):
    (finding,) = run(case).findings
    told = (finding.fix.to if finding.fix else None, case.advice in finding.advice)
    assert told == (case.fix, True)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_has_a_case_that_breaks_it(rule):
    assert [c.why for c in CASES if any(e.startswith(rule.id) for e in c.expect)]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_is_complete(rule):
    said = (rule.title, rule.where, rule.sound, rule.message, rule.advice, rule.why, rule.legal)
    assert all(said)
    assert bool(rule.test) != bool(rule.check)
    assert rule.severity in ("error", "warning", "info")


@pytest.mark.parametrize("rule", [r for r in RULES if r.test], ids=lambda r: r.id)
def test_every_placeholder_of_a_message_is_in_the_test(rule):
    shown = set(re.findall(r"\{(\w+)\}", rule.message)) - {"edition"}
    words = set(re.findall(r"[a-z_]\w*", f"{rule.test} {rule.when}"))
    assert {name.removesuffix("_label") for name in shown} <= words


def test_ids_are_unique_and_in_order_of_sheet():
    ids = [r.id for r in RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"R\d{3}", i) for i in ids)


@pytest.mark.parametrize(("name", "count"), [("2019", 40), ("2021", 42)])
def test_the_edition_has_its_number_of_equations(name, count):
    equations = [c for c in edition_named(name).rules.cases if c.rule.id in ("R301", "R302", "R303", "R401")]
    assert len(equations) == count


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"test": "t3.new.total ** 2 == 4"}, "not part of the rule language"),
        ({"test": "__import__('os')"}, "not part of the rule language"),
        ({"test": "t3.new.nobody == 0"}, "has no 't3.new.nobody'"),
        ({"test": "t3.denied.total == 0"}, "write sum"),
        ({"test": "t3.new.total =="}, "invalid syntax"),
    ],
)
def test_what_the_language_lacks_is_refused_when_rules_are_loaded(change, wrong):
    raw = data.toml("rules")
    bad = {**raw["rule"][0], "each": {}, "id": "R999", **change}
    with pytest.raises((FormulaError, FormError), match=wrong):
        read_rules({**raw, "rule": [bad]}, edition_named("2021").form)


def test_what_ran_is_told_for_every_rule():
    case = next(c for c in CASES if c.expect == ())
    result = run(case)
    assert [r.rule for r in result.ran] == [r.id for r in edition_named(case.edition).rules.rules]
