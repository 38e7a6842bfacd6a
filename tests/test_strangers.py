"""Workbooks of other programs, or that somebody made over: what is sound is sound, the rest is told."""

import io
import json
import random
import re
import struct
import sys
import tracemalloc
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from by_name import build_template, fill_workbook, judge
from cases import base
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from xlcheck.core.check import retype
from xlcheck.core.finding import json_number, verdict
from xlcheck.core.grid import box, column_name
from xlcheck.core.text.words.numbers import numerals, value_of
from xlcheck.county.inbox.files import content, inbox_files
from xlcheck.county.roster import read_roster
from xlcheck.data.messages import messages
from xlcheck.data.rules import rules
from xlcheck.data.text import figure_writing
from xlcheck.editions import Refused, edition_named
from xlcheck.importing.readers.formats import read_document
from xlcheck.repair import rescue
from xlcheck.saving import save
from xlcheck.workbook.archive import LETTERS, part_name
from xlcheck.workbook.json import parse_filing
from xlcheck.workbook.reading import read_bytes

NEW = "t3.new.natural"  # in 三、申请办理!E6
BOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
SHEET3 = "xl/worksheets/sheet3.xml"
Parts = dict[str, bytes]


@pytest.fixture(scope="session")
def parts(tmp_path_factory) -> Parts:
    """The parts of a sound filled workbook by name."""
    path = tmp_path_factory.mktemp("sound") / "填.xlsx"
    save(build_template("2021"), path)
    fill_workbook(path, base("2021"), path)
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


def told(raw: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_bytes(raw, "坏.xlsx")
    return str(refused.value)


def replaced(part: str, old: bytes, new: bytes) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        assert old in parts[part]
        return {**parts, part: parts[part].replace(old, new)}

    return change


# ---------------------------------------------------------------- sound files of other programs
def renamed(parts: Parts) -> Parts:
    """Every part that the workbook has of its own under another name, in other folders."""
    new = {BOOK: "book/main.xml", RELATIONS: "book/_rels/main.xml.rels", STYLES: "book/look.xml"}
    new |= {name: f"pages/P{n}.XML" for n, name in enumerate(sorted(parts)) if "worksheets/sheet" in name}
    moved = {new.get(name, name): body for name, body in parts.items()}
    for old, name in new.items():
        target = name if name.startswith("book") else f"../{name}"
        relations = moved["book/_rels/main.xml.rels"]
        for written in (f"/{old}", old.removeprefix("xl/")):
            relations = relations.replace(
                f'"{written}"'.encode(), f'"{target.removeprefix("book/")}"'.encode()
            )
        moved["book/_rels/main.xml.rels"] = relations
    moved["_rels/.rels"] = moved["_rels/.rels"].replace(BOOK.encode(), b"book/main.xml")
    return moved


def strict(parts: Parts) -> Parts:
    main, related = b"spreadsheetml/2006/main", b"officeDocument/2006/relationships"
    schema, other = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    return {
        name: body.replace(schema + main, other + b"spreadsheetml/main").replace(
            schema + related, other + b"officeDocument/relationships"
        )
        for name, body in parts.items()
    }


def targets(how: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    """The targets of the workbook's relations written in another way."""
    target = re.compile(rb'Target="(?:/xl/)?([^"/][^"]*)"')
    return lambda parts: {
        **parts,
        RELATIONS: target.sub(lambda m: b'Target="' + how(m[1]) + b'"', parts[RELATIONS]),
    }


def unquoted(parts: Parts) -> Parts:
    return {**parts, BOOK: re.sub(rb">'([^'<]*)'!", rb">\1!", parts[BOOK])}


def harmless_names(parts: Parts) -> Parts:
    more = '<definedName name="别的">Table1[a]</definedName>'
    more += (
        f'<definedName name="{NEW.replace(".", "_")}" localSheetId="1">另!$A$1</definedName></definedNames>'
    )
    return replaced(BOOK, b"</definedNames>", more.encode())(parts)


def without_styles(parts: Parts) -> Parts:
    return {name: body for name, body in parts.items() if name != STYLES}


def pretty(parts: Parts) -> Parts:
    return {n: b.replace(b"><c", b">\n  <c").replace(b"></row>", b">\n</row>") for n, b in parts.items()}


def untyped(parts: Parts) -> Parts:
    """Relations that do not name the styles: their content type does."""
    name = re.compile(rb"<Relationship (?=[^>]*styles)[^>]*/>")
    return {**parts, RELATIONS: name.sub(b"", parts[RELATIONS])}


SOUND = {
    "parts under other names": renamed,
    "Strict Open XML": strict,
    "targets from here": targets(lambda name: b"./" + name),
    "targets up and down": targets(lambda name: b"../xl/" + name),
    "targets with backslashes": targets(lambda name: name.replace(b"/", b"\\")),
    "targets from the root": targets(lambda name: b"/xl/" + name),
    "names with backslashes": lambda parts: {n.replace("/", "\\"): b for n, b in parts.items()},
    "names in capitals": lambda parts: {n.upper(): b for n, b in parts.items()},
    "places without quotes": unquoted,
    "names of other things": harmless_names,
    "no styles": without_styles,
    "styles by content type": untyped,
    "a number format of any number": replaced(STYLES, b'numFmtId="0"', b'numFmtId="99999999999"'),
    "an empty fill": replaced(STYLES, b"</fills>", b"<fill/></fills>"),
    "styles that are not there": replaced(SHEET3, b' s="', b' s="99999'),
    "whole columns merged aside": replaced(SHEET3, b"</mergeCells>", b'<mergeCell ref="Z:AB"/></mergeCells>'),
    "merges that are none": replaced(
        SHEET3, b"</mergeCells>", b'<mergeCell ref=""/><mergeCell ref="A' + b"9" * 5000 + b'"/></mergeCells>'
    ),
    "spaces between elements": pretty,
    "stored, not packed": lambda parts: parts,
}


@pytest.mark.parametrize("why", SOUND)
def test_a_sound_file_of_another_program_reads_like_the_original(parts, why):
    method = zipfile.ZIP_STORED if why.startswith("stored") else zipfile.ZIP_DEFLATED
    made = zipped(SOUND[why](parts), method)
    assert made != zipped(parts)
    assert read_bytes(made, "a.xlsx") == read_bytes(zipped(parts), "a.xlsx")
    assert not judge(read_bytes(made, "a.xlsx")).findings


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("xl/./a.xml", "xl/a.xml"), ("/xl/../b/c.xml", "b/c.xml"), ("xl\\A.xml", "xl/a.xml"),
        ("../../etc/passwd", "etc/passwd"), ("xl/%E8%A1%A8.xml", "xl/表.xml"), ("", ""),
    ],
)  # fmt: skip
def test_a_part_has_one_name(written, name):
    assert part_name(written) == name


