"""A document read into a filing: its edition by its labels, its tables, its words, and what stayed open."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.data.importing import DoubtKind
from xlcheck.data.messages import messages
from xlcheck.data.report import report
from xlcheck.editions import Clues, Edition, Refused, forms, newest_edition, which_edition
from xlcheck.importing import grid_tables, text_tables
from xlcheck.importing.document import Document, Doubt, Evidence, Imported
from xlcheck.importing.headings import Heads, anchor, begin, between, heads, turned
from xlcheck.importing.labels import Forms, find, row_fields
from xlcheck.importing.lost_headings import lost_headings
from xlcheck.importing.narrative import Narration, read_narrative
from xlcheck.importing.no_report import is_report, refuse_other_kinds, refuse_several
from xlcheck.importing.normal_text import NormalText, is_unreadable, normal, spread
from xlcheck.importing.placement import Placement, TableRows, place_rows, take_back_other_units
from xlcheck.importing.remainder import beside_tables, left_out
from xlcheck.importing.rowless import rowless_rows
from xlcheck.importing.title import TextPiece
from xlcheck.importing.witnesses import in_row_order, lone_failures

LONGEST = 600_000  # letters of a document; a province's report has 20,000
NEAR = 400  # letters above a row in which its headings stand
FLAT = 400  # letters of a line that holds a whole report
# doubts about what was taken over all the same
ASIDE = ("nil", "remark", "disguised", "heading", "meaning", "moved", "named")


def extract(document: Document) -> Imported:
    """Read a document's tables and words; Refused where it has no table of ours, or those of two reports.

    A table told in a grid is read by its columns' headings, one told in lines by the order of its figures.
    """
    if (letters := sum(len(line.text) for line in document.lines)) > LONGEST:
        raise Refused(messages().report_too_long.format(file=document.name, n=letters, limit=LONGEST))
    refuse_other_kinds(document)
    document, annex = _without_annex(document)
    text = spread(line.text for line in document.lines)
    flat = any(len(line.text) > FLAT and _begins_table(line.text) for line in document.lines)
    edition = _edition(document, text, flat)
    form = edition.form
    mine = (form, *(other for other in forms() if other is not form))
    found = heads(form, text, flat)
    found = found if flat else {**found, **lost_headings(form, document, text, found)}
    tables = _tables(edition, document, text, found, mine)
    refuse_several(document, text, mine, tables.placement.doubts)
    if not tables.placement.evidence and not tables.placement.doubts:
        raise _no_tables(document, form)
    if not is_report(form, document, text, found, mine):
        raise Refused(messages().import_labels.format(file=document.name, labels=_first_labels(form)))
    read = _imported(edition, document, text, found, mine, tables)
    notes = (Evidence(note.where, note.text) for note in document.notes)
    read = read._replace(left=(*read.left, *annex, *notes))
    if (
        not found
        and not read.filing.texts
        and all(v is None for v in read.filing.values.values())
        and not any(d.ways for d in read.doubts)
    ):
        raise Refused(messages().import_blank.format(file=document.name))
    return read


def _without_annex(document: Document) -> tuple[Document, tuple[Evidence, ...]]:
    """A document without the list of findings that our own drafts end in, and where that begins."""
    heading = normal(report().marks.annex)
    at = next((n for n, line in enumerate(document.lines) if normal(line.text) == heading), None)
    if at is None:
        return document, ()
    left = Evidence(document.lines[at].where, document.lines[at].text)
    return document._replace(lines=document.lines[:at]), (left,)


class _Tables(NamedTuple):
    """What the tables gave: the placement, the lines their rows took, and where the first row begins."""

    placement: Placement
    lines: frozenset[int]
    first: int


def _tables(edition: Edition, document: Document, text: NormalText, found: Heads, mine: Forms) -> _Tables:
    """Every row of every table, placed."""
    form = edition.form
    placed, foreign, read = grid_tables.read_grids(document, mine)
    rows = [
        (row_fields(form, table, row.mark.row), row)
        for table in form.tables if table not in read
        for row in _rows_in_lines(edition, document, text, found, mine, table)
    ]  # fmt: skip
    rows, strange = _in_order(form, text, rows)
    rows, away = in_row_order(form, rows)
    placement = place_rows(edition, [(names, row) for names, row in rows if names], placed)
    take_back_other_units(form, placement, text.text)
    placement.doubts.extend((*strange, *away, *foreign, *lone_failures(edition, placement, rows)))
    placement.doubts.extend(_foreign(row) for names, row in rows if not names and row.figures)
    placement.doubts.extend(_strange(row) for _, row in rows if row.beyond)
    lines = frozenset(n for _, row in rows for n in range(row.line, row.last + 1))
    first = min((row.mark.start for _, row in rows), default=_grid_start(document, text))
    return _Tables(placement, lines, first)


def _grid_start(document: Document, text: NormalText) -> int:
    """Where the first row of a grid begins."""
    return next((at for at, line in enumerate(text.line) if document.lines[line].row), 0)


def _begins_table(line: str) -> bool:
    """Whether a table's beginning stands in a line."""
    said = spread([line])
    return any(begin(form, anchor(form), said) >= 0 for form in forms())


