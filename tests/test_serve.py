"""The address where units upload: what is taken collect knows, and nobody sees what is not hers."""

import asyncio
import random
import re
import socket
import sqlite3
import stat
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path

import browser as chromium
import postgres
import pytest
from by_name import cell_of, judge
from cases import base, edited
from conftest import not_run
from inboxes import HOSTILE, Press, changed, hostile, packed, planned, roster
from ledgers import CAMPAIGN, run
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from uploading import MULTIPART, Clerk, address, form

pytest.importorskip("starlette", reason="the extra serve is not installed")

from starlette.requests import Request
from uvicorn.server import ServerState

from xlcheck import cli
from xlcheck.core.filing import Filing
from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.arrivals import Arrival
from xlcheck.county.ledger.database import _url, open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.roster import read_roster
from xlcheck.county.serve import limits
from xlcheck.county.serve.access import NOBODY, KeptCode, TypedCode, fits, known_codes, new_code, read_code
from xlcheck.county.serve.desk import Desk
from xlcheck.county.serve.office_page import OfficePage, office_page
from xlcheck.county.serve.server import Door, open_port, ready_codes, server_config
from xlcheck.county.serve.sessions import Guesses, Sessions
from xlcheck.county.serve.site import Behind, Site
from xlcheck.county.serve.uploads import plain_name
from xlcheck.data.county import Outcome
from xlcheck.data.serve import serve
from xlcheck.editions import Refused

CODE = KeptCode("salt", "hash")
ODD = '../<img src=x onerror="alert(1)">局'  # a unit's name that is no name
UNITS = [f"第{n}镇人民政府" for n in range(1, 10)]
FAULTY, CLEAN, PLAIN, RIVAL, GUESSED, HELD, BACK, LATER, AGAIN = UNITS
OURS = re.compile(r"[\w]+_\d{8}-\d{6}_[0-9a-f]{8}(-\d+)?\.(xlsx|zip)")


def filing(unit: str, edit=None, year: int = 2025) -> Filing:
    texts = {"preface": base("2021").texts["preface"].replace(str(base("2021").unit), unit), "sign": unit}
    made = edited(base("2021"), edit or {})
    return made._replace(unit=unit, year=made.year - 2025 + year, texts=dict(made.texts) | texts)


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    return Press("2021", tmp_path_factory.mktemp("press"))


@pytest.fixture(scope="module")
def site(tmp_path_factory, press):
    """The address of a county of ten units, one of which reported last year as well."""
    folder = tmp_path_factory.mktemp("serve")
    roster(folder / "roster.csv", [*UNITS, f'"{ODD.replace(chr(34), chr(34) * 2)}"'])
    (folder / "校验.html").write_text("<!DOCTYPE html>\n<title>离线</title>", encoding="utf-8")
    (folder / "上年").mkdir()
    (folder / "上年" / "某.xlsx").write_bytes(press.print(filing(LATER, year=2024)))
    before = CAMPAIGN._replace(year=2024, due=CAMPAIGN.due.replace(year=2025))
    run(folder / "上年", folder / "roster.csv", folder / "ledger.db", before)
    with address(folder, "ledger.db", "--page", "校验.html", "--year", "2025", "--jobs", "1") as running:
        yield running


def inbox(site):
    return sorted(path.name for path in (site.folder / "收件箱").iterdir())


def lines(site, table):
    with closing(sqlite3.connect(site.folder / "ledger.db")) as db:
        return db.execute(f"SELECT * FROM {table}").fetchall()


def state(site):
    return inbox(site), lines(site, "arrival"), lines(site, "receipt"), lines(site, "decision")


def alerts(answer):
    return re.findall(r'role="alert">([^<]*)<', answer.text)


# ---------------------------------------------------------------- what is taken
def test_a_unit_gets_the_judgement_of_check_and_a_receipt(site, press):
    sent = filing(FAULTY, {"t3.granted.natural": 21, "preface": ""})
    clerk, content = site.clerk(FAULTY), press.print(sent)
    code = clerk.receipt("我的 年报.xlsx", content)
    page = clerk.get(f"/receipt/{code}").text
    found = judge(sent).findings
    assert sorted(re.findall(r'class="cell">([^<]*)<', page)) == sorted(cell_of(sent, f.at) for f in found)
    assert (code in page, "我的 年报.xlsx" in page, "应为 <i>12</i>" in page) == (True, True, True)
    (name,) = [name for name in inbox(site) if name.startswith(FAULTY)]
    assert (site.folder / "收件箱" / name).read_bytes() == content
    home = clerk.get().text
    assert (code in home, "已报待核" in home) == (True, True)
    marked = clerk.get("/marked")
    assert "xl/workbook.xml" in zipfile.ZipFile(BytesIO(marked.body)).namelist()


