"""What the hidden sheet is told after a check: a line a rule, the short list, the counts."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from xlcheck.core.check_code import check_code, entries_as_checked, words_as_checked
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Result, State, counts
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.memory import records
from xlcheck.core.rules import Rules
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.rules import Rule
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition


class ListLine(NamedTuple):
    """One line of the list; empty for a rule whose formulas say what there is to say."""

    state: str = ""
    place: str = ""
    link: str = ""
    message: str = ""
    advice: str = ""


class Stamp(NamedTuple):
    """What stands once for all: the moment, the code of all entries then, the counts."""

    pressed: str
    code: str
    errors: int
    warnings: int


def stamp_cells() -> tuple[str, str, str, str]:
    """Where on the hidden sheet the parts of a stamp stand."""
    cell = hidden_sheet().cell
    return cell.pressed, cell.checked_code, cell.found_errors, cell.found_warnings


class CheckRecord(NamedTuple):
    """What a check leaves in the workbook: a line a rule by its id, the first to be mended, the counts."""

    rules: Mapping[str, ListLine]
    first: tuple[ListLine, ...]
    records: Mapping[str, str]  # for what the answers were given, by rule
    words: tuple[str, ...]  # cover, options and texts as they stood
    entries: tuple[Entry, ...]  # and the figures
    stamp: Stamp


def check_record(
    edition: Edition, filing: Filing, result: Result, pressed: str, listed: Collection[str]
) -> CheckRecord:
    """Everything the 校验 sheet shows of a check; ``pressed`` is its moment, as text.

    ``listed`` are the rules that have a line in this very workbook, which may be older or newer than the
    catalogue: what is found by others stands among the first lines.
    """
    form = edition.form
    mine = {f.rule: f for f in reversed(result.findings)}
    quiet = {r.rule: _quiet(r.state, edition.rules.of(r.rule)) for r in result.ran}
    rules = {i: _line(form, mine[i]) if i in mine else quiet.get(i, _retired()) for i in listed}
    errors, warnings = counts(result)
    stamp = Stamp(pressed, check_code(form, filing, result), errors, warnings)
    return CheckRecord(
        rules,
        _first_lines(form, edition.rules, result, listed),
        records(filing, result),
        words_as_checked(form, filing),
        entries_as_checked(form, filing),
        stamp,
    )


def _first_lines(form: Form, rules: Rules, result: Result, listed: Collection[str]) -> tuple[ListLine, ...]:
    """What to mend first; each rule that has no line of its own has one here, before the list is full."""
    rows = hidden_sheet().first_rows
    failed = Counter(f.rule for f in result.findings if f.rule not in listed)
    first = {f.rule: f for f in reversed(result.findings) if f.rule in failed}
    mine = [f for f in result.findings if f.severity != "info" and not f.answer and f.rule not in failed]
    chosen = {id(f) for f in (*first.values(), *mine[: max(0, rows - len(first))])}
    lines = [
        _line_of_rule(form, rules.of(f.rule), f, failed[f.rule]) if f.rule in failed else _line(form, f)
        for f in result.findings
        if id(f) in chosen
    ]
    return tuple(lines) if len(lines) <= rows else (*lines[: rows - 1], _joined(lines[rows - 1 :]))


def _line_of_rule(form: Form, rule: Rule, first: Finding, failed: int) -> ListLine:
    """A rule that has no line here, told as its line would tell it; it has no cell for a 说明 either."""
    words, line = workbook().words, _line(form, first)
    more = f"{words.several}{failed}{words.places}" if failed > 1 else ""
    advice = line.advice + (words.no_answer_here if rule.takes_answer else "")
    return line._replace(place=line.place + more, advice=advice)


def _joined(lines: list[ListLine]) -> ListLine:
    """More than the list has rows for, in its last row, each with its place."""
    words = workbook().words
    message = "".join(words.joined.format(place=one.place, message=one.message) for one in lines)
    return lines[0]._replace(place=words.joined_places.format(n=len(lines)), message=message, advice="")


def _line(form: Form, finding: Finding) -> ListLine:
    state = workbook().states["answered" if finding.answer else finding.severity]
    sheet, cell = form.where(finding.at)
    place = form.fields[finding.at].place if finding.at in form.fields else form.labels[finding.at]
    return ListLine(state, place, f"#'{sheet}'!{cell}", finding.message, finding.advice)


def _quiet(state: State, rule: Rule) -> ListLine:
    """A rule with nothing to say itself: broken by the same cause as another, or checked only here."""
    states = workbook().states
    if state is State.FAILED and rule.test:
        advice = workbook().words.same_cause
        return ListLine(states["same"], rule.where, message=rule.title, advice=advice)
    if rule.check and state is State.PASSED:
        return ListLine(states["passed"], rule.where, message=rule.sound)
    return ListLine()


def _retired() -> ListLine:
    """A rule of the workbook that is checked no more."""
    return ListLine(workbook().states["none"], message=workbook().words.retired)
