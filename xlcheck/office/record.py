"""What the buttons leave on the hidden sheet: what was found, what the marks cover, what was written."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.core.form import Form
from xlcheck.core.grid import a1, rc
from xlcheck.editions import Edition
from xlcheck.office.openbook import OpenBook
from xlcheck.workbook.findings import CheckRecord
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


def write_record(
    opened: OpenBook, edition: Edition, told: CheckRecord | None, marked: Sequence[tuple[str, str]], old: int
) -> None:
    """Write the findings and the marks in three calls; ``old`` is how many marks stood there before."""
    form = edition.form
    sheet, at = opened.sheets[form.sheets["hidden"]], data.toml("workbook")["hidden"]
    found = {part: column for part, column in at["rule"].items() if part.startswith("found_")}
    first = {part: column for part, column in at["first"].items() if isinstance(column, str)}
    ours = (*found.values(), *first.values(), *at["mark"].values(), at["pressed_word"]["text"])
    listed = rule_rows(opened, form)
    rows = max(*(row - at["first_row"] + 1 for row in listed.values()), len(marked), old, LEAST)
    block = _Block(opened, form, rows, ours)
    for rule, row in listed.items():
        if told is None:
            break
        line = told.rules[rule]._asdict()
        block.put(
            row - at["first_row"],
            {column: line[part.removeprefix("found_")] for part, column in found.items()},
        )
        block.put(row - at["first_row"], {at["rule"]["record"]: told.records.get(rule, "")})
    for n, one in enumerate(told.first if told else ()):
        block.put(n, {column: getattr(one, part) for part, column in first.items()})
    for n, word in enumerate(told.words if told else ()):
        block.put(n, {at["pressed_word"]["text"]: word})
    for n, pair in enumerate(marked):
        block.put(n, dict(zip((at["mark"]["cell"], at["mark"]["before"]), pair, strict=True)))
    sheet.range(*block.corners).value = block.rows
    stamp: dict[str, Any] = told.stamp if told else {}
    for pair in (("found_errors", "found_warnings"), ("pressed", "pressed_sum")):
        sheet.range(at[pair[0]], at[pair[1]]).value = [[text(stamp.get(name, ""))] for name in pair]


def rule_rows(opened: OpenBook, form: Form) -> dict[str, int]:
    """Where each rule has its line in this very workbook; another workbook may have other rules."""
    column = data.toml("workbook")["hidden"]["rule"]["rule"]
    return rows_of(opened.page(form.sheets["hidden"]).cells, column)


class _Block:
    """The columns the button fills as one rectangle; others that lie among them keep what they hold."""

    def __init__(self, opened: OpenBook, form: Form, rows: int, ours: Sequence[str]) -> None:
        at, cells = data.toml("workbook")["hidden"], opened.page(form.sheets["hidden"]).cells
        columns = [*map(_col, ours), _col(at["rule"]["record"])]
        self.top, self.left, right = at["first_row"], min(columns), max(columns)
        self.rows: list[list[Any]] = [[""] * (right - self.left + 1) for _ in range(rows)]
        self.corners = (self.top, self.left), (self.top + rows - 1, right)
        for row, col in itertools.product(
            range(rows), set(range(self.left, right + 1)) - set(map(_col, ours))
        ):
            kept = cells.get(a1(self.top + row, col))
            self.rows[row][col - self.left] = text(kept.text) if kept else ""

    def put(self, row: int, line: Mapping[str, str]) -> None:
        for column, said in line.items():
            self.rows[row][_col(column) - self.left] = text(said)


def log(opened: OpenBook, form: Form, when: str, action: str, entered: Iterable[Entered]) -> None:
    """Add what a button wrote to the end of the workbook's log."""
    sheet, at = opened.sheets[form.sheets["hidden"]], data.toml("workbook")["hidden"]
    column, top = _col(at["log"]["when"]), at["first_row"]
    filled = sheet.range((top, column), (top + LONGEST, column)).options(ndim=1).value
    next_row = top + next(n for n in range(LONGEST, -1, -1) if n == 0 or filled[n - 1] is not None)
    lines = [[text(part) for part in (when, action, *e)] for e in entered]
    sheet.range((next_row, column), (next_row + len(lines) - 1, _col(at["log"]["rule"]))).value = lines


def text(value: Any) -> Any:
    """A text that a program would take for something else, with the apostrophe that keeps it a text."""
    return f"'{value}" if isinstance(value, str) and value[:1] and value[0] in PARSED else value


def _col(letters: str) -> int:
    return rc(f"{letters}1")[1]
