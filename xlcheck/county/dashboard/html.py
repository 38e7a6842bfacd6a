"""The page as it stands before any script runs: sentence, bar, filters, the list and the panels beside it."""

from collections.abc import Iterator
from datetime import date, datetime
from html import escape
from urllib.parse import quote

from xlcheck.county.dashboard.payload import STATES, Gathering, UnitRow, words, work_order
from xlcheck.county.dashboard.unit import moment
from xlcheck.county.submission import Campaign, Status
from xlcheck.editions import edition_named

SHOWN = (Status.MISSING, Status.REPORTED, Status.RETURNED, Status.RESENT, Status.ACCEPTED)


def say(name: str, **said: object) -> str:
    """A sentence for the page: what is put into it is escaped, what it says itself is ours."""
    sentence: str = words()["html"][name]
    shown = {k: f"{v:,}" if isinstance(v, int) else escape(str(v)) for k, v in said.items()}
    return sentence.format(**shown)


def title(campaign: Campaign) -> str:
    name: str = words()["html"]["title"]
    return name.format(county=campaign.county, year=campaign.year)


def icons() -> str:
    """The five shapes once; ``icon`` only points to them."""
    drawn = (
        f'<symbol id="i-{k}" viewBox="0 0 16 16">{shape}</symbol>' for k, shape in words()["icon"].items()
    )
    return f'<svg class="icons" aria-hidden="true">{"".join(drawn)}</svg>\n'


