"""What a county's verbs work on: whose collection, in which ledger, by which policy, with what workers."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.commands.named_files import policy_of
from xlcheck.commands.status import to_stderr
from xlcheck.data.county import DueKey, county
from xlcheck.data.policy import Policy
from xlcheck.data.policy import policy as law
from xlcheck.editions import Refused, edition_of_year, newest_edition

if TYPE_CHECKING:
    from xlcheck.county.ledger.database import Ledger
    from xlcheck.county.submission import Campaign
    from xlcheck.county.workers import Workers


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


def person_of(asked: argparse.Namespace) -> str:
    """Who does this: as said, else who is logged in."""
    from getpass import getuser

    try:
        return str(asked.by) or getuser()
    except (OSError, KeyError, ImportError):  # a system that has no users
        return ""


def stored_campaign(campaign: "Campaign | None", asked: argparse.Namespace) -> "Campaign":
    if campaign is None:
        raise Refused(county().say.no_year.format(ledger=asked.ledger, year=asked.year or ""))
    return campaign


def policy_held(asked: argparse.Namespace, ledger: "Ledger") -> Policy | None:
    """What the county has set for itself, and the ledger's findings as grave as that says."""
    policy = policy_of(asked)
    if policy:
        ledger.grade(newest_edition(policy).rules)
    return policy


def is_new(ledger: str) -> bool:
    """Whether a ledger in a file is still to be made."""
    return "://" not in ledger and not Path(ledger).exists()


@contextmanager
def some_workers(
    asked: argparse.Namespace, first: Callable[..., object] | None = None
) -> "Iterator[Workers]":
    """The executor that was asked for; ``first`` as of ``processes``."""
    from xlcheck.county.workers import cluster, processes

    if asked.jobs < 0:
        raise Refused(county().say.bad_jobs.format(found=asked.jobs))
    try:
        workers = cluster(asked.dask) if asked.dask else processes(asked.jobs, first)
    except ImportError as wrong:
        raise Refused(county().say.no_dask) from wrong
    except (OSError, ValueError) as wrong:
        raise Refused(county().say.no_cluster.format(address=asked.dask)) from wrong
    try:
        yield workers
    finally:
        workers.stop()