@pytest.mark.parametrize(
    ("area", "corners"),
    [
        ("B2:C9", ((2, 2), (9, 3))), ("$B$2", ((2, 2), (2, 2))), ("B:C", ((1, 2), (1_048_576, 3))),
        ("2:9", ((2, 1), (9, 16_384))), ("C9:B2", ((2, 2), (9, 3))), ("", None), ("B2:C", None), ("x", None),
        ("A" + "9" * 5000, None), ("A1:B2 C3", None), (":", None),
    ],
)  # fmt: skip
def test_an_area_has_two_corners(area, corners):
    assert box(area) == corners


@pytest.mark.parametrize("name", [SHEET3, SHEET3.upper(), "./" + SHEET3])
def test_a_part_that_is_there_twice_is_read_where_both_agree_and_refused_where_not(parts, name):
    raw = zipped(parts)
    for body in (parts[SHEET3], parts[SHEET3] + b" "):
        out = io.BytesIO(raw)
        with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as packed:
            warnings.simplefilter("ignore")
            packed.writestr(name, body)
        if body == parts[SHEET3]:
            assert read_bytes(out.getvalue(), "a.xlsx") == read_bytes(raw, "a.xlsx")
        else:
            assert "两份" in told(out.getvalue())


def test_merges_aside_are_looked_at_once_each_and_not_with_every_entry(parts):
    aside = b"".join(b'<mergeCell ref="P%d:Q%d"/>' % (n, n) for n in range(1000, 4000))
    made = zipped(replaced(SHEET3, b"</mergeCells>", aside + b"</mergeCells>")(parts))
    calls: Counter[str] = Counter()
    sys.setprofile(lambda frame, event, _: calls.update([frame.f_code.co_name] * (event == "call")))
    try:
        read_bytes(made, "a.xlsx")
    finally:
        sys.setprofile(None)
    assert calls["merged_entry"] >= 3000 > calls["rc"]


