"""A sentence in clauses, and its figures with the words that may name them: 收到申请 5 件 · 5 件申请.

A clause ends at a comma, a semicolon, a bracket, or a colon, unless that stands right before a figure (办结：
5 件、结转：2 件); within it 、 parts what is listed. A bracket
without a figure belongs to the words before it (其他处理（含撤回）3 件), one behind a figure speaks of that.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from xlcheck.core.text.words.numbers import Figure, Sentence
from xlcheck.data.claims import ClauseGrammar

OPEN, CLOSE = "()"
LONGEST_BRACKET = 300  # letters; a longer one is taken for a bracket that was not closed


class Item(NamedTuple):
    """A figure and the words from ``start`` to ``end`` that are its own."""

    figure: Figure
    start: int
    end: int

    @property
    def bare(self) -> bool:
        return self.start == self.figure.start and self.end == self.figure.end

    @property
    def count_first(self) -> bool:
        return self.start == self.figure.start and self.end > self.figure.end


class Clause(NamedTuple):
    """A stretch between two signs: the ``sign`` before it, how deep in brackets it stands, its figures."""

    start: int
    end: int
    sign: str
    depth: int
    items: tuple[Item, ...]


def clauses_of(words: str, sentence: Sentence, ways: ClauseGrammar) -> list[Clause]:
    """The clauses of a sentence in order, those in brackets too; empty ones are left out."""
    clauses: list[Clause] = []
    start, sign, depth, first = sentence.start, "", 0, 0
    for at, mark, deeper in _signs(words, sentence, ways):
        after = bisect_left(sentence.figures, at, lo=first, key=lambda figure: figure.start)
        if at > start:
            own = tuple(_items(words, start, at, sentence.figures[first:after], ways))
            clauses.append(Clause(start, at, sign, depth, own))
            sign = mark
        elif mark in ";(" or sign == CLOSE:
            sign = mark
        start, depth, first = at + 1, max(depth + deeper, 0), after
    return clauses


def _signs(words: str, sentence: Sentence, ways: ClauseGrammar) -> Iterator[tuple[int, str, int]]:
    """The signs that end clauses, and how much deeper each leads; those within figures are none."""
    figures, end = sentence.figures, sentence.end
    inside, past = 0, sentence.start
    starts, ends = [f.start for f in figures], {f.end for f in figures}
    for match in re.compile(f"[{ways.clause_ends}]").finditer(words, sentence.start, end):
        at, mark = match.start(), match[0]
        if at < past:
            continue
        before = bisect_left(starts, at + 1) - 1
        if before >= 0 and at < figures[before].end and not figures[before].about:
            continue
        if mark == OPEN:
            close = words.find(CLOSE, at, min(end, at + LONGEST_BRACKET))
            inner = bisect_left(starts, at)
            empty = inner == bisect_left(starts, close)
            if starts[inner : inner + 1] == [at + 1] and figures[inner].end == close and at not in ends:
                past = close + 1  # 予以公开（32 件）
                continue
            if close >= 0 and empty and at not in ends:
                past = close + 1
                continue
            inside += close >= 0
            yield at, mark if close >= 0 else ",", int(close >= 0)
        elif mark == CLOSE:
            yield at, mark if inside else ",", -1 if inside else 0
            inside -= inside > 0
        elif mark != ":" or at + 1 not in starts:
            yield at, mark, 0
    yield end, "", 0


def _items(
    words: str, start: int, end: int, figures: Sequence[Figure], ways: ClauseGrammar
) -> Iterator[Item]:
    """Each figure of a clause with its words: those before it, or, where figures come first, behind it."""
    if not figures:
        return
    borders = list(_borders(words, start, end, figures, ways.listing, ways.counted_first))
    for a, b in pairwise(borders):
        inside = [f for f in figures if a <= f.start < b]
        first = inside[0].start == a and len(inside) > 1
        # What stands before a word of absence is of the figure before it: 5 件申请未收取费用.
        ends = [g.start if g.about else f.end for f, g in pairwise(inside)]
        starts = [f.start for f in inside] if first else [a, *ends]
        stops = [f.start for f in inside[1:]] if first else ends
        yield from (Item(f, n, m) for f, n, m in zip(inside, starts, [*stops, b], strict=True))


def _borders(
    words: str, start: int, end: int, figures: Sequence[Figure], listing: str, joins: re.Pattern[str]
) -> Iterator[int]:
    """Where the listed items of a clause begin, and its end: each with a figure or more.

    A 、 before the next figure's words parts them; one in the words (法人、其他组织 3 件) does not.
    """
    yield start
    count_first = figures[0].start == start and words[figures[0].end : figures[0].end + 1] not in (
        "",
        listing,
    )
    for one, other in pairwise(figures):
        at = _listed(words, one.end, other.start, listing, count_first)
        joined = joins.search(words[one.end : other.start]) if at < 0 and other.end < end else None
        if joined:  # 9 件新申请和 1 件结转申请
            yield other.start
        elif at >= 0:
            yield at + 1
    yield end


def _listed(words: str, start: int, end: int, listing: str, count_first: bool) -> int:
    """The 、 between two figures, outside of brackets: the last one where figures come first."""
    gap = words[start:end]
    if OPEN in gap and CLOSE in gap:
        bracket = gap.find(OPEN)
        gap = gap[:bracket].ljust(len(gap)) if listing in gap[:bracket] else gap
    at = gap.rfind(listing) if count_first else gap.find(listing)
    return start + at if at >= 0 else -1
