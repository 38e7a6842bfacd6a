"""Filling, marking and clearing touch the cells concerned; whatever else a workbook holds stays as it was."""

import json
import os
import re
import subprocess
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import office
import openpyxl
import pytest
import strangers
from by_name import build_template, fill_workbook, judge, mark
from cases import base, edited
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side

from xlcheck.core.marks import Mark, painted_cell
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused, edition_named
from xlcheck.saving import save
from xlcheck.workbook import reading
from xlcheck.workbook.cells import SheetCells
from xlcheck.workbook.findings import checked_columns
from xlcheck.workbook.marking import remove_marks
from xlcheck.workbook.markup import Unchangeable
from xlcheck.workbook.parts import _utf8

# What openpyxl cannot keep is why it does not touch these files; here it only looks at them.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

AT = "2026-01-15 10:32"
WRONG = {"t3.granted.natural": 21, "t2.license.decisions": "12件", "s1": "没有写。"}
BLAMED, NEAR, TALKED, LABEL = "E8", "F6", "G6", "D8"  # on 三、申请办理
FORM = edition_named("2021").form
T3 = list(FORM.sheets).index("t3") + 1
CELL = re.compile(rb"<c (?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?:/>|>.*?</c\s*>)", re.DOTALL)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    path = tmp_path_factory.mktemp("touching") / "空.xlsx"
    save(build_template("2021"), path)
    return path


@pytest.fixture(scope="module")
def plain(empty):
    """A filled workbook with something wrong, as we write it."""
    fill_workbook(empty, edited(base("2021"), WRONG), empty.with_name("填.xlsx"))
    return empty.with_name("填.xlsx")


@pytest.fixture(scope="module")
def hers(plain):
    """With notes, a picture, colours and formats of 2010 of the clerk's own, as other programs write them."""
    notes = {BLAMED: "问过财政所", NEAR: "含 &lt;网上&gt; 两件", TALKED: "[Threaded comment]"}
    parts = strangers.with_more(strangers.unpacked(plain), T3, notes, TALKED)
    return strangers.pack(parts, plain.with_name("她的.xlsx"))


@pytest.fixture(scope="module")
def by_office(plain, desktop):
    """With notes, colours and borders, really saved by LibreOffice."""
    book = openpyxl.load_workbook(plain)
    sheet = book[FORM.sheets["t3"]]
    sheet[LABEL].fill, sheet[LABEL].font = PatternFill("solid", fgColor="FF00FF00"), Font(strike=True)
    for at in (BLAMED, NEAR):
        sheet[at].border = Border(left=Side("double", color="FF0000FF"))
        sheet[at].comment = Comment("问过财政所", "张三")
    book.save(plain.with_name("色.xlsx"))
    opened = office.opened(desktop, plain.with_name("色.xlsx"))
    office.saved(opened, plain.with_name("办.xlsx"))
    opened.close(True)
    return plain.with_name("办.xlsx")


@pytest.fixture(scope="module")
def by_onlyoffice(hers):
    """Hers, really saved by ONLYOFFICE, which makes a conversation of every note."""
    target = hers.with_name("在线.xlsx")
    script = Path(__file__).parents[1] / "benchmarks" / "onlyoffice.py"
    jobs = json.dumps([(str(hers), [], str(target))])
    subprocess.run([ONLYOFFICE, script], input=jobs, text=True, check=True, capture_output=True)
    return target


ONLYOFFICE = os.environ.get("XLCHECK_ONLYOFFICE")  # a Python that has its engine: benchmarks/touching.py
SOURCES = ["plain", "hers", "by_office", *(["by_onlyoffice"] if ONLYOFFICE else [])]


@pytest.fixture
def source(request):
    return request.getfixturevalue(request.param)


# ---------------------------------------------------------------- what is compared
class Sheet(NamedTuple):
    """A sheet's XML as its cells without results, by address, and everything between them."""

    cells: dict[str, bytes]
    around: bytes


