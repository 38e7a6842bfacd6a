"""The county's collection as one page: read, searched and printed in any browser, with nothing fetched."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from xlcheck import data
from xlcheck.core.blocks import Table
from xlcheck.core.form import Form
from xlcheck.core.grid import Cell
from xlcheck.county.dashboard import html
from xlcheck.county.dashboard.payload import STATES, Gathering, row_columns, script_json, words, work_order
from xlcheck.county.dashboard.unit import figures_in, moment
from xlcheck.county.submission import Campaign, Submission
from xlcheck.data.rules import Rule
from xlcheck.editions import edition_named
from xlcheck.report.layout import broken, head_rows, vertical
from xlcheck.saving import atomically

STYLES = ("dashboard.css",)
SCRIPTS = ("dashboard_unit.js", "dashboard.js")  # the second one starts the page


def write_dashboard(
    campaign: Campaign, standings: Iterable[Submission], path: Path, today: date, as_of: datetime
) -> None:
    """Write the page of a campaign; ``standings`` come in the roster's order and are read once.

    ``as_of`` is the moment of the newest thing known. The same input gives the same bytes.
    """
    kept = Gathering(campaign)
    for standing in standings:
        kept.add(standing)
    kept.close()
    text = page_html(campaign, kept, today, as_of)
    atomically(path, lambda to: to.write_text(text, encoding="utf-8"))


def page_html(campaign: Campaign, kept: Gathering, today: date, as_of: datetime) -> str:
    """The page in reading order: first what needs no script, then what the script works with."""
    style, script = _style(campaign, kept, as_of), "".join(map(_source, SCRIPTS))
    without = html.say("script_many" if kept.many else "script")
    return (
        f"{_head(campaign, style, script)}<body>\n{html.icons()}{html.page_head(campaign, as_of)}"
        f'{html.views(kept)}<main class="wide">\n<noscript><p class="notice">{without}</p></noscript>\n'
        f"{html.overview(campaign, kept, today)}"
        f'<div id="lists">\n{html.unit_list(campaign, kept)}{html.panels(campaign, kept)}</div>\n'
        f'<div id="view" hidden></div>\n</main>\n{_foot()}{_templates(edition_named(campaign.edition).form)}'
        f"{_carried(campaign, kept)}<script>{script}</script>\n</body>\n</html>\n"
    )


def _head(campaign: Campaign, style: str, script: str) -> str:
    """The policy lets in our own style and script, known by their hashes, and fetches nothing."""
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}; form-action \'none\'">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(html.title(campaign))}</title>\n<style>{style}</style>\n</head>\n"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _source(name: str) -> str:
    return (data.HERE / name).read_text(encoding="utf-8")


def _style(campaign: Campaign, kept: Gathering, as_of: datetime) -> str:
    """The style sheets, the bar's proportions, and the words at the foot of every printed page."""
    left = f"{html.title(campaign)} {words()['html']['sub']}"
    right = words()["html"]["foot"].format(at=moment("full", as_of))
    feet = (
        ("left", _quoted(left)),
        ("center", 'counter(page) " / " counter(pages)'),
        ("right", _quoted(right)),
    )
    paper = "".join(f"@bottom-{side} {{ content: {said}; }} " for side, said in feet)
    sheets = "".join(map(_source, STYLES))
    return f"{_palettes()}{sheets}{html.proportions(kept)}@page {{ {paper}}}\n"


def _palettes() -> str:
    """Each colour stands once in the data, for light and for dark; the button and the printer override."""
    light, dark = (
        "".join(f"--{role}: {shades[n]}; " for role, shades in words()["colours"].items()) for n in (0, 1)
    )
    bright, dim = f"color-scheme: light; {light}", f"color-scheme: dark; {dark}"
    return (
        f":root {{ {bright}}}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dim}}} }}\n"
        f"@media screen {{ :root[data-theme=light] {{ {bright}}}\n:root[data-theme=dark] {{ {dim}}} }}\n"
    )


