"""What each verb of the command line does: read, call, write, and say what was written."""

import argparse
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xlcheck.accidents import one_file
from xlcheck.core.filing import year_before
from xlcheck.data.cli import cli
from xlcheck.editions import Edition, Refused, edition_for, edition_named, read_policy

if TYPE_CHECKING:  # each verb imports what it needs when it runs: a check starts in a blink
    from xlcheck.core.filing import Filing
    from xlcheck.core.finding import Result
    from xlcheck.data.policy import Policy

CLEAN, FOUND, COULD_NOT = 0, 1, 2
PATIENCE = 20  # seconds for a document, or a damaged workbook, that anybody may have made
Held = TypeVar("Held")


def to_stderr(text: str) -> None:
    """Progress and refusals go to stderr; findings to stdout."""
    print(text, file=sys.stderr)


# ---------------------------------------------------------------- reading what was named
def _filing(path: Path) -> "Filing":
    with one_file(path.name):
        if path.suffix.lower() == ".json":
            from xlcheck.workbook.json import load_filing

            return load_filing(path)
        from xlcheck.workbook.reading import read

        return read(path)


def _foreign(read: Callable[[Path], Held], path: Path) -> Held:
    """What a file of unknown origin holds, read in a process of its own."""
    from xlcheck.child import in_child
    from xlcheck.data.messages import messages

    found, bounded = in_child(read, path, name=path.name, seconds=PATIENCE)
    if not bounded:
        to_stderr(messages().time_alone)
    return found


def _last(asked: argparse.Namespace, filing: "Filing", path: Path) -> "Filing | None":
    """Last year's filing: the one named, else the one the workbook carries; of another year, none."""
    last = _filing(asked.last) if asked.last else filing.last
    before = year_before(filing, last)
    if last and not before:
        years = {"last": last.year, "year": filing.year or cli().out.no_year}
        to_stderr(cli().out.last_apart.format(file=asked.last or path.name, **years))
    return before


def _policy(asked: argparse.Namespace) -> "Policy | None":
    """The county's own policy, where one is named."""
    return read_policy(asked.policy) if asked.policy else None


# ---------------------------------------------------------------- the verbs
def check(asked: argparse.Namespace) -> int:
    """Check each file; one that cannot be read is told and the others go on."""
    if asked.mark and len(asked.files) > 1:
        raise Refused(cli().out.one_mark)
    if asked.mark:
        _apart(writable(asked.mark), *asked.files)
    worst, policy = CLEAN, _policy(asked)
    for path in asked.files:
        try:
            with one_file(path.name):
                worst = max(worst, _check_one(path, asked, policy))
        except Refused as why:
            worst = COULD_NOT
            if asked.json:
                from xlcheck.core.finding import unreadable

                _line(unreadable(str(path), str(why), why.reason))
            else:
                to_stderr(str(why))
    return worst


def _check_one(path: Path, asked: argparse.Namespace, policy: "Policy | None") -> int:
    from xlcheck.judge import judge

    if asked.mark and path.suffix.lower() == ".json":
        raise Refused(cli().out.mark_json.format(file=path.name))
    filing = _filing(path)
    edition = edition_named(filing.edition, policy)
    result = judge(edition, filing, _last(asked, filing, path))
    if asked.json:
        from xlcheck.core.check_code import check_code
        from xlcheck.core.finding import verdict

        own = check_code(edition.form, filing, result)
        _line(verdict(str(path), filing, result, edition.cell_of, own))
    else:
        from xlcheck.report.console import finding_lines

        print("\n".join(finding_lines(edition, path.name, filing, result)))
    if asked.mark:
        _mark(edition, path, filing, result, asked.mark)
    return FOUND if result.status == "fail" else CLEAN


def _mark(edition: Edition, path: Path, filing: "Filing", result: "Result", target: Path) -> None:
    from datetime import datetime

    from xlcheck.workbook.marking import mark

    mark(edition, path, filing, result, target, datetime.now().strftime("%Y-%m-%d %H:%M"))
    to_stderr(cli().out.wrote.format(path=target))


def _line(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False), flush=True)


def writable(target: Path) -> Path:
    """Refuse to write a workbook under a name that no program would open as one."""
    if target.suffix.lower() != ".xlsx":
        raise Refused(cli().out.no_workbook.format(path=target))
    return target


def _apart(target: Path, *sources: Path) -> Path:
    """Refuse to write over what was read."""
    if any(target.exists() and source.exists() and target.samefile(source) for source in sources):
        raise Refused(cli().out.same_file.format(path=target))
    return target