def test_what_was_uploaded_is_known_to_collect(site, press):
    """Also a workbook whose cover names nobody, one in a zip, and one that is checked beside last year's."""
    site.clerk(PLAIN).receipt("a.xlsx", press.print(filing("")))
    zipped = packed({"内/表.xlsx": press.print(filing(RIVAL))})
    site.clerk(RIVAL).receipt("一起.ZIP", zipped)
    site.clerk(LATER).receipt("b.xlsx", press.print(filing(LATER)))
    counts = run(site.folder / "收件箱", site.folder / "roster.csv", site.folder / "ledger.db")
    assert (counts.fresh, counts.checked, counts.unreadable) == (0, 0, 0)
    for unit in (PLAIN, RIVAL, LATER):
        assert "已报待核" in site.clerk(unit).get().text
    assert "没有填单位名称" in receipt_page(site, PLAIN)


def test_what_was_sent_last_counts_also_where_it_was_sent_before(site, press):
    """Sound, faulty by mistake, the sound one again, and so on: what came last counts."""
    clerk, sent = site.clerk(AGAIN), [filing(AGAIN), filing(AGAIN, {"t3.granted.natural": 21})]
    counted = []
    for n in (0, 1, 0, 1, 0):
        page = clerk.get(f"/receipt/{clerk.receipt('a.xlsx', press.print(sent[n]))}").text
        counted.append("应为 <i>12</i>" in clerk.get().text)
        again = re.findall("内容与 .*? 收到的“a.xlsx”完全相同，一处也没有改。", page)
        assert len(again) == (len(counted) > 2)
    assert counted == [False, True, False, True, False]
    run(site.folder / "收件箱", site.folder / "roster.csv", site.folder / "ledger.db")
    assert "应为 <i>12</i>" not in clerk.get().text


def receipt_page(site, unit):
    clerk = site.clerk(unit)
    return clerk.get(re.search("/receipt/[0-9A-Z-]+", clerk.get().text)[0]).text


def test_the_office_s_word_and_letter_reach_the_unit(site, press, monkeypatch, capsys):
    monkeypatch.chdir(site.folder)
    clerk = site.clerk(BACK)
    clerk.receipt("a.xlsx", press.print(filing(BACK, {"t3.granted.natural": 21})))
    said = ["--reason", "合计不平", "--note", "只给办公室看的", "--ledger", "ledger.db", "--year", "2025"]
    assert cli.main(["decide", "退回", BACK, *said]) == 0
    with open_ledger("ledger.db") as book:
        current = Register(book.db, CAMPAIGN).sent[book.enrol(read_roster(Path("roster.csv")))[BACK]][-1]
        letter = {"status": "returned", "digest": current.digest, "deadline": CAMPAIGN.due, "year": 2025}
        by = {"office": "县政府办", "made": datetime(2026, 1, 20), "person": "某"}
        book.send([{"unit_id": book.enrol(read_roster(Path("roster.csv")))[BACK], **letter, **by}])
    home = clerk.get().text
    assert ("有误已退回" in home, "合计不平" in home, "县政府办" in home) == (True, True, True)
    assert "只给办公室看的" not in home
    letter = zipfile.ZipFile(BytesIO(clerk.get("/letter").body)).read("word/document.xml").decode()
    assert "合计不平" in letter
    clerk.receipt("w.xlsx", press.print(filing(BACK, {"s5": "暂时没有发现什么问题。"})))
    assert "1 处要求改：1 处已改" in clerk.get().text
    said = ["--note", "只给办公室看的", "--ledger", "ledger.db", "--year", "2025"]
    assert cli.main(["decide", "接受说明", BACK, *said]) == 0
    home = clerk.get().text
    assert ("县里已接受说明" in home, "只给办公室看的" in home) == (True, False)
    clerk.receipt("b.xlsx", press.print(filing(BACK)))
    assert ("重报" in clerk.get().text, clerk.get("/letter").status) == (True, 404)


