"""The entries of a damaged workbook: found by labels, checked by names, never guessed."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.comments import Comment

from xlcheck import data
from xlcheck.core.filing import Filing, entry_text
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.grid import RowCol, a1, rc
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, edition_named
from xlcheck.repair.damaged import DamagedBook, DamagedCell, DamagedSheet, read_damaged
from xlcheck.repair.differences import Damage, structural_damage
from xlcheck.repair.shifts import Shift, compare, likest, moved_to, texts_at
from xlcheck.saving import save
from xlcheck.template.build import build_template
from xlcheck.workbook import writing


def answers(sheet: DamagedSheet, rules: Collection[str]) -> Iterator[tuple[str, str]]:
    """The clerk's 说明: left of a rule's id, wherever the list has gone."""
    for (row, col), spot in sheet.cells.items():
        if isinstance(spot.entry, str) and spot.entry in rules:
            answer = sheet.cells.get((row, col - 1))
            if answer and answer.entry is not None and not answer.formula:
                yield spot.entry, entry_text(answer.entry)


def read_last_year(book: DamagedBook, form: Form) -> dict[str, Any]:
    """Last year's figures and what the answers were given for, by their names on the hidden sheet."""
    hidden, at = book.sheets.get(form.sheets["hidden"]), data.toml("workbook")["hidden"]
    if hidden is None:
        return {}
    year = hidden.cells.get(rc(at["last_year"]))
    values = _beside(hidden, at["field"]["name"], at["field"]["last"], set(form.fields))
    rules = {rule.id for rule in edition_named(form.edition).rules.rules}
    records = {
        k: entry_text(v) for k, v in _beside(hidden, at["rule"]["rule"], at["rule"]["record"], rules).items()
    }
    if not year or not isinstance(year.entry, Decimal):
        return {"records": records}
    return {"records": records, "last": Filing(form.edition, year.entry, values=values)}


def _beside(hidden: DamagedSheet, name: str, value: str, names: set[str]) -> dict[str, Entry]:
    """What one column of the hidden sheet says of the names in another."""
    found: dict[str, Entry] = {}
    _, col = rc(f"{name}1")
    for (row, at), spot in hidden.cells.items():
        if at == col and spot.entry in names:
            beside = hidden.cells.get((row, rc(f"{value}1")[1]))
            if beside and beside.entry is not None:
                found[str(spot.entry)] = beside.entry
    return found


class Repaired(NamedTuple):
    """What a damaged workbook held: its entries, the damage found, the entries not moved, the notes kept."""

    filing: Filing
    found: tuple[Damage, ...]
    left: tuple[Damage, ...]
    notes: Mapping[str, tuple[str, str]]


class EntryPlace(NamedTuple):
    """Where an entry of the template lies now; ``why`` says why that cannot be told."""

    sheet: str = ""
    at: RowCol = (0, 0)
    why: str = ""


def rescue(path: Path) -> Repaired:
    """Read every entry where its labels say it lies. Raises Refused where no edition's labels are met."""
    book = read_damaged(path)
    name = _edition(book, path.name)
    form = edition_named(name).form
    pairs = {key: _pair(book, name, key) for key in ("cover", *form.tables, "text")}
    found = list(structural_damage(book, form, pairs, template(name)))
    entries = dict(_inputs(form))
    places = {at: _place(at, key, cell, pairs[key], book) for at, (key, cell) in entries.items()}
    holes = _holes(book, form, entries, places)
    found += [Damage("hole", form.sheets[key], "、".join(cells)) for key, cells in holes.items()]
    taken: dict[str, DamagedCell] = {}
    left: list[Damage] = []
    for at, place in places.items():
        key = entries[at][0]
        spot = book.sheets[place.sheet].cells.get(place.at) if not place.why else None
        why = place.why or ("hole" if key in holes else "") or _unfit(place, spot, book, form, entries[at])
        why = why or ("torn" if _left_behind(spot, place, rc(entries[at][1]), book, places) else "")
        if why:
            left.append(Damage(f"left_{why}", at, _said(spot)))
        elif spot:
            taken[at] = spot
            if place.at != rc(entries[at][1]):
                found.append(Damage("moved", at, f"{place.sheet}!{a1(*place.at)}"))
    return Repaired(_filing(form, taken, book, pairs), tuple(found), tuple(left), _kept(taken))


