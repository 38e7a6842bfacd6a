"""The catalogue read for one edition: its rules in force expanded into cases, and what is wrong refused."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from xlcheck.core.expression import parse
from xlcheck.core.form import Form
from xlcheck.core.form_words import in_form_words, texts_of
from xlcheck.core.formula import Call, CellRef, Formula, FormulaError, Term, TextLiteral
from xlcheck.core.grid import FormError, NotInForm, OnlyElsewhere
from xlcheck.core.rules import COVER, LAST, Case, Rules
from xlcheck.data.rules import KINDS, SENTENCES, Rule, RuleBook, placeholders

WHOLE = ("all", "cover", "text")  # the parts of the list that are about no one table
Bound = Mapping[str, str]  # the names of ``each``, and what each stands for in one case
WordLists = Mapping[str, tuple[str, ...]]
Others = Callable[[], Iterable[Form]]


def read_rules(book: RuleBook, form: Form, words: Mapping[str, str] = {}, others: Others = tuple) -> Rules:
    """Expand the catalogue for one edition; refuse what the language or the form does not have.

    A rule about what only ``others``, the forms of all editions, have is not in force. ``words`` are what
    the forms say in advice and reasons. Raises FormulaError naming the rule, what is wrong with it, and
    what may be meant.
    """
    _only_once(book)
    in_years = [r for r in book.rule if r.since <= form.last_year and form.first_year <= r.until]
    words = {**words, "edition": form.edition}
    read = (_refusing(worded(rule, words), form, {**book.words, **book.phrases}, others) for rule in in_years)
    mine = [one for one in read if one]
    return Rules(tuple(rule for rule, _ in mine), tuple(c for _, cases in mine for c in cases), book.typed)


def worded(rule: Rule, words: Mapping[str, str]) -> Rule:
    """A rule with what the forms say in its reasons; in its advice, which edition is for which years.

    Anything else in an advice is said where the finding is made.
    """
    if not any("{" in text for text in (rule.advice, rule.why, rule.legal)):
        return rule
    years = {name: text for name, text in words.items() if name == "editions"}
    return rule._replace(
        advice=_fill(rule.advice, years), why=_fill(rule.why, words), legal=_fill(rule.legal, words)
    )


def _only_once(book: RuleBook) -> None:
    ids = [rule.id for rule in book.rule]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise FormulaError(f"{', '.join(twice)}: the id stands twice in the catalogue")


def _refusing(rule: Rule, form: Form, words: WordLists, others: Others) -> tuple[Rule, list[Case]] | None:
    """A rule in the form's words and its cases, None where it is not in force; any fault with its id."""
    try:
        if rule.sheet not in (*WHOLE, *form.tables):
            _known(rule.sheet, {*WHOLE, *form.tables, *(table for one in others() for table in one.tables)})
            return None
        rule, lacking = _in_form_words(rule, form)
        if lacking:
            _needs_another(lacking, others)
        if rule.check:
            return None if lacking else (rule, [])
        cases = [case for case in _cases(rule, form, words, others) if case]
        _consistent(rule, cases, form)
        if cases and lacking:
            raise lacking
        return (rule, cases) if cases else None
    except (FormulaError, FormError, SyntaxError) as wrong:
        raise FormulaError(f"{rule.id}: {wrong}") from wrong


def _in_form_words(rule: Rule, form: Form) -> tuple[Rule, NotInForm | None]:
    """A rule with what its sentences say of the form; or as it is, with what the form lacks."""
    try:
        texts: dict[str, Any] = {key: in_form_words(form, getattr(rule, key)) for key in SENTENCES}
    except NotInForm as wrong:
        return rule, wrong
    return rule._replace(**texts), None


def _cases(rule: Rule, form: Form, words: WordLists, others: Others) -> Iterator[Case | None]:
    """A case for every choice; None for one about what only another edition has."""
    try:
        each = {name: _each(spec, form, others) for name, spec in rule.each.items()}
    except NotInForm as wrong:
        _needs_another(wrong, others)
        yield None
        return
    if list(each) == ["x"] and each["x"] and each["x"][0] in form.fields:
        # The same question asked of many number cells is read once, and asked of each as it stands.
        first = _case(rule, form, {"x": each["x"][0]}, words, others)
        yield from (first._replace(at=x) for x in each["x"])
        return
    for choice in product(*each.values()):
        try:
            yield _case(rule, form, dict(zip(each, choice, strict=True)), words, others)
        except NotInForm as wrong:
            _needs_another(wrong, others)
            yield None


def _needs_another(wrong: NotInForm, others: Others) -> None:
    """Raise it again unless some other edition has the place that this one has not."""
    if not isinstance(wrong, OnlyElsewhere) and not _is_in(others, wrong.name):
        raise wrong


def _is_in(others: Others, name: str) -> bool:
    return any(form.has(name.removeprefix(LAST)) for form in others())


