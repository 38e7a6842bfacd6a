"""One expression, two meanings: a value in Python and a formula in Excel.

Every operator and function is one line of a table that holds both meanings side by side, so neither
can change without the other in view. What the tables lack is refused when the rules are loaded.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

Entry = Decimal | str | None  # a figure, a text typed where a figure belongs, or a blank
Lookup = Callable[[str], Entry]
Address = Callable[[str], str]

# Counts carry no fraction; four places hide the binary dust that Excel's doubles add to large sums.
PLACES = Decimal("0.0001")


class FormulaError(ValueError):
    """The expression uses something the small language does not have."""


class Meaning(NamedTuple):
    python: Callable[..., Any]
    excel: Callable[..., str]


def _near(x: Decimal) -> Decimal:
    return x.quantize(PLACES, ROUND_HALF_UP)


def _is_blank(x: Entry) -> bool:
    return x is None or (isinstance(x, str) and not x.strip(" "))


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
    "blank":   Meaning(_is_blank,               "IF(ISTEXT({0}),LEN(TRIM({0}))=0,ISBLANK({0}))".format),
    "number":  Meaning(lambda x: isinstance(x, Decimal),
                                                "ISNUMBER({})".format),
    "given":   Meaning(lambda x: x if isinstance(x, Decimal) else Decimal(0),
                                                "N({})".format),
}
# fmt: on


class Call(NamedTuple):
    meaning: Meaning
    args: tuple["Term", ...]


class Cell(NamedTuple):
    name: str


class Word(NamedTuple):
    text: str


Term = Call | Cell | Word | Decimal


class Formula(NamedTuple):
    """A parsed expression; ``needs`` are the cells whose figures it cannot do without."""

    text: str
    term: Term
    cells: tuple[str, ...]
    needs: tuple[str, ...]

    def value(self, lookup: Lookup) -> Any:
        """Work the expression out on figures; ``lookup`` must give one for each of ``needs``."""
        return _value(self.term, lookup)

    def excel(self, address: Address) -> str:
        """Write the same expression as Excel text, without the leading '='."""
        return _excel(self.term, address)

    def settles(self, lookup: Lookup) -> Any:
        """For a test ``cell == expression``: what the cell must be."""
        match self.term:
            case Call(_, (Cell(), right)):
                return _value(right, lookup)
        raise FormulaError(f"'{self.text}' does not say what one cell must be")

    def about(self, old: str, new: str) -> "Formula":
        """The same expression about another cell."""
        cells, needs = (tuple(new if c == old else c for c in cs) for cs in (self.cells, self.needs))
        return Formula(self.text, _renamed(self.term, old, new), cells, needs)


def parse(
    text: str,
    members: Callable[[str], Sequence[str]],
    words: frozenset[str] = frozenset(),
    let: Mapping[str, str] | None = None,
    lists: Mapping[str, Sequence[str]] | None = None,
) -> Formula:
    """Read an expression: ``let`` names its parts, ``members`` resolves cells, ``words`` are cover entries.

    A group's name (``t3.denied.total``) is allowed only inside ``sum``, the name of a list of words
    only inside ``any_of``. Raises FormulaError.
    """
    term = _Parser(text, members, words, let or {}, lists or {}).read(
        ast.parse(text.strip(), mode="eval").body
    )
    needs = dict.fromkeys(c for c in _cells(term, looking=False) if c not in words)
    return Formula(text, term, tuple(dict.fromkeys(_cells(term, looking=True))), tuple(needs))


class _Parser(NamedTuple):
    text: str
    members: Callable[[str], Sequence[str]]
    words: frozenset[str]
    let: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]

    def read(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return Decimal(str(number))
            case ast.Constant(value=str() as text):
                return Word(text)
            case ast.Name(id=name) if name in self.let:
                return self.read(ast.parse(self.let[name], mode="eval").body)
            case ast.Name(id=name) if name in self.words:
                return Cell(name)
            case ast.Name() | ast.Attribute():
                return self._one(_dotted(node))
            case ast.Call(func=ast.Name(id="any_of"), args=[one, ast.Name(id=name)]) if name in self.lists:
                return Call(FUNCTIONS["any_of"], (self.read(one), *map(Word, self.lists[name])))
            case ast.Call(func=ast.Name(id="sum"), args=args):
                return Call(FUNCTIONS["sum"], tuple(t for a in args for t in self._many(a)))
            case ast.Call(func=ast.Name(id=name), args=args) if name in FUNCTIONS or name in LOOKS:
                return self._use(FUNCTIONS.get(name) or LOOKS[name], args)
            case ast.BinOp(left, op, right) | ast.Compare(left, [op], [right]) if type(op) in OPERATORS:
                return self._use(OPERATORS[type(op)], [left, right])
            case ast.BoolOp(op, values):
                return self._use(OPERATORS[type(op)], values)
            case ast.UnaryOp(op, operand) if type(op) in OPERATORS:
                return self._use(OPERATORS[type(op)], [operand])
        raise FormulaError(f"'{ast.unparse(node)}' is not part of the rule language: {self.text}")

    def _use(self, meaning: Meaning, args: Sequence[ast.expr]) -> Call:
        return Call(meaning, tuple(self.read(a) for a in args))

    def _one(self, name: str) -> Cell:
        members = self.members(name)
        if len(members) != 1:
            raise FormulaError(f"'{name}' is {len(members)} cells; write sum({name}): {self.text}")
        return Cell(members[0])

    def _many(self, node: ast.expr) -> list[Term]:
        match node:
            case ast.Name(id=name) if name in self.let:
                return self._many(ast.parse(self.let[name], mode="eval").body)
            case ast.Name() | ast.Attribute():
                return [Cell(m) for m in self.members(_dotted(node))]
        return [self.read(node)]


def _dotted(node: ast.expr) -> str:
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ast.unparse(node)


def _cells(term: Term, looking: bool) -> Iterator[str]:
    match term:
        case Cell(name):
            yield name
        case Call(meaning, args) if looking or meaning not in LOOKS.values():
            for arg in args:
                yield from _cells(arg, looking)


def _value(term: Term, lookup: Lookup) -> Any:
    match term:
        case Cell(name):
            return lookup(name)
        case Word(text):
            return text
        case Call(meaning, args):
            return meaning.python(*(_value(a, lookup) for a in args))
    return term


def _excel(term: Term, address: Address) -> str:
    match term:
        case Cell(name):
            return address(name)
        case Word(text):
            return f'"{text}"'
        case Call(meaning, args):
            return meaning.excel(*(_excel(a, address) for a in args))
    return str(term)


def _renamed(term: Term, old: str, new: str) -> Term:
    match term:
        case Cell(name) if name == old:
            return Cell(new)
        case Call(meaning, args):
            return Call(meaning, tuple(_renamed(a, old, new) for a in args))
    return term


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