@cache
def template(name: str) -> DamagedBook:
    """The clean workbook of an edition, as the damaged one is read."""
    from xlcheck.repair.damaged import of
    from xlcheck.template.build import build_template

    return of(build_template(edition_named(name)))


def _edition(book: DamagedBook, file: str) -> str:
    """The edition most of whose labels are met in the tables; the hidden sheet only settles a draw."""
    score = {}
    for name in data.editions():
        form = edition_named(name).form
        pairs = [_pair(book, name, table) for table in form.tables]
        met = sum(pair[1].met for pair in pairs if pair)
        score[name] = met / sum(bool(c.text) for table in form.tables for c in form.tables[table])
    best = max(score, key=lambda n: score[n])
    if score[best] < 0.5:
        raise Refused(messages().no_template.format(file=file))
    return best


def _pair(book: DamagedBook, name: str, key: str) -> tuple[DamagedSheet, Shift] | None:
    form = edition_named(name).form
    sheet = form.sheets[key]
    wanted = texts_at(template(name).sheets[sheet], _printed(name, key))
    there = likest(sheet, wanted, book.sheets.values(), form.sheets.values())
    return (there, compare(wanted, texts_at(there))) if there else None


@cache
def _printed(name: str, key: str) -> frozenset[RowCol]:
    """The cells of the official table on a sheet: what stands beside it says nothing about its rows."""
    form = edition_named(name).form
    if key not in form.tables:
        return frozenset()
    place = form.places[key]
    return frozenset((place.row + c.row, place.col + c.col) for c in form.tables[key] if c.text)


def _inputs(form: Form) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every entry of the workbook: its key, the sheet it is on and its cell in the template."""
    yield from ((f.name, (f.table, f.cell)) for f in form.fields.values())
    yield from ((key, ("cover", cell)) for key, cell in form.cover.items())
    yield from ((key, ("text", cell)) for key, cell in form.texts.items())
    by_sheet = {name: key for key, name in form.sheets.items()}
    yield from ((o.id, (by_sheet[o.sheet], o.cell)) for o in form.options)


def _place(
    name: str, key: str, cell: str, pair: tuple[DamagedSheet, Shift] | None, book: DamagedBook
) -> EntryPlace:
    """Where labels put an entry, and its name in the workbook; where they differ, whichever one moved."""
    if pair is None:
        return EntryPlace(why="sheet")
    sheet, shift = pair
    row, col = rc(cell)
    to_row, to_col = moved_to(row, shift.rows), moved_to(col, shift.cols)
    labelled = (to_row, to_col) if to_row and to_col else None
    named = book.names.get(_defined(name, key), (sheet.name, (row, col)))
    if named is None:
        return EntryPlace(why="deleted")
    there = named[0] == sheet.name
    if not there and named[0] in book.sheets:
        return EntryPlace(why="elsewhere")
    if named[1] == (row, col) or not there:
        return EntryPlace(sheet.name, labelled) if labelled else EntryPlace(why="label")
    if labelled in (None, named[1], (row, col)):
        return EntryPlace(sheet.name, named[1])
    return EntryPlace(why="torn")


def _defined(name: str, key: str) -> str:
    kind = {"cover": "cover_", "text": "text_"}.get(key, "")
    return kind + name.replace(".", "_") if kind or "." in name else f"option_{name}"


def _holes(
    book: DamagedBook, form: Form, entries: Mapping[str, tuple[str, str]], places: Mapping[str, EntryPlace]
) -> dict[str, list[str]]:
    """Blank cells that lost the look of an entry: what stood there may have been cut and put elsewhere."""
    found: dict[str, list[str]] = {}
    for name in form.fields if book.whole else ():
        place = places[name]
        if not place.why:
            spot = book.sheets[place.sheet].cells.get(place.at)
            bare = spot is None or (
                spot.locked and spot.entry is None and not spot.formula and not spot.dated
            )
            if bare and not _covered(place, book):
                found.setdefault(entries[name][0], []).append(a1(*place.at))
    return found


def _covered(place: EntryPlace, book: DamagedBook) -> tuple[int, int, int, int] | None:
    """The merged range an entry lies in."""
    (row, col), merges = place.at, book.sheets[place.sheet].merges
    return next((m for m in merges if m[0] <= row <= m[2] and m[1] <= col <= m[3]), None)


def _unfit(
    place: EntryPlace, spot: DamagedCell | None, book: DamagedBook, form: Form, entry: tuple[str, str]
) -> str:
    """Why what stands in an entry's place is not taken: a formula, a date, a merge over it."""
    merge = _covered(place, book)
    clean = template(form.edition).sheets[form.sheets[entry[0]]].merges
    size = {(m[2] - m[0], m[3] - m[1]) for m in clean if (m[0], m[1]) == rc(entry[1])}
    if merge and (merge[2] - merge[0], merge[3] - merge[1]) not in size:
        return "merged"
    if spot and spot.formula:
        return "formula"
    return "dated" if spot and spot.dated else ""


