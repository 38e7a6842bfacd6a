"""What stood under a mark, as one line of text on the hidden sheet: read by the button and by the file."""

import json
from typing import Any, NamedTuple

Note = tuple[str, str, float, float]  # text, author, height, width


class Before(NamedTuple):
    """A cell's look before we painted it: colours as RRGGBB, empty where there is none.

    ``exact`` are the fill and the font as the file stores them, where a closed file was marked.
    """

    fill: str = ""
    ink: str = ""
    bold: bool = False
    format: str = "General"
    note: Note | None = None
    exact: tuple[str, str] | None = None


def written(before: Before) -> str:
    return json.dumps({k: v for k, v in before._asdict().items() if v is not None}, ensure_ascii=False)


def read(text: str) -> Before:
    found: dict[str, Any] = json.loads(text)
    for pair in found.keys() & {"note", "exact"}:
        found[pair] = tuple(found[pair])
    return Before(**found)
