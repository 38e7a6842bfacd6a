"""Shares, growth and rates of what was just counted: 占 33.9%, 较上年的 15 件增加 5 件, 办结率 100%."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from xlcheck.core.formula import Formula
from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.context import Context, Things
from xlcheck.core.text.claims.ties import CountedThings, Span, Ties
from xlcheck.core.text.words.clauses import Item
from xlcheck.core.text.words.numbers import Figure
from xlcheck.core.text.words.phrase import Phrase, Wording
from xlcheck.data.claims import CaseRate, ClauseGrammar
from xlcheck.data.vocabulary import Roles

STRANGE = 2  # letters that no word covers: a share of something else than what was counted last


def words_of_share(item: Item, here: Wording, ways: ClauseGrammar) -> Phrase:
    """The words of a share, up to what it is of where they say whose it is: 自然人占申请总量的 40 %."""
    own = here.phrase(item.start, item.figure.start)
    of = ways.share_sign.search(own.text)
    part = here.phrase(item.start, item.start + of.start()) if of else own
    both = _holds(part, ways.together) and ways.share.search(own.text)  # 两项合计占申请总量的 40 %
    return part._replace(text=own.text) if part.whats or part.who or both else own


def ratio(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A percentage, or a change against another year; one of nothing ours leaves the next clause nothing."""
    claims = [*_ratio(ties, context, figure, own, span)]
    if not claims and figure.unit in ties.lexicon.ways.ratios:
        theirs = own.foreign or own.near_foreign
        opened = ties.lexicon.ways.open_rate in own.text
        opened = opened and (theirs or context.lost or _names_others(own, ties.lexicon.roles))
        if theirs or opened:  # 建议公开率 92%，其中予以公开 46 件
            context.of_nothing_ours(listed=opened)
    yield from claims


