"""What the eye does not read is no figure, what is no row's stays out, what is no report is refused."""

import io
import re
import zipfile
from decimal import Decimal
from random import Random

import openpyxl
import pytest
from by_name import judge, write_report
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
from openpyxl.styles import Alignment, Color, Font, PatternFill
from tables import filing

from xlcheck import conversion, importing
from xlcheck.data.dashboard import dashboard
from xlcheck.data.picture import picture_words
from xlcheck.data.published import published_facts
from xlcheck.data.web import web
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused, edition_named
from xlcheck.importing.document import Line
from xlcheck.importing.extraction import extract
from xlcheck.importing.readers.formats import read_document
from xlcheck.importing.readers.html import html_document
from xlcheck.importing.readers.page_edges import PrintedLine, without_heads
from xlcheck.importing.readers.plaintext import text_document
from xlcheck.importing.sections.title import title_of

ROW = "行政许可"
FIELD = "t2.license.decisions"
HEADING = "二、主动公开政府信息情况"
PLAIN = '<w:r><w:t xml:space="preserve">89</w:t></w:r>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def figure(read):
    return read.filing.values[FIELD]


# ---------------------------------------------------------------- Word
def run(properties, text="7"):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


WHITE_FILLING = '<w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill>'
CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def field(code, result, inner=""):
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in FIELD_SIGNS)
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{inner}{middle}{result}{end}"


FIELD_SIGNS = ("begin", "separate", "end")
WORD = {
    "struck": run("<w:strike/>") + PLAIN,
    "struck twice": run('<w:dstrike w:val="true"/>') + PLAIN,
    "not struck": run('<w:strike w:val="0"/>', "8") + run("", "9"),
    "hidden": PLAIN + run("<w:vanish/>"),
    "white": PLAIN + run('<w:color w:val="FFFFFF"/>'),
    "white on blue": run('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="0000FF"/>', "89"),
    "nearly white": PLAIN + run('<w:color w:val="fefefe"/>'),
    "without a colour": PLAIN + run(f'<w14:textFill xmlns:w14="{W14}"><w14:noFill/></w14:textFill>'),
    "a note's mark": PLAIN + run('<w:vertAlign w:val="superscript"/>', "1"),
    "a lowered mark": PLAIN + run('<w:vertAlign w:val="subscript"/>', "1"),
    "a link to a note": f'{PLAIN}<w:hyperlink w:anchor="n">{run("", "1")}</w:hyperlink>',
    "a formula": f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>89</m:t></m:r></m:oMath>',
    "lifted": PLAIN + run('<w:position w:val="12"/>', "[1]"),
    "tiny": PLAIN + run('<w:sz w:val="2"/>'),
    "a little lower": run('<w:position w:val="-2"/>', "89"),
    "by its style": run('<w:rStyle w:val="Gone"/>') + PLAIN,
    "deleted": '<w:del w:id="1"><w:r><w:delText>7</w:delText></w:r></w:del>' + PLAIN,
    "moved away": '<w:moveFrom w:id="1"><w:r><w:t>7</w:t></w:r></w:moveFrom>' + PLAIN,
    "a field's code": PLAIN + "<w:r><w:instrText>PAGE 7</w:instrText></w:r>",
    "a guide": f"<w:r><w:ruby><w:rt>{run('')}</w:rt><w:rubyBase>{PLAIN}</w:rubyBase></w:ruby></w:r>",
    "split": run("", "8") + run("<w:b/>", "9"),
    "hidden with its paragraph's mark": PLAIN + run("<w:specVanish/>"),
    "white by the theme": PLAIN + run('<w:color w:val="auto" w:themeColor="background1"/>'),
    "white in its filling": PLAIN + run(f'<w14:textFill xmlns:w14="{W14}">{WHITE_FILLING}</w14:textFill>'),
    "black on black": PLAIN + run('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'),
    "yellow on yellow": PLAIN + run('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>'),
    "narrow": PLAIN + run('<w:w w:val="1"/>'),
    "by its style but for a stroke": PLAIN + run('<w:rStyle w:val="Away"/><w:strike w:val="0"/>'),
    "raised by its style": PLAIN + run('<w:rStyle w:val="Raised"/><w:position w:val="0"/>', "1"),
    "a note's own mark": f'{PLAIN}<w:r><w:footnoteReference w:customMarkFollows="1"/><w:t>1</w:t></w:r>',
    "a field that names a note": PLAIN + field("NOTEREF _n", run("", "1")),
    "a field within another's code": field("IF ", PLAIN, field("MERGEFIELD n", run(""))),
    "a place to be filled in": PLAIN + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{run('')}</w:sdt>",
    "another choice": f'<mc:x xmlns:mc="{CHOICES}"><mc:Choice>{PLAIN}</mc:Choice><mc:Choice>{run("")}'
    "</mc:Choice></mc:x>",
    "white by a style on a ground": run(
        '<w:rStyle w:val="White"/><w:shd w:val="clear" w:fill="003366"/>', "89"
    ),
    "in a box": f"<w:r><w:pict><w:txbxContent><w:p>{PLAIN}</w:p></w:txbxContent></w:pict></w:r>",
}
STYLES = (
    f'<w:styles {W}><w:style w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:styleId="Gone"><w:basedOn w:val="Struck"/></w:style>'
    '<w:style w:styleId="Away"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="White"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    '<w:style w:styleId="Raised"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>'
)


def word(path, cell):
    before = f"<w:p>{run('', HEADING)}</w:p>"
    row = f"<w:tbl><w:tr><w:tc><w:p>{run('', ROW)}</w:p></w:tc><w:tc>{cell}</w:tc></w:tr></w:tbl>"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", f"<w:document {W}><w:body>{before}{row}</w:body></w:document>")
        packed.writestr("word/styles.xml", STYLES)
    return path


@pytest.mark.parametrize("disguise", WORD)
def test_a_figure_in_word_is_what_the_eye_reads(disguise, tmp_path):
    read = importing.read_report(word(tmp_path / "报告.docx", f"<w:p>{WORD[disguise]}</w:p>"))
    assert figure(read) == 89


UNREAD = {  # the figure of a cell that nobody sees, or sees as another
    "hidden by its paragraph's style": f'<w:p><w:pPr><w:pStyle w:val="Away"/></w:pPr>{PLAIN}</w:p>',
    "in lines too low": f'<w:p><w:pPr><w:spacing w:line="1" w:lineRule="exact"/></w:pPr>{PLAIN}</w:p>',
    "beside the page": f'<w:p><w:pPr><w:ind w:left="-20000"/></w:pPr>{PLAIN}</w:p>',
    "grey on the cell's grey": '<w:tcPr><w:shd w:val="clear" w:fill="D9D9D9"/></w:tcPr><w:p>'
    + run('<w:color w:val="D8D8D8"/>', "89") + "</w:p>",
    "from the right": f'<w:p><w:bdo w:val="rtl">{PLAIN}</w:bdo></w:p>',
    "turned by a sign": f"<w:p>{run('', chr(0x202E) + '89')}</w:p>",
    "pictures": "<w:p>" + run('<w:rFonts w:ascii="Wingdings"/>', "89") + "</w:p>",
    "a fraction": f'<w:p><m:oMath xmlns:m="{MATH}"><m:f><m:num><m:r><m:t>8</m:t></m:r></m:num><m:den><m:r>'
    "<m:t>9</m:t></m:r></m:den></m:f></m:oMath></w:p>",
}  # fmt: skip


@pytest.mark.parametrize("disguise", UNREAD)
def test_a_figure_in_word_that_is_not_seen_so_is_listed_and_not_taken(disguise, tmp_path):
    read = importing.read_report(word(tmp_path / "报告.docx", UNREAD[disguise]))
    assert (figure(read), [d.kind for d in read.doubts]) in ((None, ["disguised"]), (None, ["words"]))


def test_what_a_field_without_an_end_would_hide_is_read(tmp_path):
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert figure(importing.read_report(word(tmp_path / "报告.docx", f"<w:p>{begin}{PLAIN}</w:p>"))) == 89


