"""The office's page: who has not handed in, and every file that came, with its receipt."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from xlcheck.county.dashboard.html import NOTHING, say
from xlcheck.county.ledger.arrivals import Arrival
from xlcheck.county.serve.html import moment, panel, table, text_line
from xlcheck.county.serve.receipts import Receipt
from xlcheck.county.submission import Unit
from xlcheck.data.county import Status
from xlcheck.data.serve import serve


class OfficePage(NamedTuple):
    """What the office sees at once: every unit with its state, every file, and the receipts by path."""

    units: Sequence[tuple[Unit, Status]]
    arrivals: Sequence[Arrival]
    receipts: Mapping[str, Receipt]


def office_page(page: OfficePage) -> Markup:
    """The sentence, the way to the dashboard, who is missing, what came."""
    words, counts = serve().office, Counter(status for _, status in page.units)
    lead = say(
        words.lead, all=len(page.units), sent=len(page.units) - counts[Status.MISSING],
        accepted=counts[Status.ACCEPTED], missing=counts[Status.MISSING],
    )  # fmt: skip
    link = Markup('<p><a href="/office/dashboard">{}</a></p>\n').format(words.dashboard)
    missing = [unit for unit, status in page.units if status is Status.MISSING]
    return NOTHING.join(
        (
            text_line(lead, "lead"),
            link,
            panel(say(words.missing, n=len(missing)), _missing(missing)),
            panel(say(words.arrivals, n=len(page.arrivals)), _arrivals(page)),
        )
    )


def _missing(units: Sequence[Unit]) -> Markup:
    words = serve().office
    if not units:
        return text_line(words.none_missing, "quiet")
    heads = (words.unit, words.contact, words.phone)
    return table(heads, [(unit.name, unit.contact, unit.phone) for unit in units])


def _arrivals(page: OfficePage) -> Markup:
    """The newest files first, the older ones folded: on a phone every file is five lines."""
    words, most = serve().office, serve().limits.shown
    if not page.arrivals:
        return text_line(words.none_arrived, "quiet")
    newest = sorted(page.arrivals, key=lambda one: one.received, reverse=True)[:most]
    heads = (words.time, words.unit, words.file, words.receipt, words.outcome)
    rows = [_arrival(one, page.receipts.get(one.path)) for one in newest]
    first, older = rows[: serve().limits.newest], rows[serve().limits.newest :]
    folded = Markup("<details>\n<summary>{}</summary>\n{}</details>\n")
    rest = [folded.format(words.older.format(n=len(older)), table(heads, older))] * bool(older)
    more = [text_line(words.more.format(most=most), "quiet")] * (len(page.arrivals) > most)
    return table(heads, first) + NOTHING.join([*rest, *more])


def _arrival(one: Arrival, receipt: Receipt | None) -> tuple[str | Markup, ...]:
    words = serve().office
    file = Markup("{}<br><small>{}</small>").format(receipt.sent_as, one.path) if receipt else one.path
    code = receipt.code if receipt else words.by_hand
    return moment(one.received), one.unit or words.unclaimed, file, code, one.said
