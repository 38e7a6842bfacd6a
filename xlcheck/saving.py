"""Write files whole or not at all: to a temporary file beside the target, flushed, then renamed for good."""

import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from errno import EISDIR, ENOSYS, ENOTDIR, ENOTSUP, EPERM
from functools import cache
from html import escape
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.core.cell_functions import BAD_NUMBER, CellError, Value, as_double
from xlcheck.core.filing import figure_text

try:
    import fcntl as locking
except ImportError:  # Windows, and a browser
    locking = None  # type: ignore[assignment]

if TYPE_CHECKING:  # writing bytes should not cost the import of openpyxl
    from openpyxl import Workbook

NO_LINKS = (EPERM, ENOTSUP, ENOSYS)  # of a memory stick
BESIDE = ".xlcheck-"  # how what is not yet whole begins
CellResult = Value | Decimal | CellError
Results = Mapping[str, Mapping[str, CellResult]]  # sheet -> cell -> what its formula comes to
EXACT = 10**15  # up to here a double is the integer it shows
EPOCH = (1980, 1, 1, 0, 0, 0)
FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v(?: ?/>|></v>)</c>', re.DOTALL)
NUMBER = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="n"')
FONT, FONT_PART = re.compile(rb"<font>(.*?)</font>", re.DOTALL), re.compile(rb"<(\w+)[^>]*/>")
# fmt: off
FONT_ORDER = (b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign", b"sz",
              b"color", b"name", b"family", b"charset", b"scheme")
# fmt: on


def atomically(path: Path, write: Callable[[Path], object], *, over: bool = True) -> None:
    """Let ``write`` fill a temporary file, then put it in the target's place in one step.

    With ``over`` what is there is replaced, else a file that is there by then stays as it is. Raises
    OSError that names the target, whatever part of this the system refuses.
    """
    try:
        _make_folder(path.parent)
        if path.exists() and not path.is_file():  # a device would be replaced by a file
            raise OSError(EISDIR if path.is_dir() else EPERM, "", str(path))
        sweep(path.parent)
        _replace(path, write, over)
    except OSError as wrong:
        if wrong.errno is None:
            raise
        raise OSError(wrong.errno, wrong.strerror, str(path)) from wrong


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as wrong:  # a file lies where the folder should
        raise NotADirectoryError(ENOTDIR, "", str(folder)) from wrong


