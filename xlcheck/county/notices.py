"""The county's notices: which unit gets which letter, and in which words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.core.filing import Filing, show
from xlcheck.county.standing import Campaign, Noted, Return, Standing, Status, Verdict
from xlcheck.files.catalogue import edition
from xlcheck.files.layout import characters
from xlcheck.files.letter import Letter, Row, document, free_paths, keep_all, written_before


class Written(NamedTuple):
    """What a run wrote: how many letters of each kind, and every file, the bound ones last of each."""

    returned: int
    missing: int
    paths: tuple[Path, ...]


class Sending(NamedTuple):
    """Who sends the letters, about what, when, and until when an answer is asked for."""

    campaign: Campaign
    office: str
    deadline: date
    today: date


def write_notices(
    campaign: Campaign, standings: Iterable[Standing], folder: Path, office: str, deadline: date, today: date
) -> Written:
    """Write a letter to every unit that is to mend its return or has sent none, and all of a kind in one.

    ``office`` signs and is asked; its telephone may follow the name after a comma. What an earlier run
    wrote and nobody needs now is removed, unless somebody has changed it since. Raises Refused where a
    file cannot be written or removed.
    """
    sending, words = Sending(campaign, office, deadline, today), data.toml("notices")["folder"]
    told: dict[Status, list[tuple[str, Letter]]] = {Status.RETURNED: [], Status.MISSING: []}
    for standing in standings:
        if standing.status in told:
            told[standing.status].append((standing.unit.name, letter(sending, standing)))
    before = written_before(folder, [folder, *(folder / words[status] for status in told)])
    files: dict[Path, bytes] = {}
    for status, named in told.items():
        paths = free_paths(folder / words[status], [name for name, _ in named], before)
        files |= {path: document([one]) for path, (_, one) in zip(paths, named, strict=True)}
        for bound in free_paths(folder, [words["bound"].format(kind=words[status])] * bool(named), before):
            files[bound] = document([one for _, one in named])
    keep_all(folder, files, before)
    return Written(len(told[Status.RETURNED]), len(told[Status.MISSING]), tuple(files))


def letter(sending: Sending, standing: Standing) -> Letter:
    """The letter to one unit: the faults of its newest return, or what the county still waits for."""
    unit, year = standing.unit.name, sending.campaign.year
    words, said = data.toml("notices")[standing.status], data.toml("notices")["words"]
    parts = _mending(standing, standing.current) if standing.current else _asking(sending, standing)
    opening, rows, closing = parts
    until = words["deadline"].format(deadline=_weekday(sending.deadline), office=sending.office)
    sign = re.split(said["sign_ends"], sending.office)[0]
    title, to = _title(words, unit=unit, year=year), said["to"].format(unit=unit)
    return Letter(title, to, tuple(opening), tuple(rows), (*closing, until), sign, _day(sending.today))


def _title(words: dict[str, Any], **names: object) -> tuple[str, ...]:
    """The title broken where its words end; a long name has a line of its own."""
    most = data.toml("notices")["words"]["title_most"]
    long = characters(words["title"][0].format(**names)) > most
    return tuple(line.format(**names) for line in words["title_long" if long else "title"])


Parts = tuple[Sequence[str], Sequence[Row], Sequence[str]]  # what stands before the table, in it, after it


def _mending(standing: Standing, current: Return) -> Parts:
    words = data.toml("notices")["returned"]
    file, day = _cut(PureWindowsPath(current.name).name, "file_most"), _day(current.received.date())
    came = words["came"].format(file=file, received=day, times=standing.times)
    numbers = {"errors": current.errors, "warnings": current.warnings}
    counts = _and(words[name].format(n=n) for name, n in numbers.items() if n)
    rows = tuple(_rows(current)) if counts else ()
    why = words["found"].format(counts=counts) if counts else words["by_hand"]
    mend = "mend" if current.errors else "mend_warned" if counts else "mend_by_hand"
    closing = [words[mend], *[words["explain"]] * bool(current.warnings)]
    return [came + why, *_reasons(standing, current)], rows, closing


def _reasons(standing: Standing, current: Return) -> Iterator[str]:
    """What the county itself wrote when it last sent this return back."""
    words = data.toml("notices")["returned"]
    whole = (Verdict.RETURN, current.digest, "")
    mine = [d for d in standing.decided if (d.verdict, d.digest, d.mark) == whole]
    for last in sorted(mine, key=lambda d: d.made)[-1:]:
        for name, text in (("reason", last.reason.strip()), ("note", last.note.strip())):
            end = "" if text[-1:] in words["stops"] else words["stop"]
            yield from [words[name].format(text=text + end)] * bool(text)


def _asking(sending: Sending, standing: Standing) -> Parts:
    words, campaign = data.toml("notices")["missing"], sending.campaign
    state = ("unread" if standing.unread else "nothing") + ("_late" if standing.late else "")
    stands = words[state].format(today=_day(sending.today), year=campaign.year, late=standing.late)
    return [words["law"].format(due=_day(campaign.due)), stands, *standing.unread], (), [words["send"]]


def _day(day: date) -> str:
    return str(data.toml("notices")["words"]["day"].format(date=day))


def _weekday(day: date) -> str:
    words = data.toml("notices")["words"]
    return str(words["weekday"].format(day=_day(day), weekday=words["weekdays"][day.weekday()]))


# ---------------------------------------------------------------- the table of what is to be mended


def _rows(current: Return) -> Iterator[Row]:
    """Errors before warnings, each in the order of the sheets, under the names of their sections."""
    form = edition(current.filing.edition).form
    sheets = list(form.sheets.values())

    def order(noted: Noted) -> tuple[bool, int]:
        return noted.severity != "error", sheets.index(form.where(noted.at)[0])

    def band(numbered: tuple[int, Noted]) -> str:
        noted = numbered[1]
        field = form.fields.get(noted.at)
        section = form.sections[field.table] if field else form.where(noted.at)[0]
        return _say("band", severity=_say(noted.severity), section=section)

    found = enumerate(sorted((f for f in current.findings if f.open), key=order), 1)
    for title, group in groupby(found, band):
        yield Row((title,), joined=True)
        for number, noted in group:
            yield from _finding(current.filing, number, noted)


def _finding(filing: Filing, number: int, noted: Noted) -> Iterator[Row]:
    """One finding, and below it the other cells that are to be changed together with its own."""
    also = (noted.told.get("fix") or {}).get("also", ())
    cells = (_place(filing, noted), _entry(filing, noted), _should(filing, noted), _message(filing, noted))
    yield Row((str(number), *cells), joined=bool(also))
    for n, other in enumerate(also, 1):
        place, together = _cell(filing, other["field"]), _say("joined", number=number)
        yield Row(("", place, _shown(other["from"]), show(other["to"]), together), joined=n < len(also))


def _place(filing: Filing, noted: Noted) -> str:
    """The place in the form's words, its sheet and cell, and the few cells it was compared with."""
    made = edition(filing.edition)
    rule = made.rules.of(noted.rule)
    if noted.at in made.form.cover and rule.needs == "file":  # for want of a cell it stands on the cover
        return rule.where
    place, beside = _cell(filing, noted.at), [n for n in noted.told.get("fields", ()) if n != noted.at]
    if noted.told.get("fix") or not 0 < len(beside) <= _words()["beside_most"]:
        return place
    return place + _say("beside", cells=_cells(filing, beside, noted.at))


