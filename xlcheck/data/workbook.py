"""The shape of workbook.toml: sheets, where things lie on them, how wide and high, the words around the form.

An address is written as in Excel; a pair of columns or cells with a colon is merged.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import Area, CellAddress, Column, Columns, HexColour, Printed, Regex, Row
from xlcheck.data.banner import BannerWords
from xlcheck.data.entries import CoverEntry, TextEntry
from xlcheck.data.form import CheckLine, FigureKind, TableLayout, form_file, labels
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.rules import Severity

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

StateWord = Literal["error", "same", "warning", "info", "answered", "passed", "none", "waiting", "unrun"]
Counted = Literal["errors", "warnings", "answered", "passed"]


class HeadLayout(NamedTuple):
    """Row 1, the same on every sheet."""

    height: float
    sign: CellAddress
    signed: str
    banner: CellAddress
    to: CellAddress
    below: CellAddress
    wide: float
    smaller: int


class SheetLayout(NamedTuple):
    """One sheet: columns, first row, its code's place, how it prints, how it is shown where it is wide."""

    widths: tuple[float, ...]
    name: str = ""
    tab: HexColour = ""
    banner: Area = ""
    back: Area = ""
    onward: Area = ""
    about: str = ""
    freeze: CellAddress = ""
    code: Area = ""
    landscape: bool = False
    pages: int = 1
    margins: tuple[float, float, float] = (2.0, 1.8, 0.8)  # above, below, below the foot, in cm
    tab_errors: HexColour = ""
    zoom: int = 0


class FixedSheets(NamedTuple):
    """Every edition's sheets, the tables' left out; what the hidden one is called hidden_sheet.toml says."""

    cover: SheetLayout
    text: SheetLayout
    check: SheetLayout
    guide: SheetLayout
    hidden: SheetLayout


class ProgressColumns(NamedTuple):
    name: Columns
    about: Columns
    filled: Columns
    errors: Columns
    warnings: Columns


class WhiteCells(NamedTuple):
    """A white cell, and what is said of it."""

    sample: Column
    text: Columns


class CoverPlaces(NamedTuple):
    """Where things lie on the cover; ``printed`` ends with its ``last`` row."""

    title: Area
    edition: Area
    label: Column
    entry: Columns
    hint: Columns
    frame: Area
    progress_row: Row
    progress: ProgressColumns
    progress_head: tuple[Column, ...]
    white: WhiteCells
    printed: Printed


class TextPlaces(NamedTuple):
    """Where things lie on the sheet of texts."""

    title: CellAddress
    head_row: Row
    first: CellAddress
    label: Column
    prose: Column
    note: Column
    printed: Printed


class TileColumns(NamedTuple):
    """The columns of the tiles of the 校验 sheet."""

    errors: Columns
    warnings: Columns
    answered: Columns
    passed: Columns


class LineColumns(NamedTuple):
    """The columns of the short list, and of all rules; hidden_sheet.toml has those that are read back."""

    state: Columns
    place: Columns
    message: Columns
    advice: Columns


class CheckPlaces(NamedTuple):
    """Where things lie on the 校验 sheet."""

    title: CellAddress
    pressed: Area
    tile_row: Row
    tiles: TileColumns
    first_row: Row
    first: LineColumns
    title_at: Columns
    counts: Columns
    line: LineColumns
    all: Columns
    printed: Printed


class TablePlan(NamedTuple):
    """What all official tables share; see workbook.toml."""

    row: Row
    col: Row
    gap: int
    under: int
    tab: HexColour
    title_height: float
    option_height: float
    reminder_height: float
    widest: float
    onward: float
    back: float
    banner: float
    landscape: float
    half_letter: float
    line: float
    numbered: str
    beside: tuple[str, ...]


class AfterTable(NamedTuple):
    """The columns after a table, where it has them: a gap, what is said beside it, the end of the sheet."""

    end: float
    gap: float = 0
    beside: float = 0


class TableKind(NamedTuple):
    """How wide and high a table of one kind is."""

    margin: float
    value: float
    columns: int
    after: AfterTable
    caption: float
    header: float
    last_header: float
    row: float
    side: tuple[float, ...] = ()
    freeze: bool = False
    frames: bool = False


class TableKinds(NamedTuple):
    plain: TableKind
    tall: TableKind
    wide: TableKind


class TextHeads(NamedTuple):
    label: str
    prose: str
    note: str


class FormWords(NamedTuple):
    """How sentences speak of the form; ``number`` is what a label begins with that has one."""

    number: Regex
    after: str
    brackets: Regex
    table: Annotated[str, "number"]
    span: Annotated[str, "first", "last"]
    comma: str
    numerals: tuple[str, ...]


class TileWords(NamedTuple):
    errors: str
    warnings: str
    answered: str
    passed: str


class LineHeads(NamedTuple):
    """The titles of the columns of the list of rules."""

    state: str
    place: str
    message: str
    advice: str


