"""The two lists of the summary that the officer decides in: units, and what was found in them."""

from collections.abc import Iterator, Sequence

from xlcheck.core.filing import entry_text
from xlcheck.core.form_words import place_of
from xlcheck.core.grid import a1
from xlcheck.county.ledger.correction import answer_sentence
from xlcheck.county.submission import LedgerFinding, Return, Submission
from xlcheck.county.summary.cell_formats import SheetValue, SummaryPage
from xlcheck.county.summary.list_sheet import Link, SheetRow, head_row, list_head, status_of, write_rows
from xlcheck.data.county import Verdict, county
from xlcheck.data.summary import ColumnKey, summary


def write_units(
    page: SummaryPage, standings: Sequence[Submission], first: dict[str, int], *said: str
) -> None:
    """One line a unit; the number of its errors leads to the first of them."""
    list_head(page, summary().sheets.units, *said)
    write_rows(page, summary().sheets.units, (_unit(n, s, first) for n, s in enumerate(standings, 1)))


def _unit(n: int, standing: Submission, first: dict[str, int]) -> SheetRow:
    unit, current = standing.unit, standing.current
    open_ones = [f for f in current.findings if f.open] if current else []
    row: dict[ColumnKey, SheetValue | Link] = {
        "n": n, "unit": unit.name, "kind": unit.kind, "region": unit.region,
        "counted": county().roster.counted[unit.counted],
        "status": status_of(standing.status),
        "late": standing.late or None,
    }  # fmt: skip
    if current:
        at = first.get(unit.name)
        here = Link(current.errors, summary().sheets.findings.name, a1(at, 1)) if at else current.errors
        problem = _first(current, open_ones[0]) if open_ones else ""
        row |= {
            "errors": here, "warnings": current.warnings, "key": current.digest,
            "first": "\n".join(filter(None, (answer_sentence(standing), problem))) or None,
            "came": standing.first, "newest": current.received, "times": standing.times,
        }  # fmt: skip
    if standing.decision:
        made = standing.decision
        row |= _decided(made.verdict, made.reason, made.note)
    return row


def _decided(verdict: Verdict, reason: str, note: str) -> SheetRow:
    return {"verdict": county().verdict[verdict], "reason": reason, "note": note}


def write_findings(
    page: SummaryPage, standings: Sequence[Submission], title: str, stand: str
) -> dict[str, int]:
    """Every finding of every unit's newest return, and the line where each unit's begin."""
    sheet, words = summary().sheets.findings, summary().words
    list_head(page, sheet, title, words.hint_findings, stand)
    first: dict[str, int] = {}

    def rows() -> Iterator[SheetRow]:
        n = 0
        sent = [(s.unit.name, s.current) for s in standings if s.current]
        for unit, current in sent:
            for noted in current.findings:
                n += 1
                first.setdefault(unit, head_row() + n)
                yield _finding(n, unit, current, noted)

    write_rows(page, sheet, rows(), words.no_findings)
    return first


def _finding(n: int, unit: str, current: Return, noted: LedgerFinding) -> SheetRow:
    words, form = summary().words, current.edition.form
    figure = noted.at in form.fields
    row: dict[ColumnKey, SheetValue | Link] = {
        "n": n, "unit": unit, "severity": words.severity[noted.severity], "rule": noted.rule,
        "title": current.edition.rules.of(noted.rule).title, "place": place_of(form, noted.at),
        "cell": noted.cell, "to": should_be(noted),
        "was": entry_text(current.filing.values.get(noted.at)) if figure else noted.told.get("quote", ""),
        "message": noted.message, "answer": noted.answer, "key": f"{current.digest} {noted.mark}",
    }  # fmt: skip
    return row | dict(_decided(Verdict.EXPLAINED, noted.accepted, "")) if noted.accepted else row


def should_be(noted: LedgerFinding) -> str:
    """What the cell should be where that is certain, else what it may be; figures of other cells are none."""
    words = summary().words
    if fix := noted.told.get("fix"):
        return entry_text(fix["to"])
    here = dict.fromkeys(
        entry_text(c["to"]) for c in noted.told.get("candidates") or () if c["field"] == noted.at
    )
    return words.perhaps.format(figures=words.either.join(here)) if here else words.look


def _first(current: Return, noted: LedgerFinding) -> str:
    place = place_of(current.edition.form, noted.at)
    return summary().words.first.format(place=place, message=noted.message)
