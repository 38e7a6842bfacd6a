"""What is drawn from the ledger after every run: the summary workbook and the page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from xlcheck.county.assessment import Score, scores
from xlcheck.county.dashboard.page import drawn_from, write_dashboard
from xlcheck.county.decide import enter_decisions, from_workbook
from xlcheck.county.ledger.arrivals import unclaimed_first
from xlcheck.county.ledger.database import Ledger, plain_address
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Campaign, Submission
from xlcheck.county.summary.book import write_summary
from xlcheck.data.cli import cli as cli_words
from xlcheck.data.county import Status, county
from xlcheck.data.policy import Policy
from xlcheck.data.summary import summary
from xlcheck.editions import Refused

HEAD = 4096  # letters of a page, in which it says what it was drawn from
Announce = Callable[[str], None]


def write_outputs(
    ledger: Ledger, campaign: Campaign, folder: Path, today: date, tell: Announce,
    policy: Policy | None = None, person: str = "",
) -> Register:  # fmt: skip
    """Write the summary and the page anew; decisions waiting in the summary that is there come first.

    Gives back the ledger as it then stands. Raises Refused where a workbook of that name is not ours.
    """
    words = county().say
    book, page = folder / summary().file, folder / words.page_file
    read_back(ledger, campaign, folder, tell, policy, person)
    register, most = Register(ledger.db, campaign, policy), summary().most
    drawn = f"{ledger.identity()} {campaign.year} {register.state(today)}"
    if book.is_file() and page.is_file() and drawn_from(_head(page)) == drawn:
        tell(words.as_before.format(folder=folder))
        return register
    standings: Iterable[Submission] = register.standings(today)
    scored: Mapping[str, Score] = {}
    if len(register.units) <= most:
        there = list(standings)
        scored = scores(register.edition, policy, there, campaign.due, today)
        write_summary(register, there, book, today, scored)
        standings = _let_go(there)
        tell(cli_words().out.wrote.format(path=book))
    else:
        tell(words.too_many.format(units=len(register.units), most=most))
    write_dashboard(
        register.edition, campaign, standings, page, today, register.as_of(),
        list(register.arrivals()), drawn, scored,
    )  # fmt: skip
    tell(cli_words().out.wrote.format(path=page))
    return register


def _let_go(standings: list[Submission]) -> Iterator[Submission]:
    """Hand them on in their order and keep none of them: of thousands they are most of the memory."""
    standings.reverse()
    while standings:
        yield standings.pop()


def refuse_other(ledger: Ledger | None, folder: Path, where: str, year: int) -> None:
    """Refuse where what is in the folder was drawn from another ledger than this, or than one still to be
    made, or for another year: it would be lost."""
    page = folder / county().say.page_file
    if page.is_file():
        words, (drawn, before, *_) = county().ledger, [*drawn_from(_head(page)).split(" "), "", ""]
        if drawn and (ledger is None or drawn != ledger.identity()):
            raise Refused(words.other_drawn.format(folder=folder, ledger=plain_address(where)))
        if before.isdigit() and before != str(year):
            raise Refused(words.other_year.format(folder=folder, before=before, now=year))


def _head(page: Path) -> str:
    with page.open(encoding="utf-8", errors="replace") as text:
        return text.read(HEAD)


def unclaimed(register: Register, tell: Announce) -> None:
    """Say how many files are in hand that count for nobody, whose units would be asked for them again, and
    which units' files have two names on them, of which one counts."""
    words, every = county().say, list(register.arrivals())
    there = unclaimed_first(every)
    if two := dict.fromkeys(one.unit for one in every if one.apart):
        tell(words.apart.format(units=county().comma.join(two)))
    for one in there:
        if one.shut:
            tell(one.said)
    for first in there[:1]:
        near = words.unclaimed_near.format(near=first.near) if first.near else ""
        more = words.unclaimed_more if len(there) > 1 else ""
        tell(words.unclaimed.format(count=len(there), file=first.path, near=near, more=more))


def faulty(register: Register, tell: Announce) -> bool:
    """Whether a return has an error; that an accepted one has is told, for nobody else would notice."""
    found, states = register.faulty(), {unit: register.status(unit) for unit in register.units}
    missing = sum(status is Status.MISSING for status in states.values())
    tell(county().say.standing.format(units=len(states), faulty=len(found), missing=missing))
    taken = [unit.name for n, unit in register.units.items() if n in found and states[n] is Status.ACCEPTED]
    if taken:
        few = county().comma.join(taken[:5])
        tell(county().say.now_faulty.format(count=len(taken), units=few))
    return bool(found)


def read_back(
    ledger: Ledger,
    campaign: Campaign,
    folder: Path,
    tell: Announce,
    policy: Policy | None = None,
    person: str = "",
) -> None:
    """Decisions chosen in the summary that will be written anew: before a run, older than what comes.

    Raises Refused where one cannot be: it would be lost with the workbook.
    """
    book = folder / summary().file
    if book.exists():
        register = Register(ledger.db, campaign, policy)
        said = from_workbook(register, book)
        if count := enter_decisions(register, ledger, said, person=person):
            tell(county().say.read_back.format(file=book, count=count))
