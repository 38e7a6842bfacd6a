"""A whole filing typed in a LibreOffice window with twelve slips: all that counts says the same.

python benchmarks/clerk.py [EDITION] [FOLDER FOR PICTURES]

Before the first 校验 and after a change the banner, the cover and the tiles of 校验 are held against what
`xlcheck check` finds in the saved copy of what formulas can see, and what the last check found of the rest;
while a check stands, against all of it. What was typed is looked for at the end.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import office
import screen
import test_button_window as hand
from by_name import build_template
from cases import base

from xlcheck.core.filing import entry_text
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.office.addin.extension import extension
from xlcheck.saving import save
from xlcheck.workbook import reading

NAME = sys.argv[1] if len(sys.argv) > 1 else "2021"
EDITION = edition_named(NAME)
FORM, FILING = EDITION.form, base(NAME)
BROKEN_LINE = ("F2", "ctrl+End", "ctrl+Return", "Return")
SIGN = "× "  # of a mark, in the number format
PAUSE = 0.4  # seconds a program takes to put in what was typed
CLAIM = {"2021": ("办结19件", "办结11件"), "2019": ("申请3件", "申请4件")}  # in the text, beside the table


class Counts(NamedTuple):
    """Errors and reminders."""

    errors: int
    warnings: int


class Clerk(NamedTuple):
    """Her window, her workbook, and a scratch workbook beside it to copy from."""

    window: Any
    book: Any
    folder: Path

    def cell(self, at: str) -> Any:
        sheet, cell = FORM.where(at)
        return self.book.Sheets.getByName(sheet).getCellRangeByName(cell)

    def go(self, at: str) -> None:
        cell = self.cell(at)
        self.window.until(lambda: self.window.ready(self.book))
        self.book.CurrentController.setActiveSheet(cell.Spreadsheet)
        self.book.CurrentController.select(cell)
        self.book.CurrentController.Frame.ComponentWindow.setFocus()

    def type(self, at: str, text: str) -> None:
        """Type into a cell; a refusal is read and put away."""
        self.go(at)
        self.window._hand("type", "--delay", "8", "--", text)
        self.window._hand("key", "Return")
        time.sleep(PAUSE)
        if self.window._box() is not None:
            self.window.until(lambda: self.window._box() is None or self.window._hand("key", "Escape"))

    def keys(self, at: str, *names: str) -> None:
        self.go(at)
        for name in names:
            self.window._hand("key", name)
        time.sleep(PAUSE)

    def paste(self, at: str, text: str, **dress: Any) -> None:
        """Copy a cell of another document, dressed in its own way, and paste it."""
        scratch = office.desktop_of(self.window.context).loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, ()
        )
        source = scratch.Sheets.getByIndex(0).getCellRangeByName("A1")
        source.String = text
        for name, value in {"CharHeight": 20.0, "CellBackColor": 0xFFFF00, **dress}.items():
            setattr(source, name, value)
        self.window.until(lambda: self.window.ready(scratch))
        scratch.CurrentController.Frame.ComponentWindow.setFocus()
        self.window._hand("key", "ctrl+c")
        time.sleep(PAUSE)
        self.book.CurrentController.Frame.ContainerWindow.toFront()
        self.go(at)
        self.window._hand("key", "ctrl+v")
        self.window.until(
            lambda: (
                self.cell(at).String.removeprefix(SIGN) == text or hand.overwritten(self.window, self.book)
            )
        )
        scratch.setModified(False)
        scratch.close(True)

    def press(self, label: str, picture: str) -> str:
        """Press a button, read its box; what she typed before can be taken back and put in again."""
        said = hand.pressed(self.window, self.book, label, picture)
        before = self.entries()
        for name in ("ctrl+z", "ctrl+y"):
            self.window.key(self.book, name)
            time.sleep(PAUSE)
        assert hand.locked(self.book), f"{label}: undo has opened a lock"
        if differ := [pair for pair in zip(before, self.entries(), strict=True) if pair[0] != pair[1]]:
            print(f"  {label}: undone and done again it is another: {differ}")
        return str(said)

    def entries(self) -> list[str]:
        """What every white cell shows."""
        places = (*FORM.fields, *FORM.texts, *FORM.cover)
        return [self.cell(at).String.removeprefix(SIGN) for at in places]


def main(pictures: Path | None) -> int:
    started, wrong = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as home:
        folder = pictures or Path(home)
        path = Path(home, "清水镇.xlsx")
        save(build_template(NAME), path)
        with screen.shown(extension(sys.executable), folder / "w") as window:
            clerk = Clerk(window, window.open(path), Path(home))
            for name, act in moments(clerk):
                act()
                told, found, stands = shown(clerk), checked(clerk), current(clerk)
                same = len({*told.values(), found}) == 1
                wrong += not same
                state = "stands" if stands else "old or none"
                print(f"{'  ' if same else '× '}{name}: {told} check {found} ({state})", flush=True)
            wrong += lost(clerk)
            window.close(clerk.book)
    print(f"{time.perf_counter() - started:.0f} s, wrong: {wrong}")
    return bool(wrong)


def moments(clerk: Clerk) -> Iterator[tuple[str, Callable[[], object]]]:
    """What she does, one after another; twelve of them are slips."""
    yield "an empty form", lambda: None
    for key in ("unit", "kind"):
        yield f"cover {key}", lambda key=key: clerk.paste(key, str(FILING.word(key)), CharHeight=13.0)
    yield "1 the year with its word is refused", lambda: clerk.type("year", "2025年")
    yield "the year", lambda: clerk.type("year", entry_text(FILING.year))
    for table in FORM.tables:
        yield f"table {table}", lambda table=table: whole_table(clerk, table)
    for key, text in FILING.texts.items():
        wrong = text.replace(*CLAIM[NAME]) if key == "s1" else text
        yield (
            f"text {key}{', 2 with a wrong figure' if wrong != text else ''}",
            lambda k=key, t=wrong: clerk.paste(k, t),
        )
    yield "3 a day in a figure's cell", lambda: clerk.type("t2.normative.made", "2026-1-5")
    yield "and the figure", lambda: clerk.type("t2.normative.made", entry_of("t2.normative.made"))
    yield "校验", lambda: clerk.press("校验", "first")
    yield "4 a power", lambda: clerk.type("t3.new.natural", "1e3")
    yield "5 a percentage is refused", lambda: clerk.type("t3.new.natural", "50%")
    yield "6 a unit behind a figure is refused", lambda: clerk.type("t3.new.natural", "5元")
    yield "校验 again", lambda: clerk.press("校验", "power")
    yield "the figure", lambda: clerk.type("t3.new.natural", entry_of("t3.new.natural"))
    yield "7 full-width figures pasted", lambda: clerk.paste("t3.granted.natural", "１２")
    yield "8 TRUE", lambda: clerk.type("t2.license.decisions", "TRUE")
    yield "9 a total as a formula", lambda: clerk.type("t3.new.total", "=SUM(E6:J6)")
    yield "校验, third", lambda: clerk.press("校验", "third")
    yield "清除标记", lambda: clerk.press("清除标记", "cleared")
    yield "granted", lambda: clerk.type("t3.granted.natural", entry_of("t3.granted.natural"))
    yield "licences", lambda: clerk.type("t2.license.decisions", entry_of("t2.license.decisions"))
    yield "the total", lambda: clerk.type("t3.new.total", entry_of("t3.new.total"))
    yield "10 a cell emptied", lambda: clerk.keys("t4.review.total", "Delete")
    yield "填合计", lambda: clerk.press("填合计", "totals")
    yield (
        "11 a line broken with Ctrl+Enter",
        lambda: clerk.keys("s5", *BROKEN_LINE),
    )
    yield "12 a day pasted", lambda: clerk.paste("t3.carry_out.natural", "2026-1-5")
    yield "校验, of the pasted", lambda: clerk.press("校验", "pasted")  # it came with a lock of its own
    yield "the figure again", lambda: clerk.type("t3.carry_out.natural", entry_of("t3.carry_out.natural"))
    yield "校验, fourth", lambda: clerk.press("校验", "fourth")
    yield "the text mended", lambda: clerk.paste("s1", FILING.texts["s1"])
    yield "校验, last", lambda: clerk.press("校验", "last")


def entry_of(field: str) -> str:
    return entry_text(FILING.values[field])


def whole_table(clerk: Clerk, table: str) -> None:
    """Row by row, with the arrow from one white cell to the next: a selected cell holds the tabulator."""
    fields = [FORM.fields[name] for name in FORM.groups[table]]
    rows: dict[str, list[str]] = {}
    for field in fields:
        rows.setdefault(field.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), []).append(field.name)
    for names in rows.values():
        clerk.go(names[0])
        for name in names:
            clerk.window._hand("type", "--delay", "8", "--", entry_of(name))
            clerk.window._hand("key", "Return" if name == names[-1] else "Right")
        time.sleep(PAUSE)
    clerk.window.until(lambda: [clerk.cell(f.name).Value for f in fields] == [
        float(FILING.values[f.name]) for f in fields
    ])  # fmt: skip


# ---------------------------------------------------------------- what is told
def shown(clerk: Clerk) -> dict[str, Counts]:
    """What the banner, the cover and the tiles say."""
    head, check = workbook().head, workbook().on_check
    banner = clerk.book.Sheets.getByName(FORM.sheets["cover"]).getCellRangeByName(
        workbook().sheets.cover.banner.partition(":")[0]
    )
    assert head.sign
    tiles = [
        clerk.book.Sheets.getByName(FORM.sheets["check"]).getCellRangeByName(
            f"{columns.partition(':')[0]}{check.tile_row}"
        )
        for columns in (check.tiles.errors, check.tiles.warnings)
    ]
    told = {
        "list": Counts(*(sum(map(int, re.findall(r"\d+", t.String))) for t in tiles)),
        "cover": on_cover(clerk),
    }
    if not re.match(workbook().banner.fresh[:5], banner.String) and "没有填" not in banner.String:
        told["banner"] = Counts(*(number(banner.String, word) for word in ("处错误|格有错", "处提醒")))
    return told


def number(said: str, word: str) -> int:
    """How many the banner says: of errors cells that are wrong, and places that only a check has seen."""
    return sum(map(int, re.findall(rf"(\d+) (?:{word})", said)))


def on_cover(clerk: Clerk) -> Counts:
    """The sums of the columns of the progress."""
    at = workbook().on_cover
    sheet = clerk.book.Sheets.getByName(FORM.sheets["cover"])
    rows = range(at.progress_row + 1, at.progress_row + 3 + len(FORM.tables))
    found = []
    for column in (at.progress.errors, at.progress.warnings):
        texts = [sheet.getCellRangeByName(f"{column}{row}").String for row in rows]
        found.append(sum(int(n) for text in texts for n in re.findall(r"\d+", text)))
    return Counts(*found)


def current(clerk: Clerk) -> bool:
    return bool(hidden(clerk, hidden_sheet().cell.current))


def hidden(clerk: Clerk, cell: str) -> float:
    return float(clerk.book.Sheets.getByName(FORM.sheets["hidden"]).getCellRangeByName(cell).Value)


def checked(clerk: Clerk) -> Counts:
    """What the command line finds in the saved copy; of what no formula can see, what was found last."""
    path = clerk.folder / "存.xlsx"
    office.saved(clerk.book, path)
    command = [sys.executable, "-m", "xlcheck.cli", "check", str(path), "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["findings"]
    mine = [f for f in found if not f.get("answer")]
    if current(clerk):
        return Counts(*(sum(f["severity"] == s for f in mine) for s in ("error", "warning")))
    rules = EDITION.rules
    live = [f for f in mine if rules.of(f["rule"]).is_live and not rules.of(f["rule"]).open]
    beside = [b for f in mine if f not in live for b in f.get("because", ())]  # a figure the text contradicts
    live += [{"severity": "warning"} for b in beside if rules.of(b["rule"]).doubts]
    at, rows = hidden_sheet().counted, 2 + len(FORM.tables)
    kept = [
        sum(hidden(clerk, f"{column}{hidden_sheet().first_row + n}") for n in range(rows))
        for column in (at.kept_errors, at.kept_warnings)
    ]
    return Counts(
        *(
            sum(f["severity"] == s for f in live) + int(k)
            for s, k in zip(("error", "warning"), kept, strict=True)
        )
    )


def lost(clerk: Clerk) -> int:
    """How much of what she meant is not there at the end."""
    office.saved(clerk.book, clerk.folder / "完.xlsx")
    there = reading.read(clerk.folder / "完.xlsx")
    wanted = {**FILING.texts, "s5": FILING.texts["s5"] + "\n"}
    gone = [f for f, value in FILING.values.items() if there.values[f] != value]
    gone += [key for key, text in wanted.items() if there.texts.get(key) not in (text, text.rstrip("\n"))]
    for name in gone:
        print(f"× lost: {name}: {there.values.get(name, there.texts.get(name))!r}")
    return len(gone)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2]) if len(sys.argv) > 2 else None))
