"""The two lists of the summary that the officer decides in: units, and what was found in them."""

from collections.abc import Iterator, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.filing import show
from xlcheck.county.standing import Noted, Return, Standing, Verdict
from xlcheck.county.summary import sheet
from xlcheck.county.summary.sheet import HEAD, Link, Row, fill, head, name_of, status_of, words
from xlcheck.editions import edition


def write_units(page: Worksheet, standings: Sequence[Standing], first: dict[str, int], *said: str) -> None:
    """One line a unit; the number of its errors leads to the first of them."""
    head(page, "units", *said)
    fill(page, "units", (_unit(n, s, first) for n, s in enumerate(standings, 1)))


def _unit(n: int, standing: Standing, first: dict[str, int]) -> Row:
    unit, current = standing.unit, standing.current
    open_ones = [f for f in current.findings if f.open] if current else []
    whole = [d for d in standing.decided if current and d.digest == current.digest and not d.mark]
    row: dict[str, sheet.Shown | Link] = {
        "n": n, "unit": unit.name, "kind": unit.kind, "region": unit.region,
        "counted": words_of("counted")[unit.counted],
        "status": status_of(standing.status),
        "late": standing.late or None,
    }  # fmt: skip
    if current:
        at = first.get(unit.name)
        here = Link(current.errors, name_of("findings"), f"A{at}") if at else current.errors
        row |= {
            "errors": here, "warnings": current.warnings, "key": current.digest,
            "first": _first(current, open_ones[0]) if open_ones else None,
            "came": standing.first, "newest": current.received, "times": standing.times,
        }  # fmt: skip
    if whole:
        row |= _decided(whole[-1].verdict, whole[-1].reason, whole[-1].note)
    return row


def _decided(verdict: Verdict, reason: str, note: str) -> dict[str, sheet.Shown]:
    return {"verdict": data.toml("county")["verdict"][verdict], "reason": reason, "note": note}


def write_findings(page: Worksheet, standings: Sequence[Standing], title: str, stand: str) -> dict[str, int]:
    """Every finding of every unit's newest return, and the line where each unit's begin."""
    head(page, "findings", title, words()["hint_findings"], stand)
    first: dict[str, int] = {}

    def rows() -> Iterator[Row]:
        n = 0
        sent = [(s.unit.name, s.current) for s in standings if s.current]
        for unit, current in sent:
            for noted in current.findings:
                n += 1
                first.setdefault(unit, HEAD + n)
                yield _finding(n, unit, current, noted)

    if not fill(page, "findings", rows()):
        page[f"A{HEAD + 1}"].value = words()["no_findings"]
    return first


def _finding(n: int, unit: str, current: Return, noted: Noted) -> Row:
    made = edition(current.filing.edition)
    field = made.form.fields.get(noted.at)
    fix, others = noted.told.get("fix"), noted.told.get("candidates") or ()
    to = show(fix["to"]) if fix else words()["look"]
    if not fix and others:
        to = words()["perhaps"].format(figures="、".join(dict.fromkeys(show(c["to"]) for c in others)))
    row: dict[str, sheet.Shown | Link] = {
        "n": n, "unit": unit, "severity": words_of("severity")[noted.severity], "rule": noted.rule,
        "title": made.rules.of(noted.rule).title, "place": place_of(current, noted),
        "cell": noted.cell, "to": to,
        "was": show(current.filing.values.get(noted.at)) if field else noted.told.get("quote", ""),
        "message": noted.message, "answer": noted.answer, "key": f"{current.digest} {noted.mark}",
    }  # fmt: skip
    return row | (_decided(Verdict.EXPLAINED, noted.accepted, "") if noted.accepted else {})


def place_of(current: Return, noted: Noted) -> str:
    """Where a finding stands, in the form's own words."""
    form = edition(current.filing.edition).form
    field = form.fields.get(noted.at)
    return field.place if field else form.labels.get(noted.at, noted.cell)


def _first(current: Return, noted: Noted) -> str:
    return words()["first"].format(place=place_of(current, noted), message=noted.message)


def words_of(group: str) -> dict[str, str]:
    found: dict[str, str] = data.toml("summary")["words"][group]
    return found
