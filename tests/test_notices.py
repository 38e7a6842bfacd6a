"""The county's notices: who gets which letter, what stands in it, and in which file it lies."""

import re
import shutil
import string
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from by_name import cell_of, judge
from cases import Case, base, cases, edited, run
from lxml import etree
from shapes import idle

from xlcheck.commands import county_verbs
from xlcheck.core.filing import Filing
from xlcheck.core.finding import verdict
from xlcheck.county.audience import for_unit
from xlcheck.county.inbox import files as inbox
from xlcheck.county.letters import letter, letter_folder, parcels
from xlcheck.county.letters import notices as county_notices
from xlcheck.county.letters.letter import Letter, LetterRow, letters_docx
from xlcheck.county.letters.notices import write_notices
from xlcheck.county.submission import Campaign, Decision, LedgerFinding, Return, Submission, Unit
from xlcheck.data.county import Outcome, Status, Verdict, county
from xlcheck.data.messages import messages
from xlcheck.data.notices import NoticeFacts, notices
from xlcheck.data.report import ReportStyles
from xlcheck.data.report import report as facts
from xlcheck.editions import Refused, edition_named

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CAMPAIGN = Campaign("柳渡县", 2025, "2021", date(2026, 1, 31))
OFFICE = "柳渡县政务公开办公室，电话 0000-7654321"
BACK, ASKED = "退回通知", "催报通知"
SLIP = {"t3.granted.natural": 21}
MANY = {
    "t2.license.decisions": "31.8",
    "t3.new.natural": "",
    "t3.granted.natural": "",
    "s5": "",
    "sign": "某局",
}


def noted(filing: Filing, last: Filing | None = None) -> tuple[LedgerFinding, ...]:
    told = verdict("", filing, judge(filing, last), lambda at: cell_of(filing, at))["findings"]
    kept = ("rule", "severity", "at", "cell", "message")
    return tuple(LedgerFinding(**{k: f[k] for k in kept}, told=f, mark=str(n)) for n, f in enumerate(told))


def returned(
    name: str = "清水镇人民政府",
    edit: dict | None = None,
    *,
    filing: Filing | None = None,
    findings: tuple[LedgerFinding, ...] | None = None,
    decided: tuple[Decision, ...] = (),
    times: int = 1,
    file: str = "镇街/清水镇.xlsx",
) -> Submission:
    filing = filing or edited(base("2021"), SLIP if edit is None else edit)
    found = noted(filing) if findings is None else findings
    current = Return("d", file, datetime(2026, 1, 12, 9, 30), edition_named(filing.edition), filing, found)
    return Submission(Unit(name), Status.RETURNED, current, times, decided=decided or (decision(),))


def decision(reason: str = "", note: str = "", day: int = 13, **change: object) -> Decision:
    made = datetime(2026, 1, day)
    return Decision(Verdict.RETURN, "d", "", reason, note, made)._replace(**change)


def missing(name: str = "县财政局", late: int = 0, *unread: str) -> Submission:
    return Submission(Unit(name), Status.MISSING, late=late, unread=unread)


def wrote(folder: Path, *standings: Submission, office: str = OFFICE) -> tuple[int, int, list[str]]:
    done = write_notices(CAMPAIGN, standings, folder, office, date(2026, 1, 20), date(2026, 1, 14))
    return len(done.returned), len(done.missing), [p.relative_to(folder).as_posix() for p in done.paths]


def one(folder: Path, standing: Submission) -> "docx.document.Document":
    """The letter to a single unit, as python-docx reads it."""
    _, _, (path, _) = wrote(folder, standing)
    return docx.Document(str(folder / path))


def lines(document: "docx.document.Document") -> list[str]:
    return [p.text for p in document.paragraphs]


def rows(document: "docx.document.Document") -> list[tuple[str, ...]]:
    """The table's rows below its head, a merged cell once."""
    return [
        tuple(dict.fromkeys(c.text for c in row.cells))
        if len({c._tc for c in row.cells}) == 1
        else tuple(c.text for c in row.cells)
        for row in document.tables[0].rows[1:]
    ]


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.docx"))


# ---------------------------------------------------------------- who gets one


