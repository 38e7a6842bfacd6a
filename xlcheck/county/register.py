"""Read the ledger: how each unit stands, what became of each file, last year's filings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.formula import Entry
from xlcheck.county import ledger_tables as t
from xlcheck.county.roster import Finder
from xlcheck.county.submission import (
    ACCEPTING,
    Campaign,
    Decision,
    LedgerFinding,
    Return,
    Submission,
    Unit,
    late,
    unit_status,
)
from xlcheck.county.tasks import LastYear
from xlcheck.data.county import Outcome, Verdict, county
from xlcheck.data.policy import Policy
from xlcheck.editions import Edition, edition_named

AT_ONCE = 100  # units read from the ledger together


class SentReturn(NamedTuple):
    """One return of a unit: a filing of the right year and edition, and when it first came.

    ``noted`` is when the ledger first knew of it.
    """

    filing_id: int
    digest: str
    path: str
    received: datetime
    noted: datetime


class Arrival(NamedTuple):
    """What became of one file that came in, and the sentence that says so."""

    path: str
    received: datetime
    unit: str
    outcome: Outcome
    said: str


class Register:
    """What one campaign's files and decisions amount to; the ledger is read, never written.

    ``edition`` is the campaign's; a filing may be of another, which its return carries. Every edition is as
    the county's ``policy`` softens it.
    """

    def __init__(self, db: Connection, campaign: Campaign, policy: Policy | None = None) -> None:
        self.db, self.campaign, self.policy = db, campaign, policy
        self.edition = self.edition_of(campaign.edition)
        with db.begin():
            listed = select(t.unit).where(t.unit.c.listed).order_by(t.unit.c.place)
            self.units = {row["id"]: _unit(row) for row in db.execute(listed).mappings()}
        self.numbers = {unit.name: number for number, unit in self.units.items()}
        self.finder = Finder(self.units.values(), campaign.county)
        self.decided = decisions(db, campaign.year)
        self.sent = self._sent(campaign, self.decided)
        last = campaign._replace(year=campaign.year - 1)
        self.decided_before = decisions(db, last.year)
        self.before = self._sent(last, self.decided_before)

    def edition_of(self, name: str) -> Edition:
        """The edition by the name that the ledger has."""
        return edition_named(name, self.policy)

    def lasts(self) -> dict[int, str]:
        """Unit -> the digest of the filing that stands for last year: the accepted one, else the newest."""
        return {unit: self._stood(unit).digest for unit in self.before}

    def last_filings(self, units: Collection[int]) -> dict[int, LastYear]:
        """Last year's filings of these units, with figures and texts."""
        there = {u: self._stood(u) for u in units if u in self.before}
        read = filings(self.db, [sent.filing_id for sent in there.values()], self.edition_of)
        return {unit: LastYear(read[sent.filing_id][0], sent.digest) for unit, sent in there.items()}

    def standings(self, today: date) -> Iterator[Submission]:
        """Every unit on the roster, in its order, a handful of them in memory at a time."""
        unread = self._unread()
        ids = list(self.units)
        for at in range(0, len(ids), AT_ONCE):
            some = ids[at : at + AT_ONCE]
            newest = {u: self.sent[u][-1:] for u in some if u in self.sent}
            current, lasts = self.returns(newest), self.last_filings(some)
            for unit in some:
                yield self._standing(unit, current.get(unit, []), lasts.get(unit), today, unread[unit])

    def returns(self, sent: Mapping[int, Sequence[SentReturn]]) -> dict[int, list[Return]]:
        """The returns that were sent, whole: by unit, in the given order."""
        ids = [one.filing_id for some in sent.values() for one in some]
        read, noted = filings(self.db, ids, self.edition_of), ledger_findings(self.db, ids)

        def whole(unit: int, one: SentReturn) -> Return:
            filing, ran, code = read[one.filing_id]
            edition = self.edition_of(filing.edition)
            found = accepted(noted[one.filing_id], one.digest, self.decided[unit], edition)
            return Return(one.digest, one.path, one.received, edition, filing, found, ran, code)

        return {unit: [whole(unit, one) for one in some] for unit, some in sent.items()}

    def arrivals(self) -> Iterator[Arrival]:
        """What became of every file, in the order of their coming."""
        newest = {sent[-1].digest for sent in self.sent.values()}
        seen: dict[str, str] = {}
        for row in self._files(self.campaign.year):
            outcome = Outcome.TWICE if row["digest"] in seen else self._outcome(row, self.campaign.year)
            if outcome is Outcome.RETURN and row["unit_id"] not in self.units:
                outcome = Outcome.STRANGER
            if outcome is Outcome.RETURN and row["digest"] not in newest:
                outcome = Outcome.OLDER
            unit = self.units[row["unit_id"]].name if row["unit_id"] in self.units else ""
            said = self._said(outcome, row, seen.get(row["digest"], ""))
            yield Arrival(row["path"], row["received"], unit, outcome, said)
            seen.setdefault(row["digest"], row["path"])

    def number_of(self, name: str) -> int | None:
        """A unit's number in the ledger, by its name, a short one or a former one."""
        return self.numbers.get(self.finder.find(name) or "")

    def as_of(self) -> datetime:
        """The moment of the newest thing in this campaign."""
        noted = select(t.arrival.c.noted).filter_by(campaign=self.campaign.year)
        with self.db.begin():
            times = list(self.db.execute(noted.order_by(t.arrival.c.noted.desc()).limit(1)).scalars())
        times += [d.made for decided in self.decided.values() for d in decided]
        return max(times, default=datetime.combine(self.campaign.due, time()))

    def _standing(
        self, unit: int, current: Sequence[Return], last: LastYear | None, today: date, unread: Sequence[str]
    ) -> Submission:
        sent, before = self.sent.get(unit, []), self.before.get(unit, [])
        first = min((one.received for one in sent), default=None)
        due = self.campaign.due
        return Submission(
            self.units[unit],
            unit_status([s.digest for s in sent], self.decided[unit]),
            current[0] if current else None,
            len(sent),
            first,
            late(first, due, today),
            tuple(self.decided[unit]),
            stated_values(self.edition_of(last.filing.edition).form, last.filing) if last else None,
            before[0].received if before else None,
            late(before[0].received, _year_before(due), today) if before else 0,
            tuple(unread),
        )

    def _stood(self, unit: int) -> SentReturn:
        taken = {d.digest for d in self.decided_before[unit] if not d.mark and d.verdict in ACCEPTING}
        sent = self.before[unit]
        return next((s for s in reversed(sent) if s.digest in taken), sent[-1])

    def _sent(
        self, campaign: Campaign, decided: Mapping[int, Sequence[Decision]]
    ) -> dict[int, list[SentReturn]]:
        """Each unit's returns of a year, oldest first, the same content once.

        The file's own time says which is newer; but what came after a decision is newer than what was
        decided on, whatever the unit's clock says.
        """

        def order(unit: int, one: SentReturn) -> tuple[int, datetime, datetime, str]:
            before = sum(d.made <= one.noted for d in decided.get(unit, ()) if not d.mark)
            return before, one.received, one.noted, one.path

        sent: dict[int, dict[str, SentReturn]] = defaultdict(dict)
        for row in self._files(campaign.year):
            if self._outcome(row, campaign.year) is Outcome.RETURN:
                one = SentReturn(row["filing_id"], row["digest"], row["path"], row["received"], row["noted"])
                sent[row["unit_id"]].setdefault(row["digest"], one)
        return {u: sorted(some.values(), key=partial(order, u)) for u, some in sent.items()}

    def _files(self, year: int) -> list[RowMapping]:
        came = (t.arrival.c.path, t.arrival.c.received, t.arrival.c.noted, t.arrival.c.digest)
        kept = tuple(t.filing.c[key] for key in ("refusal", "unit_id", "cover", "year", "edition"))
        query = select(*came, t.filing.c.id.label("filing_id"), *kept).filter_by(campaign=year)
        joined = query.join(t.filing, t.filing.c.digest == t.arrival.c.digest)
        with self.db.begin():
            ordered = joined.order_by(t.arrival.c.received, t.arrival.c.noted, t.arrival.c.path)
            return list(self.db.execute(ordered).mappings())

    def _unread(self) -> dict[int, list[str]]:
        """Files that do not count: unreadable ones by the unit whose name stands in the file's, others
        by the unit on their cover."""
        found: dict[int, list[str]] = defaultdict(list)
        for row in self._files(self.campaign.year):
            outcome = self._outcome(row, self.campaign.year)
            if outcome is Outcome.UNREADABLE and (name := self.finder.hinted(row["path"])):
                found[self.numbers[name]].append(row["refusal"])
            elif outcome in (Outcome.YEAR, Outcome.EDITION) and row["unit_id"] in self.units:
                file = county().arrival.file.format(file=row["path"].rpartition("/")[2])
                found[row["unit_id"]].append(file + self._said(outcome, row, ""))
        return found

    def _outcome(self, row: RowMapping, year: int) -> Outcome:
        """What a file is to a year's campaign, by what its cover says."""
        if row["refusal"] is not None:
            return Outcome.UNREADABLE
        if row["year"] != year:
            return Outcome.YEAR
        if not self.edition_of(row["edition"]).form.covers(year):
            return Outcome.EDITION
        if row["unit_id"] is None:
            return Outcome.STRANGER if row["cover"] else Outcome.NOBODY
        return Outcome.RETURN

    def _said(self, outcome: Outcome, row: RowMapping, first: str) -> str:
        words = county().arrival
        near = self.finder.near(row["cover"]) if outcome is Outcome.STRANGER else ""
        return words.sentence[outcome].format(
            cover=row["cover"], year=row["year"] or words.no_year, edition=row["edition"],
            asked=self.campaign.year, near=words.near.format(near=near) if near else "", first=first,
            refusal=row["refusal"],
        )  # fmt: skip


