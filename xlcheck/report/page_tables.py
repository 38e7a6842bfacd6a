"""The official tables as html, as printed and empty: a page's script fills in the figures."""

from itertools import groupby

from markupsafe import Markup

from xlcheck.core.blocks import Table
from xlcheck.core.form import Form
from xlcheck.core.grid import Cell
from xlcheck.report.layout import broken, head_rows, vertical
from xlcheck.template.proportions import kind_name

NOTHING = Markup()


def empty_tables(form: Form) -> Markup:
    """The official tables as printed, empty; the script fills in a unit's figures."""
    fields = {name: n for n, name in enumerate(form.fields)}
    return NOTHING.join(
        _table(Table(table, form.sections[table], cells), fields, kind_name(form, table), form.edition)
        for table, cells in form.tables.items()
    )


def _table(table: Table, fields: dict[str, int], kind: str, edition: str) -> Markup:
    head, count = head_rows(table), max(c.col + c.cols for c in table.cells)
    ordered = sorted(table.cells, key=lambda c: (c.row, c.col))
    rows = [_row(table, list(cells), fields) for _, cells in groupby(ordered, lambda c: c.row)]
    top = Markup("<thead>{}</thead>").format(NOTHING.join(rows[:head])) if head else NOTHING
    return Markup(
        '<template id="form-{edition}-{id}"><h3 id="{id}-title" class="{kind}-form">{heading}</h3>'
        '<div class="scroll {kind}-form" role="region" tabindex="0" aria-labelledby="{id}-title">'
        '<table class="form" aria-labelledby="{id}-title"><colgroup>{columns}</colgroup>'
        "{top}<tbody>{rows}</tbody></table></div></template>\n"
    ).format(
        id=table.id, edition=edition, kind=kind, heading=table.heading,
        columns=Markup("<col>") * count, top=top, rows=NOTHING.join(rows[head:]),
    )  # fmt: skip


def _row(table: Table, cells: list[Cell], fields: dict[str, int]) -> Markup:
    kind = Markup(' class="band"') if cells[0].role == "caption" else NOTHING
    return Markup("<tr{}>{}</tr>").format(kind, NOTHING.join(_cell(table, cell, fields) for cell in cells))


def _cell(table: Table, cell: Cell, fields: dict[str, int]) -> Markup:
    spans = (("row", cell.rows), ("col", cell.cols))
    span = NOTHING.join(Markup(' {}span="{}"').format(way, n) for way, n in spans if n > 1)
    if cell.field:
        return Markup('<td{} data-field="{}"></td>').format(span, fields[cell.field])
    group = cell.rows > 1 if cell.role == "label" else cell.cols > 1
    scope = ("row" if cell.role == "label" else "col") + ("group" if group else "")
    kinds = [cell.role, *(["vertical"] if vertical(table, cell) else []), *(["group"] if group else [])]
    text = Markup("<wbr>").join(broken(cell.text))
    return Markup('<th{} scope="{}" class="{}"><span>{}</span></th>').format(
        span, scope, " ".join(kinds), text
    )
