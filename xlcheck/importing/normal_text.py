"""Text without what does not count: spaces, widths, quotes, traditional forms; and what stood between."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from xlcheck.data.importing import importing

GLUED, SPACE, CELL, LINE = range(4)
UNREADABLE = "\ufffd"  # what a sign becomes that a font shows without saying which it is
BACKWARDS = "\u202e"  # before letters that are then shown from the right to the left
NOTES, FRACTION = ("<super>", "<sub>", "<circle>"), "<fraction>"  # how Unicode says what a sign is made of


class NormalText(NamedTuple):
    """The letters of many lines in a row; before each, what parted it from the last, its line and cell."""

    text: str
    parted: tuple[int, ...]
    line: tuple[int, ...]
    cell: tuple[int, ...]


def normal(text: str) -> str:
    """One text's letters."""
    return "".join(_letter(sign) for _, sign in _counted(text))


def is_unreadable(text: str) -> bool:
    """Whether a text has signs that nobody but its font knows, other than the point of a list before it."""
    return UNREADABLE in normal(text)


def _counted(text: str) -> Iterator[tuple[int, str]]:
    """The signs that count, each with its place: no note's mark, no point of a list."""
    point = _point().match(text)
    first = point.end() if point else 0
    letters = importing().letters
    bounds = {found.start() for found in re.finditer(letters.bound, text)}
    for at, (sign, before) in enumerate(zip(text, " " + text, strict=False)):
        if at >= first and not _is_note(sign, before):
            yield at, letters.bounds[sign] if at in bounds else sign


def _is_note(sign: str, before: str) -> bool:
    """A raised, lowered or circled figure behind a figure is the mark of a note, no digit of it."""
    return unicodedata.decomposition(sign).startswith(NOTES) and before.isdigit()


def spread(lines: Iterable[str]) -> NormalText:
    """Lay lines out as letters that remember their place."""
    letters: list[str] = []
    marks: list[tuple[int, int, int]] = []
    for number, line in enumerate(lines):
        parted, cell = LINE, 0
        for _, sign in _counted(line):
            if sign in "|\t":
                cell, parted = cell + 1, max(parted, CELL)
            elif not (letter := _letter(sign)):
                parted = max(parted, SPACE if sign.isspace() else GLUED)
            else:
                letters.append(letter)
                marks += [(parted, number, cell)] + [(GLUED, number, cell)] * (len(letter) - 1)
                parted = GLUED
    parts = tuple(zip(*marks, strict=True)) or ((), (), ())
    return NormalText("".join(letters), parts[0], parts[1], parts[2])


def sign_places(text: str) -> list[int]:
    """For each letter of ``normal(text)`` the place in the text that it comes from."""
    return [at for at, sign in _counted(text) for _ in _letter(sign)]


def cells(line: str) -> list[str]:
    """The cells of a line cut by bars or tabs; a bar that closes the line opens no cell."""
    parts = re.split(r"[|\t]", line.rstrip(" \r\n"))
    return parts[:-1] if line.rstrip().endswith("|") else parts


@cache
def _letter(sign: str) -> str:
    if unicodedata.decomposition(sign).startswith(FRACTION):  # 5½ is no 51/2
        return sign
    if unicodedata.category(sign) == "Co" or sign == BACKWARDS:  # in private use only a lost font knows it
        return UNREADABLE
    folded = unicodedata.normalize("NFKC", sign)
    dropped = importing().letters.dropped
    kept = "".join(c for c in folded if not c.isspace() and c not in dropped and c.isprintable())
    return "".join(_simple().get(c, c) for c in kept)


@cache
def _point() -> re.Pattern[str]:
    return re.compile(r"\s*[\ue000-\uf8ff]\s*(?=[^\W\d_])")


@cache
def _simple() -> dict[str, str]:
    letters = importing().letters
    return dict(zip(letters.traditional, letters.simplified, strict=True)) | dict(letters.same)
