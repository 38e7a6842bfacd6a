"""XML changed as text: a tag, an attribute, a child are put in or taken out, and every other byte stays."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from xml.parsers import expat

from xlcheck.editions import Refused
from xlcheck.workbook.xml import Reader, walk

ATTRIBUTES = rb"""[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*"""  # and what closes a tag that holds nothing
LITERAL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # of a text that would be read as a character's number


QUALIFIED = re.compile(r"""\s(?!xml:)[\w.-]+:[\w.-]+\s*=\s*("[^"]*"|'[^']*')""")  # an attribute with a prefix
UNNAMED = re.compile(r"(</?)(?:[\w.-]+:)?")  # where an element's name begins, and its prefix


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"  # but for a Strict workbook's


class Unchangeable(Exception):
    """The XML is not written in a way that can be changed as text."""


@lru_cache
def _tag(name: str) -> re.Pattern[bytes]:
    return re.compile(b"<((?:[\\w.-]+:)?)%b(?=[\\s/>])(%b)>" % (name.encode(), ATTRIBUTES))


@lru_cache
def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"""\s%b\s*=\s*("[^"]*"|'[^']*')""" % name.encode())


def namespace(main: bytes) -> str:
    """What a Strict workbook's elements belong to, or another's."""
    root = opened(main, "workbook")
    names = re.findall(rb"""xmlns(?::[\w.-]+)?\s*=\s*["']([^"']*/main)["']""", root[0] if root else b"")
    return names[0].decode() if names else SPREADSHEET


def opened(xml: bytes, name: str, start: int = 0) -> re.Match[bytes] | None:
    """The first open tag of a name, whatever its prefix, which is its first group."""
    letters, at = name.encode(), xml.find(name.encode(), start)
    while at >= 0:  # quicker than to look at every tag
        begin = xml.rfind(b"<", start, at)
        found = _tag(name).match(xml, begin) if begin >= 0 else None
        if found:
            return found
        at = xml.find(letters, at + 1)
    return None


def attribute(tag: bytes, name: str) -> str | None:
    """The value of an attribute in an open tag."""
    found = _attribute(name).search(tag)
    return unescape(found[1][1:-1].decode("utf-8", "surrogateescape")) if found else None


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """An open tag with an attribute set, or without it."""
    found = _attribute(name).search(tag)
    if value is None:
        return tag[: found.start()] + tag[found.end() :] if found else tag
    body = escape(value).encode("utf-8", "surrogateescape")
    if found:  # in the quotes that are there
        return tag[: found.start(1) + 1] + body + tag[found.end(1) - 1 :]
    new = b' %b="%b"' % (name.encode(), body)
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + new + tag[end:]


def element(xml: bytes, name: str, start: int = 0) -> tuple[int, int] | None:
    """Where the first element of a name lies that holds none of its own name."""
    found = opened(xml, name, start)
    if not found:
        return None
    if found[0].endswith(b"/>"):
        return found.span()
    end = re.compile(rb"</%b%b\s*>" % (found[1], name.encode())).search(xml, found.end())
    if not end:
        raise Unchangeable
    return found.start(), end.end()


def elements(xml: bytes, name: str) -> Iterator[tuple[int, int]]:
    """Where the elements of a name lie, one after another."""
    place = element(xml, name)
    while place:
        yield place
        place = element(xml, name, place[1])


def well_formed(xml: bytes) -> None:
    """Raise Unchangeable for a part that no program could read again, or that brings entities of its own."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _own_entities
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as wrong:
        raise Unchangeable from wrong


def _own_entities(*_: object) -> None:
    raise Unchangeable


def children(xml: bytes) -> list[tuple[str, int]]:
    """The names of an element's own children, without their prefix, and where each begins."""
    parser, found, depth = expat.ParserCreate(), [], 0

    def start(name: str, _: object) -> None:
        nonlocal depth
        depth += 1
        if depth == 2:
            found.append((name.rpartition(":")[2], parser.CurrentByteIndex))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as wrong:
        raise Unchangeable from wrong
    return found


def with_child(xml: bytes, child: bytes) -> bytes:
    """An element, or a whole part, with one more child at its end."""
    closing = re.search(rb"</(?:[\w.-]+:)?[\w.-]+\s*>\s*\Z", xml)
    if closing:
        return xml[: closing.start()] + child + xml[closing.start() :]
    bare = re.search(rb"<((?:[\w.-]+:)?[\w.-]+)(?:\s%b)?/>\s*\Z" % ATTRIBUTES.replace(b"/", b""), xml)
    if not bare:
        raise Unchangeable
    end = xml.rindex(b"/>")
    return xml[:end] + b">" + child + b"</" + bare[1] + b">" + xml[end + 2 :]


def storable(text: str) -> str:
    """A text as a workbook holds it: what would be read as the number of a character is not."""
    return LITERAL.sub("_x005F_", text) if "_x" in text else text


def text_tag(prefix: bytes, text: str) -> bytes:
    """A text in its tag; blanks at its ends and line breaks are kept."""
    keep = b' xml:space="preserve"' if text != text.strip() or "\n" in text else b""
    body = escape(storable(text), quote=False).encode()
    return b"<%bt%b>%b</%bt>" % (prefix, keep, body, prefix)


class _Root(Reader):
    """The name of the outermost element."""

    def __init__(self) -> None:
        self.name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.name = self.name or tag.rpartition(":")[2]


def is_element(text: str, name: str) -> bool:
    """Whether a text from the workbook is one whole element of that name; who wrote it nobody knows."""
    try:
        return walk(_Root(), [UNNAMED.sub(r"\1", text).encode()]).name == name
    except (Refused, UnicodeEncodeError):
        return False


def adopted(item: str, prefix: bytes) -> bytes:
    """An element as this part writes its elements; what other prefixes say is left out."""
    mine = prefix.decode()
    plain = QUALIFIED.sub("", item)
    return UNNAMED.sub(rf"\g<1>{mine}", plain).encode()
