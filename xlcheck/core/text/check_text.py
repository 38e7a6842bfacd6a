"""What is wrong in the text of a report: against the tables, against itself, and as a piece of writing."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from xlcheck.core.filing import Filing, figure_text, stated_values, year_before
from xlcheck.core.finding import Finding
from xlcheck.core.form import Form
from xlcheck.core.form_words import in_form_words, parts_of, table_called
from xlcheck.core.formula import Formula, Lookup
from xlcheck.core.text.arithmetic.enumerations import BadSum, bad_sums
from xlcheck.core.text.arithmetic.growth import bad_changes, lies_between
from xlcheck.core.text.arithmetic.partitions import Partition, partitions, unequal
from xlcheck.core.text.arithmetic.portions import bad_shares
from xlcheck.core.text.claims.claim import Claim, agrees, is_known, is_share
from xlcheck.core.text.claims.language import Language, claims_of_section
from xlcheck.core.text.prose.dates import misdated
from xlcheck.core.text.prose.private import private
from xlcheck.core.text.prose.style import style_findings
from xlcheck.core.text.words.lexicon import lexicon
from xlcheck.core.text.words.numbers import numerals
from xlcheck.core.text.words.sections import Narrative, Section, lay_out_sections
from xlcheck.data.claims import ChangeGrammar, Claims, PartsGrammar
from xlcheck.data.remarks import CopiedSentences, TextRemarks
from xlcheck.data.rules import Rule, TextCheck
from xlcheck.data.text import FigureWriting, TextSigns
from xlcheck.data.vocabulary import NAME

if TYPE_CHECKING:  # only a draft needs the report's blocks
    from xlcheck.core.blocks import Agreed


class TextRules(NamedTuple):
    """All that is needed to read a report's text, put together once; ``rules`` by their check."""

    language: Language
    parts: PartsGrammar
    changes: ChangeGrammar
    labels: Mapping[str, str]
    remarks: TextRemarks
    rules: Mapping[str, Rule]

    @property
    def signs(self) -> TextSigns:
        return self.language.numerals.signs


def read_words(text: FigureWriting, claims: Claims, remarks: TextRemarks, rules: Iterable[Rule]) -> TextRules:
    """Put together what data/text.toml, claims.toml and remarks.toml say, and the rules by their check."""
    language = Language(numerals(text), lexicon(claims))
    return TextRules(language, claims.parts, claims.changes, claims.labels, remarks, by_check(rules))


def by_check(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.check: rule for rule in rules if rule.check}


def read_texts(
    form: Form, filing: Filing, words: TextRules, entry: Lookup | None = None, last: Filing | None = None
) -> Iterator[Finding]:
    """Every finding in the text, section by section; ``entry`` gives the figures the rules see, and
    ``last`` is last year's filing, whose sentences are not to come again.

    ``at`` is the section, ``fields`` the cells compared, ``quote`` the words as the clerk wrote them.
    """
    here = lay_out_sections(form, filing, words.rules, words.language.numerals)
    comparison = Comparison(here, words, entry or filing.values.get, stated_values(form, filing).get)
    for section in here.named(["texts"]):
        every = claims_of_section(form, section, here.year, words.language, here.unit)
        claims = _of_the_year(section, every, here.year, words, here.unit)
        parted = [*partitions(section.reading, words.parts)]
        claims = (*claims, *_seasons(section, claims, parted))
        yield from comparison.findings(claims)
        odds = {odd.start: odd for odd in (*bad_sums(section.reading, words.parts), *unequal(parted))}
        if odds:
            agreeing = [c for c in claims if agrees(c.whole, comparison.entry)]
            yield from _lists(here, section, words, odds.values(), agreeing)
        yield from _changes(here, section, words)
        yield from _portions(here, section, claims, words)
        yield from _results(here, section, claims, words)
        if before := year_before(filing, last):
            yield from comparison.with_last(every, claims, before.values.get)
    yield from style_findings(here, words.remarks, words.language.numerals)
    yield from private(here, words.remarks.private)
    if last:
        yield from _copied(here, filing, last, words.remarks.copied)


