"""A document read into a filing: its edition by its labels, its tables, its words, and what stayed open."""

from collections.abc import Iterator

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, edition_named
from xlcheck.importing import grid_tables, text_tables
from xlcheck.importing.document import Document, Doubt, Imported
from xlcheck.importing.headings import Head, between, heads, turned
from xlcheck.importing.labels import LabelAt, find, row_fields
from xlcheck.importing.narrative import Narration, read_narrative
from xlcheck.importing.normal_text import NormalText, normal, spread
from xlcheck.importing.placement import Placement, place_rows

LONGEST = 600_000  # letters of a document; a province's report has 20,000
NEAR = 400  # letters above a row in which its headings stand
FLAT = 400  # letters of a line that holds a whole report


def extract(document: Document) -> Imported:
    """Read a document's tables and words; Refused where it has no table of ours.

    A table told in a grid is read by its columns' headings, one told in lines by the order of its figures.
    """
    if (letters := sum(len(line.text) for line in document.lines)) > LONGEST:
        raise Refused(messages().report_too_long.format(file=document.name, n=letters, limit=LONGEST))
    text = spread(line.text for line in document.lines)
    flat = any(len(line.text) > FLAT and _tells(line.text) for line in document.lines)
    found = heads(text, flat)
    name = _edition(document.name, text, found)
    form = edition_named(name).form
    placed, foreign, read = grid_tables.read_grids(document, form)
    told = [
        row for table in form.tables if table not in read for row in _told(document, text, found, form, table)
    ]
    mine = [(row_fields(form, t.mark.table, t.mark.row), t) for t in told if t.mark.table != "t4"]
    mine += [(form.groups["t4"], t) for t in told if t.mark.table == "t4"]
    mine, strange = _in_order(form, text, mine)
    settled = place_rows(form, [(names, t) for names, t in mine if names], placed)
    settled.doubts.extend(strange)
    settled.doubts.extend(foreign)
    settled.doubts.extend(_foreign(t) for names, t in mine if not names and t.figures)
    if not settled.evidence:
        raise Refused(messages().no_tables.format(file=document.name, labels="、".join(_examples(form))))
    prose = read_narrative(document, text, found)
    return _intake(form, text, settled, prose)


def _tells(line: str) -> bool:
    return data.toml("intake")["label"]["caption"] in normal(line)


def _examples(form: Form) -> list[str]:
    return [next(f.row.label for f in form.fields.values() if f.table == t) for t in ("t2", "t3")]


def _edition(file: str, text: NormalText, found: dict[str, Head]) -> str:
    """The edition most of whose own labels are met; the newest where the labels do not tell."""
    start = text.text.find(data.toml("intake")["label"]["caption"])
    body = text.text[max(start, 0) :]
    score = {name: sum(own in body for own in _own_labels(name)) for name in data.editions()}
    best = max(score.values())
    if not best and not any(find(text, 0, len(text.text), t, tuple(data.editions())) for t in ("t2", "t3")):
        form = edition_named(data.editions()[-1]).form
        raise Refused(messages().no_tables.format(file=file, labels="、".join(_examples(form))))
    return max((name for name, points in score.items() if points == best), key=data.editions().index)


def _own_labels(name: str) -> list[str]:
    """The labels that stand in one edition's tables and within no label of another's."""
    mine = _labels(name)
    others = {label for other in data.editions() if other != name for label in _labels(other)}
    return [one for one in mine if not any(one in other for other in others)]


def _labels(name: str) -> set[str]:
    form = edition_named(name).form
    texts = {
        normal(c.text) for table in form.tables for c in form.tables[table] if c.role in ("header", "label")
    }
    return {t for t in texts if len(t) >= 4}


def _told(
    document: Document, text: NormalText, found: dict[str, Head], form: Form, table: str
) -> Iterator[text_tables.TextRow]:
    """The rows of one table as the text tells them."""
    start, end = between(found, table, len(text.text))
    if table == "t4":
        yield from _last_table(document, text, start, end)
        return
    if start < 0:
        start, end = _without_heading(text, found, table)
    names = (form.edition, *(n for n in data.editions() if n != form.edition))
    marks = find(text, start, end, table, names)
    yield from text_tables.text_rows(document.lines, text, marks, end)