def test_only_units_that_have_to_act_get_a_letter(tmp_path: Path) -> None:
    others = [Submission(Unit(s.value), s) for s in (Status.RESENT, Status.REPORTED, Status.ACCEPTED)]
    assert wrote(tmp_path, returned(), *others, missing()) == (1, 1, [
        "退回通知/清水镇人民政府.docx", "退回通知（合订）.docx",
        "催报通知/县财政局.docx", "催报通知（合订）.docx",
    ])  # fmt: skip


def test_nothing_is_written_where_nobody_has_to_act(tmp_path: Path) -> None:
    assert wrote(tmp_path, Submission(Unit("甲"), Status.ACCEPTED)) == (0, 0, [])
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what stands in it


def test_a_returned_unit_reads_what_came_what_is_wrong_and_until_when(tmp_path: Path) -> None:
    assert lines(one(tmp_path, returned(times=2))) == [
        "关于退回《清水镇人民政府\n2025年政府信息公开工作年度报告》的通知",
        "清水镇人民政府：",
        "你单位报送的“清水镇.xlsx”已于2026年1月12日收到，是第2次报送。"
        "经核对，其中有错误1处，现予退回，请按下表改正、核实后重新报送。",
        "请打开随本通知发来的“标注”工作簿（数字是你单位报送的，要改的格子已经标出），只改表中所列的白色格子，"
        "改完按“校验”，没有错误后把这份工作簿重新报送。"
        "请不要在本通知上填写。",
        "请最迟于2026年1月20日（星期二）重新报送。"
        "如有疑问，请与柳渡县政务公开办公室，电话 0000-7654321联系。",
        "柳渡县政务公开办公室",
        "2026年1月14日",
    ]


def test_the_table_says_where_what_stands_there_and_what_should(tmp_path: Path) -> None:
    document = one(tmp_path, returned())
    assert [c.text for c in document.tables[0].rows[0].cells] == [
        "序号",
        "位置",
        "填报",
        "应为",
        "问题和怎样改",
    ]
    assert rows(document) == [
        ("错误　三、收到和处理政府信息公开申请情况",),
        (
            "1", "（一）予以公开 · 自然人\n三、申请办理　E8", "21", "12",
            "这一格填 21，与本行总计 14、本列（七）总计 15 都不符。改为 12（像是把 12 写成了 21）。",
        ),
    ]  # fmt: skip


TWO = {"t3.new.natural": "", "t3.granted.natural": ""}
ENTRIES = [  # what is filed, and of its first finding: place, what stands there, what should
    (SLIP, "（一）予以公开 · 自然人\n三、申请办理　E8", "21", "12"),
    ({"t3.granted.natural": "12件"}, "（一）予以公开 · 自然人\n三、申请办理　E8", "“12件”", "12"),
    (TWO, "一、本年新收政府信息公开申请数量 · 自然人\n三、申请办理　E6", "（空）", "15"),
    ({"t2.coercion.decisions": "/"}, "行政强制 · 本年处理决定数量\n二、主动公开　C13", "“/”", "0，请核实"),
    ({"t2.penalty.decisions": -4}, "行政处罚 · 本年处理决定数量\n二、主动公开　C12", "-4", "请核实"),
    ({"t2.fees.amount": "12345.6"},
     "行政事业性收费 · 本年收费金额（单位：万元）\n二、主动公开　C16", "12345.6", "请核实"),
    ({"t4.review.upheld": 3},
     "行政复议 · 总计\n四、复议诉讼　F6\n（对照 B6）", "0", "3 或 B6 改为 0，请核实"),
    ({"t4.direct.total": 7}, "未经复议直接起诉 · 结果维持\n四、复议诉讼　G6\n（对照 K6、H6）", "0",
     "7 或 H6 改为 7 或 I6 改为 7 等 5 种改法，请核实"),
    ({"unit": ""}, "单位名称\n封面　C5", "（空）", "见右栏"),
    ({"s6": ""}, "六、其他需要报告的事项\n文字　C12", "（空）", "见右栏"),
    ({"sign": "白马镇人民政府"}, "落款\n文字　C13", "“白马镇人民政府”", "见右栏"),
    ({"s1": base("2021").texts["s1"].replace("制发行政规范性文件2件", "制发行政规范性文件3件")},
     "一、总体情况\n文字　C5\n（对照 二、主动公开　C6）", "“制发行政规范性文件3件”", "见右栏"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "where", "stands", "should"), ENTRIES)