def _cell(filing: Filing, at: str) -> str:
    form = edition(filing.edition).form
    name = form.fields[at].place if at in form.fields else form.labels[at]
    sheet, cell = form.where(at)
    return _say("place", place=name, sheet=sheet, cell=cell)


def _cells(filing: Filing, names: Iterable[str], here: str) -> str:
    """The addresses of cells, with their sheet where that is another than the sheet one is at."""
    where = edition(filing.edition).form.where
    sheets = [(sheet, _and(c for _, c in g)) for sheet, g in groupby(map(where, names), lambda w: w[0])]
    home = where(here)[0]
    return _and(cells if s == home else _say("sheet", sheet=s, cells=cells) for s, cells in sheets)


def _message(filing: Filing, noted: Noted) -> str:
    """The message; words it repeats are cut as they are beside it, since what to do comes after them."""
    found = show(_found(filing, noted))
    short = _cut(found, "entry_most")
    return _cut(noted.message.replace(found, short) if short != found else noted.message, "message_most")


def _entry(filing: Filing, noted: Noted) -> str:
    """What stands there; a dash for a text as a whole, a file, or numbers of persons."""
    file = edition(filing.edition).rules.of(noted.rule).needs == "file"
    found = _found(filing, noted)
    whole = found is None and filing.texts.get(noted.at)
    return _say("nothing") if file or whole or noted.rule in _words()["private"] else _shown(found)


def _found(filing: Filing, noted: Noted) -> object:
    if noted.at in edition(filing.edition).form.texts:
        return noted.told.get("quote")
    return filing.values.get(noted.at, filing.word(noted.at))


def _shown(entry: object) -> str:
    if entry is None or entry == "":
        return _say("blank")
    text = _cut(show(entry), "entry_most")
    return _say("typed", text=text) if isinstance(entry, str) else text


def _should(filing: Filing, noted: Noted) -> str:
    """What it should be where that is certain, else what it may be; never a guess without saying so."""
    if fix := noted.told.get("fix"):
        return show(fix["to"])
    if noted.at not in edition(filing.edition).form.fields:
        return _say("read")
    ways = list(dict.fromkeys(_way(filing, noted.at, way) for way in noted.told.get("candidates", ())))
    most = _words()["ways_most"]
    said = _say("or").join(ways[:most])
    more = _say("more", ways=said, count=len(ways)) if len(ways) > most else said
    return _say("perhaps", ways=more) if ways else _say("look")


def _way(filing: Filing, at: str, way: dict[str, Any]) -> str:
    """One possible mending: the figure of this cell, and with it or instead those of others."""
    first, *others = [
        show(f["to"]) if f["field"] == at
        else _say("also_to", cell=_cells(filing, [f["field"]], at), to=show(f["to"]))
        for f in (way, *way.get("also", ()))
    ]  # fmt: skip
    return _say("with", to=first, others=_and(others)) if others else first


def _cut(text: str, most: str) -> str:
    """A text that is too long for its cell without its middle: what it is about and what to do stay."""
    begins, ends = _words()[most]
    return text if len(text) <= begins + ends + 2 else text[:begins] + _say("cut") + text[-ends:]


def _and(parts: Iterable[str]) -> str:
    return _say("and").join(parts)


def _say(name: str, **words: object) -> str:
    return str(_words()[name].format(**words))


def _words() -> dict[str, Any]:
    words: dict[str, Any] = data.toml("notices")["finding"]
    return words