def _case(rule: Rule, form: Form, bound: Bound, words: WordLists, others: Others) -> Case:
    years = {"first_year": str(form.first_year), "last_year": str(form.last_year)}
    bound = {**bound, "tables": " + ".join(f"sum({table})" for table in form.tables)}
    let = {name: _fill(text, bound) for name, text in rule.let.items()} | dict(bound) | years
    entries = frozenset((*COVER, *form.texts, *(o.id for o in form.options)))

    def read(text: str) -> Formula:
        return parse(_fill(text, bound), members_of(form, others), entries, let, words)

    labels = {f"{n}_label": form.labels[v] for n, v in bound.items() if v in form.labels}
    labels |= {"edition": form.edition}
    test = read(rule.test)
    when = read(text) if (text := _when(rule, form)) else None
    at = next((c for c in test.cells if not c.startswith(LAST)), "")
    shown = placeholders(rule.message)
    for name in shown:
        _known(name, (*labels, *let, *entries))
    needs = tuple(dict.fromkeys((*test.needs, *(when.needs if when else ()))))
    say = {name: read(name) for name in shown if name not in labels}
    compared = tuple(c for c in test.cells if c in form.fields)
    return Case(rule, at, test, when, say, labels, needs, "x" in rule.each and at in form.fields, compared)


def _when(rule: Rule, form: Form) -> str:
    """When the rule applies; one that came or went within the edition only in its years."""
    if form.first_year >= rule.since and rule.until >= form.last_year:
        return rule.when
    years = f"given(year) == 0 or given(year) >= {rule.since} and given(year) <= {rule.until}"
    return f"({rule.when}) and ({years})" if rule.when else years


def members_of(form: Form, others: Others) -> Callable[[str], tuple[str, ...]]:
    def members(name: str) -> tuple[str, ...]:
        before = LAST if name.startswith(LAST) else ""
        try:
            return tuple(before + n for n in form.members(name.removeprefix(LAST)))
        except NotInForm as wrong:
            if _is_in(others, name):
                raise OnlyElsewhere(form.edition, wrong.name) from None
            raise

    return members


def _each(spec: str | tuple[str, ...], form: Form, others: Others) -> list[str]:
    """``t3.rows`` and ``t3.columns`` are the table's leaves; other words are kinds of fields."""
    if not isinstance(spec, str):
        return list(spec)
    if spec == "fields":
        return list(form.fields)
    if spec == "texts":
        return list(texts_of(form))
    table, dot, axis = spec.partition(".")
    if dot:
        if table not in form.tables:
            _known(table, {*form.tables, *(name for other in others() for name in other.tables)})
            raise NotInForm(form.edition, table)
        mine = [f for f in form.fields.values() if f.table == table]
        return list(dict.fromkeys(f.row.id if axis == "rows" else f.column.id for f in mine))
    kinds = {KINDS[_known(word, KINDS)] for word in spec.split()}
    return [f.name for f in form.fields.values() if f.kind in kinds]


def _fill(text: str, bound: Bound) -> str:
    for name, value in bound.items():
        text = text.replace(f"{{{name}}}", value)
    return text


# ---------------------------------------------------------------- what is refused


def _known(word: str, known: Iterable[str]) -> str:
    """The word, if it is one of these; else say which may be meant."""
    words = sorted(known)
    if word in words:
        return word
    from difflib import get_close_matches  # only for who mistypes; the offline page has none

    near = get_close_matches(word, words, 1, 0.5)
    meant = f"'{near[0]}' may be meant" if near else f"known are {', '.join(words)}"
    raise FormulaError(f"'{word}' is not known; {meant}")


def _consistent(rule: Rule, cases: list[Case], form: Form) -> None:
    """Names that nothing uses, choices that nobody can make, a place that is missing."""
    used = re.findall(r"(?<![\w.])\w+", " ".join((rule.test, rule.when, rule.message, *rule.let.values())))
    for name in (*rule.let, *rule.each):
        if name not in used and f"{name}_label" not in used:
            raise FormulaError(f"'{name}' is named and never used")
    choices = {option.id: option.choices for option in form.options}
    for case in cases:
        if not case.at:
            raise FormulaError("the test names no cell of this year")
        for formula in filter(None, (case.test, case.when)):
            for name, text in _compared(formula.term):
                _known(text, choices.get(name, (text,)))
        if rule.carries:
            _carried(case.test)


def _carried(test: Formula) -> None:
    match test.term:
        case Call("Eq", (CellRef(), _)):
            return
    raise FormulaError(f"'{test.text}' carries nothing over; write cell == what it is")


def _compared(term: Term) -> Iterator[tuple[str, str]]:
    """Which entries are compared with which words."""
    match term:
        case Call("same" | "any_of", (CellRef(name), *texts)):
            yield from ((name, one.text) for one in texts if isinstance(one, TextLiteral))
        case Call(_, args):
            for arg in args:
                yield from _compared(arg)
