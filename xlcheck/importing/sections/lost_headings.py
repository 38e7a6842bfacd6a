"""Written sections whose headings are lost: where they begin by what their first line speaks of."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from xlcheck.core.form import Form
from xlcheck.data.importing import importing
from xlcheck.importing.document import Document
from xlcheck.importing.normal_text import NormalText, normal
from xlcheck.importing.sections.headings import Head, Heads
from xlcheck.importing.sections.title import title_of


def lost_headings(form: Form, document: Document, text: NormalText, found: Heads) -> dict[str, Head]:
    """A heading without letters for each section that has none, before the first paragraph of its kind.

    Only beside a table that has its heading, and only between the headings before and after, so that it is
    the last resort; it is never ``sure`` and always told.
    """
    order, lost = tuple(form.sections), dict[str, Head]()
    for name, words in importing().heading.meanings.items():
        if name in found or name not in order or not any(table in found for table in form.tables):
            continue
        known, at = {**found, **lost}, order.index(name)
        start = max((known[n].end for n in order[:at] if n in known), default=0)
        end = min((known[n].start for n in order[at + 1 :] if n in known), default=len(text.text))
        for line in _paragraphs(document, text, start, end):
            if re.match(words, normal(document.lines[line].text)):
                place = max(start, bisect_left(text.line, line))
                lost[name] = Head(name, place, place, sure=False)
                break
    return lost


def _paragraphs(document: Document, text: NormalText, start: int, end: int) -> Iterator[int]:
    """The lines between two places that a paragraph begins on: none of a table, none cut at its width."""
    prose = importing().prose
    first = text.line[start] if start < len(text.text) else len(document.lines)
    last = text.line[end - 1] + 1 if end else 0
    for n in range(first, last):
        before = document.lines[n - 1].text.strip() if n > first and not document.lines[n - 1].row else ""
        whole = not before or re.search(prose.ended, before) or not document.flowing
        said = "" if document.lines[n].row else document.lines[n].text
        if (
            whole
            and normal(said)
            and not title_of(said)
            and re.search(prose.clause, said + _next(document, n))
        ):
            yield n


def _next(document: Document, n: int) -> str:
    """The line that a paragraph may go on in."""
    return document.lines[n + 1].text if document.flowing and n + 1 < len(document.lines) else ""
