"""The zip that a workbook is: opened with care, its parts unpacked no further than they are read."""

import io
import re
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.workbook import fragments
from xlcheck.workbook.xml import Raw, RelationsReader, StylesReader, walk

MEGABYTE = 1024 * 1024
LIMIT, RATIO = 50 * MEGABYTE, 100
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # ECMA-376 Part 1, 18.8.30
OLE, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
CHUNK = 1 << 14
UNREADABLE = (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


class SheetContent(NamedTuple):
    """One sheet as stored: cells by address, merged ranges, and whether it is protected."""

    cells: Mapping[str, Raw]
    merges: Container[str]
    protected: bool


class Source(Protocol):
    """A workbook whose sheets can be read: a closed file, or one open in its program."""

    name: str

    @property
    def sheets(self) -> Mapping[str, object]: ...
    def page(self, sheet: str, last_row: int = 0, columns: Sequence[str] = ()) -> SheetContent: ...
    def date_styles(self) -> frozenset[int]: ...


class Package:
    """A workbook's bytes, whose sheets can be read by name; ``name`` is what messages call the file."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        self.zip = _open(content, name)
        parts = set(self.zip.namelist())
        self._refuse_kind(parts)
        self.strings: list[str] | None = None
        relations = dict(walk(RelationsReader(), self._chunks("xl/_rels/workbook.xml.rels")).targets)
        self.book = fragments.book(self._part("xl/workbook.xml"))
        self.sheets: dict[str, str] = {
            name: _target(relations[rid]) for name, rid in self.book.sheets if rid in relations
        }

    @classmethod
    def at(cls, path: Path) -> "Package":
        """The workbook file at a path, read into memory once. Raises Refused."""
        return cls(_load(path), path.name)

    def page(self, sheet: str, last_row: int = 0, columns: Sequence[str] = ()) -> SheetContent:
        """Read one sheet: all of it, up to ``last_row``, or what lies in some ``columns``.

        What lies below the last row is not even unpacked, so no check sum vouches for what lies above it.
        """
        part = self.sheets[sheet]
        if last_row:
            found = fragments.top(self._chunks(part), last_row)
        else:
            xml = self._part(part)
            found = fragments.some_columns(xml, columns) if columns else fragments.sheet(xml)
        cells = {**found.cells, **{at: self._worded(found.cells[at]) for at in found.pointing}}
        return SheetContent(cells, frozenset(found.merges), bool(found.protected))

    def date_styles(self) -> frozenset[int]:
        """The style numbers that show a number as a date."""
        return _dated(self._part("xl/styles.xml"))

    def _worded(self, raw: Raw) -> Raw:
        """A cell that points into the shared strings says what stands there."""
        strings = self._strings()
        if not raw.text.isdecimal() or int(raw.text) >= len(strings):
            raise Refused(messages().broken.format(file=self.name, part="xl/sharedStrings.xml"))
        return Raw("str", strings[int(raw.text)], raw.formula, raw.style)

    def _strings(self) -> list[str]:
        if self.strings is None:
            present = "xl/sharedStrings.xml" in self.zip.namelist()
            self.strings = fragments.strings(self._part("xl/sharedStrings.xml")) if present else []
        return self.strings

    def _part(self, name: str) -> bytes:
        return b"".join(self._chunks(name, -1))

    def _chunks(self, name: str, size: int = CHUNK) -> Iterator[bytes]:
        """A part as it is unpacked; its check sum is known to be right once the last chunk is out."""
        try:
            with self.zip.open(name) as part:
                while chunk := part.read(size):
                    yield chunk
        except UNREADABLE as wrong:
            raise Refused(messages().broken.format(file=self.name, part=name)) from wrong

    def _refuse_kind(self, parts: set[str]) -> None:
        """Say of what other kind the file is, where it is no plain workbook."""
        for wanted, refusal in (
            ("word/document.xml", messages().word),
            ("content.xml", messages().ods),
            ("xl/vbaProject.bin", messages().macros),
            ("xl/workbook.bin", messages().xlsb),
        ):
            if wanted in parts:
                raise Refused(refusal.format(file=self.name))
        if any(p.startswith("xl/externalLinks/") for p in parts):
            raise Refused(messages().links.format(file=self.name))
        if "xl/workbook.xml" not in parts:
            raise Refused(messages().not_workbook.format(file=self.name))


def _load(path: Path) -> bytes:
    """The bytes of a file; one too large to be a workbook of ours is not taken into memory."""
    try:
        if ordinary(path).stat().st_size >= LIMIT:
            raise _too_large(path, path.name, path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except OSError as wrong:
        raise Refused(messages().no_access.format(file=path, reason=reason(wrong))) from None


def _too_large(file: Path | io.BytesIO, name: str, size: int) -> Refused:
    if zipfile.is_zipfile(file):
        return Refused(messages().bomb.format(file=name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE))
    return Refused(messages().not_zip.format(file=name))


def _open(content: bytes, name: str) -> zipfile.ZipFile:
    """The zip, once it is known to be one that can be unpacked without harm. Raises Refused."""
    if len(content) >= LIMIT:
        raise _too_large(io.BytesIO(content), name, len(content))
    if content.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        sentence = messages().encrypted if encrypted else messages().old
        raise Refused(sentence.format(file=name))
    if content.startswith(PDF):
        raise Refused(messages().pdf.format(file=name))
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError) as wrong:
        raise Refused(messages().not_zip.format(file=name)) from wrong
    size = sum(part.file_size for part in packed.infolist())
    if size > LIMIT or size > RATIO * max(len(content), MEGABYTE // 10):
        raise Refused(messages().bomb.format(file=name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE))
    if any(part.flag_bits & 1 for part in packed.infolist()):
        raise Refused(messages().encrypted.format(file=name))
    return packed


def _dated_once(xml: bytes) -> frozenset[int]:
    styles = walk(StylesReader(), [xml])
    dated = {n for n, code in styles.formats.items() if _is_date(code)} | DATES
    return frozenset(n for n, number_format in enumerate(styles.cells) if number_format in dated)


_dated = fragments.remembering(_dated_once, 16)


def _target(path: str) -> str:
    return path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _is_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.lower())
    return bool(re.search(r"[ymdh]", bare)) and "general" not in bare
