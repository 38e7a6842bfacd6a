"""The buttons in a real LibreOffice: findings as from the file, marks that come and go, locks that hold."""

import itertools
from decimal import Decimal
from types import SimpleNamespace
from typing import NamedTuple

import live as screen
import office
import pytest
from by_name import build_template, judge, mark
from cases import ODD, base, cases, edited

from xlcheck import data
from xlcheck.core.finding import counts
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.office import office as office_facts
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused, edition_named
from xlcheck.office import actions, anew, locks, native, paint, session
from xlcheck.office.libreoffice.looks import cells_of
from xlcheck.office.libreoffice.ranges import SAME_SHEET
from xlcheck.saving import save
from xlcheck.workbook import marking, reading
from xlcheck.workbook.list_rows import NOW

CASES = [c for c in cases() if not any(c.filing.notes.values())]
ODDER = {**ODD, "t2.fees.amount": "0.1", "t3.new.business": "=1+1", "contact": "张三"}
FOUND = ("Z", "AA", "AB", "AC", "AD", "AE", "AF", "AG", "AH", "AI", "AJ", "AK", "AX", "AY")
SLIP = {"t3.granted.natural": 21}


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for name in data.editions():
        save(build_template(name), folder / f"{name}.xlsx")
    return folder


@pytest.fixture
def made(desktop, templates, tmp_path):
    """Open a workbook filled with an edit of the sound filing."""
    stack = []

    def make(edit, name="2021", filing=None):
        path = screen.filled(
            templates / f"{name}.xlsx", filing or edited(base(name), edit), tmp_path / "填.xlsx"
        )
        context = screen.opened(desktop, path)
        stack.append(context)
        return context.__enter__()

    yield make
    for context in stack:
        context.__exit__(None, None, None)


def resaved(opened, path):
    office.saved(opened.document, path)
    return reading.read(path)


# ---------------------------------------------------------------- the same truth
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.why)
def test_the_open_workbook_is_judged_as_the_saved_one(made, tmp_path, case):
    opened = made({}, case.edition, case.filing)
    there = session.inspect(opened.book)
    closed = resaved(opened, tmp_path / "存.xlsx")
    assert there.filing == closed
    assert there.result == judge(closed, closed.last)


def _typed(opened, cell, text):
    sheet, _, at = cell.partition("!")
    opened.document.Sheets.getByName(sheet).getCellRangeByName(at).setFormula(text)


def test_formulas_dates_and_booleans_typed_in_are_seen_as_in_the_file(made, tmp_path):
    opened = made(ODDER)
    sheet = opened.document.Sheets.getByName("三、申请办理")
    for cell, text in (("E9", "=SUM(F9:J9)+'二、主动公开'.D5"), ("F9", '=IF(G9;"";"")'), ("G9", "=TRUE()")):
        sheet.getCellRangeByName(cell).setFormula(text)
    formats = opened.document.NumberFormats
    for cell, code, value in (("H9", "YYYY-MM-DD", 46000.0), ("I9", "BOOLEAN", 1.0), ("J9", "HH:MM", 0.5)):
        there = sheet.getCellRangeByName(cell)
        english = screen.bridge.struct("lang.Locale", "en", "US", "")
        key = formats.queryKey(code, english, False)
        there.NumberFormat = formats.addNew(code, english) if key == -1 else key
        there.Value = value
    there = session.inspect(opened.book).filing
    closed = resaved(opened, tmp_path / "存.xlsx")
    assert there == closed
    assert len(there.notes["typed_formula"]) == 3
    assert len(there.notes["dated"]) == 1


@pytest.mark.parametrize("name", data.editions())
def test_last_year_and_answers_are_read_too(desktop, tmp_path, name):
    from by_name import new_workbook, write_filing

    last = edited(base(name), {"contact": "张三"})
    year = 2020 if name == "2019" else 2026
    last = last._replace(year=Decimal(year - 1))
    book = new_workbook(name, year, None, last)
    filing = edited(base(name), {"t2.normative.valid": 0})._replace(year=Decimal(year))
    write_filing(book, filing._replace(answers={"R201": "确实没有"}))
    save(book, tmp_path / "新.xlsx")
    with screen.opened(desktop, tmp_path / "新.xlsx") as opened:
        there = session.inspect(opened.book)
    closed = reading.read(tmp_path / "新.xlsx")
    assert there.filing == closed
    assert closed.last is not None
    assert there.result == judge(closed, closed.last)


