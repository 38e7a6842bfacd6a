"""The officer's decisions on single files: whose it is, that it counts for nothing, that it counts first."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from xlcheck.county.decide import Instruction, unit_named
from xlcheck.county.ledger.arrivals import Came, arrival_sentence
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Decision
from xlcheck.data.county import Outcome, Verdict, county
from xlcheck.editions import Refused

ON_FILES = (Verdict.CLAIM, Verdict.VOID, Verdict.STANDS, Verdict.DATED, Verdict.UNDO)
LAST = (Verdict.CLAIM, Verdict.DATED)  # the last word is a unit or a day


class _Target(NamedTuple):
    """What a decision is on."""

    unit: int | None
    digest: str
    mark: str = ""
    arrival: int | None = None


def on_files(
    register: Register, verdict: Verdict, names: Sequence[str], today: date, reason: str, note: str
) -> Iterator[Instruction]:
    """What was said of these files, each named by its path in the inbox or the end of it.

    Raises Refused for a file, a unit or a day that is not there, and for a day that is still to come.
    """
    words = county().decide
    *files, last = names if verdict in LAST else (*names, "")
    if not files:
        raise Refused(words.claim_what if verdict is Verdict.CLAIM else words.day_what)
    unit = unit_named(register, last) if verdict is Verdict.CLAIM else None
    day = _day(last) if verdict is Verdict.DATED else None
    if day and day > today:
        raise Refused(words.day_to_come.format(day=day))
    for name in files:
        target = _target(register, verdict, name)
        if verdict is Verdict.STANDS and target.unit is None:
            raise Refused(words.claim_first.format(file=name))
        said = (target.digest, verdict, target.mark, reason, note, day, target.arrival)
        yield Instruction(unit or target.unit, *said)


def claimed_unread(register: Register, said: Sequence[Instruction]) -> Iterator[str]:
    """A sentence on each claimed file that counts for nobody all the same, with the reason."""
    claimed = {word.arrival for word in said if word.verdict is Verdict.CLAIM}
    for row in register.files.rows:
        fate = register.files.fate[row.id]
        if row.id in claimed and fate in (Outcome.YEAR, Outcome.EDITION, Outcome.UNREADABLE):
            why = arrival_sentence(fate, row, register.campaign.year)
            yield county().say.claimed_unread.format(file=row.path, why=why)


def _target(register: Register, verdict: Verdict, name: str) -> _Target:
    """The file of that name; for 撤销 what was last decided on it, or on the unit of that name."""
    if verdict is not Verdict.UNDO:
        row = file_named(register, name)
        return _Target(row.unit, row.digest, arrival=row.id)
    unit = register.number_of(name)
    if unit is not None:
        made: list[Decision] = list(register.decided.get(unit, ()))
    else:
        row = file_named(register, name)
        made = [d for d in register.decisions.holding if register.files.is_on(d, row)]
    if not made:
        raise Refused(county().decide.nothing_decided.format(name=name))
    return _Target(made[-1].unit, *made[-1].thing)


def file_named(register: Register, name: str) -> Came:
    """The file that is meant: by its path in the inbox, by its name alone, or with the inbox before it."""
    words, wanted = county().decide, name.replace("\\", "/").removeprefix("./").rstrip("/")
    rows = sorted(register.files.rows, key=lambda row: row.id)
    ways = (
        [row for row in rows if row.path == wanted],
        [row for row in rows if row.path.endswith(f"/{wanted}")],
        [row for row in rows if wanted.endswith(f"/{row.path}")],
    )
    found = next(filter(None, ways), None)
    if found is None:
        raise Refused(words.no_file.format(file=name))
    paths = dict.fromkeys(row.path for row in found)
    if len(paths) > 1:
        raise Refused(words.many_files.format(file=name, paths=county().comma.join(paths)))
    return found[-1]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Refused(county().decide.day_what) from wrong
