"""An upload: checked as ``collect`` does, kept in the inbox, entered in the ledger, and then receipted."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xlcheck.core.filing import Filing
from xlcheck.county import tasks
from xlcheck.county.collect import beside_last
from xlcheck.county.decide import enter_decisions
from xlcheck.county.file_decisions import on_files
from xlcheck.county.inbox.files import InboxFile, inbox_files
from xlcheck.county.inbox.packets import KINDS
from xlcheck.county.ledger.register import Register
from xlcheck.county.serve.desk import Desk
from xlcheck.county.serve.receipts import Receipt, keep_receipt, receipt_code
from xlcheck.county.submission import Find
from xlcheck.county.tasks import FileReading, LedgerEntry, Task, named
from xlcheck.county.workers import Workers
from xlcheck.data.county import Verdict, county
from xlcheck.data.serve import serve
from xlcheck.editions import Refused, edition_named
from xlcheck.judge import judge
from xlcheck.saving import atomically

WORKBOOK = ".xlsx"
NAME_MOST, SENT_AS_MOST, PERSON_MOST = 60, 200, 100  # letters of a unit's name in a file's, of a file's own


class Upload(NamedTuple):
    """A file that a unit sends, and what it is called there: a text, never a path."""

    unit: int
    name: str
    content: BinaryIO


class Intake:
    """Takes uploads into an inbox, any number at once; work on files is done in children that may die."""

    def __init__(self, desk: Desk, inbox: Path, workers: Workers) -> None:
        self.desk, self.inbox, self.workers = desk, inbox, workers

    def take(self, upload: Upload, now: datetime) -> Receipt:
        """Check, keep and enter an upload, and give the receipt once nothing of it can be lost any more.

        Raises Refused with a sentence where it is not taken; then nothing of it is kept.
        """
        with tempfile.TemporaryDirectory(prefix="xlcheck-") as folder:
            staged = Path(folder) / f"upload{_ending(upload.name)}"
            with staged.open("wb") as file:
                shutil.copyfileobj(upload.content, file)
            entries = self._checked(staged, upload)
            path = keep_upload(staged, self.inbox, self.desk.names[upload.unit], entries[0].digest, now)
        return self._enter(path, entries, upload, now)

    def make_ready(self) -> None:
        """Have every worker read in what a check needs before the first file comes."""
        name = self.desk.begun.edition
        for _ in self.workers.run(made_ready, [[name]] * self.workers.ahead, lambda _: False):
            pass

    def _checked(self, staged: Path, upload: Upload) -> list[LedgerEntry]:
        """What is in it, each file read and checked beside last year's of who sends it."""
        most, file = serve().limits.files, plain_name(upload.name)
        ((items,),) = self.workers.run(files_in, [[str(staged)]], lambda _: None)
        if items is None:
            raise Refused(county().inbox.crashed.format(file=file))
        if len(items) > most:
            raise Refused(serve().refused.many.format(file=file, most=most))
        batch = [Task(str(staged), item) for item in items]
        (readings,) = self.workers.run(tasks.read_files, [batch], tasks.unread)
        with self.desk.register() as register:
            _refuse(register, readings, upload)
            paired = beside_last(readings, register, lambda *_: upload.unit)
        policy = self.desk.policy
        check, lost = partial(tasks.check_files, policy=policy), partial(tasks.lost, policy=policy)
        (entries,) = self.workers.run(check, [paired], lost)
        if all(refusals := [entry.head.get("refusal") for entry in entries]):  # a check that never ended
            raise Refused(named(str(refusals[0]), file))
        return entries

    def _enter(
        self, path: Path, entries: Sequence[LedgerEntry], upload: Upload, now: datetime
    ) -> Receipt:  # fmt: skip
        """Enter what now lies in the inbox, as ``collect`` would, and the receipt after it."""
        entered = [entry._replace(item=_moved(entry.item, path)) for entry in entries]
        main = next(entry for entry in entered if not entry.head.get("refusal"))
        ledger, year = self.desk.ledger, self.desk.begun.year
        with self.desk.turn():
            find = self.desk.find()
            ledger.record(entered, year, find, datetime.now(), self.desk.paths())
            self._claim([e.item for e in entered if _is_nobodys(find, e)], upload, now)
            self._stand(main, upload, now)
            sent_as = plain_name(upload.name)
            receipt = Receipt(receipt_code(now), upload.unit, year, main.digest, main.item.name, sent_as, now)
            keep_receipt(ledger.db, receipt)
        return receipt

    def _claim(self, items: Sequence[InboxFile], upload: Upload, now: datetime) -> None:
        """A file whose cover names nobody is of who signed in: a claim as the officer's own."""
        if not items:
            return
        names = [*(item.name for item in items), self.desk.names[upload.unit]]
        self._decide(Verdict.CLAIM, names, upload, now)
        with self.desk.register() as register:
            self.desk.ledger.assign(register.find)

    def _stand(self, main: LedgerEntry, upload: Upload, now: datetime) -> None:
        """What was sent before is the newest again: without a word it would be a copy that counts no more."""
        if not self.desk.came_before(main.digest):  # the whole register takes its time
            return
        with self.desk.register() as register:
            newest = register.sent.get(upload.unit, ())[-1:]
        if newest and newest[0].digest != main.digest:
            self._decide(Verdict.STANDS, [main.item.name], upload, now)

    def _decide(self, verdict: Verdict, names: Sequence[str], upload: Upload, now: datetime) -> None:
        """Enter what a unit says of its own files by sending them."""
        with self.desk.register() as register:
            said = on_files(register, verdict, names, now.date(), "", "")
            enter_decisions(register, self.desk.ledger, said, now, self.desk.names[upload.unit][:PERSON_MOST])


