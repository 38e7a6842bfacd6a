"""From what stands in a row to the fields' values: nothing is placed that could belong elsewhere."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from xlcheck.core.filing import entry_text
from xlcheck.core.form import Field, Form
from xlcheck.core.formula import Entry
from xlcheck.data.importing import DoubtKind, importing
from xlcheck.editions import Edition
from xlcheck.importing.cell_figure import CellFigure
from xlcheck.importing.cell_figure import number as read_number
from xlcheck.importing.document import ASIDE, Doubt, Evidence
from xlcheck.importing.figures.splits import Way, cuts, glued, together
from xlcheck.importing.figures.witnesses import lone_failures
from xlcheck.importing.normal_text import normal
from xlcheck.importing.sections.report_layout import ReportLayout
from xlcheck.importing.tables.grid_tables import PlacedRow
from xlcheck.importing.tables.table_rows import ReportRows
from xlcheck.importing.tables.text_tables import TableRows, TextRow
from xlcheck.importing.uprights import cells_between
from xlcheck.judge import code

FieldValues = dict[str, Entry]


class OpenRow(NamedTuple):
    """A row that can be cut in several ways."""

    fields: tuple[str, ...]
    ways: tuple[Way, ...]
    told: TextRow


class Placement(NamedTuple):
    """What a document's tables gave: values and evidence by field, the units said, what stayed open."""

    values: FieldValues
    evidence: dict[str, Evidence]
    units: dict[str, str]
    doubts: list[Doubt]
    blank: set[str]  # fields once in doubt: no later reading fills them


def place_figures(layout: ReportLayout, rows: ReportRows) -> Placement:
    """Every row's figures in their fields; what another unit or the sums speak against is told."""
    out = _place_rows(layout.edition, [pair for pair in rows.in_lines if pair[0]], rows.in_grids)
    _take_back_other_units(layout.form, out, layout.text.text)
    _take_back_doubted(out, (*out.doubts, *rows.doubts))
    out.doubts.extend((*rows.doubts, *lone_failures(layout.edition, out.values, rows.in_lines)))
    return out


def _place_rows(edition: Edition, told: TableRows, placed: Iterable[PlacedRow]) -> Placement:
    """Place every row; rows that ran together are cut by their own sums, then by those with other rows."""
    form, out = edition.form, Placement({}, {}, {}, [], set())
    for row in placed:
        _place_row(form, out, row)
    together = any(glued(_tokens(one)) for _, one in told if not one.placed)
    opened = []
    for fields, one in told:
        found = _place(edition, fields, one, told, together)
        if isinstance(found, PlacedRow):
            _place_row(form, out, found)
        elif isinstance(found, OpenRow):
            opened.append(found)
        else:
            out.doubts.append(found)
    _close(edition, out, opened)
    return out


def _place(
    edition: Edition,
    fields: tuple[str, ...],
    told: TextRow,
    others: TableRows,
    together: bool,
) -> PlacedRow | OpenRow | Doubt:
    filled = [f for f in told.figures if f.entry is not None or f.nil]
    if told.far and len(fields) == 1 and _near(told, others):
        return _doubt("below", fields, told)
    if not filled and told.words:
        return Doubt("words", told.where, told.text, fields, ((told.words,),))
    if not filled:
        return PlacedRow(fields, (CellFigure(None),) * len(fields), _seen(told))
    if told.placed and (kept := _even(len(fields), told, others)):
        return PlacedRow(fields, kept, _seen(told))
    tokens = _tokens(told)
    if len(filled) == len(fields) and not (glued(tokens) and not told.placed):
        return PlacedRow(fields, tuple(filled), _seen(told))
    if together and not told.placed and len(tokens) == len(filled) < len(fields) and len(fields) > 1:
        ways = cuts([edition.form.fields[n] for n in fields], tokens, code(edition).equations)
        return OpenRow(fields, ways, told) if ways else _doubt("split", fields, told)
    if kept := _by_place(fields, told, others):
        return PlacedRow(fields, kept, _seen(told, "columns"))
    return _doubt("fewer" if len(filled) < len(fields) else "more_cells", fields, told)


