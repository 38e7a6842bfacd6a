"""A broken workbook gives its entries back where they belong, or says which it cannot; never a wrong one."""

import re
import subprocess
import warnings
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import office
import openpyxl
import pytest
import strangers
import tables
from by_name import build_template, fill_workbook, write_filing
from conftest import not_run
from damage import DAMAGES, HIDDEN, T3
from openpyxl.comments import Comment
from openpyxl.utils.cell import absolute_coordinate
from openpyxl.workbook.defined_name import DefinedName
from tables import filing

from xlcheck import data
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.editions import Refused, edition_named
from xlcheck.repair import repair_lines, rescue, write_repaired
from xlcheck.saving import save
from xlcheck.workbook import reading
from xlcheck.workbook.writing import new_workbook

EDITIONS = data.editions()


@cache
def sound(name):
    """A filled workbook of an edition, as bytes, and its filing; every figure is another."""
    form = edition_named(name).form
    made = filing(form, Random(7))
    figures = {n: Decimal(101 + 7 * k) for k, n in enumerate(form.fields)}
    book = build_template(name)
    write_filing(book, made._replace(values=figures))
    for row in [*book["xlcheck"].iter_rows(), *book["校验"].iter_rows()]:
        for cell in row:  # what these sheets work out is not asked of repair, and is slow to load
            if str(cell.value)[:1] == "=":
                cell.value = None
    out = BytesIO()
    book.save(out)
    return out.getvalue(), made._replace(values=figures)


def broken(name, damage, path):
    book = openpyxl.load_workbook(BytesIO(sound(name)[0]))
    damage(book)
    book.save(path)
    return path


def wrong(original, repaired):
    """Entries that are neither the original nor left out with a word."""
    left = {f.at for f in repaired.left}
    form = edition_named(original.edition).form
    now = repaired.filing
    pairs = [(n, original.values[n], now.values.get(n)) for n in form.fields]
    pairs += [
        (n, original.word(n), now.word(n)) for n in (*form.cover, *form.texts, *(o.id for o in form.options))
    ]
    return [(n, was, got) for n, was, got in pairs if got != was and not (got is None and n in left)]


WHOLE = (
    "insert", "renamed", "merge of", "names lost", "template", "validations", "removed", "hidden", "swapped",
    "exchanged",
)  # fmt: skip
RECOVERED = {kind for kind in DAMAGES if any(word in kind for word in WHOLE) and "deleted and" not in kind}


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_found_and_never_gives_a_wrong_value(kind, name, tmp_path):
    path = broken(name, DAMAGES[kind], tmp_path / "坏.xlsx")
    repaired = rescue(path)
    assert repaired.filing.edition == name
    assert not wrong(sound(name)[1], repaired)
    assert repaired.found or repaired.moved or repaired.left
    assert all(repair_lines(repaired, "坏.xlsx"))
    if kind in RECOVERED:
        assert not repaired.left


def refusal(read, path):
    try:
        read(path)
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("hidden", ["there", "renamed", "removed"])
@pytest.mark.parametrize("count", range(1, 7))
def test_whom_a_check_sends_here_is_not_sent_away(count, hidden, tmp_path):
    """However many sheets went, from the last one on: so 表三 goes before 表二."""

    def remove(book):
        for name in [name for name in reversed(book.sheetnames) if name != HIDDEN][:count]:
            book.remove(book[name])
        if hidden == "renamed":
            book[HIDDEN].title = "数据"
        if hidden == "removed":
            book.remove(book[HIDDEN])

    path = broken("2021", remove, tmp_path / "坏.xlsx")
    sent = "xlcheck repair" in refusal(reading.read, path)
    assert not (sent and refusal(rescue, path))
    assert sent == (count < 4 or hidden == "there")


@pytest.mark.parametrize("kind", ["the hidden sheet renamed", "文字 exchanged with the guide"])
def test_what_a_renamed_sheet_holds_of_its_own_is_not_told_as_the_clerks(kind, tmp_path):
    repaired = rescue(broken("2021", DAMAGES[kind], tmp_path / "坏.xlsx"))
    assert {found.kind for found in repaired.found} == {"sheet_renamed"}
    assert not repaired.left


def test_a_sheet_that_went_is_told_in_two_lines_not_in_two_hundred(tmp_path):
    repaired = rescue(broken("2021", DAMAGES["表三 deleted"], tmp_path / "坏.xlsx"))
    assert [line for line in repair_lines(repaired, "坏.xlsx") if T3 in line] == [
        "工作表“三、申请办理”没有了，里面的内容找不回来。",
        "“三、申请办理”的 176 格没有搬：这张工作表没有了。请对照原件填写。",
    ]


