"""A document laid out as a report, from which every later step reads."""

from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.editions import Edition, forms
from xlcheck.importing.document import Document, Evidence
from xlcheck.importing.labels import Forms
from xlcheck.importing.normal_text import NormalText
from xlcheck.importing.sections.headings import Heads


class ReportLayout(NamedTuple):
    """A document, its letters in a row, its edition and its headings.

    ``annex`` is where the list of findings began that our own drafts end in; the document is without it.
    """

    document: Document
    text: NormalText
    edition: Edition
    heads: Heads
    annex: tuple[Evidence, ...] = ()

    @property
    def form(self) -> Form:
        return self.edition.form

    @property
    def forms(self) -> Forms:
        """Its own form, then the others, for rows that are not its own."""
        return (self.form, *(other for other in forms() if other is not self.form))

    @property
    def begin(self) -> int:
        """Where the first heading stands."""
        return min((head.start for head in self.heads.values()), default=0)
