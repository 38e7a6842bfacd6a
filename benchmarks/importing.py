"""How exactly reports are read: cells right, wrong, missed, invented for real ones; and our own come back.

python benchmarks/importing.py [--round-trips 500]
"""

import argparse
import json
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parents[1]
sys.path[:0] = [str(HERE), str(HERE / "tests")]

from by_name import judge, write_report  # noqa: E402
from tables import filing  # noqa: E402  # beside the tests

from xlcheck import importing  # noqa: E402
from xlcheck.editions import Refused, edition_named  # noqa: E402
from xlcheck.importing.document import Imported  # noqa: E402

REPORTS = HERE.parent / "shared" / "reports"
COLUMNS = ("natural", "business", "research", "social", "legal", "other_org", "total")


def truth(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """The published tables by field; a row the edition has not is left out."""
    form, found = edition_named(name).form, {}
    rows = [f for f in form.fields.values() if f.table == "t2"]
    for label, cells in (raw.get("table2") or {}).items():
        mine = [f.name for f in rows if label.partition("(")[0] in (f.row.label, *f.row.aliases)]
        found |= dict(zip(mine, cells if isinstance(cells, list) else [cells], strict=False))
    leaves = {f.row.label.partition("（区分")[0]: f.row.id for f in form.fields.values() if f.table == "t3"}
    for row in raw.get("table3") or ():
        label = row["label"].rpartition("/")[2].partition("（区分")[0]
        near = [leaf for said, leaf in leaves.items() if said[:6] == label[:6]]
        if leaf := leaves.get(label) or (near[0] if len(near) == 1 else ""):
            found |= {f"t3.{leaf}.{c}": v for c, v in zip(COLUMNS, row["values"], strict=True)}
    return found | dict(zip(form.groups["t4"], raw.get("table4") or (), strict=False))


def score(read: Imported, raw: dict[str, Any]) -> tuple[int, int, int, int, int]:
    """Cells right, wrong, missed, invented; and how many of the missed were listed with what stands there."""
    wanted, listed = truth(raw, read.filing.edition), {n for d in read.doubts for n in d.fields}
    right = wrong = missed = invented = told = 0
    for name, value in read.filing.values.items():
        was = wanted.get(name)
        should = None if was is None else Decimal(str(was).removesuffix("元"))
        if value is None and should is not None:
            missed, told = missed + 1, told + (name in listed)
        elif value is not None and should is None:
            invented += 1
        elif value != should:
            wrong += 1
        elif value is not None:
            right += 1
    return right, wrong, missed, invented, told


def sources(path: Path, raw: dict[str, Any], folder: Path) -> list[Path]:
    """The report as it was found: its text or page, and the office's own PDF where there is one."""
    kind = "html" if "<td" in raw["raw_text"] else "txt"
    text = folder / f"{path.stem}.{kind}"
    text.write_text(raw["raw_text"], encoding="utf-8")
    pdf = path.with_suffix(".pdf")
    return [text, pdf] if pdf.exists() else [text]


def real(folder: Path) -> None:
    if not REPORTS.exists():
        print(f"NOT MEASURED: {REPORTS} is absent; no real report was read", file=sys.stderr)
        return
    print(
        f"{'report':34}{'edition':>8}{'right':>7}{'wrong':>7}{'missed':>7}{'(told)':>7}{'invented':>9}{'ms':>7}"
    )
    for path in sorted(REPORTS.glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        for source in sources(path, raw, folder):
            start = time.perf_counter()
            try:
                read = importing.read_report(source)
            except Refused:
                print(f"{source.name:34}{'refused: no tables in it':>30}")
                continue
            spent = (time.perf_counter() - start) * 1000
            right, wrong, missed, invented, told = score(read, raw)
            line = f"{source.name:34}{read.filing.edition:>8}{right:7}{wrong:7}{missed:7}{told:7}{invented:9}"
            print(f"{line}{spent:7.0f}")


def round_trips(count: int, folder: Path) -> None:
    failed = 0
    for n in range(count):
        for name in ("2019", "2021"):
            filed = filing(edition_named(name).form, Random(n))
            for kind in ("docx", "html"):
                write_report(filed, judge(filed), folder / f"r.{kind}", draft=False)
                read = importing.read_report(folder / f"r.{kind}").filing
                failed += read._replace(kind=filed.kind, contact=filed.contact) != filed
    print(f"round trips: {4 * count}, of which differ: {failed}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--round-trips", type=int, default=50)
    with tempfile.TemporaryDirectory() as scratch:
        real(Path(scratch))
        round_trips(parser.parse_args().round_trips, Path(scratch))
