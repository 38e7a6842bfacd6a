"""Write what was rescued into a clean workbook, and say what was found and moved."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.files import fill
from xlcheck.files.catalogue import edition
from xlcheck.files.repair import Repaired
from xlcheck.files.store import save
from xlcheck.files.template import build


def write(repaired: Repaired, target: Path) -> None:
    """A clean workbook of the right edition with the entries, the 说明 and the clerk's notes."""
    filing = repaired.filing
    book = _fresh(filing)
    fill.write(book, filing)
    form = edition(filing.edition).form
    for name, (text, author) in repaired.notes.items():
        sheet, cell = form.where(name)
        book[sheet][cell].comment = Comment(text, author)
    save(book, target)


def _fresh(filing: Filing) -> Workbook:
    """Begun from last year's figures where the damaged workbook carried them."""
    year, last = filing.year, filing.last
    if (
        last
        and isinstance(year, Decimal)
        and last.year == year - 1
        and edition(filing.edition).form.covers(int(year))
    ):
        return fill.new(filing.edition, int(year), filing.unit, last)
    return build(filing.edition)


def told(repaired: Repaired, file: str) -> Iterator[str]:
    """What was found, what was moved, what was left: a line each."""
    words, form = data.toml("intake")["repair"], edition(repaired.filing.edition).form
    filled = sum(v is not None for v in repaired.filing.values.values())
    yield words["summary"].format(file=file, edition=form.edition, filled=filled, of=len(form.fields))
    moved = [f for f in repaired.found if f.kind == "moved"]
    for found in repaired.found:
        if found.kind != "moved":
            yield words[found.kind].format(at=found.at, words=found.words)
    if moved:
        first = moved[0]
        yield words["moved"].format(n=len(moved), at="!".join(form.where(first.at)), words=first.words)
    for left in repaired.left:
        yield words[left.kind].format(at="!".join(form.where(left.at)), words=left.words)
