"""Try every rule on a filing: what was found, and what ran."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.filing import Filing, show, stated_values
from xlcheck.core.finding import Finding, Fix, Ran, Result, State
from xlcheck.core.form import TABLES, Form
from xlcheck.core.language import Entry, Lookup
from xlcheck.core.retype import retype
from xlcheck.core.rules import LAST, Case, Rule, Rules


class Figures(NamedTuple):
    """The filing as the rules see it: stated figures, and the cells refused before any sum."""

    filing: Filing
    last: Filing | None
    stated: Mapping[str, Entry]
    refused: Mapping[str, str]

    def entry(self, name: str) -> Entry:
        """What stands at a name; a cell that was refused, and a year not at hand, is None."""
        if name.startswith(LAST):
            found = self.last.values.get(name.removeprefix(LAST)) if self.last else None
            return found if isinstance(found, Decimal) else None
        if name.startswith(TABLES):
            return None if name in self.refused else self.stated.get(name)
        return self.filing.word(name)

    def shown(self, name: str) -> Entry:
        """What stands at a name, as a message shows it: also what was refused."""
        return self.stated.get(name, self.entry(name))


def check(form: Form, rules: Rules, filing: Filing, last: Filing | None = None) -> Result:
    """Try every rule; a cell that holds no figure silences only the rules that need it.

    ``last`` is last year's filing, of either edition; without it the rules across years do not apply.
    """
    figures, states = judged(form, rules, filing, last)
    failed = [case for case, state in states if state is State.FAILED]
    found = [_finding(case, form, rules, figures) for case in failed if not case.rule.together]
    found += _together([case for case in failed if case.rule.together], form)
    found += [_note(rule, place, words, rules, filing) for rule, place, words in _noted(rules, filing)]
    order = {name: n for n, name in enumerate((*filing_order(form), *form.fields))}
    found.sort(key=lambda f: (_RANK[f.severity], f.rule >= "R9", order.get(f.at, 0)))
    return Result(tuple(found), tuple(_ran(rules, states, found, filing.notes)))


def joined(result: Result, more: Iterable[Finding], looked: Collection[str]) -> Result:
    """Add findings made elsewhere, say in the text: errors still first, and every rule's count right.

    ``looked`` are the rules that were tried there; one of them without a finding has passed.
    """
    added = tuple(more)
    found = sorted((*result.findings, *added), key=lambda f: (_RANK[f.severity], f.rule >= "R9"))
    failed = Counter(f.rule for f in added)
    ran = (Ran(r.rule, max(1, n := failed[r.rule]), n, 0, 0) if r.rule in looked else r for r in result.ran)
    return Result(tuple(found), tuple(ran))


def judged(
    form: Form, rules: Rules, filing: Filing, last: Filing | None
) -> tuple[Figures, list[tuple[Case, State]]]:
    """How every case of every rule ends."""
    stated = stated_values(form, filing)
    broken = dict(_inputs(rules, filing, stated))
    mute = {r.id for r in rules.rules if r.silences}
    refused = {name: case.rule.id for name, case in broken.items() if case.rule.id in mute}
    refused |= {place: rule.id for rule, place, _ in _noted(rules, filing) if rule.silences}
    figures = Figures(filing, last, stated, refused)
    return figures, [(case, _state(case, figures, broken)) for case in rules.cases]


_RANK = {"error": 0, "warning": 1, "info": 2}


def filing_order(form: Form) -> tuple[str, ...]:
    return ("unit", "year", "kind", "contact", *form.texts)


def _inputs(rules: Rules, filing: Filing, stated: Mapping[str, Entry]) -> Iterator[tuple[str, Case]]:
    """For each cell wrong in itself, the first rule that refuses it; the later ones are not asked."""
    noted = {place for _, place, _ in _noted(rules, filing)}
    seen: set[str] = set()
    for case in rules.cases:
        fresh = case.is_input and case.at not in seen and case.at not in noted
        if fresh and not case.test.value(_always(stated[case.at])):
            seen.add(case.at)
            yield case.at, case


def _always(entry: Entry) -> Lookup:
    """A number cell's own test asks about one cell only, whatever name it calls it by."""
    return lambda _: entry


