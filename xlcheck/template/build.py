"""Build the locked workbook of an edition: the official tables, and everything that checks itself in them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import a1
from xlcheck.data.styles import styles
from xlcheck.data.workbook import SheetLayout, workbook
from xlcheck.editions import Edition, edition_named, newest_edition
from xlcheck.saving import save
from xlcheck.template import checklist, cover, guide, tables, texts
from xlcheck.template.hidden import HiddenSheet, message, on
from xlcheck.template.hidden_rules import write_lines
from xlcheck.template.hidden_suspect import write_decoder
from xlcheck.template.proportions import table_sheet
from xlcheck.template.styles import begins_with, colour, dxf, plain_font, put, solid, when

BUILT = datetime(2021, 9, 26)  # a fixed date keeps two builds byte-identical
A4 = 9
TEMPLATE = "workbook_template.xlsx"
INCH = 2.54


def build_template(edition: Edition) -> Workbook:
    """The empty workbook of an edition, ready to be filled; two builds are the same to the byte."""
    book = Workbook()
    del book[book.sheetnames[0]]
    set_plain_font(book)
    sheets = {key: book.create_sheet(name) for key, name in edition.form.sheets.items()}
    engine = HiddenSheet(edition, sheets["hidden"])
    cover.write_cover(sheets["cover"], engine)
    for table in edition.form.tables:
        tables.write_official_table(sheets[table], table, engine)
    texts.write_texts(sheets["text"], engine)
    checklist.write_checklist(sheets["check"], engine)
    guide.write_guide(sheets["guide"], engine)
    engine.write()
    write_lines(engine)
    write_decoder(engine)
    fixed = workbook().sheets._asdict()
    for key, sheet in sheets.items():
        _finish(sheet, fixed.get(key) or table_sheet(edition.form, key), engine)
    _names(book, edition)
    _close(book)
    return book


def set_plain_font(book: Workbook) -> None:
    """The font of a cell without a style of its own: Excel measures the width of columns by it."""
    font = plain_font()
    parts: Any = book  # of which openpyxl says nothing
    parts._fonts = IndexedList([font])
    parts._named_styles["Normal"].font = font


def build_all(folder: Path, *, over: bool = True) -> list[Path]:
    """Write the top-level template, the newest edition's form; every data file is checked first."""
    from xlcheck.data.checking import check_all

    check_all()
    for name in data.editions():
        edition_named(name)
    path = folder / TEMPLATE
    save(build_template(newest_edition()), path, over=over)
    return [path]


def _finish(sheet: Worksheet, layout: SheetLayout, engine: HiddenSheet) -> None:
    set_widths(sheet, layout)
    sheet.sheet_view.showGridLines = False
    wide, smaller = workbook().head.wide, workbook().head.smaller
    sheet.sheet_view.zoomScale = layout.zoom or (smaller if sum(layout.widths) > wide else None)
    if sheet is engine.sheet:
        sheet.sheet_state = "hidden"
    else:
        _frame(sheet, layout, engine)
        sheet.sheet_properties.tabColor = colour(layout.tab)
        sheet.freeze_panes = layout.freeze or workbook().head.below
        _open_at(sheet)
        _page(sheet, layout)
    guard(sheet)


def _open_at(sheet: Worksheet) -> None:
    """Open a sheet at the first cell to be filled in."""
    cells = (cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked)
    first = next((cell.coordinate for cell in cells if cell.row and isinstance(cell, Cell)), None)
    for selection in sheet.sheet_view.selection if first else ():
        selection.activeCell = selection.sqref = first


def set_widths(sheet: Worksheet, layout: SheetLayout) -> None:
    for n, width in enumerate(layout.widths, 1):
        sheet.column_dimensions[a1(1, n)[:-1]].width = width


def guard(sheet: Worksheet) -> None:
    """Lock the sheet; rows and columns may still be dragged, locked cells may be selected."""
    sheet.protection.password = styles().password
    sheet.protection.sheet = True
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    sheet.protection.objects = True
    sheet.protection.scenarios = True


def _frame(sheet: Worksheet, layout: SheetLayout, engine: HiddenSheet) -> None:
    """Row 1, the same on every sheet: sign, banner that leads to the list, the neighbours; and the code."""
    head, words, at = workbook().head, workbook().words, engine.at.cell
    row = sheet[head.sign].row
    sheet.row_dimensions[row].height = head.height
    put(sheet, head.sign, "=" + engine.meta(at.sign), "chip")
    last = len(layout.widths)
    for column in range(sheet[head.banner].column, last + 1):
        put(sheet, a1(row, column), None, "banner")
    there = f"#'{engine.form.sheets['check']}'!{head.to}"
    put(sheet, layout.banner, f'=HYPERLINK("{there}",{engine.meta(at.banner)})', "banner")
    names = [name for key, name in engine.form.sheets.items() if key != "hidden"]
    here = names.index(sheet.title)
    links = ((here - 1, layout.back, words.back), (here + 1, layout.onward, words.onward))
    for n, where, text in links:
        if 0 <= n < len(names):
            link = f"#'{names[n]}'!{head.to}"
            put(sheet, where, f'=HYPERLINK("{link}","{text.format(sheet=names[n])}")', "nav")
    _signs(sheet, layout, a1(row, last))
    code = engine.meta(at.code)
    put(sheet, layout.code, f'=IF(LEN({code})>0,{message(words.code, {}, engine.named)},"")', "hint_right")


def _signs(sheet: Worksheet, layout: SheetLayout, last: str) -> None:
    """Colour row 1 by the sign that stands first; the links keep their own colour on any banner."""
    head, nav = workbook().head, layout.back.partition(":")[0]
    before = sheet[nav].offset(column=-1).coordinate
    for sign in styles().sign:
        test = begins_with(head.signed, sign.sign)
        when(sheet, head.sign, dxf("white", bold=True, fill=sign.chip), test)
        when(sheet, f"{head.banner}:{before}", dxf(sign.colour, fill=sign.fill), test)
        when(sheet, f"{nav}:{last}", DifferentialStyle(fill=solid(sign.fill)), test)


def _page(sheet: Worksheet, layout: SheetLayout) -> None:
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if layout.landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, layout.pages
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 1.5 / INCH
    margins.top, margins.bottom, margins.footer = (high / INCH for high in layout.margins)
    sheet.print_options.horizontalCentered = True
    number = _HeaderFooterPart(text=workbook().words.page_number, size=9)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=number)


def _names(book: Workbook, edition: Edition) -> None:
    """One defined name a field, for other programs: t3_new_natural."""
    for name, place in edition.form.names.items():
        book.defined_names[name] = DefinedName(name, attr_text=on(*place))


def _close(book: Workbook) -> None:
    book.security = WorkbookProtection(lockStructure=True)
    book.calculation.fullCalcOnLoad = True
    book.properties.creator = book.properties.lastModifiedBy = "xlcheck"
    book.properties.created = book.properties.modified = BUILT
    book.properties.title = workbook().words.title
