"""Check one filing with everything the project knows: its rules, its text, and which cell is to blame."""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck import data
from xlcheck.core.check import check, in_order, told_once, with_text_findings
from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.finding import Finding, Fix, Result
from xlcheck.core.formula import Entry, Lookup
from xlcheck.editions import CORE, Edition, edition_named, made_of

if TYPE_CHECKING:  # what has nothing to say for a filing costs it nothing
    from xlcheck.core.blocks import Agreed
    from xlcheck.core.diagnosis.equations import Code
    from xlcheck.core.diagnosis.explain import Agreement
    from xlcheck.core.text.check_text import TextRules
    from xlcheck.data.policy import Policy, WantedContent
    from xlcheck.data.remarks import TextRemarks


def judge(edition: Edition, filing: Filing, last: Filing | None = None) -> Result:
    """Try every rule, read the text, then say which cells are wrong rather than which sums.

    ``last`` is last year's filing, of either edition.
    """
    result = check(edition.form, edition.rules, filing, last)
    if last or any(f.severity == "error" for f in result.findings):
        from xlcheck.core.diagnosis.explain import explain_findings

        text = partial(_agreement, edition, filing) if any(filing.texts.values()) else None
        result = explain_findings(code(edition), filing, result, last, text=text)
    else:  # reminders of this year alone: nothing is to be located
        result = result._replace(findings=in_order(edition.form, edition.rules, result.findings))
    if any(filing.texts.values()):
        known = {"text", "last"} if last and last.texts else {"text"}
        looked = {rule.id for rule in edition.rules.rules if rule.needs in known}
        result = with_text_findings(edition.rules, result, _text(edition, filing, result, last), looked)
    if filing.answers or (last and last.answers):
        result = _remembering(filing, result, last)
    if not any(edition.rules.of(f.rule).doubts for f in result.findings):
        return result
    from xlcheck.data.workbook import workbook

    return told_once(edition.form, edition.rules, result, workbook().words.joined)


def _remembering(filing: Filing, result: Result, last: Filing | None) -> Result:
    """What was answered: by this filing for what it finds now, and by last year's."""
    from xlcheck.core.memory import with_last_answers, with_memory
    from xlcheck.data.workbook import workbook

    words = workbook().words
    remembered = with_memory(filing, result, words.stale, words.already)
    return with_last_answers(filing, remembered, last, words.last_said) if last else remembered


def agreed(edition: Edition, filing: Filing, result: Result) -> "tuple[Agreed, ...]":
    """The figures of the text that agree with the tables, for a draft to underline."""
    from xlcheck.core.text.check_text import agreeing

    return tuple(agreeing(edition.form, filing, _words(edition), _mended(edition, filing, result)))


def drafted(edition: Edition, filing: Filing, last: Filing | None = None) -> Filing:
    """The filing with its empty texts written from the cells; of what the clerk wrote nothing is changed.

    ``last`` is last year's filing, for what has grown.
    """
    from xlcheck.core.draft import DraftFigures, drafted_texts
    from xlcheck.core.report import preface_of
    from xlcheck.core.text.prose.style import missing_aspects
    from xlcheck.core.text.words.sections import lay_out_sections
    from xlcheck.data.draft import draft_words
    from xlcheck.data.report import report

    form, words = edition.form, _words(edition)
    here = lay_out_sections(form, filing, words.rules, words.language.numerals)
    (about,) = here.named([words.remarks.headings.section]) or (None,)
    missing = missing_aspects(about, words.remarks) if about else ()
    preface = preface_of(form, report().words, filing)
    limits: dict[str, int] = {words.remarks.size.section: words.remarks.size.limit}
    figures = DraftFigures(form, draft_words(), filing, last, preface)
    return filing._replace(texts=drafted_texts(figures, missing, limits))


def drafted_leads(edition: Edition, filing: Filing) -> dict[str, str]:
    """A sentence for the heading of each table, for a report that is to have them."""
    from xlcheck.core.draft import DraftFigures, leads
    from xlcheck.data.draft import draft_words

    return leads(DraftFigures(edition.form, draft_words(), filing, None, ""))


def _agreement(edition: Edition, filing: Filing) -> "Agreement":
    from xlcheck.core.text.check_text import agreement

    return agreement(edition.form, filing, _words(edition))


