"""The three official tables in the workbook: cells, hints, live checks beside them, refusals while typing."""

from collections.abc import Iterable
from typing import Any

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.form import Field, Form
from xlcheck.core.grid import Cell, a1, rc
from xlcheck.core.rules import Case
from xlcheck.template.hidden import HiddenSheet, excel_text, message
from xlcheck.template.styles import dxf, frame, put, span

HEIGHTS = {"caption": 23, "header": 23, "corner": 23, "value": 25}


def write_official_table(sheet: Worksheet, table: str, engine: HiddenSheet) -> None:
    """Lay one official table out with everything the clerk sees beside it."""
    layout = data.toml("workbook")["sheets"][table]
    lay_table(sheet, table, engine.form)
    fields = [f for f in engine.form.fields.values() if f.table == table]
    _hints(sheet, fields, layout)
    _live_refusals(sheet, fields, engine)  # first: what is wrong in itself outranks what disagrees
    _checks(sheet, table, engine, layout)
    if "named" in layout:
        _named(sheet, fields, layout["named"], engine)
    _gutter(sheet, fields, engine)
    _options(sheet, engine, layout)
    refusals(sheet, fields)


def lay_table(sheet: Worksheet, table: str, form: Form) -> None:
    """Lay one official table out as printed, its figures blank: cells, frames, heights, what is printed."""
    layout = data.toml("workbook")["sheets"][table]
    put(sheet, "B2", form.sections[table], "title")
    sheet.row_dimensions[2].height = 34
    for cell in form.tables[table]:
        _cell(sheet, cell, layout)
    _outline(sheet, form.tables[table], layout)
    _heights(sheet, form.tables[table], layout)
    _, last = _corner(form.tables[table], layout)
    sheet.print_area = f"B2:{last}"


def _cell(sheet: Worksheet, cell: Cell, layout: dict[str, Any]) -> None:
    first, last = span(layout["row"] + cell.row, layout["col"] + cell.col, cell.rows, cell.cols)
    low = cell.role == "label" and cell.rows == 1 and cell.text not in layout.get("heights", {})
    shown = cell.text if low else layout.get("breaks", {}).get(cell.text, cell.text)
    put(sheet, first, shown or None, _role(cell), last)


def _role(cell: Cell) -> str:
    match cell.role:
        case "value":
            return "entry_sum" if cell.total else "entry"
        case "label" if cell.rows > 1:
            return "group"
        case "label" if cell.total or (cell.depth == 0 and cell.cols > 1):
            return "label_sum"
    return cell.role


def _corner(cells: Iterable[Cell], layout: dict[str, Any]) -> tuple[str, str]:
    row = max(layout["row"] + c.row + c.rows for c in cells) - 1
    col = max(layout["col"] + c.col + c.cols for c in cells) - 1
    return a1(layout["row"], layout["col"]), a1(row, col)


def _outline(sheet: Worksheet, cells: tuple[Cell, ...], layout: dict[str, Any]) -> None:
    frame(sheet, *_corner(cells, layout))
    for first, last in layout.get("frames", ()):
        frame(sheet, first, last)


def _heights(sheet: Worksheet, cells: tuple[Cell, ...], layout: dict[str, Any]) -> None:
    special = layout.get("heights", {})
    for cell in cells:
        row = layout["row"] + cell.row
        if cell.rows == 1 or cell.role == "value":
            height = special.get(cell.text) or layout.get(f"height_{cell.role}", HEIGHTS.get(cell.role))
            old = sheet.row_dimensions[row].height or 0
            if cell.role != "header" or not layout.get("header_rows"):
                sheet.row_dimensions[row].height = max(old, height or 0)
    for n, height in enumerate(layout.get("header_rows", ())):
        sheet.row_dimensions[layout["row"] + n].height = height


def _hints(sheet: Worksheet, fields: list[Field], layout: dict[str, Any]) -> None:
    for field in fields:
        if field.row.hint:
            row, _ = rc(field.cell)
            put(sheet, a1(row, layout["beside"]), field.row.hint, "hint")


def _checks(sheet: Worksheet, table: str, engine: HiddenSheet, layout: dict[str, Any]) -> None:
    """Where the layout says so, show the state of a rule's cases beside the cells they are about."""
    bottom = rc(_corner(engine.form.tables[table], layout)[1])[0]
    for n, case in enumerate(engine.cases):
        spec = layout.get("check", {}).get(case.rule.id)
        if spec:
            row, col = rc(engine.form.fields[case.at].cell)
            beside = spec["where"] == "beside"
            at = (row, layout["beside"]) if beside else (bottom + spec["down"], col)
            _check(sheet, case, at, engine.case_row[case.rule.id, n], engine, spec)
    for rule_id, spec in layout.get("check", {}).items():
        if "label" in spec and rule_id in engine.rule_row:
            row = bottom + spec["down"]
            put(sheet, f"B{row}", spec["label"], "hint_right", a1(row, 4))
    for address, text in layout.get("words", {}).items():
        put(sheet, address, text, "check")
    for address, rule_id in layout.get("said", {}).items():
        if rule_id in engine.rule_row:
            _said(sheet, address, rule_id, engine, a1(rc(address)[0], len(layout["widths"]) - 1))


