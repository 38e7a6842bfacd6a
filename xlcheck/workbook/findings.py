"""What the hidden sheet is told after a check: a line a rule, the short list, the counts."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from xlcheck.core.check_code import check_code, words_as_checked
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Result, State, counts
from xlcheck.core.form import Form
from xlcheck.core.marks import plan_marks
from xlcheck.core.memory import records
from xlcheck.core.rules import Rules
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.rules import Rule
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.template.heights import aspects

LONG = 4  # digits that no number of lines has
SERIOUS = ("error", "warning")


class ListLine(NamedTuple):
    """One line of what to mend first."""

    state: str = ""
    place: str = ""
    link: str = ""
    message: str = ""
    advice: str = ""
    answer: str = ""  # the rule whose 说明 is asked for


class RuleLine(NamedTuple):
    """A rule's own line; empty where its formulas say what there is to say."""

    state: str = ""
    place: str = ""
    link: str = ""
    message: str = ""
    advice: str = ""
    number: int | None = None


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
    then = at.pressed_word, at.pressed_entry, at.field.painted, at.aspect, at.rule.checked_answer
    return *then, *count_columns()


def count_columns() -> tuple[str, str, str, str]:
    """The columns of a sheet's count, in the order of ``SheetCount``."""
    at = hidden_sheet().counted
    return at.found_errors, at.found_warnings, at.kept_errors, at.kept_warnings


class SheetCount(NamedTuple):
    """How many places of one sheet were found, and how many of those no formula can see."""

    errors: int
    warnings: int
    kept_errors: int
    kept_warnings: int


class CheckRecord(NamedTuple):
    """What a check leaves in the workbook: a line a rule by its id, the first to be mended, the counts."""

    rules: Mapping[str, RuleLine]
    first: tuple[ListLine, ...]
    records: Mapping[str, str]  # for what the answers were given, by rule
    words: tuple[str, ...]  # cover, options and texts as they stood
    aspects: tuple[str, ...]  # what was found wrong about each aspect of a text
    answers: Mapping[str, str]  # as they stood, by rule
    sheets: Mapping[str, SheetCount]
    signs: Mapping[str, str]  # painted into the cell, by field
    stamp: Stamp


def check_record(
    edition: Edition,
    filing: Filing,
    result: Result,
    pressed: str,
    listed: Collection[str],
    lines: int | None = None,
) -> CheckRecord:
    """Everything the 校验 sheet shows of a check; ``pressed`` is its moment, as text.

    ``listed`` are the rules that have a line in this very workbook, which may be older or newer than the
    catalogue, ``lines`` is how many its short list has: what is found by other rules stands there.
    """
    form, failed = edition.form, Counter(f.rule for f in result.findings)
    mine = {f.rule: f for f in reversed(result.findings)}
    quiet = {r.rule: _quiet(r.state, edition.rules.of(r.rule)) for r in result.ran}
    rules = {
        i: _rule_line(form, mine[i], failed[i]) if i in mine else quiet.get(i, _retired()) for i in listed
    }
    errors, warnings = counts(result)
    stamp = Stamp(pressed, check_code(form, filing, result), errors, warnings)
    return CheckRecord(
        rules,
        _first_lines(
            form, edition.rules, result, listed, hidden_sheet().first_rows if lines is None else lines
        ),
        records(filing, result),
        words_as_checked(form, filing),
        aspects_found(form, result),
        filing.answers,
        dict(_by_sheet(form, edition.rules, result)),
        _signs(edition, filing, result),
        stamp,
    )


def _signs(edition: Edition, filing: Filing, result: Result) -> dict[str, str]:
    """The sign of each cell that is to be changed or asked about; evidence has none."""
    planned = plan_marks(edition.form, edition.rules, filing.values, result.findings, workbook().note)
    signs = (styles().sign.error.sign, styles().sign.warning.sign)
    formats = {name: styles().mark[mark.kind].format or "" for name, mark in planned.items()}
    return {name: sign for name, text in formats.items() for sign in signs if sign in text}


def short_list_lines(there: str) -> int:
    """How many lines the short list of a workbook has; one handed out before it said so has the first few."""
    return int(there) if there.isdecimal() and len(there) < LONG else hidden_sheet().live_rows


