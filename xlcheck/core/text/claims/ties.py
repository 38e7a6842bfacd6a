"""How words beside a figure become cells: the patterns of data/claims.toml, filled in."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from itertools import product
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.formula import Formula
from xlcheck.core.grid import FormError
from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.words.lexicon import Lexicon
from xlcheck.core.text.words.numbers import Figure
from xlcheck.core.text.words.sections import Section
from xlcheck.data.vocabulary import ClaimPattern

Span = tuple[int, int]


class CountedThings(NamedTuple):
    """What a figure counts: the things, the patterns that fit them, the column and the outcome."""

    whats: tuple[str, ...]
    patterns: tuple[ClaimPattern, ...]
    who: str = "total"
    outcome: str = ""

    @property
    def name(self) -> str:
        parts = ["+".join(dict.fromkeys(p.id for p in self.patterns))]
        parts += [self.outcome] if self.outcome else []
        return ":".join(parts + ([self.who] if self.who != "total" else []))

    @property
    def expressions(self) -> list[str]:
        """Every way to read it, in the rule language: things counted together are added up."""
        options = [p.results if self.outcome and p.results else p.any for p in self.patterns]
        return [" + ".join(one).format(who=self.who, outcome=self.outcome) for one in product(*options)]


class Ties(NamedTuple):
    """Ties figures of one section to the cells of one edition, for one report year."""

    section: Section
    year: int | None
    lexicon: Lexicon
    cell: Callable[[str], Formula | None]
    known: dict[tuple[object, ...], tuple[Formula, ...]]  # by what is counted: most figures ask for few
    own: re.Pattern[str] | None = None
    unit: str = ""

    @property
    def of_bureau(self) -> bool:
        """Whether it is known to be no government that reports."""
        return bool(self.unit) and not any(word in self.unit for word in self.lexicon.ways.governments)

    def claim(self, figure: Figure, meant: CountedThings, span: Span, number: int) -> Claim | None:
        """None where the edition has no such cell, or the unit cannot be the cell's."""
        formulas = self._formulas(meant)
        value = self._value(figure, meant.patterns[0].money) if formulas else None
        if value is None:
            return None
        start, end = self.section.reading.place(figure.start, figure.end)
        return Claim(
            meant.name, self.section.at, start, end, self.quote(*span), value, figure.unit, formulas, number,
            meant.whats, figure.exact, act=meant.patterns[0].act, bound=figure.bound,
            absent=bool(figure.about), who=meant.who if meant.who != "total" else "",
            outcome=meant.outcome,
        )  # fmt: skip

    def _formulas(self, meant: CountedThings) -> tuple[Formula, ...]:
        asked = (*map(id, meant.patterns), meant.who, meant.outcome)
        found = self.known.get(asked)
        if found is None:
            found = tuple(f for text in meant.expressions if (f := self.cell(text)))
            self.known[asked] = found
        return found

    def pattern(self, what: str, act: str = "", when: str = "") -> ClaimPattern | None:
        """The first pattern of a thing that fits what was done to it, and of which year."""
        fitting = (
            p for p in self.lexicon.patterns.get(what, ()) if p.act in ("", act) and p.when in ("", when)
        )
        return next(fitting, None)

    def other_year(self, figure: Figure) -> bool:
        return bool(figure.year and self.year and figure.year != self.year)

    def when(self, text: str) -> str:
        """Whether the words name the next or the last year (结转 2025 年), or an edge of this (年初结转)."""
        roles, edges = self.lexicon.roles, self.lexicon.ways.edges
        if self.year and str(self.year + 1) in text:
            return roles.next
        if self.year and str(self.year - 1) in text:
            return roles.last
        return next((when for word, when in edges.items() if word in text), "")

    def year_in(self, text: str) -> int | None:
        """The year a label is (2022 年、2023 年分别…)."""
        match = self.lexicon.ways.names_year.search(text)
        return int(match[1]) if match else None

    def named(self, claim_id: str) -> tuple[ClaimPattern, ...]:
        return tuple(p for each in self.lexicon.patterns.values() for p in each if p.id == claim_id)[:1]

    def changes(self, claim: Claim) -> tuple[Formula, ...]:
        """The cells that hold a change of what a claim counts, where the form has such."""
        texts = (text for pattern in self.named(claim.pattern) for text in pattern.change)
        return tuple(formula for text in texts if (formula := self.cell(text)))

    def quote(self, start: int, end: int) -> str:
        """The words quoted, as they stand, without the sign they began with."""
        a, b = self.section.reading.place(start, end)
        return _SIGNS.sub("", self.section.raw[a:b])[-80:]

    def _value(self, figure: Figure, money: int) -> Decimal | None:
        worth = self.lexicon.ways.money.get(figure.unit)
        if bool(worth) != bool(money) and not (money and not figure.value):
            return None
        return figure.value * worth / money if worth and money else figure.value


def cell_expression(form: Form, text: str) -> Formula | None:
    """Parse an expression; None where this edition of the form has no such cell."""
    from xlcheck.core.expression import parse  # a start with everything kept seldom needs it

    try:
        return parse(text, form.members)
    except FormError:
        return None


known_expression = cache(cell_expression)


def usual(lexicon: Lexicon) -> Iterator[str]:
    """The expressions that most texts need: of whole rows, of every outcome, and what shares are of."""
    outcomes = {name for name, slot in lexicon.words.values() if slot == "outcome"}
    yield from (lexicon.ways.rate_target, lexicon.ways.rate_whole, *lexicon.ways.bases)
    for pattern in (pattern for each in lexicon.patterns.values() for pattern in each):
        for outcome in ("", *(outcomes if pattern.results else ())):
            yield from CountedThings((), (pattern,), outcome=outcome).expressions


_SIGNS = re.compile(r"^\W+")
