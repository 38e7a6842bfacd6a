"""A part read in pieces tells what it tells read whole, or is refused like it; whatever its bytes."""

import io
import random
import zipfile

import office
import pytest
from by_name import new_workbook, write_filing
from cases import ODD, base, edited
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcheck import data
from xlcheck.core.grid import rc
from xlcheck.editions import Refused
from xlcheck.saving import save
from xlcheck.workbook import fragments, reading
from xlcheck.workbook.archive import Package
from xlcheck.workbook.xml import BookReader, SheetReader, StringsReader, walk

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
LETTERS = ("E", "AW", "P", "Z")


def kept(found):
    """What a sheet tells, its cells in their order."""
    return list(found.cells.items()), sorted(found.pointing), found.merges, bool(found.protected)


WHOLE = {
    "sheet": lambda xml: kept(fragments.as_sheet_part(walk(SheetReader(0), [xml]))),
    "strings": lambda xml: walk(StringsReader(), [xml]).strings,
    "book": lambda xml: (lambda b: (b.sheets, b.names, bool(b.locked)))(walk(BookReader(), [xml])),
}
CUT = {
    "sheet": lambda xml: kept(fragments.sheet(xml)),
    "strings": fragments.strings,
    "book": lambda xml: (lambda b: (list(b.sheets), b.names, bool(b.locked)))(fragments.book(xml)),
}


def told(how, xml):
    """What reading gives: what is there, or the sentence of the refusal."""
    try:
        return how(xml)
    except Refused as refused:
        return str(refused)


def same(kind, xml):
    assert told(CUT[kind], xml) == told(WHOLE[kind], xml), xml
    return True


def parts(content):
    """The parts of a workbook that are read in pieces, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {n: packed.read(n) for n in packed.namelist() if n.endswith(".xml") and kind_of(n)}


def kind_of(name):
    kinds = (("/sheet", "sheet"), ("sharedStrings", "strings"), ("xl/workbook.xml", "book"))
    return next((kind for part, kind in kinds if part in name), None)


@pytest.fixture(scope="session")
def ours(tmp_path_factory):
    """Workbooks of both editions, begun from last year's filing, filled, with answers."""
    folder = tmp_path_factory.mktemp("ours")
    for name in data.editions():
        one = edited(base(name), ODD)
        one = one._replace(answers={"R601": "属实"}, records={"R601": "1"})
        last = base(name)._replace(year=one.year - 1)
        book = new_workbook(name, int(one.year), one.unit, last)
        write_filing(book, one)
        save(book, folder / f"{name}.xlsx")
    return folder


@pytest.fixture(scope="session")
def theirs(desktop, ours):
    """The same, saved again by LibreOffice: shared strings, cached values, runs of rich text."""
    for path in list(ours.glob("20??.xlsx")):
        book = office.opened(desktop, path)
        office.saved(book, ours / f"office-{path.name}")
        book.close(True)
    return ours


def stored(paths):
    return [(kind_of(n), xml) for path in paths for n, xml in parts(path.read_bytes()).items()]


def test_what_we_write_reads_alike_in_pieces_and_whole(ours):
    assert len([same(kind, xml) for kind, xml in stored(ours.glob("20??.xlsx"))]) == 18


def test_what_libreoffice_writes_reads_alike_in_pieces_and_whole(theirs):
    assert len([same(kind, xml) for kind, xml in stored(theirs.glob("office-*.xlsx"))]) == 20


def test_the_usual_parts_are_never_read_whole(theirs, monkeypatch):
    sizes, whole, found = [], [], stored(theirs.glob("*.xlsx"))
    monkeypatch.setattr(fragments, "walk", lambda to, xml: sizes.append(len(b"".join(xml))) or walk(to, xml))
    for kind, xml in found:
        sizes.clear()
        CUT[kind](xml)
        whole += [kind for size in sizes if size >= len(xml)]
    assert (len(found), whole) == (38, [])


