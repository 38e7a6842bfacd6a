"""What the units published beside what was accepted: cells, sentences, days, and whose a page is."""

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal

import pytest
from cases import base, edited
from inboxes import Press, roster
from ledgers import CAMPAIGN, run
from openpyxl import load_workbook

from xlcheck import cli
from xlcheck.core.finding import Result
from xlcheck.county.decide import enter_decisions, on_units
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.ledger.publications import enter_publications, publication_lines, publication_sentence
from xlcheck.county.ledger.register import Register
from xlcheck.county.published.page_comparison import compare_page
from xlcheck.county.published.page_reading import pages_in, read_pages
from xlcheck.county.published.page_ties import look_at_pages
from xlcheck.county.workers import Workers
from xlcheck.data.county import Verdict
from xlcheck.data.published import PageOutcome
from xlcheck.editions import edition_named
from xlcheck.report import write_report

UNITS = ("清水镇人民政府", "白石镇人民政府", "云岭乡人民政府")
NOW = datetime(2026, 3, 1, 9)


def filed(unit, **edit):
    return edited(base("2021"), {"unit": unit, "sign": unit, **edit})


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """A ledger in which two units are accepted and one has reported."""
    home = tmp_path_factory.mktemp("accepted")
    press, inbox = Press("2021", home), home / "收件箱"
    inbox.mkdir()
    for unit in UNITS:
        (inbox / f"{unit}.xlsx").write_bytes(press.print(filed(unit)))
    listed = roster(home / "roster.csv", [*UNITS, "高岭镇人民政府"])
    run(inbox, listed, home / "county.db", workers=Workers(ThreadPoolExecutor(1), 1))
    with open_ledger(str(home / "county.db")) as book:
        said = on_units(Register(book.db, CAMPAIGN), UNITS[:2], Verdict.ACCEPT, rule="", reason="", note="")
        enter_decisions(Register(book.db, CAMPAIGN), book, list(said), datetime(2026, 2, 1))
    return home


@pytest.fixture
def publish(tmp_path):
    """Lay a report out as a page, and what stands around it."""

    def laid_out(name, filing, *, head="", line="", foot=""):
        path = tmp_path / "公开" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_report(edition_named("2021"), filing, Result((), ()), path, draft=False)
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            text = text.replace("</head>", f"{head}</head>").replace("<main", f"<p>{line}</p><main")
            path.write_text(text.replace("</body>", f"{foot}</body>"), encoding="utf-8")
        return path

    return laid_out


def seen(home, *paths, due=date(2026, 1, 31), enter=False):
    workers = Workers(ThreadPoolExecutor(1), 1)
    with open_ledger(str(home / "county.db")) as book:
        register = Register(book.db, CAMPAIGN)
        found = look_at_pages(register, list(map(str, paths)), due, workers, "李四", NOW)
        if enter:
            enter_publications(book.db, CAMPAIGN.year, found)
    workers.stop()
    return found


def standing(home, page):
    """The unit as it stands once the page is known."""
    with open_ledger(str(home / "county.db")) as book:
        there = Register(book.db, CAMPAIGN).standings(NOW.date())
        return next(s for s in there if s.unit.name == UNITS[0])._replace(published=(page,))


@pytest.mark.parametrize("kind", [".html", ".docx"])
def test_a_page_is_the_filing_that_was_accepted(kind, accepted, publish):
    (one,) = seen(accepted, publish(f"年报{kind}", filed(UNITS[0])))
    assert (one.outcome, one.found, one.accepted, one.claimed) == (PageOutcome.SAME, {}, True, False)


CELLS = [
    ("another figure", {"t3.new.natural": 77}, [["t3.new.natural", "77"]]),
    ("0 for a figure", {"t3.granted.natural": 0}, [["t3.granted.natural", "0"]]),
    ("two that were exchanged", {"t3.new.natural": 2, "t3.new.business": 19},
     [["t3.new.natural", "2"], ["t3.new.business", "19"]]),
    ("money with its places", {"t2.fees.amount": "3.15"}, [["t2.fees.amount", "3.15"]]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "edit", "told"), CELLS, ids=[case[0] for case in CELLS])
def test_a_cell_that_differs_is_told_with_both_figures(why, edit, told, accepted, publish):
    (one,) = seen(accepted, publish("年报.html", filed(UNITS[0], **edit)))
    assert one.outcome is PageOutcome.DIFFERS
    assert [row[:2] for row in one.found["cells"]] == told
    before = base("2021").values
    assert [Decimal(row[2]) for row in one.found["cells"]] == [before[name] for name, _ in told]


