"""Rows as high as what stands in them: of texts for good, of the 校验 sheet while a check is shown there."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.core.rules import Case, Rules
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.template.heights import first_row, rows_of_texts, rule_row, unpressed, unpressed_line
from xlcheck.workbook.cells import RowLook
from xlcheck.workbook.copying import WorkbookCopy
from xlcheck.workbook.findings import CheckRecord

TRUE = ("1", "true")
NOW = "since"  # what older workbooks keep under another name may have been left hidden
PLAIN = 15.0  # of a row whose height nobody has set


def raise_texts(copy: WorkbookCopy, form: Form, texts: Mapping[str, str | None]) -> None:
    """Make the rows of every text as high as it asks; a row that is higher stays."""
    cells = copy.cells(form.sheets["text"])
    for row, high in rows_of_texts(form, texts, lambda n: points(cells.row_look(n).ht)).items():
        cells.dress_row(row, RowLook(f"{high:g}", "1"))


def points(stored: str | None) -> float:
    """A height as it is stored."""
    try:
        return float(stored or PLAIN)
    except ValueError:
        return PLAIN


def list_rows(
    edition: Edition, filing: Filing, record: CheckRecord, rows: Mapping[str, int], lines: int,
    *, shrinks: bool,
) -> dict[int, float]:  # fmt: skip
    """How high the rows of the 校验 sheet are while they show a check; 0 is one that is hidden.

    ``rows`` are the rules' own, by id; ``lines`` is how many the short list has, and where it ``shrinks`` its
    formulas know how many of them are seen: in an older workbook they would write into hidden ones.
    """
    top = workbook().on_check.first_row
    heights = unpressed_rows(edition, rows, lines)
    low = [
        top + n
        for n in range(max(len(record.first), styles().rows.spare), min(lines, hidden_sheet().live_rows))
    ]
    heights |= dict.fromkeys(low, 0 if shrinks else styles().rows.passed)
    then = workbook().words.last_check  # before what may not be so any more, once something has changed
    heights |= {top + n: first_row((one.place, then + one.message, _way(one.answer) + one.advice))
                for n, one in enumerate(record.first)}  # fmt: skip
    mine = {rule.id: rule for rule in edition.rules.rules}
    for rule, row in rows.items():
        line, words = (
            record.rules.get(rule),
            (mine[rule].where, mine[rule].sound, "") if rule in mine else ("",) * 3,
        )
        parts = (
            (line.place + workbook().words.several, then + line.message, line.advice)
            if line and line.state
            else words
        )
        own = rule_row(parts, filing.answers.get(rule, ""))
        heights[row] = max(own, heights[row], styles().rows.first) if line and line.number else own
    return heights


def _way(answer: str) -> str:
    return workbook().words.write_answer if answer else ""


def show_list(copy: WorkbookCopy, form: Form, heights: Mapping[int, float]) -> None:
    """Make the rows of the list as high as a check asks, and keep on the hidden sheet what they were."""
    cells, kept = copy.cells(form.sheets["check"]), dict[int, RowLook]()
    for row, high in heights.items():
        before = cells.row_look(row)
        as_before = (before.hidden in TRUE) is not bool(high)
        look = RowLook(
            stored_look(high).ht,
            before.customHeight if before.customHeight in TRUE else "1",
            before.hidden if as_before else str(int(not high)),
        )
        if look != before:
            kept[row] = before
            cells.dress_row(row, look)
    copy.put(form.sheets["hidden"], hidden_sheet().cell.heights, kept_text(kept, heights) if kept else None)


def restore_list(copy: WorkbookCopy, form: Form) -> None:
    """Make the rows of the list as high as they were before they showed a check."""
    at, cells = hidden_sheet().cell.heights, copy.cells(form.sheets["check"])
    there = copy.raw(form.sheets["hidden"], at)
    for row, look in kept_rows(there.text if there else ""):
        cells.dress_row(row, look)
    copy.put(form.sheets["hidden"], at, None)


def unpressed_rows(edition: Edition, rows: Mapping[str, int], lines: int) -> dict[int, float]:
    """How high the rows of the list are as the template has them; 0 is one that is hidden."""
    top, first = workbook().on_check.first_row, styles().rows.first
    heights = {top + n: unpressed_line(n) for n in range(lines)}
    of_rules = _unpressed(edition.rules)
    return heights | {row: of_rules.get(rule, first) for rule, row in rows.items()}


@lru_cache(8)
def _unpressed(rules: Rules) -> Mapping[str, float]:
    """How high each rule's line is before any button; the same in every workbook."""
    cases: dict[str, list[Case]] = {rule.id: [] for rule in rules.rules}
    for case in rules.cases:
        cases[case.rule.id].append(case)
    return {rule.id: unpressed(rule, cases[rule.id]) for rule in rules.rules}


def kept_text(before: Mapping[int, RowLook], now: Mapping[int, float]) -> str:
    """Heights as the hidden sheet keeps them: before they showed a check, and since."""
    return json.dumps({NOW: now, **before})


def heights_now(text: str) -> dict[int, float]:
    """How high the rows were left; nothing where that was not kept."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    now = found.get(NOW) if isinstance(found, dict) else None
    there = now.items() if isinstance(now, dict) else ()
    return {int(row): float(high) for row, high in there if row.isdecimal() and isinstance(high, int | float)}


def stored_look(high: float) -> RowLook:
    """A row of this height; of 0 one that is hidden."""
    return RowLook(f"{high or styles().rows.first:g}", "1", None if high else "1")


def kept_rows(text: str) -> Iterator[tuple[int, RowLook]]:
    """What the hidden sheet keeps of the rows; nothing where it is not what we wrote."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    for row, parts in found.items() if isinstance(found, dict) else ():
        ours = isinstance(parts, list) and len(parts) == len(RowLook._fields)
        if ours and row.isdecimal() and all(part is None or isinstance(part, str) for part in parts):
            yield int(row), RowLook(*parts)
