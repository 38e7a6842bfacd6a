"""The years, periods and dates a report names, against the year it reports."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from xlcheck.core.finding import Finding
from xlcheck.core.text.numbers import Numerals, value_of
from xlcheck.core.text.sections import Narrative, Section

Said = Mapping[str, Any]


def dates(here: Narrative, words: Said, how: Numerals) -> Iterator[Finding]:
    """Wrong years, periods that are not the whole year, and a date too early or too late."""
    for section in here.sections.values():
        for match in re.finditer(words["year"]["impossible"], section.words):
            yield from here.find("impossible_date", section.at, section.quote(*match.span()))
        if here.year is not None and section.at not in ("sign", "date"):
            yield from _years(here, section, here.year, words["year"])
            yield from _period(here, section, here.year, words["period"])
    if here.year is not None and (signed := here.sections.get("date")):
        yield from _signed(here, signed, here.year, words["date"], how)


def _years(here: Narrative, section: Section, year: int, words: Said) -> Iterator[Finding]:
    """Sentences that open with a year not reported; plans for the next are right in 五."""
    for match in re.finditer(words["title" if section.at == "preface" else "opening"], section.words):
        named = int(match[1])
        ahead = section.words[match.end() : match.end() + 40]
        planned = named == year + 1 and (section.at == "s5" or re.search(words["plan"], ahead))
        if named != year and abs(named - year) <= 2 and not planned:
            end = min(match.end() + 12, len(section.words))
            quote = section.quote(match.start(1), end)
            yield from here.find("year", section.at, quote, year=named)
    begun = re.search(words["measures"], section.words) if section.at == "s5" else None
    if begun and (stale := re.search(words["stale"].format(year=year), section.words[begun.start() :])):
        start = begun.start() + stale.start(1)
        quote = section.quote(start, start + len(stale[1]))
        yield from here.find("stale_plan", section.at, quote, year=year)


def _period(here: Narrative, section: Section, year: int, words: Said) -> Iterator[Finding]:
    for match in re.finditer(words["pattern"], section.words):
        numbers = [int(n) for n in match.groups(match[1])]
        around = section.words[max(0, match.start() - 30) : match.start()]
        if numbers != [year, 1, 1, year, 12, 31] and re.search(words["about"], around):
            yield from here.find("period", section.at, section.quote(*match.span()))


def _signed(here: Narrative, section: Section, year: int, words: Said, how: Numerals) -> Iterator[Finding]:
    """The law's last days: 31 January for a unit, 31 March for a government's own report (Art. 49)."""
    text = re.sub(
        f"[{''.join((*how.digits, *how.places))}]+", lambda m: str(value_of(m[0], how)), section.words
    )
    match = re.search(words["pattern"], text)
    if match is None:
        return
    signed = (int(match[1]), int(match[2]), int(match[3]))
    government = here.filing.kind in words["government"]
    last = (year + 1, *words["last_day_government" if government else "last_day"])
    if not (1 <= signed[1] <= 12 and 1 <= signed[2] <= 31):
        return  # told as an impossible date already
    if signed < (year + 1, 1, 1):
        yield from here.find("date_early", section.at, section.raw.strip())
    elif signed > last:
        yield from here.find("date_late", section.at, section.raw.strip(), deadline=date(*last).isoformat())
