"""What a check has to say: findings, what would mend them, and what became of every rule."""

from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing
from xlcheck.core.formula import Entry
from xlcheck.data.rules import Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")  # the gravest first

DIGITS = 40  # of a number that other programs read from JSON


class State(IntEnum):
    """How a case ended; the workbook's formulas give the same four numbers."""

    PASSED = 0
    FAILED = 1
    NOT_RUNNABLE = 2
    NOT_APPLICABLE = 3


class Fix(NamedTuple):
    """A change that would mend a finding: ``was`` is what stands there, ``to`` what should.

    ``also`` are the other cells of the same slip, to be changed together with this one.
    """

    field: str
    was: Entry
    to: Decimal
    why: str
    also: tuple["Fix", ...] = ()


class Finding(NamedTuple):
    """A rule broken at a place: what to say, the cells compared, what the cell should be.

    ``because`` are the findings of the same cause, told by this one in their place; ``reading`` is what a
    figure of the text was taken for.
    """

    rule: str
    severity: Severity
    at: str
    message: str
    advice: str
    fields: tuple[str, ...] = ()
    fix: Fix | None = None
    candidates: tuple[Fix, ...] = ()
    quote: str = ""
    answer: str = ""
    because: tuple["Finding", ...] = ()
    reading: str = ""


class RuleOutcome(NamedTuple):
    """What became of one rule: its number of cases, and how they ended."""

    rule: str
    cases: int
    failed: int
    skipped: int
    not_applicable: int

    @property
    def state(self) -> State:
        if self.failed:
            return State.FAILED
        if self.not_applicable == self.cases:
            return State.NOT_APPLICABLE
        return State.NOT_RUNNABLE if self.skipped else State.PASSED


class Result(NamedTuple):
    """Everything a check has to say about one filing."""

    findings: tuple[Finding, ...]
    ran: tuple[RuleOutcome, ...]

    @property
    def status(self) -> str:
        severities = {f.severity for f in self.findings if not f.answer}
        return "fail" if "error" in severities else "warn" if "warning" in severities else "pass"


def counts(result: Result) -> tuple[int, int]:
    """How many errors and how many unanswered warnings there are."""
    open_ones = [f for f in result.findings if not f.answer]
    return sum(f.severity == "error" for f in open_ones), sum(f.severity == "warning" for f in open_ones)


CellOf = Callable[[str], str]


def verdict(file: str, filing: Filing, result: Result, place: CellOf, code: str = "") -> dict[str, Any]:
    """The whole outcome: identity, status, code, what ran, every finding with its place and its mending."""
    return {
        "file": file,
        "edition": filing.edition,
        "unit": filing.unit,
        "year": json_number(filing.year),
        "status": result.status,
        "code": code or None,
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
        "findings": [finding_json(f, place) for f in result.findings],
    }


def unreadable(file: str, why: str, reason: str = "") -> dict[str, Any]:
    """The record of a file that could not be read; ``reason`` is a technical one, where there is one."""
    unknown = {"edition": None, "unit": None, "year": None}
    record: dict[str, Any] = {
        "file": file,
        **unknown,
        "status": "unreadable",
        "message": why,
        "ran": [],
        "findings": [],
    }
    return record | ({"reason": reason} if reason else {})


def finding_json(finding: Finding, place: CellOf) -> dict[str, Any]:
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
    optional = {
        "quote": finding.quote, "answer": finding.answer, "because": because, "reading": finding.reading,
    }  # fmt: skip
    return whole | {key: extra for key, extra in optional.items() if extra}


def _fix(fix: Fix, place: CellOf) -> dict[str, Any]:
    was, to = json_number(fix.was), json_number(fix.to)
    told = {"field": fix.field, "cell": place(fix.field), "from": was, "to": to, "why": fix.why}
    return told | ({"also": [_fix(f, place) for f in fix.also]} if fix.also else {})


def json_number(entry: Entry) -> int | float | str | None:
    """A figure as JSON can carry it without loss; one that it cannot goes as text."""
    if not isinstance(entry, Decimal):
        return entry
    if entry.adjusted() > DIGITS:
        return str(entry)
    if entry == entry.to_integral_value():
        return int(entry)
    return float(entry) if Decimal(repr(float(entry))) == entry else str(entry)