def agreement(form: Form, filing: Filing, words: TextRules) -> Callable[[Mapping[str, Decimal]], int]:
    """How many figures of the text agree with the tables, were some of their cells changed."""
    here = lay_out_sections(form, filing, words.rules, words.language.numerals)
    sections = here.named(["texts"])
    every = (c for s in sections for c in claims_of_section(form, s, here.year, words.language, here.unit))
    claims = [c for c in every if c.kind == "count" and c.exact and c.year is None]

    def agreeing_once(changed: Mapping[str, Decimal]) -> int:
        return sum(bool(agrees(c, lambda name: changed.get(name, filing.values.get(name)))) for c in claims)

    return agreeing_once


def agreeing(form: Form, filing: Filing, words: TextRules, entry: Lookup) -> "Iterator[Agreed]":
    """The figures of the text that agree with the tables, each with the cells it was compared with."""
    from xlcheck.core.blocks import Agreed

    here = lay_out_sections(form, filing, words.rules, words.language.numerals)
    comparison = Comparison(here, words, entry, stated_values(form, filing).get)
    for section in here.named(["texts"]):
        for claim in claims_of_section(form, section, here.year, words.language, here.unit):
            if claim.kind == "count" and not claim.year and agrees(claim, entry, comparison.bases):
                figure = filing.texts[claim.at][claim.start : claim.end]
                yield Agreed(claim.at, claim.quote, figure, comparison.cells(claim))


