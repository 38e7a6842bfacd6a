"""A figure of the text tied to the cells it speaks of, and whether the cells agree."""

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xlcheck.core.formula import Formula, Lookup
from xlcheck.core.text.words.numbers import Roughness, rounded

# 余, 约, 近 and 多 stand for at most a fifth.
ROUGHLY = Decimal("0.2")
HALF_PERCENT = Decimal("0.005")
if TYPE_CHECKING:
    Whole: TypeAlias = "Claim | None"
    Others: TypeAlias = "tuple[Claim, ...]"
else:  # as in core.filing
    Whole, Others = object, tuple


class Claim(NamedTuple):
    """A figure of section ``at`` tied to cells: any of the formulas ``any`` may be what it means.

    ``kind`` is count, part (no more than the whole), share (percent ``of`` another claim), rate (100 % done:
    nothing carried out), growth (against another year) or before (that year's figure): those are laid against
    last year's tables alone.
    ``sure`` is a reading that leaves no doubt; ``scope`` says the figure is the office's own only; ``year``
    is another year than the report's; ``or_else`` are other readings of the same words, ``bases`` what
    a share is of where its words say so, ``who`` the applicants counted, where not all,
    and ``outcome`` what became of cases.
    ``of`` is what a share, a growth or results are of.
    ``start:end`` lies in the section's text as written; ``quote`` is the clause it stands in, and ``stated``
    the figures in it where the value is their sum; an ``absent`` one is said in words without a figure.
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
    act: str = ""
    bound: Roughness = ""
    year: int | None = None
    stated: tuple[Decimal, ...] = ()
    absent: bool = False
    or_else: Others = ()
    bases: tuple[Formula, ...] = ()
    who: str = ""
    outcome: str = ""

    @property
    def pattern(self) -> str:
        """The entry of data/claims.toml that it is read by."""
        return self.id.partition(":")[0].rstrip("<@%>")

    @property
    def at_most(self) -> "Claim":
        """The same as a part of what the tables hold."""
        return self._replace(id=f"{self.id.removesuffix('<')}<", kind="part", sure=False, absent=False)

    @property
    def whole(self) -> "Claim":
        """The same where a part is taken for all there is."""
        return self._replace(kind="count") if self.kind == "part" else self

    @property
    def fields(self) -> tuple[str, ...]:
        """The cells compared, those of the likeliest meaning first."""
        return tuple(dict.fromkeys(c for f in self.any for c in f.cells))


def agrees(claim: Claim, entry: Lookup, bases: tuple[Formula | Decimal, ...] = ()) -> bool | None:
    """Whether any reading of the claim holds in the tables; None where cells it needs are blank.

    A share is of any of ``bases`` (figures, or expressions of cells) to a tenth of a percent.
    """
    mine = _agrees(claim, entry, bases)
    others = [_agrees(other, entry, bases) for other in claim.or_else]
    if mine or any(others):
        return True
    return None if mine is None or None in others else False


def _agrees(claim: Claim, entry: Lookup, bases: tuple[Formula | Decimal, ...]) -> bool | None:
    if claim.kind in ("growth", "before"):
        return None
    values, blank = _values(claim.any, entry)
    if claim.kind == "share":
        of = claim.bases or bases
        wholes = _values(tuple(b for b in of if isinstance(b, Formula)), entry)[0]
        return _share(claim, values, [*wholes, *(b for b in of if isinstance(b, Decimal))])
    if claim.kind == "part" and claim.bound == "most":
        return True  # 每类控制在 39 件以内: some of them, and who knows how many
    # 征地类申请 22 件，公开 10 件: of some alone, where the 22 are not all.
    some = claim.of is not None and _agrees(claim.of._replace(kind="count"), entry, bases) is False
    holds = claim.value.__le__ if claim.kind == "part" or some else partial(_same, claim)
    if any(holds(v) for v in values) or (claim.kind == "rate" and _rounds(claim, values, entry)):
        return True
    return None if blank or not values else False


def _rounds(claim: Claim, values: list[Decimal], entry: Lookup) -> bool:
    """Whether so few are left of all there are that a rate of 100 % may be rounded: 332 of 333 answered."""
    wholes, _ = _values(tuple(b for b in claim.bases if isinstance(b, Formula)), entry)
    return any(left <= whole * HALF_PERCENT for left in values for whole in wholes)


def is_known(formula: Formula, entry: Lookup) -> bool:
    """Whether every cell the expression needs holds a figure."""
    return all(isinstance(entry(name), Decimal) for name in formula.needs)


def _values(formulas: tuple[Formula, ...], entry: Lookup) -> tuple[list[Decimal], bool]:
    runnable = [f for f in formulas if is_known(f, entry)]
    return [Decimal(f.value(entry)) for f in runnable], len(runnable) < len(formulas)


def _same(claim: Claim, cell: Decimal) -> bool:
    if not claim.exact:
        low, high = _bounds(claim)
        return low <= cell <= high
    return abs(cell - claim.value) <= rounded(claim.value)


def _bounds(claim: Claim) -> tuple[Decimal, Decimal]:
    """余 and 多 stand for something more, up to one of the last place told or a fifth; 不足 for less; 近 too,
    by no more than a fifth; 以内 by any number; 约 by no more than one of the last place told, either way."""
    place = Decimal(1).scaleb(int(claim.value.normalize().as_tuple().exponent)) if claim.value else Decimal(1)
    rough, least = claim.value * ROUGHLY, max(place, Decimal(1))
    slack = max(place, rough) if claim.bound in ("over", "under") else min(least, rough)
    slack = claim.value if claim.bound == "most" else slack
    more, less = claim.bound in ("", "over"), claim.bound != "over"
    return claim.value - slack * less, claim.value + slack * more


def _share(claim: Claim, values: list[Decimal], wholes: list[Decimal]) -> bool | None:
    parts = [*values, *((claim.of.value,) if claim.of else ())]
    pairs = [(part, whole) for part in parts for whole in wholes if whole]
    return any(is_share(*pair, claim.value, claim.exact) for pair in pairs) if pairs else None


def is_share(part: Decimal, whole: Decimal, told: Decimal, exact: bool = True) -> bool:
    """Whether a percentage told is that of a part of a whole; one told roughly may be a fifth off."""
    # Shares are rounded so that they come to 100: a whole percent may be two thirds off.
    slack = Decimal("0.1") if told % 1 else Decimal("0.7")
    return abs(100 * part / whole - told) <= (slack if exact else max(told * ROUGHLY, Decimal(1)))