def test_entries_under_a_whole_column_that_is_merged_are_told(parts):
    made = replaced(SHEET3, b"</mergeCells>", b'<mergeCell ref="E:F"/></mergeCells>')(parts)
    assert [f.rule for f in judge(read_bytes(zipped(made), "a.xlsx")).findings] == ["R903"]


# ---------------------------------------------------------------- exact values
def cell(new: str) -> Callable[[Parts], bytes]:
    """The workbook with the cell of NEW written so; S is the style it has."""

    def change(parts: Parts) -> bytes:
        old = re.search(rb'<c r="E6" s="(\d+)"[^>]*>.*?</c>', parts[SHEET3])
        assert old
        return zipped(replaced(SHEET3, old[0], new.replace("S", old[1].decode()).encode())(parts))

    return change


VALUES: dict[str, tuple[str, Decimal | str | None]] = {
    "a figure": ('<c r="E6" s="S"><v>5</v></c>', Decimal(5)),
    "a figure with spaces": ('<c r="E6" s="S"><v> 5\n</v></c>', Decimal(5)),
    "a figure with an exponent": ('<c r="E6" s="S"><v>1.2E1</v></c>', Decimal(12)),
    "no negative nothing": ('<c r="E6" s="S"><v>-0</v></c>', Decimal(0)),
    "dust": ('<c r="E6" s="S"><v>0.10000000000000001</v></c>', Decimal("0.1")),
    "Python's own": ('<c r="E6" s="S"><v>1_0</v></c>', "1_0"),
    "full-width": ('<c r="E6" s="S"><v>５</v></c>', "５"),
    "Arabic": ('<c r="E6" s="S"><v>٥</v></c>', "٥"),
    "a wide space": ('<c r="E6" s="S"><v>\u30005</v></c>', "\u30005"),
    "no number": ('<c r="E6" s="S"><v>nan</v></c>', "nan"),
    "without end": ('<c r="E6" s="S"><v>1e999</v></c>', "1e999"),
    "two values": ('<c r="E6" s="S"><v>1</v><v>2</v></c>', "1 2"),
    "a value and a text": ('<c r="E6" s="S"><v>1</v><is><t>2</t></is></c>', "2 1"),
    "a text in a number cell": ('<c r="E6" s="S"><is><t>5</t></is></c>', "5"),
    "a comment within": ('<c r="E6" s="S"><v>1<!-- x -->2</v></c>', Decimal(12)),
    "what a program adds": ('<c r="E6" s="S"><v>5</v><extLst><ext><v>7</v></ext></extLst></c>', Decimal(5)),
    "a guide to reading": (
        '<c r="E6" s="S" t="inlineStr"><is><t>五</t><rPh sb="0" eb="1"><t>wu</t></rPh></is></c>',
        "五",
    ),
    "a control character": ('<c r="E6" s="S" t="str"><v>_x0002_5</v></c>', "\ufffd5"),
    "half a letter": ('<c r="E6" s="S" t="str"><v>_xD800_</v></c>', "\ufffd"),
    "no type": ('<c r="E6" s="S" t=""><v>5</v></c>', "5"),
    "another type": ('<c r="E6" s="S" t="what"><v>5</v></c>', "5"),
    "nothing": ('<c r="E6" s="S"/>', None),
}


@pytest.mark.parametrize("why", VALUES)
def test_a_value_is_the_figure_that_stands_there_or_a_text(parts, why):
    xml, value = VALUES[why]
    filing = read_bytes(cell(xml)(parts), "a.xlsx")
    assert filing.values[NEW] == value
    assert str(filing.values[NEW]) == str(value)
    assert judge(filing).findings


