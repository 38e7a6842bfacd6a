"""A cell with a formula as a sheet has it, and as it is once the formula is worked out."""

import re
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple

from xlcheck.core.cell_functions import CellError, Value
from xlcheck.core.cell_places import Offset
from xlcheck.core.grid import rc
from xlcheck.core.results import StoredFormula
from xlcheck.saving import stored_result
from xlcheck.workbook.markup import ATTRIBUTES, Unchangeable, attribute, storable, with_attribute

KEPT = 8192  # cells remembered


class FormulaCell(NamedTuple):
    """A cell with a formula: its open tag, the formula's element, what it came to, and what follows.

    ``written`` is the formula; one that several cells share has a ``number``, and only the first is written.
    """

    tag: bytes
    formula: bytes
    kind: str
    value: bytes | None
    end: bytes
    written: StoredFormula
    number: str | None

    def with_result(self, prefix: bytes, value: Value | CellError) -> bytes | None:
        """The cell with what its formula comes to; None where that stands there."""
        kind, body = _stored(value, value.__class__.__name__)
        if (kind, body) == (self.kind, self.value) or _same(self, kind, body):
            return None
        tag = with_attribute(self.tag, "t", kind or None)
        return b"%b%b<%bv>%b</%bv>%b" % (tag, self.formula, prefix, body, prefix, self.end)


@lru_cache
def _formula(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    value = rb"(?:<%bv\s*/>|<%bv(?:\s%b)?>(?P<value>[^<]*)</%bv\s*>)?" % (p, p, ATTRIBUTES, p)
    formula = rb"<%bf(?P<of>%b)(?:/>|>(?P<text>[^<]*)</%bf\s*>)" % (p, ATTRIBUTES, p)
    end = rb"(?P<end>\s*</%bc\s*>\s*)" % p
    return re.compile(rb"(?P<tag>%b>)(?P<formula>\s*%b\s*)%b%b" % (ATTRIBUTES, formula, value, end))


@lru_cache(KEPT)
def formula_cell(prefix: bytes, piece: bytes) -> FormulaCell | None:
    """A cell with a formula; most are the same in the next workbook."""
    found = _formula(prefix).match(piece)
    if not found:
        return None
    tag, formula, of, text, value, end = found.group("tag", "formula", "of", "text", "value", "end")
    kind = (attribute(tag, "t") or "n").removeprefix("n")
    written, number = _plain(text or b""), None
    if b"t=" in of:
        of_array = attribute(of, "t") != "shared"
        written, number = (StoredFormula(""), None) if of_array else (written, attribute(of, "si") or "")
    return FormulaCell(tag, formula, kind, value, end, written, number)


def shared_formula(at: str, cell: FormulaCell, shared: dict[str, tuple[str, str]]) -> StoredFormula:
    """A formula that several cells share, told by the number of the first. Raises Unchangeable."""
    number = cell.number or ""
    if cell.written.formula:
        shared[number] = (at, cell.written.formula)
    if number not in shared:  # the one it was written for is no more
        raise Unchangeable
    first, text = shared[number]
    (row, col), (from_row, from_col) = rc(at), rc(first)
    return StoredFormula(text, Offset(row - from_row, col - from_col))


@lru_cache(KEPT)
def _plain(formula: bytes) -> StoredFormula:
    return StoredFormula(unescape(formula.decode()))


@lru_cache(KEPT)
def _stored(value: Value | CellError, kind: str) -> tuple[str, bytes]:
    """The type of a cell and its body, for a result; ``kind`` tells true from 1."""
    typed, text = stored_result(value)
    return typed, (escape(storable(text), quote=False) if typed else text).encode()


def _same(cell: FormulaCell, kind: str, body: bytes) -> bool:
    """Whether a formula already has a result, of 15 digits where it is a figure."""
    if cell.value is None or cell.kind != kind:
        return False
    if kind:
        return unescape(cell.value.decode()) == unescape(body.decode())
    try:
        return f"{float(cell.value):.15g}" == f"{float(body):.15g}"
    except ValueError:  # what stands there is no figure
        return False
