"""The shape of dashboard.toml: the county's page, its colours, its columns, and every word on it."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from xlcheck import data
from xlcheck.data.county import StatusKey, VerdictKey
from xlcheck.data.rules import Family

PageColumnKey = Literal["name", "kind", "status", "errors", "warnings", "problem", "fresh", "sent"]


class PageMoments(NamedTuple):
    """How a moment ``at`` is written."""

    full: str
    minute: str
    day: str
    short: str


class PageViews(NamedTuple):
    """What the views are called."""

    regions: str
    units: str
    missing: str
    problems: str
    totals: str


class PageWords(NamedTuple):
    """What the writer says."""

    title: str
    sub: str
    as_of: str
    foot: str
    skip: str
    dark: str
    print: str
    views: str
    by_status: str
    script: str
    counts: str
    some_missing: str
    none_missing: str
    before: str
    on_day: str
    after: str
    all_done: str
    nobody: str
    script_many: str
    list: str
    search: str
    search_many: str
    all_kinds: str
    all_problems: str
    all_regions: str
    kind: str
    problem: str
    region: str
    export: str
    missing: str
    copy: str
    nobody_missing: str
    last_sent: str
    last_late: str
    rules: str
    rules_all: str
    rules_hint: str
    units: str
    warning: str
    no_problems: str
    totals: str
    totals_short: str
    totals_full: str
    totals_apart: str
    totals_before: str
    change: str
    more: str
    fewer: str
    as_many: str
    times: str
    nothing: str
    fixed_row: str
    keys: str
    keys_on: str
    readonly: str


class PageColumn(NamedTuple):
    """A column of the list; ``second`` is a second line of its head."""

    id: PageColumnKey
    label: str
    second: str = ""


class PageSum(NamedTuple):
    """A sum beside the list."""

    label: str
    fields: tuple[str, ...]


class UnitWords(NamedTuple):
    """What the writer says of one unit."""

    sent: str
    late: str
    overdue: str
    contact: str
    phone: str
    last_sent: str
    last_late: str
    verdict: Mapping[VerdictKey, str]
    earlier: str
    reason: str
    text: str
    cover: str
    place: str
    head: str
    typed: str
    filled: str
    blank: str
    perhaps: str
    perhaps_blank: str
    plain: str
    stop: str
    comma: str
    also: str
    either: str


class DashboardFacts(NamedTuple):
    """The page as a whole; ``sentence`` and ``stop`` are patterns, ``js`` are the script's own words."""

    most: int
    print_most: int
    rules_shown: int
    level: str
    fresh: str
    sentence: str
    stop: str
    colours: Mapping[str, tuple[str, str]]
    icon: Mapping[StatusKey, str]
    hint: Mapping[StatusKey, str]
    moment: PageMoments
    html: PageWords
    views: PageViews
    whole: Mapping[str, str]
    column: tuple[PageColumn, ...]
    sum: tuple[PageSum, ...]
    family: Mapping[Family, str]
    unit: UnitWords
    js: Mapping[str, str]


@cache
def dashboard() -> DashboardFacts:
    """The page's words and settings, as data/dashboard.toml has them."""
    return data.load("dashboard", DashboardFacts)
