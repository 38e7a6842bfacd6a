"""Read the ledger: how each unit stands, what became of each file, last year's filings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache

from sqlalchemy import Connection, RowMapping, select

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.formula import Entry
from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.arrivals import Arrival, Files, RosterNames, arrival_sentence, outcomes
from xlcheck.county.ledger.correction import correction, with_reasons
from xlcheck.county.ledger.decisions import decisions
from xlcheck.county.ledger.history import decision_words, events, rules_decided_on
from xlcheck.county.ledger.publications import every_publication, newest_of_each
from xlcheck.county.roster import Finder
from xlcheck.county.submission import (
    ACCEPTING,
    Campaign,
    Decision,
    Find,
    LedgerFinding,
    Publication,
    Return,
    SentReturn,
    Submission,
    Unit,
    late,
    returned_by,
    unit_status,
)
from xlcheck.county.tasks import LastYear, digest_of, named, stamp
from xlcheck.data.county import Outcome, Status, Verdict, county
from xlcheck.data.policy import Policy
from xlcheck.editions import Edition, edition_named

NAMING = ("sign", "preface")  # the texts in which a filing says whose it is
AT_ONCE = 100  # units read from the ledger together


class Register:
    """What one campaign's files and decisions amount to; the ledger is read, never written.

    ``edition`` is the campaign's; a filing may be of another, which its return carries. Every edition is as
    the county's ``policy`` softens it.
    """

    def __init__(self, db: Connection, campaign: Campaign, policy: Policy | None = None) -> None:
        self.db, self.campaign, self.policy = db, campaign, policy
        self.edition = self.edition_of(campaign.edition)
        self.units = listed_units(db)
        self.numbers = {unit.name: number for number, unit in self.units.items()}
        self.finder = Finder(self.units.values(), campaign.county)
        self.decisions = decisions(db, campaign.year)
        self.decided = self.decisions.by_unit()
        self.files = Files(db, campaign.year, self.decisions, self.edition_of, self._named())
        self.sent = self.files.sent
        before = decisions(db, campaign.year - 1)
        self.decided_before = before.by_unit()
        self.before = Files(db, campaign.year - 1, before, self.edition_of, self._named()).sent
        self.published = every_publication(db, campaign.year)

    def _named(self) -> RosterNames:
        """How the roster's names are found on covers and in paths."""
        numbers, finder = self.numbers, self.finder
        return RosterNames(
            lambda cover: numbers.get(finder.find(cover) or ""),
            lambda path: numbers.get(finder.hinted(path) or ""),
        )

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

    def last_filing(self, name: str) -> Filing | None:
        """Last year's filing of a unit on the roster."""
        found = self.last_filings({self.numbers[name]})
        return next((one.filing for one in found.values()), None)

    def standings(self, today: date) -> Iterator[Submission]:
        """Every unit on the roster, in its order, a handful of them in memory at a time."""
        unread = self._unread()
        pasts = events(self.db, self.files, self.decisions, self.published)
        pages: dict[int | None, list[Publication]] = defaultdict(list)
        for page in newest_of_each(self.published):
            pages[page.unit].append(page)
        codes = self._codes()
        ids = list(self.units)
        for at in range(0, len(ids), AT_ONCE):
            for unit, standing in self._of(ids[at : at + AT_ONCE], today, unread):
                mine = tuple(pages.get(unit, ())) if pages else None
                before = [codes.get(one.filing_id, "") for one in self.sent.get(unit, ())][:-1]
                standing = standing._replace(codes=tuple(filter(None, before)), published=mine)
                yield standing._replace(past=tuple(pasts.get(unit, ())))

    def _codes(self) -> dict[int, str]:
        """The codes of all filings that have one."""
        query = select(t.filing.c.id, t.filing.c.code).where(t.filing.c.code.is_not(None))
        with self.db.begin():
            return {row.id: row.code for row in self.db.execute(query)}

    def submission(self, unit: int, today: date) -> Submission:
        """How one unit on the roster stands, without what happened before."""
        return next(standing for _, standing in self._of([unit], today, self._unread()))

    def _of(
        self, units: Sequence[int], today: date, unread: Mapping[int, Sequence[str]]
    ) -> Iterator[tuple[int, Submission]]:
        newest = {u: [*self._sent_back(u), self.sent[u][-1]] for u in units if u in self.sent}
        current, lasts = self.returns(newest), self.last_filings(units)
        for unit in units:
            said = unread.get(unit, ())
            yield unit, self._standing(unit, current.get(unit, []), lasts.get(unit), today, said)

    def faulty(self) -> set[int]:
        """The units whose newest return has an open error; figures and texts are not asked for."""
        newest = {unit: sent[-1] for unit, sent in self.sent.items() if unit in self.units}
        units, found = list(newest), set()
        for at in range(0, len(units), AT_ONCE):
            some = units[at : at + AT_ONCE]
            noted = ledger_findings(self.db, [newest[unit].filing_id for unit in some])
            for unit in some:
                mine = self._settled(unit, newest[unit], noted)
                found |= {unit} if any(f.open and f.severity == "error" for f in mine) else set()
        return found

    def findings(self, unit: int, sent: SentReturn) -> tuple[LedgerFinding, ...]:
        """The findings of one return, without its figures and texts."""
        return self._settled(unit, sent, ledger_findings(self.db, [sent.filing_id]))

    def _settled(
        self, unit: int, sent: SentReturn, noted: Mapping[int, Collection[LedgerFinding]]
    ) -> tuple[LedgerFinding, ...]:
        edition, decided = self._editions[sent.filing_id], self.decided.get(unit, ())
        return accepted(noted.get(sent.filing_id, ()), sent, decided, edition)

    @cached_property
    def _editions(self) -> dict[int, Edition]:
        """By filing, the edition it is in."""
        return {row.filing: self.edition_of(row.edition) for row in self.files.rows if row.edition}

    def status(self, unit: int) -> Status:
        """How a unit stands."""
        return unit_status(self.sent.get(unit, []), self.decided.get(unit, ()))

    def _sent_back(self, unit: int) -> list[SentReturn]:
        """The return that was sent back before the newest one came, if any."""
        *before, last = self.sent[unit]
        back = returned_by(self.decided.get(unit, ()), last.after)
        return [one for one in before if back and one.digest == back.digest][-1:]

    def returns(self, sent: Mapping[int, Sequence[SentReturn]]) -> dict[int, list[Return]]:
        """The returns that were sent, whole: by unit, in the given order."""
        ids = [one.filing_id for some in sent.values() for one in some]
        read, noted = filings(self.db, ids, self.edition_of), ledger_findings(self.db, ids)

        def whole(unit: int, one: SentReturn) -> Return:
            filing, ran, code = read[one.filing_id]
            edition = self.edition_of(filing.edition)
            found = accepted(noted[one.filing_id], one, self.decided.get(unit, ()), edition)
            return Return(one.digest, one.path, one.received, edition, filing, found, ran, code, one.after)

        return {unit: [whole(unit, one) for one in some] for unit, some in sent.items()}

    def arrivals(self) -> Iterator[Arrival]:
        """What became of every file, in the order of their coming."""
        names = {number: unit.name for number, unit in self.units.items()}
        former = Finder(listed_units(self.db, listed=False).values(), self.campaign.county)
        return outcomes(self.files, self.finder, former, names, self._signed())

    def _signed(self) -> dict[int, list[str]]:
        """By filing, the texts of those that no unit's name is on, in which it may name itself."""
        ids = [row.filing for row in self.files.rows if row.unit is None and row.refusal is None]
        query = select(t.text).where(t.text.c.filing_id.in_(ids), t.text.c.section.in_(NAMING))
        with self.db.begin():
            rows = self.db.execute(query).all()
        found: dict[int, list[str]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: NAMING.index(row.section)):
            found[row.filing_id].append(row.body)
        return found

    def state(self, today: date) -> str:
        """All that is drawn, as one digest: while it stays the same there is nothing to draw anew."""
        checked = select(t.filing.c.digest, t.filing.c.stamp, t.filing.c.last).order_by(t.filing.c.id)
        letters = select(t.letter.c.id).order_by(t.letter.c.id)
        with self.db.begin():
            filings, sent = self.db.execute(checked).all(), self.db.execute(letters).all()
        said = (
            self.campaign, today, stamp(self.policy), self.policy, list(self.units.items()), self.files.rows,
            self.decisions.all, self.decided_before, self.before, filings, sent, self.published,
        )  # fmt: skip
        return digest_of(repr(said).encode())

    def in_words(self, one: Decision) -> str:
        """A decision in words."""
        return decision_words(self.files, one, rules_decided_on(self.db, [one]))

    def number_of(self, name: str) -> int | None:
        """A unit's number in the ledger, by its name, a short one or a former one."""
        return self.numbers.get(self.finder.find(name) or "")

    @property
    def find(self) -> Find:
        """Who a file is from."""
        return owner_of_file(self.finder, self.numbers, self.decisions.claims())

    def as_of(self) -> datetime:
        """The moment of the newest thing in this campaign."""
        noted = select(t.arrival.c.noted).filter_by(campaign=self.campaign.year)
        with self.db.begin():
            times = list(self.db.execute(noted.order_by(t.arrival.c.noted.desc()).limit(1)).scalars())
        times += [d.made for d in self.decisions.all]
        return max(times, default=datetime.combine(self.campaign.due, time()))

    def _standing(
        self, unit: int, current: Sequence[Return], last: LastYear | None, today: date, unread: Sequence[str]
    ) -> Submission:
        sent, before = self.sent.get(unit, []), self.before.get(unit, [])
        back = returned_by(self.decided.get(unit, ()), current[-1].after) if current else None
        first = min((one.received for one in sent), default=None)
        due = self.campaign.due
        return Submission(
            self.units[unit],
            self.status(unit),
            with_reasons(current[-1], current[:-1]) if current else None,
            len(sent),
            first,
            late(first, due, today),
            tuple(self.decided.get(unit, ())),
            stated_values(self.edition_of(last.filing.edition).form, last.filing) if last else None,
            before[0].received if before else None,
            late(before[0].received, _year_before(due), today) if before else 0,
            tuple(unread),
            correction(current[0], current[-1], back.asked) if back and len(current) > 1 else None,
        )

    def _stood(self, unit: int) -> SentReturn:
        decided = self.decided_before.get(unit, ())
        taken = {d.digest for d in decided if d.whole and d.verdict in ACCEPTING}
        sent = self.before[unit]
        return next((s for s in reversed(sent) if s.digest in taken), sent[-1])

    def _unread(self) -> dict[int, list[str]]:
        """Files that do not count: unreadable ones by the unit that claimed them or whose name stands in the
        file's, as of those whose cover names nobody; others by the unit on their cover."""
        found: dict[int, list[str]] = defaultdict(list)
        for row in self.files.rows:
            outcome, unit = self.files.fate[row.id], row.unit
            if outcome is Outcome.UNREADABLE:
                unit = unit or self.numbers.get(self.finder.hinted(row.path) or "")
                said = named(row.refusal or "", row.path)
            elif outcome in (Outcome.YEAR, Outcome.EDITION):
                file = county().arrival.file.format(file=row.path.rpartition("/")[2])
                said = file + arrival_sentence(outcome, row, self.campaign.year)
            elif outcome in (Outcome.STRANGER, Outcome.NOBODY):
                unit = self.numbers.get(self.finder.hinted(row.path) or "")
                words = county().arrival
                sentence = words.other_cover if row.cover else words.blank_cover
                said = sentence.format(file=row.path.rpartition("/")[2], cover=row.cover)
            else:
                continue
            if unit and unit in self.units:
                found[unit].append(said)
        return found


