"""The shape of words and what they mean in the tables, in claims.toml and in a form that has its own."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal, NamedTuple

from xlcheck.data import OF_FORM

# Where something is named, what is named there, and what there is to name.
Reference = tuple[tuple[str | int, ...], Collection[str], Collection[str]]
NAME = r"\b[a-z]\w*(?:\.\w+)+"  # a cell or a group of cells in an expression: t3.denied.total
WordSlot = Literal["what", "act", "who", "outcome", "when", "part", "scope", "state", "filler"]
DoneTo = Literal["", "request", "document", "case", "anything"]
CellsMeant = Annotated[str, "who", "outcome"]  # an expression, for each applicant and each outcome


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
    ``change`` are the cells that hold a change told of it (本年增加 2 项), where there are any.
    """

    id: str
    what: str
    any: tuple[CellsMeant, ...]
    act: str = ""
    when: str = ""
    results: tuple[CellsMeant, ...] = ()
    context: bool = False
    sure: bool = True
    money: int = 0
    share: bool = False
    most: bool = False
    examples: Mapping[str, tuple[str, ...]] = {}
    change: tuple[CellsMeant, ...] = ()


class Roles(NamedTuple):
    """The words by which a text is read, whatever they are called.

    Things (requests, 申请 alone, what no table counts, 予以公开, 公开), acts, when, which part, and 其他.
    """

    request: str
    bare: str
    foreign: str
    granted: str
    opened: str
    new: str
    received: str
    answered: str
    carried: str
    pending: str
    made: str
    valid: str
    published: str
    elsewhere: str
    closed: str
    next: str
    last: str
    some: str
    season: str
    beyond: str
    others: str

    @property
    def asked(self) -> tuple[str, ...]:
        """Requests, alone."""
        return (self.request,)

    @property
    def left(self) -> tuple[str, ...]:
        """What was not answered this year: it need not be named beside 结转 and 未办结."""
        return self.carried, self.pending

    @property
    def done_of_all(self) -> tuple[str, ...]:
        """What was done to all that came, not to what some of them were."""
        return self.received, self.new, *self.left

    def references(self, words: "Vocabulary") -> Iterator[Reference]:
        kinds: tuple[tuple[WordSlot, int], ...] = (
            ("what", 5),
            ("act", 10),
            ("when", 2),
            ("part", 3),
            ("outcome", 1),
        )
        slots = [slot for slot, count in kinds for _ in range(count)]
        for role, name, slot in zip(self._fields, self, slots, strict=True):
            yield ("roles", role), [name], words.ids(slot)


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
            if term.slot == "what" and not term.uncounted:
                yield ("term", n, "id"), [term.id], {claim.what for claim in every.claim}
        for n, claim in enumerate(self.claim):
            yield ("claim", n, "what"), [claim.what], every.ids("what")
            yield ("claim", n, "act"), [claim.act], {"", *every.ids("act")}
            yield ("claim", n, "when"), [claim.when], {"", *every.ids("when")}
            for key, texts in (("any", claim.any), ("results", claim.results), ("change", claim.change)):
                spelt = [
                    text.replace("{who}", who).replace("{outcome}", outcome)
                    for text in texts
                    for who, outcome in columns
                ]
                yield ("claim", n, key), dict.fromkeys(re.findall(NAME, " ".join(spelt))), cells
        parts = {part for name in cells for part in name.split(".")}
        yield from ((("labels", label), [label], {*cells, *parts}) for label in self.labels)
