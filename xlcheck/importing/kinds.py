"""What kind of document a file is, by its first bytes and its name, and who reads it."""

import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.importing.document import Document, Imported
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
        with ordinary(path).open("rb") as file:
            head = file.read(8)
        kind = _kind(path, head)
        read: Callable[[Path], Document] = import_module(f"xlcheck.importing.{kind}").read
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
        return "docx" if _is_word(path) else "spreadsheet"
    if suffix in (".doc", ".wps"):
        raise Refused(messages().old_word.format(file=path.name))
    if suffix not in KINDS:
        raise Refused(messages().bad_kind.format(file=path.name, kind=suffix or messages().no_kind))
    return KINDS[suffix]


def _is_word(path: Path) -> bool:
    """Whether a zip is a Word document; what is torn is left to the reader of what its name says."""
    try:
        with zipfile.ZipFile(path) as packed:
            return any(name.startswith("word/") for name in packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return KINDS.get(path.suffix.lower()) == "docx"
