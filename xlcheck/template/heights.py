"""How high the rows of texts and of the 校验 sheet are, as high as what stands in them asks."""

import re
from collections.abc import Callable, Iterable, Mapping

from xlcheck.core.form import Form
from xlcheck.core.grid import column, rc
from xlcheck.core.marks import entry_roles
from xlcheck.core.row_heights import letters_a_line, lines_at_most, text_height
from xlcheck.core.rules import Case
from xlcheck.data.entries import TextAspect, TextEntry
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.rules import Rule
from xlcheck.data.styles import Role, styles
from xlcheck.data.workbook import SheetLayout, workbook

PROSE: tuple[Role, ...] = ("prose", "prose_small", "prose_tiny")  # of a text, the longer the smaller
LABEL = re.compile(r"\{[^{}]*\}")
A_FIGURE = "12"  # where a sentence names one
LEAST = 0.8  # of a row of today's, what older workbooks have


def text_entry(key: str) -> TextEntry:
    """What is laid out for a section."""
    return workbook().texts.get(key, workbook().other_text)


def aspects(form: Form) -> list[tuple[str, TextAspect]]:
    """Every aspect that a text should not leave out, with its text."""
    return [(key, aspect) for key in form.texts for aspect in text_entry(key).aspects]


def text_role(key: str, text: str | None) -> Role:
    """How a text is dressed: in smaller letters where rows as high as may be would cut it off."""
    most = len(text_entry(key).rows) * styles().rows.most
    fitting = (role for role in PROSE if _text_height(text, role) <= most)
    return next(fitting, PROSE[-1])


def dressed(form: Form, texts: Mapping[str, str | None]) -> dict[tuple[str, str], Role]:
    """How each cell that is filled in is dressed with these texts in it, by sheet and address."""
    sheet = form.sheets["text"]
    return {**entry_roles(form)} | {
        (sheet, cell): text_role(key, texts.get(key)) for key, cell in form.texts.items()
    }


def _text_height(text: str | None, role: Role) -> float:
    return height(text or "", workbook().sheets.text, workbook().on_text.prose, role)


def rows_of_texts(
    form: Form, texts: Mapping[str, str | None], now: Callable[[int], float]
) -> dict[int, float]:
    """The height of each row of a text that does not fit into its rows as high as they are now."""
    heights: dict[int, float] = {}
    for key, cell in form.texts.items():
        entry, (first, _) = text_entry(key), rc(cell)
        rows = range(first, first + len(entry.rows))
        wanted = _text_height(texts.get(key), text_role(key, texts.get(key)))
        # What fits in any case is not asked about: a row of an open workbook takes its time to answer.
        if wanted > LEAST * sum(entry.rows) and wanted > sum(map(now, rows)):
            heights |= dict.fromkeys(rows, round(min(styles().rows.most, wanted / len(rows)), 1))
    return heights


def seen_at_most(key: str) -> tuple[int, int]:
    """How many letters of a text its rows can show at most, and how many of them a line holds."""
    size = styles().style[PROSE[-1]].size
    width = workbook().sheets.text.widths[column(workbook().on_text.prose) - 1]
    a_line = letters_a_line(width, size, styles().rows)
    return a_line * lines_at_most(len(text_entry(key).rows), size, styles().rows), a_line


def height(text: str, sheet: SheetLayout, columns: str, role: Role) -> float:
    """How high a row must be for one of its cells: a column, or a pair with all between them."""
    return text_height(text, _width(sheet, columns), styles().style[role].size, styles().rows)


def letters_of_first(columns: str) -> int:
    """How many letters one line of what to mend first holds in these columns."""
    return letters_a_line(
        _width(workbook().sheets.check, columns), styles().style["first"].size, styles().rows
    )


def _width(sheet: SheetLayout, columns: str) -> float:
    first, _, last = columns.partition(":")
    return sum(sheet.widths[column(first) - 1 : column(last or first)])


def rule_row(parts: Iterable[str], answer: str = "") -> float:
    """How high a rule's line must be for its place, what is said, what to do, and its 说明."""
    line, sheet, least = workbook().on_check.line, workbook().sheets.check, styles().rows.passed
    columns = (line.place, line.message, line.advice)
    wanted = [height(text, sheet, at, "list") for text, at in zip(parts, columns, strict=True)]
    return max(least, *wanted, height(answer, sheet, hidden_sheet().answers.answer, "answer"))


def first_row(parts: Iterable[str]) -> float:
    """How high a line of what to mend first must be."""
    first, sheet, least = workbook().on_check.first, workbook().sheets.check, styles().rows.first
    columns = (first.place, first.message, first.advice)
    wanted = (height(text, sheet, at, "first") for text, at in zip(parts, columns, strict=True))
    return max(least, *wanted)


def unpressed_line(number: int) -> float:
    """How high a line of what to mend first is before any button: 0 is hidden, most of the others are low."""
    rows = styles().rows
    return rows.first if number < rows.spare else rows.passed if number < hidden_sheet().live_rows else 0


def unpressed(rule: Rule, cases: Iterable[Case]) -> float:
    """How high a rule's line is before any button: as its sentences ask, should it be broken."""
    words = workbook().words
    longest = max((_said(rule, case) for case in cases), key=len, default="")
    failing = rule.where, longest, rule.advice
    return max(rule_row((rule.where, rule.sound, "")), rule_row(failing), rule_row(("", words.waiting, "")))


def _said(rule: Rule, case: Case) -> str:
    return LABEL.sub(lambda found: case.labels.get(found[0][1:-1], A_FIGURE), rule.message)
