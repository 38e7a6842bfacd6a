"""The sheet of texts: a white cell a section, and beside it how long it is and what it should hold."""

from collections.abc import Mapping
from typing import Any

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import rc
from xlcheck.template.hidden import HiddenSheet, excel_text
from xlcheck.template.styles import dxf, frame, put


def write_texts(sheet: Worksheet, engine: HiddenSheet) -> None:
    """The written sections: a white cell each, and beside it how long it is and what it should hold."""
    layout = data.toml("workbook")
    put(sheet, "B2", layout["words"]["text_title"], "title")
    sheet.row_dimensions[2].height = 34
    for column, head in zip("BCD", layout["words"]["text_head"], strict=True):
        put(sheet, f"{column}3", head, "list_head")
    sheet.row_dimensions[3].height = 22
    last = max(_section(sheet, key, text, engine) for key, text in layout["texts"].items())
    frame(sheet, "B3", f"D{last}")
    cells = " ".join(engine.form.texts.values())
    prompt = DataValidation(allow_blank=True, prompt=layout["prompt"]["text"], sqref=cells)
    prompt.showInputMessage = True
    sheet.add_data_validation(prompt)
    for sign in ("√", "○", "×"):
        style, test = dxf(data.toml("look")["sign"][sign]), [f'LEFT(D4,1)="{sign}"']
        rule = Conditional(type="expression", dxf=style, formula=test)
        sheet.conditional_formatting.add(f"D4:D{last}", rule)
    sheet.print_area = f"B2:C{last}"


def _section(sheet: Worksheet, key: str, text: Mapping[str, Any], engine: HiddenSheet) -> int:
    """One section over its rows; the last of them is given back."""
    row, _ = rc(text["cell"])
    last = row + len(text["rows"]) - 1
    for n, height in enumerate(text["rows"]):
        sheet.row_dimensions[row + n].height = height
    put(sheet, f"B{row}", engine.form.labels[key], "text_lbl", f"B{last}")
    put(sheet, text["cell"], None, "prose", f"C{last}")
    put(sheet, f"A{row}", "=" + _text_sign(engine, key), "gutter")
    _notes(sheet, text, row, data.toml("workbook")["words"])
    return last


def _text_sign(engine: HiddenSheet, key: str) -> str:
    signs = {"error": "×", "warning": "！"}
    states = [
        (signs[case.rule.severity], engine.cell("case", "state", engine.case_row[case.rule.id, n]))
        for n, case in enumerate(engine.cases)
        if case.at == key and case.rule.severity in signs and not case.rule.open
    ]
    started = f"{engine.meta('filled')}>0"
    return (
        "".join(f"IF(AND({started},{state}=1),{excel_text(sign)}," for sign, state in states)
        + '""'
        + ")" * len(states)
    )


def _notes(sheet: Worksheet, text: Mapping[str, Any], row: int, words: Mapping[str, str]) -> None:
    bare = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({text["cell"]},CHAR(10),"")," ",""),"　","")'
    unit = words["chars_limit"].format(limit=text["limit"]) if "limit" in text else words["chars"]
    hint = "\n".join(text.get("hint", ()))
    tail = f"&CHAR(10)&{excel_text(hint)}" if hint else ""
    long = len(text["rows"]) > 1 or text["rows"][0] > 30
    shown = f"=LEN({bare})&{excel_text(unit)}{tail}" if long else f"={excel_text(hint)}"
    put(sheet, f"D{row}", shown, "text_note")
    for n, aspect in enumerate(text.get("aspects", ())):
        found = ",".join(f"ISNUMBER(FIND({excel_text(w)},{text['cell']}))" for w in text["aspect_words"][n])
        missing = f"○ {n + 1} {aspect}{words['aspect_open']}"
        good = excel_text(f"√ {n + 1} {aspect}")
        said = f"{excel_text(missing)}&CHAR(10)&{excel_text(text['aspect_hints'][n])}"
        formula = f"=IF(OR({found}),{good},{said})"
        put(sheet, f"D{row + 1 + n}", formula, "text_note")
