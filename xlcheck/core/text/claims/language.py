"""A language to read a section's claims in: its numerals and words, and what an organ may call itself."""

import re
from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.formula import Formula
from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.claim_reader import ClaimReader
from xlcheck.core.text.claims.ties import Ties, cell_expression, known_expression, usual
from xlcheck.core.text.words.lexicon import Lexicon
from xlcheck.core.text.words.numbers import Numerals, lay_out
from xlcheck.core.text.words.sections import Section
from xlcheck.data import Pattern


class Language(NamedTuple):
    """How a report speaks: its numerals and words, and what is parsed of one edition's expressions."""

    numerals: Numerals
    lexicon: Lexicon
    expressions: Mapping[str, Formula | None] = {}

    def cell(self, form: Form, text: str) -> Formula | None:
        """An expression of cells; None where this edition of the form has no such cell."""
        return self.expressions[text] if text in self.expressions else known_expression(form, text)

    def for_edition(self, form: Form) -> "Language":
        """The same with what most texts compare parsed, nothing worked out, so that it can be kept."""
        return self._replace(expressions={text: cell_expression(form, text) for text in usual(self.lexicon)})


def claims_of_texts(
    form: Form, texts: Mapping[str, str], year: int | None, how: Language
) -> tuple[Claim, ...]:
    """Every claim of the texts by section, in reading order; figures of other years are left out."""
    sections = (Section(at, text, lay_out(text, how.numerals)) for at, text in texts.items())
    found = (claim for section in sections for claim in claims_of_section(form, section, year, how))
    return tuple(claim for claim in found if claim.year is None)


def claims_of_section(
    form: Form, section: Section, year: int | None, how: Language, unit: str = ""
) -> tuple[Claim, ...]:
    """The claims of one section already laid out; ``unit`` is the organ whose report it is."""
    near = unit[-3:] in section.words or (len(unit) > 2 and unit[:3] in section.words)
    own = _names(unit, how.lexicon.ways.offices, how.lexicon.ways.seats) if near else None
    ties = Ties(section, year, how.lexicon, partial(how.cell, form), {}, own, unit)
    return tuple(ClaimReader(ties).claims())


@cache
def _names(unit: str, offices: str, seats: Pattern) -> re.Pattern[str] | None:
    """What an organ may call itself: its name, its place, and every end of it of three letters or more."""
    ends = [unit[n:] for n in range(len(unit) - 2)]
    ends += [place] if len(place := seats.sub("", unit)) > 2 and place != unit else []
    return re.compile(f"(?:{'|'.join(map(re.escape, ends))}){offices}") if ends else None
