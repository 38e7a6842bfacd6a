"""Whose report it is: what the text calls its own organ, against the unit on the cover."""

import re
from collections.abc import Iterator

from xlcheck.core.finding import Finding
from xlcheck.core.text.words.sections import Narrative, has_any
from xlcheck.data.remarks import OrganKind, OrganWords


def organ(here: Narrative, how: OrganWords) -> Iterator[Finding]:
    """我镇 in a bureau's report, requests made to the city's government, another name in the sign-off."""
    unit, kind = (here.filing.unit or "").strip(), here.filing.kind or ""
    mine = next((one for one in how.kinds if _is(one, unit, kind)), None)
    if mine:
        yield from _selves(here, mine.never, how, unit or kind)
        if mine.lower:
            yield from _above(here, how, unit or kind)
    if _is(how.party, unit, kind):
        yield from here.find("organ_party", "unit", unit=unit or kind)
    yield from _sign(here, unit)


def _is(organs: OrganKind, unit: str, kind: str) -> bool:
    """Whether a unit is one of these organs, by its kind or by its name."""
    ends = unit.endswith(organs.ends) and not unit.endswith(organs.apart)
    return kind in organs.kinds or ends or unit.startswith(organs.begins) or has_any(unit, organs.holds)


def _selves(here: Narrative, never: tuple[str, ...], how: OrganWords, unit: str) -> Iterator[Finding]:
    """Each wrong word for oneself, once for the whole report with its number of places."""
    places: dict[str, list[tuple[str, str]]] = {}
    for section in here.sections.values():
        plain = how.quoted.sub(lambda m: " " * len(m[0]), section.words)
        for start, word in _own_words(plain, how):
            if word in never:
                end = start + len(how.we + word)
                places.setdefault(word, []).append((section.at, section.quote(start, end)))
    for where in places.values():
        at, quote = where[0]
        yield from here.find("organ", at, quote, count=len(where), unit=unit)


def _own_words(text: str, how: OrganWords) -> Iterator[tuple[int, str]]:
    """Where an organ speaks of itself, and by which word; 我市民 is no 我市."""
    start = text.find(how.we)
    while start >= 0:
        behind = start + len(how.we)
        words = (word for word in how.own if text.startswith(word, behind))
        yield from ((start, word) for word in words if not text.startswith(how.own[word], behind + len(word)))
        start = text.find(how.we, behind)


def _above(here: Narrative, how: OrganWords, unit: str) -> Iterator[Finding]:
    for section in here.sections.values():
        for match in section.matches(how.above, how.above_holds):
            yield from here.find("organ_above", section.at, section.quote(*match.span()), unit=unit)


def _sign(here: Narrative, unit: str) -> Iterator[Finding]:
    section = here.sections.get("sign")
    if section and unit:
        signed, name = re.sub(r"[\W\d]", "", section.words), re.sub(r"[\W\d]", "", unit)
        if name not in signed and signed not in name:
            yield from here.find("sign", section.at, section.raw.strip(), unit=unit)
