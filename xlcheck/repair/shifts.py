"""Where each entry of the template lies in a damaged sheet: by the labels around it."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from xlcheck.core.grid import RowCol
from xlcheck.repair.damaged import DamagedSheet
from xlcheck.workbook.structure import bare_label


class Shift(NamedTuple):
    """For each row and column of the template the places its labels vote for; which labels are not met."""

    rows: Mapping[int, frozenset[int]]
    cols: Mapping[int, frozenset[int]]
    lost: tuple[tuple[str, RowCol], ...]
    doubled: tuple[tuple[str, RowCol], ...]


def texts_at(sheet: DamagedSheet, among: frozenset[RowCol] = frozenset()) -> dict[str, list[RowCol]]:
    """Where each text of a sheet stands that no formula made, in reading order; of some cells alone."""
    found: dict[str, list[RowCol]] = {}
    for cells in (sheet.cells, sheet.covered):  # what a merge hides counts where nothing else says the same
        open_ones = frozenset(found)
        for at in sorted(among & cells.keys() if among else cells):
            entry = cells[at].entry
            if isinstance(entry, str) and (said := bare_label(entry)) and said not in open_ones:
                found.setdefault(said, []).append(at)
    return found


def compare(template: Mapping[str, list[RowCol]], there: Mapping[str, list[RowCol]]) -> Shift:
    """Pair the template's labels with those met; as many of one wording are paired in order.

    Where more are met and no label moved, those in their own place are the template's, as a check has it.
    """
    rows: dict[int, set[int]] = {}
    cols: dict[int, set[int]] = {}
    lost: list[tuple[str, RowCol]] = []
    doubled: list[tuple[str, RowCol]] = []
    for said, places in template.items():
        found = there.get(said, [])
        if len(found) == len(places):
            for (row, col), (to_row, to_col) in zip(places, found, strict=True):
                rows.setdefault(row, set()).add(to_row)
                cols.setdefault(col, set()).add(to_col)
        else:
            (lost if len(found) < len(places) else doubled).append((said, places[0]))
    if doubled and all(to == {place} for votes in (rows, cols) for place, to in votes.items()):
        still = [(said, at) for said, at in doubled if set(template[said]) <= set(there[said])]
        doubled = [one for one in doubled if one not in still]
        for row, col in (at for said, _ in still for at in template[said]):
            rows[row], cols[col] = {row}, {col}
    return Shift(_frozen(rows), _frozen(cols), tuple(lost), tuple(doubled))


def _frozen(votes: Mapping[int, set[int]]) -> dict[int, frozenset[int]]:
    return {place: frozenset(found) for place, found in votes.items()}


def moved_to(place: int, votes: Mapping[int, frozenset[int]]) -> int | None:
    """Where a row or column went: as its own labels say, else as both neighbours agree; None where unsure."""
    mine = votes.get(place)
    if mine is not None:
        to = next(iter(mine))
        return to if len(mine) == 1 and not _claimed(to, place, votes) else None
    above, below = _near(place, votes, -1), _near(place, votes, 1)
    if above is None or below not in (None, above) or _claimed(place + above, place, votes):
        return None
    return place + above


def _claimed(to: int, place: int, votes: Mapping[int, frozenset[int]]) -> bool:
    """Whether the labels of another row or column lie there too."""
    return any(to in found for other, found in votes.items() if other != place)


def _near(place: int, votes: Mapping[int, frozenset[int]], way: int) -> int | None:
    """By how much the nearest row or column with labels moved."""
    near = [p for p in votes if (p - place) * way > 0]
    if not near:
        return None
    nearest = min(near, key=lambda p: abs(p - place))
    return next(iter(votes[nearest])) - nearest if len(votes[nearest]) == 1 else None


def steps(votes: Mapping[int, frozenset[int]]) -> Counter[int]:
    """How many rows or columns moved by how much."""
    return Counter(next(iter(to)) - place for place, to in votes.items() if len(to) == 1)
