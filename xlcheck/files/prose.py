"""The sheets of words: cover, text sections, and the page that explains how to fill the form."""

from collections.abc import Mapping
from typing import Any

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.form import rc
from xlcheck.files.engine import Engine
from xlcheck.files.look import dxf, frame, paint_mark, put
from xlcheck.files.tables import choose

PROGRESS = ("t2", "t3", "t4", "text")


def cover(sheet: Worksheet, engine: Engine) -> None:
    """Who reports what year, and how far each sheet is filled."""
    layout = data.toml("workbook")
    words = layout["words"]
    put(sheet, "B2", words["title"], "cover_ttl", "G2")
    sheet.row_dimensions[2].height = 58
    edition = words["edition"].format(notice=engine.form.notice, edition=engine.form.edition)
    put(sheet, "B3", edition, "subtitle", "G3")
    sheet.row_dimensions[3].height = 24
    for key, entry in layout["cover"].items():
        row, _ = rc(entry["cell"])
        put(sheet, f"B{row}", entry["label"], "cover_lbl")
        put(sheet, entry["cell"], None, "cover_in", f"E{row}")
        put(sheet, f"F{row}", entry["hint"], "hint", f"G{row}")
        sheet.row_dimensions[row].height = 30
        if "choices" in entry:
            choose(sheet, entry["cell"], entry["choices"], entry["prompt"])
        else:
            _cover_entry(sheet, key, entry, engine)
    frame(sheet, "B5", "E8")
    _progress(sheet, engine, words)
    sheet.print_area = "B2:G17"


def _cover_entry(sheet: Worksheet, key: str, entry: Mapping[str, Any], engine: Engine) -> None:
    words = data.toml("workbook")["refuse"]
    rule = DataValidation(allow_blank=True, sqref=entry["cell"], prompt=entry["prompt"])
    if key == "year":
        last = min(engine.form.last_year, 2099)
        rule.type, rule.operator = "whole", "between"
        rule.formula1, rule.formula2 = str(engine.form.first_year), str(last)
        until = "起" if last == 2099 else f"至 {last} 年度"
        rule.errorTitle, rule.error = (
            words["title"],
            words["year"].format(first=engine.form.first_year, last=until),
        )
        rule.showErrorMessage = True
    rule.showInputMessage = True
    sheet.add_data_validation(rule)


def _progress(sheet: Worksheet, engine: Engine, words: Mapping[str, str]) -> None:
    heads = {"B": words["progress"], "E": words["filled"], "F": words["errors"], "G": words["warnings"]}
    for column in "BCDEFG":
        put(sheet, f"{column}10", heads.get(column), "list_head" if column == "B" else "guide_mid")
    for n, key in enumerate(PROGRESS):
        row = 11 + n
        name = engine.form.sheets[key]
        sheet.row_dimensions[row].height = 27
        put(sheet, f"B{row}", f'=HYPERLINK("#\'{name}\'!A1","{name}")', "list_link")
        put(sheet, f"C{row}", data.toml("workbook")["sheets"][key]["about"], "guide", f"D{row}")
        done, of = _filled(engine, key)
        put(sheet, f"E{row}", f'={done}&" / {of}"', "guide_mid")
        for column, severity, sign in (("F", "error", "×"), ("G", "warning", "！")):
            count = _broken(engine, key, severity)
            put(sheet, f"{column}{row}", f'=IF({count}=0,"{words["none"]}","{sign} "&({count}))', "guide_mid")
    for severity, sign in (("F", "×"), ("G", "！")):
        where, test = f"{severity}11:{severity}14", [f'LEFT({severity}11,1)="{sign}"']
        style = dxf(data.toml("look")["sign"][sign])
        sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=test))
    put(sheet, "B16", None, "sample")
    put(sheet, "C16", words["white"], "hint", "G16")
    sheet.row_dimensions[16].height = 27


def _filled(engine: Engine, key: str) -> tuple[str, int]:
    """How many of a sheet's places hold something, and how many there are."""
    if key == "text":
        return "(" + "+".join(f"(LEN({engine.word(t)})>0)" for t in engine.form.texts) + ")", len(
            engine.form.texts
        )
    rows = [engine.field_row[f.name] for f in engine.form.fields.values() if f.table == key]
    codes = engine.column("field", "code", rows)
    return f'({len(rows)}-COUNTIF({codes},"R101"))', len(rows)


