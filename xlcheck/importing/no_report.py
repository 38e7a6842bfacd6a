"""Documents that hold our labels and are no report of one unit and one year: refused, with what they are."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from xlcheck import data
from xlcheck.data.form import form_file
from xlcheck.data.importing import importing
from xlcheck.data.messages import messages
from xlcheck.data.summary import summary
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Doubt, Imported, Line
from xlcheck.importing.figures.placement import Placement
from xlcheck.importing.labels import find
from xlcheck.importing.normal_text import NormalText, normal
from xlcheck.importing.sections.headings import anchor, begin
from xlcheck.importing.sections.report_edition import first_labels, no_tables
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.sections.title import TextPiece, find_title, title_of

LONGEST = 600_000  # letters of a document; a province's report has 20,000
FIRST, SHORT = 6, 60  # lines a document says in what it is; letters of one
OPENING = 24  # lines in which a page of ours says so, behind its bookmarks
TITLE = 3  # lines over which the title of a letter may run


def refuse_other_kinds(document: Document) -> None:
    """Refuse what is too long, what we made ourselves, a notice, a comparison, a list of several units."""
    _refuse_own_sheets(document.sheets, document.name)
    if (letters := sum(len(line.text) for line in document.lines)) > LONGEST:
        raise Refused(messages().report_too_long.format(file=document.name, n=letters, limit=LONGEST))
    rules, lines = importing().other, [one for one in document.lines if normal(one.text)]
    opening = "".join(normal(one.text) for one in lines[:OPENING])
    for what, words in rules.own.items():
        if re.search(words, opening):
            raise Refused(messages().import_ours.format(file=document.name, what=what))
    for n, line in enumerate(lines[:FIRST]):
        title = line.text.strip()
        for more in (*lines[n + 1 : n + TITLE], None):
            if len(normal(title)) <= SHORT and re.search(rules.notice, normal(title)):
                raise Refused(messages().import_notice.format(file=document.name, text=title))
            title += more.text.strip() if more else ""
        said = normal(line.text).strip("|")
        if len(said) <= SHORT and re.search(rules.comparison, said):
            raise Refused(messages().import_comparison.format(file=document.name, text=line.text.strip()))


def refuse_no_report(layout: ReportLayout, placement: Placement) -> None:
    """Refuse two reports in one file, a document without our tables, and one that only names their rows."""
    _refuse_several(layout, placement.doubts)
    if not placement.evidence and not placement.doubts:
        raise no_tables(layout.document, layout.form)
    if not _is_report(layout):
        labels = first_labels(layout.form)
        raise Refused(messages().import_labels.format(file=layout.document.name, labels=labels))


def refuse_blank(layout: ReportLayout, read: Imported) -> None:
    """Refuse a document without headings of which no figure and no word was read."""
    values = any(v is not None for v in read.filing.values.values())
    if not (layout.heads or read.filing.texts or values or any(d.ways for d in read.doubts)):
        raise Refused(messages().import_blank.format(file=layout.document.name))


def _refuse_own_sheets(names: Collection[str], file: str) -> None:
    """Refuse a workbook of ours, and the county's summary: their figures are at hand without reading."""
    if any(set(form_file(edition).sheets.values()) <= set(names) for edition in data.editions()):
        raise Refused(messages().import_own.format(file=file))
    if {summary().sheets.units.name, summary().sheets.fields.name} <= set(names):
        raise Refused(messages().import_summary.format(file=file))


def _refuse_several(layout: ReportLayout, doubts: Iterable[Doubt]) -> None:
    """Refuse two reports in one file, and tables of two years side by side; both are named."""
    document, text = layout.document, layout.text
    twice = {name for doubt in doubts if doubt.kind == "twice" for name in doubt.fields}
    rows = _first_rows(layout)
    titles = _titles_between(document.lines, text, rows)
    if len(twice) >= importing().other.twice or len(titles) > 1:
        names = titles or [document.lines[text.line[at]].where for at in rows] or sorted(twice)
        said = messages().comma.join(dict.fromkeys(names))
        raise Refused(messages().import_several.format(file=document.name, names=said))
    found = (find(text, 0, len(text.text), table, layout.forms) for table in layout.form.tables)
    tables = [marks[0].start for marks in found if marks]
    if line := next((one for at in tables for one in _years_beside(document.lines, text, at)), None):
        said = line.text.strip()
        raise Refused(messages().import_years.format(file=document.name, where=line.where, text=said))


def _is_report(layout: ReportLayout) -> bool:
    """Whether anything but the names of rows says so: a heading, a title, the words a table begins with."""
    opening = [TextPiece(line.text, line.where, n) for n, line in enumerate(layout.document.lines[:20])]
    marked = any(begin(one, anchor(one), layout.text) >= 0 for one in layout.forms)
    return bool(layout.heads) or marked or bool(_first_rows(layout)) or bool(find_title(opening).pieces)


def _first_rows(layout: ReportLayout) -> list[int]:
    """Where the first row of the largest table is named, whole."""
    form, text = layout.form, layout.text
    table = max(form.tables, key=lambda name: len(form.groups[name]))
    row = form.fields[form.groups[table][0]].row.id
    return [
        mark.start
        for mark in find(text, 0, len(text.text), table, layout.forms)
        if mark.row == row and mark.whole
    ]


def _titles_between(lines: Sequence[Line], text: NormalText, rows: Sequence[int]) -> list[str]:
    """The titles before the first of several tables and between them, where they differ in unit or year."""
    if len(rows) < 2:
        return []
    found: dict[tuple[str, str], str] = {}
    bounds = [0, *(text.line[at] for at in rows)]
    for first, last in pairwise(bounds):
        named = [
            (t, line.text.strip())
            for line in lines[first:last]
            if (t := title_of(line.text)) and (t[0] or t[1])
        ]
        for (unit, year), said in named[-1:]:
            found.setdefault((unit, str(year)), said)
    return list(found.values())


def _years_beside(lines: Sequence[Line], text: NormalText, row: int) -> Iterator[Line]:
    """Lines near a table that head columns of several years."""
    at = text.line[row]
    for line in lines[max(0, at - 8) : at]:
        years = re.findall(r"20\d\d", normal(line.text))
        columns = line.row and re.search(importing().other.years, normal(line.text))
        if len(set(years)) > 1 and (columns or _heads_years(line.text)):
            yield line


def _heads_years(line: str) -> bool:
    """Whether several years stand apart on a line."""
    return sum(bool(re.fullmatch(importing().prose.title_year, normal(part))) for part in line.split()) > 1
