"""What is wrong in the text of a report: against the tables, against itself, and as a piece of writing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlcheck.core.blocks import Agreed
from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.finding import Finding
from xlcheck.core.form import Form
from xlcheck.core.formula import Formula, Lookup
from xlcheck.core.rules import Rule
from xlcheck.core.text.claim import Claim, agrees, is_known
from xlcheck.core.text.claim_reader import CellExpressions, Language, cells_of, claims_of_section
from xlcheck.core.text.copied import copied
from xlcheck.core.text.enumerations import ListGrammar, bad_sums, list_grammar
from xlcheck.core.text.lexicon import lexicon
from xlcheck.core.text.numbers import numerals
from xlcheck.core.text.private import private
from xlcheck.core.text.sections import Narrative, Section, lay_out_sections
from xlcheck.core.text.style import remarks

TOLD = ("s1", "s5", "s6")  # the sections that tell figures of the year


class TextRules(NamedTuple):
    """All that is needed to read a report's text, compiled once a process."""

    language: Language
    lists: ListGrammar
    labels: Mapping[str, str]
    results: Mapping[str, Any]
    remarks: Mapping[str, Any]
    rules: Mapping[str, Rule]


def read_words(
    text: Mapping[str, Any], claims: Mapping[str, Any], remarks: Mapping[str, Any], rules: Iterable[Rule]
) -> TextRules:
    """Compile data/text.toml, claims.toml and remarks.toml; ``rules`` are those of rules_text.toml."""
    return TextRules(
        Language(numerals(text), lexicon(claims)),
        list_grammar(claims["parts"]),
        claims["labels"],
        claims["parts"],
        remarks,
        {rule.check: rule for rule in rules if rule.sheet == "text" and rule.check},
    )


def read_texts(
    form: Form, filing: Filing, words: TextRules, entry: Lookup | None = None, last: Filing | None = None
) -> Iterator[Finding]:
    """Every finding in the text, section by section; ``entry`` gives the figures the rules see, and
    ``last`` is last year's filing, whose sentences are not to come again.

    ``at`` is the section, ``fields`` the cells compared, ``quote`` the words as the clerk wrote them.
    """
    here = lay_out_sections(form, filing, words.rules, words.language.numerals)
    cells = cells_of(form)
    for at in TOLD:
        if section := here.sections.get(at):
            told = claims_of_section(section, here.year, words.language, cells)
            yield from _Comparison(here, words, cells, entry or _stated(filing)).findings(told)
            yield from _lists(here, section, words)
            yield from _results(here, at, told, words)
    yield from remarks(here, words.remarks, words.language.numerals)
    yield from private(here, words.remarks["private"])
    if last:
        yield from _copied(here, filing, last, words.remarks["copied"])


def agreeing(form: Form, filing: Filing, words: TextRules, entry: Lookup) -> Iterator[Agreed]:
    """The figures of the text that agree with the tables, each with the cells it was compared with."""
    here = lay_out_sections(form, filing, words.rules, words.language.numerals)
    cells = cells_of(form)
    table = _Comparison(here, words, cells, entry)
    for section in (here.sections[at] for at in TOLD if at in here.sections):
        for claim in claims_of_section(section, here.year, words.language, cells):
            if claim.kind == "count" and agrees(claim, entry, table.bases):
                figure = filing.texts[claim.at][claim.start : claim.end]
                yield Agreed(claim.at, claim.quote, figure, table.cells(claim))


def _copied(here: Narrative, filing: Filing, last: Filing, how: Mapping[str, Any]) -> Iterator[Finding]:
    for same in copied(filing.texts, last.texts, tuple(how["sections"])):
        if same.share >= how["share"]:
            quote = same.sentence[: how["quoted"]]
            yield from here.find("copied", same.at, quote, share=round(100 * same.share))


def _stated(filing: Filing) -> Lookup:
    return filing.values.get


