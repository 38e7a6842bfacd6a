"""The shape of workbook.toml's entries: what is written on the cover and on the sheet of texts."""

from collections.abc import Mapping
from typing import NamedTuple

from xlcheck.data import CellAddress, Regex


class CoverEntry(NamedTuple):
    """An entry of the cover; with choices it is chosen from a list."""

    label: str
    cell: CellAddress
    hint: str
    height: float = 30
    choices: tuple[str, ...] = ()
    named: Mapping[str, Regex] = {}


class TextAspect(NamedTuple):
    """What a text should not leave out, the words it is known by, and the tables it speaks of."""

    name: str
    hint: str
    words: tuple[str, ...]
    tables: tuple[str, ...] = ()


class TextEntry(NamedTuple):
    """One text: the heights of its rows, and what is said beside it; a section's own title is its label."""

    rows: tuple[float, ...]
    label: str = ""
    hint: str = ""
    limit: int = 0
    aspects: tuple[TextAspect, ...] = ()
