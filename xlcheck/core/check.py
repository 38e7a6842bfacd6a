"""Try every rule on a filing: what was found, and what ran."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.filing import Filing, entry_text, figure_text, stated_values
from xlcheck.core.finding import SEVERITIES, Finding, Fix, Result, RuleOutcome, State
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry, Lookup
from xlcheck.core.rules import COVER, LAST, Case, Rules
from xlcheck.data.rules import Mistyped, Rule

LONGEST = 200  # letters of a text in which a figure may be read
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")  # no width: left by web pages and chats


class JudgedFigures(NamedTuple):
    """The filing as the rules see it: what is stated, and what may be used.

    ``refused`` are the cells wrong before any sum, each with its rule; ``usable`` has None for them.
    """

    filing: Filing
    stated: Mapping[str, Entry]
    refused: Mapping[str, str]
    usable: Mapping[str, Entry]

    def as_stated(self, name: str) -> Entry:
        """What stands at a name, as a message shows it: also what was refused."""
        return self.stated.get(name, self.usable.get(name))


def check(form: Form, rules: Rules, filing: Filing, last: Filing | None = None) -> Result:
    """Try every rule; a cell that holds no figure silences only the rules that need it.

    ``last`` is last year's filing, of either edition; without it the rules across years do not apply.
    """
    figures, states = judged(form, rules, filing, last)
    ended = [(case, state) for case, state in zip(rules.cases, states, strict=True) if state]
    failed = [case for case, state in ended if state is State.FAILED]
    found = [_finding(case, form, rules, figures) for case in failed if not case.rule.together]
    found += _together([case for case in failed if case.rule.together], form)
    refused = {case.at for case in failed if case.is_input}  # nobody asks how such a figure looks
    noted = (note for note in _noted(rules, filing) if not (note[0].only_asks and note[1] in refused))
    found += [_note(form, rule, place, words, filing) for rule, place, words in noted]
    order = {name: n for n, name in enumerate(sheet_order(form))}
    found.sort(key=lambda f: (*_rank(f, rules), order.get(f.at, 0)))
    return Result(tuple(found), tuple(_ran(rules, ended, found, filing.notes)))


def with_text_findings(
    rules: Rules, result: Result, more: Iterable[Finding], looked: Collection[str]
) -> Result:
    """Add findings made elsewhere, say in the text: errors still first, and every rule's count right.

    ``looked`` are the rules that were tried there; one of them without a finding has passed.
    """
    added = tuple(f for f in more if f.rule not in rules.off)
    found = sorted((*result.findings, *added), key=lambda f: _rank(f, rules))
    failed, tried = Counter(f.rule for f in added), set(looked) - rules.off
    ran = (
        RuleOutcome(r.rule, max(1, n := failed[r.rule]), n, 0, 0) if r.rule in tried else r
        for r in result.ran
    )
    return Result(tuple(found), tuple(ran))


def told_once(form: Form, rules: Rules, result: Result, joined: str) -> Result:
    """Tell a figure that can hardly be meant and what else is asked of the same figure as one finding.

    An error of the text is told, and says of the figure what is odd about it; else the doubt is, until she
    has answered that the figure is right. ``joined`` is how a place and what was found there are said.
    """
    found = list(result.findings)
    for doubt in (f for f in result.findings if rules.of(f.rule).doubts and not f.answer):
        asked = [f for f in found if doubt.at in f.fields and not (f.answer or rules.of(f.rule).doubts)]
        text = next((f for f in asked if f.severity == "error" and f.at in form.texts), None)
        head = text or doubt
        said = joined.format(place=form.fields[doubt.at].place, message=doubt.message) if text else ""
        rest = [f for f in (doubt, *asked) if f.severity != "error" and f is not head]
        told = head._replace(advice=head.advice + said, because=(*head.because, *rest))
        found = [told if f is head else f for f in found if all(f is not one for one in rest)]
    return result._replace(findings=tuple(found))


def in_order(form: Form, rules: Rules, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What to mend first: the certain, what is wrong in itself, what has to be looked up; the texts last."""
    place = {name: n for n, name in enumerate(sheet_order(form))}

    def order(f: Finding) -> tuple[int, bool, bool, int, int]:
        tier = 0 if f.fix else 1 if rules.of(f.rule).of_one_cell else 2 if f.candidates else 3
        return *_rank(f, rules), f.at in form.texts, tier, place.get(f.at, 0)

    return tuple(sorted(findings, key=order))


def judged(
    form: Form, rules: Rules, filing: Filing, last: Filing | None
) -> tuple[JudgedFigures, list[State]]:
    """How every case of every rule ends, in the order of the cases."""
    stated = stated_values(form, filing)
    noted = {place for rule, place, _ in _noted(rules, filing) if not rule.only_asks}
    refused = {place: rule.id for rule, place, _ in _noted(rules, filing) if rule.silences}
    states = [State.PASSED] * len(rules.cases)
    for at, asked in rules.inputs.items():
        broken = None if at in noted else asked.first(stated[at])
        if broken is not None:
            first = rules.cases[asked.numbers[broken]].rule
            if first.silences:
                refused[at] = first.id
            for n in asked.numbers:
                states[n] = _beside(first, rules.cases[n].rule, rules)
        elif at in refused:
            for n in asked.numbers:
                states[n] = State.NOT_RUNNABLE
    usable = _usable(filing, last, stated, refused)
    known = {name for name, entry in usable.items() if entry is not None}
    for n in rules.between:
        states[n] = _state(rules.cases[n], usable.get, known)
    return JudgedFigures(filing, stated, refused, usable), states


