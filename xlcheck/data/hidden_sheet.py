"""The shape of hidden_sheet.toml: where everything stands on the sheet that nobody sees."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from xlcheck import data
from xlcheck.data import CellAddress, Column, Row

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit, Place


class HiddenCells(NamedTuple):
    """The single cells of the hidden sheet."""

    edition: CellAddress
    version: CellAddress
    last_year: CellAddress
    pressed: CellAddress
    checked_code: CellAddress
    code: CellAddress
    unchanged: CellAddress
    sign: CellAddress
    banner: CellAddress
    errors: CellAddress
    warnings: CellAddress
    open: CellAddress
    filled: CellAddress
    passed: CellAddress
    answered: CellAddress
    found_errors: CellAddress
    found_warnings: CellAddress
    heights: CellAddress
    named_link: CellAddress
    named_place: CellAddress
    named_value: CellAddress
    lines: CellAddress
    current: CellAddress
    room: CellAddress


class FieldColumns(NamedTuple):
    name: Column
    entry: Column
    code: Column
    figure: Column
    last: Column
    link: Column
    place: Column
    should: Column
    painted: Column


class CaseColumns(NamedTuple):
    rule: Column
    at: Column
    state: Column
    message: Column
    link: Column
    place: Column
    gap: Column


class RuleColumns(NamedTuple):
    rule: Column
    failed: Column
    waiting: Column
    not_applicable: Column
    state: Column
    message: Column
    link: Column
    place: Column
    answer: Column
    rank: Column
    record: Column
    last_answer: Column
    advice: Column
    places: Column
    settled: Column
    checked_answer: Column


class ListColumns(NamedTuple):
    """What the button says of one rule."""

    state: Column
    place: Column
    link: Column
    message: Column
    advice: Column
    number: Column


class FirstColumns(NamedTuple):
    """One line of the button's short list."""

    state: Column
    place: Column
    link: Column
    message: Column
    advice: Column
    answer: Column


class MarkColumns(NamedTuple):
    cell: Column
    before: Column


class CountColumns(NamedTuple):
    """How many places each sheet has to be mended: found by the button, seen by formulas, and both."""

    name: Column
    found_errors: Column
    found_warnings: Column
    kept_errors: Column
    kept_warnings: Column
    live_errors: Column
    live_warnings: Column
    errors: Column
    warnings: Column


class SampleColumns(NamedTuple):
    role: Column
    cell: Column


class LogColumns(NamedTuple):
    when: Column
    action: Column
    cell: Column
    was: Column
    to: Column
    rule: Column


class AnswerColumns(NamedTuple):
    """Where on the 校验 sheet a 说明 stands, and the id of its rule, under a head."""

    answer: Column
    rule: Column
    head: str


class HiddenLayout(NamedTuple):
    """The hidden sheet: single cells above, columns from the first row on; and what else is read back."""

    sheet: str
    version: str
    accepted: tuple[str, ...]
    first_row: Row
    last_text: Column
    pressed_word: Column
    pressed_entry: Column
    first_rows: int
    live_rows: int
    aspect: Column
    cell: HiddenCells
    field: FieldColumns
    case: CaseColumns
    rule: RuleColumns
    found: ListColumns
    first: FirstColumns
    mark: MarkColumns
    counted: CountColumns
    sample: SampleColumns
    log: LogColumns
    answers: AnswerColumns

    def misfits(self) -> Iterator["Misfit"]:
        """A version that is not read, and cells or columns that two things share."""
        from xlcheck.data.checking import Misfit, doubled

        if self.version not in self.accepted:
            yield Misfit(("version",), self.version, list(self.accepted))
        yield from doubled((("cell", name), cell) for name, cell in self.cell._asdict().items())
        used: list[tuple[Place, str]] = [
            (("last_text",), self.last_text),
            (("pressed_word",), self.pressed_word),
            (("aspect",), self.aspect),
            (("pressed_entry",), self.pressed_entry),
        ]
        for block in ("field", "case", "rule", "found", "first", "mark", "counted", "sample", "log"):
            used += [((block, name), column) for name, column in getattr(self, block)._asdict().items()]
        yield from doubled(used)


@cache
def hidden_sheet() -> HiddenLayout:
    """The hidden sheet, as data/hidden_sheet.toml has it."""
    return data.load("hidden_sheet", HiddenLayout)
