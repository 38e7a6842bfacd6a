"""The work on one file, as plain functions that any executor runs anywhere: read it, check it, tell it.

What comes back is rows for the ledger, small and free of the program's own types.
"""

import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any, NamedTuple

import xlcheck
from xlcheck import data
from xlcheck.accidents import one_file, technical_reason
from xlcheck.child import time_limit
from xlcheck.core.check_code import check_code
from xlcheck.core.filing import Filing, figure_text, stated_values, year_before
from xlcheck.core.finding import Finding, Result, finding_json
from xlcheck.core.form import Form
from xlcheck.core.memory import fingerprint
from xlcheck.county.inbox.files import Denied, Gone, InboxFile, content
from xlcheck.data.county import county
from xlcheck.data.messages import messages
from xlcheck.data.policy import Policy
from xlcheck.data.summary import summary
from xlcheck.editions import Edition, Refused, edition_named
from xlcheck.judge import judge
from xlcheck.workbook.archive import LIMIT, UNREADABLE
from xlcheck.workbook.reading import read_bytes

LedgerRow = dict[str, Any]
KEPT_APART = ("rule", "severity", "at", "cell", "message", "answer")  # columns of their own in the ledger
LINE = ("digest", "size", "stamp")  # what the ledger keeps of a file whatever is in it
PATIENCE = 10  # seconds for one file, in a process that was made for such work
WORKER_LOST = "worker lost: no memory left, out of time, or a library that ended it"
FILE = "{file}"  # stands for a file's name in what is said of its content, which may lie in several files
HEAD = 4096  # bytes that tell what kind of file it is
SENT = (".xlsx", ".xls", ".et", ".docx", ".doc", ".pdf", ".zip", ".rar", ".7z")  # what a unit packs
UNSTORED = re.compile("[\x00\ud800-\udfff]")  # what no database takes as text


class Task(NamedTuple):
    """A file to work on; one whose content is among ``known`` has been worked on before.

    ``digest`` is given where the content is known without a look at it.
    """

    inbox: str
    item: InboxFile
    known: frozenset[str] = frozenset()
    digest: str = ""


class FileReading(NamedTuple):
    """A file read: its filing, or why there is none; neither where its content is known.

    One that lies there no more has no digest.

    ``reason`` is the technical one where something went wrong that nobody foresaw.
    """

    item: InboxFile
    digest: str
    filing: Filing | None = None
    refusal: str = ""
    reason: str = ""


class LastYear(NamedTuple):
    """Last year's filing of a unit, and its digest."""

    filing: Filing
    digest: str


class LedgerEntry(NamedTuple):
    """A file as the ledger enters it: ``head`` is its line, empty where the content is known.

    One without a digest lies there no more and is not entered.
    """

    item: InboxFile
    digest: str
    head: LedgerRow = {}
    values: Sequence[LedgerRow] = ()
    texts: Sequence[LedgerRow] = ()
    findings: Sequence[LedgerRow] = ()


def work(tasks: Sequence[Task], policy: Policy | None = None) -> list[LedgerEntry]:
    """Read and check files without a look at last year's ledger."""
    return check_files([(reading, None) for reading in read_files(tasks)], policy)


def read_files(tasks: Sequence[Task]) -> list[FileReading]:
    """Read files; one that cannot be read is a reading with a sentence, never a stop."""
    return [_read(task) for task in tasks]


def check_files(
    readings: Sequence[tuple[FileReading, LastYear | None]], policy: Policy | None = None
) -> list[LedgerEntry]:
    """Check what was read, each beside its unit's filing of last year where there is one.

    ``policy`` is the county's, which may soften reminders.
    """
    return [_entry(reading, before, policy) for reading, before in readings]


def crashed(task: Task, policy: Policy | None = None) -> LedgerEntry:
    """The entry of a file that brought its reader down."""
    return _entry(unread(task), None, policy)


def unread(task: Task) -> FileReading:
    """The reading of a file that brought its reader down; it is known by its name and size alone."""
    return _lost(task.item, _by_name(task.item))


