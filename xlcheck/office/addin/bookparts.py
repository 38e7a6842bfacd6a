"""The parts of a small workbook with a ribbon and macros, as text: just what Excel needs to open one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from xlcheck.core.grid import a1

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
OPEN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
KINDS = {".xlam": "addin.macroEnabled", ".xlsm": "sheet.macroEnabled"}
USUAL = {  # what a part is, by the end of its name
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "bin": "application/vnd.ms-office.vbaProject",
}
STYLES = (
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)


class GuideSheet(NamedTuple):
    """A sheet of words: its name, its rows of up to two cells, and whether a person sees it."""

    name: str
    rows: Sequence[tuple[str, ...]]
    seen: bool = True


def parts(kind: str, sheets: Sequence[GuideSheet], ribbon: str) -> dict[str, str]:
    """Every part but the VBA project, in the order they are packed."""
    pages = {f"worksheets/sheet{n}.xml": _page(n, sheet) for n, sheet in enumerate(sheets, 1)}
    types = {"workbook.xml": f"application/vnd.ms-excel.{KINDS[kind]}.main", "styles.xml": f"{OPEN}.styles"}
    types |= dict.fromkeys(pages, f"{OPEN}.worksheet")
    # the relation of 2006, not of customUI14: Excel reads it since 2007, and so does WPS
    top = [
        (f"{REL}/officeDocument", "xl/workbook.xml"),
        (f"{MICROSOFT}/ui/extensibility", "customUI/customUI.xml"),
    ]
    inside = [(f"{REL}/worksheet", name) for name in pages]
    inside += [(f"{REL}/styles", "styles.xml"), (f"{MICROSOFT}/vbaProject", "vbaProject.bin")]
    return {
        "[Content_Types].xml": _types(types),
        "_rels/.rels": _relations(top),
        "customUI/customUI.xml": ribbon,
        "xl/workbook.xml": _book(sheets, hidden=kind == ".xlam"),
        "xl/_rels/workbook.xml.rels": _relations(inside),
        **{f"xl/{name}": page for name, page in pages.items()},
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>',
    }


def _types(parts: Mapping[str, str]) -> str:
    lines = [f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in USUAL.items()]
    lines += [f'<Override PartName="/xl/{name}" ContentType="{kind}+xml"/>' for name, kind in parts.items()]
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>'


def _relations(each: Iterable[tuple[str, str]]) -> str:
    lines = [f'<Relationship Id="rId{n}" Type="{a}" Target="{b}"/>' for n, (a, b) in enumerate(each, 1)]
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _book(sheets: Sequence[GuideSheet], hidden: bool) -> str:
    view = '<bookViews><workbookView visibility="hidden"/></bookViews>' if hidden else ""
    lines = [_line(n, sheet, sheet.seen or hidden) for n, sheet in enumerate(sheets, 1)]
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><fileVersion appName="xl" lastEdited="7"'
        f' lowestEdited="5"/><workbookPr codeName="ThisWorkbook"/>{view}'
        f"<sheets>{''.join(lines)}</sheets></workbook>"
    )


def _line(number: int, sheet: GuideSheet, seen: bool) -> str:
    state = "" if seen else ' state="hidden"'
    return f'<sheet name="{escape(sheet.name)}" sheetId="{number}"{state} r:id="rId{number}"/>'


def _page(number: int, sheet: GuideSheet) -> str:
    rows = "".join(f'<row r="{n}">{_cells(n, row)}</row>' for n, row in enumerate(sheet.rows, 1))
    start = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr codeName="Sheet{number}"/>'
    return f"{start}<sheetData>{rows}</sheetData></worksheet>"


def _cells(number: int, row: tuple[str, ...]) -> str:
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    return "".join(cell.format(a1(number, column), escape(text)) for column, text in enumerate(row, 1))