def test_a_formula_that_is_written_in_another_cell_is_told_in_words(parts):
    [found] = read_bytes(cell('<c r="E6" s="S"><f t="shared" si="0"/><v>5</v></c>')(parts), "a.xlsx").notes[
        "typed_formula"
    ]
    assert found == (NEW, messages().shared_formula)


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="E6" s="S"><v>1<x/>2</v></c>', '<c r="E6" s="S"><v>1</v></c><c r="E6" s="S"><v>2</v></c>',
        '<c r="e6" s="S"><v>1</v></c>', '<c r="E６" s="S"><v>1</v></c>', '<c r="E6" s="S" t="s"><v>٥</v></c>',
        '<c r="E6" s="S" t="s"><v>' + "9" * 5000 + "</v></c>",
    ],
)  # fmt: skip
def test_a_cell_that_is_none_is_refused(parts, xml):
    assert re.search("“坏.xlsx”.*请", told(cell(xml)(parts)))


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        ("0%", 5, "存的是 5，显示的却是 500%"),
        ("0.00%", 0.5, "存的是 0.5，显示的却是 50%"),
        ('[Red]0" 成"%', 5, "存的是 5，显示的却是 500%"),
        ("yyyy-mm-dd", 5, "存的是 5，显示的却是日期"),
        ("yyyy-mm-dd", 46027, None),  # a day that was typed: that is no figure at all
        ("0%", 0, None),
        ('0"%"', 5, None),
        ("General", 5, None),
    ],
)
def test_a_figure_that_is_shown_as_another_is_told(number_format, value, shown, tmp_path):
    book = build_template("2021")
    cell = book["三、申请办理"]["E6"]
    cell.value, cell.number_format = value, number_format
    book.save(path := tmp_path / "样.xlsx")
    filing = read_bytes(path.read_bytes(), path.name)
    assert filing.notes["shown_otherwise"] == (((NEW, shown),) if shown else ())
    told = [f.message for f in judge(filing).findings if f.rule in ("R104", "R110")]
    asked = shown and value == int(value)  # how a figure looks that is refused, nobody asks
    assert told == ([f"这一格{shown}。"] if asked else ["这一格填的是 0.5，件数应是整数。"] if shown else [])


def test_a_day_as_strict_open_xml_has_it_is_told_as_one(parts):
    filing = read_bytes(cell('<c r="E6" s="S" t="d"><v>2025-01-31T00:00:00</v></c>')(parts), "a.xlsx")
    assert filing.notes["dated"] == ((NEW, "2025-01-31"),)


@pytest.mark.parametrize("year", ["2025.5", "-1", "0", "1e300", "9" * 250, "２０２５"])
def test_a_year_that_is_none_is_told(parts, year):
    made = {n: re.sub(rb'(<c r="C6"[^>]*><v>)[^<]*', rb"\g<1>" + year.encode(), b) if n.endswith("sheet1.xml")
            else b for n, b in parts.items()}  # fmt: skip
    assert made != parts
    assert {f.rule for f in judge(read_bytes(zipped(made), "a.xlsx")).findings} & {"R112", "R114"}


def test_a_year_of_json_with_a_fraction_is_none():
    filing = parse_filing('{"edition": "2021", "year": 2025.5}', "a.json")
    assert filing.year == "2025.5"


# ---------------------------------------------------------------- bounds
def test_text_typed_for_a_figure_stays_short_wherever_it_goes(parts):
    filing = read_bytes(cell(f'<c r="E6" s="S" t="str"><v>{"9" * 4301}</v></c>')(parts), "a.xlsx")
    edition = edition_named("2021")
    written = json.dumps(verdict("a", filing, judge(filing), edition.cell_of), ensure_ascii=False)
    assert "共 4301 个字" in written
    assert len(written) < 20_000


def test_many_cells_of_one_endless_text_are_a_sentence_about_the_first(parts):
    shared = b"xl/sharedStrings.xml"
    strings = b"<sst><si><t>" + b"a" * 1_000_000 + b"</t></si></sst>"
    made = {**parts, shared.decode(): strings}
    made[RELATIONS] = made[RELATIONS].replace(
        b"</Relationships>",
        b'<Relationship Id="s" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
    )
    made[SHEET3] = re.sub(
        rb'<c r="([E-K]\d+)" s="(\d+)"[^>]*><v>[^<]*</v></c>',
        rb'<c r="\1" s="\2" t="s"><v>0</v></c>',
        made[SHEET3],
    )
    assert "“三、申请办理”E6 的文字有 1000000 个字" in told(zipped(made))


