"""An xlwings engine on LibreOffice: ``xw.engines["calc"]``, the part of its model that the buttons use.

What it does not have raises NotImplementedError or AttributeError, what a protected sheet forbids raises
XlwingsError: nothing is silently left undone.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlwings as xw
from xlwings import NoSuchObjectError, XlwingsError

from xlcheck.office.libreoffice import bridge
from xlcheck.office.libreoffice.sheets import Names, Sheets
from xlcheck.office.libreoffice.values import Error

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}
SPREADSHEET, TEXT_FRAME = 84, 61  # com.sun.star.accessibility.AccessibleRole
FEW = 100  # a window has few parts; a sheet has two milliards
SHEET, BOX, OK = "com.sun.star.sheet.SpreadsheetDocument", "INFOBOX", 1


def connect_engine(address: str) -> xw.App:
    """Reach a running office and make it the one xlwings speaks to. Raises Refused."""
    return attach(bridge.connect(address))


def attach(context: Any) -> xw.App:
    """Register the engine, and make the office behind a component context its only app."""
    if "calc" not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=ENGINE))
    ENGINE.apps.found = [App(context)]
    xw.engines["calc"].activate()
    return xw.App(impl=ENGINE.apps.found[0])


class Apps:
    """The offices attached to: one at most."""

    def __init__(self) -> None:
        self.found: list[App] = []

    def __iter__(self) -> Iterator["App"]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def keys(self) -> list[int]:
        return [app.pid for app in self.found]

    def __getitem__(self, pid: int) -> "App":
        return next(app for app in self.found if app.pid == pid)

    def add(self, **_: object) -> "App":
        raise XlwingsError("attach() to an office first")

    def cleanup(self) -> None:
        return None


class Engine:
    """What xlwings asks of an engine besides its objects."""

    name, type = "calc", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def clean_value_data(data: Any, build: Any, empty: Any, number: Any, errors: bool) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value == "":
                return empty
            if isinstance(value, Error):
                return str(value) if errors else None
            if isinstance(value, dt.datetime) and build is not dt.datetime:
                return build(year=value.year, month=value.month, day=value.day)
            return number(value) if number and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return "" if value is None or value != value else value


class App:
    """One running office. ``screen_updating`` and the like are accepted and change nothing."""

    screen_updating = display_alerts = enable_events = interactive = True
    calculation, cut_copy_mode, pid, visible = "automatic", None, 0, True

    def __init__(self, context: Any) -> None:
        self.context, self.engine = context, ENGINE
        self.api = self.service("frame.Desktop")
        self.books = Books(self)

    engine: "Engine"

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(f"com.sun.star.{name}", self.context)

    @property
    def selection(self) -> Any:
        book = self.books.active
        chosen = book.api.CurrentSelection
        if chosen is None or not chosen.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        return book.sheets(chosen.Spreadsheet.Name).whole(chosen)

    def alert(self, prompt: str, title: str, *_: object) -> str:
        """Show a message box over the office's window, and wait for it to be closed."""
        window = self.api.getCurrentFrame().ContainerWindow
        kind = bridge.load_uno().Enum("com.sun.star.awt.MessageBoxType", BOX)
        window.Toolkit.createMessageBox(window, kind, OK, title or "", prompt).execute()
        return "ok"

    def activate(self, steal_focus: bool = False) -> None:
        return None

    def calculate(self) -> None:
        for book in self.books:
            book.api.calculateAll()


class Books:
    def __init__(self, app: App) -> None:
        self.app = app

    def __iter__(self) -> Iterator["Book"]:
        documents = self.app.api.Components.createEnumeration()
        while documents.hasMoreElements():
            document = documents.nextElement()
            if document.supportsService(SHEET):
                yield Book(self, document)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def active(self) -> "Book":
        """The workbook in the window in front; without a window, the only one there is."""
        front = self.app.api.getCurrentComponent()
        if front is not None and front.supportsService(SHEET):
            return Book(self, front)
        book = next(iter(self), None)
        if book is None:
            raise NoSuchObjectError("no workbook is open")
        return book

    def __call__(self, key: str | int) -> "Book":
        for number, book in enumerate(self, 1):
            if key in (number, book.name, book.fullname):
                return book
        raise KeyError(key)

    def open(self, fullname: str, *_: object, **__: object) -> "Book":
        wanted = bridge.properties(Hidden=not self.app.visible, MacroExecutionMode=0)
        url = Path(fullname).resolve().as_uri()
        document = self.app.api.loadComponentFromURL(url, "_blank", 0, wanted)
        if document is None:  # a stale lock file gives None, without an exception
            raise XlwingsError(f"LibreOffice could not open {fullname}")
        return Book(self, document)


class Book:
    def __init__(self, books: Books, document: Any) -> None:
        self.books, self.api = books, document

    app = property(lambda self: self.books.app)
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self))

    @property
    def fullname(self) -> str:
        url: str = self.api.URL
        return str(bridge.load_uno().fileUrlToSystemPath(url)) if url else str(self.api.Title)

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    def save(self, path: str | None = None, password: str | None = None) -> None:
        target = Path(path or self.fullname).resolve()
        kind = FILTERS.get(target.suffix.lower())
        if kind is None or password:
            raise XlwingsError(f"cannot save {target.name}: only .xlsx and .ods, without a password")
        self.api.storeAsURL(target.as_uri(), bridge.properties(FilterName=kind, Overwrite=True))

    def close(self) -> None:
        self.api.setModified(False)
        self.api.close(True)

    def activate(self) -> None:
        if self.api.CurrentController:
            self.api.CurrentController.Frame.activate()

    @property
    def editing(self) -> bool:
        """Whether a cell is being typed in: what is typed is then not in the sheet yet.

        No call of the office tells; the tree it shows to screen readers has the edited cell as a part.
        """
        window = self.api.CurrentController and self.api.CurrentController.Frame.ComponentWindow
        parts = _parts(window.AccessibleContext, 0) if window else ()
        return any(part.AccessibleRole == TEXT_FRAME for part in parts)


def _parts(there: Any, depth: int) -> Iterator[Any]:
    """The parts of the sheet's view, found from the window downward."""
    number = there.AccessibleChildCount
    for n in range(number if number <= FEW else 0):
        child = there.getAccessibleChild(n).AccessibleContext
        if there.AccessibleRole == SPREADSHEET:
            yield child
        elif depth < 2:
            yield from _parts(child, depth + 1)


ENGINE = Engine()
