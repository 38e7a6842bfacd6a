"""One line a rule on the hidden sheet, and what they add up to: counts, banner, whether anything changed."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from xlcheck.core.check_code import checked_words
from xlcheck.core.finding import State
from xlcheck.data.hidden_sheet import RuleColumns
from xlcheck.data.rules import Rule
from xlcheck.data.styles import styles
from xlcheck.template.hidden import HiddenSheet, count, excel_text, message


def write_lines(engine: HiddenSheet) -> None:
    """Write a line for every rule, and the whole that the banner, the tiles and the lists read."""
    for rule in engine.rules.rules:
        _rule(engine, rule, engine.rule_row[rule.id])
    for cell, formula in _totals(engine).items():
        engine.set(cell, "=" + formula)


# ---------------------------------------------------------------- one line a rule


def _rule(engine: HiddenSheet, rule: Rule, row: int) -> None:
    at, cell = engine.at.rule, engine.rule(rule.id)
    engine.row(row, {
        at.rule: rule.id,
        **{column: "=" + formula for column, formula in _counts(engine, rule).items()},
        at.state: "=" + _state_word(engine, rule, cell),
        **{column: f'=IF({cell.failed}>0,{formula},"")' for column, formula in _first(engine, rule).items()},
        at.rank: "=" + _rank(engine, row),
    })  # fmt: skip


def _counts(engine: HiddenSheet, rule: Rule) -> dict[str, str]:
    at = engine.at.rule
    if rule.check:
        return {at.failed: "0", at.waiting: "0", at.not_applicable: "0"}
    if _is_input(engine, rule):
        codes = engine.column(engine.at.field.code, engine.field_row.values())
        earlier = [
            r.id for r in engine.rules.rules if _is_input(engine, r) and engine.rules.before(r.id, rule.id)
        ]
        return {
            at.failed: count(codes, excel_text(rule.id)),
            at.waiting: count(codes, *map(excel_text, earlier)) if earlier else "0",
            at.not_applicable: "0",
        }
    states = _states(engine, rule)
    numbers = {
        at.failed: State.FAILED,
        at.waiting: State.NOT_RUNNABLE,
        at.not_applicable: State.NOT_APPLICABLE,
    }
    return {column: count(states, str(int(n))) for column, n in numbers.items()}


def _first(engine: HiddenSheet, rule: Rule) -> dict[str, str]:
    """Message, link and place of the rule's first failing case."""
    at = engine.at
    if rule.check:
        return {}
    if _is_input(engine, rule):
        rows: Sequence[int] = list(engine.field_row.values())
        which = f"MATCH({excel_text(rule.id)},{engine.column(at.field.code, rows)},0)"
        typed = f"INDEX({engine.column(at.field.entry, rows)},{which})"
        sentence = message(rule.message, {}, lambda _: typed)
        link, place = at.field.link, at.field.place
    else:
        rows = [row for (rule_id, _), row in engine.case_row.items() if rule_id == rule.id]
        which = f"MATCH(1,{engine.column(at.case.state, rows)},0)"
        sentence = f"INDEX({engine.column(at.case.message, rows)},{which})"
        link, place = at.case.link, at.case.place
    there = {at.rule.link: link, at.rule.place: place}
    more = {column: f"INDEX({engine.column(theirs, rows)},{which})" for column, theirs in there.items()}
    return {at.rule.message: sentence, **more}


def _state_word(engine: HiddenSheet, rule: Rule, cell: RuleColumns) -> str:
    words = engine.layout.states
    if rule.check:
        return excel_text(words["unrun"])
    failed = excel_text(words[rule.severity])
    if rule.open:
        failed = excel_text(words["waiting"])
    elif rule.takes_answer:
        failed = f"IF(LEN({cell.answer})>0,{excel_text(words['answered'])},{failed})"
    elif earlier := [
        _failed(engine, engine.rules.of(b)) for b in rule.beside if engine.rules.before(b, rule.id)
    ]:
        failed = f"IF({'+'.join(earlier)}>0,{excel_text(words['same'])},{failed})"
    total = sum(c.rule.id == rule.id for c in engine.rules.cases)
    sound = f"IF({cell.waiting}>0,{excel_text(words['waiting'])},{excel_text(words['passed'])})"
    sound = f"IF({cell.not_applicable}={total},{excel_text(words['none'])},{sound})"
    return f"IF({cell.failed}>0,{failed},{sound})"


