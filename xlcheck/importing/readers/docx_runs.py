"""Which runs of a Word document the eye reads: struck out, hidden, white and raised ones are not the text."""

from collections.abc import Iterator

from lxml import etree

from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.document import Words
from xlcheck.importing.normal_text import UNREADABLE
from xlcheck.importing.readers.docx_looks import (
    OFF,
    ON,
    LetterLook,
    W,
    WordStyles,
    ground_of,
    letter_look,
    small_number,
    style_look,
)

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MATH, FORMULA = f"{M}t", f"{M}oMath"
ROW_OF_LETTERS = ("oMath", "r", "rPr", "t", "sty", "nor", "lit", "scr", "aln", "ctrlPr")
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
FALLBACK, CHOICE = f"{COMPATIBILITY}Fallback", f"{COMPATIBILITY}Choice"
BOX = f"{W}txbxContent"
SKIPPED = frozenset(
    f"{W}{tag}" for tag in (
        "del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "tblGrid", "rt", "rubyPr", "sdtPr",
        "tcPr", "trPr",
    )
)  # fmt: skip
SIGNS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
LOST_SIGN = "\uf020"  # in private use, as such signs are
LOW = 60  # twentieths of a point; in a lower line or row nothing is read
PAGE = 16_838  # twentieths of a point; the longer side of a page
NOTE_FIELD = "NOTEREF"


def words_of(node: etree._Element, styles: WordStyles) -> Words:
    """The text of a paragraph or a cell as it is read, and the text in it that is not."""
    read: list[str] = []
    unread: list[str] = []
    fields = Fields()
    for text, visible in _texts(node, styles, _outer_look(node, styles), fields):
        (read if visible else unread).append(text)
    return Words("".join([*read, *fields.unfinished()]), "".join(unread).strip())


def is_deleted(row: etree._Element) -> bool:
    """Whether a table's row was deleted with its change tracked, is hidden, or too low to read."""
    marks = (row.find(f"{W}trPr/{W}del"), row.find(f"{W}trPr/{W}hidden"))
    height = row.find(f"{W}trPr/{W}trHeight")
    return _is_low(height, "hRule", "val") or any(
        mark is not None and mark.get(f"{W}val") not in OFF for mark in marks
    )


def is_other_choice(node: etree._Element) -> bool:
    """Whether a node stands in for another that is shown."""
    return node.tag == FALLBACK or (node.tag == CHOICE and node.getprevious() is not None)


def _outer_look(node: etree._Element, styles: WordStyles) -> LetterLook:
    """How letters look in a cell that say nothing: as its table has them, on the cell's ground."""
    table = next(node.iterancestors(f"{W}tbl"), None)
    if table is None:
        return styles.usual
    look = style_look(table, "tblPr", "tblStyle", styles.named, styles.table)
    shades = (node.find(f"{W}tcPr/{W}shd"), table.find(f"{W}tblPr/{W}shd"))
    ground = next((found for found in map(ground_of, shades) if found), look.ground)
    return look._replace(ground=ground).over(styles.usual)


def _texts(
    node: etree._Element, styles: WordStyles, outer: LetterLook, fields: "Fields"
) -> Iterator[tuple[str, bool]]:
    """Every piece of text under a node, and whether it is read."""
    for child in node:
        if child.tag == f"{W}r":
            yield from _run(child, styles, outer, fields)
        elif child.tag in (f"{W}del", f"{W}moveFrom") or _is_prompt(child):
            yield "".join(t.text or "" for t in child.iter(f"{W}t", f"{W}delText")), False
        elif child.tag == FORMULA:
            yield from _formula(child, outer)
        elif child.tag in SIGNS:
            yield SIGNS[child.tag], True
        elif child.tag == f"{W}p":
            look = style_look(child, "pPr", "pStyle", styles.named, styles.paragraph)
            shade = ground_of(child.find(f"{W}pPr/{W}shd"))
            look = look._replace(ground=shade or look.ground, hidden=_is_off_page(child) or look.hidden)
            yield from _texts(child, styles, look.over(outer), fields)
            yield "\n", True
        elif child.tag == f"{W}hyperlink" and child.get(f"{W}anchor"):  # within the document: to a note
            yield from _texts(child, styles, outer._replace(raised=True), fields)
        elif (child.tag == f"{W}tr" and is_deleted(child)) or is_other_choice(child):
            continue
        elif child.tag == BOX:
            yield from _box(child, styles)
        elif child.tag not in SKIPPED:
            yield UNREADABLE if child.tag == f"{W}bdo" and child.get(f"{W}val") == "rtl" else "", True
            yield from _texts(child, styles, outer, fields)


