"""One unit as the page opens it: its facts, its findings in the form's words, its figures of two years."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.core.filing import Filing, Values, figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.county.submission import Decision, LedgerFinding, Return, Submission
from xlcheck.editions import edition_named

EXACT = 2**53  # what a browser's number carries without loss
Told = Mapping[str, Any]
FigureList = list[int | str | None]


class PlaceInForm(NamedTuple):
    """A place in the form's own words: 表三, （一）予以公开 · 自然人."""

    table: str
    name: str

    def say(self, how: str) -> str:
        return say(how, table=self.table, place=self.name)


def say(name: str, **words: object) -> str:
    sentence: str = data.toml("dashboard")["unit"][name]
    return sentence.format(**words)


def moment(how: str, at: object) -> str:
    sentence: str = data.toml("dashboard")["moment"][how]
    return sentence.format(at=at)


def place_in_form(form: Form, at: str) -> PlaceInForm:
    """Where a field, a text, a cover entry or an option stands."""
    words = data.toml("dashboard")["unit"]
    if at in form.fields:
        return PlaceInForm(words["tables"][form.fields[at].table], form.fields[at].place)
    return PlaceInForm(words["text" if at in form.texts else "cover"], form.labels[at])


def detail(form: Form, rules: Sequence[str], standing: Submission) -> dict[str, Any]:
    """Everything the page shows of one unit; ``form`` is the county's, whose tables are drawn.

    ``now`` and ``last`` are the figures in the form's order. What only another edition has is left out,
    and what it lacks is null.
    """
    current = standing.current
    told: dict[str, Any] = {"facts": list(unit_facts(standing)), "unread": list(standing.unread)}
    if standing.last:
        told["last"] = figure_lists(form, standing.last)
    if current:
        own = edition_named(current.filing.edition).form
        told["now"] = figure_lists(form, current.filing)
        told["found"] = [finding(form, own, noted) for noted in current.findings]
        told["ran"] = [list(current.ran.get(rule, ())) for rule in rules]
        told["said"] = list(quoted_sentences(own, current))
    return told


def figure_lists(form: Form, filing: Filing) -> FigureList:
    return figures_in(form, stated_values(edition_named(filing.edition).form, filing))


def figures_in(form: Form, values: Values) -> FigureList:
    """Figures in the form's order, null for a blank and for what the form does not have."""
    return [_figure(values.get(name)) for name in form.fields]


@lru_cache(4096)  # nearly all of a province's figures are small numbers, and most are 0
def _figure(entry: Entry) -> int | str | None:
    """A figure as the page carries it: whole numbers as they are, others in the clerk's own writing."""
    if not isinstance(entry, Decimal):
        return entry
    return int(entry) if entry == entry.to_integral_value() and abs(entry) < EXACT else figure_text(entry)


def unit_facts(standing: Submission) -> Iterator[str]:
    """The line under the name: what came when, what was decided, whom to call, which file it was."""
    unit, current = standing.unit, standing.current
    if current:
        yield say("sent", n=standing.times, at=moment("minute", current.received))
    if standing.late:
        yield say("late" if current else "overdue", n=standing.late)
    yield from _decision(standing)
    if unit.contact:
        yield say("contact", contact=unit.contact)
    if unit.phone:
        yield say("phone", phone=unit.phone)
    if current:
        yield current.name
    elif standing.last_received:
        late = say("last_late", n=standing.last_late) if standing.last_late else ""
        yield say("last_sent", at=moment("day", standing.last_received)) + late


def _decision(standing: Submission) -> Iterator[str]:
    """The newest decision on a whole return; one on an older return is said to be so."""
    whole = [d for d in standing.decided if not d.mark]
    if whole:
        newest: Decision = max(whole, key=lambda d: d.made)
        what = say(newest.verdict, at=moment("minute", newest.made))
        if standing.current and newest.digest != standing.current.digest:
            what = say("earlier", what=what)
        yield say("reason", what=what, reason=newest.reason) if newest.reason else what


