"""One unit as the page opens it: its facts, its findings in the form's words, its figures of two years."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from xlcheck.core.filing import Values, figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import table_called
from xlcheck.core.formula import Entry
from xlcheck.county.places import place_of
from xlcheck.county.submission import Decision, LedgerFinding, Return, Submission
from xlcheck.data.dashboard import dashboard
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition

EXACT = 2**53  # what a browser's number carries without loss
ContractFix = Mapping[str, Any]  # as the contract has it: field, from, to, why
FigureList = list[int | str | None]


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


def detail(edition: Edition, standing: Submission) -> dict[str, Any]:
    """Everything the page shows of one unit; ``edition`` is the county's, whose tables are drawn.

    ``now`` and ``last`` are the figures in the form's order. What only another edition has is left out,
    and what it lacks is null.
    """
    current, form = standing.current, edition.form
    record: dict[str, Any] = {"facts": list(unit_facts(standing)), "unread": list(standing.unread)}
    if standing.last is not None:
        record["last"] = figures_in(form, standing.last)
    if current:
        own = current.edition.form
        record["now"] = figures_in(form, stated_values(own, current.filing))
        record["found"] = [finding(form, own, noted) for noted in current.findings]
        record["ran"] = [list(current.ran.get(rule.id, ())) for rule in edition.rules.rules]
        record["said"] = list(quoted_sentences(current))
    return record


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
    unit, current, words, moment = standing.unit, standing.current, dashboard().unit, dashboard().moment
    if current:
        yield words.sent.format(n=standing.times, at=moment.minute.format(at=current.received))
    if standing.late:
        yield (words.late if current else words.overdue).format(n=standing.late)
    yield from _decision(standing)
    if unit.contact:
        yield words.contact.format(contact=unit.contact)
    if unit.phone:
        yield words.phone.format(phone=unit.phone)
    if current:
        yield current.name
        if current.code:
            yield workbook().words.code.format(code=current.code)
    elif standing.last_received:
        late = words.last_late.format(n=standing.last_late) if standing.last_late else ""
        yield words.last_sent.format(at=moment.day.format(at=standing.last_received)) + late


def _decision(standing: Submission) -> Iterator[str]:
    """The newest decision on a whole return; one on an older return is said to be so."""
    whole = [d for d in standing.decided if not d.mark]
    if whole:
        words = dashboard().unit
        newest: Decision = max(whole, key=lambda d: d.made)
        what = words.verdict[newest.verdict].format(at=dashboard().moment.minute.format(at=newest.made))
        if standing.current and newest.digest != standing.current.digest:
            what = words.earlier.format(what=what)
        yield words.reason.format(what=what, reason=newest.reason) if newest.reason else what


def finding(form: Form, own: Form, noted: LedgerFinding) -> dict[str, Any]:
    """One finding: where, the line in bold (before, figure, after), the reasons, the cells it touches."""
    told, fields = noted.told, {name: n for n, name in enumerate(form.fields)}
    fix, either = told.get("fix"), told.get("candidates", ())
    mended = [fix, *fix.get("also", ())] if fix else []
    proof = [*told.get("fields", ()), *(b["at"] for b in told.get("because", ()))]
    marked = {f["field"] for f in mended} | {noted.at}
    line, reasons = _line_and_reasons(own, noted)
    return {
        "kind": noted.severity,
        "place": place_in_form(own, noted.at).put(dashboard().unit.place),
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


def _line_and_reasons(own: Form, noted: LedgerFinding) -> tuple[list[str], list[str]]:
    """The line in bold and the reasons under it."""
    words = dashboard().unit
    fix = noted.told.get("fix")
    either = noted.told.get("candidates", ())
    if fix:
        others = [words.also.format(**_change(own, f)) for f in fix.get("also", ())]
        return _change_line(noted, fix, [fix["to"]]), [fix["why"], *others]
    here = [f for f in either if f["field"] == noted.at]
    there = [words.either.format(**_change(own, f)) for f in either if f["field"] != noted.at]
    if here:
        return _change_line(noted, here[0], [f["to"] for f in here]), [noted.message, *there]
    first = first_sentence(noted.message)
    return [first, "", ""], [*filter(None, [noted.message.removeprefix(first)]), *there]


def _change_line(noted: LedgerFinding, fix: ContractFix, to: Sequence[Any]) -> list[str]:
    words, blank = dashboard().unit, fix["from"] is None
    if noted.severity == "error" and len(to) == 1:
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


def headline(own: Form, noted: LedgerFinding) -> str:
    """A finding in one line, as the list shows it: 表三“（一）予以公开 · 自然人”填 21，应为 12."""
    words = dashboard().unit
    head = place_in_form(own, noted.at).put(words.head)
    line, _ = _line_and_reasons(own, noted)
    if line[1]:
        return head + "".join(line)
    if noted.at in own.fields:
        return words.plain.format(head=head, say=line[0].rstrip(words.stop))
    return line[0]


def quoted_sentences(current: Return) -> Iterator[tuple[str, list[tuple[str, int]]]]:
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
        section = place_of(current.edition.form, at)
        yield section, _stretches(current.filing.texts[at], first, last, sorted(marks))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence or sentences around a quote."""
    stops = [m.end() for m in re.finditer(dashboard().stop, text)]
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
