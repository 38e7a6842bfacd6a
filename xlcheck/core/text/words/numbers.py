"""The figures of a Chinese text: what each says, where it stands, and of which year it speaks.

The text is laid out once, half-width, simplified and without spaces, so that a word broken by a line
is one word again; every place is kept, and handed back as it lies in the text as written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from xlcheck.data import Pattern
from xlcheck.data.patterns import ahead
from xlcheck.data.text import FigureParts, FigureWriting, TextSigns

Roughness = Literal["", "over", "under", "near", "most"]


class Figure(NamedTuple):
    """A stated figure at ``start:end``. ``prior`` is one of another year, or a change against it.

    ``about`` is what a word of absence speaks of (未收到…), whose figure is 0;
    ``year`` is the year named for it, ``bound`` whether more or less is meant (余, 不足).
    """

    start: int
    end: int
    value: Decimal
    unit: str
    exact: bool = True
    prior: bool = False
    year: int | None = None
    about: str = ""
    bound: Roughness = ""


class Sentence(NamedTuple):
    """A stretch between full stops; ``paragraph`` counts the numbered heads before it.

    ``point`` is the place of a numbered point in the list that a colon opened; 0 of what is none.
    """

    start: int
    end: int
    paragraph: int
    figures: tuple[Figure, ...]
    point: int = 0


class LaidOutText(NamedTuple):
    """A text laid out: its ``words``, where each stood (``at``), its sentences with their figures."""

    words: str
    at: Sequence[int]
    sentences: tuple[Sentence, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as written."""
        return self.at[start], self.at[end - 1] + 1


class Numerals(NamedTuple):
    """How figures are written: the letters as laid out, digits and signs, and the scan that finds all."""

    widths: Mapping[str, str]
    digits: Mapping[str, int]
    places: Mapping[str, int]
    scan: Pattern
    headline: Pattern
    bullet: Pattern
    columns: Pattern
    clause_ends: str
    signs: TextSigns
    heads: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    bounds: tuple[tuple[Roughness, tuple[str, ...]], ...] = ()  # the first whose word stands there holds


def numerals(how: FigureWriting) -> Numerals:
    """Put together what data/text.toml has in parts; once a process."""
    widths = {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}
    blanks = (*range(0x20), 0x7F, 0xA0, 0x3000, 0xFEFF, *range(0x2000, 0x2010))
    widths |= dict.fromkeys(map(chr, blanks), " ")
    widths |= dict(zip(how.traditional, how.simplified, strict=True))
    named = "|".join(f"(?P<{name}>{pattern})" for name, pattern in how.scan.items() if name != "none")
    none = f"(?P<none>{how.scan['none']})(?P<about>{how.figure.reach})"
    scan = re.compile(ahead(f"{named}|{none}|{_figure_pattern(how, how.figure)}"))
    parts = how.figure
    return Numerals(
        widths,
        how.digits,
        how.places,
        scan,
        how.headline,
        how.bullet,
        how.columns,
        how.figure.clause_ends,
        how.signs,
        how.figure.heads,
        how.figure.carried,
        (("most", parts.most), ("over", parts.over), ("near", parts.near), ("under", parts.under)),
    )


def _figure_pattern(how: FigureWriting, parts: FigureParts) -> str:
    chinese = "".join((*how.digits, *how.places))
    unit = "|".join(sorted(map(re.escape, how.units), key=len, reverse=True))
    return (
        rf"(?P<zero>{parts.bare_zero})|(?P<before>{parts.before})?"
        rf"(?:(?P<arabic>{parts.arabic})|(?P<chinese>[{chinese}]{{1,12}}))"
        rf"(?P<scale>{parts.scale})(?P<after>{parts.after})?(?P<big>{parts.big})?"
        rf"(?P<unit>{unit})?(?P<tail>{parts.tail})?"
    )


