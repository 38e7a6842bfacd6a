"""A marked copy of a workbook: colours, notes and the list, taken off again exactly as they were put on."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlcheck.core.check_code import UNSEEN
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.grid import is_address, rc
from xlcheck.core.marks import (
    GENERAL,
    Mark,
    Unmarked,
    label_cell,
    painted_cell,
    plan_marks,
    read_unmarked,
    unmarked_text,
)
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.saving import atomically
from xlcheck.workbook.archive import LETTERS, Package
from xlcheck.workbook.cell_styles import StoredLook, colour_of, inked, is_bold, is_solid, solid_fill
from xlcheck.workbook.cells import stored_value
from xlcheck.workbook.copying import WorkbookCopy, whole_or_not_at_all
from xlcheck.workbook.dressing import dress_as_template
from xlcheck.workbook.findings import (
    check_record,
    checked_columns,
    count_columns,
    short_list_lines,
    stamp_cells,
)
from xlcheck.workbook.list_rows import list_rows, raise_texts, restore_list, show_list
from xlcheck.workbook.markup import is_element
from xlcheck.workbook.notes import StoredNote
from xlcheck.workbook.reading import DIGITS
from xlcheck.workbook.writing import FOOT_CODES


class Covered(NamedTuple):
    """What a mark covers, as the file stores it: fill, font, number of the style; note and box."""

    fill: str
    font: str
    style: str = ""
    text: str = ""
    box: str = ""
    anchor: str = ""


def mark(
    edition: Edition, source: Path, filing: Filing, result: Result, target: Path, pressed: str,
    *, over: bool = True,
) -> None:  # fmt: skip
    """Write a copy of a workbook with what was found painted, noted and listed; the source stays as it is.

    Marking a marked copy gives the same copy. ``pressed`` is the moment of the check, as text;
    ``over`` as of ``atomically``. Raises Refused.
    """
    content = marked(edition, Package.at(source), filing, result, pressed)
    atomically(target, lambda to: to.write_bytes(content), over=over)


def marked(edition: Edition, package: Package, filing: Filing, result: Result, pressed: str) -> bytes:
    """The bytes of such a copy. Raises Refused."""
    form = edition.form
    with whole_or_not_at_all(package.name):
        copy = WorkbookCopy(package)
        unmark(copy, form)
        dress_as_template(copy, form, filing.texts)
        planned = plan_marks(form, edition.rules, filing.values, result.findings, workbook().note)
        painted = filter(None, (_paint(copy, form, one) for one in planned.values()))
        for row, line in enumerate(painted, hidden_sheet().first_row):
            _tell(copy, form, row, hidden_sheet().mark, line)
        _list(edition, copy, filing, result, pressed)
        return copy.content()


def remove_marks(edition: Edition, source: Path, target: Path) -> None:
    """Write a copy of a workbook without any mark of ours. Raises Refused."""
    package = Package.at(source)
    with whole_or_not_at_all(source.name):
        copy = WorkbookCopy(package)
        unmark(copy, edition.form)
        content = copy.content()
    atomically(target, lambda to: to.write_bytes(content))


def unmark(copy: WorkbookCopy, form: Form) -> None:
    """Take our own marks off, and put back what stood under them; the clerk's colours and notes stay."""
    sheet, at = form.sheets["hidden"], hidden_sheet()
    columns = {*at.mark, *at.found, *at.first, *checked_columns()}
    ours = [cell for cell in copy.cells(sheet).where if cell.rstrip(DIGITS) in columns]
    ours = [cell for cell in ours if is_address(cell) and rc(cell)[0] >= at.first_row]
    for where, before in _remembered(copy, sheet, ours):
        _restore(copy, *where, before)
    _unsign(copy, form)
    for cell in (*ours, *stamp_cells()):
        copy.put(sheet, cell, None)
    restore_list(copy, form)
    _show_errors(copy, form, 0)


def _remembered(
    copy: WorkbookCopy, hidden: str, cells: Iterable[str]
) -> Iterator[tuple[tuple[str, str], Unmarked]]:
    """Every mark that the hidden sheet tells of, with what stood under it."""
    where, before = hidden_sheet().mark
    for cell in cells:
        marked, kept = copy.raw(hidden, cell), copy.raw(hidden, before + cell.removeprefix(where))
        if cell.rstrip(DIGITS) == where and marked and kept:
            sheet, _, address = marked.text.rpartition("!")
            known = read_unmarked(kept.text)
            if known and sheet in copy.package.sheets and is_address(address):
                yield (sheet, address), known


def _paint(copy: WorkbookCopy, form: Form, one: Mark) -> tuple[str, str] | None:
    """Paint one cell; what the hidden sheet keeps of it. One whose note is too long to keep stays plain."""
    sheet, at = painted_cell(form, one, workbook().on_text.label)
    cells, spec = copy.cells(sheet), styles().mark[one.kind]
    style = cells.style(at)
    look, note = copy.styles.look(style), copy.notes(sheet).get(at)
    kept = unmarked_text(_before(look, style, note))
    if len(kept) > LETTERS:
        return None
    painted = StoredLook(
        solid_fill(styles().rgb(spec.fill)) if spec.fill else look.fill,
        inked(look.font, styles().rgb(spec.colour), bool(spec.bold)) if spec.colour else look.font,
        spec.format or look.format,
    )
    cells.dress(at, copy.styles.with_look(style, painted))
    if one.note:
        copy.notes(sheet).add(at, UNSEEN.sub("", one.note)[:LETTERS])
    return f"{sheet}!{at}", kept


