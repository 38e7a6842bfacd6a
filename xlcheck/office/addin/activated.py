"""A LibreOffice started from an activated environment of Python: what its own Python then looks for there.

The Python inside LibreOffice takes the first ``python3`` on the PATH for its home. Where that is an
environment, it no longer finds the bridge, which Debian keeps among the system's packages: every press then
ends the office. A link to the bridge in the environment that has the buttons gives it back.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from xlcheck.data.office import office
from xlcheck.office.addin.machine import Machine, Office

BRIDGE = ("uno.py", "unohelper.py")
LOADER = "pythonloader.unorc"  # names the folder of the Python that LibreOffice was built with


def lend_bridge(there: Office, machine: Machine) -> bool:
    """Link the bridge into the environment we run in; whether an office started from there finds it now."""
    site = _site(machine)
    if site is None or not _of_this_python(there):
        return False
    for link, bridge in _links(site):
        if not link.exists():
            link.unlink(missing_ok=True)  # it may lead nowhere any more
            link.symlink_to(bridge)
    return all(link.exists() for link, _ in _links(site)) and any(_links(site))


def take_bridge_back(machine: Machine) -> None:
    """Remove the links, and nothing else of these names."""
    site = _site(machine)
    for link, bridge in _links(site) if site else ():
        if link.is_symlink() and os.readlink(link) == str(bridge):
            link.unlink()


def _site(machine: Machine) -> Path | None:
    """Where the environment that runs us keeps its packages; None outside of one."""
    home = Path(machine.interpreter).parent.parent
    site = home / "lib" / _python() / "site-packages"
    return site if machine.system == "linux" and (home / "pyvenv.cfg").is_file() and site.is_dir() else None


def _links(site: Path) -> Iterator[tuple[Path, Path]]:
    folders = map(Path, office().libreoffice.bridge)
    bridge = next((one for one in folders if all((one / name).is_file() for name in BRIDGE)), None)
    yield from ((site / name, bridge / name) for name in BRIDGE if bridge)


def _of_this_python(there: Office) -> bool:
    """Whether LibreOffice's Python is of our version, so that it looks where we link."""
    loader = there.unopkg.resolve().with_name(LOADER)
    return loader.is_file() and _python() in loader.read_text(encoding="utf-8", errors="replace")


def _python() -> str:
    return "python{}.{}".format(*sys.version_info[:2])
