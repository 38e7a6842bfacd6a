"""A .rar or .7z, by libarchive: C code, so it runs only in a process that was made for such work."""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from xlcheck.county.inbox.member import Member, Withheld, written_name
from xlcheck.data.county import FaultKey
from xlcheck.workbook.archive import LIMIT

# By the bytes they begin with, the one format that may be tried; of the others some read files beside them.
HEADS = {b"Rar!\x1a\x07\x00": "rar", b"Rar!\x1a\x07\x01\x00": "rar5", b"7z\xbc\xaf\x27\x1c": "7zip"}
BLOCK = 1 << 16
ENCRYPTED = "encrypt"  # as the library says it
UNKNOWN = re.compile("codec|compression method|unsupported", re.I)  # how it says that it cannot unpack this


class Archive:
    """An archive in memory, read from its beginning on; what lies before an entry is passed over."""

    def __init__(self, raw: bytes, kind: str) -> None:
        self.raw, self.kind, self.at = raw, kind, 0
        self.entries = self._stream()

    @cached_property
    def members(self) -> dict[int, Member]:
        """What lies in it. Raises Withheld."""
        told = ((number, _member(entry)) for number, entry in self._stream())
        return {number: member for number, member in told if member}

    def read(self, number: int) -> bytes:
        """An entry's bytes, one more than the limit at most. Raises OSError, Withheld."""
        if number <= self.at:
            self.entries, self.at = self._stream(), 0
        for at, entry in self.entries:
            self.at = at
            if at == number:
                try:
                    return _body(entry)
                except libarchive().ArchiveError as wrong:
                    if UNKNOWN.search(str(wrong)):
                        raise Withheld("method") from wrong
                    raise OSError(str(wrong)) from wrong
        raise EOFError(number)

    def _stream(self) -> Iterator[tuple[int, Any]]:
        reader = libarchive()
        try:
            with reader.memory_reader(self.raw, self.kind, "none") as archive:
                yield from enumerate(archive, 1)
        except reader.ArchiveError as wrong:
            raise Withheld(_fault(str(wrong))) from wrong


def _fault(said: str) -> FaultKey:
    """Why an archive cannot be read, by what the library says of it."""
    return "locked" if ENCRYPTED in said.lower() else "method" if UNKNOWN.search(said) else "broken"


@cache
def libarchive() -> Any:
    """The library. Raises Withheld where it, or the shared one that it speaks to, is not installed."""
    try:
        import libarchive
        from libarchive import ffi

        ffi.ffi("entry_is_encrypted", [ffi.c_archive_entry_p], ffi.c_int)
        ffi.ffi("entry_pathname_utf8", [ffi.c_archive_entry_p], ffi.c_char_p)
    except (ImportError, OSError, AttributeError, TypeError) as wrong:
        raise Withheld("no_library") from wrong
    return libarchive


def _member(entry: Any) -> Member | None:
    """An entry; None for a folder."""
    if entry.isdir:
        return None
    info = {"mtime": entry.mtime} if entry.mtime else None
    plain = entry.isreg or not entry.filetype
    fault: FaultKey | None = "link" if entry.issym or entry.islnk else None if plain else "odd"
    locked = libarchive().ffi.entry_is_encrypted(entry._entry_p)
    return Member(_name(entry), entry.size or 0, info, "locked" if locked else fault)


def _name(entry: Any) -> str:
    """An entry's name, where the system's own letters may not be able to write it; old ones are of GBK."""
    ffi, at = libarchive().ffi, entry._entry_p
    raw = ffi.entry_pathname_utf8(at) or ffi.entry_pathname(at) or b""
    return ffi.entry_pathname_w(at) or written_name(raw.decode("utf-8", "surrogateescape"))


def _body(entry: Any) -> bytes:
    """What an entry unpacks to; its size is only what it says of itself."""
    from ctypes import create_string_buffer

    ffi, block, parts, size = libarchive().ffi, create_string_buffer(BLOCK), [], 0
    while size <= LIMIT and (more := ffi.read_data(entry._archive_p, block, BLOCK)):
        if more < 0:  # a warning, which the library takes for a length
            raise OSError(more)
        parts.append(block.raw[:more])
        size += more
    return b"".join(parts)