def _left_behind(
    spot: DamagedCell | None,
    place: EntryPlace,
    at: RowCol,
    book: DamagedBook,
    places: Mapping[str, EntryPlace],
) -> bool:
    """Whether an entry is blank where its labels went, and something stands where it was before."""
    if place.at == at or (spot and spot.entry is not None):
        return False
    before = book.sheets[place.sheet].cells.get(at)
    others = any(p.sheet == place.sheet and p.at == at for p in places.values())
    return bool(before and not before.locked and before.entry is not None and not others)


def _said(spot: DamagedCell | None) -> str:
    return (spot.formula or spot.dated or entry_text(spot.entry)) if spot else ""


def _filing(
    form: Form,
    taken: Mapping[str, DamagedCell],
    book: DamagedBook,
    pairs: Mapping[str, tuple[DamagedSheet, Shift] | None],
) -> Filing:
    words: dict[str, Entry] = {name: spot.entry for name, spot in taken.items() if spot.entry is not None}
    cover: dict[str, Any] = {
        k: words.get(k) if k == "year" else entry_text(words.get(k)) or None for k in form.cover
    }
    rules = edition_named(form.edition).rules.by_id
    return Filing(
        form.edition,
        **cover,
        values={name: words.get(name) for name in form.fields},
        texts={
            k: entry_text(words[k]) if isinstance(words[k], Decimal) else str(words[k])
            for k in form.texts
            if words.get(k)
        },
        options={o.id: entry_text(words[o.id]) for o in form.options if words.get(o.id)},
        answers=dict(answers(sheet, rules)) if (sheet := _check_sheet(book, form)) else {},
        **read_last_year(book, form),
    )


def _check_sheet(book: DamagedBook, form: Form) -> DamagedSheet | None:
    """The list of what was found, wherever it has gone; the clerk's 说明 stand on it."""
    wanted = texts_at(template(form.edition).sheets[form.sheets["check"]])
    return likest(form.sheets["check"], wanted, book.sheets.values(), form.sheets.values())


def _kept(taken: Mapping[str, DamagedCell]) -> dict[str, tuple[str, str]]:
    return {name: spot.note for name, spot in taken.items() if spot.note}


def write_repaired(repaired: Repaired, target: Path) -> None:
    """A clean workbook of the right edition with the entries, the 说明 and the clerk's notes."""
    filing = repaired.filing
    book = _fresh(filing)
    edition = edition_named(filing.edition)
    writing.write_filing(edition, book, filing)
    form = edition.form
    for name, (text, author) in repaired.notes.items():
        sheet, cell = form.where(name)
        book[sheet][cell].comment = Comment(text, author)
    save(book, target)


def _fresh(filing: Filing) -> Workbook:
    """Begun from last year's figures where the damaged workbook carried them."""
    year, last, edition = filing.year, filing.last, edition_named(filing.edition)
    if last and isinstance(year, Decimal) and last.year == year - 1 and edition.form.covers(int(year)):
        return writing.new_workbook(edition, int(year), filing.unit, last)
    return build_template(edition)


def repair_lines(repaired: Repaired, file: str) -> Iterator[str]:
    """What was found, what was moved, what was left: a line each."""
    words, form = data.toml("intake")["repair"], edition_named(repaired.filing.edition).form
    filled = sum(v is not None for v in repaired.filing.values.values())
    yield words["summary"].format(file=file, edition=form.edition, filled=filled, of=len(form.fields))
    moved = [f for f in repaired.found if f.kind == "moved"]
    for found in repaired.found:
        if found.kind != "moved":
            yield words[found.kind].format(at=found.at, words=found.words)
    if moved:
        first = moved[0]
        yield words["moved"].format(n=len(moved), at="!".join(form.where(first.at)), words=first.words)
    for left in repaired.left:
        yield words[left.kind].format(at="!".join(form.where(left.at)), words=left.words)
