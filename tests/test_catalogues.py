"""A workbook handed out before a rule was added, or after: what is found stands at its own rule's line."""

import live as screen
import office
import openpyxl
import pytest
from by_name import build_template
from cases import base, edited

from xlcheck.core.rules import Rules
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.judge import judge
from xlcheck.office import actions, session
from xlcheck.saving import save
from xlcheck.template import build
from xlcheck.workbook import reading, writing
from xlcheck.workbook.marking import mark

NEW = ("R201", "R111")  # a reminder and an error in the middle of the catalogue
WARNED = {"t4.after_review.upheld": 1, "t4.after_review.total": 1}
SAID = "复议是上年审结的，已核对。"


def without(edition, *ids):
    """The edition as it was before these rules were added."""
    rules = edition.rules
    left = tuple(r for r in rules.rules if r.id not in ids)
    cases = tuple(c for c in rules.cases if c.rule.id not in ids)
    return edition._replace(rules=Rules(left, cases, rules.typed))


@pytest.fixture(params=["2019", "2021"])
def newer(request):
    return edition_named(request.param)


@pytest.fixture
def older(newer):
    return without(newer, *NEW)


def made_of(edition, edit, path, answers=None, few=False):
    """A workbook of this catalogue, filled in; one of the first had ``few`` lines for what is found."""
    book = build.build_template(edition)
    if few:
        book["xlcheck"][hidden_sheet().cell.lines].value = None
    save(book, path.with_name("空.xlsx"))
    filing = edited(base(edition.form.edition), edit)._replace(answers=answers or {})
    writing.fill_workbook(edition, path.with_name("空.xlsx"), filing, path)
    return path


def press(edition, source, target):
    filing = reading.read(source)
    result = judge(edition, filing, filing.last)
    mark(edition, source, filing, result, target, "2026-01-15 10:32")
    return result


def lines(path):
    """What the hidden sheet was told of every rule, by the id on its line; and the first lines."""
    sheet, at = openpyxl.load_workbook(path)["xlcheck"], hidden_sheet()

    def row(n, *columns):
        return [sheet[f"{column}{n}"].value for column in columns]

    rows = [n for n in range(at.first_row, sheet.max_row + 1) if sheet[f"{at.rule.rule}{n}"].value]
    columns = (at.found.state, at.found.place, at.found.message, at.rule.record)
    by_rule = {row(n, at.rule.rule)[0]: row(n, *columns) for n in rows}
    first = [
        row(at.first_row + n, at.first.state, at.first.message, at.first.advice) for n in range(at.first_rows)
    ]
    return by_rule, [one for one in first if one[0]]


def said(edition, result, path):
    """Whether each finding's message stands at the line of its rule, and no other line has one."""
    by_rule, _ = lines(path)
    wanted = {f.rule: f.message for f in reversed(result.findings) if f.rule in by_rule}
    there = {rule: line[2] for rule, line in by_rule.items() if line[0] in ("× 错误", "！ 提醒", "！ 留意")}
    return wanted, there


ALL = {"t3.granted.natural": 21, "t2.rules.made": 1, "unit": "", **WARNED}


@pytest.mark.parametrize("pressed", [1, 2])
def test_an_older_workbook_is_told_each_finding_at_its_own_line(older, newer, tmp_path, pressed):
    path = made_of(older, ALL, tmp_path / "0.xlsx")
    for n in range(pressed):
        result = press(newer, tmp_path / f"{n}.xlsx", tmp_path / f"{n + 1}.xlsx")
    wanted, there = said(newer, result, tmp_path / f"{pressed}.xlsx")
    assert {"R403"} <= wanted.keys()
    assert there == wanted
    assert path.exists()


@pytest.mark.parametrize("pressed", [1, 2])
def test_a_newer_workbook_is_told_each_finding_at_its_own_line(older, newer, tmp_path, pressed):
    made_of(newer, ALL, tmp_path / "0.xlsx")
    for n in range(pressed):
        result = press(older, tmp_path / f"{n}.xlsx", tmp_path / f"{n + 1}.xlsx")
    wanted, there = said(older, result, tmp_path / f"{pressed}.xlsx")
    by_rule, _ = lines(tmp_path / f"{pressed}.xlsx")
    assert there == wanted
    assert [by_rule[rule][0] for rule in NEW] == ["－ 不适用"] * len(NEW)


