"""The page as it stands before any script runs: sentence, bar, filters, the list and the panels beside it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from urllib.parse import quote

from markupsafe import Markup

from xlcheck.county.dashboard.payload import STATES, Gathering, UnitRow, pinyin, work_order
from xlcheck.county.ledger.arrivals import Arrival
from xlcheck.county.submission import Campaign
from xlcheck.data.county import Status, county
from xlcheck.data.dashboard import PageColumn, PageSum, dashboard

SHOWN = (Status.MISSING, Status.REPORTED, Status.RETURNED, Status.RESENT, Status.ACCEPTED)
NOTHING = Markup()


def say(sentence: str, **put: object) -> Markup:
    """A sentence for the page, or a shape: what is put into it is only text, what it says itself is ours."""
    shown = {name: f"{v:,}" if isinstance(v, int) else v for name, v in put.items()}
    return Markup(sentence).format(**shown)


def title(campaign: Campaign) -> str:
    return dashboard().html.title.format(county=campaign.county, year=campaign.year)


# ---------------------------------------------------------------- the parts that the script fills as well


@cache
def shared_parts() -> dict[str, Markup]:
    """What stands in the list, once for the writer and the script: each fills in what the braces name."""
    cells = (Markup('<td class="{}">{{{}}}</td>').format(c.id, c.id) for c in dashboard().column)
    return {
        "icon": Markup('<svg class="icon" aria-hidden="true"><use href="#i-{state}"></use></svg>'),
        "state": Markup('<span class="state {state}">{icon}{word}</span>'),
        "link": Markup('<a href="#/u/{address}">{name}</a>'),
        "count": Markup('<span class="{kind}">{n}</span>'),
        "fresh": Markup("{now}<span> / {before}</span>"),
        "again": Markup('{sent} <span class="times">{times}</span>'),
        "row": Markup('<tr data-unit="{{unit}}">{}</tr>').format(NOTHING.join(cells)),
    }


def part_templates() -> Markup:
    """The parts with their braces, where the script finds them."""
    one = Markup('<template id="part-{}">{}</template>\n')
    return NOTHING.join(one.format(name, drawn) for name, drawn in shared_parts().items())


def unit_row(n: int, row: UnitRow) -> Markup:
    """One unit of the list."""
    drawn, words, here = shared_parts(), dashboard().html, row.status is not Status.MISSING
    again = drawn["again"].format(sent=row.sent, times=say(words.times, n=row.times))
    return drawn["row"].format(
        unit=n,
        name=_link(row.name),
        kind=row.kind,
        status=_state(row.status),
        errors=_count(row.errors) if here else "",
        warnings=_count(row.warnings) if here else "",
        problem=row.problem,
        fresh=drawn["fresh"].format(now=row.fresh or words.nothing, before=row.before or words.nothing),
        sent=again if row.times > 1 else row.sent,
    )


def _icon(status: Status) -> Markup:
    return shared_parts()["icon"].format(state=status)


def _state(status: Status) -> Markup:
    return shared_parts()["state"].format(state=status, icon=_icon(status), word=county().status[status])


def _link(name: str) -> Markup:
    """A link within the page; the name is coded as the script codes it, and leads nowhere outside."""
    return shared_parts()["link"].format(address=quote(name, safe="!~*()"), name=name)


def _count(n: int) -> Markup:
    return shared_parts()["count"].format(kind="some" if n else "none", n=n)


# ---------------------------------------------------------------- head, sentence, bar, filters


def icons() -> Markup:
    """The five shapes once; an icon only points to them."""
    one = Markup('<symbol id="i-{}" viewBox="0 0 16 16">{}</symbol>')
    drawn = NOTHING.join(one.format(status, say(shape)) for status, shape in dashboard().icon.items())
    return Markup('<svg class="icons" aria-hidden="true">{}</svg>\n').format(drawn)


def page_head(campaign: Campaign, as_of: datetime) -> Markup:
    words = dashboard().html
    return Markup(
        '<a class="skip" href="#list">{skip}</a>\n<header class="top"><div class="wide">\n'
        '<h1>{title} <span class="sub">{sub}</span></h1>\n'
        '<p class="asof">{as_of}</p>\n<div class="buttons" hidden>'
        '<button type="button" id="theme">{dark}</button>'
        '<button type="button" id="print">{print}</button></div>\n</div></header>\n'
    ).format(
        skip=words.skip, title=title(campaign), sub=words.sub, dark=words.dark, print=words.print,
        as_of=say(words.as_of, at=dashboard().moment.full.format(at=as_of)),
    )  # fmt: skip


def views(kept: Gathering) -> Markup:
    """The views with their counts; regions come first where there are too many units to list."""
    names = dashboard().views
    many = kept.many and kept.places > 1
    links = [
        *([_view("regions", names.regions, kept.places)] if many else []),
        _view("units", names.units, len(kept.rows)),
        _view("missing", names.missing, kept.counts[Status.MISSING]),
        _view("problems", names.problems, sum(len(row.told) for row in kept.rows)),
        _view("totals", names.totals, None),
    ]
    return Markup('<nav class="views" aria-label="{}" hidden><div class="wide">{}</div></nav>\n').format(
        dashboard().html.views, NOTHING.join(links)
    )


def _view(view: str, name: str, count: int | None) -> Markup:
    beside = NOTHING if count is None else Markup(" <span>{:,}</span>").format(count)
    return Markup('<a href="#/{}" data-view="{}">{}{}</a>').format(view, view, name, beside)


def lead(campaign: Campaign, kept: Gathering, today: date) -> Markup:
    """The sentence that says it all: before the day, after it, or all done."""
    words, counts, everyone = dashboard().html, kept.counts, len(kept.rows)
    missing, accepted = counts[Status.MISSING], counts[Status.ACCEPTED]
    if missing == everyone:
        return say(words.nobody)
    if accepted == everyone:
        return say(words.all_done, all=everyone)
    days = (campaign.due - today).days
    left = words.before if days > 0 else words.after if days < 0 else words.on_day
    return (
        say(words.counts, all=everyone, sent=everyone - missing, accepted=accepted)
        + say(words.some_missing if missing else words.none_missing, missing=missing)
        + say(left, days=abs(days), due=dashboard().moment.day.format(at=campaign.due))
    )


def overview(campaign: Campaign, kept: Gathering, today: date) -> Markup:
    part = Markup('<span class="part {s} n-{s}"></span>')
    return Markup(
        '<section id="overview">\n<p class="lead">{lead}</p>\n'
        '<div class="bar" aria-hidden="true">{parts}</div>\n'
        '<div class="filters" role="group" aria-label="{by_status}">{filters}</div>\n</section>\n'
    ).format(
        lead=lead(campaign, kept, today),
        parts=NOTHING.join(part.format(s=status) for status in SHOWN if kept.counts[status]),
        by_status=dashboard().html.by_status,
        filters=NOTHING.join(_filter(status, kept.counts[status]) for status in SHOWN),
    )


def _filter(status: Status, count: int) -> Markup:
    return Markup(
        '<button type="button" class="filter {status}" data-status="{number}" aria-pressed="false">{icon}'
        '<span class="word">{word}</span><b>{count:,}</b><span class="hint">{hint}</span></button>'
    ).format(
        status=status, number=STATES.index(status), icon=_icon(status), word=county().status[status],
        count=count, hint=dashboard().hint[status],
    )  # fmt: skip


def proportions(kept: Gathering) -> str:
    """The bar's segments in proportion, as style: the policy allows no style attribute."""
    return "".join(f".n-{s} {{ flex-grow: {kept.counts[s]}; }}\n" for s in SHOWN)


