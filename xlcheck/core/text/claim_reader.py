"""The claims of a section: each figure tied by the words beside it, or left alone.

A figure is tied by the words of its own clause, in the order people write (收到申请 5 件 · 5 件申请); what
it leaves out is taken from the clause before (其中自然人 3 件). Words the lexicon does not know make a
claim unsure; things that no table counts (咨询, 提案, 信息条数, 信息处理费) end it.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.formula import Formula
from xlcheck.core.text.claim import Claim
from xlcheck.core.text.context import DOCUMENT_ACTS, REQUEST, Context, Things
from xlcheck.core.text.lexicon import Lexicon
from xlcheck.core.text.numbers import Figure, Numerals, Sentence, lay_out
from xlcheck.core.text.phrase import FOREIGN, Phrase, Stretch, stretch, things
from xlcheck.core.text.ratios import ratio, states
from xlcheck.core.text.sections import Section
from xlcheck.core.text.ties import CountedThings, Span, Ties, cell_expression, known_expression, usual

# How many letters no word of the lexicon covers may stand between a thing and its figure.
STRANGE, STRANGE_BY_ACT, STRANGE_IN_ABSENCE = 8, 3, 4


class ClaimReader:
    """Reads one section, sentence by sentence."""

    def __init__(self, ties: Ties) -> None:
        self.ties, self.ways = ties, ties.lexicon.ways
        self.reading = ties.section.reading
        self.context = Context(self.reading, self.ways)

    def claims(self) -> Iterator[Claim]:
        for sentence in self.reading.sentences:
            self.context.enter(sentence)
            if sentence.figures:
                yield from map(self.context.add, self._sentence(sentence))

    def _sentence(self, sentence: Sentence) -> Iterator[Claim]:
        figures, words = sentence.figures, self.reading.words
        starts = [sentence.start, *(f.end for f in figures)]
        ends = [*(f.start for f in figures), sentence.end]
        parts = [stretch(words, a, max(a, b), self.ties.lexicon) for a, b in zip(starts, ends, strict=True)]
        for figure, before, after in zip(figures, parts, parts[1:], strict=False):
            yield from states(self.ties, self.context, before.tokens, figure)
            yield from self._figure(figure, before, after)
        yield from states(self.ties, self.context, parts[-1].tokens, figures[-1])

    def _figure(self, figure: Figure, before: Stretch, after: Stretch) -> Iterator[Claim]:
        start, end = before.clause()
        own = before.phrase(start, end)
        if figure.about:
            yield from self._absence(figure)
        elif figure.unit in self.ways.ratios or figure.prior:
            yield from ratio(self.ties, self.context, figure, own, (start, figure.end))
        elif figure.unit in self.ways.units or figure.unit in self.ways.money:
            behind = after.phrase(figure.end, after.until(), after=True) if not own.has_thing else Phrase()
            if behind.has_thing:  # 5 件申请
                yield from self._count(figure, own.and_then(behind), (start, after.until()))
                return
            if not own.has_thing:  # 申请，共 5 件
                start, end = before.goes_on(start)
                own = own.and_then(before.phrase(start, end))
            yield from self._count(figure, own, (start, figure.end))

    def _count(self, figure: Figure, own: Phrase, span: Span) -> Iterator[Claim]:
        whats, sure = self.context.things(own)
        if not whats:
            unknown = own.foreign or own.strange > 1
            self.context.topic = FOREIGN if unknown else self.context.topic
            return
        by_act = whats[0] in self.ways.by_act
        sure = sure and not self._doubted(figure, whats, own)
        if by_act and not own.act and self.context.act:
            own = own._replace(acts=(self.context.act,))
        self.context.act = own.act or self.context.act
        if own.act == "foreign_act" and (by_act or whats[0] == "request"):
            return
        if whats[0] in self.ways.documents and figure.unit not in self.ways.document_units:
            return
        whole = any(word in own.text for word in self.ways.whole)
        if whats[0] == "request" and "part" in own.part and not whole:
            return
        if own.strange <= (STRANGE_BY_ACT if by_act else STRANGE) and not (own.part and own.strange > 1):
            for each in [whats] if figure.value else [(what,) for what in whats]:
                yield from self._claim(figure, each, own, span, sure)

    def _doubted(self, figure: Figure, whats: Things, own: Phrase) -> bool:
        """Whether a part, unknown words, a list of websites' items or a manner of speaking leave doubt."""
        before, ways = self.context.claims, self.ways
        listed = self.context.topic == FOREIGN and whats[0] in ways.by_act and not own.acts
        cases = not own.acts and set(whats).issubset(ways.cases)
        follows = bool(before) and cases and not before[-1].sure
        saying = figure.value == 1 and not self.reading.words[figure.start].isdigit()  # 办好一件申请
        given = (
            own.whats == REQUEST and not own.acts and not own.who and bool(figure.value)
        )  # 依申请公开信息 9 条
        both = len(set(own.acts).intersection(DOCUMENT_ACTS)) > 1  # 新增现行有效 2 件
        unclear = own.part or own.strange or both or not figure.exact
        return bool(unclear or listed or follows or saying or given)

    def _absence(self, figure: Figure) -> Iterator[Claim]:
        """A word of absence: each thing it reaches is 0, unless only some of it is spoken of."""
        if figure.prior or self.ties.other_year(figure):
            return
        span = (figure.start, figure.end)
        here = stretch(self.reading.words, *span, self.ties.lexicon)
        reach = here.phrase(*span)
        run = things(here)
        if not run and reach.act == "carry" and self.context.asked and not reach.strange:
            run = ("request",)
        if reach.strange <= STRANGE_IN_ABSENCE and len(reach.who) < 2:
            for what in dict.fromkeys(w for w in run if w != FOREIGN):
                whats, sure = self.context.things(reach._replace(whats=(what,)))
                yield from self._claim(figure, whats, reach, span, sure and not (reach.strange or reach.part))

    def _claim(self, figure: Figure, whats: Things, own: Phrase, span: Span, sure: bool) -> Iterator[Claim]:
        several = len(set(own.who)) > 1 or len(set(own.outcomes)) > 1
        if several or (self.ties.other_year(figure) and own.act != "carry"):
            return
        when = own.when or self.ties.when(own.text)
        patterns = tuple(p for what in whats if (p := self.ties.pattern(what, own.act, when)))
        # A body that decides reviews counts them too: without a word of disclosure they are not ours.
        elsewhere = any(p.context for p in patterns) and not (self.context.near or self.context.asked)
        if len(patterns) < len(whats) or (elsewhere and own.acts):
            return
        meant = CountedThings(whats, patterns, next(iter(own.who), "total"), next(iter(own.outcomes), ""))
        claim = self.ties.claim(figure, meant, span, self.context.number)
        again = claim and claim.id in {c.id for c in self.context.claims} and (own.part or own.strange)
        if claim and not again:
            certain = sure and not elsewhere and all(p.sure for p in patterns)
            yield claim._replace(sure=certain, scope=own.scope)


