"""The narrative report: told from a filing, written as .docx and .html, read back and compared."""

import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import pytest
from by_name import judge, write_report
from cases import base
from conftest import not_run
from lxml import etree, html
from printed import pages_of, parted

from xlcheck import conversion, data
from xlcheck.conversion import converter
from xlcheck.core.blocks import Report, Signature, Table
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Fix
from xlcheck.core.report import report_blocks
from xlcheck.data.report import report as facts
from xlcheck.editions import Refused, edition_named
from xlcheck.report import proof
from xlcheck.report.docx import report_docx, write_docx
from xlcheck.report.html import report_html, write_html
from xlcheck.report.proof import save_report
from xlcheck.report.reread import FileContent, reread_docx, reread_html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WRITERS = {".docx": write_docx, ".html": write_html}
READERS = {".docx": reread_docx, ".html": reread_html}
BOTH = [(name, kind) for name in data.editions() for kind in WRITERS]
YEARS = {"2019": 2020, "2021": 2025}  # of others the first
TEXT = "全年工作平稳。\n（一）主动公开。公开信息3条。\n　　一是建章，二是立制。"
SLIP = Finding(
    "R302", "error", "t3.sum.natural", "合计不对。", "请核对。", ("t3.granted.natural",),
    Fix("t3.granted.natural", Decimal(21), Decimal(12), ""), quote="",
)  # fmt: skip
DOUBT = Finding("R211", "warning", "t2.normative.valid", "与上年接不上。", "请核实。")
SAID = Finding("R601", "error", "s1", "正文与表不一致。", "请改。", quote="公开信息3条")
ANSWERED = DOUBT._replace(answer="机构改革")


def filing(name: str = "2021", **change: object) -> Filing:
    """A filing whose every figure is another, so that one in the wrong place is seen."""
    form = edition_named(name).form
    values = {field: Decimal(n) for n, field in enumerate(form.fields, 1001)}
    texts = {"s1": TEXT, "s5": "无", "s6": "无", "date": "2026-01-08"}
    year = Decimal(YEARS.get(name, form.first_year))
    plain = Filing(name, year, "柳渡镇人民政府", "镇", None, values, texts)
    return plain._replace(**change)


def told(given: Filing, *findings: Finding) -> Report:
    return report_blocks(edition_named(given.edition).form, facts().words, given, findings)


def written(report: Report, folder: Path, kind: str, draft: str = "") -> Path:
    path = folder / f"报告{kind}"
    WRITERS[kind](report, path, draft)
    return path


def replant(path: Path, old: str, new: str) -> None:
    """Change a written file behind the program's back, once."""
    if path.suffix == ".html":
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body = parts["word/document.xml"].decode("utf-8")
    assert old in body
    parts["word/document.xml"] = body.replace(old, new, 1).encode("utf-8")
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.mark.parametrize(("name", "kind"), BOTH)
def test_every_figure_stands_once_in_its_own_cell(name: str, kind: str, tmp_path: Path) -> None:
    given, form = filing(name), edition_named(name).form
    found = READERS[kind](written(told(given), tmp_path, kind))
    numbers = [(t, c.row, c.col, c.text) for t, cells in enumerate(found.tables) for c in cells]
    expected = [
        (t, c.row, c.col, str(given.values[c.field]))
        for t, table in enumerate(form.tables.values()) for c in table if c.field
    ]  # fmt: skip
    assert sorted(n for n in numbers if n[3].isdigit()) == sorted(expected)


