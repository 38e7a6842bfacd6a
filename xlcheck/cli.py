"""The command line: each verb reads, calls, writes, and says in a sentence what it could not do."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from xlcheck import countyverbs, data, verbs
from xlcheck.editions import Refused, reason


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
        given = sys.argv[1:] if arguments is None else list(arguments)
        asked = _parser(given[:1]).parse_args(given)
        verb: Callable[[argparse.Namespace], int] = asked.run
        return verb(asked)
    except Refused as why:
        verbs.to_stderr(str(why).strip())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        verbs.to_stderr(verbs.words()["stopped"])
    except OSError as wrong:
        path = wrong.filename or verbs.words()["output"]
        verbs.to_stderr(verbs.words()["unwritable"].format(path=path, reason=reason(wrong)))
    return verbs.COULD_NOT


def _(text: str) -> str:
    found: str = data.toml("cli")["argparse"].get(text, text)
    return found


def _parser(asked: Sequence[str]) -> argparse.ArgumentParser:
    argparse._ = _  # type: ignore[attr-defined]  # its own hook for translations
    words = data.toml("cli")
    parser = ChineseParser(prog="xlcheck", description=words["program"])
    commands = parser.add_subparsers(metavar=words["verbs"], required=True, dest="verb", title=words["verbs"])
    only = {name: VERBS[name] for name in asked if name in VERBS}  # the others' words need not be read
    for name, spec in (only or VERBS).items():
        verb = words["verb"][name]
        example = words["example"].format(example=verb["example"])
        one = commands.add_parser(name, help=verb["help"], description=verb["help"], epilog=example)
        for flags, key, options in spec[1]:
            one.add_argument(*flags.split(), help=words["arg"][key], **options)
        one.set_defaults(run=spec[0])
    return parser


FILE = ("file", "file", {"type": Path})
OUT = ("-o --out", "out", {"type": Path, "required": True})
LAST = ("--last", "last", {"type": Path})
FOLDER = ("-o --out", "out_dir", {"type": Path, "default": Path()})
FLAG = {"action": "store_true"}
WORDS = {"default": ""}
DAY = {"type": countyverbs.day}
LEDGER = ("--ledger", "ledger", {"default": "county.db"})
YEAR = ("--year", "year_of", {"type": int})
TODAY = ("--today", "today", {**DAY, "default": date.today()})
# fmt: off
VERBS: dict[str, tuple[Callable[[argparse.Namespace], int], list[tuple[str, str, dict[str, Any]]]]] = {
    "demo":    (verbs.demo,    [("-o --out", "out_dir", {"type": Path, "default": Path("demo")})]),
    "new":     (verbs.new,     [OUT, ("--edition", "edition", {}), ("--year", "year", {"type": int}),
                          ("--unit", "unit", {}), LAST]),
    "fill":    (verbs.fill,    [("file", "book", {"type": Path}),
                          ("--from", "from", {"type": Path, "required": True, "dest": "source"}), OUT]),
    "dump":    (verbs.dump,    [FILE]),
    "check":   (verbs.check,   [("files", "file", {"type": Path, "nargs": "+"}), LAST,
                          ("--json", "json", {"action": "store_true"}), ("--mark", "mark", {"type": Path})]),
    "report":  (verbs.report,  [FILE, OUT, LAST, ("--draft", "draft", {"action": "store_true"})]),
    "explain": (verbs.explain, [("rule", "rule", {"nargs": "?"})]),
    "import":  (verbs.import_, [("file", "source", {"type": Path}), ("-o --out", "out", {"type": Path}),
                          ("--json", "json_one", {"action": "store_true"})]),
    "repair":  (verbs.repair,  [("file", "book", {"type": Path}), OUT]),
    "collect": (countyverbs.collect, [("inbox", "inbox", {"nargs": "?"}), ("--init", "init", FLAG),
                          ("--roster", "roster", {"type": Path}), LEDGER, FOLDER,
                          ("--year", "year_due", {"type": int}), ("--county", "county", WORDS),
                          ("--due", "due", DAY), TODAY, ("--county-filing", "county_filing", {"type": Path}),
                          ("--jobs", "jobs", {"type": int, "default": 0}), ("--dask", "dask", {})]),
    "decide":  (countyverbs.decide, [("verdict", "verdict", {"nargs": "?"}),
                          ("units", "units", {"nargs": "*"}), ("--rule", "rule_said", WORDS),
                          ("--reason", "reason", WORDS), ("--note", "note", WORDS),
                          ("--faulty", "faulty", FLAG), ("--clean", "clean", FLAG),
                          ("--from", "summary", {"type": Path, "dest": "source"}), LEDGER, YEAR, TODAY,
                          ("-o --out", "draw", {"type": Path})]),
    "notices": (countyverbs.notices, [FOLDER, LEDGER, YEAR, TODAY, ("--deadline", "deadline", DAY),
                          ("--office", "office", WORDS)]),
    "addin":   (verbs.addin,   [("action", "addin", {"choices": ("build", "install", "status", "uninstall")}),
                          ("-o --out", "out_dir", {"type": Path, "default": Path()})]),
    "build":   (verbs.build,   [("-o --out", "out_dir", {"type": Path, "default": Path()})]),
}
# fmt: on

if __name__ == "__main__":
    sys.exit(main())
