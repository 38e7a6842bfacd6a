"""The claims of a section: each figure tied by the words beside it, or left alone.

A figure is tied by the words of its own clause, in the order people write (收到申请 5 件 · 5 件申请); what
it leaves out is taken from the clause before (其中自然人 3 件). Words the lexicon does not know leave two
readings, the whole and a part of it; things that no table counts (咨询, 提案, 信息条数) end it.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Literal

from xlcheck.core.text.claims.absence import Absence
from xlcheck.core.text.claims.certainty import Certainty
from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.context import Context, Things, any_word
from xlcheck.core.text.claims.counting import Counting
from xlcheck.core.text.claims.left_over import Remainder
from xlcheck.core.text.claims.ratios import names_another, ratio, words_of_share
from xlcheck.core.text.claims.respective import labelled, respective
from xlcheck.core.text.claims.states import states
from xlcheck.core.text.claims.ties import Span, Ties
from xlcheck.core.text.words.clauses import CLOSE, OPEN, Clause, Item, clauses_of
from xlcheck.core.text.words.numbers import Figure, Sentence
from xlcheck.core.text.words.phrase import Phrase, Wording, wording, words_between


class ClaimReader:
    """Reads one section, sentence by sentence, clause by clause."""

    def __init__(self, ties: Ties) -> None:
        self.ties, self.ways, self.roles = ties, ties.lexicon.ways, ties.lexicon.roles
        self.requests = self.roles.asked
        self.done_to = ties.lexicon.done_to
        self.reading = ties.section.reading
        self.context = Context(self.reading, ties.lexicon, ties.year)
        self.goes_on = self.ways.goes_on
        self.leads: dict[int, Wording] = {}
        self.yearly: Wording | Literal[False] | None = None  # what the figures of several years are of
        self.held: tuple[Figure, int] | None = None  # one whose predicate comes behind a bracket
        self.waiting: tuple[Figure, int] | None = None  # a figure whose predicate is still to come
        self.risen: tuple[Figure, int] | None = (
            None  # one whose thing comes behind it: 从 5 件增至 9 件，申请量
        )
        self.certainty = Certainty(ties)
        self.counting = Counting(ties, self.context)
        self.absence, self.remainder = Absence(self.counting), Remainder(self.counting)

    def claims(self) -> Iterator[Claim]:
        words = self.reading.words
        for sentence in self.reading.sentences:
            self.context.enter(sentence)
            self.certainty.enter(sentence)
            speaks = sentence.figures or any_word(self.ways.all_of, words, sentence)
            known = self.ties.lexicon.speaks(words, sentence.start, sentence.end)
            if speaks and (known or words.startswith(self.ways.shares_begin, sentence.start)):
                yield from self._sentence(sentence)

    def _sentence(self, sentence: Sentence) -> Iterator[Claim]:
        clauses = clauses_of(self.reading.words, sentence, self.ways)
        self.leads, self.waiting, self.yearly = {}, None, None
        self.certainty.clauses = clauses
        consumed: set[int] = set()
        for n, clause in enumerate(clauses):
            here = wording(self.reading.words, clause, self.ties.lexicon, self.ties.own)
            self.context.step(clause, here)
            lists = clause.items and n not in consumed
            whole = self._with_labels(clause, here) if lists else here
            named = respective(whole, clauses[n:], self.ties.lexicon) if lists else None
            if named:
                consumed.update(range(n + 1, n + named.clauses))
                lead = self.leads.get(clause.depth) if clause.sign == ":" else None
                listed = (
                    self._labelled(figure, _behind(lead, own), span)
                    for figure, own, span in labelled(named, whole, self.ties)
                )
                yield from self._noted(chain.from_iterable(listed), clause, here)
            elif n not in consumed:
                yield from self._clause(clause, here)

    def _with_labels(self, clause: Clause, here: Wording) -> Wording:
        """The clause, with the one before it where that is a list of labels: 国家秘密、内部事务的，依次为."""
        lead, each = self.leads.get(clause.depth), self.ways.each.match(here.text, clause.start)
        if not (lead and each and here.text.find(self.ways.listing, lead.start, lead.end) >= 0):
            return here
        figures = tuple(item.figure for item in clause.items)
        return words_between(here.text, lead.start, clause.end, self.ties.lexicon, self.ties.own, figures)

    def _labelled(self, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
        if figure.unit in self.ways.ratios:  # 自然人、企业分别占 60%、40%
            return ratio(self.ties, self.context, figure, own, span)
        return self.counting.count(figure, own, span)

    def _clause(self, clause: Clause, here: Wording) -> Iterator[Claim]:
        turned = [item.count_first for item in (*clause.items[1:], *clause.items[-1:])]
        waiting, self.waiting = self.waiting, None
        risen, self.risen = self.risen, None
        self.counting.starts, self.counting.shared = clause.start, _shared(clause, here)
        if clause.sign not in (OPEN, CLOSE):
            self.held = None
        if waiting and not clause.items:
            claims = [*self._noted(self._carried(*waiting, clause, here), clause, here)]
            self.waiting = None if claims else waiting  # 1 件因年底收到，期限未满，结转下年
            yield from claims
        if risen:
            yield from self._noted(self._risen(*risen, clause, here), clause, here)
        for item, first in zip(clause.items, turned, strict=True):
            claims = [*self._noted(self._item(item, clause, here, first), clause, here)]
            yield from claims
            own = here.phrase(item.start, item.figure.start) if self._changed(item, here) else None
            another = own and names_another(own, self.context.last, self.ways)
            self.context.heard(item.figure, bool(claims), bool(another))
        if here.states:
            after = clause.items[-1].figure.end if clause.items else clause.start
            yield from self._noted(states(self.ties, self.context, here, after), clause, here)
        if not clause.items and here.telling and not here.states:
            yield from self._noted(self._ends(clause, here), clause, here)
        self._leave(clause, here)

    def _noted(self, claims: Iterable[Claim], clause: Clause, here: Wording) -> Iterator[Claim]:
        for claim in claims:
            certain = claim.sure and (claim.kind != "count" or self.certainty.of(clause, here))
            certain = certain and not _PARTED.search(self.ties.section.raw[claim.start : claim.end])
            yield self.context.add(claim if claim.sure == certain else claim._replace(sure=certain))

    def _ends(self, clause: Clause, here: Wording) -> Iterator[Claim]:
        """A clause without a figure: 不予公开 of one request alone; 已办结 of a figure before a bracket."""
        own, span = here.phrase(clause.start, clause.end), (clause.start, clause.end)
        text, one = here.text[clause.start : clause.end], Figure(*span, Decimal(1), "")
        clear = not (own.part or own.ahead + own.strange or own.foreign)
        if len(own.outcomes) == 1 and not own.ahead + own.strange:  # 复议 1 件，被纠正
            own = own._replace(whats=self.context.things(own)[0])
        if self._became_of_one(own, clause, text) and clear:
            if {*own.whats} <= {*self.ways.outcomes, *self.ways.cases}:
                yield from self._at_least(one, own.whats, own, span)
        elif len(own.who) == 1 and clear and self._of_one(own, text):
            yield from self._at_least(one, self.requests, own, span)
        elif clause.sign == CLOSE and self.held and not (own.whats or own.part):
            figure, start = self.held
            if own.act == self.roles.answered:
                yield from self.counting.claim(figure, self.requests, own, (start, clause.end), sure=False)

    def _became_of_one(self, own: Phrase, clause: Clause, text: str) -> bool:
        """Whether a clause says what became of the one request, or of a case."""
        words, start = self.reading.words, self.context.sentence.start
        one = self.context.single or own.outcomes or self.ways.one.search(words, start, clause.end)
        return bool(one and own.whats and (own.outcomes or self.ways.decided.search(text)))

    def _of_one(self, own: Phrase, text: str) -> bool:
        """Whether a clause says who asked for the one request: 该申请由企业提出."""
        one = self.context.single or self.ways.one.search(text)
        asked = not own.acts and own.asks
        return bool(one and asked and self.ways.asked_by.search(text))

    def _at_least(self, figure: Figure, whats: Things, own: Phrase, span: Span) -> Iterator[Claim]:
        """What the tables hold no less of."""
        for claim in self.counting.claim(figure, whats, own, span, sure=False):
            yield claim.at_most

    def _leave(self, clause: Clause, here: Wording) -> None:
        """What the next clause may go on from: this one, unless it only goes on itself."""
        self.leads = {depth: lead for depth, lead in self.leads.items() if depth <= clause.depth}
        if clause.items:
            self.yearly = self._of_years(clause, here) and (self.leads.get(clause.depth) or self.yearly)
            self.leads.pop(clause.depth, None)
        elif clause.depth not in self.leads or (
            (here.telling or here.strangers) and not self.goes_on.match(here.text[clause.start : clause.end])
        ):
            self.leads[clause.depth] = here

    def _of_years(self, clause: Clause, here: Wording) -> bool:
        """Whether a clause only says the figures of years: 近两年的申请：2023 年 4 件，2024 年 5 件."""
        return all(self.ways.names_year.fullmatch(here.text, i.start, i.figure.start) for i in clause.items)

    def _item(self, item: Item, clause: Clause, here: Wording, count_first: bool) -> Iterator[Claim]:
        figure = item.figure
        if figure.about:
            yield from self.absence.claims(item, clause, here, self.leads.get(clause.depth))
        elif self.ways.alike.search(here.text, clause.start, figure.start):
            return  # 4 家企业各提交 1 件
        elif figure.unit in self.ways.ratios or figure.prior or self._changed(item, here):
            own = words_of_share(item, here, self.ways)
            named = figure.prior and figure.unit in self.ways.units and own.tells
            named = named and not self._changed(item, here)
            if named and own.text.startswith(self.ways.within):  # 办结 86 件（含上年 5 件）
                yield from self._of_last_years(figure, own, (item.start, figure.end))
                return
            claims = [*ratio(self.ties, self.context, figure, own, (item.start, figure.end))]
            yield from claims or (self._before(item, clause, here, own) if named else ())
        elif not figure.unit and here.strange(figure.end, figure.end + 1):
            return  # 用时 3 天: of a measure that is not known
        elif figure.unit in self.ways.units or figure.unit in self.ways.money:
            yield from self._figure(item, clause, here, count_first)
        elif figure.unit in self.ways.people:
            yield from self._people(item, clause, here)

    def _people(self, item: Item, clause: Clause, here: Wording) -> Iterator[Claim]:
        """No more applicants than applications: 5 名村民和 2 家企业提出申请."""
        behind = here.phrase(item.figure.end, item.end, after=True)
        others = [i.figure.start for i in clause.items if i.start > item.start]
        if others and self.ways.alike.search(here.text, item.figure.end, min(others)):
            return  # 3 家企业各提交 2 件
        asking = any(here.text.find(word, clause.start, clause.end) >= 0 for word in self.ways.asking)
        if asking and len(behind.who) == 1 and behind.asks:
            yield from self._at_least(item.figure, self.requests, behind, (item.start, item.end))

    def _of_last_years(self, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
        """A part that came last year already: no more than was carried in."""
        last = self.context.last
        if last and last.whats == self.requests and not (own.whats or self.context.lost):
            carried = own._replace(acts=(self.roles.carried,), when=self.roles.last)
            yield from self._at_least(figure, self.requests, carried, span)

    def _changed(self, item: Item, here: Wording) -> bool:
        return bool(self.ways.changed.search(here.text, item.start, item.figure.start))

    def _before(self, item: Item, clause: Clause, here: Wording, own: Phrase) -> Iterator[Claim]:
        """The other year's figure, with words of its own (由上年的申请 56 件): what comes to this year's."""
        so_far = self.context.so_far
        claims = [*self._figure(item, clause, here, count_first=False)]
        self.context.so_far = so_far
        if own.whats:
            spoken = claims[0].whats if claims else ()
            self.context.so_far = so_far._replace(claims=(), group=(), topic="", spoken=spoken)
        for claim in claims:  # a form that has last year's figure itself is asked for it
            here_too = bool(self.ties.changes(claim))
            told = claim._replace(year=None, sure=False)
            yield told if here_too else told._replace(id=f"{claim.id}@", kind="before")

    def _figure(self, item: Item, clause: Clause, here: Wording, count_first: bool) -> Iterator[Claim]:
        figure = item.figure
        if here.text.endswith(self.ways.excepts, item.start, figure.start):
            yield from self.remainder.excepted(item, here)
            return
        before = here.phrase(item.start, figure.start)
        # A bare number names nothing behind it: it may be the number of a page.
        why = bool(self.ways.reasons.match(here.text, figure.end))
        behind = here.phrase(figure.end, item.end, after=not why) if figure.unit else Phrase(self.roles)
        if left := [*self.remainder.answered(item, before, behind)]:
            yield from left
            return
        before = self.remainder.named_behind(before, behind, why)
        if {*self.roles.done_of_all}.intersection(before.acts) and self._described_by(behind):
            behind = behind._replace(whats=self.requests, beside=())  # 收到 5 件申请，均予以公开
        unfinished = behind.act in self.roles.left and not behind.whats and bool(before.whats)
        if unfinished:  # 收到的申请 1 件未办结
            yield from self.counting.count(figure, behind.and_then(before), (item.start, item.end))
        elif why and not before.has_thing and behind.asks:
            self.waiting = (figure, item.start)
            yield from self._carried(figure, item.start, clause, here)
        elif behind.has_thing and (
            not before.has_thing or (count_first and behind.whats) or self._kinds(before, behind)
        ):  # 5 件申请
            behind = self._described_only(before, behind)
            yield from self.counting.count(figure, before.and_then(behind), (item.start, item.end))
        else:
            yield from self._by_words_before(item, clause, here, before, behind)

    def _by_words_before(
        self, item: Item, clause: Clause, here: Wording, before: Phrase, behind: Phrase
    ) -> Iterator[Claim]:
        """A figure that the words behind it do not name: by those before it, or by what was counted last."""
        figure = item.figure
        if figure.unit in self.ways.noun_units and here.strange(figure.end, figure.end + 1):
            return  # 涉及两个机关: it counts what is behind it
        if before.has_thing and self._of_another(here, item):
            self.context.passed(before)
            return
        if before.has_thing:
            said = {*before.whats} <= {*self.ways.cases} and behind.ahead + behind.strange > 1
            if behind.text.startswith(self.ways.describes) or said:  # 收到申请 1 件涉及国家安全
                before = before._replace(part=(*before.part, self.roles.some))
            if behind.part:
                before = before._replace(part=(*before.part, *behind.part))
            cases = {*before.whats} <= {*self.ways.cases} or self.roles.season in before.part
            became = bool(behind.outcomes) and cases and not before.outcomes  # 复议 2 件在审理中
            before = before._replace(outcomes=behind.outcomes) if became else before
            for claim in self.counting.count(figure, before, (item.start, figure.end)):
                yield claim._replace(sure=False) if became else claim
        elif behind.tells:  # 8 件申请人主动撤销: what is said of it, and no thing that is counted
            self.waiting = (figure, item.start)
            yield from self._predicate(figure, before, behind, (item.start, item.end))
        else:
            yield from self._led(item, clause, here, before)

    def _of_another(self, here: Wording, item: Item) -> bool:
        """Whether what is counted is not known, only described: 依申请公开的甲乙 5 件."""
        end = item.figure.start
        start = max(here.text.rfind(word, item.start, end) for word in self.ways.describing) + 1
        return start > item.start and not here.told(start, end) and here.strange(start, end) > 1

    def _described_only(self, before: Phrase, behind: Phrase) -> Phrase:
        """What words behind a thing that are not known tell is of some of it, unless they tell it of each.

        对 5 件申请组织听取意见; 5 件申请逐一编号; 收到的 5 件申请中 is all there are.
        """
        behind = behind._replace(text=self.ways.among.sub("", behind.text))
        plain = behind.whats == (self.roles.bare,) and not (behind.strange or before.tells_more)
        if not (plain and behind.ahead > 1 and self.context.of_requests):
            return behind
        each = any(word in behind.text for word in self.ways.each_one) and not self.context.so_far.opened
        return behind._replace(ahead=0, part=behind.part if each else (*behind.part, self.roles.some))

    def _described_by(self, behind: Phrase) -> bool:
        """Whether requests are named beside the result that is told of them."""
        return not {*self.requests, self.roles.bare}.isdisjoint(behind.beside)

    def _kinds(self, before: Phrase, behind: Phrase) -> bool:
        """Whether what stands behind a figure is a kind of what stands before it: 行政诉讼 11 件直接起诉."""
        kinds = {kind for thing in before.whats for kind in self.ways.kinds.get(thing, ())}
        return bool(behind.whats) and kinds.issuperset(behind.whats)

    def _led(self, item: Item, clause: Clause, here: Wording, own: Phrase) -> Iterator[Claim]:
        """A figure that only goes on from the clause before: 申请，共 5 件."""
        lead, start, figure = self.leads.get(clause.depth), item.start, item.figure
        if clause.sign == OPEN and item.start == clause.start:
            lead = lead or self.leads.get(clause.depth - 1)  # 以无法提供为主（5 件，占 40 %）
        text = here.text[item.start : figure.start]
        if not lead and self.yearly and self.ways.names_year.fullmatch(text):
            lead = self.yearly
        if lead and text == "" and here.text.endswith(self.ways.of_these, lead.start, lead.end):
            ahead = lead.phrase(lead.start, lead.end)  # 无法提供的申请中，8 件已告知申请人
            yield from self._at_least(figure, self.context.things(ahead)[0], ahead, (start, figure.end))
            return
        if lead and self.goes_on.match(text) and not lead.states:
            start, own = lead.start, _behind(lead, own)
        last = None if self.context.lost else self.context.last
        if last and here.text.startswith(OPEN, figure.end):
            self.held = (figure, start) if last.whats == self.requests else None
        claims = [*self.counting.count(figure, own, (start, figure.end))]
        if not claims and self.ways.reached.search(own.text):
            self.risen = (figure, item.start)
        yield from claims

    def _risen(self, figure: Figure, start: int, clause: Clause, here: Wording) -> Iterator[Claim]:
        """What a figure rose or fell to, where it is named behind: 从 5 件增至 9 件，申请量持续上升."""
        end = clause.items[0].figure.start if clause.items else clause.end
        own = here.phrase(clause.start, end, after=True)
        if own.whats and own.asks and self.ways.comparing.search(own.text):
            own = own._replace(acts=(), ahead=0)  # what is behind the thing tells how it changed
            for claim in self.counting.count(figure, own, (start, figure.end)):
                yield claim._replace(sure=False)

    def _predicate(self, figure: Figure, before: Phrase, behind: Phrase, span: Span) -> Iterator[Claim]:
        """A figure with a predicate of its own is no total; what was answered is no more than all answers."""
        published = behind.acts[-1:] == (self.roles.published,)
        if published and not (behind.part or behind.strange or before.tells):  # 8 件按期答复并公开
            yield from self.counting.count(figure, behind._replace(acts=behind.acts[-1:]), span)
            return
        if before.foreign or before.ahead + before.strange > 1:
            self.context.of_nothing_ours(unknown=not before.foreign)
        last, cases = self.context.last, {*self.ways.cases}
        if last and behind.act == self.roles.closed and {*last.whats} <= cases and not behind.tells_more:
            yield from self.counting.count(figure, behind, span)  # 其中 5 件已作出复议决定
            return
        self.context.passed(before.and_then(behind))
        answered = behind.act == self.roles.answered and not (before.acts or behind.part or behind.strange)
        if answered and last and last.whats == self.requests and not self.context.lost and not last.year:
            yield from self._at_least(figure, self.requests, behind, span)

    def _carried(self, figure: Figure, start: int, clause: Clause, here: Wording) -> Iterator[Claim]:
        """A figure that the next clause says was carried over: 1 件因时限未到，结转下年办理."""
        own = here.phrase(clause.start, clause.end)
        whats = () if own.whats == self.ways.rest else own.whats
        own = own._replace(when=own.when or self.ties.when(own.text), whats=whats)
        if own.act == self.roles.answered and own.when == self.roles.next:  # 将于 2025 年 1 月答复
            own = own._replace(acts=(self.roles.carried,))
        asked = own.asks and not self.context.lost
        if own.act == self.roles.carried and own.when and asked:
            yield from self.counting.claim(figure, self.requests, own, (start, clause.end), sure=False)


_PARTED = re.compile(r"\d\s+\d")  # 1 2 件 may be 12, or of two columns


def _behind(lead: Wording | None, own: Phrase) -> Phrase:
    """Words that name nothing, behind a clause that says what is counted: 申请，共; 申请：各季度分别为."""
    if lead is None or own.has_thing:
        return own
    ahead = lead.phrase(lead.start, lead.end)
    return ahead.and_then(own)._replace(
        text=own.text, whats=ahead.whats, who=ahead.who, outcomes=ahead.outcomes, also=ahead.also
    )


def _shared(clause: Clause, here: Wording) -> Things:
    """What stands before or behind all of a clause's figures: 尚未审结的复议 2 件、诉讼 1 件."""
    if len(clause.items) < 2:
        return ()
    first, last = clause.items[0].figure, clause.items[-1].figure
    before, behind = here.phrase(clause.start, first.start), here.phrase(last.end, clause.end)
    return before.outcomes or behind.outcomes
