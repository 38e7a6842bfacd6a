"""What the county's verbs do with a ledger that is there: decide, tell the history, send notices, keep it."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from xlcheck.commands.campaign import person_of, policy_held, stored_campaign
from xlcheck.commands.status import CLEAN, COULD_NOT, FOUND, to_stderr
from xlcheck.data.county import Status, Verdict, county
from xlcheck.editions import Refused

if TYPE_CHECKING:
    from xlcheck.county.decide import Among, Instruction
    from xlcheck.county.ledger.database import Ledger
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.letters.notices import NoticesWritten
    from xlcheck.county.submission import Campaign, Submission
    from xlcheck.county.tasks import LedgerRow

FEW = 5  # names in a sentence


def day(text: str) -> date:
    """A day as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(county().say.bad_day.format(found=text)) from wrong


def decide(asked: argparse.Namespace) -> int:
    """Write decisions into the ledger, by name, for all of a kind, or from the summary workbook."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.file_decisions import claimed_unread
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.outputs import refuse_other, write_outputs

    with open_ledger(asked.ledger, new=False) as ledger:
        policy = policy_held(asked, ledger)
        register = Register(ledger.db, stored_campaign(ledger.campaign(asked.year), asked), policy)
        said, refused = decisions.possible(register, _said(asked, register))
        gone = [register.in_words(one) for one in decisions.taken_back(register, said)]
        count = decisions.enter_decisions(register, ledger, said, person=person_of(asked))
        if any(word.verdict in (Verdict.CLAIM, Verdict.UNDO) for word in said):
            register = Register(ledger.db, register.campaign, policy)
            ledger.assign(register.find)
        words = county().decide
        for sentence in (*refused, *(words.undone.format(what=what) for what in gone)):
            to_stderr(sentence)
        by_name = asked.units or asked.source or asked.all
        none = words.none if by_name or said or refused else words.nobody_such
        to_stderr(words.done.format(count=count) if count else none)
        if taken := decisions.accepted_faulty(register, said):
            to_stderr(county().say.accepted_faulty.format(units=county().comma.join(taken)))
        for sentence in claimed_unread(register, said):
            to_stderr(sentence)
        if asked.out:
            refuse_other(ledger, asked.out, asked.ledger, register.campaign.year)
            campaign, person = register.campaign, person_of(asked)
            write_outputs(ledger, campaign, asked.out, asked.today, to_stderr, policy, person)
        elif count:
            to_stderr(county().say.stale)
    return COULD_NOT if refused else CLEAN


def _said(asked: argparse.Namespace, register: "Register") -> "Iterator[Instruction]":
    """What the command line says: read back, of units by name, or of all of a kind."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.file_decisions import ON_FILES, on_files

    among = _among(asked, register)
    if asked.source and (asked.verdict or asked.faulty or asked.clean or any(among)):
        raise Refused(county().say.one_way)
    if asked.source:
        return decisions.from_workbook(register, asked.source)
    verdict, reasons = _verdict(asked), {"reason": asked.reason, "note": asked.note}
    ways = (asked.faulty, asked.clean, asked.all, bool(asked.units))
    if asked.all and not (asked.rule or sum(ways) > 1):
        raise Refused(county().say.all_of_what)
    of_rule = bool(asked.rule) <= bool(asked.units or asked.all) and asked.all <= bool(asked.rule)
    if sum(ways) > 1 or not of_rule or (asked.units and any(among)):
        raise Refused(county().say.one_way)
    if verdict is None or not (any(ways) or any(among)):
        raise Refused(county().say.decide_what)
    if verdict in ON_FILES:
        return on_files(register, verdict, asked.units, asked.today, **reasons)
    if asked.all:
        return decisions.on_rule(register, verdict, asked.rule, among=among, **reasons)
    if asked.units:
        return decisions.on_units(register, asked.units, verdict, asked.rule, **reasons)
    faulty = asked.faulty if asked.faulty or asked.clean else None
    return decisions.on_all(register, verdict, faulty=faulty, among=among, **reasons)


def _verdict(asked: argparse.Namespace) -> Verdict | None:
    """The decision that is meant, None for none. Raises Refused, and asks for the one that may be meant."""
    verdicts = {word: verdict for verdict, word in county().verdict.items()}
    if asked.verdict and asked.verdict not in verdicts:
        near = next(iter(get_close_matches(asked.verdict, verdicts, 1, 0.5)), "")
        what = county().say.verdict_near if near else county().say.verdict_unknown
        raise Refused(what.format(found=asked.verdict, near=near, known=county().comma.join(verdicts)))
    return verdicts.get(asked.verdict)


def _among(asked: argparse.Namespace, register: "Register") -> "Among":
    """Which units a decision on many is for. Raises Refused for a kind, region or state that no unit has."""
    from xlcheck.county.decide import Among

    states = {word: status for status, word in county().status.items()}
    if asked.status and asked.status not in states:
        known = county().comma.join(states)
        raise Refused(county().say.no_status.format(found=asked.status, known=known))
    among = Among(asked.kind, asked.region, states.get(asked.status))
    units, kinds = register.units.values(), dict.fromkeys(unit.kind for unit in register.units.values())
    if among.kind and among.kind not in kinds:
        known = county().comma.join(filter(None, kinds))
        raise Refused(county().say.no_kind.format(found=among.kind, known=known))
    if among.region and not any(among.inside(unit) for unit in units):
        raise Refused(county().say.no_region.format(found=among.region))
    return among


