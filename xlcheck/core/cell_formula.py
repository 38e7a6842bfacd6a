"""A cell's formula as a spreadsheet stores it, made into what works it out.

Only what our workbooks use is understood; of a formula that uses anything else we say nothing. Formulas that
differ only in the cells they name, as those of a column do, are read once.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from xlcheck.core.cell_functions import FUNCTIONS, RANGES, SIGNS, CellError, Unknown, as_number, as_truth
from xlcheck.core.grid import a1, column

Key = tuple[str, str]  # a sheet and an address
Values = tuple[Any, ...]  # what stands in the places that a formula names, in their order
Work = Callable[[Values], Any]

ROW = "ROW"
CO_VARARGS = 4  # a function's flag, as the module inspect has it
KEPT = 8192  # formulas remembered: a workbook of ours has 2,000, and the next one has the same
KNOWN = 16_384  # results remembered: what came of the same values, in this workbook or another
REPEATED = ("COUNTIF", "MATCH", "SUMPRODUCT")  # functions that many formulas ask the same of
MOST = 10_000  # cells of a range
LONGEST = 8192  # letters of a formula, as Excel takes it
NAMED = re.compile(  # what a formula names: cells, and what it asks of a cell's place, not of its value
    r"""(?P<text>"(?:[^"]|"")*") | \{
      | (?<![\w.$:])(?:(?P<asked>_xlfn\.ISFORMULA|ROW)\(\s*)?
        (?P<ref>(?:(?:'(?:[^']|'')+'|[^\s"'(),=<>&+\-*/:!{]+)!)?
          \$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?)(?![\w(!:])
        (?(asked)\s*\))""",
    re.VERBOSE,
)
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
CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")


class Offset(NamedTuple):
    """By how much a formula that several cells share is moved to the cell at hand."""

    rows: int = 0
    cols: int = 0


class Area(NamedTuple):
    """Cells that a formula names together, or asks of where they stand: ``asked`` is the function."""

    asked: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def keys(self) -> tuple[Key, ...]:
        cols = range(self.left, self.right + 1)
        return tuple((self.sheet, a1(r, c)) for r in range(self.top, self.bottom + 1) for c in cols)

    def answer(self, formulas: Container[Key]) -> Any:
        """What is asked of where the cells stand: the numbers of their rows, or whether a formula is there."""
        if self.asked != ROW:
            return (self.sheet, a1(self.top, self.left)) in formulas
        rows = [float(row) for row in range(self.top, self.bottom + 1) for _ in range(self.left, self.right + 1)]
        return area_values(rows) if len(rows) > 1 else rows[0]


Place = Key | Area


class AreaValues:
    """What stands in an area; two areas that hold the same have the same of these, so that it can be known."""

    def __init__(self, values: list[Any], *, mixed: bool) -> None:
        self.values = values
        self.mixed = mixed  # holds figures and truths, which are equal in Python


class CellFormula(NamedTuple):
    """What works a formula out of what stands in the places that it names."""

    work: Work
    places: tuple[Place, ...]


class _Nothing:
    """What stands in a cell of which nothing is known."""


NOTHING = _Nothing()


@lru_cache(KEPT)
def cell_formula(text: str, sheet: str, shift: Offset = Offset()) -> CellFormula | None:  # noqa: B008
    """How a formula of a sheet is worked out, or None where it uses what is not understood."""
    if len(text) > LONGEST:
        return None
    places: dict[Place, int] = {}

    def number(found: re.Match[str]) -> str:
        if found["text"]:
            return found[0]
        if not found["ref"]:
            raise Unknown
        place = _place(found["asked"] or "", found["ref"], sheet, shift)
        return f"{{{places.setdefault(place, len(places))}{':' if isinstance(place, Area) else ''}}}"

    try:
        return CellFormula(_work(NAMED.sub(number, text)), tuple(places))
    except (Unknown, RecursionError):
        return None


def result_of(work: Work, values: Values) -> Any:
    """What a formula comes to; an error is a value too. Raises Unknown."""
    return _result(work, values, tuple(map(type, values)))


@lru_cache(KNOWN)
def _result(work: Work, values: Values, kinds: tuple[type, ...]) -> Any:
    """``kinds`` tell true from 1, which are equal in Python."""
    try:
        value = work(values)
    except CellError as fault:
        return fault
    except RecursionError:
        raise Unknown from None
    if value.__class__ is list:
        raise Unknown
    return value


def area_values(values: Sequence[Any]) -> AreaValues:
    """The values of an area, as the one thing that stands for them."""
    return _area_values(tuple(values), tuple(map(type, values)))


@lru_cache(KNOWN // 4)
def _area_values(values: Values, kinds: tuple[type, ...]) -> AreaValues:
    return AreaValues([*values], mixed={float, bool} <= {*kinds})


@lru_cache(KEPT)
def _place(asked: str, ref: str, sheet: str, shift: Offset) -> Place:
    """The cell or the area that a formula of a sheet names; many name the same. Raises Unknown."""
    named, _, corners = ref.rpartition("!")
    quoted = named.startswith("'")
    sheet = named[1:-1].replace("''", "'") if quoted else named or sheet
    (top, left), *more = (_corner(each, shift) for each in corners.split(":"))
    if not more and not asked:
        return sheet, a1(top, left)
    bottom, right = more[0] if more else (top, left)
    area = Area(asked, sheet, top, left, bottom, right)
    if not 0 < area.size <= MOST:
        raise Unknown
    return area


def _corner(address: str, shift: Offset) -> tuple[int, int]:
    fixed_col, letters, fixed_row, digits = CORNER.fullmatch(address).groups()  # type: ignore[union-attr]
    row = int(digits) + (0 if fixed_row else shift.rows)
    col = column(letters.upper()) + (0 if fixed_col else shift.cols)
    if row < 1 or col < 1:
        raise Unknown
    return row, col


@lru_cache(KEPT)
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
    def constant(values: Values) -> Any:
        return value

    constant.constant = value  # type: ignore[attr-defined]
    return constant


def _named(place: str) -> Work:
    """What stands in a place that a formula names."""
    number, many = PLACE.fullmatch(place).groups()  # type: ignore[union-attr]
    at = int(number)

    def cell(values: Values) -> Any:
        found = values[at]
        if found.__class__ is CellError:
            raise found
        if found is NOTHING:
            raise Unknown
        return found

    def area(values: Values) -> Any:
        found = cell(values)
        return found.values if found.__class__ is AreaValues else found

    work = area if many else cell
    work.at = at  # type: ignore[attr-defined]
    return work


def _shared(text: str) -> Work:
    """A part that stands in many formulas: its places are numbered anew, so that it is the same in all."""
    part, of = _numbered_anew(text)
    work = _work(part)

    def value(values: Values) -> Any:
        mine = tuple([values[n] for n in of])
        found = _result(work, mine, tuple(map(type, mine)))
        if found.__class__ is CellError:
            raise found
        return found

    return value


def _one_by_one(text: str, inner: Work) -> Work:
    """Something in brackets; what asks the same of every cell of an area is asked once of equal ones."""
    part, of = _numbered_anew(text)
    if len(of) != 1 or "{0}" in part or CALL.search(part):
        return inner
    (at,), work = of, _work(part.replace("{0:}", "{0}"))

    def value(values: Values) -> Any:
        area = values[at]
        if area.__class__ is not AreaValues or area.mixed:
            return inner(values)
        return _of_each(work, area)

    return value


@lru_cache(KNOWN // 4)
def _of_each(work: Work, area: AreaValues) -> list[Any]:
    found = {value: work((value,)) for value in {*area.values}}
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

    def worked_out(values: Values) -> Any:
        found: list[Any] = []
        for arg, at in places:
            value = arg(values) if at is None else values[at]
            if value.__class__ is list or value.__class__ is AreaValues:
                found += value if at is None else value.values
            elif value is NOTHING:
                raise Unknown
            else:
                found.append(as_number(value) if at is None else value)
        return function(found)

    return worked_out


def _if(test: Work, yes: Work, no: Work) -> Work:
    def value(values: Values) -> Any:
        found = test(values)
        return yes(values) if found is True or (found is not False and as_truth(found)) else no(values)

    return value


def _if_error(one: Work, other: Work) -> Work:
    def value(values: Values) -> Any:
        try:
            return one(values)
        except CellError:
            return other(values)

    return value


def _asked(question: Callable[[Any], Any], one: Work) -> Work:
    """Of what kind a value is can be asked of an error too."""

    def answer(values: Values) -> Any:
        try:
            return question(one(values))
        except CellError as fault:
            return question(fault)

    return answer
