"""The sentences about a wrong figure: what contradicts it, why it should be another, what to change."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlcheck.core.equations import Code, Equation, Figures
from xlcheck.core.filing import show
from xlcheck.core.finding import Finding, Fix
from xlcheck.core.locate import Fault
from xlcheck.core.slips import Change


class Wording:
    """Fill the sentences of ``locate.toml`` with the clerk's own figures."""

    def __init__(self, code: Code, figures: Figures) -> None:
        self.code, self.figures = code, figures
        self.said: Mapping[str, str] = code.words["say"]

    def against(self, change: Change, broken: Sequence[Equation]) -> str:
        """这一格填 21，与本行总计 14、本列（七）总计 15都不符。"""
        sides = [_sides(e, change.field, self.figures) for e in broken]
        told = [
            self.said["against"].format(name=self._words(e, change.field)["other"], value=show(other))
            for e, (other, _) in zip(broken, sides, strict=True)
        ]
        sentence = self.said["several" if len(told) > 1 else "one"]
        return sentence.format(was=show(change.was), against=self.said["and"].join(told))

    def why(self, change: Change, broken: Sequence[Equation], others: Figures) -> str:
        """Which sums agree on the figure, once the other wrong figures are put right, and the slip."""
        right = {**self.figures, **others}
        told = []
        for equation in broken:
            other, rest = _sides(equation, change.field, right)
            told.append(self._words(equation, change.field)["why"].format(other=show(other), rest=show(rest)))
        places: Sequence[str] = self.code.words["say"]["places"]
        sentence = self.said["why"].format(
            because=self.said["then"].join(told),
            places=places[min(len(told), len(places) - 1)],
            to=show(change.to),
        )
        slip = self.slip(change)
        return sentence + (self.said["slip"].format(slip=slip) if slip else "")

    def advice(self, change: Change) -> str:
        slip = self.slip(change)
        return self.said["change_slip" if slip else "change"].format(to=show(change.to), slip=slip)

    def slip(self, change: Change) -> str:
        say: str = self.code.words["slip"][change.slip]["say"] if change.was is not None else ""
        return say.format(was=show(change.was), to=show(change.to))

    def evidence(self, change: Change, broken: Sequence[Equation]) -> tuple[str, ...]:
        """The totals that contradict the figure; about a total, the figures that it should sum up."""
        totals = dict.fromkeys(e.at for e in broken if e.at != change.field)
        parts = (n for e in broken for n in e.terms if n != change.field and self.figures[n])
        return tuple(totals or dict.fromkeys(parts))

    def facts(self, at: str, findings: Sequence[Finding]) -> str:
        """What does not add up, each with its place unless it is the place of the finding itself."""
        most: int = self.code.words["limits"]["named"]
        told = [f.message if f.at == at else self._fact(f) for f in findings[:most]]
        more = self.said["facts_more"].format(count=len(findings) - most) if len(findings) > most else ""
        return "".join(told) + more

    def mend(self, fix: Fix, fault: Fault) -> str:
        return self._change("mend", fix, fault)

    def likely(self, fixes: Sequence[Fix], fault: Fault) -> str:
        """The likeliest change, how many others there are, and whether all have been tried."""
        ways = self.said["ways"].format(count=len(fixes)) if len(fixes) > 1 else ""
        unfinished = "" if fault.complete else self.said["unfinished"]
        return self._change("likeliest", fixes[0], fault) + ways + unfinished

    def solved(self, names: Sequence[str], to: Figures, alone: bool) -> str:
        """What the blanks should be; ``alone`` where the finding is about this one cell."""
        if alone:
            return self.said["blank"].format(to=show(to[names[0]]))
        return self.said["blanks"].format(
            placed=self._listed("blank_placed", [(n, None, to[n]) for n in names])
        )

    def _fact(self, finding: Finding) -> str:
        return self.said["fact"].format(place=self._place(finding.at), message=finding.message)

    def _change(self, sentence: str, fix: Fix, fault: Fault) -> str:
        slip = fix.why if fault.explanations[0].story or not fix.also else ""
        placed = self._listed("placed", [(f.field, show(f.was), f.to) for f in (fix, *fix.also)])
        return self.said[f"{sentence}_slip" if slip else sentence].format(placed=placed, slip=slip)

    def _listed(self, each: str, cells: Sequence[tuple[str, str | None, Decimal]]) -> str:
        most: int = self.code.words["limits"]["named"]
        told = [self.said[each].format(place=self._place(n), was=w, to=show(to)) for n, w, to in cells[:most]]
        more = self.said["more"].format(count=len(cells)) if len(cells) > most else ""
        return self.said["then"].join(told) + more

    def _place(self, name: str) -> str:
        return self.code.form.fields[name].place

    def _words(self, equation: Equation, field: str) -> Mapping[str, str]:
        words = self.code.words["equation"]
        side = "left" if equation.terms[field] == equation.terms[equation.at] else "right"
        found: Mapping[str, str] = words.get(equation.rule, words["any"])[side]
        return found


def _sides(equation: Equation, field: str, figures: Figures) -> tuple[Decimal, Decimal]:
    """What stands on the other side of the equation, and beside the figure on its own."""
    mine = equation.terms[field]
    other = sum((abs(c) * figures[n] for n, c in equation.terms.items() if c * mine < 0), Decimal(0))
    rest = sum(
        (abs(c) * figures[n] for n, c in equation.terms.items() if c * mine > 0 and n != field), Decimal(0)
    )
    return other, rest
