"""What is invented, dropped or missed of reports that disguise their figures, and of what is no report.

python benchmarks/disguises.py [--reports 2000] [--others 1000] [--first 0] [--keep DIRECTORY] [--office]

--office adds what only other programs write: PDF printed by Chromium, .ods saved by LibreOffice.
"""

import argparse
import html
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

HERE = Path(__file__).parents[1]
sys.path[:0] = [str(HERE), str(HERE / "tests")]

import openpyxl  # noqa: E402
from openpyxl.cell.rich_text import CellRichText, TextBlock  # noqa: E402
from openpyxl.cell.text import InlineFont  # noqa: E402
from tables import filing  # noqa: E402  # beside the tests

from xlcheck import importing  # noqa: E402
from xlcheck.core.filing import Filing, entry_text  # noqa: E402
from xlcheck.editions import Refused, edition_named  # noqa: E402
from xlcheck.importing.document import Imported  # noqa: E402
from xlcheck.importing.normal_text import normal  # noqa: E402

EDITIONS = ("2019", "2021")
PROSE = (
    "全年召开会议{n}次，研究政务公开工作。", "组织培训{n}期，参加人员{m}人次。", "门户网站更新栏目{n}个。",
    "指定专人负责，做到按时公开、按时更新。", "开展自查{n}次，整改问题{m}个。", "答复群众来信{n}件。",
)  # fmt: skip
PAGES = ("第 3 页 共 9 页", "—3—", "表3")  # may go without a word
NOISE = (
    "共 3 页",
    "表3",
    "附1",
    "2024年在册12人",
    "第 3 页 共 9 页",
    "填表人：张三 电话 88",
    "3、下一步",
    "—3—",
)


class Cell(NamedTuple):
    """A cell of a table as printed: its text, its spans, and what is written in it that nobody reads."""

    text: str
    rows: int = 1
    cols: int = 1
    figure: bool = False
    kind: str = ""
    decoy: str = ""


class Table(NamedTuple):
    rows: list[list[Cell]]


class Paragraph(NamedTuple):
    text: str
    kind: str = ""
    decoy: str = ""


Block = Paragraph | Table


# ---------------------------------------------------------------- a report and its disguises
def prose(rng: Random, count: int) -> Iterator[str]:
    for said in rng.sample(PROSE, count):
        yield said.format(n=rng.randint(1, 90), m=rng.randint(100, 999))


def blocks(filed: Filing, rng: Random, kinds: tuple[str, ...]) -> list[Block]:
    """Title, sections and tables in their order; some cells and paragraphs disguised."""
    form = edition_named(filed.edition).form
    title = f"{filed.unit}{entry_text(filed.year)}年政府信息公开工作年度报告"
    out: list[Block] = [Paragraph(title), Paragraph(f"根据《条例》编制本报告，编号{rng.randint(1, 9)}。")]
    for number, (section, heading) in enumerate(form.sections.items()):
        out += _heading(heading, number, rng)
        if section not in form.tables:
            out += [_disguised(Paragraph(said), rng, kinds) for said in prose(rng, rng.randint(2, 4))]
            continue
        if rng.random() < 0.2:
            out.append(Paragraph(next(prose(rng, 1))))
        out.append(Table(_rows(filed, section, rng, kinds)))
        if rng.random() < 0.4:
            out.append(Paragraph(rng.choice(NOISE)))
    return [*out, Paragraph(f"{filed.unit}"), Paragraph(f"{int(filed.year) + 1}年1月20日")]


def _heading(heading: str, number: int, rng: Random) -> list[Block]:
    """A heading with its number, without, with another, with a stray sign, or in a table's cell."""
    bare = heading.partition("、")[2]
    match rng.randrange(12):
        case 0:
            return [Paragraph(bare)]
        case 1:
            return [Paragraph(f"{'一二三四五六七八'[(number + rng.randint(0, 1)) % 8]}、{bare}")]
        case 2:
            return [Paragraph(f"{heading}{rng.choice('、：.l')}")]
        case 3:
            return [Table([[Cell(heading)]])]
        case 4:
            return [
                Paragraph(
                    heading.translate(
                        str.maketrans("总况动开处请复议诉讼问题报项", "總況動開處請復議訴訟問題報項")
                    )
                )
            ]
        case _:
            return [Paragraph(heading)]