def test_the_office_sees_all_and_who_is_missing(site, press):
    site.clerk(CLEAN).receipt("清.xlsx", press.print(filing(CLEAN)))
    assert "accept=" not in site.clerk(CLEAN).get().text  # why a file is not taken is told
    office = site.clerk()
    assert office.get().header("location") == "/office"
    page = office.get("/office").text
    assert (GUESSED in page, "清.xlsx" in page, "还没有报送的" in page) == (True, True, True)
    assert CLEAN in office.get("/office/dashboard").text
    assert "<title>离线</title>" in Clerk(site.port).get("/page").text


def test_the_office_s_older_files_are_folded():
    moments = [datetime(2026, 1, 5, 9, n) for n in range(23)]
    came = [Arrival(f"{at.minute}.xlsx", at, CLEAN, Outcome.RETURN, "") for at in moments]
    seen, folded = office_page(OfficePage((), came, {})).split("<details>")
    assert (re.findall(r">(\d+)\.xlsx", seen), re.findall(r">(\d+)\.xlsx", folded)) == (
        [str(n) for n in range(22, 2, -1)], ["2", "1", "0"],
    )  # fmt: skip
    assert "<details>" not in office_page(OfficePage((), came[3:], {}))


COUNTED = [({"s6": "无。"}, False), ({"t3.sum.natural": 16}, True)]


@pytest.mark.parametrize(("edit", "linked"), COUNTED)
def test_one_fault_behind_several_is_told_where_there_is_one(site, press, edit, linked):
    clerk = site.clerk(LATER)
    code = clerk.receipt("甲.xlsx", press.print(filing(LATER, edit)))
    assert (serve().result.linked in clerk.get(f"/receipt/{code}").text) == linked


# ---------------------------------------------------------------- what is not
NAMES = [
    "../../逃.xlsx", "..\\..\\逃.xlsx", "/etc/逃.xlsx", "C:\\逃.xlsx", ".逃.xlsx", "~$逃.xlsx", "逃" * 250,
    "con.xlsx", "逃\x7f\x1b[31m.xlsx", "%2e%2e%2f逃.xlsx", "逃.xlsx/",
]  # fmt: skip


def test_no_path_comes_of_a_name(site, press):
    before = {path for path in site.folder.rglob("*") if path.parent.name != "收件箱"}
    clerk = site.clerk(HELD)
    for n, name in enumerate(NAMES):
        clerk.receipt(name, press.print(filing(HELD, {"t2.license.decisions": 300 + n})))
    assert clerk.upload("逃" * 3000, press.print(filing(HELD))).status == 400
    assert {path for path in site.folder.rglob("*") if path.parent.name != "收件箱"} == before
    assert [name for name in inbox(site) if not OURS.fullmatch(name)] == []
    assert not [row for row in lines(site, "receipt") if re.search(r"[/\\\x00-\x1f\x7f]", row[5])]
    assert [plain_name(name) for name in NAMES[:4]] == ["逃.xlsx"] * 4


@pytest.mark.parametrize("kind", [*HOSTILE, "csv", "old", "page", "none", "blank"])
def test_what_cannot_be_read_is_told_and_not_kept(kind, site, press):
    good = press.print(filing(GUESSED))
    odd = {
        "csv": "单位名称\n某".encode(), "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "page": b"<html><script>alert(1)</script>", "none": b"",
        "blank": press.print(filing("")._replace(values={}, texts={}, unit=None)),
    }  # fmt: skip
    content = odd[kind] if kind in odd else hostile(kind, good)
    before = state(site)
    answer = shared_clerk(site).upload("表.xlsx", content)
    assert (answer.status, len(alerts(answer)), "没有收下" in answer.text) == (422, 1, True)
    assert "{" not in alerts(answer)[0]
    assert state(site) == before


clerks: dict[int, Clerk] = {}


def shared_clerk(site):
    if site.port not in clerks:
        clerks[site.port] = site.clerk(CLEAN)
    return clerks[site.port]


NOT_HERS = [
    (filing(RIVAL), f"封面上是“{RIVAL}”"),
    (filing(CLEAN, year=2024), "年度是 2024"),
    (filing(CLEAN)._replace(year=None), "没有填年度"),
]


