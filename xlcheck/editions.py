"""The editions of the form and the catalogue of rules, read from the project's data."""

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from errno import errorcode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlcheck import data
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry, FormulaError
from xlcheck.core.grid import FormError
from xlcheck.core.rules import Rules
from xlcheck.data.form import NEVER, FormFile, form_file
from xlcheck.data.messages import messages
from xlcheck.data.policy import DueDay, Policy, policy
from xlcheck.data.rules import Rule, RuleBook, rules
from xlcheck.data.rules_text import rules_text

if TYPE_CHECKING:
    from datetime import date

HERE = Path(__file__)
CORE = HERE.parent / "core"


class Edition(NamedTuple):
    """One edition of the form with the rules in force for it; whoever works on a filing is handed its own."""

    form: Form
    rules: Rules
    policy: Policy

    def cell_of(self, at: str) -> str:
        """Where a finding stands, as the clerk finds it: 三、申请办理!E8 for a field, 封面!C5, 文字!C6."""
        return "!".join(self.form.where(at))

    def due(self, year: int) -> "date":
        """The day by which the returns about a year are due: the county's own, else the law's."""
        return date_after(year, self.policy.due)

    def published_by(self, year: int, due: "date") -> "date":
        """The day by which the reports about a year are to be public: the county's own, else ``due``."""
        return date_after(year, self.policy.published) if self.policy.published else due


def date_after(year: int, day: DueDay) -> "date":
    """A day of the year after the one reported."""
    from datetime import date  # a check should not pay for it

    return date(year + 1, *day)


class Refused(Exception):
    """Something handed in cannot be used; the text is a sentence in Chinese for the person who did.

    ``reason`` is the technical one, for JSON and the ledger, where something went wrong that nobody foresaw.
    """

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason


@cache
def edition_named(name: str, policy: Policy | None = None) -> Edition:
    """The edition by its name, under a county's policy; Refused for one there are no data for."""
    made = _official(name)
    if not policy:
        return made
    return Edition(made.form, made.rules.under(policy.severity, _titles(made.rules, policy)), policy)


def _titles(made: Rules, policy: Policy) -> Mapping[str, str]:
    """The title of the rule that asks for a county's contents beside its own, by its check."""
    if not policy.content:
        return {}
    from xlcheck.data.assessment import assessment  # no business of a plain check

    wanted = (rule for rule in made.rules if rule.check == "aspects")
    return {rule.check: assessment().wanted_title.format(title=rule.title) for rule in wanted}


@cache
def _official(name: str) -> Edition:
    if name not in data.editions():
        raise Refused(
            messages().no_edition.format(edition=name, known=messages().comma.join(data.editions()))
        )
    sources = (HERE, *made_of(data.HERE, CORE))
    return data.remembered(f"edition_{name}", Edition, sources, lambda: _compiled(name))


def made_of(*folders: Path) -> Iterator["Path | os.DirEntry[str]"]:
    """The files of data and of code that something to be remembered is made of, in order."""
    entries = (entry for folder in folders for entry in sorted(os.scandir(folder), key=os.fspath))
    return (entry for entry in entries if entry.name.endswith((".toml", ".py")))


def _compiled(name: str) -> Edition:
    from xlcheck.core.rulebook import read_rules  # only where nothing is kept, as with data files

    form = _form(name)
    book, words = _rulebook(form.file.rule), _words(name)
    try:
        made = read_rules(book, form, words, lambda: tuple(map(_form, data.editions())))
    except (FormulaError, FormError) as wrong:
        from xlcheck.data.checking import rule_at_fault
        from xlcheck.data.claims import cell_names

        raise rule_at_fault(str(wrong), cell_names(form.file.table)) from wrong
    return Edition(form, made, policy())


def forms() -> tuple[Form, ...]:
    """The form of every edition, oldest first."""
    return tuple(edition_named(name).form for name in data.editions())


@cache
def _form(name: str) -> Form:
    from xlcheck.data.workbook import workbook

    return Form(_file(name), workbook())


@cache
def _file(name: str) -> FormFile:
    """An edition's form; it is in force until the next one is."""
    file, later = form_file(name), (form_file(n).first_year for n in data.editions() if n > name)
    return file._replace(last_year=min(file.last_year, *(year - 1 for year in later), NEVER))


def rulebook() -> RuleBook:
    """The whole catalogue, each rule in the words of the newest edition it is in force for."""
    made = [edition_named(name).rules.by_id for name in data.editions()]
    newest = {rule: one for rules in made for rule, one in rules.items()}
    book = _rulebook(rule for name in reversed(data.editions()) for rule in form_file(name).rule)
    return book._replace(rule=tuple(newest[rule.id] for rule in book.rule if rule.id in newest))


def _rulebook(own: Iterable[Rule]) -> RuleBook:
    """The catalogue in its order: what the figures must satisfy, last what ``own`` asks; then the text."""
    return rules()._replace(rule=(*rules().rule, *own, *rules_text().rule))


