"""The shape of hidden_sheet.toml: where everything stands on the sheet that nobody sees."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from xlcheck import data

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

ADDRESS, COLUMN = "[A-Z]{1,3}[1-9][0-9]{0,6}", "[A-Z]{1,3}"


class HiddenCells(NamedTuple):
    """The single cells of the hidden sheet."""

    edition: str
    version: str
    last_year: str
    pressed: str
    pressed_sum: str
    sum: str
    unchanged: str
    sign: str
    banner: str
    errors: str
    warnings: str
    open: str
    filled: str
    passed: str
    answered: str
    found_errors: str
    found_warnings: str
    named_link: str
    named_place: str
    named_value: str


class FieldColumns(NamedTuple):
    name: str
    entry: str
    code: str
    figure: str
    last: str
    link: str
    place: str
    should: str


class CaseColumns(NamedTuple):
    rule: str
    at: str
    state: str
    message: str
    link: str
    place: str
    gap: str


class RuleColumns(NamedTuple):
    rule: str
    failed: str
    waiting: str
    not_applicable: str
    state: str
    message: str
    link: str
    place: str
    answer: str
    rank: str
    record: str
    last_answer: str


class ListColumns(NamedTuple):
    """What the button says of one rule, or in one line of the short list."""

    state: str
    place: str
    link: str
    message: str
    advice: str


class MarkColumns(NamedTuple):
    cell: str
    before: str


class LogColumns(NamedTuple):
    when: str
    action: str
    cell: str
    was: str
    to: str
    rule: str


class AnswerColumns(NamedTuple):
    """Where on the 校验 sheet a 说明 stands, and the id of its rule, under a head."""

    answer: str
    rule: str
    head: str


class HiddenLayout(NamedTuple):
    """The hidden sheet: single cells above, columns from the first row on; and what else is read back."""

    sheet: str
    version: str
    accepted: tuple[str, ...]
    label: str
    first_row: int
    last_text: str
    pressed_word: str
    first_rows: int
    cell: HiddenCells
    field: FieldColumns
    case: CaseColumns
    rule: RuleColumns
    found: ListColumns
    first: ListColumns
    mark: MarkColumns
    log: LogColumns
    answers: AnswerColumns

    def misfits(self) -> Iterator["Misfit"]:
        """Addresses that are none, and columns that two things share."""
        from xlcheck.data.checking import Misfit

        if self.version not in self.accepted:
            yield Misfit(("version",), self.version, list(self.accepted))
        for name, at in self.cell._asdict().items():
            if not re.fullmatch(ADDRESS, at):
                yield Misfit(("cell", name), at, [self.cell.edition])
        blocks = ("field", "case", "rule", "found", "first", "mark", "log")
        used = {self.last_text: "last_text", self.pressed_word: "pressed_word"}
        for block in blocks:
            for name, column in getattr(self, block)._asdict().items():
                if not re.fullmatch(COLUMN, column) or column in used:
                    yield Misfit((block, name), column, [f"free column, not {'/'.join(used)}"])
                used[column] = name


@cache
def hidden_sheet() -> HiddenLayout:
    """The hidden sheet, as data/hidden_sheet.toml has it."""
    return data.load("hidden_sheet", HiddenLayout)
