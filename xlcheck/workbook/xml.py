"""The XML parts of a workbook, each read in one streaming pass that keeps only what is asked for."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar
from xml.parsers import expat

from xlcheck.core.grid import a1, is_address, rc
from xlcheck.data.messages import messages
from xlcheck.editions import Refused

TEXT = "inlineStr"
TRUE, FALSE = ("1", "true"), ("0", "false")
MAIN = "/main"  # how the vocabulary of sheets ends, transitional or strict
ESCAPED = "_x([0-9A-Fa-f]{4})_"
UNKNOWN = "\ufffd"
UNWRITABLE = r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled where it is met


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


class BadXml(Refused):
    """A part is not well-formed, or is not what it should be; the sentence does not know which part."""


R = TypeVar("R", bound=Reader)


def walk(reader: R, xml: Iterable[bytes]) -> R:
    """Walk over one part, handed over in pieces. Raises BadXml, also for declared entities."""
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
        raise BadXml(messages().bad_xml.format(line=wrong.lineno)) from wrong
    except (LookupError, ValueError) as wrong:  # a number that is none, an attribute left out, an encoding
        raise BadXml(messages().bad_xml.format(line=parser.CurrentLineNumber)) from wrong
    return reader


def _doctype(*_: object) -> None:
    raise BadXml(messages().entities)


def _start(reader: Reader) -> Callable[[str, dict[str, str]], None]:
    return lambda tag, attributes: reader.start(tag.rpartition(":")[2], attributes)


def _end(reader: Reader) -> Callable[[str], None]:
    return lambda tag: reader.end(tag.rpartition(":")[2])


class RelationsReader(Reader):
    """What a part relates to inside the package: by id the kind, which is its type's last step, and where."""

    def __init__(self) -> None:
        self.relations: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.relations[attributes["Id"]] = (kind, attributes["Target"])


class TypesReader(Reader):
    """The content types of the parts that are named one by one."""

    def __init__(self) -> None:
        self.types: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Override":
            self.types.append((attributes["PartName"], attributes["ContentType"]))


class BookReader(Reader):
    """The sheets of a workbook, its names, what it says of its lock and of its days, from xl/workbook.xml."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.names: dict[str, str] = {}
        self.locked: bool | None = None
        self.from_1904: bool | None = None  # whether days are counted from 1904, as Excel for Mac once did
        self.name = ""
        self.place: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            rid = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes["name"], rid))
        elif tag == "definedName" and "localSheetId" not in attributes:  # a sheet's own name is another
            self.name, self.place = attributes.get("name", ""), []
        elif tag == "workbookProtection":
            self.locked = attributes.get("lockStructure") in TRUE
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in TRUE

    def end(self, tag: str) -> None:
        if self.name:
            self.names[self.name] = "".join(self.place)
        self.name = ""

    def text(self, text: str) -> None:
        if self.name:
            self.place.append(text)


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
    """The number format of each style of a cell, and which of them a locked sheet leaves open."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.cells: list[int] = []
        self.open: set[int] = set()
        self.inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            self.cells.append(int(attributes.get("numFmtId", 0)))
        elif tag == "protection" and self.inside and attributes.get("locked") in FALSE:
            self.open.add(len(self.cells) - 1)

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.inside = False


class SheetReader(Reader):
    """Cells, merges and protection of one sheet; a wrong <dimension> is never looked at.

    A cell that says its value in two ways, or otherwise than its type has it, is a text of all it says:
    no figure. What stands in a place twice, or in no place, is not well-formed; nor is a blank where
    something stands: programs differ in which of the two they show.
    """

    def __init__(self, last_row: int) -> None:
        self.cells: dict[str, Raw] = {}
        self.blank: set[str] = set()  # places in which nothing stands
        self.merges: list[str] = []
        self.protected: bool | None = None
        self.guessed = False  # whether a cell or a row leaves its place to be counted
        self.last_row = last_row
        self.row = 0
        self.at, self.kind, self.style = "", "n", 0
        self.values: list[list[str]] = []
        self.words: list[str] = []
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.aside = False  # in a phonetic guide, or in what other programs add

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "c":
                self._cell(attributes)
            case "v" if not self.aside:
                _of_sheet(attributes)
                self.into = []
                self.values.append(self.into)
            case "t" if not self.aside:
                self.into = self.words
            case "f":
                self.into = self.formula = []
            case "row":
                self.guessed |= "r" not in attributes
                self.row, self.at = int(attributes.get("r", self.row + 1)), ""
                if self.last_row and self.row > self.last_row:
                    raise Enough
            case "rPh" | "extLst":
                self.aside = True
            case "mergeCell":
                self.merges.append(attributes["ref"])
            case "sheetProtection":
                self.protected = attributes.get("sheet") in TRUE
            case _ if self.into is not None or tag.endswith(":c"):  # nor is a prefix of its own read
                raise ValueError(tag)

    def end(self, tag: str) -> None:
        match tag:
            case "v" | "t" | "f":
                self.into = None
            case "c":
                self._end_cell()
            case "rPh" | "extLst":
                self.aside = False

    def text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def _cell(self, attributes: dict[str, str]) -> None:
        _of_sheet(attributes)
        if "r" in attributes:
            self.at = attributes["r"]
            if not is_address(self.at):
                raise ValueError(self.at)
        else:
            self.guessed = True
            self.at = a1(self.row, rc(self.at)[1] + 1 if self.at else 1)
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self.values, self.words, self.formula = [], [], None

    def _end_cell(self) -> None:
        said = ["".join(value) for value in self.values]
        if self.words or len(said) > 1:
            self.kind, said = TEXT, ["".join(self.words), *said]
        text = unescape(" ".join(filter(None, said)) if len(said) > 1 else "".join(said))
        if text or self.formula is not None:
            if not self.at or self.at in self.cells:  # in no place where a row begins inside of a cell
                raise ValueError(self.at)
            formula = None if self.formula is None else "".join(self.formula)
            self.cells[self.at] = Raw(self.kind, text, formula, self.style)
        elif self.at in self.cells:
            raise ValueError(self.at)
        else:
            self.blank.add(self.at)


def _of_sheet(attributes: dict[str, str]) -> None:
    """Raises ValueError for an element that says it is of another vocabulary: nobody shows it as a cell."""
    vocabulary = attributes.get("xmlns", MAIN)
    if not vocabulary.endswith(MAIN):
        raise ValueError(vocabulary)


def unescape(text: str) -> str:
    """Excel writes control characters as _x000D_; a line break is one character to us.

    What no XML may hold, and so no file of ours, is seen as the sign for such.
    """
    if "_x" in text:
        text = re.sub(ESCAPED, _character, text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character(escaped: re.Match[str]) -> str:
    return re.sub(UNWRITABLE, UNKNOWN, chr(int(escaped[1], 16)))