def test_some_columns_are_the_columns_of_the_whole(theirs):
    for path in theirs.glob("*.xlsx"):
        package = Package.at(path)
        hidden = package._part(package.sheets["xlcheck"])
        wanted = only(LETTERS, all_cells(hidden))
        assert fragments.some_columns(hidden, LETTERS).cells == wanted
        assert len(wanted) > 100


# ---------------------------------------------------------------- nasties
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def listed(*rows):
    return f"<sheetData>{''.join(rows)}</sheetData>"


def of(*cells):
    return listed(f'<row r="1">{"".join(cells)}</row>')


NASTY = {
    "a comment over rows": listed(ROW, "<!-- <row r='2'><c r='A2'><v>2</v></c></row> -->", ROW),
    "a comment before": "<!-- <row r='9'><c r='A9'><v>9</v></c></row> -->" + listed(ROW),
    "a comment after": listed(ROW) + "<!-- <c r='A9'><v>9</v></c></row> -->",
    "CDATA": of('<c r="A2" t="str"><v><![CDATA[</row><c r="E1">]]></v></c>'),
    "an instruction": listed(ROW, "<?x </row> ?>", ROW),
    "no place of a cell": listed('<row r="3"><c><v>1</v></c><c><v>2</v></c></row>'),
    "no place of a row": listed(ROW.replace(' r="1"', ""), '<row ht="1"><c><v>2</v></c></row>'),
    "an address twice": listed(ROW, '<row r="2"><c r="A1"><v>2</v></c></row>'),
    "blank where a figure stands": of('<c r="E1"><v>3</v></c>', '<c r="E1" s="3"/>'),
    "blank in a row below where a figure stands": listed(ROW, '<row r="2"><c r="A1"></c></row>'),
    "a figure where a cell is blank": listed(
        '<row r="1"><c r="A1"/></row>', ROW.replace('r="1"', 'r="2"', 1)
    ),
    "rows out of order": listed('<row r="7"><c r="E7"><v>2</v></c></row>', ROW),
    "an empty row": listed('<row r="7"/>', ROW, '<row r="8"/>'),
    "spaces in an end tag": listed('<row r="1"><c r="A1"><v>1</v></c></row >', '<row r="2"></row>'),
    "a prefix inside": listed('<row r="1"><x:c r="E1"><x:v>1</x:v></x:c></row>', ROW),
    "no rows": "<sheetData/>",
    "two lists of rows": listed(ROW) + listed(ROW),
    "protection twice": '<sheetProtection sheet="1"/>' + listed(ROW) + '<sheetProtection sheet="0"/>',
    "a merge without its range": listed(ROW) + "<mergeCells><mergeCell/></mergeCells>",
    "a > in an attribute": of('<c r="E1" x="/>"><v>1</v></c>', '<c r="E2"><v>2</v></c>'),
    "an unknown entity": of('<c r="E1" t="str"><v>&who;</v></c>'),
    "a forbidden character": of('<c r="E1" t="str"><v>&#1;</v></c>'),
    "an attribute twice": of('<c r="E1" r="E2"><v>1</v></c>'),
    "]]> in a text": of('<c r="E1" t="str"><v>]]></v></c>'),
    "rich text and a guide": of(
        '<c r="E1" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙_x000D_</t></r>',
        '<rPh sb="0" eb="1"><t>jia</t></rPh></is></c>',
    ),
    "a shared formula": of(
        '<c r="E1"><f t="shared" ref="E1:E2" si="0">A1&lt;2</f><v>1</v></c>',
        '<c r="E2"><f t="shared" si="0"/></c>',
    ),
    "the other kinds": of(
        '<c r="E1" t="b"><v>1</v></c><c r="E2" t="e"><v>#N/A</v></c><c r="E3" t="s"><v>5</v></c>',
        '<c r="E4" t="d"><v>2025-01-01</v></c><c r="E5" t="n"/><c r="E6"></c>',
    ),
    "a cell that does not begin with its place": of(
        '<c s="1" r="E1"><v>1</v></c>', '<c\tr="E2"><v>2</v></c>'
    ),
}


def declared(encoding):
    return f"<?xml version='1.0' encoding='{encoding}' standalone='yes'?>\r\n"


