"""A cell's formula as a spreadsheet stores it, made into what works it out.

Only what our workbooks use is understood; of a formula that uses anything else we say nothing.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from xlcheck.core.cell_functions import FUNCTIONS, RANGES, SIGNS, CellError, Unknown, as_number, as_truth
from xlcheck.core.grid import a1, column

Key = tuple[str, str]  # a sheet and an address


class CellValues(Protocol):
    """What gives the value of a cell, and those of a range. Raises Unknown."""

    values: dict[Key, Any]  # those known by now
    formulas: Mapping[Key, Any]
    parts: dict[Hashable, Any]  # what parts of formulas come to that stand in many

    def __call__(self, key: Key, /) -> Any: ...
    def range(self, keys: tuple[Key, ...], /) -> list[Any]: ...


Work = Callable[[CellValues], Any]

CO_VARARGS = 4  # a function's flag, as the module inspect has it
KEPT = 8192  # formulas remembered: a workbook of ours has 2,000, and the next one has the same
REPEATED = ("AND", "COUNTIF", "MATCH", "SUMPRODUCT")  # functions that many formulas ask the same of
MOST = 10_000  # cells of a range
LONGEST = 8192  # letters of a formula, as Excel takes it
TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*") | (?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?)
      | (?P<call>(?:_xlfn\.)?[A-Za-z][A-Za-z0-9.]*)\(
      | (?P<ref>(?:'(?P<quoted>(?:[^']|'')+)'!|(?P<bare>[^\s"'(),=<>&+\-*/:!]+)!)?
          (?P<first>\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(?P<last>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?(?![\w(!:]))
      | (?P<truth>TRUE|FALSE)\b
      | (?P<sign><>|<=|>=|[-+*/&=<>(),])) \s*""",
    re.VERBOSE,
)
PLACE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")


class Offset(NamedTuple):
    """By how much a formula that several cells share is moved to the cell at hand."""

    rows: int = 0
    cols: int = 0


@lru_cache(KEPT)
def cell_formula(text: str, sheet: str, shift: Offset = Offset()) -> Work | None:  # noqa: B008
    """What works a formula of a sheet out, or None where it uses what is not understood."""
    if len(text) > LONGEST:
        return None
    try:
        parser = _FormulaReader(text, sheet, shift)
        work = parser.expression(0)
        return work if parser.done() else None
    except (Unknown, RecursionError):
        return None


class _FormulaReader:
    """Reads a formula from left to right; ``token`` is what comes next."""

    def __init__(self, text: str, sheet: str, shift: Offset) -> None:
        self.text, self.sheet, self.shift = text, sheet, shift
        self.tokens = _tokens(text)
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
            case "ref":
                return self.reference(token)
        if token["sign"] == "-":
            return _signed(SIGNS["-"][1], _constant(0.0), self.operand())
        if token["sign"] != "(":
            raise Unknown
        inner = self.expression(0)
        self.take(")")
        return inner

    def call(self, name: str, start: int) -> Work:
        args: list[Work] = []
        while self.sign() != ")":
            if args:
                self.take(",")
            args.append(self.expression(0))
        end = self.token.end() if self.token else 0
        self.step()
        work = _called(name, args)
        part = _part(self.sheet, self.shift, self.text[start:end])
        return _once(part, work) if name in REPEATED else work

    def reference(self, token: re.Match[str]) -> Work:
        sheet = token["bare"] or (token["quoted"] or self.sheet).replace("''", "'")
        row, col = self.place(token["first"])
        if not token["last"]:
            return _cell((sheet, a1(row, col)))
        bottom, right = self.place(token["last"])
        if not 0 < (bottom - row + 1) * (right - col + 1) <= MOST:
            raise Unknown
        return _range(_keys(sheet, row, col, bottom, right))

    def place(self, address: str) -> tuple[int, int]:
        fixed_col, letters, fixed_row, digits = PLACE.fullmatch(address).groups()  # type: ignore[union-attr]
        row = int(digits) + (0 if fixed_row else self.shift.rows)
        col = column(letters.upper()) + (0 if fixed_col else self.shift.cols)
        if row < 1 or col < 1:
            raise Unknown
        return row, col


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
    def constant(look: CellValues) -> Any:
        return value

    constant.constant = value  # type: ignore[attr-defined]
    return constant


