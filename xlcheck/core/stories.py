"""Slips that move many figures at once: a line shifted, two lines exchanged, totals left as they were.

A story proposes changes as field -> what to add, all at once; it stands only if every equation then holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, permutations

from xlcheck.core.equations import Figures, Group, Residual, System

Moved = dict[str, Decimal]


def stories(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[str, Moved]]:
    """Every known slip of three figures or more that mends the whole of this residual."""
    tried = [
        *_shifts(group, figures, residual),
        *_exchanges(group, figures, residual),
        *_totals(group, figures, residual),
    ]
    for story, moved in tried:
        if len(moved) > 2 and not _left(group.system, residual, moved):
            yield story, moved


def _left(group: System, residual: Residual, moved: Mapping[str, Decimal]) -> Residual:
    for field, delta in moved.items():
        residual = group.after(residual, field, delta)
    return residual


def _shifts(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[str, Moved]]:
    """A run of one line typed a cell too far: what stands at its far end was lost, and follows."""
    for line in (line for line in group.lines if residual.keys() <= line.touch):
        off = [n for n, cross in enumerate(line.cross) if any(c in residual for c in cross)]
        if len(off) > 1:
            run = line.fields[off[0] : off[-1] + 1]
            names = ("shift_down", "shift_up") if line.down else ("shift_right", "shift_left")
            yield names[0], _shifted(group.system, run, line.cross[off[-1]], figures, residual)
            yield names[1], _shifted(group.system, run[::-1], line.cross[off[0]], figures, residual)


def _shifted(
    group: System, run: Sequence[str], cross: Sequence[int], figures: Figures, residual: Residual
) -> Moved:
    """Each figure takes the next one's; the last takes what its own equation asks for."""
    moved = {here: figures[beyond] - figures[here] for here, beyond in pairwise(run)}
    number = next(n for n in cross if n in residual)
    moved[run[-1]] = -residual[number] / group.equations[number][run[-1]]
    return {field: delta for field, delta in moved.items() if delta}


def _exchanges(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[str, Moved]]:
    """Two neighbouring lines typed in each other's place, with their own totals or without."""
    for one, other in pairwise(group.lines):
        parallel = one.down == other.down and len(one.fields) == len(other.fields)
        if parallel and residual.keys() <= one.touch | other.touch:
            pairs = list(zip(one.fields, other.fields, strict=True))
            total = one.total(group.equations)
            for chosen in (pairs, [p for p in pairs if p[0] not in total]):
                yield "columns_swapped" if one.down else "rows_swapped", _exchanged(chosen, figures)


def _exchanged(pairs: Sequence[tuple[str, str]], figures: Figures) -> Moved:
    deltas = {a: figures[b] - figures[a] for a, b in pairs}
    moved = {**deltas, **{b: -deltas[a] for a, b in pairs}}
    return {field: delta for field, delta in moved.items() if delta}


def _totals(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[str, Moved]]:
    """Totals of one rule, or of two in turn: a line not brought up to date, or none of them filled."""
    kinds = group.system.kinds
    rules = sorted(set(kinds))
    for order in (*((rule,) for rule in rules), *permutations(rules, 2)):
        moved: Moved = {}
        left = residual
        for rule in order:
            at = {n: group.equations[n].at for n in left if kinds[n] == rule}
            left = _fill(group.system, left, at, moved)
        if not {kinds[n] for n in left} & {kinds[n] for n in residual}:
            yield from _told(group, figures, left, moved)


def _told(group: Group, figures: Figures, left: Residual, moved: Moved) -> Iterator[tuple[str, Moved]]:
    empty = all(figures[f] == 0 for f in moved)
    together = any(moved.keys() <= set(line.fields) for line in group.lines)
    # The same amount missing from all of them is a figure corrected late, wherever they stand.
    if not left and (empty or together or len(set(moved.values())) == 1):
        yield "totals_unfilled" if empty else "totals_stale", moved
    if left and together:
        yield from _made_to_fit(group, left, moved)


def _made_to_fit(group: Group, left: Residual, moved: Moved) -> Iterator[tuple[str, Moved]]:
    """The totals are wrong, and a rule that holds does so because another line was made to fit them."""
    for line in group.lines if moved else ():
        at = {n: f for f, cross in zip(line.fields, line.cross, strict=True) for n in cross if n in left}
        if len(at) == len(left):
            both = dict(moved)
            _fill(group.system, left, at, both)
            yield "totals_and_line", both


def _fill(group: System, residual: Residual, at: Mapping[int, str], moved: Moved) -> Residual:
    """Let the named figure of each equation take up what the equation is off by."""
    for number, field in at.items():
        if number in residual:
            delta = -residual[number] / group.equations[number][field]
            moved[field] = moved.get(field, Decimal(0)) + delta
            residual = group.after(residual, field, delta)
    return residual
