"""The officer's decisions: by command, or from the decision columns of the summary workbook."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xlcheck.accidents import one_file
from xlcheck.county.ledger.correction import places_asked
from xlcheck.county.ledger.database import Ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import ON_RETURNS, Decision, LedgerFinding, Return, Submission, Unit
from xlcheck.county.summary.list_sheet import decision
from xlcheck.data.county import Status, Verdict, county
from xlcheck.data.dashboard import dashboard
from xlcheck.data.messages import messages
from xlcheck.data.summary import ColumnKey, ListSheet, summary
from xlcheck.editions import Edition, Refused
from xlcheck.workbook.archive import Package
from xlcheck.workbook.structure import texts_by_row

ON_FINDINGS = (Verdict.EXPLAINED, Verdict.PENDING)  # a finding is taken as explained, or open again
OPEN = (Status.REPORTED, Status.RESENT)  # what nobody has decided on yet
SETTLED = (Status.RETURNED, Status.ACCEPTED)  # what can be taken back
Chosen = Mapping[ColumnKey, str]  # a line of the summary as it was read back


class Instruction(NamedTuple):
    """A decision on one unit: on its return as it is now, or on the findings of one rule in it; or on a file,
    which may be nobody's."""

    unit: int | None
    digest: str
    verdict: Verdict
    mark: str = ""
    reason: str = ""
    note: str = ""
    day: date | None = None
    arrival: int | None = None


class Among(NamedTuple):
    """Which units a decision on many is for: of a kind, of a region or of what lies in it, in a state."""

    kind: str = ""
    region: str = ""
    status: Status | None = None

    def holds(self, standing: Submission) -> bool:
        """Whether a unit is one of these."""
        of_kind = self.kind in ("", standing.unit.kind)
        return self.inside(standing.unit) and of_kind and self.status in (None, standing.status)

    def inside(self, unit: Unit) -> bool:
        """Whether a unit lies in the region, or there is none asked for."""
        level = dashboard().level
        return not self.region or f"{unit.region}{level}".startswith(f"{self.region}{level}")


EVERYONE = Among()


def on_units(
    register: Register, names: Iterable[str], verdict: Verdict, rule: str, reason: str, note: str
) -> Iterator[Instruction]:
    """What was said of these units by name. Raises Refused for a name, or a thing, that is not there."""
    words = county().decide
    if rule and verdict not in ON_FINDINGS:
        raise Refused(words.only_explained)
    for name in names:
        unit = unit_named(register, name)
        current = _current(register, unit)
        if verdict is Verdict.EXPLAINED and not (reason or note):
            raise Refused(words.reason_wanted)
        marks = {f.mark for f in current.findings if f.rule == rule} if rule else {""}
        if not marks:
            raise Refused(words.no_finding.format(unit=register.units[unit].name, rule=rule))
        if rule:
            _settles(verdict, rule, current.edition, words.of_unit.format(unit=register.units[unit].name))
        yield from (Instruction(unit, current.digest, verdict, mark, reason, note) for mark in sorted(marks))


def unit_named(register: Register, name: str) -> int:
    """The unit's number. Raises Refused, and asks for the unit that may be meant."""
    unit = register.number_of(name)
    if unit is None:
        words, near = county().decide, register.finder.near(name)
        raise Refused((words.no_unit_near if near else words.no_unit).format(unit=name, near=near))
    return unit


def on_all(
    register: Register, verdict: Verdict, *, faulty: bool | None, reason: str, note: str,
    among: Among = EVERYONE,
) -> Iterator[Instruction]:  # fmt: skip
    """The same for every undecided return that has an open error, for every one with nothing open, or for
    every one; what is taken back is taken back from every decided one. What was sent back by hand, and came
    again as it was, is not taken for one with nothing open.

    Raises Refused where an explanation is accepted without a reason, and where errors are accepted in bulk.
    """
    if verdict is Verdict.EXPLAINED and not (reason or note):
        raise Refused(county().decide.reason_wanted)
    if verdict is Verdict.ACCEPT and faulty:
        raise Refused(county().decide.one_by_one)
    usual = SETTLED if verdict is Verdict.PENDING else OPEN
    wanted = (among.status,) if among.status else usual
    for standing in register.standings(register.campaign.due):
        current = standing.current
        if current and standing.status in wanted and among.holds(standing):
            hit = faulty is None or faulty == bool(current.errors)
            hit = hit and not (faulty is False and (current.warnings or _unchanged(standing)))
            if verdict is Verdict.ACCEPT and hit and current.errors:
                raise Refused(county().decide.one_by_one)
            unit = register.number_of(standing.unit.name)
            if hit and unit is not None:
                yield Instruction(unit, current.digest, verdict, "", reason, note)


def _unchanged(standing: Submission) -> bool:
    """Whether what was sent back came again as it was."""
    return standing.correction is not None and standing.correction.same


