"""Run random filings through the workbook's formulas and through Python; every case must end alike.

python benchmarks/parity.py [FILINGS]      10,000 by default, half for each edition
"""

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import office
import parity
from by_name import build_template

from xlcheck.editions import edition_named
from xlcheck.saving import save


def main(filings: int) -> int:
    different = 0
    with tempfile.TemporaryDirectory() as folder, office.running() as desktop:
        for name in ("2019", "2021"):
            made = edition_named(name)
            path = Path(folder, f"{name}.xlsx")
            save(build_template(name), path)
            book = office.opened(desktop, path)
            sheet, rng, start, compared = (
                parity.Sheet(made, book),
                random.Random(name),
                time.perf_counter(),
                0,
            )
            for n in range(filings // 2):
                filing, last = parity.disturbed(made, rng)
                python, excel = parity.by_python(made, filing, last), sheet.judge(filing, last)
                compared += len(python)
                wrong = {k: (python[k], excel[k]) for k in python if python[k] != excel[k]}
                different += len(wrong)
                for place, (ours, theirs) in list(wrong.items())[:3]:
                    at = sheet.plain[int(place)].rule.id if place.isdigit() else filing.values.get(place)
                    print(f"{name} #{n} {place} {at}: Python {ours!r}, workbook {theirs!r}")
            book.close(True)
            took = (time.perf_counter() - start) / (filings // 2) * 1000
            print(f"{name}: {filings // 2} filings, {compared} cases compared, {took:.0f} ms each")
    print(f"differences: {different}")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
