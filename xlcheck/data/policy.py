"""The shape of policy.toml, and of a county's own file: when returns are due, how grave its reminders are."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck import data

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Reminding = Literal["warning", "info", "off"]  # how a reminder is given, or that it is not


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


class Policy(NamedTuple):
    """When returns are due, and how reminders are given, by rule; errors are no county's to change."""

    due: DueDay
    severity: Mapping[str, Reminding] = {}
    published: DueDay | None = None

    def __hash__(self) -> int:
        return hash((self.due, frozenset(self.severity.items())))

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
