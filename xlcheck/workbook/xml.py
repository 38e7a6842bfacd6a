"""The XML parts of a workbook, each read in one streaming pass that keeps only what is asked for."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar
from xml.parsers import expat

from xlcheck.core.grid import a1, rc
from xlcheck.data.messages import messages
from xlcheck.editions import Refused


class Raw(NamedTuple):
    """A cell as stored: its type letter, text, formula if any, and style number."""

    kind: str
    text: str
    formula: str | None
    style: int


class Reader:
    """What a walk over one part keeps; names come without their namespace."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


class Enough(Exception):
    """The rest of the part is not needed."""


R = TypeVar("R", bound=Reader)


def walk(reader: R, xml: Iterable[bytes]) -> R:
    """Walk over one part, handed over in pieces. Raises Refused for broken XML and for declared entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(tag: str, attributes: dict[str, str]) -> None:
        prefixed = ":" in tag  # as some programs write every element: <x:c>
        parser.StartElementHandler = _start(reader) if prefixed else reader.start
        parser.EndElementHandler = _end(reader) if prefixed else reader.end
        parser.StartElementHandler(tag, attributes)

    parser.StartElementHandler = root
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, _doctype
    try:
        for piece in xml:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except Enough:
        pass
    except expat.ExpatError as wrong:
        raise Refused(messages().bad_xml.format(line=wrong.lineno)) from wrong
    except (KeyError, ValueError, IndexError) as wrong:  # a number that is none, an attribute left out
        raise Refused(messages().bad_xml.format(line=parser.CurrentLineNumber)) from wrong
    return reader


def _doctype(*_: object) -> None:
    raise Refused(messages().entities)


def _start(reader: Reader) -> Callable[[str, dict[str, str]], None]:
    return lambda tag, attributes: reader.start(tag.rpartition(":")[2], attributes)


def _end(reader: Reader) -> Callable[[str], None]:
    return lambda tag: reader.end(tag.rpartition(":")[2])


class RelationsReader(Reader):
    def __init__(self) -> None:
        self.targets: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            self.targets.append((attributes["Id"], attributes["Target"]))


class BookReader(Reader):
    """The sheets of a workbook, its names, and whether its structure is locked, from xl/workbook.xml."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.names: dict[str, str] = {}
        self.locked: bool | None = None
        self.name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            rid = next(v for k, v in attributes.items() if k.rpartition(":")[2] == "id")
            self.sheets.append((attributes["name"], rid))
        elif tag == "definedName":
            self.name = attributes.get("name", "")
        elif tag == "workbookProtection":
            self.locked = attributes.get("lockStructure") in ("1", "true")

    def end(self, tag: str) -> None:
        self.name = ""

    def text(self, text: str) -> None:
        if self.name:
            self.names[self.name] = self.names.get(self.name, "") + text


class StringsReader(Reader):
    """Shared strings; the runs of a rich text are one string, phonetic guides are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
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
            self.strings.append(unescape("".join(self.parts)))
        elif tag == "rPh":
            self.guide = False
        elif tag == "t":
            self.inside = False

    def text(self, text: str) -> None:
        if self.inside:
            self.parts.append(text)


class StylesReader(Reader):
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


class SheetReader(Reader):
    """Cells, merges and protection of one sheet; a wrong <dimension> is never looked at."""

    def __init__(self, last_row: int) -> None:
        self.cells: dict[str, Raw] = {}
        self.merges: list[str] = []
        self.protected: bool | None = None
        self.guessed = False  # whether a cell or a row leaves its place to be counted
        self.last_row = last_row
        self.row = 0
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
                self.guessed |= "r" not in attributes
                self.row, self.at = int(attributes.get("r", self.row + 1)), ""
                if self.last_row and self.row > self.last_row:
                    raise Enough
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
        if "r" in attributes:
            self.at = attributes["r"]
        else:
            self.guessed = True
            self.at = a1(self.row, rc(self.at)[1] + 1 if self.at else 1)
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.value, self.formula = [], None


def unescape(text: str) -> str:
    """Excel writes control characters as _x000D_; a line break is one character to us."""
    if "_x" in text:
        text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")
