"""填报说明: three steps, what the signs mean, where people slip, and on what it all rests."""

from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.template.hidden import HiddenSheet
from xlcheck.template.styles import paint_mark, put


def write_guide(sheet: Worksheet, engine: HiddenSheet) -> None:
    """Three steps, what the signs mean, where people slip, and on what it all rests."""
    layout = data.toml("workbook")
    put(sheet, "B2", layout["sheets"]["guide"]["name"], "title")
    sheet.row_dimensions[2].height = 34
    row = 3
    words = {"notice": engine.form.notice, "title": engine.form.title, "years": _years(engine)}
    for block in layout["guide"]:
        put(sheet, f"B{row}", block["title"], "caption", f"D{row}")
        sheet.row_dimensions[row].height = 27
        for line in block["rows"]:
            row += 1
            sheet.row_dimensions[row].height = 26
            if block.get("samples"):
                _sample(sheet, f"B{row}", line[0], line[3])
            else:
                put(sheet, f"B{row}", line[0], "guide_mid")
            put(sheet, f"C{row}", line[1].format(**words), "guide_bold")
            put(sheet, f"D{row}", line[2].format(**words), "guide")
        row += 2
    sheet.print_area = f"B2:D{row - 2}"


def _years(engine: HiddenSheet) -> str:
    words = data.toml("workbook")["words"]
    first, last = engine.form.first_year, engine.form.last_year
    years: str = words["years_open" if last > 9000 else "years"]
    return years.format(first=first, last=last)


def _sample(sheet: Worksheet, cell: str, kind: str, text: str) -> None:
    """A real cell as the clerk will meet it, painted as the button paints."""
    look = data.toml("look")
    sample = put(
        sheet, cell, text if kind == "label" else float(text), "group" if kind == "label" else "sample"
    )
    mark = look["mark"].get(kind) or look["live"].get(kind)
    if mark:
        paint_mark(sample, mark)
