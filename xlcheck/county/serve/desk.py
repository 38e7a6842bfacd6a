"""The ledger as the site works on it: one thing at a time, whoever asks."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.database import Ledger
from xlcheck.county.ledger.decisions import decisions
from xlcheck.county.ledger.register import Register, owner_of_file
from xlcheck.county.letters.letter import Letter
from xlcheck.county.letters.notices import Sending, letter
from xlcheck.county.serve.access import OFFICE, KeptCode, known_codes
from xlcheck.county.submission import Campaign, Find, Submission
from xlcheck.data.policy import Policy


class Desk:
    """One connection to the ledger. Everything is read anew each time: the officer decides beside it."""

    def __init__(self, ledger: Ledger, campaign: Campaign, policy: Policy | None) -> None:
        self.ledger, self.policy, self.lock = ledger, policy, threading.RLock()
        self.begun, self.numbers, self.names = campaign, dict[str, int](), dict[int, str]()
        self.codes: Mapping[int, KeptCode] = {}  # of everybody on the roster, as they were read last
        self.follow: Callable[[], object] = bool  # what else is to be done for a changed roster
        with self.register() as register:
            self._enrol(register)
        self.drawn = "", ""  # the county's page, and what it was drawn from

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The ledger for one at a time, though its database was begun again meanwhile."""
        with self.lock:
            self.ledger.wake()
            yield

    @contextmanager
    def register(self) -> Iterator[Register]:
        """The ledger as it is now, for one at a time."""
        with self.turn():
            register = Register(self.ledger.db, self.campaign(), self.policy)
            if register.numbers != self.numbers:
                self._enrol(register)
            self.read_codes()
            yield register

    def read_codes(self) -> Mapping[int, KeptCode]:
        """The codes as they are now: an officer may renew one beside us."""
        with self.turn():
            known, listed = known_codes(self.ledger.db), {OFFICE, *self.names}
        self.codes = {number: kept for number, kept in known.items() if number in listed}
        return self.codes

    def _enrol(self, register: Register) -> None:
        """Know the units by the roster as ``collect`` has just taken it over beside us."""
        self.finder, self.numbers = register.finder, register.numbers
        self.names = {number: unit.name for number, unit in register.units.items()}
        self.follow()

    def find(self) -> Find:
        """Who a file is from, by the claims as they are now."""
        return owner_of_file(self.finder, self.numbers, decisions(self.ledger.db, self.begun.year).claims())

    def paths(self) -> frozenset[str]:
        """Every path of the inbox that the ledger knows: nothing of it moves while units upload."""
        with self.ledger.db.begin():
            query = select(t.arrival.c.path).filter_by(campaign=self.begun.year)
            return frozenset(self.ledger.db.execute(query).scalars())

    def came_before(self, digest: str) -> bool:
        """Whether a file that is entered has come at another time as well."""
        with self.ledger.db.begin():
            query = select(t.arrival.c.id).filter_by(campaign=self.begun.year, digest=digest).limit(2)
            return len(self.ledger.db.execute(query).all()) > 1

    def campaign(self) -> Campaign:
        """The campaign as an officer last said: the due day may have changed."""
        with self.lock:
            return self.ledger.campaign(self.begun.year) or self.begun


def sent_letter(register: Register, unit: int, standing: Submission) -> Letter | None:
    """The letter that the office wrote to a unit about how it stands now; none where it wrote none."""
    digest = standing.current.digest if standing.current else ""
    asked = {
        "unit_id": unit, "year": register.campaign.year, "status": standing.status.value, "digest": digest,
    }  # fmt: skip
    query = select(t.letter.c.deadline, t.letter.c.office, t.letter.c.made).filter_by(**asked)
    with register.db.begin():
        row = register.db.execute(query.order_by(t.letter.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    made: datetime = row.made
    return letter(Sending(register.campaign, row.office, row.deadline, made.date()), standing)
