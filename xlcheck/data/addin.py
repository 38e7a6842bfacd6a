"""The shape of addin.toml: what the add-ins are built of, where they go, and what is said about it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import Written

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Platform = Literal["win32", "linux", "darwin"]
NAMED = "HOME|DISK|APPDATA|LOCALAPPDATA|XDG_CONFIG_HOME|PROGRAMFILES(\\(\\w+\\))?"  # what machine.py fills in
Folder = Annotated[str, Written(f"(\\{{({NAMED})\\}})?[^{{}}]*", f"folder below one of {NAMED}")]


class AddinFiles(NamedTuple):
    """The names of what is built."""

    xlam: str
    xlsm: str
    oxt: str
    script: str
    kept: str


class ProgramNames(NamedTuple):
    excel: str
    office: str


class AddinSettings(NamedTuple):
    """What the sheet of settings of a built add-in holds besides versions and interpreter."""

    ADD_WORKBOOK_TO_PYTHONPATH: Literal["True", "False"]
    TITLE: str
    FAILED: str
    NO_INTERPRETER: str
    NO_SCRIPT: str


class TextChange(NamedTuple):
    """One change to a text of xlwings: it must be found exactly so often."""

    old: str
    new: str
    times: int


class VbaFacts(NamedTuple):
    """What the VBA project is built of; ``change`` goes by the name of a text of xlwings."""

    project: str
    conf: str
    ours: tuple[str, ...]
    xlwings: tuple[str, ...]
    interpreter: tuple[str, ...]
    libraries: Mapping[str, str]
    settings: AddinSettings
    change: Mapping[str, tuple[TextChange, ...]]


class StandbyBook(NamedTuple):
    """The sheet of words in the stand-by workbook."""

    guide: str
    lines: tuple[str, ...]


class ButtonFacts(NamedTuple):
    """What LibreOffice's button knows and says."""

    log: str
    title: str
    walking: tuple[str, ...]
    working: str
    busy: str
    not_started: Annotated[str, "interpreter"]
    failed: Annotated[str, "log"]


class ExtensionFacts(NamedTuple):
    id: str
    parts: tuple[str, ...]
    facts: ButtonFacts


class ExcelFolders(NamedTuple):
    """Where Excel looks when it starts; ``base`` is there once it has been opened by this user."""

    base: Folder
    start: str
    scripts: Folder = ""


class OfficePlaces(NamedTuple):
    """Where a LibreOffice is looked for, and where in it extensions lie."""

    commands: tuple[str, ...]
    folders: tuple[Folder, ...]
    unopkg: str
    profile: Folder
    shared: str
    extensions: str


class AddinSentences(NamedTuple):
    """What is said about the add-ins; filled where it is said."""

    built: Annotated[str, "path"]
    put: Annotated[str, "path"]
    same: Annotated[str, "path"]
    excel_ready: str
    no_excel: str
    office_ready: Annotated[str, "unopkg"]
    office_shared: Annotated[str, "unopkg"]
    activated: str
    activated_here: str
    office_same: Annotated[str, "unopkg"]
    no_office: str
    interpreter: Annotated[str, "interpreter"]
    undo: str
    nothing_here: str
    well: Annotated[str, "have", "interpreter", "now", "path", "program"]
    absent: Annotated[str, "have", "interpreter", "now", "path", "program"]
    unregistered: Annotated[str, "path", "program"]
    no_interpreter: Annotated[str, "have", "interpreter", "now", "path", "program"]
    other_version: Annotated[str, "have", "interpreter", "now", "path", "program"]
    office_gone: Annotated[str, "unopkg"]
    office_for_all: Annotated[str, "unopkg"]
    removed: Annotated[str, "path"]
    nothing_there: str
    in_use: Annotated[str, "path"]
    unopkg_failed: Annotated[str, "told"]
    unopkg_slow: Annotated[str, "seconds"]
    no_xlwings: str
    xlwings_changed: Annotated[str, "old", "version"]


class AddinFacts(NamedTuple):
    """The whole file."""

    files: AddinFiles
    programs: ProgramNames
    vba: VbaFacts
    book: StandbyBook
    extension: ExtensionFacts
    names: Annotated[Mapping[Platform, Mapping[str, Folder]], ...]
    excel: Annotated[Mapping[Platform, ExcelFolders], ...]
    office: Annotated[Mapping[Platform, OfficePlaces], ...]
    say: AddinSentences

    def misfits(self) -> "Iterator[Misfit]":
        """A change to a text that is not among those the project takes."""
        from xlcheck.data.checking import Misfit

        known = (*self.vba.xlwings, "applescript")
        for text in self.vba.change:
            if text not in known:
                yield Misfit(("vba", "change", text), text, known)


@cache
def addin() -> AddinFacts:
    """What the add-ins are built of, as data/addin.toml has it."""
    return data.load("addin", AddinFacts)
