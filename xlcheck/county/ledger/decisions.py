"""What was decided, as the ledger has it: every decision in its order, and what of it holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.submission import Decision
from xlcheck.data.county import Verdict


class Decisions(NamedTuple):
    """A year's decisions: ``all`` that were ever made, and ``holding`` those that nobody took back."""

    all: tuple[Decision, ...]
    holding: tuple[Decision, ...]

    def by_unit(self) -> dict[int, list[Decision]]:
        """What holds of each unit, oldest first."""
        found: dict[int, list[Decision]] = defaultdict(list)
        for one in self.holding:
            if one.unit is not None:
                found[one.unit].append(one)
        return found

    def claims(self) -> dict[str, int]:
        """Whose a content is by decision, by its digest."""
        return {d.digest: d.unit for d in self.on(Verdict.CLAIM) if d.unit is not None}

    def standing(self) -> Mapping[int, Sequence[Decision]]:
        """By unit, which file was said to count before any other, oldest first."""
        found: dict[int, list[Decision]] = defaultdict(list)
        for one in self.on(Verdict.STANDS):
            if one.unit is not None:
                found[one.unit].append(one)
        return found

    def on(self, verdict: Verdict) -> Iterator[Decision]:
        """What holds of one kind, oldest first."""
        return (d for d in self.holding if d.verdict is verdict)


def decisions(db: Connection, year: int) -> Decisions:
    """Every decision on a year's files, oldest first, each with what the unit was asked to mend by it."""
    query = select(t.decision).filter_by(year=year)
    written = select(t.letter).filter_by(year=year).where(t.letter.c.asked.is_not(None))
    with db.begin():
        rows = list(db.execute(query.order_by(t.decision.c.id)).mappings())
        letters = list(db.execute(written.order_by(t.letter.c.id)).mappings())
    sent = _newest_letters(rows, letters)
    made = tuple(_decision(row, sent.get(row["id"])) for row in rows)
    return Decisions(made, tuple(holding(made)))


def _decision(row: RowMapping, sent: RowMapping | None) -> Decision:
    """A decision as it was noted; the letter that went out on it says what was asked, and until when."""
    columns = {"number": "id", "unit": "unit_id"}
    noted = {key: row[columns.get(key, key)] for key in Decision._fields if key != "until"}
    asked, until = (sent["asked"], sent["deadline"]) if sent else (row["asked"], None)
    return Decision(**noted | {"verdict": Verdict(row["verdict"]), "asked": _places(asked), "until": until})


def _newest_letters(rows: Iterable[RowMapping], letters: Iterable[RowMapping]) -> dict[int, RowMapping]:
    """By the number of what sent a return back, the newest letter on it."""
    back: dict[object, list[RowMapping]] = defaultdict(list)
    for row in rows:
        if row["verdict"] == Verdict.RETURN:
            back[row["unit_id"], row["digest"]].append(row)
    found = {}
    for letter in letters:
        before = [row for row in back[letter["unit_id"], letter["digest"]] if row["made"] <= letter["made"]]
        if before:
            found[before[-1]["id"]] = letter
    return found


def _places(asked: str | None) -> tuple[str, ...] | None:
    return None if asked is None else tuple(asked.splitlines())


def holding(made: Iterable[Decision]) -> list[Decision]:
    """What holds: each 撤销 takes back the newest decision on the same thing that still did."""
    every = list(made)
    gone = {one.number for one in undone(every).values()}
    return [one for one in every if one.verdict is not Verdict.UNDO and one.number not in gone]


def undone(made: Iterable[Decision]) -> dict[int, Decision]:
    """By the number of each 撤销, what it took back."""
    left: dict[object, list[Decision]] = defaultdict(list)
    found: dict[int, Decision] = {}
    for one in made:
        if one.verdict is not Verdict.UNDO:
            left[one.thing].append(one)
        elif left[one.thing]:
            found[one.number] = left[one.thing].pop()
    return found
