"""Damaged files by the thousand: nothing but sentences may come of them, and no figure that is not there.

    python benchmarks/mutants.py [VERB…] [--first N] [--count N] [--jobs N] [--keep DIR] [--base FOLDER]
                                 [--log FILE] [--store FOLDER]

Each VERB (all of VERBS where none is named) gets COUNT files, one a seed from FIRST on, so that a sweep can
be parted and taken up again: LOG keeps what became of each file as it is known, and what it has is not
tried again. The figures so far are told every minute, so that a run that is stopped has said something.
Every file is a sound one with one to three things done to it: to its bytes, the directory of its zip, to a
part, to a cell, to an element of its XML, to a line of its text. It goes through the verb in this process's
children, each file with limits; a document that ends the child goes once more through the command's own.
BASE is a folder of further sound workbooks, as other programs save them; STORE keeps the sound files.
Printed for each verb: tried; told (refused with a sentence); crashed; hung (more than 2 s of processor for a
workbook, 20 for a document); wrong values, compared with what openpyxl reads where it reads a number, or
where we do; compared files; the share that reached the cells of a sheet, or the figures of a report; worst
time; peak memory of a whole child, which reads some hundred files and looks for figures to hurt in them;
files a second. What crashed, hung or was wrong is written to DIR by verb and seed; exit status 1 where
anything did.
"""

import argparse
import contextlib
import io
import json
import os
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import hurts  # noqa: E402  # beside this file
from sound_files import stored  # noqa: E402

WORKBOOKS = ("check", "mark", "fill", "repair", "roster", "decisions")
DOCUMENTS = ("docx", "html", "mhtml", "txt", "pdf", "ods", "xls", "xlsx", "json", "csv")
VERBS = (*WORKBOOKS, *DOCUMENTS)
SLOW = {**dict.fromkeys(WORKBOOKS, 2.0), **dict.fromkeys(DOCUMENTS, 20.0), "json": 2.0, "csv": 2.0}
MEMORY = 1 << 30  # bytes a child may map beyond what it needs to start
MINUTE, STEP = 60, 500  # seconds between two lines of a table that grows; files of one child at most
BATCH = 40  # files that LibreOffice converts in one run
OFFICE = ("ods", "xls")  # read through LibreOffice where it is installed
REPORTS = tuple(kind for kind in DOCUMENTS if kind not in ("json", "csv"))
REACHING = ("check", "mark", "fill", "repair", *REPORTS)  # of which it is known whether figures were reached
FINE = ("read", "told")
SILENT = 300  # seconds after which a child that says nothing is ended


class Outcome(NamedTuple):
    """What became of one file: ``how`` is read, told, crashed, hung, wrong or killed."""

    seed: int
    how: str
    note: str
    seconds: float
    reached: bool
    compared: bool
    peak: int


# ---------------------------------------------------------------- the files
def bases(verb: str, others: str, store: Path) -> list[Path]:
    """The sound files of which a verb's are made."""
    kinds = {"roster": "roster", "decisions": "summary"}
    return stored(verb if verb in DOCUMENTS else kinds.get(verb, "workbook"), others, store)


def mutant(verb: str, seed: int, sound: Sequence[Path]) -> bytes:
    """The file of a seed, made of one of these."""
    rng = random.Random(f"{verb} {seed}")
    base = sound[0] if len(sound) == 1 else rng.choice(sound)
    match verb:
        case "csv" | "html" | "mhtml" | "txt":
            hurt = hurts.hurt_text
        case "pdf" | "xls":
            hurt = hurts.hurt_bytes
        case "json":
            hurt = hurts.hurt_json if rng.random() < 0.8 else hurts.hurt_text
        case _:
            hurt = hurts.hurt_package
    return hurt(base.read_bytes(), rng)