def test_a_finding_is_told_by_its_place_and_figures(
    edit: dict, where: str, stands: str, should: str, tmp_path: Path
) -> None:
    _, first, *_ = rows(one(tmp_path, returned(edit=edit)))
    assert first[1:4] == (where, stands, should)


def test_cells_of_the_same_slip_are_named_below_it(tmp_path: Path) -> None:
    _, _, second = rows(one(tmp_path, returned(edit=TWO)))
    assert second == ("", "（一）予以公开 · 自然人\n三、申请办理　E8", "（空）", "12", "与第 1 处一并改。")


def test_errors_come_first_then_the_order_of_the_sheets(tmp_path: Path) -> None:
    told = rows(one(tmp_path, returned(edit=MANY | {"unit": "中共清水镇委员会"})))
    bands = [row[0] for row in told if len(row) == 1]
    assert bands == [
        "错误　二、主动公开政府信息情况", "错误　三、收到和处理政府信息公开申请情况", "错误　文字",
        "提醒　封面", "提醒　文字",
    ]  # fmt: skip
    numbers = [int(row[0]) for row in told if row[0].isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_is_accepted_or_explained_is_not_asked_again(tmp_path: Path) -> None:
    filing = edited(base("2021"), SLIP | {"sign": "白马镇人民政府", "t2.rules.made": 4})
    found = [f if f.severity == "error" else f._replace(accepted="属实") for f in noted(filing)]
    document = one(tmp_path, returned(filing=filing, findings=tuple(found)))
    assert len([row for row in rows(document) if len(row) > 1]) == 1
    assert "提醒" not in "".join(lines(document))


def test_a_warning_is_corrected_or_explained(tmp_path: Path) -> None:
    text = lines(one(tmp_path, returned(edit={"sign": "白马镇人民政府"})))
    assert "其中有提醒1处，" in text[2]
    assert "，按上表核实，" in text[3]
    assert text[4] == "提醒不一定是错：填错的请改正；属实的，在“校验”表的说明栏写一句。"


DECIDED = [
    ((decision("表三请重新核对"),), ["退回的原因：表三请重新核对。"]),
    ((decision("请核对。", "另附说明！"),), ["退回的原因：请核对。"]),  # the note is the office's own
    ((decision("新的", day=15), decision("旧的", day=13)), ["退回的原因：新的。"]),
    ((decision("对", verdict=Verdict.ACCEPT, day=16), decision("退")), ["退回的原因：退。"]),
    ((decision("一处", mark="0", day=16), decision("全部")), ["退回的原因：全部。"]),
    ((decision("上一份", digest="c", day=16), decision("这一份")), ["退回的原因：这一份。"]),
    ((decision(" ", "\n"),), []),
]


@pytest.mark.parametrize(("decided", "said"), DECIDED)
def test_the_newest_reason_for_this_return_is_said(
    decided: tuple[Decision, ...], said: list[str], tmp_path: Path
) -> None:
    text = lines(one(tmp_path, returned(decided=decided)))
    assert text[3 : text.index(next(t for t in text if t.startswith("请打开")))] == said


def test_a_unit_returned_by_hand_gets_the_reason_and_no_table(tmp_path: Path) -> None:
    document = one(tmp_path, returned(edit={}, decided=(decision("与上年雷同，请重写"),)))
    assert document.tables == []
    assert lines(document)[2:4] == [
        "你单位报送的“清水镇.xlsx”已于2026年1月12日收到，是第1次报送。经核对，还需要修改，现予退回，请改好后重新报送。",
        "退回的原因：与上年雷同，请重写。",
    ]
    assert "按上面所说的修改" in lines(document)[4]


def test_a_letter_gives_the_code_of_a_return_without_errors(tmp_path: Path) -> None:
    there = returned(edit={}, decided=(decision("请重写"),))
    assert there.current is not None
    coded = there._replace(current=there.current._replace(code="ACDE-3467"))
    assert "是第1次报送。这份文件的校验码是ACDE-3467。经核对" in lines(one(tmp_path, coded))[2]


LAW = (
    "根据《中华人民共和国政府信息公开条例》第四十九条，上一年度的政府信息公开工作年度报告应当在每年1月31日前"
    "提交并向社会公布。这次报送的截止日期是2026年1月31日。"
)
ASKING = [
    (missing(), ["截至2026年1月14日，还没有收到你单位2025年的年度报告。"]),
    (missing("县财政局", 5), ["截至2026年1月14日，还没有收到你单位2025年的年度报告，已过截止日期5天。"]),
    (
        missing("县财政局", 0, "“甲.xls”是旧格式。", "“乙.pdf”是 PDF。"),
        [
            "截至2026年1月14日，收到过你单位的文件，但不能采用，还没有收到可以采用的2025年的年度报告：",
            "“甲.xls”是旧格式。",
            "“乙.pdf”是 PDF。",
        ],
    ),
    (
        missing("县财政局", 5, "“甲.xls”是旧格式。"),
        [
            "截至2026年1月14日，收到过你单位的文件，但不能采用，还没有收到可以采用的2025年的年度报告，已过截止日期5天：",
            "“甲.xls”是旧格式。",
        ],
    ),
]


@pytest.mark.parametrize(("standing", "said"), ASKING)
def test_a_missing_unit_reads_the_law_the_day_and_what_to_send(
    standing: Submission, said: list[str], tmp_path: Path
) -> None:
    assert lines(one(tmp_path, standing)) == [
        "关于催报2025年\n政府信息公开工作年度报告的通知",
        "县财政局：",
        LAW,
        *said,
        "请报送填好的年度报告工作簿（.xlsx 文件）。报送前请按“校验”，把错误改完；"
        "提醒属实的，在“校验”表的说明栏写一句。",
        "请最迟于2026年1月20日（星期二）报送。已经报送的，请告知报送的时间和文件名，以便查找。"
        "如有疑问，请与柳渡县政务公开办公室，电话 0000-7654321联系。",
        "柳渡县政务公开办公室",
        "2026年1月14日",
    ]


TITLES = [
    ("县民政局", "关于退回《县民政局\n2025年政府信息公开工作年度报告》的通知"),
    ("一二三四五六七八九十一二三四五", "关于退回《一二三四五六七八九十一二三四五\n2025年政府"),
    ("一二三四五六七八九十一二三四五六", "关于退回\n《一二三四五六七八九十一二三四五六\n2025年政府"),
]


@pytest.mark.parametrize(("name", "begins"), TITLES)
def test_a_long_name_has_a_line_of_the_title(name: str, begins: str, tmp_path: Path) -> None:
    assert lines(one(tmp_path, returned(name)))[0].startswith(begins)


OFFICES = [
    ("政务公开科", "政务公开科"),
    ("政务公开科（0000-1）", "政务公开科"),
    ("政务公开科 0000-1", "政务公开科"),
]


@pytest.mark.parametrize(("office", "signs"), OFFICES)
def test_the_office_signs_without_its_telephone(office: str, signs: str, tmp_path: Path) -> None:
    _, _, (path, _) = wrote(tmp_path, missing(), office=office)
    text = lines(docx.Document(str(tmp_path / path)))
    assert f"请与{office}联系。" in text[-3]
    assert text[-2] == signs


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.why)
def test_every_finding_of_every_case_is_told_in_full(case: Case, tmp_path: Path) -> None:
    found = noted(case.filing, case.last)
    asked = [f for f in found if f.open]
    assert {f.rule for f in found} == {f.rule for f in run(case).findings}
    standing = returned(filing=case.filing, findings=found)
    told = rows(one(tmp_path, standing)) if asked else []
    assert asked or wrote(tmp_path, standing) == (0, 0, [])
    assert sorted(row[4] for row in told if row[0].isdigit()) == sorted(for_unit(f.message) for f in asked)
    assert all(all(row[1:]) for row in told)


