"""What the command line says to who mistypes, and that no file is written over unasked."""

import os
import re
import shutil
import string
from collections import Counter
from pathlib import Path

import pytest
from by_name import dump_filing, judge
from cases import base, edited

from xlcheck import __version__, cli, saving
from xlcheck.commands.parser import all_verbs
from xlcheck.data.cli import cli as cli_words
from xlcheck.data.county import county
from xlcheck.data.messages import messages
from xlcheck.data.workbook import workbook
from xlcheck.editions import rulebook
from xlcheck.saving import atomically
from xlcheck.template.hidden import message


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A filing as JSON, and as a workbook empty and filled."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "数据.json").write_text(dump_filing(base("2021")), encoding="utf-8")
    empty, filled = folder / "空.xlsx", folder / "清水镇2025.xlsx"
    assert cli.main(["new", "-o", str(empty), "--year", "2025"]) == 0
    assert cli.main(["fill", str(empty), "--from", str(folder / "数据.json"), "-o", str(filled)]) == 0
    return folder


@pytest.fixture
def desk(made, tmp_path, monkeypatch):
    """A folder with all of these; this is where the commands are typed."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(made, tmp_path, dirs_exist_ok=True))


# ---------------------------------------------------------------- nothing is written over
WRITERS = {
    "new": (["new", "--year", "2025", "-o"], "出.xlsx"),
    "fill": (["fill", "空.xlsx", "--from", "数据.json", "-o"], "出.xlsx"),
    "mark": (["check", "清水镇2025.xlsx", "--mark"], "出.xlsx"),
    "docx": (["report", "清水镇2025.xlsx", "-o"], "出.docx"),
    "html": (["report", "清水镇2025.xlsx", "-o"], "出.html"),
    "draft": (["report", "清水镇2025.xlsx", "--draft", "-o"], "出.html"),
    "import": (["import", "报告.html", "-o"], "出.xlsx"),
    "repair": (["repair", "清水镇2025.xlsx", "-o"], "出.xlsx"),
    "build": (["build", "-o", "."], "workbook_template.xlsx"),
    "demo": (["demo", "-o", "."], cli_words().demo.files.marked),
    "addin": (["addin", "build", "-o", "."], "xlcheck.xlam"),
}


@pytest.fixture
def writing(desk):
    """The words of a command that writes, where a file of that name already lies."""

    def prepared(kind):
        words, name = WRITERS[kind]
        if kind == "import":
            assert cli.main(["report", "清水镇2025.xlsx", "-o", "报告.html"]) == 0
        (desk / name).write_text("别人的", encoding="utf-8")
        return [*words, *([] if "." in words else [name])], desk / name

    return prepared


@pytest.mark.parametrize("kind", WRITERS)
def test_no_file_is_written_over_unasked(kind, writing, desk, capsys):
    words, target = writing(kind)
    before = {path.name for path in desk.iterdir()}
    capsys.readouterr()
    assert cli.main(words) == 2
    told = capsys.readouterr().err.splitlines()
    assert (target.read_text(encoding="utf-8"), {path.name for path in desk.iterdir()}) == ("别人的", before)
    assert (len(told), target.name in told[0], "--force" in told[0]) == (1, True, True)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_is_written_over_by_force(kind, writing):
    words, target = writing(kind)
    assert cli.main([*words, "--force"]) == 0
    assert target.read_bytes() != "别人的".encode()


SAME = [
    ["fill", "空.xlsx", "--from", "数据.json", "-o", "空.xlsx"],
    ["check", "空.xlsx", "--mark", "空.xlsx"],
    ["check", "空.xlsx", "--last", "清水镇2025.xlsx", "--mark", "./清水镇2025.xlsx"],
    ["repair", "空.xlsx", "-o", "空.xlsx"],
    ["import", "空.xlsx", "-o", "空.xlsx"],
    ["new", "--last", "空.xlsx", "-o", "空.xlsx"],
]


@pytest.mark.parametrize("words", SAME, ids=lambda words: words[0])
def test_what_is_read_is_not_written_over_by_any_force(words, desk, capsys):
    before = {path.name: path.read_bytes() for path in desk.iterdir()}
    assert cli.main([*words, "--force"]) == 2
    assert cli_words().out.same_file.partition("{")[0] in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in desk.iterdir()} == before


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_comes_in_between_stays(links, tmp_path, monkeypatch):
    """Another program may take the name while the work is done; also on a disk that knows no links."""
    target = tmp_path / "表.xlsx"
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(saving.ENOTSUP, "")))

    def write(beside: Path) -> None:
        beside.write_text("我的")
        target.write_text("别人的")

    with pytest.raises(FileExistsError, match="表"):
        atomically(target, write, over=False)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("表.xlsx", "别人的")]
    target.unlink()
    atomically(target, lambda beside: beside.write_text("我的"), over=False)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("表.xlsx", "我的")]


# ---------------------------------------------------------------- who mistypes
MISTYPED = [
    (["chek", "a.xlsx"], "是不是 check"),
    (["校验", "a.xlsx"], "是不是 check"),
    (["collct"], "是不是 collect"),
    (["修复", "坏.xlsx"], "是不是 repair"),
    (["检查", "a.xlsx"], "是不是 check"),
    (["导入"], "是不是 import"),
    (["汇总"], "是不是 collect"),
    (["新建表格"], "是不是 new"),
    (["帮助"], "是不是 --help"),
    (["-v"], "是不是 --version"),
    (["zzz"], "命令有：demo、new"),
    (["清水镇2025.xlsx"], "xlcheck check 清水镇2025.xlsx"),
    (["清水镇2025.xlsx", "报告", "-o", "a.docx"], "xlcheck report 清水镇2025.xlsx -o a.docx"),
    (["--mark", "a.xlsx", "check", "清水镇 2025.xlsx"], 'xlcheck check --mark a.xlsx "清水镇 2025.xlsx"'),
    (["report", "清水镇2025.xlsx"], "还缺少：-o/--out。例：xlcheck report 已填.xlsx -o"),
    (["ledger", "备份"], "backup 备份"),
    (["code", "3479-4367"], "--ledger"),
    (["check", "清水镇2025.xlsx", "--lst", "空.xlsx"], "是不是 --last"),
    (["check", "清水镇2025.xlsx", "—mark", "a.xlsx"], "改成 --mark"),
    (["new", "–o", "a.xlsx"], "改成 -o"),
    (["addin", "instal"], "是不是 install"),
    (["new", "-o", "a.xlsx", "--year", "25"], "四位数"),
    (["collect", "收件箱", "--year", "2025年"], "四位数"),
    (["check", "清水镇2025"], "“清水镇2025.xlsx”，是不是它"),
    (["check", "清水县2025.xlsx"], "“清水镇2025.xlsx”，是不是它"),
    (["check", "没有*.xlsx"], "找不到文件“没有*.xlsx”"),
    (["check", "文件夹"], "xlcheck collect"),
    (["check", "清水镇2025.xlsx", "--last", "文件夹"], "xlcheck collect"),
    (["report", "文件夹", "-o", "a.docx"], "xlcheck collect"),
    (["check", "清水镇2025.xlsx", "--policy", "文件夹"], "写出里面的那个文件"),
    (["collect", "收件箱", "--roster", "文件夹"], "写出里面的那个文件"),
    (["fill", "数据.json", "--from", "空.xlsx", "-o", "a.xlsx"], "JSON 数据文件"),
    (["explain", "303"], "是不是 R303"),
    (["repair", "文件夹", "-o", "a.xlsx"], "xlcheck collect"),
    (["check", "报告.docx"], "xlcheck import"),
    (["check", "清水镇2025.xlsx", "--last", "报告.docx"], "xlcheck import"),
    (["new", "--last", "报告.docx", "-o", "a.xlsx"], "xlcheck import"),
    (["import", "清水镇2025.xlsx", "-o", "a.docx"], ".xlsx 结尾"),
    (["repair", "清水镇2025.xlsx", "-o", "a.docx"], ".xlsx 结尾"),
    (["explain", "R301", "R302"], "多出来"),
    (["check", "--json=1", "清水镇2025.xlsx"], "后面不跟值"),
    (["report", "清水镇2025.xlsx", "-o"], "后面要跟一个值"),
    (["fill", "空.xlsx"], "还缺少：--from"),
    (["import"], "还缺少：报告"),
    (["check", "清水镇2025.xlsx", "--policy", "没有.toml"], "找不到文件"),
    (["collect", "收件箱", "--jobs", "多"], "整数"),
    (["decide", "退"], "账本"),
    (["notices", "--deadline", "明天"], "2026-01-31"),
    ([], "还缺少：命令"),
]


@pytest.mark.parametrize(
    ("words", "said"), MISTYPED, ids=lambda w: " ".join(w) if isinstance(w, list) else ""
)
def test_who_mistypes_is_told_what_may_be_meant(words, said, desk, capsys):
    (desk / "文件夹").mkdir()
    (desk / "报告.docx").write_bytes(b"PK")
    before = {path.name for path in desk.iterdir()}
    capsys.readouterr()
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert (said in err, err.count("\n"), out) == (True, 1, "")
    assert english(err) <= {word for one in words for word in re.findall("[A-Za-z]+", one)}
    assert {path.name for path in desk.iterdir()} - {"county.db"} == before


def test_no_word_stands_for_two_commands():
    words = cli_words()
    verbs = Counter(one for verb, said in words.verb.items() for one in (verb, *said.called))
    assert [one for one, times in verbs.items() if times > 1 or one in words.options] == []


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["--version"])
    assert (left.value.code, capsys.readouterr().out.split()[1]) == (0, __version__)


def test_where_no_shell_does_it_the_files_are_found(desk, capsys):
    """As on Windows: what * stands for; Excel's own file beside an open workbook is none of them."""
    (desk / "~$清水镇2025.xlsx").write_bytes(b"\x08admin")
    assert cli.main(["check", "清水*.xlsx"]) == 0
    assert cli.main(["check", "*2025.XLSX"]) == 2
    out, err = capsys.readouterr()
    assert ("清水镇2025.xlsx：" in out, "~$" in out + err) == (True, False)


