"""The report as a piece of writing: year, organ, parts, dates, what is missing and what was left in."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from xlcheck.core.finding import Finding
from xlcheck.core.text.prose.dates import dates
from xlcheck.core.text.prose.organ import organ
from xlcheck.core.text.words.numbers import Numerals, value_of
from xlcheck.core.text.words.sections import Narrative, Section, has_any
from xlcheck.data import Pattern
from xlcheck.data.remarks import AnnouncedParts, FifthSection, NarrativeSize, NoticeWords, TextRemarks
from xlcheck.data.rules import TextCheck


def style_findings(here: Narrative, how: TextRemarks, numerals: Numerals) -> Iterator[Finding]:
    """Every finding that needs no table; the patterns are those of data/remarks.toml."""
    yield from _unwanted(here, how)
    yield from _wanted(here, how, numerals)
    yield from _typos(here, how.typos)
    yield from dates(here, how, numerals)
    yield from organ(here, how.organ)
    for section in here.sections.values():
        if section.at in how.announced.sections:
            yield from _announced(here, section, how.announced, numerals)
        if section.at in how.notice.sections:
            yield from _notice(here, section, how.notice)
        if section.at in how.points.sections:
            yield from _points(here, section, how.points.pattern, numerals)
    for section in here.named([how.headings.section]):
        yield from _aspects(here, section, how, numerals)
    for section in here.named([how.size.section]):
        yield from _size(here, section, how.size)
    for section in here.named([how.five.section]):
        yield from _five(here, section, how.five)


def _unwanted(here: Narrative, how: TextRemarks) -> Iterator[Finding]:
    for unwanted in how.unwanted:
        for section in here.named(unwanted.sections):
            matches: dict[int, re.Match[str]] = {}
            for match in section.matches(unwanted.pattern, unwanted.holds):
                start = match.start()
                matches.setdefault(section.sentence(start) if unwanted.by_sentence else start, match)
            for quote, count in Counter(section.quote(*m.span()) for m in matches.values()).items():
                yield from here.find(unwanted.check, section.at, quote, count=count)


def _wanted(here: Narrative, how: TextRemarks, numerals: Numerals) -> Iterator[Finding]:
    lacking: dict[tuple[TextCheck, str], list[str]] = {}
    for wanted in how.wanted:
        for section in here.named([wanted.section]):
            if not _speaks_of(section, wanted.words, wanted.pattern):
                lacking.setdefault((wanted.check, section.at), []).append(wanted.name)
    for (check, at), names in lacking.items():
        yield from here.find(check, at, missing=numerals.signs.comma.join(names))


def _speaks_of(section: Section, words: tuple[str, ...], pattern: Pattern | None) -> bool:
    return section.has(words) or bool(pattern and pattern.search(section.words))


def _typos(here: Narrative, typos: Mapping[str, str]) -> Iterator[Finding]:
    for section in here.sections.values():
        for wrong, right in typos.items():
            if (start := section.words.find(wrong)) >= 0:
                quote = section.quote(start, start + len(wrong))
                count = section.words.count(wrong)
                yield from here.find("typo", section.at, quote, right=right, count=count)


def _announced(
    here: Narrative, section: Section, how: AnnouncedParts, numerals: Numerals
) -> Iterator[Finding]:
    """How many parts the report says it has: only where the sentence lists them."""
    for sentence in section.words.split(numerals.signs.stop):
        listed = has_any(sentence, how.sentence) and has_any(sentence, how.lists)
        for match in how.pattern.finditer(sentence) if listed else ():
            announced = int(value_of(match[1], numerals))
            if announced != len(here.form.sections):
                yield from here.find("announced", section.at, match[0], said=announced)


def _notice(here: Narrative, section: Section, how: NoticeWords) -> Iterator[Finding]:
    """The notice of another edition, or this one's number under another name (国办发 for 国办公开办函)."""
    if here.year is not None and not here.form.covers(here.year):
        return  # the form itself is another year's, and the notice may be the right one
    right = re.findall(r"\w", here.form.notice)
    for match in section.matches(how.pattern):
        if match.groups() in how.known and re.findall(r"\w", match[0]) != right:
            yield from here.find("notice", section.at, section.quote(*match.span()), notice=here.form.notice)


def _points(here: Narrative, section: Section, pattern: Pattern, numerals: Numerals) -> Iterator[Finding]:
    """一是、二是 in each paragraph: one left out, or the same twice."""
    last, paragraph = "", -1
    for sentence in section.reading.sentences:
        last = last if sentence.paragraph == paragraph else ""
        paragraph = sentence.paragraph
        match = pattern.match(section.words, sentence.start)
        if match is None:
            continue
        number, before = int(value_of(match[1], numerals)), int(value_of(last, numerals)) if last else 0
        if 0 < before < 9 and number not in (1, before + 1):
            expected = next(c for c, v in numerals.digits.items() if v == before + 1)
            quote = section.quote(*match.span())
            yield from here.find("points", section.at, quote, before=last, expected=expected)
        last = match[1]


def missing_aspects(section: Section, how: TextRemarks) -> list[str]:
    """The aspects that a text does not speak of, in their order."""
    return [each.name for each in how.aspect if not _speaks_of(section, each.words, each.pattern)]


def _aspects(here: Narrative, section: Section, how: TextRemarks, numerals: Numerals) -> Iterator[Finding]:
    """The five aspects of 一, and whether its own headings are theirs."""
    if missing := missing_aspects(section, how):
        yield from here.find("aspects", section.at, missing=numerals.signs.comma.join(missing))
    headings = [h for h in section.matches(how.headings.pattern) if not has_any(h[1], how.headings.title)]
    fitting = [h for h in headings if any(has_any(h[1], each.headings) for each in how.aspect)]
    if len(headings) > 1 and len(fitting) < 2:
        yield from here.find("own_headings", section.at, section.quote(*headings[0].span(1)))


def _size(here: Narrative, section: Section, how: NarrativeSize) -> Iterator[Finding]:
    """Longer than the notice wants it, or hardly a figure of the year in it."""
    count = len(section.words)
    if count > how.limit:
        yield from here.find("length", section.at, count=count, limit=how.limit)
    figures = [f for s in section.reading.sentences for f in s.figures if f.unit and f.value and not f.prior]
    if len(figures) < how.figures:
        yield from here.find("few", section.at, count=len(figures))


def _five(here: Narrative, section: Section, how: FifthSection) -> Iterator[Finding]:
    """五 left empty, or so short and without a figure or a name that any office could have written it."""
    text = how.heading.sub("", section.words, count=1)
    if len(text) >= how.general_below:
        return
    quote = section.raw.strip()[: how.quoted]
    if len(text) < how.least or how.empty.search(section.words):
        yield from here.find("five", section.at, quote, said=how.empty_words)
    elif not how.specific.search(text):
        yield from here.find("five", section.at, quote, said=how.general_words.format(count=len(text)))
