"""What is read from the ledger for a page, and the page that is made of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from xlcheck.county.dashboard.page import page_html
from xlcheck.county.dashboard.payload import Gathering
from xlcheck.county.ledger.arrivals import unclaimed_first
from xlcheck.county.ledger.register import Register
from xlcheck.county.letters.letter import Letter
from xlcheck.county.letters.parcels import marked_copy
from xlcheck.county.serve.desk import Desk, sent_letter
from xlcheck.county.serve.html import Visitor, moment, site_page
from xlcheck.county.serve.office_page import OfficePage, office_page
from xlcheck.county.serve.receipts import Receipt, receipts
from xlcheck.county.serve.unit_page import OwnPage, ReceiptView, receipt_page, unit_body
from xlcheck.county.submission import Return, unit_status
from xlcheck.data.county import Verdict
from xlcheck.data.serve import serve


def home_view(desk: Desk, unit: int, seal: str, today: date) -> str:
    """A unit's own page."""
    with desk.register() as register:
        standing = register.submission(unit, today)
        given = receipts(register.db, register.campaign.year, unit)
        returns = _returns(register, unit)
        letter = sent_letter(register, unit, standing)
    page = OwnPage(register.campaign, register.edition, standing, given, returns, letter, today)
    visitor = Visitor(standing.unit.name, seal)
    return site_page(register.campaign, visitor, unit_body(page, visitor))


def _returns(register: Register, unit: int) -> Mapping[str, Return]:
    """Every return of a unit that counts or counted, by its content."""
    every = register.returns({unit: register.sent.get(unit, ())}).get(unit, [])
    return {one.digest: one for one in every}


def receipt_view(desk: Desk, unit: int, code: str, seal: str) -> str | None:
    """One receipt of this unit with what was found; none where it has no such receipt."""
    with desk.register() as register:
        given = receipts(register.db, register.campaign.year, unit)
        mine = next((one for one in given if one.code == code), None)
        if mine is None:
            return None
        current = _returns(register, unit).get(mine.digest)
        rows = [row for row in register.files.rows if row.digest == mine.digest]
        view = ReceiptView(
            mine, register.units[unit].name, current, "" if current else serve().result.void,
            _cover(register, unit, rows[-1].cover if rows else None), _again(register, unit, mine, given),
        )  # fmt: skip
    page = receipt_page(view, register.edition)
    return site_page(register.campaign, Visitor(view.unit, seal), page)


def _again(register: Register, unit: int, mine: Receipt, given: Sequence[Receipt]) -> str:
    """What is said of a file that came before as it is, from here or by another way; empty of a new one."""
    words, names = serve().receipt, {one.path: one.sent_as for one in given}
    same = [row for row in register.files.rows if row.digest == mine.digest and row.unit == unit]
    own = min((row.id for row in same if row.path == mine.path), default=0)
    before = [row for row in same if row.id < own]
    if not before:
        return ""
    first = min(before, key=lambda row: row.id)
    file = names.get(first.path, first.path.rpartition("/")[2])
    back = any(
        d.verdict is Verdict.RETURN and d.digest == mine.digest for d in register.decided.get(unit, ())
    )
    return words.again.format(at=moment(first.received), file=file) + words.sent_back * back


def _cover(register: Register, unit: int, cover: str | None) -> str:
    """What the cover says, or the unit's own name where it means it."""
    return register.units[unit].name if register.number_of(cover or "") == unit else cover or ""


def letter_of(desk: Desk, unit: int, today: date) -> Letter | None:
    with desk.register() as register:
        return sent_letter(register, unit, register.submission(unit, today))


def marked_view(desk: Desk, unit: int, today: date) -> bytes | None:
    """The newest return of a unit with its open findings marked; none where there is none."""
    with desk.register() as register:
        current = register.submission(unit, today).current
        last = register.last_filing(register.units[unit].name)
    return marked_copy(current, last, today) if current else None


def office_view(desk: Desk, seal: str) -> str:
    """The office's own page."""
    with desk.register() as register:
        units = [
            (unit, unit_status(register.sent.get(number, ()), register.decided.get(number, ())))
            for number, unit in register.units.items()
        ]
        given: dict[str, Receipt] = {one.path: one for one in receipts(register.db, register.campaign.year)}
        page = office_page(OfficePage(units, list(register.arrivals()), given))
    visitor = Visitor(serve().page.office, seal, is_office=True)
    return site_page(register.campaign, visitor, page)


def dashboard_view(desk: Desk, today: date) -> str:
    """The county's page as ``collect`` writes it, of this moment; the same while nothing has changed."""
    with desk.register() as register:
        drawn = f"{desk.ledger.identity()} {register.campaign.year} {register.state(today)}"
        if drawn != desk.drawn[0]:
            kept = Gathering(register.edition, unclaimed_first(register.arrivals()), drawn)
            for standing in register.standings(today):
                kept.add(standing)
            kept.close()
            desk.drawn = drawn, page_html(register.campaign, kept, today, register.as_of())
        return desk.drawn[1]