class Comparison:
    """Compares claims with the tables, and says where and what.

    ``entry`` gives the figures as they should be, ``typed`` what stands in the cells.
    """

    def __init__(self, here: Narrative, words: TextRules, entry: Lookup, typed: Lookup) -> None:
        self.here, self.words, self.entry, self.typed = here, words, entry, typed
        bases = (words.language.cell(here.form, text) for text in words.language.lexicon.ways.bases)
        self.bases = tuple(filter(None, bases))

    def findings(self, claims: Sequence[Claim]) -> Iterator[Finding]:
        """A figure that differs, unless the same words of its sentence agree or add up (by part)."""
        ways = self.words.language.lexicon.ways
        wholes = [c.value for c in claims if c.kind == "count" and c.id in ways.wholes]
        bases: tuple[Formula | Decimal, ...] = (*self.bases, *dict.fromkeys(wholes))
        alike: dict[tuple[str, int], list[Claim]] = {}
        for claim in claims:
            alike.setdefault((f"{claim.kind} {claim.id}", claim.sentence), []).append(claim)
        for group in alike.values():
            if len(group) < 2 or not self._together(group):
                for claim in (c for c in group if agrees(c, self.entry, bases) is False):
                    if not (
                        self._covered(claim, group) or self._shown(claim) or self._explained(claim, claims)
                    ):
                        yield from self._finding(claim, bases)

    def _shown(self, claim: Claim) -> bool:
        """Whether a share is that of the figure right before it, of one told earlier in its sentence."""
        if claim.kind != "share":
            return False
        section = self.here.sections[claim.at]
        place, told = section.reading.at, section.reading.sentences[claim.sentence].figures
        before = [f.value for f in told if place[f.start] < claim.start and f.unit != claim.unit]
        return any(whole and is_share(before[-1], whole, claim.value) for whole in before[:-1])

    def _explained(self, claim: Claim, claims: Sequence[Claim]) -> bool:
        """Whether what agrees tells how it is meant: 100 % answered, of what was due, beside what is carried
        out; of a whole that may be others' too, the office's own (全系统 30 件，局机关 8 件)."""
        if claim.kind == claim.id == "rate" and claim.act:
            told = [c for c in claims if any((*f.cells,) == claim.fields for f in c.any)]
        else:
            alike = (c for c in claims if (c.sentence, c.pattern) == (claim.sentence, claim.pattern))
            told = [c for c in alike if c.scope and not (claim.sure or claim.scope or claim.who)]
        return any(c.kind == "count" and agrees(c, self.entry) for c in told)

    def _together(self, alike: list[Claim]) -> bool:
        total = alike[0]._replace(value=sum((c.value for c in alike), Decimal(0)), or_else=())
        return agrees(total, self.entry) is True

    def _covered(self, claim: Claim, alike: list[Claim]) -> bool:
        """Whether the same words agree with a greater figure of the sentence, of which this may be a part.

        What is told of 本级 alone is settled by any that agrees: then both numbers are told.
        """
        ways = self.words.language.lexicon.ways
        cases = {*claim.whats} <= {*ways.cases} and not claim.sure  # 复议 23 件，其中涉及信息公开 8 件
        # A reason beside its result is a row of its own: 重复申请不予处理 2 件，合计不予处理 6 件.
        likely = (c for c in alike if not (claim.or_else and claim.kind == "count" and not c.or_else))
        more = [c for c in likely if c.value > claim.value or claim.scope or cases]
        return any(agrees(c, self.entry) for c in more)

    def _finding(self, claim: Claim, bases: Sequence[Formula | Decimal]) -> Iterator[Finding]:
        figures = [
            figure_text(b) if isinstance(b, Decimal) else self._figure(b)
            for b in claim.bases or bases
            if isinstance(b, Decimal) or is_known(b, self.entry)
        ]
        words = {
            "stated": self._stated(claim),
            "cells": self.cells(claim, self.words.signs.stands),
            "part": figure_text(claim.of.value) if claim.of else self.cells(claim),
            "whole": self.words.signs.comma.join(dict.fromkeys(figures)),
        }
        reading = " ".join((claim.id, *(other.id for other in claim.or_else)))
        yield from self.here.find(_check(claim), claim.at, claim.quote, claim.fields, reading, **words)

    def with_last(self, every: Sequence[Claim], claims: Sequence[Claim], last: Lookup) -> Iterator[Finding]:
        """What is told of last year, and of the change since, against last year's tables."""
        before = Comparison(self.here, self.words, last, last)
        of_then = [c for c in every if c.year and self.here.year == c.year + 1 and c not in claims]
        of_then += [c._replace(kind="count") for c in claims if c.kind == "before"]
        for claim in of_then:
            if claim.kind == "count" and agrees(claim, last) is False:
                cells = self.words.signs.last.format(cells=before.cells(claim, self.words.signs.stands))
                told = {"stated": self._stated(claim), "cells": cells}
                yield from self.here.find(
                    "text_table_unsure", claim.at, claim.quote, claim.fields, claim.id, **told
                )
        ratios = self.words.language.lexicon.ways.ratios
        for claim in claims:
            points = claim.unit in ratios and claim.unit not in ("%", self.words.changes.times)
            if claim.kind == "growth" and not points and (claim.of is None or claim.of.kind == "count"):
                yield from self._grown(claim, last)

    def _grown(self, claim: Claim, last: Lookup) -> Iterator[Finding]:
        """A change against last year that its tables do not make."""
        times, told, at = self.words.changes.times, claim.value, (claim.at, claim.quote)
        pairs = [pair for each in (claim, *claim.or_else) for pair in self._both_years(each, last)]
        if pairs and not any(lies_between(*pair, told, claim.unit, times) for pair in pairs):
            yield from _bad_change(self.here, self.words, *at, *pairs[0], told, claim.unit in ("%", times))

    def _both_years(self, claim: Claim, last: Lookup) -> Iterator[tuple[Decimal, Decimal]]:
        """What a change is of, this year and last, by each of its readings."""
        for formula in claim.any:
            if is_known(formula, last) and (claim.of or is_known(formula, self.entry)):
                now = claim.of.value if claim.of else Decimal(formula.value(self.entry))
                yield now, Decimal(formula.value(last))

    def _stated(self, claim: Claim) -> str:
        """What the words say, in figures that stand in them: no sum of ours, no 0 for 没有."""
        if claim.absent:
            return self.words.language.lexicon.ways.absent
        return self.words.signs.plus.join(map(figure_text, claim.stated or (claim.value,)))

    def cells(self, claim: Claim, each: str = "") -> str:
        """The cells as they stand; of sums that come to the same figure only the likeliest is named.

        ``each`` is how one is told: its table, its name, and what stands there.
        """
        known = [(f, self._figure(f)) for f in claim.any if is_known(f, self.entry)]
        figures = [figure for _, figure in known]
        alone = all(len(f.cells) == 1 for f, _ in known)
        likely = [pair for n, pair in enumerate(known) if alone or pair[1] not in figures[:n]]
        told = (
            (each or self.words.signs.named).format(table=self._table(f), name=self._name(f), figure=figure)
            for f, figure in likely[:4]
        )
        return self.words.signs.comma.join(told)

    def _figure(self, formula: Formula) -> str:
        """What an expression comes to; with what its cells come to now, where they are still to be mended."""
        figure, signs = figure_text(Decimal(formula.value(self.entry))), self.words.signs
        if all(self.entry(cell) == self.typed(cell) for cell in formula.cells):
            return figure
        if not is_known(formula, self.typed):
            return signs.unfilled.format(figure=figure)
        return signs.mended.format(figure=figure, was=figure_text(Decimal(formula.value(self.typed))))

    def _table(self, formula: Formula) -> str:
        """What the table of an expression's first cell is called: 表二."""
        form = self.here.form
        tables = (form.fields[cell].table for cell in formula.cells if cell in form.fields)
        return next((table_called(form, table) for table in tables), "")

    def _name(self, formula: Formula) -> str:
        """What an expression adds up: （一）予以公开 · 总计＋（二）部分公开 · 总计."""
        signs, added, *taken = self.words.signs, *re.split(" - ", formula.text)
        parts = (signs.plus.join(map(self._label, re.findall(NAME, part))) for part in (added, *taken))
        return signs.minus.join(parts)

    def _label(self, name: str) -> str:
        """A cell or a row of cells, in the form's own words."""
        form, labels = self.here.form, self.words.labels
        if name in form.fields:
            return form.fields[name].place
        if name in labels:
            return in_form_words(form, labels[name])
        row, _, column = name.rpartition(".")
        first = form.fields[form.members(name)[0]]
        side = in_form_words(form, labels.get(row.partition(".")[2], first.row.short or first.row.label))
        return form.between.join((side, in_form_words(form, labels.get(column, first.column.label))))


