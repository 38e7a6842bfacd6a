"""The two lists of the summary that the officer decides in: units, and what was found in them."""

from collections.abc import Iterator, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.filing import entry_text
from xlcheck.county.submission import LedgerFinding, Return, Submission, Verdict
from xlcheck.county.summary import list_sheet
from xlcheck.county.summary.list_sheet import (
    HEAD,
    Link,
    SheetRow,
    list_head,
    sheet_name,
    status_of,
    words,
    write_rows,
)
from xlcheck.editions import edition_named


def write_units(page: Worksheet, standings: Sequence[Submission], first: dict[str, int], *said: str) -> None:
    """One line a unit; the number of its errors leads to the first of them."""
    list_head(page, "units", *said)
    write_rows(page, "units", (_unit(n, s, first) for n, s in enumerate(standings, 1)))


def _unit(n: int, standing: Submission, first: dict[str, int]) -> SheetRow:
    unit, current = standing.unit, standing.current
    open_ones = [f for f in current.findings if f.open] if current else []
    whole = [d for d in standing.decided if current and d.digest == current.digest and not d.mark]
    row: dict[str, list_sheet.Shown | Link] = {
        "n": n, "unit": unit.name, "kind": unit.kind, "region": unit.region,
        "counted": problem_words("counted")[unit.counted],
        "status": status_of(standing.status),
        "late": standing.late or None,
    }  # fmt: skip
    if current:
        at = first.get(unit.name)
        here = Link(current.errors, sheet_name("findings"), f"A{at}") if at else current.errors
        row |= {
            "errors": here, "warnings": current.warnings, "key": current.digest,
            "first": _first(current, open_ones[0]) if open_ones else None,
            "came": standing.first, "newest": current.received, "times": standing.times,
        }  # fmt: skip
    if whole:
        row |= _decided(whole[-1].verdict, whole[-1].reason, whole[-1].note)
    return row


def _decided(verdict: Verdict, reason: str, note: str) -> dict[str, list_sheet.Shown]:
    return {"verdict": data.toml("county")["verdict"][verdict], "reason": reason, "note": note}


def write_findings(
    page: Worksheet, standings: Sequence[Submission], title: str, stand: str
) -> dict[str, int]:
    """Every finding of every unit's newest return, and the line where each unit's begin."""
    list_head(page, "findings", title, words()["hint_findings"], stand)
    first: dict[str, int] = {}

    def rows() -> Iterator[SheetRow]:
        n = 0
        sent = [(s.unit.name, s.current) for s in standings if s.current]
        for unit, current in sent:
            for noted in current.findings:
                n += 1
                first.setdefault(unit, HEAD + n)
                yield _finding(n, unit, current, noted)

    if not write_rows(page, "findings", rows()):
        page[f"A{HEAD + 1}"].value = words()["no_findings"]
    return first


def _finding(n: int, unit: str, current: Return, noted: LedgerFinding) -> SheetRow:
    made = edition_named(current.filing.edition)
    field = made.form.fields.get(noted.at)
    fix, others = noted.told.get("fix"), noted.told.get("candidates") or ()
    to = entry_text(fix["to"]) if fix else words()["look"]
    if not fix and others:
        to = words()["perhaps"].format(figures="、".join(dict.fromkeys(entry_text(c["to"]) for c in others)))
    row: dict[str, list_sheet.Shown | Link] = {
        "n": n, "unit": unit, "severity": problem_words("severity")[noted.severity], "rule": noted.rule,
        "title": made.rules.of(noted.rule).title, "place": place_of(current, noted),
        "cell": noted.cell, "to": to,
        "was": entry_text(current.filing.values.get(noted.at)) if field else noted.told.get("quote", ""),
        "message": noted.message, "answer": noted.answer, "key": f"{current.digest} {noted.mark}",
    }  # fmt: skip
    return row | (_decided(Verdict.EXPLAINED, noted.accepted, "") if noted.accepted else {})


def place_of(current: Return, noted: LedgerFinding) -> str:
    """Where a finding stands, in the form's own words."""
    form = edition_named(current.filing.edition).form
    field = form.fields.get(noted.at)
    return field.place if field else form.labels.get(noted.at, noted.cell)


def _first(current: Return, noted: LedgerFinding) -> str:
    return words()["first"].format(place=place_of(current, noted), message=noted.message)


def problem_words(group: str) -> dict[str, str]:
    found: dict[str, str] = data.toml("summary")["words"][group]
    return found