def finding(form: Form, own: Form, noted: LedgerFinding) -> dict[str, Any]:
    """One finding: where, the line in bold (before, figure, after), the reasons, the cells it touches."""
    told, fields = noted.told, {name: n for n, name in enumerate(form.fields)}
    fix, either = told.get("fix"), told.get("candidates", ())
    mended = [fix, *fix.get("also", ())] if fix else []
    proof = [*told.get("fields", ()), *(b["at"] for b in told.get("because", ()))]
    marked = {f["field"] for f in mended} | {noted.at}
    line, reasons = _said(own, noted)
    return {
        "kind": noted.severity,
        "place": place_in_form(own, noted.at).say("place"),
        "cell": noted.cell,
        "line": line,
        "why": reasons,
        "at": fields.get(noted.at, -1),
        "mend": [[fields[f["field"]], contract_figure(f["to"])] for f in mended if f["field"] in fields],
        "either": [[fields[f["field"]], contract_figure(f["to"])] for f in either if f["field"] in fields],
        "proof": [fields[name] for name in dict.fromkeys(proof) if name in fields and name not in marked],
        "answer": noted.answer,
        "accepted": noted.accepted,
    }


def contract_figure(value: Any) -> str:
    """A figure of the JSON contract as a clerk writes it; a float is exact there."""
    if isinstance(value, float):
        return figure_text(Decimal(repr(value)))
    return "" if value is None else str(value)


def _said(own: Form, noted: LedgerFinding) -> tuple[list[str], list[str]]:
    """The line in bold and the reasons under it."""
    fix = noted.told.get("fix")
    either = noted.told.get("candidates", ())
    if fix:
        others = [say("also", **_change(own, f)) for f in fix.get("also", ())]
        return _change_line(noted, fix, [fix["to"]]), [fix["why"], *others]
    here = [f for f in either if f["field"] == noted.at]
    there = [say("either", **_change(own, f)) for f in either if f["field"] != noted.at]
    if here:
        return _change_line(noted, here[0], [f["to"] for f in here]), [noted.message, *there]
    first = first_sentence(noted.message)
    return [first, "", ""], [*filter(None, [noted.message.removeprefix(first)]), *there]


def _change_line(noted: LedgerFinding, fix: Told, to: Sequence[Any]) -> list[str]:
    certain = noted.severity == "error" and len(to) == 1
    blank = fix["from"] is None
    how = ("blank" if blank else "filled") if certain else ("perhaps_blank" if blank else "perhaps")
    comma = data.toml("dashboard")["unit"]["comma"]
    return [say(how, was=_stood(fix)), comma.join(map(contract_figure, to)), ""]


def _change(own: Form, fix: Told) -> dict[str, str]:
    return {
        "place": place_in_form(own, fix["field"]).name,
        "was": _stood(fix),
        "to": contract_figure(fix["to"]),
    }


def _stood(fix: Told) -> str:
    """What stood there; a text that looks like a figure is told to be a text."""
    stood = fix["from"]
    return say("typed", text=stood) if isinstance(stood, str) else contract_figure(stood)


def first_sentence(message: str) -> str:
    found = re.match(data.toml("dashboard")["sentence"], message)
    return found.group() if found else message


def headline(own: Form, noted: LedgerFinding) -> str:
    """A finding in one line, as the list shows it: 表三“（一）予以公开 · 自然人”填 21，应为 12."""
    head = place_in_form(own, noted.at).say("head")
    line, _ = _said(own, noted)
    if line[1]:
        return head + "".join(line)
    return say("plain", head=head, say=line[0].rstrip("。")) if noted.at in own.fields else line[0]


def quoted_sentences(own: Form, current: Return) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """The sentences that findings quote: the section, and stretches of text with the finding's number.

    A stretch that no finding quotes has the number -1. Only these sentences are in the page, not the text.
    """
    spots: dict[tuple[str, int, int], list[tuple[int, int, int]]] = {}
    for number, noted in enumerate(current.findings):
        quote, text = noted.told.get("quote", ""), current.filing.texts.get(noted.at, "")
        start = text.find(quote) if quote else -1
        if start >= 0:
            around = _sentence(text, start, start + len(quote))
            spots.setdefault((noted.at, *around), []).append((start, start + len(quote), number))
    for (at, first, last), marks in sorted(spots.items()):
        yield own.labels[at], _stretches(current.filing.texts[at], first, last, sorted(marks))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence or sentences around a quote."""
    stops = [m.end() for m in re.finditer(data.toml("dashboard")["stop"], text)]
    first = max((s for s in stops if s <= start), default=0)
    return first, min((s for s in stops if s >= end), default=len(text))


def _stretches(
    text: str, first: int, last: int, marks: Sequence[tuple[int, int, int]]
) -> list[tuple[str, int]]:
    parts, at = [], first
    for start, end, number in marks:
        if start >= at:  # a quote within another one is marked once
            parts += [(text[at:start], -1), (text[start:end], number)]
            at = end
    return [part for part in (*parts, (text[at:last], -1)) if part[0].strip()]
