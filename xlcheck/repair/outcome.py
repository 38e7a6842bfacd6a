"""What becomes of a repair: a clean workbook, and a line for whatever was found or left."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from xlcheck.core.filing import Filing
from xlcheck.data.importing import importing
from xlcheck.editions import Edition
from xlcheck.repair.entries import Repaired
from xlcheck.saving import atomically
from xlcheck.workbook.writing import fresh_workbook


def write_repaired(repaired: Repaired, target: Path, *, over: bool = True) -> None:
    """A clean workbook of the right edition with the entries, the 说明 and the clerk's notes.

    ``over`` as of ``atomically``.
    """
    edition, filing = repaired.edition, repaired.filing
    if not _follows(edition, filing):
        filing = filing._replace(last=None)
    content = fresh_workbook(edition, filing, repaired.notes)
    atomically(target, lambda to: to.write_bytes(content), over=over)


def _follows(edition: Edition, filing: Filing) -> bool:
    """Whether what the damaged workbook carried of last year is of the year before."""
    year, last = filing.year, filing.last
    return (
        last is not None
        and isinstance(year, Decimal)
        and last.year == year - 1
        and edition.form.covers(int(year))
    )


def repair_lines(repaired: Repaired, file: str) -> Iterator[str]:
    """What was found, what was moved, what was left: a line each."""
    say, form = importing().repair, repaired.edition.form
    filled = sum(isinstance(v, Decimal) for v in repaired.filing.values.values())
    yield say.summary.format(file=file, edition=form.edition, filled=filled, of=len(form.fields))
    for found in repaired.found:
        yield say.found[found.kind].format(at=found.at, words=found.words)
    if repaired.moved:
        at, to = next(iter(repaired.moved.items()))
        yield say.moved.format(n=len(repaired.moved), at="!".join(form.where(at)), words=to)
    gone = Counter(form.where(left.at)[0] for left in repaired.left if left.kind == "sheet")
    for sheet, count in gone.items():
        yield say.left["sheet"].format(at=sheet, words=count)
    for left in (one for one in repaired.left if one.kind != "sheet"):
        at = "!".join(form.where(left.at)) if left.kind not in ("stray", "answer") else left.at
        yield say.left[left.kind].format(at=at, words=left.words)
