"""The county's page: what it carries, and what a person does with it in a real Chromium."""

import base64
import gzip
import hashlib
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import get_args
from urllib.parse import quote

import browser
import pypdfium2
import pytest
from browser import Browser
from cases import base, edited
from conftest import not_run
from counties import (
    AS_OF,
    COUNTY,
    EDITION,
    PROVINCE,
    TODAY,
    county,
    noted,
    province,
    returned,
    sent,
    standing,
)
from shapes import by_enum, idle

from xlcheck import data
from xlcheck.core.filing import Filing, stated_values
from xlcheck.county.dashboard.html import lead
from xlcheck.county.dashboard.page import write_dashboard
from xlcheck.county.dashboard.payload import Gathering, work_order
from xlcheck.county.dashboard.unit import detail, headline
from xlcheck.county.submission import Decision, Submission, Unit
from xlcheck.data.county import Status, Verdict
from xlcheck.data.dashboard import DashboardFacts, dashboard
from xlcheck.data.rules import Family
from xlcheck.editions import edition_named
from xlcheck.report.on_page import figures_in, line_and_reasons

FORM = EDITION.form
UNIT = f"#/u/{quote('柳渡镇')}"
KEY = {"down": "\ue015", "enter": "\ue007", "escape": "\ue00c", "tab": "\ue004"}
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "</script><script>alert(1)</script>",
    "a/b?c#d&e'f\"g",
)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests of the page."""
    if why := browser.missing():
        not_run(why)
    with browser.running() as running:
        yield running


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The pages that the tests open: a county, a province, a county of hostile names, an empty one."""
    folder = tmp_path_factory.mktemp("dashboard")
    pages = {
        "county": (COUNTY, county()),
        "province": (PROVINCE, province(700)),
        "hostile": (COUNTY, hostile()),
    }
    for name, (campaign, standings) in pages.items():
        write_dashboard(EDITION, campaign, standings, folder / f"{name}.html", TODAY, AS_OF)
    return folder


def hostile():
    """Units whose names, kinds, telephones and files are not what they seem; long figures, other findings."""
    for n, name in enumerate(HOSTILE):
        unit = Unit(name, HOSTILE[n - 1], "township", phone=HOSTILE[n - 2], contact=name)
        edit = {"t3.granted.natural": name, "s6": f"{name}。"}
        yield standing(n, unit, Status.RETURNED, edit)._replace(unread=(name,))
    yield standing(9, Unit("大数镇", "镇", "township"), Status.RETURNED, {"t3.granted.natural": 123456})
    doubts = (
        told(candidates=[change(12), change(15)]),
        told("t3.new.natural", "warning", fix=change(16, "t3.new.natural", 15)),
        told("t4.review.total", candidates=[change(1, "t4.review.upheld", 0)]),
        told("t2.license.decisions", "info"),
    )
    several = standing(3, Unit("多解镇", "镇", "township"), Status.REPORTED)
    yield several._replace(current=several.current._replace(findings=doubts))
    wrong = {"t3.granted.natural": 4, "t2.license.prev_items": ""}
    older = returned("旧版.xlsx", AS_OF, edited(base("2019"), wrong), None)
    yield Submission(Unit("旧版镇", "镇"), Status.REPORTED, older, 1)


@pytest.fixture
def page(chromium, folder):
    """The county's page, freshly opened."""
    chromium.open(folder / "county.html")
    return chromium


# ---------------------------------------------------------------- what the page carries


def stand(*states: Status) -> Gathering:
    kept = Gathering(EDITION)
    for n, status in enumerate(states):
        kept.add(standing(n, Unit(f"单位{n}", "镇", "township"), status))
    return kept


@pytest.mark.parametrize(
    ("states", "days", "said"),
    [
        ("AMR", 5, "应报 3 家，已报 2 家，已接受 1 家。还有 1 家未报，距 1 月 31 日截止 5 天。"),
        ("AR", 1, "应报 2 家，已报 2 家，已接受 1 家。全部已报，距 1 月 31 日截止 1 天。"),
        ("AM", 0, "应报 2 家，已报 1 家，已接受 1 家。还有 1 家未报，今天截止。"),
        ("AM", -3, "应报 2 家，已报 1 家，已接受 1 家。还有 1 家未报，已过截止日 3 天。"),
        ("AA", -3, "2 家全部接受，可以汇总。"),
        ("MM", 5, "还没有单位报送。收到后请重新汇总。"),
    ],
)
def test_the_first_sentence(states, days, said):
    known = {"A": Status.ACCEPTED, "M": Status.MISSING, "R": Status.RETURNED}
    kept = stand(*(known[s] for s in states))
    assert re.sub("</?b>", "", lead(COUNTY, kept, COUNTY.due - timedelta(days))) == said


