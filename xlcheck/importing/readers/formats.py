"""The formats of documents, a line each: the names one goes by, what it is inside, and who reads it."""

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, NoReturn

from xlcheck.conversion import converted, converter
from xlcheck.data.conversion import conversion
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.importing.document import Document
from xlcheck.importing.readers import docx, html, ofd, pdf, plaintext, spreadsheet

BLANK = b"\xef\xbb\xbf \t\r\n"  # before the first letter: the mark of UTF-8, spaces
HEAD = 1 << 16  # bytes in which an old document says what it is


def read_document(path: Path) -> Document:
    """The document as lines and grids, by what it is inside, else by its name."""
    try:
        with ordinary(path).open("rb") as file:
            head = file.read(HEAD)
        return _format(path, head).read(path)
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except OSError as wrong:
        raise Refused(messages().no_access.format(file=path, reason=reason(wrong))) from None


def _old_word(path: Path) -> Document:
    """A document that is read once LibreOffice has saved it anew."""
    with converted(path, "docx", conversion().opening) as copy:
        return _read_as(path, copy, docx.read)


def _old_sheets(path: Path) -> Document:
    """A workbook through LibreOffice, which tells what is struck out; without it only what is stored."""
    if not converter():
        return spreadsheet.read(path)
    with converted(path, "xlsx", conversion().opening) as copy:
        return _read_as(path, copy, spreadsheet.read)


def _read_as(path: Path, copy: Path, read: Callable[[Path], Document]) -> Document:
    """A copy read under the name that the file has."""
    try:
        return read(copy)._replace(name=path.name)
    except Refused as wrong:
        raise Refused(str(wrong).replace(copy.name, path.name)) from wrong


def _data(path: Path) -> NoReturn:
    raise Refused(messages().import_data.format(file=path.name))


def _packed(path: Path) -> NoReturn:
    raise Refused(messages().import_packed.format(file=path.name))


def _picture(path: Path) -> NoReturn:
    raise Refused(messages().scanned.format(file=path.name))


class Format(NamedTuple):
    """A kind of document: its names, the first bytes or a part or stream that only such have, its reader."""

    suffixes: tuple[str, ...]
    read: Callable[[Path], Document]
    begins: bytes = b""
    part: str = ""
    stream: str = ""


FORMATS = (
    Format((".pdf",), pdf.read, begins=b"%PDF"),
    Format((".docx",), docx.read, part="word/"),
    Format((".ofd",), ofd.read, part="OFD.xml"),
    Format((".xlsx",), spreadsheet.read, part="xl/"),
    Format((".doc", ".wps"), _old_word, stream="WordDocument"),
    Format((".rtf",), _old_word, begins=b"{\\rtf"),
    Format((".xls", ".et"), _old_sheets, stream="Workbook"),
    Format((".ods",), _old_sheets),
    Format((".odt",), _old_word),
    Format((".html", ".htm"), html.read, begins=b"<html"),  # also under the name of a document or a workbook
    Format((".html", ".htm"), html.read, begins=b"<!doctype html"),
    Format((".mhtml", ".mht"), html.read, begins=html.ARCHIVE),
    Format((".txt", ".md"), plaintext.read),
    Format((".json",), _data),
    Format((".zip", ".rar", ".7z"), _packed),
    Format((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif"), _picture),
)


def _format(path: Path, head: bytes) -> Format:
    """The format a file is of inside; what says nothing there is of the kind its name says."""
    names = _parts(path) if head.startswith(b"PK") else ()
    opening = head.lstrip(BLANK).lower()
    for one in FORMATS:
        named = one.part and any(name.startswith(one.part) for name in names)
        wide = one.stream.encode("utf-16-le")
        if named or (one.begins and opening.startswith(one.begins.lower())) or (wide and wide in head):
            return one
    suffix = path.suffix.lower()
    for one in FORMATS:
        if suffix in one.suffixes:
            return one
    raise Refused(messages().bad_kind.format(file=path.name, kind=suffix or messages().no_kind))


def _parts(path: Path) -> Iterable[str]:
    """The names in a zip; what is torn is left to the reader of what its name says."""
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ()
