"""Digits of neighbouring cells run together: cut only where the sums leave exactly one way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlcheck.core.diagnosis.equations import Equation
from xlcheck.core.form import Field
from xlcheck.editions import Edition
from xlcheck.judge import code

Way = tuple[str, ...]
MOST = 400  # ways kept of one row; more are as good as none
STEPS = 100_000  # cuts tried before a row is given up
COUNT = re.compile(r"\+?(?:0|[1-9]\d*)")
SIGNED = re.compile(r"[+-]?(?:0|[1-9]\d*)")
AMOUNT = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
KINDS = {"count": COUNT, "signed": SIGNED, "amount": AMOUNT}


def glued(tokens: Sequence[str]) -> bool:
    """Whether a token shows that cells ran together: no figure begins with a nought before a digit."""
    return any(re.match(r"[+-]?0\d", token) for token in tokens)


def cuts(fields: Sequence[Field], tokens: Sequence[str], equations: Sequence[Equation]) -> tuple[Way, ...]:
    """Every way to cut the tokens into one figure a field that the row's sums allow; none where too many."""
    names = [f.name for f in fields]
    due: dict[int, list[Equation]] = {}
    for equation in equations:
        if set(equation.terms) <= set(names):
            due.setdefault(max(names.index(n) for n in equation.terms), []).append(equation)
    found: list[Way] = []
    for steps, way in enumerate(_ways(fields, tuple(tokens), (), due)):
        if way:
            found.append(way)
        if len(found) > MOST or steps > STEPS:
            return ()
    return tuple(found)


def _ways(
    fields: Sequence[Field], tokens: Way, done: Way, due: Mapping[int, Sequence[Equation]]
) -> Iterator[Way | None]:
    """Cut the next figure off the first token in every way; None for a step that leads nowhere yet."""
    at = len(done)
    yield None
    if at == len(fields):
        if not tokens:
            yield done
        return
    if not tokens or sum(map(len, tokens)) < len(fields) - at:
        return
    for size in range(1, len(tokens[0]) + 1):
        head, rest = tokens[0][:size], tokens[0][size:]
        way = (*done, head)
        if KINDS[fields[at].kind].fullmatch(head) and _holds(fields, way, due.get(at, ())):
            yield from _ways(fields, (rest, *tokens[1:]) if rest else tokens[1:], way, due)


def _holds(fields: Sequence[Field], way: Way, equations: Sequence[Equation]) -> bool:
    if not equations:
        return True
    figures = {f.name: Decimal(text) for f, text in zip(fields, way, strict=False)}
    return all(e.off(figures) == 0 for e in equations)


def together(
    rows: Sequence[Sequence[Way]],
    fields: Sequence[Sequence[str]],
    known: Mapping[str, Decimal],
    edition: Edition,
) -> list[tuple[Way, ...]]:
    """The choices of a way for every row that agree with all sums between them and the known figures."""
    number = {f: n for n, names in enumerate(fields) for f in names}
    whole = [
        e
        for e in code(edition).equations
        if number.keys() & e.terms.keys() <= e.terms.keys() <= number.keys() | known.keys()
    ]
    due: dict[int, list[Equation]] = {}
    for equation in whole:
        if mine := [number[f] for f in equation.terms if f in number]:
            due.setdefault(max(mine), []).append(equation)
    found: list[tuple[Way, ...]] = []
    for steps, choice in enumerate(_choices(rows, fields, dict(known), (), due)):
        if choice:
            found.append(choice)
        if steps > STEPS:
            return []
    return found


def _choices(
    rows: Sequence[Sequence[Way]], fields: Sequence[Sequence[str]], figures: dict[str, Decimal],
    done: tuple[Way, ...], due: Mapping[int, Sequence[Equation]],
) -> Iterator[tuple[Way, ...] | None]:  # fmt: skip
    at = len(done)
    yield done if at == len(rows) and rows else None
    for way in rows[at] if at < len(rows) else ():
        mine = {**figures, **dict(zip(fields[at], map(Decimal, way), strict=True))}
        if all(e.off(mine) == 0 for e in due.get(at, ())):
            yield from _choices(rows, fields, mine, (*done, way), due)
