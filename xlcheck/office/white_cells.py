"""The template's look of the white cells, put back where a paste or a program changed it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import xlwings as xw

from xlcheck.core.form import Form
from xlcheck.core.marks import Unmarked, entry_roles
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.office import office
from xlcheck.data.styles import Role
from xlcheck.editions import Edition
from xlcheck.office import locks, native, paint
from xlcheck.office.anew import clean_beside
from xlcheck.office.openbook import DATED, OpenBook
from xlcheck.office.paint import Stood
from xlcheck.office.record import text
from xlcheck.template.heights import PROSE, dressed
from xlcheck.workbook.dressing import day_typed
from xlcheck.workbook.reading import LOGICAL, rows_of
from xlcheck.workbook.xml import Raw


class Strange(NamedTuple):
    """Cells of one sheet that are not dressed as the template dresses them, and the sample that is.

    ``strange`` are those that no text, be it shorter or longer, is dressed like: a paste did that.
    """

    sheet: xw.Sheet
    cells: list[str]
    sample: xw.Range
    strange: list[str]


def put_back(opened: OpenBook, edition: Edition) -> str:
    """Dress the white cells as the template does where they are not; what was done as a sentence, or nothing.

    A day or a truth typed stays what was typed, as a text: as a bare figure nobody would see it again.
    """
    form = edition.form
    found = [*_strange(opened, form)]
    if not found:
        return ""
    pasted, as_typed = list[str](), list[str]()
    with native.drawing_held(opened.book), locks.unlocked(opened.book, (one.sheet.name for one in found)):
        for one in found:
            native.dress_as(one.sheet, one.cells, one.sample)
            typed = _typed(opened, one)
            for cell, words in typed.items():
                one.sheet.range(cell).value = text(words)
            as_typed += [f"{one.sheet.name}!{cell}" for cell in typed]
            pasted += [f"{one.sheet.name}!{cell}" for cell in one.strange if cell not in typed]
        _draw_lines(opened, edition, found)
    say = office().say
    told = ((say.put_back, pasted), (say.shown_as_typed, as_typed))
    return "".join(words.format(n=len(cells), cell=cells[0]) for words, cells in told if cells)


def _draw_lines(opened: OpenBook, edition: Edition, found: Iterable[Strange]) -> None:
    """Draw the lines round what was pasted over, which are of its place and no sample's: see the clean sheet.

    Not in Excel, where this was never tried.
    """
    pasted = [one for one in found if one.strange]
    if not pasted or not native.in_calc(opened.book):
        return
    with clean_beside(opened, edition) as clean:
        for one in pasted:
            for cell in one.strange:
                one.sheet.range(cell).impl.take_lines(clean.sheets[one.sheet.name].range(cell).impl)


def as_template(opened: OpenBook, form: Form, stood: Stood) -> Stood:
    """What to come back to under the marks: of a white cell the template's own look, whatever was there."""
    samples, roles = _samples(opened, form), entry_roles(form)
    hidden = opened.sheets[form.sheets["hidden"]]
    looks = native.cell_looks(hidden, samples.values()) if stood else {}

    def before(place: tuple[str, str], old: Unmarked) -> Unmarked:
        sample = samples.get(roles[place]) if place in roles else None
        own = paint.unmarked(looks[sample]) if sample else old
        return old if own[:4] == old[:4] else own._replace(note=old.note)

    return {place: before(place, old) for place, old in stood.items()}


def _samples(opened: OpenBook, form: Form) -> dict[Role, str]:
    """Where the hidden sheet has a cell of each kind; an older workbook has none."""
    at = hidden_sheet().sample
    rows = rows_of(opened.page(form.sheets["hidden"]).cells, at.role)
    roles = (*entry_roles(form).values(), *PROSE)
    return {role: f"{at.cell}{rows[role]}" for role in roles if role in rows}


def _strange(opened: OpenBook, form: Form) -> Iterator[Strange]:
    """Every white cell that is dressed in another way, by sheet and kind."""
    samples, marked = _samples(opened, form), paint.stood(opened, form)
    groups: dict[tuple[str, Role], list[str]] = {}
    cells = opened.page(form.sheets["text"]).cells
    texts = {key: cells[cell].text for key, cell in form.texts.items() if cell in cells}
    for (sheet, cell), role in dressed(form, texts).items():
        if role in samples:
            groups.setdefault((sheet, role), []).append(cell)
    for (name, role), mine in groups.items():
        there, hidden = opened.sheets[name], opened.sheets[form.sheets["hidden"]]
        ours = {cell for sheet, cell in marked if sheet == name}
        unlike = native.unlike(there, mine, hidden.range(samples[role]), ours)
        shown = opened.page(name).cells  # a day or a truth shows by its format, under a mark too
        unlike += [cell for cell in mine if cell in shown and cell not in unlike and _as_typed(shown[cell])]
        if unlike:
            strange = unlike
            for other in (one for one in PROSE if role in PROSE and one in samples):
                strange = native.unlike(there, strange, hidden.range(samples[other]), ours)
            yield Strange(there, unlike, hidden.range(samples[role]), strange)


def _typed(opened: OpenBook, one: Strange) -> Mapping[str, str]:
    """What was typed into those cells that show a day or a truth."""
    cells = opened.page(one.sheet.name).cells
    found = {cell: _as_typed(cells[cell]) for cell in one.cells if cell in cells}
    return {cell: typed for cell, typed in found.items() if typed}


def _as_typed(raw: Raw) -> str:
    if raw.formula is not None:
        return ""
    if raw.kind == "b":
        return LOGICAL[raw.text]
    return day_typed(raw.text) if raw.kind == "n" and raw.style == DATED else ""