def found(edit, last=None):
    unit = Unit("柳渡镇", "镇")
    return returned("x.xlsx", AS_OF, sent(unit, 0, edit), last)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        ({"t3.granted.natural": 21}, "表三“（一）予以公开 · 自然人”填 21，应为 12"),
        ({"t3.new.natural": ""}, "表三“一、本年新收政府信息公开申请数量 · 自然人”没有填，应为 15"),
        ({"t2.normative.made": "12件"}, "表二“行政规范性文件 · 本年制发件数”填 “12件”（文字），应为 12"),
        (
            {"t2.fees.amount": 31500},
            "表二“行政事业性收费 · 本年收费金额（单位：万元）”：收费填了 31500 万元，对这类单位来说大得少见",
        ),
        ({"unit": ""}, "没有填单位名称。"),
    ],
)
def test_a_finding_in_one_line(edit, line):
    assert headline(FORM, found(edit).findings[0]) == line


def told(at="t3.granted.natural", severity="error", **more):
    spoken = {
        "rule": "R301",
        "severity": severity,
        "at": at,
        "cell": "三、申请办理!E8",
        "message": "不符。请核对。",
    }
    return noted({**spoken, "fields": [], "fix": None, "candidates": [], **more})


def change(to, field="t3.granted.natural", was=21):
    return {"field": field, "cell": "三、申请办理!E8", "from": was, "to": to, "why": "像是"}


@pytest.mark.parametrize(
    ("finding", "line", "mend", "either"),
    [
        (told(fix=change(12)), ["填 21，应为 ", "12", ""], [(53, "12")], []),
        (told(severity="warning", fix=change(0.5)), ["填 21，或为 ", "0.5", ""], [(53, "0.5")], []),
        (
            told(candidates=[change(12), change(15)]),
            ["填 21，或为 ", "12、15", ""],
            [],
            [(53, "12"), (53, "15")],
        ),
        (
            told(candidates=[change(15), {**change(15), "also": [change(3)]}, change(16), change(15)]),
            ["填 21，或为 ", "15、16", ""],
            [],
            [(53, "15"), (53, "16")],
        ),
        (told(candidates=[change(12)]), ["填 21，或为 ", "12", ""], [], [(53, "12")]),
        (told(candidates=[change(9, "t3.new.natural", None)]), ["不符。", "", ""], [], [(10, "9")]),
        (told(), ["不符。", "", ""], [], []),
    ],
)
def test_what_a_finding_says_and_touches(finding, line, mend, either):
    names = list(FORM.fields)
    kept = detail(EDITION, Submission(Unit("甲镇"), Status.REPORTED, found({})._replace(findings=(finding,))))
    shown = kept["found"][0]
    by_name = lambda pairs: [(names[field], to) for field, to in pairs]  # noqa: E731
    asked = [("t3.granted.natural", to) for _, to in mend]
    others = [("t3.new.natural" if to == "9" else "t3.granted.natural", to) for _, to in either]
    assert (shown["line"], by_name(shown["mend"]), by_name(shown["either"])) == (line, asked, others)


def test_every_way_of_mending_is_told_once_with_all_that_it_changes():
    also = {**change(3, "t3.new.natural"), "also": [change(4, "t3.sum.natural", None)]}
    ways = [change(12), {**change(15), "also": [change(9, "t3.new.natural", 0)]}, also, change(12)]
    ways += [change(n, "t3.sum.total") for n in range(4)]
    _, reasons = line_and_reasons(FORM, told(candidates=ways))
    assert reasons[0] == "不符。请核对。"
    assert [r.count("应为") for r in reasons[1:]] == [2, 2, 1, 1, 0]
    assert reasons[-1] == "另有 2 种改法。"


def test_blanks_that_are_told_together_are_named_once():
    fix = {**change(2, was=None), "also": [change(0, "t3.new.natural", None)]}
    line, reasons = line_and_reasons(FORM, told(fix=fix))
    assert (line[:2], len(reasons)) == (["没有填，应为 ", "2"], 2)
    assert "填 ，" not in reasons[1]


def test_only_the_quoted_sentence_is_carried():
    whole = found({"s1": ("制发行政规范性文件2件", "制发行政规范性文件3件")})
    kept = detail(EDITION, Submission(Unit("柳渡镇"), Status.REPORTED, whole))
    assert kept["said"] == [
        ("一、总体情况", [("制发行政规范性文件3件", 0), ("，废止1件，现行有效6件。", -1)])
    ]


