"""What the county checks beyond its inbox: the units' published pages, and the figures it added up."""

import argparse
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.commands.campaign import person_of, some_workers, stored_campaign
from xlcheck.commands.county_verbs import few_names
from xlcheck.commands.named_files import filing_at, policy_of, there, writable
from xlcheck.commands.status import CLEAN, COULD_NOT, FOUND, to_stderr
from xlcheck.data.cli import cli as cli_words
from xlcheck.data.published import PageOutcome, published_facts
from xlcheck.data.sums import sum_facts
from xlcheck.editions import Refused

if TYPE_CHECKING:
    from xlcheck.core.filing import Filing
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.submission import Campaign, Publication, Submission
    from xlcheck.county.sums.sum_reasons import SumCheck

UNREAD = (PageOutcome.UNREADABLE, PageOutcome.PARTLY)
APART = (PageOutcome.STRANGER, PageOutcome.YEAR, PageOutcome.NOTHING)  # what is held to nothing


def look_at_published(asked: argparse.Namespace) -> int:
    """Published = accepted: every page beside its unit's filing; who has none; what could not be read."""
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.ledger.publications import enter_publications
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.published.page_ties import look_at_pages
    from xlcheck.county.roster import read_roster

    if asked.out and asked.out.suffix.lower() not in (".xlsx", ".html"):
        raise Refused(published_facts().say.bad_kind.format(path=asked.out))
    with open_ledger(asked.ledger, new=False) as ledger, some_workers(asked) as workers:
        campaign, policy = stored_campaign(ledger.campaign(asked.year), asked), policy_of(asked)
        if asked.roster:
            ledger.enrol(read_roster(there(asked.roster)))
        register = Register(ledger.db, campaign, policy)
        due = asked.due or register.edition.published_by(campaign.year, campaign.due)
        pages = look_at_pages(register, asked.pages, due, workers, person_of(asked), datetime.now())
        enter_publications(ledger.db, campaign.year, pages)
        register = Register(ledger.db, campaign, policy)
        standings = list(register.standings(asked.today))
        _write_published(register, standings, pages, asked, due)
    missing = [s.unit.name for s in standings if s.current and not s.public]
    unsent = [s.unit.name for s in standings if not s.current]
    if asked.json:
        print("\n".join([*(_json_line(register, one) for one in pages), *map(_json_missing, missing)]))
    else:
        print("\n".join(line for one in pages for line in _lines(register, one)))
    return _tell_counts(pages, missing, unsent)


def _lines(register: "Register", one: "Publication") -> list[str]:
    from xlcheck.county.ledger.publications import publication_lines, publication_sentence

    unit = register.units[one.unit].name if one.unit else published_facts().say.nobody
    line = published_facts().say.line.format(unit=unit, path=one.path, said=publication_sentence(one))
    return [line, *publication_lines(one, register.edition)]


def _json_line(register: "Register", one: "Publication") -> str:
    """A page as one object; what differs by its field, with the cell and both figures."""
    from xlcheck.county.ledger.publications import publication_sentence

    keys = ("field", "published", "accepted", "where"), ("section", "published", "accepted")
    cells, texts = (
        [dict(zip(names, row, strict=True)) for row in one.found.get(what, ())]
        for names, what in zip(keys, ("cells", "texts"), strict=True)
    )
    for cell in cells:
        cell["cell"] = register.edition.cell_of(cell["field"])
    record = {
        "file": one.path, "unit": register.units[one.unit].name if one.unit else None,
        "claimed": one.claimed, "named": one.named, "year": one.page_year, "status": one.outcome,
        "day": str(one.day) if one.day else None, "day_is": one.source if one.day else None,
        "due": str(one.due), "late": one.days_late, "accepted": one.accepted, "cells": cells, "texts": texts,
        "blank": list(one.found.get("blank", ())), "unread": list(one.found.get("unread", ())),
        "doubts": [dict(zip(("where", "text"), row, strict=True)) for row in one.found.get("doubts", ())],
        "said": publication_sentence(one),
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=False)


def _json_missing(unit: str) -> str:
    """A unit of which no page was seen."""
    return json.dumps({"file": None, "unit": unit, "status": "missing"}, ensure_ascii=False)


def _write_published(
    register: "Register", standings: "Sequence[Submission]", pages: "Sequence[Publication]",
    asked: argparse.Namespace, due: date,
) -> None:  # fmt: skip
    """The two lists as a workbook or as a page, where one is asked for."""
    from xlcheck.county.published.published_book import published_lists, write_published_book

    if not asked.out:
        return
    target: Path = asked.out
    lists = published_lists(register, standings, pages)
    if target.suffix.lower() == ".xlsx":
        write_published_book(register, lists, writable(target), due)
    else:
        from xlcheck.county.published.published_html import write_published_page

        write_published_page(register, lists, target, due)
    to_stderr(cli_words().out.wrote.format(path=target))