def test_a_figure_in_a_table_of_its_own_and_a_deleted_row(tmp_path):
    nested = f"<w:tbl><w:tr><w:tc><w:p>{PLAIN}</w:p></w:tc></w:tr></w:tbl><w:p/>"
    assert figure(importing.read_report(word(tmp_path / "内.docx", nested))) == 89


def test_what_is_struck_out_is_listed_with_what_was_taken(tmp_path):
    read = importing.read_report(word(tmp_path / "报告.docx", f"<w:p>{WORD['struck']}</w:p>"))
    assert [(d.kind, d.text, d.ways) for d in read.doubts] == [("disguised", "7", (("89",),))]


def test_a_sign_of_a_font_of_signs_is_no_digit_and_not_nothing(tmp_path):
    sign = '<w:r><w:sym w:font="Wingdings" w:char="F081"/></w:r>'
    read = importing.read_report(word(tmp_path / "报告.docx", f"<w:p>{PLAIN}{sign}</w:p>"))
    assert (figure(read), [d.kind for d in read.doubts]) == (None, ["words"])
    listed = word(tmp_path / "列.docx", f"<w:p>{PLAIN}</w:p>")
    said = f"<w:p>{run('', '一、总体情况')}</w:p><w:p>{sign}{run('', '会议两次。')}</w:p>"
    with zipfile.ZipFile(listed) as packed:
        body = packed.read("word/document.xml").decode().replace("<w:body>", f"<w:body>{said}")
    with zipfile.ZipFile(listed, "w") as packed:
        packed.writestr("word/document.xml", body)
    assert importing.read_report(listed).doubts == ()


def test_a_note_at_the_foot_of_a_page_is_listed(tmp_path):
    notes = f"<w:footnote><w:p>{run('', '含补报3件。')}</w:p></w:footnote>"
    line = f'<w:footnote w:type="separator"><w:p>{run("", "线")}</w:p></w:footnote>'
    with zipfile.ZipFile(word(tmp_path / "报告.docx", f"<w:p>{PLAIN}</w:p>"), "a") as packed:
        packed.writestr("word/footnotes.xml", f"<w:footnotes {W}>{line}{notes}</w:footnotes>")
    read = importing.read_report(tmp_path / "报告.docx")
    assert (figure(read), [one.text for one in read.left]) == (89, ["含补报3件。"])


def test_a_document_whose_tables_are_pictures_is_told_so(tmp_path):
    blip = '<w:p><w:r><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:r></w:p>'
    with zipfile.ZipFile(tmp_path / "报告.docx", "w") as packed:
        said = f"<w:p>{run('', HEADING)}</w:p>{blip}{blip}"
        packed.writestr("word/document.xml", f"<w:document {W}><w:body>{said}</w:body></w:document>")
    with pytest.raises(Refused, match="有 2 张图片"):
        importing.read_report(tmp_path / "报告.docx")


# ---------------------------------------------------------------- web pages
WEB = {
    "struck": "<s>7</s>89", "deleted": "<del>7</del>89",
    "by a style": '<i style="text-decoration:line-through">7</i>89', "by a class": '<i class="old">7</i>89',
    "within a class": '<b class="a"><i class="b">7</i></b>89', "of another class": '<i class="b">8</i>9',
    "not shown": '<i style="display: none">7</i>89', "invisible": '89<i style="visibility:hidden">7</i>',
    "hidden": "89<i hidden>7</i>", "white": '89<font color="white">7</font>',
    "nearly white": '89<font color="#fefefe">7</font>',
    "of the ground's colour": '<b class="g">89<i>7</i></b>',
    "white on a ground": '<b class="k">89</b>', "of no size": '89<i style="transform: scale(0)">7</i>',
    "a lowered mark": "89<sub>1</sub>", "white by a name": '89<i class="v">7</i>',
    "clear": '89<i style="opacity:0">7</i>', "a note's mark": "89<sup>1</sup>",
    "a link to a note": '89<a href="#n">1</a>', "a link": '<a href="/89.html">89</a>',
    "a note in brackets": "89<sup><a>[1]</a></sup>", "a guide to reading": "<ruby>89<rt>7</rt></ruby>",
    "a comment": "<!-- 7 -->89", "a script": "<script>7</script>89",
    "away": '89<i style="left:-9999px">7</i>', "a table of its own": "<table><tr><td>89</td></tr></table>",
    "written before": '<i class="d">9</i>', "written after": '8<i class="e" v="9"></i>',
    "written after the last": '<i class="o">8</i>', "shown again": '<i class="n m">89</i>',
    "small letters": '<i style="font-size:0.8em">89</i>', "drawn up": '<i style="margin-top:-120px">89</i>',
    "by an attribute": "89<i data-old=1>7</i>", "the second of its kind": "<u>89</u><u>7</u>",
    "right beside": "89<b></b><tt>7</tt>", "not under a hand": '<i class="h">89</i>',
    "within what is shown instead": "89<object data=x.png>7</object>",
    "of a dot's size": '89<i style="font-size: 1px">7</i>',
    "white on white beside a picture": '<b style="background:#fff url(x) left">89<i class="v">7</i></b>',
    "white on a dark picture": '<b style="background:url(x.png)"><i class="v">89</i></b>',
    "nothing written": '<i class="f">89</i>', "circled": "89①", "raised": "89²", "lowered": "89₂",
    "within braces": '<b class="x">89<i class="y">7</i></b>', "where a thing can be": '89<i class="z">7</i>',
    "one of two": '89<em class="y">7</em>', "what holds one": "<b>89</b><b><q>7</q></b>",
    "a form's hints": "89<datalist><option>7</datalist>", "an annotation": "89<dialog>7</dialog>",
    "struck no more": '<s style="text-decoration:none">8</s>9',
    "folded": "89<details><summary></summary>7</details>",
    "of a colour by its name": '<i style="color:orange; background:salmon">89</i>',
    "painted again": '<b style="visibility:hidden">7<i style="visibility:visible">89</i></b>',
    "larger again": '<b style="font-size:0">7<i style="font-size:14px">89</i></b>',
    "on a ground said at length": '<b style="background:navy none repeat 0 0"><i class="v">89</i></b>',
    "in a line moved down": '<div style="position:relative;top:-6px">89</div>',
    "a remark in a style": '89<i style="display:/* x */none">7</i>',
    "what stands in for a value": '89<i style="" class="w">7</i>',
    "in its place": '<i style="position:relative; opacity:.9; float:left; clip:auto">89</i>',
}  # fmt: skip
HIDING = (
    "opacity:0%",
    "opacity:.05",
    "filter:opacity(0)",
    "clip:rect(1px,1px,1px,1px)",
    "clip-path:circle(0)",
    "clip-path: inset(50%)",
    "text-indent:-99em",
    "right:-9999px",
    "left:9999px",
    "margin-left:-9999px",
    "inset:-999px auto",
    "font:0/0 a",
    "font: bold 1px/1px x",
    "font-size:.1em",
    "font-size:1%",
    "scale:0",
    "transform:scale(.001)",
    "transform:translateX(-9999px)",
    "transform:rotateY(90deg)",
    "zoom:.01",
    "color:#fff0",
    "color:rgb(0 0 0 / 0)",
    "color:rgb(255 255 255)",
    "color:rgb(100%,100%,100%)",
    "color:snow",
    "color:hsl(0,0%,100%)",
    "-webkit-text-fill-color:transparent",
    "background:#000",
    "background:currentColor",
    "background:red;color:#f00",
    "background:gray;color:#7f8080",
    "width:1px;overflow:hidden",
    "max-height:0em;overflow:clip",
    "-webkit-mask-image:linear-gradient(transparent,transparent)",
)
TURNED = {  # the eye sees other digits than are written there, or who knows which
    **{style: f'<i style="{style}">89</i>' for style in (
        "unicode-bidi:bidi-override;direction:rtl", "transform:rotate(180deg)", "float:right", "order:2",
        "flex-direction:row-reverse", "position:absolute", "letter-spacing:-1em",
        "-webkit-text-security:disc", "background:linear-gradient(transparent 45%,red 55%)",
    )},
    "from the right": '<bdo dir="rtl">89</bdo>', "turned by a sign": "\u202e89",
    "a power": "<math><msup><mn>89</mn><mn>2</mn></msup></math>",
}  # fmt: skip
PICTURED = {
    "a picture": '<img src="x" alt="89">',
    "a choice": "<select><option>7<option selected>89</select>",
}
SHEET = (
    "<style>.n{display:none} .n.m{display:inline} [data-old]{display:none} u:nth-of-type(2n){display:none}"
    " b + tt{display:none} .o:last-child::after{content:'9'} .h:hover{display:none}</style>"
    "<style>.d::before{content:'8'} .e:after{content:attr(v)} .f:after{content:'';display:none}"
    " :root{--c:#fff} .v{color:var(--c)} .g{background:#ccc} .g i{color:rgb(204,204,204)}"
    " .k{background:navy; color:#fff} .w{display:var(--no,none)} .x{color:red; .y{display:none}}"
    " b:has(q) q{display:none}"
    " @supports (display:grid){.z{display:none}} em:is(.a,.y){display:none}"
    " .old{text-decoration:line-through} .a .b{display:none} @media print{.c{display:none}}</style>"
)