@pytest.mark.parametrize(("sent", "said"), NOT_HERS, ids=["another unit", "another year", "no year"])
def test_what_would_not_count_is_told_and_not_kept(sent, said, site, press):
    before = state(site)
    answer = shared_clerk(site).upload("表.xlsx", press.print(sent))
    assert (answer.status, said in alerts(answer)[0], state(site)) == (422, True, before)


def test_a_zip_is_looked_into_no_further_than_a_unit_may_fill_it(site):
    """Nor is one that holds another: what is in it is no work of the site's own process."""
    before = state(site)
    many = packed({f"{n}.xlsx": b"" for n in range(3000)}, level=0)
    nested = packed({"a.zip": packed({f"{n}.txt": b"" for n in range(30)})})
    sent = (many, "超过 20 个"), (nested, "超过 20 个"), (packed({"x.txt": b"x", "y.txt": b"y"}), "没有收下")
    for content, said in sent:
        answer = shared_clerk(site).upload("包.zip", content)
        assert (answer.status, said in answer.text) == (422, True)
    assert state(site) == before


def test_a_body_too_large_is_not_kept_and_its_sender_told(site):
    before, clerk = state(site), shared_clerk(site)
    large = clerk.upload("大.xlsx", b"\0" * (21 << 20))
    assert (large.status, "超过 20 MB" in alerts(large)[0]) == (413, True)
    assert clerk.post("/sign-in", code="1" * 80_000).status == 413
    unsaid = iter([form("大.xlsx", b"\0" * (21 << 20), {"seal": clerk.seal})])  # in chunks: no length is said
    assert clerk.ask("POST", "/upload", unsaid, **MULTIPART).status == 413
    assert state(site) == before


