"""Write the report of one filing as .docx, beside docxtpl rendering the same report from a template.

Needs docxtpl besides the project: pip install docxtpl. Run: python benchmarks/report_docx.py [ROUNDS]
The template is our own document with every figure and line replaced by a placeholder, so both sides
give the same pages. Ours is timed twice: the document alone, and the whole of write_docx with its
re-reading of the file and fsync.
"""

import io
import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from xlcheck.core.blocks import Report
from xlcheck.core.filing import Filing
from xlcheck.core.report import report_blocks
from xlcheck.data.report import report as facts
from xlcheck.editions import edition_named
from xlcheck.report.docx import report_docx, write_docx

try:
    from docxtpl import DocxTemplate
except ImportError:
    sys.exit("docxtpl is not installed: pip install docxtpl")

TEXT = re.compile(r'(<w:t xml:space="preserve">)([^<]+)(</w:t>)')


def main(rounds: int = 20) -> None:
    report = _report()
    content = report_docx(report)
    template, words = _template(content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.docx")
        jobs: dict[str, Callable[[], object]] = {
            "docxtpl load, render, save": lambda: _render(template, words),
            "xlcheck document": lambda: report_docx(report),
            "xlcheck write_docx (re-read, compared, fsync)": lambda: write_docx(report, path),
        }
        _same(content, _render(template, words))
        _tell(_race(jobs, rounds))


def _race(jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each job, taken in turn so that a slow moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def _tell(medians: dict[str, float]) -> None:
    first = next(iter(medians.values()))
    for name, ms in medians.items():
        print(f"{name:<48}{ms:8.1f} ms   {first / ms:5.1f} x as fast as docxtpl")


def _report() -> Report:
    form = edition_named("2021").form
    values = {name: Decimal(n % 90) for n, name in enumerate(form.fields)}
    texts = {"s1": "\n".join(["全年主动公开信息386条，收到申请47件。" * 6] * 6), "s5": "无", "s6": "无"}
    filing = Filing("2021", Decimal(2025), "柳渡镇人民政府", "镇", None, values, texts)
    return report_blocks(form, facts().words, filing)


def _template(content: bytes) -> tuple[bytes, dict[str, str]]:
    """Our document with {{ t0 }}, {{ t1 }} … where its texts were, and the texts by those names."""
    words: dict[str, str] = {}

    def hide(found: re.Match[str]) -> str:
        name = f"t{len(words)}"
        words[name] = found[2]
        return f"{found[1]}{{{{ {name} }}}}{found[3]}"

    body = TEXT.sub(hide, _body(content))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return out.getvalue(), words


def _render(template: bytes, words: dict[str, str]) -> bytes:
    out = io.BytesIO()
    word = DocxTemplate(io.BytesIO(template))
    word.render(words)
    word.save(out)
    return out.getvalue()


def _same(ours: bytes, theirs: bytes) -> None:
    """Both sides must have written the same texts, or the race means nothing."""
    if [m[2] for m in TEXT.finditer(_body(ours))] != [m[2] for m in TEXT.finditer(_body(theirs))]:
        sys.exit("docxtpl has not rendered the same report")


def _body(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("word/document.xml").decode("utf-8")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