# Where the official form merges: table, row, column, rows, columns, beginning of the label.
MERGED = {
    "2021": [
        (0, 0, 0, 1, 4, "第二十条第（一）项"), (0, 5, 1, 1, 3, "本年处理决定数量"), (0, 12, 1, 1, 3, ""),
        (1, 0, 0, 3, 3, "（本列数据"), (1, 0, 3, 1, 7, "申请人情况"), (1, 1, 3, 2, 1, "自然人"),
        (1, 1, 4, 1, 5, "法人或其他组织"), (1, 1, 9, 2, 1, "总计"), (1, 3, 0, 1, 3, "一、"),
        (1, 5, 0, 22, 1, "三、本年度办理结果"), (1, 5, 1, 1, 2, "（一）"), (1, 7, 1, 8, 1, "（三）"),
        (1, 15, 1, 3, 1, "（四）"), (1, 18, 1, 5, 1, "（五）"), (1, 23, 1, 3, 1, "（六）"),
        (1, 26, 1, 1, 2, "（七）"), (1, 27, 0, 1, 3, "四、"),
        (2, 0, 0, 1, 5, "行政复议"), (2, 0, 5, 1, 10, "行政诉讼"), (2, 1, 0, 2, 1, "结果维持"),
        (2, 1, 5, 1, 5, "未经复议"), (2, 1, 10, 1, 5, "复议后"),
    ],
    "2019": [
        (0, 13, 2, 1, 2, "本年增/减"), (0, 15, 0, 1, 4, "第二十条第（九）项"), (0, 17, 2, 1, 2, ""),
        (1, 0, 0, 3, 3, "（本列数据"), (1, 5, 0, 20, 1, "三、本年度办理结果"), (1, 7, 1, 8, 1, "（三）"),
        (1, 23, 1, 1, 2, "（六）"), (1, 24, 1, 1, 2, "（七）"), (1, 25, 0, 1, 3, "四、"),
        (2, 0, 5, 1, 10, "行政诉讼"), (2, 1, 10, 1, 5, "复议后"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in MERGED for kind in WRITERS])
def test_headers_are_merged_as_in_the_official_form(name: str, kind: str, tmp_path: Path) -> None:
    found = READERS[kind](written(told(filing(name)), tmp_path, kind))
    there = {
        (t, c.row, c.col): (c.rows, c.cols, c.text) for t, cells in enumerate(found.tables) for c in cells
    }
    wrong = [
        (t, row, col, there.get((t, row, col)))
        for t, row, col, rows, cols, label in MERGED[name]
        if there.get((t, row, col), (0, 0, ""))[:2] != (rows, cols)
        or not there[t, row, col][2].startswith(label)
    ]
    assert wrong == []


# What happens to a written file, and what the refusal must name.
PLANTED = [
    (".docx", ">1011<", ">1010<", "自然人”写成了“1010”，填报的是“1011”"),
    (".html", ">1011<", ">1010<", "自然人”写成了“1010”，填报的是“1011”"),
    (".docx", ">1011<", "><", "写成了“”"),
    (".docx", "重复申请", "反复申请", "2.重复申请"),
    (".html", "重复申请", "反复申请", "2.重复申请"),
    (".docx", '<w:gridSpan w:val="7"/>', '<w:gridSpan w:val="6"/>', "申请人情况"),
    (".html", 'colspan="7"', 'colspan="6"', "申请人情况"),
    (".docx", "公开信息3条", "公开信息4条", "公开信息4条"),
    (".html", "公开信息3条", "公开信息4条", "公开信息4条"),
    (".html", "<tbody>", "<tbody><tr><td>7</td></tr>", "写成了“7”"),
    (".html", "<main", "<div", "读不出来"),
    (".docx", "<w:body>", "", "读不出来"),
    (".html", "</main>", "<table><tr><td>7</td></tr></table></main>", "读不出来"),
    (".docx", "<w:sectPr>", "<w:tbl/><w:sectPr>", "读不出来"),
    (".html", "</span></th>", "</th>", "读不出来"),
]


@pytest.mark.parametrize(("kind", "old", "new", "said"), PLANTED)
def test_a_planted_change_is_refused(kind: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    report = told(filing())
    path = written(report, tmp_path, kind)
    sound = path.read_bytes()
    save_report(report, path, sound, "")
    replant(path, old, new)
    changed = path.read_bytes()
    path.write_bytes(sound)
    with pytest.raises(Refused, match=re.escape(said)):
        save_report(report, path, changed, "")
    assert path.read_bytes() == sound


@pytest.mark.parametrize("kind", WRITERS)
def test_a_failed_comparison_leaves_no_file_and_keeps_the_old_one(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / f"报告{kind}"
    old.write_bytes(b"last year")
    monkeypatch.setitem(proof.READERS, kind, lambda path: FileContent((), ()))
    with pytest.raises(Refused):
        written(told(filing()), tmp_path, kind)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {old.name: b"last year"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("报告.pdf", "请用 .docx"), ("有/报告.html", "没有写成")],
)
def test_a_path_that_cannot_be_written_is_told(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "有" / "报告.html").mkdir(parents=True)
    with pytest.raises(Refused, match=said):
        (write_html if name.endswith("html") else write_docx)(told(filing()), tmp_path / name)


HOSTILE = [
    (
        "<script>alert(1)</script><img src=http://x.example/a>",
        "<script>alert(1)</script><img src=http://x.example/a>",
    ),
    ("a\x00b\x0bc\x1bd\ufffee\udc80f", "ab|cdef"),
    ("&amp; ]]> --> </w:t> {0} {unit} %s \\", "&amp; ]]> --> </w:t> {0} {unit} %s \\"),
    ("甲\r\n\r\n　 \t乙\u2028丙", "甲|乙|丙"),
    ("\u202e倒\u2066写", "倒写"),
    ("长" * 100_000, "长" * 100_000),
    ("𠮷野家 😀", "𠮷野家 😀"),
    ("", ""),
]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(("typed", "stands"), HOSTILE)
def test_any_text_is_kept_or_cleaned_never_obeyed(typed: str, stands: str, kind: str, tmp_path: Path) -> None:
    given = filing(texts={"s1": typed, "sign": "章", "date": "今日"}, unit="<b>柳\x07渡\n镇")
    found = READERS[kind](written(told(given), tmp_path, kind)).paragraphs
    start = found.index("一、总体情况") + 1
    assert "|".join(found[start : found.index("二、主动公开政府信息情况")]) == stands
    assert found[0] == "<b>柳渡 镇2025年政府信息公开工作年度报告"


@pytest.mark.parametrize("text", [h[0] for h in HOSTILE])
def test_the_page_fetches_nothing_and_runs_nothing(text: str) -> None:
    source = report_html(told(filing(texts={"s1": text}), SLIP), f'"}} </style><script>{text}')
    tree = html.fromstring(source.encode("utf-8", "replace"))
    assert tree.xpath("//script|//img|//link|//iframe|//object|//*[@src]|//*[@onclick]") == []
    assert [a for a in tree.xpath("//@href") if not a.startswith("#")] == []
    assert not re.search(r"url\(|@import|https?:", "".join(tree.xpath("//style/text()")).lower())


def test_the_table_of_the_page_is_read_by_its_headers() -> None:
    tree = html.fromstring(report_html(told(filing())))
    assert tree.get("lang") == "zh-CN"
    assert len(tree.xpath("//table")) == len(tree.xpath("//table[@aria-labelledby = //h2/@id]")) == 3
    assert tree.xpath("//th[not(@scope)]") == []
    assert len(set(tree.xpath("//td/@data-field"))) == len(edition_named("2021").form.fields)


FACES = [
    ("Title", "方正小标宋简体", "44"), ("Heading1", "黑体", "32"), ("BodyText", "仿宋_GB2312", "32"),
    ("Lead", "楷体_GB2312", None), ("t3", "宋体", "18"), ("Footer", "宋体", "28"), ("Figure", "宋体", "20"),
]  # fmt: skip


@pytest.mark.parametrize(("style", "face", "half_points"), FACES)
def test_styles_name_the_face_for_east_asian_runs(style: str, face: str, half_points: str | None) -> None:
    look = _part("word/styles.xml").find(f"{W}style[@{W}styleId='{style}']/{W}rPr")
    size = look.find(f"{W}sz")
    assert look.find(f"{W}rFonts").get(f"{W}eastAsia") == face
    assert look.find(f"{W}rFonts").get(f"{W}ascii") == (face if style != "Figure" else "Times New Roman")
    assert (size.get(f"{W}val") if size is not None else None) == half_points


def test_every_run_and_paragraph_has_one_of_our_styles() -> None:
    ours = {s.get(f"{W}styleId") for s in _part("word/styles.xml").iter(f"{W}style")}
    body = _part("word/document.xml")
    used = {s.get(f"{W}val") for tag in ("pStyle", "rStyle") for s in body.iter(f"{W}{tag}")}
    assert {"Title", "Heading1", "BodyText", "Lead", "t2", "t3", "t4", "Figure", "Band"} <= used <= ours
    assert [
        r for r in body.iter(f"{W}r") if r.find(f"{W}t") is not None and r.find(f".//{W}rFonts") is None
    ] == []


@pytest.mark.parametrize(("name", "draft"), [("2019", ""), ("2021", ""), ("2021", "尚有 2 处错误")])
def test_another_program_reads_the_document(name: str, draft: str) -> None:
    report = told(filing(name))
    there = docx.Document(BytesIO(report_docx(report, draft)))
    about = there.core_properties
    lines = [p.text.replace("\n", "") for p in there.paragraphs]
    assert [line for line in lines if line] == list(report.paragraphs)
    assert [len(table.rows) for table in there.tables] == [
        1 + max(c.row + c.rows - 1 for c in table.cells) for table in report.tables
    ]
    assert (about.title, about.author, about.language) == (report.title, "", "zh-CN")


def test_a_table_of_an_edition_to_come_is_written_as_the_others_are(tmp_path: Path) -> None:
    report = told(filing())
    blocks = tuple(b._replace(id="t9") if isinstance(b, Table) else b for b in report.blocks)
    for kind in WRITERS:
        found = READERS[kind](written(report._replace(blocks=blocks), tmp_path, kind))
        assert [len(cells) for cells in found.tables] == [len(table.cells) for table in report.tables]
    styles = {s.get(f"{W}styleId") for s in _part("word/styles.xml").iter(f"{W}style")}
    body = _part("word/document.xml", report=report._replace(blocks=blocks))
    used = {s.get(f"{W}val") for s in body.iter(f"{W}pStyle")}
    assert "OtherTable" in used <= styles


def test_the_page_is_a4_with_the_margins_of_the_standard() -> None:
    section = _part("word/document.xml").find(f".//{W}sectPr")
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    measures = [size.get(f"{W}w"), size.get(f"{W}h")]
    measures += [margins.get(f"{W}{side}") for side in ("top", "bottom", "left", "right")]
    assert [round(int(m) / 56.7) for m in measures] == [210, 297, 37, 35, 28, 26]


def test_table_three_has_a_page_of_its_own_and_unbroken_rows() -> None:
    body = _part("word/document.xml")
    table = body.findall(f".//{W}tbl")[1]
    rows = table.findall(f"{W}tr")
    fresh = [_said(p) for p in body.iter(f"{W}p") if p.find(f".//{W}pageBreakBefore") is not None]
    assert [text[:2] for text in fresh] == ["三、", "四、"]
    assert len(table.findall(f".//{W}tblHeader")) == 3
    assert len(table.findall(f".//{W}cantSplit")) == len(rows) == 28


@pytest.mark.parametrize("part", ["word/header1.xml", "word/header2.xml"])
def test_a_draft_says_so_on_odd_and_even_pages(part: str) -> None:
    head = _part(part, "尚有 2 处错误")
    assert "草稿　不得报送、公布" in _said(head)
    assert "尚有 2 处错误" in _said(head)
    assert etree.tostring(head, encoding="unicode").count("textpath string=") == 1
    assert _part("word/settings.xml", "-").find(f"{W}evenAndOddHeaders") is not None


def test_a_draft_page_says_so_on_screen_and_paper() -> None:
    source = report_html(told(filing(), SLIP), "尚有 1 处错误")
    assert "草稿　不得报送、公布</b> <span>尚有 1 处错误" in source
    assert re.search(r'@top-center \{ content: "草稿\\3000 不得报送', source)
    assert '<div class="water"' in source


def test_the_final_report_has_nothing_of_the_draft(tmp_path: Path) -> None:
    report, clean = told(filing(), SLIP, DOUBT, SAID), told(filing())
    assert report_html(report) == report_html(clean)
    assert report_docx(report) == report_docx(clean)
    with zipfile.ZipFile(written(report, tmp_path, ".docx")) as package:
        assert [n for n in package.namelist() if "header" in n] == []


def test_a_draft_counts_only_what_there_is() -> None:
    assert told(filing(), SLIP).counts == "尚有 1 处错误未处理"
    assert told(filing(), DOUBT).counts == "尚有 1 处提醒未处理"


@pytest.mark.parametrize("kind", WRITERS)
def test_a_draft_shows_what_is_wrong_and_keeps_the_figures(kind: str, tmp_path: Path) -> None:
    report = told(filing(), SLIP, DOUBT, SAID, ANSWERED)
    path = written(report, tmp_path, kind, report.counts)
    source = (
        path.read_text(encoding="utf-8")
        if kind == ".html"
        else _said(_part("word/document.xml", "-", report))
    )
    assert report.counts == "尚有 2 处错误、1 处提醒未处理"
    assert [
        w for w in ("应为 12", "请核实", "3．错误　一、总体情况：正文与表不一致。请改。") if w not in source
    ] == []
    assert READERS[kind](path).paragraphs == report.paragraphs


PREFACES = [
    ("", ["国办公开办函〔2021〕30号", "自2025年1月1日起至2025年12月31日止"]),
    (
        "本镇编制本报告。",
        ["本镇编制本报告。", "本报告所列数据的统计期限自2025年1月1日起至2025年12月31日止。"],
    ),
    ("数据统计期限为全年。", ["数据统计期限为全年。"]),
]


@pytest.mark.parametrize(("typed", "said"), PREFACES)
def test_the_preface_names_the_statistical_period(typed: str, said: list[str]) -> None:
    lines = told(filing(texts={"preface": typed})).paragraphs
    preface = lines[1 : lines.index("一、总体情况")]
    if typed:
        assert list(preface) == said
    assert all(any(words in line for line in preface) for words in said)


DATES = [
    ("2026-01-08", "2026年1月8日"), ("2026/1/8", "2026年1月8日"), ("2026年01月08日", "2026年1月8日"),
    ("2026-01-08T00:00:00", "2026年1月8日"), ("二〇二六年一月", "二〇二六年一月"), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "stands"), DATES)
def test_the_date_is_written_as_in_an_official_paper(typed: str, stands: str) -> None:
    assert told(filing(texts={"date": typed})).blocks[-1] == Signature("柳渡镇人民政府", stands)


LEADS = [
    ("（一）主动公开。公开3条。", "（一）主动公开。"), ("(二)依申请公开：收到3件。", "(二)依申请公开："),
    ("（三）平台建设", "（三）平台建设"), ("一是建章。", ""), ("1.建章。", ""),
    ("（一）" + "长" * 50 + "。", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "lead"), LEADS)
def test_a_second_level_heading_runs_in_with_its_paragraph(line: str, lead: str) -> None:
    runs = [run for block in told(filing(texts={"s1": line})).blocks for run in getattr(block, "runs", ())]
    assert [run.text for run in runs if run.lead] == ([lead] if lead else [])
    assert line in told(filing(texts={"s1": line})).paragraphs


BLANKS = [({}, "", False), ({}, "-", True), ({"no_requests": "√"}, "", True)]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(("options", "draft", "kept"), BLANKS)
def test_a_blank_stays_blank_only_in_a_draft(
    options: dict[str, str], draft: str, kept: bool, kind: str, tmp_path: Path
) -> None:
    given = filing(options=options)
    report = told(given._replace(values={**given.values, "t3.new.natural": None}))
    if kept:
        tables = READERS[kind](written(report, tmp_path, kind, draft)).tables
        figure = next(c.text for c in tables[1] if (c.row, c.col) == (3, 3))
        assert figure == ("0" if options else "")
    else:
        with pytest.raises(Refused, match="一、本年新收政府信息公开申请数量 · 自然人"):
            written(report, tmp_path, kind, draft)


def test_the_unit_of_a_sum_is_said_below_its_table(tmp_path: Path) -> None:
    given = filing("2019", options={"procurement_unit": "元"})
    assert told(given).tables[0].notes == ("注：采购总金额的单位为元。",)


@pytest.mark.parametrize("draft", ["", "尚有 1 处错误"])
def test_the_same_report_is_the_same_file(draft: str) -> None:
    report = told(filing(), SLIP)
    assert report_docx(report, draft) == report_docx(report, draft)
    assert report_html(report, draft) == report_html(report, draft)


def test_long_figures_are_set_smaller_than_their_cell() -> None:
    given = filing()
    long = told(given._replace(values={**given.values, "t3.new.natural": Decimal(12345678)}))
    tree = html.fromstring(report_html(long))
    (cell,) = tree.xpath("//td[@data-field='t3.new.natural']")
    assert cell.get("style") == "font-size:6.5pt"
    assert tree.xpath("//div[@id='t3']/@class") == ["scroll wide"]


def _part(name: str, draft: str = "", report: Report | None = None) -> etree._Element:
    with zipfile.ZipFile(BytesIO(report_docx(report or told(filing()), draft))) as package:
        return etree.fromstring(package.read(name))


def _said(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


# ---------------------------------------------------------------- as it is printed
def test_a_report_is_printed_whole_where_there_is_a_converter(tmp_path: Path) -> None:
    if not converter():
        not_run("LibreOffice is absent: no report as .pdf")
    write_report(base("2021"), judge(base("2021")), tmp_path / "报告.pdf", draft=False)
    pages = pages_of(tmp_path / "报告.pdf")
    assert len(pages) <= 5
    assert parted(told(base("2021")), pages) == []
    text = "".join(pages)
    for words in (*edition_named("2021").form.sections.values(), "行政事业性收费", "校验码"):
        assert words in text
    for words in base("2021").texts.values():
        assert "".join(words.split())[:60] in text


def test_without_a_converter_no_pdf_is_written_and_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "converter", lambda: None)
    with pytest.raises(Refused, match=r"先生成 \.docx"):
        write_report(base("2021"), judge(base("2021")), tmp_path / "报告.pdf", draft=False)
    assert list(tmp_path.iterdir()) == []
