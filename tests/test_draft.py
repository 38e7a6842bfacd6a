"""A draft says what the cells say and nothing else, and leaves alone what the clerk wrote."""

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import drafts
import pytest
from by_name import dump_filing, fill_workbook
from cases import base
from tables import filing

from xlcheck import data
from xlcheck.cli import main
from xlcheck.core.filing import Filing, year_before
from xlcheck.data.draft import draft_words
from xlcheck.editions import edition_named
from xlcheck.judge import drafted, drafted_leads, judge
from xlcheck.report.proof import reread
from xlcheck.workbook.json import load_filing
from xlcheck.workbook.reading import read
from xlcheck.workbook.writing import new_workbook

OF_FIGURES = {
    "R610",
    "R611",
    "R612",
    "R613",
    "R614",
    "R615",
    "R616",
}  # what compares the text with the tables
WORKED_OUT = {"percent", "suits", "fee_items", "change.增加", "change.减少"}  # from several cells
SOUND = [(edition, seed) for edition in data.editions() for seed in range(60)]


def drawn(edition: str, seed: int, **more: Any) -> Filing:
    options = {"procurement_unit": "元"} if edition == "2019" else {}
    return filing(edition_named(edition).form, Random(seed))._replace(texts={}, options=options, **more)


def with_draft(filed: Filing, last: Filing | None = None) -> Filing:
    return drafted(edition_named(filed.edition), filed, last)


def value(filed: Filing, name: str) -> Decimal:
    """What a cell holds, or the cells of a heading together."""
    if name.endswith(".less"):
        return -value(filed, name.removesuffix(".less"))
    members = edition_named(filed.edition).form.members(name)
    return sum((Decimal(str(filed.values[one])) for one in members), Decimal(0))


@pytest.mark.parametrize(("edition", "seed"), SOUND)
def test_what_is_drafted_agrees_with_the_tables(edition, seed):
    filed = with_draft(drawn(edition, seed))
    result = judge(edition_named(edition), filed)
    assert [f.message for f in result.findings if f.rule in OF_FIGURES] == []


@pytest.mark.parametrize(("edition", "seed"), SOUND)
def test_each_figure_is_that_of_its_cell(edition, seed):
    """A reader that shares nothing with ours ties every figure to a cell, and most cells are said."""
    filed = with_draft(drawn(edition, seed))
    said = dict(drafts.stated(filed.texts["s1"]))
    told = {name: figure for name, figure in said.items() if name not in WORKED_OUT}
    assert told == {name: value(filed, name) for name in told}
    cells = {name.removesuffix(".less") for name in told}
    whole = [n for n, f in edition_named(edition).form.fields.items() if f.table != "t3" or f.column.total]
    assert {name for name in whole if filed.values[name]} <= cells


def test_a_township_without_requests_says_so_plainly():
    text = with_draft(
        base("2021")._replace(texts={}, values=dict.fromkeys(drawn("2021", 1).values, Decimal(0)))
    )
    said = text.texts["s1"]
    for words in (
        "未制发、废止行政规范性文件", "没有现行有效的行政规范性文件",
        "未作出行政许可、行政处罚和行政强制决定",
        "未收取行政事业性收费", "未收到政府信息公开申请", "没有上年结转的申请",
        "未发生因政府信息公开引起的行政复议、行政诉讼",
    ):  # fmt: skip
        assert words in said
    assert "未收取信息处理费" in text.texts["s6"]


@pytest.mark.parametrize(("edition", "cells", "words"), [
    ("2021", {"t4.direct.pending": 2, "t4.direct.total": 2}, "均为未经复议直接起诉（均尚未审结）。"),
    ("2021", {"t4.review.upheld": 2, "t4.review.total": 2}, "行政复议2件（均为结果维持）。"),
    ("2021", {"t2.rules.made": 1, "t2.rules.valid": 4}, "。制发规章1件，没有废止，现行有效规章4件。"),
    ("2021", {"t2.rules.repealed": 1}, "。未制发规章，废止1件，没有现行有效的规章。"),
    ("2021", {"t2.penalty.decisions": 2}, "。作出行政处罚决定2件。未作出行政许可、行政强制决定。"),
    ("2019", {"t2.normative.published_total": 1}, "未新制作、新公开规范性文件，对外公开规范性文件总数1件。"),
    ("2019", {"t2.normative.made": 1}, "新制作规范性文件1件，没有新公开的，没有对外公开的规范性文件。"),
    ("2019", {"t2.license.delta": 9, "t2.license.decisions": 80}, "。行政许可上一年没有项目，本年增加9项。"),
    ("2019", {"t2.other_services.decisions": 12}, "。作出其他对外管理服务事项处理决定12件。"),
    (
        "2021",
        dict.fromkeys(("t3.rejected_2.natural", "t3.rejected_2.total", "t3.sum.natural", "t3.granted.legal",
                       "t3.granted.total", "t3.sum.legal"), 1) | {"t3.sum.total": 2},
        "予以公开的由法律服务机构提出。",
    ),
])  # fmt: skip
def test_few_figures_among_zeros_are_said_as_reports_say_them(edition, cells, words):
    """And the check finds nothing in what is said of them."""
    filed = drawn(edition, 1)
    values = dict.fromkeys(filed.values, Decimal(0)) | {name: Decimal(n) for name, n in cells.items()}
    filed = with_draft(filed._replace(values=values))
    assert words in filed.texts["s1"]
    found = judge(edition_named(edition), filed).findings
    assert [f.message for f in found if f.rule in OF_FIGURES] == []


