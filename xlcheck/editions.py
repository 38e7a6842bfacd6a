"""The editions of the form and the catalogue of rules, read from the project's data."""

from errno import errorcode
from functools import cache
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.form import Form
from xlcheck.core.rules import Rules, read_rules


class Edition(NamedTuple):
    """One edition of the form with the rules in force for it."""

    form: Form
    rules: Rules


class Refused(Exception):
    """Something handed in cannot be used; the text is a sentence in Chinese for the person who did."""


@cache
def edition(name: str) -> Edition:
    """The edition by its name; Refused for one there are no data for."""
    if name not in data.editions():
        raise Refused(say("no_edition", edition=name, known="、".join(data.editions())))
    form = Form(data.toml(f"form_{name}"), data.toml("workbook"))
    return Edition(form, read_rules({**data.toml("rules"), "rule": raw_rules()}, form))


def raw_rules() -> list[dict[str, Any]]:
    """The whole catalogue in its order: what the figures must satisfy, then what the text must."""
    return [*data.toml("rules")["rule"], *data.toml("rules_text")["rule"]]


def edition_of_year(year: int) -> Edition:
    """The edition in force for a report year; years up to 2018 had a free outline and are refused."""
    for name in data.editions():
        raw = data.toml(f"form_{name}")
        if raw["first_year"] <= year <= raw.get("last_year", 9999):
            return edition(name)
    raise Refused(say("no_edition_for_year", year=year))


def say(name: str, **words: object) -> str:
    """A sentence from the messages, its placeholders filled."""
    sentence: str = data.toml("messages")["say"][name]
    return sentence.format(**words)


def reason(wrong: OSError) -> str:
    """Why the system refused, in Chinese."""
    reasons: dict[str, str] = data.toml("messages")["reason"]
    return reasons.get(errorcode.get(wrong.errno or 0, ""), reasons["other"])


def cell_of(filing: Filing, at: str) -> str:
    """Where a finding stands, as the clerk finds it: 三、申请办理!E8 for a field, 封面!C5, 文字!C6."""
    sheet, cell = edition(filing.edition).form.where(at)
    return f"{sheet}!{cell}"
