"""Reports printed with 一 of every length: no table is parted, no heading left alone at the foot of a page.

python benchmarks/pages.py [letters from one to the next = 45]      needs LibreOffice and Chromium
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import browser
from by_name import judge
from cases import base
from printed import pages_of, parted

from xlcheck import data
from xlcheck.core.report import report_blocks
from xlcheck.data.report import report as facts
from xlcheck.editions import edition_named
from xlcheck.report import write_report

LINE = "全年按照条例和县里的要求办理政府信息公开的各项事务，有什么事就写什么事，不添一句空话。"


def main(step: int) -> None:
    faults = count = 0
    with tempfile.TemporaryDirectory() as home, browser.running() as chromium:
        for name in data.editions():
            for letters in range(60, 1000, step):
                filing = base(name)
                filing = filing._replace(texts={**filing.texts, "s1": (LINE * 30)[:letters]})
                edition, result = edition_named(name), judge(filing)
                report = report_blocks(edition.form, facts().words, filing)
                for kind in (".pdf", ".html"):
                    path = Path(home, f"{name}_{letters}{kind}")
                    write_report(edition, filing, result, path, draft=False)
                    if kind == ".html":
                        chromium.open(path)
                        path = path.with_suffix(".page.pdf")
                        chromium.pdf(path)
                    wrong = parted(report, pages_of(path))
                    faults, count = faults + bool(wrong), count + 1
                    if wrong:
                        print(f"{name}, {letters} letters, {kind}: {wrong}", flush=True)
    print(f"{count} reports printed, {faults} with something parted")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 45)