def icon(status: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{status}"></use></svg>'


def page_head(campaign: Campaign, as_of: datetime) -> str:
    return (
        f'<a class="skip" href="#list">{say("skip")}</a>\n<header class="top"><div class="wide">\n'
        f'<h1>{escape(title(campaign))} <span class="sub">{say("sub")}</span></h1>\n'
        f'<p class="asof">{say("as_of", at=moment("full", as_of))}</p>\n<div class="buttons" hidden>'
        f'<button type="button" id="theme">{say("dark")}</button>'
        f'<button type="button" id="print">{say("print")}</button></div>\n</div></header>\n'
    )


def views(kept: Gathering) -> str:
    """The views with their counts; regions come first where there are too many units to list."""
    counts = {
        "regions": kept.places if kept.many and kept.places > 1 else None,
        "units": len(kept.rows),
        "missing": kept.counts[Status.MISSING],
        "problems": sum(len(row.told) for row in kept.rows),
    }
    links = [_view(view, f" <span>{n:,}</span>") for view, n in counts.items() if n is not None]
    links.append(_view("totals", ""))
    label = f'aria-label="{say("views")}"'
    return f'<nav class="views" {label} hidden><div class="wide">{"".join(links)}</div></nav>\n'


def _view(view: str, count: str) -> str:
    return f'<a href="#/{view}" data-view="{view}">{words()["views"][view]}{count}</a>'


def lead(campaign: Campaign, kept: Gathering, today: date) -> str:
    """The sentence that says it all: before the day, after it, or all done."""
    counts, everyone = kept.counts, len(kept.rows)
    missing, accepted = counts[Status.MISSING], counts[Status.ACCEPTED]
    if missing == everyone:
        return say("nobody")
    if accepted == everyone:
        return say("all_done", all=everyone)
    days = (campaign.due - today).days
    left = "before" if days > 0 else "after" if days < 0 else "on_day"
    return (
        say("counts", all=everyone, sent=everyone - missing, accepted=accepted)
        + say("some_missing" if missing else "none_missing", missing=missing)
        + say(left, days=abs(days), due=moment("day", campaign.due))
    )


def overview(campaign: Campaign, kept: Gathering, today: date) -> str:
    parts = "".join(f'<span class="part {s} n-{s}"></span>' for s in SHOWN if kept.counts[s])
    filters = "".join(_filter(status, kept.counts[status]) for status in SHOWN)
    return (
        f'<section id="overview">\n<p class="lead">{lead(campaign, kept, today)}</p>\n'
        f'<div class="bar" aria-hidden="true">{parts}</div>\n'
        f'<div class="filters" role="group" aria-label="{say("by_status")}">{filters}</div>\n</section>\n'
    )


def _filter(status: Status, count: int) -> str:
    return (
        f'<button type="button" class="filter {status}" data-status="{STATES.index(status)}" '
        f'aria-pressed="false">{icon(status)}<span class="word">{words()["status"][status]}</span>'
        f'<b>{count:,}</b><span class="hint">{words()["hint"][status]}</span></button>'
    )


def proportions(kept: Gathering) -> str:
    """The bar's segments in proportion, as style: the policy allows no style attribute."""
    return "".join(f".n-{s} {{ flex-grow: {kept.counts[s]}; }}\n" for s in SHOWN)


def unit_list(campaign: Campaign, kept: Gathering) -> str:
    """The list with its tools; above the limit its rows are the script's to draw."""
    rows = "" if kept.many else "".join(unit_row(n, kept.rows[n]) for n in work_order(kept.rows))
    search = say("search_many", all=len(kept.rows)) if kept.many else say("search")
    return (
        f'<section class="panel list" id="list" tabindex="-1" aria-label="{say("list")}">\n'
        f'<div class="tools" hidden><input type="search" id="search" aria-label="{search}" '
        f'placeholder="{search}" autocomplete="off" spellcheck="false">'
        f"{_select('region')}{_select('kind')}{_select('problem')}"
        f'<span id="count" role="status"></span>'
        f'<button type="button" id="export">{say("export")}</button></div>\n'
        f'<table class="units" aria-label="{say("list")}">\n{_columns(campaign)}\n<tbody>\n{rows}</tbody>\n'
        "</table>\n</section>\n"
    )


def _select(name: str) -> str:
    every = say(f"all_{name}s")
    return f'<select id="{name}" aria-label="{say(name)}"><option value="">{every}</option></select>'


def _columns(campaign: Campaign) -> str:
    """The list's heads: a button to sort by, and the plain word for the printer.

    Chromium drops buttons from the table heads that it repeats on every printed page.
    """
    cells = []
    for column in words()["column"]:
        second = column.get("second", "").format(year=campaign.year, before=campaign.year - 1)
        shown = f"{column['label']}<br>{second}" if second else column["label"]
        cells.append(
            f'<th scope="col" class="{column["id"]}"><button type="button" data-sort="{column["id"]}" '
            f'disabled>{shown}</button><span class="printed">{shown}</span></th>'
        )
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def unit_row(n: int, row: UnitRow) -> str:
    """One unit as html; the script draws the same row where there are too many to stand here."""
    none, here = say("nothing"), row.status is not Status.MISSING
    again = f' <span class="times">{say("times", n=row.times)}</span>' if row.times > 1 else ""
    cells = {
        "name": _link(row.name),
        "kind": escape(row.kind),
        "status": state(row.status),
        "errors": _count(row.errors) if here else "",
        "warnings": _count(row.warnings) if here else "",
        "problem": escape(row.problem),
        "fresh": f"{row.fresh or none}<span> / {row.before or none}</span>",
        "sent": f"{row.sent}{again}",
    }
    return f'<tr data-unit="{n}">{"".join(_cell(*cell) for cell in cells.items())}</tr>\n'


def state(status: Status) -> str:
    return f'<span class="state {status}">{icon(status)}{words()["status"][status]}</span>'


def _cell(kind: str, shown: str) -> str:
    return f'<td class="{kind}">{shown}</td>'


def _count(n: int) -> str:
    return f'<span class="{"some" if n else "none"}">{n}</span>'


def _link(name: str) -> str:
    """A link within the page; the name is coded as the script codes it, and leads nowhere outside."""
    return f'<a href="#/u/{quote(name, safe="!~*()")}">{escape(name)}</a>'


def panels(campaign: Campaign, kept: Gathering) -> str:
    """What stands beside the list; above the limit the missing are counted by region instead."""
    parts = [*([] if kept.many else [_missing(kept.rows)]), _rules(campaign, kept), _totals(campaign, kept)]
    return f'<aside class="beside">\n{"".join(parts)}</aside>\n'


def _panel(kind: str, heading: str, beside: str, body: str) -> str:
    top = f'<div class="panel-head"><h2>{heading}</h2>{beside}</div>'
    return f'<section class="panel {kind}">{top}<div class="body">{body}</div></section>\n'


def _quiet(sentence: str) -> str:
    return f'<p class="quiet">{sentence}</p>'


def _missing(rows: list[UnitRow]) -> str:
    out = [r for r in rows if r.status is Status.MISSING]
    lines = "".join(f"<li>{_link(r.name)} <span>{escape(r.last_sent)}</span></li>" for r in out)
    copy = f'<button type="button" class="link copy" hidden>{say("copy")}</button>' if out else ""
    body = f"<ul>{lines}</ul>" if out else _quiet(say("nobody_missing"))
    return _panel("missing-units", say("missing", n=len(out)), copy, body)


def _rules(campaign: Campaign, kept: Gathering) -> str:
    """The rules that most units break; the grey bar is svg, which needs no style attribute."""
    if not kept.broken:
        return _panel("rules", say("rules"), "", _quiet(say("no_problems")))
    rules, most, lines = edition_named(campaign.edition).rules.rules, kept.broken[0][1], []
    for number, units in kept.broken[: words()["rules_shown"]]:
        mild = f" <small>{say('warning')}</small>" if rules[number].severity == "warning" else ""
        lines.append(
            f'<li><a href="#/rule/{rules[number].id}">{escape(rules[number].title)}</a>{mild} '
            f'<b>{say("units", n=units)}</b><svg class="share" aria-hidden="true">'
            f'<rect width="100%" height="4"/><rect class="full" width="{units / most:.1%}" height="4"/></svg>'
            "</li>"
        )
    body = f"{_quiet(say('rules_hint'))}<ul>{''.join(lines)}</ul>"
    return _panel("rules", say("rules"), f'<a href="#/problems">{say("rules_all")}</a>', body)


def _totals(campaign: Campaign, kept: Gathering) -> str:
    sums, lines = kept.sums, []
    for part in words()["sum"]:
        now, last = (sum(known.get(f, 0) for f in part["fields"]) for known in (sums.now, sums.last))
        sign = "＋" if now > last else "－" if now < last else ""
        known = (f"{last:,}", f"{sign}{abs(now - last):,}") if sums.last else (say("nothing"), "")
        cells = (f"{now:,}", *known)
        figures = "".join(f"<td>{figure}</td>" for figure in cells)
        lines.append(f'<tr><th scope="row">{part["label"]}</th>{figures}</tr>')
    heads = ("", str(campaign.year), str(campaign.year - 1), say("change"))
    top = "".join(f'<th scope="col">{text}</th>' for text in heads)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    notes = "".join(_quiet(note) for note in totals_notes(kept))
    heading = say("totals", whole=whole(campaign), n=sums.counted)
    return _panel("totals", heading, "", f"{table}{notes}")


def whole(campaign: Campaign) -> str:
    """What the sum is called: 全县 for a county, 全省 for a province."""
    return str(words()["whole"].get(campaign.county[-1:], ""))


def totals_notes(kept: Gathering) -> Iterator[str]:
    """Whether the sums are complete, whom they leave out, and what last year's figures are."""
    waiting = kept.sums.waiting
    yield say("totals_short", n=waiting) if waiting else say("totals_full")
    if kept.sums.apart:
        yield say("totals_apart", n=kept.sums.apart)
    if kept.sums.without_last:
        yield say("totals_before", n=kept.sums.without_last)
