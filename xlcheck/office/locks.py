"""The locks of the sheets: off while the button writes, on again whatever happens, mended after a crash."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import xlwings as xw

from xlcheck.data.office import office
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused, forms
from xlcheck.office import native


@contextmanager
def unlocked(book: xw.Book, names: Iterable[str], *, looks: bool = True) -> Iterator[None]:
    """Take the locks off these sheets, the hidden one first; put on again those that were there, it last.

    The hidden sheet is therefore open whenever the button was killed in between: ``mend`` looks at it. Where
    no ``looks`` of locked cells change, LibreOffice needs no other open: the clerk may type meanwhile, and
    what is locked stays so. Excel waits for the button, and nobody types.
    """
    hidden = workbook().sheets.hidden.name
    needed = names if looks or not native.in_calc(book) else ()
    with ExitStack() as locks:
        for name in dict.fromkeys((hidden, *needed)):
            sheet = book.sheets[name]
            if native.is_protected(sheet):
                _open(sheet)
                locks.callback(native.protect, sheet)
        yield


def _open(sheet: xw.Sheet) -> None:
    try:
        native.unprotect(sheet)
    except native.program_failures() as wrong:
        raise Refused(office().say.locked.format(sheet=sheet.name)) from wrong


def mend(book: xw.Book) -> str:
    """Lock again what a killed button left open; what was done about it, as a sentence, or nothing."""
    names = {name for form in forms() for name in form.sheets.values()}
    there = {sheet.name: sheet for sheet in book.sheets}
    hidden = workbook().sheets.hidden.name
    if hidden not in there or native.is_protected(there[hidden]):
        return ""
    # The hidden sheet goes last: killed while mending, the next click mends the rest.
    for name in sorted(names & there.keys(), key=lambda n: n == hidden):
        if not native.is_protected(there[name]):
            native.protect(there[name])
    return office().say.repaired
