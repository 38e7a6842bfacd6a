"""What may be said on the command line: the verbs, their arguments, and the parser that reads them."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from xlcheck import __version__, reportverbs, verbs
from xlcheck.data.cli import HelpName, VerbName, cli
from xlcheck.editions import Refused

Action = Callable[[argparse.Namespace], int]
PROGRAM = "xlcheck"
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


class ChineseParser(argparse.ArgumentParser):
    """A parser that speaks Chinese and leaves with status 2 and one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Refused(_("%(prog)s: error: %(message)s\n").strip() % {"prog": self.prog, "message": message})

    def read(self, given: Sequence[str]) -> argparse.Namespace:
        """What is asked for; what nobody asked about is refused, with what may be meant."""
        asked, strange = self.parse_known_args(given)
        if strange:
            words, first = cli().out, strange[0].partition("=")[0]
            if not first.startswith("-"):
                self.error(words.surplus.format(found=first))
            near = _near(first, self._option_string_actions)
            sentence = words.no_option_near if near else words.no_option
            self.error(sentence.format(found=first, near=near))
        return asked

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """A word that is none of those to choose from, with what may be meant."""
        if action.choices is not None and value not in action.choices:
            words, near = cli().out, _near(value, action.choices)
            known = words.between.join(map(str, action.choices))
            sentence = words.no_choice_near if near else words.no_choice
            raise argparse.ArgumentError(action, sentence.format(found=value, near=near, known=known))


def asked_for(given: Sequence[str]) -> argparse.Namespace:
    """What is asked for; a verb that is known has a parser to itself, the others need not be read."""
    argparse._ = _  # type: ignore[attr-defined]  # its own hook for translations
    name, words = next(iter(given), ""), cli()
    _refuse_dashes(given)
    known = OWN if name in OWN else all_verbs()
    for own, verb in known.items():
        if own == name:
            parser = ChineseParser(f"{PROGRAM} {own}")
            _give_words(parser, own, verb)
            return parser.read(given[1:])
    if name and not name.startswith("-"):
        raise Refused(_no_verb(name, known))
    parser = ChineseParser(PROGRAM, description=words.program)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help=words.version)
    commands = parser.add_subparsers(metavar=words.verbs, required=True, dest="verb", title=words.verbs)
    for own, verb in known.items():
        _give_words(commands.add_parser(own, help=words.verb[own].help), own, verb)
    return parser.read(given)


def _refuse_dashes(given: Sequence[str]) -> None:
    """Refuse an option whose dashes a text program has made longer; a text may begin with one."""
    words = cli()
    for one in given:
        bare = one.lstrip(f"{words.dashes}-")
        if one[:1] in words.dashes and bare.partition("=")[0].isalpha() and bare.isascii():
            meant = f"-{bare}" if len(bare) == 1 else f"--{bare}"
            raise Refused(words.out.odd_dash.format(found=one, near=meant))


def _no_verb(name: str, known: Mapping[VerbName, Verb]) -> str:
    """The sentence for a first word that is no verb: one mistyped, one of our own words, or a file."""
    words = cli()
    if Path(name).suffix or Path(name).exists():
        return words.out.verb_first.format(found=name)
    near = _near(name.lower(), known)
    near = near or next((own for own in known if words.verb[own].help.startswith(name)), "")
    sentence = words.out.no_verb_near if near else words.out.no_verb
    return sentence.format(found=name, near=near, known=words.out.between.join(known))


def _near(found: object, known: Iterable[object]) -> str:
    """What may be meant by a word that is not known; empty where nothing is near."""
    from difflib import get_close_matches  # only for who mistypes

    return next(iter(get_close_matches(str(found), list(map(str, known)), 1, 0.6)), "")


def _give_words(parser: argparse.ArgumentParser, name: VerbName, verb: Verb) -> None:
    """Give a verb's parser its words and its arguments."""
    words = cli()
    parser.description = words.verb[name].help
    parser.epilog = words.example.format(example=words.verb[name].example)
    for flags, key, options in verb.arguments:
        shown = {"metavar": value} if (value := words.value_name(key)) else {}
        parser.add_argument(*flags.split(), **{**options, **shown, "help": words.arg[key]})
    parser.set_defaults(run=verb.run)


