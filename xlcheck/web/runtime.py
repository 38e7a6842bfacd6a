"""The Python of browsers that a page carries: fetched by the machine's own npm, or given."""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from xlcheck.data.web import web
from xlcheck.editions import Refused

WASM, LIBRARY, START, LOCK = "pyodide.asm.wasm", "python_stdlib.zip", "pyodide.js", "pyodide-lock.json"
ABOUT = "package.json"
LOADERS = ("pyodide.asm.js", "pyodide.asm.mjs")  # older and newer; a page needs one of them
INSIDE = "package"  # how npm calls the folder in every package


class Runtime(NamedTuple):
    """A folder with the runtime's files."""

    folder: Path

    @property
    def wasm(self) -> bytes:
        return (self.folder / WASM).read_bytes()

    @property
    def library(self) -> Path:
        return self.folder / LIBRARY

    @property
    def start(self) -> str:
        return (self.folder / START).read_text(encoding="utf-8")

    @property
    def loader(self) -> str:
        """The script that the compiler of the runtime wrote."""
        there = next(self.folder / name for name in LOADERS if (self.folder / name).exists())
        return there.read_text(encoding="utf-8")

    @property
    def lock(self) -> dict[str, object]:
        """What the runtime is, without the packages that it could fetch."""
        known: dict[str, object] = json.loads((self.folder / LOCK).read_text(encoding="utf-8"))
        return known | {"packages": {}}


def runtime_at(given: Path | None, to: Path) -> Runtime:
    """The runtime given as a package or a folder, else the pinned one; ``to`` is where it is laid out.

    Raises Refused where it is not to be had, is none, or is not what was registered under its version.
    """
    package = given or _fetched(to)
    if package.is_file():
        folder = _unpacked(package, to)
        _as_registered(package, folder)
    else:
        folder = package
    for name in (WASM, LIBRARY, START, LOCK):
        if not (folder / name).exists():
            raise _no_runtime(package, name)
    if not any((folder / name).exists() for name in LOADERS):
        raise _no_runtime(package, LOADERS[0])
    return Runtime(folder.absolute())


def _fetched(to: Path) -> Path:
    """The pinned package, by the client and from the place that this machine is set up with."""
    pinned, say = web().runtime, web().say
    npm, names = shutil.which("npm"), {"package": pinned.package, "version": pinned.version}
    if not npm:
        raise Refused(say.no_npm.format(**names))
    command = [npm, "pack", f"{pinned.package}@{pinned.version}", "--silent", "--pack-destination", str(to)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode or not done.stdout.split():
        lines = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise Refused(say.no_package.format(reason=lines[0], **names))
    return to / done.stdout.split()[-1]


def _unpacked(package: Path, to: Path) -> Path:
    """The files of a package that a page, or the one who builds it, asks for."""
    folder = to / INSIDE
    folder.mkdir()
    try:
        with tarfile.open(package) as archive:
            for name in (WASM, LIBRARY, START, LOCK, ABOUT, *LOADERS):
                with suppress(KeyError):
                    file = archive.extractfile(f"{INSIDE}/{name}")
                    (folder / name).write_bytes(file.read() if file else b"")
    except (tarfile.TarError, EOFError) as wrong:
        raise _no_runtime(package, INSIDE) from wrong
    return folder


def _as_registered(package: Path, folder: Path) -> None:
    """A package that calls itself the pinned version has the hash that is written down for it."""
    pinned = web().runtime
    try:
        version = json.loads((folder / ABOUT).read_bytes()).get("version")
    except (OSError, ValueError, AttributeError) as wrong:
        raise _no_runtime(package, ABOUT) from wrong
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode("ascii")
    if version == pinned.version and pinned.integrity != f"sha512-{digest}":
        raise Refused(
            web().say.wrong_hash.format(path=package, package=pinned.package, version=pinned.version)
        )


def _no_runtime(path: Path, file: str) -> Refused:
    return Refused(web().say.no_runtime.format(path=path, package=web().runtime.package, file=file))
