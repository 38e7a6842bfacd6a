"""The results kept beside the formulas are what an office works out, in every workbook we write."""

import gc
import random
import re
import weakref
from decimal import Decimal

import office
import openpyxl
import parity
import pytest
from by_name import build_template, fill_workbook, judge, mark, new_workbook, write_filing
from cases import base, edited

from xlcheck import data
from xlcheck.core.cell_functions import CellError
from xlcheck.core.cell_places import Offset
from xlcheck.core.grid import a1
from xlcheck.core.results import StoredFormula, formula_results
from xlcheck.editions import edition_named
from xlcheck.saving import save, stored_result
from xlcheck.workbook import reading

HUGE = re.compile(r"1E\+0*(1[5-9]|[2-9][0-9])|10{15,}")  # of 10^15 and more as text, offices differ


def formulas_of(path):
    """What is kept beside every formula, by sheet and cell."""
    written, kept = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    cells = [c for sheet in written for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    return {(c.parent.title, c.coordinate): kept[c.parent.title][c.coordinate].value for c in cells}


def by_office(desktop, path):
    """What LibreOffice works out anew, of all cells."""
    book, found = office.opened(desktop, path), {}
    for sheet in book.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        rows = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
        found |= {(sheet.Name, a1(r, c)): v for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1)}
    book.close(True)
    return found


def same(kept, there):
    if isinstance(kept, str) and isinstance(there, str):
        return HUGE.sub("", kept) == HUGE.sub("", there)
    if isinstance(kept, bool | int | float) and isinstance(there, float):
        return f"{float(kept):.14g}" == f"{there:.14g}"
    return (kept or "") == there


def differences(desktop, path):
    kept, there = formulas_of(path), by_office(desktop, path)
    assert len(kept) > 1500
    return {at: (value, there[at]) for at, value in kept.items() if not same(value, there[at])}


EDITS = [{}, {"t3.granted.natural": 21}, {"t3.new.natural": "", "unit": "", "s1": ""}]


@pytest.mark.parametrize("name", data.editions())
def test_a_blank_workbook_shows_what_the_office_works_out(desktop, tmp_path, name):
    save(build_template(name), tmp_path / "空.xlsx")
    assert differences(desktop, tmp_path / "空.xlsx") == {}


@pytest.mark.parametrize("edit", EDITS, ids=["sound", "wrong", "wanting"])
@pytest.mark.parametrize("name", data.editions())
def test_so_does_one_that_is_filled_and_one_that_is_marked(desktop, tmp_path, name, edit):
    save(build_template(name), tmp_path / "空.xlsx")
    fill_workbook(tmp_path / "空.xlsx", edited(base(name), edit), tmp_path / "填.xlsx")
    assert differences(desktop, tmp_path / "填.xlsx") == {}
    filing = reading.read(tmp_path / "填.xlsx")
    mark(tmp_path / "填.xlsx", filing, judge(filing), tmp_path / "标.xlsx", "2026-01-15 10:32")
    assert differences(desktop, tmp_path / "标.xlsx") == {}


@pytest.mark.parametrize("name", data.editions())
def test_so_does_one_that_anything_was_done_to(desktop, tmp_path, name):
    save(build_template(name), tmp_path / "空.xlsx")
    rng, wrong = random.Random(name), {}
    for n in range(6):
        filing, _ = parity.disturbed(edition_named(name), rng)
        fill_workbook(tmp_path / "空.xlsx", filing, tmp_path / f"{n}.xlsx")
        wrong |= differences(desktop, tmp_path / f"{n}.xlsx")
    assert wrong == {}


def test_so_does_a_new_years_and_one_saved_by_the_office(desktop, tmp_path):
    save(new_workbook(None, None, None, base("2021")), tmp_path / "新.xlsx")
    assert differences(desktop, tmp_path / "新.xlsx") == {}
    book = office.opened(desktop, tmp_path / "新.xlsx")
    office.saved(book, tmp_path / "存.xlsx")
    book.close(True)
    filing = edited(base("2021"), {"t2.fees.amount": "0.092", "t3.new.natural": 99})
    fill_workbook(tmp_path / "存.xlsx", filing, tmp_path / "填.xlsx")
    assert differences(desktop, tmp_path / "填.xlsx") == {}


