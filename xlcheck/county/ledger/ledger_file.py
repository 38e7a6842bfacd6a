"""A ledger that is a file: kept safe, judged, taken elsewhere, by SQLite's own means."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from xlcheck.data.county import county
from xlcheck.editions import Refused
from xlcheck.saving import atomically

BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a file that is in use


def back_up(ledger: str, target: Path) -> None:
    """Write the whole ledger, as it is at this moment, into one other file; somebody may be using it.

    Raises Refused where it is no file, is damaged, or the other is there already.
    """
    source, words = _file(ledger), county().ledger
    if target.exists():
        raise Refused(words.taken.format(path=target))
    check(ledger)

    def write(to: Path) -> None:
        with _opened(source) as there, closing(sqlite3.connect(to)) as copy:
            there.backup(copy)

    atomically(target, write)


def check(ledger: str) -> None:
    """Raise Refused where SQLite finds the file damaged, or a line that points to nothing."""
    with _opened(_file(ledger)) as there:
        try:
            found = [*there.execute("PRAGMA integrity_check(1)"), *there.execute("PRAGMA foreign_key_check")]
        except sqlite3.DatabaseError as wrong:
            raise Refused(county().ledger.damaged.format(ledger=ledger), str(wrong)) from wrong
    if found != [("ok",)]:
        raise Refused(county().ledger.damaged.format(ledger=ledger), str(found[0]))


def move(ledger: str, target: Path) -> None:
    """Take the ledger to another place, whole; the old file is removed once the new one is."""
    back_up(ledger, target)
    source = _file(ledger)
    for path in (source, *(Path(f"{source}{end}") for end in BESIDE)):
        with suppress(FileNotFoundError):
            path.unlink()


def _file(ledger: str) -> Path:
    if "://" in ledger:
        raise Refused(county().ledger.no_file)
    if not Path(ledger).is_file():
        raise Refused(county().ledger.none.format(ledger=ledger))
    return Path(ledger)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as there:
        yield there
