"""The folders that the county's letters are kept in: a file a unit, and a list of what we wrote."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
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
        name, n = file_name(unit), 1
        free = name
        while _alike(f"{free}.docx") in taken:
            n += 1
            free = notices().name.again.format(name=name, n=n)
        taken.add(_alike(f"{free}.docx"))
        yield folder / f"{free}.docx"


def file_name(unit: str) -> str:
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


def free_path(path: Path, ours: Container[Path]) -> Path:
    """The path itself, or one beside it where a file lies there that is not ours."""
    free, n = path, 1
    while free.exists() and free not in ours:
        n += 1
        free = path.with_stem(notices().name.again.format(name=path.stem, n=n))
    return free


def written_before(root: Path) -> dict[Path, str]:
    """The files below the root that we wrote and nobody has changed, each with its line in our list."""
    kept = _list(root)
    listed = kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else []
    names = {Path(line.partition("  ")[2]): line for line in listed}
    inside = {root / name: line for name, line in names.items() if _is_inside(name)}
    return {
        path: line
        for path, line in inside.items()
        if path.is_file() and line == _line(root, path, path.read_bytes())
    }


def changed_by_hand(root: Path) -> list[Path]:
    """The files below the root that we wrote and somebody has changed since."""
    kept = _list(root)
    listed = kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else []
    names = {Path(line.partition("  ")[2]) for line in listed}
    ours = written_before(root)
    return sorted(root / n for n in names if _is_inside(n) and (root / n).is_file() and root / n not in ours)


def _is_inside(name: Path) -> bool:
    return bool(name.name) and not name.is_absolute() and ".." not in name.parts


def keep_all(root: Path, files: Iterable[tuple[Path, bytes]], before: Mapping[Path, str]) -> list[Path]:
    """Write all files, one after the other, and remove those of ``before`` that are not among them.

    Refused where one cannot be written or removed. The list names a file before it is written, so that a run
    cut short leaves no file that we do not know.
    """
    lines: dict[Path, str] = {}
    for path, content in files:
        lines[path] = _line(root, path, content)
        _remember(root, lines[path])
        _write(path, content)
    for path in before.keys() - lines.keys():
        with _refusing(path):
            path.unlink()
        with suppress(OSError):  # a folder that others use is left
            if path.parent != root:
                path.parent.rmdir()
    if lines or before:
        _write(_list(root), "\n".join(lines.values()).encode())
    return list(lines)


def _remember(root: Path, line: str) -> None:
    kept = _list(root)
    with _refusing(kept):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.open("a", encoding="utf-8", newline="\n") as listed:
            listed.write(f"\n{line}\n")


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
