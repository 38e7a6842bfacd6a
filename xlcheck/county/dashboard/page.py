"""The county's collection as one page: read, searched and printed in any browser, with nothing fetched."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from xlcheck import data
from xlcheck.core.blocks import Table
from xlcheck.core.form import Form
from xlcheck.core.form_words import table_called
from xlcheck.core.grid import Cell
from xlcheck.county.dashboard import html
from xlcheck.county.dashboard.html import NOTHING
from xlcheck.county.dashboard.payload import STATES, Gathering, row_columns, script_json, work_order
from xlcheck.county.dashboard.unit import figures_in
from xlcheck.county.submission import Campaign, Submission
from xlcheck.data.county import county
from xlcheck.data.dashboard import dashboard
from xlcheck.data.rules import Rule
from xlcheck.editions import Edition
from xlcheck.report.layout import broken, head_rows, vertical
from xlcheck.saving import atomically
from xlcheck.template.proportions import kind_name

STYLES = ("dashboard.css",)
SCRIPTS = ("dashboard_unit.js", "dashboard.js")  # the second one starts the page


def write_dashboard(
    edition: Edition, campaign: Campaign, standings: Iterable[Submission], path: Path, today: date,
    as_of: datetime,
) -> None:  # fmt: skip
    """Write the page of a campaign; ``standings`` come in the roster's order and are read once.

    ``as_of`` is the moment of the newest thing known. The same input gives the same bytes.
    """
    kept = Gathering(edition)
    for standing in standings:
        kept.add(standing)
    kept.close()
    text = page_html(campaign, kept, today, as_of)
    atomically(path, lambda to: to.write_text(text, encoding="utf-8"))


def page_html(campaign: Campaign, kept: Gathering, today: date, as_of: datetime) -> Markup:
    """The page in reading order: first what needs no script, then what the script works with."""
    style, script = _style(campaign, kept, as_of), _script()
    words = dashboard().html
    return Markup(
        '{head}<body>\n{icons}{page_head}{views}<main class="wide">\n'
        '<noscript><p class="notice">{without}</p></noscript>\n{overview}'
        '<div id="lists">\n{unit_list}{panels}</div>\n<div id="view" hidden></div>\n</main>\n'
        "{foot}{parts}{tables}{carried}<script>{script}</script>\n</body>\n</html>\n"
    ).format(
        head=_head(campaign, style, script),
        icons=html.icons(),
        page_head=html.page_head(campaign, as_of),
        views=html.views(kept),
        without=words.script_many if kept.many else words.script,
        overview=html.overview(campaign, kept, today),
        unit_list=html.unit_list(campaign, kept),
        panels=html.panels(campaign, kept),
        foot=_foot(),
        parts=html.part_templates(),
        tables=_tables(kept.edition.form),
        carried=_carried(campaign, kept),
        script=script,
    )


def _head(campaign: Campaign, style: Markup, script: Markup) -> Markup:
    """The policy lets in our own style and script, known by their hashes, and fetches nothing."""
    return Markup(
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src {style_hash}; '
        "script-src {script_hash}; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{title}</title>\n<style>{style}</style>\n</head>\n"
    ).format(style_hash=_hash(style), script_hash=_hash(script), title=html.title(campaign), style=style)


def _hash(text: str) -> Markup:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return Markup("'sha256-{}'").format(base64.b64encode(digest).decode("ascii"))


def _source(name: str) -> str:
    return (data.HERE / name).read_text(encoding="utf-8")


def _script() -> Markup:
    """Our scripts: nothing of a county's stands in them."""
    script = "".join(map(_source, SCRIPTS))
    return Markup(script)


def _style(campaign: Campaign, kept: Gathering, as_of: datetime) -> Markup:
    """The style sheets, the bar's proportions, and the words at the foot of every printed page.

    In a style sheet nothing is escaped as in html: what is not ours in it is quoted letter by letter.
    """
    words = dashboard().html
    left = f"{html.title(campaign)} {words.sub}"
    right = words.foot.format(at=dashboard().moment.full.format(at=as_of))
    feet = (
        ("left", _quoted(left)),
        ("center", 'counter(page) " / " counter(pages)'),
        ("right", _quoted(right)),
    )
    paper = "".join(f"@bottom-{side} {{ content: {said}; }} " for side, said in feet)
    sheets = "".join(map(_source, STYLES))
    style = f"{_palettes()}{sheets}{html.proportions(kept)}@page {{ {paper}}}\n"
    return Markup(style)


def _palettes() -> str:
    """Each colour stands once in the data, for light and for dark; the button and the printer override."""
    light, dark = (
        "".join(f"--{role}: {shades[n]}; " for role, shades in dashboard().colours.items()) for n in (0, 1)
    )
    bright, dim = f"color-scheme: light; {light}", f"color-scheme: dark; {dark}"
    return (
        f":root {{ {bright}}}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dim}}} }}\n"
        f"@media screen {{ :root[data-theme=light] {{ {bright}}}\n:root[data-theme=dark] {{ {dim}}} }}\n"
    )


