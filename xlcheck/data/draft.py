"""The shape of draft.toml: what a draft says of a filing, clause by clause."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlcheck import data
from xlcheck.data.form import SectionName

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

GIVEN = ("year", "unit", "we", "preface")  # what a clause may say besides figures
FILLED = r"\{([^{}]+)\}"
EACH = "X"


class DraftClause(NamedTuple):
    """What is said, in one wording or two, where ``when`` is true.

    It is said for ``each`` word, or for ``every`` leaf of a heading, put for X, with ``joint`` between and
    ``frame`` around all.
    """

    say: tuple[Annotated[str, ...], ...]
    when: str = ""
    each: tuple[str, ...] = ()
    every: str = ""
    joint: str = ""
    frame: Annotated[str, "said"] = "{said}"
    spare: bool = False


class DraftParagraph(NamedTuple):
    """A paragraph of a text, ``aspect`` where it is about one of those that 一 must speak of."""

    text: SectionName
    clause: tuple[DraftClause, ...]
    aspect: str = ""


class DraftLead(NamedTuple):
    """What a report may say under the heading of a table."""

    table: str
    clause: tuple[DraftClause, ...]


class Listing(NamedTuple):
    """The parts of a heading that are not 0: several, or ``only`` one, which may be of ``one`` thing.

    ``item`` is how one is written, where not as in other lists; ``whole`` names a cell of which a part is
    all, or it is left out; with fewer than the ``least`` nothing is said; of a ``brief`` list the only part
    of a part is said without its figure.
    """

    of: str
    cells: Annotated[str, "part"]
    many: Annotated[str, "items"]
    leaves: bool = False
    only: Annotated[str, "item"] = ""
    one: Annotated[str, "item"] = ""
    item: Annotated[str, "figure", "label"] = ""
    whole: Annotated[str, "part"] = ""
    brief: bool = False
    least: int = 1


class ListWords(NamedTuple):
    """How one part of a list is written: with its figure, with its own parts, by its name alone."""

    label: Annotated[str, "label"]
    item: Annotated[str, "figure", "label"]
    nested: Annotated[str, "figure", "label", "parts"]
    alone: Annotated[str, "label", "parts"]
    comma: str


class CountyDraft(NamedTuple):
    """What a county's own report says of the units it adds up, in which text; ``keep`` asks its office.

    Of what may be of none or of some, the words for none stand first.
    """

    text: SectionName
    counted: Annotated[str, "count", "kinds"]
    kinds: Annotated[str, "kinds"]
    kind: Annotated[str, "count", "kind"]
    comma: str
    left: Annotated[str, "count"]
    keep: str
    units: Annotated[str, "count"]
    missing: tuple[str, Annotated[str, "count", "there"]]
    late: tuple[str, Annotated[str, "count"]]
    returned: tuple[str, Annotated[str, "count"]]


class OwnName(NamedTuple):
    """What a unit calls itself, by its ``kind``; a ``government`` by the place ``named`` in its name."""

    government: tuple[str, ...]
    named: str
    all: Annotated[str, "place"]
    kind: Mapping[str, str]


class DraftWords(NamedTuple):
    """All that a draft may say, in the order of the report."""

    heading: Annotated[str, "aspect", "number"]
    added: str
    blank: str
    no_last: str
    we: OwnName
    labels: Mapping[str, str]
    alone: Mapping[str, str]
    joined: Mapping[str, str]
    ratios: Mapping[str, tuple[str, str]]
    list: ListWords
    lists: Mapping[str, Listing]
    county: CountyDraft
    paragraph: tuple[DraftParagraph, ...]
    lead: tuple[DraftLead, ...]

    def misfits(self) -> Iterator["Misfit"]:
        """A cell that is in no form, an aspect there is not."""
        from xlcheck.data.checking import Misfit, form_names
        from xlcheck.data.remarks import remarks

        known = {*form_names(data.HERE / "draft.toml"), *self.ratios, *self.lists, *GIVEN}
        aspects = [aspect.name for aspect in remarks().aspect]
        for n, paragraph in enumerate(self.paragraph):
            if paragraph.aspect and paragraph.aspect not in aspects:
                yield Misfit(("paragraph", n, "aspect"), paragraph.aspect, aspects)
        for n, paragraph in enumerate(self.paragraph):
            yield from _unknown(("paragraph", n), paragraph.clause, known)
        for n, lead in enumerate(self.lead):
            yield from _unknown(("lead", n), lead.clause, known)


def _unknown(at: tuple[str, int], clauses: tuple[DraftClause, ...], known: set[str]) -> Iterator["Misfit"]:
    from xlcheck.data.checking import Misfit

    for m, clause in enumerate(clauses):
        for name in sorted(_names(clause) - known):
            yield Misfit((*at, "clause", m, "say"), name, sorted(known), "is in no form")


def _names(clause: DraftClause) -> set[str]:
    """What a clause names: in its condition and in its braces."""
    told = " ".join((clause.when, *(found for say in clause.say for found in re.findall(FILLED, say))))
    names = {
        name.removeprefix("last.").removeprefix("label:").partition(":")[0]
        for word in clause.each or (clause.every.rpartition(".")[2],)
        for name in re.findall(r"[a-z][\w.:]*", told.replace(EACH, word))
    }
    return names - {"and", "or", "not", "sum", "blank"}


@cache
def draft_words() -> DraftWords:
    """What drafts say, as data/draft.toml has it."""
    return data.load("draft", DraftWords)
