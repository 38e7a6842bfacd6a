"""Build the locked workbook of an edition: the official tables, and everything that checks itself in them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import a1
from xlcheck.editions import Edition, newest_edition
from xlcheck.saving import save
from xlcheck.template import checklist, cover, guide, tables, texts
from xlcheck.template.hidden import HiddenSheet, on
from xlcheck.template.hidden_rules import write_lines
from xlcheck.template.hidden_suspect import write_decoder
from xlcheck.template.styles import colour, dxf, put, solid

BUILT = datetime(2021, 9, 26)  # a fixed date keeps two builds byte-identical


def build_template(edition: Edition) -> Workbook:
    """The empty workbook of an edition, ready to be filled; two builds are the same to the byte."""
    book = Workbook()
    del book[book.sheetnames[0]]
    layout = data.toml("workbook")["sheets"]
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
    for key, sheet in sheets.items():
        _finish(sheet, key, layout[key], engine)
    _names(book, edition)
    _close(book)
    return book


def build_all(folder: Path) -> list[Path]:
    """Write the top-level template, the newest edition's form."""
    path = folder / "workbook_template.xlsx"
    save(build_template(newest_edition()), path)
    return [path]


def _finish(sheet: Worksheet, key: str, layout: dict[str, Any], engine: HiddenSheet) -> None:
    for n, width in enumerate(layout["widths"]):
        sheet.column_dimensions[a1(1, n + 1)[:-1]].width = width
    sheet.sheet_view.showGridLines = False
    if key == "hidden":
        sheet.sheet_state = "hidden"
    else:
        _frame(sheet, key, engine)
        sheet.sheet_properties.tabColor = colour(layout["tab"])
        sheet.freeze_panes = layout.get("freeze", "A2")
        _page(sheet, layout)
    guard(sheet)


def guard(sheet: Worksheet) -> None:
    """Lock the sheet; rows and columns may still be dragged, locked cells may be selected."""
    sheet.protection.password = data.toml("look")["password"]
    sheet.protection.sheet = True
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    sheet.protection.objects = True
    sheet.protection.scenarios = True


def _frame(sheet: Worksheet, key: str, engine: HiddenSheet) -> None:
    """Row 1, the same on every sheet: sign, banner that leads to the list, and the way to the neighbours."""
    sheet.row_dimensions[1].height = 27
    layout = data.toml("workbook")["sheets"][key]
    last = len(layout["widths"])
    put(sheet, "A1", "=" + engine.meta("sign"), "chip")
    for column in range(2, last + 1):
        put(sheet, a1(1, column), None, "banner")
    banner = f"=HYPERLINK(\"#'{engine.form.sheets['check']}'!A1\",{engine.meta('banner')})"
    put(sheet, "B1", banner, "banner", a1(1, layout["banner"]))
    names = [name for k, name in engine.form.sheets.items() if k != "hidden"]
    here = list(engine.form.sheets).index(key)
    for n, (step, text) in enumerate(((-1, "← {}"), (1, "{} →"))):
        there = names[here + step] if 0 <= here + step < len(names) else ""
        if there:
            link = f'=HYPERLINK("#\'{there}\'!A1","{text.format(there)}")'
            first, to = layout["nav"][2 * n : 2 * n + 2]
            put(sheet, a1(1, first), link, "nav", a1(1, to))
    _signs(sheet, layout["nav"][0], a1(1, last))


def _signs(sheet: Worksheet, nav: int, last: str) -> None:
    """Colour row 1 by the sign that stands in A1; the links keep their own colour on any banner."""
    for sign, spec in data.toml("look")["sign"].items():
        test = [f'LEFT($A$1,1)="{sign}"']
        chip = dxf({"colour": "white", "bold": True, "fill": spec["chip"]}, filled=True)
        ground = DifferentialStyle(fill=solid(spec["fill"]))
        banner = (f"B1:{a1(1, nav - 1)}", dxf(spec, filled=True))
        for where, style in (("A1", chip), banner, (f"{a1(1, nav)}:{last}", ground)):
            sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=test))


def _page(sheet: Worksheet, layout: dict[str, Any]) -> None:
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if layout.get("landscape") else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, layout.get("pages", 1)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 1.5 / 2.54
    margins.top, margins.bottom, margins.footer = 2.0 / 2.54, 1.8 / 2.54, 0.8 / 2.54
    sheet.print_options.horizontalCentered = True
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="— &P —", size=9))


def _names(book: Workbook, edition: Edition) -> None:
    """One defined name a field, for other programs: t3_new_natural."""
    form = edition.form
    places = {f.name.replace(".", "_"): on(f.sheet, f.cell) for f in form.fields.values()}
    places |= {f"cover_{c}": on(form.sheets["cover"], cell) for c, cell in form.cover.items()}
    places |= {f"text_{t}": on(form.sheets["text"], cell) for t, cell in form.texts.items()}
    places |= {f"option_{o.id}": on(o.sheet, o.cell) for o in form.options}
    for name, place in places.items():
        book.defined_names[name] = DefinedName(name, attr_text=place)


def _close(book: Workbook) -> None:
    book.security = WorkbookProtection(lockStructure=True)
    book.calculation.fullCalcOnLoad = True
    book.properties.creator = book.properties.lastModifiedBy = "xlcheck"
    book.properties.created = book.properties.modified = BUILT
    book.properties.title = str(data.toml("workbook")["words"]["title"])
