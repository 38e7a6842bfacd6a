"""All that happened between the office and each unit: what came, what was decided, what was sent."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.ledger.arrivals import Came, Files, arrival_sentence
from xlcheck.county.ledger.decisions import Decisions, undone
from xlcheck.county.ledger.publications import publication_sentence
from xlcheck.county.submission import Decision, Event, Publication
from xlcheck.county.tasks import named
from xlcheck.data.county import Outcome, Status, county
from xlcheck.data.published import published_facts

Dated = tuple[int, datetime, Event]


def events(
    db: Connection, files: Files, decided: Decisions, published: Iterable[Publication] = ()
) -> dict[int, list[Event]]:
    """By unit, every arrival, decision, letter and published page by their days, and what became of each."""
    found: dict[int, list[tuple[datetime, Event]]] = defaultdict(list)
    counts, taken_back = _finding_counts(db, files.year), undone(decided.all)
    rules = rules_decided_on(db, decided.all)
    for row in files.rows:
        if row.unit is not None:
            came = _arrival(files, row, counts[row.digest])
            found[row.unit].append((row.noted, Event(row.received, came)))
    for one in decided.all:
        if one.unit is not None:
            words = decision_words(files, one, rules, taken_back.get(one.number))
            found[one.unit].append((one.made, Event(one.made, words, one.person)))
    for unit, moment, said in _letters(db, files.year):
        found[unit].append((moment, said))
    for page in (page for page in published if page.unit is not None):
        file = page.path.rpartition("/")[2]
        what = published_facts().say.past.format(file=file, said=publication_sentence(page))
        found[page.unit or 0].append((page.noted, Event(page.noted, what, page.person)))
    return {unit: [said for _, said in sorted(some, key=_order)] for unit, some in found.items()}


def _order(noted: tuple[datetime, Event]) -> tuple[datetime, datetime]:
    """By the minute that is told, then as the ledger noted it: a file's own time has no parts of a second."""
    moment, event = noted
    return event.at.replace(second=0, microsecond=0), moment


def _arrival(files: Files, row: Came, counts: Counter[str]) -> str:
    """A file that came: what was found in it and whether it is the one that counts, or why it does not."""
    words, file, outcome = county().history, files.called[row.path], files.fate[row.id]
    if row.refusal is not None:
        return words.unread.format(file=file, refusal=named(row.refusal, row.path))
    if outcome in (Outcome.YEAR, Outcome.EDITION):
        return words.unread.format(file=file, refusal=arrival_sentence(outcome, row, files.year))
    sentence = words.came if counts["error"] or counts["warning"] else words.came_clean
    said = sentence.format(file=file, errors=counts["error"], warnings=counts["warning"])
    newest = files.sent.get(row.unit or 0, [])[-1:]
    if outcome is Outcome.RETURN and (row.path, row.digest) not in [(n.path, n.digest) for n in newest]:
        outcome = Outcome.OLDER
    became = words.counts if outcome is Outcome.RETURN else county().arrival.word[outcome]
    return words.became.format(what=said, became=became)


def _file(files: Files, one: Decision) -> str:
    """What the file is called that a decision was on, by the place where it lay then."""
    there = [row for row in files.rows if row.digest == one.digest and row.after < one.number]
    there = [row for row in there if row.id == one.arrival] or there
    return files.called[max(there, key=lambda row: row.id).path] if there else ""


def rules_decided_on(db: Connection, decided: Iterable[Decision]) -> dict[str, str]:
    """The rule of each finding that something was decided on, by its fingerprint."""
    marks, f = {one.mark for one in decided if one.mark}, t.finding.c
    with db.begin():
        rows = db.execute(select(f.mark, f.rule).where(f.mark.in_(marks)).distinct()).all()
    return {row.mark: row.rule for row in rows}


def decision_words(
    files: Files, one: Decision, rules: Mapping[str, str], taken_back: Decision | None = None
) -> str:
    """A decision in words: on which file where it is on one, on a finding, what it took back, and why.

    ``rules`` as of ``rules_decided_on``.
    """
    words, verdict = county().history, county().verdict[one.verdict]
    if taken_back:
        return words.undone.format(verdict=verdict, what=decision_words(files, taken_back, rules))
    file, day = _file(files, one), f" {one.day}" if one.day else ""
    sentence = words.on_finding if one.mark else words.decided if one.whole else words.on_file
    said = sentence.format(verdict=verdict, file=file, day=day, rule=rules.get(one.mark, ""))
    why = county().comma.join(filter(None, (one.reason, one.note)))
    return words.because.format(what=said, why=why) if why else said


def _letters(db: Connection, year: int) -> Iterator[Dated]:
    words = county().history
    query = select(t.letter).filter_by(year=year).order_by(t.letter.c.id)
    with db.begin():
        rows = list(db.execute(query).mappings())
    for row in rows:
        sentence = words.returned if row["status"] == Status.RETURNED else words.missing
        said = sentence.format(deadline=row["deadline"])
        yield row["unit_id"], row["made"], Event(row["made"], said, row["person"])


def _finding_counts(db: Connection, year: int) -> dict[str, Counter[str]]:
    """How many errors and reminders were found in each file of a year's collection."""
    f, a = t.finding.c, t.arrival.c
    there = select(a.digest).where(a.campaign == year)
    query = (
        select(t.filing.c.digest, f.severity, func.count())
        .join(t.filing, t.filing.c.id == f.filing_id)
        .where(t.filing.c.digest.in_(there))
        .group_by(t.filing.c.digest, f.severity)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with db.begin():
        for digest, severity, count in db.execute(query).all():
            found[digest][severity] = count
    return found