def _text(edition: Edition, filing: Filing, result: Result, last: Filing | None) -> list[Finding]:
    """Read the text beside the figures as they stand once what is certainly wrong is mended.

    So a slip in a table that the text has right is told once, at the cell: also where nothing is certain, but
    the likeliest way of mending makes the text agree.
    """
    from xlcheck.core.text.check_text import read_texts

    def found(likely: Iterable[Fix]) -> Iterator[Finding]:
        figures = _mended(edition, filing, result, likely)
        return read_texts(edition.form, filing, _words(edition), figures, last)

    likely = [f.candidates[0] for f in result.findings if f.candidates and not f.fix]
    doubtful = {one.field for fix in likely for one in (fix, *fix.also)}
    told = list(found(()))
    if doubtful.isdisjoint(name for f in told for name in f.fields):
        return told
    still = {(f.rule, f.at, f.quote) for f in found(likely)}
    return [f for f in told if (f.rule, f.at, f.quote) in still or doubtful.isdisjoint(f.fields)]


def _mended(edition: Edition, filing: Filing, result: Result, likely: Iterable[Fix] = ()) -> Lookup:
    """The figures once what is certainly or ``likely`` wrong is mended; what a rule refuses is unknown."""
    mute = {rule.id for rule in edition.rules.rules if rule.silences}
    stated = stated_values(edition.form, filing).items()
    refused = {name for f in result.findings if f.rule in mute for name in (f.at, *f.fields)}
    figures: dict[str, Entry] = {name: None if name in refused else entry for name, entry in stated}
    for fix in (*likely, *(f.fix for f in result.findings if f.fix)):
        figures |= {one.field: one.to for one in (fix, *fix.also)}
    return lambda name: figures.get(name, filing.word(name))


def prepare() -> None:
    """Read every data file and put every edition together, for what is kept of them to be built in."""
    from xlcheck.data.checking import shape_of

    for source in data.HERE.glob("*.toml"):
        data.load(source.stem, shape_of(source.stem))
    for name in data.editions():
        _words(edition_named(name))


@cache
def code(edition: Edition) -> "Code":
    from xlcheck.core.diagnosis.equations import Code
    from xlcheck.data.diagnosis import diagnosis

    return Code(edition.form, edition.rules, diagnosis())


@cache
def _words(edition: Edition) -> "TextRules":
    from xlcheck.core.text.check_text import TextRules, by_check

    name, sources = f"text_{edition.form.edition}", (Path(__file__), *made_of(data.HERE, CORE, CORE / "text"))
    words = data.remembered(name, TextRules, sources, lambda: _read(edition))
    words = words._replace(rules=by_check(edition.rules.rules))  # a county's policy has its own
    asked = edition.policy
    return words._replace(remarks=_asked(asked, words.remarks)) if asked.alike or asked.content else words


def _asked(policy: "Policy", remarks: "TextRemarks") -> "TextRemarks":
    """What is looked for in a text, and what a county asks beyond it."""
    import re

    from xlcheck.data.assessment import assessment
    from xlcheck.data.remarks import AspectWords

    def aspect(one: "WantedContent") -> AspectWords:
        words = "|".join(map(re.escape, one.words))
        pattern = re.compile(assessment().figure.format(words=words)) if one.figure else None
        name = assessment().wanted.format(name=one.name)
        return AspectWords(name, () if one.figure else one.words, (), pattern)

    if policy.alike:
        remarks = remarks._replace(copied=remarks.copied._replace(share=float(policy.alike.last)))
    return remarks._replace(aspect=(*remarks.aspect, *map(aspect, policy.content)))


def _read(edition: Edition) -> "TextRules":
    """Put together what is needed to read a text of this edition."""
    from xlcheck.core.text.check_text import read_words
    from xlcheck.core.text.words.lexicon import words_of_form
    from xlcheck.data.claims import claims
    from xlcheck.data.remarks import remarks
    from xlcheck.data.text import figure_writing

    every = claims().with_own(edition.form.file.vocabulary)
    every = every.with_more(words_of_form(edition.form, every.vocabulary))
    words = read_words(figure_writing(), every, remarks(), edition.rules.rules)
    return words._replace(language=words.language.for_edition(edition.form))
