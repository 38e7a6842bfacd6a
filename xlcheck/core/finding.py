"""What a check has to say: findings, what would mend them, and what became of every rule."""

from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from xlcheck.core.language import Entry


class State(IntEnum):
    """How a case ended; the workbook's formulas give the same four numbers."""

    PASSED = 0
    FAILED = 1
    NOT_RUNNABLE = 2
    NOT_APPLICABLE = 3


class Fix(NamedTuple):
    """A change that would mend a finding: ``was`` is what stands there, ``to`` what should.

    ``also`` are the other cells of the same slip, to be changed together with this one.
    """

    field: str
    was: Entry
    to: Decimal
    why: str
    also: tuple["Fix", ...] = ()


class Finding(NamedTuple):
    """A rule broken at a place: what to say, the cells compared, what the cell should be.

    ``because`` are the findings of the same cause, told by this one in their place.
    """

    rule: str
    severity: str
    at: str
    message: str
    advice: str
    fields: tuple[str, ...] = ()
    fix: Fix | None = None
    candidates: tuple[Fix, ...] = ()
    quote: str = ""
    answer: str = ""
    because: tuple["Finding", ...] = ()


class Ran(NamedTuple):
    """What became of one rule: its number of cases, and how they ended."""

    rule: str
    cases: int
    failed: int
    skipped: int
    not_applicable: int

    @property
    def state(self) -> State:
        if self.failed:
            return State.FAILED
        if self.not_applicable == self.cases:
            return State.NOT_APPLICABLE
        return State.NOT_RUNNABLE if self.skipped else State.PASSED


class Result(NamedTuple):
    """Everything a check has to say about one filing."""

    findings: tuple[Finding, ...]
    ran: tuple[Ran, ...]

    @property
    def status(self) -> str:
        severities = {f.severity for f in self.findings if not f.answer}
        return "fail" if "error" in severities else "warn" if "warning" in severities else "pass"