# ---------------------------------------------------------------- marks
@pytest.mark.parametrize(
    "edit", [SLIP, ODDER, {}, {"t2.normative.valid": 0}], ids=["slip", "odd", "sound", "warned"]
)
def test_marks_come_off_and_leave_everything_as_it_was(made, edit):
    opened = made(edit)
    for cell in ("E8", "G12"):
        opened.book.sheets["三、申请办理"].range(cell).sheet.impl.sheet.Annotations.insertNew(
            screen.bridge.struct("table.CellAddress", 2, "ABCDEFG".index(cell[0]), int(cell[1:]) - 1),
            "问过财政所",
        )
    before = screen.looks(opened.document)
    actions.check_workbook(opened.book)
    marked = screen.looks(opened.document)
    assert (marked != before) == bool(edit)
    if edit is SLIP:
        assert marked["三、申请办理", 7, 4][:2] == (0xF4958C, 0x5F0F0A)
        assert marked["三、申请办理", "note", 7, 4].startswith("问过财政所\n\n【错误】")
    actions.check_workbook(opened.book)
    assert screen.looks(opened.document) == marked
    actions.clear_marks(opened.book)
    assert screen.looks(opened.document) == before


def test_correcting_one_figure_takes_only_its_mark(made):
    opened = made({**SLIP, "t2.normative.valid": 0})
    actions.check_workbook(opened.book)
    marked = screen.looks(opened.document)
    _typed(opened, "三、申请办理!E8", "12")
    actions.check_workbook(opened.book)
    left = screen.looks(opened.document)
    changed = {k[:1] for k in marked if marked[k] != left.get(k)} | {k[:1] for k in left if k not in marked}
    assert changed == {("三、申请办理",)}
    assert not [k for k in left if k[1] == "note" and k[0] == "三、申请办理"]


def test_the_list_is_what_the_closed_file_gets(made, tmp_path):
    opened = made(SLIP)
    actions.check_workbook(opened.book)
    filing = resaved(opened, tmp_path / "活.xlsx")
    actions.clear_marks(opened.book)
    office.saved(opened.document, tmp_path / "清.xlsx")
    mark(tmp_path / "清.xlsx", filing, judge(filing), tmp_path / "标.xlsx", "2026-01-15 10:32")
    shown = [_hidden(tmp_path / name) for name in ("活.xlsx", "标.xlsx")]
    assert shown[0] == shown[1]
    assert "× 错误" in str(shown[0])


def _hidden(path):
    """What the button leaves for the 校验 sheet, without the marks' own and the moment."""
    import openpyxl

    sheet, at = openpyxl.load_workbook(path)["xlcheck"], hidden_sheet()
    first = at.first_row
    columns = [sheet[f"{c}{first}:{c}{first + 120}"] for c in FOUND]
    stamps = [sheet[at].value for at in (at.cell.checked_code, at.cell.found_errors, at.cell.found_warnings)]
    return [stamps, *([row[0].value or None for row in column] for column in columns)]


def test_marks_of_the_button_come_off_a_closed_file_and_back(desktop, made, tmp_path):
    opened = made(SLIP)
    office.saved(opened.document, tmp_path / "原.xlsx")  # the office dresses the cells under a merge as well
    with screen.opened(desktop, tmp_path / "原.xlsx") as unmarked:
        before = screen.looks(unmarked.document)
    actions.check_workbook(opened.book)
    office.saved(opened.document, tmp_path / "活.xlsx")
    marking.remove_marks(edition_named("2021"), tmp_path / "活.xlsx", tmp_path / "清.xlsx")
    with screen.opened(desktop, tmp_path / "清.xlsx") as again:
        assert _dress(screen.looks(again.document)) == _dress(before)
    filing = reading.read(tmp_path / "清.xlsx")
    mark(tmp_path / "清.xlsx", filing, judge(filing), tmp_path / "标.xlsx", "2026-01-15 10:32")
    with screen.opened(desktop, tmp_path / "标.xlsx") as again:
        actions.clear_marks(again.book)
        assert _dress(screen.looks(again.document)) == _dress(before)


def _dress(looks):
    """Fill, ink, weight, lock and notes; format numbers and substitute fonts differ from file to file."""
    kept = {k: v for k, v in looks.items() if k[1] not in ("values", "locked")}
    return {k: v if k[1] == "note" else (*v[:2], v[3], v[-1]) for k, v in kept.items()}


def list_visible(opened):
    """Which lines of the short list say something, and which of them are seen."""
    sheet, at = opened.document.Sheets.getByName("校验"), workbook().on_check
    lines = range(at.first_row, at.first_row + hidden_sheet().first_rows)
    column = at.first.message.partition(":")[0]
    said = [row for row in lines if sheet.getCellRangeByName(f"{column}{row}").String]
    return said, [row for row in said if sheet.Rows.getByIndex(row - 1).IsVisible]


