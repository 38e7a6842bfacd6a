"""A county's inbox as it really is, from the command line to the page: every file is told, none is lost."""

import base64
import email
import email.policy
import gzip
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from cases import base, edited
from docx import Document
from fsspec.implementations.local import LocalFileSystem
from inboxes import Press, packed
from ledgers import CAMPAIGN, snapshot
from openpyxl import load_workbook

from xlcheck import cli
from xlcheck.county.inbox import files as inbox
from xlcheck.county.inbox.files import content, inbox_files
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.ledger.register import listed_units
from xlcheck.county.roster import read_roster
from xlcheck.county.summary.list_sheet import column_number, head_row
from xlcheck.county.tasks import Task, check_files, read_files
from xlcheck.data.assessment import assessment
from xlcheck.data.county import Verdict, county
from xlcheck.data.summary import summary
from xlcheck.editions import Refused, edition_named
from xlcheck.workbook.reading import read

TODAY = ["--today", "2026-01-26"]
SHEETS, HEAD = summary().sheets, head_row()
WRONG = {"t3.granted.natural": 21}


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    return Press("2021", tmp_path_factory.mktemp("press"))


@pytest.fixture
def desk(tmp_path, press, monkeypatch):
    """An empty inbox, a roster of three, and a way to put a return of a unit into it on a day of January."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收件箱").mkdir()
    names = ["清水镇人民政府,镇,李四", "白石镇人民政府,镇,", "云岭镇人民政府,乡,"]
    (tmp_path / "roster.csv").write_text("单位名称,类别,联系人\n" + "\n".join(names), encoding="utf-8")

    def send(name: str, day: int = 12, unit: str = "清水镇人民政府", **edit: object):
        path = tmp_path / "收件箱" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(press.print(edited(base("2021"), {"unit": unit, "sign": unit, **edit})))
        return dated(path, day)

    return send


def dated(path, day: int):
    moment = 1767225600 + day * 86400
    os.utime(path, (moment, moment))
    return path


def collect(*more: str) -> int:
    words = ["collect", "收件箱", "--roster", "roster.csv", "-o", "结果", "--county", "清水县", "--jobs", "1"]
    return cli.main([*words, *TODAY, *more])


def decide(*words: str) -> int:
    return cli.main(["decide", *words, "-o", "结果", *TODAY])


def drawn() -> dict:
    """What the page carries."""
    with open("结果/收报情况.html", encoding="utf-8") as text:
        return json.loads(re.search('id="index">(.*?)</script>', text.read())[1])


def status(unit: str = "清水镇人民政府") -> str:
    page = drawn()
    at = page["name"].index(unit)
    return page["status"][page["status_of"][at]][1]


def record(unit: str = "清水镇人民政府") -> dict:
    """What the page opens of a unit."""
    with open("结果/收报情况.html", encoding="utf-8") as text:
        pack = re.search('id="pack-0">(.*?)</script>', text.read())[1]
    return json.loads(gzip.decompress(base64.b64decode(pack)))[drawn()["name"].index(unit)]


def received() -> dict[str, tuple[str, str]]:
    """The summary's list of files: what became of each, and what is said of it."""
    sheet = load_workbook("结果/汇总.xlsx")[SHEETS.arrivals.name]
    path, outcome, said = (column_number(SHEETS.arrivals, key) - 1 for key in ("path", "outcome", "said"))
    rows = sheet.iter_rows(min_row=HEAD + 1, values_only=True)
    return {row[path]: (row[outcome], row[said]) for row in rows}


def unclaimed() -> str:
    with open("结果/收报情况.html", encoding="utf-8") as text:
        found = re.search('<section class="panel unclaimed">.*?</section>', text.read(), re.DOTALL)
    return found[0] if found else ""


# ---------------------------------------------------------------- decisions and returns

ON_RETURNS = [Verdict.RETURN, Verdict.ACCEPT, Verdict.EXPLAINED, Verdict.PENDING]


@pytest.mark.parametrize("verdict", ON_RETURNS)
def test_every_verdict_is_drawn(desk, verdict):
    desk("a.xlsx")
    collect()
    assert decide(county().verdict[verdict], "清水镇", "--reason", "因") == 0
    assert collect() == 0
    said = {"return": "有误已退回", "accept": "已接受", "explained": "已接受", "pending": "已报待核"}
    assert status() == said[verdict]
    assert any(county().verdict[verdict] in what for _, what in record()["past"])


def test_a_sound_file_that_comes_again_after_the_faulty_one_was_sent_back_is_a_return(desk):
    good = desk("第一次.xlsx", 10)
    desk("第二次.xlsx", 12, **WRONG)
    collect()
    decide("退回", "清水镇")
    shutil.copy(good, "收件箱/第三次.xlsx")
    assert collect() == 0
    assert status() == "重报"
    assert received()["第三次.xlsx"][0] == "本次报送"
    assert drawn()["times"][0] == 3


def test_a_file_that_was_only_moved_has_not_come_again(desk):
    path = desk("a.xlsx", **WRONG)
    collect()
    decide("退回", "清水镇")
    os.makedirs("收件箱/已看")
    shutil.move(path, "收件箱/已看/a.xlsx")
    collect()
    assert status() == "有误已退回"
    assert list(received()) == ["已看/a.xlsx"]


def test_an_accepted_return_stands_when_an_old_draft_is_found(desk, capsys):
    desk("定稿.xlsx", 12)
    collect()
    decide("接受", "清水镇")
    first = load_workbook("结果/汇总.xlsx")[SHEETS.units.name].cell(
        HEAD + 1, column_number(SHEETS.units, "came")
    )
    desk("旧稿.xlsx", 5, **WRONG)
    collect()
    again = load_workbook("结果/汇总.xlsx")[SHEETS.units.name].cell(
        HEAD + 1, column_number(SHEETS.units, "came")
    )
    assert (status(), again.value, drawn()["times"][0]) == ("已接受", first.value, 1)
    assert received()["旧稿.xlsx"][0] == "接受后才找到"
    assert decide("以此为准", "旧稿.xlsx") == 0
    assert (status(), drawn()["errors"][0]) == ("重报", 1)
    assert decide("撤销", "旧稿.xlsx") == 0
    assert (status(), drawn()["errors"][0]) == ("已接受", 0)


