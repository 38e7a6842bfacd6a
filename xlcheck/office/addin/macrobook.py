"""The Excel add-in and its stand-by workbook, built from the texts in macros/ and xlwings' own VBA."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from xlcheck.data.addin import addin
from xlcheck.data.office import office
from xlcheck.office.addin.bookparts import MAIN, GuideSheet, parts
from xlcheck.office.addin.sources import changed, macro, versions, xlwings
from xlcheck.office.addin.vba import Module, empty_module, module, project
from xlcheck.saving import pack_zip


def macro_book(kind: str, interpreter: str = "", only: Sequence[Module] | None = None) -> bytes:
    """The add-in (.xlam) or the stand-by workbook (.xlsm); with an interpreter's path, for one computer.

    Without a path Excel asks the user's own settings, else takes the python it finds. The path stands in
    a sheet, not in xlwings' .conf file: VBA reads files in the system's code page, in which many a home
    folder cannot be written. ``only`` these modules are for tests.
    """
    vba, book = addin().vba, addin().book
    sheets = [GuideSheet(f"{vba.conf}.conf", list(_settings(interpreter).items()), seen=False)]
    if kind == ".xlsm":
        sheets.insert(0, GuideSheet(book.guide, [(line,) for line in book.lines]))
    documents = [empty_module("ThisWorkbook", "workbook")]
    documents += [empty_module(f"Sheet{n}", "sheet") for n in range(1, len(sheets) + 1)]
    binary = project(vba.project, [*documents, *(modules() if only is None else only)], vba.libraries)
    return pack_zip({**parts(kind, sheets, macro("ribbon.xml")), "xl/vbaProject.bin": binary})


def modules() -> list[Module]:
    """What the buttons need: ours, one line a button, and xlwings' own with our changes."""
    vba = addin().vba
    ours = [module(Path(name), macro(name)) for name in vba.ours]
    theirs = {name: changed(xlwings(name), vba.change.get(name, ())) for name in vba.xlwings}
    return ours + [module(Path(name), text) for name, text in theirs.items()]


def applescript() -> str:
    """The script through which Excel for Mac starts Python; under a name of our own, safely quoted."""
    script = xlwings(f"xlwings-{versions()['xlwings']}.applescript")
    return changed(script, addin().vba.change["applescript"])


def settings(path: Path) -> dict[str, str]:
    """The settings that a built add-in carries; empty where there is none of ours."""
    if not path.exists() or not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        pages = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/"))
        found = [ElementTree.fromstring(archive.read(page)) for page in pages[-1:]]
    rows = [
        [t.text or "" for t in row.iter(f"{{{MAIN}}}t")]
        for page in found
        for row in page.iter(f"{{{MAIN}}}row")
    ]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def _settings(interpreter: str) -> dict[str, str]:
    vba = addin().vba
    built = {f"{name.upper()}_VERSION": version for name, version in versions().items()}
    here = dict.fromkeys(vba.interpreter, interpreter) if interpreter else {}
    return vba.settings._asdict() | {"NO_BOOK": office().say.no_book} | built | here
