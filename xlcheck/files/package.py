"""The zip that a workbook is: opened with care, its sheets read in one streaming pass each."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar
from xml.parsers import expat

from xlcheck.core.form import a1, rc
from xlcheck.files.catalogue import Refused, say

MEGABYTE = 1024 * 1024
LIMIT, RATIO = 50 * MEGABYTE, 100
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # ECMA-376 Part 1, 18.8.30
OLE, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Raw(NamedTuple):
    """A cell as stored: its type letter, text, formula if any, and style number."""

    kind: str
    text: str
    formula: str | None
    style: int


class Page(NamedTuple):
    """One sheet as stored: cells by address, merged ranges, and whether it is protected."""

    cells: Mapping[str, Raw]
    merges: frozenset[str]
    protected: bool


class Package:
    """A workbook file whose sheets can be read by name."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.zip = _open(path)
        parts = set(self.zip.namelist())
        self._refuse_kind(parts)
        self.strings: list[str] | None = None
        relations = dict(_read(_Relations(), self._part("xl/_rels/workbook.xml.rels")).found)
        self.sheets = {
            name: _target(relations[rid])
            for name, rid in _read(_Sheets(), self._part("xl/workbook.xml")).found
            if rid in relations
        }

    def page(self, sheet: str, last_row: int = 0) -> Page:
        """Read one sheet, up to ``last_row`` where given; formats further down cost nothing."""
        reader = _read(_Cells(last_row), self._part(self.sheets[sheet]))
        strings = self._strings()
        cells = {
            at: raw._replace(kind="str", text=strings[int(raw.text)]) if raw.kind == "s" and raw.text else raw
            for at, raw in reader.cells.items()
        }
        return Page(cells, frozenset(reader.merges), reader.protected)

    def date_styles(self) -> frozenset[int]:
        """The style numbers that show a number as a date."""
        styles = _read(_Styles(), self._part("xl/styles.xml"))
        dated = {n for n, code in styles.formats.items() if _is_date(code)} | DATES
        return frozenset(n for n, number_format in enumerate(styles.cells) if number_format in dated)

    def _strings(self) -> list[str]:
        if self.strings is None:
            present = "xl/sharedStrings.xml" in self.zip.namelist()
            self.strings = _read(_Strings(), self._part("xl/sharedStrings.xml")).found if present else []
        return self.strings

    def _part(self, name: str) -> bytes:
        try:
            return self.zip.read(name)
        except (KeyError, zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as wrong:
            raise Refused(say("broken", file=self.name, part=name)) from wrong

    def _refuse_kind(self, parts: set[str]) -> None:
        """Say of what other kind the file is, where it is no plain workbook."""
        for wanted, refusal in (
            ("word/document.xml", "word"),
            ("content.xml", "ods"),
            ("xl/vbaProject.bin", "macros"),
            ("xl/workbook.bin", "xlsb"),
        ):
            if wanted in parts:
                raise Refused(say(refusal, file=self.name))
        if any(p.startswith("xl/externalLinks/") for p in parts):
            raise Refused(say("links", file=self.name))
        if "xl/workbook.xml" not in parts:
            raise Refused(say("not_workbook", file=self.name))


def _open(path: Path) -> zipfile.ZipFile:
    try:
        head = path.read_bytes()[:8] if path.stat().st_size < LIMIT else b""
    except FileNotFoundError:
        raise Refused(say("no_file", file=path)) from None
    except OSError as wrong:
        raise Refused(say("no_access", file=path, reason=wrong.strerror)) from None
    if head == OLE:
        raise Refused(say("encrypted" if ENCRYPTED in path.read_bytes() else "old", file=path.name))
    if head[:4] == PDF:
        raise Refused(say("pdf", file=path.name))
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as wrong:
        raise Refused(say("not_zip", file=path.name)) from wrong
    size = sum(part.file_size for part in packed.infolist())
    if size > LIMIT or size > RATIO * max(path.stat().st_size, MEGABYTE // 10):
        raise Refused(say("bomb", file=path.name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE))
    if any(part.flag_bits & 1 for part in packed.infolist()):
        raise Refused(say("encrypted", file=path.name))
    return packed


def _target(path: str) -> str:
    return path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _is_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.lower())
    return bool(re.search(r"[ymdh]", bare)) and "general" not in bare


class _Reader:
    """What a walk over one part keeps; names come without their namespace."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Enough(Exception):
    """The rest of the part is not needed."""


R = TypeVar("R", bound=_Reader)


def _read(reader: R, xml: bytes) -> R:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        reader.start(tag.rpartition(" ")[2], attributes)

    def end(tag: str) -> None:
        reader.end(tag.rpartition(" ")[2])

    def doctype(*_: object) -> None:
        raise Refused(say("entities"))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, doctype
    try:
        parser.Parse(xml, True)
    except _Enough:
        pass
    except expat.ExpatError as wrong:
        raise Refused(say("bad_xml", line=wrong.lineno)) from wrong
    return reader


class _Relations(_Reader):
    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            self.found.append((attributes["Id"], attributes["Target"]))


class _Sheets(_Reader):
    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            rid = next(v for k, v in attributes.items() if k.rpartition(" ")[2] == "id")
            self.found.append((attributes["name"], rid))


class _Strings(_Reader):
    """Shared strings; the runs of a rich text are one string, phonetic guides are left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.inside = self.guide = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.parts = []
        elif tag == "rPh":
            self.guide = True
        elif tag == "t":
            self.inside = not self.guide

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append(unescape("".join(self.parts)))
        elif tag == "rPh":
            self.guide = False
        elif tag == "t":
            self.inside = False

    def text(self, text: str) -> None:
        if self.inside:
            self.parts.append(text)


class _Styles(_Reader):
    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.cells: list[int] = []
        self.inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            self.cells.append(int(attributes.get("numFmtId", 0)))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.inside = False


class _Cells(_Reader):
    """Cells, merges and protection of one sheet; a wrong <dimension> is never looked at."""

    def __init__(self, last_row: int) -> None:
        self.cells: dict[str, Raw] = {}
        self.merges: list[str] = []
        self.protected = False
        self.last_row = last_row
        self.row = self.col = 0
        self.at, self.kind, self.style = "", "n", 0
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.into: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "c":
                self._cell(attributes)
            case "v" | "t":
                self.into = self.value
            case "f":
                self.into = self.formula = []
            case "row":
                self.row, self.col = int(attributes.get("r", self.row + 1)), 0
                if self.last_row and self.row > self.last_row:
                    raise _Enough
            case "mergeCell":
                self.merges.append(attributes["ref"])
            case "sheetProtection":
                self.protected = attributes.get("sheet") in ("1", "true")

    def end(self, tag: str) -> None:
        if tag == "c":
            text = "".join(self.value)
            if text or self.formula is not None:
                formula = None if self.formula is None else "".join(self.formula)
                self.cells[self.at] = Raw(self.kind, unescape(text), formula, self.style)
        elif tag in ("v", "t", "f"):
            self.into = None

    def text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.col += 1
        if "r" in attributes:
            self.at = attributes["r"]
            _, self.col = rc(self.at)
        else:
            self.at = a1(self.row, self.col)
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.value, self.formula = [], None


def unescape(text: str) -> str:
    """Excel writes control characters as _x000D_; a line break is one character to us."""
    if "_x" in text:
        text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")
