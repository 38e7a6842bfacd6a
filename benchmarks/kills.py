"""Kill the commands at random moments: originals stay as they were, and the next run leaves nothing stray.

    python benchmarks/kills.py [KILLS] [SEED]    300 by default, as many for each command

fill, mark, repair, import and report work on files in one folder and write beside them; collect takes up
three filings. Each is first run to its end, then begun and killed with all that it started, and begun again:
what it reads must be byte for byte what it was, what it writes must be there, and no file of ours that is not
whole may be left. Printed for each command: kills, those that came before its end, and what was wrong.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from by_name import build_template, dump_filing, fill_workbook
from cases import base
from inboxes import roster

from xlcheck.saving import BESIDE, save

XLCHECK = [sys.executable, "-m", "xlcheck.cli"]


class Command(NamedTuple):
    """What is killed: its arguments, and what it writes."""

    name: str
    arguments: list[str]
    writes: tuple[str, ...]


def main(kills: int, seed: int) -> int:
    rng, bad = random.Random(seed), 0
    with tempfile.TemporaryDirectory(prefix="xlcheck-kills-") as home:
        given = originals(Path(home))
        commands = list(of(Path(home)))
        for command in commands:
            run(command, home)
            took, early, wrong = run(command, home), 0, list[str]()
            for _ in range(kills // len(commands)):
                clear(command, home)
                early += killed(command, home, rng.uniform(0.05, took))
                took = 0.8 * took + 0.2 * run(command, home)
                wrong += faults(command, Path(home), given)
            bad += len(wrong)
            print(
                f"{command.name}: {kills // len(commands)} kills, {early} before its end, {len(wrong)} wrong"
            )
            print("".join(f"    {one}\n" for one in dict.fromkeys(wrong)), end="", flush=True)
    return int(bool(bad))


def originals(home: Path) -> dict[Path, bytes]:
    """What the commands read, by path."""
    filing = base("2021")
    save(build_template("2021"), home / "空.xlsx")
    fill_workbook(home / "空.xlsx", filing, home / "年报.xlsx")
    (home / "filing.json").write_text(dump_filing(filing), encoding="utf-8")
    units = [f"第{n}镇人民政府" for n in range(3)]
    roster(home / "units.csv", units)
    (home / "inbox").mkdir()
    for unit in units:
        fill_workbook(home / "空.xlsx", filing._replace(unit=unit), home / "inbox" / f"{unit}.xlsx")
    subprocess.run([*XLCHECK, "report", home / "年报.xlsx", "-o", home / "旧报告.docx"], capture_output=True)
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def of(home: Path) -> list[Command]:
    own, out = f"{home}/年报.xlsx", ("out.xlsx",)
    ledger = f"sqlite:///{home}/ledger.db"
    collected = [
        "collect",
        f"{home}/inbox",
        "--roster",
        f"{home}/units.csv",
        "--ledger",
        ledger,
        "--year",
        "2020",
    ]
    return [
        Command("fill", ["fill", f"{home}/空.xlsx", "--from", f"{home}/filing.json", "-o", "out.xlsx"], out),
        Command("mark", ["check", own, "--mark", "out.xlsx"], out),
        Command("repair", ["repair", own, "-o", "out.xlsx"], out),
        Command("import", ["import", f"{home}/旧报告.docx", "-o", "out.xlsx"], out),
        Command("report", ["report", own, "-o", "out.docx"], ("out.docx",)),
        Command("collect", [*collected, "-o", "county"], ("county",)),
    ]


def run(command: Command, home: str) -> float:
    """To its end; how many seconds that took."""
    clear(command, home)
    begun = time.monotonic()
    ended = subprocess.run([*XLCHECK, *command.arguments], cwd=home, capture_output=True)
    if b"Traceback" in ended.stderr or ended.returncode not in (0, 1):
        print(ended.stderr.decode()[-600:])
    return time.monotonic() - begun


def killed(command: Command, home: str, seconds: float) -> bool:
    """Whether it was killed before its end."""
    one = subprocess.Popen(
        [*XLCHECK, *command.arguments],
        cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    early = one.poll() is None
    if early:
        os.killpg(one.pid, signal.SIGKILL)
    one.wait()
    return early


def clear(command: Command, home: str) -> None:
    """Take away what an earlier run wrote; what a killed one left stays."""
    for name in command.writes:
        path = Path(home, name)
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def faults(command: Command, home: Path, given: dict[Path, bytes]) -> list[str]:
    wrong = [f"changed: {path.name}" for path, was in given.items() if path.read_bytes() != was]
    wrong += [f"not written: {name}" for name in command.writes if not (home / name).exists()]
    return wrong + [f"left: {path.name}" for path in home.rglob(f"{BESIDE}*")]


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*asked, *(300, 1)[len(asked) :]))