@pytest.fixture
def again(desktop, tmp_path):
    """Save an open workbook as the office does, and open that."""
    stack = []

    def make(opened, name="再.xlsx"):
        office.saved(opened.document, tmp_path / name)
        stack.append(screen.opened(desktop, tmp_path / name))
        return stack[-1].__enter__()

    yield make
    for context in stack:
        context.__exit__(None, None, None)


@pytest.mark.parametrize("count", [7, 9, 12, 30])
def test_every_line_of_the_short_list_is_seen(made, again, count):
    opened = again(made(many(count)))
    actions.check_workbook(opened.book)
    said, seen = list_visible(opened)
    assert len(said) > hidden_sheet().live_rows
    assert seen == said


def test_a_line_that_an_earlier_press_left_hidden_is_seen(made):
    opened = made(many(9))
    actions.check_workbook(opened.book)
    said, _ = list_visible(opened)
    list_sheet, hidden = opened.book.sheets["校验"], opened.book.sheets["xlcheck"]
    with locks.unlocked(opened.book, [list_sheet.name]):
        list_sheet.range((said[-1], 1)).row_height = 0
        kept = hidden.range(hidden_sheet().cell.heights)
        kept.value = kept.value.replace(f'"{NOW}"', '"now"')  # as it was called then
    actions.check_workbook(opened.book)
    assert list_visible(opened) == (said, said)


def labels(opened):
    """The labels of the texts as they are drawn, signs and all."""
    form, sheet = edition_named("2021").form, opened.document.Sheets.getByName("文字")
    drawn = {key: f"{workbook().on_text.label}{cell[1:]}" for key, cell in form.texts.items()}
    return {key: sheet.getCellRangeByName(cell).String for key, cell in drawn.items()}


def write_labelled(opened):
    """Write the two texts that were left out: one that is an error without, one that is a warning."""
    for text in ("s6", "sign"):
        opened.book.sheets["文字"].range(edition_named("2021").form.texts[text]).value = base("2021").texts[
            text
        ]


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("act", [actions.check_workbook, actions.clear_marks])
def test_signs_of_both_kinds_come_off_the_labels_at_once(made, again, act, saved):
    opened = made({"s6": "", "sign": ""})
    opened = again(opened) if saved else opened
    before = labels(opened)
    actions.check_workbook(opened.book)
    signs = {text[0] for key, text in labels(opened).items() if text != before[key]}
    write_labelled(opened)
    act(opened.book)
    assert (signs, labels(opened)) == ({"×", "！"}, before)


@pytest.fixture
def forgotten(made, again):
    """A workbook saved by the office with two signs that nothing tells of; and its labels without."""
    opened = made({})
    before, sheet = labels(opened), opened.book.sheets["文字"]
    with locks.unlocked(opened.book, [sheet.name]):
        for text, kind in (("s6", "text"), ("sign", "text_warned")):
            label = f"{workbook().on_text.label}{edition_named('2021').form.texts[text][1:]}"
            sheet.range(label).number_format = styles().mark[kind].format
    return again(opened), before


@pytest.mark.parametrize("act", [actions.check_workbook, actions.clear_marks])
def test_signs_that_nothing_tells_of_come_off_the_labels(forgotten, act):
    opened, before = forgotten
    there = labels(opened)
    act(opened.book)
    assert (there["s6"][0], there["sign"][0], labels(opened)) == ("×", "！", before)


def test_signs_that_nothing_tells_of_come_off_the_labels_of_a_closed_file(desktop, forgotten, tmp_path):
    opened, before = forgotten
    office.saved(opened.document, tmp_path / "活.xlsx")
    marking.remove_marks(edition_named("2021"), tmp_path / "活.xlsx", tmp_path / "清.xlsx")
    with screen.opened(desktop, tmp_path / "清.xlsx") as clean:
        assert labels(clean) == before


def test_a_text_left_out_keeps_its_label_though_its_sign_was_forgotten(forgotten):
    opened, before = forgotten
    cell = opened.book.sheets["文字"].range(edition_named("2021").form.texts["s6"])
    cell.value = ""
    actions.check_workbook(opened.book)
    signed = labels(opened)["s6"]
    cell.value = base("2021").texts["s6"]
    actions.check_workbook(opened.book)
    assert (signed, labels(opened)) == (f"× {before['s6']}", before)


