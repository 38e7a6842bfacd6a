"""Filings that differ in the least: one cell, one letter, two figures swapped, one made up for by another."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

from xlcheck.core.filing import Filing


def cell(filing: Filing, rng: Random) -> Filing:
    name = rng.choice(sorted(filing.values))
    was = filing.values[name]
    to = rng.choice([Decimal(rng.randint(0, 20)), Decimal(rng.randint(0, 99999)), Decimal(1) / 4, None])
    return filing._replace(values={**filing.values, name: to if to != was else Decimal(100_000)})


def character(filing: Filing, rng: Random) -> Filing:
    name = rng.choice(sorted(n for n, text in filing.texts.items() if text))
    text = filing.texts[name]
    at, other = rng.randrange(len(text)), rng.choice("，。0１一亿A a\n")
    ways = (text[:at] + other + text[at:], text[:at] + text[at + 1 :], text[:at] + other + text[at + 1 :])
    return filing._replace(texts={**filing.texts, name: rng.choice([w for w in ways if w != text])})


def swapped(filing: Filing, rng: Random) -> Filing:
    one = rng.choice(sorted(filing.values))
    others = sorted(n for n, v in filing.values.items() if v != filing.values[one])
    other = rng.choice(others)
    return filing._replace(values={**filing.values, one: filing.values[other], other: filing.values[one]})


def made_up_for(filing: Filing, rng: Random) -> Filing:
    """One more in a cell and one less in another: no sum of all cells would see it."""
    more, less = rng.sample(sorted(n for n, v in filing.values.items() if isinstance(v, Decimal)), 2)
    moved = {more: filing.values[more] + 1, less: filing.values[less] - 1}  # type: ignore[operator]
    return filing._replace(values={**filing.values, **moved})


def cover(filing: Filing, rng: Random) -> Filing:
    way = rng.randrange(3)
    if way == 0:
        return filing._replace(unit=f"{filing.unit}{rng.choice('一二三四五')}")
    return filing._replace(year=filing.year + rng.randint(1, 9)) if way == 1 else filing._replace(kind="其他")  # type: ignore[operator]


CHANGES: tuple[Callable[[Filing, Random], Filing], ...] = (cell, character, swapped, made_up_for, cover)
