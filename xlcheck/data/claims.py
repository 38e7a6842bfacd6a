"""The shape of claims.toml: what a figure in the text speaks of, and which cells that means."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from xlcheck import data
from xlcheck.data import Regex
from xlcheck.data.remarks import SectionName

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Slot = Literal["what", "act", "who", "outcome", "when", "part", "scope", "state", "filler"]
Act = Literal[
    "", "fresh", "receive", "done", "carry", "not_done", "made", "repealed", "valid", "publish", "decide",
    "foreign_act",
]  # fmt: skip
When = Literal["", "next", "last"]
Part = Literal["part", "doubt"]
# The things a reader knows by name: requests, 申请 alone, what no table counts, and 予以公开.
KnownThing = Literal["request", "bare_request", "foreign", "granted"]


class Term(NamedTuple):
    """Words of one meaning; of an ``uncounted`` thing no claim is made."""

    id: str
    slot: Slot
    words: tuple[str, ...]
    uncounted: bool = False


class ClaimPattern(NamedTuple):
    """What a thing means in the tables: any of the expressions ``any``, for outcomes of ``results``."""

    id: str
    what: str
    any: tuple[str, ...]
    act: Act = ""
    when: When = ""
    results: tuple[str, ...] = ()
    context: bool = False
    sure: bool = True
    money: int = 0
    examples: Mapping[str, tuple[str, ...]] = {}


class StateClaim(NamedTuple):
    """What is said of the figures just before: all closed (0 pending), all upheld (the same number)."""

    id: str
    of: tuple[str, ...]
    value: Literal["0", "same"]
    outcome: str = ""
    who: str = ""
    claim: str = ""
    unless: tuple[str, ...] = ()


class ClauseGrammar(NamedTuple):
    """How a sentence and its clauses hang together."""

    sections: tuple[SectionName, ...]
    cases: tuple[str, ...]
    documents: tuple[str, ...]
    decisions: tuple[str, ...]
    wholes: tuple[str, ...]
    coordinators: tuple[str, ...]
    cause: Regex
    manner: Regex
    goes_on: Regex
    context: tuple[str, ...]
    within: tuple[str, ...]
    whole: tuple[str, ...]
    share: Regex
    rate: Regex
    due: tuple[str, ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    rate_target: str
    bases: tuple[str, ...]
    asking: tuple[str, ...]
    ratios: tuple[str, ...]
    document_units: tuple[str, ...]
    units: tuple[str, ...]
    money: Mapping[str, int]
    clause_ends: str
    behind_ends: str

    @property
    def by_act(self) -> tuple[str, ...]:
        """The things whose figure is known by what was done to them: 制发, 废止, 作出."""
        return self.documents + self.decisions

    @property
    def not_requests(self) -> tuple[str, ...]:
        return self.cases + self.by_act


class PartsGrammar(NamedTuple):
    """How a list of parts begins and ends, and which results a text must come to where it tells all."""

    opens: tuple[str, ...]
    ends: tuple[str, ...]
    beside: Regex
    rest: Regex
    units: tuple[str, ...]
    closes: str
    item_ends: str
    whole: str
    sum: tuple[str, ...]


class SilentSentences(NamedTuple):
    """Sentences in which nothing may be tied."""

    silent: tuple[str, ...]


class Claims(NamedTuple):
    """Words, what they mean in the tables, and how a sentence is read."""

    term: tuple[Term, ...]
    claim: tuple[ClaimPattern, ...]
    state: tuple[StateClaim, ...]
    reading: ClauseGrammar
    parts: PartsGrammar
    labels: Mapping[str, str]
    traps: SilentSentences

    def misfits(self) -> Iterator["Misfit"]:
        """What one part of the file says of another, or of the units of text.toml, that is not so."""
        from xlcheck.data.checking import Misfit

        for at, names, known in self._references():
            for name in names:
                if name not in known:
                    yield Misfit(at, name, sorted(known))

    def _references(self) -> Iterator[tuple[tuple[str | int, ...], Collection[str], Collection[str]]]:
        """Where something is named, what is named there, and what there is to name."""
        from xlcheck.data.text import text

        things, claims, units = self._ids("what"), {c.id for c in self.claim}, {"", *text().units}
        yield ("term",), get_args(KnownThing), things
        for n, term in enumerate(self.term):
            words = _WORDS.get(term.slot)
            yield ("term", n, "id"), [term.id], words or [term.id]
            if term.slot == "what" and not term.uncounted:
                yield ("term", n, "id"), [term.id], {c.what for c in self.claim}
        for n, claim in enumerate(self.claim):
            yield ("claim", n, "what"), [claim.what], things
        for n, state in enumerate(self.state):
            yield ("state", n, "id"), [state.id], self._ids("state")
            yield ("state", n, "of"), state.of, things
            yield ("state", n, "outcome"), [state.outcome], {"", *self._ids("outcome")}
            yield ("state", n, "who"), [state.who], {"", *self._ids("who")}
            yield ("state", n, "claim"), [state.claim], {"", *claims}
            yield ("state", n, "unless"), state.unless, claims
        for part in ("cases", "documents", "decisions"):
            yield ("reading", part), getattr(self.reading, part), things
        for part in ("ratios", "document_units", "units", "money"):
            yield ("reading", part), getattr(self.reading, part), units
        yield ("reading", "wholes"), self.reading.wholes, claims
        yield ("parts", "units"), self.parts.units, units
        yield ("parts", "whole"), [self.parts.whole], claims
        yield ("parts", "sum"), self.parts.sum, claims

    def _ids(self, slot: Slot) -> set[str]:
        return {term.id for term in self.term if term.slot == slot}


# The words of these slots are known by name where a text is read; those of the others stand for themselves.
_WORDS: Mapping[Slot, tuple[str, ...]] = {
    "act": get_args(Act)[1:], "when": get_args(When)[1:], "part": get_args(Part),
}  # fmt: skip


@cache
def claims() -> Claims:
    """What figures speak of, as data/claims.toml has it."""
    return data.load("claims", Claims)
