"""The code of a filing without errors: the same wherever it stands, another as soon as anything differs."""

import json
import re
import unicodedata
import zipfile
from decimal import Decimal
from random import Random

import changes
import office
import openpyxl
import pytest
import tables
from by_name import build_template, dump_filing, fill_workbook, judge, mark, write_report
from cases import base, edited
from conftest import not_run
from openpyxl.utils.cell import range_boundaries
from test_cli import run

from xlcheck.core.check_code import LETTERS, check_code
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.core.grid import rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.workbook import reading

EDITIONS = ("2019", "2021")
SOUND = Result((), ())
SLIP = {"t3.granted.natural": 21}


def code_of(filing: Filing, result: Result = SOUND) -> str:
    return check_code(edition_named(filing.edition).form, filing, result)


@pytest.fixture(scope="module", params=EDITIONS)
def marked(request, tmp_path_factory):
    """A sound filing in a workbook that was checked: the filing, and where it lies."""
    folder, filing = tmp_path_factory.mktemp("code"), base(request.param)
    save(build_template(request.param), folder / "空.xlsx")
    fill_workbook(folder / "空.xlsx", filing, folder / "填.xlsx")
    mark(folder / "填.xlsx", filing, judge(filing), folder / "标.xlsx", "2026-01-15 10:32")
    return filing, folder / "标.xlsx"


def printed(path):
    """What the code's cell on each sheet comes to."""
    book, found = openpyxl.load_workbook(path, data_only=True), {}
    for sheet in book.worksheets:
        said = [c.value for row in sheet.iter_rows() for c in row if str(c.value).startswith("校验码 ")]
        found |= {sheet.title: said} if sheet.sheet_state == "visible" else {}
    return found


def test_it_is_eight_letters_none_like_another():
    assert re.fullmatch(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", code_of(base("2021")))
    assert not set(LETTERS) & set("0O1IL2Z5S8BU")


def test_an_error_leaves_none_and_a_reminder_does():
    assert code_of(*(slip := edited(base("2021"), SLIP), judge(slip))) == ""
    assert code_of(*(asked := edited(base("2021"), {"kind": ""}), judge(asked)))


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_two_filings_that_differ_in_the_least_have_the_same(edition):
    rng, form = Random(edition), edition_named(edition).form
    for _ in range(100):
        filing = tables.filing(form, rng)
        codes = [code_of(filing), *(code_of(change(filing, rng)) for change in changes.CHANGES)]
        assert len(set(codes)) == len(codes)


def test_what_means_the_same_has_the_same():
    one = edited(base("2021"), {"s1": "é一\n二"})
    other = one._replace(
        unit=f" {one.unit} ",
        texts={**one.texts, "s1": unicodedata.normalize("NFD", "é一\r\n二\x0b")},
        values={**one.values, "t2.fees.amount": Decimal("0.09200")},
    )
    assert code_of(one) == code_of(other)


def test_every_sheet_prints_it(marked):
    filing, path = marked
    assert set(map(tuple, printed(path).values())) == {(f"校验码 {code_of(filing)}",)}
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        for cell in (c for row in sheet.iter_rows() for c in row if str(c.value).startswith("校验码 ")):
            left, top, right, bottom = range_boundaries(re.sub(r".*!|\$", "", sheet.print_area))
            row, column = rc(cell.coordinate)
            assert left <= column <= right
            assert top <= row <= bottom


CHANGED = (
    {"t3.new.natural": 16}, {"t2.fees.amount": "0.093"}, {"s1": "换了。"}, {"unit": "别镇"}, {"year": 2024},
    {"kind": "乡"}, {"t3.new.natural": 16, "t3.new.business": 2}, {"t2.license.decisions": ""},
)  # fmt: skip


@pytest.mark.parametrize("edit", CHANGED, ids=str)
def test_what_is_filled_in_after_the_check_takes_it_away(marked, edit, tmp_path):
    filing, path = marked
    if "t2.fees.amount" in edit and filing.edition == "2019":
        edit = {"t2.procurement.amount": "0.093"}
    fill_workbook(path, edited(filing, edit), tmp_path / "改.xlsx")
    assert set(map(tuple, printed(tmp_path / "改.xlsx").values())) == {()}
    fill_workbook(tmp_path / "改.xlsx", filing, tmp_path / "回.xlsx")
    assert set(map(tuple, printed(tmp_path / "回.xlsx").values())) == {(f"校验码 {code_of(filing)}",)}


def test_errors_found_at_the_next_check_take_it_away(marked, tmp_path):
    filing, path = marked
    slip = edited(filing, {"s5": ""})
    fill_workbook(path, slip, tmp_path / "改.xlsx")
    mark(tmp_path / "改.xlsx", slip, judge(slip), tmp_path / "再.xlsx", "2026-01-16 10:32")
    assert judge(slip).status == "fail"
    assert set(map(tuple, printed(tmp_path / "再.xlsx").values())) == {()}


def test_libreoffice_keeps_it_and_its_formula_sees_every_cell(marked, tmp_path):
    if why := office.missing():
        not_run(why)
    filing, path = marked
    form, rng = edition_named(filing.edition).form, Random(5)
    with office.running() as desktop:
        book = office.opened(desktop, path)
        office.saved(book, tmp_path / "存.xlsx")
        for sheet in book.Sheets:
            sheet.unprotect(styles().password)
        shown = book.Sheets.getByName(form.sheets["hidden"]).getCellRangeByName(hidden_sheet().cell.code)
        where = [form.where(n) for n in (*rng.sample(sorted(form.fields), 30), *form.texts, "unit", "year")]
        seen = []
        for sheet, at in where:
            cell = book.Sheets.getByName(sheet).getCellRangeByName(at)
            was = cell.Formula
            cell.Formula = "7341" if was[:1].isdigit() else was + "改"
            seen.append((at, shown.String))
            cell.Formula = was
        back = shown.String
        book.close(True)
    assert [at for at, said in seen if said] == []
    assert back == code_of(filing)
    assert code_of(reading.read(tmp_path / "存.xlsx")) == code_of(filing)


@pytest.mark.parametrize("edition", EDITIONS)
def test_json_verb_and_reports_give_the_same(edition, tmp_path):
    filing = base(edition)
    (tmp_path / "数据.json").write_text(dump_filing(filing), encoding="utf-8")
    code = code_of(filing)
    assert run("code", "数据.json", folder=tmp_path).stdout == f"{code}\n"
    assert json.loads(run("check", "数据.json", "--json", folder=tmp_path).stdout)["code"] == code
    for name in ("报告.docx", "报告.html"):
        write_report(filing, judge(filing), tmp_path / name, draft=False)
    with zipfile.ZipFile(tmp_path / "报告.docx") as package:
        feet = [package.read(f"word/footer{n}.xml").decode() for n in (1, 2)]
    assert [f"校验码 {code}" in foot for foot in feet] == [True, True]
    page = (tmp_path / "报告.html").read_text(encoding="utf-8")
    assert f'<footer class="code">校验码 {code}</footer>' in page
    assert "@bottom-left { content:" in page


def test_where_errors_stand_the_verb_names_them_and_a_draft_has_none(tmp_path):
    slip = edited(base("2021"), SLIP)
    (tmp_path / "数据.json").write_text(dump_filing(slip), encoding="utf-8")
    done = run("code", "数据.json", folder=tmp_path)
    assert (done.returncode, "R301" in done.stdout) == (1, True)
    assert "没有校验码" in done.stderr
    write_report(slip, judge(slip), tmp_path / "稿.html", draft=True)
    assert "校验码" not in (tmp_path / "稿.html").read_text(encoding="utf-8")
