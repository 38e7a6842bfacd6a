"""A cell's formula as a spreadsheet stores it, made into what works it out.

Only what our workbooks use is understood; of a formula that uses anything else we say nothing. Formulas that
differ only in the cells they name, as those of a column do, are read once.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from xlcheck.core.cell_functions import (
    FUNCTIONS,
    RANGES,
    SIGNS,
    CellError,
    FormulaFails,
    Unknown,
    as_number,
    as_truth,
)
from xlcheck.core.cell_places import NAMED, NOTHING, AreaValues, CellArea, FormulaPlace, Offset, place_named

PlaceValues = tuple[Any, ...]  # what stands in the places that a formula names, in their order
Work = Callable[[PlaceValues], Any]

CO_VARARGS = 4  # a function's flag, as the module inspect has it
KEPT = 8192  # formulas remembered: a workbook of ours has 2,000, and the next one has the same
KNOWN = 8192  # results remembered: what came of the same values, in this workbook or another
REPEATED = ("COUNTIF", "MATCH", "SUMPRODUCT")  # functions that many formulas ask the same of
LONGEST = 8192  # letters of a formula, as Excel takes it
TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*") | (?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?)
      | (?P<call>(?:_xlfn\.)?[A-Za-z][A-Za-z0-9.]*)\(
      | (?P<place>\{[0-9]+:?\})
      | (?P<truth>TRUE|FALSE)\b
      | (?P<sign><>|<=|>=|[-+*/&=<>(),])) \s*""",
    re.VERBOSE,
)
PLACE = re.compile(r"\{([0-9]+)(:?)\}")  # where a formula names a cell; with a colon, an area
CALL = re.compile(r"[A-Za-z.]\(")
NUMBERED = re.compile(rf"""("(?:[^"]|"")*")|{PLACE.pattern}""")


class CellFormula(NamedTuple):
    """What works a formula out of what stands in the places that it names."""

    work: Work
    places: tuple[FormulaPlace, ...]


@lru_cache(KEPT)
def cell_formula(text: str, sheet: str, shift: Offset = Offset()) -> CellFormula | None:  # noqa: B008
    """How a formula of a sheet is worked out, or None where it uses what is not understood."""
    if len(text) > LONGEST:
        return None
    places: dict[FormulaPlace, int] = {}

    def number(found: re.Match[str]) -> str:
        if found["text"]:
            return found[0]
        if not found["ref"]:
            raise Unknown
        place = place_named(found["asked"] or "", found["ref"], sheet, shift)
        return f"{{{places.setdefault(place, len(places))}{':' if isinstance(place, CellArea) else ''}}}"

    try:
        return CellFormula(_work(NAMED.sub(number, text)), tuple(places))
    except (Unknown, RecursionError):
        return None


def result_of(work: Work, values: PlaceValues) -> Any:
    """What a formula comes to; an error is a value too. Raises Unknown."""
    return _result(work, values, tuple(map(type, values)))


@lru_cache(KNOWN)
def _result(work: Work, values: PlaceValues, kinds: tuple[type, ...]) -> Any:
    """``kinds`` tell true from 1, which are equal in Python."""
    try:
        value = work(values)
    except FormulaFails as failing:
        return failing.error
    except RecursionError:
        raise Unknown from None
    if value.__class__ is list:
        raise Unknown
    return value


