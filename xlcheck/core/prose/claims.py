"""What the text claims: every figure of its sections that speaks of cells of the form."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.formula import Formula, parse
from xlcheck.core.grid import FormError
from xlcheck.core.prose.claim import Claim
from xlcheck.core.prose.figures import Numerals, read
from xlcheck.core.prose.lexicon import Lexicon
from xlcheck.core.prose.page import Section
from xlcheck.core.prose.teller import Teller
from xlcheck.core.prose.ties import Ties


class Language(NamedTuple):
    """How a report speaks: its numerals and its words."""

    numerals: Numerals
    lexicon: Lexicon


class Cells:
    """The expressions of one edition's cells, each parsed once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.known: dict[str, Formula | None] = {}

    def formula(self, text: str) -> Formula | None:
        """None where this edition of the form has no such cell."""
        if text not in self.known:
            try:
                self.known[text] = parse(text, self.form.members)
            except FormError:
                self.known[text] = None
        return self.known[text]


cells_of = cache(Cells)  # the same for every filing of an edition


def claims(form: Form, texts: Mapping[str, str], year: int | None, how: Language) -> tuple[Claim, ...]:
    """Every claim of the texts by section, in reading order; figures of other years are left out."""
    cells = cells_of(form)
    sections = (Section(at, text, read(text, how.numerals)) for at, text in texts.items())
    return tuple(claim for section in sections for claim in tell(section, year, how, cells))


def tell(section: Section, year: int | None, how: Language, cells: Cells) -> tuple[Claim, ...]:
    """The claims of one section already laid out."""
    return tuple(Teller(Ties(section, year, how.lexicon, cells.formula)).tell())
