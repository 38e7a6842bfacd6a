"""What a check found and what a rule means, in lines for the screen."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.finding import Finding, Result, State, counts
from xlcheck.data.cli import ExplainWords, ForceYears, cli
from xlcheck.data.rules import Rule
from xlcheck.editions import Edition, Refused, rulebook

EXAMPLES = 2  # of what breaks a rule
NAMED = 8  # rules that a line may name


def finding_lines(edition: Edition, file: str, filing: Filing, result: Result) -> Iterator[str]:
    """One line a finding: file, cell, rule, what was found, what to do; then what ran, with counts."""
    words = cli().out
    for finding in result.findings:
        yield words.line.format(
            file=file, cell=edition.cell_of(finding.at), rule=finding.rule,
            word=words.severity.of(finding.severity), message=finding.message,
            advice=_advice(finding, words.answered),
        )  # fmt: skip
    yield _summary(file, filing, result)
    ended = {state: {r.rule for r in result.ran if r.state is state} for state in State}
    answered, asked = ({f.rule for f in result.findings if bool(f.answer) is one} for one in (True, False))
    settled = answered - asked
    yield words.ran.format(
        rules=len(result.ran), passed=len(ended[State.PASSED]), failed=len(ended[State.FAILED] - settled),
        settled=words.settled.format(count=len(settled)) if settled else "",
        none=len(ended[State.NOT_APPLICABLE]), unrun=len(ended[State.NOT_RUNNABLE]),
    )  # fmt: skip
    if unrun := [r.rule for r in result.ran if r.skipped]:
        few = words.unrun.format(rules=words.between.join(unrun))
        yield few if len(unrun) <= NAMED else words.unrun_many.format(count=len(unrun))


def _summary(file: str, filing: Filing, result: Result) -> str:
    """Whose report it is, and what is open in it; nothing is counted that is not there."""
    words, (errors, warnings) = cli().out, counts(result)
    year = figure_text(filing.year) if isinstance(filing.year, Decimal) else words.no_year
    told = [words.errors.format(count=errors) if errors else words.none_wrong]
    told += [words.warnings.format(count=warnings)] if warnings else []
    answered = any(f.answer for f in result.findings)
    without = words.with_answers if answered else words.summary_pass
    sentence = words.summary if errors or warnings else without
    joined = words.comma.join(told)
    return sentence.format(file=file, unit=filing.unit or words.no_unit, year=year, counts=joined)


def _advice(finding: Finding, answered: str) -> str:
    return answered.format(answer=finding.answer) if finding.answer else finding.advice


def catalogue() -> Iterator[str]:
    """Every rule, a line each."""
    words = cli().explain
    for rule in rulebook().rule:
        yield words.line.format(id=rule.id, severity=words.word.of(rule.severity), title=rule.title)


def explanation(rule_id: str, *, formula: bool = False) -> Iterator[str]:
    """One rule: what, why, legal basis, what it says, and an example that breaks it.

    Only with ``formula`` as it is computed too, with the names that it goes by.
    """
    words = cli().explain
    rule = next((r for r in rulebook().rule if r.id == rule_id), None)
    if rule is None:
        from difflib import get_close_matches  # only for who mistypes

        near = next(iter(get_close_matches(rule_id, [r.id for r in rulebook().rule], 1, 0.8)), "")
        sentence = cli().out.no_rule_near if near else cli().out.no_rule
        raise Refused(sentence.format(rule=rule_id, near=near))
    severity, years = words.severity.of(rule.severity), _years(rule, words.years)
    yield words.head.format(id=rule.id, title=rule.title, severity=severity, years=years)
    yield words.asks.format(where=rule.where, sound=rule.sound)
    if formula and rule.test:
        yield words.test.format(test=_test(rule, words))
    yield words.why.format(why=rule.why)
    yield words.legal.format(legal=rule.legal)
    message = words.message.format(message=rule.message, advice=rule.advice)
    yield message if formula else re.sub(r"\{\w+\}", words.any, message)
    from xlcheck.data.cases import cases  # a check should not pay for it

    for case in islice((c for c in cases().case if c.breaks(rule_id)), EXAMPLES):
        yield words.example.format(example=case.why)


def _years(rule: Rule, words: ForceYears) -> str:
    if rule.since and rule.until < 9999:
        years = words.only
    else:
        years = words.since if rule.since else words.until if rule.until < 9999 else words.all
    return years.format(since=rule.since, until=rule.until)


def _test(rule: Rule, words: ExplainWords) -> str:
    """The test, and what each of its names stands for."""
    names = words.between.join(words.name.format(name=name, text=text) for name, text in rule.let.items())
    return words.names.format(test=rule.test, names=names) if names else rule.test
