"""Wholes and their parts, checked against each other: 共 N 条，其中 a、b、c · a、b、c，共 N 条.

其中 need not name every part, so a sum below the whole is no fault, unless the list says that it is all:
its last part is 其他, or it begins with 具体为. A sum above it is one. Where two readings of the list exist,
it is right if either adds up.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from xlcheck.core.text.claims.claim import ROUGHLY
from xlcheck.core.text.words.clauses import CLOSE, OPEN
from xlcheck.core.text.words.numbers import Figure, LaidOutText, Sentence
from xlcheck.data.claims import PartsGrammar


class BadSum(NamedTuple):
    """A whole that its parts do not make; ``start:end`` spans both, in the words as laid out."""

    start: int
    end: int
    whole: Decimal
    parts: tuple[Decimal, ...]
    unit: str
    left_over: bool = False
    guessed: bool = False


class Placed(NamedTuple):
    """A figure, and how deep in brackets it stands."""

    figure: Figure
    depth: int


SIGNS = ("(", ",", ":")  # between a whole and what opens its list
MOST = 60  # parts in one list; a longer one is not read to its end
NEAR = 40  # parts that lack no more than one in so many are meant to be all
ADDED = 60  # letters in which two figures are added up
FEW = 8  # figures before what is left over
BEFORE = 4  # figures that may be counted together as a whole


def bad_sums(reading: LaidOutText, how: PartsGrammar) -> Iterator[BadSum]:
    """Every whole of a text whose parts come to more, or, where all are told, to less."""
    before: list[Placed] = []
    begins = tuple(word for word in how.opens if word != OPEN)
    for sentence in reading.sentences:
        goes_on = before and reading.words.startswith(begins, sentence.start)
        here = list(_placed(reading.words, sentence))
        placed = [*([p for p in before if not p.depth][-BEFORE:] if goes_on else ()), *here]
        for n, one in enumerate(placed) if len(placed) > 1 else ():
            if _counts(one.figure._replace(exact=one.figure.exact or one.figure.bound == "over"), how):
                yield from _List(reading.words, sentence, placed, n, how).bad_sum()
        before = here


def _placed(words: str, sentence: Sentence) -> Iterator[Placed]:
    depth, last = 0, sentence.start
    for figure in sentence.figures:
        depth = max(0, depth + words.count(OPEN, last, figure.start) - words.count(CLOSE, last, figure.start))
        last = figure.start
        yield Placed(figure, depth)


def _most(whole: Figure) -> Decimal:
    """How many something more than a figure may be: one of its last place, or a fifth."""
    place = Decimal(1).scaleb(int(whole.value.normalize().as_tuple().exponent))
    return whole.value + max(whole.value * ROUGHLY, place)


def _turned(one: Decimal, other: Decimal) -> bool:
    """Whether two neighbouring digits have changed places: 49 for 94."""
    a, b = str(one), str(other)
    swapped = (a[:n] + a[n + 1] + a[n] + a[n + 2 :] for n in range(len(a) - 1))
    return len(a) == len(b) and a != b and b in swapped


def _counts(figure: Figure, how: PartsGrammar) -> bool:
    return bool(figure.exact and figure.unit in how.units and not figure.prior and not figure.about)


class _List(NamedTuple):
    """The figure at ``n`` as a whole, with the list of its parts behind it, or before it."""

    words: str
    sentence: Sentence
    placed: Sequence[Placed]
    n: int
    how: PartsGrammar

    @property
    def whole(self) -> Figure:
        return self.placed[self.n].figure

    @property
    def named(self) -> int:
        """Where the whole ends, with the thing it counts where a bracket follows: 8 件申请（网络 5 件）."""
        noun = self.how.noun.match(self.words, self.whole.end)
        return noun.end() if noun else self.whole.end

    def bad_sum(self) -> Iterator[BadSum]:
        behind = self.placed[self.n + 1 : self.n + 1 + MOST]
        if behind and self.words.startswith(OPEN, self.named):
            yield from self._bracket(behind)
        alike = self._alike(behind)
        if alike and (gap := self._gap(alike[0])) is not None:
            yield from self._compare(self._until(alike), any(word in gap for word in self.how.full))
        item = self._item(self.whole)
        if self.how.left_over.search(item):
            yield from self._left_over()
        else:
            yield from self._total(item)

    def _alike(self, behind: Sequence[Placed]) -> list[Figure]:
        """The figures behind that stand as deep, as far as the bracket goes."""
        depth = self.placed[self.n].depth
        end = next((m for m, p in enumerate(behind) if p.depth < depth), len(behind))
        return [p.figure for p in behind[:end] if p.depth == depth]

    def _gap(self, first: Figure) -> str | None:
        """The words that open the list, between the whole and its first part; None where none does."""
        gap = re.sub(r"\([^()]*\)", "", self.words[self.whole.end : first.start])
        opens = (word for word in self.how.opens if word != OPEN and not self._goes_on(word))
        starts = [n for word in opens if (n := gap.find(word)) >= 0]
        lead = gap[: min(starts, default=0)]
        opened = bool(starts) and lead.count(",") < 2 and set(lead).isdisjoint(self.how.closes)
        if opened and self.how.answers.search(lead) and not self.how.answers.search(self._item(self.whole)):
            return None  # 收到 5 件，答复结果为: those of last year are answered too
        return gap if opened else None

    def _goes_on(self, word: str) -> bool:
        """Whether both are parts of one list, as the whole is opened, too: 其中网上 3 件，涉及土地 1 件."""
        item = self._item(self.whole)
        return word in self.how.alike_opens and any(opening in item for opening in self.how.opens)

    def _bracket(self, behind: Sequence[Placed]) -> Iterator[BadSum]:
        """A bracket right behind a figure lists parts of it."""
        close = self.words.find(CLOSE, self.whole.end, self.sentence.end)
        depth = self.placed[self.n].depth + 1
        inside = [p.figure for p in behind if p.depth == depth and p.figure.end <= close]
        if len(inside) > 1 and all(self.how.of_years.search(self._item(f)) for f in inside):
            values = tuple(f.value for f in inside)  # （2022 年 1 件、2023 年 2 件）
            if sum(values, Decimal(0)) != self.whole.value:
                yield BadSum(self.whole.start, close, self.whole.value, values, self.whole.unit)
        elif inside:
            yield from self._compare(inside, full=self._all_parts(inside, close))

    def _all_parts(self, inside: list[Figure], close: int) -> bool:
        """Whether a bracket tells all parts of what no table has: 简报 18 期（专刊 3、普通 15）."""
        some = self.words.startswith(self.how.opens, self.named + 1)  # （含 3 件…
        more = self.how.rest.match(self.words, close + 2)  # ），其他 5 件
        one_kind = all(_counts(f, self.how) and f.unit == self.whole.unit for f in inside)
        texts = [self._item(figure) for figure in inside]
        done = any(self.how.carried.search(text) or self.how.verbs.search(text) for text in texts)
        return len(inside) > 1 and one_kind and not (some or more or done)

    def _until(self, alike: list[Figure]) -> list[Figure]:
        """As far as the list goes: to the end of the sentence, or its first semicolon."""
        semicolon = self.words.find(";", self.whole.end, self.sentence.end)
        # Items may be parted by semicolons themselves, and then only the whole sentence is the list.
        if semicolon < 0 or re.search(r":(?!\d)", self.words[self.whole.end : semicolon]):
            return alike
        return [f for f in alike if f.end <= semicolon]

    def _compare(self, after: list[Figure], full: bool) -> Iterator[BadSum]:
        parts = list(self._parts(after))
        told = full or self._closed(parts)
        closed = (told or self._near(parts)) and all(f.exact for f in parts)
        bare = len(parts) > 1 and not any(f.unit for f in parts)  # 自然人 3、企业 2
        same = [f for f in parts if f.exact and (bare or self._same_unit(f) or self._one_list(parts))]
        # One part alone says little, but that it is not more than its whole.
        signs = self.words[self.named : self.named + 1] in SIGNS
        more = self.words.startswith(self.how.opens, self.named + signs) and [
            f for f in same if f.value > self.whole.value
        ]
        mixed = parts if closed and (same or self.whole.unit in self.how.alike) else []  # 5 名村民, 63 件
        readings = [each for each in (same, mixed) if len(each) >= (1 if more else 2)]
        sums = [list(accumulate(f.value for f in each)) for each in readings]
        wholes = self._wholes()
        if not sums or any(whole in (each[-1:] if closed else each) for whole in wholes for each in sums):
            return
        if not self.whole.exact:  # 640 余条
            closed, wholes = False, [_most(self.whole)]
        if sums[0][-1] > max(wholes) or (closed and sums[0][-1] < min(wholes)):
            values = tuple(f.value for f in readings[0])
            guessed = not told and sums[0][-1] < min(wholes)
            end = readings[0][-1].end
            yield BadSum(self.whole.start, end, self.whole.value, values, self.whole.unit, guessed=guessed)

    def _same_unit(self, part: Figure) -> bool:
        both = {part.unit, self.whole.unit}
        return len(both) == 1 or both <= {*self.how.cases}

    def _one_list(self, parts: list[Figure]) -> bool:
        """Whether 条 and 件 are mixed in one list of things: 会议信息 60 条，政策文件 150 件."""
        mixed = {f.unit for f in parts} <= {*self.how.alike} and parts[0].unit == self.whole.unit
        return mixed and len(parts) > 2 and not any(self.how.verbs.search(self._item(f)) for f in parts)

    def _near(self, parts: list[Figure]) -> bool:
        """Whether parts fall so little short of their whole that they are meant to make it up.

        By one in forty at the most, or by two digits of one of them that changed places.
        """
        short = self.whole.value - sum((f.value for f in parts), Decimal(0))
        if len(parts) < 2 or short <= 0 or not self.whole.exact:
            return False
        return short * NEAR <= self.whole.value or any(_turned(f.value, f.value + short) for f in parts)

    def _closed(self, parts: list[Figure]) -> bool:
        return bool(parts) and bool(self.how.rest.match(self._item(parts[-1])))

    def _wholes(self) -> list[Decimal]:
        """The whole, or it and those it is counted with (复议 6 件和诉讼 3 件，其中…)."""
        depth, options, total = self.placed[self.n].depth, [self.whole.value], self.whole.value
        last = self.whole
        for p in reversed(self.placed[max(0, self.n - BEFORE) : self.n]):
            between = self.words[p.figure.end : last.start]
            if p.depth != depth or p.figure.unit != self.whole.unit or not between.startswith(self.how.joins):
                break
            total, last = total + p.figure.value, p.figure
            options.append(total)
        return options

    def _parts(self, after: list[Figure]) -> Iterator[Figure]:
        inner, last = False, self.whole.end
        for n, figure in enumerate(after):
            clause = self._item(figure)
            inner = inner and ";" not in self.words[last : figure.start]
            if n and clause.startswith(self.how.ends):
                return
            if (figure.unit in self.how.units or not figure.unit) and not inner:
                other = figure.year not in (None, self.whole.year) and not self.how.carried.search(clause)
                if figure.prior or other or self.how.beside.search(clause):
                    return
                yield figure
            following = self.words[figure.end : after[n + 1].start] if n + 1 < len(after) else ""
            # 其他处理（含撤回）1 件 opens nothing
            plain = re.sub(r"\([^()\d]*\)", "", following) if OPEN in following else following
            inner = inner or any(word in plain for word in self.how.opens)
            last = figure.end

    def _total(self, item: str) -> Iterator[BadSum]:
        """A whole behind its parts: a、b、c，共 N 条."""
        together = self.how.added_up.search(item)
        alone = together or self.how.totals.search(item) or self._added()
        if not alone or not self.whole.exact:
            return
        depth, parts = self.placed[self.n].depth, []
        begins = self.whole.start - len(item)
        for p in reversed(self.placed[max(0, self.n - MOST) : self.n]):
            one = p.figure
            if one.start >= begins or p.depth > depth:  # 两项合计; （26.4%）
                continue
            if (
                one.start < self.sentence.start
                or p.depth < depth
                or not _counts(one, self.how)
                or one.unit != self.whole.unit
            ):
                break
            parts.append(one)
        values = tuple(f.value for f in reversed(parts))
        # The nearest of them, or the first: 纸质 5 件、网上 3 件，需征询 2 件，总计 8 件.
        sums = {total for run in (values, values[::-1]) for total in [*accumulate(run)][1:]}
        if together and not all(self._done_alike(f, together[1]) for f in parts):
            return
        if any(self.how.extremes.search(self._item(f)) for f in parts):
            return  # 最多的 5 月为 9 件，最少的 2 月为 0 件，全年合计 40 件
        if parts and sum(values) < self.whole.value and self._some_unnamed(parts[0]):
            return  # 征地 5 件、环保 3 件，其余为其他事项，全年合计 40 件
        if len(parts) > 1 and self.whole.value not in sums and not self._opened(parts[-1]):
            yield BadSum(parts[-1].start, self.whole.end, self.whole.value, values, self.whole.unit)

    def _some_unnamed(self, last: Figure) -> bool:
        """Whether more parts are told of behind the last, without a figure."""
        return bool(self.how.unnamed.match(self.words, last.end))

    def _done_alike(self, part: Figure, verb: str) -> bool:
        """Whether a part says nothing else of what was done than its total does."""
        item = self._item(part)
        return {*self.how.verbs.findall(item)} <= {verb} and not self.how.carried.search(item)

    def _left_over(self) -> Iterator[BadSum]:
        """What is left of a whole beside the parts told: 办结 8 件，予以公开 4 件，其余 4 件."""
        depth, start = self.placed[self.n].depth, self.sentence.start
        before = [p.figure for p in self.placed[max(0, self.n - FEW) : self.n] if p.depth == depth]
        before = [f for f in before if f.start >= start and f.unit == self.whole.unit]
        told = before and self.how.told_whole.search(self.words, start, before[0].end)
        if len(before) < 2 or not told or not all(_counts(f, self.how) for f in (*before, self.whole)):
            return
        for n, whole in enumerate(before[:-1]):
            sums = {self.whole.value}
            for part in before[n + 1 :]:
                sums |= {each + part.value for each in sums}
            if not sums.isdisjoint((whole.value, whole.value + before[n + 1].value)):
                return
        parts = (*(f.value for f in before[1:]), self.whole.value)
        yield BadSum(before[0].start, self.whole.end, before[0].value, parts, self.whole.unit, left_over=True)

    def _added(self) -> bool:
        """Whether two are added up in so many words: 当年办结 22 件，加上上年结转 2 件，共办结 24 件."""
        start = max(self.sentence.start, self.whole.start - ADDED)
        return bool(self.how.added.search(self.words, start, self.whole.start))

    def _opened(self, first: Figure) -> bool:
        return any(word in self.words[first.end : self.whole.start] for word in (*self.how.opens, ";"))

    def _item(self, figure: Figure) -> str:
        """The words of a figure's item, back to the sign before it."""
        start = max(figure.start - 60, self.sentence.start, 0)
        text = self.words[start : figure.start]
        return text[max(map(text.rfind, self.how.item_ends)) + 1 :]
