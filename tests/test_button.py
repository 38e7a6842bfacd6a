"""What a click does from outside: every action has its sentence, and none a traceback."""

import os
import subprocess
import sys
from decimal import Decimal
from types import SimpleNamespace

import live as screen
import office
import pytest
from by_name import build_template, code, fill_workbook, judge
from cases import base, edited
from conftest import not_run

from xlcheck import data
from xlcheck.core.check_code import check_code
from xlcheck.core.diagnosis.totals import totals_to_fill
from xlcheck.data.draft import draft_words
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.office import office as office_facts
from xlcheck.editions import Refused, edition_named
from xlcheck.office import actions, button, native
from xlcheck.office.libreoffice import bridge
from xlcheck.office.libreoffice import engine as calc
from xlcheck.saving import save
from xlcheck.workbook import reading

SLIP = {"t3.granted.natural": 21}
T3 = "三、申请办理"


@pytest.fixture(scope="module")
def listening(tmp_path_factory):
    """An office of our own starting, listening on a pipe."""
    if why := office.missing():
        not_run(why)
    started = bridge.start(office.PROGRAM / "soffice.bin", tmp_path_factory.mktemp("home"))
    office.STARTED.append(started.process)
    app = calc.attach(started.context)
    app.impl.visible = False
    yield started
    app.impl.api.terminate()
    started.process.wait(office.PATIENCE)


@pytest.fixture
def opened(listening, tmp_path):
    """Open a filled workbook, alone in the office; close it at the end."""
    app, there = calc.attach(listening.context), []
    app.impl.visible = False
    save(build_template("2021"), tmp_path / "空.xlsx")

    def make(edit, name="填 (1)=[稿].xlsx"):
        fill_workbook(tmp_path / "空.xlsx", edited(base("2021"), edit), tmp_path / name)
        there.append(app.books.open(str(tmp_path / name)))
        return there[0]

    yield make
    for book in there:
        book.close()


def shown(book, cell):
    sheet, _, at = cell.partition("!")
    return book.sheets[sheet].range(at).value


def logged(book, lines):
    at = hidden_sheet()
    first, last = (
        f"{at.log.action}{at.first_row}",
        f"{at.log.rule}{at.first_row + lines - 1}",
    )
    return book.sheets["xlcheck"].range(first, last).options(ndim=2).value


# ---------------------------------------------------------------- over the pipe
def click(listening, action, *more, code=None):
    """Run the button as the extension does, in a Python of its own."""
    start = ["-c", code] if code else ["-m", "xlcheck.office.button"]
    command = [sys.executable, *start, action, "--office", listening.address, *more]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"}
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.strip()


def test_a_click_from_outside_checks_the_open_workbook_whatever_its_name(listening, opened):
    book = opened(SLIP)
    status, said = click(listening, "check")
    assert (status, said.split("。")[0]) == (0, "× 1 处错误")
    assert book.sheets[T3].range("E8").color == (0xF4, 0x95, 0x8C)


def test_a_click_killed_while_painting_is_mended_by_the_next(listening, opened):
    book = opened(SLIP)
    before = screen.looks(book.impl.api)
    killed = (
        "import os; from xlcheck.office import button, paint; "
        "paint.apply = lambda change: os._exit(9); button.main()"
    )
    assert click(listening, "check", code=killed)[0] == 9
    open_ones = {sheet.name for sheet in book.sheets if not native.is_protected(sheet)}
    assert open_ones == {"xlcheck"}  # all that she sees stays locked under her hands
    _, said = click(listening, "check")
    assert said.startswith(office_facts().say.repaired)
    assert all(native.is_protected(sheet) for sheet in book.sheets)
    click(listening, "clear")
    assert screen.looks(book.impl.api) == before


def test_an_office_that_is_not_there_is_a_sentence(capsys):
    if why := office.missing():
        not_run(why)
    assert button.main(["check", "--office", "pipe,name=nobody"]) == 2
    assert "连不上 LibreOffice" in capsys.readouterr().err


def test_no_workbook_is_a_sentence(listening):
    assert click(listening, "check") == (2, office_facts().say.no_book)


def test_a_click_ends_without_taking_the_bridge_down(listening):
    """Taken down in order, the bridge aborts one click in forty after it was done."""
    taken_down = (
        "import atexit, os, runpy; atexit.register(os._exit, 9); "
        "runpy.run_module('xlcheck.office.button', run_name='__main__')"
    )
    assert click(listening, "check", code=taken_down) == (2, office_facts().say.no_book)


