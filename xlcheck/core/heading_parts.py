"""What stands under a heading of the form and is not 0, with its own parts, as a list tells it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.form_words import heading_of, parts_of, plain_label


class Part(NamedTuple):
    """A row or a column by its own name, what the form calls it, what it amounts to, and its parts."""

    name: str
    label: str
    figure: Decimal
    parts: tuple["Part", ...]


def parts_there(
    form: Form, heading: str, figure_of: Callable[[str], Decimal], *, leaves: bool = False
) -> Iterator[Part]:
    """The parts of a heading whose ``figure_of`` is not 0; only those without parts, if ``leaves``."""
    table = heading.partition(".")[0]
    for name in parts_of(form, heading):
        if figure := figure_of(name):
            inner = tuple(parts_there(form, f"{table}.{name}", figure_of, leaves=leaves))
            label = plain_label(form, heading_of(form, f"{table}.{name}"), short=True)
            yield from inner if inner and leaves else (Part(name, label, figure, inner),)