@pytest.mark.parametrize("disguise", WEB)
def test_a_figure_on_a_web_page_is_what_the_eye_reads(disguise):
    page = f"{SHEET}<p>{HEADING}</p><table><tr><td>{ROW}</td><td>{WEB[disguise]}</td></tr></table>"
    assert figure(extract(html_document("页.html", page))) == 89


def test_the_style_sheets_of_an_archive_are_of_its_page(tmp_path):
    link = '<link rel="stylesheet" href="cid:a@b"><link rel="stylesheet" media="print" href="cid:c@d">'
    page = f"<html>{link}<p>{HEADING}</p><table><tr><td>{ROW}</td><td>{CLASSES}</td></tr></table></html>"
    sheets = "".join(
        f"--b\nContent-Type: text/css\nContent-ID: <{name}>\n\n.{one}{{display:none}}\n"
        for name, one in (("a@b", "x"), ("c@d", "y"))
    )
    (tmp_path / "页.mhtml").write_text(f"{ARCHIVED}{page}\n{sheets}--b--\n", encoding="utf-8")
    assert figure(importing.read_report(tmp_path / "页.mhtml")) == 89


CLASSES = '<i class="x">7</i>8<i class="y">9</i>'


def web_figure(cell):
    page = f"{SHEET}<p>{HEADING}</p><table><tr><td>{ROW}</td><td>{cell}</td></tr></table>"
    read = extract(html_document("页.html", page))
    return figure(read), [(d.kind, d.text) for d in read.doubts]


@pytest.mark.parametrize("style", HIDING)
def test_digits_of_a_web_page_whose_style_hides_them_are_listed(style):
    assert web_figure(f'89<i style="{style}">7</i>') == (89, [("disguised", "7")])


@pytest.mark.parametrize("disguise", TURNED)
def test_a_figure_of_a_web_page_that_shows_otherwise_is_listed_and_not_taken(disguise):
    found, doubts = web_figure(TURNED[disguise])
    assert (found, [kind for kind, _ in doubts]) == (None, ["words"])


@pytest.mark.parametrize("kind", PICTURED)
def test_a_figure_as_a_picture_or_a_choice_is_listed_with_its_words(kind):
    assert web_figure(PICTURED[kind]) == (None, [("disguised", "89")])


def test_what_a_page_has_folded_away_is_no_text_and_listed():
    folded = "<details><summary>附注</summary><p>会议两次。</p></details>"
    table = f"<table><tr><td>{ROW}</td><td>89</td></tr></table>"
    page = f"<p>一、总体情况</p><p>培训一次。</p>{folded}<p>{HEADING}</p>{table}"
    read = extract(html_document("页.html", page))
    assert (read.filing.texts, [one.text for one in read.left]) == (
        {"s1": "培训一次。\n附注"},
        ["会议两次。"],
    )


ARCHIVED = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
)


@pytest.mark.parametrize("suffix", ["doc", "xls", "et"])
@pytest.mark.parametrize("before", ["", "\n<!DOCTYPE html>", ARCHIVED])
def test_a_web_page_under_another_name_is_a_web_page(suffix, before, tmp_path):
    page = (
        f"{before}<html><p>{HEADING}</p><table><tr><td>{ROW}</td><td><del>7</del>89</td></tr></table></html>"
    )
    (tmp_path / f"报告.{suffix}").write_text(
        f"{page}\n--b--\n" if before == ARCHIVED else page, encoding="gb18030"
    )
    assert figure(importing.read_report(tmp_path / f"报告.{suffix}")) == 89


@pytest.mark.parametrize("cell", ["8<br>9", "<p>8</p><p>9</p>", "<div>8</div>9", "8 9"])
def test_two_figures_in_a_cell_are_not_one(cell):
    read = extract(
        html_document("页.html", f"<p>{HEADING}</p><table><tr><td>{ROW}</td><td>{cell}</td></tr></table>")
    )
    assert (figure(read), [d.kind for d in read.doubts]) == (None, ["words"])


# ---------------------------------------------------------------- workbooks
def sheet(value, change=lambda book: None):
    book = openpyxl.Workbook()
    book.active.append(["一、总体情况"])
    book.active.append([HEADING])
    book.active.append([ROW, value])
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rich(*runs):
    return CellRichText(*(TextBlock(InlineFont(**font), text) for font, text in runs))


BOOKS = {
    "struck": lambda: sheet(rich(({"strike": True}, "7"), ({}, "89"))),
    "a note's mark": lambda: sheet(rich(({}, "89"), ({"vertAlign": "superscript"}, "1"))),
    "white": lambda: sheet(rich(({}, "89"), ({"color": "FFFFFFFF"}, "7"))),
    "nearly white": lambda: sheet(rich(({}, "89"), ({"color": "FFFEFEFE"}, "7"))),
    "a lowered mark": lambda: sheet(rich(({}, "89"), ({"vertAlign": "subscript"}, "1"))),
    "split": lambda: sheet(rich(({"b": True}, "8"), ({}, "9"))),
    "a hidden sheet": lambda: sheet(89, hidden_sheet),
    "a hidden row": lambda: sheet(89, hidden_row),
    "a hidden column": lambda: sheet(89, hidden_column),
    "a row too low to read": lambda: sheet(89, low_row),
    "tiny": lambda: sheet(rich(({}, "89"), ({"sz": 1}, "7"))),
    "white by a tint": lambda: sheet(rich(({}, "89"), ({"color": Color(theme=0, tint=-0.02)}, "7"))),
    "white on blue": lambda: sheet(89, painted("FFFFFFFF", "FF000080")),
    "a condition that does not hold": lambda: sheet(89, white_where("equal", "0")),
    "plain behind a run": lambda: sheet(rich(({}, "89"), ({"strike": False}, ""))),
}


def low_row(book):
    book.active.append([ROW, 7])
    book.active.row_dimensions[4].height = 1


def painted(letters, ground):
    def change(book):
        book.active["B3"].font = Font(color=letters)
        book.active["B3"].fill = PatternFill("solid", fgColor=ground)

    return change


def white_where(compares, figure):
    rule = CellIsRule(operator=compares, formula=[figure], font=Font(color="FFFFFFFF"))
    return lambda book: book.active.conditional_formatting.add("B1:B9", rule)


def shown_by(rule):
    return lambda book: book.active.conditional_formatting.add("B3", rule)


def styled(**said):
    def change(book):
        for name, value in said.items():
            setattr(book.active["B3"], name, value)

    return change


def narrow(book):
    book.active.column_dimensions["B"].width = 1.5


