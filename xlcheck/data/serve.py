"""The shape of serve.toml: the address where units upload, its words and its limits."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data.county import Verdict
from xlcheck.data.rules import Severity

ReturnVerdict = Literal[Verdict.RETURN, Verdict.ACCEPT, Verdict.EXPLAINED, Verdict.PENDING]


class ServeLimits(NamedTuple):
    """What is bounded: sizes, numbers at once, seconds, guesses."""

    upload: int
    form: int
    drain: int
    files: int
    at_once: int
    waiting: int
    of_unit: int
    head: int
    idle: int
    body: int
    idle_session: int
    session: int
    sessions: int
    guesses: int
    guesses_code: int
    guesses_address: int
    lock: int
    shown: int
    newest: int


class SiteWords(NamedTuple):
    """What stands on every page."""

    title: Annotated[str, "county", "year"]
    sub: str
    sub_office: str
    office: str
    sign_out: str
    foot: str
    foot_office: str
    skip: str
    back: str
    offline: str


class SignInWords(NamedTuple):
    """The page before anybody is known."""

    title: str
    lead: str
    code: str
    hint: str
    button: str
    wrong: str
    locked: Annotated[str, "minutes"]
    expired: str
    stale: str


class OwnPageWords(NamedTuple):
    """A unit's own page."""

    due: Annotated[str, "days", "due"]
    due_today: str
    due_past: Annotated[str, "days", "due"]
    upload: str
    upload_again: str
    file: Annotated[str, "most"]
    button: str
    wait: str
    newest: str
    earlier: str
    no_receipts: str
    time: str
    name: str
    receipt: str
    result: str
    decision: str
    verdict: Mapping[ReturnVerdict, str]
    reason: Annotated[str, "reason"]
    made: Annotated[str, "at"]
    letter: str
    letter_file: str
    marked: str
    marked_name: Annotated[str, "unit"]
    letter_name: str


class CheckResultWords(NamedTuple):
    """What a check found, in plain words."""

    errors: Annotated[str, "n"]
    warnings: Annotated[str, "n"]
    comma: str
    clean: str
    explained: str
    mend: str
    mend_warnings: str
    nothing: str
    settled: Annotated[str, "n"]
    kind: Annotated[Mapping[Severity, str], ...]
    answer: Annotated[str, "answer"]
    taken: str
    checked: Annotated[str, "cases", "failed", "passed"]
    linked: str
    not_counted: Annotated[str, "why"]
    void: str


class ReceiptWords(NamedTuple):
    """A receipt."""

    title: str
    taken: str
    code: str
    time: str
    unit: str
    year: str
    file: str
    digest: str
    check_code: str
    no_check_code: str
    keep: str
    claimed: Annotated[str, "cover"]
    claimed_blank: str
    again: Annotated[str, "at", "file"]
    sent_back: str


class NotTakenWords(NamedTuple):
    """Why nothing was taken."""

    title: str
    nothing_lost: str
    no_file: str
    empty: Annotated[str, "file"]
    too_big: Annotated[str, "most"]
    too_slow: str
    busy: str
    of_unit: str
    other_unit: Annotated[str, "cover", "file", "unit"]
    year: Annotated[str, "file", "found", "year"]
    no_year: Annotated[str, "file", "year"]
    edition: Annotated[str, "edition", "file", "year"]
    many: Annotated[str, "file", "most"]
    bad_form: str
    no_ledger: str
    missing: str
    method: str
    accident: str


class OfficePageWords(NamedTuple):
    """The office's page."""

    lead: Annotated[str, "accepted", "all", "missing", "sent"]
    dashboard: str
    missing: Annotated[str, "n"]
    none_missing: str
    unit: str
    contact: str
    phone: str
    arrivals: Annotated[str, "n"]
    older: Annotated[str, "n"]
    more: Annotated[str, "most"]
    none_arrived: str
    time: str
    file: str
    receipt: str
    outcome: str
    by_hand: str
    unclaimed: str


class CodeFileWords(NamedTuple):
    """The files with codes that the officer hands out."""

    file: Annotated[str, "at"]
    office_file: Annotated[str, "at"]
    head: tuple[str, str, str]
    office: Annotated[str, "address", "code"]


class ServeSentences(NamedTuple):
    """What the command says."""

    inbox: Annotated[str, "inbox"]
    no_parts: str
    no_page: Annotated[str, "file"]
    no_renew: Annotated[str, "unit"]
    codes: Annotated[str, "count", "path"]
    office_code: Annotated[str, "path"]
    begun: Annotated[str, "address"]
    local: str
    plain: str
    bad_port: Annotated[str, "found"]
    pair: str
    certificate: Annotated[str, "reason"]
    taken: Annotated[str, "at", "path", "receipt", "unit"]
    refused: Annotated[str, "at", "unit", "why"]
    no_ledger: Annotated[str, "at", "reason"]
    port: Annotated[str, "host", "port", "reason"]
    renewed: Annotated[str, "address"]
    ended: str


class ServeFacts(NamedTuple):
    """The whole file."""

    limits: ServeLimits
    page: SiteWords
    sign_in: SignInWords
    unit: OwnPageWords
    result: CheckResultWords
    receipt: ReceiptWords
    refused: NotTakenWords
    office: OfficePageWords
    codes: CodeFileWords
    say: ServeSentences


@cache
def serve() -> ServeFacts:
    """The words and limits of the address, as data/serve.toml has them."""
    return data.load("serve", ServeFacts)
