"""A compiled pattern, so kept that a later start need not compile it: that takes longer than all it finds.

Pickled as usual it would be its text alone. Its code is good for one version of Python, as bytecode is.
"""

import _sre  # type: ignore[import-not-found]  # what the module re itself ends in
import re
from collections.abc import Callable
from typing import Any

PatternParts = tuple[str, int, list[int], int, dict[str, int], tuple[str | None, ...]]
Whole = Callable[..., re.Pattern[str]]


def reduced(pattern: re.Pattern[str]) -> tuple[Whole, PatternParts | tuple[str, int]]:
    """What a pickler asks of a pattern: the function that puts it together again, and its parts."""
    try:
        return put_together, _parts(pattern)
    except (ImportError, AttributeError, TypeError):  # a Python whose module re is built in another way
        return re.compile, (pattern.pattern, pattern.flags)


def _parts(pattern: re.Pattern[str]) -> PatternParts:
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(pattern.pattern, pattern.flags)
    code = [int(part) for part in _compiler._code(parsed, pattern.flags)]
    names: list[str | None] = [None] * (pattern.groups + 1)
    for name, number in pattern.groupindex.items():
        names[number] = name
    return pattern.pattern, pattern.flags, code, pattern.groups, dict(pattern.groupindex), tuple(names)


def put_together(*parts: Any) -> re.Pattern[str]:
    """The pattern made of these parts. Raises RuntimeError where they are no code of this Python's."""
    pattern: re.Pattern[str] = _sre.compile(*parts)
    return pattern


def ahead(pattern: str) -> str:
    """The pattern behind a look at its first letter, so that a search steps over most of a text.

    It is the pattern itself where that letter may be any, or where this Python takes patterns otherwise.
    """
    try:
        from re import _parser  # type: ignore[attr-defined]

        letters, empty = _first(_parser.parse(pattern))
    except (ImportError, AttributeError, TypeError, ValueError, KeyError):
        return pattern
    return pattern if empty else f"(?=[{''.join(sorted(letters))}])(?:{pattern})"


def _first(parts: Any) -> tuple[set[str], bool]:
    """What a run of parts may begin with, as pieces of a class, and whether it may fit nothing."""
    letters: set[str] = set()
    for name, value in ((str(op), value) for op, value in parts):
        if name not in ("ASSERT", "ASSERT_NOT", "AT"):
            more, empty = _first_of(name, value)
            letters |= more
            if not empty:
                return letters, False
    return letters, True


def _first_of(name: str, value: Any) -> tuple[set[str], bool]:
    match name:
        case "LITERAL":
            return {re.escape(chr(value))}, False
        case "IN":
            return {_piece(str(op), item) for op, item in value}, False
        case "BRANCH":
            choices = [_first(choice) for choice in value[1]]
            return set[str]().union(*(c[0] for c in choices)), any(c[1] for c in choices)
        case "SUBPATTERN":
            return _first(value[-1])
        case "MAX_REPEAT" | "MIN_REPEAT":
            letters, empty = _first(value[2])
            return letters, empty or value[0] == 0
    raise ValueError(name)  # any letter, or one not to be told beforehand


def _piece(name: str, value: Any) -> str:
    match name:
        case "LITERAL":
            return re.escape(chr(value))
        case "RANGE":
            return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}[str(value)]
