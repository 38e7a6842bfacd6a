"""Both editions of the form, cell by cell, and against the collected official labels."""

import json
from decimal import Decimal

import pytest
from conftest import shared

from xlcheck import data
from xlcheck.core.filing import entry_text
from xlcheck.core.form import Form
from xlcheck.core.form_words import MEANINGS, in_form_words
from xlcheck.core.grid import FormError, NotInForm, a1, rc
from xlcheck.data import ASPECTS
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


@pytest.mark.parametrize("name", data.editions())
def test_a_text_a_cover_entry_and_an_option_lie_where_the_sheet_has_them(name):
    form = edition_named(name).form
    texts = {at: (form.sheets["text"], cell) for at, cell in form.texts.items()}
    cover = {at: (form.sheets["cover"], cell) for at, cell in form.cover.items()}
    options = {option.id: (option.sheet, option.cell) for option in form.options}
    assert options
    assert {at: form.where(at) for at in (*texts, *cover, *options)} == {**texts, **cover, **options}


@pytest.mark.parametrize("name", data.editions())
def test_a_rule_may_name_what_the_form_has_and_nothing_else(name):
    form = edition_named(name).form
    named = (*form.tables, *form.texts, *(option.id for option in form.options), *form.fields)
    assert [at for at in named if not form.has(at)] == []
    assert not any(form.has(at) for at in ("t9", "s9", "t3.nothing", "unit"))


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (None, ""),
        (Decimal(12), "12"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E3"), "1000"),
        (7, "7"),
        (" 见附 ", "见附"),
    ],
)
def test_an_entry_reads_as_it_was_typed(entry, text):
    assert entry_text(entry) == text


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


def another(**change) -> Form:
    """The edition of 2021 with other sections, or with other columns of 表三."""
    return Form(form_file("2021")._replace(edition="2031", first_year=2031, **change), workbook())


def fewer_applicants() -> Form:
    file = form_file("2021")
    (block,) = file.table["t3"]
    columns = tuple(c for c in block.columns if c.id not in ("research", "social"))
    rows = tuple(
        r._replace(label=r.label.replace("（七）总计", "（七）合计")) for r in block.rows if r.id != "other"
    )
    rows = tuple(r for r in rows if r.group != "other")
    return another(table={**file.table, "t3": (block._replace(columns=columns, rows=rows),)})


def other_sections() -> Form:
    sections = {"s1": "一、概况", "t3": "二、申请", "t4": "三、复议", "s7": "四、平台", "s8": "五、基层"}
    return another(sections=sections)


FORMS = {"2021": lambda: edition_named("2021").form, "fewer": fewer_applicants, "sections": other_sections}


@pytest.mark.parametrize(
    ("name", "sentence", "said"),
    [
        ("2021", "本行{count:t3.new.applicants}类申请人之和是 {parts}", "本行六类申请人之和是 {parts}"),
        ("fewer", "本行{count:t3.new.applicants}类申请人之和是 {parts}", "本行四类申请人之和是 {parts}"),
        ("2021", "{label:t3.sum}＝{span:t3.results}之和", "（七）总计＝（一）至（六）之和"),
        ("fewer", "{label:t3.sum}＝{span:t3.results}之和", "（七）合计＝（一）至（五）之和"),
        ("2021", "{count:sections}个部分，{count:tables}张表", "六个部分，三张表"),
        ("sections", "{count:sections}个部分，{count:tables}张表", "五个部分，二张表"),
        ("2021", "{numbers:texts}与{table:t3}", "一、五、六与表三"),
        ("sections", "{numbers:texts}与{table:t3}", "一、四、五与表二"),
        ("2021", "{numbers:s1,s5}", "一、五"),
        ("sections", "{numbers:s1,s5}", "一"),
        ("2021", "写在“{number:s6|正文}”", "写在“六”"),
        ("sections", "写在“{number:s6|正文}”", "写在“正文”"),
        ("2021", "{number:t3.new}＋{number:t3.sum}{number:t4.review}", "一＋（七）行政复议"),
    ],
)
def test_a_sentence_says_what_the_form_has(name, sentence, said):
    assert in_form_words(FORMS[name](), sentence) == said


def test_what_may_be_said_of_a_form_is_what_data_may_name():
    assert sorted(MEANINGS) == sorted(ASPECTS)


@pytest.mark.parametrize("sentence", ["{number:s6}", "{count:t3.nobody}", "{span:t9.results}", "{table:s1}"])
def test_a_sentence_about_what_the_form_has_not_is_refused(sentence):
    with pytest.raises(NotInForm):
        in_form_words(other_sections(), sentence)


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
