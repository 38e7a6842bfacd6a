"""What to type instead of a text that stands where a number belongs."""

import re
import unicodedata
from decimal import Decimal

from xlcheck.core.filing import plain
from xlcheck.core.finding import Fix
from xlcheck.core.rules import Typed


def retype(at: str, raw: str, typed: tuple[Typed, ...]) -> tuple[str, Fix | None, tuple[Fix, ...]]:
    """What to type instead of a text: certain where a figure can be read in it, else only likely."""
    text = unicodedata.normalize("NFKC", raw).strip()
    said = {t: re.fullmatch(t.pattern, text, re.DOTALL) for t in typed}  # a cell may hold line breaks
    hint = next(t for t, found in said.items() if found and not (t.unless and re.search(t.unless, text)))
    if hint.zero or hint.number:
        found = said[hint]
        to = Decimal(found.group(1).replace(",", "")) if hint.number and found else Decimal(0)
        advice = hint.advice.format(number=plain(to))
        fix = Fix(at, raw, to, advice)
        return advice, fix if hint.number else None, () if hint.number else (fix,)
    return hint.advice, None, ()
