"""The shape of county.toml, and the closed words of the county's January that its sentences go by."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import Regex

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class Status(StrEnum):
    """The five states of a unit, in the office's order of work."""

    RETURNED = "returned"
    RESENT = "resent"
    REPORTED = "reported"
    MISSING = "missing"
    ACCEPTED = "accepted"


class Verdict(StrEnum):
    """What the county decides on a return or on one finding; ``PENDING`` takes back what was decided.

    On a file: whose it is, that it counts for nothing, that it counts before any other, on which day it came.
    ``UNDO`` takes back the newest decision on the same thing.
    """

    RETURN = "return"
    ACCEPT = "accept"
    EXPLAINED = "explained"
    PENDING = "pending"
    CLAIM = "claim"
    VOID = "void"
    STANDS = "stands"
    DATED = "dated"
    UNDO = "undo"


class Outcome(StrEnum):
    """What became of a file that came in."""

    RETURN = "return"
    OLDER = "older"
    LATER = "later"
    TWICE = "twice"
    VOID = "void"
    REPLACED = "replaced"
    STRANGER = "stranger"
    NOBODY = "nobody"
    YEAR = "year"
    EDITION = "edition"
    UNREADABLE = "unreadable"


# Of a mapping's keys a checker knows only literals; a test holds every mapping to all members of its enum.
StatusKey = Literal[Status.RETURNED, Status.RESENT, Status.REPORTED, Status.MISSING, Status.ACCEPTED]
VerdictKey = Literal[
    Verdict.RETURN, Verdict.ACCEPT, Verdict.EXPLAINED, Verdict.PENDING,
    Verdict.CLAIM, Verdict.VOID, Verdict.STANDS, Verdict.DATED, Verdict.UNDO,
]  # fmt: skip
OutcomeKey = Literal[
    Outcome.RETURN, Outcome.OLDER, Outcome.LATER, Outcome.TWICE, Outcome.VOID, Outcome.REPLACED,
    Outcome.STRANGER, Outcome.NOBODY, Outcome.YEAR, Outcome.EDITION, Outcome.UNREADABLE,
]  # fmt: skip
DueKey = Literal["asked", "policy", "ledger", "law"]
FaultKey = Literal[
    "shut", "link", "odd", "unfinished", "volume", "locked", "broken", "big", "bare", "method", "no_library",
]  # fmt: skip
CountedAs = Literal["own", "department", "township", "none"]


class RosterColumns(NamedTuple):
    """What the columns of a roster are called."""

    name: str
    kind: str
    counted: str
    region: str
    code: str
    contact: str
    phone: str
    aliases: str
    email: str


class RosterWords(NamedTuple):
    """The roster: its refusals, its example, its columns, and how each kind of unit is added up."""

    example_mark: str
    line: Annotated[str, "line"]
    no_head: Annotated[str, "file", "head"]
    no_name: Annotated[str, "where"]
    bad_kind: Annotated[str, "found", "known", "where"]
    bad_counted: Annotated[str, "found", "known", "where"]
    twice: Annotated[str, "file", "name"]
    two_own: Annotated[str, "file", "names"]
    empty: Annotated[str, "file"]
    too_long: Annotated[str, "column", "most", "where"]
    quote: Annotated[str, "file", "line"]
    not_text: Annotated[str, "file"]
    affixes: tuple[str, ...]
    between_aliases: Regex
    examples: tuple[tuple[str, ...], ...]
    other_titles: Mapping[str, tuple[str, ...]]
    columns: RosterColumns
    counted: Mapping[CountedAs, str]
    counted_by_kind: Mapping[str, CountedAs]


class ForeignFile(NamedTuple):
    """A kind of file that units send and that is no workbook: how its bytes begin, which word of two bytes
    a letter is in them if that is not enough, and what is said of it."""

    begins: Regex
    said: Annotated[str, "file"]
    holds: str = ""


class InboxWords(NamedTuple):
    """What is wrong with the inbox or with one file of it; ``foreign`` is tried in its order."""

    unknown: Annotated[str, "inbox"]
    no_driver: Annotated[str, "extra", "inbox"]
    extra: Mapping[str, str]
    none: Annotated[str, "inbox"]
    unreadable: Annotated[str, "file"]
    denied: Annotated[str, "file"]
    shut: Annotated[str, "folder"]
    again: Annotated[str, "n", "name"]
    attached: str
    crashed: Annotated[str, "file"]
    nested: Annotated[str, "file"]
    ours: Annotated[str, "file"]
    blank: Annotated[str, "file"]
    fault: Mapping[FaultKey, Annotated[str, "file"]]
    foreign: tuple[ForeignFile, ...]


