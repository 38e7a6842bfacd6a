"""The shape of notices.toml: the county's letters, the folders they lie in, the table in them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck import data
from xlcheck.data.rules import Severity

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class NoticeFolders(NamedTuple):
    """What folders and files are called; ``list`` is our list of what we wrote."""

    returned: str
    missing: str
    bound: str
    list: str
    unwritten: str


class NoticeNames(NamedTuple):
    """How a file is named after a unit: ``forbidden`` and ``reserved`` are patterns."""

    most: int
    forbidden: str
    reserved: str
    spare: str
    again: str


class LetterWords(NamedTuple):
    """What both letters say; ``sign_ends`` is a pattern."""

    to: str
    day: str
    weekday: str
    weekdays: str
    sign_ends: str
    title_most: int


class ReturnedWords(NamedTuple):
    """退回通知, sentence by sentence; a title stands line by line."""

    title: tuple[str, ...]
    title_long: tuple[str, ...]
    came: str
    found: str
    by_hand: str
    errors: str
    warnings: str
    reason: str
    stop: str
    stops: str
    mend: str
    mend_by_hand: str
    mend_warned: str
    explain: str
    deadline: str


class MissingWords(NamedTuple):
    """催报通知, sentence by sentence."""

    title: tuple[str, ...]
    law: str
    nothing: str
    nothing_late: str
    unread: str
    unread_late: str
    send: str
    deadline: str


class LetterFinding(NamedTuple):
    """What a row of the table says; a ``_most`` of two is how much is left of a text at either end."""

    band: str
    severity: Mapping[Severity, str]
    place: str
    beside: str
    beside_most: int
    sheet: str
    blank: str
    nothing: str
    typed: str
    look: str
    read: str
    perhaps: str
    either: str
    also_to: str
    together: str
    ways_most: int
    more: str
    joined: str
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


class NoticeFacts(NamedTuple):
    """The two letters."""

    folder: NoticeFolders
    name: NoticeNames
    words: LetterWords
    returned: ReturnedWords
    missing: MissingWords
    finding: LetterFinding
    table: LetterTable

    def misfits(self) -> Iterator["Misfit"]:
        """A rule that there is not among those whose findings are not printed."""
        from xlcheck.data.checking import Misfit, rule_ids

        for rule in self.finding.private:
            if rule not in (known := rule_ids()):
                yield Misfit(("finding", "private"), rule, known)


@cache
def notices() -> NoticeFacts:
    """The letters' words and measures, as data/notices.toml has them."""
    return data.load("notices", NoticeFacts)
