"""One cause, one finding: which cell is named, what it should be, and when nothing is claimed."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random

import highspy
import pytest
import tables
import ways
from by_name import code as code_of
from by_name import judge
from hypothesis import given, settings
from hypothesis import strategies as st
from programme import silent

from xlcheck import data
from xlcheck.core.check import check
from xlcheck.core.diagnosis.equations import Code, linear, system, without
from xlcheck.core.diagnosis.explain import explain_findings
from xlcheck.core.diagnosis.forced import forced, unfillable
from xlcheck.core.diagnosis.search import locate
from xlcheck.core.diagnosis.slips import Slips, typing_slip
from xlcheck.core.diagnosis.totals import totals_to_fill
from xlcheck.core.expression import parse
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Fix, Result
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.rulebook import read_rules
from xlcheck.core.rules import Rules
from xlcheck.data.checking import checked
from xlcheck.data.diagnosis import diagnosis
from xlcheck.data.form import FormFile
from xlcheck.data.rules import rules
from xlcheck.data.workbook import workbook

CODES = {name: code_of(name) for name in data.editions()}
EDITIONS = sorted(CODES)


def money() -> Code:
    """The equations of the invented edition, whose table of its own has amounts of money."""
    file = checked(Path(__file__).with_name("form_2027.toml"), FormFile)
    form, book = Form(file, workbook()), rules()._replace(rule=(*rules().rule, *file.rule))
    others = tuple(code.form for code in CODES.values())
    return Code(form, read_rules(book, form, others=lambda: others), diagnosis())


CODES["2027"] = money()
D = Decimal


def judged(filing: Filing, last: Filing | None = None, pins: Mapping[str, Decimal] | None = None) -> Result:
    code = CODES[filing.edition]
    return explain_findings(code, filing, check(code.form, code.rules, filing, last), last, pins)


def small(edit: Mapping[str, Entry], name: str = "2021") -> Filing:
    """The plain filing of these tests: 20 requests, 12 granted to natural persons, 3 to businesses."""
    figures = {
        "new.natural": 15, "new.business": 4, "new.total": 19, "carry_in.natural": 1, "carry_in.total": 1,
        "granted.natural": 12, "granted.business": 2, "granted.total": 14, "partial.natural": 1,
        "partial.total": 1, "denied_4.business": 1, "denied_4.total": 1, "unable_1.natural": 2,
        "unable_1.business": 1, "unable_1.total": 3, "sum.natural": 15, "sum.business": 4, "sum.total": 19,
        "carry_out.natural": 1, "carry_out.total": 1,
    }  # fmt: skip
    base = tables.filing(CODES[name].form, Random(1))
    values = {n: v if n.startswith("t2") else D(0) for n, v in base.values.items()}
    values |= {f"t3.{n}": D(v) for n, v in figures.items()}
    return base._replace(values=values | {n: D(v) if isinstance(v, int) else v for n, v in edit.items()})


def mended(filing: Filing, fix: Fix) -> Filing:
    return filing._replace(values={**filing.values, **{f.field: f.to for f in (fix, *fix.also)}})


def named(finding: Finding) -> tuple[str, object]:
    return finding.at, finding.fix.to if finding.fix else None


@pytest.mark.parametrize("name", EDITIONS)
def test_a_made_filing_is_sound(name: str) -> None:
    rng = Random(7)
    found = [judged(tables.filing(CODES[name].form, rng)).findings for _ in range(50)]
    assert not any(found)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a == sum(b, c)", {"a": 1, "b": -1, "c": -1}),
        ("a + b == c + d", {"a": 1, "b": 1, "c": -1, "d": -1}),
        ("a == b - c", {"a": 1, "b": -1, "c": 1}),
        ("-a == 0", {"a": -1}),
        ("a == a", {}),
        ("a >= b", None),
        ("a == 2", None),
        ("a == b * c", None),
        ("a == b and c == d", None),
    ],
)
def test_an_equation_is_read_out_of_a_test(text: str, terms: dict[str, int] | None) -> None:
    assert linear(parse(text, lambda name: (name,))) == terms


@pytest.mark.parametrize(("name", "count", "cells"), [("2019", 40, 176), ("2021", 42, 190)])
def test_the_equations_come_from_the_rules(name: str, count: int, cells: int) -> None:
    code = CODES[name]
    bound = {n for e in code.equations for n in e.terms}
    assert (len(code.equations), len(bound), len(code.groups)) == (count, cells, 4)


@pytest.mark.parametrize("name", EDITIONS)
def test_no_two_cells_of_table_3_break_the_same_sums(name: str) -> None:
    assert all(len(cells) == 1 for cells in CODES[name].groups[0].system.alone.values())


@pytest.mark.parametrize(
    ("was", "to", "slip"),
    [
        (21, 12, "transposed"), (2, 12, "digit_missing"), (122, 12, "digit_extra"), (-8, 8, "sign"),
        (15, 12, "key_beside"), (92, 12, "digit_wrong"), (0, 12, "omitted"), (30000, 3, "unit"),
        (10, 9, "near"), (37, 12, ""), (6, 0, ""), (4, 9, ""),
    ],
)  # fmt: skip
def test_a_slip_has_a_name(was: int, to: int, slip: str) -> None:
    assert typing_slip(D(was), D(to)) == slip


@pytest.mark.parametrize(
    ("step", "slip"),
    [
        ((0, -1), "from_left"), ((0, 1), "from_right"), ((-1, 0), "from_above"), ((1, 0), "from_below"),
        ((0, -2), "other"), ((0, 2), "other"), ((-2, 0), "other"), ((2, 0), "other"), ((1, 1), "other"),
    ],
)  # fmt: skip
def test_a_figure_read_off_the_next_cell(step: tuple[int, int], slip: str) -> None:
    code = CODES["2021"]
    table, row, column = code.at["t3.partial.legal"]
    beside = code.by_place[table, row + step[0], column + step[1]]
    slips = Slips(code, {"t3.partial.legal": D(37), beside: D(37)}, {})
    assert slips.change("t3.partial.legal", D(12 - 37)).slip == slip


@pytest.mark.parametrize(
    ("why", "edit", "expect"),
    [
        ("a part, by its row and its column", {"t3.granted.natural": 21}, [("t3.granted.natural", 12)]),
        ("the total of a row", {"t3.granted.total": 15}, [("t3.granted.total", 14)]),
        ("（七）总计", {"t3.sum.business": 3}, [("t3.sum.business", 4)]),
        ("the corner of all sums", {"t3.sum.total": 91}, [("t3.sum.total", 19)]),
        ("新收", {"t3.new.natural": 51}, [("t3.new.natural", 15)]),
        ("结转下年", {"t3.carry_out.natural": 7}, [("t3.carry_out.natural", 1)]),
        ("a figure where 0 belongs", {"t3.other_1.legal": 5}, [("t3.other_1.legal", 0)]),
        ("a negative is one finding, not three", {"t3.granted.natural": -12}, [("t3.granted.natural", 12)]),
        ("a fraction too", {"t3.granted.natural": D("1.2")}, [("t3.granted.natural", 12)]),
        ("a blank follows from the sums", {"t3.granted.natural": None}, [("t3.granted.natural", 12)]),
        ("a text as well", {"t3.granted.natural": "十二"}, [("t3.granted.natural", 12)]),
        ("a text with its number", {"t3.granted.natural": "12件"}, [("t3.granted.natural", 12)]),
        ("a text whose number is wrong", {"t3.granted.natural": "7件"}, [("t3.granted.natural", None)]),
        ("a blank and a wrong cell", {"t3.granted.natural": None, "t3.new.business": 9},
         [("t3.granted.natural", 12), ("t3.new.business", 4)]),
        ("two faults far apart", {"t3.granted.natural": 21, "t3.new.business": 40},
         [("t3.new.business", 4), ("t3.granted.natural", 12)]),
        ("faults in two tables", {"t3.granted.natural": 21, "t4.review.upheld": 2, "t4.review.other": 3},
         [("t3.granted.natural", 12), ("t4.review.total", 5)]),
        ("a blank total of 表四", {"t4.review.upheld": 2, "t4.review.total": None}, [("t4.review.total", 2)]),
        ("two blanks that only their sum binds: nothing is made up",
         {"t4.review.upheld": None, "t4.review.other": None, "t4.review.total": 5},
         [("t4.review.upheld", None)]),
        ("two blanks whose sum is 0", {"t4.review.upheld": None, "t4.review.other": None},
         [("t4.review.upheld", 0)]),
    ],
)  # fmt: skip
def test_the_wrong_cell_is_named(why: str, edit: dict[str, Entry], expect: list[tuple[str, int]]) -> None:
    errors = [f for f in judged(small(edit)).findings if f.severity == "error"]
    assert sorted(map(named, errors), key=str) == sorted(expect, key=str)


@pytest.mark.parametrize(
    ("why", "edit", "first"),
    [
        ("typed one row too low, the totals right",
         {"t3.denied_4.business": 0, "t3.denied_5.business": 1},
         {"t3.denied_4.business": 1, "t3.denied_5.business": 0}),
        ("left out, and the total of its row made to fit",
         {"t3.granted.business": 0, "t3.granted.total": 12},
         {"t3.granted.business": 2, "t3.granted.total": 14}),
        ("表四: a total of 0 over one filled part", {"t4.after_review.upheld": 5},
         {"t4.after_review.total": 5}),
        ("表四: transposed", {"t4.review.upheld": 9, "t4.review.other": 3, "t4.review.total": 21},
         {"t4.review.total": 12}),
        ("all totals of the rows left 0", {f"t3.{row}.total": 0 for row in
         ("new", "carry_in", "granted", "partial", "denied_4", "unable_1", "sum", "carry_out")},
         {"t3.new.total": 19, "t3.carry_in.total": 1, "t3.granted.total": 14, "t3.partial.total": 1,
          "t3.denied_4.total": 1, "t3.unable_1.total": 3, "t3.sum.total": 19, "t3.carry_out.total": 1}),
    ],
)  # fmt: skip
def test_the_likeliest_story_comes_first(why: str, edit: dict[str, Entry], first: dict[str, int]) -> None:
    finding = judged(small(edit)).findings[0]
    best = finding.candidates[0] if finding.candidates else finding.fix
    assert best
    assert (finding.fix, {f.field: f.to for f in (best, *best.also)}) == (None, first)


def test_what_a_figure_is_beside_is_said_where_it_alone_would_fit() -> None:
    """20 is no contradiction of 20, but of 20 less the one carried in."""
    finding = judged(small({"t3.new.total": 20})).findings[0]
    assert finding.message.endswith("之和 20 减去其余各项 1 都不符。")


def test_the_message_says_what_contradicts_the_cell() -> None:
    finding = judged(small({"t3.granted.natural": 21})).findings[0]
    assert finding.fix
    assert (finding.message, finding.advice, finding.fields, finding.fix.why) == (
        "这一格填 21，与本行总计 14、本列（七）总计 15 都不符。",
        "改为 12（像是把 12 写成了 21）。",
        ("t3.granted.total", "t3.sum.natural"),
        "本行总计填 14，其余各项之和是 2；本列（七）总计填 15，其余各项之和是 3。"
        "两处都要求这一格是 12。像是把 12 写成了 21。",
    )


def test_the_findings_told_as_one_are_kept() -> None:
    (finding,) = judged(small({"t3.granted.natural": -12})).findings
    assert [(f.rule, f.at) for f in finding.because] == [
        ("R301", "t3.granted.total"), ("R302", "t3.sum.natural"), ("R103", "t3.granted.natural"),
    ]  # fmt: skip


def test_a_real_fault_hongze_2023() -> None:
    """Totals of 0 over filled parts in 表四, as published."""
    edit = {"t4.review.upheld": 10, "t4.review.corrected": 1, "t4.after_review.upheld": 5}
    review, after = (f for f in judged(small(edit)).findings if f.rule == "R401")
    assert (named(review), after.at, after.candidates[0].to) == (
        ("t4.review.total", 11), "t4.after_review.total", 5,
    )  # fmt: skip


def test_a_real_fault_pingtan_2020() -> None:
    """（七）总计 21 and 20 where the results add up to 27 and 26, while 一＋二＝三＋四 holds."""
    rows = {"granted": 6, "partial": 6, "unable_1": 4, "unable_3": 3, "rejected_2": 3, "other": 4}
    edit: dict[str, int] = dict.fromkeys(CODES["2019"].form.groups["t3"], 0)
    edit |= {f"t3.{row}.{col}": count for row, count in rows.items() for col in ("natural", "total")}
    edit |= {f"t3.{row}.{col}": n for row in ("new", "sum") for col, n in (("natural", 20), ("total", 21))}
    edit |= {"t3.new.other_org": 1, "t3.sum.other_org": 1, "t3.granted.other_org": 1, "t3.granted.total": 7}
    (finding,) = (f for f in judged(small(edit, "2019")).findings if f.severity == "error")
    assert (finding.at, finding.fix, len(finding.candidates)) == ("t3.sum.total", None, 4)
    assert finding.message.startswith("（七）总计填 21，本列（一）至（六）各项之和是 27。")
    assert (finding.candidates[0].field, finding.candidates[0].to) == ("t3.sum.total", 27)


@pytest.mark.parametrize(("corrected", "total", "ways"), [(0, 8, 2), (9, 10, 3)])
def test_how_many_ways_there_are_is_told_from_two_on(corrected: int, total: int, ways: int) -> None:
    parts = {"t4.review.upheld": 9, "t4.review.corrected": corrected, "t4.review.total": total}
    (finding,) = judged(small(parts)).findings
    assert (len(finding.candidates), f"有 {ways} 种" in finding.advice) == (ways, True)
    assert {c.field for c in finding.candidates[:2]} <= {finding.at, *finding.fields}


@pytest.mark.parametrize(("was", "story"), [(0, "totals_unfilled"), (1, "totals_stale")])
def test_totals_of_one_column_that_were_never_filled(was: int, story: str) -> None:
    figures = {n: D(was) for n in ("t3.granted.total", "t3.unable_1.total")}
    slips = Slips(CODES["2021"], figures, {})
    assert slips.explain({"t3.granted.total": D(14), "t3.unable_1.total": D(3)}).story == story


def test_a_total_whose_parts_are_not_all_filled_in_waits() -> None:
    code = CODES["2021"]
    values = small({"t4.review.upheld": None, "t4.review.total": 3, "t4.direct.total": 7}).values
    wrong = totals_to_fill(code.equations, values).wrong
    assert [(t.field, t.was, t.to) for t in wrong] == [("t4.direct.total", 7, 0)]


def test_a_figure_to_be_typed_anew_is_not_asked_to_be_another() -> None:
    """A row of figures pasted as texts, a wrong figure and a blank in other rows of its column."""
    granted = ("natural", "business", "research", "social", "legal", "other_org", "total")
    texts = {f"t3.granted.{n}": str(small({}).values[f"t3.granted.{n}"]) for n in granted}
    found = judged(small({**texts, "t3.partial.natural": 6, "t3.unable_1.natural": None})).findings
    ways = [way for f in found for way in (f.fix, *f.candidates) if way]
    right = {name: D(text) for name, text in texts.items()}
    right |= {"t3.partial.natural": D(1), "t3.unable_1.natural": D(2)}
    assert sorted((one.field, one.to) for way in ways for one in (way, *way.also)) == sorted(right.items())


def test_what_last_year_fixes_is_beyond_suspicion() -> None:
    """One request counted as new instead of carried in: seven columns could hold it, but for last year."""
    filing = small({"t3.new.natural": 16, "t3.carry_in.natural": 0})
    ours = [f for f in judged(filing, last=small({})).findings if f.rule.startswith("R3")]
    alone = [f for f in judged(filing).findings if f.rule.startswith("R3")]
    assert (len(alone), alone[0].fix) == (1, None)
    assert [(*named(f), [b.rule for b in f.because]) for f in ours] == [
        ("t3.new.natural", 15, ["R301"]), ("t3.carry_in.natural", 1, ["R301", "R304"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pins", "certain"), [({}, False), ({"t4.review.total": D(9)}, False), ({"t4.review.upheld": D(9)}, True)]
)
def test_a_pin_leaves_fewer_suspects(pins: dict[str, Decimal], certain: bool) -> None:
    """Once the text confirms the part, only the total can be wrong."""
    filing = small({"t4.review.upheld": 9, "t4.review.total": 8})
    (finding,) = (f for f in judged(filing, pins=pins).findings if f.rule == "R401")
    assert bool(finding.fix) is (certain and not finding.candidates)


def test_a_slip_across_the_years_is_offered() -> None:
    """表二 has no sums: only last year's figure and the keyboard speak."""
    normative = {"t2.normative.made": 0, "t2.normative.repealed": 0, "t2.normative.valid": 34}
    last = small({**normative, "t2.normative.valid": 43})
    filing = small(normative)._replace(year=D(2022))
    found = [f for f in judged(filing, last).findings if f.rule == "R211"]
    assert [(c.field, c.to) for f in found for c in f.candidates] == [("t2.normative.valid", 43)]