def test_last_year_of_the_older_edition_gives_what_both_have():
    last = figures_in(FORM, stated_values(edition_named("2019").form, base("2019")))
    by_name = dict(zip(FORM.fields, last, strict=True))
    assert (by_name["t3.new.total"], by_name["t2.normative.valid"]) == (3, None)


def test_figures_keep_their_writing():
    whole = edited(
        base("2021"), {"t2.fees.amount": "0.0920", "t2.penalty.decisions": "/", "t2.license.decisions": ""}
    )
    by_name = dict(zip(FORM.fields, figures_in(FORM, stated_values(FORM, whole)), strict=True))
    names = ("t2.fees.amount", "t2.penalty.decisions", "t2.license.decisions")
    assert [by_name[name] for name in names] == ["0.092", "/", None]


def test_a_ticked_nil_return_is_zeros():
    blank = Filing("2021", Decimal(2025), options={"no_requests": "√"})
    assert figures_in(FORM, stated_values(FORM, blank))[len(FORM.groups["t2"])] == 0


def test_only_accepted_and_counted_units_are_added_up():
    kept = Gathering(EDITION)
    for n, (status, counted) in enumerate(
        [
            (Status.ACCEPTED, "township"),
            (Status.ACCEPTED, "department"),
            (Status.ACCEPTED, "none"),
            (Status.RETURNED, "township"),
        ]
    ):
        kept.add(standing(0, Unit(f"单位{n}", "镇", counted), status))
    sums = kept.sums
    assert (sums.now["t3.new.total"], sums.last["t3.new.total"], sums.counted, sums.waiting, sums.apart) == (
        38,
        38,
        2,
        1,
        1,
    )


def test_the_offices_order_of_work():
    kept = stand(Status.ACCEPTED, Status.MISSING, Status.REPORTED, Status.RESENT, Status.RETURNED)
    assert work_order(kept.rows) == [4, 3, 2, 1, 0]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_dashboard(EDITION, COUNTY, county(), tmp_path / name, TODAY, AS_OF)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_policy_knows_our_style_and_script_and_nothing_else(folder):
    text = (folder / "county.html").read_text(encoding="utf-8")
    policy = re.search('Policy" content="([^"]+)"', text).group(1)
    parts = [re.search(f"<{tag}>(.*?)</{tag}>", text, re.S).group(1) for tag in ("style", "script")]
    digests = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts]
    style, script = (f"'sha256-{digest}'" for digest in digests)
    assert policy == (
        f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"\sstyle=|\son[a-z]+=|https?://(?!www.w3.org/2000/svg)", text)


def test_packs_hold_five_hundred_units_each(folder):
    text = (folder / "province.html").read_text(encoding="utf-8")
    packs = re.findall(r'id="pack-\d+">([^<]+)<', text)
    assert [len(json.loads(gzip.decompress(base64.b64decode(pack)))) for pack in packs] == [500, 200]


def test_no_chinese_stands_in_the_script():
    for path in data.HERE.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall("[\u4e00-\u9fff]", text)


def test_every_word_of_the_page_is_used():
    """The writer asks for a word by attribute, the script by its name or the beginning of it and an id."""
    house = data.HERE.parent
    writers = (*house.glob("county/dashboard/*.py"), *house.glob("report/*page*.py"))
    assert idle(DashboardFacts, writers) == set()
    scripts = "".join(p.read_text(encoding="utf-8") for p in data.HERE.glob("dashboard*.js"))
    named = {word for pair in re.findall("[\"'](\\w+)[\"']|\\b(\\w+):", scripts) for word in pair}
    known = set(dashboard().js)
    begun = tuple(re.findall(r"`(\w+_)\$\{", scripts))
    assert [w for w in known - named if not w.startswith(begun)] == []
    assert set(re.findall(r"say\(\"(\w+)\"", scripts)) - known == set()


def test_every_state_and_decision_has_its_words():
    assert [way for way, keys, kind in by_enum(dashboard()) if keys != set(kind)] == []
    assert set(dashboard().family) == set(get_args(Family))


def test_a_return_with_a_code_tells_it():
    there = standing(0, Unit("甲镇", "镇"), Status.REPORTED)
    coded = there._replace(current=there.current._replace(code="ACDE-3467"))
    assert "校验码 ACDE-3467" in detail(EDITION, coded)["facts"]
    assert "校验码" not in "".join(detail(EDITION, there)["facts"])


