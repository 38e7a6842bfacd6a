"""A filing told as the yearly report: title, preface, six sections with three tables, signature, date."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing, show, stated_values
from xlcheck.core.finding import Finding
from xlcheck.core.form import Form
from xlcheck.core.grid import Cell

# What XML cannot carry, and marks that would turn the direction of what is read.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


class Wording(NamedTuple):
    """The sentences a report is told in, and the patterns it knows a clerk's own words by."""

    title: list[str]
    unit: str
    year: str
    preface: str
    period: str
    period_said: str
    lead: str
    dated: str
    date: str
    note: str
    place: str
    counts: str
    clear: str
    to: str
    perhaps: str
    look: str
    comma: str
    places: Mapping[str, str]


class Remark(NamedTuple):
    """A finding as a draft shows it: numbered, with the few words that fit into a cell."""

    number: int
    severity: str
    at: str
    field: str
    place: str
    message: str
    advice: str
    short: str
    certain: bool
    quote: str = ""


class Run(NamedTuple):
    """A stretch of a paragraph; ``lead`` is a second-level heading run in with its paragraph."""

    text: str
    lead: bool = False
    remark: Remark | None = None


class Title(NamedTuple):
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.lines)


class Heading(NamedTuple):
    id: str
    text: str


class Paragraph(NamedTuple):
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def plain(self) -> tuple[Run, ...]:
        """The runs of the final report, which knows no remarks."""
        groups = groupby(self.runs, lambda run: run.lead)
        return tuple(Run("".join(run.text for run in runs), lead) for lead, runs in groups)


class Table(NamedTuple):
    """An official table as printed; a value's ``text`` is its figure, a blank one's is empty."""

    id: str
    heading: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


class Signature(NamedTuple):
    unit: str
    date: str


Block = Title | Heading | Paragraph | Table | Signature


class Report(NamedTuple):
    """The report as blocks in reading order; ``places`` names each field in the form's own words."""

    edition: str
    blocks: tuple[Block, ...]
    places: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()
    counts: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def title(self) -> str:
        return next(block.text for block in self.blocks if isinstance(block, Title))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Every line outside the tables, blank ones left out."""
        return tuple(filter(None, (line for block in self.blocks for line in _lines(block))))

    def marks(self) -> dict[str, Remark]:
        """Which remark a cell bears: its first, errors before warnings."""
        return {r.field: r for r in reversed(self.remarks) if r.field}


def read_wording(raw: Mapping[str, Any]) -> Wording:
    return Wording(**raw)


def tell(form: Form, wording: Wording, filing: Filing, findings: Iterable[Finding] = ()) -> Report:
    """Tell a filing as its report; findings not yet answered become the remarks of a draft.

    Under a ticked nil return blank figures are 0; any other blank stays blank.
    """
    remarks = tuple(_remarks(form, wording, findings))
    year = printable(show(filing.year)) or wording.year
    unit = printable(filing.unit or "") or wording.unit
    names = {"unit": unit, "year": year, "title": form.title, "notice": form.notice}
    blocks: list[Block] = [Title(tuple(line.format(**names) for line in wording.title))]
    preface = "\n".join(_preface(wording, filing.texts.get("preface") or "", names))
    blocks += _paragraphs(wording, preface, "", _quotes(remarks, "preface"))
    for section, heading in form.sections.items():
        blocks.append(Heading(section, heading))
        if section in form.tables:
            blocks.append(_table(form, wording, filing, section))
        else:
            text = filing.texts.get(section) or ""
            blocks += _paragraphs(wording, text, heading, _quotes(remarks, section))
    blocks.append(_signature(wording, filing))
    return Report(form.edition, tuple(blocks), _places(form, wording), remarks, _counts(wording, remarks))


def printable(text: str) -> str:
    """One line of text without what cannot be printed; a line break becomes a space."""
    return UNPRINTABLE.sub("", " ".join(text.splitlines()).replace("\t", " ")).strip()


def _lines(block: Block) -> tuple[str, ...]:
    match block:
        case Table():
            return block.notes
        case Signature():
            return block
        case _:
            return (block.text,)


def _preface(wording: Wording, text: str, names: Mapping[str, str]) -> Iterator[str]:
    """The clerk's preface, and the statistical period where she has not said it; else one of ours."""
    if not printable(text):
        yield wording.preface.format(**names)
        return
    yield text
    if not re.search(wording.period_said, text):
        yield wording.period.format(**names)


def _quotes(remarks: Iterable[Remark], at: str) -> dict[str, Remark]:
    return {r.quote: r for r in remarks if r.quote and r.at == at}


def _paragraphs(wording: Wording, text: str, title: str, quotes: Mapping[str, Remark]) -> Iterator[Paragraph]:
    """Split a text at its line breaks; a line that only repeats the section's title is left out."""
    for line in filter(None, map(printable, text.splitlines())):
        if line != title:
            found = re.match(wording.lead, line)
            lead = found.group() if found else ""
            head = (Run(lead, lead=True),) if lead else ()
            yield Paragraph((*head, *_marked(line[len(lead) :], quotes)))


def _marked(text: str, quotes: Mapping[str, Remark]) -> Iterator[Run]:
    parts = re.split(f"({'|'.join(map(re.escape, quotes))})", text) if quotes else [text]
    return (Run(part, remark=quotes.get(part)) for part in parts if part)


def _table(form: Form, wording: Wording, filing: Filing, table: str) -> Table:
    stated = stated_values(form, filing)
    cells = (c._replace(text=printable(show(stated[c.field]))) if c.field else c for c in form.tables[table])
    beside = [o for o in form.options if o.beside.startswith(f"{table}.") and filing.options.get(o.id)]
    notes = (wording.note.format(label=o.label, choice=printable(filing.options[o.id])) for o in beside)
    return Table(table, form.sections[table], tuple(cells), tuple(notes))


def _signature(wording: Wording, filing: Filing) -> Signature:
    unit = printable(filing.texts.get("sign") or filing.unit or "")
    date = printable(filing.texts.get("date") or "")
    found = re.fullmatch(wording.dated, date)
    return Signature(unit, wording.date.format(*map(int, found.groups())) if found else date)


def _places(form: Form, wording: Wording) -> dict[str, str]:
    return {
        name: wording.place.format(section=form.sections[field.table], cell=field.place)
        for name, field in form.fields.items()
    }


def _remarks(form: Form, wording: Wording, findings: Iterable[Finding]) -> Iterator[Remark]:
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


def _short(wording: Wording, finding: Finding) -> str:
    if finding.fix:
        return wording.to.format(figures=show(finding.fix.to))
    perhaps = [show(c.to) for c in finding.candidates if c.field == finding.at]
    return wording.perhaps.format(figures=wording.comma.join(perhaps)) if perhaps else wording.look


def _counts(wording: Wording, remarks: tuple[Remark, ...]) -> str:
    errors = sum(r.severity == "error" for r in remarks)
    sentence = wording.counts if remarks else wording.clear
    return sentence.format(errors=errors, warnings=len(remarks) - errors)
