"""A warm click in LibreOffice, from 校验 to painted cells, beside a loop that asks and paints cell by cell.

python benchmarks/button.py [ROUNDS]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import live as screen
import office
from by_name import build_template, fill_workbook, judge
from cases import base, edited

from xlcheck.core.filing import Filing
from xlcheck.core.marks import Mark, Unmarked, plan_marks, unmarked_text
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.office import actions, native, session
from xlcheck.saving import save

FORM = edition_named("2021").form
WRONG = {0: {}, 1: {"t3.granted.natural": 21}, 200: dict.fromkeys(FORM.fields, "/")}
LAYOUT = workbook()


def main(rounds: int) -> None:
    print("| findings | click, ms | only reading and judging, ms | cell by cell, ms | click ÷ cell by cell |")
    print("|--:|--:|--:|--:|--:|")
    with office.running() as desktop, tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "空.xlsx")
        save(build_template("2021"), template)
        for count, edit in WRONG.items():
            path = Path(folder, f"{count}.xlsx")
            fill_workbook(template, edited(base("2021"), edit), path)
            with screen.opened(desktop, path) as opened:
                run(count, opened.book, rounds)


def run(count: int, book: object, rounds: int) -> None:
    """Each way in turn, every time on a workbook without marks."""
    filing = session.inspect(book).filing
    ways = {
        "click": actions.check_workbook,
        "look": session.inspect,
        "loop": lambda book: cell_by_cell(book, filing),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    actions.check_workbook(book)
    actions.clear_marks(book)
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way(book)
            took[name].append((time.perf_counter() - start) * 1000)
            actions.clear_marks(book)
    click, look, loop = (statistics.median(took[name]) for name in ways)
    print(f"| {count} | {click:.0f} | {look:.0f} | {loop:.0f} | {click / loop:.2f} |", flush=True)


def cell_by_cell(book: object, filing: Filing) -> None:
    """The same work as a loop: each figure asked for alone, each mark set alone and remembered alone.

    What a loop would read of the other sheets is given to it.
    """
    cells = {name: book.sheets[f.sheet].range(f.cell) for name, f in FORM.fields.items()}
    for cell in cells.values():
        assert cell.value is None or cell.formula is not None
    result = judge(filing)
    hidden = book.sheets[FORM.sheets["hidden"]]
    sheets = [book.sheets[FORM.sheets[key]] for key in ("cover", "t2", "t3", "t4", "text", "hidden")]
    for sheet in sheets:
        native.unprotect(sheet)
    for row, mark in enumerate(
        plan_marks(FORM, edition_named("2021").rules, result.findings, LAYOUT.note).values(),
        hidden_sheet().first_row,
    ):
        one(book, hidden, row, mark)
    for sheet in sheets:
        native.protect(sheet)


def one(book: object, hidden: object, row: int, mark: Mark) -> None:
    sheet, at = FORM.where(mark.at)
    cell, spec = book.sheets[sheet].range(at), styles().mark[mark.kind]
    ink = cell.font.color
    before = Unmarked(hexed(cell.color), hexed(ink), cell.font.bold, cell.number_format)
    where, there = (hidden.range(f"{column}{row}") for column in hidden_sheet().mark)
    where.value, there.value = f"{sheet}!{at}", unmarked_text(before)
    cell.color = "#" + spec.fill
    if spec.colour:
        cell.font.color, cell.font.bold, cell.number_format = "#" + spec.colour, True, spec.format
    if mark.note and not cell.note:
        cell.add_note(mark.note)


def hexed(colour: tuple[int, int, int] | None) -> str:
    return "{:02X}{:02X}{:02X}".format(*colour) if colour else ""


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