def test_a_decision_that_was_taken_back_is_told():
    there = standing(0, Unit("甲镇", "镇"), Status.REPORTED)
    back = Decision(Verdict.PENDING, there.current.digest, "", "", "", AS_OF)
    facts = detail(EDITION, there._replace(decided=(back,)))["facts"]
    assert "改为待核于 1 月 26 日 17:30" in facts


# ---------------------------------------------------------------- in the browser: the list


def names(page: Browser) -> list[str]:
    return page.texts(".units tbody td.name")


def test_the_page_opens_without_a_word_or_a_fetch(chromium, folder):
    for name in ("county", "province", "hostile"):
        chromium.open(folder / f"{name}.html")
        assert chromium.fetched() == [(folder / f"{name}.html").as_uri()]
        assert chromium.complaints() == []


def test_the_script_draws_the_rows_that_the_writer_wrote(page):
    drawn = "[...rows].map(([unit, row]) => [makeRow(unit).outerHTML, row.outerHTML])"
    assert page.run("return rows.size") == 64
    assert page.run(f"return {drawn}.filter(([ours, theirs]) => ours !== theirs)") == []


def test_what_is_seen_first(page):
    assert (
        page.text(".lead") == "应报 64 家，已报 61 家，已接受 44 家。还有 3 家未报，距 1 月 31 日截止 5 天。"
    )
    assert page.texts(".filter .word") == ["未报", "已报待核", "有误已退回", "重报", "已接受"]
    assert page.texts(".filter b") == ["3", "5", "9", "3", "44"]
    assert page.text("#count") == "共 64 家，按待办先后排列"
    assert page.texts(".missing-units li") == [
        "龙潭镇 上年 1月29日报（迟）",
        "县商务局 上年 1月30日报",
        "县林业局 上年 1月22日报（迟）",
    ]
    assert page.texts(".totals .quiet") == [
        "未齐：还有 20 家没有接受，这不是最后的合计。汇总表里的合计是已报各家之和，不论是否接受，所以不同。"
    ]


def test_filters_may_be_several_and_stand_in_the_address(page):
    page.click(".filter.missing")
    page.click(".filter.resent")
    assert page.text("#count") == "符合条件 6 家，按待办先后排列"
    assert page.run("return location.hash") == "#/units?s=missing%2Cresent"
    assert page.run("return document.querySelectorAll('.filter[aria-pressed=true]').length") == 2
    page.driver.refresh()
    page.settle()
    assert len(names(page)) == 6


@pytest.mark.parametrize(
    ("asked", "first", "count"),
    [
        ("柳渡", "柳渡镇", 1),
        ("应为 13", "柳渡镇", 1),
        ("信息处理费", "县应急管理局", 1),
        ("r401", "县信访局", 1),
        ("ldz", "柳渡镇", 1),
        ("0000-6200001", "柳渡镇", 1),
        ("没有这家", "", 0),
    ],
)
def test_search_takes_name_finding_and_rule(page, asked, first, count):
    page.keys("/", asked)
    assert page.text("#count").startswith(f"符合条件 {count} 家")
    assert (names(page) or [""])[0] == first
    page.keys(KEY["escape"])
    assert len(names(page)) == 64


@pytest.mark.parametrize(
    ("typed", "count", "said"),
    [
        ("acde 3467", 1, "校验码 ACDE-3467：与安丰镇现在计入的那一份一致。"),
        ("CCDE－３４６７", 1, "校验码 CCDE-3467：是安丰镇较早的一份，后来又报了新的。这张纸不是最新的。"),
        ("ACDE3479", 0, "没有校验码是 ACDE-3479 的报送。"),
        ("ACDE346", 0, ""),
    ],
)
def test_a_code_typed_from_paper_is_told_on_the_page(page, typed, count, said):
    page.keys("/", typed)
    assert page.text("#count").startswith(f"符合条件 {count} 家")
    assert (page.text("#paper").startswith(said), bool(page.text("#paper"))) == (True, bool(said))
    page.keys(KEY["escape"])
    assert page.text("#paper") == ""


def test_nothing_found_says_so_and_clears(page):
    page.keys("/", "没有这家")
    assert page.text(".units .empty") == "没有符合条件的单位。 清除筛选"
    page.click(".units .empty button")
    assert len(names(page)) == 64


def test_selects_narrow_the_list(page):
    choose = "const s = byId(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('change'))"
    page.run(choose, "kind", "镇")
    assert page.text("#count").startswith("符合条件 16 家")
    page.run(choose, "problem", "R301")
    assert names(page) == ["柳渡镇"]


