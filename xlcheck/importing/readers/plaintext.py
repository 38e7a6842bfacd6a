"""Plain text and Markdown as a document: lines as they stand, page numbers and ruling left out."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from xlcheck.data.importing import importing
from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.importing.document import Document, Line
from xlcheck.importing.normal_text import normal

LIMIT = 10_000_000  # bytes of a text or a page; a report has some 20,000


def read(path: Path) -> Document:
    """A text file's lines; UTF-8, UTF-16 or GB 18030."""
    raw = path.read_bytes()
    if len(raw) > LIMIT:
        raise Refused(
            messages().too_big.format(file=path.name, size=len(raw) // 1_000_000, limit=LIMIT // 1_000_000)
        )
    return text_document(path.name, decoded(raw, path.name))


def decoded(raw: bytes, name: str) -> str:
    codes = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for code in codes:
        try:
            text = raw.decode(code)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(messages().report_not_text.format(file=name))


def text_document(name: str, text: str) -> Document:
    visible = re.sub(importing().prose.struck, "", text)
    visible = re.sub(f"[{importing().label.bars}]", "|", visible)
    lines = [line.rstrip(" ") for line in re.split(r"\r\n|\r|\n|\f", visible)]
    return Document(name, tuple(_lines(lines)), (), _flows(lines))


def _lines(lines: Iterable[str]) -> Iterator[Line]:
    rule = importing().label.rule
    blank = False
    for number, line in enumerate(lines, 1):
        again, blank = blank and not line, not line
        if again:  # one blank line parts as well as thousands
            continue
        if not re.match(rule, line) and not is_page_number(line):
            yield Line(line, messages().line.format(n=number), "|" in line or "\t" in line)


def is_page_number(line: str) -> bool:
    rules, said = importing().prose, normal(line)
    rest = re.sub(rules.code, "", said)
    return bool(re.fullmatch(rules.page_number, rest)) or (bool(said) and not rest)


def _flows(lines: list[str]) -> bool:
    """Whether the text was laid out in lines of one width: many lines end within two letters of it."""
    wide = [sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines if line.strip()]
    long = [w for w in wide if w > 40]
    if len(long) < 12:
        return False
    usual = max(set(long), key=lambda w: sum(abs(w - x) <= 4 for x in long))
    return sum(abs(usual - w) <= 4 for w in long) >= len(long) * 0.5 and usual <= 100
