"""The sheet of texts that several units sent alike."""

from collections.abc import Sequence

from xlcheck.core.form import Form
from xlcheck.county.alike import Alike, alike
from xlcheck.county.submission import Submission
from xlcheck.county.summary.cell_formats import SummaryPage
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.data.county import county
from xlcheck.data.summary import summary


def write_alike(
    page: SummaryPage, standings: Sequence[Submission], form: Form, title: str, stand: str
) -> None:
    """Which units sent the same words."""
    sheet, words = summary().sheets.alike, summary().words
    list_head(page, sheet, title, words.hint_alike.format(notice=form.notice), stand)

    def row(same: Alike) -> SheetRow:
        return {
            "section": form.sections[same.section], "count": len(same.units),
            "units": county().comma.join(same.units), "length": same.length, "opening": same.opening,
        }  # fmt: skip

    write_rows(page, sheet, map(row, alike(standings)), words.no_alike)
