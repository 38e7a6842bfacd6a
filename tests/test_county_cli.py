"""The county's commands as the officer types them: a roster, three commands, and what they leave behind."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import date
from functools import partial

import pytest
from by_name import fill_workbook
from cases import base, edited
from docx import Document
from inboxes import Press, planned, roster
from ledgers import run, snapshot
from openpyxl import load_workbook

from xlcheck import cli
from xlcheck.county import outputs
from xlcheck.county.summary.list_sheet import column_number, head_row
from xlcheck.data.draft import draft_words
from xlcheck.data.summary import summary
from xlcheck.editions import edition_named
from xlcheck.judge import judge
from xlcheck.workbook.reading import read

TODAY = ["--today", "2026-01-26"]
UNITS, FINDINGS, HEAD = summary().sheets.units, summary().sheets.findings, head_row()


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    return Press("2021", tmp_path_factory.mktemp("press"))


@pytest.fixture
def desk(tmp_path, press, monkeypatch):
    """A folder with an inbox: one sound return, one with a wrong cell, one unit missing, one left out."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收件箱").mkdir()
    good = base("2021")
    for unit, edit in (("清水镇人民政府", {}), ("白石镇人民政府", {"t3.granted.natural": 21})):
        filing = edited(good, {"unit": unit, "sign": unit, **edit})
        (tmp_path / "收件箱" / f"{unit}.xlsx").write_bytes(press.print(filing))
    names = ["清水镇人民政府,镇,", "白石镇人民政府,镇,", "云岭镇人民政府,乡,", "清水县税务局,垂管单位,"]
    (tmp_path / "roster.csv").write_text("单位名称,类别,汇总\n" + "\n".join(names), encoding="gbk")
    return tmp_path


def collect(*more: str) -> int:
    words = ["collect", "收件箱", "--roster", "roster.csv", "-o", "结果", "--county", "清水县", "--jobs", "1"]
    return cli.main([*words, *TODAY, *more])


