"""The zip that a workbook is: opened with care, its parts unpacked no further than they are read."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.workbook import fragments
from xlcheck.workbook.xml import BadXml, R, Raw, RelationsReader, StylesReader, TypesReader, walk

T = TypeVar("T")
MEGABYTE = 1024 * 1024
LIMIT, RATIO = 50 * MEGABYTE, 100
LETTERS, SHEET_LETTERS = 32_767, 4 * MEGABYTE  # of a cell, as Excel has it, and of a sheet
SHORT = 255  # letters of an entry on the cover
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what Excel writes; others unpack past any bound
SHARES = {9, 10}
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # ECMA-376 Part 1, 18.8.30
FORMAT = 255  # letters of a number format that Excel takes
OLE, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
CHUNK = 1 << 14
# What zipfile raises for a directory or an entry that is none; it does not say so.
UNREADABLE = (
    KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError,
    ValueError, OverflowError, struct.error,
)  # fmt: skip
TYPES, MAIN, SHARED = "[content_types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
NO_CELLS = ("chartsheet", "dialogsheet")


class SheetContent(NamedTuple):
    """One sheet as stored: cells by address, merged ranges, and whether it is protected."""

    cells: Mapping[str, Raw]
    merges: Container[str]
    protected: bool


class RelatedPart(NamedTuple):
    """What a part relates to: as what (the last step of the relation's type), and to which part."""

    kind: str
    part: str


class _Styles(NamedTuple):
    """The numbers of the styles that show a date or a percentage, and of those that a lock leaves open."""

    dated: frozenset[int]
    shares: frozenset[int]
    open: frozenset[int]


NO_STYLES = _Styles(frozenset(), frozenset(), frozenset())


class Source(Protocol):
    """A workbook whose sheets can be read: a closed file, or one open in its program."""

    name: str

    @property
    def sheets(self) -> Mapping[str, object]: ...
    def page(self, sheet: str, last_row: int = 0, columns: Sequence[str] = ()) -> SheetContent: ...
    def date_styles(self) -> frozenset[int]: ...
    def share_styles(self) -> frozenset[int]: ...
    @property
    def from_1904(self) -> bool: ...


class Package:
    """A workbook's bytes, whose sheets can be read by name; ``name`` is what messages call the file.

    Its parts are found by the relations between them, as the standard has it (ECMA-376 Part 2, 6.5): a
    program may call them as it likes. ``values_only`` takes also a workbook with macros or links to other
    files, for one of the office's own that is only looked up in.
    """

    def __init__(self, content: bytes, name: str, *, values_only: bool = False) -> None:
        self.name = name
        self.zip = _open(content, name)
        self.parts = {part_name(part.filename): part for part in self.zip.infolist()}
        self.twice = _twice(self.zip.infolist(), self.parts)
        self.main = self._main()
        self.related = self._relations(self.main)
        self._refuse_kind(values_only)
        self.strings: list[str] | None = None
        self.book = self._read(self.main, lambda: fragments.book(self._part(self.main)))
        self.sheets: dict[str, str] = {
            name: related.part
            for name, rid in self.book.sheets
            if (related := self.related.get(rid)) and related.kind not in NO_CELLS
        }

    @classmethod
    def at(cls, path: Path, *, values_only: bool = False) -> "Package":
        """The workbook file at a path, read into memory once. Raises Refused."""
        return cls(_load(path), path.name, values_only=values_only)

    def page(self, sheet: str, last_row: int = 0, columns: Sequence[str] = ()) -> SheetContent:
        """Read one sheet: all of it, up to ``last_row``, or what lies in some ``columns``.

        What lies below the last row is not even unpacked, so no check sum vouches for what lies above it.
        """
        part = self.sheets[sheet]
        found = self._read(part, lambda: self._cells(part, last_row, columns))
        cells = {**found.cells, **{at: self._worded(found.cells[at]) for at in found.pointing}}
        self._refuse_long(sheet, cells)
        return SheetContent(cells, frozenset(found.merges), bool(found.protected))

    def date_styles(self) -> frozenset[int]:
        """The style numbers that show a number as a date."""
        return self._styles.dated

    def share_styles(self) -> frozenset[int]:
        """The style numbers that show a figure as a percentage."""
        return self._styles.shares

    def open_styles(self) -> frozenset[int]:
        """The style numbers whose cells may be written in while their sheet is locked."""
        return self._styles.open

    @property
    def from_1904(self) -> bool:
        """Whether a day is counted from 1904-01-01 instead of from 1899-12-30."""
        return bool(self.book.from_1904)

    def walk_sheet(self, sheet: str, reader: R) -> R:
        """Let another reader walk over a sheet. Raises Refused."""
        return self._walk(self.sheets[sheet], reader)

    def walk_related(self, sheet: str, kind: str, reader: R) -> R:
        """Let a reader walk over what a sheet relates to as its ``comments``, if any. Raises Refused."""
        for one in self._relations(self.sheets[sheet]).values():
            if one.kind == kind and self._is_there(one.part):
                self._walk(one.part, reader)
        return reader

    def walk_part(self, part: str, reader: R) -> R:
        """Let a reader walk over any part that is there. Raises Refused."""
        return self._walk(part, reader) if part and self._is_there(part) else reader

    def part_of(self, kind: str) -> str:
        """The part that the workbook relates to as its ``styles`` or ``sharedStrings``, empty for none."""
        there = (one.part for one in self.related.values() if one.kind == kind)
        return next(filter(self._is_there, there), "") or self._typed(kind)

    @cached_property
    def _styles(self) -> _Styles:
        part = self.part_of("styles")
        return self._read(part, lambda: _styles(self._part(part))) if part else NO_STYLES

    def _walk(self, part: str, reader: R) -> R:
        return self._read(part, lambda: walk(reader, self._chunks(part)))

    def _cells(self, part: str, last_row: int, columns: Sequence[str]) -> fragments.SheetPart:
        if last_row:
            return fragments.top(self._chunks(part), last_row)
        xml = self._part(part)
        return fragments.some_columns(xml, columns) if columns else fragments.sheet(xml)

    def _worded(self, raw: Raw) -> Raw:
        """A cell that points into the shared strings says what stands there."""
        strings, at = self._strings(), raw.text.strip()
        if not (at.isascii() and at.isdecimal() and len(at) < 10 and int(at) < len(strings)):
            part = self.part_of("sharedStrings") or SHARED
            raise Refused(messages().broken.format(file=self.name, part=part))
        return Raw("str", strings[int(at)], raw.formula, raw.style)

    def _strings(self) -> list[str]:
        if self.strings is None:
            part = self.part_of("sharedStrings")
            self.strings = self._read(part, lambda: fragments.strings(self._part(part))) if part else []
        return self.strings

    def _refuse_long(self, sheet: str, cells: Mapping[str, Raw]) -> None:
        """No more than a cell holds: one text that many cells point to would fill any memory."""
        sizes = [len(raw.text) for raw in cells.values()]
        if max(sizes, default=0) > LETTERS:
            at, size = next((at, n) for at, n in zip(cells, sizes, strict=True) if n > LETTERS)
            cell = messages().at.format(sheet=sheet, cell=at)
            said = messages().too_long.format(cell=cell, n=size, limit=LETTERS)
        elif sum(sizes) > SHEET_LETTERS:
            said = messages().too_much_text.format(sheet=sheet, n=sum(sizes), limit=SHEET_LETTERS)
        else:
            return
        raise Refused(messages().inside.format(file=self.name, why=said))

    def _read(self, part: str, how: Callable[[], T]) -> T:
        """What is read from a part; a sentence about its XML says first where that lies."""
        try:
            return how()
        except BadXml as wrong:
            where = messages().part.format(part=part, why=wrong)
            raise Refused(messages().inside.format(file=self.name, why=where)) from wrong

    def _part(self, name: str) -> bytes:
        return b"".join(self._chunks(name, whole=True))

    def _chunks(self, name: str, *, whole: bool = False) -> Iterator[bytes]:
        """A part as it is unpacked; its check sum is known to be right once the last chunk is out.

        No more is unpacked than the directory declares, whose sum was bounded when the zip was opened.
        """
        if part_name(name) in self.twice:
            why = messages().part.format(part=name, why=messages().twice)
            raise Refused(messages().inside.format(file=self.name, why=why))
        try:
            entry = self.parts[part_name(name)]
            if entry.compress_type not in PACKED:
                raise NotImplementedError(entry.compress_type)
            with self.zip.open(entry) as part:
                while chunk := part.read(max(entry.file_size, 1) if whole else CHUNK):
                    yield chunk
        except UNREADABLE as wrong:
            raise Refused(messages().broken.format(file=self.name, part=name)) from wrong

    def _main(self) -> str:
        """The part that lists the sheets: what the package relates to as its document."""
        there = [one.part for one in self._relations("").values() if one.kind == "officeDocument"]
        return next(filter(self._is_there, there), "") or self._typed("main") or self._spelt(MAIN)

    def _typed(self, kind: str) -> str:
        """The part whose content type is of a kind, where no relation names one; empty for none."""
        if TYPES not in self.parts:
            return ""
        found = self._read(TYPES, lambda: walk(TypesReader(), self._chunks(TYPES)).types)
        mine = (self._spelt(part) for part, typed in found if typed.endswith(f".{kind}+xml"))
        return next(filter(self._is_there, mine), "")

    def _is_there(self, part: str) -> bool:
        return part_name(part) in self.parts

    def _spelt(self, part: str) -> str:
        """A part's name as the zip has it, where it has it."""
        name = part_name(part)
        return self.parts[name].filename if name in self.parts else name

    def _relations(self, part: str) -> dict[str, RelatedPart]:
        """What a part relates to, by id; of a workbook that says nothing, what most programs write."""
        folder, _, name = part_name(part).rpartition("/")
        listed = part_name(f"{folder}/_rels/{name}.rels")
        if listed not in self.parts:
            return {}
        found = self._read(listed, lambda: walk(RelationsReader(), self._chunks(listed)).relations)
        return {
            rid: RelatedPart(
                kind, self._spelt(target if target.startswith(("/", "\\")) else f"{folder}/{target}")
            )
            for rid, (kind, target) in found.items()
        }

    def _refuse_kind(self, values_only: bool) -> None:
        """Say of what other kind the file is, where it is no plain workbook."""
        related = {one.kind for one in self.related.values()}
        for wanted, refusal in (
            ("word/document.xml", messages().word),
            ("ppt/presentation.xml", messages().slides),
            ("ofd.xml", messages().ofd),
            ("content.xml", messages().ods),
            ("xl/workbook.bin", messages().xlsb),
        ):
            if wanted in self.parts:
                raise Refused(refusal.format(file=self.name))
        if not values_only and ("xl/vbaproject.bin" in self.parts or "vbaProject" in related):
            raise Refused(messages().macros.format(file=self.name))
        links = any(part.startswith("xl/externallinks/") for part in self.parts)
        if not values_only and (links or "externalLink" in related):
            raise Refused(messages().links.format(file=self.name))
        if not self._is_there(self.main):
            raise Refused(messages().not_workbook.format(file=self.name))


def part_name(written: str) -> str:
    """How a part is called, however it is written: from the root, no step up or aside, in small letters."""
    if "%" in written:
        from urllib.parse import unquote  # few programs write such

        written = unquote(written)
    steps: list[str] = []
    for step in written.replace("\\", "/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps).lower()


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
    except UNREADABLE as wrong:
        raise Refused(messages().not_zip.format(file=name)) from wrong
    size = sum(part.file_size for part in packed.infolist())
    if size > LIMIT or size > RATIO * max(len(content), MEGABYTE // 10):
        raise Refused(messages().bomb.format(file=name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE))
    if any(part.flag_bits & 1 for part in packed.infolist()):
        raise Refused(messages().encrypted.format(file=name))
    return packed


def _twice(entries: Sequence[zipfile.ZipInfo], parts: Mapping[str, zipfile.ZipInfo]) -> frozenset[str]:
    """The parts of which the zip has two that differ: one program reads the first, another the last."""
    return frozenset(name for entry in entries if entry.CRC != parts[name := part_name(entry.filename)].CRC)


def _styles_once(xml: bytes) -> _Styles:
    styles = walk(StylesReader(), [xml])
    codes = {n: _bare(code) for n, code in styles.formats.items()}
    dated = {n for n, code in codes.items() if _is_date(code)} | DATES
    shares = {n for n, code in codes.items() if "%" in code} | SHARES
    return _Styles(_shown(styles, dated), _shown(styles, shares), frozenset(styles.open))


_styles = fragments.remembering(_styles_once, 16)


def _shown(styles: StylesReader, formats: Collection[int]) -> frozenset[int]:
    """The styles of cells that show their figures in one of these formats."""
    return frozenset(n for n, number_format in enumerate(styles.cells) if number_format in formats)


def _bare(code: str) -> str:
    """A number format without the words, colours and conditions in it."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code[:FORMAT].lower())


def _is_date(code: str) -> bool:
    return bool(re.search(r"[ymdh]", code)) and "general" not in code
