"""What a clerk sees and prints: texts whole, every finding in the list, marks beside what is wrong."""

import re
import statistics
from decimal import Decimal

import browser
import office
import openpyxl
import pypdfium2
import pytest
from by_name import build_template, fill_workbook, finding_lines, judge, mark, write_report
from cases import base, edited
from conftest import not_run

from xlcheck.core.filing import Filing
from xlcheck.core.row_heights import text_height
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.template.heights import letters_of_first
from xlcheck.workbook import reading
from xlcheck.workbook.marking import remove_marks
from xlcheck.workbook.writing import FOOT_LINE, unit_foot

EDITIONS = ["2019", "2021"]
SENTENCE = "继续加强重点领域信息公开，及时回应群众关切，做好政策解读，完善工作机制。"
SLIPS = {
    "t3.granted.natural": 21, "t3.new.business": "3件", "t3.new.legal": "/", "t3.carry_in.legal": "无",
    "t4.review.upheld": 1, "t4.direct.total": 9, "t2.penalty.decisions": "1.5", "t2.coercion.decisions": -1,
}  # fmt: skip


def long_text(letters):
    whole = "\n".join(SENTENCE * 3 for _ in range(letters // 100 + 1))
    return whole[: letters - 1] + "完"


def filled(edition, edit, path, texts=None):
    filing = edited(base(edition), edit)
    filing = filing._replace(texts={**filing.texts, **(texts or {})})
    save(build_template(edition), path.with_name("空.xlsx"))
    fill_workbook(path.with_name("空.xlsx"), filing, path)
    return path


def pressed(path, target):
    filing = reading.read(path)
    result = judge(filing)
    mark(path, filing, result, target, "2026-01-15 10:32")
    return result


@pytest.fixture(scope="module", params=EDITIONS)
def marked(request, tmp_path_factory):
    """A filing with many slips, marked: its path and what was found."""
    folder = tmp_path_factory.mktemp("marked")
    texts = {"s1": base(request.param).texts["s1"].replace("新收政府信息公开申请", "新收政府信息公开申请4")}
    source = filled(request.param, SLIPS, folder / "填.xlsx", texts)
    return folder / "标.xlsx", pressed(source, folder / "标.xlsx")


def sheet_of(path, key, edition="2021", values=True):
    book = openpyxl.load_workbook(path, data_only=values)
    return book[edition_named(edition).form.sheets[key]]


# ---------------------------------------------------------------- rows
@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("字" * 39, 1), ("字" * 40, 2), ("a" * 78, 1), ("a" * 79, 2), ("一\n\n二", 3), ("“" * 40, 2)],
)
def test_a_line_holds_what_the_narrowest_face_lets_it(text, lines):
    measures = styles().rows
    assert text_height(text, 92, 12, measures) == round(lines * 12 * measures.line + measures.free, 1)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("section", "letters"), [("s1", 850), ("s1", 3000), ("s5", 850), ("s5", 1000), ("s6", 3000)]
)
def test_rows_follow_their_text(tmp_path, edition, section, letters):
    """By calculation as in Excel: 宋体 of 12 pt has lines of 14.25 pt, 45 letters in a column of 92."""
    sheet = sheet_of(
        filled(edition, {}, tmp_path / "填.xlsx", {section: long_text(letters)}), "text", edition
    )
    cell = edition_named(edition).form.texts[section]
    area = next((a for a in sheet.merged_cells.ranges if a.coord.startswith(f"{cell}:")), None)
    rows = range(area.min_row, area.max_row + 1) if area else [sheet[cell].row]
    heights = [sheet.row_dimensions[row].height for row in rows]
    smaller = sheet[cell].font.sz / styles().style["prose"].size
    lines = sum(-(-len(line) // int(45 / smaller)) for line in long_text(letters).split("\n"))
    assert sum(heights) >= lines * 14.25 * smaller
    assert max(heights) <= 409


def test_a_row_that_she_drew_higher_stays(tmp_path):
    book = build_template("2021")
    book["文字"].row_dimensions[11].height = 300
    save(book, tmp_path / "空.xlsx")
    filing = base("2021")._replace(texts={"s5": long_text(300)})
    fill_workbook(tmp_path / "空.xlsx", filing, tmp_path / "填.xlsx")
    assert sheet_of(tmp_path / "填.xlsx", "text").row_dimensions[11].height == 300


@pytest.mark.parametrize(
    "letters", [{"s1": 1000, "s5": 850}, dict.fromkeys(("preface", "s1", "s5", "s6"), 1000),
                dict.fromkeys(("preface", "s1", "s5", "s6"), 3000)],
    ids=["some", "1000", "3000"],
)  # fmt: skip
def test_long_texts_are_printed_whole(tmp_path, desktop, letters):
    """Every text of thousands of letters ends on the paper with its last letter."""
    texts = {key: long_text(number) for key, number in letters.items()}
    path = filled("2021", {}, tmp_path / "填.xlsx", texts)
    book = office.opened(desktop, path)
    office.saved(book, tmp_path / "印.pdf", "calc_pdf_Export")
    book.close(True)
    with pypdfium2.PdfDocument(tmp_path / "印.pdf") as paper:
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in paper]
    page = next(page for page in pages if "文字部分" in page)
    for text in texts.values():
        assert "".join(text.split()) in page


# ---------------------------------------------------------------- the list
def test_every_finding_has_its_line_under_its_sheet(marked):
    path, result = marked
    form, at = edition_named(reading.read(path).edition).form, workbook().on_check
    sheet = sheet_of(path, "check", form.edition)
    rows = range(at.first_row, at.first_row + hidden_sheet().first_rows)
    shown = [(sheet[f"C{row}"].value, sheet[f"D{row}"].value) for row in rows if sheet[f"B{row}"].value]
    wanting = [f for f in result.findings if f.severity != "info"]
    assert len(wanting) > 6
    assert [message for _, message in shown] == [f.message for f in wanting]
    assert all(place.startswith(form.where(f.at)[0]) for (place, _), f in zip(shown, wanting, strict=True))
    assert [sheet.row_dimensions[row].hidden for row in rows][: len(shown) + 1] == [False] * len(shown) + [
        True
    ]


def test_what_is_more_than_the_list_holds_is_counted(tmp_path):
    form = edition_named("2021").form
    edit = dict.fromkeys(list(form.fields)[10:40], "1件x")
    result = pressed(filled("2021", edit, tmp_path / "填.xlsx"), tmp_path / "标.xlsx")
    sheet, last = sheet_of(tmp_path / "标.xlsx", "check"), workbook().on_check.first_row + 19
    errors = [f for f in result.findings if f.severity != "info"]
    assert sheet[f"C{last}"].value == workbook().words.joined_places.format(n=len(errors) - 19)
    assert sheet[f"D{last}"].value == workbook().words.below


def test_bands_count_what_the_banner_counts(marked):
    path, result = marked
    sheet = sheet_of(path, "check", reading.read(path).edition)
    bands = [str(c.value) for c in sheet["E"] if c.value and re.search("[×！√] ", str(c.value))]
    for sign, word, severity in (("×", "错误", "error"), ("！", "提醒", "warning")):
        stands = [int(n) for band in bands for n in re.findall(rf"{sign} {word} (\d+)", band)]
        assert sum(stands) == sum(f.severity == severity and not f.answer for f in result.findings)


def test_list_and_command_say_of_each_rule_the_same(marked):
    path, result = marked
    edition, at = edition_named(reading.read(path).edition), hidden_sheet()
    sheet, hidden = (sheet_of(path, key, edition.form.edition) for key in ("check", "hidden"))
    lines = {c.value: sheet[f"B{c.row}"].value for c in sheet[at.answers.rule] if c.value}
    passed = {r.rule for r in result.ran if r.state.name == "PASSED"}
    assert {rule for rule, state in lines.items() if state == workbook().states["passed"]} == passed
    assert hidden[at.cell.passed].value == len(passed)
    (told,) = (line for line in finding_lines("f", reading.read(path), result) if "条规则" in line)
    assert f"通过 {len(passed)}，" in told


def test_right_after_a_check_no_rule_has_not_run(marked):
    path, _ = marked
    sheet = sheet_of(path, "check", reading.read(path).edition)
    assert not [c.row for c in sheet["B"] if c.value == workbook().states["unrun"]]


def test_what_passed_is_lower_than_what_failed(marked):
    path, _ = marked
    sheet = sheet_of(path, "check", reading.read(path).edition)
    first = workbook().on_check.first_row + hidden_sheet().first_rows
    states = {c.row: c.value for c in sheet["B"] if c.row > first and c.value}
    heights = {row: sheet.row_dimensions[row].height for row in states if sheet[f"G{row}"].value}
    words = workbook().states
    passed, failed = (
        [h for row, h in heights.items() if states[row] == words[word]] for word in ("passed", "error")
    )
    assert statistics.mean(passed) < min(failed) - 10


def test_no_line_of_the_list_is_cut(marked):
    """By calculation as in Excel: lines of 10 pt are 13.5 pt, letters of 10 pt in columns of 6 pt a unit."""
    path, _ = marked
    sheet = sheet_of(path, "check", reading.read(path).edition)
    widths = workbook().sheets.check.widths
    for row in range(workbook().on_check.first_row, sheet.max_row):
        for cell in sheet[row][2:6]:
            area = next((a for a in sheet.merged_cells.ranges if cell.coordinate in a), None)
            room = sum(
                widths[(area.min_col if area else cell.column) - 1 : area.max_col if area else cell.column]
            )
            lines = -(-len(str(cell.value or "")) * 10 // (room * 6 - 12))
            high = sheet.row_dimensions[row].height or 15
            assert sheet.row_dimensions[row].hidden or lines * 13.5 <= high or lines == 1, cell.coordinate


def test_a_reminder_leads_to_the_cell_for_its_answer(tmp_path):
    edit = {"t4.after_review.upheld": 1, "t4.after_review.total": 1}
    pressed(filled("2021", edit, tmp_path / "填.xlsx"), tmp_path / "标.xlsx")
    sheet, row = sheet_of(tmp_path / "标.xlsx", "check"), workbook().on_check.first_row
    formulas = sheet_of(tmp_path / "标.xlsx", "check", values=False)
    hidden = openpyxl.load_workbook(tmp_path / "标.xlsx")["xlcheck"]
    assert sheet[f"F{row}"].value.startswith(workbook().words.write_answer)
    assert "HYPERLINK" in formulas[f"F{row}"].value
    assert hidden[f"{hidden_sheet().first.answer}{hidden_sheet().first_row}"].value == "R403"


def test_marks_taken_off_bring_the_rows_back(marked, tmp_path):
    path, _ = marked
    edition = edition_named(reading.read(path).edition)
    remove_marks(edition, path, tmp_path / "清.xlsx")
    clean, fresh = (
        sheet_of(one, "check", edition.form.edition)
        for one in (tmp_path / "清.xlsx", path.with_name("空.xlsx"))
    )
    rows = range(1, fresh.max_row + 1)
    looks = [[(s.row_dimensions[r].height, s.row_dimensions[r].hidden) for r in rows] for s in (clean, fresh)]
    assert looks[0] == looks[1]


# ---------------------------------------------------------------- beside what is wrong
def test_a_wrong_text_has_a_sign_beside_it_and_its_aspect_says_why(tmp_path):
    text = base("2021").texts["s1"].replace("申请19件", "申请18件")
    result = pressed(filled("2021", {}, tmp_path / "填.xlsx", {"s1": text}), tmp_path / "标.xlsx")
    wrong = next(f for f in result.findings if f.at == "s1")
    sheet = sheet_of(tmp_path / "标.xlsx", "text")
    row = sheet[edition_named("2021").form.texts["s1"]].row
    assert sheet[f"A{row}"].value == "×"
    assert sheet[f"D{row + 2}"].value == f"× 2 依申请公开\n{wrong.message}"
    assert sheet[f"D{row + 1}"].value == "√ 1 主动公开"
    assert sheet[f"B{row}"].fill.fgColor.rgb[2:] == styles().mark["blamed"].fill
    assert sheet[f"C{row}"].fill.fgColor.rgb[2:] == "FFFFFF"


def test_an_aspect_that_a_draft_left_blank_is_not_written(tmp_path):
    text = base("2021").texts["s1"]
    first = text.index("主动公开")
    blank = "（一）主动公开。〔待填：公开了什么〕。\n" + text[:first] + text[first:]
    sheet = sheet_of(filled("2021", {}, tmp_path / "填.xlsx", {"s1": blank}), "text")
    row = sheet[edition_named("2021").form.texts["s1"]].row
    assert [sheet[f"D{row + n}"].value[0] for n in (1, 2)] == ["○", "√"]
    assert "〔待填" in sheet[f"D{row + 1}"].value


def test_a_reminder_beside_a_row_is_not_red():
    book, warning = build_template("2021"), styles().sign.warning
    for key in ("t2", "t3", "t4", "text"):
        sheet = book[edition_named("2021").form.sheets[key]]
        inks = {
            rule.dxf.font.color.rgb[2:]
            for area in sheet.conditional_formatting
            if str(area.sqref).startswith("A")
            for rule in area.rules
            if warning.sign in rule.formula[0]
        }
        assert inks >= {styles().rgb(warning.colour)}


def test_who_filled_the_cover_is_told_what_is_left(tmp_path):
    cover = {
        key: entry
        for key, entry in base("2021")._asdict().items()
        if key in ("unit", "kind", "contact", "year")
    }
    filing = Filing("2021", **cover)
    save(build_template("2021"), tmp_path / "空.xlsx")
    for contact, said in ((None, "还没有填写"), ("张三", "还有 ")):
        fill_workbook(tmp_path / "空.xlsx", filing._replace(contact=contact), tmp_path / f"{contact}.xlsx")
        banner = sheet_of(tmp_path / f"{contact}.xlsx", "cover")["B1"].value
        assert banner.startswith(said)


def test_the_sign_of_a_text_goes_when_she_changes_it(tmp_path):
    text = base("2021").texts["s1"].replace("申请19件", "申请18件")
    pressed(filled("2021", {}, tmp_path / "填.xlsx", {"s1": text}), tmp_path / "标.xlsx")
    book = openpyxl.load_workbook(tmp_path / "标.xlsx")
    book["文字"]["C5"].value = base("2021").texts["s1"]
    save(book, tmp_path / "改.xlsx")
    sheet = sheet_of(tmp_path / "改.xlsx", "text")
    assert (sheet["A5"].value or "", sheet["D7"].value) == ("", "√ 2 依申请公开")


def test_the_pale_red_of_a_cell_means_one_thing():
    pale = styles().mark["evidence"].fill
    assert [kind for kind, one in styles().mark.items() if one.fill == pale] == ["evidence"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_box_covers_the_cells_beside(edition):
    rules = [rule for sheet in build_template(edition) for rule in sheet.data_validations.dataValidation]
    assert rules
    assert not [rule.sqref for rule in rules if rule.prompt or rule.showInputMessage]


@pytest.mark.parametrize("edition", EDITIONS)
def test_columns_are_measured_by_the_documented_face(edition, tmp_path):
    save(build_template(edition), tmp_path / "空.xlsx")
    book = openpyxl.load_workbook(tmp_path / "空.xlsx")
    normal = book._named_styles["Normal"].font
    assert {(f.name, f.sz, f.charset) for f in (normal, book._fonts[0])} == {("宋体", 11, 134)}


def test_the_frame_of_the_texts_is_printed():
    sheet = build_template("2021")["文字"]
    right = sheet.print_area.rpartition(":")[2].replace("$", "")
    last = sheet[right]
    assert {sheet[f"{last.column_letter}{row}"].border.right.style for row in range(3, last.row + 1)} == {
        "medium"
    }


@pytest.mark.parametrize(
    ("unit", "lines"),
    [("清水镇人民政府", 1), ("某" * FOOT_LINE, 2), ("某" * (FOOT_LINE * 2 + 3), 3), ("某" * 500, 5)],
)
def test_a_long_name_does_not_run_into_the_number_of_the_page(unit, lines):
    foot = unit_foot(base("2021")._replace(unit=unit, year=Decimal(2025))).split("\n")
    assert len(foot) == lines
    assert max(map(len, foot)) <= FOOT_LINE
    assert foot[-1].endswith("2025 年度")


def test_a_name_of_three_lines_is_seen_whole_on_the_cover():
    line = 1.4 * styles().style["cover_in"].size
    assert workbook().cover["unit"].height >= 3 * line


def test_a_long_name_is_written_once_however_often_it_is_filled(tmp_path):
    path = filled("2021", {"unit": "某" * 60}, tmp_path / "一.xlsx")
    assert sheet_of(path, "check").HeaderFooter.oddFooter.left.size < 9  # three lines in a low margin
    fill_workbook(path, base("2021"), tmp_path / "二.xlsx")
    assert (
        sheet_of(tmp_path / "二.xlsx", "t2").HeaderFooter.oddFooter.left.text == "清水镇人民政府　2025 年度"
    )


def test_what_is_wrong_comes_in_the_order_of_the_sheets():
    edit = {"t2.penalty.decisions": "1.5", "s5": "", "s1": ""}
    places = [f.at for f in judge(edited(base("2021"), edit)).findings if f.severity == "error"]
    form = edition_named("2021").form
    order = (*form.cover, *form.fields, *form.texts)
    assert places == sorted(places, key=order.index)
    assert len(places) > 2


def test_a_line_left_low_tells_what_fits_and_the_short_list_the_rest(tmp_path):
    """After a check she breaks what had passed: the line is low and tells what it holds; above stands all."""
    pressed(filled("2021", {}, tmp_path / "填.xlsx"), tmp_path / "标.xlsx")
    book = openpyxl.load_workbook(tmp_path / "标.xlsx")
    rule = next(r for r in edition_named("2021").rules.rules if r.id == "R202")
    place = edition_named("2021").form.fields["t2.normative.made"]
    book[place.sheet][place.cell].value = 9
    save(book, tmp_path / "改.xlsx")
    sheet, words = sheet_of(tmp_path / "改.xlsx", "check"), workbook().words
    row = next(c.row for c in sheet["G"] if c.value == rule.id)
    first = workbook().on_check.first_row
    assert [sheet[f"{column}{row}"].value for column in "BE"] == ["！ 提醒", words.see_first]
    told = sheet[f"D{row}"].value
    assert told.endswith(words.cut)
    assert sheet[f"D{first}"].value.startswith(told.removesuffix(words.cut))
    assert sheet.row_dimensions[row].height == styles().rows.passed
    assert sheet[f"C{first}"].value.startswith("二、主动公开 · ")
    assert "9" in sheet[f"D{first}"].value
    assert sheet[f"F{first}"].value == words.write_answer + rule.advice


def test_a_text_past_its_limit_is_not_said_to_be_within_it(tmp_path):
    notes = [
        sheet_of_edit({"s1": "我" * length}, tmp_path, "text")["D5"].value.partition("\n")[0]
        for length in (1000, 1001)
    ]
    assert notes == ["1000 字，不超过 1000 字", "1001 字，超过了 1000 字"]


COUNTED = [({"t3.new.natural": -1}, 1), ({"t3.new.natural": "1.5"}, 1), ({"t2.fees.amount": -1}, 1)]


@pytest.mark.parametrize(("edit", "errors"), COUNTED, ids=[str(edit) for edit, _ in COUNTED])
def test_a_figure_that_is_refused_and_breaks_a_sum_is_counted_once(tmp_path, edit, errors):
    cover = sheet_of_edit(edit, tmp_path, "cover")
    told = workbook().banner.errors_unread.format(errors=errors, doubtful="")
    assert cover[workbook().sheets.cover.banner.partition(":")[0]].value == told


def sheet_of_edit(edit, folder, key):
    filled("2021", edit, folder / "填.xlsx")
    return sheet_of(folder / "填.xlsx", key)


def test_before_a_check_all_but_two_lines_are_low_and_hold_what_one_line_holds(tmp_path):
    sheet, at, rows = sheet_of_edit(SLIPS, tmp_path, "check"), workbook().on_check, styles().rows
    low = range(at.first_row + rows.spare, at.first_row + hidden_sheet().live_rows)
    assert [sheet.row_dimensions[row].height for row in low] == [rows.passed] * len(low)
    told = [row for row in low if sheet[f"{at.first.state}{row}"].value]
    assert len(told) > 1
    for row in told:
        place, message, way = (sheet[f"{part.partition(':')[0]}{row}"].value for part in at.first[1:])
        assert way == workbook().words.see_below
        assert len(place) <= letters_of_first(at.first.place)
        assert len(message) <= letters_of_first(at.first.message)


def test_a_short_list_without_lines_says_that_there_are_none(tmp_path):
    at, words = workbook().on_check, workbook().words
    title = f"{at.title_at.partition(':')[0]}{at.first_row - 1}"
    assert sheet_of_edit({}, tmp_path, "check")[title].value == words.nothing_live
    pressed(tmp_path / "填.xlsx", tmp_path / "标.xlsx")
    assert sheet_of(tmp_path / "标.xlsx", "check")[title].value == words.nothing
    assert sheet_of_edit({"t3.new.natural": 16}, tmp_path, "check")[title].value == words.first


def test_the_cover_calls_no_table_right_that_is_not_filled(tmp_path):
    at, words = workbook().on_cover, workbook().words
    cover = sheet_of_edit({"t3.new.natural": ""}, tmp_path, "cover")
    shown = {cover[f"{at.progress.name}{n}"].value: cover[f"{at.progress.errors}{n}"].value
             for n in range(at.progress_row + 1, at.progress_row + 6)}  # fmt: skip
    assert shown["三、申请办理"] == words.unfilled
    assert shown["四、复议诉讼"] == shown["封面"] == words.none
    assert shown["文字"] == words.unread


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_line_of_the_guide_is_cut(edition, tmp_path):
    sheet = sheet_of(filled(edition, {}, tmp_path / "填.xlsx"), "guide", edition)
    width = workbook().sheets.guide.widths[3]
    for cell in sheet["D"]:
        if cell.value and cell.row > 2 and not isinstance(cell, openpyxl.cell.cell.MergedCell):
            wanted = text_height(str(cell.value), width, styles().style["guide"].size, styles().rows)
            assert sheet.row_dimensions[cell.row].height >= wanted


# ---------------------------------------------------------------- the report on paper
def pages_with(pdf, *words):
    """On which pages of a printed file each of these words stands."""
    with pypdfium2.PdfDocument(pdf) as paper:
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in paper]
    return [[n for n, page in enumerate(pages) if word in page] for word in words]


def reported(edition, lines, path):
    """A report whose second table begins further down with every line of the text before it."""
    filing = base(edition)
    filing = filing._replace(texts={**filing.texts, "s1": "\n".join([SENTENCE] * lines)})
    write_report(filing, judge(filing), path, draft=False)
    cells = [c.text for c in edition_named(edition).form.tables["t2"] if c.role in ("caption", "label")]
    return cells[0], cells[-1]


LINES = [1, 4, 7, 10, 13]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_table_is_not_split_over_pages_in_word(edition, tmp_path, desktop):
    for lines in LINES:
        ends = reported(edition, lines, tmp_path / "报.docx")
        book = office.opened(desktop, tmp_path / "报.docx")
        office.saved(book, tmp_path / "报.pdf", "writer_pdf_Export")
        book.close(True)
        first, last = pages_with(tmp_path / "报.pdf", *ends)
        assert (len(last), first) == (1, last), lines


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_table_is_not_split_over_pages_of_the_printed_page(edition, tmp_path):
    if why := browser.missing():
        not_run(why)
    with browser.running() as chromium:
        for lines in LINES:
            ends = reported(edition, lines, tmp_path / "报.html")
            chromium.open(tmp_path / "报.html")
            chromium.pdf(tmp_path / "报.pdf")
            first, last = pages_with(tmp_path / "报.pdf", *ends)
            assert (len(last), first) == (1, last), lines
