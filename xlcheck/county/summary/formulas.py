"""The county's totals as formulas: the official tables over a sheet of units × fields, all in view."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.formatting.rule import Rule as Conditional
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.filing import figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.grid import a1
from xlcheck.county.submission import Submission
from xlcheck.county.summary.list_sheet import (
    list_columns,
    print_setup,
    sheet_name,
    status_of,
    words,
    write_cell,
)
from xlcheck.county.sums import CountyTotals
from xlcheck.template.build import guard
from xlcheck.template.styles import colour, dxf, put
from xlcheck.template.tables import lay_table

SUM, FILLED = 5, 6  # rows of the sheet units × fields
LOWEST = '">=-1E+300"'  # what COUNTIFS takes for: is a number


def write_fields(page: Worksheet, form: Form, standings: Sequence[Submission], title: str, hint: str) -> None:
    """Units × fields as they were sent, the sum over those counted, and how many of them have a figure."""
    first, last = first_row(), first_row() + len(standings) - 1
    put(page, "A1", title, "title")
    put(page, "A2", hint, "aside")
    yes = data.toml("summary")["yes"]
    put(page, "A3", words()["wanted"], "list_head")
    put(page, "C3", f'=COUNTIF($C${first}:$C${last},"{yes}")', "figure_sum")
    for n, (name, width) in enumerate(data.toml("summary")["columns"]["fields"].values(), 1):
        put(page, a1(first - 1, n), name, "header")
        page.column_dimensions[a1(1, n)[:-1]].width = width
    for row, name in ((SUM, words()["sum"]), (FILLED, words()["filled"])):
        put(page, f"A{row}", name, "label_sum")
    for n, field in enumerate(form.fields.values(), len(list_columns("fields")) + 1):
        _field(page, n, f"{form.sections[field.table]}\n{field.place}", first, last)
    for row, standing in enumerate(standings, first):
        _unit(page, row, standing, form)
    _dress(page, first, last, len(list_columns("fields")) + len(form.fields))


def write_table(page: Worksheet, table: str, form: Form, title: str, told: str) -> None:
    """One official table of the county: every cell the sum of its column, or that it is not complete."""
    layout = data.toml("workbook")["sheets"][table]
    for n, width in enumerate(layout["widths"], 1):
        page.column_dimensions[a1(1, n)[:-1]].width = width
    lay_table(page, table, form)
    put(page, "B1", f"{title}　{told}", "first", a1(1, form.places[table].last_col))
    page.row_dimensions[1].height = 50
    _sums(page, table, form)
    print_setup(page, "1:1", data.toml("summary")["tab"][table])
    page.page_setup.fitToHeight = 1
    page.page_setup.orientation = "landscape" if layout.get("landscape") else "portrait"
    guard(page)


def _sums(page: Worksheet, table: str, form: Form) -> None:
    """A total that is not complete is a text: nobody can take it for a number."""
    short, names = data.toml("summary")["incomplete"], list(form.fields)
    cells = {f.name: f.cell for f in form.fields.values() if f.table == table}
    for name, cell in cells.items():
        column = a1(1, len(list_columns("fields")) + names.index(name) + 1)[:-1]
        there, wanted, total = (
            f"'{sheet_name('fields')}'!{at}" for at in (f"{column}{FILLED}", "$C$3", f"{column}{SUM}")
        )
        page[cell].value = f'=IF({there}={wanted},{total},"{short}"&{total})'
    wanting = dxf(data.toml("look")["sign"]["！"], filled=True)
    test = [f"ISTEXT({next(iter(cells.values()))})"]
    style = Conditional(type="expression", dxf=wanting, formula=test)
    page.conditional_formatting.add(" ".join(cells.values()), style)


def results(form: Form, added: CountyTotals) -> dict[str, dict[str, Decimal | str]]:
    """What these formulas come to, for programs that do not work them out."""
    short = data.toml("summary")["incomplete"]
    found: dict[str, dict[str, Decimal | str]] = {sheet_name("fields"): {"C3": Decimal(added.counted)}}
    for n, field in enumerate(form.fields.values(), len(list_columns("fields")) + 1):
        letter, total = a1(1, n)[:-1], added.sums[field.name]
        there = {f"{letter}{SUM}": total, f"{letter}{FILLED}": Decimal(added.there[field.name])}
        found[sheet_name("fields")] |= there
        whole = added.complete(field.name)
        found.setdefault(sheet_name(field.table), {})[field.cell] = (
            total if whole else short + figure_text(total)
        )
    return found


def first_row() -> int:
    """Where the first unit stands."""
    return int(data.toml("summary")["fields_first_row"])


def _field(page: Worksheet, n: int, title: str, first: int, last: int) -> None:
    letter = a1(1, n)[:-1]
    put(page, a1(first - 1, n), title, "header")
    own, yes = f"{letter}${first}:{letter}${last}", data.toml("summary")["yes"]
    counted = f"$C${first}:$C${last}"
    put(page, f"{letter}{SUM}", f'=SUMIFS({own},{counted},"{yes}")', "figure_sum")
    put(page, f"{letter}{FILLED}", f'=COUNTIFS({counted},"{yes}",{own},{LOWEST})', "figure_sum")
    page.column_dimensions[letter].width = 12


def _unit(page: Worksheet, row: int, standing: Submission, form: Form) -> None:
    """One unit's line. A figure, a text typed for one, a blank: each as it was sent."""
    unit = standing.unit
    said = data.toml("summary")["yes" if unit.counted != "none" else "no"]
    about = (unit.name, unit.kind, said, status_of(standing.status))
    for n, text in enumerate(about, 1):
        write_cell(put(page, a1(row, n), None, "list"), text)
    if standing.current:
        entries = stated_values(form, standing.current.filing)
        for n, name in enumerate(form.fields, len(about) + 1):
            write_cell(page[a1(row, n)], entries[name])


def _dress(page: Worksheet, first: int, last: int, width: int) -> None:
    """Blanks and texts stand out; the sheet is read and filtered, its figures are nobody's to change."""
    page.row_dimensions[first - 1].height = 76
    page.freeze_panes = a1(first, 2)
    block = f"{a1(first, len(list_columns('fields')) + 1)}:{a1(max(first, last), width)}"
    corner = a1(first, len(list_columns("fields")) + 1)
    amber = dxf(data.toml("look")["sign"]["！"], filled=True)
    test = f'AND(NOT(ISNUMBER({corner})),$C{first}="{data.toml("summary")["yes"]}")'
    page.conditional_formatting.add(block, Conditional(type="expression", dxf=amber, formula=[test]))
    page.auto_filter.ref = f"A{first - 1}:{a1(max(first, last), width)}"
    print_setup(page, f"{first - 1}:{first - 1}", data.toml("summary")["tab"]["fields"])
    page.print_title_cols = "A:A"
    page.page_setup.fitToWidth = 0
    guard(page)
    page.protection.autoFilter = page.protection.sort = False
    page.sheet_properties.tabColor = colour(data.toml("summary")["tab"]["fields"])
