"""The short code of a filing without errors, by which the paper that was stamped and the file are compared.

What counts is what the report says: edition, year, unit and kind, the options, every figure as stated and
every text. A workbook keeps beside the code what it was given for, cell by cell: its formulas compare and
need no digest, so the code goes as soon as one character differs, in any program.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Context, Decimal

from xlcheck.core.filing import Filing, entry_text, figure_text, stated_values
from xlcheck.core.finding import Result, counts
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry

VERSION = "1"  # of all below; another version gives every filing another code
LETTERS = "ACDEFGHJKMNPQRTVWXY34679"  # none is taken for another: no O and 0, no I, L and 1, no S and 5 …
LENGTH, GROUP = 8, 4
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # no workbook can hold these
STORED = Context(prec=15)  # digits of a figure that every program keeps


def check_code(form: Form, filing: Filing, result: Result) -> str:
    """The code, as it is written: two groups of four; empty while an error stands."""
    errors, _ = counts(result)
    return "" if errors else _code_of(form, filing)


def typed_code(text: str) -> str:
    """A code as somebody typed it from paper, in the one way it is written; empty for what is none."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    return _grouped(letters) if len(letters) == LENGTH and set(letters) <= set(LETTERS) else ""


def checked_words(form: Form) -> tuple[str, ...]:
    """The words that are kept as they stood at the check: cover, options, texts."""
    return ("unit", "year", "kind", *(o.id for o in form.options), *form.texts)


def words_as_checked(form: Form, filing: Filing) -> tuple[str, ...]:
    """What stood there, in that order."""
    said = (filing.word(name) for name in checked_words(form))
    return tuple(word if isinstance(word, str) else entry_text(word) for word in said)


def entries_as_checked(form: Form, filing: Filing) -> tuple[Entry, ...]:
    """The figures as stated, in the form's order."""
    return tuple(stated_values(form, filing).values())


def _code_of(form: Form, filing: Filing) -> str:
    from hashlib import sha256  # a check that found errors has no use for it

    written = "".join(f"{len(part)}:{part}" for part in _parts(form, filing))
    number = int.from_bytes(sha256(written.encode("utf-8", "surrogatepass")).digest())
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return _grouped("".join(letters))


def _grouped(letters: str) -> str:
    return "-".join(letters[n : n + GROUP] for n in range(0, LENGTH, GROUP))


def _parts(form: Form, filing: Filing) -> Iterator[str]:
    """All that counts, each part under its name; what is written in two ways and means one is one."""
    yield from (VERSION, filing.edition)
    for name, word in zip(checked_words(form), words_as_checked(form, filing), strict=True):
        text = _one_way(word)
        yield from (name, text if name in form.texts and text.strip() else text.strip())
    for name, entry in zip(form.fields, entries_as_checked(form, filing), strict=True):
        yield from (name, _figure(entry) if isinstance(entry, Decimal) else _one_way(entry or ""))


def _one_way(text: str) -> str:
    """A text whose letters with signs, and whose line ends, are written in one way."""
    stored = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", stored)


def _figure(figure: Decimal) -> str:
    return figure_text(STORED.plus(figure) or Decimal(0))
