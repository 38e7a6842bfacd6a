"""How a unit stands in the county's January: what it sent, what is open in it, what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing, Values
from xlcheck.data.county import CountedAs, Status, Verdict
from xlcheck.data.rules import Severity
from xlcheck.editions import Edition

ACCEPTING = (Verdict.ACCEPT, Verdict.EXPLAINED)


class Unit(NamedTuple):
    """One line of the roster. ``counted`` says among whose figures its own are; none are not added up."""

    name: str
    kind: str = ""
    counted: CountedAs = "none"
    region: str = ""
    code: str = ""
    contact: str = ""
    phone: str = ""
    aliases: tuple[str, ...] = ()


class Campaign(NamedTuple):
    """One year's collection: whose it is, for which report year, due when."""

    county: str
    year: int
    edition: str
    due: date


class LedgerFinding(NamedTuple):
    """A finding as the ledger keeps it: the JSON contract of DESIGN §5 in ``told``, and what became of it.

    ``mark`` is the finding's fingerprint; ``answer`` the unit's own 说明; ``accepted`` the county's reason
    for taking that explanation, empty while it has not.
    """

    rule: str
    severity: Severity
    at: str
    cell: str
    message: str
    told: Mapping[str, Any]
    mark: str
    answer: str = ""
    accepted: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody has still to act: an error, or a warning that nobody has explained."""
        return self.severity != "info" and not self.accepted and not self.answer


class Decision(NamedTuple):
    """One decision: on the return ``digest``, or on its finding ``mark`` where that is given."""

    verdict: Verdict
    digest: str
    mark: str
    reason: str
    note: str
    made: datetime


class Return(NamedTuple):
    """One file that a unit sent, read and checked, with the edition it is in, which may be an older one.

    ``ran`` is rule -> (cases, failed, skipped, none); ``code`` is the filing's own, where it has no error.
    """

    digest: str
    name: str
    received: datetime
    edition: Edition
    filing: Filing
    findings: tuple[LedgerFinding, ...] = ()
    ran: Mapping[str, Sequence[int]] = {}
    code: str = ""

    @property
    def errors(self) -> int:
        return sum(f.open and f.severity == "error" for f in self.findings)

    @property
    def warnings(self) -> int:
        return sum(f.open and f.severity == "warning" for f in self.findings)


class Submission(NamedTuple):
    """One unit as it stands: its newest return counts, the older ones are only told of.

    ``times`` is how many returns came, ``first`` when the first did, ``late`` by how many days it missed
    the day (for a missing unit: until today). ``last`` are last year's figures as stated, ``last_received``
    when they came and ``last_late`` by how many days. ``unread`` are sentences on files of this unit that
    do not count: nobody could read them, or they are of another year.
    """

    unit: Unit
    status: Status
    current: Return | None = None
    times: int = 0
    first: datetime | None = None
    late: int = 0
    decided: tuple[Decision, ...] = ()
    last: Values | None = None
    last_received: datetime | None = None
    last_late: int = 0
    unread: tuple[str, ...] = ()


def unit_status(returns: Sequence[str], decided: Iterable[Decision]) -> Status:
    """The state of a unit from its returns' digests, oldest first, and what was decided on them."""
    if not returns:
        return Status.MISSING
    whole = {d.digest: d.verdict for d in sorted(decided, key=lambda d: d.made) if not d.mark}
    match whole.get(returns[-1]):
        case Verdict.RETURN:
            return Status.RETURNED
        case Verdict.ACCEPT | Verdict.EXPLAINED:
            return Status.ACCEPTED
    before = [whole.get(digest, Verdict.PENDING) for digest in returns[:-1]]
    return Status.REPORTED if all(v is Verdict.PENDING for v in before) else Status.RESENT


def late(received: datetime | None, due: date, today: date) -> int:
    """Days past the due day, 0 in time; for what has not come, until today."""
    return max(0, ((received.date() if received else today) - due).days)