def _rows(filed: Filing, table: str, rng: Random, kinds: tuple[str, ...]) -> list[list[Cell]]:
    form, rows = edition_named(filed.edition).form, {}
    for cell in sorted(form.tables[table], key=lambda c: (c.row, c.col)):
        said = entry_text(filed.values[cell.field]) if cell.field else cell.text
        one = Cell(said, cell.rows, cell.cols, bool(cell.field))
        if cell.field and rng.random() < 0.06:
            one = _disguised(one, rng, kinds)
        rows.setdefault(cell.row, []).append(one)
    return list(rows.values())


def _disguised(one, rng: Random, kinds: tuple[str, ...]):
    if not kinds or (isinstance(one, Paragraph) and rng.random() > 0.15):
        return one
    return one._replace(kind=rng.choice(kinds), decoy=str(rng.randint(1, 98)))


# ---------------------------------------------------------------- Word
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUN = {
    "strike": "<w:strike/>", "dstrike": '<w:dstrike w:val="1"/>', "hidden": "<w:vanish/>",
    "white": '<w:color w:val="FFFFFF"/>', "super": '<w:vertAlign w:val="superscript"/>',
    "sub": '<w:vertAlign w:val="subscript"/>', "nearly": '<w:color w:val="FEFEFE"/>',
    "style": '<w:rStyle w:val="Gone"/>', "tiny": '<w:sz w:val="2"/>',
}  # fmt: skip
STYLES = f"""<w:styles {W}><w:style w:type="character" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Gone"><w:basedOn w:val="Struck"/></w:style></w:styles>"""
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
DOCX = (*RUN, "formula", "deleted", "moved", "field", "footnote", "ruby", "split", "rotated", "nested")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def word_runs(text: str, kind: str, decoy: str) -> str:
    """A text with its disguise, before or behind it."""
    match kind:
        case "deleted" | "moved":
            tag = "w:del" if kind == "deleted" else "w:moveFrom"
            return f'<{tag} w:id="1"><w:r><w:delText>{decoy}</w:delText></w:r></{tag}>' + run(text)
        case "field":
            return f"{run(text)}<w:r><w:instrText> PAGE {decoy} </w:instrText></w:r>"
        case "footnote":
            return f'{run(text)}<w:r><w:footnoteReference w:id="{decoy}"/></w:r>'
        case "ruby":
            return (
                f"<w:r><w:ruby><w:rt>{run(decoy)}</w:rt><w:rubyBase>{run(text)}</w:rubyBase></w:ruby></w:r>"
            )
        case "split":
            return "".join(map(run, text))
        case "super" | "sub":
            return run(text) + run(decoy, RUN[kind])
        case "formula" if text:
            return f"<m:oMath {M}><m:r><m:t>{html.escape(text)}</m:t></m:r></m:oMath>"
        case _ if kind in RUN:
            return run(decoy, RUN[kind]) + run(text)
        case _:
            return run(text)


def word_cell(cell: Cell, merge: str = "") -> str:
    p = f"<w:p>{word_runs(cell.text, cell.kind, cell.decoy)}</w:p>"
    if cell.kind == "nested":
        p = f"<w:tbl><w:tr><w:tc>{p}</w:tc></w:tr></w:tbl><w:p/>"
    turned = '<w:textDirection w:val="btLr"/>' if cell.kind == "rotated" else ""
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{cell.cols}"/>{merge}{turned}</w:tcPr>{p}</w:tc>'


