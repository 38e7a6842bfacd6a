"""How cells look, in the part for styles: what is there stays, and what a mark needs is added at the end."""

import re
from functools import lru_cache
from html import escape
from typing import NamedTuple

from xlcheck.data.styles import styles
from xlcheck.workbook.markup import (
    Unchangeable,
    adopted,
    attribute,
    element,
    elements,
    opened,
    with_attribute,
    with_child,
)

FIRST_OWN = 164  # the number of a format that no program knows by itself
AFTER_COLOUR = ("name", "family", "charset", "scheme")  # what follows a colour in a font, ECMA-376 18.8.22
OURS = {"numFmtId": "applyNumberFormat", "fontId": "applyFont", "fillId": "applyFill"}
ALIGNED = ("horizontal", "vertical", "wrapText", "indent", "textRotation", "shrinkToFit")
DEFAULTS = ("0", "false", "general", "bottom")  # that some programs write, and others leave out
LONG = 10  # digits that no number of a style has
PLAIN_PART = "xl/styles.xml"
STYLES_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
PLAIN = """<styleSheet xmlns="{main}">
<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2">
<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="{count}">{cells}</cellXfs></styleSheet>"""
PLAIN_CELL = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
MOST = 64_000  # styles of cells that Excel takes
NUMBERED = re.compile(rb"""\ss=["']([0-9]{1,9})["']""")


class StoredLook(NamedTuple):
    """What a mark changes of a cell: its fill and font as stored, and its number format."""

    fill: str
    font: str
    format: str


class CellStyles:
    """The styles of a workbook's cells by their numbers. Raises Unchangeable where they are not there."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.fonts, self.fills, self.cells = (
            _Items(xml, *names) for names in (("fonts", "font"), ("fills", "fill"), ("cellXfs", "xf"))
        )
        place = element(xml, "numFmts")
        listed = xml[slice(*place)] if place else b""
        tags = [opened(listed[a:b], "numFmt") for a, b in elements(listed, "numFmt")]
        found = ((attribute(tag[0], "numFmtId"), attribute(tag[0], "formatCode")) for tag in tags if tag)
        self.formats = {int(n): code or "" for n, code in found if n and n.isdecimal()}
        self.known = len(self.formats)
        self.given: dict[tuple[int, StoredLook], int] = {}
        self.sampled: dict[tuple[int, int], int] = {}

    def look(self, style: int) -> StoredLook:
        """How a style looks, as far as a mark changes it; one that is not there is the first."""
        tag = self._tag(style)
        fill, font = self.fills[_number(tag, "fillId")], self.fonts[_number(tag, "fontId")]
        number = _number(tag, "numFmtId")
        code = self.formats.get(number) or styles().builtin.get(str(number)) or styles().builtin["0"]
        return StoredLook(fill.decode(), font.decode(), code)

    def is_open(self, style: int) -> bool:
        """Whether a cell of a style may be written in while its sheet is locked."""
        found = opened(self._xf(style), "protection")
        return bool(found and attribute(found[0], "locked") in ("0", "false"))

    def with_look(self, style: int, look: StoredLook, before: int | None = None) -> int:
        """The number of a style that is like another but for its look; ``before`` is one to try first."""
        wanted = (style, look)
        if before is not None and self._is(before, style, look):
            return before
        if wanted not in self.given:
            ids = {
                "fillId": self.fills.adopt(look.fill),
                "fontId": self.fonts.adopt(look.font),
                "numFmtId": self._format(look.format),
            }
            self.given[wanted] = self.cells.number(self._changed(style, ids))
        return self.given[wanted]

    def as_sample(self, style: int, sample: int) -> int:
        """The number of a style that is like a sample's but for its lines; the same where it is so."""
        wanted = (style, sample)
        if wanted not in self.sampled:
            same = self._manner(style) == self._manner(sample)
            lines = attribute(self._tag(style), "borderId") or "0"
            xf, tag = self._xf(sample), self._tag(sample)
            new = xf.replace(tag, with_attribute(tag, "borderId", lines), 1)
            self.sampled[wanted] = style if same else self.cells.number(new)
        return self.sampled[wanted]

    def _manner(self, style: int) -> tuple[StoredLook, dict[str, str], bool]:
        """All that a paste brings of a style: how it looks, how it is aligned, whether it is open.

        But for the font's name: LibreOffice stores a Chinese text's font as one of its own.
        """
        look = self.look(style)
        found = opened(self._xf(style), "alignment")
        aligned = {name: (attribute(found[0], name) if found else "") or "" for name in ALIGNED}
        plain = {name: "" if value in DEFAULTS else value for name, value in aligned.items()}
        return look._replace(font=_nameless(look.font)), plain, self.is_open(style)

    def changed(self) -> bytes:
        """The part as it is now."""
        parts = [part for part in (self.fonts, self.fills, self.cells) if part.added]
        xml = self.xml
        for part in sorted(parts, key=lambda p: p.place, reverse=True):
            xml = part.put_in(xml)
        new = list(self.formats.items())[self.known :]
        return _with_formats(xml, new, self.cells.prefix) if new else xml

    def _is(self, one: int, style: int, look: StoredLook) -> bool:
        there = 0 <= one < len(self.cells.items)
        return there and self.look(one) == look and _rest(self._xf(one)) == _rest(self._xf(style))

    def _xf(self, style: int) -> bytes:
        return self.cells[style]

    def _tag(self, style: int) -> bytes:
        found = opened(self._xf(style), "xf")
        return found[0] if found else b""

    def _changed(self, style: int, ids: dict[str, int]) -> bytes:
        xf, tag = self._xf(style), self._tag(style)
        new = tag
        for name, number in ids.items():
            if _number(tag, name) != number:
                new = with_attribute(with_attribute(new, name, str(number)), OURS[name], "1")
        return xf.replace(tag, new, 1)

    def _format(self, code: str) -> int:
        known = {
            **{c: int(n) for n, c in styles().builtin.items()},
            **{c: n for n, c in self.formats.items()},
        }
        if code not in known:
            known[code] = max(FIRST_OWN - 1, *self.formats, 0) + 1
            self.formats[known[code]] = code
        return known[code]


