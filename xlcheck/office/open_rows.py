"""Rows of the open workbook as high as what stands in them: of texts, and of the list under a check."""

from collections.abc import Mapping
from itertools import groupby

import xlwings as xw

from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.office.openbook import OpenBook
from xlcheck.office.session import Session
from xlcheck.template.heights import rows_of_texts
from xlcheck.workbook.findings import CheckRecord, short_list_lines
from xlcheck.workbook.list_rows import (
    heights_now,
    kept_rows,
    kept_text,
    list_rows,
    stored_look,
    unpressed_rows,
)
from xlcheck.workbook.reading import rows_of

Heights = Mapping[int, float]  # by row; 0 is hidden


def lines_there(opened: OpenBook, hidden: str) -> int:
    """How many lines the short list of the open workbook has."""
    there = opened.page(hidden).cells.get(hidden_sheet().cell.lines)
    return short_list_lines(there.text if there else "")


def of_texts(seen: Session) -> Heights:
    """The rows of texts that are higher than their rows."""
    sheet = seen.opened.sheets[seen.form.sheets["text"]]
    return rows_of_texts(
        seen.form, seen.filing.texts, lambda row: sheet.range((row, 1)).row_height or styles().rows.first
    )


def of_list(seen: Session, told: CheckRecord) -> Heights:
    """The rows of the list while they show a check."""
    hidden = seen.form.sheets["hidden"]
    lines, shrinks = (
        lines_there(seen.opened, hidden),
        hidden_sheet().cell.room in seen.opened.page(hidden).cells,
    )
    return list_rows(seen.edition, seen.filing, told, _of_rules(seen), lines, shrinks=shrinks)


def change_list(seen: Session, told: CheckRecord) -> tuple[Heights, str]:
    """The rows of the list that change for a check, and what the hidden sheet keeps of all of them."""
    wanted = of_list(seen, told)
    now = _now(seen)
    changed = {row: high for row, high in wanted.items() if now.get(row) != high}
    before = {row: stored_look(high) for row, high in _unpressed(seen).items()}
    before |= dict(kept_rows(_kept(seen)))
    return changed, kept_text(before, wanted)


def raise_rows(sheet: xw.Sheet, heights: Heights) -> None:
    """Make the rows of a sheet as high as this, neighbours of one height in one call."""
    runs = groupby(enumerate(sorted(heights.items())), lambda one: (one[1][1], one[1][0] - one[0]))
    for (high, _), run in runs:
        rows = [row for _, (row, _) in run]
        sheet.range((rows[0], 1), (rows[-1], 1)).row_height = high


def _now(seen: Session) -> Heights:
    """How high the rows are now, as far as that is known: a workbook of the first says nothing."""
    if there := _kept(seen):
        return heights_now(there)
    said = hidden_sheet().cell.lines in seen.opened.page(seen.form.sheets["hidden"]).cells
    return _unpressed(seen) if said else {}


def _kept(seen: Session) -> str:
    there = seen.opened.page(seen.form.sheets["hidden"]).cells.get(hidden_sheet().cell.heights)
    return there.text if there else ""


def _unpressed(seen: Session) -> Heights:
    return unpressed_rows(seen.edition, _of_rules(seen), lines_there(seen.opened, seen.form.sheets["hidden"]))


def _of_rules(seen: Session) -> Mapping[str, int]:
    return rows_of(seen.opened.page(seen.form.sheets["check"]).cells, hidden_sheet().answers.rule)
