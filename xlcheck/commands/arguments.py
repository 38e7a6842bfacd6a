"""What may be said on the command line: the verbs and their arguments, as one table."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.commands import filing_verbs as filing
from xlcheck.commands import report_verbs as reports
from xlcheck.data.cli import HelpName, VerbName, cli

Action = Callable[[argparse.Namespace], int]
YEAR_FIGURES = 4


class Argument(NamedTuple):
    """One argument of a verb; ``words`` names its help sentence, and what is said for its value."""

    flags: str
    words: HelpName
    options: Mapping[str, Any] = {}


class Verb(NamedTuple):
    """What a verb does, and what may be said behind it."""

    run: Action
    arguments: tuple[Argument, ...]


def _year(text: str) -> int:
    """A report year in four figures; 25 may be any year's."""
    if not (text.isascii() and text.isdecimal() and len(text) == YEAR_FIGURES):
        raise argparse.ArgumentTypeError(cli().out.bad_year.format(found=text))
    return int(text)


FLAG = {"action": "store_true"}
PATH = {"type": Path}
NUMBER = {"type": int}
YEAR = {"type": _year}
FILE = Argument("file", "file", PATH)
BOOK = Argument("file", "book", PATH)
OUT = Argument("-o --out", "out", {**PATH, "required": True})
FOLDER = Argument("-o --out", "out_dir", {**PATH, "default": Path()})
LAST = Argument("--last", "last", PATH)
POLICY = Argument("--policy", "policy", PATH)
FORCE = Argument("--force", "force", FLAG)
ADDIN = ("build", "install", "status", "uninstall")
# fmt: off
OWN: dict[VerbName, Verb] = {
    "demo":    Verb(filing.demo, (Argument("-o --out", "out_dir", {**PATH, "default": Path("demo")}), FORCE)),
    "new":     Verb(filing.new, (
        OUT, Argument("--edition", "edition"), Argument("--year", "year", YEAR), Argument("--unit", "unit"),
        LAST, POLICY, FORCE)),
    "fill":    Verb(filing.fill, (
        BOOK, Argument("--from", "from", {**PATH, "required": True, "dest": "source"}), OUT, FORCE)),
    "dump":    Verb(filing.dump, (FILE,)),
    "check":   Verb(filing.check, (
        Argument("files", "file", {**PATH, "nargs": "+"}), LAST, POLICY, Argument("--json", "json", FLAG),
        Argument("--mark", "mark", PATH), FORCE)),
    "code":    Verb(reports.print_code, (FILE, LAST, Argument("--ledger", "code_ledger"))),
    "draft":   Verb(reports.draft_filing, (FILE, OUT, LAST, FORCE)),
    "report":  Verb(reports.report_filing, (
        FILE, OUT, LAST, Argument("--draft", "draft", FLAG),
        Argument("--picture", "picture", FLAG), Argument("--leads", "leads", FLAG), FORCE)),
    "explain": Verb(filing.explain, (
        Argument("rule", "rule", {"nargs": "?"}), Argument("--formula", "formula", FLAG))),
    "import":  Verb(filing.import_, (
        Argument("file", "source", PATH), Argument("-o --out", "out", PATH), LAST,
        Argument("--json", "json_one", FLAG), FORCE)),
    "repair":  Verb(filing.repair, (BOOK, OUT, FORCE)),
    "addin":   Verb(filing.addins, (Argument("action", "addin", {"choices": ADDIN}), FOLDER, FORCE)),
    "build":   Verb(filing.build, (FOLDER, FORCE)),
    "page":    Verb(filing.page, (OUT, Argument("--runtime", "runtime", PATH), FORCE)),
    "bundle":  Verb(filing.windows_folder, (
        Argument("-o --out", "out_dir", {**PATH, "required": True}),
        Argument("--downloads", "downloads", PATH))),
}
# fmt: on
