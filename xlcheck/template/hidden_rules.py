"""One line a rule on the hidden sheet, and what they add up to: counts, banner, whether anything changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from xlcheck.core.check_code import checked_words
from xlcheck.core.finding import State
from xlcheck.data.hidden_sheet import RuleColumns
from xlcheck.data.rules import Rule, Severity
from xlcheck.data.styles import styles
from xlcheck.template.hidden import NOTED, NOTHING, HiddenSheet, count, excel_text, message

NONE = "0"  # a figure that truths are added to, in a formula


def write_lines(engine: HiddenSheet) -> None:
    """Write a line for every rule, and the whole that the banner, the tiles and the lists read."""
    for rule in engine.rules.rules:
        _rule(engine, rule, engine.rule_row[rule.id])
    for key, row in engine.count_row.items():
        _sheet_counts(engine, key, row)
    for cell, formula in _totals(engine).items():
        engine.set(cell, "=" + formula)


# ---------------------------------------------------------------- one line a rule


def _rule(engine: HiddenSheet, rule: Rule, row: int) -> None:
    at, cell = engine.at.rule, engine.rule(rule.id)
    if not rule.is_live:
        _told(engine, rule, row)
        return
    engine.row(row, {
        at.rule: rule.id,
        **{column: "=" + formula for column, formula in _counts(engine, rule).items()},
        at.state: "=" + _state_word(engine, rule, cell),
        **{column: f'=IF({cell.failed}>0,{formula},"")' for column, formula in _first(engine, rule).items()},
        at.rank: "=" + _rank(engine, row),
        **({at.settled: "=" + _settled(engine, rule)} if rule.takes_answer else {}),
    })  # fmt: skip


def _settled(engine: HiddenSheet, rule: Rule) -> str:
    """Whether a rule's 说明 holds: it was written since the last check, or for just what is found now."""
    mine, found = engine.rule(rule.id), engine.pressed(rule.id)
    never, new = f"LEN({engine.named('pressed')})=0", f'1-EXACT({mine.answer}&"",{mine.checked_answer}&"")'
    answered = excel_text(engine.layout.states["answered"])
    same = f"{found.state}={answered},N({found.number})={mine.failed},{_moved(engine, rule)}=0"
    return f"AND(LEN({mine.answer})>0,OR({never},{new},AND({same})))"


def _moved(engine: HiddenSheet, rule: Rule) -> str:
    """How many figures of what a rule finds now are others than at the last check."""
    at, cases = engine.at, [(n, case) for n, case in enumerate(engine.cases) if case.rule is rule]
    moved = [
        f"({engine.cell(at.case.state, engine.case_row[rule.id, n])}=1)*({'+'.join(others)})"
        for n, case in cases
        if (others := [_others(engine, run) for run in _runs(engine.field_row[f] for f in case.fields)])
    ]
    if rule in engine.asking:
        rows = engine.field_row.values()
        found = f"{engine.column(at.field.code, rows)}={excel_text(rule.id)}"
        moved = [_others(engine, rows, f"({found})*")]
    return f"({'+'.join(moved) or NONE})"


def _others(engine: HiddenSheet, rows: Iterable[int], where: str = "") -> str:
    """How many figures of these rows are others than at the last check."""
    at, rows = engine.at, list(rows)
    return _unlike(engine.column(at.field.entry, rows), engine.column(at.pressed_entry, rows), where)


def _told(engine: HiddenSheet, rule: Rule, row: int) -> None:
    """What the last check found of a rule that no formula can try: it stays until the next one.

    What it found sound is unknown again as soon as anything changes.
    """
    at, found, words = engine.at.rule, engine.pressed(rule.id), engine.layout
    states = (words.states[word] for word in ("error", "warning", "info", "answered"))
    broken = f"OR({','.join(f'{found.state}={excel_text(word)}' for word in states)})"
    current = engine.meta(engine.at.cell.current)
    unrun = excel_text(words.states["unrun"])
    known = f"AND({current},LEN({found.state})>0)"
    old = f"IF({current},{NOTHING},{excel_text(words.words.last_check)})&{found.message}"
    engine.row(row, {
        at.rule: rule.id,
        at.failed: f"=IF({broken},MAX(1,N({found.number})),0)",
        at.waiting: "=0",
        at.not_applicable: "=0",
        at.state: f"=IF(OR({broken},{known}),{found.state},{unrun})",
        at.message: f"=IF({broken},{old},{NOTHING})",
        at.link: f"=IF({broken},{found.link}&{NOTHING},{NOTHING})",
        at.place: f"=IF({broken},{found.place}&{NOTHING},{NOTHING})",
        at.rank: "=" + _rank(engine, row),
    })  # fmt: skip