def word_table(table: Table) -> str:
    """Rows of cells; a cell of several rows goes on downward in empty ones."""
    rows, below = [], {}
    for cells in table.rows:
        out, at, left = [], 0, list(cells)
        while left or at in below:
            if at in below:
                cell, more = below.pop(at)
                out.append((at, word_cell(Cell("", 1, cell.cols), "<w:vMerge/>"), cell, more))
                at += cell.cols
                continue
            cell = left.pop(0)
            merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            out.append((at, word_cell(cell, merge), cell, cell.rows))
            at += cell.cols
        below = {at: (cell, more - 1) for at, _, cell, more in out if more > 1}
        rows.append("<w:tr>" + "".join(said for _, said, _, _ in out) + "</w:tr>")
    return "<w:tbl>" + "".join(rows) + "</w:tbl>"


def docx(parts: list[Block], path: Path, rng: Random) -> None:
    body = "".join(
        word_table(b) if isinstance(b, Table) else f"<w:p>{word_runs(b.text, b.kind, b.decoy)}</w:p>"
        for b in parts
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        packed.writestr("word/styles.xml", STYLES)
        packed.writestr("word/header1.xml", f"<w:hdr {W}><w:p>{run('内部资料 88')}</w:p></w:hdr>")


# ---------------------------------------------------------------- web pages
HTML = {
    "strike": "<s>{d}</s>{t}", "del": "<del>{d}</del>{t}", "css": '<span class="old">{d}</span>{t}',
    "within": '<b class="x"><i class="old">{d}</i></b>{t}',
    "hidden": '<span style="display:none">{d}</span>{t}',
    "invisible": '{t}<span style="visibility: hidden">{d}</span>', "attribute": "{t}<span hidden>{d}</span>",
    "white": '{t}<font color="#FFFFFF">{d}</font>', "clear": '{t}<span style="opacity:0">{d}</span>',
    "super": "{t}<sup>{d}</sup>", "footnote": '{t}<sup><a href="#f">[{d}]</a></sup>',
    "sub": "{t}<sub>{d}</sub>", "nearly": '{t}<span style="color:#fdfdfd">{d}</span>',
    "scale": '<i style="display:inline-block;transform:scale(0)">{d}</i>{t}',
    "named": '{t}<span class="paper">{d}</span>', "written": '<b class="w" data-n="{t}"></b>',
    "ruby": "<ruby>{t}<rt>{d}</rt></ruby>", "split": "<span>{a}</span><font>{b}</font>",
    "rotated": '<span style="writing-mode:vertical-rl">{t}</span>',
    "nested": "<table><tr><td>{t}</td></tr></table>", "comment": "<!-- {d} -->{t}",
    "script": "<script>var n={d};</script>{t}",
    "away": '{t}<i style="position:absolute;left:-9999px">{d}</i>',
}  # fmt: skip


def page(parts: list[Block], path: Path, rng: Random) -> None:
    style = ".old{text-decoration: line-through} .x i{color:red} :root{--p:#fff} .paper{color:var(--p)}"
    out = [f"<style>{style} .w::before{{content:attr(data-n)}}</style>"]
    for block in parts:
        if isinstance(block, Paragraph):
            out.append(f"<p>{web_text(block)}</p>")
            continue
        out.append("<table border=1>")
        for row in block.rows:
            cells = (f"<td rowspan={c.rows} colspan={c.cols}>{web_text(c)}</td>" for c in row)
            out.append("<tr>" + "".join(cells) + "</tr>")
        out.append("</table>")
    path.write_text(f"<html><meta charset=utf-8><body>{''.join(out)}</body></html>", encoding="utf-8")


def web_text(one: Cell | Paragraph) -> str:
    text = html.escape(one.text)
    if not one.kind:
        return text
    return HTML[one.kind].format(t=text, d=one.decoy, a=text[:1], b=text[1:])


# ---------------------------------------------------------------- workbooks
XLSX = (
    "strike",
    "super",
    "sub",
    "nearly",
    "white",
    "split",
    "strike_cell",
    "hidden_row",
    "hidden_column",
    "rotated",
)


def workbook(parts: list[Block], path: Path, rng: Random) -> None:
    book = openpyxl.Workbook()
    sheet, row = book.active, 1
    for block in parts:
        if isinstance(block, Paragraph):
            put(sheet, row, 2, block)
            row += 1
            continue
        taken: set[tuple[int, int]] = set()
        for cells in block.rows:
            at = 2
            for cell in cells:
                while (row, at) in taken:
                    at += 1
                put(sheet, row, at, cell)
                area = {(row + r, at + c) for r in range(cell.rows) for c in range(cell.cols)}
                taken |= area
                if len(area) > 1:
                    sheet.merge_cells(None, row, at, row + cell.rows - 1, at + cell.cols - 1)
                at += cell.cols
            row += 1
    sheet.column_dimensions["A"].hidden = True
    sheet["A9"], sheet["A30"] = 88, 77
    book.create_sheet("旧")["A1"] = "规章"
    book["旧"]["B1"] = 88
    book["旧"].sheet_state = "hidden"
    book.save(path)


def put(sheet, row: int, column: int, one: Cell | Paragraph) -> None:
    place = sheet.cell(row, column)
    plain, decoy = TextBlock(InlineFont(), one.text), one.decoy
    match one.kind:
        case "strike":
            place.value = CellRichText(TextBlock(InlineFont(strike=True), decoy), plain)
        case "sub":
            place.value = CellRichText(plain, TextBlock(InlineFont(vertAlign="subscript"), decoy))
        case "nearly":
            place.value = CellRichText(plain, TextBlock(InlineFont(color="FFFDFDFD"), decoy))
        case "super":
            place.value = CellRichText(plain, TextBlock(InlineFont(vertAlign="superscript"), decoy))
        case "white":
            place.value = CellRichText(plain, TextBlock(InlineFont(color="FFFFFFFF"), decoy))
        case "split" if len(one.text) > 1:
            place.value = CellRichText(
                TextBlock(InlineFont(b=True), one.text[:1]), TextBlock(InlineFont(i=True), one.text[1:])
            )
        case _:
            number = isinstance(one, Cell) and one.figure and one.text.lstrip("-").isdigit()
            place.value = int(one.text) if number else one.text
    if one.kind == "rotated":
        place.alignment = openpyxl.styles.Alignment(text_rotation=90)


# ---------------------------------------------------------------- texts
TEXT = {
    "strike": "~~{d}~~{t}",
    "del": "<del>{d}</del>{t}",
    "super": "{t}①",
    "footnote": "{t}[^{d}]",
    "sup": "{t}<sup>{d}</sup>",
}


def plain(parts: list[Block], path: Path, rng: Random) -> None:
    cell, end = rng.choice((("\t", ""), (" | ", " |"), ("\n", ""), (" |\n", " |")))
    lines = []
    for block in parts:
        rows = [[block]] if isinstance(block, Paragraph) else block.rows
        for row in rows:
            said = [TEXT[c.kind].format(t=c.text, d=c.decoy) if c.kind else c.text for c in row]
            lines.append(cell.join(said) + (end if isinstance(block, Table) else ""))
    path.write_text("\n".join(lines), encoding="utf-8")


# ---------------------------------------------------------------- what other programs make of them
MHTML = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
    "--b\nContent-Type: text/html\n\n{}\n--b--\n"
)
SEEN_ALIKE = ("comment", "script", "away", "nested", "ruby", "rotated")  # on paper no disguise, or another