def _year_before(due: date) -> date:
    """The same day a year before; of a leap day the day before it."""
    return due.replace(year=due.year - 1, day=min(due.day, 28) if due.month == 2 else due.day)


HEAD = ("edition", "year", "cover", "kind", "contact", "options", "ran", "code")


def filings(
    db: Connection, ids: Sequence[int], edition_of: Callable[[str], Edition]
) -> dict[int, tuple[Filing, Mapping[str, Sequence[int]], str]]:
    """Filings by their number in the ledger, each with what ran on it and its code.

    A field without a line is 0.
    """
    with db.begin():
        heads = db.execute(
            select(t.filing.c.id, *(t.filing.c[key] for key in HEAD)).where(t.filing.c.id.in_(ids))
        )
        rows = list(heads.mappings())
        values: dict[int, dict[str, Entry]] = defaultdict(dict)
        for v in db.execute(select(t.value).where(t.value.c.filing_id.in_(ids))):
            values[v.filing_id][v.field] = Decimal(v.figure) if v.figure is not None else v.typed
        texts: dict[int, dict[str, str]] = defaultdict(dict)
        for s in db.execute(select(t.text).where(t.text.c.filing_id.in_(ids))):
            texts[s.filing_id][s.section] = s.body
    zeros = {r["edition"]: dict.fromkeys(edition_of(r["edition"]).form.fields, Decimal(0)) for r in rows}
    return {
        r["id"]: (
            _filing(r, {**zeros[r["edition"]], **values[r["id"]]}, texts[r["id"]]),
            r["ran"],
            r["code"] or "",
        )
        for r in rows
    }