def _ratio(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A percentage, or a change against another year, of what was counted last."""
    ways, last = ties.lexicon.ways, context.last
    rough = not figure.exact and not ways.share.search(own.text)
    if context.lost or rough or context.so_far.of_foreign:
        return
    rate = next((r for r in ways.case_rates if r.words in own.text), None)
    if rate and own.ahead + own.strange < STRANGE:
        yield from _of_cases(ties, context, figure, own, rate, span)
        return
    full = figure.value == 100 and not figure.prior and not _holds(own, ways.due)
    if ways.rate.search(own.text) and (own.foreign or own.near_foreign):
        return  # 互动信箱答复率
    if full and ways.rate.search(own.text):
        if not set(last.whats).issubset(ways.not_requests) if last else context.asking:
            answered = ties.lexicon.roles.answered if ways.answer_rate.search(own.text) else ""
            yield from (c._replace(act=answered) for c in _rate(ties, figure, span, context.number))
    elif ways.rate.search(own.text) and not _holds(own, ways.due) and not figure.prior:
        yield from _part_done(ties, figure, span, last, own, context.number)
    elif own.whats and _of_others(ties, own, _of_answers(context, last, ways)):
        return  # 双公示信息公开率
    elif (own.whats and (ways.share.search(own.text) or _alone(own, ways))) or _of_applicants(
        ties, own, last
    ):
        yield from _own_share(ties, context, figure, own, span)
    elif last and (own.whats or own.acts) and ways.share_of.search(own.text) and not figure.prior:
        if not context.so_far.silent:
            yield from _of_named(ties, context, figure, own, span)
    elif _sign(own, ways) and names_another(own, last, ways):
        yield from _own_growth(ties, context, figure, own, span)
    elif (same := context.so_far.claims[-1:]) and same[0].of is None and same[0].kind == "growth":
        yield from _again(ties, figure, own, span, same[0])
    elif last and not (own.who or own.outcomes or (own.whats and names_another(own, last, ways))):
        yield from _of_last(ties, context, figure, own, span, last)


def _of_applicants(ties: Ties, own: Phrase, last: Claim | None) -> bool:
    """Whether a share is told of one kind of applicants, whose number is not given: 自然人占 55.1%."""
    asked = last is None or last.whats == ties.lexicon.roles.asked
    return asked and len(own.who) == 1 and bool(ties.lexicon.ways.share.search(own.text))


def _alone(own: Phrase, ways: ClauseGrammar) -> bool:
    """Whether a result and nothing else stands before a percentage: 予以公开 40 %、无法提供 20 %."""
    more = own.acts or own.part or own.ahead + own.strange or ways.share_sign.search(own.text)
    return {*own.whats} <= {*ways.outcomes} and not more


def _of_answers(context: Context, last: Claim | None, ways: ClauseGrammar) -> bool:
    """Whether requests or results are counted, before or behind: 公开率 30 %，部分公开 5 件."""
    return context.results if last is None else not {*last.whats} <= {*ways.not_requests}


def _of_others(ties: Ties, own: Phrase, counted: bool) -> bool:
    """Whether a rate is of what no table counts: other things are named, or 公开率 of we know not what."""
    alone = own.whats == (ties.lexicon.roles.opened,) and not (counted or own.beside or own.also)
    return alone or _names_others(own, ties.lexicon.roles)


def _names_others(own: Phrase, roles: Roles) -> bool:
    """Whether other things than requests are named beside what was opened of them: 建议公开率."""
    return bool(own.whats) and not {*own.beside}.difference(own.also) <= {*roles.asked, roles.bare}


def names_another(own: Phrase, last: Claim | None, ways: ClauseGrammar) -> bool:
    """Whether a change or another year's figure is of something that is named with it: 办结数增加 14 件."""
    acts = [act for act in own.acts if last is None or act != last.act]
    named = own.who or own.outcomes or own.part or acts
    others = bool(own.whats) and (last is None or not {*own.whats} <= {*last.whats})
    return bool(named or others or _unknown(own, ways) >= STRANGE)


def _unknown(own: Phrase, ways: ClauseGrammar) -> int:
    """How many letters no word covers, but for those that tell a change."""
    told = ways.comparing.findall(own.text)
    told += [] if own.when else ways.year_before.findall(own.text)  # 比上年多: no word of it is looked at
    return max(0, own.ahead + own.strange - sum(map(len, told)))


def _own_growth(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A change of what is named with it, its own row and column: 申请量较上年增加 4 件, 自然人增加 31 件."""
    ways, unknown = ties.lexicon.ways, _unknown(own, ties.lexicon.ways)
    if own.part or own.outcomes or own.scope or len(own.who) > 1 or unknown >= STRANGE:
        return
    known = own._replace(ahead=0, strange=unknown)
    for claim in _own_share(ties, context, figure._replace(prior=False), known, span):
        if figure.unit not in ways.ratios and (cells := ties.changes(claim)):
            yield _in_cells(claim, cells, _sign(own, ways))
            continue
        value = figure.value * _sign(own, ways)
        yield claim._replace(id=claim.id.replace("%", ">"), kind="growth", value=value, of=None)


def _again(ties: Ties, figure: Figure, own: Phrase, span: Span, same: Claim) -> Iterator[Claim]:
    """The same change told once more: 增加 5 件，增长 20%."""
    if sign := _sign(own, ties.lexicon.ways):
        start, end = ties.section.reading.place(figure.start, figure.end)
        words, value = ties.quote(*span), figure.value * sign
        yield same._replace(start=start, end=end, quote=words, value=value, unit=figure.unit)


def _part_done(
    ties: Ties, figure: Figure, span: Span, last: Claim | None, own: Phrase, number: int
) -> Iterator[Claim]:
    """办结率 95 %: what was answered, of what was received or of what there was to answer."""
    done, roles = ties.named(ties.lexicon.ways.answered), ties.lexicon.roles
    asked = bool({*last.whats} <= {roles.request} if last else own.whats in (roles.asked, (roles.bare,)))
    if asked and done:
        claim = ties.claim(figure, CountedThings(roles.asked, done), span, number)
        if claim:
            yield claim._replace(id=f"{claim.id}%", kind="share")


def _of_last(
    ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span, last: Claim
) -> Iterator[Claim]:
    """A share of what was counted last, or its growth against another year."""
    ways = ties.lexicon.ways
    start, end = ties.section.reading.place(figure.start, figure.end)
    new = last._replace(
        start=start, end=end, quote=ties.quote(*span), value=figure.value, unit=figure.unit, of=last,
        stated=(), or_else=(), exact=figure.exact,
    )  # fmt: skip
    sign = _sign(own, ways)
    several = len([c for c in context.so_far.claims if c.kind == "count"]) > 1
    together = several and _holds(own, ways.together)
    if _is_share_of_last(context, figure, own, last, ways, together):
        bases = _bases(ties, last) if {*last.whats} <= {*ways.cases} else ()
        new = new._replace(id=f"{last.id}%", kind="share", bases=bases)
        others = _of_several(context, new) if together else _of_whole(context, last, new)
        yield new._replace(or_else=tuple(others))
    elif context.so_far.silent:
        return  # a change of something else than what was counted
    elif (sign or _holds(own, ways.either)) and (cells := ties.changes(last)):
        yield _in_cells(new, cells, sign)  # 上一年项目 6 项，本年减少 2 项
    elif sign:
        grown = new._replace(id=f"{last.id}>", kind="growth", value=figure.value * sign)
        yield grown._replace(or_else=tuple(_of_whole(context, last, grown)))
    elif figure.prior and figure.unit in ways.units:
        yield new._replace(id=f"{last.id}@", kind="before", of=None)
    elif figure.prior and own.text.endswith(ways.multiplied):
        yield new._replace(id=f"{last.id}>", kind="growth")


def _is_share_of_last(
    context: Context, figure: Figure, own: Phrase, last: Claim, ways: ClauseGrammar, together: bool
) -> bool:
    """Whether a percentage is a share of what was counted last, or of several taken ``together``."""
    share = ways.share.search(own.text)
    # 规范性文件 7 件，集中公开率 100 %: no table has what that is of.
    if not share or figure.prior or own.part or {*last.whats}.intersection(ways.by_act):
        return False
    if _holds(own, ways.together) and not together:
        return False  # 前三位为甲、乙，合计占 50 %: none of it is counted
    known = own.ahead + own.strange - len(share[0]) < STRANGE
    return together or (known and not context.so_far.silent)


def _of_whole(context: Context, last: Claim, told: Claim) -> Iterator[Claim]:
    """As told of what applicants are a part of: 公开 9 件，其中自然人 6 件，占 67 %, or 较上年增长 5 %."""
    whole = next((c for c in reversed(context.so_far.claims) if c.kind == "count" and not c.who), None)
    if last.who and whole and (whole.whats == last.whats or whole.pattern == last.pattern):
        share = told.kind == "share"
        grown = told._replace(id=f"{whole.id}>", any=whole.any, of=whole, who="")
        yield told._replace(bases=whole.any) if share else grown


def _in_cells(change: Claim, cells: tuple[Formula, ...], sign: int) -> Claim:
    """A change that has cells of its own; one either way (增减 2 项) may be both."""
    told = change._replace(
        id=f"{change.pattern}>", kind="count", any=cells, value=change.value * (sign or 1),
        stated=(change.value,), of=None, sure=False,
    )  # fmt: skip
    return told if sign else told._replace(or_else=(told._replace(value=-change.value),))


def _of_several(context: Context, share: Claim) -> Iterator[Claim]:
    """二者占 50.8 %: of the last two that were counted, the last three, and so on, taken together."""
    values = [c.value for c in reversed(context.so_far.claims) if c.kind == "count"]
    for total in [*accumulate(values)][1:]:
        yield share._replace(of=share.of._replace(value=total) if share.of else None)


def _sign(own: Phrase, ways: ClauseGrammar) -> int:
    return 0 if _holds(own, ways.either) else _holds(own, ways.up) - _holds(own, ways.down)


def _own_share(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A share of a thing whose number is not given (予以公开占三成)."""
    if own.part or _besides(own, ties.lexicon.ways) >= STRANGE:
        return  # 涉及土地类申请占 40 %
    whats, _ = context.things(own)
    patterns = tuple(p for what in whats if (p := ties.pattern(what, own.act)))
    meant = CountedThings(whats, patterns, next(iter(own.who), "total"))
    claim = ties.claim(figure, meant, span, context.number) if patterns else None
    if claim and not figure.prior:
        last, about = context.last, tuple(w for w in context.so_far.about if w not in whats)
        wholes = CountedThings(about, tuple(p for what in about if (p := ties.pattern(what)))).expressions
        if about and (bases := tuple(f for t in (*wholes, *ties.lexicon.ways.bases) if (f := ties.cell(t)))):
            claim = claim._replace(bases=bases)  # 无法提供的申请中，不掌握的占 80 %
        if {*whats} <= {*ties.lexicon.ways.cases}:
            claim = claim._replace(bases=_bases(ties, claim))  # 行政诉讼案件中，直接起诉的占 60 %
        of = last if last and set(whats) & set(last.whats) and not own.who else None
        yield claim._replace(id=f"{claim.id}%", kind="share", of=of)


def _besides(own: Phrase, ways: ClauseGrammar) -> int:
    """How many letters no word covers, but for those that tell a share."""
    told = None if ways.share_sign.search(own.text) else ways.share.search(own.text)
    return own.ahead + own.strange - (len(told[0]) if told else 0)


def _of_named(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A share of the whole that is named with it (占无法提供总数的 89.5 %), of what was counted last."""
    whats = context.things(own)[0] or (
        ties.lexicon.roles.asked if own.act in ties.lexicon.done_to["request"] else ()
    )
    patterns = tuple(p for what in whats if (p := ties.pattern(what, own.act, own.when)))
    wholes = CountedThings(whats, patterns).expressions if len(patterns) == len(whats) > 0 else ()
    bases = tuple(f for text in wholes if (f := ties.cell(text)))
    last = context.last
    if last and bases:
        start, end = ties.section.reading.place(figure.start, figure.end)
        yield last._replace(
            id=f"{last.id}%", kind="share", start=start, end=end, quote=ties.quote(*span), value=figure.value,
            unit=figure.unit, of=last, bases=bases, stated=(), or_else=(),
        )  # fmt: skip


def _of_cases(
    ties: Ties, context: Context, figure: Figure, own: Phrase, rate: CaseRate, span: Span
) -> Iterator[Claim]:
    """纠错率, 维持率: of all cases of a kind, or of those decided; of both kinds where both were counted."""
    known = {*ties.lexicon.ways.cases}
    counted = [c.whats for c in context.so_far.claims if set(c.whats) <= known]
    spoken = [context.so_far.spoken] if context.so_far.spoken else []
    named = [own.whats] if own.whats and {*own.whats} <= known else []
    readings = dict.fromkeys(named or (*counted, *spoken) or (("review",), ("suit",)))
    claims = [c for whats in readings if (c := _rate_of(ties, context, figure, rate, whats, span))]
    if claims and not figure.prior:
        yield claims[0]._replace(or_else=tuple(claims[1:]))


def _rate_of(
    ties: Ties, context: Context, figure: Figure, rate: CaseRate, whats: Things, span: Span
) -> Claim | None:
    every = [tuple(p for what in whats if (p := ties.pattern(what, act))) for act in ("", "closed")]
    if any(len(patterns) < len(whats) for patterns in every):
        return None
    bases = _wholes(ties, whats)
    meant = CountedThings(whats, every[0], outcome=rate.outcome)
    claim = ties.claim(figure, meant, span, context.number)
    return claim._replace(id=f"{claim.id}%", kind="share", bases=bases) if claim and bases else None


def _bases(ties: Ties, last: Claim) -> tuple[Formula, ...]:
    """What a share of cases is of: results of all of their kind, a kind of what it is a kind of."""
    kinds = ties.lexicon.ways.kinds.items()
    above = () if last.outcome else tuple(thing for thing, own in kinds if {*last.whats} <= {*own})
    return tuple(f for whats in ((what,) for what in above) for f in _wholes(ties, whats)) + _wholes(
        ties, last.whats
    )


def _wholes(ties: Ties, whats: Things) -> tuple[Formula, ...]:
    """All reviews or suits, and all that are decided."""
    every = (tuple(p for what in whats if (p := ties.pattern(what, act))) for act in ("", "closed"))
    texts = (text for patterns in every for text in CountedThings(whats, patterns).expressions)
    return tuple(f for text in texts if (f := ties.cell(text)))


def _holds(own: Phrase, words: tuple[str, ...]) -> bool:
    return any(word in own.text for word in words)


def _rate(ties: Ties, figure: Figure, span: Span, number: int) -> Iterator[Claim]:
    """A rate of 100 % says that nothing is carried out, or nearly so."""
    bases = tuple(f for f in (ties.cell(ties.lexicon.ways.rate_whole),) if f)
    start, end = ties.section.reading.place(figure.start, figure.end)
    if formula := ties.cell(ties.lexicon.ways.rate_target):
        yield Claim(
            "rate", ties.section.at, start, end, ties.quote(*span), Decimal(0), figure.unit, (formula,),
            number, ties.lexicon.roles.asked, kind="rate", bases=bases,
        )  # fmt: skip
