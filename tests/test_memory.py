"""An answered warning stays answered while its figures stand, travels, and comes back next year."""

import office
import openpyxl
import pytest
from by_name import build_template, dump_filing, fill_workbook, judge, mark, new_workbook
from cases import base, edited

from xlcheck.saving import save
from xlcheck.workbook import reading
from xlcheck.workbook.json import parse_filing

WARNED = {"t4.after_review.upheld": 1, "t4.after_review.total": 1}
SAID = "复议是上年审结的，已核对。"


@pytest.fixture
def answered(tmp_path):
    """A workbook that was checked, then answered, then checked again."""
    save(build_template("2021"), tmp_path / "空.xlsx")
    fill_workbook(tmp_path / "空.xlsx", edited(base("2021"), WARNED), tmp_path / "一.xlsx")
    press(tmp_path / "一.xlsx", tmp_path / "二.xlsx")
    change(tmp_path / "二.xlsx", tmp_path / "三.xlsx", {}, SAID)
    press(tmp_path / "三.xlsx", tmp_path / "四.xlsx")
    return tmp_path / "四.xlsx"


def press(source, target):
    filing = reading.read(source)
    mark(source, filing, judge(filing, filing.last), target, "2026-01-15 10:32")


def change(source, target, edit, answer):
    """Type something in, as the clerk does between two checks."""
    filing = edited(reading.read(source), edit)
    fill_workbook(source, filing._replace(answers={**filing.answers, "R403": answer}), target)


def open_warnings(path):
    filing = reading.read(path)
    return [f.rule for f in judge(filing).findings if not f.answer]


def test_an_answer_stands_on_every_further_check(answered, tmp_path):
    press(answered, tmp_path / "五.xlsx")
    assert (open_warnings(answered), open_warnings(tmp_path / "五.xlsx")) == ([], [])


def test_changed_figures_ask_again_until_the_answer_is_written_anew(answered, tmp_path):
    change(answered, tmp_path / "改.xlsx", {"t4.after_review.upheld": 2, "t4.after_review.total": 2}, SAID)
    asked = open_warnings(tmp_path / "改.xlsx")
    press(tmp_path / "改.xlsx", tmp_path / "再.xlsx")
    again = open_warnings(tmp_path / "再.xlsx")
    change(tmp_path / "再.xlsx", tmp_path / "答.xlsx", {}, SAID + "两件都是。")
    assert (asked, again, open_warnings(tmp_path / "答.xlsx")) == (["R403"], ["R403"], [])


def test_an_answer_does_not_cover_figures_that_come_back_different(answered, tmp_path):
    change(answered, tmp_path / "清.xlsx", {"t4.after_review.upheld": 0, "t4.after_review.total": 0}, SAID)
    press(tmp_path / "清.xlsx", tmp_path / "按.xlsx")
    other = {"t4.after_review.upheld": 5, "t4.after_review.total": 5}
    change(tmp_path / "按.xlsx", tmp_path / "又.xlsx", other, SAID)
    assert open_warnings(tmp_path / "又.xlsx") == ["R403"]


def test_other_figures_may_change(answered, tmp_path):
    change(answered, tmp_path / "改.xlsx", {"t2.license.decisions": 319}, SAID)
    assert open_warnings(tmp_path / "改.xlsx") == []


def test_an_answer_survives_libreoffice_and_json(desktop, answered, tmp_path):
    book = office.opened(desktop, answered)
    office.saved(book, tmp_path / "存.xlsx")
    book.close(True)
    filing = reading.read(tmp_path / "存.xlsx")
    assert (open_warnings(tmp_path / "存.xlsx"), filing.records) == ([], reading.read(answered).records)
    assert parse_filing(dump_filing(filing), "dump") == filing._replace(notes={})


def test_an_answer_comes_back_next_year_as_a_suggestion(desktop, answered, tmp_path):
    last = reading.read(answered)
    save(new_workbook(None, None, None, last), tmp_path / "明年.xlsx")
    fresh = reading.read(tmp_path / "明年.xlsx")
    # every figure as last year, but what is carried over from it
    carried = {n.replace("carry_out", "carry_in"): v for n, v in last.values.items() if ".carry_out." in n}
    filing = last._replace(year=fresh.year, values={**last.values, **carried}, answers={}, records={})
    fill_workbook(tmp_path / "明年.xlsx", filing, tmp_path / "填.xlsx")
    book = office.opened(desktop, tmp_path / "填.xlsx")
    sheet = book.Sheets.getByName("校验")
    rows = [sheet.getCellRangeByName(f"G{n}").String for n in range(1, 120)]
    said = sheet.getCellRangeByName(f"E{rows.index('R403') + 1}").String
    book.close(True)
    assert fresh.answers == {}
    assert fresh.last.texts == dict(last.texts)
    assert said.endswith(f"上年说明：{SAID}")


SLIPS = [
    ("R403", WARNED),
    ("R646", {"s5": "存在的的问题：公开不够及时，更新不够快。改进情况：今年已明确专人负责，每月检查一次。"}),
]


@pytest.mark.parametrize(("rule", "edit"), SLIPS, ids=["a formula's rule", "a rule about the text"])
def test_last_years_answer_is_told_beside_whatever_finds_it_again(rule, edit, tmp_path):
    """In the check, in the list and in the note of the marked copy; not once she has answered herself."""
    last = edited(base("2021"), edit)._replace(answers={rule: SAID})
    save(new_workbook(None, None, None, last), tmp_path / "新.xlsx")
    fresh = reading.read(tmp_path / "新.xlsx")
    carried = {n.replace("carry_out", "carry_in"): v for n, v in last.values.items() if ".carry_out." in n}
    filing = last._replace(year=fresh.year, values={**last.values, **carried}, answers={}, records={})
    fill_workbook(tmp_path / "新.xlsx", filing, tmp_path / "填.xlsx")
    press(tmp_path / "填.xlsx", tmp_path / "标.xlsx")
    there = reading.read(tmp_path / "填.xlsx")
    told = [f.advice for f in judge(there, there.last).findings if f.rule == rule]
    book = openpyxl.load_workbook(tmp_path / "标.xlsx")
    notes = [c.comment.text for s in book for row in s.iter_rows() for c in row if c.comment]
    words = [str(c.value) for row in book["xlcheck"].iter_rows() for c in row]
    told = [sum(f"上年说明：{SAID}" in text for text in texts) for texts in (told, notes, words)]
    mine = judge(there._replace(answers={rule: "今年也是。"}), there.last).findings
    assert (told[0], told[1], told[2] > 0) == (1, 1, True)
    assert [SAID in f.advice + f.answer for f in mine if f.rule == rule] == [False]


def test_an_explained_carry_over_is_no_error_any_more():
    last = edited(base("2021"), {"year": 2024, "t3.carry_out.natural": 5, "t3.carry_out.total": 5})
    plain, explained = (judge(base("2021")._replace(answers=a), last) for a in ({}, {"R304": "机构改革"}))
    assert (plain.status, explained.status) == ("fail", "warn")
