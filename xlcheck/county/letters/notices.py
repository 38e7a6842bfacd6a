"""The county's notices: which unit gets which letter, in which words, and the table of its faults."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

from xlcheck.core.filing import entry_text
from xlcheck.core.form import Form
from xlcheck.core.form_words import place_of
from xlcheck.county.audience import for_unit
from xlcheck.county.ledger.correction import correction_sentence
from xlcheck.county.letters.letter import Letter, LetterRow, letters_docx
from xlcheck.county.letters.letter_folder import changed_by_hand, free_paths, keep_all, written_before
from xlcheck.county.submission import Campaign, LedgerFinding, Return, Submission, newest_on
from xlcheck.data.county import Status, Verdict, county
from xlcheck.data.notices import notices
from xlcheck.report.layout import characters


class NoticesWritten(NamedTuple):
    """What a run wrote: who got a letter of each kind, and every file, the bound ones last of each.

    ``changed`` are those of an earlier run that somebody wrote in: they lie as they were.
    """

    returned: tuple[Submission, ...]
    missing: tuple[Submission, ...]
    paths: tuple[Path, ...]
    changed: tuple[Path, ...] = ()


class Sending(NamedTuple):
    """Who sends the letters, about what, when, and until when an answer is asked for."""

    campaign: Campaign
    office: str
    deadline: date
    today: date


Addressed = Sequence[tuple[Submission, Letter]]
# What else is sent to units: below a folder, by which letters, under which names, beside which files of ours.
Pack = Callable[[Path, Sending, Addressed, Sequence[str], Container[Path]], Iterator[tuple[Path, bytes]]]


def write_notices(
    campaign: Campaign,
    standings: Iterable[Submission],
    folder: Path,
    office: str,
    deadline: date,
    today: date,
    pack: Pack | None = None,
) -> NoticesWritten:
    """Write a letter to every unit that is to mend its return or has sent none, and all of a kind in one.

    ``office`` signs and is asked; its telephone may follow the name after a comma. What an earlier run
    wrote and nobody needs now is removed, unless somebody has changed it since. ``pack`` makes what else is
    sent to each. Raises Refused where a file cannot be written or removed.
    """
    sending = Sending(campaign, office, deadline, today)
    told: dict[Status, list[tuple[Submission, Letter]]] = {Status.RETURNED: [], Status.MISSING: []}
    for standing in standings:
        if standing.status in told and _has_to_say(standing):
            told[standing.status].append((standing, letter(sending, standing)))
    before, changed = written_before(folder), changed_by_hand(folder)
    written = keep_all(folder, _files(folder, sending, told, before, pack), before)
    returned, missing = (tuple(standing for standing, _ in named) for named in told.values())
    return NoticesWritten(returned, missing, tuple(written), tuple(changed))


def _files(
    folder: Path, sending: Sending, told: Mapping[Status, Addressed], before: Container[Path],
    pack: Pack | None,
) -> Iterator[tuple[Path, bytes]]:  # fmt: skip
    """Every file with its bytes, of each kind the single letters, those in one, and what else is sent."""
    words = notices().folder
    for name, named in zip((words.returned, words.missing), told.values(), strict=True):
        units = [standing.unit.name for standing, _ in named]
        paths = list(free_paths(folder / name, units, before))
        yield from ((path, letters_docx([one])) for path, (_, one) in zip(paths, named, strict=True))
        for bound in free_paths(folder, [words.bound.format(kind=name)] * bool(named), before):
            yield bound, letters_docx([one for _, one in named])
        if pack:
            yield from pack(folder, sending, named, [path.stem for path in paths], before)


def _has_to_say(standing: Submission) -> bool:
    """A returned unit whose findings are all settled since, and to whom no reason was given, needs none."""
    current = standing.current
    return not current or any(f.open for f in current.findings) or any(_reasons(standing, current))


def letter(sending: Sending, standing: Submission) -> Letter:
    """The letter to one unit: the faults of its newest return, or what the county still waits for."""
    unit, year, words = standing.unit.name, sending.campaign.year, notices().words
    if standing.current:
        own, parts = notices().returned, _mending(standing, standing.current)
        titles, until = (own.title, own.title_long), own.deadline
    else:
        asked, parts = notices().missing, _asking(sending, standing)
        titles, until = (asked.title,) * 2, asked.deadline
    opening, rows, closing = parts
    last = until.format(deadline=_weekday(sending.deadline), office=sending.office)
    sign = re.split(words.sign_ends, sending.office)[0]
    title, to = _title(*titles, unit=unit, year=year), words.to.format(unit=unit)
    lines = tuple(row._replace(cells=tuple(map(for_unit, row.cells))) for row in rows)
    said = tuple(map(for_unit, opening))
    return Letter(title, to, said, lines, (*closing, last), sign, _day(sending.today))


def _title(title: Sequence[str], for_long: Sequence[str], **names: object) -> tuple[str, ...]:
    """The title broken where its words end; a long name has a line of its own."""
    long = characters(title[0].format(**names)) > notices().words.title_most
    return tuple(line.format(**names) for line in (for_long if long else title))


Parts = tuple[Sequence[str], Sequence[LetterRow], Sequence[str]]  # what stands before the table, in it, after


def _mending(standing: Submission, current: Return) -> Parts:
    words = notices().returned
    file = shortened(PureWindowsPath(current.name).name, notices().finding.file_most)
    came = words.came.format(file=file, received=_day(current.received.date()), times=standing.times)
    if standing.correction:
        came += words.again.format(answer=correction_sentence(standing.correction))
    numbers = ((words.errors, current.errors), (words.warnings, current.warnings))
    counts = county().comma.join(said.format(n=n) for said, n in numbers if n)
    table = tuple(finding_rows(current)) if counts else ()
    code = words.code.format(code=current.code) if current.code else ""
    why = words.found.format(counts=counts) if counts else words.by_hand
    mend = words.mend if current.errors else words.mend_warned if counts else words.mend_by_hand
    closing = [mend, *[words.explain] * bool(current.warnings)]
    return [came + code + why, *_reasons(standing, current)], table, closing


def _reasons(standing: Submission, current: Return) -> Iterator[str]:
    """What the county itself wrote when it last sent this return back."""
    words, back = notices().returned, [d for d in standing.decided if d.verdict is Verdict.RETURN]
    last = newest_on(back, current.digest, current.after)
    if last and (text := last.reason.strip()):
        yield words.reason.format(text=text + ("" if text[-1:] in words.stops else words.stop))


def _asking(sending: Sending, standing: Submission) -> Parts:
    words, campaign = notices().missing, sending.campaign
    in_time, too_late = (
        (words.unread, words.unread_late) if standing.unread else (words.nothing, words.nothing_late)
    )
    state = (too_late if standing.late else in_time).format(
        today=_day(sending.today), year=campaign.year, late=standing.late
    )
    return [words.law.format(due=_day(campaign.due)), state, *standing.unread], (), [words.send]


def _day(day: date) -> str:
    return notices().words.day.format(date=day)


def _weekday(day: date) -> str:
    words = notices().words
    return words.weekday.format(day=_day(day), weekday=words.weekdays[day.weekday()])


# ---------------------------------------------------------------- the table of what is to be mended


def finding_rows(current: Return) -> Iterator[LetterRow]:
    """Errors before warnings, each in the order of the sheets, under the names of their sections."""
    form, words = current.edition.form, notices().finding
    sheets = list(form.sheets.values())

    def order(noted: LedgerFinding) -> tuple[bool, int]:
        return noted.severity != "error", sheets.index(form.where(noted.at)[0])

    def band(numbered: tuple[int, LedgerFinding]) -> str:
        noted = numbered[1]
        field = form.fields.get(noted.at)
        section = form.sections[field.table] if field else form.where(noted.at)[0]
        return words.band.format(severity=words.severity[noted.severity], section=section)

    found = enumerate(sorted((f for f in current.findings if f.open), key=order), 1)
    for title, group in groupby(found, band):
        yield LetterRow((title,), joined=True)
        for number, noted in group:
            yield from _finding(current, number, noted)


def _finding(current: Return, number: int, noted: LedgerFinding) -> Iterator[LetterRow]:
    """One finding, and below it the other cells that are to be changed together with its own."""
    also = (noted.told.get("fix") or {}).get("also", ())
    cells = (
        _place(current, noted), _entry(current, noted), _should(current, noted), _message(current, noted),
    )  # fmt: skip
    yield LetterRow((str(number), *cells), joined=bool(also))
    for n, other in enumerate(also, 1):
        place = _cell(current.edition.form, other["field"])
        together = notices().finding.joined.format(number=number)
        yield LetterRow(
            ("", place, _stood(other["from"]), entry_text(other["to"]), together), joined=n < len(also)
        )


def _place(current: Return, noted: LedgerFinding) -> str:
    """The place in the form's words, its sheet and cell, and the few cells it was compared with."""
    form, rule, words = current.edition.form, current.edition.rules.of(noted.rule), notices().finding
    if noted.at in form.cover and rule.needs == "file":  # for want of a cell it stands on the cover
        return rule.where
    place, beside = _cell(form, noted.at), [n for n in noted.told.get("fields", ()) if n != noted.at]
    if noted.told.get("fix") or not 0 < len(beside) <= words.beside_most:
        return place
    return place + words.beside.format(cells=_cells(form, beside, noted.at))