def test_of_copies_that_differ_what_differs_is_left_with_a_word(tmp_path):
    def two(book):
        DAMAGES["表三 copied twice and renamed"](book)
        book["三 (2)"]["E8"].value = 1
        book["三 (2)"]["F9"].value = None

    repaired = rescue(broken("2021", two, tmp_path / "坏.xlsx"))
    at = (
        {form.addresses["三、申请办理", cell] for cell in ("E8", "F9")}
        if (form := repaired.edition.form)
        else ()
    )
    assert {(left.kind, left.at) for left in repaired.left if left.kind != "stray"} == {
        ("copies", n) for n in at
    }
    assert not wrong(sound("2021")[1], repaired)


def test_a_copy_beside_its_original_changes_nothing_but_is_told(tmp_path):
    def gone_on(book):
        book.copy_worksheet(book[T3])["E8"].value = 1

    repaired = rescue(broken("2021", gone_on, tmp_path / "坏.xlsx"))
    assert not wrong(sound("2021")[1], repaired)
    assert [found.kind for found in repaired.found] == ["sheet_extra"]


def test_what_is_no_figure_is_not_counted_as_one(tmp_path):
    odd = DAMAGES["an error and a truth over figures"]
    repaired = rescue(
        broken("2021", lambda book: (odd(book), book[T3].__setitem__("E8", "12件")), tmp_path / "坏.xlsx")
    )
    fields = len(repaired.edition.form.fields)
    assert f"搬出 {fields - 3}／{fields} 个数字" in next(repair_lines(repaired, "坏.xlsx"))
    assert [(left.kind, left.words) for left in repaired.left] == [("void", "#REF!"), ("void", "TRUE")]


def test_a_sound_workbook_has_nothing_found(tmp_path):
    path = broken("2021", lambda book: None, tmp_path / "好.xlsx")
    repaired = rescue(path)
    assert (repaired.found, repaired.moved, repaired.left) == ((), {}, ())
    assert repaired.filing == reading.read(path)._replace(notes={})


def test_answers_and_the_clerks_notes_are_kept(tmp_path):
    def noted(book):
        book[T3].insert_rows(12)
        book[T3]["E6"].comment = Comment("问过办公室", "李")
        sheet = book["校验"]
        lines = [r for r in range(1, 200) if str(sheet.cell(r, 7).value)[:1] == "R"]
        row = next(r for r in lines if not sheet.cell(r, 6).protection.locked)
        sheet.cell(row, 6).value = "属实，已核"

    write_repaired(rescue(broken("2021", noted, tmp_path / "坏.xlsx")), tmp_path / "好.xlsx")
    book = openpyxl.load_workbook(tmp_path / "好.xlsx")
    assert book["三、申请办理"]["E6"].comment.text == "问过办公室"
    assert "属实，已核" in reading.read(tmp_path / "好.xlsx").answers.values()


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_a_workbook_saved_by_another_program(kind, tmp_path):
    if why := office.missing():
        not_run(why)
    for name in EDITIONS:
        (tmp_path / f"表{name}.xlsx").write_bytes(sound(name)[0])
    out, profile = tmp_path / "out", (tmp_path / "profile").as_uri()
    files = [str(tmp_path / f"表{name}.xlsx") for name in EDITIONS]
    command = [
        str(office.PROGRAM / "soffice"),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=office.PATIENCE)
    for name in EDITIONS:
        repaired = rescue(Path(out / f"表{name}.{kind}"))
        assert not wrong(sound(name)[1], repaired)
        assert not repaired.left
        assert [found.kind for found in repaired.found] == ([] if kind == "xlsx" else ["converted"])


def test_a_home_made_table_is_not_repaired_but_sent_to_import(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["行政许可", 1])
    save(book, tmp_path / "自制.xlsx")
    with pytest.raises(Refused, match="xlcheck import"):
        rescue(tmp_path / "自制.xlsx")


def swapped(one, other, first, last, row=True):
    """Values of two rows of 表三, or of two columns, in each other's place: of some cells only."""

    def swap(book):
        page = book[T3]
        for n in range(first, last + 1):
            a, b = ((one, n), (other, n)) if row else ((n, one), (n, other))
            here, there = page.cell(*a), page.cell(*b)
            here.value, there.value = there.value, here.value

    return swap


