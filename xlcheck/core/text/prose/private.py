"""Numbers that belong to a person: identity cards, mobile telephones, bank cards."""

import re
from collections.abc import Callable, Iterator

from xlcheck.core.finding import Finding
from xlcheck.core.text.words.sections import Narrative, Section
from xlcheck.data import Pattern
from xlcheck.data.remarks import PrivateNumbers
from xlcheck.data.rules import TextCheck

LEAD = 12  # letters before a number that may say what it is


def private(here: Narrative, how: PrivateNumbers) -> Iterator[Finding]:
    """Every personal number in any section; office lines and contract numbers are none."""
    this_year = str(here.year or "9999")  # a serial number often begins with a place and the day it was given

    def mistyped(found: re.Match[str]) -> bool:
        lead = found.string[max(0, found.start() - LEAD) : found.start()]
        past = has_birthday(found[0]) and found[0][6:10] < this_year
        return past and not is_identity(found[0]) and not how.other.search(lead)

    kinds: tuple[tuple[TextCheck, Pattern, Callable[[re.Match[str]], bool]], ...] = (
        ("identity", how.identity, lambda found: is_identity(found[0])),
        ("private", how.identity, mistyped),
        ("private", how.mobile, bool),
        ("private", how.card, lambda found: passes_luhn(found[0]) and not has_birthday(found[0])),
    )
    for section in filter(_has_long_number, here.sections.values()):
        for check, pattern, holds in kinds:
            for match in section.matches(pattern):
                if holds(match):
                    quote = section.quote(*match.span())
                    yield from here.find(check, section.at, quote, masked=_masked(match[0]))


def _has_long_number(section: Section) -> bool:
    """Whether a personal number may stand in it at all: most texts need be gone through but once."""
    return bool(_LONG.search(section.words))


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: a birthday that can be, and the check digit.

    GB 11643—1999: the weights are powers of two modulo 11, and X stands for 10.
    """
    if not has_birthday(number):
        return False
    total = sum(int(digit) * pow(2, 17 - n, 11) for n, digit in enumerate(number[:17]))
    return number[17].upper() == "10X98765432"[total % 11]


def has_birthday(number: str) -> bool:
    """Whether 18 characters have a birthday where an identity number has it; one digit may be mistyped."""
    year, month, day = number[6:10], number[10:12], number[12:14]
    return len(number) == 18 and "1800" < year < "2100" and "01" <= month <= "12" and "01" <= day <= "31"


def passes_luhn(number: str) -> bool:
    """Whether a card number's check digit fits (ISO/IEC 7812-1)."""
    digits = [int(c) for c in reversed(number)]
    return sum(d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(digits)) % 10 == 0


_LONG = re.compile(r"\d{11}")


def _masked(number: str) -> str:
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
