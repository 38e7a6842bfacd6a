"""The offline page beside the command line: the same answers, and how big and how quick it is.

python benchmarks/page.py [FILINGS [ROUNDS [CHROMIUM...]]]

FILINGS are those of tests/filings.py, then sound ones damaged at random. Further programs are older
Chromiums, each with its libraries in a folder ``lib`` beside it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import browser
import devtools
import firefox
import webpage
from filings import Sent, as_the_command_line, filings
from mutants import bases, mutant
from test_page import MADE

MANY = 20  # files of which everything is made and compared
MUTANT = "mutant"  # marked copies are compared through openpyxl, which reads few of them
START = 3  # seconds, in which a browser starts what it starts by itself
WARM = 30  # checks of one file


def main(count: int, rounds: int, older: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as place:
        page, folder = Path(place, "校验.html"), Path(place, "filings")
        folder.mkdir()
        start = time.perf_counter()
        webpage.build_page(page)
        took, size = time.perf_counter() - start, page.stat().st_size / 1e6
        print(f"built in {took:.0f} s: {size:.2f} MB, opened from disk")
        sent = corpus(folder, count)
        expected = as_the_command_line(sent)
        for name, opening in browsers(older):
            with opening as tab:
                print(f"\n{name}: {measured(tab, page, sent[0].file, rounds)}")
                print(differences(tab, sent, expected))
                if name == "Chromium":
                    print(made_differently(tab, sent, expected))


def corpus(folder: Path, count: int) -> list[Sent]:
    sent = list(filings(folder))[:count]
    sound = bases("check", "", folder.parent)
    for seed in range(count - len(sent)):
        path = folder / f"{MUTANT} {seed}.xlsx"
        path.write_bytes(mutant("check", seed, sound))
        sent.append(Sent(path))
    return sent


# ---------------------------------------------------------------- the browsers, spoken to alike
class Driven:
    """Chromium by its driver, as the others are."""

    def __init__(self, one: browser.Browser) -> None:
        self.one, self.process = one, one.driver.service.process.pid
        self.open, self.run = one.open, one.value


def browsers(older: list[Path]) -> Iterator[tuple[str, Any]]:
    yield "Chromium", chromium()
    yield "Firefox", firefox.running()
    for program in older:
        libraries = {"LD_LIBRARY_PATH": str(program.parent / "lib")}
        yield str(program), devtools.running(program, os.environ | libraries)


@contextmanager
def chromium() -> Iterator[Driven]:
    with browser.running() as one:
        yield Driven(one)


def measured(tab: Any, page: Path, file: Path, rounds: int) -> str:
    """Until it is ready, the first check and warm ones, marked copies, in ms; memory beyond an empty page.

    Before the first marked copy the page gets ready to mark, as it does while a clerk reads.
    """
    ready, first, warm, getting, marked, again, work = [], [], [], [], [], [], []
    time.sleep(START)
    empty, more = used(tab.process)[1], 0.0
    for _ in range(rounds):
        before = used(tab.process)[0]
        tab.open(page)
        ready.append(webpage.wait(tab.run, webpage.READY))
        work.append(used(tab.process)[0] - before)
        first.append(webpage.asked(tab.run, [file])["took"])
        warm += [webpage.asked(tab.run, [file])["took"] for _ in range(WARM)]
        getting.append(webpage.asked(tab.run, [], "ready")["took"])
        marked.append(webpage.asked(tab.run, [file], "mark")["took"])
        again.append(webpage.asked(tab.run, [file], "mark")["took"])
        more = more or used(tab.process)[1] - empty  # later, a page that was left is still kept
    heap = webpage.asked(tab.run, [file])["heap"] / 1e6
    times = " ".join(
        f"{what} {statistics.median(ms):.0f} ms (best {min(ms):.0f});"
        for what, ms in (
            ("ready", ready),
            ("first check", first),
            ("warm", warm),
            ("getting ready to mark", getting),
            ("first marked copy", marked),
            ("the next", again),
        )
    )
    done = f"{min(work):.1f} s of processors until ready; {more:.0f} MB, its Python {heap:.0f} of them"
    return f"{times} {done}; {tab.run('navigator.userAgent')}"


def used(process: int) -> tuple[float, float]:
    """Seconds of a processor and MB of memory (its share of what is shared) of a process and all below it."""
    below, tick = {process}, os.sysconf("SC_CLK_TCK")
    stats = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats[int(stat.parent.name)] = stat.read_text().rpartition(")")[2].split()
    while more := {pid for pid, fields in stats.items() if int(fields[1]) in below} - below:
        below |= more
    seconds = sum(int(n) for pid in below & stats.keys() for n in stats[pid][11:13]) / tick
    size = 0
    for pid in below:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            size += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return seconds, size / 1000


def differences(tab: Any, sent: list[Sent], expected: list[Mapping[str, Any]]) -> str:
    other, states = [], {}
    for one, wanted in zip(sent, expected, strict=True):
        answer = webpage.asked(tab.run, one.files)
        states[wanted["status"]] = states.get(wanted["status"], 0) + 1
        if json.loads(answer["out"] or "{}") != wanted:
            other.append(one.file.name)
    return f"{len(sent)} filings {states}: {len(sent) - len(other)} answers equal; others: {other}"


def made_differently(tab: Any, sent: list[Sent], expected: list[Mapping[str, Any]]) -> str:
    """Marked copies cell by cell, reports and workbooks tree by tree, of files that can be read."""
    readable = [
        one.file
        for one, wanted in zip(sent, expected, strict=True)
        if wanted["status"] != "unreadable" and one.file.suffix == ".xlsx" and MUTANT not in one.file.name
    ]
    some, other, made = readable[:: max(1, len(readable) // MANY)], [], 0
    for file in some:
        for what, line, within in MADE:
            command = [part.replace("错.xlsx", file.name).replace("out.", "made.") for part in line]
            there = [Path("made.xlsx"), Path("made.docx"), Path("made.html")]
            with in_folder(file.parent):
                for path in there:
                    path.unlink(missing_ok=True)
                subprocess.run([sys.executable, "-m", "xlcheck.cli", *command], capture_output=True)
                ours = next((path.read_bytes() for path in there if path.exists()), None)
            content = webpage.asked(tab.run, [file], what, draft=True)["content"]
            made += content is not None
            if (ours and within(ours)) != (content and within(content)):
                other.append((file.name, what))
    return f"of {len(some)} files {made} were made: {made - len(other)} equal; others: {other}"


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 500, int(given[1]) if given[1:] else 5, list(map(Path, given[2:])))
