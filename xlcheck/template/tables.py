"""The official tables in the workbook: cells, hints, live checks beside them, refusals while typing."""

from collections.abc import Iterator, Sequence
from typing import get_args

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.form import Field, Form
from xlcheck.core.form_words import in_form_words
from xlcheck.core.grid import a1, rc
from xlcheck.core.marks import LONG
from xlcheck.core.rules import Case
from xlcheck.data.form import CheckLine, FigureKind
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.template.hidden import NOTHING, HiddenSheet, count, excel_text, fixed, message
from xlcheck.template.hidden_suspect import equations_of
from xlcheck.template.official_table import framed_ranges, placed_cells, span
from xlcheck.template.proportions import first_figure, groups, own_layout, row_heights, table_sheet
from xlcheck.template.styles import begins_with, dxf, frame, live, put, reminder_coloured, when

LEAST, NONE = "-99999999", "0"  # of a count that may be negative, and of one that may not
CODE = 4  # letters of a rule's id that a cell's code begins with, for a format that looks at no more
NO_CODE = f'"{" " * CODE}"'


def write_official_table(sheet: Worksheet, table: str, engine: HiddenSheet) -> None:
    """Lay one official table out with everything the clerk sees beside it."""
    form = engine.form
    lay_table(sheet, table, form)
    fields = [f for f in form.fields.values() if f.table == table]
    for field in fields:
        if field.row.hint:
            put(sheet, a1(rc(field.cell)[0], form.places[table].beside), field.row.hint, "hint")
    _live_refusals(sheet, fields, engine)  # first: what is wrong in itself outranks what disagrees
    _checks(sheet, table, engine)
    _named(sheet, table, fields, engine)
    _gutter(sheet, table, fields, engine)
    _options(sheet, engine)
    refusals(sheet, fields)


def lay_table(sheet: Worksheet, table: str, form: Form) -> None:
    """Lay one official table out as printed, its figures blank: cells, frames, heights, what is printed."""
    place = form.places[table]
    for cell in placed_cells(form, table):
        put(sheet, cell.first, cell.text or None, cell.role, cell.last)
    for first, last in framed_ranges(form, table):
        frame(sheet, first, last)
    sheet.row_dimensions[place.row - 1].height = workbook().table.title_height
    for row, height in row_heights(form, table).items():
        sheet.row_dimensions[row].height = height
    sheet.print_area = f"{a1(place.row - 1, place.col)}:{a1(place.last_row, place.last_col)}"


def _checks(sheet: Worksheet, table: str, engine: HiddenSheet) -> None:
    """Where the layout says so, show the state of a rule's cases beside the cells they are about."""
    place, own = engine.form.places[table], own_layout(engine.form, table)
    mine = {**workbook().check, **own.check}
    shown = [
        (n, case)
        for n, case in enumerate(engine.cases)
        if case.rule.id in mine and _is_on(case, table, engine)
    ]
    for n, case in shown:
        spec = mine[case.rule.id]
        row, col = rc(engine.form.fields[case.at].cell)
        at = (place.last_row + spec.below, col) if spec.below else (row, place.beside)
        _check(
            sheet, case, _across(at, spec, table, engine.form), engine.case_row[case.rule.id, n], engine, spec
        )
    specs = {case.rule.id: mine[case.rule.id] for _, case in shown}
    for spec in specs.values():
        if spec.label and place.side:
            label = span(place.last_row + spec.below, place.col, 1, place.side)
            put(sheet, ":".join(label), in_form_words(engine.form, spec.label), "hint_right")
    if any(not spec.below for spec in specs.values()):
        words = workbook().table.beside
        for row, text in enumerate(words, first_figure(engine.form, table) - len(words)):
            put(sheet, a1(row, place.beside), text, "check")
    for rule_id, below in {**workbook().reminder, **own.reminder}.items():
        if rule_id in engine.rule_row and engine.rules.of(rule_id).sheet == table:
            _reminder(sheet, table, rule_id, place.last_row + below, engine)


def _is_on(case: Case, table: str, engine: HiddenSheet) -> bool:
    return case.at in engine.form.fields and engine.form.fields[case.at].table == table


def _across(at: tuple[int, int], spec: CheckLine, table: str, form: Form) -> tuple[str, str]:
    """The cells of a check's line: one, or its whole group's."""
    row, col = at
    if not spec.group:
        return a1(*at), a1(*at)
    left = form.places[table].col
    first = next((left + a for a, b in groups(form.tables[table]) if left + a <= col <= left + b), col)
    return a1(row, first), a1(row, col)


def _check(
    sheet: Worksheet, case: Case, at: tuple[str, str], row: int, engine: HiddenSheet, spec: CheckLine
) -> None:
    """One case: what it says beside the table, and the red figure while it is broken."""
    first, last = at
    state = engine.cell(engine.at.case.state, row)
    good, bad = (
        message(in_form_words(engine.form, text), {}, lambda n: case.say[n].excel(engine.figure))
        for text in (spec.good, spec.bad)
    )
    put(sheet, first, f'=IF({state}=0,{good},IF({state}=1,{bad},""))', spec.role, last)
    red = begins_with(fixed(first), styles().sign.error.sign)
    for where in (engine.form.fields[case.at].cell, first):
        when(sheet, where, live(styles().live.broken), red)


