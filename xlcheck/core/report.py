"""A filing told as the yearly report: title, preface, six sections with three tables, signature, date."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from xlcheck.core.blocks import (
    Agreed,
    Block,
    Heading,
    Paragraph,
    Remark,
    Report,
    Run,
    Signature,
    Table,
    Title,
    printable,
)
from xlcheck.core.filing import Filing, entry_text, stated_values
from xlcheck.core.finding import Finding
from xlcheck.core.form import Form
from xlcheck.data.report import ReportWords


def report_blocks(
    form: Form,
    wording: ReportWords,
    filing: Filing,
    findings: Iterable[Finding] = (),
    agreed: Sequence[Agreed] = (),
    leads: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """Tell a filing as its report; findings not yet answered become the remarks of a draft.

    ``leads`` are sentences that stand under the headings of tables.
    Under a ticked nil return blank figures are 0; any other blank stays blank.
    """
    remarks = tuple(_remarks(form, wording, findings))
    names = _names(form, wording, filing)
    title = Title(tuple(line.format(**names) for line in wording.title))
    preface = "\n".join(_preface(wording, filing.texts.get("preface") or "", names))
    opening = _paragraphs(wording, preface, "", _quotes(remarks, "preface"))
    sections = _sections(form, wording, filing, remarks, agreed, leads)
    blocks = (title, *opening, *sections, _signature(wording, filing))
    return Report(form.edition, blocks, _places(form, wording), remarks, _counts(wording, remarks))


def _sections(
    form: Form,
    wording: ReportWords,
    filing: Filing,
    remarks: tuple[Remark, ...],
    agreed: Sequence[Agreed],
    leads: Mapping[str, str],
) -> Iterator[Block]:
    """The six sections in the official order, each a table or the clerk's own text."""
    for section, heading in form.sections.items():
        yield Heading(section, heading)
        if section in form.tables:
            if section in leads:
                yield Paragraph((Run(leads[section]),))
            yield _table(form, wording, filing, section)
        else:
            mine = [a for a in agreed if a.at == section]
            text = filing.texts.get(section) or ""
            yield from _paragraphs(wording, text, heading, _quotes(remarks, section), mine)


def preface_of(form: Form, wording: ReportWords, filing: Filing) -> str:
    """What a report begins with where the clerk has not written it: its basis and its period."""
    return wording.preface.format(**_names(form, wording, filing))


def _names(form: Form, wording: ReportWords, filing: Filing) -> dict[str, str]:
    year = printable(entry_text(filing.year)) or wording.year
    unit = printable(filing.unit or "") or wording.unit
    return {"unit": unit, "year": year, "title": form.title, "notice": form.notice}


def _preface(wording: ReportWords, text: str, names: Mapping[str, str]) -> Iterator[str]:
    """The clerk's preface, and the statistical period where she has not said it; else one of ours."""
    if not printable(text):
        yield wording.preface.format(**names)
        return
    yield text
    if not re.search(wording.period_said, text):
        yield wording.period.format(**names)


def _quotes(remarks: Iterable[Remark], at: str) -> dict[str, Remark]:
    return {r.quote: r for r in remarks if r.quote and r.at == at}


def _paragraphs(
    wording: ReportWords, text: str, title: str, said: Mapping[str, Remark], agreed: Sequence[Agreed] = ()
) -> Iterator[Paragraph]:
    """Split a text at its line breaks; a line that only repeats the section's title is left out."""
    for line in filter(None, map(printable, text.splitlines())):
        if line != title:
            found = re.match(wording.lead, line)
            lead = found.group() if found else ""
            head = (Run(lead, lead=True),) if lead else ()
            yield Paragraph((*head, *_marked(line[len(lead) :], said, agreed)))


def _marked(text: str, said: Mapping[str, Remark], agreed: Sequence[Agreed]) -> Iterator[Run]:
    """Words that a finding quotes, and figures that agree with their cells."""
    known = {a.quote: a for a in agreed if a.quote not in said}
    parts = re.split(f"({'|'.join(map(re.escape, (*said, *known)))})", text) if said or known else [text]
    for part in filter(None, parts):
        if part in known and known[part].figure in part:
            before, figure, after = part.rpartition(known[part].figure)
            runs = (Run(before), Run(figure, agreed=known[part].cells), Run(after))
            yield from (run for run in runs if run.text)
        else:
            yield Run(part, remark=said.get(part))


def _table(form: Form, wording: ReportWords, filing: Filing, table: str) -> Table:
    stated = stated_values(form, filing)
    cells = (
        c._replace(text=printable(entry_text(stated[c.field]))) if c.field else c for c in form.tables[table]
    )
    beside = [o for o in form.options if o.beside.startswith(f"{table}.") and filing.options.get(o.id)]
    notes = (wording.note.format(label=o.label, choice=printable(filing.options[o.id])) for o in beside)
    return Table(table, form.sections[table], tuple(cells), tuple(notes))


def _signature(wording: ReportWords, filing: Filing) -> Signature:
    unit = printable(filing.texts.get("sign") or filing.unit or "")
    date = printable(filing.texts.get("date") or "")
    found = re.fullmatch(wording.dated, date)
    return Signature(unit, wording.date.format(*map(int, found.groups())) if found else date)


def _places(form: Form, wording: ReportWords) -> dict[str, str]:
    return {
        name: wording.place.format(section=form.sections[field.table], cell=field.place)
        for name, field in form.fields.items()
    }


def _remarks(form: Form, wording: ReportWords, findings: Iterable[Finding]) -> Iterator[Remark]:
    """Number the errors and warnings that nobody has answered; the cell to blame is the fix's."""
    places = {**wording.places, **form.sections, **_places(form, wording)}
    fresh = [f for f in findings if f.severity in ("error", "warning") and not f.answer]
    for number, f in enumerate(fresh, 1):
        at = f.fix.field if f.fix else f.at
        field = at if at in form.fields else ""
        yield Remark(
            number, f.severity, f.at, field, places.get(at, ""), printable(f.message),
            printable(f.advice), _short(wording, f), bool(f.fix), printable(f.quote),
        )  # fmt: skip


def _short(wording: ReportWords, finding: Finding) -> str:
    if finding.fix:
        return wording.to.format(figures=entry_text(finding.fix.to))
    perhaps = dict.fromkeys(entry_text(c.to) for c in finding.candidates if c.field == finding.at)
    return wording.perhaps.format(figures=wording.comma.join(perhaps)) if perhaps else wording.look


def _counts(wording: ReportWords, remarks: tuple[Remark, ...]) -> str:
    """What is still open, of each severity that there is."""
    errors = sum(r.severity == "error" for r in remarks)
    there = ((wording.errors, errors), (wording.warnings, len(remarks) - errors))
    told = wording.comma.join(sentence.format(count=count) for sentence, count in there if count)
    return wording.counts.format(counts=told) if told else wording.clear
