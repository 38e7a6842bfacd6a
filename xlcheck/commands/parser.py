"""Reads what is said on the command line, in Chinese, and says what may be meant."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from xlcheck import __version__
from xlcheck.commands.arguments import OWN, Verb
from xlcheck.data.cli import VerbName, cli
from xlcheck.editions import Refused

PROGRAM = "xlcheck"


class ChineseParser(argparse.ArgumentParser):
    """A parser that speaks Chinese and leaves with status 2 and one sentence."""

    def error(self, message: str) -> NoReturn:
        example = cli().out.such_as.format(example=self.epilog) if self.epilog else ""
        raise Refused(cli().out.unclear.format(message=message, example=example))

    def read(self, given: Sequence[str]) -> argparse.Namespace:
        """What is asked for; what nobody asked about is refused, with what may be meant."""
        asked, strange = self.parse_known_args(given)
        if strange:
            words, first = cli().out, strange[0].partition("=")[0]
            if not first.startswith("-"):
                self.error(words.surplus.format(found=first))
            bare = {one.lstrip("-"): one for one in self._option_string_actions}
            near = bare.get(_near(first.lstrip("-"), bare), "")  # dashes, which all have, make none alike
            sentence = words.no_option_near if near else words.no_option
            self.error(sentence.format(found=first, near=near))
        return asked

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """A word that is none of those to choose from, with what may be meant."""
        if action.choices is not None and value not in action.choices:
            words, near = cli().out, _near(value, action.choices)
            known = action.help or words.between.join(map(str, action.choices))
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
    _refuse_first(given, known)
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


def _refuse_first(given: Sequence[str], known: Mapping[VerbName, Verb]) -> None:
    """Refuse a first word that is no verb: what belongs behind one, what else one is called, one mistyped."""
    words, name = cli(), next(iter(given), "")
    if not name:
        return
    verbs = {one: verb for verb in known for one in (verb, *words.verb[verb].called)}
    meant = verbs | {one: option for option, called in words.options.items() for one in called}
    later = next((one for one in given if one in verbs), "")
    if Path(name).suffix or Path(name).exists() or (later and name.startswith("-")):
        behind = " ".join(f'"{one}"' if " " in one else one for one in given if one != later)
        raise Refused(words.out.verb_first.format(near=verbs.get(later, "check"), found=behind))
    if name in meant or not name.startswith("-"):
        near = meant.get(_near(name.lower(), meant), "")
        sentence = words.out.no_verb_near if near else words.out.no_verb
        raise Refused(sentence.format(found=name, near=near, known=words.out.between.join(known)))


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


def all_verbs() -> dict[VerbName, Verb]:
    """Every verb, in the order of its words; the county's own are read in only for themselves."""
    from xlcheck.commands.county_arguments import COUNTY

    return {name: (OWN | COUNTY)[name] for name in cli().verb}
