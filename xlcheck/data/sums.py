"""The shape of sums.toml: what explains that a county's own figure is not the sum of its units."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, NamedTuple

from xlcheck import data

OtherSource = Literal["mended", "earlier", "published", "last"]
StoryKind = Literal["left_out", "twice", "uncounted", OtherSource]
ReasonKind = Literal[StoryKind, "swapped", "county_swapped", "slip", "county_slip", "rounded"]


class SumReasonWords(NamedTuple):
    """One explanation: how likely beside the others, and how it is said of one cell and of a whole unit."""

    cost: int
    say: Annotated[str, "counted", "unit", "value"]
    whole: Annotated[str, "n", "unit"] = ""


class SumSentences(NamedTuple):
    """What is said of the county's workbook."""

    head: Annotated[str, "differ", "file", "fields", "units"]
    same: Annotated[str, "fields", "file", "units"]
    whole: Annotated[str, "said"]
    line: Annotated[str, "cell", "delta", "place", "said", "stands", "sum"]
    words: Annotated[str, "cell", "place", "stands", "sum"]
    blank: Annotated[str, "cell", "place", "sum"]
    either: str
    comma: str
    units_more: Annotated[str, "n"]
    among: Annotated[str, "n", "said"]
    unexplained: Annotated[str, "delta"]
    missing: Annotated[str, "n", "units"]
    incomplete: Annotated[str, "cells", "n"]
    other_edition: Annotated[str, "edition", "file", "other"]
    other_year: Annotated[str, "file", "other", "year"]
    no_region: Annotated[str, "near", "region"]


class SumFacts(NamedTuple):
    """The whole file; so many explanations are ``named`` for a cell, of so many ``units`` each; and which
    ``slips`` of the keyboard explain anything."""

    named: int
    units: int
    slips: tuple[str, ...]
    reason: Mapping[ReasonKind, SumReasonWords]
    say: SumSentences


@cache
def sum_facts() -> SumFacts:
    """The words and costs, as data/sums.toml has them."""
    return data.load("sums", SumFacts)
