"""The rule language: a text read into terms, by Python's own parser; little of it is let through."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import CodeType
from typing import NamedTuple

from xlcheck.core.formula import (
    FUNCTIONS,
    LOOKS,
    OPERATORS,
    Call,
    CellRef,
    Formula,
    FormulaError,
    Term,
    TextLiteral,
)
from xlcheck.core.grid import OnlyElsewhere

CO_VARARGS = 4  # a function's flag, as the module inspect has it


def parse(
    text: str,
    members: Callable[[str], Sequence[str]],
    words: frozenset[str] = frozenset(),
    let: Mapping[str, str] | None = None,
    lists: Mapping[str, Sequence[str]] | None = None,
) -> Formula:
    """Read an expression: ``let`` names its parts, ``members`` resolves cells, ``words`` are cover entries.

    A group's name (``t3.denied.total``) is allowed only inside ``sum``, the name of a list of words
    only inside ``any_of``, ``ends`` and ``says``. A part of a sum that only other editions have counts for
    nothing. Raises FormulaError.
    """
    term = _Parser(text, members, words, let or {}, lists or {}).read(_tree(text.strip()))
    needs = dict.fromkeys(c for c in _cells(term, looking=False) if c not in words)
    cells = dict.fromkeys(_cells(term, looking=True))
    return Formula(text, term, tuple(cells), tuple(needs))


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
                return TextLiteral(text)
            case ast.Name(id=name) if name in self.let:
                return self.read(_tree(self.let[name]))
            case ast.Name(id=name) if name in self.words:
                return _cell(name)
            case ast.Name() | ast.Attribute():
                return self._one(_dotted(node))
            case ast.Call(ast.Name("any_of" | "ends" | "says" as call), [one, ast.Name(name)]) if (
                name in self.lists
            ):
                return Call(call, (self.read(one), *map(TextLiteral, self.lists[name])))
            case ast.Call(func=ast.Name(id="sum"), args=args):
                return self._sum(args)
            case ast.Call(func=ast.Name(id=name), args=args) if _takes(name, len(args)):
                return self._call(name, args)
            case ast.BinOp(left, op, right) | ast.Compare(left, [op], [right]) if _name(op) in OPERATORS:
                return self._call(_name(op), [left, right])
            case ast.BoolOp(op, values):
                return self._call(_name(op), values)
            case ast.UnaryOp(op, operand) if _name(op) in OPERATORS:
                return self._call(_name(op), [operand])
        raise FormulaError(f"'{ast.unparse(node)}' is not part of the rule language: {self.text}")

    def _call(self, name: str, args: Sequence[ast.expr]) -> Call:
        return Call(name, tuple(self.read(a) for a in args))

    def _sum(self, args: Sequence[ast.expr]) -> Call:
        """What this edition has of the parts; where it has none of them, the sum is not in the form."""
        terms: list[Term] = []
        lacking = None
        for arg in args:
            try:
                terms += self._many(arg)
            except OnlyElsewhere as wrong:
                lacking = wrong
        if lacking and not terms:
            raise lacking
        return Call("sum", tuple(terms))

    def _one(self, name: str) -> CellRef:
        members = self.members(name)
        if len(members) != 1:
            raise FormulaError(f"'{name}' is {len(members)} cells; write sum({name}): {self.text}")
        return _cell(members[0])

    def _many(self, node: ast.expr) -> list[Term]:
        match node:
            case ast.Name(id=name) if name in self.let:
                return self._many(_tree(self.let[name]))
            case ast.Name() | ast.Attribute():
                return [_cell(m) for m in self.members(_dotted(node))]
        return [self.read(node)]


@cache
def _tree(text: str) -> ast.expr:
    """Many cases share their parts; each text is parsed once, and nothing changes a tree."""
    return ast.parse(text, mode="eval").body


@cache
def _cell(name: str) -> CellRef:
    return CellRef(name)  # one a name: what is kept for the next start is smaller


def _takes(function: str, count: int) -> bool:
    """Whether there is such a function, of so many arguments."""
    meaning = FUNCTIONS.get(function) or LOOKS.get(function)
    code: CodeType | None = meaning and meaning.python.__code__
    if code is None or not count:
        return False
    return count == code.co_argcount or bool(code.co_flags & CO_VARARGS)


def _name(op: ast.AST) -> str:
    return type(op).__name__


def _dotted(node: ast.expr) -> str:
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ast.unparse(node)


def _cells(term: Term, looking: bool) -> Iterator[str]:
    match term:
        case CellRef(name):
            yield name
        case Call(name, args) if looking or name not in LOOKS:
            for arg in args:
                yield from _cells(arg, looking)
