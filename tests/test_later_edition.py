"""An edition that nobody has thought of: one data file more beside the same installed code, and all works.

form_2027.toml is invented: to the edition of 2021 it adds a row, two columns and a small table of amounts
with a section of its own. It is put into the data folder of a copy of the package; not one line of Python
differs.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from filecmp import dircmp
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import office
import openpyxl
import pytest
from by_name import dump_filing
from cases import base
from conftest import not_run
from tables import filing

from xlcheck import data, importing
from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.form import Form
from xlcheck.data.checking import checked
from xlcheck.data.form import FormFile
from xlcheck.data.workbook import workbook
from xlcheck.workbook import json as filings

TESTS = Path(__file__).parent
NAME = "2027"
FORM = Form(checked(TESTS / f"form_{NAME}.toml", FormFile), workbook())
NEW = ("t3.denied_9.natural", "t3.granted.school", "t5.training.held")  # of its row, its column, its table


class House(NamedTuple):
    """A copy of the package that has one edition more, run as a program of its own."""

    root: Path
    desk: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the copy first among what it imports, and the tests behind it."""
        path = os.pathsep.join(map(str, (self.root, TESTS)))
        mine = os.environ | {"PYTHONPATH": path, "XDG_CACHE_HOME": str(self.root / "cache")}
        command = [sys.executable, *words]
        return subprocess.run(command, env=mine, cwd=self.desk, capture_output=True, text=True, timeout=1500)

    def xlcheck(self, *words: str, status: int = 0) -> str:
        """What a command says, if it ends as it should."""
        done = self.run("-m", "xlcheck.cli", *words)
        assert done.returncode == status, (words, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def filled(self, file: str, edition: str, values: str) -> str:
        """A workbook filled with a filing, by the commands for it."""
        (self.desk / f"{file}.json").write_text(values, encoding="utf-8")
        if not (self.desk / f"空{edition}.xlsx").exists():
            self.xlcheck("new", "-o", f"空{edition}.xlsx", "--edition", edition)
        self.xlcheck("fill", f"空{edition}.xlsx", "--from", f"{file}.json", "-o", f"{file}.xlsx", "--force")
        return f"{file}.xlsx"

    def values(self, *words: str) -> dict[str, Any]:
        """The filing that a command prints as JSON."""
        return dict(json.loads(self.xlcheck(*words), parse_float=Decimal))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    root, package = tmp_path_factory.mktemp("later"), data.HERE.parent
    shutil.copytree(package, root / "xlcheck", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TESTS / f"form_{NAME}.toml", root / "xlcheck" / "data")
    assert differences(dircmp(package, root / "xlcheck", ignore=["__pycache__"])) == [f"form_{NAME}.toml"]
    return House(root, tmp_path_factory.mktemp("desk"))


def differences(both: "dircmp[str]") -> list[str]:
    found = [*both.left_only, *both.right_only, *both.diff_files, *both.funny_files]
    return found + [name for part in both.subdirs.values() for name in differences(part)]


def sound(seed: int = 1, **more: Any) -> Filing:
    return filing(FORM, Random(seed))._replace(**more)


def told(filed: Filing, **edit: Any) -> str:
    """A filing of the new edition as JSON, some of its figures changed."""
    return filings.dump_filing(FORM, filed._replace(values={**filed.values, **edit}))


def figures(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if entry is None else Decimal(entry) for name, entry in values.items()}


def test_a_workbook_is_made_filled_and_read(house):
    filed = sound()
    there = house.values("dump", house.filled("填", NAME, told(filed)))
    assert (figures(there["values"]), there["texts"]) == (filed.values, filed.texts)
    assert set(NEW) < there["values"].keys()


def test_the_year_chooses_it_and_ends_the_edition_before(house):
    for year, name in (("2026", "2021"), (NAME, NAME), ("2031", NAME)):
        house.xlcheck("new", "-o", f"年{year}.xlsx", "--year", year)
        assert house.values("dump", f"年{year}.xlsx")["edition"] == name
    said = house.xlcheck("explain", "R114")
    assert "2021—2026 年度用 2021 年版，2027 年度起用 2027 年版" in said
    assert FORM.notice in said


def test_a_sound_filing_passes_and_its_own_rules_ran(house):
    (verdict,) = json_lines(house.xlcheck("check", house.filled("好", NAME, told(sound(2))), "--json"))
    ran = {one["rule"]: one["cases"] for one in verdict["ran"]}
    about = {f["at"] for f in verdict["findings"]}  # the texts are short, which is a reminder
    assert (verdict["status"], about & FORM.fields.keys()) == ("warn", set())
    assert (ran["R551"], ran["R552"], ran["R301"], ran["R302"]) == (4, 3, 26, 8)


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("t3.new.school", "收到教育机构申请{0}件。"),
        ("t4.review.settled", "因政府信息公开被申请行政复议{1}件，其中调解结案{0}件。"),
    ],
)
def test_a_text_may_name_a_column_that_no_other_edition_has(house, more, field, words):
    """It is compared with that column; an edition need not say what its own headings mean."""
    filed = sound(3)
    text = filed.texts["s1"] + words.format(filed.values[field] + more, filed.values["t4.review.total"])
    given = told(filed._replace(texts={**filed.texts, "s1": text}))
    status = 1 if more and field.startswith("t4") else 0
    (verdict,) = json_lines(house.xlcheck("check", house.filled("文", NAME, given), "--json", status=status))
    own = field.rpartition(".")[2]
    named = [f for f in verdict["findings"] if f["rule"] in ("R610", "R611")]
    assert len(named) == more
    assert [name for f in named for name in f["fields"] if not name.endswith(f".{own}")] == []