def _counts(engine: HiddenSheet, rule: Rule) -> dict[str, str]:
    at = engine.at.rule
    if _is_input(engine, rule):
        code, lines = engine.at.field.code, engine.field_row
        asked = [lines[c.at] for c in engine.rules.cases if c.rule is rule] or lines.values()
        earlier = [
            r.id
            for r in engine.rules.rules
            if _is_input(engine, r)
            and not rule.check
            and ((r.silences and r.check) or engine.rules.before(r.id, rule.id))
        ]
        return {
            at.failed: count(engine.column(code, lines.values()), excel_text(rule.id)),
            at.waiting: "+".join(
                count(engine.column(code, run), *map(excel_text, earlier)) for run in _runs(asked) if earlier
            )
            or "0",
            at.not_applicable: "0",
        }
    states = _states(engine, rule)
    numbers = {
        at.failed: State.FAILED,
        at.waiting: State.NOT_RUNNABLE,
        at.not_applicable: State.NOT_APPLICABLE,
    }
    return {column: count(states, str(int(n))) for column, n in numbers.items()}


def _runs(rows: Iterable[int]) -> Iterator[list[int]]:
    """Rows in runs of neighbours."""
    for _, run in groupby(enumerate(sorted(rows)), lambda one: one[1] - one[0]):
        yield [row for _, row in run]


def _first(engine: HiddenSheet, rule: Rule) -> dict[str, str]:
    """Message, link and place of the rule's first failing case."""
    at = engine.at
    if _is_input(engine, rule):
        rows: Sequence[int] = list(engine.field_row.values())
        which = f"MATCH({excel_text(rule.id)},{engine.column(at.field.code, rows)},0)"
        typed = f"INDEX({engine.column(at.field.entry, rows)},{which})"
        day = f'TEXT({typed},"yyyy-mm-dd")'
        otherwise = message(engine.layout.words.shown_otherwise, {}, lambda _: typed)
        words = {"dated": day, "shown_otherwise": otherwise}
        sentence = message(rule.message, {}, lambda _: words.get(rule.check, typed))
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
    failed = excel_text(words[rule.severity])
    if rule.open:
        failed = excel_text(words["waiting"])
    elif rule.takes_answer:
        if engine.is_told_by_others(rule):
            failed = f"IF({cell.places}=0,{excel_text(words['same'])},{failed})"
        failed = f"IF({cell.settled},{excel_text(words['answered'])},{failed})"
    elif rule.beside:
        first = [_failed(engine, engine.rules.of(b)) for b in rule.beside if engine.rules.before(b, rule.id)]
        same = f"OR({cell.places}=0,{'+'.join(first) or NONE}>0)"
        failed = f"IF({same},{excel_text(words['same'])},{failed})"
    total = sum(c.rule.id == rule.id for c in engine.rules.cases)
    sound = f"IF({cell.waiting}>0,{excel_text(words['waiting'])},{excel_text(words['passed'])})"
    if total:
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
    at, told = engine.at.cell, engine.at.counted
    rows = list(engine.count_row.values())
    entries = engine.column(engine.at.field.entry, engine.field_row.values())
    good = f"AND({engine.meta(at.unchanged)},{_seen(engine)}=0)"
    typed = f"COUNT({entries})+" + "+".join(f"(LEN({engine.word(t)})>0)" for t in engine.form.texts)
    return {
        at.unchanged: _unchanged(engine),
        at.code: f'IF({good},{engine.meta(at.checked_code)}&"","")',
        at.current: _current(engine),
        at.errors: f"SUM({engine.column(told.errors, rows)})",
        at.warnings: f"SUM({engine.column(told.warnings, rows)})",
        at.open: "+".join(_failed(engine, r) for r in engine.rules.rules if r.open),
        at.filled: typed,
        at.banner: _banner(engine, lambda one: message(one.words, {}, lambda name: _in_banner(engine, name))),
        at.sign: _banner(engine, lambda one: excel_text(one.sign)),
    }