def archive(parts: list[Block], path: Path, rng: Random) -> None:
    page(parts, path, rng)
    path.write_text(MHTML.format(path.read_text(encoding="utf-8")), encoding="utf-8")


def printed(parts: list[Block], path: Path, rng: Random) -> None:
    source = path.with_suffix(".html")
    page(parts, source, rng)
    style = "<style>td{border:1px solid} table{border-collapse:collapse; font-size:9pt}</style>"
    source.write_text(style + source.read_text(encoding="utf-8"), encoding="utf-8")
    switches = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    profile = f"--user-data-dir={path.parent / 'profile'}"
    run_quietly("chromium", *switches, profile, f"--print-to-pdf={path}", source.as_uri())
    source.unlink()


def open_sheet(parts: list[Block], path: Path, rng: Random) -> None:
    source = path.with_suffix(".xlsx")
    workbook(parts, source, rng)
    profile = f"-env:UserInstallation={(path.parent / 'office').as_uri()}"
    run_quietly(
        "soffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(path.parent), str(source)
    )
    source.unlink()


def run_quietly(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=120)


Writer = Callable[[list[Block], Path, Random], None]
FORMATS: dict[str, tuple[Writer, tuple[str, ...]]] = {
    "docx": (docx, DOCX), "html": (page, tuple(HTML)), "xlsx": (workbook, XLSX), "txt": (plain, tuple(TEXT)),
    "mhtml": (archive, tuple(HTML)),
}  # fmt: skip
OFFICE: dict[str, tuple[Writer, tuple[str, ...]]] = {
    "pdf": (printed, tuple(kind for kind in HTML if kind not in SEEN_ALIKE)), "ods": (open_sheet, XLSX),
}  # fmt: skip