def without_result(cell):
    """A cell with a formula, whatever that came to."""
    if b"<f" not in cell:
        return cell
    tag, close, rest = cell.partition(b">")
    return re.sub(rb' t="[a-zA-Z]+"', b"", tag) + close + re.sub(rb"<v(/>|>[^<]*</v>)", b"", rest)


def sheet(xml):
    cells = {re.search(rb'\br="([A-Z0-9]+)"', c)[1].decode(): without_result(c) for c in CELL.findall(xml)}
    return Sheet(cells, CELL.sub(b"", xml))


def sheets_of(path):
    """The sheets' parts by the key of the form; what ONLYOFFICE says of blanks in a result changes none."""
    parts = strangers.unpacked(path)
    sheets = {key: parts[f"xl/worksheets/sheet{n}.xml"] for n, key in enumerate(FORM.sheets, 1)}
    return {key: xml.replace(b'<v xml:space="preserve">', b"<v>") for key, xml in sheets.items()}


def changed_cells(before, after):
    found = set()
    for key, xml in sheets_of(before).items():
        one, other = sheet(xml).cells, sheet(sheets_of(after)[key]).cells
        found |= {(key, at) for at in one.keys() | other.keys() if one.get(at) != other.get(at)}
    return found


def changed_around(before, after):
    """What changed outside of the cells, as pairs of tags."""
    found = set()
    for key, xml in sheets_of(before).items():
        one, other = (re.findall(rb"<[^>]*>|[^<]+", sheet(x).around) for x in (xml, sheets_of(after)[key]))
        if one != other:
            lost, new = set(one) - set(other), set(other) - set(one)
            found |= {re.sub(rb"[\s>].*", b"", tag, flags=re.DOTALL).decode() for tag in lost | new}
    return found


def conversations(path):
    """The cells of which people talk: what is said there is theirs alone."""
    talks = [body for name, body in strangers.unpacked(path).items() if "threadedComments/" in name]
    return set(re.findall(r'ref="([A-Z0-9]+)"', b"".join(talks).decode()))


def changed_parts(before, after):
    one, other = strangers.unpacked(before), strangers.unpacked(after)
    return {n for n in one.keys() | other.keys() if one.get(n) != other.get(n) and "sheets/sheet" not in n}


def entry_cells():
    by_sheet = {name: key for key, name in FORM.sheets.items()}
    found = {(f.table, f.cell) for f in FORM.fields.values()}
    found |= {("cover", cell) for cell in FORM.cover.values()} | {("text", c) for c in FORM.texts.values()}
    return found | {(by_sheet[o.sheet], o.cell) for o in FORM.options}


def is_bookkeeping(key, at):
    """The columns and cells of the hidden sheet that a check writes."""
    layout = hidden_sheet()
    ours = {*layout.found, *layout.first, *layout.mark, *checked_columns(), layout.rule.record}
    single = {
        layout.cell.pressed,
        layout.cell.checked_code,
        layout.cell.found_errors,
        layout.cell.found_warnings,
        layout.cell.heights,
    }
    return key == "hidden" and (at.rstrip("0123456789") in ours or at in single)


def only_grown(before, after):
    """Whether the styles are what they were, in their order, with others added."""
    one, other = (
        re.findall(rb"<[^>]*>|[^<]+", strangers.unpacked(p)["xl/styles.xml"]) for p in (before, after)
    )
    one, other = ([re.sub(rb' count="[0-9]+"', b"", tag) for tag in tags] for tags in (one, other))
    rest = iter(other)
    return all(tag in rest for tag in one)


# ---------------------------------------------------------------- fill
FILLED = {  # what filling may change besides the entries, and why
    "xl/workbook.xml": "whoever opens it is asked to work everything out anew",
}


