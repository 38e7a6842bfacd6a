"""Figures that leave nothing out by their very names: four quarters, two halves, January to December."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.text.arithmetic.enumerations import BadSum
from xlcheck.core.text.words.numbers import Figure, LaidOutText, Sentence
from xlcheck.data.claims import PartsGrammar

DECEMBER = 12


class Partition(NamedTuple):
    """The parts, and the figure beside them that is their whole, if the text tells it."""

    parts: Sequence[Figure]
    whole: Figure | None

    @property
    def sum(self) -> Decimal:
        return sum((part.value for part in self.parts), Decimal(0))

    @property
    def span(self) -> tuple[int, int]:
        ends = [*self.parts, *([self.whole] if self.whole else [])]
        return min(f.start for f in ends), max(f.end for f in ends)


def partitions(reading: LaidOutText, how: PartsGrammar) -> Iterator[Partition]:
    words = reading.words
    for sentence in (each for each in reading.sentences if len(each.figures) > 1):
        start, end = sentence.start, sentence.end
        named = any(words.find(names[0], start, end) >= 0 for names in how.partitions)
        named = named or any(every.words.search(words, start, end) for every in how.every)
        if named or how.months.search(words, start, end):
            yield from _Labelled(words, sentence, how).partitions()


def unequal(parted: Iterable[Partition]) -> Iterator[BadSum]:
    """Those that do not make the figure told of the year."""
    for one in parted:
        if one.whole and one.whole.exact and one.sum != one.whole.value:
            parts = tuple(part.value for part in one.parts)
            yield BadSum(*one.span, one.whole.value, parts, one.whole.unit)


class _Labelled:
    """The counts of a sentence, each with the words before it."""

    def __init__(self, words: str, sentence: Sentence, how: PartsGrammar) -> None:
        self.words, self.sentence, self.how = words, sentence, how
        self.figures = [f for f in sentence.figures if f.unit in how.units or f.about]
        starts = [sentence.start, *(f.end for f in self.figures)]
        self.labels = [words[a : f.start] for a, f in zip(starts, self.figures, strict=False)]

    def partitions(self) -> Iterator[Partition]:
        for a, b in (*self._named(), *self._every(), *self._months()):
            parts = self.figures[a:b]
            plain = all(f.exact and not f.prior for f in parts)
            if plain and len({f.unit for f in parts if not f.about}) == 1:
                yield Partition(parts, self._whole(a, b))

    def _named(self) -> Iterator[tuple[int, int]]:
        for names in self.how.partitions:
            for n in range(len(self.figures) - len(names) + 1):
                if all(name in label for name, label in zip(names, self.labels[n:], strict=False)):
                    yield n, n + len(names)

    def _every(self) -> Iterator[tuple[int, int]]:
        """Parts that are named all at once: 各季度分别为 2 件、3 件、1 件、4 件."""
        between = ("", *self.how.joins)
        for n, label in enumerate(self.labels):
            rest = range(n + 1, len(self.labels))
            together = next((m for m in rest if self.labels[m].strip(",;") not in between), rest.stop) - n
            if any(every.number == together and every.words.search(label) for every in self.how.every):
                yield n, n + together

    def _months(self) -> Iterator[tuple[int, int]]:
        """Months that follow one another through the year: 1 至 6 月, 7 至 12 月."""
        begun = last = 0
        for n, label in enumerate(self.labels):
            found = self.how.months.search(label)
            first, until = map(int, found.groups()) if found else (0, -1)
            begun = n if first == 1 else begun
            last = until if first in (1, last + 1) else 0
            if last == DECEMBER and n > begun:
                yield begun, n + 1

    def _whole(self, a: int, b: int) -> Figure | None:
        """The count before the parts, of the same thing; else the total behind them."""
        unit, after = self.figures[a].unit, self.figures[b : b + 1]
        done = {verb for label in self.labels[a + 1 : b] for verb in self.how.verbs.findall(label)}
        for whole in reversed(self.figures[max(0, a - 1) : a]):
            parted = set(self.words[whole.end : self.figures[a].start]).intersection(self.how.closes)
            opened = any(word in self.labels[a] for word in self.how.opens)
            done |= {*self.how.verbs.findall(self.labels[a])}
            alike = opened or done <= {*self.how.verbs.findall(self.labels[a - 1])}
            if whole.unit == unit and not parted and alike:
                return whole
        label = self.labels[b].lstrip(",;()") if after else ""
        total = self.how.totals.search(label) or self.how.of_year.search(label)
        return after[0] if after and total and after[0].unit == unit else None
