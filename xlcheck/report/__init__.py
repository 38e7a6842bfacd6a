"""The narrative report as .docx and .html, and the proof that the file says what the filing says.

filing, findings → core/report: blocks → docx | html (how they lie on the page: layout) → bytes
bytes → proof: written beside the file, reread, compared with the blocks, then put in the file's place
"""

from pathlib import Path

from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.editions import Edition


def write_report(
    edition: Edition, filing: Filing, result: Result, path: Path, *, draft: bool, over: bool = True
) -> None:
    """The narrative report as .docx or .html; with ``draft``, marked so on every page.

    Only with ``over`` a file of that name is replaced. Raises Refused.
    """
    from xlcheck.core.check_code import check_code
    from xlcheck.core.report import report_blocks
    from xlcheck.data.report import report as facts
    from xlcheck.data.workbook import workbook
    from xlcheck.judge import agreed
    from xlcheck.report import docx, html  # what only tells findings should not pay for them

    write = docx.write_docx if path.suffix.lower() == ".docx" else html.write_html
    beside = agreed(edition, filing, result) if draft else ()
    report = report_blocks(edition.form, facts().words, filing, result.findings, beside)
    code = "" if draft else check_code(edition.form, filing, result)
    said = workbook().words.code.format(code=code) if code else ""
    write(report._replace(code=said), path, report.counts if draft else "", over=over)
