"""The claims of a section: each figure tied by the words beside it, or left alone.

A figure is tied by the words of its own clause, in the order people write (收到申请 5 件 · 5 件申请); what
it leaves out is taken from the clause before (其中自然人 3 件). Words the lexicon does not know leave two
readings, the whole and a part of it; things that no table counts (咨询, 提案, 信息条数) end it.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xlcheck.core.text.claim import Claim
from xlcheck.core.text.clauses import CLOSE, OPEN, Clause, Item, clauses_of
from xlcheck.core.text.context import REQUEST, Context, Things, any_word
from xlcheck.core.text.numbers import Figure, Sentence
from xlcheck.core.text.phrase import FOREIGN, Phrase, Wording, things, wording, words_between
from xlcheck.core.text.ratios import ratio
from xlcheck.core.text.respective import Named, respective
from xlcheck.core.text.states import states
from xlcheck.core.text.ties import CountedThings, Span, Ties

CARRIED = ("carry", "not_done")
GRANTED, OPENED = ("granted",), ("opened",)
# How many letters no word of the lexicon covers may stand between a thing and its figure.
STRANGE, STRANGE_BY_ACT, STRANGE_IN_PART, STRANGE_IN_ABSENCE = 12, 3, 1, 4


class ClaimReader:
    """Reads one section, sentence by sentence, clause by clause."""

    def __init__(self, ties: Ties) -> None:
        self.ties, self.ways = ties, ties.lexicon.ways
        self.done_to = ties.lexicon.done_to
        # Done to what is no part of the items listed before.
        self.own_acts = self.done_to["request"].difference(CARRIED)
        self.reading = ties.section.reading
        self.context = Context(self.reading, ties.lexicon, ties.year)
        self.goes_on = self.ways.goes_on
        self.leads: dict[int, Wording] = {}
        self.held: tuple[Figure, int] | None = None  # one whose predicate comes behind a bracket
        self.waiting: tuple[Figure, int] | None = None  # a figure whose predicate is still to come
        self.ahead: list[Clause] = []  # clauses of the sentence without a figure, still to be looked at
        self.limited = self.unread = False  # what those looked at say of the figures behind them
        self.shared: Things = ()  # what is said of every figure of the clause

    def claims(self) -> Iterator[Claim]:
        words = self.reading.words
        for sentence in self.reading.sentences:
            self.context.enter(sentence)
            speaks = sentence.figures or any_word(self.ways.all_of, words, sentence)
            if speaks and self.ties.lexicon.speaks(words, sentence.start, sentence.end):
                yield from self._sentence(sentence)

    def _sentence(self, sentence: Sentence) -> Iterator[Claim]:
        clauses = clauses_of(self.reading.words, sentence, self.ways)
        self.leads, self.waiting = {}, None
        self.ahead, self.limited, self.unread = [], False, False
        consumed: set[int] = set()
        for n, clause in enumerate(clauses):
            here = wording(self.reading.words, clause, self.ties.lexicon, self.ties.own)
            self.context.step(clause, here)
            named = respective(here, clauses[n:], self.ways) if clause.items and n not in consumed else None
            if named:
                consumed.update(range(n + 1, n + named.clauses))
                yield from self._noted(self._respective(named, here), clause, here)
            elif n not in consumed:
                yield from self._clause(clause, here)

    def _clause(self, clause: Clause, here: Wording) -> Iterator[Claim]:
        turned = [item.count_first for item in (*clause.items[1:], *clause.items[-1:])]
        waiting, self.waiting = self.waiting, None
        self.shared = _shared(clause, here)
        if clause.sign not in (OPEN, CLOSE):
            self.held = None
        if waiting and not clause.items:
            yield from self._noted(self._carried(*waiting, clause, here), clause, here)
        for item, first in zip(clause.items, turned, strict=True):
            claims = [*self._noted(self._item(item, clause, here, first), clause, here)]
            yield from claims
            self.context.heard(item.figure, bool(claims))
        if here.states:
            after = clause.items[-1].figure.end if clause.items else clause.start
            yield from self._noted(states(self.ties, self.context, here, after), clause, here)
        if not clause.items and here.telling and not here.states:
            yield from self._noted(self._ends(clause, here), clause, here)
        if not (clause.items or clause.depth or here.states):
            self.ahead.append(clause)
        self._leave(clause, here)

    def _is_read(self, clause: Clause, here: Wording) -> bool:
        """Whether a clause is read in full, words and figures, and what led to it: else nothing is certain.

        下属分局方面，收到申请 5 件 is of we know not what; a clause of the whole year stands by itself, but
        for what says whose or which figures they are.
        """
        ours = (*self.ways.units, *self.ways.money, *self.ways.ratios, *self.ways.other_units)
        if not here.is_read or any(item.figure.unit not in ours for item in clause.items):
            return False
        for lead in map(self._words_of, self.ahead):
            self.limited = self.limited or lead.limits
            self.unread = self.unread or not lead.is_read
        self.ahead.clear()
        text = here.text[clause.start : clause.end]
        whole = f"{self.ties.year}" in text or any(word in text for word in self.ways.everywhere)
        return not self.limited and (whole or not self.unread)

    def _words_of(self, lead: Clause) -> Wording:
        return words_between(self.reading.words, lead.start, lead.end, self.ties.lexicon, self.ties.own)

    def _noted(self, claims: Iterable[Claim], clause: Clause, here: Wording) -> Iterator[Claim]:
        for claim in claims:
            certain = claim.sure and (claim.kind != "count" or self._is_read(clause, here))
            yield self.context.add(claim if certain else claim._replace(sure=claim.sure and certain))

    def _ends(self, clause: Clause, here: Wording) -> Iterator[Claim]:
        """A clause without a figure: 不予公开 of one request alone; 已办结 of a figure before a bracket."""
        own, span = here.phrase(clause.start, clause.end), (clause.start, clause.end)
        text = here.text[clause.start : clause.end]
        if len(own.outcomes) == 1 and not own.ahead + own.strange:  # 复议 1 件，被纠正
            own = own._replace(whats=self.context.things(own)[0])
        one = (
            self.context.single
            or own.outcomes
            or self.ways.one.search(here.text, self.context.sentence.start, clause.end)
        )
        if (
            one
            and own.whats
            and (own.outcomes or self.ways.decided.search(text))
            and not (own.part or own.ahead + own.strange or own.foreign)
        ):
            figure = Figure(clause.start, clause.end, Decimal(1), "")
            if {*own.whats} <= {*self.ways.outcomes, *self.ways.cases}:
                yield from self._at_least(figure, own.whats, own, span)
        elif len(own.who) == 1 and self._of_one(own, text):
            yield from self._at_least(Figure(clause.start, clause.end, Decimal(1), ""), REQUEST, own, span)
        elif clause.sign == CLOSE and self.held and own.act == "done" and not (own.whats or own.part):
            figure, start = self.held
            yield from self._claim(figure, REQUEST, own, (start, clause.end), sure=False)

    def _of_one(self, own: Phrase, text: str) -> bool:
        """Whether a clause says who asked for the one request: 该申请由企业提出."""
        one = self.context.single or self.ways.one.search(text)
        clear = not (own.acts or own.part or own.ahead + own.strange or own.foreign)
        return bool(one and clear and self._of_asking(own) and self.ways.asked_by.search(text))

    def _at_least(self, figure: Figure, whats: Things, own: Phrase, span: Span) -> Iterator[Claim]:
        """What the tables hold no less of."""
        for claim in self._claim(figure, whats, own, span, sure=False):
            yield claim._replace(id=f"{claim.id}<", kind="part", sure=False, absent=False)

    def _leave(self, clause: Clause, here: Wording) -> None:
        """What the next clause may go on from: this one, unless it only goes on itself."""
        self.leads = {depth: lead for depth, lead in self.leads.items() if depth <= clause.depth}
        if clause.items:
            self.leads.pop(clause.depth, None)
        elif clause.depth not in self.leads or (
            (here.telling or here.strangers) and not self.goes_on.match(here.text[clause.start : clause.end])
        ):
            self.leads[clause.depth] = here

    def _item(self, item: Item, clause: Clause, here: Wording, count_first: bool) -> Iterator[Claim]:
        figure = item.figure
        if figure.about:
            yield from self._absence(figure)
        elif self.ways.alike.search(here.text, clause.start, figure.start):
            return  # 4 家企业各提交 1 件
        elif figure.unit in self.ways.ratios or figure.prior or self._changed(item, here):
            own = here.phrase(item.start, figure.start)
            claims = [*ratio(self.ties, self.context, figure, own, (item.start, figure.end))]
            named = figure.prior and figure.unit in self.ways.units and own.tells
            yield from claims or (self._before(item, clause, here, own) if named else ())
        elif figure.unit in self.ways.units or figure.unit in self.ways.money:
            yield from self._figure(item, clause, here, count_first)

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
        for claim in claims:
            yield claim._replace(id=f"{claim.id}@", kind="before", year=None, sure=False)

    def _figure(self, item: Item, clause: Clause, here: Wording, count_first: bool) -> Iterator[Claim]:
        figure = item.figure
        if here.text.endswith(self.ways.excepts, item.start, figure.start):
            yield from self._excepted(item, here)
            return
        before = here.phrase(item.start, figure.start)
        # A bare number names nothing behind it: it may be the number of a page.
        why = bool(self.ways.reasons.match(here.text, figure.end))
        behind = here.phrase(figure.end, item.end, after=not why) if figure.unit else Phrase()
        unfinished = behind.act in CARRIED and not behind.whats and bool(before.whats)
        if unfinished:  # 收到的申请 1 件未办结
            yield from self._count(figure, behind.and_then(before), (item.start, item.end))
        elif why and not before.has_thing and self._of_asking(behind):
            self.waiting = (figure, item.start)
        elif behind.has_thing and (not before.has_thing or (count_first and behind.whats)):  # 5 件申请
            yield from self._count(figure, before.and_then(behind), (item.start, item.end))
        elif before.has_thing:
            if behind.text.startswith(self.ways.describes):  # 收到申请 1 件涉及国家安全
                before = before._replace(part=(*before.part, "part"))
            if behind.part:
                before = before._replace(part=(*before.part, *behind.part))
            yield from self._count(figure, before, (item.start, figure.end))
        elif behind.tells:  # 8 件申请人主动撤销: what is said of it, and no thing that is counted
            self.waiting = (figure, item.start)
            yield from self._predicate(figure, before, behind, (item.start, item.end))
        else:
            yield from self._led(item, clause, here, before)

    def _led(self, item: Item, clause: Clause, here: Wording, own: Phrase) -> Iterator[Claim]:
        """A figure that only goes on from the clause before: 申请，共 5 件."""
        lead, start, figure = self.leads.get(clause.depth), item.start, item.figure
        text = here.text[item.start : figure.start]
        if lead and self.goes_on.match(text) and not lead.states:
            start = lead.start
            ahead = lead.phrase(lead.start, lead.end)
            own = ahead.and_then(own)._replace(
                text=own.text, whats=ahead.whats, who=ahead.who, outcomes=ahead.outcomes, also=ahead.also
            )
        last = self.context.last if self.context.topic != FOREIGN else None
        if last and here.text.startswith(OPEN, figure.end):
            self.held = (figure, start) if last.whats == REQUEST else None
        yield from self._count(figure, own, (start, figure.end))

    def _excepted(self, item: Item, here: Wording) -> Iterator[Claim]:
        """A figure that is left out of what is said: 除 1 件结转下年外，均已办结."""
        left = here.phrase(item.figure.end, item.end, after=True)
        if left.act == "carry" and left.when and not left.whats:
            yield from self._claim(item.figure, REQUEST, left, (item.start, item.end), sure=False)

    def _of_asking(self, behind: Phrase) -> bool:
        """Whether what stands behind names no result, only requests, if anything (1 件因申请日期在年末)."""
        return {*behind.whats} <= {"bare_request", *REQUEST}

    def _predicate(self, figure: Figure, before: Phrase, behind: Phrase, span: Span) -> Iterator[Claim]:
        """A figure with a predicate of its own is no total; what was answered is no more than all answers."""
        if behind.acts[-1:] == ("publish",) and not (behind.part or behind.strange or before.tells):
            yield from self._count(figure, behind._replace(acts=("publish",)), span)  # 8 件按期答复并公开
            return
        if before.foreign or before.ahead + before.strange > 1:
            self.context.of_nothing_ours(unknown=not before.foreign)
        last = self.context.last
        answered = behind.act == "done" and not (before.acts or behind.part or behind.strange)
        if answered and last and last.whats == REQUEST and self.context.topic != FOREIGN and not last.year:
            yield from self._at_least(figure, REQUEST, behind, span)

    def _carried(self, figure: Figure, start: int, clause: Clause, here: Wording) -> Iterator[Claim]:
        """A figure that the next clause says was carried over: 1 件因时限未到，结转下年办理."""
        own = here.phrase(clause.start, clause.end)
        own = own._replace(when=own.when or self.ties.when(own.text))
        if own.act == "carry" and own.when and not own.whats and self.context.topic != FOREIGN:
            yield from self._claim(figure, REQUEST, own, (start, clause.end), sure=False)

    def _count(self, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
        if self.context.so_far.beyond:
            self.context.speaks_of(self.context.things(own)[0])
            return
        if not own.when and (when := self.ties.when(own.text)):
            own = own._replace(when=when)
        whats, sure = self._things(own)
        if not whats or self._of_foreign(own, whats):
            return
        whats, sure = tuple(dict.fromkeys(whats)), sure and not self._doubted(figure, whats, own)
        if whats == REQUEST and own.act == "made":  # 新增申请 5 件
            own = own._replace(acts=("fresh",))
        if whats[0] in self.ways.by_act and not own.act and self.context.so_far.act:
            own = own._replace(acts=(self.context.so_far.act,))
        self.context.done(own.act)
        if not self._uncounted(figure, own, whats) and self._fits(whats, own):
            whats = (*whats, *self._added(whats, own))
            for each in [whats] if figure.value else [(what,) for what in whats]:
                yield from self._claim(figure, each, own, span, sure)

    def _things(self, own: Phrase) -> tuple[Things, bool]:
        """What is counted, and whether that is sure; nothing ours leaves the next clause nothing to go on."""
        whats, sure = self.context.things(own)
        if not whats and (own.foreign or own.strange + own.ahead > 1):
            self.context.of_nothing_ours(unknown=not own.foreign)
        return (OPENED, False) if whats == GRANTED and not own.whats else (whats, sure)  # 公开 3 件

    def _of_foreign(self, own: Phrase, whats: Things) -> bool:
        """Whether a figure is a part of items that no table counts: 信息 30 条，其中依申请公开信息 6 条."""
        told = own.acts if whats[0] in self.ways.by_act else self.own_acts.intersection(own.acts)
        return self.context.so_far.of_foreign and not (own.whats and told)

    def _uncounted(self, figure: Figure, own: Phrase, whats: Things) -> bool:
        """Whether what was done to a thing is nothing that a table counts."""
        if whats[0] not in self.ways.by_act:
            return "foreign_act" in own.acts and not own.outcomes
        posted = own.act == "publish" and (own.near_foreign or "part" in own.part)
        if own.act == "foreign_act" or posted:
            return True
        documents = whats[0] in self.ways.documents
        return documents and (figure.unit not in self.ways.document_units or self._itemised(figure, own))

    def _added(self, whats: Things, own: Phrase) -> Things:
        """What a bracket adds to a result: 予以公开（含部分公开）."""
        others = {*self.ways.not_requests, *self.ways.yielding, "bare_request", *REQUEST}
        return tuple(w for w in own.also if others.isdisjoint({*whats, w}))

    def _itemised(self, figure: Figure, own: Phrase) -> bool:
        """Whether a bracket tells documents made and amended apart: no table counts the two together."""
        words = self.reading.words
        if own.act == "valid":
            return False
        start = words.find("(", figure.end, figure.end + 1)
        if start < 0 and own.act == "made" and self.context.depth:
            start = words.rfind("(", 0, figure.start)
        bracket = words[start : words.find(")", start)] if start >= 0 else ""
        return any(word in bracket for word in self.ways.amends)

    def _fits(self, whats: Things, own: Phrase) -> bool:
        """Whether the words beside a figure are few enough to know what it counts."""
        if whats[0] not in self.ways.by_act:
            return own.strange <= STRANGE
        return own.strange + own.ahead <= (STRANGE_IN_PART if own.part else STRANGE_BY_ACT)

    def _doubted(self, figure: Figure, whats: Things, own: Phrase) -> bool:
        """Whether a part, unknown words, a list of websites' items or a manner of speaking leave doubt."""
        before, ways = self.context.so_far.claims, self.ways
        listed = self.context.topic == FOREIGN and whats[0] in ways.by_act and not own.acts
        cases = not own.acts and set(whats).issubset(ways.cases)
        follows = bool(before) and cases and not before[-1].sure
        saying = figure.value == 1 and not self.reading.words[figure.start].isdigit()  # 办好一件申请
        given = own.whats == REQUEST and not own.acts and not own.who and bool(figure.value)
        both = len(self.done_to["document"].intersection(own.acts)) > 1  # 新增现行有效 2 件
        unclear = own.part or own.strange or own.ahead or both or not figure.exact or self.context.so_far.led
        return bool(unclear or listed or follows or saying or given or own.also)

    def _absence(self, figure: Figure) -> Iterator[Claim]:
        """A word of absence: each thing it reaches is 0, unless only some of it is spoken of."""
        if figure.prior or self.ties.other_year(figure):
            return
        span = (figure.start, figure.end)
        here = words_between(self.reading.words, *span, self.ties.lexicon)
        reach = here.phrase(*span)
        run = things(here)
        if not (run or reach.foreign) and reach.act == "carry" and self.context.asked and not reach.strange:
            run = ("request",)
        clear = here.is_read or not reach.outcomes  # 没有败诉
        if reach.strange <= STRANGE_IN_ABSENCE and len(reach.who) < 2 and clear:
            for what in dict.fromkeys(w for w in run if w != FOREIGN):
                whats, sure = self.context.things(reach._replace(whats=(what,)))
                doubt = reach.strange or reach.part
                if not (doubt and self._part(whats, reach)):
                    yield from self._claim(figure, whats, reach, span, sure and not doubt)

    def _part(self, whats: Things, own: Phrase) -> bool:
        """Whether the words leave open that only some of the things are counted."""
        some = "part" in own.part and not any(word in own.text for word in self.ways.whole)
        # 尚有 2 件申请 is no year's total; 尚有 2 件未审结 names what it counts.
        left = own.outcomes or own.act in ("not_done", "carry")
        limited = some or ("season" in own.part and not left)
        others = whats == REQUEST and not own.who and self.ways.remaining.search(own.text)  # 其他申请 66 件
        limited = limited or bool(others) or self._of_part(own)
        return limited or own.ahead > 1 or own.strange > 1 or self.context.so_far.led

    def _of_part(self, own: Phrase) -> bool:
        """Whether what is done is done to a part just counted: 甲区新收 216 件，办结 210 件."""
        said = self.context.so_far
        if own.whats or own.who or not (own.acts or own.outcomes):
            return False
        last, told = self.context.last, any(c.kind == "count" for c in said.claims)
        part = last.kind == "part" if last else False
        return (part or (said.silent and not told)) and not any(w in own.text for w in self.ways.everywhere)

    def _claim(self, figure: Figure, whats: Things, own: Phrase, span: Span, sure: bool) -> Iterator[Claim]:
        several = len(set(own.who)) > 1 or len(set(own.outcomes)) > 1
        if several:
            return
        patterns = tuple(p for what in whats if (p := self.ties.pattern(what, own.act, own.when)))
        # A body that decides reviews counts them too: without a word of disclosure they are not ours.
        cases = bool(own.whats) and any(p.context for p in patterns)
        judges = cases and any(word in own.text for word in self.ways.judges)
        near = any(word in own.text for word in self.ways.context) if judges else cases and self.context.near
        elsewhere = cases and not (near or self.context.asked)
        if any(p.share or (p.most and not self.context.of_results) for p in patterns):
            return
        if len(patterns) < len(whats) or (elsewhere and own.acts and (judges or not self.context.disclosure)):
            self.context.of_nothing_ours()
            return
        of_cases = {*whats} <= {*self.ways.cases}
        who, outcome = next(iter(own.who), "total"), next(iter(own.outcomes or self.shared * of_cases), "")
        meant = CountedThings(whats, patterns, who, outcome)
        claim = self.ties.claim(figure, meant, span, self.context.number)
        again = claim and claim.id in {c.id for c in self.context.so_far.claims} and (own.part or own.strange)
        if claim and not again:
            claim = claim._replace(or_else=tuple(self._others(figure, meant, own, span)))
            sure = sure and not claim.or_else
            yield self._judged(claim, figure, own, sure and not elsewhere and all(p.sure for p in patterns))

    def _others(self, figure: Figure, meant: CountedThings, own: Phrase, span: Span) -> Iterator[Claim]:
        claims = (self.ties.claim(figure, m, span, self.context.number) for m in self._meanings(meant, own))
        yield from filter(None, claims)

    def _meanings(self, meant: CountedThings, own: Phrase) -> Iterator[CountedThings]:
        """What else the words may mean: 其他组织, applicants or results of the clause before, 受理并答复."""
        if meant.outcome and not own.outcomes:
            yield meant._replace(outcome="")
        if meant.outcome and not own.whats and (whole := self.context.whole):
            patterns = tuple(p for what in whole if (p := self.ties.pattern(what, own.act)))
            yield meant._replace(whats=whole, patterns=patterns)
        asked, said = meant.whats == REQUEST, self.context.so_far
        whom = said.whom if asked and not own.who else ()
        every = bool(own.who) and own.whats == REQUEST and any(w in own.text for w in self.ways.anyone)
        for who in filter(None, (self.ways.narrower.get(meant.who), *whom, "total" if every else "")):
            yield meant._replace(who=who)
        received = self.ties.pattern(*REQUEST, "receive", own.when)
        if asked and received and {"receive", "done"} <= {*own.acts}:
            yield meant._replace(patterns=(received,))
        results = {*self.ways.outcomes, *self.ways.yielding, *REQUEST}
        reasons = {*own.beside, *said.about} - results if {*meant.whats} <= {*self.ways.outcomes} else set()
        for pattern in filter(None, map(self.ties.pattern, sorted(reasons))):
            yield CountedThings((pattern.what,), (pattern,), meant.who)

    def _judged(self, claim: Claim, figure: Figure, own: Phrase, sure: bool) -> Claim:
        other = self.ties.other_year(figure) and own.act != "carry"
        last = self.context.so_far.claims[-1:]
        goes_on = bool(last) and last[0].scope and not any(w in own.text for w in self.ways.everywhere)
        # 收到复议 8 件 may be said by the body that decides them.
        received = claim.whats[0] in self.ways.cases and "receive" in own.acts
        received = received and not any(word in own.text for word in self.ways.context)
        sure, scope = sure and not (other or received), own.scope or goes_on
        claim = claim._replace(sure=sure, scope=scope, year=figure.year if other else None)
        partly = self._part(claim.whats, own) and not own.scope and claim.whats[0] not in self.ways.by_act
        partly = partly or claim.whats[0] in self.ways.yielding
        return (
            claim._replace(id=f"{claim.id}<", kind="part", sure=False) if partly and figure.value else claim
        )

    def _respective(self, named: Named, here: Wording) -> Iterator[Claim]:
        """收到申请、复议分别为 5 件、3 件: each label has the figure at its own place."""
        for label, item in named.pairs:
            own = here.phrase(*label)
            middle = here.phrase(named.at, named.pairs[0][1].figure.start)
            own = own._replace(
                acts=(*own.acts, *middle.acts), who=own.who or middle.who, whats=own.whats or middle.whats
            )
            year = self.ties.year_in(here.text[slice(*label)])
            figure = item.figure._replace(year=year or (None if named.years else item.figure.year))
            yield from self._count(figure, own, (label[0], item.figure.end))


def _shared(clause: Clause, here: Wording) -> Things:
    """What stands before or behind all of a clause's figures: 尚未审结的复议 2 件、诉讼 1 件."""
    if len(clause.items) < 2:
        return ()
    first, last = clause.items[0].figure, clause.items[-1].figure
    before, behind = here.phrase(clause.start, first.start), here.phrase(last.end, clause.end)
    return before.outcomes or behind.outcomes
