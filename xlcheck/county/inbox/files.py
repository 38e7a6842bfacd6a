"""The inbox: every file in a folder, in what units pack, or at any fsspec address, in a fixed order."""

import lzma
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from typing import NamedTuple

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from xlcheck.accidents import technical_reason
from xlcheck.child import ChildDied
from xlcheck.county.inbox.member import FileInfo, Withheld, written_name
from xlcheck.county.inbox.packets import Contents, Enclosed, Packet, is_packet, is_quiet, open_packet
from xlcheck.county.workers import dismiss_child, done_apart
from xlcheck.data.county import FaultKey, county
from xlcheck.data.messages import messages
from xlcheck.data.notices import notices
from xlcheck.editions import Refused
from xlcheck.workbook.archive import LIMIT, MEGABYTE, UNREADABLE

VOLUME = re.compile(r"\.(?:part\d+\.rar|[rz]\d\d|(?:7z|zip|rar)\.\d{3})\Z", re.I)  # one of several files
ZIP = ".zip"
UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload", ".td", ".xltd")  # still coming
TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "date_time", "created")
UNHAD = (*UNREADABLE, lzma.LZMAError)  # fsspec unpacks by itself what a name says is packed


class Denied(Refused):
    """A file that nobody may read, today: its rights may change, and nothing of it shows that."""


class Gone(Refused):
    """A file that lies there no more since the inbox was walked: who renamed it has it at another place."""


class InboxFile(NamedTuple):
    """One file as it lies there: its path, where in a packet it is if it is in one, how it is called.

    Names do not tell the entries of a zip apart, so ``inside`` counts them from 1, for a packet in a packet
    with one number more; a file of its own has none. ``received`` is the file's own time, local, where the
    place it lies in keeps one. ``fault`` is why its content is not even asked for.
    """

    path: str
    inside: tuple[int, ...]
    name: str
    size: int
    received: datetime | None
    fault: FaultKey | None = None


class PacketList(NamedTuple):
    """What lies in a packet, or why nobody knows; neither for a file that is none."""

    places: Sequence[Enclosed] = ()
    fault: FaultKey | None = None


def inbox_files(inbox: str) -> Iterator[InboxFile]:
    """Walk the inbox, zips in it as folders. Raises Refused where there is nothing to walk."""
    files, root = _opened(inbox)
    try:
        if files.exists(root) and not files.isdir(root):  # a file, or what only looks like one
            yield from _file(inbox, root.rpartition("/")[0], files.info(root))
            return
        if (listed := _listed(files, root)) is None:
            raise Refused(county().inbox.shut.format(folder=inbox))
        yield from _walk(inbox, root, listed)
    finally:
        dismiss_child()


def _walk(inbox: str, root: str, listed: Sequence[FileInfo]) -> Iterator[InboxFile]:
    """The files of a folder, then those of the folders in it; what cannot be opened is one file with a fault.

    fsspec's own walk passes over a folder that is shut.
    """
    there = sorted((info for info in listed if not _quiet(_last(info))), key=_last)
    if any(_last(info) == notices().folder.list for info in listed):  # notices that we wrote ourselves
        return
    folders = [info for info in there if info["type"] == "directory"]
    for info in there:
        if info["type"] != "directory":
            yield from _file(inbox, root, info)
    for info in folders:
        inside = _listed(_place(inbox), info["name"])
        if info.get("islink") or inside is None:
            yield _faulty(root, info, "link" if info.get("islink") else "shut")
        else:
            yield from _walk(inbox, root, inside)


def _listed(files: AbstractFileSystem, folder: str) -> list[FileInfo] | None:
    """What lies in a folder, nothing where nobody may look into it."""
    with suppress(OSError):
        return list(files.ls(folder, detail=True))
    return None


def _last(info: FileInfo) -> str:
    return str(info["name"]).rstrip("/").rpartition("/")[2]


def _quiet(name: str) -> bool:
    return is_quiet(name) and name != notices().folder.list


def _faulty(root: str, info: FileInfo, fault: FaultKey) -> InboxFile:
    name = written_name(str(info["name"]).removeprefix(root).lstrip("/"))
    return InboxFile(str(info["name"]), (), name, 0, _when(info), fault)


