"""Compare a published report with the accepted filing: cell by cell, sentence by sentence."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.formula import Entry
from xlcheck.county.page_reading import PageReading
from xlcheck.data.published import published_facts
from xlcheck.editions import Edition, edition_named


class CellDifference(NamedTuple):
    """A cell in which the two differ, and where the published figure stands."""

    field: str
    published: Entry
    accepted: Entry
    where: str


class TextDifference(NamedTuple):
    """A sentence that was changed, added or left out; empty where it does not stand."""

    section: str
    published: str
    accepted: str


class PageComparison(NamedTuple):
    """All in which a page differs; ``blank`` cells are empty for a 0, ``unread`` ones were not found."""

    cells: tuple[CellDifference, ...] = ()
    texts: tuple[TextDifference, ...] = ()
    blank: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def compare_page(edition: Edition, accepted: Filing, page: PageReading) -> PageComparison:
    """Compare what a page says with what was accepted; what was not read is told as that, never as other.

    Texts are compared by their sentences, spaces, line breaks and full or half width apart.
    """
    assert page.filing
    form, other = edition.form, edition_named(page.filing.edition).form
    ours, theirs = stated_values(form, accepted), stated_values(other, page.filing)
    doubted = {name for doubt in page.doubts for name in doubt.fields}
    read = [n for n in form.fields if n in page.places and n not in doubted]
    unread = [n for n in form.fields if n not in read and theirs.get(n) is None]
    cells = [
        CellDifference(n, theirs.get(n), ours[n], page.places[n])
        for n in read if not _same(theirs.get(n), ours[n])
    ]  # fmt: skip
    blank = [n for n in read if theirs.get(n) is None and ours[n] == 0]
    return PageComparison(
        tuple(cells), tuple(_texts(accepted.texts, page.filing.texts)), tuple(blank), tuple(unread)
    )


def _same(published: Entry, accepted: Entry) -> bool:
    """Whether two entries say the same; nothing and 0 do."""
    empty = (None, "", Decimal(0))
    return published == accepted or (published in empty and accepted in empty)


def _texts(accepted: Mapping[str, str], published: Mapping[str, str]) -> Iterator[TextDifference]:
    for section in published_facts().read.sections:
        ours, theirs = (list(_sentences(texts.get(section, ""))) for texts in (accepted, published))
        if not ours and section == "preface":  # what a report says of itself before its first part
            continue
        known = SequenceMatcher(None, [_plain(s) for s in ours], [_plain(s) for s in theirs], autojunk=False)
        for kind, a, b, c, d in known.get_opcodes():
            pairs: Iterable[tuple[str, str]] = zip_longest(theirs[c:d], ours[a:b], fillvalue="")
            yield from (TextDifference(section, *pair) for pair in pairs if kind != "equal")


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a line break ends none, for a page breaks its lines anywhere."""
    rules = published_facts().read
    parts = rules.sentence_end.split(rules.folded.sub("", text))
    return (part for part in parts if _plain(part))


def _plain(sentence: str) -> str:
    """A sentence as it is compared: letters and figures, in one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", sentence) if c.isalnum() or c in ".%")