# ---------------------------------------------------------------- the list


def unit_list(campaign: Campaign, kept: Gathering) -> Markup:
    """The list with its tools; above the limit its rows are the script's to draw."""
    words = dashboard().html
    rows = [] if kept.many else [unit_row(n, kept.rows[n]) + "\n" for n in work_order(kept.rows)]
    selects = (
        ("region", words.region, words.all_regions),
        ("kind", words.kind, words.all_kinds),
        ("problem", words.problem, words.all_problems),
    )
    return Markup(
        '<section class="panel list" id="list" tabindex="-1" aria-label="{list}">\n'
        '<div class="tools" hidden><input type="search" id="search" aria-label="{search}" '
        'title="{search}" placeholder="{short}" autocomplete="off" spellcheck="false">{selects}'
        '<span id="count" role="status"></span>'
        '<button type="button" id="export">{export}</button></div>\n'
        '<p id="paper" role="status"></p>\n'
        '<table class="units" aria-label="{list}">\n{columns}\n<tbody>\n{rows}</tbody>\n'
        "</table>\n</section>\n"
    ).format(
        list=words.list,
        search=say(words.search_many, all=len(kept.rows)) if kept.many else _search_words(),
        short=say(words.search_many, all=len(kept.rows)) if kept.many else words.search_short,
        selects=NOTHING.join(_select(*select) for select in selects),
        export=words.export,
        columns=_columns(campaign),
        rows=NOTHING.join(rows),
    )


