"""What the hidden sheet is told after a check: a line a rule, the short list, the counts."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from xlcheck.core.check_code import check_code, words_as_checked
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Result, State, counts
from xlcheck.core.form import Form
from xlcheck.core.memory import records
from xlcheck.core.rules import Rules
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.rules import Rule
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition

SERIOUS = ("error", "warning")


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


def checked_columns() -> tuple[str, ...]:
    """The columns of the hidden sheet that say what was checked, and how many places each sheet has."""
    at = hidden_sheet()
    counted = (
        at.counted.found_errors,
        at.counted.found_warnings,
        at.counted.kept_errors,
        at.counted.kept_warnings,
    )
    return at.pressed_word, at.pressed_entry, at.rule.checked_answer, *counted


class SheetCount(NamedTuple):
    """How many places of one sheet were found, and how many of those no formula can see."""

    errors: int
    warnings: int
    kept_errors: int
    kept_warnings: int


class CheckRecord(NamedTuple):
    """What a check leaves in the workbook: a line a rule by its id, the first to be mended, the counts."""

    rules: Mapping[str, ListLine]
    first: tuple[ListLine, ...]
    records: Mapping[str, str]  # for what the answers were given, by rule
    words: tuple[str, ...]  # cover, options and texts as they stood
    answers: Mapping[str, str]  # as they stood, by rule
    sheets: Mapping[str, SheetCount]
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
        filing.answers,
        dict(_by_sheet(form, edition.rules, result)),
        stamp,
    )


def _by_sheet(form: Form, rules: Rules, result: Result) -> Iterator[tuple[str, SheetCount]]:
    """What is to be mended on each sheet, by the sheet's key."""
    keys = {name: key for key, name in form.sheets.items()}
    open_ones = [f for f in result.findings if not f.answer]
    for key in ("cover", *form.tables, "text"):
        mine = [f for f in open_ones if keys[form.where(f.at)[0]] == key]
        unseen = [f for f in mine if not rules.of(f.rule).is_live]
        numbers = (sum(f.severity == s for f in group) for group in (mine, unseen) for s in SERIOUS)
        yield key, SheetCount(*numbers)


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
    states, words = workbook().states, workbook().words
    if state is State.FAILED and rule.test:
        return ListLine(states["same"], rule.where, message=rule.title, advice=words.same_cause)
    if rule.is_live:
        return ListLine()
    if state is State.PASSED:
        return ListLine(states["passed"], rule.where, message=rule.sound)
    missing = words.only_closed if rule.needs == "file" else words.no_texts
    message = (words.no_last if rule.needs == "last" else words.not_needed, missing)
    return ListLine(states["none"], message=message[state is State.NOT_RUNNABLE])


def _retired() -> ListLine:
    """A rule of the workbook that is checked no more."""
    return ListLine(workbook().states["none"], message=workbook().words.retired)
