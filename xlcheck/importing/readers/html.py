"""A web page as a document: paragraphs, and tables with rowspan and colspan laid open."""

import email
import re
from collections.abc import Iterator, Mapping
from email import policy
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.cell_figure import is_note
from xlcheck.importing.document import Disguise, Document, Grid, Line
from xlcheck.importing.normal_text import UNREADABLE
from xlcheck.importing.readers.colours import BLACK, WHITE
from xlcheck.importing.readers.plaintext import LIMIT, decoded
from xlcheck.importing.readers.style_sheet import (
    SheetRules,
    Visibility,
    sheet_rules,
    style_of,
    visibility_of,
    written_beside,
)
from xlcheck.importing.readers.unmerge import SMALL, WIDEST, SpanCell, disguises, grid, lines_of

ARCHIVE = b"mime-version:"
NESTED = 50  # archives within an archive; real ones have one
ROW_OF_SIGNS = ("math", "semantics", "mrow", "mn", "mi", "mtext", "mstyle", "annotation", "annotation-xml")
ENTRIES = ("text", "number", "tel")  # kinds of form fields whose content is shown
DEEPEST = 200  # levels of a page's structure; real ones have 30
# fmt: off
BREAKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "br", "tr", "td", "th", "table", "section",
    "article", "main", "header", "footer", "ul", "ol", "dl", "dd", "dt", "hr", "center", "form",
    "fieldset", "blockquote", "pre",
))
SKIPPED = frozenset((
    "script", "style", "head", "noscript", "template", "select", "button", "svg", "noframes", "datalist",
    "meter", "progress", "annotation", "annotation-xml",
    "iframe", "object", "audio", "video", "canvas",  # what these hold stands in for what they show
))
# fmt: on


class _Text(NamedTuple):
    text: str
    folded: bool = False


class _Table(NamedTuple):
    rows: list[list[SpanCell]]


def read(path: Path) -> Document:
    """A page saved as .html, .htm or .mhtml."""
    if path.stat().st_size > LIMIT:
        size, limit = path.stat().st_size // 1_000_000, LIMIT // 1_000_000
        raise Refused(messages().too_big.format(file=path.name, size=size, limit=limit))
    raw = path.read_bytes()
    if path.suffix.lower() in (".mhtml", ".mht") or raw[: len(ARCHIVE)].lower() == ARCHIVE:
        return html_document(path.name, *_archived(raw, path.name))
    return html_document(path.name, _decoded(raw, path.name))


def html_document(name: str, source: str, linked: Mapping[str, str] | None = None) -> Document:
    """A page's source as a document; ``linked`` are the style sheets that came with it, by their address."""
    root = _tree(name, source)
    _bring_in(root, linked or {})
    lines: list[Line] = []
    grids: list[Grid] = []
    unread: list[Disguise] = []
    notes: list[Line] = []
    for block in _blocks(root):
        if isinstance(block, _Text) and block.folded:
            notes.append(Line(block.text, messages().folded))
        elif isinstance(block, _Text):
            lines.append(Line(block.text, messages().paragraph.format(n=len(lines) + 1)))
        else:
            one = grid(block.rows, messages().table.format(n=len(grids) + 1), len(lines))
            grids.append(one)
            lines += lines_of(one, len(grids))
            unread += disguises(block.rows, len(grids))
    return Document(name, tuple(lines), tuple(grids), False, tuple(unread), notes=tuple(notes))


