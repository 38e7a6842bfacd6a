"""The buttons as a clerk has them: a LibreOffice window, figures typed, buttons clicked with the mouse."""

import json
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import screen
from by_name import build_template, fill_workbook, judge
from cases import base, edited
from conftest import not_run

from xlcheck.data.addin import addin as addin_facts
from xlcheck.data.office import office as office_facts
from xlcheck.data.styles import styles
from xlcheck.editions import edition_named
from xlcheck.office.addin.extension import extension
from xlcheck.saving import save

FORM = edition_named("2021").form
TOTALS = ("t3.new.total", "t3.carry_in.total")
WRONG, OTHER = "t3.new.natural", "t3.unable_1.legal"
TYPED = {WRONG: "51", OTHER: "8"}
BLAMED = int(styles().mark["blamed"].fill, 16)


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    """A window with our extension, which starts this very Python."""
    if why := screen.missing():
        not_run(why)
    with screen.shown(extension(sys.executable), tmp_path_factory.mktemp("window")) as shown:
        yield shown


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The built template with a sound filing in it."""
    folder = tmp_path_factory.mktemp("filled")
    save(build_template("2021"), folder / "空表.xlsx")
    fill_workbook(folder / "空表.xlsx", base("2021"), folder / "清水镇.xlsx")
    return folder / "清水镇.xlsx"


@pytest.fixture
def book(window, filled, tmp_path):
    """A workbook of her own, open in the window."""
    opened = window.open(Path(shutil.copy(filled, tmp_path)))
    yield opened
    window.close(opened)


class Seen(NamedTuple):
    """What can be seen of one cell."""

    fill: int
    sign: str
    note: str


def seen(book, field):
    sheet, cell = FORM.where(field)
    place = book.Sheets.getByName(sheet)
    at = place.getCellRangeByName(cell)
    sign = book.NumberFormats.getByKey(at.NumberFormat).FormatString[:2]
    return Seen(at.CellBackColor, sign, at.Annotation.String if at.Annotation.String else "")


def number(book, field):
    sheet, cell = FORM.where(field)
    return book.Sheets.getByName(sheet).getCellRangeByName(cell).Value


def listed(book):
    """Every word on the 校验 sheet."""
    cursor = book.Sheets.getByName("校验").createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = book.Sheets.getByName("校验").getCellRangeByPosition(0, 0, 12, cursor.RangeAddress.EndRow)
    return " ".join(str(entry) for row in area.DataArray for entry in row if entry != "")


def messages(*fields):
    """What the check says of these fields, with these typed wrong."""
    result = judge(edited(base("2021"), {field: int(TYPED[field]) for field in fields}))
    return [finding.message for finding in result.findings]


def figure(field):
    """What the sound filing has there."""
    return str(int(base("2021").values[field]))


def selected(book):
    chosen = book.CurrentSelection
    return chosen.Spreadsheet.Name, chosen.AbsoluteName.rpartition(".")[2].replace("$", "")


def locked(book):
    return all(book.Sheets.getByIndex(n).isProtected() for n in range(book.Sheets.Count))


def typed(window, book, field, text):
    """Type a figure and wait until it stands there."""
    window.type(book, *FORM.where(field), text)
    window.until(lambda: number(book, field) == float(text))


def pressed(window, book, label, picture):
    """Click a button of the toolbar and answer its box; pictures of both are kept to be looked at."""
    window.click(book, label)
    return answered(window, book, picture)


def answered(window, book, picture):
    said = window.box(f"{picture}_box")
    window.until(lambda: window.ready(book))
    window.picture(picture)
    return said


def stepped(window, book, where):
    """Click 下一处 and wait until the cell is reached."""
    window.click(book, "下一处")
    window.until(lambda: selected(book) == where)


def test_check_marks_what_is_wrong_and_unmarks_what_was_corrected(window, book):
    before = seen(book, WRONG)
    typed(window, book, WRONG, TYPED[WRONG])
    typed(window, book, OTHER, TYPED[OTHER])
    said = pressed(window, book, "校验", "1_check")
    book.CurrentController.setActiveSheet(book.Sheets.getByName("校验"))
    window.picture("1_list")
    marked = seen(book, WRONG), seen(book, OTHER)
    assert [one.fill for one in marked] == [BLAMED, BLAMED]
    assert all(one.note and one.sign == '"×' for one in marked)
    assert FORM.where(WRONG)[1] in said
    assert all(message in listed(book) for message in messages(WRONG, OTHER))
    assert locked(book)
    typed(window, book, WRONG, figure(WRONG))
    pressed(window, book, "校验", "2_corrected")
    assert seen(book, WRONG) == before
    assert seen(book, OTHER) == marked[1]
    assert not any(message in listed(book) for message in messages(WRONG))
    assert all(message in listed(book) for message in messages(OTHER))
    assert locked(book)


def test_the_next_place_the_suggestion_and_the_marks_taken_off(window, book):
    before = seen(book, WRONG), seen(book, OTHER)
    typed(window, book, WRONG, TYPED[WRONG])
    typed(window, book, OTHER, TYPED[OTHER])
    pressed(window, book, "校验", "3_two_wrong")
    stepped(window, book, FORM.where(OTHER))
    window.picture("4_next")
    stepped(window, book, FORM.where(WRONG))
    pressed(window, book, "采纳建议", "5_adopt")
    window.until(lambda: number(book, WRONG) == float(figure(WRONG)))
    pressed(window, book, "清除标记", "6_clear")
    window.until(lambda: (seen(book, WRONG), seen(book, OTHER)) == before)
    assert number(book, OTHER) == 8
    assert locked(book)


def test_a_quick_hand_need_not_wait_for_the_last_press_to_end(window, book, tmp_path):
    typed(window, book, WRONG, TYPED[WRONG])
    typed(window, book, OTHER, TYPED[OTHER])
    leave = tmp_path / "leave"
    waits = f'for n in $(seq 500); do [ -e "{leave}" ] && break; sleep 0.02; done'
    with instead(window, tmp_path, f'"{sys.executable}" "$@"; code=$?; {waits}; exit $code'):
        window.click(book, "校验")
        window.box("12_quick_box")
        window.click(book, "下一处", quick=True)
        time.sleep(0.2)  # the click comes first, then the last press ends
        leave.touch()
        window.until(lambda: selected(book) == FORM.where(OTHER))


def test_totals_are_filled_from_the_menu_and_can_be_undone_in_one_step(window, book):
    for field in TOTALS:
        typed(window, book, field, "99")
    window.choose(book, "年报校验", "填合计")
    said = answered(window, book, "7_totals")
    assert [number(book, field) for field in TOTALS] == [float(figure(field)) for field in TOTALS]
    assert all(FORM.where(field)[1] in said for field in TOTALS)
    assert locked(book)
    window.key(book, "ctrl+z")
    window.until(lambda: [number(book, field) for field in TOTALS] == [99.0] * len(TOTALS))


def test_a_report_is_made_of_a_saved_workbook_without_errors(window, book, tmp_path):
    typed(window, book, OTHER, TYPED[OTHER])
    assert "1" in pressed(window, book, "生成报告", "8_refused")
    typed(window, book, OTHER, figure(OTHER))
    assert "已先保存" in pressed(window, book, "生成报告", "9_unsaved")
    assert not book.isModified()
    assert {path.suffix for path in tmp_path.iterdir()} >= {".docx", ".html"}


def there(book, field):
    sheet, cell = FORM.where(field)
    return book.Sheets.getByName(sheet).getCellRangeByName(cell)


def code(book, field):
    return book.NumberFormats.getByKey(there(book, field).NumberFormat).FormatString


TRAPS = {"2026-1-5": 46027, "1e3": 1000, "2026-1-6": 46028, "12,000": 12000}


def test_no_figure_typed_turns_a_cell_into_a_day_or_a_power(window, book):
    """What a program makes of 2026-1-5 in a cell of its own General is tried by hand, key by key."""
    before = code(book, "t2.normative.made")
    for keys in TRAPS:
        window.type(book, *FORM.where("t2.normative.made"), keys)
        want = TRAPS[keys]
        window.until(lambda want=want: number(book, "t2.normative.made") == want)
        assert code(book, "t2.normative.made") == before
    typed(window, book, "t2.normative.made", "5")
    assert there(book, "t2.normative.made").String == "5"


def copied(window, book, source, target, take="ctrl+c"):
    """Copy or cut one cell and paste it over another, as a hand does."""
    wanted = source.String
    for cell, keys in ((source, take), (target, "ctrl+v")):
        window.until(lambda: window.ready(book))
        book.CurrentController.setActiveSheet(cell.Spreadsheet)
        book.CurrentController.select(cell)
        book.CurrentController.Frame.ComponentWindow.setFocus()
        window.key(book, keys)
        time.sleep(0.5)  # the clipboard belongs to the screen, which says nothing when it has changed hands
    window.until(lambda: target.String == wanted or overwritten(window, book))


def overwritten(window, book):
    """Say yes where the office asks whether what is there may be overwritten."""
    if window._front()[0] not in ("", book.CurrentController.Frame.Title):
        window._hand("key", "Return")
        time.sleep(0.5)
    return False


def test_what_a_paste_brings_is_taken_off_and_told_and_undo_leaves_the_locks(window, book):
    cell = there(book, WRONG)
    before = cell.CharFontName, cell.CharHeight, cell.HoriJustify.value, code(book, WRONG)
    typed(window, book, OTHER, TYPED[OTHER])
    copied(window, book, book.Sheets.getByName("封面").getCellRangeByName("C5"), cell)
    assert (cell.CharFontName, cell.CharHeight) != before[:2]
    said = pressed(window, book, "校验", "13_pasted")
    assert "1 格的格式被粘贴" in said
    assert (cell.CharFontName, cell.CharHeight, cell.HoriJustify.value) == before[:3]
    window.key(book, "ctrl+z")
    window.until(lambda: cell.String == figure(WRONG))
    window.key(book, "ctrl+z")
    window.until(lambda: number(book, OTHER) == float(figure(OTHER)))
    assert locked(book)
    pressed(window, book, "校验", "14_undone")
    assert code(book, WRONG) == before[3]


def test_after_a_cut_the_banner_sees_both_cells_again(window, book):
    cells = [there(book, at) for at in (WRONG, OTHER)]
    copied(window, book, *cells, take="ctrl+x")
    said = pressed(window, book, "校验", "18_cut")
    assert office_facts().say.looks_again in said
    for at in (WRONG, OTHER):
        typed(window, book, at, figure(at))
    assert pressed(window, book, "校验", "19_cut_mended") == office_facts().say.clean
    typed(window, book, WRONG, TYPED[WRONG])
    window.picture("20_cut_seen")
    banner = book.Sheets.getByName("封面").getCellRangeByName("B1").String
    assert "可以生成报告" not in banner
    assert "1 格有错" in banner
    assert locked(book)


def test_a_day_pasted_in_stays_an_error_until_it_is_typed_anew(window, book):
    source = book.Sheets.getByName("封面").getCellRangeByName("C8")
    source.Value = 46027
    source.NumberFormat = book.NumberFormats.queryKey("YYYY-MM-DD", source.CharLocale, False)
    copied(window, book, source, there(book, WRONG))
    for picture in ("15_day", "16_day_again"):
        pressed(window, book, "校验", picture)
        assert there(book, WRONG).String.endswith("2026-1-5")
        assert seen(book, WRONG).fill == BLAMED
    typed(window, book, WRONG, figure(WRONG))
    pressed(window, book, "校验", "17_day_mended")
    assert there(book, WRONG).String == figure(WRONG)


def told_in_passing(book):
    return book.CurrentController.Frame.LayoutManager.isElementVisible(
        "private:resource/progressbar/progressbar"
    )


def test_what_is_told_in_the_status_line_goes_with_the_cell_it_is_about(window, book):
    typed(window, book, WRONG, TYPED[WRONG])
    stepped(window, book, FORM.where(WRONG))
    window.until(lambda: window.ready(book) and told_in_passing(book))
    window.picture("18_told")
    pressed(window, book, "清除标记", "19_no_longer")
    window.until(lambda: not told_in_passing(book))


SAYS = addin_facts().extension.facts
BROKEN = {  # what is started instead of Python, and what the clerk is told
    "absent": (None, SAYS.not_started.partition("，")[2]),
    "crash": ("echo Traceback of a crash >&2; exit 1", SAYS.failed.partition("；")[0]),
    "refused": ("echo 一句话。 >&2; exit 2", "一句话。"),
}


@contextmanager
def instead(window, folder, line):
    """Have the buttons start this line of shell in place of Python, or what is not there; the log is here."""
    if line:
        (folder / "python").write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / "python").chmod(0o755)
    facts = window.facts()
    kept = facts.read_text(encoding="utf-8")
    changed = json.loads(kept) | {"interpreter": str(folder / "python"), "log": str(folder / "log.txt")}
    facts.write_text(json.dumps(changed), encoding="utf-8")
    try:
        yield
    finally:
        facts.write_text(kept, encoding="utf-8")


@pytest.mark.parametrize("how", BROKEN)
def test_what_goes_wrong_outside_is_told_in_a_sentence(window, book, tmp_path, how):
    line, sentence = BROKEN[how]
    with instead(window, tmp_path, line):
        said = pressed(window, book, "校验", f"11_{how}")
    assert sentence in said
    assert "Traceback" not in said
    assert "check" in (tmp_path / "log.txt").read_text(encoding="utf-8")
