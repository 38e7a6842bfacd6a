"""The LibreOffice extension: built from the texts in macros/libreoffice, put in and out with its own tool."""

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from xlcheck.data.addin import addin
from xlcheck.editions import Refused
from xlcheck.office.addin.machine import Machine, Office
from xlcheck.office.addin.sources import macro, versions
from xlcheck.saving import pack_zip

REGISTERED = "is registered:"  # as the tool says it, in any language
PATIENCE = 180  # seconds; the tool starts half an office


def extension(interpreter: str = "python3") -> bytes:
    """The .oxt; its buttons start this interpreter, whose path stands in the extension's own button.json."""
    built = addin().extension
    parts = {name: macro(f"libreoffice/{name}") for name in built.parts}
    parts["description.xml"] = parts["description.xml"].format(version=versions()["xlcheck"])
    facts = {**built.facts._asdict(), **versions(), "interpreter": interpreter}
    return pack_zip({**parts, "button.json": json.dumps(facts, ensure_ascii=False, indent=1)})


def unpacked_extension(extensions: Path) -> Path | None:
    """The folder our extension lies in, or None.

    A folder may stay behind after removal until LibreOffice starts again. The user's map of packages knows
    better; everybody's have none, and there a file of the folder's name says that it was removed.
    """
    register = extensions / "uno_packages.pmap"
    known = register.read_bytes() if register.is_file() else None
    for folder in sorted(extensions.glob(f"uno_packages/*/{addin().files.oxt}")):
        name = folder.parent.name.rstrip("_")
        gone = folder.parent.with_name(f"{name}removed").exists()
        if not gone if known is None else name.encode() in known:
            return folder
    return None


def is_registered(there: Office, machine: Machine, *, shared: bool) -> bool:
    """Whether LibreOffice knows every part of the button, of which it may have no more than the folder.

    Where it does not answer, as while it is open, the folder has to do.
    """
    with suppress(Refused):
        listed = _run(there, machine, "list", addin().extension.id, shared=shared)
        return all(line.endswith("yes") for line in map(str.strip, listed) if line.startswith(REGISTERED))
    return True


def add_extension(there: Office, machine: Machine, package: Path) -> None:
    try:
        _run(there, machine, "add", "--force", "--suppress-license", str(package), shared=machine.root)
    except Refused:
        with suppress(Refused):  # half of it may lie there, and would be taken for the whole
            remove_extension(there, machine)
        raise


def remove_extension(there: Office, machine: Machine) -> None:
    _run(there, machine, "remove", addin().extension.id, shared=machine.root)


def _run(there: Office, machine: Machine, verb: str, *what: str, shared: bool) -> list[str]:
    """Run the tool, and give what it says; it refuses the superuser, who may only install for everybody."""
    command = [str(there.unopkg), verb, *(["--shared"] if shared else []), *what]
    try:
        ended = subprocess.run(command, env=_without_ours(machine), capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as wrong:
        raise Refused(addin().say.unopkg_slow.format(seconds=PATIENCE)) from wrong
    if ended.returncode:
        lines = (ended.stderr or ended.stdout).decode("utf-8", "replace").split("\n")
        first = next(filter(str.strip, lines), str(ended.returncode)).strip()
        raise Refused(addin().say.unopkg_failed.format(told=first))
    return ended.stdout.decode("utf-8", "replace").splitlines()


def _without_ours(machine: Machine) -> dict[str, str]:
    """LibreOffice's own Python registers the button, and must not be led to an activated one of ours."""
    kept = {n: v for n, v in machine.environ.items() if not n.startswith(("PYTHON", "VIRTUAL_ENV"))}
    ours = Path(machine.interpreter).parent
    path = [folder for folder in kept.get("PATH", "").split(os.pathsep) if Path(folder) != ours]
    return {**kept, "PATH": os.pathsep.join(path)}
