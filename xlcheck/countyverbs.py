"""What the county's verbs of the command line do: collect, decide, send notices."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from xlcheck.accidents import one_file
from xlcheck.data.cli import cli as cli_words
from xlcheck.data.county import DueKey, Status, Verdict, county
from xlcheck.data.policy import Policy
from xlcheck.data.policy import policy as law
from xlcheck.editions import Refused, edition_of_year
from xlcheck.policies import read_policy
from xlcheck.verbs import CLEAN, COULD_NOT, FOUND, there, to_stderr, writable

if TYPE_CHECKING:
    from xlcheck.county.decide import Instruction
    from xlcheck.county.ledger import Ledger
    from xlcheck.county.notices import NoticesWritten
    from xlcheck.county.register import Register
    from xlcheck.county.submission import Campaign, Submission, Unit
    from xlcheck.county.tasks import LedgerRow
    from xlcheck.county.workers import Workers

PAUSE = 2  # seconds between two looks at an inbox
FEW = 5  # names in a sentence


def day(text: str) -> date:
    """A day as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(county().say.bad_day.format(found=text)) from wrong


def collect(asked: argparse.Namespace) -> int:
    """The county's run: the ledger brought up to date, then everything that is drawn from it."""
    from xlcheck.county.ledger import is_new, open_ledger
    from xlcheck.county.outputs import refuse_other
    from xlcheck.county.roster import read_roster

    if asked.init:
        return _begin(asked)
    _refuse(asked)
    policy = policy_of(asked)
    with one_file(asked.roster.name):
        units = read_roster(there(asked.roster))
    campaign = campaign_asked(asked, policy)
    if is_new(asked.ledger):
        refuse_other(None, asked.out, asked.ledger, campaign.year)
        to_stderr(county().ledger.made.format(ledger=Path(asked.ledger).resolve()))
    with open_ledger(asked.ledger) as ledger, some_workers(asked) as workers:
        refuse_other(ledger, asked.out, asked.ledger, campaign.year)
        campaign = campaign_as_before(campaign, ledger, asked, policy)
        status = _collect_once(asked, units, ledger, campaign, workers, policy)
        if asked.watch:
            _watch(asked, partial(_collect_once, asked, units, ledger, campaign, workers, policy))
        return status


def _collect_once(
    asked: argparse.Namespace, units: "Sequence[Unit]", ledger: "Ledger", campaign: "Campaign",
    workers: "Workers", policy: Policy | None,
) -> int:  # fmt: skip
    """What lies in the inbox now, and everything that is drawn from it."""
    from xlcheck.county.collect import run_collection
    from xlcheck.county.outputs import faulty, read_back, unclaimed, write_outputs

    person = person_of(asked)
    read_back(ledger, campaign, asked.out, to_stderr, policy, person)
    try:
        counts = run_collection(asked.inbox, units, ledger, campaign, workers, policy)
    except KeyboardInterrupt:
        to_stderr(county().say.stopped)
        return COULD_NOT
    to_stderr(county().say.collected.format(**counts._asdict()))
    register = write_outputs(ledger, campaign, asked.out, asked.today, to_stderr, policy, person)
    unclaimed(register, to_stderr)
    status = FOUND if faulty(register, asked.today, to_stderr) else CLEAN
    if counts.seen and not counts.readable:
        status = COULD_NOT
    return max(status, _county_filing(register, asked) if asked.county_filing else CLEAN)


def _watch(asked: argparse.Namespace, again: Callable[[], int]) -> None:
    """Collect again whenever the inbox has changed and lies still, until somebody says stop."""
    from xlcheck.county.inbox import inbox_files

    to_stderr(county().say.watching.format(inbox=asked.inbox))
    known = before = list(inbox_files(asked.inbox))
    with suppress(KeyboardInterrupt):
        while True:
            sleep(PAUSE)
            there = list(inbox_files(asked.inbox))
            if there == before and there != known:  # a file that is still being written is waited for
                again()
                known = there
            before = there
    to_stderr(county().say.watched)