def test_a_workbook_that_is_not_ours_is_a_sentence(listening, opened, tmp_path):
    import openpyxl

    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    app = calc.attach(listening.context)
    app.impl.visible = False
    book = app.books.open(str(path))
    try:
        for action in button.ACTIONS:
            said, status = button.run_action(action, app)
            assert status == 2
            assert "不是本工具的填报工作簿" in said
    finally:
        book.close()


def test_a_moved_label_is_a_sentence(opened):
    book = opened({})
    sheet = book.sheets[T3].impl.sheet
    sheet.unprotect("xlcheck")
    sheet.getCellRangeByName("B8").String = "别的"
    with pytest.raises(Refused, match="应为"):
        actions.check_workbook(book)


def test_an_unmerged_cell_is_seen_on_a_sheet_that_is_open(opened):
    book = opened({})
    sheet = book.sheets[T3].impl.sheet
    sheet.unprotect("xlcheck")
    sheet.getCellRangeByName("F4:J4").merge(False)
    with pytest.raises(Refused, match="合并单元格 F4:J4"):
        actions.check_workbook(book)


def test_an_office_that_fails_is_a_sentence_and_no_traceback(listening, opened, monkeypatch):
    opened(SLIP)

    def busy(_):
        raise native.xw.XlwingsError("call was rejected")

    monkeypatch.setitem(button.ACTIONS, "check", busy)
    said, status = button.run_action("check", calc.attach(listening.context))
    assert status == 2
    assert "按回车结束编辑" in said


# ---------------------------------------------------------------- each button
def test_next_walks_from_place_to_place_and_round_again(opened):
    book = opened({**SLIP, "t2.penalty.decisions": "/", "t2.coercion.decisions": ""})
    actions.check_workbook(book)
    said = [actions.go_to_next(book) for _ in range(3)]
    assert [s.split("：")[0] for s in said] == [f"第 {n} 格，共 3 格（3 处）" for n in (2, 3, 1)]


def test_totals_are_filled_from_their_parts_in_one_undoable_step(opened):
    book = opened({"t3.new.total": "", "t3.granted.total": 41, "t4.review.total": ""})
    said = actions.fill_in_totals(book)
    assert "填了 3 格合计" in said
    assert f"{T3}!K8 由 41 改为 14" in said
    assert "由 空 改为 19" in said
    assert (shown(book, f"{T3}!K6"), shown(book, f"{T3}!K8")) == (19, 14)
    book.impl.api.UndoManager.undo()
    assert (shown(book, f"{T3}!K6"), shown(book, f"{T3}!K8")) == (None, 41)
    assert all(native.is_protected(sheet) for sheet in book.sheets)


def test_totals_of_a_wrong_part_are_left_as_the_evidence(opened):
    book = opened(SLIP)
    assert "3 格合计没有动" in actions.fill_in_totals(book)
    assert shown(book, f"{T3}!K8") == 14


def test_no_blank_total_is_filled_from_a_part_that_is_wrong(opened):
    """One that the sums name, and one that is refused by itself; what they do not touch is filled in."""
    book = opened({**SLIP, "t3.granted.total": "", "t4.review.total": "", "t4.review.other": -1})
    assert "合计没有动" in actions.fill_in_totals(book)
    assert (shown(book, f"{T3}!K8"), shown(book, "四、复议诉讼!F6")) == (None, None)


def test_totals_wait_for_their_parts(opened):
    said = actions.fill_in_totals(opened({"t3.granted.natural": "", "t3.granted.total": ""}))
    assert "1 格合计没有填，因为分项还没有填全" in said


@pytest.mark.parametrize("name", data.editions())
def test_every_total_of_a_sound_filing_is_right_and_comes_from_the_rules(name):
    equations, values = code(name).equations, base(name).values
    assert totals_to_fill(equations, values) == ((), (), ())
    blank = {n: None if n.endswith(".total") or n.startswith("t3.sum") else v for n, v in values.items()}
    filled = {t.field: t.to for t in totals_to_fill(equations, blank).wrong}
    assert filled == {n: values[n] for n, v in blank.items() if v is None}
    assert len(filled) > 30


