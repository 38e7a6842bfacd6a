"""Fill a workbook and mark it, side by side with openpyxl opening and saving the same file.

python benchmarks/touching.py [FILINGS]      24 by default, each another filing; the goal is 0.25 of openpyxl
python benchmarks/touching.py --onlyoffice PYTHON    part by part, what stays of a file that ONLYOFFICE saved

The second runs tests/test_touching.py with one source more; PYTHON has the package document-builder.
"""

import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import parity
from by_name import build_template, fill_workbook, judge, mark

from xlcheck.core.filing import Filing
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.workbook import reading

WARM = 3  # files before the clock counts
GOAL = 0.25


def main(count: int) -> int:
    made, rng = edition_named("2021"), random.Random(6)
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "空.xlsx")
        save(build_template("2021"), empty)
        for n in range(count + WARM):
            filing, _ = parity.disturbed(made, rng)
            for name, took in _one(empty, filing, Path(folder)).items():
                seconds.setdefault(name, []).extend([took] if n >= WARM else [])
    middle = {name: statistics.median(times) for name, times in seconds.items()}
    worst = 0.0
    for name in ("fill", "mark", "mark a marked copy"):
        worst = max(worst, middle[name] / middle["openpyxl"])
        print(f"{name:20}{middle[name] * 1000:6.0f} ms  {middle[name] / middle['openpyxl']:.2f} of openpyxl")
    print(f"{'openpyxl load, save':20}{middle['openpyxl'] * 1000:6.0f} ms  ({count} files, processor time)")
    return int(worst > GOAL)


def _one(empty: Path, filing: Filing, folder: Path) -> dict[str, float]:
    filled, marked, again = (folder / f"{name}.xlsx" for name in ("填", "标", "再"))
    took = {"fill": _timed(lambda: fill_workbook(empty, filing, filled))}
    for name, source, target in (("mark", filled, marked), ("mark a marked copy", marked, again)):
        there = reading.read(source)
        result = judge(there)
        took[name] = _timed(lambda: mark(source, there, result, target, "2026-01-15 10:32"))  # noqa: B023
    took["openpyxl"] = _timed(lambda: openpyxl.load_workbook(filled, rich_text=True).save(io.BytesIO()))
    return took


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    if sys.argv[1:2] == ["--onlyoffice"]:
        os.environ["XLCHECK_ONLYOFFICE"] = sys.argv[2]
        test = Path(__file__).parents[1] / "tests" / "test_touching.py"
        sys.exit(pytest.main([str(test), "-k", "by_onlyoffice"]))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 24))
