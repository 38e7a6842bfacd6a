"""What else the words beside a figure may mean: the filing is right where any of it fits."""

from collections.abc import Iterator

from xlcheck.core.text.claims.context import Context
from xlcheck.core.text.claims.ties import CountedThings, Ties
from xlcheck.core.text.words.phrase import Phrase


def other_meanings(
    ties: Ties, context: Context, meant: CountedThings, own: Phrase
) -> Iterator[CountedThings]:
    """其他组织, applicants, results or the whole of the clause before, 受理并答复."""
    of = context.so_far.listed
    if of and of.who and {*meant.whats} <= {*ties.lexicon.ways.outcomes}:  # 自然人申请 7 件，公开 3 件
        yield meant._replace(who=of.who)
    results = {*ties.lexicon.ways.outcomes, ties.lexicon.roles.opened}
    groups = tuple(p for p in meant.patterns if p.what in results)
    if 0 < len(groups) < len(meant.patterns):  # 信息不存在、无法提供的申请: a reason and its result
        for some in (groups, tuple(p for p in meant.patterns if p not in groups)):
            yield meant._replace(whats=tuple(p.what for p in some), patterns=some)
    yield from _of_outcome(ties, context, meant, own)
    yield from _of_applicants(ties, context, meant, own)
    yield from _of_divided(ties, context, meant, own)
    yield from _of_reasons(ties, context, meant, own)
    about = tuple(w for w in context.so_far.about if w in ties.lexicon.ways.outcomes)
    patterns = tuple(p for what in about if (p := ties.pattern(what)))
    if patterns and meant.whats == ties.lexicon.roles.asked and not own.acts:  # 不予公开的，共 1 件申请
        yield meant._replace(whats=about, patterns=patterns)


def _of_outcome(ties: Ties, context: Context, meant: CountedThings, own: Phrase) -> Iterator[CountedThings]:
    """An outcome told of several, and one of the whole whose parts were counted last."""
    ways = ties.lexicon.ways
    if meant.outcome and not own.outcomes:
        yield meant._replace(outcome="")
    counted = context.kinds_counted
    both = not context.so_far.group or any(word in own.text for word in ways.everywhere)
    both = both or any(
        {*counted} == {*kinds} for kinds in ways.kinds.values()
    )  # 直接 3 件、复议后 2 件，维持 4 件
    if meant.outcome and not own.whats and both and len(counted) > 1:  # ；尚有 3 件未审结; 维持共 3 件
        patterns = tuple(p for what in counted if (p := ties.pattern(what, own.act)))
        yield meant._replace(whats=counted, patterns=patterns)
    if meant.outcome and not own.whats and (whole := context.whole):
        patterns = tuple(p for what in whole if (p := ties.pattern(what, own.act)))
        yield meant._replace(whats=whole, patterns=patterns)


def _of_applicants(
    ties: Ties, context: Context, meant: CountedThings, own: Phrase
) -> Iterator[CountedThings]:
    ways, roles = ties.lexicon.ways, ties.lexicon.roles
    asked = meant.whats == roles.asked
    divided = asked or {*meant.whats} <= {*ways.outcomes}  # 对企业的申请，予以公开 1 件
    whom = context.so_far.whom if divided and not own.who else ()
    every = bool(own.who) and own.whats == roles.asked and any(word in own.text for word in ways.anyone)
    for who in filter(None, (ways.narrower.get(meant.who), *whom, "total" if every else "")):
        yield meant._replace(who=who)
    received = ties.pattern(roles.request, roles.received, own.when)
    if asked and received and {roles.received, roles.answered} <= {*own.acts}:
        yield meant._replace(patterns=(received,))


def _of_divided(ties: Ties, context: Context, meant: CountedThings, own: Phrase) -> Iterator[CountedThings]:
    """Applicants of what was just counted (结转 5 件，自然人 3 件), results of some of them."""
    said, last, asked = context.so_far, context.last, ties.lexicon.roles.asked
    if last and own.who and not own.acts and last.whats == asked == meant.whats:
        read_as = dict.fromkeys(claim.pattern for claim in (last, *last.or_else))
        others = (meant._replace(patterns=ties.named(name)) for name in read_as)
        yield from (other for other in others if not {*other.expressions} <= {*meant.expressions})
    left = ties.pattern(asked[0], *said.carried) if said.carried[0] else None
    if left and own.who and asked == meant.whats:  # 上年结转的申请中，企业 3 件
        yield meant._replace(patterns=(left,))
    subject = said.group[0].who if said.group else ""
    if subject and not own.who:
        other = meant._replace(who=subject)
        yield from [other] if other.expressions != meant.expressions else ()


def _of_reasons(ties: Ties, context: Context, meant: CountedThings, own: Phrase) -> Iterator[CountedThings]:
    """A reason named beside a result: 属于信访类不予处理 3 件."""
    ways = ties.lexicon.ways
    if not {*meant.whats} <= {*ways.outcomes}:
        return
    reasons = {*own.beside, *context.so_far.about} - {
        *ways.outcomes,
        *ways.yielding,
        *ties.lexicon.roles.asked,
    }
    for pattern in filter(None, map(ties.pattern, sorted(reasons))):
        yield CountedThings((pattern.what,), (pattern,), meant.who)
