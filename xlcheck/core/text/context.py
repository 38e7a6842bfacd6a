"""What a sentence has counted so far, for the clauses that leave it out (其中自然人 3 件)."""

from collections import deque

from xlcheck.core.text.claim import Claim
from xlcheck.core.text.numbers import LaidOutText, Sentence
from xlcheck.core.text.phrase import FOREIGN, Phrase
from xlcheck.data.claims import ClauseGrammar
from xlcheck.data.vocabulary import Act

MEMORY = 16  # claims a sentence looks back on
REQUEST = ("request",)
_REQUEST_ACTS: tuple[Act, ...] = ("receive", "fresh", "done", "carry", "not_done")
_OF_REQUESTS: tuple[Act, ...] = ("carry", "done", "receive", "fresh")
DOCUMENT_ACTS: tuple[Act, ...] = ("made", "repealed", "valid")

Things = tuple[str, ...]


class Context:
    """The paragraph and the sentence being read: its topic, its last act, its last claims."""

    def __init__(self, reading: LaidOutText, ways: ClauseGrammar) -> None:
        self.reading, self.ways = reading, ways
        self.paragraph = self.number = -1
        self.near = self.disclosure = self.asking = self.asked = False
        self.topic, self.act = "", ""
        self.claims: deque[Claim] = deque(maxlen=MEMORY)

    def enter(self, sentence: Sentence) -> None:
        """A new paragraph forgets all; a new sentence what was counted, unless it begins with 其中."""
        self.number += 1
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.disclosure, self.asked = sentence.paragraph, False, False
        words = self.reading.words
        self.near = _any_word(self.ways.context, words, sentence)
        self.disclosure = self.disclosure or self.near
        self.asking = _any_word(self.ways.asking, words, sentence)
        if not words.startswith(self.ways.within, sentence.start):
            self.topic, self.act = "", ""
            self.claims.clear()

    def add(self, claim: Claim) -> Claim:
        if claim.kind == "count":
            self.topic = claim.whats[0]
            self.asked = self.asked or self.topic == "request"
        self.claims.append(claim)
        return claim

    @property
    def last(self) -> Claim | None:
        return next((c for c in reversed(self.claims) if c.kind == "count"), None)

    def things(self, own: Phrase) -> tuple[Things, bool]:
        """The things a phrase counts, its own or those of the clause before, and whether that is sure."""
        if own.foreign:
            return (), True
        if own.whats:
            whats = tuple("request" if w == "bare_request" else w for w in own.whats)
            return whats, whats == own.whats or self.disclosure or self.asked or own.act == "carry"
        last = self.last if self.topic != FOREIGN else None
        return self._from_requests(own, last) or self._from_last(own, last.whats if last else ())

    def _from_requests(self, own: Phrase, last: Claim | None) -> tuple[Things, bool] | None:
        """答复 and 结转 need no 申请 beside them where requests are spoken of."""
        if own.strange or self.topic == FOREIGN or own.act not in _OF_REQUESTS:
            return None
        spoken_of = (self.asking or self.asked) and not last
        return (REQUEST, self.asked) if spoken_of or (own.act == "carry" and own.when) else None

    def _from_last(self, own: Phrase, last: Things) -> tuple[Things, bool]:
        if not last:
            return (), True
        if own.outcomes and set(last).issubset(self.ways.cases):
            return last, True
        if own.who and last[0] not in self.ways.not_requests:
            return last, True
        if own.strange or own.part:
            return (), True
        if own.act == "publish" and last == REQUEST:
            return ("granted",), False
        acts = _REQUEST_ACTS if last == REQUEST else DOCUMENT_ACTS if last[0] in self.ways.documents else ()
        return (last, True) if own.act in acts else ((), True)


def _any_word(these: tuple[str, ...], words: str, sentence: Sentence) -> bool:
    return any(words.find(word, sentence.start, sentence.end) >= 0 for word in these)
