"""The narrative report as .docx and .html, and the proof that the file says what the filing says.

Beside it the year as one picture, drawn from the cells alone.

filing, findings → core/report: blocks → docx | html (how they lie on the page: layout) → bytes
bytes → proof: written beside the file, reread, compared with the blocks, then put in the file's place
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.core.filing import Filing
from xlcheck.core.finding import Result
from xlcheck.editions import Edition, Refused

if TYPE_CHECKING:
    from xlcheck.report.chart_pictures import ChartPicture

PDF = ".pdf"


def write_report(
    edition: Edition,
    filing: Filing,
    result: Result,
    path: Path,
    *,
    draft: bool,
    over: bool = True,
    charts: "Sequence[ChartPicture]" = (),
    leads: bool = False,
) -> None:
    """The narrative report as .docx, .html or .pdf; with ``draft``, marked so on every page.

    A PDF is the Word document as LibreOffice prints it; ``charts`` are for these two. With ``leads`` a
    sentence stands above each table. Only with ``over`` a file of that name is replaced. Raises Refused.
    """
    if path.suffix.lower() == PDF:
        _write_pdf(edition, filing, result, path, draft=draft, over=over, charts=charts, leads=leads)
        return
    from xlcheck.core.report import report_blocks
    from xlcheck.data.report import report as facts
    from xlcheck.judge import agreed, drafted_leads
    from xlcheck.report import docx, html  # what only tells findings should not pay for them

    of_word = path.suffix.lower() == ".docx"
    write = partial(docx.write_docx, charts=charts) if of_word else html.write_html
    beside = agreed(edition, filing, result) if draft else ()
    above = drafted_leads(edition, filing) if leads else {}
    report = report_blocks(edition.form, facts().words, filing, result.findings, beside, above)
    code = "" if draft else _code_line(edition, filing, result)
    write(report._replace(code=code), path, report.counts if draft else "", over=over)


def _code_line(edition: Edition, filing: Filing, result: Result) -> str:
    """The filing's code as a page tells it; empty where it has none."""
    from xlcheck.core.check_code import check_code
    from xlcheck.data.workbook import workbook

    code = check_code(edition.form, filing, result)
    return workbook().words.code.format(code=code) if code else ""


def _write_pdf(
    edition: Edition,
    filing: Filing,
    result: Result,
    path: Path,
    *,
    draft: bool,
    over: bool,
    charts: "Sequence[ChartPicture]",
    leads: bool,
) -> None:
    from tempfile import TemporaryDirectory

    from xlcheck.conversion import converted
    from xlcheck.data.conversion import conversion
    from xlcheck.saving import atomically

    with TemporaryDirectory() as folder:
        word = Path(folder, path.name).with_suffix(".docx")
        write_report(edition, filing, result, word, draft=draft, charts=charts, leads=leads)
        with converted(word, PDF[1:], conversion().writing) as printed:
            content = printed.read_bytes()
    atomically(path, lambda to: to.write_bytes(content), over=over)


def write_picture(
    edition: Edition,
    filing: Filing,
    result: Result,
    last: Filing | None,
    path: Path,
    *,
    draft: bool,
    over: bool,
) -> None:
    """The year as one picture, beside ``last`` year's; a draft is marked so.

    Raises Refused where a cell holds no figure.
    """
    from xlcheck.data.report import report as facts
    from xlcheck.report.picture import picture_html
    from xlcheck.saving import atomically

    _refuse_blanks(edition, filing)
    code = "" if draft else _code_line(edition, filing, result)
    marked = facts().marks.draft if draft else ""
    content = picture_html(edition.form, filing, last, draft=marked, code=code).encode("utf-8")
    atomically(path, lambda to: to.write_bytes(content), over=over)


def report_charts(edition: Edition, filing: Filing, last: Filing | None) -> "tuple[ChartPicture, ...]":
    """The charts of a year for the Word document.

    Raises Refused where a cell holds no figure, and where nothing here can draw them.
    """
    from xlcheck.report.chart_pictures import chart_pictures

    _refuse_blanks(edition, filing)
    return chart_pictures(edition.form, filing, last)


def _refuse_blanks(edition: Edition, filing: Filing) -> None:
    from xlcheck.core.filing import stated_values
    from xlcheck.data.picture import picture_words

    stated = stated_values(edition.form, filing)
    if blank := next((name for name, entry in stated.items() if not isinstance(entry, Decimal)), ""):
        raise Refused(picture_words().blank.format(cell=edition.cell_of(blank)))