@pytest.mark.parametrize(
    ("column", "presses", "sort", "first"),
    [
        ("errors", 1, "descending", "白石镇"),
        ("errors", 2, "ascending", "双河镇"),
        ("name", 1, "ascending", "安丰镇"),
        ("name", 2, "descending", "新集镇"),
        ("fresh", 1, "descending", "县信访局"),
        ("sent", 1, "descending", "县粮食和物资储备局"),
        ("status", 1, "descending", None),
    ],
)
def test_sorting(page, column, presses, sort, first):
    for _ in range(presses):
        page.click(f"th.{column} button")
    sorted_by = page.run(
        "return [...document.querySelectorAll('.units [aria-sort]')].map(h => [h.className, h.ariaSort])"
    )
    assert sorted_by == [[column, sort]]
    assert first is None or names(page)[0] == first


def test_the_list_is_walked_by_keys(page):
    page.keys("/", KEY["down"], KEY["down"], KEY["enter"])
    assert page.text(".unit-name h2") == "柳渡镇"
    page.keys(KEY["escape"])
    assert page.run("return document.activeElement.textContent") == "柳渡镇"


def test_letter_keys_can_be_turned_off(page):
    page.click("#keys")
    page.run("document.activeElement.blur()")
    page.keys("/")
    assert page.run("return document.activeElement.id") != "search"
    assert page.text("#keys") == "字母键：关"


def test_the_list_is_exported_and_no_name_becomes_a_formula(chromium, folder, tmp_path):
    chromium.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    chromium.open(folder / "hostile.html")
    chromium.click("#export")
    for _ in range(40):
        if not list(tmp_path.glob("*.csv")):
            chromium.settle()
    lines = (tmp_path / "单位名单.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 8
    assert not [line for line in lines if re.search('(^|,)"[=+@-]', line)]


def test_the_missing_are_copied(page):
    page.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.click(".copy")
    read = "navigator.clipboard.readText().then(arguments[0], e => arguments[0](String(e)))"
    assert (
        page.driver.execute_async_script(read)
        == "龙潭镇\t经办人\t0000-6200007\n县商务局\t经办人\t0000-6200026\n县林业局\t经办人\t0000-6200027"
    )
    assert page.text(".copied") == "已复制 3 家。"


# ---------------------------------------------------------------- in the browser: one unit


def cell(field: str) -> str:
    return f'#view td[data-field="{list(FORM.fields).index(field)}"]'


def test_a_unit_shows_the_wrong_cell_and_what_it_should_be(page, folder):
    page.open(folder / "county.html", UNIT)
    facts = [
        "第 2 次报送，1 月 10 日 09:01",
        "退回于 1 月 10 日 09:24",
        "联系人 经办人",
        "联系电话 0000-6200001",
    ]
    assert page.texts(".facts li") == [*facts, "柳渡镇2025年报.xlsx"]
    assert page.text(".findings h2") == "要改的地方（2）"
    assert page.text(".finding").startswith(
        "错误 表三 · （一）予以公开 · 自然人 E8 填 21，应为 13 本行总计填 15，"
    )
    assert page.text(cell("t3.granted.natural")) == "21 应为 13"
    assert page.text(f"{cell('t3.granted.natural')} del") == "21"
    assert page.run("return document.querySelectorAll('#view td.bad').length") == 1
    assert page.text(".said").endswith("制发行政规范性文件3件，废止1件，现行有效6件。……")


def test_proof_is_shown_for_the_chosen_finding_only(page, folder):
    page.open(folder / "county.html", UNIT)
    proof = "return [...document.querySelectorAll('td.proof')].map(c => c.textContent)"
    assert page.run(proof) == ["15", "16"]
    page.keys("j")
    page.keys("j")
    assert page.run(proof) == ["2"]
    assert page.run("return document.activeElement.tagName") == "MARK"
    page.keys(KEY["enter"])
    assert page.run("return document.activeElement.dataset.finding") == "1"


def test_a_finding_goes_to_its_cell_and_back(page, folder):
    page.open(folder / "county.html", UNIT)
    page.click(".finding")
    assert page.run("return document.activeElement.textContent") == "21应为 13"
    page.keys(KEY["enter"])
    assert page.run("return document.activeElement.className") == "finding error"


@pytest.mark.parametrize(
    ("mode", "granted", "zeros", "hash_"),
    [("now", "27", "0", "now"), ("both", "27 24", "0", "both"), ("change", "＋3", "0", "change")],
)
def test_last_year_beside(page, folder, mode, granted, zeros, hash_):
    page.open(folder / "county.html", f"#/u/{quote('县自然资源局')}")
    page.click(f"[data-year={mode}]")
    assert (page.text(cell("t3.new.total")), page.text(cell("t4.review.total"))) == (granted, zeros)
    assert page.run("return location.hash").endswith(f"y={hash_}")
    assert page.run("return document.querySelectorAll('.switch [aria-pressed=true]').length") == 1


def test_the_neighbours_in_the_list(page, folder):
    page.open(folder / "county.html", f"{UNIT}?s=returned")
    page.keys("]")
    assert page.text(".unit-name h2") == "县公安局"
    page.keys("[", "[")
    assert page.text(".unit-name h2") == "白石镇"
    assert page.run("return [...document.querySelectorAll('.crumb button')].map(b => b.disabled)") == [
        True,
        False,
        False,
    ]


def test_everything_that_was_checked_is_listed(page, folder):
    page.open(folder / "county.html", UNIT)
    assert page.texts(".checked dl:first-of-type dd")[:2] == ["2 / 4", "1 / 1"]
    page.click(".checked button")
    listed = page.text(".checked .each")
    assert "R301 每行总计＝六类申请人之和 不通过 1" in listed
    assert "R209 没有行政执法权的单位少有处理决定 不适用" in listed


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("龙潭镇", "未收到报送。"),
        ("石桥镇", "没有要改的地方 已说明（1） 已接受说明"),
        ("县财政局", "没有要改的地方 已说明（1） 已说明"),
        ("安丰镇", "没有要改的地方 没有发现问题。"),
    ],
)
def test_a_unit_without_a_return_or_with_nothing_open(page, folder, unit, shown):
    page.open(folder / "county.html", f"#/u/{quote(unit)}")
    assert page.text("#view .panel").startswith(shown)
    assert page.run("return document.querySelectorAll('td.bad, td.doubt').length") == 0