def test_built_and_filled_it_says_what_it_says_filled_from_a_file(tmp_path):
    book, filing = build_template("2021"), edited(base("2021"), EDITS[1])
    save(book, tmp_path / "空.xlsx")
    write_filing(book, filing)
    save(book, tmp_path / "建.xlsx")
    fill_workbook(tmp_path / "空.xlsx", filing, tmp_path / "填.xlsx")
    assert formulas_of(tmp_path / "建.xlsx") == formulas_of(tmp_path / "填.xlsx")


# ---------------------------------------------------------------- formulas, one by one
CELLS = {
    "A1": 2.0, "A2": "二", "A3": None, "A4": True, "A5": CellError("#DIV/0!"), "A6": "12", "A7": 0.1,
    "A8": 1e30, "B1": "r101", "B2": 3.0, "B3": "",
}  # fmt: skip
FORMULAS = [
    ("1+2*3-4/2", 5.0), ("-A1^2", None), ("(1+2)*3", 9.0), ("-A1+5", 3.0), ('"a"&A1&"b"', "a2b"),
    ("A1=2", True), ('A2="二"', True), ("A1<A2", True), ("A4>A2", True), ("A3=0", True), ('A3=""', True),
    ("A3", 0.0), ("A5", "#DIV/0!"), ("A5+1", "#DIV/0!"), ("ISERROR(A5)", True), ("ISNUMBER(A5)", False),
    ("IF(A1>1,A5,0)", "#DIV/0!"), ("IF(A1>3,A5,7)", 7.0), ("IFERROR(A5,8)", 8.0), ("1/0", "#DIV/0!"),
    ("A2+1", "#VALUE!"), ("A6+1", 13.0), ("SUM(A1,A6)", 2.0), ("SUM(A1:A4)", 2.0), ("SUM(A1:A5)", "#DIV/0!"),
    ("COUNT(A1:A8)", 3.0), ("MAX(A1:A4,9)", 9.0), ('COUNTIF(B1:B3,"R101")', 1.0), ("COUNTIF(A1:A8,2)", 1.0),
    ("MATCH(3,B1:B3,0)", 2.0), ('MATCH("x",B1:B3,0)', "#N/A"), ("INDEX(B1:B3,2)", 3.0),
    ("MATCH(TRUE,INDEX(ISNUMBER(B1:B3),0),0)", 2.0), ('SUMPRODUCT((B1:B3<>"")*(B1:B3<>"R101"))', 1.0),
    ("ROUND(2.5,0)", 3.0), ("ROUND(-2.5,0)", -3.0), ("ROUND(A7*3,15)=0.3", True), ("A7*3&\"\"", "0.3"),
    ('A8&""', "1E+30"), ('A4&""', "TRUE"), ("N(A4)", 1.0), ("N(A2)", 0.0), ("LEN(A2)", 1.0),
    ('TRIM("  a   b ")', "a b"), ("CLEAN(CHAR(10))", ""), ('FIND("b","abc")', 2.0),
    ('FIND("x","abc")', "#VALUE!"),
    ('MID("abc",2,1)', "b"), ('MID("abc",3,9)', "c"), ('MID("abc",0,1)', "#VALUE!"),
    ('LEFT("abc",2)', "ab"), ('RIGHT("abc",1)', "c"), ('EXACT("a","A")', False),
    ('SUBSTITUTE("aba","a","c")', "cbc"),
    ('HYPERLINK("#x",A2)', "二"), ("AND(A1>1,A4)", True), ("OR(A1>3,A5)", "#DIV/0!"), ("NOT(A1)", False),
    ("ISBLANK(A3)", True), ("ISTEXT(B3)", True), ("'另 表'!$A$1+1", 42.0), ("二、表!A1", 43.0),
    ("VLOOKUP(1,A1:B2,2)", None), ("SUM(A1:XFD1048576)", None), ("1+", None), ("A1 A2", None),
    ("LEN(A1:A2)", None),
    ("LEFT()", None), ("(" * 9000 + "1", None), ('COUNTIF(A1:A3,">1")', None),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "value"), FORMULAS, ids=[f[0][:40] for f in FORMULAS])
def test_a_formula_comes_to_what_a_spreadsheet_says(formula, value):
    cells = {("表", at): cell for at, cell in CELLS.items()} | {("另 表", "A1"): 41.0, ("二、表", "A1"): 43.0}
    found = formula_results({("表", "Z9"): StoredFormula(formula)}, cells.get).get(("表", "Z9"))
    assert (found.code if isinstance(found, CellError) else found) == value
    assert type(found) is CellError or type(found) is type(value)


