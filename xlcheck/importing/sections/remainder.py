"""What of a document went nowhere: prose beside the tables, and whatever no text and no table took."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import groupby

from xlcheck.core.form import Form
from xlcheck.data.importing import importing
from xlcheck.data.report import report
from xlcheck.importing.document import Evidence
from xlcheck.importing.labels import Forms, printed_words, row_labels
from xlcheck.importing.normal_text import NormalText, normal
from xlcheck.importing.sections.headings import Heads
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.sections.title import TextPiece


def beside_tables(layout: ReportLayout, taken: Collection[int]) -> tuple[TextPiece, ...]:
    """The prose that stands under the headings of the tables: runs of lines with a sentence in them."""
    document, text, heads, forms = layout.document, layout.text, layout.heads, layout.forms
    region = {line for line in _table_lines(forms[0], text, heads, len(document.lines)) if line not in taken}
    headings = {text.line[at] for head in heads.values() for at in range(head.start, head.end)}
    left = [
        n
        for n in sorted(region - headings)
        if not document.lines[n].row and not _is_printed(document.lines[n].text, forms)
    ]
    runs = groupby(enumerate(left), key=lambda pair: pair[1] - pair[0])
    lines = [[n for _, n in run] for _, run in runs]
    return tuple(
        TextPiece(document.lines[n].text.strip(), document.lines[n].where, n)
        for run in lines if re.search(importing().prose.clause, "".join(document.lines[n].text for n in run))
        for n in run
    )  # fmt: skip


def left_out(layout: ReportLayout, used: Collection[int], places: Collection[str]) -> Iterator[Evidence]:
    """The lines that went into no text, are of no row that was read, and say more than the form prints."""
    forms = layout.forms
    for number, line in enumerate(layout.document.lines):
        said = line.text.strip()
        if number in used or line.where in places or not normal(said):
            continue
        if not _is_printed(said, forms) or re.search(r"\d", _without_words(said, forms)):
            yield Evidence(line.where, said)


def _table_lines(form: Form, text: NormalText, heads: Heads, count: int) -> Iterator[int]:
    """The lines under the headings of the tables."""
    starts = sorted((text.line[max(head.start, head.end - 1)], name) for name, head in heads.items())
    for n, (first, name) in enumerate(starts):
        if name in form.tables:
            yield from range(first, starts[n + 1][0] if n + 1 < len(starts) else count)


def _is_printed(said: str, forms: Forms) -> bool:
    """Whether a line holds nothing but words the form prints, or pieces of them, and figures."""
    if re.match(importing().prose.table_note, normal(said)):
        return True
    chunks = [chunk for part in re.split(r"[\s|]+", said) if (chunk := normal(part))]
    return not _bare(_words(forms).sub(" ", normal(said))) or all(_is_piece(chunk, forms) for chunk in chunks)


def _is_piece(chunk: str, forms: Forms) -> bool:
    """Whether what stands between spaces is a piece of a printed word, as narrow columns break them."""
    rests = (_bare(chunk), _bare(_words(forms).sub("", chunk)))
    return any(not rest or any(rest in word for word in _bare_words(forms)) for rest in rests)


def _without_words(said: str, forms: Forms) -> str:
    """A line without the words that the form prints, be they in one piece or parted by spaces."""
    whole = _words(forms).sub(" ", normal(said))
    parted = _words(forms).sub(" ", " ".join(normal(part) for part in re.split(r"[\s|]+", said)))
    return min(whole, parted, key=lambda rest: len(_bare(rest)))


def _bare(words: str) -> str:
    return re.sub(r"[\W\d_]+", "", normal(words))


@cache
def _bare_words(forms: Forms) -> frozenset[str]:
    return frozenset(map(_bare, _all_words(forms)))


@cache
def _words(forms: Forms) -> re.Pattern[str]:
    words = sorted(filter(None, _all_words(forms)), key=len, reverse=True)
    units = importing().figure.unit
    return re.compile("|".join([*map(re.escape, words), f"(?<=\\d)(?:{units})"]))


@cache
def _all_words(forms: Forms) -> frozenset[str]:
    labels = (label for form in forms for table in form.tables for label in row_labels(form, table))
    note = report().words.note  # under a table: what unit was chosen for it
    notes = [note.format(label=o.label, choice=c) for form in forms for o in form.options for c in o.choices]
    return frozenset(
        (*printed_words(forms), *(w for label in labels for w in label.wordings), *map(normal, notes))
    )
