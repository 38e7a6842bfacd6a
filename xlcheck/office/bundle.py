"""A folder for Windows with all that the button and the commands need: nothing to install, nothing to fetch.

It is made on any machine. Every download is known by its hash, whoever brought it.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import xlcheck
from xlcheck import data
from xlcheck.data.beforehand import read_beforehand
from xlcheck.data.bundle import Sha256, bundle
from xlcheck.editions import Refused
from xlcheck.office.addin.sources import macro_folder

HOUSE = data.HERE.parent
NOT_OURS = shutil.ignore_patterns("__pycache__", "objects")  # made by this machine's Python
IN_PLACE = ("purelib", "platlib")  # what a wheel keeps apart and belongs among its packages all the same
CRLF = "\r\n"  # cmd.exe loses its place in a file without
BOM = "utf-8-sig"  # an older Notepad reads anything else in the machine's code page


def write_bundle(folder: Path, downloads: Path | None = None) -> None:
    """Make the folder out of what lies in ``downloads``; the libraries that do not are fetched by pip.

    The same downloads give the same files. Raises Refused where something is there already, is lacking,
    or is not what was registered under its name.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(bundle().say.not_empty.format(path=folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".xlcheck-", dir=folder.parent) as place:
        whole, fetched = Path(place, "whole"), Path(place, "fetched")
        python = _python(downloads)
        wheels = list(_wheels(downloads, fetched))
        _lay_out(whole, python, wheels)
        if folder.exists():
            folder.rmdir()
        whole.rename(folder)


# ---------------------------------------------------------------- the downloads
def _python(downloads: Path | None) -> Path:
    pinned = bundle().python
    path = downloads / pinned.file if downloads else None
    if path is None or not path.is_file():
        raise Refused(bundle().say.no_python.format(file=pinned.file))
    return _as_registered(path, pinned.sha256)


def _wheels(downloads: Path | None, fetched: Path) -> Iterator[Path]:
    """Every library's file, given or fetched."""
    wheels = bundle().wheels
    given = {name: downloads / name for name in wheels if downloads and (downloads / name).is_file()}
    missing = [name for name in wheels if name not in given]
    if missing:
        _fetch(missing, fetched)
    for name, digest in wheels.items():
        yield _as_registered(given.get(name, fetched / name), digest)


def _fetch(names: Iterable[str], to: Path) -> None:
    """Let pip fetch these files, from the place that this machine is set up with."""
    python = bundle().python
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += [f"--platform={python.platform}", f"--python-version={python.version}", f"--dest={to}"]
    wanted = {name: "{}=={}".format(*name.split("-")[:2]) for name in names}
    done = subprocess.run([*command, *wanted.values()], capture_output=True, text=True, errors="replace")
    lacking = next((name for name in wanted if not (to / name).exists()), "")
    if lacking:
        lines = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise Refused(bundle().say.no_wheel.format(file=lacking, reason=lines[-1]), done.stderr)


def _as_registered(path: Path, digest: Sha256) -> Path:
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise Refused(bundle().say.wrong_hash.format(path=path))
    return path


# ---------------------------------------------------------------- the folder
def _lay_out(folder: Path, python: Path, wheels: Iterable[Path]) -> None:
    """Python, beside it the libraries and our own house, and the files that a person sees."""
    facts = bundle()
    packages = folder / facts.python.packages
    with zipfile.ZipFile(python) as archive:
        archive.extractall(folder / facts.python.folder)
    _write(folder / facts.python.paths, facts.python.lines)
    shutil.copytree(HOUSE, packages / HOUSE.name, ignore=NOT_OURS)
    shutil.copytree(macro_folder(), packages / HOUSE.name / "macros", dirs_exist_ok=True, ignore=NOT_OURS)
    read_beforehand(packages)  # while there is nothing beside it that is of Windows
    for wheel in wheels:
        _unpack(wheel, packages)
    about = packages / f"{HOUSE.name}-{xlcheck.__version__}.dist-info" / "METADATA"
    about.parent.mkdir()
    _write(about, ["Metadata-Version: 2.1", f"Name: {HOUSE.name}", f"Version: {xlcheck.__version__}"])
    for script in facts.script:
        _write(folder / script.file, script.lines)
    guide = [line.format(version=xlcheck.__version__) for line in facts.guide.lines]
    _write(folder / facts.guide.file, guide, BOM)


def _unpack(wheel: Path, packages: Path) -> None:
    """Lay out a wheel as pip would; its scripts and headers are for other uses."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            first, _, rest = member.filename.partition("/")
            kind, _, within = rest.partition("/")
            if first.endswith(".data"):
                if kind not in IN_PLACE:
                    continue
                member.filename = within
            archive.extract(member, packages)


def _write(path: Path, lines: Iterable[str], encoding: str = "utf-8") -> None:
    path.write_text("".join(line + CRLF for line in lines), encoding=encoding, newline="")
