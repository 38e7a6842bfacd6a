"""Lists in which the labels stand together and their figures after them: 申请、复议分别为 5 件、3 件."""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from xlcheck.core.text.claims.ties import Span, Ties
from xlcheck.core.text.words.clauses import Clause, Item
from xlcheck.core.text.words.lexicon import Lexicon
from xlcheck.core.text.words.numbers import Figure
from xlcheck.core.text.words.phrase import Phrase, Wording, words_between
from xlcheck.data import Pattern
from xlcheck.data.claims import ClauseGrammar


class Named(NamedTuple):
    """Each label with its figure, where the word between ends, and how many clauses the list takes.

    Where there are not as many labels as figures nothing is paired, and nothing can be said of them.
    """

    pairs: tuple[tuple[Span, Item], ...]
    at: int
    clauses: int
    years: bool


def respective(here: Wording, clauses: Sequence[Clause], words: Lexicon) -> Named | None:
    """The list that begins in the first of these clauses; None where it holds none."""
    ways, roles, first = words.ways, words.roles, clauses[0].items[0]
    text = here.text[first.start : first.figure.start]
    if len(clauses[0].items) == 1 and (alike := ways.alike.search(text) or ways.alike_too.search(text)):
        return _of_each(here, first, first.start + alike.start(), ways)
    each = list(ways.each.finditer(here.text, first.start, first.figure.start))
    if not each:
        return _of_years(here, clauses, ways)
    match = each[-1]
    start = here.start + len(_lead(here.text[here.start : match.start()], ways))
    items = list(_figures(here, clauses, ways))
    figures = [item for _, item in items]
    for sign, whole in product((re.compile(ways.listing), ways.joins), (True, False)):
        labels = list(_split(here, start, match.start(), sign, whole))
        if len(labels) == len(figures) > 1:
            years = all(ways.names_year.search(here.text[a:b]) for a, b in labels)
            return Named(tuple(zip(labels, figures, strict=True)), match.end(), items[-1][0] + 1, years)
    shared = (start, match.start())
    if len(figures) > 1 and roles.season in here.phrase(*shared).part:  # 各季度分别为 5 件、8 件
        return Named(tuple((shared, item) for item in figures), match.end(), items[-1][0] + 1, False)
    labels = [label for label in labels if here.phrase(*label).has_thing]
    own = here.phrase(match.end(), first.figure.start)
    if own.has_thing or first.count_first or not (labels or len(figures) > 1):
        return None
    return Named((), match.end(), items[-1][0] + 1, False)


def labelled(named: Named, here: Wording, ties: Ties) -> Iterator[tuple[Figure, Phrase, Span]]:
    """Each figure with its label's words, and those that stand for all: 自然人、企业的申请分别为 5、3 件."""
    if not named.pairs:
        return
    labels = [
        words_between(here.text, *span, ties.lexicon, ties.own, counts=True).phrase(*span)
        for span, _ in named.pairs
    ]
    middle, alike = here.phrase(named.at, named.pairs[0][1].figure.start), labels[-1].whats
    # 复议、诉讼尚未审结的分别有 1 件、2 件: what became of the last is told of all.
    last = () if any(own.outcomes or not own.whats for own in labels[:-1]) else labels[-1].outcomes
    for own, (span, item) in zip(labels, named.pairs, strict=True):
        shared = middle.whats or (alike if own.who or own.acts else ())
        own = own._replace(
            acts=(*own.acts, *middle.acts),
            who=own.who or middle.who,
            whats=own.whats or shared,
            outcomes=own.outcomes or (last if alike else ()),
            text=own.text + middle.text,
        )
        year = ties.year_in(here.text[slice(*span)])
        figure = item.figure._replace(year=year or (None if named.years else item.figure.year))
        yield figure, own, (span[0], item.figure.end)


def _of_years(here: Wording, clauses: Sequence[Clause], ways: ClauseGrammar) -> Named | None:
    """2023 年、2024 年收到申请 12 件和 8 件: as many years as figures."""
    first = clauses[0].items[0]
    years = [m.span() for m in ways.names_year.finditer(here.text, first.start, first.figure.start)]
    items = [*_figures(here, clauses, ways)] if len(years) > 1 else []
    if len(items) != len(years) or not items:
        return None
    pairs = tuple(zip(years, (item for _, item in items), strict=True))
    return Named(pairs, years[-1][1], items[-1][0] + 1, True)


def _of_each(here: Wording, item: Item, end: int, ways: ClauseGrammar) -> Named | None:
    """自然人、企业各 10 件: the same figure for each label."""
    start = here.start + len(_lead(here.text[here.start : end], ways))
    labels = [*_split(here, start, end, ways.joins)]
    if len(labels) < 2 or not all(here.phrase(*label).has_thing for label in labels):
        return None
    return Named(tuple((label, item) for label in labels), end, 1, False)


def _lead(text: str, ways: ClauseGrammar) -> str:
    """What opens the list is no label: 其中."""
    return next((word for word in ways.within if text.startswith(word)), "")


def _figures(here: Wording, clauses: Sequence[Clause], ways: ClauseGrammar) -> Iterator[tuple[int, Item]]:
    """The figures that follow one another without words of their own, over clauses of the same depth."""
    yield 0, clauses[0].items[0]
    for n, clause in enumerate(clauses):
        for item in clause.items[1:] if n == 0 else clause.items:
            between = here.text[item.start : item.figure.start]
            if (between and between not in ways.coordinators) or clause.depth != clauses[0].depth:
                return
            yield n, item
        if not clause.items:
            return


def _split(here: Wording, start: int, end: int, sign: Pattern, whole: bool = True) -> Iterator[Span]:
    """The labels between the signs; one within a word is no border (法人和其他组织).

    Unless ``whole``, those are parted too that say nothing of how many, or name two things (复议、诉讼案件).
    """
    text, listing = here.text, here.words.ways.listing
    parted = [t for t in here.tokens if t.slot == "filler" or listing in text[t.start : t.end]]
    at, inside = start, [t for t in here.tokens if whole or t not in parted]
    for match in sign.finditer(here.text, start, end):
        if not any(t.start < match.start() < t.end for t in inside):
            yield at, match.start()
            at = match.end()
    yield at, end