def test_reasons_are_told(page, folder):
    page.open(folder / "county.html", f"#/u/{quote('石桥镇')}")
    assert "接受理由：上年漏报一件，已核实。" in page.text(".finding")
    page.open(folder / "county.html", f"#/u/{quote('县财政局')}")
    assert "单位说明：上年清理后重新计入一件。" in page.text(".finding")


def test_a_warning_is_dashed_and_not_struck(page, folder):
    page.open(folder / "county.html", f"#/u/{quote('新集镇')}")
    assert page.text("#view td.doubt") == "7 请核实"
    style = "const s = getComputedStyle(document.querySelector('#view td.doubt')); return s.borderTopStyle"
    assert page.run(style) == "dashed"


def test_several_right_values_a_perhaps_and_a_doubt(page, folder):
    page.open(folder / "hostile.html", f"#/u/{quote('多解镇')}")
    assert page.text(cell("t3.granted.natural")) == "15 或为 12 或 15"
    assert page.text(cell("t3.new.natural")) == "18 或为 16"
    assert page.text(cell("t4.review.total")) == "0 请核实"
    assert page.texts(".findings h4") == ["提示（1）"]
    kinds = "return ['bad', 'doubt'].map(kind => document.querySelectorAll(`#view td.${kind}`).length)"
    assert page.run(kinds) == [2, 1]
    page.click("[data-finding='2']")
    assert "或者“行政复议 · 结果维持”填 0，应为 1。" in page.text("[data-finding='2']")
    assert page.run("return document.querySelectorAll('#view td.proof').length") == 1


def test_a_return_in_the_older_edition_shows_what_both_have(page, folder):
    page.open(folder / "hostile.html", f"#/u/{quote('旧版镇')}")
    assert page.text(cell("t3.granted.natural")) == "4 应为 3"
    assert page.text(cell("t2.normative.valid")) == ""
    assert "行政许可 · 上一年项目数量" in " ".join(page.texts(".finding .where"))
    disabled = "return [...document.querySelectorAll('.switch button')].map(b => b.disabled)"
    assert page.run(disabled) == [False, True, True]
    assert page.text("#year-note") == "没有上年数据"


def test_an_old_browser_unpacks_by_itself(chromium, folder):
    chromium.open(folder / "province.html", "#/units", before="delete window.DecompressionStream")
    name = chromium.run("return page.name[650]")
    chromium.run("openUnit(650)")
    for _ in range(20):
        chromium.settle()
    assert chromium.text(".unit-name h2") == name
    assert chromium.run("return opened.record.facts.length") > 0