# ---------------------------------------------------------------- the verbs
def checked(path: Path) -> Any:
    """Read and judged and told in every way; the filing."""
    from xlcheck.core.finding import verdict
    from xlcheck.editions import edition_named
    from xlcheck.judge import judge
    from xlcheck.report.console import finding_lines
    from xlcheck.workbook.json import load_filing
    from xlcheck.workbook.reading import read

    filing = load_filing(path) if path.suffix == ".json" else read(path)
    edition = edition_named(filing.edition)
    result = judge(edition, filing, filing.last)
    whole = json.dumps(verdict(path.name, filing, result, edition.cell_of), ensure_ascii=False)
    whole += "\n".join(finding_lines(edition, path.name, filing, result))
    whole.encode()
    if len(whole) > 2_000_000:
        raise AssertionError(f"{len(whole)} letters are printed")
    return filing


def run(verb: str, path: Path) -> Any:
    """The verb's work on a file, and for check what was read."""
    from xlcheck.editions import edition_named

    target = path.with_name("out.xlsx")
    match verb:
        case "check" | "json":
            return checked(path)
        case "mark":
            from xlcheck.judge import judge
            from xlcheck.workbook.marking import mark
            from xlcheck.workbook.reading import read

            filing = read(path)
            edition = edition_named(filing.edition)
            mark(edition, path, filing, judge(edition, filing), target, "2026-01-15 09:00")
            read(target)
        case "fill":
            filled(path, target)
        case "repair":
            from xlcheck.repair import rescue, write_repaired

            write_repaired(rescue(path), target)
        case "roster" | "csv":
            from xlcheck.county.roster import read_roster

            read_roster(path)
        case "decisions":
            from xlcheck.county.decide import from_workbook

            register: Any = SimpleNamespace(sent={}, edition=edition_named("2021"))
            list(from_workbook(register, path))
        case _:
            from xlcheck.importing import read_report, write_workbook

            write_workbook(read_report(path), target)
    return None


def filled(path: Path, target: Path) -> None:
    """A filing put into the workbook, of whichever edition that is."""
    from cases import base

    from xlcheck import data
    from xlcheck.editions import Refused, edition_named
    from xlcheck.workbook.writing import fill_workbook

    *others, last = data.editions()
    for name in others:
        with contextlib.suppress(Refused):
            return fill_workbook(edition_named(name), path, base(name), target)
    return fill_workbook(edition_named(last), path, base(last), target)


# ---------------------------------------------------------------- one after another, in a child
class TooLongError(BaseException):
    """The alarm: nothing of ours may swallow it."""


def _alarm(*_: object) -> None:
    raise TooLongError


class Task(NamedTuple):
    """What a child does: the seeds of a range, each a hurt one of ``files``, or that file as it is."""

    verb: str
    first: int
    last: int
    files: list[str]
    whole: bool = False

    def content(self, seed: int) -> bytes:
        files = [*map(Path, self.files)]
        return files[seed].read_bytes() if self.whole else mutant(self.verb, seed, files)

    def suffix(self, seed: int) -> str:
        kind = {"roster": ".xlsx"}.get(self.verb, f".{self.verb}" if self.verb in DOCUMENTS else ".xlsx")
        return (Path(self.files[seed]).suffix or kind) if self.whole else kind


def work(task: Task) -> None:
    """The seeds of a range, each an outcome on a line."""
    calls = list[int]()
    count_figures(task.verb, calls)
    signal.signal(signal.SIGPROF, _alarm)  # of processor time: others may be busy too
    warnings.simplefilter("error")  # a library's English sentence is a fault
    with (
        os.fdopen(os.dup(1), "w") as say,
        tempfile.TemporaryDirectory() as home,
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.closing(Witness()) as witness,
    ):
        for start in range(task.first, task.last, BATCH):
            seeds = range(start, min(start + BATCH, task.last))
            copies = office_copies(task, seeds, Path(home)) if task.verb in OFFICE else {}
            for seed in seeds:
                calls.clear()
                with converter_as(task, seed, copies):
                    outcome = _one(task, seed, Path(home), calls, witness)
                say.write(json.dumps(outcome) + "\n")
                say.flush()


