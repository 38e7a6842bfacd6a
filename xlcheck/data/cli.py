"""The shape of cli.toml: what the command line says."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from xlcheck import data

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

VerbName = Literal[
    "demo", "new", "fill", "dump", "check", "code", "draft", "report", "explain", "import", "repair",
    "collect", "serve", "decide", "history", "notices", "published", "sums", "ledger", "addin", "build",
    "page", "bundle",
]  # fmt: skip
ValueName = Literal[
    "inbox", "roster", "ledger", "year_due", "county", "due", "policy", "today", "county_filing", "jobs",
    "dask", "verdict", "units", "rule_said", "reason", "note", "summary", "draw", "year_of", "deadline",
    "office", "source", "addin", "file", "book", "out", "out_dir", "edition", "year", "unit", "last", "from",
    "mark", "rule", "runtime", "downloads", "units_asked", "by", "ledger_action", "ledger_to",
    "pages", "published_due", "published_out", "county_book", "region", "kind_of", "region_of",
    "status", "code_ledger",
    "inbox_own", "codes_dir", "renew", "host", "port", "page", "certificate", "key",
]  # fmt: skip
HelpName = Literal[
    ValueName, "init", "faulty", "clean", "all", "watch", "json_one", "json_pages", "json_cells", "json",
    "draft", "picture", "leads", "formula", "force",
]  # fmt: skip


class VerbHelp(NamedTuple):
    """A verb's help sentence, one example of it, and what else it is called by who looks for it."""

    help: str
    example: str
    called: tuple[str, ...]


class SeverityWords(NamedTuple):
    """A word for each severity of a finding."""

    error: str
    warning: str
    info: str

    def of(self, severity: str) -> str:
        return str(getattr(self, severity))


class CommandSentences(NamedTuple):
    """What the verbs say; filled where it is said."""

    line: Annotated[str, "advice", "cell", "file", "message", "rule", "word"]
    severity: SeverityWords
    answered: Annotated[str, "answer"]
    summary_pass: Annotated[str, "counts", "file", "unit", "year"]
    summary: Annotated[str, "counts", "file", "unit", "year"]
    with_answers: Annotated[str, "counts", "file", "unit", "year"]
    errors: Annotated[str, "count"]
    warnings: Annotated[str, "count"]
    none_wrong: str
    comma: str
    ran: Annotated[str, "failed", "none", "passed", "rules", "settled", "unrun"]
    settled: Annotated[str, "count"]
    unrun: Annotated[str, "rules"]
    unrun_many: Annotated[str, "count"]
    between: str
    no_unit: str
    no_year: str
    wrote: Annotated[str, "path"]
    refused_report: Annotated[str, "errors", "file"]
    undrafted: Annotated[str, "file"]
    drafted: Annotated[str, "count", "texts"]
    drafted_none: Annotated[str, "file"]
    drafted_faulty: Annotated[str, "errors", "file"]
    no_code: Annotated[str, "errors", "file"]
    same_file: Annotated[str, "path"]
    taken: Annotated[str, "path"]
    there_already: Annotated[str, "path"]
    carried: Annotated[str, "file", "list"]
    kind_by_name: Annotated[str, "kind"]
    brought: tuple[str, str, str]
    brought_figures: Annotated[str, "count"]
    brought_answers: Annotated[str, "count"]
    last_faulty: Annotated[str, "errors", "file"]
    a_folder: Annotated[str, "file"]
    folder_of_units: Annotated[str, "file"]
    a_document: Annotated[str, "file"]
    no_file_near: Annotated[str, "file", "near"]
    unclear: Annotated[str, "example", "message"]
    such_as: Annotated[str, "example"]
    paper_code: Annotated[str, "code"]
    no_verb: Annotated[str, "found", "known", "near"]
    no_verb_near: Annotated[str, "found", "known", "near"]
    verb_first: Annotated[str, "found", "near"]
    no_option: Annotated[str, "found", "near"]
    no_option_near: Annotated[str, "found", "near"]
    surplus: Annotated[str, "found"]
    no_choice: Annotated[str, "found", "known", "near"]
    no_choice_near: Annotated[str, "found", "known", "near"]
    odd_dash: Annotated[str, "found", "near"]
    bad_year: Annotated[str, "found"]
    no_workbook: Annotated[str, "path"]
    bad_kind: Annotated[str, "path"]
    one_mark: str
    mark_json: Annotated[str, "file"]
    last_apart: Annotated[str, "file", "last", "year"]
    no_place: Annotated[str, "answer", "file", "rule"]
    no_rule: Annotated[str, "near", "rule"]
    no_rule_near: Annotated[str, "near", "rule"]
    stopped: str
    output: str
    accident: Annotated[str, "reason"]
    unwritable: Annotated[str, "path", "reason"]


class DemoSteps(NamedTuple):
    fill: str
    check: str
    mark: str
    draft: str
    report: str


class DemoFiles(NamedTuple):
    empty: str
    filled: str
    marked: str
    draft: str
    report: str


class DemoWords(NamedTuple):
    """What the demo says at each step, and what its files are called."""

    end: Annotated[str, "path"]
    steps: DemoSteps
    files: DemoFiles


class ForceYears(NamedTuple):
    """In which years a rule is in force."""

    all: str
    since: Annotated[str, "since", "until"]
    until: Annotated[str, "since", "until"]
    only: Annotated[str, "since", "until"]


class ExplainWords(NamedTuple):
    """The lines that explain a rule."""

    head: Annotated[str, "id", "severity", "title", "years"]
    severity: SeverityWords
    years: ForceYears
    asks: Annotated[str, "sound", "where"]
    test: Annotated[str, "test"]
    names: Annotated[str, "names", "test"]
    name: Annotated[str, "name", "text"]
    between: str
    any: str
    why: Annotated[str, "why"]
    legal: Annotated[str, "legal"]
    message: Annotated[str, "advice", "message"]
    example: Annotated[str, "example"]
    line: Annotated[str, "id", "severity", "title"]
    word: SeverityWords


class CliWords(NamedTuple):
    """The whole file; ``argparse`` has that module's own sentences, in English and in Chinese."""

    program: str
    example: Annotated[str, "example"]
    verbs: str
    version: str
    options: Mapping[str, tuple[str, ...]]
    dashes: str
    verb: Mapping[VerbName, VerbHelp]
    arg: Mapping[HelpName, str]
    value: Mapping[ValueName, str]
    argparse: Mapping[str, str]
    out: CommandSentences
    demo: DemoWords
    explain: ExplainWords

    def value_name(self, key: HelpName) -> str:
        """What is shown for the value behind an argument; empty for one that has none."""
        return next((word for name, word in self.value.items() if name == key), "")

    def misfits(self) -> "Iterator[Misfit]":
        """An example of another verb, a sentence that what argparse says cannot be filled into."""
        from xlcheck.data.checking import Misfit

        for verb, help in self.verb.items():
            if not help.example.startswith(f"xlcheck {verb} "):
                yield Misfit(("verb", verb, "example"), help.example, (), f"is not one of 'xlcheck {verb}'")
        for english, ours in self.argparse.items():
            names = re.findall(r"%\((\w+)\)", english)
            try:
                ours % (dict.fromkeys(names, "") if names else ("",) * english.count("%"))
            except (KeyError, ValueError, TypeError):
                yield Misfit(("argparse", english), ours, (), f"is not filled in as '{english}' is")


@cache
def cli() -> CliWords:
    """What the command line says, as data/cli.toml has it."""
    return data.load("cli", CliWords)
