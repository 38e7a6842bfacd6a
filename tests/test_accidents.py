"""One file is one record: whatever goes wrong in the work on it names it, and the run goes on."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import pytest
from by_name import build_template, fill_workbook
from cases import base
from inboxes import Press, roster
from ledgers import CAMPAIGN, run
from planted import ENDED, FAULTS, LOST, PanicException, Planting, deeper, raising

from xlcheck import accidents, cli
from xlcheck.accidents import OutOfTime, one_file
from xlcheck.commands import parser
from xlcheck.county.inbox.files import InboxFile
from xlcheck.county.ledger import database as ledgers
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.tasks import LedgerEntry
from xlcheck.county.workers import Workers, cluster, processes
from xlcheck.data.checking import DataError
from xlcheck.editions import Refused
from xlcheck.saving import save

WRONG = [
    KeyError("t9"), MemoryError(), RecursionError("deep"), StopIteration(), PanicException("range"),
    OutOfTime("10 s"), OSError("negative seek"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: type(w).__name__)
def test_whatever_it_is_names_the_file_and_keeps_its_reason(wrong):
    with pytest.raises(Refused, match=r"“某镇\.xlsx”") as caught, one_file("某镇.xlsx"):
        raising(wrong)()
    assert caught.value.reason.startswith(f"{type(wrong).__name__}: {wrong}"[:20])


@pytest.mark.parametrize("wrong", [KeyboardInterrupt(), SystemExit(3), Refused("已有的话"), DataError("坏")])
def test_who_stops_the_program_stops_it(wrong):
    with pytest.raises(type(wrong)) as caught, one_file("某镇.xlsx"):
        raise wrong
    assert caught.value is wrong


def test_a_reason_that_cannot_be_written_is_left_out():
    with pytest.raises(Refused) as caught, one_file("某镇.xlsx"):
        raise KeyError(10**5000)
    assert caught.value.reason == "KeyError: "


def test_the_reason_says_in_which_line_of_ours():
    with pytest.raises(Refused) as caught, one_file("某镇.xlsx"):
        accidents.technical_reason(None)
    assert caught.value.reason.startswith("AttributeError")
    with pytest.raises(Refused) as caught, one_file("某镇.xlsx"):
        ledgers._url(None, new=False)
    assert "(county/ledger/database.py:" in caught.value.reason.replace("\\", "/")


# ---------------------------------------------------------------- the county's run, by every executor


@contextmanager
def dask():
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", protocol="tcp://"
    ) as made:
        yield cluster(made.scheduler_address)


@contextmanager
def pool():
    yield processes(2)


@contextmanager
def thread():
    yield Workers(ThreadPoolExecutor(1), 1)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return Press("2021", tmp_path_factory.mktemp("press")).print(base("2021"))


EXECUTORS = [
    (thread, set(FAULTS) - ENDED),  # nothing ends what runs in the program's own process
    (pool, {*FAULTS, *LOST}),
    (dask, {*FAULTS, *LOST}),
]


@pytest.mark.parametrize(("executor", "faults"), EXECUTORS, ids=lambda e: getattr(e, "__name__", ""))
@pytest.mark.parametrize("last_year", [False, True], ids=["one step", "two steps"])
def test_every_file_is_a_record_whatever_its_reading_ends_in(executor, faults, last_year, good, tmp_path):
    inbox, ledger = tmp_path / "收件箱", tmp_path / "l.db"
    inbox.mkdir()
    for name in faults:
        (inbox / f"{name}.xlsx").write_bytes(good + name.encode())
    for n in range(3):
        (inbox / f"好{n}.xlsx").write_bytes(good + bytes([n]))
    listed = roster(tmp_path / "roster.csv", [base("2021").unit])
    if last_year:
        (tmp_path / "上年").mkdir()
        (tmp_path / "上年" / "好.xlsx").write_bytes(good)
        run(tmp_path / "上年", listed, ledger, CAMPAIGN._replace(year=2024))
    with executor() as workers:
        counts = run(inbox, listed, ledger, workers=Planting(workers))
        workers.stop()
    with sqlite3.connect(ledger) as db:
        query = (
            "SELECT path, refusal, reason FROM arrival a JOIN filing f USING (digest) WHERE a.campaign = 2025"
        )
        found = {path: (said, why) for path, said, why in db.execute(query)}
    assert (counts.seen, counts.unreadable) == (len(faults) + 3, len(faults))
    assert {path for path, (said, _) in found.items() if said is None} == {f"好{n}.xlsx" for n in range(3)}
    assert all("“{file}”" in found[f"{name}.xlsx"][0] for name in faults)  # told of every file that holds it
    assert all(found[f"{name}.xlsx"][1].startswith(name.partition(",")[0]) for name in faults - LOST.keys())
    assert all(found[f"{name}.xlsx"][1].startswith("worker lost") for name in faults & LOST.keys())


def test_what_no_ledger_can_hold_is_a_record(tmp_path):
    """The other files of its batch are entered as they are."""

    def entry(digest: str, told: object) -> LedgerEntry:
        line = {"digest": digest, "size": 1, "stamp": "s", "refusal": None, "year": 2025}
        finding = {"place": 0, "rule": "R301", "severity": "error", "at": "a", "cell": "c", "message": "m",
                   "answer": "", "mark": "m", "told": told}  # fmt: skip
        return LedgerEntry(InboxFile("p", "", f"{digest}.xlsx", 1, None), digest, line, findings=[finding])

    entries = [entry("sound", {"to": 1}), entry("huge", {"to": 10**5000}), entry("after", {"to": 2})]
    with open_ledger(str(tmp_path / "l.db")) as book:
        book.begin(CAMPAIGN)
        assert book.record(entries, 2025, lambda *_: None, datetime(2026, 1, 20)) == 3
    with sqlite3.connect(tmp_path / "l.db") as db:
        found = {
            digest: (said, why)
            for digest, said, why in db.execute("SELECT digest, refusal, reason FROM filing")
        }
    assert found["sound"] == found["after"] == (None, None)
    assert "“{file}”" in found["huge"][0]  # told of every file that holds it
    assert found["huge"][1].startswith("ValueError")


def test_a_run_of_nothing_but_unreadable_files_could_not_run(tmp_path, monkeypatch, good):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收件箱").mkdir()
    (tmp_path / "收件箱" / "坏.xlsx").write_bytes(b"x")
    roster(tmp_path / "roster.csv", [base("2021").unit])
    command = ["collect", "收件箱", "--roster", "roster.csv", "-o", "结果", "--year", "2020", "--jobs", "1"]
    assert [cli.main(command), cli.main(command)] == [2, 2]
    assert len(list((tmp_path / "结果").iterdir())) == 2
    (tmp_path / "收件箱" / "好.xlsx").write_bytes(good)
    assert [cli.main(command), cli.main(command)] == [0, 0]


# ---------------------------------------------------------------- the other verbs


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    save(build_template("2021"), folder / "空.xlsx")
    fill_workbook(folder / "空.xlsx", base("2021"), folder / "填.xlsx")
    return (folder / "填.xlsx").read_bytes()


ENDS = [KeyError("planted"), MemoryError(), PanicException("planted"), OSError("planted"), None]


@pytest.mark.parametrize("wrong", ENDS, ids=lambda w: type(w).__name__)
def test_the_check_of_the_others_goes_on(wrong, sound, tmp_path, monkeypatch, capsys):
    from xlcheck.workbook import reading

    for name in ("一", "二", "三"):
        (tmp_path / f"{name}.xlsx").write_bytes(sound)
    read = reading.read

    def planted(path):
        if path.stem == "二":
            raising(wrong)() if wrong else deeper(0)
        return read(path)

    monkeypatch.setattr(reading, "read", planted)
    files = [str(tmp_path / f"{name}.xlsx") for name in ("一", "二", "三")]
    assert cli.main(["check", "--json", *files]) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["status"] for line in lines] == ["pass", "unreadable", "pass"]
    assert lines[1]["reason"].startswith(type(wrong).__name__ if wrong else "RecursionError")
    assert cli.main(["check", *files]) == 2
    assert "“二.xlsx”" in capsys.readouterr().err


ARGUMENTS = {
    "check": ["{file}", "--mark", "标.xlsx"],
    "fill": ["{file}", "--from", "{file}", "-o", "出.xlsx"],
    "import": ["{file}", "-o", "出.xlsx"],
    "repair": ["{file}", "-o", "出.xlsx"],
    "report": ["{file}", "-o", "出.docx"],
    "new": ["-o", "出.xlsx", "--last", "{file}"],
    "dump": ["{file}"],
    "code": ["{file}"],
    "draft": ["{file}", "-o", "出.xlsx"],
    "page": ["-o", "出.html"],
    "bundle": ["-o", "夹"],
    "explain": [],
    "demo": [],
    "build": [],
    "collect": ["收件箱", "--roster", "roster.csv"],
    "serve": ["--roster", "roster.csv", "--inbox", "收件箱"],
    "decide": ["退回", "--faulty"],
    "history": ["清水镇"],
    "ledger": ["check"],
    "notices": [],
    "published": ["网页"],
    "sums": ["{file}"],
    "addin": ["status"],
}


@pytest.mark.parametrize("verb", list(parser.all_verbs()))
@pytest.mark.parametrize("wrong", [KeyError("planted"), PanicException("planted")], ids=["bug", "panic"])
def test_what_nobody_foresaw_is_a_sentence_and_status_2(verb, wrong, tmp_path, monkeypatch, capsys):
    """Whatever the verb; an uncaught exception would leave 1, which says that errors were found."""
    known = parser.all_verbs() | {verb: parser.all_verbs()[verb]._replace(run=lambda _: raising(wrong)())}
    monkeypatch.setattr(parser, "OWN", {})
    monkeypatch.setattr(parser, "all_verbs", lambda: known)
    arguments = [argument.format(file=tmp_path / "某.xlsx") for argument in ARGUMENTS[verb]]
    assert cli.main([verb, *arguments]) == 2
    said = capsys.readouterr().err
    assert f"{type(wrong).__name__}: " in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("wrong", "status"), [(KeyboardInterrupt(), 2), (SystemExit(5), None)])
def test_who_stops_a_verb_stops_it(wrong, status, monkeypatch):
    explain = parser.OWN["explain"]._replace(run=lambda _: raising(wrong)())
    monkeypatch.setitem(parser.OWN, "explain", explain)
    if status is None:
        with pytest.raises(SystemExit):
            cli.main(["explain"])
    else:
        assert cli.main(["explain"]) == status
