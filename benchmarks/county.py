"""The county's run at full size: 1,000 workbooks, right to the last finding, and what a file costs.

    python benchmarks/county.py right       1,000 workbooks made by fill, 3 % hostile; totals, faults, status,
                                            a second run, 20 runs killed and resumed
    python benchmarks/county.py speed [N]   the whole command, and nothing new, beside calamine and openpyxl
    python benchmarks/county.py each        one file read and checked beside calamine reading it
    python benchmarks/county.py growth      100 to 10,000 files: time and memory, and their plot

The whole command is from its start to its last output. Speed is told beside calamine reading the same files
in as many processes, in seconds and in seconds of processors, which other work on the machine changes less.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import python_calamine
from by_name import build_template, fill_workbook
from inboxes import HOSTILE, Planned, Press, hostile, planned, roster
from ledgers import CAMPAIGN, TODAY, run, snapshot, standings
from openpyxl import load_workbook

from xlcheck.county import tasks
from xlcheck.county.inbox.files import inbox_files
from xlcheck.county.sums.sums import add_up
from xlcheck.county.workers import processes
from xlcheck.data.county import Status
from xlcheck.editions import edition_named
from xlcheck.saving import save

CORES = os.cpu_count() or 1


def made_by_fill(folder: Path, count: int) -> list[Planned]:
    """An inbox of workbooks that the product's own fill wrote, and hostile files among them."""
    inbox = folder / "inbox"
    inbox.mkdir()
    save(build_template("2021"), folder / "empty.xlsx")
    plans = list(planned(count, random.Random(2025)))
    with ProcessPoolExecutor(CORES) as pool:
        jobs = [
            pool.submit(fill_workbook, folder / "empty.xlsx", p.filing, inbox / f"{p.unit}.xlsx")
            for p in plans
        ]
        for job in jobs:
            job.result()
    good = (inbox / f"{plans[0].unit}.xlsx").read_bytes()
    for number in range(round(count * 0.03)):
        kind = HOSTILE[number % len(HOSTILE)]
        (inbox / f"{kind}{number}.xlsx").write_bytes(hostile(kind, good) + b"\0" * number)
    roster(folder / "roster.csv", [p.unit for p in plans] + [f"未报{n}镇" for n in range(20)])
    return plans


def right(count: int = 1000) -> None:
    """Everything the county is told, against what was planted."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        plans = made_by_fill(folder, count)
        inbox, listed, ledger = folder / "inbox", folder / "roster.csv", folder / "l.db"
        counts = run(inbox, listed, ledger, workers=processes(CORES))
        print(f"{count} workbooks by fill and {round(count * 0.03)} hostile: {counts}")
        there = standings(ledger)
        _compare(plans, there)
        before = snapshot(ledger)
        again = run(inbox, listed, ledger, workers=processes(CORES))
        print(
            f"second run: checked {again.checked}, fresh {again.fresh}, "
            f"ledger the same: {snapshot(ledger) == before}"
        )
        same = sum(_killed(folder, number, before) for number in range(20))
        print(f"killed at 20 random moments and run again: {same} of 20 ledgers the same")


def _compare(plans: list[Planned], there: dict) -> None:
    form = edition_named("2021").form
    added = add_up(form, there.values())
    wanted = {n: sum((p.filing.values[n] for p in plans), Decimal(0)) for n in form.fields}
    print(
        f"totals equal an independent sum: {added.sums == wanted} ({len(wanted)} cells); "
        f"missing {len(added.missing)}"
    )
    faults = [p for p in plans if p.fault]
    told = {
        p.unit: [f.told["fix"]["field"] for f in there[p.unit].current.findings if f.told.get("fix")]
        for p in plans
    }
    found = sum(p.fault in told[p.unit] for p in faults)
    false = sum(bool(told[p.unit]) for p in plans if not p.fault)
    print(
        f"planted faults named at their cell: {found} of {len(faults)}; "
        f"sound workbooks with an error: {false}"
    )
    wrong = [n for n, s in there.items() if (s.status is Status.MISSING) != n.startswith("未报")]
    print(f"units with a wrong status: {len(wrong)} of {len(there)}")


def _killed(folder: Path, number: int, whole: dict) -> bool:
    ledger = folder / f"killed{number}.db"
    command = [
        sys.executable, "-m", "xlcheck.cli", "collect", str(folder / "inbox"), "--county", CAMPAIGN.county,
        "--roster", str(folder / "roster.csv"), "--ledger", str(ledger), "--today", str(TODAY),
        "-o", str(folder / "out"), "--year", str(CAMPAIGN.year),
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(random.Random(number).uniform(0.2, 5))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    run(folder / "inbox", folder / "roster.csv", ledger, workers=processes(CORES))
    return snapshot(ledger) == whole


def printed(folder: Path, count: int) -> Path:
    """An inbox printed from the template's XML, a roster beside it."""
    inbox, press = folder / f"inbox{count}", Press("2021", folder)
    inbox.mkdir()
    units = []
    for plan in planned(count, random.Random(7)):
        (inbox / f"{plan.unit}.xlsx").write_bytes(press.print(plan.filing))
        units.append(plan.unit)
    roster(folder / f"roster{count}.csv", units)
    return inbox