PRIVATE = [("11010519491231002X", "R650"), ("13812345678", "R651")]


@pytest.mark.parametrize(("number", "rule"), PRIVATE)
def test_a_personal_number_is_not_repeated_on_paper(number: str, rule: str, tmp_path: Path) -> None:
    s1 = base("2021").texts["s1"] + f"联系人号码{number}。"
    standing = returned(edit={"s1": s1})
    assert rule in {f.rule for f in standing.current.findings}
    _, _, (path, _) = wrote(tmp_path, standing)
    assert number not in _part(tmp_path / path).decode()


def test_a_finding_on_the_file_has_no_cell(tmp_path: Path) -> None:
    case = next(c for c in cases() if c.expect == ("R901 unit",))
    _, first, *_ = rows(one(tmp_path, returned(filing=case.filing, findings=noted(case.filing))))
    assert first[1:4] == ("工作簿", "—", "见右栏")


def test_long_words_are_cut_and_what_to_do_is_not(tmp_path: Path) -> None:
    _, first, *_ = rows(one(tmp_path, returned(edit={"t3.granted.natural": "甲" * 3000})))
    cut = "甲" * 20 + "……" + "甲" * 8
    assert first[2:4] == (f"“{cut}”", "12")
    assert first[4] == f"这一格填的是“{cut}”，不是数字。请改填数字，没有的填 0。按各项总计推算，此格应为 12。"


