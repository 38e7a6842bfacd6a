"""The published pages as the ledger has them, and what is said of one: in a line, and line by line."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from xlcheck.core.form_words import place_of
from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.submission import Publication
from xlcheck.data.published import PageOutcome, published_facts
from xlcheck.editions import Edition

NOT_COMPARED = ("noted", "person")  # what may differ where nothing has changed
FEW = 5  # cells in a sentence


def every_publication(db: Connection, year: int) -> list[Publication]:
    """Every look at a page that is in the ledger for a year, in its order."""
    query = select(t.publication).filter_by(year=year).order_by(t.publication.c.id)
    with db.begin():
        return [_publication(row) for row in db.execute(query).mappings()]


def newest_of_each(every: Iterable[Publication]) -> list[Publication]:
    """The pages as they were read last."""
    return list({one.path: one for one in every}.values())


def enter_publications(db: Connection, year: int, some: Iterable[Publication]) -> int:
    """Add what was seen to the ledger; what a page was before and still is is not entered again."""
    before = {one.path: one for one in every_publication(db, year)}
    rows = [_row(one, year) for one in some if _compared(one) != _compared(before.get(one.path))]
    if rows:
        with db.begin():
            db.execute(insert(t.publication), rows)
    return len(rows)


def publication_sentence(one: Publication) -> str:
    """What a page is, in a sentence: whether it is what was accepted, and when it says that it came out."""
    say = published_facts().say
    return say.parts.join(filter(None, (_outcome_words(one), _day_words(one), _tie_words(one))))


def _outcome_words(one: Publication) -> str:
    say = published_facts().say
    if one.refusal:
        return say.refused.format(refusal=one.refusal)
    if one.outcome is PageOutcome.YEAR:
        return say.other_year.format(year=one.page_year)
    parts = [
        getattr(say, key).format(n=one.number(key), ours=_ours(one))
        for key in ("cells", "unread", "texts", "blank") if one.number(key)
    ]  # fmt: skip
    return say.parts.join(parts if one.number("cells") else [outcome_word(one), *parts])


def outcome_word(one: Publication) -> str:
    """What a page is, in a few words."""
    return published_facts().say.word[one.outcome].format(ours=_ours(one))


def _ours(one: Publication) -> str:
    """What it was held to: what was accepted or, before that, what was reported last."""
    return published_facts().say.ours["accepted" if one.accepted else "latest"]


def _day_words(one: Publication) -> str:
    say = published_facts().say
    if one.refusal or one.outcome is PageOutcome.YEAR:
        return ""
    if not one.day:
        return say.undated
    source = say.source[one.source].format(day=one.day)
    return say.late.format(n=one.days_late, due=one.due, source=source) if one.days_late else source


def _tie_words(one: Publication) -> str:
    """Why it is held for this unit's, and held to what."""
    say, parts = published_facts().say, []
    if one.claimed and not one.refusal:
        parts.append(say.named_otherwise.format(said=one.named) if one.named else say.claimed)
    if one.against and not one.accepted:
        parts.append(say.not_accepted)
    if one.against and one.page_year is None:
        parts.append(say.no_year)
    return say.parts.join(parts)


def publication_lines(one: Publication, edition: Edition) -> Iterator[str]:
    """Every cell and sentence in which a page differs, and what could not be read in it."""
    say, quoted = published_facts().say, published_facts().read.quoted
    for field, there, ours, where in one.found.get("cells", ()):
        figures = {"published": there or say.empty, "accepted": ours or say.empty}
        place = place_of(edition.form, field)
        yield say.cell.format(
            cell=edition.cell_of(field), place=place, where=where, ours=_ours(one), **figures
        )
    for section, there, ours in one.found.get("texts", ()):
        said = say.changed if there and ours else say.added if there else say.gone
        texts = {"published": _cut(there, quoted), "accepted": _cut(ours, quoted)}
        yield said.format(section=place_of(edition.form, section), ours=_ours(one), **texts)
    for where, text in one.found.get("doubts", ()):
        yield say.doubt.format(where=where, text=_cut(text, quoted))
    if unread := one.found.get("unread", ()):
        cells = say.parts.join(map(edition.cell_of, unread[:FEW]))
        few = say.unread_more.format(cells=cells, n=len(unread)) if len(unread) > FEW else cells
        yield say.unread_cells.format(cells=few)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}{published_facts().say.cut}"


def _publication(row: RowMapping) -> Publication:
    names = {"unit": "unit_id"}
    one = Publication(**{key: row[names.get(key, key)] for key in Publication._fields})
    return one._replace(outcome=PageOutcome(one.outcome))


def _row(one: Publication, year: int) -> dict[str, Any]:
    row = one._asdict()
    return row | {"unit_id": row.pop("unit"), "year": year, "outcome": one.outcome.value}


def _compared(one: Publication | None) -> dict[str, Any]:
    return {key: part for key, part in one._asdict().items() if key not in NOT_COMPARED} if one else {}
