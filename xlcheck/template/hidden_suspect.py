"""Name the wrong cell of 表三 by formula alone: all the sums it stands in are off by the same amount.

No two cells stand in the same equations with the same signs. So where the broken equations are exactly
those of one cell, and all are off by one and the same error, that cell is wrong and its value follows.
"""

from collections.abc import Mapping

from xlcheck.core.diagnosis.equations import linear
from xlcheck.core.rules import Case
from xlcheck.template.hidden import HiddenSheet

Equations = Mapping[int, Mapping[str, int]]  # the row of a case on the hidden sheet -> the sign of each field


def write_decoder(engine: HiddenSheet) -> None:
    """Write how far each equation is off, what each cell should be, and which cell is named."""
    equations: dict[int, Mapping[str, int]] = {}
    for n, case in enumerate(engine.cases):
        terms = linear(case.test) if case.rule.beside and case.rule.severity == "error" else None
        if terms:
            row = engine.case_row[case.rule.id, n]
            equations[row] = terms
            engine.row("case", row, {"gap": "=" + _gap(engine, case, row)})
    rows = {name: row for name, row in engine.field_row.items() if any(name in e for e in equations.values())}
    for name, row in rows.items():
        engine.row("field", row, {"should": "=" + _should(engine, name, row, equations)})
    column = engine.column("field", "should", list(rows.values()))
    links = engine.column("field", "link", list(rows.values()))
    places = engine.column("field", "place", list(rows.values()))
    found = f"MATCH(TRUE,INDEX(ISNUMBER({column}),0),0)"
    engine.set(engine.at["named_link"], f'=IFERROR(INDEX({links},{found}),"")')
    engine.set(engine.at["named_place"], f'=IFERROR(INDEX({places},{found}),"")')
    engine.set(engine.at["named_value"], f'=IFERROR(INDEX({column},{found}),"")')


def _gap(engine: HiddenSheet, case: Case, row: int) -> str:
    """How far the two sides are apart, where both can be worked out."""
    state = engine.cell("case", "state", row)
    left, right = case.test.sides(engine.figure)
    return f'IF({state}=1,{left}-{right},IF({state}=0,0,""))'


def _should(engine: HiddenSheet, name: str, row: int, equations: Equations) -> str:
    """The cell's right value, if it alone explains every broken equation."""
    mine = {at: terms[name] for at, terms in equations.items() if name in terms}
    states = engine.column("case", "state", list(equations))
    error, *others = (f"{engine.cell('case', 'gap', at)}*{sign}" for at, sign in mine.items())
    same = "".join(f",ROUND({error}-{other},4)=0" for other in others)
    figure = engine.cell("field", "figure", row)
    off = engine.cell("case", "gap", next(iter(mine)))
    alone = f"COUNTIF({states},1)={len(mine)},COUNTIF({states},2)=0,N({off})<>0"
    return f'IF(AND({alone}),IF(AND({figure}-{error}>=0{same}),{figure}-{error},""),"")'