def _check(
    sheet: Worksheet, case: Case, at: tuple[int, int], row: int, engine: HiddenSheet, spec: dict[str, Any]
) -> None:
    """One case: what it says beside the table, and the red figure while it is broken."""
    first, last = a1(at[0], at[1] - spec.get("cols", 1) + 1), a1(*at)
    state = engine.cell("case", "state", row)
    good, bad = (message(spec[w], {}, lambda n: case.say[n].excel(engine.figure)) for w in ("good", "bad"))
    put(sheet, first, f'=IF({state}=0,{good},IF({state}=1,{bad},""))', spec["role"], last)
    style = dxf(data.toml("look")["live"]["broken"])
    for where in (engine.form.fields[case.at].cell, first):
        red = [f'LEFT({_pinned(first)},1)="×"']
        sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=red))


def _named(sheet: Worksheet, fields: list[Field], at: str, engine: HiddenSheet) -> None:
    """The one wrong cell that the formulas can name is red at once, without any button."""
    put(sheet, at, f'=IF(LEN({engine.meta("named_link")})>0,{engine.meta("named_link")},"")', "unseen")
    test = f'RIGHT({_pinned(at)},LEN(ADDRESS(ROW(),COLUMN(),4))+1)="!"&ADDRESS(ROW(),COLUMN(),4)'
    style = dxf(data.toml("look")["live"]["refused"])
    where = f"{fields[0].cell}:{fields[-1].cell}"
    sheet.conditional_formatting.add(where, Conditional(type="expression", dxf=style, formula=[test]))


def _said(sheet: Worksheet, address: str, rule_id: str, engine: HiddenSheet, to: str) -> None:
    """A warning told in words under the table, on an amber line while it stands."""
    said, state = (engine.cell("rule", part, engine.rule_row[rule_id]) for part in ("message", "failed"))
    stands = f"AND({state}>0,LEN({engine.cell('rule', 'answer', engine.rule_row[rule_id])})=0)"
    text = f'=IF({stands},"！ "&{said}&{excel_text(engine.rules.of(rule_id).advice)},"")'
    put(sheet, address, text, "amber", to)
    sheet.row_dimensions[rc(address)[0]].height = 30
    style = dxf(data.toml("look")["sign"]["！"], filled=True)
    amber = Conditional(type="expression", dxf=style, formula=[f"LEN({_pinned(address)})>0"])
    sheet.conditional_formatting.add(f"{address}:{to}", amber)


def _pinned(address: str) -> str:
    row, col = rc(address)
    return f"${a1(row, col)[: -len(str(row))]}${row}"


def _gutter(sheet: Worksheet, fields: list[Field], engine: HiddenSheet) -> None:
    """A sign beside a row that holds something wrong, so that it is found while scrolling."""
    for row in sorted({rc(f.cell)[0] for f in fields}):
        mine = [f.name for f in fields if rc(f.cell)[0] == row]
        rows = [engine.field_row[name] for name in mine]
        wrong = [engine.refused([min(rows), max(rows)])]
        doubtful = ["0"]
        for n, case in enumerate(engine.cases):
            if case.at in mine and case.rule.severity != "info":
                (wrong if case.rule.severity == "error" else doubtful).append(engine.open(case, n))
        signs = f'IF({"+".join(wrong)}>0,"×",IF({"+".join(doubtful)}>0,"！",""))'
        put(sheet, f"A{row}", "=" + signs, "gutter")


def _options(sheet: Worksheet, engine: HiddenSheet, layout: dict[str, Any]) -> None:
    for option in engine.form.options:
        if option.sheet == sheet.title:
            row, col = rc(option.cell)
            put(sheet, option.cell, None, "choice")
            if option.beside:
                put(sheet, a1(row - 1, col), option.label, "hint")
            if option.under:
                put(sheet, f"B{row}", option.label, "hint_right", a1(row, col - 1))
                sheet.row_dimensions[row].height = 24
            choose(sheet, option.cell, list(option.choices), option.label)


def choose(sheet: Worksheet, cell: str, choices: list[str], prompt: str) -> None:
    """A cell with a list of choices, and a plain refusal of anything else."""
    words = data.toml("workbook")["refuse"]
    rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    rule.errorTitle, rule.error = words["title"], words["choice"]
    rule.prompt = prompt
    rule.showErrorMessage = rule.showInputMessage = True
    rule.add(cell)
    sheet.add_data_validation(rule)


def refusals(sheet: Worksheet, fields: list[Field]) -> None:
    """Refuse while typing what no rule would accept; paste goes past this, so the rules look again."""
    words = data.toml("workbook")
    for kind in ("count", "signed", "amount"):
        cells = " ".join(f.cell for f in fields if f.kind == kind)
        if cells:
            rule = DataValidation(type="whole", operator="greaterThanOrEqual", allow_blank=True, sqref=cells)
            rule.formula1 = "-99999999" if kind == "signed" else "0"
            if kind == "amount":
                rule.type = "decimal"
            rule.errorTitle, rule.error = words["refuse"]["title"], words["refuse"][kind]
            rule.prompt = words["prompt"][kind]
            rule.showErrorMessage = rule.showInputMessage = True
            sheet.add_data_validation(rule)


def _live_refusals(sheet: Worksheet, fields: list[Field], engine: HiddenSheet) -> None:
    """An entry wrong in itself gets its × at once, by a conditional number format."""
    style = dxf(data.toml("look")["live"]["refused"])
    for kind in dict.fromkeys(f.kind for f in fields):
        mine = [f for f in fields if f.kind == kind]
        test = f'LEFT({engine.code(mine[0].name, mine[0].cell)}&"    ",4)'
        test = f'AND({test}<>"    ",{test}<>"{engine.rules.unfilled}")'
        cells = " ".join(f.cell for f in mine)
        sheet.conditional_formatting.add(cells, Conditional(type="expression", dxf=style, formula=[test]))
