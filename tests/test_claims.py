"""The text against the tables: what each figure speaks of, what stays silent, and every rule of the text."""

import json
import pickle
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from by_name import judge
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcheck import data
from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.text.check_text import agreeing, read_texts, read_words
from xlcheck.core.text.claims.claim import agrees
from xlcheck.core.text.claims.language import claims_of_texts
from xlcheck.core.text.prose.private import is_identity, passes_luhn
from xlcheck.core.text.words.lexicon import spell
from xlcheck.data.cases import cases
from xlcheck.data.claims import claims
from xlcheck.data.remarks import remarks
from xlcheck.data.rules import TextCheck
from xlcheck.data.text import figure_writing
from xlcheck.data.vocabulary import ClaimPattern, LexiconTerm, Vocabulary
from xlcheck.editions import edition_named, rulebook

SHAPE = claims()
RULES = [r for r in rulebook().rule if r.needs in ("text", "last")]
WORDS = read_words(figure_writing(), SHAPE, remarks(), RULES)
EXAMPLES = [(c.id, say, list(expected)) for c in SHAPE.claim for say, expected in c.examples.items()]
OWN = edition_named("2019").form.file.vocabulary
OWN_EXAMPLES = [(c.id, say, list(expected)) for c in OWN.claim for say, expected in c.examples.items()]
TOML = tomllib.loads(Path(__file__).with_name("text_cases.toml").read_text(encoding="utf-8"))
SENTENCES = [*TOML["doubt"], *(say for _, say, _ in EXAMPLES), *(case["say"] for case in TOML["said"])]
CASES, COVERS, SOUND, LAST = TOML["case"], TOML["cover"], TOML["report"], TOML["last"]
MORE = "收到申请公开复议诉讼不予结转下年0123一二件条%，。；：（）《》“”\n\t\x00繁體請"
KINDS = [kind for name, kind in TOML["neighbours"].items() if name != "cells"]
NEIGHBOURS = {
    part: [pytest.param(say, kind.get("cells", {}), id=say) for kind in KINDS for say in kind[part]]
    for part in ("right", "wrong")
}
FIGURES = {rule.id for rule in RULES if rule.family == "figures" or rule.check == "year"}
# Patterns that are tried only where a text holds one of their words.
HELD = [(one.pattern, one.holds) for one in remarks().unwanted if one.holds]
HELD.append((remarks().organ.above, remarks().organ.above_holds))
LETTERS = [*TOML["said"][0]["say"], *MORE]
OLD = ("procurement", "spent")  # patterns of the 2019 edition alone


def told(say: str, name: str = "2021", year: int = 2024, own: Vocabulary | None = None) -> list[str]:
    words = read_words(figure_writing(), SHAPE.with_own(own), remarks(), RULES) if own else WORDS
    found = claims_of_texts(edition_named(name).form, {"s1": say}, year, words.language)
    return [f"{c.id} {figure_text(c.value)}" for c in found]


@pytest.mark.parametrize(("pattern", "say", "expected"), EXAMPLES)
def test_every_example_of_every_pattern(pattern, say, expected):
    assert told(say, "2019" if pattern in OLD else "2021") == expected


@pytest.mark.parametrize(("pattern", "say", "expected"), OWN_EXAMPLES)
def test_every_example_of_the_older_forms_own_patterns(pattern, say, expected):
    assert told(say, "2019", 2020, OWN) == expected


@pytest.mark.parametrize(("say", "expected"), [(c["say"], c["is"]) for c in TOML["older"]])
def test_changes_that_the_older_form_has_cells_for(say, expected):
    assert told(say, "2019", 2020, OWN) == expected


def test_every_pattern_has_an_example():
    shown = {one.split()[0].partition(":")[0].rstrip("%<") for _, _, expected in EXAMPLES for one in expected}
    assert {c.id for c in SHAPE.claim} <= {part for name in shown for part in name.split("+")}


@pytest.mark.parametrize("say", SHAPE.traps.silent)
def test_traps_stay_silent(say):
    assert told(say) == []


