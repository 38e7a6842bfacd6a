"""Shares, growth and rates of what was just counted: 占 33.9%, 较上年的 15 件增加 5 件, 办结率 100%."""

import re
from collections.abc import Iterator
from decimal import Decimal

from xlcheck.core.text.claim import Claim
from xlcheck.core.text.context import REQUEST, Context
from xlcheck.core.text.numbers import Figure
from xlcheck.core.text.phrase import FOREIGN, Phrase
from xlcheck.core.text.ties import CountedThings, Span, Ties


def ratio(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A percentage, or a change against another year, of what was counted last."""
    ways, last = ties.lexicon.ways, context.last
    if context.topic == FOREIGN or not figure.exact or context.so_far.of_foreign:
        return
    full = figure.value == 100 and not figure.prior and not _holds(own, ways.due)
    if full and re.search(ways.rate, own.text):
        if not set(last.whats).issubset(ways.not_requests) if last else context.asking:
            yield from _rate(ties, figure, span, context.number)
    elif own.whats and re.search(ways.share, own.text):
        yield from _own_share(ties, context, figure, own, span)
    elif last and not (own.who or own.outcomes):
        yield from _of_last(ties, context, figure, own, span, last)


def _of_last(
    ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span, last: Claim
) -> Iterator[Claim]:
    """A share of what was counted last, or its growth against the figure of another year."""
    ways = ties.lexicon.ways
    start, end = ties.section.reading.place(figure.start, figure.end)
    new = last._replace(
        start=start, end=end, quote=ties.quote(*span), value=figure.value, unit=figure.unit, of=last,
        stated=(), or_else=(),
    )  # fmt: skip
    sign = _holds(own, ways.up) - _holds(own, ways.down)
    if re.search(ways.share, own.text) and not figure.prior:
        yield new._replace(id=f"{last.id}%", kind="share")
    elif sign:
        kind = "growth" if figure.unit in ways.ratios else "change"
        base = context.base_of(last) if figure.unit in ("", *ways.units, ways.ratios[0]) else None
        yield new._replace(id=f"{last.id}>", kind=kind, value=figure.value * sign, base=base)
    elif figure.prior and figure.unit in ways.units:
        context.compare_with(last, figure.value)


def _own_share(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A share of a thing whose number is not given (予以公开占三成)."""
    whats, _ = context.things(own)
    patterns = tuple(p for what in whats if (p := ties.pattern(what, own.act)))
    claim = ties.claim(figure, CountedThings(whats, patterns), span, context.number) if patterns else None
    if claim and not figure.prior:
        last = context.last
        of = last if last and set(whats) & set(last.whats) else None
        yield claim._replace(id=f"{claim.id}%", kind="share", of=of)


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
