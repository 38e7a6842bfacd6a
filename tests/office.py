"""A private LibreOffice for the tests: started once, driven over UNO, closed at the end."""

import os
import reprlib
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

PROGRAM = next(
    (p for p in map(Path, ("/usr/lib/libreoffice/program", "/opt/libreoffice/program")) if p.is_dir()), None
)
PARTS = {"Calc": "libsclo.so", "Writer": "libswlo.so"}  # by what a part's package puts beside the program
AGAIN = 81  # a fresh profile asks to be started once more
PATIENCE = 180  # seconds an office may take to start, on a machine that has much else to do
# Printing an object of an office that has gone aborts Python, and pytest prints what a failed assertion held.
reprlib.Repr.repr_pyuno = lambda *_: "<an object of the office>"  # type: ignore[attr-defined]
STARTED: list[subprocess.Popen[bytes]] = []


def missing(*parts: str) -> str:
    """Why a test cannot have an office with Calc and these parts here, or nothing."""
    lacking = [p for p in ("Calc", *parts) if PROGRAM is None or not (PROGRAM / PARTS[p]).exists()]
    if lacking:
        packages = " ".join(f"libreoffice-{part.lower()}" for part in lacking)
        return f"LibreOffice {' and '.join(lacking)} is not installed (apt-get install {packages})"
    try:
        load_uno()
    except ImportError as wrong:
        return f"LibreOffice's Python bridge does not load: {wrong}"
    return ""


def load_uno() -> Any:
    """Import uno into this interpreter: Debian keeps uno.py and its library in two places.

    Only the two modules are taken from Debian's folder, so that its other packages hide none of ours.
    """
    if str(PROGRAM) not in sys.path:
        sys.path.append(str(PROGRAM))
    for name in ("uno", "unohelper"):
        if name not in sys.modules:
            spec = spec_from_file_location(name, f"/usr/lib/python3/dist-packages/{name}.py")
            if spec is None or spec.loader is None or not Path(str(spec.origin)).exists():
                raise ImportError(f"{name}.py is not there (apt-get install python3-uno)")
            sys.modules[name] = module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
    return sys.modules["uno"]


def fault() -> type[Exception]:
    """What a call to an office raises where it is refused, or where what was asked is gone."""
    return load_uno().getClass("com.sun.star.uno.Exception")  # type: ignore[no-any-return]


@contextmanager
def running() -> Iterator[Any]:
    """Start an office with a profile of its own and yield its desktop."""
    with (
        tempfile.TemporaryDirectory(prefix="xlcheck-office-", ignore_cleanup_errors=True) as home,
        started(Path(home), dict(os.environ), "--headless") as (context, _),
    ):
        yield desktop_of(context)


@contextmanager
def started(
    profile: Path, environ: dict[str, str], *more: str
) -> Iterator[tuple[Any, subprocess.Popen[bytes]]]:
    """Start an office with this profile: its component context and its process, gone at the end for sure."""
    pipe = f"xlcheck{secrets.token_hex(6)}"
    # The program itself, not the script that starts it: what is ended at the end must be the office.
    command = [
        str(PROGRAM / "soffice.bin"), f"-env:UserInstallation={profile.as_uri()}", "--norestore", "--nologo",
        "--nodefault", f"--accept=pipe,name={pipe};urp;", *more,
    ]  # fmt: skip
    process = _run(command, environ)
    try:
        while (context := _reached(pipe, process)) is None:
            process = _run(command, environ)
        yield context, process
        _leave(context)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
    finally:
        process.kill()
        process.wait()


def end_all() -> None:
    """End every office at once, so that who waits for an answer from one waits no longer."""
    for process in STARTED:
        process.kill()


def desktop_of(context: Any) -> Any:
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def _run(command: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    STARTED.append(process)
    return process


def _reached(pipe: str, process: subprocess.Popen[bytes]) -> Any:
    """The context of the office that listens there, once it does; None where it asks to be started again."""
    uno = load_uno()
    local, until = uno.getComponentContext(), time.monotonic() + PATIENCE
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while time.monotonic() < until:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            ended = process.poll()
        if ended == AGAIN:
            return None
        if ended is not None:
            raise RuntimeError(f"LibreOffice ended with {ended} before it listened")
        time.sleep(0.05)
    raise TimeoutError(f"LibreOffice did not listen within {PATIENCE} s")


def _leave(context: Any) -> None:
    """Close what is open, unsaved, and ask the office to go.

    Where a document refuses, a box stands open, and whoever asks the office to go waits for its answer.
    """
    with suppress(fault()):
        top = desktop_of(context)
        documents = top.Components.createEnumeration()
        while documents.hasMoreElements():
            document = documents.nextElement()
            document.setModified(False)
            document.close(True)
        top.terminate()


def opened(desktop: Any, path: Path) -> Any:
    """Open a workbook out of sight and work all its formulas out; or a document."""
    book = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (_property("Hidden", True),))
    if hasattr(book, "Sheets"):
        book.calculateAll()
    return book


def saved(book: Any, path: Path, kind: str = "Calc MS Excel 2007 XML") -> None:
    book.storeToURL(path.as_uri(), (_property("FilterName", kind),))


def _property(name: str, value: object) -> Any:
    uno = load_uno()
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made
