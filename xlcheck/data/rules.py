"""The shape of rules.toml, and of rules_text.toml: one rule, and what is mistyped for a figure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, get_args

from xlcheck import data
from xlcheck.data import ASPECTS, FORM_PLACE, OF_FORM, Regex

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Severity = Literal["error", "warning", "info"]
Family = Literal["sums", "suits", "years", "figures", "writing", "cells", "other"]
Need = Literal["", "tables", "file", "text", "last"]
TableCheck = Literal["unfillable"]
FileCheck = Literal["typed_formula", "dated", "shown_otherwise", "unprotected", "renamed", "merged_entries"]
TextCheck = Literal[
    "text_table", "text_table_unsure", "text_scope", "text_rate", "text_share", "text_parts", "text_results",
    "year", "stale_plan", "impossible_date", "organ", "organ_above", "organ_party", "sign", "aspects",
    "own_headings", "preface_inside", "announced", "fee_silent", "five", "placeholder", "length", "few",
    "points", "notice", "period", "date_early", "date_late", "preface_short", "misnamed", "typo", "decree",
    "identity", "private", "copied",
]  # fmt: skip
KINDS: Mapping[str, str] = {"counts": "count", "signed": "signed", "amounts": "amount"}  # of fields, for each
LIVE_CHECKS = ("typed_formula", "dated", "shown_otherwise")  # of the file, and a formula can see them too
AXES = ("rows", "columns")
Reason = Annotated[  # filled in with what the forms say
    str, OF_FORM, "notice", "notices", "edition", "editions", "notice_years"
]
OfForm = Annotated[str, OF_FORM]
SENTENCES = ("title", "where", "sound", "message", "together", "advice", "why", "legal")
CLAIM = ("stated", "cells", "part", "whole")
TEXT_WORDS: Mapping[str, tuple[str, ...]] = {  # of each check of the text, besides quote and report
    "text_table": CLAIM, "text_table_unsure": CLAIM, "text_scope": CLAIM, "text_rate": CLAIM,
    "text_share": CLAIM,
    "text_parts": ("whole", "parts", "sum"), "text_results": ("whole", "parts", "sum"), "year": ("year",),
    "stale_plan": ("year",), "organ": ("count", "unit"), "organ_above": ("unit",), "organ_party": ("unit",),
    "sign": ("unit",), "aspects": ("missing",), "announced": ("said",), "five": ("said",),
    "length": ("count", "limit"), "few": ("count",), "points": ("before", "expected"), "notice": ("notice",),
    "date_late": ("deadline",), "preface_short": ("missing",), "typo": ("right", "count"),
    "placeholder": ("count",), "preface_inside": ("count",), "misnamed": ("count",),
    "identity": ("masked",), "private": ("masked",), "copied": ("share",),
}  # fmt: skip


class Rule(NamedTuple):
    """One check: what must hold, what the clerk reads when it does not, and why; see rules.toml."""

    id: str
    title: OfForm
    severity: Severity
    sheet: str
    where: OfForm
    sound: OfForm
    message: Annotated[str, ...]  # names of the rule's own
    advice: Annotated[str, ...]
    why: Reason
    legal: Reason
    test: str = ""
    check: TableCheck | FileCheck | TextCheck | Literal[""] = ""
    when: str = ""
    each: Mapping[str, str | tuple[str, ...]] = {}
    let: Mapping[str, Annotated[str, ...]] = {}
    together: Annotated[str, OF_FORM, "count"] = ""
    beside: tuple[str, ...] = ()
    family: Family = "other"
    open: bool = False
    unfilled: bool = False
    comes_last: bool = False
    silences: bool = False
    doubts: bool = False
    carries: bool = False
    explainable: bool = False
    needs: Need = ""
    since: int = 0
    until: int = 9999

    @property
    def of_one_cell(self) -> bool:
        """Whether it looks at one cell alone, before any sum."""
        return "x" in self.each or self.silences

    @property
    def is_live(self) -> bool:
        """Whether the workbook's formulas can tell that it is broken; of the others only a check knows."""
        return not self.check or self.check in LIVE_CHECKS

    @property
    def only_asks(self) -> bool:
        """Whether what was noted of a cell refuses nothing of what stands in it."""
        return bool(self.check) and self.severity != "error"

    @property
    def takes_answer(self) -> bool:
        """Whether a 说明 settles it: always for a warning, for an error only where practice allows it."""
        return self.severity != "error" or self.explainable


