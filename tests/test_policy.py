"""A county's policy: it softens reminders, firms them up and sets the day, and touches no error."""

from datetime import date
from pathlib import Path

import pytest
from cases import base, cases, edited

from xlcheck.core.finding import State
from xlcheck.data.policy import DueDay, Policy, policy
from xlcheck.editions import Edition, Refused, edition_named, edition_of_year, rulebook
from xlcheck.judge import judge
from xlcheck.policies import read_policy
from xlcheck.template.build import build_template

LAW = policy()
RULES = {rule.id: rule for rule in rulebook().rule}
REMINDERS = [r.id for r in RULES.values() if r.severity != "error"]
REMINDED = [
    (case, rule) for case in cases() for rule in dict.fromkeys(e.split()[0] for e in case.expect)
    if RULES[rule].severity != "error"
]  # fmt: skip


def under(severity: dict[str, str], name: str = "2021") -> Edition:
    return edition_named(name, LAW._replace(severity=severity))


def written(folder: Path, text: str) -> Path:
    (folder / "县.toml").write_text(text, encoding="utf-8")
    return folder / "县.toml"


@pytest.mark.parametrize(("case", "rule"), REMINDED, ids=lambda x: getattr(x, "why", x))
def test_a_reminder_that_is_off_is_not_found_and_is_told_as_not_applicable(case, rule):
    result = judge(under({rule: "off"}, case.edition), case.filing, case.last)
    told = [f for f in judge(edition_named(case.edition), case.filing, case.last).findings if f.rule == rule]
    beneath = [f"{one.rule} {one.at}" for f in told for one in f.because]  # what it was told instead of
    assert sorted(f"{f.rule} {f.at}" for f in result.findings) == sorted(
        [*(e for e in case.expect if e.split()[0] != rule), *beneath]
    )
    (outcome,) = (r for r in result.ran if r.rule == rule)
    assert (outcome.state, outcome.not_applicable) == (State.NOT_APPLICABLE, outcome.cases)


def test_every_reminder_is_tried():
    assert {rule for _, rule in REMINDED} == set(REMINDERS)


@pytest.mark.parametrize("word", ["warning", "info"])
@pytest.mark.parametrize(("case", "rule"), REMINDED, ids=lambda x: getattr(x, "why", x))
def test_a_reminder_is_as_grave_as_the_county_says(case, rule, word):
    result = judge(under({rule: word}, case.edition), case.filing, case.last)
    assert sorted(f"{f.rule} {f.at}" for f in result.findings) == sorted(case.expect)
    assert {f.severity for f in result.findings if f.rule == rule} == {word}


def test_a_blank_does_not_bring_back_what_is_off():
    filing = edited(base("2021"), {"t2.normative.valid": ""})
    (outcome,) = (r for r in judge(under({"R202": "off"}), filing).ran if r.rule == "R202")
    assert outcome == ("R202", 2, 0, 0, 2)


def test_all_off_leaves_the_errors():
    everything = under(dict.fromkeys(RULES, "off"))
    assert everything.rules.off == {r.id for r in everything.rules.rules if r.severity != "error"}
    for case in (c for c in cases() if c.edition == "2021"):
        found = judge(everything, case.filing, case.last).findings
        errors = [e for e in case.expect if RULES[e.split()[0]].severity == "error"]
        assert sorted(f"{f.rule} {f.at}" for f in found) == sorted(errors)


def test_a_workbook_made_under_a_policy_does_not_ask_what_is_off():
    edition = under({"R203": "off"})
    hidden = build_template(edition)[edition.form.sheets["hidden"]]
    entries = (str(cell.value) for row in hidden.iter_rows() for cell in row)
    states = [entry for entry in entries if entry.startswith("=IF((ROUND(0-1")]
    assert len(states) == sum(c.rule.id == "R203" for c in edition.rules.cases) == 1
    assert states[0].endswith(",3)")


