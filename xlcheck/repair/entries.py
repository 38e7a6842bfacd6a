"""The entries of a damaged workbook: found by labels, checked by names, never guessed."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing, entry_text
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.grid import RowCol, a1, rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.importing import LeftKind, importing
from xlcheck.data.messages import messages
from xlcheck.data.workbook import workbook
from xlcheck.editions import Clues, Edition, Refused, forms, which_edition
from xlcheck.judge import code
from xlcheck.repair.carried import answers, read_last_year
from xlcheck.repair.damaged import DamagedBook, DamagedCell, DamagedSheet, read_damaged
from xlcheck.repair.differences import Damage, SheetPair, structural_damage
from xlcheck.repair.entry_place import EntryPlace, Places, entry_place
from xlcheck.repair.in_part import left_by_names, torn_by_sums
from xlcheck.repair.shifts import compare, texts_at
from xlcheck.repair.template_sheets import (
    FoundSheet,
    FoundSheets,
    find_sheets,
    hidden_sheet_of,
    is_ours,
    sheet_words,
    template,
)
from xlcheck.workbook.structure import as_quoted, bare_label

LISTED = 6  # cells named of those that hold figures which belong nowhere
Inputs = Mapping[str, tuple[str, str]]  # every entry's sheet, by its key, and its cell in the template


class LeftEntry(NamedTuple):
    """What was not moved: why, the entry's or rule's name or where the figures lie, and what stands there."""

    kind: LeftKind
    at: str
    words: str = ""


class Repaired(NamedTuple):
    """What a damaged workbook held: its entries, the damage found, the entries not moved, the notes kept.

    ``moved`` says of the entries that lay elsewhere where that was.
    """

    edition: Edition
    filing: Filing
    found: tuple[Damage, ...]
    moved: Mapping[str, str]
    left: tuple[LeftEntry, ...]
    notes: Mapping[str, tuple[str, str]]


def rescue(path: Path) -> Repaired:
    """Read every entry where its labels say it lies. Raises Refused for a workbook that is none of ours."""
    book = read_damaged(path)
    hidden = hidden_sheet_of(book, workbook().sheets.hidden.name)
    edition = _edition(book, hidden)
    form, entries = edition.form, dict(_inputs(edition.form))
    sheets = find_sheets(book, edition, hidden, _pointed(book, entries))
    if not is_ours(edition, sheets):
        raise Refused(messages().no_template.format(file=path.name))
    pairs = {key: _pair(edition, key, sheets.get(key)) for key in ("cover", *form.tables, "text")}
    found = list(structural_damage(book, form, sheets, pairs, template(edition)))
    names = dict(_named(book, form, entries, sheets))
    places = {at: entry_place(at, cell, pairs[key], names) for at, (key, cell) in entries.items()}
    places |= _torn(edition, entries, places, book)
    places |= _copied(edition, entries, places, sheets, book)
    holes = _holes(book, form, entries, places)
    comma = importing().repair.list
    found += [Damage("hole", form.sheets[key], comma.join(cells)) for key, cells in holes.items()]
    taken, left = _sorted(book, edition, entries, places, holes)
    left += _strays(book, edition, sheets, places)
    listed = sheets.get("check")  # the list of what was found; the clerk's 说明 stand on it
    explained = dict(answers(listed.sheet, edition.rules.by_id)) if listed else {}
    strange = explained.keys() - edition.rules.by_id
    left += [LeftEntry("answer", rule, explained.pop(rule)) for rule in sorted(strange)]
    filing = _filing(edition, taken, hidden)._replace(answers=explained)
    notes = {name: s.note for name, s in taken.items() if s.note}
    return Repaired(edition, filing, tuple(found), _moved(entries, places, taken), tuple(left), notes)


def _sorted(
    book: DamagedBook, edition: Edition, entries: Inputs, places: Places, holes: Collection[str]
) -> tuple[dict[str, DamagedCell], list[LeftEntry]]:
    """The entries that are moved, and those that are left with the reason."""
    taken: dict[str, DamagedCell] = {}
    left: list[LeftEntry] = []
    for at, place in places.items():
        spot = book.sheets[place.sheet].cells.get(place.at) if place.sheet else None
        why = place.why or ("hole" if entries[at][0] in holes else None)
        why = why or _unfit(place, spot, book, edition, entries[at])
        if why is None and _left_behind(spot, place, rc(entries[at][1]), book, places):
            why = "torn"
        if why:
            left.append(LeftEntry(why, at, _words(spot)))
        elif spot:
            taken[at] = spot
    return taken, left


def _edition(book: DamagedBook, hidden: DamagedSheet | None) -> Edition:
    """The edition its hidden sheet says, unless the labels of the tables speak of another."""
    others = {name for form in forms() for key, name in form.sheets.items() if key not in form.tables}
    others |= {hidden.name} if hidden else set()
    tables = book.sheets.keys() - others
    cover = book.sheets.get(workbook().sheets.cover.name)
    year = cover.cells.get(rc(workbook().cover["year"].cell)) if cover else None
    edition = hidden.cells.get(rc(hidden_sheet().cell.edition)) if hidden else None
    return which_edition(
        Clues(
            frozenset(bare_label(text) for name in tables for text in _texts(book, name)),
            "\n".join(text for name in book.sheets for text in _texts(book, name)),
            bare_label,
            year.entry if year else None,
            entry_text(edition.entry) if edition else "",
        )
    )


def _texts(book: DamagedBook, name: str) -> Iterator[str]:
    return (spot.entry for spot in book.sheets[name].cells.values() if isinstance(spot.entry, str))


def _pointed(book: DamagedBook, entries: Inputs) -> Mapping[str, str]:
    """The sheet to which most names of a sheet's entries point, by the key of theirs."""
    found: dict[str, Counter[str]] = {}
    for at, (key, _) in entries.items():
        if place := book.names.get(_defined(at, key)):
            found.setdefault(key, Counter())[place[0]] += 1
    return {key: names.most_common(1)[0][0] for key, names in found.items()}


