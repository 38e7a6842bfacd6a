"""The ledger: what came in, what was found in it and what was decided, in SQLite or PostgreSQL."""

import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, create_engine, delete, event, func, insert, inspect, select, update
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

from xlcheck.accidents import technical_reason
from xlcheck.core.rules import Rules
from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.submission import Campaign, Decision, Find, Unit
from xlcheck.county.tasks import LedgerEntry, LedgerRow, unfit
from xlcheck.data.county import county
from xlcheck.editions import Refused

UNFIT = (StatementError, ValueError, OverflowError)  # a value that cannot be written as the column's type
A_MOMENT = timedelta(seconds=3)
PATIENCE = 60_000  # milliseconds for which another officer's batch is waited for
TURN = 2025_2024  # any number: who brings a database up to date holds this lock of PostgreSQL's
SCHEMA = Path(__file__).parent / "schema"


@contextmanager
def open_ledger(where: str, *, new: bool = True) -> Iterator["Ledger"]:
    """Open a ledger by its file or its URL, made or brought up to date if need be.

    Raises Refused with a sentence where there is none (and ``new`` is off), or the database says no; a
    password in the address is in no sentence.
    """
    words, shown = county().ledger, plain_address(where)
    engine = _engine(where, new=new)
    try:
        with engine.connect() as connection:
            _bring_up_to_date(connection, engine.dialect.name, shown)
            yield Ledger(connection)
    except SQLAlchemyError as wrong:
        said = str(getattr(wrong, "orig", None) or wrong)
        known = (one.said for one in words.reason if re.search(one.found, said, re.I))
        why = next(known, words.other)
        raise Refused(words.broken.format(ledger=shown, reason=why), technical_reason(wrong)) from wrong
    finally:
        engine.dispose()


def plain_address(where: str) -> str:
    """A ledger's address as it may be shown: without the password in it."""
    scheme, _, rest = where.partition("://")
    who, at, place = rest.rpartition("@")
    return f"{scheme}://{who.partition(':')[0]}{at}{place}" if rest else where


