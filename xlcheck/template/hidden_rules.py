"""One line a rule on the hidden sheet, and what they add up to: counts, banner, check sum."""

from collections.abc import Mapping, Sequence

from xlcheck.core.checksum import BLANK, checked_words, weights
from xlcheck.data.rules import Rule
from xlcheck.template.hidden import HiddenSheet, excel_text, message


def write_lines(engine: HiddenSheet) -> None:
    """Write a line for every rule, and the whole that the banner, the tiles and the lists read."""
    for rule in engine.rules.rules:
        _rule(engine, rule, engine.rule_row[rule.id])
    for name, formula in _totals(engine).items():
        engine.set(engine.at[name], "=" + formula)


# ---------------------------------------------------------------- one line a rule


def _rule(engine: HiddenSheet, rule: Rule, row: int) -> None:
    cell = {part: engine.cell("rule", part, row) for part in engine.at["rule"]}
    counts = _counts(engine, rule)
    first = _first(engine, rule)
    engine.row("rule", row, {
        "rule": rule.id,
        **{name: "=" + formula for name, formula in counts.items()},
        "state": "=" + _state_word(engine, rule, cell),
        **{name: f'=IF({cell["failed"]}>0,{formula},"")' for name, formula in first.items()},
        "rank": "=" + _rank(engine, row),
    })  # fmt: skip


def _counts(engine: HiddenSheet, rule: Rule) -> dict[str, str]:
    if rule.check:
        return {"failed": "0", "waiting": "0", "not_applicable": "0"}
    if _is_input(engine, rule):
        codes = engine.column("field", "code", engine.field_row.values())
        earlier = [
            r.id for r in engine.rules.rules if _is_input(engine, r) and engine.rules.before(r.id, rule.id)
        ]
        waiting = "+".join(f"COUNTIF({codes},{excel_text(e)})" for e in earlier) or "0"
        return {
            "failed": f"COUNTIF({codes},{excel_text(rule.id)})",
            "waiting": waiting,
            "not_applicable": "0",
        }
    states = _states(engine, rule)
    names = {"failed": 1, "waiting": 2, "not_applicable": 3}
    return {name: f"COUNTIF({states},{n})" for name, n in names.items()}


def _first(engine: HiddenSheet, rule: Rule) -> dict[str, str]:
    """Message, link and place of the rule's first failing case."""
    if rule.check:
        return {}
    if _is_input(engine, rule):
        rows: Sequence[int] = list(engine.field_row.values())
        which = f"MATCH({excel_text(rule.id)},{engine.column('field', 'code', rows)},0)"
        typed = f"INDEX({engine.column('field', 'entry', rows)},{which})"
        said = {"message": message(rule.message, {}, lambda _: typed)}
        block = "field"
    else:
        rows = [row for (rule_id, _), row in engine.case_row.items() if rule_id == rule.id]
        which = f"MATCH(1,{engine.column('case', 'state', rows)},0)"
        said = {"message": f"INDEX({engine.column('case', 'message', rows)},{which})"}
        block = "case"
    return said | {p: f"INDEX({engine.column(block, p, rows)},{which})" for p in ("link", "place")}


def _state_word(engine: HiddenSheet, rule: Rule, cell: Mapping[str, str]) -> str:
    words = engine.words["states"]
    if rule.check:
        return excel_text(words["unrun"])
    failed = excel_text(words[rule.severity])
    if rule.open:
        failed = excel_text(words["waiting"])
    elif rule.takes_answer:
        failed = f"IF(LEN({cell['answer']})>0,{excel_text(words['answered'])},{failed})"
    elif earlier := [
        _failed(engine, engine.rules.of(b)) for b in rule.beside if engine.rules.before(b, rule.id)
    ]:
        failed = f"IF({'+'.join(earlier)}>0,{excel_text(words['same'])},{failed})"
    total = sum(c.rule.id == rule.id for c in engine.rules.cases)
    sound = f"IF({cell['waiting']}>0,{excel_text(words['waiting'])},{excel_text(words['passed'])})"
    sound = f"IF({cell['not_applicable']}={total},{excel_text(words['none'])},{sound})"
    return f"IF({cell['failed']}>0,{failed},{sound})"