def _unchanged(engine: HiddenSheet) -> str:
    """Whether every figure and every word is what it was at the last check, to the letter."""
    at, rows = engine.at, engine.field_row.values()
    same = [_same(engine, word, n) for n, word in enumerate(checked_words(engine.form), at.first_row)]
    return f"AND({','.join([_alike(engine, at.field.entry, at.pressed_entry, rows), *same])})"


def _same(engine: HiddenSheet, word: str, row: int) -> str:
    """Whether one word is what it was; about those of the cover no blank counts, as none does in reading."""
    there, before = f'{engine.word(word)}&""', f'{engine.cell(engine.at.pressed_word, row)}&""'
    plain = f"EXACT({there},{before})"
    return f"OR({plain},EXACT(TRIM({there}),{before}))" if word in engine.form.cover else plain


def _current(engine: HiddenSheet) -> str:
    """Whether what the last check found still stands: nothing changed, and no 说明 written since.

    A figure typed anew as a text, or as a formula that comes to it, reads the same; where nothing was wrong,
    the formulas must see nothing wrong either.
    """
    at, rows = engine.at, engine.count_row.values()
    answers = _alike(engine, at.rule.answer, at.rule.checked_answer, engine.rule_row.values())
    found = f"SUM({engine.column(at.counted.found_errors, rows)})"
    pressed, unchanged = engine.meta(at.cell.pressed), engine.meta(at.cell.unchanged)
    return f"AND(LEN({pressed})>0,{unchanged},{answers},OR({found}>0,{_seen(engine)}=0))"


def _seen(engine: HiddenSheet) -> str:
    """How many errors the formulas see now; a year that is a text is one."""
    live = engine.column(engine.at.counted.live_errors, engine.count_row.values())
    return f"SUM({live})+1-ISNUMBER({engine.word('year')})"


def _alike(engine: HiddenSheet, now: str, then: str, rows: Iterable[int]) -> str:
    """Whether two columns hold the same."""
    rows = list(rows)
    return f"{_unlike(engine.column(now, rows), engine.column(then, rows))}=0"


def _unlike(one: str, other: str, where: str = "") -> str:
    """How many cells of a range differ from those of another, as texts, for a blank cell equals 0."""
    return f'SUMPRODUCT({where}(1-EXACT({one}&"",{other}&"")))'


def _sheet_counts(engine: HiddenSheet, key: str, row: int) -> None:
    """How many places of a sheet are to be mended: as the check counted them while its word stands.

    Else what formulas see now, and what no formula can see as the last check counted it.
    """
    at = engine.at.counted
    told = type(at)(*(engine.cell(column, row) for column in at))
    current = engine.meta(engine.at.cell.current)
    engine.row(row, {
        at.name: key,
        at.live_errors: "=" + _broken(engine, key, "error"),
        at.live_warnings: "=" + _broken(engine, key, "warning"),
        at.errors: f"=IF({current},{told.found_errors},{told.live_errors}+{told.kept_errors})",
        at.warnings: f"=IF({current},{told.found_warnings},{told.live_warnings}+{told.kept_warnings})",
    })  # fmt: skip


def _broken(engine: HiddenSheet, key: str, severity: Severity) -> str:
    """How many places of one sheet are broken at least: of rules that break together, the one most broken.

    One wrong cell breaks at most one equation of each family, so no fewer cells can be wrong.
    """
    fields = [n for n, f in engine.form.fields.items() if f.table == key]
    words = engine.form.cover if key == "cover" else engine.form.texts
    places = fields if key in engine.form.tables else words
    counts: dict[str, str] = {}
    for n, case in enumerate(engine.cases):
        if case.at in places and case.rule.severity == severity and not case.rule.open:
            counts[case.rule.id] = f"{counts.get(case.rule.id, NONE)}+{engine.unexplained(case, n)}"
    heads = {i: rule.beside for i in counts if engine.rules.leads(rule := engine.rules.of(i))}
    broken = [
        f"MAX({','.join(counts[i] for i in (head, *beside) if i in counts)})"
        for head, beside in heads.items()
    ]
    rows = [engine.field_row[n] for n in fields]
    if severity == "warning" and fields:
        broken += engine.asked(rows)
    whole = "+".join(broken) or NONE
    if severity != "error" or not fields:
        return whole
    # A figure that is refused and still known to the sums, -1 or 1.5, may be what breaks them.
    loud = [r for r in engine.rules.rules if _is_input(engine, r) and not r.silences]
    codes = (excel_text(r.id) for r in loud if r not in engine.asking)
    known = count(engine.column(engine.at.field.code, rows), *codes)
    return f"{engine.refused(rows)}-{known}+MAX({known},{whole})"


