"""What the hidden sheet is told after a check: a line a rule, the short list, the counts."""

from typing import NamedTuple

from xlcheck import data
from xlcheck.core.checksum import check_sum, words_as_checked
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Result, State
from xlcheck.core.form import Form
from xlcheck.core.marks import counts
from xlcheck.core.memory import records
from xlcheck.data.rules import Rule
from xlcheck.editions import Edition

ListLine = dict[str, str]  # state, place, link, message, advice; empty for a rule that its formulas tell


class CheckRecord(NamedTuple):
    """The lines in the order of the rules, the first to be mended, and what stands once for all."""

    rules: tuple[ListLine, ...]
    first: tuple[ListLine, ...]
    records: tuple[str, ...]  # for what the answers were given
    words: tuple[str, ...]  # cover, options and texts as they stood
    stamp: dict[str, str | float]


def check_record(edition: Edition, filing: Filing, result: Result, pressed: str) -> CheckRecord:
    """Everything the 校验 sheet shows of a check; ``pressed`` is its moment, as text."""
    form = edition.form
    mine = {f.rule: f for f in reversed(result.findings)}
    rules = [
        _line(form, mine[r.rule]) if r.rule in mine else _quiet(r.state, edition.rules.of(r.rule))
        for r in result.ran
    ]
    shown = [f for f in result.findings if f.severity != "info" and not f.answer]
    errors, warnings = counts(result)
    stamp: dict[str, str | float] = {"pressed": pressed, "pressed_sum": check_sum(form, filing)}
    stamp |= {"found_errors": errors, "found_warnings": warnings}
    rows = data.toml("workbook")["hidden"]["first"]["rows"]
    kept = records(filing, result)
    told = tuple(_line(form, f) for f in shown[:rows])
    return CheckRecord(
        tuple(rules),
        told,
        tuple(kept.get(r.rule, "") for r in result.ran),
        words_as_checked(form, filing),
        stamp,
    )


def _line(form: Form, finding: Finding) -> ListLine:
    layout = data.toml("workbook")
    state = layout["states"]["answered" if finding.answer else finding.severity]
    sheet, cell = form.where(finding.at)
    place = form.fields[finding.at].place if finding.at in form.fields else form.labels[finding.at]
    said = {"message": finding.message, "advice": finding.advice}
    return {"state": state, "place": place, "link": f"#'{sheet}'!{cell}", **said}


def _quiet(state: State, rule: Rule) -> ListLine:
    """A rule with nothing to say itself: broken by the same cause as another, or checked only here."""
    layout = data.toml("workbook")
    if state is State.FAILED and rule.test:
        said = {"message": rule.title, "advice": layout["words"]["same_cause"]}
        return said | {"state": layout["states"]["same"], "place": rule.where, "link": ""}
    if rule.check and state is State.PASSED:
        said = {"state": layout["states"]["passed"], "message": rule.sound, "advice": ""}
        return said | {"place": rule.where, "link": ""}
    return {}
