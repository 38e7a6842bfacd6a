"""Add up: the county's own figures, cell by cell, from the units that are counted."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.county.submission import Campaign, Submission
from xlcheck.data.county import Status
from xlcheck.editions import Edition
from xlcheck.saving import atomically
from xlcheck.workbook.reading import read
from xlcheck.workbook.writing import fresh_workbook


class CountyTotals(NamedTuple):
    """The sums of the figures that are there, and how many have one.

    Who is ``missing``, whose return is still ``open``, whose has an error, accepted or not; ``left`` units
    are not counted.
    """

    sums: Mapping[str, Decimal]
    there: Mapping[str, int]
    counted: int
    left: int
    missing: tuple[str, ...]
    open: tuple[str, ...]
    faulty: tuple[str, ...] = ()

    def complete(self, field: str) -> bool:
        """Whether every counted unit has a figure here."""
        return self.there[field] == self.counted

    @property
    def settled(self) -> bool:
        """Whether every counted unit has reported and been accepted, with a figure in every cell."""
        return not (self.missing or self.open or self.faulty) and all(map(self.complete, self.sums))


def add_up(form: Form, standings: Iterable[Submission]) -> CountyTotals:
    """Sum what the counted units sent last; amounts are added as they are, before any rounding.

    A missing unit, a blank, a text for a figure leave a total incomplete, never silently smaller.
    """
    sums, there = dict.fromkeys(form.fields, Decimal(0)), dict.fromkeys(form.fields, 0)
    names: dict[str, list[str]] = {"counted": [], "left": [], "missing": [], "open": [], "faulty": []}
    for standing in standings:
        for state in _states(standing):
            names[state].append(standing.unit.name)
        if standing.current and standing.unit.counted != "none":
            for name, entry in counted_figures(form, standing.current.filing).items():
                sums[name] += entry
                there[name] += 1
    lists = {state: tuple(names[state]) for state in ("missing", "open", "faulty")}
    return CountyTotals(sums, there, len(names["counted"]), len(names["left"]), **lists)


def _states(standing: Submission) -> Iterator[str]:
    """What a unit is to the totals."""
    if standing.unit.counted == "none":
        yield "left"
        return
    yield "counted"
    if standing.current is None:
        yield "missing"
    else:
        yield from ["open"] * (standing.status is not Status.ACCEPTED)
        yield from ["faulty"] * (standing.current.errors > 0)


def counted_figures(form: Form, filing: Filing) -> dict[str, Decimal]:
    """The cells that hold a figure, as stated: under a ticked nil return a blank is 0."""
    return {n: entry for n, entry in stated_values(form, filing).items() if isinstance(entry, Decimal)}


def county_filing(campaign: Campaign, added: CountyTotals) -> Filing:
    """The county's own filing in the same form; a total that is not complete stays blank."""
    values: dict[str, Entry] = {n: s if added.complete(n) else None for n, s in added.sums.items()}
    return Filing(campaign.edition, Decimal(campaign.year), campaign.county or None, values=values)


def write_county_filing(edition: Edition, campaign: Campaign, added: CountyTotals, target: Path) -> bool:
    """Put the totals into the county's own workbook; what its office wrote there before is kept.

    Gives back whether there was one. Raises Refused where the file that is there is no sound workbook.
    """
    filing, there = county_filing(campaign, added), target.exists()
    if there:
        before = read(target)
        filing = before._replace(unit=before.unit or filing.unit, year=filing.year, values=filing.values)
    content = fresh_workbook(edition, filing, {})
    atomically(target, lambda to: to.write_bytes(content))
    return there
