"""Name the wrong cell of a table by formula alone: all the sums it stands in are off by the same amount.

In 表三 no two cells stand in the same equations with the same signs. So where the broken equations are just
those of one cell, and all are off by one and the same error, that cell is wrong and its value follows.
"""

from collections.abc import Iterable, Iterator, Mapping

from xlcheck.core.diagnosis.equations import linear
from xlcheck.core.formula import DIGITS
from xlcheck.core.rules import Case
from xlcheck.template.hidden import HiddenSheet, count

Equations = Mapping[int, Mapping[str, int]]  # the row of a case on the hidden sheet -> the sign of each field


def write_decoder(engine: HiddenSheet) -> None:
    """Write how far each equation is off, what each cell should be, and which cell is named."""
    at, equations = engine.at, equations_of(engine)
    for n, case in enumerate(engine.cases):
        if (row := engine.case_row[case.rule.id, n]) in equations:
            engine.row(row, {at.case.gap: "=" + _gap(engine, case, row)})
    rows = {name: row for name, row in engine.field_row.items() if any(name in e for e in equations.values())}
    for name, row in rows.items():
        engine.row(row, {at.field.should: "=" + _should(engine, name, row, equations)})
    parts = (at.field.should, at.field.link, at.field.place)
    column, links, places = (engine.column(part, rows.values()) for part in parts)
    # Counted from below, and one too far where no cell is named: not every program takes MATCH on a test.
    first, below = min(rows.values()), max(rows.values()) + 1
    found = f'{below - first + 1}-SUMPRODUCT(MAX(({column}<>"")*({below}-ROW({column}))))'
    engine.set(at.cell.named_link, f'=IFERROR(INDEX({links},{found}),"")')
    engine.set(at.cell.named_place, f'=IFERROR(INDEX({places},{found}),"")')
    engine.set(at.cell.named_value, f'=IFERROR(INDEX({column},{found}),"")')


def equations_of(engine: HiddenSheet) -> Equations:
    """The sums whose cells the formulas can name: those of rules that break together."""
    found: dict[int, Mapping[str, int]] = {}
    for n, case in enumerate(engine.cases):
        terms = linear(case.test) if case.rule.beside and case.rule.severity == "error" else None
        if terms:
            found[engine.case_row[case.rule.id, n]] = terms
    return found


def _gap(engine: HiddenSheet, case: Case, row: int) -> str:
    """How far the two sides are apart, where both can be worked out."""
    state = engine.cell(engine.at.case.state, row)
    left, right = case.test.sides(engine.figure)
    return f'IF({state}=1,{left}-{right},IF({state}=0,0,""))'


def _should(engine: HiddenSheet, name: str, row: int, equations: Equations) -> str:
    """The cell's right value, if it alone explains every broken equation."""
    mine = {at: terms[name] for at, terms in equations.items() if name in terms}
    table, gap = engine.form.groups[engine.form.fields[name].table], engine.at.case.gap
    sums = [at for at, terms in equations.items() if not terms.keys().isdisjoint(table)]
    failed, unknown = (_count(engine, sums, state) for state in (1, 2))
    error, *others = (f"{engine.cell(gap, at)}*{sign}" for at, sign in mine.items())
    same = "".join(f",ROUND({error}-{other},{DIGITS})=0" for other in others)
    figure = engine.cell(engine.at.field.figure, row)
    off = engine.cell(gap, next(iter(mine)))
    alone = f"{failed}={len(mine)},{unknown}=0,N({off})<>0"
    right = f"ROUND({figure}-{error},{DIGITS})"
    possible = "" if engine.form.fields[name].kind == "amount" else f",{right}=ROUND({right},0)"
    return f'IF(AND({alone}),IF(AND({right}>=0{possible}{same}),{right},""),"")'


def _count(engine: HiddenSheet, rows: Iterable[int], state: int) -> str:
    """How many of these cases are in a state; only what lies one under another is one range."""
    return "+".join(count(engine.column(engine.at.case.state, run), str(state)) for run in _runs(rows))


def _runs(rows: Iterable[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for row in rows:
        if run and row != run[-1] + 1:
            yield run
            run = []
        run.append(row)
    yield run