# ---------------------------------------------------------------- words are only ever text

HOSTILE = "<w:p/>&amp;]]> {0} {unit} \x00\x1b\u202e倒\ud800\t甲\r\n乙 </w:t>"
CLEAN = "<w:p/>&amp;]]> {0} {unit} 倒 甲 乙 </w:t>"


def test_any_words_are_only_text(tmp_path: Path) -> None:
    quoted = base("2021").texts["s1"].replace("办结19件", "办结<b>&17件")
    standing = returned(
        HOSTILE,
        {"s1": quoted, "t2.penalty.decisions": CLEAN},
        decided=(decision(HOSTILE, HOSTILE),),
        file=HOSTILE,
    )
    text = lines(one(tmp_path / "a", standing))
    assert text[1] == CLEAN + "："
    assert "退回的原因：" + CLEAN + "。" in text
    assert CLEAN in lines(one(tmp_path / "b", missing("甲", 1, HOSTILE)))


# ---------------------------------------------------------------- names of files

NAMES = [
    ("清水镇人民政府", "清水镇人民政府"),
    ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j"),
    ("..", "_"), (".", "_"), ("", "_"), ("../../etc", "_.._etc"), ("/etc", "_etc"),
    ("甲. . ", "甲"), ("CON", "_CON"), ("con.镇", "_con.镇"), ("LPT9", "_LPT9"), ("COM10", "COM10"),
    ("NUL .txt", "_NUL .txt"),
    ("甲\x00\n\u202e乙\ud800", "甲 乙"), ("长" * 300, "长" * 60), ("e\u0301", "\u00e9"),
    ("长" * 59 + ".." + "长", "长" * 59),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "name"), NAMES)
def test_a_name_never_leaves_its_folder_and_is_valid_on_windows(unit: str, name: str, tmp_path: Path) -> None:
    _, _, (path, _) = wrote(tmp_path, returned(unit))
    assert path == f"{BACK}/{name}.docx"
    assert files(tmp_path) == sorted([path, f"{BACK}（合订）.docx"])


def test_names_that_become_alike_get_different_files(tmp_path: Path) -> None:
    units = ["甲/乙", "甲:乙", "甲_乙", "Abc", "aBC", "e\u0301", "\u00e9", "CON", "_con", "甲_乙-2"]
    _, _, paths = wrote(tmp_path, *map(returned, units))
    assert paths[:-1] == [
        f"{BACK}/{name}.docx"
        for name in (
            "甲_乙",
            "甲_乙-2",
            "甲_乙-3",
            "Abc",
            "aBC-2",
            "\u00e9",
            "\u00e9-2",
            "_CON",
            "_con-2",
            "甲_乙-2-2",
        )
    ]
    assert [lines(docx.Document(str(tmp_path / p)))[1] for p in paths[:-1]] == [f"{unit}：" for unit in units]