def _cell(key: Key) -> Work:
    def value(look: CellValues) -> Any:
        try:  # most cells were asked for before, and a call costs more than looking
            found = look.values[key]
        except KeyError:
            found = look(key)
        if found.__class__ is CellError:
            raise found
        return found

    value.keys = (key,)  # type: ignore[attr-defined]
    return value


@lru_cache(KEPT)
def _keys(sheet: str, top: int, left: int, bottom: int, right: int) -> tuple[Key, ...]:
    """The cells of a range; many formulas name the same."""
    return tuple((sheet, a1(r, c)) for r in range(top, bottom + 1) for c in range(left, right + 1))


def _range(keys: tuple[Key, ...]) -> Work:
    def values(look: CellValues) -> Any:
        return look.range(keys)

    values.keys = keys  # type: ignore[attr-defined]
    return values


def _signed(sign: Callable[[Any, Any], Any], left: Work, right: Work) -> Work:
    if hasattr(right, "constant"):
        value = right.constant
        return lambda look: sign(left(look), value)
    return lambda look: sign(left(look), right(look))


def _called(name: str, args: list[Work]) -> Work:
    match name, args:
        case "IF", [test, yes]:
            return lambda look: yes(look) if as_truth(test(look)) else False
        case "IF", [test, yes, no]:
            return _if(test, yes, no)
        case "IFERROR", [one, other]:
            return _if_error(one, other)
        case "ROW", [one] if hasattr(one, "keys"):
            return _constant(_rows(one.keys))
        case "_XLFN.ISFORMULA", [one] if hasattr(one, "keys"):
            return _is_formula(one.keys[0])
        case (("ISERROR" | "ISNUMBER" | "ISTEXT" | "ISBLANK" | "ISLOGICAL"), [one]):
            return _asked(FUNCTIONS[name], one)
    if name in RANGES:
        return _of_ranges(RANGES[name], args)
    function = FUNCTIONS.get(name)
    if function is None or not _takes(function, len(args)):
        raise Unknown
    match args:
        case [one]:
            return lambda look: function(one(look))
        case [one, other]:
            return lambda look: function(one(look), other(look))
    return lambda look: function(*[arg(look) for arg in args])


def _is_formula(key: Key) -> Work:
    return lambda look: key in look.formulas


def _rows(keys: tuple[Key, ...]) -> Any:
    """The numbers of the rows that cells stand in; of one cell the one number."""
    numbers = [float(PLACE.fullmatch(at)[4]) for _, at in keys]  # type: ignore[index]
    return numbers if len(numbers) > 1 else numbers[0]


def _takes(function: Callable[..., Any], count: int) -> bool:
    """Whether a function may be asked about so many arguments."""
    code, left_out = function.__code__, len(function.__defaults__ or ())
    many = bool(code.co_flags & CO_VARARGS)
    return code.co_argcount - left_out <= count and (many or count <= code.co_argcount)


@lru_cache(KEPT)
def _part(*_: Hashable) -> object:
    """What stands for a part of a formula: the same thing for the same text."""
    return object()


def _once(part: Hashable, work: Work) -> Work:
    """A part that stands in many formulas, worked out for the first."""

    def value(look: CellValues) -> Any:
        if part not in look.parts:
            try:
                look.parts[part] = work(look)
            except CellError as fault:
                look.parts[part] = fault
        found = look.parts[part]
        if found.__class__ is CellError:
            raise found
        return found

    return value


def _of_ranges(function: Callable[[list[Any]], Any], args: list[Work]) -> Work:
    """Of cells only the figures count; a value worked out on the way is taken as a figure."""

    def worked_out(look: CellValues) -> Any:
        values: list[Any] = []
        for arg in args:
            if keys := getattr(arg, "keys", None):
                values += look.range(keys)
            else:
                found = arg(look)
                values += found if found.__class__ is list else [as_number(found)]
        return function(values)

    return worked_out


def _if(test: Work, yes: Work, no: Work) -> Work:
    def value(look: CellValues) -> Any:
        found = test(look)
        return yes(look) if found is True or (found is not False and as_truth(found)) else no(look)

    return value


def _if_error(one: Work, other: Work) -> Work:
    def value(look: CellValues) -> Any:
        try:
            return one(look)
        except CellError:
            return other(look)

    return value


def _asked(question: Callable[[Any], Any], one: Work) -> Work:
    """Of what kind a value is can be asked of an error too."""

    def answer(look: CellValues) -> Any:
        try:
            return question(one(look))
        except CellError as fault:
            return question(fault)

    return answer
