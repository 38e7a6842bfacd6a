"""How a wrong figure comes about: the slips of hand and eye that explain a change, and what each costs.

After Scholtus (2009, 2011) on simple errors in accounting tables: a typing error is one the keyboard
explains. A cost orders explanations and nothing more; the costs stand in ``diagnosis.toml`` beside the words.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, permutations
from typing import Literal, NamedTuple

from xlcheck.core.diagnosis.equations import Code, Figures, Group, Residual, System
from xlcheck.core.filing import figure_text
from xlcheck.data.diagnosis import Slip

KEYS = ("1234567890", "789", "456", "123", "741", "852", "963")  # the top row, the pad's rows and columns
TYPED: tuple[Slip, ...] = (
    "known", "sign", "point", "transposed", "digit_missing", "digit_extra", "key_beside", "digit_wrong",
    "unit",
)  # fmt: skip
FAR: dict[Slip, Slip] = {"misplaced": "misplaced_far", "swapped": "swapped_far"}
NoSlip = Literal[""]
Position = tuple[str, int, int]


class Change(NamedTuple):
    """One figure corrected; ``was`` is None where nothing usable stands there."""

    field: str
    was: Decimal | None
    to: Decimal
    slip: Slip | NoSlip = ""


class Explanation(NamedTuple):
    """A set of changes after which every equation holds; ``story`` where one act explains them together."""

    changes: tuple[Change, ...]
    story: Slip | NoSlip
    cost: int


class Slips(NamedTuple):
    """Judge changes against one filing: its figures, and what is known from elsewhere."""

    code: Code
    figures: Figures
    pins: Figures

    def explain(self, moved: Mapping[str, Decimal], story: Slip | NoSlip = "") -> Explanation:
        """Name the likeliest slip behind the changes (field -> what to add)."""
        changes = tuple(self.change(field, delta) for field, delta in moved.items())
        story = story or self._story(changes)
        if story:
            apart = self._cost(self._part(changes).slip) if story == "carried" else 0
            return Explanation(changes, story, self._cost(story) + apart)
        return Explanation(changes, "", sum(self._cost(c.slip) for c in changes))

    def change(self, field: str, delta: Decimal) -> Change:
        was = self.figures[field]
        to = was + delta
        known = self.pins.get(field) == to
        slip: Slip = "known" if known else typing_slip(was, to) or self._reading_slip(field)
        if slip == "near" and self.code.form.fields[field].kind == "amount":
            slip = "other"  # nobody counts 万元 one by one
        if field in self.code.totals and slip in ("omitted", "near", "other"):
            slip = "unfilled" if was == 0 else "added_wrong"
        return Change(field, was, to, slip)

    def _reading_slip(self, field: str) -> Slip:
        """A figure copied from the next cell; else nothing known."""
        was = self.figures[field]
        for name, step in STEPS.items():
            beside = self.code.by_place.get(_moved(self.code.at[field], step))
            if was and beside and self.figures.get(beside) == was:
                return name
        return "other"

    def _story(self, changes: Sequence[Change]) -> Slip | NoSlip:
        exchanged = self._exchange(*changes) if len(changes) == 2 else ""
        if exchanged or len(changes) < 2:
            return exchanged
        if all(c.field in self.code.totals for c in changes):
            return self._totals(changes)
        return self._carried(*changes) if len(changes) == 2 else ""

    def _exchange(self, a: Change, b: Change) -> Slip | NoSlip:
        """Two figures stand in each other's place; with a 0 between them, one has been misplaced."""
        if (a.was, a.to) != (b.to, b.was):
            return ""
        near = _apart(self.code.at[a.field], self.code.at[b.field]) == 1
        what: Slip = "misplaced" if 0 in (a.was, b.was) else "swapped"
        return what if near else FAR[what]

    def _carried(self, a: Change, b: Change) -> Slip | NoSlip:
        """A part and the total over it are off alike: the slip was added up with the rest."""
        sums = (e.terms for e in self.code.equations if e.at in (a.field, b.field))
        bound = any(t.get(a.field, 0) * t.get(b.field, 0) == -1 for t in sums)
        if not bound or a.was is None or b.was is None or a.to - a.was != b.to - b.was:
            return ""
        return "omitted_carried" if self._part((a, b)).was == 0 else "carried"

    def _part(self, changes: Sequence[Change]) -> Change:
        """Of a part and its total, the part: the one that stands further from the table's far corner."""
        return min(changes, key=lambda c: (c.field in self.code.totals, self.code.at[c.field]))

    def _totals(self, changes: Sequence[Change]) -> Slip | NoSlip:
        """Totals of one row or column, none of them filled, or none brought up to date."""
        places = [self.code.at[c.field] for c in changes]
        if len({p[:2] for p in places}) > 1 and len({p[::2] for p in places}) > 1:
            return ""
        return "totals_unfilled" if all(c.was == 0 for c in changes) else "totals_stale"

    def _cost(self, slip: Slip | NoSlip) -> int:
        return self.code.words.slip[slip or "other"].cost


STEPS: dict[Slip, tuple[int, int]] = {
    "from_left": (0, -1), "from_right": (0, 1), "from_above": (-1, 0), "from_below": (1, 0),
}  # fmt: skip


def typing_slip(was: Decimal, to: Decimal) -> Slip | NoSlip:
    """Name the slip of the keyboard that makes ``was`` out of ``to``; empty if none does."""
    a, b = figure_text(was), figure_text(to)
    if was == -to:
        return "sign"
    if was == 0:
        return "omitted"
    if abs(was) in (abs(to) * 10_000, abs(to) / 10_000):
        return "unit"
    if "." in a + b and _digits(a) == _digits(b):
        return "point"
    if len(a) == len(b):
        return _same_length(a, b) or _near(was, to)
    if _dropped(b, a):
        return "digit_missing"
    return "digit_extra" if _dropped(a, b) else _near(was, to)


