"""What the words beside a figure say of it: the thing counted, what was done, for whom, with what result."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from xlcheck.core.text.words.clauses import CLOSE, OPEN, Clause
from xlcheck.core.text.words.lexicon import Lexicon, Token
from xlcheck.core.text.words.numbers import Figure
from xlcheck.data.vocabulary import Roles, WordSlot

Spans = tuple[tuple[int, int], ...]
_START = attrgetter("start")


class Phrase(NamedTuple):
    """The words beside one figure.

    ``ahead`` and ``strange`` count the letters that no word of the lexicon covers, before the telling words
    and among them; ``also`` is what a bracket adds to the thing (予以公开（含部分公开）), ``beside`` what
    else is named (因信息不存在无法提供).
    """

    roles: Roles
    whats: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    when: str = ""
    who: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    scope: bool = False
    also: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    ahead: int = 0
    strange: int = 0
    text: str = ""

    @property
    def foreign(self) -> bool:
        return self.roles.foreign in self.whats

    @property
    def near_foreign(self) -> bool:
        return self.roles.foreign in self.beside

    @property
    def act(self) -> str:
        """What was done: a carrying-over outweighs the handling named beside it (转下年度办理)."""
        if len(self.acts) < 2:
            return self.acts[0] if self.acts else ""
        strong = [a for a in (*self.roles.left, self.roles.new) if a in self.acts]
        return strong[0] if strong else self.acts[-1]

    @property
    def has_thing(self) -> bool:
        """Whether it says what is counted; an act alone (收到 5 件) leaves that to the words around."""
        return bool(self.whats or self.who or self.outcomes or self.act in self.roles.left)

    @property
    def asks(self) -> bool:
        """Whether it names no result, only requests, if anything (1 件因申请日期在年末)."""
        return {*self.whats} <= {self.roles.bare, *self.roles.asked}

    @property
    def tells(self) -> bool:
        """Whether it says anything at all."""
        return bool(self.has_thing or self.acts or self.part or self.ahead + self.strange > 0)

    @property
    def tells_more(self) -> bool:
        """Whether it limits what it says, or has words that are not known."""
        return bool(self.part or self.scope or self.ahead + self.strange)

    def and_then(self, more: "Phrase") -> "Phrase":
        """This phrase and another beside it that says what is counted, as one."""
        return more._replace(
            acts=(*self.acts, *more.acts), when=self.when or more.when, who=more.who or self.who,
            part=(*self.part, *more.part), scope=self.scope or more.scope, ahead=self.ahead + more.ahead,
            strange=self.strange + more.strange, text=self.text + more.text,
        )  # fmt: skip


class Wording(NamedTuple):
    """The words of a clause, its tokens laid out once.

    ``aside`` says nothing of how many, ``own`` names who reports; ``telling`` tokens outside of both say
    something of a figure, ``states`` of the figures before; ``strangers`` are the places of the letters that
    none of them covers.
    """

    text: str
    start: int
    end: int
    tokens: Sequence[Token]
    telling: Sequence[Token]
    states: Sequence[Token]
    aside: Spans
    own: Spans
    strangers: Sequence[int]
    words: Lexicon
    read: dict[tuple[int, int, bool], Phrase]  # what has been read: the same words are asked for three times

    def phrase(self, start: int, end: int, after: bool = False) -> Phrase:
        """The part between two places; ``after`` the figure its first thing counts, else its last."""
        found = self.read.get((start, end, after))
        if found is None:
            found = self.read[start, end, after] = self._phrase(start, end, after)
        return found

    def told(self, start: int, end: int) -> list[Token]:
        """The telling words between two places, which stand in their order; a clause may have thousands."""
        first, behind = (bisect_left(self.telling, at, key=_START) for at in (start, end))
        return [token for token in self.telling[first:behind] if token.end <= end]

    def _phrase(self, start: int, end: int, after: bool) -> Phrase:
        if start >= end:
            return Phrase(self.words.roles)
        inside = self.told(start, end)
        if not inside:
            strange, blank = self.strange(start, end), self._also(start, end) if self.aside else ()
            ahead, among = (0, strange) if after else (strange, 0)
            return Phrase(self.words.roles, also=blank, ahead=ahead, strange=among, text=self.text[start:end])
        runs = runs_of(self.text, inside, self.words)
        runs = self._telling_most(runs)
        run = runs[0 if after else -1] if runs else []
        foreign = self.words.roles.foreign
        if after and (theirs := [t for r in runs for t in r if t.id == foreign]):
            said = theirs[0] not in run and self.words.ways.said_of.search(
                self.text, run[-1].end, theirs[0].start
            )
            run = run if said else theirs  # 3 件申请均未收取处理费
        if len(runs) > 1 and not after and self._done_to(runs[-2][-1], run[0]):
            run = runs[-2]  # 解读规范性文件
        run = self._result_of(runs, after) or run
        slots: dict[WordSlot, tuple[str, ...]] = dict.fromkeys(_SLOTS, ())
        for token in inside:
            if token.slot in slots:
                slots[token.slot] += (token.id,)
        first, last = (start, run[-1].end if run else end) if after else (_first(inside, run, end), end)
        return Phrase(
            self.words.roles, tuple(t.id for t in run), slots["act"], next(iter(slots["when"]), ""),
            slots["who"], slots["outcome"], slots["part"], bool(slots["scope"]), self._also(start, end),
            tuple(t.id for r in runs for t in r if r is not run) + self._reasons(start, end),
            self.strange(start, first) + self.strange(last, end), self.strange(first, last),
            self.text[start:end],
        )  # fmt: skip

    @property
    def is_read(self) -> bool:
        """Whether every word of the clause is known, those that are set aside too, and none of them leaves
        its figures open."""
        if self.strangers or self.words.ways.open_words.search(self.text, self.start, self.end):
            return False
        return not (self._run_together() or (self.aside and self._unread_aside()))

    def _run_together(self) -> bool:
        """Whether letters that may be words by themselves make a word that is not known: 在办, 中办."""
        ones = (t for t in self.tokens if t.slot == "filler" and t.end == t.start + 1)
        places = [t.start for t in ones if self.text[t.start] not in self.words.ways.joining]
        return any(b == a + 1 for a, b in pairwise(places))

    def _unread_aside(self) -> bool:
        """Whether words that say nothing of how many are themselves unknown: 因征收引发, 通过甲乙等渠道."""
        named = [m.span() for m in self.words.named.finditer(self.text, self.start, self.end)]
        known = sorted([*self.own, *named, *((t.start, t.end) for t in self.tokens)])
        return any(_strangers(self.text, *span, [k for k in known if k[1] > span[0]]) for span in self.aside)

    @property
    def limits(self) -> bool:
        """Whether the clause speaks of some only, of another time or of others: 上半年, 下属分局方面."""
        others = any(token.slot in _LIMITS for token in self.telling)
        ends = self.words.ways.limits.search(self.text, self.start, self.end)
        years = self.words.ways.several_years.search(self.text, self.start, self.end)
        return others or bool(years or (self.strangers and ends))

    @property
    def heads_others(self) -> bool:
        """Whether a heading is of others, or of what is not known: 下属分局依申请公开情况."""
        topic = self.text.endswith(self.words.ways.topics, 0, self.end)
        thing = bool(self.telling) and self.telling[-1].end == self.end
        return self.limits or bool(self.strangers and (topic or thing))

    def _telling_most(self, runs: list[list[Token]]) -> list[list[Token]]:
        """A reason says more than what was asked for, and less than a result: 撤回申请作其他处理."""
        reasons = [run for run in runs if run[0].id in self.words.ways.yielding]
        results = [run for run in runs if run[0].id in self.words.ways.outcomes] if reasons else []
        return results or reasons or runs

    def _result_of(self, runs: list[list[Token]], after: bool) -> list[Token]:
        """The results that say which requests are counted: 无法提供的申请 2 件; 对 2 件申请部分公开."""
        if len(runs) < 2:
            return []
        roles, ways, last = self.words.roles, self.words.ways, {t.id for t in runs[0 if after else -1]}
        run = runs[1 if after else -2]
        told, asked = {t.id for t in run}, {roles.request, roles.bare}
        gap = self.words.aside.sub("", self.text[run[-1].end : runs[-1][0].start])
        gap = gap[gap.rfind(CLOSE) + 1 :] if gap.startswith(OPEN) else gap  # 予以公开（含部分公开）的申请
        joined = bool(ways.described_by.match(gap)) if not after else told.isdisjoint(ways.cases)
        kinds = {kind for what in last for kind in ways.kinds.get(what, ())}  # 直接起诉的行政诉讼
        fits = told.isdisjoint({*ways.by_act, *asked, roles.foreign}) if last <= asked else told <= kinds
        return run if joined and fits else []

    def _done_to(self, one: Token, thing: Token) -> bool:
        """Whether a thing that no table counts is what was done to the thing behind it."""
        return one.end == thing.start and self.text[one.start : one.end] in self.words.ways.done_to

    def strange(self, start: int, end: int) -> int:
        """How many letters between two places no word of the lexicon covers."""
        return max(0, bisect_left(self.strangers, end) - bisect_left(self.strangers, start))

    def _reasons(self, start: int, end: int) -> tuple[str, ...]:
        """The results that a cause names, unless it names them for all: 因信息不存在而; 因不掌握等原因."""
        known = {self.words.roles.request, self.words.roles.bare, self.words.roles.foreign}
        spans = [(a, b) for a, b in self.aside if start <= a and b <= end]
        alone = [s for s in spans if not any(w in self.text[slice(*s)] for w in self.words.ways.whole)]
        things = (t for t in self.tokens if t.slot == "what" and t.id not in known) if alone else ()
        return tuple(t.id for t in things if _in(t, alone))

    def _also(self, start: int, end: int) -> tuple[str, ...]:
        """The things a bracket without figures adds to the one before it."""
        for at, until in self.aside:
            if start <= at and until <= end and self.text.startswith(self.words.ways.adds, at):
                return tuple(t.id for t in self.tokens if at < t.start < until and t.slot == "what")
        return ()


_SLOTS: tuple[WordSlot, ...] = ("act", "when", "who", "outcome", "part", "scope")
_LIMITS: tuple[WordSlot, ...] = ("part", "when", "scope")
_SILENT: tuple[WordSlot, ...] = ("filler", "state")
_TELLING: tuple[WordSlot, ...] = ("act", "who", "outcome", "what")


def _first(inside: Sequence[Token], run: Sequence[Token], end: int) -> int:
    """Where the telling words begin: at the thing counted, or at what was done to it just before."""
    telling = [t for t in inside if t.slot in _TELLING and (not run or t.start >= run[0].start)]
    acts = [t for t in inside if t.slot == "act" and run and t.start < run[0].start]
    return min((t.start for t in (*telling, *acts[-1:])), default=end)


def wording(text: str, clause: Clause, words: Lexicon, own: re.Pattern[str] | None = None) -> Wording:
    """Lay a clause's words out; ``own`` fits the names of the organ that reports."""
    if not words.speaks(text, clause.start, clause.end) and not _goes_on(text, clause, words):
        figures = [(item.figure.start, item.figure.end) for item in clause.items]
        strangers = _strangers(text, clause.start, clause.end, figures) if figures else ()
        return Wording(text, clause.start, clause.end, (), (), (), (), (), strangers, words, {})
    return words_between(
        text, clause.start, clause.end, words, own, tuple(item.figure for item in clause.items)
    )