@pytest.mark.parametrize("source", SOURCES, indirect=True)
def test_filling_changes_the_entries_alone(source, tmp_path):
    filing = edited(base("2021"), {"t3.new.natural": 6, "s5": "  两端空格\n与换行 & <尖括号> _x0041_"})
    fill_workbook(source, filing, tmp_path / "后.xlsx")
    back = reading.read(tmp_path / "后.xlsx")._replace(notes={})
    assert back == filing
    assert changed_cells(source, tmp_path / "后.xlsx") <= entry_cells()
    assert changed_around(source, tmp_path / "后.xlsx") == set()
    assert changed_parts(source, tmp_path / "后.xlsx") <= FILLED.keys()


@pytest.mark.parametrize("source", SOURCES, indirect=True)
def test_filling_with_what_is_there_changes_nothing(source, tmp_path):
    filing = reading.read(source)
    fill_workbook(source, filing, tmp_path / "后.xlsx")
    assert changed_cells(source, tmp_path / "后.xlsx") == set()
    assert changed_around(source, tmp_path / "后.xlsx") == set()


# ---------------------------------------------------------------- mark and clear
def pressed(source, target):
    filing = reading.read(source)
    mark(source, filing, judge(filing), target, AT)
    return target


MARKED = {  # what marking may change besides the look of the cells marked, and why
    "xl/workbook.xml": FILLED["xl/workbook.xml"],
    "xl/styles.xml": "the colours of the marks are added at the ends of the lists",
    "[Content_Types].xml": "a sheet that had no note has one now",
}
AROUND = {  # the tags of a sheet that a mark may change, and why
    "草稿：有": "every printed page says that errors stand",
    "&amp;C&amp;9": "the same, beside the number of the page",
    "&amp;L&amp;9": "the same, beside the unit's name",
    "<tabColor": "the tab of the list is red while errors stand",
    "<legacyDrawing": "the boxes of the notes of a sheet that had none",
    "<row": "lines of the hidden sheet that were not there",
    "</row": "the same",
}


def note_parts(path):
    return {
        n
        for n in strangers.unpacked(path)
        if "comments" in n or "remarks" in n or "vml" in n or "_rels/sheet" in n
    }


@pytest.mark.parametrize("source", SOURCES, indirect=True)
def test_marking_dresses_the_cells_it_marks_and_nothing_else(source, tmp_path):
    marked = pressed(source, tmp_path / "标.xlsx")
    touched = {(k, at) for k, at in changed_cells(source, marked) if not is_bookkeeping(k, at)}
    filing = reading.read(source)
    blamed = {
        painted_cell(FORM, Mark(at, "blamed"), workbook().on_text.label)
        for f in judge(filing).findings
        for at in (f.at, *f.fields)
        if at in {*FORM.fields, *FORM.texts}
    }
    key_of = {name: key for key, name in FORM.sheets.items()}
    assert touched
    assert touched <= {(key_of[s], at) for s, at in blamed}
    strange = {tag for tag in changed_around(source, marked) if not tag.startswith(tuple(AROUND))}
    assert strange == set()
    assert changed_parts(source, marked) <= MARKED.keys() | note_parts(source) | note_parts(marked)
    assert only_grown(source, marked)
    assert reading.read(marked)._replace(notes={}, records={}) == filing._replace(notes={}, records={})


@pytest.mark.parametrize("source", SOURCES, indirect=True)
def test_marking_a_marked_copy_gives_the_same_bytes(source, tmp_path):
    pressed(pressed(source, tmp_path / "一.xlsx"), tmp_path / "二.xlsx")
    assert strangers.unpacked(tmp_path / "一.xlsx") == strangers.unpacked(tmp_path / "二.xlsx")


CLEARED = {  # what stays of marks that were taken off, and why
    "xl/workbook.xml": FILLED["xl/workbook.xml"],
    "xl/styles.xml": "colours that nothing uses any more",
}


