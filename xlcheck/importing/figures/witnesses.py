"""What speaks against a reading: one row alone whose sums fail."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlcheck.core.formula import Entry
from xlcheck.editions import Edition
from xlcheck.importing.document import Doubt
from xlcheck.importing.tables.text_tables import TableRows
from xlcheck.judge import code

ENOUGH = 5  # rows whose sums hold, beside which one that fails stands out


def lone_failures(edition: Edition, values: Mapping[str, Entry], rows: TableRows) -> Iterator[Doubt]:
    """The one row read from lines whose own sums fail where those of all others hold."""
    failing, holding = [], 0
    for names, row in rows:
        known = {n: v for n in names if isinstance(v := values.get(n), Decimal)}
        mine = [e for e in code(edition).equations if len(e.terms) > 2 and set(e.terms) <= set(known)]
        off = [e for e in mine if e.off(known)]
        holding += bool(mine) and not off
        if off:
            failing.append((names, row, known))
    if len(failing) == 1 and holding >= ENOUGH:
        names, row, known = failing[0]
        yield Doubt("sums", row.where, row.text, names, (tuple(str(known[n]) for n in names if n in known),))
