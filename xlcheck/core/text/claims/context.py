"""What a sentence has counted so far, for the clauses that leave it out (其中自然人 3 件)."""

from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.words.clauses import OPEN, Clause
from xlcheck.core.text.words.lexicon import Lexicon
from xlcheck.core.text.words.numbers import Figure, LaidOutText, Sentence
from xlcheck.core.text.words.phrase import Phrase, Wording

MEMORY = 16  # claims a sentence looks back on
SUBJECT = (
    4  # letters that no word covers: something else than a request may be meant (政务服务大厅办理 30 件)
)

Things = tuple[str, ...]
if TYPE_CHECKING:
    EarlierClaim: TypeAlias = "Claim | None"
else:  # as in core.filing
    EarlierClaim = object


class Tally(NamedTuple):
    """What has been counted so far: the topic, the last act, the claims, and the whole a list is of.

    ``group`` are the claims since the last semicolon; ``opened`` says that a list of parts has begun.
    ``unknown`` is a topic that is none of ours for want of words, not by name; ``spoken`` and ``whom`` are
    what, and which applicants, a clause without a figure has named, ``about`` what results, and ``carried``
    that it is of those left over (上年结转的申请中); ``silent``
    says that the last figure made no claim, and ``listed`` is some of the requests whose results may be told.
    ``uncounted`` says that the parts being listed are of a whole that no table counts, which is of some
    ``result`` (纠错案件 6 件，其中复议 5 件) or ``limited`` by words that no table knows (在审案件 6 件);
    ``instance`` that a court of first or second instance is spoken of.
    """

    topic: str = ""
    act: str = ""
    claims: tuple[Claim, ...] = ()
    group: tuple[Claim, ...] = ()
    opened: bool = False
    of_foreign: bool = False
    beyond: bool = False
    led: bool = False
    spoken: Things = ()
    unknown: bool = False
    silent: bool = False
    whom: Things = ()
    about: Things = ()
    carried: tuple[str, str] = ("", "")
    listed: EarlierClaim = None
    result: str = ""
    limited: bool = False
    uncounted: bool = False
    instance: bool = False


