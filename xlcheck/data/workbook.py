"""The shape of workbook.toml: sheets, where things lie on them, how wide and high, the words around the form.

An address is written as in Excel; a pair of columns or cells with a colon is merged.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import Regex
from xlcheck.data.form import CheckLine, FigureKind
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.rules import Severity

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

StateWord = Literal["error", "same", "warning", "info", "answered", "passed", "none", "waiting", "unrun"]
Counted = Literal["errors", "warnings", "answered", "passed"]
ADDRESS = "[A-Z]{1,3}[1-9][0-9]{0,6}"


class HeadLayout(NamedTuple):
    """Row 1, the same on every sheet."""

    height: float
    sign: str
    signed: str
    banner: str
    to: str
    below: str


class SheetLayout(NamedTuple):
    """One sheet: its columns, its first row, how it prints; ``pages`` is how many high."""

    widths: tuple[float, ...]
    name: str = ""
    tab: str = ""
    banner: str = ""
    back: str = ""
    onward: str = ""
    about: str = ""
    freeze: str = ""
    landscape: bool = False
    pages: int = 1
    tab_errors: str = ""


class FixedSheets(NamedTuple):
    """Every edition's sheets, the tables' left out; what the hidden one is called hidden_sheet.toml says."""

    cover: SheetLayout
    text: SheetLayout
    check: SheetLayout
    guide: SheetLayout
    hidden: SheetLayout


class ProgressColumns(NamedTuple):
    name: str
    about: str
    filled: str
    errors: str
    warnings: str


class WhiteCells(NamedTuple):
    """A white cell, and what is said of it."""

    sample: str
    text: str


class CoverPlaces(NamedTuple):
    """Where things lie on the cover; ``printed`` ends with its ``last`` row."""

    title: str
    edition: str
    label: str
    entry: str
    hint: str
    frame: str
    progress_row: int
    progress: ProgressColumns
    progress_head: tuple[str, ...]
    white: WhiteCells
    printed: str


class TextPlaces(NamedTuple):
    """Where things lie on the sheet of texts."""

    title: str
    head_row: int
    first: str
    label: str
    prose: str
    note: str
    printed: str


class Tiles(NamedTuple):
    """The tiles of the 校验 sheet: their columns, or their words."""

    errors: str
    warnings: str
    answered: str
    passed: str


class FirstColumns(NamedTuple):
    """The columns of the short list."""

    state: str
    place: str
    message: str
    advice: str


class LineColumns(NamedTuple):
    """The columns of the list of rules, or their titles; hidden_sheet.toml has those that are read back."""

    state: str
    place: str
    message: str
    advice: str


class CheckPlaces(NamedTuple):
    """Where things lie on the 校验 sheet."""

    title: str
    pressed: str
    tile_row: int
    tiles: Tiles
    first_row: int
    first: FirstColumns
    title_at: str
    counts: str
    line: LineColumns
    all: str
    printed: str


class TableWords(NamedTuple):
    """What stands over the checks beside a table, a line a row."""

    beside: tuple[str, ...]


class TablePlan(NamedTuple):
    """What all official tables share; see workbook.toml."""

    row: int
    col: int
    gap: int
    under: int
    tab: str
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
    words: TableWords


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


class CoverEntry(NamedTuple):
    """An entry of the cover; with choices it is chosen from a list."""

    label: str
    cell: str
    hint: str
    prompt: str
    choices: tuple[str, ...] = ()


class TextAspect(NamedTuple):
    """What a text should not leave out, and the words it is known by."""

    name: str
    hint: str
    words: tuple[str, ...]


class TextEntry(NamedTuple):
    """One text: the heights of its rows, and what is said beside it; a section's own title is its label."""

    rows: tuple[float, ...]
    label: str = ""
    hint: str = ""
    limit: int = 0
    aspects: tuple[TextAspect, ...] = ()


class TextHeads(NamedTuple):
    label: str
    prose: str
    note: str


class FormWords(NamedTuple):
    """How sentences speak of the form; ``number`` is what a label begins with that has one."""

    number: Regex
    after: str
    brackets: Regex
    table: str
    span: str
    comma: str
    numerals: tuple[str, ...]


class WorkbookWords(NamedTuple):
    """The words of the sheets."""

    between: str
    years: str
    years_open: str
    title: str
    edition: str
    progress: str
    filled: str
    errors: str
    warnings: str
    none: str
    white: str
    text_title: str
    text_head: TextHeads
    chars: str
    chars_limit: str
    wide_blank: str
    aspect_open: str
    aspect_done: str
    check_title: str
    tiles: Tiles
    tile: str
    tile_of_none: str
    first: str
    nothing: str
    all_rules: str
    list_head: LineColumns
    answer_head: str
    band_count: str
    foot: str
    pressed: str
    unchanged: str
    changed: str
    never_pressed: str
    named: str
    same_cause: str
    last_said: str
    stale: str
    already: str
    press_button: str
    no_last: str
    not_needed: str
    waiting: str
    retired: str
    no_answer_here: str
    joined_places: str
    joined: str
    several: str
    places: str
    warned_below: str
    back: str
    onward: str
    page_number: str
    page_foot: str
    page_foot_draft: str


class BandWords(NamedTuple):
    """The heads of the parts of the list that are not about one table or the texts."""

    all: str
    cover: str


class BannerWords(NamedTuple):
    """What the banner says, the first that fits."""

    fresh: str
    errors: str
    open: str
    warnings: str
    clean: str


class RefusalWords(NamedTuple):
    """What is said while typing what no rule would accept."""

    title: str
    year: str
    choice: str
    figure: Mapping[FigureKind, str]


class PromptWords(NamedTuple):
    """What is said of a cell that is selected."""

    text: str
    answer: str
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
    prompt: PromptWords

    def misfits(self) -> Iterator["Misfit"]:
        """What one part says of another, or of an address, that is not so."""
        from xlcheck.data.checking import Misfit, rule_ids

        for key, entry in self.cover.items():
            if not re.fullmatch(ADDRESS, entry.cell):
                yield Misfit(("cover", key, "cell"), entry.cell, [self.on_text.first])
        for place, sheet in self.sheets._asdict().items():
            if bool(sheet.name) == (place == "hidden"):
                wrong = "is named in hidden_sheet.toml" if sheet.name else "has no name"
                yield Misfit(("sheets", place), sheet.name or place, (), wrong)
        rules = rule_ids()
        for part, named in (("check", self.check), ("reminder", self.reminder)):
            yield from (Misfit((part, rule), rule, rules) for rule in named if rule not in rules)


@cache
def workbook() -> WorkbookLayout:
    """The layout that all editions share, as data/workbook.toml has it."""
    read = data.load("workbook", WorkbookLayout)
    hidden = read.sheets.hidden._replace(name=hidden_sheet().sheet)
    return read._replace(sheets=read.sheets._replace(hidden=hidden))