@pytest.mark.parametrize(("say", "expected"), [(c["say"], c["is"]) for c in TOML["said"]])
def test_other_ways_of_saying_it(say, expected):
    assert told(say) == expected


@pytest.mark.parametrize("say", SENTENCES)
def test_what_is_certain_and_what_is_not(say):
    found = claims_of_texts(edition_named("2021").form, {"s1": say}, 2024, WORDS.language)
    sure = [f"{c.id} {figure_text(c.value)}{'' if c.sure or c.kind == 'part' else '?'}" for c in found]
    assert sure == TOML["doubt"].get(say, [one.rstrip("?") for one in sure])


@pytest.mark.parametrize("say", SENTENCES)
@pytest.mark.parametrize(
    "lead", ["甲乙", "下属甲乙大队方面，", "上半年，", "以甲乙方式，", "甲乙渠道中，", "甲乙所，"]
)
def test_nothing_is_certain_behind_words_that_are_not_known_or_leave_it_open(lead, say):
    found = claims_of_texts(edition_named("2021").form, {"s1": lead + say}, 2024, WORDS.language)
    end = min((say.find(sign) for sign in ("。", "；", "，") if sign in say), default=len(say)) + len(lead)
    assert [c for c in found if c.sure and c.kind == "count" and c.start < end] == []


@pytest.mark.parametrize("say", TOML["unknown_anywhere"])
def test_nothing_is_certain_with_a_word_that_is_not_known_anywhere_in_its_sentence(say):
    form, certain = edition_named("2021").form, []
    for text in [say, *(f"{say[:at]}甲乙{say[at:]}" for at in range(len(say) + 1))]:
        found = claims_of_texts(form, {"s1": text}, 2024, WORDS.language)
        certain += [text] if any(c.sure and c.kind == "count" for c in found) else []
    assert certain == [say]


@pytest.mark.parametrize("lead", ["甲乙丙，", "甲乙丙（丁），", "规范甲乙流程，", "2024年，甲乙，"])
def test_the_whole_year_is_certain_behind_what_only_narrates(lead):
    say = {"s1": f"{lead}全年收到政府信息公开申请8件，答复7件"}
    found = claims_of_texts(edition_named("2021").form, say, 2024, WORDS.language)
    assert [c.sure for c in found] == [True, False]


def test_what_is_said_of_a_figure_is_quoted_with_it():
    found = claims_of_texts(
        edition_named("2021").form, {"s1": "信息公开行政诉讼4件，均已结案"}, 2024, WORDS.language
    )
    assert [c.quote for c in found] == ["信息公开行政诉讼4件", "信息公开行政诉讼4件，均已结案"]


def test_what_is_more_than_one_cell_is_called_by_its_label():
    filing = report({"s1:行政复议2件，均获维持": "行政复议5件"})
    filing = filing._replace(values={**filing.values, "t4.review.other": Decimal(1)})
    (finding,) = read_texts(edition_named("2021").form, filing, WORDS)
    assert "表四“行政复议 · 总计”是 2、表四“行政复议各项”是 3，" in finding.message


@pytest.mark.parametrize(("name", "year", "expected"), [("2019", 2020, []), ("2021", 2021, ["R634 s6"])])
def test_a_rule_is_asked_in_its_years_alone(name, year, expected):
    assert found(Filing(name, Decimal(year), texts={"s6": "没有其他事项。"})) == expected


def test_a_report_with_nothing_of_last_years_is_not_copied():
    last = report({"s1": "去年的话一句也没有留下。", "s5": "去年的问题都改了。"})
    assert [*read_texts(edition_named("2021").form, report({}), WORDS, last=last)] == []


def test_a_unit_without_a_name_is_called_by_its_kind():
    filing = report({"s6": "向某某县人民政府提出的信息公开申请另计。未收取信息处理费。"}, {"unit": ""})
    (finding,) = read_texts(edition_named("2021").form, filing, WORDS)
    assert "县级部门" in finding.message


