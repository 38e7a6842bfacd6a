"""What each verb of the command line does: read, call, write, and say what was written."""

import argparse
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.accidents import one_file
from xlcheck.commands.named_files import (
    filing_at,
    free_target,
    last_filing,
    policy_of,
    read_apart,
    there,
    writable,
)
from xlcheck.commands.status import CLEAN, COULD_NOT, FOUND, to_stderr, to_stdout
from xlcheck.data.cli import cli
from xlcheck.editions import Edition, Refused, edition_for, edition_named

if TYPE_CHECKING:  # each verb imports what it needs when it runs: a check starts in a blink
    from xlcheck.core.filing import Filing
    from xlcheck.core.finding import Result
    from xlcheck.data.policy import Policy

OPEN_NOW = "~$"  # how the name begins of what Excel keeps beside an open workbook


# ---------------------------------------------------------------- reading what was named


def _each_file(named: list[Path]) -> Iterator[Path]:
    """The files that were named; what ``*`` stands for is found here where no shell did it, as on Windows."""
    for path in named:
        if any(sign in path.name for sign in "*?[") and not path.exists():
            from glob import glob

            found = (Path(one) for one in sorted(glob(str(path))))
            yield from [one for one in found if not one.name.startswith(OPEN_NOW)] or [path]
        else:
            yield path


# ---------------------------------------------------------------- the verbs
def check(asked: argparse.Namespace) -> int:
    """Check each file; one that cannot be read is told and the others go on."""
    files = list(_each_file(asked.files))
    if asked.mark and len(files) > 1:
        raise Refused(cli().out.one_mark)
    if asked.mark:
        free_target(writable(asked.mark), asked, *files, asked.last, asked.policy)
    worst, policy = CLEAN, policy_of(asked)
    for path in files:
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
    filing = filing_at(path)
    edition = edition_named(filing.edition, policy)
    result = judge(edition, filing, last_filing(asked, filing, path))
    if asked.json:
        from xlcheck.core.check_code import check_code
        from xlcheck.core.finding import verdict

        own = check_code(edition.form, filing, result)
        _line(verdict(str(path), filing, result, edition.cell_of, own))
    else:
        from xlcheck.report.console import finding_lines

        to_stdout(finding_lines(edition, path.name, filing, result))
    if asked.mark:
        _mark(edition, path, filing, result, asked)
    return FOUND if result.status == "fail" else CLEAN


def _mark(
    edition: Edition, path: Path, filing: "Filing", result: "Result", asked: argparse.Namespace
) -> None:
    from datetime import datetime

    from xlcheck.workbook.marking import mark

    pressed = datetime.now().strftime("%Y-%m-%d %H:%M")
    mark(edition, path, filing, result, asked.mark, pressed, over=asked.force)
    to_stderr(cli().out.wrote.format(path=asked.mark))


def _line(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False), flush=True)


def new(asked: argparse.Namespace) -> int:
    from xlcheck.saving import atomically
    from xlcheck.workbook.writing import kind_of_unit
    from xlcheck.workbook.writing import new_workbook as begin

    target = free_target(writable(asked.out), asked, asked.last, asked.policy)
    last = filing_at(asked.last) if asked.last else None
    after = int(last.year) + 1 if last and isinstance(last.year, Decimal) else None
    year = asked.year or after
    edition = edition_for(asked.edition, year, policy_of(asked))
    content = begin(edition, year, asked.unit, last)
    atomically(target, lambda to: to.write_bytes(content), over=asked.force)
    to_stderr(cli().out.wrote.format(path=target))
    if last:
        _tell_last(edition, last, asked.last.name)
    if (kind := kind_of_unit(asked.unit or "")) and not (last and last.kind):
        to_stderr(cli().out.kind_by_name.format(kind=kind))
    return CLEAN


def _tell_last(edition: Edition, last: "Filing", file: str) -> None:
    """What a new workbook has from last year's, and whether errors stand in that."""
    from xlcheck.core.finding import counts
    from xlcheck.judge import judge
    from xlcheck.workbook.writing import carry

    words, figures = cli().out, len(carry(edition, last))
    brought = [
        word for word, text in zip(words.brought, (last.unit, last.kind, last.contact), strict=True) if text
    ]
    brought += [words.brought_figures.format(count=figures)] if figures else []
    brought += [words.brought_answers.format(count=len(last.answers))] if last.answers else []
    to_stderr(words.carried.format(file=file, list=words.between.join(brought)))
    errors, _ = counts(judge(edition_named(last.edition), last))
    if errors:
        to_stderr(words.last_faulty.format(file=file, errors=errors))


