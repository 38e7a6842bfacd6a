"""The county's notices: which unit gets which letter, and in which words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.county.findings_table import finding_rows, joined_sentences, shortened
from xlcheck.county.letter import Letter, LetterRow, free_paths, keep_all, letters_docx, written_before
from xlcheck.county.submission import Campaign, Return, Status, Submission, Verdict
from xlcheck.report.layout import characters


class NoticesWritten(NamedTuple):
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
    campaign: Campaign,
    standings: Iterable[Submission],
    folder: Path,
    office: str,
    deadline: date,
    today: date,
) -> NoticesWritten:
    """Write a letter to every unit that is to mend its return or has sent none, and all of a kind in one.

    ``office`` signs and is asked; its telephone may follow the name after a comma. What an earlier run
    wrote and nobody needs now is removed, unless somebody has changed it since. Raises Refused where a
    file cannot be written or removed.
    """
    sending, words = Sending(campaign, office, deadline, today), data.toml("notices")["folder"]
    told: dict[Status, list[tuple[str, Letter]]] = {Status.RETURNED: [], Status.MISSING: []}
    for standing in standings:
        if standing.status in told and _has_to_say(standing):
            told[standing.status].append((standing.unit.name, letter(sending, standing)))
    before = written_before(folder, [folder, *(folder / words[status] for status in told)])
    files: dict[Path, bytes] = {}
    for status, named in told.items():
        paths = free_paths(folder / words[status], [name for name, _ in named], before)
        files |= {path: letters_docx([one]) for path, (_, one) in zip(paths, named, strict=True)}
        for bound in free_paths(folder, [words["bound"].format(kind=words[status])] * bool(named), before):
            files[bound] = letters_docx([one for _, one in named])
    keep_all(folder, files, before)
    return NoticesWritten(len(told[Status.RETURNED]), len(told[Status.MISSING]), tuple(files))


def _has_to_say(standing: Submission) -> bool:
    """A returned unit whose findings are all settled since, and to whom no reason was given, needs none."""
    current = standing.current
    return not current or any(f.open for f in current.findings) or any(_reasons(standing, current))


def letter(sending: Sending, standing: Submission) -> Letter:
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


Parts = tuple[
    Sequence[str], Sequence[LetterRow], Sequence[str]
]  # what stands before the table, in it, after it


def _mending(standing: Submission, current: Return) -> Parts:
    words = data.toml("notices")["returned"]
    file, day = shortened(PureWindowsPath(current.name).name, "file_most"), _day(current.received.date())
    came = words["came"].format(file=file, received=day, times=standing.times)
    numbers = {"errors": current.errors, "warnings": current.warnings}
    counts = joined_sentences(words[name].format(n=n) for name, n in numbers.items() if n)
    table = tuple(finding_rows(current)) if counts else ()
    why = words["found"].format(counts=counts) if counts else words["by_hand"]
    mend = "mend" if current.errors else "mend_warned" if counts else "mend_by_hand"
    closing = [words[mend], *[words["explain"]] * bool(current.warnings)]
    return [came + why, *_reasons(standing, current)], table, closing


def _reasons(standing: Submission, current: Return) -> Iterator[str]:
    """What the county itself wrote when it last sent this return back."""
    words = data.toml("notices")["returned"]
    whole = (Verdict.RETURN, current.digest, "")
    mine = [d for d in standing.decided if (d.verdict, d.digest, d.mark) == whole]
    for last in sorted(mine, key=lambda d: d.made)[-1:]:
        if text := last.reason.strip():
            end = "" if text[-1:] in words["stops"] else words["stop"]
            yield words["reason"].format(text=text + end)


def _asking(sending: Sending, standing: Submission) -> Parts:
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