# ---------------------------------------------------------------- what an earlier run left


def test_a_letter_nobody_needs_now_is_removed(tmp_path: Path) -> None:
    wrote(tmp_path, returned("甲"), returned("乙"), missing("丙"))
    wrote(tmp_path, returned("乙"), missing("甲"))
    assert files(tmp_path) == sorted([
        "催报通知/甲.docx", "催报通知（合订）.docx", "退回通知/乙.docx", "退回通知（合订）.docx",
    ])  # fmt: skip
    wrote(tmp_path)
    assert files(tmp_path) == []


def _foreign(folder: Path) -> dict[str, bytes]:
    """Files beside ours that are not: one of ours changed, renamed, moved; others of the office."""
    mine = folder / BACK / "甲.docx"
    shutil.copy(mine, folder / BACK / "甲 副本.docx")
    shutil.copy(mine, folder / BACK / "丁.docx")
    shutil.copy(mine, folder / ASKED / "甲.docx")
    document = docx.Document(str(folder / BACK / "乙.docx"))
    document.add_paragraph("补充一句")
    document.save(str(folder / BACK / "乙.docx"))
    for name in (f"{BACK}/说明.docx", f"{ASKED}/清单.txt", "别的.docx"):
        (folder / name).write_bytes(b"theirs")
    names = ("甲 副本.docx", "丁.docx", "乙.docx", "说明.docx")
    theirs = [*(f"{BACK}/{n}" for n in names), f"{ASKED}/甲.docx", f"{ASKED}/清单.txt", "别的.docx"]
    return {name: (folder / name).read_bytes() for name in theirs}


def test_what_is_not_ours_is_neither_removed_nor_written_over(tmp_path: Path) -> None:
    wrote(tmp_path, returned("甲"), returned("乙"), missing("丙"))
    theirs = _foreign(tmp_path)
    _, _, paths = wrote(tmp_path, returned("乙"), returned("丁"))
    assert paths == [f"{BACK}/乙-2.docx", f"{BACK}/丁-2.docx", f"{BACK}（合订）.docx"]
    wrote(tmp_path)
    left = [p for p in tmp_path.rglob("*") if p.is_file() and not p.name.startswith(".")]
    assert {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in left} == theirs


def test_a_list_that_names_other_files_removes_none(tmp_path: Path) -> None:
    outside, folder = tmp_path / "外.docx", tmp_path / "县"
    wrote(folder, missing())
    outside.write_bytes((folder / ASKED / "县财政局.docx").read_bytes())
    listed = folder / notices().folder.list
    text = listed.read_text(encoding="utf-8")
    digest = text.split()[0]
    listed.write_text(f"{text}\n{digest}  ../外.docx\n{digest}  {outside}\nrubbish\n\n", encoding="utf-8")
    wrote(folder)
    assert files(tmp_path) == ["外.docx"]


def test_a_run_cut_short_leaves_no_file_that_we_do_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = letter_folder._write

    def failing(path: Path, content: bytes) -> None:
        if "合订" in path.name:
            raise Refused("full")
        write(path, content)

    wrote(tmp_path, missing("丙"))
    monkeypatch.setattr(letter_folder, "_write", failing)
    with pytest.raises(Refused):
        wrote(tmp_path, returned("甲"))
    monkeypatch.undo()
    wrote(tmp_path)
    assert files(tmp_path) == []


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / BACK).write_bytes(b"a file, not a folder")
    with pytest.raises(Refused, match=r"“清水镇人民政府\.docx”没有写成：.*再生成一次"):
        wrote(tmp_path, returned())


# ---------------------------------------------------------------- the merged file and the paper


