"""The catalogue: every case is exact, every rule can fail, every sentence stands on its test."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cases import cases, run

from xlcheck import cli
from xlcheck.core.form import Form
from xlcheck.core.formula import FormulaError
from xlcheck.core.rulebook import read_rules
from xlcheck.core.rules import Rules
from xlcheck.data.form import form_file
from xlcheck.data.rules import TEXT_WORDS, rules
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition, edition_named, rulebook
from xlcheck.judge import judge

CASES = cases()
RULES = rulebook().rule


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


@pytest.mark.parametrize("case", [c for c in CASES if c.filing.texts], ids=lambda c: c.why)
def test_a_check_of_the_text_fills_in_what_its_rule_may_show(case):
    form, catalogue, policy = edition_named(case.edition)
    shown = {
        r.id: r._replace(message="".join(f"{{{word}}}" for word in ("quote", "report", *TEXT_WORDS[r.check])))
        for r in catalogue.rules
        if r.check in TEXT_WORDS
    }
    changed = Rules(tuple(shown.get(r.id, r) for r in catalogue.rules), catalogue.cases, catalogue.typed)
    found = judge(Edition(form, changed, policy), case.filing, case.last).findings
    assert sorted(f"{f.rule} {f.at}" for f in found) == sorted(case.expect)


def test_the_words_a_test_asks_for_are_kinds_of_unit():
    kinds = workbook().cover["kind"].choices
    assert {w for words in rules().words.values() for w in words} <= set(kinds)


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
        ({"test": "whole(t3.new.total, t3.new.total)"}, "not part of the rule language"),
        ({"test": "any_of(kind, no_ruls)"}, "has no 'no_ruls'"),
        ({"test": "given(last.t3.new.total) == 0"}, "names no cell of this year"),
        ({"test": "totl == 0", "let": {"total": "t3.new.total"}}, "has no 'totl'"),
        ({"test": "t3.new.total == 0", "let": {"total": "t3.new.total"}}, "'total' is named and never used"),
        (
            {"test": "total == 0", "let": {"total": "t3.new.total"}, "message": "{totl}"},
            "'totl' is not known; 'total' may be meant",
        ),
        (
            {"test": "t3.{row}.total == 0", "each": {"row": "t33.rows"}},
            "'t33' is not known; 't3' may be meant",
        ),
        ({"test": "x >= 0", "each": {"x": "counts amonts"}}, "'amonts' is not known; 'amounts' may be meant"),
        ({"test": "same(no_requests, '×')"}, "'×' is not known; known are √"),
        ({"test": "t3.new.total > 0", "carries": True}, "carries nothing over"),
        ({"test": "t3.new.total == 0", "sheet": "t33"}, "'t33' is not known; 't3' may be meant"),
    ],
)
def test_what_the_language_lacks_is_refused_when_rules_are_loaded(change, wrong):
    bad = RULES[0]._replace(**{"each": {}, "message": "", "id": "R999", **change})
    with pytest.raises(FormulaError, match=f"R999: .*{wrong}"):
        read_rules(rulebook()._replace(rule=(bad,)), edition_named("2021").form)


def test_a_part_of_a_sum_that_only_another_edition_has_counts_for_nothing():
    """The rule stays in force; one about nothing but such places is not."""
    file = form_file("2021")
    (block,) = file.table["t4"]
    columns = tuple(c for c in block.columns if not c.id.startswith("after_review"))
    form = Form(file._replace(table={**file.table, "t4": (block._replace(columns=columns),)}), workbook())
    others = (edition_named("2021").form,)
    read = read_rules(rules(), form, {}, lambda: others)
    cells = {case.rule.id: case.test.cells[:2] for case in read.cases}
    assert cells["R402"] == ("t4.review.total", "t4.direct.total")
    assert "R403" not in cells


def test_what_ran_is_told_for_every_rule():
    case = next(c for c in CASES if c.expect == ())
    result = run(case)
    assert [r.rule for r in result.ran] == [r.id for r in edition_named(case.edition).rules.rules]


RULES_2021 = edition_named("2021").rules
HOUSE = Path(cli.__file__).parent
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def test_order_is_that_of_the_catalogue():
    ids = [rule.id for rule in RULES_2021.rules]
    assert ids == sorted(ids, key=RULES_2021.order.__getitem__)
    assert RULES_2021.before("R114", "R113")  # as they stand, whatever their numbers


def test_of_rules_of_one_cause_the_first_leads():
    assert [r.id for r in RULES_2021.rules if r.beside and RULES_2021.leads(r)] == ["R301"]


def test_one_rule_is_about_blanks_and_those_about_the_workbook_come_last():
    assert [r.id for r in RULES_2021.rules if r.unfilled] == [RULES_2021.unfilled] == ["R101"]
    assert {r.needs for r in RULES_2021.rules if r.comes_last} == {"file"}


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda p: str(p.relative_to(HOUSE)))
def test_no_rule_is_known_by_its_number(path):
    """An id is a name: none stands in the code, and nothing compares, sorts, slices or matches one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    named = [n.value for n in strings if re.search(r"\bR\d{1,3}\b|\bR\\d", n.value)]
    assert not named
    assert not [ast.unparse(n) for n in ast.walk(tree) if _as_number(n)]