def cut_and_inserted(names):
    """Label and figures of a row of 表三, its total left out, cut and inserted three rows below.

    ``names``: as Excel does it; other programs leave the names where they were.
    """
    to = {12: 15, 13: 12, 14: 13, 15: 14}

    def insert(book):
        page = book[T3]
        values = {(row, col): page.cell(row, col).value for row in to for col in range(4, 11)}
        for (row, col), value in values.items():
            page.cell(to[row], col).value = value
        for name, defined in list(book.defined_names.items()) if names else ():
            title, _, at = defined.attr_text.rpartition("!$")
            column, _, row = at.partition("$")
            if title.strip("'") == T3 and column in "EFGHIJ" and int(row) in to:
                there = f"{title}!${column}${to[int(row)]}"
                book.defined_names[name] = DefinedName(name, attr_text=there)

    return insert


IN_PART = {
    "two rows swapped without their totals": swapped(11, 12, 4, 10),
    "two rows' labels and totals swapped": lambda book: (
        swapped(11, 12, 4, 4)(book),
        swapped(11, 12, 11, 11)(book),
    ),
    "two columns swapped without their end": swapped(6, 8, 5, 27, row=False),
    "part of a row cut and inserted, with its names": cut_and_inserted(names=True),
    "part of a row cut and inserted": cut_and_inserted(names=False),
}


def added_up():
    """A filing of 2021 whose figures are all different, and whose sums are right."""
    form, made = edition_named("2021").form, sound("2021")[1]
    figures = dict(made.values)
    results = form.members("t3.results.natural")
    for who in tables.columns(form, "t3"):
        total = sum(figures[name.replace("natural", who)] for name in results)
        figures[f"t3.sum.{who}"] = total
        figures[f"t3.new.{who}"] = total + figures[f"t3.carry_out.{who}"] - figures[f"t3.carry_in.{who}"]
    for name in (n for n in figures if n.startswith("t3.") and n.endswith(".total")):
        figures[name] = sum(figures[part] for part in form.members(name.replace("total", "applicants")))
    return made._replace(values=figures)


@pytest.mark.parametrize("kind", IN_PART)
def test_a_line_that_moved_in_part_gives_no_wrong_figure(kind, tmp_path):
    """What is in doubt stays blank and is told; the rest of the table is kept."""
    made, book = added_up(), build_template("2021")
    write_filing(book, made)
    IN_PART[kind](book)
    book.save(tmp_path / "坏.xlsx")
    repaired = rescue(tmp_path / "坏.xlsx")
    assert not wrong(made, repaired)
    assert repaired.left
    assert all(repair_lines(repaired, "坏.xlsx"))


def test_an_answer_to_a_rule_of_a_newer_program_is_told_with_its_words(tmp_path):
    def answered(book):
        book[T3].insert_rows(12)
        sheet = book["校验"]
        ids = {sheet.cell(row, 7).value: row for row in range(1, 200)}
        sheet.cell(ids["R403"], 6).value = "已核对上年文书。"
        sheet.cell(ids["R402"], 7).value = "R990"
        sheet.cell(ids["R402"], 6).value = "新规则的说明。"

    repaired = rescue(broken("2021", answered, tmp_path / "坏.xlsx"))
    write_repaired(repaired, tmp_path / "好.xlsx")
    told = [line for line in repair_lines(repaired, "坏.xlsx") if "新规则的说明。" in line]
    assert reading.read(tmp_path / "好.xlsx").answers == {"R403": "已核对上年文书。"}
    assert [line.startswith("规则 R990 的说明") for line in told] == [True]


def test_last_years_answers_are_kept(tmp_path):
    path = tmp_path / "旧.xlsx"
    last = filing(edition_named("2021").form, Random(7))._replace(year=Decimal(2024))
    last = last._replace(answers={"R403": "上年已核。"})
    path.write_bytes(new_workbook(edition_named("2021"), 2025, None, last))
    write_repaired(rescue(path), tmp_path / "好.xlsx")
    hidden, at = openpyxl.load_workbook(tmp_path / "好.xlsx")["xlcheck"], hidden_sheet().rule
    lines = {hidden[f"{at.rule}{n}"].value: hidden[f"{at.last_answer}{n}"].value for n in range(1, 200)}
    assert {rule: words for rule, words in lines.items() if words} == {"R403": "上年已核。"}


WRITTEN = (
    strangers.strict,
    strangers.prefixed,
    strangers.unplaced,
    strangers.commented,
    strangers.spaced,
    strangers.utf16,
    strangers.backslashed,
)


@pytest.mark.parametrize("written", WRITTEN, ids=lambda how: how.__name__)
def test_what_another_program_writes_otherwise_is_repaired_as_any(written, tmp_path):
    parts = written(strangers.unpacked(broken("2021", lambda book: None, tmp_path / "好.xlsx")))
    repaired = rescue(strangers.pack(parts, tmp_path / "别.xlsx"))
    assert (repaired.found, repaired.moved, repaired.left) == ((), {}, ())
    assert repaired.filing == reading.read(tmp_path / "好.xlsx")._replace(notes={})


