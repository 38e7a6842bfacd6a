"""The open workbook as it stands: read, judged, and where in it the clerk is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unicodedata import normalize

import xlwings as xw

from xlcheck.core.filing import Filing, entry_text, year_before
from xlcheck.core.finding import Finding, Fix, Result
from xlcheck.core.form import Form
from xlcheck.core.grid import box, rc
from xlcheck.data.office import office
from xlcheck.editions import Edition, Refused, edition_named
from xlcheck.judge import judge
from xlcheck.office import locks, native, white_cells
from xlcheck.office.anew import write_anew
from xlcheck.office.openbook import OpenBook
from xlcheck.workbook.reading import read_from

SHOWN = 8  # cells told one by one in a sentence
WAYS = 4  # ways of mending told one by one


class Session(NamedTuple):
    """The workbook's cells, its filing, what is found in it, and what was said of a lock mended before."""

    opened: OpenBook
    edition: Edition
    filing: Filing
    result: Result
    mended: str = ""

    @property
    def form(self) -> Form:
        return self.edition.form

    @property
    def wanting(self) -> list[Finding]:
        """The findings that want something done, what to mend first at the head."""
        return [f for f in self.result.findings if f.severity != "info" and not f.answer]


def inspect(book: xw.Book) -> Session:
    """Read and judge the open workbook, as the command line judges the saved one; nothing is written.

    Raises Refused for a workbook that is not a sound one of ours, and while a cell is being typed in.
    """
    _refuse_editing(book)
    return _inspect(OpenBook(book))


def _refuse_editing(book: xw.Book) -> None:
    if native.is_editing(book):
        raise Refused(office().say.editing)


def _inspect(opened: OpenBook, mended: str = "") -> Session:
    filing = read_from(opened)
    edition = edition_named(filing.edition)
    strays = opened.strays(edition.form)  # names are seen in the file alone, a cut cell here too
    seen = {
        "renamed": (("unit", str(strays)),) if strays else (),
        "merged_entries": opened.merged(edition.form),
    }
    filing = filing._replace(notes={**filing.notes, **seen})
    return Session(opened, edition, filing, judge(edition, filing, year_before(filing, filing.last)), mended)


def ready(book: xw.Book) -> Session:
    """The workbook seen, to be written to; first what is no fault of hers is mended, and told.

    That is a lock that we lost, what a cut took along, merges that were parted, and cells that a paste has
    dressed in another way.

    Raises Refused where nothing can be written.
    """
    if native.is_read_only(book):
        raise Refused(office().say.read_only.format(file=book.name))
    _refuse_editing(book)
    mended, opened = locks.mend(book), OpenBook(book)
    if anew := write_anew(opened):
        mended, opened = mended + anew, OpenBook(book)
    seen = _inspect(opened, mended)
    back = white_cells.put_back(seen.opened, seen.edition)
    return _inspect(OpenBook(book), mended + back) if back else seen


# ---------------------------------------------------------------- the selected cell
def select(seen: Session, at: str) -> None:
    sheet, cell = seen.form.where(at)
    seen.opened.sheets[sheet].activate()
    seen.opened.sheets[sheet].range(cell).select()


def selected(seen: Session, names: Iterable[str]) -> str | None:
    """Which of these places is selected in the window."""
    chosen = seen.opened.book.app.selection
    if chosen is None or chosen.sheet.book.name != seen.opened.name:
        return None
    corner = chosen.sheet.name, chosen.address.replace("$", "").replace(",", ":").partition(":")[0]
    return next((n for n in names if seen.form.where(n) == corner), None)


def is_selected(seen: Session, name: str) -> bool:
    """Whether a place lies in what is selected in the window, be it many cells."""
    chosen, (sheet, cell) = seen.opened.book.app.selection, seen.form.where(name)
    if chosen is None or chosen.sheet.name != sheet:
        return False
    row, col = rc(cell)
    areas = filter(None, map(box, chosen.address.split(",")))
    return any(top <= row <= bottom and left <= col <= right for (top, left), (bottom, right) in areas)


def chosen(seen: Session) -> Finding:
    """The finding at the selected cell, or the one whose fix changes it. Raises Refused."""
    at = selected(seen, (*seen.form.fields, *seen.form.texts, *seen.form.cover))
    if at is None:
        raise Refused(office().say.no_selection)
    here = [f for f in seen.wanting if f.at == at]
    mending = [f for f in seen.wanting if at in {one.field for one in all_changes(f.fix)}]
    best = next((f for f in (*here, *mending) if f.fix), next(iter(here), None))
    if best is None:
        raise Refused(office().say.nothing_here.format(cell=seen.edition.cell_of(at)))
    return best


def all_changes(fix: Fix | None) -> tuple[Fix, ...]:
    """A fix with all that is to be changed together with it."""
    return (fix, *fix.also) if fix else ()


# ---------------------------------------------------------------- words
def finding_words(seen: Session, finding: Finding) -> dict[str, str]:
    """Where a finding stands and what it says."""
    form = seen.form
    named = form.fields[finding.at].place if finding.at in form.fields else form.labels[finding.at]
    said = {"cell": seen.edition.cell_of(finding.at), "place": named}
    return said | {"message": finding.message, "advice": finding.advice}


def change_sentences(edition: Edition, fixes: Iterable[Fix], sentence: str) -> str:
    """Each change in its words, the first few of them."""
    say, fixes = office().say, list(fixes)
    told = [
        (edition.cell_of(f.field), entry_text(f.was) or say.blank, entry_text(f.to)) for f in fixes[:SHOWN]
    ]
    changes = [
        (say.one_retyped if normalize("NFKC", was) == to else sentence).format(cell=cell, was=was, to=to)
        for cell, was, to in told
    ]
    return say.semicolon.join(changes) + (say.more_filled.format(n=len(fixes)) if len(fixes) > SHOWN else "")


def undecided(edition: Edition, cell: str, ways: Sequence[Fix]) -> str:
    """Why none of several ways of mending is taken: each with all that it changes, the first few of them."""
    say = office().say
    changes = [change_sentences(edition, all_changes(way), say.one_candidate) for way in ways[:WAYS]]
    if len(ways) == 1:
        return say.one_guess.format(cell=cell, list=changes[0])
    told = say.semicolon.join(say.one_way.format(n=n, list=one) for n, one in enumerate(changes, 1))
    more = say.more_ways if len(ways) > WAYS else ""
    return say.undecided.format(cell=cell, count=len(ways), list=told + more)
