"""The shape of cli.toml: what the command line says."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from xlcheck import data


class VerbHelp(NamedTuple):
    """A verb's help sentence and one example of it."""

    help: str
    example: str


class SeverityWords(NamedTuple):
    """A word for each severity of a finding."""

    error: str
    warning: str
    info: str

    def of(self, severity: str) -> str:
        return str(getattr(self, severity))


class CommandSentences(NamedTuple):
    """What the verbs say; filled where it is said."""

    line: str
    severity: SeverityWords
    answered: str
    summary_pass: str
    summary: str
    ran: str
    unrun: str
    between: str
    no_unit: str
    no_year: str
    wrote: str
    refused_report: str
    same_file: str
    there_already: str
    no_workbook: str
    bad_kind: str
    one_mark: str
    mark_json: str
    last_apart: str
    no_rule: str
    stopped: str
    output: str
    accident: str
    unwritable: str


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

    end: str
    steps: DemoSteps
    files: DemoFiles


class ForceYears(NamedTuple):
    """In which years a rule is in force."""

    all: str
    since: str
    until: str
    only: str


class ExplainWords(NamedTuple):
    """The lines that explain a rule."""

    head: str
    severity: SeverityWords
    years: ForceYears
    test: str
    names: str
    name: str
    between: str
    check: str
    why: str
    legal: str
    message: str
    example: str
    line: str
    word: SeverityWords


class CliWords(NamedTuple):
    """The whole file; ``argparse`` has that module's own sentences, in English and in Chinese."""

    program: str
    example: str
    verbs: str
    verb: Mapping[str, VerbHelp]
    arg: Mapping[str, str]
    argparse: Mapping[str, str]
    out: CommandSentences
    demo: DemoWords
    explain: ExplainWords


@cache
def cli() -> CliWords:
    """What the command line says, as data/cli.toml has it."""
    return data.load("cli", CliWords)
