"""Filings of every kind as files: sound and faulty in each edition, damaged, hostile."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from by_name import build_template, dump_filing, fill_workbook
from cases import base, cases
from damage import DAMAGES
from test_bad_input import REFUSED

from xlcheck import data
from xlcheck.editions import Refused
from xlcheck.saving import save


class Sent(NamedTuple):
    """A file, and last year's where there is one."""

    file: Path
    last: Path | None = None

    @property
    def files(self) -> list[Path]:
        return [path for path in self if path]


def filings(folder: Path, every: int = 1) -> Iterator[Sent]:
    """Each ``every``-th of all kinds, as files of this folder with names that say what they are."""
    for name in data.editions():
        save(build_template(name), folder / f"{name}.xlsx")
    yield from _faulty(folder, every)
    sound = folder / "sound.xlsx"
    fill_workbook(folder / "2021.xlsx", base("2021"), sound)
    yield Sent(sound)
    content = sound.read_bytes()
    for n, (what, hurt) in enumerate(DAMAGES.items()):
        if n % every == 0:
            book = openpyxl.load_workbook(BytesIO(content))
            hurt(book)
            yield Sent(_written(folder / f"{what}.xlsx", book))
    for what, change, _ in REFUSED[::every]:
        path = folder / f"{what.replace('/', ' ')}.xlsx"
        path.write_bytes(change(content))
        yield Sent(path)


def _faulty(folder: Path, every: int) -> Iterator[Sent]:
    """The catalogue's own cases as workbooks; last year's as JSON, which the command line takes as well."""
    for n, case in enumerate(cases()[::every]):
        path, last = folder / f"case {n}.xlsx", None
        try:
            fill_workbook(folder / f"{case.edition}.xlsx", case.filing, path)
        except Refused:  # what cannot stand in a workbook can stand in a JSON
            path = path.with_suffix(".json")
            path.write_text(dump_filing(case.filing), encoding="utf-8")
        if case.last:
            last = folder / f"last of {n}.json"
            last.write_text(dump_filing(case.last), encoding="utf-8")
        yield Sent(path, last)


def _written(path: Path, book: openpyxl.Workbook) -> Path:
    book.save(path)
    return path


def as_the_command_line(sent: list[Sent]) -> list[Mapping[str, Any]]:
    """What ``xlcheck check --json`` says of each, the files beside it: those with last year's one by one."""
    alone = [one.file.name for one in sent if not one.last]
    lines = [alone, *([f"--last={one.last.name}", one.file.name] for one in sent if one.last)]
    told = {}
    for line in lines:
        done = subprocess.run(
            [sys.executable, "-m", "xlcheck.cli", "check", "--json", *line],
            cwd=sent[0].file.parent, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        told |= {one["file"]: one for one in map(json.loads, done.stdout.splitlines())}
    return [told[one.file.name] for one in sent]