def test_what_is_kept_reads_as_what_is_put_together():
    form, filing = (
        edition_named("2021").form,
        report({"s1:新收政府信息公开申请8件": "新收政府信息公开申请9件"}),
    )
    kept = pickle.loads(pickle.dumps(WORDS._replace(language=WORDS.language.for_edition(form))))
    assert [*read_texts(form, filing, kept)] == [*read_texts(form, filing, WORDS)]


def test_only_what_agrees_is_said_to_agree():
    form, sound = edition_named("2021").form, report({})
    wrong = report({"s1:新收政府信息公开申请8件": "新收政府信息公开申请9件，同比增长20%"})
    before, after = ([a.quote for a in agreeing(form, f, WORDS, f.values.get)] for f in (sound, wrong))
    assert after == [quote for quote in before if "新收政府信息公开申请" not in quote]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("25", "是 8（现在错填成 25，要先改）"), (None, "是 8（推算的，现在还没有填好）")],
)
def test_a_cell_that_is_to_be_mended_is_told_with_what_stands_in_it(typed, said):
    """A text is laid against the figures as they should be; the clerk sees those that she typed."""
    filing = report({"s1:新收政府信息公开申请8件": "新收政府信息公开申请9件"})
    wrong = filing._replace(values={**filing.values, "t3.new.total": Decimal(typed) if typed else None})
    (message,) = (f.message for f in judge(wrong).findings if f.rule == "R610")
    assert said in message


@pytest.mark.parametrize(("stated", "told"), [("8", []), ("9", ["R610"])])
def test_a_text_that_the_likeliest_way_of_mending_makes_right_is_not_told(stated, told):
    """Two cells are wrong together and nothing is certain; the text is no second error for being right."""
    filing = report({"s1:新收政府信息公开申请8件": f"新收政府信息公开申请{stated}件"})
    less = {n: filing.values[n] - 1 for n in ("t3.new.total", "t3.new.natural")}
    found = judge(filing._replace(values={**filing.values, **less})).findings
    assert [len(f.candidates) > 1 for f in found if f.rule == "R303"] == [True]
    assert [f.rule for f in found if f.rule == "R610"] == told


def test_a_personal_number_is_not_repeated_whole():
    filing = report({"preface:0454-6222333": "13912345678"})
    (finding,) = read_texts(edition_named("2021").form, filing, WORDS)
    assert "139****5678" in finding.message


def test_an_editions_own_words_come_before_the_shared_ones():
    own = Vocabulary(
        (LexiconTerm("bulletin", "what", ("[政府]公报",)),),
        (
            ClaimPattern("bulletins", "bulletin", ("t2.normative.made",)),
            ClaimPattern("licensing", "license", ("t2.license.decisions",)),
        ),
    )
    say = "收到政府信息公开申请5件。制作政府公报12件。作出行政许可决定3件。"
    assert told(say) == ["received 5", "license 3"]
    assert told(say, own=own) == ["received 5", "bulletins 12", "licensing 3"]


@pytest.mark.parametrize(("pattern", "holds"), HELD)
@settings(max_examples=100, deadline=None)
@given(drawn=st.data())
def test_whatever_a_pattern_fits_holds_one_of_its_words(pattern, holds, drawn):
    match = re.search(pattern, drawn.draw(st.from_regex(pattern)))
    assert match is None or any(word in match[0] for word in holds)


def test_every_check_of_the_text_has_its_rule():
    assert sorted(rule.check for rule in RULES) == sorted(get_args(TextCheck))


def test_a_group_with_a_choice_and_a_word_that_may_be_left_out():
    assert set(spell("[已]办(结|毕)")) == {"已办结", "已办毕", "办结", "办毕"}