def prefixed(xml):
    return xml.replace("<", "<x:").replace("<x:/", "</x:")


WRITTEN = {
    "as it is": lambda xml: xml.encode(),
    "declared": lambda xml: (declared("UTF-8") + xml).encode(),
    "in another encoding": lambda xml: (declared("GBK") + xml).encode("gbk"),
    "said to be Latin": lambda xml: (declared("latin-1") + xml).encode(),
    "in UTF-16": lambda xml: xml.encode("utf-16"),
    "with a mark": lambda xml: xml.encode("utf-8-sig"),
    "prefixed": lambda xml: prefixed(xml).encode(),
    "with entities": lambda xml: b'<!DOCTYPE x [<!ENTITY who "1">]>' + xml.encode(),
    "another root": lambda xml: xml.replace("worksheet", "chartsheet").encode(),
    "cut off": lambda xml: xml.encode()[:-9],
    "twice": lambda xml: xml.encode() * 2,
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("nasty", NASTY)
def test_a_nasty_sheet_reads_alike(nasty, written):
    xml = WRITTEN[written](SHEET.format(NASTY[nasty]))
    assert same("sheet", xml)
    some, whole = (told(how, xml) for how in (lambda x: fragments.some_columns(x, ["E"]).cells, all_cells))
    if isinstance(whole, dict):  # columns leave the rest unjudged, so of a broken sheet they may tell more
        assert only("E", some) == only("E", whole)


@pytest.mark.parametrize(
    "nasty", ["an address twice", "blank where a figure stands", "blank in a row below where a figure stands"]
)
def test_what_stands_in_a_place_twice_is_refused(nasty):
    assert isinstance(told(CUT["sheet"], SHEET.format(NASTY[nasty]).encode()), str)


@pytest.mark.parametrize("last_row", [1, 4, 9])
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("nasty", NASTY)
def test_the_top_of_a_nasty_sheet_reads_alike(nasty, written, last_row):
    assert same_top(WRITTEN[written](SHEET.format(NASTY[nasty])), last_row)


def same_top(xml, last_row):
    chunks = (xml[n : n + 40] for n in range(0, len(xml), 40))
    top = told(lambda _: kept(fragments.top(chunks, last_row)), xml)
    assert top == told(lambda _: kept(fragments.as_sheet_part(walk(SheetReader(last_row), [xml]))), xml), xml
    return True


def all_cells(xml):
    return fragments.sheet(xml).cells


def only(letters, cells):
    return {at: raw for at, raw in cells.items() if at.rstrip("0123456789") in letters}


# ---------------------------------------------------------------- anything
TEXT = st.text("a1 甲\n\r\t_x0D&<>\"']", max_size=6)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&#34;")


def rows(cells):
    return st.builds(
        lambda head, inside: f"<row{head}/>" if not inside else f"<row{head}>{''.join(inside)}</row>",
        st.one_of(st.just(""), st.integers(1, 9).map(lambda n: f' r="{n}" spans="1:3"')),
        st.lists(cells, max_size=4),
    )


BODY = st.one_of(
    TEXT.map(lambda t: f"<v>{escaped(t)}</v>"),
    TEXT.map(lambda t: f'<is><t xml:space="preserve">{escaped(t)}</t></is>'),
    st.tuples(TEXT, TEXT).map(lambda t: f"<f>{escaped(t[0])}</f><v>{escaped(t[1])}</v>"),
    st.just("<f/>"),
    st.just(""),
    st.just("<is><r><rPr/><t>甲</t></r><r><t>乙</t></r></is>"),
)
CELL = st.builds(
    lambda at, style, kind, body: f"<c{at}{style}{kind}>{body}</c>",
    st.one_of(
        st.just(""), st.tuples(st.sampled_from("AEP"), st.integers(1, 9)).map(lambda a: f' r="{a[0]}{a[1]}"')
    ),
    st.sampled_from(("", ' s="3"', ' s="x"')),
    st.sampled_from(("", *(f' t="{kind}"' for kind in ("n", "s", "str", "b", "e", "inlineStr")))),
    BODY,
)
TAILS = (
    "", '<sheetProtection sheet="1"/>', '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', "<rowBreaks/>",
    "<headerFooter><oddFooter>甲</oddFooter></headerFooter>", "\n", "<!-- x -->",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(rows(CELL), max_size=5), st.lists(st.sampled_from(TAILS), max_size=4), st.sampled_from(TAILS))
def test_any_sheet_reads_alike(made, tails, head):
    xml = SHEET.format(f"{head}<sheetData>{''.join(made)}</sheetData>{''.join(tails)}")
    assert same("sheet", xml.encode())
    assert same_top(xml.encode(), 4)


STRAY = [
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x", b"?>", b"<!DOCTYPE x>", b"&amp;", b"&who;", b"&#0;", b"&",
    b"<", b">", b'"', b"\xff", b"\0", b"</row>", b'<row r="5">', b"<row/>", b"</c>", b"<c>", b"</v>", b"<t>",
    b'<c r="E9"><v>7</v></c>', b"<x:c>", b"</x:c>", b"<sheetData>", b"</sheetData>", b"</worksheet>",
    b"<worksheet>", b"<si>", b"</si>", b"<definedNames>", b"</definedNames>", b"<headerFooter",
    b'<mergeCell ref="A1:A2"/>',
]  # fmt: skip


def hurt(xml, rng):
    """The bytes with something done to them: flipped, cut, put in, taken out, or swapped."""
    at, to = sorted(rng.randrange(len(xml) + 1) for _ in range(2))
    if rng.random() < 0.5:  # where tags meet, so that more of it stays well-formed
        at = max(0, xml.find(b"><", at) + 1)
    short = min(to, at + rng.randint(0, 60))
    match rng.randrange(6):
        case 0:
            return xml[:at] + bytes([rng.randrange(256)]) + xml[at + 1 :]
        case 1:
            return xml[:at]
        case 2:
            return xml[:at] + rng.choice(STRAY) + xml[at:]
        case 3:
            return xml[:at] + xml[short:]
        case 4:
            return xml[:at] + xml[at:to] + xml[at:]
    other = xml.find(b"<", to)
    return xml[:at] + xml[other:] + xml[at:other] if other > at else xml[::-1]


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_part_reads_alike(theirs, seed):
    rng = random.Random(seed)
    there = [
        p for path in theirs.glob("*.xlsx") for p in parts(path.read_bytes()).items() if len(p[1]) < 50_000
    ]
    for _ in range(150):
        name, xml = rng.choice(there)
        for _ in range(rng.randint(1, 3)):
            xml = hurt(xml, rng)
        assert same(kind_of(name), xml)
        assert same_top(xml, 12)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_or_refused(ours, seed):
    rng = random.Random(seed)
    content = (ours / "2021.xlsx").read_bytes()
    for _ in range(60):
        spoiled = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
        told(lambda c: reading.read_bytes(c, "x.xlsx"), bytes(spoiled))


def test_what_lies_below_the_last_row_is_not_even_unpacked(ours):
    package, unpacked = Package.at(ours / "2021.xlsx"), []
    package._chunks = lambda name: (unpacked.append(len(c)) or c for c in Package._chunks(package, name))
    head = package.page("xlcheck", last_row=20).cells
    whole = Package.at(ours / "2021.xlsx").page("xlcheck").cells
    assert head == {at: raw for at, raw in whole.items() if rc(at)[0] <= 20}
    assert sum(unpacked) < package.zip.getinfo(package.sheets["xlcheck"]).file_size / 5


@pytest.mark.parametrize(
    "cell", ['<c r="E1">', '<c r="E1"', '<c r="E1"><v>1</v></c>', "</row>", '<row r="1">']
)
@pytest.mark.parametrize("end", ["", "</c>", "</c></row></sheetData></worksheet>"])
def test_time_is_linear_in_a_hostile_sheet(cell, end):
    xml = f'<worksheet><sheetData><row r="1">{cell * 60_000}{end}'.encode()
    told(lambda x: fragments.some_columns(x, LETTERS).cells, xml)
    assert same_top(xml, 3)
