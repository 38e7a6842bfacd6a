"""Advice obeyed: the filing changed as a finding says, by its fix, a candidate or the words of its rule."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from cases import edited
from programme import Programme

from xlcheck.core.filing import Filing, figure_text
from xlcheck.core.finding import Finding, Fix
from xlcheck.core.rules import LAST
from xlcheck.data.claims import claims


class Clerk(NamedTuple):
    """Who obeys: the rules, how each rule's advice is followed, and what units are called.

    ``body`` says which organ of government reports for one of the party, ``sound`` how a text may read.
    """

    model: Programme
    how: Mapping[str, Mapping[str, Any]]
    units: Mapping[str, tuple[str, str]]
    body: Sequence[str]
    sound: Callable[[Filing, str], str]

    def ways(
        self, filing: Filing, last: Filing | None, finding: Finding, beside: Sequence[Finding]
    ) -> Iterator[list[Filing]]:
        """Each piece of advice in a finding, as the filings that follow it: one of them has to be sound."""
        fixes = [finding.fix] if finding.fix else finding.candidates
        if fixes:
            yield from ([mended(filing, fix)] for fix in fixes)
            return
        how = self.how.get(finding.rule, {})
        if how.get("like"):
            (finding,) = [f for f in beside if f.rule == how["like"]]
            how = self.how[finding.rule]
        if how:
            yield [way for act, what in how.items() for way in self.done(filing, last, finding, act, what)]

    def balanced(self, filing: Filing, last: Filing | None, finding: Finding) -> Iterator[Filing]:
        """One of the cells compared, so that a comparison comes out equal, or different by one."""
        before = {f"{LAST}{name}": value for name, value in last.values.items()} if last else {}
        known = {n: v for n, v in {**filing.values, **before}.items() if isinstance(v, Decimal)}
        (case,) = [c for c in self.model.rules.cases if (c.rule.id, c.at) == (finding.rule, finding.at)]
        for terms, constant in self.model.differences(case):
            for field in (n for n in finding.fields if terms.get(n) and terms.keys() <= known.keys()):
                off = sum((Decimal(w) * known[n] for n, w in terms.items()), Decimal(constant))
                for step in (0, 1, -1):
                    yield typed(filing, {field: known[field] - off / Decimal(terms[field]) + step})

    def done(
        self, filing: Filing, last: Filing | None, finding: Finding, act: str, what: Any
    ) -> Iterator[Filing]:
        words = self.words(filing, finding)
        text = filing.texts.get(finding.at, "")
        match act:
            case "balance":
                yield from self.balanced(filing, last, finding)
            case "drop":
                yield filing._replace(notes=dict.fromkeys(filing.notes, ()))
            case "answer":
                yield filing._replace(answers={**filing.answers, finding.rule: what})
            case "figure":
                yield typed(filing, {n: _figure(what, filing.values[n]) for n in self.cells(finding)})
            case "cell":
                figure = what.format(**words).replace(claims().reading.absent, "0")
                yield typed(filing, {finding.fields[0]: Decimal(figure)})
            case "set":
                yield edited(filing, {name: _entry(new.format(**words)) for name, new in what.items()})
            case "sound":
                yield edited(filing, {finding.at: self.sound(filing, finding.at)})
            case "append":
                yield edited(filing, {finding.at: text + what.format(**words)})
            case "move":
                sentence = next(s for s in re.findall("[^。\n]*[。\n]?", text) if finding.quote in s)
                moved = filing.texts[what] + sentence
                yield edited(filing, {finding.at: text.replace(sentence, ""), what: moved})
            case "text":
                yield edited(filing, {finding.at: _rewritten(text, what, words)})
            case "quote":
                new = _rewritten(finding.quote, what, words)
                yield edited(filing, {finding.at: text.replace(finding.quote, new, 1)})
            case _:
                raise NotImplementedError(act)

    def words(self, filing: Filing, finding: Finding) -> dict[str, str]:
        """What the finding says, by the placeholders of its rule, and what the filing says of itself."""
        rule = self.model.rules.of(finding.rule)
        said = {**_said(rule.message, finding.message), **_said(rule.advice, finding.advice)}
        year = self.year(filing)
        sign = filing.texts.get("sign", "")
        unit = filing.unit or sign
        body = _rewritten(unit, self.body, {})
        words = {
            "reported": year, "next": year + 1, "unit": unit, "body": body,
            "sign": sign, "kind": self.kind(unit), "body_kind": self.kind(body),
            "notice": self.model.form.notice,
        }  # fmt: skip
        if "cells" in said:
            words["cell"] = re.findall(r" (-?[\d.]+)(?:、|$)", said["cells"])[0]
        if "part" in said:
            share = 100 * Decimal(said["part"]) / Decimal(str(filing.values["t3.sum.total"]))
            words["share"] = figure_text(round(share, 1))
        return {name: str(value) for name, value in (words | said).items()}

    def cells(self, finding: Finding) -> list[str]:
        names = dict.fromkeys((finding.at, *finding.fields))
        return [name for name in names if name in self.model.form.fields]

    def year(self, filing: Filing) -> int:
        """The year reported: the cover's where it can be, else the year before the report's date."""
        if isinstance(filing.year, Decimal) and self.model.form.covers(int(filing.year)):
            return int(filing.year)
        return int(filing.texts["date"][:4]) - 1

    def kind(self, unit: str) -> str:
        """The kind of unit whose name ends like this one."""
        return max(self.units, key=lambda kind: _alike(self.units[kind][0], unit))


def mended(filing: Filing, fix: Fix) -> Filing:
    return typed(filing, {f.field: f.to for f in (fix, *fix.also)})


def typed(filing: Filing, figures: Mapping[str, Decimal]) -> Filing:
    """The filing with other figures; what was noted about these cells is gone with what stood there."""
    notes = {c: tuple(n for n in found if n[0] not in figures) for c, found in filing.notes.items()}
    return filing._replace(values={**filing.values, **figures}, notes=notes)


def _figure(how: int | str, entry: Any) -> Decimal:
    match how:
        case int():
            return Decimal(how)
        case "typed":
            return Decimal(re.findall(r"[\d.]+", entry)[0])
        case "rounded":
            return Decimal(entry).quantize(Decimal(1), ROUND_HALF_UP)
    return Decimal(entry) * Decimal(how)


def _entry(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _said(template: str, sentence: str) -> dict[str, str]:
    """What stands in a sentence where its template has placeholders."""
    parts = re.split(r"\{(\w+)\}", template)
    pattern = "".join(f"(?P<{part}>.*?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    found = re.fullmatch(pattern, sentence, re.DOTALL)
    return found.groupdict() if found else {}


def _rewritten(text: str, pairs: Sequence[str], words: Mapping[str, str]) -> str:
    """The text with each first of a pair replaced by its second: once, the quoted words wherever they are."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        if old == "{quote}":
            text = text.replace(words["quote"], new.format(**words))
        else:
            text = re.sub(old, new.format(**words), text, count=1)
    return text


def _alike(one: str, other: str) -> int:
    """How many letters at the end are the same."""
    return next(
        (n for n, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b),
        min(len(one), len(other)),
    )
