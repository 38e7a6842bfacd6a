"""Two colours that the eye tells apart, or does not; a colour is written as its parts, or by a name."""

import re
from collections.abc import Iterable

WHITE, BLACK = "FFFFFF", "000000"
ALIKE = 15  # of 255 in each part
PARTS = re.compile(r"[\dA-F]{6}", re.ASCII)


def of_parts(parts: Iterable[float]) -> str:
    """A colour by its parts, red, green and blue of 255; what is beyond is the nearest that there is."""
    return "".join(f"{min(max(round(part), 0), 255):02X}" for part in parts)


def are_alike(one: str, other: str) -> bool:
    """Whether nobody tells two colours apart; of one known by a name alone only the same name is alike."""
    if not (PARTS.fullmatch(one) and PARTS.fullmatch(other)):
        return one == other
    return all(abs(int(one[n : n + 2], 16) - int(other[n : n + 2], 16)) <= ALIKE for n in (0, 2, 4))
