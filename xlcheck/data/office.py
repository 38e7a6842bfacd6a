"""The shape of office.toml: what the buttons say, and what differs from program to program."""

from functools import cache
from typing import Annotated, NamedTuple

from xlcheck import data


class ButtonSentences(NamedTuple):
    """What a button says; filled where it is said."""

    no_bridge: Annotated[str, "reason"]
    no_office: Annotated[str, "address"]
    no_book: str
    read_only: Annotated[str, "file"]
    busy: Annotated[str, "reason"]
    editing: str
    locked: Annotated[str, "sheet"]
    repaired: str
    shown_as_typed: Annotated[str, "cell", "n"]
    put_back: Annotated[str, "cell", "n"]
    looks_again: str
    merged: Annotated[str, "cell", "n"]
    parted: Annotated[str, "area", "n"]
    errors: Annotated[str, "advice", "cell", "errors", "message", "place", "warnings"]
    errors_alone: Annotated[str, "advice", "cell", "errors", "message", "place", "warnings"]
    warnings: Annotated[str, "advice", "cell", "errors", "message", "place", "warnings"]
    clean: str
    next: Annotated[str, "advice", "all", "cell", "message", "n", "place", "places"]
    none_left: str
    cleared: Annotated[str, "n"]
    nothing_to_clear: str
    filled: Annotated[str, "list", "n"]
    one_filled: Annotated[str, "cell", "to", "was"]
    one_retyped: Annotated[str, "cell", "to", "was"]
    more_filled: Annotated[str, "n"]
    semicolon: str
    blank: str
    nothing_to_fill: str
    unfilled: Annotated[str, "cell", "n"]
    doubted: Annotated[str, "cell", "n"]
    unclear: Annotated[str, "cell", "n"]
    adopted: Annotated[str, "list", "said"]
    one_adopted: Annotated[str, "cell", "to", "was"]
    nothing_here: Annotated[str, "cell"]
    undecided: Annotated[str, "cell", "count", "list"]
    one_guess: Annotated[str, "cell", "list"]
    one_way: Annotated[str, "n", "list"]
    more_ways: str
    one_candidate: Annotated[str, "cell", "to", "was"]
    no_fix: Annotated[str, "advice", "cell"]
    no_selection: str
    drafted: Annotated[str, "count", "texts"]
    nothing_to_draft: str
    tables_first: Annotated[str, "cell", "errors"]
    saved: str
    never_saved: str
    errors_stand: Annotated[str, "errors"]
    reported: Annotated[str, "files"]
    file: Annotated[str, "name"]
    usage: Annotated[str, "actions"]
    comma: str
    title: str
    report_file: Annotated[str, "kind", "n", "stem"]


class ActionNames(NamedTuple):
    """What each button is called, by the name it is run by."""

    check: str
    next_one: str
    clear: str
    fill_totals: str
    adopt: str
    draft: str
    report: str


class OfficeFolders(NamedTuple):
    """Where LibreOffice and its bridge to Python lie on Linux."""

    program: tuple[str, ...]
    bridge: tuple[str, ...]


class ExcelLock(NamedTuple):
    """What Excel's Protect is told, by its own names."""

    DrawingObjects: bool
    Contents: bool
    Scenarios: bool
    UserInterfaceOnly: bool
    AllowFormattingCells: bool
    AllowFormattingColumns: bool
    AllowFormattingRows: bool
    AllowInsertingColumns: bool
    AllowInsertingRows: bool
    AllowInsertingHyperlinks: bool
    AllowDeletingColumns: bool
    AllowDeletingRows: bool
    AllowSorting: bool
    AllowFiltering: bool
    AllowUsingPivotTables: bool


class MacLock(NamedTuple):
    """The same, by the names of Excel's dictionary on the Mac."""

    drawing_objects: bool
    worksheet_contents: bool
    scenarios: bool
    user_interface_only: bool
    allow_formatting_cells: bool
    allow_formatting_columns: bool
    allow_formatting_rows: bool
    allow_inserting_columns: bool
    allow_inserting_rows: bool
    allow_inserting_hyperlinks: bool
    allow_deleting_columns: bool
    allow_deleting_rows: bool
    allow_sorting: bool
    allow_filtering: bool
    allow_using_pivot_table: bool


class OfficeFacts(NamedTuple):
    """The whole file."""

    say: ButtonSentences
    action: ActionNames
    libreoffice: OfficeFolders
    protect: ExcelLock
    protect_mac: MacLock


@cache
def office() -> OfficeFacts:
    """What the buttons say and do, as data/office.toml has it."""
    return data.load("office", OfficeFacts)