def _pair(edition: Edition, key: str, found: FoundSheet | None) -> SheetPair | None:
    return (found.sheet, compare(sheet_words(edition, key), texts_at(found.sheet))) if found else None


def _inputs(form: Form) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every entry of the workbook: its key, the sheet it is on and its cell in the template."""
    yield from ((f.name, (f.table, f.cell)) for f in form.fields.values())
    yield from ((key, ("cover", cell)) for key, cell in form.cover.items())
    yield from ((key, ("text", cell)) for key, cell in form.texts.items())
    by_sheet = {name: key for key, name in form.sheets.items()}
    yield from ((o.id, (by_sheet[o.sheet], o.cell)) for o in form.options)


def _named(
    book: DamagedBook, form: Form, entries: Inputs, sheets: FoundSheets
) -> Iterator[tuple[str, tuple[str, RowCol] | None]]:
    """Where the names of the entries point, of those that say where an entry lies.

    One that points to a sheet that is not there says nothing; nor does one of a copy, one that kept the
    title when the sheets were exchanged, or one that points to where another entry still lies, while
    something stands in its own place: who moves a cell leaves nothing there.
    """
    named = dict(_pointing(book, form, entries, sheets))
    at_home = {place for at, place in named.items() if place == _home(at, entries, sheets)}
    for at, place in named.items():
        home = _home(at, entries, sheets)
        own = book.sheets[home[0]].cells.get(home[1])
        if place == home or place not in at_home or own is None or own.entry is None:
            yield at, place


def _home(name: str, entries: Inputs, sheets: FoundSheets) -> tuple[str, RowCol]:
    """Where the template has an entry, on the sheet that was found for it."""
    key, cell = entries[name]
    return sheets[key].sheet.name, rc(cell)


def _pointing(
    book: DamagedBook, form: Form, entries: Inputs, sheets: FoundSheets
) -> Iterator[tuple[str, tuple[str, RowCol] | None]]:
    for at, (key, _) in entries.items():
        name = _defined(at, key)
        if name in book.names and (found := sheets.get(key)):
            place = book.names[name]
            others = {form.sheets[key], *(rival.name for rival in found.rivals)} - {found.sheet.name}
            if place is None or (place[0] in book.sheets and place[0] not in others):
                yield at, place


def _copied(
    edition: Edition, entries: Inputs, places: Places, sheets: FoundSheets, book: DamagedBook
) -> dict[str, EntryPlace]:
    """The places of entries that read otherwise in a copy of their sheet, and nothing says which counts."""
    found: dict[str, EntryPlace] = {}
    for key, one in sheets.items():
        for rival in one.rivals:
            pair = _pair(edition, key, FoundSheet(rival))
            for at in (at for at, (on, _) in entries.items() if on == key and not places[at].why):
                there = entry_place(at, entries[at][1], pair, {})
                mine, other = (
                    book.sheets[places[at].sheet].cells.get(places[at].at),
                    rival.cells.get(there.at),
                )
                if not there.why and _words(mine) != _words(other):
                    found[at] = EntryPlace(why="copies")
    return found


def _torn(edition: Edition, entries: Inputs, places: Places, book: DamagedBook) -> dict[str, EntryPlace]:
    """The places of entries that did not go where their labels went, or may not have."""
    cells = {at: rc(cell) for at, (_, cell) in entries.items()}
    torn = left_by_names(cells, places) | {*torn_by_sums(code(edition).equations, cells, places, book)}
    return {name: EntryPlace(why="in_part") for name in torn}


def _defined(name: str, key: str) -> str:
    kind = {"cover": "cover_", "text": "text_"}.get(key, "")
    return kind + name.replace(".", "_") if kind or "." in name else f"option_{name}"


def _holes(book: DamagedBook, form: Form, entries: Inputs, places: Places) -> dict[str, list[str]]:
    """Blank cells that lost the look of an entry: what stood there may have been cut and put elsewhere."""
    found: dict[str, list[str]] = {}
    for name in form.fields if book.whole else ():
        place = places[name]
        if not place.why:
            spot = book.sheets[place.sheet].cells.get(place.at)
            bare = spot is None or (spot.locked and not _words(spot))
            if bare and not _covered(place, book):
                found.setdefault(entries[name][0], []).append(a1(*place.at))
    return found


def _covered(place: EntryPlace, book: DamagedBook) -> tuple[int, int, int, int] | None:
    """The merged range an entry lies in."""
    (row, col), merges = place.at, book.sheets[place.sheet].merges
    return next((m for m in merges if m[0] <= row <= m[2] and m[1] <= col <= m[3]), None)


def _unfit(
    place: EntryPlace, spot: DamagedCell | None, book: DamagedBook, edition: Edition, entry: tuple[str, str]
) -> LeftKind | None:
    """Why what stands in an entry's place is not taken: a formula, a date, no figure, a merge over it."""
    merge = _covered(place, book)
    clean = template(edition).sheets[edition.form.sheets[entry[0]]].merges
    size = {(m[2] - m[0], m[3] - m[1]) for m in clean if (m[0], m[1]) == rc(entry[1])}
    if merge and (merge[2] - merge[0], merge[3] - merge[1]) not in size:
        return "merged"
    if spot and spot.formula:
        return "formula"
    if spot and spot.void:
        return "void"
    return "dated" if spot and spot.dated else None