def _is_prompt(node: etree._Element) -> bool:
    """Whether a place to be filled in still shows what asks for it."""
    asks = node.find(f"{W}sdtPr/{W}showingPlcHdr") if node.tag == f"{W}sdt" else None
    return asks is not None and asks.get(f"{W}val") not in OFF


def _is_off_page(paragraph: etree._Element) -> bool:
    """Whether a paragraph's lines are too low to read, or lie beside the page."""
    spacing, indent = (paragraph.find(f"{W}pPr/{W}{tag}") for tag in ("spacing", "ind"))
    left = 0 if indent is None else small_number(indent.get(f"{W}left") or indent.get(f"{W}start"))
    return _is_low(spacing, "lineRule", "line") or not -PAGE < left < PAGE


def _is_low(said: etree._Element | None, rule: str, measure: str) -> bool:
    """Whether a height is set, not only the least of what there is, and too low to read."""
    exact = said is not None and said.get(f"{W}{rule}") == "exact"
    return exact and 0 < small_number(said.get(f"{W}{measure}") if said is not None else None) < LOW


def _formula(formula: etree._Element, outer: LetterLook) -> Iterator[tuple[str, bool]]:
    """The letters of a formula; of one that is more than a row of letters, nobody reads a figure."""
    plain = all(
        node.tag.startswith(W) or node.tag.rpartition("}")[2] in ROW_OF_LETTERS
        for node in formula.iter() if isinstance(node.tag, str)
    )  # fmt: skip
    yield "" if plain else UNREADABLE, True
    for text in formula.iter(MATH):
        look = letter_look(next(iter(text.itersiblings(f"{W}rPr", preceding=True)), None)).over(outer)
        yield text.text or "", not look.unseen


def _box(box: etree._Element, styles: WordStyles) -> Iterator[tuple[str, bool]]:
    """What stands in a text box in a cell, by itself; outside of cells it is a block."""
    if next(box.iterancestors(f"{W}tc"), None) is not None:
        yield "\n", True
        yield from _texts(box, styles, styles.usual, Fields())


def _run(
    run: etree._Element, styles: WordStyles, outer: LetterLook, fields: "Fields"
) -> Iterator[tuple[str, bool]]:
    style = style_look(run, "rPr", "rStyle", styles.named, LetterLook())
    look = letter_look(run.find(f"{W}rPr")).over(style).over(outer)
    marks = [run.find(f"{W}{kind}Reference") for kind in ("footnote", "endnote")]
    own_mark = any(mark is not None and mark.get(f"{W}customMarkFollows") in ON for mark in marks)
    for child in run:
        if child.tag == f"{W}fldChar":
            fields.turn(child.get(f"{W}fldCharType") or "")
        elif child.tag == f"{W}instrText":
            fields.say(child.text or "")
        elif child.tag == f"{W}t" and not fields.hides(text := child.text or ""):
            raised = look.off_line or own_mark or fields.are_notes()
            yield text, not look.unseen and not (raised and is_note(text))
        elif child.tag == f"{W}sym":  # of a font of signs: which it is, only the font knows
            yield LOST_SIGN, not look.unseen
        elif child.tag in SIGNS:
            yield SIGNS[child.tag], True
        elif child.tag == BOX:
            yield from _box(child, styles)
        elif child.tag not in SKIPPED and not is_other_choice(child):
            yield from _texts(child, styles, look, fields)


class Fields:
    """The fields that are open where a text stands: what says how to reckon one is not read.

    ``codes`` and ``results`` are of each field around it: its code, and whether its result has begun.
    """

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.results: list[bool] = []
        self.hidden: list[str] = []

    def turn(self, kind: str) -> None:
        if kind == "begin":
            self.codes.append("")
            self.results.append(False)
        elif kind == "separate" and self.results:
            self.results[-1] = True
        elif kind == "end" and self.results:
            self.codes.pop()
            if not self.results.pop():
                self.hidden.clear()

    def say(self, code: str) -> None:
        if self.codes:
            self.codes[-1] += code

    def hides(self, text: str) -> bool:
        """Whether a text is part of what is to be reckoned."""
        away = not all(self.results)
        self.hidden += [text] if away else []
        return away

    def are_notes(self) -> bool:
        return any(code.upper().split()[:1] == [NOTE_FIELD] for code in self.codes)

    def unfinished(self) -> list[str]:
        """What was taken for code of a field that then never ended."""
        return [] if all(self.results) else self.hidden
