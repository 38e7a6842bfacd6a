"""The county's letters as .docx in the type of the report, and the folders that they are kept in."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from xlcheck.core.blocks import Signature, printable
from xlcheck.data.notices import LetterColumn, notices
from xlcheck.data.report import report as facts
from xlcheck.editions import Refused, reason
from xlcheck.report.docx import section_xml, styled_docx
from xlcheck.report.docx_body import BREAK, framed, paragraph, run_xml, shade, signature
from xlcheck.report.layout import MM, twips
from xlcheck.saving import atomically

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
    """One letter; the last words keep with the signature, which would else have a page to itself."""
    gap = twips(notices().table.gap) if letter.rows else 0
    opening = [""] * (len(letter.opening) - 1) + [f'<w:spacing w:after="{gap}"/>']
    closing = [TOGETHER if n == len(letter.closing) else "" for n, _ in enumerate(letter.closing, 1)]
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


# ---------------------------------------------------------------- the folders


def free_paths(folder: Path, units: Iterable[str], ours: Container[Path]) -> Iterator[Path]:
    """A path in the folder for the letter to each unit, valid on Windows; no two alike, no foreign file's."""
    there = folder.iterdir() if folder.is_dir() else ()
    taken = {_alike(path.name) for path in there if path not in ours}
    for unit in units:
        name, n = _file_name(unit), 1
        free = name
        while _alike(f"{free}.docx") in taken:
            n += 1
            free = notices().name.again.format(name=name, n=n)
        taken.add(_alike(f"{free}.docx"))
        yield folder / f"{free}.docx"


def _file_name(unit: str) -> str:
    """A name after the unit's that stays in its folder whatever the unit is called."""
    rules = notices().name
    seen = "".join(
        " " if unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", unit)
    )
    name = re.sub(rules.forbidden, rules.spare, " ".join(seen.split()))[: rules.most].strip(" .")
    # Windows takes the name before the first dot for the device's, whatever follows.
    device = re.fullmatch(rules.reserved, name.partition(".")[0].strip())
    return rules.spare + name if device or not name else name


def _alike(name: str) -> str:
    """What Windows and macOS take for the same name: without regard to case and to composition."""
    return unicodedata.normalize("NFC", name.casefold())


def written_before(root: Path, folders: Iterable[Path]) -> dict[Path, str]:
    """The letters in these folders that we wrote and nobody has changed, each with its line in our list."""
    kept = _list(root)
    listed = set(kept.read_text(encoding="utf-8").splitlines()) if kept.is_file() else set()
    there = [p for folder in folders if folder.is_dir() for p in folder.glob("*.docx")] if listed else []
    lines = {path: _line(root, path, path.read_bytes()) for path in there}
    return {path: line for path, line in lines.items() if line in listed}


def keep_all(root: Path, files: Mapping[Path, bytes], before: Mapping[Path, str]) -> None:
    """Write all files, and remove those of ``before`` that are not among them; Refused where one cannot be.

    The list is written first and names both, so that a run cut short leaves no file that we do not know.
    """
    lines = [_line(root, path, content) for path, content in files.items()]
    if lines or before:
        _write(_list(root), "\n".join([*before.values(), *lines]).encode())
    for path, content in files.items():
        _write(path, content)
    for path in before.keys() - files.keys():
        with _refusing(path):
            path.unlink()
    if lines or before:
        _write(_list(root), "\n".join(lines).encode())


def _write(path: Path, content: bytes) -> None:
    with _refusing(path):
        atomically(path, lambda beside: beside.write_bytes(content))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what the system refuses into a sentence for the clerk."""
    try:
        yield
    except OSError as error:
        raise Refused(notices().folder.unwritten.format(file=path.name, reason=reason(error))) from error


def _list(root: Path) -> Path:
    return root / notices().folder.list


def _line(root: Path, path: Path, content: bytes) -> str:
    return f"{sha256(content).hexdigest()}  {path.relative_to(root).as_posix()}"
