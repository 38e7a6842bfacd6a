"""A table of any rows and columns gets a whole sheet: columns wide, rows high, all of it printed."""

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, range_boundaries

from xlcheck.core.form import Form
from xlcheck.core.grid import a1, rc
from xlcheck.data import editions
from xlcheck.data.form import FormBlock, FormHeading, TableLayout
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.template.heights import first_row, height
from xlcheck.template.proportions import first_figure, row_heights, table_sheet
from xlcheck.template.tables import lay_table

OFFICIAL = edition_named("2021").form.file
LONG = "申请的信息在征求第三方意见期间被第三方依法予以公开、不再单独答复申请人的情形及其他情形"


def headings(count, depth, label="项目"):
    """A tree of headings: ``count`` leaves, the first of them ``depth`` groups deep."""
    groups = [FormHeading(f"g{n}", f"组{n}", group=f"g{n - 1}" if n else "") for n in range(depth - 1)]
    inside = groups[-1].id if groups else ""
    leaves = [FormHeading(f"h{n}", f"{label}{n}", group=inside if n < 2 else "") for n in range(count)]
    return (*groups, *leaves)


def extra(rows, row_depth, columns, column_depth, layout=None, label="项目", file=OFFICIAL):
    """The form with one more table, and one more section for it."""
    body = headings(rows, row_depth, label) if rows else (FormHeading("", ""),)
    block = FormBlock(headings(columns, column_depth), body, corner="栏目" if rows else "")
    sections = {**file.sections, "t9": "七、一张新的表"}
    more = {"t9": layout} if layout else {}
    return Form(
        file._replace(
            sections=sections, table={**file.table, "t9": (block,)}, layout={**file.layout, **more}
        ),
        workbook(),
    )


SHAPES = [
    (rows, row_depth, columns, column_depth)
    for rows in (0, 1, 2, 26)
    for row_depth in ((1, 2, 3, 4) if rows > 1 else (1,))
    for columns in (1, 2, 3, 4, 7, 8, 16)
    for column_depth in ((1, 3) if columns > 1 else (1,))
]


def columns_of(part):
    first, _, last = part.replace("1", "").partition(":")
    return column_index_from_string(first), column_index_from_string(last or first)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_table_of_any_shape_has_a_whole_sheet(shape):
    form = extra(*shape)
    place, sheet = form.places["t9"], table_sheet(form, "t9")
    assert len(sheet.widths) >= place.last_col
    assert min(sheet.widths[place.col - 1 : place.last_col]) >= 5
    assert min(sheet.widths[place.col - 1 + place.side : place.last_col]) >= 7.6
    if place.side:  # a hint beside the table has room
        assert sheet.widths[place.beside - 1] >= 27
    assert set(row_heights(form, "t9")) == set(range(place.row, place.last_row + 1))
    assert min(row_heights(form, "t9").values()) >= 20


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_banner_and_links_lie_side_by_side_over_any_table(shape):
    sheet = table_sheet(extra(*shape), "t9")
    banner, back, onward = map(columns_of, (sheet.banner, sheet.back, sheet.onward))
    assert banner[0] == 2
    assert banner[1] < back[0]
    assert back[1] + 1 == onward[0]
    assert onward[1] == len(sheet.widths) - 1
    widths = [sum(sheet.widths[first - 1 : last]) for first, last in (banner, back, onward)]
    assert [width >= least for width, least in zip(widths, (21, 16, 21), strict=True)] == [True] * 3


@pytest.mark.parametrize("shape", SHAPES[::5], ids=str)
def test_all_of_a_table_is_printed(shape):
    form = extra(*shape)
    page = openpyxl.Workbook().active
    lay_table(page, "t9", form)
    place = form.places["t9"]
    assert range_boundaries(page.print_area.rpartition("!")[2].replace("$", "")) == (
        place.col,
        place.row - 1,
        place.last_col,
        place.last_row,
    )
    written = {c.value for row in page.iter_rows() for c in row if c.value}
    assert {cell.text for cell in form.tables["t9"] if cell.text} <= written


def test_one_row_and_one_column_more_move_what_stands_beside_and_below():
    t3 = OFFICIAL.table["t3"][0]
    column = FormHeading("foreign", "境外组织", group="org")
    columns = [h for h in t3.columns for h in ((column, h) if h.id == "other_org" else (h,))]
    rows = [*t3.rows, FormHeading("later", "五、以后的事")]
    block = t3._replace(columns=tuple(columns), rows=tuple(rows))
    form = Form(OFFICIAL._replace(table={**OFFICIAL.table, "t3": (block,)}), workbook())
    old, new = (table_sheet(f, "t3") for f in (edition_named("2021").form, form))
    assert new.widths == (*old.widths[:5], 9.2, *old.widths[5:])
    assert (new.back, new.onward) == ("I1:K1", "L1:N1")
    assert new.freeze == a1(first_figure(form, "t3"), 5)
    assert (form.options[0].cell, rc(form.fields["t3.later.total"].cell)) == ("E36", (31, 12))


@pytest.mark.parametrize(
    ("label", "lines"), [("短的", 1), (LONG, 2), (LONG + LONG, 4)], ids=["one", "two", "four"]
)
def test_a_row_is_as_high_as_its_label_asks(label, lines):
    form = extra(3, 3, 7, 3, label=label)
    row = rc(next(f.cell for n, f in form.fields.items() if n.startswith("t9.h0")))[0]
    assert row_heights(form, "t9")[row] == 21 + 13.5 * (lines - 1)


def test_the_form_itself_has_the_last_word():
    own = TableLayout(
        about="另一种说法", tab="FF0000", widths=(1, 2, 3, 4, 5, 6, 7), landscape=True, heights={"项目0": 99}
    )
    form = extra(2, 1, 2, 1, own)
    sheet = table_sheet(form, "t9")
    assert (sheet.about, sheet.tab, sheet.widths, sheet.landscape) == own[:4]
    assert row_heights(form, "t9")[first_figure(form, "t9")] == 99


@pytest.mark.parametrize("name", editions())
def test_what_to_do_fits_its_line_before_any_check(name):
    """No formula makes a row higher: what it says is seen whole in a row as high as it was built."""
    words, least = workbook().words, styles().rows.first
    live = [rule for rule in edition_named(name).rules.rules if rule.is_live]
    advice = {rule.id: words.write_answer * rule.takes_answer + rule.advice for rule in live}
    high = [first_row((rule.where, "", advice[rule.id])) for rule in live]
    assert [rule.id for rule, points in zip(live, high, strict=True) if points > least] == []


def test_the_words_over_the_list_fit_on_a_line():
    words, check, at = workbook().words, workbook().sheets.check, workbook().on_check
    heads = {at.counts: words.way, hidden_sheet().answers.answer: words.answer_head}
    roles = ("hint_right", "list_head")
    for (columns, text), role in zip(heads.items(), roles, strict=True):
        assert height(text, check, columns, role) == height("", check, columns, role)


@pytest.mark.parametrize("word", workbook().states.values())
def test_how_a_rule_ended_fits_on_a_line(word):
    check, at = workbook().sheets.check, workbook().on_check.line.state
    assert height(word, check, at, "list") == height("", check, at, "list")
