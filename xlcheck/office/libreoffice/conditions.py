"""Conditional formats of a sheet open in LibreOffice, put back to those of the sheet it is a copy of."""

import re
from typing import Any

from xlcheck.office.libreoffice.looks import cells_of

# A place as seen from where a format begins; a cut over to another sheet takes its formula along.
RELATIVE = re.compile(r"(?:\$?(?:'[^']+'|\w+)[.!])?(?<!\$)\b[A-Z]{1,3}\d+\b")
FORMULA = 0  # com.sun.star.sheet.ConditionEntryType CONDITION, of which a formula is one


def copy(document: Any, clean: Any, sheet: Any) -> None:
    """Make one sheet's formats those of the clean one, in its order, which says what outranks what.

    How they look has a name in each document of its own, so it is learnt from those that are as they were.
    """
    wanted, there = clean.getConditionalFormats(), sheet.getConditionalFormats()
    if list(map(_whole, wanted)) == list(map(_whole, there)):
        return
    looks: dict[str, str] = {}
    for alike in (_whole, _said):
        known = {str(alike(one)): one for one in reversed(there)}
        for one in wanted:
            if other := known.get(str(alike(one))):
                for entry, same in zip(_entries(one), _entries(other), strict=True):
                    looks.setdefault(entry.StyleName, same.StyleName)
    for one in there:
        sheet.removeByID(one.ID)
    for one in wanted:
        _create(document, sheet, one, looks)


def _create(document: Any, sheet: Any, wanted: Any, looks: dict[str, str]) -> None:
    ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    ranges.addRangeAddresses(wanted.Range.RangeAddresses, False)
    number = sheet.createByRange(ranges)
    made = {one.ID: one for one in sheet.getConditionalFormats()}[number]
    for n, entry in enumerate(_entries(wanted)):
        made.createEntry(FORMULA, n)
        new = made.getByIndex(n)
        new.Operator, new.Formula1 = entry.Operator, entry.Formula1
        new.StyleName = looks.get(entry.StyleName, new.StyleName)


def _entries(conditional: Any) -> list[Any]:
    return [conditional.getByIndex(n) for n in range(conditional.Count)]


def _whole(conditional: Any) -> tuple[list[str], list[tuple[int, int]]]:
    """What a format says, and over which cells it lies."""
    return [entry.Formula1 for entry in _entries(conditional)], sorted(
        cells_of(conditional.Range.RangeAddresses)
    )


def _said(conditional: Any) -> list[str]:
    """What it says, wherever that is counted from."""
    return [RELATIVE.sub("", entry.Formula1) for entry in _entries(conditional)]