def find_figures(text: str, how: Numerals) -> tuple[Figure, ...]:
    """Every stated figure of a text, in order, with its place in the text as written.

    No figures are numbered heads, dates, document and telephone numbers, articles, titles in 《》.
    """
    reading = lay_out(text, how)
    found = (f for s in reading.sentences for f in s.figures)
    return tuple(f._replace(start=a, end=b) for f in found for a, b in [reading.place(f.start, f.end)])


def lay_out(text: str, how: Numerals) -> LaidOutText:
    """Lay a text out and read its sentences; time is linear in its length."""
    parted = how.columns.sub(lambda m: how.signs.stop.ljust(len(m[0])), text)
    if "\n" in parted:
        parted = how.headline.sub(lambda m: m[0][:-1] + how.signs.stop, parted)
    even = how.bullet.sub(lambda m: m[0][:-1] + how.signs.item, parted)
    for char in {*parted}.intersection(how.widths):  # few of them: faster than str.translate
        even = even.replace(char, how.widths[char])
    at = [n for n, char in enumerate(even) if char != " "] if " " in even else range(len(even))
    words = even.replace(" ", "")
    return LaidOutText(words, at, tuple(_Scan(words, how).sentences()))


class _Scan:
    """One pass over the words: where sentences end, and which year is spoken of meanwhile."""

    def __init__(self, words: str, how: Numerals) -> None:
        self.words, self.how = words, how
        self.start = self.paragraph = 0
        self.points = self.point = 0  # of the list that goes on; of it, which begins the sentence
        self.year: int | None = None
        self.year_at = -1  # where it was named
        self.span = False  # whether it is the first of several: 2018 年到 2019 年
        self.year_ends = -1  # where a year that only describes something ends (2019 年修订的)
        self.prior: int | None = None  # where the word of another year ended
        self.outside: list[tuple[int | None, int, int | None]] = []
        self.found: list[Figure] = []

    def sentences(self) -> Iterator[Sentence]:
        position, size = 0, len(self.words)
        while match := self.how.scan.search(self.words, position):
            position = match.end()
            kind = _EVENTS.get(match.lastgroup or "", "number")
            if kind in ("head", "point", "stop"):
                yield from self._end(match.start())
                self.start = match.end() if kind == "stop" else self.start
                self.point = self._point(match) if kind == "head" else 0
                self.paragraph += kind == "head" and not self.point
            elif kind == "none":
                position = self._absence(match)
            else:
                self._event(kind, match)
        yield from self._end(size)

    def _point(self, head: re.Match[str]) -> int:
        """Which point of the list that a colon opened a number is: 申请 10 件：1.网络 5 件。2.来信 5 件."""
        opened = self.points or self.words.endswith(":", 0, head.start())
        self.points = self.points + 1 if opened and head[0][0].isdigit() else 0
        return self.points

    def _end(self, at: int) -> Iterator[Sentence]:
        if at > self.start:
            yield Sentence(self.start, at, self.paragraph, tuple(self.found), self.point)
        self.start, self.found = at, []
        self.year, self.year_ends, self.prior, self.outside = None, -1, None, []

    def _event(self, kind: str, match: re.Match[str]) -> None:
        match kind:
            case "now":
                # 由 2023 年的 56 件上升到: the year was that of what it rose from.
                named = self.span or (self.prior is not None and self.year_at >= self.prior)
                self.year = None if self.prior is not None and named else self.year
                self.prior = None
            case "ours":
                self.year = self.prior = None
            case "prior":
                self.prior = match.end()
            case "year":
                self.year, self.year_ends = self._year(match[0][:4]), self._only_here(match)
                self.year_at, self.span = match.start(), len(match[0]) > YEAR
            case "open":
                self.outside.append((self.year, self.year_ends, self.prior))
            case "close":
                before = (self.year, self.year_ends, None)
                self.year, self.year_ends, self.prior = self.outside.pop() if self.outside else before
            case "number":
                self.found.extend(self._figure(match))

    def _year(self, text: str) -> int:
        return int("".join(str(self.how.digits.get(c, c)) for c in text))

    def _absence(self, match: re.Match[str]) -> int:
        """A word of absence is the figure 0, unless a figure follows it (没有 1 件超期)."""
        inside = next((m for m in self.how.scan.finditer(match["about"]) if _is_number(m)), None)
        if inside is None:
            zero = Decimal(0)
            figure = Figure(
                *match.span(),
                zero,
                "",
                True,
                self._prior(match),
                self._year_at(match.start()),
                match["about"],
            )
            self.found.append(figure)
            return match.end()
        return match.end("none")

    def _prior(self, match: re.Match[str]) -> bool:
        """Whether a word of another year stands in the figure's own clause."""
        if self.prior is None:
            return False
        return self._in_one_clause(self.prior, match.start())

    def _in_one_clause(self, start: int, end: int) -> bool:
        """Whether no sign stands between but a colon right before the figure: 上年：36 件."""
        return set(self.how.clause_ends).isdisjoint(self.words[start:end].removesuffix(":"))

    def _only_here(self, match: re.Match[str]) -> int:
        """The end of a year that holds for its own clause alone: not at its head, or only carried from."""
        heads = match.start() in (0, self.start) or self.words.endswith(self.how.heads, 0, match.start())
        carried = self.words.startswith(self.how.carried, match.end())
        return -1 if heads and not carried else match.end()

    def _year_at(self, start: int) -> int | None:
        return self.year if self.year_ends < 0 or self._in_one_clause(self.year_ends, start) else None

    def _figure(self, match: re.Match[str]) -> Iterator[Figure]:
        if match["zero"]:
            yield Figure(
                *match.span(), Decimal(0), "", True, self._prior(match), self._year_at(match.start())
            )
            return
        if match["chinese"] and not match["unit"]:
            return
        value = value_of(match["arabic"] or match["chinese"], self.how)
        for place in (match["scale"] or "") + (match["big"] or ""):
            # Shifted, not multiplied: 1.54 万 keeps that its last digit is of hundreds.
            value = value.scaleb(Decimal(self.how.places[place]).adjusted())
        about = (match["before"], match["after"], match["tail"])
        start = match.start("arabic") if match["arabic"] else match.start("chinese")
        yield Figure(
            start,
            match.end(),
            value,
            match["unit"] or "",
            not any(about),
            self._prior(match),
            self._year_at(match.start()),
            bound=self._bound(about),
        )

    def _bound(self, words: tuple[str | None, ...]) -> Roughness:
        if not any(words):
            return ""
        return next((bound for bound, these in self.how.bounds if any(w in these for w in words)), "")


