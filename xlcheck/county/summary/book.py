"""The summary workbook: who reported, what is wrong, the county's totals and where each comes from."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.county.register import Register
from xlcheck.county.submission import Status, Submission
from xlcheck.county.summary.alike import alike
from xlcheck.county.summary.changes import changed_cells
from xlcheck.county.summary.charts import write_statistics
from xlcheck.county.summary.formulas import results, write_fields, write_table
from xlcheck.county.summary.list_sheet import HEAD, list_head, words, write_rows
from xlcheck.county.summary.lists import write_findings, write_units
from xlcheck.county.sums import CountyTotals, add_up
from xlcheck.editions import edition_named
from xlcheck.saving import save


def write_summary(
    register: Register, standings: Sequence[Submission], path: Path, today: date
) -> CountyTotals:
    """Write the workbook, atomically, and give back what was added up."""
    campaign, as_of = register.campaign, register.as_of()
    added = add_up(campaign, standings)
    book = Workbook()
    del book[book.sheetnames[0]]
    pages = {key: book.create_sheet(name) for key, name in data.toml("summary")["sheets"].items()}
    title = data.toml("summary")["title"].format(**campaign._asdict())
    lead = sentence(standings, campaign.due, today)
    stand = data.toml("summary")["lead"]["as_of"].format(at=as_of)
    first = write_findings(pages["findings"], standings, title, stand)
    write_units(pages["units"], standings, first, title, lead, f"{stand}　{words()['hint_units']}")
    form = edition_named(campaign.edition).form
    write_fields(pages["fields"], form, standings, title, words()["hint_fields"])
    for table in form.tables:
        write_table(pages[table], table, form, title, added_up_sentences(added))
    write_statistics(pages["rules"], campaign.edition, standings, title, lead)
    write_rest(pages, register, title, stand)
    write_alike(pages["alike"], standings, form.sections, title, stand)
    book.properties.creator = book.properties.lastModifiedBy = "xlcheck"
    book.properties.created = book.properties.modified = as_of
    book.calculation.fullCalcOnLoad = True
    save(book, path, results(form, added))
    return added


def sentence(standings: Sequence[Submission], due: date, today: date) -> str:
    """The state of the collection in a sentence or two."""
    say = data.toml("summary")["lead"]
    missing = sum(s.status is Status.MISSING for s in standings)
    accepted = sum(s.status is Status.ACCEPTED for s in standings)
    if accepted == len(standings):
        return str(say["done"].format(units=len(standings)))
    progress = say["progress"].format(
        units=len(standings), reported=len(standings) - missing, accepted=accepted
    )
    days = (due - today).days
    clock = say["before"] if days > 0 else say["after"] if days else say["today"]
    wanting = say["missing"].format(missing=missing) if missing else ""
    return str(progress + wanting + clock.format(due=due, days=abs(days)))


def added_up_sentences(added: CountyTotals) -> str:
    """Who is counted, and what is wanting before the totals are the county's."""
    say = data.toml("summary")["lead"]
    parts = [say["counted"].format(counted=added.counted, left=added.left)]
    if added.missing:
        parts.append(say["wanting"].format(missing=len(added.missing), names=_few(added.missing)))
    elif not all(map(added.complete, added.sums)):
        parts.append(say["blanks"])
    else:
        parts.append(say["whole"])
    if added.open:
        parts.append(say["unsettled"].format(open=len(added.open)))
    if added.faulty:
        parts.append(say["faulty"].format(faulty=len(added.faulty), names=_few(added.faulty)))
    return "".join(parts)


def write_rest(pages: dict[str, Worksheet], register: Register, title: str, stand: str) -> None:
    """What became of each file, and what changed between two returns of a unit."""
    list_head(pages["arrivals"], "arrivals", title, words()["hint_arrivals"], stand)
    outcomes = data.toml("county")["outcome"]
    came = (
        {"n": n, **a._asdict(), "outcome": outcomes[a.outcome]} for n, a in enumerate(register.arrivals(), 1)
    )
    write_rows(pages["arrivals"], "arrivals", came)
    list_head(pages["changes"], "changes", title, words()["hint_changes"], stand)
    if not write_rows(pages["changes"], "changes", changed_cells(register)):
        pages["changes"][f"A{HEAD + 1}"].value = words()["no_changes"]


def write_alike(
    page: Worksheet, standings: Sequence[Submission], sections: Mapping[str, str], title: str, stand: str
) -> None:
    """Which units sent the same words."""
    list_head(page, "alike", title, words()["hint_alike"], stand)
    rows = (
        {
            **same._asdict(),
            "section": sections[same.section],
            "count": len(same.units),
            "units": "、".join(same.units),
        }
        for same in alike(standings)
    )
    if not write_rows(page, "alike", rows):
        page[f"A{HEAD + 1}"].value = words()["no_alike"]


def _few(names: Sequence[str]) -> str:
    """The first five names, and that there are more."""
    return "、".join(names[:5]) + (data.toml("summary")["lead"]["others"] if len(names) > 5 else "")
