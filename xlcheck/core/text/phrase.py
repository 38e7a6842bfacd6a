"""What the words beside a figure say of it: the thing counted, what was done, for whom, with what result."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from xlcheck.core.text.lexicon import Lexicon, Token
from xlcheck.data.claims import ClauseGrammar
from xlcheck.data.vocabulary import WordSlot

FOREIGN = "foreign"


class Phrase(NamedTuple):
    """The words beside one figure. ``strange`` counts the letters that no word of the lexicon covers."""

    whats: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    when: str = ""
    who: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    scope: bool = False
    strange: int = 0
    text: str = ""

    @property
    def foreign(self) -> bool:
        return FOREIGN in self.whats

    @property
    def act(self) -> str:
        """What was done: a carrying-over outweighs the handling named beside it (转下年度办理)."""
        strong = [a for a in self.acts if a in ("carry", "not_done", "fresh")]
        return strong[0] if strong else self.acts[-1] if self.acts else ""

    @property
    def has_thing(self) -> bool:
        """Whether it says what is counted; an act alone (收到 5 件) leaves that to the words around."""
        return bool(self.whats or self.who or self.outcomes or self.act == "carry")

    def and_then(self, more: "Phrase") -> "Phrase":
        """This phrase and another beside it that says what is counted, as one."""
        return more._replace(
            acts=(*self.acts, *more.acts), when=self.when or more.when, part=(*self.part, *more.part),
            scope=self.scope or more.scope, strange=self.strange + more.strange, text=self.text + more.text,
        )  # fmt: skip


class Stretch(NamedTuple):
    """The words of a text between two figures, its tokens laid out once."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    words: Lexicon

    def phrase(self, start: int, end: int, after: bool = False) -> Phrase:
        """Read the part between two places; ``after`` the figure its first thing counts, else its last."""
        blank = [m.span() for m in self.words.aside.finditer(self.text, start, end)]
        inside = [t for t in self.tokens if start <= t.start and t.end <= end and not _in(t, blank)]
        runs = runs_of(self.text, inside, self.words)
        run = runs[0 if after else -1] if runs else []
        if after and any(t.id == FOREIGN for r in runs for t in r):
            run = [t for r in runs for t in r if t.id == FOREIGN]
        slots = {slot: tuple(t.id for t in inside if t.slot == slot) for slot in _SLOTS}
        first = _first(inside, run, end)
        return Phrase(
            tuple(t.id for t in run), slots["act"], next(iter(slots["when"]), ""), slots["who"],
            slots["outcome"], slots["part"], bool(slots["scope"]),
            _strange(self.text, first, end, inside, blank), self.text[start:end],
        )  # fmt: skip

    def clause(self) -> tuple[int, int]:
        """The clause before a figure; a bracket between is left out (其他处理（含撤回）3 件)."""
        end = self.end
        if self.text[end - 1 : end] == ")" and (bracket := self.text.rfind("(", self.start, end)) >= 0:
            end = bracket
        return _border(self.text, self.start, end, self.words.ways), end

    def goes_on(self, start: int) -> tuple[int, int]:
        """The clauses before that one, as far as it only goes on from them (收到申请，共 5 件)."""
        text, end, first, ways = self.text, start, start, self.words.ways
        going = ways.goes_on.match
        while first > self.start and text[first - 1] in ",:" and going(text[first:end].strip(",:")):
            first, end = _border(text, self.start, first - 1, ways), first - 1
        return first, end

    def until(self) -> int:
        """Where the clause behind a figure ends."""
        places = [self.text.find(sign, self.start, self.end) for sign in self.words.ways.behind_ends]
        return min((place for place in places if place >= 0), default=self.end)


def _first(inside: Sequence[Token], run: Sequence[Token], end: int) -> int:
    """Where the telling words begin: at the thing counted, or at what was done to it just before."""
    telling = [t for t in inside if t.slot in _TELLING and (not run or t.start >= run[0].start)]
    acts = [t for t in inside if t.slot == "act" and run and t.start < run[0].start]
    return min((t.start for t in (*telling, *acts[-1:])), default=end)


def _border(text: str, start: int, end: int, ways: ClauseGrammar) -> int:
    return max(start, *(text.rfind(sign, start, end) + 1 for sign in ways.clause_ends))


_SLOTS: tuple[WordSlot, ...] = ("act", "when", "who", "outcome", "part", "scope")
_TELLING: tuple[WordSlot, ...] = ("act", "who", "outcome", "what")


def stretch(text: str, start: int, end: int, words: Lexicon) -> Stretch:
    """Lay a stretch's words out; of a long one only what lies near a figure matters."""
    if end - start <= 2 * NEAR:
        return Stretch(text, start, end, tuple(words.tokens(text, start, end)), words)
    tokens = (*words.tokens(text, start, start + NEAR), *words.tokens(text, end - NEAR, end))
    return Stretch(text, start, end, tokens, words)


NEAR = 64  # letters


def things(here: Stretch) -> tuple[str, ...]:
    """The run of things a word of absence reaches; a request that only describes a review is none.

    无政府信息公开申请行政复议 speaks of reviews alone; 未收到申请超期投诉 of nothing a table counts.
    """
    blank = [m.span() for m in here.words.aside.finditer(here.text, here.start, here.end)]
    runs = runs_of(here.text, [t for t in here.tokens if not _in(t, blank)], here.words)
    if any(len(run) == 1 and run[0].id == FOREIGN for run in runs):
        return ()
    return tuple(t.id for t in runs[-1]) if runs else ()


def runs_of(text: str, tokens: Sequence[Token], words: Lexicon) -> list[list[Token]]:
    """Things joined by 、 or 和 are one run, counted together (行政复议、行政诉讼 5 件)."""
    runs: list[list[Token]] = []
    for token in (t for t in tokens if t.slot == "what"):
        gap = words.aside.sub("", text[runs[-1][-1].end : token.start]) if runs else ""
        alike = runs and not gap and token.id == runs[-1][-1].id == FOREIGN  # 举报投诉
        if runs and (alike or gap in words.ways.coordinators):
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _in(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(a <= token.start < b for a, b in spans)


def _strange(text: str, start: int, end: int, tokens: Sequence[Token], blank: list[tuple[int, int]]) -> int:
    def letters(a: int, b: int) -> int:
        return len(_LETTERS.findall(text, a, b)) if a < b else 0

    covered = sum(letters(t.start, t.end) for t in tokens if t.start >= start)
    return letters(start, end) - covered - sum(letters(max(a, start), min(b, end)) for a, b in blank)


_LETTERS = re.compile(r"[^\W\d_]")
