"""The county's totals as formulas: the official tables over a sheet of units × fields, all in view."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from xlsxwriter.format import Format

from xlcheck.core.filing import figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import heading_number, in_form_words
from xlcheck.core.grid import a1, rc
from xlcheck.county.submission import Submission
from xlcheck.county.summary.cell_formats import Edge, SummaryPage, put_value
from xlcheck.county.summary.list_sheet import print_setup, status_of
from xlcheck.county.sums.sums import CountyTotals
from xlcheck.data.county import Status
from xlcheck.data.styles import Role, styles
from xlcheck.data.summary import FieldSheet, summary
from xlcheck.data.workbook import workbook
from xlcheck.template.official_table import framed_ranges, placed_cells
from xlcheck.template.proportions import row_heights, table_sheet

FREE = {"format_rows": True, "format_columns": True}  # what may be done on a locked sheet
HEAD_HEIGHT = 66  # points of the row over a table that says whose totals they are
FIELD_HEIGHT, FIELD_WIDTH = 76, 12  # of the row with the fields' names, of their columns


def write_fields(
    page: SummaryPage, form: Form, standings: Sequence[Submission], title: str, added: CountyTotals
) -> None:
    """Units × fields as they were sent, the sum over those counted, and how many of them have a figure."""
    sheet, words = _sheet(), summary().words
    first, last = sheet.head_row + 1, sheet.head_row + len(standings)
    page.put(sheet.title, title, "title")
    page.put(sheet.hint, in_form_words(form, words.hint_fields), "aside")
    page.put(sheet.wanted_name, words.wanted, "list_head")
    counted = sheet.count_formula.format(first=first, last=last, yes=summary().yes)
    page.sheet.write_formula(sheet.wanted, counted, page.formats.of("figure_sum"), added.counted)
    fields = form.fields.values()
    sums = [_figure(added.sums[field.name]) for field in fields]
    _over_fields(page, sheet.sum_row, words.sum, sheet.sum_formula, sums, (first, last))
    there = [added.there[field.name] for field in fields]
    _over_fields(page, sheet.filled_row, words.filled, sheet.filled_formula, there, (first, last))
    _names(page, form)
    for row, standing in enumerate(standings, first):
        _unit(page, row - 1, standing, form)
    _dress(page, first, last, _first_column() - 1 + len(form.fields))


def write_table(
    page: SummaryPage, table: str, form: Form, title: str, told: str, added: CountyTotals
) -> None:
    """One official table of the county: every cell the sum of its column, or that it is not complete."""
    layout, sheet, place = table_sheet(form, table), summary().sheets.totals, form.places[table]
    for n, width in enumerate(layout.widths):
        page.sheet.set_column(n, n, width)
    heights = {sheet.title_row: HEAD_HEIGHT, place.row - 1: workbook().table.title_height}
    for row, height in (heights | row_heights(form, table)).items():
        page.sheet.set_row(row - 1, height)
    _lay_out(page, table, form, summary().beside.format(one=title, other=told), added)
    cells = [field.cell for field in form.fields.values() if field.table == table]
    test = "=" + sheet.short.format(cell=cells[0])
    rule = {"type": "formula", "criteria": test, "format": _amber(page), "multi_range": " ".join(cells)}
    page.sheet.conditional_format(cells[0], rule)
    print_setup(page.sheet, None, sheet.tab)
    page.sheet.print_area(f"{sheet.title}:{a1(place.last_row, place.last_col)}")
    page.sheet.fit_to_pages(1, 1)
    if not layout.landscape:
        page.sheet.set_portrait()
    page.sheet.protect(styles().password, FREE)


def total_sheet(form: Form, table: str) -> str:
    """What the sheet of a table's totals is called."""
    return summary().sheets.totals.name.format(number=heading_number(form, table))


def _sheet() -> FieldSheet:
    return summary().sheets.fields


def _first_column() -> int:
    """Where the fields begin, right of what is said of the unit."""
    return len(_sheet().columns) + 1


def _lay_out(page: SummaryPage, table: str, form: Form, head: str, added: CountyTotals) -> None:
    """The table's cells row by row, and what is merged of them."""
    place, at = form.places[table], summary().sheets.totals.title
    over = rc(at)[0], place.last_col
    blocks: list[tuple[tuple[int, int], tuple[int, int], str, Role]] = [(rc(at), over, head, "first")]
    blocks += [(rc(c.first), rc(c.last), c.text, c.role) for c in placed_cells(form, table)]
    edges, formulas = _edges(form, table), _sums(table, form, added)
    looks: dict[tuple[int, int], tuple[str, Format]] = {}
    for first, last, text, role in blocks:
        for row in range(first[0], last[0] + 1):
            for col in range(first[1], last[1] + 1):
                look = page.formats.of(role, frame=frozenset(edges.get((row, col), ())))
                looks[row, col] = text if (row, col) == first else "", look
    for (row, col), (text, look) in sorted(looks.items(), key=lambda one: one[0]):
        if (row, col) in formulas:
            page.sheet.write_formula(row - 1, col - 1, formulas[row, col][0], look, formulas[row, col][1])
        else:
            put_value(page.sheet, row - 1, col - 1, text or None, look)
    for first, last, *_ in blocks:
        if first != last:  # merge_range would write cells of rows that are closed, and so refuses
            page.sheet.merge.append([first[0] - 1, first[1] - 1, last[0] - 1, last[1] - 1])