@lru_cache(KEPT // 4)
def _work(text: str) -> Work:
    """What works a formula out whose cells are numbered. Raises Unknown."""
    reader = _FormulaReader(text)
    work = reader.expression(0)
    if not reader.done():
        raise Unknown
    return work


class _FormulaReader:
    """Reads a formula from left to right; ``token`` is what comes next."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens = text, _tokens(text)
        self.step()

    def step(self) -> None:
        self.token = next(self.tokens)

    def done(self) -> bool:
        return self.token is None

    def sign(self) -> str:
        return self.token["sign"] or "" if self.token else ""

    def take(self, sign: str) -> None:
        if self.sign() != sign:
            raise Unknown
        self.step()

    def expression(self, least: int) -> Work:
        """An operand and the signs after it that bind more strongly than ``least``."""
        left = self.operand()
        while (found := SIGNS.get(self.sign())) and found[0] > least:
            self.step()
            left = _signed(found[1], left, self.expression(found[0]))
        return left

    def operand(self) -> Work:
        token = self.token
        if token is None:
            raise Unknown
        self.step()
        match token.lastgroup:
            case "text":
                return _constant(token["text"][1:-1].replace('""', '"'))
            case "number":
                return _constant(float(token["number"]))
            case "truth":
                return _constant(token["truth"] == "TRUE")
            case "call":
                return self.call(token["call"].upper(), token.start())
            case "place":
                return _named(token["place"])
        if token["sign"] == "-":
            return _signed(SIGNS["-"][1], _constant(0.0), self.operand())
        if token["sign"] != "(":
            raise Unknown
        inner, start, end = self.expression(0), token.start(), self.token and self.token.end()
        self.take(")")
        return _one_by_one(self.text[start:end], inner)

    def call(self, name: str, start: int) -> Work:
        args: list[Work] = []
        while self.sign() != ")":
            if args:
                self.take(",")
            args.append(self.expression(0))
        end = self.token.end() if self.token else 0
        self.step()
        work = _called(name, args)
        whole = end - start == len(self.text)
        return _shared(self.text[start:end]) if name in REPEATED and not whole else work


def _tokens(text: str) -> Iterator[re.Match[str] | None]:
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise Unknown
        yield found
        at = found.end()
    while True:
        yield None


def _constant(value: Any) -> Work:
    def constant(values: PlaceValues) -> Any:
        return value

    constant.constant = value  # type: ignore[attr-defined]
    return constant


def _named(place: str) -> Work:
    """What stands in a place that a formula names."""
    number, many = PLACE.fullmatch(place).groups()  # type: ignore[union-attr]
    at = int(number)

    def cell(values: PlaceValues) -> Any:
        found = values[at]
        if found.__class__ is CellError:
            raise FormulaFails(found)
        if found is NOTHING:
            raise Unknown
        return found

    def area(values: PlaceValues) -> Any:
        found = cell(values)
        return found.values if found.__class__ is AreaValues else found

    work = area if many else cell
    work.at = at  # type: ignore[attr-defined]
    return work


def _shared(text: str) -> Work:
    """A part that stands in many formulas: its places are numbered anew, so that it is the same in all."""
    part, of = _numbered_anew(text)
    work = _work(part)

    def value(values: PlaceValues) -> Any:
        mine = tuple([values[n] for n in of])
        found = _result(work, mine, tuple(map(type, mine)))
        if found.__class__ is CellError:
            raise FormulaFails(found)
        return found

    return value


def _one_by_one(text: str, inner: Work) -> Work:
    """Something in brackets; what asks the same of every cell of an area is asked once of equal ones."""
    part, of = _numbered_anew(text)
    if len(of) != 1 or "{0}" in part or CALL.search(part):
        return inner
    (at,), work = of, _work(part.replace("{0:}", "{0}"))

    def value(values: PlaceValues) -> Any:
        area = values[at]
        if area.__class__ is not AreaValues or area.mixed:
            return inner(values)
        return _of_each(work, area)

    return value


@lru_cache(KNOWN // 4)
def _of_each(work: Work, area: AreaValues) -> list[Any]:
    found = {value: work((value,)) for value in dict.fromkeys(area.values)}
    return [*map(found.__getitem__, area.values)]


def _numbered_anew(text: str) -> tuple[str, tuple[int, ...]]:
    """A part of a formula with places numbered from its own beginning, and those they were."""
    places: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return found[1] or f"{{{places.setdefault(found[2], len(places))}{found[3]}}}"

    part = NUMBERED.sub(number, text.strip())
    return part, tuple(map(int, places))


def _signed(sign: Callable[[Any, Any], Any], left: Work, right: Work) -> Work:
    if hasattr(right, "constant"):
        value = right.constant
        return lambda values: sign(left(values), value)
    return lambda values: sign(left(values), right(values))


def _called(name: str, args: list[Work]) -> Work:
    match name, args:
        case "IF", [test, yes]:
            return lambda values: yes(values) if as_truth(test(values)) else False
        case "IF", [test, yes, no]:
            return _if(test, yes, no)
        case "IFERROR", [one, other]:
            return _if_error(one, other)
        case (("ISERROR" | "ISNUMBER" | "ISTEXT" | "ISBLANK" | "ISLOGICAL"), [one]):
            return _asked(FUNCTIONS[name], one)
    if name in RANGES:
        return _of_ranges(RANGES[name], args)
    function = FUNCTIONS.get(name)
    if function is None or not _takes(function, len(args)):
        raise Unknown
    match args:
        case [one]:
            return lambda values: function(one(values))
        case [one, other]:
            return lambda values: function(one(values), other(values))
    return lambda values: function(*[arg(values) for arg in args])


def _takes(function: Callable[..., Any], count: int) -> bool:
    """Whether a function may be asked about so many arguments."""
    code, left_out = function.__code__, len(function.__defaults__ or ())
    many = bool(code.co_flags & CO_VARARGS)
    return code.co_argcount - left_out <= count and (many or count <= code.co_argcount)


def _of_ranges(function: Callable[[list[Any]], Any], args: list[Work]) -> Work:
    """Of cells only the figures count; a value worked out on the way is taken as a figure."""
    places = [(arg, getattr(arg, "at", None)) for arg in args]

    def worked_out(values: PlaceValues) -> Any:
        found: list[Any] = []
        for arg, at in places:
            value = arg(values) if at is None else values[at]
            if value is NOTHING:
                raise Unknown
            if value.__class__ is AreaValues:
                value = value.values
            if value.__class__ is list:
                found += value
            else:
                found.append(as_number(value) if at is None else value)
        return function(found)

    return worked_out


def _if(test: Work, yes: Work, no: Work) -> Work:
    def value(values: PlaceValues) -> Any:
        found = test(values)
        return yes(values) if found is True or (found is not False and as_truth(found)) else no(values)

    return value


def _if_error(one: Work, other: Work) -> Work:
    def value(values: PlaceValues) -> Any:
        try:
            return one(values)
        except FormulaFails:
            return other(values)

    return value


def _asked(question: Callable[[Any], Any], one: Work) -> Work:
    """Of what kind a value is can be asked of an error too."""

    def answer(values: PlaceValues) -> Any:
        try:
            return question(one(values))
        except FormulaFails as failing:
            return question(failing.error)

    return answer
