"""Read what the units published: each page tied to its unit and compared with what was accepted."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from xlcheck.core.filing import entry_text, figure_text
from xlcheck.core.formula import Entry
from xlcheck.county.ledger.register import Register
from xlcheck.county.published.page_comparison import PageComparison, compare_page
from xlcheck.county.published.page_reading import (
    PageDoubt,
    PageReading,
    PageTask,
    lost_page,
    pages_in,
    read_pages,
)
from xlcheck.county.submission import ACCEPTING, Publication, SentReturn, newest_on
from xlcheck.county.workers import Workers
from xlcheck.data.published import PageOutcome, published_facts
from xlcheck.editions import Refused

BATCH = 4  # pages handed over together: a PDF may take seconds


def look_at_pages(
    register: Register, places: Sequence[str], due: date, workers: Workers, person: str, now: datetime
) -> list[Publication]:
    """Read every page and compare it with its unit's accepted filing.

    Raises Refused where there is nothing to read.
    """
    tasks = [task for place in places for task in pages_in(place)]
    if not tasks:
        raise Refused(published_facts().say.none.format(path=places[0]))
    walk = iter(tasks)
    batches: Iterator[list[PageTask]] = iter(lambda: list(islice(walk, BATCH)), [])
    found = []
    for readings in workers.run(read_pages, batches, lost_page):
        for reading in readings:
            one = _publication(register, reading, due)
            found.append(one._replace(noted=now, person=person))
    return found


def _publication(register: Register, page: PageReading, due: date) -> Publication:
    """What a page is: by the unit and the year that it names, else by its file's name, which is a claim."""
    made = Publication(page.item.name, page.digest, None, PageOutcome.UNREADABLE, due, refusal=page.refusal)
    hinted = register.numbers.get(register.finder.hinted(page.item.name) or "")
    if page.filing is None:
        return made._replace(unit=hinted, claimed=hinted is not None)
    named, year = page.filing.unit or "", page.filing.year
    unit = register.number_of(named)
    made = made._replace(
        unit=unit or hinted, claimed=unit is None and hinted is not None, named=named,
        page_year=int(year) if isinstance(year, Decimal) else None,
        day=page.day.day if page.day else None, source=page.day.source if page.day else "line",
    )  # fmt: skip
    if made.unit is None:
        return made._replace(outcome=PageOutcome.STRANGER)
    if made.page_year not in (None, register.campaign.year):
        return made._replace(outcome=PageOutcome.YEAR)
    sent = accepted_return(register, made.unit)
    if sent is None:
        return made._replace(outcome=PageOutcome.NOTHING)
    (whole,) = register.returns({made.unit: [sent]})[made.unit]
    found = compare_page(whole.edition, whole.filing, page)
    accepted = _is_accepted(register, made.unit, sent)
    return made._replace(
        outcome=_outcome(found), against=whole.digest, accepted=accepted,
        found=_found(found, page.doubts),
    )  # fmt: skip


def _outcome(found: PageComparison) -> PageOutcome:
    """Texts alone make no difference: whoever lays a page out changes them lightly."""
    if found.cells:
        return PageOutcome.DIFFERS
    return PageOutcome.PARTLY if found.unread else PageOutcome.SAME


def accepted_return(register: Register, unit: int) -> SentReturn | None:
    """The return that a page is held to: the one accepted last, else the newest, if any came."""
    sent = register.sent.get(unit, [])
    taken = (one for one in reversed(sent) if _is_accepted(register, unit, one))
    return next(taken, sent[-1] if sent else None)


def _is_accepted(register: Register, unit: int, sent: SentReturn) -> bool:
    newest = newest_on(register.decided.get(unit, ()), sent.digest, sent.after)
    return newest is not None and newest.verdict in ACCEPTING


def _found(found: PageComparison, doubts: Sequence[PageDoubt]) -> dict[str, list[Any]]:
    """The comparison as JSON, without what is empty; a doubt of figures that are as accepted is none."""
    told = {*found.unread, *(one.field for one in found.cells)}
    whole: dict[str, list[Any]] = {
        "cells": [[c.field, _text(c.published), _text(c.accepted), c.where] for c in found.cells],
        "texts": [list(one) for one in found.texts],
        "blank": list(found.blank),
        "unread": list(found.unread),
        "doubts": [[doubt.where, doubt.text] for doubt in doubts if told.intersection(doubt.fields)],
    }
    return {key: some for key, some in whole.items() if some}


def _text(entry: Entry) -> str:
    return figure_text(entry) if isinstance(entry, Decimal) else entry_text(entry)
