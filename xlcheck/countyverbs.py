"""What the county's verbs of the command line do: collect, decide, send notices."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck import data
from xlcheck.editions import Refused, edition_of_year
from xlcheck.verbs import CLEAN, COULD_NOT, FOUND, to_stderr, workbook

if TYPE_CHECKING:
    from xlcheck.county.decide import Instruction
    from xlcheck.county.ledger import Ledger
    from xlcheck.county.register import Register
    from xlcheck.county.submission import Campaign
    from xlcheck.county.workers import Workers


def words() -> dict[str, str]:
    """The sentences of the county's commands."""
    found: dict[str, str] = data.toml("county")["say"]
    return found


def day(text: str) -> date:
    """A day as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(words()["bad_day"].format(found=text)) from wrong


def collect(asked: argparse.Namespace) -> int:
    """The county's run: the ledger brought up to date, then everything that is drawn from it."""
    from xlcheck.county import collect as county
    from xlcheck.county.ledger import open_ledger
    from xlcheck.county.outputs import faulty, read_back, write_outputs
    from xlcheck.county.roster import read_roster

    if asked.init:
        return _begin(asked)
    _refuse(asked)
    units, campaign = read_roster(asked.roster), _campaign(asked)
    with open_ledger(asked.ledger) as ledger, _workers(asked) as workers:
        campaign = _as_before(campaign, ledger, asked)
        read_back(ledger, campaign, asked.out, to_stderr)
        try:
            counts = county.run_collection(asked.inbox, units, ledger, campaign, workers)
        except KeyboardInterrupt:
            to_stderr(words()["stopped"])
            return COULD_NOT
        to_stderr(words()["collected"].format(**counts._asdict()))
        register = write_outputs(ledger, campaign, asked.out, asked.today, to_stderr)
        status = FOUND if faulty(register, asked.today, to_stderr) else CLEAN
        return max(status, _county_filing(register, asked) if asked.county_filing else CLEAN)


def decide(asked: argparse.Namespace) -> int:
    """Write decisions into the ledger, by name, for all of a kind, or from the summary workbook."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.ledger import open_ledger
    from xlcheck.county.outputs import write_outputs
    from xlcheck.county.register import Register

    with open_ledger(asked.ledger, new=False) as ledger:
        register = Register(ledger.db, _stored(ledger.campaign(asked.year), asked))
        said = list(_said(asked, register))
        count = decisions.enter_decisions(register, ledger, said)
        say = data.toml("county")["decide"]
        to_stderr(say["done"].format(count=count) if count else say["none"])
        if taken := decisions.accepted_faulty(register, said):
            to_stderr(words()["accepted_faulty"].format(units="、".join(taken)))
        if asked.out:
            write_outputs(ledger, register.campaign, asked.out, asked.today, to_stderr)
        elif count:
            to_stderr(words()["stale"])
    return CLEAN


def _said(asked: argparse.Namespace, register: "Register") -> "Iterator[Instruction]":
    """What the command line says: read back, of units by name, or of all of a kind."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.submission import Verdict

    if asked.source and (asked.verdict or asked.faulty or asked.clean):
        raise Refused(words()["one_way"])
    if asked.source:
        return decisions.from_workbook(register, asked.source)
    verdicts = {word: verdict for verdict, word in data.toml("county")["verdict"].items()}
    if asked.faulty + asked.clean + bool(asked.units) > 1 or (asked.rule and not asked.units):
        raise Refused(words()["one_way"])
    if asked.verdict not in verdicts or not (asked.units or asked.faulty or asked.clean):
        raise Refused(words()["decide_what"])
    verdict, reasons = Verdict(verdicts[asked.verdict]), {"reason": asked.reason, "note": asked.note}
    if asked.units:
        return decisions.on_units(register, asked.units, verdict, asked.rule, **reasons)
    return decisions.on_all(register, verdict, faulty=asked.faulty, **reasons)


