"""The words a report counts things with: what is counted, what was done, for whom, with what result."""

import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Literal, NamedTuple, get_args

from xlcheck.core.form import Form
from xlcheck.core.form_words import plain_label
from xlcheck.core.grid import Node
from xlcheck.data import Pattern
from xlcheck.data.claims import Claims, ClauseGrammar, StateClaim
from xlcheck.data.patterns import ahead
from xlcheck.data.vocabulary import NAME, ClaimPattern, LexiconTerm, Roles, Vocabulary, WordSlot

ColumnSlot = Literal["who", "outcome"]
TELLING = 3  # letters of a label that says something by itself; 其他 does not


class Token(NamedTuple):
    """A word of the lexicon at a place; ``slot`` is the kind of thing it says (what, act, who …)."""

    start: int
    end: int
    id: str
    slot: WordSlot


Spelt = tuple[str, WordSlot]  # the id and slot of a term


class Lexicon(NamedTuple):
    """All words and what they mean; ``lengths`` are those of the words that begin with two letters.

    ``done_to`` are the acts by what they are done to; ``stems`` are the beginnings of words that may tie a
    figure; ``aside`` fits the cause of what is counted, the manner of asking and what is ``named``, the whole
    year and titles, which say nothing of how many.
    """

    words: Mapping[str, Spelt]
    lengths: Mapping[str, Sequence[int]]
    patterns: Mapping[str, list[ClaimPattern]]
    states: tuple[StateClaim, ...]
    ways: ClauseGrammar
    aside: Pattern
    named: Pattern
    stems: frozenset[str]
    done_to: Mapping[str, frozenset[str]]
    roles: Roles

    def speaks(self, text: str, start: int, end: int) -> bool:
        """Whether between two places stands a word that may tie a figure to a table."""
        return not self.stems.isdisjoint(map(operator.add, text[start:end], text[start + 1 : end + 1]))

    def takes(self, what: str, act: str) -> bool:
        """Whether a table counts by itself what was done to a thing (行政许可项目 6 项，处理决定 9 件)."""
        return bool(act) and any(pattern.act == act for pattern in self.patterns.get(what, ()))

    def tokens(self, text: str, start: int, end: int, counts: bool = False) -> list[Token]:
        """The words between two places, each as long as can be, from left to right.

        In a clause that ``counts``, what is said of figures may name what they count, too (1 件正在审理).
        """
        words, lengths, found = self.words, self.lengths, list[Token]()
        while start < end:
            step = 1
            for length in lengths.get(text[start : start + 2]) or lengths.get(text[start]) or ():
                meaning = words.get(text[start : start + length])
                if meaning and start + length <= end:
                    found.append(Token(start, start + length, *meaning))
                    if meaning[1] != "state" or not counts:
                        step = length
                        break
            start += step
        return found


def lexicon(claims: Claims) -> Lexicon:
    """Spell every word out and sort what it may mean; once a process."""
    patterns: dict[str, list[ClaimPattern]] = {}
    for pattern in claims.claim:
        patterns.setdefault(pattern.what, []).append(pattern)
    ways = claims.reading
    named = f"{ways.period}|{ways.titles}"
    aside = re.compile(ahead(f"{ways.cause}|{ways.manner}|{named}|{ways.inclusion}"))
    words, stems, done_to = _spelt(claims), _stems(claims), _done_to(claims)
    lengths = _lengths(words)
    return Lexicon(
        words, lengths, patterns, claims.state, ways, aside, re.compile(named), stems, done_to, claims.roles
    )


def _done_to(claims: Claims) -> dict[str, frozenset[str]]:
    acts = [term for term in claims.term if term.slot == "act"]
    return {thing: frozenset(a.id for a in acts if a.of == thing) for thing in {a.of for a in acts}}


def _stems(claims: Claims) -> frozenset[str]:
    """The first letters of what is counted, for whom, with what result, and of what is done to it."""
    telling = (t for t in claims.term if t.slot in _TELLING and not t.uncounted and t.of != "anything")
    return frozenset(each[:2] for t in telling for word in t.words for each in spell(word))