def test_init_gives_a_roster_and_never_writes_over_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["collect", "--init"]) == 0
    assert (tmp_path / "roster.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "xlcheck collect 收件箱" in capsys.readouterr().err
    assert cli.main(["collect", "--init"]) == 2


def test_init_gives_the_roster_where_it_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["collect", "--init", "--roster", "我的名单.csv"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["我的名单.csv"]
    assert "--roster 我的名单.csv" in capsys.readouterr().err
    assert cli.main(["collect", "--init", "--roster", "名单.xlsx"]) == 2
    assert "“名单.xlsx”" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["我的名单.csv"]


def test_three_commands_to_the_notices(desk):
    assert collect() == 1
    assert cli.main(["decide", "退回", "--faulty"]) == 0
    assert cli.main(["notices", "-o", "通知", *TODAY]) == 0
    written = {p.relative_to(desk).as_posix() for p in (desk / "通知").rglob("*.docx")}
    assert {"通知/退回通知/白石镇人民政府.docx", "通知/催报通知/云岭镇人民政府.docx"} <= written
    assert "通知/退回通知/清水镇人民政府.docx" not in written
    assert {p.name for p in (desk / "结果").iterdir()} == {"汇总.xlsx", "收报情况.html"}


def test_the_same_command_again_gives_the_same_files(desk):
    collect()
    before = {p: p.read_bytes() for p in (desk / "结果").iterdir()}
    ledger = snapshot(desk / "county.db")
    collect()
    assert {p: p.read_bytes() for p in (desk / "结果").iterdir()} == before
    assert snapshot(desk / "county.db") == ledger


def test_the_county_s_own_filing(desk, press, capsys):
    """Incomplete while a unit is missing; then the sum of those counted, in a workbook of the same form."""
    collect("--county-filing", "县.xlsx")
    assert "1 家未报" in capsys.readouterr().err
    assert set(read(desk / "县.xlsx").values.values()) == {None}
    assert "未报送1个，其中逾期2个，没有退回更正的。" in read(desk / "县.xlsx").texts["s1"]
    cli.main(["decide", "退回", "白石镇"])
    for unit, edit in (("云岭镇人民政府", {}), ("白石镇人民政府", {})):
        filing = edited(base("2021"), {"unit": unit, "sign": unit, **edit})
        (desk / "收件箱" / f"{unit}改.xlsx").write_bytes(press.print(filing))
    collect()
    cli.main(["decide", "接受", "清水镇", "白石镇", "云岭镇"])
    assert collect("--county-filing", "县.xlsx") == 0
    made = read(desk / "县.xlsx")
    assert (made.unit, made.year) == ("清水县", 2025)
    assert made.values == {name: 3 * value for name, value in base("2021").values.items()}
    words = draft_words().county
    assert words.counted.format(count=3, kinds=words.kinds.format(kinds="镇2个、乡1个")) in made.texts["s1"]
    said = made.texts["s1"].partition(words.keep)[2]
    assert said == "\n应报送年度报告的单位共3个，已全部报送，其中逾期3个，退回更正1个。"
    assert cli.main(["draft", "县.xlsx", "-o", "拟.xlsx"]) == 0
    drafted = read(desk / "拟.xlsx")
    assert drafted.texts["s1"].startswith(made.texts["s1"])
    found = judge(edition_named("2021"), drafted).findings
    assert [f.message for f in found if f.severity == "error" and f.rule != "R636"] == []


def test_what_the_office_wrote_into_the_county_s_workbook_is_kept(desk):
    collect("--county-filing", "县.xlsx")
    fill_workbook(
        desk / "县.xlsx", read(desk / "县.xlsx")._replace(texts={"s1": "本县认真落实。"}), desk / "县.xlsx"
    )
    collect("--county-filing", "县.xlsx")
    assert read(desk / "县.xlsx").texts == {"s1": "本县认真落实。"}


def test_decisions_waiting_in_the_summary_are_read_before_it_is_written_anew(desk, capsys):
    collect()
    book = load_workbook(desk / "结果/汇总.xlsx")
    book[UNITS.name].cell(HEAD + 1, column_number(UNITS, "verdict")).value = "接受"
    book.save(desk / "结果/汇总.xlsx")
    collect()
    assert "1 条决定，已先记入账本" in capsys.readouterr().err
    assert "√ 已接受" in [c.value for row in load_workbook(desk / "结果/汇总.xlsx")["收报情况"] for c in row]


def test_another_workbook_of_that_name_is_not_written_over(desk):
    (desk / "结果").mkdir()
    (desk / "结果/汇总.xlsx").write_bytes(b"mine")
    assert collect() == 2
    assert (desk / "结果/汇总.xlsx").read_bytes() == b"mine"


def test_of_very_many_units_only_the_page_is_drawn(desk, monkeypatch, capsys):
    monkeypatch.setattr(outputs, "summary", lambda: summary()._replace(most=3))
    collect()
    assert "超过 3 家不再写汇总表" in capsys.readouterr().err
    assert [p.name for p in (desk / "结果").iterdir()] == ["收报情况.html"]


def test_accepting_what_is_faulty_is_said(desk, capsys):
    collect()
    capsys.readouterr()
    cli.main(["decide", "接受", "白石镇"])
    assert "白石镇人民政府 还有错误" in capsys.readouterr().err
    assert collect("--county-filing", "县.xlsx") == 1
    assert "1 家有错误" in capsys.readouterr().err


def test_decisions_by_name_and_from_the_workbook(desk):
    collect()
    assert cli.main(["decide", "接受", "清水镇", "--note", "电话核过", "-o", "结果", *TODAY]) == 0
    sheet = load_workbook(desk / "结果/汇总.xlsx")["收报情况"]
    said = {row[1].value: [c.value for c in row] for row in sheet.iter_rows(min_row=6)}
    assert "√ 已接受" in said["清水镇人民政府"]
    assert "电话核过" in said["清水镇人民政府"]
    assert cli.main(["decide", "--from", "结果/汇总.xlsx"]) == 0


REFUSED = {
    "no inbox": ["collect"],
    "no roster": ["collect", "收件箱", "--roster", "没有.csv"],
    "a year without a form": ["collect", "收件箱", "--roster", "roster.csv", "--year", "2018"],
    "a day that is none": ["collect", "收件箱", "--roster", "roster.csv", "--due", "一月底"],
    "no ledger": ["decide", "退回", "--faulty", "--ledger", "没有.db"],
    "no decision": ["decide"],
    "an unknown decision": ["decide", "同意", "清水镇"],
    "a decision on nobody": ["decide", "退回"],
    "no such unit": ["decide", "退回", "清河镇"],
    "a unit that sent nothing": ["decide", "退回", "云岭镇"],
    "explained without a reason": ["decide", "接受说明", "清水镇"],
    "a rule sent back": ["decide", "退回", "清水镇", "--rule", "R301"],
    "a rule without a finding": ["decide", "接受说明", "清水镇", "--rule", "R301", "--reason", "因"],
    "no summary": ["decide", "--from", "roster.csv"],
    "no file": ["decide", "--from", "没有.xlsx"],
    "an error taken as explained": ["decide", "接受说明", "白石镇", "--rule", "R301", "--reason", "因"],
    "a rule of everybody": ["decide", "接受说明", "--faulty", "--rule", "R301", "--reason", "因"],
    "everybody explained without a reason": ["decide", "接受说明", "--faulty"],
    "two ways at once": ["decide", "退回", "--faulty", "--clean"],
    "a year nobody collected": ["decide", "退回", "--faulty", "--year", "2019"],
    "a policy that is not there": [
        "collect",
        "收件箱",
        "--roster",
        "roster.csv",
        "--policy",
        "没有.toml",
    ],
    "another county": ["collect", "收件箱", "--roster", "roster.csv", "--county", "白水县"],
    "results in the inbox": ["collect", "收件箱", "--roster", "roster.csv", "-o", "收件箱/结果"],
    "the ledger in the inbox": ["collect", "收件箱", "--roster", "roster.csv", "--ledger", "收件箱/l.db"],
    "no processes": ["collect", "收件箱", "--roster", "roster.csv", "--jobs", "-1"],
    "a deadline that is past": ["notices", "--deadline", "2026-01-02"],
    "no notices yet": ["notices", "--ledger", "没有.db"],
    "nobody at the cluster's address": [
        "collect",
        "收件箱",
        "--roster",
        "roster.csv",
        "--dask",
        "tcp://127.0.0.1:1",
    ],
    "a county's filing that is no workbook": [
        "collect",
        "收件箱",
        "--roster",
        "roster.csv",
        "--county-filing",
        "县.xls",
    ],
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_done_is_a_sentence(desk, why, capsys):
    collect()
    before = snapshot(desk / "county.db")
    capsys.readouterr()
    assert cli.main([*REFUSED[why], *([] if REFUSED[why][0] == "decide" else TODAY)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert any("\u4e00" <= c <= "\u9fff" for c in said.err)
    assert snapshot(desk / "county.db") == before


def test_the_results_of_another_year_are_not_written_over(desk, capsys):
    collect()
    before = {path: path.read_bytes() for path in (desk / "结果").iterdir()}
    capsys.readouterr()
    assert collect("--year", "2024") == 2
    assert "里是 2025 年度的，这次是 2024 年度的" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (desk / "结果").iterdir()} == before
    assert cli.main(["decide", "待核", "--faulty", "-o", "结果", *TODAY]) == 0


def test_last_january_is_the_default(desk, capsys):
    words = [
        "collect",
        "收件箱",
        "--roster",
        "roster.csv",
        "-o",
        "结果",
        "--jobs",
        "1",
        "--today",
        "2025-03-01",
    ]
    cli.main(words)
    sheet = load_workbook(desk / "结果/汇总.xlsx")["收件记录"]
    assert {row[4].value for row in sheet.iter_rows(min_row=6)} == {"年度不符"}
    assert snapshot(desk / "county.db")["campaign"][0]["due"] == date(2025, 1, 31)


def entered(ledger):
    """How many files stand in a ledger that another process writes; none before it is there."""
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as db,
    ):
        return db.execute("SELECT count(*) FROM filing").fetchone()[0]
    return 0


def test_ctrl_c_loses_nothing(tmp_path, press):
    import random

    (tmp_path / "in").mkdir()
    plans = list(planned(200, random.Random(4)))
    for plan in plans:
        (tmp_path / "in" / f"{plan.unit}.xlsx").write_bytes(press.print(plan.filing))
    listed = roster(tmp_path / "roster.csv", [p.unit for p in plans])
    words = [
        "collect",
        str(tmp_path / "in"),
        "--roster",
        str(listed),
        "--ledger",
        str(tmp_path / "l.db"),
        "--jobs",
        "1",
    ]
    words += ["--county", "清水县", *TODAY, "-o", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "xlcheck.cli", *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(
            signal.signal, signal.SIGINT, signal.SIG_DFL
        ),  # a suite run behind a shell ignores it
    )
    while not entered(tmp_path / "l.db"):
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 2, said
    assert "已中断" in said
    assert "Traceback" not in said
    assert 0 < entered(tmp_path / "l.db") < 200
    run(tmp_path / "in", listed, tmp_path / "l.db")
    run(tmp_path / "in", listed, tmp_path / "whole.db")
    assert snapshot(tmp_path / "l.db") == snapshot(tmp_path / "whole.db")


@pytest.fixture
def odd(desk, press):
    """The desk, a return with two reminders that a county may see otherwise, and how this one does."""
    unit, laws = "云岭镇人民政府", {"t2.rules.made": 1, "t2.rules.valid": 1}
    filing = edited(base("2021"), {"unit": unit, "sign": "白马镇人民政府", **laws})
    (desk / "收件箱" / f"{unit}.xlsx").write_bytes(press.print(filing))
    (desk / "办法.toml").write_text(
        'due = { month = 1, day = 20 }\n[severity]\nR201 = "info"\nR626 = "off"\n', encoding="utf-8"
    )
    return desk


def listed(desk) -> set[tuple[str, str]]:
    """The findings of the summary: the rule, and how grave it is."""
    rows = load_workbook(desk / "结果/汇总.xlsx")[FINDINGS.name].iter_rows(min_row=HEAD + 1)
    rule, severity = (column_number(FINDINGS, key) - 1 for key in ("rule", "severity"))
    return {(row[rule].value, row[severity].value) for row in rows}


def due(desk) -> date:
    return snapshot(desk / "county.db")["campaign"][0]["due"]


HARD, MILD = {("R301", "错误"), ("R201", "提醒"), ("R626", "提醒")}, {("R301", "错误"), ("R201", "留意")}


def test_a_county_s_policy_softens_reminders_and_sets_the_day(odd, capsys):
    """What was checked without it is checked again, and so when it is gone."""
    collect()
    assert (listed(odd), due(odd)) == (HARD, date(2026, 1, 31))
    capsys.readouterr()
    collect("--policy", "办法.toml")
    assert "本次校验 3 份" in capsys.readouterr().err
    assert (listed(odd), due(odd)) == (MILD, date(2026, 1, 20))
    collect("--policy", "办法.toml")
    assert "本次校验 0 份" in capsys.readouterr().err
    collect()
    assert (listed(odd), due(odd)) == (HARD, date(2026, 1, 31))


def test_a_day_that_is_said_goes_before_the_policy_s(odd):
    collect("--policy", "办法.toml", "--due", "2026-02-05")
    assert due(odd) == date(2026, 2, 5)


def test_from_where_the_day_comes_is_told(odd, capsys):
    """A policy holds for its run; a day that was said holds until another is."""
    runs = [
        ([], "2026-01-31：照条例第四十九条"),
        (["--policy", "办法.toml"], "2026-01-20：照 --policy 的办法"),
        ([], "2026-01-31：照条例"),
        (["--due", "2026-02-05"], "2026-02-05：这次用 --due 写的"),
        (["--policy", "办法.toml"], "2026-01-20：照 --policy"),
        ([], "2026-02-05：账本里记着的"),
    ]
    for words, said in runs:
        capsys.readouterr()
        collect(*words)
        assert f"截止日 {said}" in capsys.readouterr().err


def test_a_policy_holds_for_what_no_longer_lies_in_the_inbox(odd):
    collect()
    for path in (odd / "收件箱").iterdir():
        path.unlink()
    collect("--policy", "办法.toml")
    assert listed(odd) == MILD


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (["--policy", "办法.toml"], [], "1 处要求改：1 处已改"),
        ([], ["--policy", "办法.toml"], "3 处要求改：1 处已改，2 处不再要求改"),
    ],
)
def test_a_return_is_held_against_what_was_asked_then(odd, press, capsys, before, after, told):
    """Whatever policy comes later; the letter asks for what the page does without being told of one."""
    unit, rest = "云岭镇人民政府", {"sign": "白马镇人民政府", "t2.rules.made": 1, "t2.rules.valid": 1}
    file = odd / f"收件箱/{unit}.xlsx"

    def send(**edit: object) -> None:
        file.write_bytes(press.print(edited(base("2021"), {"unit": unit, **rest, **edit})))

    send(**{"t3.granted.natural": 21})
    collect(*before)
    cli.main(["decide", "退回", "云岭镇", *before, *TODAY])
    cli.main(["notices", "-o", "通知", *TODAY])
    letter = Document(str(next((odd / "通知/退回").rglob("*.docx")))).tables[0]
    assert sum(row.cells[0].text.isdigit() for row in letter.rows) == int(told[0])
    send()
    collect(*after)
    capsys.readouterr()
    cli.main(["history", "云岭镇", *TODAY])
    assert capsys.readouterr().out.splitlines()[1] == told


def test_decisions_are_drawn_by_the_policy(odd):
    collect("--policy", "办法.toml")
    cli.main(["decide", "退回", "白石镇", "--policy", "办法.toml", "-o", "结果", *TODAY])
    assert listed(odd) == MILD
    page = (odd / "结果/收报情况.html").read_text(encoding="utf-8")
    rules = json.loads(re.search('id="index">(.*?)</script>', page)[1])["rules"]
    assert [severity for rule, _, severity, *_ in rules if rule == "R201"] == ["info"]


def test_progress_is_told_where_somebody_looks(desk):
    words = [
        "script",
        "-qec",
        f"stty rows 40 cols 120; {sys.executable} -m xlcheck.cli collect 收件箱 --roster roster.csv --jobs 1",
        "/dev/null",
    ]
    shown = subprocess.run(words, capture_output=True, text=True, cwd=desk).stdout
    assert "收件" in shown
    assert "新校验 2，有错误 1，读不了 0" in shown


def test_a_decision_waiting_in_the_summary_is_older_than_what_comes_with_the_run(desk, press):
    collect()
    book = load_workbook(desk / "结果/汇总.xlsx")
    for row in book[UNITS.name].iter_rows(min_row=HEAD + 1):
        if row[1].value == "白石镇人民政府":
            row[column_number(UNITS, "verdict") - 1].value = "退回"
    book.save(desk / "结果/汇总.xlsx")
    filing = edited(base("2021"), {"unit": "白石镇人民政府", "sign": "白石镇人民政府"})
    (desk / "收件箱/改.xlsx").write_bytes(press.print(filing))
    os.utime(desk / "收件箱/改.xlsx", (1767225600, 1767225600))  # an older clock than the faulty file's
    collect()
    sheet = load_workbook(desk / "结果/汇总.xlsx")[UNITS.name]
    said = {row[1].value: row[column_number(UNITS, "status") - 1].value for row in sheet.iter_rows(min_row=6)}
    assert said["白石镇人民政府"] == "！ 重报"


def test_a_summary_whose_head_was_moved_is_refused(desk):
    collect()
    book = load_workbook(desk / "结果/汇总.xlsx")
    book[UNITS.name].insert_rows(1)
    book.save(desk / "结果/汇总.xlsx")
    assert cli.main(["decide", "--from", "结果/汇总.xlsx"]) == 2
