"""The officer's decisions: by command, or from the decision columns of the summary workbook."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.county.ledger import Ledger
from xlcheck.county.register import Register
from xlcheck.county.roster import opened
from xlcheck.county.sheets import HEAD, decision, name_of
from xlcheck.county.standing import Decided, Return, Status, Verdict
from xlcheck.files.catalogue import Refused

OPEN = (Status.REPORTED, Status.RESENT)  # what nobody has decided on yet


class Word(NamedTuple):
    """A decision on one unit: on its return as it is now, or on the findings of one rule in it."""

    unit: int
    digest: str
    verdict: Verdict
    mark: str = ""
    reason: str = ""
    note: str = ""


def on_units(
    register: Register, names: Iterable[str], verdict: Verdict, rule: str, reason: str, note: str
) -> Iterator[Word]:
    """What was said of these units by name. Raises Refused for a name, or a thing, that is not there."""
    words = data.toml("county")["decide"]
    if rule and verdict is not Verdict.EXPLAINED:
        raise Refused(words["only_explained"])
    for name in names:
        unit = register.number_of(name)
        if unit is None:
            near = register.finder.near(name)
            hint = data.toml("county")["arrival"]["near"].format(near=near) if near else ""
            raise Refused(words["no_unit"].format(unit=name, near=hint))
        current = _current(register, unit)
        if verdict is Verdict.EXPLAINED and not (reason or note):
            raise Refused(words["reason_wanted"].format(unit=name))
        marks = {f.mark for f in current.findings if f.rule == rule} if rule else {""}
        if not marks:
            raise Refused(words["no_finding"].format(unit=register.units[unit].name, rule=rule))
        yield from (Word(unit, current.digest, verdict, mark, reason, note) for mark in sorted(marks))


def on_all(register: Register, verdict: Verdict, *, faulty: bool, reason: str, note: str) -> Iterator[Word]:
    """The same for every undecided return that has an open error, or for every one with nothing open."""
    for standing in register.standings(register.campaign.due):
        current = standing.current
        if current and standing.status in OPEN:
            hit = current.errors > 0 if faulty else not (current.errors or current.warnings)
            unit = register.number_of(standing.unit.name)
            if hit and unit is not None:
                yield Word(unit, current.digest, verdict, "", reason, note)


def from_workbook(register: Register, path: Path) -> Iterator[Word]:
    """The decisions that were chosen in a summary workbook, wherever its lines were sorted to.

    A line that still says what it said when it was written decides nothing, whatever was decided since.
    Raises Refused with sheet and row.
    """
    said = data.toml("county")["decide"]["not_summary"]
    book = opened(path, said.format(file=path.name, sheet=name_of("units")))
    owners = {one.digest: unit for unit, sent in register.sent.items() for one in sent}
    for key in ("units", "findings"):
        if name_of(key) not in book.sheetnames:
            raise Refused(said.format(file=path.name, sheet=name_of(key)))
        for number, row in _rows(book[name_of(key)], key):
            yield from _word(row, number, key, owners)


def enter(register: Register, ledger: Ledger, words: Iterable[Word], now: datetime) -> int:
    """Write down what is new among these, one transaction a unit, and give back how many."""
    by_unit: dict[int, list[Decided]] = defaultdict(list)
    for word in words:
        decided = Decided(word.verdict, word.digest, word.mark, word.reason, word.note, now)
        if not _said(register.decided[word.unit] + by_unit[word.unit], decided):
            by_unit[word.unit].append(decided)
    for unit, decisions in by_unit.items():
        ledger.decide(unit, register.campaign.year, decisions)
    return sum(map(len, by_unit.values()))


def _said(known: Iterable[Decided], new: Decided) -> bool:
    """Whether the newest decision on the same thing says the same.

    A finding is the same in every return while its fingerprint is.
    """
    same = [d for d in known if d.mark == new.mark and (new.mark or d.digest == new.digest)]
    return bool(same) and same[-1][:1] + same[-1][3:5] == new[:1] + new[3:5]


def _current(register: Register, unit: int) -> Return:
    sent = register.sent.get(unit)
    if not sent:
        said = data.toml("county")["decide"]["nothing_sent"]
        raise Refused(said.format(unit=register.units[unit].name))
    return register.returns({unit: sent[-1:]})[unit][0]


def _rows(sheet: Any, key: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines with a decision, by the titles of their columns: columns may have been moved."""
    titles = {title: name for name, (title, _) in data.toml("summary")["columns"][key].items()}
    names: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(min_row=HEAD, values_only=True), HEAD):
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if number == HEAD:
            names = [titles.get(text, "") for text in texts]
            continue
        row = dict(zip(names, texts, strict=False))
        if row.get("verdict") and decision(row) != row.get("written"):
            yield number, row


def _word(row: Mapping[str, str], number: int, key: str, owners: Mapping[str, int]) -> Iterator[Word]:
    words = data.toml("county")["decide"]
    verdicts = {word: verdict for verdict, word in data.toml("county")["verdict"].items()}
    if row["verdict"] not in verdicts:
        known = "、".join(verdicts)
        said = words["bad_verdict"].format(sheet=name_of(key), row=number, found=row["verdict"], known=known)
        raise Refused(said)
    digest, _, mark = row.get("key", "").partition(" ")
    if digest not in owners or bool(mark) != (key == "findings"):
        raise Refused(words["gone"].format(sheet=name_of(key), row=number))
    verdict = Verdict(verdicts[row["verdict"]])
    reason, note = row.get("reason", ""), row.get("note", "")
    if mark and verdict is not Verdict.EXPLAINED:
        raise Refused(words["only_explained"])
    if verdict is Verdict.EXPLAINED and not (reason or note):
        raise Refused(words["reason_wanted"].format(unit=row.get("unit", "")))
    yield Word(owners[digest], digest, verdict, mark, reason, note)
