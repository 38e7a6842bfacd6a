"""The shape of styles.toml: how the workbook looks, by the role of a cell."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck import data
from xlcheck.data import HexColour

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit

Role = Literal[
    "plain", "entry", "entry_sum", "sample", "prose", "prose_small", "prose_tiny", "cover_in",
    "choice", "answer", "no_answer", "caption",
    "header", "corner", "label", "label_sum", "group", "cover_lbl", "text_lbl", "text_note", "chip", "banner",
    "nav", "gutter", "title", "cover_ttl", "subtitle", "hint", "hint_right", "check", "check_num", "unseen",
    "amber",
    "list_head", "list_band", "band_right", "list", "list_link", "first", "first_link", "list_id", "tile",
    "sub_title", "lead", "aside", "figure", "figure_sum", "guide", "guide_bold", "progress", "progress_c",
    "guide_mid", "hidden",
]  # fmt: skip
MarkKind = Literal[
    "blamed", "blamed_long", "evidence", "warned", "warned_evidence", "answered", "text", "text_warned"
]


class CellStyle(NamedTuple):
    """A role's looks; what is left out is as the program has it. ``open`` cells are not locked.

    ``shrink``: what is too long is written smaller, so that the sign before it is seen.
    """

    font: str
    size: float
    colour: str
    fill: str = ""
    bold: bool | None = None
    align: Literal["left", "center", "right"] | None = None
    top: bool = False
    wrap: bool | None = None
    indent: int = 0
    shrink: bool | None = None
    border: Literal["", "grid", "row", "foot", "heavy"] = ""
    format: str = ""
    open: bool = False


class MarkStyle(NamedTuple):
    """What changes a cell that is marked, or broken while she types; the sign is in the number format."""

    fill: HexColour = ""
    colour: HexColour = ""
    bold: bool | None = None
    format: str = ""


class SignStyle(NamedTuple):
    """What begins with a sign, in banner and lists: colours of text, ground and chip."""

    sign: str
    colour: str
    chip: str
    fill: str = ""


class SignStyles(NamedTuple):
    """The signs, what asks for work first."""

    error: SignStyle
    warning: SignStyle
    passed: SignStyle
    open: SignStyle
    answered: SignStyle
    none: SignStyle
    unrun: SignStyle


class LineColours(NamedTuple):
    """The colours of lines: of a grid's, under a row, under a head, under a heavy row, round a table."""

    grid: str
    row: str
    foot: str
    heavy: str
    frame: str


class LiveStyles(NamedTuple):
    """What the formulas alone change: a figure that disagrees, and one that is refused, be it a long text."""

    broken: MarkStyle
    refused_long: MarkStyle
    refused: MarkStyle


class RowMeasures(NamedTuple):
    """What lines of text need, with the narrowest columns and the highest lines of any font met.

    ``unit`` is a column's unit of width in points, ``inside`` what a cell keeps free of it, ``line`` the
    height of a line in the size of its letters, ``free`` what is left above and below, ``most`` the highest
    row that Excel knows; ``first`` and ``passed`` are the lowest on the 校验 sheet, ``spare`` how many lines
    of its short list stay as high as ``first`` while no check has anything to say there.
    """

    unit: float
    inside: float
    line: float
    free: float
    most: float
    first: float
    passed: float
    spare: int


class NoteMeasures(NamedTuple):
    """The box of a note in points: its width, what stays free in it, its letters and lines, its height."""

    width: float
    inside: float
    size: float
    line: float
    lowest: float
    highest: float


class StyleSheet(NamedTuple):
    """Colours by name as RRGGBB, styles by role, marks by kind, signs by what they say."""

    password: str
    rows: RowMeasures
    note: NoteMeasures
    colour: Mapping[str, HexColour]
    line: LineColours
    style: Mapping[Role, CellStyle]
    mark: Mapping[MarkKind, MarkStyle]
    live: LiveStyles
    sign: SignStyles
    builtin: Mapping[str, str]

    def rgb(self, name: str) -> str:
        """A colour as RRGGBB: one of the palette, or one that stands for itself."""
        return self.colour.get(name, name)

    def of_sign(self, sign: str) -> SignStyle:
        """The colours of what begins with a sign."""
        return next(style for style in self.sign if style.sign == sign)

    def is_signed(self, number_format: str) -> bool:
        """Whether a number format draws a mark's sign, in the words of any program."""
        return any(style.sign in number_format for style in self.sign)

    def misfits(self) -> Iterator["Misfit"]:
        """Colours that are in no palette, a sign that means two things."""
        from xlcheck.data.checking import Misfit, doubled

        yield from doubled(
            (("sign", name, "sign"), style.sign) for name, style in self.sign._asdict().items()
        )
        for table, entries in (("style", self.style), ("sign", self.sign._asdict())):
            for name, entry in entries.items():
                for part in sorted({"colour", "fill", "chip"} & set(entry._fields)):
                    if (value := getattr(entry, part)) and value not in self.colour:
                        yield Misfit((table, name, part), value, list(self.colour))
        for part, value in self.line._asdict().items():
            if value not in self.colour:
                yield Misfit(("line", part), value, list(self.colour))


@cache
def styles() -> StyleSheet:
    """How the workbook looks, as data/styles.toml has it."""
    return data.load("styles", StyleSheet)