UNSEEN = {
    "white on white": painted("FFFFFFFF", "FFFEFEFE"), "grey on grey": painted("FF808080", "FF828282"),
    "of its ground's theme": painted(Color(theme=4, tint=0.4), Color(theme=4, tint=0.4)),
    "black on black": styled(fill=PatternFill("solid", fgColor="FF000000")),
    "white by a tint": styled(font=Font(color=Color(theme=1, tint=0.999))),
    "tiny": styled(font=Font(sz=1)), "pictures": styled(font=Font(name="Wingdings")),
    "as often as it fits in": styled(alignment=Alignment(horizontal="fill")),
    "white where a condition holds": white_where("greaterThan", "1"),
    "nothing where one may hold": shown_by(FormulaRule(["$A$1>$A$2"], font=Font(strike=True))),
    "a bar": shown_by(DataBarRule("min", None, "max", None, "FF638EC6", showValue=False)),
    "signs for want of a place": narrow,
}  # fmt: skip


@pytest.mark.parametrize("disguise", UNSEEN)
def test_a_figure_that_a_workbook_does_not_show_is_listed_and_not_taken(disguise, tmp_path):
    (tmp_path / "自制.xlsx").write_bytes(sheet(891, UNSEEN[disguise]))
    read = importing.read_report(tmp_path / "自制.xlsx")
    assert (figure(read), [(d.kind, d.text) for d in read.doubts]) == (None, [("disguised", "891")])


DRAWN = (
    '<x:wsDr xmlns:x="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>含补报</a:t></a:r>'
    "<a:r><a:t>3件。</a:t></a:r></a:p></x:wsDr>"
)
RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" '
    'Target="/xl/drawings/drawing1.xml"/></Relationships>'
)


def test_the_words_of_a_box_over_a_sheet_are_listed(tmp_path):
    (tmp_path / "自制.xlsx").write_bytes(sheet(89))
    with zipfile.ZipFile(tmp_path / "自制.xlsx", "a") as packed:
        packed.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATED)
        packed.writestr("xl/drawings/drawing1.xml", DRAWN)
    read = importing.read_report(tmp_path / "自制.xlsx")
    assert (figure(read), [(one.where, one.text) for one in read.left]) == (
        89,
        [("Sheet 上的文本框", "含补报3件。")],
    )


def test_a_nought_that_its_format_shows_as_a_dash_is_a_nought(tmp_path):
    (tmp_path / "自制.xlsx").write_bytes(sheet(0, styled(number_format='0;-0;"-"')))
    read = importing.read_report(tmp_path / "自制.xlsx")
    assert (figure(read), read.doubts) == (0, ())


def test_a_nought_that_a_sheet_does_not_show_is_blank(tmp_path):
    def hide(book):
        book.active.sheet_view.showZeros = False

    (tmp_path / "自制.xlsx").write_bytes(sheet(0, hide))
    assert figure(importing.read_report(tmp_path / "自制.xlsx")) is None


def hidden_sheet(book):
    other = book.create_sheet("旧")
    other.append([ROW, 7])
    other.sheet_state = "hidden"


def hidden_row(book):
    book.active.append([ROW, 7])
    book.active.row_dimensions[4].hidden = True


def hidden_column(book):
    book.active["C3"] = 7
    book.active.column_dimensions["C"].hidden = True


@pytest.mark.parametrize("disguise", BOOKS)
def test_a_figure_in_a_workbook_is_what_the_eye_reads(disguise, tmp_path):
    (tmp_path / "自制.xlsx").write_bytes(BOOKS[disguise]())
    assert figure(importing.read_report(tmp_path / "自制.xlsx")) == 89


FORMATS = {
    **dict.fromkeys(
        (
            "#,##0",
            '0"件"',
            "[Red]0_ ",
            "0;-0;0;@",
            '_ 0_ ;_ -0_ ;"-"',
            '[=0]"";General',
            "[>0]0;-0",
            '[$-804]General"件"',
        ),
        (89, []),
    ),
    **dict.fromkeys(("0%", "0.0%", "#,##0,", ";;;", ";0;0;@", "# ?/?", "0.00E+00"), (None, ["disguised"])),
    **dict.fromkeys(("[White]0", "[mm]"), (None, ["disguised"])),
    **dict.fromkeys(('0"%"', '"约"0', '0"万"'), (None, ["words"])),
    "0-0": (None, ["disguised"]),
    '"1"0': (189, ["disguised"]),
    '"无"': (None, ["disguised", "nil"]),
}


@pytest.mark.parametrize("code", FORMATS)
def test_a_number_that_its_format_shows_as_another_is_not_taken(code, tmp_path):
    def change(book):
        book.active["B3"].number_format = code

    (tmp_path / "报告.xlsx").write_bytes(sheet(89, change))
    read = importing.read_report(tmp_path / "报告.xlsx")
    assert (figure(read), sorted(d.kind for d in read.doubts)) == FORMATS[code]


ROUNDED = {("0", 12.4): 12, ("#,##0_ ", 11.5): 12, ("0.00", 12.345): Decimal("12.35"), ("[Red]0", 12.4): 12}
WHOLE = {("0", 12): 12, ("0.00", 12.25): Decimal("12.25"), ("General", 12.5): Decimal("12.5")}
WHOLE[("0.00", 0.1 + 0.2)] = Decimal("0.3")
WHOLE["0." + "0" * 30, 123456789012345] = 123456789012345


@pytest.mark.parametrize(("cell", "value"), [*ROUNDED.items(), *WHOLE.items()])
def test_a_rounded_number_is_read_as_shown_and_listed(cell, value, tmp_path):
    def change(book):
        book.active["B3"].number_format = cell[0]

    (tmp_path / "报告.xlsx").write_bytes(sheet(cell[1], change))
    read = importing.read_report(tmp_path / "报告.xlsx")
    expected = [("disguised", str(cell[1]))] if cell in ROUNDED else []
    assert (figure(read), [(d.kind, d.text) for d in read.doubts]) == (value, expected)


@pytest.mark.parametrize("font", [{"strike": True}, {"vertAlign": "superscript"}])
def test_a_struck_or_raised_cell_of_a_workbook_is_blank(font, tmp_path):
    def strike(book):
        book.active["B3"].font = openpyxl.styles.Font(**font)

    (tmp_path / "自制.xlsx").write_bytes(sheet(89, strike))
    read = importing.read_report(tmp_path / "自制.xlsx")
    assert (figure(read), [d.kind for d in read.doubts]) == (None, ["disguised"])