def _search_words() -> str:
    """What may be looked for; by initials only where a library knew them."""
    words = dashboard().html
    return words.search.format(initials=words.initials if pinyin() else "")


def _select(name: str, label: str, every: str) -> Markup:
    return Markup('<select id="{}" aria-label="{}"><option value="">{}</option></select>').format(
        name, label, every
    )


def _columns(campaign: Campaign) -> Markup:
    """The list's heads: a button to sort by, and the plain word for the printer.

    Chromium drops buttons from the table heads that it repeats on every printed page.
    """
    heads = NOTHING.join(_column(column, campaign.year) for column in dashboard().column)
    return Markup("<thead><tr>{}</tr></thead>").format(heads)


def _column(column: PageColumn, year: int) -> Markup:
    second = column.second.format(year=year, before=year - 1)
    shown = Markup("<br>").join((column.label, second)) if second else column.label
    return Markup(
        '<th scope="col" class="{id}"><button type="button" data-sort="{id}" '
        'disabled>{shown}</button><span class="printed">{shown}</span></th>'
    ).format(id=column.id, shown=shown)


# ---------------------------------------------------------------- the panels beside it


def panels(campaign: Campaign, kept: Gathering) -> Markup:
    """What stands beside the list; above the limit the missing are counted by region instead."""
    missing = [] if kept.many else [_missing(kept.rows)]
    some = [*_unclaimed(kept.unclaimed), *missing, _rules(kept), _totals(campaign, kept)]
    return Markup('<aside class="beside">\n{}</aside>\n').format(NOTHING.join(some))


def _panel(kind: str, heading: str, beside: str, body: str) -> Markup:
    return Markup(
        '<section class="panel {}"><div class="panel-head"><h2>{}</h2>{}</div>'
        '<div class="body">{}</div></section>\n'
    ).format(kind, heading, beside, body)


def _quiet(sentence: str) -> Markup:
    return Markup('<p class="quiet">{}</p>').format(sentence)


def _unclaimed(files: Sequence[Arrival]) -> Iterator[Markup]:
    """The files in hand that count for nobody, each with what is to be done about it."""
    words, most = dashboard().html, dashboard().unclaimed_shown
    if files:
        line = Markup("<li><b>{}</b> <span>{}</span></li>")
        lines = [line.format(one.path, one.said) for one in files[:most]]
        more = [_quiet(say(words.unclaimed_more, n=len(files) - most))] * (len(files) > most)
        body = _quiet(words.unclaimed_hint) + Markup("<ul>{}</ul>").format(NOTHING.join(lines))
        heading = say(words.unclaimed, n=len(files))
        yield _panel("unclaimed", heading, NOTHING, body + NOTHING.join(more))


