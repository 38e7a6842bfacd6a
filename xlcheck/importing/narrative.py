"""The words around the tables: title, organ, year, preface, sections, signature and date."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.data.importing import importing
from xlcheck.importing.document import Document, Evidence, Line
from xlcheck.importing.headings import Heads, between
from xlcheck.importing.normal_text import NormalText, letter_spots, normal


class Narration(NamedTuple):
    """What the document says in words: the filing's texts, unit and year, each with its evidence."""

    texts: Mapping[str, str]
    unit: str | None
    year: Decimal | None
    evidence: Mapping[str, Evidence]


class TextPiece(NamedTuple):
    text: str
    where: str


def read_narrative(form: Form, document: Document, text: NormalText, heads: Heads) -> Narration:
    """Sort the lines outside the tables into title, preface, sections and signature."""
    opening, closing = _around(form)
    parts = {name: _section(form, document, text, heads, name) for name in (*opening, *closing)}
    first = min((h.start for h in heads.values()), default=0)
    before = _cut(document.lines, text, 0, first)
    title, preface = _title(before)
    close, sign, date = _signature(parts[last]) if (last := _last(heads, closing)) else ([], None, None)
    if last:
        parts[last] = close
    parts["preface"] = preface
    full = _full(document) if document.flowing else 0
    found = {name: _joined(pieces, full) for name, pieces in parts.items() if pieces}
    places = {
        name: Evidence(pieces[0].where, pieces[0].text[:60]) for name, pieces in parts.items() if pieces
    }
    for name, piece in (("sign", sign), ("date", date)):
        if piece:
            found[name], places[name] = piece.text, Evidence(piece.where, piece.text)
    unit, year, named = _named(title, sign, [*preface, *(piece for name in opening for piece in parts[name])])
    return Narration({k: v for k, v in found.items() if v}, unit, year, {**places, **named})


def _around(form: Form) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The written sections before the last table, and those after it."""
    order = tuple(form.sections)
    after = max(order.index(table) for table in form.tables)
    written = [name for name in order if name not in form.tables]
    before = tuple(name for name in written if order.index(name) < after)
    return before, tuple(name for name in written if order.index(name) > after)


def _last(heads: Heads, closing: Sequence[str]) -> str | None:
    return next((name for name in reversed(closing) if name in heads), None)


def _section(form: Form, document: Document, text: NormalText, heads: Heads, name: str) -> list[TextPiece]:
    start, end = between(form, heads, name, len(text.text))
    return _cut(document.lines, text, start, end) if start >= 0 else []


def _cut(lines: Sequence[Line], text: NormalText, start: int, end: int) -> list[TextPiece]:
    """The lines of prose between two places; a line that begins or ends within is cut there."""
    pieces = []
    by_line: dict[int, list[int]] = {}
    for at in range(start, end):
        by_line.setdefault(text.line[at], []).append(at)
    for number, ats in by_line.items():
        line = lines[number]
        if not line.row:
            said = _within(line.text, text, number, ats[0], ats[-1])
            pieces.append(TextPiece(said, line.where))
    return pieces


def _within(said: str, text: NormalText, number: int, first: int, last: int) -> str:
    """The part of a line between two of its letters."""
    begins = first == 0 or text.line[first - 1] != number
    ends = last + 1 == len(text.text) or text.line[last + 1] != number
    if begins and ends:
        return said.strip()
    spots = letter_spots(said)
    start = first
    while start and text.line[start - 1] == number:
        start -= 1
    to = spots[last - start] + 1
    rest = said[to:] if ends else re.match(r"[^\w\s]*", said[to:])[0]  # type: ignore[index]
    return (said[0 if begins else spots[first - start] : to] + rest).strip()


def _title(pieces: list[TextPiece]) -> tuple[list[TextPiece], list[TextPiece]]:
    """The title's lines and the preface; a web page's furniture above and between is neither."""
    rules = importing().prose
    kept = [p for p in pieces if not re.match(rules.furniture, normal(p.text))]
    titles = [
        n
        for n, p in enumerate(kept[:12])
        if len(normal(p.text)) < 60 and re.search(rules.title, normal(p.text))
    ]
    if not titles:
        return [], kept
    at = titles[-1]
    above = [
        p
        for p in kept[max(0, at - 2) : at]
        if len(normal(p.text)) < 40 and re.search(rules.organ, normal(p.text))
    ]
    return [*above[-1:], kept[at]], [p for p in kept[at + 1 :] if not _aside(p.text, kept[at].text)]


def _aside(text: str, title: str) -> bool:
    """A line beside the title: the organ again, a date in brackets."""
    said = normal(text).strip("()")
    return said in normal(title) or bool(re.fullmatch(importing().prose.date, said))


def _signature(pieces: list[TextPiece]) -> tuple[list[TextPiece], TextPiece | None, TextPiece | None]:
    """What stands at the very end: a date on its own line, an organ before it or alone, no code of ours."""
    rules, rest = importing().prose, list(pieces)
    date = sign = None
    if rest and re.fullmatch(rules.code, normal(rest[-1].text)):
        rest.pop()
    if rest and re.fullmatch(rules.date, normal(rest[-1].text).strip("()")):
        date = rest.pop()
    if rest and len(normal(rest[-1].text)) <= 30 and re.search(rules.organ, normal(rest[-1].text)):
        sign = rest.pop()
    return rest, sign, date


def _named(
    title: list[TextPiece], sign: TextPiece | None, said: list[TextPiece]
) -> tuple[str | None, Decimal | None, dict[str, Evidence]]:
    """The unit and the year: by the title, else by the signature and the first lines."""
    rules, places = importing().prose, dict[str, Evidence]()
    whole = "".join(normal(p.text) for p in title)
    dated, after = re.match(rules.title_year, whole), re.match(rules.title_after, whole)
    found = dated or re.match(rules.title_plain, whole)
    unit = after[2] if after else found[1] if found and found[1] and (dated or not sign) else None
    if unit and title:
        places["unit"] = Evidence(title[-1].where, " ".join(p.text for p in title))
        unit = _as_written(unit, title)
    elif sign:
        unit, places["unit"] = sign.text, Evidence(sign.where, sign.text)
    year = Decimal(dated[2]) if dated else None
    if dated:
        places["year"] = Evidence(title[-1].where, title[-1].text)
    for piece in () if dated else said:
        hit = next((m for p in rules.year_said if (m := re.search(p, normal(piece.text)))), None)
        if hit:
            year, places["year"] = Decimal(hit[1]), Evidence(piece.where, piece.text[:80])
            break
    return unit or None, year, places


def _as_written(unit: str, title: list[TextPiece]) -> str:
    """The unit in the title's own letters, spaces and brackets and all."""
    for piece in title:
        spots = letter_spots(piece.text)
        at = normal(piece.text).find(unit)
        if at >= 0:
            return piece.text[spots[at] : spots[at + len(unit) - 1] + 1]
    return unit


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