def _tell_counts(pages: "Sequence[Publication]", missing: Sequence[str], unsent: Sequence[str]) -> int:
    """How many there are of each; the exit status says whether somebody has to act."""
    say = published_facts().say
    if missing:
        to_stderr(say.missing.format(n=len(missing), units=few_names(missing)))
    if unsent:
        to_stderr(say.unsent.format(n=len(unsent), units=few_names(unsent)))
    late = sum(one.days_late > 0 for one in pages)
    agree = [one.accepted for one in pages if one.outcome is PageOutcome.SAME]
    counts = {
        "pages": len(pages), "same": agree.count(True), "latest": agree.count(False),
        "differ": sum(one.outcome is PageOutcome.DIFFERS for one in pages),
        "unread": sum(one.outcome in UNREAD for one in pages), "late": late, "missing": len(missing),
        "apart": sum(one.outcome in APART for one in pages),
    }  # fmt: skip
    to_stderr(say.counts.format(**counts))
    if all(one.outcome is PageOutcome.UNREADABLE for one in pages):
        return COULD_NOT
    clean = len(agree) == len(pages) and not (late or missing)
    return CLEAN if clean else FOUND


def look_at_sums(asked: argparse.Namespace) -> int:
    """The county's own workbook beside the sum of its units: what differs, and which unit explains it."""
    from xlcheck.core.filing import stated_values
    from xlcheck.county.ledger.database import open_ledger
    from xlcheck.county.ledger.register import Register
    from xlcheck.county.sums.county_check import counted_units, deviation_line, whole_line
    from xlcheck.county.sums.sum_reasons import check_sums
    from xlcheck.county.sums.sums import add_up

    filing, say = filing_at(asked.file), sum_facts().say
    with open_ledger(asked.ledger, new=False) as ledger:
        campaign = stored_campaign(ledger.campaign(asked.year), asked)
        _same_form(filing, campaign, asked.file)
        register = Register(ledger.db, campaign)
        standings = _in_region(list(register.standings(asked.today)), asked.region)
        units = counted_units(register, standings)
    edition, added = register.edition, add_up(register.edition.form, standings)
    found = check_sums(stated_values(edition.form, filing), units)
    if asked.json:
        print("\n".join(_sum_records(register, found)))
    else:
        counted = sum(unit.counted for unit in units)
        head = say.head if found.deviations else say.same
        counts = {"fields": len(added.sums), "units": counted, "differ": len(found.deviations)}
        print(head.format(file=asked.file.name, **counts))
        print("".join(f"{whole_line(one)}\n" for one in found.whole), end="")
        print("".join(f"{deviation_line(edition, one)}\n" for one in found.deviations), end="")
    if added.missing:
        to_stderr(say.missing.format(n=len(added.missing), units=few_names(added.missing)))
    short = [edition.cell_of(n) for n, there in added.there.items() if there < len(units) - added.left]
    if short:
        to_stderr(say.incomplete.format(n=len(short), cells=few_names(short)))
    return FOUND if found.deviations else CLEAN


def _same_form(filing: "Filing", campaign: "Campaign", file: Path) -> None:
    """Refuse a workbook of another edition or year: nothing in it could be a sum."""
    say = sum_facts().say
    if filing.edition != campaign.edition:
        other = {"edition": campaign.edition, "other": filing.edition}
        raise Refused(say.other_edition.format(file=file.name, **other))
    if filing.year is not None and filing.year != campaign.year:
        raise Refused(say.other_year.format(file=file.name, year=campaign.year, other=filing.year))


def _in_region(standings: "list[Submission]", region: str) -> "list[Submission]":
    """The units of a region and of those within it; all where none is asked for."""
    if not region:
        return standings
    inside = [s for s in standings if f"{s.unit.region}/".startswith(f"{region.rstrip('/')}/")]
    if not inside:
        known = few_names(dict.fromkeys(s.unit.region for s in standings if s.unit.region))
        raise Refused(sum_facts().say.no_region.format(region=region, near=known))
    return inside


def _sum_records(register: "Register", found: "SumCheck") -> list[str]:
    """Every unit that explains as a whole, and every cell, as an object a line."""
    from xlcheck.core.finding import json_number
    from xlcheck.county.sums.county_check import deviation_line

    whole = [one._asdict() for one in found.whole]
    cells = [
        {
            "field": one.field, "cell": register.edition.cell_of(one.field),
            "stands": json_number(one.stands) if isinstance(one.stands, Decimal) else one.stands,
            "sum": json_number(one.sum), "delta": json_number(one.delta), "whole": one.whole,
            "reasons": [
                r._asdict() | {"counted": json_number(r.counted), "value": json_number(r.value)}
                for r in one.reasons
            ],
            "said": deviation_line(register.edition, one),
        } for one in found.deviations
    ]  # fmt: skip
    return [json.dumps(one, ensure_ascii=False) for one in (*whole, *cells)]