@pytest.mark.parametrize("saved", [False, True])
def test_white_cells_of_several_formats_get_the_plain_one_back(made, again, saved):
    opened = made({})
    opened = again(opened) if saved else opened
    sheet, cells = opened.book.sheets["封面"], [*edition_named("2021").form.cover.values()]
    formats = ('"甲"@', '"乙"@', '"丙"@', '"丁"@')
    for cell, code in zip(cells, itertools.cycle(formats), strict=False):
        with locks.unlocked(opened.book, [sheet.name]):
            sheet.range(cell).number_format = code
    actions.check_workbook(opened.book)
    assert {sheet.range(cell).number_format for cell in cells} == {"General"}


LINES = ("BottomBorder2", "LeftBorder2", "RightBorder2", "TopBorder2")
PLACES = (
    "文字!C4",
    "文字!C5",
    "文字!C10",
    "三、申请办理!K6",
    "三、申请办理!E30",
    "二、主动公开!C12",
    "封面!C8",
)


def test_the_lines_that_a_paste_took_are_drawn_again(made):
    opened = made({})
    cells = [
        opened.document.Sheets.getByName(sheet).getCellRangeByName(cell)
        for sheet, _, cell in (place.partition("!") for place in PLACES)
    ]

    def lines():
        return [[(one.OuterLineWidth, one.Color) for one in cell.getPropertyValues(LINES)] for cell in cells]

    before = lines()
    with locks.unlocked(opened.book, {place.partition("!")[0] for place in PLACES}):
        for cell in cells:
            cell.CharHeight = 20
            for line in LINES:
                cell.setPropertyToDefault(line)
    assert lines() != before
    actions.check_workbook(opened.book)
    assert lines() == before


# ---------------------------------------------------------------- calls
def many(count):
    form = edition_named("2021").form
    return dict.fromkeys(list(form.fields)[:count], "/")


@pytest.mark.parametrize("count", [0, 1, 200])
def test_one_click_asks_little_of_the_office(made, monkeypatch, count):
    fields = len(edition_named("2021").form.fields)
    opened = made(many(min(count, fields)))
    actions.check_workbook(opened.book)
    actions.clear_marks(opened.book)
    with screen.counted(monkeypatch) as calls:
        actions.check_workbook(opened.book)
    over = {s: n for s, n in calls.writes.items() if n > len(calls.fills.get(s, ())) + 3}
    assert over == {}
    assert max(calls.reads.values()) == 1
    assert sum(calls.notes.values()) >= min(count, fields)


def test_a_second_click_with_nothing_new_paints_nothing(made, monkeypatch):
    opened = made({**SLIP, **many(30)})
    actions.check_workbook(opened.book)
    with screen.counted(monkeypatch) as calls:
        actions.check_workbook(opened.book)
    assert (set(calls.writes), calls.notes) == ({"xlcheck"}, {})


# ---------------------------------------------------------------- what is known stays told
def told(opened):
    """What the banner says, and what the cover says of the texts."""
    opened.document.calculate()
    cover = opened.document.Sheets.getByName("封面")
    texts = next(n for n in range(10, 20) if cover.getCellRangeByName(f"B{n}").String == "文字")
    return cover.getCellRangeByName("B1").String, cover.getCellRangeByName(f"F{texts}").String


def missaid():
    """A wrong figure in a table, and another in the text."""
    filing = edited(base("2021"), SLIP)
    return filing._replace(texts={**filing.texts, "s1": filing.texts["s1"].replace("办结19件", "办结11件")})


def test_a_known_error_in_the_text_stays_counted_until_it_is_checked_again(made):
    opened = made({}, filing=missaid())
    assert told(opened) == ("至少 1 格有错；文字还没有核对　点这里看清单 →", "未核对")
    actions.check_workbook(opened.book)
    errors, _ = counts(session.inspect(opened.book).result)
    assert told(opened) == (f"{errors} 处错误　点这里看清单 →", f"× {errors - 1}")
    actions.clear_marks(opened.book)
    assert told(opened)[0].startswith(f"{errors} 处错误　")
    _typed(opened, "三、申请办理!E8", "12")
    kept = f"{errors - 1} 处错误是上次校验查出的"
    assert told(opened) == (f"{kept}；之后有改动，请再按“校验” →", f"× 上次 {errors - 1}")
    assert "上次校验：" in _listed(opened)
    opened.document.Sheets.getByName("文字").getCellRangeByName("C5").String = base("2021").texts["s1"]
    assert told(opened)[0].startswith(kept)
    actions.check_workbook(opened.book)
    assert told(opened) == ("没有错误，没有提醒　可以生成报告", "—")


def test_of_what_the_last_check_found_every_place_is_counted_in_the_list(made):
    filing = base("2021")
    blanks = {key: "〔待填：什么〕" + filing.texts[key] for key in ("s5", "s6")}
    opened = made({}, filing=filing._replace(texts={**filing.texts, **blanks}))
    actions.check_workbook(opened.book)
    _typed(opened, "三、申请办理!E8", "11")
    opened.document.calculate()
    assert "改进情况 等 2 处" in _listed(opened)


