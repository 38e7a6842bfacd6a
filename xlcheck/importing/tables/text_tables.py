"""Tables told as text: after each row's label come its figures, however they are parted."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xlcheck.importing import labels
from xlcheck.importing.cell_figure import BLANK, CellFigure, is_figure, number, read_figure, tokens
from xlcheck.importing.document import Line
from xlcheck.importing.labels import Forms, LabelAt
from xlcheck.importing.normal_text import CELL, LINE, NormalText, cells, normal

BESIDE = 24  # letters in a cell that are no figure; more of them are prose
LONG, TAIL = 300, 12  # letters of evidence kept; of a line that holds a whole report, those around the row


class TextRow(NamedTuple):
    """A row as the text tells it: what stands in its cells, or its tokens where no cells are told apart.

    ``lead`` says how many empty cells stand before the first figure, where the line has cells; ``far`` that
    the figures begin on a line below the label's; ``uprights`` are the lines between which they all lie.
    """

    mark: LabelAt
    where: str
    text: str
    figures: tuple[CellFigure, ...]
    placed: bool
    line: int
    lead: int = 0
    xs: tuple[float, ...] = ()
    uprights: tuple[float, ...] = ()
    words: str = ""  # what stands on the label's line in place of figures
    beyond: tuple[str, ...] = ()  # words that are no label of ours, and the figures after them
    last: int = 0
    far: bool = False


TableRows = list[tuple[tuple[str, ...], TextRow]]  # the fields of a row, and the row as the text tells it


def text_rows(
    lines: Sequence[Line], text: NormalText, found: Sequence[LabelAt], end: int, forms: Forms
) -> Iterator[TextRow]:
    """Each row's figures: those between its label and the next."""
    stops = [*(m.start for m in found[1:]), end][: len(found)]
    for mark, stop in zip(found, stops, strict=True):
        crowded = stop < len(text.text) and text.line[stop] == text.line[mark.end - 1]
        alone = None if crowded else _cells(lines, text, mark) or _cells_downward(lines, text, mark, stop)
        row = alone or stream(lines, text, mark, stop, forms)
        pieces, beside = _pieces_of(mark, forms), _rest(text, mark, _line_end(text, mark, stop), forms)[0]
        rest = _rest(text, mark, stop, forms)[0] if stop != end else beside
        row = row if row.figures else _in_words(row, beside, pieces, labels.printed_words(forms))
        yield row._replace(beyond=() if row.words else _beyond(rest, pieces))


def _line_end(text: NormalText, mark: LabelAt, stop: int) -> int:
    """Where the line of a label ends, or another place before that."""
    at = mark.end
    while at < stop and text.parted[at] != LINE:
        at += 1
    return at


def _in_words(row: TextRow, beside: str, pieces: frozenset[str], printed: tuple[str, ...]) -> TextRow:
    """A row without figures with what stands beside its label: a numeral, or words that are none."""
    words = beside.strip(" |\n:")
    strange = (t["word"] for t in tokens().finditer(words) if t["word"] and not _ours(t["word"], pieces))
    silent = all(word.startswith(printed) for word in strange) and not re.search(r"\d", words)
    if silent or len(words) > BESIDE:
        return row
    figure = read_figure(words)
    if isinstance(figure.entry, Decimal):
        return row._replace(figures=(figure,), placed=True)
    return row._replace(words=words)


def _cells(lines: Sequence[Line], text: NormalText, mark: LabelAt) -> TextRow | None:
    """A row whose line has cells of its own: those after the label's."""
    return cell_row(lines, text.line[mark.end - 1], mark, text.cell[mark.end - 1] + 1)


