"""Every formula of the workbook in three programs: LibreOffice, ONLYOFFICE and IronCalc must show the same.

python benchmarks/engines.py [FILINGS] [--python PYTHON]    64 by default, half for each edition

The filings are sound, faulty (a few figures changed), blank, or hold texts where figures belong. LibreOffice
works out each workbook as `fill` writes it. ONLYOFFICE opens the same file, and it opens an empty one into
which the filing is typed; IronCalc opens it. Compared is what each cell with a formula shows.

Told apart is a sentence that quotes a number of 16 digits or more: each program writes that in its own way.
PYTHON is one that has the package document-builder (ONLYOFFICE); IronCalc is the package ironcalc beside us.
What is missing is told as NOT RUN, and the status is then 2; 1 where a cell differs.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import NamedTuple
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import office
import parity
import tables
from by_name import new_workbook, write_filing

from xlcheck.core.filing import Filing
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.editions import Edition, edition_named
from xlcheck.saving import save

SAME, DIFFER, NOT_RUN = 0, 1, 2
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
HUGE = re.compile(r"-?\d{16,}|-?\d+(?:\.\d+)?E\+?\d+")
TEXTS = (
    "12件",
    "无",
    "/",
    "-",
    "　",
    "3.5万元",
    "一",
    "十二",
    "不详",
    "2025年",
)  # typed, none becomes a number
Shown = float | bool | str
Cells = dict[tuple[str, str], Shown]  # by sheet and address


class Sample(NamedTuple):
    """A filing to be looked at in every program."""

    kind: str
    filing: Filing


class Run(NamedTuple):
    """One program's way with the samples: its name, and what it showed of each."""

    name: str
    shown: list[Cells]


# ---------------------------------------------------------------- the samples
def samples(made: Edition, count: int) -> list[Sample]:
    rng = Random(made.form.edition)
    kinds = {"sound": sound, "faulty": faulty, "blank": blank, "texts": texts}
    return [Sample(kind, kinds[kind](made, rng)) for kind in islice(cycle(kinds), count)]


def sound(made: Edition, rng: Random) -> Filing:
    return tables.filing(made.form, rng)


def faulty(made: Edition, rng: Random) -> Filing:
    """A sound one with anything done to it but texts, which TEXTS are for."""
    filing = sound(made, rng)
    values = dict(filing.values)
    for name in rng.sample(list(values), rng.choice((1, 1, 2, 3, 8, 40))):
        entry = rng.choice(parity.SWINGS)(rng)
        values[name] = values[name] if isinstance(entry, str) else entry
    return filing._replace(values=values)


def blank(made: Edition, rng: Random) -> Filing:
    """From nothing at all to a few cells left out."""
    filing = sound(made, rng)
    left_out = rng.sample(list(filing.values), rng.choice((1, 5, 60, len(filing.values))))
    more = {"texts": {}, "options": {}} if len(left_out) == len(filing.values) else {}
    return filing._replace(values={**filing.values, **dict.fromkeys(left_out)}, **more)


def texts(made: Edition, rng: Random) -> Filing:
    filing = sound(made, rng)
    odd = {name: rng.choice(TEXTS) for name in rng.sample(list(filing.values), rng.choice((1, 2, 9, 30)))}
    return filing._replace(values={**filing.values, **odd})


def entries(made: Edition, filing: Filing) -> list[tuple[str, str, float | str]]:
    """All that is typed, cell by cell, in the order of the form."""
    form = made.form
    typed = [(f.sheet, f.cell, filing.values.get(name)) for name, f in form.fields.items()]
    typed += [(form.sheets["cover"], cell, filing.word(on)) for on, cell in form.cover.items()]
    typed += [(form.sheets["text"], cell, filing.texts.get(on)) for on, cell in form.texts.items()]
    typed += [(o.sheet, o.cell, filing.options.get(o.id)) for o in form.options]
    return [(s, c, v if isinstance(v, str) else float(v)) for s, c, v in typed if v is not None]