class Language(NamedTuple):
    """How a report speaks: its numerals and words, and what is parsed of one edition's expressions."""

    numerals: Numerals
    lexicon: Lexicon
    expressions: Mapping[str, Formula | None] = {}

    def cell(self, form: Form, text: str) -> Formula | None:
        """An expression of cells; None where this edition of the form has no such cell."""
        return self.expressions[text] if text in self.expressions else known_expression(form, text)

    def for_edition(self, form: Form) -> "Language":
        """The same with what most texts compare parsed, nothing worked out, so that it can be kept."""
        return self._replace(expressions={text: cell_expression(form, text) for text in usual(self.lexicon)})


def claims_of_texts(
    form: Form, texts: Mapping[str, str], year: int | None, how: Language
) -> tuple[Claim, ...]:
    """Every claim of the texts by section, in reading order; figures of other years are left out."""
    sections = (Section(at, text, lay_out(text, how.numerals)) for at, text in texts.items())
    return tuple(claim for section in sections for claim in claims_of_section(form, section, year, how))


def claims_of_section(form: Form, section: Section, year: int | None, how: Language) -> tuple[Claim, ...]:
    """The claims of one section already laid out."""
    return tuple(ClaimReader(Ties(section, year, how.lexicon, partial(how.cell, form))).claims())