def _as_number(node):
    """Whether a part of the code looks into an id, or asks which of two is the greater."""
    match node:
        case ast.Compare(left, ops, others):
            return any(isinstance(op, ORDERED) for op in ops) and any(map(_is_id, (left, *others)))
        case ast.Subscript(value, ast.Slice()):
            return _is_id(value)
        case ast.Attribute(value, "startswith" | "endswith" | "removeprefix"):
            return _is_id(value)
        case ast.keyword("key", ast.Lambda(body=body)):
            return any(map(_is_id, body.elts if isinstance(body, ast.Tuple) else (body,)))
    return False


def _is_id(node):
    """``rule.id``, ``finding.rule``, ``rule_id``."""
    match node:
        case ast.Attribute(ast.Name("rule" | "r" | "first" | "other"), "id") | ast.Attribute(_, "rule"):
            return True
        case ast.Name("rule_id"):
            return True
    return False


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('f.rule >= "Q"', True), ("rule.id > first.id", True), ("found.rule[:2]", True),
        ("rule_id[:2]", True), ('rule.id.startswith("Q")', True), ("sorted(x, key=lambda f: f.rule)", True),
        ("sorted(x, key=lambda f: (f.at, f.rule))", True),
        ("f.rule == g.rule", False), ("sorted(x, key=lambda f: order[f.rule])", False),
        ("f.rule in known", False),
    ],
)  # fmt: skip
def test_the_guard_sees_a_number_made_of_a_name(code, wrong):
    assert any(map(_as_number, ast.walk(ast.parse(code)))) == wrong


@pytest.fixture
def house(tmp_path):
    """A copy of the package that may be changed, with nothing kept yet, and a home beside it."""
    shutil.copytree(HOUSE, tmp_path / "xlcheck", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def in_a_process(house, code, environment=None):
    """What a Python with only this copy prints."""
    plain = {**os.environ, "PYTHONPATH": str(house), "HOME": str(house), "PYTHONDONTWRITEBYTECODE": "1"}
    plain |= environment or {}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=plain, cwd=house)
    assert not done.stderr
    return done.stdout


COMPILERS = {"ast", "pydantic", "tomllib", "dataclasses", "xlcheck.core.rulebook", "xlcheck.core.expression"}
LOADED = "import sys; from xlcheck import editions; editions.edition_named('2021');"
LOADED += f"print({COMPILERS} & {{*sys.modules}})"


def test_what_was_compiled_is_kept_for_the_next_start(house):
    first, second = (in_a_process(house, LOADED) for _ in range(2))
    assert "xlcheck.core.rulebook" in first
    assert second.strip() == "set()"


@pytest.mark.parametrize(
    "source",
    [
        "data/rules.toml", "data/rules_text.toml", "data/form_2021.toml", "data/workbook.toml",
        "data/rules.py", "core/rules.py", "core/form.py", "core/formula.py", "core/rulebook.py",
    ],
)  # fmt: skip
def test_what_is_kept_is_made_anew_when_its_sources_change(house, source):
    in_a_process(house, LOADED)
    with (house / "xlcheck" / source).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert "xlcheck.core.rulebook" in in_a_process(house, LOADED)


@pytest.fixture
def built(house):
    """A copy as it is installed: its data was read where it was built, and lies elsewhere now."""
    kept = house / ".cache" / "xlcheck"
    in_a_process(house, "from xlcheck.judge import prepare; prepare()")
    (house / "xlcheck" / "data" / "objects").mkdir()
    for file in kept.iterdir():
        file.rename(house / "xlcheck" / "data" / "objects" / file.name.partition(".")[2])
    shutil.move(house / "xlcheck", house / "installed" / "xlcheck")
    for file in house.rglob("*.*"):
        os.utime(file)
    return house / "installed"


SEALED = {"HOME": os.devnull, "XDG_CACHE_HOME": os.devnull, "LOCALAPPDATA": os.devnull}
ALL_READ = "from xlcheck import judge, editions; judge.code(editions.edition_named('2021'));"
ALL_READ += "from xlcheck.data.cli import cli; cli();" + LOADED


def test_what_was_built_in_serves_where_nothing_can_be_kept(built):
    assert in_a_process(built, ALL_READ, SEALED).strip() == "set()"


def test_what_was_built_in_is_kept_as_the_files_lie_now(built):
    in_a_process(built, ALL_READ)
    shutil.rmtree(built / "xlcheck" / "data" / "objects")
    assert in_a_process(built, ALL_READ).strip() == "set()"


def test_what_was_built_in_is_not_believed_of_a_changed_file(built):
    with (built / "xlcheck" / "data" / "rules.toml").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert "xlcheck.core.rulebook" in in_a_process(built, ALL_READ, SEALED)


def test_a_changed_rule_is_in_force_at_the_next_start(house):
    shows = "from xlcheck.editions import edition_named as e; r = e('2021').rules; print(*r.of('R103'))"
    before, source = in_a_process(house, shows), house / "xlcheck" / "data" / "rules.toml"
    changed = source.read_text(encoding="utf-8").replace('"x >= 0"', '"x >= -4444"')
    source.write_text(changed, encoding="utf-8")
    assert ("-4444" in before, "-4444" in in_a_process(house, shows)) == (False, True)