def _near(told: TextRow, others: TableRows) -> bool:
    """Whether the other rows of a table have their figures on the lines of their labels."""
    rows = [one for _, one in others if one.mark.table == told.mark.table and one.figures and one is not told]
    return sum(not one.far for one in rows) > sum(one.far for one in rows)


def _tokens(told: TextRow) -> list[str]:
    return [f.entry for f in told.figures if isinstance(f.entry, str)]


def _even(count: int, told: TextRow, others: TableRows) -> tuple[CellFigure, ...]:
    """The cells of a row whose line has as many as the row has fields, or begins where all full rows do."""
    if len(told.figures) == count:
        return told.figures
    full = {one.lead for names, one in others if one.placed and len(names) == count and _is_full(one, count)}
    rest = told.figures[min(full) :] if len(full) == 1 else ()
    if len(rest) >= count and not any(f.entry is not None or f.nil for f in rest[count:]):
        return rest[:count]
    return ()


def _is_full(told: TextRow, count: int) -> bool:
    return sum(f.entry is not None for f in told.figures) == count


def _by_place(fields: tuple[str, ...], told: TextRow, others: TableRows) -> tuple[CellFigure, ...]:
    """Place the figures of a row with empty cells: between the drawn lines, or under those of full rows."""
    table, count = told.mark.table, len(fields)
    if not told.beyond and (kept := _between_lines(count, told)):
        return kept
    full = [
        one.xs for names, one in others
        if one.mark.table == table and len(names) == len(one.xs) == count and not one.placed
    ]  # fmt: skip
    if len(full) < 3 or -1.0 in told.xs or len(told.xs) != len(told.figures):
        return ()
    middles = [sum(column) / len(column) for column in zip(*full, strict=True)]
    gap = min((b - a for a, b in pairwise(middles)), default=0.0)
    spread = max(abs(x - m) for xs in full for x, m in zip(xs, middles, strict=True))
    if gap < 4 or spread > gap / 3:
        return ()
    places = [min(range(count), key=lambda n, x=x: abs(middles[n] - x)) for x in told.xs]  # type: ignore[misc]
    near = all(abs(middles[n] - x) <= gap / 3 for n, x in zip(places, told.xs, strict=True))
    if not near or len(set(places)) < len(places):
        return ()
    by = dict(zip(places, told.figures, strict=True))
    return tuple(by.get(n, CellFigure(None)) for n in range(count))


def _between_lines(count: int, told: TextRow) -> tuple[CellFigure, ...]:
    """The cells of a row whose figures lie between lines that are drawn."""
    places = cells_between(told.uprights, count, told.xs) if len(told.xs) == len(told.figures) else ()
    by = dict(zip(places, told.figures, strict=False))
    return tuple(by.get(n, CellFigure(None)) for n in range(count)) if by and count > 1 else ()


def _close(edition: Edition, out: Placement, opened: list[OpenRow]) -> None:
    """Cut the rows that only sums with other rows settle: where every choice cuts them alike."""
    for row in [r for r in opened if len(r.ways) == 1]:
        _cut(edition.form, out, row, row.ways[0])
    open_rows = [r for r in opened if len(r.ways) > 1]
    bound = [r for r in open_rows if any(set(r.fields) & e.terms.keys() for e in code(edition).equations)]
    ways = together([r.ways for r in bound], [r.fields for r in bound], _known(out), edition)
    for n, row in enumerate(bound):
        if len({way[n] for way in ways}) == 1:
            _cut(edition.form, out, row, ways[0][n])
            open_rows.remove(row)
    out.doubts.extend(Doubt("ways", r.told.where, r.told.text, r.fields, r.ways) for r in open_rows)


def _known(out: Placement) -> dict[str, Decimal]:
    return {n: v for n, v in out.values.items() if isinstance(v, Decimal)}


