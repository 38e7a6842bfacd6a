"""The summary workbook: who reported, what is wrong, the county's totals and where each comes from."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from xlcheck.core.form import Form
from xlcheck.county.assessment import NOBODY, Score
from xlcheck.county.ledger.arrivals import FIRST, Arrival, unclaimed_first
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import Submission
from xlcheck.county.summary.alike_sheet import write_alike
from xlcheck.county.summary.cell_formats import SummaryPage, summary_pages
from xlcheck.county.summary.changes import write_changes
from xlcheck.county.summary.charts import write_statistics
from xlcheck.county.summary.formulas import total_sheet, write_fields, write_table
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.county.summary.lists import write_findings, write_units
from xlcheck.county.summary.score_sheet import write_scores
from xlcheck.county.sums.sums import CountyTotals, add_up
from xlcheck.data.assessment import assessment
from xlcheck.data.county import Status, county
from xlcheck.data.summary import summary
from xlcheck.saving import atomically


def write_summary(
    register: Register, standings: Sequence[Submission], path: Path, today: date,
    scored: Mapping[str, Score] = NOBODY,
) -> CountyTotals:  # fmt: skip
    """Write the workbook, atomically, and give back what was added up; points, if any, are a sheet."""
    added = add_up(register.edition.form, standings)
    atomically(path, lambda to: _write_book(to, register, standings, added, today, scored))
    return added


def _write_book(
    path: Path, register: Register, standings: Sequence[Submission], added: CountyTotals, today: date,
    scored: Mapping[str, Score],
) -> None:  # fmt: skip
    campaign, form, as_of = register.campaign, register.edition.form, register.as_of()
    facts, sheets = summary(), summary().sheets
    title = facts.title.format(**campaign._asdict())
    lead, stand = sentence(standings, campaign.due, today), facts.lead.as_of.format(at=as_of)
    names = [*sheet_names(form), *([assessment().sheet.name] if scored else [])]
    with summary_pages(path, names, as_of) as page:
        first = write_findings(page[sheets.findings.name], standings, title, stand)
        hint = facts.beside.format(one=stand, other=facts.words.hint_units)
        write_units(page[sheets.units.name], standings, first, title, lead, hint)
        write_fields(page[sheets.fields.name], form, standings, title, added)
        for table in form.tables:
            write_table(page[total_sheet(form, table)], table, form, title, added_up_sentences(added), added)
        write_statistics(page[sheets.rules.name], register.edition, standings, title, lead)
        _write_arrivals(page[sheets.arrivals.name], register, title, stand)
        write_changes(page[sheets.changes.name], register, title, stand)
        write_alike(page[sheets.alike.name], standings, form, title, stand)
        if scored:
            write_scores(page[assessment().sheet.name], scored, title, stand)


def sheet_names(form: Form) -> list[str]:
    """The sheets in their order; the totals are a sheet for every table of the form."""
    sheets = summary().sheets
    totals = [total_sheet(form, table) for table in form.tables]
    return [name for s in sheets for name in (totals if s is sheets.totals else [s.name])]


def sentence(standings: Sequence[Submission], due: date, today: date) -> str:
    """The state of the collection in a sentence or two."""
    say = summary().lead
    missing = sum(s.status is Status.MISSING for s in standings)
    accepted = sum(s.status is Status.ACCEPTED for s in standings)
    if accepted == len(standings):
        return say.done.format(units=len(standings))
    progress = say.progress.format(units=len(standings), reported=len(standings) - missing, accepted=accepted)
    days = (due - today).days
    clock = say.before if days > 0 else say.after if days else say.today
    wanting = say.missing.format(missing=missing) if missing else ""
    return progress + wanting + clock.format(due=due, days=abs(days))


def added_up_sentences(added: CountyTotals) -> str:
    """Who is counted, and what is wanting before the totals are the county's."""
    say = summary().lead
    parts = [say.counted.format(counted=added.counted, left=added.left)]
    if added.missing:
        parts.append(say.wanting.format(missing=len(added.missing), names=_few(added.missing)))
    elif not all(map(added.complete, added.sums)):
        parts.append(say.blanks)
    else:
        parts.append(say.whole)
    if added.open:
        parts.append(say.unsettled.format(open=len(added.open)))
    if added.faulty:
        parts.append(say.faulty.format(faulty=len(added.faulty), names=_few(added.faulty)))
    return "".join(parts)


def _write_arrivals(page: SummaryPage, register: Register, title: str, stand: str) -> None:
    """What became of each file: a line for every one, those that ask for something first."""
    sheet = summary().sheets.arrivals
    arrivals = list(register.arrivals())
    rest = sorted((one for one in arrivals if not one.unclaimed), key=lambda one: one.outcome not in FIRST)
    there = [*unclaimed_first(arrivals), *rest]
    words = summary().words
    list_head(page, sheet, title, words.hint_arrivals, stand)
    write_rows(page, sheet, (_arrival(n, one) for n, one in enumerate(there, 1)), words.no_arrivals)


def _arrival(n: int, one: Arrival) -> SheetRow:
    return {
        "n": n, "path": one.path, "received": one.received, "unit": one.unit,
        "outcome": county().arrival.word[one.outcome], "said": one.said,
    }  # fmt: skip


def _few(names: Sequence[str]) -> str:
    """The first five names, and that there are more."""
    return county().comma.join(names[:5]) + (summary().lead.others if len(names) > 5 else "")
