"""Text without what does not count: spaces, widths, quotes, traditional forms; and what stood between."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from xlcheck.data.importing import importing

GLUED, SPACE, CELL, LINE = range(4)
NOTES, FRACTION = ("<super>", "<circle>"), "<fraction>"  # how Unicode says what a sign is made of


class NormalText(NamedTuple):
    """The letters of many lines in a row; before each, what parted it from the last, its line and cell."""

    text: str
    parted: tuple[int, ...]
    line: tuple[int, ...]
    cell: tuple[int, ...]


def normal(text: str) -> str:
    """One text's letters."""
    return "".join(
        _letter(sign) for sign, before in zip(text, " " + text, strict=False) if not _is_note(sign, before)
    )


def _is_note(sign: str, before: str) -> bool:
    """A raised or circled figure behind a figure is the mark of a note, no digit of it."""
    return unicodedata.decomposition(sign).startswith(NOTES) and before.isdigit()


def spread(lines: Iterable[str]) -> NormalText:
    """Lay lines out as letters that remember their place."""
    letters: list[str] = []
    marks: list[tuple[int, int, int]] = []
    for number, line in enumerate(lines):
        parted, cell = LINE, 0
        for sign, before in zip(line, " " + line, strict=False):
            if _is_note(sign, before):
                continue
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
    pairs = enumerate(zip(text, " " + text, strict=False))
    return [n for n, (sign, before) in pairs if not _is_note(sign, before) for _ in _letter(sign)]


def cells(line: str) -> list[str]:
    """The cells of a line cut by bars or tabs; a bar that closes the line opens no cell."""
    parts = re.split(r"[|\t]", line.rstrip(" \r\n"))
    return parts[:-1] if line.rstrip().endswith("|") else parts


@cache
def _letter(sign: str) -> str:
    if unicodedata.decomposition(sign).startswith(FRACTION):  # 5½ is no 51/2
        return sign
    folded = unicodedata.normalize("NFKC", sign)
    dropped = importing().letters.dropped
    kept = "".join(c for c in folded if not c.isspace() and c not in dropped and c.isprintable())
    return "".join(_simple().get(c, c) for c in kept)


@cache
def _simple() -> dict[str, str]:
    letters = importing().letters
    return dict(zip(letters.traditional, letters.simplified, strict=True)) | dict(letters.same)