def _before(look: StoredLook, style: int, note: StoredNote | None) -> Unmarked:
    """What a mark covers: fill, font, number format and note, exactly, and in the button's words."""
    boxed = (note.stored, note.style, note.anchor) if note else ()
    return Unmarked(
        fill=colour_of(look.fill, "fgColor") if is_solid(look.fill) else "",
        ink=colour_of(look.font, "color"),
        bold=is_bold(look.font),
        format=look.format,
        note=(note.text, note.author, note.height, note.width) if note else None,
        exact=(look.fill, look.font, str(style), *boxed),
    )


def _restore(copy: WorkbookCopy, sheet: str, at: str, before: Unmarked) -> None:
    cells = copy.cells(sheet)
    style = cells.style(at)
    look, there = copy.styles.look(style), Covered(*(before.exact or ("", "")))
    exact = is_element(there.fill, "fill") and is_element(there.font, "font")
    old = StoredLook(
        there.fill if exact else solid_fill(before.fill),
        there.font if exact else inked(look.font, before.ink, before.bold),
        before.format,
    )
    number = int(there.style) if there.style.isdecimal() else None
    cells.dress(at, copy.styles.with_look(style, old, number))
    note = StoredNote(*before.note, there.text, there.box, there.anchor) if before.note else None
    copy.notes(sheet).restore(at, note)


def _unsign(copy: WorkbookCopy, form: Form) -> None:
    """Take off the labels of the texts a sign that an earlier press left and nothing tells of any more."""
    cells = copy.cells(form.sheets["text"])
    for text in form.texts.values():
        at = label_cell(text, workbook().on_text.label)
        style = cells.style(at)
        look = copy.styles.look(style)
        if styles().is_signed(look.format):
            cells.dress(at, copy.styles.with_look(style, look._replace(format=GENERAL)))


def _list(edition: Edition, copy: WorkbookCopy, filing: Filing, result: Result, pressed: str) -> None:
    """Hand the findings to the 校验 sheet; it shows them until an entry changes."""
    form, at = edition.form, hidden_sheet()
    rows = copy.rows(form.sheets["hidden"], at.rule.rule)
    there = copy.raw(form.sheets["hidden"], at.cell.lines)
    lines = short_list_lines(there.text if there else "")
    told = check_record(edition, filing, result, pressed, rows, lines)
    places = copy.rows(form.sheets["check"], at.answers.rule)
    shrinks = copy.raw(form.sheets["hidden"], at.cell.room) is not None
    show_list(copy, form, list_rows(edition, filing, told, places, lines, shrinks=shrinks))
    raise_texts(copy, form, filing.texts)
    _tell(copy, form, 0, stamp_cells(), told.stamp)
    for rule, row in rows.items():
        _tell(copy, form, row, at.found, told.rules[rule])
        records = told.records.get(rule, ""), told.answers.get(rule, "")
        _tell(copy, form, row, (at.rule.record, at.rule.checked_answer), records)
    for row, word in enumerate(told.words, at.first_row):
        _tell(copy, form, row, (at.pressed_word,), (word,))
    for row, wrong in enumerate(told.aspects, at.first_row):
        _tell(copy, form, row, (at.aspect,), (wrong,))
    for row, line in enumerate(told.first, at.first_row):
        _tell(copy, form, row, at.first, line)
    for key, row in copy.rows(form.sheets["hidden"], at.counted.name).items():
        _tell(copy, form, row, count_columns(), told.sheets.get(key, (0,) * 4))
    for name, row in copy.rows(form.sheets["hidden"], at.field.name).items():
        if name in form.fields:  # of another program's template there may be more
            signed = _shown_entry(copy, form, filing, name), told.signs.get(name, "")
            _tell(copy, form, row, (at.pressed_entry, at.field.painted), signed)
    _show_errors(copy, form, told.stamp.errors)


def _shown_entry(copy: WorkbookCopy, form: Form, filing: Filing, name: str) -> Decimal | str:
    """What the hidden sheet's formula says stands in a figure's cell."""
    raw = copy.raw(*form.where(name))
    if raw is None or not raw.text:
        nil = any(o.nil == form.fields[name].table and filing.options.get(o.id) for o in form.options)
        return Decimal(0) if nil and raw is None else ""
    match stored_value(raw.kind, raw.text):
        case bool() as truth:
            return str(truth).upper()
        case float() as figure:
            return Decimal(str(figure))
        case str() as text:
            return text
    return "#"


def _tell(copy: WorkbookCopy, form: Form, row: int, columns: Iterable[str], texts: Iterable[object]) -> None:
    """Write into columns of a row of the hidden sheet, or without one into cells; no text is a blank."""
    for column, text in zip(columns, texts, strict=True):
        entry: Entry = Decimal(text) if isinstance(text, int | Decimal) else None
        if isinstance(text, str) and text:
            entry = UNSEEN.sub("", text)[:LETTERS]
        copy.put(form.sheets["hidden"], f"{column}{row}" if row else column, entry)


def _show_errors(copy: WorkbookCopy, form: Form, errors: int) -> None:
    """While errors stand, the list's tab is red and every printed page says draft."""
    sheet, said = workbook().sheets.check, workbook().words.page_foot_draft
    plain, red = ("FF" + styles().rgb(tab) for tab in (sheet.tab, sheet.tab_errors))
    copy.tab(form.sheets["check"], {plain: red} if errors else {red: plain})
    ours = re.compile(FOOT_CODES + said.format(n="[0-9]+"))
    for key, name in form.sheets.items():
        if key != "hidden":
            copy.foot(name, "R", said.format(n=errors) if errors else "", ours)