def _check(claim: Claim) -> TextCheck:
    """Which rule a claim that does not agree breaks."""
    match claim.kind:
        case "rate":
            return "text_rate"
        case "share":
            return "text_share"
    return "text_scope" if claim.scope else "text_table" if claim.sure else "text_table_unsure"


def _of_the_year(
    section: Section, claims: Sequence[Claim], year: int | None, words: TextRules, unit: str
) -> tuple[Claim, ...]:
    """Figures of another year only where the year itself is told to be wrong: they are this year's then."""
    if year is None or not any(claim.year for claim in claims):
        return tuple(claims)
    how, numerals = words.remarks, words.language.numerals
    wrong = [start for start, _, _ in misdated(section, year, how, unit, numerals)]
    sentences = section.reading.sentences
    told = {n for n, s in enumerate(sentences) if any(s.start <= start < s.end for start in wrong)}
    return tuple(claim for claim in claims if not claim.year or claim.sentence in told)


def _lists(
    here: Narrative, section: Section, words: TextRules, odds: Iterable[BadSum], agreeing: Sequence[Claim]
) -> Iterator[Finding]:
    """Wholes that their parts do not make, but where each agrees with a table: 收到 5 件, and 6 answered."""
    asked = words.language.lexicon.roles.asked
    for odd in odds:
        start, end = section.reading.place(odd.start, odd.end)
        inside = [c for c in agreeing if start <= c.start < end and c.kind == "count"]
        known = Counter(c.value for c in inside if c.whats != asked)
        exact = Counter(c.value for c in agreeing if start <= c.start < end)
        if odd.guessed and Counter(odd.parts) <= exact:
            continue
        received = any(c.value == odd.whole for c in inside if c.whats == asked)
        if received and Counter(odd.parts) <= known:
            continue
        some = sum(odd.parts) < odd.whole and any(c.value == odd.whole for c in inside if not c.who)
        if some and Counter(odd.parts) <= Counter(c.value for c in inside if c.who):
            continue  # 不予公开 9 件（自然人 4 件、商业企业 1 件）
        last = [c for c in agreeing if start <= c.start < end][-1:]
        if odd.left_over and any(c.value == odd.parts[-1] for c in last):  # a figure of the tables itself
            continue
        parts = words.signs.plus.join(map(figure_text, odd.parts))
        total, whole = figure_text(sum(odd.parts, Decimal(0))), figure_text(odd.whole)
        quote = section.quote(odd.start, odd.end)
        yield from here.find("text_parts", section.at, quote, whole=whole, parts=parts, sum=total)