def test_an_extension_in_capitals_is_the_same(desk, capsys):
    (desk / "清水镇2025.xlsx").rename(desk / "清水镇2025.XLSX")
    (desk / "数据.json").rename(desk / "数据.JSON")
    assert cli.main(["check", "清水镇2025.XLSX", "数据.JSON"]) == 0
    assert cli.main(["report", "清水镇2025.XLSX", "-o", "报告.DOCX"]) == 0
    assert (desk / "报告.DOCX").stat().st_size > 0


# ---------------------------------------------------------------- in Chinese
OPTIONS = {flag for verb in all_verbs().values() for a in verb.arguments for flag in a.flags.split()}
NAMES = {  # of a command or an option; formats, programs and files by their own names; a word of a file's
    *re.findall("[a-z]+", " ".join((*all_verbs(), *(o for o in OPTIONS if o.startswith("-"))))),
    *("h", "help", "version", "xlcheck", "install", "uninstall", "status", "pip", "cluster"),
    *("json", "word", "pdf", "excel", "libreoffice", "wps", "dask", "sqlite", "toml", "csv", "zip", "xlsx"),
    *("docx", "html", "mhtml", "txt", "md", "xls", "ods", "et", "doc", "xlsb", "utf", "xml", "opendocument"),
    *("python", "windows", "npm", "pyodide", "tgz", "backup", "move", "ofd"),
    *("db", "county", "roster", "mb", "edition", "year", "null"),
    *("warning", "info", "off", "due", "severity", "month", "day"),  # what stands in a county's policy
    *("alike", "last", "content", "name", "words", "figure", "true", "false", "score", "full"),
    *("point", "on", "points", "per", "most", "rules", "by", "hand"),
}


