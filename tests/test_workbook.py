"""The workbook: what goes in comes out, marks come off as they went on, and the template is as built."""

import hashlib
import random
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import office
import openpyxl
import pytest
from by_name import build_template, dump_filing, fill_workbook, judge, mark, new_workbook
from cases import ODD, base, edited
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from tables import filing as sound_filing

from xlcheck import data
from xlcheck.core.filing import figure_text
from xlcheck.editions import Refused, edition_named
from xlcheck.saving import save
from xlcheck.workbook import reading
from xlcheck.workbook.json import parse_filing
from xlcheck.workbook.marking import remove_marks
from xlcheck.workbook.writing import kind_of_unit

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TEMPLATE = Path(__file__).parents[1] / "workbook_template.xlsx"


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for name in data.editions():
        save(build_template(name), folder / f"{name}.xlsx")
    return folder


def parts(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture(params=["2019", "2021"])
def filled(request, templates, tmp_path):
    """A filing with odd entries, in a workbook."""
    filing = edited(base(request.param), ODD)
    path = tmp_path / "已填.xlsx"
    fill_workbook(templates / f"{request.param}.xlsx", filing, path)
    return filing, path


def test_the_template_at_the_top_is_the_built_one(tmp_path):
    save(build_template(data.editions()[-1]), tmp_path / "again.xlsx")
    assert parts(TEMPLATE) == parts(tmp_path / "again.xlsx")


def test_fonts_are_as_the_schema_orders_them(filled):
    """The order of CT_Font, ECMA-376 18.8.22; Excel mends another without a word, a validator does not."""
    order = [
        "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color",
        "name", "family", "charset", "scheme",
    ]  # fmt: skip
    fonts = ElementTree.fromstring(parts(filled[1])["xl/styles.xml"]).iter(f"{MAIN}font")
    found = [[part.tag.removeprefix(MAIN) for part in font] for font in fonts]
    assert len(found) > 20
    assert [one for one in found if one != sorted(one, key=order.index)] == []


def test_a_cell_without_a_value_is_not_called_a_number(filled):
    """Some programs find a 0 in it."""
    sheets = {n: p for n, p in parts(filled[1]).items() if n.startswith("xl/worksheets/")}
    cells = [cell for page in sheets.values() for cell in ElementTree.fromstring(page).iter(f"{MAIN}c")]
    assert [cell.get("r") for cell in cells if cell.get("t") and not len(cell)] == []


def test_two_builds_are_the_same_bytes(templates, tmp_path):
    save(build_template("2019"), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (templates / "2019.xlsx").read_bytes()


def test_values_survive_fill_and_dump(filled):
    filing, path = filled
    back = reading.read(path)._replace(notes={})
    assert back == filing
    assert parse_filing(dump_filing(back), "dump.json") == back


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", data.editions())
def test_values_survive_a_save_by_libreoffice(desktop, templates, tmp_path, name, seed):
    filing = edited(sound_filing(edition_named(name).form, random.Random(seed)), ODD)
    fill_workbook(templates / f"{name}.xlsx", filing, tmp_path / "ours.xlsx")
    book = office.opened(desktop, tmp_path / "ours.xlsx")
    office.saved(book, tmp_path / "theirs.xlsx")
    book.close(True)
    assert reading.read(tmp_path / "theirs.xlsx") == reading.read(tmp_path / "ours.xlsx")


def test_only_entry_cells_are_unlocked(templates):
    for name in data.editions():
        form = edition_named(name).form
        book = openpyxl.load_workbook(templates / f"{name}.xlsx")
        wanted = {(f.sheet, f.cell) for f in form.fields.values()} | {(o.sheet, o.cell) for o in form.options}
        wanted |= {(form.sheets["cover"], c) for c in form.cover.values()}
        wanted |= {(form.sheets["text"], c) for c in form.texts.values()}
        merged = {
            s.title: {c for r in s.merged_cells.ranges for row in r.rows for c in row[0:]} for s in book
        }
        open_cells = {
            (s.title, c.coordinate)
            for s in book
            for row in s.iter_rows()
            for c in row
            if not c.protection.locked and type(c).__name__ == "Cell" and s.title != "xlcheck"
        }
        answers = {
            (form.sheets["check"], c) for s, c in open_cells if s == form.sheets["check"] and c[0] == "F"
        }
        assert merged
        assert open_cells - answers == wanted
        assert all(sheet.protection.sheet for sheet in book)


def test_every_field_has_its_defined_name(templates):
    for name in data.editions():
        form = edition_named(name).form
        names = openpyxl.load_workbook(templates / f"{name}.xlsx").defined_names
        for field in form.fields.values():
            letters, digits = field.cell.rstrip("0123456789"), field.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            assert names[field.name.replace(".", "_")].attr_text == f"'{field.sheet}'!${letters}${digits}"


def test_a_filing_of_another_edition_is_refused(templates, tmp_path):
    with pytest.raises(Refused, match="2019 年版的表，要填的数据是 2021 年版"):
        fill_workbook(templates / "2019.xlsx", base("2021"), tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------- what a paste brings
def pasted(path, cells):
    """Dress cells as a paste would, a day in the first."""
    book = openpyxl.load_workbook(path)
    for sheet, at in cells:
        cell = book[sheet][at]
        cell.font, cell.fill = Font(name="仿宋", size=22), PatternFill("solid", fgColor="FF00FF00")
        cell.number_format, cell.protection = "0.00%", Protection(locked=True)
        cell.alignment = Alignment(horizontal="right", wrap_text=True)
    sheet, at = cells[0]
    book[sheet][at].value, book[sheet][at].number_format = 46027, "yyyy-mm-dd"
    book.save(path)


def dress(path, cells):
    book = openpyxl.load_workbook(path)
    found = [book[sheet][at] for sheet, at in cells]
    return [repr((c.font, c.fill, c.number_format, c.protection, c.alignment, c.border)) for c in found]


PASTED = [("二、主动公开", "C6"), ("三、申请办理", "E8"), ("文字", "C11"), ("封面", "C5")]


def test_a_copy_that_is_marked_or_filled_has_the_templates_look_again(templates, tmp_path):
    fill_workbook(templates / "2021.xlsx", base("2021"), tmp_path / "填.xlsx")
    before = dress(tmp_path / "填.xlsx", PASTED)
    pasted(tmp_path / "填.xlsx", PASTED)
    assert dress(tmp_path / "填.xlsx", PASTED) != before
    fill_workbook(tmp_path / "填.xlsx", base("2021"), tmp_path / "再填.xlsx")
    assert dress(tmp_path / "再填.xlsx", PASTED) == before
    mark(tmp_path / "填.xlsx", *judged(tmp_path / "填.xlsx"), tmp_path / "标.xlsx", "2026-01-15 10:32")
    remove_marks(edition_named("2021"), tmp_path / "标.xlsx", tmp_path / "清.xlsx")
    assert dress(tmp_path / "清.xlsx", PASTED) == before


def test_a_day_pasted_into_a_figures_cell_stays_what_was_typed(templates, tmp_path):
    fill_workbook(templates / "2021.xlsx", base("2021"), tmp_path / "填.xlsx")
    pasted(tmp_path / "填.xlsx", PASTED)
    filing, result = judged(tmp_path / "填.xlsx")
    mark(tmp_path / "填.xlsx", filing, result, tmp_path / "标.xlsx", "2026-01-15 10:32")
    again, marked = judged(tmp_path / "标.xlsx")
    assert again.values["t2.normative.made"] == "2026-1-5"
    assert [f.at for f in result.findings if f.severity == "error"] == [
        f.at for f in marked.findings if f.severity == "error"
    ]


# ---------------------------------------------------------------- marks
def judged(path):
    filing = reading.read(path)
    return filing, judge(filing)


def looks(path):
    """Every cell's value, colours, format, lock and note, the hidden sheet apart."""
    book = openpyxl.load_workbook(path)
    cells = [c for s in book if s.title != "xlcheck" for row in s.iter_rows() for c in row]
    return {(c.parent.title, c.coordinate): look(c) for c in cells}


def look(cell):
    ink = str(cell.font.color.rgb if cell.font.color else "")
    fill, note = (cell.fill.fgColor.rgb, cell.fill.patternType), cell.comment.text if cell.comment else None
    return cell.value, fill, ink, cell.font.b, cell.number_format, cell.protection.locked, note


def test_marking_twice_equals_marking_once(filled, tmp_path):
    _, path = filled
    for source, target in ((path, tmp_path / "一.xlsx"), (tmp_path / "一.xlsx", tmp_path / "二.xlsx")):
        mark(source, *judged(source), target, "2026-01-15 10:32")
    assert looks(tmp_path / "一.xlsx") == looks(tmp_path / "二.xlsx")
    hidden = [openpyxl.load_workbook(tmp_path / f"{n}.xlsx")["xlcheck"] for n in "一二"]
    assert [[c.value for c in row] for row in hidden[0]] == [[c.value for c in row] for row in hidden[1]]


def test_marks_come_off_and_leave_the_clerks_own(filled, tmp_path):
    _, path = filled
    book = openpyxl.load_workbook(path)
    sheet = book["二、主动公开"]
    blamed = edition_named(judged(path)[0].edition).form.fields["t2.license.decisions"].cell
    sheet["B5"].fill = PatternFill("solid", fgColor="FF00FF00")
    for cell in (blamed, "D5"):
        sheet[cell].comment = Comment("问过财政所", "张三")
    book.save(path)
    before = looks(path)
    mark(path, *judged(path), tmp_path / "标.xlsx", "2026-01-15 10:32")
    marked = looks(tmp_path / "标.xlsx")
    assert "问过财政所" in marked["二、主动公开", blamed][-1]
    assert marked["二、主动公开", blamed] != before["二、主动公开", blamed]
    remove_marks(edition_named(judged(path)[0].edition), tmp_path / "标.xlsx", tmp_path / "清.xlsx")
    assert looks(tmp_path / "清.xlsx") == before


def test_the_source_is_untouched(filled, tmp_path):
    _, path = filled
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    mark(path, *judged(path), tmp_path / "标.xlsx", "2026-01-15 10:32")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_the_list_shows_what_the_button_found_until_something_changes(desktop, templates, tmp_path):
    filing = edited(base("2021"), {"t3.granted.natural": 21})
    fill_workbook(templates / "2021.xlsx", filing, tmp_path / "填.xlsx")
    mark(tmp_path / "填.xlsx", *judged(tmp_path / "填.xlsx"), tmp_path / "标.xlsx", "2026-01-15 10:32")
    book = office.opened(desktop, tmp_path / "标.xlsx")
    sheet, table = book.Sheets.getByName("校验"), book.Sheets.getByName("三、申请办理")
    shown = sheet.getCellRangeByName("D2").String
    table.unprotect("xlcheck")
    table.getCellRangeByName("E8").Value = 12
    book.calculateAll()
    after = sheet.getCellRangeByName("D2").String, sheet.getCellRangeByName("B1").String
    book.close(True)
    assert shown == "上次按“校验”：2026-01-15 10:32　之后没有改动"
    assert after[0] == "上次按“校验”：2026-01-15 10:32　之后有改动，请再按一次"
    assert after[1].startswith("表格没有错误；上次校验之后有改动，请再按“校验”")


WRITTEN = [("9.1999999999999998E-2", "0.092"), ("5949.0886669999999", "5949.088667"), ("1E2", "100")]


@pytest.mark.parametrize(("stored", "typed"), WRITTEN)
def test_a_figure_is_read_as_it_was_typed(templates, tmp_path, stored, typed):
    """Excel stores 17 digits and shows 15; what the clerk typed is what she sees."""
    fill_workbook(templates / "2021.xlsx", edited(base("2021"), {"t2.fees.amount": 7}), tmp_path / "填.xlsx")
    changed = parts(tmp_path / "填.xlsx")
    sheet = changed["xl/worksheets/sheet2.xml"].decode()
    with zipfile.ZipFile(tmp_path / "存.xlsx", "w") as packed:
        for name, body in changed.items():
            mine = name.endswith("sheet2.xml")
            packed.writestr(name, sheet.replace("<v>7</v>", f"<v>{stored}</v>") if mine else body)
    assert figure_text(reading.read(tmp_path / "存.xlsx").values["t2.fees.amount"]) == typed


CHANGES = [
    ("C5", "清水镇政府", "封面"),
    ("C6", 2024, "封面"),
    ("C5", "一样长的字", "文字"),
    ("E8", 13, "三、申请办理"),
]


@pytest.mark.parametrize(("cell", "entry", "sheet"), CHANGES)
def test_any_change_after_the_check_is_seen(desktop, templates, tmp_path, cell, entry, sheet):
    fill_workbook(templates / "2021.xlsx", edited(base("2021"), {"s1": "本来就有的"}), tmp_path / "填.xlsx")
    mark(tmp_path / "填.xlsx", *judged(tmp_path / "填.xlsx"), tmp_path / "标.xlsx", "2026-01-15 10:32")
    book = office.opened(desktop, tmp_path / "标.xlsx")
    seen = []
    for change in (False, True):
        if change:
            place = book.Sheets.getByName(sheet)
            place.unprotect("xlcheck")
            here = place.getCellRangeByName(cell)
            setattr(here, "Value" if isinstance(entry, int) else "String", entry)
            book.calculateAll()
        seen.append(book.Sheets.getByName("校验").getCellRangeByName("D2").String.endswith("没有改动"))
    book.close(True)
    assert seen == [True, False]


def test_an_error_value_does_not_blind_the_workbook(desktop, templates, tmp_path):
    fill_workbook(templates / "2021.xlsx", base("2021"), tmp_path / "填.xlsx")
    book = office.opened(desktop, tmp_path / "填.xlsx")
    sheet = book.Sheets.getByName("三、申请办理")
    sheet.unprotect("xlcheck")
    sheet.getCellRangeByName("E8").setFormula("=1/0")
    book.calculateAll()
    banner = sheet.getCellRangeByName("B1").String
    book.close(True)
    assert banner.startswith("至少 1 格有错")


# ---------------------------------------------------------------- banner
BANNERS = [
    ("还没有填写", {}, True, "○"),
    ("至少 1 格有错；文字还没有核对", {"t3.granted.natural": 21}, False, "×"),
    ("还有 1 格没有填", {"t2.coercion.decisions": ""}, False, "○"),
    ("数都填了，“封面”或“文字”还有 1 格没有填", {"s6": ""}, False, "○"),
    ("表格没有错误，已查出 1 处提醒；文字还没有核对", {"t2.normative.valid": 0}, False, "！"),
    ("表格没有错误；文字还没有核对", {}, False, "○"),
]


@pytest.mark.parametrize(("said", "edit", "empty", "sign"), BANNERS, ids=[b[3] + b[0] for b in BANNERS])
def test_the_banner_counts_what_is_open(desktop, templates, tmp_path, said, edit, empty, sign):
    path = tmp_path / "表.xlsx"
    path.write_bytes((templates / "2021.xlsx").read_bytes())
    if not empty:
        fill_workbook(templates / "2021.xlsx", edited(base("2021"), edit), path)
    book = office.opened(desktop, path)
    sheet = book.Sheets.getByName("三、申请办理")
    shown = sheet.getCellRangeByName("A1").String, sheet.getCellRangeByName("B1").String
    book.close(True)
    assert shown[0] == sign
    assert shown[1].startswith(said)


SAID = (
    "新收政府信息公开申请19件，上年结转1件，办结19件，结转下年度1件",
    "未收到政府信息公开申请，发布信息30条",
)


def test_a_tick_states_nil_and_fills_nothing(desktop, templates, tmp_path):
    filing = base("2021")
    blank = {n: None for n in filing.values if n.startswith("t3.")}
    nothing = {"no_requests": "√", "s1": filing.texts["s1"].replace(*SAID)}
    filing = edited(filing, nothing)._replace(values={**filing.values, **blank})
    fill_workbook(templates / "2021.xlsx", filing, tmp_path / "表.xlsx")
    back, result = judged(tmp_path / "表.xlsx")
    book = office.opened(desktop, tmp_path / "表.xlsx")
    banner = book.Sheets.getByName("封面").getCellRangeByName("B1").String
    book.close(True)
    assert (back.values["t3.new.total"], [f.rule for f in result.findings]) == (None, [])
    assert banner.startswith("表格没有错误；文字还没有核对")


# ---------------------------------------------------------------- a new year
KINDS = {
    "镇": ["清水镇", "清水镇人民政府"], "乡": ["石门县白石乡人民政府"], "街道": ["东关街道办事处"],
    "县级政府": ["石门县人民政府"], "县级部门": ["石门县司法局", "海陵市石门县卫生健康委员会"],
    "省级部门": ["海陵省财政厅"], None: ["海陵市人民政府", "海陵市司法局", "司法局", "镇江市人民政府", ""],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "unit"), [(kind, unit) for kind, units in KINDS.items() for unit in units])
def test_a_new_workbook_has_the_kind_that_a_name_leaves_no_doubt_of(kind, unit):
    assert kind_of_unit(unit) == kind


def test_a_new_year_carries_over_what_last_year_settles(tmp_path):
    last = edited(base("2021"), {"contact": "张三"})
    save(new_workbook(None, None, None, last), tmp_path / "新.xlsx")
    filing = reading.read(tmp_path / "新.xlsx")
    carried = {n: v for n, v in filing.values.items() if v is not None}
    assert (filing.year, filing.unit, filing.kind, filing.contact) == (
        Decimal(2026),
        last.unit,
        last.kind,
        "张三",
    )
    assert carried == {
        n.replace("carry_out", "carry_in"): v for n, v in last.values.items() if ".carry_out." in n
    }
    remembered = filing.last
    assert remembered is not None
    assert (remembered.year, remembered.values["t2.normative.valid"]) == (Decimal(2025), Decimal(6))


def test_a_new_year_crosses_the_change_of_edition(tmp_path):
    last = base("2019")
    save(new_workbook(None, 2021, None, last), tmp_path / "新.xlsx")
    filing = reading.read(tmp_path / "新.xlsx")
    assert (filing.edition, filing.values["t3.carry_in.total"], filing.values["t2.license.decisions"]) == (
        "2021",
        0,
        None,
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((None, 2018, None, None), "2018 年度没有对应的表格"),
        (("2019", 2025, None, None), "2025 年度不用 2019 年版"),
        (("1999", None, None, None), "没有 1999 年版"),
        ((None, 2030, None, base("2021")), "不是 2030 年度的上一年"),
    ],
)
def test_a_year_that_does_not_fit_is_refused(asked, said):
    with pytest.raises(Refused, match=said):
        new_workbook(*asked)
