"""Reports in every layout met come back as the filing they tell; what cannot be read is listed."""

import io
import json
import re
import struct
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from random import Random

import office
import openpyxl
import pypdfium2
import pytest
from by_name import judge, write_report
from conftest import SHARED, not_run, shared
from tables import filing

from xlcheck import data, importing
from xlcheck.core.filing import Filing, entry_text
from xlcheck.editions import Refused, edition_named
from xlcheck.importing.cell_figure import read_figure
from xlcheck.importing.extraction import extract
from xlcheck.importing.readers import spreadsheet
from xlcheck.importing.readers.plaintext import text_document

EDITIONS = data.editions()


def made(name, seed=1):
    return filing(edition_named(name).form, Random(seed))


def rows(form, table):
    """The printed table as rows of labels and figures: (labels, fields) each."""
    grid = {}
    for cell in form.tables[table]:
        grid.setdefault(cell.row, []).append(cell)
    return [sorted(cells, key=lambda c: c.col) for _, cells in sorted(grid.items())]


def told(filed, cell="\t", end="\n", blank=()):
    """A filing as text: each row's cells parted by ``cell``, rows by ``end``."""
    form = edition_named(filed.edition).form
    parts = [f"{filed.unit}{entry_text(filed.year)}年政府信息公开工作年度报告", filed.texts["preface"]]
    for section, heading in form.sections.items():
        parts.append(heading)
        if section in form.tables:
            for row in rows(form, section):
                said = [
                    c.text if not c.field else "" if c.field in blank else entry_text(filed.values[c.field])
                    for c in row
                ]
                parts.append(cell.join(said) + ("|" if cell == "|" else ""))
        else:
            parts.append(filed.texts[section])
    return end.join([*parts, filed.texts["sign"], filed.texts["date"]])


def same(read, filed, texts=True):
    assert read.filing.values == filed.values
    assert read.filing.edition == filed.edition
    assert not [d for d in read.doubts if d.kind != "remark"]
    if texts:
        assert (read.filing.texts, read.filing.unit, read.filing.year) == (
            filed.texts,
            filed.unit,
            filed.year,
        )


# ---------------------------------------------------------------- our own reports
@pytest.mark.parametrize("kind", ["docx", "html"])
@pytest.mark.parametrize("name", EDITIONS)
def test_our_own_report_comes_back(name, kind, tmp_path):
    for seed in range(12):
        filed = made(name, seed)
        write_report(filed, judge(filed), tmp_path / f"报告.{kind}", draft=False)
        read = importing.read_report(tmp_path / f"报告.{kind}")
        same(read, filed)
        assert read.filing.options == filed.options
        assert not read.missing


