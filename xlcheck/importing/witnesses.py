"""What speaks against a reading: rows out of the form's order, and one row alone whose sums fail."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlcheck.core.form import Form
from xlcheck.editions import Edition
from xlcheck.importing.document import Doubt
from xlcheck.importing.placement import Placement, TableRows
from xlcheck.importing.splits import sums

ENOUGH = 5  # rows whose sums hold, beside which one that fails stands out


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


def lone_failures(edition: Edition, placement: Placement, rows: TableRows) -> Iterator[Doubt]:
    """The one row read from lines whose own sums fail where those of all others hold."""
    failing, holding = [], 0
    for names, row in rows:
        known = {n: v for n in names if isinstance(v := placement.values.get(n), Decimal)}
        mine = [e for e in sums(edition) if len(e.terms) > 2 and set(e.terms) <= set(known)]
        off = [e for e in mine if e.off(known)]
        holding += bool(mine) and not off
        if off:
            failing.append((names, row, known))
    if len(failing) == 1 and holding >= ENOUGH:
        names, row, known = failing[0]
        yield Doubt("sums", row.where, row.text, names, (tuple(str(known[n]) for n in names if n in known),))
