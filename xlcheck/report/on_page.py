"""One filing as a page shows it: figures in the form's order, findings in the form's words, quoted sentences.

Of the county's page and of the offline one alike; the script that draws it is data/dashboard_view.js.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from xlcheck.core.filing import Values, figure_text
from xlcheck.core.form import Form
from xlcheck.core.form_words import place_of, table_called
from xlcheck.core.formula import Entry
from xlcheck.data.dashboard import dashboard
from xlcheck.data.rules import Rule, Severity

EXACT = 2**53  # what a browser's number carries without loss
ContractFix = Mapping[str, Any]  # as the contract has it: field, from, to, why
FigureList = list[int | str | None]
Marked = Sequence[tuple[int, int, int]]  # from, to, and the number of what marks it


class PageFinding(Protocol):
    """A finding that a page shows: the JSON contract of DESIGN §5 in ``told``, and what became of it."""

    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def at(self) -> str: ...
    @property
    def cell(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def told(self) -> Mapping[str, Any]: ...
    @property
    def answer(self) -> str: ...
    @property
    def accepted(self) -> str: ...


class PlaceInForm(NamedTuple):
    """A place in the form's own words: 表三, （一）予以公开 · 自然人."""

    table: str
    name: str

    def put(self, sentence: str) -> str:
        return sentence.format(table=self.table, place=self.name)


def place_in_form(form: Form, at: str) -> PlaceInForm:
    """Where a field, a text, a cover entry or an option stands."""
    words = dashboard().unit
    if at in form.fields:
        return PlaceInForm(table_called(form, form.fields[at].table), place_of(form, at))
    return PlaceInForm(words.text if at in form.texts else words.cover, place_of(form, at))


def figures_in(form: Form, values: Values) -> FigureList:
    """Figures in the form's order, null for a blank and for what the form does not have."""
    return [_figure(values.get(name)) for name in form.fields]


@lru_cache(4096)  # nearly all of a province's figures are small numbers, and most are 0
def _figure(entry: Entry) -> int | str | None:
    """A figure as the page carries it: whole numbers as they are, others in the clerk's own writing."""
    if not isinstance(entry, Decimal):
        return entry
    return int(entry) if entry == entry.to_integral_value() and abs(entry) < EXACT else figure_text(entry)


def finding_record(form: Form, own: Form, noted: PageFinding) -> dict[str, Any]:
    """One finding: where, the line in bold (before, figure, after), the reasons, the cells it touches."""
    told, fields = noted.told, {name: n for n, name in enumerate(form.fields)}
    fix, either = told.get("fix"), told.get("candidates", ())
    mended = [fix, *fix.get("also", ())] if fix else []
    pairs = ((fields[f["field"]], contract_figure(f["to"])) for f in either if f["field"] in fields)
    proof = [*told.get("fields", ()), *(b["at"] for b in told.get("because", ()))]
    marked = {f["field"] for f in mended} | {noted.at}
    line, reasons = line_and_reasons(own, noted)
    return {
        "rule": noted.rule,
        "kind": noted.severity,
        "place": place_in_form(own, noted.at).put(dashboard().unit.place),
        "cell": noted.cell,
        "line": line,
        "why": reasons,
        "at": fields.get(noted.at, -1),
        "mend": [[fields[f["field"]], contract_figure(f["to"])] for f in mended if f["field"] in fields],
        "either": [list(pair) for pair in dict.fromkeys(pairs)],
        "proof": [fields[name] for name in dict.fromkeys(proof) if name in fields and name not in marked],
        "answer": noted.answer,
        "accepted": noted.accepted,
    }


def contract_figure(value: Any) -> str:
    """A figure of the JSON contract as a clerk writes it; a float is exact there."""
    if isinstance(value, float):
        return figure_text(Decimal(repr(value)))
    return "" if value is None else str(value)


def line_and_reasons(own: Form, noted: PageFinding) -> tuple[list[str], list[str]]:
    """The line in bold and the reasons under it."""
    fix = noted.told.get("fix")
    either = noted.told.get("candidates", ())
    if fix:
        others = [_with_it(own, f) for f in fix.get("also", ())]
        blanks = others and fix["from"] is None  # its reason names the others too
        reason = first_sentence(noted.message) if blanks else fix["why"]
        return _change_line(fix, [fix["to"]], certain=noted.severity == "error"), [reason, *others]
    here = [f for f in either if f["field"] == noted.at]
    there = list(_other_ways(own, noted))
    if here:
        figures = list(dict.fromkeys(f["to"] for f in here))
        return _change_line(here[0], figures, certain=False), [noted.message, *there]
    first = first_sentence(noted.message)
    return [first, "", ""], [*filter(None, [noted.message.removeprefix(first)]), *there]


def _with_it(own: Form, fix: ContractFix) -> str:
    words = dashboard().unit
    return (words.also_blank if fix["from"] is None else words.also).format(**_change(own, fix))


def _other_ways(own: Form, noted: PageFinding) -> Iterator[str]:
    """Each way of mending that neither the message tells nor the line in bold, with all that it changes.

    The message tells the likeliest of those that change several cells.
    """
    words = dashboard().unit
    ways = [[way, *way.get("also", ())] for way in noted.told.get("candidates", ())]
    alone = [way for way in ways if len(way) == 1 and way[0]["field"] == noted.at]
    told = [way for way in ways[:1] if way[0]["field"] == noted.at]
    others = [way for way in ways if way not in alone and way not in told]
    for way in others[: words.ways_most]:
        yield words.either.format(ways=words.semicolon.join(words.way.format(**_change(own, f)) for f in way))
    if len(others) > words.ways_most:
        yield words.more_ways.format(count=len(others) - words.ways_most)


def _change_line(fix: ContractFix, to: Sequence[Any], *, certain: bool) -> list[str]:
    words, blank = dashboard().unit, fix["from"] is None
    if certain:
        line = words.blank if blank else words.filled
    else:
        line = words.perhaps_blank if blank else words.perhaps
    return [line.format(was=_stood(fix)), words.comma.join(map(contract_figure, to)), ""]


def _change(own: Form, fix: ContractFix) -> dict[str, str]:
    return {"place": place_of(own, fix["field"]), "was": _stood(fix), "to": contract_figure(fix["to"])}


def _stood(fix: ContractFix) -> str:
    """What stood there; a text that looks like a figure is told to be a text."""
    stood = fix["from"]
    return dashboard().unit.typed.format(text=stood) if isinstance(stood, str) else contract_figure(stood)


def first_sentence(message: str) -> str:
    found = re.match(dashboard().sentence, message)
    return found.group() if found else message


def stretches(text: str, first: int, last: int, marks: Marked) -> list[tuple[str, int]]:
    """A part of a text in stretches, each with the number of what marks it; -1 where nothing does."""
    parts, at = [], first
    for start, end, number in marks:
        if start >= at:  # a quote within another one is marked once
            parts += [(text[at:start], -1), (text[start:end], number)]
            at = end
    return [part for part in (*parts, (text[at:last], -1)) if part[0]]


def rule_families(form: Form, rules: Sequence[Rule]) -> Iterator[tuple[str, list[int]]]:
    """Which rules are told together, by their numbers; their tables are named where the label asks."""
    for family, label in dashboard().family.items():
        if numbers := [n for n, rule in enumerate(rules) if rule.family == family]:
            of = {rules[n].sheet for n in numbers}
            tables = dashboard().unit.comma.join(table_called(form, t) for t in form.tables if t in of)
            yield label.format(tables=tables), numbers