def _left_behind(
    spot: DamagedCell | None,
    place: EntryPlace,
    at: RowCol,
    book: DamagedBook,
    places: Places,
) -> bool:
    """Whether an entry is blank where its labels went, and something stands where it was before."""
    if place.at == at or (spot and spot.entry is not None):
        return False
    before = book.sheets[place.sheet].cells.get(at)
    others = any(p.sheet == place.sheet and p.at == at for p in places.values())
    return bool(before and not before.locked and before.entry is not None and not others)


def _strays(book: DamagedBook, edition: Edition, sheets: FoundSheets, places: Places) -> Iterator[LeftEntry]:
    """Figures that lie in no entry's place: of another form, or pasted beside, or on a sheet not ours.

    Those of a copy were compared with their own.
    """
    tables = {found.sheet.name for key, found in sheets.items() if key in edition.form.tables}
    ours = {one.name for found in sheets.values() for one in (found.sheet, *found.rivals)}
    looked = [name for name in book.sheets if name in tables or name not in ours] if book.whole else ()
    for name in looked:
        mine = {place.at for place in places.values() if place.sheet == name}
        cells = book.sheets[name].cells.items()
        stray = [at for at, spot in cells if isinstance(spot.entry, Decimal) and at not in mine]
        if stray:
            first = importing().repair.list.join(a1(*at) for at in sorted(stray)[:LISTED])
            yield LeftEntry("stray", name, first)


def _moved(entries: Inputs, places: Places, taken: Mapping[str, DamagedCell]) -> dict[str, str]:
    """Where the entries lay that were not where the template has them."""
    moved = {at: places[at] for at in taken if places[at].at != rc(entries[at][1])}
    return {at: f"{place.sheet}!{a1(*place.at)}" for at, place in moved.items()}


def _words(spot: DamagedCell | None) -> str:
    return as_quoted(spot.formula or spot.dated or spot.void or entry_text(spot.entry)) if spot else ""


def _filing(edition: Edition, taken: Mapping[str, DamagedCell], hidden: DamagedSheet | None) -> Filing:
    form = edition.form
    words: dict[str, Entry] = {name: spot.entry for name, spot in taken.items() if spot.entry is not None}
    cover: dict[str, Any] = {
        k: words.get(k) if k == "year" else entry_text(words.get(k)) or None for k in form.cover
    }
    texts = {k: words[k] for k in form.texts if words.get(k)}
    return Filing(
        form.edition,
        **cover,
        values={name: words.get(name) for name in form.fields},
        texts={k: entry_text(t) if isinstance(t, Decimal) else str(t) for k, t in texts.items()},
        options={o.id: entry_text(words[o.id]) for o in form.options if words.get(o.id)},
        **read_last_year(hidden, edition),
    )