def report(edits: Mapping[str, str], cover: Mapping[str, object] = {}) -> Filing:
    """The sound report with words replaced: ``"s1:old"`` gives the new words, ``"s1"`` a whole new text."""
    texts = dict(SOUND["texts"])
    for place, new in edits.items():
        at, _, old = place.partition(":")
        assert not old or old in texts[at], old
        new = new.replace("{long}", "，做到应审尽审" * 200)
        texts[at] = texts[at].replace(old, new) if old else new
    form = edition_named("2021").form
    values = {name: Decimal(SOUND["cells"].get(name, 0)) for name in form.fields}
    unit = str(cover.get("unit", "某某县农业局"))
    kind = str(cover.get("kind", "县级部门"))
    return Filing("2021", Decimal(2024), unit, kind, values=values, texts=texts)


def found(filing: Filing) -> list[str]:
    return [f"{f.rule} {f.at}" for f in read_texts(edition_named(filing.edition).form, filing, WORDS)]


def told_of(say: str, last: Filing | None = None, more: Mapping[str, int] = {}) -> list[str]:
    """What is found about the figures and years of a sentence about applications, in a report of its own."""
    filing = report({"s1": f"依申请公开。{say}"})
    cells = {name: Decimal(value) for name, value in {**TOML["neighbours"]["cells"], **more}.items()}
    filing = filing._replace(values={**filing.values, **cells})
    findings = read_texts(edition_named("2021").form, filing, WORDS, last=last)
    return [f.message for f in findings if f.at == "s1" and f.rule in FIGURES]


def last_year() -> Filing:
    cells = {name: Decimal(LAST["cells"].get(name, 0)) for name in edition_named("2021").form.fields}
    return Filing("2021", Decimal(2023), values=cells)


@pytest.mark.parametrize(("say", "cells"), NEIGHBOURS["right"])
def test_nothing_is_said_of_a_sentence_that_is_right(say, cells):
    assert told_of(say, more=cells) == []


@pytest.mark.parametrize(("say", "cells"), NEIGHBOURS["wrong"])
def test_something_is_said_of_a_sentence_that_is_wrong(say, cells):
    assert told_of(say, more=cells) != []


@pytest.mark.parametrize("say", [*LAST["right"], *LAST["own"]["right"]])
def test_nothing_is_said_of_a_change_that_last_years_filing_makes(say):
    assert told_of(say, last_year()) == []


@pytest.mark.parametrize("say", [*LAST["wrong"], *LAST["own"]["wrong"]])
def test_something_is_said_of_a_change_that_last_years_filing_does_not_make(say):
    assert told_of(say, last_year()) != []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_one_edit_to_a_sound_report_and_what_is_found(case):
    assert sorted(set(found(report(case.get("edit", {}))))) == case["expect"]


@pytest.mark.parametrize("case", COVERS, ids=lambda case: case["why"])
def test_the_cover_says_whose_report_it_is(case):
    assert sorted(set(found(report({"date": "2025年1月30日"}, case)))) == case["expect"]


def test_every_rule_of_the_text_has_a_failing_case():
    failing = {rule.split()[0] for case in (*CASES, *COVERS) for rule in case["expect"]}
    # those against last year's text stand among all the others
    failing |= {found.split()[0] for case in cases().case for found in case.expect}
    assert {r.id for r in RULES} <= failing


def test_a_finding_names_place_figures_and_cells():
    filing = report({"s1:新收政府信息公开申请8件": "新收政府信息公开申请 9 件"})
    (finding,) = read_texts(edition_named("2021").form, filing, WORDS)
    assert finding.quote == "全年新收政府信息公开申请 9 件"
    assert finding.fields == ("t3.new.total",)
    assert all(
        word in finding.message for word in ("9，", "表三“一、本年新收政府信息公开申请数量 · 总计”是 8")
    )
    assert finding.quote in filing.texts["s1"]


PLACES = [
    ("s6", "收取XX元，待补充。实收XX元，__元。", "R636", ["XX", "待补充", "__"]),
    ("s1", "见《信息公开指南》《信息公开目录》。", "R645", ["《信息公开指南》", "《信息公开目录》"]),
    ("s1", "统计期限是全年。本报告由我局编制，本报告的电子版可下载。", "R632", ["统计期限", "本报告由"]),
    ("s5", "下一步：2024年我局将学习。2024年将着力推进。", "R621", ["2024年我局将学习", "2024年将着力推进"]),
]  # fmt: skip


