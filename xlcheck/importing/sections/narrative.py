"""The words around the tables: title, organ, year, preface, sections, signature and date."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain, pairwise
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.data.importing import importing
from xlcheck.importing.cell_figure import are_figures
from xlcheck.importing.document import Document, Doubt, Evidence, Line
from xlcheck.importing.normal_text import NormalText, normal, sign_places
from xlcheck.importing.sections.headings import Heads, between
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.sections.title import ReportTitle, TextPiece, find_title, owner

FOOT = 12  # lines that a page may have below a report's date


class Narration(NamedTuple):
    """What the document says in words: the filing's texts, unit and year, each with its evidence.

    ``lines`` are those that went into one of them.
    """

    texts: Mapping[str, str]
    unit: str | None
    year: Decimal | None
    evidence: Mapping[str, Evidence]
    doubts: tuple[Doubt, ...] = ()
    lines: frozenset[int] = frozenset()


def read_narrative(layout: ReportLayout, first: int, beside: Sequence[TextPiece] = ()) -> Narration:
    """Sort the lines outside the tables into title, preface, sections and signature.

    ``first`` is where the first heading or table begins; ``beside`` is prose that stands among the tables
    and is put behind the first section, where the tables can be compared with it.
    """
    document, text, heads = layout.document, layout.text, layout.heads
    opening, closing = _around(layout.form)
    parts = {name: _section(layout, name) for name in (*opening, *closing)}
    title, parts["preface"] = _opening(_cut(document.lines, text, 0, first))
    sign = date = code = None
    if last := _last(heads, closing):
        parts[last], sign, date, code = _signature(parts[last])
    parts[opening[0]] = [*parts[opening[0]], *beside]
    last_words = {name: [piece] for name, piece in (("sign", sign), ("date", date)) if piece}
    said = [*parts["preface"], *(piece for name in opening for piece in parts[name])]
    mine = owner(title, sign, said, (*document.sheets, document.name))
    used = [*title.pieces, *([code] if code else ()), *chain(*parts.values(), *last_words.values())]
    heading = (text.line[at] for h in heads.values() for at in range(h.start, h.end))
    texts, places = _joined_all(document, parts | last_words)
    return Narration(
        texts, mine.unit, mine.year, {**places, **mine.evidence}, mine.doubts,
        frozenset((*(piece.line for piece in used), *heading)),
    )  # fmt: skip


def _joined_all(
    document: Document, parts: Mapping[str, list[TextPiece]]
) -> tuple[dict[str, str], dict[str, Evidence]]:
    """Each text in one, and where it begins."""
    full = _full(document) if document.flowing else 0
    texts = {name: _joined(pieces, full) for name, pieces in parts.items() if pieces}
    places = {
        name: Evidence(pieces[0].where, pieces[0].text[:60]) for name, pieces in parts.items() if pieces
    }
    return {name: text for name, text in texts.items() if text}, places


def _opening(pieces: list[TextPiece]) -> tuple[ReportTitle, list[TextPiece]]:
    """The title and the preface; a web page's furniture above and between is neither."""
    kept = [p for p in pieces if not re.match(importing().prose.furniture, normal(p.text))]
    title = find_title(kept)
    if not title.pieces:
        return title, kept
    after = kept[kept.index(title.pieces[-1]) + 1 :]
    whole = "".join(piece.text for piece in title.pieces)
    return title, [p for p in after if not _aside(p.text, whole)]