class _Comparison:
    """Compares claims with the tables, and says where and what."""

    def __init__(self, here: Narrative, words: TextRules, cells: CellExpressions, entry: Lookup) -> None:
        self.here, self.words, self.entry = here, words, entry
        bases = words.language.lexicon.ways.bases
        self.bases = tuple(f for text in bases if (f := cells.formula(text)))

    def findings(self, told: Sequence[Claim]) -> Iterator[Finding]:
        """A figure that differs, unless the same words of its sentence agree or add up (by part)."""
        wholes = [c.value for c in told if c.kind == "count" and c.id in ("received", "handled", "new")]
        bases: tuple[Formula | Decimal, ...] = (*self.bases, *dict.fromkeys(wholes))
        alike: dict[tuple[str, int], list[Claim]] = {}
        for claim in told:
            alike.setdefault((claim.id, claim.sentence), []).append(claim)
        for claims in alike.values():
            if len(claims) < 2 or not self._together(claims):
                for claim in (c for c in claims if agrees(c, self.entry, bases) is False):
                    yield from self._finding(claim, bases)

    def _together(self, alike: list[Claim]) -> bool:
        total = alike[0]._replace(value=sum((c.value for c in alike), Decimal(0)))
        return agrees(total, self.entry) is True or any(agrees(c, self.entry) for c in alike)

    def _finding(self, claim: Claim, bases: Sequence[Formula | Decimal]) -> Iterator[Finding]:
        doubt = "text_scope" if claim.scope else "text_table" if claim.sure else "text_table_unsure"
        check = _CHECKS.get(claim.kind) or doubt
        figures = [
            b if isinstance(b, Decimal) else b.value(self.entry)
            for b in bases
            if isinstance(b, Decimal) or is_known(b, self.entry)
        ]
        told = {
            "stated": figure_text(claim.value),
            "cells": self.cells(claim),
            "part": figure_text(claim.of.value) if claim.of else self.cells(claim),
            "whole": _AND.join(dict.fromkeys(map(figure_text, figures))),
        }
        yield from self.here.find(check, claim.at, claim.quote, claim.fields, **told)

    def cells(self, claim: Claim) -> str:
        """The cells as they stand; of sums that come to the same figure only the likeliest is told."""
        told = [(f, figure_text(Decimal(f.value(self.entry)))) for f in claim.any if is_known(f, self.entry)]
        values = [value for _, value in told]
        alone = all(len(f.cells) == 1 for f, _ in told)
        kept = [pair for n, pair in enumerate(told) if alone or pair[1] not in values[:n]]
        return _AND.join(f"{expression_name(f, self)} {value}" for f, value in kept[:4])

    def label(self, name: str) -> str:
        """A cell or a row of cells, in the form's own words."""
        form, labels = self.here.form, self.words.labels
        if name in form.fields:
            return form.fields[name].place
        if name in labels:
            return labels[name]
        row, _, column = name.rpartition(".")
        first = form.fields[form.members(name)[0]]
        side = labels.get(row.partition(".")[2]) or first.row.short or first.row.label
        return f"{side} · {labels.get(column) or first.column.label}"


_CHECKS = {"rate": "text_rate", "share": "text_share"}
_AND, _PLUS = "、", "＋"
_NAME = re.compile(r"t\d(?:\.\w+)+")


def expression_name(formula: Formula, table: _Comparison) -> str:
    """Name what an expression adds up: （一）予以公开 · 总计＋（二）部分公开 · 总计."""
    return _PLUS.join(table.label(name) for name in _NAME.findall(formula.text))


def _lists(here: Narrative, section: Section, words: TextRules) -> Iterator[Finding]:
    for odd in bad_sums(section.reading, words.lists):
        parts = _PLUS.join(map(figure_text, odd.parts))
        total = figure_text(sum(odd.parts, Decimal(0)))
        quote = section.quote(odd.start, odd.end)
        yield from here.find(
            "text_parts", section.at, quote, whole=figure_text(odd.whole), parts=parts, sum=total
        )


def _results(here: Narrative, at: str, told: Sequence[Claim], words: TextRules) -> Iterator[Finding]:
    """All kinds of results told, and how many answered: they add up, or not."""
    whole = next((c for c in told if c.id == words.results["whole"] and c.exact), None)
    kinds = set(words.results["sum"])
    parts = {c.id: c for c in told if c.kind == "count" and c.exact and kinds.issuperset(c.id.split("+"))}
    covered = [kind for name in parts for kind in name.split("+")]
    total = sum((c.value for c in parts.values()), Decimal(0))
    if whole and sorted(covered) == sorted(kinds) and total != whole.value:
        said = _PLUS.join(figure_text(c.value) for c in parts.values())
        yield from here.find(
            "text_results",
            at,
            whole.quote,
            parts=said,
            sum=figure_text(total),
            whole=figure_text(whole.value),
        )
