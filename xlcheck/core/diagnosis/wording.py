"""Which figures are wrong and why, in the sentences of ``diagnosis.toml``."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from xlcheck.core.diagnosis.equations import Code, Equation, Figures
from xlcheck.core.diagnosis.search import Fault
from xlcheck.core.diagnosis.slips import Change
from xlcheck.core.filing import entry_text
from xlcheck.core.finding import Finding, Fix
from xlcheck.core.form_words import in_form_words
from xlcheck.core.formula import Entry
from xlcheck.data.diagnosis import SideWords


class Sentences:
    """Fill the sentences of ``diagnosis.toml`` with the clerk's own figures."""

    def __init__(self, code: Code, figures: Figures, before: Figures) -> None:
        self.code, self.figures, self.before = code, figures, before
        self.say, self.most = code.words.say, code.words.limits.named

    def against(self, change: Change, broken: Sequence[Equation]) -> str:
        """这一格填 21，与本行总计 14、本列（七）总计 15都不符。"""
        against = list(dict.fromkeys(self._against(change, equation) for equation in broken))
        sentence = self.say.several if len(against) > 1 else self.say.one
        return sentence.format(was=entry_text(change.was), against=self.say.joint.join(against))

    def _against(self, change: Change, equation: Equation) -> str:
        other, rest = _sides(equation, change.field, self.figures)
        fits = rest and isinstance(change.was, Decimal) and change.was <= other
        name, say = self._words(equation, change.field).other, self.say
        told = {"name": name, "value": entry_text(other), "rest": entry_text(rest)}
        return (say.against_less if fits else say.against).format(**told)

    def why(self, change: Change, broken: Sequence[Equation], others: Figures) -> str:
        """Which sums agree on the figure, once the other wrong figures are put right, and the slip."""
        right = {**self.figures, **others}
        reasons = []
        for equation in broken:
            other, rest = map(entry_text, _sides(equation, change.field, right))
            reasons.append(self._words(equation, change.field).why.format(other=other, rest=rest))
        places = self.say.places[min(len(reasons), len(self.say.places) - 1)]
        because, to = self.say.then.join(reasons), entry_text(change.to)
        slip = self.slip(change)
        sentence = self.say.why.format(because=because, places=places, to=to)
        return sentence + (self.say.slip.format(slip=slip) if slip else "")

    def advice(self, change: Change) -> str:
        slip = self.slip(change)
        sentence = self.say.change_slip if slip else self.say.change
        return sentence.format(to=entry_text(change.to), slip=slip)

    def slip(self, change: Change) -> str:
        words = self.code.words.slip[change.slip].say if change.slip else ""
        return words.format(was=entry_text(change.was), to=entry_text(change.to))

    def evidence(self, change: Change, broken: Sequence[Equation]) -> tuple[str, ...]:
        """The totals that contradict the figure; about a total, the figures that it should sum up."""
        totals = dict.fromkeys(e.at for e in broken if e.at != change.field)
        parts = (n for e in broken for n in e.terms if n != change.field and self.figures[n])
        return tuple(totals or dict.fromkeys(parts))

    def facts(self, at: str, findings: Sequence[Finding]) -> str:
        """What does not add up, each with its place unless it is the place of the finding itself."""
        facts = [f.message if f.at == at else self._fact(f) for f in findings[: self.most]]
        rest = len(findings) - self.most
        return "".join(facts) + (self.say.facts_more.format(count=rest) if rest > 0 else "")

    def mend(self, fix: Fix, fault: Fault) -> str:
        return self._change(self.say.mend, self.say.mend_slip, fix, fault)

    def likely(self, fixes: Sequence[Fix], fault: Fault) -> str:
        """The likeliest change, how many others there are, and whether all have been tried."""
        ways = self.say.ways.format(count=len(fixes)) if len(fixes) > 1 else ""
        unfinished = "" if fault.complete else self.say.unfinished
        first = self._change(self.say.likeliest, self.say.likeliest_slip, fixes[0], fault)
        return first + (self.say.stated if fault.stated else "") + ways + unfinished

    def solved(self, names: Sequence[str], to: Figures, whole: bool = True) -> str:
        """What the blanks should be; ``whole`` where these are all that the sentence is about."""
        sources = {self.say.from_last if n in self.before else self.say.from_sums: n for n in names}
        by = self.say.both.join(sources)
        if whole and len(names) == 1:
            return self.say.blank.format(by=by, to=entry_text(to[names[0]]))
        if whole and not any(to[n] for n in names):
            return self.say.blanks_zero.format(by=by, count=len(names))
        return self.say.blanks.format(by=by, placed=self._blanks(names, to))

    def elsewhere(self, blanks: Sequence[str], place: str) -> str:
        """That another finding says what belongs into blanks which need not be 0."""
        named = self.say.joint.join(self.say.sum_of.format(place=self._place(n)) for n in blanks[: self.most])
        more = self.say.more.format(count=len(blanks)) if len(blanks) > self.most else ""
        return self.say.elsewhere.format(blanks=named + more, place=self._place(place))

    def unfillable(self, sums: Sequence[Equation]) -> str:
        """Why nothing typed into the blanks of these sums makes all of them hold."""
        first, *others = sums
        if others:
            most = sums[: self.most]
            places = self.say.joint.join(self.say.sum_of.format(place=self._place(e.at)) for e in most)
            more = self.say.more.format(count=len(sums)) if len(sums) > len(most) else ""
            return self.code.unfillable.message + self.say.at_odds.format(places=places + more)
        sign = first.terms[first.at]
        sides = [[n for n, c in first.terms.items() if c * s > 0] for s in (sign, -sign)]
        whole, parts = sorted(sides, key=lambda side: any(n not in self.figures for n in side))
        said = {
            "whole": self._words(first, parts[0]).other, "sum": entry_text(self._sum(first, whole)),
            "parts": self._words(first, whole[0]).other, "more": entry_text(self._sum(first, parts)),
        }  # fmt: skip
        if first.terms.keys() <= self.figures.keys():
            placed = self._blanks([n for n in first.terms if n in self.before], self.before)
            return self.say.not_after_last.format(placed=placed, **said)
        return self.say.too_much.format(**said)

    def refused(self, name: str, to: Decimal) -> str:
        """Why a blank cannot be filled in: what the sums ask for may not stand there."""
        return self.say.refused.format(place=self._place(name), to=entry_text(to))

    def _sum(self, equation: Equation, names: Iterable[str]) -> Decimal:
        known = (n for n in names if n in self.figures)
        return sum((abs(equation.terms[n]) * self.figures[n] for n in known), Decimal(0))

    def _blanks(self, names: Sequence[str], to: Figures) -> str:
        return self._listed([(n, None, to[n]) for n in names])

    def _fact(self, finding: Finding) -> str:
        return self.say.fact.format(place=self._place(finding.at), message=finding.message)

    def _change(self, plain: str, with_slip: str, fix: Fix, fault: Fault) -> str:
        slip = fix.why if fault.explanations[0].story or not fix.also else ""
        placed = self._listed([(f.field, f.was, f.to) for f in (fix, *fix.also)])
        return (with_slip if slip else plain).format(placed=placed, slip=slip)

    def _listed(self, cells: Sequence[tuple[str, Entry, Decimal]]) -> str:
        first = [
            (self.say.blank_placed if was is None else self.say.placed).format(
                place=self._place(n), was=entry_text(was), to=entry_text(to)
            )
            for n, was, to in cells[: self.most]
        ]
        more = self.say.more.format(count=len(cells)) if len(cells) > self.most else ""
        return self.say.then.join(first) + more

    def _place(self, name: str) -> str:
        return self.code.form.fields[name].place

    def _words(self, equation: Equation, field: str) -> SideWords:
        words = self.code.words.equation.get(equation.rule)
        if words is None:
            return self._any(equation, field)
        side = words.left if equation.terms[field] == equation.terms[equation.at] else words.right
        return SideWords(*(in_form_words(self.code.form, text) for text in side))

    def _any(self, equation: Equation, field: str) -> SideWords:
        """The words for a rule that has none: the form's own name of a cell that stands there alone."""
        words, mine = self.code.words.any_equation, equation.terms[field]
        across = [n for n, c in equation.terms.items() if c * mine < 0]
        name = words.cell.format(place=self._place(across[0])) if len(across) == 1 else words.sum
        alone = len(across) + 1 == len(equation.terms)
        return SideWords(name, (words.alone if alone else words.among).replace("{name}", name))


def _sides(equation: Equation, field: str, figures: Figures) -> tuple[Decimal, Decimal]:
    """What stands on the other side of the equation, and beside the figure on its own."""
    mine = equation.terms[field]
    other = sum((abs(c) * figures[n] for n, c in equation.terms.items() if c * mine < 0), Decimal(0))
    rest = sum(
        (abs(c) * figures[n] for n, c in equation.terms.items() if c * mine > 0 and n != field), Decimal(0)
    )
    return other, rest
