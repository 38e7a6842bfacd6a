"""What a figure counts with the words beside it: a claim, its doubts, or nothing that a table counts."""

from collections.abc import Iterator

from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.context import Context, Things
from xlcheck.core.text.claims.meanings import other_meanings
from xlcheck.core.text.claims.ties import CountedThings, Span, Ties
from xlcheck.core.text.words.numbers import Figure
from xlcheck.core.text.words.phrase import Phrase

# How many letters no word of the lexicon covers may stand between a thing and its figure.
STRANGE, STRANGE_BY_ACT, STRANGE_IN_PART = 12, 3, 1
COLUMNS = 2  # things done before a bare figure, in one clause; more are the labels of a table's columns


class Counting:
    """Ties the figures of one section by their phrases, in the light of what was counted before."""

    def __init__(self, ties: Ties, context: Context) -> None:
        self.ties, self.ways, self.roles = ties, ties.lexicon.ways, ties.lexicon.roles
        self.context, self.reading, self.requests = context, ties.section.reading, self.roles.asked
        self.done_to = ties.lexicon.done_to
        self.by_act = self.ways.by_act
        # Done to what is no part of the items listed before.
        self.own_acts = self.done_to["request"].difference(self.roles.left)
        self.starts = 0  # where the clause begins
        self.shared: Things = ()  # what is said of every figure of it

    def count(self, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
        if self.context.so_far.beyond:
            self.context.speaks_of(self.context.things(own)[0])
            return
        own = self._other_applicants(self._done(own))
        whats, sure = self._things(own)
        if self._of_more(figure, own):
            return
        if figure.unit in self.ways.money and not own.whats and (last := self.context.last):
            worth = tuple(filter(None, (self.ways.worth.get(what) for what in last.whats)))
            whats = worth or whats
        if (
            not whats
            or self._of_columns(figure, own)
            or self._of_foreign(own, whats)
            or self.ways.averages.search(own.text)
        ):
            self.context.passed(own)
            return
        whats, sure = tuple(dict.fromkeys(whats)), sure and not self._doubted(figure, whats, own)
        closed = {*whats} <= {*self.ways.cases} and own.act == self.roles.answered
        own, sure = self._done_to(whats, own), sure and not closed
        if self._uncounted(figure, own, whats):
            self.context.speaks_of(whats if whats[0] in self.ways.decisions else ())
            return
        fits, whats = self._fits(whats, own), (*whats, *self._added(whats, own))
        for each in [whats] if figure.value else [(what,) for what in whats]:
            for claim in self.claim(figure, each, own, span, sure and fits):
                if fits or figure.value:  # of what is not read in full, no more than all there is
                    yield claim if fits else claim.at_most

    def _of_columns(self, figure: Figure, own: Phrase) -> bool:
        """Whether labels stand side by side above bare figures: 予以公开 部分公开 不予公开 8 2 5."""
        results = {*own.whats, *own.beside}.intersection(self.ways.outcomes)
        return not figure.unit and (bool(own.beside and len(results) > 1) or len(own.acts) > COLUMNS)

    def _done(self, own: Phrase) -> Phrase:
        """The words of a figure with what was done, and of which year, where they say it in short."""
        own = own._replace(when=own.when or self.ties.when(own.text))
        if self.ways.reached.search(own.text):  # 由 12 项减少至 10 项: nothing is done
            own = own._replace(acts=())
        if act := self.ways.short_acts.get(own.text):  # 收 8 件、办 7 件、转 2 件
            left = self.roles.next if act == self.roles.carried else ""
            own = own._replace(acts=(act,), when=own.when or left)
        if self.context.so_far.instance and own.outcomes:
            own = own._replace(outcomes=(), part=(*own.part, self.roles.some))
        return own

    def _done_to(self, whats: Things, own: Phrase) -> Phrase:
        """What was done in the words of the thing: 复议办结 is 审结, 新增申请 is 新收."""
        if {*whats} <= {*self.ways.cases} and own.act == self.roles.answered:
            own = own._replace(acts=(self.roles.closed,))
        if whats == self.requests and own.act == self.roles.made:
            own = own._replace(acts=(self.roles.new,))
        if whats[0] in self.by_act and not own.act and self.context.so_far.act:
            own = own._replace(acts=(self.context.so_far.act,))
        self.context.done(own.act)
        if whats == self.requests and own.whats and self.own_acts.intersection(own.acts):
            self.context.of_ours()
        return own

    def _of_more(self, figure: Figure, own: Phrase) -> bool:
        """Whether 申请 is more than those for information, other than those, or what is left of them."""
        if not (figure.value or own.who) and self.ways.remaining.search(own.text):
            return True  # 其他申请 0 件
        if own.whats != (self.roles.bare,):
            return False
        if not self.context.near and own.ahead + own.strange > 1:
            self.context.of_nothing_ours()  # 工伤认定申请 312 件
            return True
        if not {*own.beside}.isdisjoint(self.by_act):
            self.context.of_nothing_ours()  # 行政强制执行申请 9 件
            return True
        # 各类申请 52 件，其中信息公开申请 8 件
        return bool(self.ways.ours_within.search(self.reading.words, figure.end, self.context.sentence.end))

    def _other_applicants(self, own: Phrase) -> Phrase:
        """其他 behind all other kinds of applicants is the column of that name."""
        if not own.outcomes or own.who or not own.asks:
            return own
        named = {claim.who for claim in self.context.so_far.claims if claim.whats == self.requests}
        others = own.outcomes == (self.roles.others,) and named.issuperset(self.ways.applicants)
        return own._replace(who=(self.ways.other_applicants,), outcomes=()) if others else own

    def _things(self, own: Phrase) -> tuple[Things, bool]:
        """What is counted, and whether that is sure; nothing ours leaves the next clause nothing to go on."""
        whats, sure = self.context.things(own)
        if whats in (self.requests, (self.roles.bare,)) and {*own.outcomes} & {*self.ways.judged}:
            return (self.ways.of_cases,), False  # 信息公开案件被纠正 3 件
        if not whats and (own.foreign or own.strange + own.ahead > 1):
            self.context.of_nothing_ours(unknown=not own.foreign)
        if whats == (self.roles.granted,) and not own.whats:  # 公开 3 件
            return (self.roles.opened,), False
        return whats, sure

    def _of_foreign(self, own: Phrase, whats: Things) -> bool:
        """Whether a figure is a part of items that no table counts: 信息 30 条，其中依申请公开信息 6 条.

        So are results and reviews of what is no request: 处罚决定 25 件，其中公开 24 件、被申请复议 1 件.
        """
        told = own.acts if whats[0] in self.by_act else self.own_acts.intersection(own.acts)
        carried = own.act == self.roles.carried and own.when
        last, results = self.context.last, {*whats} <= {*self.ways.outcomes, self.roles.opened}
        if {*whats} <= {*self.requests, *self.ways.outcomes} and self._attributes:
            return True
        results = results or {*whats} <= {*self.ways.cases}
        listed = bool(results and self.context.so_far.opened and last and last.whats[0] in self.by_act)
        return listed or (self.context.so_far.of_foreign and not ((own.whats and told) or carried))

    @property
    def _attributes(self) -> bool:
        """Whether the sentence tells how documents are published: 主动公开、依申请公开、不予公开."""
        span = (self.context.sentence.start, self.context.sentence.end)
        return bool(self.ways.attributes.search(self.reading.words, *span))

    def _uncounted(self, figure: Figure, own: Phrase, whats: Things) -> bool:
        """Whether what was done to a thing is nothing that a table counts."""
        if self._of_others(figure, own, whats) or self._of_reasons(whats):
            return True
        if whats[0] not in self.by_act:
            return self.roles.elsewhere in own.acts and not own.outcomes
        posted = own.act == self.roles.published and (own.near_foreign or self.roles.some in own.part)
        only = {*own.acts} <= {self.roles.elsewhere, self.roles.published}  # 审核拟发布规范性文件 9 件
        done = own.act == self.roles.elsewhere or (only and self.roles.elsewhere in own.acts)
        if done or posted or self._of_power(figure, own, whats[0]):
            return True
        documents = whats[0] in self.ways.documents
        return documents and (figure.unit not in self.ways.document_units or self._itemised(figure, own))

    def _of_reasons(self, whats: Things) -> bool:
        """Whether a reason is told of what was opened in part: 部分公开 5 件，其中 1 件因涉及个人隐私."""
        last, known = self.context.last, {*self.requests, *self.ways.outcomes, *self.ways.yielding}
        reasons = last and {*last.whats} <= {*self.ways.reasoned} and self.context.so_far.opened
        return bool(reasons) and whats[0] not in self.ways.not_requests and known.isdisjoint(whats)

    def _of_others(self, figure: Figure, own: Phrase, whats: Things) -> bool:
        """Whether another organ's are counted: 市政府印发规范性文件 18 件, 市政府审理复议 54 件."""
        cases, ours = {*whats} <= {*self.ways.cases}, any(word in own.text for word in self.ways.context)
        judged = cases and any(word in own.text for word in self.ways.judges)
        if cases and not ours and self.ways.other_cases.search(self.reading.words, self.starts, figure.start):
            return True  # 其他行政复议 3 件
        if self.ties.of_bureau and self.ways.places_organs.search(own.text):
            return True  # 全县各级行政机关办理申请 1568 件
        if self.ties.unit and own.ahead > 1 and self.ways.other_subjects.search(own.text):
            return True  # 县、镇两级水利系统共受理 40 件
        named = self.ties.of_bureau and self.ways.other_organs.search(own.text)
        judged = judged and not self.ways.of_ours.search(own.text)
        return bool(named) and (judged or whats[0] in self.ways.documents)

    def _of_power(self, figure: Figure, own: Phrase, what: str) -> bool:
        """Whether items of power are counted, or what was asked for: 新增行政许可 9 项, 受理 9 件."""
        if what not in self.ways.decisions or self.ties.lexicon.takes(what, own.act):
            return False
        listed = {self.roles.made, self.roles.elsewhere}.intersection(own.acts)
        asked = own.act == self.roles.received and any(word in own.text for word in self.ways.taken_in)
        some = bool(listed) or own.ahead + own.strange > 1  # 2 项行政许可实现一网通办
        return asked or (some and figure.unit in self.ways.item_units)

    def _added(self, whats: Things, own: Phrase) -> Things:
        """What a bracket adds to a result: 予以公开（含部分公开）."""
        others = {*self.ways.not_requests, *self.ways.yielding, self.roles.bare, *self.requests}
        return tuple(w for w in own.also if others.isdisjoint({*whats, w}))

    def _itemised(self, figure: Figure, own: Phrase) -> bool:
        """Whether a bracket tells documents made and amended apart: no table counts the two together."""
        words = self.reading.words
        if own.act == self.roles.valid:
            return False
        start = words.find("(", figure.end, figure.end + 1)
        if start < 0 and own.act == self.roles.made and self.context.depth:
            start = words.rfind("(", 0, figure.start)
        bracket = words[start : words.find(")", start)] if start >= 0 else ""
        return any(word in bracket for word in self.ways.amends)

    def _fits(self, whats: Things, own: Phrase) -> bool:
        """Whether the words beside a figure are few enough to know what it counts."""
        if whats[0] not in self.by_act:
            return own.strange <= STRANGE
        if self._by_example(own):
            return True
        return own.strange + own.ahead <= (STRANGE_IN_PART if own.part else STRANGE_BY_ACT)

    def _by_example(self, own: Phrase) -> bool:
        """Whether some kinds are named, with 等: no more than all of them (查封、扣押等行政强制 5 次)."""
        known = own.acts and not (own.part or own.scope or self.roles.elsewhere in own.acts)
        return bool(known and own.strange and self.ways.examples.search(own.text))

    def _doubted(self, figure: Figure, whats: Things, own: Phrase) -> bool:
        """Whether a part, unknown words, a list of websites' items or a manner of speaking leave doubt."""
        before, ways = self.context.so_far.claims, self.ways
        listed = self.context.lost and whats[0] in ways.by_act and not own.acts
        cases = not own.acts and set(whats).issubset(ways.cases)
        results = {*whats} <= {*ways.outcomes}
        alike = cases or (results and bool(before) and {*before[-1].whats} <= {*ways.outcomes})
        follows = (bool(before) and alike and not before[-1].sure) or (results and self.context.so_far.silent)
        follows = follows or (results and bool(before) and before[-1].whats[0] in ways.by_act)
        saying = figure.value == 1 and not self.reading.words[figure.start].isdigit()  # 办好一件申请
        given = own.whats == self.requests and not own.acts and not own.who and bool(figure.value)
        both = len(self.done_to["document"].intersection(own.acts)) > 1  # 新增现行有效 2 件
        place = self.ties.of_bureau and bool(ways.whole_places.search(own.text))
        unclear = own.part or own.strange or own.ahead or both or not figure.exact or self.context.so_far.led
        unclear = unclear or place
        return bool(unclear or listed or follows or saying or given or own.also)

    def claim(self, figure: Figure, whats: Things, own: Phrase, span: Span, sure: bool) -> Iterator[Claim]:
        several = len(set(own.who)) > 1 or len(set(own.outcomes)) > 1
        if several or not whats:
            return
        patterns = tuple(p for what in whats if (p := self.ties.pattern(what, own.act, own.when)))
        # A body that decides reviews counts them too: without a word of disclosure they are not ours.
        cases = bool(own.whats) and any(p.context for p in patterns)
        judges = cases and any(word in own.text for word in self.ways.judges)
        near = any(word in own.text for word in self.ways.context) if judges else cases and self.context.near
        elsewhere = cases and not (near or self.context.asked)
        if any(p.share or (p.most and not self.context.of_results) for p in patterns):
            meant = CountedThings(whats, patterns, next(iter(own.who), "total"))
            yield from self._left_over(figure, meant, span)
            return
        theirs = (judges and not own.outcomes) or (own.acts and not self.context.disclosure)
        if len(patterns) < len(whats) or (elsewhere and theirs):
            self.context.of_nothing_ours()
            return
        of_cases = {*whats} <= {*self.ways.cases}
        of_whole = self._result_of_whole(own, whats) if of_cases and not own.acts else ()
        outcomes = own.outcomes or self.shared * of_cases or of_whole
        who, outcome = next(iter(own.who), "total"), next(iter(outcomes), "")
        meant = CountedThings(whats, patterns, who, outcome)
        claim = self.ties.claim(figure, meant, span, self.context.number)
        so_far = {c.id for c in self.context.so_far.claims if not c.year}
        again = claim and claim.id in so_far and (own.part or own.strange)
        if claim and not again:
            others = other_meanings(self.ties, self.context, meant, own)
            others_read = (self.ties.claim(figure, each, span, self.context.number) for each in others)
            claim = self._likeliest(claim, [other for other in others_read if other])
            sure = sure and not (claim.or_else or (outcomes == of_whole and outcome))
            yield self._judged(claim, figure, own, sure and not elsewhere and all(p.sure for p in patterns))

    def _left_over(self, figure: Figure, meant: CountedThings, span: Span) -> Iterator[Claim]:
        """What is left over is in no cell, yet those named next are its own: 其他情形 5 件，其中企业 4 件.

        Of one kind of applicants it is no more than all that may be meant: 其他情形的有商业企业 4 件.
        """
        if meant.whats == self.ways.rest and figure.unit not in self.ways.ratios:
            claim = self.ties.claim(figure, meant, span, self.context.number)
            if claim and claim.who:
                yield claim.at_most
            elif claim:
                self.context.add(claim)

    def _likeliest(self, claim: Claim, others: list[Claim]) -> Claim:
        """A claim with its other readings: applicants are most likely those of what was counted last."""
        if not others:
            return claim
        last = self.context.last
        nearest = [c for c in others if c.who and c.who == claim.who and last and c.pattern == last.pattern]
        results = {*claim.whats} <= {*self.ways.outcomes} and not claim.who
        told_of = [c for c in others if c.who and c.who in self.context.so_far.whom] if results else []
        first = (*nearest, *told_of, claim)[0]
        return first._replace(or_else=tuple(c for c in (claim, *others) if c is not first))

    def _result_of_whole(self, own: Phrase, whats: Things) -> Things:
        """The result of what these are parts of: 被纠正 6 件，其中复议 5 件、诉讼 1 件."""
        said = self.context.so_far
        whole = next((c for c in reversed(said.claims) if {*whats} < self._kinds_in(c.whats)), None)
        inherited = whole.outcome if whole and said.opened and own.whats else ""
        return (said.result or inherited,)

    def _kinds_in(self, whats: Things) -> set[str]:
        return {kind for what in whats for kind in (what, *self.ways.kinds.get(what, ()))}

    def _judged(self, claim: Claim, figure: Figure, own: Phrase, sure: bool) -> Claim:
        other = self.ties.other_year(figure) and own.act != self.roles.carried
        last = self.context.so_far.claims[-1:]
        goes_on = bool(last) and last[0].scope and not any(w in own.text for w in self.ways.everywhere)
        # 收到复议 8 件 may be said by the body that decides them.
        received = claim.whats[0] in self.ways.cases and self.roles.received in own.acts
        received = received and not any(word in own.text for word in self.ways.context)
        sure, scope = sure and not (other or received), own.scope or goes_on
        if not sure or scope or other:
            claim = claim._replace(sure=sure, scope=scope, year=figure.year if other else None)
        partly = self.part(claim.whats, own) and not own.scope and claim.whats[0] not in self.by_act
        if of := self._of_some(claim, own):
            own_result = of.act in self.roles.left and not of.or_else
            partly = partly or (own_result and self.context.so_far.opened)
            claim = claim._replace(sure=False, of=of if of.kind == "part" else None)
        partly = partly or (claim.whats == self.requests and not {*own.also}.isdisjoint(self.ways.outcomes))
        some = claim.whats[0] in self.by_act and (self._of_a_kind(claim, own) or self._by_example(own))
        partly = partly or some or claim.whats[0] in self.ways.yielding or self._of_uncounted(claim, own)
        partly = partly or self._gone_through(claim, own)
        # Of a part 0 says nothing (网上 0 件); a word of absence has been asked what it reaches.
        return claim.at_most if partly and (figure.value or not figure.about) else claim

    def _gone_through(self, claim: Claim, own: Phrase) -> bool:
        """Whether it is told what became of the documents that were gone through: 清理 20 件，保留 15 件."""
        documents = claim.whats[0] in self.ways.documents and not own.whats and own.act != self.roles.made
        before = (self.context.sentence.start, self.starts)
        return documents and bool(self.ways.gone_through.search(self.reading.words, *before))

    def _of_a_kind(self, claim: Claim, own: Phrase) -> bool:
        """Whether words that no table knows say which of them: 全程网办行政许可 26 件."""
        decided = claim.whats[0] in self.ways.decisions or not own.acts
        return own.strange > 1 or (decided and own.ahead + own.strange > 1)

    def _of_some(self, claim: Claim, own: Phrase) -> Claim | None:
        """What results may be of alone: 上年结转 3 件，其中公开 2 件; 网上申请 9 件，公开 4 件."""
        of = self.context.so_far.listed
        if of is None or claim.value > of.value:
            return None
        results = {*claim.whats} <= {*self.ways.outcomes, self.roles.opened}
        return of if results and not self._of_all(own) else None

    def _of_uncounted(self, claim: Claim, own: Phrase) -> bool:
        """Whether a figure is a part of what no table counts: 上半年案件 16 件，其中复议 10 件."""
        said = self.context.so_far
        some = said.uncounted and said.limited and not said.result
        return some and claim.whats[0] not in self.by_act and not self._of_all(own)

    def _of_all(self, own: Phrase) -> bool:
        """Whether a figure is said to be of all: 全年, 合计."""
        return any(word in own.text for word in self.ways.everywhere)

    def part(self, whats: Things, own: Phrase) -> bool:
        """Whether the words leave open that only some of the things are counted."""
        some = self.roles.some in own.part and not any(word in own.text for word in self.ways.whole)
        # 尚有 2 件申请 is no year's total; 尚有 2 件未审结 names what it counts.
        left = own.outcomes or own.act in self.roles.left
        limited = some or (self.roles.season in own.part and not left)
        others = (
            whats == self.requests and not own.who and self.ways.remaining.search(own.text)
        )  # 其他申请 66 件
        others = others or (bool(own.who) and self.ways.other_of_kind.search(own.text))  # 其他自然人 6 件
        among = not own.outcomes and self.ways.among.search(own.text)  # 无法提供的申请中有 2 件
        caused = {*whats} <= {*self.ways.cases} and self.ways.other_cause.search(own.text)
        limited = limited or bool(others or among or caused) or self._of_part(own) or self._described(own)
        led = self.context.so_far.led and not any(word in own.text for word in self.ways.whole_year)
        return limited or own.ahead > 1 or own.strange > 1 or led

    def _described(self, own: Phrase) -> bool:
        """Whether a result is told of what its words describe, but by no reason that a table counts."""
        ways = self.ways
        told = {*own.whats} <= {*ways.outcomes} and not (own.beside or any(w in own.text for w in ways.whole))
        return told and bool(ways.described.search(own.text))

    def _of_part(self, own: Phrase) -> bool:
        """Whether what is done is done to a part just counted: 甲区新收 216 件，办结 210 件."""
        said = self.context.so_far
        if own.whats or own.who or not (own.acts or own.outcomes):
            return False
        last, told = self.context.last, any(c.kind == "count" for c in said.claims)
        part = last.kind == "part" and last.act not in self.roles.left if last else False
        return (part or (said.silent and not told)) and not self._of_all(own)