def _decoded(raw: bytes, name: str) -> str:
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", raw[:4096], re.I)
    code = declared[1].decode("ascii") if declared else ""
    try:
        return raw.decode("gb18030" if code.lower().startswith("gb") else code or "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        return decoded(raw, name)


def _archived(raw: bytes, name: str) -> tuple[str, Mapping[str, str]]:
    """The page inside a web archive (RFC 2557), its first part of type text/html, and its style sheets."""
    if raw.lower().count(b"boundary=") > NESTED:
        raise Refused(messages().bad_html.format(file=name, reason="multipart"))
    pages: list[str] = []
    sheets: dict[str, str] = {}
    for part in email.message_from_bytes(raw, policy=policy.default).walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_content_type() == "text/html":
            pages.append(_decoded(content, name))
        elif part.get_content_type() == "text/css":
            address = f"cid:{str(part['Content-ID'] or '').strip('<> ')}"
            sheets |= dict.fromkeys((address, str(part["Content-Location"])), _decoded(content, name))
    if not pages:
        raise Refused(messages().bad_html.format(file=name, reason="text/html"))
    return pages[0], sheets


def _bring_in(root: lxml_html.HtmlElement, linked: Mapping[str, str]) -> None:
    """Put the style sheets that came with a page where it names them."""
    for link in [*root.iter("link")] if linked else ():
        if "stylesheet" in (link.get("rel") or "").lower() and link.get("href") in linked:
            link.tag, link.text = "style", linked[link.get("href")]


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
    yield from _walk(root, words, sheet_rules(root), Visibility())
    yield from _flush(words)


def _walk(
    node: lxml_html.HtmlElement, words: list[str], rules: SheetRules, outer: Visibility
) -> Iterator[_Text | _Table]:
    """What stands under a node; ``words`` are those of a paragraph not yet ended."""
    tag = node.tag if isinstance(node.tag, str) else ""
    if tag in SKIPPED or not tag or (look := visibility_of(node, rules, outer)).hidden:
        return
    if _is_folded(node):
        yield from _flush(words)
        yield from _folded(node, words, rules, look)
        return
    if tag == "table" and not _is_frame(node):
        yield from _flush(words)
        yield _Table(list(_rows(node, rules, look)))
        return
    if tag in BREAKS:
        yield from _flush(words)
    words.append(_read(written_beside(node, rules, "before"), look) + _read(node.text, look))
    for child in node:
        yield from _walk(child, words, rules, look)
        words.append(_read(child.tail, look))
    words.append(_read(written_beside(node, rules, "after"), look))
    if tag in BREAKS:
        yield from _flush(words)


def _folded(
    node: lxml_html.HtmlElement, words: list[str], rules: SheetRules, look: Visibility
) -> Iterator[_Text | _Table]:
    """What a folded element still shows, and what it holds as a text that is not read."""
    summary = _summary(node)
    if summary is not None:
        yield from _walk(summary, words, rules, look)
        yield from _flush(words)
    held = [child for child in node if child is not summary and child.tag not in SKIPPED]
    parts = (node.text or "", *(" ".join(child.itertext()) + (child.tail or "") for child in held))
    if text := " ".join(" ".join(parts).split()):
        yield _Text(text, folded=True)


def _is_frame(table: lxml_html.HtmlElement) -> bool:
    """Whether a table holds another that is more than a frame around a figure."""
    return any(sum(1 for _ in inner.iter("td", "th")) > SMALL for inner in table.iterfind(".//table"))


def _read(text: str | None, look: Visibility) -> str:
    """What the eye reads of a text."""
    flat = _flat(text)
    return "" if look.unseen or (look.raised and is_note(flat)) else flat


def _flush(words: list[str]) -> Iterator[_Text]:
    text = " ".join("".join(words).split())
    words.clear()
    if text:
        yield _Text(text)


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _rows(table: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility) -> Iterator[list[SpanCell]]:
    for row in _under(table, "tr"):
        around = [node for node in row.iterancestors() if node is not table and table in node.iterancestors()]
        look = outer
        for node in (*reversed(around), row):
            look = visibility_of(node, rules, look)
        if not look.hidden:
            cells = islice(_under(row, "td", "th"), WIDEST)
            yield [_cell(cell, rules, look) for cell in cells if not _gone(cell, rules, look)]


def _under(node: lxml_html.HtmlElement, *tags: str) -> Iterator[lxml_html.HtmlElement]:
    """The rows of a table or the cells of a row, not those of a table inside of them."""
    for child in node:
        if child.tag in tags:
            yield child
        elif child.tag not in ("table", "td", "th", "tr") and isinstance(child.tag, str):
            yield from _under(child, *tags)


def _gone(cell: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility) -> bool:
    """Whether a cell takes no place at all; one that is merely struck out does."""
    return cell.get("hidden") is not None or style_of(cell, rules).get("display") == "none"


def _cell(cell: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility) -> SpanCell:
    plain = outer._replace(colour=outer.colour or (BLACK if outer.ground == WHITE else ""))
    pieces = list(_texts(cell, rules, plain))
    read, unread = (
        " ".join("".join(t for t, seen in pieces if seen is said).split()) for said in (True, False)
    )
    return SpanCell(read, _span(cell, "rowspan"), _span(cell, "colspan"), unread)


def _texts(node: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility) -> Iterator[tuple[str, bool]]:
    """Every piece of text under a node of a cell, and whether it is read."""
    yield from _in_place_of_words(node)
    if not isinstance(node.tag, str) or node.tag in SKIPPED:
        return
    look = visibility_of(node, rules, outer, in_cell=node.tag not in ("td", "th"))
    if node.tag == "input" and (node.get("type") or "text").lower() in ENTRIES:
        yield node.get("value") or "", not look.unseen
    before, after = (written_beside(node, rules, side) for side in ("before", "after"))
    for text, place in ((before, ""), (node.text, ""), *((child.tail, child) for child in node), (after, "")):
        inner = look._replace(hidden=look.hidden or (_is_folded(node) and place != _summary(node)))
        if place != "":
            parted = " " if place.tag in BREAKS else ""  # two paragraphs of a cell are two words
            yield parted, True
            yield from _texts(place, rules, inner)
            yield parted, True
        if text:
            folded = look._replace(hidden=look.hidden or _is_folded(node))
            doubtful = look.unsure and any(map(str.isdigit, text))
            yield from _seen_text(text, folded, doubtful)


def _seen_text(text: str, look: Visibility, doubtful: bool) -> Iterator[tuple[str, bool]]:
    """A text and whether it is read; with a sign that nobody can read where none knows how it shows."""
    visible = not look.unseen and not (look.raised and is_note(text))
    yield UNREADABLE if doubtful and visible else "", True
    yield text, visible


def _in_place_of_words(node: lxml_html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """What an element says of a figure that it shows as a picture or as a choice, which is not read."""
    if node.tag == "img":
        yield node.get("alt") or "", False
    elif node.tag == "select":
        options = list(node.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        yield "".join("".join(one.itertext()) for one in chosen), False
    elif node.tag == "math" and any(part.tag not in ROW_OF_SIGNS for part in node.iter("*")):
        yield UNREADABLE, True


def _is_folded(node: lxml_html.HtmlElement) -> bool:
    return node.tag == "details" and node.get("open") is None


def _summary(node: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    """What stays of an element when it is folded."""
    return next(iter(node.iterchildren("summary")), None)


def _span(cell: lxml_html.HtmlElement, name: str) -> int:
    found = re.match(r"\d{1,3}", (cell.get(name) or "").strip())
    return max(1, int(found[0])) if found else 1
