"""Where an entry of the template lies now, by its labels and by its name in the workbook."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from xlcheck.core.grid import RowCol, rc
from xlcheck.data.importing import LeftKind
from xlcheck.repair.differences import SheetPair
from xlcheck.repair.shifts import moved_to


class EntryPlace(NamedTuple):
    """Where an entry lies; ``why`` says why that cannot be told, ``by`` what says that it moved."""

    sheet: str = ""
    at: RowCol = (0, 0)
    why: LeftKind | None = None
    by: Literal["", "labels", "names", "both"] = ""


Places = Mapping[str, EntryPlace]
NamedPlaces = Mapping[str, tuple[str, RowCol] | None]  # where the name of an entry points; None where deleted


def entry_place(name: str, cell: str, pair: SheetPair | None, names: NamedPlaces) -> EntryPlace:
    """Where labels put an entry, and its name in the workbook; where they differ, whichever one moved."""
    if pair is None:
        return EntryPlace(why="sheet")
    sheet, shift = pair
    at = row, col = rc(cell)
    to_row, to_col = moved_to(row, shift.rows), moved_to(col, shift.cols)
    labelled = (to_row, to_col) if to_row and to_col else None
    named = names.get(name, (sheet.name, at))
    if named is None:
        return EntryPlace(why="deleted")
    if named[0] != sheet.name:
        return EntryPlace(why="elsewhere")
    if named[1] == at:
        if not labelled:
            return EntryPlace(why="label")
        return EntryPlace(sheet.name, labelled, by="" if labelled == at else "labels")
    if labelled in (None, named[1], at):
        return EntryPlace(sheet.name, named[1], by="both" if labelled == named[1] else "names")
    return EntryPlace(why="torn")
