"""A check's outcome as the JSON contract of DESIGN §5, one object for a file."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Fix, Result
from xlcheck.core.language import Entry

Place = Callable[[str], str]


def verdict(file: str, filing: Filing, result: Result, place: Place) -> dict[str, Any]:
    """The whole outcome: identity, status, what ran, and every finding with its place and its mending."""
    return {
        "file": file,
        "edition": filing.edition,
        "unit": filing.unit,
        "year": number(filing.year),
        "status": result.status,
        "ran": [
            {
                "rule": r.rule,
                "state": r.state.name.lower(),
                "cases": r.cases,
                "failed": r.failed,
                "skipped": r.skipped,
                "not_applicable": r.not_applicable,
            }
            for r in result.ran
        ],
        "findings": [told(f, place) for f in result.findings],
    }


def unreadable(file: str, why: str) -> dict[str, Any]:
    """The record of a file that could not be read."""
    unknown = {"edition": None, "unit": None, "year": None}
    return {"file": file, **unknown, "status": "unreadable", "message": why, "ran": [], "findings": []}


def told(finding: Finding, place: Place) -> dict[str, Any]:
    """One finding of the contract."""
    whole = {
        "rule": finding.rule,
        "severity": finding.severity,
        "at": finding.at,
        "cell": place(finding.at),
        "message": finding.message + finding.advice,
        "fields": list(finding.fields),
        "fix": _fix(finding.fix, place) if finding.fix else None,
        "candidates": [_fix(c, place) for c in finding.candidates],
    }
    because = [
        {"rule": f.rule, "at": f.at, "cell": place(f.at), "message": f.message} for f in finding.because
    ]
    optional = {"quote": finding.quote, "answer": finding.answer, "because": because}
    return whole | {key: extra for key, extra in optional.items() if extra}


def _fix(fix: Fix, place: Place) -> dict[str, Any]:
    was, to = number(fix.was), number(fix.to)
    told = {"field": fix.field, "cell": place(fix.field), "from": was, "to": to, "why": fix.why}
    return told | ({"also": [_fix(f, place) for f in fix.also]} if fix.also else {})


def number(entry: Entry) -> int | float | str | None:
    """A figure as JSON can carry it without loss; one that it cannot goes as text."""
    if not isinstance(entry, Decimal):
        return entry
    if entry == entry.to_integral_value():
        return int(entry)
    return float(entry) if Decimal(repr(float(entry))) == entry else str(entry)
