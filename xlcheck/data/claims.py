"""The shape of claims.toml: what a figure in the text speaks of, and which cells that means."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import OF_FORM, Pattern, Regex
from xlcheck.data.vocabulary import NAME, ClaimPattern, LexiconTerm, Reference, Roles, Vocabulary

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit
    from xlcheck.data.form import FormBlock


class StateClaim(NamedTuple):
    """What is said of the figures just before: all closed (0 pending), all upheld (the same number)."""

    id: str
    of: tuple[str, ...]
    value: Literal["0", "same"]
    outcome: str = ""
    who: str = ""
    claim: str = ""
    unless: tuple[str, ...] = ()
    sure: bool = True


class CaseRate(NamedTuple):
    """A rate of reviews or suits, by the words that name it, and the outcome it is of."""

    words: str
    outcome: str


class ClauseGrammar(NamedTuple):
    """How a sentence and its clauses hang together."""

    cases: tuple[str, ...]
    documents: tuple[str, ...]
    decisions: tuple[str, ...]
    wholes: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]
    coordinators: tuple[str, ...]
    cause: Regex
    manner: Regex
    titles: Regex
    inclusion: Regex
    goes_on: Pattern
    amends: tuple[str, ...]
    context: tuple[str, ...]
    within: tuple[str, ...]
    shares_begin: tuple[str, ...]
    open_rate: str
    answer_rate: Pattern
    gone_through: Pattern
    other_of_kind: Pattern
    instances: Pattern
    of_these: tuple[str, ...]
    whole: tuple[str, ...]
    share: Pattern
    share_of: Pattern
    share_sign: Pattern
    rate: Pattern
    case_rates: tuple[CaseRate, ...]
    applicants: tuple[str, ...]
    other_applicants: str
    narrower: Mapping[str, str]
    due: tuple[str, ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    either: tuple[str, ...]
    changed: Pattern
    comparing: Pattern
    year_before: Pattern
    together: tuple[str, ...]
    multiplied: tuple[str, ...]
    rate_target: str
    rate_whole: str
    answered: str
    grown: str
    results: tuple[str, ...]
    bases: tuple[str, ...]
    requests: tuple[str, ...]
    asking: tuple[str, ...]
    ratios: tuple[str, ...]
    document_units: tuple[str, ...]
    units: tuple[str, ...]
    other_units: tuple[str, ...]
    noun_units: tuple[str, ...]
    item_units: tuple[str, ...]
    taken_in: tuple[str, ...]
    people: tuple[str, ...]
    money: Mapping[str, int]
    clause_ends: str
    listing: str
    joins: Pattern
    counted_first: Pattern
    each: Pattern
    edges: Mapping[str, str]
    names_year: Pattern
    period: Regex
    adds: tuple[str, ...]
    leads: tuple[str, ...]
    done_to: tuple[str, ...]
    describing: tuple[str, ...]
    among: Pattern
    described_by: Pattern
    stresses: str
    excepts: tuple[str, ...]
    reasons: Pattern
    described: Pattern
    other_cause: Pattern
    examples: Pattern
    ours_within: Pattern
    plainly: Pattern
    alike: Pattern
    alike_too: Pattern
    open_words: Pattern
    all_again: Pattern
    limits: Pattern
    several_years: Pattern
    asked_by: Pattern
    yielding: tuple[str, ...]
    other_organs: Pattern
    attributes: Pattern
    whole_places: Pattern
    places_organs: Pattern
    governments: tuple[str, ...]
    offices: Regex
    seats: Pattern
    one: Pattern
    decided: Pattern
    anyone: tuple[str, ...]
    describes: tuple[str, ...]
    everywhere: tuple[str, ...]
    whole_year: tuple[str, ...]
    joining: str
    outcomes: tuple[str, ...]
    all_asked: tuple[str, ...]
    topics: tuple[str, ...]
    spoken_of: Mapping[str, str]
    courts: Mapping[str, str]
    rest: tuple[str, ...]
    worth: Mapping[str, str]
    judged: tuple[str, ...]
    of_cases: str
    judges: tuple[str, ...]
    of_ours: Pattern
    other_subjects: Pattern
    each_one: tuple[str, ...]
    averages: Pattern
    reasoned: tuple[str, ...]
    other_cases: Pattern
    others: Pattern
    remaining: Pattern
    part_year: Pattern
    said_of: Pattern
    short_acts: Mapping[str, str]
    reached: Pattern
    every: tuple[str, ...]
    all_of: tuple[str, ...]
    absent: str

    @property
    def by_act(self) -> tuple[str, ...]:
        """The things whose figure is known by what was done to them: 制发, 废止, 作出."""
        return self.documents + self.decisions

    @property
    def not_requests(self) -> tuple[str, ...]:
        return self.cases + self.by_act


class EveryPart(NamedTuple):
    """Words for all parts of a year at once, and how many those are: 各季度, 4."""

    words: Pattern
    number: int


class PartsGrammar(NamedTuple):
    """How a list of parts begins and ends, and which results a text must come to where it tells all."""

    opens: tuple[str, ...]
    full: tuple[str, ...]
    noun: Pattern
    totals: Pattern
    added: Pattern
    joins: tuple[str, ...]
    carried: Pattern
    ends: tuple[str, ...]
    beside: Pattern
    rest: Pattern
    alike_opens: tuple[str, ...]
    left_over: Pattern
    unnamed: Pattern
    told_whole: Pattern
    extremes: Pattern
    of_years: Pattern
    verbs: Pattern
    partitions: tuple[tuple[str, ...], ...]
    every: tuple[EveryPart, ...]
    share: Pattern
    listed: Pattern
    months: Pattern
    of_year: Pattern
    added_up: Pattern
    answers: Pattern
    alike: tuple[str, ...]
    cases: tuple[str, ...]
    units: tuple[str, ...]
    closes: str
    item_ends: str
    whole: str
    sum: str


class ChangeGrammar(NamedTuple):
    """How a change is told beside the two figures it lies between."""

    units: tuple[str, ...]
    alike: tuple[str, ...]
    up: Pattern
    down: Pattern
    apart: tuple[str, ...]
    parted: Pattern
    apart_from: Pattern
    time: Pattern
    reached: Pattern
    times: str


class SilentSentences(NamedTuple):
    """Sentences in which nothing may be tied."""

    silent: tuple[str, ...]


class Claims(NamedTuple):
    """Words, what they mean in the tables, and how a sentence is read."""

    term: tuple[LexiconTerm, ...]
    claim: tuple[ClaimPattern, ...]
    state: tuple[StateClaim, ...]
    roles: Roles
    reading: ClauseGrammar
    parts: PartsGrammar
    changes: ChangeGrammar
    labels: Mapping[str, Annotated[str, OF_FORM]]
    traps: SilentSentences

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.term, self.claim, self.labels)

    def with_own(self, own: Vocabulary) -> "Claims":
        """These, after what an edition has of its own."""
        return self._replace(**own.before(self.vocabulary)._asdict())

    def with_more(self, more: Vocabulary) -> "Claims":
        """These, before what is said where they say nothing."""
        return self._replace(**self.vocabulary.before(more)._asdict())

    def misfits(self) -> Iterator["Misfit"]:
        """What is named and is not there: here, in text.toml, and in the forms with words of their own."""
        from xlcheck.data.checking import Misfit, parsed
        from xlcheck.data.form import FormFile

        forms = {f"form_{e}": parsed(data.HERE / f"form_{e}.toml", FormFile) for e in data.editions()}
        cells = {name: cell_names(form.table) for name, form in forms.items()}
        words, every = self.vocabulary, set[str]().union(*cells.values())
        references = [*self._references(every), *words.references(words, every)]
        for name, form in forms.items():
            own = form.vocabulary.references(form.vocabulary.before(words), cells[name])
            references += [((name, "vocabulary", *at), names, known) for at, names, known in own]
        for at, names, known in references:
            yield from (Misfit(at, name, sorted(known)) for name in names if name not in known)

    def _references(self, cells: Collection[str]) -> Iterator[Reference]:
        """What the parts beside the vocabulary name."""
        from xlcheck.data.text import figure_writing

        words, units = self.vocabulary, {"", *figure_writing().units}
        things, claims = words.ids("what"), {claim.id for claim in self.claim}
        yield from self.roles.references(words)
        yield ("state",), words.ids("state"), {state.id for state in self.state}
        for n, state in enumerate(self.state):
            yield ("state", n, "id"), [state.id], words.ids("state")
            yield ("state", n, "of"), state.of, things
            yield ("state", n, "outcome"), [state.outcome], {"", *words.ids("outcome")}
            yield ("state", n, "who"), [state.who], {"", *words.ids("who")}
            yield ("state", n, "claim"), [state.claim], {"", *claims}
            yield ("state", n, "unless"), state.unless, claims
        yield from self._of_reading(cells)
        yield ("parts", "units"), self.parts.units, units
        yield ("changes", "units"), (*self.changes.units, self.changes.times), units
        yield ("parts", "whole"), [self.parts.whole], claims
        yield ("parts", "sum"), [self.parts.sum], cells

    def _of_reading(self, cells: Collection[str]) -> Iterator[Reference]:
        """What the ways of reading name."""
        from xlcheck.data.text import figure_writing

        words, units = self.vocabulary, {"", *figure_writing().units}
        things, claims = words.ids("what"), {claim.id for claim in self.claim}
        for part in ("cases", "documents", "decisions"):
            yield ("reading", part), getattr(self.reading, part), things
        for part in ("ratios", "document_units", "units", "other_units", "people", "money"):
            yield ("reading", part), getattr(self.reading, part), units
        for part, texts in (
            ("rate_target", [self.reading.rate_target]),
            ("rate_whole", [self.reading.rate_whole]),
            ("bases", self.reading.bases),
        ):
            yield ("reading", part), re.findall(NAME, " ".join(texts)), cells
        rates = [rate.outcome for rate in self.reading.case_rates]
        yield ("reading", "case_rates"), rates, words.ids("outcome")
        whom = (*self.reading.narrower, *self.reading.narrower.values())
        yield ("reading", "narrower"), whom, words.ids("who")
        yield ("reading", "yielding"), self.reading.yielding, things
        yield ("reading", "outcomes"), self.reading.outcomes, things
        yield ("reading", "all_asked"), self.reading.all_asked, claims
        yield ("reading", "spoken_of"), self.reading.spoken_of.values(), things
        yield ("reading", "courts"), self.reading.courts.values(), things
        yield ("reading", "worth"), (*self.reading.worth, *self.reading.worth.values()), things
        yield ("reading", "rest"), self.reading.rest, things
        yield ("reading", "judged"), self.reading.judged, words.ids("outcome")
        yield ("reading", "of_cases"), [self.reading.of_cases], things
        for whole, kinds in self.reading.kinds.items():
            yield ("reading", "kinds", whole), (whole, *kinds), things
        yield ("reading", "wholes"), (*self.reading.wholes, self.reading.answered), claims


def cell_names(tables: "Mapping[str, tuple[FormBlock, ...]]") -> set[str]:
    """What an expression may name in a form: tables, rows, columns, their groups and totals, and cells."""
    return {
        ".".join(filter(None, (table, row, column)))
        for table, blocks in tables.items()
        for block in blocks
        for row in ("", *(heading.id for heading in block.rows))
        for column in ("", *(heading.id for heading in block.columns))
    }


@cache
def claims() -> Claims:
    """What figures speak of, as data/claims.toml has it."""
    return data.load("claims", Claims)