def test_a_body_without_end_is_cut_off(site):
    """Nothing of it is waited for: neither what is said to be huge nor what never says its length."""
    clerk = shared_clerk(site)
    head = f"POST /upload HTTP/1.1\r\nHost: x\r\nCookie: xlcheck={clerk.cookie}\r\nContent-Type: "
    head += MULTIPART["Content_Type"]
    with socket.create_connection(("127.0.0.1", site.port), 60) as huge:
        huge.sendall(f"{head}\r\nContent-Length: {10**12}\r\n\r\n".encode())
        assert huge.recv(100).startswith(b"HTTP/1.1 413")
    with socket.create_connection(("127.0.0.1", site.port), 60) as endless:
        endless.sendall(
            f"{head.replace('/upload', '/sign-in')}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        with pytest.raises(OSError, match=r"reset|pipe"):
            send_on(endless)


def send_on(connection):
    for _ in range(1000):
        connection.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


def test_who_sends_twice_at_once_waits_for_the_first(site, press):
    """Two uploads that do not come to their end; the third is a page, no dropped connection."""
    clerk = site.clerk(HELD)
    clerk.get()
    body = form("慢.xlsx", press.print(filing(HELD)), {"seal": clerk.seal})
    head = f"POST /upload HTTP/1.1\r\nHost: x\r\nCookie: xlcheck={clerk.cookie}\r\n"
    head += f"Content-Type: {MULTIPART['Content_Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
    held = [socket.create_connection(("127.0.0.1", site.port), 60) for _ in range(2)]
    for one in held:
        one.sendall(head.encode() + body[:1000])
    third = until(lambda: clerk.upload("三.xlsx", press.print(filing(HELD))), lambda a: a.status == 503)
    assert ("请稍候" in alerts(third)[0], third.header("retry-after")) == (True, "60")
    held[0].sendall(body[1000:])
    assert held[0].recv(100).startswith(b"HTTP/1.1 303")
    for one in held:
        one.close()
    until(lambda: clerk.upload("三.xlsx", press.print(filing(HELD))), lambda a: a.status == 303)


def until(do, done):
    for _ in range(100):
        if done(answer := do()):
            return answer
    raise AssertionError(answer)


# ---------------------------------------------------------------- who may see and do what
def test_no_name_becomes_markup(site, press):
    clerk = site.clerk(ODD)
    sent = filing("<script>alert(2)</script>镇", {"t2.license.decisions": "<u>1</u>"})
    code = clerk.receipt("<img src=x onerror=alert(3)>.xlsx", press.print(sent))
    office = site.clerk()
    for page in (clerk.get(), clerk.get(f"/receipt/{code}"), office.get("/office")):
        assert page.status == 200
        assert re.findall(r"<script|<img|<u>1", page.text) == []
        assert "default-src 'none'" in page.header("content-security-policy")
    assert re.findall(r"<script>alert|<img", office.get("/office/dashboard").text) == []
    assert "&lt;img src=x onerror=alert(3)" in clerk.get().text
    assert [name for name in inbox(site) if not OURS.fullmatch(name)] == []
    assert not any("局" in path.name for path in site.folder.rglob("*") if path.parent.name != "收件箱")


def test_a_unit_sees_nothing_of_another(site, press):
    own = site.clerk(RIVAL)
    code = own.receipt("机密名.xlsx", press.print(filing(RIVAL, {"t2.license.decisions": 77})))
    other, nobody = site.clerk(GUESSED), Clerk(site.port)
    assert own.get(f"/receipt/{code}").status == 200
    assert [other.get(f"/receipt/{code}").status, nobody.get(f"/receipt/{code}").status] == [404, 403]
    for path in ("/office", "/office/dashboard", "/letter", "/marked", "/receipt/x", "/收件箱"):
        assert other.ask("GET", path.replace("收件箱", "inbox")).status == 404
    for path in ("/office", "/office/dashboard"):
        assert "上传码" in nobody.get(path).text
    for page in (other.get(), nobody.get(), nobody.get("/office")):
        assert [word for word in (code, "机密名", RIVAL, CLEAN) if word in page.text] == []


def test_a_form_from_elsewhere_does_nothing(site, press):
    clerk, other, before = site.clerk(CLEAN), site.clerk(RIVAL), state(site)
    clerk.get(), other.get()
    content, mine = press.print(filing(CLEAN)), clerk.seal
    for seal in ("", "0" * 64, other.seal, "é"):
        clerk.seal = seal or "-"
        assert clerk.upload("a.xlsx", content).status == 403
        assert clerk.post("/sign-out").status == 403
    fresh = Clerk(site.port)
    assert fresh.post("/sign-in", code=site.codes()[CLEAN]).status == 403  # no page was asked for before
    clerk.seal = mine
    assert (clerk.get().status, CLEAN in clerk.get().text, state(site)) == (200, True, before)
    assert all("SameSite=lax" in v and "HttpOnly" in v for v in cookies(Clerk(site.port).get()))


def cookies(answer):
    found = [value for name, value in answer.headers if name.lower() == "set-cookie"]
    assert found
    return found


def test_a_session_is_new_with_every_sign_in_and_gone_after_it(site):
    clerk = Clerk(site.port, "foisted-on-her-by-somebody-else")
    assert clerk.sign_in(site.codes()[CLEAN]).status == 303
    assert (CLEAN in clerk.get().text, clerk.cookie == "foisted-on-her-by-somebody-else") == (True, False)
    assert CLEAN not in Clerk(site.port, "foisted-on-her-by-somebody-else").get().text
    first = clerk.cookie
    clerk.get("/style.css")
    assert clerk.post("/sign-out").status == 303
    assert CLEAN not in Clerk(site.port, first).get().text


def test_a_code_is_renewed_while_the_address_is_open(site, press, monkeypatch, capsys):
    """Who signed in by the old one is signed out; the others stay."""
    monkeypatch.chdir(site.folder)
    old, clerk, other = site.codes()[LATER], site.clerk(LATER), site.clerk(CLEAN)
    words = [
        "--roster",
        "roster.csv",
        "--inbox",
        "收件箱",
        "--ledger",
        "ledger.db",
        "--year",
        "2025",
        "-o",
        "码",
    ]
    assert cli.main(["serve", *words, "--port", str(site.port), "--renew", LATER]) == 0
    assert "没有另开" in capsys.readouterr().err
    assert Clerk(site.port).sign_in(old).status == 403
    assert site.clerk(LATER).get().status == 200
    assert ("上传码" in clerk.get().text, CLEAN in other.get().text) == (True, True)


def test_who_guesses_is_shut_out_and_nobody_else(site):
    code, clerk = site.codes()[GUESSED], Clerk(site.port)
    wrong = code[:-4] + "2222"
    assert [clerk.sign_in(wrong).status for _ in range(5)] == [403] * 5
    shut = [clerk.sign_in(wrong), clerk.sign_in(code)]
    assert [(a.status, "分钟" in alerts(a)[0]) for a in shut] == [(429, True)] * 2
    assert site.clerk(CLEAN).get().status == 200


def test_no_secret_is_in_the_log_or_in_the_ledger(site, press):
    codes, clerk = site.codes(), site.clerk(CLEAN)
    Clerk(site.port).sign_in(f"{codes[CLEAN][:-1]}?")
    clerk.get("/receipt/x"), clerk.upload("a.xlsx", b"x"), clerk.get(f"/?code={codes[CLEAN]}")
    clerk.receipt("a.xlsx", press.print(filing(CLEAN)))
    told = site.said()
    assert (CLEAN in told, "Traceback" in told) == (True, False)
    secrets = [*(code.partition("-")[2] for code in codes.values()), clerk.cookie, clerk.seal]
    ledger = b"".join(path.read_bytes() for path in site.folder.glob("ledger.db*"))
    assert [one for one in secrets if one in told or one.encode() in ledger] == []
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (site.folder / "码").iterdir()}
    assert modes == {0o600}