class Banner(NamedTuple):
    """What the banner may say, and the sign before it."""

    words: str
    sign: str


def _banner(engine: HiddenSheet, part: Callable[[Banner], str]) -> str:
    """One part of what the banner says, of the first that fits.

    Green is only what a check found and nothing has changed since: formulas cannot read the texts.
    """
    words, signs, at = engine.layout.banner, styles().sign, engine.at.cell
    wrong, doubtful = f"{engine.meta(at.errors)}>0", f"{engine.meta(at.warnings)}>0"
    current, pressed = engine.meta(at.current), f"LEN({engine.meta(at.pressed)})>0"
    figures = "+".join(_failed(engine, rule) for rule in engine.rules.rules if rule.unfilled)
    kept = engine.kept("error")
    fits = (
        (f"AND({engine.meta(at.filled)}=0,{_cover_open(engine)})", Banner(words.fresh, signs.open.sign)),
        (f"AND({current},{wrong})", Banner(words.errors, signs.error.sign)),
        (f"AND({current},{doubtful})", Banner(words.warnings, signs.warning.sign)),
        (current, Banner(words.clean, signs.passed.sign)),
        (f"AND({kept}>0,{engine.meta(at.errors)}>{kept})", Banner(words.errors_known, signs.error.sign)),
        (f"{kept}>0", Banner(words.errors_checked, signs.error.sign)),
        (f"AND({pressed},{wrong})", Banner(words.errors_then, signs.error.sign)),
        (wrong, Banner(words.errors_unread, signs.error.sign)),
        (f"AND({engine.meta(at.open)}>0,{figures}=0)", Banner(words.open_words, signs.open.sign)),
        (f"{engine.meta(at.open)}>0", Banner(words.open, signs.open.sign)),
        (f"AND({pressed},{doubtful})", Banner(words.warnings_then, signs.warning.sign)),
        (doubtful, Banner(words.warnings_unread, signs.warning.sign)),
        (pressed, Banner(words.clean_then, signs.open.sign)),
    )
    formula = part(Banner(words.clean_unread, signs.open.sign))
    for test, one in reversed(fits):
        formula = f"IF({test},{part(one)},{formula})"
    return formula


def _cover_open(engine: HiddenSheet) -> str:
    """Whether an entry of the cover is still blank."""
    return f"OR({','.join(f'LEN({engine.word(key)})=0' for key in engine.form.cover)})"


def _in_banner(engine: HiddenSheet, name: str) -> str:
    """What stands for a name in the banner's words; a count that is told only where there is something."""
    told, rows, words = engine.at.counted, engine.count_row.values(), engine.layout.banner
    kept = f"SUM({engine.column(told.kept_errors, rows)},{engine.column(told.kept_warnings, rows)})"
    counted = {"then": (words.then, kept), "doubtful": (words.doubtful, engine.named("warnings"))}
    known = engine.kept("error")
    numbers = {"known": known, "live": f"{engine.named('errors')}-{known}"}
    if name not in counted:
        return numbers.get(name) or engine.named(name)
    sentence, number = counted[name]
    return f'IF({number}>0,{message(sentence, {}, lambda _: number)},"")'


def _failed(engine: HiddenSheet, rule: Rule) -> str:
    return engine.rule(rule.id).failed


def _states(engine: HiddenSheet, rule: Rule) -> str:
    rows = [row for (rule_id, _), row in engine.case_row.items() if rule_id == rule.id]
    return engine.column(engine.at.case.state, rows)


def _is_input(engine: HiddenSheet, rule: Rule) -> bool:
    """Whether it looks at one number cell alone."""
    return rule.check in NOTED or any(c.is_input for c in engine.rules.cases if c.rule is rule)
