"""Read published reports in a worker: figures and texts with their places, and the day that a page names.

What comes back is small and free of the document itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from xlcheck.accidents import one_file
from xlcheck.child import time_limit
from xlcheck.core.filing import Filing
from xlcheck.county.inbox.files import InboxFile, content, inbox_files
from xlcheck.county.tasks import FILE, WORKER_LOST, clean, digest_of
from xlcheck.data import Pattern
from xlcheck.data.county import county
from xlcheck.data.published import DaySource, published_facts
from xlcheck.editions import Refused
from xlcheck.importing.document import ASIDE, Document, Imported
from xlcheck.importing.extraction import extract
from xlcheck.importing.readers.formats import read_document

PATIENCE = 20  # seconds for one page, as for an import
KIND = re.compile(r"\.\w{1,8}")


class PageTask(NamedTuple):
    """A file to read, and the folder, zip or address that it lies in."""

    place: str
    item: InboxFile


class PageDay(NamedTuple):
    """A day that stands in a page, and as what."""

    day: date
    source: DaySource


class PageDoubt(NamedTuple):
    """What could not be read: its place in the page, the text there, and the fields it may be of."""

    where: str
    text: str
    fields: tuple[str, ...]


class PageReading(NamedTuple):
    """A page read: its filing with the place of each figure, and what stayed open; or why there is none."""

    item: InboxFile
    digest: str
    filing: Filing | None = None
    places: Mapping[str, str] = {}
    doubts: tuple[PageDoubt, ...] = ()
    day: PageDay | None = None
    refusal: str = ""
    reason: str = ""


def pages_in(place: str) -> Iterator[PageTask]:
    """Every file of a folder or zip, or the one file, without what a browser saves beside a page.

    Raises Refused where there is nothing.
    """
    rules, files = published_facts().read, list(inbox_files(place))
    pages = (Path(item.name) for item in files if item.name.lower().endswith(rules.web))
    beside = {str(page.with_suffix("")) + mark for page in pages for mark in rules.beside}
    for item in files:
        if not any(str(folder) in beside for folder in Path(item.name).parents):
            yield PageTask(place, item)


def read_pages(tasks: Sequence[PageTask]) -> list[PageReading]:
    """Read pages; one that cannot be read is a reading with a sentence, never a stop."""
    return [_read_page(task) for task in tasks]


def lost_page(task: PageTask) -> PageReading:
    """The reading of a page that brought its reader down; it is known by its name and size alone."""
    digest = digest_of(f"{task.item.name} {task.item.size}".encode(errors="replace"))
    said = county().inbox.crashed.format(file=_file(task.item))
    return PageReading(task.item, digest, refusal=said, reason=WORKER_LOST)


def _file(item: InboxFile) -> str:
    return item.name.rpartition("/")[2]


def _read_page(task: PageTask) -> PageReading:
    item, digest = task.item, lost_page(task).digest
    kind = Path(item.name).suffix.lower()
    called = FILE + (kind if KIND.fullmatch(kind) else "")  # nothing of a stranger's name is a path
    try:
        with one_file(FILE), time_limit(PATIENCE), TemporaryDirectory() as folder:
            raw = content(task.place, item._replace(name=called))
            digest, path = digest_of(raw), Path(folder, called)
            path.write_bytes(raw)
            document = read_document(path)
            return _reading(item, digest, extract(document), _day(raw, document))
    except Refused as why:
        said = str(why).replace(called, _file(item)).replace(FILE, _file(item))
        return PageReading(item, digest, refusal=clean(said), reason=clean(why.reason))


def _reading(item: InboxFile, digest: str, read: Imported, day: PageDay | None) -> PageReading:
    places = {name: clean(one.where) for name, one in read.evidence.items()}
    open_ones = (one for one in read.doubts if one.kind not in ASIDE)
    doubts = tuple(PageDoubt(clean(one.where), clean(one.text), one.fields) for one in open_ones)
    filing = read.filing
    if not day and (found := _first_day((published_facts().read.day,), filing.texts.get("date", ""))):
        day = PageDay(found, "signed")
    texts = {name: clean(body) for name, body in filing.texts.items()}
    values = {n: clean(entry) if isinstance(entry, str) else entry for n, entry in filing.values.items()}
    filing = filing._replace(unit=clean(filing.unit or ""), texts=texts, values=values)
    return PageReading(item, digest, filing, places, doubts, day)


def _day(raw: bytes, document: Document) -> PageDay | None:
    """The day that a page gives itself: in its head, else in a line of it; what stands in a table is none."""
    rules = published_facts().read
    if found := _first_day(rules.meta, raw.decode("latin-1")):
        return PageDay(found, "meta")
    lines = (_first_day((rules.line,), line.text) for line in document.lines if not line.row)
    return next((PageDay(day, "line") for day in lines if day), None)


def _first_day(patterns: Sequence[Pattern], text: str) -> date | None:
    for found in (found for pattern in patterns for found in pattern.finditer(text)):
        with suppress(ValueError):  # 31 April
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    return None