def by_calamine(paths: list[str]) -> int:
    """Every value of every sheet, as a program would that wants nothing else."""
    cells = 0
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_path(path)
        cells += sum(
            len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
        )
    return cells


def by_openpyxl(paths: list[str]) -> int:
    return sum(len(load_workbook(path).sheetnames) for path in paths)


class Cost(NamedTuple):
    """What a piece of work took: seconds, seconds of processors, and its largest process in MB."""

    wall: float
    cpu: float
    peak: float = 0


def side_by_side(job: Callable[[list[str]], int], paths: list[str], cores: int) -> Cost:
    """All files in so many processes, batches of 64."""
    start = time.perf_counter(), _cpu()
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(job, [paths[at : at + 64] for at in range(0, len(paths), 64)]))
    return Cost(time.perf_counter() - start[0], _cpu() - start[1])


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def whole(inbox: Path, listed: Path, ledger: Path) -> Cost:
    """The whole command as it is called, from its start to its last output, started from a small process:
    what begins in a large one has its peak."""
    words = [
        sys.executable, "-m", "xlcheck.cli", "collect", str(inbox), "--roster", str(listed), "--ledger",
        str(ledger), "--county", CAMPAIGN.county, "--year", str(CAMPAIGN.year), "--today", str(TODAY), "-o",
        f"{ledger}.out",
    ]  # fmt: skip
    start = time.perf_counter()
    told = subprocess.run([sys.executable, "-c", SMALL, *words], check=True, capture_output=True, text=True)
    return Cost(time.perf_counter() - start, *map(float, told.stdout.split()))


SMALL = """import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(ended == 2)"""


def resaved(inbox: Path, folder: Path) -> Path:
    """The same workbooks as LibreOffice saves them: shared strings, cached values."""
    out = folder / "resaved"
    office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    paths = sorted(map(str, inbox.glob("*.xlsx")))
    for at in range(0, len(paths), 64):
        command = [*office, "--convert-to", "xlsx", "--outdir", str(out), *paths[at : at + 64]]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return out