def _cell(form: Form, at: str) -> str:
    sheet, cell = form.where(at)
    return notices().finding.place.format(place=place_of(form, at), sheet=sheet, cell=cell)


def _cells(form: Form, names: Iterable[str], here: str) -> str:
    """The addresses of cells, with their sheet where that is another than the sheet one is at."""
    comma, words, home = county().comma, notices().finding, form.where(here)[0]
    grouped = groupby(map(form.where, names), lambda where: where[0])
    sheets = [(sheet, comma.join(cell for _, cell in some)) for sheet, some in grouped]
    return comma.join(
        cells if sheet == home else words.sheet.format(sheet=sheet, cells=cells) for sheet, cells in sheets
    )


def _message(current: Return, noted: LedgerFinding) -> str:
    """The message; words it repeats are cut as they are beside it, since what to do comes after them."""
    words, found = notices().finding, entry_text(_found(current, noted))
    short = shortened(found, words.entry_most)
    message = noted.message.replace(found, short) if short != found else noted.message
    return shortened(message, words.message_most)


def _entry(current: Return, noted: LedgerFinding) -> str:
    """What stands there; a dash for a text as a whole, a file, or numbers of persons."""
    words, found = notices().finding, _found(current, noted)
    file = current.edition.rules.of(noted.rule).needs == "file"
    whole = found is None and current.filing.texts.get(noted.at)
    return words.nothing if file or whole or noted.rule in words.private else _stood(found)