class WorkbookWords(NamedTuple):
    """The words of the sheets."""

    between: str
    years: Annotated[str, "first", "last"]
    years_open: Annotated[str, "first", "last"]
    title: str
    edition: Annotated[str, "edition", "notice"]
    progress: str
    filled: str
    errors: str
    warnings: str
    none: str
    unfilled: str
    unread: str
    white: str
    text_title: str
    text_head: TextHeads
    chars: str
    cut_in_print: str
    chars_limit: Annotated[str, "limit"]
    chars_over: Annotated[str, "limit"]
    wide_blank: str
    aspect_open: Annotated[str, "aspect", "n"]
    aspect_blank: Annotated[str, "aspect", "blank", "n"]
    aspect_done: Annotated[str, "aspect", "n"]
    aspect_wrong: Annotated[str, "aspect", "n"]
    check_title: str
    tiles: TileWords
    tile: Annotated[str, "label", "sign"]
    tile_of_none: str
    first: str
    nothing: str
    nothing_live: str
    all_rules: str
    list_head: LineHeads
    answer_head: str
    band_count: Annotated[str, "sign", "word"]
    foot: str
    pressed: str
    unchanged: str
    changed: str
    never_pressed: str
    named: Annotated[str, "place", "value"]
    same_cause: str
    last_said: Annotated[str, "text"]
    stale: Annotated[str, "answer"]
    stale_live: str
    already: str
    press_button: str
    press_again: str
    last_check: str
    shown_otherwise: Annotated[str, "n"]
    no_last: str
    not_needed: str
    waiting: str
    only_closed: str
    no_texts: str
    retired: str
    no_answer_here: str
    joined_places: Annotated[str, "n"]
    joined: Annotated[str, "message", "place"]
    below: str
    write_answer: str
    see_first: str
    see_below: str
    cut: str
    way: str
    on_sheet: Annotated[str, "place", "sheet"]
    several: str
    places: str
    warned_below: str
    back: Annotated[str, "sheet"]
    onward: Annotated[str, "sheet"]
    code: Annotated[str, "code"]
    page_number: str
    page_foot: Annotated[str, "unit", "year"]
    page_foot_draft: Annotated[str, "n"]


class BandWords(NamedTuple):
    """The heads of the parts of the list that are not about one table or the texts."""

    all: str
    cover: str


class RefusalWords(NamedTuple):
    """What is said while typing what no rule would accept."""

    title: str
    year: Annotated[str, "first", "last"]
    choice: str
    figure: Mapping[FigureKind, str]


class WorkbookLayout(NamedTuple):
    """All of it, in the order of the file."""

    head: HeadLayout
    sheets: FixedSheets
    on_cover: CoverPlaces
    on_text: TextPlaces
    on_check: CheckPlaces
    table: TablePlan
    kind: TableKinds
    heights: Mapping[str, float]
    breaks: Mapping[str, str]
    check: Mapping[str, CheckLine]
    reminder: Mapping[str, int]
    cover: Mapping[Literal["unit", "year", "kind", "contact"], CoverEntry]
    texts: Mapping[str, TextEntry]
    other_text: TextEntry
    form_words: FormWords
    words: WorkbookWords
    bands: BandWords
    note: Mapping[Severity | Literal["answered"], str]
    states: Mapping[StateWord, str]
    banner: BannerWords
    refuse: RefusalWords

    def misfits(self) -> Iterator["Misfit"]:
        """A cell or a sheet's name given twice; a label, a rule or a section that no edition has."""
        from xlcheck.data.checking import Misfit, doubled

        for place, sheet in self.sheets._asdict().items():
            if bool(sheet.name) == (place == "hidden"):
                wrong = "is named in hidden_sheet.toml" if sheet.name else "has no name"
                yield Misfit(("sheets", place), sheet.name or place, (), wrong)
        yield from doubled((("cover", key, "cell"), entry.cell) for key, entry in self.cover.items())
        kinds, named = self.cover["kind"].choices, self.cover["kind"].named
        yield from (Misfit(("cover", "kind", "named", k), k, kinds) for k in named if k not in kinds)
        yield from doubled((("sheets", k, "name"), sheet.name) for k, sheet in self.sheets._asdict().items())
        forms = [form_file(edition) for edition in data.editions()]
        own = TableLayout(heights=self.heights, breaks=self.breaks, check=self.check, reminder=self.reminder)
        yield from own.misfits((), labels(*(form.table for form in forms)))
        known = [s for form in forms for s in form.sections if s not in form.table]
        known += [key for key, text in self.texts.items() if text.label]
        yield from (Misfit(("texts", key), key, known) for key in self.texts if key not in known)


@cache
def workbook() -> WorkbookLayout:
    """The layout that all editions share, as data/workbook.toml has it."""
    read = data.load("workbook", WorkbookLayout)
    hidden = read.sheets.hidden._replace(name=hidden_sheet().sheet)
    return read._replace(sheets=read.sheets._replace(hidden=hidden))