def test_what_is_newer_than_an_accepted_return_is_asked_about(desk, capsys):
    """It corrects nothing that was sent back, also where its unit's first return once was."""
    desk("初稿.xlsx", 10, **WRONG)
    collect()
    decide("退回", "清水镇")
    desk("定稿.xlsx", 12)
    collect()
    assert "1 处要求改：1 处已改" in record()["facts"]
    decide("接受", "清水镇")
    desk("新稿.xlsx", 15, **{"t2.penalty.decisions": 8})
    collect()
    unasked = "已接受过一份，现在计入的是另一份，请复核"
    assert (status(), drawn()["own_problem"]["0"].partition("。")[0]) == ("重报", unasked)
    assert unasked in record()["facts"]
    capsys.readouterr()
    cli.main(["history", "清水镇", *TODAY])
    assert capsys.readouterr().out.splitlines()[1] == unasked


def test_what_comes_after_a_return_was_taken_back_corrects_nothing(desk):
    desk("初稿.xlsx", 10, **WRONG)
    collect()
    decide("退回", "清水镇")
    decide("待核", "清水镇")
    desk("定稿.xlsx", 12)
    collect()
    assert (status(), [fact for fact in record()["facts"] if "要求改" in fact]) == ("已报待核", [])


def test_the_return_is_compared_with_what_was_asked(desk):
    """One mended, one left, one moved to another cell of the same sum, one new."""
    asked = {"t3.granted.natural": 21, "t4.review.total": 9, "t2.license.decisions": ""}
    desk("a.xlsx", 10, **asked)
    collect()
    before = drawn()["errors"][0]
    decide("退回", "清水镇", "--reason", "请改")
    desk("b.xlsx", 12, **{"t4.review.total": 9, "t2.penalty.decisions": ""})
    collect()
    said = f"{before} 处要求改：2 处已改，1 处没有改，1 处新错"
    assert said in record()["facts"]
    assert drawn()["own_problem"]["0"].startswith(said)


def test_a_claimed_file_of_another_year_is_said_not_to_count(desk, capsys):
    desk("甲.xlsx", 10, year=2019)
    collect()
    capsys.readouterr()
    assert decide("认领", "甲.xlsx", "清水镇") == 0
    said = capsys.readouterr().err
    assert "“甲.xlsx”认领了也不计入：封面年度是 2019，" in said
    assert status() == "未报"


def test_a_claimed_file_counts_for_whom_it_was_claimed(desk):
    desk("甲.xlsx", 10, unit="青水镇人民政付")
    collect()
    decide("认领", "甲.xlsx", "清水镇")
    collect()
    assert received()["甲.xlsx"] == ("本次报送", "计入 清水镇人民政府。")


def test_each_figure_to_be_mended_in_a_text_is_counted_as_in_the_letter(desk):
    said = "（一）主动公开。作出行政许可决定{}件，作出行政处罚决定{}件。"
    desk("a.xlsx", 10, s1=said.format(9001, 9002))
    collect()
    decide("退回", "清水镇")
    desk("b.xlsx", 12, s1=said.format(9001, 0), **{"t2.penalty.decisions": 0})
    collect()
    assert "3 处要求改：1 处已改，2 处没有改" in record()["facts"]  # two figures, and what was not written of


def test_an_unchanged_return_is_told_as_such(desk, capsys):
    path = desk("a.xlsx", 10, **WRONG)
    collect()
    decide("退回", "清水镇")
    shutil.copy(path, "收件箱/b.xlsx")
    collect()
    assert status() == "重报"
    capsys.readouterr()
    cli.main(["history", "清水镇", *TODAY])
    said = capsys.readouterr().out
    assert "完全一样" in said
    assert re.findall("报来“.*?”|退回“.*?”", said) == ["报来“a.xlsx”", "退回“a.xlsx”", "报来“b.xlsx”"]


def test_what_was_sent_back_by_hand_and_came_as_it_was_is_not_taken_with_the_clean(desk):
    path = desk("a.xlsx", 10)
    collect()
    decide("退回", "清水镇", "--reason", "没有盖章")
    shutil.copy(path, "收件箱/b.xlsx")
    collect()
    decide("接受", "--clean")
    assert status() == "重报"
    decide("接受", "清水镇")
    assert status() == "已接受"


NO_GROUND = "没有要改的错误和提醒，退回要写原因"


@pytest.mark.parametrize("words", [["清水镇", "白石镇"], ["--clean"]])
def test_what_has_nothing_to_mend_is_sent_back_for_a_reason(desk, words, capsys):
    desk("a.xlsx")
    desk("b.xlsx", unit="白石镇人民政府", **WRONG)
    collect()
    capsys.readouterr()
    assert decide("退回", *words) == 2
    assert f"清水镇人民政府：{NO_GROUND}" in capsys.readouterr().err
    assert (status(), status("白石镇人民政府") == "有误已退回") == ("已报待核", "白石镇" in words)
    assert decide("退回", *words, "--reason", "请补盖章") == 0
    assert status() == "有误已退回"
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    letter = Document("通知/退回/清水镇人民政府/退回通知.docx")
    assert "退回的原因：请补盖章。" in [p.text for p in letter.paragraphs]


def test_who_was_sent_back_and_gets_no_letter_is_named(desk, capsys):
    desk("a.xlsx", **{"t2.rules.made": 1, "t2.rules.valid": 1})
    collect()
    decide("退回", "清水镇")
    decide("接受说明", "清水镇", "--rule", "R201", "--reason", "有立法权")
    capsys.readouterr()
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    assert "没有写通知的 1 家（清水镇人民政府）" in capsys.readouterr().err
    cli.main(["history", "清水镇", *TODAY])
    assert "里的一处问题（R201）：接受说明" in capsys.readouterr().out


def test_nobody_loses_points_before_the_day_in_the_letter(desk):
    """The returns were due on the 10th; what was sent back is wanted on the 28th."""
    policy = 'due = { month = 1, day = 10 }\n[[point]]\nname = "没改"\non = "unmended"\npoints = -5\n'
    Path("办法.toml").write_text(policy, encoding="utf-8")
    desk("a.xlsx", 8, **WRONG)
    collect()
    decide("退回", "清水镇")
    cli.main(["notices", "-o", "通知", "--office", "办公室", "--deadline", "2026-01-28", *TODAY])
    lost = {}
    for day in ("2026-01-28", "2026-01-29"):
        collect("--policy", "办法.toml", "--today", day)
        sheet = load_workbook("结果/汇总.xlsx")[assessment().sheet.name]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
        lost[day] = [row[4] for row in rows if row[1:3] == ["清水镇人民政府", "没改"]]
    assert lost == {"2026-01-28": [0], "2026-01-29": [-5]}


def choose(unit: str, **said: str) -> None:
    """What an officer types into the summary, in the line of a unit."""
    book = load_workbook("结果/汇总.xlsx")
    for row in book[SHEETS.units.name].iter_rows(min_row=HEAD + 1):
        if unit in [cell.value for cell in row]:
            for key, text in said.items():
                row[column_number(SHEETS.units, key) - 1].value = text
    book.save("结果/汇总.xlsx")


