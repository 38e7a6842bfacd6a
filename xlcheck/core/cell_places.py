"""What a formula names: a cell, or an area of cells, and what stands there."""

import re
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from xlcheck.core.cell_functions import Unknown
from xlcheck.core.grid import a1, column

Key = tuple[str, str]  # a sheet and an address

KEPT = 8192  # places remembered
AREAS = 2048  # contents of areas remembered
MOST = 10_000  # cells of an area
ROW = "ROW"
NAMED = re.compile(  # what a formula names: cells, and what it asks of a cell's place, not of its value
    r"""(?P<text>"(?:[^"]|"")*") | \{
      | (?<![\w.$:])(?:(?P<asked>_xlfn\.ISFORMULA|ROW)\(\s*)?
        (?P<ref>(?:(?:'(?:[^']|'')+'|[^\s"'(),=<>&+\-*/:!{]+)!)?
          \$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?)(?![\w(!:])
        (?(asked)\s*\))""",
    re.VERBOSE,
)
CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")


class Offset(NamedTuple):
    """By how much a formula that several cells share is moved to the cell at hand."""

    rows: int = 0
    cols: int = 0


class CellArea(NamedTuple):
    """Cells that a formula names together, or asks of where they stand: ``asked`` is the function."""

    asked: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def keys(self) -> tuple[Key, ...]:
        cols = range(self.left, self.right + 1)
        return tuple((self.sheet, a1(r, c)) for r in range(self.top, self.bottom + 1) for c in cols)

    def answer(self, formulas: Container[Key]) -> Any:
        """What is asked of where the cells stand: in what rows, or whether a formula is there."""
        if self.asked != ROW:
            return (self.sheet, a1(self.top, self.left)) in formulas
        rows = [
            float(row) for row in range(self.top, self.bottom + 1) for _ in range(self.left, self.right + 1)
        ]
        return area_values(rows) if len(rows) > 1 else rows[0]


FormulaPlace = Key | CellArea


class AreaValues:
    """What stands in an area; areas that hold the same have one of these between them."""

    def __init__(self, values: list[Any], *, mixed: bool) -> None:
        self.values = values
        self.mixed = mixed  # holds figures and truths, which are equal in Python


class _Nothing:
    """What stands in a cell of which nothing is known."""


NOTHING = _Nothing()


def area_values(values: Sequence[Any]) -> AreaValues:
    """The values of an area, as the one thing that stands for them."""
    return _area_values(tuple(values), tuple(map(type, values)))


@lru_cache(AREAS)
def _area_values(values: tuple[Any, ...], kinds: tuple[type, ...]) -> AreaValues:
    return AreaValues([*values], mixed={float, bool} <= {*kinds})


@lru_cache(KEPT)
def place_named(asked: str, ref: str, sheet: str, shift: Offset) -> FormulaPlace:
    """The cell or the area that a formula of a sheet names; many name the same. Raises Unknown."""
    named, _, corners = ref.rpartition("!")
    quoted = named.startswith("'")
    sheet = named[1:-1].replace("''", "'") if quoted else named or sheet
    (top, left), *more = (_corner(each, shift) for each in corners.split(":"))
    if not more and not asked:
        return sheet, a1(top, left)
    bottom, right = more[0] if more else (top, left)
    area = CellArea(asked, sheet, top, left, bottom, right)
    if not 0 < area.size <= MOST:
        raise Unknown
    return area


def _corner(address: str, shift: Offset) -> tuple[int, int]:
    fixed_col, letters, fixed_row, digits = CORNER.fullmatch(address).groups()  # type: ignore[union-attr]
    row = int(digits) + (0 if fixed_row else shift.rows)
    col = column(letters.upper()) + (0 if fixed_col else shift.cols)
    if row < 1 or col < 1:
        raise Unknown
    return row, col
