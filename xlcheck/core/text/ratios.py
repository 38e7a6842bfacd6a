"""What a sentence says of the figures just before: shares, growth, rates, 均已结案, 全部办结."""

from collections.abc import Iterator
from decimal import Decimal

from xlcheck.core.text.claim import Claim
from xlcheck.core.text.context import REQUEST, Context
from xlcheck.core.text.lexicon import Token
from xlcheck.core.text.numbers import Figure
from xlcheck.core.text.phrase import FOREIGN, Phrase
from xlcheck.core.text.ties import CountedThings, Span, Ties
from xlcheck.data.claims import StateClaim


def ratio(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A percentage, or a change against another year, of what was counted last."""
    ways, last = ties.lexicon.ways, context.last
    if context.topic == FOREIGN or not figure.exact:
        return
    full = figure.value == 100 and not figure.prior and not _holds(own, ways.due)
    if full and ways.rate.search(own.text):
        if not set(last.whats).issubset(ways.not_requests) if last else context.asking:
            yield from _rate(ties, figure, span, context.number)
    elif own.whats and ways.share.search(own.text):
        yield from _own_share(ties, context, figure, own, span)
    elif last and not (own.who or own.outcomes):
        start, end = ties.section.reading.place(figure.start, figure.end)
        new = last._replace(
            start=start, end=end, quote=ties.quote(*span), value=figure.value, unit=figure.unit, of=last
        )
        if ways.share.search(own.text) and not figure.prior:
            yield new._replace(id=f"{last.id}%", kind="share")
        elif sign := _holds(own, ways.up) - _holds(own, ways.down):
            yield new._replace(id=f"{last.id}>", kind="growth", value=figure.value * sign)


def _own_share(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A share of a thing whose number is not given (予以公开占三成)."""
    whats, _ = context.things(own)
    patterns = tuple(p for what in whats if (p := ties.pattern(what, own.act)))
    claim = ties.claim(figure, CountedThings(whats, patterns), span, context.number) if patterns else None
    if claim and not figure.prior:
        yield claim._replace(id=f"{claim.id}%", kind="share")


def _holds(own: Phrase, words: tuple[str, ...]) -> bool:
    return any(word in own.text for word in words)


def _rate(ties: Ties, figure: Figure, span: Span, number: int) -> Iterator[Claim]:
    """A rate of 100 % says that nothing is carried out."""
    start, end = ties.section.reading.place(figure.start, figure.end)
    if formula := ties.cell(ties.lexicon.ways.rate_target):
        yield Claim(
            "rate", ties.section.at, start, end, ties.quote(*span), Decimal(0), figure.unit, (formula,),
            number, REQUEST, kind="rate",
        )  # fmt: skip


def states(ties: Ties, context: Context, tokens: tuple[Token, ...], near: Figure) -> Iterator[Claim]:
    """均已结案 makes 尚未审结 0; 均获维持 makes 维持 the sum of what was just counted."""
    for token in tokens:
        if token.slot == "state" and context.topic != FOREIGN:
            for state in (s for s in ties.lexicon.states if s.id == token.id):
                yield from _state(ties, context, state, token, near)


def _state(ties: Ties, context: Context, state: StateClaim, token: Token, near: Figure) -> Iterator[Claim]:
    before = [
        c for c in context.claims if c.kind == "count" and ":" not in c.id and set(c.whats) <= set(state.of)
    ]
    whats = tuple(dict.fromkeys(what for claim in before for what in claim.whats))
    if not whats or before[-1].id in state.unless:
        return
    value = sum((c.value for c in before), Decimal(0)) if state.value == "same" else Decimal(0)
    figure = near._replace(start=token.start, end=token.end, value=value, unit="", exact=True)
    patterns = tuple(p for what in whats if (p := ties.pattern(what)))
    if state.claim:
        patterns = tuple(p for p in ties.lexicon.patterns[whats[0]] if p.id == state.claim)
    meant = CountedThings(whats, patterns, state.who or "total", state.outcome)
    claim = ties.claim(figure, meant, (token.start, token.end), context.number)
    if claim:
        began = before[0].end - len(before[0].quote)
        quote = ties.section.raw[began : claim.end]
        kind = "rate" if state.claim else "count"
        yield claim._replace(kind=kind, sure=not state.claim, quote=quote)
