"""How a command ends, and where it speaks beside its findings."""

import sys

CLEAN, FOUND, COULD_NOT = 0, 1, 2


def to_stderr(text: str) -> None:
    """Progress and refusals go to stderr; findings to stdout."""
    print(text, file=sys.stderr)