def test_a_sheet_of_many_long_texts_is_a_sentence(parts):
    text = "".join(map(chr, random.Random(1).choices(range(0x4E00, 0x9FA5), k=LETTERS)))  # hard to pack
    long = f'<c r="{{}}" t="inlineStr"><is><t>{text}</t></is></c>'
    rows = "".join(f'<row r="{n}">{long.format(f"Z{n}")}</row>' for n in range(100, 240))
    made = replaced(SHEET3, b"</sheetData>", rows.encode() + b"</sheetData>")(parts)
    assert "“三、申请办理”里的文字共有" in told(zipped(made))


@pytest.mark.parametrize(("part", "size"), [(STYLES, 60), (SHEET3, 60)])
def test_no_more_is_unpacked_than_the_directory_says(parts, part, size):
    """An entry that says it is small and unpacks to 60 MB is refused without being unpacked."""
    raw = bytearray(zipped({**parts, part: b"<a>" + b" " * (size << 20)}))
    for head, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = next(
            m.start() for m in re.finditer(head, raw) if part.encode() in raw[m.start() : m.start() + 120]
        )
        raw[start + at : start + at + 4] = struct.pack("<I", 1000)
    tracemalloc.start()
    assert "读不出来" in told(bytes(raw))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_what_excel_packs_is_unpacked(parts, method):
    assert "读不出来" in told(zipped(parts, method))


@pytest.mark.parametrize("encoding", ["foo-bar", "rot13", "utf-7", "idna", "undefined"])
@pytest.mark.parametrize("part", [BOOK, RELATIONS, STYLES, SHEET3])
def test_an_unknown_encoding_is_a_sentence_with_file_and_part(parts, part, encoding):
    body = re.sub(rb"^<\?xml[^>]*>", b"", parts[part])
    made = {**parts, part: f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body}
    assert told(zipped(made)).startswith(f"“坏.xlsx”的“{part.lower()}”")


def test_a_sheet_without_its_relation_is_missing(parts):
    made = {**parts, BOOK: re.sub(rb' r:id="rId3"', b"", parts[BOOK])}
    assert made != parts
    assert "缺少工作表" in told(zipped(made))


def test_a_number_of_any_length_goes_into_json():
    assert json.dumps(json_number(Decimal("9" * 5000))) == f'"{Decimal("9" * 5000)}"'


def test_a_text_longer_than_any_figure_is_not_searched_for_one():
    advice, fix, _ = retype(NEW, "9" * 32_767, rules().typed)
    assert (fix, advice) == (None, rules().typed[-1].advice)


@pytest.mark.parametrize("raw", ["17\u200b", "\ufeff17", "\u206017", "17\xa0", "\u200e１７"])
def test_a_figure_pasted_with_what_cannot_be_seen_is_that_figure(raw):
    _, fix, _ = retype(NEW, raw, rules().typed)
    assert fix is not None
    assert fix.to == Decimal(17)


def test_chinese_digits_of_any_number_are_read():
    assert value_of("九" * 5000, numerals(figure_writing())) == Decimal("9" * 5000)


def test_json_keeps_every_letter_that_a_workbook_can_hold():
    filing = parse_filing(r'{"edition": "2021", "texts": {"s1": "\ud83d\ude00\ud83d \u0002\n甲"}}', "a.json")
    assert filing.texts["s1"] == "\U0001f600\ufffd \ufffd\n甲"


def test_json_beyond_any_filing_is_a_sentence():
    with pytest.raises(Refused, match="超过一格最多"):
        parse_filing(json.dumps({"edition": "2021", "texts": {"s1": "字" * 40_000}}), "a.json")
    with pytest.raises(Refused, match="不是正确的 JSON"):
        parse_filing('{"edition": "2021", "values": {"t3.new.natural": 1e999999999999999999999}}', "a.json")


# ---------------------------------------------------------------- rosters and zips of the county
def roster_with(change: Callable[[str, bytes], bytes]) -> bytes:
    book, out, made = Workbook(), io.BytesIO(), io.BytesIO()
    for row in (["单位名称", "类别"], ["清水镇人民政府", "镇"]):
        book.active.append(row)
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return made.getvalue()


