"""Write files whole or not at all: to a temporary file beside the target, flushed, then renamed."""

import os
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # writing bytes should not cost the import of openpyxl
    from openpyxl import Workbook

EPOCH = (1980, 1, 1, 0, 0, 0)


def atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file, then put it in the target's place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".xlcheck-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        write(Path(name))
        with open(name, "rb+") as file:
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def save(book: "Workbook", path: Path) -> None:
    """Save a workbook atomically, and so that the same content gives the same bytes."""
    buffer = BytesIO()
    modified = book.properties.modified
    book.save(buffer)
    book.properties.modified = modified
    atomically(path, lambda to: to.write_bytes(steady(buffer.getvalue(), modified)))


def steady(content: bytes, modified: object) -> bytes:
    """Pack a workbook again with fixed times: openpyxl writes the clock into it."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "docProps/core.xml":
                body = _without_clock(body)
            new.writestr(zipfile.ZipInfo(part.filename, EPOCH), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_clock(core: bytes) -> bytes:
    start, tag, rest = core.partition(b"<dcterms:modified")
    head, close, tail = rest.partition(b"</dcterms:modified>")
    created = core.partition(b"<dcterms:created")[2].partition(b"</dcterms:created>")[0]
    return start + tag + created + close + tail if tag and head else core
