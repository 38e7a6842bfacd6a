"""The shape of words and what they mean in the tables, in claims.toml and in a form that has its own."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal, NamedTuple, get_args

from xlcheck.data import OF_FORM

# Where something is named, what is named there, and what there is to name.
Reference = tuple[tuple[str | int, ...], Collection[str], Collection[str]]
NAME = r"\b[a-z]\w*(?:\.\w+)+"  # a cell or a group of cells in an expression: t3.denied.total
WordSlot = Literal["what", "act", "who", "outcome", "when", "part", "scope", "state", "filler"]
Act = Literal[
    "", "fresh", "receive", "done", "carry", "not_done", "made", "repealed", "valid", "publish", "decide",
    "closed", "foreign_act",
]  # fmt: skip
When = Literal["", "next", "last"]
DoneTo = Literal["", "request", "document", "case", "anything"]
Part = Literal["part", "season", "beyond", "doubt"]
CellsMeant = Annotated[str, "who", "outcome"]  # an expression, for each applicant and each outcome
# The things a reader knows by name: requests, 申请 alone, what no table counts, 予以公开 and 公开.
KnownThing = Literal["request", "bare_request", "foreign", "granted", "opened"]


class LexiconTerm(NamedTuple):
    """Words of one meaning; of an ``uncounted`` thing no claim is made. ``of`` is what an act is done to."""

    id: str
    slot: WordSlot
    words: tuple[str, ...]
    uncounted: bool = False
    of: DoneTo = ""


class ClaimPattern(NamedTuple):
    """What a thing means in the tables: any of the expressions ``any``, for outcomes of ``results``.

    Of a ``share`` one only a percentage is told, never a number; of ``most`` the tables hold no less.
    """

    id: str
    what: str
    any: tuple[CellsMeant, ...]
    act: Act = ""
    when: When = ""
    results: tuple[CellsMeant, ...] = ()
    context: bool = False
    sure: bool = True
    money: int = 0
    share: bool = False
    most: bool = False
    examples: Mapping[str, tuple[str, ...]] = {}


class Vocabulary(NamedTuple):
    """Words, what they mean in the tables, and how a finding calls what is more than one cell."""

    term: tuple[LexiconTerm, ...] = ()
    claim: tuple[ClaimPattern, ...] = ()
    labels: Mapping[str, Annotated[str, OF_FORM]] = {}

    def before(self, other: "Vocabulary") -> "Vocabulary":
        """These words and others, where the same is said of both these count."""
        labels = {**other.labels, **self.labels}
        return Vocabulary((*self.term, *other.term), (*self.claim, *other.claim), labels)

    def ids(self, slot: WordSlot) -> set[str]:
        return {term.id for term in self.term if term.slot == slot}

    def references(self, every: "Vocabulary", cells: Collection[str]) -> Iterator[Reference]:
        """What is named here: things of ``every`` word, words the reader knows, and ``cells`` of tables."""
        columns = [("total", ""), *((who, "") for who in every.ids("who"))]
        columns += [("total", outcome) for outcome in every.ids("outcome")]
        for n, term in enumerate(self.term):
            yield ("term", n, "id"), [term.id], _WORDS.get(term.slot) or [term.id]
            if term.slot == "what" and not term.uncounted:
                yield ("term", n, "id"), [term.id], {claim.what for claim in every.claim}
        for n, claim in enumerate(self.claim):
            yield ("claim", n, "what"), [claim.what], every.ids("what")
            for key, texts in (("any", claim.any), ("results", claim.results)):
                spelt = [
                    text.replace("{who}", who).replace("{outcome}", outcome)
                    for text in texts
                    for who, outcome in columns
                ]
                yield ("claim", n, key), dict.fromkeys(re.findall(NAME, " ".join(spelt))), cells
        parts = {part for name in cells for part in name.split(".")}
        yield from ((("labels", label), [label], {*cells, *parts}) for label in self.labels)


# The words of these slots are known by name where a text is read; those of the others stand for themselves.
_WORDS: Mapping[WordSlot, tuple[str, ...]] = {
    "act": get_args(Act)[1:], "when": get_args(When)[1:], "part": get_args(Part),
}  # fmt: skip
