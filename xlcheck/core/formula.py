"""One expression, two meanings: a value in Python and a formula in Excel.

Every operator and function is one line of a table that holds both meanings side by side, so neither
can change without the other in view. What the tables lack is refused when an expression is read.
"""

import operator
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, NamedTuple

Entry = Decimal | str | None  # a figure, a text typed where a figure belongs, or a blank
Lookup = Callable[[str], Entry]
Address = Callable[[str], str]

# An amount in 万元 has six places, down to a 分; beyond lies the dust that Excel's doubles add to sums.
DIGITS = 6
PLACES = Decimal(1).scaleb(-DIGITS)
BLANKS = " \u3000" + "".join(map(chr, range(32)))  # what TRIM, CLEAN and SUBSTITUTE take away


class FormulaError(ValueError):
    """The expression uses something the small language does not have."""


class Meaning(NamedTuple):
    python: Callable[..., Any]
    excel: Callable[..., str]


def _near(x: Decimal) -> Decimal:
    """A difference without its dust, for comparing it with 0: one of 1 or more is none."""
    return x if not x or x.adjusted() >= 0 else x.quantize(PLACES, ROUND_HALF_UP)


def _is_blank(x: Entry) -> bool:
    return x is None or (isinstance(x, str) and not x.strip(BLANKS))


def _compare(test: Callable[[Any, Any], bool], sign: str) -> Meaning:
    return Meaning(lambda a, b: test(_near(a - b), 0), f"(ROUND({{}}-{{}},{DIGITS}){sign}0)".format)


def _call(name: str) -> Callable[..., str]:
    return lambda *args: f"{name}({','.join(args)})"


def _any_of(x: str, *choices: str) -> str:
    return f"OR({','.join(f'{x}={choice}' for choice in choices)})"


def _ends(x: str, *words: str) -> str:
    return f"OR({','.join(f'RIGHT({x},{len(word) - 2})={word}' for word in words)})"  # in quotation marks


def _says(x: str, *words: str) -> str:
    return f"OR({','.join(f'ISNUMBER(FIND({word},{x}))' for word in words)})"


# fmt: off
OPERATORS: dict[str, Meaning] = {  # by Python's own names for them, in its module ast
    "Add":     Meaning(operator.add,            "({}+{})".format),
    "Sub":     Meaning(operator.sub,            "({}-{})".format),
    "Mult":    Meaning(operator.mul,            "({}*{})".format),
    "USub":    Meaning(operator.neg,            "(-{})".format),
    "Eq":      _compare(operator.eq, "="),
    "NotEq":   _compare(operator.ne, "<>"),
    "LtE":     _compare(operator.le, "<="),
    "Lt":      _compare(operator.lt, "<"),
    "GtE":     _compare(operator.ge, ">="),
    "Gt":      _compare(operator.gt, ">"),
    "And":     Meaning(lambda *xs: all(xs),     _call("AND")),
    "Or":      Meaning(lambda *xs: any(xs),     _call("OR")),
    "Not":     Meaning(operator.not_,           "NOT({})".format),
}
FUNCTIONS: dict[str, Meaning] = {
    "sum":     Meaning(lambda *xs: sum(xs),     lambda *xs: f"SUM({','.join(ranges(xs))})"),
    "implies": Meaning(lambda a, b: not a or b, "OR(NOT({}),{})".format),
    "same":    Meaning(lambda a, b: a == b,     "({}={})".format),
    "whole":   Meaning(lambda x: _near(x - x.to_integral_value(ROUND_HALF_UP)) == 0,
                                                f"(ROUND({{0}}-ROUND({{0}},0),{DIGITS})=0)".format),
    "any_of":  Meaning(lambda x, *xs: x in xs,  _any_of),
}
# These look at a cell as it stands, so a blank or a text in it does not make the rule unrunnable.
LOOKS: dict[str, Meaning] = {
    "blank":   Meaning(_is_blank,
                       'IF(ISTEXT({0}),LEN(TRIM(CLEAN(SUBSTITUTE({0},"　"," "))))=0,ISBLANK({0}))'.format),
    "number":  Meaning(lambda x: isinstance(x, Decimal),
                                                "ISNUMBER({})".format),
    "ends":    Meaning(lambda x, *words: isinstance(x, str) and x.endswith(words),             _ends),
    "says":    Meaning(lambda x, *words: isinstance(x, str) and any(w in x for w in words),    _says),
    "given":   Meaning(lambda x: x if isinstance(x, Decimal) else Decimal(0),
                                                "N({})".format),
}
# fmt: on