def _cut(form: Form, out: Placement, row: OpenRow, way: Way) -> None:
    _place_row(form, out, PlacedRow(row.fields, tuple(map(CellFigure, way)), _seen(row.told, "split")))


def _place_row(form: Form, out: Placement, row: PlacedRow) -> None:
    """Take a row's figures over; a second, different reading of a field leaves it blank for good."""
    if row.beside:
        out.doubts.append(Doubt("strange", row.seen.where, row.seen.text, (), (row.beside,)))
    for name, figure in zip(row.fields, row.figures, strict=True):
        doubts, value = list(_doubts_of(form, name, figure)), _value(figure)
        known = out.values.get(name)
        if any(kind == "words" for kind, _ in doubts):
            out.blank.add(name)
        elif value is not None and known is not None and value != known:
            doubts.append(("twice", (str(known), str(value))))
            out.blank.add(name)
        for kind, ways in doubts:
            said = tuple((way,) for way in ways)
            out.doubts.append(Doubt(kind, row.seen.where, row.seen.text, (name,), said))
        if value is not None or name not in out.evidence:
            out.values[name], out.evidence[name] = value, row.seen
        if name in out.blank:
            out.values[name] = None
        elif form.fields[name].kind == "amount" and figure.unit:
            out.units[name] = figure.unit


def _take_back_other_units(form: Form, out: Placement, text: str) -> None:
    """Take back the amounts over which the document says another unit than the form, and none beside it."""
    for name in [n for n, field in form.fields.items() if field.unit and out.values.get(n) is not None]:
        said = "" if name in out.units else _unit_in_head(form.fields[name], text)
        if said and said != form.fields[name].unit:
            seen, ways = out.evidence[name], ((f"{entry_text(out.values[name])}{said}",),)
            out.doubts.append(Doubt("words", seen.where, seen.text, (name,), ways))
            out.values[name] = None
            out.blank.add(name)


def _take_back_doubted(out: Placement, doubts: Iterable[Doubt]) -> None:
    """Take back what a row gave whose name stands over another that is in doubt as a whole."""
    for name in {name for doubt in doubts if doubt.kind not in ASIDE for name in doubt.fields}:
        out.values[name] = None
        out.blank.add(name)


def _unit_in_head(field: Field, text: str) -> str:
    """The unit in brackets behind an amount's heading or the name of its row."""
    labels = (normal(label).partition("(")[0] for label in (field.column.label, field.row.label))
    found = (re.search(re.escape(label) + importing().figure.head_unit, text) for label in labels)
    return next((one[1] for one in found if one and field.kind == "amount"), "")


def _doubts_of(form: Form, name: str, figure: CellFigure) -> Iterator[tuple[DoubtKind, tuple[str, ...]]]:
    """What is to be said of one figure: a mark for nothing, a remark, what is no figure of the field's."""
    field = form.fields[name]
    other_unit = field.kind == "amount" and figure.unit and field.unit and field.unit != figure.unit
    if figure.nil:
        yield "nil", (figure.nil,)
    if figure.remark:
        yield "remark", (figure.remark,)
    if figure.entry is not None and (_value(figure) is None or other_unit):
        yield "words", (f"{entry_text(figure.entry)}{figure.unit}",)


def _value(figure: CellFigure) -> Decimal | None:
    """A cell's figure; a text is none, whatever the workbook would take."""
    if isinstance(figure.entry, str):
        return (
            read_number(figure.entry) if re.fullmatch(r"[+-]?\d{1,40}(?:\.\d{1,20})?", figure.entry) else None
        )
    return figure.entry if isinstance(figure.entry, Decimal) else None


def _seen(told: TextRow, how: str = "") -> Evidence:
    return Evidence(told.where, told.text, how)


def _doubt(kind: DoubtKind, fields: tuple[str, ...], told: TextRow) -> Doubt:
    said = tuple(f.nil or str(f.entry) for f in told.figures if f.entry is not None or f.nil)
    return Doubt(kind, told.where, told.text, fields, (said,))