def _found(current: Return, noted: LedgerFinding) -> object:
    if noted.at in current.edition.form.texts:
        return noted.told.get("quote")
    return current.filing.values.get(noted.at, current.filing.word(noted.at))


def _stood(entry: object) -> str:
    words = notices().finding
    if entry is None or entry == "":
        return words.blank
    text = shortened(entry_text(entry), words.entry_most)
    return words.typed.format(text=text) if isinstance(entry, str) else text


def _should(current: Return, noted: LedgerFinding) -> str:
    """What it should be where that is certain, else what it may be; never a guess without saying so."""
    words, form = notices().finding, current.edition.form
    if fix := noted.told.get("fix"):
        return entry_text(fix["to"])
    if noted.at not in form.fields:
        return words.read
    ways = list(dict.fromkeys(_way(form, noted.at, way) for way in noted.told.get("candidates", ())))
    said = words.either.join(ways[: words.ways_most])
    more = words.more.format(ways=said, count=len(ways)) if len(ways) > words.ways_most else said
    return words.perhaps.format(ways=more) if ways else words.look


def _way(form: Form, at: str, way: dict[str, Any]) -> str:
    """One possible mending: the figure of this cell, and with it or instead those of others."""
    words = notices().finding
    first, *others = [
        entry_text(f["to"]) if f["field"] == at
        else words.also_to.format(cell=_cells(form, [f["field"]], at), to=entry_text(f["to"]))
        for f in (way, *way.get("also", ()))
    ]  # fmt: skip
    return words.together.format(to=first, others=county().comma.join(others)) if others else first


def shortened(text: str, most: tuple[int, int]) -> str:
    """A text that is too long for its cell without its middle: what it is about and what to do stay."""
    begins, ends = most
    return text if len(text) <= begins + ends + 2 else text[:begins] + notices().finding.cut + text[-ends:]
