"""Whether every figure that is forced is offered and no other, beside an exact solver of another kind.

    python benchmarks/forced.py [tables=10000] [seed=1]

Sound random tables of every edition with some of their figures taken out (tests/ways.py): single cells, rows,
columns, what is 0, nearly all. The solver knows nothing of ours. Status 1 where one table differs.
"""

import statistics
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import tables  # noqa: E402
import ways  # noqa: E402
from by_name import code as code_of  # noqa: E402

from xlcheck import data  # noqa: E402
from xlcheck.core.diagnosis.equations import Code  # noqa: E402
from xlcheck.core.diagnosis.search import locate  # noqa: E402

MASKS = 5  # kinds of what is left blank


def compare(code: Code, count: int, rng: Random) -> int:
    """How many tables differ; one line is printed."""
    found, differ, offered, blank = ways.streams(code), 0, 0, 0
    taken: list[float] = []
    for _ in range(-(-count // MASKS)):
        values = tables.sound(code.form, rng)
        for mask in islice(ways.masks(code, values, rng), MASKS):
            left = {n: None if n in mask else v for n, v in values.items()}
            start = time.process_time()
            faults = locate(code, left)
            taken.append(1000 * (time.process_time() - start))
            ours = {c.field: c.to for f in faults if f.certain for c in f.explanations[0].changes}
            theirs = {n: values[n] for n in ways.forced_blanks(found, values, mask)}
            differ += ours != theirs
            offered, blank = offered + len(theirs), blank + len(mask)
    ordered = sorted(taken)
    print(
        f"{code.form.edition}: {len(taken)} tables, {blank} blanks, {offered} of them forced; {differ} tables"
        f" differ; ours {statistics.mean(taken):.2f} ms a filing, median {statistics.median(taken):.2f},"
        f" p95 {ordered[int(0.95 * len(taken))]:.2f}, worst {ordered[-1]:.1f}",
        flush=True,
    )
    return differ


def main() -> int:
    count, seed = (int(text) for text in (sys.argv[1:] + ["10000", "1"][len(sys.argv) - 1 :])[:2])
    each = count // len(data.editions())
    return bool(sum(compare(code_of(name), each, Random(f"{seed} {name}")) for name in data.editions()))


if __name__ == "__main__":
    sys.exit(main())
