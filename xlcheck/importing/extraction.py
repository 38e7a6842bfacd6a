"""The way of a report: file → document → sections → rows of tables → figures → words → filing."""

from pathlib import Path

from xlcheck.importing.document import Document, Imported
from xlcheck.importing.figures.placement import place_figures
from xlcheck.importing.imported import as_imported
from xlcheck.importing.no_report import refuse_blank, refuse_no_report, refuse_other_kinds
from xlcheck.importing.readers.formats import read_document
from xlcheck.importing.sections.narrative import read_narrative
from xlcheck.importing.sections.remainder import beside_tables
from xlcheck.importing.sections.report_edition import lay_out_report
from xlcheck.importing.tables.table_rows import table_rows


def read_report(path: Path) -> Imported:
    """Read a document into a filing with evidence; Refused with the reason where it cannot be read."""
    return extract(read_document(path))


def extract(document: Document) -> Imported:
    """Read a document's tables and words; Refused where it has no table of ours, or those of two reports."""
    refuse_other_kinds(document)
    layout = lay_out_report(document)
    rows = table_rows(layout)
    placement = place_figures(layout, rows)
    refuse_no_report(layout, placement)
    beside = beside_tables(layout, rows.taken)
    words = read_narrative(layout, rows.first, beside)
    read = as_imported(layout, rows, placement, words, beside)
    refuse_blank(layout, read)
    return read
