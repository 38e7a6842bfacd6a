"""The receipts that were given: each in the ledger before anybody has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.serve.access import random_groups

LENGTH = 8


class Receipt(NamedTuple):
    """That a file was taken: by its own code, whose, which content, where it lies in the inbox.

    ``sent_as`` is what it was called by who sent it.
    """

    code: str
    unit_id: int
    year: int
    digest: str
    path: str
    sent_as: str
    made: datetime


def receipt_code(now: datetime) -> str:
    """A code that says the day and that nobody can guess: 20260126-7KQ4-M2XR."""
    return "-".join((f"{now:%Y%m%d}", *random_groups(LENGTH)))


def keep_receipt(db: Connection, receipt: Receipt) -> None:
    with db.begin():
        db.execute(insert(t.receipt), receipt._asdict())


def receipts(db: Connection, year: int, unit: int | None = None) -> Sequence[Receipt]:
    """A year's receipts, those of one unit or all, newest first."""
    query = select(*(t.receipt.c[name] for name in Receipt._fields)).filter_by(year=year)
    if unit is not None:
        query = query.filter_by(unit_id=unit)
    with db.begin():
        rows = db.execute(query.order_by(t.receipt.c.made.desc(), t.receipt.c.code)).all()
    return [Receipt(*row) for row in rows]
