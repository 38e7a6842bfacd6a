"""The editions of the form and the catalogue of rules, read from the project's data."""

import os
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from decimal import Decimal
from errno import errorcode
from functools import cache
from pathlib import Path
from typing import NamedTuple

from xlcheck import data
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.rules import Rules
from xlcheck.data.form import form_file
from xlcheck.data.messages import messages
from xlcheck.data.rules import RuleBook, rules
from xlcheck.data.rules_text import rules_text

CORE = Path(__file__).parent / "core"


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
        raise Refused(
            messages().no_edition.format(edition=name, known=messages().comma.join(data.editions()))
        )
    parts = (entry for folder in (data.HERE, CORE) for entry in os.scandir(folder))
    sources = (entry for entry in parts if entry.name.endswith((".toml", ".py")))
    return data.remembered(f"edition_{name}", Edition, sources, lambda: _compiled(name))


def _compiled(name: str) -> Edition:
    from xlcheck.core.rulebook import read_rules  # only where nothing is kept, as with data files

    form = Form(form_file(name), data.toml("workbook"))
    return Edition(form, read_rules(rulebook(), form))


def forms() -> tuple[Form, ...]:
    """The form of every edition, oldest first."""
    return tuple(edition_named(name).form for name in data.editions())


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
