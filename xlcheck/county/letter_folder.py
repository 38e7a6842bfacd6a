"""The folders that the county's letters are kept in: a file a unit, and a list of what we wrote."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from xlcheck.data.notices import notices
from xlcheck.editions import Refused, reason
from xlcheck.saving import atomically


def free_paths(folder: Path, units: Iterable[str], ours: Container[Path]) -> Iterator[Path]:
    """A path in the folder for the letter to each unit, valid on Windows; no two alike, no foreign file's."""
    there = folder.iterdir() if folder.is_dir() else ()
    taken = {_alike(path.name) for path in there if path not in ours}
    for unit in units:
        name, n = _file_name(unit), 1
        free = name
        while _alike(f"{free}.docx") in taken:
            n += 1
            free = notices().name.again.format(name=name, n=n)
        taken.add(_alike(f"{free}.docx"))
        yield folder / f"{free}.docx"


def _file_name(unit: str) -> str:
    """A name after the unit's that stays in its folder whatever the unit is called."""
    rules = notices().name
    seen = "".join(
        " " if unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", unit)
    )
    name = re.sub(rules.forbidden, rules.spare, " ".join(seen.split()))[: rules.most].strip(" .")
    # Windows takes the name before the first dot for the device's, whatever follows.
    device = re.fullmatch(rules.reserved, name.partition(".")[0].strip())
    return rules.spare + name if device or not name else name


def _alike(name: str) -> str:
    """What Windows and macOS take for the same name: without regard to case and to composition."""
    return unicodedata.normalize("NFC", name.casefold())


def written_before(root: Path, folders: Iterable[Path]) -> dict[Path, str]:
    """The letters in these folders that we wrote and nobody has changed, each with its line in our list."""
    kept = _list(root)
    listed = set(kept.read_text(encoding="utf-8").splitlines()) if kept.is_file() else set()
    there = [p for folder in folders if folder.is_dir() for p in folder.glob("*.docx")] if listed else []
    lines = {path: _line(root, path, path.read_bytes()) for path in there}
    return {path: line for path, line in lines.items() if line in listed}


def keep_all(root: Path, files: Mapping[Path, bytes], before: Mapping[Path, str]) -> None:
    """Write all files, and remove those of ``before`` that are not among them; Refused where one cannot be.

    The list is written first and names both, so that a run cut short leaves no file that we do not know.
    """
    lines = [_line(root, path, content) for path, content in files.items()]
    if lines or before:
        _write(_list(root), "\n".join([*before.values(), *lines]).encode())
    for path, content in files.items():
        _write(path, content)
    for path in before.keys() - files.keys():
        with _refusing(path):
            path.unlink()
    if lines or before:
        _write(_list(root), "\n".join(lines).encode())


def _write(path: Path, content: bytes) -> None:
    with _refusing(path):
        atomically(path, lambda beside: beside.write_bytes(content))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what the system refuses into a sentence for the clerk."""
    try:
        yield
    except OSError as error:
        raise Refused(notices().folder.unwritten.format(file=path.name, reason=reason(error))) from error


def _list(root: Path) -> Path:
    return root / notices().folder.list


def _line(root: Path, path: Path, content: bytes) -> str:
    return f"{sha256(content).hexdigest()}  {path.relative_to(root).as_posix()}"
