"""The inbox: every file in a folder, a zip, or at any fsspec address, in a fixed order."""

import lzma
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from xlcheck.data.county import FaultKey, county
from xlcheck.data.messages import messages
from xlcheck.data.notices import notices
from xlcheck.editions import Refused
from xlcheck.workbook.archive import LIMIT, MEGABYTE, PACKED, RATIO, UNREADABLE

ARCHIVE = ".zip"
UNENCODED = re.compile("[\ud800-\udfff]")
QUIET = (  # what programs and systems leave behind, not what units send
    "~$", ".", "__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information",
    "recycler", "@eadir", "#recycle", "lost+found",
)  # fmt: skip
UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload", ".td", ".xltd")  # still coming
TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "date_time", "created")
TYPES = "[Content_Types].xml"
FileInfo = Mapping[str, Any]  # as fsspec tells of a file
UNHAD = (*UNREADABLE, lzma.LZMAError)  # fsspec unpacks by itself what a name says is packed


class InboxFile(NamedTuple):
    """One file as it lies there: its path, which entry of a zip it is if it is in one, how it is called.

    Names do not tell the entries of a zip apart, so ``inside`` counts them from 1; 0 is a file of its own.
    ``received`` is the file's own time, local, where the place it lies in keeps one. ``fault`` is why its
    content is not even asked for.
    """

    path: str
    inside: int
    name: str
    size: int
    received: datetime | None
    fault: FaultKey | None = None


def inbox_files(inbox: str) -> Iterator[InboxFile]:
    """Walk the inbox, zips in it as folders. Raises Refused where there is nothing to walk."""
    files, root = _opened(inbox)
    if files.isfile(root):
        yield from _file(files, root.rpartition("/")[0], files.info(root))
        return
    if (listed := _listed(files, root)) is None:
        raise Refused(county().inbox.shut.format(folder=inbox))
    yield from _walk(files, root, listed)


def _walk(files: AbstractFileSystem, root: str, listed: Sequence[FileInfo]) -> Iterator[InboxFile]:
    """The files of a folder, then those of the folders in it; what cannot be opened is one file with a fault.

    fsspec's own walk passes over a folder that is shut.
    """
    there = sorted((info for info in listed if not _quiet(_last(info))), key=_last)
    if any(_last(info) == notices().folder.list for info in listed):  # notices that we wrote ourselves
        return
    folders = [info for info in there if info["type"] == "directory"]
    for info in there:
        if info["type"] != "directory":
            yield from _file(files, root, info)
    for info in folders:
        inside = _listed(files, info["name"])
        if info.get("islink") or inside is None:
            yield _faulty(root, info, "link" if info.get("islink") else "shut")
        else:
            yield from _walk(files, root, inside)


def _listed(files: AbstractFileSystem, folder: str) -> list[FileInfo] | None:
    """What lies in a folder, nothing where nobody may look into it."""
    with suppress(OSError):
        return list(files.ls(folder, detail=True))
    return None


def _last(info: FileInfo) -> str:
    return str(info["name"]).rstrip("/").rpartition("/")[2]


def _quiet(name: str) -> bool:
    return name.lower().startswith(QUIET) and name != notices().folder.list


def _faulty(root: str, info: FileInfo, fault: FaultKey) -> InboxFile:
    name = _told(str(info["name"]).removeprefix(root).lstrip("/"))
    return InboxFile(str(info["name"]), 0, name, 0, _when(info), fault)


def content(inbox: str, item: InboxFile) -> bytes:
    """The bytes of one file. Raises Refused for one that cannot be had, or is larger than any filing."""
    if item.fault:
        raise Refused(county().inbox.fault[item.fault].format(file=item.name))
    if item.size > LIMIT:
        size = item.size // MEGABYTE
        raise Refused(messages().bomb.format(file=item.name, size=size, limit=LIMIT // MEGABYTE))
    try:
        if item.inside:
            return _unpacked(_archive(inbox, item.path), item)
        with _place(inbox).open(item.path, "rb") as file:
            return bytes(file.read(LIMIT + 1))
    except UNHAD as wrong:
        raise Refused(county().inbox.unreadable.format(file=item.name)) from wrong


def _unpacked(packed: zipfile.ZipFile, item: InboxFile) -> bytes:
    """An entry of a zip, no more of it than its directory says."""
    entry = packed.infolist()[item.inside - 1]
    if entry.compress_type not in PACKED:
        raise NotImplementedError(entry.compress_type)
    with packed.open(entry) as file:
        return file.read(max(entry.file_size, 1))


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


@lru_cache(8)  # few zips stay open: handles are few
def _archive(inbox: str, path: str) -> zipfile.ZipFile:
    """A zip stays open in a worker: its directory is read once, not once a file."""
    return zipfile.ZipFile(_place(inbox).open(path, "rb"))


def _file(files: AbstractFileSystem, root: str, info: FileInfo) -> Iterator[InboxFile]:
    path = str(info["name"])
    name = _told(path.removeprefix(root).lstrip("/"))
    if fault := _fault(info):
        yield _faulty(root, info, fault)
        return
    if not path.lower().endswith(ARCHIVE):
        yield InboxFile(path, 0, name, info["size"] or 0, _when(info))
        return
    try:
        with files.open(path, "rb") as file:
            inner = zipfile.ZipFile(file).infolist()
    except UNHAD:
        inner = []
    whole = sum(part.file_size for part in inner)
    office = any(part.filename == TYPES for part in inner)  # a workbook that somebody called a .zip
    if not inner or office or whole > RATIO * max(info["size"] or 0, MEGABYTE // 10):
        yield InboxFile(path, 0, name, info["size"] or 0, _when(info))  # told as any other file that is none
        return
    yield from _entries(path, name, inner, info)


def _fault(info: FileInfo) -> FaultKey | None:
    """Why a file is not read at all: a pipe would never end; a link is read where it leads to a file."""
    if info.get("islink"):
        return None if os.path.isfile(str(info["name"])) else "link"
    if info["type"] == "other":
        return "odd"
    return "unfinished" if str(info["name"]).lower().endswith(UNFINISHED) else None


def _entries(path: str, name: str, inner: Sequence[zipfile.ZipInfo], info: FileInfo) -> Iterator[InboxFile]:
    """The files in a zip by name; of two that are called alike the later ones say which they are."""
    names: Counter[str] = Counter()
    for number, part in sorted(enumerate(inner, 1), key=lambda one: one[1].filename):
        steps = [s for s in _shown(part).replace("\\", "/").split("/") if s not in ("", ".", "..")]
        if part.is_dir() or any(map(_quiet, steps)):
            continue
        shown = "/".join(steps) or part.filename
        names[shown] += 1
        if names[shown] > 1:
            shown = county().inbox.again.format(name=shown, n=names[shown])
        when = {"date_time": part.date_time} if part.date_time > (1980, 1, 1, 0, 0, 0) else info
        yield InboxFile(path, number, f"{name}/{shown}", part.file_size, _when(when))


def _told(name: str) -> str:
    """A name as it can be written down: on Linux one that is not UTF-8 was most likely GBK."""
    return os.fsencode(name).decode("gb18030", "replace") if UNENCODED.search(name) else name


def _shown(part: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names into a zip as GBK without saying so; zipfile takes them for cp437."""
    if not part.flag_bits & 0x800:
        for encoding in ("utf-8", "gbk"):  # a Mac writes UTF-8 and does not say so either
            with suppress(UnicodeError):
                return part.filename.encode("cp437").decode(encoding)
    return part.filename


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