class Mistyped(NamedTuple):
    """What is often typed where a number belongs, and what to type instead."""

    pattern: Regex
    advice: Annotated[str, ...]
    number: bool = False
    zero: bool = False
    unless: Regex = Regex("")


class RuleBook(NamedTuple):
    """A file of rules in their order, with the lists of words their tests name."""

    rule: tuple[Rule, ...]
    words: Mapping[str, tuple[str, ...]] = {}  # kinds of unit
    phrases: Mapping[str, tuple[str, ...]] = {}  # what a name ends in, or a text says
    typed: tuple[Mistyped, ...] = ()

    def misfits(self) -> "Iterator[Misfit]":
        """What no shape can say: rules that name each other, words of ``each``, placeholders, patterns."""
        from xlcheck.data.checking import Misfit, rule_places, unit_kinds

        kinds, places = unit_kinds(), rule_places()
        for name, words in self.words.items():
            yield from (Misfit(("words", name), word, kinds) for word in words if word not in kinds)
        ids = [rule.id for rule in self.rule]
        for n, rule in enumerate(self.rule):
            if rule.id in ids[:n]:
                yield Misfit(("rule", n, "id"), rule.id, (), "stands twice")
            elif len(twice := places.get(rule.id, ())) > 1:
                yield Misfit(("rule", n, "id"), rule.id, (), f"stands twice: {' and '.join(twice)}")
            for key, wrong in _at_odds(rule):
                yield Misfit(("rule", n, key), rule.id, (), wrong)
            for key, word, known in (*_words(rule), *(("beside", other, ids) for other in rule.beside)):
                if word not in known:
                    yield Misfit(("rule", n, key), word, known)
        for n, typed in enumerate(self.typed):
            for key, word, wrong in _wrong_hints(typed):
                yield Misfit(("typed", n, key), word, (), wrong)


@cache
def rules() -> RuleBook:
    """What the figures and the workbook must satisfy."""
    return data.load("rules", RuleBook)


def placeholders(sentence: str) -> list[str]:
    """The names in braces, in their order."""
    return [part.partition("}")[0] for part in sentence.split("{")[1:]]


def _filled_later(sentence: str) -> list[str]:
    """The names in braces but those that speak of the form; of these, what says no such thing."""
    odd = [found["aspect"] for found in re.finditer(FORM_PLACE, sentence) if found["aspect"] not in ASPECTS]
    return [*odd, *placeholders(re.sub(FORM_PLACE, "", sentence))]


def _at_odds(rule: Rule) -> Iterator[tuple[str, str]]:
    """Parts that do not go together: a key, and what is wrong with it."""
    if bool(rule.test) == bool(rule.check):
        yield ("check", "has a test already") if rule.test else ("id", "has neither a test nor a check")
    if bool(rule.check) != bool(rule.needs):
        yield ("needs", "has no check") if rule.needs else ("check", "does not say what its check needs")
    parts = {"when": rule.when, "each": rule.each, "let": rule.let, "together": rule.together}
    yield from ((key, "has a check and no test") for key, part in parts.items() if rule.check and part)
    if rule.since > rule.until:
        yield "since", "begins after its end"
    if rule.unfilled and not (rule.open and rule.silences and rule.together):
        yield "unfilled", "is about blanks, yet not open, silencing and told together"


def _words(rule: Rule) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Words of a closed list: the key they stand under, each word, and the words there are."""
    for spec in (s for s in rule.each.values() if isinstance(s, str) and s != "fields"):
        _, dot, axis = spec.partition(".")
        known = AXES if dot else ("fields", "texts", *KINDS)
        yield from (("each", word, known) for word in ([axis] if dot else spec.split()))
    of_text = rule.needs in ("text", "last")
    filled = ("quote", "report", *TEXT_WORDS.get(rule.check, ())) if of_text else ()
    for key in ("message", "advice") if of_text else ("advice",):
        names = _filled_later(getattr(rule, key))
        yield from ((key, name, (*filled, *get_args(Reason)[1:])) for name in names)


def _wrong_hints(typed: Mistyped) -> Iterator[tuple[str, str, str]]:
    """A figure or a placeholder that nothing gives: key, text, what is wrong."""
    if typed.number and not re.compile(typed.pattern).groups:
        yield "pattern", typed.pattern, "has no group for the figure"
    known = {"number"} if typed.number or typed.zero else set()
    yield from (
        ("advice", f"{{{n}}}", "is filled by nothing") for n in placeholders(typed.advice) if n not in known
    )