def _broken(engine: Engine, key: str, severity: str) -> str:
    """How many places of one sheet are broken, families that break together counted once."""
    texts = engine.form.texts
    fields = [n for n, f in engine.form.fields.items() if f.table == key]
    counts: dict[str, str] = {}
    for n, case in enumerate(engine.cases):
        mine = case.at in fields if key != "text" else case.at in texts
        if mine and case.rule.severity == severity and not case.rule.open:
            state = engine.cell("case", "state", engine.case_row[case.rule.id, n])
            counts[case.rule.id] = (
                f"{counts[case.rule.id]}+({state}=1)" if case.rule.id in counts else f"({state}=1)"
            )
    heads = {
        i: engine.rules.of(i).beside for i in counts if not any(b < i for b in engine.rules.of(i).beside)
    }
    places = [f"MAX({','.join(counts[i] for i in (head, *beside))})" for head, beside in heads.items()]
    if severity == "error" and fields:
        codes = engine.column("field", "code", [engine.field_row[n] for n in fields])
        places.append(f'SUMPRODUCT(({codes}<>"")*({codes}<>"R101"))')
    return "+".join(places) or "0"


def texts(sheet: Worksheet, engine: Engine) -> None:
    """The written sections: a white cell each, and beside it how long it is and what it should hold."""
    layout = data.toml("workbook")
    put(sheet, "B2", layout["words"]["text_title"], "title")
    sheet.row_dimensions[2].height = 34
    for column, head in zip("BCD", layout["words"]["text_head"], strict=True):
        put(sheet, f"{column}3", head, "list_head")
    sheet.row_dimensions[3].height = 22
    for key, text in layout["texts"].items():
        row, _ = rc(text["cell"])
        last = row + len(text["rows"]) - 1
        for n, height in enumerate(text["rows"]):
            sheet.row_dimensions[row + n].height = height
        put(sheet, f"B{row}", text["label"], "text_lbl", f"B{last}")
        put(sheet, text["cell"], None, "prose", f"C{last}")
        put(sheet, f"A{row}", "=" + _text_sign(engine, key), "gutter")
        _notes(sheet, key, text, row, layout["words"])
        sheet.row_dimensions[row].height = text["rows"][0]
    frame(sheet, "B3", f"D{last}")
    prompt = DataValidation(
        allow_blank=True, prompt=layout["prompt"]["text"], sqref=" ".join(engine.form.texts.values())
    )
    prompt.showInputMessage = True
    sheet.add_data_validation(prompt)
    for sign in ("√", "○", "×"):
        style = dxf(data.toml("look")["sign"][sign])
        test = [f'LEFT(D4,1)="{sign}"']
        sheet.conditional_formatting.add(
            f"D4:D{last}", Conditional(type="expression", dxf=style, formula=test)
        )
    sheet.print_area = f"B2:C{last}"


def _text_sign(engine: Engine, key: str) -> str:
    signs = {"error": "×", "warning": "！"}
    states = [
        (signs[case.rule.severity], engine.cell("case", "state", engine.case_row[case.rule.id, n]))
        for n, case in enumerate(engine.cases)
        if case.at == key and case.rule.severity in signs and not case.rule.open
    ]
    started = f"{engine.meta('filled')}>0"
    return (
        "".join(f'IF(AND({started},{state}=1),"{sign}",' for sign, state in states) + '""' + ")" * len(states)
    )


def _notes(sheet: Worksheet, key: str, text: Mapping[str, Any], row: int, words: Mapping[str, str]) -> None:
    bare = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({text["cell"]},CHAR(10),"")," ",""),"　","")'
    unit = words["chars_limit"].format(limit=text["limit"]) if "limit" in text else words["chars"]
    hint = "\n".join(text.get("hint", ()))
    tail = f'&CHAR(10)&"{hint}"' if hint else ""
    long = len(text["rows"]) > 1 or text["rows"][0] > 30
    shown = f'=LEN({bare})&"{unit}"{tail}' if long else f'="{hint}"'
    put(sheet, f"D{row}", shown, "text_note")
    for n, aspect in enumerate(text.get("aspects", ())):
        found = ",".join(f'ISNUMBER(FIND("{w}",{text["cell"]}))' for w in text["aspect_words"][n])
        missing = f"○ {n + 1} {aspect}{words['aspect_open']}"
        formula = f'=IF(OR({found}),"√ {n + 1} {aspect}","{missing}"&CHAR(10)&"{text["aspect_hints"][n]}")'
        put(sheet, f"D{row + 1 + n}", formula, "text_note")


def guide(sheet: Worksheet, engine: Engine) -> None:
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


def _years(engine: Engine) -> str:
    first, last = engine.form.first_year, engine.form.last_year
    return f"{first} 年度起" if last > 9000 else f"{first}—{last} 年度"


def _sample(sheet: Worksheet, cell: str, kind: str, text: str) -> None:
    """A real cell as the clerk will meet it, painted as the button paints."""
    look = data.toml("look")
    sample = put(
        sheet, cell, text if kind == "label" else float(text), "group" if kind == "label" else "sample"
    )
    mark = look["mark"].get(kind) or look["live"].get(kind)
    if mark:
        paint_mark(sample, mark)