def _listed(opened):
    """All that stands on the 校验 sheet."""
    rows = opened.document.Sheets.getByName("校验").getCellRangeByName("B1:G110").getDataArray()
    return " ".join(str(entry) for row in rows for entry in row if entry != "")


def test_right_after_a_check_every_rule_says_how_it_ended(made):
    opened = made({})
    actions.check_workbook(opened.book)
    opened.document.calculate()
    assert "？ 未核对" not in _listed(opened)
    assert "按“校验”按钮" not in _listed(opened)


CHANGES = [
    ("三、申请办理!E8", "13"), ("二、主动公开!C6", ""), ("文字!C13", "别的"), ("封面!C5", "别的镇"),
    ("校验!F20", "属实"), ("三、申请办理!E8", "'12"), ("三、申请办理!E8", "=12"), ("封面!C6", "'2025"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "text"), CHANGES, ids=["".join(c) for c in CHANGES])
def test_green_is_gone_as_soon_as_anything_changes(made, cell, text):
    opened = made({})
    actions.check_workbook(opened.book)
    assert told(opened)[0] == "没有错误，没有提醒　可以生成报告"
    if cell.startswith("校验"):
        rows = opened.document.Sheets.getByName("校验")
        locked = (rows.getCellRangeByName(f"F{n}").CellProtection.IsLocked for n in range(15, 110))
        cell = f"校验!F{next(n for n, shut in enumerate(locked, 15) if not shut)}"
    _typed(opened, cell, text)
    assert "可以生成报告" not in told(opened)[0]
    hidden = opened.document.Sheets.getByName("xlcheck")
    assert (hidden.getCellRangeByName(hidden_sheet().cell.code).String == "") != cell.startswith("校验")


FORM = edition_named("2021").form


CUTS = [
    ("t3.unable_2.natural", "t3.unable_3.natural"),
    ("t3.new.natural", "t3.unable_3.natural"),  # the corner of every range that a format lies over
    ("t3.new.natural", "t2.license.decisions"),  # to another sheet
    ("s6", "s5"),
    ("t3.new.natural", "unit"),
    ("no_requests", "t3.unable_3.natural"),
]


def _place(opened, at):
    sheet, cell = FORM.where(at)
    return opened.document.Sheets.getByName(sheet).getCellRangeByName(cell)


def _cut(opened, source, target):
    """Cut one cell and paste it over another, as the program does it."""
    there, to = _place(opened, source), _place(opened, target)
    sheets = {one.Spreadsheet.Name: one.Spreadsheet for one in (there, to)}.values()
    for sheet in sheets:
        sheet.unprotect("xlcheck")
    whole = there.Spreadsheet.createCursorByRange(there)
    whole.collapseToMergedArea()
    to.Spreadsheet.moveRange(to.CellAddress, whole.RangeAddress)
    for sheet in sheets:
        sheet.protect("xlcheck")


def _own(document):
    """All formulas, names and conditional formats of a workbook: what is the template's own."""
    found = {}
    for sheet in document.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        rows = sheet.getCellRangeByPosition(
            0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
        ).getFormulaArray()
        texts = {(r, c): SAME_SHEET.sub(":", t) for r, row in enumerate(rows) for c, t in enumerate(row)}
        formats = sheet.ConditionalFormats.getConditionalFormats()
        found[sheet.Name] = {at: text for at, text in texts.items() if text.startswith("=")}
        found[sheet.Name, "formats"] = [
            (one.getByIndex(0).Formula1, one.getByIndex(0).StyleName, set(cells_of(one.Range.RangeAddresses)))
            for one in formats
        ]
    names = document.NamedRanges
    return found | {name: names.getByName(name).Content for name in names.ElementNames}


SHEET = "'三、申请办理'"
SEEN = [  # a formula of the template, what a program makes of it, and whether it looks elsewhere then
    (f"=ISBLANK({SHEET}!$E$19)", f"=ISBLANK({SHEET}!$E$20)", True),  # Excel, the cell that was cut
    (f"=ISBLANK({SHEET}!$E$20)", f"=ISBLANK({SHEET}!#REF!)", True),  # and what it was pasted over
    (f"=ISBLANK({SHEET}!$E$19)", "=ISBLANK(封面!$E$19)", True),
    ("=ISBLANK($'三、申请办理'.$E$19)", "=ISBLANK($'三、申请办理'.$E$20)", True),  # LibreOffice
    ('=LEN(C12)&" 字"', '=LEN(C11)&" 字"', True),
    ('=IF(xlcheck!$Q$24>0,"× 错误","")', '=IF(xlcheck!$Q$24>0,"！ 提醒","")', False),  # a county's own word
    ("=SUM(xlcheck!$D$24:$D$30)", "=SUM(xlcheck!$D$24:$D$30)", False),
]


