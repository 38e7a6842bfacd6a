"""Where the six sections of a report begin: by their words, in their order."""

import re
from functools import cache
from typing import NamedTuple

from xlcheck import data
from xlcheck.core.form import Form
from xlcheck.importing.normal_text import LINE, NormalText, normal

SECTIONS = ("s1", "t2", "t3", "t4", "s5", "s6")


class Head(NamedTuple):
    """A section's heading: from its number to its end, in letters."""

    section: str
    start: int
    end: int


def heads(text: NormalText, flat: bool) -> dict[str, Head]:
    """The headings found; ``flat`` says that lines may hold many paragraphs, so that any place will do.

    The heading of 二 is the last before its table, the others lie around it in their order.
    """
    words = data.toml("intake")
    found = {name: _candidates(text, name, flat) for name in SECTIONS}
    first = text.text.find(words["label"]["caption"])
    anchor = first if first >= 0 else len(text.text)
    chosen: dict[str, Head] = {}
    before = anchor
    for name in ("t2", "s1"):
        if here := [h for h in found[name] if h.start < before]:
            chosen[name] = here[-1]
            before = here[-1].start
    after = first if first >= 0 else chosen["t2"].end if "t2" in chosen else before
    if first < 0 and "s1" in chosen:
        after = max(after if "t2" in chosen else 0, chosen["s1"].end)
    for name in ("t3", "t4", "s5", "s6"):
        if here := [h for h in found[name] if h.start >= after]:
            chosen[name] = here[0]
            after = here[0].end
    return chosen


def _candidates(text: NormalText, section: str, flat: bool) -> list[Head]:
    """Where a section may begin: by number and words; by words alone only where no number stands."""
    numbered = [h for h in _all(text, section, _pattern(section, True)) if flat or _own_line(text, h)]
    return numbered or [h for h in _all(text, section, _pattern(section, False)) if _own_line(text, h)]


def _all(text: NormalText, section: str, pattern: re.Pattern[str]) -> list[Head]:
    return [Head(section, m.start(), m.end()) for m in pattern.finditer(text.text)]


@cache
def _pattern(section: str, numbered: bool) -> re.Pattern[str]:
    words = data.toml("intake")["heading"]
    number = words["number"].format(n=words["numerals"][SECTIONS.index(section)])
    return re.compile((number if numbered else words["unnumbered"]) + words["words"][section])


def _own_line(text: NormalText, head: Head) -> bool:
    """Whether a heading begins its line and is nearly all of it."""
    if text.parted[head.start] != LINE:
        return False
    end = head.end
    while end < len(text.text) and text.parted[end] != LINE:
        end += 1
    return end - head.start <= data.toml("intake")["heading"]["longest"] and not text.text[
        head.end : end
    ].strip(".:")


def between(found: dict[str, Head], section: str, whole: int) -> tuple[int, int]:
    """The letters from the end of a heading to the next heading found."""
    start = found[section].end if section in found else -1
    order = SECTIONS[SECTIONS.index(section) + 1 :]
    end = next((found[name].start for name in order if name in found), whole)
    return start, end


def turned(form: Form, text: NormalText, start: int, end: int, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The headings in the order they are met, where that is not the form's; nothing where it is.

    Headings broken over lines side by side cannot be told and are not asked; nor is 总计, which as the
    heading of two rows may come before the parts of its neighbours.
    """
    columns = [form.fields[name].column for name in fields]
    told = [(c, text.text.rfind(normal(c.label), start, end)) for c in columns if len(normal(c.label)) > 2]
    met = [(at, c) for c, at in told if at >= 0]
    if [at for at, _ in met] == sorted(at for at, _ in met):
        return ()
    return tuple(c.label for _, c in sorted(met, key=lambda pair: pair[0]))
