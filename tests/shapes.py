"""What stands in the shapes of the data files, for tests that hold a file and the program together."""

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints


def shapes_in(shape: Any) -> Iterator[Any]:
    """A shape and every shape in it."""
    if hasattr(shape, "_fields"):
        yield shape
        for inner in get_type_hints(shape).values():
            yield from shapes_in(inner)
    for inner in get_args(shape):
        yield from shapes_in(inner)


def idle(shape: Any, sources: Iterable[Path]) -> set[str]:
    """The attributes that no program asks for."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources]
    asked = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {f"{one.__name__}.{name}" for one in shapes_in(shape) for name in one._fields if name not in asked}


def by_enum(read: Any, way: str = "") -> Iterator[tuple[str, set[StrEnum], type[StrEnum]]]:
    """Every mapping of what was read that goes by an enum: where, its keys, the enum."""
    for name in getattr(read, "_fields", ()):
        entry = getattr(read, name)
        yield from by_enum(entry, f"{way}.{name}")
        if isinstance(entry, dict) and isinstance(kind := next(iter(entry)), StrEnum):
            yield f"{way}.{name}", set(entry), type(kind)
