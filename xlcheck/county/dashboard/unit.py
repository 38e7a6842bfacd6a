"""One unit as the page opens it: its facts, its findings in the form's words, its figures of two years."""

import re
from collections.abc import Iterator
from typing import Any

from xlcheck.core.filing import figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import place_of
from xlcheck.county.assessment import Score
from xlcheck.county.ledger.correction import answer_sentence
from xlcheck.county.ledger.publications import publication_lines, publication_sentence
from xlcheck.county.submission import LedgerFinding, Return, Submission
from xlcheck.data.assessment import assessment
from xlcheck.data.county import county
from xlcheck.data.dashboard import dashboard
from xlcheck.data.published import published_facts
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.report.on_page import figures_in, finding_record, line_and_reasons, place_in_form, stretches


def detail(edition: Edition, standing: Submission, score: Score | None = None) -> dict[str, Any]:
    """Everything the page shows of one unit; ``edition`` is the county's, whose tables are drawn.

    ``now`` and ``last`` are the figures in the form's order. What only another edition has is left out,
    and what it lacks is null.
    """
    current, form = standing.current, edition.form
    record: dict[str, Any] = {"facts": list(unit_facts(standing)), "unread": list(standing.unread)}
    record["past"] = list(_past(standing))
    record["beside"] = [*_published_lines(edition, standing), *_score_lines(score)]
    if standing.last is not None:
        record["last"] = figures_in(form, standing.last)
    if current:
        own = current.edition.form
        record["now"] = figures_in(form, stated_values(own, current.filing))
        record["found"] = [finding_record(form, own, noted) for noted in current.findings]
        record["ran"] = [list(current.ran.get(rule.id, ())) for rule in edition.rules.rules]
        record["said"] = list(quoted_sentences(current))
    return record


def unit_facts(standing: Submission) -> Iterator[str]:
    """The line under the name: what came when, what was decided, whom to call, which file it was."""
    unit, current, words, moment = standing.unit, standing.current, dashboard().unit, dashboard().moment
    if current:
        yield words.sent.format(n=standing.times, at=moment.minute.format(at=current.received))
    if standing.late:
        yield (words.late if current else words.overdue).format(n=standing.late)
    if answer := answer_sentence(standing):
        yield answer
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


def _past(standing: Submission) -> Iterator[tuple[str, str]]:
    """What happened between the office and the unit, and who did it."""
    for at, what, person in standing.past:
        by = county().history.by.format(person=person) if person else ""
        yield dashboard().moment.minute.format(at=at), what + by


def _published_lines(edition: Edition, standing: Submission) -> Iterator[tuple[str, list[str]]]:
    """The unit's published report beside what was accepted; nothing while nobody has looked at any."""
    if standing.published is None or (not standing.published and standing.current is None):
        return
    say = published_facts().say
    lines = [
        line
        for page in standing.published
        for line in (
            say.past.format(file=page.path, said=publication_sentence(page)),
            *publication_lines(page, edition),
        )
    ]
    yield say.panel, lines or [say.missing_word]


def _score_lines(score: Score | None) -> Iterator[tuple[str, list[str]]]:
    """The unit's points, and what each comes from."""
    if score:
        say, sources = assessment().say, assessment().source
        lines = [
            say.line.format(
                title=item.title, said=item.said, source=sources[item.source],
                points=say.open if item.points is None else figure_text(item.points),
            )
            for item in score.items
        ]  # fmt: skip
        yield say.panel.format(total=figure_text(score.total)), lines


def _decision(standing: Submission) -> Iterator[str]:
    """The newest decision on a whole return; one on an older return is said to be so."""
    whole = [d for d in standing.decided if d.whole]
    if whole:
        words, newest = dashboard().unit, whole[-1]
        what = words.verdict[newest.verdict].format(at=dashboard().moment.minute.format(at=newest.made))
        if newest is not standing.decision:
            what = words.earlier.format(what=what)
        yield words.reason.format(what=what, reason=newest.reason) if newest.reason else what


def headline(own: Form, noted: LedgerFinding) -> str:
    """A finding in one line, as the list shows it: 表三“（一）予以公开 · 自然人”填 21，应为 12."""
    words = dashboard().unit
    head = place_in_form(own, noted.at).put(words.head)
    line, _ = line_and_reasons(own, noted)
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
        parts = stretches(current.filing.texts[at], first, last, sorted(marks))
        yield section, [part for part in parts if part[0].strip()]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence or sentences around a quote."""
    stops = [m.end() for m in re.finditer(dashboard().stop, text)]
    first = max((s for s in stops if s <= start), default=0)
    return first, min((s for s in stops if s >= end), default=len(text))