def test_an_error_that_is_remembered_holds_nothing_of_its_workbook():
    class Workbook:
        def cell(self, key):
            return CellError("#DIV/0!") if key == ("表", "A1") else None

    workbook = Workbook()
    gone = weakref.ref(workbook)
    formulas = {("表", "Z9"): StoredFormula("A1+1"), ("表", "Z8"): StoredFormula("IFERROR(1/A2,A1)")}
    assert set(formula_results(formulas, workbook.cell).values()) == {CellError("#DIV/0!")}
    del workbook
    gc.collect()
    assert gone() is None


def test_a_shared_formula_is_read_from_where_it_stands():
    formula = StoredFormula("A1+$A$1+A$1+$A1", Offset(1, 1))
    cells = {("表", at): n for at, n in {"A1": 1.0, "B2": 10.0, "B1": 100.0, "A2": 1000.0}.items()}
    assert formula_results({("表", "C3"): formula}, cells.get) == {("表", "C3"): 1111.0}


def test_what_is_not_understood_counts_as_it_stands_and_circles_say_nothing():
    formulas = {"A": "VLOOKUP(1)", "B": "A1+1", "C": "NOW()", "D": "C1+1", "E": "F1", "F": "E1", "G": "1+1"}
    written = {("表", f"{column}1"): StoredFormula(formula) for column, formula in formulas.items()}
    stored = {("表", "A1"): 5.0}
    assert formula_results(written, stored.get) == {("表", "B1"): 6.0, ("表", "G1"): 2.0}


KNOWN_BEFORE = [
    ({"A1": 1.0}, {("表", "B1"): True, ("表", "B2"): 1.0, ("表", "B3"): "1|", ("表", "B4"): 1.0}),
    ({"A1": True}, {("表", "B1"): False, ("表", "B2"): 0.0, ("表", "B3"): "TRUE|", ("表", "B4"): 0.0}),
    (
        {"A1": True, "A2": 1.0},
        {("表", "B1"): False, ("表", "B2"): 1.0, ("表", "B3"): "TRUE|1", ("表", "B4"): 1.0},
    ),
    ({"A2": "甲"}, {("表", "B1"): False, ("表", "B2"): 0.0, ("表", "B3"): "|甲", ("表", "B4"): 0.0}),
]


def test_what_is_known_of_other_values_is_not_taken_for_these():
    """The same formulas in one workbook after another; true and 1 are equal in Python, not in a cell."""
    written = {"B1": "ISNUMBER(A1)", "B2": "COUNT(A1:A2)", "B3": 'A1&"|"&A2', "B4": "SUMPRODUCT((A1:A2=1)*1)"}
    formulas = {("表", at): StoredFormula(formula) for at, formula in written.items()}
    for cells, results in [*KNOWN_BEFORE, *reversed(KNOWN_BEFORE)]:
        stored = {("表", at): value for at, value in cells.items()}
        found = formula_results(formulas, stored.get)
        assert found == results
        assert [*map(type, found.values())] == [*map(type, results.values())]


def test_a_long_chain_ends():
    written = {("表", f"A{n}"): StoredFormula(f"A{n + 1}+1") for n in range(1, 15_000)}
    assert len(formula_results(written, {("表", "A15000"): 1.0}.get)) == 14_999


def test_a_result_without_end_is_an_error_as_in_a_spreadsheet():
    assert stored_result(float("inf")) == ("e", "#NUM!")


def test_a_figure_beyond_any_spreadsheet_is_a_text_there(tmp_path):
    filing = base("2021")
    figure = filing._replace(values={**filing.values, "t3.new.natural": Decimal("9" * 400)})
    save(build_template("2021"), tmp_path / "空.xlsx")
    fill_workbook(tmp_path / "空.xlsx", figure, tmp_path / "填.xlsx")
    book = build_template("2021")
    write_filing(book, figure)
    save(book, tmp_path / "建.xlsx")
    assert formulas_of(tmp_path / "填.xlsx") == formulas_of(tmp_path / "建.xlsx")


def test_ranges_of_different_lengths_are_not_understood():
    formulas = {
        ("表", "A1"): StoredFormula("SUMPRODUCT((B1:B3=C1:C2)*1)"),
        ("表", "A2"): StoredFormula("1+1"),
    }
    assert formula_results(formulas, {}.get) == {("表", "A2"): 2.0}
