"""The county's run: every file of the inbox read, checked, given to its unit and entered in the ledger."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar

from tqdm import tqdm

from xlcheck.county import tasks
from xlcheck.county.inbox.files import InboxFile, inbox_files
from xlcheck.county.ledger.database import Ledger
from xlcheck.county.ledger.decisions import decisions
from xlcheck.county.ledger.register import Register, owner_of_file
from xlcheck.county.roster import Finder
from xlcheck.county.submission import Campaign, Find, Unit
from xlcheck.county.tasks import FileReading, LastYear, LedgerEntry, Task, denied
from xlcheck.county.workers import Workers
from xlcheck.data.county import county
from xlcheck.data.policy import Policy

BATCH = 64  # files handed over together at most; few files are shared out among the workers
Thing = TypeVar("Thing")


class Counts(NamedTuple):
    """What a run did: files seen, new in their place, checked now, and of these faulty or unreadable.

    ``readable`` is not 0 where any file seen could be read, now or in an earlier run; ``gone`` are those that
    were renamed or taken away while it went on.
    """

    seen: int
    fresh: int
    checked: int
    faulty: int
    unreadable: int
    readable: int
    gone: int


def run_collection(
    inbox: str, units: Sequence[Unit], ledger: Ledger, campaign: Campaign, workers: Workers,
    policy: Policy | None = None, now: Callable[[], datetime] = datetime.now,
) -> Counts:  # fmt: skip
    """Bring the ledger up to what lies in the inbox.

    Batches are entered one by one, each whole or not at all: a run cut off anywhere goes on where it was.
    What was checked by another policy is checked again. Raises Refused where the inbox or the ledger cannot
    be used.
    """
    ledger.begin(campaign)
    numbers = ledger.enrol(units)
    claims = decisions(ledger.db, campaign.year).claims()
    find = owner_of_file(Finder(units, campaign.county), numbers, claims)
    ledger.assign(find)
    register = Register(ledger.db, campaign, policy)
    ledger.grade(register.edition.rules)
    counts = Counter(dict.fromkeys(Counts._fields, 0))
    there = list(inbox_files(inbox))
    present = frozenset(item.name for item in there)
    with _bar(len(present)) as bar:
        size = max(1, min(BATCH, len(there) // (4 * workers.ahead)))
        batches = _tasks(inbox, there, ledger, register, size)
        for found in _entries(batches, register, workers, find):
            entries = [entry for entry in found if entry.digest]
            counts["gone"] += len(found) - len(entries)
            counts["fresh"] += ledger.record(entries, campaign.year, find, now(), present)
            _count(counts, entries)
            if not counts["readable"]:
                counts["readable"] = ledger.has_readable({entry.digest for entry in entries})
            bar.set_postfix_str(county().progress.counts.format(**counts), refresh=False)
            bar.update(len(found))
    return Counts(**{key: counts[key] for key in Counts._fields})


def _tasks(
    inbox: str, there: Iterable[InboxFile], ledger: Ledger, register: Register, size: int
) -> Iterator[list[Task]]:
    """Every file with the contents of its size that need no second look."""
    lasts, now = register.lasts(), tasks.stamp(register.policy)
    for some in _batches(there, size):
        known = ledger.known({item.size for item in some}, lasts, now)
        lying = ledger.lying([item.name for item in some], register.campaign.year)
        yield [_task(inbox, item, known.get(item.size, frozenset()), lying.get(item.name)) for item in some]


def _task(inbox: str, item: InboxFile, known: frozenset[str], lying: tuple[str, datetime] | None) -> Task:
    """A file to read; one that lies where it lay, as large and as old as it was, is known unread."""
    same = lying and not item.inside and lying[1] == item.received and lying[0] in known - {denied(item)}
    return Task(inbox, item, known, lying[0] if lying and same else "")


def _entries(
    batches: Iterable[list[Task]], register: Register, workers: Workers, find: Find
) -> Iterator[list[LedgerEntry]]:
    """What workers find in the files; those that lie where they lay need none, and no worker is started."""
    lying: list[LedgerEntry] = []

    def unread() -> Iterator[list[Task]]:
        for some in batches:
            lying.extend(LedgerEntry(task.item, task.digest) for task in some if task.digest)
            if rest := [task for task in some if not task.digest]:
                yield rest

    yield from _worked_on(unread(), register, workers, find)
    yield from _batches(lying, BATCH)


def _worked_on(
    batches: Iterable[list[Task]], register: Register, workers: Workers, find: Find
) -> Iterator[list[LedgerEntry]]:
    """Where the ledger knows of last year, reading comes first: only the cover says whose last year."""
    policy = register.policy
    if not register.before:
        work, crashed = partial(tasks.work, policy=policy), partial(tasks.crashed, policy=policy)
        yield from workers.run(work, batches, crashed)
        return
    readings = workers.run(tasks.read_files, batches, tasks.unread)
    paired = (beside_last(some, register, find) for some in readings)
    check, lost = partial(tasks.check_files, policy=policy), partial(tasks.lost, policy=policy)
    yield from workers.run(check, paired, lost)


def beside_last(
    readings: Sequence[FileReading], register: Register, find: Find
) -> list[tuple[FileReading, LastYear | None]]:
    """What was read, each with last year's filing of its unit."""
    numbers = [find(reading.digest, reading.filing.unit) if reading.filing else None for reading in readings]
    befores = register.last_filings({n for n in numbers if n is not None})
    return [(r, befores.get(n) if n is not None else None) for r, n in zip(readings, numbers, strict=True)]


def _count(counts: Counter[str], entries: Sequence[LedgerEntry]) -> None:
    counts["seen"] += len(entries)
    counts["checked"] += sum(bool(e.head) for e in entries)
    counts["faulty"] += sum(e.head.get("status") == "fail" for e in entries)
    counts["unreadable"] += sum(bool(e.head.get("refusal")) for e in entries)


def _bar(total: int) -> "tqdm[None]":
    """How far the run has come, on stderr, where somebody looks."""
    words = county().progress
    return tqdm(
        total=total, desc=words.title, unit=words.unit, disable=None,
        bar_format=words.bar, ascii=words.blocks,
    )  # fmt: skip


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    walk = iter(things)
    while some := list(islice(walk, size)):
        yield some
