"""Whether two filings that differ in the least ever have the same code.

    python benchmarks/check_codes.py [pairs=100000] [seed=1]

Random sound filings of every edition, each beside itself with one change of tests/changes.py: one cell, one
character, two swapped figures, one more here and one less there, the cover. Status 1 where a pair is alike.
"""

import sys
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import changes
import tables

from xlcheck import data
from xlcheck.core.check_code import check_code
from xlcheck.core.finding import Result
from xlcheck.editions import edition_named

SOUND = Result((), ())


def main() -> int:
    pairs, seed = (int(text) for text in (sys.argv[1:] + ["100000", "1"][len(sys.argv) - 1 :])[:2])
    forms = cycle([edition_named(name).form for name in data.editions()])
    rng, codes, alike, asked = Random(seed), set[str](), Counter[str](), 0
    start = time.process_time()
    for change in islice(cycle(changes.CHANGES), pairs):
        form = next(forms)
        one = tables.filing(form, rng)
        both = [check_code(form, filing, SOUND) for filing in (one, change(one, rng))]
        alike[change.__name__] += both[0] == both[1]
        codes.update(both)
        asked += 2
    spent = 1000 * (time.process_time() - start) / asked
    print(f"{pairs} pairs, alike: {dict(alike)}; {len(codes)} codes in all; {spent:.2f} ms a filing")
    return bool(sum(alike.values()))


if __name__ == "__main__":
    sys.exit(main())