def ledger_findings(db: Connection, ids: Sequence[int]) -> dict[int, list[LedgerFinding]]:
    """The findings of filings, what to mend first first."""
    query = select(t.finding).where(t.finding.c.filing_id.in_(ids)).order_by(t.finding.c.place)
    found: dict[int, list[LedgerFinding]] = defaultdict(list)
    with db.begin():
        for row in db.execute(query).mappings():
            found[row["filing_id"]].append(
                LedgerFinding(**{key: row[key] for key in LedgerFinding._fields if key in row})
            )
    return found


def decisions(db: Connection, year: int) -> dict[int, list[Decision]]:
    """Every decision on a year's returns by unit, oldest first."""
    query = select(t.decision).filter_by(year=year).order_by(t.decision.c.id)
    found: dict[int, list[Decision]] = defaultdict(list)
    with db.begin():
        for row in db.execute(query).mappings():
            kept = {key: row[key] for key in Decision._fields} | {"verdict": Verdict(row["verdict"])}
            found[row["unit_id"]].append(Decision(**kept))
    return found


def accepted(
    found: Collection[LedgerFinding], digest: str, decided: Iterable[Decision], edition: Edition
) -> tuple[LedgerFinding, ...]:
    """The findings with the county's word on each: on the same finding before, or on the whole return.

    A finding is the same while its fingerprint is; the newest word on it holds. What must be mended no
    word can settle. Each is as grave as its rule is to the county now, and a rule it asks no more says
    nothing, whenever the file was checked.
    """
    said: dict[str, str] = {}
    for d in decided:
        if d.mark or d.digest == digest:
            said[d.mark] = (d.reason or d.note) if d.verdict is Verdict.EXPLAINED else ""
    asked = [(f, edition.rules.of(f.rule)) for f in found if f.rule not in edition.rules.off]
    return tuple(
        f._replace(
            severity=rule.severity,
            accepted=(said.get(f.mark, "") or said.get("", "")) if rule.takes_answer else f.accepted,
        )
        for f, rule in asked
    )


def _unit(row: RowMapping) -> Unit:
    kept = {key: row[key] for key in Unit._fields}
    return Unit(**kept | {"aliases": tuple(row["aliases"])})


def _filing(row: RowMapping, values: Mapping[str, Entry], texts: Mapping[str, str]) -> Filing:
    return Filing(
        row["edition"],
        Decimal(row["year"]) if row["year"] else None,
        row["cover"],
        row["kind"],
        row["contact"],
        values,
        texts,
        row["options"],
    )
