"""Which edition a report is of, by its labels, its notice and its year; its headings are that edition's."""

from itertools import chain

from xlcheck.core.form import Form
from xlcheck.data.messages import messages
from xlcheck.data.report import report
from xlcheck.editions import Clues, Edition, Refused, forms, newest_edition, which_edition
from xlcheck.importing.document import Document, Evidence
from xlcheck.importing.labels import find
from xlcheck.importing.normal_text import normal, spread
from xlcheck.importing.sections.headings import anchor, begin, heads
from xlcheck.importing.sections.lost_headings import lost_headings
from xlcheck.importing.sections.narrative import read_narrative
from xlcheck.importing.sections.report_layout import ReportLayout

FLAT = 400  # letters of a line that holds a whole report


def lay_out_report(document: Document) -> ReportLayout:
    """Lay a document out by the newest edition, whose words tell its own; Refused where no row is ours."""
    document, annex = _without_annex(document)
    text = spread(line.text for line in document.lines)
    flat = any(len(line.text) > FLAT and _begins_table(line.text) for line in document.lines)
    newest = newest_edition()
    layout = ReportLayout(document, text, newest, heads(newest.form, text, flat), annex)
    edition = _edition(layout)
    found = heads(edition.form, text, flat)
    lost = {} if flat else lost_headings(edition.form, document, text, found)
    return layout._replace(edition=edition, heads={**found, **lost})


def no_tables(document: Document, form: Form) -> Refused:
    """The refusal of a document without our tables; it names a row that each of them begins with."""
    labels = first_labels(form)
    if document.pictures:
        return Refused(messages().pictured.format(file=document.name, n=document.pictures, labels=labels))
    return Refused(messages().no_tables.format(file=document.name, labels=labels))


def first_labels(form: Form) -> str:
    """The rows that the tables begin with."""
    rows = (next(f.row.label for f in form.fields.values() if f.table == table) for table in form.tables)
    return messages().comma.join(filter(None, rows))


def _without_annex(document: Document) -> tuple[Document, tuple[Evidence, ...]]:
    """A document without the list of findings that our own drafts end in, and where that begins."""
    heading = normal(report().marks.annex)
    at = next((n for n, line in enumerate(document.lines) if normal(line.text) == heading), None)
    if at is None:
        return document, ()
    left = Evidence(document.lines[at].where, document.lines[at].text)
    return document._replace(lines=document.lines[:at]), (left,)


def _begins_table(line: str) -> bool:
    """Whether a table's beginning stands in a line."""
    said = spread([line])
    return any(begin(form, anchor(form), said) >= 0 for form in forms())


def _edition(layout: ReportLayout) -> Edition:
    """The edition by the labels from the first table on, then by what the words say of notice and year."""
    newest, text = layout.form, layout.text
    tables = dict.fromkeys(chain.from_iterable(form.tables for form in forms()))
    headed = any(newest.is_rowless(name) for name in layout.heads if name in newest.tables)
    if not headed and not any(find(text, 0, len(text.text), table, forms()) for table in tables):
        raise no_tables(layout.document, newest)
    starts = [at for form in forms() if (at := begin(form, anchor(form), text)) >= 0]
    year = read_narrative(layout, layout.begin).year
    return which_edition(Clues(text.text[min(starts, default=0) :], text.text, normal, year))
