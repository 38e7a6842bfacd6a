"""What the county's verbs of the command line do: collect, decide, send notices."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck import data
from xlcheck.files.catalogue import Refused, edition_of_year
from xlcheck.verbs import CLEAN, COULD_NOT, FOUND, tell, workbook

if TYPE_CHECKING:
    from xlcheck.county.decide import Word
    from xlcheck.county.register import Register
    from xlcheck.county.standing import Campaign, Standing
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
    from xlcheck.county.ledger import opened
    from xlcheck.county.register import Register
    from xlcheck.county.roster import read_roster

    if asked.init:
        return _begin(asked)
    if not (asked.inbox and asked.roster):
        raise Refused(words()["no_inbox"])
    if asked.county_filing:
        workbook(asked.county_filing)
    units, campaign = read_roster(asked.roster), _campaign(asked)
    with opened(asked.ledger) as ledger, _workers(asked) as workers:
        campaign = _as_before(campaign, ledger.campaign(campaign.year), asked)
        try:
            counts = county.collect(asked.inbox, units, ledger, campaign, workers)
        except KeyboardInterrupt:
            tell(words()["stopped"])
            return COULD_NOT
        tell(words()["collected"].format(**counts._asdict()))
        standings = _draw(Register(ledger.db, campaign), asked.out, asked.today)
    settled = _county_filing(campaign, standings, asked.county_filing) if asked.county_filing else CLEAN
    return FOUND if any(s.current and s.current.errors for s in standings) else settled


def decide(asked: argparse.Namespace) -> int:
    """Write decisions into the ledger, by name, for all of a kind, or from the summary workbook."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.ledger import opened
    from xlcheck.county.register import Register

    with opened(asked.ledger, new=False) as ledger:
        register = Register(ledger.db, _stored(ledger.campaign(asked.year), asked))
        said = list(_said(asked, register))
        count = decisions.enter(register, ledger, said, datetime.now().replace(microsecond=0))
        say = data.toml("county")["decide"]
        tell(say["done"].format(count=count) if count else say["none"])
        if asked.out:
            _draw(Register(ledger.db, register.campaign), asked.out, asked.today)
    return CLEAN


def _said(asked: argparse.Namespace, register: "Register") -> "Iterator[Word]":
    """What the command line says: read back, of units by name, or of all of a kind."""
    from xlcheck.county import decide as decisions
    from xlcheck.county.standing import Verdict

    if asked.source:
        return decisions.from_workbook(register, asked.source)
    verdicts = {word: verdict for verdict, word in data.toml("county")["verdict"].items()}
    if asked.verdict not in verdicts or not (asked.units or asked.faulty or asked.clean):
        raise Refused(words()["decide_what"])
    verdict, reasons = Verdict(verdicts[asked.verdict]), {"reason": asked.reason, "note": asked.note}
    if asked.units:
        return decisions.on_units(register, asked.units, verdict, asked.rule, **reasons)
    return decisions.on_all(register, verdict, faulty=asked.faulty, **reasons)


def notices(asked: argparse.Namespace) -> int:
    """Write 退回通知 and 催报通知 for the units that need one."""
    from xlcheck.county.ledger import opened
    from xlcheck.county.notices import write_notices
    from xlcheck.county.register import Register
    from xlcheck.county.standing import Status

    with opened(asked.ledger, new=False) as ledger:
        campaign = _stored(ledger.campaign(asked.year), asked)
        standings = list(Register(ledger.db, campaign).standings(asked.today))
    deadline = asked.deadline or max(campaign.due, asked.today)
    written = write_notices(
        campaign, standings, asked.out, asked.office or campaign.county, deadline, asked.today
    )
    tell(words()["noticed"].format(returned=written.returned, missing=written.missing, path=asked.out))
    waiting = [
        s.unit.name
        for s in standings
        if s.current and s.current.errors and s.status in (Status.REPORTED, Status.RESENT)
    ]
    if waiting:
        tell(words()["not_returned"].format(count=len(waiting), ledger=asked.ledger))
    return CLEAN


def _begin(asked: argparse.Namespace) -> int:
    """A roster to fill in, and what to do next."""
    from xlcheck.county.roster import write_template

    target = Path(asked.out or ".") / words()["roster_file"]
    if target.exists():
        raise Refused(data.toml("cli")["out"]["there_already"].format(path=target))
    write_template(target)
    tell(words()["begun"].format(path=target))
    return CLEAN


def _campaign(asked: argparse.Namespace) -> "Campaign":
    """Whose collection, for which year: last year's reports are due by the day the law names."""
    from xlcheck.county.standing import Campaign

    year = asked.year or asked.today.year - 1
    month, last = data.toml("county")["due"]
    made = edition_of_year(year)
    return Campaign(asked.county, year, made.form.edition, asked.due or date(year + 1, month, last))


def _as_before(campaign: "Campaign", before: "Campaign | None", asked: argparse.Namespace) -> "Campaign":
    """What was said in an earlier run of the same year need not be said again."""
    if before is None:
        return campaign
    return campaign._replace(county=asked.county or before.county, due=asked.due or before.due)


def _stored(campaign: "Campaign | None", asked: argparse.Namespace) -> "Campaign":
    if campaign is None:
        raise Refused(data.toml("county")["ledger"]["none"].format(ledger=asked.ledger))
    return campaign


@contextmanager
def _workers(asked: argparse.Namespace) -> "Iterator[Workers]":
    from xlcheck.county.workers import cluster, processes

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


def _draw(register: "Register", out: Path | None, today: date) -> "list[Standing]":
    """The summary workbook and the page, from the ledger as it is."""
    from xlcheck.county.dashboard import write_dashboard
    from xlcheck.county.summary import write_summary

    standings = list(register.standings(today))
    folder = out or Path()
    book, page = folder / data.toml("summary")["file"], folder / words()["page_file"]
    write_summary(register, standings, book, today)
    write_dashboard(register.campaign, standings, page, today, register.as_of())
    for path in (book, page):
        tell(data.toml("cli")["out"]["wrote"].format(path=path))
    return standings


def _county_filing(campaign: "Campaign", standings: "list[Standing]", target: Path) -> int:
    """The totals in the county's own workbook; what is not complete stays blank and is told."""
    from xlcheck.county.totals import county_filing, totals
    from xlcheck.files.fill import new, write
    from xlcheck.files.store import save

    added = totals(campaign, standings)
    filing = county_filing(campaign, added)
    book = new(campaign.edition, campaign.year, filing.unit, None)
    write(book, filing)
    save(book, target)
    tell(data.toml("cli")["out"]["wrote"].format(path=target))
    if added.settled:
        return CLEAN
    blank = sum(not added.complete(name) for name in added.sums)
    tell(words()["unsettled"].format(missing=len(added.missing), open=len(added.open), blank=blank))
    return FOUND
