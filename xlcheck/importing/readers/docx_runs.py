"""Which runs of a Word document the eye reads: struck out, hidden, white and raised ones are not the text."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.document import Words

NEARLY_WHITE = 240  # of 255 in each colour
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
NO_FILL = "{0}textFill/{0}noFill".format("{http://schemas.microsoft.com/office/word/2010/wordml}")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BOX = f"{W}txbxContent"
OFF = ("0", "false", "off", "none")
SKIPPED = frozenset(
    f"{W}{tag}" for tag in ("del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "tblGrid", "rt", "rubyPr")
)
SIGNS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
RAISED = ("superscript", "subscript")
LOST_SIGN = "\uf020"  # in private use, as such signs are
SMALLEST = 4  # half points; smaller letters nobody reads


class RunVisibility(NamedTuple):
    """How letters look: None where a style leaves it to the one below."""

    unseen: bool | None = None
    raised: bool | None = None

    def over(self, below: "RunVisibility") -> "RunVisibility":
        return RunVisibility(
            *(mine if mine is not None else other for mine, other in zip(self, below, strict=True))
        )


StyleVisibility = Mapping[str, RunVisibility]


def style_visibility(root: etree._Element) -> StyleVisibility:
    """The look of every style by its id, with what it takes from the one it is based on."""
    styles = {style.get(f"{W}styleId") or "": style for style in root.iter(f"{W}style")}

    def look(name: str, depth: int = 0) -> RunVisibility:
        style = styles.get(name)
        if style is None or depth > len(styles):
            return RunVisibility()
        below = style.find(f"{W}basedOn")
        base = RunVisibility() if below is None else look(below.get(f"{W}val") or "", depth + 1)
        return _look(style.find(f"{W}rPr")).over(base)

    return {name: look(name) for name in styles}


def words_of(node: etree._Element, looks: StyleVisibility) -> Words:
    """The text of a paragraph or a cell as it is read, and the text in it that is not."""
    read: list[str] = []
    unread: list[str] = []
    for text, visible in _texts(node, looks, RunVisibility()):
        (read if visible else unread).append(text)
    return Words("".join(read), "".join(unread).strip())


def is_deleted(row: etree._Element) -> bool:
    """Whether a table's row was deleted with its change tracked, or is hidden."""
    marks = (row.find(f"{W}trPr/{W}del"), row.find(f"{W}trPr/{W}hidden"))
    return any(mark is not None and mark.get(f"{W}val") not in OFF for mark in marks)


def _texts(node: etree._Element, looks: StyleVisibility, outer: RunVisibility) -> Iterator[tuple[str, bool]]:
    """Every piece of text under a node, and whether it is read."""
    for child in node:
        if child.tag == f"{W}r":
            yield from _run(child, looks, outer)
        elif child.tag in (f"{W}del", f"{W}moveFrom"):
            yield "".join(t.text or "" for t in child.iter(f"{W}t", f"{W}delText")), False
        elif child.tag == MATH:
            yield child.text or "", not outer.unseen
        elif child.tag in SIGNS:
            yield SIGNS[child.tag], True
        elif child.tag == f"{W}p":
            yield from _texts(child, looks, _styled(child, "pPr", "pStyle", looks).over(outer))
            yield "\n", True
        elif child.tag == f"{W}hyperlink" and child.get(f"{W}anchor"):  # within the document: to a note
            yield from _texts(child, looks, outer._replace(raised=True))
        elif child.tag == f"{W}tr" and is_deleted(child):
            continue
        elif child.tag == BOX:
            yield from _box(child, looks)
        elif child.tag not in SKIPPED and child.tag != FALLBACK:
            yield from _texts(child, looks, outer)


def _box(box: etree._Element, looks: StyleVisibility) -> Iterator[tuple[str, bool]]:
    """What stands in a text box in a cell, by itself; outside of cells it is a block."""
    if next(box.iterancestors(f"{W}tc"), None) is not None:
        yield "\n", True
        yield from _texts(box, looks, RunVisibility())


def _run(run: etree._Element, looks: StyleVisibility, outer: RunVisibility) -> Iterator[tuple[str, bool]]:
    look = _look(run.find(f"{W}rPr")).over(_styled(run, "rPr", "rStyle", looks)).over(outer)
    for child in run:
        if child.tag == f"{W}t":
            text = child.text or ""
            yield text, not look.unseen and not (look.raised and is_note(text))
        elif child.tag == f"{W}sym":  # of a font of signs: which it is, only the font knows
            yield LOST_SIGN, not look.unseen
        elif child.tag in SIGNS:
            yield SIGNS[child.tag], True
        elif child.tag == BOX:
            yield from _box(child, looks)
        elif child.tag not in SKIPPED and child.tag != FALLBACK:
            yield from _texts(child, looks, look)


def _styled(node: etree._Element, properties: str, kind: str, looks: StyleVisibility) -> RunVisibility:
    style = node.find(f"{W}{properties}/{W}{kind}")
    return RunVisibility() if style is None else looks.get(style.get(f"{W}val") or "", RunVisibility())


def _look(properties: etree._Element | None) -> RunVisibility:
    """What run properties say themselves."""
    if properties is None:
        return RunVisibility()
    struck = [_on(properties, tag) for tag in ("strike", "dstrike", "vanish", "webHidden")]
    marks = [*struck, _white(properties), _tiny(properties)]
    unseen = True if any(marks) else False if False in marks else None
    align, lift = (_value(properties, tag) for tag in ("vertAlign", "position"))
    raised = None if align is None and lift is None else align in RAISED or _number(lift) != 0
    return RunVisibility(unseen, raised)


def _on(properties: etree._Element, tag: str) -> bool | None:
    said = properties.find(f"{W}{tag}")
    return None if said is None else said.get(f"{W}val", "1") not in OFF


def _white(properties: etree._Element) -> bool | None:
    """Letters without a colour, or nearly white ones on no ground of their own."""
    colour = _value(properties, "color")
    if properties.find(NO_FILL) is not None:
        return True
    if colour is None:
        return None
    ground = [properties.find(f"{W}{tag}") for tag in ("shd", "highlight")]
    cell = next(properties.iterancestors(f"{W}tc"), None)
    shade = None if cell is None else cell.find(f"{W}tcPr/{W}shd")
    fills = [one.get(f"{W}fill") or one.get(f"{W}val") for one in (*ground, shade) if one is not None]
    return _is_nearly_white(colour) and all(
        (f or "").upper() in ("AUTO", "WHITE") or _is_nearly_white(f or "") for f in fills
    )


def _is_nearly_white(colour: str) -> bool:
    parts = re.fullmatch(r"([\dA-F]{2})([\dA-F]{2})([\dA-F]{2})", colour, re.IGNORECASE)
    return parts is not None and min(int(part, 16) for part in parts.groups()) >= NEARLY_WHITE


def _tiny(properties: etree._Element) -> bool | None:
    size = _value(properties, "sz")
    return None if size is None else 0 < _number(size) < SMALLEST


def _value(properties: etree._Element, tag: str) -> str | None:
    said = properties.find(f"{W}{tag}")
    return None if said is None else said.get(f"{W}val")


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,4}", text, re.ASCII) else 0
