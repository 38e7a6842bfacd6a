"""Bad input gets a sentence that says which file, where, what was found and what to do; nothing is lost."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from by_name import build_template, fill_workbook
from cases import base, edited

from xlcheck import cli
from xlcheck.editions import Refused
from xlcheck.saving import save
from xlcheck.workbook import reading
from xlcheck.workbook.archive import LIMIT


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    """A sound filled workbook, as bytes."""
    folder = tmp_path_factory.mktemp("sound")
    save(build_template("2021"), folder / "空.xlsx")
    fill_workbook(folder / "空.xlsx", base("2021"), folder / "填.xlsx")
    return (folder / "填.xlsx").read_bytes()


def repacked(content, change=lambda name, body: body, add=None):
    """The workbook's zip with its parts changed, left out (None) or added to."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
        for name, body in (add or {}).items():
            new.writestr(name, body)
    return out.getvalue()


def reopened(content, change):
    """The workbook after somebody did something to it in a program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_part(wanted, old, new):
    return lambda c: repacked(c, lambda n, b: b.replace(old, new, 1) if n == wanted else b)


T2, T3 = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def astray(body):
    """A cell that points past the end of the shared strings."""
    return re.sub(rb't="inlineStr"><is>.*?</is>', b't="s"><v>99999</v>', body, count=1)


def rename(book):
    book["三、申请办理"].title = "表三"


def delete(book):
    del book["文字"]


def insert_row(book):
    book["三、申请办理"].insert_rows(12)


def cut_cells(book):
    book["三、申请办理"].move_range("D10:K20", rows=1)


def relabel(book):
    book["二、主动公开"]["B6"] = "政策文件"


def unmerge(book):
    book["三、申请办理"].unmerge_cells("F4:J4")


def other_edition(book):
    book["xlcheck"]["B1"] = "2031"


def old_version(book):
    book["xlcheck"]["B2"] = "0.1"


def only_cover(book):
    for sheet in book.worksheets[1:]:
        book.remove(sheet)


def zeros(content):
    return repacked(content, add={"xl/media/zeros.bin": b"\0" * (60 * 1024 * 1024)})


REFUSED = [
    ("not a zip", lambda c: b"hello", "不是 Excel 工作簿"),
    ("empty", lambda c: b"", "不是 Excel 工作簿"),
    ("cut short", lambda c: c[: len(c) // 2], "不是 Excel 工作簿"),
    ("old .xls or .et", lambda c: OLE, "旧格式"),
    ("encrypted", lambda c: OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ("ods", lambda c: repacked(c, add={"content.xml": b"<x/>"}), "OpenDocument"),
    ("docx", lambda c: repacked(c, add={"word/document.xml": b"<x/>"}), "Word 文档"),
    ("xlsb", lambda c: repacked(c, add={"xl/workbook.bin": b"x"}), "二进制工作簿"),
    ("pdf", lambda c: b"%PDF-1.7 ...", "PDF"),
    ("a zip of something else", lambda c: repacked(c, lambda n, b: None, {"a.txt": b"x"}), "不是工作簿"),
    ("macros", lambda c: repacked(c, add={"xl/vbaProject.bin": b"x"}), "带有宏"),
    ("external links", lambda c: repacked(c, add={"xl/externalLinks/a.xml": b"<x/>"}), "链接了别的文件"),
    ("zip bomb", zeros, "展开后有"),
    ("XML entities", sheet_part(T3, b"<worksheet", DOCTYPE + b"<worksheet"), "实体声明"),
    ("broken XML", sheet_part(T3, b"</row>", b"</wor>"), "读不下去"),
    ("a row number that is none", sheet_part(T3, b'<row r="8"', b'<row r="x"'), "读不下去"),
    ("a style number that is none", sheet_part(T3, b'r="E8" s="', b'r="E8" s="x'), "读不下去"),
    ("a text that is not there", lambda c: repacked(c, lambda n, b: astray(b) if n == T3 else b), "读不出来"),
    ("a part missing", lambda c: repacked(c, lambda n, b: None if n == T3 else b), "读不出来"),
    ("a sheet renamed", lambda c: reopened(c, rename), "可能是改了名"),
    ("a sheet deleted", lambda c: reopened(c, delete), "缺少工作表“文字”"),
    ("a row inserted", lambda c: reopened(c, insert_row), "行列可能被移动"),
    ("cells moved", lambda c: reopened(c, cut_cells), "行列可能被移动"),
    ("a label changed", lambda c: reopened(c, relabel), "B6 应为“行政规范性文件”，现在是“政策文件”"),
    ("a merged cell broken", lambda c: reopened(c, unmerge), "合并单元格 F4:J4"),
    ("another edition", lambda c: reopened(c, other_edition), "“2031”版的表"),
    ("an unknown template", lambda c: reopened(c, old_version), "第 0.1 版模板"),
    ("somebody else's workbook", lambda c: reopened(c, only_cover), "不是本工具的"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_bad_file_gets_a_sentence_and_status_2(change, said, sound, tmp_path, capsys):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(change(sound))
    digest = hashlib.sha256(path.read_bytes()).digest()
    status = cli.main(["check", str(path), "--mark", str(tmp_path / "标.xlsx")])
    out = capsys.readouterr()
    assert status == 2
    assert out.out == ""
    assert "Traceback" not in out.err
    assert said in out.err
    assert re.search(r"请|不读取", out.err)
    assert [p.name for p in tmp_path.iterdir()] == ["坏.xlsx"]
    assert hashlib.sha256(path.read_bytes()).digest() == digest


@pytest.mark.parametrize("change", [r[1] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_bytes_are_refused_like_the_file_they_are(change, sound, tmp_path):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(change(sound))
    assert told(reading.read_bytes, change(sound), "坏.xlsx") == told(reading.read, path)


def test_a_sound_workbook_reads_from_bytes_as_from_its_file(sound, tmp_path):
    (tmp_path / "填.xlsx").write_bytes(sound)
    assert reading.read_bytes(sound, "填.xlsx") == reading.read(tmp_path / "填.xlsx")


@pytest.mark.parametrize(
    ("start", "said"), [(b"x", "不是 Excel 工作簿"), (None, "展开后有")], ids=["junk", "a zip"]
)
def test_a_file_beyond_any_size_is_refused_unread(start, said, sound, tmp_path):
    path = tmp_path / "大.xlsx"
    path.write_bytes(start or sound)
    with path.open("r+b") as file:
        file.truncate(LIMIT) if start else file.write(b"\0" * LIMIT + sound)
    assert said in told(reading.read, path)
    assert told(reading.read, path) == told(reading.read_bytes, path.read_bytes(), "大.xlsx")


def told(read, *of):
    with pytest.raises(Refused) as refused:
        read(*of)
    return str(refused.value)


def far_format(content):
    row = b'<row r="1048576" ht="30" customHeight="1"><c r="A1048576" s="1"/></row></sheetData>'
    return sheet_part(T3, b"</sheetData>", row)(content)


TOLERATED = [
    ("a wrong dimension", lambda c: sheet_part(T3, b'ref="A1:N35"', b'ref="A1:A1"')(c), []),
    ("formatting to the last row", far_format, []),
    ("a namespace prefix", lambda c: repacked(c, lambda n, b: prefixed(b) if n == T2 else b), []),
    ("text in a number cell", lambda c: reopened(c, lambda b: put(b, "E8", "十二")), ["R102"]),
    ("an 18-digit number", lambda c: reopened(c, lambda b: put(b, "E8", 320106199001011234)), ["R105"]),
    ("a formula over an input", lambda c: reopened(c, lambda b: put(b, "E8", "=6+6")), ["R107"]),
    (
        "a date where a count belongs",
        lambda c: reopened(c, lambda b: put(b, "E8", 46024, "yyyy-mm-dd")),
        ["R108"],
    ),
    ("a number of 25 digits", lambda c: reopened(c, lambda b: put(b, "E8", 10**25)), ["R105"]),
    ("an error value", lambda c: reopened(c, lambda b: put(b, "E8", "#N/A")), ["R102"]),
    (
        "text in merged entries",
        lambda c: reopened(c, lambda b: (put(b, "F8", "无"), merge(b))),
        ["R101", "R903"],
    ),
    ("protection removed", lambda c: reopened(c, unprotect), ["R901"]),
]


def put(book, cell, value, number_format="General"):
    book["三、申请办理"][cell].value = value
    book["三、申请办理"][cell].number_format = number_format


def merge(book):
    book["三、申请办理"].merge_cells("F8:G8")


def unprotect(book):
    book["三、申请办理"].protection.sheet = False


def prefixed(body):
    """The same sheet as another program may write it: every element with a prefix."""
    body = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", body)
    return body.replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(("change", "rules"), [t[1:] for t in TOLERATED], ids=[t[0] for t in TOLERATED])
def test_what_can_be_read_is_read_and_told(change, rules, sound, tmp_path, capsys):
    path = tmp_path / "怪.xlsx"
    path.write_bytes(change(sound))
    assert path.read_bytes() != sound
    status = cli.main(["check", str(path)])
    found = re.findall(r"  (R\d{3})  ", capsys.readouterr().out)
    assert (status, found) == (int(any(r < "R9" for r in rules)), rules)


def test_the_rest_of_a_batch_goes_on(sound, tmp_path, capsys):
    (tmp_path / "好.xlsx").write_bytes(sound)
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    status = cli.main(["check", str(tmp_path / "坏.xlsx"), str(tmp_path / "好.xlsx"), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert (status, [re.search(r'"status": "(\w+)"', line)[1] for line in lines]) == (
        2,
        ["unreadable", "pass"],
    )


BAD_JSON = [
    ("{", "第 1 行"),
    ("[]", "写法不对"),
    ('{"edition": "2021", "values": {"t3.new.everyone": 1}}', "values.t3.new.everyone"),
    ('{"edition": "2021", "values": {"t3.new.natural": [1]}}', "values.t3.new.natural"),
    ('{"edition": "1999"}', "没有 1999 年版"),
    ('{"year": 2010}', "2010 年度没有对应"),
    ('{"unit": "某镇"}', "没有写 edition"),
    ('{"edition": "2021", "colour": "red"}', "colour"),
    ("[" * 100_000, "JSON"),
    ('{"edition": "2021", "values": {"t3.new.natural": 1, "t3.new.natural": 1}}', "t3.new.natural”写了不止"),
    ('{"edition": "2021", "year": 2025, "edition": "2019"}', "edition”写了不止"),
]


@pytest.mark.parametrize(("text", "said"), BAD_JSON)
def test_a_bad_json_gets_a_sentence(text, said, tmp_path, capsys):
    (tmp_path / "数据.json").write_text(text, encoding="utf-8")
    status = cli.main(["check", str(tmp_path / "数据.json")])
    err = capsys.readouterr().err
    assert status == 2
    assert said in err
    assert "请" in err or "现有" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "没有命令 chek，是不是 check"),
        (["报告"], "没有命令 报告，是不是 report"),
        (["check", "--foo", "a.xlsx"], "没有选项 --foo。"),
        ([], "还缺少"),
        (["check"], "还缺少"),
        (["new", "-o", "x.xlsx", "--year", "去年"], "四位数"),
        (["check", "没有.xlsx"], "找不到文件"),
        (["check", "."], "是文件夹"),
        (["explain", "R000"], "没有规则 R000"),
        (["report", "x.json", "-o", "x.txt"], "请用 .docx、.html 或 .pdf"),
        (["check", "a.xlsx", "b.xlsx", "--mark", "c.xlsx"], "一次只能标注一份"),
    ],
)
def test_a_wrong_command_gets_a_sentence(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    assert said in capsys.readouterr().err


def test_nothing_is_written_over_what_was_read(sound, tmp_path, capsys):
    path = tmp_path / "填.xlsx"
    path.write_bytes(sound)
    assert cli.main(["check", str(path), "--mark", str(path)]) == 2
    assert path.read_bytes() == sound


def test_a_folder_that_cannot_be_written_gets_a_sentence(sound, tmp_path, capsys):
    (tmp_path / "填.xlsx").write_bytes(sound)
    (tmp_path / "是文件").write_text("x")
    status = cli.main(["check", str(tmp_path / "填.xlsx"), "--mark", str(tmp_path / "是文件" / "标.xlsx")])
    assert status == 2
    assert "写不到" in capsys.readouterr().err


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    save(build_template("2021"), tmp_path / "空.xlsx")
    fill_workbook(
        tmp_path / "空.xlsx",
        edited(base("2021"), {"s1": "=cmd|' /C calc'!A0", "unit": "@SUM(1)"}),
        tmp_path / "填.xlsx",
    )
    book = openpyxl.load_workbook(tmp_path / "填.xlsx")
    assert (book["文字"]["C5"].data_type, book["封面"]["C5"].data_type) == ("s", "s")


def test_files_are_written_by_a_rename(tmp_path, monkeypatch):
    target = Path(tmp_path, "表.xlsx")
    target.write_text("旧的")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        save(build_template("2021"), target)
    assert (target.read_text(), [p.name for p in tmp_path.iterdir()]) == ("旧的", ["表.xlsx"])


@pytest.mark.parametrize(("code", "shown"), [("\x1b[31m", "\ufffd[31m"), ("\n", " "), ("\u202e", "\ufffd")])
def test_a_name_that_a_terminal_would_obey_is_one_line_of_letters(code, shown, sound, tmp_path, capsys):
    (tmp_path / f"表{code}.xlsx").write_bytes(sound)
    cli.main(["check", str(tmp_path / f"表{code}.xlsx")])
    cli.main(["check", str(tmp_path / f"无{code}.xlsx")])
    out, err = capsys.readouterr()
    assert [line for line in out.splitlines()[:-1] if not line.startswith(f"表{shown}.xlsx")] == []
    assert f"无{shown}.xlsx" in err.replace("\n", " ")
