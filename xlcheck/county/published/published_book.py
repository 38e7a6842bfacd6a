"""The published pages as two lists, a line a page and a line a difference, and these as a workbook."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from xlcheck.core.form_words import place_of
from xlcheck.county.ledger.publications import outcome_word, publication_sentence
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Publication, Submission
from xlcheck.county.summary.cell_formats import SheetValue, summary_pages
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.data.published import PageOutcome, published_facts
from xlcheck.data.summary import ColumnKey, summary
from xlcheck.saving import atomically


class PublishedLists(NamedTuple):
    """Pages, with the units that have none behind them; and every difference in them."""

    pages: tuple[SheetRow, ...]
    differences: tuple[SheetRow, ...]


def published_lists(
    register: Register, standings: Sequence[Submission], pages: Sequence[Publication]
) -> PublishedLists:
    """Lay the pages out, those first that somebody has to look at."""
    order = tuple(PageOutcome)
    there = sorted(pages, key=lambda one: (order.index(one.outcome), one.path))
    rows = [*(_page(register, one) for one in there), *map(_missing, _without(standings))]
    changes = [row for one in there for row in _differences(register, one)]
    return PublishedLists(tuple({"n": n, **row} for n, row in enumerate(rows, 1)), tuple(changes))


def write_published_book(register: Register, lists: PublishedLists, target: Path, due: date) -> None:
    """Write the two lists as a workbook, atomically."""
    atomically(target, lambda to: _write_lists(to, register, lists, due))


def _write_lists(path: Path, register: Register, lists: PublishedLists, due: date) -> None:
    facts, say = published_facts(), published_facts().say
    sheets, title = (facts.units, facts.differences), say.title.format(**register.campaign._asdict())
    with summary_pages(path, [sheet.name for sheet in sheets], register.as_of()) as page:
        for sheet, rows in zip(sheets, lists, strict=True):
            list_head(page[sheet.name], sheet, title, say.stand.format(due=due))
            write_rows(page[sheet.name], sheet, rows)


def _without(standings: Sequence[Submission]) -> Iterator[Submission]:
    return (s for s in standings if s.current and not s.public)


def _missing(standing: Submission) -> SheetRow:
    return {"unit": standing.unit.name, "outcome": published_facts().say.missing_word}


def _page(register: Register, one: Publication) -> SheetRow:
    say = published_facts().say
    counts = {key: one.number(key) for key in ("cells", "texts")}
    return {
        "unit": register.units[one.unit].name if one.unit else say.nobody, "path": one.path,
        "outcome": outcome_word(one),
        "count": say.column.format(**counts) if any(counts.values()) else None,
        "received": datetime.combine(one.day, time()) if one.day else None,
        "late": one.days_late or None, "said": publication_sentence(one),
    }  # fmt: skip


def _differences(register: Register, one: Publication) -> Iterator[SheetRow]:
    """Cells first; what is written otherwise is to be looked at, what could not be read is told."""
    say, edition, words = published_facts().say, register.edition, summary().words
    head: dict[ColumnKey, SheetValue] = {
        "unit": register.units[one.unit].name if one.unit else say.nobody, "path": one.path,
    }  # fmt: skip

    def row(severity: str, at: str, now: str = "", was: str = "", said: str = "") -> SheetRow:
        cell = edition.cell_of(at) if at else ""
        place = place_of(edition.form, at) if at else ""
        rest: SheetRow = {
            "severity": severity, "place": place, "cell": cell, "now": now, "was": was, "said": said,
        }  # fmt: skip
        return {**head, **rest}

    for field, there, ours, where in one.found.get("cells", ()):
        yield row(words.severity["error"], field, there or say.empty, ours or say.empty, where)
    for section, there, ours in one.found.get("texts", ()):
        yield row(words.severity["info"], section, there, ours)
    yield from (row(say.not_read, field) for field in one.found.get("unread", ()))
    yield from (row(say.not_read, "", text, said=where) for where, text in one.found.get("doubts", ()))
