"""The cover of the workbook: who reports what year, and how far each sheet is filled."""

from collections.abc import Mapping
from typing import Any

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.grid import rc
from xlcheck.template.hidden import HiddenSheet
from xlcheck.template.styles import dxf, frame, put
from xlcheck.template.tables import choose


def write_cover(sheet: Worksheet, engine: HiddenSheet) -> None:
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


def _cover_entry(sheet: Worksheet, key: str, entry: Mapping[str, Any], engine: HiddenSheet) -> None:
    words = data.toml("workbook")["refuse"]
    rule = DataValidation(allow_blank=True, sqref=entry["cell"], prompt=entry["prompt"])
    if key == "year":
        last = min(engine.form.last_year, 2099)
        rule.type, rule.operator = "whole", "between"
        rule.formula1, rule.formula2 = str(engine.form.first_year), str(last)
        rule.errorTitle = words["title"]
        rule.error = words["year"].format(first=engine.form.first_year, last=last)
        rule.showErrorMessage = True
    rule.showInputMessage = True
    sheet.add_data_validation(rule)


def _progress(sheet: Worksheet, engine: HiddenSheet, words: Mapping[str, str]) -> None:
    heads = {"B": words["progress"], "E": words["filled"], "F": words["errors"], "G": words["warnings"]}
    for column in "BCDEFG":
        put(sheet, f"{column}10", heads.get(column), "progress" if column == "B" else "progress_c")
    sheet.row_dimensions[10].height = 27
    for n, key in enumerate((*engine.form.tables, "text")):
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


def _filled(engine: HiddenSheet, key: str) -> tuple[str, int]:
    """How many of a sheet's places hold something, and how many there are."""
    if key == "text":
        return "(" + "+".join(f"(LEN({engine.word(t)})>0)" for t in engine.form.texts) + ")", len(
            engine.form.texts
        )
    rows = [engine.field_row[f.name] for f in engine.form.fields.values() if f.table == key]
    codes = engine.column("field", "code", rows)
    return f'({len(rows)}-COUNTIF({codes},"{engine.rules.unfilled}"))', len(rows)


def _broken(engine: HiddenSheet, key: str, severity: str) -> str:
    """How many places of one sheet are broken, families that break together counted once."""
    texts = engine.form.texts
    fields = [n for n, f in engine.form.fields.items() if f.table == key]
    counts: dict[str, str] = {}
    for n, case in enumerate(engine.cases):
        mine = case.at in fields if key != "text" else case.at in texts
        if mine and case.rule.severity == severity and not case.rule.open:
            counts[case.rule.id] = "+".join(filter(None, (counts.get(case.rule.id), engine.open(case, n))))
    heads = {i: rule.beside for i in counts if engine.rules.leads(rule := engine.rules.of(i))}
    places = [f"MAX({','.join(counts[i] for i in (head, *beside))})" for head, beside in heads.items()]
    if severity == "error" and fields:
        places.append(engine.refused([engine.field_row[n] for n in fields]))
    return "+".join(places) or "0"