@pytest.mark.parametrize(("kind", "unit", "we"), [
    ("县级政府", "清水县人民政府", "全县"), ("县级政府", "平湖区人民政府", "全区"),
    ("县级政府", "东海市", "全市"), ("省级政府", "某某自治区人民政府办公厅", "全区"),
    ("县级政府", "管理委员会", "全县"),
    ("县级部门", "清水县教育局", "本机关"), ("社区", "桃园社区", "本单位"), ("其他", "东海市", "本机关"),
])  # fmt: skip
def test_a_unit_calls_itself_by_its_kind_and_its_name(kind, unit, we):
    said = with_draft(drawn("2021", 3, kind=kind, unit=unit)).texts["s1"]
    assert f"{we}新收" in said


def test_the_customers_own_report_is_drafted_without_its_contradiction():
    """It spoke of nine documents over a table of zeros; a draft says the zeros and asks for the unit."""
    seed = load_filing(data.HERE / "seed_2020.json")._replace(texts={})
    filed = with_draft(seed)
    said = filed.texts["s1"]
    for words in (
        "2020年未新制作、新公开规范性文件，没有对外公开的规范性文件",
        "未作出行政许可、行政处罚和行政强制决定",
        "政府集中采购项目1个，采购总金额96558〔待填：",
        "本机关未收到政府信息公开申请", "未发生因政府信息公开引起的行政复议、行政诉讼",
    ):  # fmt: skip
        assert words in said
    found = judge(edition_named("2019"), filed).findings
    assert not [f for f in found if f.rule in OF_FIGURES]


def test_what_is_not_filled_is_not_said():
    filed = drawn("2021", 3)
    without = dict.fromkeys((n for n in filed.values if n.startswith(("t3.", "t4."))), None)
    said = with_draft(filed._replace(values={**filed.values, **without})).texts["s1"]
    assert "制发" in said
    assert not any(word in said for word in ("申请", "复议", "诉讼") if word not in draft_words().heading)


def test_a_text_typed_for_a_figure_is_not_said():
    filed = drawn("2021", 3)
    said = with_draft(filed._replace(values={**filed.values, "t3.new.total": "很多"})).texts["s1"]
    assert "很多" not in said
    assert "新收" not in said


def test_her_own_words_stay_and_only_what_is_missing_is_added():
    own = "（一）主动公开。公开了信息。\n（二）依申请公开。办好了申请。"
    filed = with_draft(drawn("2021", 3)._replace(texts={"s1": own, "s5": "人手不足。", "sign": "某镇"}))
    words = draft_words()
    assert filed.texts["s5"], filed.texts["sign"] == ("人手不足。", "某镇")
    kept, added = filed.texts["s1"].split(f"\n{words.added}\n")
    assert kept == own
    assert [line[:6] for line in added.split("\n")] == ["（三）政府信", "（四）政府信", "（五）监督保"]


def test_drafting_twice_adds_nothing():
    once = with_draft(drawn("2021", 3))
    assert with_draft(once) == once


@pytest.mark.parametrize(("now", "then", "words"), [
    (15, 12, "比上年增加3件，增长25%"), (9, 12, "比上年减少3件，下降25%"), (12, 12, "与上年持平"),
    (10, 9, "比上年增加1件，增长11.1%"), (310, 2, "比上年增加308件。"), (5, 0, ""), (0, 5, ""),
])  # fmt: skip
def test_what_has_changed_since_last_year_is_said(now, then, words):
    filed = drawn("2021", 1)
    new = {"t3.new.natural": Decimal(now), "t3.new.total": Decimal(now)}
    last = filed._replace(year=Decimal(2020), values={"t3.new.total": Decimal(then)})
    said = with_draft(filed._replace(values={**filed.values, **new}), last).texts["s1"]
    assert words in said
    assert ("上年增加" in said or "上年减少" in said or "上年持平" in said) == bool(words)


def test_what_only_she_knows_is_refused_until_it_is_written():
    """Every blank of a draft is found, in every text that has one."""
    filed = with_draft(drawn("2021", 3))
    blank = {at for at, text in filed.texts.items() if draft_words().blank in text}
    found = {f.at for f in judge(edition_named("2021"), filed).findings if f.rule == "R636"}
    assert blank == found == {"preface", "s1", "s5", "s6", "date"}


