"""What a sheet says of its cells besides what is in them: style, validation, note."""

from typing import Literal

from xlcheck.core.grid import a1, rc
from xlcheck.workbook.xml import Reader, unescape


class AppearanceReader(Reader):
    """The style of every cell of a sheet, also of a blank one; the ranges it merges, and those it watches."""

    def __init__(self) -> None:
        self.styles: dict[str, int] = {}
        self.merges: set[str] = set()
        self.watched: set[str] = set()
        self.row, self.at = 0, ""
        self.inside = False  # a validation, which as Excel's newer ones have it says its cells in a child
        self.into: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:  # a newer validation has a prefix of its own
            case "c":
                self.at = attributes.get("r") or a1(self.row, rc(self.at)[1] + 1 if self.at else 1)
                self.styles[self.at] = int(attributes.get("s", 0))
            case "row":
                self.row, self.at = int(attributes.get("r", self.row + 1)), ""
            case "mergeCell":
                self.merges.add(attributes["ref"])
            case "dataValidation":
                self.inside = True
                self.watched |= set(attributes.get("sqref", "").split())
            case "sqref" if self.inside:
                self.into = []

    def end(self, tag: str) -> None:
        if tag.endswith("dataValidation"):
            self.inside = False
        elif tag.endswith("sqref") and self.into is not None:
            self.watched |= set("".join(self.into).split())
            self.into = None

    def text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)


class CommentsReader(Reader):
    """The notes of a sheet by cell, each with its author."""

    def __init__(self) -> None:
        self.notes: dict[str, tuple[str, str]] = {}
        self.authors: list[str] = []
        self.at, self.author = "", ""
        self.words: list[str] = []
        self.into: Literal["", "author", "t"] = ""
        self.guide = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "comment":
                number = attributes.get("authorId", "")
                known = number.isdecimal() and len(number) < 10 and int(number) < len(self.authors)
                self.at, self.author = attributes["ref"], self.authors[int(number)] if known else ""
                self.words = []
            case "author":
                self.into, self.words = tag, []
            case "rPh":
                self.guide = True
            case "t" if not self.guide:
                self.into = "t"

    def end(self, tag: str) -> None:
        match tag:
            case "comment":
                self.notes[self.at] = unescape("".join(self.words)), self.author
            case "author":
                self.authors.append("".join(self.words))
            case "rPh":
                self.guide = False
        if tag == self.into:
            self.into = ""

    def text(self, text: str) -> None:
        if self.into:
            self.words.append(text)