class OtherWords(NamedTuple):
    """What is said otherwise to a unit than to the office: where this is found, that is said."""

    found: str
    said: str


class LedgerReason(NamedTuple):
    """What a database says, and what that means."""

    found: Regex
    said: str


class LedgerWords(NamedTuple):
    """Why a ledger cannot be used; ``reason`` is tried in its order."""

    none: Annotated[str, "ledger"]
    newer: Annotated[str, "ledger"]
    no_driver: Annotated[str, "ledger"]
    broken: Annotated[str, "ledger", "reason"]
    made: Annotated[str, "ledger"]
    taken: Annotated[str, "path"]
    damaged: Annotated[str, "ledger"]
    no_file: str
    backed_up: Annotated[str, "ledger", "path"]
    moved: Annotated[str, "ledger", "path"]
    sound: Annotated[str, "ledger"]
    where_to: str
    other_drawn: Annotated[str, "folder", "ledger"]
    other_year: Annotated[str, "before", "folder", "now"]
    other: str
    reason: tuple[LedgerReason, ...]


class ArrivalWords(NamedTuple):
    """What became of a file: the word, the sentence, and what is filled into it."""

    file: Annotated[str, "file"]
    near: Annotated[str, "near"]
    apart: Annotated[str, "cover", "newest"]
    either: str
    other_cover: Annotated[str, "cover", "file"]
    blank_cover: Annotated[str, "file"]
    owner: str
    left: Annotated[str, "cover", "path"]
    blank_year: Annotated[str, "asked"]
    word: Mapping[OutcomeKey, str]
    sentence: Mapping[
        OutcomeKey,
        Annotated[
            str, "asked", "cover", "edition", "first", "near", "owner", "path", "refusal", "unit", "year"
        ],
    ]


class CorrectionWords(NamedTuple):
    """How a return corrects the one that was sent back."""

    whole: Annotated[str, "asked", "counts"]
    between: str
    mended: Annotated[str, "n"]
    left: Annotated[str, "n"]
    moved: Annotated[str, "n"]
    fresh: Annotated[str, "n"]
    dropped: Annotated[str, "n"]
    same: str
    by_hand: str
    unasked: str


class PaperWords(NamedTuple):
    """What a typed code says of the paper that it stands on."""

    counts: Annotated[str, "code", "file", "outcome", "received", "said", "unit", "year"]
    older: Annotated[str, "code", "file", "outcome", "received", "said", "unit", "year"]
    other: Annotated[str, "code", "file", "outcome", "received", "said", "unit", "year"]
    near: Annotated[str, "code", "near", "unit"]
    none: Annotated[str, "code"]
    no_code: Annotated[str, "absent", "found", "length"]


class HistoryWords(NamedTuple):
    """What happened between the office and a unit, line by line."""

    line: Annotated[str, "at", "person", "what"]
    by: Annotated[str, "person"]
    head: Annotated[str, "status", "unit"]
    nothing: Annotated[str, "unit"]
    came: Annotated[str, "errors", "file", "warnings"]
    came_clean: Annotated[str, "errors", "file", "warnings"]
    unread: Annotated[str, "file", "refusal"]
    decided: Annotated[str, "day", "file", "verdict"]
    on_finding: Annotated[str, "day", "file", "rule", "verdict"]
    on_file: Annotated[str, "day", "file", "verdict"]
    because: Annotated[str, "what", "why"]
    became: Annotated[str, "became", "what"]
    counts: str
    undone: Annotated[str, "verdict", "what"]
    returned: Annotated[str, "deadline"]
    missing: Annotated[str, "deadline"]


class ProgressWords(NamedTuple):
    """The bar that shows how far a collection has come."""

    title: str
    unit: str
    bar: Annotated[str, "bar", "desc", "elapsed", "n_fmt", "postfix", "remaining", "total_fmt"]
    blocks: str
    counts: Annotated[str, "checked", "faulty", "unreadable"]


