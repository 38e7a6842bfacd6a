"""The shape of notices.toml: the county's letters, the folders they lie in, the table in them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OneLetter, Regex, Written
from xlcheck.data.rules import Severity

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class NoticeFolders(NamedTuple):
    """What folders and files are called; ``list`` is our list of what we wrote."""

    returned: str
    missing: str
    bound: Annotated[str, "kind"]
    list: str
    unwritten: Annotated[str, "file", "reason"]


class NoticeNames(NamedTuple):
    """How a file is named after a unit: ``forbidden`` and ``reserved`` are patterns."""

    most: int
    forbidden: Regex
    reserved: Regex
    spare: OneLetter
    again: Annotated[str, "n", "name"]


class LetterWords(NamedTuple):
    """What both letters say; ``sign_ends`` is a pattern."""

    to: Annotated[str, "unit"]
    day: Annotated[str, "date.day", "date.month", "date.year"]
    weekday: Annotated[str, "day", "weekday"]
    weekdays: Annotated[str, Written(".{7}", "week of seven letters")]
    sign_ends: Regex
    days: int
    days_left: int
    title_most: int


class ReturnedWords(NamedTuple):
    """退回通知, sentence by sentence; a title stands line by line."""

    title: tuple[Annotated[str, "unit", "year"], ...]
    title_long: tuple[Annotated[str, "unit", "year"], ...]
    came: Annotated[str, "file", "received", "times"]
    again: Annotated[str, "answer"]
    code: Annotated[str, "code"]
    found: Annotated[str, "counts"]
    by_hand: str
    errors: Annotated[str, "n"]
    warnings: Annotated[str, "n"]
    reason: Annotated[str, "text"]
    stop: str
    stops: str
    mend: str
    mend_by_hand: str
    mend_warned: str
    explain: str
    deadline: Annotated[str, "deadline", "office"]


class MissingWords(NamedTuple):
    """催报通知, sentence by sentence."""

    title: tuple[Annotated[str, "unit", "year"], ...]
    law: Annotated[str, "due"]
    nothing: Annotated[str, "late", "today", "year"]
    nothing_late: Annotated[str, "late", "today", "year"]
    unread: Annotated[str, "late", "today", "year"]
    unread_late: Annotated[str, "late", "today", "year"]
    send: str
    deadline: Annotated[str, "deadline", "office"]


class LetterFinding(NamedTuple):
    """What a row of the table says; a ``_most`` of two is how much is left of a text at either end."""

    band: Annotated[str, "section", "severity"]
    severity: Annotated[Mapping[Severity, str], ...]
    place: Annotated[str, "cell", "place", "sheet"]
    beside: Annotated[str, "cells"]
    beside_most: int
    sheet: Annotated[str, "cells", "sheet"]
    blank: str
    nothing: str
    typed: Annotated[str, "text"]
    look: str
    read: str
    perhaps: Annotated[str, "ways"]
    either: str
    also_to: Annotated[str, "cell", "to"]
    together: Annotated[str, "others", "to"]
    ways_most: int
    more: Annotated[str, "count", "ways"]
    joined: Annotated[str, "number"]
    cut: str
    entry_most: tuple[int, int]
    file_most: tuple[int, int]
    message_most: tuple[int, int]
    private: tuple[str, ...]


class LetterColumn(NamedTuple):
    """A column of the table, ``width`` mm; ``run`` is a style of the report."""

    head: str
    width: float
    align: Literal["left", "center"]
    run: str = ""


class LetterTable(NamedTuple):
    """The table's measures: points, and mm for ``inset``; ``style`` is one of the report."""

    style: str
    line: float
    pad: float
    inset: float
    gap: float
    column: tuple[LetterColumn, ...]


class ParcelWords(NamedTuple):
    """What is sent to a unit: the folder of its kind, the names of the files, what the mail says.

    ``unread`` stands for ``state`` where files came that are of no use; ``begun`` is said of a workbook that
    has marks or figures of last year in it, ``bare`` of another.
    """

    folder: str
    letter: str
    book: Annotated[str, "unit", "year"]
    mail: str
    state: str
    begun: str
    bare: str
    body: Annotated[str, "book", "last", "sign", "state", "unit"]
    unread: str = ""


class Parcels(NamedTuple):
    """What is sent to units, and the one file that holds all of it."""

    whole: Annotated[str, "kind"]
    returned: ParcelWords
    missing: ParcelWords


class NoticeFacts(NamedTuple):
    """The two letters."""

    folder: NoticeFolders
    name: NoticeNames
    words: LetterWords
    returned: ReturnedWords
    missing: MissingWords
    parcel: Parcels
    finding: LetterFinding
    table: LetterTable

    def misfits(self) -> Iterator["Misfit"]:
        """A rule, a table or a style of the report that there is not."""
        from xlcheck.data.checking import Misfit, rule_names
        from xlcheck.data.report import report

        rules, tables = list(rule_names()), list(report().tables)
        runs = ["", *(name for name, style in report().style._asdict().items() if style.run)]
        yield from (Misfit(("finding", "private"), r, rules) for r in self.finding.private if r not in rules)
        if self.table.style not in tables:
            yield Misfit(("table", "style"), self.table.style, tables)
        page, width = report().page, sum(column.width for column in self.table.column)
        if width != (room := page.width - page.left - page.right):
            yield Misfit(("table", "column"), f"{width:g}", (), f"mm is not the width of the page, {room:g}")
        for n, column in enumerate(self.table.column):
            if column.run not in runs:
                yield Misfit(("table", "column", n, "run"), column.run, runs)


@cache
def notices() -> NoticeFacts:
    """The letters' words and measures, as data/notices.toml has them."""
    return data.load("notices", NoticeFacts)
