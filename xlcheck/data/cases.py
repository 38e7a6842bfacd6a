"""The shape of cases.toml: one sound filing an edition, and edits to it that each break a rule."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from xlcheck import data

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class SoundFiling(NamedTuple):
    """A filing in which nothing is found; figures that are not named are 0."""

    year: int
    unit: str
    kind: str
    values: Mapping[str, int | str]
    texts: Mapping[str, str]
    options: Mapping[str, str] = {}


class FailingCase(NamedTuple):
    """One edit to a sound filing and exactly what is then found, each as ``R301 t3.new.total``."""

    why: str
    edition: str
    expect: tuple[str, ...]
    edit: Mapping[str, int | str] = {}
    zero: bool = False
    replace: tuple[str, str, str] | None = None
    repeat: tuple[str, str, int] | None = None
    note: Mapping[str, tuple[str, ...]] = {}
    last: Mapping[str, int | str] = {}
    last_texts: Mapping[str, str] = {}
    advice: str = ""
    fix: int | None = None


class Cases(NamedTuple):
    """The whole file; ``base`` is by edition."""

    base: Mapping[str, SoundFiling]
    case: tuple[FailingCase, ...]

    def breaking(self, rule: str) -> Iterator[FailingCase]:
        """The cases that break a rule."""
        return (case for case in self.case if rule in (found.split()[0] for found in case.expect))

    def misfits(self) -> "Iterator[Misfit]":
        """A case of an edition that has no sound filing."""
        from xlcheck.data.checking import Misfit

        for n, case in enumerate(self.case):
            if case.edition not in self.base:
                yield Misfit(("case", n, "edition"), case.edition, tuple(self.base))


@cache
def cases() -> Cases:
    """The cases, as data/cases.toml has them."""
    return data.load("cases", Cases)
