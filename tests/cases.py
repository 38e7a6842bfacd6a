"""The cases of data/cases.toml as filings: one sound base an edition, and one edit each."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from by_name import judge

from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.core.formula import Entry
from xlcheck.data.cases import Example
from xlcheck.data.cases import cases as examples
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
SEEN = dict.fromkeys(
    ("typed_formula", "dated", "shown_otherwise", "unprotected", "renamed", "merged_entries"), ()
)


def cases() -> list[Case]:
    return [_case(example) for example in examples().case]


def base(name: str) -> Filing:
    """A sound filing of an edition."""
    sound = examples().base[name]
    values = dict.fromkeys(edition_named(name).form.fields, Decimal(0)) | _entries(sound.values)
    return Filing(
        name, Decimal(sound.year), sound.unit, sound.kind, None, values, sound.texts, sound.options
    )  # fmt: skip


def run(case: Case) -> Result:
    return judge(case.filing, case.last)


def edited(filing: Filing, edit: Mapping[str, Any]) -> Filing:
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


def _case(example: Example) -> Case:
    filing = base(example.edition)
    if example.zero:
        filing = filing._replace(values=dict.fromkeys(filing.values, Decimal(0)))
    filing = edited(filing, example.edit)
    if example.replace:
        section, old, new = example.replace
        filing = edited(filing, {section: filing.texts[section].replace(old, new)})
    if example.repeat:
        section, sentence, times = example.repeat
        filing = edited(filing, {section: filing.texts[section] + sentence * times})
    notes = {check: (found,) for check, found in example.note.items()}
    filing = filing._replace(notes=SEEN | notes)
    year = filing.year - 1 if isinstance(filing.year, Decimal) else None
    last = None
    if example.last or example.last_texts:
        last = Filing(example.edition, year, values=_entries(example.last), texts=example.last_texts)
    return Case(example.why, example.edition, example.expect, filing, last, example.advice, example.fix)


def _entries(raw: Mapping[str, int | str]) -> dict[str, Entry]:
    return {name: Decimal(value) for name, value in raw.items()}


def _entry(value: Any) -> Entry:
    """A figure is written as a number, or as a text with a decimal point; other texts are texts."""
    if isinstance(value, int):
        return Decimal(value)
    try:
        return Decimal(value) if "." in value else value or None
    except InvalidOperation:
        return str(value)