def _rank(finding: Finding, rules: Rules) -> tuple[int, bool]:
    """Errors first; of each severity what is about the report before what is about the workbook."""
    return SEVERITIES.index(finding.severity), rules.of(finding.rule).comes_last


def sheet_order(form: Form) -> tuple[str, ...]:
    """Every place in the order of the sheets: the cover, the tables, the texts."""
    return (*form.cover, *form.fields, *form.texts)


def _usable(
    filing: Filing, last: Filing | None, stated: Mapping[str, Entry], refused: Collection[str]
) -> dict[str, Entry]:
    """What stands at every name; a cell that was refused or holds no figure is None."""
    usable: dict[str, Entry] = {**filing.texts, **{n: o for n, o in filing.options.items() if o}}
    usable |= {name: filing.word(name) for name in COVER}
    figures = {n: entry for n, entry in stated.items() if isinstance(entry, Decimal) and n not in refused}
    usable |= dict.fromkeys(stated) | figures
    before = last.values.items() if last else ()
    return usable | {LAST + name: entry for name, entry in before if isinstance(entry, Decimal)}


def _beside(first: Rule, rule: Rule, rules: Rules) -> State:
    """How a cell's own rules end where ``first`` refuses it: the later ones are not asked."""
    if rule.id == first.id:
        return State.FAILED
    return State.NOT_RUNNABLE if rules.before(first.id, rule.id) else State.PASSED


def _state(case: Case, usable: Lookup, known: set[str]) -> State:
    if not known.issuperset(case.needs):
        missing = set(case.needs) - known
        return State.NOT_APPLICABLE if any(n.startswith(LAST) for n in missing) else State.NOT_RUNNABLE
    if case.when and not case.when.value(usable):
        return State.NOT_APPLICABLE
    return State.PASSED if case.test.value(usable) else State.FAILED


def _finding(case: Case, form: Form, rules: Rules, figures: JudgedFigures) -> Finding:
    raw = figures.stated.get(case.at)
    entry: Lookup = (lambda _: raw) if case.is_input else figures.as_stated
    words = {name: entry_text(formula.value(entry)) for name, formula in case.say.items()}
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
    for rule in (r for r in rules.rules if r.check and r.id not in rules.off):
        for place, words in filing.notes.get(rule.check, ()):
            yield rule, place, words


def _note(form: Form, rule: Rule, place: str, words: str, filing: Filing) -> Finding:
    message = re.sub(r"\{\w+\}", lambda _: words, rule.message)
    answer = filing.answers.get(rule.id, "") if rule.takes_answer else ""
    fields = (place,) if place in form.fields else ()
    return Finding(rule.id, rule.severity, place, message, rule.advice, fields, answer=answer)


def _ran(
    rules: Rules, ended: list[tuple[Case, State]], found: list[Finding], noted: Collection[str]
) -> Iterator[RuleOutcome]:
    """How each rule ended; one that names a check nobody made here has not run.

    What looks at the tables has passed until something is found. ``ended`` are the cases that did not pass.
    """
    counts = Counter((case.rule.id, state) for case, state in ended)
    failed = Counter(f.rule for f in found)
    for rule in rules.rules:
        if rule.check and rule.id in rules.off:
            yield RuleOutcome(rule.id, 1, 0, 0, 1)
        elif rule.check:
            unseen = not failed[rule.id] and rule.check not in noted and rule.needs != "tables"
            last = rule.needs == "last"
            yield RuleOutcome(
                rule.id, max(1, failed[rule.id]), failed[rule.id], unseen and not last, unseen and last
            )
        else:
            broken, unrun, none = (counts[rule.id, state] for state in State if state)
            yield RuleOutcome(rule.id, rules.counts.get(rule.id, 0), broken, unrun, none)


def retype(at: str, raw: str, typed: tuple[Mistyped, ...]) -> tuple[str, Fix | None, tuple[Fix, ...]]:
    """What to type instead of a text: certain where a figure can be read in it, else only likely.

    The last way of ``typed`` speaks for any text, and alone for one too long for a figure.
    """
    if len(raw) > LONGEST:
        return typed[-1].advice, None, ()
    text = UNSEEN.sub("", unicodedata.normalize("NFKC", raw)).strip()
    said = {t: re.fullmatch(t.pattern, text, re.DOTALL) for t in typed}  # a cell may hold line breaks
    hint = next(t for t, found in said.items() if found and not (t.unless and re.search(t.unless, text)))
    if hint.zero or hint.number:
        found = said[hint]
        to = Decimal(found.group(1).replace(",", "")) if hint.number and found else Decimal(0)
        advice = hint.advice.format(number=figure_text(to))
        fix = Fix(at, raw, to, advice)
        return advice, fix if hint.number else None, () if hint.number else (fix,)
    return hint.advice, None, ()
