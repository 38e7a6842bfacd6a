"""Add up: the county's own figures, cell by cell, from the units that are counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.county.submission import Campaign, Submission
from xlcheck.data.county import Status, Verdict
from xlcheck.data.draft import draft_words
from xlcheck.editions import Edition
from xlcheck.saving import atomically
from xlcheck.workbook.reading import read
from xlcheck.workbook.writing import fresh_workbook


class CountyTotals(NamedTuple):
    """The sums of the figures that are there, and how many have one.

    Who is ``missing``, whose return is still ``open``, whose has an error, accepted or not, who was ``late``,
    whose was sent back to be corrected; ``left`` units are not counted. How many are counted of which of the
    ``kinds``, and of which the county's ``own`` unit is.
    """

    sums: Mapping[str, Decimal]
    there: Mapping[str, int]
    counted: int
    left: int
    missing: tuple[str, ...]
    open: tuple[str, ...]
    faulty: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    own: str = ""

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
    lists = ("missing", "open", "faulty", "late", "returned")
    names: dict[str, list[str]] = {state: [] for state in ("counted", "left", *lists)}
    kinds, own = Counter[str](), ""
    for standing in standings:
        for state in _states(standing):
            names[state].append(standing.unit.name)
        kinds[standing.unit.kind] += standing.unit.counted != "none"
        own = own or (standing.unit.kind if standing.unit.counted == "own" else "")
        if standing.current and standing.unit.counted != "none":
            for name, entry in counted_figures(form, standing.current.filing).items():
                sums[name] += entry
                there[name] += 1
    found = {state: tuple(some) for state, some in names.items()}
    counted, left = len(found.pop("counted")), len(found.pop("left"))
    return CountyTotals(sums, there, counted, left, **found, kinds=tuple((+kinds).items()), own=own)


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
        yield from ["late"] * (standing.late > 0)
    yield from ["returned"] * any(d.whole and d.verdict is Verdict.RETURN for d in standing.decided)


def counted_figures(form: Form, filing: Filing) -> dict[str, Decimal]:
    """The cells that hold a figure, as stated: under a ticked nil return a blank is 0."""
    return {n: entry for n, entry in stated_values(form, filing).items() if isinstance(entry, Decimal)}


def county_filing(campaign: Campaign, added: CountyTotals) -> Filing:
    """The county's own filing in the same form; a total that is not complete stays blank.

    一 begins with who is counted and with how the units reported, for its office to keep or to drop; a draft
    goes on below.
    """
    values: dict[str, Entry] = {n: s if added.complete(n) else None for n, s in added.sums.items()}
    texts: dict[str, str] = {draft_words().county.text: _units_said(added)}
    unit, year = campaign.county or None, Decimal(campaign.year)
    return Filing(campaign.edition, year, unit, added.own or None, values=values, texts=texts)


def _units_said(added: CountyTotals) -> str:
    """Who is counted; below, for the office to keep or drop, who reported, late, and again."""
    words = draft_words().county
    kinds = words.comma.join(words.kind.format(kind=kind, count=count) for kind, count in added.kinds)
    several = words.kinds.format(kinds=kinds) if len(added.kinds) > 1 else ""
    there = added.counted - len(added.missing)
    told = [words.counted.format(count=added.counted, kinds=several)]
    told += [words.left.format(count=added.left)] if added.left else []
    states = ((words.missing, added.missing), (words.late, added.late), (words.returned, added.returned))
    said = [(some if who else none).format(count=len(who), there=there) for (none, some), who in states]
    return "\n".join(("".join(told), words.keep, words.units.format(count=added.counted) + "".join(said)))


def _told_anew(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What is said of the units, while the office has not said whether it keeps it; its own words stay."""
    words = draft_words().county
    own, keep, rest = before.get(words.text, "").partition(words.keep)
    said = now[words.text]
    if not own:
        return {words.text: said}
    return {words.text: "\n".join((said, *rest.split("\n")[2:]))} if keep else {}


def write_county_filing(edition: Edition, campaign: Campaign, added: CountyTotals, target: Path) -> bool:
    """Put the totals into the county's own workbook; what its office wrote there before is kept.

    Gives back whether there was one. Raises Refused where the file that is there is no sound workbook.
    """
    filing, there = county_filing(campaign, added), target.exists()
    if there:
        before = read(target)
        texts = {**before.texts, **_told_anew(before.texts, filing.texts)}
        unit, kind = before.unit or filing.unit, before.kind or filing.kind
        filing = before._replace(unit=unit, kind=kind, year=filing.year, values=filing.values, texts=texts)
    content = fresh_workbook(edition, filing, {})
    atomically(target, lambda to: to.write_bytes(content))
    return there
