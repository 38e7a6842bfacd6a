"""Add up: the county's own figures, cell by cell, from the units that are counted."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.form import Form
from xlcheck.core.language import Entry
from xlcheck.county.standing import Campaign, Standing, Status
from xlcheck.files.catalogue import edition


class Totals(NamedTuple):
    """The sums of the figures that are there, and how many have one; who is ``missing``,
    and whose return is still ``open``. ``left`` units are not counted."""

    sums: Mapping[str, Decimal]
    there: Mapping[str, int]
    counted: int
    left: int
    missing: tuple[str, ...]
    open: tuple[str, ...]

    def complete(self, field: str) -> bool:
        """Whether every counted unit has a figure here."""
        return self.there[field] == self.counted

    @property
    def settled(self) -> bool:
        """Whether every counted unit has reported and been accepted, with a figure in every cell."""
        return not self.missing and not self.open and all(map(self.complete, self.sums))


def totals(campaign: Campaign, standings: Iterable[Standing]) -> Totals:
    """Sum what the counted units sent last; amounts are added as they are, before any rounding.

    A missing unit, a blank, a text for a figure leave a total incomplete, never silently smaller.
    """
    form = edition(campaign.edition).form
    sums, there = dict.fromkeys(form.fields, Decimal(0)), dict.fromkeys(form.fields, 0)
    counted, left, missing, unsettled = 0, 0, [], []
    for standing in standings:
        if standing.unit.counted == "none":
            left += 1
            continue
        counted += 1
        if standing.current is None:
            missing.append(standing.unit.name)
            continue
        if standing.status is not Status.ACCEPTED:
            unsettled.append(standing.unit.name)
        for name, entry in figures(form, standing.current.filing).items():
            sums[name] += entry
            there[name] += 1
    return Totals(sums, there, counted, left, tuple(missing), tuple(unsettled))


def figures(form: Form, filing: Filing) -> dict[str, Decimal]:
    """The cells that hold a figure, as stated: under a ticked nil return a blank is 0."""
    return {n: entry for n, entry in stated_values(form, filing).items() if isinstance(entry, Decimal)}


def county_filing(campaign: Campaign, added: Totals) -> Filing:
    """The county's own filing in the same form; a total that is not complete stays blank."""
    values: dict[str, Entry] = {n: s if added.complete(n) else None for n, s in added.sums.items()}
    return Filing(campaign.edition, Decimal(campaign.year), campaign.county or None, values=values)
