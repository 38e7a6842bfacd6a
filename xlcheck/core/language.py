"""The rule language: every operator and function with both its meanings side by side."""

import ast
import operator
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

Entry = Decimal | str | None  # a figure, a text typed where a figure belongs, or a blank
Lookup = Callable[[str], Entry]
Address = Callable[[str], str]

# Counts carry no fraction; four places hide the binary dust that Excel's doubles add to large sums.
PLACES = Decimal("0.0001")
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
    return Meaning(lambda a, b: test(_near(a - b), 0), f"(ROUND({{}}-{{}},4){sign}0)".format)


def _call(name: str) -> Callable[..., str]:
    return lambda *args: f"{name}({','.join(args)})"


def _any_of(x: str, *choices: str) -> str:
    return f"OR({','.join(f'{x}={choice}' for choice in choices)})"


# fmt: off
OPERATORS: dict[type, Meaning] = {
    ast.Add:   Meaning(operator.add,            "({}+{})".format),
    ast.Sub:   Meaning(operator.sub,            "({}-{})".format),
    ast.Mult:  Meaning(operator.mul,            "({}*{})".format),
    ast.USub:  Meaning(operator.neg,            "(-{})".format),
    ast.Eq:    _compare(operator.eq, "="),
    ast.NotEq: _compare(operator.ne, "<>"),
    ast.LtE:   _compare(operator.le, "<="),
    ast.Lt:    _compare(operator.lt, "<"),
    ast.GtE:   _compare(operator.ge, ">="),
    ast.Gt:    _compare(operator.gt, ">"),
    ast.And:   Meaning(lambda *xs: all(xs),     _call("AND")),
    ast.Or:    Meaning(lambda *xs: any(xs),     _call("OR")),
    ast.Not:   Meaning(operator.not_,           "NOT({})".format),
}
FUNCTIONS: dict[str, Meaning] = {
    "sum":     Meaning(lambda *xs: sum(xs),     lambda *xs: f"SUM({','.join(ranges(xs))})"),
    "implies": Meaning(lambda a, b: not a or b, "OR(NOT({}),{})".format),
    "same":    Meaning(lambda a, b: a == b,     "({}={})".format),
    "whole":   Meaning(lambda x: _near(x - x.to_integral_value(ROUND_HALF_UP)) == 0,
                                                "(ROUND({0}-ROUND({0},0),4)=0)".format),
    "any_of":  Meaning(lambda x, *xs: x in xs,  _any_of),
}
# These look at a cell as it stands, so a blank or a text in it does not make the rule unrunnable.
LOOKS: dict[str, Meaning] = {
    "blank":   Meaning(_is_blank,
                       'IF(ISTEXT({0}),LEN(TRIM(CLEAN(SUBSTITUTE({0},"　"," "))))=0,ISBLANK({0}))'.format),
    "number":  Meaning(lambda x: isinstance(x, Decimal),
                                                "ISNUMBER({})".format),
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
