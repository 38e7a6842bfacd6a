"""A word of absence and what it reaches: 未收到申请，没有发生复议和诉讼."""

from collections.abc import Iterator

from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.context import Things
from xlcheck.core.text.claims.counting import Counting
from xlcheck.core.text.words.clauses import Clause, Item
from xlcheck.core.text.words.phrase import Phrase, Wording, runs_of, things, words_between

STRANGE = 4  # letters no word of the lexicon covers, between a word of absence and what it is of


class Absence:
    """Reads what is said to be none; of some time, channel or office alone it says nothing."""

    def __init__(self, counting: Counting) -> None:
        self.counting, self.context, self.ties = counting, counting.context, counting.ties
        self.ways, self.roles, self.requests = counting.ways, counting.roles, counting.requests

    def claims(self, item: Item, clause: Clause, whole: Wording, lead: Wording | None) -> Iterator[Claim]:
        """A word of absence: each thing it reaches is 0, unless only some of it is spoken of."""
        figure = item.figure
        span = (figure.start, figure.end)
        here = words_between(whole.text, *span, self.ties.lexicon, counts=True)
        reach, subject = here.phrase(*span), whole.phrase(item.start, figure.start)
        left = reach.act == self.roles.carried and subject.when == self.roles.last  # 上年度无结转申请
        if self.ties.other_year(figure) or (figure.prior and not left):
            return
        reach = reach._replace(when=reach.when or subject.when) if left else reach
        if self._of_some_only(item, whole, lead) or self.ways.remaining.search(reach.text):
            return
        run, described = self._reached(here, reach)
        reach = reach._replace(who=reach.who or subject.who, scope=reach.scope or subject.scope)
        if (
            not (run or reach.foreign)
            and reach.act == self.roles.carried
            and self.context.asked
            and not reach.strange
        ):
            run = self.requests
        clear = here.is_read or not reach.outcomes  # 没有败诉
        if reach.strange <= STRANGE and len(reach.who) < 2 and clear:
            for what in dict.fromkeys(w for w in run if w != self.roles.foreign):
                whats, sure = self.context.things(reach._replace(whats=(what,)))
                doubt = reach.strange or reach.part or subject.who or described or left
                if not (doubt and self.counting.part(whats, reach)):
                    yield from self.counting.claim(figure, whats, reach, span, sure and not doubt)

    def _of_some_only(self, item: Item, here: Wording, lead: Wording | None) -> bool:
        """Whether an absence is of some time, channel or office alone: 四季度没有收到申请."""
        words, start, end = here.text, item.start, item.figure.start
        own = here.phrase(start, end)
        some = {self.roles.some, self.roles.season}
        if some.union({self.roles.beyond}).intersection(own.part) or self.ways.others.search(own.text):
            return True
        if self._others_named(here, end):
            return True
        if any(word in words[start:end] for word in self.ways.everywhere):
            return False
        year = lead and f"{self.ties.year}" in words[lead.start : lead.end]
        year = year or f"{self.ties.year}" in words[start:end]
        place = self.ways.limits.search(own.text.rstrip(self.ways.stresses))
        if (
            place and here.strange(start, end) and not year
        ):  # in a year named, an organ may be the reporting one
            return True
        return bool(lead and some.intersection(lead.phrase(lead.start, lead.end).part))

    def _others_named(self, here: Wording, end: int) -> bool:
        """Whether others than who reports are named, of the whole year though: 5 个水利站全年没有收到申请."""
        text = here.text[here.start : end].rstrip(self.ways.stresses)
        for word in self.ways.everywhere:
            text = text.removesuffix(word)
        named = self.ties.unit and self.ways.limits.search(text)
        return bool(named and here.strange(here.start, end) and f"{self.ties.year}" not in text)

    def _reached(self, here: Wording, reach: Phrase) -> tuple[Things, bool]:
        """What an absence reaches, and whether words before it describe it: 没有不予公开的申请."""
        run, asked = things(here), {*self.requests, self.roles.bare}
        if run and asked.intersection(reach.beside) and asked.isdisjoint(reach.whats):
            return reach.whats, True  # 没有不予处理的申请
        if not run or not reach.asks:
            return run, False
        if results := tuple(w for w in reach.beside if w not in {*asked, self.roles.foreign}):
            return results, True
        start = runs_of(here.text, here.telling, here.words)[-1][0].start
        ahead = here.phrase(here.start, start)
        told = {*ahead.acts}.difference(self.roles.done_of_all) or ahead.part or ahead.foreign
        described = here.text.endswith(self.ways.describing, here.start, start)
        return (() if described and (told or ahead.strange) else run), False
