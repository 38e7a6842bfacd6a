"""Rows and columns out of the form's order: their figures are another's."""

from bisect import bisect_right
from collections.abc import Sequence

from xlcheck.core.form import Form
from xlcheck.importing.document import Doubt
from xlcheck.importing.normal_text import NormalText
from xlcheck.importing.sections.headings import turned
from xlcheck.importing.tables.text_tables import TableRows

NEAR = 400  # letters above a row in which its headings stand


def in_column_order(form: Form, text: NormalText, told: TableRows) -> tuple[TableRows, list[Doubt]]:
    """The rows whose headings stand in the form's order; the others are not placed by it."""
    kept: TableRows = []
    strange = []
    first: dict[str, int] = {}
    for names, row in told:
        table, start = row.mark.table, first.setdefault(row.mark.table, row.mark.start)
        end = row.mark.start if form.is_stacked(table) else start
        named = names and not form.is_rowless(table)
        if met := turned(form, text, max(0, end - NEAR), end, names) if named else ():
            strange.append(Doubt("order", row.where, row.text, names, (met,)))
        else:
            kept.append((names, row))
    return kept, strange


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
