"""The county's totals as formulas: the official tables over a sheet of units × fields, all in view."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.filing import figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import heading_number, in_form_words
from xlcheck.core.grid import a1
from xlcheck.county.submission import Submission
from xlcheck.county.summary.list_sheet import Looks, print_setup, status_of, write_cell
from xlcheck.county.sums import CountyTotals
from xlcheck.data.county import Status
from xlcheck.data.styles import styles
from xlcheck.data.summary import FieldSheet, summary
from xlcheck.template.build import guard, set_widths
from xlcheck.template.proportions import table_sheet
from xlcheck.template.styles import colour, dxf, put
from xlcheck.template.tables import lay_table


def write_fields(page: Worksheet, form: Form, standings: Sequence[Submission], title: str) -> None:
    """Units × fields as they were sent, the sum over those counted, and how many of them have a figure."""
    sheet, words = _sheet(), summary().words
    first = sheet.head_row + 1
    last = sheet.head_row + len(standings)
    put(page, sheet.title, title, "title")
    put(page, sheet.hint, in_form_words(form, words.hint_fields), "aside")
    put(page, sheet.wanted_name, words.wanted, "list_head")
    counted = sheet.count_formula.format(first=first, last=last, yes=summary().yes)
    put(page, sheet.wanted, counted, "figure_sum")
    for n, column in enumerate(sheet.columns.values(), 1):
        put(page, a1(sheet.head_row, n), column.title, "header")
        page.column_dimensions[get_column_letter(n)].width = column.width
    for row, name in ((sheet.sum_row, words.sum), (sheet.filled_row, words.filled)):
        put(page, a1(row, 1), name, "label_sum")
    for n, field in enumerate(form.fields.values(), _first_column()):
        _field(page, n, f"{form.sections[field.table]}\n{field.place}", first, last)
    looks = Looks()
    for row, standing in enumerate(standings, first):
        _unit(page, row, standing, form, looks)
    _dress(page, first, last, _first_column() - 1 + len(form.fields))


def write_table(page: Worksheet, table: str, form: Form, title: str, told: str) -> None:
    """One official table of the county: every cell the sum of its column, or that it is not complete."""
    layout, sheet = table_sheet(form, table), summary().sheets.totals
    set_widths(page, layout)
    lay_table(page, table, form)
    head = summary().beside.format(one=title, other=told)
    put(page, sheet.title, head, "first", a1(sheet.title_row, form.places[table].last_col))
    page.row_dimensions[sheet.title_row].height = 50
    _sums(page, table, form)
    print_setup(page, (sheet.title_row, sheet.title_row), sheet.tab)
    page.page_setup.fitToHeight = 1
    page.page_setup.orientation = "landscape" if layout.landscape else "portrait"
    guard(page)


def total_sheet(form: Form, table: str) -> str:
    """What the sheet of a table's totals is called."""
    return summary().sheets.totals.name.format(number=heading_number(form, table))


def results(form: Form, added: CountyTotals) -> dict[str, dict[str, Decimal | str]]:
    """What these formulas come to, for programs that do not work them out."""
    sheet = _sheet()
    found: dict[str, dict[str, Decimal | str]] = {sheet.name: {sheet.wanted: Decimal(added.counted)}}
    for n, field in enumerate(form.fields.values(), _first_column()):
        total = added.sums[field.name]
        there = Decimal(added.there[field.name])
        found[sheet.name] |= {a1(sheet.sum_row, n): total, a1(sheet.filled_row, n): there}
        whole = added.complete(field.name)
        shown = total if whole else summary().incomplete + figure_text(total)
        found.setdefault(total_sheet(form, field.table), {})[field.cell] = shown
    return found


def _sheet() -> FieldSheet:
    return summary().sheets.fields


def _first_column() -> int:
    """Where the fields begin, right of what is said of the unit."""
    return len(_sheet().columns) + 1


def _sums(page: Worksheet, table: str, form: Form) -> None:
    """A total that is not complete is a text: nobody can take it for a number."""
    sheet, totals = _sheet(), summary().sheets.totals
    cells = []
    for n, field in enumerate(form.fields.values(), _first_column()):
        if field.table == table:
            page[field.cell].value = totals.total.format(
                fields=sheet.name, sum=a1(sheet.sum_row, n), filled=a1(sheet.filled_row, n),
                incomplete=summary().incomplete,
            )  # fmt: skip
            cells.append(field.cell)
    style = Conditional(type="expression", dxf=_amber(), formula=[totals.short.format(cell=cells[0])])
    page.conditional_formatting.add(" ".join(cells), style)


def _field(page: Worksheet, n: int, title: str, first: int, last: int) -> None:
    sheet, letter = _sheet(), get_column_letter(n)
    put(page, a1(sheet.head_row, n), title, "header")
    for row, formula in ((sheet.sum_row, sheet.sum_formula), (sheet.filled_row, sheet.filled_formula)):
        over = formula.format(column=letter, first=first, last=last, yes=summary().yes)
        put(page, a1(row, n), over, "figure_sum")
    page.column_dimensions[letter].width = 12


def _unit(page: Worksheet, row: int, standing: Submission, form: Form, looks: Looks) -> None:
    """One unit's line. A figure, a text typed for one, a blank: each as it was sent."""
    unit = standing.unit
    counted = summary().no if unit.counted == "none" else summary().yes
    about = (unit.name, unit.kind, counted, status_of(standing.status))
    for n, text in enumerate(about, 1):
        cell: Any = page.cell(row, n)
        looks.dress(cell, "list")
        write_cell(cell, text)
    if standing.current:
        entries = stated_values(form, standing.current.filing)
        for n, name in enumerate(form.fields, len(about) + 1):
            figure: Any = page.cell(row, n)
            write_cell(figure, entries[name])


def _dress(page: Worksheet, first: int, last: int, width: int) -> None:
    """Blanks and texts stand out; the sheet is read and filtered, its figures are nobody's to change."""
    sheet, end = _sheet(), a1(max(first, last), width)
    page.row_dimensions[sheet.head_row].height = 76
    page.freeze_panes = a1(first, 2)
    corner = a1(first, _first_column())
    test = sheet.odd.format(corner=corner, first=first, yes=summary().yes)
    odd = Conditional(type="expression", dxf=_amber(), formula=[test])
    page.conditional_formatting.add(f"{corner}:{end}", odd)
    page.auto_filter.ref = f"{a1(sheet.head_row, 1)}:{end}"
    print_setup(page, (sheet.head_row, sheet.head_row), sheet.tab)
    page.print_area = f"{sheet.title}:{sheet.wanted}"  # hundreds of columns are of no use on paper
    guard(page)
    page.protection.autoFilter = page.protection.sort = False
    page.sheet_properties.tabColor = colour(sheet.tab)


def _amber() -> DifferentialStyle:
    """How what is not as it should be stands out."""
    spec = styles().of_sign(summary().sign[Status.RESENT])
    return dxf(spec.colour, fill=spec.fill)