# ---------------------------------------------------------------- a receipt holds
@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request):
    if request.param == "sqlite":
        yield "ledger.db"
        return
    if why := postgres.missing():
        not_run(why)
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    with postgres.running() as url:
        yield url


def test_a_receipt_holds_after_the_process_is_killed(ledger, tmp_path, press):
    plans = list(planned(12, random.Random(5)))
    roster(tmp_path / "roster.csv", [plan.unit for plan in plans])
    given, enough = {}, threading.Event()

    def hand_in(site, plan):
        content = press.print(plan.filing)
        try:
            given[site.clerk(plan.unit).receipt("表.xlsx", content)] = content
        except (OSError, AssertionError, ValueError):
            return
        if len(given) >= 4:
            enough.set()

    with address(tmp_path, ledger, "--year", "2025", "--jobs", "1") as site, ThreadPoolExecutor(12) as pool:
        for plan in plans:
            pool.submit(hand_in, site, plan)
        assert enough.wait(120)
        site.kill()
    engine = create_engine(_url(str(tmp_path / ledger) if ledger == "ledger.db" else ledger, new=False))
    with engine.connect() as db:
        query = select(t.receipt.c.code, t.receipt.c.path, t.arrival.c.id)
        rows = db.execute(query.outerjoin(t.arrival, t.arrival.c.path == t.receipt.c.path)).all()
    engine.dispose()
    known = {row.code: row for row in rows}
    assert given.keys() <= known.keys()
    assert all(known[code].id is not None for code in given)
    kept = {code: (tmp_path / "收件箱" / known[code].path).read_bytes() for code in given}
    assert kept == given


def test_a_database_that_was_begun_again_is_reached_anew(tmp_path, press):
    if why := postgres.missing():
        not_run(why)
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    roster(tmp_path / "roster.csv", [CLEAN])
    with postgres.running() as url, address(tmp_path, url, "--year", "2025", "--jobs", "1") as site:
        clerk, office, engine = site.clerk(CLEAN), site.clerk(), create_engine(_url(url, new=False))
        clerk.get()
        for ask in (clerk.get, lambda: office.get("/office")):
            hang_up(engine)
            assert ask().status == 200
        hang_up(engine)
        assert clerk.receipt("a.xlsx", press.print(filing(CLEAN)))
        engine.dispose()