@pytest.mark.parametrize(("typed", "right"), [(34, 43), (3, 30), (30, 3)])
def test_only_what_may_stand_there_is_offered_across_the_years(typed: int, right: int) -> None:
    normative = {"t2.normative.made": 0, "t2.normative.repealed": 0}
    last = small({**normative, "t2.normative.valid": right})
    filing = small({**normative, "t2.normative.valid": typed})._replace(year=D(2022))
    found = [f for f in judged(filing, last).findings if f.rule == "R211"]
    assert [(c.field, c.to) for f in found for c in f.candidates] == [("t2.normative.valid", right)]


@pytest.mark.parametrize(
    ("blanks", "advice"),
    [
        (["granted.natural"], "按各项总计推算，此格应为 12。"),
        (["other_1.legal", "other_1.social"], "按各项总计推算，这 2 格都应为 0。"),
        (["granted.natural", "other_1.legal"],
         "按各项总计推算：“（一）予以公开 · 自然人”应为 12；"
         "“（六）其他处理 1.逾期不补正 · 法律服务机构”应为 0。"),
    ],
)  # fmt: skip
def test_blanks_that_are_all_known_are_told_as_what_they_are(blanks: list[str], advice: str) -> None:
    (finding,) = judged(small({f"t3.{n}": None for n in blanks})).findings
    assert finding.advice == advice