def english(text):
    """Words of English in a text for a person, but for names."""
    text = re.sub(r"\{[^{}]*\}|%\(\w+\)s|%s|[A-Z]\d{3}|[a-z0-9]+://[\w.:]*", " ", text)
    return {word for word in re.findall(r"[A-Za-z]+", text) if word.lower() not in NAMES}


def test_english_would_be_seen():
    assert english("还缺少：files。invalid choice: 'chek'") == {"files", "invalid", "choice", "chek"}
    assert english("用法：xlcheck check [-h] [--last 上年文件] R301 {path}") == set()


@pytest.mark.parametrize("verb", ["", *all_verbs()])
def test_no_help_says_a_word_of_english(verb, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([*filter(None, [verb]), "-h"])
    told = capsys.readouterr().out
    assert (left.value.code, english(told), len(told) > 100) == (0, set(), True)


def sentences(words):
    match words:
        case str():
            yield words
        case dict():
            yield from (text for one in words.values() for text in sentences(one))
        case tuple():
            yield from (text for one in words for text in sentences(one))


@pytest.mark.parametrize(
    "words", [cli_words(), messages(), county().say, county().decide], ids=lambda w: type(w).__name__
)
def test_no_sentence_says_a_word_of_english(words):
    told = [text for text in sentences(words) if not set(text) <= set(string.printable)]
    assert ([text for text in told if english(text)], len(told) > 5) == ([], True)


@pytest.mark.parametrize("rule", rulebook().rule, ids=lambda rule: rule.id)
def test_a_rule_is_explained_in_words_and_computed_only_when_asked(rule, capsys):
    assert cli.main(["explain", rule.id]) == 0
    plain = capsys.readouterr().out
    assert cli.main(["explain", rule.id, "--formula"]) == 0
    whole = capsys.readouterr().out
    assert (rule.sound in plain, re.findall(r"[{}=<>]|t\d\.", plain)) == (True, [])
    assert (rule.test in whole, rule.message in whole) == (True, True)


# ---------------------------------------------------------------- a new year
def test_a_new_workbook_says_what_it_has_from_last_year(desk, capsys):
    (desk / "错.json").write_text(
        dump_filing(edited(base("2021"), {"t4.review.upheld": 3})), encoding="utf-8"
    )
    capsys.readouterr()
    assert cli.main(["new", "--last", "错.json", "-o", "2026.xlsx"]) == 0
    told = capsys.readouterr().err
    assert ("“错.json”" in told, "7 格" in told, " 0 " in told, "1 处错误" in told) == (
        True,
        True,
        False,
        True,
    )
    assert cli.main(["new", "--last", "清水镇2025.xlsx", "-o", "好.xlsx"]) == 0
    assert "处错误" not in capsys.readouterr().err


# ---------------------------------------------------------------- as a person says it
def checked(desk, capsys, edit, **more):
    filing = edited(base("2021"), edit)._replace(**more)
    (desk / "件.json").write_text(dump_filing(filing), encoding="utf-8")
    capsys.readouterr()
    cli.main(["check", "件.json"])
    return capsys.readouterr().out


COUNTED = [
    ({}, {}, "没有错误，没有提醒。", None),
    ({"t4.review.upheld": 3}, {}, "错误 1 处。", "不通过 1，"),
    ({"preface": ""}, {}, "没有错误，提醒 1 处。", "不通过 1，"),
    ({"preface": "", "t4.review.upheld": 3}, {}, "错误 1 处，提醒 1 处。", "不通过 2，"),
    ({"preface": ""}, {"answers": {"R602": "不写"}}, "没有错误，提醒都已说明。", "不通过 0，已说明 1，"),
    (
        {"t3.granted.natural": 21},
        {},
        "错误 1 处。",
        "不通过 2，不适用",
    ),  # one cell, two sums, no answer
]


@pytest.mark.parametrize(("edit", "more", "said", "ran"), COUNTED)
def test_nothing_is_counted_that_is_not_there(edit, more, said, ran, desk, capsys):
    told = checked(desk, capsys, edit, **more)
    assert (said in told, " 0 处" in told, ran is None or ran in told) == (True, False, True)


def test_of_what_is_answered_nothing_more_is_asked():
    filing = edited(base("2021"), {"t2.normative.valid": 0, "s1": "（一）主动公开。"})
    (asked,) = (f for f in judge(filing).findings if f.rule == "R202")
    (told,) = (f for f in judge(filing._replace(answers={"R202": "到期失效"})).findings if f.rule == "R202")
    assert ("写一句" in asked.advice, told.advice) == (True, workbook().words.already)


def test_a_form_not_yet_filled_is_not_answered_with_a_page_of_numbers(desk, capsys):
    capsys.readouterr()
    assert cli.main(["check", "空.xlsx"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert (re.findall(r"R\d+", last), re.search(r"有 \d+ 条规则没有核对全", last) is None) == ([], False)


def test_a_cell_is_told_by_its_table_and_name(desk, capsys):
    texts = {"s1": base("2021").texts["s1"] + "本年制发行政规范性文件3件。"}
    told = checked(desk, capsys, {"t2.normative.made": 2, "t2.normative.valid": 2, **texts})
    assert re.search("写的是 3，表二“行政规范性文件[^”]*”是 2，不一致", told)


def test_full_width_figures_are_named(desk, capsys):
    assert "用半角（英文）数字重填 12" in checked(desk, capsys, {"t2.penalty.decisions": "１２"})


def test_a_difference_is_told_without_the_dust_of_doubles():
    told = message("× 差 {new+carried_in-handled}", {}, str.upper)
    assert told == '"× 差 "&ROUND(NEW+CARRIED_IN-HANDLED,6)'
    assert message("{parts}", {}, str.upper) == "(PARTS)"
