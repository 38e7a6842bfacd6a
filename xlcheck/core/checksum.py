"""How a workbook sees that something changed since the check: a sum of its figures, and its words."""

from decimal import ROUND_HALF_UP, Context, Decimal

from xlcheck.core.filing import Filing, entry_text, stated_values
from xlcheck.core.form import Form

PLACES = Decimal("0.0001")  # sums of all figures are large: more places would be Excel's dust
WIDE = Context(prec=400)  # digits: a cell may hold a figure of 309
BLANK = 7919  # what a cell without a figure counts


def weights(form: Form) -> dict[str, int]:
    """What each figure counts."""
    return {name: n + 1 for n, name in enumerate(form.fields)}


def check_sum(form: Form, filing: Filing) -> float:
    """The same sum as the workbook's own: figures by weight, cells without one counted."""
    stated = {n: v for n, v in stated_values(form, filing).items() if isinstance(v, Decimal)}
    total = Decimal((len(form.fields) - len(stated)) * BLANK)
    total += sum(stated[name] * weight for name, weight in weights(form).items() if name in stated)
    return float(total.quantize(PLACES, ROUND_HALF_UP, WIDE))


def checked_words(form: Form) -> tuple[str, ...]:
    """The words that are kept as they stood at the check: cover, options, texts."""
    return ("unit", "year", "kind", *(o.id for o in form.options), *form.texts)


def words_as_checked(form: Form, filing: Filing) -> tuple[str, ...]:
    """What stood there, in that order."""
    said = (filing.word(name) for name in checked_words(form))
    return tuple(word if isinstance(word, str) else entry_text(word) for word in said)