@pytest.mark.parametrize("name", ["表.zip", "表", "表.et", "表.xls", "表.xlsm"])
def test_a_workbook_is_known_by_what_is_in_it_not_by_its_name(name, tmp_path):
    assert not rescue(broken("2021", lambda book: None, tmp_path / name)).found


def test_a_name_that_points_to_another_entry_says_nothing_where_its_own_stands(tmp_path):
    """Nor does the figure go to both: who moves a cell takes its name along and leaves nothing behind."""
    sheet, cell = edition_named("2021").form.where("t3.new.business")

    def misnamed(book):
        place = f"'{sheet}'!{absolute_coordinate(cell)}"
        book.defined_names["t3_new_natural"] = DefinedName("t3_new_natural", attr_text=place)

    repaired = rescue(broken("2021", misnamed, tmp_path / "坏.xlsx"))
    assert not wrong(sound("2021")[1], repaired)
    assert not repaired.left


def test_names_of_others_end_nothing(tmp_path):
    def named(book):
        for name, place in (
            ("a", "Table1[a]"),
            ("b", "3"),
            ("c", "[1]Sheet1!$A$1"),
            ("d", "二、主动公开!$B:$C"),
        ):
            book.defined_names[name] = DefinedName(name, attr_text=place)

    assert not rescue(broken("2021", named, tmp_path / "好.xlsx")).found


def test_what_no_library_can_read_is_no_matter_where_no_entry_is(tmp_path):
    """A theme, a format and a date of creation that are none: nothing is said of them, in no language."""
    parts = strangers.unpacked(broken("2021", lambda book: None, tmp_path / "好.xlsx"))
    parts["docProps/core.xml"] = re.sub(
        rb"(<dcterms:created[^>]*>)[^<]*", rb"\1never", parts["docProps/core.xml"]
    )
    parts["xl/theme/theme1.xml"] = b"<theme"
    for part in [name for name in parts if "worksheets/sheet" in name]:
        parts[part] = parts[part].replace(b"<conditionalFormatting sqref=", b"<conditionalFormatting was=")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not rescue(strangers.pack(parts, tmp_path / "别.xlsx")).found


@pytest.mark.parametrize("row", [28, 29])
def test_a_label_under_a_merge_that_stayed_behind_still_says_where_its_row_went(row, tmp_path):
    """A program that moves cells and leaves merged ranges where they were hides labels of 表三."""
    path = broken("2021", lambda book: book[T3].insert_rows(row), tmp_path / "坏.xlsx")
    repaired = rescue(path)
    assert not wrong(sound("2021")[1], repaired)
    assert [left.kind for left in repaired.left] == []


def test_validations_of_later_programs_count(tmp_path):
    def moved(xml):
        found = re.search(rb"<dataValidations.*?</dataValidations>", xml, re.DOTALL)
        ranges = b" ".join(re.findall(rb'sqref="([^"]*)"', found[0])) if found else b""
        later = (
            b'<extLst><ext xmlns:x14="x" xmlns:xm="m"><x14:dataValidations><x14:dataValidation>'
            b"<xm:sqref>%b</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
        )
        return xml.replace(found[0], b"").replace(b"</worksheet>", later % ranges) if found else xml

    parts = strangers.unpacked(broken("2021", lambda book: None, tmp_path / "好.xlsx"))
    parts = {name: moved(body) if "worksheets/sheet" in name else body for name, body in parts.items()}
    assert not rescue(strangers.pack(parts, tmp_path / "别.xlsx")).found


def test_a_note_keeps_its_author_and_its_line_breaks(tmp_path):
    def noted(book):
        book[T3]["E6"].comment = Comment("第一行\n“<第二行>”", "李 & 王")

    write_repaired(rescue(broken("2021", noted, tmp_path / "坏.xlsx")), tmp_path / "好.xlsx")
    note = openpyxl.load_workbook(tmp_path / "好.xlsx")[T3]["E6"].comment
    assert (note.text, note.author) == ("第一行\n“<第二行>”", "李 & 王")


def test_a_repaired_workbook_is_what_fill_makes_of_the_clean_one(tmp_path):
    write_repaired(rescue(broken("2021", lambda book: None, tmp_path / "a.xlsx")), tmp_path / "b.xlsx")
    save(build_template("2021"), tmp_path / "c.xlsx")
    fill_workbook(tmp_path / "c.xlsx", reading.read(tmp_path / "a.xlsx"), tmp_path / "c.xlsx")
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "c.xlsx").read_bytes()
