"""Add up: the county's own figures, cell by cell, from the units that are counted."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.form import Form
from xlcheck.core.language import Entry
from xlcheck.county.standing import Campaign, Standing, Status
from xlcheck.files.catalogue import edition
from xlcheck.files.fill import new, write
from xlcheck.files.store import save
from xlcheck.files.workbook import read


class Totals(NamedTuple):
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


def totals(campaign: Campaign, standings: Iterable[Standing]) -> Totals:
    """Sum what the counted units sent last; amounts are added as they are, before any rounding.

    A missing unit, a blank, a text for a figure leave a total incomplete, never silently smaller.
    """
    form = edition(campaign.edition).form
    some = list(standings)
    counted = [standing for standing in some if standing.unit.counted != "none"]
    sums, there = dict.fromkeys(form.fields, Decimal(0)), dict.fromkeys(form.fields, 0)
    sent = [(standing, standing.current) for standing in counted if standing.current]
    for _, current in sent:
        for name, entry in figures(form, current.filing).items():
            sums[name] += entry
            there[name] += 1
    missing = tuple(s.unit.name for s in counted if s.current is None)
    unsettled = tuple(s.unit.name for s, _ in sent if s.status is not Status.ACCEPTED)
    faulty = tuple(s.unit.name for s, current in sent if current.errors)
    return Totals(sums, there, len(counted), len(some) - len(counted), missing, unsettled, faulty)


def figures(form: Form, filing: Filing) -> dict[str, Decimal]:
    """The cells that hold a figure, as stated: under a ticked nil return a blank is 0."""
    return {n: entry for n, entry in stated_values(form, filing).items() if isinstance(entry, Decimal)}


def county_filing(campaign: Campaign, added: Totals) -> Filing:
    """The county's own filing in the same form; a total that is not complete stays blank."""
    values: dict[str, Entry] = {n: s if added.complete(n) else None for n, s in added.sums.items()}
    return Filing(campaign.edition, Decimal(campaign.year), campaign.county or None, values=values)


def write_filing(campaign: Campaign, added: Totals, target: Path) -> bool:
    """Put the totals into the county's own workbook; what its office wrote there before is kept.

    Gives back whether there was one. Raises Refused where the file that is there is no sound workbook.
    """
    filing, there = county_filing(campaign, added), target.exists()
    if there:
        before = read(target)
        filing = before._replace(unit=before.unit or filing.unit, year=filing.year, values=filing.values)
    book = new(campaign.edition, campaign.year, filing.unit, None)
    write(book, filing)
    save(book, target)
    return there