# ---------------------------------------------------------------- the programs
def by_libreoffice(paths: Iterable[Path], folder: Path) -> list[Cells]:
    """As LibreOffice shows them, all worked out anew."""
    shown = []
    with office.running() as desktop:
        for path in paths:
            book = office.opened(desktop, path)
            office.saved(book, folder / path.name)
            book.close(True)
            shown.append(cells(folder / path.name))
    return shown


def by_onlyoffice(
    python: str, jobs: list[tuple[Path, list[tuple[str, str, float | str]], Path]]
) -> list[Cells]:
    given = json.dumps([(str(source), typed, str(target)) for source, typed, target in jobs])
    script = Path(__file__).with_name("onlyoffice.py")
    ended = subprocess.run([python, script], input=given, text=True, capture_output=True)
    if ended.returncode:
        raise SystemExit(f"ONLYOFFICE failed with {ended.returncode}: {ended.stderr[-2000:]}")
    return [cells(target) for _, _, target in jobs]


def by_ironcalc(paths: Iterable[Path]) -> list[Cells]:
    import ironcalc

    shown = []
    for path in paths:
        model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        model.evaluate()
        numbers = {p["name"]: n for n, p in enumerate(model.get_worksheets_properties())}
        found: Cells = {}
        for sheet, cell in formulas(path):
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
            at = numbers[sheet], int(row), ironcalc.column_number_from_name(column)
            found[sheet, cell] = plain(model.get_cell_value(*at))
        shown.append(found)
    return shown


# ---------------------------------------------------------------- what a cell shows
def parts(path: Path) -> Iterable[tuple[str, ElementTree.Element, list[str]]]:
    """Each sheet by its name, and the strings that the sheets share."""
    with zipfile.ZipFile(path) as book:
        relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        where = {r.get("Id"): r.get("Target", "").removeprefix("/xl/") for r in relations}
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in one.iter(f"{MAIN}t")) for one in root]
        for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
            root = ElementTree.fromstring(book.read(f"xl/{where[sheet.get(RELATION)]}"))
            yield sheet.get("name", ""), root, shared


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """The text of each formula, by sheet and address."""
    return {
        (sheet, cell.get("r", "")): formula.text or ""
        for sheet, root, _ in parts(path)
        for cell in root.iter(f"{MAIN}c")
        if (formula := cell.find(f"{MAIN}f")) is not None
    }


def cells(path: Path) -> Cells:
    """What every cell of a saved workbook shows."""
    shown: Cells = {}
    for sheet, root, shared in parts(path):
        for cell in root.iter(f"{MAIN}c"):
            value, kind = cell.findtext(f"{MAIN}v") or "", cell.get("t", "n")
            value = shared[int(value)] if kind == "s" and value else value
            value = "".join(t.text or "" for t in cell.iter(f"{MAIN}t")) if kind == "inlineStr" else value
            is_number = kind == "n" and value
            read = float(value) if is_number else bool(int(value)) if kind == "b" else value
            shown[sheet, cell.get("r", "")] = plain(read)
    return shown


def plain(value: Shown | int | None) -> Shown:
    """The same for all programs: nothing is an empty text, and 12 digits of a number are compared."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return float(f"{value:.12g}")
    return value.replace("\r\n", "\n").replace("_x000D_", "")


# ---------------------------------------------------------------- comparing
class Outcome(NamedTuple):
    compared: int
    huge: int
    differ: list[tuple[str, str]]  # the kind of formula, and an example


def compare(sources: Mapping[Path, Cells], theirs: list[Cells]) -> Outcome:
    """Their cells with a formula beside LibreOffice's."""
    compared = huge = 0
    differ = []
    for (path, ours), their in zip(sources.items(), theirs, strict=True):
        for at, formula in formulas(path).items():
            one, other = ours.get(at, ""), their.get(at, "")
            compared += 1
            if one == other and type(one) is type(other):
                continue
            if written_alike(one) == written_alike(other):
                huge += 1
                continue
            kind = re.sub(r'"[^"]*"', '""', re.sub(r"\d+", "#", formula))[:70]
            differ.append((kind, f"{path.name} {at[0]}!{at[1]}: {one!r}, theirs {other!r}"))
    return Outcome(compared, huge, differ)