def test_of_blanks_not_all_known_those_that_are_stand_behind_the_general_advice() -> None:
    edit = {"t4.review.upheld": None, "t4.review.other": None, "t4.review.total": 5, "t4.direct.other": None}
    (finding,) = (f for f in judged(small(edit)).findings if f.rule == "R101")
    assert finding.advice == "没有的请填 0。按各项总计推算：“未经复议直接起诉 · 其他结果”应为 0。"


@pytest.mark.parametrize("figure", range(5))
def test_no_two_findings_ask_for_different_figures_of_one_cell(figure: int) -> None:
    """Two totals blank and one figure wrong: who says that a blank is not 0 is alone in saying what it is."""
    blanks = ("t3.granted.total", "t3.denied_4.total")
    findings = judged(small({**dict.fromkeys(blanks), "t3.granted.business": D(figure)})).findings
    (blank,) = (f for f in findings if f.rule == "R101")
    others = [one for f in findings for way in f.candidates for one in (way, *way.also) if f is not blank]
    asked_elsewhere = {one.field for one in others if one.field in blanks and one.to}
    own = {one.field for one in (blank.fix, *blank.fix.also)} if blank.fix else set()
    assert own or asked_elsewhere == set(blanks)
    assert not own & asked_elsewhere
    assert blank.advice.startswith(CODES["2021"].rules.of("R101").advice) is False
    assert all(CODES["2021"].form.fields[n].place in blank.advice for n in asked_elsewhere)