def _goes_on(text: str, clause: Clause, words: Lexicon) -> bool:
    """Whether a figure of the clause only goes on from the clause before (，共 5 件)."""
    return any(words.ways.goes_on.match(text[item.start : item.figure.start]) for item in clause.items)


def words_between(
    text: str,
    start: int,
    end: int,
    words: Lexicon,
    own: re.Pattern[str] | None = None,
    figures: tuple[Figure, ...] = (),
    counts: bool = False,
) -> Wording:
    """The same of any stretch; ``counts`` where its figures stand elsewhere."""
    blank = [m.span() for m in words.aside.finditer(text, start, end)]
    names = [m.span() for m in own.finditer(text, start, end)] if own else []
    at = text.find(OPEN, start, end)
    while at >= 0:
        close = text.find(CLOSE, at, end)
        blank.append((at, (close if close >= 0 else at) + 1))
        at = text.find(OPEN, blank[-1][1], end)
    tokens, aside = _tokens(text, start, end, words, figures, counts), _apart([*blank, *names])
    states = [t for t in tokens if t.slot == "state"]
    telling = [t for t in tokens if t.slot not in _SILENT and not (aside and _in(t, aside))]
    covered = sorted(
        [*aside, *((t.start, t.end) for t in tokens), *((f.start, f.end - len(f.about)) for f in figures)]
    )
    strangers = _strangers(text, start, end, covered)
    return Wording(text, start, end, tokens, telling, states, aside, tuple(names), strangers, words, {})


