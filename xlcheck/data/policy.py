"""The shape of policy.toml, and of a county's own file: days, reminders, what a text is to say, points."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck import data

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Reminding = Literal["warning", "info", "off"]  # how a reminder is given, or that it is not
PointEvent = Literal[
    "late", "missing", "returned", "unmended", "alike", "rules", "errors", "published_late", "unpublished",
    "published_differs", "by_hand",
]  # fmt: skip
PointPer = Literal["once", "each", "day"]


class DueDay(NamedTuple):
    """A day of the year after the one reported."""

    month: int
    day: int

    @property
    def exists(self) -> bool:
        """Whether every year has it; 29 February is none to be due by."""
        from datetime import date

        try:
            date(2001, *self)
        except (ValueError, OverflowError):
            return False
        return True


class AlikeShares(NamedTuple):
    """From which share of its sentences a text is told to be last year's, 0 to 1."""

    last: Decimal


class WantedContent(NamedTuple):
    """Something that 一 is to speak of, in one of these words; with a figure in the same sentence, or not."""

    name: str
    words: tuple[str, ...]
    figure: bool = False


class FullScore(NamedTuple):
    """How many points a unit begins with."""

    full: Decimal


class PointItem(NamedTuple):
    """A line of the 考核表: what costs or brings how many points, once, each time or for each day.

    ``rules`` are rules whose findings count as well, ``most`` the most points there are, 0 for no bound.
    """

    name: str
    on: PointEvent
    points: Decimal = Decimal(0)
    per: PointPer = "once"
    most: Decimal = Decimal(0)
    rules: tuple[str, ...] = ()


class Policy(NamedTuple):
    """When returns are due, how reminders are given, by rule, and what a county asks beyond the form.

    Errors are no county's to change.
    """

    due: DueDay
    severity: Mapping[str, Reminding] = {}
    published: DueDay | None = None
    alike: AlikeShares | None = None
    content: tuple[WantedContent, ...] = ()
    score: FullScore | None = None
    point: tuple[PointItem, ...] = ()

    def __hash__(self) -> int:
        return hash((self.due, frozenset(self.severity.items()), self.alike, self.content, self.point))

    @property
    def asks(self) -> str:
        """What it says of findings, in one text: what was checked by another is checked again."""
        asked = (sorted(self.severity.items()), self.alike, self.content)
        return repr(asked) if any(asked) else ""

    def misfits(self) -> "Iterator[Misfit]":
        """A day that is none, a rule that there is not, an error."""
        from xlcheck.data.checking import Misfit
        from xlcheck.data.rules import rules
        from xlcheck.data.rules_text import rules_text

        catalogue = (*rules().rule, *rules_text().rule)
        known = [rule.id for rule in catalogue if rule.severity != "error"]
        if not self.due.exists:
            yield Misfit(("due", "month"), f"{self.due.month}-{self.due.day}", (), "is no day")
        strange = (i for i in self.severity if i not in known)
        yield from (Misfit(("severity", i), i, known, "is no reminder") for i in strange)


@cache
def policy() -> Policy:
    """The policy where a county has none."""
    return data.load("policy", Policy)
