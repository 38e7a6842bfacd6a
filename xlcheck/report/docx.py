"""The report as a .docx in the official style of GB/T 9704-2012: its page, and what stands on each."""

from collections.abc import Sequence
from pathlib import Path

from xlcheck.core.blocks import Report
from xlcheck.data.report import report as facts
from xlcheck.report.chart_pictures import ChartPicture
from xlcheck.report.docx_body import body, paragraph, run_xml, shade
from xlcheck.report.docx_package import WordPart, pack_docx
from xlcheck.report.docx_styles import SETTINGS, style_sheet
from xlcheck.report.layout import MM, twips
from xlcheck.report.proof import save_report

FRAME = ("top", "left", "bottom", "right")
MARGINS = ("top", "right", "bottom", "left", "header", "footer")
CODE_SIZE = '<w:sz w:val="21"/><w:szCs w:val="21"/>'  # half points
PAGES = ((1, "default", "right"), (2, "even", "left"))  # odd and even ones: numbers stand outside


def write_docx(
    report: Report, path: Path, draft: str = "", *, over: bool = True, charts: Sequence[ChartPicture] = ()
) -> None:
    """Write the report as a Word document, checked against the report before it is kept.

    ``draft`` is what is still open, in words; it stands on every page, and the cells to blame are
    marked; ``charts`` stand below 一. ``over``, and Refused, as of ``save_report``.
    """
    save_report(report, path, report_docx(report, draft, charts), draft, over=over)


def report_docx(report: Report, draft: str = "", charts: Sequence[ChartPicture] = ()) -> bytes:
    """The report's bytes; the same report gives the same ones."""
    content = body(report, bool(draft), charts) + section_xml(bool(draft))
    pictures = [chart.content for chart in charts]
    return styled_docx(report.title, content, draft, report.code, pictures)


def styled_docx(
    title: str, content: str, draft: str = "", code: str = "", pictures: Sequence[bytes] = ()
) -> bytes:
    """A document in the report's styles; ``content`` is its body in XML, a section at the end.

    ``code`` stands at the foot of every page.
    """
    parts = [
        WordPart("styles", "styles", "w:styles", style_sheet()),
        WordPart("settings", "settings", "w:settings", SETTINGS),
        *(WordPart(f"footer{n}", "footer", "w:ftr", _foot(side, code)) for n, _, side in PAGES),
        *(WordPart(f"header{n}", "header", "w:hdr", _draft_head(draft)) for n, *_ in PAGES if draft),
    ]
    return pack_docx(title, content, parts, pictures)


def section_xml(draft: bool = False, first_page: int | None = None) -> str:
    """A4 with the standard's margins, its pages numbered on from those before or from ``first_page``."""
    page, kinds = facts().page, ("footer", "header") if draft else ("footer",)
    heads = [f'<w:{kind}Reference w:type="{of}" r:id="{kind}{n}"/>' for kind in kinds for n, of, _ in PAGES]
    margins = " ".join(f'w:{side}="{twips(getattr(page, side) * MM)}"' for side in MARGINS)
    start = f'<w:pgNumType w:start="{first_page}"/>' if first_page is not None else ""
    return (
        f'<w:sectPr>{"".join(heads)}<w:pgSz w:w="{twips(page.width * MM)}" w:h="{twips(page.height * MM)}"/>'
        f'<w:pgMar {margins} w:gutter="0"/>{start}<w:cols w:space="720"/><w:docGrid w:linePitch="360"/>'
        "</w:sectPr>"
    )


def _foot(side: str, code: str) -> str:
    """The page's number on its outer side, a character from the edge, and the code on the inner one."""
    whole = facts()
    before, after = whole.page.number
    edge = twips(whole.style.Footer.size)
    place = f'<w:ind w:{side}Chars="100" w:{side}="{edge}"/><w:jc w:val="{side}"/>'
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    number = f"{run_xml(before)}{field}{run_xml(after)}"
    if not code:
        return paragraph("Footer", number, place)
    # A tab at the right edge parts the two, so the line is one that begins at the left.
    width = twips((whole.page.width - whole.page.left - whole.page.right) * MM)
    small, tab = run_xml(code, extra=CODE_SIZE), "<w:r><w:tab/></w:r>"
    tabs = '<w:tabs><w:tab w:val="right" w:pos="{}"/></w:tabs>'
    if side == "right":
        return paragraph("Footer", small + tab + number, tabs.format(width - edge))
    left = f'{tabs.format(width)}<w:ind w:leftChars="100" w:left="{edge}"/>'
    return paragraph("Footer", number + tab + small, left)


def _draft_head(draft: str) -> str:
    """A framed line at the head of every page, and a faint word across it."""
    whole = facts()
    frame = "".join(f'<w:{s} w:val="single" w:sz="6" w:space="3" w:color="auto"/>' for s in FRAME)
    line = run_xml(whole.marks.head.format(draft=whole.marks.draft, counts=draft))
    look = f"<w:pBdr>{frame}</w:pBdr>{shade(whole.colour.severity.warning)}"
    return paragraph("Header", _water() + line, look)


def _water() -> str:
    """Word's own kind of watermark: a text shape behind the page, anchored in its header."""
    whole = facts()
    place = (
        "position:absolute;width:300pt;height:150pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t"/><v:textpath on="t" fitshape="t"/>'
        f'</v:shapetype><v:shape id="draft" type="#_x0000_t136" style="{place}" o:allowincell="f" '
        f'fillcolor="#{whole.colour.water}" stroked="f"><v:textpath string="{whole.marks.water}" '
        f'style="font-family:&quot;{whole.style.Heading1.face}&quot;;font-size:1pt"/></v:shape></w:pict></w:r>'
    )