def _missing(rows: list[UnitRow]) -> Markup:
    """The units that have sent nothing, up to a limit: the view has them all."""
    words, out = dashboard().html, [r for r in rows if r.status is Status.MISSING]
    most, line = dashboard().missing_shown, Markup("<li>{} <span>{}</span></li>")
    lines = NOTHING.join(line.format(_link(r.name), r.last_sent) for r in out[:most])
    if len(out) > most:
        more = say(words.missing_more, n=len(out) - most)
        lines += Markup('<li><a href="#/missing">{}</a></li>').format(more)
    copy = Markup('<button type="button" class="link copy" hidden>{}</button>').format(words.copy)
    body = Markup("<ul>{}</ul>").format(lines) if out else _quiet(words.nobody_missing)
    return _panel("missing-units", say(words.missing, n=len(out)), copy if out else NOTHING, body)


def _rules(kept: Gathering) -> Markup:
    """The rules that most units break; the grey bar is svg, which needs no style attribute."""
    words = dashboard().html
    if not kept.broken:
        return _panel("rules", words.rules, NOTHING, _quiet(words.no_problems))
    some = kept.broken[: dashboard().rules_shown]
    lines = NOTHING.join(_rule(kept, number, units) for number, units in some)
    body = _quiet(words.rules_hint) + Markup("<ul>{}</ul>").format(lines)
    every = Markup('<a href="#/problems">{}</a>').format(words.rules_all)
    return _panel("rules", words.rules, every, body)


def _rule(kept: Gathering, number: int, units: int) -> Markup:
    rule, words = kept.edition.rules.rules[number], dashboard().html
    mild = Markup(" <small>{}</small>").format(words.warning) if rule.severity == "warning" else NOTHING
    return Markup(
        '<li><a href="#/rule/{id}">{title}</a>{mild} '
        '<b>{units}</b><svg class="share" aria-hidden="true">'
        '<rect width="100%" height="4"/><rect class="full" width="{share:.1%}" height="4"/></svg></li>'
    ).format(
        id=rule.id, title=rule.title, mild=mild, units=say(words.units, n=units),
        share=units / kept.broken[0][1],
    )  # fmt: skip


def _totals(campaign: Campaign, kept: Gathering) -> Markup:
    words = dashboard().html
    head = Markup('<th scope="col">{}</th>')
    heads = ("", campaign.year, campaign.year - 1, words.change)
    table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        NOTHING.join(map(head.format, heads)), NOTHING.join(_sum(kept, part) for part in dashboard().sum)
    )
    notes = NOTHING.join(map(_quiet, totals_notes(kept)))
    heading = say(words.totals, whole=whole(campaign), n=kept.sums.counted)
    return _panel("totals", heading, NOTHING, table + notes)


def _sum(kept: Gathering, part: PageSum) -> Markup:
    """A sum of both years and by how much it changed; without any last year nothing is said of it."""
    words, sums = dashboard().html, kept.sums
    now, last = (sum(known.get(f, 0) for f in part.fields) for known in (sums.now, sums.last))
    change = words.more if now > last else words.fewer if now < last else words.as_many
    known = (f"{last:,}", change.format(n=f"{abs(now - last):,}")) if sums.last else (words.nothing, "")
    figures = NOTHING.join(Markup("<td>{}</td>").format(figure) for figure in (f"{now:,}", *known))
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(part.label, figures)


def whole(campaign: Campaign) -> str:
    """What the sum is called: 全县 for a county, 全省 for a province."""
    return dashboard().whole.get(campaign.county[-1:], "")


def totals_notes(kept: Gathering) -> Iterator[Markup]:
    """Whether the sums are complete, whom they leave out, and what last year's figures are."""
    words, sums = dashboard().html, kept.sums
    yield say(words.totals_short, n=sums.waiting) if sums.waiting else say(words.totals_full)
    if sums.apart:
        yield say(words.totals_apart, n=sums.apart)
    if sums.without_last:
        yield say(words.totals_before, n=sums.without_last)