def test_a_table_beyond_explaining_says_so_and_stays_as_it_was() -> None:
    rng = Random(3)
    filing = small({n: D(rng.randint(1, 60)) for n in CODES["2021"].form.groups["t3"]})
    raw = [
        f for f in check(CODES["2021"].form, CODES["2021"].rules, filing).findings if f.rule.startswith("R3")
    ]
    told = [f for f in judged(filing).findings if f.rule.startswith("R3")]
    assert sorted((f.rule, f.at) for f in told) == sorted((f.rule, f.at) for f in raw)
    assert told[0].advice.endswith("没有把所有改法都试完。")


def test_unknowns_are_eliminated_not_guessed() -> None:
    """a = b + c and d = b + c with b unknown: a and d still check each other, and either gives b."""
    checks, solved = without(
        system([{"a": 1, "b": -1, "c": -1}, {"d": 1, "b": -1, "c": -1}], ["x", "y"]), ["b"]
    )
    assert ([set(t) for t in checks.equations], list(solved)) == ([{"a", "d"}], ["b"])


filings = st.builds(
    lambda name, seed: tables.filing(CODES[name].form, Random(seed)),
    st.sampled_from(EDITIONS), st.integers(0, 10_000),
)  # fmt: skip
amounts = st.one_of(st.integers(0, 30), st.integers(0, 99_999))


