"""The shape of assessment.toml: how a county's wishes are looked for, and the words of the 考核表."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data.policy import PointEvent
from xlcheck.data.summary import ListSheet

PointSource = Literal["finding", "decision", "date", "page", "hand"]


class AssessmentSentences(NamedTuple):
    """What the points of an item come from."""

    late: Annotated[str, "day", "due", "n"]
    missing: Annotated[str, "due", "today"]
    returned: Annotated[str, "day", "why"]
    because: str
    unmended: Annotated[str, "left", "day"]
    unmended_same: Annotated[str, "day"]
    unmended_yet: Annotated[str, "day"]
    alike: Annotated[str, "section", "units"]
    finding: Annotated[str, "cell", "message", "rule"]
    published_late: Annotated[str, "file", "said"]
    unpublished: str
    published_differs: Annotated[str, "file", "said"]
    not_looked: str
    by_hand: str
    none: str
    between: str
    more: Annotated[str, "n", "said"]
    total: str
    hint: str
    panel: Annotated[str, "total"]
    open: str
    line: Annotated[str, "points", "said", "source", "title"]


class AssessmentFacts(NamedTuple):
    """The whole file; ``figure`` is how a content is looked for that is to have a figure beside it."""

    figure: Annotated[str, "words"]
    wanted: Annotated[str, "name"]
    wanted_title: Annotated[str, "title"]
    traces: int
    sources: Mapping[PointEvent, PointSource]
    source: Mapping[PointSource, str]
    say: AssessmentSentences
    sheet: ListSheet


@cache
def assessment() -> AssessmentFacts:
    """The words and patterns, as data/assessment.toml has them."""
    return data.load("assessment", AssessmentFacts)
