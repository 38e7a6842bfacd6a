"""What is sent to each unit beside its letter: a workbook to go on with, and a mail with both attached."""

import zipfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from xlcheck.core.filing import Filing, year_before
from xlcheck.core.memory import fingerprint
from xlcheck.county.letters.letter import Letter, letters_docx
from xlcheck.county.letters.letter_folder import file_name, free_path
from xlcheck.county.letters.notices import Addressed, Sending
from xlcheck.county.submission import Return, Submission
from xlcheck.data.notices import ParcelWords, notices
from xlcheck.data.policy import Policy
from xlcheck.editions import edition_for
from xlcheck.judge import judge
from xlcheck.workbook.archive import Package
from xlcheck.workbook.marking import marked
from xlcheck.workbook.writing import carry, fresh_workbook

LastFiling = Callable[[str], Filing | None]  # a unit's filing of the year before, by its name


class Attachment(NamedTuple):
    """A file of a parcel: its name and its bytes, and the kind of document it is."""

    name: str
    content: bytes
    kind: str


OFFICE = "vnd.openxmlformats-officedocument."
DOCUMENT, SHEETS = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"


class Packing:
    """Packs a folder for every unit that gets a letter, and at the end all of them into one file."""

    def __init__(self, last_of: LastFiling, policy: Policy | None = None) -> None:
        self.last_of, self.policy = last_of, policy

    def __call__(
        self, root: Path, sending: Sending, named: Addressed, stems: Sequence[str], ours: Container[Path]
    ) -> Iterator[tuple[Path, bytes]]:
        """The files of the units of one kind."""
        if not named:
            return
        words = notices().parcel
        kind = words.returned if named[0][0].current else words.missing
        with TemporaryFile() as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
            for stem, (standing, letter) in zip(stems, named, strict=True):
                for one in self._parcel(kind, sending, standing, letter):
                    path = free_path(root / kind.folder / stem / one.name, ours)
                    _add(packed, f"{kind.folder}/{stem}/{path.name}", one.content, sending.today)
                    yield path, one.content
            packed.close()
            whole.seek(0)
            yield free_path(root / words.whole.format(kind=kind.folder), ours), whole.read()

    def _parcel(
        self, kind: ParcelWords, sending: Sending, standing: Submission, letter: Letter
    ) -> Iterator[Attachment]:
        unit, last = standing.unit.name, self.last_of(standing.unit.name)
        if standing.current:
            book = marked_copy(standing.current, last, sending.today)
        else:
            book = begun_workbook(sending, standing, last, self.policy)
        called = kind.book.format(unit=file_name(unit), year=sending.campaign.year)
        files = [
            Attachment(kind.letter, letters_docx([letter]), DOCUMENT),
            Attachment(called, book, SHEETS),
        ]
        yield from files
        before = last and last.year == sending.campaign.year - 1
        begun = bool(letter.rows if standing.current else before)
        yield Attachment(kind.mail, mail(kind, standing, letter, files, begun=begun), "")


def marked_copy(current: Return, last: Filing | None, today: date) -> bytes:
    """A clean workbook with the figures that the unit sent, and what its letter asks for marked in them.

    What the county has taken as explained is not marked, nor what it does not ask by its policy; each is as
    grave as there. The file that came is not touched.
    """
    edition = current.edition
    given = {f.rule: f.answer for f in current.findings if f.answer}
    before = year_before(current.filing, last)
    filing = current.filing._replace(answers=given, last=before)
    taken = {f.mark for f in current.findings if f.accepted}
    asked = {(f.rule, f.at): f.severity for f in current.findings}
    result = judge(edition, filing, before)
    left = tuple(
        f._replace(severity=asked[f.rule, f.at])
        for f in result.findings
        if (f.rule, f.at) in asked and fingerprint([f], filing) not in taken
    )
    package = Package(fresh_workbook(edition, filing, {}), current.name)
    return marked(edition, package, filing, result._replace(findings=left), today.isoformat())


def begun_workbook(
    sending: Sending, standing: Submission, last: Filing | None, policy: Policy | None = None
) -> bytes:
    """A workbook for a unit that has sent nothing, with what last year's filing settles already in it; its
    reminders are the county's."""
    year, unit = sending.campaign.year, standing.unit
    edition = edition_for(sending.campaign.edition, year, policy)
    before = last if last and last.year == year - 1 else None
    filing = Filing(
        edition.form.edition,
        year=Decimal(year),
        unit=unit.name,
        kind=unit.kind or (before.kind if before else None),
        contact=before.contact if before else None,
        values=carry(edition, before) if before else {},
        last=before,
    )
    return fresh_workbook(edition, filing, {})


def mail(
    kind: ParcelWords, standing: Submission, letter: Letter, files: Sequence[Attachment], *, begun: bool
) -> bytes:
    """A mail ready to be sent; without an address it has nobody to go to.

    It says what its letter says; ``begun`` is a workbook that has marks, or figures of last year.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "".join(letter.title)
    if standing.unit.email:
        message["To"] = standing.unit.email
    message["X-Unsent"] = "1"  # a mail program opens it as a draft
    said: Mapping[str, object] = {
        "unit": standing.unit.name, "state": (standing.unread and kind.unread) or kind.state,
        "book": kind.begun if begun else kind.bare, "last": letter.closing[-1], "sign": letter.sign,
    }  # fmt: skip
    message.set_content(kind.body.format(**said), cte="base64")
    for name, content, subtype in files:
        message.add_attachment(content, maintype="application", subtype=subtype, filename=name)
    message.set_boundary(BOUNDARY)
    return message.as_bytes()


BOUNDARY = "=_xlcheck_parcel_="  # the same mail is the same bytes; base64 has no such line


def _add(packed: zipfile.ZipFile, name: str, content: bytes, today: date) -> None:
    entry = zipfile.ZipInfo(name, (today.year, today.month, today.day, 0, 0, 0))
    packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
