"""What ``xlcheck serve`` does: an address where units upload, into the same inbox and ledger as collect's."""

import argparse
from contextlib import ExitStack
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.accidents import one_file
from xlcheck.commands.campaign import campaign_as_before, campaign_asked, is_new
from xlcheck.commands.named_files import policy_of, there
from xlcheck.commands.status import CLEAN, to_stderr
from xlcheck.data.county import county
from xlcheck.data.serve import serve
from xlcheck.editions import Refused

if TYPE_CHECKING:
    from xlcheck.county.serve.server import Door
    from xlcheck.county.submission import Campaign

PORTS = 1 << 16
PARTS = ("starlette", "uvicorn", "python_multipart")  # of the extra


def serve_units(asked: argparse.Namespace) -> int:
    """Collect what lies in the inbox, then take what units upload, until somebody says stop."""
    if not all(map(find_spec, PARTS)):
        raise Refused(serve().say.no_parts)
    from xlcheck.county.collect import run_collection
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.roster import read_roster
    from xlcheck.county.serve.desk import Desk
    from xlcheck.county.serve.server import answers_there, keep_open, open_port
    from xlcheck.county.workers import processes

    asked.today = date.today()
    door, offline, policy = _door(asked), _offline(asked), policy_of(asked)
    _refuse_inbox(asked)
    with one_file(asked.roster.name):
        units = read_roster(there(asked.roster))
    campaign = campaign_asked(asked, policy)
    with ExitStack() as stack:
        if asked.renew and answers_there(door):
            return _renew_beside(asked, door, campaign)
        port = stack.enter_context(open_port(door))
        if is_new(asked.ledger):
            to_stderr(county().ledger.made.format(ledger=Path(asked.ledger).resolve()))
        ledger, office = (stack.enter_context(open_ledger(asked.ledger)) for _ in range(2))
        workers = processes(asked.jobs)
        stack.callback(workers.stop)
        campaign = campaign_as_before(campaign, ledger, asked, policy)
        counts = run_collection(str(asked.inbox), units, ledger, campaign, workers, policy)
        to_stderr(county().say.collected.format(**counts._asdict()))
        desks = Desk(ledger, campaign, policy), Desk(office, campaign, policy)
        keep_open(door, port, desks, asked.inbox, workers, offline, asked.out, asked.renew, to_stderr)
    to_stderr(serve().say.ended)
    return CLEAN


def _renew_beside(asked: argparse.Namespace, door: "Door", campaign: "Campaign") -> int:
    """Make new codes for what is open already; who is asked for a code there looks into the ledger."""
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.serve.desk import Desk
    from xlcheck.county.serve.server import ready_codes

    with open_ledger(asked.ledger, new=False) as ledger:
        address = door.address(door.port)
        ready_codes(Desk(ledger, campaign, None), asked.out, asked.renew, address, to_stderr)
    to_stderr(serve().say.renewed.format(address=address))
    return CLEAN


def _door(asked: argparse.Namespace) -> "Door":
    from xlcheck.county.serve.server import Door

    if bool(asked.certificate) != bool(asked.key):
        raise Refused(serve().say.pair)
    if not 0 <= asked.port < PORTS:
        raise Refused(serve().say.bad_port.format(found=asked.port))
    if asked.jobs < 0:
        raise Refused(county().say.bad_jobs.format(found=asked.jobs))
    return Door(asked.host, asked.port, asked.certificate, asked.key)


def _offline(asked: argparse.Namespace) -> bytes:
    """The offline page as it lies there; empty where none is handed out."""
    if not asked.page:
        return b""
    content: bytes = there(asked.page).read_bytes()
    if not content.lstrip()[:15].lower().startswith(b"<!doctype html"):
        raise Refused(serve().say.no_page.format(file=asked.page))
    return content


def _refuse_inbox(asked: argparse.Namespace) -> None:
    """The inbox is a folder of this machine, made if need be, and nothing of ours lies in it."""
    if "://" in str(asked.inbox):
        raise Refused(serve().say.inbox.format(inbox=asked.inbox))
    asked.inbox.mkdir(parents=True, exist_ok=True)
    inbox = asked.inbox.resolve()
    ledger = [] if "://" in asked.ledger else [Path(asked.ledger).resolve().parent]
    for path in (asked.out.resolve(), *ledger):
        if path.is_relative_to(inbox):
            raise Refused(county().say.inside.format(path=path, inbox=asked.inbox))
