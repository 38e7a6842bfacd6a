"""What the button paints: which cell, in which colour, with which note; the same for a closed file."""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlcheck.core.filing import Values
from xlcheck.core.finding import SEVERITIES, Finding
from xlcheck.core.form import Form
from xlcheck.core.grid import a1, rc
from xlcheck.core.rules import Rules
from xlcheck.data.rules import Severity

if TYPE_CHECKING:  # a plain check paints nothing
    from xlcheck.data.styles import MarkKind, Role

NoteHeads = Mapping[Severity | Literal["answered"], str]
LONG = 10  # letters of a text that a figure's cell still shows beside the sign: a day is as long
MANY = 4  # compared cells up to this number are shown as evidence; a whole column painted hides the one


class Mark(NamedTuple):
    """One painted cell: ``kind`` names its colours in styles.toml, ``note`` is what the mouse shows."""

    at: str
    kind: "MarkKind"
    note: str = ""


def plan_marks(
    form: Form, rules: Rules, values: Values, findings: tuple[Finding, ...], heads: NoteHeads
) -> dict[str, Mark]:
    """Plan the paint: a blamed cell outranks a warned one, and both outrank evidence.

    ``values`` are what stands in the cells; ``heads`` are the words a note begins with, by severity and
    ``answered``.
    """
    planned: dict[str, Mark] = {}
    for finding in sorted(findings, key=_rank):
        kind = _kind(form, values, finding)
        if kind and (finding.at in form.fields or finding.at in form.texts):
            for name, note in {
                **_to_change(finding, rules, heads),
                finding.at: _note(finding, heads),
            }.items():
                old = planned.get(name)
                whole = "\n\n".join(filter(None, (old.note, note))) if old else note
                planned[name] = Mark(name, old.kind if old else kind, whole)
    for finding in findings:
        if finding.severity != "info" and not finding.answer:
            tint: MarkKind = "evidence" if finding.severity == "error" else "warned_evidence"
            for name in _evidence(finding, rules):
                planned.setdefault(name, Mark(name, tint))
    return planned


def painted_cell(form: Form, mark: Mark, label: str) -> tuple[str, str]:
    """The sheet and the cell that a mark is painted on: of a text the one in the column of its label."""
    sheet, cell = form.where(mark.at)
    return sheet, label_cell(cell, label) if mark.at in form.texts else cell


def label_cell(text: str, label: str) -> str:
    """The cell of a text's label, which stands in its row."""
    return f"{label}{rc(text)[0]}"


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity) + 10 * bool(finding.answer)


def _kind(form: Form, values: Values, finding: Finding) -> "MarkKind | None":
    if finding.answer:
        return "answered"
    in_text = finding.at in form.texts
    match finding.severity:
        case "error":
            entry = values.get(finding.at)
            long = isinstance(entry, str) and len(entry) > LONG
            return "text" if in_text else "blamed_long" if long else "blamed"
        case "warning":
            return "text_warned" if in_text else "warned"
    return None


def _to_change(finding: Finding, rules: Rules, heads: NoteHeads) -> dict[str, str]:
    """The other cells that have to be changed for a finding to go, each with its note.

    Where no way is certain they are those of the likeliest, whose first cell is the one that is blamed.
    Blanks that are told together say only what each of them can hold; cells of one slip what all are told.
    """
    likeliest = finding.fix or next(iter(finding.candidates), None)
    fixes = likeliest.also if likeliest else ()
    if rules.of(finding.rule).unfilled:
        return dict.fromkeys(finding.fields, "") | {fix.field: fix.why for fix in fixes}
    return dict.fromkeys((fix.field for fix in fixes), _note(finding, heads))


def _evidence(finding: Finding, rules: Rules) -> tuple[str, ...]:
    """The cells that are compared and stand as they are: no way of mending changes them."""
    ways = (finding.fix, *finding.candidates)
    changed = {one.field for way in ways if way for one in (way, *way.also)}
    others = tuple(f for f in finding.fields if f not in {finding.at, *changed})
    rule = rules.of(finding.rule)
    doubtful = rule.unfilled or rule.needs == "tables"  # its cells are all to be filled in, or looked at
    return () if doubtful or len(others) >= MANY else others


def _note(finding: Finding, heads: NoteHeads) -> str:
    head = heads["answered"] if finding.answer else heads[finding.severity]
    why = finding.fix.why if finding.fix and finding.fix.why not in finding.advice else ""
    return "\n".join(filter(None, (head + finding.message, finding.advice, why, finding.answer)))


def entry_roles(form: Form) -> "Mapping[tuple[str, str], Role]":
    """How each cell that is filled in is dressed in the template, by sheet and address."""
    roles: dict[tuple[str, str], Role] = {}
    for table, cells in form.tables.items():
        place = form.places[table]
        for cell in cells:
            if cell.role == "value":
                at = a1(place.row + cell.row, place.col + cell.col)
                roles[form.sheets[table], at] = "entry_sum" if cell.total else "entry"
    roles |= {(option.sheet, option.cell): "choice" for option in form.options}
    roles |= {(form.sheets["cover"], cell): "cover_in" for cell in form.cover.values()}
    return roles | {(form.sheets["text"], cell): "prose" for cell in form.texts.values()}


Note = tuple[str, str, float, float]  # text, author, height, width
NOTES = [(str, str, height, width) for height in (int, float) for width in (int, float)]
STORED = range(2, 7)  # fill and font at least
GENERAL = "General"  # the number format of a cell that has none of its own
RRGGBB = re.compile("(?:[0-9A-Fa-f]{6})?")


class Unmarked(NamedTuple):
    """A cell's look before we painted it: colours as RRGGBB, empty where there is none.

    ``exact`` is how the file stores it, where a closed file was marked: fill and font, then what else is
    known, the number of its style, the note and its box.
    """

    fill: str = ""
    ink: str = ""
    bold: bool = False
    format: str = GENERAL
    note: Note | None = None
    exact: tuple[str, ...] | None = None


def unmarked_text(before: Unmarked) -> str:
    return json.dumps({k: v for k, v in before._asdict().items() if v is not None}, ensure_ascii=False)


def read_unmarked(text: str) -> Unmarked | None:
    """What the hidden sheet keeps of a cell; nothing where it is not what we wrote."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found.keys() <= set(Unmarked._fields):
        return None
    for pair in found.keys() & {"note", "exact"}:
        found[pair] = tuple(found[pair]) if isinstance(found[pair], list) else ()
    before = Unmarked(**found)
    return before if _is_ours(before) else None


def _is_ours(before: Unmarked) -> bool:
    colours = all(isinstance(c, str) and RRGGBB.fullmatch(c) for c in (before.fill, before.ink))
    note = before.note is None or tuple(map(type, before.note)) in NOTES
    exact = before.exact is None or (
        len(before.exact) in STORED and all(isinstance(one, str) for one in before.exact)
    )
    return colours and note and exact and isinstance(before.format, str) and isinstance(before.bold, bool)
