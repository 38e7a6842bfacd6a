"""One filing as the page draws it: its figures in the official tables, its findings, its texts."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.accidents import one_file
from xlcheck.core.blocks import Agreed
from xlcheck.core.filing import Filing, stated_values, year_before
from xlcheck.core.finding import Result, counts, verdict
from xlcheck.core.form_words import place_of
from xlcheck.data.rules import Severity
from xlcheck.editions import Edition, edition_named
from xlcheck.judge import agreed, judge
from xlcheck.report.on_page import figures_in, finding_record, stretches
from xlcheck.workbook.json import load_filing
from xlcheck.workbook.reading import read

AGREES = -2  # beside the numbers of findings; -1 is a stretch that nothing marks


class CheckedFinding(NamedTuple):
    """A finding of the JSON contract; no county has accepted anything yet."""

    rule: str
    severity: Severity
    at: str
    cell: str
    message: str
    told: Mapping[str, Any]
    answer: str
    accepted: str = ""


def file_view(path: Path, last_path: Path | None) -> dict[str, Any]:
    """Everything the page draws of a file: as the county's page draws a unit, and its whole texts.

    ``errors`` and ``warnings`` are those that nobody has explained.
    """
    filing = _filing(path)
    last = year_before(filing, _filing(last_path) if last_path else filing.last)
    edition = edition_named(filing.edition)
    result = judge(edition, filing, last)
    told = verdict(path.name, filing, result, edition.cell_of)["findings"]
    ran = {r.rule: [r.cases, r.failed, r.skipped, r.not_applicable] for r in result.ran}
    errors, warnings = counts(result)
    form = edition.form
    record = {
        "edition": form.edition,
        "errors": errors,
        "warnings": warnings,
        "now": figures_in(form, stated_values(form, filing)),
        "found": [finding_record(form, form, _checked(one)) for one in told],
        "ran": [ran.get(rule.id, []) for rule in edition.rules.rules],
        "texts": list(_texts(edition, filing, result, told)),
    }
    return record | ({"last": figures_in(form, stated_values(form, last))} if last else {})


def _filing(path: Path) -> Filing:
    with one_file(path.name):
        return load_filing(path) if path.suffix.lower() == ".json" else read(path)


def _checked(told: Mapping[str, Any]) -> CheckedFinding:
    return CheckedFinding(
        told["rule"], told["severity"], told["at"], told["cell"], told["message"], told,
        told.get("answer", ""),
    )  # fmt: skip


Stretch = tuple[str, int, str]  # words; -1, AGREES or the number of a finding; the cells they agree with


def _texts(
    edition: Edition, filing: Filing, result: Result, told: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, list[Stretch]]]:
    """Every text with its heading, in stretches: quoted by a finding, agreeing, or neither."""
    every = agreed(edition, filing, result)
    for at, text in filing.texts.items():
        marks = [*_quoted(at, text, told)]
        figures = ((_figure_at(one, text), n) for n, one in enumerate(every, len(told)) if one.at == at)
        marks += [(*span, n) for span, n in figures if span and not _meets(span, marks)]
        parts = stretches(text, 0, len(text), sorted(marks))
        last = len(told) - 1
        yield (
            place_of(edition.form, at),
            [
                (words, n, "") if n <= last else (words, AGREES, every[n - last - 1].cells)
                for words, n in parts
            ],
        )


def _quoted(at: str, text: str, told: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, int]]:
    for number, one in enumerate(told):
        quote = one.get("quote", "")
        start = text.find(quote) if quote and one["at"] == at else -1
        if start >= 0:
            yield start, start + len(quote), number


def _figure_at(agreeing: Agreed, text: str) -> tuple[int, int] | None:
    """Where a figure stands in the text: at the end of the words that it is compared in."""
    start, within = text.find(agreeing.quote), agreeing.quote.rfind(agreeing.figure)
    if start < 0 or within < 0:
        return None
    return start + within, start + within + len(agreeing.figure)


def _meets(span: tuple[int, int], marks: Sequence[tuple[int, int, int]]) -> bool:
    return any(first < span[1] and span[0] < end for first, end, _ in marks)
