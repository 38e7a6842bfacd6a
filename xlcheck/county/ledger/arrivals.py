"""What became of each file that came in: a return of a unit, an older one, a stranger's, none at all."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, select

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.decisions import Decisions
from xlcheck.county.roster import Finder
from xlcheck.county.submission import ACCEPTING, Decision, SentReturn, newest_on
from xlcheck.county.tasks import named
from xlcheck.data.county import Outcome, Verdict, county
from xlcheck.editions import Edition

UNCLAIMED = (Outcome.STRANGER, Outcome.NOBODY, Outcome.UNREADABLE)
FIRST = (*UNCLAIMED, Outcome.YEAR, Outcome.EDITION, Outcome.LATER)  # what somebody has to look at


class Came(NamedTuple):
    """One time that a file came to a place, with what its cover says; ``unit`` is the number of whose it is.

    ``after`` is the number of the newest decision then.
    """

    id: int
    path: str
    received: datetime
    noted: datetime
    after: int
    digest: str
    filing: int
    refusal: str | None
    unit: int | None
    cover: str | None
    year: int | None
    edition: str | None


class Arrival(NamedTuple):
    """What became of one file that came in, and the sentence that says so.

    ``unit`` is whose it is, ``near`` whose it most likely is where nobody's name is on it, ``shut`` a folder
    in which there may be more, ``apart`` one that a newer one replaced which has another name on its cover.
    """

    path: str
    received: datetime
    unit: str
    outcome: Outcome
    said: str
    near: str = ""
    digest: str = ""
    shut: bool = False
    apart: bool = False

    @property
    def unclaimed(self) -> bool:
        """Whether a file is in hand that counts for nobody."""
        return self.outcome in UNCLAIMED and not self.unit


class RosterNames(NamedTuple):
    """Which unit a cover names, and which one the path of a file."""

    on_cover: Callable[[str | None], int | None]
    hinted: Callable[[str], int | None]


class Files:
    """Every file of a year's collection: which are returns, in which order, and what the others are."""

    def __init__(
        self, db: Connection, year: int, decided: Decisions, edition_of: Callable[[str], Edition],
        named: RosterNames,
    ) -> None:  # fmt: skip
        self.year, self.decided, self.edition_of, self.named = year, decided, edition_of, named
        self.on_files: dict[tuple[Verdict, str], list[Decision]] = defaultdict(list)
        for said in decided.holding:
            self.on_files[said.verdict, said.digest].append(said)
        self.rows = [self._dated(self._claimed(row)) for row in came(db, year)]
        last = {
            place: row.id for row in sorted(self.rows, key=lambda row: row.id) for place in places(row.path)
        }
        self.fate = {row.id: self._outcome(row, last[row.path]) for row in self.rows}
        self.sent = self._sent()

    @cached_property
    def called(self) -> dict[str, str]:
        """By path, what a file is called: its name, where several are called that its path."""
        paths = {row.path for row in self.rows}
        same = Counter(path.rpartition("/")[2] for path in paths)
        return {path: name if same[name := path.rpartition("/")[2]] == 1 else path for path in paths}

    def is_on(self, said: Decision, row: Came) -> bool:
        """Whether a decision is on this file: it was said of it, or of another that holds the same.

        What cannot be read tells nothing of whose it is, and a name of another unit says that it is that
        one's: such files answer only to what was said of themselves.
        """
        if said.digest != row.digest or said.arrival in (None, row.id):
            return said.digest == row.digest
        other = self.named.hinted(row.path)
        return row.refusal is None and other in (None, said.unit)

    def _newest(self, verdict: Verdict, row: Came) -> Decision | None:
        """The newest of what holds of a kind on this file: what was said of itself before all."""
        mine = [d for d in self.on_files.get((verdict, row.digest), ()) if self.is_on(d, row)]
        return max(mine, key=lambda d: (d.arrival == row.id, d.number), default=None)

    def _claimed(self, row: Came) -> Came:
        """A file as its own: of who claimed it, else of who its cover names."""
        if (Verdict.CLAIM, row.digest) not in self.on_files:
            return row
        claim = self._newest(Verdict.CLAIM, row)
        return row._replace(unit=claim.unit if claim else self.named.on_cover(row.cover))

    def _dated(self, row: Came) -> Came:
        said = self._newest(Verdict.DATED, row)
        if not (said and said.day and said.number > row.after):
            return row
        return row._replace(received=datetime.combine(said.day, row.received.time()))

    def _outcome(self, row: Came, newest: int) -> Outcome:
        """What a file is to this year's campaign, by what its cover says and what was decided on it."""
        void = self._newest(Verdict.VOID, row)
        if void and void.number > row.after:
            return Outcome.VOID
        if row.refusal is not None:
            return Outcome.UNREADABLE if row.id == newest else Outcome.REPLACED
        if row.year != self.year:
            return Outcome.YEAR
        if not self.edition_of(row.edition or "").form.covers(self.year):
            return Outcome.EDITION
        if row.unit is None:
            return Outcome.STRANGER if row.cover else Outcome.NOBODY
        return Outcome.RETURN

    def _sent(self) -> dict[int, list[SentReturn]]:
        mine: dict[int, list[Came]] = defaultdict(list)
        for row in self.rows:
            if self.fate[row.id] is Outcome.RETURN and row.unit is not None:
                mine[row.unit].append(row)
        by_unit, standing = self.decided.by_unit(), self.decided.standing()
        return {
            unit: self._in_order(rows, by_unit.get(unit, ()), standing.get(unit, ()))
            for unit, rows in mine.items()
        }

    def _in_order(
        self, rows: Iterable[Came], decided: Sequence[Decision], standing: Sequence[Decision]
    ) -> list[SentReturn]:
        """A unit's returns, oldest first; the fate of those that are none is written down.

        The file's own time says which is newer; but what came after a decision is newer than what was
        decided on, whatever the unit's clock says and whatever it holds. Only an accepted return is not
        replaced by one that is older than it; and one that was said to count comes last.
        """
        marks = [d.number for d in decided if d.whole or d in standing]

        def epoch(after: int) -> int:
            return sum(number <= after for number in marks)

        coming = sorted(rows, key=lambda r: (epoch(r.after), r.received, r.noted, r.path))
        waiting = sorted(standing, key=lambda d: d.number, reverse=True)
        order: list[SentReturn] = []
        for row in coming:
            while waiting and epoch(waiting[-1].number) <= epoch(row.after):
                self._to_the_end(order, coming, waiting.pop())
            self.fate[row.id] = _beside(order, row, decided, epoch)
            if self.fate[row.id] is Outcome.RETURN:
                order.append(_sent(row, row.after))
        while waiting:
            self._to_the_end(order, coming, waiting.pop())
        return order

    def _to_the_end(self, order: list[SentReturn], rows: Sequence[Came], said: Decision) -> None:
        """What was said to count counts as if it had come then."""
        order[:] = [one for one in order if one.digest != said.digest]
        for row in [row for row in rows if row.digest == said.digest and row.after < said.number][-1:]:
            self.fate[row.id] = Outcome.RETURN
            order.append(_sent(row, said.number))


