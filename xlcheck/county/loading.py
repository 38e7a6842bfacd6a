"""Bring filings and findings back from the ledger's lines, many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, select

from xlcheck.core.filing import Filing
from xlcheck.core.language import Entry
from xlcheck.core.rules import Rules
from xlcheck.county import tables as t
from xlcheck.county.standing import Decided, Noted, Unit, Verdict
from xlcheck.files.catalogue import edition

HEAD = ("edition", "year", "cover", "kind", "contact", "options", "ran")


def filings(db: Connection, ids: Sequence[int]) -> dict[int, tuple[Filing, Mapping[str, Sequence[int]]]]:
    """Filings by their number in the ledger, each with what ran on it; a field without a line is 0."""
    with db.begin():
        heads = db.execute(
            select(t.filing.c.id, *(t.filing.c[key] for key in HEAD)).where(t.filing.c.id.in_(ids))
        )
        rows = list(heads.mappings())
        values: dict[int, dict[str, Entry]] = defaultdict(dict)
        for v in db.execute(select(t.value).where(t.value.c.filing_id.in_(ids))):
            values[v.filing_id][v.field] = Decimal(v.figure) if v.figure is not None else v.typed
        texts: dict[int, dict[str, str]] = defaultdict(dict)
        for s in db.execute(select(t.text).where(t.text.c.filing_id.in_(ids))):
            texts[s.filing_id][s.section] = s.body
    return {r["id"]: (_filing(r, values[r["id"]], texts[r["id"]]), r["ran"]) for r in rows}


def noted(db: Connection, ids: Sequence[int]) -> dict[int, list[Noted]]:
    """The findings of filings, what to mend first first."""
    query = select(t.finding).where(t.finding.c.filing_id.in_(ids)).order_by(t.finding.c.place)
    found: dict[int, list[Noted]] = defaultdict(list)
    with db.begin():
        for row in db.execute(query).mappings():
            found[row["filing_id"]].append(Noted(**{key: row[key] for key in Noted._fields if key in row}))
    return found


def decisions(db: Connection, year: int) -> dict[int, list[Decided]]:
    """Every decision on a year's returns by unit, oldest first."""
    query = select(t.decision).filter_by(year=year).order_by(t.decision.c.id)
    found: dict[int, list[Decided]] = defaultdict(list)
    with db.begin():
        for row in db.execute(query).mappings():
            kept = {key: row[key] for key in Decided._fields} | {"verdict": Verdict(row["verdict"])}
            found[row["unit_id"]].append(Decided(**kept))
    return found


def accepted(
    found: Collection[Noted], digest: str, decided: Iterable[Decided], rules: Rules
) -> tuple[Noted, ...]:
    """The findings with the county's word on each: on the same finding before, or on the whole return.

    A finding is the same while its fingerprint is; the newest word on it holds. What must be mended no
    word can settle.
    """
    said: dict[str, str] = {}
    for d in decided:
        if d.mark or d.digest == digest:
            said[d.mark] = (d.reason or d.note) if d.verdict is Verdict.EXPLAINED else ""
    settled = {f.rule for f in found if rules.of(f.rule).takes_answer}
    return tuple(
        f._replace(accepted=said.get(f.mark, "") or said.get("", "")) if f.rule in settled else f
        for f in found
    )


def unit(row: RowMapping) -> Unit:
    kept = {key: row[key] for key in Unit._fields}
    return Unit(**kept | {"aliases": tuple(row["aliases"])})


def _filing(row: RowMapping, values: Mapping[str, Entry], texts: Mapping[str, str]) -> Filing:
    zeros: dict[str, Entry] = dict.fromkeys(edition(row["edition"]).form.fields, Decimal(0))
    return Filing(
        row["edition"],
        Decimal(row["year"]) if row["year"] else None,
        row["cover"],
        row["kind"],
        row["contact"],
        zeros | dict(values),
        texts,
        row["options"],
    )
