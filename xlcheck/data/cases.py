"""The shape of cases.toml: a sound filing for each edition, and edits to it with what they bring about."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlcheck import data
from xlcheck.data.rules import FileCheck

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit, Place


COVER = ("unit", "year", "kind", "contact")


class SoundFiling(NamedTuple):
    """A filing without a fault; a field that is not named is 0."""

    year: int
    unit: str
    kind: str
    texts: Mapping[str, str]
    values: Mapping[str, int | str]  # a figure with a fraction is a text
    options: Mapping[str, str] = {}


class Example(NamedTuple):
    """A sentence, an edit to the sound filing of an edition, and the rules found, each with its place.

    ``note`` is what reading the workbook notes, ``last`` and ``last_texts`` are last year's.
    """

    why: str
    edition: str
    expect: tuple[str, ...]
    edit: Mapping[str, int | str] = {}
    zero: bool = False
    replace: tuple[str, str, str] | None = None  # section, words, other words
    repeat: tuple[str, str, int] | None = None  # section, sentence, how often
    note: Annotated[Mapping[FileCheck, tuple[str, str]], ...] = {}
    last: Mapping[str, int | str] = {}
    last_texts: Mapping[str, str] = {}
    advice: str = ""  # words of the advice given
    fix: int | None = None

    def breaks(self, rule: str) -> bool:
        """Whether it shows what this rule finds."""
        return rule in (found.partition(" ")[0] for found in self.expect)


class Cases(NamedTuple):
    """The sound filings by edition, and the examples in their order."""

    base: Mapping[str, SoundFiling]
    case: tuple[Example, ...]

    def misfits(self) -> "Iterator[Misfit]":
        """An edition without a sound filing, a rule that there is not, words that do not stand there."""
        from xlcheck.data.checking import Misfit, unit_kinds
        from xlcheck.data.form import field_names, form_file
        from xlcheck.data.rules import rules
        from xlcheck.data.rules_text import rules_text

        known = [rule.id for rule in (*rules().rule, *rules_text().rule)]
        fields = {edition: set(field_names(form_file(edition).table)) for edition in data.editions()}
        for edition, base in self.base.items():
            if edition not in fields:
                yield Misfit(("base", edition), edition, list(fields))
                continue
            yield from _unknown(("base", edition, "values"), base.values, fields[edition])
            if base.kind not in (kinds := unit_kinds()):
                yield Misfit(("base", edition, "kind"), base.kind, kinds)
        for n, case in enumerate(self.case):
            if case.edition not in self.base:
                yield Misfit(("case", n, "edition"), case.edition, list(self.base))
                continue
            ids = (found.partition(" ")[0] for found in case.expect)
            yield from (Misfit(("case", n, "expect"), i, known) for i in ids if i not in known)
            texts = self.base[case.edition].texts
            options = (option.id for option in form_file(case.edition).option)
            names = {*fields[case.edition], *texts, *options, *COVER}
            yield from _unknown(("case", n, "edit"), case.edit, names)
            yield from _unknown(("case", n, "last"), case.last, names)
            for key, edit in (("replace", case.replace), ("repeat", case.repeat)):
                if edit and edit[0] not in texts:
                    yield Misfit(("case", n, key), edit[0], list(texts))
            if case.replace and case.replace[1] not in texts.get(case.replace[0], case.replace[1]):
                yield Misfit(("case", n, "replace"), case.replace[1], (), "does not stand there")


def _unknown(at: "Place", named: Iterable[str], known: Collection[str]) -> "Iterator[Misfit]":
    from xlcheck.data.checking import Misfit

    yield from (Misfit((*at, name), name, list(known)) for name in named if name not in known)


@cache
def cases() -> Cases:
    """The examples, as data/cases.toml has them."""
    return data.load("cases", Cases)