def test_its_sentences_say_its_own_counts(house):
    """Every rule is explained; none names a count or a place of the edition before."""
    said = "".join(
        house.xlcheck("explain", rule) for rule in ("R301", "R601", "R633", "R501", "R634", "R551")
    )
    for words in ("七类申请人", "七个部分", "一、六、七都写了", "四张表", "七写明信息处理费", "格式，表五"):
        assert words in said
    assert re.findall("六类|六个部分|三张表|一、五、六", said) == []
    file = house.filled("部", NAME, told(sound(3)))
    guide = " ".join(
        str(c.value) for row in openpyxl.load_workbook(house.desk / file)["填报说明"] for c in row
    )
    assert ("920 元填 0.092" in guide, "{" in guide) == (True, False)


def json_lines(said: str) -> list[Any]:
    return [json.loads(line, parse_float=Decimal) for line in said.splitlines()]


@pytest.mark.parametrize("field", [*NEW, "t3.sum.total", "t5.sum.total"])
def test_the_wrong_cell_is_named_and_marked(house, field):
    filed = sound(3)
    right = filed.values[field]
    file = house.filled("错", NAME, told(filed, **{field: right + 17}))
    (verdict,) = json_lines(house.xlcheck("check", file, "--json", "--force", "--mark", "标.xlsx", status=1))
    errors = [f["fix"] for f in verdict["findings"] if f["severity"] == "error"]
    assert [(fix["field"], fix["to"]) for fix in errors] == [(field, right)]
    at = FORM.fields[field]
    note = openpyxl.load_workbook(house.desk / "标.xlsx")[at.sheet][at.cell].comment
    assert note is not None
    assert f"{right}" in note.text
    assert figures(house.values("dump", "标.xlsx")["values"]) == {**filed.values, field: right + 17}


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_its_own_report_comes_back_whole(house, kind):
    for seed in range(4, 8):
        filed = sound(seed)
        filed = filed._replace(texts={**filed.texts, "s5": "存在问题：人手不足。改进情况：已增加一人。"})
        house.xlcheck("report", house.filled(f"报{seed}", NAME, told(filed)), "-o", f"报{seed}.{kind}")
        read = house.values("import", f"报{seed}.{kind}", "--json")
        assert (read["edition"], read["missing"], read["open"]) == (NAME, [], [])
        assert (figures(read["values"]), read["texts"]) == (filed.values, filed.texts)


@pytest.mark.parametrize("kind", ["docx", "html"])
@pytest.mark.parametrize("name", ["2019", "2021"])
def test_an_older_report_is_still_of_its_edition(house, name, kind):
    filed = base(name)
    house.xlcheck("report", house.filled("旧", name, dump_filing(filed)), "-o", f"旧.{kind}", "--force")
    read = house.values("import", f"旧.{kind}", "--json")
    assert (read["edition"], read["open"], figures(read["values"])) == (name, [], filed.values)


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_where_it_is_not_known_its_report_is_not_read_in_silence(house, tmp_path, kind):
    """By the installed code without the new file: nothing is misread, and every figure left out is told."""
    filed = sound(8)
    house.xlcheck("report", house.filled("未", NAME, told(filed)), "-o", f"未.{kind}")
    read = importing.read_report(house.desk / f"未.{kind}")
    assert read.edition.form.edition == "2021"
    assert not {n: v for n, v in read.filing.values.items() if v not in (None, filed.values[n])}
    said = " ".join(
        one for doubt in read.doubts for one in (doubt.text, *(w for way in doubt.ways for w in way))
    )
    new = {name for name in FORM.fields if name not in read.filing.values}
    lost = [name for name in new if figure_text(filed.values[name]) not in said.split()]
    assert (len(new), lost) == (48, [])


def test_a_damaged_workbook_loses_nothing(house):
    """Its labels are those of 2021 and more: even with the new row's lost it is of the new edition."""
    filed = sound(9)
    book = openpyxl.load_workbook(house.desk / house.filled("坏", NAME, told(filed)))
    page = book[FORM.sheets["t3"]]
    page.protection.sheet = book.security.lockStructure = False
    book.defined_names.clear()
    row = next(r for r in range(1, 60) if page.cell(r, 4).value == "9.属于工作秘密")
    page.cell(row, 4).value = None
    book[FORM.sheets["t5"]].title = "Sheet9"
    book.save(house.desk / "坏了.xlsx")
    said = house.xlcheck("repair", "坏了.xlsx", "-o", "修.xlsx")
    assert figures(house.values("dump", "修.xlsx")["values"]) == filed.values
    assert all(word in said for word in ("9.属于工作秘密", "Sheet9", f"{NAME} 年版", "248／248"))


