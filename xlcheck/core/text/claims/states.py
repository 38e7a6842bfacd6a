"""What a sentence says of the figures just before: 均已结案, 均获维持, 全部办结, 申请人均为自然人."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlcheck.core.text.claims.claim import Claim
from xlcheck.core.text.claims.context import Context
from xlcheck.core.text.claims.ties import CountedThings, Ties
from xlcheck.core.text.words.lexicon import Token
from xlcheck.core.text.words.numbers import Figure
from xlcheck.core.text.words.phrase import Wording
from xlcheck.data.claims import StateClaim


def states(ties: Ties, context: Context, here: Wording, start: int) -> Iterator[Claim]:
    """均已结案 makes 尚未审结 0; 均获维持 makes 维持 what was just counted."""
    tokens = [t for t in here.states if t.start >= start]
    if start > here.start:  # 6 件申请人为自然人 speaks of the six; 8 件均为 of all
        every = ties.lexicon.ways.every
        tokens = [t for t in tokens if any(word in here.text[t.start : t.end] for word in every)]
    if not tokens or context.lost or context.so_far.beyond:
        return
    if ties.lexicon.ways.others.search(here.text, here.start, here.end):
        return  # 其余均维持 speaks of those not counted
    ahead = here.text[context.sentence.start : max(here.start - 1, context.sentence.start)]
    if ahead.rpartition(",")[2].startswith(ties.lexicon.ways.excepts):
        return  # 除 1 件尚未审结外，均已结案
    for token in tokens:
        for state in (s for s in ties.lexicon.states if s.id == token.id):
            yield from _state(ties, context, here, state, token)


def _of_subject(
    ties: Ties, context: Context, here: Wording, state: StateClaim, token: Token
) -> Iterator[Claim]:
    """所有申请均已办结: no figure stands before it, and the words themselves say what all of is done."""
    own, roles = here.phrase(here.start, token.start), ties.lexicon.roles
    whats = roles.asked if own.whats == (roles.bare,) and context.disclosure else own.whats
    limited = own.part or own.when or own.scope or own.strange + own.ahead or own.act == roles.carried
    if not whats or limited or not {*whats} <= {*state.of}:
        return
    cases = tuple(p for what in whats if (p := ties.pattern(what)) and context.disclosure)
    patterns = ties.named(state.claim) if state.claim else cases
    meant = CountedThings(whats, patterns, outcome=state.outcome)
    figure = Figure(token.start, token.end, Decimal(0), "")
    claim = ties.claim(figure, meant, (here.start, token.end), context.number) if patterns else None
    if claim:
        yield claim._replace(kind="rate" if state.claim else "count", sure=False, absent=True)


def _state(ties: Ties, context: Context, here: Wording, state: StateClaim, token: Token) -> Iterator[Claim]:
    said = context.so_far
    if state.outcome and said.claims and said.claims[-1].id.endswith(f":{state.outcome}"):
        return  # 3 件，其中 2 件均维持: the two have been counted
    if not said.claims and state.value == "0":
        yield from _of_subject(ties, context, here, state, token)
    before = [c for c in said.group or said.claims if c.kind == "count" and set(c.whats) <= set(state.of)]
    wholes = [c for c in before if ":" not in c.id]
    if not wholes or before[-1].id in state.unless or wholes[-1].year:
        return
    if state.claim and not state.outcome and before[-1] is not wholes[-1]:
        return
    last = wholes[-1]
    decided = ties.lexicon.done_to["case"]  # 审结 1 件，均维持 speaks of the one
    alike = [last] if last.act in decided else [c for c in wholes if c.act not in decided]
    first = _of(ties, context, state, token, alike)
    other = _of(ties, context, state, token, [last])
    if first:
        twice = (other,) if len(alike) > 1 and other and len(first.whats) > 1 else ()
        yield first._replace(sure=first.sure and not twice, or_else=(*first.or_else, *twice))


def _of(
    ties: Ties, context: Context, state: StateClaim, token: Token, before: Sequence[Claim]
) -> Claim | None:
    """The claim a state makes of these counts; what it says is their figures, no number of its own."""
    if state.outcome == "" and state.value == "same":
        before = before[-1:]
    whats = tuple(dict.fromkeys(what for claim in before for what in claim.whats))
    counts = [c for c in before if not any(set(c.whats) < set(o.whats) for o in before)]
    value = sum((c.value for c in counts), Decimal(0)) if state.value == "same" else Decimal(0)
    figure = Figure(token.start, token.end, value, "")
    patterns = tuple(p for what in whats if (p := ties.pattern(what)))
    if state.claim:
        patterns = ties.named(state.claim)
    meant = CountedThings(whats, patterns, state.who or "total", state.outcome)
    span = (token.start, token.end)
    claim = ties.claim(figure, meant, span, context.number)
    if claim is None:
        return None
    if state.who and (own := ties.named(before[-1].pattern)) != patterns:  # 结转 4 件，申请人均为自然人
        other = ties.claim(figure, meant._replace(patterns=own), span, context.number)
        claim = claim._replace(or_else=(other,) if other else ())
    began = before[0].end - len(before[0].quote)
    stated = tuple(c.value for c in counts) if state.value == "same" else ()
    return claim._replace(
        kind="rate" if state.claim and state.value == "0" else "count",
        sure=state.sure and not (state.claim or claim.or_else) and all(c.sure for c in counts),
        quote=ties.section.raw[max(began, 0) : claim.end], stated=stated, absent=state.value == "0",
    )  # fmt: skip
