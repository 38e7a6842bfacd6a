"""What a ledger says, without the numbers and moments that differ from one run to the next."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from xlcheck.county import collect as county
from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.database import _url, open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.roster import read_roster
from xlcheck.county.submission import Campaign, Submission
from xlcheck.county.workers import Workers, processes

DUE, TODAY = date(2026, 1, 31), date(2026, 1, 20)
CAMPAIGN = Campaign("清水县", 2025, "2021", DUE)


def run(
    inbox: Path | str,
    roster: Path,
    ledger: str | Path,
    campaign: Campaign = CAMPAIGN,
    workers: Workers | None = None,
) -> county.Counts:
    """One collection, in one process unless others are given."""
    mine = workers or processes(1)
    try:
        with open_ledger(str(ledger)) as book:
            return county.run_collection(str(inbox), read_roster(roster), book, campaign, mine)
    finally:
        if mine is not workers:
            mine.stop()


def standings(
    ledger: str | Path, campaign: Campaign = CAMPAIGN, today: date = TODAY
) -> dict[str, Submission]:
    with open_ledger(str(ledger)) as book:
        return {s.unit.name: s for s in Register(book.db, campaign).standings(today)}


def snapshot(ledger: str | Path) -> dict[str, Any]:
    """Every line of every table, by the content it is about."""
    engine = create_engine(_url(str(ledger), new=False))
    with engine.connect() as db:
        units = dict(db.execute(select(t.unit.c.id, t.unit.c.name)).all())
        digests = dict(db.execute(select(t.filing.c.id, t.filing.c.digest)).all())
        names = {"unit_id": units, "filing_id": digests}
        tables = {
            table.name: sorted(_lines(db.execute(select(table)).mappings(), names), key=repr)
            for table in t.metadata.sorted_tables
        }
    engine.dispose()
    return tables


def _lines(rows: Iterable[Any], names: dict[str, dict[int, str]]) -> Iterable[dict[str, Any]]:
    for row in rows:
        kept = {key: value for key, value in row.items() if key not in ("id", "noted", "made")}
        yield kept | {key: known.get(kept[key]) for key, known in names.items() if key in kept}