def count_figures(verb: str, calls: list[int]) -> None:
    """Let ``calls`` grow whenever the cells of a sheet, or the rows of a report's tables, are reached."""

    def counted(plain: Callable[..., Any], reached: Callable[..., object] = lambda *_: True) -> Any:
        def counting(*given: Any) -> Any:
            if reached(*given):
                calls.append(1)
            return plain(*given)

        return counting

    if verb in REPORTS:
        from xlcheck.importing import extraction

        has_rows = lambda _, rows: rows.in_lines or rows.in_grids  # noqa: E731
        extraction.place_figures = counted(extraction.place_figures, has_rows)
    else:
        from xlcheck.workbook import fragments

        fragments.sheet = counted(fragments.sheet)
        fragments.some_columns = counted(fragments.some_columns)
        fragments.top = counted(fragments.top)


class Witness:
    """Another reader, in a process of its own, so that its memory is not taken for ours."""

    def __init__(self) -> None:
        self.child: Any = None

    def wrong(self, content: bytes, filing: Any) -> list[str] | None:
        """The fields where it has other figures; None where there is nothing to compare with."""
        import witness

        from xlcheck.child import Child, ChildDied

        self.child = self.child or Child(witness.MEGABYTES)
        try:
            answer = self.child.ask(
                witness.wrong_values, content, filing, name="a.xlsx", seconds=witness.SECONDS
            )
        except ChildDied:
            self.child = None
            return None
        return answer.value

    def close(self) -> None:
        if self.child:
            self.child.end()


