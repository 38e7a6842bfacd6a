"""Existing reports read into filings by their labels: .docx, web pages, .pdf, text, home-made tables."""

import json
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from xlcheck import data
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, edition_named, reason
from xlcheck.importing.document import Document, Doubt, Evidence, Imported
from xlcheck.importing.extraction import extract

KINDS = {  # each kind's library is imported when a file of that kind is read
    ".docx": "docx", ".html": "html", ".htm": "html", ".mhtml": "html", ".mht": "html", ".pdf": "pdf",
    ".txt": "plaintext", ".md": "plaintext", ".xlsx": "spreadsheet", ".xls": "spreadsheet",
    ".ods": "spreadsheet", ".et": "spreadsheet",
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0"


def read_report(path: Path) -> Imported:
    """Read a document into a filing with evidence; Refused with the reason where it cannot be read."""
    return extract(read_document(path))


def read_document(path: Path) -> Document:
    """The document as lines and grids, by the kind its name and first bytes say."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        kind = _kind(path, head)
        read: Callable[[Path], Document] = import_module(f"{__name__}.{kind}").read
        return read(path)
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except OSError as wrong:
        raise Refused(messages().no_access.format(file=path, reason=reason(wrong))) from None


def _kind(path: Path, head: bytes) -> str:
    suffix = path.suffix.lower()
    if head[:4] == b"%PDF":
        return "pdf"
    if head[:4] == OLE and suffix in (".doc", ".wps", ".docx"):
        raise Refused(messages().old_word.format(file=path.name))
    if head[:2] == b"PK" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
        return "docx" if "word/document.xml" in names else "spreadsheet"
    if suffix in (".doc", ".wps"):
        raise Refused(messages().old_word.format(file=path.name))
    if suffix not in KINDS:
        raise Refused(messages().bad_kind.format(file=path.name, kind=suffix or "？"))
    return KINDS[suffix]


def write_workbook(intake: Imported, target: Path) -> None:
    """Put what was read into a fresh workbook of its edition."""
    from xlcheck.saving import save
    from xlcheck.template.build import build_template
    from xlcheck.workbook.writing import write_filing as put

    edition = edition_named(intake.filing.edition)
    book = build_template(edition)
    put(edition, book, intake.filing)
    save(book, target)


def summary_lines(intake: Imported, file: str) -> Iterator[str]:
    """What was read, what stayed open, what is missing: a line each."""
    words, form = data.toml("intake")["told"], edition_named(intake.filing.edition).form
    filled = sum(v is not None for v in intake.filing.values.values())
    yield words["summary"].format(
        file=file, edition=form.edition, unit=intake.filing.unit or words["none"],
        year=intake.filing.year or words["none"], filled=filled, of=len(form.fields),
        texts=len(intake.filing.texts),
    )  # fmt: skip
    for doubt in intake.doubts:
        yield words[doubt.kind].format(**_parts(doubt, intake))
    split = sorted({s.where + s.text for n, s in intake.evidence.items() if s.how == "split"})
    if split:
        yield words["were_split"].format(n=len(split))
    if intake.missing:
        yield words["missing"].format(n=len(intake.missing), names="、".join(_places(intake.missing, intake)))


def _parts(doubt: Doubt, intake: Imported) -> dict[str, Any]:
    most = data.toml("intake")["label"]["most_ways"]
    ways = " / ".join(" ".join(way) for way in doubt.ways[:most])
    more = data.toml("intake")["told"]["more"].format(n=len(doubt.ways)) if len(doubt.ways) > most else ""
    place = _places(doubt.fields[:1], intake)
    return {"where": doubt.where, "text": doubt.text[:80], "ways": ways + more, "place": "".join(place)}


def _places(names: tuple[str, ...], intake: Imported) -> list[str]:
    form = edition_named(intake.filing.edition).form
    return [form.fields[n].place if n in form.fields else form.labels.get(n, n) for n in names]


def as_json(intake: Imported) -> str:
    """The filing as JSON, with the evidence of each value, what stayed open and what is missing."""
    from xlcheck.workbook.json import dump_filing

    filing = json.loads(dump_filing(edition_named(intake.filing.edition).form, intake.filing))
    filing["evidence"] = {name: _told(seen) for name, seen in intake.evidence.items()}
    filing["open"] = [d._asdict() for d in intake.doubts]
    filing["missing"] = list(intake.missing)
    return json.dumps(filing, ensure_ascii=False, indent=1)


def _told(seen: Evidence) -> dict[str, str]:
    return {key: text for key, text in seen._asdict().items() if text}