def written_alike(value: Shown) -> str:
    """A sentence with its huge numbers written in one way."""
    return HUGE.sub(lambda found: f"{float(found[0]):.12e}", str(value))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("filings", nargs="?", type=int, default=64)
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    lacking = missing(asked.python)
    for program, why in lacking.items():
        print(f"NOT RUN: {program}: {why}")
    if "LibreOffice" in lacking:
        return NOT_RUN
    differ = 0
    with tempfile.TemporaryDirectory(prefix="xlcheck-engines-") as home:
        for name in ("2019", "2021"):
            differ += edition(
                edition_named(name), asked.filings // 2, asked.python, lacking, Path(home, name)
            )
    print(f"cells that differ: {differ}")
    return DIFFER if differ else NOT_RUN if lacking else SAME


def missing(python: str) -> dict[str, str]:
    """The programs that are not here, and what would bring them."""
    lacking = {}
    if why := office.missing():
        lacking["LibreOffice"] = why
    if subprocess.run([python, "-c", "import docbuilder"], capture_output=True).returncode:
        lacking["ONLYOFFICE"] = f"{python} has no docbuilder (pip install document-builder)"
    if find_spec("ironcalc") is None:
        lacking["IronCalc"] = "there is no ironcalc (pip install ironcalc)"
    return lacking


def edition(made: Edition, count: int, python: str, lacking: Mapping[str, str], home: Path) -> int:
    """Everything for one edition; how many cells differ."""
    for folder in ("source", "libreoffice", "opened", "typed"):
        (home / folder).mkdir(parents=True)
    empty, name, chosen = home / "empty.xlsx", made.form.edition, samples(made, count)
    save(new_workbook(name, None, None, None), empty)
    paths = [home / "source" / f"{n:03}-{one.kind}.xlsx" for n, one in enumerate(chosen)]
    for path, one in zip(paths, chosen, strict=True):
        book = new_workbook(name, None, None, None)
        write_filing(book, one.filing)
        save(book, path)
    ours = dict(zip(paths, by_libreoffice(paths, home / "libreoffice"), strict=True))
    runs = []
    if "ONLYOFFICE" not in lacking:
        jobs = [(path, [], home / "opened" / path.name) for path in paths]
        runs.append(Run("ONLYOFFICE, opened", by_onlyoffice(python, jobs)))
        typed = [entries(made, one.filing) for one in chosen]
        jobs = [(empty, each, home / "typed" / path.name) for path, each in zip(paths, typed, strict=True)]
        runs.append(Run("ONLYOFFICE, typed in", by_onlyoffice(python, jobs)))
    if "IronCalc" not in lacking:
        runs.append(Run("IronCalc, opened", by_ironcalc(paths)))
    return sum(tell(made, chosen, ours, run) for run in runs)


def tell(made: Edition, chosen: list[Sample], ours: Mapping[Path, Cells], run: Run) -> int:
    found, at = compare(ours, run.shown), hidden_sheet().cell
    hidden = made.form.sheets["hidden"]
    banners = [
        shown[hidden, at.sign] for one, shown in zip(chosen, run.shown, strict=True) if one.kind == "sound"
    ]
    print(
        f"{made.form.edition} {run.name}: {len(ours)} filings, {found.compared} formula cells, "
        f"{len(found.differ)} differ, {found.huge} apart for a huge number; "
        f"banner of the sound ones {dict(Counter(map(str, banners)))}"
    )
    for kind, times in Counter(kind for kind, _ in found.differ).most_common(12):
        example = next(text for other, text in found.differ if other == kind)
        print(f"    {times} × {kind}\n        {example[:300]}")
    return len(found.differ)


if __name__ == "__main__":
    sys.exit(main())
