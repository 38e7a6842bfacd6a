"""Say on paper or on the screen what a check found and what a rule means."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from xlcheck import data
from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.finding import Finding, Result, State
from xlcheck.core.marks import counts
from xlcheck.data.rules import Rule
from xlcheck.editions import Edition, Refused, rulebook


def finding_lines(edition: Edition, file: str, filing: Filing, result: Result) -> Iterator[str]:
    """One line a finding: file, cell, rule, what was found, what to do; then what ran, with counts."""
    words = data.toml("cli")["out"]
    for finding in result.findings:
        yield words["line"].format(
            file=file, cell=edition.cell_of(finding.at), rule=finding.rule,
            word=words["severity"][finding.severity], message=finding.message,
            advice=_advice(finding, words["answered"]),
        )  # fmt: skip
    errors, warnings = counts(result)
    year = figure_text(filing.year) if isinstance(filing.year, Decimal) else words["no_year"]
    sentence = words["summary" if errors or warnings else "summary_pass"]
    unit = filing.unit or words["no_unit"]
    yield sentence.format(file=file, unit=unit, year=year, errors=errors, warnings=warnings)
    ended = {state: [r.rule for r in result.ran if r.state is state] for state in State}
    yield words["ran"].format(
        rules=len(result.ran), passed=len(ended[State.PASSED]), failed=len(ended[State.FAILED]),
        none=len(ended[State.NOT_APPLICABLE]), unrun=len(ended[State.NOT_RUNNABLE]),
    )  # fmt: skip
    if unrun := [r.rule for r in result.ran if r.skipped]:
        yield words["unrun"].format(rules="、".join(unrun))


def _advice(finding: Finding, answered: str) -> str:
    return answered.format(answer=finding.answer) if finding.answer else finding.advice


def write_report(edition: Edition, filing: Filing, result: Result, path: Path, *, draft: bool) -> None:
    """The narrative report as .docx or .html; with ``draft``, marked so on every page."""
    from xlcheck.core.report import read_wording, report_blocks
    from xlcheck.judge import agreed
    from xlcheck.report import docx, html

    write = docx.write_docx if path.suffix.lower() == ".docx" else html.write_html
    wording = read_wording(data.toml("report")["words"])
    beside = agreed(edition, filing, result) if draft else ()
    report = report_blocks(edition.form, wording, filing, result.findings, beside)
    write(report, path, report.counts if draft else "")


def catalogue() -> Iterator[str]:
    """Every rule, a line each."""
    words = data.toml("cli")["explain"]
    for rule in rulebook().rule:
        yield words["line"].format(id=rule.id, severity=words["word"][rule.severity], title=rule.title)


def explanation(rule_id: str) -> Iterator[str]:
    """One rule: what, why, legal basis, what it says, and an example that breaks it."""
    words = data.toml("cli")["explain"]
    rule = next((r for r in rulebook().rule if r.id == rule_id), None)
    if rule is None:
        raise Refused(data.toml("cli")["out"]["no_rule"].format(rule=rule_id))
    severity, years = words["severity"][rule.severity], _years(rule, words["years"])
    yield words["head"].format(id=rule.id, title=rule.title, severity=severity, years=years)
    what = _spelled(rule) if rule.test else ""
    yield words["test"].format(test=what) if what else words["check"].format(where=rule.where)
    yield words["why"].format(why=rule.why)
    yield words["legal"].format(legal=rule.legal)
    yield words["message"].format(message=rule.message, advice=rule.advice)
    yield from (words["example"].format(example=why) for why in _examples(rule_id))


def _years(rule: Rule, words: dict[str, str]) -> str:
    if rule.since and rule.until < 9999:
        kind = "only"
    else:
        kind = "since" if rule.since else "until" if rule.until < 9999 else "all"
    return words[kind].format(since=rule.since, until=rule.until)


def _spelled(rule: Rule) -> str:
    """The test, and what each of its names stands for."""
    names = "，".join(f"{name} = {text}" for name, text in rule.let.items())
    return rule.test + (f"（{names}）" if names else "")


def _examples(rule_id: str) -> list[str]:
    raw = data.toml("cases")
    return [case["why"] for case in raw["case"] if any(e.startswith(rule_id) for e in case["expect"])][:2]
