"""A web page as a document: paragraphs, and tables with rowspan and colspan laid open."""

import email
import re
from collections.abc import Iterator
from email import policy
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Grid, Line
from xlcheck.importing.plaintext import LIMIT, decoded
from xlcheck.importing.unmerge import WIDEST, SpanCell, grid, lines_of

NESTED = 50  # archives within an archive; real ones have one
DEEPEST = 200  # levels of a page's structure; real ones have 30
# fmt: off
BREAKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "br", "tr", "td", "th", "table", "section",
    "article", "main", "header", "footer", "ul", "ol", "dl", "dd", "dt", "hr", "center", "form",
    "fieldset", "blockquote", "pre",
))
SKIPPED = frozenset(("script", "style", "head", "noscript", "template", "select", "button", "svg", "iframe"))
# fmt: on


class _Text(NamedTuple):
    text: str


class _Table(NamedTuple):
    rows: list[list[SpanCell]]


def read(path: Path) -> Document:
    """A page saved as .html, .htm or .mhtml."""
    if path.stat().st_size > LIMIT:
        size, limit = path.stat().st_size // 1_000_000, LIMIT // 1_000_000
        raise Refused(messages().too_big.format(file=path.name, size=size, limit=limit))
    raw = path.read_bytes()
    if path.suffix.lower() in (".mhtml", ".mht"):
        return html_document(path.name, _archived(raw, path.name))
    return html_document(path.name, _decoded(raw, path.name))


def html_document(name: str, source: str) -> Document:
    root = _tree(name, source)
    lines: list[Line] = []
    grids: list[Grid] = []
    for block in _blocks(root):
        if isinstance(block, _Text):
            lines.append(Line(block.text, messages().paragraph.format(n=len(lines) + 1)))
        else:
            one = grid(block.rows, messages().table.format(n=len(grids) + 1), len(lines))
            grids.append(one)
            lines += lines_of(one, len(grids))
    return Document(name, tuple(lines), tuple(grids))


def _decoded(raw: bytes, name: str) -> str:
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", raw[:4096], re.I)
    code = declared[1].decode("ascii") if declared else ""
    try:
        return raw.decode("gb18030" if code.lower().startswith("gb") else code or "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        return decoded(raw, name)


def _archived(raw: bytes, name: str) -> str:
    """The page inside a web archive (RFC 2557): its first part of type text/html."""
    if raw.lower().count(b"boundary=") > NESTED:
        raise Refused(messages().bad_html.format(file=name, reason="multipart"))
    message = email.message_from_bytes(raw, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return _decoded(content, name)
    raise Refused(messages().bad_html.format(file=name, reason="text/html"))


def _tree(name: str, source: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as wrong:
        raise Refused(messages().bad_html.format(file=name, reason=type(wrong).__name__)) from wrong
    deepest = level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    if deepest > DEEPEST:
        raise Refused(messages().deep_html.format(file=name, n=DEEPEST))
    return root


def _blocks(root: lxml_html.HtmlElement) -> Iterator[_Text | _Table]:
    """Text between breaks, and the tables that hold no other table; one that does is only a frame."""
    words: list[str] = []
    yield from _walk(root, words)
    yield from _flush(words)


def _walk(node: lxml_html.HtmlElement, words: list[str]) -> Iterator[_Text | _Table]:
    """What stands under a node; ``words`` are those of a paragraph not yet ended."""
    tag = node.tag if isinstance(node.tag, str) else ""
    if tag in SKIPPED or not tag or _hidden(node):
        return
    if tag == "table" and node.find(".//table") is None:
        yield from _flush(words)
        yield _Table(list(_rows(node)))
        return
    if tag in BREAKS:
        yield from _flush(words)
    words.append(_flat(node.text))
    for child in node:
        yield from _walk(child, words)
        words.append(_flat(child.tail))
    if tag in BREAKS:
        yield from _flush(words)


def _flush(words: list[str]) -> Iterator[_Text]:
    text = " ".join("".join(words).split())
    words.clear()
    if text:
        yield _Text(text)


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _hidden(node: lxml_html.HtmlElement) -> bool:
    style = re.sub(r"\s", "", node.get("style") or "").lower()
    return "display:none" in style or node.get("hidden") is not None


def _rows(table: lxml_html.HtmlElement) -> Iterator[list[SpanCell]]:
    for row in table.iter("tr"):
        cells = islice((c for c in row if c.tag in ("td", "th") and not _hidden(c)), WIDEST)
        yield [SpanCell(_said(c), _span(c, "rowspan"), _span(c, "colspan")) for c in cells]


def _span(cell: lxml_html.HtmlElement, name: str) -> int:
    found = re.match(r"\d{1,3}", (cell.get(name) or "").strip())
    return max(1, int(found[0])) if found else 1


def _said(cell: lxml_html.HtmlElement) -> str:
    parts = [t for t in cell.itertext() if t]
    dropped = {t for c in cell.iter(*SKIPPED) for t in c.itertext()}
    return " ".join("".join(t for t in parts if t not in dropped).split())
