"""The shape of text.toml: how figures are written in a report's text."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OneLetter, Pattern, Regex

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

ScanWord = Literal["head", "point", "stop", "open", "close", "skip", "ours", "year", "prior", "now", "none"]


class TextSigns(NamedTuple):
    """Signs of a text as laid out, and of what is said about it."""

    stop: str
    comma: str
    item: str
    plus: str
    minus: str
    named: Annotated[str, "figure", "name", "table"]
    stands: Annotated[str, "figure", "name", "table"]
    mended: Annotated[str, "figure", "was"]
    unfilled: Annotated[str, "figure"]
    last: Annotated[str, "cells"]


class FigureParts(NamedTuple):
    """The parts of a figure, in the order they are written."""

    clause_ends: str
    before: Regex
    arabic: Regex
    scale: Regex
    after: Regex
    big: Regex
    tail: Regex
    bare_zero: Regex
    reach: Regex
    heads: tuple[str, ...]
    carried: tuple[str, ...]
    over: tuple[str, ...]
    under: tuple[str, ...]
    most: tuple[str, ...]
    near: tuple[str, ...]


class FigureWriting(NamedTuple):
    """Signs, digits and units, and what a scan of a text looks for, the first that fits being taken."""

    traditional: str
    simplified: str
    units: tuple[str, ...]
    headline: Pattern
    bullet: Pattern
    columns: Pattern
    signs: TextSigns
    digits: Mapping[OneLetter, int]
    places: Mapping[OneLetter, int]
    scan: Mapping[ScanWord, Regex]
    figure: FigureParts

    def misfits(self) -> Iterator["Misfit"]:
        """A traditional sign without its simplified one."""
        from xlcheck.data.checking import Misfit

        if len(self.traditional) != len(self.simplified):
            yield Misfit(("simplified",), self.simplified, (), "is shorter or longer than what it stands for")


@cache
def figure_writing() -> FigureWriting:
    """How figures are written, as data/text.toml has it."""
    return data.load("text", FigureWriting)
