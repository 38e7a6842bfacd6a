"""The editions of the form and the catalogue of rules, read from the project's data."""

from errno import errorcode
from functools import cache
from typing import NamedTuple

from xlcheck import data
from xlcheck.core.form import Form
from xlcheck.core.rulebook import read_rules
from xlcheck.core.rules import Rules
from xlcheck.data.form import form_file
from xlcheck.data.messages import messages
from xlcheck.data.rules import RuleBook, rules
from xlcheck.data.rules_text import rules_text


class Edition(NamedTuple):
    """One edition of the form with the rules in force for it; whoever works on a filing is handed its own."""

    form: Form
    rules: Rules

    def cell_of(self, at: str) -> str:
        """Where a finding stands, as the clerk finds it: 三、申请办理!E8 for a field, 封面!C5, 文字!C6."""
        return "!".join(self.form.where(at))


class Refused(Exception):
    """Something handed in cannot be used; the text is a sentence in Chinese for the person who did."""


@cache
def edition_named(name: str) -> Edition:
    """The edition by its name; Refused for one there are no data for."""
    if name not in data.editions():
        raise Refused(messages().no_edition.format(edition=name, known="、".join(data.editions())))
    form = _form(name)
    return Edition(form, read_rules(rulebook(), form))


def forms() -> tuple[Form, ...]:
    """The form of every edition, oldest first."""
    return tuple(map(_form, data.editions()))


@cache
def _form(name: str) -> Form:
    return Form(form_file(name), data.toml("workbook"))


def rulebook() -> RuleBook:
    """The whole catalogue in its order: what the figures must satisfy, then what the text must."""
    return rules()._replace(rule=(*rules().rule, *rules_text().rule))


def edition_of_year(year: int) -> Edition:
    """The edition in force for a report year; years up to 2018 had a free outline and are refused."""
    for name in data.editions():
        file = form_file(name)
        if file.first_year <= year <= file.last_year:
            return edition_named(name)
    raise Refused(messages().no_edition_for_year.format(year=year))


def edition_for(name: str | None, year: int | None) -> Edition:
    """The edition by its name, else the one in force for the year, else the newest."""
    return edition_named(name) if name else edition_of_year(year) if year else newest_edition()


def newest_edition() -> Edition:
    """The edition in force for the years to come."""
    return edition_named(data.editions()[-1])


def reason(wrong: OSError) -> str:
    """Why the system refused, in Chinese."""
    reasons = messages().reason
    known: str = getattr(reasons, errorcode.get(wrong.errno or 0, "other"), reasons.other)
    return known
