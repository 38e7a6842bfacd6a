"""What real cities ask beyond the form, as policy files alone: reminders, and points that are each traced."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cases import base, edited
from counties import COUNTY, EDITION, county
from inboxes import Press, roster
from ledgers import CAMPAIGN, run
from openpyxl import load_workbook

from xlcheck.county.assessment import scores
from xlcheck.county.dashboard.unit import detail
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.outputs import write_outputs
from xlcheck.county.submission import Correction, Publication
from xlcheck.county.workers import Workers
from xlcheck.data.assessment import assessment
from xlcheck.data.county import Status
from xlcheck.data.policy import DueDay
from xlcheck.data.published import PageOutcome
from xlcheck.editions import Refused, edition_named
from xlcheck.judge import judge
from xlcheck.policies import read_policy

DUE, AFTER = COUNTY.due, date(2026, 4, 2)
SUQIAN, WUWEI, LICHENG, YUHUAN = (
    read_policy(Path(__file__).parent / "policies" / f"{name}.toml")
    for name in ("suqian", "wuwei", "licheng", "yuhuan")
)


@pytest.fixture(scope="module")
def standings():
    """The invented county after its campaign; nobody has looked at what it published."""
    return list(county())


def items(policy, standing, others=()):
    """The points of one unit, by their items, and all together."""
    score = scores(EDITION, policy, [standing, *others], DUE, AFTER)[standing.unit.name]
    return {item.title: item for item in score.items}, score.total


def one(standings, status):
    return next(s for s in standings if s.status is status)


def page(day, unit=1, **found):
    outcome = PageOutcome.DIFFERS if found else PageOutcome.SAME
    return Publication("年报.html", "d", unit, outcome, date(2026, 3, 31), day=day, found=found)


@pytest.mark.parametrize("policy", [SUQIAN, LICHENG, YUHUAN], ids=["宿迁", "鲤城", "玉环"])
def test_every_point_is_traced(policy, standings):
    """To a finding, a decision, a day or a page: the words say which, and all together is the total."""
    score = scores(EDITION, policy, standings, DUE, AFTER)
    assert score.keys() == {s.unit.name for s in standings}
    say, full = assessment().say, policy.score.full if policy.score else 0
    for made in score.values():
        assert made.total == full + sum(item.points or 0 for item in made.items)
        for item in made.items:
            assert bool(item.points) == (item.times > 0)
            assert (item.said in (say.none, say.by_hand, say.not_looked)) == (not item.points)
            assert item.source == assessment().sources[
                next(i.on for i in policy.point if i.name == item.title)
            ]  # fmt: skip


def test_who_is_late_missing_returned_and_not_mended(standings):
    late = one(standings, Status.ACCEPTED)._replace(late=3, first=datetime(2026, 2, 3))
    there, total = items(LICHENG, late)
    assert (there["没有及时备案"].points, total) == (-5, 5)
    assert "2026-02-03" in there["没有及时备案"].said
    there, total = items(LICHENG, one(standings, Status.MISSING))
    assert (there["没有备案"].points, there["没有及时备案"].points, total) == (-5, 0, 5)
    returned = one(standings, Status.RETURNED)
    there, _ = items(LICHENG, returned)
    assert (there["退回后没有及时修改"].points, there["退回后没有及时修改"].source) == (-5, "decision")
    asked = returned.decision._replace(until=AFTER)
    there, _ = items(LICHENG, returned._replace(decided=(asked,)))  # the letter gives it until today
    assert there["退回后没有及时修改"].points == 0
    resent = one(standings, Status.RESENT)
    again = resent.current._replace(after=1)  # what came after it was sent back
    asked = resent._replace(current=again, correction=Correction(3, 2, 1, 0, 0, False))
    assert items(LICHENG, resent)[0]["退回后没有及时修改"].points == 0
    there, _ = items(LICHENG, asked._replace(decided=asked.decided or returned.decided))
    assert (there["退回后没有及时修改"].points, "仍有 1 处" in there["退回后没有及时修改"].said) == (-5, True)
    wrong = asked._replace(correction=Correction(3, 3, 0, 0, 1, False), decided=returned.decided)
    there, _ = items(LICHENG, wrong)  # what was asked is right, and something else is wrong now
    assert (there["退回后没有及时修改"].points, "仍有 1 处" in there["退回后没有及时修改"].said) == (-5, True)
    same = asked._replace(correction=Correction(0, 0, 0, 0, 0, True), decided=returned.decided)
    there, _ = items(LICHENG, same)  # sent back for a reason alone, and came again as it was
    assert (there["退回后没有及时修改"].points, "一处也没有改" in there["退回后没有及时修改"].said) == (
        -5,
        True,
    )


def test_alike_between_units_costs_once_whatever_else_is_alike(standings):
    sent = one(standings, Status.ACCEPTED)
    copy = sent._replace(unit=sent.unit._replace(name="另一镇"))
    there, _ = items(LICHENG, sent, [copy])
    assert there["与往年或与其他单位雷同"].points == -5
    assert "另一镇" in there["与往年或与其他单位雷同"].said


def test_what_was_published_late_or_never(standings):
    sent = one(standings, Status.ACCEPTED)
    assert items(YUHUAN, sent)[0]["没有公开"].said == assessment().say.not_looked
    assert [i.points for i in items(YUHUAN, sent._replace(published=()))[0].values()] == [-4, 0]
    for day, points in ((date(2026, 3, 31), 0), (date(2026, 4, 1), -2)):
        there, _ = items(YUHUAN, sent._replace(published=(page(day),)))
        assert (there["没有公开"].points, there["没有及时公开"].points) == (0, points)
    both = (page(date(2026, 4, 1)), page(date(2026, 3, 1)))  # the Word document came out after the page
    assert items(YUHUAN, sent._replace(published=both))[0]["没有及时公开"].points == 0
    last = page(date(2025, 3, 1))._replace(outcome=PageOutcome.YEAR)
    assert items(YUHUAN, sent._replace(published=(last,)))[0]["没有公开"].points == -4
    assert (SUQIAN.published, items(SUQIAN, sent)[0]["数据严重失实"].points) == (DueDay(3, 31), None)


def test_half_a_text_of_last_year_is_told_where_the_city_says_so():
    """宿迁 takes half a point from 50 %; without a policy it is told from 80 %."""
    old = "本机关规范办理各项公开事项。及时更新栏目内容。认真开展业务培训。"
    texts = dict(base("2021").texts) | {
        "s5": f"{old}新设专栏一个，回应群众关切。改进发布流程，方便查阅。加强审核把关。"
    }
    now = base("2021")._replace(texts=texts)
    last = now._replace(year=now.year - 1, texts={"s5": old + old})
    found = {
        policy: [f.rule for f in judge(edition_named("2021", policy), now, last).findings]
        for policy in (SUQIAN, None)
    }
    assert ("R660" in found[SUQIAN], "R660" in found[None]) == (True, False)


def test_the_contents_that_a_city_wants_are_looked_for():
    said = dict(base("2021").texts)
    wanted = (
        "网站发布信息30条。发布政策解读5件。公开教育领域信息9条。现行有效规范性文件6件。设专区1个。没有公报。"
    )
    for text, missing in ((said["s1"], True), (said["s1"] + wanted, False)):
        filing = base("2021")._replace(texts=said | {"s1": text})
        found = [f for f in judge(edition_named("2021", WUWEI), filing).findings if f.rule == "R630"]
        assert bool(found) == missing
        assert all("本县要求的“解读回应的数”" in f.message for f in found)


def test_the_rule_that_asks_for_a_city_s_contents_says_so_in_its_title():
    plain, under = (edition_named("2021", policy).rules.of("R630").title for policy in (None, WUWEI))
    assert under == f"{plain}和本县要求的内容"
    assert edition_named("2021", SUQIAN).rules.of("R630").title == plain


BAD = [
    ("[alike]\nlast = 1.5", "第 2 行：last 是 1.5"),
    ('[alike]\nlast = "0.5"', "第 2 行：last 要写数字"),
    ("[alike]\n", "第 1 行：这一节少了“last”"),
    ('[alike]\nlast = 0.5\nfirst = 1', "第 3 行的“first”不认识。[alike] 里可以写：last"),
    ('[content]\nname = "x"', "第 1 行：“content”可以有几个"),
    ('[[content]]\nname = "x"\nwords = []', "第 3 行：words 里至少写一个词"),
    ('[[content]]\nname = "x"\nwords = "x"', "第 3 行：words 要写几个词"),
    ('[[content]]\nname = "x"\nwords = ["x"]\nfigure = 1', "第 4 行：figure 只写 true 或 false"),
    ('[[point]]\nname = "a"\non = "late"\npoints = -1\n[[point]]\nname = "b"\non = "latte"\npoints = -1',
     "第 7 行：on 不能是“latte”。可以写：late、missing"),
    ('[[point]]\nname = "a"\non = "rules"\npoints = -1', "第 3 行：“a”一项，on = \"rules\" 的要写 rules"),
    ('[[point]]\nname = "a"\non = "late"', "“a”一项，points 要写分数"),
    ('[[point]]\nname = "a"\non = "rules"\nrules = ["R999"]\npoints = -1', "第 4 行：没有规则“R999”"),
    ('[[point]]\nname = "a"\non = "late"\npoints = -1\nmost = -2', "第 5 行：“a”一项的 most"),
    ('[[point]]\nname = "a"\non = "late"\npoints = -1\n' * 2, "第 6 行：已有一项叫“a”"),
    ('[[point]]\nname = ""\non = "late"\npoints = -1', "第 2 行：name 要写一个词"),
    ("[published]\nmonth = 2\nday = 30", "第 1 行的截止日不对。请在 [published]"),
    ("score = 5", "第 1 行：“score”要写成一节"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD)
def test_what_a_policy_may_not_say_is_refused_with_line_and_key(text, said, tmp_path):
    (tmp_path / "市.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        read_policy(tmp_path / "市.toml")
    assert said in str(refusal.value)


def test_points_by_the_day_and_no_more_than_the_most(standings, tmp_path):
    item = '[[point]]\nname = "迟"\non = "late"\npoints = -0.5\nper = "day"\nmost = 2\n'
    (tmp_path / "市.toml").write_text(item, encoding="utf-8")
    policy = read_policy(tmp_path / "市.toml")
    for days, points in ((1, "-0.5"), (3, "-1.5"), (9, "-2")):
        late = one(standings, Status.ACCEPTED)._replace(late=days, first=datetime(2026, 2, 1))
        assert items(policy, late)[1] == Decimal(points)


def test_the_points_stand_in_the_summary_and_in_the_unit_view(tmp_path):
    press, inbox = Press("2021", tmp_path), tmp_path / "收件箱"
    inbox.mkdir()
    (inbox / "清水.xlsx").write_bytes(press.print(edited(base("2021"), {"t3.granted.natural": 21})))
    listed = roster(tmp_path / "roster.csv", [base("2021").unit, "云岭镇人民政府"])
    run(inbox, listed, tmp_path / "l.db", workers=Workers(ThreadPoolExecutor(1), 1))
    with open_ledger(str(tmp_path / "l.db")) as book:
        register = write_outputs(book, CAMPAIGN, tmp_path, AFTER, str, LICHENG)
        there = list(register.standings(AFTER))
    sheet = load_workbook(tmp_path / "汇总.xlsx")[assessment().sheet.name]
    rows = [[cell.value for cell in row][1:6] for row in sheet.iter_rows(min_row=6)]
    assert ["云岭镇人民政府", "没有备案", 1, -5, "日期"] in rows
    assert ["云岭镇人民政府", "得分", None, 5, None] in rows
    score = scores(register.edition, LICHENG, there, CAMPAIGN.due, AFTER)["云岭镇人民政府"]
    missing = next(s for s in there if s.status is Status.MISSING)
    ((title, lines),) = detail(register.edition, missing, score)["beside"]
    assert (title, len(lines)) == ("考核：5 分", len(LICHENG.point))
