"""Where the sections of a report begin: by their words, in their order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.data.importing import importing
from xlcheck.importing.normal_text import CELL, LINE, SPACE, NormalText, normal

Heads = Mapping[str, "Head"]


class Head(NamedTuple):
    """A section's heading: from its number to its end, in letters; ``sure`` where the number is its own.

    One that was lost has no letters: it lies where the section begins by its meaning.
    """

    section: str
    start: int
    end: int
    sure: bool = True


def heads(form: Form, text: NormalText, flat: bool) -> Heads:
    """The headings found; ``flat`` says that lines may hold many paragraphs, so that any place will do.

    The heading of the first table is the last before it, the others lie around it in their order.
    """
    order = tuple(form.sections)
    table, first = anchor(form), begin(form, anchor(form), text)
    turn = order.index(table) + 1
    found = {name: _candidates(form, text, name, flat) for name in order}
    before = first if first >= 0 else len(text.text)
    chosen: dict[str, Head] = {}
    for name in reversed(order[:turn]):
        if here := [h for h in found[name] if h.start < before]:
            chosen[name] = here[-1]
            before = here[-1].start
    after = first if first >= 0 else _after(chosen, table)
    for name in order[turn:]:
        if here := [h for h in found[name] if h.start >= after]:
            chosen[name] = here[0]
            after = here[0].end
    return chosen


def anchor(form: Form) -> str:
    """The table the headings are looked for around: the first whose beginning has words of its own."""
    return next((table for table in form.tables if form.begins[table]), next(iter(form.tables)))


def begin(form: Form, table: str, text: NormalText, start: int = 0) -> int:
    """Where the words stand that a table begins with; -1 where they are not met."""
    words = normal(form.begins[table])
    return text.text.find(words, start) if words else -1


def _after(chosen: Heads, table: str) -> int:
    """Where the sections after a table can begin that is known by no words of its own."""
    others = [head.end for name, head in chosen.items() if name != table]
    if not others:
        return chosen[table].end if table in chosen else 0
    return max(*others, chosen[table].end if table in chosen else 0)


def _candidates(form: Form, text: NormalText, section: str, flat: bool) -> list[Head]:
    """Where a section may begin: by number and words; by words alone; by words behind another number.

    A numbered heading whose text goes on behind it comes before one without a number.
    """
    numbered, bare, other = _patterns(form, section)
    found = [h for h in _all(text, section, numbered) if flat or _own_line(text, h, numbered=True)]
    found = found or list(_running_on(text, section, numbered))
    found = found or [h for h in _at_lines(text, section, bare) if _own_line(text, h)]
    found = found or [h._replace(sure=False) for h in _at_lines(text, section, other) if _own_line(text, h)]
    first = {h.start: h for h in reversed(found)}
    return [h if flat else _with_strays(text, h) for h in found if first[h.start] is h]


def _with_strays(text: NormalText, head: Head) -> Head:
    """A heading with the stray signs behind it, which are no words of what follows."""
    last, stray = head.end, head.end + importing().heading.stray
    while last < len(text.text) and last <= stray and text.parted[last] < CELL:
        last += 1
    ended = last == len(text.text) or text.parted[last] >= CELL
    return head._replace(end=last) if ended and not _is_word(text.text[head.end : last]) else head


def _running_on(text: NormalText, section: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[Head]:
    """The headings at the beginning of a line that a stop or a space parts from the text behind them."""
    for head in _at_lines(text, section, patterns):
        stop = text.text[head.end : head.end + 1] in importing().heading.stops
        if head.end < len(text.text) and (stop or text.parted[head.end] == SPACE):
            yield head._replace(end=head.end + stop)


def _all(text: NormalText, section: str, patterns: Sequence[re.Pattern[str]]) -> list[Head]:
    """Every place that a pattern fits, in their order; of one place first what the first pattern says."""
    found = [Head(section, m.start(), m.end()) for pattern in patterns for m in pattern.finditer(text.text)]
    return sorted(found, key=lambda head: head.start)


def _at_lines(text: NormalText, section: str, patterns: Sequence[re.Pattern[str]]) -> list[Head]:
    """Every line or cell that a pattern fits from its first letter; the line above it is no part of it."""
    starts = [at for at, parted in enumerate(text.parted) if parted >= CELL]
    found = ((at, hit.end()) for at in starts for p in patterns if (hit := p.match(text.text, at)))
    return [Head(section, at, end) for at, end in found if LINE not in text.parted[at + 1 : end]]


@cache
def _patterns(form: Form, section: str) -> tuple[list[re.Pattern[str]], ...]:
    """A section's heading with its number, without, with another: in words known for it, and in the form's.

    Each by itself, as words known may run on from a short heading into the line below.
    """
    rules = importing().heading
    number = rules.number.format(n=rules.numerals[list(form.sections).index(section)])
    own = normal(form.sections[section])
    own = re.escape(own[found.end() :] if (found := re.match(number, own)) else own)
    words = [f"(?:{each})" for each in (rules.words.get(section), own) if each]
    before = (number, rules.unnumbered, rules.any_number)
    return tuple([re.compile(sign + each) for each in words] for sign in before)


def _own_line(text: NormalText, head: Head, *, numbered: bool = False) -> bool:
    """Whether a heading is all of its line or cell but a stray sign or two; without a number no sentence."""
    first, last, stray = head.start, head.end, importing().heading.stray
    while first and text.parted[first] < CELL and head.start - first <= stray:
        first -= 1
    while last < len(text.text) and text.parted[last] < CELL and last - head.end <= stray:
        last += 1
    around = (text.text[first : head.start], text.text[head.end : last])
    whole = head.end - head.start <= importing().heading.longest
    whole &= CELL not in text.parted[head.start + 1 : head.end]
    whole &= numbered or importing().heading.stops[0] not in around[1]
    return whole and all(len(part) <= stray and not _is_word(part) for part in around)


def _is_word(part: str) -> bool:
    """Whether signs beside a heading are words or a number, which would make it a sentence."""
    return any(sign.isdigit() or (not sign.isascii() and sign.isalpha()) for sign in part)


def between(form: Form, found: Heads, section: str, whole: int) -> tuple[int, int]:
    """The letters from the end of a heading to the next heading found."""
    start = found[section].end if section in found else -1
    order = tuple(form.sections)
    after = order[order.index(section) + 1 :]
    return start, next((found[name].start for name in after if name in found), whole)


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
