"""Open workbooks in ONLYOFFICE's Document Builder, type into them, and save them again.

PYTHON benchmarks/onlyoffice.py < jobs.json    PYTHON has the package document-builder, of 10.0 or later

Runs beside engines.py in a Python of its own and needs nothing of ours. A job is [source, entries, target];
an entry [sheet, cell, value] is typed as a person would type it, cells that touch at one stroke: each stroke
works the whole workbook out, and 300 of them take minutes. RecalculateAllFormulas is never called: it counts
the old results of COUNTIF once more.
"""

import json
import re
import sys
from collections.abc import Iterator

import docbuilder

TYPE = "Api.GetSheet({}).GetRange({}).SetValue({});"
Entry = tuple[str, str, float | str]


def strokes(entries: list[Entry]) -> Iterator[tuple[str, str, list[list[float | str]]]]:
    """The same entries as blocks of a sheet: rows with no gap between them, as wide as each other."""
    runs: list[list] = []  # sheet, first row, first column, last column, rows of values
    for sheet, row, col, value in sorted((s, *placed(cell), v) for s, cell, v in entries):
        last = runs[-1] if runs else [None] * 5
        if last[:2] == [sheet, row] and last[3] == col - 1:
            last[3] = col
            last[4][0].append(value)
        else:
            runs.append([sheet, row, col, col, [[value]]])
    blocks: dict[tuple, list] = {}
    for sheet, row, left, right, values in runs:
        above = blocks.pop((sheet, row, left, right), None)
        block = [sheet, above[1] if above else row, left, right, (above[4] if above else []) + values]
        blocks[sheet, row + 1, left, right] = block
    for sheet, top, left, right, values in blocks.values():
        yield sheet, f"{letters(left)}{top}:{letters(right)}{top + len(values) - 1}", values


def placed(cell: str) -> tuple[int, int]:
    name, row = re.fullmatch("([A-Z]+)([0-9]+)", cell).groups()
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return int(row), number


def letters(number: int) -> str:
    return (letters((number - 1) // 26) if number > 26 else "") + chr(65 + (number - 1) % 26)


def main() -> int:
    builder, failed = docbuilder.CDocBuilder(), 0
    for source, entries, target in json.load(sys.stdin):
        script = "".join(TYPE.format(*map(json.dumps, entry)) for entry in strokes(entries))
        done = builder.OpenFile(source) == 0
        done = done and builder.ExecuteCommand(script) and builder.SaveFile("xlsx", target) == 0
        builder.CloseFile()
        if not done:
            failed += 1
            print(f"not done: {source}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