def test_what_a_workbook_has_no_line_for_stands_among_the_first(older, newer, tmp_path):
    made_of(older, ALL, tmp_path / "0.xlsx")
    result = press(newer, tmp_path / "0.xlsx", tmp_path / "1.xlsx")
    _, first = lines(tmp_path / "1.xlsx")
    wanted = [f.message for f in result.findings if f.severity != "info"]
    assert [line[1] for line in first] == wanted
    assert set(NEW) <= {f.rule for f in result.findings}


FULL = {f"t3.new.{column}": "/" for column in ("natural", "business", "research", "social", "legal", "total")}


def test_a_full_list_keeps_what_has_no_line(older, newer, tmp_path):
    made_of(older, {**ALL, **FULL, "unit": "清水镇"}, tmp_path / "0.xlsx", few=True)
    result = press(newer, tmp_path / "0.xlsx", tmp_path / "1.xlsx")
    _, first = lines(tmp_path / "1.xlsx")
    new = next(f for f in result.findings if f.rule == "R201")
    shown = [f for f in result.findings if f.severity != "info"]
    assert shown.index(new) >= 6
    assert [line[1] for line in first[:5]] == [*(f.message for f in shown[:4]), new.message]
    assert first[4][0].startswith("！")
    assert first[4][2].endswith("请换用新发的表格。")
    assert first[5][1] == workbook().words.below


def test_more_new_rules_than_lines_are_all_told(newer, tmp_path):
    old = without(
        newer, *(r.id for r in newer.rules.rules if not r.beside and not r.silences and r.id != "R403")
    )
    edit = {
        **ALL,
        "kind": "",
        "t4.review.total": 99,
        "t2.normative.made": 99,
        "s5": "",
        "date": "",
        "sign": "",
        "t2.license.decisions": "1.5",
    }
    made_of(old, edit, tmp_path / "0.xlsx", few=True)
    result = press(newer, tmp_path / "0.xlsx", tmp_path / "1.xlsx")
    by_rule, first = lines(tmp_path / "1.xlsx")
    lost = {f.rule: f.message for f in reversed(result.findings) if f.rule not in by_rule}
    assert len(lost) > 6
    assert len(first) == 6
    text = "".join(line[1] for line in first)
    assert [message for message in lost.values() if message not in text] == []


# ---------------------------------------------------------------- memory
def change(source, target, edit, edition):
    filing = edited(reading.read(source), edit)
    writing.fill_workbook(edition, source, filing._replace(answers={"R403": SAID}), target)


@pytest.mark.parametrize("way", ["older", "newer"])
def test_an_answer_is_asked_again_when_its_figures_change(older, newer, tmp_path, way):
    made, checks = (older, newer) if way == "older" else (newer, older)
    made_of(made, WARNED, tmp_path / "0.xlsx", {"R403": SAID})
    press(made, tmp_path / "0.xlsx", tmp_path / "1.xlsx")
    press(checks, tmp_path / "1.xlsx", tmp_path / "2.xlsx")
    kept = reading.read(tmp_path / "2.xlsx")
    assert kept.records.keys() == {"R403"}
    assert [f.rule for f in judge(checks, kept).findings if not f.answer and f.rule == "R403"] == []
    edit = {"t4.after_review.upheld": 2, "t4.after_review.total": 2}
    change(tmp_path / "2.xlsx", tmp_path / "3.xlsx", edit, checks)
    press(checks, tmp_path / "3.xlsx", tmp_path / "4.xlsx")
    for path in (tmp_path / "3.xlsx", tmp_path / "4.xlsx"):
        asked = [f.rule for f in judge(checks, reading.read(path)).findings if not f.answer]
        assert "R403" in asked


