"""The sheet of texts: a white cell a section, and beside it how long it is and what it should hold."""

from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.check_code import checked_words
from xlcheck.core.grid import a1, rc
from xlcheck.data.draft import draft_words
from xlcheck.data.rules import Severity
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.template.heights import aspects, seen_at_most, text_entry
from xlcheck.template.hidden import HiddenSheet, excel_text
from xlcheck.template.styles import begins_with, dxf, frame, on_row, put, reminder_coloured, when

TITLE_HEIGHT, HEAD_HEIGHT = 34, 22
LOW = 30  # a text of one row no higher than this is one line, whose length says nothing
NEAR = 6  # letters between what names an aspect and a blank of a draft that stands for it


def write_texts(sheet: Worksheet, engine: HiddenSheet) -> None:
    """The written sections: a white cell each, and beside it how long it is and what it should hold."""
    layout, at, signs = workbook(), workbook().on_text, styles().sign
    title = put(sheet, at.title, layout.words.text_title, "title")
    sheet.row_dimensions[title.row].height = TITLE_HEIGHT
    for column, head in zip((at.label, at.prose, at.note), layout.words.text_head, strict=True):
        put(sheet, on_row(column, at.head_row), head, "list_head")
    sheet.row_dimensions[at.head_row].height = HEAD_HEIGHT
    last = max(_section(sheet, key, cell, engine) for key, cell in engine.form.texts.items())
    frame(sheet, on_row(at.label, at.head_row), on_row(at.prose, last))
    first = on_row(at.note, at.head_row + 1)
    for sign in (signs.passed, signs.open, signs.error):
        style = dxf(sign.colour, fill=sign.fill if sign is signs.error else "")
        when(sheet, f"{first}:{on_row(at.note, last)}", style, begins_with(first, sign.sign))
    gutter = a1(at.head_row + 1, rc(on_row(at.label, last))[1] - 1)
    reminder_coloured(sheet, f"{gutter}:{a1(last, rc(gutter)[1])}")
    sheet.print_area = at.printed.format(last=last)


def _section(sheet: Worksheet, key: str, cell: str, engine: HiddenSheet) -> int:
    """One section over its rows; the last of them is given back."""
    at, text = workbook().on_text, text_entry(key)
    row, _ = rc(cell)
    last = row + len(text.rows) - 1
    for n, height in enumerate(text.rows):
        sheet.row_dimensions[row + n].height = height
    label = on_row(at.label, row)
    put(sheet, label, engine.form.labels[key], "text_lbl", on_row(at.label, last))
    put(sheet, cell, None, "prose", on_row(at.prose, last))
    put(sheet, a1(row, rc(label)[1] - 1), "=" + _text_sign(engine, key), "gutter")
    _notes(sheet, key, cell, engine)
    return last


def _text_sign(engine: HiddenSheet, key: str) -> str:
    """The gravest sign of a text: what the formulas find, and what the button found while it is unchanged."""
    signs: dict[Severity, str] = {"error": styles().sign.error.sign, "warning": styles().sign.warning.sign}
    states = [
        (signs[case.rule.severity], engine.cell(engine.at.case.state, engine.case_row[case.rule.id, n]))
        for n, case in enumerate(engine.cases)
        if case.at == key and case.rule.severity in signs and not case.rule.open
    ]
    started = f"{engine.meta(engine.at.cell.filled)}>0"
    tests = [(sign, f"AND({started},{state}=1)") for sign, state in states]
    known = [
        (sign, f"AND({_known(engine, key)},{engine.marked([engine.link(key)], workbook().states[word])}>0)")
        for word, sign in signs.items()
    ]
    ordered = sorted((*known, *tests), key=lambda one: one[0] != signs["error"])
    return "".join(f"IF({test},{excel_text(sign)}," for sign, test in ordered) + '""' + ")" * len(ordered)


def _known(engine: HiddenSheet, key: str) -> str:
    """Whether a text is still the one that the button has read."""
    row = engine.at.first_row + list(checked_words(engine.form)).index(key)
    was = engine.cell(engine.at.pressed_word, row)
    return f'AND(LEN({engine.meta(engine.at.cell.pressed)})>0,EXACT({engine.word(key)}&"",{was}&""))'


def _notes(sheet: Worksheet, key: str, cell: str, engine: HiddenSheet) -> None:
    """How long a text is and what is said of it; below it, a line for all that it should not leave out."""
    words, column, (row, _), text = workbook().words, workbook().on_text.note, rc(cell), text_entry(key)
    bare = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell},CHAR(10),"")," ",""),{excel_text(words.wide_blank)},"")'
    within, over = (excel_text(w.format(limit=text.limit)) for w in (words.chars_limit, words.chars_over))
    unit = f"IF(LEN({bare})>{text.limit},{over},{within})" if text.limit else excel_text(words.chars)
    tail = f"&CHAR(10)&{excel_text(text.hint)}" if text.hint else ""
    long = len(text.rows) > 1 or text.rows[0] > LOW
    most, a_line = seen_at_most(key)
    breaks = f'(LEN({cell})-LEN(SUBSTITUTE({cell},CHAR(10),"")))'
    cut = f'IF(LEN({cell})+{breaks}*{a_line}>{most},{excel_text(words.cut_in_print)},"")'
    shown = f"=LEN({bare})&{unit}&{cut}{tail}" if long else f"={excel_text(text.hint)}"
    put(sheet, on_row(column, row), shown, "text_note")
    for n, aspect in enumerate(text.aspects, 1):
        there = ",".join(f"ISNUMBER(FIND({excel_text(word)},{cell}))" for word in aspect.words)
        blank, near = draft_words().blank, ((excel_text(word), len(word)) for word in aspect.words)
        heads = (f"MID({cell},FIND({word},{cell}),{size + NEAR + len(blank)})" for word, size in near)
        blanks = ",".join(f"ISNUMBER(FIND({excel_text(blank)},{head}))" for head in heads)
        missing, left, done, wrong = (
            excel_text(form.format(n=n, aspect=aspect.name, blank=blank))
            for form in (words.aspect_open, words.aspect_blank, words.aspect_done, words.aspect_wrong)
        )
        found = engine.cell(engine.at.aspect, engine.at.first_row + aspects(engine.form).index((key, aspect)))
        begun = f"IF(OR({blanks}),{left},{done})"
        live = f"IF(OR({there}),{begun},{missing}&CHAR(10)&{excel_text(aspect.hint)})"
        told = f"AND({_known(engine, key)},LEN({found})>0)"
        put(sheet, on_row(column, row + n), f"=IF({told},{wrong}&CHAR(10)&{found},{live})", "text_note")