def _replace(path: Path, write: Callable[[Path], object], over: bool) -> None:
    handle, name = _beside(path)
    try:
        write(Path(name))
        os.fsync(handle)
        os.chmod(name, 0o644)
        if not locking:
            os.close(handle)  # Windows renames no file that is open
            handle = -1
        (os.replace if over else _take_free_name)(name, path)
        _sync_folder(path.parent)
    finally:
        if handle >= 0:
            os.close(handle)
        Path(name).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the system write down that a file has its name, lest it be lost with the power."""
    if not locking:  # Windows does so by itself
        return
    with suppress(OSError):  # some places know no such thing; the file itself is whole
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _take_free_name(name: str, path: Path) -> None:
    """Give a file its name unless another has it, however late that one came: in one step."""
    if not locking:
        os.rename(name, path)  # Windows renames over nothing
        return
    try:
        os.link(name, path)
    except OSError as wrong:
        if wrong.errno not in NO_LINKS:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(name, path)


def _beside(path: Path) -> tuple[int, str]:
    """A temporary file beside the target, its lock held: the lock goes with the process, however it ends."""
    while True:
        handle, name = tempfile.mkstemp(prefix=BESIDE, suffix=path.suffix, dir=path.parent)
        if not locking:
            return handle, name
        with suppress(OSError):  # some places know no locks; there nothing is swept either
            locking.flock(handle, locking.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.stat(name).st_ino == os.fstat(handle).st_ino:
                return handle, name
        os.close(handle)  # another run swept it before it was locked


@cache
def sweep(folder: Path) -> None:
    """Take away what killed runs left beside their targets; what a live run holds stays."""
    left: list[str] = []
    with suppress(OSError), os.scandir(folder) as entries:
        left += (entry.path for entry in entries if entry.name.startswith(BESIDE))
    for name in left:
        with suppress(OSError):
            if locking:
                with open(name, "rb+") as file:
                    locking.flock(file, locking.LOCK_EX | locking.LOCK_NB)
                    os.unlink(name)
            else:
                os.unlink(name)  # Windows refuses this for a file that is open


def save(book: "Workbook", path: Path, results: Results | None = None, *, over: bool = True) -> None:
    """Save a workbook atomically, and so that the same content gives the same bytes.

    ``results`` are what formulas come to, kept beside them; where nobody says, they are worked out.
    ``over`` as of ``atomically``.
    """
    content = book_bytes(book, results)
    atomically(path, lambda to: to.write_bytes(content), over=over)


def book_bytes(book: "Workbook", results: Results | None = None) -> bytes:
    """A workbook as ``save`` writes it."""
    results = _worked_out(book) if results is None else results
    buffer = BytesIO()
    modified = book.properties.modified
    book.save(buffer)
    book.properties.modified = modified
    parts = {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(book.sheetnames, 1)}
    known = {part: results.get(title, {}) for part, title in parts.items()}
    return steady(buffer.getvalue(), known)


def steady(content: bytes, known: Results) -> bytes:
    """Pack a workbook again as others read it, and with fixed times: openpyxl writes the clock into it.

    ``known`` is by part.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "docProps/core.xml":
                body = _without_clock(body)
            elif part.filename == "xl/styles.xml":
                body = FONT.sub(_in_order, body)
            elif part.filename in known:
                # openpyxl calls a cell without a value a number, and so IronCalc finds a 0 in it
                body = _with_results(NUMBER.sub(rb"\1", body), known[part.filename])
            new.writestr(zipfile.ZipInfo(part.filename, EPOCH), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pack_zip(parts: Mapping[str, bytes | str], level: int | None = None) -> bytes:
    """A zip of these parts in this order, always the same bytes; ``level`` is how hard it is packed."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 0  # else Windows and Linux build different bytes
            archive.writestr(info, part, zipfile.ZIP_DEFLATED, level)
    return out.getvalue()


def _without_clock(core: bytes) -> bytes:
    start, tag, rest = core.partition(b"<dcterms:modified")
    head, close, tail = rest.partition(b"</dcterms:modified>")
    created = core.partition(b"<dcterms:created")[2].partition(b"</dcterms:created>")[0]
    return start + tag + created + close + tail if tag and head else core


def _in_order(font: re.Match[bytes]) -> bytes:
    """What a font is, in the order of the schema (18.8.22), which openpyxl does not keep."""
    parts = sorted(FONT_PART.finditer(font[1]), key=lambda part: FONT_ORDER.index(part[1]))
    return b"<font>%s</font>" % b"".join(part[0] for part in parts)


def _worked_out(book: "Workbook") -> Results:
    """What every formula of a workbook comes to, by sheet and cell."""
    from xlcheck.core.results import StoredFormula, formula_results

    there = {
        (sheet.title, cell.coordinate): cell
        for sheet in book.worksheets
        for cell in sheet._cells.values()  # what openpyxl is asked for it makes
    }
    formulas = {
        key: StoredFormula(str(cell.value)[1:]) for key, cell in there.items() if cell.data_type == "f"
    }
    stored = {key: _plain(cell.value) for key, cell in there.items() if key not in formulas}
    found: dict[str, dict[str, CellResult]] = {}
    for (title, at), result in formula_results(formulas, stored.get).items():
        found.setdefault(title, {})[at] = result
    return found


def _plain(value: object) -> Value:
    """A cell's value as a formula takes it."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return as_double(value)
    return value if isinstance(value, str | bool) else None


def stored_result(value: CellResult) -> tuple[str, str]:
    """How a result is stored: the type of its cell, and its text."""
    match value:
        case bool():
            return "b", str(int(value))
        case float() if not isfinite(value):
            return "e", BAD_NUMBER
        case float():
            return "", str(int(value)) if value == int(value) and abs(value) < EXACT else repr(value)
        case Decimal():
            return "", figure_text(value)
        case CellError():
            return "e", value.code
    return "str", value or ""


def _with_results(sheet: bytes, results: Mapping[str, CellResult]) -> bytes:
    """The XML of a sheet with the results of these cells; others stay as they are."""

    def result(found: re.Match[bytes]) -> bytes:
        cell, style, formula = found.groups()
        value = results.get(cell.decode())
        if value is None:
            return found[0]
        kind, text = stored_result(value)
        typed = f' t="{kind}"'.encode() if kind else b""
        return b'<c r="%s"%s%s><f>%s</f><v>%s</v></c>' % (cell, style, typed, formula, escape(text).encode())

    return FORMULA.sub(result, sheet)