def _cells_downward(lines: Sequence[Line], text: NormalText, mark: LabelAt, stop: int) -> TextRow | None:
    """A row whose cells lie on lines of their own, each closed by a bar; a bar alone is an empty cell."""
    first = text.line[mark.end - 1]
    last = text.line[stop] if stop < len(text.text) else len(lines)
    figures: list[CellFigure] = []
    for n in range(first + 1, last):
        cell, bar, rest = lines[n].text.strip().partition("|")
        if not bar or rest or not (is_figure(cell) or not cell.strip() or read_figure(cell).nil):
            break
        figures.append(read_figure(cell))
    while figures and figures[-1] == BLANK and _is_bar(lines, first - 1):  # each row is opened by a bar
        figures.pop()
    closed = cells(lines[first].text)[text.cell[mark.end - 1] + 1 :] == []
    if not closed or not lines[first].text.rstrip().endswith("|") or BLANK not in figures:
        return None
    end = first + len(figures)
    said = " ".join(line.text.strip() for line in lines[first : end + 1])[:LONG]
    return TextRow(mark, lines[first].where, said, tuple(figures), True, first, last=end)


def _is_bar(lines: Sequence[Line], at: int) -> bool:
    return at >= 0 and lines[at].text.strip() == "|"


def cell_row(lines: Sequence[Line], at: int, mark: LabelAt, first: int = 0) -> TextRow | None:
    """The cells of a line from one on; None where it tells no figure, or is one cell alone."""
    after = cells(lines[at].text)[first:]
    filled = [n for n, cell in enumerate(after) if cell.strip()]
    figures = tuple(map(read_figure, after))
    if not any(one.nil or isinstance(one.entry, Decimal) for one in figures):
        return None
    return TextRow(mark, lines[at].where, lines[at].text.strip(), figures, True, at, filled[0], last=at)


def stream(lines: Sequence[Line], text: NormalText, mark: LabelAt, stop: int, forms: Forms) -> TextRow:
    """The figures between a label and another place of a text."""
    rest, places = _rest(text, mark, stop, forms)
    figures, spots = _read(rest, _pieces_of(mark, forms), labels.printed_words(forms))
    first = text.line[mark.start] if mark.start < len(text.line) else 0
    last = text.line[places[spots[-1]]] if spots else first
    said = " ".join(line.text.strip() for line in lines[first : last + 1])
    if len(said) > LONG:
        said = text.text[mark.start : (places[spots[-1]] if spots else mark.end) + TAIL]
    xs = tuple(_middle(lines, text, places[spot]) for spot in spots)
    far = (
        bool(spots) and mark.whole and bool(re.match(r"[ ]?\n", rest)) and rest[1:].lstrip("\n")[:1].isdigit()
    )
    drawn = {lines[text.line[places[spot]]].uprights for spot in spots}
    between = drawn.pop() if len(drawn) == 1 else ()
    return TextRow(
        mark,
        lines[first].where,
        said[:LONG],
        tuple(figures),
        False,
        first,
        0,
        xs,
        between,
        last=last,
        far=far,
    )


def _rest(text: NormalText, mark: LabelAt, stop: int, forms: Forms) -> tuple[str, list[int]]:
    """What follows a label, without the label's own remaining letters; parted letters stay parted."""
    left = _remainder(text, mark, forms)
    out, places = [" "], [mark.end]
    for at in range(mark.end, stop):
        sign = text.text[at]
        ahead = left[:4].find(sign) if not sign.isdigit() else -1
        parted = text.parted[at]
        if ahead >= 0:
            left, sign, parted = left[ahead + 1 :], " ", 0
        if parted:
            out.append({CELL: "|", LINE: "\n"}.get(parted, " "))
            places.append(at)
        out.append(sign)
        places.append(at)
    return "".join(out), places


def _remainder(text: NormalText, mark: LabelAt, forms: Forms) -> str:
    """What is still to come of the longest wording that begins as the label here does."""
    said = text.text[mark.start : mark.end]
    rows = (one for form in forms for one in labels.row_labels(form, mark.table) if one.row == mark.row)
    label = next(rows, None)
    core = labels.unnumbered(said)
    wordings = [labels.unnumbered(w) for w in label.wordings] if label else []
    return next((w[len(core) :] for w in wordings if core and w.startswith(core)), "")


