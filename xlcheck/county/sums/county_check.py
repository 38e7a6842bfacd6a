"""The county's own workbook beside its units: what each gives to a sum, and what is said of a cell."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import groupby

from xlcheck.core.filing import entry_text, figure_text
from xlcheck.core.form_words import place_of
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Return, Submission
from xlcheck.county.sums.sum_reasons import CountedUnit, SumDeviation, SumReason, UnitFigures, WholeReason
from xlcheck.county.sums.sums import counted_figures
from xlcheck.data.sums import OtherSource, sum_facts
from xlcheck.editions import Edition


def counted_units(register: Register, standings: Iterable[Submission]) -> list[CountedUnit]:
    """What every unit gives to the sums, and what else was ever known of its figures."""
    there = [s for s in standings if s.current]
    several = {n: sent for n, sent in register.sent.items() if len(sent) > 1 and n in register.units}
    before = {register.units[n].name: some[:-1] for n, some in register.returns(several).items()}
    return [_unit(register, standing, before.get(standing.unit.name, ())) for standing in there]


def _unit(register: Register, standing: Submission, before: Sequence[Return]) -> CountedUnit:
    assert standing.current
    form = register.edition.form
    others: list[tuple[OtherSource, UnitFigures]] = [("mended", one) for one in _mended(standing.current)]
    others += [("earlier", counted_figures(form, one.filing)) for one in before]
    others += [("published", dict(_published(standing)))]
    last = {n: entry for n, entry in (standing.last or {}).items() if isinstance(entry, Decimal)}
    others += [("last", last)]
    figures = counted_figures(form, standing.current.filing)
    given = tuple((source, figures) for source, figures in others if figures)
    return CountedUnit(standing.unit.name, standing.unit.counted != "none", figures, given)


def _mended(current: Return) -> Iterator[UnitFigures]:
    """What a check says that a cell should be, or may be, each by itself."""
    for finding in current.findings:
        fix = finding.told.get("fix")
        for one in (fix, *(finding.told.get("candidates") or ())):
            if one and one.get("to") is not None:
                yield {one["field"]: Decimal(str(one["to"]))}


def _published(standing: Submission) -> Iterator[tuple[str, Decimal]]:
    """The published figures that are not the accepted ones."""
    for page in standing.published or ():
        for field, published, *_ in page.found.get("cells", ()):
            try:
                yield field, Decimal(published)
            except InvalidOperation:  # nothing, or words
                continue


def deviation_line(edition: Edition, one: SumDeviation) -> str:
    """A cell that differs, in a line: what stands there, the sum, and which unit explains it."""
    say, stands = sum_facts().say, entry_text(one.stands)
    sentence = say.line if isinstance(one.stands, Decimal) else say.words if stands else say.blank
    return sentence.format(
        cell=edition.cell_of(one.field), place=place_of(edition.form, one.field),
        stands=stands, sum=figure_text(one.sum),
        delta=f"{'+' if one.delta > 0 else ''}{figure_text(one.delta)}", said=_reasons(one),
    )  # fmt: skip


def whole_line(one: WholeReason) -> str:
    """A unit that explains many cells."""
    words = sum_facts()
    return words.say.whole.format(said=words.reason[one.kind].whole.format(unit=one.unit, n=one.cells))


def _reasons(one: SumDeviation) -> str:
    """The first reasons; nothing of a cell that a whole unit explains, or that holds no figure."""
    facts = sum_facts()
    if one.whole or not isinstance(one.stands, Decimal):
        return ""
    if not one.reasons:
        return facts.say.unexplained.format(delta=figure_text(one.delta))
    groups = [list(some) for _, some in groupby(one.reasons, lambda r: (r.kind, r.counted, r.value))]
    said = facts.say.either.join(map(_reason, groups[: facts.named]))
    more = sum(len(some) for some in groups[facts.named :])
    return facts.say.among.format(n=more, said=said) if more else said


def _reason(some: Sequence[SumReason]) -> str:
    """One explanation, of all the units for which it is as good."""
    first, facts = some[0], sum_facts()
    names = [one.unit for one in some[: facts.units]]
    more = facts.say.units_more.format(n=len(some)) if len(some) > facts.units else ""
    figures = {"counted": figure_text(first.counted), "value": figure_text(first.value)}
    return facts.reason[first.kind].say.format(unit=facts.say.comma.join(names) + more, **figures)