def _seasons(section: Section, claims: Sequence[Claim], parted: Iterable[Partition]) -> Iterator[Claim]:
    """The year's figure that quarters, halves and the like make, where the text does not tell it."""
    for one in parted:
        start, end = section.reading.place(*one.span)
        first = next((c for c in claims if c.start >= start), None)
        if one.whole is None and first and first.start == start and first.kind in ("count", "part"):
            stated, quote = tuple(part.value for part in one.parts), section.quote(*one.span)
            year = first._replace(id=first.pattern, kind="count", sure=False, or_else=(), of=None)
            yield year._replace(value=one.sum, stated=stated, end=end, quote=quote)


def _changes(here: Narrative, section: Section, words: TextRules) -> Iterator[Finding]:
    """A change told that the figures beside it do not make: a sum, or a share of the other year's."""
    for odd in bad_changes(section.reading, here.year, words.changes):
        quote = section.quote(odd.start, odd.end)
        yield from _bad_change(here, words, section.at, quote, odd.now, odd.before, odd.told, odd.in_percent)


def _portions(
    here: Narrative, section: Section, claims: Sequence[Claim], words: TextRules
) -> Iterator[Finding]:
    """A share that the part and the whole beside it do not make, where no table has been asked."""
    asked = {claim.end for claim in claims if claim.kind == "share"}
    for odd in bad_shares(section.reading, words.parts):
        start, end = section.reading.place(odd.start, odd.end)
        if end not in asked:
            part, whole = figure_text(odd.part), figure_text(odd.whole)
            yield from here.find("text_share", section.at, section.raw[start:end], part=part, whole=whole)


def _bad_change(
    here: Narrative, words: TextRules, at: str, quote: str, now: Decimal, before: Decimal, told: Decimal,
    ratio: bool,
) -> Iterator[Finding]:  # fmt: skip
    less, more = sorted((now, before))
    if ratio:
        part, whole = figure_text(more - less), figure_text(before)
        yield from here.find("text_share", at, quote, part=part, whole=whole)
    else:
        parts = words.signs.plus.join((figure_text(less), figure_text(abs(told))))
        total = figure_text(less + abs(told))
        yield from here.find("text_parts", at, quote, whole=figure_text(more), parts=parts, sum=total)


def _results(
    here: Narrative, section: Section, claims: Sequence[Claim], words: TextRules
) -> Iterator[Finding]:
    """Where a text gives all kinds of results, and how many were answered: they add up, or not."""
    counts = [c for c in claims if c.exact and not c.or_else]  # no results of some applicants only
    whole = next((c for c in counts if c.id == words.parts.whole), None)
    kinds = parts_of(here.form, words.parts.sum) if here.form.has(words.parts.sum) else ()
    parts = {c.id: c for c in counts if c.kind == "count" and set(kinds).issuperset(c.id.split("+"))}
    covered = [kind for name in parts for kind in name.split("+")]
    total = sum((c.value for c in parts.values()), Decimal(0))
    if whole and kinds and sorted(covered) == sorted(kinds) and total != whole.value:
        added = words.signs.plus.join(figure_text(c.value) for c in parts.values())
        answered = figure_text(whole.value)
        yield from here.find(
            "text_results", section.at, whole.quote, parts=added, sum=figure_text(total), whole=answered
        )


def _copied(here: Narrative, filing: Filing, last: Filing, how: CopiedSentences) -> Iterator[Finding]:
    from xlcheck.core.text.prose.copied import copied  # most checks have no text of last year's

    for same in copied(filing.texts, last.texts, how):
        if same.share >= how.share:
            quote = same.sentence[: how.quoted]
            yield from here.find("copied", same.at, quote, share=round(100 * same.share))