# Of LibreOffice, which takes two seconds to start, one run converts many; what it does not convert so goes
# the command's own way, with a run of its own. Every second file is read as where there is no LibreOffice.
def office_copies(task: Task, seeds: range, home: Path) -> dict[int, Path]:
    """What LibreOffice makes of the files of these seeds that are to be read through it."""
    if not shutil.which("soffice"):
        return {}
    folder = Path(tempfile.mkdtemp(dir=home))
    sources = {seed: folder / f"{seed}{task.suffix(seed)}" for seed in seeds if _by_office(seed)}
    for seed, path in sources.items():
        path.write_bytes(task.content(seed))
    out, profile = folder / "out", f"-env:UserInstallation={(home / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--norestore", "--nolockcheck", "--convert-to", "xlsx"]
    process = subprocess.Popen(
        [*command, "--outdir", str(out), *map(str, sources.values())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=lambda: limit_memory(resource.getrlimit(resource.RLIMIT_AS)[1]),
    )  # fmt: skip
    try:
        process.wait(SLOW["ods"] + len(sources))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return {seed: copy for seed in sources if (copy := out / f"{seed}.xlsx").exists()}


def _by_office(seed: int) -> bool:
    return seed % 2 == 0


@contextlib.contextmanager
def converter_as(task: Task, seed: int, copies: dict[int, Path]) -> Iterator[None]:
    """Let the import find what LibreOffice has made of this file already, or no LibreOffice at all."""
    if task.verb not in OFFICE:
        yield
        return
    from xlcheck.importing.readers import formats

    own = formats.converted, formats.converter
    if seed in copies:
        formats.converted = lambda *_: contextlib.nullcontext(copies[seed])  # type: ignore[assignment]
    elif not _by_office(seed):
        formats.converter = lambda: None
    try:
        yield
    finally:
        formats.converted, formats.converter = own


def _one(task: Task, seed: int, home: Path, calls: list[int], witness: Witness) -> Outcome:
    from xlcheck.editions import Refused

    verb = task.verb
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = task.content(seed)
    path, how, note, compared = home / f"a{task.suffix(seed)}", "read", "", False
    path.write_bytes(content)
    signal.setitimer(signal.ITIMER_PROF, 3 * SLOW[verb])
    start = time.process_time()
    try:
        filing = run(verb, path)
        took = time.process_time() - start
    except Refused as why:
        how, note, took = "told", str(why), time.process_time() - start
        if not is_sentence(note):
            how = "crashed"
    except TooLongError:
        how, note, took = "hung", traceback.format_exc(), time.process_time() - start
    except BaseException:  # a panic of a library counts too
        how, note, took = "crashed", traceback.format_exc(), time.process_time() - start
    signal.setitimer(signal.ITIMER_PROF, 0)
    if took > SLOW[verb] and how in ("read", "told"):
        how, note = "hung", f"{took:.1f} s"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if verb == "check" and how == "read":
        wrong = witness.wrong(content, filing)
        compared = wrong is not None
        if wrong:
            how, note = "wrong", "; ".join(wrong)
    return Outcome(seed, how, note, took, bool(calls), compared, peak)


def is_sentence(text: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", text)) and "Error" not in text


def outcomes(task: Task) -> Iterator[Outcome]:
    """What children say of a range; one that dies or falls silent is followed by another past that seed."""
    while task.first < task.last:
        limit = lambda: limit_memory(2 * MEMORY)  # noqa: E731
        child = subprocess.Popen(
            [sys.executable, __file__, "--work"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit,
        )  # fmt: skip
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(json.dumps(task).encode())
        child.stdin.close()
        while select.select([child.stdout], [], [], SILENT)[0] and (line := child.stdout.readline()):
            outcome = Outcome(*json.loads(line))
            yield by_its_own_door(task, outcome)
            task = task._replace(first=outcome.seed + 1)
        if child.poll() is None and task.first < task.last:
            child.kill()
        note = child.stderr.read().decode("utf-8", "replace")[-2000:]
        child.wait()
        if task.first < task.last:
            said = note or f"status {child.returncode}"
            yield by_its_own_door(task, Outcome(task.first, "killed", said, SILENT, False, False, 0))
            task = task._replace(first=task.first + 1)


def limit_memory(size: int) -> None:
    """Let this process map so many bytes; what it starts may lift that for itself."""
    resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def by_its_own_door(task: Task, outcome: Outcome) -> Outcome:
    """What the command itself says of a document that ended our child or a library, or took too much.

    It reads documents in a child of its own with narrower limits, whose end is a sentence.
    """
    ended = outcome.how in ("killed", "hung") or re.search("MemoryError|PanicException", outcome.note)
    if task.verb not in REPORTS or outcome.how in FINE or not ended:
        return outcome
    from xlcheck.child import in_child
    from xlcheck.editions import Refused
    from xlcheck.importing import read_report

    with tempfile.TemporaryDirectory() as home:
        path = Path(home, f"a{task.suffix(outcome.seed)}")
        path.write_bytes(task.content(outcome.seed))
        try:
            in_child(read_report, path, name=path.name, seconds=SLOW[task.verb])
        except Refused as why:
            if is_sentence(str(why)):
                return outcome._replace(how="told", note=f"{why} ({outcome.how})", seconds=0)
    return outcome


# ---------------------------------------------------------------- the table
def kept(outcome: Outcome, verb: str, files: list[Path], keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    content = mutant(verb, outcome.seed, files)
    suffix = verb if verb in DOCUMENTS else "xlsx"
    (keep / f"{outcome.how}-{verb}-{outcome.seed}.{suffix}").write_bytes(content)
    (keep / f"{outcome.how}-{verb}-{outcome.seed}.log").write_text(outcome.note, encoding="utf-8")


class Log:
    """What became of each file, kept as it is known, and told every minute."""

    def __init__(self, path: Path | None) -> None:
        self.path, self.lock, self.told = path, threading.Lock(), time.monotonic()
        lines = path.read_text("utf-8").splitlines() if path and path.exists() else []
        self.found: dict[tuple[str, int], Outcome] = {}
        for line in lines:
            with contextlib.suppress(ValueError):  # the last one of a run that was killed
                verb, *outcome = json.loads(line)
                self.found[verb, outcome[0]] = Outcome(*outcome)

    def of(self, verb: str, first: int, count: int) -> list[Outcome]:
        seeds = range(first, first + count)
        return [o for (of, seed), o in list(self.found.items()) if of == verb and seed in seeds]

    def add(self, verb: str, outcome: Outcome, asked: argparse.Namespace, files: list[Path]) -> None:
        with self.lock:
            self.found[verb, outcome.seed] = outcome
            if self.path:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([verb, *outcome]) + "\n")
            if asked.keep and outcome.how not in FINE:
                kept(outcome, verb, files, asked.keep)
            if time.monotonic() - self.told > MINUTE:
                self.told = time.monotonic()
                print(row(verb, self.of(verb, asked.first, asked.count)), file=sys.stderr, flush=True)


def row(verb: str, found: list[Outcome]) -> str:
    """One verb's line of the table."""
    counts, tried = Counter(o.how for o in found), len(found)
    reached = f"{sum(o.reached for o in found) / tried:.0%}" if verb in REACHING else "–"
    figures = [
        tried, counts["read"] + counts["wrong"], counts["told"], counts["crashed"] + counts["killed"],
        counts["hung"], counts["wrong"], sum(o.compared for o in found), reached,
        f"{max(o.seconds for o in found):.2f}", max(o.peak for o in found),
    ]  # fmt: skip
    return f"| {verb} | {' | '.join(map(str, figures))} |"


def ranges(seeds: list[int], step: int) -> Iterator[tuple[int, int]]:
    """Seeds that follow each other, so many at a time."""
    start = 0
    for n in range(1, len(seeds) + 1):
        if n == len(seeds) or n - start == step or seeds[n] != seeds[n - 1] + 1:
            yield seeds[start], seeds[n - 1] + 1
            start = n


def sweep(verb: str, asked: argparse.Namespace, log: Log) -> bool:
    """One verb's files, and its line of the table."""
    known = {o.seed for o in log.of(verb, asked.first, asked.count)}
    left = [seed for seed in range(asked.first, asked.first + asked.count) if seed not in known]
    files = bases(verb, asked.base, asked.store)
    if not files:
        print(f"| {verb} | NOT RUN: no program here writes such a file |", flush=True)
        return False

    def some(between: tuple[int, int]) -> None:
        for outcome in outcomes(Task(verb, *between, [*map(str, files)])):
            log.add(verb, outcome, asked, files)

    begun = time.monotonic()
    with ThreadPoolExecutor(asked.jobs) as pool:
        list(pool.map(some, ranges(left, max(1, min(STEP, -(-len(left) // asked.jobs))))))
    rate = len(left) / (time.monotonic() - begun)
    found = log.of(verb, asked.first, asked.count)
    print(f"{row(verb, found)} {rate:.1f} |", flush=True)
    bad = [o for o in found if o.how not in FINE]
    for o in bad[:5]:
        print(f"    {o.how} {verb} {o.seed}: {o.note.strip().splitlines()[-1][:150] if o.note else ''}")
    return bool(bad)


def main() -> int:
    if sys.argv[1:2] == ["--work"]:
        work(Task(*json.load(sys.stdin)))
        return 0
    asking = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asking.add_argument("verbs", nargs="*", metavar="VERB", help=" ".join(VERBS))
    asking.add_argument("--first", type=int, default=0)
    asking.add_argument("--count", type=int, default=1000)
    asking.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asking.add_argument("--keep", type=Path)
    asking.add_argument("--base", default="")
    asking.add_argument("--log", type=Path)
    asking.add_argument("--store", type=Path, help="where the sound files are kept from run to run")
    asked = asking.parse_args()
    print("| verb | tried | read | told | crashed | hung | wrong | compared | reached | worst s | MB | a s |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    log = Log(asked.log)
    with tempfile.TemporaryDirectory() as home:
        asked.store = asked.store or Path(home)
        asked.store.mkdir(parents=True, exist_ok=True)
        bad = [verb for verb in asked.verbs or VERBS if sweep(verb, asked, log)]
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
