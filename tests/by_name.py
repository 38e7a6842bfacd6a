"""What is handed an edition, for tests that have only its name, or a filing that says it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from xlcheck import judge as judging
from xlcheck import report
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.editions import edition_for, edition_named
from xlcheck.report import console
from xlcheck.template import build
from xlcheck.workbook import findings, json, marking, writing


def judge(filing: Filing, last: Filing | None = None) -> Result:
    return judging.judge(edition_named(filing.edition), filing, last)


def agreed(filing: Filing, result: Result) -> Any:
    return judging.agreed(edition_named(filing.edition), filing, result)


def code(name: str) -> Any:
    return judging.code(edition_named(name))


def build_template(name: str) -> Any:
    return build.build_template(edition_named(name))


def fill_workbook(source: Path, filing: Filing, target: Path) -> None:
    writing.fill_workbook(edition_named(filing.edition), source, filing, target)


def write_filing(book: Any, filing: Filing) -> None:
    writing.write_filing(edition_named(filing.edition), book, filing)


def new_workbook(name: str | None, year: int | None, unit: str | None, last: Filing | None) -> Any:
    """As the command does: the year after last year's, in the edition in force for it."""
    year = year or (int(last.year) + 1 if last and isinstance(last.year, Decimal) else None)
    return writing.new_workbook(edition_for(name, year), year, unit, last)


def mark(source: Path, filing: Filing, result: Result, target: Path, pressed: str) -> None:
    marking.mark(edition_named(filing.edition), source, filing, result, target, pressed)


def check_record(filing: Filing, result: Result, pressed: str) -> Any:
    edition = edition_named(filing.edition)
    listed = [rule.id for rule in edition.rules.rules]
    return findings.check_record(edition, filing, result, pressed, listed)


def dump_filing(filing: Filing) -> str:
    return json.dump_filing(edition_named(filing.edition).form, filing)


def finding_lines(file: str, filing: Filing, result: Result) -> Any:
    return console.finding_lines(edition_named(filing.edition), file, filing, result)


def write_report(filing: Filing, result: Result, path: Path, *, draft: bool) -> None:
    report.write_report(edition_named(filing.edition), filing, result, path, draft=draft)


def cell_of(filing: Filing, at: str) -> str:
    return edition_named(filing.edition).cell_of(at)
