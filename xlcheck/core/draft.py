"""The narrative drafted from the cells: what the figures of a filing say, in the sentences of draft.toml."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property, partial
from typing import Any

from xlcheck.core.expression import parse
from xlcheck.core.filing import Filing, entry_text, figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.form_words import heading_of, leaves_of, plain_label
from xlcheck.core.formula import Entry, Formula
from xlcheck.core.grid import NotInForm
from xlcheck.core.heading_parts import Part, parts_there
from xlcheck.core.rulebook import members_of
from xlcheck.core.rules import COVER, LAST
from xlcheck.data.draft import EACH, FILLED, DraftClause, DraftParagraph, DraftWords, Listing, OwnName

PERCENT, TENTH = Decimal(100), Decimal("0.1")


class Unsaid(Exception):
    """A clause needs a cell that is blank."""


def drafted_texts(
    figures: "DraftFigures", missing: Collection[str], limits: Mapping[str, int]
) -> dict[str, str]:
    """The texts of a filing with what its cells say written where nothing stands.

    Of a text that has words of the clerk's only the ``missing`` aspects are added, below them; what can be
    spared is, where a text would be longer than its limit in letters. A sentence says only what the cells and
    the cover say; what they do not say stands as a blank that the check refuses.
    """
    words, texts = figures.words, dict(figures.filing.texts)
    for text in dict.fromkeys(p.text for p in words.paragraph if p.text in figures.form.texts):
        mine = [p for p in words.paragraph if p.text == text]
        own = (texts.get(text) or "").strip()
        wanted = [p for p in mine if p.aspect in missing] if own else mine
        for spared in (0, *range(1, 1 + max((figures.spare(p) for p in wanted), default=0))):
            said = [*_paragraphs(figures, wanted, len(mine) - len(wanted), spared)]
            whole = "\n".join([own, words.added, *said] if own else said)
            if len(whole) <= limits.get(text, len(whole)):
                break
        if said:
            texts[text] = whole
    return texts


def leads(figures: "DraftFigures") -> dict[str, str]:
    """What can be said under the heading of each table, by the table: what its cells amount to together."""
    said = ((lead.table, "".join(map(figures.said, lead.clause))) for lead in figures.words.lead)
    return {table: text for table, text in said if text and table in figures.form.tables}


def newly_written(form: Form, before: Filing, after: Filing, blank: str) -> tuple[list[str], int]:
    """The texts that a draft wrote, by name, and how many blanks are left in them."""
    new = [text for text in form.texts if after.texts.get(text) != before.texts.get(text)]
    return new, sum(after.texts[text].count(blank) for text in new)


def _paragraphs(
    figures: "DraftFigures", wanted: Iterable[DraftParagraph], before: int, spared: int
) -> Iterator[str]:
    """What can be said of each, under its heading; ``before`` aspects stand before; ``spared`` go."""
    words, numerals = figures.words, figures.form.words.numerals
    for number, paragraph in enumerate(wanted, before + 1):
        said = "".join(figures.said(clause, spared) for clause in paragraph.clause)
        if said and paragraph.aspect:
            said = words.heading.format(number=numerals[number], aspect=paragraph.aspect) + said
        if said:
            yield said


class DraftFigures:
    """What a filing's cells hold, this year's and last year's, and the clauses that can be said of them.

    ``preface`` is what a report without one is given.
    """

    def __init__(
        self, form: Form, words: DraftWords, filing: Filing, last: Filing | None, preface: str
    ) -> None:
        self.form, self.words, self.filing = form, words, filing
        before = {f"{LAST}{name}": entry for name, entry in last.values.items()} if last else {}
        self.entries: Mapping[str, Entry] = {**stated_values(form, filing), **before}
        unit, year = (filing.unit or "").strip(), entry_text(filing.year)
        we = _own_name(words.we, filing.kind or "", unit)
        self.given = {"unit": unit, "year": year, "we": we, "preface": preface}

    @cached_property
    def chosen(self) -> int:
        """Which of several wordings: the figures choose, so that not all units say the same."""
        return int(sum(entry for entry in self.entries.values() if isinstance(entry, Decimal)))

    def spare(self, paragraph: DraftParagraph) -> int:
        """How many words can be left out, one by one, before nothing is left of what can be spared."""
        return max((len(self._words(clause)) for clause in paragraph.clause if clause.spare), default=0)

    def said(self, clause: DraftClause, spared: int = 0) -> str:
        """What a clause says, for each of its words; nothing where it cannot be said.

        Of what is ``spare`` it leaves out so many words from the last.
        """
        words = self._words(clause)
        said = clause.joint.join(self._each(clause, words[: len(words) - spared] if clause.spare else words))
        for apart, joined in self.words.joined.items():
            said = said.replace(apart, joined)
        return clause.frame.format(said=said) if said else ""

    def _words(self, clause: DraftClause) -> tuple[str, ...]:
        return leaves_of(self.form, clause.every) if clause.every else clause.each or (EACH,)

    def _each(self, clause: DraftClause, words: Iterable[str]) -> Iterator[str]:
        for word in words:
            say = clause.say[self.chosen % len(clause.say)].replace(EACH, word)
            try:
                if not clause.when or self._value(clause.when.replace(EACH, word)):
                    yield re.sub(FILLED, lambda found: self._filled(found[1]), say)
            except (Unsaid, NotInForm):
                continue

    def _value(self, text: str) -> Any:
        """An expression of the rule language worked out. Raises Unsaid where a cell it needs is blank."""
        formula = _formula(self.form, text)
        if any(not isinstance(self.entries.get(name), Decimal) for name in formula.needs):
            raise Unsaid
        return formula.value(lambda name: self.entries.get(name, self.filing.word(name)))

    def _filled(self, name: str) -> str:
        """What stands for one pair of braces."""
        kind, _, of = name.partition(":")
        if kind in self.words.lists:
            return self._list(self.words.lists[kind], of)
        if of:
            return self._heading(of)
        if name in self.words.ratios:
            part, whole = map(self._value, self.words.ratios[name])
            return f"{figure_text((part * PERCENT / whole).quantize(TENTH, ROUND_HALF_UP))}%"
        said = self.given[name] if name in self.given else entry_text(self._value(name))
        if not said:
            raise Unsaid
        return said

    def _list(self, listing: Listing, of: str) -> str:
        """The parts of a heading that are not 0; ``of`` is put for X. Raises Unsaid where too few are."""
        cells, whole = (cell.replace(EACH, of) for cell in (listing.cells, listing.whole))
        parts = [*self._parts(listing, cells, whole)]
        if len(parts) < listing.least:
            raise Unsaid
        alone = listing.only if sum(part.figure for part in parts) > 1 else listing.one
        if len(parts) == 1 and alone:
            how = self.words.list.alone if parts[0].parts else self.words.list.label
            return alone.format(item=self._written(listing, parts[0], how))
        return listing.many.format(items=self._joined(listing, parts))

    def _parts(self, listing: Listing, cells: str, whole: str) -> Iterator[Part]:
        """The parts that a list names; where a ``whole`` is told, only those that are all of it."""
        for part in parts_there(self.form, listing.of, partial(self._sum, cells), leaves=listing.leaves):
            if not whole or part.figure == self._sum(whole, part.name):
                yield part

    def _sum(self, cells: str, part: str) -> Decimal:
        return Decimal(self._value(f"sum({cells.format(part=part)})"))

    def _joined(self, listing: Listing, parts: Iterable[Part]) -> str:
        how = self.words.list
        plain = listing.item or how.item
        return how.comma.join(
            self._written(listing, one, how.nested if one.parts else plain) for one in parts
        )

    def _written(self, listing: Listing, part: Part, how: str) -> str:
        """A part as a list has it; a ``brief`` list tells the only part of a part by its name alone."""
        brief = listing.brief and len(part.parts) == 1
        inner = self._label(listing, part.parts[0]) if brief else self._joined(listing, part.parts)
        return how.format(label=self._label(listing, part), figure=figure_text(part.figure), parts=inner)

    def _label(self, listing: Listing, part: Part) -> str:
        name = f"{listing.of.partition('.')[0]}.{part.name}"
        return self._heading(name) if listing.leaves else self.words.labels.get(name, part.label)

    def _heading(self, name: str) -> str:
        """What the form calls a row or a column, as it is said in a sentence without its group."""
        own = plain_label(self.form, heading_of(self.form, name))
        return self.words.alone.get(name) or self.words.labels.get(name, own)


def _own_name(how: OwnName, kind: str, unit: str) -> str:
    """Of a 区 that counts as a county it is not said 全县."""
    place = re.search(how.named, unit) if kind in how.government else None
    return how.all.format(place=place[1]) if place else how.kind.get(kind, how.kind[""])


@cache
def _formula(form: Form, text: str) -> Formula:
    """An expression of draft.toml, read once; what it may name besides cells goes by the form."""
    words = frozenset((*COVER, *form.texts, *(option.id for option in form.options)))
    return parse(text, members_of(form, tuple), words)
