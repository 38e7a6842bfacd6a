"""The command line: each verb reads, calls, writes, and says in a sentence what it could not do."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from xlcheck import verbs
from xlcheck.accidents import is_data_fault, technical_reason, unwritable
from xlcheck.data.cli import cli
from xlcheck.editions import Refused

Action = Callable[[argparse.Namespace], int]
PROGRAM = "xlcheck"


class Argument(NamedTuple):
    """One argument of a verb; ``words`` names its help sentence."""

    flags: str
    words: str
    options: Mapping[str, Any] = {}


class Verb(NamedTuple):
    """What a verb does, and what may be said behind it."""

    run: Action
    arguments: tuple[Argument, ...]


class ChineseParser(argparse.ArgumentParser):
    """A parser that speaks Chinese and leaves with status 2 and one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Refused(_("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 for no error, 1 for errors found, 2 for could not run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        asked = _asked(sys.argv[1:] if arguments is None else list(arguments))
        verb: Action = asked.run
        status = verb(asked)
        sys.stdout.flush()  # a full disk is told here, not by Python after the end
    except Refused as why:
        verbs.to_stderr(str(why).strip())
    except BrokenPipeError:
        _discard_output()
    except KeyboardInterrupt:
        verbs.to_stderr(cli().out.stopped)
    except OSError as wrong:
        verbs.to_stderr(unwritable(wrong))
        if wrong.filename is None:
            _discard_output()
    except SystemExit:
        raise
    except BaseException as wrong:  # the last net: a panic of a Rust library is no Exception
        said = str(wrong) if is_data_fault(wrong) else None
        verbs.to_stderr(said or cli().out.accident.format(reason=technical_reason(wrong)))
    else:
        return status
    return verbs.COULD_NOT


def _discard_output() -> None:
    """Where nothing can be written any more, Python's own flush at the end has nothing to complain of."""
    with suppress(OSError, ValueError):  # an output that is no file of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _asked(given: Sequence[str]) -> argparse.Namespace:
    """What is asked for; a verb that is known has a parser to itself, the others need not be read."""
    argparse._ = _  # type: ignore[attr-defined]  # its own hook for translations
    name, words = next(iter(given), ""), cli()
    known = OWN if name in OWN else all_verbs()
    if name in known:
        return _speaking(ChineseParser(f"{PROGRAM} {name}"), name, known[name]).parse_args(given[1:])
    parser = ChineseParser(PROGRAM, description=words.program)
    commands = parser.add_subparsers(metavar=words.verbs, required=True, dest="verb", title=words.verbs)
    for name, verb in known.items():
        _speaking(commands.add_parser(name, help=words.verb[name].help), name, verb)
    return parser.parse_args(given)


def _speaking(parser: argparse.ArgumentParser, name: str, verb: Verb) -> argparse.ArgumentParser:
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
OWN = {
    "demo":    Verb(verbs.demo,    (Argument("-o --out", "out_dir", {**PATH, "default": Path("demo")}),)),
    "new":     Verb(verbs.new,     (OUT, Argument("--edition", "edition"), Argument("--year", "year", NUMBER),
                                    Argument("--unit", "unit"), LAST, POLICY)),
    "fill":    Verb(verbs.fill,    (BOOK, Argument("--from", "from",
                                                   {**PATH, "required": True, "dest": "source"}), OUT)),
    "dump":    Verb(verbs.dump,    (FILE,)),
    "check":   Verb(verbs.check,   (Argument("files", "file", {**PATH, "nargs": "+"}), LAST, POLICY,
                                    Argument("--json", "json", FLAG), Argument("--mark", "mark", PATH))),
    "report":  Verb(verbs.report_filing, (FILE, OUT, LAST, Argument("--draft", "draft", FLAG))),
    "explain": Verb(verbs.explain, (Argument("rule", "rule", {"nargs": "?"}),)),
    "import":  Verb(verbs.import_, (Argument("file", "source", PATH), Argument("-o --out", "out", PATH),
                                    Argument("--json", "json_one", FLAG))),
    "repair":  Verb(verbs.repair,  (BOOK, OUT)),
    "addin":   Verb(verbs.addins,  (Argument("action", "addin", {"choices": ADDIN}), FOLDER)),
    "build":   Verb(verbs.build,   (FOLDER,)),
}
# fmt: on


def all_verbs() -> dict[str, Verb]:
    """Every verb, in the order of its words; the county's own are read in only for themselves."""
    from datetime import date

    from xlcheck import countyverbs

    day, words = {"type": countyverbs.day}, {"default": ""}
    ledger = Argument("--ledger", "ledger", {"default": "county.db"})
    year = Argument("--year", "year_of", NUMBER)
    today = Argument("--today", "today", {**day, "default": date.today()})
    # fmt: off
    county = {
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


if __name__ == "__main__":
    sys.exit(main())