# ---------------------------------------------------------------- in the browser: the other views


def test_the_other_views(page, folder):
    page.open(folder / "county.html", "#/missing")
    assert page.texts("#view tbody tr")[0] == "龙潭镇 镇 经办人 0000-6200007 上年 1月29日报（迟）"
    page.open(folder / "county.html", "#/problems")
    assert page.texts("#view tbody tr")[0] == "每行总计＝六类申请人之和 R301 错误 4"
    page.click("#view tbody a")
    assert page.texts("#view tbody tr")[0] == "柳渡镇 有误已退回 表三“（一）予以公开 · 自然人”填 21，应为 13"
    page.keys(KEY["escape"])
    assert page.run("return location.hash") == "#/problems"
    page.open(folder / "county.html", "#/totals")
    assert page.text("#view h2") == "全县合计（已接受 44 家）"
    assert page.text(cell("t3.new.total")) == "1059 963"


def test_regions_first_and_the_long_list_is_virtual(chromium, folder):
    chromium.open(folder / "province.html")
    assert chromium.text(".views [aria-current]") == "地区 128"
    assert chromium.text("#count") == "12 个市 128 个县（市、区）"
    assert chromium.run("return document.querySelectorAll('.regions [aria-expanded=true]').length") == 1
    chromium.click(".regions .inner a")
    assert chromium.run("return table.classList.contains('virtual')") is False
    assert 4 <= len(names(chromium)) <= 6
    chromium.open(folder / "province.html", "#/units")
    assert chromium.run(
        "return [table.ariaRowCount ?? table.getAttribute('aria-rowcount'), body.rows.length < 70]"
    ) == ["701", True]
    heights = "return [...new Set([...body.querySelectorAll('tr[data-unit]')].map(r => r.offsetHeight))]"
    assert chromium.run(heights) == [44]
    chromium.run("scrollTo(0, document.body.scrollHeight)")
    chromium.settle()
    assert (
        chromium.run("return [...body.querySelectorAll('tr[data-unit]')].pop().getAttribute('aria-rowindex')")
        == "701"
    )
    chromium.run("focusUnit(listed[600])")
    assert chromium.run("return document.activeElement.closest('tr').getAttribute('aria-rowindex')") == "602"


# ---------------------------------------------------------------- paper, phone, colours, strangers


@pytest.mark.parametrize(
    ("name", "at", "pages"),
    [
        ("county", "", 3),
        ("county", "#/units?s=missing", 1),
        ("county", UNIT, 2),
        ("county", f"{UNIT}?y=both", 2),
        ("county", f"#/u/{quote('龙潭镇')}", 1),
    ],
)
@pytest.mark.parametrize("dark", [False, True])
def test_pages_on_paper(chromium, folder, tmp_path, name, at, pages, dark):
    chromium.open(folder / f"{name}.html", at, dark=dark)
    assert chromium.pdf(tmp_path / "out.pdf") == pages


def test_a_long_list_of_unclaimed_files_leaves_no_page_empty(chromium, folder, tmp_path):
    """Higher than a page, and printed from the first one on."""
    lines = "<li><b>邮件/照片.jpg</b> <span>是图片，读不出数字。请交填好的工作簿（.xlsx）。</span></li>" * 90
    panel = f'<section class="panel unclaimed"><div class="body"><ul>{lines}</ul></div></section>'
    chromium.open(folder / "county.html")
    chromium.run("document.querySelector('.beside').insertAdjacentHTML('afterbegin', arguments[0])", panel)
    chromium.pdf(tmp_path / "out.pdf")
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as paper:
        assert "照片.jpg" in paper[0].get_textpage().get_text_range()


def test_a_long_list_is_printed_whole(chromium, folder, tmp_path):
    """The printer sees every row of the list, not only the forty in view."""
    chromium.open(folder / "province.html", "#/units")
    chromium.pdf(tmp_path / "out.pdf")
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as paper:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert len(re.findall(r"[\d—]+ / \d+", text)) >= 700