def fill(asked: argparse.Namespace) -> int:
    from xlcheck.workbook.json import load_filing
    from xlcheck.workbook.writing import fill_workbook as put

    target = free_target(writable(asked.out), asked, asked.file, asked.source)
    with one_file(asked.source.name):
        filing = load_filing(there(asked.source))
    with one_file(asked.file.name):
        left = put(edition_named(filing.edition), there(asked.file), filing, target, over=asked.force)
    for rule, answer in left.items():
        to_stderr(cli().out.no_place.format(file=asked.file.name, rule=rule, answer=answer))
    to_stderr(cli().out.wrote.format(path=asked.out))
    return CLEAN


def dump(asked: argparse.Namespace) -> int:
    from xlcheck.workbook.json import dump_filing

    filing = filing_at(asked.file)
    print(dump_filing(edition_named(filing.edition).form, filing))
    return CLEAN


def explain(asked: argparse.Namespace) -> int:
    from xlcheck.report.console import catalogue, explanation

    lines = explanation(asked.rule.upper(), formula=asked.formula) if asked.rule else catalogue()
    print("\n".join(lines))
    return CLEAN


def build(asked: argparse.Namespace) -> int:
    from xlcheck.template.build import TEMPLATE, build_all

    free_target(asked.out / TEMPLATE, asked)
    for path in build_all(asked.out, over=asked.force):
        to_stderr(cli().out.wrote.format(path=path))
    return CLEAN


def import_(asked: argparse.Namespace) -> int:
    """An existing report into a workbook; what could be read two ways is told, and makes the status 1."""
    from xlcheck import importing

    target = free_target(writable(asked.out), asked, asked.file, asked.last) if asked.out else None
    read = read_apart(importing.read_report, asked.file)
    if last := last_filing(asked, read.filing, asked.file):
        read = importing.settled(read, last)
    if target:
        with one_file(asked.file.name):
            importing.write_workbook(read, target, over=asked.force)
    if asked.json:
        print(importing.as_json(read))
    else:
        to_stdout(importing.summary_lines(read, asked.file.name))
    if asked.out:
        to_stderr(cli().out.wrote.format(path=asked.out))
    return FOUND if read.doubts else CLEAN


def repair(asked: argparse.Namespace) -> int:
    """The entries of a damaged workbook moved into a clean one, with a list of what was found."""
    from xlcheck.repair import repair_lines, rescue, write_repaired

    target = free_target(writable(asked.out), asked, asked.file)
    found = read_apart(rescue, asked.file)
    with one_file(asked.file.name):
        write_repaired(found, target, over=asked.force)
    to_stdout(repair_lines(found, asked.file.name))
    to_stderr(cli().out.wrote.format(path=asked.out))
    return FOUND if found.left else CLEAN


def addins(asked: argparse.Namespace) -> int:
    """The buttons: built, or put into the programs of this computer and out again."""
    from xlcheck.office.addin.install import addin_files, run_addin

    for target in addin_files(asked.out) if asked.action == "build" else ():
        free_target(target, asked)
    return run_addin(asked.action, asked.out, print if asked.action == "status" else to_stderr)


def page(asked: argparse.Namespace) -> int:
    """One file for clerks who may install nothing: this command line in a browser."""
    from xlcheck.web.offline import write_page

    write_page(free_target(asked.out, asked), asked.runtime, over=asked.force)
    to_stderr(cli().out.wrote.format(path=asked.out))
    return CLEAN


def windows_folder(asked: argparse.Namespace) -> int:
    """A folder for Windows computers where nothing may be installed: the button and the commands."""
    from xlcheck.office.bundle import write_bundle

    write_bundle(asked.out, asked.downloads)
    to_stderr(cli().out.wrote.format(path=asked.out))
    return CLEAN


def demo(asked: argparse.Namespace) -> int:
    """The whole job on the customer's own report."""
    from xlcheck.demo import demo_files, run_demo

    for target in demo_files(asked.out):
        free_target(target, asked)
    run_demo(asked.out, to_stderr, over=asked.force)
    return CLEAN
