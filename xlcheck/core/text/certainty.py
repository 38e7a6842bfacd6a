"""Whether a figure is certain: every word of its clause, and of what leads to it, is known."""

from xlcheck.core.text.clauses import Clause
from xlcheck.core.text.phrase import Wording, words_between
from xlcheck.core.text.ties import Ties


class Certainty:
    """What a sentence has said so far without a figure, and what of it is known.

    下属分局方面，收到申请 5 件 is of we know not what. A clause that names the whole year stands by itself,
    but for what says whose figures come, or which.
    """

    def __init__(self, ties: Ties) -> None:
        self.ties, self.ways = ties, ties.lexicon.ways
        self.ahead: list[Clause] = []  # still to be looked at: most sentences never ask
        self.limited = self.unread = False

    def passed_over(self, clause: Clause) -> None:
        self.ahead.append(clause)

    def of(self, clause: Clause, here: Wording) -> bool:
        """Whether a clause and what leads to it are read in full, words and figures."""
        ways = self.ways
        ours = (*ways.units, *ways.money, *ways.ratios, *ways.other_units)
        if not here.is_read or any(item.figure.unit not in ours for item in clause.items):
            return False
        for lead in self.ahead:
            words = words_between(here.text, lead.start, lead.end, self.ties.lexicon, self.ties.own)
            self.limited = self.limited or words.limits
            self.unread = self.unread or not words.is_read
        self.ahead.clear()
        text = here.text[clause.start : clause.end]
        whole = f"{self.ties.year}" in text or any(word in text for word in ways.everywhere)
        return not self.limited and (whole or not self.unread)
