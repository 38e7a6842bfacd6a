"""Where the buttons go on this computer: Excel's start-up folder, and the LibreOffice that is there."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.office.addin.sources import words


class Machine(NamedTuple):
    """The computer and its user, as far as the buttons care; a test makes up its own."""

    system: str  # win32, darwin, linux
    home: Path
    environ: Mapping[str, str]
    root: bool = False  # the superuser: LibreOffice then takes extensions for everybody only
    interpreter: str = sys.executable
    disk: str = ""  # what the standard folders stand under

    def folder(self, written: str) -> Path | None:
        """The folder written in the table, its {NAMES} filled; None where one of them is not set."""
        unset, here = words()["names"].get(self.system, {}), {"HOME": str(self.home), "DISK": self.disk}
        for name, value in {**unset, **self.environ, **here}.items():
            written = written.replace(f"{{{name}}}", value.replace("{HOME}", str(self.home)))
        return None if "{" in written else Path(written)


class Excel(NamedTuple):
    """The folders Excel looks into when it starts."""

    start: Path
    scripts: Path | None = None  # on a Mac: scripts that Excel may run


class Office(NamedTuple):
    """A LibreOffice: its programs and the user's own settings."""

    unopkg: Path
    extensions: Path  # where extensions lie unpacked


def this_machine() -> Machine:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return Machine(sys.platform, Path.home(), os.environ, root)


def excel(machine: Machine) -> Excel | None:
    """Excel's folders, or None: there is none here, or it has never been opened by this user."""
    table = words()["excel"].get(machine.system)
    base = machine.folder(table["base"]) if table else None
    if not table or base is None or not base.is_dir():
        return None
    scripts = machine.folder(table["scripts"]) if "scripts" in table else None
    return Excel(base / table["start"], scripts)


def office(machine: Machine) -> Office | None:
    """The first LibreOffice found: on the PATH, then in the standard folders, the newest first."""
    table: dict[str, Any] = words()["office"].get(machine.system, {})
    for program in _programs(machine, table):
        unopkg = program / table["unopkg"]
        profile = machine.folder(table["profile"])
        home = program.parent / table["shared"] if machine.root else profile
        if unopkg.is_file() and home is not None:
            return Office(unopkg, home / table["extensions"])
    return None


def _programs(machine: Machine, table: Mapping[str, Any]) -> Iterator[Path]:
    for name in table.get("commands", ()):
        found = shutil.which(name, path=machine.environ.get("PATH", ""))
        if found:
            yield Path(found).resolve().parent
    for written in table.get("folders", ()):
        folder = machine.folder(written)
        if folder is not None:
            anchor = Path(folder.anchor)
            yield from sorted(anchor.glob(str(folder.relative_to(anchor))), reverse=True)