ROSTERS = {
    "a far row": lambda n, b: b.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    ),
    "whole columns merged": lambda n, b: b.replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A:XFD"/></mergeCells>'
    ),
    "an empty fill": lambda n, b: b.replace(b"</fills>", b"<fill/></fills>"),
    "Strict Open XML": lambda n, b: strict({n: b})[n],
    "links and macros": lambda n, b: b.replace(
        b"</Relationships>", b'<Relationship Id="z" Type="x/externalLink" Target="a.xml"/></Relationships>'
    ),
    "a wrong dimension": lambda n, b: re.sub(
        rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', b
    ),
}


@pytest.mark.parametrize("why", ROSTERS)
def test_a_roster_of_any_program_is_read(tmp_path, why):
    made = roster_with(ROSTERS[why])
    assert made != roster_with(lambda n, b: b)
    (tmp_path / "r.xlsx").write_bytes(made)
    tracemalloc.start()
    assert [u.name for u in read_roster(tmp_path / "r.xlsx")] == ["清水镇人民政府"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 << 20


def in_zip(folder, *entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> dict[str, bytes | str]:
    """What the files in a zip are called, and what is in them, or the sentence."""
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "全.zip", "w", method) as packed:
        warnings.simplefilter("ignore")  # two of one name
        for name, body in entries:
            packed.writestr(name, body)
    found: dict[str, bytes | str] = {}
    for item in inbox_files(str(folder)):
        try:
            found[item.name] = content(str(folder), item)
        except Refused as why:
            found[item.name] = str(why)
    return found


def test_every_entry_of_a_zip_has_a_record(tmp_path):
    entries = (
        ("./a.xlsx", b"1"),
        ("b.xlsx", b"2"),
        ("b.xlsx", b"3"),
        ("../c.xlsx", b"4"),
        ("d\\e.xlsx", b"5"),
    )
    assert in_zip(tmp_path, *entries) == {
        "全.zip/a.xlsx": b"1",
        "全.zip/b.xlsx": b"2",
        "全.zip/b.xlsx（第 2 个同名文件）": b"3",
        "全.zip/c.xlsx": b"4",
        "全.zip/d/e.xlsx": b"5",
    }


def test_a_workbook_called_a_zip_is_a_workbook(tmp_path, parts):
    found = in_zip(tmp_path, *parts.items())
    assert list(found) == ["全.zip"]
    assert read_bytes(bytes(found["全.zip"]), "全.zip").unit == base("2021").unit  # type: ignore[arg-type]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_entry_packed_otherwise_is_a_sentence(tmp_path, method):
    assert "压缩方法" in str(in_zip(tmp_path, ("a.xlsx", b"1" * 99), method=method)["全.zip/a.xlsx"])


def test_a_zip_that_unpacks_beyond_any_size_is_one_record(tmp_path):
    found = in_zip(tmp_path, *((f"{n}.xlsx", b"\0" * (40 << 20)) for n in range(2)))
    assert list(found) == ["全.zip"]
    assert "解开后太大" in str(found["全.zip"])


# ---------------------------------------------------------------- days
@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_a_day_is_told_as_the_workbook_counts_it(epoch, tmp_path):
    book = build_template("2021")
    book.epoch = epoch
    book["三、申请办理"]["E6"].value = date(2025, 1, 2)
    book.save(path := tmp_path / "日.xlsx")
    assert read_bytes(path.read_bytes(), path.name).notes["dated"] == ((NEW, "2025-01-02"),)
    assert [left.words for left in rescue(path).left] == ["2025-01-02"]


@pytest.mark.parametrize("part", ["unit", "options", "answers", "records"])
def test_no_text_of_a_json_is_longer_than_its_cell(part):
    """The ends of a name are looked for in every text: of one of 9,000 letters they are 40 million."""
    long = "镇" * 256 if part == "unit" else {"R101": "字" * (LETTERS + 1)}
    filing = {"edition": "2021", "year": 2025, part: long}
    with pytest.raises(Refused, match="个字，超过一格最多"):
        parse_filing(json.dumps(filing), "a.json")


def test_a_figure_in_the_digits_of_another_script_is_that_figure():
    how = numerals(figure_writing())
    assert [value_of(text, how) for text in ("٥", "٣٠", "५", "5")] == [5, 30, 5, 5]


def test_a_row_that_begins_inside_of_a_cell_leaves_it_in_no_place(parts):
    body = parts[SHEET3]
    cell = re.search(rb'<c r="E6"[^>]*>', body)
    assert cell
    spoiled = body[: cell.end()] + b'<row r="5"/>' + body[cell.end() :]
    with pytest.raises(Refused, match="内容已损坏"):
        read_bytes(zipped({**parts, SHEET3: spoiled}), "a.xlsx")


@pytest.mark.parametrize(("at", "new"), [(6, b"\x63\x00"), (46, b"\xff")], ids=["version", "name"])
def test_a_zip_whose_directory_nobody_reads_is_no_table(at, new, parts, tmp_path):
    """Of a version that is not there yet; of a name in no encoding."""
    content = zipped(parts)
    start = content.index(b"PK\x01\x02")
    spoiled = bytearray(
        content[:start] + content[start : start + at] + new + content[start + at + len(new) :]
    )
    spoiled[start + 8 : start + 10] = (0x800).to_bytes(2, "little")  # names are UTF-8
    (path := tmp_path / "表.xlsx").write_bytes(spoiled)
    with pytest.raises(Refused, match=r"表\.xlsx"):
        read_document(path)


def test_a_number_without_end_in_a_home_made_table_is_a_text(parts, tmp_path):
    body = re.sub(rb'(<c r="E6"[^>]*>)<v>[^<]*</v>', rb"\1<v>1E400</v>", parts[SHEET3])
    book = parts["xl/workbook.xml"].replace("三、申请办理".encode(), "表三".encode())  # so it is not ours
    (path := tmp_path / "表.xlsx").write_bytes(zipped({**parts, SHEET3: body, "xl/workbook.xml": book}))
    assert any("1E400" in line.text for line in read_document(path).lines)


@pytest.mark.parametrize(
    "at", ["1E400", "E06", "E0", "e6", "E", "6", "XFDX6", "E10000000", "É6", "E6B7", "E-6", ""]
)
@pytest.mark.parametrize("said", [b'<c r="%b" s="1"><v>3</v></c>', b'<c r="%b"/>'], ids=["filled", "blank"])
def test_a_cell_in_no_place_is_damage_for_every_reader(at, said, parts, tmp_path):
    """A place of no sheet ends no run: its column, once counted from the letters, was spelt without end."""
    row = b'<row r="900">' + said % at.encode() + b"</row></sheetData>"
    raw = zipped(replaced(SHEET3, b"</sheetData>", row)(parts))
    assert "损坏" in told(raw) or "读不出来" in told(raw)
    (path := tmp_path / "表.xlsx").write_bytes(raw)
    with pytest.raises(Refused):
        rescue(path)


@pytest.mark.parametrize("col", [0, -1, -703])
def test_a_column_before_the_first_has_no_name(col):
    assert column_name(col) == ""


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRANGE = {
    "of nothing": '<c r="{at}"><v xmlns="urn:x">5</v></c>',
    "a cell of nothing": '<c xmlns="urn:x" r="{at}"><v>5</v></c>',
    "of no vocabulary": '<c xmlns="" r="{at}"><v>5</v></c>',
    "by a prefix of its own": f'<y:c xmlns:y="{MAIN}" r="{{at}}"><y:v>5</y:v></y:c>',
    "by a prefix that is none": '<z:c r="{at}"><z:v>5</z:v></z:c>',
}


@pytest.mark.parametrize("cell", STRANGE.values(), ids=STRANGE.keys())
def test_a_cell_of_another_vocabulary_is_neither_a_figure_nor_blank(cell, parts):
    there = re.search(rb'<c r="E6"[^>]*>.*?</c>', parts[SHEET3])[0]
    assert told(zipped(replaced(SHEET3, there, cell.format(at="E6").encode())(parts)))


def test_a_vocabulary_said_once_more_changes_nothing(parts):
    again = replaced(SHEET3, b'<c r="E6"', f'<c xmlns="{MAIN}" r="E6"'.encode())(parts)
    assert read_bytes(zipped(again), "表.xlsx") == read_bytes(zipped(parts), "表.xlsx")