def on_rule(
    register: Register, verdict: Verdict, rule: str, reason: str, note: str, among: Among = EVERYONE
) -> Iterator[Instruction]:
    """The same for every open finding of a rule, in whichever return.

    Raises Refused where nobody has one, where it must be mended, or where a reason is wanting.
    """
    words, hit = county().decide, False
    if verdict not in ON_FINDINGS:
        raise Refused(words.only_explained)
    if verdict is Verdict.EXPLAINED and not (reason or note):
        raise Refused(words.reason_wanted)
    for standing in register.standings(register.campaign.due):
        current, unit = standing.current, register.number_of(standing.unit.name)
        found = [f for f in current.findings if f.rule == rule] if current and among.holds(standing) else []
        open_ones = {f.mark for f in found if f.open or verdict is Verdict.PENDING}
        if current and unit is not None and open_ones:
            _settles(verdict, rule, current.edition, words.of_unit.format(unit=standing.unit.name))
            hit = True
            yield from (
                Instruction(unit, current.digest, verdict, mark, reason, note) for mark in sorted(open_ones)
            )
    if not hit:
        raise Refused(words.nobody_has.format(rule=rule))


def from_workbook(register: Register, path: Path) -> Iterator[Instruction]:
    """The decisions that were chosen in a summary workbook, wherever its lines were sorted to.

    A line that still says what it said when it was written decides nothing, whatever was decided since.
    Raises Refused with sheet and row of every line that cannot be.
    """
    if not path.exists():
        raise Refused(messages().no_file.format(file=path))
    with one_file(path.name):
        lines = list(_lines(path))
    owners = {one.digest: unit for unit, sent in register.sent.items() for one in sent}
    said, wrong, words = [], [], county().decide
    for sheet, number, row in lines:
        where = words.where.format(sheet=sheet.name, line=number, unit=row.get("unit", ""))
        try:
            said.append(_instruction(row, where, sheet, owners, register.edition))
            if why_not := _why_not(register, said[-1]):
                raise Refused(where + why_not)
        except Refused as why:
            wrong.append(str(why))
    if wrong:
        raise Refused("\n".join([words.not_entered.format(file=path.name, count=len(wrong)), *wrong]))
    yield from said


def enter_decisions(
    register: Register,
    ledger: Ledger,
    words: Iterable[Instruction],
    now: datetime | None = None,
    person: str = "",
) -> int:
    """Write down what is new among these, one transaction a unit, and give back how many."""
    now = now or datetime.now()
    by_unit: dict[int | None, list[Decision]] = defaultdict(list)
    for word in words:
        said = (word.verdict, word.digest, word.mark, word.reason, word.note)
        back = word.verdict is Verdict.RETURN
        asked = places_asked(_findings(register, word)) if back else None
        decided = Decision(*said, now, person, day=word.day, arrival=word.arrival, asked=asked)
        if not _said([*_known(register, word), *by_unit[word.unit]], decided):
            by_unit[word.unit].append(decided)
    for unit, decisions in by_unit.items():
        ledger.decide(unit, register.campaign.year, decisions)
    return sum(map(len, by_unit.values()))


class Possible(NamedTuple):
    """Which of some decisions can be, and a sentence on each kind that cannot."""

    said: list[Instruction]
    refused: list[str]


def possible(register: Register, said: Iterable[Instruction]) -> Possible:
    """Part what can be decided from what cannot.

    A return with nothing to mend is sent back for a reason that its letter can say; one with an error that
    must be mended is never taken as explained.
    """
    found: dict[str, list[Instruction]] = defaultdict(list)
    for word in said:
        found[_why_not(register, word)].append(word)
    can = found.pop("", [])
    units = {why: county().comma.join(_name(register, w) for w in some) for why, some in found.items()}
    return Possible(can, [county().decide.of_unit.format(unit=units[why]) + why for why in found])


def _why_not(register: Register, word: Instruction) -> str:
    """The sentence that says why a decision cannot be; empty where it can."""
    words = county().decide
    if _has_no_ground(register, word):
        return words.why_back
    return words.must_mend_first if _must_mend(register, word) else ""


def _has_no_ground(register: Register, word: Instruction) -> bool:
    back = word.verdict is Verdict.RETURN and not word.mark and not word.reason.strip()
    return back and not any(f.open for f in _findings(register, word))


def _must_mend(register: Register, word: Instruction) -> bool:
    whole = word.verdict is Verdict.EXPLAINED and not word.mark
    known = register.edition.rules.by_id
    return whole and any(
        f.open and f.severity == "error" and not (f.rule in known and known[f.rule].takes_answer)
        for f in _findings(register, word)
    )


def _findings(register: Register, word: Instruction) -> Sequence[LedgerFinding]:
    """What was found in the return that a decision is on."""
    sent = [one for one in register.sent.get(word.unit or 0, ()) if one.digest == word.digest][-1:]
    return register.findings(word.unit or 0, sent[0]) if sent else ()


