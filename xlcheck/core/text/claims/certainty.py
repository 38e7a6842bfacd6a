"""Whether a figure is certain: every word that can change what it counts has been understood."""

from bisect import bisect_left
from collections.abc import Sequence

from xlcheck.core.text.claims.ties import Ties
from xlcheck.core.text.words.clauses import Clause
from xlcheck.core.text.words.numbers import Sentence
from xlcheck.core.text.words.phrase import Wording, words_between

HEADING = 24  # letters; a longer sentence without a figure tells something of its own


class Certainty:
    """Asks how much is read of the figure's clause, of what leads to it and of what is said of it.

    下属分局方面，收到申请 5 件 is of we know not what, and so is 收到申请 5 件，系下属分局受理. A clause that
    names the whole year and what it counts stands by itself, but for what says whose figures come, or which:
    the words before it, or the headings above it.
    """

    def __init__(self, ties: Ties) -> None:
        self.ties, self.ways = ties, ties.lexicon.ways
        self.text = ties.section.reading.words
        self.units = {*self.ways.units, *self.ways.money, *self.ways.ratios, *self.ways.other_units}
        self.clauses: Sequence[Clause] = ()  # of the sentence
        self.headings: list[Sentence] = []
        self.paragraph, self.below = -1, False  # whether figures stand below the headings
        self.looked_at, self.limited, self.unread = 0, False, False  # most sentences never ask

    def enter(self, sentence: Sentence) -> None:
        """A short sentence without a figure heads what comes; one behind figures begins anew."""
        self.clauses, self.looked_at, self.limited, self.unread = (), 0, False, False
        heading = not sentence.figures and sentence.end - sentence.start <= HEADING
        if self.paragraph != sentence.paragraph or (heading and self.below):
            self.headings, self.below, self.paragraph = [], False, sentence.paragraph
        self.below = self.below or bool(sentence.figures)
        if heading:
            self.headings.append(sentence)

    def of(self, clause: Clause, here: Wording) -> bool:
        """Whether the words of a clause, what leads to it and what is said of it leave no doubt."""
        if not self._is_read(clause, here):
            return False
        if not self.looked_at:
            self.limited = any(self._words(heading).heads_others for heading in self.headings)
        n = bisect_left(self.clauses, clause.start, key=lambda each: each.start)
        for lead in self.clauses[self.looked_at : n]:
            words = self._words(lead)
            self.limited = self.limited or (words.limits and not lead.items)
            self.unread = self.unread or not self._is_read(lead, words)
        self.looked_at = n
        alone = not self.unread or self._stands_alone(clause, here)
        return alone and not self.limited and self._is_told_of(n)

    def _words(self, part: Clause | Sentence) -> Wording:
        figures = tuple(item.figure for item in part.items) if isinstance(part, Clause) else ()
        return words_between(self.text, part.start, part.end, self.ties.lexicon, self.ties.own, figures)

    def _is_read(self, clause: Clause, here: Wording) -> bool:
        """Whether words and measure words are all known."""
        years = self.ways.several_years.search(here.text, clause.start, clause.end)  # whose, is not said
        return here.is_read and not years and all(item.figure.unit in self.units for item in clause.items)

    def _stands_alone(self, clause: Clause, here: Wording) -> bool:
        text = here.text[clause.start : clause.end]
        whole = f"{self.ties.year}" in text or any(word in text for word in self.ways.whole_year)
        return whole and any(token.slot == "what" for token in here.telling)

    def _is_told_of(self, n: int) -> bool:
        """Whether what is said of a figure behind it, without a figure of its own, is read as well."""
        for clause in self.clauses[n + 1 :]:
            if clause.items or clause.sign == ";":
                return True
            if not self._is_read(clause, self._words(clause)):
                return False
        return True