@settings(max_examples=150, deadline=None)
@given(filings, st.data(), amounts)
def test_any_one_wrong_cell_is_put_right(filing: Filing, draw: st.DataObject, typed: int) -> None:
    """Applying the fix takes the finding away and brings none."""
    field = draw.draw(st.sampled_from(CODES[filing.edition].form.groups["t3"]))
    wrong = filing._replace(values={**filing.values, field: D(typed)})
    fixes = [f.fix for f in judged(wrong).findings if f.severity == "error" and f.fix]
    assert [(f.field, f.to) for f in fixes] == (
        [] if filing.values[field] == typed else [(field, filing.values[field])]
    )
    assert all(not judged(mended(wrong, fix)).findings for fix in fixes)


@settings(max_examples=100, deadline=None)
@given(filings, st.data(), st.lists(amounts, min_size=2, max_size=4))
def test_every_candidate_mends_its_table(filing: Filing, draw: st.DataObject, typed: list[int]) -> None:
    """And none of them is claimed as certain beside another."""
    group = CODES[filing.edition].form.groups["t3"]
    edit = {draw.draw(st.sampled_from(group)): D(n) for n in typed}
    wrong = filing._replace(values={**filing.values, **edit})
    found = [f for f in judged(wrong).findings if f.candidates]
    assert not any(f.fix for f in found)
    errors = [f for f in found if f.severity == "error"]
    after = [judged(mended(wrong, fix)).findings for f in errors for fix in f.candidates]
    assert not any(g.rule in ("R301", "R302", "R303") for findings in after for g in findings)


@settings(max_examples=60, deadline=None)
@given(filings, st.data(), st.lists(amounts, min_size=1, max_size=3))
def test_the_order_of_rows_does_not_matter(filing: Filing, draw: st.DataObject, typed: list[int]) -> None:
    """The same equations in another order place the same faults."""
    code = CODES[filing.edition]
    edit = {draw.draw(st.sampled_from(code.form.groups["t3"])): D(n) for n in typed}
    cases = list(code.rules.cases)
    draw.draw(st.randoms()).shuffle(cases)
    rules = Rules(code.rules.rules, tuple(cases), code.rules.typed)
    other = Code(code.form, rules, code.words)
    values = {**filing.values, **edit}
    assert _sets(code, values) == _sets(other, values)


def _sets(code: Code, values: Mapping[str, Entry]) -> set[object]:
    faults = locate(code, values)
    return {(f.certain, frozenset(frozenset(e.changes) for e in f.explanations)) for f in faults}


