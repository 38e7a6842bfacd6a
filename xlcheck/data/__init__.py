"""Every label, address and Chinese sentence, as TOML; and how to read it."""

import marshal
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def toml(name: str) -> dict[str, Any]:
    """One data file, parsed; like bytecode the result is kept beside the source, for the next start."""
    source = HERE / f"{name}.toml"
    stat = source.stat()
    key = (stat.st_mtime_ns, stat.st_size, sys.hexversion)
    kept = HERE / "__pycache__" / f"{name}.{sys.implementation.cache_tag}.toml"
    with suppress(OSError, ValueError, EOFError, TypeError):
        known, parsed = marshal.loads(kept.read_bytes())
        if known == key:
            return dict(parsed)
    import tomllib  # only where nothing is kept: every start would pay for it

    parsed = tomllib.loads(source.read_text(encoding="utf-8"))
    _keep(kept, marshal.dumps((key, parsed)))
    return parsed


def editions() -> list[str]:
    """The editions there are data for, oldest first."""
    return sorted(path.stem.removeprefix("form_") for path in HERE.glob("form_*.toml"))


def _keep(path: Path, content: bytes) -> None:
    """Keep a parsed file where bytecode is kept; where that is forbidden, the next start parses again."""
    with suppress(OSError):
        if not sys.dont_write_bytecode:
            path.parent.mkdir(exist_ok=True)
            beside = path.with_suffix(f".{os.getpid()}")
            beside.write_bytes(content)
            beside.replace(path)
