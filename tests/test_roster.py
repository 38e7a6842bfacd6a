"""The roster: read as Excel saves it, refused with the line, and whose name a cover means."""

import shutil
import subprocess

import pytest
from conftest import not_run
from openpyxl import Workbook

from xlcheck.county.roster import Finder, as_csv, read_roster, write_template
from xlcheck.county.submission import Unit
from xlcheck.editions import Refused

HEAD = "单位名称,类别,汇总,曾用名\n"
NAMES = ("清水镇人民政府", "白石街道办事处", "清水县财政局", "清水县财政局会计中心")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_encodings(tmp_path, encoding):
    (tmp_path / "r.csv").write_text(HEAD + "清水镇人民政府,镇,,\n", encoding=encoding)
    (unit,) = read_roster(tmp_path / "r.csv")
    assert (unit.name, unit.kind, unit.counted) == ("清水镇人民政府", "镇", "township")


def test_a_workbook_serves_as_well(tmp_path):
    book = Workbook()
    book.active.append(["序号", "类别", "单位名称"])
    book.active.append([1, "县级部门", "县财政局"])
    book.active.append([None, None, None])
    book.save(tmp_path / "r.xlsx")
    assert read_roster(tmp_path / "r.xlsx") == (Unit("县财政局", "县级部门", "department"),)


def test_the_template_is_a_roster_without_units(tmp_path):
    write_template(tmp_path / "r.csv")
    with pytest.raises(Refused, match="没有单位"):
        read_roster(tmp_path / "r.csv")
    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig").replace("（示例）", "")
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    counted = [u.counted for u in read_roster(tmp_path / "r.csv")]
    assert counted == ["own", "department", "township", "none"]


KEPT = {
    "under a title": ("2025 年度名单,,\n\n单位名称,类别,联系人\n清水镇,镇,张三\n", "utf-8"),
    "in the office's own words": ("单位,类型,填报人\n清水镇,镇,张三\n", "utf-8"),
    "semicolons": ("单位名称;类别;联系人\n清水镇;镇;张三\n", "utf-8-sig"),
    "as Unicode text": ("单位名称\t类别\t联系人\n清水镇\t镇\t张三\n", "utf-16"),
}


@pytest.mark.parametrize("why", KEPT)
def test_a_roster_as_an_office_keeps_it(tmp_path, why):
    text, encoding = KEPT[why]
    (tmp_path / "r.csv").write_text(text, encoding=encoding)
    assert read_roster(tmp_path / "r.csv") == (Unit("清水镇", "镇", "township", contact="张三"),)


def test_a_roster_on_any_sheet(tmp_path):
    book = Workbook()
    book.active.append(["说明"])
    for line in (["全县单位"], ["单位名称", "类别", "邮箱"], ["清水镇", "镇", "a@b.cn"]):
        (book["名单"] if "名单" in book.sheetnames else book.create_sheet("名单")).append(line)
    book.save(tmp_path / "r.xlsx")
    assert read_roster(tmp_path / "r.xlsx") == (Unit("清水镇", "镇", "township", email="a@b.cn"),)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_roster_in_another_format(tmp_path, kind):
    """As the office's own program saves it."""
    if not shutil.which("soffice"):
        not_run("LibreOffice is not installed")
    (tmp_path / "r.csv").write_text("单位名称,类别,电话\n清水镇,镇,6212345\n", encoding="utf-8")
    office = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    into = ["--infilter=CSV:44,34,76", "--convert-to", kind, "--outdir", str(tmp_path)]
    subprocess.run([*office, *into, str(tmp_path / "r.csv")], check=True, capture_output=True)
    (tmp_path / f"r.{kind}").rename(made := tmp_path / ("r.et" if kind == "xls" else "r.ods"))
    assert read_roster(made) == (Unit("清水镇", "镇", "township", phone="6212345"),)


