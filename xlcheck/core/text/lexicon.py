"""The words a report counts things with: what is counted, what was done, for whom, with what result."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple


class Token(NamedTuple):
    """A word of the lexicon at a place; ``slot`` is the kind of thing it says (what, act, who …)."""

    start: int
    end: int
    id: str
    slot: str


class Pattern(NamedTuple):
    """What a thing means in the tables: any of the expressions ``any``, for outcomes of ``results``."""

    id: str
    what: str
    any: tuple[str, ...]
    act: str = ""
    when: str = ""
    results: tuple[str, ...] = ()
    context: bool = False
    sure: bool = True
    money: int = 0


class StateClaim(NamedTuple):
    """What is said of the figures just before: all closed (0 pending), all upheld (the same number)."""

    id: str
    of: tuple[str, ...]
    value: str
    outcome: str = ""
    who: str = ""
    claim: str = ""
    unless: tuple[str, ...] = ()


class ClauseGrammar(NamedTuple):
    """How a clause hangs together, compiled from ``[reading]``."""

    coordinators: frozenset[str]
    aside: re.Pattern[str]
    goes_on: re.Pattern[str]
    context: re.Pattern[str]
    within: re.Pattern[str]
    whole: re.Pattern[str]
    share: re.Pattern[str]
    rate: re.Pattern[str]
    due: re.Pattern[str]
    asking: re.Pattern[str]
    up: re.Pattern[str]
    down: re.Pattern[str]
    units: frozenset[str]
    ratios: frozenset[str]
    document_units: frozenset[str]
    money: Mapping[str, Decimal]
    rate_target: str
    bases: tuple[str, ...]


class Lexicon(NamedTuple):
    """All words by their first two letters, longest first, and what they mean."""

    words: Mapping[str, tuple[tuple[str, str, str], ...]]
    patterns: Mapping[str, tuple[Pattern, ...]]
    states: tuple[StateClaim, ...]
    ways: ClauseGrammar

    def tokens(self, text: str, start: int, end: int) -> Iterator[Token]:
        """The words between two places, each as long as can be, from left to right."""
        words = self.words
        while start < end:
            key = text[start : start + 2]
            for word, name, slot in words.get(key) or words.get(key[0], ()):
                if text.startswith(word, start) and start + len(word) <= end:
                    yield Token(start, start + len(word), name, slot)
                    start += len(word) - 1
                    break
            start += 1


def lexicon(raw: Mapping[str, Any]) -> Lexicon:
    """Read data/claims.toml; once a process."""
    spelt = {
        word: (t["id"], t["slot"]) for t in reversed(raw["term"]) for w in t["words"] for word in spell(w)
    }
    patterns: dict[str, list[Pattern]] = {}
    for entry in raw["claim"]:
        kept: dict[str, Any] = {k: v for k, v in entry.items() if k != "examples"}
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in kept.items()}
        patterns.setdefault(entry["what"], []).append(Pattern(**fields))
    return Lexicon(
        _by_letters(spelt),
        {what: tuple(found) for what, found in patterns.items()},
        tuple(
            StateClaim(**s | {"of": tuple(s["of"]), "unless": tuple(s.get("unless", ()))})
            for s in raw["state"]
        ),
        _ways(raw["reading"]),
    )


def _by_letters(spelt: Mapping[str, tuple[str, str]]) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Words by their first two letters; those of one letter end every list they could begin."""
    words: dict[str, list[tuple[str, str, str]]] = {}
    for word in sorted(spelt, key=len, reverse=True):
        keys = [word[:2]] if len(word) > 1 else [key for key in words if key[0] == word] + [word]
        for key in keys:
            words.setdefault(key, []).append((word, *spelt[word]))
    return {key: tuple(found) for key, found in words.items()}


def _ways(raw: Mapping[str, Any]) -> ClauseGrammar:
    names = ("goes_on", "context", "within", "whole", "share", "rate", "due", "asking", "up", "down")
    return ClauseGrammar(
        coordinators=frozenset(raw["coordinators"]),
        aside=re.compile(f"{raw['cause']}|{raw['manner']}"),
        units=frozenset(raw["units"]),
        ratios=frozenset(raw["ratios"]),
        document_units=frozenset(raw["document_units"]),
        money={unit: Decimal(worth) for unit, worth in raw["money"].items()},
        rate_target=raw["rate_target"],
        bases=tuple(raw["bases"]),
        **{name: re.compile(raw[name]) for name in names},
    )


def spell(word: str) -> Iterator[str]:
    """Every spelling of a word: [x] may be left out, (a|b) is a or b."""
    parts = [_choices(part) for part in _PARTS.findall(word)]
    yield from filter(None, map("".join, product(*parts)))


_PARTS = re.compile(r"\[[^\]]*\]|\([^)]*\)|[^\[\](]+")


def _choices(part: str) -> Iterable[str]:
    if part[0] == "(":
        return part[1:-1].split("|")
    return ("", *part[1:-1].split("|")) if part[0] == "[" else (part,)
