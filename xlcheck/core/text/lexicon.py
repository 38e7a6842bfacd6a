"""The words a report counts things with: what is counted, what was done, for whom, with what result."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from xlcheck.data import Pattern
from xlcheck.data.claims import Claims, ClauseGrammar, StateClaim
from xlcheck.data.vocabulary import ClaimPattern, WordSlot


class Token(NamedTuple):
    """A word of the lexicon at a place; ``slot`` is the kind of thing it says (what, act, who …)."""

    start: int
    end: int
    id: str
    slot: WordSlot


Spelling = tuple[str, str, WordSlot]  # a word, and the id and slot of its meaning


class Lexicon(NamedTuple):
    """All words by their first two letters, longest first, and what they mean.

    ``aside`` fits the cause of what is counted and the manner of asking, which say nothing of how many.
    """

    words: Mapping[str, list[Spelling]]
    patterns: Mapping[str, list[ClaimPattern]]
    states: tuple[StateClaim, ...]
    ways: ClauseGrammar
    aside: Pattern

    def tokens(self, text: str, start: int, end: int) -> Iterator[Token]:
        """The words between two places, each as long as can be, from left to right."""
        words = self.words
        while start < end:
            for word, name, slot in (*words.get(text[start : start + 2], ()), *words.get(text[start], ())):
                if text.startswith(word, start) and start + len(word) <= end:
                    yield Token(start, start + len(word), name, slot)
                    start += len(word) - 1
                    break
            start += 1


def lexicon(claims: Claims) -> Lexicon:
    """Spell every word out and sort what it may mean; once a process."""
    patterns: dict[str, list[ClaimPattern]] = {}
    for pattern in claims.claim:
        patterns.setdefault(pattern.what, []).append(pattern)
    ways = claims.reading
    aside = re.compile(f"{ways.cause}|{ways.manner}")
    return Lexicon(_by_letters(claims), patterns, claims.state, ways, aside)


def _by_letters(claims: Claims) -> dict[str, list[Spelling]]:
    """Words by their first two letters, or their only one, longest first; of two alike the first counts."""
    spelt: dict[str, Spelling] = {}
    for term in claims.term:
        for word in (each for w in term.words for each in spell(w)):
            spelt.setdefault(word, (word, term.id, term.slot))
    words: dict[str, list[Spelling]] = {}
    for word in sorted(spelt, key=len, reverse=True):
        words.setdefault(word[:2], []).append(spelt[word])
    return words


def spell(word: str) -> Iterable[str]:
    """Every spelling of a word: [x] may be left out, (a|b) is a or b."""
    if "[" not in word and "(" not in word:
        return (word,)
    parts = [_choices(part) for part in re.findall(r"\[[^\]]*\]|\([^)]*\)|[^\[\](]+", word)]
    return filter(None, map("".join, product(*parts)))


def _choices(part: str) -> Iterable[str]:
    if part[0] == "(":
        return part[1:-1].split("|")
    return ("", *part[1:-1].split("|")) if part[0] == "[" else (part,)