def made_ready(editions: Sequence[str]) -> list[bool]:
    """Have a worker read in all that a check needs: the time of a first file would go to that."""
    return [bool(judge(edition_named(name), Filing(name)).ran) for name in editions]


def files_in(paths: Sequence[str]) -> list[list[InboxFile] | None]:
    """What each of these files holds, a few more at most than anybody may send; for a worker to find out."""
    most = serve().limits.files + 1
    return [list(islice(inbox_files(path), most)) for path in paths]


def _moved(item: InboxFile, path: Path) -> InboxFile:
    """A file as it lies in the inbox now, by the name that ``collect`` will find it by."""
    name = path.name + (item.name[item.name.index("/") :] if item.inside else "")
    received = item.received if item.inside else datetime.fromtimestamp(int(path.stat().st_mtime))
    return item._replace(path=str(path), name=name, received=received)


def keep_upload(staged: Path, inbox: Path, unit: str, digest: str, now: datetime) -> Path:
    """Put a file into the inbox, whole and on the disk, by a name of our own: unit, time, content."""
    name = "".join(filter(str.isalnum, unit))[:NAME_MOST]
    for number in count(1):
        again = f"-{number}" if number > 1 else ""
        path = inbox / f"{name}_{now:%Y%m%d-%H%M%S}_{digest[:8]}{again}{staged.suffix}"
        try:
            atomically(path, lambda to: shutil.copyfile(staged, to), over=False)
        except FileExistsError:
            continue
        break
    return path


def plain_name(name: str) -> str:
    """What a file was called, as it can be written down: no folders, nothing unseen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in tasks.clean(last) if c.isprintable())[-SENT_AS_MOST:]


def _ending(name: str) -> str:
    return next((kind for kind in KINDS if name.lower().endswith(kind)), WORKBOOK)


def _is_nobodys(find: Find, entry: LedgerEntry) -> bool:
    return not entry.head.get("refusal") and find(entry.digest, entry.head["cover"]) is None


def _refuse(register: Register, readings: Sequence[FileReading], upload: Upload) -> None:
    """Refuse what would not count: nothing that can be read, another unit's, another year's."""
    words, file, year = serve().refused, plain_name(upload.name), register.campaign.year
    readable = [(one.digest, one.filing) for one in readings if one.filing]
    if not readable:
        raise Refused(named(readings[0].refusal, file) if readings else words.empty.format(file=file))
    for digest, filing in readable:
        if register.find(digest, filing.unit) not in (None, upload.unit):
            unit = register.units[upload.unit].name
            raise Refused(words.other_unit.format(file=file, cover=filing.unit, unit=unit))
        if filing.year != year:
            sentence = words.year if filing.year else words.no_year
            raise Refused(sentence.format(file=file, found=filing.year, year=year))
        if not register.edition_of(filing.edition).form.covers(year):
            raise Refused(words.edition.format(file=file, edition=filing.edition, year=year))
