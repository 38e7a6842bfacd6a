"""200 clerks at once at the address where units upload, on one machine; killed in the middle and begun again.

    python benchmarks/serve.py [CLERKS] [sqlite|postgresql]     both ledgers where none is named

Every clerk has a connection, a code and a workbook of her own. In the first run nothing goes wrong: how long
signing in, uploading and the receipt's page take. In the second the process is killed (SIGKILL) once a third
have their receipts, and begun again; who has none hands in again. Then every receipt that was given is looked
for in the ledger, its file in the inbox, byte for byte, and ``collect`` is run: nothing may be new to it.
"""

import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import postgres
from inboxes import Press, planned, roster
from ledgers import CAMPAIGN, run
from sqlalchemy import create_engine, select
from uploading import Address, Clerk, address

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.database import _url

Files = dict[str, bytes]
Times = dict[str, list[float]]


class Crowd:
    """Clerks who all hand in at the same moment, each her own file; what they were given, and how soon."""

    def __init__(self, files: Files) -> None:
        self.files, self.given, self.lock = files, dict[str, str](), threading.Lock()
        self.times: Times = {"sign in": [], "upload": [], "page": []}
        self.failed: list[str] = []

    def hand_in(self, site: Address, stop_after: int = 0) -> None:
        """Whoever has no receipt yet hands in; with ``stop_after`` the process is killed after so many."""
        left = [unit for unit in self.files if unit not in self.given.values()]
        codes, begin, enough = site.codes(), threading.Barrier(len(left)), threading.Event()
        with ThreadPoolExecutor(len(left)) as pool:
            jobs = [pool.submit(self._one, site, codes[u], u, begin, stop_after, enough) for u in left]
            if stop_after:
                enough.wait(300)
                site.kill()
            for job in jobs:
                job.result()

    def _one(
        self, site: Address, code: str, unit: str, begin: threading.Barrier, stop: int, full: threading.Event
    ) -> None:  # fmt: skip
        clerk = Clerk(site.port)
        begin.wait()
        try:
            at = [time.monotonic()]
            if clerk.sign_in(code).status != 303:
                raise AssertionError("not signed in")
            at.append(time.monotonic())
            receipt = clerk.receipt(f"{unit}.xlsx", self.files[unit])
            at.append(time.monotonic())
            with self.lock:
                self.given[receipt] = unit
                if stop and len(self.given) >= stop:
                    full.set()
            if clerk.get(f"/receipt/{receipt}").status != 200:
                raise AssertionError("no receipt's page")
            at.append(time.monotonic())
        except (OSError, ValueError, AssertionError) as wrong:
            with self.lock:
                self.failed.append(f"{type(wrong).__name__}: {wrong}"[:120])
            return
        with self.lock:
            for name, begun, ended in zip(self.times, at, at[1:], strict=False):
                self.times[name].append(ended - begun)


def tell(times: Times) -> None:
    for name, taken in ((name, taken) for name, taken in times.items() if taken):
        late = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        print(f"  {name:8} median {median(taken):6.2f} s, 95 % {late:6.2f} s, longest {max(taken):6.2f} s")


def lost(folder: Path, ledger: str, crowd: Crowd) -> list[str]:
    """The receipts that were given and are not in the ledger, or whose file is not what was sent."""
    engine = create_engine(_url(ledger, new=False))
    with engine.connect() as db:
        came = t.receipt.join(t.arrival, t.arrival.c.path == t.receipt.c.path)
        came = came.join(t.filing, t.filing.c.digest == t.receipt.c.digest)
        paths = dict(db.execute(select(t.receipt.c.code, t.receipt.c.path).select_from(came)).all())
    engine.dispose()
    inbox = folder / "收件箱"
    return [
        code
        for code, unit in crowd.given.items()
        if code not in paths or (inbox / paths[code]).read_bytes() != crowd.files[unit]
    ]


def measure(files: Files, ledger: str, *, killed: bool) -> int:
    """One crowd from its first request to its last receipt; what was lost."""
    crowd = Crowd(files)
    with tempfile.TemporaryDirectory(prefix="xlcheck-serve-") as name:
        folder = Path(name)
        where = ledger or str(folder / "ledger.db")
        roster(folder / "roster.csv", list(files))
        with address(folder, where, "--year", "2025") as site:
            begun = time.monotonic()
            crowd.hand_in(site, len(files) // 3 if killed else 0)
            if killed:
                first = len(crowd.given)
                print(f"  killed: {first} receipts given, {len(files) - first} clerks without one")
                crowd.failed.clear()
                with address(folder, where, "--year", "2025") as again:
                    crowd.hand_in(again)
            whole = time.monotonic() - begun
            said = site.said()
        if not killed:
            tell(crowd.times)
            print(f"  all of them {whole:.1f} s, {len(files) / whole:.1f} a second")
        gone = lost(folder, where, crowd)
        counts = run(folder / "收件箱", folder / "roster.csv", where, CAMPAIGN)
        print(
            f"  {len(crowd.given)} receipts, {len(gone)} not in the ledger; {len(crowd.failed)} failed"
            f" {sorted(set(crowd.failed))}; collect after it: {counts.seen} seen, {counts.fresh} new,"
            f" {counts.checked} checked; tracebacks {said.count('Traceback')}"
        )
    new = counts.fresh if not killed else 0  # a file may lie there whose clerk was told nothing yet
    return len(gone) + len(crowd.failed) + new + (len(crowd.given) != len(files))


@contextmanager
def ledgers(kind: str) -> Iterator[str]:
    """An empty ledger: a file by no name, a database of a server of our own."""
    with nullcontext("") if kind == "sqlite" else postgres.running() as where:
        yield where


def main() -> int:
    clerks = int(next((word for word in sys.argv[1:] if word.isdecimal()), "200"))
    kinds = [word for word in sys.argv[1:] if not word.isdecimal()] or ["sqlite", "postgresql"]
    made = Path(tempfile.mkdtemp(prefix="xlcheck-press-"))
    press = Press("2021", made)
    files = {plan.unit: press.print(plan.filing) for plan in planned(clerks, random.Random(19))}
    shutil.rmtree(made)
    wrong = 0
    for kind in kinds:
        for killed in (False, True):
            print(f"{clerks} clerks, {kind}, {'killed and begun again' if killed else 'undisturbed'}")
            with ledgers(kind) as where:
                wrong += measure(files, where, killed=killed)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