def _no_tables(document: Document, form: Form) -> Refused:
    """The refusal of a document without our tables; it names a row that each of them begins with."""
    return Refused(messages().no_tables.format(file=document.name, labels=_first_labels(form)))


def _first_labels(form: Form) -> str:
    rows = (next(f.row.label for f in form.fields.values() if f.table == table) for table in form.tables)
    return messages().comma.join(filter(None, rows))


def _edition(document: Document, text: NormalText, flat: bool) -> Edition:
    """The edition by the labels from the first table on, then by what the words say of notice and year."""
    newest = newest_edition().form
    tables = dict.fromkeys(chain.from_iterable(form.tables for form in forms()))
    found = heads(newest, text, flat)
    headed = any(newest.is_rowless(name) for name in found if name in newest.tables)
    if not headed and not any(find(text, 0, len(text.text), table, forms()) for table in tables):
        raise _no_tables(document, newest)
    starts = [at for form in forms() if (at := begin(form, anchor(form), text)) >= 0]
    year = read_narrative(newest, document, text, found, _begin_of(found)).year
    return which_edition(Clues(text.text[min(starts, default=0) :], text.text, normal, year))


def _rows_in_lines(
    edition: Edition, document: Document, text: NormalText, found: Heads, mine: Forms, table: str
) -> Iterator[text_tables.TextRow]:
    """The rows of one table as the text tells them."""
    start, end = between(mine[0], found, table, len(text.text))
    if mine[0].is_rowless(table):
        yield from rowless_rows(edition, document, text, mine, table, start, end)
        return
    if start < 0:
        start, end = _without_heading(mine[0], text, found, table)
    marks = find(text, start, end, table, mine)
    yield from text_tables.text_rows(document.lines, text, marks, end, mine)


def _without_heading(form: Form, text: NormalText, found: Heads, table: str) -> tuple[int, int]:
    """Where a table lies whose heading is not there: from its first words to the next heading or table."""
    start = begin(form, table, text)
    if start < 0:
        return 0, 0
    order = tuple(form.tables)
    others = [begin(form, other, text, start) for other in order[order.index(table) + 1 :]]
    after = [h.start for h in found.values() if h.start > start] + [at for at in others if at > 0]
    return start, min([*after, len(text.text)])


def _in_order(form: Form, text: NormalText, told: TableRows) -> tuple[TableRows, list[Doubt]]:
    """The rows whose headings stand in the form's order; the others are not placed by it."""
    kept: TableRows = []
    strange = []
    first: dict[str, int] = {}
    for names, row in told:
        table, start = row.mark.table, first.setdefault(row.mark.table, row.mark.start)
        end = row.mark.start if form.is_stacked(table) else start
        named = names and not form.is_rowless(table)
        if met := turned(form, text, max(0, end - NEAR), end, names) if named else ():
            strange.append(Doubt("order", row.where, row.text, names, (met,)))
        else:
            kept.append((names, row))
    return kept, strange