def _quoted(text: str) -> str:
    """A text inside a style sheet's quotes: all but letters and figures as code points."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'


def _foot() -> Markup:
    words = dashboard().html
    return Markup(
        '<footer class="wide"><p>{readonly}</p><p class="keys" hidden>{keys} '
        '<button type="button" id="keys" aria-pressed="true">{keys_on}</button></p></footer>\n'
    ).format(readonly=words.readonly, keys=words.keys, keys_on=words.keys_on)


def _carried(campaign: Campaign, kept: Gathering) -> Markup:
    """The index as JSON and the tables in packs; nothing in them can end the element they stand in."""
    index = script_json(row_columns(kept.rows) | _settings(campaign, kept) | _sums(campaign, kept))
    packs = NOTHING.join(
        Markup('<script type="application/octet-stream" id="pack-{}">{}</script>\n').format(n, pack)
        for n, pack in enumerate(kept.packs)
    )
    return Markup('<script type="application/json" id="index">{}</script>\n{}').format(index, packs)


def _settings(campaign: Campaign, kept: Gathering) -> dict[str, Any]:
    """What the script needs to know besides the units: its words, the states, the rules, the limits."""
    facts, rules = dashboard(), kept.edition.rules.rules
    return {
        "words": {**facts.js, "columns": {column.id: column.label for column in facts.column}},
        "status": [[state, county().status[state]] for state in STATES],
        "rules": [[r.id, r.title, r.severity, r.why, r.legal] for r in rules],
        "families": list(_families(kept.edition.form, rules)),
        "title": html.title(campaign),
        "level": facts.level,
        "most": facts.most,
        "print_most": facts.print_most,
    }


def _sums(campaign: Campaign, kept: Gathering) -> dict[str, Any]:
    form, sums = kept.edition.form, kept.sums
    heading = html.say(dashboard().html.totals, whole=html.whole(campaign), n=sums.counted)
    return {
        "work": work_order(kept.rows),
        "sums": [figures_in(form, sums.now), figures_in(form, sums.last)],
        "sums_said": [heading, list(html.totals_notes(kept))],
    }


def _families(form: Form, rules: Sequence[Rule]) -> Iterator[tuple[str, list[int]]]:
    """Which rules are told together, by their numbers; their tables are named where the label asks."""
    for family, label in dashboard().family.items():
        if numbers := [n for n, rule in enumerate(rules) if rule.family == family]:
            of = {rules[n].sheet for n in numbers}
            tables = dashboard().unit.comma.join(table_called(form, t) for t in form.tables if t in of)
            yield label.format(tables=tables), numbers


def _tables(form: Form) -> Markup:
    """The official tables as printed, empty; the script fills in a unit's figures."""
    fields = {name: n for n, name in enumerate(form.fields)}
    return NOTHING.join(
        _table(Table(table, form.sections[table], cells), fields, kind_name(form, table))
        for table, cells in form.tables.items()
    )


def _table(table: Table, fields: dict[str, int], kind: str) -> Markup:
    head, count = head_rows(table), max(c.col + c.cols for c in table.cells)
    ordered = sorted(table.cells, key=lambda c: (c.row, c.col))
    rows = [_row(table, list(cells), fields) for _, cells in groupby(ordered, lambda c: c.row)]
    top = Markup("<thead>{}</thead>").format(NOTHING.join(rows[:head])) if head else NOTHING
    return Markup(
        '<template id="form-{id}"><h3 id="{id}-title" class="{kind}-form">{heading}</h3>'
        '<div class="scroll {kind}-form" role="region" tabindex="0" aria-labelledby="{id}-title">'
        '<table class="form" aria-labelledby="{id}-title"><colgroup>{columns}</colgroup>'
        "{top}<tbody>{rows}</tbody></table></div></template>\n"
    ).format(
        id=table.id, kind=kind, heading=table.heading, columns=Markup("<col>") * count, top=top,
        rows=NOTHING.join(rows[head:]),
    )  # fmt: skip


def _row(table: Table, cells: list[Cell], fields: dict[str, int]) -> Markup:
    kind = Markup(' class="band"') if cells[0].role == "caption" else NOTHING
    return Markup("<tr{}>{}</tr>").format(kind, NOTHING.join(_cell(table, cell, fields) for cell in cells))


def _cell(table: Table, cell: Cell, fields: dict[str, int]) -> Markup:
    spans = (("row", cell.rows), ("col", cell.cols))
    span = NOTHING.join(Markup(' {}span="{}"').format(way, n) for way, n in spans if n > 1)
    if cell.field:
        return Markup('<td{} data-field="{}"></td>').format(span, fields[cell.field])
    group = cell.rows > 1 if cell.role == "label" else cell.cols > 1
    scope = ("row" if cell.role == "label" else "col") + ("group" if group else "")
    kinds = [cell.role, *(["vertical"] if vertical(table, cell) else []), *(["group"] if group else [])]
    text = Markup("<wbr>").join(broken(cell.text))
    return Markup('<th{} scope="{}" class="{}"><span>{}</span></th>').format(
        span, scope, " ".join(kinds), text
    )