@pytest.mark.parametrize(("clean", "there", "elsewhere"), SEEN, ids=[one[1] for one in SEEN])
def test_where_a_formula_looks_is_seen_as_either_program_writes_it(clean, there, elsewhere):
    assert (anew.looks(clean) != anew.looks(there)) == elsewhere


class Grid:
    """As much of a sheet of Excel as is asked: formulas in Excel's own writing, by cell."""

    def __init__(self, formulas):
        self.formulas = formulas
        self.book = self.sheet = self
        self.app = SimpleNamespace(engine=SimpleNamespace(name="excel"))
        self.used_range = SimpleNamespace(last_cell=SimpleNamespace(row=2, column=2))

    def range(self, first, last=None):
        return GridCells(self, first, last)


class GridCells(NamedTuple):
    sheet: Grid
    first: tuple
    last: tuple | None


def _read(cells):
    return tuple(tuple(cells.sheet.formulas.get((row, col), "") for col in (1, 2)) for row in (1, 2))


def _write(cells, formula):
    cells.sheet.formulas[cells.first] = formula


GridCells.formula = property(_read, _write)


def test_in_excel_only_what_looks_elsewhere_is_written_anew():
    clean = {(1, 1): f"={SHEET}!$E$19", (1, 2): "单位", (2, 1): f'=IF({SHEET}!$E$20>0,"× 错误","")'}
    hers = {**clean, (1, 1): f"={SHEET}!$E$20", (1, 2): "=1", (2, 1): f'=IF({SHEET}!$E$20>0,"！ 提醒","")'}
    sheet = Grid(dict(hers))
    anew._formulas(sheet, Grid(clean))
    assert sheet.formulas == {**hers, (1, 1): clean[1, 1]}


@pytest.mark.parametrize(("source", "target"), CUTS, ids=["-".join(c) for c in CUTS])
def test_what_looks_elsewhere_after_a_cut_is_written_anew_and_told(made, source, target):
    opened = made({})
    before = _own(opened.document)
    pasted = _place(opened, source).String
    _cut(opened, source, target)
    assert _own(opened.document) != before
    said = actions.check_workbook(opened.book)
    assert office_facts().say.looks_again in said
    assert _place(opened, target).String.removeprefix("× ") == pasted
    assert _own(opened.document) == before
    assert all(protected(opened).values())
    assert office_facts().say.looks_again not in actions.check_workbook(opened.book)


def test_after_a_cut_is_mended_a_change_there_is_seen_again(made):
    opened = made({})
    _cut(opened, "t3.unable_2.natural", "t3.unable_3.natural")
    actions.check_workbook(opened.book)
    for at in ("t3.unable_2.natural", "t3.unable_3.natural"):
        _typed(opened, "!".join(FORM.where(at)), str(base("2021").values[at]))
    actions.check_workbook(opened.book)
    assert told(opened)[0] == "没有错误，没有提醒　可以生成报告"
    _typed(opened, "!".join(FORM.where("t3.unable_2.natural")), "7")
    assert "可以生成报告" not in told(opened)[0]


def test_a_workbook_of_another_layout_is_told_of_a_cut_and_not_written_into(made):
    opened = made({})
    at = hidden_sheet()
    opened.document.Sheets.getByName("xlcheck").unprotect("xlcheck")
    rule = opened.document.Sheets.getByName("xlcheck").getCellRangeByName(f"{at.case.rule}{at.first_row}")
    rule.String = "R000"
    opened.document.Sheets.getByName("xlcheck").protect("xlcheck")
    _cut(opened, "t3.unable_2.natural", "t3.unable_3.natural")
    actions.check_workbook(opened.book)
    assert "R902" in {f.rule for f in session.inspect(opened.book).result.findings}


def test_a_long_text_is_seen_whole_in_smaller_letters_and_no_paste_is_told(made):
    opened = made({})
    cell, usual = _place(opened, "s5"), styles().style["prose"].size
    for letters, smaller in ((1000, True), (3000, True), (100, False)):
        cell.String = "字" * letters
        assert "格式被粘贴" not in actions.check_workbook(opened.book)
        assert (cell.CharHeightAsian < usual) == smaller
        assert (
            cell.Rows.getByIndex(0).Height / 2540 * 72
            >= letters / 45 * 1.19 * cell.CharHeightAsian**2 / usual
        )