def _by_sheet(form: Form, rules: Rules, result: Result) -> Iterator[tuple[str, SheetCount]]:
    """What is to be mended on each sheet, by the sheet's key."""
    keys = {name: key for key, name in form.sheets.items()}
    open_ones = [f for f in result.findings if not f.answer]
    for key in ("cover", *form.tables, "text"):
        mine = [f for f in open_ones if keys[form.where(f.at)[0]] == key]
        unseen = [f for f in mine if not rules.of(f.rule).is_live]
        numbers = (sum(f.severity == s for f in group) for group in (mine, unseen) for s in SERIOUS)
        yield key, SheetCount(*numbers)


def _first_lines(
    form: Form, rules: Rules, result: Result, listed: Collection[str], rows: int
) -> tuple[ListLine, ...]:
    """What to mend first, a line each; the last says how many more there are, where the rows do not do.

    A rule that has no line of its own has one here in any case.
    """
    failed = Counter(f.rule for f in result.findings if f.rule not in listed)
    homeless = {id(f) for f in {f.rule: f for f in reversed(result.findings) if f.rule in failed}.values()}
    told = [
        f
        for f in result.findings
        if id(f) in homeless or (f.severity != "info" and not f.answer and f.rule not in failed)
    ]
    kept = told
    if len(told) > rows:
        first = sorted(told, key=lambda f: id(f) not in homeless)[: rows - 1]
        kept = [f for f in told if f in first]
    lines = [_first_line(form, rules, f, failed[f.rule], f.rule in listed) for f in kept]
    left = [f for f in told if f not in kept]
    return (*lines, *([_left(form, rules, left, failed)] if left else ()))


def _first_line(form: Form, rules: Rules, finding: Finding, failed: int, listed: bool) -> ListLine:
    """A finding under the name of its sheet; of a rule that has no line here all of them, and no 说明."""
    words, rule = workbook().words, rules.of(finding.rule)
    state, place, link, message, advice, _ = _rule_line(form, finding, 1)
    place = words.on_sheet.format(sheet=form.where(finding.at)[0], place=place)
    if listed:
        return ListLine(state, place, link, message, advice, rule.id if rule.takes_answer else "")
    more = f"{words.several}{failed}{words.places}" if failed > 1 else ""
    return ListLine(
        state, place + more, link, message, advice + (words.no_answer_here if rule.takes_answer else "")
    )


def _left(form: Form, rules: Rules, left: list[Finding], failed: Mapping[str, int]) -> ListLine:
    """More than the list has rows for: how many, and where they stand."""
    words, homeless = workbook().words, [f for f in left if f.rule in failed]
    lines = [_first_line(form, rules, f, failed[f.rule], False) for f in homeless]
    message = "".join(words.joined.format(place=one.place, message=one.message) for one in lines)
    places = sum(failed.get(f.rule, 1) for f in left)
    below = words.below if len(homeless) < len(left) else ""
    state = workbook().states[left[0].severity]
    return ListLine(state, words.joined_places.format(n=places), message=message + below)


def _rule_line(form: Form, finding: Finding, number: int) -> RuleLine:
    state = workbook().states["answered" if finding.answer else finding.severity]
    sheet, cell = form.where(finding.at)
    place = form.fields[finding.at].place if finding.at in form.fields else form.labels[finding.at]
    return RuleLine(state, place, f"#'{sheet}'!{cell}", finding.message, finding.advice, number)


def _quiet(state: State, rule: Rule) -> RuleLine:
    """A rule with nothing to say itself: broken by the same cause as another, or checked only here."""
    states, words = workbook().states, workbook().words
    if state is State.FAILED:
        return RuleLine(states["same"], rule.where, message=rule.title, advice=words.same_cause)
    if rule.is_live:
        return RuleLine()
    if state is State.PASSED:
        return RuleLine(states["passed"], rule.where, message=rule.sound)
    missing = words.only_closed if rule.needs == "file" else words.no_texts
    why = words.no_last if rule.needs == "last" else words.not_needed
    return RuleLine(states["none"], rule.where, message=missing if state is State.NOT_RUNNABLE else why)


def aspects_found(form: Form, result: Result) -> tuple[str, ...]:
    """What was found wrong about each aspect of the text that has some, in their order: its tables tell."""
    found = [f for f in result.findings if f.severity == "error" and f.at in form.texts]
    return tuple(
        next((f.message for f in found if f.at == key and _tables(form, f) & set(aspect.tables)), "")
        for key, aspect in aspects(form)
    )


def _tables(form: Form, finding: Finding) -> set[str]:
    return {form.fields[name].table for name in finding.fields if name in form.fields}


def _retired() -> RuleLine:
    """A rule of the workbook that is checked no more."""
    return RuleLine(workbook().states["none"], message=workbook().words.retired)
