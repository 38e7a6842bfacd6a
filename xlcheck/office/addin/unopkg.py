"""Our extension in LibreOffice: whether it is there, and putting it in or out with LibreOffice's own tool."""

import subprocess
from pathlib import Path

from xlcheck.editions import Refused
from xlcheck.office.addin.machine import Machine, Office
from xlcheck.office.addin.sources import say, words

PATIENCE = 180  # seconds; the tool starts half an office


def unpacked(there: Office) -> Path | None:
    """The folder our extension lies in, or None.

    A folder may stay behind after removal until LibreOffice starts again; the map of packages knows better.
    """
    register = there.extensions / "uno_packages.pmap"
    known = register.read_bytes() if register.is_file() else b""
    for folder in sorted(there.extensions.glob(f"uno_packages/*/{words()['files']['oxt']}")):
        if folder.parent.name.rstrip("_").encode() in known:
            return folder
    return None


def add(there: Office, machine: Machine, package: Path) -> None:
    _run(there, machine, "add", "--force", "--suppress-license", str(package))


def remove(there: Office, machine: Machine) -> None:
    _run(there, machine, "remove", words()["extension"]["id"])


def _run(there: Office, machine: Machine, verb: str, *what: str) -> None:
    """Run the tool; it refuses the superuser, who may only install for everybody."""
    shared = ["--shared"] if machine.root else []
    # LibreOffice's own Python registers the button, and must not be led to ours
    environ = {name: value for name, value in machine.environ.items() if not name.startswith("PYTHON")}
    command = [str(there.unopkg), verb, *shared, *what]
    try:
        ended = subprocess.run(command, env=environ, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as wrong:
        raise Refused(say("unopkg_slow", seconds=PATIENCE)) from wrong
    if ended.returncode:
        told = (ended.stderr or ended.stdout).decode("utf-8", "replace").split("\n")
        raise Refused(say("unopkg_failed", told=next(filter(str.strip, told), str(ended.returncode)).strip()))
