"""The cases of data/cases.toml as filings: one sound base an edition, and one edit each."""

from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from by_name import judge

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.core.formula import Entry
from xlcheck.editions import edition_named


class Case(NamedTuple):
    why: str
    edition: str
    expect: tuple[str, ...]
    filing: Filing
    last: Filing | None
    advice: str = ""
    fix: int | None = None


# entries that are odd but can stand in a workbook
ODD = {
    "t2.license.decisions": "12件",
    "t2.penalty.decisions": "",
    "t4.review.other": "/",
    "t2.coercion.decisions": "007",
    "t3.new.natural": -3,
    "s1": "第一段\n=不是公式\n<b>&“引号”",
    "unit": "=HYPERLINK(1)",
}
# what reading a sound workbook notes
SEEN = dict.fromkeys(("typed_formula", "dated", "unprotected", "renamed", "merged_entries"), ())


def cases() -> list[Case]:
    return [_case(raw) for raw in data.toml("cases")["case"]]


def base(name: str) -> Filing:
    """A sound filing of an edition."""
    raw = data.toml("cases")["base"][name]
    values = dict.fromkeys(edition_named(name).form.fields, Decimal(0)) | _entries(raw["values"])
    return Filing(
        name,
        Decimal(raw["year"]),
        raw["unit"],
        raw["kind"],
        None,
        values,
        raw["texts"],
        raw.get("options", {}),
    )


def run(case: Case) -> Result:
    return judge(case.filing, case.last)


def edited(filing: Filing, edit: dict[str, Any]) -> Filing:
    """The filing with some entries, texts, options or cover words set; an empty text is a blank."""
    form = edition_named(filing.edition).form
    values, texts, options = dict(filing.values), dict(filing.texts), dict(filing.options)
    cover: dict[str, Any] = {}
    for name, entry in edit.items():
        if name in form.fields:
            values[name] = _entry(entry)
        elif name in form.texts:
            texts[name] = entry
        elif name in form.cover:
            cover[name] = _entry(entry)
        else:
            options[name] = entry
    return filing._replace(
        values=values,
        texts={k: v for k, v in texts.items() if v},
        options={k: v for k, v in options.items() if v},
        **cover,
    )


def _case(raw: dict[str, Any]) -> Case:
    filing = base(raw["edition"])
    if raw.get("zero"):
        filing = filing._replace(values=dict.fromkeys(filing.values, Decimal(0)))
    filing = edited(filing, raw.get("edit", {}))
    if "replace" in raw:
        section, old, new = raw["replace"]
        assert old in filing.texts[section], raw["why"]
        filing = edited(filing, {section: filing.texts[section].replace(old, new)})
    if "repeat" in raw:
        section, sentence, times = raw["repeat"]
        filing = edited(filing, {section: filing.texts[section] + sentence * times})
    notes = {check: (tuple(found),) for check, found in raw.get("note", {}).items()}
    filing = filing._replace(notes=SEEN | notes)
    year = filing.year - 1 if isinstance(filing.year, Decimal) else None
    last = None
    if "last" in raw or "last_texts" in raw:
        values = _entries(raw.get("last", {}))
        last = Filing(raw["edition"], year, values=values, texts=raw.get("last_texts", {}))
    expect = tuple(raw["expect"])
    return Case(raw["why"], raw["edition"], expect, filing, last, raw.get("advice", ""), raw.get("fix"))


def _entries(raw: dict[str, Any]) -> dict[str, Entry]:
    return {name: Decimal(value) for name, value in raw.items()}


def _entry(value: Any) -> Entry:
    """A figure is written as a number, or as a text with a decimal point; other texts are texts."""
    if isinstance(value, int):
        return Decimal(value)
    try:
        return Decimal(value) if "." in value else value or None
    except InvalidOperation:
        return str(value)
