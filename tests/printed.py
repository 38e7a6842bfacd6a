"""A printed report page by page: what was parted that belongs together."""

from pathlib import Path

import pypdfium2

from xlcheck.core.blocks import Block, Heading, Paragraph, Report, Table

LONG = 10  # letters that surely stand on one line


def pages_of(path: Path) -> list[str]:
    """The text of each page of a PDF, without blanks."""
    with pypdfium2.PdfDocument(path) as printed:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in printed]


def parted(report: Report, pages: list[str]) -> list[str]:
    """The headings that stand alone at the foot of a page, and the tables that run over one."""
    found = []
    for block, after in zip(report.blocks, report.blocks[1:], strict=False):
        if isinstance(block, Heading):
            begins, *more = _texts(after)
            mine = [page for page in pages if block.text in page and begins in page]
            if not mine:
                found.append(block.text)
            if isinstance(after, Table) and not any(all(one in page for one in more) for page in mine):
                found.append(f"{block.text}: {after.id}")
    return found


def _texts(block: Block) -> list[str]:
    """How a block begins; of a table the labels of its rows that stand on one line."""
    match block:
        case Table():
            rows = (c for c in block.cells if c.rows == 1 and (c.role == "label" or c.cols > 1))
            whole = ("".join(c.text.split()) for c in rows if c.role != "value")
            return [text for text in whole if len(text) < LONG]
        case Paragraph():
            return ["".join(block.text.split())[:LONG]]
    return [""]