ANEW = [(1, "BOOLEAN", "TRUE"), (46027, "YYYY-MM-DD", "2026-1-5")]


@pytest.mark.parametrize(("value", "form", "typed"), ANEW, ids=[one[2] for one in ANEW])
def test_a_truth_or_a_day_put_in_again_by_redo_is_no_figure_after_any_press(made, value, form, typed):
    opened = made({})
    cell = _place(opened, "t2.license.decisions")
    for press in (actions.check_workbook, actions.clear_marks, actions.check_workbook):
        cell.Value = value
        cell.NumberFormat = opened.document.NumberFormats.queryKey(form, cell.CharLocale, False)
        said = press(opened.book)
        assert office_facts().say.shown_as_typed.partition("（")[0].format(n=1) in said
        assert office_facts().say.put_back.format(n=1, cell="").partition("（")[0] not in said
        assert cell.String.removeprefix("× ") == typed
        assert cell.Type.value == "TEXT"


PARTED = [("t2.license.decisions", {}), ("s1", {1: "别处的一段"}), ("unit", {})]


@pytest.mark.parametrize(("at", "typed"), PARTED, ids=[one[0] for one in PARTED])
def test_a_merge_that_a_paste_parted_is_merged_again_and_nothing_is_lost(made, at, typed):
    opened = made({})
    first = _place(opened, at)
    sheet, whole = first.Spreadsheet, first.Spreadsheet.createCursorByRange(first)
    whole.collapseToMergedArea()
    stood, before = first.String, whole.AbsoluteName
    sheet.unprotect("xlcheck")
    whole.merge(False)
    for row, text in typed.items():
        whole.getCellByPosition(0, row).String = text
    sheet.protect("xlcheck")
    said = actions.check_workbook(opened.book)
    assert "已重新合并" in said
    whole = sheet.createCursorByRange(first)
    whole.collapseToMergedArea()
    assert whole.AbsoluteName == before
    assert first.String == "\n".join([stood, *typed.values()])


def test_totals_are_not_filled_where_nobody_can_tell_what_is_wrong(made):
    opened = made({"t4.direct.total": 99})
    said = actions.fill_in_totals(opened.book)
    assert "分不清" in said
    assert session.inspect(opened.book).filing.values["t4.direct.total"] == 99


def test_a_total_that_may_be_the_evidence_against_a_part_is_not_filled(made):
    """A part and another total are wrong, a blank beside: only what every way changes alike is filled."""
    opened = made({**SLIP, "t3.partial.total": 7, "t3.unable_2.social": ""})
    said = actions.fill_in_totals(opened.book)
    now = session.inspect(opened.book).filing.values
    assert "填了 1 格合计" in said
    assert "分不清" in said
    assert [now[f"t3.{n}"] for n in ("partial.total", "granted.total", "sum.natural")] == [1, 14, 15]


def test_totals_that_every_way_of_mending_changes_alike_are_filled(made):
    """Two wrong totals of one column: whether their own total is wrong too is open, they are not."""
    opened = made({"t3.granted.total": 99, "t3.partial.total": 88})
    was = {name: value for name, value in base("2021").values.items() if name.startswith("t3.")}
    said = actions.fill_in_totals(opened.book)
    assert "填了 2 格合计" in said
    now = session.inspect(opened.book).filing.values
    assert {name: now[name] for name in was} == was


# ---------------------------------------------------------------- locks
def protected(opened):
    return {s.Name: s.isProtected() for s in opened.document.Sheets}


@pytest.mark.parametrize("press", [actions.check_workbook, actions.clear_marks, actions.fill_in_totals])
@pytest.mark.parametrize("changed", [{}, {"t3.granted.natural": 41}], ids=["sound", "wrong"])
def test_no_press_leaves_a_lock_to_be_undone(made, changed, press):
    """The first of all, and one after another; only figures that were written can be taken back."""
    opened = made(changed)
    undo = opened.document.UndoManager
    for action in (press, actions.check_workbook, press):
        action(opened.book)
        assert undo.getAllUndoActionTitles() == ()
        assert not undo.isLocked()


@pytest.mark.parametrize("front", ["封面", "三、申请办理", "文字", "校验"])
def test_a_check_leaves_what_she_can_undo(made, front):
    """Whatever sheet is in front: her figures come back one by one."""
    opened = made({})
    undo = opened.document.UndoManager
    cell = opened.document.Sheets.getByName("三、申请办理").getCellRangeByName("E6")
    was = cell.Value
    cell.Value = was + 1
    typed = undo.getAllUndoActionTitles()
    assert typed
    opened.document.CurrentController.setActiveSheet(opened.document.Sheets.getByName(front))
    for _ in range(3):
        actions.check_workbook(opened.book)
        assert undo.getAllUndoActionTitles() == typed
    undo.undo()
    assert cell.Value == was


