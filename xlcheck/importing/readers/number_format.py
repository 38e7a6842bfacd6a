"""What a workbook's number format makes of a stored number or text: the words that the eye reads."""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

BUILT_IN = {  # those that every workbook has and does not write down (ECMA-376 Part 1, 18.8.30); no dates
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00",
    "12": "# ?/?", "13": "# ??/??", "37": "#,##0_ ;(#,##0)", "38": "#,##0_ ;(#,##0)",
    "39": "#,##0.00_);(#,##0.00)", "40": "#,##0.00_);(#,##0.00)", "41": '_ * #,##0_ ;-#,##0;"-";@',
    "42": '_ * #,##0_ ;-#,##0;"-";@', "43": '_ * #,##0.00_ ;-#,##0.00;"-";@',
    "44": '_ * #,##0.00_ ;-#,##0.00;"-";@', "48": "##0.0E+0", "49": "@",
}  # fmt: skip
SECTION = re.compile(r'(?:"[^"]*"|[\\!_*].|\[[^\]]*\]|[^;])*', re.DOTALL)
TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[([^\]]*)\]|(.)', re.DOTALL)
RULE = re.compile(
    r"\$(?P<money>[^-]*)(?:-[\dA-F]*)?|DBNum\d|(?P<white>white|color ?2)"
    r"|(?P<test>[<>]=?|=|<>)(?P<than>-?\d{1,15})|(?!h+$|m+$|s+$)\w+ ?\d*", re.IGNORECASE
)  # fmt: skip
COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
FIGURE = re.compile(r"[#?0]+(?:,[#?0]+)*(?:\.([#?0]*))?|\.([#?0]+)|general|@", re.IGNORECASE)
FREE = re.compile(r"[^\w%/?#.,@]|[\u2e80-\uffef]")  # what a format may show without quoting it
QUOTED = "\ue000"
LONGEST = 255  # letters of a format, as Excel takes it
PLACES = 12  # behind the point; more than a number holds that is stored in binary


class FormatSection(NamedTuple):
    """A part of a format: the words on both sides of the figure, its pattern, whether they have no colour."""

    before: str
    figure: str
    after: str
    unpainted: bool
    test: str = ""
    than: Decimal = Decimal(0)


def displayed(stored: str, code: str, *, text: bool = False) -> str | None:
    """What a cell shows of what it stores; None for a format of which only a spreadsheet can tell."""
    parts = _sections(code)
    if None in parts:
        return None
    known = [part for part in parts if part]
    if text:
        worded = known[3] if len(known) > 3 else known[0] if known[0].figure == "@" else None
        return stored if worded is None else _filled(worded, stored if worded.figure == "@" else "")
    number = Decimal(stored)
    if any(part.test for part in known):
        holds = (part for part in known if not part.test or COMPARED[part.test](number, part.than))
        return _written(next(holds, known[-1]), number, "-" if number < 0 else "")
    if len(known) == 1:
        return _written(known[0], number, "-" if number < 0 else "")
    nothing = known[2] if len(known) > 2 else known[0]
    return _written(known[0] if number > 0 else known[1] if number < 0 else nothing, number, "")


@lru_cache(maxsize=200)
def _sections(code: str) -> tuple[FormatSection | None, ...]:
    """The parts of a format, for more than nothing, less, nothing, and texts; None for one beyond us."""
    if len(code) > LONGEST:
        return (None,)
    ends = [found for found in SECTION.finditer(code) if found.start() == 0 or code[found.start() - 1] == ";"]
    return tuple(_section(found[0]) for found in ends)


def _section(code: str) -> FormatSection | None:
    words = bare = ""
    unpainted, test, than = False, "", Decimal(0)
    for quoted, sign, rule, free in TOKEN.findall(code):
        if rule:
            known = RULE.fullmatch(rule)
            if not known:
                return None  # hours that are counted on
            if known["test"]:
                test, than = known["test"], Decimal(known["than"])
            unpainted |= bool(known["white"])
        said = quoted or sign or free or (known["money"] or "" if rule and known else "")
        words, bare = words + said, bare + (free or QUOTED * len(said))
    figures = list(FIGURE.finditer(bare))
    start, end = figures[0].span() if figures else (len(bare), len(bare))
    others = (bare[:start] + bare[end:]).replace(QUOTED, "")
    if len(figures) > 1 or not all(map(FREE.fullmatch, others)):
        return None
    return FormatSection(words[:start], bare[start:end], words[end:], unpainted, test, than)


def _written(part: FormatSection, number: Decimal, sign: str) -> str:
    """A number in its section; what rounds to nothing is blank where no 0 asks for it."""
    found = FIGURE.fullmatch(part.figure)
    if not found or part.figure == "@" or part.figure.lower() == "general":
        return _filled(part, f"{sign}{abs(number):f}" if found else "")
    places = (found[1] or found[2] or "")[:PLACES]
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    digits = str(rounded) if rounded or "0" in part.figure else ""
    if places and not places.strip("#?"):
        digits = digits.rstrip("0").rstrip(".")
    return _filled(part, sign + digits if digits else "")


def _filled(part: FormatSection, figure: str) -> str:
    return "" if part.unpainted else f"{part.before}{figure}{part.after}".strip()