@pytest.mark.parametrize("source", SOURCES, indirect=True)
def test_marks_taken_off_bring_every_sheet_back_to_the_byte(source, tmp_path):
    marked = pressed(source, tmp_path / "标.xlsx")
    remove_marks(edition_named("2021"), marked, tmp_path / "清.xlsx")
    before, after = sheets_of(source), sheets_of(tmp_path / "清.xlsx")
    kept = {("hidden", at) for key, at in changed_cells(source, tmp_path / "清.xlsx") if key == "hidden"}
    assert {key for key in before if before[key] != after[key]} <= {"hidden"}
    assert {at.rstrip("0123456789") for _, at in kept} <= {hidden_sheet().rule.record}  # for what it answered
    assert changed_parts(source, tmp_path / "清.xlsx") <= CLEARED.keys()
    assert only_grown(source, tmp_path / "清.xlsx")


def test_a_note_of_hers_stands_above_ours_and_a_conversation_is_hers_alone(hers, tmp_path):
    edit = {**WRONG, "t3.new.legal": "无"}
    fill_workbook(hers, edited(base("2021"), edit), tmp_path / "填.xlsx")
    notes = openpyxl.load_workbook(pressed(tmp_path / "填.xlsx", tmp_path / "标.xlsx"))[FORM.sheets["t3"]]
    assert notes[BLAMED].comment.text.startswith("张三：问过财政所\n\n【错误】")
    assert notes[NEAR].comment.text == "张三：含 <网上> 两件"
    assert notes[TALKED].comment.text == "张三：[Threaded comment]"


@pytest.mark.parametrize("source", SOURCES, indirect=True)
def test_the_office_shows_the_notes_and_the_colours(desktop, source, tmp_path):
    book = office.opened(desktop, pressed(source, tmp_path / "标.xlsx"))
    there = book.Sheets.getByName(FORM.sheets["t3"])
    notes = there.Annotations
    at = [n for n in range(notes.Count) if notes.getByIndex(n).Position.Row == 7]
    said, fill = [notes.getByIndex(n).String for n in at], there.getCellRangeByName(BLAMED).CellBackColor
    pictures = there.DrawPage.Count
    book.close(True)
    assert len(said) == 1
    assert ("【错误】这一格填 21" in said[0]) is (BLAMED not in conversations(source))
    assert fill == 0xF4958C
    assert pictures or "她" not in source.name