# ---------------------------------------------------------------- layouts
LAYOUTS = {
    "tabs": lambda f: told(f),
    "bars": lambda f: told(f, "|"),
    "a value a line": lambda f: told(f, "\n"),
    "a value a line, blank lines between": lambda f: told(f, "\n\n", "\n\n"),
    "bars on lines of their own": lambda f: told(f, "\n|\n"),
    "wide spaces": lambda f: told(f, "      "),
    "half-width brackets": lambda f: told(f).translate(str.maketrans("（），", "(),")),
    "spaces in labels": lambda f: told(f).replace("予", "予 ").replace("本年", "本 年"),
    "spaces in headings": lambda f: told(f).replace("总计", "总 计").replace("结果", "结 果"),
    "page numbers between": lambda f: told(f).replace("（四）无法提供", "\n- 3 -\n\f（四）无法提供"),
    "a ruled Markdown table": lambda f: told(f, "|").replace("规章|", "|---|---|---|---|\n规章|", 1),
    "no label shortened": lambda f: told(f).replace("（区分处理的，只计这一情形，不计其他情形）", ""),
    "numbered with commas": lambda f: told(f).replace("1.属于", "1、属于").replace("2.其他", "2、其他"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_text_in_every_layout(layout, name):
    for seed in range(4):
        filed = made(name, seed)
        same(extract(text_document("报告.txt", LAYOUTS[layout](filed))), filed, texts=False)


@pytest.mark.parametrize("name", EDITIONS)
def test_digits_run_together_are_cut_by_the_sums_or_listed_with_their_ways(name):
    for seed in range(6):
        filed = made(name, seed)
        read = extract(text_document("报告.txt", told(filed, "", " ")))
        doubted = {n for d in read.doubts for n in d.fields}
        wrong = {
            n: v
            for n, v in read.filing.values.items()
            if v != filed.values[n] and not (v is None and n in doubted)
        }
        assert not wrong
        for doubt in (d for d in read.doubts if d.kind == "ways"):
            assert tuple(entry_text(filed.values[n]) for n in doubt.fields) in doubt.ways


@pytest.mark.parametrize(("before", "values"), [(533, (58, 45, 546)), (540, (None, None, None))])
def test_last_year_settles_what_sums_cannot(before, values):
    """In force at the end is what was in force before, with what was made and without what was repealed."""
    form = edition_named("2021").form
    rows = (
        "青石县水利局2024年政府信息公开工作年度报告",
        form.sections["t2"],
        "规章 000",
        "行政规范性文件 5845546",
    )
    read = extract(text_document("报告.txt", "\n".join(rows)))
    last = Filing("2021", Decimal(2023), None, None, None, {"t2.normative.valid": Decimal(before)}, {}, {})
    told = importing.settled(read, last)
    assert tuple(told.filing.values[f"t2.normative.{c}"] for c in ("made", "repealed", "valid")) == values
    assert bool(told.doubts) == (values[0] is None)
    assert read.doubts[0].kind == "ways"


@pytest.mark.parametrize("cell", ["\t", "\n"])
@pytest.mark.parametrize("name", EDITIONS)
def test_the_labels_alone_tell_the_edition(name, cell):
    """No year, no notice, nothing but the tables under their headings."""
    for seed in range(3):
        filed = made(name, seed)
        form = edition_named(name).form
        lines = told(filed, cell).split("\n")
        first = lines.index(form.sections[next(iter(form.tables))])
        last = next(s for s in reversed(form.sections) if s in form.tables)
        after = list(form.sections)[list(form.sections).index(last) + 1]
        read = extract(text_document("报告.txt", "\n".join(lines[first : lines.index(form.sections[after])])))
        same(read, filed, texts=False)


@pytest.mark.parametrize("name", EDITIONS)
def test_the_notice_and_then_the_year_tell_what_labels_do_not(name):
    """A row that all editions have is of whichever the words before it speak of."""
    form = edition_named(name).form
    year = f"本报告所列数据的统计期限自{form.first_year}年1月1日起至{form.first_year}年12月31日止。"
    for said in (f"根据{form.notice}编制。", year):
        row = [f.name for f in form.fields.values() if f.row.label == "行政许可"]
        lines = (said, form.sections["t2"], "\t".join(("行政许可", *"5" * len(row))))
        assert extract(text_document("报告.txt", "\n".join(lines))).filing.edition == name, said


def test_traditional_characters():
    filed = made("2021")
    simple, other = "处报复议诉讼总计请情况数结规许执现无", "處報復議訴訟總計請情況數結規許執現無"
    text = told(filed).translate(str.maketrans(dict(zip(simple, other, strict=False))))
    same(extract(text_document("报告.txt", text)), filed, texts=False)


@pytest.mark.parametrize("cell", ["\t", "|"])
def test_blank_cells_stay_blank_and_where_they_are(cell):
    filed = made("2021", 3)
    blank = {
        "t3.new.research",
        "t3.granted.legal",
        "t2.normative.repealed",
        "t4.review.pending",
        "t3.carry_in.total",
    }
    read = extract(text_document("报告.txt", told(filed, cell, blank=blank)))
    assert {n for n, v in read.filing.values.items() if v is None} == blank
    assert not {n: v for n, v in read.filing.values.items() if v is not None and v != filed.values[n]}


def test_blank_cells_that_leave_no_trace_are_never_guessed():
    filed = made("2021", 3)
    blank = {"t3.new.research", "t3.new.legal", "t4.review.pending", "t2.normative.repealed"}
    read = extract(text_document("报告.txt", told(filed, "\n", blank=blank)))
    assert not {n: v for n, v in read.filing.values.items() if v is not None and v != filed.values[n]}
    assert all(read.filing.values[n] is None for n in blank)
    assert {d.kind for d in read.doubts} == {"fewer"}


def test_a_cell_cut_out_is_missed_and_nothing_slides_into_its_place():
    text = told(made("2021", 3), "\n").replace("规章\n", "规章\n\n").split("\n")
    for cut in range(10, len(text), 17):
        read = extract(text_document("报告.txt", "\n".join(text[:cut]))) if cut > 30 else None
        filed = made("2021", 3).values
        assert not read or not {n: v for n, v in read.filing.values.items() if v not in (None, filed[n])}


def test_a_row_the_form_does_not_have_gives_its_figures_to_none():
    text = told(made("2021"), "\n").replace("行政处罚", "其他主动公开文件\n186\n86\n255\n行政处罚")
    read = extract(text_document("报告.txt", text))
    assert read.filing.values["t2.license.decisions"] == made("2021").values["t2.license.decisions"]
    assert [(d.kind, d.text, d.ways) for d in read.doubts] == [
        ("strange", "其他主动公开文件", (("186", "86", "255"),))
    ]


def test_a_form_mixed_from_both_editions_is_told():
    filed = made("2021")
    lines = told(filed).split("\n")
    at = next(n for n, line in enumerate(lines) if "1.申请人无正当" in line)
    lines[at : at + 3] = ["（六）其他处理\t4\t0\t0\t0\t0\t0\t4"]
    read = extract(text_document("报告.txt", "\n".join(lines)))
    assert [d.kind for d in read.doubts] == ["foreign"]
    assert all(read.filing.values[n] is None for n in read.filing.values if n.startswith("t3.other_"))


CELLS = {
    "22（其中修订16件）": (22, "", "(其中修订16件)"), "251000元": (251000, "元", ""), "+2": (2, "", ""),
    "１２": (12, "", ""), "1,234": (1234, "", ""), "-8": (-8, "", ""), "0.092": (Decimal("0.092"), "", ""),
    "8 5": ("8 5", "", ""), "<5": ("<5", "", ""), "＞ 5": ("＞ 5", "", ""),
    "约12": ("约12", "", ""), "": (None, "", ""), "—": (None, "", ""), "/": (None, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_a_figure_as_it_is_written(cell):
    read = read_figure(cell)
    assert (read.entry, read.unit, read.remark) == CELLS[cell]


def test_headings_in_another_order_are_told_and_nothing_is_placed_by_them():
    text = told(made("2021")).replace("自然人", "某").replace("商业企业", "自然人").replace("某", "商业企业")
    read = extract(text_document("报告.txt", text))
    assert {d.kind for d in read.doubts} == {"order"}
    assert not [n for n, v in read.filing.values.items() if n.startswith("t3") and v is not None]


# ---------------------------------------------------------------- grids
def told_in(cell, filed):
    return entry_text(filed.values[cell.field]) if cell.field else cell.text


def page(filed, order=None):
    """A web page with the tables as merged cells; 表三's figures in another order of columns."""
    form = edition_named(filed.edition).form
    parts = [f"<h1>{filed.unit}{entry_text(filed.year)}年政府信息公开工作年度报告</h1>"]
    for table in form.tables:
        parts.append(f"<p>{form.sections[table]}</p><table>")
        for row in rows(form, table):
            cells = [f"<td rowspan={c.rows} colspan={c.cols}>{told_in(c, filed)}</td>" for c in row]
            parts.append("<tr>" + "".join(order(cells, row) if order and table == "t3" else cells) + "</tr>")
        parts.append("</table>")
    return "<html><body>" + "".join(parts) + "</body></html>"


def turned(cells, row):
    """自然人 and 总计 change places, headings and figures."""
    ends = [
        n
        for n, c in enumerate(row)
        if c.text in ("自然人", "总计") or c.field.endswith((".natural", ".total"))
    ]
    if len(ends) == 2:
        cells[ends[0]], cells[ends[1]] = cells[ends[1]], cells[ends[0]]
    return cells


ARCHIVE = """MIME-Version: 1.0
Content-Type: multipart/related; boundary=x

--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

{}
--x--
"""


@pytest.mark.parametrize("suffix", ["html", "htm", "mhtml"])
@pytest.mark.parametrize("order", [None, turned])
def test_a_web_page(order, suffix, tmp_path):
    filed = made("2021", 5)
    html = page(filed, order)
    if suffix == "mhtml":
        html = ARCHIVE.format(html)
    (tmp_path / f"页.{suffix}").write_text(html, encoding="utf-8")
    same(importing.read_report(tmp_path / f"页.{suffix}"), filed, texts=False)


def test_a_page_in_gb18030_with_tables_inside_tables_of_layout(tmp_path):
    html = "<meta charset=gb2312><table><tr><td>" + page(made("2019")) + "</td><td>友情链接</td></tr></table>"
    (tmp_path / "页.html").write_bytes(html.encode("gb18030"))
    same(importing.read_report(tmp_path / "页.html"), made("2019"), texts=False)


@pytest.mark.parametrize("name", EDITIONS)
def test_a_home_made_workbook(name, tmp_path):
    filed, book = made(name, 4), openpyxl.Workbook()
    form, sheet = edition_named(name).form, book.active
    for table in form.tables:
        sheet.append([form.sections[table]])
        top = sheet.max_row + 1
        for cell in form.tables[table]:
            place = sheet.cell(top + cell.row, 2 + cell.col)
            place.value = filed.values[cell.field] if cell.field else cell.text
            if cell.rows > 1 or cell.cols > 1:
                corner = sheet.cell(place.row + cell.rows - 1, place.column + cell.cols - 1)
                sheet.merge_cells(f"{place.coordinate}:{corner.coordinate}")
    book.save(tmp_path / "自制.xlsx")
    same(importing.read_report(tmp_path / "自制.xlsx"), filed, texts=False)


def test_a_report_printed_to_pdf(tmp_path):
    """Whose noughts are empty cells, so that only the lines between the cells tell where a figure stands."""
    if why := office.missing("Writer"):
        not_run(why)
    filed = made("2021", 2)
    write_report(filed, judge(filed), tmp_path / "满.docx", draft=False)
    with (
        zipfile.ZipFile(tmp_path / "满.docx") as full,
        zipfile.ZipFile(tmp_path / "报告.docx", "w") as sparse,
    ):
        for part in full.infolist():
            sparse.writestr(part, re.sub(rb"(<w:t[^>]*>)0(?=</w:t>)", rb"\1", full.read(part)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        str(office.PROGRAM / "soffice"),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "报告.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=office.PATIENCE)
    read = importing.read_report(tmp_path / "报告.pdf").filing
    assert read.values == {n: v or None for n, v in filed.values.items()}
    assert (read.texts, read.unit, read.year) == (filed.texts, filed.unit, filed.year)


# ---------------------------------------------------------------- real reports
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_the_customers_own_text_gives_exactly_their_record():
    shared("domain")
    raw = json.loads((SHARED / "domain" / "seed_2020.json").read_text(encoding="utf-8"))
    read = importing.read_report(SHARED / "domain" / "seed_2020.txt")
    values = {
        f"t2.{row['id']}.{c}": v
        for block in raw["t2"]
        for row in block["rows"]
        for c, v in row["cells"].items()
    }
    values |= {
        f"t3.{row}.{c}": v for row, told in raw["t3"]["rows"].items() for c, v in told["cells"].items()
    }
    values |= {
        n: raw["t4"][n.removeprefix("t4.").replace(".", "_")] for n in edition_named("2019").form.groups["t4"]
    }
    said = raw["narrative"]
    texts = {"preface": said["preamble"], "s1": said["sec1"], "s5": said["sec5"], "s6": said["sec6"]}
    assert read.filing.values == values
    assert {key: read.filing.texts[key] for key in texts} == texts
    assert (read.filing.unit, read.filing.year, read.filing.edition) == (
        raw["organ_in_document"],
        2020,
        "2019",
    )
    assert not read.missing
    assert not read.doubts


def test_every_value_has_its_evidence():
    read = extract(text_document("报告.txt", told(made("2021"))))
    assert set(read.filing.values) <= set(read.evidence)
    assert all(seen.where and seen.text for seen in read.evidence.values())
    assert json.loads(importing.as_json(read))["evidence"]["t3.new.natural"]["where"]


# ---------------------------------------------------------------- hostile and useless documents
def _zip(name, body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, body)
    return out.getvalue()


def _pdf(pages):
    book = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        book.new_page(200, 200)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


LOCKED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/P -4
/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)>>endobj
trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(a)(a)]>>
"""
W = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><w:document xmlns:w="%s"><w:body>&a;</w:body></w:document>' % W
)

HOSTILE = {
    "炸弹.docx": lambda: _zip("word/document.xml", b" " * 60_000_000),
    "实体.docx": lambda: _zip("word/document.xml", ENTITIES),
    "坏.docx": lambda: _zip("word/document.xml", b"<w:document"),
    "空.docx": lambda: b"PK\x03\x04 not a zip",
    "深.html": lambda: b"<div>" * 100_000 + "行政许可".encode(),
    "空.html": lambda: b"",
    "不是.pdf": lambda: b"%PDF-1.7 nothing",
    "锁.pdf": lambda: LOCKED,
    "扫描.pdf": lambda: _pdf(2),
    "长.pdf": lambda: _pdf(151),
    "二进制.txt": lambda: bytes(range(256)) * 40,
    "旧.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "坏.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "炸弹.xlsx": lambda: _zip("xl/workbook.xml", b" " * 60_000_000),
    "图.png": lambda: b"\x89PNG",
    "无表.txt": lambda: "今天天气很好。".encode(),
}


def test_a_panic_of_the_library_for_old_sheets_is_told_as_a_file_that_cannot_be_read(tmp_path):
    counts = struct.pack("<10I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + bytes.fromhex("3e000300feff09000600") + b"\0" * 6
    sectors = struct.pack("<I", 0xFFFFFFFE) * 128  # one of them, and a directory that ends too early
    (tmp_path / "断.xls").write_bytes((head + counts).ljust(512, b"\xff") + sectors + b"\0" * 46)
    with pytest.raises(Refused, match=r"断[.]xls”读不出表格"):
        list(spreadsheet.sheets(tmp_path / "断.xls"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_that_cannot_be_read_is_refused_with_a_sentence(name, tmp_path):
    (tmp_path / name).write_bytes(HOSTILE[name]())
    with pytest.raises(Refused) as refused:
        importing.read_report(tmp_path / name)
    assert name in str(refused.value)
    assert str(refused.value).endswith("。")


def test_a_missing_document_is_told(tmp_path):
    with pytest.raises(Refused, match="找不到"):
        importing.read_report(Path(tmp_path / "没有.docx"))


def test_what_blanks_can_only_be_is_told_and_not_filled_in():
    """Two rows of zeros left blank: no one sum says what they are, the totals of the rows do."""
    form = edition_named("2021").form
    whole = filing(form, Random(4))
    zeros = [
        n
        for n in form.groups["t3"]
        if n.split(".")[1] in ("denied_1", "denied_2", "denied_3") and not whole.values[n]
    ]
    blank = [n for n in zeros if not n.endswith("total")]
    left = whole._replace(values={**whole.values, **dict.fromkeys(blank)})
    read = importing.document.Imported(edition_named("2021"), left, {}, (), ())
    assert json.loads(importing.as_json(read))["offered"] == dict.fromkeys(blank, 0)
    assert json.loads(importing.as_json(read))["values"][blank[0]] is None
    last = list(importing.summary_lines(read, "年报.html"))[-1]
    assert last.startswith(f"有 {len(blank)} 个空格按各项总计推算只能是 0。")
