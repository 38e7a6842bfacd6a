"""The command line: each verb reads, calls, writes, and says in a sentence what it could not do."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from xlcheck import data
from xlcheck.files.catalogue import Refused, reason

if TYPE_CHECKING:  # each verb imports what it needs when it runs: a check starts in a blink
    from xlcheck.core.filing import Filing
    from xlcheck.core.finding import Result

CLEAN, FOUND, COULD_NOT = 0, 1, 2


class Line(argparse.ArgumentParser):
    """A parser that speaks Chinese and leaves with status 2 and one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Refused(_("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 for no error, 1 for errors found, 2 for could not run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        asked = _parser().parse_args(arguments)
        verb: Callable[[argparse.Namespace], int] = asked.run
        return verb(asked)
    except Refused as why:
        _tell(str(why).strip())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as wrong:
        _tell(_words()["unwritable"].format(path=wrong.filename or "", reason=reason(wrong)))
    return COULD_NOT


def _(text: str) -> str:
    found: str = data.toml("cli")["argparse"].get(text, text)
    return found


def _words() -> dict[str, str]:
    words: dict[str, str] = data.toml("cli")["out"]
    return words


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    argparse._ = _  # type: ignore[attr-defined]  # its own hook for translations
    words = data.toml("cli")
    parser = Line(prog="xlcheck", description=words["program"])
    verbs = parser.add_subparsers(metavar=words["verbs"], required=True, dest="verb", title=words["verbs"])
    for name, spec in VERBS.items():
        verb = words["verb"][name]
        example = words["example"].format(example=verb["example"])
        one = verbs.add_parser(name, help=verb["help"], description=verb["help"], epilog=example)
        for flags, key, options in spec[1]:
            one.add_argument(*flags.split(), help=words["arg"][key], **options)
        one.set_defaults(run=spec[0])
    return parser


# ---------------------------------------------------------------- reading what was named
def _filing(path: Path) -> "Filing":
    if path.suffix.lower() == ".json":
        from xlcheck.files.jsonfiling import load

        return load(path)
    from xlcheck.files.workbook import read

    return read(path)


def _last(asked: argparse.Namespace, filing: "Filing") -> "Filing | None":
    """Last year's filing: the one named, else the one the workbook carries; of another year, none."""
    last = _filing(asked.last) if asked.last else filing.last
    if last and filing.year and last.year != filing.year - 1:  # type: ignore[operator]
        words = {"file": asked.last or asked.verb, "last": last.year, "year": filing.year}
        _tell(_words()["last_apart"].format(**words))
        return None
    return last


# ---------------------------------------------------------------- the verbs
def check(asked: argparse.Namespace) -> int:
    """Check each file; one that cannot be read is told and the others go on."""
    if asked.mark and len(asked.files) > 1:
        raise Refused(_words()["one_mark"])
    worst = CLEAN
    for path in asked.files:
        try:
            worst = max(worst, _check_one(path, asked))
        except Refused as why:
            worst = COULD_NOT
            if asked.json:
                from xlcheck.core.verdict import unreadable

                _line(unreadable(str(path), str(why)))
            else:
                _tell(str(why))
    return worst


def _check_one(path: Path, asked: argparse.Namespace) -> int:
    from xlcheck.files.checking import judge

    if asked.mark and path.suffix.lower() == ".json":
        raise Refused(_words()["mark_json"].format(file=path.name))
    filing = _filing(path)
    result = judge(filing, _last(asked, filing))
    if asked.json:
        from xlcheck.core.verdict import verdict
        from xlcheck.files.catalogue import place

        _line(verdict(str(path), filing, result, lambda at: place(filing, at)))
    else:
        from xlcheck.files.telling import tell

        print("\n".join(tell(path.name, filing, result)))
    if asked.mark:
        _mark(path, filing, result, _apart(asked.mark, path))
    return FOUND if result.status == "fail" else CLEAN


def _mark(path: Path, filing: "Filing", result: "Result", target: Path) -> None:
    from datetime import datetime

    from xlcheck.files.marking import mark

    mark(path, filing, result, target, datetime.now().strftime("%Y-%m-%d %H:%M"))
    _tell(_words()["wrote"].format(path=target))


def _line(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False), flush=True)


def _apart(target: Path, *sources: Path) -> Path:
    """Refuse to write over what was read."""
    if any(target.exists() and source.exists() and target.samefile(source) for source in sources):
        raise Refused(_words()["same_file"].format(path=target))
    return target


def new(asked: argparse.Namespace) -> int:
    from xlcheck.files.fill import new as begin
    from xlcheck.files.store import save

    last = _filing(asked.last) if asked.last else None
    target = _apart(asked.out, *([asked.last] if asked.last else []))
    save(begin(asked.edition, asked.year, asked.unit, last), target)
    _tell(_words()["wrote"].format(path=target))
    return CLEAN


def fill(asked: argparse.Namespace) -> int:
    from xlcheck.files.fill import fill as put
    from xlcheck.files.jsonfiling import load

    put(asked.file, load(asked.source), _apart(asked.out, asked.file, asked.source))
    _tell(_words()["wrote"].format(path=asked.out))
    return CLEAN


def dump(asked: argparse.Namespace) -> int:
    from xlcheck.files.jsonfiling import dumps

    print(dumps(_filing(asked.file)))
    return CLEAN


def report(asked: argparse.Namespace) -> int:
    """Write the report; while an error stands only a draft, and only when asked for."""
    if asked.out.suffix.lower() not in (".docx", ".html"):
        raise Refused(_words()["bad_kind"].format(path=asked.out))
    from xlcheck.files.checking import judge

    filing = _filing(asked.file)
    result = judge(filing, _last(asked, filing))
    errors = sum(f.severity == "error" for f in result.findings)
    if errors and not asked.draft:
        from xlcheck.files.telling import tell

        print("\n".join(tell(asked.file.name, filing, result)))
        _tell(_words()["refused_report"].format(file=asked.file.name, errors=errors))
        return FOUND
    from xlcheck.files.telling import write_report

    write_report(filing, result, _apart(asked.out, asked.file), draft=asked.draft)
    _tell(_words()["wrote"].format(path=asked.out))
    return CLEAN


def explain(asked: argparse.Namespace) -> int:
    from xlcheck.files.telling import catalogue, explanation

    print("\n".join(explanation(asked.rule.upper()) if asked.rule else catalogue()))
    return CLEAN


def build(asked: argparse.Namespace) -> int:
    from xlcheck.files.template import build_all

    for path in build_all(asked.out):
        _tell(_words()["wrote"].format(path=path))
    return CLEAN


def demo(asked: argparse.Namespace) -> int:
    """The whole job on the customer's own report."""
    from xlcheck.files.demo import run

    run(asked.out, _tell)
    return CLEAN


def _year(text: str) -> int:
    return int(text)


_year.__name__ = "int"
FILE = ("file", "file", {"type": Path})
OUT = ("-o --out", "out", {"type": Path, "required": True})
LAST = ("--last", "last", {"type": Path})
# fmt: off
VERBS: dict[str, tuple[Callable[[argparse.Namespace], int], list[tuple[str, str, dict[str, Any]]]]] = {
    "demo":    (demo,    [("-o --out", "out_dir", {"type": Path, "default": Path("demo")})]),
    "new":     (new,     [OUT, ("--edition", "edition", {}), ("--year", "year", {"type": _year}),
                          ("--unit", "unit", {}), LAST]),
    "fill":    (fill,    [("file", "book", {"type": Path}),
                          ("--from", "from", {"type": Path, "required": True, "dest": "source"}), OUT]),
    "dump":    (dump,    [FILE]),
    "check":   (check,   [("files", "file", {"type": Path, "nargs": "+"}), LAST,
                          ("--json", "json", {"action": "store_true"}), ("--mark", "mark", {"type": Path})]),
    "report":  (report,  [FILE, OUT, LAST, ("--draft", "draft", {"action": "store_true"})]),
    "explain": (explain, [("rule", "rule", {"nargs": "?"})]),
    "build":   (build,   [("-o --out", "out_dir", {"type": Path, "default": Path()})]),
}
# fmt: on

if __name__ == "__main__":
    sys.exit(main())