def _part(path: Path, name: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(name)


def _blocks(path: Path) -> Iterator[str]:
    """The body's paragraphs and tables as XML, without the sections that end in them."""
    for block in etree.fromstring(_part(path))[0]:
        for section in block.iter(f"{W}sectPr"):
            section.getparent().remove(section)
        if not block.tag.endswith("sectPr"):
            yield etree.tostring(block, encoding="unicode")


ALL = (
    returned("甲"),
    returned("乙", MANY),
    returned("丙", {}, decided=(decision("请重写。"),)),
    missing("丁"),
    missing("戊", 3, "“x”读不出来。"),
)


@pytest.mark.parametrize("kind", [BACK, ASKED])
def test_the_merged_file_is_the_sum_of_the_single_ones(kind: str, tmp_path: Path) -> None:
    _, _, paths = wrote(tmp_path, *ALL)
    single = [tmp_path / p for p in paths if p.startswith(f"{kind}/")]
    assert list(_blocks(tmp_path / f"{kind}（合订）.docx")) == [b for p in single for b in _blocks(p)]


def test_each_letter_begins_a_page_that_is_numbered_1(tmp_path: Path) -> None:
    wrote(tmp_path, *ALL)
    body = etree.fromstring(_part(tmp_path / f"{BACK}（合订）.docx"))
    sections = list(body.iter(f"{W}sectPr"))
    types = [s.find(f"{W}type") for s in sections]
    assert len(sections) == 3
    assert {t.get(f"{W}val") for t in types if t is not None} <= {"nextPage"}  # what no type means as well
    assert [s.find(f"{W}pgNumType").get(f"{W}start") for s in sections] == ["1"] * 3
    assert [len(s.findall(f"{W}footerReference")) for s in sections] == [2] * 3


def test_the_same_standings_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b", "b"):
        wrote(tmp_path / folder, *ALL)
    made = [{p: (tmp_path / f / p).read_bytes() for p in files(tmp_path / f)} for f in ("a", "b")]
    assert made[0] == made[1]


def test_a_row_stays_whole_and_the_head_comes_again(tmp_path: Path) -> None:
    table = one(tmp_path, returned(edit=MANY)).tables[0]._tbl
    held = [row.trPr is not None and row.trPr.find(f"{W}cantSplit") is not None for row in table.tr_lst]
    assert held == [True] * len(table.tr_lst)
    assert [n for n, row in enumerate(table.tr_lst) if row.trPr.find(f"{W}tblHeader") is not None] == [0]


def test_bands_and_joined_rows_keep_with_the_next(tmp_path: Path) -> None:
    document = one(tmp_path, returned(edit=MANY))
    kept = [
        bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in document.tables[0].rows
    ]
    told = [("head",), *rows(document)]
    after = [*[row[0] == "" for row in told[1:]], False]  # the last line may end a page
    assert kept == [len(row) == 1 or joined for row, joined in zip(told, after, strict=True)]


def test_the_signature_has_words_above_it_on_its_page(tmp_path: Path) -> None:
    *_, mend, last, sign, day = one(tmp_path, returned()).paragraphs
    assert [p.paragraph_format.keep_with_next for p in (mend, last, sign)] == [None, True, True]
    assert last.paragraph_format.keep_together
    assert not day.paragraph_format.keep_with_next


def test_every_paragraph_and_run_has_a_style_of_the_report(tmp_path: Path) -> None:
    _, _, paths = wrote(tmp_path, *ALL)
    bodies = [etree.fromstring(_part(tmp_path / p)) for p in paths]
    used = {s.get(f"{W}val") for b in bodies for tag in ("pStyle", "rStyle") for s in b.iter(f"{W}{tag}")}
    assert used == {"Title", "BodyText", "t2", "Band", "Signature"}
    assert used <= {*ReportStyles._fields, *facts().tables}
    assert facts().tables["t2"].style.size == 10.5


def test_the_page_is_that_of_the_report(tmp_path: Path) -> None:
    (section,) = one(tmp_path, returned()).sections
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 28]
    assert "PAGE" in _part(tmp_path / BACK / "清水镇人民政府.docx", "word/footer1.xml").decode()


def test_the_columns_fill_the_lines_of_the_page() -> None:
    page, columns = facts().page, notices().table.column
    assert sum(c.width for c in columns) == page.width - page.left - page.right