def test_paper_is_light_and_a_very_long_list_prints_as_regions(chromium, folder, tmp_path):
    chromium.open(folder / "province.html", "#/units", dark=True)
    chromium.run("page.print_most = 600; beforePrint()")
    assert (
        chromium.text(".too-long")
        == "名单较长，打印时只印前面的合计和各地区情况；要印名单，请先筛选到 600 家以内。"
    )
    assert chromium.run("return [table.hidden, regionTable.hidden]") == [True, False]
    chromium.cdp(
        "Emulation.setEmulatedMedia",
        media="print",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    assert chromium.run("return getComputedStyle(document.querySelector('.lead')).color") == "rgb(26, 31, 38)"
    chromium.cdp("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("name", ["county", "hostile", "province"])
@pytest.mark.parametrize(
    "at", ["", UNIT, f"{UNIT}?y=both", "#/missing", "#/problems", "#/rule/R301", "#/totals"]
)
def test_a_phone_never_scrolls_sideways(chromium, folder, name, at):
    chromium.open(folder / f"{name}.html", at, width=390, height=844)
    assert chromium.run(browser.SIDEWAYS) == 0


def test_table_three_fits_a_phone_unless_figures_are_long(chromium, folder):
    beyond = "const r = document.querySelector('.scroll.tall-form'); return r.scrollWidth - r.clientWidth"
    chromium.open(folder / "county.html", UNIT, width=390, height=844)
    assert chromium.run(beyond) == 0
    assert chromium.text(cell("t3.granted.natural")) == "21 13"
    chromium.open(folder / "hostile.html", f"#/u/{quote('大数镇')}", width=390, height=844)
    assert chromium.run(beyond) > 100
    assert chromium.run(browser.SIDEWAYS) == 0


def test_targets_on_a_phone_are_large(chromium, folder):
    targets = "[...document.querySelectorAll('button, select, input, .units a, .views a')]"
    small = "e.checkVisibility() && e.getBoundingClientRect().height < 43.5"
    for at in ("", UNIT):
        chromium.open(folder / "county.html", at, width=390, height=844)
        assert chromium.run(f"return {targets}.filter(e => {small}).map(e => e.outerHTML)") == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "at",
    [
        "",
        "#/units?s=missing",
        UNIT,
        f"{UNIT}?y=both",
        f"#/u/{quote('新集镇')}",
        f"#/u/{quote('石桥镇')}",
        "#/totals",
        "#/rule/R301",
    ],
)
def test_every_text_stands_out_from_its_ground(chromium, folder, dark, at):
    chromium.open(folder / "county.html", at, dark=dark)
    count, faint = chromium.run(browser.CONTRAST)
    assert count > 30
    assert faint == []


def test_the_button_overrides_the_system(chromium, folder):
    ground = "return getComputedStyle(document.body).backgroundColor"
    chromium.open(folder / "county.html", dark=True)
    assert (chromium.run(ground), chromium.text("#theme")) == ("rgb(18, 22, 27)", "浅色")
    chromium.click("#theme")
    assert (chromium.run(ground), chromium.text("#theme")) == ("rgb(244, 245, 247)", "深色")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_units_write_stays_text(chromium, folder, name):
    chromium.open(folder / "hostile.html")
    assert name in names(chromium)
    link = "[...document.querySelectorAll('.units td.name a')].find(a => a.textContent === arguments[0])"
    chromium.run(f"{link}.click()", name)
    for _ in range(4):
        chromium.settle()
    assert chromium.text(".unit-name h2") == name
    assert name in chromium.text(".facts")
    assert chromium.run("return document.querySelectorAll('img, iframe, a:not([href^=\"#\"])').length") == 0
    assert chromium.run("return document.scripts.length") == 3
    assert chromium.complaints() == []


def test_without_script_the_sentence_and_the_lists_stand(chromium, folder):
    chromium.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.driver.get((folder / "county.html").as_uri())
        text = chromium.driver.find_element("tag name", "main").text
        buttons = [
            b
            for b in chromium.driver.find_elements("css selector", ".tools, .buttons, .views, .copy")
            if b.is_displayed()
        ]
        listed = chromium.driver.find_element("css selector", ".units tbody").text.splitlines()
    finally:
        chromium.cdp("Emulation.setScriptExecutionDisabled", value=False)
    assert "还有 3 家未报" in text
    assert "浏览器没有运行脚本" in text
    assert "龙潭镇 上年 1月29日报（迟）" in " ".join(text.split())
    assert "县民政局" in "".join(listed)
    assert len(listed) >= 64
    assert buttons == []


def test_sums_without_any_last_year_say_nothing_of_it(tmp_path):
    some = [s._replace(last=None) for s in county()]
    write_dashboard(EDITION, COUNTY, some, tmp_path / "page.html", TODAY, AS_OF)
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    panel = re.search(r"<section[^>]*totals.*?</section>", html, re.DOTALL)[0]
    assert panel.count("<td>—</td><td></td>") == len(dashboard().sum)