def test_the_day_is_the_countys_else_the_laws():
    assert edition_named("2021").due(2025) == date(2026, 1, 31)
    assert edition_of_year(2025, Policy(DueDay(2, 15))).due(2025) == date(2026, 2, 15)


def test_the_same_policy_is_the_same_edition_and_the_plain_one_is_untouched():
    plain = edition_named("2021").rules
    made = [edition_named("2021", Policy(DueDay(1, 20), {"R203": word})) for word in ("off", "off", "info")]
    assert (made[0] is made[1], made[0] is made[2]) == (True, False)
    assert edition_named("2021").rules is plain
    assert (plain.off, plain.of("R203").severity, made[2].rules.of("R203").severity) == (
        frozenset(), "warning", "info",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", LAW),
        ("[due]\nmonth = 2\nday = 10\n", Policy(DueDay(2, 10))),
        ("due = { month = 12, day = 31 }", Policy(DueDay(12, 31))),
        ('[severity]\nR203 = "off"\nR209 = "warning"', Policy(LAW.due, {"R203": "off", "R209": "warning"})),
        ('\ufeff[severity]\nR203 = "info"', Policy(LAW.due, {"R203": "info"})),
    ],
)
def test_a_policy_is_read(text, read, tmp_path):
    assert read_policy(written(tmp_path, text)) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('# 县\n[severity]\nR203 = "off"\nR101 = "warning"', ("第 4 行：R101（数字格都填了）是错误", "删去")),
        ('[severity]\nR101 = "error"', ("第 2 行：R101", "是错误")),
        ('[severity]\nR999 = "off"', ("第 2 行：没有规则“R999”", "xlcheck explain")),
        ('[severity]\nR203 = "error"', ("第 2 行：R203 不能设为“error”", "warning")),
        ("[severity]\nR203 = 0", ("第 2 行：R203 不能设为“0”",)),
        ('severity = { R203 = "off", R301 = "off" }', ("第 1 行：R301", "是错误")),
        ('severity = "off"', ("第 1 行：[severity]",)),
        ('\n[severty]\nR203 = "off"', ("第 2 行的“severty”不认识", "[severity]")),
        ("[due]\nmonth = 2\nday = 29", ("第 1 行的截止日不对", "每年都有")),
        ("[due]\nmonth = 13\nday = 1", ("截止日不对",)),
        ("[due]\nmonth = true\nday = 1", ("截止日不对",)),
        ("[due]\nmonth = 1", ("截止日不对",)),
        ('[due]\nmonth = "1"\nday = 1', ("截止日不对",)),
        ("due = 2026-01-31", ("截止日不对",)),
        ("[severity]\nR203 = off", ("第 2 行的写法读不懂",)),
        ("[severity", ("末尾的写法读不懂",)),
    ],
)
def test_what_a_county_may_not_say_is_refused_with_its_line(text, said, tmp_path):
    with pytest.raises(Refused) as refusal:
        read_policy(written(tmp_path, text))
    assert str(refusal.value).startswith("“县.toml”")
    assert [words for words in said if words not in str(refusal.value)] == []


def test_what_is_no_policy_file_is_refused(tmp_path):
    (tmp_path / "县.toml").write_bytes("[severity]  # 提醒".encode("gb18030"))
    for path, said in (
        (tmp_path / "县.toml", "UTF-8"),
        (tmp_path / "无.toml", "找不到"),
        (tmp_path, "打不开"),
    ):
        with pytest.raises(Refused, match=said):
            read_policy(path)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 3000 + "]" * 3000,  # RecursionError
        "due = { month = " + "9" * 4000 + "0" * 301 + ", day = 1 }",
        "[alike]\nlast = 1e" + "9" * 40,
        "# 空\n" * 40_000,
    ],
    ids=["deep", "digits", "power", "large"],
)
def test_what_is_beyond_any_policy_is_a_sentence_that_names_the_file(text, tmp_path):
    with pytest.raises(Refused, match=r"^“县\.toml”"):
        read_policy(written(tmp_path, text))
