"""What the buttons leave on the hidden sheet: what was found, what the marks cover, what was written."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.grid import a1, rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.editions import Edition
from xlcheck.office.openbook import OpenBook
from xlcheck.workbook.findings import CheckRecord, checked_columns, count_columns
from xlcheck.workbook.reading import rows_of

LEAST = 40  # lines: more than the short list and the words need
LONGEST = 9999  # lines the log may have
PARSED = "=+-@'0123456789"  # a text that begins so would be taken for a formula, a number or a date


class Entered(NamedTuple):
    """One cell that a button filled: what stood there, what stands there now, by which rule."""

    cell: str
    was: str
    to: str
    rule: str


def forget_marks(opened: OpenBook, form: Form, old: int) -> None:
    """Forget where the marks were, of which ``old`` stood there."""
    at = hidden_sheet()
    if old:
        sheet, corners = opened.sheets[form.sheets["hidden"]], (_col(at.mark.cell), _col(at.mark.before))
        last = at.first_row + old - 1
        sheet.range((at.first_row, corners[0]), (last, corners[1])).value = [["", ""]] * old


def write_record(
    opened: OpenBook,
    edition: Edition,
    told: CheckRecord,
    marked: Sequence[tuple[str, str]],
    old: int,
    heights: str,
) -> None:
    """Write the findings and the marks in three calls; ``old`` is how many marks stood there before.

    ``heights`` is what is kept of the rows of the list.
    """
    form, at = edition.form, hidden_sheet()
    sheet, listed = opened.sheets[form.sheets["hidden"]], listed_rules(opened, form)
    ours = (*at.found, *at.first, *at.mark, *checked_columns())
    entries = shown_entries(opened, form)
    last = max((*listed.values(), *entries), default=at.first_row)
    rows = max(last - at.first_row + 1, len(marked), old, LEAST)
    block = _Block(opened, form, rows, ours)
    _put_findings(block, told, listed)
    _put_counts(block, told, counted_sheets(opened, form))
    for row, entry in entries.items():
        block.put(row, (at.pressed_entry,), (entry,))
    for name, row in rows_of(opened.page(form.sheets["hidden"]).cells, at.field.name).items():
        block.put(row, (at.field.painted,), (told.signs.get(name, ""),))
    for row, pair in enumerate(marked, at.first_row):
        block.put(row, at.mark, pair)
    sheet.range(*block.corners).value = block.rows
    pressed, code, errors, warnings = map(text, told.stamp)
    cell = at.cell
    sheet.range(cell.found_errors, cell.heights).value = [[errors], [warnings], [heights]]
    sheet.range(cell.pressed, cell.checked_code).value = [[pressed], [code]]


def _put_findings(block: "_Block", told: CheckRecord, listed: Mapping[str, int]) -> None:
    """Each rule's line at its own row; the first lines and the words from the first row on."""
    at = hidden_sheet()
    for rule, row in listed.items():
        block.put(row, at.found, told.rules[rule])
        block.put(row, (at.rule.record,), (told.records.get(rule, ""),))
        block.put(row, (at.rule.checked_answer,), (told.answers.get(rule, ""),))
    for row, line in enumerate(told.first, at.first_row):
        block.put(row, at.first, line)
    for row, wrong in enumerate(told.aspects, at.first_row):
        block.put(row, (at.aspect,), (wrong,))
    for row, word in enumerate(told.words, at.first_row):
        block.put(row, (at.pressed_word,), (word,))


def _put_counts(block: "_Block", told: CheckRecord, rows: Mapping[str, int]) -> None:
    """How many places each sheet has; where a workbook counts none, it is older than the counting."""
    for key, row in rows.items():
        block.put(row, count_columns(), told.sheets.get(key, (0, 0, 0, 0)))


def shown_entries(opened: OpenBook, form: Form) -> dict[int, Any]:
    """What the hidden sheet's formulas say stands in the figures' cells, by its row."""
    at, cells = hidden_sheet(), opened.page(form.sheets["hidden"]).cells
    found = {row: cells.get(f"{at.field.entry}{row}") for row in rows_of(cells, at.field.name).values()}
    figures = {row: float(raw.text) for row, raw in found.items() if raw and raw.kind == "n"}
    return {row: raw.text if raw else "" for row, raw in found.items()} | figures


def counted_sheets(opened: OpenBook, form: Form) -> dict[str, int]:
    """Where each sheet has its count in this very workbook."""
    return rows_of(opened.page(form.sheets["hidden"]).cells, hidden_sheet().counted.name)


def listed_rules(opened: OpenBook, form: Form) -> dict[str, int]:
    """Where each rule has its line in this very workbook; another workbook may have other rules."""
    return rows_of(opened.page(form.sheets["hidden"]).cells, hidden_sheet().rule.rule)


class _Block:
    """The columns the button fills as one rectangle; others that lie among them keep what they hold."""

    def __init__(self, opened: OpenBook, form: Form, rows: int, ours: Sequence[str]) -> None:
        at, cells = hidden_sheet(), opened.page(form.sheets["hidden"]).cells
        columns = [*map(_col, ours), _col(at.rule.record)]
        self.top, self.left, right = at.first_row, min(columns), max(columns)
        self.rows: list[list[Any]] = [[""] * (right - self.left + 1) for _ in range(rows)]
        self.corners = (self.top, self.left), (self.top + rows - 1, right)
        for row, col in itertools.product(
            range(rows), set(range(self.left, right + 1)) - set(map(_col, ours))
        ):
            kept = cells.get(a1(self.top + row, col))
            self.rows[row][col - self.left] = text(kept.text) if kept else ""

    def put(self, row: int, columns: Iterable[str], texts: Iterable[Any]) -> None:
        """Put entries into columns of a row of the sheet."""
        for column, one in zip(columns, texts, strict=True):
            self.rows[row - self.top][_col(column) - self.left] = text(one)


def log(opened: OpenBook, form: Form, when: str, action: str, entered: Iterable[Entered]) -> None:
    """Add what a button wrote to the end of the workbook's log."""
    sheet, at = opened.sheets[form.sheets["hidden"]], hidden_sheet()
    column, top = _col(at.log.when), at.first_row
    filled = sheet.range((top, column), (top + LONGEST, column)).options(ndim=1).value
    next_row = top + next(n for n in range(LONGEST, -1, -1) if n == 0 or filled[n - 1] is not None)
    lines = [[text(part) for part in (when, action, *e)] for e in entered]
    sheet.range((next_row, column), (next_row + len(lines) - 1, _col(at.log.rule))).value = lines


def text(value: Any) -> Any:
    """A value as a program takes it; a text that it would take for something else has an apostrophe."""
    if isinstance(value, Decimal):
        return float(value)
    return f"'{value}" if isinstance(value, str) and value[:1] and value[0] in PARSED else value


def _col(letters: str) -> int:
    return rc(f"{letters}1")[1]
