"""The template's look of a closed workbook's white cells, put back where a paste changed it."""

from collections.abc import Mapping
from datetime import date

from xlcheck.core.form import Form
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.template.heights import dressed
from xlcheck.workbook.copying import WorkbookCopy
from xlcheck.workbook.structure import day_of, is_day, stored_figure


def dress_as_template(copy: WorkbookCopy, form: Form, texts: Mapping[str, str | None]) -> None:
    """Dress the white cells as the samples on the hidden sheet are; lines round a cell and marks stay.

    A day typed stays what was typed, as a text: as a bare figure nobody would see it again.
    """
    hidden, at = form.sheets["hidden"], hidden_sheet().sample
    rows, dated = copy.rows(hidden, at.role), copy.package.date_styles()
    samples = {role: copy.cells(hidden).style(f"{at.cell}{row}") for role, row in rows.items()}
    marked = copy.rows(hidden, hidden_sheet().mark.cell)
    for (sheet, cell), role in dressed(form, texts).items():
        if f"{sheet}!{cell}" in marked:
            continue
        cells = copy.cells(sheet)
        style = cells.style(cell)
        wanted = copy.styles.as_sample(style, samples[role]) if role in samples else style
        if wanted == style:
            continue
        raw = copy.raw(sheet, cell) if style in dated else None
        if (
            raw
            and raw.kind == "n"
            and raw.formula is None
            and (day := day_typed(raw.text, from_1904=copy.package.from_1904))
        ):
            copy.put(sheet, cell, day)
        cells.dress(cell, wanted)


def day_typed(serial: str, *, from_1904: bool = False) -> str:
    """The day that a cell shows, as it is typed; nothing where no day of these years was meant."""
    figure = stored_figure(serial)
    if isinstance(figure, str) or not is_day(figure, from_1904=from_1904):
        return ""
    day = date.fromisoformat(day_of(figure, from_1904=from_1904))
    return f"{day.year}-{day.month}-{day.day}"
