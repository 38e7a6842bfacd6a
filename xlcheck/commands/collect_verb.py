"""The verb that collects: a year's inbox into the ledger, and everything that is drawn from it."""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.accidents import one_file
from xlcheck.commands.campaign import campaign_as_before, campaign_asked, is_new, person_of, some_workers
from xlcheck.commands.named_files import policy_of, there, writable
from xlcheck.commands.status import CLEAN, COULD_NOT, FOUND, to_stderr
from xlcheck.data.cli import cli as cli_words
from xlcheck.data.county import county
from xlcheck.data.policy import Policy
from xlcheck.editions import Refused

if TYPE_CHECKING:
    from xlcheck.county.ledger.database import Ledger
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.submission import Campaign, Unit
    from xlcheck.county.workers import Workers


def collect(asked: argparse.Namespace) -> int:
    """The county's run: the ledger brought up to date, then everything that is drawn from it."""
    from xlcheck.county.roster import read_roster
    from xlcheck.county.tasks import work

    if asked.init:
        return _begin(asked)
    _refuse(asked)
    policy = policy_of(asked)
    with one_file(asked.roster.name):
        units = read_roster(there(asked.roster))
    campaign = campaign_asked(asked, policy)
    with some_workers(asked, work if is_new(asked.ledger) else None) as workers:
        from xlcheck.county.inbox.watch import watch_inbox
        from xlcheck.county.ledger.database import (
            open_ledger,  # which takes as long as the workers take to start
        )
        from xlcheck.county.outputs import refuse_other

        if is_new(asked.ledger):
            refuse_other(None, asked.out, asked.ledger, campaign.year)
            to_stderr(county().ledger.made.format(ledger=Path(asked.ledger).resolve()))
        with open_ledger(asked.ledger) as ledger:
            refuse_other(ledger, asked.out, asked.ledger, campaign.year)
            campaign = campaign_as_before(campaign, ledger, asked, policy)
            once = partial(_collect_once, asked, units, ledger, campaign, workers, policy)
            return watch_inbox(asked.inbox, once, to_stderr) if asked.watch else once()


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
    if counts.gone:
        to_stderr(county().say.gone.format(count=counts.gone))
    register = write_outputs(ledger, campaign, asked.out, asked.today, to_stderr, policy, person)
    unclaimed(register, to_stderr)
    status = FOUND if faulty(register, to_stderr) else CLEAN
    if counts.seen and not counts.readable:
        status = COULD_NOT
    return max(status, _county_filing(register, asked) if asked.county_filing else CLEAN)


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
    units = _units_before(asked.ledger)
    write_template(target, units)
    said = county().say.begun_from if units else county().say.begun
    to_stderr(said.format(path=target, count=len(units), ledger=asked.ledger))
    return CLEAN


def _units_before(where: str) -> "Sequence[Unit]":
    """The units of a ledger that is there, as they stood on the roster last."""
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.ledger.register import listed_units

    if is_new(where):
        return ()
    with open_ledger(where, new=False) as ledger:
        return list(listed_units(ledger.db).values())


def _county_filing(register: "Register", asked: argparse.Namespace) -> int:
    """The totals in the county's own workbook; what is not complete stays blank and is told."""
    from xlcheck.county.sums.sums import add_up, write_county_filing

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
