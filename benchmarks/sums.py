"""The county's own figures: single slips planted in the sum of a county, a city and a province.

    python benchmarks/sums.py [--slips 2000] [--first 0]

A county of 60 units, a city of 8 counties, a province of 14 cities, each added up from the level below.
Of every slip is counted whether its cells are told, whether its unit is named with them, whether that is in
the line on the terminal, and whether no other unit is named.
"""

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from random import Random

HERE = Path(__file__).parents[1]
sys.path[:0] = [str(HERE), str(HERE / "tests")]

from tables import sound  # noqa: E402

from xlcheck.county.sums.county_check import deviation_line  # noqa: E402
from xlcheck.county.sums.sum_reasons import CountedUnit, check_sums  # noqa: E402
from xlcheck.editions import edition_named  # noqa: E402

Figures = dict[str, Decimal]
EDITION = edition_named("2021")
FORM = EDITION.form
COUNTED = ("planted", "cells", "named", "line", "alone")
LEVELS = {"county": 60, "city": 8, "province": 14}
KINDS = (
    "left out", "twice", "cell left out", "cell twice", "earlier", "published", "mended", "last year",
    "point", "digits", "swapped", "not counted", "whole earlier",
)  # fmt: skip
SOURCES = {"earlier": "earlier", "published": "published", "mended": "mended", "last year": "last"}


def added(units: list[CountedUnit]) -> Figures:
    return {n: sum((u.figures[n] for u in units if u.counted), Decimal(0)) for n in FORM.fields}


def level(name: str, rng: Random) -> list[CountedUnit]:
    """The units of a level: townships, or the sums of counties and cities; and one not to be counted."""
    size, inside = LEVELS[name], {"county": 1, "city": 20, "province": 60}[name]
    townships = ([CountedUnit("", True, sound(FORM, rng)) for _ in range(inside)] for _ in range(size))
    units = [CountedUnit(f"{name}{n}", True, added(some)) for n, some in enumerate(townships)]
    return [*units, CountedUnit("apart", False, sound(FORM, rng))]


Slipped = tuple[list[CountedUnit], Figures, str, set[str]]


def planted(units: list[CountedUnit], kind: str, rng: Random) -> Slipped:
    """The units, what the office came to, the unit that explains it, and the cells that differ."""
    stated, place = added(units), rng.randrange(len(units) - 1)
    unit = units[place]
    there = [name for name, value in unit.figures.items() if value]
    if not there:
        return planted(units, kind, rng)
    name = rng.choice(there)
    value = unit.figures[name]
    match kind:
        case "left out" | "twice":
            more = {n: v if kind == "twice" else -v for n, v in unit.figures.items()}
        case "cell left out" | "cell twice":
            more = {name: value if kind == "cell twice" else -value}
        case "point":
            more = {name: 9 * value}
        case "digits":
            whole = len(str(value)) == 2 and "." not in str(value)
            turned = Decimal(str(value)[::-1]) if whole else value * 10
            more = {name: turned - value}
        case "swapped":
            other = rng.choice([n for n in FORM.fields if unit.figures[n] != value])
            more = {name: unit.figures[other] - value, other: value - unit.figures[other]}
        case "not counted":
            unit = units[-1]
            more = dict(unit.figures)
        case "whole earlier":
            before = sound(FORM, rng)
            units = [*units[:place], unit._replace(others=(("earlier", before),)), *units[place + 1 :]]
            more = {n: before[n] - unit.figures[n] for n in FORM.fields}
        case _:
            to = value + rng.choice((-1, 1, 2, 5, 9, 37, 120))
            known = unit._replace(others=((SOURCES[kind], {name: to}),))
            units, more = [*units[:place], known, *units[place + 1 :]], {name: to - value}
    for field, amount in more.items():
        stated[field] += amount
    return units, stated, unit.name, {field for field, amount in more.items() if amount}


def tried(name: str, slips: int, rng: Random) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    spent = 0.0
    for n in range(slips):
        if n % 40 == 0:
            units = level(name, rng)
        kind = KINDS[n % len(KINDS)]
        mine, stated, unit, cells = planted(units, kind, rng)
        if not cells:
            continue
        begun = time.perf_counter()
        found = check_sums(stated, mine)
        spent += time.perf_counter() - begun
        count = counts[kind]
        count["planted"] += 1
        count["cells"] += {one.field for one in found.deviations} == cells
        named = [{r.unit for r in one.reasons} for one in found.deviations if not one.whole]
        lines = [deviation_line(EDITION, one) for one in found.deviations if not one.whole]
        whole = {one.unit for one in found.whole}
        count["named"] += all(unit in some for some in named) and (not whole or unit in whole)
        in_line = all(re.search(rf"{unit}(?!\d)", line) for line in lines)
        count["line"] += in_line and (not whole or unit in whole)
        count["alone"] += all(some == {unit} for some in named) and whole <= {unit}
    print(f"{name}: {1000 * spent / slips:.1f} ms each")
    for kind, count in counts.items():
        print(f"  {kind:14}" + "".join(f"  {key} {count[key]}" for key in COUNTED))
    total = sum(counts.values(), Counter())
    print("  all           " + "".join(f"  {key} {total[key]}" for key in COUNTED))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--slips", type=int, default=2000)
    asked.add_argument("--first", type=int, default=0)
    given = asked.parse_args()
    for name in LEVELS:
        tried(name, given.slips, Random(given.first))


if __name__ == "__main__":
    main()