def test_a_blank_for_a_figure_differs_and_one_for_0_is_only_told(accepted, publish):
    path = publish("年报.html", filed(UNITS[0]))
    text = path.read_text(encoding="utf-8")
    nothing, some = (re.search(rf"<td[^>]*>(?:<span[^>]*>)?({figure})<", text) for figure in ("0", "19"))
    for found in sorted((nothing, some), key=lambda one: -one.start()):
        text = text[: found.start(1)] + text[found.end(1) :]
    path.write_text(text, encoding="utf-8")
    (one,) = seen(accepted, path)
    assert len(one.found["blank"]) == 1
    assert [row[1:3] for row in one.found["cells"]] == [["", "19"]]


TEXTS = [
    ("a figure", ("19件", "18件"), 1),
    ("words less", ("开展考核", ""), 1),
    ("a sentence more", ("严格审核。", "严格审核。另办专项检查一次。"), 1),
    ("spaces and signs alone", ("，", "， "), 0),
    ("full width", ("19件", "１９件"), 0),
]


@pytest.mark.parametrize(("why", "edit", "times"), TEXTS, ids=[case[0] for case in TEXTS])
def test_sentences_are_compared_by_what_they_say(why, edit, times, accepted, publish):
    s1 = base("2021").texts["s1"]
    assert edit[0] in s1
    (one,) = seen(accepted, publish("年报.html", filed(UNITS[0], s1=s1.replace(*edit, 1))))
    assert (one.outcome, len(one.found.get("texts", ()))) == (PageOutcome.SAME, times)


def test_of_a_sentence_that_stands_twice_one_may_be_gone(accepted, publish):
    said = "严格落实发布审核制度。严格落实发布审核制度。全年办培训3期。"
    page, edition = publish("年报.html", filed(UNITS[0], s5=said[11:])), edition_named("2021")
    reading = read_pages(list(pages_in(str(page))))[0]
    found = compare_page(edition, filed(UNITS[0], s5=said), reading)
    assert [tuple(one) for one in found.texts] == [("s5", "", "严格落实发布审核制度。")]


def test_what_a_site_writes_around_a_report_is_no_difference(accepted, publish):
    foot = "<p>主办：办公室　网站标识码：6200000001</p><p>扫一扫在手机打开当前页</p>"
    line = "首页 政务公开 发布时间：2026-02-05 09:30 来源：办公室"
    (one,) = seen(accepted, publish("年报.html", filed(UNITS[0]), line=line, foot=foot))
    assert (one.outcome, one.found) == (PageOutcome.SAME, {})
    assert (one.day, one.source, one.days_late) == (date(2026, 2, 5), "line", 5)


DAYS = [
    ('<meta name="PubDate" content="2026-02-01 10:00">', "", (date(2026, 2, 1), "meta", 1)),
    ('<meta content="2026-01-31" name="pubdate">', "", (date(2026, 1, 31), "meta", 0)),
    ("", "发布日期：2026年3月2日", (date(2026, 3, 2), "line", 30)),
    ("", "成文日期：2026年3月2日", (date(2026, 1, 15), "signed", 0)),
    ("", "发布日期：2026年13月2日", (date(2026, 1, 15), "signed", 0)),
]


@pytest.mark.parametrize(("head", "line", "told"), DAYS)
def test_a_day_is_told_as_what_it_is(head, line, told, accepted, publish):
    (one,) = seen(accepted, publish("年报.html", filed(UNITS[0]), head=head, line=line))
    assert (one.day, one.source, one.days_late) == told


def test_whose_a_page_is_only_its_file_s_name_says_is_a_claim(accepted, publish):
    (one,) = seen(accepted, publish("白石镇.html", filed("某某局", preface="")))
    with sqlite3.connect(accepted / "county.db") as db:
        (number,) = db.execute("SELECT id FROM unit WHERE name = ?", [UNITS[1]]).fetchone()
    assert (one.unit, one.claimed, one.named) == (number, True, "某某局")
    assert "名单里没有" in publication_sentence(one)
    (one,) = seen(accepted, publish("年报.html", filed("某某局", preface="")))
    assert (one.unit, one.outcome) == (None, PageOutcome.STRANGER)