def _named(sheet: Worksheet, table: str, fields: Sequence[Field], engine: HiddenSheet) -> None:
    """The one wrong cell that the formulas can name is red at once, without any button."""
    known = {name for terms in equations_of(engine).values() for name in terms}
    if not known.intersection(field.name for field in fields):
        return
    unseen = a1(engine.form.places[table].row, len(table_sheet(engine.form, table).widths))
    link = engine.meta(engine.at.cell.named_link)
    # Where the sums bind cells of several tables, the one wrong cell may lie on another's sheet.
    alone = known.issubset(field.name for field in fields)
    here = f"LEN({link})>0" if alone else f"ISNUMBER(FIND({excel_text(sheet.title)},{link}))"
    put(sheet, unseen, f'=IF({here},{link},"")', "unseen")
    test = f'RIGHT({fixed(unseen)},LEN(ADDRESS(ROW(),COLUMN(),4))+1)="!"&ADDRESS(ROW(),COLUMN(),4)'
    when(sheet, f"{fields[0].cell}:{fields[-1].cell}", live(styles().live.refused), test)


def _reminder(sheet: Worksheet, table: str, rule_id: str, row: int, engine: HiddenSheet) -> None:
    """A warning told in words under the table, on an amber line while it stands."""
    place, plan = engine.form.places[table], workbook().table
    at, to = a1(row, place.col), a1(row, len(table_sheet(engine.form, table).widths) - 1)
    rule, sign = engine.rule(rule_id), styles().sign.warning
    stands = f"AND({rule.failed}>0,1-{rule.settled})"
    head, advice = workbook().words.warned_below, engine.rules.of(rule_id).advice
    text = f'=IF({stands},{excel_text(head)}&{rule.message}&{excel_text(advice)},"")'
    put(sheet, at, text, "amber", to)
    sheet.row_dimensions[row].height = plan.reminder_height
    when(sheet, f"{at}:{to}", dxf(sign.colour, fill=sign.fill), f"LEN({fixed(at)})>0")


def _gutter(sheet: Worksheet, table: str, fields: Sequence[Field], engine: HiddenSheet) -> None:
    """A sign beside a row that holds something wrong, so that it is found while scrolling."""
    signs, column = styles().sign, engine.form.places[table].col - 1
    rows = sorted({rc(f.cell)[0] for f in fields})
    for row in rows:
        mine = [f.name for f in fields if rc(f.cell)[0] == row]
        lines = [engine.field_row[name] for name in mine]
        wrong, doubtful = [engine.refused(lines)], engine.asked(lines)
        for n, case in enumerate(engine.cases):
            if case.at in mine and case.rule.severity != "info":
                (wrong if case.rule.severity == "error" else doubtful).append(engine.open(case, n))
        sign = f'IF({"+".join(doubtful) or NONE}>0,{excel_text(signs.warning.sign)},"")'
        sign = f"IF({'+'.join(wrong)}>0,{excel_text(signs.error.sign)},{sign})"
        painted, marks = engine.column(engine.at.field.painted, lines), NOTHING
        for one in (signs.warning.sign, signs.error.sign):
            marks = f"IF({count(painted, excel_text(one))}>0,{excel_text(one)},{marks})"
        sign = f"IF({engine.current()},{marks},{sign})"
        put(sheet, a1(row, column), "=" + sign, "gutter")
    reminder_coloured(sheet, f"{a1(rows[0], column)}:{a1(rows[-1], column)}")


def _options(sheet: Worksheet, engine: HiddenSheet) -> None:
    plan = workbook().table
    for option in engine.form.options:
        if option.sheet == sheet.title:
            row, col = rc(option.cell)
            put(sheet, option.cell, None, "choice")
            if option.beside:
                put(sheet, a1(row - 1, col), option.label, "hint")
            if option.under:
                put(sheet, f"{a1(row, plan.col)}:{a1(row, col - 1)}", option.label, "hint_right")
                sheet.row_dimensions[row].height = plan.option_height
            choose(sheet, option.cell, option.choices)


def choose(sheet: Worksheet, cell: str, choices: Sequence[str]) -> None:
    """A cell with a list of choices, and a plain refusal of anything else."""
    words = workbook().refuse
    rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    rule.errorTitle, rule.error = words.title, words.choice
    rule.showErrorMessage = True
    rule.add(cell)
    sheet.add_data_validation(rule)


def refusals(sheet: Worksheet, fields: Sequence[Field]) -> None:
    """Refuse while typing what no rule would accept; paste goes past this, so the rules look again."""
    sheet_words = workbook()
    for kind, cells in _cells_by_kind(fields):
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", allow_blank=True, sqref=cells)
        rule.formula1 = LEAST if kind == "signed" else NONE
        if kind == "amount":
            rule.type = "decimal"
        rule.errorTitle, rule.error = sheet_words.refuse.title, sheet_words.refuse.figure[kind]
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)


def _cells_by_kind(fields: Sequence[Field]) -> Iterator[tuple[FigureKind, str]]:
    for kind in get_args(FigureKind):
        if cells := " ".join(f.cell for f in fields if f.kind == kind):
            yield kind, cells


def _live_refusals(sheet: Worksheet, fields: Sequence[Field], engine: HiddenSheet) -> None:
    """An entry wrong in itself gets its × at once, by a conditional number format."""
    for kind in dict.fromkeys(f.kind for f in fields):
        mine = [f for f in fields if f.kind == kind]
        code = f"LEFT({engine.code(mine[0].name, mine[0].cell)}&{NO_CODE},{CODE})"
        test = f"AND({code}<>{NO_CODE},{code}<>{excel_text(engine.rules.unfilled)})"
        where, long = " ".join(f.cell for f in mine), f"AND(LEN({mine[0].cell})>{LONG},{test})"
        when(sheet, where, live(styles().live.refused_long), long)
        when(sheet, where, live(styles().live.refused), test)
