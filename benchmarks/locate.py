"""How often the wrong cell is named, how fast, and beside a general solver: prints one Markdown table.

    python benchmarks/locate.py [tables=10000] [others=500] [solver=60]

Sound random tables of both editions and, where they are at hand, the real ones of ../shared/reports; faults
are put in, the answer compared with the table as it was. HiGHS (of the test extra) solves them too.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import tables  # noqa: E402
from by_name import code as code_of  # noqa: E402

from xlcheck import data  # noqa: E402
from xlcheck.core.diagnosis.equations import Code  # noqa: E402
from xlcheck.core.diagnosis.search import Fault, locate  # noqa: E402

REPORTS = ROOT.parent / "shared" / "reports"
Values = dict[str, Decimal]
Slip = Callable[["Table", Random], Values]


class Table(NamedTuple):
    """A sound table and its geometry."""

    code: Code
    values: Values

    @property
    def cells(self) -> tuple[str, ...]:
        return self.code.form.groups["t3"]

    def line(self, field: str, down: bool) -> list[str]:
        _, row, column = self.code.at[field]
        return [n for n in self.cells if self.code.at[n][2 if down else 1] == (column if down else row)]


class Score(NamedTuple):
    """What came of one fault."""

    seen: bool
    listed: bool
    first: bool
    certain: bool
    false: bool  # claimed, but not the truth
    alone: bool  # one explanation only, among those as small
    ms: float


def one(table: Table, rng: Random) -> Values:
    return _typed(table, rng, 1)


def two(table: Table, rng: Random) -> Values:
    return _typed(table, rng, 2)


def three(table: Table, rng: Random) -> Values:
    return _typed(table, rng, 3)


def keyboard(table: Table, rng: Random) -> Values:
    """Two slips of the keyboard: a digit left out, doubled, changed or two transposed."""
    filled = [n for n in table.cells if table.values[n] > 9]
    return {n: _mistyped(table.values[n], rng) for n in rng.sample(filled, min(2, len(filled)))}


def beside(table: Table, rng: Random) -> Values:
    """A figure in the cell beside or below its own."""
    a = rng.choice([n for n in table.cells if table.values[n]] or list(table.cells))
    line = table.line(a, rng.random() < 0.5)
    b = line[(line.index(a) + 1) % len(line)]
    return {a: table.values[b], b: table.values[a]}


def swapped(table: Table, rng: Random) -> Values:
    a, b = rng.sample([n for n in table.cells if table.values[n]] or table.cells[:2], 2)
    return {a: table.values[b], b: table.values[a]}


def row_shift(table: Table, rng: Random) -> Values:
    """The six parts of a row typed a column too far; the last is lost."""
    return _shift(table.line(_filled(table, rng), down=False)[:-1], table)


def column_shift(table: Table, rng: Random) -> Values:
    """From one row on, the results of a column typed a row too low."""
    line = table.line(_filled(table, rng), down=True)[2:-2]
    return _shift(line[rng.randrange(len(line) - 1) :], table)


def block_shift(table: Table, rng: Random) -> Values:
    """Three rows of one column, typed a row too low."""
    line = table.line(_filled(table, rng), down=True)
    start = rng.randrange(len(line) - 4)
    return _shift(line[start : start + 4], table)


def rows_moved(table: Table, rng: Random) -> Values:
    """The six parts of a row in the row below, and the other way round; the totals stand."""
    row = table.line(_filled(table, rng), down=False)
    columns = [table.line(n, down=True) for n in row]
    here = min(columns[0].index(row[0]), len(columns[0]) - 2)
    row, other = [c[here] for c in columns], [c[here + 1] for c in columns]
    pairs = list(zip(row[:-1], other[:-1], strict=True))
    return {a: table.values[b] for a, b in pairs} | {b: table.values[a] for a, b in pairs}


def omitted(table: Table, rng: Random) -> Values:
    """A figure left 0 and the total of its row typed to match."""
    field = _filled(table, rng, totals=False)
    total = table.line(field, down=False)[-1]
    return {field: Decimal(0), total: table.values[total] - table.values[field]}


def stale_totals(table: Table, rng: Random) -> Values:
    """Two to four totals of one row or column as they stood before the last requests came in."""
    line = table.line(f"t3.{rng.choice(('sum.natural', 'new.total'))}", rng.random() < 0.5)
    totals = [n for n in line if n in table.code.totals and table.values[n] > 0]
    chosen = rng.sample(totals, min(len(totals), rng.randint(2, 4)))
    return {n: table.values[n] - rng.randint(1, int(min(table.values[n], 3))) for n in chosen}


def stale_cascade(table: Table, rng: Random) -> Values:
    """A result and its 新收 corrected, none of their totals: the truth is five stale totals."""
    who = rng.choice(tables.columns(table.code.form, "t3"))
    row = rng.choice(("granted", "partial", "unable_1"))
    stale = (f"t3.{row}.total", f"t3.sum.{who}", "t3.sum.total", "t3.new.total")
    return {n: table.values[n] - 1 for n in stale if table.values[n] > 0}


def no_totals(table: Table, rng: Random) -> Values:
    """The totals of all rows, or the whole of （七）, left 0."""
    line = table.line("t3.sum.total", rng.random() < 0.5)
    return {n: Decimal(0) for n in line}


FAULTS: dict[str, Slip] = {
    "one cell, any value": one,
    "two cells, any values": two,
    "two cells, keyboard slips": keyboard,
    "three cells, any values": three,
    "in the next cell": beside,
    "two cells swapped": swapped,
    "row shifted": row_shift,
    "column shifted": column_shift,
    "block of three shifted": block_shift,
    "two rows exchanged, totals right": rows_moved,
    "omitted, row total adjusted": omitted,
    "two to four stale totals": stale_totals,
    "whole line of totals not filled": no_totals,
    "parts corrected, all their totals stale": stale_cascade,
}


def main(count: int = 10_000, others: int = 500, solved: int = 60) -> None:
    print("| tables | fault | n | seen % | truth listed % | truth first % | claimed % | claimed falsely"
          " | the only smallest: n, first % | ms median | p95 |\n|---|---|" + "--:|" * 9)  # fmt: skip
    for name in data.editions():
        code = code_of(name)
        made = _made(code, Random(20))
        for fault, slip in FAULTS.items():
            _line(f"{name} random", fault, _run(made, slip, count if slip is one else others))
    real = list(_real())
    for name in data.editions():
        mine = [t for t in real if t.code.form.edition == name]
        if mine:
            _line(
                f"{name} real, {len(mine)} reports",
                "each cell × 3 values",
                [s for t in mine for s in _every(t)],
            )
    for name in data.editions():
        _beside_solver(code_of(name), solved)


def _made(code: Code, rng: Random) -> Iterator[Table]:
    while True:
        yield Table(code, tables.sound(code.form, rng))


def _run(made: Iterator[Table], slip: Slip, count: int) -> list[Score]:
    rng = Random(21)
    scores: list[Score] = []
    while len(scores) < count:
        table = next(made)
        if any(table.values[n] for n in table.cells):
            edit = {n: v for n, v in slip(table, rng).items() if v != table.values[n]}
            scores += [score(table, edit)] if edit else []
    return scores


def _every(table: Table) -> list[Score]:
    rng = Random(22)
    edits = ({n: Decimal(rng.choice((0, 1, 7, rng.randint(0, 9999))))} for n in table.cells for _ in range(3))
    return [score(table, e) for e in edits if any(table.values[n] != v for n, v in e.items())]


def score(table: Table, edit: Values) -> Score:
    """Locate, and compare with the truth."""
    truth = {n: table.values[n] for n in edit}
    wrong = {**table.values, **edit}
    start = time.perf_counter()
    faults = locate(table.code, wrong)
    ms = 1000 * (time.perf_counter() - start)
    return _compared(faults[0] if faults else None, truth, ms)


def _compared(fault: Fault | None, truth: Values, ms: float) -> Score:
    sets = [{c.field: c.to for c in e.changes} for e in fault.explanations] if fault else []
    size = min(map(len, sets), default=0)
    alone = truth in sets and len(truth) == size and sum(len(s) == size for s in sets) == 1
    claimed = bool(fault and fault.certain)
    return Score(
        bool(fault), truth in sets, sets[:1] == [truth], claimed, claimed and sets[0] != truth, alone, ms
    )


def _line(where: str, fault: str, scores: list[Score]) -> None:
    n = len(scores)
    shares = [f"{100 * sum(part) / n:.2f}" for part in list(zip(*scores, strict=True))[:4]]
    alone = [s for s in scores if s.alone]
    first = f"{len(alone)}, {100 * sum(s.first for s in alone) / len(alone):.2f}" if alone else "–"
    times = sorted(s.ms for s in scores)
    pace = (f"{statistics.median(times):.2f}", f"{times[int(0.95 * n)]:.2f}")
    row = (where, fault, n, *shares, sum(s.false for s in scores), first, *pace)
    print("|", " | ".join(map(str, row)), "|", flush=True)


def _real() -> Iterator[Table]:
    """The complete tables 三 of real reports whose sums are right."""
    if not REPORTS.exists():
        print(f"\n!!! {REPORTS} is not there: NOTHING was measured on real reports !!!\n")
        return
    codes = [code_of(name) for name in data.editions()]
    for path in sorted(REPORTS.glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8")).get("table3") or []
        figures = [v for row in rows for v in row["values"]]
        code = next((c for c in codes if len(c.form.groups["t3"]) == len(figures)), None)
        if code:
            given = (Decimal(0 if v is None else v) for v in figures)
            values = dict(zip(code.form.groups["t3"], given, strict=True))
            whole = {n: values.get(n, Decimal(0)) for n in code.form.fields}
            if not locate(code, whole):
                yield Table(code, whole)


def _beside_solver(code: Code, count: int) -> None:
    """One and two changed cells of the same tables through HiGHS, only its solving timed."""
    try:
        solver = _Milp(code)
    except ImportError:
        print("\n!!! highspy is not installed: NO comparison with a MILP was made !!!\n")
        return
    rng = Random(23)
    made = _made(code, Random(24))
    for slip in (one, two):
        ours, theirs, agree = [], [], 0
        for _ in range(count):
            table = next(made)
            wrong = {**table.values, **slip(table, rng)}
            start = time.perf_counter()
            faults = locate(code, wrong)
            ours.append(1000 * (time.perf_counter() - start))
            answer, ms = solver.solve(wrong)
            theirs.append(ms)
            agree += any({c.field: c.to for c in e.changes} == answer for f in faults for e in f.explanations)
        us, them = statistics.median(ours), statistics.median(theirs)
        print(
            f"\n{code.form.edition}, {slip.__name__} changed, {count} tables: ours {us:.2f} ms,"
            f" HiGHS {them:.1f} ms (p95 {sorted(theirs)[int(0.95 * count)]:.1f}), {them / us:.0f} times;"
            f" HiGHS's answer is among ours in {agree} of {count}", flush=True,
        )  # fmt: skip


class _Milp:
    """The fewest figures changed so that every sum of 表三 holds (Fellegi and Holt), as a MILP."""

    def __init__(self, code: Code) -> None:
        import highspy

        self.highs: Any = highspy
        self.system = code.groups[0].system
        self.cells = list(self.system.columns)

    def solve(self, values: Values) -> tuple[Values, float]:
        """The corrected figures, and the milliseconds of the solver alone."""
        off = self.system.residual({n: values[n] for n in self.cells})
        h = self.highs.Highs()
        h.silent()
        h.setOptionValue("threads", 1)  # one process beside one process
        most = float(max(map(abs, off.values()), default=Decimal(1)))
        inf = self.highs.kHighsInf
        for name in self.cells:
            h.addVar(-float(min(values[name], Decimal(most))), most)
        for _ in self.cells:
            h.addVar(0, 1)
        count = len(self.cells)
        for n in range(count):
            h.changeColCost(count + n, 1)
            h.changeColIntegrality(count + n, self.highs.HighsVarType.kInteger)
            h.addRow(-inf, 0, 2, [n, count + n], [1, -most])
            h.addRow(-inf, 0, 2, [n, count + n], [-1, -most])
        place = {name: n for n, name in enumerate(self.cells)}
        for number, terms in enumerate(self.system.equations):
            target = -float(off.get(number, 0))
            h.addRow(
                target, target, len(terms), [place[n] for n in terms], [float(c) for c in terms.values()]
            )
        start = time.perf_counter()
        h.run()
        ms = 1000 * (time.perf_counter() - start)
        moved = h.getSolution().col_value[:count]
        deltas = {name: round(d) for name, d in zip(self.cells, moved, strict=True)}
        return {n: values[n] + d for n, d in deltas.items() if d}, ms


def _typed(table: Table, rng: Random, count: int) -> Values:
    made = {n: table.values[n] for n in rng.sample(table.cells, count)}
    while any(made[n] == table.values[n] for n in made):
        made = {n: Decimal(rng.choice((rng.randint(0, 20), rng.randint(0, 999)))) for n in made}
    return made


def _mistyped(value: Decimal, rng: Random) -> Decimal:
    text = str(value)
    n = rng.randrange(len(text) - 1)
    slips = (
        text[:n] + text[n + 1 :], text[:n] + text[n] + text[n:],
        text[:n] + rng.choice("0123456789") + text[n + 1 :], text[:n] + text[n + 1] + text[n] + text[n + 2 :],
    )  # fmt: skip
    return Decimal(rng.choice(slips))


def _filled(table: Table, rng: Random, totals: bool = True) -> str:
    filled = [n for n in table.cells if table.values[n] and (totals or n not in table.code.totals)]
    return rng.choice(filled)


def _shift(line: list[str], table: Table) -> Values:
    return dict(zip(line, [Decimal(0), *(table.values[n] for n in line[:-1])], strict=True))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
