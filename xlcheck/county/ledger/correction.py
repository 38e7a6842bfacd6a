"""How a return corrects the one that was sent back before it: mended, left, moved to another cell, new."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from xlcheck.county.submission import Correction, LedgerFinding, Return, Submission
from xlcheck.data.county import county


def correction(back: Return, now: Return, asked: Collection[str] | None = None) -> Correction:
    """Compare what was to be mended with what is found now, place by place.

    ``asked`` are the places that the unit was told; what the county has come to ask since is no fault of
    its, and what it asks no more need not be mended. Without them it is all that is open in what was sent
    back. An error has moved where its place is right now, but its rule is broken at another place among the
    same cells: the sum is as wrong as before.
    """
    before, after = _open(back.findings), _open(now.findings)
    told = before.keys() if asked is None else set(asked)
    left = [place for place in told if place in after]
    gone = [f for place, f in before.items() if place in told and place not in after]
    fresh = [f for place, f in after.items() if place not in before and place not in told]
    moved = [f for f in gone if any(_same_sum(f, other) for other in fresh)]
    new = [f for f in fresh if f.severity == "error" and not any(_same_sum(other, f) for other in gone)]
    return Correction(
        len(told), len(gone) - len(moved), len(left), len(moved), len(new), back.filing == now.filing,
        len(told) - len(gone) - len(left),
    )  # fmt: skip


def places_asked(findings: Iterable[LedgerFinding]) -> tuple[str, ...]:
    """The places that a unit is to mend, as they are remembered."""
    return tuple(_open(findings))


def answer_sentence(standing: Submission) -> str:
    """How a unit's newest return answers the office's word on the one before; empty where there was none."""
    if standing.correction:
        return correction_sentence(standing.correction)
    return county().correction.unasked if standing.replaces_accepted else ""


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
            (words.dropped, found.dropped),
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


def _open(findings: Iterable[LedgerFinding]) -> dict[str, LedgerFinding]:
    """What is to be mended; a text may break one rule several times, and each is asked for in the letter."""
    before: Counter[str] = Counter()
    found = {}
    for f in findings:
        if f.open:
            place = f"{f.rule} {f.at}"
            before[place] += 1
            found[f"{place} {before[place]}"] = f
    return found


def _same_sum(one: LedgerFinding, other: LedgerFinding) -> bool:
    """Whether two findings are of the same rule and share a cell."""
    return one.rule == other.rule and not _cells(one).isdisjoint(_cells(other))


def _cells(one: LedgerFinding) -> set[str]:
    return {one.at, *one.told.get("fields", ())}
