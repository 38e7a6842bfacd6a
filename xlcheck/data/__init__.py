"""Every label, address and Chinese sentence, as TOML; and how to read it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def editions() -> list[str]:
    """The editions there are data for, oldest first."""
    return sorted(path.stem.removeprefix("form_") for path in HERE.glob("form_*.toml"))