def new(asked: argparse.Namespace) -> int:
    from xlcheck.saving import save
    from xlcheck.workbook.writing import new_workbook as begin

    if asked.out.exists():
        raise Refused(cli().out.there_already.format(path=asked.out))
    target = writable(asked.out)
    last = _filing(asked.last) if asked.last else None
    after = int(last.year) + 1 if last and isinstance(last.year, Decimal) else None
    year = asked.year or after
    save(begin(edition_for(asked.edition, year, _policy(asked)), year, asked.unit, last), target)
    to_stderr(cli().out.wrote.format(path=target))
    return CLEAN


def fill(asked: argparse.Namespace) -> int:
    from xlcheck.workbook.json import load_filing
    from xlcheck.workbook.writing import fill_workbook as put

    with one_file(asked.source.name):
        filing = load_filing(asked.source)
    target = _apart(writable(asked.out), asked.file, asked.source)
    with one_file(asked.file.name):
        left = put(edition_named(filing.edition), asked.file, filing, target)
    for rule, answer in left.items():
        to_stderr(cli().out.no_place.format(file=asked.file.name, rule=rule, answer=answer))
    to_stderr(cli().out.wrote.format(path=asked.out))
    return CLEAN


def dump(asked: argparse.Namespace) -> int:
    from xlcheck.workbook.json import dump_filing

    filing = _filing(asked.file)
    print(dump_filing(edition_named(filing.edition).form, filing))
    return CLEAN


def report_filing(asked: argparse.Namespace) -> int:
    """Write the report; while an error stands only a draft, and only when asked for."""
    if asked.out.suffix.lower() not in (".docx", ".html"):
        raise Refused(cli().out.bad_kind.format(path=asked.out))
    from xlcheck.core.finding import counts
    from xlcheck.judge import judge

    filing = _filing(asked.file)
    edition = edition_named(filing.edition)
    result = judge(edition, filing, _last(asked, filing, asked.file))
    errors, _ = counts(result)
    if errors and not asked.draft:
        from xlcheck.report.console import finding_lines

        print("\n".join(finding_lines(edition, asked.file.name, filing, result)))
        to_stderr(cli().out.refused_report.format(file=asked.file.name, errors=errors))
        return FOUND
    from xlcheck.report import write_report

    write_report(edition, filing, result, _apart(asked.out, asked.file), draft=asked.draft)
    to_stderr(cli().out.wrote.format(path=asked.out))
    return CLEAN


def print_code(asked: argparse.Namespace) -> int:
    """The filing's code alone; where errors stand in its way, these."""
    from xlcheck.core.check_code import check_code
    from xlcheck.judge import judge

    filing = _filing(asked.file)
    edition = edition_named(filing.edition)
    result = judge(edition, filing, _last(asked, filing, asked.file))
    own = check_code(edition.form, filing, result)
    if own:
        print(own)
        return CLEAN
    from xlcheck.core.finding import counts
    from xlcheck.report.console import finding_lines

    print("\n".join(finding_lines(edition, asked.file.name, filing, result)))
    to_stderr(cli().out.no_code.format(file=asked.file.name, errors=counts(result)[0]))
    return FOUND


def explain(asked: argparse.Namespace) -> int:
    from xlcheck.report.console import catalogue, explanation

    print("\n".join(explanation(asked.rule.upper()) if asked.rule else catalogue()))
    return CLEAN


def build(asked: argparse.Namespace) -> int:
    from xlcheck.template.build import build_all

    for path in build_all(asked.out):
        to_stderr(cli().out.wrote.format(path=path))
    return CLEAN


def import_(asked: argparse.Namespace) -> int:
    """An existing report into a workbook; what could be read two ways is told, and makes the status 1."""
    from xlcheck import importing

    read = _foreign(importing.read_report, asked.file)
    if asked.out:
        with one_file(asked.file.name):
            importing.write_workbook(read, _apart(asked.out, asked.file))
    print(
        importing.as_json(read) if asked.json else "\n".join(importing.summary_lines(read, asked.file.name))
    )
    if asked.out:
        to_stderr(cli().out.wrote.format(path=asked.out))
    return FOUND if read.doubts else CLEAN


def repair(asked: argparse.Namespace) -> int:
    """The entries of a damaged workbook moved into a clean one, with a list of what was found."""
    from xlcheck.repair import repair_lines, rescue, write_repaired

    found = _foreign(rescue, asked.file)
    with one_file(asked.file.name):
        write_repaired(found, _apart(asked.out, asked.file))
    print("\n".join(repair_lines(found, asked.file.name)))
    to_stderr(cli().out.wrote.format(path=asked.out))
    return FOUND if found.left else CLEAN


def addins(asked: argparse.Namespace) -> int:
    """The buttons: built, or put into the programs of this computer and out again."""
    from xlcheck.office.addin.install import run_addin

    return run_addin(asked.action, asked.out, print if asked.action == "status" else to_stderr)


def demo(asked: argparse.Namespace) -> int:
    """The whole job on the customer's own report."""
    from xlcheck.demo import run_demo

    run_demo(asked.out, to_stderr)
    return CLEAN
