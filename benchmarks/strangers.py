"""Any folder of files through the verbs, one after another: nothing but sentences may come of them.

    python benchmarks/strangers.py FOLDER… [--jobs N] [--keep DIR]

Every file below the folders goes through the verbs that its kind may meet: a workbook through check, mark,
fill, repair, roster, decisions and import; a document through import; JSON and CSV through their readers.
Each in a child with limits, as in mutants.py, whose sentences about crashed and hung hold here too. Printed
for each verb: files, read, told (refused with a sentence), crashed, hung, worst time, peak memory, and
by name what crashed or hung; exit status 1 where anything did.
"""

import argparse
import os
import shutil
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import mutants

BOOKS = {".xlsx", ".xlsm", ".xltx", ".xlam", ".zip", ""}
OF_BOOK = ("check", "mark", "fill", "repair", "roster", "decisions", "xlsx")
KINDS = {
    **dict.fromkeys((".html", ".htm"), "html"), ".docx": "docx", ".mhtml": "mhtml", ".mht": "mhtml",
    ".txt": "txt", ".md": "txt",
    **dict.fromkeys((".odt", ".doc", ".wps", ".rtf"), "docx"),
    ".et": "xls", ".pdf": "pdf", ".ods": "ods", ".xls": "xls", ".json": "json", ".csv": "csv",
}  # fmt: skip


def verbs(path: Path) -> tuple[str, ...]:
    """What a file of its kind may meet; of a kind that we have no reader for, check's door."""
    suffix = path.suffix.lower()
    return OF_BOOK if suffix in BOOKS else (KINDS.get(suffix, "check"),)


def main() -> int:
    asking = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asking.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    asking.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asking.add_argument("--keep", type=Path)
    asked = asking.parse_args()
    files = sorted(p for folder in asked.folders for p in folder.rglob("*") if p.is_file())
    print("| verb | files | read | told | crashed | hung | worst s | peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    bad = 0
    for verb in mutants.VERBS:
        mine = [path for path in files if verb in verbs(path)]
        if mine:
            bad += tried(verb, mine, asked.jobs, asked.keep)
    return int(bool(bad))


def tried(verb: str, files: list[Path], jobs: int, keep: Path | None) -> int:
    """One verb's line of the table; how many of its files crashed or hung."""
    parts = [files[n::jobs] for n in range(jobs)]
    with ThreadPoolExecutor(jobs) as pool:
        rows = pool.map(
            lambda part: [*mutants.outcomes(mutants.Task(verb, 0, len(part), [*map(str, part)], whole=True))],
            parts,
        )
        found = [(part[one.seed], one) for part, row in zip(parts, rows, strict=True) for one in row]
    counts = Counter(one.how for _, one in found)
    read, crashed = counts["read"] + counts["wrong"], counts["crashed"] + counts["killed"]
    worst, peak = max(one.seconds for _, one in found), max(one.peak for _, one in found)
    figures = (verb, len(found), read, counts["told"], crashed, counts["hung"], f"{worst:.2f}", peak)
    print(f"| {' | '.join(map(str, figures))} |", flush=True)
    bad = [(path, one) for path, one in found if one.how in ("crashed", "killed", "hung")]
    for path, one in bad:
        print(f"    {one.how} {verb} {path}: {(one.note.strip().splitlines() or [''])[-1][:150]}")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, keep / f"{one.how}-{verb}-{path.name}")
            (keep / f"{one.how}-{verb}-{path.name}.log").write_text(one.note, encoding="utf-8")
    return len(bad)


if __name__ == "__main__":
    sys.exit(main())
