"""The county's letters as .docx, in the type of the report."""

from collections.abc import Sequence
from typing import NamedTuple

from xlcheck.core.blocks import Signature, printable
from xlcheck.data.notices import LetterColumn, notices
from xlcheck.data.report import report as facts
from xlcheck.report.docx import section_xml, styled_docx
from xlcheck.report.docx_body import BREAK, framed, paragraph, run_xml, shade, signature
from xlcheck.report.layout import MM, twips

FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
TOGETHER = "<w:keepNext/><w:keepLines/>"
BAND = "Band"  # the report's style of bold words in a table


class LetterRow(NamedTuple):
    """A row of a letter's table: one cell is a band over all columns; ``joined`` goes on in the next."""

    cells: tuple[str, ...]
    joined: bool = False


class Letter(NamedTuple):
    """One letter: title by lines, to whom, paragraphs about a table of 5 columns, who signs, and when.

    A letter without rows has no table. In a cell a line break is one; elsewhere it is a space.
    """

    title: tuple[str, ...]
    to: str
    opening: tuple[str, ...]
    rows: tuple[LetterRow, ...]
    closing: tuple[str, ...]
    sign: str
    date: str


def letters_docx(letters: Sequence[Letter]) -> bytes:
    """The bytes of a file of letters, each a section of its own whose pages count from 1."""
    section = section_xml(first_page=1)
    ends = [section] * (len(letters) - 1) + [""]
    body = "".join(_letter(letter, end) for letter, end in zip(letters, ends, strict=True))
    return styled_docx(printable("".join(letters[0].title)), body + section)


def _letter(letter: Letter, end: str) -> str:
    """One letter; the signature keeps with the last words, for on a page by itself it could be of any letter.
    What comes before them is not held: a table would be pushed to the next page, away from what leads to it.
    """
    gap = twips(notices().table.gap) if letter.rows else 0
    opening = [""] * (len(letter.opening) - 1) + [f'<w:spacing w:after="{gap}"/>']
    closing = [""] * (len(letter.closing) - 1) + [TOGETHER]
    closing[0] += f'<w:spacing w:before="{gap}"/>'
    parts = (
        paragraph("Title", BREAK.join(run_xml(printable(line)) for line in letter.title)),
        paragraph("BodyText", run_xml(printable(letter.to)), FLUSH),
        *map(_text, letter.opening, opening),
        _table(letter) if letter.rows else "",
        *map(_text, letter.closing, closing),
        signature(Signature(printable(letter.sign), printable(letter.date)), end),
    )
    return "".join(parts)


def _text(text: str, look: str) -> str:
    return paragraph("BodyText", run_xml(printable(text)), look)


def _table(letter: Letter) -> str:
    columns = notices().table.column
    head = "".join(_cell(c.head, c._replace(align="center", run=BAND), joined=True) for c in columns)
    rows = _row(head, "<w:tblHeader/>") + "".join(_row(_cells(row, columns)) for row in letter.rows)
    return framed([column.width for column in columns], printable("".join(letter.title)), rows)


def _cells(row: LetterRow, columns: Sequence[LetterColumn]) -> str:
    if len(row.cells) == 1:
        whole = LetterColumn("", sum(c.width for c in columns), "left", BAND)
        look = f'<w:gridSpan w:val="{len(columns)}"/>{shade(facts().colour.band)}'
        return _cell(row.cells[0], whole, row.joined, look)
    pairs = zip(row.cells, columns, strict=True)
    return "".join(_cell(text, column, row.joined) for text, column in pairs)


def _row(cells: str, look: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{look}</w:trPr>{cells}</w:tr>"


def _cell(text: str, column: LetterColumn, joined: bool, look: str = "") -> str:
    table = notices().table
    width, inset = twips(column.width * MM), twips(table.inset * MM)
    pad, line = twips(table.pad), twips(table.line)
    place = (
        f'{"<w:keepNext/>" if joined else ""}<w:spacing w:before="{pad}" w:after="{pad}" w:line="{line}"/>'
        f'<w:ind w:left="{inset}" w:right="{inset}"/><w:jc w:val="{column.align}"/>'
    )
    inside = BREAK.join(run_xml(printable(line), column.run) for line in text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph(table.style, inside, place)}</w:tc>"
    )
