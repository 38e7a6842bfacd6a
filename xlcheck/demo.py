"""The whole job on the customer's own report: workbook, check, marked copy, report."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from xlcheck.data.cli import cli
from xlcheck.editions import edition_named
from xlcheck.judge import judge
from xlcheck.report import write_report
from xlcheck.report.console import finding_lines
from xlcheck.saving import save
from xlcheck.template.build import build_template
from xlcheck.workbook import reading
from xlcheck.workbook.json import seed
from xlcheck.workbook.marking import mark
from xlcheck.workbook.writing import fill_workbook

KINDS = (".docx", ".html")


def demo_files(folder: Path) -> tuple[Path, ...]:
    """Every file that the demonstration may write into its folder."""
    files = cli().demo.files
    reports = (f"{name}{kind}" for name in (files.draft, files.report) for kind in KINDS)
    return tuple(folder / name for name in (files.empty, files.filled, files.marked, *reports))


def run_demo(folder: Path, say: Callable[[str], object], *, over: bool = True) -> None:
    """Do each step as its own command would, and leave every file in the folder.

    While an error stands in the customer's report, the reports are drafts; its figures are not touched.
    """
    words = cli().demo
    files = words.files
    empty, filled, marked = folder / files.empty, folder / files.filled, folder / files.marked
    filing = seed()
    edition = edition_named(filing.edition)
    say(words.steps.fill)
    save(build_template(edition), empty, over=over)
    fill_workbook(edition, empty, filing, filled, over=over)
    say(words.steps.check)
    filing = reading.read(filled)
    result = judge(edition, filing)
    print("\n".join(finding_lines(edition, filled.name, filing, result)))
    say(words.steps.mark)
    mark(edition, filled, filing, result, marked, datetime.now().strftime("%Y-%m-%d %H:%M"), over=over)
    draft = result.status == "fail"
    say(words.steps.draft if draft else words.steps.report)
    name = files.draft if draft else files.report
    for kind in KINDS:
        write_report(edition, filing, result, folder / f"{name}{kind}", draft=draft, over=over)
    say(words.end.format(path=folder))