class Context:
    """The paragraph and the sentence being read, and what stands outside of the bracket being read."""

    def __init__(self, reading: LaidOutText, words: Lexicon, year: int | None) -> None:
        self.reading, self.ways, self.done_to, self.year = reading, words.ways, words.done_to, year
        self.takes = words.takes
        self.roles, self.requests = words.roles, words.roles.asked
        self.paragraph = self.number = -1
        self.disclosure = self.asked = self.of_requests = False
        self.sentence = Sentence(0, 0, 0, ())
        self.said: dict[tuple[str, ...], bool] = {}  # whether these words stand in the sentence
        self.so_far = Tally()
        self.opened_list = Tally()  # what had been counted where a list of numbered points began
        self.outside: deque[Tally] = deque(maxlen=MEMORY)
        self.depth = 0
        self.opening = False  # whether the clause before says that its parts come: 上年结转的 3 件中

    def enter(self, sentence: Sentence) -> None:
        """A new paragraph forgets all; a new sentence what was counted, unless it begins with 其中 or 占, or
        is a point of a list: each goes on from what stands before the first."""
        self.number += 1
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            self.disclosure = self.asked = self.of_requests = False
        self.sentence, words = sentence, self.reading.words
        self.said.clear()
        self.disclosure = self.disclosure or self.near
        self.of_requests = self.of_requests or self._says(self.ways.requests)
        goes_on = words.startswith((*self.ways.within, *self.ways.shares_begin), sentence.start)
        if sentence.point == 1:
            self.opened_list = self.so_far
        before = self.opened_list if sentence.point else self.so_far
        goes_on = goes_on or bool(sentence.point)
        self.so_far = before._replace(beyond=False, led=False) if goes_on else Tally()
        self.outside.clear()
        self.depth, self.opening = 0, False

    @property
    def single(self) -> bool:
        """Whether what was counted last is one request and no more."""
        last = self.last
        whole = last is not None and last.whats == self.requests and last.id in self.ways.all_asked
        return bool(whole and last and last.value == 1 and last.kind == "count" and not last.year)

    @property
    def near(self) -> bool:
        """Whether the sentence itself speaks of disclosure."""
        return self._says(self.ways.context)

    @property
    def asking(self) -> bool:
        return self._says(self.ways.asking)

    @property
    def results(self) -> bool:
        return self._says(self.ways.results)

    def _says(self, these: tuple[str, ...]) -> bool:
        """Whether one of these stands in the sentence: it may be as long as the text, and is asked often."""
        said = self.said.get(these)
        if said is None:
            said = self.said[these] = any_word(these, self.reading.words, self.sentence)
        return said

    def step(self, clause: Clause, here: Wording) -> None:
        """Enter a clause: brackets keep what is said in them to themselves, a semicolon ends a list."""
        while self.depth > clause.depth:
            self.depth -= 1
            self.so_far = self.outside.pop() if self.outside else self.so_far
        if self.depth < clause.depth:
            self.depth = clause.depth
            self.outside.append(self.so_far)
            self.so_far = self.so_far._replace(group=self.so_far.group[-1:])
        if clause.sign == ";":
            self.so_far = self.so_far._replace(
                group=(), beyond=False, listed=None, result="", limited=False, uncounted=False, instance=False
            )
        said, text = self.so_far, here.text[clause.start : clause.end]
        within = self.ways.within
        opens = self.opening or clause.sign == OPEN or text.startswith(within) or text.endswith(within)
        if opens and not said.opened:
            said = said._replace(opened=True, of_foreign=said.topic == self.roles.foreign)
        if self.ways.instances.search(text) and not said.instance:
            said = said._replace(instance=True)
        if said.silent and (opens or clause.sign == ":"):
            said = said._replace(uncounted=True)
        # Figures that began before the year may come down to it: 累计 684 件，其中 2024 年 95 件.
        parts = {t.id for t in here.tokens if t.slot == "part"}
        beyond = self.roles.beyond in parts
        beyond = beyond or (said.beyond and not (self.year and f"{self.year}" in text))
        led = self.roles.some in parts and text.startswith(self.ways.leads)
        led = led or bool(self.ways.part_year.search(text))
        if not clause.items:
            said = self._named(said, text, clause, here)
        led = said.led if clause.items else led
        same = (beyond, led) == (said.beyond, said.led)
        self.so_far = said if same else said._replace(beyond=beyond, led=led)
        self.opening = bool(clause.items) and text.endswith(self.ways.of_these)

    def _named(self, said: Tally, text: str, clause: Clause, here: Wording) -> Tally:
        """What a clause without a figure names for those that follow: 复议方面, 清理规范性文件, 自然人."""
        own = here.phrase(clause.start, clause.end) if here.telling else Phrase(self.roles)
        names = here.telling and here.telling[-1].end == clause.end and own.whats == self.requests
        lost = said.topic == self.roles.foreign and not said.opened
        if own.whats and (text.endswith(self.ways.topics) or (names and lost)):
            anew = bool(said.claims) and not {*own.whats} & {*said.claims[-1].whats}
            said = said._replace(spoken=own.whats)
            said = said._replace(claims=(), group=(), topic="") if anew else said
        elif thing := next((thing for word, thing in self.ways.spoken_of.items() if word in text), ""):
            said = said._replace(spoken=(thing,))
        asked = (self.roles.request, self.roles.bare, self.roles.foreign)
        named = tuple(w for w in own.whats if w not in asked)  # 所申请信息不存在、无法提供的
        results = {*self.ways.not_requests}.isdisjoint(named)
        said = said._replace(about=named) if named and results else said
        if own.act in self.roles.left and text.endswith(self.ways.of_these):
            said = said._replace(carried=(own.act, own.when))
        return said._replace(whom=own.who) if own.who else said

    def add(self, claim: Claim) -> Claim:
        said = self.so_far
        topic, group, claims = said.topic, said.group, (*said.claims, claim)[-MEMORY:]
        if claim.kind in ("count", "part"):
            said = said._replace(listed=self._listed(said.listed, claim))
            topic, group = claim.whats[0], (*group, claim)[-MEMORY:]
            self.asked = self.asked or claim.whats == self.requests
        self.so_far = said._replace(topic=topic, group=group, claims=claims)
        return claim

    def _listed(self, listed: Claim | None, claim: Claim) -> Claim | None:
        """What the results that come are of, where it is, or may be, but some of the requests."""
        if claim.whats != self.requests:
            # 新收 68 件、结转 3 件，予以公开 24 件 is not of the last alone.
            return listed if listed and claim.value <= listed.value else None
        every = claim.id in self.ways.all_asked and claim.sure and not claim.scope
        return None if every else claim

    def heard(self, figure: Figure, claimed: bool, another: bool) -> None:
        """A figure that has been read; what is only compared leaves it as it was, unless of another thing."""
        compared = figure.unit in self.ways.ratios or (figure.prior and not figure.about)
        if compared and not (claimed or another):
            return
        silent = not claimed and not figure.about
        if silent != self.so_far.silent:
            self.so_far = self.so_far._replace(silent=silent)

    def passed(self, own: Phrase) -> None:
        """A figure that no table counts, for the parts that may follow it."""
        known = len(own.outcomes) == 1 and not own.foreign
        decided = self.done_to["case"].intersection(own.acts)  # 案件审结 44 件，其中复议 30 件
        limited = bool(
            decided or own.outcomes or own.part or own.scope or own.foreign or own.ahead + own.strange
        )
        self.so_far = self.so_far._replace(result=own.outcomes[0] if known else "", limited=limited)

    def of_ours(self) -> None:
        """What is listed is of requests, whatever it began with: 信息 30 条；受理申请 5 件，办结 4 件."""
        if self.so_far.of_foreign:
            self.so_far = self.so_far._replace(of_foreign=False)

    def of_nothing_ours(self, unknown: bool = False, listed: bool = False) -> None:
        """What no table counts is spoken of; where results are ``listed`` behind it, they are of that."""
        unknown = unknown and (not self.lost or self.so_far.unknown)
        of_foreign = listed or self.so_far.of_foreign
        self.so_far = self.so_far._replace(topic=self.roles.foreign, unknown=unknown, of_foreign=of_foreign)

    def speaks_of(self, whats: Things) -> None:
        """What is counted over more than the year is spoken of, for the year's own figure behind it."""
        self.so_far = self.so_far._replace(spoken=whats) if whats else self.so_far

    def done(self, act: str) -> None:
        if act and act != self.so_far.act:
            self.so_far = self.so_far._replace(act=act)

    @property
    def lost(self) -> bool:
        """Whether what was spoken of last is nothing that a table counts."""
        return self.so_far.topic == self.roles.foreign

    @property
    def last(self) -> Claim | None:
        return next((c for c in reversed(self.so_far.claims) if c.kind in ("count", "part")), None)

    @property
    def of_results(self) -> bool:
        """Whether results of requests are being counted."""
        results = {*self.ways.outcomes, self.roles.opened}
        return any({*c.whats} <= results for c in self.so_far.claims)

    @property
    def whole(self) -> Things:
        """What the last ones counted are parts of, as their sum shows: 诉讼 6 件，直接 4 件，复议后 2 件."""
        total, counts = Decimal(0), [c for c in self.so_far.claims if c.kind == "count" and ":" not in c.id]
        for claim in reversed(counts):
            if total == claim.value and claim.whats != counts[-1].whats:
                return claim.whats
            total += claim.value
        return ()

    @property
    def kinds_counted(self) -> Things:
        """The kinds of cases that the sentence has counted, each by itself."""
        cases = {*self.ways.cases}
        counted = (c for c in self.so_far.claims if c.kind == "count" and {*c.whats} <= cases)
        return tuple(dict.fromkeys(what for claim in counted for what in claim.whats))

    def things(self, own: Phrase) -> tuple[Things, bool]:
        """The things a phrase counts, its own or those of the clause before, and whether that is sure."""
        if own.foreign:
            return (), True
        if own.whats:
            whats = tuple(self.roles.request if w == self.roles.bare else w for w in own.whats)
            return whats, whats == own.whats or self.disclosure or self.asked or own.act == self.roles.carried
        grown = self.so_far.claims[-1:]
        if grown and grown[0].id == self.ways.grown and own.text and self.ways.goes_on.match(own.text):
            return self.requests, False  # 申请量增长 5%，达到 9 件
        if self.ways.reached.search(own.text):
            spoken, last = self.so_far.spoken, self.last
            return (() if last and last.whats != spoken else spoken), False
        if self.results and self.ways.plainly.search(own.text) and not self.lost:
            return (self.roles.granted,), False
        again = self.so_far.unknown and self.ways.all_again.search(own.text)
        last = None if self.lost and not again else self.last
        here = tuple(thing for word, thing in self.ways.spoken_of.items() if word in own.text)
        if here and {*here} <= {*self.ways.cases}:  # 被复议机关、人民法院纠错 6 件
            here += tuple(thing for word, thing in self.ways.courts.items() if word in own.text)
        spoken = tuple(
            w for w in here or self.so_far.spoken if w not in (self.roles.foreign, self.roles.bare)
        )
        spoken = () if self.roles.elsewhere in own.acts else spoken
        if not here and (requests := self._from_requests(own, last)):
            return requests
        judged = here if own.outcomes and {*here} <= {*self.ways.cases} else ()
        whats, sure = self._from_last(own, judged or (last.whats if last else spoken))
        return whats, sure and bool(last)

    def _from_requests(self, own: Phrase, last: Claim | None) -> tuple[Things, bool] | None:
        """答复 and 结转 need no 申请 beside them where requests are spoken of."""
        counted = {w for c in self.so_far.claims[-1:] for w in c.whats} or {*self.so_far.spoken}
        others = bool(counted) and counted <= {*self.ways.not_requests} and not last
        every = self.asked and any(word in own.text for word in self.ways.everywhere)
        known = not self.lost or (self.so_far.unknown and (every or self.asking) and not own.ahead)
        unclear = own.strange or others or not known or own.ahead > SUBJECT
        if unclear or own.act not in self.done_to["request"]:
            return None
        if own.act == self.roles.pending and last and {*last.whats} <= {*self.ways.outcomes}:
            return (self.requests, False) if self.asked or self.asking else None
        if own.act == self.roles.pending and not last:
            return (self.requests, False) if self.disclosure or self.asking else None
        spoken_of = (self.asking or self.asked or self.of_requests) and not last
        documents = bool(last) and set(last.whats if last else ()) <= {*self.ways.not_requests}
        results = last is not None and self.asked and {*last.whats} <= {*self.ways.outcomes}
        carried = own.act == self.roles.carried and (own.when or results) and not documents
        return (self.requests, self.asked and not self.lost) if spoken_of or carried else None

    def _from_last(self, own: Phrase, last: Things) -> tuple[Things, bool]:
        if not last:
            named = own.who and (self.asking or self.of_requests) and not own.strange
            return (self.requests, self.asked) if named else ((), True)
        cases = set(last).issubset(self.ways.cases)
        begins = not (self.so_far.claims or self.so_far.silent or self.lost)
        if cases and begins and self.ways.all_again.search(own.text):  # 行政诉讼方面，全年共发生 14 件
            return last, False
        if cases and any(word in own.text for word in self.ways.context):
            return last, True  # 复议 23 件，其中涉及信息公开 3 件
        closed = own.act == self.roles.answered and not self.asked  # 复议申请 8 件，办结 6 件
        if (own.outcomes or own.act in self.done_to["case"] or closed) and cases:
            return last, True
        if own.who and last[0] not in self.ways.not_requests:
            return last, True
        if last == self.requests and self.ways.all_again.search(own.text):  # 本级 96 件；全市合计 1288 件
            return last, False
        left = own.act in self.roles.left and {*own.part} <= {self.roles.season}  # 尚有 3 件正在办理
        if own.strange or (own.part and not left):
            return (), True
        if own.act == self.roles.published and last == self.requests:
            return (self.roles.granted,), False
        kind = "request" if last == self.requests else "document" if last[0] in self.ways.documents else ""
        done = own.act in self.done_to[kind] if kind else self.takes(last[0], own.act)
        return (last, True) if done else ((), True)


def any_word(these: tuple[str, ...], words: str, sentence: Sentence) -> bool:
    """Whether one of these stands in a sentence."""
    start, end = sentence.start, sentence.end
    for word in these:  # noqa: SIM110 - any() of as many words takes twice as long
        if words.find(word, start, end) >= 0:
            return True
    return False
