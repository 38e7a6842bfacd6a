"""Who is signed in, by a cookie nobody can guess; what a form must carry; who guesses too often."""

import hmac
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

from xlcheck.county.serve.access import KeptCode
from xlcheck.data.serve import serve

MOST_KEPT = 20_000  # who guesses is forgotten where so many do
Clock = Callable[[], float]


class SignedIn(NamedTuple):
    """One browser that is signed in: as whom, by which code, since when, when it last asked for something."""

    number: int
    code: KeptCode
    begun: float
    active: float


class Sessions:
    """Everybody who is signed in. A cookie is known by its hash alone; a restart signs everybody out."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.clock, self.key = clock, secrets.token_bytes(32)
        self.open: dict[str, SignedIn] = {}

    def new_cookie(self) -> str:
        return secrets.token_urlsafe(32)

    def begin(self, number: int, code: KeptCode) -> str:
        """Sign somebody in by a cookie that was not there before: one foisted on her opens nothing."""
        now, cookie = self.clock(), self.new_cookie()
        own = [name for name, one in self.open.items() if one.number == number]
        for name in own[: max(0, len(own) - serve().limits.sessions + 1)]:
            del self.open[name]
        self.open[_name(cookie)] = SignedIn(number, code, now, now)
        return cookie

    def who(self, cookie: str, codes: Mapping[int, KeptCode]) -> int | None:
        """The number of who this is; nobody once it was idle, or is old, or its code is none of ``codes``."""
        limits, now, name = serve().limits, self.clock(), _name(cookie)
        session = self.open.get(name)
        if session is None:
            return None
        old = now - session.active > limits.idle_session or now - session.begun > limits.session
        if old or session.code != codes.get(session.number):
            del self.open[name]
            return None
        self.open[name] = session._replace(active=now)
        return session.number

    def end(self, cookie: str) -> None:
        self.open.pop(_name(cookie), None)

    def seal(self, cookie: str) -> str:
        """What a form of the page that was given to this cookie carries: no other site can know it."""
        return hmac.digest(self.key, cookie.encode(), "sha256").hex()

    def is_sealed(self, cookie: str, given: str) -> bool:
        return bool(cookie) and hmac.compare_digest(self.seal(cookie).encode(), given.encode())


def _name(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()


class Guesses:
    """Wrong codes of late: of one code from one address, of one code, from one address.

    A clerk elsewhere is not shut out by who guesses at her code, until very many do.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.clock = clock
        self.wrong: dict[tuple[object, ...], list[float]] = defaultdict(list)

    def wait(self, number: int, address: str) -> float:
        """Seconds until this code may be tried from there again."""
        since = self.clock() - serve().limits.lock
        waits = [0.0]
        for key, most in self._limits(number, address):
            late = [at for at in self.wrong.get(key, ()) if at > since]
            if len(late) >= most:
                waits.append(late[-most] - since)
        return max(waits)

    def begin(self, number: int, address: str) -> None:
        """Count a code that is being tried as wrong: many may be tried at the same moment."""
        if len(self.wrong) > MOST_KEPT:
            self._forget()
        for key, most in self._limits(number, address)[:-1]:
            self._count(key, most)

    def right(self, number: int, address: str) -> None:
        """Take it back: it was the right one."""
        for key, _ in self._limits(number, address)[:-1]:
            self.wrong[key] = self.wrong[key][:-1]

    def failed(self, number: int, address: str) -> None:
        """It was wrong, and its address is counted too; an office may have one address for all its clerks."""
        self._count(*self._limits(number, address)[-1])

    def _count(self, key: tuple[object, ...], most: int) -> None:
        self.wrong[key] = [*self.wrong[key][1 - most :], self.clock()]

    def _forget(self) -> None:
        since = self.clock() - serve().limits.lock
        recent = {key: times for key, times in self.wrong.items() if times and times[-1] > since}
        self.wrong = defaultdict(list, list(recent.items())[-MOST_KEPT // 2 :])

    def _limits(self, number: int, address: str) -> tuple[tuple[tuple[object, ...], int], ...]:
        limits = serve().limits
        return (
            ((number, address), limits.guesses),
            ((number,), limits.guesses_code),
            (("from", address), limits.guesses_address),
        )
