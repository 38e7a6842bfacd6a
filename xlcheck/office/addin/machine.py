"""Where the buttons go on this computer: Excel's start-up folder, and the LibreOffice that is there."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from xlcheck.data.addin import OfficePlaces, Platform, addin


class Machine(NamedTuple):
    """The computer and its user, as far as the buttons care; a test makes up its own."""

    system: Platform
    home: Path
    environ: Mapping[str, str]
    root: bool = False  # the superuser: LibreOffice then takes extensions for everybody only
    interpreter: str = sys.executable
    disk: str = ""  # what the standard folders stand under

    def folder(self, written: str) -> Path | None:
        """The folder written in the table, its {NAMES} filled; None where one of them is not set."""
        unset, here = addin().names.get(self.system, {}), {"HOME": str(self.home), "DISK": self.disk}
        for name, value in {**unset, **self.environ, **here}.items():
            written = written.replace(f"{{{name}}}", value.replace("{HOME}", str(self.home)))
        return None if "{" in written else Path(written)


class Excel(NamedTuple):
    """The folders Excel looks into when it starts."""

    start: Path
    scripts: Path | None = None  # on a Mac: scripts that Excel may run


class Office(NamedTuple):
    """A LibreOffice: its programs, and where extensions lie unpacked."""

    unopkg: Path
    own: Path  # the user's
    shared: Path  # everybody's, which the superuser alone puts in and takes out


def this_machine() -> Machine:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    other: Platform = "linux"  # as other Unixes look
    return Machine(
        next((one for one in get_args(Platform) if one == sys.platform), other), Path.home(), os.environ, root
    )


def find_excel(machine: Machine) -> Excel | None:
    """Excel's folders, or None: there is none here, or it has never been opened by this user."""
    places = addin().excel.get(machine.system)
    base = machine.folder(places.base) if places else None
    if places is None or base is None or not base.is_dir():
        return None
    return Excel(base / places.start, machine.folder(places.scripts) if places.scripts else None)


def find_office(machine: Machine) -> Office | None:
    """The first LibreOffice found: on the PATH, then in the standard folders, the newest first."""
    places = addin().office[machine.system]
    for program in _programs(machine, places):
        unopkg = program / places.unopkg
        profile = machine.folder(places.profile)
        if unopkg.is_file() and profile is not None:
            shared = program.parent / places.shared
            return Office(unopkg, profile / places.extensions, shared / places.extensions)
    return None


def _programs(machine: Machine, places: OfficePlaces) -> Iterator[Path]:
    for name in places.commands:
        found = shutil.which(name, path=machine.environ.get("PATH", ""))
        if found:
            yield Path(found).resolve().parent
    for written in places.folders:
        folder = machine.folder(written)
        if folder is not None:
            anchor = Path(folder.anchor)
            yield from sorted(anchor.glob(str(folder.relative_to(anchor))), reverse=True)