def _digits(figure: str) -> str:
    """The digits from the first to the last that is no 0, wherever the point stands."""
    return figure.replace(".", "").strip("0")


def _same_length(a: str, b: str) -> Slip | NoSlip:
    wrong = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(a) == sorted(b):
        return "transposed"
    if len(wrong) == 1:
        x, y = a[wrong[0]], b[wrong[0]]
        if len(a) == 1:
            return ""  # of two single digits each is the other miswritten: that explains nothing
        beside = any(abs(row.find(x) - row.find(y)) == 1 for row in KEYS if x in row and y in row)
        return "key_beside" if beside else "digit_wrong"
    return ""


def _near(was: Decimal, to: Decimal) -> Slip | NoSlip:
    return "near" if abs(was - to) == 1 else ""


def _dropped(longer: str, shorter: str) -> bool:
    """Whether leaving out one digit of the longer gives the shorter."""
    return len(longer) == len(shorter) + 1 and any(
        longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer))
    )


def _moved(place: Position, step: tuple[int, int]) -> Position:
    return place[0], place[1] + step[0], place[2] + step[1]


def _apart(a: Position, b: Position) -> int:
    return abs(a[1] - b[1]) + abs(a[2] - b[2]) if a[0] == b[0] else 10_000


Deltas = dict[str, Decimal]


def stories(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[Slip, Deltas]]:
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


def _shifts(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[Slip, Deltas]]:
    """A run of one line typed a cell too far: what stands at its far end was lost, and follows."""
    for line in (line for line in group.lines if residual.keys() <= line.touch):
        off = [n for n, cross in enumerate(line.cross) if any(c in residual for c in cross)]
        if len(off) > 1:
            run = line.fields[off[0] : off[-1] + 1]
            on: Slip = "shift_down" if line.down else "shift_right"
            back: Slip = "shift_up" if line.down else "shift_left"
            yield on, _shifted(group.system, run, line.cross[off[-1]], figures, residual)
            yield back, _shifted(group.system, run[::-1], line.cross[off[0]], figures, residual)


def _shifted(
    group: System, run: Sequence[str], cross: Sequence[int], figures: Figures, residual: Residual
) -> Deltas:
    """Each figure takes the next one's; the last takes what its own equation asks for."""
    moved = {here: figures[beyond] - figures[here] for here, beyond in pairwise(run)}
    number = next(n for n in cross if n in residual)
    moved[run[-1]] = -residual[number] / group.equations[number][run[-1]]
    return {field: delta for field, delta in moved.items() if delta}


def _exchanges(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[Slip, Deltas]]:
    """Two neighbouring lines typed in each other's place, with their own totals or without."""
    for one, other in pairwise(group.lines):
        parallel = one.down == other.down and len(one.fields) == len(other.fields)
        if parallel and residual.keys() <= one.touch | other.touch:
            pairs = list(zip(one.fields, other.fields, strict=True))
            total = one.total(group.equations)
            for chosen in (pairs, [p for p in pairs if p[0] not in total]):
                yield "columns_swapped" if one.down else "rows_swapped", _exchanged(chosen, figures)


def _exchanged(pairs: Sequence[tuple[str, str]], figures: Figures) -> Deltas:
    deltas = {a: figures[b] - figures[a] for a, b in pairs}
    moved = {**deltas, **{b: -deltas[a] for a, b in pairs}}
    return {field: delta for field, delta in moved.items() if delta}


def _totals(group: Group, figures: Figures, residual: Residual) -> Iterator[tuple[Slip, Deltas]]:
    """Totals of one rule, or of two in turn: a line not brought up to date, or none of them filled."""
    kinds = group.system.kinds
    rules = tuple(dict.fromkeys(kinds))
    for order in (*((rule,) for rule in rules), *permutations(rules, 2)):
        moved: Deltas = {}
        left = residual
        for rule in order:
            at = {n: group.equations[n].at for n in left if kinds[n] == rule}
            left = _fill(group.system, left, at, moved)
        if not {kinds[n] for n in left} & {kinds[n] for n in residual}:
            yield from _told(group, figures, left, moved)


def _told(group: Group, figures: Figures, left: Residual, moved: Deltas) -> Iterator[tuple[Slip, Deltas]]:
    empty = all(figures[f] == 0 for f in moved)
    together = any(moved.keys() <= set(line.fields) for line in group.lines)
    # The same amount missing from all of them is a figure corrected late, wherever they stand.
    if not left and (empty or together or len(set(moved.values())) == 1):
        yield "totals_unfilled" if empty else "totals_stale", moved
    if left and together:
        yield from _made_to_fit(group, left, moved)


def _made_to_fit(group: Group, left: Residual, moved: Deltas) -> Iterator[tuple[Slip, Deltas]]:
    """The totals are wrong, and a rule that holds does so because another line was made to fit them."""
    for line in group.lines if moved else ():
        at = {n: f for f, cross in zip(line.fields, line.cross, strict=True) for n in cross if n in left}
        if len(at) == len(left):
            both = dict(moved)
            _fill(group.system, left, at, both)
            yield "totals_and_line", both


def _fill(group: System, residual: Residual, at: Mapping[int, str], moved: Deltas) -> Residual:
    """Let the named figure of each equation take up what the equation is off by."""
    for number, field in at.items():
        if number in residual:
            delta = -residual[number] / group.equations[number][field]
            moved[field] = moved.get(field, Decimal(0)) + delta
            residual = group.after(residual, field, delta)
    return residual
