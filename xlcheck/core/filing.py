"""What one unit reports for one year: the cover, figures by field, texts by section."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xlcheck.core.form import Form
from xlcheck.core.formula import Entry

Values = Mapping[str, Entry]
if TYPE_CHECKING:
    LastFiling: TypeAlias = "Filing | None"
else:  # to read a type in quotes Python sets its whole parser up, which a check has no use for
    LastFiling = object

# 2000-01-01 and 2100-01-01 by their numbers: a 5 in a cell that shows days is no day of 1900, but a 5.
TYPED_DAYS = (36526, 73051)


class Filing(NamedTuple):
    """One unit's report. A field that is absent or None is blank; a str is a text typed for a figure."""

    edition: str
    year: Entry = None
    unit: str | None = None
    kind: str | None = None
    contact: str | None = None
    values: Values = {}
    texts: Mapping[str, str] = {}
    options: Mapping[str, str] = {}
    answers: Mapping[str, str] = {}  # the clerk's 说明, by rule
    records: Mapping[str, str] = {}  # for what each answer was given, by rule
    last: LastFiling = None  # last year's figures, where the workbook carries them
    notes: Mapping[str, tuple[tuple[str, str], ...]] = {}  # named check -> (place, what was found) pairs

    def word(self, name: str) -> Entry:
        """A cover entry, a text or an option by its name; None where there is none."""
        if name in ("year", "unit", "kind", "contact"):
            entry: Entry = getattr(self, name)
            return entry
        return self.options.get(name) or self.texts.get(name)


def figure_text(number: Decimal) -> str:
    """Write a figure as a clerk would: 12, 0.092, -8."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def year_before(filing: Filing, last: Filing | None) -> Filing | None:
    """Last year's filing, if it is of the year before; of another year nothing is compared."""
    fits = last is not None and isinstance(filing.year, Decimal) and last.year == filing.year - 1
    return last if fits else None


def entry_text(value: object) -> str:
    if isinstance(value, Decimal | int):
        return figure_text(Decimal(value))
    return str(value).strip() if value is not None else ""


def stated_values(form: Form, filing: Filing) -> dict[str, Entry]:
    """The figures as stated: under a ticked nil return, the blank cells of its table are 0."""
    stated: dict[str, Entry] = {name: filing.values.get(name) for name in form.fields}
    for option in form.options:
        if option.nil and filing.options.get(option.id):
            for name in form.groups[option.nil]:
                if stated[name] is None:
                    stated[name] = Decimal(0)
    return stated
