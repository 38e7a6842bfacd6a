"""A cold `xlcheck check` of one workbook, in turn with a Python that only opens it with openpyxl.

python benchmarks/cold_check.py [ROUNDS]

Each is a whole process of a Python of its own, into which pip has put the package.
The last rows are those of a user who can write neither into that copy nor into his home, so that what the
program reads of its data cannot be kept for the next start. What every run prints is compared.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from by_name import build_template, fill_workbook, finding_lines, judge
from cases import base, edited

from xlcheck import cli
from xlcheck.core.filing import Filing
from xlcheck.saving import save
from xlcheck.workbook import reading
from xlcheck.workbook.json import seed

ROOT = Path(cli.__file__).parents[1]
SOURCES = ("pyproject.toml", "README.md", "macros", "xlcheck")
# No part of the project; where it happens to be installed, openpyxl would take the time to import it.
OPENS = "import sys; sys.modules['numpy'] = None; import openpyxl; openpyxl.load_workbook(sys.argv[1])"
# Bytecode is read, but nothing is kept beside it nor under a home that is no folder. Modes would not do:
# who is root writes all the same.
SEALED = {"PYTHONDONTWRITEBYTECODE": "1", "HOME": os.devnull, "LOCALAPPDATA": os.devnull}
OURS = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "XDG_CACHE_HOME", "LOCALAPPDATA")


class Run(NamedTuple):
    """One command to time, and what it must print."""

    name: str
    command: list[str]
    prints: str = ""
    sealed: bool = False


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        runs = list(commands(Path(folder), str(installed(Path(folder, "python")))))
        plain = {name: value for name, value in os.environ.items() if name not in OURS}
        plain |= {"HOME": str(home), "PYTHONIOENCODING": "utf-8"}
        took: dict[str, list[tuple[float, float]]] = {run.name: [] for run in runs}
        for n in range(rounds + 1):  # the first round fills what is kept, and is not counted
            for run in runs:
                times = timed(run, plain | SEALED if run.sealed else plain)
                took[run.name] += [times] if n else []
    print("| command | ms | × python -c pass | × openpyxl | × openpyxl, processor time |")
    print("|---|--:|--:|--:|--:|")
    for name, times in took.items():
        wall = statistics.median(t for t, _ in times)
        ratios = [ratio(times, took[beside], part) for beside, part in BESIDE]
        print(f"| {name} | {wall:.0f} | {ratios[0]:.1f} | {ratios[1]:.2f} | {ratios[2]:.2f} |")


BESIDE = (("python -c pass", 0), ("openpyxl opens it", 0), ("openpyxl opens it", 1))


def installed(folder: Path) -> Path:
    """A Python into which pip has put the package, beside the libraries of this one."""
    venv.create(folder, symlinks=os.name != "nt")
    places = {"base": str(folder), "platbase": str(folder)}
    python = Path(sysconfig.get_path("scripts", vars=places)) / "python"
    source = folder / "source"
    source.mkdir()
    for part in SOURCES:  # a copy, for pip leaves files where it builds
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, source / part)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, str(source)], check=True)
    site = Path(sysconfig.get_path("purelib", vars=places))
    site.joinpath("libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def commands(folder: Path, python: str) -> list[Run]:
    """A customer's own report, and a sound one with a slip put in, whose wrong cell is to be named."""
    own, slip = folder / "年报.xlsx", folder / "错.xlsx"
    said = {path: workbook(path, filing) for path, filing in ((own, seed()), (slip, SLIP))}
    check = [str(Path(python).with_name("xlcheck")), "check"]  # with -m, a checkout stood in would be run
    return [
        Run("python -c pass", [python, "-c", "pass"]),
        Run("openpyxl opens it", [python, "-c", OPENS, str(own)]),
        Run("xlcheck check, the customer's report", [*check, str(own)], said[own]),
        Run("xlcheck check, one wrong cell", [*check, str(slip)], said[slip]),
        Run("the customer's report, nothing kept", [*check, str(own)], said[own], sealed=True),
        Run("one wrong cell, nothing kept", [*check, str(slip)], said[slip], sealed=True),
    ]


SLIP = edited(base("2021"), {"t3.granted.natural": 21})


def workbook(path: Path, filing: Filing) -> str:
    """Write a filing as a workbook; what a check of it must print."""
    save(build_template(filing.edition), path)
    fill_workbook(path, filing, path)
    read = reading.read(path)
    return "\n".join(finding_lines(path.name, read, judge(read))) + "\n"


def timed(run: Run, environment: Mapping[str, str]) -> tuple[float, float]:
    """Milliseconds by the clock and of processor time, the child's own."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(run.command, capture_output=True, check=False, env=environment)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.stdout.decode() != run.prints or done.stderr:
        sys.exit(f"{run.name} printed\n{done.stdout.decode()}{done.stderr.decode()}instead of\n{run.prints}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock * 1000, processor * 1000


def ratio(times: list[tuple[float, float]], beside: list[tuple[float, float]], part: int) -> float:
    """The median of the ratios round by round: what slows the machine slows both."""
    return statistics.median(t[part] / b[part] for t, b in zip(times, beside, strict=True))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
