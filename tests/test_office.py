"""The workbook's formulas and Python judge alike, in a real LibreOffice; long sweeps are in benchmarks/."""

import random

import office
import parity
import pytest
from by_name import build_template
from tables import sound

from xlcheck import data, editions
from xlcheck.core import formula
from xlcheck.core.filing import Filing
from xlcheck.core.grid import a1
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.template.proportions import table_sheet

FILINGS = 60


@pytest.mark.parametrize("name", data.editions())
def test_formulas_and_python_judge_alike(desktop, tmp_path, name):
    save(build_template(name), tmp_path / "表.xlsx")
    book = office.opened(desktop, tmp_path / "表.xlsx")
    sheet, rng = parity.Sheet(edition_named(name), book), random.Random(f"{name} judged")
    different = {}
    for n in range(FILINGS):
        filing, last = parity.disturbed(edition_named(name), rng)
        python, excel = parity.by_python(edition_named(name), filing, last), sheet.judge(filing, last)
        different |= {(n, k): (python[k], excel[k]) for k in python if python[k] != excel[k]}
    book.close(True)
    assert different == {}


@pytest.mark.parametrize("name", data.editions())
def test_the_formulas_alone_name_the_one_wrong_cell(desktop, tmp_path, name):
    save(build_template(name), tmp_path / "表.xlsx")
    book, made, rng = office.opened(desktop, tmp_path / "表.xlsx"), edition_named(name), random.Random(name)
    sheet, at = parity.Sheet(made, book), hidden_sheet()
    named, wanted = [], []
    for _ in range(25):
        values = sound(made.form, rng)
        field = rng.choice([f for f in made.form.fields.values() if f.table not in ("t2", "t4")])
        wanted.append((field.place, float(values[field.name]), [field.sheet]))
        values[field.name] += rng.choice((1, 9, 27, 100))
        sheet.judge(Filing(name, values=values), {})
        place, value = map(sheet.hidden.getCellRangeByName, (at.cell.named_place, at.cell.named_value))
        red = [p.sheet for table, p in made.form.places.items() if _is_red(made.form, table, book)]
        named.append((place.String, value.Value, red))
    book.close(True)
    assert named == wanted


def _is_red(form, table, book):
    """Whether the live format of a table's sheet is told that the wrong cell lies on it."""
    at = a1(form.places[table].row, len(table_sheet(form, table).widths))
    cell = book.Sheets.getByName(form.places[table].sheet).getCellRangeByName(at)
    return cell.getDataArray() != (("",),)  # its number format shows nothing


WRONG = {  # one fault planted in each meaning: what Excel is told instead
    ("OPERATORS", "Add"): "({}-{})".format,
    ("OPERATORS", "Sub"): "({}+{})".format,
    ("OPERATORS", "Eq"): "(ROUND({}-{},6)<>0)".format,
    ("OPERATORS", "LtE"): "(ROUND({}-{},6)<0)".format,
    ("OPERATORS", "Lt"): "(ROUND({}-{},6)>=0)".format,
    ("OPERATORS", "GtE"): "(ROUND({}-{},6)>0)".format,
    ("OPERATORS", "Gt"): "(ROUND({}-{},6)>=0)".format,
    ("OPERATORS", "NotEq"): "(ROUND({}-{},6)=0)".format,
    ("OPERATORS", "And"): lambda *xs: f"OR({','.join(xs)})",
    ("OPERATORS", "Or"): lambda *xs: f"AND({','.join(xs)})",
    ("OPERATORS", "Not"): "{}".format,
    ("OPERATORS", "Mult"): "({}+{})".format,
    ("OPERATORS", "USub"): "{}".format,
    ("FUNCTIONS", "sum"): lambda *xs: f"MAX({','.join(xs)})",
    ("FUNCTIONS", "implies"): "AND({},{})".format,
    ("FUNCTIONS", "same"): "({}<>{})".format,
    ("FUNCTIONS", "whole"): "(ROUND({0},0)<>{0})".format,
    ("FUNCTIONS", "any_of"): lambda x, *xs: f"{x}={xs[0]}",
    ("LOOKS", "blank"): "ISTEXT({})".format,
    ("LOOKS", "ends"): lambda x, *words: f"LEFT({x},1)={words[0]}",
    ("LOOKS", "says"): lambda x, *words: f"ISERROR(FIND({words[0]},{x}))",
    ("LOOKS", "number"): "ISTEXT({})".format,
    ("LOOKS", "given"): "(N({})*0)".format,
}


def meanings():
    for table in ("OPERATORS", "FUNCTIONS", "LOOKS"):
        for key in getattr(formula, table):
            yield table, getattr(key, "__name__", key)


@pytest.mark.parametrize("meaning", sorted(meanings()), ids=lambda m: m[1])
def test_a_fault_planted_in_an_excel_meaning_is_caught(desktop, tmp_path, meaning, monkeypatch):
    table, name = meaning
    entries = getattr(formula, table)
    key = next(k for k in entries if getattr(k, "__name__", k) == name)
    monkeypatch.setitem(entries, key, entries[key]._replace(excel=WRONG[meaning]))
    forget()
    try:
        assert any(_differs(desktop, tmp_path, made) for made in data.editions())
    finally:
        monkeypatch.undo()
        forget()


def forget():
    for remembering in (editions.edition_named, editions._official):
        remembering.cache_clear()


def _differs(desktop, folder, name):
    save(build_template(name), folder / f"{name}.xlsx")
    book = office.opened(desktop, folder / f"{name}.xlsx")
    sheet, rng = parity.Sheet(edition_named(name), book), random.Random(f"{name} planted")
    try:
        for _ in range(200):
            filing, last = parity.disturbed(edition_named(name), rng)
            if parity.by_python(edition_named(name), filing, last) != sheet.judge(filing, last):
                return True
    finally:
        book.close(True)
    return False


def test_every_meaning_has_its_planted_fault():
    assert set(meanings()) == set(WRONG)