def _quoted(text: str) -> str:
    """A text inside a style sheet's quotes: all but letters and figures as code points."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'


def _foot() -> str:
    keys = f'<button type="button" id="keys" aria-pressed="true">{html.say("keys_on")}</button>'
    return (
        f'<footer class="wide"><p>{html.say("readonly")}</p>'
        f'<p class="keys" hidden>{html.say("keys")} {keys}</p></footer>\n'
    )


def _carried(campaign: Campaign, kept: Gathering) -> str:
    """The index as JSON and the tables in packs; nothing in them can end the element they stand in."""
    index = script_json(row_columns(kept.rows) | _settings(campaign) | _sums(campaign, kept)).replace(
        "<", "\\u003c"
    )
    packs = "".join(
        f'<script type="application/octet-stream" id="pack-{n}">{pack}</script>\n'
        for n, pack in enumerate(kept.packs)
    )
    return f'<script type="application/json" id="index">{index}</script>\n{packs}'


def _settings(campaign: Campaign) -> dict[str, Any]:
    """What the script needs to know besides the units: its words, the states, the rules, the limits."""
    rules = edition_named(campaign.edition).rules.rules
    return {
        "words": words()["js"] | {"columns": {c["id"]: c["label"] for c in words()["column"]}},
        "status": [[state, words()["status"][state]] for state in STATES],
        "rules": [[r.id, r.title, r.severity, r.why, r.legal] for r in rules],
        "families": list(_families(rules)),
        "title": html.title(campaign),
        **{name: words()[name] for name in ("level", "most", "print_most")},
    }


def _sums(campaign: Campaign, kept: Gathering) -> dict[str, Any]:
    form, sums = edition_named(campaign.edition).form, kept.sums
    heading = words()["html"]["totals"].format(whole=html.whole(campaign), n=sums.counted)
    return {
        "work": work_order(kept.rows),
        "sums": [figures_in(form, sums.now), figures_in(form, sums.last)],
        "sums_said": [heading, list(html.totals_notes(kept))],
    }


def _families(rules: Sequence[Rule]) -> Iterator[tuple[str, list[int]]]:
    """Which rules are told together, by their numbers."""
    for family, label in words()["family"].items():
        if numbers := [n for n, rule in enumerate(rules) if rule.family == family]:
            yield label, numbers


def _templates(form: Form) -> str:
    """The three official tables as printed, empty; the script fills in a unit's figures."""
    fields = {name: n for n, name in enumerate(form.fields)}
    return "".join(_template(Table(t, form.sections[t], form.tables[t]), fields) for t in form.tables)


def _template(table: Table, fields: dict[str, int]) -> str:
    head, count = head_rows(table), max(c.col + c.cols for c in table.cells)
    ordered = sorted(table.cells, key=lambda c: (c.row, c.col))
    rows = [_row(table, list(cells), fields) for _, cells in groupby(ordered, lambda c: c.row)]
    top = f"<thead>{''.join(rows[:head])}</thead>" if head else ""
    return (
        f'<template id="form-{table.id}"><h3 id="{table.id}-title">{escape(table.heading)}</h3>'
        f'<div class="scroll {table.id}" role="region" tabindex="0" aria-labelledby="{table.id}-title">'
        f'<table class="form" aria-labelledby="{table.id}-title"><colgroup>{"<col>" * count}</colgroup>'
        f"{top}<tbody>{''.join(rows[head:])}</tbody></table></div></template>\n"
    )


def _row(table: Table, cells: list[Cell], fields: dict[str, int]) -> str:
    kind = ' class="band"' if cells[0].role == "caption" else ""
    return f"<tr{kind}>{''.join(_cell(table, cell, fields) for cell in cells)}</tr>"


def _cell(table: Table, cell: Cell, fields: dict[str, Any]) -> str:
    span = "".join(f' {k}span="{n}"' for k, n in (("row", cell.rows), ("col", cell.cols)) if n > 1)
    if cell.field:
        return f'<td{span} data-field="{fields[cell.field]}"></td>'
    group = cell.rows > 1 if cell.role == "label" else cell.cols > 1
    scope = ("row" if cell.role == "label" else "col") + ("group" if group else "")
    kinds = [cell.role, *(["vertical"] if vertical(table, cell) else []), *(["group"] if group else [])]
    text = "<wbr>".join(map(escape, broken(cell.text)))
    return f'<th{span} scope="{scope}" class="{" ".join(kinds)}"><span>{text}</span></th>'