# ---------------------------------------------------------------- a figure belongs to a row by its place
TEXTS = {
    f"{ROW} 89": 89, f"{ROW} ~~7~~89": 89, f"{ROW} 89<sup>1</sup>": 89, f"{ROW} 89[^1]": 89, f"{ROW} 89①": 89,
    f"{ROW} 89<!-- 7 -->": 89, f"{ROW} <DEL>7</DEL>89": 89, f"{ROW} ![89](7.png)": None,
    f"{ROW}\n89": None, f"{ROW} 89件": 89, f"{ROW}89": 89, f"{ROW} | 89 |": 89, f"{ROW}：89": 89,
    f"{ROW}\n表3 收到": None, f"{ROW}\n共 3 页": None, f"{ROW}\n3、收到和处理": None, f"{ROW}\n附1": None,
    f"{ROW}\n2024年工作": None, f"{ROW}\n3年": None, f"{ROW} 5\n{ROW} 6\n{ROW} 7": None, f"{ROW} 约89": None,
    f"{ROW}事项 89": None, f"{ROW} 5½": None,
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_figure_belongs_to_its_row(text):
    assert (
        figure(extract(text_document("报告.txt", f"一、总体情况\n好。\n{HEADING}\n规章 0 0 0\n{text}")))
        == TEXTS[text]
    )


NUMERALS = {"十二": 12, "二十件": 20, "一百零三": 103, "零": 0, "一二": None, "一百二": None, "约十二": None}
WORDS = ("<3", "＞30", "大于3", "3以下", "3万", "3%", "3+", "(3)", "第3", "见附件")


@pytest.mark.parametrize("cell", [*NUMERALS, *WORDS])
@pytest.mark.parametrize("parted", [" ", " | "])
def test_what_stands_beside_a_label_is_a_figure_or_listed(cell, parted):
    """Also in the last row, behind which anything may come."""
    rows = f"规章 0 0 0\n{ROW}{parted}{cell}"
    read = extract(text_document("报告.txt", f"一、总体情况\n好。\n{HEADING}\n{rows}"))
    listed = [d.fields for d in read.doubts]
    assert (figure(read), listed) == ((value := NUMERALS.get(cell)), [] if value is not None else [(FIELD,)])


def test_a_figure_in_chinese_is_read_in_a_grid():
    for cell, value in NUMERALS.items():
        page = f"<p>{HEADING}</p><table><tr><td>{ROW}</td><td>{cell}</td></tr></table>"
        assert figure(extract(html_document("页.html", page))) == value


FEES = "t2.fees.amount"


@pytest.mark.parametrize(
    "head", ["本年收费金额（单位：元）", "收费金额 | 行政事业性收费（元）", "本年收费金额（千元）"]
)
def test_an_amount_under_another_unit_is_listed_and_not_taken(head):
    *heads, row = head.split(" | ") if "|" in head else (head, "行政事业性收费")
    cells = f"<tr><td>信息内容</td><td>{heads[0]}</td></tr><tr><td>{row}</td><td>1500</td></tr>"
    read = extract(html_document("页.html", f"<p>{HEADING}</p><table>{cells}</table>"))
    lines = extract(text_document("报告.txt", f"一、总体情况\n好。\n{HEADING}\n{heads[0]}\n{row} 1500"))
    for one in (read, lines):
        assert (one.filing.values[FEES], [d.fields for d in one.doubts]) == (None, [(FEES,)])


LOST = ("8\ue012", "\ue0128", "8\ufffd", "8\U000f0012件", "\ue012\ue013", "8□", "?8", "8?", "8%")


@pytest.mark.parametrize("cell", LOST)
def test_a_sign_whose_code_is_lost_makes_no_figure(cell):
    table = f"<p>{HEADING}</p><table><tr><td>{ROW}</td><td>{cell}</td></tr></table>"
    text = f"一、总体情况\n好。\n{HEADING}\n规章 0 0 0\n{ROW} {cell}\n行政处罚 5"
    for read in (extract(html_document("页.html", table)), extract(text_document("报告.txt", text))):
        assert (figure(read), [d.kind for d in read.doubts]) == (None, ["words"])


def test_a_lost_sign_in_a_text_is_listed_but_the_point_of_a_list_is_not():
    said = f"一、总体情况\n全年公开\ue012件。\n\uf06c 会议两次。\n{HEADING}\n\uf06c {ROW} 89"
    read = extract(text_document("报告.txt", said))
    assert figure(read) == 89
    assert [(d.kind, d.text) for d in read.doubts] == [("unreadable", "全年公开\ue012件。")]


CODES = (
    "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
    "1 beginbfrange <0000> <00FF> <0000> endbfrange endcmap"
)
FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype"
    "/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    "/DW 600/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4>>>>]%s>>"
)


def stream(said):
    return f"<</Length {len(said)}>>stream\n{said}\nendstream"


