"""How a command ends, and how it speaks: one line a finding, and nothing that a terminal would obey."""

import sys
from collections.abc import Iterable

CLEAN, FOUND, COULD_NOT = 0, 1, 2
# Control codes colour, move and wipe; the marks of writing from the right turn a name round.
CODES = (*range(0x9), *range(0xB, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
SHOWN = dict.fromkeys(CODES, "\ufffd")
LINE = {**SHOWN, ord("\n"): " "}  # a name or a cell may hold a line break


def to_stdout(lines: Iterable[str]) -> None:
    """What was found, one line each, whatever the names and cells hold that it quotes."""
    print("\n".join(line.translate(LINE) for line in lines))


def to_stderr(text: str) -> None:
    """Progress and refusals go to stderr; findings to stdout."""
    print(text.translate(SHOWN), file=sys.stderr)