def _edges(form: Form, table: str) -> dict[tuple[int, int], set[Edge]]:
    """By cell, the edges that the line of a frame runs along."""
    found: dict[tuple[int, int], set[Edge]] = {}
    for (top, left), (bottom, right) in ((rc(a), rc(b)) for a, b in framed_ranges(form, table)):
        for row in range(top, bottom + 1):
            found.setdefault((row, left), set()).add("left")
            found.setdefault((row, right), set()).add("right")
        for col in range(left, right + 1):
            found.setdefault((top, col), set()).add("top")
            found.setdefault((bottom, col), set()).add("bottom")
    return found


def _sums(table: str, form: Form, added: CountyTotals) -> dict[tuple[int, int], tuple[str, float | str]]:
    """By cell, its formula and what that comes to: a total that is not complete is a text, nobody can take it
    for a number."""
    sheet, totals, short = _sheet(), summary().sheets.totals, summary().incomplete
    found: dict[tuple[int, int], tuple[str, float | str]] = {}
    for n, field in enumerate(form.fields.values(), _first_column()):
        if field.table == table:
            formula = totals.total.format(
                fields=sheet.name, sum=a1(sheet.sum_row, n), filled=a1(sheet.filled_row, n), incomplete=short,
            )  # fmt: skip
            total = added.sums[field.name]
            whole = added.complete(field.name)
            found[rc(field.cell)] = formula, _figure(total) if whole else short + figure_text(total)
    return found


def _figure(entry: Decimal) -> float:
    """A figure as a formula's result is written down."""
    return int(entry) if entry == entry.to_integral_value() else float(entry)


def _over_fields(
    page: SummaryPage, row: int, name: str, formula: str, results: Sequence[float], lines: tuple[int, int]
) -> None:
    """A row of formulas over the columns of the fields, each with what it comes to."""
    look = page.formats.of("figure_sum")
    page.put_in(row - 1, 0, name, "label_sum")
    for n, result in enumerate(results, _first_column()):
        column = a1(1, n)[:-1]
        said = formula.format(column=column, first=lines[0], last=lines[1], yes=summary().yes)
        page.sheet.write_formula(row - 1, n - 1, said, look, result)


def _names(page: SummaryPage, form: Form) -> None:
    """The row of titles: what is said of a unit, then the fields."""
    sheet = _sheet()
    page.sheet.set_row(sheet.head_row - 1, FIELD_HEIGHT)
    for n, column in enumerate(sheet.columns.values()):
        page.sheet.set_column(n, n, column.width)
        page.put_in(sheet.head_row - 1, n, column.title, "header")
    for n, field in enumerate(form.fields.values(), _first_column() - 1):
        page.put_in(sheet.head_row - 1, n, f"{form.sections[field.table]}\n{field.place}", "header")
    left = _first_column() - 1
    page.sheet.set_column(left, left + len(form.fields) - 1, FIELD_WIDTH)


def _unit(page: SummaryPage, row: int, standing: Submission, form: Form) -> None:
    """One unit's line. A figure, a text typed for one, a blank: each as it was sent."""
    unit = standing.unit
    counted = summary().no if unit.counted == "none" else summary().yes
    about = (unit.name, unit.kind, counted, status_of(standing.status))
    for n, text in enumerate(about):
        page.put_in(row, n, text, "list")
    if standing.current:
        stated = enumerate(stated_values(form, standing.current.filing).values(), len(about))
        for kind, some in groupby(stated, lambda one: type(one[1])):
            cols, entries = zip(*some, strict=True)
            if kind is Decimal:
                page.sheet.put_figures(row, cols[0], entries)
            elif kind is str:
                for n, entry in zip(cols, entries, strict=True):
                    put_value(page.sheet, row, n, entry)


def _dress(page: SummaryPage, first: int, last: int, width: int) -> None:
    """Blanks and texts stand out; the sheet is read and filtered, its figures are nobody's to change."""
    sheet, end = _sheet(), a1(max(first, last), width)
    page.sheet.freeze_panes(a1(first, 2))
    corner = a1(first, _first_column())
    test = "=" + sheet.odd.format(corner=corner, first=first, yes=summary().yes)
    rule = {"type": "formula", "criteria": test, "format": _amber(page)}
    page.sheet.conditional_format(f"{corner}:{end}", rule)
    page.sheet.autofilter(f"{a1(sheet.head_row, 1)}:{end}")
    print_setup(page.sheet, None, sheet.tab)
    page.sheet.print_area(
        f"{sheet.unprinted}:{sheet.unprinted}"
    )  # hundreds of columns are of no use on paper
    page.sheet.protect(styles().password, FREE | {"autofilter": True, "sort": True})


def _amber(page: SummaryPage) -> Format:
    """How what is not as it should be stands out."""
    return page.formats.of_sign(styles().of_sign(summary().sign[Status.RESENT]))
