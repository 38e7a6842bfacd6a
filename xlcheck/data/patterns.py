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