def listed_units(db: Connection, *, listed: bool = True) -> dict[int, Unit]:
    """The units on the roster, or those taken off it, in its order, by their numbers in the ledger."""
    query = select(t.unit).where(t.unit.c.listed.is_(listed)).order_by(t.unit.c.place)
    with db.begin():
        return {row["id"]: _unit(row) for row in db.execute(query).mappings()}


def owner_of_file(finder: Finder, numbers: Mapping[str, int], claims: Mapping[str, int]) -> Find:
    """Who a file is from: who claimed it, else who its cover names."""
    return lambda digest, cover: claims.get(digest) or numbers.get(finder.find(cover) or "")


def _year_before(due: date) -> date:
    """The same day a year before; of a leap day the day before it."""
    return due.replace(year=due.year - 1, day=min(due.day, 28) if due.month == 2 else due.day)


_figure = lru_cache(1 << 12)(Decimal)  # most figures are small: one of each is enough
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
            values[v.filing_id][v.field] = _figure(v.figure) if v.figure is not None else v.typed
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
    asked = t.finding.c.filing_id.in_(ids), t.finding.c.severity != "off"
    query = select(t.finding).where(*asked).order_by(t.finding.c.place)
    found: dict[int, list[LedgerFinding]] = defaultdict(list)
    with db.begin():
        for row in db.execute(query).mappings():
            found[row["filing_id"]].append(
                LedgerFinding(**{key: row[key] for key in LedgerFinding._fields if key in row})
            )
    return found


def accepted(
    found: Collection[LedgerFinding], sent: SentReturn, decided: Iterable[Decision], edition: Edition
) -> tuple[LedgerFinding, ...]:
    """The findings with the county's word on each: on the same finding before, or on the whole return.

    A finding is the same while its fingerprint is; the newest word on it holds. What must be mended no
    word can settle.
    """
    said: dict[str, str] = {}
    for d in decided:
        if d.mark or (d.whole and d.digest == sent.digest and d.number > sent.after):
            said[d.mark] = (d.reason or d.note) if d.verdict is Verdict.EXPLAINED else ""
    return tuple(
        f._replace(accepted=said.get(f.mark, "") or said.get("", ""))
        if edition.rules.of(f.rule).takes_answer
        else f
        for f in found
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
