"""Rows and columns out of the form's order: their figures are another's."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from xlcheck.core.filing import entry_text
from xlcheck.core.form import Form
from xlcheck.importing.cell_figure import is_figure
from xlcheck.importing.document import Doubt
from xlcheck.importing.labels import are_foreign
from xlcheck.importing.normal_text import normal
from xlcheck.importing.sections.headings import turned
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.tables.text_tables import TableRows, TextRow

ABOVE = 40  # lines above a row in which they stand
SHORT = 8  # letters of a heading; what is longer is prose
NEAR = 400  # letters above a row in which its headings stand


def in_column_order(layout: ReportLayout, told: TableRows) -> tuple[TableRows, list[Doubt]]:
    """The rows whose headings are the form's and in its order; the others are not placed by it."""
    form, text = layout.form, layout.text
    kept: TableRows = []
    strange = []
    first: dict[str, int] = {}
    for names, row in told:
        table, start = row.mark.table, first.setdefault(row.mark.table, row.mark.start)
        end = row.mark.start if form.is_stacked(table) else start
        named = names and not form.is_rowless(table)
        if met := turned(form, text, max(0, end - NEAR), end, names) if named else ():
            strange.append(Doubt("order", row.where, row.text, names, (met,)))
        elif named and len(row.figures) > 1 and _is_headed_otherwise(layout, row):
            figures = tuple(entry_text(one.entry) for one in row.figures)
            strange.append(Doubt("columns", row.where, row.text, names, (figures,)))
        else:
            kept.append((names, row))
    return kept, strange


def _is_headed_otherwise(layout: ReportLayout, row: TextRow) -> bool:
    """Whether the nearest line above with a word a figure names years, quarters or places."""
    count, lines = len(row.figures), layout.document.lines
    for line in reversed(lines[max(0, row.line - ABOVE) : row.line]):
        words = [normal(word) for word in re.split(r"[|\s]+", line.text) if word]
        if len(words) >= count and not any(map(is_figure, words)):
            heads = words[-count:]
            return all(1 < len(head) <= SHORT for head in heads) and are_foreign(heads, layout.forms)
    return False


def in_row_order(form: Form, rows: TableRows) -> tuple[TableRows, list[Doubt]]:
    """The rows that follow one another as in the form; one that comes elsewhere has another's figures."""
    place = {name: n for n, name in enumerate(form.fields)}
    named = [(names, row) for names, row in rows if names]
    kept = _rising([place[names[0]] for names, _ in named])
    away = [pair for n, pair in enumerate(named) if n not in kept and pair[1].figures]
    doubts = [Doubt("row_order", row.where, row.text, names) for names, row in away]
    return [pair for pair in rows if pair not in away], doubts


def _rising(places: Sequence[int]) -> frozenset[int]:
    """Which members make the longest run that never falls."""
    ends: list[int] = []  # of the runs of each length, the member that ends it lowest
    before: list[int] = []
    for n, place in enumerate(places):
        at = bisect_right([places[end] for end in ends], place)
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [n]
    kept, n = set(), ends[-1] if ends else -1
    while n >= 0:
        kept.add(n)
        n = before[n]
    return frozenset(kept)
