"""A cold `xlcheck check` of one workbook, in turn with a Python that only opens it with openpyxl.

python benchmarks/cold_check.py [ROUNDS]
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from by_name import build_template, fill_workbook
from cases import base, edited

from xlcheck.saving import save


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sound, faulty = Path(folder, "好.xlsx"), Path(folder, "错.xlsx")
        save(build_template("2021"), sound)
        fill_workbook(sound, edited(base("2021"), {"t3.granted.natural": 21}), faulty)
        fill_workbook(sound, base("2021"), sound)
        run = [sys.executable]
        commands = {
            "python -c pass": [*run, "-c", "pass"],
            "openpyxl opens it": [*run, "-c", f"import openpyxl; openpyxl.load_workbook({str(sound)!r})"],
            "xlcheck check, sound": [*run, "-m", "xlcheck.cli", "check", str(sound)],
            "xlcheck check, one wrong cell": [*run, "-m", "xlcheck.cli", "check", str(faulty)],
        }
        # As for a user: pip has compiled every module, so bytecode may be kept.
        installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                took[name].append(timed(command, installed))
    print("| command | ms | × python -c pass | × openpyxl | × openpyxl, processor time |")
    print("|---|--:|--:|--:|--:|")
    for name, times in took.items():
        wall = statistics.median(t for t, _ in times)
        ratios = [ratio(times, took[beside], part) for beside, part in BESIDE]
        print(f"| {name} | {wall:.0f} | {ratios[0]:.1f} | {ratios[1]:.2f} | {ratios[2]:.2f} |")


BESIDE = (("python -c pass", 0), ("openpyxl opens it", 0), ("openpyxl opens it", 1))


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Milliseconds by the clock and of processor time, the child's own."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=environment)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock * 1000, processor * 1000


def ratio(times: list[tuple[float, float]], beside: list[tuple[float, float]], part: int) -> float:
    """The median of the ratios round by round: what slows the machine slows both."""
    return statistics.median(t[part] / b[part] for t, b in zip(times, beside, strict=True))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
