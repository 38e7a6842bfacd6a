"""The report as a piece of writing: year, organ, parts, dates, what is missing and what was left in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xlcheck.core.finding import Finding
from xlcheck.core.text.dates import dates
from xlcheck.core.text.numbers import Numerals, value_of
from xlcheck.core.text.organ import organ
from xlcheck.core.text.sections import Narrative, Section

Said = Mapping[str, Any]


def remarks(here: Narrative, words: Said, how: Numerals) -> Iterator[Finding]:
    """Every finding that needs no table; the patterns are those of data/remarks.toml."""
    yield from _found(here, words)
    yield from _missing(here, words)
    yield from _typos(here, words["typos"])
    yield from dates(here, words, how)
    yield from organ(here, words["organ"])
    for at, section in here.sections.items():
        if at in ("preface", "s1"):
            yield from _announced(here, section, words["announced"], how)
            yield from _notice(here, section, words["notice"])
        if at in ("s1", "s5"):
            yield from _points(here, section, words["points"], how)
    if first := here.sections.get("s1"):
        yield from _aspects(here, first, words["aspects"])
        yield from _amount(here, first, words)
    if fifth := here.sections.get("s5"):
        yield from _five(here, fifth, words["five"])


def _found(here: Narrative, words: Said) -> Iterator[Finding]:
    for look in words["found"]:
        for section in (here.sections[at] for at in look["sections"] if at in here.sections):
            if match := re.search(look["pattern"], section.words):
                yield from here.find(look["check"], section.at, section.quote(*match.span()))


def _missing(here: Narrative, words: Said) -> Iterator[Finding]:
    lacking: dict[tuple[str, str], list[str]] = {}
    for look in words["missing"]:
        section = here.sections.get(look["section"])
        if section and not re.search(look["pattern"], section.words):
            lacking.setdefault((look["check"], section.at), []).append(look.get("name", ""))
    for (check, at), names in lacking.items():
        yield from here.find(check, at, missing=_AND.join(names))


_AND = "、"


def _typos(here: Narrative, typos: Mapping[str, str]) -> Iterator[Finding]:
    for section in here.sections.values():
        for wrong, right in typos.items():
            if (start := section.words.find(wrong)) >= 0:
                yield from here.find(
                    "typo", section.at, section.quote(start, start + len(wrong)), right=right
                )


def _announced(here: Narrative, section: Section, words: Said, how: Numerals) -> Iterator[Finding]:
    """How many parts the report says it has: only where the sentence lists them."""
    for sentence in section.words.split("。"):
        listed = re.search(words["sentence"], sentence) and re.search(words["lists"], sentence)
        for match in re.finditer(words["pattern"], sentence) if listed else ():
            said = int(value_of(match[1], how))
            if said != words["parts"]:
                yield from here.find("announced", section.at, match[0], said=said)


def _notice(here: Narrative, section: Section, words: Said) -> Iterator[Finding]:
    """The notice of another edition, or this one's number under another name (国办发 for 国办公开办函)."""
    known = {tuple(pair) for pair in words["known"]}
    right = "".join(re.findall(r"\w", here.form.notice))
    for match in re.finditer(words["pattern"], section.words):
        if match.groups() in known and "".join(re.findall(r"\w", match[0])) != right:
            yield from here.find("notice", section.at, section.quote(*match.span()), notice=here.form.notice)


def _points(here: Narrative, section: Section, words: Said, how: Numerals) -> Iterator[Finding]:
    """一是、二是 in each paragraph: one left out, or the same twice."""
    last, paragraph = "", -1
    for sentence in section.reading.sentences:
        last = last if sentence.paragraph == paragraph else ""
        paragraph = sentence.paragraph
        match = re.compile(words["pattern"]).match(section.words, sentence.start)
        if match is None:
            continue
        number, before = int(value_of(match[1], how)), int(value_of(last, how)) if last else 0
        if 0 < before < 9 and number not in (1, before + 1):
            expected = next(c for c, v in how.digits.items() if v == before + 1)
            quote = section.quote(*match.span())
            yield from here.find("points", section.at, quote, before=last, expected=expected)
        last = match[1]


def _aspects(here: Narrative, section: Section, words: Said) -> Iterator[Finding]:
    """The five aspects of 一, and whether its own headings are theirs."""
    pairs = list(zip(words["names"], words["words"], strict=True))
    missing = [name for name, pattern in pairs if not re.search(pattern, section.words)]
    if missing:
        yield from here.find("aspects", section.at, missing=_AND.join(missing))
    every = re.finditer(words["heading"], section.words)
    headings = [h for h in every if not re.search(words["title"], h[1])]
    fitting = [h for h in headings if any(re.search(p, h[1]) for p in words["headed"])]
    if len(headings) > 1 and len(fitting) < 2:
        yield from here.find("own_headings", section.at, section.quote(*headings[0].span(1)))


def _amount(here: Narrative, section: Section, words: Said) -> Iterator[Finding]:
    count, limit = len(section.words), words["length"]["limit"]
    if count > limit:
        yield from here.find("length", section.at, count=count, limit=limit)
    figures = [f for s in section.reading.sentences for f in s.figures if f.unit and f.value and not f.prior]
    if len(figures) < words["few"]["at_least"]:
        yield from here.find("few", section.at, count=len(figures))


def _five(here: Narrative, section: Section, words: Said) -> Iterator[Finding]:
    """五 left empty, or so short and without a figure or a name that any office could have written it."""
    text = re.sub(words["heading"], "", section.words, count=1)
    if re.search(words["empty"], section.words) or len(text) < words["least"]:
        yield from here.find("five", section.at, section.raw.strip()[:20], said=words["said_empty"])
    elif len(text) < words["generic_below"] and not re.search(words["specific"], text):
        said = words["said_generic"].format(count=len(text))
        yield from here.find("five", section.at, section.raw.strip()[:20], said=said)
