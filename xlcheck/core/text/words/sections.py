"""The texts of a filing laid out for reading, and the findings written about them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from xlcheck.core.filing import Filing
from xlcheck.core.finding import Finding
from xlcheck.core.form import Form
from xlcheck.core.form_words import texts_of
from xlcheck.core.text.words.numbers import LaidOutText, Numerals, lay_out
from xlcheck.data import Pattern
from xlcheck.data.rules import Rule, TextCheck


class Section(NamedTuple):
    """One text of the report: where it stands, as written, and laid out."""

    at: str
    raw: str
    reading: LaidOutText

    @property
    def words(self) -> str:
        return self.reading.words

    def has(self, words: Iterable[str]) -> bool:
        return has_any(self.words, words)

    def matches(self, pattern: Pattern, holds: tuple[str, ...] = ()) -> Iterator[re.Match[str]]:
        """Where a pattern fits; it need not be tried where none of the words stands that a match holds."""
        return pattern.finditer(self.words) if not holds or self.has(holds) else iter(())

    def sentence(self, start: int) -> int:
        """The number of the sentence that a place lies in."""
        return sum(sentence.end <= start for sentence in self.reading.sentences)

    def quote(self, start: int, end: int) -> str:
        """The words between two places as the clerk wrote them."""
        a, b = self.reading.place(start, end)
        return self.raw[a:b].strip()


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in a text."""
    return any(word in text for word in words)


class Narrative(NamedTuple):
    """What the checks of the text look at: the filing, its form, its sections, and the rules by check."""

    form: Form
    filing: Filing
    year: int | None
    sections: Mapping[str, Section]
    rules: Mapping[str, Rule]

    @property
    def unit(self) -> str:
        return (self.filing.unit or "").strip()

    def named(self, names: Iterable[str]) -> list[Section]:
        """The sections of these names that have a text; ``texts`` are all that the form has of its own."""
        own = {"texts": texts_of(self.form)}
        every = (one for name in names for one in own.get(name, (name,)))
        return [self.sections[name] for name in every if name in self.sections]

    def find(
        self,
        check: TextCheck,
        at: str,
        quote: str = "",
        fields: tuple[str, ...] = (),
        reading: str = "",
        **words: Any,
    ) -> Iterator[Finding]:
        """A finding by the rule of that check, if it is in force; ``words`` fill its sentence."""
        rule = self.rules.get(check)
        if rule is None or not rule.since <= (self.year or self.form.first_year) <= rule.until:
            return
        brief = "".join(quote.split())
        message = rule.message.format(quote=brief, report=self.year, **words)
        advice = rule.advice.format(report=self.year, **words) if "{" in rule.advice else rule.advice
        answer = self.filing.answers.get(rule.id, "") if rule.takes_answer else ""
        yield Finding(
            rule.id, rule.severity, at, message, advice, fields, quote=quote, answer=answer, reading=reading
        )


def lay_out_sections(form: Form, filing: Filing, rules: Mapping[str, Rule], how: Numerals) -> Narrative:
    texts = {at: text for at in form.texts if (text := filing.texts.get(at)) and text.strip()}
    known = isinstance(filing.year, Decimal) and 0 < filing.year < 10_000 and filing.year % 1 == 0
    year = filing.year if known else None
    sections = {at: Section(at, text, lay_out(text, how)) for at, text in texts.items()}
    return Narrative(form, filing, int(year) if year is not None else None, sections, rules)