def hang_up(engine):
    """End every connection to the database, as its restart does."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with engine.connect() as db:
        assert db.exec_driver_sql(f"{others} AND backend_type = 'client backend'").rowcount


# ---------------------------------------------------------------- parts of it
def test_a_code_is_read_however_it_is_typed():
    code = new_code(17)
    number, secret = code.partition("-")[::2]
    bare = TypedCode(17, secret.replace("-", ""))
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)
    assert {read_code(text) for text in (code, f" {code.lower()} ", code.replace("-", ""), wide)} == {bare}
    assert {read_code(text) for text in ("", "17", "x-AAAA-BBBB-CCCC")} == {NOBODY}
    assert (number, len({new_code(1) for _ in range(50)})) == ("17", 50)


def test_guesses_are_counted_by_code_and_address_and_forgotten():
    now = [0.0]
    guesses, most = Guesses(lambda: now[0]), serve().limits

    def wrong(number, address):
        guesses.begin(number, address)
        guesses.failed(number, address)

    for _ in range(most.guesses):
        assert guesses.wait(1, "a") == 0
        wrong(1, "a")
    assert (guesses.wait(1, "a") > 0, guesses.wait(1, "b"), guesses.wait(2, "a")) == (True, 0, 0)
    for n in range(most.guesses_code):
        wrong(3, f"address {n}")
    assert (guesses.wait(3, "elsewhere") > 0, guesses.wait(4, "elsewhere")) == (True, 0)
    for n in range(most.guesses_address):
        wrong(100 + n, "c")
    assert guesses.wait(999, "c") > 0
    guesses.begin(5, "d"), guesses.right(5, "d")
    now[0] = most.lock + 1.0
    assert [guesses.wait(*who) for who in ((1, "a"), (3, "elsewhere"), (999, "c"))] == [0, 0, 0]


def test_a_session_ends_by_itself():
    now, codes = [0.0], dict.fromkeys(range(4), CODE)
    sessions = Sessions(lambda: now[0])
    idle, busy = sessions.begin(1, CODE), sessions.begin(2, CODE)
    limit = serve().limits
    while now[0] + limit.idle_session <= limit.session:
        now[0] += limit.idle_session
        assert sessions.who(busy, codes) == 2
    now[0] += 1
    assert (sessions.who(idle, codes), sessions.who(busy, codes)) == (None, None)
    many = [sessions.begin(3, CODE) for _ in range(limit.sessions + 1)]
    assert [sessions.who(many[0], codes), sessions.who(many[1], codes)] == [None, 3]
    assert sessions.who(many[1], {3: KeptCode("salt", "another's hash")}) is None


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    facts = serve()
    short = facts._replace(limits=facts.limits._replace(idle=0.05))
    monkeypatch.setattr(limits, "serve", lambda: short)

    async def silent():
        await asyncio.sleep(60)

    async def wait():
        scope = {"headers": [(b"content-length", b"10")]}
        await limits.Body(scope, silent, 100).receive()

    with pytest.raises(limits.TooSlow):
        asyncio.run(wait())


async def answered(scope, receive, send):
    """A site that thinks for longer than a head is waited for."""
    await asyncio.sleep(0.4)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HEADS = [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", WHOLE, WHOLE + WHOLE[:20]]


@pytest.mark.parametrize("sent", HEADS, ids=["nothing", "no end", "one request", "a second without end"])
def test_a_head_that_does_not_come_is_not_waited_for(sent, monkeypatch):
    """Whoever asked is answered, also where the answer takes its time; then nobody is waited for."""
    facts = serve()
    short = facts._replace(limits=facts.limits._replace(head=0.1))
    monkeypatch.setattr(limits, "serve", lambda: short)
    config, state = server_config(answered, Door("127.0.0.1", 0)), ServerState()
    config.load()

    async def visit():
        loop = asyncio.get_running_loop()
        door = await loop.create_server(lambda: config.http_protocol_class(config, state, {}), "127.0.0.1", 0)
        async with door:
            reader, writer = await asyncio.open_connection(*door.sockets[0].getsockname())
            writer.write(sent)
            got = b""
            with suppress(ConnectionResetError):
                while part := await asyncio.wait_for(reader.read(1000), 5):
                    got += part
            writer.close()
        return got.count(b"ok")

    assert asyncio.run(visit()) == sent.count(WHOLE)


def test_more_requests_than_can_be_are_answered_by_a_page():
    async def app(scope, receive, send):
        raise AssertionError("nothing more is begun")

    async def busy(scope, receive, send):
        scope["busy"] = True

    bounded = limits.Bounded(app, busy, "/upload")
    bounded.active = serve().limits.at_once
    scope = {"type": "http", "path": "/", "headers": []}
    asyncio.run(bounded(scope, None, None))
    assert (scope["busy"], bounded.active) == (True, serve().limits.at_once)


def test_as_many_connections_as_the_system_allows():
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(500, soft), hard))
    try:
        open_port(Door("127.0.0.1", 0)).close()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_no_accident_says_that_nothing_was_kept(tmp_path):
    """A file may lie in the inbox already where its entry in the ledger fails; of a refusal nothing does."""
    scope = {"type": "http", "method": "POST", "path": "/upload", "headers": [], "query_string": b""}
    with open_ledger(str(tmp_path / "l.db")) as book:
        book.begin(CAMPAIGN)
        desk = Desk(book, CAMPAIGN, None)
        own = Site(Behind(desk, desk, None, b"", 1, print))
        down = OperationalError("", {}, ConnectionError("refused"))
        wrongs = (RuntimeError("unforeseen"), down, Refused("因为"))
        answers = [asyncio.run(own.failed(Request(scope), wrong)) for wrong in wrongs]
    pages = [answer.body.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [500, 503, 422]
    assert [serve().refused.nothing_lost in page for page in pages] == [False, False, True]
    assert serve().refused.no_ledger in pages[1]


def test_a_refusal_names_no_command_of_the_office_s(site, press):
    def renamed(book: bytes) -> bytes:
        return book.replace("文字".encode(), "字文".encode())

    other = changed(press.print(filing(CLEAN)), {"xl/workbook.xml": renamed})
    (said,) = alerts(site.clerk(CLEAN).upload("a.xlsx", other))
    assert ("一份新表" in said, "xlcheck" in said) == (True, False)


def test_a_building_may_have_one_address():
    """Two hundred clerks who each mistype twice shut nobody out."""
    guesses = Guesses()
    for n in range(400):
        guesses.begin(n // 2, "a"), guesses.failed(n // 2, "a")
    assert guesses.wait(999, "a") == 0


def test_new_codes_void_the_old(tmp_path):
    odd = "=1+1镇人民政府"
    path, told = roster(tmp_path / "r.csv", [*UNITS[:2], odd]), []
    with open_ledger(str(tmp_path / "l.db")) as book:
        book.begin(CAMPAIGN)
        book.enrol(read_roster(path))
        desk = Desk(book, CAMPAIGN, None)
        first = ready_codes(desk, tmp_path / "一", [], "http://x/", told.append)
        assert ready_codes(desk, tmp_path / "二", [], "http://x/", told.append) == first
        again = ready_codes(desk, tmp_path / "三", [UNITS[0]], "http://x/", told.append)
        assert again == known_codes(book.db)
        roster(path, [*UNITS[:2], odd, UNITS[2]])
        book.enrol(read_roster(path))  # as collect does, beside it
        desk.follow = lambda: ready_codes(desk, tmp_path / "四", [], "http://x/", told.append)
        with desk.register():
            assert UNITS[2] in desk.names.values()
        (added,) = (tmp_path / "四").glob("*.csv")
        assert UNITS[2] in added.read_text(encoding="utf-8-sig")
        assert len(known_codes(book.db)) == 5
    (listed,) = (tmp_path / "一").glob("*.csv")
    old = dict(row.split(",")[:2] for row in listed.read_text(encoding="utf-8-sig").splitlines()[1:])
    assert [fits(read_code(old[unit]), again) for unit in UNITS[:2]] == [False, True]
    assert (len(first), len(told), (tmp_path / "二").exists()) == (4, 4, False)
    assert f"'{odd}" in old  # no formula where it is opened


# ---------------------------------------------------------------- in a browser
@pytest.mark.skipif(bool(chromium.missing()), reason=chromium.missing() or "there is one")
def test_a_file_is_handed_in_without_any_script(site, press, tmp_path):
    """On a phone's width: nothing goes off the side, every text can be read, and the policy lets all in."""
    (tmp_path / "手机.xlsx").write_bytes(press.print(filing(CLEAN, {"t3.granted.natural": 21})))
    with chromium.running() as window:
        window.cdp("Emulation.setScriptExecutionDisabled", value=True)
        window.cdp(
            "Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True
        )
        window.driver.implicitly_wait(60)  # a click does not wait for what comes of it
        find, pages = window.driver.find_element, []
        window.driver.get(f"http://127.0.0.1:{site.port}/")
        find("css selector", "#code").send_keys(site.codes()[CLEAN].lower())
        find("css selector", "button.main").click()
        find("css selector", "#file").send_keys(str(tmp_path / "手机.xlsx"))
        find("css selector", "button.main").click()
        pages.append(find("css selector", ".receipt dd").text)
        assert re.fullmatch(r"\d{8}-[0-9A-Z]{4}-[0-9A-Z]{4}", pages[0])
        assert find("css selector", ".finding .line").text.endswith("应为 12")
        window.cdp("Emulation.setScriptExecutionDisabled", value=False)
        for path in (f"receipt/{pages[0]}", ""):
            window.driver.get(f"http://127.0.0.1:{site.port}/{path}")
            assert window.run(chromium.SIDEWAYS) == 0
            assert window.run(chromium.CONTRAST)[1] == []
        assert window.complaints() == []
