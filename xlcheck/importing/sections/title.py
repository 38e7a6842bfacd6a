"""Whose report it is and of which year: by the title, be it on one line or three, else by other words."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import NamedTuple

from xlcheck.data.importing import importing
from xlcheck.importing.document import Doubt, Evidence
from xlcheck.importing.normal_text import normal, sign_places

FIRST, MOST, LONGEST = 14, 3, 80  # lines a title is among, lines of one, letters
SHORTEST = 3  # letters that the name of an organ has at the least


class TextPiece(NamedTuple):
    """A paragraph or a line of the words around the tables: text, place, and which line it is."""

    text: str
    where: str
    line: int = -1


class ReportTitle(NamedTuple):
    """The lines of a title, its words joined, and the unit and the year in it."""

    pieces: tuple[TextPiece, ...] = ()
    unit: str = ""
    year: Decimal | None = None


class Owner(NamedTuple):
    """Whose report of which year, each with its evidence, and what was taken from elsewhere."""

    unit: str | None
    year: Decimal | None
    evidence: dict[str, Evidence]
    doubts: tuple[Doubt, ...]


def find_title(pieces: Sequence[TextPiece]) -> ReportTitle:
    """The title among the first lines: the last that is one, with the organ above it where it names none."""
    titles = [title for n in range(min(len(pieces), FIRST)) for title in _titles(pieces[n : n + MOST])]
    if not titles:
        return ReportTitle()
    longest = max((t for t in titles if t.pieces[-1] == titles[-1].pieces[-1]), key=_worth)
    above = pieces[max(0, pieces.index(longest.pieces[0]) - 1) : pieces.index(longest.pieces[0])]
    if longest.unit or not above or not _is_organ(above[0].text):
        return longest
    return longest._replace(pieces=(above[0], *longest.pieces), unit=above[0].text.strip())


def title_of(said: str) -> tuple[str, Decimal | None] | None:
    """The unit and the year that a title names; None where the words are no title."""
    rules, whole = importing().prose, normal(said)
    if len(whole) > LONGEST or re.search(rules.sentence, said) or not re.search(rules.title, whole):
        return None
    year = re.search(rules.title_year, whole)
    bare = re.sub(rules.title_aside, "", whole)
    found = re.match(rules.title_unit, bare)
    unit = found[1] if found else ""
    return ("" if re.fullmatch(rules.no_unit, unit) else unit), (Decimal(year[1]) if year else None)


def owner(
    title: ReportTitle, sign: TextPiece | None, said: Sequence[TextPiece], names: Sequence[str]
) -> Owner:
    """The unit and the year: by the title, by the signature and the first lines, last by ``names``."""
    places: dict[str, Evidence] = {}
    doubts = []
    unit, year = title.unit if title.year or not sign else "", title.year
    if title.pieces:
        whole = Evidence(title.pieces[-1].where, " ".join(piece.text for piece in title.pieces))
        places = {name: whole for name, known in (("unit", unit), ("year", year)) if known}
    if not unit and sign:
        unit, places["unit"] = sign.text, Evidence(sign.where, sign.text)
    if not year and (found := next(_years(said), None)):
        year, places["year"] = found
    for name in names:
        other, when = _named(PurePath(name).stem)
        for what, known, told in (("unit", unit, other), ("year", year, when)):
            if not known and told:
                places[what] = Evidence(name, str(told))
                doubts.append(Doubt("named", name, str(told), (what,)))
        unit, year = unit or other, year or when
    return Owner(unit or None, year, places, tuple(doubts))


def _named(name: str) -> tuple[str, Decimal | None]:
    """The unit and the year in the name of a sheet or a file: those of a title, or an organ beside a year."""
    if found := title_of(name):
        return found
    year = re.search(rf"{importing().prose.title_year}(?!\d)", name)
    rest = name.replace(year[0], "", 1).strip("-_ ") if year else name
    organ = _is_organ(rest) and len(normal(rest)) > SHORTEST
    return (rest, Decimal(year[1]) if year else None) if organ else ("", None)


def _titles(pieces: Sequence[TextPiece]) -> Iterator[ReportTitle]:
    """The titles that begin on the first of some lines and go on for one, two or three of them."""
    for count in range(1, len(pieces) + 1):
        lines = tuple(pieces[:count])
        found = title_of("".join(piece.text for piece in lines))
        if found and not any(title_of(piece.text) for piece in lines[1:]):
            yield ReportTitle(lines, _as_written(found[0], lines), found[1])
            return


def _worth(title: ReportTitle) -> tuple[bool, bool, int]:
    return bool(title.unit), title.year is not None, -len(title.pieces)


def _is_organ(said: str) -> bool:
    whole = normal(said)
    return len(whole) < 40 and bool(re.search(importing().prose.organ, whole))


def _years(said: Sequence[TextPiece]) -> Iterator[tuple[Decimal, Evidence]]:
    """The years that the first lines speak of as the report's; a sentence may run over two lines."""
    for n, piece in enumerate(said):
        here = normal(piece.text + (said[n + 1].text if n + 1 < len(said) else ""))
        for pattern in importing().prose.year_said:
            if hit := re.search(pattern, here):
                yield Decimal(hit[1]), Evidence(piece.where, piece.text[:80])


def _as_written(unit: str, pieces: Sequence[TextPiece]) -> str:
    """The unit in the title's own letters, spaces and brackets and all."""
    text = "".join(piece.text for piece in pieces)
    spots, at = sign_places(text), normal(text).find(unit)
    return text[spots[at] : spots[at + len(unit) - 1] + 1] if unit and at >= 0 else unit