def test_a_suggestion_is_written_logged_and_checked_again(opened, tmp_path):
    book = opened(SLIP)
    actions.check_workbook(book)
    said = actions.adopt_fix(book)
    assert said == f"已把 {T3}!E8 由 21 改为 12。√ 没有错误，没有提醒，可以生成报告。"
    assert shown(book, f"{T3}!E8") == 12
    assert logged(book, 1)[0] == ["采纳建议", f"{T3}!E8", "21", "12", "R301"]
    book.save(str(tmp_path / "存.xlsx"))
    assert reading.read(tmp_path / "存.xlsx").values["t3.granted.natural"] == Decimal(12)


def test_a_text_that_looks_like_its_figure_is_told_as_one(opened):
    book = opened({"t3.granted.natural": "１２"})
    actions.check_workbook(book)
    assert actions.adopt_fix(book).startswith(f"已把 {T3}!E8 由文字“１２”改为数字 12。√")


def test_a_check_without_errors_gives_the_code_until_something_changes(opened, tmp_path):
    book = opened({})
    actions.check_workbook(book)
    book.save(str(tmp_path / "存.xlsx"))
    filing = reading.read(tmp_path / "存.xlsx")
    given = f"校验码 {check_code(edition_named('2021').form, filing, judge(filing))}"
    assert shown(book, f"{T3}!K2") == given
    book.sheets[T3].range("E8").value = 13
    assert not shown(book, f"{T3}!K2")
    book.sheets[T3].range("E8").value = 12
    assert shown(book, f"{T3}!K2") == given
    book.sheets[T3].range("E8").value = 21
    actions.check_workbook(book)
    assert not shown(book, f"{T3}!K2")


TWO_ROWS = {f"t3.{row}.{who}": "" for row in ("denied_1", "denied_2") for who in ("research", "legal")}


@pytest.mark.parametrize(
    ("selected", "filled"),
    [
        ("G10", ["G10", "I10", "G11", "I11"]),
        ("I11", ["I11"]),
        ("G10:G11", ["G10", "G11"]),
        ("I10:K10", ["I10"]),
    ],
    ids=["the first of them: all", "one", "a column of two", "one of a row"],
)
def test_blanks_that_are_forced_are_taken_alone_or_all(opened, selected, filled):
    book = opened(TWO_ROWS)
    actions.check_workbook(book)
    book.sheets[T3].activate()
    book.sheets[T3].range(selected).select()
    actions.adopt_fix(book)
    assert [at for at in ("G10", "I10", "G11", "I11") if shown(book, f"{T3}!{at}") == 0] == sorted(
        filled, key=["G10", "I10", "G11", "I11"].index
    )
    assert [line[1:4] for line in logged(book, len(filled))] == [[f"{T3}!{at}", "空", "0"] for at in filled]


def test_the_log_grows(opened):
    book = opened({"t3.new.total": ""})
    actions.fill_in_totals(book)
    book.sheets[T3].range("K6").value = 20
    actions.fill_in_totals(book)
    assert [(r[2], r[3]) for r in logged(book, 2)] == [("空", "19"), ("20", "19")]


@pytest.mark.parametrize(
    ("edit", "cell", "said"),
    [
        (SLIP, f"{T3}!E9", "没有建议"),
        (SLIP, f"{T3}!B3", "没有选中一格"),
        ({"t4.review.total": 3}, "四、复议诉讼!B6", "有 5 种改法.*改为"),
        ({"unit": ""}, "封面!C5", "没有算得出的数"),
    ],
)
def test_where_nothing_is_certain_nothing_is_written(opened, edit, cell, said):
    book = opened(edit)
    actions.check_workbook(book)
    before = screen.looks(book.impl.api)
    sheet, _, at = cell.partition("!")
    book.sheets[sheet].activate()
    book.sheets[sheet].range(at).select()
    with pytest.raises(Refused, match=said):
        actions.adopt_fix(book)
    assert screen.looks(book.impl.api) == before


