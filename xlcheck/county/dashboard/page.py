"""The county's collection as one page: read, searched and printed in any browser, with nothing fetched."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from xlcheck import data
from xlcheck.core.check_code import GROUP, LENGTH, LETTERS
from xlcheck.county.assessment import NOBODY, Score
from xlcheck.county.dashboard import html
from xlcheck.county.dashboard.html import NOTHING
from xlcheck.county.dashboard.payload import STATES, Gathering, row_columns, work_order
from xlcheck.county.ledger.arrivals import Arrival, unclaimed_first
from xlcheck.county.submission import Campaign, Submission
from xlcheck.data.county import county
from xlcheck.data.dashboard import dashboard
from xlcheck.editions import Edition
from xlcheck.report.on_page import figures_in, rule_families
from xlcheck.report.page_style import hash_source, palettes, script_json
from xlcheck.report.page_tables import empty_tables
from xlcheck.saving import atomically

STYLES = ("dashboard.css",)
SCRIPTS = (  # the last one starts the page
    "dashboard_parts.js", "dashboard_view.js", "dashboard_unit.js", "dashboard.js",
)  # fmt: skip


def write_dashboard(
    edition: Edition, campaign: Campaign, standings: Iterable[Submission], path: Path, today: date,
    as_of: datetime, arrivals: Iterable[Arrival] = (), ledger: str = "",
    scored: Mapping[str, Score] = NOBODY,
) -> None:  # fmt: skip
    """Write the page of a campaign; ``standings`` come in the roster's order and are read once.

    ``as_of`` is the moment of the newest thing known, ``ledger`` what it is drawn from and its state,
    ``scored`` the points of each unit where there are any. The same input gives the same bytes.
    """
    kept = Gathering(edition, unclaimed_first(arrivals), ledger, scored)
    for standing in standings:
        kept.add(standing)
    kept.close()
    text = page_html(campaign, kept, today, as_of)
    atomically(path, lambda to: to.write_text(text, encoding="utf-8"))


def drawn_from(head: str) -> str:
    """The ledger that a page was drawn from and its state then, by its head; empty where it says nothing."""
    found = re.search('<meta name="ledger" content="([0-9a-f ]+)">', head)
    return found[1] if found else ""


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
        head=_head(campaign, kept.ledger, style, script),
        icons=html.icons(),
        page_head=html.page_head(campaign, as_of),
        views=html.views(kept),
        without=words.script_many if kept.many else words.script,
        overview=html.overview(campaign, kept, today),
        unit_list=html.unit_list(campaign, kept),
        panels=html.panels(campaign, kept),
        foot=_foot(),
        parts=html.part_templates(),
        tables=empty_tables(kept.edition.form),
        carried=_carried(campaign, kept),
        script=script,
    )


def _head(campaign: Campaign, ledger: str, style: Markup, script: Markup) -> Markup:
    """The policy lets in our own style and script, known by their hashes, and fetches nothing."""
    return Markup(
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src {style_hash}; '
        "script-src {script_hash}; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="ledger" content="{ledger}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{title}</title>\n<style>{style}</style>\n</head>\n"
    ).format(
        ledger=ledger,
        style_hash=hash_source(style),
        script_hash=hash_source(script),
        title=html.title(campaign),
        style=style,
    )


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
    style = f"{palettes()}{sheets}{html.proportions(kept)}@page {{ {paper}}}\n"
    return Markup(style)


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
        "families": list(rule_families(kept.edition.form, rules)),
        "edition": kept.edition.form.edition,
        "title": html.title(campaign),
        "level": facts.level,
        "code": {"letters": LETTERS, "length": LENGTH, "group": GROUP},
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