_TELLING: tuple[WordSlot, ...] = ("what", "who", "outcome", "act", "state", "part")


def words_of_form(form: Form, known: Vocabulary) -> Vocabulary:
    """The form's own headings as words where no other words are theirs: applicants, outcomes, results.

    A text that names one would else be laid against a total, and a sound report be refused. Of a row that
    no claim is about it is never more than a reminder: the label may be said of other things too.
    """
    spelt = {word for term in known.term for each in term.words for word in spell(each)}
    headings = (*_columns(form, known), *_rows(form, known))
    terms = dict.fromkeys(
        LexiconTerm(name, slot, (label,))
        for name, slot, label in ((_own(node), slot, plain_label(form, node)) for _, node, slot in headings)
        if len(label) >= TELLING and label not in spelt
    )
    things = known.ids("what")
    claims = (
        ClaimPattern(node.id, node.id, (f"sum({table}.{node.id}.{{who}})",), sure=False)
        for table, node, slot in headings
        if slot == "what" and node.id not in things and any(term.id == node.id for term in terms)
    )
    return Vocabulary(tuple(terms), tuple(claims))


TableHeading = tuple[str, Node, WordSlot]  # of a table, and what kind of word it is


def _own(node: Node) -> str:
    """A column's name in its group: upheld, of review.upheld."""
    return node.id.rpartition(".")[2]


def _columns(form: Form, known: Vocabulary) -> Iterator[TableHeading]:
    """The columns of the tables that claims ask after such columns, where some of them are known."""
    for slot in get_args(ColumnSlot):
        tables, names = _tables_of(known, slot), known.ids(slot)
        for table, _, columns in form.axes:
            parts = [c for c in columns if c.leaf and not c.total]
            if table in tables and any(_own(c) in names for c in parts):
                yield from ((table, column, slot) for column in parts)


def _rows(form: Form, known: Vocabulary) -> Iterator[TableHeading]:
    """The rows of the tables that claims ask after applicants: things of their own, or no claim's yet."""
    tables, things = _tables_of(known, "who"), known.ids("what")
    asked = {name for text in _expressions(known) for name in re.findall(NAME, text)}
    for table, rows, _ in form.axes:
        for row in rows if table in tables else ():
            claimed = any(f"{name}.".startswith(f"{table}.{row.id}.") for name in asked)
            if row.leaf and not row.total and (row.id in things or not claimed):
                yield table, row, "what"


def _tables_of(known: Vocabulary, slot: ColumnSlot) -> set[str]:
    """The tables whose columns claims ask after by this kind of word."""
    return {n.partition(".")[0] for text in _expressions(known) if f"{{{slot}}}" in text
            for n in re.findall(NAME, text)}  # fmt: skip


def _expressions(known: Vocabulary) -> Iterator[str]:
    return (text for claim in known.claim for text in (*claim.any, *claim.results, *claim.change))


def _spelt(claims: Claims) -> dict[str, Spelt]:
    """Every spelling and its meaning; of two alike the first counts."""
    spelt: dict[str, Spelt] = {}
    for term in claims.term:
        for word in (each for w in term.words for each in spell(w)):
            spelt.setdefault(word, (term.id, term.slot))
    return spelt


def _lengths(words: Iterable[str]) -> dict[str, list[int]]:
    """How long the words are that begin with two letters, longest first, then those of one letter."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[:2], set()).add(len(word))
    ones = {first for first in lengths if len(first) == 1}
    return {first: sorted(each | ({1} if first[0] in ones else set()), reverse=True)
            for first, each in lengths.items()}  # fmt: skip


def spell(word: str) -> Iterable[str]:
    """Every spelling of a word: [x] may be left out, (a|b) is a or b."""
    if "[" not in word and "(" not in word:
        return (word,)
    parts = [_choices(part) for part in re.findall(r"\[[^\]]*\]|\([^)]*\)|[^\[\](]+", word)]
    return filter(None, map("".join, product(*parts)))


def _choices(part: str) -> Iterable[str]:
    if part[0] == "(":
        return part[1:-1].split("|")
    return ("", *part[1:-1].split("|")) if part[0] == "[" else (part,)
