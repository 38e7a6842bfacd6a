"""The notes of one sheet: their texts in one part, their boxes in another, as spreadsheets write them."""

import re
from html import escape, unescape
from itertools import count
from typing import NamedTuple

from xlcheck.core.grid import rc
from xlcheck.core.row_heights import note_size
from xlcheck.data.styles import styles
from xlcheck.workbook.cells import SheetCells
from xlcheck.workbook.markup import (
    Unchangeable,
    adopted,
    attribute,
    element,
    elements,
    is_element,
    namespace,
    opened,
    text_tag,
    with_attribute,
    with_child,
)
from xlcheck.workbook.parts import PackageParts, Relation
from xlcheck.workbook.xml import unescape as unescape_numbers

AUTHOR = "xlcheck"
WIDTH, HEIGHT = 250, 150  # of a box that does not say, in points
KINDS = {  # of the parts that notes are kept in, and what they are called
    "comments": (
        "xl/comments{n}.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
    ),
    "vmlDrawing": (
        "xl/drawings/vmlDrawing{n}.vml",
        "application/vnd.openxmlformats-officedocument.vmlDrawing",
    ),
}
EMPTY = '<comments xmlns="{main}"><authors></authors><commentList></commentList></comments>'
BOXES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
BOX = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{n}" type="#_x0000_t202"'
    ' style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{width:g}pt;height:{height:g}pt;'
    'z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
)
KIND = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
RUNS = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)</(?:[\w.-]+:)?t\s*>")
GUIDES = re.compile(rb"<((?:[\w.-]+:)?)rPh[\s>].*?</\1rPh\s*>", re.DOTALL)  # how a word is pronounced
SIZE = "{}:\\s*([0-9.]+)(pt|px)"
NUMBERED = re.compile(rb"_x0000_s([0-9]{1,9})")
FIRST_BOX = 1025  # the number of a sheet's first box
POINTS = {"pt": 1.0, "px": 0.75}
LATER = (  # what follows the drawing of the notes in a sheet, ECMA-376 Part 1, 18.3.1.99
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip


class StoredNote(NamedTuple):
    """A note: what it says, whose it is, its box in points; and text and box as they are stored."""

    text: str
    author: str
    height: float
    width: float
    stored: str = ""
    style: str = ""
    anchor: str = ""


class SheetNotes:
    """The notes of one sheet by cell, and what they become. Raises Unchangeable."""

    def __init__(self, parts: PackageParts, sheet: str) -> None:
        self.parts, self.sheet = parts, sheet
        self.texts, self.boxes = (self._part(kind) for kind in ("comments", "vmlDrawing"))
        self.xml = parts.read(self.texts.part) if self.texts else b""
        self.vml = parts.read(self.boxes.part) if self.boxes else b""
        self.before = self.xml, self.vml
        talks = [parts.read(one.part) for one in parts.related(sheet, "threadedComment")]
        self.talked = {
            attribute(xml[a:b], "ref") for xml in talks for a, b in elements(xml, "threadedComment")
        }

    def get(self, at: str) -> StoredNote | None:
        """The note at a cell."""
        place = self._comment(at)
        if not place:
            return None
        xml, box = self.xml[slice(*place)], self._box(at)
        text, shape = element(xml, "text"), self.vml[slice(*box)] if box else b""
        stored = xml[slice(*text)] if text else b""
        said = "".join(unescape(run.decode()) for run in RUNS.findall(GUIDES.sub(b"", stored)))
        style, anchor = attribute(shape, "style") or "", element(shape, "Anchor")
        high, wide = _points(style, "height") or HEIGHT, _points(style, "width") or WIDTH
        boxed = shape[slice(*anchor)].decode() if anchor else ""
        return StoredNote(
            unescape_numbers(said), self._author(xml), high, wide, stored.decode(), style, boxed
        )

    def add(self, at: str, text: str, author: str = AUTHOR) -> None:
        """Say something at a cell, under what she says there; a conversation is hers alone."""
        there = self.get(at)
        if at in self.talked:
            return
        if there:
            self._under(at, there, text)
        else:
            self._new(at, text, author)

    def restore(self, at: str, before: StoredNote | None) -> None:
        """Bring back what was said at a cell; what she has taken away since stays away."""
        place = self._comment(at)
        if not place or at in self.talked:
            return
        if before is None:
            self.xml = self.xml[: place[0]] + self.xml[place[1] :]
            if box := self._box(at):
                self.vml = self.vml[: box[0]] + self.vml[box[1] :]
        else:
            self._say(at, _own_text(before, self._prefix()))
            self._size(at, before.style, before.anchor)

    def leave(self, sheet: SheetCells) -> None:
        """Write the parts, unless they say nothing any more, and let the sheet name them."""
        if (self.xml, self.vml) == self.before:
            return
        self._without_author()
        said, drawn = opened(self.xml, "comment"), opened(self.vml, "shape")
        self.texts = self._kept(self.texts, self.xml if said else b"", "comments")
        self.boxes = self._kept(self.boxes, self.vml if drawn else b"", "vmlDrawing")
        _name_drawing(sheet, self.boxes, self.parts.main)

    # ---------------------------------------------------------------- texts
    def _part(self, kind: str) -> Relation | None:
        return next((one for one in self.parts.related(self.sheet, kind) if one.part in self.parts), None)

    def _comment(self, at: str) -> tuple[int, int] | None:
        return next(
            ((a, b) for a, b in elements(self.xml, "comment") if attribute(self.xml[a:b], "ref") == at), None
        )

    def _prefix(self) -> bytes:
        root = opened(self.xml, "comments")
        if not root:
            raise Unchangeable
        return root[1]

    def _authors(self) -> list[bytes]:
        return [self.xml[a:b] for a, b in elements(self.xml, "author")]

    def _author(self, comment: bytes) -> str:
        number, authors = attribute(comment, "authorId") or "", self._authors()
        known = number.isdecimal() and int(number) < len(authors)
        return unescape(re.sub(rb"<[^>]*>", b"", authors[int(number)]).decode()) if known else ""

    def _new(self, at: str, text: str, author: str) -> None:
        main = self.parts.read(self.parts.main.part)
        self.xml = self.xml or EMPTY.format(main=namespace(main)).encode()
        p = self._prefix()
        mine = b"<%bauthor>%b</%bauthor>" % (p, escape(author, quote=False).encode(), p)
        if mine not in self._authors():
            self._grow("authors", mine)
        number = self._authors().index(mine)
        body = b"<%btext>%b</%btext>" % (p, text_tag(p, text), p)
        comment = b'<%bcomment ref="%b" authorId="%d">%b</%bcomment>' % (p, at.encode(), number, body, p)
        self._grow("commentList", comment)
        (row, col), numbers = rc(at), [int(n) for n in NUMBERED.findall(self.vml)]
        self.vml = self.vml or with_child(BOXES.encode(), KIND.encode())
        if b'"_x0000_t202"' not in self.vml:
            self.vml = with_child(self.vml, KIND.encode())
        width, height = note_size(text, styles().note)
        size = {"width": width, "height": height, "row": row - 1, "col": col - 1}
        box = BOX.format(n=max([FIRST_BOX - 1, *numbers]) + 1, **size)
        self.vml = with_child(self.vml, box.encode())

    def _grow(self, name: str, child: bytes) -> None:
        place = element(self.xml, name)
        if not place:
            raise Unchangeable
        self.xml = self.xml[: place[0]] + with_child(self.xml[slice(*place)], child) + self.xml[place[1] :]

    def _under(self, at: str, there: StoredNote, text: str) -> None:
        p, stored = self._prefix(), there.stored.encode()
        start, end = stored.index(b">") + 1, stored.rindex(b"</")
        hers = stored[start:end]
        if (place := element(hers, "t")) and not opened(hers, "r"):
            hers = b"<%br>%b</%br>" % (p, hers[slice(*place)], p)
        ours = b"<%br>%b</%br>" % (p, text_tag(p, f"\n\n{text}" if there.text else text), p)
        self._say(at, stored[:start] + hers + ours + stored[end:])
        sizes = zip(("width", "height"), note_size(f"{there.text}\n\n{text}", styles().note), strict=True)
        wider = ";".join(f"{side}:{size:g}pt" for side, size in sizes)
        kept = re.sub(r"(?:(?<=;)|\A)\s*(?:width|height):[^;]*;?", "", there.style).rstrip("; ")
        self._size(at, ";".join(filter(None, (kept, wider))), "")

    def _say(self, at: str, text: bytes) -> None:
        place = self._comment(at)
        inside = element(self.xml[slice(*place)], "text") if place else None
        if place and inside:
            start, end = place[0] + inside[0], place[0] + inside[1]
            self.xml = self.xml[:start] + text + self.xml[end:]

    def _without_author(self) -> None:
        """Our name goes where no note of ours is left."""
        authors = self._authors()
        last, number = authors[-1:] or [b""], str(len(authors) - 1)
        named = any(attribute(self.xml[a:b], "authorId") == number for a, b in elements(self.xml, "comment"))
        if AUTHOR.encode() in last[0] and not named:
            start = self.xml.rindex(last[0])
            self.xml = self.xml[:start] + self.xml[start + len(last[0]) :]

    # ---------------------------------------------------------------- boxes
    def _box(self, at: str) -> tuple[int, int] | None:
        row, col = rc(at)
        for a, b in elements(self.vml, "shape"):
            if (_number(self.vml[a:b], "Row"), _number(self.vml[a:b], "Column")) == (row - 1, col - 1):
                return a, b
        return None

    def _size(self, at: str, style: str, anchor: str) -> None:
        """Give a note's box another place and size."""
        box = self._box(at)
        shape = self.vml[slice(*box)] if box else b""
        tag = opened(shape, "shape")
        if not (box and tag and style):
            return
        shape = with_attribute(tag[0], "style", style) + shape[tag.end() :]
        if there := element(shape, "Anchor"):
            shape = shape[: there[0]] + shape[there[1] :]
        if anchor and (row := element(shape, "AutoFill") or element(shape, "Row")):
            shape = shape[: row[0]] + anchor.encode() + shape[row[0] :]
        self.vml = self.vml[: box[0]] + shape + self.vml[box[1] :]

    # ---------------------------------------------------------------- parts
    def _kept(self, there: Relation | None, body: bytes, kind: str) -> Relation | None:
        """Write a part that says something, and leave out one that does not."""
        if not body:
            if there:
                self.parts.drop(there.part)
                self.parts.unrelate(self.sheet, there)
            return None
        if there is None:
            name, content = KINDS[kind]
            part = next(name.format(n=n) for n in count(1) if name.format(n=n) not in self.parts)
            there = Relation(self.parts.relate(self.sheet, kind, part), kind, part)
            self.parts.declare(part, content)
        self.parts.write(there.part, body)
        return there


def _own_text(before: StoredNote, prefix: bytes) -> bytes:
    if is_element(before.stored, "text"):
        return adopted(before.stored, prefix)
    return b"<%btext>%b</%btext>" % (prefix, text_tag(prefix, before.text), prefix)


def _points(style: str, side: str) -> float:
    found = re.search(SIZE.format(side), style)
    return float(found[1]) * POINTS[found[2]] if found else 0.0


def _number(shape: bytes, name: str) -> int:
    place = element(shape, name)
    text = re.sub(rb"<[^>]*>", b"", shape[slice(*place)]).strip() if place else b""
    return int(text) if text.isdigit() and len(text) < 9 else -1


def _name_drawing(sheet: SheetCells, boxes: Relation | None, main: Relation) -> None:
    """Let a sheet name the drawing of its notes, or name none any more."""
    there, tail = sheet.after_rows(), sheet.tail
    old = there.get("legacyDrawing")
    if boxes and old is None:
        kind = main.type.rpartition("/")[0]
        new = b'<%blegacyDrawing xmlns:r="%b" r:id="%b"/>' % (sheet.prefix, kind.encode(), boxes.id.encode())
        end = min((there[name] for name in LATER if name in there), default=tail.rindex(b"</"))
        sheet.tail = tail[:end] + new + tail[end:]
    elif old is not None and not boxes:
        _, end = element(tail, "legacyDrawing", old) or (old, old)
        sheet.tail = tail[:old] + tail[end:]
