"""The county's run: who sent what, what counts, what was found, and that nothing is lost or done twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from by_name import fill_workbook
from cases import base, edited
from inboxes import HOSTILE, Press, hostile, planned, roster
from ledgers import CAMPAIGN, TODAY, run, snapshot, standings

from xlcheck.county import decide
from xlcheck.county.inbox import watch
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.letters.notices import write_notices
from xlcheck.county.workers import Workers, processes
from xlcheck.data.county import Status, Verdict
from xlcheck.editions import Refused
from xlcheck.workbook.reading import read, read_bytes


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    return Press("2021", tmp_path_factory.mktemp("press"))


@pytest.fixture(scope="module")
def county(tmp_path_factory, press):
    """Forty units, some faulty, two missing, and a hostile file of every kind; collected once."""
    folder = tmp_path_factory.mktemp("county")
    plans = list(planned(40, random.Random(7)))
    inbox = folder / "收件箱"
    (inbox / "微信").mkdir(parents=True)
    for n, plan in enumerate(plans):
        place = inbox / "微信" if n % 3 else inbox
        (place / f"{plan.unit}年报.xlsx").write_bytes(press.print(plan.filing))
    for kind in HOSTILE:
        (inbox / f"{kind}.xlsx").write_bytes(hostile(kind, press.print(plans[0].filing)))
    names = [p.unit for p in plans] + ["没报镇人民政府", "也没报镇人民政府"]
    listed = roster(folder / "roster.csv", names)
    counts = run(inbox, listed, folder / "county.db")
    return folder, plans, counts


def moved(path: Path, day: int) -> Path:
    """A file as of a day in January."""
    moment = datetime(2026, 1, day, 9, 30).timestamp()
    os.utime(path, (moment, moment))
    return path


def outcomes(ledger: Path) -> dict[str, tuple[str, str]]:
    with open_ledger(str(ledger)) as book:
        return {a.path: (a.outcome, a.unit) for a in Register(book.db, CAMPAIGN).arrivals()}


def test_the_press_fills_as_fill_does(press, tmp_path):
    plan = next(planned(1, random.Random(1), faulty=1))
    (tmp_path / "empty.xlsx").write_bytes(press.print(plan.filing._replace(values={}, texts={})))
    fill_workbook(tmp_path / "empty.xlsx", plan.filing, tmp_path / "full.xlsx")
    assert read_bytes(press.print(plan.filing), "a.xlsx") == read(tmp_path / "full.xlsx")


def test_every_file_has_a_record(county):
    folder, plans, counts = county
    found = outcomes(folder / "county.db")
    assert len(found) == counts.seen == len(plans) + len(HOSTILE)
    assert {found[f"{kind}.xlsx"][0] for kind in HOSTILE} == {"unreadable"}
    assert counts.unreadable == len(HOSTILE)


def test_every_planted_fault_is_found_and_nothing_else(county):
    folder, plans, _ = county
    there = standings(folder / "county.db")
    for plan in plans:
        current = there[plan.unit].current
        errors = [f.told["fix"]["field"] for f in current.findings if f.severity == "error"]
        assert errors == ([plan.fault] if plan.fault else []), plan.unit


def test_figures_and_texts_come_back_as_sent(county):
    folder, plans, _ = county
    there = standings(folder / "county.db")
    for plan in plans:
        kept = there[plan.unit].current.filing
        assert dict(kept.values) == dict(plan.filing.values)
        assert dict(kept.texts) == dict(plan.filing.texts)


def test_status_of_every_unit(county):
    folder, plans, _ = county
    there = standings(folder / "county.db")
    assert {name for name, s in there.items() if s.status is Status.MISSING} == {
        "没报镇人民政府",
        "也没报镇人民政府",
    }
    assert all(there[p.unit].status is Status.REPORTED for p in plans)


def test_a_second_run_changes_nothing(county):
    folder, *_ = county
    before = snapshot(folder / "county.db")
    counts = run(folder / "收件箱", folder / "roster.csv", folder / "county.db")
    assert (counts.fresh, counts.checked) == (0, 0)
    assert snapshot(folder / "county.db") == before


def test_more_processes_enter_the_same(county, tmp_path):
    folder, *_ = county
    run(folder / "收件箱", folder / "roster.csv", tmp_path / "two.db", workers=processes(2))
    assert snapshot(tmp_path / "two.db") == snapshot(folder / "county.db")


def test_a_zip_is_a_folder(county, tmp_path):
    """Also a zip in a folder, and one that Chinese Windows made, whose names are GBK and do not say so."""
    folder, plans, _ = county
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with zipfile.ZipFile(inbox / "全部.zip", "w") as packed:
        for path in sorted((folder / "收件箱").rglob("*.xlsx")):
            name = path.relative_to(folder / "收件箱").as_posix()
            packed.writestr(Windows(name, (2026, 1, 12, 8, 0, 0)), path.read_bytes())
    run(inbox, folder / "roster.csv", tmp_path / "inside.db")
    run(inbox / "全部.zip", folder / "roster.csv", tmp_path / "itself.db")
    for ledger in ("inside.db", "itself.db"):
        there = standings(tmp_path / ledger)
        assert all(there[p.unit].current.received == datetime(2026, 1, 12, 8) for p in plans)
    assert "全部.zip/微信/第2镇人民政府年报.xlsx" in outcomes(tmp_path / "inside.db")


class Windows(zipfile.ZipInfo):
    """An entry as Chinese Windows writes it."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_any_address_fsspec_knows(press, tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    plan = next(planned(1, random.Random(2)))
    memory.pipe("/inbox/一.xlsx", press.print(plan.filing))
    listed = roster(tmp_path / "roster.csv", [plan.unit])
    with open_ledger(str(tmp_path / "l.db")):
        from concurrent.futures import ThreadPoolExecutor

        from xlcheck.county.workers import Workers

        here = Workers(ThreadPoolExecutor(1), 1)  # this process's memory is nobody else's
        run("memory://inbox", listed, tmp_path / "l.db", workers=here)
    assert standings(tmp_path / "l.db")[plan.unit].current.filing.values == plan.filing.values


