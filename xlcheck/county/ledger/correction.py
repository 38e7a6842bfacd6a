"""How a return corrects the one that was sent back before it: mended, left, moved to another cell, new."""

from collections import Counter
from collections.abc import Sequence

from xlcheck.county.submission import Correction, LedgerFinding, Return
from xlcheck.data.county import county


def correction(asked: Return, now: Return) -> Correction:
    """Compare what was to be mended with what is found now, place by place.

    An error has moved where its place is right now, but its rule is broken at another place among the same
    cells: the sum is as wrong as before.
    """
    before, after = _open(asked), _open(now)
    gone = [f for place, f in before.items() if place not in after]
    fresh = [f for place, f in after.items() if place not in before]
    moved = [f for f in gone if any(_same_sum(f, other) for other in fresh)]
    new = [f for f in fresh if f.severity == "error" and not any(_same_sum(other, f) for other in gone)]
    same = asked.filing == now.filing
    return Correction(
        len(before), len(gone) - len(moved), len(before) - len(gone), len(moved), len(new), same
    )


def correction_sentence(found: Correction) -> str:
    """What is said of a return that was asked for."""
    words = county().correction
    if found.same:
        return words.same
    counts = [
        say.format(n=n)
        for say, n in (
            (words.mended, found.mended),
            (words.left, found.left),
            (words.moved, found.moved),
            (words.fresh, found.fresh),
        )
        if n
    ]
    if not found.asked:
        return words.by_hand
    return words.whole.format(asked=found.asked, counts=words.between.join(counts))


def with_reasons(now: Return, before: Sequence[Return]) -> Return:
    """A return with the unit's own reasons from an earlier one, where it gives none and the figures stand."""
    given = {f.mark: f.answer for one in before for f in one.findings if f.answer}
    found = (f if f.answer else f._replace(answer=given.get(f.mark, "")) for f in now.findings)
    return now._replace(findings=tuple(found)) if given else now


def _open(one: Return) -> dict[tuple[str, str, int], LedgerFinding]:
    """What is to be mended; a text may break one rule several times, and each is asked for in the letter."""
    before: Counter[tuple[str, str]] = Counter()
    found = {}
    for f in one.findings:
        if f.open:
            before[f.rule, f.at] += 1
            found[f.rule, f.at, before[f.rule, f.at]] = f
    return found


def _same_sum(one: LedgerFinding, other: LedgerFinding) -> bool:
    """Whether two findings are of the same rule and share a cell."""
    return one.rule == other.rule and not _cells(one).isdisjoint(_cells(other))


def _cells(one: LedgerFinding) -> set[str]:
    return {one.at, *one.told.get("fields", ())}