def _words(name: str) -> Mapping[str, str]:
    """What the forms say in rules' words: this edition's notice, all of them, and for which years each is."""
    files, say = [_file(n) for n in data.editions()], messages().years
    return {
        "notice": _file(name).notice,
        "notices": messages().comma.join(file.notice for file in reversed(files)),
        "editions": say.next.join(_years(f, say.edition.format(edition=f.edition)) for f in files),
        "notice_years": say.next.join(_years(f, f.notice) for f in files),
    }


def _years(file: FormFile, what: str) -> str:
    """For which years something of an edition's is."""
    say, years = messages().years, range(file.first_year, file.last_year + 1)
    if file.last_year == NEVER:
        return say.open.format(first=file.first_year, what=what)
    if len(years) <= 2:
        return say.few.format(years=messages().comma.join(map(str, years)), what=what)
    return say.range.format(first=file.first_year, last=file.last_year, what=what)


def edition_of_year(year: int, policy: Policy | None = None) -> Edition:
    """The edition in force for a report year; years up to 2018 had a free outline and are refused."""
    for name in data.editions():
        file = _file(name)
        if file.first_year <= year <= file.last_year:
            return edition_named(name, policy)
    raise Refused(messages().no_edition_for_year.format(year=year))


def edition_for(name: str | None, year: int | None, policy: Policy | None = None) -> Edition:
    """The edition by its name, else the one in force for the year, else the newest."""
    if name:
        return edition_named(name, policy)
    return edition_of_year(year, policy) if year else newest_edition(policy)


def newest_edition(policy: Policy | None = None) -> Edition:
    """The edition in force for the years to come."""
    return edition_named(data.editions()[-1], policy)


def ordinary(path: Path) -> Path:
    """The path of a file that has an end; Refused for a pipe or a device, which may have none."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise Refused(messages().no_ordinary_file.format(file=path))
    return path


def reason(wrong: OSError) -> str:
    """Why the system refused, in Chinese."""
    reasons = messages().reason
    known: str = getattr(reasons, errorcode.get(wrong.errno or 0, "other"), reasons.other)
    return known


ENOUGH = 4  # letters of a label that is looked for; shorter ones stand in every text
CLEAN = 0.8  # of a form's labels: where so many are met, one that is not is wanting


class Clues(NamedTuple):
    """What a document says of its edition; ``labels`` and ``words`` as ``spelt`` spells them.

    ``labels`` is the text the tables' labels are looked for in, or the labels themselves; ``words`` is all
    the text, ``hidden`` what the hidden sheet of a workbook of ours says.
    """

    labels: Container[str]
    words: str
    spelt: Callable[[str], str]
    year: Entry = None
    hidden: str = ""


def which_edition(clues: Clues) -> Edition:
    """The edition a document is of; the newest where nothing tells.

    Labels first: an edition is as unlikely as labels are met that stand in another's tables and in no
    label of its own. So the hidden sheet is believed unless labels speak against it. Where one form has all
    that another has and more, a document that has nearly all of the smaller form's labels, and none of
    what only the larger has, is of the smaller. Then the notice's number tells, then the year.
    """
    labels = {form: frozenset(_told_labels(form, clues.spelt)) for form in forms()}
    met = [label for label in frozenset().union(*labels.values()) if label in clues.labels]
    strange = {form: sum(_is_strange(one, own) for one in met) for form, own in labels.items()}
    likely = [form for form in labels if strange[form] == min(strange.values())]
    lacking = {f: _lacking(f, likely, labels) - frozenset(met) for f in likely}
    ways = (
        [f for f in likely if f.edition == clues.hidden],
        [f for f in likely if not lacking[f] and len(labels[f] & set(met)) >= CLEAN * len(labels[f])],
        [f for f in likely if _number(f.notice) in _number(clues.words)],
        [f for f in likely if isinstance(clues.year, Decimal) and f.covers(int(clues.year))],
    )
    sure = next((way for way in ways if len(way) == 1), None)
    fewest = sorted(likely, key=lambda f: (-len(lacking[f]), likely.index(f)))
    return edition_named((sure or fewest)[-1].edition)


def _told_labels(form: Form, spelt: Callable[[str], str]) -> Iterator[str]:
    """The headings and the rows' labels of a form's tables, as they are spelt."""
    for cells in form.tables.values():
        texts = (spelt(cell.text) for cell in cells if cell.role in ("header", "label"))
        yield from (text for text in texts if len(text) >= ENOUGH)


def _is_strange(label: str, own: frozenset[str]) -> bool:
    """Whether a label is neither one of a form's nor a part of one."""
    return label not in own and not any(label in one for one in own)


def _lacking(form: Form, likely: Sequence[Form], labels: Mapping[Form, frozenset[str]]) -> frozenset[str]:
    """The labels of a form that some other that may be meant has not."""
    return frozenset(one for other in likely for one in labels[form] - labels[other])


def _number(notice: str) -> str:
    """A notice's letters and figures: brackets are written in many ways."""
    return re.sub(r"\W", "", notice)
