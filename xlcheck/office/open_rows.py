"""Rows of the open workbook as high as what stands in them: of texts, and of the list under a check."""

from collections.abc import Mapping

import xlwings as xw

from xlcheck.core.grid import a1
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.office import native
from xlcheck.office.openbook import OpenBook
from xlcheck.office.session import Session
from xlcheck.template.heights import rows_of_texts
from xlcheck.workbook.findings import CheckRecord, short_list_lines
from xlcheck.workbook.list_rows import TRUE, kept_rows, kept_text, list_rows, points, unpressed_rows
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
    lines = lines_there(seen.opened, seen.form.sheets["hidden"])
    return list_rows(seen.edition, seen.filing, told, _of_rules(seen), lines)


def remember(seen: Session) -> None:
    """Keep on the hidden sheet how high the rows of the list are without a check."""
    hidden, at = seen.form.sheets["hidden"], hidden_sheet().cell.heights
    if at not in seen.opened.page(hidden).cells:
        rows = unpressed_rows(seen.edition, _of_rules(seen), lines_there(seen.opened, hidden))
        seen.opened.sheets[hidden].range(at).value = kept_text(rows)


def before(seen: Session) -> Heights:
    """How high the rows of the list were before they showed a check."""
    there = seen.opened.page(seen.form.sheets["hidden"]).cells.get(hidden_sheet().cell.heights)
    return {
        row: 0.0 if look.hidden in TRUE else points(look.ht)
        for row, look in kept_rows(there.text if there else "")
    }


def forget(seen: Session) -> None:
    """Keep nothing of the rows any more."""
    seen.opened.sheets[seen.form.sheets["hidden"]].range(hidden_sheet().cell.heights).value = ""


def raise_rows(sheet: xw.Sheet, heights: Heights) -> None:
    """Make the rows of a sheet as high as this, in one call a height."""
    for high in set(heights.values()):
        for area in native.areas(sheet, (a1(row, 1) for row, one in heights.items() if one == high)):
            area.row_height = high


def _of_rules(seen: Session) -> Mapping[str, int]:
    return rows_of(seen.opened.page(seen.form.sheets["check"]).cells, hidden_sheet().answers.rule)
