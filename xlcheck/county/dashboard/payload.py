"""What the page carries of the county: a row a unit, the tables in packs, the sums, the rules broken."""

import base64
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple

from xlcheck.core.filing import Values, figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.county.assessment import NOBODY, Score
from xlcheck.county.dashboard.unit import detail, headline
from xlcheck.county.ledger.arrivals import Arrival
from xlcheck.county.ledger.correction import answer_sentence
from xlcheck.county.submission import Return, Submission, Unit
from xlcheck.data.county import Status
from xlcheck.data.dashboard import dashboard
from xlcheck.editions import Edition
from xlcheck.report.page_style import plain_json

STATES = tuple(Status)  # the office's order of work


class UnitRow(NamedTuple):
    """One unit in the list; ``told`` are its open findings as (number of the rule, one line), ``known_by``
    what else it may be looked for by, ``codes`` those of its older returns."""

    name: str
    kind: str
    region: str
    status: Status
    errors: int
    warnings: int
    told: tuple[tuple[int, str], ...]
    problem: str
    fresh: str
    before: str
    sent: str
    minute: int
    times: int
    last_sent: str
    contact: tuple[str, str]
    known_by: str
    codes: tuple[str, ...]
    unread: tuple[str, ...]


class Sums(NamedTuple):
    """The accepted units added up: figures by field, of this year and of the same units' last year.

    ``counted`` units are in the sums, ``waiting`` ones will be, ``apart`` never: the roster says so.
    """

    now: dict[str, Decimal]
    last: dict[str, Decimal]
    without_last: int = 0
    counted: int = 0
    waiting: int = 0
    apart: int = 0


class Gathering:
    """What is kept of the standings as they pass by once: rows, sums, and the packed tables.

    ``edition`` is the campaign's: its tables are drawn, its rules counted. ``unclaimed`` are the files in
    hand that count for nobody, ``ledger`` is the identity of what is drawn, ``scored`` the points by unit.
    """

    def __init__(
        self, edition: Edition, unclaimed: Sequence[Arrival] = (), ledger: str = "",
        scored: Mapping[str, Score] = NOBODY,
    ) -> None:  # fmt: skip
        self.edition, self.unclaimed, self.ledger, self.scored = edition, unclaimed, ledger, scored
        self.numbers = {rule.id: n for n, rule in enumerate(edition.rules.rules)}
        self.rows: list[UnitRow] = []
        self.packs: list[str] = []
        self.sums = Sums({}, {})
        self._open: list[dict[str, Any]] = []

    def add(self, standing: Submission) -> None:
        """Take one standing in; once a pack is full it is closed, so that memory stays flat."""
        self.rows.append(row(standing, self.numbers))
        self.sums = added(self.sums, self.edition.form, standing)
        self._open.append(detail(self.edition, standing, self.scored.get(standing.unit.name)))
        if len(self._open) == dashboard().most:
            self.close()

    def close(self) -> None:
        """Pack what is open: gzip, then base64, the same bytes every time."""
        if self._open:
            packed = gzip.compress(plain_json(self._open).encode("utf-8"), 6, mtime=0)
            self.packs.append(base64.b64encode(packed).decode("ascii"))
            self._open = []

    @cached_property
    def counts(self) -> Counter[Status]:
        return Counter(r.status for r in self.rows)

    @property
    def many(self) -> bool:
        """Whether there are too many units for each to stand in the page as html."""
        return len(self.rows) > dashboard().most

    @cached_property
    def places(self) -> int:
        return len({r.region for r in self.rows})

    @cached_property
    def broken(self) -> list[tuple[int, int]]:
        """The rules' numbers with how many units break each, most first."""
        units: Counter[int] = Counter()
        for r in self.rows:
            units.update({rule for rule, _ in r.told if rule >= 0})
        return sorted(units.items(), key=lambda item: (-item[1], item[0]))


@cache
def pinyin() -> Any:
    """The library that knows how names are read; None where it is not installed."""
    with suppress(ImportError):
        import pypinyin

        return pypinyin
    return None


def initials(name: str) -> str:
    """The first letters of a name as it is read, by which people look for it; empty without the library."""
    read = pinyin()
    return "".join(read.lazy_pinyin(name, read.Style.FIRST_LETTER)) if read else ""


def row(standing: Submission, numbers: Mapping[str, int]) -> UnitRow:
    """One unit's line; ``numbers`` are the places of the county's rules in its catalogue."""
    unit, current = standing.unit, standing.current
    told = tuple(_headlines(current, numbers)) if current else ()
    received = current.received if current else None
    return UnitRow(
        name=unit.name,
        kind=unit.kind,
        region=unit.region,
        status=standing.status,
        errors=current.errors if current else 0,
        warnings=current.warnings if current else 0,
        told=told,
        problem=_problem(standing, told),
        fresh=_fresh(stated_values(current.edition.form, current.filing)) if current else "",
        before=_fresh(standing.last or {}),
        sent=dashboard().moment.short.format(at=received) if received else "",
        minute=int(f"{received:%Y%m%d%H%M}") if received else 0,
        times=standing.times,
        last_sent=_last_sent(standing),
        contact=(unit.contact, unit.phone),
        known_by=_known_by(unit, current),
        codes=standing.codes,
        unread=standing.unread,
    )