def _read(rest: str, pieces: frozenset[str], printed: tuple[str, ...]) -> tuple[list[CellFigure], list[int]]:
    """The figures of a stretch of text, up to the first stranger after them; and where each begins."""
    figures: list[CellFigure] = []
    spots: list[int] = []
    for found in tokens().finditer(rest):
        if found["number"] and _is_part(rest, found.end(), printed):
            break
        if found["number"]:
            entry = number(found["number"]) if "," in found["number"] else found["number"]
            figures.append(CellFigure(str(entry), found["unit"] or "", found["remark"] or ""))
            spots.append(found.start())
        elif found["unread"]:
            figures.append(CellFigure(found["unread"]))
            spots.append(found.start())
        elif found["nil"]:
            figures.append(CellFigure(None, nil=found["nil"]))
            spots.append(found.start())
        elif found["word"] and not _ours(found["word"], pieces):
            break
    return figures, spots


def _is_part(rest: str, end: int, printed: tuple[str, ...]) -> bool:
    """Whether a figure runs on: 3、收到, 2024年, 3+. A word of the form's own begins something else."""
    if re.match(r"\+(?!\d)", rest[end:]):
        return True
    after = tokens().match(rest, end)
    words = (after["word"] or "") if after else ""
    return any(map(str.isalnum, words)) and not rest.startswith(printed, end)


def _beyond(rest: str, pieces: frozenset[str]) -> tuple[str, ...]:
    """What a stretch of text has after its first stranger: the words before its figures, and those."""
    found = list(tokens().finditer(rest))
    strange = [n for n, t in enumerate(found) if t["word"] and not _ours(t["word"], pieces)]
    figures = [n for n in range(strange[0], len(found)) if found[n]["number"]] if strange else []
    if not figures:
        return ()
    name = max(n for n in strange if n < figures[0])
    return (found[name]["word"], *(found[n]["number"] for n in figures))


def _ours(word: str, pieces: frozenset[str]) -> bool:
    """A piece of the labels that stand beside several rows, maybe written downward, or a stop."""
    return not any(sign.isalnum() for sign in word) or any(word in label for label in pieces)


def _pieces_of(mark: LabelAt, forms: Forms) -> frozenset[str]:
    """The words that may stand among a row's figures: those of its own label, and of what lies beside it."""
    rows = (one for form in forms for one in labels.row_labels(form, mark.table) if one.row == mark.row)
    return _pieces(mark.table, forms).union(*(row.wordings for row in rows))


@cache
def _pieces(table: str, forms: Forms) -> frozenset[str]:
    """The words that may stand before a row's figures: group labels; where rows have no names, headings."""
    found: set[str] = set()
    for form in (f for f in forms if table in f.tables):
        rowless = form.is_rowless(table)
        role = "header" if rowless else "label"
        single = {normal(c.text) for c in form.tables[table] if c.rows == 1 and not rowless}
        found |= {normal(c.text) for c in form.tables[table] if c.role == role} - single
    return frozenset(found)


def _middle(lines: Sequence[Line], text: NormalText, at: int) -> float:
    """Where on its line a letter's word has its middle: as the source says, else in columns of type."""
    line = lines[text.line[at]]
    first = at
    while first and text.line[first - 1] == text.line[at]:
        first -= 1
    words = line.text.split()
    word = sum(1 for n in range(first + 1, at + 1) if text.parted[n])
    if line.xs:
        return line.xs[word] if word < len(line.xs) else -1.0
    column = 0
    for n, one in enumerate(words):
        begin = line.text.index(one, column)
        if n == word:
            wide = sum(2 if ord(c) > 0x2E7F else 1 for c in line.text[:begin])
            return wide + len(one) / 2
        column = begin + len(one)
    return -1.0
