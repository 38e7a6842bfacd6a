"""What sentences say of the form: counts, numbers and labels put in as this edition has them."""

import re
from collections.abc import Callable, Mapping

from xlcheck.core.form import Form
from xlcheck.core.grid import FormError, Node, NotInForm
from xlcheck.data import FORM_PLACE

LISTS = ("texts", "tables", "sections")  # what is named at once, besides what is named one by one


def in_form_words(form: Form, sentence: str) -> str:
    """Fill in ``{number:t3.sum}`` and the like: （七）; any other braces are left.

    What stands after a ``|`` is said where the edition has no such thing; without it NotInForm is raised.
    """
    if ":" not in sentence:
        return sentence
    return re.sub(
        FORM_PLACE, lambda found: _said(form, found["aspect"], found["name"], found["else"]), sentence
    )


def heading_number(form: Form, name: str) -> str:
    """The number that a section's or a heading's label begins with: 三, （七）; the label where none does."""
    label = _label(form, name)
    found = re.match(form.words.number, label)
    return found[0] if found else label


def place_of(form: Form, at: str) -> str:
    """What a field, a text, a cover entry or an option is called: （一）予以公开 · 自然人."""
    return form.fields[at].place if at in form.fields else form.labels[at]


def table_called(form: Form, table: str) -> str:
    """表三, by the number of its section; the name of its sheet where the section has none."""
    if table not in form.tables:
        raise NotInForm(form.edition, table)
    found = re.match(form.words.number, form.sections[table])
    return form.words.table.format(number=found[0]) if found else form.sheets[table]


def texts_of(form: Form) -> tuple[str, ...]:
    """The sections that are written, not filled in, in their order."""
    return tuple(section for section in form.sections if section not in form.tables)


def parts_of(form: Form, name: str) -> tuple[str, ...]:
    """The headings that stand directly under a group, totals left out: of t3.results granted, partial …."""
    group, table = heading_of(form, name), name.partition(".")[0]
    path = (*group.above, group.short or group.label)
    every = (node for of, rows, columns in form.axes if of == table for node in (*rows, *columns))
    return tuple(node.id for node in every if node.above == path and not node.total)


def leaves_of(form: Form, name: str) -> tuple[str, ...]:
    """The headings under a group that have no parts of their own: of t3.results granted, denied_1 …."""
    table = name.partition(".")[0]
    inner = ((part, leaves_of(form, f"{table}.{part}")) for part in parts_of(form, name))
    return tuple(leaf for part, leaves in inner for leaf in leaves or (part,))


def plain_label(form: Form, node: Node, *, short: bool = False) -> str:
    """What a heading names, without its number and what stands in brackets; ``short`` where it can be."""
    label = (node.short if short else "") or node.label
    number = re.match(form.words.number, label)
    plain = label[number.end() :].lstrip(form.words.after) if number else label
    return re.split(form.words.brackets, plain)[0]


def _said(form: Form, aspect: str, name: str, instead: str | None) -> str:
    if aspect not in MEANINGS:
        raise FormError(f"a form has no '{aspect}'; known are {', '.join(MEANINGS)}")
    try:
        return MEANINGS[aspect](form, name)
    except NotInForm:
        if instead is None:
            raise
        return instead


def _named(form: Form, name: str) -> tuple[str, ...]:
    """The names that are meant: those of a list, or the ones written out that this edition has."""
    lists = dict(zip(LISTS, (texts_of(form), tuple(form.tables), tuple(form.sections)), strict=True))
    names = lists.get(name) or tuple(one for one in name.split(",") if one in form.sections)
    if not names:
        raise NotInForm(form.edition, name)
    return names


def _label(form: Form, name: str) -> str:
    if name in form.labels:
        return form.labels[name]
    node = heading_of(form, name)
    return node.short or node.label


def heading_of(form: Form, name: str) -> Node:
    """A row or a column by its table and its own name: t3.granted. Raises NotInForm."""
    table, _, own = name.partition(".")
    for of, rows, columns in form.axes:
        for node in (*rows, *columns) if of == table else ():
            if node.id == own:
                return node
    raise NotInForm(form.edition, name)


def _span(form: Form, name: str) -> str:
    """The parts of a group from the first to the last: （一）至（六）."""
    table, parts = name.partition(".")[0], parts_of(form, name)
    first, last = (heading_number(form, f"{table}.{part}") for part in (parts[0], parts[-1]))
    return form.words.span.format(first=first, last=last)


def _count(form: Form, name: str) -> str:
    """How many there are, in words: of a list, or of the cells of a group without its totals."""
    count = len(_named(form, name) if name in LISTS else form.members(name))
    return form.words.numerals[count] if count < len(form.words.numerals) else str(count)


def _numbers(form: Form, name: str) -> str:
    return form.words.comma.join(heading_number(form, one) for one in _named(form, name))


def _corner(form: Form, name: str) -> str:
    return next(form.blocks[table][0].corner for table in _named(form, name))


MEANINGS: Mapping[str, Callable[[Form, str], str]] = {
    "number": heading_number, "numbers": _numbers, "label": _label, "table": table_called, "span": _span,
    "count": _count, "hint": lambda form, name: heading_of(form, name).hint, "corner": _corner,
}  # fmt: skip
