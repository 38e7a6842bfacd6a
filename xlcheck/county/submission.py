"""How a unit stands in the county's January: what it sent, what is open in it, what was decided."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from math import inf
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing, Values
from xlcheck.data.county import CountedAs, Status, Verdict
from xlcheck.data.published import DaySource, PageOutcome
from xlcheck.data.rules import Severity
from xlcheck.editions import Edition

Find = Callable[[str, str | None], int | None]  # the unit's number for a file's digest and its cover
ACCEPTING = (Verdict.ACCEPT, Verdict.EXPLAINED)
ON_RETURNS = (Verdict.RETURN, *ACCEPTING, Verdict.PENDING)  # what may be decided on a whole return


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
    email: str = ""


class Campaign(NamedTuple):
    """One year's collection: whose it is, for which report year, due when; ``said`` is the day that an
    officer once said for it."""

    county: str
    year: int
    edition: str
    due: date
    said: date | None = None


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
    """One decision: on the return ``digest``, or on its finding ``mark`` where that is given, or on a file.

    ``person`` decided, ``number`` is its place among all decisions, ``unit`` the unit it is on or gives a
    file to, ``day`` when a file really came, ``arrival`` the coming of the file that it was said of.
    ``asked`` are the places that the unit was to mend in what was sent back; None where nobody noted them.
    ``until`` is the day by which the newest letter wants it back.
    """

    verdict: Verdict
    digest: str
    mark: str
    reason: str
    note: str
    made: datetime
    person: str = ""
    number: int = 0
    unit: int | None = None
    day: date | None = None
    arrival: int | None = None
    asked: tuple[str, ...] | None = None
    until: date | None = None

    @property
    def thing(self) -> tuple[str, str, int | None]:
        """What it is on: the content, a finding in it, the one file of that content."""
        return self.digest, self.mark, self.arrival

    @property
    def whole(self) -> bool:
        """Whether it is on a return as a whole."""
        return not self.mark and self.verdict in ON_RETURNS


def newest_on(decided: Iterable[Decision], digest: str, after: int, until: float = inf) -> Decision | None:
    """The newest decision on a whole return, made since it came and no later than ``until``."""
    mine = [d for d in decided if d.whole and d.digest == digest and after < d.number <= until]
    return max(mine, key=lambda d: (d.number, d.made), default=None)


def answered_by(decided: Iterable[Decision], after: int) -> Decision | None:
    """The word on an earlier return that something which came answers; ``after`` as of what came.

    None where there was none, or where the return that it was on was put back to be decided anew.
    """
    word = None
    for d in sorted((d for d in decided if d.whole and d.number <= after), key=lambda d: d.number):
        if d.verdict is not Verdict.PENDING:
            word = d
        elif word and word.digest == d.digest:
            word = None
    return word


def returned_by(decided: Iterable[Decision], after: int) -> Decision | None:
    """What sent a return of a unit back, so that something came; ``after`` as of what came.

    What comes after an acceptance was not asked for.
    """
    word = answered_by(decided, after)
    return word if word and word.verdict is Verdict.RETURN else None


class SentReturn(NamedTuple):
    """One return of a unit as a line of the ledger: a filing of the right year and edition, and when it came.

    ``after`` is the number of the newest decision that was there when it came.
    """

    filing_id: int
    digest: str
    path: str
    received: datetime
    after: int


class Return(NamedTuple):
    """One file that a unit sent, read and checked, with the edition it is in, which may be an older one.

    ``ran`` is rule -> (cases, failed, skipped, none); ``code`` is the filing's own, where it has no error.
    ``after`` is the number of the newest decision that was there when it came.
    """

    digest: str
    name: str
    received: datetime
    edition: Edition
    filing: Filing
    findings: tuple[LedgerFinding, ...] = ()
    ran: Mapping[str, Sequence[int]] = {}
    code: str = ""
    after: int = -1

    @property
    def errors(self) -> int:
        return sum(f.open and f.severity == "error" for f in self.findings)

    @property
    def warnings(self) -> int:
        return sum(f.open and f.severity == "warning" for f in self.findings)


class Correction(NamedTuple):
    """How a return corrects the one that was sent back before it, by the places that were to be mended.

    ``moved`` places are right now, but the same rule is broken in another cell of the same sum. ``same`` is a
    return that changed nothing at all. ``dropped`` places the county asks for no more.
    """

    asked: int
    mended: int
    left: int
    moved: int
    fresh: int
    same: bool
    dropped: int = 0


class Event(NamedTuple):
    """One thing that happened between the office and a unit: an arrival, a decision, a letter; who did it."""

    at: datetime
    what: str
    person: str = ""


class Publication(NamedTuple):
    """One published page as it was read last: whose it is, how it differs, and the day that it names.

    ``claimed`` is told by its file's name alone, ``named`` is the unit as the page has it. ``against`` is the
    digest of the filing it was compared with, ``accepted`` whether that one was. ``found`` has the lists
    cells, texts, blank, unread and doubts, as JSON.
    """

    path: str
    digest: str
    unit: int | None
    outcome: PageOutcome
    due: date
    claimed: bool = False
    named: str = ""
    page_year: int | None = None
    day: date | None = None
    source: DaySource = "line"
    against: str = ""
    accepted: bool = False
    refusal: str = ""
    found: Mapping[str, Sequence[Any]] = {}
    noted: datetime = datetime.min
    person: str = ""

    @property
    def days_late(self) -> int:
        """By how many days it missed the day it was to be published by, as far as it names one."""
        return max(0, (self.day - self.due).days) if self.day else 0

    def number(self, what: str) -> int:
        """How many of one kind were found."""
        return len(self.found.get(what, ()))


class Submission(NamedTuple):
    """One unit as it stands: its newest return counts, the older ones are only told of.

    ``times`` is how many returns came, ``first`` when the first did, ``late`` by how many days it missed
    the day (for a missing unit: until today). ``last`` are last year's figures as stated, ``last_received``
    when they came and ``last_late`` by how many days. ``unread`` are sentences on files of this unit that
    do not count: nobody could read them, or they are of another year. ``correction`` is how the newest return
    corrects the one that was sent back, ``past`` everything that happened, in its order. ``published`` are
    the pages of its report as they were read last; None while nobody has looked at any unit's.
    ``codes`` are those of the returns before the newest.
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
    correction: Correction | None = None
    past: tuple[Event, ...] = ()
    published: tuple[Publication, ...] | None = None
    codes: tuple[str, ...] = ()

    @property
    def public(self) -> tuple[Publication, ...]:
        """The pages of this year's report, as far as one knows their year."""
        return tuple(page for page in self.published or () if page.outcome is not PageOutcome.YEAR)

    @property
    def replaces_accepted(self) -> bool:
        """Whether the newest return came, unasked, after one had been accepted, and nobody decided on it."""
        if self.status is not Status.RESENT or not self.current:
            return False
        word = answered_by(self.decided, self.current.after)
        return word is not None and word.verdict in ACCEPTING

    @property
    def decision(self) -> Decision | None:
        """What was last decided on the newest return as a whole."""
        return newest_on(self.decided, self.current.digest, self.current.after) if self.current else None


def unit_status(sent: Sequence[SentReturn], decided: Sequence[Decision]) -> Status:
    """The state of a unit from its returns, oldest first, and what was decided on them."""
    if not sent:
        return Status.MISSING
    after = sent[-1].after
    newest = newest_on(decided, sent[-1].digest, after)
    match newest and newest.verdict:
        case Verdict.RETURN:
            return Status.RETURNED
        case Verdict.ACCEPT | Verdict.EXPLAINED:
            return Status.ACCEPTED
    before = {d.digest: d.verdict for d in decided if d.whole and d.number <= after}
    return Status.REPORTED if all(v is Verdict.PENDING for v in before.values()) else Status.RESENT


def late(received: datetime | None, due: date, today: date) -> int:
    """Days past the due day, 0 in time; for what has not come, until today."""
    return max(0, ((received.date() if received else today) - due).days)