class Ledger:
    """One open ledger. Every method that writes is one transaction: it is done whole or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.db = connection

    def wake(self) -> None:
        """Look whether the database still answers; one that was begun again meanwhile is reached anew."""
        try:
            with self.db.begin():
                self.db.execute(select(1))
        except DBAPIError as wrong:
            if not wrong.connection_invalidated:  # else the next word is said on a new connection
                raise

    def begin(self, campaign: Campaign) -> None:
        """Remember whose collection this is, for which year."""
        row = campaign._asdict()
        with self.db.begin():
            changed = self.db.execute(update(t.campaign).filter_by(year=campaign.year).values(row))
            if not changed.rowcount:
                self.db.execute(insert(t.campaign), row)

    def campaign(self, year: int | None = None) -> Campaign | None:
        """The campaign of a year, else the newest."""
        query = select(t.campaign).order_by(t.campaign.c.year.desc())
        row = self._first(query.filter_by(year=year) if year else query)
        return Campaign(**row) if row else None

    def enrol(self, units: Sequence[Unit]) -> dict[str, int]:
        """Take the roster over: new units, changed ones, and which are no longer on it.

        Gives back every unit's number in this ledger, by its name.
        """
        with suppress(IntegrityError):
            return self._enrol(units)
        return self._enrol(units)  # what another program has entered in this moment is there now

    def _enrol(self, units: Sequence[Unit]) -> dict[str, int]:
        rows = {u.name: u._asdict() | {"aliases": list(u.aliases), "place": n, "listed": True}
                for n, u in enumerate(units)}  # fmt: skip
        with self.db.begin():
            self._rename(units)
            there = {r["name"]: r for r in self.db.execute(select(t.unit)).mappings()}
            fresh = [row for name, row in rows.items() if name not in there]
            if fresh:
                self.db.execute(insert(t.unit), fresh)
            for name, old in there.items():
                new = rows.get(name, {"listed": False})
                if any(old[key] != value for key, value in new.items()):
                    self.db.execute(update(t.unit).filter_by(id=old["id"]).values(new))
            return {row.name: row.id for row in self.db.execute(select(t.unit.c.name, t.unit.c.id))}

    def assign(self, find: Find) -> None:
        """Give each file to the unit that claimed it or that its cover names, on the roster as it is now."""
        with self.db.begin():
            known = select(t.filing.c.id, t.filing.c.unit_id, t.filing.c.cover, t.filing.c.digest)
            for row in self.db.execute(known).all():
                now = find(row.digest, row.cover)
                if now != row.unit_id:
                    self.db.execute(update(t.filing).filter_by(id=row.id).values(unit_id=now))

    def lying(self, paths: Collection[str], campaign: int) -> dict[str, tuple[str, datetime]]:
        """By path, the content that was found there last and its time, where that tells it from any other.

        A file that was written just before it was read may have been written again within the same second.
        """
        a = t.arrival.c
        query = select(a.path, a.digest, a.received, a.noted).filter_by(campaign=campaign).order_by(a.id)
        with self.db.begin():
            rows = self.db.execute(query.where(a.path.in_(paths))).all()
        last = {row.path: row for row in rows}
        return {
            path: (row.digest, row.received)
            for path, row in last.items()
            if row.noted - row.received > A_MOMENT
        }

    def known(self, sizes: Iterable[int], lasts: Mapping[int, str], stamp: str) -> dict[int, frozenset[str]]:
        """By size, the contents that need no second look: checked with these rules and this last year.

        ``stamp`` says what files are checked with now, ``lasts`` is unit -> digest of its filing of the year
        before.
        """
        asked = (t.filing.c[name] for name in ("size", "digest", "unit_id", "last"))
        query = select(*asked).where(t.filing.c.size.in_(set(sizes)), t.filing.c.stamp == stamp)
        found = defaultdict(set)
        with self.db.begin():
            for size, digest, unit, last in self.db.execute(query):
                if not unit or last == lasts.get(unit):
                    found[size].add(digest)
        return {size: frozenset(digests) for size, digests in found.items()}

    def record(
        self, entries: Sequence[LedgerEntry], campaign: int, find: Find, now: datetime,
        present: Container[str] = (),
    ) -> int:  # fmt: skip
        """Enter a batch of files, those checked again in place of what was found before.

        One that no table can hold is entered as unreadable. ``present`` is what lies in the inbox now. Gives
        back how many came for the first time, in one place or another.
        """
        try:
            return self._record(entries, campaign, find, now, present)
        except IntegrityError:  # another officer entered the same file at this moment: now it is known
            return self._record(entries, campaign, find, now, present)
        except UNFIT as wrong:
            if isinstance(wrong, DBAPIError) and not isinstance(wrong, DataError):
                raise
            if len(entries) > 1:
                return sum(self.record([entry], campaign, find, now, present) for entry in entries)
            why = getattr(wrong, "orig", None) or wrong
            return self._record([unfit(entries[0], why)], campaign, find, now, present)

    def _record(
        self, entries: Sequence[LedgerEntry], campaign: int, find: Find, now: datetime,
        present: Container[str],
    ) -> int:  # fmt: skip
        with self.db.begin():
            self._enter({e.digest: e for e in entries if e.head}, find)
            return self._arrive(entries, campaign, now, present)

    def has_readable(self, digests: Collection[str]) -> bool:
        """Whether one of these files could be read."""
        query = select(t.filing.c.id).where(t.filing.c.digest.in_(digests), t.filing.c.refusal.is_(None))
        return self._first(query) is not None

    def decide(self, unit_id: int | None, year: int, decisions: Iterable[Decision]) -> None:
        """Add decisions; none is ever changed or taken out."""
        columns = ("verdict", "digest", "mark", "reason", "note", "made", "person", "day", "arrival")
        rows = [
            {key: getattr(d, key) for key in columns}
            | {"unit_id": unit_id, "year": year, "asked": None if d.asked is None else "\n".join(d.asked)}
            for d in decisions
        ]
        if rows:
            with self.db.begin():
                self.db.execute(insert(t.decision), rows)

    def grade(self, rules: Rules) -> None:
        """Have every finding as grave as its rule is to the county now, whenever the file was checked.

        A rule that the county asks no more says nothing; it is remembered for when it is asked again.
        """
        f = t.finding.c
        with self.db.begin():
            there = self.db.execute(select(f.rule, f.severity).distinct()).all()
            for name, severity in (row for row in there if row.rule in rules.by_id):
                now = "off" if name in rules.off else rules.of(name).severity
                if severity != now:
                    self.db.execute(update(t.finding).filter_by(rule=name).values(severity=now))

    def send(self, letters: Iterable[LedgerRow]) -> None:
        """Remember the letters that were written; the same letter again is the same."""
        with self.db.begin():
            for row in letters:
                same = {key: row[key] for key in row if key not in ("made", "person")}
                there = self.db.execute(select(t.letter.c.id).filter_by(**same).limit(1)).first()
                if not there:
                    self.db.execute(insert(t.letter), row)

    def last_deadline(self, year: int) -> date | None:
        """The day that the newest letter of a year asks an answer by."""
        newest = select(t.letter.c.deadline).filter_by(year=year).order_by(t.letter.c.id.desc())
        row = self._first(newest)
        return row["deadline"] if row else None

    def identity(self) -> str:
        """Which ledger this is, wherever it lies."""
        with self.db.begin():
            return str(self.db.execute(select(t.identity.c.id)).scalar())

    def _rename(self, units: Sequence[Unit]) -> None:
        """A unit that goes by a new name is the same unit: its returns and decisions stay with it."""
        there = {row.name: row.id for row in self.db.execute(select(t.unit.c.name, t.unit.c.id))}
        listed = {unit.name for unit in units}
        for unit in (u for u in units if u.name not in there):
            former = next((name for name in unit.aliases if name in there and name not in listed), None)
            if former:
                self.db.execute(update(t.unit).filter_by(id=there.pop(former)).values(name=unit.name))

    def _enter(self, entries: Mapping[str, LedgerEntry], find: Find) -> None:
        query = select(t.filing.c.digest, t.filing.c.id).where(t.filing.c.digest.in_(entries))
        ids = {row.digest: row.id for row in self.db.execute(query)}
        heads = {d: BLANK | e.head | {"unit_id": find(d, e.head.get("cover"))} for d, e in entries.items()}
        for digest, filing_id in ids.items():
            for table in (t.value, t.text, t.finding):
                self.db.execute(delete(table).filter_by(filing_id=filing_id))
            self.db.execute(update(t.filing).filter_by(id=filing_id).values(heads[digest]))
        if fresh := [head for digest, head in heads.items() if digest not in ids]:
            made = insert(t.filing).returning(t.filing.c.id, sort_by_parameter_order=True)
            given = self.db.execute(made, fresh).scalars()
            ids |= dict(zip((head["digest"] for head in fresh), given, strict=True))
        for table, part in ((t.value, "values"), (t.text, "texts"), (t.finding, "findings")):
            rows = [row | {"filing_id": ids[d]} for d, e in entries.items() for row in getattr(e, part)]
            if rows:
                self.db.execute(insert(table), rows)

    def _arrive(
        self, entries: Sequence[LedgerEntry], campaign: int, now: datetime, present: Container[str]
    ) -> int:
        """Enter what came: new in its place, not only moved within the inbox. A file that still lies where it
        lay has not come again."""
        there = self._lying(entries, campaign)
        newest = select(func.max(t.decision.c.id)).filter_by(year=campaign)
        after = self.db.execute(newest).scalar() or 0
        fresh: dict[str, LedgerRow] = {}
        for e in entries:
            path, received = e.item.name, min(e.item.received or now, now)
            if there.at.get(path) == e.digest:
                continue
            moved = next((r for r in there.same[e.digest, received] if r.path not in present), None)
            if moved:
                self.db.execute(update(t.arrival).filter_by(id=moved.id).values(path=path))
                there.same[e.digest, received].remove(moved)
            else:
                fresh[path] = {
                    "campaign": campaign, "path": path, "digest": e.digest, "noted": now,
                    "received": received, "after": after,
                }  # fmt: skip
        if fresh:
            self.db.execute(insert(t.arrival), list(fresh.values()))
        return len(fresh)

    def _lying(self, entries: Sequence[LedgerEntry], campaign: int) -> "_Lying":
        """What is known of the places and the contents of these files."""
        a = t.arrival.c
        places, digests = {e.item.name for e in entries}, {e.digest for e in entries}
        query = select(a.id, a.path, a.digest, a.received).filter_by(campaign=campaign).order_by(a.id)
        rows = self.db.execute(query.where(a.path.in_(places) | a.digest.in_(digests))).all()
        same = defaultdict(list)
        for row in rows:
            same[row.digest, row.received].append(row)
        return _Lying({row.path: row.digest for row in rows}, same)

    def _first(self, query: Any) -> LedgerRow | None:
        with self.db.begin():
            row = self.db.execute(query.limit(1)).mappings().first()
            return dict(row) if row else None


class _Lying(NamedTuple):
    """What lies at each path, and the arrivals of each content at each time."""

    at: Mapping[str, str]
    same: Mapping[tuple[str, datetime], list[Any]]


BLANK: LedgerRow = {c.name: None for c in t.filing.columns if c.name != "id"}


def _engine(where: str, *, new: bool) -> Engine:
    try:
        engine = create_engine(_url(where, new=new))
    except (ImportError, ArgumentError) as wrong:
        raise Refused(county().ledger.no_driver.format(ledger=plain_address(where))) from wrong
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _careful)
    return engine


def _url(where: str, *, new: bool) -> str:
    """A URL as it is, PostgreSQL by the driver of the extra; anything else is a file of SQLite's."""
    scheme, _, rest = where.partition("://")
    if rest:
        plain = scheme in ("postgresql", "postgres")
        return f"postgresql+psycopg://{rest}" if plain else make_url(where).render_as_string(False)
    path = Path(where)
    if not new and not path.exists():
        raise Refused(county().ledger.none.format(ledger=where))
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path}"


def _careful(connection: Any, _: object) -> None:
    """SQLite as a ledger needs it: readers beside a writer, a crash loses nothing committed."""
    connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last batch with the power
    connection.execute("PRAGMA foreign_keys=ON")


def _bring_up_to_date(connection: Connection, dialect: str, shown: str) -> None:
    """Take the steps of the schema that are still to be taken, one program at a time.

    A new ledger is made as it is now. Alembic is asked where there are steps: it takes long to be imported.
    """
    if dialect == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))
    there = inspect(connection).get_table_names()
    if not there:
        t.metadata.create_all(connection)
        t.step.create(connection)
        connection.execute(insert(t.identity), {"id": uuid4().hex})
        connection.execute(insert(t.step), {"version_num": t.NEWEST})
    elif t.step.name not in there or connection.execute(select(t.step)).scalar() != t.NEWEST:
        _take_steps(connection, shown)
    connection.commit()


def _take_steps(connection: Connection, shown: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCHEMA).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as wrong:
        raise Refused(county().ledger.newer.format(ledger=shown)) from wrong