YEAR = 4  # letters of a year
# The group of the scan that closed last names what was found; the parts of a figure are the rest.
_WORDS = ("head", "point", "stop", "open", "close", "skip", "ours", "year", "prior", "now")
_EVENTS = {word: word for word in _WORDS} | {"about": "none"}


def _is_number(match: re.Match[str]) -> bool:
    return bool(match["arabic"] or (match["chinese"] and match["unit"]))


def rounded(value: Decimal) -> Decimal:
    """Half of the last digit said: 12.5 is 12.46 too, and 1.54 万 is 15420; 12 is 12 alone."""
    exponent = int(value.as_tuple().exponent)
    last = exponent if exponent > 0 else int(value.normalize().as_tuple().exponent)
    return Decimal(5).scaleb(last - 1) if value and (exponent > 0 or last < 0) else Decimal(0)


def value_of(text: str, how: Numerals) -> Decimal:
    """Read a numeral: 1,234 · 3.5 · 十二 · 两百零三 · 一千二 · 二〇二三."""
    if text[0].isdecimal():  # also of another script
        return Decimal(text.replace(",", ""))
    if not any(c in how.places for c in text):
        return Decimal("".join(str(how.digits[c]) for c in text))
    total = section = digit = 0
    last = 1
    for char in text:
        if char in how.digits:
            digit, last = how.digits[char], 1 if how.digits[char] == 0 else last
            continue
        place = how.places[char]
        if place >= 10_000:
            total, section = (total + section + digit) * place, 0
        else:
            section += (digit or 1) * place
        digit, last = 0, place
    return Decimal(total + section + digit * max(1, last // 10))