def decide(asked: argparse.Namespace) -> int:
    """Write decisions into the ledger, by name, for all of a kind, or from the summary workbook."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.history import decision_words
    from xlcheck.county.ledger import open_ledger
    from xlcheck.county.outputs import refuse_other, write_outputs
    from xlcheck.county.register import Register

    with open_ledger(asked.ledger, new=False) as ledger:
        policy = policy_of(asked)
        register = Register(ledger.db, stored_campaign(ledger.campaign(asked.year), asked), policy)
        said, refused = decisions.possible(register, _said(asked, register))
        gone = [decision_words(register.files, d) for d in decisions.taken_back(register, said)]
        count = decisions.enter_decisions(register, ledger, said, person=person_of(asked))
        if any(word.verdict in (Verdict.CLAIM, Verdict.UNDO) for word in said):
            register = Register(ledger.db, register.campaign, policy)
            ledger.assign(register.find)
        for sentence in refused:
            to_stderr(sentence)
        words = county().decide
        for sentence in gone:
            to_stderr(words.undone.format(what=sentence))
        none = words.nobody_such if (asked.faulty or asked.clean) and not (said or refused) else words.none
        to_stderr(words.done.format(count=count) if count else none)
        if taken := decisions.accepted_faulty(register, said):
            to_stderr(county().say.accepted_faulty.format(units=county().comma.join(taken)))
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

    if asked.source and (asked.verdict or asked.faulty or asked.clean):
        raise Refused(county().say.one_way)
    if asked.source:
        return decisions.from_workbook(register, asked.source)
    verdicts = {word: verdict for verdict, word in county().verdict.items()}
    ways = (asked.faulty, asked.clean, asked.all, bool(asked.units))
    if asked.verdict and asked.verdict not in verdicts:
        near = next(iter(get_close_matches(asked.verdict, verdicts, 1, 0.5)), "")
        what = county().say.verdict_near if near else county().say.verdict_unknown
        raise Refused(what.format(found=asked.verdict, near=near, known=county().comma.join(verdicts)))
    if asked.all and not (asked.rule or sum(ways) > 1):
        raise Refused(county().say.all_of_what)
    if sum(ways) > 1 or bool(asked.rule) > bool(asked.units or asked.all) or asked.all > bool(asked.rule):
        raise Refused(county().say.one_way)
    if asked.verdict not in verdicts or not any(ways):
        raise Refused(county().say.decide_what)
    verdict, reasons = verdicts[asked.verdict], {"reason": asked.reason, "note": asked.note}
    if verdict in ON_FILES:
        return on_files(register, verdict, asked.units, asked.today, **reasons)
    if asked.all:
        return decisions.on_rule(register, verdict, asked.rule, **reasons)
    if asked.units:
        return decisions.on_units(register, asked.units, verdict, asked.rule, **reasons)
    return decisions.on_all(register, verdict, faulty=asked.faulty, **reasons)


def person_of(asked: argparse.Namespace) -> str:
    """Who does this: as said, else who is logged in."""
    from getpass import getuser

    try:
        return str(asked.by) or getuser()
    except (OSError, KeyError, ImportError):  # a system that has no users
        return ""


def history(asked: argparse.Namespace) -> int:
    """Everything that happened between the office and a unit, in its order."""
    from xlcheck.county.correction import correction_sentence
    from xlcheck.county.decide import unit_named
    from xlcheck.county.ledger import open_ledger
    from xlcheck.county.register import Register

    with open_ledger(asked.ledger, new=False) as ledger:
        register = Register(ledger.db, stored_campaign(ledger.campaign(asked.year), asked))
        numbers = [unit_named(register, name) for name in asked.units]
        there = {register.number_of(s.unit.name): s for s in register.standings(asked.today)}
    words = county().history
    for standing in (there[number] for number in numbers):
        lines = [words.head.format(unit=standing.unit.name, status=county().status[standing.status])]
        if standing.correction:
            lines.append(correction_sentence(standing.correction))
        for at, what, person in standing.past:
            by = words.by.format(person=person) if person else ""
            lines.append(words.line.format(at=at, what=what, person=by))
        print("\n".join(lines if standing.past else [words.nothing.format(unit=standing.unit.name)]))
    return CLEAN


def keep_ledger(asked: argparse.Namespace) -> int:
    """Keep a ledger safe, judge it, or take it elsewhere."""
    from xlcheck.county.ledger_file import back_up, check, move

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
    from xlcheck.county.arrivals import unclaimed_first
    from xlcheck.county.ledger import open_ledger
    from xlcheck.county.notices import write_notices
    from xlcheck.county.parcels import Packing
    from xlcheck.county.register import Register
    from xlcheck.data.notices import notices

    with open_ledger(asked.ledger, new=False) as ledger:
        campaign = stored_campaign(ledger.campaign(asked.year), asked)
        office = asked.office or campaign.county
        if not office:
            raise Refused(county().say.no_office)
        if not asked.office:
            to_stderr(county().say.signed_by.format(office=office))
        register = Register(ledger.db, campaign)
        standings = list(register.standings(asked.today))
        deadline = asked.deadline or max(campaign.due, asked.today + timedelta(days=notices().words.days))
        if deadline < asked.today:
            raise Refused(county().say.past.format(day=deadline))
        packing = Packing(register.last_filing)
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


def _letters(
    register: "Register", written: "NoticesWritten", deadline: date, office: str, person: str
) -> "Iterator[LedgerRow]":
    """The letters as the ledger remembers them."""
    now = datetime.now()
    for standing in (*written.returned, *written.missing):
        digest = standing.current.digest if standing.current else ""
        yield {
            "unit_id": register.numbers[standing.unit.name], "year": register.campaign.year,
            "status": standing.status.value, "digest": digest, "deadline": deadline, "office": office[:300],
            "made": now, "person": person,
        }  # fmt: skip


def _tell_written(
    written: "NoticesWritten", standings: "Sequence[Submission]", asked: argparse.Namespace
) -> None:
    """What was written, to whom no mail can go, and who was not sent anything back yet."""
    words, both = county().say, (*written.returned, *written.missing)
    counts = {"returned": len(written.returned), "missing": len(written.missing)}
    to_stderr(words.noticed.format(**counts, path=asked.out))
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


def _refuse(asked: argparse.Namespace) -> None:
    """Refuse what cannot work: no inbox, and results in it, which the next run would take for returns."""
    if not (asked.inbox and asked.roster):
        raise Refused(county().say.no_inbox)
    if asked.county_filing:
        writable(asked.county_filing)
    inbox = Path(asked.inbox).resolve()
    files = [asked.county_filing or "", "" if "://" in asked.ledger else asked.ledger]
    folders = [Path(asked.out).resolve(), *(Path(file).resolve().parent for file in files if file)]
    for path in folders if inbox.is_dir() else ():
        if path.is_relative_to(inbox):
            raise Refused(county().say.inside.format(path=path, inbox=asked.inbox))


def _begin(asked: argparse.Namespace) -> int:
    """A roster to fill in, and what to do next."""
    from xlcheck.county.roster import write_template

    target = asked.roster or Path(asked.out or ".") / county().say.roster_file
    if target.suffix.lower() != ".csv":
        raise Refused(county().say.roster_kind.format(path=target))
    if target.exists():
        raise Refused(cli_words().out.taken.format(path=target))
    write_template(target)
    to_stderr(county().say.begun.format(path=target))
    return CLEAN


def policy_of(asked: argparse.Namespace) -> Policy | None:
    """What the county has set for itself."""
    return read_policy(there(asked.policy)) if asked.policy else None


def campaign_asked(asked: argparse.Namespace, policy: Policy | None) -> "Campaign":
    """Whose collection, for which year: last year's reports are due by the county's day, else the law's."""
    from xlcheck.core.check_code import UNSEEN
    from xlcheck.county.submission import Campaign

    year = asked.year or asked.today.year - 1
    edition = edition_of_year(year, policy)
    name = UNSEEN.sub("", asked.county).strip()
    return Campaign(name, year, edition.form.edition, asked.due or edition.due(year))


