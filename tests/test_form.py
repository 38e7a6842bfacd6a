"""Both editions of the form, cell by cell, and against the collected official labels."""

import json

import pytest
from conftest import shared

from xlcheck import data
from xlcheck.core.form import Form
from xlcheck.core.grid import FormError, a1, rc
from xlcheck.data.form import FormHeading, form_file
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused, edition_named, edition_of_year

SIZES = [
    ("2019", "t2", 22),
    ("2019", "t3", 161),
    ("2019", "t4", 15),
    ("2021", "t2", 10),
    ("2021", "t3", 175),
    ("2021", "t4", 15),
]


@pytest.mark.parametrize(("name", "table", "count"), SIZES)
def test_a_table_has_its_number_of_cells(name, table, count):
    assert len(edition_named(name).form.groups[table]) == count


PLACES = [
    ("2021", "t2.normative.made", "C6"),
    ("2021", "t2.fees.amount", "C16"),
    ("2021", "t3.new.natural", "E6"),
    ("2021", "t3.sum.total", "K29"),
    ("2021", "t3.carry_out.total", "K30"),
    ("2021", "t4.review.total", "F6"),
    ("2021", "t4.after_review.total", "P6"),
    ("2019", "t2.procurement.amount", "D20"),
    ("2019", "t3.carry_out.natural", "E28"),
    ("2019", "t2.fees.delta", "D17"),
]
GROUPS = [
    ("t3.denied.natural", 8),
    ("t3.new.org", 5),
    ("t3.new.applicants", 6),
    ("t3.results.total", 21),
    ("t4.review", 4),
    ("t2.rules", 3),
]


@pytest.mark.parametrize(("name", "field", "cell"), PLACES)
def test_a_field_lies_where_the_sheet_has_it(name, field, cell):
    assert edition_named(name).form.fields[field].cell == cell


@pytest.mark.parametrize(("name", "count"), GROUPS)
def test_a_group_stands_for_its_leaves_without_totals(name, count):
    assert len(edition_named("2021").form.members(name)) == count


def test_an_unknown_name_is_an_error_of_the_form():
    with pytest.raises(FormError):
        edition_named("2019").form.members("t3.other_1.total")


@pytest.mark.parametrize("name", data.editions())
def test_cells_tile_the_table_without_gap_or_overlap(name):
    for table, cells in edition_named(name).form.tables.items():
        places = [(c.row + r, c.col + k) for c in cells for r in range(c.rows) for k in range(c.cols)]
        height, width = max(r for r, _ in places) + 1, max(k for _, k in places) + 1
        assert (len(places), len(set(places))) == (height * width, height * width), table


@pytest.mark.parametrize("year", [2018, 2010])
def test_a_year_without_an_edition_is_refused_with_a_sentence(year):
    with pytest.raises(Refused, match=f"{year} 年度没有对应的表格"):
        edition_of_year(year)


@pytest.mark.parametrize(
    ("year", "name"), [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2025, "2021"), (2031, "2021")]
)
def test_a_year_has_its_edition(year, name):
    assert edition_of_year(year).form.edition == name


def test_a_third_edition_is_one_more_data_file():
    file = form_file("2021")
    first = file.table["t2"][0]
    block = first._replace(rows=(*first.rows, FormHeading("letters", "信件")))
    table = {**file.table, "t2": (block,)}
    form = Form(file._replace(edition="2031", first_year=2031, table=table), workbook())
    assert form.fields["t2.letters.valid"].cell == "E7"


@pytest.mark.parametrize("name", data.editions())
def test_labels_are_the_official_ones_to_the_letter(name):
    official = json.loads(shared("domain/editions.json").read_text(encoding="utf-8"))["editions"]
    tables = next(e for e in official if e["id"] == name)["tables"]
    wanted = {row["label"] for t in tables for b in t.get("blocks", [t]) for row in b["rows"] if row["label"]}
    wanted |= {c["label"] for t in tables for b in t.get("blocks", [t]) for c in b["columns"]}
    wanted |= {p for t in tables for c in t.get("columns", []) for p in c["header_path"]}
    wanted |= {b["caption"] for t in tables for b in t.get("blocks", [])}
    wanted |= {tables[1]["corner_note"], tables[0]["blocks"][0]["label_column"]}
    ours = {c.text for cells in edition_named(name).form.tables.values() for c in cells if c.text}
    assert ours == wanted


@pytest.mark.parametrize(
    ("address", "place"), [("A1", (1, 1)), ("E6", (6, 5)), ("AA10", (10, 27)), ("ZZ1", (1, 702))]
)
def test_addresses_go_both_ways(address, place):
    assert (rc(address), a1(*place)) == (place, address)