BAD = {
    "no head": ("清水镇,镇\n", "没有“单位名称”一列"),
    "no name": (HEAD + ",镇,,\n", "第 2 行"),
    "an unknown kind": (HEAD + "清水镇,镇子,,\n", "“镇子”不认识"),
    "an unknown way of counting": (HEAD + "清水镇,镇,算,\n", "“算”不认识"),
    "a unit twice": (HEAD + "清水镇,镇,,\n清水 镇,镇,,\n", "“清水镇”出现了两次"),
    "a former name that another has": (HEAD + "清水镇,镇,,白石镇\n白石镇,镇,,\n", "“白石镇”出现了两次"),
    "the county's own twice": (HEAD + "县政府,县级政府,,\n县府办,县级政府,,\n", "两家“本级”"),
    "nobody": (HEAD, "没有单位"),
    "a name longer than any": (HEAD + "清水镇,镇,,\n" + "长" * 301 + ",镇,,\n", "第 3 行：“单位名称”太长"),
    "a quote that nothing closes": (HEAD + '清水镇,镇,,\n白石镇,镇,,"旧名\n云岭乡,乡,,\n', "第 3 行的引号"),
    "empty": ("", "没有“单位名称”一列"),
}


@pytest.mark.parametrize("why", BAD)
def test_a_bad_roster_is_a_sentence(tmp_path, why):
    text, said = BAD[why]
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=said):
        read_roster(tmp_path / "r.csv")


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00\x81\xff", None])
def test_no_text_is_a_sentence(tmp_path, raw):
    if raw:
        (tmp_path / "r.csv").write_bytes(raw)
    with pytest.raises(Refused, match=r"r\.csv"):
        read_roster(tmp_path / "r.csv")


FINDS = [
    ("清水镇人民政府", "清水镇人民政府"),
    (" 清水镇　人民政府", "清水镇人民政府"),
    ("清水镇", "清水镇人民政府"),
    ("清水县清水镇人民政府", "清水镇人民政府"),
    ("清水县清水镇", "清水镇人民政府"),
    ("白石街道", "白石街道办事处"),
    ("财政局", "清水县财政局"),
    ("会计中心", None),
    ("清水", None),
    ("人民政府", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("said", "meant"), FINDS)
def test_whose_name_it_is(said, meant):
    assert Finder([Unit(name) for name in NAMES], "清水县").find(said) == meant


def test_a_short_name_that_two_share_is_nobodys():
    finder = Finder([Unit("清水镇人民政府"), Unit("清水镇政府")], "")
    assert finder.find("清水镇") is None
    assert finder.find("清水镇政府") == "清水镇政府"


def test_a_file_name_hints_at_the_longest_name_in_it():
    finder = Finder([Unit(name) for name in NAMES], "清水县")
    assert finder.hinted("2025 清水县财政局会计中心 年报.xlsx") == "清水县财政局会计中心"
    assert finder.hinted("清水镇和白石街道.xlsx") == "白石街道办事处"
    assert finder.hinted("年报.xlsx") is None


@pytest.mark.parametrize(
    ("file", "meant"),
    [
        ("别县/桃源县财政局.xlsx", None),
        ("报送桃源县白石街道.xlsx", None),
        ("2025年县财政局.xlsx", "清水县财政局"),
        ("报送清水县白石街道.xlsx", "白石街道办事处"),
        ("清氺县财政局.xlsx", "清水县财政局"),
    ],
)
def test_behind_another_county_s_name_no_unit_of_ours_is_meant(file, meant):
    assert Finder([Unit("清水县财政局"), Unit("白石街道办事处")], "清水县").hinted(file) == meant


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_kept_a_text(tmp_path, begins):
    units = [Unit(f"{begins}1+1镇人民政府", "镇", "township", phone=f"{begins}86 139")]
    write_template(tmp_path / "r.csv", units)
    assert f"'{begins}1+1镇人民政府" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert list(read_roster(tmp_path / "r.csv")) == units
    assert as_csv([["-1", "1"]]) == "'-1,1\r\n"


@pytest.mark.parametrize(
    ("cover", "near"),
    [
        ("青山县财证局", "青山县财政局"),
        ("清山县财政局", "青山县财政局"),  # a letter of the county's name is wrong
        ("黑水县财政局", ""),  # another county's
        ("青山县", ""),
        ("财证局", "青山县财政局"),
    ],
)
def test_another_county_s_unit_is_not_taken_for_ours(cover, near):
    finder = Finder([Unit("青山县财政局"), Unit("青山县民政局")], "青山县")
    assert finder.near(cover) == near