def campaign_as_before(
    campaign: "Campaign", ledger: "Ledger", asked: argparse.Namespace, policy: Policy | None
) -> "Campaign":
    """What was said in an earlier run need not be said again, but for the policy, which holds for its own
    run; two counties never share a ledger. The due day is told with where it comes from."""
    newest, before = ledger.campaign(), ledger.campaign(campaign.year)
    if newest and newest.county and campaign.county and newest.county != campaign.county:
        said = {"ledger": asked.ledger, "before": newest.county, "now": campaign.county}
        raise Refused(county().say.other_county.format(**said))
    name = campaign.county or (newest.county if newest else "")
    own: date | None = asked.due or (before.said if before else None)
    ruled = policy is not None and policy.due != law().due
    source: DueKey = "asked" if asked.due else "policy" if ruled else "ledger" if own else "law"
    due = own if own and source in ("asked", "ledger") else campaign.due
    to_stderr(county().say.due.format(due=due, source=county().say.due_from[source]))
    return campaign._replace(county=name, due=due, said=own)


def stored_campaign(campaign: "Campaign | None", asked: argparse.Namespace) -> "Campaign":
    if campaign is None:
        raise Refused(county().say.no_year.format(ledger=asked.ledger, year=asked.year or ""))
    return campaign


@contextmanager
def some_workers(asked: argparse.Namespace) -> "Iterator[Workers]":
    from xlcheck.county.workers import cluster, processes

    if asked.jobs < 0:
        raise Refused(county().say.bad_jobs.format(found=asked.jobs))
    try:
        workers = cluster(asked.dask) if asked.dask else processes(asked.jobs)
    except ImportError as wrong:
        raise Refused(county().say.no_dask) from wrong
    except (OSError, ValueError) as wrong:
        raise Refused(county().say.no_cluster.format(address=asked.dask)) from wrong
    try:
        yield workers
    finally:
        workers.stop()


def _county_filing(register: "Register", asked: argparse.Namespace) -> int:
    """The totals in the county's own workbook; what is not complete stays blank and is told."""
    from xlcheck.county.sums import add_up, write_county_filing

    target: Path = asked.county_filing
    added = add_up(register.edition.form, register.standings(asked.today))
    if write_county_filing(register.edition, register.campaign, added, target):
        to_stderr(county().say.kept_texts.format(file=target))
    to_stderr(cli_words().out.wrote.format(path=target))
    if added.settled:
        return CLEAN
    numbers = {name: len(getattr(added, name)) for name in ("missing", "open", "faulty")}
    to_stderr(county().say.unsettled.format(blank=sum(not added.complete(n) for n in added.sums), **numbers))
    return FOUND