def _sent(row: Came, after: int) -> SentReturn:
    return SentReturn(row.filing, row.digest, row.path, row.received, after)


def _beside(
    order: Sequence[SentReturn], row: Came, decided: Sequence[Decision], epoch: Callable[[int], int]
) -> Outcome:
    """Whether a file is one return more, the same again, or older than what has been accepted."""
    if any(one.digest == row.digest and epoch(one.after) == epoch(row.after) for one in order):
        return Outcome.TWICE
    if order:
        last = order[-1]
        newest = newest_on(decided, last.digest, last.after, row.after)
        if newest and newest.verdict in ACCEPTING:
            if row.digest == last.digest:
                return Outcome.TWICE
            if row.received < last.received:
                return Outcome.LATER
    return Outcome.RETURN


def places(path: str) -> Iterator[str]:
    """A file's place, and those that it lies in: what could not be opened there before can be now."""
    steps = path.split("/")
    yield from ("/".join(steps[:n]) for n in range(1, len(steps) + 1))


def unclaimed_first(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The files in hand that count for nobody: before all a folder that nobody could look into, then the
    returns, which may be a missing unit's, then what cannot be read, the likely returns first."""
    there = [one for one in arrivals if one.unclaimed]
    return sorted(there, key=lambda one: (not one.shut, one.outcome is Outcome.UNREADABLE, not one.near))


def outcomes(
    files: Files, finder: Finder, former: Finder, units: Mapping[int, str], texts: Mapping[int, Sequence[str]]
) -> Iterator[Arrival]:
    """What became of every file, in the order of their coming; ``units`` are the names on the roster,
    ``former`` finds who was on it, ``texts`` what filings say of themselves beside their cover."""
    newest = {sent[-1].path: sent[-1].digest for sent in files.sent.values()}
    covers = {row.filing: row.cover for row in files.rows}
    counted = {unit: covers[sent[-1].filing_id] for unit, sent in files.sent.items()}
    first: dict[str, str] = {}
    for row in files.rows:
        outcome, unit = files.fate[row.id], units.get(row.unit or 0, "")
        if outcome is Outcome.RETURN and not unit:
            outcome = Outcome.STRANGER
        if outcome is Outcome.RETURN and newest.get(row.path) != row.digest:
            outcome = Outcome.OLDER
        left = outcome is Outcome.STRANGER and former.find(row.cover) is not None
        near = () if unit or left else near_units(finder, row, texts.get(row.filing, ()))
        said = arrival_sentence(outcome, row, files.year, near, first.get(row.digest, ""), unit, left=left)
        shut = row.refusal == county().inbox.fault["shut"]  # as it is kept, without the folder's name
        names, instead = county().arrival.either.join(near), counted.get(row.unit or 0)
        apart = outcome is Outcome.OLDER and finder.are_apart(row.cover, instead)
        said += county().arrival.apart.format(cover=row.cover, newest=instead) if apart else ""
        yield Arrival(row.path, row.received, unit, outcome, said, names, row.digest, shut, apart)
        first.setdefault(row.digest, row.path)


def near_units(finder: Finder, row: Came, texts: Sequence[str] = ()) -> tuple[str, ...]:
    """Whose a file most likely is: by its cover, by the name of the file or of its folders, and by who signs
    it, which may name several; else by what it says itself."""
    stem = row.path.rpartition("/")[2].rpartition(".")[0]
    signed = next(filter(None, map(finder.find, texts)), "")
    named = dict.fromkeys(filter(None, (finder.near(row.cover), finder.hinted(row.path), signed)))
    by_itself = next(filter(None, map(finder.hinted, texts)), "") or finder.near(stem)
    return tuple(named or filter(None, [by_itself]))


def arrival_sentence(
    outcome: Outcome, row: Came, asked: int, near: Sequence[str] = (), first: str = "", unit: str = "",
    *, left: bool = False,
) -> str:  # fmt: skip
    """What is said of a file; where it may be one of two units', whoever claims it has to say whose.

    ``left`` is one of a unit that was taken off the roster.
    """
    words = county().arrival
    said = words.blank_year if outcome is Outcome.YEAR and not row.year else words.sentence[outcome]
    said = words.left if left else said
    return said.format(
        cover=row.cover, year=row.year, edition=row.edition, asked=asked, first=first, path=row.path,
        near=words.near.format(near=words.either.join(near)) if near else "",
        owner=near[0] if len(near) == 1 else words.owner, unit=unit,
        refusal=named(row.refusal or "", row.path),
    )  # fmt: skip


def came(db: Connection, year: int) -> list[Came]:
    """Every arrival of a year's collection, by the files' own times."""
    a, f = t.arrival.c, t.filing.c
    from_filing = {"filing": f.id, "unit": f.unit_id}
    columns = [
        (from_filing[key] if key in from_filing else a[key] if key in a else f[key]).label(key)
        for key in Came._fields
    ]
    joined = select(*columns).where(a.campaign == year).join(t.filing, f.digest == a.digest)
    with db.begin():
        rows = db.execute(joined.order_by(a.received, a.noted, a.path, a.id)).mappings()
        return [Came(**row) for row in rows]