def lost(given: tuple[FileReading, LastYear | None], policy: Policy | None = None) -> LedgerEntry:
    """The entry of a file whose check brought a worker down."""
    reading, _ = given
    return _entry(_lost(reading.item, reading.digest), None, policy)


def unfit(entry: LedgerEntry, wrong: Exception) -> LedgerEntry:
    """The entry of a file that holds what no ledger can."""
    said = {"refusal": messages().crashed.format(file=FILE), "reason": technical_reason(wrong)}
    return LedgerEntry(entry.item, entry.digest, {key: entry.head[key] for key in LINE} | said)


def _lost(item: InboxFile, digest: str) -> FileReading:
    said = county().inbox.crashed.format(file=FILE)
    return FileReading(item, digest, None, said, WORKER_LOST)


def digest_of(raw: bytes) -> str:
    """What a file is known by: the first 128 bits of the SHA-256 of its content."""
    return sha256(raw).hexdigest()[:32]


def stamp(policy: Policy | None = None) -> str:
    """What a file was checked with: the program, and what the county's policy says of its rules."""
    asked = policy.asks if policy else ""
    return digest_of(f"{_program()} {asked}".encode()) if asked else _program()


@cache
def _program() -> str:
    """The program's version and all its rules, forms and sentences."""
    parts = sorted(data.HERE.glob("*.toml"))
    return digest_of(b"".join((xlcheck.__version__.encode(), *(p.read_bytes() for p in parts))))


def denied(item: InboxFile) -> str:
    """What a file is known by that nobody may read; it is tried again, though it lies there as it lay."""
    return digest_of(f"{item.name} {item.size} denied".encode(errors="replace"))


def _by_name(item: InboxFile) -> str:
    return digest_of(f"{item.name} {item.size}".encode(errors="replace"))


def named(refusal: str, path: str) -> str:
    """What is said of a content that cannot be read, of the file that it lies in."""
    return refusal.replace(FILE, path.rpartition("/")[2])


def clean(text: str) -> str:
    return UNSTORED.sub("\ufffd", text)


def _read(task: Task) -> FileReading:
    item, digest = task.item, ""
    try:
        with one_file(FILE), time_limit(PATIENCE):
            raw = content(task.inbox, item._replace(name=FILE))
            digest = digest_of(raw)
            if digest in task.known:
                return FileReading(item, digest)
            return FileReading(item, digest, _storable(_filing(raw)))
    except Gone:
        return FileReading(item, "")
    except Denied as why:
        return FileReading(item, denied(item), None, str(why), why.reason)
    except Refused as why:
        return FileReading(item, digest or _by_name(item), None, str(why), why.reason)


def _filing(raw: bytes) -> Filing:
    """The filing in a file. Raises Refused, for a file of another kind with what it is."""
    words, head = county().inbox, raw[:HEAD].decode("latin-1")
    try:
        filing = read_bytes(raw, FILE)
    except Refused:  # only then: a workbook may have something written before it, and Excel opens it
        for kind in words.foreign:
            if re.match(kind.begins, head, re.DOTALL) and kind.holds.encode("utf-16-le") in raw:
                raise Refused(kind.said.format(file=FILE)) from None
        if _is_summary(raw):
            raise Refused(words.ours.format(file=FILE)) from None
        if _is_archive(raw):
            raise Refused(words.nested.format(file=FILE)) from None
        raise
    filled = (*filing.values.values(), *filing.texts.values(), filing.unit)
    if all(entry in (None, "") for entry in filled):
        raise Refused(words.blank.format(file=FILE))
    return filing


def _is_summary(raw: bytes) -> bool:
    """Whether it is a summary of ours, of whatever year, by the names of its lists."""
    sheets = summary().sheets
    with suppress(*UNREADABLE, KeyError):
        book = zipfile.ZipFile(BytesIO(raw)).read("xl/workbook.xml").decode("utf-8", "replace")
        return all(f'"{sheet.name}"' in book for sheet in (sheets.units, sheets.findings, sheets.arrivals))
    return False