@pytest.mark.parametrize(
    ("field", "wrong", "right", "slip"),
    [
        ("t5.training.held", "12.3465", "12.3456", "像是把 12.3456 写成了 12.3465"),
        ("t5.training.held", "123.456", "12.3456", "像是 12.3456 的小数点写错了位"),
        ("t5.training.held", "123456", "12.3456", "像是元和万元弄混了"),
        ("t5.training.joined", "3.000002", "3.000001", "像是把 3.000001 按成了旁边的键，写成了 3.000002"),
        ("t5.audit.joined", "5.5", "6.5", "像是把 6.5 按成了旁边的键，写成了 5.5"),
        ("t5.audit.joined", "9.75", "6.5", ""),
        ("t5.sum.total", "21.9375", "21.937601", ""),
    ],
)
def test_a_wrong_amount_of_money_is_named(field: str, wrong: str, right: str, slip: str) -> None:
    """Sums of 万元 with six places bind their cells as sums of counts do."""
    filing = amounts({field: D(wrong)})
    (finding,) = (f for f in judged(filing).findings if f.severity == "error")
    assert named(finding) == (field, D(right))
    assert slip in finding.advice


def amounts(edit: Mapping[str, Entry]) -> Filing:
    """A sound filing of the invented edition with amounts of one to six places, and an edit to it."""
    parts = {
        "training.held": "12.3456",
        "training.joined": "3.000001",
        "audit.held": "0.092",
        "audit.joined": "6.5",
    }
    base = tables.filing(CODES["2027"].form, Random(1))
    made = {n: v if not n.startswith("t5") else D(0) for n, v in base.values.items()}
    made |= {f"t5.{n}": D(v) for n, v in parts.items()}
    for row, column in ((n.split(".")) for n in parts):
        made[f"t5.{row}.total"] += made[f"t5.{row}.{column}"]
        made[f"t5.sum.{column}"] += made[f"t5.{row}.{column}"]
        made["t5.sum.total"] += made[f"t5.{row}.{column}"]
    return base._replace(values={**made, **edit})


def test_no_count_is_given_a_fraction() -> None:
    """A total of amounts that no whole count could mend is not blamed on a count."""
    filing = small({"t3.granted.total": D("14.5")})
    assert {fix.to % 1 for f in judged(filing).findings for fix in (f.fix, *f.candidates) if fix} <= {D(0)}


# ---------------------------------------------------------------- what is forced
@pytest.mark.parametrize("name", EDITIONS)
def test_every_forced_blank_is_offered_and_no_other(name: str) -> None:
    """As an exact solver of another kind has it; benchmarks/forced.py asks of 10,000 tables."""
    code, rng = CODES[name], Random(f"forced {name}")
    found = ways.streams(code)
    for _ in range(12):
        values = tables.sound(code.form, rng)
        for mask in islice(ways.masks(code, values, rng), 5):
            blank = {n: None if n in mask else v for n, v in values.items()}
            ours = {
                c.field: c.to for f in locate(code, blank) if f.certain for c in f.explanations[0].changes
            }
            assert ours == {n: values[n] for n in ways.forced_blanks(found, values, mask)}


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from((0, 0, 1, 1, -1, -1, 2)), min_size=5, max_size=5), min_size=1, max_size=4
    ),
    st.data(),
)
def test_what_is_forced_in_any_sums(rows: list[list[int]], draw: st.DataObject) -> None:
    """Sums of no form, beside HiGHS: what is most and least of each blank, its fractions told as none."""
    names = ["t3.new.natural", "t3.new.business", "t3.new.legal", "t2.license.delta", "t2.penalty.delta"]
    signed = draw.draw(st.sampled_from(((), (3,), (3, 4))))
    names = [
        names[n] if n < 3 or n in signed else f"t3.carry_in.{('legal', 'other_org')[n - 3]}" for n in range(5)
    ]
    right = [sum(c * draw.draw(st.integers(0, 3)) for c in row) for row in rows]
    known = dict(zip("abcd", map(D, right), strict=False))
    sums = [
        {n: c for n, c in zip(names, row, strict=True) if c} | {k: -1}
        for k, row in zip(known, rows, strict=False)
    ]
    bounds = most_and_least(rows, right, signed)
    whole = system(sums, ["R"] * len(sums))
    ours = forced(CODES["2019"], whole, known)
    if bounds is None:
        assert ours is None
        return
    theirs = {n: D(round(low)) for n, (low, high) in zip(names, bounds, strict=True) if high - low < 1e-7}
    fractions = any(abs(low - round(low)) > 1e-7 for low, high in bounds if high - low < 1e-7)
    there = {n for row in sums for n in row}
    assert fractions or ours == {n: to for n, to in theirs.items() if n in there}


def most_and_least(
    rows: list[list[int]], right: list[int], signed: Collection[int]
) -> list[tuple[float, float]] | None:
    """Of each unknown, 0 or more unless it is signed; None where no unknowns make the sums hold."""
    found = []
    for n in range(len(rows[0])):
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            h = silent()
            for i in range(len(rows[0])):
                h.addVar(-highspy.kHighsInf if i in signed else 0, highspy.kHighsInf)
            for row, to in zip(rows, right, strict=True):
                there = [i for i, c in enumerate(row) if c]
                h.addRow(to, to, len(there), there, [float(row[i]) for i in there])
            h.changeColCost(n, 1)
            h.changeObjectiveSense(sense)
            h.run()
            status = h.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            unbounded = status != highspy.HighsModelStatus.kOptimal
            limit = float("-inf") if sense == highspy.ObjSense.kMinimize else float("inf")
            ends.append(limit if unbounded else h.getInfo().objective_function_value)
        found.append((ends[0], ends[1]))
    return found