def _rank(engine: HiddenSheet, row: int) -> str:
    """Errors first, then warnings, in the order of the list; the short list picks by rank."""
    rows = list(engine.rule_row.values())
    state, all_states = engine.cell(engine.at.rule.state, row), engine.column(engine.at.rule.state, rows)
    so_far = engine.column(engine.at.rule.state, [rows[0], row])
    error, warning = (excel_text(engine.layout.states[word]) for word in ("error", "warning"))
    last = f"{count(all_states, error)}+{count(so_far, warning)}"
    return f'IF({state}={error},{count(so_far, error)},IF({state}={warning},{last},""))'


def _totals(engine: HiddenSheet) -> dict[str, str]:
    at = engine.at.cell
    found = f"AND({engine.meta(at.unchanged)},LEN({engine.meta(at.pressed)})>0)"
    entries = engine.column(engine.at.field.entry, engine.field_row.values())
    typed = f"COUNT({entries})+" + "+".join(f"(LEN({engine.word(t)})>0)" for t in engine.form.texts)
    return {
        at.unchanged: _unchanged(engine),
        at.code: f'IF({engine.meta(at.unchanged)},{engine.meta(at.checked_code)}&"","")',
        at.errors: f"IF({found},{engine.meta(at.found_errors)},{_places(engine, 'error')})",
        at.warnings: f"IF({found},{engine.meta(at.found_warnings)},{_places(engine, 'warning')})",
        at.open: "+".join(_failed(engine, r) for r in engine.rules.rules if r.open),
        at.filled: typed,
        at.banner: _banner(engine, lambda one: message(one.words, {}, engine.named)),
        at.sign: _banner(engine, lambda one: excel_text(one.sign)),
    }


def _unchanged(engine: HiddenSheet) -> str:
    """Whether every figure and every word is what it was at the last check."""
    at, rows = engine.at, engine.field_row.values()
    same = [_same(engine, word, n) for n, word in enumerate(checked_words(engine.form), at.first_row)]
    entries, before = (engine.column(column, rows) for column in (at.field.entry, at.pressed_entry))
    figures = f'SUMPRODUCT(1-EXACT({entries}&"",{before}&""))=0'
    return f"AND({','.join([figures, *same])})"


def _same(engine: HiddenSheet, word: str, row: int) -> str:
    """Whether one word is what it was; about those of the cover no blank counts, as none does in reading."""
    there, before = f'{engine.word(word)}&""', f'{engine.cell(engine.at.pressed_word, row)}&""'
    plain = f"EXACT({there},{before})"
    return f"OR({plain},EXACT(TRIM({there}),{before}))" if word in engine.form.cover else plain


def _places(engine: HiddenSheet, severity: str) -> str:
    """How many places there are at least: of rules that break together, the one that broke most often.

    One wrong cell breaks at most one equation of each family, so no fewer cells can be wrong.
    """
    mine = [r for r in engine.rules.rules if r.severity == severity and not r.open and r.test]
    heads = [r for r in mine if engine.rules.leads(r)]
    counts = []
    for rule in heads:
        failed = [_failed(engine, engine.rules.of(i)) for i in (rule.id, *rule.beside)]
        most = f"MAX({','.join(failed)})"
        counts.append(f"IF(LEN({engine.rule(rule.id).answer})>0,0,{most})" if rule.takes_answer else most)
    return "+".join(counts)


class Banner(NamedTuple):
    """What the banner may say, and the sign before it."""

    words: str
    sign: str


def _banner(engine: HiddenSheet, part: Callable[[Banner], str]) -> str:
    """One part of what the banner says, of the first that fits."""
    words, signs, at = engine.layout.banner, styles().sign, engine.at.cell
    fits = (
        (f"{engine.meta(at.filled)}=0", Banner(words.fresh, signs.open.sign)),
        (f"{engine.meta(at.errors)}>0", Banner(words.errors, signs.error.sign)),
        (f"{engine.meta(at.open)}>0", Banner(words.open, signs.open.sign)),
        (f"{engine.meta(at.warnings)}>0", Banner(words.warnings, signs.warning.sign)),
    )
    formula = part(Banner(words.clean, signs.passed.sign))
    for test, one in reversed(fits):
        formula = f"IF({test},{part(one)},{formula})"
    return formula


def _failed(engine: HiddenSheet, rule: Rule) -> str:
    return engine.rule(rule.id).failed


def _states(engine: HiddenSheet, rule: Rule) -> str:
    rows = [row for (rule_id, _), row in engine.case_row.items() if rule_id == rule.id]
    return engine.column(engine.at.case.state, rows)


def _is_input(engine: HiddenSheet, rule: Rule) -> bool:
    return any(c.is_input for c in engine.rules.cases if c.rule is rule)
