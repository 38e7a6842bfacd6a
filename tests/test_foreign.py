"""Files of strangers: pipes and devices, oversize, and documents that other writers, or nobody sane, made."""

import os
import zipfile
from pathlib import Path

import pytest
from by_name import build_template
from inboxes import packed

from xlcheck import cli, importing
from xlcheck.editions import Refused
from xlcheck.importing.readers.formats import read_document
from xlcheck.importing.readers.html import html_document
from xlcheck.importing.readers.plaintext import text_document
from xlcheck.repair import rescue
from xlcheck.saving import save

PIPES = [
    ["check", "管.xlsx"],
    ["check", "管.json"],
    ["check", "管.xlsx", "--mark", "标.xlsx"],
    ["dump", "管.json"],
    ["import", "管.docx"],
    ["import", "/dev/zero"],
    ["repair", "管.xlsx", "-o", "新.xlsx"],
    ["report", "管.xlsx", "-o", "报告.docx"],
    ["new", "-o", "新.xlsx", "--last", "管.xlsx"],
    ["check", "管.xlsx", "--policy", "管.toml"],
    ["collect", "收件箱", "--roster", "管.csv", "-o", "结果"],
    ["collect", "收件箱", "--roster", "管.xlsx", "-o", "结果"],
]


@pytest.mark.parametrize("arguments", PIPES, ids=" ".join)
def test_what_has_no_end_is_not_read(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收件箱").mkdir()
    for kind in ("xlsx", "json", "docx", "toml", "csv"):
        os.mkfifo(tmp_path / f"管.{kind}")
    assert cli.main(arguments) == 2
    assert "不是普通文件" in capsys.readouterr().err


def test_a_huge_json_is_not_read(tmp_path, capsys):
    with open(tmp_path / "大.json", "wb") as file:
        file.truncate(90_000_000)
    assert cli.main(["check", str(tmp_path / "大.json")]) == 2
    assert "“大.json”有 85 MB" in capsys.readouterr().err


# ---------------------------------------------------------------- Word documents

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def docx(path: Path, body: str, part: str = "word/document.xml", namespace: str = W) -> Path:
    rels = f'<Relationships><Relationship Id="r1" Type="{OFFICE}" Target="/{part}"/></Relationships>'
    document = f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    path.write_bytes(packed({"_rels/.rels": rels.encode(), part: document.encode()}))
    return path


def said(path: Path) -> list[str]:
    return [line.text for line in read_document(path).lines]


PARAGRAPH = "<w:p><w:r><w:t>一句话</w:t></w:r></w:p>"


@pytest.mark.parametrize("namespace", [W, STRICT])
@pytest.mark.parametrize("part", ["word/document.xml", "word/document2.xml"])
def test_the_words_are_found_by_their_relation(part, namespace, tmp_path):
    assert said(docx(tmp_path / "报告.docx", PARAGRAPH, part, namespace)) == ["一句话"]


def test_boxes_in_boxes_are_read_once_each(tmp_path):
    """Sixty deep, each paragraph read for every box around it would take longer than the world has."""
    box = PARAGRAPH
    for _ in range(60):
        box = f"<w:p><w:r><w:txbxContent>{box}</w:txbxContent></w:r></w:p>"
    assert said(docx(tmp_path / "框.docx", box)) == ["一句话"]


@pytest.mark.parametrize("span", ["x", "", "-1", "1.5", "9" * 5000])
def test_a_span_that_is_no_number_spans_nothing(span, tmp_path):
    cells = "".join(
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{PARAGRAPH}</w:tc>' for _ in range(2)
    )
    row = f'<w:tr><w:trPr><w:gridBefore w:val="{span}"/></w:trPr>{cells}</w:tr>'
    assert said(docx(tmp_path / "表.docx", f"<w:tbl>{row}</w:tbl>")) == ["一句话 | 一句话 |"]


def torn_directory(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x00"))


def torn_stream(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as whole:
        info = whole.getinfo("word/document.xml")
    start = info.header_offset + 30 + len(info.filename)
    raw[start : start + info.compress_size] = b"\xff" * info.compress_size
    path.write_bytes(raw)


@pytest.mark.parametrize("tear", [torn_directory, torn_stream])
def test_a_torn_document_is_a_sentence(tear, tmp_path):
    path = docx(tmp_path / "报告.docx", PARAGRAPH * 50)
    tear(path)
    with pytest.raises(Refused, match="不是完好的 Word 文档"):
        read_document(path)


# ---------------------------------------------------------------- pages, texts, sheets


def test_archives_in_archives_are_not_unpacked(tmp_path):
    nested = 'Content-Type: multipart/mixed; boundary="a"\n\n--a\n' * 2000
    (tmp_path / "页.mhtml").write_text(nested)
    with pytest.raises(Refused, match="（multipart）"):
        read_document(tmp_path / "页.mhtml")


def test_a_row_of_a_page_ends_somewhere():
    one = html_document("页.html", f"<table><tr>{'<td>1</td>' * 5000}</tr></table>").grids[0]
    assert len(one.rows[0]) == 200


def test_blank_lines_part_however_many_there_are():
    few, many = (text_document("文.txt", f"甲{blank}乙") for blank in ("\n\n", "\n" * 5000))
    assert [line.text for line in many.lines] == [line.text for line in few.lines] == ["甲", "", "乙"]
    assert many.lines[-1].where == "第 5001 行"


@pytest.mark.parametrize("merge", ["A:XFD", "A1:XFD1048576", "1:3", "A1:B" + "9" * 5000, "", "junk", "B2:A1"])
def test_an_odd_merge_ends_no_import(merge, tmp_path):
    home_made = build_template("2021")
    home_made["二、主动公开"].title = "表二"  # what has all our tables is ours, and not imported
    home_made["封面"].delete_rows(1, home_made["封面"].max_row)  # nor is what has our cover
    save(home_made, tmp_path / "表.xlsx")
    with zipfile.ZipFile(tmp_path / "表.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet3.xml"
    whole = parts[sheet].replace(b"<mergeCells", b'<mergeCells x="1"', 1)
    parts[sheet] = whole.replace(
        b'<mergeCell ref="', f'<mergeCell ref="{merge}"/><mergeCell ref="'.encode(), 1
    )
    assert parts[sheet].count(f'ref="{merge}"'.encode()) >= 1
    (tmp_path / "表.xlsx").write_bytes(packed(parts))
    assert importing.read_report(tmp_path / "表.xlsx").edition.form.edition == "2021"


def test_a_merge_of_the_whole_sheet_is_told_before_it_is_laid_open(tmp_path):
    save(build_template("2021"), tmp_path / "表.xlsx")
    with zipfile.ZipFile(tmp_path / "表.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet, far = "xl/worksheets/sheet3.xml", b'<mergeCell ref="A40:XFD1048576"/><mergeCell ref="'
    parts[sheet] = parts[sheet].replace(b'<mergeCell ref="', far, 1)
    (tmp_path / "表.xlsx").write_bytes(packed(parts))
    with pytest.raises(Refused, match="“三、申请办理”合并了 A40:XFD1048576"):
        rescue(tmp_path / "表.xlsx")


BROKEN_PARTS = {
    "xl/theme/theme1.xml": b"<a:theme",
    "xl/styles.xml": b"<styleSheet><cellXfs><xf fontId='999' fillId='x'/></cellXfs></styleSheet>",
    "docProps/core.xml": b"<cp:coreProperties",
    "xl/worksheets/sheet3.xml": b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>",
}


@pytest.mark.parametrize("part", list(BROKEN_PARTS))
def test_a_workbook_with_a_broken_part_is_repaired_or_a_sentence(part, tmp_path):
    save(build_template("2021"), tmp_path / "表.xlsx")
    with zipfile.ZipFile(tmp_path / "表.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()} | {part: BROKEN_PARTS[part]}
    (tmp_path / "表.xlsx").write_bytes(packed(parts))
    try:
        assert rescue(tmp_path / "表.xlsx").edition.form.edition == "2021"
    except Refused as why:
        assert ("“表.xlsx”" in str(why), why.reason) == (True, "")  # noqa: PT017