def _is_archive(raw: bytes) -> bool:
    """Whether it is a zip of files, no document that only is packed as one."""
    with suppress(*UNREADABLE):
        names = zipfile.ZipFile(BytesIO(raw)).namelist()
        return any(name.lower().endswith(SENT) for name in names)
    return False


def _storable(filing: Filing) -> Filing:
    """The filing without the characters that no database takes, before anything is told of them."""
    pairs = {check: tuple((at, clean(said)) for at, said in found) for check, found in filing.notes.items()}
    return filing._replace(
        unit=clean(filing.unit or ""),
        kind=clean(filing.kind or ""),
        contact=clean(filing.contact or ""),
        values={n: clean(entry) if isinstance(entry, str) else entry for n, entry in filing.values.items()},
        texts={name: clean(body) for name, body in filing.texts.items()},
        options={name: clean(choice) for name, choice in filing.options.items()},
        answers={rule: clean(answer) for rule, answer in filing.answers.items()},
        notes=pairs,
    )


def _entry(reading: FileReading, before: LastYear | None, policy: Policy | None) -> LedgerEntry:
    item, digest, filing, refusal, reason = reading
    if filing is not None:
        try:
            with one_file(FILE), time_limit(PATIENCE):
                return _checked(item, digest, filing, before, policy)
        except Refused as why:
            refusal, reason = str(why), why.reason
    if not refusal:
        return LedgerEntry(item, digest)
    said = {"refusal": clean(refusal), "reason": clean(reason) or None}
    return LedgerEntry(item, digest, said | _line(item, digest, policy))


def _checked(
    item: InboxFile, digest: str, filing: Filing, before: LastYear | None, policy: Policy | None
) -> LedgerEntry:
    last = year_before(filing, before.filing if before else filing.last)
    edition = edition_named(filing.edition, policy)
    result = judge(edition, filing, last)
    head = _head(filing, result) | _line(item, digest, policy)
    head["code"] = check_code(edition.form, filing, result) or None
    head["last"] = before.digest if before else None  # that it was there is known, though of no use
    texts = [{"section": name, "body": body} for name, body in filing.texts.items()]
    findings = [_finding(n, f, filing, edition) for n, f in enumerate(result.findings)]
    return LedgerEntry(item, digest, head, _values(edition.form, filing), texts, findings)


def _line(item: InboxFile, digest: str, policy: Policy | None) -> LedgerRow:
    return dict(zip(LINE, (digest, min(item.size, LIMIT + 1), stamp(policy)), strict=True))


def _head(filing: Filing, result: Result) -> LedgerRow:
    year = filing.year
    sound = isinstance(year, Decimal) and year == year.to_integral_value() and 1900 <= year <= 9999
    return {
        "refusal": None,
        "cover": filing.unit,
        "kind": filing.kind,
        "contact": filing.contact,
        "year": int(year) if sound and isinstance(year, Decimal) else None,
        "edition": filing.edition,
        "status": result.status,
        "options": dict(filing.options),
        "ran": {r.rule: (r.cases, r.failed, r.skipped, r.not_applicable) for r in result.ran},
    }


def _values(form: Form, filing: Filing) -> list[LedgerRow]:
    """A line for every figure that is not 0, every blank, every text typed for a figure."""
    stated = stated_values(form, filing)
    return [
        {
            "field": name,
            "figure": figure_text(entry) if isinstance(entry, Decimal) else None,
            "typed": entry if isinstance(entry, str) else None,
        }
        for name, entry in stated.items()
        if entry != 0
    ]


def _finding(number: int, finding: Finding, filing: Filing, edition: Edition) -> LedgerRow:
    whole = finding_json(finding, edition.cell_of)
    words = {key: whole.get(key, "") for key in KEPT_APART}
    rest = {key: part for key, part in whole.items() if key not in KEPT_APART and part}
    return {**words, "place": number, "mark": fingerprint([finding], filing), "told": rest}
