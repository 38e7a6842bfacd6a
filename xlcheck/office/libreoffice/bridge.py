"""The way to LibreOffice: its Python bridge loaded, a running office reached, or one started."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from xlcheck.data.office import office
from xlcheck.editions import Refused

AGAIN = 81  # a fresh profile asks to be started once more
WAIT = 60  # seconds an office may take to answer


class Started(NamedTuple):
    """An office we started: its context, where it listens, and the process to wait for at the end."""

    context: Any
    address: str
    process: subprocess.Popen[bytes]


def load_uno() -> Any:
    """Import uno into this interpreter; Debian keeps uno.py and its library in two places.

    Only the two modules are taken from there, so that the folder's other packages hide none of ours.
    Raises Refused where there is no bridge for this Python.
    """
    if "uno" in sys.modules:
        return sys.modules["uno"]
    here = office().libreoffice
    # The extension says where the office is that pressed the button; else it is where Linux has it.
    told = [os.environ["UNO_PATH"]] if "UNO_PATH" in os.environ else []
    sys.path.extend(p for p in (*told, *here.program) if Path(p).is_dir() and p not in sys.path)
    try:
        for name in ("uno", "unohelper"):
            _load(name, [Path(folder) for folder in (*told, *here.bridge)])
    except ImportError as wrong:
        sys.modules.pop("uno", None)
        raise Refused(office().say.no_bridge.format(reason=wrong)) from wrong
    return sys.modules["uno"]


def _load(name: str, folders: Sequence[Path]) -> None:
    path = next((f / f"{name}.py" for f in folders if (f / f"{name}.py").exists()), None)
    if path is None:
        __import__(name)
        return
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


def connect(address: str) -> Any:
    """Reach a running office: ``pipe,name=…``, ``socket,host=…,port=…`` or a whole ``uno:`` address.

    Gives its component context. Raises Refused where no office listens there.
    """
    uno = load_uno()
    whole = address if address.startswith("uno:") else f"uno:{address};urp;StarOffice.ComponentContext"
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    try:
        return resolver.resolve(whole)
    except (uno.getClass("com.sun.star.uno.Exception"), *_losses(uno)) as wrong:
        raise Refused(office().say.no_office.format(address=address)) from wrong


def start(program: Path, home: Path, *, visible: bool = False) -> Started:
    """Start an office with a profile of its own, kept in ``home``. Raises Refused when it does not answer."""
    pipe = f"pipe,name=xlcheck{uuid4().hex[:8]}"
    hidden = [] if visible else ["--headless"]
    command = [
        str(program), f"-env:UserInstallation={home.resolve().as_uri()}", *hidden, "--norestore", "--nologo",
        "--nodefault", "--nofirststartwizard", f"--accept={pipe};urp;",
    ]  # fmt: skip
    process = _run(command)
    until = time.monotonic() + WAIT
    while True:
        try:
            return Started(connect(pipe), pipe, process)
        except Refused:
            if process.poll() == AGAIN:
                process = _run(command)
            elif process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)


def office_failures() -> tuple[type[Exception], ...]:
    """What a call to the office may raise: refusals, and an office that has gone."""
    if "uno" not in sys.modules:
        return ()
    uno = sys.modules["uno"]
    return (uno.getClass("com.sun.star.uno.Exception"), *_losses(uno))


def _losses(uno: Any) -> tuple[type[Exception], ...]:
    return (uno.getClass("com.sun.star.uno.RuntimeException"),)


def _run(command: list[str]) -> subprocess.Popen[bytes]:
    # LibreOffice's own variables, set by importing uno, would lead a child to the wrong installation.
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=dict(os.environ), **quiet)


def struct(name: str, *values: object) -> Any:
    """A UNO structure by its name, its members in order."""
    return load_uno().getClass(f"com.sun.star.{name}")(*values)


def properties(**wanted: object) -> tuple[Any, ...]:
    return tuple(struct("beans.PropertyValue", name, 0, value, 0) for name, value in wanted.items())
