"""How well drafts agree with their tables: random sound filings, drafted, checked, read by a second reader.

    python benchmarks/drafts.py [filings=500] [first seed=0]

As many of each edition, every other one with last year's beside it, of all kinds of unit in turn. Prints what
the check finds in the figures, what the reader of tests/drafts.py cannot tie to its cell, the share
of cells that are not 0 and are said, sentences said twice, lengths.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import drafts
from tables import filing
from test_draft import OF_FIGURES, WORKED_OUT, value

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.judge import drafted, judge


def main(filings: int, first: int) -> None:
    kinds = workbook().cover["kind"].choices
    for name in data.editions():
        edition, told = edition_named(name), Counter[str]()
        said, there, lengths = Counter[str](), Counter[str](), []
        for seed in range(first, first + filings):
            filed = made(name, seed, kinds[seed % len(kinds)])
            last = made(name, seed + 1_000_000, kinds[0])._replace(year=filed.year - 1) if seed % 2 else None
            written = drafted(edition, filed, last)
            text = written.texts["s1"]
            told["figures that the check doubts"] += sum(
                f.rule in OF_FIGURES for f in judge(edition, written, last).findings
            )
            told["sentences said twice"] += len(again(text))
            lengths.append(len(text))
            cells = read(written, text, told)
            for field, entry in filed.values.items():
                if entry:
                    part = edition.form.fields[field].table + (" totals" if field.endswith(".total") else "")
                    there[part] += 1
                    said[part] += field in cells
        print(f"{name}: {filings} filings, {max(lengths)} letters at most, {dict(told)}")
        print("   said of the cells that are not 0:", {p: f"{said[p] / there[p]:.1%}" for p in sorted(there)})


def made(name: str, seed: int, kind: str) -> Filing:
    options = {"procurement_unit": "元"} if name == "2019" else {}
    return filing(edition_named(name).form, Random(seed))._replace(texts={}, options=options, kind=kind)


def read(written: Filing, text: str, told: Counter[str]) -> set[str]:
    """The cells that are said, by a reader that shares nothing with ours."""
    try:
        figures = [(name, figure) for name, figure in drafts.stated(text) if name not in WORKED_OUT]
    except AssertionError:
        told["texts with a figure of no cell"] += 1
        return set()
    told["figures that are not their cell's"] += sum(
        figure != value(written, name) for name, figure in figures
    )
    return {name.removesuffix(".less") for name, _ in figures}


def again(text: str) -> list[str]:
    sentences = Counter(filter(None, re.split("[。；\n]", drafts.BLANK.sub("", text))))
    return [sentence for sentence, times in sentences.items() if times > 1]


if __name__ == "__main__":
    main(*map(int, (sys.argv[1:] + ["500", "0"][len(sys.argv) - 1 :])))