def _rank(engine: HiddenSheet, row: int) -> str:
    """Errors first, then warnings, in the order of the list; the short list picks by rank."""
    rows = list(engine.rule_row.values())
    state, all_states = engine.cell("rule", "state", row), engine.column("rule", "state", rows)
    so_far = engine.column("rule", "state", [rows[0], row])
    error, warning = (engine.words["states"][w] for w in ("error", "warning"))
    return (
        f"IF({state}={excel_text(error)},COUNTIF({so_far},{excel_text(error)}),IF({state}={excel_text(warning)},"
        f'COUNTIF({all_states},{excel_text(error)})+COUNTIF({so_far},{excel_text(warning)}),""))'
    )


def _totals(engine: HiddenSheet) -> dict[str, str]:
    found = f"AND({engine.meta('unchanged')},LEN({engine.meta('pressed')})>0)"
    entries = engine.column("field", "entry", engine.field_row.values())
    typed = f"COUNT({entries})+" + "+".join(f"(LEN({engine.word(t)})>0)" for t in engine.form.texts)
    return {
        "sum": _check_sum(engine),
        "unchanged": _unchanged(engine),
        "errors": f"IF({found},{engine.meta('found_errors')},{_places(engine, 'error')})",
        "warnings": f"IF({found},{engine.meta('found_warnings')},{_places(engine, 'warning')})",
        "open": "+".join(_failed(engine, r) for r in engine.rules.rules if r.open),
        "filled": typed,
        "banner": _banner(engine, "banner"),
        "sign": _banner(engine, "sign"),
    }


def _check_sum(engine: HiddenSheet) -> str:
    rows = engine.field_row
    terms = [f"N({engine.cell('field', 'entry', rows[n])})*{w}" for n, w in weights(engine.form).items()]
    blanks = f"({len(rows)}-COUNT({engine.column('field', 'entry', rows.values())}))*{BLANK}"
    return f"ROUND({'+'.join([*terms, blanks])},4)"


def _unchanged(engine: HiddenSheet) -> str:
    """Whether every figure and every word is what it was at the last check."""
    at, first = engine.at["pressed_word"]["text"], engine.at["first_row"]
    same = [
        f'EXACT({engine.word(word)}&"",{engine.sheet.title}!${at}${first + n}&"")'
        for n, word in enumerate(checked_words(engine.form))
    ]
    figures = f"{engine.meta('sum')}={engine.meta('pressed_sum')}"
    return f"AND({','.join([figures, *same])})"


def _places(engine: HiddenSheet, severity: str) -> str:
    """How many places there are at least: of rules that break together, the one that broke most often.

    One wrong cell breaks at most one equation of each family, so no fewer cells can be wrong.
    """
    mine = [r for r in engine.rules.rules if r.severity == severity and not r.open and r.test]
    heads = [r for r in mine if engine.rules.leads(r)]
    counts = []
    for rule in heads:
        failed = [_failed(engine, engine.rules.of(i)) for i in (rule.id, *rule.beside)]
        answer = engine.cell("rule", "answer", engine.rule_row[rule.id])
        most = f"MAX({','.join(failed)})"
        counts.append(f"IF(LEN({answer})>0,0,{most})" if rule.takes_answer else most)
    return "+".join(counts)


def _banner(engine: HiddenSheet, what: str) -> str:
    words = engine.words["banner"]
    signs = {"fresh": "○", "errors": "×", "open": "○", "warnings": "！", "clean": "√"}
    said = {
        key: message(words[key], {}, engine.meta) if what == "banner" else excel_text(sign)
        for key, sign in signs.items()
    }
    errors, unfilled, warnings = (engine.meta(n) for n in ("errors", "open", "warnings"))
    return (
        f"IF({engine.meta('filled')}=0,{said['fresh']},IF({errors}>0,{said['errors']},"
        f"IF({unfilled}>0,{said['open']},IF({warnings}>0,{said['warnings']},{said['clean']}))))"
    )


def _failed(engine: HiddenSheet, rule: Rule) -> str:
    return engine.cell("rule", "failed", engine.rule_row[rule.id])


def _states(engine: HiddenSheet, rule: Rule) -> str:
    rows = [row for (rule_id, _), row in engine.case_row.items() if rule_id == rule.id]
    return engine.column("case", "state", rows)


def _is_input(engine: HiddenSheet, rule: Rule) -> bool:
    return any(c.is_input for c in engine.rules.cases if c.rule is rule)