def speed(count: int = 600, office: int = 320, rounds: int = 5) -> None:
    """Whole collect, calamine alone, an openpyxl loop over the same files; medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        inbox = printed(folder, count)
        few = folder / "few"
        few.mkdir()
        for path in sorted(inbox.glob("*.xlsx"))[:office]:
            shutil.copy(path, few)
        for name, place in (("by our fill", inbox), ("saved by LibreOffice", resaved(few, folder))):
            _rounds(name, place, folder, folder / f"roster{count}.csv", rounds)


def _rounds(name: str, inbox: Path, folder: Path, listed: Path, rounds: int) -> None:
    """Interleaved rounds; ratios are of medians, of seconds and of seconds of processors."""
    paths = [str(p) for p in sorted(inbox.glob("*.xlsx"))]
    times: dict[str, list[Cost]] = {"calamine alone": [], "collect": [], "nothing new": []}
    loops = []
    for number in range(rounds):
        ledger = folder / f"{inbox.name}{number}.db"
        times["calamine alone"].append(side_by_side(by_calamine, paths, CORES))
        times["collect"].append(whole(inbox, listed, ledger))
        times["nothing new"].append(whole(inbox, listed, ledger))
        some, start = paths[number * 20 : number * 20 + 20], time.perf_counter()
        by_openpyxl(some)
        loops.append((time.perf_counter() - start) * len(paths) / len(some))
    print(f"{name}: {len(paths)} files, {CORES} processes, whole command, medians of {rounds} rounds")
    first = [median(part) for part in zip(*times["calamine alone"], strict=True)]
    for what, costs in times.items():
        wall, cpu, *_ = (median(part) for part in zip(*costs, strict=True))
        print(
            f"  {what}: {wall:.2f} s, {wall / first[0]:.2f} x; of processors {cpu:.2f} s, "
            f"{cpu / first[1]:.2f} x"
        )
    collect = median(cost.wall for cost in times["collect"])
    print(f"  an openpyxl loop {median(loops):.0f} s: {median(loops) / collect:.0f} x collect")


def each(count: int = 1000) -> None:
    """One file read and checked, beside calamine reading it, in one process; processors' time."""
    with tempfile.TemporaryDirectory() as home:
        paths = sorted(map(str, printed(Path(home), count).glob("*.xlsx")))
        jobs = [tasks.Task(home, item) for item in inbox_files(str(Path(paths[0]).parent))]
        tasks.work(jobs[:40])
        ratios, ours = [], []
        for at in range(40, count - 49, 50):
            start = time.process_time()
            by_calamine([job.item.path for job in jobs[at : at + 50]])
            between = time.process_time()
            tasks.work(jobs[at : at + 50])
            ours.append((time.process_time() - between) / 50)
            ratios.append(ours[-1] * 50 / (between - start))
    print(f"read and checked: {median(ours) * 1e3:.1f} ms a file, {median(ratios):.2f} x calamine reading it")


def growth(*asked: int) -> None:
    """What the whole command takes for each size; the plot of it goes to the pictures."""
    lines = []
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for count in asked or (100, 300, 1000, 3000, 10000):
            inbox = printed(folder, count)
            cost = whole(inbox, folder / f"roster{count}.csv", folder / f"{count}.db")
            lines.append((count, cost.cpu, cost.peak))
            print(
                f"{count:6} files {cost.wall:7.1f} s, of processors {cost.cpu:7.1f} s, "
                f"{cost.cpu / count * 1e3:6.2f} ms a file, peak {cost.peak:.0f} MB", flush=True,
            )  # fmt: skip
            shutil.rmtree(inbox)
    if not asked:
        PLOT.write_text("".join(_plot(lines)), encoding="utf-8")


def _plot(lines: list[tuple[int, float, float]]) -> Iterator[str]:
    """Two panels side by side, seconds and memory over files; both axes begin at 0."""
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 260" font-family="sans-serif" '
    yield 'font-size="12">'
    yield '<rect width="720" height="260" fill="#fff"/>'
    for left, at, title in ((50, 1, "seconds of processors"), (410, 2, "peak MB")):
        top = max(line[at] for line in lines) * 1.1
        spots = [(left + 280 * n[0] / lines[-1][0], 220 - 180 * n[at] / top) for n in lines]
        yield f'<text x="{left}" y="24" font-weight="bold">{title}</text>'
        yield f'<path d="M{left} 40V220H{left + 290}" fill="none" stroke="#4b5662"/>'
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in spots)
        yield f'<polyline points="{points}" fill="none" stroke="#0b4f9e"/>'
        for (x, y), line in zip(spots, lines, strict=True):
            yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#0b4f9e"/>'
            if line[0] * 5 >= lines[-1][0]:
                yield f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="end">{line[at]:.0f}</text>'
                yield f'<text x="{x:.0f}" y="238" text-anchor="middle">{line[0]}</text>'
    yield "</svg>"


PLOT = Path(__file__).parent / "pictures" / "county.svg"

if __name__ == "__main__":
    {"right": right, "speed": speed, "each": each, "growth": growth}[sys.argv[1]](*map(int, sys.argv[2:]))
