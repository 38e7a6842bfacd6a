"""The shape of remarks.toml: what is looked for in the words of a report, by named check."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlcheck import data
from xlcheck.data import Pattern, Regex, form
from xlcheck.data.form import SectionName
from xlcheck.data.rules import TextCheck

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class UnwantedWords(NamedTuple):
    """A pattern that should not be met in these sections; every match has one of the words ``holds``.

    ``by_sentence``: what is met in one sentence is one fault.
    """

    check: TextCheck
    sections: tuple[SectionName, ...]
    pattern: Pattern
    holds: tuple[str, ...] = ()
    by_sentence: bool = False


class WantedWords(NamedTuple):
    """Something a section must speak of: in one of these words, else as the pattern says."""

    check: TextCheck
    section: SectionName
    words: tuple[str, ...]
    pattern: Pattern | None = None
    name: str = ""


class AspectWords(NamedTuple):
    """An aspect of 一: the words, else the pattern, that speak of it, and those of a heading of its own."""

    name: str
    words: tuple[str, ...]
    headings: tuple[str, ...]
    pattern: Pattern | None = None


class HeadingWords(NamedTuple):
    """What a heading in a section looks like, and the words of one over the whole of it."""

    section: SectionName
    pattern: Pattern
    title: tuple[str, ...]


class YearPatterns(NamedTuple):
    """Sentences and periods of another year than the report's; ``{year}`` in ``stale`` is the year over."""

    named: Pattern
    before: Pattern
    office: Pattern
    ours: Pattern
    own: Pattern
    after: Pattern
    stops: str
    compared: tuple[str, ...]
    plan: tuple[str, ...]
    title: Pattern
    impossible: Pattern
    measures: tuple[str, ...]
    stale: Regex
    period: Pattern
    about: tuple[str, ...]


class NoticeWords(NamedTuple):
    """A notice's number in these sections; ``known`` are the year and number of the editions' own."""

    sections: tuple[SectionName, ...]
    pattern: Pattern
    known: tuple[tuple[str, ...], ...] = ()


class OrganKind(NamedTuple):
    """Units by their name or their kind; ``never`` are no words for them."""

    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    lower: bool = False


class OrganWords(NamedTuple):
    """What an organ calls itself: ``we`` and one of ``own``, unless what follows makes another word of it."""

    we: str
    own: Mapping[str, tuple[str, ...]]
    quoted: Pattern
    above: Pattern
    above_holds: tuple[str, ...]
    kinds: tuple[OrganKind, ...]
    party: OrganKind


class AnnouncedParts(NamedTuple):
    """How many parts a report says it has, where a sentence about it lists them."""

    sections: tuple[SectionName, ...]
    sentence: tuple[str, ...]
    lists: tuple[str, ...]
    pattern: Pattern


class FifthSection(NamedTuple):
    """When 五 is empty, or too general to be of use; lengths in letters."""

    section: SectionName
    empty: Pattern
    least: int
    empty_words: str
    general_words: Annotated[str, "count"]
    general_below: int
    specific: Pattern
    heading: Pattern
    quoted: int


class CopiedSentences(NamedTuple):
    """Sections compared with last year's by whole sentences, and from which share they are copied."""

    sections: tuple[SectionName, ...]
    share: float
    quoted: int
    sentence_end: Pattern


class NarrativeSize(NamedTuple):
    """How long a section may be, in letters, and how many figures it should have."""

    section: SectionName
    limit: int
    figures: int


class PointWords(NamedTuple):
    """How the points of a paragraph are numbered."""

    sections: tuple[SectionName, ...]
    pattern: Pattern


class SignedDate(NamedTuple):
    """The date of a report, and the last month and day for it; a government's own has longer."""

    pattern: Pattern
    last_day: tuple[int, int]
    government: tuple[str, ...]
    last_day_government: tuple[int, int]


class PrivateNumbers(NamedTuple):
    """Numbers that belong to a person."""

    identity: Pattern
    other: Pattern
    mobile: Pattern
    card: Pattern


class TextRemarks(NamedTuple):
    """Everything found in the words of a report that needs no table."""

    unwanted: tuple[UnwantedWords, ...]
    wanted: tuple[WantedWords, ...]
    aspect: tuple[AspectWords, ...]
    headings: HeadingWords
    year: YearPatterns
    notice: NoticeWords
    organ: OrganWords
    announced: AnnouncedParts
    five: FifthSection
    copied: CopiedSentences
    size: NarrativeSize
    points: PointWords
    date: SignedDate
    typos: Mapping[str, str]
    private: PrivateNumbers

    def misfits(self) -> Iterator["Misfit"]:
        """What an organ never calls itself another does; kinds are the cover's; a year is filled in."""
        from xlcheck.data.checking import Misfit, unit_kinds

        kinds = unit_kinds()
        named: list[tuple[tuple[str | int, ...], tuple[str, ...], Collection[str]]] = [
            (("organ", "party", "kinds"), self.organ.party.kinds, kinds),
            (("date", "government"), self.date.government, kinds),
        ]
        for n, organ in enumerate(self.organ.kinds):
            named += [(("organ", "kinds", n, "kinds"), organ.kinds, kinds)]
            named += [(("organ", "kinds", n, "never"), organ.never, self.organ.own)]
        for at, names, known in named:
            yield from (Misfit(at, name, list(known)) for name in names if name not in known)
        if self.copied.share > 1:
            yield Misfit(("copied", "share"), f"{self.copied.share:g}", (), "is more than all, 1")
        if "{year}" not in self.year.stale:
            yield Misfit(("year", "stale"), "{year}", (), "does not stand here")


@cache
def remarks() -> TextRemarks:
    """What is looked for, as data/remarks.toml has it."""
    read = data.load("remarks", TextRemarks)
    notices = (read.notice.pattern.search(form.form_file(edition).notice) for edition in data.editions())
    known = tuple(found.groups() for found in notices if found)
    return read._replace(notice=read.notice._replace(known=known))