def _name(register: Register, word: Instruction) -> str:
    return register.units[word.unit].name if word.unit in register.units else ""


def taken_back(register: Register, said: Iterable[Instruction]) -> Iterator[Decision]:
    """What each 撤销 among these takes back, by what held before."""
    for word in (w for w in said if w.verdict is Verdict.UNDO):
        thing = word.digest, word.mark, word.arrival
        yield from [d for d in register.decisions.holding if d.thing == thing][-1:]


def accepted_faulty(register: Register, words: Iterable[Instruction]) -> list[str]:
    """The units among these that were accepted whole with an error standing, which no reason settles."""
    taken = {w.unit for w in words if w.verdict is Verdict.ACCEPT and not w.mark}
    names = {register.units[unit].name for unit in taken if unit is not None}
    there = register.standings(register.campaign.due) if taken else ()
    return [s.unit.name for s in there if s.unit.name in names and s.current and s.current.errors]


def _known(register: Register, word: Instruction) -> Iterator[Decision]:
    """What holds of a unit, but for what was decided on a return before it came again."""
    came = {one.digest: one.after for one in register.sent.get(word.unit or 0, ())}
    for one in register.decisions.holding:
        if one.unit == word.unit and (one.mark or one.number > came.get(one.digest, -1)):
            yield one


def _said(known: Iterable[Decision], new: Decision) -> bool:
    """Whether the newest decision on the same thing says the same.

    A finding is the same in every return while its fingerprint is.
    """
    same = [d for d in known if d.mark == new.mark and (new.mark or d.thing == new.thing)]
    if new.verdict is Verdict.UNDO or not same:
        return False
    last = same[-1]
    return (last.verdict, last.reason, last.note, last.day) == (new.verdict, new.reason, new.note, new.day)


def _current(register: Register, unit: int) -> Return:
    sent = register.sent.get(unit)
    if not sent:
        raise Refused(county().decide.nothing_sent.format(unit=register.units[unit].name))
    return register.returns({unit: sent[-1:]})[unit][0]


def _lines(path: Path) -> Iterator[tuple[ListSheet, int, Chosen]]:
    """The lines with a decision in a summary workbook, each with its sheet and row."""
    sheets, book = summary().sheets, Package.at(path, values_only=True)
    for sheet in (sheets.units, sheets.findings):
        if sheet.name not in book.sheets:
            raise Refused(county().decide.not_summary.format(file=path.name, sheet=sheet.name))
        rows = texts_by_row(book.page(sheet.name))
        yield from ((sheet, number, row) for number, row in _rows(rows, sheet))


def _rows(page: Mapping[int, Mapping[int, str]], sheet: ListSheet) -> Iterator[tuple[int, Chosen]]:
    """The lines with a decision, by the titles of their columns: columns may have been moved."""
    titles, head = {c.title: name for name, c in sheet.columns.items()}, summary().lists.head_row
    keys = {col: titles[text] for col, text in page.get(head, {}).items() if text in titles}
    if not {"verdict", "key", "written"} <= set(keys.values()):
        raise Refused(county().decide.not_summary.format(file=sheet.name, sheet=sheet.name))
    for number, texts in page.items():
        row = {key: texts.get(col, "") for col, key in keys.items()} if number > head else {}
        if row.get("verdict") and decision(row) != row.get("written"):
            yield number, row


def _instruction(
    row: Chosen, where: str, sheet: ListSheet, owners: Mapping[str, int], own: Edition
) -> Instruction:
    words = county().decide
    verdicts = {county().verdict[verdict]: verdict for verdict in ON_RETURNS}
    if row["verdict"] not in verdicts:
        known = county().comma.join(county().verdict[verdict] for verdict in sheet.decisions)
        raise Refused(where + words.bad_verdict.format(found=row["verdict"], known=known))
    digest, _, mark = row.get("key", "").partition(" ")
    if not digest:
        raise Refused(where + words.not_sent)
    if digest not in owners:
        raise Refused(where + words.gone)
    verdict = verdicts[row["verdict"]]
    reason, note = row.get("reason", ""), row.get("note", "")
    if mark and verdict not in ON_FINDINGS:
        raise Refused(where + words.only_explained)
    if mark:
        _settles(verdict, row.get("rule", ""), own, where)
    if verdict is Verdict.EXPLAINED and not (reason or note):
        raise Refused(where + words.reason_wanted)
    return Instruction(owners[digest], digest, verdict, mark, reason, note)


def _settles(verdict: Verdict, rule: str, edition: Edition, where: str) -> None:
    """An explanation settles a warning, and an error only where practice allows it."""
    known = edition.rules.by_id
    if verdict is Verdict.EXPLAINED and rule in known and not known[rule].takes_answer:
        raise Refused(where + county().decide.must_mend.format(rule=rule, title=known[rule].title))
