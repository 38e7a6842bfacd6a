"""What a picture of a year draws: amounts by the form's headings, this year's and last year's."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from xlcheck.core.filing import Filing, figure_text, stated_values
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.core.grid import Node
from xlcheck.core.heading_parts import parts_there
from xlcheck.data.picture import picture_words


class Amount(NamedTuple):
    """Something counted: what it is called, how much, and how much the year before, where that is known."""

    label: str
    figure: Decimal
    last: Decimal | None = None
    unit: str = ""

    @property
    def counted(self) -> str:
        """With its figure, as in a list."""
        return picture_words().item.format(label=self.label, figure=figure_text(self.figure))

    @property
    def before(self) -> str:
        """Last year's figure in words; nothing where it is not known."""
        return "" if self.last is None else picture_words().last.format(figure=figure_text(self.last))


class PictureFigures:
    """This year's cells and last year's, and what stands under a heading of the form."""

    def __init__(self, form: Form, filing: Filing, last: Filing | None) -> None:
        self.form, self.now = form, stated_values(form, filing)
        self.units = {o.beside: filing.options.get(o.id, "") for o in form.options if o.beside}
        self.last = stated_values(form, last) if last and last.edition == form.edition else None

    def amount(self, name: str, label: str) -> Amount:
        """What a cell holds, or the cells of a heading together."""
        members = self.form.members(name)
        last = _sum(self.last, members) if self.last else None
        unit = self.units.get(name) or (self.form.fields[name].unit if name in self.form.fields else "")
        return Amount(label, _sum(self.now, members) or Decimal(0), last, unit)

    def parts(self, heading: str, cells: str, *, leaves: bool = False) -> Iterator[Amount]:
        """The parts of a heading that are not 0; of those with parts of their own these, if ``leaves``."""
        return (amount for amount, _ in self.parts_and_theirs(heading, cells, leaves=leaves))

    def parts_and_theirs(
        self, heading: str, cells: str, *, leaves: bool = False
    ) -> Iterator[tuple[Amount, tuple[Amount, ...]]]:
        """The same, each with its own parts."""
        for part in parts_there(self.form, heading, partial(self._now, cells), leaves=leaves):
            inner = tuple(self.amount(cells.format(part=one.name), one.label) for one in part.parts)
            yield self.amount(cells.format(part=part.name), part.label), inner

    def rows(self, table: str) -> Iterator[tuple[Node, tuple[Amount, ...]]]:
        """A table's rows that are not 0 throughout, this year and last, with their cells."""
        for of, rows, columns in self.form.axes:
            for row in rows if of == table else ():
                cells = tuple(self.amount(f"{table}.{row.id}.{one.id}", one.label) for one in columns)
                if any(one.figure or one.last for one in cells):
                    yield row, cells

    def _now(self, cells: str, part: str) -> Decimal:
        return self.amount(cells.format(part=part), "").figure


def _sum(entries: dict[str, Entry], members: Sequence[str]) -> Decimal | None:
    figures = [entry for name in members if isinstance(entry := entries.get(name), Decimal)]
    return sum(figures, Decimal(0)) if figures else None
