"""Numbers that belong to a person: identity cards, mobile telephones, bank cards."""

import re
from collections.abc import Callable, Iterator

from xlcheck.core.finding import Finding
from xlcheck.core.text.sections import Narrative, Section
from xlcheck.data import Pattern
from xlcheck.data.remarks import PrivateNumbers
from xlcheck.data.rules import TextCheck


def private(here: Narrative, how: PrivateNumbers) -> Iterator[Finding]:
    """Every personal number in any section; office lines and contract numbers are none."""
    kinds: tuple[tuple[TextCheck, Pattern, Callable[[str], bool]], ...] = (
        ("identity", how.identity, is_identity),
        ("private", how.mobile, bool),
        ("private", how.card, lambda text: passes_luhn(text) and not is_identity(text)),
    )
    for section in filter(_has_long_number, here.sections.values()):
        for check, pattern, holds in kinds:
            for match in section.matches(pattern):
                if holds(match[0]):
                    quote = section.quote(*match.span())
                    yield from here.find(check, section.at, quote, masked=_masked(match[0]))


def _has_long_number(section: Section) -> bool:
    """Whether a personal number may stand in it at all: most texts need be gone through but once."""
    return bool(_LONG.search(section.words))


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: a birthday that can be, and the check digit.

    GB 11643—1999: the weights are powers of two modulo 11, and X stands for 10.
    """
    if len(number) != 18 or not ("1800" < number[6:10] < "2100" and "01" <= number[10:12] <= "12"):
        return False
    total = sum(int(digit) * pow(2, 17 - n, 11) for n, digit in enumerate(number[:17]))
    return number[17].upper() == "10X98765432"[total % 11]


def passes_luhn(number: str) -> bool:
    """Whether a card number's check digit fits (ISO/IEC 7812-1)."""
    digits = [int(c) for c in reversed(number)]
    return sum(d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(digits)) % 10 == 0


_LONG = re.compile(r"\d{11}")


def _masked(number: str) -> str:
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