def notices(asked: argparse.Namespace) -> int:
    """Write 退回通知 and 催报通知 for the units that need one."""
    from xlcheck.county.ledger import open_ledger
    from xlcheck.county.notices import write_notices
    from xlcheck.county.register import Register

    with open_ledger(asked.ledger, new=False) as ledger:
        campaign = _stored(ledger.campaign(asked.year), asked)
        office = asked.office or campaign.county
        if not office:
            raise Refused(words()["no_office"])
        standings = list(Register(ledger.db, campaign).standings(asked.today))
    deadline = asked.deadline or max(campaign.due, asked.today)
    if deadline < asked.today:
        raise Refused(words()["past"].format(day=deadline))
    written = write_notices(campaign, standings, asked.out, office, deadline, asked.today)
    to_stderr(words()["noticed"].format(returned=written.returned, missing=written.missing, path=asked.out))
    open_ones = [s.current for s in standings if s.current and s.status in ("reported", "resent")]
    if waiting := sum(current.errors > 0 for current in open_ones):
        to_stderr(words()["not_returned"].format(count=waiting, ledger=asked.ledger))
    return CLEAN


def _refuse(asked: argparse.Namespace) -> None:
    """Refuse what cannot work: no inbox, and results in it, which the next run would take for returns."""
    if not (asked.inbox and asked.roster):
        raise Refused(words()["no_inbox"])
    if asked.county_filing:
        workbook(asked.county_filing)
    inbox = Path(asked.inbox).resolve()
    files = [asked.county_filing or "", "" if "://" in asked.ledger else asked.ledger]
    folders = [Path(asked.out).resolve(), *(Path(file).resolve().parent for file in files if file)]
    for path in folders if inbox.is_dir() else ():
        if path.is_relative_to(inbox):
            raise Refused(words()["inside"].format(path=path, inbox=asked.inbox))


def _begin(asked: argparse.Namespace) -> int:
    """A roster to fill in, and what to do next."""
    from xlcheck.county.roster import write_template

    target = Path(asked.out or ".") / words()["roster_file"]
    if target.exists():
        raise Refused(data.toml("cli")["out"]["there_already"].format(path=target))
    write_template(target)
    to_stderr(words()["begun"].format(path=target))
    return CLEAN


def _campaign(asked: argparse.Namespace) -> "Campaign":
    """Whose collection, for which year: last year's reports are due by the day the law names."""
    from xlcheck.county.submission import Campaign
    from xlcheck.workbook.writing import UNSEEN

    year = asked.year or asked.today.year - 1
    month, last = data.toml("county")["due"]
    made = edition_of_year(year)
    county = UNSEEN.sub("", asked.county).strip()
    return Campaign(county, year, made.form.edition, asked.due or date(year + 1, month, last))


def _as_before(campaign: "Campaign", ledger: "Ledger", asked: argparse.Namespace) -> "Campaign":
    """What was said in an earlier run need not be said again; two counties never share a ledger."""
    newest, before = ledger.campaign(), ledger.campaign(campaign.year)
    if newest and newest.county and campaign.county and newest.county != campaign.county:
        said = {"ledger": asked.ledger, "before": newest.county, "now": campaign.county}
        raise Refused(words()["other_county"].format(**said))
    county = campaign.county or (newest.county if newest else "")
    return campaign._replace(county=county, due=asked.due or (before.due if before else campaign.due))


def _stored(campaign: "Campaign | None", asked: argparse.Namespace) -> "Campaign":
    if campaign is None:
        raise Refused(words()["no_year"].format(ledger=asked.ledger, year=asked.year or ""))
    return campaign


@contextmanager
def _workers(asked: argparse.Namespace) -> "Iterator[Workers]":
    from xlcheck.county.workers import cluster, processes

    if asked.jobs < 0:
        raise Refused(words()["bad_jobs"].format(found=asked.jobs))
    try:
        workers = cluster(asked.dask) if asked.dask else processes(asked.jobs)
    except ImportError as wrong:
        raise Refused(words()["no_dask"]) from wrong
    except (OSError, ValueError) as wrong:
        raise Refused(words()["no_cluster"].format(address=asked.dask)) from wrong
    try:
        yield workers
    finally:
        workers.stop()


def _county_filing(register: "Register", asked: argparse.Namespace) -> int:
    """The totals in the county's own workbook; what is not complete stays blank and is told."""
    from xlcheck.county.sums import add_up, write_county_filing

    target: Path = asked.county_filing
    added = add_up(register.campaign, register.standings(asked.today))
    if write_county_filing(register.campaign, added, target):
        to_stderr(words()["kept_texts"].format(file=target))
    to_stderr(data.toml("cli")["out"]["wrote"].format(path=target))
    if added.settled:
        return CLEAN
    numbers = {name: len(getattr(added, name)) for name in ("missing", "open", "faulty")}
    to_stderr(words()["unsettled"].format(blank=sum(not added.complete(n) for n in added.sums), **numbers))
    return FOUND