def test_the_locks_are_on_again_after_an_error_in_between(made, monkeypatch):
    opened = made(SLIP)

    def broken(_):
        raise OSError("in between")

    monkeypatch.setattr(paint, "apply", broken)
    with pytest.raises(OSError, match="in between"):
        actions.check_workbook(opened.book)
    assert all(protected(opened).values())


def test_killed_in_between_the_next_click_locks_again_and_says_so(made, monkeypatch):
    opened = made(SLIP)
    monkeypatch.setattr(native, "protect", lambda sheet: None)
    monkeypatch.setattr(paint, "apply", lambda change: None)
    actions.check_workbook(opened.book)
    monkeypatch.undo()
    assert not all(protected(opened).values())
    said = actions.check_workbook(opened.book)
    assert "重新锁好" in said
    assert "× 1 处错误。" in said
    assert all(protected(opened).values())


def test_a_sheet_that_somebody_unlocked_stays_so_and_is_told(made, tmp_path):
    opened = made({})
    opened.document.Sheets.getByName("二、主动公开").unprotect("xlcheck")
    assert "保护被取消了" in actions.check_workbook(opened.book)
    assert [n for n, locked in protected(opened).items() if not locked] == ["二、主动公开"]


def test_another_password_is_a_sentence(made):
    opened = made(SLIP)
    sheet = opened.document.Sheets.getByName("xlcheck")
    sheet.unprotect("xlcheck")
    sheet.protect("别的")
    with pytest.raises(Refused, match="密码被改过"):
        actions.check_workbook(opened.book)
    assert all(protected(opened).values())


def test_a_protected_sheet_raises_and_is_never_silently_left(made):
    opened = made({})
    opened.book.sheets["三、申请办理"].range("E8").color = (1, 2, 3)  # white, and open to programs
    cell = opened.book.sheets["三、申请办理"].range("D8")
    for change in ({"color": (1, 2, 3)}, {"number_format": "0.0"}):
        for name, value in change.items():
            with pytest.raises(native.xw.XlwingsError, match="protected"):
                setattr(cell, name, value)
    with pytest.raises(native.xw.XlwingsError, match="protected"):
        cell.add_note("x")
    with pytest.raises(native.xw.XlwingsError, match="protected"):
        opened.book.sheets["三、申请办理"].range("B3").value = 1


def test_the_allow_options_survive_in_the_saved_file(made, tmp_path):
    import openpyxl

    opened = made(SLIP)
    actions.check_workbook(opened.book)
    office.saved(opened.document, tmp_path / "存.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "存.xlsx").worksheets
    assert all(s.protection.sheet and not s.protection.formatRows for s in sheets)
    assert not any(s.protection.formatColumns for s in sheets)


def test_what_she_sees_stays_locked_while_a_press_paints_it(made, monkeypatch):
    """She may type meanwhile; the labels of texts alone are painted under an open lock, and only then."""
    opened, seen = made(SLIP), []
    apply = paint.apply
    monkeypatch.setattr(paint, "apply", lambda change: (seen.append(protected(opened)), apply(change)))
    actions.check_workbook(opened.book)
    assert [[name for name, locked in one.items() if not locked] for one in seen] == [["xlcheck"]] * len(seen)
    assert seen
    assert all(protected(opened).values())


def test_a_merge_that_a_paste_brought_over_figures_is_an_error_until_it_is_parted(made):
    opened = made({})
    sheet, cell = FORM.where("t2.rules.made")
    area = opened.document.Sheets.getByName(sheet).getCellRangeByName(f"{cell}:{cell[0]}{int(cell[1:]) + 1}")
    area.Spreadsheet.unprotect("xlcheck")
    area.merge(True)
    area.Spreadsheet.protect("xlcheck")
    found = session.inspect(opened.book).result.findings
    assert [f.rule for f in found if f.at == "t2.rules.made"] == ["R903"]
    stood = area.getDataArray()
    assert "已拆开" in actions.check_workbook(opened.book)
    assert not area.IsMerged
    assert area.getDataArray() == stood
    assert "已拆开" not in actions.check_workbook(opened.book)


def test_locks_are_taken_from_no_sheet_that_is_not_written(made):
    opened = made(SLIP)
    with locks.unlocked(opened.book, ["三、申请办理"]):
        assert [n for n, locked in protected(opened).items() if not locked] == ["三、申请办理", "xlcheck"]