def history(asked: argparse.Namespace) -> int:
    """Everything that happened between the office and a unit, in its order."""
    from xlcheck.county.decide import unit_named
    from xlcheck.county.ledger.correction import answer_sentence
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.ledger.register import Register

    with open_ledger(asked.ledger, new=False) as ledger:
        register = Register(ledger.db, stored_campaign(ledger.campaign(asked.year), asked))
        numbers = [unit_named(register, name) for name in asked.units]
        there = {register.number_of(s.unit.name): s for s in register.standings(asked.today)}
    words = county().history
    for standing in (there[number] for number in numbers):
        lines = [words.head.format(unit=standing.unit.name, status=county().status[standing.status])]
        if answer := answer_sentence(standing):
            lines.append(answer)
        for at, what, person in standing.past:
            by = words.by.format(person=person) if person else ""
            lines.append(words.line.format(at=at, what=what, person=by))
        print("\n".join(lines if standing.past else [words.nothing.format(unit=standing.unit.name)]))
    return CLEAN


def check_paper(typed: str, where: str) -> int:
    """Tell of a code from a stamped paper which file it is of; only the one that counts is clean."""
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.paper import paper_with

    with open_ledger(where, new=False) as ledger:
        paper = paper_with(ledger, typed)
    print(paper.said)
    return CLEAN if paper.counts else FOUND


def keep_ledger(asked: argparse.Namespace) -> int:
    """Keep a ledger safe, judge it, or take it elsewhere."""
    from xlcheck.county.ledger.ledger_file import back_up, check, move

    words = county().ledger
    if asked.action == "check":
        check(asked.ledger)
        to_stderr(words.sound.format(ledger=asked.ledger))
        return CLEAN
    if not asked.out:
        raise Refused(words.where_to)
    if asked.action == "move":
        move(asked.ledger, asked.out)
    else:
        back_up(asked.ledger, asked.out)
    said = words.moved if asked.action == "move" else words.backed_up
    to_stderr(said.format(ledger=asked.ledger, path=asked.out))
    return CLEAN


def send_notices(asked: argparse.Namespace) -> int:
    """Write 退回通知 and 催报通知 for the units that need one."""
    from xlcheck.county.ledger.arrivals import unclaimed_first
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.letters.notices import write_notices
    from xlcheck.county.letters.parcels import Packing

    with open_ledger(asked.ledger, new=False) as ledger:
        campaign = stored_campaign(ledger.campaign(asked.year), asked)
        office = asked.office or campaign.county
        if not office:
            raise Refused(county().say.no_office)
        if not asked.office:
            to_stderr(county().say.signed_by.format(office=office))
        register = Register(ledger.db, campaign, policy_held(asked, ledger))
        standings = list(register.standings(asked.today))
        deadline = asked.deadline or _deadline(ledger, campaign, asked.today)
        if deadline < asked.today:
            raise Refused(county().say.past.format(day=deadline))
        packing = Packing(register.last_filing, register.policy)
        written = write_notices(campaign, standings, asked.out, office, deadline, asked.today, packing)
        letters = _letters(register, written, deadline, office, person_of(asked))
        ledger.send(letters)
        loose = unclaimed_first(register.arrivals()) if written.missing else []
    _tell_written(written, standings, asked)
    if loose:
        near = dict.fromkeys(one.near for one in loose if one.near)
        units = county().say.loose_near.format(units=few_names(near)) if near else ""
        to_stderr(county().say.loose.format(count=len(loose), units=units))
    return CLEAN


def _deadline(ledger: "Ledger", campaign: "Campaign", today: date) -> date:
    """Until when is asked where nobody says: what the last letters said, while that leaves some days."""
    from xlcheck.data.notices import notices

    words, last = notices().words, ledger.last_deadline(campaign.year)
    if last and last >= today + timedelta(days=words.days_left):
        return last
    return max(campaign.due, today + timedelta(days=words.days))


def _letters(
    register: "Register", written: "NoticesWritten", deadline: date, office: str, person: str
) -> "Iterator[LedgerRow]":
    """The letters as the ledger remembers them."""
    from xlcheck.county.ledger.correction import places_asked

    now = datetime.now()
    for standing in (*written.returned, *written.missing):
        digest = standing.current.digest if standing.current else ""
        asked = places_asked(standing.current.findings) if standing.current else ()
        yield {
            "unit_id": register.numbers[standing.unit.name], "year": register.campaign.year,
            "status": standing.status.value, "digest": digest, "deadline": deadline, "office": office[:300],
            "made": now, "person": person, "asked": "\n".join(asked),
        }  # fmt: skip


def _tell_written(
    written: "NoticesWritten", standings: "Sequence[Submission]", asked: argparse.Namespace
) -> None:
    """What was written, to whom no mail can go, and who was not sent anything back yet."""
    words, both = county().say, (*written.returned, *written.missing)
    counts = {"returned": len(written.returned), "missing": len(written.missing)}
    to_stderr(words.noticed.format(**counts, path=asked.out))
    if written.changed:
        files = few_names(path.relative_to(asked.out).as_posix() for path in written.changed)
        to_stderr(words.changed.format(count=len(written.changed), files=files))
    if unaddressed := [s.unit.name for s in both if not s.unit.email]:
        to_stderr(words.no_email.format(count=len(unaddressed), units=few_names(unaddressed)))
    if silent := [s for s in standings if s.status is Status.RETURNED and s not in written.returned]:
        to_stderr(words.no_letter.format(count=len(silent), units=few_names(s.unit.name for s in silent)))
    open_ones = [s.current for s in standings if s.current and s.status in (Status.REPORTED, Status.RESENT)]
    if waiting := sum(current.errors > 0 for current in open_ones):
        to_stderr(words.not_returned.format(count=waiting, ledger=asked.ledger))


def few_names(names: Iterable[str]) -> str:
    """The first names of many."""
    every = list(names)
    return county().comma.join(every[:FEW]) + (county().say.and_more if len(every) > FEW else "")