# ---------------------------------------------------------------- what is no report
def others(rng: Random) -> tuple[str, list[Block]]:
    """A document that holds our labels: of which kind, and its blocks."""
    kind = rng.choice(
        ("comparison", "two years", "two reports", "summary", "template", "law", "list", "notice")
    )
    name = rng.choice(EDITIONS)
    form = edition_named(name).form
    one, two = filing(form, rng), filing(form, rng)
    two = two._replace(unit="另一镇人民政府", year=one.year + 1)
    labels = [f.row.label for f in form.fields.values() if f.row.label][::7]
    match kind:
        case "comparison":
            rows = [
                [Cell(c.text, 1, c.cols) if not c.figure else c for c in row]
                for row in _rows(one, "t3", rng, ())
            ]
            rows = [[Cell("项目"), Cell("2023年"), Cell("2024年")]] + [
                [Cell(label), Cell(str(rng.randint(0, 50))), Cell(str(rng.randint(0, 50)))]
                for label in labels
            ]
            return kind, [Paragraph("申请办理情况"), Table(rows)]
        case "two years" | "two reports":
            second = two if kind == "two reports" else two._replace(unit=one.unit)
            return kind, [*blocks(one, rng, ()), *blocks(second, rng, ())]
        case "summary":
            head = [Cell("单位"), *(Cell(label) for label in labels[:6])]
            rows = [
                [Cell(f"第{n}镇"), *(Cell(str(rng.randint(0, 50))) for _ in labels[:6])] for n in range(9)
            ]
            return kind, [Paragraph("某县各单位申请办理情况"), Table([head, *rows])]
        case "template":
            blank = one._replace(values=dict.fromkeys(one.values))
            return kind, blocks(blank, rng, ())[2:-2]
        case "law":
            said = [
                f"第{n}条　{label}应当在{rng.randint(5, 30)}个工作日内办理。"
                for n, label in enumerate(labels, 20)
            ]
            return kind, [Paragraph("政府信息公开条例"), *map(Paragraph, said)]
        case "list":
            rows = [
                [Cell(f"{label}"), Cell(str(rng.randint(1, 90)))]
                for label in ("行政许可", "行政处罚", "行政强制", "规章")
            ]
            rows += [[Cell("行政许可事项"), Cell("35")], [Cell("规章制度"), Cell("12")]]
            return kind, [Paragraph("权责清单"), Table(rows)]
        case _:
            rows = [
                [Cell("位置"), Cell("问题")],
                *([Cell(label), Cell(f"填 {rng.randint(1, 9)}，请核对")] for label in labels),
            ]
            return kind, [
                Paragraph(f"关于退回《{one.unit}2024年政府信息公开工作年度报告》的通知"),
                Table(rows),
            ]


# ---------------------------------------------------------------- the measure
class Score(NamedTuple):
    visible: int
    right: int
    invented: list[str]
    dropped: list[str]
    left: int
    paragraphs: int