class _Items:
    """One list of the part: fonts, fills or cells."""

    def __init__(self, xml: bytes, name: str, item: str) -> None:
        place, tag = element(xml, name), opened(xml, name)
        if not place or not tag:
            raise Unchangeable
        self.place, self.tag, self.prefix, self.name = place, tag[0], tag[1], name.encode()
        self.items = [*_listed(xml[slice(*place)], item)]
        self.added: list[bytes] = []
        if not self.items:
            raise Unchangeable

    def __getitem__(self, number: int) -> bytes:
        return self.items[number] if 0 <= number < len(self.items) else self.items[0]

    def number(self, item: bytes) -> int:
        """Where an item stands in the list; at its end, where it was not there."""
        if item not in self.items:
            self.items.append(item)
            self.added.append(item)
        return self.items.index(item)

    def adopt(self, item: str) -> int:
        """Where an element stands that may come from elsewhere: written as this list writes its own."""
        there = item.encode()
        return self.number(there if there in self.items else adopted(item, self.prefix))

    def put_in(self, xml: bytes) -> bytes:
        start, end = self.place
        close = xml.rindex(b"</", start, end)
        counted = attribute(self.tag, "count") is not None
        tag = with_attribute(self.tag, "count", str(len(self.items))) if counted else self.tag
        body = xml[start + len(self.tag) : close]
        return xml[:start] + tag + body + b"".join(self.added) + xml[close:]


def plain_styles(main: str, count: int) -> bytes:
    """The styles of a workbook that has none, all alike: as many as its cells name, for ours come after."""
    if count > MOST:
        raise Unchangeable
    return PLAIN.format(main=main, count=count, cells=PLAIN_CELL * count).encode()


def highest_style(sheet: bytes) -> int:
    """The highest number of a style that a sheet names."""
    return max((int(found[1]) for found in NUMBERED.finditer(sheet)), default=0)


@lru_cache(12)
def _listed(xml: bytes, item: str) -> tuple[bytes, ...]:
    """The items of a list; the styles of a workbook are those of the next one."""
    return tuple(xml[a:b] for a, b in elements(xml, item))


def _nameless(font: str) -> str:
    """A font but for its name and what goes with a name."""
    xml = font.encode()
    for name in AFTER_COLOUR:
        if there := element(xml, name):
            xml = xml[: there[0]] + xml[there[1] :]
    return xml.decode()


def colour_of(item: str, name: str) -> str:
    """A colour in a fill or a font as RRGGBB; one of the theme's, or none, is nothing."""
    found = opened(item.encode(), name)
    return ((found and attribute(found[0], "rgb")) or "")[-6:]


def is_solid(fill: str) -> bool:
    found = opened(fill.encode(), "patternFill")
    return bool(found and attribute(found[0], "patternType") == "solid")


def is_bold(font: str) -> bool:
    found = opened(font.encode(), "b")
    return bool(found and attribute(found[0], "val") not in ("0", "false"))


def solid_fill(rgb: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{rgb}"/><bgColor rgb="FF{rgb}"/>'
        "</patternFill></fill>"
        if rgb
        else '<fill><patternFill patternType="none"/></fill>'
    )


def inked(font: str, rgb: str, bold: bool) -> str:
    """A font in another colour and weight; nothing else of it changes."""
    xml = font.encode()
    if old := element(xml, "b"):
        xml = xml[: old[0]] + xml[old[1] :]
    tag = opened(xml, "font")
    if not tag:
        raise Unchangeable
    if tag[0].endswith(b"/>"):
        xml = b"<%bfont></%bfont>" % (tag[1], tag[1])
    colour = b'<%bcolor rgb="FF%b"/>' % (tag[1], rgb.encode()) if rgb else b""
    places = (element(xml, name) for name in AFTER_COLOUR)
    end = xml.rindex(b"</")
    old = element(xml, "color")
    start, stop = old or (min((p[0] for p in places if p), default=end),) * 2
    xml = xml[:start] + colour + xml[stop:]
    first = xml.index(b">") + 1
    return (xml[:first] + (b"<%bb/>" % tag[1] if bold else b"") + xml[first:]).decode()


def _rest(xf: bytes) -> bytes:
    """What a style says besides what a mark changes."""
    for name in (*OURS, *OURS.values()):
        xf = with_attribute(xf, name, None)
    return xf


def _with_formats(xml: bytes, formats: list[tuple[int, str]], prefix: bytes) -> bytes:
    new = b"".join(
        b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (prefix, number, escape(code).encode())
        for number, code in formats
    )
    place = element(xml, "numFmts")
    if not place:
        whole = b'<%bnumFmts count="%d">%b</%bnumFmts>' % (prefix, len(formats), new, prefix)
        root = opened(xml, "styleSheet")
        if not root:
            raise Unchangeable
        return xml[: root.end()] + whole + xml[root.end() :]
    there = xml[slice(*place)]
    tag = opened(there, "numFmts")
    count = attribute(tag[0], "count") if tag else None
    if tag and count:
        counted = with_attribute(tag[0], "count", str(_number(tag[0], "count") + len(formats)))
        there = counted + there[tag.end() :]
    return xml[: place[0]] + with_child(there, new) + xml[place[1] :]


def _number(tag: bytes, name: str) -> int:
    text = attribute(tag, name) or "0"
    return int(text) if text.isdecimal() and len(text) < LONG else 0
