"""The 考核表: the points of each unit by the county's policy, each traced to what they come from."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.county.alike import Alike, alike
from xlcheck.county.ledger.publications import publication_sentence
from xlcheck.county.submission import Decision, Publication, Submission, returned_by
from xlcheck.data.assessment import PointSource, assessment
from xlcheck.data.county import Status, Verdict, county
from xlcheck.data.policy import PointEvent, PointItem, Policy
from xlcheck.editions import Edition


class Assessed(NamedTuple):
    """An item of a unit: how often, how many points (None where a person gives them), from what and why."""

    title: str
    times: int
    points: Decimal | None
    source: PointSource
    said: str


class Score(NamedTuple):
    """A unit's points: what it begins with and all its items, added up."""

    total: Decimal
    items: tuple[Assessed, ...]


NOBODY: Mapping[str, Score] = {}  # where a policy gives no points


class Occasion(NamedTuple):
    """Why points are given: so many times or days, and what of each."""

    times: int
    traces: tuple[str, ...]


class _Case(NamedTuple):
    """One unit, and what only a look at all of them tells."""

    standing: Submission
    edition: Edition
    due: date
    today: date
    same: Sequence[Alike]


def scores(
    edition: Edition, policy: Policy | None, standings: Sequence[Submission], due: date, today: date
) -> dict[str, Score]:
    """The points of every unit, by its name; nothing where the policy gives none."""
    if not (policy and policy.point):
        return {}
    groups: dict[str, list[Alike]] = defaultdict(list)
    if any(item.on == "alike" for item in policy.point):
        for same in alike(standings):
            for unit in same.units:
                groups[unit].append(same)
    full = policy.score.full if policy.score else Decimal(0)
    found = {}
    for standing in standings:
        case = _Case(standing, edition, due, today, groups.get(standing.unit.name, ()))
        items = tuple(_assessed(item, case) for item in policy.point)
        found[standing.unit.name] = Score(full + sum(i.points or Decimal(0) for i in items), items)
    return found


def _assessed(item: PointItem, case: _Case) -> Assessed:
    say, source = assessment().say, assessment().sources[item.on]
    if item.on == "by_hand":
        return Assessed(item.name, 0, None, source, say.by_hand)
    if source == "page" and case.standing.published is None:
        return Assessed(item.name, 0, None, source, say.not_looked)
    there = _occasion(item, case)
    said = say.between.join(there.traces[: assessment().traces]) or say.none
    if len(there.traces) > assessment().traces:
        said = say.more.format(said=said, n=len(there.traces))
    return Assessed(item.name, there.times, _points(item, there), source, said)


def _points(item: PointItem, there: Occasion) -> Decimal:
    """Once or for each, up to the most."""
    if not there.times:
        return Decimal(0)
    points = item.points * (1 if item.per == "once" else there.times)
    bound = item.most or abs(points)
    return max(-bound, min(bound, points))


def _occasion(item: PointItem, case: _Case) -> Occasion:
    """How often what an item is about happened, by the day or by the time."""
    traces = (*EVENTS[item.on](case), *_rules(case, item))
    times = len(traces)
    if traces and item.per == "day":
        page = _first_out(case)
        times = page.days_late if item.on == "published_late" and page else case.standing.late
    return Occasion(times, traces)


def _late(case: _Case) -> Iterator[str]:
    standing = case.standing
    if standing.late and standing.first:
        day = standing.first.date()
        yield assessment().say.late.format(day=day, due=case.due, n=standing.late)


def _missing(case: _Case) -> Iterator[str]:
    if case.standing.status is Status.MISSING and case.today > case.due:
        yield assessment().say.missing.format(due=case.due, today=case.today)


def _returned(case: _Case) -> Iterator[str]:
    for one in case.standing.decided:
        if one.whole and one.verdict is Verdict.RETURN:
            why = county().comma.join(filter(None, (one.reason, one.note)))
            why = f"{assessment().say.because}{why}" if why else ""
            yield assessment().say.returned.format(day=one.made.date(), why=why)


def _unmended(case: _Case) -> Iterator[str]:
    """What came after a return is still not right, or nothing came though the day is past."""
    standing, say = case.standing, assessment().say
    if standing.correction and standing.current:
        found = standing.correction
        left = found.left + found.moved + found.fresh
        if (found.same or left) and (back := returned_by(standing.decided, standing.current.after)):
            sentence = say.unmended_same if found.same else say.unmended
            yield sentence.format(day=back.made.date(), left=left)
    elif standing.status is Status.RETURNED and (back := standing.decision) and _is_past(case, back):
        yield say.unmended_yet.format(day=back.made.date())


def _is_past(case: _Case, back: Decision) -> bool:
    """Whether what was sent back should have come again: by the day in the letter, if that is the later."""
    return case.today > max(case.due, back.until or case.due)


def _alike(case: _Case) -> Iterator[str]:
    form: Form = case.edition.form
    for same in case.same:
        others = [unit for unit in same.units if unit != case.standing.unit.name]
        units = county().comma.join(others)
        yield assessment().say.alike.format(section=form.sections[same.section], units=units)


def _rules(case: _Case, item: PointItem) -> Iterator[str]:
    """The findings of the item's rules that the county has not taken a reason for."""
    current = case.standing.current
    for found in current.findings if current else ():
        if found.rule in item.rules and not found.accepted:
            words = {"rule": found.rule, "cell": found.cell, "message": found.message}
            yield assessment().say.finding.format(**words)


def _errors(case: _Case) -> Iterator[str]:
    current = case.standing.current
    for found in current.findings if current else ():
        if found.severity == "error" and found.open:
            words = {"rule": found.rule, "cell": found.cell, "message": found.message}
            yield assessment().say.finding.format(**words)


def _published_late(case: _Case) -> Iterator[str]:
    if (page := _first_out(case)) and page.days_late:
        yield assessment().say.published_late.format(file=page.path, said=publication_sentence(page))


def _first_out(case: _Case) -> Publication | None:
    """Of several pages the one that came out first, by the days that they name."""
    dated = [page for page in case.standing.public if page.day]
    return min(dated, key=lambda page: page.days_late, default=None)


def _unpublished(case: _Case) -> Iterator[str]:
    if not case.standing.public:
        yield assessment().say.unpublished


def _published_differs(case: _Case) -> Iterator[str]:
    for page in case.standing.published or ():
        if page.number("cells"):
            yield assessment().say.published_differs.format(file=page.path, said=publication_sentence(page))


def _nothing(_: _Case) -> Iterator[str]:
    yield from ()


EVENTS: Mapping[PointEvent, Callable[[_Case], Iterator[str]]] = {
    "late": _late, "missing": _missing, "returned": _returned, "unmended": _unmended, "alike": _alike,
    "rules": _nothing, "errors": _errors, "published_late": _published_late, "unpublished": _unpublished,
    "published_differs": _published_differs, "by_hand": _nothing,
}  # fmt: skip
