"""The code on a stamped paper, typed: which file that was printed from, and whether it is what counts."""

from typing import NamedTuple

from sqlalchemy import select

from xlcheck.core.check_code import LENGTH, LETTERS, typed_code
from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.arrivals import Arrival
from xlcheck.county.ledger.database import Ledger
from xlcheck.county.ledger.register import Register
from xlcheck.data.county import Outcome, county
from xlcheck.editions import Refused

ALL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BEST = (Outcome.RETURN, Outcome.OLDER)


class Paper(NamedTuple):
    """What is said of a paper, and whether it is of the return that counts."""

    said: str
    counts: bool


def paper_with(ledger: Ledger, typed: str) -> Paper:
    """Find the file that a paper was printed from. Raises Refused where what was typed is no code."""
    words, code = county().paper, typed_code(typed)
    if not code:
        absent = county().comma.join(letter for letter in ALL if letter not in LETTERS)
        raise Refused(words.no_code.format(found=typed, length=LENGTH, absent=absent))
    filings = select(t.filing.c.code, t.filing.c.digest, t.filing.c.year, t.filing.c.cover)
    with ledger.db.begin():
        rows = ledger.db.execute(filings.where(t.filing.c.code.is_not(None))).all()
    there = [_of(ledger, code, row.digest, row.year) for row in rows if row.code == code]
    if there:
        return max(there, key=lambda paper: paper.counts)
    near = [row for row in rows if sum(a != b for a, b in zip(row.code, code, strict=True)) == 1]
    if len(near) == 1:
        return Paper(words.near.format(code=code, near=near[0].code, unit=near[0].cover), False)
    return Paper(words.none.format(code=code), False)


def _of(ledger: Ledger, code: str, digest: str, year: int | None) -> Paper:
    words, campaign = county().paper, ledger.campaign(year) or ledger.campaign()
    files = [a for a in Register(ledger.db, campaign).arrivals() if a.digest == digest] if campaign else []
    if not files:
        return Paper(words.none.format(code=code), False)
    one = min(files, key=_rank)
    sentence = {Outcome.RETURN: words.counts, Outcome.OLDER: words.older}.get(one.outcome, words.other)
    said = sentence.format(
        code=code, unit=one.unit, year=year, file=one.path, received=one.received,
        outcome=county().arrival.word[one.outcome], said=one.said,
    )  # fmt: skip
    return Paper(said, one.outcome is Outcome.RETURN)


def _rank(one: Arrival) -> int:
    return BEST.index(one.outcome) if one.outcome in BEST else len(BEST)