def test_a_draft_fills_the_empty_texts_in_one_step_and_leaves_hers_alone(opened):
    book = opened({"s1": "", "s6": ""})
    text = {at: f"文字!{cell}" for at, cell in edition_named("2021").form.texts.items()}
    before = {at: shown(book, cell) for at, cell in text.items()}
    said = actions.draft_texts(book)
    after = {at: shown(book, cell) for at, cell in text.items()}
    assert {at for at in text if before[at] != after[at]} == {"s1", "s6"}
    assert said.startswith("按表格拟了：一、总体情况、六、其他需要报告的事项。")
    assert said.endswith(draft_words().no_last)
    assert "〔待填：" in after["s1"]
    assert all(native.is_protected(sheet) for sheet in book.sheets)
    assert book.impl.api.UndoManager.getCurrentUndoActionTitle() == "拟稿"
    book.impl.api.UndoManager.undo()
    assert {at: shown(book, cell) for at, cell in text.items()} == before


def test_a_draft_waits_for_the_tables(opened):
    book = opened({**SLIP, "s1": ""})
    with pytest.raises(Refused, match="表格还有 1 处错误"):
        actions.draft_texts(book)


def test_where_all_is_written_nothing_is_drafted(opened):
    assert actions.draft_texts(opened({})) == office_facts().say.nothing_to_draft


def test_the_report_waits_for_errors_and_saves_first(opened, tmp_path):
    book = opened(SLIP)
    with pytest.raises(Refused, match="还有 1 处错误"):
        actions.make_report(book, show=False)
    book.sheets[T3].range("E8").value = 12
    first = actions.make_report(book, show=False)
    before = (tmp_path / "填 (1)=[稿].xlsx").read_bytes()
    assert reading.read(tmp_path / "填 (1)=[稿].xlsx").values["t3.granted.natural"] == 12
    again = actions.make_report(book, show=False)
    assert first.startswith(office_facts().say.saved)
    assert "年度报告.docx" in first
    assert "年度报告(2).html" in again
    assert len(list(tmp_path.glob("*年度报告*"))) == 4
    assert (tmp_path / "填 (1)=[稿].xlsx").read_bytes() == before


# ---------------------------------------------------------------- Excel, as far as it can be seen from here
def test_excel_is_told_every_allow_option_again():
    asked = {}
    api = SimpleNamespace(Protect=lambda **options: asked.update(options))
    engine = SimpleNamespace(name="excel")
    native.protect(SimpleNamespace(api=api, book=SimpleNamespace(app=SimpleNamespace(engine=engine))))
    assert asked["Password"] == "xlcheck"
    allowed = {name for name, yes in asked.items() if name.startswith("Allow") and yes}
    assert (allowed, len(asked)) == ({"AllowFormattingColumns", "AllowFormattingRows"}, 16)


def test_scattered_cells_fit_the_addresses_that_excel_takes():
    cells = [f"{c}{r}" for r in range(6, 31) for c in "EGIK"]
    sheet = SimpleNamespace(
        range=lambda address: address,
        book=SimpleNamespace(app=SimpleNamespace(engine=SimpleNamespace(name="excel"))),
    )
    areas = list(native.areas(sheet, cells))
    assert max(map(len, areas)) <= 250
    assert ",".join(areas).split(",") == sorted(cells, key=lambda c: (int(c[1:]), c[0]))


def test_neighbours_are_one_address():
    assert list(native.row_ranges(["E6", "G6", "F6", "E8", "K6"])) == ["E6:G6", "K6", "E8"]


@pytest.mark.parametrize("name", ["check", "next_one", "clear", "fill_totals", "adopt", "draft", "report"])
def test_excel_without_a_workbook_gets_a_sentence(name, monkeypatch, capsys):
    monkeypatch.setattr(native.xw.engines, "active", SimpleNamespace(apps=SimpleNamespace(active=None)))
    monkeypatch.setattr(button.xw, "apps", SimpleNamespace(active=None))
    getattr(button, name)()
    assert capsys.readouterr().out.strip() == office_facts().say.no_book


@pytest.mark.parametrize(("window", "mine"), [("--hwnd=22", "b"), ("--hwnd=99", "a"), ("--from_xl=1", "a")])
def test_of_several_excels_the_button_acts_in_its_own(window, mine, monkeypatch):
    apps = [SimpleNamespace(hwnd=11, name="a"), SimpleNamespace(hwnd=22, name="b")]
    there = type("Apps", (list,), {"active": apps[0]})(apps)
    monkeypatch.setattr(button.xw, "apps", there)
    monkeypatch.setattr(sys, "argv", ["-c", "--app=Excel", window])
    assert button._pressed().name == mine