@pytest.fixture
def three(press, tmp_path):
    """Three units on a roster, and a function that puts a filing into the inbox."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    good = base("2021")
    listed = roster(tmp_path / "roster.csv", ["清水镇人民政府", "白石镇人民政府", "云岭镇人民政府"])

    def send(name: str, day: int, **edit: object) -> None:
        (inbox / name).write_bytes(press.print(edited(good, edit)))
        moved(inbox / name, day)

    return tmp_path, inbox, listed, send


def test_the_newest_return_counts_and_the_older_stays(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 20, **{"t2.license.decisions": 5})
    send("b.xlsx", 12, **{"t2.license.decisions": 4})
    run(inbox, listed, folder / "l.db")
    standing = standings(folder / "l.db")["清水镇人民政府"]
    assert (standing.times, standing.current.name) == (2, "a.xlsx")
    assert standing.current.filing.values["t2.license.decisions"] == 5
    assert standing.first == datetime(2026, 1, 12, 9, 30)
    assert outcomes(folder / "l.db") == {
        "a.xlsx": ("return", "清水镇人民政府"), "b.xlsx": ("older", "清水镇人民政府"),
    }  # fmt: skip


FATES = {
    "its name on the cover, whatever the file is called": (
        "白石镇.xlsx",
        {"unit": "清水镇人民政府"},
        "return",
    ),
    "a short name": ("a.xlsx", {"unit": "清水镇"}, "return"),
    "the county's name before it": ("a.xlsx", {"unit": "清水县清水镇人民政府"}, "return"),
    "spaces and wide letters do not count": ("a.xlsx", {"unit": "清水镇　人民政府"}, "return"),
    "not on the roster": ("a.xlsx", {"unit": "清河镇人民政府"}, "stranger"),
    "no name": ("a.xlsx", {"unit": ""}, "nobody"),
    "last year's": ("a.xlsx", {"year": 2024}, "year"),
    "no year": ("a.xlsx", {"year": "二〇二五"}, "year"),
}


@pytest.mark.parametrize("name", FATES)
def test_what_becomes_of_a_file(three, name):
    folder, inbox, listed, send = three
    file, edit, outcome = FATES[name]
    send(file, 12, **edit)
    run(inbox, listed, folder / "l.db")
    assert outcomes(folder / "l.db")[file][0] == outcome
    assert (standings(folder / "l.db")["清水镇人民政府"].current is not None) == (outcome == "return")


def test_the_wrong_edition_is_a_record(three, tmp_path):
    folder, inbox, listed, _ = three
    old = edited(base("2019"), {"unit": "清水镇人民政府", "year": 2025})
    (inbox / "a.xlsx").write_bytes(Press("2019", tmp_path).print(old))
    run(inbox, listed, folder / "l.db")
    assert outcomes(folder / "l.db")["a.xlsx"][0] == "edition"


def test_the_same_file_twice_counts_once(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    shutil.copy2(inbox / "a.xlsx", inbox / "b.xlsx")
    run(inbox, listed, folder / "l.db")
    assert outcomes(folder / "l.db")["b.xlsx"] == ("twice", "清水镇人民政府")
    assert standings(folder / "l.db")["清水镇人民政府"].times == 1


def test_a_mended_roster_finds_the_unit_without_a_second_look(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12, unit="清河镇人民政府")
    run(inbox, listed, folder / "l.db")
    listed.write_text("单位名称,类别,曾用名\n清水镇人民政府,镇,清河镇人民政府\n", encoding="gbk")
    counts = run(inbox, listed, folder / "l.db")
    assert counts.checked == 0
    assert standings(folder / "l.db")["清水镇人民政府"].current is not None


def test_days_late(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    moved(inbox / "a.xlsx", 12)
    late = datetime(2026, 2, 3).timestamp()
    send("b.xlsx", 12, unit="白石镇人民政府")
    os.utime(inbox / "b.xlsx", (late, late))
    run(inbox, listed, folder / "l.db")
    there = standings(folder / "l.db", today=datetime(2026, 2, 5).date())
    assert [s.late for s in there.values()] == [0, 3, 5]


def test_last_year_is_found_in_the_ledger(three):
    """Not in the workbook, which carries none: 上年结转 is compared with what the ledger holds."""
    folder, inbox, listed, send = three
    last = CAMPAIGN._replace(year=2024, due=CAMPAIGN.due.replace(year=2025))
    send("a.xlsx", 12, year=2024, **{"t3.carry_out.natural": 3, "t3.carry_out.total": 3})
    run(inbox, listed, folder / "l.db", last)
    (inbox / "a.xlsx").unlink()
    send("b.xlsx", 14)
    run(inbox, listed, folder / "l.db")
    standing = standings(folder / "l.db")["清水镇人民政府"]
    assert standing.last["t3.carry_out.natural"] == 3
    found = [f for f in standing.current.findings if f.at.startswith("t3.carry_in")]
    assert {f.rule for f in found} >= {"R304"}


def test_when_last_year_changes_what_hangs_on_it_is_checked_again(three):
    folder, inbox, listed, send = three
    last = CAMPAIGN._replace(year=2024, due=CAMPAIGN.due.replace(year=2025))
    send("b.xlsx", 14)
    run(inbox, listed, folder / "l.db")
    before = len(standings(folder / "l.db")["清水镇人民政府"].current.findings)
    old = folder / "old"
    old.mkdir()
    send("a.xlsx", 12, year=2024, **{"t3.carry_out.natural": 3, "t3.carry_out.total": 3})
    (inbox / "a.xlsx").rename(old / "a.xlsx")
    run(old, listed, folder / "l.db", last)
    assert run(inbox, listed, folder / "l.db").checked == 1
    assert len(standings(folder / "l.db")["清水镇人民政府"].current.findings) > before
    send("旧.xlsx", 10, year=2023)  # by mistake; no filing of the year before it is there
    assert [run(inbox, listed, folder / "l.db").checked for _ in range(2)] == [1, 0]


def test_an_unreadable_file_hints_at_its_unit(three):
    folder, inbox, listed, _ = three
    (inbox / "清水镇2025.xlsx").write_bytes(hostile("encrypted", b""))
    run(inbox, listed, folder / "l.db")
    standing = standings(folder / "l.db")["清水镇人民政府"]
    assert standing.status is Status.MISSING
    assert len(standing.unread) == 1
    assert "打开密码" in standing.unread[0]


def test_what_a_database_cannot_hold_is_replaced(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12, s5="坏_x0000_字_xD800_符", **{"t2.license.decisions": "_x0000_12"})
    run(inbox, listed, folder / "l.db")
    kept = standings(folder / "l.db")["清水镇人民政府"].current.filing
    assert kept.texts["s5"] == "坏\ufffd字\ufffd符"
    assert kept.values["t2.license.decisions"] == "\ufffd12"


def said(ledger: Path, unit: str, verdict: Verdict, moment: datetime | None = None) -> None:
    with open_ledger(str(ledger)) as book:
        register = Register(book.db, CAMPAIGN)
        words = list(decide.on_units(register, [unit], verdict, "", "理由", ""))
        decide.enter_decisions(register, book, words, moment or datetime.now())


def test_a_unit_by_its_new_name_keeps_its_returns_and_decisions(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    run(inbox, listed, folder / "l.db")
    said(folder / "l.db", "清水镇", Verdict.RETURN)
    listed.write_text("单位名称,类别,曾用名\n清水新镇人民政府,镇,清水镇人民政府\n", encoding="utf-8")
    run(inbox, listed, folder / "l.db")
    (standing,) = standings(folder / "l.db").values()
    assert (standing.unit.name, standing.status) == ("清水新镇人民政府", Status.RETURNED)


def test_last_year_s_filing_is_found_under_the_former_name_at_once(three):
    folder, inbox, listed, send = three
    last = CAMPAIGN._replace(year=2024, due=CAMPAIGN.due.replace(year=2025))
    send("a.xlsx", 12, year=2024, **{"t3.carry_out.natural": 3, "t3.carry_out.total": 3})
    run(inbox, listed, folder / "l.db", last)
    (inbox / "a.xlsx").unlink()
    listed.write_text("单位名称,类别,曾用名\n清水新镇人民政府,镇,清水镇人民政府\n", encoding="utf-8")
    send("b.xlsx", 14, unit="清水新镇人民政府")
    run(inbox, listed, folder / "l.db")
    (standing,) = standings(folder / "l.db").values()
    assert "R304" in {f.rule for f in standing.current.findings}


def test_what_comes_after_a_decision_is_newer_whatever_its_clock_says(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 28, **{"t3.granted.natural": 21})
    run(inbox, listed, folder / "l.db")
    said(folder / "l.db", "清水镇", Verdict.RETURN)
    send("b.xlsx", 27)
    run(inbox, listed, folder / "l.db")
    standing = standings(folder / "l.db")["清水镇人民政府"]
    assert (standing.current.name, standing.status) == ("b.xlsx", Status.RESENT)


def test_a_clock_ahead_of_time_wins_nothing(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    ahead = datetime(2099, 1, 1).timestamp()
    os.utime(inbox / "a.xlsx", (ahead, ahead))
    run(inbox, listed, folder / "l.db")
    assert standings(folder / "l.db")["清水镇人民政府"].current.received <= datetime.now()


def test_a_decision_is_taken_back(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    run(inbox, listed, folder / "l.db")
    for moment, verdict in enumerate((Verdict.ACCEPT, Verdict.PENDING), 1):
        said(folder / "l.db", "清水镇", verdict, datetime(2026, 1, 20, moment))
    assert standings(folder / "l.db")["清水镇人民政府"].status is Status.REPORTED


def test_a_unit_whose_file_does_not_count_is_told_why(three):
    folder, inbox, listed, send = three
    send("去年的.xlsx", 12, year=2024)
    run(inbox, listed, folder / "l.db")
    (why,) = standings(folder / "l.db")["清水镇人民政府"].unread
    assert why.startswith("“去年的.xlsx”封面年度是 2024")


def test_odd_names_and_days_stop_nothing(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    raw = (inbox / "a.xlsx").read_bytes()
    (inbox / os.fsdecode("清水".encode("gbk") + b".xlsx")).write_bytes(raw + b"\0")
    with zipfile.ZipFile(inbox / "b.zip", "w") as packed:
        packed.writestr(zipfile.ZipInfo("x.xlsx", (2026, 15, 40, 30, 70, 0)), raw + b"\0\0")
    run(inbox, listed, folder / "l.db")
    assert set(outcomes(folder / "l.db")) == {"a.xlsx", "清水.xlsx", "b.zip/x.xlsx"}


def test_our_own_notices_are_not_what_units_sent(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    run(inbox, listed, folder / "l.db")
    there = list(standings(folder / "l.db").values())
    write_notices(CAMPAIGN, there, inbox / "通知", "办公室", TODAY, TODAY)
    run(inbox, listed, folder / "l.db")
    assert set(outcomes(folder / "l.db")) == {"a.xlsx"}


def test_what_is_no_file_is_a_record_and_stops_nothing(three):
    folder, inbox, listed, send = three
    os.mkfifo(inbox / "管道.xlsx")
    (inbox / "folder.xlsx").mkdir()
    (inbox / "~$a.xlsx").write_bytes(b"owner")
    (inbox / "gone.xlsx").symlink_to(inbox / "nowhere.xlsx")
    send("a.xlsx", 12)
    run(inbox, listed, folder / "l.db")
    assert outcomes(folder / "l.db") == {
        "a.xlsx": ("return", "清水镇人民政府"), "管道.xlsx": ("unreadable", ""),
        "gone.xlsx": ("unreadable", ""),
    }  # fmt: skip


def test_one_thing_that_is_no_file_for_an_inbox_is_told_by_its_name(three):
    folder, inbox, listed, _ = three
    os.mkfifo(inbox / "管道.xlsx")
    run(inbox / "管道.xlsx", listed, folder / "l.db")
    assert outcomes(folder / "l.db") == {"管道.xlsx": ("unreadable", "")}


@pytest.mark.parametrize(("inbox", "said"), [("没有", "找不到收件处"), ("wrong://x", "打不开收件处")])
def test_no_inbox_is_a_sentence(three, inbox, said):
    folder, _, listed, _ = three
    with pytest.raises(Refused, match=said):
        run(folder / inbox if "://" not in inbox else inbox, listed, folder / "l.db")


def test_killed_anywhere_and_run_again_gives_the_same(county, tmp_path):
    folder, *_ = county
    whole = snapshot(folder / "county.db")
    rng = random.Random(11)
    for number in range(4):
        ledger = tmp_path / f"{number}.db"
        command = [
            sys.executable, "-m", "xlcheck.cli", "collect", str(folder / "收件箱"), "--county", "清水县",
            "--roster", str(folder / "roster.csv"), "--ledger", str(ledger), "--today", str(TODAY),
            "-o", str(tmp_path / "out"), "--jobs", "1", "--year", "2025",
        ]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(rng.uniform(0.3, 1.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        run(folder / "收件箱", folder / "roster.csv", ledger)
        assert snapshot(ledger) == whole


def test_amounts_keep_every_digit(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12, **{"t2.fees.amount": "0.0920001"})
    run(inbox, listed, folder / "l.db")
    kept = standings(folder / "l.db")["清水镇人民政府"].current.filing
    assert kept.values["t2.fees.amount"] == Decimal("0.0920001")


def test_a_torn_entry_of_a_zip_is_a_record(three):
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    with zipfile.ZipFile(inbox / "b.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x.xlsx", os.urandom(4000) + b"a" * 4000)
    raw = bytearray((inbox / "b.zip").read_bytes())
    raw[60:90] = b"\xff" * 30
    (inbox / "b.zip").write_bytes(bytes(raw))
    run(inbox, listed, folder / "l.db")
    assert outcomes(folder / "l.db")["b.zip/x.xlsx"] == ("unreadable", "")


def test_a_figure_of_three_hundred_digits_is_kept(three, press):
    folder, inbox, listed, _ = three
    filing = base("2021")
    filing = filing._replace(values={**filing.values, "t2.license.decisions": Decimal("1E300")})
    (inbox / "a.xlsx").write_bytes(press.print(filing))
    run(inbox, listed, folder / "l.db")
    kept = standings(folder / "l.db")["清水镇人民政府"].current.filing
    assert kept.values["t2.license.decisions"] == Decimal("1E300")


def test_a_leap_day_is_a_due_day_like_any_other(three):
    folder, inbox, listed, send = three
    leap = CAMPAIGN._replace(year=2027, due=CAMPAIGN.due.replace(year=2028, month=2, day=29))
    send("a.xlsx", 12, year=2026)
    run(inbox, listed, folder / "l.db", leap._replace(year=2026))
    send("b.xlsx", 13, year=2027)
    run(inbox, listed, folder / "l.db", leap)
    assert standings(folder / "l.db", leap)["清水镇人民政府"].last is not None


def test_what_comes_while_a_watched_inbox_is_collected_is_seen(tmp_path, monkeypatch):
    """Also during the first run, and after one that could not be: what lies there was asked before it."""
    monkeypatch.setattr(watch, "PAUSE", 0.01)
    (tmp_path / "a.xlsx").write_bytes(b"a")
    runs: list[int] = []

    def collect() -> int:
        runs.append(len(list(tmp_path.iterdir())))
        (tmp_path / f"{len(runs)}.xlsx").write_bytes(b"b")
        if len(runs) in (2, 3):
            raise Refused("记不了")
        if len(runs) == 4:
            raise KeyboardInterrupt
        return len(runs)

    told: list[str] = []
    assert watch.watch_inbox(str(tmp_path), collect, told.append) == 1
    assert (runs, told.count("记不了")) == ([1, 2, 3, 4], 1)  # what cannot be done ends no watch


def test_where_nothing_is_new_no_worker_is_asked(three):
    """Not one file is read, and no process is started."""
    folder, inbox, listed, send = three
    send("a.xlsx", 12)
    run(inbox, listed, folder / "l.db")
    idle = Workers(None, 1)  # an executor that has nothing to do
    counts = run(inbox, listed, folder / "l.db", workers=idle)
    assert (counts.seen, counts.fresh, counts.checked, counts.readable) == (1, 0, 0, 1)