def _known_by(unit: Unit, current: Return | None) -> str:
    """Whom to call, and of a return who signs for it, its file, its code."""
    sent = (current.filing.contact or "", current.name, current.code) if current else ()
    return " ".join(filter(None, (unit.contact, unit.phone, *sent)))


def _headlines(current: Return, numbers: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """The open findings in one line each; a rule of another edition has no number here."""
    for noted in current.findings:
        if noted.open:
            yield numbers.get(noted.rule, -1), headline(current.edition.form, noted)


def _problem(standing: Submission, told: tuple[tuple[int, str], ...]) -> str:
    """What to see to first: how a return answers what was asked, a finding, a file nobody could read, or why
    the county sent it back."""
    first = told[0][1] if told else ""
    if answer := answer_sentence(standing):
        return dashboard().html.answered.format(answer=answer, problem=first)
    if told:
        return first
    if standing.unread and not standing.current:
        return standing.unread[0]
    reasons = [d.reason for d in standing.decided if d.whole]
    match standing.status:
        case Status.RETURNED:
            return reasons[-1] if reasons else ""
        case Status.RESENT:
            return dashboard().html.fixed_row
    return ""


def _first(row: UnitRow) -> str:
    """What the script says of a unit where nothing else is written of it."""
    return row.told[0][1] if row.told else ""


def _fresh(stated: Values) -> str:
    value = stated.get(dashboard().fresh)
    return figure_text(value) if isinstance(value, Decimal) else ""


def _last_sent(standing: Submission) -> str:
    """When a missing unit's report came last year, to judge whether to call already."""
    if standing.status is not Status.MISSING or not standing.last_received:
        return ""
    words = dashboard().html
    sentence = words.last_late if standing.last_late else words.last_sent
    return sentence.format(day=dashboard().moment.short.format(at=standing.last_received))


def added(sums: Sums, form: Form, standing: Submission) -> Sums:
    """Add an accepted unit's figures; one that the roster leaves out of the sums is only counted."""
    if standing.unit.counted == "none":
        return sums._replace(apart=sums.apart + 1)
    if standing.status is not Status.ACCEPTED or not standing.current:
        return sums._replace(waiting=sums.waiting + 1)
    current = standing.current
    _plus(sums.now, form, stated_values(current.edition.form, current.filing))
    if standing.last is not None:
        _plus(sums.last, form, standing.last)
    without = sums.without_last + (standing.last is None)
    return sums._replace(counted=sums.counted + 1, without_last=without)


def _plus(total: dict[str, Decimal], form: Form, stated: Values) -> None:
    for name, value in stated.items():
        if isinstance(value, Decimal) and name in form.fields:
            total[name] = total.get(name, Decimal(0)) + value


def row_columns(rows: list[UnitRow]) -> dict[str, Any]:
    """The rows as the script reads them: a list a column, repeated words by number.

    ``order`` is each unit's place by name. GB 18030 keeps the common characters in the order of their
    pinyin, which sorts names as an office expects, without a table of our own.
    """
    kinds = list(dict.fromkeys(r.kind for r in rows))
    regions = list(dict.fromkeys(r.region for r in rows))
    by_name = sorted(range(len(rows)), key=lambda n: rows[n].name.encode("gb18030"))
    order = {unit: place for place, unit in enumerate(by_name)}
    plain_columns = (
        "name", "errors", "warnings", "told", "fresh", "before", "sent", "minute", "times",
    )  # fmt: skip
    return {
        "kinds": kinds,
        "regions": regions,
        "kind": [kinds.index(r.kind) for r in rows],
        "region": [regions.index(r.region) for r in rows],
        "status_of": [STATES.index(r.status) for r in rows],
        # The library of initials is large: it is asked once the units themselves are gone from memory.
        "known_by": [f"{initials(r.name)} {r.known_by}".strip() for r in rows],
        "order": [order[n] for n in range(len(rows))],
        "older": {code: n for n, r in enumerate(rows) for code in r.codes},
        "own_problem": {n: r.problem for n, r in enumerate(rows) if r.problem != _first(r)},
        "missing": {
            n: [*r.contact, r.last_sent, *r.unread] for n, r in enumerate(rows) if r.status is Status.MISSING
        },
        **{name: [getattr(r, name) for r in rows] for name in plain_columns},
    }


def work_order(rows: list[UnitRow]) -> list[int]:
    """The units in the office's order of work: by state, then by errors, most first, then as listed."""
    return sorted(range(len(rows)), key=lambda n: (STATES.index(rows[n].status), -rows[n].errors))