def _around(form: Form) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The written sections before the last table, and those after it."""
    order = tuple(form.sections)
    after = max(order.index(table) for table in form.tables)
    written = [name for name in order if name not in form.tables]
    before = tuple(name for name in written if order.index(name) < after)
    return before, tuple(name for name in written if order.index(name) > after)


def _last(heads: Heads, closing: Sequence[str]) -> str | None:
    return next((name for name in reversed(closing) if name in heads), None)


def _section(layout: ReportLayout, name: str) -> list[TextPiece]:
    start, end = between(layout.form, layout.heads, name, len(layout.text.text))
    return _cut(layout.document.lines, layout.text, start, end) if start >= 0 else []


def _cut(lines: Sequence[Line], text: NormalText, start: int, end: int) -> list[TextPiece]:
    """The lines of prose between two places; a line that begins or ends within is cut there.

    Figures alone are no prose: they are of a table, in a page whose columns go on in another.
    """
    pieces = []
    by_line: dict[int, list[int]] = {}
    for at in range(start, end):
        by_line.setdefault(text.line[at], []).append(at)
    for number, ats in by_line.items():
        line = lines[number]
        if not line.row and not are_figures(line.text):
            said = _within(line.text, text, number, ats[0], ats[-1])
            pieces.append(TextPiece(said, line.where, number))
    return pieces


def _within(said: str, text: NormalText, number: int, first: int, last: int) -> str:
    """The part of a line between two of its letters."""
    begins = first == 0 or text.line[first - 1] != number
    ends = last + 1 == len(text.text) or text.line[last + 1] != number
    if begins and ends:
        return said.strip()
    spots = sign_places(said)
    start = first
    while start and text.line[start - 1] == number:
        start -= 1
    to = spots[last - start] + 1
    rest = said[to:] if ends else re.match(r"[^\w\s]*", said[to:])[0]  # type: ignore[index]
    return (said[0 if begins else spots[first - start] : to] + rest).strip()


def _aside(text: str, title: str) -> bool:
    """A line beside the title: the organ again, a date in brackets."""
    said = normal(text).strip("()")
    return said in normal(title) or bool(re.fullmatch(importing().prose.date, said))


def _signature(
    pieces: list[TextPiece],
) -> tuple[list[TextPiece], TextPiece | None, TextPiece | None, TextPiece | None]:
    """What stands at the very end: an organ and a date on lines of their own, maybe a code of ours.

    What a web page has behind the date is no text of the report.
    """
    rules, rest = importing().prose, _without_foot(pieces)
    code = date = sign = None
    if rest and re.fullmatch(rules.code, normal(rest[-1].text)):
        code = rest.pop()
    if rest and _is_date(rest[-1]):
        date = rest.pop()
        date = date._replace(text="".join(date.text.split()))  # a page puts spaces between signs and figures
    if rest and len(normal(rest[-1].text)) <= 30 and re.search(rules.organ, normal(rest[-1].text)):
        sign = rest.pop()
    return rest, sign, date, code


def _without_foot(pieces: list[TextPiece]) -> list[TextPiece]:
    """The paragraphs without a page's furniture at their end; behind the date that is all but sentences."""
    last = len(pieces)
    while last and re.match(importing().prose.furniture, normal(pieces[last - 1].text)):
        last -= 1
    dated = next((n for n in range(last - 1, max(-1, last - FOOT), -1) if _is_date(pieces[n])), None)
    behind = [] if dated is None else pieces[dated + 1 : last]
    code = [n for n, one in enumerate(behind) if re.fullmatch(importing().prose.code, normal(one.text))]
    if dated is not None and not any(re.search(importing().prose.clause, one.text) for one in behind):
        last = dated + 1 + (code[0] + 1 if code[:1] == [0] else 0)
    return pieces[:last]


def _is_date(piece: TextPiece) -> bool:
    return bool(re.fullmatch(importing().prose.date, normal(piece.text).strip("()")))


def _joined(pieces: list[TextPiece], full: int) -> str:
    """Paragraphs one under another; lines cut at the page's width are joined again."""
    lead, ended = importing().prose.table_lead, importing().prose.ended
    lines = [p.text for p in pieces if p.text and not re.search(lead, normal(p.text)[-6:])]
    text = lines[0] if lines else ""
    for before, line in pairwise(lines):
        cut = full and _wide(before) >= full and not re.search(ended, before)
        text += line if cut else "\n" + line
    return text


def _full(document: Document) -> int:
    """From which width on a line of the source is a full one, cut at the page's edge."""
    wide = [w for line in document.lines if not line.row and (w := _wide(line.text.strip())) > 40]
    usual = max(set(wide), key=lambda w: sum(abs(w - x) <= 2 for x in wide), default=0)
    return usual - 6


def _wide(line: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in line)
