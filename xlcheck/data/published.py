"""The shape of published.toml: what is told of a unit's published report beside what the county accepted."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import Pattern
from xlcheck.data.form import SectionName
from xlcheck.data.summary import ListSheet


class PageOutcome(StrEnum):
    """What a published page is, in the office's order of work."""

    DIFFERS = "differs"
    PARTLY = "partly"
    UNREADABLE = "unreadable"
    STRANGER = "stranger"
    YEAR = "year"
    NOTHING = "nothing"
    SAME = "same"


OutcomeName = Literal[
    PageOutcome.DIFFERS, PageOutcome.PARTLY, PageOutcome.UNREADABLE, PageOutcome.STRANGER, PageOutcome.YEAR,
    PageOutcome.NOTHING, PageOutcome.SAME,
]  # fmt: skip
DaySource = Literal["meta", "line", "signed"]


class PageReadingRules(NamedTuple):
    """How a day is found in a page, which files only lie beside one, and which texts are compared."""

    meta: tuple[Pattern, ...]
    line: Pattern
    day: Pattern
    foot: Pattern
    web: tuple[str, ...]
    beside: tuple[str, ...]
    sections: tuple[SectionName, ...]
    sentence_end: Pattern
    folded: Pattern
    quoted: int


class PageSentences(NamedTuple):
    """What is said of a page, of a cell, of a sentence, of a unit that has none."""

    line: Annotated[str, "path", "said", "unit"]
    word: Mapping[OutcomeName, Annotated[str, "ours"]]
    refused: Annotated[str, "refusal"]
    other_year: Annotated[str, "year"]
    parts: str
    ours: Mapping[Literal["accepted", "latest"], str]
    cells: Annotated[str, "n", "ours"]
    texts: Annotated[str, "n", "ours"]
    unread: Annotated[str, "n"]
    blank: Annotated[str, "n", "ours"]
    late: Annotated[str, "due", "n", "source"]
    undated: str
    source: Mapping[DaySource, Annotated[str, "day"]]
    claimed: str
    named_otherwise: Annotated[str, "said"]
    not_accepted: str
    no_year: str
    cell: Annotated[str, "accepted", "cell", "ours", "place", "published", "where"]
    empty: str
    cut: str
    gone: Annotated[str, "accepted", "section"]
    added: Annotated[str, "published", "section"]
    changed: Annotated[str, "accepted", "ours", "published", "section"]
    doubt: Annotated[str, "text", "where"]
    unread_cells: Annotated[str, "cells"]
    unread_more: Annotated[str, "cells", "n"]
    missing: Annotated[str, "n", "units"]
    unsent: Annotated[str, "n", "units"]
    counts: Annotated[str, "apart", "differ", "late", "latest", "missing", "pages", "same", "unread"]
    past: Annotated[str, "file", "said"]
    nobody: str
    none: Annotated[str, "path"]
    bad_kind: Annotated[str, "path"]
    column: Annotated[str, "cells", "texts"]
    missing_word: str
    panel: str
    not_read: str
    title: Annotated[str, "county", "year"]
    stand: Annotated[str, "due"]


class PublishedFacts(NamedTuple):
    """The whole file: how pages are read, what is said, and the two lists of the workbook and the page."""

    read: PageReadingRules
    say: PageSentences
    units: ListSheet
    differences: ListSheet


@cache
def published_facts() -> PublishedFacts:
    """The words and rules, as data/published.toml has them."""
    return data.load("published", PublishedFacts)