def test_a_letter_may_be_written_alone(tmp_path: Path) -> None:
    plain = Letter(
        ("题",),
        "甲：",
        ("一",),
        (LetterRow(("带",)), LetterRow(("1", "2", "3", "4", "五\n六"))),
        ("二",),
        "章",
        "日",
    )
    (tmp_path / "信.docx").write_bytes(letters_docx([plain, plain._replace(rows=())]))
    document = docx.Document(str(tmp_path / "信.docx"))
    assert lines(document) == ["题", "甲：", "一", "二", "章", "日"] * 2
    assert rows(document) == [("带",), ("1", "2", "3", "4", "五\n六")]


# ---------------------------------------------------------------- the sentences

FILLED = {  # what the program puts into the sentences of a part of notices.toml
    "folder": {"kind", "file", "reason"},
    "name": {"name", "n"},
    "words": {"unit", "date", "day", "weekday"},
    "returned": {
        "unit", "year", "file", "received", "times", "answer", "code", "counts",
        "n", "text", "deadline", "office",
    },
    "finding": {
        "severity", "section", "place", "sheet", "cell", "cells", "text", "ways", "count", "to", "others",
        "number",
    },
    "missing": {"year", "due", "today", "late", "deadline", "office"},
    "parcel": {"kind", "unit", "year", "state", "book", "last", "sign"},
    "table": set(),
}  # fmt: skip
PATTERNS = {"forbidden", "reserved", "sign_ends"}  # braces would mean something else there


def _sentences() -> Iterator[tuple[str, str, str]]:
    for part, entries in notices()._asdict().items():
        for key, entry in entries._asdict().items():
            if key not in PATTERNS:
                several = entry.values() if isinstance(entry, dict) else entry
                for text in (
                    [entry] if isinstance(entry, str) else several if isinstance(several, Iterable) else ()
                ):
                    if isinstance(text, str):
                        yield part, key, text


@pytest.mark.parametrize(("part", "key", "text"), list(_sentences()))
def test_a_sentence_asks_only_for_what_is_filled_in(part: str, key: str, text: str) -> None:
    asked = {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    assert asked <= FILLED[part]
    assert not re.search(r"[（(]\s*[）)]|。。|，，|。，|，。|“”", text)


def test_no_entry_of_the_words_is_idle() -> None:
    modules = (county_notices, letter, letter_folder, inbox, parcels, county_verbs)
    assert idle(NoticeFacts, [Path(m.__file__) for m in modules]) == set()
    known = {rule.id for rule in edition_named("2021").rules.rules}
    assert set(notices().finding.private) - known == set()


def test_decimals_are_told_as_they_were_typed(tmp_path: Path) -> None:
    filing = edited(base("2021"), {})
    filing = filing._replace(values={**filing.values, "t2.license.decisions": Decimal("31.8")})
    _, first, *_ = rows(one(tmp_path, returned(filing=filing)))
    assert first[2] == "31.8"


def _to_units() -> Iterator[str]:
    """What is said of a file or of a finding that may be told to a unit."""
    inbox, arrival, said, every = (
        county().inbox,
        county().arrival,
        messages()._asdict(),
        list(messages()._fields),
    )
    yield from (inbox.unreadable, inbox.crashed, inbox.nested, inbox.ours, inbox.blank)
    yield from (sentence for key, sentence in inbox.fault.items() if key != "shut")
    yield from (kind.said for kind in inbox.foreign)
    yield from (arrival.blank_year, arrival.sentence[Outcome.YEAR], arrival.sentence[Outcome.EDITION])
    yield from (said[key] for key in every[every.index("no_file") : every.index("unmerged") + 1])
    yield from (rule.advice for rule in edition_named("2021").rules.rules if rule.advice)


@pytest.mark.parametrize("sentence", list(_to_units()))
def test_a_unit_is_told_no_command_of_the_office_s(sentence: str) -> None:
    assert not re.search("xlcheck [a-z]|pip |收件处|[请向]单位", for_unit(sentence))


@pytest.mark.parametrize("sentence", list(_to_units()))
def test_a_command_taken_out_leaves_no_gap(sentence: str) -> None:
    gaps = [
        set(re.findall("[\u4e00-\u9fff] [\u4e00-\u9fff]", said)) for said in (for_unit(sentence), sentence)
    ]
    assert gaps[0] <= gaps[1]
