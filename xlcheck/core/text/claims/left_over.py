"""What is left out of what is said, and what is left over: 除 1 件结转外，其余 5 件均已答复."""

from collections.abc import Iterator

from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.counting import Counting
from xlcheck.core.text.words.clauses import Item
from xlcheck.core.text.words.phrase import Phrase, Wording


class Remainder:
    """Reads both by the words behind the figure; none of it is more than likely."""

    def __init__(self, counting: Counting) -> None:
        self.counting, self.context = counting, counting.context
        self.ways, self.roles = counting.ways, counting.roles
        self.asked = {self.roles.request, self.roles.bare}

    def excepted(self, item: Item, here: Wording) -> Iterator[Claim]:
        """除 1 件结转下年外, 除 1 件由企业提出外, 除 2 件不予公开外."""
        left, span = here.phrase(item.figure.end, item.end, after=True), (item.start, item.end)
        left = left._replace(when=left.when or self.counting.ties.when(left.text))
        carried = left.act in self.roles.left
        if carried and {*left.whats} <= self.asked:
            yield from self.counting.claim(item.figure, self.roles.asked, left, span, sure=False)
        elif not carried and (left.who or (left.whats and {*left.whats} <= {*self.ways.outcomes})):
            for claim in self.counting.count(item.figure, left, span):
                yield claim._replace(sure=False)

    def answered(self, item: Item, before: Phrase, behind: Phrase) -> Iterator[Claim]:
        """All that were not carried over: 除 5 件结转外，其余 9 件均已答复."""
        last, span = self.context.last, (item.start, item.end)
        alone = {*behind.whats} <= self.asked and not (behind.who or behind.outcomes)
        if before.whats == self.ways.rest and last and last.act in self.roles.left and alone:
            done = Phrase(self.roles, acts=(self.roles.answered,))
            yield from self.counting.claim(item.figure, self.roles.asked, done, span, sure=False)

    def named_behind(self, before: Phrase, behind: Phrase, why: bool) -> Phrase:
        """What stands before the figure, less 其余 where words behind it say what that is."""
        named = before.whats == self.ways.rest and (why or behind.has_thing)
        return before._replace(whats=(), strange=1) if named else before