def test_an_answer_outlives_a_check_that_does_not_know_its_rule(newer, tmp_path):
    made_of(newer, WARNED, tmp_path / "0.xlsx", {"R403": SAID})
    press(newer, tmp_path / "0.xlsx", tmp_path / "1.xlsx")
    press(without(newer, "R403"), tmp_path / "1.xlsx", tmp_path / "2.xlsx")
    before, after = (reading.read(tmp_path / f"{n}.xlsx") for n in (1, 2))
    assert (after.answers, after.records) == (before.answers, before.records)


def test_an_answer_that_a_workbook_has_no_place_for_is_given_back(newer, tmp_path):
    path = made_of(without(newer, "R403"), WARNED, tmp_path / "0.xlsx")
    explained = reading.read(path)._replace(answers={"R403": SAID, "R402": "有"})
    assert writing.fill_workbook(newer, path, explained, tmp_path / "1.xlsx") == {"R403": SAID}
    assert reading.read(tmp_path / "1.xlsx").answers == {"R402": "有"}


def test_last_years_answers_stand_at_their_rules(older, newer, tmp_path):
    last = edited(base(newer.form.edition), {})._replace(answers={"R403": SAID})
    year = int(last.year) + 1
    last = last._replace(year=last.year)
    edition = older
    if not edition.form.covers(year):
        last, year = last._replace(year=last.year - 1), year - 1
    (tmp_path / "新.xlsx").write_bytes(writing.new_workbook(edition, year, None, last))
    sheet, at = openpyxl.load_workbook(tmp_path / "新.xlsx")["xlcheck"], hidden_sheet()
    rows = range(at.first_row, sheet.max_row + 1)
    there = {sheet[f"{at.rule.rule}{n}"].value: sheet[f"{at.rule.last_answer}{n}"].value for n in rows}
    assert {rule: text for rule, text in there.items() if text} == {"R403": SAID}


# ---------------------------------------------------------------- the button
@pytest.mark.parametrize("way", ["older", "newer"])
def test_the_button_writes_what_the_command_line_writes(desktop, older, newer, tmp_path, monkeypatch, way):
    made, checks = (older, newer) if way == "older" else (newer, older)
    path = made_of(made, ALL, tmp_path / "0.xlsx", {"R403": SAID})
    monkeypatch.setattr(session, "edition_named", lambda name: checks)
    with screen.opened(desktop, path) as opened:
        actions.check_workbook(opened.book)
        actions.check_workbook(opened.book)
        office.saved(opened.document, tmp_path / "活.xlsx")
    press(checks, path, tmp_path / "1.xlsx")
    press(checks, tmp_path / "1.xlsx", tmp_path / "2.xlsx")
    live, closed = lines(tmp_path / "活.xlsx"), lines(tmp_path / "2.xlsx")
    in_files = {r.id for r in made.rules.rules if r.check in ("renamed", "merged_entries")}
    for told, _ in (live, closed):
        for rule in in_files & told.keys():
            del told[rule]
    assert live == closed
    assert live[0]["R403"][3]


def test_the_list_of_an_older_workbook_shows_what_was_found(desktop, older, newer, tmp_path):
    made_of(older, ALL, tmp_path / "0.xlsx")
    press(newer, tmp_path / "0.xlsx", tmp_path / "1.xlsx")
    book = office.opened(desktop, tmp_path / "1.xlsx")
    sheet = book.Sheets.getByName("校验")
    rows = {sheet.getCellRangeByName(f"G{n}").String: n for n in range(1, 140)}
    shown = sheet.getCellRangeByName(f"B{rows['R403']}").String
    empty = sheet.getCellRangeByName(f"B{rows['R404']}").String if "R404" in rows else ""
    book.close(True)
    assert (shown, empty[:1] == "！") == ("！ 提醒", False)


def test_the_built_template_lists_the_whole_catalogue(newer):
    book = build_template(newer.form.edition)
    there = [cell.value for cell in book["xlcheck"][hidden_sheet().rule.rule] if cell.value]
    assert there == [rule.id for rule in newer.rules.rules]
