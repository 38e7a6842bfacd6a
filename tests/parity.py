"""Put filings into an open workbook, and read back how its formulas judge every case."""

import random
from decimal import Decimal
from typing import Any

from tables import sound

from xlcheck.core.check import judged
from xlcheck.core.filing import Filing
from xlcheck.core.finding import State
from xlcheck.core.form import Field
from xlcheck.core.formula import Entry
from xlcheck.core.grid import rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition

ODD = (" ", "　", "/", "-", "无", "12件", "１２", "+2", "0", "=1+1", "TRUE", "3.5万元", "1e3", "一")
SWINGS = (
    lambda rng: None,
    lambda rng: Decimal(-rng.randint(1, 500)),
    lambda rng: rng.choice(ODD),
    lambda rng: Decimal(rng.randint(1, 9999)) / 10 ** rng.randint(1, 3),
    lambda rng: Decimal(rng.choice((99999998, 99999999, 100000000, 10**12, 10**17, 10**30, -(10**9)))),
    lambda rng: Decimal(rng.randint(0, 12)),
    lambda rng: Decimal(0),
)


def disturbed(made: Edition, rng: random.Random) -> tuple[Filing, dict[str, Decimal]]:
    """A sound filing with anything done to it, and last year's figures, some of them missing."""
    form = made.form
    values: dict[str, Entry] = dict(sound(form, rng))
    for name in rng.sample(list(values), rng.choice((0, 1, 1, 2, 3, 8, 40))):
        values[name] = rng.choice(SWINGS)(rng)
    if rng.random() < 0.05:
        values = dict.fromkeys(values, rng.choice((None, Decimal(0))))
    year: Entry = rng.choice(
        (None, "2025年", *map(Decimal, (2018, form.first_year, min(form.last_year, 2025))))
    )
    options = {o.id: rng.choice(o.choices) for o in form.options if rng.random() < 0.3}
    kinds = workbook().cover["kind"].choices
    texts = {t: rng.choice(("文", "全年未收到申请。")) for t in form.texts if rng.random() < 0.7}
    last = {n: v for n, v in sound(form, rng).items() if rng.random() < 0.9} if rng.random() < 0.6 else {}
    unit = rng.choice((None, "清水镇", "清水县筹备组"))
    return Filing(form.edition, year, unit, rng.choice((None, *kinds)), None, values, texts, options), last


def by_python(made: Edition, filing: Filing, last: dict[str, Decimal]) -> dict[str, int | str]:
    """How Python judges: a state for every case between cells, the refusing rule for every cell."""
    before = Filing(filing.edition, values=last) if last else None
    _, states = judged(made.form, made.rules, filing, before)
    codes: dict[str, int | str] = dict.fromkeys(made.form.fields, "")
    ended = list(zip(made.rules.cases, states, strict=True))
    codes |= {c.at: c.rule.id for c, s in ended if c.is_input and s is State.FAILED}
    plain = [s for c, s in ended if not c.is_input]
    return codes | {str(n): int(state) for n, state in enumerate(plain)}


class Sheet:
    """The hidden sheet of an open workbook, and the entry cells that feed it."""

    def __init__(self, made: Edition, book: Any) -> None:
        self.made, self.book = made, book
        self.at = hidden_sheet()
        for sheet in book.Sheets:
            sheet.unprotect(styles().password)
        self.hidden = book.Sheets.getByName(made.form.sheets["hidden"])
        self.plain = [c for c in made.rules.cases if not c.is_input]
        self.there: dict[tuple[str, str], Entry] = {}
        book.enableAutomaticCalculation(False)
        self.entries = [(f.sheet, f.cell) for f in made.form.fields.values()]

    def judge(self, filing: Filing, last: dict[str, Decimal]) -> dict[str, int | str]:
        """Put the filing in, let the formulas run, read what they say."""
        form, at = self.made.form, self.at
        self.book.addActionLock()
        for table in form.tables:
            fields = [form.fields[name] for name in form.groups[table]]
            if not form.is_stacked(table):
                self._block(fields, filing)
            for field in fields if form.is_stacked(table) else ():
                self._set(field.sheet, field.cell, filing.values.get(field.name))
        words = {on: (form.sheets["cover"], cell) for on, cell in form.cover.items()}
        words |= {on: (form.sheets["text"], cell) for on, cell in form.texts.items()}
        words |= {o.id: (o.sheet, o.cell) for o in form.options}
        for on, (sheet, cell) in words.items():
            self._set(sheet, cell, filing.word(on))
        column, first = at.field.last, at.first_row
        area = self.hidden.getCellRangeByName(f"{column}{first}:{column}{first + len(form.fields) - 1}")
        area.setDataArray(tuple((_plain(last.get(name)),) for name in form.fields))
        self.book.removeActionLock()
        self.book.calculate()
        return self._read()

    def _read(self) -> dict[str, int | str]:
        codes = self._column(self.at.field.code, len(self.entries))
        states = self._column(self.at.case.state, len(self.plain))
        found = dict(zip(self.made.form.fields, codes, strict=True))
        return found | {str(n): s if isinstance(s, str) else int(s) for n, s in enumerate(states)}

    def _column(self, column: str, rows: int) -> list[Any]:
        first = self.at.first_row
        area = self.hidden.getCellRangeByName(f"{column}{first}:{column}{first + rows - 1}")
        return [row[0] for row in area.getDataArray()]

    def _block(self, fields: list[Field], filing: Filing) -> None:
        """A table whose cells lie side by side goes in with one call."""
        rows: dict[int, list[float | str]] = {}
        for field in fields:
            rows.setdefault(rc(field.cell)[0], []).append(_plain(filing.values.get(field.name)))
        area = self.book.Sheets.getByName(fields[0].sheet).getCellRangeByName(
            f"{fields[0].cell}:{fields[-1].cell}"
        )
        area.setDataArray(tuple(map(tuple, rows.values())))

    def _set(self, sheet: str, cell: str, entry: Entry) -> None:
        if self.there.get((sheet, cell)) == entry:
            return
        self.there[sheet, cell] = entry
        row, col = rc(cell)
        there = self.book.Sheets.getByName(sheet).getCellByPosition(col - 1, row - 1)
        if isinstance(entry, Decimal):
            there.setValue(float(entry))
        elif entry:
            there.setFormula("'" + entry)
        else:
            there.setFormula("")


def _plain(entry: Entry) -> float | str:
    return float(entry) if isinstance(entry, Decimal) else entry or ""