@pytest.mark.parametrize("empty", [True, False])
def test_a_refused_report_names_the_draft_where_texts_are_empty(empty, tmp_path, monkeypatch, capsys):
    filed = drawn("2021", 3) if empty else with_draft(drawn("2021", 3))
    (tmp_path / "数.json").write_text(dump_filing(filed), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["report", "数.json", "-o", "报告.docx"]) == 1
    assert ("xlcheck draft 数.json" in capsys.readouterr().err) == empty


def test_the_figures_choose_the_words():
    first = {with_draft(drawn("2021", seed)).texts["s1"].split("\n")[1][8:14] for seed in range(40)}
    assert len(first) > 1
    assert with_draft(drawn("2021", 2)) == with_draft(drawn("2021", 2))


def test_a_nil_return_is_drafted_as_zeros():
    filed = drawn("2021", 1)
    values = {n: v for n, v in filed.values.items() if not n.startswith("t3.")}
    said = with_draft(filed._replace(values=values, options={"no_requests": "√"})).texts["s1"]
    assert "未收到政府信息公开申请" in said


def test_what_a_new_workbook_carries_of_last_year_is_compared(tmp_path):
    """As the button has it: the workbook itself knows last year, where it was begun from last year's."""
    last = drawn("2021", 3)
    edition, path = edition_named("2021"), tmp_path / "新.xlsx"
    path.write_bytes(new_workbook(edition, int(last.year) + 1, None, last))
    fill_workbook(path, last._replace(year=last.year + 1), path)
    filed = read(path)
    assert "新收申请件数与上年持平" in with_draft(filed, year_before(filed, filed.last)).texts["s1"]


@pytest.mark.parametrize(("edition", "seed"), SOUND[::6])
def test_what_may_stand_above_the_tables_agrees_with_them(edition, seed):
    """Read as a text of hers the check finds nothing in it; each figure is what its cells amount to."""
    filed = drawn(edition, seed)
    said = drafted_leads(edition_named(edition), filed)
    read_as_text = filed._replace(texts={"s1": "\n".join(said.values())})
    found = judge(edition_named(edition), read_as_text).findings
    assert [f.message for f in found if f.rule in OF_FIGURES] == []
    cells = {
        "t2": [f"t2.{row}.decisions" for row in ("license", "penalty", "coercion")],
        "t3": ["t3.new.total", "t3.carry_in.total"],
        "t4": [f"t4.{case}.total" for case in ("review", "direct", "after_review")],
    }
    sums = {table: sum(filed.values[name] for name in names) for table, names in cells.items()}
    assert {table: [*map(Decimal, re.findall(r"(\d+)件", text))] for table, text in said.items()} == {
        table: [total] if total else [] for table, total in sums.items()
    }


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_report_has_them_above_its_tables_where_it_is_asked_to(kind, tmp_path, monkeypatch):
    (tmp_path / "数.json").write_text(dump_filing(base("2021")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = drafted_leads(edition_named("2021"), base("2021")).values()
    for more, there in (((), 0), (("--leads",), 3)):
        assert main(["report", "数.json", "-o", f"报告.{kind}", "--force", *more]) == 0
        lines = reread(tmp_path / f"报告.{kind}").paragraphs
        assert sum(line in said for line in lines) == there


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xlcheck.cli", *words], cwd=folder, capture_output=True, encoding="utf-8"
    )


def test_the_command_writes_another_workbook(tmp_path):
    """From a workbook or from JSON; what was read stays as it was, and twice there is nothing to draft."""
    (tmp_path / "数.json").write_text(dump_filing(drawn("2021", 3)), encoding="utf-8")
    assert run(tmp_path, "new", "-o", "空.xlsx", "--edition", "2021").returncode == 0
    assert run(tmp_path, "fill", "空.xlsx", "--from", "数.json", "-o", "填.xlsx").returncode == 0
    before = (tmp_path / "填.xlsx").read_bytes()
    for source, target in (("填.xlsx", "一.xlsx"), ("数.json", "二.xlsx")):
        done = run(tmp_path, "draft", source, "-o", target)
        assert (done.returncode, "还有 11 处“〔待填：…〕”" in done.stderr) == (0, True), done.stderr
    assert (tmp_path / "填.xlsx").read_bytes() == before
    texts = [run(tmp_path, "dump", name).stdout.partition('"texts"')[2] for name in ("一.xlsx", "二.xlsx")]
    assert texts[0] == texts[1]
    again = run(tmp_path, "draft", "一.xlsx", "-o", "三.xlsx")
    assert (again.returncode, (tmp_path / "三.xlsx").exists()) == (2, False)
    assert run(tmp_path, "draft", "填.xlsx", "-o", "一.xlsx").returncode == 2


def test_errors_of_the_tables_are_told(tmp_path):
    filed = drawn("2021", 3)
    wrong = filed._replace(values={**filed.values, "t3.new.total": filed.values["t3.new.total"] + 1})
    (tmp_path / "数.json").write_text(dump_filing(wrong), encoding="utf-8")
    assert "还有 1 处错误，拟的文字用的是这些数" in run(tmp_path, "draft", "数.json", "-o", "拟.xlsx").stderr
