"""The ledger in SQLite and in PostgreSQL, its schema, and the same work on a Dask cluster."""

import random
import sqlite3
from datetime import datetime

import postgres
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from cases import base, edited
from conftest import not_run
from inboxes import HOSTILE, Press, hostile, planned, roster
from ledgers import CAMPAIGN, run, snapshot, standings
from sqlalchemy import MetaData, create_engine, event, insert, select, text

from xlcheck.core.check_code import check_code
from xlcheck.core.finding import Result
from xlcheck.county import decide
from xlcheck.county.ledger import ledger_tables
from xlcheck.county.ledger.database import SCHEMA, _take_steps, open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Unit
from xlcheck.county.workers import cluster
from xlcheck.data.county import Status, Verdict
from xlcheck.editions import Refused

LAST = CAMPAIGN._replace(year=2024, due=CAMPAIGN.due.replace(year=2025))


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server of our own, for all tests that need it."""
    if why := postgres.missing():
        not_run(why)
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    with postgres.running() as url:
        yield url


@pytest.fixture
def empty(server):
    """An empty database in it."""
    engine = create_engine(server.replace("postgresql", "postgresql+psycopg"))
    with engine.begin() as db:
        db.execute(text("DROP SCHEMA public CASCADE"))
        db.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


@pytest.fixture(scope="module")
def two_years(tmp_path_factory):
    """Inboxes of last year and of this: sound, faulty, hostile, a second return, an answered question."""
    folder = tmp_path_factory.mktemp("years")
    press, rng = Press("2021", folder), random.Random(3)
    plans = list(planned(30, rng))
    for year in (2024, 2025):
        (folder / str(year)).mkdir()
        for plan in plans[: 20 if year == 2024 else 30]:
            filing = edited(plan.filing, {"year": year})
            (folder / str(year) / f"{plan.unit}.xlsx").write_bytes(press.print(filing))
    for kind in HOSTILE:
        (folder / "2025" / f"{kind}.xlsx").write_bytes(hostile(kind, press.print(base("2021"))))
    evil = edited(
        plans[0].filing,
        {"s5": "引号'\"\\ 表情😀 _x0000_ 换行\n结束", "t2.license.decisions": "'; DROP TABLE unit; --"},
    )
    (folder / "2025" / "evil.xlsx").write_bytes(press.print(evil))
    return folder, roster(folder / "roster.csv", [p.unit for p in plans])


def both_years(two_years, ledger, workers=None) -> None:
    folder, listed = two_years
    run(folder / "2024", listed, ledger, LAST, workers)
    run(folder / "2025", listed, ledger, CAMPAIGN, workers)
    with open_ledger(str(ledger)) as book:
        register = Register(book.db, CAMPAIGN)
        words = list(decide.on_all(register, Verdict.RETURN, faulty=True, reason="表三有误", note=""))
        decide.enter_decisions(register, book, words, datetime(2026, 1, 21))


def test_two_who_enter_the_same_roster_at_once_both_go_on(tmp_path):
    """The second enters it between the first one's look and its writing."""
    units, path = [Unit("清水镇人民政府", "镇"), Unit("白石镇人民政府", "镇")], str(tmp_path / "l.db")
    begun = []

    def enters(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO unit") and not begun:
            begun.append(statement)
            with open_ledger(path) as other:
                other.enrol(units)

    with open_ledger(path) as book:
        event.listen(book.db, "before_cursor_execute", enters)
        assert list(book.enrol(units)) == [unit.name for unit in units]
    assert begun


def by_steps(url: str) -> tuple[list[object], str | None, int]:
    """How a ledger made by the steps differs from the tables, its step, and its lines of identity."""
    engine = create_engine(url)
    with engine.connect() as db:
        _take_steps(db, url)
        context = MigrationContext.configure(db, opts={"compare_type": True})
        named = len(db.execute(select(ledger_tables.identity)).all())
        answer = compare_metadata(context, ledger_tables.metadata), context.get_current_revision(), named
    engine.dispose()
    return answer


def test_the_steps_of_the_schema_end_at_the_tables(tmp_path):
    assert by_steps(f"sqlite:///{tmp_path}/l.db") == ([], ledger_tables.NEWEST, 1)


def test_a_new_ledger_is_made_as_the_steps_would(tmp_path):
    with open_ledger(str(tmp_path / "l.db")) as book:
        assert len(book.identity()) == 32
        context = MigrationContext.configure(book.db, opts={"compare_type": True})
        assert compare_metadata(context, ledger_tables.metadata) == []
        assert context.get_current_revision() == ledger_tables.NEWEST


def test_a_return_without_errors_has_the_code_that_its_file_has(two_years, tmp_path):
    both_years(two_years, tmp_path / "l.db")
    with open_ledger(str(tmp_path / "l.db")) as book:
        there = list(Register(book.db, CAMPAIGN).standings(CAMPAIGN.due))
    found = [s.current for s in there if s.current]
    wrong = [any(f.severity == "error" for f in one.findings) for one in found]
    codes = [check_code(one.edition.form, one.filing, Result((), ())) for one in found]
    assert [one.code for one in found] == [
        "" if error else code for error, code in zip(wrong, codes, strict=True)
    ]
    assert {True, False} == set(wrong)


def test_the_steps_end_at_the_tables_in_postgresql(empty):
    assert by_steps(empty.replace("postgresql", "postgresql+psycopg")) == ([], ledger_tables.NEWEST, 1)


def test_postgresql_holds_the_same(two_years, empty, tmp_path):
    both_years(two_years, tmp_path / "l.db")
    both_years(two_years, empty)
    assert snapshot(empty) == snapshot(tmp_path / "l.db")
    assert standings(empty) == standings(tmp_path / "l.db")
    before = snapshot(empty)
    both_years(two_years, empty)
    assert snapshot(empty) == before


def test_a_dask_cluster_enters_the_same(two_years, tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    both_years(two_years, tmp_path / "here.db")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", protocol="tcp://"
    ) as made:
        workers = cluster(made.scheduler_address)
        both_years(two_years, tmp_path / "there.db", workers)
        workers.stop()
    assert snapshot(tmp_path / "there.db") == snapshot(tmp_path / "here.db")


def test_sums_by_sql_alone_are_the_totals(two_years, tmp_path):
    both_years(two_years, tmp_path / "l.db")
    there = standings(tmp_path / "l.db")
    ids = [s.current.digest for s in there.values()]
    summed = (
        "SELECT SUM(CAST(figure AS NUMERIC)) FROM value JOIN filing ON filing.id = filing_id "
        "WHERE field = ? AND digest IN ({})"
    )
    with sqlite3.connect(tmp_path / "l.db") as db:
        marks = ",".join("?" * len(ids))
        (found,) = db.execute(summed.format(marks), ["t3.new.total", *ids]).fetchone()
    assert found == sum(s.current.filing.values["t3.new.total"] for s in there.values())


BAD = {
    "another program's database": (
        lambda p: sqlite3.connect(p).execute("CREATE TABLE unit (a)"),
        "打不开或写不进",
    ),
    "no database": (lambda p: p.write_bytes(b"nothing" * 999), "打不开或写不进"),
    "a later program's": ("later", "更新版本"),
    "a folder": (lambda p: p.mkdir(), "打不开或写不进"),
}


@pytest.mark.parametrize("why", BAD)
def test_a_bad_ledger_is_a_sentence(tmp_path, why):
    make, said = BAD[why]
    path = tmp_path / "l.db"
    if make == "later":
        with open_ledger(str(path)):
            pass
        with sqlite3.connect(path) as db:
            db.execute("UPDATE alembic_version SET version_num = '9999'")
    else:
        make(path)
    with pytest.raises(Refused, match=said), open_ledger(str(path)):
        pass


@pytest.mark.parametrize("url", ["nosuch://x", "postgresql://127.0.0.1:1/x", "mysql://x/y"])
def test_a_bad_address_is_a_sentence(url):
    with pytest.raises(Refused, match="账本"), open_ledger(url):
        pass


def test_no_ledger_yet_is_a_sentence(tmp_path):
    with pytest.raises(Refused, match="找不到账本"), open_ledger(str(tmp_path / "l.db"), new=False):
        pass


def test_decisions_survive_every_run_and_a_new_return_asks_again(tmp_path):
    press = Press("2021", tmp_path)
    (tmp_path / "in").mkdir()
    listed = roster(tmp_path / "roster.csv", ["清水镇人民政府"])

    def send(name: str, **edit: object) -> Status:
        (tmp_path / "in" / name).write_bytes(press.print(edited(base("2021"), edit)))
        run(tmp_path / "in", listed, tmp_path / "l.db")
        return standings(tmp_path / "l.db")["清水镇人民政府"].status

    def said(verdict: Verdict, moment: int) -> Status:
        with open_ledger(str(tmp_path / "l.db")) as book:
            register = Register(book.db, CAMPAIGN)
            words = list(decide.on_units(register, ["清水镇"], verdict, "", "理由", ""))
            decide.enter_decisions(register, book, words, datetime(2026, 1, 21, moment))
        return standings(tmp_path / "l.db")["清水镇人民政府"].status

    story = [
        send("a.xlsx", **{"t3.granted.natural": 21}),
        said(Verdict.RETURN, 1),
        send("a.xlsx", **{"t3.granted.natural": 21}),
    ]
    story += [
        send("b.xlsx"),
        said(Verdict.ACCEPT, 2),
        send("b.xlsx"),
        send("c.xlsx", **{"t2.license.decisions": 9}),
    ]
    assert story == [
        Status.REPORTED, Status.RETURNED, Status.RETURNED,
        Status.RESENT, Status.ACCEPTED, Status.ACCEPTED, Status.RESENT,
    ]  # fmt: skip


def test_what_was_explained_is_not_asked_again_while_the_figures_stand(tmp_path):
    press = Press("2021", tmp_path)
    (tmp_path / "in").mkdir()
    listed = roster(tmp_path / "roster.csv", ["清水镇人民政府"])
    odd = {"t2.rules.made": 1, "t2.rules.valid": 1}

    def send(name: str, **edit: object) -> tuple[str, ...]:
        (tmp_path / "in" / name).write_bytes(press.print(edited(base("2021"), odd | edit)))
        run(tmp_path / "in", listed, tmp_path / "l.db")
        current = standings(tmp_path / "l.db")["清水镇人民政府"].current
        return tuple(f.accepted for f in current.findings if f.at == "t2.rules.made")

    first = send("a.xlsx")
    with open_ledger(str(tmp_path / "l.db")) as book:
        register = Register(book.db, CAMPAIGN)
        (rule,) = {
            f.rule for f in register.returns({1: register.sent[1]})[1][0].findings if f.at == "t2.rules.made"
        }
        words = list(decide.on_units(register, ["清水镇"], Verdict.EXPLAINED, rule, "有立法权", ""))
        decide.enter_decisions(register, book, words, datetime(2026, 1, 21))
    again = send("b.xlsx", **{"t2.license.decisions": 9})
    changed = send("c.xlsx", **{"t2.rules.made": 2, "t2.rules.valid": 2})
    assert (first, again, changed) == (("",), ("有立法权",), ("",))


# ---------------------------------------------------------------- a ledger of an earlier program

A, B, C = "清水镇人民政府", "白石镇人民政府", "云岭乡人民政府"
STEPS = ["0001", "0003", "0004", "0005", "0007"]
OLD = "checked by an earlier program"


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A January in the middle: one sent back that came again, one accepted, one still missing."""
    home = tmp_path_factory.mktemp("story")
    press, inbox = Press("2021", home), home / "in"
    inbox.mkdir()
    listed = roster(home / "roster.csv", [A, B, C])
    ledger = home / "l.db"

    def send(name: str, unit: str, **edit: object) -> None:
        (inbox / name).write_bytes(press.print(edited(base("2021"), {"unit": unit, "sign": unit, **edit})))
        run(inbox, listed, ledger)

    send("a.xlsx", A, **{"t3.granted.natural": 21})
    send("b.xlsx", B)
    say(ledger, A, Verdict.RETURN, "表三有误")
    say(ledger, B, Verdict.ACCEPT, "")
    send("a2.xlsx", A, **{"t2.license.decisions": 9})
    return home, send


def say(ledger, unit: str, verdict: Verdict, reason: str, person: str = "") -> None:
    with open_ledger(str(ledger)) as book:
        register = Register(book.db, CAMPAIGN)
        words = list(decide.on_units(register, [unit], verdict, "", reason, ""))
        decide.enter_decisions(register, book, words, person=person)


def as_it_was(ledger, step: str, target: str) -> None:
    """The rows of a ledger as an earlier program wrote them: what its tables had, checked with its rules."""
    source, engine = create_engine(f"sqlite:///{ledger}"), create_engine(target)
    config = Config()
    config.set_main_option("script_location", str(SCHEMA))
    with engine.connect() as db, source.connect() as there:
        config.attributes["connection"] = db
        command.upgrade(config, step)
        tables = MetaData()
        tables.reflect(db)
        for table in ledger_tables.metadata.sorted_tables:
            if table.name not in tables.tables or table.name == "ledger":
                continue
            old = tables.tables[table.name]
            rows = [dict(row) for row in there.execute(select(table)).mappings()]
            for row in rows:
                row.update({"stamp": OLD} if "stamp" in row else {})
                db.execute(insert(old), {key: value for key, value in row.items() if key in old.c})
            if db.dialect.name == "postgresql" and rows and "id" in old.c:
                name = f"pg_get_serial_sequence('{table.name}', 'id')"
                db.execute(text(f"SELECT setval({name}, (SELECT MAX(id) FROM {table.name}))"))
        db.commit()
    source.dispose()
    engine.dispose()


def goes_on(story, ledger: str) -> None:
    """The same units stand as they stood; what comes now, and what is decided now, is added to it."""
    home, _ = story
    before = standings(home / "l.db")
    there = standings(ledger)
    assert {name: one.status for name, one in there.items()} == {
        A: Status.RESENT, B: Status.ACCEPTED, C: Status.MISSING,
    }  # fmt: skip
    counts = run(home / "in", home / "roster.csv", ledger)
    assert (counts.seen, counts.fresh, counts.checked) == (3, 0, 3)
    again = standings(ledger)
    assert [(d.verdict, d.reason) for d in again[A].decided] == [(Verdict.RETURN, "表三有误")]
    assert [one.correction and one.correction.mended for one in again.values()] == [
        one.correction and one.correction.mended for one in before.values()
    ]
    assert {name: one.current and (one.current.code, one.current.filing) for name, one in again.items()} == {
        name: one.current and (one.current.code, one.current.filing) for name, one in before.items()
    }
    say(ledger, A, Verdict.ACCEPT, "", person="李四")
    last = standings(ledger)[A]
    assert (last.status, last.past[-1].person) == (Status.ACCEPTED, "李四")
    assert len(last.past) == 4  # came, sent back, came again, accepted


@pytest.mark.parametrize("step", STEPS)
def test_a_ledger_of_an_earlier_program_goes_on(story, tmp_path, step):
    as_it_was(story[0] / "l.db", step, f"sqlite:///{tmp_path / 'old.db'}")
    goes_on(story, str(tmp_path / "old.db"))


def test_a_ledger_of_the_first_program_in_postgresql_goes_on(story, empty):
    as_it_was(story[0] / "l.db", STEPS[0], empty.replace("postgresql", "postgresql+psycopg"))
    goes_on(story, empty)