def test_two_rows_without_their_zeros() -> None:
    """No one sum forces them: the rows' totals leave nothing over."""
    org = ("business", "research", "social", "legal", "other_org")
    blanks = {f"t3.{row}.{who}": None for row in ("carry_in", "partial") for who in org}
    filing = small({})
    filing = filing._replace(values={**filing.values, **blanks})
    found = next(f for f in judged(filing).findings if f.rule == "R101")
    assert found.fix is not None
    assert {f.field: f.to for f in (found.fix, *found.fix.also)} == dict.fromkeys(blanks, D(0))


def test_where_nothing_fits_nothing_is_offered() -> None:
    """5 and two blanks cannot come to 3; the blank of another block is offered all the same."""
    edit = {"upheld": D(5), "corrected": None, "other": None, "total": D(3)}
    filing = small({f"t4.review.{n}": v for n, v in edit.items()} | {"t4.direct.other": None})
    fix = next(f for f in judged(filing).findings if f.rule == "R101").fix
    assert fix is not None
    assert (fix.field, fix.to, fix.also) == ("t4.direct.other", 0, ())


OFF = {"t4.review.upheld": D(5), "t4.review.corrected": D(1), "t4.review.total": D(3)}  # 5 + 1 is not 3
STATED = [
    ("政府信息公开行政复议3件，其中结果维持2件。", ("t4.review.upheld", D(2))),
    ("政府信息公开行政复议6件，其中结果维持5件，结果纠正1件。", ("t4.review.total", D(6))),
    ("行政复议共6件，因政府信息公开引起。", ("t4.review.total", D(6))),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_the_text_says_which_of_several_cells_is_likeliest_and_makes_none_certain(text, expected) -> None:
    finding = off_with(text)
    first = finding.candidates[0]
    assert ((first.field, first.to), finding.fix) == (expected, None)
    assert diagnosis().say.stated in finding.advice


@pytest.mark.parametrize("text", ["", "全年召开会议3次。", "政府信息公开行政复议共9件。"])
def test_a_text_that_speaks_for_none_of_the_cells_settles_nothing(text) -> None:
    finding = off_with(text)
    assert len(finding.candidates) > 1
    assert diagnosis().say.stated not in finding.advice


def off_with(text: str) -> Finding:
    filing = small(OFF)._replace(texts={"s1": text} if text else {})
    (finding,) = (f for f in judge(filing).findings if f.at.startswith("t4.review"))
    return finding


# ---------------------------------------------------------------- everything that is forced, told together
@pytest.mark.parametrize("name", EDITIONS)
def test_what_several_groups_force_is_one_offer(name: str) -> None:
    """Equal or not: every forced blank of a table stands in the one finding that tells of its blanks."""
    code, rng = CODES[name], Random(f"groups {name}")
    found = ways.streams(code)
    for _ in range(12):
        base = tables.filing(code.form, rng)
        values = {n: v for n, v in base.values.items() if isinstance(v, Decimal)}
        for mask in [*islice(ways.masks(code, values, rng), 5), set(code.form.groups["t4"])]:
            blank = base._replace(values={n: None if n in mask else v for n, v in values.items()})
            told = [f for f in judged(blank).findings if f.rule == "R101"]
            offers = {c.field: c.to for f in told if f.fix for c in (f.fix, *f.fix.also)}
            assert offers == {n: values[n] for n in ways.forced_blanks(found, values, mask)}
            assert not any(f.candidates for f in told)


@pytest.mark.parametrize(
    ("edit", "offered"),
    [
        ({"t4.review.upheld": None, "t4.direct.other": None}, {"t4.review.upheld": 0, "t4.direct.other": 0}),
        ({"t4.review.upheld": 3, "t4.review.total": None, "t4.direct.upheld": 8, "t4.direct.total": None,
          "t4.after_review.other": None},
         {"t4.review.total": 3, "t4.direct.total": 8, "t4.after_review.other": 0}),
    ],
)  # fmt: skip
def test_each_group_of_table_4_offers_its_own(edit: dict[str, Entry], offered: dict[str, int]) -> None:
    (finding,) = (f for f in judged(small(edit)).findings if f.rule == "R101")
    assert finding.fix
    assert ({f.field: f.to for f in (finding.fix, *finding.fix.also)}, finding.candidates) == (offered, ())


def test_what_last_year_fixes_of_the_blanks_is_offered() -> None:
    blanks = {"t3.carry_in.natural": None, "t3.carry_in.total": None}
    alone, ours = small({**blanks, "t3.new.natural": None}), small(blanks)
    (finding,) = judged(ours, last=small({})).findings
    assert finding.fix
    assert {f.field: f.to for f in (finding.fix, *finding.fix.also)} == dict.fromkeys(blanks, D(1))
    (finding,) = judged(alone, last=small({})).findings
    assert finding.fix
    assert {f.field: f.to for f in (finding.fix, *finding.fix.also)} == {
        **dict.fromkeys(blanks, D(1)), "t3.new.natural": D(15),
    }  # fmt: skip
    say = diagnosis().say
    assert say.both.join((say.from_sums, say.from_last)) in finding.advice


def test_an_offer_that_a_rule_would_refuse_is_not_made() -> None:
    """Eight digits and eight digits come to nine; and half a request is none."""
    edit = {"t4.review.upheld": D(99_999_999), "t4.review.other": D(99_999_999), "t4.review.total": None}
    half = {"t4.review.upheld": D("1.5"), "t4.review.total": None}
    for wrong in (edit, half):
        found = judged(small(wrong)).findings
        assert [f.fix for f in found if f.rule == "R101"] == [None]
        assert [(f.rule, f.at) for f in found if f.rule not in ("R101", "R104", "R402", "R403")] == [
            ("R109", "t4.review.total")
        ]


UNFILLABLE = [
    ("a row that has too much already",
     {"t4.review.upheld": 5, "t4.review.other": None, "t4.review.total": 3},
     ["R101 t4.review.other", "R109 t4.review.total"], "这一组的总计是 3，而其余各格之和只算已填的就有 5。"),
    ("a balance that has too much already", {"t3.sum.natural": None, "t3.carry_out.natural": 90,
      "t3.carry_out.total": None, "t3.sum.total": None, "t3.granted.natural": None, "t3.granted.total": None},
     ["R101 t3.granted.natural", "R109 t3.carry_out.natural"], ""),
    ("columns that fit one by one and not together",
     {**{f"t3.granted.{c}": None
         for c in ("natural", "business", "research", "social", "legal", "other_org")},
      "t3.granted.total": 16}, ["R101 t3.granted.natural", "R302 t3.granted.total"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "edit", "expect", "said"), UNFILLABLE)
def test_blanks_that_nothing_can_fill_are_told_with_what_is_wrong(why, edit, expect, said) -> None:
    found = judged(small(edit)).findings
    assert sorted(f"{f.rule} {f.at}" for f in found) == expect
    assert any(said in f.message for f in found)
    assert not any(diagnosis().say.unfinished in f.advice for f in found)


def test_a_rule_of_its_own_counts_what_cannot_be_filled() -> None:
    edit = {f"t4.{g}.{n}": v for g in ("review", "direct") for n, v in
            (("upheld", 5), ("other", None), ("total", 3))}  # fmt: skip
    counted = [[(r.cases, r.failed) for r in judged(small(e)).ran if r.rule == "R109"] for e in (edit, {})]
    assert counted == [[(2, 2)], [(1, 0)]]
    (passed,) = (r for r in judge(small({"t2.fees.amount": None})).ran if r.rule == "R109")
    assert passed.state.name == "PASSED"


@settings(max_examples=40, deadline=None)
@given(filings, st.data())
def test_a_filled_table_with_blanks_is_told_unfillable_just_where_it_is(
    filing: Filing, draw: st.DataObject
) -> None:
    """As HiGHS has it: wrong figures and blanks in 表三 and 表四, sums that can be made to hold or cannot."""
    code = CODES[filing.edition]
    rng = draw.draw(st.randoms())
    bound = sorted({n for e in code.equations for n in e.terms})
    values = dict(filing.values) | dict.fromkeys(rng.sample(bound, 30))
    values |= {n: D(rng.randint(0, 30)) for n in rng.sample(bound, 2) if values[n] is not None}
    for group in code.groups:
        figures = {n: v for n in group.system.columns if isinstance(v := values[n], Decimal)}
        sums = unfillable(code, group.system, figures)
        assert bool(sums) is not holds(group.system.equations, figures)
        for some in sums:  # and each set is wrong in all its parts
            terms = [group.system.equations[n] for n in some]
            assert not holds(terms, figures)
            assert all(holds([t for t in terms if t is not left], figures) for left in terms)


def holds(sums: Collection[Mapping[str, int]], figures: Mapping[str, Decimal]) -> bool:
    """Whether some blanks of 0 or more make all of these sums hold."""
    h, at = silent(), {}
    for name in {n for terms in sums for n in terms if n not in figures}:
        at[name] = len(at)
        h.addVar(0, highspy.kHighsInf)
    for terms in sums:
        right = float(-sum(c * figures[n] for n, c in terms.items() if n in figures))
        there = [n for n in terms if n in at]
        if right and not there:
            return False
        h.addRow(right, right, len(there), [at[n] for n in there], [float(terms[n]) for n in there])
    h.run()
    return not at or h.getModelStatus() == highspy.HighsModelStatus.kOptimal
