"""What the functions and operators of a cell's formula do with values, as a spreadsheet does it.

Values are those of a spreadsheet, so figures are doubles here: what a cell shows beside its formula must be
what Excel itself would work out.
"""

import operator
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import repeat
from math import isfinite
from typing import Any, NamedTuple

Value = float | str | bool | None  # None is a blank cell


class Unknown(Exception):
    """This is not understood here."""


class CellError(NamedTuple):
    """An error value, which lies in a cell like any other; where it is used, the formula fails with it."""

    code: str


class FormulaFails(Exception):
    """A formula comes to this error; what is remembered is the value, for this holds all it passed."""

    def __init__(self, error: CellError) -> None:
        self.error = error


BAD_VALUE, NOT_FOUND, BY_NOTHING, BAD_NUMBER = "#VALUE!", "#N/A", "#DIV/0!", "#NUM!"
NUMERIC = re.compile(r"[+-]?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
CRITERION = re.compile(r"\A[<>=]|[*?~]")  # what is no text to be found as it stands
FIGURES, TEXTS = frozenset((float, bool)), frozenset((str, type(None)))
EXACT = 15  # digits that a figure shows
LARGE, SMALL = 1e21, 1e-9  # from here on a figure is written with an exponent


def as_double(number: Decimal | float) -> float | str:
    """A figure as a cell holds it; one that no spreadsheet has the size for is a text there."""
    try:
        found = float(number)
    except OverflowError:
        return str(Decimal(number))
    return found if isfinite(found) else str(number)


def as_number(value: Any) -> float:
    """A value where a figure is wanted."""
    if value.__class__ is float:
        return value
    if value is None or value is False:
        return 0.0
    if value is True:
        return 1.0
    if isinstance(value, str) and NUMERIC.fullmatch(value.strip()) and isfinite(float(value)):
        return float(value)
    raise _misfit(value)


def as_text(value: Any) -> str:
    """A value where a text is wanted; figures show 15 digits."""
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if value.__class__ is not float:
        raise _misfit(value)
    if value == int(value) and abs(value) < 10.0**EXACT:
        return str(int(value))
    shown = Decimal(f"{value:.{EXACT}g}").normalize()
    if SMALL <= abs(value) < LARGE:
        return f"{shown:f}"
    mantissa, _, power = f"{shown:E}".partition("E")
    return "E".join((mantissa, f"{power[0]}{power[1:]:0>2}"))


def as_truth(value: Any) -> bool:
    """A value where a condition is wanted."""
    if value is None or isinstance(value, bool | float):
        return bool(value)
    raise _misfit(value)


def _misfit(value: Any) -> Exception:
    """What a value is where it cannot be used; a range where one value belongs is not understood."""
    if value.__class__ is list:
        return Unknown()
    return FormulaFails(value if isinstance(value, CellError) else CellError(BAD_VALUE))


def _each(function: Callable[..., Any], one: Any, other: Any) -> list[Any]:
    """The same for every value of a range. Raises Unknown for two of different lengths."""
    if other.__class__ is not list:
        return list(map(function, one, repeat(other)))
    if one.__class__ is not list:
        return list(map(function, repeat(one), other))
    if len(one) != len(other):
        raise Unknown
    return list(map(function, one, other))


def _of_figures(sign: Callable[[float, float], float], one: list[float], other: list[float]) -> list[float]:
    """The same for two ranges of figures and truths, without a look at each. Raises Unknown."""
    if len(one) != len(other):
        raise Unknown
    try:
        found = [*map(float, map(sign, one, other))]
    except ZeroDivisionError:
        raise FormulaFails(CellError(BY_NOTHING)) from None
    if not isfinite(sum(found)) and not all(map(isfinite, found)):
        raise FormulaFails(CellError(BAD_NUMBER))
    return found


def _arithmetic(sign: Callable[[float, float], float]) -> Callable[..., Any]:
    def worked_out(one: Any, other: Any) -> Any:
        if one.__class__ is list or other.__class__ is list:
            if one.__class__ is other.__class__ and FIGURES.issuperset(map(type, one + other)):
                return _of_figures(sign, one, other)
            return _each(worked_out, one, other)
        if one.__class__ is other.__class__ is bool:  # as of two conditions
            one, other = float(one), float(other)
        if not one.__class__ is other.__class__ is float:
            one, other = as_number(one), as_number(other)
        try:
            result = sign(one, other)
        except ZeroDivisionError:
            raise FormulaFails(CellError(BY_NOTHING)) from None
        if not isfinite(result):
            raise FormulaFails(CellError(BAD_NUMBER))
        return result

    return worked_out


def _joined(one: Any, other: Any) -> Any:
    if one.__class__ is list or other.__class__ is list:
        return _each(_joined, one, other)
    return as_text(one) + as_text(other)


def _ranked(value: Any, other: Any) -> tuple[int, Any]:
    """Figures come before texts, texts before truths; a blank is whatever it is compared with."""
    if value is None:
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
    if isinstance(value, CellError):
        raise FormulaFails(value)
    if isinstance(value, bool):
        return 2, value
    return (1, value.lower()) if isinstance(value, str) else (0, value)


def _comparison(sign: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def compared(one: Any, other: Any) -> Any:
        kind = one.__class__
        if kind is other.__class__ and kind is not list:
            if kind is float:
                return sign(one, other)
            if kind is str:
                return sign(one.lower(), other.lower())
        elif kind is list and other.__class__ is str and TEXTS.issuperset(map(type, one)):
            found = {value: compared(value, other) for value in {*one}}  # most: a column beside a word
            return [*map(found.__getitem__, one)]
        elif kind is list or other.__class__ is list:
            return _each(compared, one, other)
        return sign(_ranked(one, other), _ranked(other, one))

    return compared


SIGNS: dict[str, tuple[int, Callable[..., Any]]] = {  # how strongly each binds, and what it does
    "=": (1, _comparison(operator.eq)),
    "<>": (1, _comparison(operator.ne)),
    "<": (1, _comparison(operator.lt)),
    "<=": (1, _comparison(operator.le)),
    ">": (1, _comparison(operator.gt)),
    ">=": (1, _comparison(operator.ge)),
    "&": (2, _joined),
    "+": (3, _arithmetic(operator.add)),
    "-": (3, _arithmetic(operator.sub)),
    "*": (4, _arithmetic(operator.mul)),
    "/": (4, _arithmetic(operator.truediv)),
}


def _figures(values: Sequence[Any]) -> list[float]:
    """The figures among values; an error among them is the result."""
    kinds = {*map(type, values)}
    if CellError in kinds:
        raise FormulaFails(next(value for value in values if isinstance(value, CellError)))
    return list(values) if kinds == {float} else [value for value in values if value.__class__ is float]


def _count_if(values: Sequence[Any], wanted: Any) -> float:
    """How many are just that: a figure, or a text in letters large or small."""
    kind, same = wanted.__class__, wanted.lower() if isinstance(wanted, str) else wanted
    if kind is str and CRITERION.search(wanted):
        raise Unknown
    if kind is str:
        return float(len([1 for v in values if v.__class__ is str and v.lower() == same]))
    return float(len([1 for v in values if v.__class__ is kind and v == same]))


def _match(wanted: Any, values: Sequence[Any], kind: Any) -> float:
    if as_number(kind) != 0:
        raise FormulaFails(CellError(NOT_FOUND))
    for n, value in enumerate(values, 1):
        fit = value is not None and not isinstance(value, CellError)
        if fit and _ranked(value, wanted) == _ranked(wanted, value):
            return float(n)
    raise FormulaFails(CellError(NOT_FOUND))


def _index(values: Sequence[Any], which: Any) -> Any:
    place = int(as_number(which))
    if place == 0:
        return list(values)
    if not 0 < place <= len(values):
        raise FormulaFails(CellError("#REF!"))
    if isinstance(values[place - 1], CellError):
        raise FormulaFails(values[place - 1])
    return values[place - 1]


def _rounded(value: Any, places: Any) -> float:
    figure, digits = as_number(value), int(as_number(places))
    if digits < 0:
        raise Unknown
    if figure.is_integer() or digits > EXACT:
        return figure
    return float(Decimal(f"{figure:.{EXACT}g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _part(value: Any, count: Any) -> tuple[str, int]:
    """A text, and how many letters of it are wanted."""
    if as_number(count) < 0:
        raise FormulaFails(CellError(BAD_VALUE))
    return as_text(value), int(as_number(count))


def _left(value: Any, count: Any = 1.0) -> str:
    whole, letters = _part(value, count)
    return whole[:letters]


def _right(value: Any, count: Any = 1.0) -> str:
    whole, letters = _part(value, count)
    return whole[max(0, len(whole) - letters) :]


def _mid(value: Any, first: Any, count: Any) -> str:
    whole, letters = _part(value, count)
    start = int(as_number(first)) - 1
    if start < 0:
        raise FormulaFails(CellError(BAD_VALUE))
    return whole[start : start + letters]


def _char(value: Any) -> str:
    """A letter by its number; those beyond ASCII differ from one machine to the next."""
    if not 0 < as_number(value) < 128:
        raise Unknown
    return chr(int(as_number(value)))


def _substituted(value: Any, old: Any, new: Any) -> str:
    return as_text(value).replace(as_text(old), as_text(new)) if as_text(old) else as_text(value)


def _of_cell(kind: Any, value: Any) -> Any:
    """How a cell looks is not known here; our formulas go on without."""
    raise FormulaFails(CellError(BAD_VALUE))


def _dated_text(value: Any, code: Any) -> str:
    """A day by its number, as 2026-01-05; other ways of writing are not understood."""
    if code != "yyyy-mm-dd" or not 60 < as_number(value) < 1e6:
        raise Unknown
    return (date(1899, 12, 30) + timedelta(int(as_number(value)))).isoformat()


def _find(wanted: Any, value: Any) -> float:
    place = as_text(value).find(as_text(wanted))
    if place < 0:
        raise FormulaFails(CellError(BAD_VALUE))
    return place + 1.0


def _exact(one: Any, other: Any) -> Any:
    if one.__class__ is list or other.__class__ is list:
        return _each(_exact, one, other)
    return as_text(one) == as_text(other)


def _kind(test: Callable[[Any], bool]) -> Callable[[Any], Any]:
    return lambda value: [test(each) for each in value] if value.__class__ is list else test(value)


def _length(value: Any) -> float:
    return len(as_text(value).encode("utf-16-le")) / 2  # as Excel counts; one letter beyond its 65,536 is two


# fmt: off
FUNCTIONS: dict[str, Callable[..., Any]] = {  # of values; those of RANGES are handed lists of them
    "AND":        lambda *xs: all([*map(as_truth, xs)]),  # an error in any is the result
    "OR":         lambda *xs: any([*map(as_truth, xs)]),
    "NOT":        lambda x: not as_truth(x),
    "TRUE":       lambda: True,
    "FALSE":      lambda: False,
    "N":          lambda x: float(x) if isinstance(x, bool | float) else 0.0,
    "ROUND":      _rounded,
    "LEN":        _length,
    "TRIM":       lambda x: " ".join(part for part in as_text(x).split(" ") if part),
    "CLEAN":      lambda x: "".join(c for c in as_text(x) if c >= " "),
    "SUBSTITUTE": _substituted,
    "CHAR":       _char,
    "EXACT":      _exact,
    "FIND":       _find,
    "LEFT":       _left,
    "RIGHT":      _right,
    "MID":        _mid,
    "ISNUMBER":   _kind(lambda x: x.__class__ is float),
    "ISTEXT":     _kind(lambda x: isinstance(x, str)),
    "ISLOGICAL":  _kind(lambda x: isinstance(x, bool)),
    "ISBLANK":    _kind(lambda x: x is None),
    "ISERROR":    _kind(lambda x: isinstance(x, CellError)),
    "HYPERLINK":  lambda link, shown=None: link if shown is None else shown,
    "INDEX":      _index,
    "MATCH":      _match,
    "COUNTIF":    _count_if,
    "CELL":       _of_cell,
    "TEXT":       _dated_text,
}
RANGES: dict[str, Callable[[list[Any]], Any]] = {  # of everything in their arguments; texts do not count
    "SUM":        lambda xs: float(sum(_figures(xs))),
    "COUNT":      lambda xs: float(sum(x.__class__ is float for x in xs)),
    "MAX":        lambda xs: max(_figures(xs), default=0.0),
    "SUMPRODUCT": lambda xs: float(sum(_figures(xs))),
}
# fmt: on