@pytest.mark.parametrize(("at", "text", "rule", "quotes"), PLACES)
def test_every_place_is_told_at_once(at, text, rule, quotes):
    filing = report({})
    filing = filing._replace(texts={**filing.texts, at: text})
    found = [f.quote for f in read_texts(edition_named("2021").form, filing, WORDS) if f.rule == rule]
    assert found == quotes


def test_the_same_place_again_is_counted():
    filing = report({})
    filing = filing._replace(texts={**filing.texts, "s6": "收取XX元，实收XX元。扩宽渠道，扩宽范围。"})
    found = {f.rule: f.message for f in read_texts(edition_named("2021").form, filing, WORDS)}
    assert (found["R636"], found["R646"]) == (
        "“XX”像是还没有填的空，共 2 处。",
        "“扩宽”应为“拓宽”，共 2 处。",
    )


def test_the_customers_report():
    raw = json.loads((data.HERE / "seed_2020.json").read_text(encoding="utf-8"))
    values = {name: Decimal(str(v)) for name, v in raw["values"].items()}
    filing = Filing("2019", Decimal(2020), raw["unit"], raw["kind"], values=values, texts=raw["texts"])
    findings = list(read_texts(edition_named("2019").form, filing, WORDS))
    assert [f.fields for f in findings if f.severity == "error"] == [
        ("t2.normative.made", "t2.normative.published", "t2.normative.published_total")
    ]
    assert {f.rule for f in findings if f.severity == "warning"} == {
        "R623", "R625", "R630", "R631", "R635", "R638", "R645", "R646",
    }  # fmt: skip
    assert {f.rule for f in findings if f.severity == "info"} >= {"R644"}  # a custom, no duty


def test_growth_is_told_but_not_judged():
    (claim, growth) = claims_of_texts(
        edition_named("2021").form, {"s1": "收到信息公开申请8件，同比下降20%"}, 2024, WORDS.language
    )
    assert (growth.kind, growth.value, growth.of) == ("growth", Decimal(-20), claim)
    assert agrees(growth, lambda name: Decimal(0)) is None


@pytest.mark.parametrize(
    ("amount", "cell", "expected"),
    [
        ("12万元", "12", True),
        ("12万元", "12.4", False),
        ("12.5万元", "12.46", True),
        ("12.5万元", "12.55", True),
        ("12.5万元", "12.44", False),
        ("约10万元", "12", True),
        ("约10万元", "12.1", False),
        ("12万元", None, None),
    ],
)
def test_a_figure_agrees_as_far_as_it_is_rounded(amount, cell, expected):
    say = {"s1": f"收取行政事业性收费{amount}"}
    (claim,) = claims_of_texts(edition_named("2021").form, say, 2024, WORDS.language)
    assert agrees(claim, lambda name: cell and Decimal(cell)) is expected


@pytest.mark.parametrize(
    ("share", "part", "expected"),
    [
        ("57.1", 4, True),
        ("57.2", 4, True),
        ("57.3", 4, False),
        ("57", 4, True),
        ("58", 4, False),
        ("0", 0, True),
    ],
)
def test_a_share_agrees_to_a_tenth(share, part, expected):
    say = {"s1": f"予以公开占{share}%"}
    (claim,) = claims_of_texts(edition_named("2021").form, say, 2024, WORDS.language)
    assert agrees(claim, lambda name: Decimal(part), (Decimal(7),)) is expected


def test_check_digits():
    assert is_identity("11010519491231002X")
    assert not is_identity("110105194912310021")
    assert passes_luhn("6222021234567890128")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LETTERS), max_size=300))
def test_any_text_is_read_without_falling_over(letters):
    filing = report({"s1": "".join(letters), "s5": "".join(reversed(letters))})
    found = list(read_texts(edition_named("2021").form, filing, WORDS))
    assert [f for f in found if f.quote not in filing.texts.get(f.at, "")] == []
