"""Compare a published report with the accepted filing: cell by cell, sentence by sentence."""

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import texts_of
from xlcheck.core.formula import Entry
from xlcheck.county.published.page_reading import PageReading
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
    doubted = {n for doubt in page.doubts for n in doubt.fields if theirs.get(n) is None}
    read = [n for n in form.fields if n in page.places and n not in doubted]
    unread = [n for n in form.fields if n not in read and theirs.get(n) is None]
    cells = [
        CellDifference(n, theirs.get(n), ours[n], page.places[n])
        for n in read if not _same(theirs.get(n), ours[n])
    ]  # fmt: skip
    blank = [n for n in read if theirs.get(n) is None and ours[n] == 0]
    texts = _texts(form, accepted, page.filing)
    return PageComparison(tuple(cells), tuple(texts), tuple(blank), tuple(unread))


def _same(published: Entry, accepted: Entry) -> bool:
    """Whether two entries say the same; nothing and 0 do."""
    empty = (None, "", Decimal(0))
    return published == accepted or (published in empty and accepted in empty)


def _texts(form: Form, accepted: Filing, page: Filing) -> Iterator[TextDifference]:
    """What a site writes around a report is no difference: before its first part, and below its signature."""
    *_, last = texts_of(form)
    for section in published_facts().read.sections:
        theirs = page.texts.get(section, "")
        if section == last:
            theirs = _unsigned(theirs, accepted, page)
        for published, ours in _pairs(accepted.texts.get(section, ""), theirs):
            if ours or section in form.sections:
                yield TextDifference(section, published, ours)


def _pairs(accepted: str, published: str) -> Iterator[tuple[str, str]]:
    """The sentences that differ, published and accepted; empty where one has none.

    One that stands in the other text as often, as a part of something longer or elsewhere, is not missing.
    """
    ours, theirs = list(_sentences(accepted)), list(_sentences(published))
    known = SequenceMatcher(None, list(map(_plain, ours)), list(map(_plain, theirs)), autojunk=False)
    here, there = _plain(accepted), _plain(published)
    for kind, a, b, c, d in known.get_opcodes():
        left = [one for one in theirs[c:d] if here.count(_plain(one)) < there.count(_plain(one))]
        right = [one for one in ours[a:b] if there.count(_plain(one)) < here.count(_plain(one))]
        if kind != "equal":
            yield from zip_longest(left, right, fillvalue="")


def _unsigned(text: str, accepted: Filing, page: Filing) -> str:
    """The last part as far as the signature or the site's own foot: what is below is not the report's."""
    names = {_plain(name) for name in (accepted.unit, accepted.texts.get("sign"), page.unit) if name}
    lines, rules = text.split("\n"), published_facts().read
    ends = (
        n for n, line in enumerate(lines)
        if _plain(line) in names or rules.day.fullmatch(line.strip()) or rules.foot.match(line.strip())
    )  # fmt: skip
    return "\n".join(lines[: next(ends, len(lines))])


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a line break ends none, for a page breaks its lines anywhere."""
    rules = published_facts().read
    parts = rules.sentence_end.split(rules.folded.sub("", text))
    return (part for part in parts if _plain(part))


def _plain(sentence: str) -> str:
    """A sentence as it is compared: letters and figures, in one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", sentence) if c.isalnum() or c in ".%")