def test_an_error_is_never_taken_as_explained(desk, capsys):
    desk("a.xlsx", **WRONG)
    collect()
    said = "清水镇人民政府：还有必须改正的错误，不能“接受说明”"
    for words in (["清水镇"], ["--faulty"]):
        capsys.readouterr()
        assert decide("接受说明", *words, "--reason", "因") == 2
        assert said in capsys.readouterr().err
    choose("清水镇人民政府", verdict="接受说明", reason="因")
    assert collect() == 2  # what she typed stays in the summary, to be mended there
    assert "第 6 行（清水镇人民政府）：还有必须改正的错误，不能“接受说明”" in capsys.readouterr().err
    assert status() == "已报待核"


def test_errors_are_accepted_one_by_one_and_taken_back_together(desk, capsys):
    desk("a.xlsx", **WRONG)
    collect()
    capsys.readouterr()
    assert decide("接受", "--faulty") == 2
    assert "请逐家写单位名" in capsys.readouterr().err
    assert decide("待核", "--faulty") == 0
    assert "没有一家符合" in capsys.readouterr().err
    decide("退回", "--faulty")
    assert status() == "有误已退回"
    assert decide("待核", "--faulty") == 0
    assert status() == "已报待核"


def past(unit: str, capsys) -> list[str]:
    """What `history` prints of a unit, without the hours."""
    capsys.readouterr()
    cli.main(["history", unit, *TODAY])
    return [line.partition("  ")[2].partition("（")[0] for line in capsys.readouterr().out.splitlines()[1:]]


def test_the_history_says_what_became_of_each_file(desk, capsys):
    desk("b.xlsx", 12)
    desk("a.xlsx", 10, **WRONG)
    collect()
    desk("去年.xlsx", 11, year=2024)
    collect()
    assert past("清水镇", capsys) == [
        "报来“a.xlsx”：错误 1 处，提醒 0 处；较早的报送",
        "报来“去年.xlsx”，没有采用：封面年度是 2024，本次收的是 2025 年度。没有计入；请核对后重报。",
        "报来“b.xlsx”：没有发现问题；计入的是这一份",
    ]


def test_two_files_of_one_name_are_told_apart_in_the_history(desk, capsys):
    desk("草稿/a.xlsx", 10, **WRONG)
    desk("a.xlsx", 12)
    collect()
    decide("收到日期", "草稿/a.xlsx", "2026-01-09")
    assert past("清水镇", capsys) == [
        "报来“草稿/a.xlsx”：错误 1 处，提醒 0 处；较早的报送",
        "报来“a.xlsx”：没有发现问题；计入的是这一份",
        "文件“草稿/a.xlsx”：收到日期 2026-01-09",
    ]


def test_what_was_taken_back_is_said(desk, capsys):
    desk("a.xlsx")
    collect()
    decide("接受", "清水镇")
    capsys.readouterr()
    decide("撤销", "清水镇")
    assert "已撤销：接受“a.xlsx”。" in capsys.readouterr().err
    assert past("清水镇", capsys)[-1] == "撤销：接受“a.xlsx”"


def test_the_same_letter_again_is_one_line(desk, capsys):
    collect()
    for _ in range(2):
        cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    assert len(past("清水镇", capsys)) == 1


def test_who_decided_is_kept(desk, capsys):
    desk("a.xlsx")
    collect()
    cli.main(["decide", "接受", "清水镇", "--by", "王五"])
    cli.main(["history", "清水镇", *TODAY])
    assert "接受“a.xlsx”（王五）" in capsys.readouterr().out


def test_a_file_is_claimed_voided_dated_and_all_of_it_taken_back(desk, capsys):
    desk("a.xlsx", unit="清河政府", **WRONG)
    collect()
    assert status() == "未报"
    decide("认领", "a.xlsx", "清水镇")
    assert (status(), received()["a.xlsx"][0]) == ("已报待核", "本次报送")
    decide("收到日期", "a.xlsx", "2026-01-03")
    assert drawn()["minute"][0] // 10000 == 20260103
    decide("作废", "a.xlsx")
    assert (status(), received()["a.xlsx"][0]) == ("未报", "已作废")
    collect()
    assert status() == "未报"
    for _ in range(3):
        assert decide("撤销", "a.xlsx") == 0
    assert (status(), received()["a.xlsx"][0]) == ("未报", "不在名单")
    with sqlite3.connect("county.db") as db:
        assert db.execute("SELECT count(*) FROM decision").fetchone() == (6,)


def test_a_decision_is_on_one_of_the_empty_files(desk):
    """All empty files hold the same: nothing."""
    for name in ("甲.xlsx", "乙.xlsx"):
        desk(name).write_bytes(b"")
    collect()
    decide("认领", "甲.xlsx", "清水镇")
    shutil.move("收件箱/甲.xlsx", "收件箱/丙.xlsx")
    collect()
    assert (unclaimed().count("乙.xlsx") > 0, "丙.xlsx" in unclaimed()) == (True, False)
    decide("作废", "乙.xlsx")
    assert [received()[name][0] for name in ("丙.xlsx", "乙.xlsx")] == ["读不了", "已作废"]
    decide("撤销", "乙.xlsx")
    assert received()["乙.xlsx"][0] == "读不了"


def test_the_same_workbook_under_the_names_of_two_units_is_claimed_twice(desk):
    for name in ("清水镇.xlsx", "白石镇.xlsx"):
        desk(name, unit="某某")
    collect()
    decide("认领", "清水镇.xlsx", "清水镇")
    assert (status(), status("白石镇人民政府")) == ("已报待核", "未报")
    decide("认领", "白石镇.xlsx", "白石镇")
    assert (status(), status("白石镇人民政府")) == ("已报待核", "已报待核")


def test_a_decision_on_a_unit_is_taken_back(desk):
    desk("a.xlsx", **WRONG)
    collect()
    decide("退回", "清水镇")
    decide("接受", "清水镇")
    assert decide("撤销", "清水镇") == 0
    assert status() == "有误已退回"


