"""A cold `xlcheck check` of one workbook, in turn with a Python that only opens it with openpyxl.

python benchmarks/cold_check.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from cases import base, edited

from xlcheck.files.fill import fill
from xlcheck.files.store import save
from xlcheck.files.template import build


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sound, faulty = Path(folder, "好.xlsx"), Path(folder, "错.xlsx")
        save(build("2021"), sound)
        fill(sound, edited(base("2021"), {"t3.granted.natural": 21}), faulty)
        fill(sound, base("2021"), sound)
        run = [sys.executable]
        commands = {
            "python -c pass": [*run, "-c", "pass"],
            "openpyxl opens it": [*run, "-c", f"import openpyxl; openpyxl.load_workbook({str(sound)!r})"],
            "xlcheck check, sound": [*run, "-m", "xlcheck.cli", "check", str(sound)],
            "xlcheck check, one wrong cell": [*run, "-m", "xlcheck.cli", "check", str(faulty)],
        }
        # As for a user: pip has compiled every module, so bytecode may be kept.
        installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        took: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=installed)
                took[name].append((time.perf_counter() - start) * 1000)
    middle = {name: statistics.median(times) for name, times in took.items()}
    nothing, opening = middle["python -c pass"], middle["openpyxl opens it"]
    print("| command | ms | × python -c pass | × openpyxl |\n|---|--:|--:|--:|")
    for name, ms in middle.items():
        print(f"| {name} | {ms:.0f} | {ms / nothing:.1f} | {ms / opening:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
