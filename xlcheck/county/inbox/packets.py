"""What units pack their files into, .zip, .rar, .7z and mails: which files these hold, and their bytes."""

import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import IO, NamedTuple, Protocol

from xlcheck.county.inbox.mail import Mail
from xlcheck.county.inbox.member import FileInfo, Member, Withheld
from xlcheck.county.inbox.unpacking import HEADS, Archive
from xlcheck.data.county import FaultKey, county
from xlcheck.workbook.archive import LIMIT, MEGABYTE, PACKED, RATIO, UNREADABLE

KINDS = (".zip", ".rar", ".7z", ".eml")  # by the ends of their names
DEEPEST = 4  # packets in each other
MOST = 5_000  # files in one packet, with all that lie in it
WHOLE = 10 * LIMIT  # bytes of all of these together
TYPES = "[Content_Types].xml"
HEAD = 512
MAIL_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:From |[A-Za-z][A-Za-z-]*:[ \t\r\n])")


class Packet(Protocol):
    """A file that holds files; their numbers count also what is none, as a folder."""

    @property
    def members(self) -> Mapping[int, Member]: ...
    def read(self, number: int) -> bytes: ...


class Enclosed(NamedTuple):
    """One file in a packet: the numbers that lead to it, from the outermost packet on, and its name."""

    inside: tuple[int, ...]
    name: str
    size: int
    info: FileInfo | None = None
    fault: FaultKey | None = None


class Zip:
    """A zip. Its directory is all that is read before somebody asks for an entry."""

    def __init__(self, file: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(file)
        self.entries = self.zip.infolist()
        self.members = {n: _entry(part) for n, part in enumerate(self.entries, 1) if not part.is_dir()}

    def read(self, number: int) -> bytes:
        """An entry, no more of it than the directory says. Raises Withheld."""
        part = self.entries[number - 1]
        if part.compress_type not in PACKED:
            raise Withheld("method")
        with self.zip.open(part) as file:
            return file.read(max(part.file_size, 1))


def open_packet(file: IO[bytes], size: int) -> Packet | None:
    """The packet that a file is; None for a document that only is packed, and for what is none.

    Raises Withheld where it is one and cannot be opened.
    """
    head = file.read(HEAD)
    file.seek(0)
    kind = next((name for begins, name in HEADS.items() if head.startswith(begins)), "")
    packed: Packet
    if kind or MAIL_HEAD.match(head):
        if size > LIMIT:
            raise Withheld("big")
        raw = file.read(LIMIT + 1)
        packed = Archive(raw, kind) if kind else Mail(raw)
    else:
        try:
            packed = Zip(file)
        except UNREADABLE:
            return None
        if any(part.filename == TYPES for part in packed.entries):  # a workbook that somebody called a .zip
            return None
    if not isinstance(packed, Mail):
        _refuse_bomb(packed, size)
    return packed


def _refuse_bomb(packed: Packet, size: int) -> None:
    whole = sum(member.size for member in packed.members.values())
    if whole > RATIO * max(size, MEGABYTE // 10):
        raise Withheld("big")


def is_packet(name: str) -> bool:
    """Whether a file may hold files, by its name."""
    return name.lower().endswith(KINDS)


class Contents:
    """Every file of a packet, and of the packets in it, counted while they are told."""

    def __init__(self) -> None:
        self.files = self.bytes = 0

    def of(self, packet: Packet, inside: tuple[int, ...] = ()) -> Iterator[Enclosed]:
        """The files of a packet. Raises Withheld where there are more, or larger ones, than anybody packs."""
        before: dict[str, int] = {}
        for number, member in packet.members.items():
            self._count(member)
            here, name = (*inside, number), _steps(member.name)
            if name:
                before[name] = before.get(name, 0) + 1
                if before[name] > 1:
                    name = county().inbox.again.format(name=name, n=before[name])
                yield from self._one(packet, member, here, name)

    def _one(self, packet: Packet, member: Member, here: tuple[int, ...], name: str) -> Iterator[Enclosed]:
        """A file as it is, or as what lies in it."""
        whole = Enclosed(here, name, member.size, member.info, member.fault)
        if member.fault or not is_packet(name) or len(here) >= DEEPEST or member.size > LIMIT:
            yield whole
            return
        try:
            raw = packet.read(here[-1])
            inner = open_packet(BytesIO(raw), len(raw))
        except Withheld as why:
            yield whole._replace(fault=why.fault)
            return
        except UNREADABLE:
            inner = None
        if not inner or not inner.members:
            yield whole if not inner else whole._replace(fault="bare")
            return
        mailed = member.info if isinstance(packet, Mail) and not isinstance(inner, Mail) else None
        for one in self.of(inner, here):  # what is packed in a mail came with it, whenever it was written
            yield one._replace(name=f"{name}/{one.name}", info=mailed or one.info or member.info)

    def _count(self, member: Member) -> None:
        self.files += 1
        self.bytes += member.size
        if self.files > MOST or self.bytes > WHOLE:
            raise Withheld("big")


def _steps(name: str) -> str:
    """A path within a packet: no root, no step up or aside; empty for what systems leave behind."""
    steps = [s for s in name.replace("\\", "/").split("/") if s not in ("", ".", "..")]
    return "" if any(map(is_quiet, steps)) else "/".join(steps) or name


QUIET = (  # what programs and systems leave behind, not what units send
    "~$", ".", "__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information",
    "recycler", "@eadir", "#recycle", "lost+found",
)  # fmt: skip


def is_quiet(name: str) -> bool:
    """Whether programs or systems left a file or a folder behind, by its name."""
    return name.lower().startswith(QUIET)


def _entry(part: zipfile.ZipInfo) -> Member:
    when = {"date_time": part.date_time} if part.date_time > (1980, 1, 1, 0, 0, 0) else None
    link = stat.S_ISLNK(part.external_attr >> 16)
    return Member(
        _shown(part), part.file_size, when, "link" if link else "locked" if part.flag_bits & 1 else None
    )


def _shown(part: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names into a zip as GBK without saying so; zipfile takes them for cp437."""
    if not part.flag_bits & 0x800:
        for encoding in ("utf-8", "gbk"):  # a Mac writes UTF-8 and does not say so either
            with suppress(UnicodeError):
                return part.filename.encode("cp437").decode(encoding)
    return part.filename