def _state(case: Case, figures: Figures, broken: Mapping[str, Case]) -> State:
    if case.is_input:
        if case.at in figures.refused and case.at not in broken:
            return State.NOT_RUNNABLE
        if case.at in broken:
            first = broken[case.at]
            if case.rule.id == first.rule.id:
                return State.FAILED
            return State.NOT_RUNNABLE if case.rule.id > first.rule.id else State.PASSED
        return State.PASSED
    missing = [n for n in case.needs if figures.entry(n) is None]
    if any(n.startswith(LAST) for n in missing):
        return State.NOT_APPLICABLE
    if missing:
        return State.NOT_RUNNABLE
    if case.when and not case.when.value(figures.entry):
        return State.NOT_APPLICABLE
    return State.PASSED if case.test.value(figures.entry) else State.FAILED


def _finding(case: Case, form: Form, rules: Rules, figures: Figures) -> Finding:
    raw = figures.stated.get(case.at)
    entry = _always(raw) if case.is_input else figures.shown
    words = {name: show(formula.value(entry)) for name, formula in case.say.items()}
    advice, fix = case.rule.advice, None
    candidates: tuple[Fix, ...] = ()
    if isinstance(raw, str) and case.is_input:
        advice, fix, candidates = retype(case.at, raw, rules.typed)
    message = case.rule.message.format(**words, **case.labels)
    answer = figures.filing.answers.get(case.rule.id, "") if case.rule.takes_answer else ""
    return Finding(
        case.rule.id, case.rule.severity, case.at, message, advice, case.fields, fix, candidates, "", answer
    )


def _together(cases: list[Case], form: Form) -> Iterator[Finding]:
    """Tell the same fault in many cells of a table once, at the first of them."""
    for rule, table in {c.rule.id + (t := form.fields[c.at].table): (c.rule, t) for c in cases}.values():
        places = tuple(c.at for c in cases if c.rule is rule and form.fields[c.at].table == table)
        message = rule.together.format(count=len(places)) if len(places) > 1 else rule.message
        yield Finding(rule.id, rule.severity, places[0], message, rule.advice, places)


def _noted(rules: Rules, filing: Filing) -> Iterator[tuple[Rule, str, str]]:
    """What reading the file itself has noted, for the rules that name a check instead of a test."""
    for rule in rules.rules:
        for place, words in filing.notes.get(rule.check, ()) if rule.check else ():
            yield rule, place, words


def _note(rule: Rule, place: str, words: str, rules: Rules, filing: Filing) -> Finding:
    message = re.sub(r"\{\w+\}", lambda _: words, rule.message)
    answer = filing.answers.get(rule.id, "") if rule.takes_answer else ""
    fields = (place,) if place.startswith(TABLES) else ()
    return Finding(rule.id, rule.severity, place, message, rule.advice, fields, answer=answer)


def _ran(
    rules: Rules, states: list[tuple[Case, State]], found: list[Finding], noted: Collection[str]
) -> Iterator[Ran]:
    """How each rule ended; one that names a check nobody made here has not run."""
    ended = Counter((case.rule.id, state) for case, state in states)
    failed = Counter(f.rule for f in found)
    for rule in rules.rules:
        if rule.check:
            unseen = not failed[rule.id] and rule.check not in noted
            last = rule.needs == "last"
            yield Ran(rule.id, max(1, failed[rule.id]), failed[rule.id], unseen and not last, unseen and last)
        else:
            passed, broken, unrun, none = (ended[rule.id, state] for state in State)
            yield Ran(rule.id, passed + broken + unrun + none, broken, unrun, none)
