"""What a report gives: a filing with the evidence of each entry, what is missing and what stayed open."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.data.importing import DoubtKind
from xlcheck.data.report import report
from xlcheck.importing.cell_figure import are_figures
from xlcheck.importing.document import ASIDE, Doubt, Evidence, Imported
from xlcheck.importing.figures.placement import Placement
from xlcheck.importing.normal_text import is_unreadable, normal
from xlcheck.importing.sections.narrative import Narration
from xlcheck.importing.sections.remainder import left_out
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.sections.title import TextPiece
from xlcheck.importing.tables.table_rows import ReportRows


def as_imported(
    layout: ReportLayout,
    rows: ReportRows,
    placement: Placement,
    words: Narration,
    beside: Sequence[TextPiece],
) -> Imported:
    """Make the filing, with the evidence of each figure and text; what stayed open is told beside it."""
    form, document = layout.form, layout.document
    known = {one.where for one in placement.doubts}
    doubts = [*placement.doubts, *words.doubts, *_asides(layout, beside, known)]
    filing = _filing(layout, placement, words)
    doubted = {n for d in doubts for n in d.fields if d.kind not in ASIDE}
    places = {one.where for one in placement.evidence.values()} | known
    left = tuple(left_out(layout, words.lines | rows.taken, places))
    loose = any(are_figures(one.text) for one in left)  # of rows that then stand there without figures
    empty = {n for n in form.fields if n not in placement.evidence or (loose and filing.values[n] is None)}
    missing = [n for n in form.fields if n in empty and n not in doubted]
    missing += [n for n in ("unit", "year") if filing.word(n) is None]
    missing += [n for n in form.texts if n != "preface" and n not in filing.texts]
    evidence = {**placement.evidence, **words.evidence}
    notes = (Evidence(note.where, note.text) for note in document.notes)
    everything = (*left, *layout.annex, *notes)
    return Imported(layout.edition, filing, evidence, tuple(missing), tuple(doubts), everything)


def _filing(layout: ReportLayout, placement: Placement, words: Narration) -> Filing:
    form = layout.form
    values = {name: placement.values.get(name) for name in form.fields}
    texts = {name: text for name, text in words.texts.items() if name != "preface"}
    if preface := _own_preface(form, words):
        texts["preface"] = preface
    options = _options(layout, placement)
    return Filing(form.edition, words.year, words.unit, None, None, values, texts, options)


def _asides(layout: ReportLayout, beside: Iterable[TextPiece], known: Collection[str]) -> Iterator[Doubt]:
    """What was read otherwise than it stands: struck figures, headings by their words, moved paragraphs."""
    document, text = layout.document, layout.text
    if document.untried:
        yield Doubt("untried", document.name, "")
    for one in document.disguises:
        yield Doubt("disguised", one.where, one.unread, (), ((one.text,),))
    for name, head in layout.heads.items():
        if not head.sure:
            line = document.lines[text.line[head.start]]
            kind: DoubtKind = "heading" if head.end > head.start else "meaning"
            yield Doubt(kind, line.where, line.text.strip(), (name,))
    for line in document.lines:
        if line.where not in known and is_unreadable(line.text):
            yield Doubt("unreadable", line.where, line.text.strip())
    for piece in beside:
        yield Doubt("moved", piece.where, piece.text)


def _options(layout: ReportLayout, placement: Placement) -> dict[str, str]:
    """A choice said by the unit behind its figure, or in a note under the table."""
    note = report().words.note
    found = {}
    for option in layout.form.options:
        said = [
            c for c in option.choices if normal(note.format(label=option.label, choice=c)) in layout.text.text
        ]
        unit = placement.units.get(option.beside, "")
        if said or unit in option.choices:
            found[option.id] = unit or said[0]
    return found


def _own_preface(form: Form, prose: Narration) -> str:
    """The preface without the sentences that our own reports add where the clerk wrote none."""
    words = report().words
    names = {"year": prose.year, "unit": prose.unit, "title": form.title, "notice": form.notice}
    ours = {normal(one.format(**names)) for one in (words.preface, words.period)}
    lines = prose.texts.get("preface", "").split("\n")
    return "\n".join(line for line in lines if normal(line) not in ours)