def content(inbox: str, item: InboxFile) -> bytes:
    """The bytes of one file. Raises Refused for one that cannot be had, or is larger than any filing, and of
    these Denied for one that may not be read, Gone for one that is there no more."""
    if item.fault == "broken" and not _place(inbox).exists(item.path):
        raise Gone(county().inbox.none.format(inbox=item.name))
    if item.fault:
        raise Refused(county().inbox.fault[item.fault].format(file=item.name))
    if item.size > LIMIT:
        size = item.size // MEGABYTE
        raise Refused(messages().bomb.format(file=item.name, size=size, limit=LIMIT // MEGABYTE))
    try:
        if item.inside:
            return _packet(inbox, item.path, item.inside[:-1]).read(item.inside[-1])
        with _place(inbox).open(item.path, "rb") as file:
            return bytes(file.read(LIMIT + 1))
    except Withheld as why:
        raise Refused(county().inbox.fault[why.fault].format(file=item.name), technical_reason(why)) from why
    except FileNotFoundError as wrong:
        raise Gone(county().inbox.none.format(inbox=item.name)) from wrong
    except PermissionError as wrong:
        raise Denied(county().inbox.denied.format(file=item.name), technical_reason(wrong)) from wrong
    except UNHAD as wrong:
        raise Refused(county().inbox.unreadable.format(file=item.name)) from wrong


@lru_cache(4)  # handles are few, and what is packed in a packet lies in memory
def _packet(inbox: str, path: str, inside: tuple[int, ...]) -> Packet:
    """A packet stays open in a worker: its directory is read once, not once a file."""
    if inside:
        raw = _packet(inbox, path, inside[:-1]).read(inside[-1])
        found = open_packet(BytesIO(raw), len(raw))
    else:
        files = _place(inbox)
        found = open_packet(files.open(path, "rb"), files.info(path)["size"] or 0)
    if found is None:
        raise EOFError(path)
    return found


def _opened(inbox: str) -> tuple[AbstractFileSystem, str]:
    words = county().inbox
    try:
        files, root = url_to_fs(inbox)
        there = files.exists(root)
    except ImportError as wrong:
        extra = words.extra.get(inbox.partition("://")[0].lower(), "")
        sentence = words.no_driver if extra else words.unknown
        raise Refused(sentence.format(inbox=inbox, extra=extra)) from wrong
    except UNHAD as wrong:
        raise Refused(words.unknown.format(inbox=inbox)) from wrong
    if not there:
        raise Refused(words.none.format(inbox=inbox))
    return files, root


@cache
def _place(inbox: str) -> AbstractFileSystem:
    """The file system that an address lies in."""
    return url_to_fs(inbox)[0]


def _file(inbox: str, root: str, info: FileInfo) -> Iterator[InboxFile]:
    path = str(info["name"])
    if fault := _fault(info):
        yield _faulty(root, info, fault)
        return
    whole = InboxFile(
        path, (), written_name(path.removeprefix(root).lstrip("/")), info["size"] or 0, _when(info)
    )
    found = _listing(inbox, path, whole.size, whole.received) if is_packet(path) else PacketList()
    if not found.places:
        yield whole._replace(fault=found.fault)  # one that is none is told as any other file
    for inner in found.places:
        times = [when for when in (inner.info and _when(inner.info), whole.received) if when]
        received = min(times, default=None)  # what came in a packet was there before it came
        yield InboxFile(path, inner.inside, f"{whole.name}/{inner.name}", inner.size, received, inner.fault)


@lru_cache(4096)
def _listing(inbox: str, path: str, size: int, received: datetime | None) -> PacketList:
    """What lies in a packet, as long as it is as large and as old as it was.

    What a zip's directory says is read here; what has to be unpacked for it, in a process with limits.
    """
    if path.lower().endswith(ZIP):
        with suppress(*UNHAD, Withheld), _place(inbox).open(path, "rb") as file:
            packet = open_packet(file, size)
            if packet and not any(is_packet(member.name) for member in packet.members.values()):
                return PacketList(list(Contents().of(packet)))
    try:
        return done_apart(listings, [(inbox, path, size)])[0]
    except ChildDied:
        return PacketList(fault="broken")


def listings(asked: Sequence[tuple[str, str, int]]) -> list[PacketList]:
    """What lies in packets of the inbox, by their paths and sizes; what has to be unpacked for it is."""
    return [_unpacked_listing(*one) for one in asked]


def _unpacked_listing(inbox: str, path: str, size: int) -> PacketList:
    try:
        with _place(inbox).open(path, "rb") as file:
            packet = open_packet(file, size)
            if packet is None:
                return PacketList()
            return PacketList(list(Contents().of(packet)), None if packet.members else "bare")
    except Withheld as why:
        return PacketList(fault=why.fault)
    except UNHAD:
        return PacketList(fault="broken")


def _fault(info: FileInfo) -> FaultKey | None:
    """Why a file is not read at all: a pipe would never end; a link is read where it leads to a file."""
    if info.get("islink"):
        return None if os.path.isfile(str(info["name"])) else "link"
    if info["type"] == "other":
        return "odd"
    name = str(info["name"]).lower()
    return "unfinished" if name.endswith(UNFINISHED) else "volume" if VOLUME.search(name) else None


def _when(info: FileInfo) -> datetime | None:
    """When the file was written, in local time, to the second; places name this differently."""
    match next((info[key] for key in TIMES if info.get(key)), None):
        case int() | float() as seconds:
            return datetime.fromtimestamp(int(seconds))
        case datetime() as moment:
            return moment.astimezone().replace(tzinfo=None, microsecond=0)
        case (int(), *_) as parts:
            with suppress(ValueError):  # a zip may hold any day, also one that is none
                return datetime(*parts[:6])
    return None