def _(text: str) -> str:
    return cli().argparse.get(text, text)


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
LEDGER = ("backup", "check", "move")
ADDIN = ("build", "install", "status", "uninstall")
# fmt: off
OWN: dict[VerbName, Verb] = {
    "demo":    Verb(verbs.demo, (Argument("-o --out", "out_dir", {**PATH, "default": Path("demo")}), FORCE)),
    "new":     Verb(verbs.new, (
        OUT, Argument("--edition", "edition"), Argument("--year", "year", YEAR), Argument("--unit", "unit"),
        LAST, POLICY, FORCE)),
    "fill":    Verb(verbs.fill, (
        BOOK, Argument("--from", "from", {**PATH, "required": True, "dest": "source"}), OUT, FORCE)),
    "dump":    Verb(verbs.dump, (FILE,)),
    "check":   Verb(verbs.check, (
        Argument("files", "file", {**PATH, "nargs": "+"}), LAST, POLICY, Argument("--json", "json", FLAG),
        Argument("--mark", "mark", PATH), FORCE)),
    "code":    Verb(reportverbs.print_code, (FILE, LAST)),
    "draft":   Verb(reportverbs.draft_filing, (FILE, OUT, LAST, FORCE)),
    "report":  Verb(reportverbs.report_filing, (
        FILE, OUT, LAST, Argument("--draft", "draft", FLAG),
        Argument("--picture", "picture", FLAG), FORCE)),
    "explain": Verb(verbs.explain, (
        Argument("rule", "rule", {"nargs": "?"}), Argument("--formula", "formula", FLAG))),
    "import":  Verb(verbs.import_, (
        Argument("file", "source", PATH), Argument("-o --out", "out", PATH),
        Argument("--json", "json_one", FLAG), FORCE)),
    "repair":  Verb(verbs.repair, (BOOK, OUT, FORCE)),
    "addin":   Verb(verbs.addins, (Argument("action", "addin", {"choices": ADDIN}), FOLDER, FORCE)),
    "build":   Verb(verbs.build, (FOLDER, FORCE)),
    "page":    Verb(verbs.page, (OUT, Argument("--runtime", "runtime", PATH), FORCE)),
    "bundle":  Verb(verbs.windows_folder, (
        Argument("-o --out", "out_dir", {**PATH, "required": True}),
        Argument("--downloads", "downloads", PATH))),
}
# fmt: on


def all_verbs() -> dict[VerbName, Verb]:
    """Every verb, in the order of its words; the county's own are read in only for themselves."""
    county = _county_verbs()
    return {name: (OWN | county)[name] for name in cli().verb}


def _county_verbs() -> dict[VerbName, Verb]:
    from datetime import date

    from xlcheck import countychecks, countyverbs

    day, words = {"type": countyverbs.day}, {"default": ""}
    ledger = Argument("--ledger", "ledger", {"default": "county.db"})
    year = Argument("--year", "year_of", YEAR)
    by = Argument("--by", "by", words)
    today = Argument("--today", "today", {**day, "default": date.today()})
    jobs = Argument("--jobs", "jobs", {**NUMBER, "default": 0}), Argument("--dask", "dask")
    # fmt: off
    return {
        "collect": Verb(countyverbs.collect, (
            Argument("inbox", "inbox", {"nargs": "?"}), Argument("--init", "init", FLAG),
            Argument("--roster", "roster", PATH), ledger, FOLDER, Argument("--year", "year_due", YEAR),
            Argument("--county", "county", words), Argument("--due", "due", day), POLICY, today,
            Argument("--county-filing", "county_filing", PATH),
            by, Argument("--watch", "watch", FLAG), *jobs)),
        "decide": Verb(countyverbs.decide, (
            Argument("verdict", "verdict", {"nargs": "?"}), Argument("units", "units", {"nargs": "*"}),
            Argument("--rule", "rule_said", words), Argument("--reason", "reason", words),
            Argument("--note", "note", words), Argument("--faulty", "faulty", FLAG),
            Argument("--clean", "clean", FLAG), Argument("--all", "all", FLAG),
            Argument("--from", "summary", {**PATH, "dest": "source"}),
            ledger, year, POLICY, today, by, Argument("-o --out", "draw", PATH))),
        "history": Verb(countyverbs.history, (
            Argument("units", "units_asked", {"nargs": "+"}), ledger, year, today)),
        "ledger":  Verb(countyverbs.keep_ledger, (
            Argument("action", "ledger_action", {"choices": LEDGER}), ledger,
            Argument("-o --out", "ledger_to", PATH))),
        "notices": Verb(countyverbs.send_notices, (
            FOLDER, ledger, year, today, by, Argument("--deadline", "deadline", day),
            Argument("--office", "office", words))),
        "published": Verb(countychecks.look_at_published, (
            Argument("pages", "pages", {"nargs": "+"}), Argument("--roster", "roster", PATH), ledger,
            Argument("-o --out", "published_out", PATH), year, Argument("--due", "published_due", day),
            POLICY, today, by, Argument("--json", "json_pages", FLAG), *jobs)),
        "sums": Verb(countychecks.look_at_sums, (
            Argument("file", "county_book", PATH), ledger, year, Argument("--region", "region", words),
            today, Argument("--json", "json_cells", FLAG))),
    }
    # fmt: on
