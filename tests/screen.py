"""A LibreOffice with a window, on a screen of its own: what it shows can be found, clicked, typed into."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import office

PATIENCE = 60  # seconds anything asked of the window may take, on a machine that has much else to do
PROGRAMS = ("Xvfb", "openbox", "xdotool", "import")
SIZE = "1500x900x24"
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
    # Place and size are said beforehand: left to itself the window is made larger while it opens, and the
    # office may miss that; it then draws, and tells where its buttons are, for a window that is not there.
    (
        "Setup/Office/Factories/org.openoffice.Setup:Factory['com.sun.star.sheet.SpreadsheetDocument']",
        "ooSetupFactoryWindowAttributes",
        "10,30,1460,840;1;0,0,0,0;",
    ),
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
    with office.started(profile, dict(os.environ), "--headless") as (context, _):
        _install(context, package)
    with _screen(folder) as environ, office.started(profile, environ) as (context, process):
        yield Window(context, process.pid, environ, folder)


@contextmanager
def _screen(home: Path) -> Iterator[dict[str, str]]:
    """A screen nobody sees, with a window manager at work; gives the environment that leads there.

    At home the button keeps its log; whatever the machine's own user has set up there is out of play.
    """
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SIZE]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    if not number:
        raise RuntimeError(f"Xvfb ended with {server.wait()} before it had a screen")
    environ = dict(os.environ, DISPLAY=f":{number}", SAL_USE_VCLPLUGIN="gen", HOME=str(home))
    manager = subprocess.Popen(["openbox"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _said(environ, "get_num_desktops"), lambda: None)  # only a window manager tells that
        yield environ
    finally:
        for process in (manager, server):
            process.kill()
            process.wait()


def _said(environ: dict[str, str], *what: str) -> str:
    """What xdotool answers, or nothing where it cannot."""
    asked = subprocess.run(["xdotool", *what], env=environ, capture_output=True, text=True, timeout=PATIENCE)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _until(true: Callable[[], T], late: Callable[[], object]) -> T:
    """Look again and again until there is something."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(office.fault()):  # what is looked at may go away under the eyes
            if found := true():
                return found
        if time.monotonic() > end:
            late()
            raise TimeoutError(f"{PATIENCE} s and still nothing")
        time.sleep(0.05)


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
    """The office's window as a person has it: a mouse, a keyboard, and eyes.

    A person acts when the window is ready for her; so does this, and nothing is clicked or typed twice.
    """

    context: Any
    pid: int
    environ: dict[str, str]
    folder: Path

    def __repr__(self) -> str:  # asking an office that has gone for its name would end this very Python
        return f"Window({self.folder})"

    def facts(self) -> Path:
        """What the installed extension knows, as it lies in the profile."""
        cache = self.folder / "profile/user/uno_packages/cache/uno_packages"
        return next(cache.glob("*/xlcheck.oxt/button.json"))

    def open(self, path: Path) -> Any:
        desktop = office.desktop_of(self.context)
        book = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, ())
        self.until(lambda: self.ready(book))
        return book

    def close(self, book: Any) -> None:
        """Close it unsaved, whatever was left there: what is at work is waited for, a box is answered."""
        self.until(lambda: self.ready(book) or self._tidied())
        book.setModified(False)
        book.close(True)

    def ready(self, book: Any, *, quick: bool = False) -> bool:
        """Whether a click or a key is heard: nothing at work, no box open, the window in front, in place.

        A quick hand does not wait for what is at work.
        """
        frame = book.CurrentController.Frame
        at = frame.ContainerWindow.getPosSize()
        geometry = f"Geometry: {at.Width}x{at.Height}"
        free = quick or not self._at_work()
        return free and self._box() is None and self._front() == (frame.Title, geometry)

    def _at_work(self) -> bool:
        """Whether a program that a button started is running."""
        children = Path(f"/proc/{self.pid}/task").glob("*/children")
        return any(_read(thread) for thread in children)

    def _front(self) -> tuple[str, str]:
        """Name and size of the window that has the keyboard, as the screen knows it."""
        told = _said(self.environ, "getactivewindow", "getwindowname", "getwindowgeometry").splitlines()
        return (told[0].strip(), told[-1].strip()) if len(told) > 1 else ("", "")

    def _tidied(self) -> bool:
        """Put away what stands open, for the window to be ready soon."""
        if (box := self._box()) and (button := _one(box, "PUSH_BUTTON")):
            button.doAccessibleAction(0)
        else:
            self._hand("key", "Escape")
        return False

    def click(self, book: Any, name: str, *, quick: bool = False) -> None:
        """Click the button of the toolbar with this name."""
        self.until(lambda: self.ready(book, quick=quick))
        bar = book.CurrentController.Frame.LayoutManager.getElement("private:resource/toolbar/standardbar")
        self._point(self.until(lambda: _one(bar.RealInterface.AccessibleContext, "PUSH_BUTTON", name)))
        self._hand("click", "1")

    def choose(self, book: Any, menu: str, item: str) -> None:
        """Open a menu with the mouse and click one of its items."""
        self.until(lambda: self.ready(book))
        top = book.CurrentController.Frame.ContainerWindow.AccessibleContext
        shut = self.until(lambda: _one(top, "MENU", menu))
        self._point(shut)
        ground = self._below()
        self._hand("click", "1")
        self._point(self.until(lambda: _one(shut, "MENU_ITEM", item)))
        self.until(lambda: self._below() != ground)
        self._hand("click", "1")

    def type(self, book: Any, sheet: str, cell: str, text: str) -> None:
        """Go to a cell and type into it, with the keyboard, ending with Enter."""
        self.until(lambda: self.ready(book))
        place = book.Sheets.getByName(sheet)
        book.CurrentController.setActiveSheet(place)
        book.CurrentController.select(place.getCellRangeByName(cell))
        book.CurrentController.Frame.ComponentWindow.setFocus()  # a closed box may have taken it
        self._hand("type", "--delay", "15", text)
        self._hand("key", "Return")

    def key(self, book: Any, name: str) -> None:
        self.until(lambda: self.ready(book))
        self._hand("key", name)

    def box(self, picture: str) -> str:
        """Wait for a message box, answer it with Enter, and return what it said; its picture is kept."""
        said = self.until(self._asking)
        self.picture(picture)
        self.until(lambda: self._answered(said))
        return said

    def _answered(self, said: str) -> bool:
        """Whether that box has gone; one that still asks the same did not take the key, and gets it again.

        A button that loses the keyboard between key down and key up forgets the key.
        """
        if self._asking() == said:
            self._hand("key", "Return")
        end = time.monotonic() + 2
        while self._box() is not None and time.monotonic() < end:
            time.sleep(0.05)
        return self._box() is None or self._asking() not in ("", said)

    def _asking(self) -> str:
        """What the message box says that waits for the keyboard now, or nothing."""
        box = self._box()
        if box is None or not any(_is(one, "FOCUSED") for one in _within(box)):
            return ""
        if self._front()[0] != box.getAccessibleName():
            return ""
        words = [one for one in _within(box) if one.getAccessibleRole() == _role("STATIC")]
        return "\n".join(one.getAccessibleName() for one in words) or "…"

    def _box(self) -> Any:
        """The message box that is open, or None."""
        toolkit = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.awt.Toolkit", self.context
        )
        for window in map(toolkit.getTopWindow, range(toolkit.TopWindowCount)):
            top = window.AccessibleContext if window and window.isVisible() else None
            if top and top.getAccessibleRole() in (_role("ALERT"), _role("DIALOG")):
                return top
        return None

    def _point(self, control: Any) -> None:
        at, size = control.getLocationOnScreen(), control.getSize()
        self._hand("mousemove", str(at.X + size.Width // 2), str(at.Y + size.Height // 2))

    def _below(self) -> str:
        """The window that lies below the mouse, as the screen knows it."""
        return _said(self.environ, "getmouselocation").rpartition("window:")[2]

    def _hand(self, *what: str) -> None:
        subprocess.run(["xdotool", *what], env=self.environ, check=True, timeout=PATIENCE)

    def picture(self, name: str) -> None:
        """Keep a picture of the screen, to be looked at."""
        command = ["import", "-window", "root", str(self.folder / f"{name}.png")]
        subprocess.run(command, env=self.environ, check=True, timeout=PATIENCE)

    def until(self, true: Callable[[], T]) -> T:
        """Look again and again until there is something."""
        return _until(true, lambda: self.picture("stuck"))


def _read(path: Path) -> str:
    """What a file says; nothing where it has just gone."""
    try:
        return path.read_text()
    except OSError:
        return ""


def _role(name: str) -> int:
    return int(office.load_uno().getConstantByName(f"com.sun.star.accessibility.AccessibleRole.{name}"))


def _is(control: Any, state: str) -> bool:
    name = f"com.sun.star.accessibility.AccessibleStateType.{state}"
    return bool(control.getAccessibleStateSet().contains(office.load_uno().getConstantByName(name)))


def _one(top: Any, role: str, name: str = "") -> Any:
    """The control below this one that can be seen, has this role, and a name that begins so.

    A menu that opens writes its access keys behind the names.
    """
    for one in _within(top):
        known = one.getAccessibleRole() == _role(role) and one.getAccessibleName().startswith(name)
        if known and _is(one, "SHOWING") and one.getSize().Width:
            return one
    return None


def _within(top: Any) -> Iterator[Any]:
    """A control and all below it, but for the cells and the long lists."""
    yield top
    if top.getAccessibleRole() not in map(_role, ("TABLE", "DOCUMENT_SPREADSHEET", "LIST", "COMBO_BOX")):
        for n in range(min(top.getAccessibleChildCount(), 200)):
            yield from _within(top.getAccessibleChild(n).getAccessibleContext())
