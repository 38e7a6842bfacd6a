"""One number for all entries of a workbook, by which it sees whether anything changed since the check."""

from decimal import Decimal

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.form import Form
from xlcheck.core.language import Entry

BLANK = 7919  # what a blank counts


def weights(form: Form) -> dict[str, int]:
    """What each entry counts: figures by their value, texts by their length."""
    texts = ("kind", *form.texts)
    return {n: i + 1 for i, n in enumerate(form.fields)} | {n: 1000 + i for i, n in enumerate(texts)}


def check_sum(form: Form, filing: Filing) -> float:
    """The same sum as the workbook's own: figures by weight, texts by length, blanks counted."""
    stated = stated_values(form, filing)
    total = Decimal(sum(entry is None for entry in stated.values()) * BLANK)
    for name, weight in weights(form).items():
        entry = stated[name] if name in stated else _length(filing.word(name))
        total += entry * weight if isinstance(entry, Decimal) else 0
    return float(round(total, 4))


def _length(text: Entry) -> Decimal:
    """A text's length as LEN counts it, in UTF-16 units."""
    return Decimal(len(str(text or "").encode("utf-16-le")) // 2)
