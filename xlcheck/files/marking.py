"""A marked copy of a workbook: colours, notes and the list, taken off again exactly as they were put on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.xml.functions import fromstring, tostring

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding, Result, State
from xlcheck.core.form import Form
from xlcheck.core.marks import Mark, counts, marks
from xlcheck.files.catalogue import edition
from xlcheck.files.fill import put_foot
from xlcheck.files.look import colour, paint_mark
from xlcheck.files.rulelines import check_sum
from xlcheck.files.store import save

AUTHOR = "xlcheck"


def mark(source: Path, filing: Filing, result: Result, target: Path, pressed: str) -> None:
    """Write a copy of a workbook with what was found painted, noted and listed; the source stays as it is.

    Marking a marked copy gives the same copy. ``pressed`` is the moment of the check, as text.
    """
    book = load_workbook(source, rich_text=True)
    form = edition(filing.edition).form
    clear(book, form)
    heads = data.toml("workbook")["note"]
    for one in marks(form, result.findings, heads).values():
        _paint(book, form, one)
    _list(book, form, filing, result, pressed)
    save(book, target)


def clear(book: Workbook, form: Form) -> None:
    """Take our own marks off, and put back what stood under them; the clerk's colours and notes stay."""
    hidden, at = book[form.sheets["hidden"]], data.toml("workbook")["hidden"]
    for row in range(at["first_row"], hidden.max_row + 1):
        where, before = hidden[f"{at['mark']['cell']}{row}"], hidden[f"{at['mark']['before']}{row}"]
        if where.value:
            sheet, _, cell = str(where.value).rpartition("!")
            _restore(book[sheet][cell], json.loads(str(before.value)))
            where.value = before.value = None
    for block, first in (("rule", "found_state"), ("first", "state")):
        for part in _found_columns(at, block, first):
            for row in range(at["first_row"], hidden.max_row + 1):
                hidden[f"{part}{row}"].value = None
    for name in ("pressed", "pressed_sum", "found_errors", "found_warnings"):
        hidden[at[name]].value = None
    _show_errors(book, form, 0)


def _found_columns(at: dict[str, Any], block: str, first: str) -> list[str]:
    columns = [c for c in at[block].values() if isinstance(c, str)]
    return columns[columns.index(at[block][first]) :]


def _paint(book: Workbook, form: Form, one: Mark) -> None:
    sheet, address = form.where(one.at)
    cell, layout = book[sheet][address], data.toml("workbook")["hidden"]
    hidden = book[form.sheets["hidden"]]
    where, before = layout["mark"]["cell"], layout["mark"]["before"]
    row = next(r for r in range(layout["first_row"], 10_000) if not hidden[f"{where}{r}"].value)
    hidden[f"{where}{row}"].value = f"{sheet}!{address}"
    hidden[f"{before}{row}"].value = json.dumps(_before(cell), ensure_ascii=False)
    paint_mark(cell, data.toml("look")["mark"][one.kind])
    if one.note:
        hers = f"{cell.comment.text}\n\n" if cell.comment else ""
        cell.comment = Comment(hers + one.note, AUTHOR, height=150, width=250)


def _before(cell: Cell) -> dict[str, Any]:
    """What a mark covers: fill, font, number format and note."""
    note = cell.comment
    return {
        "fill": tostring(cell.fill.to_tree("fill")).decode(),
        "font": tostring(cell.font.to_tree("font")).decode(),
        "format": cell.number_format,
        "note": [note.text, note.author, note.height, note.width] if note else None,
    }


def _restore(cell: Cell, before: dict[str, Any]) -> None:
    fill = PatternFill.from_tree(fromstring(before["fill"]))
    cell.fill = fill if isinstance(fill, PatternFill) else PatternFill()
    cell.font = Font.from_tree(fromstring(before["font"]))
    cell.number_format = before["format"]
    note = before["note"]
    cell.comment = Comment(note[0], note[1], height=note[2], width=note[3]) if note else None


def _list(book: Workbook, form: Form, filing: Filing, result: Result, pressed: str) -> None:
    """Hand the findings to the 校验 sheet; it shows them until an entry changes."""
    hidden, at = book[form.sheets["hidden"]], data.toml("workbook")["hidden"]
    errors, warnings = counts(result)
    stamp = {"pressed": pressed, "found_errors": errors, "found_warnings": warnings}
    stamp["pressed_sum"] = check_sum(form, filing)
    for name, value in stamp.items():
        hidden[at[name]].value = value
    for n, ran in enumerate(result.ran):
        row = at["first_row"] + n
        mine = [f for f in result.findings if f.rule == ran.rule]
        line = _line(form, mine[0]) if mine else _quiet(ran.state, ran.rule, filing)
        _tell(hidden, row, at["rule"], "found_", line)
    for n, finding in enumerate(_first(result, at["first"]["rows"])):
        _tell(hidden, at["first_row"] + n, at["first"], "", _line(form, finding))
    _show_errors(book, form, errors)


def _first(result: Result, rows: int) -> Iterator[Finding]:
    yield from [f for f in result.findings if f.severity != "info" and not f.answer][:rows]


def _tell(hidden: Any, row: int, columns: dict[str, str], prefix: str, line: dict[str, str]) -> None:
    for part, text in line.items():
        cell = hidden[f"{columns[prefix + part]}{row}"]
        cell.value = text or None
        if text:
            cell.data_type = "s"


def _line(form: Form, finding: Finding) -> dict[str, str]:
    words = data.toml("workbook")
    state = words["states"]["answered" if finding.answer else finding.severity]
    sheet, cell = form.where(finding.at)
    place = form.fields[finding.at].place if finding.at in form.fields else form.labels[finding.at]
    said = {"message": finding.message, "advice": finding.advice}
    return {"state": state, "place": place, "link": f"#'{sheet}'!{cell}", **said}


def _quiet(state: State, rule: str, filing: Filing) -> dict[str, str]:
    """A rule with nothing to say itself: broken by the same cause as another, or checked only here."""
    words = data.toml("workbook")
    catalogue = edition(filing.edition).rules.of(rule)
    if state is State.FAILED and catalogue.test:
        said = {"message": catalogue.title, "advice": words["words"]["same_cause"]}
        return said | {"state": words["states"]["same"], "place": catalogue.where, "link": ""}
    if catalogue.check:
        said = {"state": words["states"]["passed"], "message": catalogue.sound, "advice": ""}
        return said | {"place": catalogue.where, "link": ""}
    return {}


def _show_errors(book: Workbook, form: Form, errors: int) -> None:
    """While errors stand, the list's tab is red and every printed page says draft."""
    sheets = data.toml("workbook")["sheets"]
    tab = sheets["check"]["tab_errors" if errors else "tab"]
    book[form.sheets["check"]].sheet_properties.tabColor = colour(tab)
    text = data.toml("workbook")["words"]["page_foot_draft"].format(n=errors) if errors else None
    put_foot(book, "right", text)
