"""A private LibreOffice for the tests: started once, driven over UNO, closed at the end."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

PROGRAM = next(
    (p for p in map(Path, ("/usr/lib/libreoffice/program", "/opt/libreoffice/program")) if p.is_dir()), None
)


def missing() -> str:
    """Why the office tests cannot run here, or nothing."""
    if shutil.which("soffice") is None:
        return "LibreOffice is not installed (apt-get install libreoffice-calc python3-uno)"
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


@contextmanager
def running() -> Iterator[Any]:
    """Start an office with a profile of its own and yield its desktop."""
    uno = load_uno()
    with tempfile.TemporaryDirectory(prefix="xlcheck-office-") as home:
        pipe = f"xlcheck{Path(home).name.rpartition('-')[2]}"
        command = [
            "soffice", f"-env:UserInstallation=file://{home}", "--headless", "--norestore", "--nologo",
            "--nodefault", f"--accept=pipe,name={pipe};urp;",
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            desktop = _connect(uno, pipe, process, command)
            yield desktop
            desktop.terminate()
        finally:
            process.terminate()
            process.wait(20)


def _connect(uno: Any, pipe: str, process: subprocess.Popen[bytes], command: list[str]) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            if process.poll() == 81:  # a fresh profile asks to be started again
                process.__init__(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # type: ignore[misc]
            time.sleep(0.1)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise TimeoutError("the office did not answer")


def opened(desktop: Any, path: Path) -> Any:
    """Open a workbook out of sight and work all its formulas out."""
    book = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (_property("Hidden", True),))
    book.calculateAll()
    return book


def saved(book: Any, path: Path, kind: str = "Calc MS Excel 2007 XML") -> None:
    book.storeToURL(path.as_uri(), (_property("FilterName", kind),))


def _property(name: str, value: object) -> Any:
    uno = load_uno()
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made