def _foreign(told: text_tables.TextRow) -> Doubt:
    ways = (tuple(str(f.entry) for f in told.figures if f.entry is not None),)
    return Doubt("foreign", told.where, told.text, (), ways)


def _strange(told: text_tables.TextRow) -> Doubt:
    name, *figures = told.beyond
    return Doubt("strange", told.where, name, (), (tuple(figures),))


def _begin_of(found: Heads) -> int:
    return min((head.start for head in found.values()), default=0)


def _imported(
    edition: Edition, document: Document, text: NormalText, found: Heads, mine: Forms, tables: _Tables
) -> Imported:
    form, placement = edition.form, tables.placement
    beside = beside_tables(document, text, found, mine, tables.lines)
    first = _begin_of(found) if found else tables.first
    prose = read_narrative(form, document, text, found, first, beside)
    known = {one.where for one in placement.doubts}
    doubts = [*placement.doubts, *prose.doubts, *_asides(form, document, text, found, beside, known)]
    values = {name: placement.values.get(name) for name in form.fields}
    texts = {name: said for name, said in prose.texts.items() if name != "preface"}
    if preface := own_preface(form, prose):
        texts["preface"] = preface
    options = _options(form, text, placement)
    filing = Filing(form.edition, prose.year, prose.unit, None, None, values, texts, options)
    doubted = {n for d in doubts for n in d.fields if d.kind not in ASIDE}
    missing = [n for n in form.fields if n not in placement.evidence and n not in doubted]
    missing += [n for n in ("unit", "year") if filing.word(n) is None]
    missing += [n for n in form.texts if n != "preface" and n not in texts]
    evidence = {**placement.evidence, **prose.evidence}
    places = {one.where for one in placement.evidence.values()} | {one.where for one in placement.doubts}
    left = left_out(document, mine, prose.lines | tables.lines, places)
    return Imported(edition, filing, evidence, tuple(missing), tuple(doubts), tuple(left))


def _asides(
    form: Form,
    document: Document,
    text: NormalText,
    found: Heads,
    beside: Iterable[TextPiece],
    known: Collection[str],
) -> Iterator[Doubt]:
    """What was read otherwise than it stands: struck figures, headings by their words, moved paragraphs."""
    if document.untried:
        yield Doubt("untried", document.name, "")
    for one in document.disguises:
        yield Doubt("disguised", one.where, one.unread, (), ((one.text,),))
    for name, head in found.items():
        if not head.sure:
            line = document.lines[text.line[head.start]]
            kind: DoubtKind = "heading" if head.end > head.start else "meaning"
            yield Doubt(kind, line.where, line.text.strip(), (name,))
    for line in document.lines:
        if line.where not in known and is_unreadable(line.text):
            yield Doubt("unreadable", line.where, line.text.strip())
    for piece in beside:
        yield Doubt("moved", piece.where, piece.text)


def _options(form: Form, text: NormalText, placement: Placement) -> dict[str, str]:
    """A choice said by the unit behind its figure, or in a note under the table."""
    note = report().words.note
    found = {}
    for option in form.options:
        said = [c for c in option.choices if normal(note.format(label=option.label, choice=c)) in text.text]
        unit = placement.units.get(option.beside, "")
        if said or unit in option.choices:
            found[option.id] = unit or said[0]
    return found


def own_preface(form: Form, prose: Narration) -> str:
    """The preface without the sentences that our own reports add where the clerk wrote none."""
    words = report().words
    names = {"year": prose.year, "unit": prose.unit, "title": form.title, "notice": form.notice}
    ours = {normal(one.format(**names)) for one in (words.preface, words.period)}
    lines = prose.texts.get("preface", "").split("\n")
    return "\n".join(line for line in lines if normal(line) not in ours)