# ---------------------------------------------------------------- written otherwise
WAYS = [
    strangers.prefixed, strangers.strict, strangers.unplaced, strangers.commented, strangers.spaced,
    strangers.utf16, strangers.backslashed, strangers.no_figure,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_however_it_is_written_it_is_filled_marked_and_cleared(plain, tmp_path, way):
    odd = strangers.pack(way(strangers.unpacked(plain)), tmp_path / "源.xlsx")
    filing = edited(base("2021"), {"t3.granted.natural": 21, "s1": "一"})
    fill_workbook(odd, filing, tmp_path / "填.xlsx")
    assert reading.read(tmp_path / "填.xlsx")._replace(notes={}) == filing
    marked = pressed(tmp_path / "填.xlsx", tmp_path / "标.xlsx")
    remove_marks(edition_named("2021"), marked, tmp_path / "清.xlsx")
    assert reading.read(marked).values == reading.read(tmp_path / "清.xlsx").values == filing.values
    one, other = (strangers.unpacked(tmp_path / f"{n}.xlsx") for n in ("填", "清"))
    shown = [n for n in one if "worksheets/sheet" in n and f"sheet{len(FORM.sheets)}.xml" not in n]
    assert [n for n, m in zip_longest(shown, shown) if one[n] != other[m]] == []


ODD = ["<v>1E999</v>", "<v>nan</v>", "<v>1e-400</v>", "<v></v>", "<v>12 </v>", "<v>x</v>"]


@pytest.mark.parametrize("value", ODD)
def test_whatever_stands_in_a_cell_it_is_marked(plain, tmp_path, value):
    parts = strangers.unpacked(plain)
    name = f"xl/worksheets/sheet{T3}.xml"
    cell = re.compile(rb'<c r="E8"( s="[0-9]+")[^>]*>.*?</c>')
    parts[name] = cell.sub(rb'<c r="E8"\1>' + value.encode() + b"</c>", parts[name])
    odd = strangers.pack(parts, tmp_path / "源.xlsx")
    assert reading.read(pressed(odd, tmp_path / "标.xlsx")).values == reading.read(odd).values


def _twice(parts):
    """A row twice on the hidden sheet, of which a check reads no more than it needs."""
    name = f"xl/worksheets/sheet{len(FORM.sheets)}.xml"
    row = re.search(rb'<row r="200".*?</row>', parts[name], re.DOTALL)[0]
    return {**parts, name: parts[name].replace(row, row + row)}


def test_what_cannot_be_touched_without_loss_is_told(plain, tmp_path):
    odd = strangers.pack(_twice(strangers.unpacked(plain)), tmp_path / "源.xlsx")
    with pytest.raises(Refused, match="所以没有动"):
        pressed(odd, tmp_path / "标.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["源.xlsx"]


def changed_fills(before, after):
    """The cells of a table that have another fill than they had; a file may be without styles."""
    fills = []
    for path in (before, after):
        styled = "xl/styles.xml" in strangers.unpacked(path)
        page = openpyxl.load_workbook(path)[FORM.sheets["t3"]] if styled else None
        fills.append({c.coordinate: c.fill.fgColor.rgb for row in page for c in row} if page else {})
    return {at for at, fill in fills[1].items() if fill != fills[0].get(at, "00000000")}


@pytest.mark.parametrize("related", [True, False], ids=["part", "part and relation"])
def test_a_workbook_without_styles_is_marked_in_plain_ones(plain, tmp_path, related):
    """Only what is marked gets a colour, whatever number of a style the other cells name."""
    parts, relations = strangers.unpacked(plain), "xl/_rels/workbook.xml.rels"
    del parts["xl/styles.xml"]
    if not related:
        parts[relations] = re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", parts[relations])
    live = re.compile(rb"<conditionalFormatting.*</conditionalFormatting>", re.DOTALL)  # in styles of its own
    bare = strangers.pack({n: live.sub(b"", body) for n, body in parts.items()}, tmp_path / "源.xlsx")
    marked = pressed(bare, tmp_path / "标.xlsx")
    coloured, wanted = (
        changed_fills(bare, marked),
        changed_fills(plain, pressed(plain, tmp_path / "别.xlsx")),
    )
    assert coloured == wanted != []
    assert reading.read(marked).values == reading.read(bare).values


def formatted(first, last):
    return "".join(
        f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(first, last)
    )


BELOW = {
    "only looks": (formatted(5000, 9000), True),
    "a figure at the end": (formatted(5000, 9000) + '<row r="9001"><c r="A9001"><v>1</v></c></row>', False),
    "out of order": (formatted(7000, 9000) + formatted(5000, 7000), False),
    "no number": (formatted(5000, 9000) + "<row/>", False),
    "few": (formatted(5000, 5100), False),
    "above ours": (formatted(100, 3900), False),
}


@pytest.mark.parametrize("why", BELOW)
def test_rows_below_that_only_look_like_something_stay_in_one_piece(why):
    """Some hundred thousand of them, one by one, are five seconds and 300 MB."""
    rows, whole = BELOW[why]
    xml = f'<worksheet><sheetData><row r="1"><c r="A1"><v>5</v></c></row>{rows}</sheetData></worksheet>'
    page = SheetCells(xml.encode())
    assert (sorted(page.rows) == [1]) is whole
    page.put("A1", Decimal(6))
    numbered = xml.replace("<row/>", '<row r="9000"/>')
    assert page.xml() == numbered.replace("<v>5</v>", "<v>6</v>").encode()


def test_a_row_kept_in_one_piece_with_others_is_not_written_in():
    xml = f"<worksheet><sheetData>{formatted(5000, 9000)}</sheetData></worksheet>"
    with pytest.raises(Unchangeable):
        SheetCells(xml.encode()).put("A6000", Decimal(1))


JUNK = [
    "",
    "[]",
    "{",
    '{"fill":1}',
    '{"who":""}',
    '{"note":["a"]}',
    '{"exact":["<fill>","<font/>"]}',
    "[" * 9999,
]


@pytest.mark.parametrize("junk", JUNK)
def test_what_the_hidden_sheet_says_of_a_mark_is_not_believed(plain, tmp_path, junk):
    marked = pressed(plain, tmp_path / "标.xlsx")
    book = openpyxl.load_workbook(marked)
    layout = hidden_sheet()
    for row, place in enumerate(["三、申请办理!E8", "无此表!A1", "三、申请办理!乱"], layout.first_row):
        book["xlcheck"][f"{layout.mark.cell}{row}"].value = place
        book["xlcheck"][f"{layout.mark.before}{row}"].value = junk
    book.save(tmp_path / "改.xlsx")
    remove_marks(edition_named("2021"), tmp_path / "改.xlsx", tmp_path / "清.xlsx")
    assert (
        openpyxl.load_workbook(tmp_path / "清.xlsx")["xlcheck"][f"{layout.mark.cell}{layout.first_row}"].value
        is None
    )


def test_an_order_of_formulas_that_names_one_that_went_goes(plain, tmp_path):
    parts = strangers.unpacked(plain)
    name = f"xl/worksheets/sheet{T3}.xml"
    parts[name] = re.sub(
        rb'<c r="E8"( s="[0-9]+")[^>]*>.*?</c>', rb'<c r="E8"\1><f>1+1</f><v>2</v></c>', parts[name]
    )
    parts["xl/calcChain.xml"] = b'<calcChain xmlns="m"><c r="E8" i="3"/></calcChain>'
    relation = f'<Relationship Id="rId99" Type="{strangers.OFFICE}/calcChain" Target="calcChain.xml"/>'
    for part, child in (
        ("xl/_rels/workbook.xml.rels", relation),
        ("[Content_Types].xml", '<Override PartName="/xl/calcChain.xml" ContentType="x"/>'),
    ):
        end = parts[part].rindex(b"</")
        parts[part] = parts[part][:end] + child.encode() + parts[part][end:]
    strangers.pack(parts, tmp_path / "源.xlsx")
    fill_workbook(tmp_path / "源.xlsx", base("2021"), tmp_path / "填.xlsx")
    pressed(tmp_path / "源.xlsx", tmp_path / "标.xlsx")
    filled, marked = (strangers.unpacked(tmp_path / f"{n}.xlsx") for n in ("填", "标"))
    assert [n for n, body in filled.items() if "calcChain" in n or b"calcChain" in body] == []
    assert marked["xl/calcChain.xml"] == parts["xl/calcChain.xml"]


@pytest.mark.parametrize("column", ["field", "rule", "counted"])
def test_a_line_of_the_hidden_sheet_that_this_program_does_not_know_is_left_alone(column, plain, tmp_path):
    """A newer template may have more fields, rules or sheets; the rest is marked."""
    book, at = openpyxl.load_workbook(plain), hidden_sheet()
    first = {"field": at.field.name, "rule": at.rule.rule, "counted": at.counted.name}[column]
    book["xlcheck"][f"{first}{at.first_row}"].value = "t9.new"
    book.save(tmp_path / "新.xlsx")
    marked = pressed(tmp_path / "新.xlsx", tmp_path / "标.xlsx")
    assert reading.read(marked).values == reading.read(plain).values


@pytest.mark.parametrize("name", ["idna", "undefined", "no-such"])
def test_a_part_in_an_encoding_that_is_none_cannot_be_changed(name):
    with pytest.raises(Unchangeable):
        _utf8(b'<?xml version="1.0" encoding="%b"?><worksheet>a.b</worksheet>' % name.encode())
