"""Tell one cause once: the findings of a wrong figure become one finding at that figure, with its mending."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from xlcheck.core.check import in_order
from xlcheck.core.diagnosis.equations import Code, Equation, Figures
from xlcheck.core.diagnosis.search import Fault, locate
from xlcheck.core.diagnosis.slips import TYPED, Change, NoSlip, Slips
from xlcheck.core.diagnosis.wording import Sentences
from xlcheck.core.filing import Filing, Values, stated_values
from xlcheck.core.finding import Finding, Fix, Result, RuleOutcome
from xlcheck.core.rules import LAST
from xlcheck.data.diagnosis import Slip

Findings = Sequence[Finding]
Agreement = Callable[[Figures], int]  # how much of a text agrees with the tables, were these figures changed


def explain_findings(
    code: Code, filing: Filing, result: Result, last: Filing | None = None, pins: Figures | None = None,
    text: Callable[[], Agreement] | None = None,
) -> Result:  # fmt: skip
    """Say which figures are wrong instead of which sums; what to mend first comes first.

    ``pins`` are figures known from elsewhere; those that last year's filing fixes are added. Where several
    sets of figures would do, the ``text`` says which is likeliest: it may be wrong itself, so it makes none
    certain. A clean result is handed back untouched, and costs nothing.
    """
    if not result.findings:
        return result
    stated = stated_values(code.form, filing)
    refused = {name for f in result.findings if f.rule in code.mute for name in (f.at, *f.fields)}
    usable = {n: v for n, v in stated.items() if n not in refused}
    known = {**known_from(code, last), **(pins or {})}
    found = list(result.findings)
    telling = _Explaining(code, stated, usable, known)
    if any(f.severity == "error" for f in found):
        faults = locate(code, telling.figures, known)
        for fault in faults:
            found = telling.tell(_by_text(telling.as_typed(fault, found), text), found)
        found = telling.filled(faults, found)
    before = {f"{LAST}{n}": v for n, v in last.values.items()} if last else {}
    found = [telling.suspected(f, {**usable, **before}) for f in found]
    ran = tuple(_counted(one, code, found) for one in result.ran)
    return Result(in_order(code.form, code.rules, found), ran)


def _counted(ran: RuleOutcome, code: Code, findings: Findings) -> RuleOutcome:
    """How a rule ended that is tried only here."""
    every = [one for f in findings for one in (f, *f.because)] if ran.rule == code.unfillable.id else ()
    failed = len({f.at for f in every if f.rule == ran.rule})
    return ran._replace(cases=max(1, failed), failed=failed) if failed else ran


def _by_text(fault: Fault, text: Callable[[], Agreement] | None) -> Fault:
    """Put first what the text agrees with most."""
    if text is None or fault.certain or len(fault.explanations) < 2:
        return fault
    agreement = text()
    counts = [agreement({c.field: c.to for c in e.changes}) for e in fault.explanations]
    order = sorted(range(len(counts)), key=lambda n: -counts[n])
    explanations = tuple(fault.explanations[n] for n in order)
    return fault._replace(explanations=explanations, stated=counts.count(max(counts)) == 1)


def known_from(code: Code, last: Filing | None) -> dict[str, Decimal]:
    """What last year's filing fixes of this year's: 二、上年结转 is its 四、结转下年度继续办理."""
    known = {}
    for name, terms in code.pins.items() if last else ():
        before = {n: n.removeprefix(LAST) for n in terms}
        values = {n: v for n, b in before.items() if last and isinstance(v := last.values.get(b), Decimal)}
        if len(values) == len(terms):
            known[name] = sum((c * values[n] for n, c in terms.items()), Decimal(0))
    return known


class _Explaining:
    """Put the findings of each fault into words; ``usable`` are the figures among what is ``stated``.

    A blank that last year's filing fixes counts as filled in: it can be nothing else.
    """

    def __init__(self, code: Code, stated: Values, usable: Values, known: Figures) -> None:
        self.code, self.stated, self.known = code, stated, known
        there = {n: v for n, v in usable.items() if isinstance(v, Decimal)}
        self.before = {n: v for n, v in known.items() if n not in there and code.is_possible(n, v)}
        self.figures = {**there, **self.before}
        self.wording = Sentences(code, self.figures, self.before)

    def as_typed(self, fault: Fault, findings: Findings) -> Fault:
        """Where nothing is certain: only what leaves the figures that texts are to be typed anew as."""
        typed = {f.at: f.fix.to for f in findings if f.rule in self.code.mute and f.fix}
        if fault.certain or not typed:
            return fault
        fits = [e for e in fault.explanations if all(typed.get(c.field, c.to) == c.to for c in e.changes)]
        kept = (e._replace(changes=tuple(c for c in e.changes if c.field not in typed)) for e in fits)
        return fault._replace(explanations=tuple(kept))

    def tell(self, fault: Fault, findings: Findings) -> list[Finding]:
        """The findings with those of one fault told as one."""
        ids = {(e.rule, e.at) for e in fault.broken}
        broken = [f for f in findings if (f.rule, f.at) in ids]
        wrong = [c for c in fault.explanations[0].changes if c.was is not None] if fault.explanations else []
        if not (fault.certain and (broken or not wrong)):
            unseen = self._unseen(fault, {(f.rule, f.at) for f in broken})
            broken, findings = [*broken, *unseen], [*findings, *unseen]
        if not (broken if wrong else fault.certain):
            return self._unexplained(fault, broken, findings)
        told = (
            self._certain(fault, wrong, broken, findings)
            if fault.certain
            else [self._likely(fault, broken, findings)]
        )
        merged = {id(b) for f in told for b in f.because}
        return told + [f for f in findings if id(f) not in merged]

    def _unseen(self, fault: Fault, seen: Collection[tuple[str, str]]) -> list[Finding]:
        """What is wrong in sums that their own rules cannot try, for some of their cells are blank."""
        broken: list[tuple[Equation, ...]] = [(e,) for e in fault.broken if (e.rule, e.at) not in seen]
        sums = broken + [some for some in fault.unfillable if some[0] not in fault.broken]
        found = [self._unfillable(self._filled_cells(some), self.wording.unfillable(some)) for some in sums]
        return found + [
            self._unfillable((name,), self.wording.refused(name, to)) for name, to in fault.refused.items()
        ]

    def _filled_cells(self, sums: Sequence[Equation]) -> tuple[str, ...]:
        """What she has typed in some sums, the total of the first at the head."""
        totals = [e.at for e in sums]
        names = dict.fromkeys((*totals, *(n for e in sums for n in e.terms if self.figures.get(n))))
        return tuple(n for n in names if n in self.figures and n not in self.before) or tuple(totals)

    def _unfillable(self, cells: Sequence[str], message: str) -> Finding:
        rule = self.code.unfillable
        return Finding(rule.id, rule.severity, cells[0], message, rule.advice, tuple(cells))

    def _unexplained(self, fault: Fault, broken: Findings, findings: Findings) -> list[Finding]:
        """Nothing is merged; if the search was not finished, the first of the findings says so."""
        if fault.complete or not broken:
            return list(findings)
        said = broken[0]._replace(advice=broken[0].advice + self.code.words.say.unfinished)
        return [said if f is broken[0] else f for f in findings]

    def _certain(
        self, fault: Fault, wrong: Sequence[Change], broken: Findings, findings: Findings
    ) -> list[Finding]:
        together = fault.explanations[0].story and len(wrong) > 1
        if wrong and (together or not fault.broken):
            return [self._joint(fault, wrong, broken, findings)]
        return [self._single(fault, change, wrong, broken, findings) for change in wrong]

    def _single(
        self, fault: Fault, change: Change, wrong: Sequence[Change], broken: Findings, findings: Findings
    ) -> Finding:
        touched = [e for e in fault.broken if change.field in e.terms] or list(fault.broken)
        ids = {(e.rule, e.at) for e in touched}
        same = [f for f in broken if (f.rule, f.at) in ids]
        same += [f for f in findings if f.at == change.field and f not in same and self._mended(f, change)]
        others = {c.field: c.to for c in wrong if c is not change}
        fix = Fix(change.field, change.was, change.to, self.wording.why(change, touched, others))
        message, advice = self.wording.against(change, touched), self.wording.advice(change)
        fields = self.wording.evidence(change, touched)
        return same[0]._replace(
            at=change.field, message=message, advice=advice, fields=fields, fix=fix, because=tuple(same)
        )

    def _mended(self, finding: Finding, change: Change) -> bool:
        """Whether a finding about this very cell goes when the cell is changed."""
        return finding.rule in self.code.inputs or self._tied(finding, change)

    def _tied(self, finding: Finding, change: Change) -> bool:
        """Whether a change gives a cell what last year's filing asks of it."""
        return finding.severity == "error" and self.known.get(change.field) == change.to

    def _asked_by_last(
        self, changes: Iterable[Change], broken: Findings, findings: Findings
    ) -> list[Finding]:
        """What last year asks of cells that are changed just so: the same cause, not told a second time.

        What she has explained stands for itself.
        """
        by_field = {c.field: c for c in changes}
        others = (f for f in findings if f not in broken and f.at in by_field and not f.answer)
        return [f for f in others if self._tied(f, by_field[f.at])]

    def _joint(self, fault: Fault, wrong: Sequence[Change], broken: Findings, findings: Findings) -> Finding:
        """One act moved several figures, or no sum shows the one: a finding whose fix changes all."""
        fix = self._fix(wrong, fault.explanations[0].story)
        advice = self.wording.mend(fix, fault) if fix.also else self.wording.advice(wrong[0])
        also = self._asked_by_last(wrong, broken, findings)
        return self._about(fix.field, broken, (fix,), advice, also)._replace(fix=fix)

    def _likely(self, fault: Fault, broken: Findings, findings: Findings) -> Finding:
        """Nothing is certain: the sums that do not hold, and what may be behind them, likeliest first."""
        first = fault.explanations[0]
        ats = {f.at for f in broken} & {c.field for c in first.changes}
        # Of several totals the one at the table's edge and nearest its head stands for all of them.
        at = min(ats, key=lambda n: (-self.code.at[n][2], self.code.at[n]), default="")
        fixes = tuple(self._fix(e.changes, e.story, at) for e in fault.explanations)
        advice = self.wording.likely(fixes, fault)
        also = self._asked_by_last(first.changes, broken, findings)
        return self._about(fixes[0].field, broken, fixes, advice, also)._replace(candidates=fixes)

    def _about(self, at: str, broken: Findings, fixes: Sequence[Fix], advice: str, also: Findings) -> Finding:
        ordered = sorted(broken, key=lambda f: f.at != at)
        cells = [c.field for c in (*fixes[0].also, *fixes[1:2])]
        fields = dict.fromkeys((*(f.at for f in ordered), *cells))
        return ordered[0]._replace(
            at=at, message=self.wording.facts(at, [*also[:1], *ordered]), advice=advice,
            fields=tuple(f for f in fields if f != at), because=(*ordered, *also),
        )  # fmt: skip

    def _fix(self, changes: Iterable[Change], story: Slip | NoSlip, at: str = "") -> Fix:
        """The changes of one explanation as one fix, led by ``at`` or a part; then totals, blanks last."""

        def order(c: Change) -> tuple[bool, bool, bool, tuple[str, int, int]]:
            return c.field != at, c.was is None, c.field in self.code.totals, self.code.at[c.field]

        fixes = [
            Fix(c.field, self.stated.get(c.field), c.to, self.wording.slip(c))
            for c in sorted(changes, key=order)
        ]
        why = self.code.words.slip[story].say if story else fixes[0].why
        return fixes[0]._replace(why=why, also=tuple(fixes[1:]))

    def filled(self, faults: Iterable[Fault], findings: Findings) -> list[Finding]:
        """Give each blank or text that can hold but one figure that figure, where it is told."""
        to = dict(self.before)
        for fault in faults:
            to |= fault.blanks
        solved = [self._solved(f, to) if {f.at, *f.fields} & to.keys() else f for f in findings]
        return [self._deferring(f, solved) for f in solved]

    def _deferring(self, finding: Finding, findings: Findings) -> Finding:
        """Of a blank that another finding may fill, that finding is asked: one cell, one advice."""
        if not self.code.rules.of(finding.rule).unfilled:
            return finding
        own = {one.field for one in _changes(finding)}
        mine = [n for n in dict.fromkeys((finding.at, *finding.fields)) if n not in own]
        told: dict[str, str] = {}
        for other in (f for f in findings if f is not finding):
            filled = {one.field for one in _changes(other) if one.to}
            told |= {n: other.at for n in mine if n in filled}
        if not told:
            return finding
        asked = "" if len(told) == len(mine) and not own else finding.advice
        by_place = {
            at: [n for n, there in told.items() if there == at] for at in dict.fromkeys(told.values())
        }
        advice = asked + "".join(self.wording.elsewhere(names, at) for at, names in by_place.items())
        return finding._replace(advice=advice)

    def _solved(self, finding: Finding, to: Mapping[str, Decimal]) -> Finding:
        mine = [n for n in dict.fromkeys((finding.at, *finding.fields)) if n in to]
        if finding.rule not in self.code.mute:
            return finding
        asked = dict.fromkeys((finding.at, *finding.fields))
        whole = len(mine) == len(asked)
        why = self.wording.solved(mine, to, whole)
        first, *others = (Fix(n, self.stated.get(n), to[n], self.wording.solved([n], to)) for n in mine)
        fix = first._replace(why=why, also=tuple(others))
        if not finding.fix:
            known = whole and self.code.rules.of(finding.rule).unfilled
            return finding._replace(fix=fix, advice=why if known else finding.advice + why)
        if finding.fix.to == first.to:
            return finding
        # The text says one figure and the sums another: both are offered, neither is certain.
        return finding._replace(fix=None, candidates=(finding.fix, fix), advice=finding.advice + why)

    def suspected(self, finding: Finding, values: Values) -> Finding:
        """Where figures do not follow from last year's: those that a slip of the keyboard would explain.

        表二 has no sums of its own, so this is all that its figures can be judged by.
        """
        terms = self.code.ties.get((finding.rule, finding.at), {})
        figures = {n: v for n in terms if isinstance(v := values.get(n), Decimal)}
        if not terms or finding.fix or finding.candidates or len(figures) < len(terms):
            return finding
        off = sum((c * figures[n] for n, c in terms.items()), Decimal(0))
        mine = {n: -off / c for n, c in terms.items() if n in self.code.at}
        slips = Slips(self.code, figures, self.known)
        changes = [
            slips.change(n, delta)
            for n, delta in mine.items()
            if self.code.is_possible(n, figures[n] + delta)
        ]
        typed = sorted(
            (c for c in changes if c.slip in TYPED),
            key=lambda c: slips.explain({c.field: mine[c.field]}).cost,
        )
        fixes = tuple(Fix(c.field, c.was, c.to, self.wording.slip(c)) for c in typed)
        return finding._replace(candidates=fixes)


def _changes(finding: Finding) -> list[Fix]:
    """Every change that a finding asks for or thinks possible."""
    ways = (finding.fix,) if finding.fix else finding.candidates
    return [one for way in ways for one in (way, *way.also)]
