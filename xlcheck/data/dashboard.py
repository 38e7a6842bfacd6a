"""The shape of dashboard.toml: the county's page, its colours, its columns, and every word on it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OneLetter, PageColour, Regex
from xlcheck.data.county import StatusKey, VerdictKey
from xlcheck.data.rules import Family

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

PageColumnKey = Literal["name", "kind", "status", "errors", "warnings", "problem", "fresh", "sent"]


class PageMoments(NamedTuple):
    """How a moment ``at`` is written."""

    full: Annotated[str, "at", "at.day", "at.month", "at.year"]
    minute: Annotated[str, "at", "at.day", "at.month"]
    day: Annotated[str, "at.day", "at.month"]
    short: Annotated[str, "at.day", "at.month"]


class PageViews(NamedTuple):
    """What the views are called."""

    regions: str
    units: str
    missing: str
    problems: str
    totals: str


class PageWords(NamedTuple):
    """What the writer says."""

    title: Annotated[str, "county", "year"]
    sub: str
    as_of: Annotated[str, "at"]
    foot: Annotated[str, "at"]
    skip: str
    dark: str
    print: str
    views: str
    by_status: str
    script: str
    counts: Annotated[str, "accepted", "all", "sent"]
    some_missing: Annotated[str, "missing"]
    none_missing: str
    before: Annotated[str, "days", "due"]
    on_day: str
    after: Annotated[str, "days"]
    all_done: Annotated[str, "all"]
    nobody: str
    script_many: str
    list: str
    search: Annotated[str, "initials"]
    search_short: str
    initials: str
    search_many: Annotated[str, "all"]
    all_kinds: str
    all_problems: str
    all_regions: str
    kind: str
    problem: str
    region: str
    export: str
    missing: Annotated[str, "n"]
    copy: str
    missing_more: Annotated[str, "n"]
    unclaimed: Annotated[str, "n"]
    unclaimed_hint: str
    unclaimed_more: Annotated[str, "n"]
    answered: Annotated[str, "answer", "problem"]
    nobody_missing: str
    last_sent: Annotated[str, "day"]
    last_late: Annotated[str, "day"]
    rules: str
    rules_all: str
    rules_hint: str
    units: Annotated[str, "n"]
    warning: str
    no_problems: str
    totals: Annotated[str, "n", "whole"]
    totals_short: Annotated[str, "n"]
    totals_full: str
    totals_apart: Annotated[str, "n"]
    totals_before: Annotated[str, "n"]
    change: str
    more: Annotated[str, "n"]
    fewer: Annotated[str, "n"]
    as_many: Annotated[str, "n"]
    times: Annotated[str, "n"]
    nothing: str
    fixed_row: str
    keys: str
    keys_on: str
    readonly: str


class PageColumn(NamedTuple):
    """A column of the list; ``second`` is a second line of its head."""

    id: PageColumnKey
    label: str
    second: Annotated[str, "before", "year"] = ""


class PageSum(NamedTuple):
    """A sum beside the list."""

    label: str
    fields: tuple[str, ...]


class UnitWords(NamedTuple):
    """What the writer says of one unit."""

    sent: Annotated[str, "at", "n"]
    late: Annotated[str, "n"]
    overdue: Annotated[str, "n"]
    contact: Annotated[str, "contact"]
    phone: Annotated[str, "phone"]
    last_sent: Annotated[str, "at"]
    last_late: Annotated[str, "n"]
    verdict: Mapping[VerdictKey, Annotated[str, "at"]]
    earlier: Annotated[str, "what"]
    reason: Annotated[str, "reason", "what"]
    text: str
    cover: str
    place: Annotated[str, "place", "table"]
    head: Annotated[str, "place", "table"]
    typed: Annotated[str, "text"]
    filled: Annotated[str, "was"]
    blank: str
    perhaps: Annotated[str, "was"]
    perhaps_blank: str
    plain: Annotated[str, "head", "say"]
    stop: str
    comma: str
    also_blank: Annotated[str, "place", "to"]
    also: Annotated[str, "place", "to", "was"]
    either: Annotated[str, "ways"]
    way: Annotated[str, "place", "to", "was"]
    semicolon: str
    more_ways: Annotated[str, "count"]
    ways_most: int


class DashboardFacts(NamedTuple):
    """The page as a whole; ``sentence`` and ``stop`` are patterns, ``js`` are the script's own words."""

    most: int
    print_most: int
    rules_shown: int
    missing_shown: int
    unclaimed_shown: int
    level: str
    fresh: str
    sentence: Regex
    stop: Regex
    colours: Mapping[str, tuple[PageColour, PageColour]]
    icon: Mapping[StatusKey, str]
    hint: Mapping[StatusKey, str]
    moment: PageMoments
    html: PageWords
    views: PageViews
    whole: Mapping[OneLetter, str]
    column: tuple[PageColumn, ...]
    sum: tuple[PageSum, ...]
    family: Mapping[Family, Annotated[str, "tables"]]
    unit: UnitWords
    js: Mapping[
        str,
        Annotated[
            str,
            "column",
            "failed",
            "m",
            "missing",
            "n",
            "name",
            "order",
            "passed",
            "ran",
            "share",
            "text",
            "title",
        ],
    ]

    def misfits(self) -> "Iterator[Misfit]":
        """Fields, columns, colours and the script's words: those that are not there, or that nothing uses."""
        from xlcheck.data.checking import Misfit, doubled
        from xlcheck.data.form import field_names, form_file

        fields = [name for edition in data.editions() for name in field_names(form_file(edition).table)]
        sums = [(("sum", n, "fields"), name) for n, part in enumerate(self.sum) for name in part.fields]
        for at, name in ((("fresh",), self.fresh), *sums):
            if name not in fields:
                yield Misfit(at, name, fields)
        yield from doubled((("column", n, "id"), column.id) for n, column in enumerate(self.column))
        script = "".join(path.read_text(encoding="utf-8") for path in sorted(data.HERE.glob("dashboard*.js")))
        style = (data.HERE / "dashboard.css").read_text(encoding="utf-8")
        for part, text, use in (("js", script, r'\bsay\("(\w+)"'), ("colours", style, r"var\(--([\w-]+)\)")):
            known = getattr(self, part)
            for name in sorted(set(re.findall(use, text)).difference(known)):
                yield Misfit((part,), name, list(known), "is used and not there")


@cache
def dashboard() -> DashboardFacts:
    """The page's words and settings, as data/dashboard.toml has them."""
    return data.load("dashboard", DashboardFacts)
