"""What may be said on the command line: the verbs, their arguments, and the parser that reads them."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from xlcheck import verbs
from xlcheck.data.cli import HelpName, VerbName, cli
from xlcheck.editions import Refused

Action = Callable[[argparse.Namespace], int]
PROGRAM = "xlcheck"


class Argument(NamedTuple):
    """One argument of a verb; ``words`` names its help sentence."""

    flags: str
    words: HelpName
    options: Mapping[str, Any] = {}


class Verb(NamedTuple):
    """What a verb does, and what may be said behind it."""

    run: Action
    arguments: tuple[Argument, ...]


class ChineseParser(argparse.ArgumentParser):
    """A parser that speaks Chinese and leaves with status 2 and one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Refused(_("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message})


def asked_for(given: Sequence[str]) -> argparse.Namespace:
    """What is asked for; a verb that is known has a parser to itself, the others need not be read."""
    argparse._ = _  # type: ignore[attr-defined]  # its own hook for translations
    name, words = next(iter(given), ""), cli()
    known = OWN if name in OWN else all_verbs()
    for own, verb in known.items():
        if own == name:
            return _speaking(ChineseParser(f"{PROGRAM} {own}"), own, verb).parse_args(given[1:])
    parser = ChineseParser(PROGRAM, description=words.program)
    commands = parser.add_subparsers(metavar=words.verbs, required=True, dest="verb", title=words.verbs)
    for own, verb in known.items():
        _speaking(commands.add_parser(own, help=words.verb[own].help), own, verb)
    return parser.parse_args(given)


def _speaking(parser: argparse.ArgumentParser, name: VerbName, verb: Verb) -> argparse.ArgumentParser:
    """Give a verb's parser its words and its arguments."""
    words = cli()
    parser.description = words.verb[name].help
    parser.epilog = words.example.format(example=words.verb[name].example)
    for flags, key, options in verb.arguments:
        parser.add_argument(*flags.split(), help=words.arg[key], **options)
    parser.set_defaults(run=verb.run)
    return parser


def _(text: str) -> str:
    return cli().argparse.get(text, text)


FLAG = {"action": "store_true"}
PATH = {"type": Path}
NUMBER = {"type": int}
FILE = Argument("file", "file", PATH)
BOOK = Argument("file", "book", PATH)
OUT = Argument("-o --out", "out", {**PATH, "required": True})
FOLDER = Argument("-o --out", "out_dir", {**PATH, "default": Path()})
LAST = Argument("--last", "last", PATH)
POLICY = Argument("--policy", "policy", PATH)
ADDIN = ("build", "install", "status", "uninstall")
# fmt: off
OWN: dict[VerbName, Verb] = {
    "demo":    Verb(verbs.demo,    (Argument("-o --out", "out_dir", {**PATH, "default": Path("demo")}),)),
    "new":     Verb(verbs.new,     (OUT, Argument("--edition", "edition"), Argument("--year", "year", NUMBER),
                                    Argument("--unit", "unit"), LAST, POLICY)),
    "fill":    Verb(verbs.fill,    (BOOK, Argument("--from", "from",
                                                   {**PATH, "required": True, "dest": "source"}), OUT)),
    "dump":    Verb(verbs.dump,    (FILE,)),
    "check":   Verb(verbs.check,   (Argument("files", "file", {**PATH, "nargs": "+"}), LAST, POLICY,
                                    Argument("--json", "json", FLAG), Argument("--mark", "mark", PATH))),
    "code":    Verb(verbs.print_code, (FILE, LAST)),
    "report":  Verb(verbs.report_filing, (FILE, OUT, LAST, Argument("--draft", "draft", FLAG))),
    "explain": Verb(verbs.explain, (Argument("rule", "rule", {"nargs": "?"}),)),
    "import":  Verb(verbs.import_, (Argument("file", "source", PATH), Argument("-o --out", "out", PATH),
                                    Argument("--json", "json_one", FLAG))),
    "repair":  Verb(verbs.repair,  (BOOK, OUT)),
    "addin":   Verb(verbs.addins,  (Argument("action", "addin", {"choices": ADDIN}), FOLDER)),
    "build":   Verb(verbs.build,   (FOLDER,)),
}
# fmt: on


def all_verbs() -> dict[VerbName, Verb]:
    """Every verb, in the order of its words; the county's own are read in only for themselves."""
    from datetime import date

    from xlcheck import countyverbs

    day, words = {"type": countyverbs.day}, {"default": ""}
    ledger = Argument("--ledger", "ledger", {"default": "county.db"})
    year = Argument("--year", "year_of", NUMBER)
    today = Argument("--today", "today", {**day, "default": date.today()})
    # fmt: off
    county: dict[VerbName, Verb] = {
        "collect": Verb(countyverbs.collect, (
            Argument("inbox", "inbox", {"nargs": "?"}), Argument("--init", "init", FLAG),
            Argument("--roster", "roster", PATH), ledger, FOLDER, Argument("--year", "year_due", NUMBER),
            Argument("--county", "county", words), Argument("--due", "due", day), POLICY, today,
            Argument("--county-filing", "county_filing", PATH),
            Argument("--jobs", "jobs", {**NUMBER, "default": 0}), Argument("--dask", "dask"))),
        "decide": Verb(countyverbs.decide, (
            Argument("verdict", "verdict", {"nargs": "?"}), Argument("units", "units", {"nargs": "*"}),
            Argument("--rule", "rule_said", words), Argument("--reason", "reason", words),
            Argument("--note", "note", words), Argument("--faulty", "faulty", FLAG),
            Argument("--clean", "clean", FLAG), Argument("--from", "summary", {**PATH, "dest": "source"}),
            ledger, year, POLICY, today, Argument("-o --out", "draw", PATH))),
        "notices": Verb(countyverbs.send_notices, (
            FOLDER, ledger, year, today, Argument("--deadline", "deadline", day),
            Argument("--office", "office", words))),
    }
    # fmt: on
    return {name: (OWN | county)[name] for name in cli().verb}
