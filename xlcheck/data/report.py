"""The shape of report.toml: the sentences of the narrative report, and how its pages look."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import HexColour, Regex

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class ReportWords(NamedTuple):
    """The sentences a report is told in, and the patterns it knows a clerk's own words by."""

    title: tuple[Annotated[str, "notice", "title", "unit", "year"], ...]
    unit: str
    year: str
    preface: Annotated[str, "notice", "title", "unit", "year"]
    period: Annotated[str, "notice", "title", "unit", "year"]
    period_said: Regex
    lead: Regex
    dated: Regex
    date: Annotated[str, "0", "1", "2"]
    note: Annotated[str, "choice", "label"]
    place: Annotated[str, "cell", "section"]
    counts: Annotated[str, "counts"]
    errors: Annotated[str, "count"]
    warnings: Annotated[str, "count"]
    clear: str
    to: Annotated[str, "figures"]
    perhaps: Annotated[str, "figures"]
    look: str
    comma: str
    places: Mapping[str, str]


class RemarkWords(NamedTuple):
    """A word for each severity that a remark may have."""

    error: str
    warning: str

    def of(self, severity: str) -> str:
        return str(getattr(self, severity))


class RemarkColours(NamedTuple):
    error: HexColour
    warning: HexColour

    def of(self, severity: str) -> str:
        return str(getattr(self, severity))


class DraftMarks(NamedTuple):
    """What only a draft shows; each sample of ``key`` stands beside its meaning."""

    draft: str
    head: Annotated[str, "counts", "draft"]
    water: str
    list: str
    key: tuple[tuple[Literal["agreed", "error", "warning"], str], ...]
    sample: str
    annex: str
    remark: Annotated[str, "advice", "message", "number", "place", "severity"]
    severity: RemarkWords


class LabelBreaks(NamedTuple):
    """Where long labels may break; ``title`` are the words a long title breaks before."""

    title: str
    label: tuple[str, ...]


class ReportRefusals(NamedTuple):
    """Why a report was not kept; filled where it is said."""

    blank: Annotated[str, "place"]
    figure: Annotated[str, "expected", "file", "found", "place", "table"]
    label: Annotated[str, "expected", "file", "found", "table"]
    text: Annotated[str, "expected", "file", "found"]
    unwritten: Annotated[str, "file", "reason"]
    unread: Annotated[str, "file"]
    kind: Annotated[str, "file"]


class PageLayout(NamedTuple):
    """A page's size and margins in mm; ``gap`` in points stands between a table and the next heading."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header: float
    footer: float
    gap: float
    number: tuple[str, str]


class TextStyle(NamedTuple):
    """A style of the docx: sizes in points, the indent in characters; ``run`` is one of characters only.

    ``face`` serves East Asian and Latin runs alike unless ``latin`` says otherwise.
    """

    name: str
    face: str
    latin: str = ""
    size: float = 0
    line: float = 0
    before: float = 0
    after: float = 0
    tight: float = 0
    indent: int = 0
    align: Literal["", "center", "both", "right"] = ""
    outline: int | None = None
    rule: bool = False
    keep: bool = False
    run: bool = False


class TablePage(NamedTuple):
    """How one table lies on its page: the columns left of the figures in mm, the rest alike."""

    side: tuple[float, ...]
    row: float
    indent: float
    style: TextStyle
    own_page: bool = False
    vertical: tuple[int, ...] = ()


class FigureSize(NamedTuple):
    """How a figure fits its cell: sizes in points, padding in mm, a figure's width in its own size."""

    size: float
    narrow: float
    least: float
    padding: float


class ReportColours(NamedTuple):
    band: HexColour
    water: HexColour
    severity: RemarkColours


class ReportStyles(NamedTuple):
    """The styles of the docx that are no table's, by the names they have in it."""

    Title: TextStyle
    Heading1: TextStyle
    BodyText: TextStyle
    Signature: TextStyle
    Note: TextStyle
    Footer: TextStyle
    Header: TextStyle
    AnnexTitle: TextStyle
    Annex: TextStyle
    Lead: TextStyle
    Band: TextStyle
    AnnexShort: TextStyle
    Figure: TextStyle


class ReportFacts(NamedTuple):
    """The whole file; ``other_table`` is for a table of an edition to come."""

    words: ReportWords
    marks: DraftMarks
    breaks: LabelBreaks
    say: ReportRefusals
    page: PageLayout
    tables: Mapping[str, TablePage]
    other_table: TablePage
    figure: FigureSize
    colour: ReportColours
    style: ReportStyles

    def table(self, name: str) -> TablePage:
        """How a table lies on its page."""
        return self.tables.get(name, self.other_table)

    def misfits(self) -> "Iterator[Misfit]":
        """A table, or a label to be broken, that no edition has."""
        from xlcheck.data.checking import Misfit
        from xlcheck.data.form import form_file, labels

        forms = [form_file(edition).table for edition in data.editions()]
        tables, known = [name for tables in forms for name in tables], labels(*forms)
        yield from (Misfit(("tables", name), name, tables) for name in self.tables if name not in tables)
        for broken in self.breaks.label:
            if (label := broken.replace("|", "")) not in known:
                yield Misfit(("breaks", "label"), label, known)


@cache
def report() -> ReportFacts:
    """What a report says and how it looks, as data/report.toml has it."""
    return data.load("report", ReportFacts)
