"""The years, periods and dates a report names, against the year it reports."""

import re
from collections.abc import Iterator
from itertools import repeat

from xlcheck.core.finding import Finding
from xlcheck.core.text.words.numbers import Numerals, value_of
from xlcheck.core.text.words.sections import Narrative, Section, has_any
from xlcheck.data.remarks import SignedDate, TextRemarks, YearPatterns


def dates(here: Narrative, how: TextRemarks, numerals: Numerals) -> Iterator[Finding]:
    """Wrong years, periods that are not the whole year, and a date too early or too late."""
    # A year this form is not for has to be mended first: texts that name the right one would be told off.
    year = here.year if here.year is not None and here.form.covers(here.year) else None
    for section in here.sections.values():
        for match in section.matches(how.year.impossible):
            yield from here.find("impossible_date", section.at, section.quote(*match.span()))
        if year is not None and section.at not in ("sign", "date"):
            yield from _years(here, section, year, how, numerals)
            yield from _stale(here, section, year, how)
            yield from _period(here, section, year, how.year)
    if year is not None and (signed := here.sections.get("date")):
        yield from _signed(here, signed, year, how.date, numerals)


def _years(
    here: Narrative, section: Section, year: int, remarks: TextRemarks, numerals: Numerals
) -> Iterator[Finding]:
    """Sentences told of a year not reported; plans for the next are right in 五."""
    if section.at == "preface":
        for match in section.matches(remarks.year.title):
            if (named := int(match[1])) != year and abs(named - year) <= 2:
                end = min(match.end() + 12, len(section.words))
                yield from here.find("year", section.at, section.quote(match.start(1), end), year=named)
        return
    for start, end, named in misdated(section, year, remarks, here.unit, numerals):
        yield from here.find("year", section.at, section.quote(start, end), year=named)


def misdated(
    section: Section, year: int, remarks: TextRemarks, unit: str, numerals: Numerals
) -> Iterator[tuple[int, int, int]]:
    """Where a sentence is told of another year than the report's; one that names both compares."""
    words, how, plans = section.words, remarks.year, section.at == remarks.five.section
    for match in section.matches(how.named):
        named = int(value_of(match[1], numerals))
        if named == year or abs(named - year) > 2 or not _opens(words, match.start(), how, unit):
            continue
        begin = max(map(words.rfind, how.stops, repeat(0), repeat(match.start()))) + 1
        ends = [n for n in map(words.find, how.stops, repeat(match.end())) if n >= 0]
        sentence = words[begin : min(ends, default=len(words))]
        ahead = words[match.end() : match.end() + 40]
        planned = named == year + 1 and (plans or has_any(ahead, how.plan))
        before = words[words.rfind(how.stops[0], 0, match.start()) + 1 : match.start()]
        both = str(year) in sentence or has_any(sentence[match.end() - begin :], how.compared)
        both = both or str(year) in before or has_any(before, how.compared)
        if not (planned or both):
            yield match.start(1), min(match.end() + 12, len(words)), named


def _opens(words: str, at: int, how: YearPatterns, unit: str) -> bool:
    """Whether what follows is told of: at the head of a sentence, or after the organ's own name."""
    before = words[max(0, at - 40) : at]
    named = how.office.sub("", before)
    if how.ours.search(before) and (how.own.match(words, at + 4) or _named(words, at + 4, how, unit)):
        return True  # 按照要求，2024 年我局…
    return bool(how.before.search(before)) or any(named.endswith(unit[n:]) for n in range(len(unit) - 2))


def _named(words: str, at: int, how: YearPatterns, unit: str) -> bool:
    """Whether the organ's own name follows."""
    behind = how.after.sub("", words[at : at + 40])
    return any(behind.startswith(unit[n:]) for n in range(len(unit) - 2))


def _stale(here: Narrative, section: Section, year: int, remarks: TextRemarks) -> Iterator[Finding]:
    """Measures that 五 says are still to be taken in the year that is over."""
    how = remarks.year
    begun = [n for word in how.measures if (n := section.words.find(word)) >= 0]
    if section.at != remarks.five.section or not begun:
        return
    stale = re.compile(how.stale.replace("{year}", str(year)))
    for match in re.finditer(stale, section.words[min(begun) :]):
        start = min(begun) + match.start(1)
        yield from here.find("stale_plan", section.at, section.quote(start, start + len(match[1])), year=year)


def _period(here: Narrative, section: Section, year: int, how: YearPatterns) -> Iterator[Finding]:
    for match in section.matches(how.period):
        numbers = [int(n) for n in match.groups(match[1])]
        around = section.words[max(0, match.start() - 30) : match.start()]
        if numbers != [year, 1, 1, year, 12, 31] and has_any(around, how.about):
            yield from here.find("period", section.at, section.quote(*match.span()))


def _signed(
    here: Narrative, section: Section, year: int, how: SignedDate, numerals: Numerals
) -> Iterator[Finding]:
    """The law's last days: 31 January for a unit, 31 March for a government's own report (Art. 49)."""
    chinese = f"[{''.join((*numerals.digits, *numerals.places))}]{{1,12}}"
    match = how.pattern.search(re.sub(chinese, lambda m: str(value_of(m[0], numerals)), section.words))
    if match is None:
        return
    signed = (int(match[1]), int(match[2]), int(match[3]))
    last_day = how.last_day_government if here.filing.kind in how.government else how.last_day
    last = (year + 1, *last_day)
    if not (1 <= signed[1] <= 12 and 1 <= signed[2] <= 31):
        return  # found as an impossible date already
    if signed < (year + 1, 1, 1):
        yield from here.find("date_early", section.at, section.raw.strip())
    elif signed > last:
        yield from here.find(
            "date_late", section.at, section.raw.strip(), deadline="{}-{:02}-{:02}".format(*last)
        )
