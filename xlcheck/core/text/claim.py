"""A figure of the text tied to the cells it speaks of, and whether the cells agree."""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xlcheck.core.formula import Formula, Lookup

# 余, 约, 近 and 多 stand for at most a fifth.
ROUGHLY = Decimal("0.2")
if TYPE_CHECKING:
    Whole: TypeAlias = "Claim | None"
else:  # as in core.filing
    Whole = object


class Claim(NamedTuple):
    """A figure of section ``at`` tied to cells: any of the formulas ``any`` may be what it means.

    ``kind`` is count, share (percent ``of`` another claim), rate (100 % done: nothing carried out) or
    growth (percent or number against last year, to be judged where last year is at hand).
    ``sure`` is a reading that leaves no doubt; ``scope`` says the figure is the office's own only.
    ``start:end`` lies in the section's text as written; ``quote`` is the clause it stands in.
    """

    id: str
    at: str
    start: int
    end: int
    quote: str
    value: Decimal
    unit: str
    any: tuple[Formula, ...]
    sentence: int
    whats: tuple[str, ...] = ()
    exact: bool = True
    sure: bool = True
    scope: bool = False
    kind: str = "count"
    of: Whole = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The cells compared, those of the likeliest meaning first."""
        return tuple(dict.fromkeys(c for f in self.any for c in f.cells))


def agrees(claim: Claim, entry: Lookup, bases: tuple[Formula | Decimal, ...] = ()) -> bool | None:
    """Whether any meaning of the claim holds in the tables; None where cells it needs are blank.

    A share is of any of ``bases`` (figures, or expressions of cells) to a tenth of a percent; a growth
    is not judged here.
    """
    if claim.kind == "growth":
        return None
    values, blank = _values(claim.any, entry)
    if claim.kind == "share":
        wholes = _values(tuple(b for b in bases if isinstance(b, Formula)), entry)[0]
        return _share(claim, values, [*wholes, *(b for b in bases if isinstance(b, Decimal))])
    if any(_same(claim, v) for v in values):
        return True
    return None if blank or not values else False


def is_known(formula: Formula, entry: Lookup) -> bool:
    """Whether every cell the expression needs holds a figure."""
    return all(isinstance(entry(name), Decimal) for name in formula.needs)


def _values(formulas: tuple[Formula, ...], entry: Lookup) -> tuple[list[Decimal], bool]:
    runnable = [f for f in formulas if is_known(f, entry)]
    return [Decimal(f.value(entry)) for f in runnable], len(runnable) < len(formulas)


def _same(claim: Claim, cell: Decimal) -> bool:
    if not claim.exact:
        return abs(cell - claim.value) <= claim.value * ROUGHLY
    exponent = int(claim.value.normalize().as_tuple().exponent)
    rounded = Decimal(5).scaleb(exponent - 1) if exponent < 0 else Decimal(0)
    return abs(cell - claim.value) <= rounded


def _share(claim: Claim, values: list[Decimal], wholes: list[Decimal]) -> bool | None:
    parts = [*values, *((claim.of.value,) if claim.of else ())]
    shares = [100 * part / whole for part in parts for whole in wholes if whole]
    if not shares:
        return None
    slack = Decimal("0.1") if claim.value % 1 else Decimal("0.6")
    return any(abs(share - claim.value) <= slack for share in shares)
