"""The totals that are sums of other cells, read out of the rules, and what they should be."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.diagnosis.equations import Equation
from xlcheck.core.filing import Values
from xlcheck.core.formula import Entry


class Total(NamedTuple):
    """A total that does not say what its parts add up to."""

    field: str
    was: Entry
    to: Decimal
    rule: str


class TotalsToFill(NamedTuple):
    """What there is to fill; blank totals whose parts are not all figures; totals of a part in doubt."""

    wrong: tuple[Total, ...]
    waiting: tuple[str, ...]
    doubted: tuple[str, ...]


def totals_to_fill(
    equations: Iterable[Equation], values: Values, doubtful: Collection[str] = ()
) -> TotalsToFill:
    """Add the parts up, from the innermost totals outward.

    A total of two sums, of its row and of its column, gets the first: from the same cells both are equal.
    A total of ``doubtful`` parts is left: what is typed in it is the evidence against them, and a blank one
    would come to as wrong a sum.
    """
    sums = {e.at: e for e in reversed([e for e in equations if _adds_up(e)])}
    adding = _Adding(sums, values, {})
    parts = frozenset(doubtful) - sums.keys()
    wrong = [
        Total(name, values.get(name), to, sums[name].rule)
        for name in reversed(sums)
        if (to := adding.up(name)) is not None and values.get(name) != to
    ]
    kept = {t.field for t in wrong if parts & adding.under(t.field)}
    waiting = [n for n in reversed(sums) if values.get(n) is None and adding.up(n) is None]
    return TotalsToFill(
        tuple(t for t in wrong if t.field not in kept),
        tuple(waiting),
        tuple(t.field for t in wrong if t.field in kept),
    )


def _adds_up(equation: Equation) -> bool:
    """Whether it reads total == part + part …, and is not a balance of two sides."""
    own = equation.terms.get(equation.at, 0)
    return own != 0 and all(c == -own for name, c in equation.terms.items() if name != equation.at)


class _Adding(NamedTuple):
    """The sums by their total; ``settled`` remembers what each came to."""

    sums: Mapping[str, Equation]
    values: Values
    settled: dict[str, Decimal | None]

    def parts(self, name: str) -> list[str]:
        return [part for part in self.sums[name].terms if part != name]

    def up(self, name: str) -> Decimal | None:
        """What a cell is or should be; None where some part is no figure."""
        if name not in self.sums:
            entry = self.values.get(name)
            return entry if isinstance(entry, Decimal) else None
        if name not in self.settled:
            parts = [self.up(part) for part in self.parts(name)]
            known = [p for p in parts if p is not None]
            self.settled[name] = sum(known, Decimal(0)) if len(known) == len(parts) else None
        return self.settled[name]

    def under(self, name: str) -> frozenset[str]:
        """All cells that a total is made of, down to the last."""
        if name not in self.sums:
            return frozenset({name})
        return frozenset[str]().union(*(self.under(part) for part in self.parts(name)))