class DecideWords(NamedTuple):
    """What a decision lacks, and what was entered."""

    no_unit: Annotated[str, "unit"]
    no_unit_near: Annotated[str, "near", "unit"]
    no_file: Annotated[str, "file"]
    many_files: Annotated[str, "file", "paths"]
    claim_what: str
    claim_first: Annotated[str, "file"]
    day_what: str
    day_to_come: Annotated[str, "day"]
    nothing_decided: Annotated[str, "name"]
    nothing_sent: Annotated[str, "unit"]
    no_finding: Annotated[str, "rule", "unit"]
    nobody_has: Annotated[str, "rule"]
    only_explained: str
    must_mend: Annotated[str, "rule", "title"]
    of_unit: Annotated[str, "unit"]
    where: Annotated[str, "line", "sheet", "unit"]
    not_entered: Annotated[str, "count", "file"]
    not_sent: str
    reason_wanted: str
    why_back: str
    must_mend_first: str
    one_by_one: str
    bad_verdict: Annotated[str, "found", "known"]
    not_summary: Annotated[str, "file", "sheet"]
    gone: str
    done: Annotated[str, "count"]
    none: str
    undone: Annotated[str, "what"]
    nobody_such: str


class VerbWords(NamedTuple):
    """What the county's commands say of a run, and the names of the files they write."""

    roster_file: str
    roster_kind: Annotated[str, "path"]
    page_file: str
    bad_day: Annotated[str, "found"]
    begun: Annotated[str, "path"]
    begun_from: Annotated[str, "count", "ledger", "path"]
    no_inbox: str
    unclaimed: Annotated[str, "count", "file", "more", "near"]
    unclaimed_near: Annotated[str, "near"]
    unclaimed_more: str
    as_before: Annotated[str, "folder"]
    apart: Annotated[str, "units"]
    gone: Annotated[str, "count"]
    collected: Annotated[str, "checked", "faulty", "fresh", "seen", "unreadable"]
    standing: Annotated[str, "faulty", "missing", "units"]
    stopped: str
    watching: Annotated[str, "inbox"]
    watched: str
    no_email: Annotated[str, "count", "units"]
    and_more: str
    noticed: Annotated[str, "missing", "path", "returned"]
    changed: Annotated[str, "count", "files"]
    no_year: Annotated[str, "ledger", "year"]
    due: Annotated[str, "due", "source"]
    due_from: Mapping[DueKey, str]
    other_county: Annotated[str, "before", "ledger", "now"]
    no_office: str
    signed_by: Annotated[str, "office"]
    past: Annotated[str, "day"]
    too_many: Annotated[str, "most", "units"]
    inside: Annotated[str, "inbox", "path"]
    bad_jobs: Annotated[str, "found"]
    one_way: str
    accepted_faulty: Annotated[str, "units"]
    claimed_unread: Annotated[str, "file", "why"]
    now_faulty: Annotated[str, "count", "units"]
    stale: str
    read_back: Annotated[str, "count", "file"]
    kept_texts: Annotated[str, "file"]
    loose: Annotated[str, "count", "units"]
    loose_near: Annotated[str, "units"]
    no_letter: Annotated[str, "count", "units"]
    not_returned: Annotated[str, "count", "ledger"]
    verdict_near: Annotated[str, "found", "known", "near"]
    verdict_unknown: Annotated[str, "found", "known", "near"]
    all_of_what: str
    no_status: Annotated[str, "found", "known"]
    no_kind: Annotated[str, "found", "known"]
    no_region: Annotated[str, "found"]
    decide_what: str
    unsettled: Annotated[str, "blank", "faulty", "missing", "open"]
    no_dask: str
    no_cluster: Annotated[str, "address"]


class CountyWords(NamedTuple):
    """The county's January in words."""

    comma: str
    status: Mapping[StatusKey, str]
    verdict: Mapping[VerdictKey, str]
    roster: RosterWords
    inbox: InboxWords
    for_unit: tuple[OtherWords, ...]
    ledger: LedgerWords
    arrival: ArrivalWords
    correction: CorrectionWords
    paper: PaperWords
    history: HistoryWords
    progress: ProgressWords
    decide: DecideWords
    say: VerbWords

    def misfits(self) -> "Iterator[Misfit]":
        """A kind of unit that is counted nowhere, an example that is no line of a roster."""
        from xlcheck.data.checking import Misfit, unit_kinds

        words, width = self.roster, len(RosterColumns._fields)
        for kind in unit_kinds():
            if kind not in words.counted_by_kind:
                yield Misfit(("roster", "counted_by_kind"), kind, list(words.counted_by_kind), "is missing")
        for n, line in enumerate(words.examples):
            if len(line) != width:
                yield Misfit(("roster", "examples", n), line[0], (), f"has {len(line)} columns of {width}")
                continue
            for found, known in ((line[1], words.counted_by_kind), (line[2], words.counted.values())):
                if found not in known:
                    yield Misfit(("roster", "examples", n), found, list(known))


@cache
def county() -> CountyWords:
    """The words, as data/county.toml has them."""
    return data.load("county", CountyWords)