def ranges(addresses: Sequence[str]) -> list[str]:
    """Join neighbours of one column or row: E8, E9, E10 is E8:E10; Excel takes 255 arguments at most."""
    runs: list[list[str]] = []
    for address in addresses:
        if runs and _next_to(runs[-1][-1], address):
            runs[-1].append(address)
        else:
            runs.append([address])
    return [r[0] if len(r) == 1 else f"{r[0]}:{r[-1].rpartition('!')[2]}" for r in runs]


def _next_to(a: str, b: str) -> bool:
    (sheet, _, left), (other, _, right) = a.rpartition("!"), b.rpartition("!")
    x, y = left.replace("$", ""), right.replace("$", "")
    column, row = x.rstrip("0123456789"), x.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    after, below = y.rstrip("0123456789"), y.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if sheet != other or not (row.isdigit() and below.isdigit()):
        return False
    # One direction a run is enough: columns downward. Rows across are short.
    return column == after and int(below) == int(row) + 1


class Call(NamedTuple):
    """An operator or a function, by its name in the tables, and what it is applied to."""

    name: str
    args: tuple["Term", ...]

    @property
    def meaning(self) -> Meaning:
        return OPERATORS.get(self.name) or FUNCTIONS.get(self.name) or LOOKS[self.name]


class CellRef(NamedTuple):
    name: str


class TextLiteral(NamedTuple):
    text: str


Term = Call | CellRef | TextLiteral | Decimal


class Formula:
    """A parsed expression; ``needs`` are the cells it cannot do without, ``cells`` all it names.

    Plain data until it is first worked out, so that it can be kept for the next start.
    """

    def __init__(self, text: str, term: Term, cells: tuple[str, ...], needs: tuple[str, ...]) -> None:
        self.text, self.term, self.cells, self.needs = text, term, cells, needs

    @cached_property
    def value(self) -> Callable[[Lookup], Any]:
        """What works it out on figures: a ``lookup`` must give one for each of ``needs``."""
        return _worked_out(self.term)

    def excel(self, address: Address) -> str:
        """Write the same expression as Excel text, without the leading '='."""
        return _excel(self.term, address)

    def sides(self, address: Address) -> tuple[str, str]:
        """For a comparison: its left and its right side as Excel text."""
        match self.term:
            case Call(_, (left, right)):
                return _excel(left, address), _excel(right, address)
        raise FormulaError(f"'{self.text}' has no two sides")

    def settles(self, lookup: Lookup) -> Any:
        """For a test ``cell == expression``: what the cell must be."""
        match self.term:
            case Call("Eq", (CellRef(), right)):
                return _worked_out(right)(lookup)
        raise FormulaError(f"'{self.text}' does not say what one cell must be")


def _worked_out(term: Term) -> Callable[[Lookup], Any]:
    """The meaning in Python, put together once so that working it out walks no tree."""
    match term:
        case CellRef(name):
            return lambda lookup: lookup(name)
        case Call(_, args) if all(isinstance(arg, CellRef) for arg in args):
            names, python = [arg.name for arg in args if isinstance(arg, CellRef)], term.meaning.python
            return lambda lookup: python(*map(lookup, names))
        case Call(_, (left, right)):
            one, other, python = _worked_out(left), _worked_out(right), term.meaning.python
            return lambda lookup: python(one(lookup), other(lookup))
        case Call(_, args):
            parts, python = [_worked_out(arg) for arg in args], term.meaning.python
            return lambda lookup: python(*[part(lookup) for part in parts])
    constant = term.text if isinstance(term, TextLiteral) else term
    return lambda _: constant


def _excel(term: Term, address: Address) -> str:
    match term:
        case CellRef(name):
            return address(name)
        case TextLiteral(text):
            return '"' + text.replace('"', '""') + '"'
        case Call(_, args):
            return term.meaning.excel(*(_excel(a, address) for a in args))
    return str(term)