def test_another_year_an_unaccepted_return_and_a_unit_without_one(accepted, publish):
    last = filed(UNITS[0], year=2024, date="2025年1月15日")
    (one,) = seen(accepted, publish("上年.html", last))
    assert (one.outcome, one.found) == (PageOutcome.YEAR, {})
    assert standing(accepted, one).public == ()
    (one,) = seen(accepted, publish("未接受.html", filed(UNITS[2], **{"t3.new.natural": 77})))
    assert (one.outcome, one.accepted) == (PageOutcome.DIFFERS, False)
    said = " ".join([publication_sentence(one), *publication_lines(one, edition_named("2021"))])
    told = ("还没有接受", "1 格与最近报送的不同", "，最近报送的是 ", "接受的")
    assert [words in said for words in told] == [True, True, True, False]
    (one,) = seen(accepted, publish("未接受.html", filed(UNITS[2])))
    assert publication_sentence(one).startswith("与最近报送的一致，")
    (one,) = seen(accepted, publish("没有报.html", filed("高岭镇人民政府")))
    assert one.outcome is PageOutcome.NOTHING


def test_what_cannot_be_read_is_listed_with_its_place(accepted, publish, tmp_path):
    (tmp_path / "公开").mkdir()
    (tmp_path / "公开" / "清水镇图片.html").write_text("<h1>年度报告</h1><img src=a.png>", encoding="utf-8")
    path = publish("年报.html", filed(UNITS[0]))
    text = path.read_text(encoding="utf-8")
    start, end = text.index('id="t3"'), text.index('id="t4"')
    path.write_text(f"{text[:start]}>{text[end:]}", encoding="utf-8")
    found = {one.outcome: one for one in seen(accepted, tmp_path / "公开")}
    assert found.keys() == {PageOutcome.PARTLY, PageOutcome.UNREADABLE}
    partly = found[PageOutcome.PARTLY]
    edition = edition_named("2021")
    assert set(partly.found["unread"]) == {n for n in edition.form.fields if n.startswith("t3.")}
    assert "等 175 格" in "".join(publication_lines(partly, edition))


def test_what_a_browser_saves_beside_a_page_is_none(accepted, publish):
    path = publish("年报.html", filed(UNITS[0]))
    beside = path.parent / "年报_files"
    beside.mkdir()
    (beside / "style.css").write_text("p {}")
    assert [one.path for one in seen(accepted, path.parent)] == ["年报.html"]


def test_from_the_command_line_to_the_history(accepted, publish, tmp_path, monkeypatch, capsys):
    """Told in lines and in JSON, as a workbook and a page, and kept: the same look again is none."""
    monkeypatch.chdir(accepted)
    publish("清水.html", filed(UNITS[0], **{"t3.new.natural": 77}))
    publish("白石.html", filed(UNITS[1]), line="发布时间：2026-03-31")
    publish("高岭.html", filed("高岭镇人民政府"))
    folder, book, page = str(tmp_path / "公开"), tmp_path / "核对.xlsx", tmp_path / "核对.html"
    command = ["published", folder, "--jobs", "1", "--by", "李四", "--due", "2026-03-31"]
    assert cli.main([*command, "-o", str(book), "--json"]) == 1
    told = capsys.readouterr()
    lines = {line["unit"]: line for line in map(json.loads, told.out.splitlines())}
    assert lines[UNITS[2]] == {"file": None, "unit": UNITS[2], "status": "missing"}
    assert [cell["cell"] for cell in lines[UNITS[0]]["cells"]] == ["三、申请办理!E6"]
    assert (lines[UNITS[1]]["status"], lines[UNITS[1]]["day"], lines[UNITS[1]]["late"]) == (
        "same", "2026-03-31", 0,
    )  # fmt: skip
    assert f"没有看到公开页的 1 家（这次和以前给的文件里都没有）：{UNITS[2]}" in told.err
    assert "另有 1 家还没有报送，没有可比的：高岭镇人民政府" in told.err
    counts = "与接受的一致 1 个，与还没有接受的一致 0 个，有不同 1 个，没有读全或读不了 0 个，没有比的 1 个"
    assert f"读了 3 个文件：{counts}" in told.err
    assert cli.main([*command, "-o", str(page), "--roster", "roster.csv"]) == 1
    sheets = load_workbook(book)
    assert [[c.value for c in row][4] for row in sheets["不同之处"].iter_rows(min_row=6)] == [
        "三、申请办理!E6"
    ]
    drawn = page.read_text(encoding="utf-8")
    assert "公开的与接受的" in drawn
    assert '<td class="short">2026-03-31</td>' in drawn
    with sqlite3.connect("county.db") as db:
        assert db.execute("SELECT count(*) FROM publication").fetchone() == (3,)
    capsys.readouterr()
    cli.main(["history", "清水镇"])
    assert "公开的“清水.html”：1 格与接受的不同" in capsys.readouterr().out
    assert cli.main(["published", folder, "-o", "核对.docx"]) == 2
