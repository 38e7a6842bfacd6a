"""The table of a letter: each finding's place in the form's words, what stands there and what should."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from xlcheck import data
from xlcheck.core.filing import Filing, entry_text
from xlcheck.county.letter import LetterRow
from xlcheck.county.submission import LedgerFinding, Return
from xlcheck.editions import edition_named


def finding_rows(current: Return) -> Iterator[LetterRow]:
    """Errors before warnings, each in the order of the sheets, under the names of their sections."""
    form = edition_named(current.filing.edition).form
    sheets = list(form.sheets.values())

    def order(noted: LedgerFinding) -> tuple[bool, int]:
        return noted.severity != "error", sheets.index(form.where(noted.at)[0])

    def band(numbered: tuple[int, LedgerFinding]) -> str:
        noted = numbered[1]
        field = form.fields.get(noted.at)
        section = form.sections[field.table] if field else form.where(noted.at)[0]
        return _say("band", severity=_say(noted.severity), section=section)

    found = enumerate(sorted((f for f in current.findings if f.open), key=order), 1)
    for title, group in groupby(found, band):
        yield LetterRow((title,), joined=True)
        for number, noted in group:
            yield from _finding(current.filing, number, noted)


def _finding(filing: Filing, number: int, noted: LedgerFinding) -> Iterator[LetterRow]:
    """One finding, and below it the other cells that are to be changed together with its own."""
    also = (noted.told.get("fix") or {}).get("also", ())
    cells = (_place(filing, noted), _entry(filing, noted), _should(filing, noted), _message(filing, noted))
    yield LetterRow((str(number), *cells), joined=bool(also))
    for n, other in enumerate(also, 1):
        place, together = _cell(filing, other["field"]), _say("joined", number=number)
        yield LetterRow(
            ("", place, _shown(other["from"]), entry_text(other["to"]), together), joined=n < len(also)
        )


def _place(filing: Filing, noted: LedgerFinding) -> str:
    """The place in the form's words, its sheet and cell, and the few cells it was compared with."""
    made = edition_named(filing.edition)
    rule = made.rules.of(noted.rule)
    if noted.at in made.form.cover and rule.needs == "file":  # for want of a cell it stands on the cover
        return rule.where
    place, beside = _cell(filing, noted.at), [n for n in noted.told.get("fields", ()) if n != noted.at]
    if noted.told.get("fix") or not 0 < len(beside) <= _words()["beside_most"]:
        return place
    return place + _say("beside", cells=_cells(filing, beside, noted.at))


def _cell(filing: Filing, at: str) -> str:
    form = edition_named(filing.edition).form
    name = form.fields[at].place if at in form.fields else form.labels[at]
    sheet, cell = form.where(at)
    return _say("place", place=name, sheet=sheet, cell=cell)


def _cells(filing: Filing, names: Iterable[str], here: str) -> str:
    """The addresses of cells, with their sheet where that is another than the sheet one is at."""
    where = edition_named(filing.edition).form.where
    sheets = [
        (sheet, joined_sentences(c for _, c in g)) for sheet, g in groupby(map(where, names), lambda w: w[0])
    ]
    home = where(here)[0]
    return joined_sentences(
        cells if s == home else _say("sheet", sheet=s, cells=cells) for s, cells in sheets
    )


def _message(filing: Filing, noted: LedgerFinding) -> str:
    """The message; words it repeats are cut as they are beside it, since what to do comes after them."""
    found = entry_text(_found(filing, noted))
    short = shortened(found, "entry_most")
    return shortened(noted.message.replace(found, short) if short != found else noted.message, "message_most")


def _entry(filing: Filing, noted: LedgerFinding) -> str:
    """What stands there; a dash for a text as a whole, a file, or numbers of persons."""
    file = edition_named(filing.edition).rules.of(noted.rule).needs == "file"
    found = _found(filing, noted)
    whole = found is None and filing.texts.get(noted.at)
    return _say("nothing") if file or whole or noted.rule in _words()["private"] else _shown(found)


def _found(filing: Filing, noted: LedgerFinding) -> object:
    if noted.at in edition_named(filing.edition).form.texts:
        return noted.told.get("quote")
    return filing.values.get(noted.at, filing.word(noted.at))


def _shown(entry: object) -> str:
    if entry is None or entry == "":
        return _say("blank")
    text = shortened(entry_text(entry), "entry_most")
    return _say("typed", text=text) if isinstance(entry, str) else text


def _should(filing: Filing, noted: LedgerFinding) -> str:
    """What it should be where that is certain, else what it may be; never a guess without saying so."""
    if fix := noted.told.get("fix"):
        return entry_text(fix["to"])
    if noted.at not in edition_named(filing.edition).form.fields:
        return _say("read")
    ways = list(dict.fromkeys(_way(filing, noted.at, way) for way in noted.told.get("candidates", ())))
    most = _words()["ways_most"]
    said = _say("or").join(ways[:most])
    more = _say("more", ways=said, count=len(ways)) if len(ways) > most else said
    return _say("perhaps", ways=more) if ways else _say("look")


def _way(filing: Filing, at: str, way: dict[str, Any]) -> str:
    """One possible mending: the figure of this cell, and with it or instead those of others."""
    first, *others = [
        entry_text(f["to"]) if f["field"] == at
        else _say("also_to", cell=_cells(filing, [f["field"]], at), to=entry_text(f["to"]))
        for f in (way, *way.get("also", ()))
    ]  # fmt: skip
    return _say("with", to=first, others=joined_sentences(others)) if others else first


def shortened(text: str, most: str) -> str:
    """A text that is too long for its cell without its middle: what it is about and what to do stay."""
    begins, ends = _words()[most]
    return text if len(text) <= begins + ends + 2 else text[:begins] + _say("cut") + text[-ends:]


def joined_sentences(parts: Iterable[str]) -> str:
    return _say("and").join(parts)


def _say(name: str, **words: object) -> str:
    return str(_words()[name].format(**words))


def _words() -> dict[str, Any]:
    words: dict[str, Any] = data.toml("notices")["finding"]
    return words
