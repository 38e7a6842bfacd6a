"""The shape of county.toml, and the closed words of the county's January that its sentences go by."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Literal, NamedTuple

from xlcheck import data


class Status(StrEnum):
    """The five states of a unit, in the office's order of work."""

    RETURNED = "returned"
    RESENT = "resent"
    REPORTED = "reported"
    MISSING = "missing"
    ACCEPTED = "accepted"


class Verdict(StrEnum):
    """What the county decides on a return or on one finding; ``PENDING`` takes back what was decided."""

    RETURN = "return"
    ACCEPT = "accept"
    EXPLAINED = "explained"
    PENDING = "pending"


class Outcome(StrEnum):
    """What became of a file that came in."""

    RETURN = "return"
    OLDER = "older"
    TWICE = "twice"
    STRANGER = "stranger"
    NOBODY = "nobody"
    YEAR = "year"
    EDITION = "edition"
    UNREADABLE = "unreadable"


# Of a mapping's keys a checker knows only literals; a test holds every mapping to all members of its enum.
StatusKey = Literal[Status.RETURNED, Status.RESENT, Status.REPORTED, Status.MISSING, Status.ACCEPTED]
VerdictKey = Literal[Verdict.RETURN, Verdict.ACCEPT, Verdict.EXPLAINED, Verdict.PENDING]
OutcomeKey = Literal[
    Outcome.RETURN, Outcome.OLDER, Outcome.TWICE, Outcome.STRANGER,
    Outcome.NOBODY, Outcome.YEAR, Outcome.EDITION, Outcome.UNREADABLE,
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


class RosterWords(NamedTuple):
    """The roster: its refusals, its example, its columns, and how each kind of unit is added up."""

    example_mark: str
    line: str
    no_head: str
    no_name: str
    bad_kind: str
    bad_counted: str
    twice: str
    two_own: str
    empty: str
    not_text: str
    affixes: tuple[str, ...]
    between_aliases: str
    examples: tuple[tuple[str, ...], ...]
    columns: RosterColumns
    counted: Mapping[CountedAs, str]
    counted_by_kind: Mapping[str, CountedAs]


class InboxWords(NamedTuple):
    """What is wrong with the inbox or with one file of it."""

    unknown: str
    none: str
    unreadable: str
    shut: str
    crashed: str


class LedgerWords(NamedTuple):
    """Why a ledger cannot be used."""

    none: str
    newer: str
    no_driver: str
    broken: str


class ArrivalWords(NamedTuple):
    """What became of a file: the word, the sentence, and what is filled into it."""

    file: str
    near: str
    no_year: str
    word: Mapping[OutcomeKey, str]
    sentence: Mapping[OutcomeKey, str]


class ProgressWords(NamedTuple):
    """The bar that shows how far a collection has come."""

    title: str
    unit: str
    bar: str
    blocks: str
    counts: str


class DecideWords(NamedTuple):
    """What a decision lacks, and what was entered."""

    no_unit: str
    nothing_sent: str
    no_finding: str
    only_explained: str
    must_mend: str
    where: str
    not_sent: str
    reason_wanted: str
    bad_verdict: str
    not_summary: str
    gone: str
    done: str
    none: str


class VerbWords(NamedTuple):
    """What the county's commands say of a run, and the names of the files they write."""

    roster_file: str
    page_file: str
    bad_day: str
    begun: str
    no_inbox: str
    collected: str
    stopped: str
    noticed: str
    no_year: str
    other_county: str
    no_office: str
    past: str
    too_many: str
    inside: str
    bad_jobs: str
    one_way: str
    accepted_faulty: str
    now_faulty: str
    stale: str
    read_back: str
    kept_texts: str
    not_returned: str
    decide_what: str
    unsettled: str
    no_dask: str
    no_cluster: str


class CountyWords(NamedTuple):
    """The county's January in words."""

    comma: str
    status: Mapping[StatusKey, str]
    verdict: Mapping[VerdictKey, str]
    roster: RosterWords
    inbox: InboxWords
    ledger: LedgerWords
    arrival: ArrivalWords
    progress: ProgressWords
    decide: DecideWords
    say: VerbWords


@cache
def county() -> CountyWords:
    """The words, as data/county.toml has them."""
    return data.load("county", CountyWords)
