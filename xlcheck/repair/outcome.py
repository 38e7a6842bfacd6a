"""What becomes of a repair: a clean workbook, and a line for whatever was found or left."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment

from xlcheck.data.importing import importing
from xlcheck.repair.entries import Repaired
from xlcheck.saving import save
from xlcheck.template.build import build_template
from xlcheck.workbook import writing


def write_repaired(repaired: Repaired, target: Path, *, over: bool = True) -> None:
    """A clean workbook of the right edition with the entries, the 说明 and the clerk's notes.

    ``over`` as of ``atomically``.
    """
    edition, book = repaired.edition, _fresh(repaired)
    writing.write_filing(edition, book, repaired.filing)
    for name, (text, author) in repaired.notes.items():
        sheet, cell = edition.form.where(name)
        book[sheet][cell].comment = Comment(text, author)
    save(book, target, over=over)


def _fresh(repaired: Repaired) -> Workbook:
    """Begun from last year's figures where the damaged workbook carried them."""
    edition, (year, last) = repaired.edition, (repaired.filing.year, repaired.filing.last)
    if last and isinstance(year, Decimal) and last.year == year - 1 and edition.form.covers(int(year)):
        return writing.new_workbook(edition, int(year), repaired.filing.unit, last)
    return build_template(edition)


def repair_lines(repaired: Repaired, file: str) -> Iterator[str]:
    """What was found, what was moved, what was left: a line each."""
    say, form = importing().repair, repaired.edition.form
    filled = sum(v is not None for v in repaired.filing.values.values())
    yield say.summary.format(file=file, edition=form.edition, filled=filled, of=len(form.fields))
    for found in repaired.found:
        yield say.found[found.kind].format(at=found.at, words=found.words)
    if repaired.moved:
        at, to = next(iter(repaired.moved.items()))
        yield say.moved.format(n=len(repaired.moved), at="!".join(form.where(at)), words=to)
    for left in repaired.left:
        at = "!".join(form.where(left.at)) if left.kind not in ("stray", "answer") else left.at
        yield say.left[left.kind].format(at=at, words=left.words)