def printed(*codes, below="0 -40 Td <0038> Tj /F1 9 Tf <0039> Tj"):
    """A page with a line of 45 letters, and below it an 8 in the one font and a 9 in the other."""
    words = f"BT /F0 9 Tf 20 150 Td <{'0041' * 45}> Tj {below} ET"
    page = "/MediaBox[0 0 600 200]/Contents 4 0 R/Resources<</Font<</F0 5 0 R/F1 6 0 R>>>>"
    parts = ("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>")
    parts += (
        f"<</Type/Page/Parent 2 0 R{page}>>",
        stream(words),
        *(FONT % one for one in codes),
        stream(CODES),
    )
    body = "".join(f"{n} 0 obj{part}\nendobj\n" for n, part in enumerate(parts, 1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R/Size 8>>".encode()


KNOWN = "/ToUnicode 7 0 R"


@pytest.mark.parametrize(("codes", "last"), [((KNOWN, KNOWN), "89"), ((KNOWN, ""), "8\ufffd")])
def test_a_sign_of_a_pdf_without_a_code_is_not_its_glyphs_number(codes, last, tmp_path):
    (tmp_path / "报告.pdf").write_bytes(printed(*codes))
    assert read_document(tmp_path / "报告.pdf").lines[-1].text == last


SIGNS_OF_PDF = {  # signs one after the other: how far on, how much higher, how large
    "a raised one": ([("8", 0, 0, 12), ("9", 8, 4, 8)], "8"),
    "a lowered one": ([("8", 0, 0, 12), ("9", 8, -2.5, 10)], "8"),
    "a raised one in a cell of its own": ([("8", 0, 0, 12), ("9", 80, 4, 8), ("7", 80, -4, 12)], "8  7"),
    "two of them": ([("8", 0, 0, 12), ("9", 80, 4, 8), ("9", 5, 0, 8), ("7", 80, -4, 12)], "8  7"),
    "the number of a row": ([("9", 0, 0, 8), ("A", 5, 0, 8), ("7", 80, -1, 12)], "9A 7"),
    "a small one on the line": ([("8", 0, 0, 12), ("9", 80, 0, 8)], "8 9"),
    "small ones beside a large one": ([("8", 0, 0, 12), ("9", 80, 4, 8), ("9", -80, -40, 8)], "8 9 9"),
}


@pytest.mark.parametrize("kind", SIGNS_OF_PDF)
def test_a_digit_of_a_pdf_that_is_small_and_off_its_line_is_a_mark(kind, tmp_path):
    signs, seen = SIGNS_OF_PDF[kind]
    said = " ".join(f"/F0 {size} Tf {x} {y} Td <00{ord(sign):x}> Tj" for sign, x, y, size in signs)
    (tmp_path / "报告.pdf").write_bytes(printed(KNOWN, KNOWN, below=f"0 -40 Td {said}"))
    lines = read_document(tmp_path / "报告.pdf").lines[1:]
    assert " ".join(line.text for line in lines).split() == seen.split()


AGAIN = "BT /F0 9 Tf 25.4 110 Td"


def test_digits_that_stand_one_above_another_are_not_one_figure(tmp_path):
    """Where most of a page's words are narrow and high, PDFium takes them for written downward."""
    tower = " ".join("<0041> Tj 0 -3.5 Td" for _ in range(45))
    page = printed(KNOWN, KNOWN, below="0 -8 Td <0038> Tj 0 -10 Td <0039> Tj").decode()
    page = page.replace("20 150 Td", "20 195 Td")
    (tmp_path / "报告.pdf").write_text(page.replace(f"<{'0041' * 45}> Tj", tower), encoding="utf-8")
    assert not any("89" in line.text for line in read_document(tmp_path / "报告.pdf").lines)


INKLESS = {  # what is written behind an 8 and does not show
    "unpainted": "3 Tr <0039> Tj",
    "covered": "<0039> Tj ET 1 g 25 105 6 12 re f BT",
    "behind a leaning one": "1 0 .2 1 20 70 Tm <0038> Tj 3 Tr <0039> Tj",
    "of nearly its ground's grey": f"ET .5 g 25 105 9 12 re f .51 g {AGAIN} <0039> Tj",
    "cut off": f"ET q 0 0 1 1 re W n {AGAIN} <0039> Tj ET Q BT",
    "tiny": "/F0 .5 Tf <0039> Tj",
    "mirrored": "-1 0 0 1 30 110 Tm <0039> Tj",
    "struck aslant": "<0039> Tj ET 25 110 m 31 115 l S BT",
    "one on another": f"ET {AGAIN} <0037> Tj ET {AGAIN} <0039> Tj",
}


@pytest.mark.parametrize("kind", INKLESS)
def test_a_digit_of_a_pdf_that_leaves_no_ink_is_not_read(kind, tmp_path):
    (tmp_path / "报告.pdf").write_bytes(printed(KNOWN, KNOWN, below=f"0 -40 Td <0038> Tj {INKLESS[kind]}"))
    read = read_document(tmp_path / "报告.pdf")
    if kind == "one on another":  # nor is the figure that it is of
        assert "8" not in read.lines[-1].text
    else:
        assert (read.lines[-1].text, read.disguises[-1].unread) == ("8", "9")


PICTURE = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"


@pytest.mark.parametrize(("words", "told"), [("3 Tr", "扫描件或图片"), ("0 Tr", "有 1 张图片")])
def test_a_scanned_pdf_with_a_picture_in_it_is_told_so(words, told, tmp_path):
    """Words that are only there to be found behind the picture are what a machine took it for."""
    page = printed(KNOWN, KNOWN, below="ET q 500 0 0 200 0 0 cm /P Do Q BT").decode()
    page = page.replace("<</F0", "<</F0", 1).replace("/Font<<", "/XObject<</P 8 0 R>>/Font<<", 1)
    page = page.replace("BT /F0", f"BT {words} /F0", 1).replace(
        "trailer", f"8 0 obj{PICTURE}stream\n0\nendstream\nendobj\ntrailer"
    )
    (tmp_path / "报告.pdf").write_text(page.replace("/Size 8", "/Size 9"), encoding="utf-8")
    with pytest.raises(Refused, match=told):
        importing.read_report(tmp_path / "报告.pdf")


def test_a_text_in_a_cell_of_figures_is_listed_and_not_taken():
    table = f"<p>{HEADING}</p><table><tr><td>{ROW}</td><td>12件左右</td></tr></table>"
    read = extract(html_document("页.html", table))
    assert (figure(read), [(d.kind, d.ways) for d in read.doubts]) == (None, [("words", (("12件左右",),))])


LABELS = (
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开",
    "（二）部分公开",
    "1.属于国家秘密", "2.其他法律行政法规禁止公开", "（七）总计",
)  # fmt: skip


def third(*rows):
    return paragraphs("三、收到和处理政府信息公开申请情况", *(f"{label} {said}" for label, said in rows))


def test_what_was_once_in_doubt_as_a_row_stays_blank():
    rows = [("规章", "5 6"), ("规章", "1 2 3"), (ROW, "4")]
    read = paragraphs(HEADING, *(f"{label} {said}" for label, said in rows))
    assert [d.kind for d in read.doubts] == ["fewer"]
    assert (read.filing.values["t2.rules.made"], figure(read)) == (None, 4)


def test_a_row_out_of_the_official_order_is_not_taken():
    rows = [(label, "1 0 0 0 0 0 1") for label in LABELS]
    read = third(rows[4], *rows[:4], *rows[5:])
    assert [d.kind for d in read.doubts] == ["row_order"]
    assert (read.filing.values["t3.denied_1.total"], read.filing.values["t3.sum.total"]) == (None, 1)


def test_one_row_alone_whose_sum_fails_is_listed():
    rows = [(label, "1 0 0 0 0 0 1") for label in LABELS]
    read = third(*rows[:3], (LABELS[3], "1 0 0 0 0 0 7"), *rows[4:])
    assert [(d.kind, d.ways) for d in read.doubts] == [("sums", (("1", "0", "0", "0", "0", "0", "7"),))]


# ---------------------------------------------------------------- nothing is dropped
def paragraphs(*lines):
    return extract(text_document("报告.txt", "\n".join(lines)))


def test_prose_beside_a_table_is_kept_where_it_can_be_compared():
    read = paragraphs("一、总体情况", "平稳。", HEADING, "全年制发文件99件。", "规章 0 0 0")
    assert (read.filing.texts["s1"], [d.kind for d in read.doubts]) == (
        "平稳。\n全年制发文件99件。",
        ["moved"],
    )


def test_what_went_nowhere_is_listed():
    read = paragraphs("一、总体情况", "平稳。", HEADING, "规章 0 0 0", "填表人：张三")
    assert [one.text for one in read.left] == ["填表人：张三"]
    assert any("填表人：张三" in line for line in importing.summary_lines(read, "报告.txt"))


HEADINGS = (
    "五、存在的主要问题及改进情况", "存在的主要问题及改进情况", "七、存在的主要问题及改进情况",
    "五、存在的主要问题及改进情况、", "l五、存在的主要问题及改进情况", "五、存在的主要問題及改進情況",
)  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_is_known_by_its_words(heading):
    read = paragraphs("一、总体情况", "平稳。", HEADING, "规章 0 0 0", "共 3 页", heading, "人手不足。")
    assert read.filing.texts["s5"] == "人手不足。"
    assert [d.text for d in read.doubts if d.kind == "heading"] == ([heading] if heading[0] == "七" else [])


# ---------------------------------------------------------------- whose report
TITLES = {
    "2024年政府信息公开工作年度报告": ("", 2024),
    "政府信息公开工作年度报告（2024年度）": ("", 2024),
    "青石县教育局政府信息公开工作2024年度报告": ("青石县教育局", 2024),
    "青石县水利局关于2024年政府信息公开工作情况的报告": ("青石县水利局", 2024),
    "青石县人民政府信息公开工作年度报告": ("青石县人民政府", None),
    "2024年青石县（本级）政府信息公开年报": ("青石县(本级)", 2024),
    "定》）和《关于印发中华人民共和国政府信息公开工作年度报告": None,
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_names_a_unit_or_none(title):
    wanted = TITLES[title]
    assert title_of(title) == (wanted and (wanted[0], wanted[1] and Decimal(wanted[1])))


def test_a_title_over_two_lines_and_one_in_the_first_row_of_a_sheet(tmp_path):
    read = paragraphs(
        "2024年青石县政府信息公开工作", "年度报告", "一、总体情况", "好。", HEADING, "规章 0 0 0"
    )
    assert (read.filing.unit, read.filing.year) == ("青石县", 2024)
    book = openpyxl.Workbook()
    for line in (["青石县2024年政府信息公开工作年度报告"], [HEADING], ["规章", 0, 0, 0]):
        book.active.append(line)
    book.save(tmp_path / "自制.xlsx")
    read = importing.read_report(tmp_path / "自制.xlsx")
    assert (read.filing.unit, read.filing.year) == ("青石县", 2024)


def test_the_name_of_the_file_is_the_last_resort_and_told():
    lines = "\n".join(("一、总体情况", "好。", HEADING, "规章 0 0 0"))
    read = extract(text_document("青石县2024年政府信息公开工作年度报告.txt", lines))
    assert (read.filing.unit, read.filing.year) == ("青石县", 2024)
    assert [d.kind for d in read.doubts] == ["named", "named"]


# ---------------------------------------------------------------- 表四 in other shapes
HEAD4 = "四、政府信息公开行政复议、行政诉讼情况"
BLOCKS = ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")


def test_three_small_tables_and_a_bare_row_are_the_fourth():
    rows = ((27, 10, 9, 15, 61), (3, 0, 0, 0, 3), (8, 0, 1, 1, 10))
    small = [
        line
        for name, row in zip(BLOCKS, rows, strict=True)
        for line in (name, f"| {' | '.join(map(str, row))} |")
    ]
    bare = f"| {' | '.join(str(n) for row in rows for n in row)} |"
    wanted = [Decimal(n) for row in rows for n in row]
    names = edition_named("2021").form.groups["t4"]
    for lines in (small, [bare]):
        read = paragraphs(
            "青石县2024年政府信息公开工作年度报告", HEAD4, *lines, "五、存在的主要问题及改进情况", "好。"
        )
        assert [read.filing.values[name] for name in names] == wanted


def test_a_bare_row_whose_sums_fail_is_not_the_fourth():
    read = paragraphs(HEADING, "规章 0 0 0", HEAD4, "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")
    assert all(read.filing.values[name] is None for name in edition_named("2021").form.groups["t4"])


def test_bars_alone_are_blank_cells():
    cells = ["一、本年新收政府信息公开申请数量 |", *["|"] * 6, "0 |", "||"]
    read = paragraphs("三、收到和处理政府信息公开申请情况", *cells)
    assert [read.filing.values[f"t3.new.{c}"] for c in ("natural", "other_org", "total")] == [None, None, 0]


# ---------------------------------------------------------------- what is no report
def report(seed, unit, year):
    filed = filing(edition_named("2021").form, Random(seed))
    form = edition_named("2021").form
    rows = [
        " ".join((label, *(str(filed.values[n]) for n in form.groups["t3"] if n.startswith(f"t3.{row}."))))
        for row, label in (
            ("new", "一、本年新收政府信息公开申请数量"),
            ("carry_in", "二、上年结转政府信息公开申请数量"),
        )
    ]
    return [f"{unit}{year}年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", *rows]


OTHERS = {
    "two years": report(1, "青石县", 2023) + report(2, "青石县", 2024),
    "two units": report(1, "青石县", 2024) + report(1, "白石县", 2024),
    "years side by side": ["项目\t2023年\t2024年", "一、本年新收政府信息公开申请数量\t5\t6"],
    "a comparison": ["申请办理情况对比表", "一、本年新收政府信息公开申请数量\t5\t6"],
    "a notice": [
        "关于退回《青石县2024年政府信息公开工作年度报告》的通知",
        "一、本年新收政府信息公开申请数量\t5",
    ],
    "a list": ["权责清单", "行政许可\t35", "行政处罚\t60"],
    "a notice over two lines": ["关于退回《青石县", "2024年政府信息公开工作年度报告》的通知", f"{ROW}\t5"],
    "our published": [published_facts().say.title.format(county="某县", year=2024), f"{ROW}\t5"],
    "our page": [re.sub("<.?b>", "", dashboard().html.counts).format(all=3, sent=2, accepted=1), f"{ROW}\t5"],
    "our cover": [web().html.title, "单位名称\t" + workbook().cover["unit"].hint, f"{ROW}\t5"],
    "our offline page": [f"{web().html.title} {web().html.sub}", "版本 1.2.0"],
    "our picture": [picture_words().title, f"{ROW}\t5"],
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_report_of_one_unit_and_one_year_is_refused(kind):
    with pytest.raises(Refused) as refused:
        paragraphs(*OTHERS[kind])
    assert str(refused.value).endswith("。")
    if kind.startswith("our "):
        assert "本工具" in str(refused.value)
    if kind.startswith("two "):
        assert OTHERS[kind][0] in str(refused.value)


@pytest.mark.parametrize(("suffix", "word"), [("json", "fill"), ("zip", "解压"), ("png", "扫描")])
def test_a_file_that_is_never_a_report_is_told_what_to_do_with(suffix, word, tmp_path):
    (tmp_path / f"报告.{suffix}").write_text("{}", encoding="utf-8")
    with pytest.raises(Refused, match=word):
        importing.read_report(tmp_path / f"报告.{suffix}")


def test_our_own_workbook_and_the_summary_are_recognised(tmp_path):
    for names in (edition_named("2021").form.sheets.values(), ("收报情况", "各单位数据")):
        book = openpyxl.Workbook()
        for name in names:
            book.create_sheet(name).append([ROW, 5])
        book.save(tmp_path / "自制.xlsx")
        with pytest.raises(Refused, match="本工具"):
            importing.read_report(tmp_path / "自制.xlsx")


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_our_own_draft_gives_no_figure_of_its_annex_and_none_that_it_strikes_out(kind, tmp_path):
    for seed in range(4):
        filed = filing(edition_named("2021").form, Random(seed))
        changed = {n: (filed.values[n] or 0) + 3 for n in list(filed.values)[seed * 7 :: 29]}
        filed = filed._replace(values={**filed.values, **changed})
        write_report(filed, judge(filed), tmp_path / f"草稿.{kind}", draft=True)
        read = importing.read_report(tmp_path / f"草稿.{kind}")
        other = {n: v for n, v in read.filing.values.items() if v != filed.values[n]}
        assert not [v for v in other.values() if v is not None]
        assert set(other) <= {n for d in read.doubts if d.kind == "words" for n in d.fields}
        assert read.filing.texts == filed.texts


# ---------------------------------------------------------------- what is read of a page, a text, a sheet
def whole_page(style="", foot="", figure="89"):
    """A web page with one table and all written sections."""
    table = f"<table><tr><td>{ROW}</td><td>{figure}</td></tr></table>"
    said = (
        f"<p>{h}</p><p>{t}</p>" for h, t in (("一、总体情况", "平稳。"), (HEADING, table), (LAST, "没有。"))
    )
    return html_document(
        "页.html", f"<style>{style}</style><p>青石县2024年政府信息公开工作年度报告</p>{''.join(said)}{foot}"
    )  # fmt: skip


LAST = "六、其他需要报告的事项"
PAGES = {
    "what paper alone does not show": {"style": "@media print{table,p{display:none}} td{color:#000}"},
    "what a narrow screen does not show": {"style": "@media (max-width:600px){td{display:none}}"},
    "the entry of a form": {"figure": '<input value="89" readonly><input type="hidden" value="7">'},
    "a copy of no height": {"foot": f'<div style="height:0;overflow:hidden"><p>{ROW} 7</p></div>'},
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_as_a_screen_shows_it(kind):
    read = extract(whole_page(**PAGES[kind]))
    assert (figure(read), read.filing.texts["s6"]) == (Decimal(89), "没有。")


def test_what_a_page_has_below_the_date_is_no_text_of_the_report():
    foot = "<p>青石县水利局</p><p>2025年1月20日</p><p>扫一扫手机查看</p><p>主办：青石县 备案12号</p>"
    read = extract(whole_page(foot=foot))
    assert {n: read.filing.texts[n] for n in ("s6", "sign", "date")} == {
        "s6": "没有。", "sign": "青石县水利局", "date": "2025年1月20日",
    }  # fmt: skip
    assert [one.text for one in read.left] == ["扫一扫手机查看", "主办：青石县 备案12号"]


@pytest.mark.parametrize("parted", ["。", "　　", "："])
def test_a_heading_whose_text_runs_on_behind_it(parted):
    read = paragraphs(f"一、总体情况{parted}全年平稳。", HEADING, f"{ROW}\t89", f"{LAST}{parted}无。")
    assert (read.filing.texts["s1"], read.filing.texts["s6"], figure(read)) == ("全年平稳。", "无。", 89)


def test_a_section_without_its_heading_is_found_by_its_meaning_and_told():
    said = ("全年主动公开信息5条。", "存在的问题是人手不足。", "还要改进。", "本年度没有收取信息处理费。")
    read = paragraphs(
        "根据条例编制本报告。", said[0], HEADING, f"{ROW}\t89", *said[1:], "无其他需要报告的事项。"
    )
    assert read.filing.texts == {
        "preface": "根据条例编制本报告。", "s1": said[0], "s5": "\n".join(said[1:3]),
        "s6": f"{said[3]}\n无其他需要报告的事项。",
    }  # fmt: skip
    assert [d.kind for d in read.doubts] == ["meaning"] * 3


def test_bars_drawn_as_boxes():
    read = paragraphs(HEADING, "┌────┬────┐", f"│{ROW}│89│", "├────┼────┤", "│行政处罚│5│", "└────┴────┘")
    assert (figure(read), read.filing.values["t2.penalty.decisions"], read.left) == (89, 5, ())


def test_a_formula_without_a_result_is_listed_and_a_sheet_may_name_the_unit(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "青石县水利局2024年"
    for row in ((HEADING,), (ROW, "=40+49"), ("行政处罚", 5)):
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    read = importing.read_report(tmp_path / "表.xlsx")
    assert (figure(read), read.filing.values["t2.penalty.decisions"]) == (None, 5)
    assert (read.filing.unit, read.filing.year) == ("青石县水利局", 2024)
    assert sorted(d.kind for d in read.doubts) == ["named", "named", "words"]


def test_the_head_and_foot_of_printed_pages_are_no_text():
    """The organ in the title and under the text stands at two heights and is of the report."""
    organ = "青石县人民政府"
    pages = [
        [(f"{organ}公报 {n}/3", 800), (organ, 700 if n == 1 else 90), ("0 0 0", 60), (f"正文{n}", 50)]
        for n in (1, 2, 3)
    ]
    pages[1][1] = ("正文", 90)
    printed = [[PrintedLine(Line(said, ""), y) for said, y in page] for page in pages]
    left = [line.text for line in without_heads(printed)]
    assert left == [organ, "0 0 0", "正文1", "正文", "0 0 0", "正文2", organ, "0 0 0", "正文3"]


def test_a_page_number_alone_on_its_line_is_no_figure_of_the_last_row():
    pages = [[("规章 0 0 0", 60), ("0", 50), (str(n + 3), 40)] for n in (1, 2, 3)]
    printed = [[PrintedLine(Line(said, ""), y) for said, y in page] for page in pages]
    assert [line.text for line in without_heads(printed)] == ["规章 0 0 0", "0"] * 3


def test_columns_that_go_on_in_another_page_are_listed_and_no_text():
    """A sheet printed over pages side by side: labels on one, their figures on another."""
    rows = f"{HEADING}\n{ROW}\n六、其他需要报告的事项\n没有。\n89\n7 8"
    read = extract(text_document("报告.txt", f"一、总体情况\n好。\n{rows}"))
    assert (FIELD in read.missing, [one.text for one in read.left]) == (True, ["89", "7 8"])
    assert read.filing.texts["s6"] == "没有。"


FOREIGN = [("2022年", "2023年", "2024年"), ("一季度", "二季度", "三季度"), ("甲镇", "乙镇", "丙镇")]


@pytest.mark.parametrize("heads", FOREIGN)
def test_columns_headed_by_years_or_places_are_no_fields(heads):
    rows = [("信息内容", *heads), ("规章", 5, 6, 7)]
    cells = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<p>{HEADING}</p><table>{''.join(cells)}</table>"
    try:
        read = extract(html_document("页.html", page))
    except Refused:
        assert heads is FOREIGN[0]
        return
    assert (read.filing.values["t2.rules.made"], [d.kind for d in read.doubts]) == (None, ["columns"])


@pytest.mark.parametrize("heads", FOREIGN[1:])
@pytest.mark.parametrize("parted", [" ", "    ", "\t", " | "])
@pytest.mark.parametrize("row", [("规章", 5, 6, 7), ("行政规范性文件", 5, 6, 7)])
def test_columns_of_lines_headed_by_quarters_or_places_are_no_fields(heads, parted, row):
    """Also below a row that has none."""
    lines = ("信息内容", *heads), ("规章",), row
    read = paragraphs(HEADING, *(parted.join(map(str, line)) for line in lines))
    filled = [name for name, value in read.filing.values.items() if value is not None]
    assert (filled, [d.kind for d in read.doubts]) == ([], ["columns"])


def test_years_that_stand_apart_above_a_table_in_lines_are_refused():
    text = f"一、总体情况\n好。\n{HEADING}\n信息内容 2022年 2023年 2024年\n规章 5 6 7"
    with pytest.raises(Refused, match="2022年 2023年 2024年"):
        extract(text_document("报告.txt", text))


# ---------------------------------------------------------------- other formats
def test_an_old_document_is_told_how_to_be_saved_where_there_is_no_converter(tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "converter", lambda: None)
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(Refused, match="LibreOffice"):
        read_document(tmp_path / "旧.doc")


OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PARTS = {
    "OFD.xml": "<ofd:OFD {0}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
    "D/Document.xml": "<ofd:Document {0}><ofd:CommonData><ofd:TemplatePage ID='2' BaseLoc='T.xml'/>"
    "</ofd:CommonData><ofd:Pages><ofd:Page BaseLoc='P.xml'/></ofd:Pages></ofd:Document>",
    "D/T.xml": "<ofd:Page {0}><ofd:Content><ofd:Layer>{1}</ofd:Layer></ofd:Content></ofd:Page>",
    "D/P.xml": "<ofd:Page {0}><ofd:Template TemplateID='2' ZOrder='Background'/>"
    "<ofd:Content><ofd:Layer>{1}</ofd:Layer></ofd:Content></ofd:Page>",
}
PAGE = (
    (10, 10, "青石县2024年政府信息公开工作年度报告"), (15, 10, "一、总体情况"),
    (20, 10, "说明见网站，欢迎大家查看和监督。"),
    (25, 10, HEADING), (30, 10, "规章"), (30, 60, "1"), (30, 80, "2"), (30, 100, "3"),
)  # fmt: skip


def ofd_object(y, x, word, steps=""):
    steps = steps or f'DeltaX="g {len(word)} 4"'
    return (
        f'<ofd:TextObject Boundary="{x} {y} 90 5" Size="4">'
        f'<ofd:TextCode X="0" Y="4" {steps}>{word}</ofd:TextCode></ofd:TextObject>'
    )


def ofd(path, body, template=""):
    """An OFD of one page, maybe laid over a template."""
    with zipfile.ZipFile(path, "w") as packed:
        for part, said in PARTS.items():
            packed.writestr(part, said.format(OFD, template if part == "D/T.xml" else body))
    return importing.read_report(path)


def test_an_ofd_is_read_by_where_its_signs_stand_and_listed_as_doubtful(tmp_path):
    read = ofd(tmp_path / "报告.ofd", "".join(ofd_object(*one) for one in PAGE))
    assert [read.filing.values[f"t2.rules.{c}"] for c in ("made", "repealed", "valid")] == [1, 2, 3]
    assert (read.filing.unit, [d.kind for d in read.doubts]) == ("青石县", ["untried"])


def test_an_ofd_over_a_template_with_lines_in_one_object_and_narrow_cells(tmp_path):
    """Labels stand in the template; an object goes on in the next line; figures lie two millimetres apart."""
    title, heading, said, table, label = PAGE[:5]
    template = "".join(ofd_object(*one) for one in (title, heading, table, label))
    down = 'DeltaX="g 7 4 -28 g 7 4" DeltaY="g 7 0 2 g 7 0"'
    cells = ofd_object(30, 60, "1") + ofd_object(30, 63.2, "2") + ofd_object(30, 66.4, "3")
    read = ofd(tmp_path / "报告.ofd", ofd_object(*said, down) + cells, template)
    assert [read.filing.values[f"t2.rules.{c}"] for c in ("made", "repealed", "valid")] == [1, 2, 3]
    assert read.filing.texts["s1"].replace("\n", "") == said[2]


def test_a_figure_belongs_to_the_cell_that_drawn_lines_leave_it(tmp_path):
    lines = "".join(f'<ofd:PathObject Boundary="{x} 28 0.3 12"/>' for x in (8, 50, 70, 90, 110))
    for xs, values in (((60,), (5, None, None)), ((60, 100), (5, None, 5)), ((75, 82), (None, None, None))):
        body = "".join(ofd_object(*one) for one in (*PAGE[:5], *((30, x, "5") for x in xs)))
        read = ofd(tmp_path / f"{xs}.ofd", body + lines)
        assert tuple(read.filing.values[f"t2.rules.{c}"] for c in ("made", "repealed", "valid")) == values
    near = "".join(ofd_object(30, x, n) for x, n in ((67.5, "5"), (70.2, "7"), (92, "9")))
    read = ofd(tmp_path / "近.ofd", "".join(ofd_object(*one) for one in PAGE[:5]) + near + lines)
    assert [read.filing.values[f"t2.rules.{c}"] for c in ("made", "repealed", "valid")] == [5, 7, 9]
