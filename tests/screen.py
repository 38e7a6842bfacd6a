"""A LibreOffice with a window, on a screen of its own: what it shows can be found, clicked, typed into."""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import office

PROGRAMS = ("Xvfb", "openbox", "xdotool", "import", "setpriv")
SIZE = "1500x900x24"
SHOTS = Path(tempfile.gettempdir()) / "shots_button"  # pictures of each step, to be looked at
UI = office.PROGRAM / "../share/config/soffice.cfg/modules/scalc/ui" if office.PROGRAM else Path()
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}</oor:items>
"""
ITEM = (
    '<item oor:path="/org.openoffice.{path}">'
    '<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
)
SETTINGS = [  # nothing may come between the clerk and the table; macros run only in this private profile
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Misc", "ShowTipOfTheDay", "false"),
    ("Office.Common/Misc", "UseLocking", "false"),
    ("Office.Common/Misc", "UseDocumentOOoLockFile", "false"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "0"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Common/Save/Document", "WarnAlienFormat", "false"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
    ("Setup/Product", "LastTimeGetInvolvedShown", "2000000000"),
    ("Setup/Product", "LastTimeDonateShown", "2000000000"),
]
T = TypeVar("T")


def missing() -> str:
    """Why there can be no window here, or nothing."""
    if why := office.missing():
        return why
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    if lacking:
        return f"a screen wants {', '.join(lacking)} (apt-get install xvfb openbox xdotool imagemagick)"
    if not any(UI.glob("*.ui")):
        return "this LibreOffice has no windows (libreoffice-calc-nogui is installed)"
    return ""


@contextmanager
def shown(extension: bytes, folder: Path) -> Iterator["Window"]:
    """An office with a window and this extension, its profile below the folder."""
    profile = folder / "profile"
    items = "".join(ITEM.format(path=path, name=name, value=value) for path, name, value in SETTINGS)
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(PROFILE.format(items=items), encoding="utf-8")
    package = folder / "xlcheck.oxt"
    package.write_bytes(extension)
    with _office(profile, dict(os.environ), "--headless") as context:
        _install(context, package)
    with _screen() as environ:
        environ["HOME"] = str(folder)  # where the button keeps its log
        with _office(profile, environ) as context:
            yield Window(context, environ, profile, {})


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """A screen nobody sees, with a window manager; gives the environment that leads there."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SIZE]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        display = f":{told.readline().strip()}"
    environ = dict(os.environ, DISPLAY=display, SAL_USE_VCLPLUGIN="gen")
    manager = subprocess.Popen(["openbox"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield environ
    finally:
        for process in (manager, server):
            process.terminate()
            _end(process)


@contextmanager
def _office(profile: Path, environ: dict[str, str], *more: str) -> Iterator[Any]:
    """A running office's component context; every document is closed unsaved at the end."""
    uno, pipe = office.load_uno(), f"screen{secrets.token_hex(6)}"
    command = [
        str(office.PROGRAM / "soffice.bin"), f"-env:UserInstallation={profile.as_uri()}", "--norestore",
        "--nologo", "--nodefault",
        f"--accept=pipe,name={pipe};urp;", *more,
    ]  # fmt: skip
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(command, env=environ, **quiet)
    try:
        local = uno.getComponentContext()
        make = local.ServiceManager.createInstanceWithContext
        resolver = make("com.sun.star.bridge.UnoUrlResolver", local)
        until = time.monotonic() + 60
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                if running.poll() == 81:  # a fresh profile asks to be started again
                    running = subprocess.Popen(command, env=environ, **quiet)
                elif running.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)
        yield context
        _leave(context)
    finally:
        _end(running)


def _leave(context: Any) -> None:
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    documents = desktop.Components.createEnumeration()
    while documents.hasMoreElements():
        document = documents.nextElement()
        document.setModified(False)
        document.close(True)
    desktop.terminate()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _install(context: Any, package: Path) -> None:
    """Install through the office itself: its tool for the purpose refuses the superuser."""
    import unohelper

    uno = office.load_uno()
    faces = [
        uno.getClass(f"com.sun.star.{name}")
        for name in ("ucb.XCommandEnvironment", "task.XInteractionHandler")
    ]
    approve = uno.getTypeByName("com.sun.star.task.XInteractionApprove")

    def handle(_: object, request: Any) -> None:
        next(c for c in request.getContinuations() if c.queryInterface(approve) is not None).select()

    answers = {
        "getInteractionHandler": lambda me: me,
        "getProgressHandler": lambda me: None,
        "handle": handle,
    }
    consent = type("Consent", (unohelper.Base, *faces), answers)()
    manager = context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
    manager.addExtension(package.as_uri(), (), "user", manager.createAbortChannel(), consent)


class Window(NamedTuple):
    """The office's window as a person has it: a mouse, a keyboard, and eyes."""

    context: Any
    environ: dict[str, str]
    profile: Path
    places: dict[str, tuple[int, int]]

    def facts(self) -> Path:
        """What the installed extension knows, as it lies in the profile."""
        return next(self.profile.glob("user/uno_packages/cache/uno_packages/*/xlcheck.oxt/button.json"))

    def open(self, path: Path) -> Any:
        desktop = self.make("com.sun.star.frame.Desktop")
        book = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, ())
        self.until(lambda: self.find(book, "PUSH_BUTTON", ""))
        return book

    def make(self, service: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)

    def click(self, book: Any, name: str) -> None:
        """Click the button of the toolbar with this name; every window is alike, so it is looked for once."""
        if name not in self.places:
            self.places[name] = self.until(lambda: self.find(book, "PUSH_BUTTON", name))
        x, y = self.places[name]
        self.hand("mousemove", str(x), str(y), "sleep", "0.3", "click", "1")

    def choose(self, book: Any, menu: str, item: str) -> None:
        """Open a menu with the mouse and click one of its items."""
        x, y = self.until(lambda: self.find(book, "MENU", menu))
        self.hand("mousemove", str(x), str(y), "sleep", "0.1", "click", "1")
        x, y = self.until(lambda: self.find(book, "MENU_ITEM", item))
        self.hand("mousemove", str(x), str(y), "sleep", "0.1", "click", "1")

    def type(self, book: Any, sheet: str, cell: str, text: str) -> None:
        """Go to a cell and type into it, with the keyboard, ending with Enter."""
        place = book.Sheets.getByName(sheet)
        book.CurrentController.setActiveSheet(place)
        book.CurrentController.select(place.getCellRangeByName(cell))
        book.CurrentController.Frame.ComponentWindow.setFocus()  # a closed box may have taken it
        time.sleep(0.2)
        self.hand("type", "--delay", "15", text)
        self.hand("key", "Return")

    def hand(self, *what: str) -> None:
        subprocess.run(["xdotool", *what], env=self.environ, check=True, timeout=20)

    def box(self, wait: float = 20) -> str:
        """Wait for a message box, answer it with Enter, and return what it said."""
        told = self.until(self.told, wait)
        for _ in range(20):  # a box that is still being drawn does not hear the key
            time.sleep(0.3)
            self.hand("key", "Return")
            if not self.told():
                time.sleep(0.5)  # until the window below has the focus again
                return told
        raise TimeoutError(told)

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(path)], env=self.environ, check=True, timeout=20)

    def until(self, true: Callable[[], T], wait: float = 20) -> T:
        """Look again and again until there is something."""
        end = time.monotonic() + wait
        while not (found := true()):
            if time.monotonic() > end:
                self.picture(SHOTS / "stuck.png")
                raise TimeoutError(f"{wait} s and still nothing")
            time.sleep(0.05)
        return found

    def find(self, book: Any, role: str, name: str) -> tuple[int, int] | None:
        """The middle of a visible control on the screen; an empty name means any."""
        for one in _within(book.CurrentController.Frame.ContainerWindow.AccessibleContext):
            size = one.getSize() if one.getAccessibleRole() == _role(role) else None
            if size and size.Width and one.getAccessibleName() == (name or one.getAccessibleName()):
                at = one.getLocationOnScreen()
                return at.X + size.Width // 2, at.Y + size.Height // 2
        return None

    def told(self) -> str:
        """What the message box says that is open now, or nothing."""
        toolkit = self.make("com.sun.star.awt.Toolkit")
        for window in map(toolkit.getTopWindow, range(toolkit.TopWindowCount)):
            top = window.AccessibleContext if window and window.isVisible() else None
            if top and top.getAccessibleRole() in (_role("ALERT"), _role("DIALOG")):
                words = [one for one in _within(top) if one.getAccessibleRole() == _role("STATIC")]
                return "\n".join(one.getAccessibleName() for one in words) or "…"
        return ""


def _role(name: str) -> int:
    return int(office.load_uno().getConstantByName(f"com.sun.star.accessibility.AccessibleRole.{name}"))


def _within(top: Any) -> Iterator[Any]:
    """A control and all below it, but for the cells and the long lists."""
    yield top
    if top.getAccessibleRole() not in map(_role, ("TABLE", "DOCUMENT_SPREADSHEET", "LIST", "COMBO_BOX")):
        for n in range(min(top.getAccessibleChildCount(), 200)):
            yield from _within(top.getAccessibleChild(n).getAccessibleContext())