def test_a_workbook_of_another_edition_under_this_one_s_name_is_not_lost_in_silence(house):
    """The hidden sheet says 2021, the labels another: they are believed, and what is amiss is said."""
    filed = sound(10)
    book = openpyxl.load_workbook(house.desk / house.filled("假", NAME, told(filed)))
    head = book[FORM.sheets["hidden"]]
    at = next(cell for (cell,) in head["B1:B30"] if cell.value == NAME)
    at.value = "2021"
    book.save(house.desk / "假的.xlsx")
    said = house.xlcheck("repair", "假的.xlsx", "-o", "真.xlsx")
    assert "2021" in said
    assert figures(house.values("dump", "真.xlsx")["values"]) == filed.values


@pytest.fixture(scope="module")
def county(house):
    """Three units report in the new form, one of them with a wrong cell; a fourth in the form of 2021."""
    inbox = house.desk / "收件箱"
    inbox.mkdir()
    units = {f"{name}人民政府": sound(20 + n) for n, name in enumerate(("清水镇", "白石镇", "云岭乡"))}
    wrong = units["白石镇人民政府"]
    units["白石镇人民政府"] = wrong._replace(values={**wrong.values, "t5.audit.total": Decimal(99)})
    for unit, filed in units.items():
        values = told(filed._replace(unit=unit, texts={**filed.texts, "sign": unit}))
        shutil.copy(house.desk / house.filled("县", NAME, values), inbox / f"{unit}.xlsx")
    older = base("2021")._replace(unit="青山乡人民政府", year=Decimal(2027))
    shutil.copy(house.desk / house.filled("县", "2021", dump_filing(older)), inbox / "青山乡人民政府.xlsx")
    names = "".join(f"{unit},镇\n" for unit in (*units, "青山乡人民政府"))
    (house.desk / "roster.csv").write_text("单位名称,类别\n" + names, encoding="utf-8-sig")
    words = ("--roster", "roster.csv", "-o", "结果", "--county", "清水县", "--jobs", "1", "--year", "2027")
    house.xlcheck("collect", "收件箱", *words, "--today", "2028-01-26", status=1)
    return units


def test_the_county_adds_up_the_new_table_too(house, county):
    book = openpyxl.load_workbook(house.desk / "结果" / "汇总.xlsx", data_only=True)
    sheet = next(book[name] for name in book.sheetnames if name.startswith("合计") and "五" in name)
    for name in FORM.groups["t5"]:
        shown = re.sub(r"[^\d.]", "", str(sheet[FORM.fields[name].cell].value))
        assert Decimal(shown) == sum(filed.values[name] for filed in county.values()), name
    rows = [[c.value for c in row] for row in book["收报情况"].iter_rows()]
    assert sum("青山乡人民政府" in row for row in rows) == 1
    said = " ".join(str(c.value) for row in book["问题清单"].iter_rows() for c in row)
    assert "专项检查 · 总计" in said


def test_the_county_s_page_draws_the_new_table(house, county):
    page = (house.desk / "结果" / "收报情况.html").read_text(encoding="utf-8")
    assert re.findall(r'<template id="form-2027-(\w+)">', page) == list(FORM.tables)
    assert all(label in page for label in ("教育机构", "9.属于工作秘密", FORM.sections["t5"]))


# The tests of every edition, run where there is one more. Those of official labels ask after real editions.
EVERY = [
    ("test_importing.py", "2027 or (alone and (2019 or 2021)) or (notice and (2019 or 2021))", 26),
    ("test_repair.py", "2027 or (2021 and (inserted or hidden))", 60),
    ("test_locate.py test_form.py test_workbook.py test_report.py", "2027 and not official_ones", 8),
    ("test_rule_system.py", "2027", 48),
]


@pytest.mark.parametrize(("files", "wanted", "least"), EVERY, ids=[files for files, _, _ in EVERY])
def test_what_every_edition_must_pass(house, files, wanted, least):
    passed = inner(house, files, wanted)
    assert passed >= least


def test_formulas_and_python_judge_it_alike(house):
    if why := office.missing():
        not_run(why)
    assert inner(house, "test_office.py", f"{NAME} and (alike or alone)") == 2


def inner(house: House, files: str, wanted: str) -> int:
    """How many tests passed in the copy; any that did not fails with its words."""
    paths = (str(TESTS / file) for file in files.split())
    done = house.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", wanted, *paths)
    assert done.returncode == 0, done.stdout[-4000:]
    return sum(len(dots) for dots in re.findall(r"^(\.+) +\[ *\d+%\]$", done.stdout, re.M))