def _strangers(text: str, start: int, end: int, covered: Sequence[tuple[int, int]]) -> list[int]:
    """The places of the letters that no word covers."""
    places: list[int] = []
    for a, b in (*covered, (end, end)):
        if a > start:
            places += [n for n in range(start, a) if text[n].isalpha()]
        if b > start:
            start = b
    return places


def _tokens(
    text: str, start: int, end: int, words: Lexicon, figures: tuple[Figure, ...], counts: bool
) -> list[Token]:
    """The words between the figures: none lies across one."""
    tokens: list[Token] = []
    for figure in figures:
        if not figure.about:
            tokens += words.tokens(text, start, figure.start, counts=True)
            start = figure.end
    tokens += words.tokens(text, start, end, counts or bool(figures))
    return tokens


def _apart(spans: list[tuple[int, int]]) -> Spans:
    """Spans in order, none within another."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)


def things(here: Wording) -> tuple[str, ...]:
    """The run of things a word of absence reaches; a request that only describes a review is none.

    无政府信息公开申请行政复议 speaks of reviews alone; 未收到申请超期投诉 of nothing a table counts.
    """
    runs = runs_of(here.text, here.telling, here.words)
    if any(len(run) == 1 and run[0].id == here.words.roles.foreign for run in runs):
        return ()
    return tuple(t.id for t in runs[-1]) if runs else ()


def runs_of(text: str, tokens: Sequence[Token], words: Lexicon) -> list[list[Token]]:
    """Things joined by 、 or 和 are one run, counted together (行政复议、行政诉讼 5 件)."""
    runs: list[list[Token]] = []
    for token in (t for t in tokens if t.slot == "what"):
        gap = words.aside.sub("", text[runs[-1][-1].end : token.start]) if runs else ""
        alike = runs and not gap and _alike(token.id, runs[-1][-1].id, words)
        if runs and (alike or gap in words.ways.coordinators):
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _alike(one: str, other: str, words: Lexicon) -> bool:
    """举报投诉, 复议诉讼: two that stand side by side and are counted together."""
    kind = one in words.ways.kinds.get(other, ())  # 行政诉讼直接起诉
    both = one != other and {one, other} <= {*words.ways.cases} and not kind
    return one == other == words.roles.foreign or both


def _in(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a <= token.start and token.end <= b for a, b in spans)