REFUSED = {
    "a unit by a part of its name": (["退回", "清水"], "是不是“清水镇人民政府”？"),
    "no such file": (["作废", "没有.xlsx"], "没有文件“没有.xlsx”"),
    "two files": (["作废", "a.xlsx"], "不止一个"),
    "no day": (["收到日期", "甲/a.xlsx", "昨天"], "请写文件和日期"),
    "no unit": (["认领", "甲/a.xlsx"], "请写文件和单位"),
    "a word mistyped": (["退会", "清水镇"], "是不是“退回”？"),
    "all of what": (["接受说明", "--all", "--reason", "因"], "--all 要同 --rule 一起用"),
    "a day to come": (["收到日期", "甲/a.xlsx", "2999-01-01"], "2999-01-01 还没有到"),
    "nothing to take back": (["撤销", "甲/a.xlsx"], "还没有决定可以撤销"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_decision_that_cannot_be_is_a_sentence(desk, why, capsys):
    desk("甲/a.xlsx")
    desk("乙/a.xlsx", unit="白石镇人民政府")
    collect()
    capsys.readouterr()
    words, said = REFUSED[why]
    assert cli.main(["decide", *words]) == 2
    assert said in capsys.readouterr().err


def test_an_accepted_unit_with_errors_is_told_without_a_guess(desk, capsys):
    desk("a.xlsx", **WRONG)
    collect()
    decide("接受", "清水镇")
    capsys.readouterr()
    collect()
    said = capsys.readouterr().err
    assert "已接受的 1 家有错误" in said
    assert "上年数" not in said


BULK = {  # what is said of many, and the units it is on
    "of a kind": (["退回", "--kind", "镇", "--reason", "缺盖章"], {"清水镇人民政府", "白石镇人民政府"}),
    "faulty of a kind": (["退回", "--kind", "镇", "--faulty"], {"清水镇人民政府"}),
    "of a region": (["退回", "--region", "东", "--reason", "缺盖章"], {"白石镇人民政府", "云岭镇人民政府"}),
    "clean of a region": (["接受", "--region", "东", "--clean"], {"白石镇人民政府", "云岭镇人民政府"}),
    "in a state": (
        ["退回", "--status", "已报待核", "--reason", "因"],
        {"清水镇人民政府", "白石镇人民政府", "云岭镇人民政府"},
    ),
    "of nobody": (["退回", "--kind", "乡", "--faulty"], set()),
    "a kind that is none": (["退回", "--kind", "街道", "--reason", "因"], None),
    "a region that is none": (["退回", "--region", "北", "--reason", "因"], None),
    "accepted with errors": (["接受", "--kind", "镇"], None),
    "a state that is none": (["退回", "--status", "没报", "--reason", "因"], None),
    "beside a name": (["退回", "清水镇", "--kind", "镇"], None),
}


@pytest.fixture(scope="module")
def three_regions(tmp_path_factory, press):
    """A ledger of three units in two regions, one of them faulty, and no decision."""
    home = tmp_path_factory.mktemp("regions")
    (home / "收件箱").mkdir()
    listed = "单位名称,类别,地区\n清水镇人民政府,镇,西\n白石镇人民政府,镇,东/北\n云岭镇人民政府,乡,东\n"
    (home / "roster.csv").write_text(listed, encoding="utf-8")
    for unit, edit in (("清水镇人民政府", WRONG), ("白石镇人民政府", {}), ("云岭镇人民政府", {})):
        made = press.print(edited(base("2021"), {"unit": unit, "sign": unit, **edit}))
        (home / "收件箱" / f"{unit}.xlsx").write_bytes(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        collect()
    return home


@pytest.mark.parametrize("how", BULK)
def test_a_decision_on_many_is_on_those_that_are_meant(three_regions, tmp_path, monkeypatch, capsys, how):
    monkeypatch.chdir(tmp_path)
    shutil.copy(three_regions / "county.db", "county.db")
    words, units = BULK[how]
    status = cli.main(["decide", *words, *TODAY])
    with sqlite3.connect("county.db") as db:
        hit = {name for (name,) in db.execute("SELECT name FROM decision JOIN unit ON unit.id = unit_id")}
    assert (status, hit) == (2 if units is None else 0, units or set())
    assert ("没有一家符合" in capsys.readouterr().err) == (how == "of nobody")


def test_the_roster_begins_with_the_units_of_a_ledger_that_is_there(
    three_regions, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    shutil.copy(three_regions / "county.db", "去年.db")
    assert cli.main(["collect", "--init", "--ledger", "去年.db"]) == 0
    assert "照账本“去年.db”写入 3 家单位" in capsys.readouterr().err
    with open_ledger("去年.db") as ledger:
        assert list(read_roster(Path("roster.csv"))) == list(listed_units(ledger.db).values())


def test_a_code_typed_from_paper_says_whose_it_is(desk, capsys):
    desk("a.xlsx", 10)
    collect()
    old = record()["facts"][-1].rpartition(" ")[2]
    desk("b.xlsx", 12, **{"t2.license.decisions": 9})
    collect()
    new = record()["facts"][-1].rpartition(" ")[2]
    wrong = new[:-1] + ("A" if new[-1] != "A" else "C")
    said = {}
    for typed in (new.lower().replace("-", ""), old, wrong, "ACDE-ACDE", "O0I1-ABCD"):
        capsys.readouterr()
        status = cli.main(["code", typed, "--ledger", "county.db"])
        said[typed] = status, "".join(capsys.readouterr())
    told = list(said.values())
    assert [status for status, _ in told] == [0, 1, 1, 1, 2]
    whole = (
        "计入的那一份一致（“b.xlsx”",
        "较早的一份（“a.xlsx”",
        f"最接近的是 {new}",
        "账本里没有校验码",
        "不是校验码",
    )
    assert [part in text for part, (_, text) in zip(whole, told, strict=True)] == [True] * 5
    assert (drawn()["older"], drawn()["code"]["length"]) == ({old: 0}, 8)


def test_a_unit_is_looked_for_by_who_sends_and_by_initials(desk):
    pytest.importorskip("pypinyin", reason="the extra pinyin is not installed")
    desk("表.xlsx", contact="王五")
    collect()
    there = dict(zip(drawn()["name"], drawn()["known_by"], strict=True))
    assert there["清水镇人民政府"].split()[:-1] == ["qszrmzf", "李四", "王五", "表.xlsx"]
    assert there["白石镇人民政府"] == "bszrmzf"


# ---------------------------------------------------------------- the inbox


@contextmanager
def nobody():
    """As somebody who may not look everywhere; root may."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_is_shut_is_a_record(desk):
    desk("a.xlsx")
    desk("锁着/b.xlsx")
    assert len(list(inbox_files("收件箱"))) == 2  # all that is read of the program is read: nobody may not
    with tempfile.TemporaryDirectory() as home:  # where anybody may look, as not into a test's own folder
        shutil.move("收件箱", home)
        os.chmod(home, 0o755)
        os.chmod(f"{home}/收件箱/锁着", 0)
        with nobody():
            there = {one.name: one for one in inbox_files(f"{home}/收件箱")}
        os.chmod(f"{home}/收件箱/锁着", 0o755)
    assert set(there) == {"a.xlsx", "锁着"}
    with pytest.raises(Refused, match="没有权限查看"):
        content("收件箱", there["锁着"])


def test_a_folder_that_is_shut_comes_first_and_is_named(desk, capsys, monkeypatch):
    """Root may look into every folder: what such a folder is told to be stands for it."""
    desk("0.xlsx", 1).write_bytes(b"")
    desk("锁着", 20).write_bytes(b"x")
    found = inbox._fault
    monkeypatch.setattr(inbox, "_fault", lambda info: "shut" if "锁着" in info["name"] else found(info))
    collect()
    assert "文件夹“锁着”没有权限查看" in capsys.readouterr().err
    assert re.findall("<b>(.*?)</b>", unclaimed()) == ["锁着", "0.xlsx"]


def test_returns_that_nobody_has_come_before_what_cannot_be_read(desk, capsys):
    desk("0.jpg", 1).write_bytes(b"\xff\xd8\xff")
    desk("1 清水镇.xlsx", 2).write_bytes(b"")
    desk("2.xlsx", 3, unit="某县某局", sign="某局", preface="本报告")
    desk("3.xlsx", 4, unit="白石镇人民政府呀")
    collect()
    right = ["3.xlsx", "2.xlsx", "1 清水镇.xlsx", "0.jpg"]
    assert "“3.xlsx”（多半是白石镇人民政府）" in capsys.readouterr().err
    assert re.findall("<b>(.*?)</b>", unclaimed()) == right
    assert list(received()) == right


KINDS = {
    "空.xlsx": (b"", "空文件"),
    "a.rar": (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, "已损坏"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "已损坏"),
    "a.txt": (b"Date: x\r\nFrom: a@b\r\nSubject: c\r\n\r\nd", "邮件"),
    "rar.xlsx": (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, ".rar 压缩包"),
    "7z.xlsx": (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, ".7z 压缩包"),
    "a.jpg": (b"\xff\xd8\xff\xe0" + b"x" * 99, "图片"),
    "a.mp4": (b"\x00\x00\x00\x18ftypmp42" + b"x" * 99, "录像"),
    "a.xlsx.crdownload": (b"PK\x03\x04", "还没有下载完"),
    "a.pdf": (b"%PDF-1.4", "PDF"),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_no_workbook_is_called_what_it_is(desk, name):
    content, said = KINDS[name]
    with open(f"收件箱/{name}", "wb") as file:
        file.write(content)
    collect()
    assert said in received()[name][1]
    assert f"“{name}”" in received()[name][1]
    assert name in unclaimed()


def test_a_file_that_nobody_may_read_is_read_once_somebody_may(desk, monkeypatch):
    """Its time and size are then what they were."""
    desk("a.xlsx", 10)
    with monkeypatch.context() as held:
        held.setattr(LocalFileSystem, "open", _denied)
        read = read_files([Task("收件箱", next(iter(inbox_files("收件箱"))))])
    assert "没有权限读" in read[0].refusal
    with open_ledger("county.db") as book:
        book.begin(CAMPAIGN)
        book.record(check_files([(read[0], None)]), 2025, lambda *_: None, datetime(2026, 1, 20))
    collect()
    assert received()["a.xlsx"][0] == "本次报送"


def test_a_file_that_is_renamed_while_it_is_collected_is_no_unreadable_one(desk, press, monkeypatch, capsys):
    """Nor is a packet; both are there by their new names in the next run."""
    path, there = desk("初.xlsx", 10), list(inbox_files("收件箱"))
    packet = Path("收件箱/一起.7z")
    packet.write_bytes(b"7z\xbc\xaf\x27\x1c broken")
    there += [item for item in inbox_files("收件箱") if item.name == "一起.7z"]
    path.rename("收件箱/定.xlsx"), packet.unlink()
    with monkeypatch.context() as held:
        held.setattr("xlcheck.county.collect.inbox_files", lambda _: there)
        collect()
    assert ([*filter(None, received())], unclaimed()) == ([], "")
    assert "有 2 份改了名或被移走" in capsys.readouterr().err
    assert collect() == 0
    assert received()["定.xlsx"][0] == "本次报送"


def _denied(*_: object, **__: object) -> None:
    raise PermissionError(13, "denied")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("请查收，谢谢。".encode("gbk"), "文本文件"),
        ("单位,数\r\n清水镇,5\r\n".encode("utf-16"), "文本文件"),
        (b"<html><body>x</body></html>", "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "网页"),
        (b"{\\rtf1 x}", "Word"),
        (b"%PDF-1.4\n1 0 obj", "PDF"),
        (b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n", ".mhtml"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n", ".mhtml"),
        (b"From: a@b.cn\r\nMIME-Version: 1.0\r\n\r\n", "邮件"),
        (b'{"edition": "2021"}', ".json"),
        (b'[\n {"a": 1}]', ".json"),
        ("[1] 参考文献".encode(), "文本文件"),
        (b'"""What it does."""\nimport os\n', ".py"),
        (b"#!/bin/sh\nls\n", ".py"),
        (b"@echo off\r\n", ".bat"),
        (b"MZ\x90\0\3\0\0\0", "不要打开"),
        (b"L\0\0\0\1\x14\2\0\0\0", "快捷方式"),
        (b"[InternetShortcut]\r\nURL=x", "快捷方式"),
        (b"SQLite format 3\0" + bytes(84), "账本"),
        (b"\xd0\xcf\x11\xe0" + "PowerPoint Document".encode("utf-16-le"), "演示文稿"),
        (b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", ".odt"),
        (packed({"OFD.xml": b"", "Doc_0/Document.xml": b""}), ".ofd"),
        (packed({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b""}), "演示文稿"),
    ],
)
def test_a_text_is_called_what_it_is_and_nobody_is_to_open_it_in_excel(tmp_path, raw, said):
    (tmp_path / "a.csv").write_bytes(raw)
    (only,) = read_files([Task(str(tmp_path), next(iter(inbox_files(str(tmp_path)))))])
    assert (said in only.refusal, "Excel 打开" in only.refusal) == (True, False)


def test_a_workbook_with_something_written_before_it_is_read_as_check_reads_it(tmp_path, press):
    (tmp_path / "a.xlsx").write_bytes(b"\xff\xd8\xff" + b"x" * 5000 + press.print(base("2021")))
    (only,) = read_files([Task(str(tmp_path), next(iter(inbox_files(str(tmp_path)))))])
    assert (only.refusal, only.filing is None) == ("", False)


def test_every_entry_of_a_zip_has_a_record_whatever_it_is_called(desk, press):
    inner = press.print(base("2021"))
    names = ["./点.xlsx", "../上.xlsx", "/根/绝对.xlsx", "同名.xlsx", "同名.xlsx", "里/再.zip"]
    with zipfile.ZipFile("收件箱/全部.zip", "w") as packed:
        for n, name in enumerate(names):
            made = inner + bytes([n])
            if name.endswith(".zip"):
                with zipfile.ZipFile("再.zip", "w") as deeper:
                    deeper.writestr("内.xlsx", inner)
                with open("再.zip", "rb") as file:
                    made = file.read()
            with pytest.warns(UserWarning, match="Duplicate") if names[:n].count(name) else nothing():
                packed.writestr(zipfile.ZipInfo(name), made)
    collect()
    there = received()
    assert len(there) == len(names)
    assert {path for path, (outcome, _) in there.items() if outcome == "读不了"} == set()
    assert "全部.zip/里/再.zip/内.xlsx" in there


@contextmanager
def nothing():
    yield


def test_what_systems_leave_behind_is_left_alone(desk):
    desk("a.xlsx")
    for junk in ("$RECYCLE.BIN/b.xlsx", "System Volume Information/b", "@eaDir/b.xlsx", "__MACOSX/._b.xlsx",
                 "~$a.xlsx", ".~lock.a.xlsx#"):  # fmt: skip
        desk(junk)
    collect()
    assert list(received()) == ["a.xlsx"]


def test_a_link_to_a_file_is_read_and_one_to_nothing_is_a_record(desk):
    path = desk("a.xlsx")
    shutil.move(path, "别处.xlsx")
    os.symlink(os.path.abspath("别处.xlsx"), "收件箱/链.xlsx")
    os.symlink("没有.xlsx", "收件箱/断.xlsx")
    os.symlink(os.path.abspath("."), "收件箱/夹")
    os.mkfifo("收件箱/管道.xlsx")
    collect()
    assert {path: outcome for path, (outcome, _) in received().items()} == {
        "链.xlsx": "本次报送", "断.xlsx": "读不了", "夹": "读不了", "管道.xlsx": "读不了",
    }  # fmt: skip


def test_what_is_said_of_a_file_names_that_file(desk):
    for name in ("清水镇.xlsx", "白石镇.xlsx"):
        with open(f"收件箱/{name}", "wb") as file:
            file.write(b"\x00" * 4000)
    collect()
    for unit, name in (("清水镇人民政府", "清水镇.xlsx"), ("白石镇人民政府", "白石镇.xlsx")):
        (why,) = record(unit)["unread"]
        assert f"“{name}”" in why
        assert f"“{name}”" in received()[name][1]


def test_a_cut_file_replaced_at_its_place_leaves_no_record_that_is_stale(desk, press):
    good = press.print(edited(base("2021"), {"unit": "清水镇人民政府"}))
    for raw in (good[: len(good) // 2], good):
        with open("收件箱/清水镇.xlsx", "wb") as file:
            file.write(raw)
        collect()
    assert record()["unread"] == []
    outcomes = sorted(outcome for outcome, _ in received().values())
    assert outcomes == ["本次报送"]


def test_files_without_a_unit_are_on_the_page_and_in_the_last_line(desk, capsys):
    desk("typo.xlsx", unit="清氺镇人民政府")
    desk("白石镇.xlsx", unit="")
    desk("云岭镇.xlsx", 13, unit="清氺镇人民政府")
    desk("盖章.xlsx", 14, unit="清氺镇人民政府", sign="白石镇人民政府")
    collect()
    said = capsys.readouterr().err
    assert "未认领 4 份" in said
    panel = unclaimed()
    assert "未认领 4 份" in panel
    assert "多半是清水镇人民政府。" in panel
    assert "xlcheck decide 认领 &#34;typo.xlsx&#34; 清水镇人民政府" in panel
    assert panel.count("多半是清水镇人民政府。") == 1
    assert "多半是白石镇人民政府" in panel
    assert "多半是清水镇人民政府或云岭镇人民政府。" in panel  # the cover says one, the file's name the other
    assert "xlcheck decide 认领 &#34;云岭镇.xlsx&#34; 单位名称" in panel
    assert "多半是清水镇人民政府或白石镇人民政府。" in panel  # the cover says one, who signs it is the other
    assert record("白石镇人民政府")["unread"] == ["“白石镇.xlsx”封面没有填单位名称，没有计入。请填好后重报。"]
    assert "封面的单位名称是“清氺镇人民政府”" in record("云岭镇人民政府")["unread"][0]
    assert record("清水镇人民政府")["unread"] == []  # a cover like its name alone is nobody's word


def test_two_units_that_were_merged_are_not_taken_for_one_that_sent_twice_without_a_word(desk, capsys):
    desk("a.xlsx", 12)
    desk("b.xlsx", 13, unit="白石镇人民政府")
    desk("c.xlsx", 14, unit="云岭镇")
    desk("d.xlsx", 15, unit="云岭镇人民政府")
    Path("roster.csv").write_text(
        "单位名称,类别,曾用名\n清水镇人民政府,镇,白石镇人民政府\n云岭镇人民政府,乡,\n", encoding="utf-8"
    )
    collect()
    assert "清水镇人民政府 名下有封面写着两个名称的报送" in capsys.readouterr().err
    assert {name for name, (_, said) in received().items() if "合并前" in said} == {"a.xlsx"}


def test_a_unit_that_left_the_roster_is_told_as_such_and_not_as_a_slip_for_another(desk):
    desk("a.xlsx", 12, unit="清水县审计局")
    listed = Path("roster.csv").read_text(encoding="utf-8")
    Path("roster.csv").write_text(
        f"{listed}\n清水县审计局,县级部门,\n清水县统计局,县级部门,", encoding="utf-8"
    )
    collect()
    assert received()["a.xlsx"][0] == "本次报送"
    Path("roster.csv").write_text(f"{listed}\n清水县统计局,县级部门,", encoding="utf-8")
    collect()
    outcome, said = received()["a.xlsx"]
    assert (outcome, "以前在名单上，现在不在" in said, "统计局" in unclaimed()) == ("不在名单", True, False)


def test_the_county_s_own_name_says_nothing_and_the_signature_does(desk):
    with open("roster.csv", "a", encoding="utf-8") as listed:
        listed.write("\n清水县林业局,县级部门,")
    desk("a.xlsx", unit="清水县", sign="某局", preface="本报告")
    desk("b.xlsx", unit="", sign="白石镇人民政府")
    collect()
    assert ("林业局" in unclaimed(), "多半是白石镇人民政府" in unclaimed()) == (False, True)


def test_a_summary_of_ours_is_called_so_and_units_are_counted(desk, capsys):
    desk("a.xlsx", 10, **WRONG)
    desk("b.xlsx", 12, **WRONG)
    collect()
    assert "3 家中 1 家的报送有错误，2 家未报" in capsys.readouterr().err
    shutil.copy("结果/汇总.xlsx", "收件箱/去年汇总.xlsx")
    collect()
    assert "是本程序生成的汇总表" in received()["去年汇总.xlsx"][1]


def test_a_letter_without_an_office_says_who_signs(desk, capsys):
    collect()
    cli.main(["notices", "-o", "通知", *TODAY])
    assert "落款写的是“清水县”" in capsys.readouterr().err


def test_reminders_tell_of_files_that_nobody_claimed(desk, capsys):
    desk("b.xlsx", unit="", sign="白石镇人民政府")
    collect()
    capsys.readouterr()
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    assert "还有未认领的文件 1 份（多半是白石镇人民政府）" in capsys.readouterr().err


def test_a_blank_workbook_and_a_blank_year_are_called_so(desk, press):
    blank = base("2021")._replace(unit=None, values={}, texts={}, year=None, kind=None, contact=None)
    with open("收件箱/空表.xlsx", "wb") as file:
        file.write(press.print(blank))
    desk("没年份.xlsx", year="")
    collect()
    assert "空白的表" in received()["空表.xlsx"][1]
    assert "没有填年度" in received()["没年份.xlsx"][1]


# ---------------------------------------------------------------- the ledger


def test_a_new_ledger_is_told_and_never_draws_over_another_s_results(desk, capsys):
    desk("a.xlsx")
    collect()
    assert f"新建账本 {os.path.abspath('county.db')}" in capsys.readouterr().err
    before = {name: open(f"结果/{name}", "rb").read() for name in os.listdir("结果")}  # noqa: SIM115
    capsys.readouterr()
    assert collect("--ledger", "另一个.db") == 2
    assert "另一个账本" in capsys.readouterr().err
    assert not os.path.exists("另一个.db")
    assert {name: open(f"结果/{name}", "rb").read() for name in os.listdir("结果")} == before  # noqa: SIM115
    shutil.copy("county.db", "搬走.db")
    assert collect("--ledger", "搬走.db") == 0


def test_a_password_is_in_no_sentence(desk, capsys):
    desk("a.xlsx")
    assert collect("--ledger", "postgresql://me:geheim@127.0.0.1:1/x") == 2
    said = capsys.readouterr().err
    assert "连不上数据库" in said
    assert "geheim" not in said


def test_help_of_decide_lists_every_verdict(capsys):
    with pytest.raises(SystemExit):
        cli.main(["decide", "--help"])
    said = capsys.readouterr().out.replace("\n", "").replace(" ", "")
    assert [word for word in county().verdict.values() if word not in said] == []


# ---------------------------------------------------------------- what is sent to the units


@pytest.fixture
def sent(desk):
    """Letters to a unit whose return was sent back and to two that sent nothing; one has an address."""
    with open("roster.csv", "w", encoding="utf-8") as listed:
        listed.write("单位名称,类别,邮箱\n清水镇人民政府,镇,a@b.cn\n白石镇人民政府,镇,\n云岭镇人民政府,乡,\n")
    last = desk("去年.xlsx", unit="白石镇人民政府", year=2024, **{"t3.carry_out.natural": 3})
    os.makedirs("上年")
    shutil.move(last, "上年")
    words = [
        "collect",
        "上年",
        "--roster",
        "roster.csv",
        "-o",
        "上年结果",
        "--county",
        "清水县",
        "--jobs",
        "1",
    ]
    cli.main([*words, "--year", "2024", *TODAY])
    desk("a.xlsx", **WRONG)
    collect()
    decide("退回", "清水镇", "--reason", "请改")
    before = open("收件箱/a.xlsx", "rb").read()  # noqa: SIM115
    assert cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY]) == 0
    assert open("收件箱/a.xlsx", "rb").read() == before  # noqa: SIM115


def test_each_unit_has_a_folder_with_all_that_is_sent_to_it(sent, capsys):
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    there = {os.path.relpath(os.path.join(at, f), "通知") for at, _, some in os.walk("通知") for f in some}
    assert {
        "退回/清水镇人民政府/退回通知.docx", "退回/清水镇人民政府/清水镇人民政府（标注）.xlsx",
        "退回/清水镇人民政府/邮件.eml", "退回（全部）.zip", "催报（全部）.zip",
        "催报/白石镇人民政府/白石镇人民政府2025年度报告.xlsx", "催报/云岭镇人民政府/邮件.eml",
    } <= there  # fmt: skip
    assert "没有邮箱的 2 家" in capsys.readouterr().err
    with zipfile.ZipFile("通知/催报（全部）.zip") as packed:
        assert len(packed.namelist()) == 6


def test_the_marked_workbook_holds_the_unit_s_figures_and_says_what_is_wrong(sent):
    path = Path("通知/退回/清水镇人民政府/清水镇人民政府（标注）.xlsx")
    filing, marked = read(path), load_workbook(path)
    assert filing.values == read(Path("收件箱/a.xlsx")).values
    sheet, cell = edition_named("2021").form.where("t3.granted.natural")
    assert "12" in marked[sheet][cell].comment.text


@pytest.mark.parametrize("named", [True, False], ids=["policy named", "not named"])
def test_the_marked_workbook_asks_what_the_letter_asks(desk, named):
    """Also where a county asks less, and more, than the form; of the latter it has to be told once more."""
    policy = '[severity]\nR635 = "off"\n[[content]]\nname = "对外交流"\nwords = ["对外交流"]\n'
    Path("办法.toml").write_text(policy, encoding="utf-8")
    desk("a.xlsx", 10, s5="暂时没有发现什么问题。", **WRONG)
    collect("--policy", "办法.toml")
    decide("退回", "清水镇")
    told = ["--policy", "办法.toml"] if named else []
    assert cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY, *told]) == 0
    marked = load_workbook("通知/退回/清水镇人民政府/清水镇人民政府（标注）.xlsx")
    sheet, _ = edition_named("2021").form.where("s1")
    notes = [cell.comment.text for row in marked[sheet] for cell in row if cell.comment]
    assert [note.partition("\n")[0] for note in notes] == ["【提醒】没有写到：本县要求的“对外交流”。"] * named


def test_a_missing_unit_s_workbook_knows_what_last_year_settles(sent):
    begun = read(Path("通知/催报/白石镇人民政府/白石镇人民政府2025年度报告.xlsx"))
    assert (begun.unit, begun.year) == ("白石镇人民政府", 2025)
    assert begun.values["t3.carry_in.natural"] == 3
    assert begun.last.values["t3.carry_out.natural"] == 3


def test_the_mail_is_ready_to_be_sent(sent):
    for unit, to in (("退回/清水镇人民政府", "a@b.cn"), ("催报/云岭镇人民政府", None)):
        with open(f"通知/{unit}/邮件.eml", "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.default)
        assert message["To"] == to
        names = [part.get_filename() for part in message.iter_attachments()]
        assert names[0].endswith("通知.docx")
        whole = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
        assert whole == {name: Path(f"通知/{unit}/{name}").read_bytes() for name in names}


def mail_of(path: str) -> str:
    with open(f"通知/{path}/邮件.eml", "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    return message.get_body().get_content()


def letter_of(path: str) -> str:
    return "".join(p.text for p in Document(next(Path(f"通知/{path}").glob("*.docx"))).paragraphs)


def test_a_mail_says_what_its_letter_says(sent):
    """What was sent back, what is begun from last year and what is not, what came and was of no use."""
    asked = "清水镇人民政府", "白石镇人民政府", "云岭镇人民政府"
    back, begun, bare = (f"{kind}/{unit}" for kind, unit in zip(("退回", "催报", "催报"), asked, strict=True))
    assert ("“标注”工作簿" in mail_of(back), "“标注”工作簿" in letter_of(back)) == (True, True)
    assert ("要改、要核实的格子已经标出" in mail_of(back), "上年结转" in mail_of(begun)) == (True, True)
    assert ("上年结转" in mail_of(bare), "还没有收到" in mail_of(bare)) == (False, True)


def test_a_mail_about_what_came_and_is_of_no_use_says_so(desk):
    desk("a.xlsx", year=2024)
    desk("b.xlsx", unit="白石镇人民政府")
    collect()
    decide("退回", "白石镇", "--reason", "请补盖章")
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    came, back = "催报/清水镇人民政府", "退回/白石镇人民政府"
    assert ("收到过你单位的文件" in mail_of(came), "收到过你单位的文件" in letter_of(came)) == (True, True)
    assert "还没有收到你单位" not in mail_of(came)
    assert ("标出" in mail_of(back), "标出" in letter_of(back)) == (False, False)


def test_letters_are_in_the_history_and_days_are_given(sent, capsys):
    cli.main(["notices", "-o", "通知", "--office", "办公室", "--today", "2026-02-02"])
    cli.main(["history", "清水镇", *TODAY])
    said = capsys.readouterr().out
    assert "发退回通知，要求 2026-01-31 前重报" in said
    assert "发退回通知，要求 2026-02-07 前重报" in said


# ---------------------------------------------------------------- rules of all, and an inbox that is watched


def test_a_reminder_is_taken_as_explained_wherever_it_is(desk):
    odd = {"t2.rules.made": 1, "t2.rules.valid": 1}
    desk("a.xlsx", **odd)
    desk("b.xlsx", unit="白石镇人民政府", **odd)
    collect()
    before = drawn()["warnings"]
    assert decide("接受说明", "--rule", "R201", "--all", "--reason", "有立法权") == 0
    assert [a - b for a, b in zip(before, drawn()["warnings"], strict=True)] == [1, 1, 0]
    assert decide("接受说明", "--rule", "R201", "--all", "--reason", "再来") == 2


def test_a_watched_inbox_is_drawn_as_files_arrive(desk):
    desk("a.xlsx")
    words = ["collect", "收件箱", "--roster", "roster.csv", "-o", "结果", "--watch", "--jobs", "1", *TODAY]
    process = subprocess.Popen(
        [sys.executable, "-m", "xlcheck.cli", *words, "--county", "清水县"], stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        wait_for(lambda: os.path.exists("结果/收报情况.html"))
        assert status("白石镇人民政府") == "未报"
        desk("b.xlsx", unit="白石镇人民政府")
        wait_for(lambda: status("白石镇人民政府") == "已报待核")
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    finally:
        process.kill()
    assert "已结束" in said
    assert process.returncode == 0


def wait_for(there) -> None:
    until = time.monotonic() + 120
    while not there():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_nothing_new_draws_nothing_anew(desk, capsys):
    desk("a.xlsx")
    collect()
    before = os.stat("结果/收报情况.html").st_mtime_ns
    capsys.readouterr()
    collect()
    assert "没有变化" in capsys.readouterr().err
    assert os.stat("结果/收报情况.html").st_mtime_ns == before


def test_a_ledger_is_backed_up_judged_and_taken_elsewhere(desk, capsys):
    desk("a.xlsx")
    collect()
    assert cli.main(["ledger", "check"]) == 0
    assert cli.main(["ledger", "backup", "-o", "备份.db"]) == 0
    assert cli.main(["ledger", "backup", "-o", "备份.db"]) == 2
    assert snapshot("备份.db") == snapshot("county.db")
    assert cli.main(["ledger", "move", "-o", "别处.db"]) == 0
    assert not os.path.exists("county.db")
    assert collect("--ledger", "别处.db") == 0
    raw = bytearray(Path("备份.db").read_bytes())
    raw[5000:9000] = b"x" * 4000
    Path("坏.db").write_bytes(bytes(raw))
    capsys.readouterr()
    assert cli.main(["ledger", "check", "--ledger", "坏.db"]) == 2
    assert "已损坏" in capsys.readouterr().err


def test_a_unit_is_found_by_the_code_on_its_paper(desk, capsys):
    cli.main(["code", str(desk("a.xlsx"))])
    code = capsys.readouterr().out.strip()
    collect()
    assert code in drawn()["known_by"][0]


def test_a_letter_written_again_on_another_day_is_the_same_letter(desk, capsys):
    collect()
    for today in ("2026-02-10", "2026-02-11"):
        cli.main(["notices", "-o", "通知", "--office", "办公室", "--today", today])
    with sqlite3.connect("county.db") as db:
        assert db.execute("SELECT DISTINCT deadline FROM letter").fetchall() == [("2026-02-15",)]
        assert db.execute("SELECT COUNT(*) FROM letter").fetchone() == (3,)
    cli.main(["notices", "-o", "通知", "--office", "办公室", "--today", "2026-02-14"])
    with sqlite3.connect("county.db") as db:
        assert db.execute("SELECT MAX(deadline) FROM letter").fetchone() == ("2026-02-19",)


def test_a_letter_that_somebody_wrote_in_is_left_and_told(desk, capsys):
    collect()
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    letter = Path("通知/催报/白石镇人民政府/催报通知.docx")
    letter.write_bytes(letter.read_bytes() + b"by hand")
    capsys.readouterr()
    cli.main(["notices", "-o", "通知", "--office", "办公室", *TODAY])
    assert "有人改过的 1 份没有动（催报/白石镇人民政府/催报通知.docx）" in capsys.readouterr().err
    assert letter.read_bytes().endswith(b"by hand")