def score(read: Imported, filed: Filing, parts: list[Block]) -> Score:
    invented = [
        f"{n}={v} for {filed.values[n]}" for n, v in read.filing.values.items()
        if v is not None and v != filed.values[n]
    ]  # fmt: skip
    visible = [n for n, v in filed.values.items() if v is not None]
    right = sum(read.filing.values[n] == filed.values[n] for n in visible)
    kept = normal(
        "".join((*read.filing.texts.values(), str(read.filing.unit), *(one.text for one in read.left)))
    )
    said = [b.text for b in parts if isinstance(b, Paragraph)]
    headings = [normal(h.partition("、")[2]) for h in edition_named(filed.edition).form.sections.values()]
    passed = {said[0], *(p for p in said if any(h in normal(p) for h in headings)), *PAGES}
    dropped = [p for p in said if p not in passed and normal(p) not in kept]
    left = [one for one in read.left if one.text not in NOISE]
    return Score(len(visible), right, invented, dropped, len(left), len(said))


def reports(count: int, first: int, folder: Path, keep: Path | None) -> None:
    total: Counter[str] = Counter()
    by: dict[str, Counter[str]] = {}
    for n in range(first, first + count):
        rng = Random(n)
        kind, (write, kinds) = list(FORMATS.items())[n % len(FORMATS)]
        filed = filing(edition_named(rng.choice(EDITIONS)).form, rng)
        blank = (
            {name for name in filed.values if rng.random() < 0.02} if n % 3 == 0 and kind != "txt" else set()
        )
        filed = filed._replace(values={k: None if k in blank else v for k, v in filed.values.items()})
        parts = blocks(filed, rng, kinds)
        path = folder / f"r{n}.{kind}"
        write(parts, path, rng)
        mine = by.setdefault(kind, Counter())
        try:
            got = score(importing.read_report(path), filed, parts)
        except Refused as refused:
            print(f"{path.name}: refused: {refused}")
            got = Score(len(filed.values), 0, [], [], 0, 1)
            mine["refused"] += 1
        for what in got.invented[:3]:
            print(f"{path.name}: invented {what}")
        for what in got.dropped[:3]:
            print(f"{path.name}: dropped {what}")
        if keep and (got.invented or got.dropped or got.right < got.visible):
            (keep / path.name).write_bytes(path.read_bytes())
        mine.update(
            documents=1, visible=got.visible, right=got.right, invented=len(got.invented),
            dropped=len(got.dropped), left=got.left, paragraphs=got.paragraphs,
            above_5_percent=got.left > 0.05 * got.paragraphs,
        )  # fmt: skip
        path.unlink()
    for kind, mine in by.items():
        total.update(mine)
        print(kind, dict(mine), f"read {mine['right'] / mine['visible']:.4%}")
    print("all", dict(total), f"read {total['right'] / max(1, total['visible']):.4%}")


def not_reports(count: int, first: int, folder: Path, keep: Path | None) -> None:
    found: dict[str, Counter[str]] = {}
    for n in range(first, first + count):
        rng = Random(f"other {n}")
        kind, parts = others(rng)
        suffix, (write, _) = list(FORMATS.items())[n % len(FORMATS)]
        path = folder / f"o{n}.{suffix}"
        write(parts, path, rng)
        mine = found.setdefault(kind, Counter())
        mine["documents"] += 1
        try:
            filled = {k: v for k, v in importing.read_report(path).filing.values.items() if v is not None}
            mine["invented"] += bool(filled)
            if filled:
                print(f"{path.name} ({kind}): {len(filled)} figures, {list(filled.items())[:2]}")
                if keep:
                    (keep / path.name).write_bytes(path.read_bytes())
        except Refused:
            mine["refused"] += 1
        path.unlink()
    for kind, mine in sorted(found.items()):
        print(kind, dict(mine))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--others", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--office", action="store_true")
    asked = parser.parse_args()
    if asked.office:
        FORMATS = OFFICE
    if asked.office and not (shutil.which("chromium") and shutil.which("soffice")):
        sys.exit("NOT MEASURED: Chromium and LibreOffice are needed")
    with tempfile.TemporaryDirectory() as scratch:
        reports(asked.reports, asked.first, Path(scratch), asked.keep)
        not_reports(asked.others, asked.first, Path(scratch), asked.keep)
