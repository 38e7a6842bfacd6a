"""Whose report it is: what the text calls its own organ, against the unit on the cover."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xlcheck.core.finding import Finding
from xlcheck.core.text.sections import Narrative

Said = Mapping[str, Any]


def organ(here: Narrative, words: Said) -> Iterator[Finding]:
    """我镇 in a bureau's report, requests made to the city's government, another name in the sign-off."""
    unit, kind = (here.filing.unit or "").strip(), here.filing.kind or ""
    mine = next(
        (k for k in words["kinds"] if (re.search(k["unit"], unit) and unit) or kind in k["kinds"]), None
    )
    if mine:
        yield from _selves(here, mine["not"], words, unit or kind)
        if mine.get("lower"):
            yield from _above(here, words["above"], unit or kind)
    if kind in words["party"]["kinds"] or re.search(words["party"]["unit"], unit):
        yield from here.find("organ_party", "unit", unit=unit or kind)
    yield from _sign(here, unit)


def _selves(here: Narrative, not_mine: list[str], words: Said, unit: str) -> Iterator[Finding]:
    """Each wrong word for oneself, once for the whole report with its number of places."""
    places: dict[str, list[tuple[str, str]]] = {}
    for section in here.sections.values():
        blank = re.sub(words["quoted"], lambda m: " " * len(m[0]), section.words)
        for match in re.finditer(words["self"], blank):
            if match[1] in not_mine:
                places.setdefault(match[0], []).append((section.at, section.quote(*match.span())))
    for found in places.values():
        at, quote = found[0]
        yield from here.find("organ", at, quote, count=len(found), unit=unit)


def _above(here: Narrative, pattern: str, unit: str) -> Iterator[Finding]:
    for section in here.sections.values():
        for match in re.finditer(pattern, section.words):
            yield from here.find("organ_above", section.at, section.quote(*match.span()), unit=unit)


def _sign(here: Narrative, unit: str) -> Iterator[Finding]:
    section = here.sections.get("sign")
    if section and unit:
        signed, name = re.sub(r"[\W\d]", "", section.words), re.sub(r"[\W\d]", "", unit)
        if name not in signed and signed not in name:
            yield from here.find("sign", section.at, section.raw.strip(), unit=unit)
