"""What a click runs: Excel calls a function by name, LibreOffice starts this module and is reached back."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import xlwings as xw

from xlcheck.data.cli import cli
from xlcheck.data.office import office
from xlcheck.editions import Refused, reason
from xlcheck.office import actions, native

DONE, REFUSED = 0, 2
ACTIONS = {
    "check": actions.check_workbook,
    "next_one": actions.go_to_next,
    "clear": actions.clear_marks,
    "fill_totals": actions.fill_in_totals,
    "adopt": actions.adopt_fix,
    "draft": actions.draft_texts,
    "report": actions.make_report,
}
WINDOW = "--hwnd="
WALKING = ("next_one",)  # from place to place; the extension knows them too


def check() -> None:
    _in_excel("check")


def next_one() -> None:
    _in_excel("next_one")


def clear() -> None:
    _in_excel("clear")


def fill_totals() -> None:
    _in_excel("fill_totals")


def adopt() -> None:
    _in_excel("adopt")


def draft() -> None:
    _in_excel("draft")


def report() -> None:
    _in_excel("report")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one action on the workbook in front of a running LibreOffice; 0 done, 2 refused.

    The sentence is printed: the extension shows it, once its own sign that something is at work is gone.
    """
    asked = _parser().parse_args(arguments)
    from xlcheck.office.libreoffice import engine

    try:
        app = engine.connect_engine(asked.office)
    except Refused as why:
        print(why, file=sys.stderr)
        return REFUSED
    said, status = run_action(asked.action, app)
    print(said)
    return status


def _parser() -> argparse.ArgumentParser:
    say = office().say
    usage = say.usage.format(actions=say.comma.join(ACTIONS))
    parser = argparse.ArgumentParser(prog="xlcheck.office.button", usage=usage)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("--office", required=True)
    return parser


def run_action(action: str, app: xw.App | None) -> tuple[str, int]:
    """One action on the workbook in front: the sentence to show, and whether it was done."""
    say = office().say
    act: Callable[[xw.Book], str] = ACTIONS[action]
    try:
        book = _caller(app)
        return (act(book), DONE) if book else (say.no_book, REFUSED)
    except Refused as why:
        return str(why), REFUSED
    except OSError as wrong:
        unwritable = cli().out.unwritable
        return unwritable.format(path=wrong.filename or "", reason=reason(wrong)), REFUSED
    except native.program_failures() as wrong:
        return say.busy.format(reason=_first_line(wrong)), REFUSED


def _caller(app: xw.App | None) -> xw.Book | None:
    """The workbook in front; None where there is none, or only one in protected view."""
    try:
        return app.books.active if app else None
    except (xw.NoSuchObjectError, AttributeError):
        return None


def _pressed() -> xw.App | None:
    """The Excel whose button it was: RunPython names its window on Windows; else the one in front.

    The workbook's name is not handed over: on a command line, cmd.exe would run what is written in it.
    """
    window = next((a.removeprefix(WINDOW) for a in sys.argv if a.startswith(WINDOW)), None)
    mine = (app for app in xw.apps if str(app.hwnd) == window) if window else iter(())
    return next(mine, None) or xw.apps.active


def _in_excel(action: str) -> None:
    app = _pressed()
    said, status = run_action(action, app)
    if app is None:
        print(said)
        return
    walked = action in WALKING and status == DONE  # at every step a box would be in the way
    app.status_bar = said if walked else False
    if not walked:
        app.alert(said, office().say.title)


def _first_line(wrong: Exception) -> str:
    return next(iter(str(wrong).splitlines()), type(wrong).__name__)


def _leave(status: int) -> None:
    """End the process as it stands.

    Taken down in order, one in forty dies in the bridge's threads: a click that was done is told as failed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _leave(main())