def _without_heading(text: NormalText, found: dict[str, Head], table: str) -> tuple[int, int]:
    """Where a table lies whose heading is not there: from its first words to the next heading."""
    words = data.toml("intake")["label"]
    start = text.text.find(words["caption"] if table == "t2" else words["corner"])
    if start < 0:
        return 0, 0
    after = [h.start for h in found.values() if h.start > start]
    corner = text.text.find(words["corner"], start) if table == "t2" else -1
    return start, min([*after, *([corner] if corner > 0 else []), len(text.text)])


def _last_table(document: Document, text: NormalText, start: int, end: int) -> Iterator[text_tables.TextRow]:
    """表四 has no rows: its figures follow the last of its headings."""
    last = data.toml("intake")["label"]["last"]
    at = text.text.rfind(last, max(start, 0), end)
    if start < 0 or at < 0:
        return
    at += len(last)
    line = text.line[at - 1]
    below = [n for n in range(line + 1, text.line[end - 1] + 1) if document.lines[n].row]
    rows = [text_tables.cell_row(document.lines, n, LabelAt("t4", "", at, at, True)) for n in below]
    whole = [row for row in rows if row]
    if whole:
        yield whole[0]
    else:
        yield text_tables.stream(document.lines, text, LabelAt("t4", "", at, at, True), end)


Rows = list[tuple[tuple[str, ...], text_tables.TextRow]]


def _in_order(form: Form, text: NormalText, told: Rows) -> tuple[Rows, list[Doubt]]:
    """The rows whose headings stand in the form's order; the others are not placed by it."""
    kept: Rows = []
    strange = []
    first: dict[str, int] = {}
    for names, row in told:
        start = first.setdefault(row.mark.table, row.mark.start)
        end = row.mark.start if row.mark.table == "t2" else start
        heads = turned(form, text, max(0, end - NEAR), end, names) if names and row.mark.table != "t4" else ()
        if heads:
            strange.append(Doubt("order", row.where, row.text, names, (heads,)))
        else:
            kept.append((names, row))
    return kept, strange


def _foreign(told: text_tables.TextRow) -> Doubt:
    ways = (tuple(str(f.entry) for f in told.figures if f.entry is not None),)
    return Doubt("foreign", told.where, told.text, (), ways)


def _intake(form: Form, text: NormalText, settled: Placement, prose: Narration) -> Imported:
    values = {name: settled.values.get(name) for name in form.fields}
    options = _options(form, text, settled)
    texts = dict(prose.texts)
    if preface := own_preface(form, prose):
        texts["preface"] = preface
    else:
        texts.pop("preface", None)
    filing = Filing(form.edition, prose.year, prose.unit, None, None, values, texts, options)
    doubted = {n for d in settled.doubts for n in d.fields if d.kind not in ("nil", "remark")}
    missing = [n for n in form.fields if n not in settled.evidence and n not in doubted]
    missing += [n for n in ("unit", "year") if filing.word(n) is None]
    missing += [n for n in ("s1", "s5", "s6", "sign", "date") if n not in texts]
    return Imported(filing, {**settled.evidence, **prose.evidence}, tuple(missing), tuple(settled.doubts))


def _options(form: Form, text: NormalText, settled: Placement) -> dict[str, str]:
    """A choice said by the unit behind its figure, or in a note under the table."""
    note = data.toml("report")["words"]["note"]
    found = {}
    for option in form.options:
        said = [c for c in option.choices if normal(note.format(label=option.label, choice=c)) in text.text]
        unit = settled.units.get(option.beside, "")
        if said or unit in option.choices:
            found[option.id] = unit or said[0]
    return found


def own_preface(form: Form, prose: Narration) -> str:
    """The preface without the sentences that our own reports add where the clerk wrote none."""
    words = data.toml("report")["words"]
    names = {"year": prose.year, "unit": prose.unit, "title": form.title, "notice": form.notice}
    ours = {normal(words[key].format(**names)) for key in ("preface", "period")}
    lines = prose.texts.get("preface", "").split("\n")
    return "\n".join(line for line in lines if normal(line) not in ours)
