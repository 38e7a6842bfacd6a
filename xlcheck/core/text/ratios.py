"""Shares, growth and rates of what was just counted: 占 33.9%, 较上年的 15 件增加 5 件, 办结率 100%."""

from collections.abc import Iterator
from decimal import Decimal

from xlcheck.core.text.claim import Claim
from xlcheck.core.text.context import REQUEST, Context
from xlcheck.core.text.numbers import Figure
from xlcheck.core.text.phrase import FOREIGN, Phrase
from xlcheck.core.text.ties import CountedThings, Span, Ties

STRANGE = 2  # letters that no word covers: a share of something else than what was counted last


def ratio(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A percentage, or a change against another year, of what was counted last."""
    ways, last = ties.lexicon.ways, context.last
    if context.topic == FOREIGN or not figure.exact or context.so_far.of_foreign:
        return
    full = figure.value == 100 and not figure.prior and not _holds(own, ways.due)
    if full and ways.rate.search(own.text):
        if not set(last.whats).issubset(ways.not_requests) if last else context.asking:
            yield from _rate(ties, figure, span, context.number)
    elif ways.rate.search(own.text) and not _holds(own, ways.due) and not figure.prior:
        yield from _part_done(ties, figure, span, last, context.number)
    elif own.whats and ways.share.search(own.text):
        yield from _own_share(ties, context, figure, own, span)
    elif last and not (own.who or own.outcomes):
        yield from _of_last(ties, context, figure, own, span, last)


def _part_done(ties: Ties, figure: Figure, span: Span, last: Claim | None, number: int) -> Iterator[Claim]:
    """办结率 95 %: what was answered, of what was received or of what there was to answer."""
    done = ties.named(ties.lexicon.ways.answered)
    if last and set(last.whats) <= {*REQUEST} and done:
        claim = ties.claim(figure, CountedThings(REQUEST, done), span, number)
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
        stated=(), or_else=(),
    )  # fmt: skip
    sign = _holds(own, ways.up) - _holds(own, ways.down)
    if ways.share.search(own.text) and not figure.prior and own.ahead + own.strange < STRANGE:
        yield new._replace(id=f"{last.id}%", kind="share")
    elif sign:
        yield new._replace(id=f"{last.id}>", kind="growth", value=figure.value * sign)


def _own_share(ties: Ties, context: Context, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
    """A share of a thing whose number is not given (予以公开占三成)."""
    whats, _ = context.things(own)
    patterns = tuple(p for what in whats if (p := ties.pattern(what, own.act)))
    meant = CountedThings(whats, patterns, next(iter(own.who), "total"))
    claim = ties.claim(figure, meant, span, context.number) if patterns else None
    if claim and not figure.prior:
        last = context.last
        of = last if last and set(whats) & set(last.whats) and not own.who else None
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
