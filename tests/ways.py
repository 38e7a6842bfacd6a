"""An exact solver of another kind: which blanks of a table hold the same figure in all ways to fill them in.

The sums of a form are a network: signed rightly, every figure stands in one sum as what comes and in one as
what goes, so it is a stream between two places. Given one way to fill the table, there is another with more
in a blank if more can go round through other blanks: forward anywhere, backward where something flows.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random

from xlcheck.core.diagnosis.equations import Code, Terms

Streams = Mapping[str, tuple[int, int]]  # figure -> from which sum to which
ROUND = -1  # what lies about the network: whatever stands in one sum only comes from there or goes there


def streams(code: Code) -> Streams:
    """Every figure as a stream; one sum that follows from the others is left out where it is in the way."""
    for out in (None, *range(len(code.equations))):
        kept = [e.terms for n, e in enumerate(code.equations) if n != out]
        found = _streams(kept)
        if found is not None and (out is None or _follows(code.equations[out].terms, kept)):
            return found
    raise ValueError("the sums are no network")


def forced_blanks(found: Streams, values: Mapping[str, Decimal], blanks: Collection[str]) -> set[str]:
    """The blanks that can hold nothing but what ``values``, one way to fill all, has in them."""
    mine = [n for n in blanks if n in found]
    steps: dict[int, list[tuple[int, str]]] = {}
    for name in mine:
        start, end = found[name]
        steps.setdefault(start, []).append((end, name))
        if values[name]:
            steps.setdefault(end, []).append((start, name))
    return {
        n for n in mine
        if not _reaches(steps, *reversed(found[n]), n) and not (values[n] and _reaches(steps, *found[n], n))
    }  # fmt: skip


def masks(code: Code, values: Mapping[str, Decimal], rng: Random) -> Iterator[set[str]]:
    """Which figures a clerk may have left blank: some cells, rows, columns, what is 0, nearly everything."""
    bound = sorted({n for e in code.equations for n in e.terms})
    lines: dict[tuple[str, int, int], list[str]] = {}
    for name in bound:
        table, row, column = code.at[name]
        lines.setdefault((table, row, -1), []).append(name)
        lines.setdefault((table, -1, column), []).append(name)
    while True:
        yield set(rng.sample(bound, rng.randint(1, 40)))
        yield {n for line in rng.sample(sorted(lines), rng.randint(1, 6)) for n in lines[line]}
        yield {n for n in bound if not values[n] and rng.random() < rng.choice((0.3, 0.8, 1))}
        yield {n for n in bound if n not in code.totals}
        yield {n for n in bound if rng.random() < 0.9}


def _streams(sums: list[Terms]) -> Streams | None:
    """The sums turned so that each figure has both signs; None where they cannot be."""
    places: dict[str, list[int]] = {}
    for number, terms in enumerate(sums):
        for name in terms:
            places.setdefault(name, []).append(number)
    if any(len(p) > 2 or abs(sums[p[0]][n]) != 1 for n, p in places.items()):
        return None
    turned: dict[int, int] = {}
    for first in range(len(sums)):
        waiting = [] if first in turned else [first]
        turned.setdefault(first, 1)
        while waiting:
            here = waiting.pop()
            for name, there in ((n, p) for n in sums[here] for p in places[n] if p != here):
                sign = -turned[here] * sums[here][name] * sums[there][name]
                if there not in turned:
                    waiting.append(there)
                if turned.setdefault(there, sign) != sign:
                    return None
    ends = {n: {turned[p] * sums[p][n]: p for p in at} for n, at in places.items()}
    return {n: (two.get(-1, ROUND), two.get(1, ROUND)) for n, two in ends.items()}


def _follows(one: Terms, others: list[Terms]) -> bool:
    """Whether a sum holds because the others do: nothing is left of it once they are taken out."""
    left, rest = dict(one), [dict(terms) for terms in others]
    while rest:
        pivot = rest.pop()
        if name := next(iter(pivot), ""):
            left = _without(left, pivot, name)
            rest = [_without(terms, pivot, name) for terms in rest]
    return not left


def _without(terms: Terms, pivot: Terms, name: str) -> dict[str, int]:
    times = Fraction(terms.get(name, 0)) / pivot[name]
    mixed = {n: terms.get(n, 0) - times * pivot.get(n, 0) for n in {**terms, **pivot}}
    return {n: c for n, c in mixed.items() if c}  # type: ignore[misc]


def _reaches(steps: Mapping[int, list[tuple[int, str]]], start: int, end: int, aside: str) -> bool:
    """Whether something can go from one sum to another without the blank that is asked about."""
    seen, waiting = {start}, [start]
    while waiting and end not in seen:
        there = {to for to, name in steps.get(waiting.pop(), ()) if name != aside} - seen
        seen |= there
        waiting += there
    return end in seen
